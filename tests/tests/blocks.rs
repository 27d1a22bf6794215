//! Random problems with block matrices, always the same: nothing that is derived of them is wrong, and most are derived.

use einstep_tests::attempt::{Attempt, Checked};
use einstep_tests::random::Problem;

#[test]
fn nothing_is_wrong() {
    let (mut accepted, mut wrong) = (0, Vec::new());
    for number in 0..150 {
        let text = Problem::of_blocks(7, number, 3).text();
        let problem = einstep::Problem::parse(&text).unwrap_or_else(|_| panic!("{text}"));
        match Attempt::at(&problem).map(|attempt| attempt.checked) {
            Ok(Checked::Accepted) => accepted += 1,
            Ok(Checked::Rejected(rejection)) => wrong.push(format!("{text}\n  {rejection:?}")),
            // Singular at all points, say.
            Ok(Checked::Declined(_)) | Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted >= 140, "{accepted} of 150 are accepted");
}
