//! Rules about cross products.
//!
//! In: cross products of two vectors. Out: one order of the two, zero where they are equal.
//! Left to others: scalars in them ([`super::diagonals`]).

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The factors of a cross product.
fn factors(store: &Store, id: Id) -> Option<[Id; 2]> {
    match store.node(id) {
        Node::Call(Function::Cross, args) => Some([args[0], args[1]]),
        _ => None,
    }
}

/// A vector has no cross product with itself.
pub(crate) static SAME: Rule = Rule {
    statement: RuleStatement {
        id: "cross.same",
        name: "cross product with itself",
        kind: RuleKind::Structural,
        statement: "cross(x,x) = zeros(3)",
        when: "",
        reason: "The cross product is alternating.",
        sentence: "a cross product of a vector with itself is zero",
        reference: "definition of the cross product",
        example: ("cross(x,x)", "zeros(3)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Cross)),
    apply: |store, id| {
        let [left, right] = factors(store, id)?;
        let zeros = Node::Zeros(store.shape(id));
        (left == right).then(|| Rewrite::to(store.intern(zeros)))
    },
};

/// The two factors in one order.
pub(crate) static ORDER: Rule = Rule {
    statement: RuleStatement {
        id: "cross.order",
        name: "order of a cross product",
        kind: RuleKind::Structural,
        statement: "cross(y,x) = -cross(x,y)",
        when: "x comes first in the order of names, or the last line is shorter by a sign",
        reason: "The cross product is alternating.",
        sentence: "the factors of the cross product are exchanged",
        reference: "definition of the cross product",
        example: ("cross(y,x)", "-cross(x,y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Cross).or(Kinds::MUL)).with(Kinds::function(Function::Cross)),
    apply: |store, id| {
        let [left, right] = factors(store, id)?;
        store.compare(right, left).is_lt().then(|| {
            let factors = [store.int(-1), store.call(Function::Cross, [right, left])];
            Rewrite::to(store.mul(factors))
        })
    },
};

/// A product with one sign less, because a cross product in it is turned.
pub(crate) fn turned(store: &mut Store, id: Id) -> Option<Rewrite> {
    let (number, _) = store.coefficient(id);
    if !number.is_negative() {
        return None;
    }
    let mut all = store.factors(id);
    let array = all.pop()?;
    let mut chain = match store.node(array) {
        Node::Matmul(factors) => factors.clone(),
        _ => Args::from_slice(&[array]),
    };
    let (position, [left, right]) =
        chain.iter().enumerate().find_map(|(position, &factor)| Some((position, factors(store, factor)?)))?;
    chain[position] = store.call(Function::Cross, [right, left]);
    all.push(store.matmul(chain));
    let product = store.mul(all);
    let (number, rest) = store.coefficient(product);
    Some(Rewrite::to(store.scale(number.neg(), rest)))
}
