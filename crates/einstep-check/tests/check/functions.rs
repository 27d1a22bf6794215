//! Every function and operation, its value and its derivative, against facts that define it.

use crate::corpus::{question, read};
use einstep_check::{Comparison, Options, compare, equal};

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn equals(given: &str, left: &str, right: &str) -> Comparison {
    let given = strings(&[given]);
    let derivation = question(&given, "", &[]);
    equal(&derivation, &read(left, &given), &read(right, &given), &Options::default())
}

fn derivative(given: &str, expression: &str, by: &[&str], answer: &str) -> Comparison {
    let given = strings(&[given]);
    let derivation = question(&given, expression, &strings(by));
    compare(&derivation, &read(answer, &given), &Options::default())
}

#[track_caller]
fn all_equal(facts: &[(&str, &str, &str)]) {
    for (given, left, right) in facts {
        let found = equals(given, left, right);
        assert!(matches!(found, Comparison::Equal { .. }), "{left} = {right}: {found:?}");
    }
}

#[track_caller]
fn all_different(facts: &[(&str, &str, &str)]) {
    for (given, left, right) in facts {
        let found = equals(given, left, right);
        assert!(matches!(found, Comparison::Different(_)), "{left} = {right}: {found:?}");
    }
}

#[track_caller]
fn derivatives(facts: &[(&str, &str, &str, &str)]) {
    for (given, expression, by, answer) in facts {
        let by: Vec<&str> = by.split_whitespace().collect();
        let found = derivative(given, expression, &by, answer);
        assert!(matches!(found, Comparison::Equal { .. }), "d {expression} = {answer}: {found:?}");
    }
}

const X: &str = "x, y in R^n; s, t in R";
const A: &str = "A, B in R^(m,n); S, T in R^(n,n); x, y in R^n; z in R^m; s in R";

#[test]
fn exponentials() {
    all_equal(&[
        (X, "exp(0)", "1"),
        (X, "exp(1)", "e"),
        (X, "exp(2)", "e^2"),
        (X, "exp(-x)", "1 ./ exp(x)"),
        (X, "exp(2*x)", "exp(x).^2"),
        (X, "exp(x/2)", "sqrt(exp(x))"),
        (X, "exp(x + y)", "exp(x) .* exp(y)"),
        (X, "exp(x - s)", "exp(x)/exp(s)"),
        (X, "log(exp(x))", "x"),
        (X, "exp(log(x))", "x"),
        (X, "exp(s*log(x))", "x.^s"),
        (X, "e^s", "exp(s)"),
        (X, "sinh(x)", "(exp(x) - exp(-x))/2"),
        (X, "cosh(x).^2 - sinh(x).^2", "ones(n)"),
        (X, "tanh(x)", "sinh(x) ./ cosh(x)"),
        (X, "tanh(x)", "2*sigmoid(2*x) - 1"),
        (X, "sigmoid(x)", "1 ./ (1 + exp(-x))"),
        (X, "sigmoid(-x)", "1 - sigmoid(x)"),
        (X, "softplus(x)", "log(1 + exp(x))"),
        (X, "log(sigmoid(x))", "-softplus(-x)"),
        (X, "softplus(x) - softplus(-x)", "x"),
        (X, "softmax(x)", "exp(x)/sum(exp(x))"),
        (X, "softmax(x + s)", "softmax(x)"),
        (X, "log(softmax(x))", "x - logsumexp(x)"),
        (X, "logsumexp(x + s)", "s + logsumexp(x)"),
    ]);
    all_different(&[
        (X, "exp(x)", "exp(y)"),
        (X, "exp(x + y)", "exp(x) + exp(y)"),
        (X, "tanh(x)", "2*sigmoid(x) - 1"),
        (X, "sinh(x)", "cosh(x)"),
        (X, "softmax(x)", "exp(x)"),
    ]);
}

#[test]
fn logarithms() {
    all_equal(&[
        (X, "log(1)", "0"),
        (X, "log(e)", "1"),
        (X, "log(8)", "3*log(2)"),
        (X, "ln(x)", "log(x)"),
        (X, "log(x .* y)", "log(x) + log(y)"),
        (X, "log(x ./ y)", "log(x) - log(y)"),
        (X, "log(1 ./ x)", "-log(x)"),
        (X, "log(sqrt(x))", "log(x)/2"),
        (X, "log(x.^2)", "2*log(x)"),
        (X, "log(norm(x)^2)", "2*log(norm(x))"),
        (X, "log(t^2)", "2*log(abs(t))"),
        (A, "logdet(S)", "log(det(S))"),
        (A, "logdet(inv(S))", "-logdet(S)"),
        (A, "logdet(S*T)", "logdet(S) + logdet(T)"),
    ]);
    all_different(&[(X, "log(x + y)", "log(x) + log(y)"), (X, "log(x)", "-log(x)"), (X, "log(x.^2)", "log(x)")]);
}

#[test]
fn circular_functions() {
    all_equal(&[
        (X, "sin(0)", "0"),
        (X, "cos(x).^2 + sin(x).^2", "ones(n)"),
        (X, "sin(-x)", "-sin(x)"),
        (X, "cos(-x)", "cos(x)"),
        (X, "sin(2*x)", "2*sin(x) .* cos(x)"),
        (X, "sin(x + y)", "sin(x) .* cos(y) + cos(x) .* sin(y)"),
        (X, "sin(pi/2 - x)", "cos(x)"),
        (X, "cos(pi/3)", "1/2"),
        (X, "cos(pi)", "-1"),
        (X, "tan(x)", "sin(x) ./ cos(x)"),
        (X, "sin(asin(x))", "x"),
        (X, "cos(acos(x))", "x"),
        (X, "acos(s)", "pi/2 - asin(s)"),
        (X, "tan(atan(s))", "s"),
        (X, "arctan(-s)", "-atan(s)"),
        (X, "asin(-x)", "-arcsin(x)"),
        (X, "erf(-x)", "-erf(x)"),
    ]);
    all_different(&[(X, "sin(x)", "cos(x)"), (X, "atan(x)", "x"), (X, "erf(x)", "x"), (X, "asin(x)", "atan(x)")]);
}

#[test]
fn signs() {
    all_equal(&[
        (X, "abs(x).^2", "x.^2"),
        (X, "abs(x)", "sqrt(x.^2)"),
        (X, "abs(-x)", "abs(x)"),
        (X, "abs(x)", "sign(x) .* x"),
        (X, "abs(x .* y)", "abs(x) .* abs(y)"),
        (X, "sign(3*x)", "sign(x)"),
        (X, "sign(x).^2", "ones(n)"),
        (X, "relu(x)", "step(x) .* x"),
        (X, "relu(x)", "(x + abs(x))/2"),
        (X, "relu(x) - relu(-x)", "x"),
        (X, "step(x)", "step(x).^2"),
        (X, "relu(0)", "0"),
        (X, "norm1(x)", "sum(abs(x))"),
        (X, "abs(exp(x))", "exp(x)"),
        (A, "norm1(A)", "sum(abs(A))"),
    ]);
    all_different(&[
        (X, "abs(t)", "t"),
        (X, "abs(t)", "-t"),
        (X, "relu(t)", "t"),
        (X, "sqrt(t^2)", "t"),
        (X, "relu(t)", "0"),
        (X, "sign(t)", "1"),
    ]);
}

#[test]
fn powers() {
    all_equal(&[
        (X, "x.^y .* x", "x.^(y + 1)"),
        (X, "x.^(s + t)", "x.^s .* x.^t"),
        (X, "(x .* y).^s", "x.^s .* y.^s"),
        (X, "(x.^s).^t", "x.^(s*t)"),
        (X, "s.^x", "exp(log(s)*x)"),
        (X, "2.^x", "exp(log(2)*x)"),
        (X, "x.^(1/2)", "sqrt(x)"),
        (X, "square(x)", "x .* x"),
        (X, "1 ./ x.^3", "x.^-3"),
        (X, "s^(x'*y)*s", "s^(1 + x'*y)"),
        (X, "exp(x).^y", "exp(x .* y)"),
        (X, "exp(sin(x)).^cos(y)*s", "s*exp(sin(x) .* cos(y))"),
        (A, "S^3", "S*S*S"),
        (A, "S^-2", "inv(S)*inv(S)"),
        (A, "A.^s", "exp(s*log(A))"),
    ]);
    all_different(&[(X, "x.^y", "y.^x"), (X, "(x + y).^2", "x.^2 + y.^2"), (X, "s^t", "t*s")]);
    derivatives(&[
        (X, "s^t", "t", "s^t*log(s)"),
        (X, "s^t", "s", "t*s^(t - 1)"),
        (X, "t^t", "t", "t^t*(log(t) + 1)"),
        (X, "x.^s", "x", "diag(s*x.^(s - 1))"),
        (X, "x.^y", "y", "diag(x.^y .* log(x))"),
        (X, "sum(x.^x)", "x", "x.^x .* (1 + log(x))"),
        (X, "s^(x'*y)", "x", "log(s)*s^(x'*y)*y"),
        (X, "sum(s.^x)", "x", "log(s)*s.^x"),
        (X, "2^t", "t t", "log(2)^2*2^t"),
        (X, "s^t", "s t", "s^(t - 1)*(1 + t*log(s))"),
        (X, "s^t", "t t", "s^t*log(s)^2"),
        (X, "sum(sin(x).^2)", "x", "sin(2*x)"),
        (A, "tr(S^3)", "S", "3*(S^2)'"),
    ]);
}

#[test]
fn derivatives_of_functions() {
    derivatives(&[
        (X, "sum(exp(x))", "x", "exp(x)"),
        (X, "sum(log(x))", "x", "1 ./ x"),
        (X, "sum(sqrt(x))", "x", "1 ./ (2*sqrt(x))"),
        (X, "sum(sin(x))", "x", "cos(x)"),
        (X, "sum(cos(x))", "x", "-sin(x)"),
        (X, "sum(tan(x))", "x", "1 + tan(x).^2"),
        (X, "sum(asin(x))", "x", "1 ./ sqrt(1 - x.^2)"),
        (X, "sum(acos(x))", "x", "-1 ./ sqrt(1 - x.^2)"),
        (X, "sum(atan(x))", "x", "1 ./ (1 + x.^2)"),
        (X, "sum(sinh(x))", "x", "cosh(x)"),
        (X, "sum(cosh(x))", "x", "sinh(x)"),
        (X, "sum(tanh(x))", "x", "1 - tanh(x).^2"),
        (X, "sum(abs(x))", "x", "sign(x)"),
        (X, "sum(sign(x))", "x", "zeros(n)"),
        (X, "sum(relu(x))", "x", "step(x)"),
        (X, "sum(step(x))", "x", "zeros(n)"),
        (X, "sum(sigmoid(x))", "x", "sigmoid(x) .* (1 - sigmoid(x))"),
        (X, "sum(softplus(x))", "x", "sigmoid(x)"),
        (X, "sum(erf(x))", "x", "2/sqrt(pi)*exp(-x.^2)"),
        (X, "sum(square(x))", "x", "2*x"),
        (X, "exp(s*t)", "s t", "(1 + s*t)*exp(s*t)"),
        (X, "log(t)", "t t", "-1/t^2"),
        (X, "sin(t)", "t t", "-sin(t)"),
        (X, "tan(t)", "t t", "2*tan(t)*(1 + tan(t)^2)"),
        (X, "atan(t)", "t t", "-2*t/(1 + t^2)^2"),
        (X, "asin(t)", "t t", "t/(1 - t^2)^(3/2)"),
        (X, "tanh(t)", "t t", "-2*tanh(t)*(1 - tanh(t)^2)"),
        (X, "sigmoid(t)", "t t", "sigmoid(t)*(1 - sigmoid(t))*(1 - 2*sigmoid(t))"),
        (X, "erf(t)", "t t", "-4*t/sqrt(pi)*exp(-t^2)"),
        (X, "softplus(t)", "t t", "sigmoid(t)*(1 - sigmoid(t))"),
        (X, "cosh(t)", "t t", "cosh(t)"),
        (X, "abs(t)", "t t", "0"),
        (X, "exp(sin(t))*relu(t)", "t", "exp(sin(t))*(cos(t)*relu(t) + step(t))"),
        (X, "softmax(x)", "x", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
        (X, "logsumexp(x)", "x", "softmax(x)"),
        (X, "norm1(x)", "x", "sign(x)"),
        (X, "prod(x)", "x", "prod(x) ./ x"),
        (X, "norm(x)", "x", "x/norm(x)"),
        (X, "mean(x .* y)", "x", "y/n"),
    ]);
}

#[test]
fn functions_of_arrays() {
    all_equal(&[
        (A, "sum(A)", "ones(m)'*A*ones(n)"),
        (A, "sum(A,1)", "ones(m)'*A"),
        (A, "sum(A,2)", "A*ones(n)"),
        (A, "mean(A)", "sum(A)/(m*n)"),
        (A, "mean(A,1)", "ones(m)'*A/m"),
        (A, "mean(A,2)", "A*ones(n)/n"),
        (A, "norm(A)", "sqrt(tr(A'*A))"),
        (A, "normF(A)^2", "sum(A.^2)"),
        (A, "norm(A,1).^2", "diag(A'*A)'"),
        (A, "norm(A,2).^2", "diag(A*A')"),
        (A, "log(prod(x))", "sum(log(x))"),
        (A, "prod(exp(x))", "exp(sum(x))"),
        (A, "prod(A)", "prod(prod(A,2))"),
        (A, "prod(A,1)", "prod(A',2)'"),
        (A, "softmax(A,2)*ones(n)", "ones(m)"),
        (A, "softmax(A,1)", "softmax(A',2)'"),
        (A, "softmax(A,2)", "diag(1 ./ (exp(A)*ones(n)))*exp(A)"),
        (A, "logsumexp(A,2)", "log(exp(A)*ones(n))"),
        (A, "logsumexp(A,1)", "log(ones(m)'*exp(A))"),
        (A, "logsumexp(A)", "log(sum(exp(A)))"),
        (A, "tr(S)", "sum(diag(S))"),
        (A, "det(S*T)", "det(S)*det(T)"),
        (A, "det(x*x')", "0"),
        (A, "adj(S)*S", "det(S)*I"),
        (A, "inv(S)*S", "I"),
        (A, "pinv(A)*A*pinv(A)", "pinv(A)"),
        (A, "A*pinv(A)*A", "A"),
        (A, "(A*pinv(A))'", "A*pinv(A)"),
        (A, "pinv(S)", "inv(S)"),
        (A, "diag(x)*y", "x .* y"),
        (A, "diag(S)", "(S .* I)*ones(n)"),
        (A, "vec(x*z')", "kron(z, x)"),
        (A, "kron(A, B)*vec(x*y')", "vec(B*x*(A*y)')"),
        (A, "A ⊗ x", "kron(A, x)"),
        (A, "commutation(m,n)*vec(A)", "vec(A')"),
        (A, "outer(z, x)", "z*x'"),
        (A, "dot(x, y)", "x'*y"),
        (A, "sym(S) + skew(S)", "S"),
        (A, "sym(S)'", "sym(S)"),
        (A, "skew(S)'", "-skew(S)"),
        (A, "tril(A) + triu(A)", "A + (tril(ones(m,n)) .* triu(ones(m,n))) .* A"),
        (A, "tril(S)'", "triu(S')"),
        (A, "[A, B; B, A]*[x; y]", "[A*x + B*y; B*x + A*y]"),
        (A, "square(A)", "A .* A"),
        ("a, b, c in R^3", "cross(a, b)'*c", "det([a, b, c])"),
        ("a, b in R^3", "cross(a, b)", "-cross(b, a)"),
        ("a, b in R^3", "cross(a, b)'*a", "0"),
    ]);
    all_different(&[
        (A, "kron(x, z)", "vec(x*z')"),
        (A, "tril(S)", "triu(S)"),
        (A, "S*T", "T*S"),
        (A, "pinv(S)", "S'"),
        (A, "norm1(A)", "norm(A)"),
        (A, "vec(S)", "vec(S')"),
    ]);
}

#[test]
fn elements() {
    all_equal(&[
        (A, "sum[i,j,k,l](kron(A,S)[i,j,k,l]*A[i,k]*S[j,l])", "sum(A.^2)*sum(S.^2)"),
        (A, "sum[i,j](vec(A)[j,i]*B[i,j])", "tr(A'*B)"),
        (A, "sum[i](cross([1; 2; 3], [x[i]; 0; 1])[2])", "3*sum(x) - n"),
        (A, "A*x", "array[i](sum[j](A[i,j]*x[j]))"),
        (A, "tr(inv(S)*T)", "sum[i,j](inv(S)[i,j]*T[j,i])"),
        (A, "prod(x)", "prod[i](x[i])"),
        (A, "sum(softmax(A,2) .* B)", "sum[i,j](exp(A[i,j])*B[i,j]/sum[k](exp(A[i,k])))"),
        (A, "sum[i](det(x[i]*S))", "sum[i](x[i]^n*det(S))"),
        (A, "sum[i](inv(x[i]*S)[i,i])", "sum[i](inv(S)[i,i]/x[i])"),
        (A, "sum[i,j](delta[i,j]*S[i,j])", "tr(S)"),
        ("a, b in R^3", "cross(a, b)", "array[i](sum[j,k](eps[i,j,k]*a[j]*b[k]))"),
        ("a, b in R^3", "cross(a, b)[1]", "a[2]*b[3] - a[3]*b[2]"),
        ("a in R^3", "sum[i](delta[i,2]*a[i])", "a[2]"),
    ]);
}

#[test]
fn derivatives_of_arrays() {
    derivatives(&[
        (A, "det(S)", "S", "det(S)*inv(S)'"),
        (A, "logdet(S)", "S", "inv(S)'"),
        (A, "tr(adj(S))", "S", "det(S)*(tr(inv(S))*inv(S)' - (inv(S)^2)')"),
        (A, "sum(A,1)*x", "A", "ones(m)*x'"),
        (A, "sum(A,2)'*z", "A", "z*ones(n)'"),
        (A, "vec(A)'*vec(B)", "A", "B"),
        (A, "sum(kron(x, z))", "x", "sum(z)*ones(n)"),
        (A, "tr(sym(S)*T)", "S", "sym(T)"),
        (A, "tr(skew(S)*T)", "S", "skew(T)'"),
        (A, "sum(tril(S) .* T)", "S", "tril(T)"),
        (A, "logsumexp(A)", "A", "softmax(A)"),
        (A, "sum(logsumexp(A,2))", "A", "softmax(A,2)"),
        (A, "s*A", "s", "A"),
        (A, "s^2*x'", "s", "2*s*x'"),
        (A, "x'*S", "x", "S'"),
        (A, "det(S)", "S", "adj(S)'"),
        ("a, b in R^3", "cross(a, b)", "a", "[0, b[3], -b[2]; -b[3], 0, b[1]; b[2], -b[1], 0]"),
        ("X in R^(m,n); a in R^m; b in R^n", "b'*pinv(X)*a", "a", "pinv(X)'*b"),
        (
            "X in R^(m,n); a in R^m; b in R^n",
            "b'*pinv(X)*a",
            "X",
            "-pinv(X)'*b*a'*pinv(X)' + (I - X*pinv(X))*a*b'*pinv(X)*pinv(X)' + pinv(X)'*pinv(X)*a*b'*(I - pinv(X)*X)",
        ),
    ]);
}

#[test]
fn sizes_are_chosen_for_what_is_inverted() {
    let tall = derivative("X in R^(m,n)", "logdet(X'*X)", &["X"], "2*X*inv(X'*X)");
    let wide = derivative("X in R^(m,n)", "logdet(X*X')", &["X"], "2*inv(X*X')*X");
    for (found, is_tall) in [(tall, true), (wide, false)] {
        let Comparison::Equal { sizes, .. } = found else { panic!("{found:?}") };
        assert_eq!(sizes.len(), 2);
        assert!(sizes.iter().all(|sizes| (sizes["m"] > sizes["n"]) == is_tall), "{sizes:?}");
    }
    let skew = equals("K in R^(n,n) skew invertible", "inv(K)'", "-inv(K)");
    assert!(matches!(skew, Comparison::Equal { .. }), "{skew:?}");
}

#[test]
fn wrong_answers_differ() {
    let found = derivative(A, "tr(A'*B)", &["A"], "2*B");
    let Comparison::Different(example) = found else { panic!("{found:?}") };
    assert_eq!(example.indices.iter().map(|index| index.0.as_str()).collect::<Vec<_>>(), ["row", "column"]);
    assert_eq!(example.entries.iter().map(|entries| entries.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    let shape = |rows: &str, cols: &str| [rows.to_string(), cols.to_string()];
    let found = derivative(A, "tr(A'*B)", &["A"], "B'");
    assert_eq!(found, Comparison::Shape { expected: shape("m", "n"), found: shape("n", "m") });
    let found = derivative(A, "x'*x", &["x"], "2");
    assert_eq!(found, Comparison::Shape { expected: shape("n", "1"), found: shape("1", "1") });
    assert!(matches!(derivative(A, "x'*x", &["x"], "A'*x"), Comparison::Misfit(_)));
    assert!(matches!(derivative(A, "A", &["A"], "A"), Comparison::Shape { .. }));
    assert!(matches!(derivative(A, "A", &["A"], "eye(m*n)"), Comparison::Equal { .. }));
    assert!(matches!(derivative(A, "A'", &["A"], "commutation(m,n)"), Comparison::Equal { .. }));
    assert!(matches!(derivative(A, "beta(x)", &["x"], "x"), Comparison::Unknown(_)));
}
