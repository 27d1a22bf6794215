//! Expressions: what they are read as, told by what is printed of them.

use einstep_syntax::{ExprKind, parse_expression, print, size};

/// Reads the text without complaint and compares what is printed; that must be read as the same again.
#[track_caller]
fn check(text: &str, printed: &str) {
    let parsed = parse_expression(text, 0);
    assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
    assert_eq!(print(&parsed.value), printed, "{text}");
    let again = parse_expression(printed, 0);
    assert!(again.diagnostics.is_empty(), "{printed}: {:?}", again.diagnostics);
    assert_eq!(print(&again.value), printed);
}

#[test]
fn canonical_text_is_printed_as_it_is() {
    let texts = [
        "(B + B')*x",
        "w/norm(w)",
        "V'*W'",
        "I",
        "-(inv(X)*A*inv(X))'",
        "sum[k](V[k,p]*W[q,k])",
        "2*A'*(A*x - b)",
        "x .* y",
        "A ./ B",
        "x.^2",
        "norm(x)",
        "a - (b - c)",
        "(a + b) + c",
        "a + (-b)",
        "-a*b",
        "(-a)*b",
        "a*(-b)*c",
        "--x",
        "-x^2",
        "(-x)^2",
        "A*(B*C)",
        "(A*B)*C",
        "A*B/s*C",
        "a/b/c",
        "a/(b/c)",
        "(A .* B)*C",
        "(A*B) .* C",
        "2*A*B .* C",
        "A .* (B*C)",
        "A*B ⊗ C",
        "(A*B) ⊗ C",
        "(A ⊗ B)'",
        "(A^2)'",
        "A'^2",
        "(X^2)[q,j]",
        "inv(A)[i,j]",
        "x[1]",
        "delta[i,j]",
        "eps[i,j,k]",
        "sum[i,j](x[i]*B[i,j]*x[j])",
        "prod[i](x[i])",
        "array[i,j](x[i]*y[j])",
        "exp(x[i])^2",
        "[A, B; C, D]",
        "[A]",
        "zeros(m,n)",
        "f()",
        "A^-1",
        "A^k",
        "t^(a - 1)",
        "X^(T)",
        "d/dx x'*x + y",
        "(d/dx x'*x) + y",
        "d/dx[l] sum[i](x[i]*x[i])",
        "d/dX[p,q] tr(X)",
        "2*(d/dx f(x))",
        "d/(dx)*y",
        "d/dx d/dy f(x,y)",
        "0.001",
        "1e-30",
        "1e30",
        "0.5*x",
        "1/3",
    ];
    for text in texts {
        check(text, text);
    }
}

#[test]
fn other_spellings_mean_the_same() {
    let cases = [
        ("A @ B", "A*B"),
        ("A B", "A*B"),
        ("A·B", "A*B"),
        ("2x", "2*x"),
        ("x'x", "x'*x"),
        ("x' B x", "x'*B*x"),
        ("2(x+y)", "2*(x + y)"),
        ("(A)(B)", "A*B"),
        ("x (y)", "x*y"),
        ("f(x)", "f(x)"),
        ("2 f(x) y", "2*f(x)*y"),
        ("A∘B ⊙ C", "A .* B .* C"),
        ("2.*x", "2 .* x"),
        ("1./x", "1 ./ x"),
        ("2.^x", "2.^x"),
        ("x.^2", "x.^2"),
        ("A.T", "A'"),
        ("A.T*B.T", "A'*B'"),
        ("A^T B", "A'*B"),
        ("A^{T}", "A'"),
        ("A^⊤", "A'"),
        ("Aᵀ", "A'"),
        ("A′", "A'"),
        ("A^-T", "(A^-1)'"),
        ("A^{-T}", "(A^-1)'"),
        ("A^{-1}", "A^-1"),
        ("A⁻¹", "A^-1"),
        ("A⁻¹'", "(A^-1)'"),
        ("x²", "x^2"),
        ("A^2^T", "(A^2)'"),
        ("x'^2", "x'^2"),
        ("x^-y'", "(x^-y)'"),
        ("x^{a+b}", "x^(a + b)"),
        ("X^2[q,j]", "(X^2)[q,j]"),
        ("-x^2", "-x^2"),
        ("+a - +b", "a - b"),
        ("a*-b*c", "a*(-b)*c"),
        ("a − b", "a - b"),
        ("‖x‖", "norm(x)"),
        ("||x||^2", "norm(x)^2"),
        ("||A*x - b||² / 2", "norm(A*x - b)^2/2"),
        ("‖X‖_F", "normF(X)"),
        ("||x||_2 ||y||_1", "norm2(x)*norm1(y)"),
        ("‖‖x‖*y‖", "norm(norm(x)*y)"),
        (".5", "0.5"),
        ("2.50", "2.5"),
        ("0.0", "0"),
        ("1E-3", "0.001"),
        ("2e", "2*e"),
        ("2e-x", "2*e - x"),
        ("a/b*c", "a/b*c"),
        ("((x))", "x"),
        ("-(-(x))", "--x"),
        ("-d/dx x", "-(d/dx x)"),
        ("d/dx -x", "d/dx (-x)"),
        ("∂/∂x f(x)", "d/dx f(x)"),
        ("∂f(x)/∂x", "d/dx f(x)"),
        ("d (x'*A*x) / d x", "d/dx x'*A*x"),
        ("d tr(X)/dX[i,j]", "d/dX[i,j] tr(X)"),
        ("d/d X tr(X)", "d/dX tr(X)"),
        ("d/dX(tr(X))", "d/dX tr(X)"),
        ("d/dx d/dx' x'x", "d/dx d/dx x'*x"),
        ("d/dx' d/dx x'x", "d/dx d/dx x'*x"),
        ("grad_x x'x", "d/dx x'*x"),
        ("grad_x -x'x", "d/dx (-x'*x)"),
        ("hess_x x'x", "d/dx d/dx x'*x"),
        ("jac_x(A*x)", "d/dx A*x"),
        ("grad_x - y", "grad_x - y"),
        ("2*d/dx + 1", "2*d/(dx) + 1"),
        ("x*d", "x*d"),
        ("x_1 + W_q*λ", "x_1 + W_q*λ"),
        ("a +\n b", "a + b"),
        ("a\n\n + b # comment\n", "a + b"),
        ("f(a,\n b)", "f(a,b)"),
        ("d/dX\n tr(X)", "d/dX tr(X)"),
    ];
    for (text, printed) in cases {
        check(text, printed);
    }
}

#[test]
fn a_run_of_an_operator_is_one_list() {
    let items = |text| match parse_expression(text, 0).value.kind {
        ExprKind::Product(items) | ExprKind::Hadamard(items) | ExprKind::Kronecker(items) => items.len(),
        ExprKind::Sum(terms) => terms.len(),
        _ => 1,
    };
    for (text, expected) in
        [("a*b c@d", 4), ("a*(b*c)", 2), ("(a*b)*c", 2), ("a.*b.*c", 3), ("a⊗b⊗c", 3), ("-a+b-c", 3), ("a*b/s*c", 2)]
    {
        assert_eq!(items(text), expected, "{text}");
    }
}

#[test]
fn spans_cover_the_text_with_its_brackets() {
    let parsed = parse_expression("λ*(A + B)'", 3).value;
    let ExprKind::Product(items) = parsed.kind else { panic!() };
    let span = items[1].span;
    assert_eq!((span.source, span.start, span.end), (3, 3, 11));
}

#[test]
fn size_counts_what_is_read() {
    for (text, expected) in
        [("x", 1), ("-x", 2), ("A'*x + b", 6), ("norm(x)", 2), ("x[i,j]", 3), ("a^2", 3), ("1/3", 3)]
    {
        assert_eq!(size(&parse_expression(text, 0).value), expected, "{text}");
    }
}
