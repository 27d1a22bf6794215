//! The workloads, A to F.
//!
//! In: nothing but the corpus. Out: cases in the order of the table. Left to others: running and measuring them.
//!
//! | | what grows | what should not |
//! | --- | --- | --- |
//! | A | nothing: the four exercises | |
//! | B | nothing: derivatives of textbooks, and the corpus | |
//! | C1 | equal factors in a trace: all terms are equal | the answer, which is one term |
//! | C2 | different factors in a trace | |
//! | C3 | factors in a quadratic form | time for each |
//! | C4 | layers of a network | the gradient, by more than a node a layer |
//! | C5 | different terms | time for each, but for sorting |
//! | D | deltas in a term, and terms with ten deltas | time for each delta |
//! | E | factors of an index network | time for each factor of paths and cycles |
//! | F | the steps of a trace | time for each byte |
//!
//! The whole process and batches are measured by the table, since they are no functions.

mod catalogue;
mod deltas;
mod growth;
mod networks;

pub use networks::Network;

use crate::case::{Case, Reach, Size};
use crate::job::{Asked, Job, Stage};
use einstep_tests::corpus;

/// The yardstick.
pub fn yardstick() -> Case {
    Case::new("", "yardstick", Size::Name(String::new()), Job::Yardstick)
}

/// Every case but those of the corpus, in the order of the table: each series by its size.
pub fn cases() -> Vec<Case> {
    let mut cases = exercises();
    cases.push(catalogue::together());
    cases.extend(growth::cases());
    cases.extend(deltas::cases());
    cases.extend(networks::cases());
    cases.extend(traces());
    cases
}

/// The cases of the corpus that einstep derives.
///
/// # Errors
/// A file that can't be read.
pub fn corpus() -> Result<Vec<Case>, String> {
    let known = corpus::known("")?.into_iter();
    let case = |known: corpus::Known| {
        let asked = Asked { tied: known.structured, ..Asked::new(known.text.clone().unwrap_or_else(|| known.line())) };
        Case::new("B", "corpus", Size::Name(known.id), Job::Text(asked, Stage::Derive))
    };
    Ok(known.map(case).filter(|case| case.job.ready().and_then(|run| run()).is_ok()).collect())
}

/// What should be reached for the corpus: the percentage of its cases, and the greatest time of these in µs.
pub const CORPUS: [(&str, usize, f64); 3] =
    [("median", 50, 60.0), ("99th percentile", 99, 1000.0), ("greatest", 100, 10_000.0)];

/// A: the four exercises.
fn exercises() -> Vec<Case> {
    let problems = [
        Asked::new("d/dx x'*B*x").with("B*x + B'*x"),
        Asked::new("d/dX tr(V*X*W)").with("(W*V)'"),
        Asked::new("d/dw norm(w)").with("w/norm(w)"),
        Asked::new("d/dS tr(S)").with("I"),
    ];
    let stages =
        [(Stage::Derive, "derive", 20.0), (Stage::Checked, "checked", 150.0), (Stage::Notes, "checked, notes", 300.0)];
    let case = |(stage, what, micros)| {
        problems.clone().map(|asked| {
            let size = Size::Name(asked.text.clone());
            Case::new("A", what, size, Job::Text(asked, stage)).within(micros)
        })
    };
    stages.into_iter().flat_map(case).collect()
}

/// F: writing, reading and checking traces that grow.
fn traces() -> Vec<Case> {
    let series = |what, job: fn(Asked) -> Job, reach| {
        [4, 8, 16, 32].map(|size| {
            let job = job(growth::different_factors(size));
            Case { reach, ..Case::new("F", what, Size::Number(size), job) }
        })
    };
    let written = series("write", Job::Write, Reach::Rate(100.0));
    let read = series("read", Job::Read, Reach::Open);
    let checked = series("check", Job::Check, Reach::Open);
    [written, read, checked].concat()
}
