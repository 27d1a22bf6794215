//! The whole language: what each function and operator is, and the shape of its value.

use einstep_engine::{functions, shapes};
use einstep_syntax::{Problem, parse_problem};
use einstep_trace::{Derivation, Table};

/// One name for each kind of operand.
const GIVEN: &str = "a, b in R; x, y in R^n; z in R^m; r in R^(1,n); A, B in R^(m,n); S, T in R^(n,n); u, v in R^3\n";

fn problem(text: &str) -> Problem {
    let parsed = parse_problem(text, 0);
    assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
    parsed.value
}

fn question(text: &str) -> Derivation {
    let derivation =
        shapes(&problem(text), Default::default()).unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"));
    Table::read(&derivation).unwrap_or_else(|error| panic!("{text}: {error}"));
    derivation
}

fn shape(derivation: &Derivation) -> String {
    let dims: Vec<&str> = derivation.result.shape.iter().map(|dim| dim.0.as_str()).collect();
    dims.join(" × ")
}

/// The expression as it is built, and its shape.
#[track_caller]
fn check(text: &str, expected: (&str, &str)) {
    let derivation = question(&format!("{GIVEN}d/da {text}"));
    let built = derivation.result.text.as_deref().unwrap();
    assert_eq!((shape(&derivation).as_str(), built), expected, "{text}");
    // What is built is read back as the same; an identity alone does not tell its size.
    if built != "I" {
        let again = question(&format!("{GIVEN}d/da {built}"));
        assert_eq!((shape(&again).as_str(), again.result.text.as_deref().unwrap()), expected, "{text}, read back");
    }
}

/// The code of the first diagnostic, its message and its first help.
#[track_caller]
fn refused(text: &str, code: &str, words: &[&str]) {
    let text = if text.contains("d/d") { text.to_string() } else { format!("{GIVEN}d/da {text}") };
    let diagnostics = shapes(&problem(&text), Default::default()).expect_err(&text);
    let first = &diagnostics[0];
    assert_eq!(first.code.id(), code, "{text}: {}", first.message);
    let span = first.labels[0].span;
    assert!(span.start < span.end, "{text}: a place");
    let said = std::iter::once(&first.message).chain(&first.help).map(String::as_str).collect::<Vec<_>>().join(" | ");
    for word in words {
        assert!(said.contains(word), "{text}: no `{word}` in `{said}`");
    }
}

/// Shapes and texts of a function of one argument: of a scalar, a column, a row, a matrix, a square matrix. Empty where it
/// is refused.
const OF_ONE: [(&str, [(&str, &str); 5]); 21] = [
    ("sum", [("", "a"), ("", "sum(x)"), ("", "sum(r)"), ("", "sum(A)"), ("", "sum(S)")]),
    ("mean", [("", "a"), ("", "mean(x)"), ("", "mean(r)"), ("", "mean(A)"), ("", "mean(S)")]),
    ("prod", [("", "a"), ("", "prod(x)"), ("", "prod(r)"), ("", "prod(A)"), ("", "prod(S)")]),
    ("logsumexp", [("", "a"), ("", "logsumexp(x)"), ("", "logsumexp(r)"), ("", "logsumexp(A)"), ("", "logsumexp(S)")]),
    ("softmax", [("", "1"), ("n", "softmax(x)"), ("1 × n", "softmax(r)"), ("", ""), ("", "")]),
    ("norm", [("", "abs(a)"), ("", "norm(x)"), ("", "norm(r)"), ("", "norm(A)"), ("", "norm(S)")]),
    ("norm2", [("", "abs(a)"), ("", "norm(x)"), ("", "norm(r)"), ("", ""), ("", "")]),
    ("norm1", [("", "abs(a)"), ("", "norm1(x)"), ("", "norm1(r)"), ("", "norm1(A)"), ("", "norm1(S)")]),
    ("normF", [("", "abs(a)"), ("", "normF(x)"), ("", "normF(r)"), ("", "normF(A)"), ("", "normF(S)")]),
    ("tr", [("", "a"), ("", ""), ("", ""), ("", ""), ("", "tr(S)")]),
    ("det", [("", "a"), ("", ""), ("", ""), ("", ""), ("", "det(S)")]),
    ("logdet", [("", "log(a)"), ("", ""), ("", ""), ("", ""), ("", "logdet(S)")]),
    ("inv", [("", "1/a"), ("", ""), ("", ""), ("", ""), ("n × n", "inv(S)")]),
    ("adj", [("", "1"), ("", ""), ("", ""), ("", ""), ("n × n", "adj(S)")]),
    ("pinv", [("", "1/a"), ("1 × n", "pinv(x)"), ("n", "pinv(r)"), ("n × m", "pinv(A)"), ("n × n", "pinv(S)")]),
    ("transpose", [("", "a"), ("1 × n", "x'"), ("n", "r'"), ("n × m", "A'"), ("n × n", "S'")]),
    ("sym", [("", "a"), ("", ""), ("", ""), ("", ""), ("n × n", "sym(S)")]),
    ("skew", [("", "0"), ("", ""), ("", ""), ("", ""), ("n × n", "skew(S)")]),
    ("tril", [("", "a"), ("", ""), ("", ""), ("m × n", "tril(A)"), ("n × n", "tril(S)")]),
    ("triu", [("", "a"), ("", ""), ("", ""), ("m × n", "triu(A)"), ("n × n", "triu(S)")]),
    ("diag", [("", "a"), ("n × n", "diag(x)"), ("", ""), ("", ""), ("n", "diag(S)")]),
];

/// Functions entry by entry, with their aliases.
const ENTRYWISE: [&str; 21] = [
    "exp", "log", "ln", "sin", "cos", "tan", "asin", "acos", "atan", "arcsin", "arccos", "arctan", "sinh", "cosh",
    "tanh", "abs", "sign", "relu", "sigmoid", "softplus", "erf",
];

/// Everything else that is a name with arguments: text, shape, text as it is built.
const CALLS: &[(&str, &str, &str)] = &[
    ("step(x)", "n", "step(x)"),
    ("sqrt(a)", "", "sqrt(a)"),
    ("sqrt(A)", "m × n", "sqrt(A)"),
    ("square(a)", "", "a^2"),
    ("square(r)", "1 × n", "square(r)"),
    ("vec(a)", "", "a"),
    ("vec(x)", "n", "x"),
    ("vec(r)", "n", "r'"),
    ("vec(A)", "m*n", "vec(A)"),
    ("vec(x*z')", "m*n", "vec(x*z')"),
    ("diag(diag(S))", "n × n", "diag(diag(S))"),
    ("dot(a,b)", "", "a*b"),
    ("dot(x,y)", "", "dot(x,y)"),
    ("outer(a,b)", "", "a*b"),
    ("outer(a,x)", "1 × n", "a*x'"),
    ("outer(x,a)", "n", "a*x"),
    ("outer(x,z)", "n × m", "outer(x,z)"),
    ("kron(a,b)", "", "a*b"),
    ("kron(x,a)", "n", "a*x"),
    ("kron(a,A)", "m × n", "a*A"),
    ("kron(x,y)", "n*n", "kron(x,y)"),
    ("kron(x,r)", "n × n", "kron(x,r)"),
    ("kron(A,x)", "m*n × n", "kron(A,x)"),
    ("kron(A,B)", "m*m × n*n", "kron(A,B)"),
    ("commutation(m,n)*vec(A)", "m*n", "commutation(m,n)*vec(A)"),
    ("commutation(m,n)", "m*n × m*n", "commutation(m,n)"),
    ("kron(u,v)", "9", "kron(u,v)"),
    ("kron(A,I)*ones(n*n)", "m*n", "kron(A,eye(n))*ones(n*n)"),
    ("cross(u,v)", "3", "cross(u,v)"),
    ("eye(n)", "n × n", "I"),
    ("eye(m*n)", "m*n × m*n", "eye(m*n)"),
    ("eye(1)", "", "1"),
    ("ones(n)", "n", "ones(n)"),
    ("ones(m,n)", "m × n", "ones(m,n)"),
    ("ones(1,n)", "1 × n", "ones(1,n)"),
    ("ones(1)", "", "1"),
    ("ones(2*n+1)", "2*n + 1", "ones(2*n + 1)"),
    ("ones(n^2)", "n*n", "ones(n*n)"),
    ("zeros(m,n)", "m × n", "zeros(m,n)"),
    ("zeros(1,1)", "", "0"),
];

/// Operators: text, shape, text as it is built.
const OPERATORS: &[(&str, &str, &str)] = &[
    ("n*a", "", "n*a"),
    ("m/n", "", "m/n"),
    ("pi*e^2", "", "pi*e^2"),
    ("e^a", "", "exp(a)"),
    ("e.^A", "m × n", "exp(A)"),
    ("A .* B", "m × n", "A .* B"),
    ("a .* A", "m × n", "a*A"),
    ("A .* a .* B", "m × n", "(a*A) .* B"),
    ("(2*A) .* (a*B)", "m × n", "2*a*A .* B"),
    ("x' .* r", "1 × n", "x' .* r"),
    ("a .* b", "", "a*b"),
    ("A ./ B", "m × n", "A ./ B"),
    ("1 ./ x", "n", "1 ./ x"),
    ("a ./ A", "m × n", "a ./ A"),
    ("A ./ a", "m × n", "A/a"),
    ("(a*A) ./ B", "m × n", "(a*A) ./ B"),
    ("a ./ b", "", "a/b"),
    ("A.^2", "m × n", "A.^2"),
    ("A.^a", "m × n", "A.^a"),
    ("a.^A", "m × n", "a.^A"),
    ("A.^B", "m × n", "A.^B"),
    ("x.^-1", "n", "1 ./ x"),
    ("A.^1", "m × n", "A"),
    ("a^b", "", "a^b"),
    ("(x'*x)^(a*b)", "", "(x'*x)^(a*b)"),
    ("a^-1", "", "1/a"),
    ("a^(1/2)", "", "sqrt(a)"),
    ("S^2", "n × n", "S^2"),
    ("S^1", "n × n", "S"),
    ("S^0", "n × n", "I"),
    ("S^-1", "n × n", "inv(S)"),
    ("S^-2", "n × n", "inv(S)^2"),
    ("S'^2", "n × n", "S'^2"),
    ("inv(S^2)", "n × n", "inv(S^2)"),
    ("inv(inv(S))", "n × n", "S"),
    ("inv(S')", "n × n", "inv(S)'"),
    ("inv(inv(S'))", "n × n", "S'"),
    ("inv(I)*x", "n", "I*x"),
    ("det(eye(n))", "", "1"),
    ("det(S')", "", "det(S)"),
    ("logdet(S')", "", "logdet(S)"),
    ("tr(eye(n))", "", "n"),
    ("log(1)", "", "log(1)"),
    ("inv(2*S)", "n × n", "inv(2*S)"),
    ("A + a", "m × n", "A + a*ones(m,n)"),
    ("a - A", "m × n", "a*ones(m,n) - A"),
    ("1 - x", "n", "ones(n) - x"),
    ("(I - 1/n)*x", "n", "(I - ones(n,n)/n)*x"),
    ("S - a*I", "n × n", "S - a*I"),
    ("-(2*A)", "m × n", "-2*A"),
    ("2*(3*A)", "m × n", "2*3*A"),
    ("A*x*a", "m", "a*A*x"),
    ("x'*S*y*A", "m × n", "(x'*S*y)*A"),
    ("x*x'*x", "n", "(x'*x)*x"),
    ("A*(S*x)", "m", "A*S*x"),
    ("A/2", "m × n", "A/2"),
    ("(a*A)'", "n × m", "a*A'"),
    ("(A*B')'", "m × m", "(A*B')'"),
    ("x''", "n", "x"),
    ("A ⊗ B ⊗ S", "m*m*n × n*n*n", "kron(kron(A,B),S)"),
    ("a ⊗ A", "m × n", "a*A"),
];

#[test]
fn functions_of_one_argument() {
    for (name, of) in OF_ONE {
        for (arg, (shape, built)) in ["a", "x", "r", "A", "S"].into_iter().zip(of) {
            let text = format!("{name}({arg})");
            if built.is_empty() {
                assert!(shapes(&problem(&format!("{GIVEN}d/da {text}")), Default::default()).is_err(), "{text}");
            } else {
                check(&text, (shape, built));
            }
        }
    }
}

#[test]
fn functions_entry_by_entry() {
    let same = [("ln", "log"), ("arcsin", "asin"), ("arccos", "acos"), ("arctan", "atan")];
    for name in ENTRYWISE {
        let built = same.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, built)| built);
        for (arg, shape) in [("a", ""), ("x", "n"), ("r", "1 × n"), ("A", "m × n")] {
            check(&format!("{name}({arg})"), (shape, &format!("{built}({arg})")));
        }
    }
}

#[test]
fn reductions_along_rows_and_columns() {
    for name in ["sum", "mean", "prod", "logsumexp", "norm", "softmax"] {
        let keeps = name == "softmax";
        let [all_x, all_r] = ["x", "r"].map(|arg| format!("{name}({arg})"));
        check(&format!("{name}(x,1)"), (if keeps { "n" } else { "" }, &all_x));
        check(&format!("{name}(r,2)"), (if keeps { "1 × n" } else { "" }, &all_r));
        let [of_x, of_r] = match name {
            "norm" => ["abs(x)", "abs(r)"],
            "softmax" => ["ones(n)", "ones(1,n)"],
            _ => ["x", "r"],
        };
        check(&format!("{name}(x,2)"), ("n", of_x));
        check(&format!("{name}(r,1)"), ("1 × n", of_r));
        for (axis, shape) in [(1, "1 × n"), (2, "m")] {
            let text = format!("{name}(A,{axis})");
            check(&text, (if keeps { "m × n" } else { shape }, &text));
        }
    }
}

#[test]
fn other_calls_and_operators() {
    for &(text, shape, built) in CALLS.iter().chain(OPERATORS) {
        check(text, (shape, built));
    }
}

#[test]
fn no_function_of_the_language_is_left_out() {
    let named = |text: &str, name: &str| text.strip_prefix(name).is_some_and(|rest| rest.starts_with('('));
    for (name, least, greatest) in functions() {
        let tested = OF_ONE.iter().any(|(known, _)| *known == name)
            || ENTRYWISE.contains(&name)
            || CALLS.iter().any(|(text, ..)| named(text, name));
        assert!(tested, "{name} takes {least} to {greatest} arguments");
    }
}

#[test]
fn nothing_declared() {
    let cases = [
        ("d/dx A*tanh(B*x)", "x in R^n; A in R^(m,l); B in R^(l,n)"),
        ("d/dX a'*X*b", "X in R^(m,n); a in R^m; b in R^n"),
        ("d/dX logdet(X)", "X in R^(n,n)"),
        ("d/dx sum(a .* exp(x) ./ b)", "x in R^n; a in R^n; b in R^n"),
        ("d/dX sum(A.^B - lambda*X)", "X in R^(m,n); A in R^(m,n); B in R^(m,n); lambda in R"),
        ("d/dx tr(diag(x)*A)", "x in R^n; A in R^(n,n)"),
        ("d/dx a'*cross(b,x)", "x in R^3; a in R^3; b in R^3"),
        ("d/dX sum(softmax(X*w) .* y)", "X in R^(m,n); w in R^n; y in R^m"),
        ("d/dX a'*pinv(X)*b", "X in R^(m,n); a in R^n; b in R^m"),
        ("d/dX sum(sum(X,1)*w)", "X in R^(m,n); w in R^n"),
        ("d/dm m'*n", "m in R^l; n in R^l"),
        // Products of dimensions: what follows for certain, then factor by factor.
        ("d/dX vec(A)'*vec(X)", "X in R^(m,n); A in R^(m,n)"),
        ("d/dX tr(kron(A,X))", "X in R^(n,n); A in R^(m,m)"),
        ("d/dX vec(X)'*kron(B,A)*vec(X)", "X in R^(m,n); B in R^(n,n); A in R^(m,m)"),
        ("d/dx kron(x,y)'*z", "x in R^n; y in R^m; z in R^(m*n)"),
        ("d/dX sum(X + kron(A,B))", "X in R^(m*n,k*l); A in R^(m,l); B in R^(n,k)"),
        ("A in R^(m,n); d/dx vec(A)'*kron(x,y)", "A in R^(m,n); x in R^n; y in R^m"),
        ("z in R^(m*n); A in R^(m,k); d/dX vec(A*X)'*z", "z in R^(m*n); A in R^(m,k); X in R^(k,n)"),
    ];
    for (text, given) in cases {
        assert_eq!(question(text).problem.given.join("; "), given, "{text}");
    }
}

/// What is said about the shapes of a problem, by rule.
fn facts(text: &str) -> Vec<String> {
    question(text).shapes.into_iter().map(|fact| fact.rule.0.to_string()).collect()
}

#[test]
fn facts_about_shapes() {
    let cases: [(&str, &[&str]); 6] = [
        ("d/dx sum(a .* x)", &["variable-kind", "alike", "answer"]),
        ("d/dx A*tanh(B*x)", &["variable-kind", "matmul", "matmul", "jacobian"]),
        ("d/dX a'*inv(X)*a", &["variable-kind", "matmul", "square", "answer"]),
        // Said once, and of what is declared not at all.
        ("d/dX det(X)*det(X)", &["variable-kind", "square", "answer"]),
        ("X in R^(n,n); d/dX det(X)", &["variable", "answer"]),
        ("x in R^n; d/dx sum((1 - x) .* (1 - x) + 1)", &["variable", "broadcast", "broadcast", "answer"]),
    ];
    for (text, rules) in cases {
        let rules: Vec<String> = rules.iter().map(|rule| format!("shape.{rule}")).collect();
        assert_eq!(facts(text), rules, "{text}");
    }
}

#[test]
fn a_scalar_beside_a_diagonal_matrix_is_warned_about() {
    let warned = |text: &str| question(text).shapes.iter().any(|fact| fact.slots.contains_key("meant"));
    for sum in ["I - 1/n", "1 - I", "diag(x) + 2", "A - 2*I + 1", "n - diag(x)/n"] {
        assert!(warned(&format!("A in R^(n,n); x in R^n; d/dx A*({sum})*x")), "{sum}");
    }
    assert!(!warned("A in R^(n,n); x in R^n; d/dx (A + I - A)*(A - 1)*x"));
}

#[test]
fn products_of_unknown_dimensions_are_not_guessed() {
    let product = "only the product is known";
    refused("z in R^(m*n)\nd/dX vec(X)'*z", "E020", &[product, "k*l = m*n", "declare"]);
    refused("A, B in R^(m,n)\nd/dX tr(kron(A,X))", "E020", &[product]);
    refused("z in R^(m*n); A in R^(k,m)\nd/dX vec(A*X)'*z", "E020", &["m*n"]);
    refused("d/dX sum(X + kron(A,X))", "E020", &["differ in shape"]);
    refused("d/dX sum(vec(X) + X)", "E020", &["differ in shape"]);
    refused("d/dX tr(X*kron(I,A))", "E012", &["`I`", "eye(n)"]);
}

#[test]
fn dimensions_too_large_are_refused() {
    let huge = "x in R^18446744073709551615\nd/dx sum(kron(x,x))";
    refused(huge, "E012", &["too large"]);
    let many = format!("x in R^({})\nd/dx sum(x)", vec!["n"; 100].join("*"));
    refused(&many, "E012", &["too large"]);
    // Each name's size would double the number of factors.
    let doubling: String = (1..40).map(|k| format!(" + sum(A{k} - kron(A{0},A{0}))", k - 1)).collect();
    refused(&format!("d/dx x'*x{doubling}"), "E012", &["too large"]);
}

#[test]
fn misfits_say_a_way_out() {
    refused("A .* x", "E020", &["A*diag(x)"]);
    refused("A .* z", "E020", &["diag(z)*A"]);
    refused("A ./ x'", "E020", &["quotient", "A*diag(x)"]);
    refused("A.^S", "E020", &["power"]);
    refused("A + x", "E020", &["ones(m)*x'"]);
    refused("A + z", "E020", &["z*ones(n)'"]);
    refused("x .* x'", "E020", &["transpose one of them: `x`"]);
    refused("a/x", "E022", &["a ./ x"]);
    refused("a/S", "E022", &["a*inv(S)", "a ./ S"]);
    refused("x^2", "E023", &["x.^2"]);
    refused("e^S", "E022", &["e.^S"]);
    refused("2^k", "E022", &["k in R"]);
    refused("S^0.5", "E023", &["S.^0.5"]);
    refused("S^65", "E006", &["64"]);
    refused("S^a", "E030", &["symbolic exponent"]);
    refused("A^-1", "E021", &["square"]);
    refused("0.^-1", "E024", &[]);
    refused("x ./ 0", "E024", &[]);
    refused("softmax(A)", "E023", &["softmax(A,1)", "softmax(A,2)"]);
    refused("sum(A,3)", "E023", &["1 or 2", "along each column"]);
    refused("sum(A,a)", "E023", &["1 or 2"]);
    refused("sum(A,1,2)", "E014", &["1 or 2 arguments"]);
    refused("cross(x,u)", "E023", &["R^3"]);
    refused("cross(u,r)", "E023", &["columns", "r'"]);
    refused("dot(A,B)", "E023", &["sum(A .* B)"]);
    refused("dot(x,z)", "E020", &["inner product"]);
    refused("outer(A,x)", "E023", &["kron(A,x)"]);
    refused("diag(r)", "E023", &["diag(r')"]);
    refused("diag(A)", "E021", &["square"]);
    refused("tril(x)", "E023", &["matrix"]);
    refused("norm2(S)", "E030", &["spectral"]);
    refused("ones(k)", "E012", &["x in R^k"]);
    refused("eye(0)", "E012", &["dimensions"]);
    refused("ones(a)", "E012", &["dimensions"]);
    refused("trace(S)", "E013", &["`tr`"]);
    refused("sigmiod(x)", "E013", &["`sigmoid`"]);
    refused("Tr(S)", "E013", &["`tr`"]);
    refused("S(x)", "E013", &["S*(x)"]);
    refused("f(x)", "E013", &["no function", "f*(x)"]);
    refused("tr S", "E010", &["function", "tr(..)"]);
}
