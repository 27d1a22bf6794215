//! Structural rules: flatten, distribute, exact arithmetic, powers, like terms, functions recognised in products.
//!
//! In: sums and products. Out: the same in fewer or flatter parts. Left to others: deltas, matrices.

mod arithmetic;
mod folds;
mod powers;
mod sums;
mod terms;

pub(crate) use arithmetic::*;
pub(crate) use folds::*;
pub(crate) use powers::*;
pub(crate) use sums::*;
pub(crate) use terms::*;

use super::contract;
use crate::limits::Limits;
use crate::work::{Rule, Work};
use einstep_expr::{Id, Store};
use einstep_trace::Phase;

/// What can be collected by looking at one place.
pub(crate) const LOCAL: &[&Rule] = &[
    &ZERO,
    &ARITHMETIC,
    &POWERS,
    &POWER_OF_PRODUCT,
    &TANGENT,
    &INVERSES,
    &SIGMOID,
    &SIGNS,
    &NUMBER,
    &FLATTEN,
    &SUM_SCALARS,
    &LIKE_TERMS,
];

/// An expression with deltas contracted and terms collected, without a record.
pub(crate) fn collected(store: &mut Store, id: Id) -> Id {
    let mut left_over = Limits { steps: 1000, ..Limits::default() };
    let mut work = Work::new(store, &mut left_over, id, Phase::Collect);
    const DELTAS: &[&Rule] = &[&contract::SAME, &contract::DIFFERENT, &contract::CONTRACT, &contract::COUNT];
    while work.first_of(DELTAS) || work.first_of(LOCAL) {}
    work.line
}
