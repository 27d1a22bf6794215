//! Rules that remove Kronecker deltas.
//!
//! In: a sum over a product with a delta. Out: the sum with one index less.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Index, Indices, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::{FxHashMap, FxHashSet};

/// A delta with a summed index removes the sum over it.
pub(crate) static CONTRACT: Rule = Rule {
    statement: RuleStatement {
        id: "delta.contract",
        name: "contraction with a Kronecker delta",
        kind: RuleKind::Equation,
        statement: "sum[i](delta[i,j]*f[i]) = f[j]",
        when: "i and j are different indices",
        reason: "The delta is 0 except where its indices are equal, so one term of the sum is left.",
        sentence: "only {index} = {becomes} is left",
        reference: "definition of the Kronecker delta",
        example: ("sum[i](w[i]*delta[i,l])", "w[l]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM).with(Kinds::DELTA),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, body) = (over.clone(), *body);
        let factors = store.factors(body);
        for (position, &factor) in factors.iter().enumerate() {
            let Node::Delta(i, j) = *store.node(factor) else { continue };
            if i == j {
                continue;
            }
            let (index, becomes) = if over.contains(&i) {
                (i, j)
            } else if over.contains(&j) {
                (j, i)
            } else {
                continue;
            };
            let mut rest = factors.clone();
            rest.remove(position);
            let rest = store.mul(rest);
            let body = store.rename(rest, index, becomes);
            let over: Indices = over.into_iter().filter(|&other| other != index).collect();
            return Some(Rewrite::to(store.sum(over, body)).slot("index", index).slot("becomes", becomes));
        }
        None
    },
};

/// The number of deltas from which a term is contracted in one step.
const MANY: usize = 9;

/// The deltas of one term, all at once: each index becomes the one that the deltas join it to.
pub(crate) static CONTRACT_MANY: Rule = Rule {
    statement: RuleStatement {
        id: "delta.contract-many",
        name: "contraction with many Kronecker deltas",
        kind: RuleKind::Scheme,
        statement: "sum[i,j](delta[i,j]*delta[j,l]*f[i]) = f[l]",
        when: "any number of deltas, each with an index that is summed over",
        reason: "Each delta leaves of a sum the term where its two indices are equal.",
        sentence: "{count} deltas are contracted: each index becomes the one that they join it to",
        reference: "definition of the Kronecker delta",
        example: ("sum[i,j](delta[i,j]*delta[j,l]*w[i])", "w[l]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM).with(Kinds::DELTA),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, factors) = (over.clone(), store.factors(*body));
        let bound: FxHashSet<Index> = over.iter().copied().collect();
        let joins = |factor: &&Id| match store.node(**factor) {
            Node::Delta(i, j) => i != j && (bound.contains(i) || bound.contains(j)),
            _ => false,
        };
        let count = factors.iter().filter(joins).count();
        if count < MANY {
            return None;
        }
        let mut classes = Classes::default();
        let (mut kept, mut rest) = (Args::new(), Args::new());
        for factor in &factors {
            let Node::Delta(i, j) = *store.node(*factor) else {
                rest.push(*factor);
                continue;
            };
            let [i, j] = [i, j].map(|index| classes.of(index));
            // An index that is not summed over stands for its class.
            match [i, j].map(|index| bound.contains(&index)) {
                _ if i == j => {}
                [_, true] => classes.join(j, i),
                [true, false] => classes.join(i, j),
                [false, false] => kept.push(*factor),
            }
        }
        kept.extend(rest);
        for factor in &mut kept {
            for index in store.free(*factor).to_vec() {
                let becomes = classes.of(index);
                if becomes != index {
                    *factor = store.rename(*factor, index, becomes);
                }
            }
        }
        let product = store.mul(kept);
        let left: Indices = over.into_iter().filter(|&index| classes.of(index) == index).collect();
        Some(Rewrite::to(store.sum(left, product)).slot("count", count.to_string()))
    },
};

/// Indices that deltas join; each class has one index that stands for it.
#[derive(Default)]
struct Classes {
    parents: FxHashMap<Index, Index>,
}

impl Classes {
    /// The index that stands for the class of an index.
    fn of(&mut self, mut index: Index) -> Index {
        while let Some(&parent) = self.parents.get(&index) {
            if let Some(&next) = self.parents.get(&parent) {
                self.parents.insert(index, next);
            }
            index = parent;
        }
        index
    }

    /// Puts the class of one index under another.
    fn join(&mut self, index: Index, under: Index) {
        self.parents.insert(index, under);
    }
}

/// A delta of an index with itself.
pub(crate) static SAME: Rule = Rule {
    statement: RuleStatement {
        id: "delta.same",
        name: "delta of an index with itself",
        kind: RuleKind::Equation,
        statement: "delta[i,i] = 1",
        when: "",
        reason: "An index equals itself.",
        sentence: "an index equals itself",
        reference: "definition of the Kronecker delta",
        example: ("delta[i,i]", "1"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::DELTA),
    apply: |store, id| match store.node(id) {
        Node::Delta(i, j) if i == j => Some(Rewrite::to(store.int(1))),
        _ => None,
    },
};

/// A delta of two literal indices that differ.
pub(crate) static DIFFERENT: Rule = Rule {
    statement: RuleStatement {
        id: "delta.different",
        name: "delta of different literal indices",
        kind: RuleKind::Structural,
        statement: "the Kronecker delta of two different numbers is 0",
        when: "both indices are literal",
        reason: "The two positions are never the same.",
        sentence: "{index} and {other} are different positions",
        reference: "definition of the Kronecker delta",
        example: ("delta[1,2]*x[i]", "0*x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::DELTA),
    apply: |store, id| match *store.node(id) {
        Node::Delta(i, j) if store.position(i)? != store.position(j)? => {
            Some(Rewrite::to(store.int(0)).slot("index", i).slot("other", j))
        }
        _ => None,
    },
};

/// A sum over an index that does not occur.
pub(crate) static COUNT: Rule = Rule {
    statement: RuleStatement {
        id: "sum.count",
        name: "sum over an absent index",
        kind: RuleKind::Equation,
        statement: "sum[i](f) = n*f",
        when: "i does not occur in f and runs over n values",
        reason: "The same term is added once for each value of the index.",
        sentence: "{index} does not occur in the term, so it is added {times} times",
        reference: "arithmetic",
        example: ("sum[i](x[j])", "n*x[j]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, body) = (over.clone(), *body);
        let index = *over.iter().find(|index| store.free(body).binary_search(index).is_err())?;
        let dim = store.index_info(index).dim;
        let size = size(store, dim);
        let rest = store.sum(over.into_iter().filter(|&other| other != index), body);
        Some(Rewrite::to(store.mul([size, rest])).slot("index", index).slot("times", dim))
    },
};

/// A dimension as a number.
pub(crate) fn size(store: &mut Store, dim: einstep_expr::Dim) -> Id {
    match store.dims.value(dim).and_then(|value| i64::try_from(value).ok()) {
        Some(value) => store.int(value),
        None => store.intern(Node::Size(dim)),
    }
}
