//! Rules that read an element back as matrices.
//!
//! In: elements of matrix expressions, products and sums of them. Out: one element of one matrix expression.
//! Left to others: which reduction comes next ([`crate::raising`]), the form of the matrices (simplify).

mod composite;
mod elements;
mod layers;
mod named;
mod products;
mod stacks;

pub(crate) use composite::{KRON, THROUGH, VEC};
pub(crate) use elements::{ADD, ARRAY, FUNCTION, IDENTITY, ONES, POWER, SCALE, SPLIT};
pub(crate) use layers::{DIAG, DIAGONAL, EQUAL, HADAMARD, SUM};
pub(crate) use named::{CROSS, DIVISOR_INSIDE, LOGSUMEXP, MEAN, NORM, NORM_ALONG, NORM1, PROD, SOFTMAX, SQUARE, mean};
pub(crate) use products::{MATMUL, OUTER, REORDER, TRACE, TRANSPOSE};
pub(crate) use stacks::{COMMUTATION, ENTRYWISE, SCALED};
