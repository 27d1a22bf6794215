//! The corpus of known answers: nothing is wrong, nothing is lost, long answers have their reasons.
//! `EINSTEP_BLESS=1` keeps the counts.

use einstep_tests::corpus::{Count, Reasons, known, measure};
use einstep_tests::report::{details, kinds, long, table};

#[test]
fn no_answer_is_wrong_and_none_is_lost() {
    let measured = measure(&known("").expect("the corpus can be read"));
    let reasons = Reasons::read().expect("the reasons can be read");
    let (count, long) = (Count::of(&measured, &reasons), long(&measured));
    if std::env::var_os("EINSTEP_BLESS").is_some() {
        count.keep().and_then(|()| reasons.keep(&long)).expect("the counts can be written");
    }
    assert!(count.wrong == 0, "{}{}", kinds(&measured), details(&measured));
    let losses = count.losses(&Count::last().expect("the counts can be read"));
    assert!(losses.is_empty(), "{losses:?}\n{}\n{}", table(&measured, false), kinds(&measured));
}
