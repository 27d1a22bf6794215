//! Rules that bring a matrix expression to the form a textbook prints.
//!
//! In: sums and products of matrices. Out: an equal, shorter one. The one measure is [`cost`]; the exceptions are
//! conventions of the field, each said where it is made. Left to others: the order in which rules are tried
//! ([`crate::simplifying`]).

pub(crate) mod cost;
pub(crate) mod cross;
pub(crate) mod diagonals;
pub(crate) mod echo;
pub(crate) mod expand;
pub(crate) mod factor;
pub(crate) mod factors;
mod forms;
pub(crate) mod hadamard;
pub(crate) mod inverses;
pub(crate) mod kronecker;
mod parts;
pub(crate) mod products;
pub(crate) mod scalars;
pub(crate) mod skew;
pub(crate) mod structure;
pub(crate) mod transposes;

use crate::work::Rule;

/// The rules of this pass, in the order of the reference.
pub(crate) static RULES: &[&Rule] = &[
    &transposes::PRODUCT,
    &transposes::KRON,
    &transposes::ARRAY,
    &transposes::FUNCTION,
    &transposes::INVARIANT,
    &cross::SAME,
    &cross::ORDER,
    &structure::SYMMETRIC,
    &structure::SKEW,
    &structure::TRIANGLE,
    &structure::ORTHOGONAL,
    &structure::INVARIANT,
    &skew::ZERO,
    &skew::PARTS,
    &products::SCALARS_FIRST,
    &kronecker::IDENTITY,
    &kronecker::OUTER,
    &kronecker::PRODUCT,
    &kronecker::SUM,
    &products::IDENTITY,
    &products::CONTENT,
    &products::SIGN,
    &inverses::CANCEL,
    &inverses::OF,
    &inverses::PSEUDO,
    &inverses::RANK_ONE,
    &hadamard::SCALARS,
    &hadamard::POWERS,
    &hadamard::TRIANGLE,
    &hadamard::ONES,
    &hadamard::OUTER,
    &hadamard::DIAGONAL,
    &hadamard::TRANSPOSE,
    &diagonals::PRODUCT,
    &diagonals::SUM,
    &diagonals::OF,
    &diagonals::ONES,
    &diagonals::SUMS,
    &diagonals::LINEAR,
    &scalars::TRANSPOSE,
    &scalars::EXPONENTS,
    &scalars::FRACTION,
    &scalars::DOT,
    &factor::FACTOR,
    &factor::ABSORB,
    &expand::EXPAND,
    &transposes::SUM,
    &transposes::GATHER_SUM,
    &transposes::ORDER,
    &transposes::GATHER,
    &products::POWER,
    &factors::ORDER,
    &diagonals::BROADCAST,
    &echo::SPELLING,
    &echo::SIGN,
    &echo::NORM,
];
