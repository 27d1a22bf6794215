//! Declarations and questions: what is read of good ones.

use einstep_syntax::{Declaration, DimExpr, parse_declarations, parse_problem, print};

fn dim(dim: &DimExpr) -> String {
    let join = |items: &[DimExpr], by: &str| items.iter().map(self::dim).collect::<Vec<_>>().join(by);
    match dim {
        DimExpr::Name(ident) => ident.name.clone(),
        DimExpr::Literal(value, _) => value.to_string(),
        DimExpr::Product(items) => join(items, "*"),
        DimExpr::Sum(items) => join(items, "+"),
    }
}

fn show(declaration: &Declaration) -> String {
    let names: Vec<&str> = declaration.names.iter().map(|ident| ident.name.as_str()).collect();
    let dims: Vec<String> = declaration.dims.iter().map(dim).collect();
    let mut text = format!("{} in R^({})", names.join(", "), dims.join(","));
    for property in &declaration.properties {
        text = text + " " + &property.name;
    }
    text
}

#[test]
fn declarations_are_read_in_every_spelling() {
    let cases = [
        ("a in R", "a in R^()"),
        ("x, y in R^n", "x, y in R^(n)"),
        ("B in R^(m,n)", "B in R^(m,n)"),
        ("B in R^{m x n}", "B in R^(m,n)"),
        ("B in R^{m×n}", "B in R^(m,n)"),
        ("B in R^(m x n)", "B in R^(m,n)"),
        ("B in R^{3 x 4}", "B in R^(3,4)"),
        ("B ∈ ℝ^{m×n}", "B in R^(m,n)"),
        ("T : R^(k,m,n)", "T in R^(k,m,n)"),
        ("x in R^3", "x in R^(3)"),
        ("x in ℝ³", "x in R^(3)"),
        ("C in R^(k, m*n)", "C in R^(k,m*n)"),
        ("C in R^(m + 2*n + 1, 2n)", "C in R^(m+2*n+1,2*n)"),
        ("x in R^(n,1)", "x in R^(n,1)"),
        ("x in R^x", "x in R^(x)"),
        ("S in R^(n,n) symmetric", "S in R^(n,n) symmetric"),
        ("S in R^(n,n), symmetric invertible", "S in R^(n,n) symmetric invertible"),
        ("S in R^(n,n) positive-definite, diagonal", "S in R^(n,n) positive-definite diagonal"),
        ("W_q, λ,\n x_1 in R^n # comment", "W_q, λ, x_1 in R^(n)"),
    ];
    for (text, expected) in cases {
        let parsed = parse_declarations(text, 0);
        assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
        assert_eq!(parsed.value.iter().map(show).collect::<Vec<_>>(), [expected], "{text}");
    }
}

#[test]
fn several_declarations_stand_in_one_text() {
    let parsed = parse_declarations("V in R^(l,m); X in R^(m,n)\n\nW in R^(n,l);", 0);
    assert!(parsed.diagnostics.is_empty());
    assert_eq!(parsed.value.len(), 3);
    let span = parsed.value[1].span;
    assert_eq!((span.start, span.end), (14, 26));
}

#[test]
fn questions_are_read_among_declarations() {
    let cases = [
        ("# Exercise 2\nV in R^(l,m); X in R^(m,n); W in R^(n,l)\nd/dX tr(V*X*W)", "X", "tr(V*X*W)"),
        ("d/dX tr(X)\nX in R^(n,n)", "X", "tr(X)"),
        ("x in R^n; x'*x", "", "x'*x"),
        ("x in R^n\n-x'*x", "", "-x'*x"),
        ("d/dx x'*x +\n  2", "x", "x'*x + 2"),
        ("d/dx tr(\nx*x'\n)\n- 2", "x", "tr(x*x') - 2"),
        ("d f(x) / d x", "x", "f(x)"),
        ("∂f(x)/∂x", "x", "f(x)"),
        ("d/dx d/dy' f(x, y)", "x y", "f(x,y)"),
        ("d/dx[l] x'x", "x[1]", "x'*x"),
        ("d/dX[p,q] tr(X)", "X[2]", "tr(X)"),
        ("grad_x x'x", "x", "x'*x"),
        ("hess_x x'x", "x x", "x'*x"),
        ("jac_W_q f(W_q)", "W_q", "f(W_q)"),
        ("2*d/dx f(x)", "", "2*(d/dx f(x))"),
        ("dx in R; d/dx*2", "", "d/(dx)*2"),
        ("d, dx in R; d/dx (x)", "", "d/(dx)*x"),
        ("d, x in R; d/dx (d*x)", "x", "d*x"),
        ("d in R^n; d/dd d'd", "d", "d'*d"),
        ("d in R^n; d'x", "", "d'*x"),
        ("T in R; d/dT a^T", "T", "a^(T)"),
        ("T in R; A^{T} + A'", "", "A^(T) + A'"),
        ("d/dT A^T", "T", "A'"),
    ];
    for (text, by, body) in cases {
        let parsed = parse_problem(text, 0);
        assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
        let question = parsed.value.question.unwrap();
        let variables: Vec<String> = question
            .by
            .iter()
            .map(|v| {
                v.name.name.clone()
                    + &if v.element.is_empty() { String::new() } else { format!("[{}]", v.element.len()) }
            })
            .collect();
        assert_eq!((variables.join(" ").as_str(), print(&question.body).as_str()), (by, body), "{text}");
    }
}
