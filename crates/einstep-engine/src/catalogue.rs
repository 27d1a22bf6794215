//! The list of all rules, from which the reference, the hints and the statement table are made.
//!
//! In: the items of [`crate::rules`]. Out: one list, in the order of the method.

use crate::rules::{blocks, collect, contract, differentiate, lemmas, lower, order, raise, shape, simplify};
use crate::work::{Link, Rule};
use einstep_trace::RuleStatement;

/// The rules that rewrite, in the order of the method; those of elementwise functions last.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(simplify::RULES).chain(&differentiate::FUNCTIONS).copied()
}

static RULES: &[&Rule] = &[
    &order::ORDER,
    &lower::NORM,
    &lower::POWER,
    &lower::TRACE,
    &lower::MATMUL,
    &lower::TRANSPOSE,
    &lower::ADD,
    &lower::SCALE,
    &lower::CONSTANT,
    &lower::SQUARE,
    &lower::HADAMARD,
    &lower::FUNCTION,
    &lower::ENTRY_POWER,
    &lower::ARRAY,
    &lower::DIAG,
    &lower::SUM,
    &lower::MEAN,
    &lower::PROD,
    &lower::NORM_1,
    &lower::NORM_ALONG,
    &lower::SOFTMAX,
    &lower::LOGSUMEXP,
    &lower::VECTOR_PRODUCTS,
    &lower::PARTS,
    &lower::TRIANGLE,
    &lower::ADJUGATE,
    &lower::LOGDET,
    &lower::DET_POWER,
    &lower::DET_KRON,
    &lower::INVERSE_KRON,
    &lower::SPLIT_INDEX,
    &lower::VEC,
    &lower::KRON,
    &lower::COMMUTATION,
    &lower::CROSS,
    &blocks::NESTED,
    &blocks::TRANSPOSE,
    &blocks::SCALE,
    &blocks::SUM,
    &blocks::PRODUCT,
    &blocks::HADAMARD,
    &blocks::FUNCTION,
    &blocks::TRACE,
    &blocks::ENTRIES,
    &blocks::KRON,
    &blocks::DIAGONAL,
    &blocks::DET,
    &blocks::INVERSE,
    &blocks::ELEMENT,
    &collect::FLATTEN,
    &differentiate::LINEAR,
    &differentiate::PRODUCT,
    &differentiate::POWER,
    &differentiate::DET,
    &differentiate::INVERSE,
    &differentiate::PSEUDOINVERSE,
    &differentiate::PROD,
    &differentiate::ELEMENT,
    &differentiate::TIED,
    &differentiate::PROJECTED,
    &differentiate::CONSTANT,
    &lemmas::DEFINITION,
    &lemmas::REFLECTION,
    &lemmas::COMMON,
    &lemmas::BY_PARTS,
    &lemmas::IDENTITY,
    &lemmas::INSERT_DELTA,
    &lemmas::NEST,
    &lemmas::ELEMENTS,
    &lemmas::EXPANSION,
    &lemmas::COFACTOR,
    &contract::CONTRACT,
    &contract::CONTRACT_MANY,
    &contract::SAME,
    &contract::DIFFERENT,
    &contract::COUNT,
    &collect::DISTRIBUTE,
    &collect::NUMBER,
    &collect::ZERO,
    &collect::ARITHMETIC,
    &collect::POWERS,
    &collect::POWER_OF_PRODUCT,
    &collect::SUM_SCALARS,
    &collect::LIKE_TERMS,
    &collect::DEAD,
    &collect::EXPAND,
    &collect::TANGENT,
    &collect::INVERSES,
    &collect::SIGMOID,
    &collect::SIGNS,
    &raise::NORM,
    &raise::NORM_ALONG,
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
    &raise::FUNCTION,
    &raise::SCALED,
    &raise::COMMUTATION,
    &raise::ENTRYWISE,
    &raise::POWER,
    &raise::HADAMARD,
    &raise::SUM,
    &raise::DIAG,
    &raise::DIAGONAL,
    &raise::MEAN,
    &raise::PROD,
    &raise::NORM1,
    &raise::KRON,
    &raise::VEC,
    &raise::THROUGH,
    &raise::DIVISOR_INSIDE,
    &raise::SOFTMAX,
    &raise::LOGSUMEXP,
    &raise::CROSS,
    &raise::ARRAY,
];

/// The rule that a group of steps is about: like terms if there were any, else its first that is more than arithmetic.
pub(crate) fn main_rule(steps: &[Link]) -> &'static Rule {
    let named = |link: &&Link| link.rule.id == collect::LIKE_TERMS.statement.id;
    let more = |link: &&Link| link.rule.id != collect::ARITHMETIC.statement.id;
    let chosen = steps.iter().find(named).or_else(|| steps.iter().find(more)).or(steps.first());
    let id = chosen.map_or(collect::ARITHMETIC.statement.id, |link| link.rule.id);
    rules().find(|rule| rule.statement.id == id).unwrap_or(&collect::ARITHMETIC)
}

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
        &shape::READING,
        &shape::KIND,
        &shape::SCALAR,
        &shape::DECLARED,
        &shape::MATMUL,
        &shape::ALIKE,
        &shape::TRACE,
        &shape::POWER,
        &shape::SQUARE,
        &shape::BROADCAST,
        &shape::ANSWER,
        &shape::ANSWER_BY_SCALAR,
        &shape::JACOBIAN,
        &shape::HESSIAN,
        &shape::MIXED,
        &shape::LAYOUT,
    ];
    shapes.into_iter().chain(rules().map(|rule| &rule.statement))
}
