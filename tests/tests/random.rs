//! Random problems over the whole language, always the same: whatever einstep can't do, nothing that it does is wrong.

use einstep_tests::survey::Survey;

#[test]
fn nothing_is_wrong() {
    let survey = Survey::of(2026, 400, 12);
    assert!(survey.is_sound(), "{}", survey.table(200));
}
