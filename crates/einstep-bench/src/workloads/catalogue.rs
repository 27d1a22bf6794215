//! B: derivatives by a matrix or a vector in the manner of textbooks, all of square matrices and of vectors of one size.
//!
//! In: nothing. Out: one case that derives all of them.

use crate::case::{Case, Size};
use crate::job::{Asked, Job};

const GIVEN: &str = "A, B, C, D, X in R^(n,n); a, b, c, x, y in R^n; ";

/// The variable, the expression, and an answer.
const PROBLEMS: [(&str, &str, &str); 36] = [
    ("X", "tr(X)", "I"),
    ("X", "tr(X*A)", "A'"),
    ("X", "tr(A*X*B)", "A'*B'"),
    ("X", "tr(A*X'*B)", "B*A"),
    ("X", "tr(X*X)", "2*X'"),
    ("X", "tr(X*X*B)", "(X*B + B*X)'"),
    ("X", "tr(X'*B*X)", "B*X + B'*X"),
    ("X", "tr(X*B*X')", "X*B' + X*B"),
    ("X", "tr(A*X*B*X)", "A'*X'*B' + B'*X'*A'"),
    ("X", "tr(X'*B*X*C)", "B*X*C + B'*X*C'"),
    ("X", "tr(A*X*B*X'*C)", "A'*C'*X*B' + C*A*X*B"),
    ("X", "tr((A*X*B + C)*(A*X*B + C)')", "2*A'*(A*X*B + C)*B'"),
    ("X", "tr(X*X*X)", "3*(X*X)'"),
    ("X", "a'*X*b", "a*b'"),
    ("X", "a'*X'*b", "b*a'"),
    ("X", "b'*X'*X*c", "X*(b*c' + c*b')"),
    ("X", "b'*X'*D*X*c", "D'*X*b*c' + D*X*c*b'"),
    ("X", "(X*b + c)'*D*(X*b + c)", "(D + D')*(X*b + c)*b'"),
    ("X", "tr(A*inv(X)*B)", "-(inv(X)*B*A*inv(X))'"),
    ("X", "a'*inv(X)*b", "-inv(X)'*a*b'*inv(X)'"),
    ("X", "tr(inv(X + A))", "-(inv(X + A)*inv(X + A))'"),
    ("X", "det(X)", "det(X)*inv(X)'"),
    ("X", "log(det(X))", "inv(X)'"),
    ("X", "det(A*X*B)", "det(A*X*B)*inv(X)'"),
    ("X", "log(det(X'*X))", "2*inv(X)'"),
    ("X", "tr(X'*X)", "2*X"),
    ("X", "sqrt(tr(X'*X))", "X/sqrt(tr(X'*X))"),
    ("X", "tr(A*(X .* B))", "A' .* B"),
    ("X", "sum(exp(X))", "exp(X)"),
    ("X", "(X*a - b)'*(X*a - b)", "2*(X*a - b)*a'"),
    ("X", "norm(X*a - b)", "(X*a - b)*a'/norm(X*a - b)"),
    ("x", "norm(x)", "x/norm(x)"),
    ("x", "x'*B*x", "(B + B')*x"),
    ("X", "sum(log(1 + exp(-X*a)))", "-sigmoid(-X*a)*a'"),
    ("X", "log(sum(exp(X*a)))", "softmax(X*a)*a'"),
    ("X", "-y'*(X*a - log(sum(exp(X*a)))*ones(n))", "(sum(y)*softmax(X*a) - y)*a'"),
];

/// The problems with their answers.
fn problems() -> impl Iterator<Item = Asked> {
    PROBLEMS.iter().map(|(by, value, answer)| Asked::new(format!("{GIVEN}d/d{by} {value}")).with(*answer))
}

/// All of them, one after the other.
pub(super) fn together() -> Case {
    let all: Vec<Asked> = problems().collect();
    Case::new("B", "derive", Size::Name(format!("{} of textbooks", all.len())), Job::Texts(all)).within(5000.0)
}
