//! What the checker says: data for front ends.
//!
//! In: the findings of the walk. Out: values that can be shown or written as JSON. Left to others: drawing.

use crate::meter::Trouble;
use einstep_trace::{CheckRecord, CheckStatus, ReadError};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The place of a fault that concerns a file as a whole.
pub(crate) const FILE: &str = "the file";

/// The verdict on a derivation.
///
/// ```
/// use einstep_check::{Declined, Verdict};
/// let verdict = Verdict::Declined(Declined { at: "step 3".into(), step: Some(3), reason: "too costly".into() });
/// let json = serde_json::json!({"verdict": "declined", "at": "step 3", "step": 3, "reason": "too costly"});
/// assert_eq!(serde_json::to_value(&verdict)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// Every step holds at the points tried, and the answer is the answer to the question.
    Accepted(Report),
    /// Something is wrong.
    Rejected(Rejection),
    /// It could not be judged.
    Declined(Declined),
}

impl Verdict {
    /// The verdict as a trace keeps it.
    ///
    /// ```
    /// use einstep_check::{Declined, Verdict};
    /// let verdict = Verdict::Declined(Declined { at: "step 3".into(), step: Some(3), reason: "too costly".into() });
    /// assert_eq!(verdict.record().reason.as_deref(), Some("step 3: too costly"));
    /// ```
    pub fn record(&self) -> CheckRecord {
        match self {
            Verdict::Accepted(report) => report.record(),
            Verdict::Rejected(rejection) => {
                without_points(CheckStatus::Rejected, format!("{}: {}", rejection.at, rejection.message))
            }
            Verdict::Declined(declined) => {
                without_points(CheckStatus::Declined, format!("{}: {}", declined.at, declined.reason))
            }
        }
    }
}

/// What no reader of the format can read is no derivation; another version of the format may be one.
impl From<ReadError> for Verdict {
    fn from(error: ReadError) -> Verdict {
        let message = error.to_string();
        match error {
            ReadError::Format(_) => Fault::decline(FILE, message).into(),
            ReadError::Json(_) => Fault::reject(FILE, message).into(),
        }
    }
}

fn without_points(status: CheckStatus, reason: String) -> CheckRecord {
    CheckRecord { status, reason: Some(reason), steps: 0, points: 0, sizes: vec![], error_bits: 0, seed: String::new() }
}

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// How many steps, finer ones included.
    pub steps: u32,
    /// At how many points each.
    pub points: u32,
    /// The sizes given to the dimensions, one map an assignment.
    pub sizes: Vec<BTreeMap<String, u64>>,
    /// Sizes that were left out, because a matrix that has to be inverted is singular there whatever its entries.
    pub singular: Vec<BTreeMap<String, u64>>,
    /// A step that is wrong at the sizes listed passes with a probability of at most 2^-`error_bits`.
    pub error_bits: u32,
    /// The seed of the points; in JSON in hexadecimal, because not every reader has integers of 64 bits.
    #[serde(serialize_with = "in_hexadecimal")]
    #[schemars(with = "String")]
    pub seed: u64,
}

fn hexadecimal(seed: u64) -> String {
    format!("{seed:016x}")
}

fn in_hexadecimal<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hexadecimal(*seed))
}

impl Report {
    /// The report as a trace keeps it.
    ///
    /// ```
    /// use einstep_check::Report;
    /// let report = Report { steps: 11, points: 4, sizes: vec![], singular: vec![], error_bits: 110, seed: 255 };
    /// assert_eq!(report.record().seed, "00000000000000ff");
    /// ```
    pub fn record(&self) -> CheckRecord {
        CheckRecord {
            status: CheckStatus::Accepted,
            reason: None,
            steps: self.steps,
            points: self.points,
            sizes: self.sizes.iter().map(|sizes| sizes.clone().into_iter().collect()).collect(),
            error_bits: self.error_bits,
            seed: hexadecimal(self.seed),
        }
    }
}

/// The first thing found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rejection {
    /// Where, in words: `step 12`, `chain value`, `the question`, `the text of the result`.
    pub at: String,
    /// The number of the step, when it is one.
    pub step: Option<u32>,
    /// The rule that the step cites.
    pub rule: Option<String>,
    /// The place in the line before, as a path.
    pub place: Option<Vec<u32>>,
    /// What is wrong.
    pub message: String,
    /// Whether nothing but the citation is wrong: the values of all steps and of the answer agree.
    pub citation: bool,
    /// A point at which two values differ that should be equal.
    pub counterexample: Option<Counterexample>,
}

/// A point at which two values differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counterexample {
    /// The sizes of the dimensions.
    pub sizes: BTreeMap<String, u64>,
    /// The entries of the symbols that matter.
    pub entries: Vec<Entries>,
    /// The values of the indices, from 1. A slot of a matrix is called `row` or `column`.
    pub indices: Vec<(String, u64)>,
    /// The value on the left, or before.
    pub left: String,
    /// The value on the right, or after.
    pub right: String,
}

impl Counterexample {
    /// Whether both values are small integers or fractions: roots, exponentials and the like seldom are, and are residues
    /// modulo the prime of the checker.
    ///
    /// ```
    /// use einstep_check::Counterexample;
    /// let at = |left: &str| Counterexample { left: left.into(), right: "-3/7".into(), ..Counterexample::default() };
    /// assert!(at("2").has_small_values() && !at("1718675828287738850").has_small_values());
    /// ```
    pub fn has_small_values(&self) -> bool {
        const DIGITS: usize = 8;
        let is_small = |value: &str| value.split('/').all(|part| part.trim_start_matches('-').len() <= DIGITS);
        is_small(&self.left) && is_small(&self.right)
    }
}

/// The entries of a symbol, row by row: integers, fractions, or residues modulo the prime where no small number fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entries {
    /// The name of the symbol.
    pub name: String,
    /// Its sizes: none for a scalar, one for a vector, two for a matrix.
    pub shape: Vec<u64>,
    /// Its entries.
    pub entries: Vec<String>,
}

/// Why a derivation could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Declined {
    /// Where, in words.
    pub at: String,
    /// The number of the step, when it is one.
    pub step: Option<u32>,
    /// The reason.
    pub reason: String,
}

/// A verdict other than acceptance, on its way out.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    Rejected(Box<Rejection>),
    Declined(Declined),
}

impl Fault {
    /// Something wrong that needs no counterexample.
    pub(crate) fn reject(at: &str, message: impl Into<String>) -> Fault {
        Fault::Rejected(Box::new(Rejection {
            at: at.to_string(),
            step: None,
            rule: None,
            place: None,
            message: message.into(),
            citation: false,
            counterexample: None,
        }))
    }

    /// Something that can't be judged.
    pub(crate) fn decline(at: &str, reason: impl Into<String>) -> Fault {
        Fault::Declined(Declined { at: at.to_string(), step: None, reason: reason.into() })
    }
}

impl From<Fault> for Verdict {
    fn from(fault: Fault) -> Verdict {
        match fault {
            Fault::Rejected(rejection) => Verdict::Rejected(*rejection),
            Fault::Declined(declined) => Verdict::Declined(declined),
        }
    }
}

/// A comparison as a verdict.
pub(crate) fn judged(at: &str, message: &str, found: Result<Option<Counterexample>, Trouble>) -> Result<(), Fault> {
    match found {
        Ok(None) => Ok(()),
        Ok(Some(counterexample)) => Err(Fault::Rejected(Box::new(Rejection {
            at: at.to_string(),
            step: None,
            rule: None,
            place: None,
            message: message.to_string(),
            citation: false,
            counterexample: Some(counterexample),
        }))),
        Err(Trouble::Misfit(what)) => Err(Fault::reject(at, what)),
        Err(Trouble::Declined(why)) => Err(Fault::decline(at, why)),
        Err(Trouble::Redraw(why)) => Err(Fault::decline(at, why)),
    }
}
