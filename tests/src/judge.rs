//! Whether an answer equals the book's.
//!
//! In: a derivation with its answer, another answer. Out: whether both have one value. Left to others: evaluating.

use einstep::check::{Options, Verdict, check};
use einstep::{Derivation, Problem};

/// The outcome of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// Both have one value.
    Equal,
    /// They differ, and where.
    Different(String),
    /// It could not be told, and why.
    Open(String),
}

/// Compares the answer of a derivation with another one.
pub fn judge(problem: &Problem, derivation: &Derivation, answer: &str) -> Judged {
    let mut trace = derivation.trace().clone();
    trace.result.text = Some(answer.to_string());
    match check(&trace, Some(problem.syntax()), &Options::default()) {
        Verdict::Accepted(_) => Judged::Equal,
        Verdict::Rejected(rejection) => Judged::Different(format!("{}: {}", rejection.at, rejection.message)),
        Verdict::Declined(declined) => Judged::Open(format!("{}: {}", declined.at, declined.reason)),
    }
}
