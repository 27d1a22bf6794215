//! The same problem, however its terms and factors are ordered, has the same answer: no more exceptions than the last time.
//! `EINSTEP_BLESS=1` keeps the count.

use einstep_tests::corpus::folder;
use einstep_tests::reorder::{Order, survey};

#[test]
fn the_order_of_terms_and_factors_does_not_matter() {
    let (compared, different) = survey(2026, 300, 10, Order::Outer);
    assert!(compared > 60, "only {compared} problems have another order");
    let path = folder().join("reorder.txt");
    if std::env::var_os("EINSTEP_BLESS").is_some() {
        std::fs::write(&path, format!("{}\n", different.len())).expect("the count can be written");
    }
    let last: usize = std::fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()).expect("a count");
    assert!(
        different.len() <= last,
        "{} of {compared} answers differ, and {last} the last time\n{different:#?}",
        different.len()
    );
}
