//! Indices that run over a product of dimensions: those of `vec` and of Kronecker products.
//!
//! In: an element of `vec(A)` or `kron(A,B)`. Out: elements of the operands, the index having been split into a pair.
//! The slow index comes first: `vec(A)[j,i] = A[i,j]`, `kron(A,B)[i,k,j,l] = A[i,j]*B[k,l]`.

use super::{parts_of, slots_of};
use crate::places::at;
use crate::raising::is_fixed;
use crate::rules::contract::size;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Dim, Function, Id, Index, Indices, Kinds, Node, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// An element of a matrix stacked into a column.
pub(crate) static VEC: Rule = Rule {
    statement: RuleStatement {
        id: "lower.vec",
        name: "element of vec",
        kind: RuleKind::Equation,
        statement: "vec(A)[j,i] = A[i,j]",
        when: "",
        reason: "vec stacks the columns: the row index runs fastest.",
        sentence: "vec stacks the columns",
        reference: "definition",
        example: ("vec(X)[j,i]", "X[i,j]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::function(Function::Vec)),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Call(Function::Vec, args) = store.node(*of) else { return None };
        let (arg, at) = (args[0], at.clone());
        let shape = store.shape(arg);
        let [cols, rows] = slots_of(store, shape.transposed(), &at);
        let complete = cols.len() + rows.len() == at.len() && !(cols.is_empty() && rows.is_empty());
        complete.then(|| Rewrite::to(store.elem(arg, rows.into_iter().chain(cols))))
    },
};

/// [`VEC`] where the element is that of no sum.
pub(crate) fn vec_at_free(store: &mut Store, id: Id) -> Option<Rewrite> {
    let Node::Elem(_, at) = store.node(id) else { return None };
    if is_fixed(store, at) { (VEC.apply)(store, id) } else { None }
}

/// An element of a Kronecker product.
pub(crate) static KRON: Rule = Rule {
    statement: RuleStatement {
        id: "lower.kron",
        name: "element of a Kronecker product",
        kind: RuleKind::Equation,
        statement: "kron(A,B)[i,k,j,l] = A[i,j]*B[k,l]",
        when: "",
        reason: "The Kronecker product has a block A[i,j]*B for each element of A.",
        sentence: "each block is an element of the first factor times the second",
        reference: "definition",
        example: ("kron(x,y)[i,k]", "x[i]*y[k]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Call(Function::Kron, args) = store.node(*of) else { return None };
        let (args, at) = (args.clone(), at.clone());
        let [a, b] = [args[0], args[1]].map(|arg| store.shape(arg));
        // The four dimensions in the order of the indices; one that is 1 has none.
        let mut rest = at.as_slice();
        let mut take = |dim: Dim| {
            let fits = |count: &usize| {
                let dims: Vec<Dim> = rest[..*count].iter().map(|&index| store.index_info(index).dim).collect();
                store.dims.is_product(dim, &dims)
            };
            let count = (0..=rest.len()).find(fits)?;
            let (slot, others) = rest.split_at(count);
            rest = others;
            Some(Indices::from_slice(slot))
        };
        let (i, k, j, l) = (take(a.rows)?, take(b.rows)?, take(a.cols)?, take(b.cols)?);
        let left = store.elem(args[0], i.into_iter().chain(j));
        let right = store.elem(args[1], k.into_iter().chain(l));
        Some(Rewrite::to(store.mul([left, right])))
    },
};

/// Whether a sum runs over an index that stands in slots of several indices only: a reader could not tell how far it goes.
pub(crate) fn has_untold(store: &Store, id: Id) -> bool {
    let told = |over: &Indices, body: Id| over.iter().all(|&index| is_told(store, body, index));
    match store.node(id) {
        Node::Sum(over, body) if !told(over, *body) => true,
        node => node.children().into_iter().any(|child| has_untold(store, child)),
    }
}

/// Whether an index fills a slot of an array, or stands at a delta.
fn is_told(store: &Store, id: Id, index: Index) -> bool {
    store.mentions(id, index)
        && match store.node(id) {
            Node::Elem(of, at) if at.len() == store.slots(*of).len() => at.contains(&index),
            Node::Elem(of, at) => slots_of(store, store.shape(*of), at).iter().any(|slot| slot.as_slice() == [index]),
            Node::Delta(..) | Node::Eps(_) => true,
            node => node.children().into_iter().any(|child| is_told(store, child, index)),
        }
}

/// A sum over an index of a product of dimensions.
pub(crate) static SPLIT_INDEX: Rule = Rule {
    statement: RuleStatement {
        id: "index.split",
        name: "an index as a pair of indices",
        kind: RuleKind::Structural,
        statement: "the sum over an index of dimension m*n is the sum over an index of dimension m and one of dimension n",
        when: "the index names a slot of vec or of a Kronecker product",
        reason: "Counting to m n is counting to n, m times.",
        sentence: "{index} runs over a product of dimensions: it is split",
        reference: "definition",
        example: ("sum[k](vec(A)[k]*vec(X)[k])", "sum[j,i](vec(A)[j,i]*vec(X)[j,i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let (position, dims) = over.iter().enumerate().find_map(|(k, &index)| Some((k, parts(store, body, index)?)))?;
        let index = over[position];
        let pair: Indices = dims.into_iter().map(|dim| store.index(dim, Role::Sum, "")).collect();
        let body = divided(store, body, index, &pair)?;
        let mut over = over;
        over.remove(position);
        over.insert_many(position, pair);
        Some(Rewrite::to(store.intern(Node::Sum(over, body))).slot("index", index))
    },
};

/// The dimensions into which an index falls apart by the slots that it names.
fn parts(store: &Store, id: Id, index: Index) -> Option<Vec<Dim>> {
    if store.dims.is_name(store.index_info(index).dim) || store.free(id).binary_search(&index).is_err() {
        return None;
    }
    if let Node::Elem(of, at) = store.node(id) {
        let slots = slots_of(store, store.shape(*of), at);
        let named = slots.iter().zip(parts_of(store, *of)).find(|(slot, _)| slot.as_slice() == [index]);
        if let Some((_, dims)) = named.filter(|(_, dims)| dims.len() > 1) {
            return Some(dims);
        }
    }
    store.node(id).children().into_iter().find_map(|child| parts(store, child, index))
}

/// An expression with several indices in the place of one; `None` where it stands at a delta.
fn divided(store: &mut Store, id: Id, index: Index, pair: &Indices) -> Option<Id> {
    if store.free(id).binary_search(&index).is_err() {
        return Some(id);
    }
    let children = store.node(id).children();
    let children = children.into_iter().map(|child| divided(store, child, index, pair)).collect::<Option<Vec<_>>>()?;
    let id = store.with_children(id, &children);
    match store.node(id).clone() {
        Node::Elem(of, at) => {
            let at = at
                .into_iter()
                .flat_map(|other| if other == index { pair.clone() } else { [other].into_iter().collect() });
            Some(store.elem(of, at))
        }
        Node::Delta(..) | Node::Eps(_) => None,
        _ => Some(id),
    }
}

/// The square factors of the Kronecker product that a function has for its argument.
fn square_factors(store: &Store, id: Id, function: Function) -> Option<[Id; 2]> {
    let argument = |id: Id, function: Function| match store.node(id) {
        Node::Call(found, args) if *found == function => Some(args.clone()),
        _ => None,
    };
    let args = argument(argument(id, function)?[0], Function::Kron)?;
    let is_square = |id: &Id| store.shape(*id).rows == store.shape(*id).cols;
    args.iter().all(is_square).then(|| [args[0], args[1]])
}

/// The determinant of a Kronecker product.
pub(crate) static DET_KRON: Rule = Rule {
    statement: RuleStatement {
        id: "det.kron",
        name: "determinant of a Kronecker product",
        kind: RuleKind::Scheme,
        statement: "det(kron(A,B)) = det(A)^n*det(B)^m",
        when: "A is m×m and B is n×n",
        reason: "kron(A,B) is kron(A,I)*kron(I,B): n blocks A and m blocks B, in some order of rows and columns.",
        sentence: "the determinant of each factor, to the size of the other",
        reference: "Matrix Cookbook (515)",
        example: ("det(kron(X,A))", "det(X)^n*det(A)^n"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Det)).with(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let factors = square_factors(store, id, Function::Det)?;
        let [a, b] = factors.map(|factor| store.call(Function::Det, [factor]));
        let [m, n] = factors.map(|factor| size(store, store.shape(factor).rows));
        let powers = [(a, n), (b, m)].map(|(base, exponent)| store.intern(Node::Power(base, exponent)));
        Some(Rewrite::to(store.mul(powers)))
    },
};

/// The inverse of a Kronecker product.
pub(crate) static INVERSE_KRON: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.kron",
        name: "inverse of a Kronecker product",
        kind: RuleKind::Equation,
        statement: "inv(kron(A,B)) = kron(inv(A),inv(B))",
        when: "A and B are square",
        reason: "kron(A,B)*kron(C,D) = kron(A*C,B*D), and kron(I,I) = I.",
        sentence: "the inverse of each factor",
        reference: "Matrix Cookbook (510)",
        example: ("inv(kron(X,A))", "kron(inv(X),inv(A))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Inv)).with(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let factors = square_factors(store, id, Function::Inv)?;
        let inverses = factors.map(|factor| store.call(Function::Inv, [factor]));
        Some(Rewrite::to(store.call(Function::Kron, inverses)))
    },
};

/// An element of a commutation matrix.
pub(crate) static COMMUTATION: Rule = Rule {
    statement: RuleStatement {
        id: "lower.commutation",
        name: "element of a commutation matrix",
        kind: RuleKind::Scheme,
        statement: "commutation(m,n)[i,j,s,r] = delta[i,r]*delta[j,s]",
        when: "",
        reason: "commutation(m,n)*vec(A) = vec(A') puts A[r,s] where the entry (s,r) of A' stands.",
        sentence: "the commutation matrix exchanges the two indices",
        reference: "Magnus and Neudecker (1979)",
        example: ("commutation(m,n)[i,j,s,r]", "delta[i,r]*delta[j,s]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::function(Function::Commutation)),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Call(Function::Commutation, _) = store.node(*of) else { return None };
        let &[i, j, s, r] = at.as_slice() else { return None };
        let deltas = [[i, r], [j, s]].map(|[a, b]| store.intern(Node::Delta(a, b)));
        Some(Rewrite::to(store.mul(deltas)))
    },
};
