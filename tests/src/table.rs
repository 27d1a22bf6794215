//! Problems with every function of the language: of every shape of argument, by each argument, in several surroundings.
//!
//! In: nothing. Out: problems by the name of their function, and what was found of them. Left to others: deriving them.

use crate::guard::for_each;
use crate::random::{Dim, Shape};
use crate::survey::{Finding, findings};

/// The symbols of all problems; those that are not named in [`arguments`] are constants.
const GIVEN: &str = "c, t in R; x, a in R^n; y, b in R^m; z, d in R^k; p, v in R^3; X, A in R^(m,n); B in R^(n,k); \
                     S, R in R^(n,n); F in R^(m,m); H in R^(3,3); W in R^(n,n) positive-definite";

const N: Shape = Shape::column(Dim::N);
const M: Shape = Shape::column(Dim::M);
const ROW: Shape = Shape::new(Dim::One, Dim::N);
const THREE: Shape = Shape::column(Dim::Three);
const MATRIX: Shape = Shape::new(Dim::M, Dim::N);
const SQUARE: Shape = Shape::square(Dim::N);

/// A problem with a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabled {
    /// The name of the function.
    pub name: &'static str,
    /// The problem.
    pub text: String,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
enum Value {
    /// Of a shape.
    Of(Shape),
    /// A vector or matrix with a dimension that is a product.
    Composite,
}

/// A form of a call: its arguments, an axis behind them, its value.
struct Call(&'static [&'static str], &'static [Shape], Option<u8>, Value);

const SCALAR: Value = Value::Of(Shape::SCALAR);

const ELEMENTWISE: &[&str] = &[
    "exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "abs", "sign", "relu",
    "sigmoid", "softplus", "step", "erf", "square",
];

/// Other names of some of them.
const ALIASES: &[&str] = &["ln", "arcsin", "arccos", "arctan"];

const CALLS: &[Call] = &[
    Call(ELEMENTWISE, &[Shape::SCALAR], None, SCALAR),
    Call(ALIASES, &[N], None, Value::Of(N)),
    Call(ELEMENTWISE, &[N], None, Value::Of(N)),
    Call(ELEMENTWISE, &[ROW], None, Value::Of(ROW)),
    Call(ELEMENTWISE, &[MATRIX], None, Value::Of(MATRIX)),
    Call(ELEMENTWISE, &[SQUARE], None, Value::Of(SQUARE)),
    Call(REDUCTIONS, &[N], None, SCALAR),
    Call(REDUCTIONS, &[ROW], None, SCALAR),
    Call(REDUCTIONS, &[MATRIX], None, SCALAR),
    Call(REDUCTIONS, &[SQUARE], None, SCALAR),
    Call(&["norm2"], &[N], None, SCALAR),
    Call(&["normF"], &[MATRIX], None, SCALAR),
    Call(&["normF"], &[SQUARE], None, SCALAR),
    Call(ALONG, &[MATRIX], Some(1), Value::Of(ROW)),
    Call(ALONG, &[MATRIX], Some(2), Value::Of(M)),
    Call(ALONG, &[SQUARE], Some(1), Value::Of(ROW)),
    Call(ALONG, &[SQUARE], Some(2), Value::Of(N)),
    Call(&["tr", "det", "logdet"], &[SQUARE], None, SCALAR),
    Call(&["dot"], &[N, N], None, SCALAR),
    Call(&["inv", "adj", "sym", "skew", "tril", "triu", "transpose"], &[SQUARE], None, Value::Of(SQUARE)),
    Call(&["tril", "triu"], &[MATRIX], None, Value::Of(MATRIX)),
    Call(&["transpose"], &[Shape::SCALAR], None, SCALAR),
    Call(&["transpose"], &[N], None, Value::Of(ROW)),
    Call(&["transpose"], &[ROW], None, Value::Of(N)),
    Call(&["transpose", "pinv"], &[MATRIX], None, Value::Of(Shape::new(Dim::N, Dim::M))),
    Call(&["diag"], &[N], None, Value::Of(SQUARE)),
    Call(&["diag"], &[SQUARE], None, Value::Of(N)),
    Call(&["vec"], &[N], None, Value::Of(N)),
    Call(&["vec"], &[MATRIX], None, Value::Composite),
    Call(&["kron"], &[N, M], None, Value::Composite),
    Call(&["kron"], &[N, MATRIX], None, Value::Composite),
    Call(&["kron"], &[MATRIX, SQUARE], None, Value::Composite),
    Call(&["kron"], &[Shape::SCALAR, MATRIX], None, Value::Of(MATRIX)),
    Call(&["outer"], &[M, N], None, Value::Of(MATRIX)),
    Call(&["outer"], &[N, N], None, Value::Of(SQUARE)),
    Call(&["softmax"], &[N], None, Value::Of(N)),
    Call(&["softmax"], &[MATRIX], Some(1), Value::Of(MATRIX)),
    Call(&["softmax"], &[MATRIX], Some(2), Value::Of(MATRIX)),
    Call(&["cross"], &[THREE, THREE], None, Value::Of(THREE)),
];

const REDUCTIONS: &[&str] = &["sum", "mean", "prod", "norm", "norm1", "logsumexp"];
const ALONG: &[&str] = &["sum", "mean", "prod", "norm", "logsumexp"];

/// Functions without an argument that a derivative could be taken by.
const CONSTANTS: &[(&str, &str)] = &[
    ("eye", "d/dx sum(eye(n)*x)"),
    ("eye", "d/dS tr(eye(n)*S)"),
    ("eye", "d/dc c*eye(n)"),
    ("ones", "d/dx ones(n)'*x"),
    ("ones", "d/dX ones(m)'*X*ones(n)"),
    ("ones", "d/dc c*ones(m,n)"),
    ("zeros", "d/dx norm(zeros(n) + x)"),
    ("zeros", "d/dX tr(A'*(X + zeros(m,n)))"),
    ("commutation", "d/dX sum(commutation(m,n)*vec(X))"),
];

/// A constant of a shape.
fn constant(shape: Shape) -> &'static str {
    match (shape.rows, shape.cols) {
        (Dim::One, Dim::One) => "t",
        (Dim::N, Dim::One) => "a",
        (Dim::M, Dim::One) => "b",
        (Dim::Three, Dim::One) => "v",
        (Dim::One, _) => "a'",
        (Dim::M, Dim::N) => "A",
        _ => "R",
    }
}

/// What stands in a function, with the variable: the variable itself, a chain, a multiple.
fn arguments(shape: Shape) -> &'static [(&'static str, &'static str)] {
    match (shape.rows, shape.cols) {
        (Dim::One, Dim::One) => &[("c", "c"), ("a'*x", "x"), ("3*c + t", "c"), ("tr(A'*X)", "X")],
        (Dim::N, Dim::One) => &[("x", "x"), ("B*z", "z"), ("2*x - a", "x"), ("c*a", "c"), ("X'*b", "X")],
        (Dim::M, Dim::One) => &[("y", "y"), ("A*x", "x"), ("2*y - b", "y"), ("c*b", "c"), ("X*a", "X")],
        (Dim::Three, Dim::One) => &[("p", "p"), ("H*p", "p"), ("2*p - v", "p"), ("c*v", "c"), ("H*v", "H")],
        (Dim::One, _) => &[("x'", "x"), ("z'*B'", "z"), ("c*a'", "c"), ("b'*X", "X")],
        (Dim::M, Dim::N) => &[("X", "X"), ("F*X*S", "X"), ("A - 2*X", "X"), ("c*A", "c"), ("y*a'", "y")],
        _ => &[("S", "S"), ("A'*X + W", "X"), ("W + 2*S'", "S"), ("c*R", "c"), ("x*a' + W", "x")],
    }
}

/// What a value stands in; `#` is its place.
fn surroundings(value: Value, of_matrix: bool, by_scalar: bool) -> Vec<&'static str> {
    let Value::Of(shape) = value else {
        return vec!["sum(#)", "norm(#)^2"];
    };
    let scalars: &[&str] = match (shape.rows, shape.cols) {
        (Dim::One, Dim::One) => &["#", "2*#", "exp(#)"],
        (Dim::N, Dim::One) => &["sum(#)", "a'*#", "x'*diag(a)*#"],
        (Dim::M, Dim::One) => &["sum(#)", "b'*F*#"],
        (Dim::Three, Dim::One) => &["sum(#)", "v'*H*#"],
        (Dim::One, _) => &["sum(#)", "#*a"],
        (Dim::M, Dim::N) => &["sum(#)", "b'*#*a", "tr(A'*#)"],
        (Dim::N, Dim::M) => &["sum(#)", "a'*#*b", "tr(A*#)"],
        _ => &["sum(#)", "a'*#*a", "tr(R*#)"],
    };
    let arrays: &[&str] = match shape {
        _ if shape.is_scalar() => &[],
        _ if shape.is_matrix() && by_scalar => &["#", "R*#"],
        _ if shape.is_matrix() || of_matrix => &[],
        _ => &["#", "3*#"],
    };
    // `R` suits some shapes only.
    let suits = |text: &&str| *text != "R*#" || shape.rows == Dim::N;
    scalars.iter().chain(arrays.iter().filter(|text| suits(text))).copied().collect()
}

/// Every problem.
pub fn problems() -> Vec<Tabled> {
    let mut problems = Vec::new();
    for Call(names, shapes, axis, value) in CALLS {
        for name in *names {
            for (position, shape) in shapes.iter().enumerate() {
                for (argument, by) in arguments(*shape) {
                    let mut parts: Vec<String> = shapes.iter().map(|&shape| constant(shape).to_string()).collect();
                    parts[position] = argument.to_string();
                    parts.extend(axis.map(|axis| axis.to_string()));
                    let call = format!("{name}({})", parts.join(","));
                    let of_matrix = by.chars().all(char::is_uppercase);
                    for around in surroundings(*value, of_matrix, *by == "c") {
                        let text = format!("{GIVEN}\nd/d{by} {}", around.replace('#', &call));
                        problems.push(Tabled { name, text });
                    }
                }
            }
        }
    }
    problems.extend(CONSTANTS.iter().map(|(name, text)| Tabled { name, text: format!("{GIVEN}\n{text}") }));
    problems
}

/// What is found of one problem in `every`, of one function or of all.
pub fn measure(name: Option<&str>, every: usize) -> Vec<(Tabled, Vec<Finding>)> {
    let mut problems = problems();
    problems.retain(|problem| name.is_none_or(|name| name == problem.name));
    let problems: Vec<Tabled> = problems.into_iter().step_by(every).collect();
    let found = for_each(problems.len(), |number| findings(einstep::Problem::parse(&problems[number].text)));
    problems.into_iter().zip(found).collect()
}
