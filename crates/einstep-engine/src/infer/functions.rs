//! The functions of the language: the one table of their names, numbers of arguments and meanings.
//!
//! In: a name. Out: what it means. Left to others: the shapes that a function needs ([`super::calls`]).

use einstep_expr::{Axis, Function, Scalar};

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning {
    /// A function of a scalar, entry by entry.
    Entrywise(Scalar),
    /// A power with this exponent, a fraction, entry by entry.
    EntryPower(i64, i64),
    /// Over every entry, or with a second argument along the rows (1) or along the columns (2).
    Reduction(fn(Axis) -> Function),
    /// `norm2`, the norm of a vector.
    VectorNorm,
    /// A function of whole arrays.
    Whole(Function),
    Transpose,
    /// Arrays whose arguments are dimensions.
    Eye,
    Ones,
    Zeros,
    Commutation,
}

use Meaning::{EntryPower, Entrywise, Reduction, Whole};

/// Every function with its least and greatest number of arguments.
const TABLE: &[(&str, usize, usize, Meaning)] = &[
    ("exp", 1, 1, Entrywise(Scalar::Exp)),
    ("log", 1, 1, Entrywise(Scalar::Log)),
    ("ln", 1, 1, Entrywise(Scalar::Log)),
    ("sqrt", 1, 1, EntryPower(1, 2)),
    ("sin", 1, 1, Entrywise(Scalar::Sin)),
    ("cos", 1, 1, Entrywise(Scalar::Cos)),
    ("tan", 1, 1, Entrywise(Scalar::Tan)),
    ("asin", 1, 1, Entrywise(Scalar::Asin)),
    ("acos", 1, 1, Entrywise(Scalar::Acos)),
    ("atan", 1, 1, Entrywise(Scalar::Atan)),
    ("arcsin", 1, 1, Entrywise(Scalar::Asin)),
    ("arccos", 1, 1, Entrywise(Scalar::Acos)),
    ("arctan", 1, 1, Entrywise(Scalar::Atan)),
    ("sinh", 1, 1, Entrywise(Scalar::Sinh)),
    ("cosh", 1, 1, Entrywise(Scalar::Cosh)),
    ("tanh", 1, 1, Entrywise(Scalar::Tanh)),
    ("abs", 1, 1, Entrywise(Scalar::Abs)),
    ("sign", 1, 1, Entrywise(Scalar::Sign)),
    ("relu", 1, 1, Entrywise(Scalar::Relu)),
    ("sigmoid", 1, 1, Entrywise(Scalar::Sigmoid)),
    ("softplus", 1, 1, Entrywise(Scalar::Softplus)),
    ("step", 1, 1, Entrywise(Scalar::Step)),
    ("erf", 1, 1, Entrywise(Scalar::Erf)),
    ("square", 1, 1, EntryPower(2, 1)),
    ("sum", 1, 2, Reduction(Function::Sum)),
    ("mean", 1, 2, Reduction(Function::Mean)),
    ("prod", 1, 2, Reduction(Function::Prod)),
    ("logsumexp", 1, 2, Reduction(Function::LogSumExp)),
    ("softmax", 1, 2, Reduction(Function::Softmax)),
    ("norm", 1, 2, Reduction(Function::Norm)),
    ("norm2", 1, 1, Meaning::VectorNorm),
    ("norm1", 1, 1, Whole(Function::Norm1)),
    ("normF", 1, 1, Whole(Function::NormF)),
    ("tr", 1, 1, Whole(Function::Trace)),
    ("det", 1, 1, Whole(Function::Det)),
    ("logdet", 1, 1, Whole(Function::LogDet)),
    ("inv", 1, 1, Whole(Function::Inv)),
    ("adj", 1, 1, Whole(Function::Adj)),
    ("pinv", 1, 1, Whole(Function::Pinv)),
    ("transpose", 1, 1, Meaning::Transpose),
    ("sym", 1, 1, Whole(Function::Sym)),
    ("skew", 1, 1, Whole(Function::Skew)),
    ("tril", 1, 1, Whole(Function::Tril)),
    ("triu", 1, 1, Whole(Function::Triu)),
    ("diag", 1, 1, Whole(Function::Diag)),
    ("vec", 1, 1, Whole(Function::Vec)),
    ("dot", 2, 2, Whole(Function::Dot)),
    ("outer", 2, 2, Whole(Function::Outer)),
    ("cross", 2, 2, Whole(Function::Cross)),
    ("kron", 2, 2, Whole(Function::Kron)),
    ("eye", 1, 1, Meaning::Eye),
    ("ones", 1, 2, Meaning::Ones),
    ("zeros", 1, 2, Meaning::Zeros),
    ("commutation", 2, 2, Meaning::Commutation),
];

/// Every function of the language with its least and greatest number of arguments.
///
/// ```
/// assert!(einstep_engine::functions().any(|function| function == ("sum", 1, 2)));
/// ```
pub fn functions() -> impl Iterator<Item = (&'static str, usize, usize)> {
    TABLE.iter().map(|&(name, least, greatest, _)| (name, least, greatest))
}

/// The least and greatest number of arguments of a function, and its meaning.
pub(super) fn function(name: &str) -> Option<(usize, usize, Meaning)> {
    let entry = TABLE.iter().find(|(known, ..)| *known == name);
    entry.map(|&(_, least, greatest, meaning)| (least, greatest, meaning))
}
