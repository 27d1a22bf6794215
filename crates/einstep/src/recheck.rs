//! Traces from files: each is checked afresh, whatever it says of itself.
//!
//! In: the text of a file with one trace or many, perhaps a question of one's own. Out: a [`Checked`] for each trace.
//! Left to others: reading files; the verdict itself (`einstep-check`).

use crate::error::Error;
use crate::problem::Problem;
use crate::stack::deep;
use einstep_check::{Declined, Options, Question, Verdict, check_question, read};
use einstep_engine::shapes;
use einstep_syntax::parse_declarations;
use einstep_trace::{Derivation, Origin};
use schemars::JsonSchema;
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is to be said of one trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Checked {
    /// The name of the file.
    pub file: String,
    /// The line of the trace, from 1, where each has a line of its own.
    pub line: Option<usize>,
    /// The question that the trace says it answers.
    pub question: Option<String>,
    /// The answer that it gives, in matrix form or else as an element.
    pub answer: Option<String>,
    /// Whether it is right.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Checked {
    /// What is to be said of a file that could not be read.
    pub fn unreadable(file: &str, reason: &str) -> Checked {
        let verdict = Verdict::Declined(declined("the file", reason));
        Checked { file: file.into(), line: None, question: None, answer: None, verdict }
    }
}

fn declined(at: &str, reason: &str) -> Declined {
    Declined { at: at.into(), step: None, reason: reason.into() }
}

/// Checks every trace of a file: the one JSON document that its text is, or a trace a line.
///
/// With a question the traces are checked against that. Its shapes are inferred apart from the traces, so that the answer to a
/// special case of it is none.
///
/// # Errors
/// [`Error::Refused`] with diagnostics about the question.
///
/// ```
/// use einstep::{Problem, check::{Options, Verdict}, recheck};
/// let problem = Problem::parse("d/dX tr(V*X*W)")?;
/// let traces = [problem.derive()?, Problem::parse("d/dw norm(w)")?.derive()?].map(|trace| trace.to_json(true));
/// let checked = recheck("two.jsonl", &traces.join("\n"), Some(&problem), &Options::default())?;
/// assert!(matches!(checked[0].verdict, Verdict::Accepted(_)));
/// assert!(matches!(checked[1].verdict, Verdict::Rejected(_)));
/// # Ok::<(), einstep::Error>(())
/// ```
pub fn recheck(file: &str, text: &str, asked: Option<&Problem>, options: &Options) -> Result<Vec<Checked>, Error> {
    let complete = asked.map(complete).transpose()?;
    let wanted = asked.map(Problem::wanted).unwrap_or_default();
    let question = complete.as_ref().map(|(problem, undeclared)| Question { problem, undeclared, wanted });
    let checked = |(line, text): (Option<usize>, &str)| {
        let (derivation, verdict) = judged(text, question, options);
        let told = derivation
            .map(|trace| (trace.problem.text, trace.result.text.or(trace.result.vec).unwrap_or(trace.result.index)));
        let (question, answer) = told.unzip();
        Checked { file: file.into(), line, question, answer, verdict }
    };
    Ok(traces(text).into_iter().map(checked).collect())
}

/// The texts of the traces of a file, with their lines where there is one on a line.
fn traces(text: &str) -> Vec<(Option<usize>, &str)> {
    let is_object = |line: &str| line.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    // Of a document over several lines none is an object from its first column on.
    match lines().count() > 1 && lines().any(|(_, line)| is_object(line)) {
        true => lines().map(|(position, line)| (Some(position + 1), line)).collect(),
        false => vec![(None, text)],
    }
}

/// The verdict on a text, and what was read of it.
fn judged(text: &str, question: Option<Question<'_>>, options: &Options) -> (Option<Derivation>, Verdict) {
    let judge = || match read(text) {
        Ok(derivation) => {
            let verdict = check_question(&derivation, question, options);
            (Some(derivation), verdict)
        }
        Err(verdict) => (None, *verdict),
    };
    // No text is known at which the checker fails; one that did must not keep others from their verdicts.
    catch_unwind(AssertUnwindSafe(|| deep(judge))).unwrap_or_else(|_| {
        (None, Verdict::Declined(declined("the checker", "it failed: this is a defect of einstep")))
    })
}

/// A problem that declares all its symbols, and those dimensions of it that have inferred names.
fn complete(problem: &Problem) -> Result<(einstep_syntax::Problem, Vec<String>), Error> {
    let refused = |diagnostics| Error::Refused { diagnostics, sources: problem.sources().to_vec() };
    let inferred = deep(|| shapes(problem.syntax(), problem.wanted())).map_err(refused)?;
    let declarations = parse_declarations(&inferred.problem.given.join("\n"), 0).value;
    let undeclared = inferred.dims.into_iter().filter(|dim| dim.origin == Origin::Inferred).map(|dim| dim.name);
    Ok((einstep_syntax::Problem { declarations, ..problem.syntax().clone() }, undeclared.collect()))
}
