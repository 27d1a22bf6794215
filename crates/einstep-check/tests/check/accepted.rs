//! Honest derivations, built by hand: the checker accepts them.

use crate::examples;
use einstep_check::{Options, Verdict, check};
use einstep_trace::Derivation;

fn accept(derivation: &Derivation) -> einstep_check::Report {
    match check(derivation, None, &Options::default()) {
        Verdict::Accepted(report) => report,
        verdict => panic!("{verdict:#?}"),
    }
}

#[test]
fn trace_of_a_product() {
    let report = accept(&examples::trace());
    assert_eq!((report.steps, report.points), (12, 4));
    assert!(report.error_bits > 90, "{}", report.error_bits);
    assert!(report.sizes[1].values().all(|size| *size >= 3));
}

#[test]
fn norm_of_a_vector() {
    accept(&examples::norm());
}

#[test]
fn quadratic_form() {
    accept(&examples::quadratic());
}

#[test]
fn cases_of_a_delta() {
    accept(&examples::trace_of_a_matrix());
}

#[test]
fn product_of_matrix_and_vector() {
    accept(&examples::jacobian());
}

#[test]
fn hessian_of_a_quadratic_form() {
    accept(&examples::hessian());
}

#[test]
fn answer_of_order_three() {
    accept(&examples::third_order());
}

#[test]
fn declared_symmetry_of_what_is_constant() {
    accept(&examples::symmetric_constant());
}

#[test]
fn exponent_that_is_a_scalar() {
    let report = accept(&examples::symbolic_exponent());
    assert!((20..=40).contains(&report.error_bits), "{}", report.error_bits);
}

#[test]
fn product_too_long_for_a_table() {
    accept(&examples::long_product());
}

#[test]
fn identities_take_their_size_from_the_result() {
    for text in ["I", "1*I", "I*1", "(2*I)/2", "3*I - 2*I", "-(-I')", "inv(I)", "I^3", "eye(n)", "I .* I + 0*S"] {
        let mut derivation = examples::trace_of_a_matrix();
        derivation.result.text = Some(text.into());
        accept(&derivation);
    }
    // There is no size to compute a determinant with.
    let mut derivation = examples::trace_of_a_matrix();
    derivation.result.text = Some("det(I)*I".into());
    assert!(matches!(check(&derivation, None, &Options::default()), Verdict::Declined(_)));
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let derivation = examples::trace();
    assert_eq!(accept(&derivation), accept(&derivation));
    let options = Options { seed: Some(7), ..Options::default() };
    let Verdict::Accepted(report) = check(&derivation, None, &options) else { panic!() };
    assert_eq!(report.record().seed, "0000000000000007");
}

#[test]
fn what_the_file_claims_of_itself_is_ignored() {
    let mut derivation = examples::trace();
    let Verdict::Accepted(report) = check(&derivation, None, &Options::default()) else { panic!() };
    derivation.check = Some(report.record());
    derivation.chains[1].links.pop();
    assert!(matches!(check(&derivation, None, &Options::default()), Verdict::Rejected(_)));
}
