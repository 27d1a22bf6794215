//! The list of all rules, from which the reference, the hints and the statement table are made.
//!
//! In: the items of [`crate::rules`]. Out: one list, in the order of the method.

use crate::rules::{collect, contract, differentiate, lower, raise, shape, simplify};
use crate::work::Rule;
use einstep_trace::RuleStatement;

/// The rules that rewrite, in the order of the method.
pub(crate) static RULES: &[&Rule] = &[
    &lower::NORM,
    &lower::POWER,
    &lower::TRACE,
    &lower::MATMUL,
    &lower::TRANSPOSE,
    &lower::ADD,
    &lower::SCALE,
    &lower::CONSTANT,
    &lower::SQUARE,
    &collect::FLATTEN,
    &differentiate::LINEAR,
    &differentiate::PRODUCT,
    &differentiate::POWER,
    &differentiate::ELEMENT,
    &differentiate::CONSTANT,
    &contract::CONTRACT,
    &contract::SAME,
    &contract::COUNT,
    &collect::DISTRIBUTE,
    &collect::NUMBER,
    &collect::ZERO,
    &collect::ARITHMETIC,
    &collect::POWERS,
    &collect::POWER_OF_PRODUCT,
    &collect::SUM_SCALARS,
    &collect::LIKE_TERMS,
    &raise::NORM,
    &raise::SQUARE,
    &raise::IDENTITY,
    &raise::REORDER,
    &raise::TRANSPOSE,
    &raise::MATMUL,
    &raise::OUTER,
    &raise::TRACE,
    &raise::SCALE,
    &raise::SPLIT,
    &raise::ONES,
    &raise::ADD,
    &raise::ARRAY,
    &simplify::TRANSPOSE_PRODUCT,
    &simplify::SYMMETRIC,
    &simplify::SCALARS_FIRST,
    &simplify::IDENTITY,
    &simplify::CONTENT,
    &simplify::FACTOR,
    &simplify::EXPAND,
    &simplify::TRANSPOSE_SUM,
    &simplify::GATHER_SUM,
    &simplify::ORDER,
    &simplify::GATHER,
    &simplify::POWER,
];

/// The statements of all rules, shapes first.
///
/// ```
/// let contract = einstep_engine::catalogue().find(|rule| rule.id == "delta.contract").unwrap();
/// assert_eq!(contract.statement, "sum[i](delta[i,j]*f[i]) = f[j]");
/// ```
pub fn catalogue() -> impl Iterator<Item = &'static RuleStatement> {
    let shapes = [
        &shape::VARIABLE,
        &shape::VARIABLE_KIND,
        &shape::KIND,
        &shape::SCALAR,
        &shape::DECLARED,
        &shape::MATMUL,
        &shape::TRACE,
        &shape::POWER,
        &shape::ANSWER,
        &shape::ANSWER_BY_SCALAR,
        &shape::JACOBIAN,
    ];
    shapes.into_iter().chain(RULES.iter().map(|rule| &rule.statement))
}
