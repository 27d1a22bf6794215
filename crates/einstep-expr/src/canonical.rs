//! The canonical form: two terms that differ only in names of bound indices or in the order of factors or summands get
//! the same id.
//!
//! In: a node. Out: the id of its canonical form, which is a key for comparing and never shown.
//! Left to others: like terms, structure of symbols.
//!
//! Bound indices that join factors to paths and cycles are put in order by reading these (`walks`). Others are told apart by
//! colour refinement over the factors that hold them; ties are broken by trying each of the tied indices first and keeping the
//! least result. Where that would take more than `BUDGET` tries the first order is kept, so that equal terms may stay apart;
//! unequal terms never get one id, since the form is a renaming.
//!
//! What commutes is sorted by ids: they are the same whenever a form is made, and nobody sees them.

mod walks;

use crate::dim::Dim;
use crate::node::*;
use crate::rational::Rat;
use crate::store::Store;
use rustc_hash::{FxHashMap, FxHasher};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// The greatest number of orders of bound indices that one sum tries.
pub(crate) const BUDGET: usize = 512;

type Colours = FxHashMap<Index, u64>;

/// The search for the least naming of the bound indices of one sum.
struct Search {
    over: Indices,
    factors: Args,
    depth: u32,
    budget: usize,
    best: Option<Id>,
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Store {
    /// The canonical form of a node.
    ///
    /// ```
    /// use einstep_expr::{Role, Shape, Store, SymbolInfo, Dim};
    /// let mut store = Store::new();
    /// let n = store.dims.name("n");
    /// let info = |name: &str| SymbolInfo {
    ///     name: name.into(), shape: Shape { rows: n, cols: Dim::ONE }, properties: vec![], declared: true, variable: false,
    ///     parameter: None,
    /// };
    /// let (x, y) = (info("x"), info("y"));
    /// let (x, y) = (store.symbol(x), store.symbol(y));
    /// let (x, y) = (store.intern(einstep_expr::Node::Symbol(x)), store.intern(einstep_expr::Node::Symbol(y)));
    /// let mut inner = |left, right, letter| {
    ///     let i = store.index(n, Role::Sum, letter);
    ///     let (left, right) = (store.elem(left, [i]), store.elem(right, [i]));
    ///     let product = store.mul([left, right]);
    ///     store.sum([i], product)
    /// };
    /// let (a, b) = (inner(x, y, "i"), inner(y, x, "j"));
    /// assert_ne!(a, b);
    /// assert_eq!(store.canonical(a), store.canonical(b));
    /// ```
    pub fn canonical(&mut self, id: Id) -> Id {
        self.canonical_at(id, 0)
    }

    fn canonical_at(&mut self, id: Id, depth: u32) -> Id {
        if let Node::Number(_) | Node::Size(_) | Node::Symbol(_) = self.node(id) {
            return id;
        }
        if let Some(&done) = self.canonical_forms.get(&(id, depth)) {
            return done;
        }
        let done = match self.node(id).clone() {
            Node::Add(args) => self.canonical_add(&args, depth),
            Node::Mul(args) => {
                let args = self.canonical_args(&args, depth);
                let product = self.mul(args);
                let (coefficient, rest) = self.coefficient(product);
                self.scale(coefficient, rest)
            }
            Node::Power(base, exponent) => {
                let (base, exponent) = (self.canonical_at(base, depth), self.canonical_at(exponent, depth));
                let (coefficient, rest) = self.coefficient(base);
                let integer = self.as_number(exponent).and_then(Rat::as_int);
                match integer.and_then(|exponent| coefficient.pow(exponent)) {
                    Some(outer) if !coefficient.is_one() && self.as_number(rest).is_none() => {
                        let power = self.intern(Node::Power(rest, exponent));
                        self.scale(outer, power)
                    }
                    _ => self.intern(Node::Power(base, exponent)),
                }
            }
            Node::Array(over, rows, body) => {
                let (over, body) = self.canonical_binder(over, body, depth);
                self.intern(Node::Array(over, rows, body))
            }
            Node::Prod(over, body) => {
                let (over, body) = self.canonical_binder(over, body, depth);
                self.intern(Node::Prod(over, body))
            }
            Node::Hadamard(args) => {
                let args = self.canonical_args(&args, depth);
                self.hadamard(args)
            }
            Node::Sum(over, body) => self.canonical_sum(over, body, depth),
            Node::Delta(i, j) if self.compare_indices(i, j).is_gt() => self.intern(Node::Delta(j, i)),
            Node::Elem(of, at) => match self.node(of).clone() {
                Node::Transpose(inner) => {
                    let flipped = self.elem(inner, at.into_iter().rev());
                    self.canonical_at(flipped, depth)
                }
                _ => {
                    let of = self.canonical_at(of, depth);
                    let mut at = at;
                    if self.is_symmetric_symbol(of) {
                        at.sort_by(|&a, &b| self.compare_indices(a, b));
                    }
                    self.elem(of, at)
                }
            },
            node => {
                let children: Args = node.children().into_iter().map(|child| self.canonical_at(child, depth)).collect();
                self.with_children(id, &children)
            }
        };
        self.canonical_forms.insert((id, depth), done);
        done
    }

    /// A sum in order, with the number of its first term in front.
    fn canonical_add(&mut self, args: &Args, depth: u32) -> Id {
        let mut terms: Vec<(Rat, Id)> = Vec::with_capacity(args.len());
        for &arg in args {
            let canonical = self.canonical_at(arg, depth);
            let (coefficient, rest) = self.coefficient(canonical);
            // The terms of a sum that lost its number belong to the sum around it.
            for term in self.terms(rest) {
                let (own, rest) = self.coefficient(term);
                terms.push((coefficient.mul(&own), rest));
            }
        }
        terms.retain(|(coefficient, _)| !coefficient.is_zero());
        terms.sort_by(|(a, left), (b, right)| left.cmp(right).then_with(|| a.order(b)));
        let content = terms.first().map_or(Rat::ONE, |(first, _)| first.clone());
        let Some(recip) = content.recip() else { return self.int(0) };
        let terms: Args = terms.into_iter().map(|(own, rest)| self.scale(own.mul(&recip), rest)).collect();
        let sum = self.intern(Node::Add(terms));
        self.scale(content, sum)
    }

    /// A binder whose indices keep their order, with canonical indices.
    fn canonical_binder(&mut self, over: Indices, body: Id, depth: u32) -> (Indices, Id) {
        let mut body = body;
        let mut renamed = Indices::new();
        for (position, &index) in over.iter().enumerate() {
            let dim = self.index_info(index).dim;
            let canonical = self.canonical_index(dim, depth + position as u32);
            body = self.rename(body, index, canonical);
            renamed.push(canonical);
        }
        let body = self.canonical_at(body, depth + over.len() as u32);
        (renamed, body)
    }

    fn canonical_args(&mut self, args: &Args, depth: u32) -> Args {
        let mut args: Args = args.iter().map(|&arg| self.canonical_at(arg, depth)).collect();
        args.sort_unstable();
        args
    }

    fn canonical_index(&mut self, dim: Dim, position: u32) -> Index {
        if let Some(&index) = self.canonical_indices.get(&(dim, position)) {
            return index;
        }
        let index = self.index(dim, Role::Canonical, "");
        self.canonical_indices.insert((dim, position), index);
        index
    }

    fn canonical_sum(&mut self, over: Indices, body: Id, depth: u32) -> Id {
        let factors = self.factors(body);
        if let Some(order) = walks::order(self, &over, &factors, depth) {
            return self.renamed(&order, &factors, depth);
        }
        let mut colours: Colours =
            over.iter().map(|&index| (index, hash(self.dims.text(self.index_info(index).dim)))).collect();
        self.refine(&factors, &over, &mut colours);
        let mut search = Search { over, factors, depth, budget: BUDGET, best: None };
        self.search(&mut search, colours);
        search.best.unwrap_or(body)
    }

    fn search(&mut self, search: &mut Search, colours: Colours) {
        if search.budget == 0 && search.best.is_some() {
            return;
        }
        let mut order = search.over.clone();
        order.sort_by_key(|index| colours[index]);
        let tie = order.windows(2).find(|pair| colours[&pair[0]] == colours[&pair[1]]).map(|pair| colours[&pair[0]]);
        let Some(tied) = tie else {
            search.budget = search.budget.saturating_sub(1);
            let candidate = self.renamed(&order, &search.factors, search.depth);
            if search.best.is_none_or(|best| candidate < best) {
                search.best = Some(candidate);
            }
            return;
        };
        for &index in order.iter().filter(|index| colours[*index] == tied) {
            let mut colours = colours.clone();
            colours.insert(index, hash((tied, "first")));
            self.refine(&search.factors, &search.over, &mut colours);
            self.search(search, colours);
        }
    }

    /// The sum of a product with its bound indices named canonically in the given order.
    fn renamed(&mut self, order: &Indices, factors: &Args, depth: u32) -> Id {
        let mut names: FxHashMap<Index, Index> = FxHashMap::default();
        for (position, &index) in order.iter().enumerate() {
            let dim = self.index_info(index).dim;
            names.insert(index, self.canonical_index(dim, depth + position as u32));
        }
        let named: Args =
            factors.iter().map(|&factor| self.named(factor, |index| names.get(&index).copied())).collect();
        let body = self.mul(named);
        let body = self.canonical_at(body, depth + order.len() as u32);
        let mut over: Indices = order.iter().map(|index| names[index]).collect();
        over.sort_by(|&a, &b| self.compare_indices(a, b));
        let (coefficient, body) = self.coefficient(body);
        let sum = self.intern(Node::Sum(over, body));
        self.scale(coefficient, sum)
    }

    /// A factor in which some indices have other names, which do not occur in it.
    fn named(&mut self, factor: Id, name: impl Fn(Index) -> Option<Index>) -> Id {
        if let Node::Elem(of, at) = self.node(factor)
            && self.free(*of).is_empty()
        {
            let at = at.iter().map(|&index| name(index).unwrap_or(index)).collect();
            let element = Node::Elem(*of, at);
            return self.intern(element);
        }
        let free = Indices::from_slice(self.free(factor));
        let pairs = free.into_iter().filter_map(|index| Some((index, name(index)?)));
        pairs.fold(factor, |factor, (index, name)| self.rename(factor, index, name))
    }

    /// Splits colours until no split is left.
    fn refine(&self, factors: &Args, over: &Indices, colours: &mut Colours) {
        let count = |colours: &Colours| {
            let mut seen: Vec<u64> = colours.values().copied().collect();
            seen.sort_unstable();
            seen.dedup();
            seen.len()
        };
        let mut classes = count(colours);
        while classes < over.len() {
            let mut next: Colours = over.iter().map(|index| (*index, hash(colours[index]))).collect();
            for &factor in factors {
                for index in self.free(factor) {
                    if let Some(&own) = colours.get(index) {
                        colours.insert(*index, hash((own, "here")));
                        let seen = self.signature(factor, colours);
                        colours.insert(*index, own);
                        let entry = next.entry(*index).or_default();
                        *entry = entry.wrapping_add(hash(seen));
                    }
                }
            }
            let refined = count(&next);
            *colours = next;
            if refined == classes {
                break;
            }
            classes = refined;
        }
    }

    /// A number that is the same for all forms of a node that differ in order, names of bound indices, and indices of
    /// one colour.
    fn signature(&self, id: Id, colours: &Colours) -> u64 {
        let index = |index: Index| match colours.get(&index) {
            Some(colour) => *colour,
            None => match self.index_info(index).role {
                Role::Sum => 1,
                _ => hash(index),
            },
        };
        match self.node(id) {
            Node::Elem(of, at) => match self.node(*of) {
                Node::Transpose(inner) => hash((
                    "elem",
                    self.signature(*inner, colours),
                    at.iter().rev().map(|i| index(*i)).collect::<Vec<_>>(),
                )),
                Node::Symbol(symbol) if self.symbol_info(*symbol).is_symmetric() => {
                    let ends = at.iter().fold(0u64, |sum, i| sum.wrapping_add(hash(index(*i))));
                    hash(("elem", self.signature(*of, colours), ends))
                }
                _ => hash(("elem", self.signature(*of, colours), at.iter().map(|i| index(*i)).collect::<Vec<_>>())),
            },
            Node::Delta(i, j) => hash(("delta", index(*i).wrapping_add(index(*j)))),
            Node::Add(args) => hash(("add", self.unordered(args, colours))),
            Node::Mul(args) => hash(("mul", self.unordered(args, colours))),
            Node::Sum(over, body) => hash(("sum", over.len(), self.signature(*body, colours))),
            Node::Number(value) => hash(value),
            Node::Size(dim) => hash(("size", self.dims.text(*dim))),
            Node::Symbol(symbol) => hash(&self.symbol_info(*symbol).name),
            Node::Identity(_) => hash("identity"),
            Node::Ones(_) => hash("ones"),
            Node::Zeros(_) => hash("zeros"),
            Node::Hadamard(args) => hash(("hadamard", self.unordered(args, colours))),
            Node::Call(function, args) => {
                let args: Vec<u64> = args.iter().map(|arg| self.signature(*arg, colours)).collect();
                hash((function, args))
            }
            Node::Apply(function, arg) => hash((function, self.signature(*arg, colours))),
            Node::Eps(at) => hash(("eps", at.map(index))),
            Node::Block(cols, args) => {
                let args: Vec<u64> = args.iter().map(|arg| self.signature(*arg, colours)).collect();
                hash(("block", cols, args))
            }
            Node::Matpow(base, exponent) => hash((exponent, self.signature(*base, colours))),
            node => {
                let children: Vec<u64> = node.children().iter().map(|child| self.signature(*child, colours)).collect();
                hash((self.rank(id), children))
            }
        }
    }

    fn is_symmetric_symbol(&self, id: Id) -> bool {
        matches!(self.node(id), Node::Symbol(symbol) if self.symbol_info(*symbol).is_symmetric())
    }

    fn unordered(&self, args: &Args, colours: &Colours) -> u64 {
        args.iter().fold(0u64, |sum, arg| sum.wrapping_add(hash(self.signature(*arg, colours))))
    }

    fn rank(&self, id: Id) -> u8 {
        match self.node(id) {
            Node::Number(_) => 0,
            Node::Size(_) => 1,
            Node::Symbol(_) => 2,
            Node::Identity(_) => 3,
            Node::Ones(_) => 4,
            Node::Zeros(_) => 5,
            Node::Elem(..) => 6,
            Node::Delta(..) => 7,
            Node::Transpose(_) => 8,
            Node::Matpow(..) => 9,
            Node::Call(..) => 10,
            Node::Matmul(_) => 11,
            Node::Power(..) => 12,
            Node::Mul(_) => 13,
            Node::Add(_) => 14,
            Node::Sum(..) => 15,
            Node::Array(..) => 16,
            Node::Partial(..) => 17,
            Node::Hadamard(_) => 18,
            Node::Apply(..) => 19,
            Node::Eps(_) => 20,
            Node::Prod(..) => 21,
            Node::Block(..) => 22,
        }
    }

    fn compare_indices(&self, a: Index, b: Index) -> Ordering {
        let key = |index: Index| self.index_info(index).role;
        key(a).cmp(&key(b)).then_with(|| a.cmp(&b))
    }

    /// A total order of expressions that does not depend on when they were made.
    pub fn compare(&self, a: Id, b: Id) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let indices = |a: &[Index], b: &[Index]| {
            a.len().cmp(&b.len()).then_with(|| {
                a.iter()
                    .zip(b)
                    .map(|(a, b)| self.compare_indices(*a, *b))
                    .find(|o| o.is_ne())
                    .unwrap_or(Ordering::Equal)
            })
        };
        let own = match (self.node(a), self.node(b)) {
            (Node::Number(a), Node::Number(b)) => a.order(b),
            (Node::Size(a), Node::Size(b)) => self.dims.text(*a).cmp(self.dims.text(*b)),
            (Node::Symbol(a), Node::Symbol(b)) => self.symbol_info(*a).name.cmp(&self.symbol_info(*b).name),
            (Node::Matpow(_, a), Node::Matpow(_, b)) => a.cmp(b),
            (Node::Call(a, _), Node::Call(b, _)) => a.cmp(b),
            (Node::Block(a, _), Node::Block(b, _)) => a.cmp(b),
            (Node::Apply(a, _), Node::Apply(b, _)) => a.cmp(b),
            (Node::Elem(_, a), Node::Elem(_, b)) => indices(a, b),
            (Node::Sum(a, _), Node::Sum(b, _)) | (Node::Prod(a, _), Node::Prod(b, _)) => indices(a, b),
            (Node::Array(a, m, _), Node::Array(b, n, _)) => indices(a, b).then(m.cmp(n)),
            (Node::Eps(a), Node::Eps(b)) => indices(a, b),
            (Node::Delta(a, b), Node::Delta(c, d)) => indices(&[*a, *b], &[*c, *d]),
            (Node::Identity(a), Node::Identity(b)) => self.dims.text(*a).cmp(self.dims.text(*b)),
            (Node::Ones(a), Node::Ones(b)) | (Node::Zeros(a), Node::Zeros(b)) => {
                let text = |shape: &Shape| (self.dims.text(shape.rows), self.dims.text(shape.cols));
                text(a).cmp(&text(b))
            }
            _ => self.rank(a).cmp(&self.rank(b)),
        };
        own.then_with(|| {
            let (left, right) = (self.node(a).children(), self.node(b).children());
            left.len().cmp(&right.len()).then_with(|| {
                left.iter()
                    .zip(&right)
                    .map(|(a, b)| self.compare(*a, *b))
                    .find(|o| o.is_ne())
                    .unwrap_or(Ordering::Equal)
            })
        })
    }
}
