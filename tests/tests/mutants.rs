//! Traces of the suite and the corpus with one thing changed: the checker refuses what is wrong in value.

use einstep_tests::mutants::{Said, Tally, honest, mutants};

/// How many mutants are made: two of every trace. `--example mutants` makes more.
const COUNT: usize = 900;

#[test]
fn what_is_wrong_in_value_is_refused() {
    let (honest, others) = honest(usize::MAX).expect("the suite and the corpus can be read");
    assert!(others.is_empty(), "these are not accepted as they are: {others:#?}");
    let tally = Tally::of(&mutants(&honest, 1, COUNT));
    assert_eq!(tally.failed(), 0, "{tally}");
    assert_eq!(tally.count("unequal", Said::Accepted), 0, "{tally}");
    let [rejected, declined] = [Said::Rejected, Said::Declined].map(|said| tally.count("unequal", said));
    assert!(rejected > COUNT / 5 && rejected * 100 >= (rejected + declined) * 99, "{tally}");
}
