//! Index notation as it is written by hand, and Einstein's convention.

use einstep_syntax::*;

fn question(text: &str, notation: Notation) -> Question {
    let parsed = parse_problem(text, 0);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let mut problem = Problem { notation, ..parsed.value };
    read_parts(&mut problem);
    problem.question.expect("there is a question")
}

fn read(text: &str) -> String {
    print(&question(text, Notation::Explicit).body)
}

#[test]
fn handwritten_sums_and_subscripts_are_read() {
    let cases = [
        ("sum_{i=1}^n w_i w_i", "sum[i](w[i]*w[i])"),
        ("\\sum_{i=1}^{n} x_i B_{ij} x_j", "sum[i](x[i]*B[i,j]*x[j])"),
        ("Σ_i w_i w_i + 1", "sum[i](w[i]*w[i]) + 1"),
        ("∑_{i,j} x_i B_{i,j} x_j", "sum[i,j](x[i]*B[i,j]*x[j])"),
        ("∑_ij x_i B_ij x_j", "sum[i,j](x[i]*B[i,j]*x[j])"),
        ("2 ∑_i x_i ∑_j B_ij x_j", "2*sum[i](x[i]*sum[j](B[i,j]*x[j]))"),
        ("-∑_i x_i", "-sum[i](x[i])"),
        ("∏_{i=1}^n x_i", "prod[i](x[i])"),
        ("Σ_i (A x)_i^2", "sum[i]((A*x)[i]^2)"),
        ("sum_i δ_il x_i", "sum[i](delta[i,l]*x[i])"),
        ("Σ_{ijk} ε_ijk x_i y_j z_k", "sum[i,j,k](eps[i,j,k]*x[i]*y[j]*z[k])"),
        ("Σ_i exp(x_i)/y_i", "sum[i](exp(x[i])/y[i])"),
        ("Σ_i x_1 y_i", "sum[i](x[1]*y[i])"),
        ("Σ*x", "Σ*x"),
        ("sum(x_1)", "sum(x_1)"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn declared_names_win_over_subscripts() {
    assert_eq!(read("x_i, y in R^n\nΣ_i x_i' y y_i"), "sum[i](x_i'*y*y[i])");
    assert_eq!(read("Σ_i in R^(n,n)\nΣ_i x"), "Σ_i*x");
    assert_eq!(read("w_max in R\nΣ_i w_{max} x_i"), "sum[i](w_max*x[i])");
}

#[test]
fn an_element_as_variable_makes_parts_of_names_indices() {
    let question = question("d/dw_l Σ_i w_i w_i", Notation::Explicit);
    assert_eq!(question.by[0].name.name, "w");
    assert_eq!(question.by[0].element.len(), 1);
}

#[test]
fn limits_are_kept() {
    let question = question("Σ_{i=1}^3 w_i", Notation::Explicit);
    assert!(matches!(question.limits[..], [Limit { to: DimExpr::Literal(3, _), .. }]));
}

fn summed(text: &str) -> Result<String, Vec<Code>> {
    let mut question = question(text, Notation::Einstein);
    let findings = sum_repeated(&mut question);
    if findings.is_empty() { Ok(print(&question.body)) } else { Err(findings.iter().map(|f| f.code).collect()) }
}

#[test]
fn repeated_indices_are_summed() {
    let cases = [
        ("x_i B_ij x_j", "sum[i,j](x[i]*B[i,j]*x[j])"),
        ("A[i,i]", "sum[i](A[i,i])"),
        ("x[i]*y[j]", "x[i]*y[j]"),
        ("A[i,j]*x[j] - b[i]", "sum[j](A[i,j]*x[j]) - b[i]"),
        (
            "(A[i,j]*x[j] - b[i])*(A[i,k]*x[k] - b[i])",
            "sum[i]((sum[j](A[i,j]*x[j]) - b[i])*(sum[k](A[i,k]*x[k]) - b[i]))",
        ),
        ("sqrt(w[i]*w[i])", "sqrt(sum[i](w[i]*w[i]))"),
        ("y[i]*exp(x[i])", "sum[i](y[i]*exp(x[i]))"),
        ("sum[i](x[i]*y[i]*z[i])", "sum[i](x[i]*y[i]*z[i])"),
        ("det(X)*x[i]", "det(X)*x[i]"),
        ("-x[i]*y[i]", "-sum[i](x[i]*y[i])"),
        ("(A*x)[i]*y[i]", "sum[i]((A*x)[i]*y[i])"),
        ("delta[i,j]*x[i]*y[j]", "sum[i,j](delta[i,j]*x[i]*y[j])"),
    ];
    for (text, expected) in cases {
        assert_eq!(summed(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_the_convention_does_not_say_is_refused() {
    let cases = [
        ("x[i]*y[i]*z[i]", Code::IndexRepeated),
        ("x[i]*(y[i]*z[i] + 1)", Code::IndexRepeated),
        ("x[i] + y[j]", Code::FreeIndex),
        ("x[i] + 1", Code::FreeIndex),
        ("x[i]^2", Code::IndexRepeated),
        ("A[i,i]*x[i]", Code::IndexRepeated),
    ];
    for (text, code) in cases {
        assert_eq!(summed(text).err().and_then(|codes| codes.first().copied()), Some(code), "{text}");
    }
}
