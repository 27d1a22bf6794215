//! The order of terms and factors in which a problem is derived, so that its answer does not depend on how they were written.
//!
//! In: a matrix expression. Out: the same with its sums, elementwise products and products of scalars in the order that a
//! textbook prints. Left to others: products of matrices, whose order is part of their value.

use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashMap;
use std::cmp::{Ordering, Reverse};

/// A value with its terms and factors in order.
pub(crate) static ORDER: Rule = Rule {
    statement: RuleStatement {
        id: "value.order",
        name: "order of terms and factors",
        kind: RuleKind::Structural,
        statement: "A + B = B + A; A .* B = B .* A; f*g = g*f",
        when: "in sums numbers come first, then identities, and a minus sign last; in products numbers, then what is short",
        reason: "Sums, elementwise products and products of scalars commute.",
        sentence: "terms and factors are put in order",
        reference: "arithmetic",
        example: ("x'*x + 1", "1 + x'*x"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let to = ordered(store, id, &mut FxHashMap::default());
        (to != id).then(|| Rewrite::to(to))
    },
};

fn ordered(store: &mut Store, id: Id, known: &mut FxHashMap<Id, Id>) -> Id {
    if let Some(&done) = known.get(&id) {
        return done;
    }
    let mut children: Args = store.node(id).children().into_iter().map(|child| ordered(store, child, known)).collect();
    let done = match store.node(id) {
        Node::Add(_) => {
            children.sort_by(|&a, &b| terms(store, a, b));
            store.add(children)
        }
        Node::Hadamard(_) => {
            children.sort_by(|&a, &b| factors(store, a, b));
            store.hadamard(children)
        }
        Node::Mul(_) => {
            children.sort_by(|&a, &b| factors(store, a, b));
            store.mul(children)
        }
        _ => store.with_children(id, &children),
    };
    known.insert(id, done);
    done
}

/// What a term is like: `1 + x`, `I - A`, `x + c` where c stands at every entry.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Number,
    Identity,
    Symbol,
    Other,
    Broadcast,
}

fn kind(store: &Store, term: Id) -> Kind {
    let factors = store.factors(term);
    let rest: Args = factors.into_iter().filter(|&factor| store.as_number(factor).is_none()).collect();
    match rest[..] {
        [] => Kind::Number,
        [array] if matches!(store.node(array), Node::Ones(_)) => Kind::Number,
        [.., array] => match store.node(array) {
            Node::Identity(_) => Kind::Identity,
            Node::Ones(_) => Kind::Broadcast,
            // A + X'*X, but A*x + b.
            Node::Symbol(_) if rest.len() == 1 && is_matrix(store, array) => Kind::Symbol,
            _ => Kind::Other,
        },
    }
}

fn is_matrix(store: &Store, id: Id) -> bool {
    let shape = store.shape(id);
    !shape.rows.is_one() && !shape.cols.is_one()
}

fn terms(store: &Store, a: Id, b: Id) -> Ordering {
    let negative =
        |term: Id| store.factors(term).iter().filter_map(|&factor| store.as_number(factor)).any(|n| n.is_negative());
    let key = |term: Id| (negative(term), kind(store, term), Reverse(store.weight(term)));
    key(a).cmp(&key(b)).then_with(|| by_name(store, a, b))
}

fn factors(store: &Store, a: Id, b: Id) -> Ordering {
    let key = |factor: Id| {
        let is_number = store.as_number(factor).is_some();
        let is_divisor = store.base_and_exponent(factor).1.is_negative();
        (!store.shape(factor).is_scalar(), is_divisor, !is_number, store.weight(factor))
    };
    key(a).cmp(&key(b)).then_with(|| by_name(store, a, b))
}

/// By the names in the order in which they are read, then by form.
fn by_name(store: &Store, a: Id, b: Id) -> Ordering {
    let [mut left, mut right] = [Vec::new(), Vec::new()];
    names(store, a, &mut left);
    names(store, b, &mut right);
    left.cmp(&right).then_with(|| store.compare(a, b))
}

fn names<'s>(store: &'s Store, id: Id, found: &mut Vec<&'s str>) {
    if let Node::Symbol(symbol) = store.node(id) {
        found.push(&store.symbol_info(*symbol).name);
    }
    store.node(id).for_each_child(|child| names(store, child, found));
}
