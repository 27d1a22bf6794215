//! The same problem, however its terms and factors are ordered, has the same answer.

use einstep_tests::reorder::survey;

#[test]
fn the_order_of_terms_and_factors_does_not_matter() {
    let (compared, different) = survey(2026, 300, 10);
    assert!(compared > 100, "only {compared} problems have another order");
    assert!(different.is_empty(), "{} of {compared} answers differ\n{different:#?}", different.len());
}
