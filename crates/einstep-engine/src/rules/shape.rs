//! The constraints on shapes that operations make.
//!
//! In: nothing; `infer` solves them. Out: their statements, so that the derivation can name them.

use einstep_trace::{RuleKind, RuleStatement};

const fn shape(
    id: &'static str,
    name: &'static str,
    statement: &'static str,
    reason: &'static str,
    example: (&'static str, &'static str),
) -> RuleStatement {
    RuleStatement {
        id,
        name,
        kind: RuleKind::Shape,
        statement,
        when: "",
        reason,
        sentence: "",
        reference: "definition",
        example,
    }
}

/// The kind of an undeclared name.
pub(crate) static KIND: RuleStatement = shape(
    "shape.kind",
    "kind of an undeclared name",
    "x is a vector; A is a matrix; alpha is a scalar",
    "Undeclared lower-case Latin names are column vectors, capitals matrices, Greek names scalars.",
    ("w", "w is a column vector"),
);

/// The shape of the variable, which is that of the derivative of a scalar.
pub(crate) static VARIABLE: RuleStatement = shape(
    "shape.variable",
    "shape of the variable",
    "the derivative of a scalar by X has the shape of X",
    "There is one derivative for each element of the variable.",
    ("d/dX tr(X)", "n×n, as X"),
);

/// The inner dimensions of a product agree.
pub(crate) static MATMUL: RuleStatement = shape(
    "shape.matmul",
    "shapes of a product",
    "A*B needs as many columns of A as rows of B",
    "Rows are multiplied with columns of the same length.",
    ("A*x", "A is m×n, x is n×1"),
);

/// Summands have one shape.
pub(crate) static ADD: RuleStatement = shape(
    "shape.add",
    "shapes of a sum",
    "A + B needs A and B of one shape",
    "Arrays are added element by element.",
    ("x + y", "both n×1"),
);

/// A trace needs a square matrix.
pub(crate) static TRACE: RuleStatement = shape(
    "shape.trace",
    "shape under a trace",
    "tr(A) needs a square A",
    "Only a square matrix has a diagonal from corner to corner.",
    ("tr(A)", "A is n×n"),
);

/// A power needs a square matrix.
pub(crate) static POWER: RuleStatement = shape(
    "shape.power",
    "shape of a matrix power",
    "A^2 needs a square A",
    "A matrix can be multiplied with itself only when it is square.",
    ("A^2", "A is n×n"),
);

/// The shape of the value.
pub(crate) static VALUE: RuleStatement = shape(
    "shape.value",
    "shape of the value",
    "the shape of an operation follows from those of its operands",
    "The shape of an operation follows from those of its operands.",
    ("x'*B*x", "a scalar"),
);
