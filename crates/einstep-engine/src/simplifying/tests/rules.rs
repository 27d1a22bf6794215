//! Each rule on cases of its own, some of which it must leave alone.

use super::simplified;

const GIVEN: &str = "A, B, C, D in R^(n,n); X, Y in R^(m,n); S, T in R^(n,n) symmetric; K in R^(n,n) skew; \
                     Q in R^(n,n) orthogonal; P in R^(n,n) positive-definite; x, y, z in R^n; u, v in R^m; \
                     s, t, alpha in R";

/// Checks what becomes of an expression.
#[track_caller]
fn check(before: &str, after: &str) {
    check_for("0", before, after);
}

/// Checks what becomes of an expression that answers a question.
#[track_caller]
fn check_for(question: &str, before: &str, after: &str) {
    let found = simplified(GIVEN, before, question);
    assert_eq!(found.as_deref(), Ok(after), "{before}");
}

#[test]
fn scalars() {
    check("det(A)*x/det(A)", "x");
    check("norm(x)^2*y/norm(x)", "norm(x)*y");
    check("t^alpha*x/t", "t^(alpha - 1)*x");
    check("s^alpha*x/t", "s^alpha*x/t");
    check("(y'*A'*x)*z", "(x'*A*y)*z");
    check("(x'*y)*z + (y'*x)*z", "2*(x'*y)*z");
    check("x/(s*(1 + t/s))", "x/(s + t)");
    check("x/(s*(1 + t))", "x/(s*(1 + t))");
    check("tr(2*A)*x", "2*tr(A)*x");
    check("tr(A')*x", "tr(A)*x");
    check("sum(x.^2)*y", "sum(x.^2)*y");
}

#[test]
fn spelling() {
    check_for("norm(x)", "x/sqrt(x'*x)", "x/norm(x)");
    check_for("x'*x", "norm(x)^2*y", "(x'*x)*y");
    check_for("norm(A*x - y)^2", "A'*(y - A*x)", "-A'*(A*x - y)");
    check_for("norm(y - A*x)^2", "A'*(y - A*x)", "A'*(y - A*x)");
    check_for("y'*x", "(x'*y)*z", "(y'*x)*z");
    check_for("sum(x)/n*mean(y)", "x - sum(x)*ones(n)/n", "x - mean(x)");
}

#[test]
fn transposes() {
    check("(A*B)'", "B'*A'");
    check("(A*B*C)'", "(A*B*C)'");
    check("A'*A'", "(A^2)'");
    check("(A + B)'*x", "(A + B)'*x");
    check("(A' + B')*x", "(A + B)'*x");
    check("inv(A')", "inv(A)'");
    check("inv(X'*X)'", "inv(X'*X)");
    check("inv(A*B)'", "inv(A*B)'");
    check("S'*x + S*x", "2*S*x");
    check("K'*x", "-K*x");
    check("(A'*S*A)'", "A'*S*A");
}

#[test]
fn inverses() {
    check("inv(A)*A*x", "x");
    check("A*inv(B*A)", "inv(B)");
    check("X*inv(X'*X)", "pinv(X)'");
    check_for("A*inv(X'*X)", "X*inv(X'*X)", "X*inv(X'*X)");
    check("inv(inv(A))", "A");
    check("inv(2*A)", "inv(A)/2");
    check("inv(diag(x))*y", "y ./ x");
    check("Q'*Q*A", "A");
    check("inv(Q)*x", "Q'*x");
    check("inv(A)*B*A", "inv(A)*B*A");
    check("inv(A)*inv(A)", "inv(A)^2");
    check("det(I + x*y')*inv(I + x*y')*x", "x");
    check("det(A + x*y')*inv(A + x*y')*x", "det(A + x*y')*inv(A + x*y')*x");
    check("det(P + x*x')*inv(P + x*x')*x", "det(P)*inv(P)*x");
}

#[test]
fn entries() {
    check("x .* x", "x.^2");
    check("x .* y ./ x", "y");
    check("diag(x)*y", "x .* y");
    check("diag(x)*A*diag(y)", "A .* (x*y')");
    check("diag(x)*A", "diag(x)*A");
    check("diag(x) + 2*diag(y)", "diag(x + 2*y)");
    check("diag(2*x)", "2*diag(x)");
    check("ones(n) .* x", "x");
    check("A .* I", "A .* I");
    check("2*A - A .* I", "2*A - A .* I");
    check("sum(diag(x))*y", "sum(x)*y");
    check("ones(m)*ones(n)'", "ones(m,n)");
    check("(ones(n)'*x)*y", "sum(x)*y");
    check("(x*y') .* (z*y')", "(x .* z)*(y.^2)'");
}

#[test]
fn broadcasts() {
    check("ones(n) - exp(x).^2", "1 - exp(x).^2");
    check("x + ones(n)", "x + ones(n)");
    check("I - ones(n,n)/n", "I - ones(n,n)/n");
    check("s*ones(n)", "s*ones(n)");
    check("x - s*ones(n)", "x - s");
}

#[test]
fn factors() {
    check("B*x + B'*x", "(B + B')*x");
    check("A*x*y' + A*z*y'", "A*(x + z)*y'");
    check("exp(x) + x .* exp(x)", "(1 + x) .* exp(x)");
    check("s*A + t*A", "(s + t)*A");
    check("2*A*x + 2*s*y", "2*A*x + 2*s*y");
    check("1/2*A - 1/2*B", "(A - B)/2");
    check_for("1/2*tr(A) - 1/2*tr(B)", "1/2*A - 1/2*B", "1/2*A - 1/2*B");
    check("I/s - x*x'/s^3", "I/s - x*x'/s^3");
    check("x/norm(z) - y/norm(z)", "(x - y)/norm(z)");
    check("A + A' - B*(A + A')", "(I - B)*(A + A')");
    check("s*x + t*x'*A*x*y", "s*x + t*(x'*A*x)*y");
    check("A'*B' + B'*A'", "(B*A + A*B)'");
    check("A' - inv(A)'", "A' - inv(A)'");
}

#[test]
fn order_of_factors() {
    check("sin(t)*t^2", "t^2*sin(t)");
    check("2*exp(t)*(1 + t)*norm(x)*t", "2*t*(1 + t)*norm(x)*exp(t)");
    check("(1 - exp(t))*exp(t)*x", "exp(t)*(1 - exp(t))*x");
    check("exp(x) .* x", "x .* exp(x)");
    check("I .* A", "A .* I");
    check("exp(t)/norm(x)*s", "s*exp(t)/norm(x)");
}

#[test]
fn cancellations() {
    check("2*(A + B) - 2*A", "2*B");
    check("2*Q'*(Q*A - B)", "2*(A - Q'*B)");
    check("A'*(A*x - y) + A'*y", "A'*A*x");
    check("A*(B + C) + A*D", "A*(B + C + D)");
    check("(s - t)*x + t*x", "s*x");
}
