//! Answers of one's own: right in whatever form, wrong with the likely slip.

use einstep::check::SlipKind;
use einstep::{Error, Judgement, Problem, Verification, Wrong};

fn verify(problem: &str, answer: &str) -> Verification {
    let verified = Problem::parse(problem).and_then(|problem| problem.verify(answer));
    verified.unwrap_or_else(|error| panic!("{problem}: {answer}\n{error}"))
}

#[test]
fn right_answers_in_other_forms_are_right() {
    let cases = [
        ("d/dX tr(V*X*W)", "V'*W'"),
        ("d/dX tr(V*X*W)", "(W*V)'"),
        ("d/dX tr(V*X*W)", "sum[k](W[q,k]*V[k,p])"),
        ("d/dx x'*B*x", "B*x + B'*x"),
        ("A in R^(n,n) symmetric; d/dx x'*A*x", "A*x + A'*x"),
        ("d/dS tr(S)", "I"),
        ("d/dx norm(A*x - b)", "(A'*A*x - A'*b)/norm(b - A*x)"),
        ("d/dX logdet(X)", "inv(X')"),
        ("d/dx log(sum(exp(x)))", "exp(x)/sum(exp(x))"),
        ("d/dx sigmoid(a'*x)", "exp(-a'*x)/(1 + exp(-a'*x))^2*a"),
        ("x in R^n; d/dx mean(x)", "ones(n)/n"),
        ("d/dx x .* a", "diag(a)"),
    ];
    for (problem, answer) in cases {
        let verification = verify(problem, answer);
        assert!(verification.is_right(), "{problem}: {answer}\n{verification:?}");
        assert_eq!(verification.slip, None);
    }
}

#[test]
fn each_slip_is_named() {
    use SlipKind::*;
    let cases = [
        ("d/dX tr(V*X*W)", "W*V", Transposed, "numerator layout"),
        ("d/dX logdet(X)", "inv(X)", Transposed, "numerator layout"),
        ("d/dx A*x", "A'", Transposed, "denominator layout"),
        ("d/dx x'*x", "2*x'", Transposed, "numerator layout"),
        ("d/dx x'*x", "x'", Transposed, "lacks the factor 2"),
        ("d/dx x'*x", "x", Factor, "lacks the factor 2"),
        ("d/dx x'*x", "4*x", Factor, "a factor 2 too many"),
        ("d/dx (x'*x)^3", "7*(x'*x)^2*x", Factor, "lacks the factor 6/7"),
        ("x in R^n; d/dx mean(x)", "ones(n)", Factor, "a factor n too many"),
        ("d/dX tr(inv(X)*A)", "inv(X)'*A'*inv(X)'", Sign, "wrong sign"),
        ("d/dx x'*B*x", "B*x", MissingTerm, "`B'*x`"),
        ("d/dX tr(X'*A*X)", "A'*X", MissingTerm, "`A*X`"),
        ("d/dx x'*B*x", "(B + B')*x + x", ExtraTerm, "`x`"),
        ("d/dx x'*B*x", "(B - B')*x", TermSign, "`-B'*x`"),
        ("d/dx norm(x)^2 + a'*x", "x + a", TermFactor, "`x` lacks the factor 2"),
        ("d/dx x'*B*x", "2*B*x", Symmetric, "`B`"),
        ("d/dx exp(a'*x)", "exp(a'*x)", MissingFactor, "`a`"),
        ("d/dw norm(w)", "w", MissingFactor, "`1/norm(w)`"),
        ("d/dX tr(V*X*W)", "V'*W", TransposedFactor, "`W` should be `W'`"),
        ("d/dx norm(A*x - b)^2", "2*A*(A*x - b)", TransposedFactor, "`A` should be `A'`"),
        ("d/dX tr(V*X*W)", "W'*V'", Order, "`V'*W'`"),
        ("d/dX tr(V*X*W)", "V*W", Order, "`(W*V)'`"),
    ];
    for (problem, answer, kind, says) in cases {
        let verification = verify(problem, answer);
        assert!(verification.is_wrong(), "{problem}: {answer}\n{verification:?}");
        let slip = verification.slip.unwrap_or_else(|| panic!("{problem}: {answer}: no slip is found"));
        assert_eq!(slip.kind, kind, "{problem}: {answer}\n{slip:?}");
        assert!(slip.says.contains(says), "{problem}: {answer}\n{slip:?}");
        if let Some(mended) = slip.mended {
            assert!(verify(problem, &mended).is_right(), "{problem}: {mended}");
        }
    }
}

#[test]
fn a_wrong_value_comes_with_a_counterexample() {
    let verification = verify("d/dx x'*B*x", "B*x");
    let Judgement::Wrong(Wrong::Value { counterexample }) = verification.verdict else {
        panic!("{verification:?}");
    };
    let names: Vec<&str> = counterexample.entries.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["x", "B"]);
    assert!(counterexample.sizes.contains_key("n"));
    assert_eq!(counterexample.indices.len(), 1);
    assert!(counterexample.has_small_values() && counterexample.left != counterexample.right, "{counterexample:?}");
}

#[test]
fn a_wrong_shape_is_told_with_the_right_one() {
    let verification = verify("d/dX tr(V*X*W)", "W*V");
    let shape = Wrong::Shape { expected: ["m".into(), "n".into()], found: ["n".into(), "m".into()] };
    assert_eq!(verification.verdict, Judgement::Wrong(shape));
    let verification = verify("d/dX tr(V*X*W)", "V'*W");
    assert!(matches!(verification.verdict, Judgement::Wrong(Wrong::Misfit { .. })), "{verification:?}");
}

#[test]
fn what_is_no_answer_is_refused() {
    let cases = [
        ("V'*Q'", "`Q` is not in the question"),
        ("foo(V)", "no function `foo`"),
        ("V'*", "an operand is missing"),
        ("d/dX tr(X)", "an answer is an expression"),
        ("inv(V,W)", "`inv` takes"),
    ];
    for (answer, words) in cases {
        let error = Problem::parse("d/dX tr(V*X*W)").and_then(|problem| problem.verify(answer)).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }) && error.to_string().contains(words), "{answer}\n{error}");
    }
}

#[test]
fn what_can_not_be_judged_is_left_open() {
    let verification = verify("d/dX tr(V*X*W)", "sum[k](W[j,k]*V[k,i])");
    assert!(matches!(verification.verdict, Judgement::Open { .. }), "{verification:?}");
    assert_eq!(verification.slip, None);
}

#[test]
fn an_answer_is_compared_in_the_layout_that_is_wanted() {
    use einstep::trace::Layout;
    let verify =
        |layout, problem: &str, answer: &str| Problem::parse(problem).unwrap().laid_out(layout).verify(answer).unwrap();
    for (layout, problem, right, wrong, other) in [
        (Layout::Numerator, "d/dX tr(V*X*W)", "W*V", "V'*W'", "mixed layout"),
        (Layout::Denominator, "d/dx A*x", "A'", "A", "mixed layout"),
        (Layout::Numerator, "d/dx A*x", "A", "A'", "denominator layout"),
        (
            Layout::Denominator,
            "A in R^(k,m); X in R^(m,n)\nd/dX A*X",
            "kron(eye(n),A')",
            "kron(eye(n),A)",
            "mixed layout",
        ),
        // In index notation the free indices are those of einstep's own answer.
        (Layout::Numerator, "d/dX tr(V*X*W)", "sum[k](V[k,p]*W[q,k])", "V'*W'", "mixed layout"),
    ] {
        assert!(verify(layout, problem, right).is_right(), "{problem}: {right}");
        let wrong = verify(layout, problem, wrong);
        assert!(wrong.is_wrong(), "{problem}: {wrong:?}");
        assert!(wrong.slip.as_ref().is_some_and(|slip| slip.says.contains(other)), "{problem}: {wrong:?}");
    }
}
