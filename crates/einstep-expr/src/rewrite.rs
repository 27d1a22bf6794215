//! Children, replacement at a path, and substitution of indices.
//!
//! In: nodes and paths. Out: new nodes; nothing is copied but the way from the root to the place.
//! Left to others: what to replace.

use crate::node::*;
use crate::store::Store;
use rustc_hash::FxHashMap;

/// A path in a node: positions among the children, outermost first.
pub type Path = Vec<u32>;

impl Node {
    /// The children, where they are kept as a list or there is one; those of a pair are not among them.
    fn list(&self) -> &[Id] {
        match self {
            Node::Add(args)
            | Node::Mul(args)
            | Node::Matmul(args)
            | Node::Hadamard(args)
            | Node::Block(_, args)
            | Node::Call(_, args) => args,
            Node::Transpose(arg)
            | Node::Matpow(arg, _)
            | Node::Apply(_, arg)
            | Node::Elem(arg, _)
            | Node::Array(_, _, arg)
            | Node::Sum(_, arg)
            | Node::Prod(_, arg) => std::slice::from_ref(arg),
            Node::Power(..)
            | Node::Partial(..)
            | Node::Number(_)
            | Node::Size(_)
            | Node::Symbol(_)
            | Node::Identity(_)
            | Node::Ones(_)
            | Node::Zeros(_)
            | Node::Delta(..)
            | Node::Eps(_) => &[],
        }
    }

    /// Calls `f` with each child in order.
    pub fn for_each_child(&self, f: impl FnMut(Id)) {
        match self {
            Node::Power(a, b) | Node::Partial(a, b) => [*a, *b].into_iter().for_each(f),
            node => node.list().iter().copied().for_each(f),
        }
    }

    /// How many children it has.
    pub fn arity(&self) -> u32 {
        match self {
            Node::Power(..) | Node::Partial(..) => 2,
            node => node.list().len() as u32,
        }
    }

    /// The child at a position, which there is.
    pub fn child(&self, position: u32) -> Id {
        match self {
            Node::Power(a, b) | Node::Partial(a, b) => [*a, *b][position as usize],
            node => node.list()[position as usize],
        }
    }

    /// The children in order.
    pub fn children(&self) -> Args {
        match self {
            Node::Power(a, b) | Node::Partial(a, b) => Args::from_slice(&[*a, *b]),
            node => Args::from_slice(node.list()),
        }
    }
}

impl Store {
    /// The same node with other children.
    pub fn with_children(&mut self, id: Id, children: &[Id]) -> Id {
        let node = match self.node(id) {
            Node::Add(_) => Node::Add(Args::from_slice(children)),
            Node::Mul(_) => Node::Mul(Args::from_slice(children)),
            Node::Matmul(_) => Node::Matmul(Args::from_slice(children)),
            Node::Hadamard(_) => Node::Hadamard(Args::from_slice(children)),
            Node::Block(cols, _) => Node::Block(*cols, Args::from_slice(children)),
            Node::Transpose(_) => Node::Transpose(children[0]),
            Node::Matpow(_, exponent) => Node::Matpow(children[0], *exponent),
            Node::Call(function, _) => Node::Call(*function, Args::from_slice(children)),
            Node::Apply(function, _) => Node::Apply(*function, children[0]),
            Node::Elem(_, at) => Node::Elem(children[0], at.clone()),
            Node::Array(over, rows, _) => Node::Array(over.clone(), *rows, children[0]),
            Node::Sum(over, _) => Node::Sum(over.clone(), children[0]),
            Node::Prod(over, _) => Node::Prod(over.clone(), children[0]),
            Node::Power(..) => Node::Power(children[0], children[1]),
            Node::Partial(..) => Node::Partial(children[0], children[1]),
            _ => return id,
        };
        self.intern(node)
    }

    /// The node at a path.
    pub fn at(&self, root: Id, path: &[u32]) -> Id {
        path.iter().fold(root, |id, &position| self.node(id).child(position))
    }

    /// The root with other nodes at some places, none of which lies inside another.
    pub fn replace(&mut self, root: Id, places: &[(&[u32], Id)]) -> Id {
        if let [(path, new)] = places
            && path.is_empty()
        {
            return *new;
        }
        let mut children = self.node(root).children();
        let mut start = 0;
        while start < places.len() {
            let position = places[start].0[0];
            let mut end = start;
            let mut inner: Vec<(&[u32], Id)> = Vec::new();
            while end < places.len() && places[end].0[0] == position {
                inner.push((&places[end].0[1..], places[end].1));
                end += 1;
            }
            let child = children[position as usize];
            children[position as usize] = self.replace(child, &inner);
            start = end;
        }
        self.with_children(root, &children)
    }

    /// Free occurrences of one index replaced by another. A binder that would capture the new index is renamed.
    pub fn rename(&mut self, id: Id, from: Index, to: Index) -> Id {
        if self.free(id).binary_search(&from).is_err() {
            return id;
        }
        // Elements are what is renamed most, and need no memory of what has been done.
        if let Node::Elem(of, at) = self.node(id)
            && self.free(*of).is_empty()
        {
            let at = at.iter().map(|&index| if index == from { to } else { index }).collect();
            let element = Node::Elem(*of, at);
            return self.intern(element);
        }
        let mut memo = FxHashMap::default();
        self.rename_memo(id, from, to, &mut memo)
    }

    fn rename_memo(&mut self, id: Id, from: Index, to: Index, memo: &mut FxHashMap<Id, Id>) -> Id {
        if self.free(id).binary_search(&from).is_err() {
            return id;
        }
        if let Some(&done) = memo.get(&id) {
            return done;
        }
        let swap = |index: Index| if index == from { to } else { index };
        let node = match self.node(id).clone() {
            Node::Elem(of, at) => {
                let of = self.rename_memo(of, from, to, memo);
                Node::Elem(of, at.into_iter().map(swap).collect())
            }
            Node::Delta(i, j) => Node::Delta(swap(i), swap(j)),
            Node::Sum(over, body) => {
                let (over, body) = self.apart(&over, body, to);
                Node::Sum(over, self.rename_memo(body, from, to, memo))
            }
            Node::Prod(over, body) => {
                let (over, body) = self.apart(&over, body, to);
                Node::Prod(over, self.rename_memo(body, from, to, memo))
            }
            Node::Array(over, rows, body) => {
                let (over, body) = self.apart(&over, body, to);
                Node::Array(over, rows, self.rename_memo(body, from, to, memo))
            }
            Node::Eps(at) => Node::Eps(at.map(swap)),
            node => {
                let children: Args =
                    node.children().into_iter().map(|child| self.rename_memo(child, from, to, memo)).collect();
                let renamed = self.with_children(id, &children);
                memo.insert(id, renamed);
                return renamed;
            }
        };
        let renamed = self.intern(node);
        memo.insert(id, renamed);
        renamed
    }

    /// The binder `over` with its body, renamed so that it does not bind `taken`.
    pub fn apart(&mut self, over: &Indices, body: Id, taken: Index) -> (Indices, Id) {
        let Some(position) = over.iter().position(|&index| index == taken) else {
            return (over.clone(), body);
        };
        let info = self.index_info(taken).clone();
        let fresh = self.index(info.dim, info.role, "");
        let mut over = over.clone();
        over[position] = fresh;
        (over, self.rename(body, taken, fresh))
    }
}
