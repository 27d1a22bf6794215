//! The corpus: problems with the answers of textbooks, and how einstep's answers compare with them.
//!
//! In: `tests/corpus`. Out: for every case what became of it, and counts. Left to others: tables (`report`).
//!
//! An answer is right when it is proved equal to the book's by evaluation; how both are written is measured apart.

use crate::attempt::{Attempt, Checked, Judged};
use crate::guard::{Failure, for_each, guarded};
use crate::report::long;
use crate::suite::{Case, cases};
use einstep::syntax::{Expr, size};
use einstep::trace::Reading;
use einstep::{Error, Problem, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long one case may take.
const BUDGET: Duration = Duration::from_secs(60);

/// A problem with its known answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Known {
    /// A unique name.
    pub id: String,
    /// The declarations.
    pub given: Vec<String>,
    /// The expression to differentiate.
    pub expr: String,
    /// The variables.
    pub wrt: Vec<String>,
    /// The same problem in one piece, where that is typed differently.
    pub text: Option<String>,
    /// The answer of the book in matrix form.
    pub answer: Option<String>,
    /// Its element in index notation, and the indices that are free there: those of the value, then those of the variable.
    pub answer_index: Option<String>,
    /// The free indices.
    #[serde(default)]
    pub free: Vec<String>,
    /// Of an order above 2, the derivative of the stacked value by the stacked variable.
    pub answer_vec: Option<String>,
    /// Whether entries move together as the declared structure ties them.
    #[serde(default)]
    pub structured: bool,
    /// The main group, then others.
    pub tags: Vec<String>,
}

impl Known {
    /// The problem as einstep reads it from its parts.
    ///
    /// # Errors
    /// Diagnostics about the texts.
    pub fn problem(&self) -> Result<Problem, Error> {
        let source = |name: &str, text: &String| Source { name: name.into(), text: text.clone() };
        let given: Vec<Source> = self.given.iter().map(|text| source("--given", text)).collect();
        let wrt: Vec<Source> = self.wrt.iter().map(|text| source("--wrt", text)).collect();
        let reading = if self.structured { Reading::Tied } else { Reading::Free };
        Ok(Problem::read(&given, source("expression", &self.expr), &wrt)?.structured(reading))
    }

    /// The problem in one line.
    pub fn line(&self) -> String {
        let given: String = self.given.iter().map(|given| format!("{given}; ")).collect();
        format!("{given}d/d{} {}", self.wrt.join(" d/d"), self.expr)
    }
}

/// What became of a case.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// einstep says that it can't; the codes and messages.
    Refused(String),
    /// It panicked or was out of time.
    Failed(Failure),
    /// There is an answer.
    Answered(Answered),
}

/// An answer beside the book's.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The answer in the input language.
    pub text: String,
    /// Whether it is in matrix form.
    pub matrix: bool,
    /// Whether it equals the book's.
    pub judged: Judged,
    /// What the check says of the derivation.
    pub checked: Checked,
    /// Whether it has the book's names, numbers and operations, in whatever order.
    pub same_form: bool,
    /// Its size by that of the book's.
    pub ratio: f64,
}

impl Answered {
    /// Whether the answer is known to be right.
    pub fn is_right(&self) -> bool {
        self.judged == Judged::Equal
    }
}

/// A case with what became of it.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The case.
    pub known: Known,
    /// What became of it.
    pub outcome: Outcome,
    /// How long that took, the comparison included.
    pub time: Duration,
}

/// The folder of the corpus.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Every case of the corpus whose name begins with a prefix.
///
/// # Errors
/// A file that can't be read.
pub fn known(prefix: &str) -> Result<Vec<Known>, String> {
    let path = folder().join("derivatives.jsonl");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = text.lines().map(|line| serde_json::from_str(line).map_err(|error| format!("{line}\n{error}")));
    let known: Vec<Known> = lines.collect::<Result<_, _>>()?;
    Ok(known.into_iter().filter(|known| known.id.starts_with(prefix)).collect())
}

/// The problems of the suite and those of the corpus that einstep is meant to derive.
///
/// # Errors
/// A file that can't be read.
pub fn problems() -> Result<Vec<Problem>, String> {
    let suite: Vec<Result<Problem, Error>> = cases()?.iter().map(Case::parsed).collect();
    let corpus = known("")?.into_iter().map(|known| known.problem());
    Ok(suite.into_iter().chain(corpus).filter_map(Result::ok).collect())
}

/// Measures cases, on all processors; the result has their order.
pub fn measure(known: &[Known]) -> Vec<Measured> {
    for_each(known.len(), |position| measure_one(&known[position]))
}

fn measure_one(known: &Known) -> Measured {
    let start = Instant::now();
    let case = known.clone();
    let outcome = guarded(BUDGET, move || outcome(&case)).unwrap_or_else(Outcome::Failed);
    Measured { known: known.clone(), outcome, time: start.elapsed() }
}

fn outcome(known: &Known) -> Outcome {
    let problem = match known.problem() {
        Ok(problem) => problem,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let attempt = match Attempt::at(&problem) {
        Ok(attempt) => attempt,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let matrix = known.answer.as_ref().or(known.answer_vec.as_ref());
    let element = known.answer_index.as_ref();
    // What stands in the book in one form only is measured by that form.
    let (ours, book) = match (matrix.filter(|_| attempt.is_matrix()), element) {
        (None, Some(element)) => (attempt.trace.result.index.as_str(), attempt.read(element)),
        _ => (attempt.answer(), attempt.read(matrix.map_or("", String::as_str))),
    };
    let ours = attempt.read(ours);
    let mut judged = match (matrix, element) {
        (None, Some(element)) => attempt.judged_by_element(&attempt.read(element), &known.free),
        _ => attempt.judged_by(&attempt.read(matrix.map_or("", String::as_str))),
    };
    if let Some(whole) = &known.text
        && judged == Judged::Equal
    {
        let other = Problem::parse(whole).and_then(|problem| Attempt::at(&problem));
        let other = other.map_or_else(|error| error.to_string(), |other| other.answer().to_string());
        if other != attempt.answer() {
            judged = Judged::Different(format!("typed in one piece it has the answer {other}"));
        }
    }
    Outcome::Answered(Answered {
        text: attempt.answer().to_string(),
        matrix: attempt.is_matrix(),
        judged,
        same_form: tokens(&ours) == tokens(&book),
        ratio: size(&ours) as f64 / size(&book) as f64,
        checked: attempt.checked,
    })
}

/// How often each name, number and operation occurs.
fn tokens(expr: &Expr) -> BTreeMap<String, usize> {
    let mut tokens = BTreeMap::new();
    crate::tree::walk(expr, &mut |expr| {
        for token in crate::tree::tokens(expr) {
            *tokens.entry(token).or_default() += 1;
        }
    });
    tokens
}

/// The counts that may not get worse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Count {
    /// Cases that are measured.
    pub covered: usize,
    /// Right answers.
    pub right: usize,
    /// Wrong answers.
    pub wrong: usize,
    /// Right answers in matrix form.
    pub matrix: usize,
    /// Right answers whose derivation the check accepted.
    pub accepted: usize,
    /// Right answers whose derivation the check rejected.
    pub rejected: usize,
    /// Right answers in the book's form.
    pub same_form: usize,
    /// Right answers that are much longer than the book's, without a reason.
    pub unexplained: usize,
}

impl Count {
    /// Counts.
    pub fn of(measured: &[Measured], reasons: &Reasons) -> Count {
        let mut count = Count { unexplained: reasons.missing(&long(measured)).len(), ..Count::default() };
        for case in measured {
            count.covered += 1;
            match &case.outcome {
                Outcome::Answered(answered) if answered.is_right() => {
                    count.right += 1;
                    count.matrix += usize::from(answered.matrix);
                    count.accepted += usize::from(answered.checked == Checked::Accepted);
                    count.rejected += usize::from(matches!(answered.checked, Checked::Rejected(_)));
                    count.same_form += usize::from(answered.same_form);
                }
                Outcome::Answered(Answered { judged: Judged::Different(_), .. }) => {
                    count.wrong += 1;
                }
                _ => {}
            }
        }
        count
    }

    /// The counts of the last time.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn last() -> Result<Count, String> {
        let text = std::fs::read_to_string(Count::path()).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    /// Keeps the counts for the next time.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn keep(&self) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        std::fs::write(Count::path(), text + "\n").map_err(|error| error.to_string())
    }

    fn path() -> PathBuf {
        folder().join("count.json")
    }

    /// What is lost against other counts, in words.
    pub fn losses(&self, last: &Count) -> Vec<String> {
        let gained = [
            ("right", self.right, last.right),
            ("in matrix form", self.matrix, last.matrix),
            ("accepted by the check", self.accepted, last.accepted),
            ("in the book's form", self.same_form, last.same_form),
        ];
        let shrunk = [
            ("rejected by the check", self.rejected, last.rejected),
            ("much longer than the book's answer, without a reason", self.unexplained, last.unexplained),
        ];
        let lost = gained.iter().filter(|(_, now, then)| now < then);
        let lost = lost.chain(shrunk.iter().filter(|(_, now, then)| now > then));
        lost.map(|(what, now, then)| format!("{what}: {now} cases, and {then} the last time")).collect()
    }
}

/// The ratio above which an answer needs a reason.
pub const LONG: f64 = 1.5;

/// The reasons for answers that are much longer than the book's, by the names of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons(BTreeMap<String, String>);

impl Reasons {
    /// Reads the reasons.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn read() -> Result<Reasons, String> {
        let text = std::fs::read_to_string(Reasons::path()).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map(Reasons).map_err(|error| error.to_string())
    }

    fn path() -> PathBuf {
        folder().join("longer.json")
    }

    /// The names that have none.
    pub fn missing<'a>(&self, long: &[&'a str]) -> Vec<&'a str> {
        long.iter().filter(|id| !self.0.contains_key(**id)).copied().collect()
    }

    /// Keeps the reasons that are still needed.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn keep(&self, long: &[&str]) -> Result<(), String> {
        let needed: BTreeMap<_, _> = self.0.iter().filter(|(id, _)| long.contains(&id.as_str())).collect();
        let text = serde_json::to_string_pretty(&needed).map_err(|error| error.to_string())?;
        std::fs::write(Reasons::path(), text + "\n").map_err(|error| error.to_string())
    }
}
