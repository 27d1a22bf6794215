//! Rules that move a pending derivative inwards.
//!
//! In: a pending derivative `∂f/∂x[l]`. Out: the same in terms of derivatives of parts of f.
//! At the bottom stands one fact: the derivative of an element by an element is a product of deltas.
//!
//! `general` has linearity, the product rule, powers and that fact; `functions` one rule for each elementwise function;
//! `heads` the functions of a whole matrix: determinants, inverses, products of entries; `structured` elements of structured
//! variables.

mod functions;
mod general;
mod heads;
mod structured;

pub(crate) use functions::FUNCTIONS;
pub(crate) use general::*;
pub(crate) use heads::*;
pub(crate) use structured::*;

use einstep_expr::{Id, Node, Store};

/// The body and the variable of a pending derivative that no other one stands in: of a second derivative the inner one is
/// taken first.
pub(crate) fn partial(store: &Store, id: Id) -> Option<(Id, Id)> {
    match store.node(id) {
        Node::Partial(body, by) if !store.is_pending(*body) => Some((*body, *by)),
        _ => None,
    }
}

pub(crate) fn pending(store: &mut Store, body: Id, by: Id) -> Id {
    store.intern(Node::Partial(body, by))
}
