//! Rules of block matrices.
//!
//! In: operations on block matrices. Out: the same by the blocks. Left to others: where each is tried (`derive`,
//! `simplifying`).
//!
//! Before anything is written in indices, what can be done block by block is done so, wherever the variable occurs. What is
//! left, a whole matrix times a column of blocks say, is written in elements: there a block stands behind a matrix of an identity
//! and zeros that puts it at its place. In the answer these matrices are multiplied out again.

mod elements;
mod functions;
mod grid;
mod inverses;
mod operations;

pub(crate) use elements::ELEMENT;
pub(crate) use functions::*;
pub(crate) use inverses::{DET, INVERSE};
pub(crate) use operations::*;

use crate::rules::{collect, simplify};
use crate::work::Rule;

/// What is done block by block, before elements are named.
pub(crate) static OPERATIONS: &[&Rule] =
    &[&NESTED, &TRANSPOSE, &SCALE, &SUM, &PRODUCT, &HADAMARD, &FUNCTION, &TRACE, &ENTRIES, &DIAGONAL, &DET, &INVERSE];

/// What is simple after such an operation.
pub(crate) static AFTERWARDS: &[&Rule] =
    &[&collect::ZERO, &simplify::products::IDENTITY, &collect::ARITHMETIC, &simplify::products::SCALARS_FIRST];
