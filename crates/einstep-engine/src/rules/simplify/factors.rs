//! The order in which an answer writes factors that commute.
//!
//! In: products of scalars, elementwise products. Out: the same, as a textbook orders their factors.
//! Left to others: the order in which the question is derived (`order`), products of matrices.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Names before what is composed, functions last.
pub(crate) static ORDER: Rule = Rule {
    statement: RuleStatement {
        id: "product.order",
        name: "order of factors",
        kind: RuleKind::Structural,
        statement: "f*g = g*f; A .* B = B .* A",
        when: "numbers come first, then names and their powers, then norms, products and sums, functions of scalars, and \
               last sums with such; divisors apart",
        reason: "Products of scalars and elementwise products commute.",
        sentence: "the factors are put in order",
        reference: "arithmetic",
        example: ("exp(t)*t", "t*exp(t)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL.or(Kinds::HADAMARD)),
    apply: |store, id| {
        let mut factors = match store.node(id) {
            Node::Mul(args) | Node::Hadamard(args) => args.clone(),
            _ => return None,
        };
        // What the scalars are a multiple of stays behind them.
        let is_multiple = matches!(store.node(id), Node::Mul(_)) && !store.shape(id).is_scalar();
        let array = if is_multiple { factors.pop() } else { None };
        let (divisors, mut above): (Args, Args) =
            factors.iter().copied().partition(|&factor| is_divisor(store, factor));
        let mut below = divisors.clone();
        let written = above.clone();
        above.sort_by_key(|&factor| place(store, factor));
        below.sort_by_key(|&factor| place(store, factor));
        if above == written && below == divisors {
            return None;
        }
        // Each stays among its own.
        let (mut above, mut below) = (above.into_iter(), below.into_iter());
        let ordered = factors.iter().filter_map(|&f| if is_divisor(store, f) { below.next() } else { above.next() });
        let ordered: Args = ordered.chain(array).collect();
        let is_product = matches!(store.node(id), Node::Mul(_));
        Some(Rewrite::to(if is_product { store.mul(ordered) } else { store.hadamard(ordered) }))
    },
};

fn is_divisor(store: &Store, factor: Id) -> bool {
    store.base_and_exponent(factor).1.is_negative()
}

/// Where a factor stands in a product.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Number,
    /// t, t^2, X.^2, X'
    Name,
    /// norm(x), x'*A*x, 1 + t
    Composed,
    /// exp(t)
    Function,
    /// 1 - exp(t)
    WithFunction,
    /// X .* I
    Identity,
}

fn place(store: &Store, factor: Id) -> Place {
    match store.node(factor) {
        Node::Number(_) => Place::Number,
        Node::Symbol(_) | Node::Size(_) => Place::Name,
        &Node::Transpose(of) => place(store, of),
        Node::Identity(_) => Place::Identity,
        Node::Apply(..) => Place::Function,
        &Node::Power(base, exponent) => match place(store, base) {
            // 2^t is a function of t.
            Place::Number if store.as_number(exponent).is_none() => Place::Function,
            place => place,
        },
        Node::Add(args) | Node::Mul(args) => match args.iter().any(|&arg| place(store, arg) >= Place::Function) {
            true => Place::WithFunction,
            false => Place::Composed,
        },
        _ => Place::Composed,
    }
}
