//! The order of terms and factors in which a problem is derived, so that its answer does not depend on how they were written.
//!
//! In: a matrix expression. Out: the same with its sums, elementwise products and products of scalars in the order that a
//! textbook prints. Left to others: products of matrices, whose order is part of their value.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// A value with its terms and factors in order.
pub(crate) static ORDER: Rule = Rule {
    statement: RuleStatement {
        id: "value.order",
        name: "order of terms and factors",
        kind: RuleKind::Structural,
        statement: "A + B = B + A; A .* B = B .* A; f*g = g*f",
        when: "in a sum 1 comes first, then I, products, names, the rest, and last what is subtracted; in a product numbers come \
               first, then what is short, then names by the alphabet",
        reason: "Sums, elementwise products and products of scalars commute.",
        sentence: "terms and factors are put in order",
        reference: "arithmetic",
        example: ("x'*x + 1", "1 + x'*x"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ANY),
    apply: |store, id| {
        let to = ordered(store, id);
        (to != id).then(|| Rewrite::to(to))
    },
};

/// An expression with its terms and factors in order.
pub(crate) fn ordered(store: &mut Store, id: Id) -> Id {
    visit(store, id, &mut FxHashMap::default())
}

fn visit(store: &mut Store, id: Id, known: &mut FxHashMap<Id, Id>) -> Id {
    if let Some(&done) = known.get(&id) {
        return done;
    }
    let mut children: Args = store.node(id).children().into_iter().map(|child| visit(store, child, known)).collect();
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

/// What a term is like, in the order of a sum.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// 1 + x
    Number,
    /// I - A
    Identity,
    /// A*x + b
    Product,
    Symbol,
    /// A + X'*X, A + t*B, x + relu(y)
    Other,
    /// x + c, where c stands at every entry
    Broadcast,
}

fn kind(store: &Store, term: Id) -> Kind {
    let factors = store.factors(term);
    let rest: Args = factors.into_iter().filter(|&factor| store.as_number(factor).is_none()).collect();
    let is_scalar = store.shape(term).is_scalar();
    match rest[..] {
        [] => Kind::Number,
        [factor] => match store.node(factor) {
            Node::Ones(_) => Kind::Number,
            Node::Identity(_) => Kind::Identity,
            Node::Symbol(_) => Kind::Symbol,
            Node::Matmul(chain) if !is_square(store, chain) => Kind::Product,
            _ if is_scalar => Kind::Product,
            _ => Kind::Other,
        },
        [.., array] => match store.node(array) {
            Node::Identity(_) => Kind::Identity,
            Node::Ones(_) => Kind::Broadcast,
            _ if is_scalar => Kind::Product,
            _ => Kind::Other,
        },
    }
}

/// Whether a chain begins with the transpose of its last factor.
fn is_square(store: &Store, chain: &[Id]) -> bool {
    let turned = |id: Id, other: Id| matches!(store.node(id), Node::Transpose(inner) if *inner == other);
    match chain {
        [first, .., last] => turned(*first, *last) || turned(*last, *first),
        _ => false,
    }
}

/// How many factors a term multiplies, apart from what it is a multiple of: x'*A*x + b'*x, t^2 + t.
fn degree(store: &Store, term: Id) -> Rat {
    let factors = store.factors(term);
    let last = factors[factors.len() - 1];
    match store.node(last) {
        Node::Matmul(chain) => Rat::int(chain.len() as i64),
        Node::Matpow(_, exponent) => Rat::int((*exponent).into()),
        _ => store.base_and_exponent(last).1,
    }
}

fn terms(store: &mut Store, a: Id, b: Id) -> Ordering {
    let [(left, rest), (right, other)] = [a, b].map(|term| store.coefficient(term));
    let order = (left.is_negative(), kind(store, rest)).cmp(&(right.is_negative(), kind(store, other)));
    let degrees = degree(store, other).order(&degree(store, rest));
    order.then(degrees).then_with(|| by_name(store, rest, other)).then_with(|| left.order(&right))
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
    let node = store.node(id);
    if let Node::Symbol(symbol) = node {
        found.push(&store.symbol_info(*symbol).name);
    }
    let is_product = matches!(node, Node::Mul(_) | Node::Hadamard(_) | Node::Matmul(_));
    node.for_each_child(|child| {
        // A factor that is a sum comes after a name: y*p + (1 - y)*q.
        if is_product && matches!(store.node(child), Node::Add(_)) {
            found.push("~");
        }
        names(store, child, found);
    });
}
