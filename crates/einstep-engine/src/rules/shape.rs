//! The constraints on shapes that operations make.
//!
//! In: nothing; `infer` solves them. Out: their statements, so that the derivation can name them.

use einstep_trace::{RuleKind, RuleStatement};

const fn shape(
    id: &'static str,
    name: &'static str,
    statement: &'static str,
    sentence: &'static str,
    example: (&'static str, &'static str),
) -> RuleStatement {
    RuleStatement {
        id,
        name,
        kind: RuleKind::Shape,
        statement,
        when: "",
        reason: name,
        sentence,
        reference: "definition",
        example,
    }
}

/// The variable, declared.
pub(crate) static VARIABLE: RuleStatement = shape(
    "shape.variable",
    "What is declared of the variable.",
    "the variable has the shape that is declared",
    "{symbol} is the variable: {shape}",
    ("X in R^(m,n)", "X is the variable: m×n"),
);

/// The variable, by its spelling.
pub(crate) static VARIABLE_KIND: RuleStatement = shape(
    "shape.variable-kind",
    "Undeclared lower-case Latin names are column vectors, capitals matrices, Greek names scalars.",
    "an undeclared variable has the kind of its spelling",
    "{symbol} is the variable, {kind} by its spelling: {shape}|{symbol} is the variable, {kind} by its spelling",
    ("d/dw", "w is the variable, a column vector by its spelling: n×1"),
);

/// How derivatives by a structured variable are read.
pub(crate) static READING: RuleStatement = shape(
    "shape.reading",
    "Entries of a structured matrix can be taken as independent, as tied to each other, or the gradient as a matrix of the structure.",
    "the derivative by a structured variable is free, tied or projected",
    "{symbol} is {structure} and the derivative {reading}: {meaning}|{symbol} has no structure: its entries are independent",
    ("S in R^(n,n) symmetric", "S is symmetric and the derivative free: its entries count as independent"),
);

/// An undeclared name.
pub(crate) static KIND: RuleStatement = shape(
    "shape.kind",
    "Undeclared lower-case Latin names are column vectors, capitals matrices, Greek names scalars.",
    "an undeclared name has the kind of its spelling",
    "{symbol} is {kind} by its spelling: {shape}",
    ("b", "b is a column vector by its spelling: m×1"),
);

/// An undeclared scalar.
pub(crate) static SCALAR: RuleStatement = shape(
    "shape.scalar",
    "Undeclared Greek names are scalars.",
    "an undeclared Greek name is a scalar",
    "{symbol} is a scalar by its spelling",
    ("lambda", "λ is a scalar by its spelling"),
);

/// A declared name.
pub(crate) static DECLARED: RuleStatement = shape(
    "shape.declared",
    "What is declared.",
    "a declared name has the shape that is declared",
    "{symbol} is {shape}, as declared",
    ("A in R^(m,n)", "A is m×n, as declared"),
);

/// The inner dimensions of a product agree.
pub(crate) static MATMUL: RuleStatement = shape(
    "shape.matmul",
    "Rows are multiplied with columns of the same length.",
    "A*B needs as many columns of A as rows of B",
    "{product} exists, so {operand} has {count} {side}: {symbol} is {shape}",
    ("A*x", "A x exists, so A has n columns: A is m×n"),
);

/// The operands of an operation entry by entry agree in shape.
pub(crate) static ALIKE: RuleStatement = shape(
    "shape.alike",
    "Entries are added, multiplied and divided one by one.",
    "A + B, A .* B need operands of one shape",
    "{operand} and {other} are combined entry by entry, so they have one shape: {symbol} is {shape}",
    ("A .* X", "A and X are combined entry by entry, so they have one shape: A is m×n"),
);

/// A trace needs a square matrix.
pub(crate) static TRACE: RuleStatement = shape(
    "shape.trace",
    "Only a square matrix has a diagonal from corner to corner.",
    "tr(A) needs a square A",
    "{what} needs a square matrix: {matrix} is {shape}",
    ("tr(A)", "tr needs a square matrix: A is n×n"),
);

/// A power needs a square matrix.
pub(crate) static POWER: RuleStatement = shape(
    "shape.power",
    "A matrix can be multiplied with itself only when it is square.",
    "A^2 needs a square A",
    "{what} needs a square matrix: {matrix} is {shape}",
    ("A^2", "a power needs a square matrix: A is n×n"),
);

/// Inverses, determinants and the like need a square matrix.
pub(crate) static SQUARE: RuleStatement = shape(
    "shape.square",
    "The operation is defined for square matrices only.",
    "inv(A), det(A), sym(A) need a square A",
    "{what} needs a square matrix: {matrix} is {shape}",
    ("inv(A)", "an inverse needs a square matrix: A is n×n"),
);

/// A scalar in a sum of arrays.
pub(crate) static BROADCAST: RuleStatement = shape(
    "shape.broadcast",
    "A scalar in a sum of vectors or matrices counts for every entry.",
    "A + c stands for A + c*ones(m,n)",
    "{scalar} is a scalar and {array} is {shape}: it is {done} every entry, as {as}, not only to the diagonal ({meant} would be)|\
     {scalar} is a scalar and {array} is {shape}: it is {done} every entry, as {as}",
    ("x - c", "c is a scalar and x is n×1: it is subtracted from every entry, as c*ones(n)"),
);

/// The answer for a scalar value.
pub(crate) static ANSWER: RuleStatement = shape(
    "shape.answer",
    "There is one derivative for each element of the variable.",
    "the derivative of a scalar by X has the shape of X",
    "{value} is {is}, so the answer has the shape of {symbol}: {shape}",
    ("d/dX tr(X)", "tr(X) is a scalar, so the answer has the shape of X: n×n"),
);

/// The answer for a scalar variable.
pub(crate) static ANSWER_BY_SCALAR: RuleStatement = shape(
    "shape.answer-by-scalar",
    "There is one derivative for each element of the value.",
    "the derivative of Y by a scalar has the shape of Y",
    "{value} is {is} and {symbol} is a scalar, so the answer is {shape}",
    ("d/dt t*A", "t A is m×n and t is a scalar, so the answer is m×n"),
);

/// The answer for a vector by a vector.
pub(crate) static JACOBIAN: RuleStatement = shape(
    "shape.jacobian",
    "There is one row for each element of the value and one column for each element of the variable.",
    "the derivative of y (m) by x (n) is m×n",
    "{value} has {rows} elements and {symbol} has {columns}, so the answer is {rows}×{columns}",
    ("d/dx A*x", "A x has m elements and x has n, so the answer is m×n"),
);

/// The answer in a layout that transposes it.
pub(crate) static LAYOUT: RuleStatement = shape(
    "shape.layout",
    "A layout says which indices of a derivative are those of rows.",
    "numerator layout transposes the derivative of a scalar, denominator layout that of a vector or matrix",
    "{value} is {is} and {symbol} is {of}, so in {layout} layout the answer is {shape}",
    ("d/dX tr(X)", "tr(X) is a scalar and X is n×n, so in numerator layout the answer is n×n"),
);

/// The answer for a scalar differentiated twice by one vector.
pub(crate) static HESSIAN: RuleStatement = shape(
    "shape.hessian",
    "The second derivatives do not depend on the order in which they are taken.",
    "the second derivative of a scalar by x (n) is n×n and symmetric",
    "{value} is a scalar and {symbol} has {rows} elements, so the answer, the Hessian, is {rows}×{columns} and symmetric",
    ("d/dx d/dx x'*A*x", "x' A x is a scalar and x has n elements, so the answer, the Hessian, is n×n and symmetric"),
);

/// The answer for a scalar differentiated by two vectors.
pub(crate) static MIXED: RuleStatement = shape(
    "shape.mixed",
    "There is one row for each element of the first variable and one column for each element of the second.",
    "the second derivative of a scalar by x (m) and y (n) is m×n",
    "{value} is a scalar, {symbol} has {rows} elements and {other} has {columns}, so the answer is {rows}×{columns}",
    ("d/dx d/dy x'*A*y", "x' A y is a scalar, x has m elements and y has n, so the answer is m×n"),
);
