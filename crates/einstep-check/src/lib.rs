//! The independent checker of derivations.
//!
//! In: a record of a derivation, and the question apart from it. Out: a [`Verdict`] as data.
//! Left to others: how a step was found. The checker reads the record and nothing else; it shares no code with the engine.
//!
//! Values are computed exactly in a finite field, at random entries and small sizes, from the definitions of the
//! operations; derivatives by dual numbers. The modules stand in the order of the work: the field (`field`,
//! `ratio`, `dual`), arrays (`tensor`, `linalg`, `matrix`), points (`sizes`, `draw`, `ties`, `opaque`, `meter`), functions
//! (`scalar`, `functions`), values of nodes (`eval`) and of texts (`question`, `letters`), comparisons (`bench`, `degree`,
//! `height`), and the walk (`reading`, `limits`, `given`, `joins`, `links`, `lemma`, `walk`, `answer`, `conditions`, `needs`, `texts`, `judge`).

mod answer;
mod bench;
mod claim;
mod conditions;
mod degree;
mod derivative;
mod draw;
mod dual;
mod eval;
mod field;
mod functions;
mod given;
mod height;
mod instance;
mod joins;
mod judge;
mod lemma;
mod letters;
mod limits;
mod linalg;
mod links;
mod matrix;
mod meter;
mod mutants;
mod needs;
mod opaque;
#[cfg(test)]
mod proofs;
mod question;
mod ratio;
mod reading;
mod requirements;
mod scalar;
mod signs;
mod sizes;
mod slip;
mod tables;
mod tensor;
mod texts;
mod ties;
mod verdict;
mod walk;

pub use claim::{Comparison, compare, compare_element, equal};
use einstep_syntax::Problem;
use einstep_trace::{Derivation, Wanted};
pub use reading::read;
pub use slip::{Slip, SlipKind, slip};
pub use verdict::{Counterexample, Declined, Entries, Rejection, Report, Verdict};

/// How to check.
///
/// ```
/// use einstep_check::Options;
/// let careful = Options { points: 8, ..Options::default() };
/// assert_eq!(careful.seed, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The seed of the points; by default a hash of the question and of the whole record.
    pub seed: Option<u64>,
    /// The number of points for each assignment of sizes, from 1 to 1000; another number counts as the nearest of these.
    pub points: u32,
    /// A bound on the operations of the whole check.
    pub work: u64,
    /// A bound on the number of values of one expression at one point.
    pub cells: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { seed: None, points: 2, work: 1 << 28, cells: 1 << 18 }
    }
}

/// Checks a derivation against the problem.
///
/// The problem is the user's own: the question, and the declarations, with which the record's table of symbols must agree.
/// Without one, or without a question in it, the record's own text of it is taken for it. Whatever the record says of
/// itself under `check` is ignored. The problem wants mixed layout and independent entries; [`check_question`] does the same for
/// a question that wants something else, or is complete.
///
/// ```
/// use einstep_check::{Options, Verdict, check};
/// use einstep_trace::Derivation;
/// # let empty = r#"{"format":"einstep-trace/1","generator":{"name":"","version":""},"problem":{"text":"","expression":"x",
/// #   "wrt":[],"node":0,"given":[],"layout":"mixed","structured":"free"},"dims":[],"symbols":[],"indices":[],"nodes":[],
/// #   "shapes":[],"chains":[],"conditions":[],"result":{"node":0,"shape":[],"form":"index","index":"x","free":[],"einsum":[]}}"#;
/// let derivation = Derivation::from_json(empty)?; // a record without any nodes
/// let verdict = check(&derivation, None, &Options::default());
/// assert!(matches!(verdict, Verdict::Rejected(_)));
/// # Ok::<(), einstep_trace::ReadError>(())
/// ```
pub fn check(derivation: &Derivation, problem: Option<&Problem>, options: &Options) -> Verdict {
    let question = problem.map(|problem| Question { problem, undeclared: &[], wanted: Wanted::default() });
    check_question(derivation, question, options)
}

/// A question apart from any trace.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The question and its declarations. Of what is not declared a trace may say what it likes, so that only a question
    /// that declares every symbol is sure to be answered in general.
    pub problem: &'a Problem,
    /// What is wanted beside the text of the question.
    pub wanted: Wanted,
    /// The names of dimensions in the declarations that nobody chose: a trace may have others.
    pub undeclared: &'a [String],
}

/// Checks a derivation against a question; without one as [`check`].
pub fn check_question(derivation: &Derivation, question: Option<Question<'_>>, options: &Options) -> Verdict {
    match judge::judge(derivation, question, options) {
        Ok(report) => Verdict::Accepted(report),
        Err(fault) => fault.into(),
    }
}
