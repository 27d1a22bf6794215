//! Traces that the checker must refuse: Markdown files of `tests/bad`, one trap a file.
//!
//! In: a file: a sentence, a problem, the edits that spoil its trace, and what the checker must say. Out: what is wrong with
//! the case, if anything. Left to others: running the cases as tests (`tests/bad.rs`).
//!
//! A file has the blocks ` ```problem `, ` ```edits ` (see [`edits`]) and ` ```verdict `: one line such as
//! `rejected at step delta.contract: the two sides differ`. A place is the step of a rule (`step diff.product#2` is the second) or
//! what the checker calls it. A block ` ```structured ` says how the problem reads derivatives by structured variables, a block
//! ` ```read ` how the question beside the trace does. A block ` ```layout ` says how the
//! answer is laid out, ` ```free ` in which order the indices of what is raised come. A block ` ```asked ` holds a question that is put in place of the problem. The trace before the edits is the
//! twin of the spoilt one, and must be accepted. There is no way to rewrite these files: what is refused is said by hand.

pub mod edits;
mod nodes;

use crate::suite::{self, Block, blocks};
use edits::Trace;
use einstep::Problem;
use einstep::check::{Options, Verdict, check_question, read};
use einstep::trace::Reading;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A trap.
#[derive(Debug, Clone)]
pub struct Trap {
    /// Where it stands.
    pub path: PathBuf,
    blocks: Vec<Block>,
}

/// What the checker says of a trace, in the form in which a case states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `accepted`, `rejected` or `declined`.
    pub verdict: &'static str,
    /// Where, if it says so.
    pub at: String,
    /// Why.
    pub reason: String,
}

impl Trap {
    fn block(&self, name: &str) -> Option<&str> {
        self.blocks.iter().find(|block| block.name == name).map(|block| block.text.as_str())
    }

    fn needed(&self, name: &str) -> Result<&str, String> {
        self.block(name).ok_or_else(|| format!("no block `{name}`"))
    }

    /// The problem of a block, with what other blocks say beside it; another block may say how it is read.
    fn asked(&self, problem: &str, reading: &str) -> Result<Problem, String> {
        let problem = Problem::parse(self.needed(problem)?).map_err(|error| error.to_string())?;
        let problem = suite::wanting(problem, &self.blocks)?;
        let problem = suite::over(problem, &self.blocks).map_err(|error| error.to_string())?;
        let reading = self.block(reading).map_or(Ok(Reading::default()), suite::known)?;
        Ok(problem.structured(reading))
    }

    /// The honest trace, as JSON.
    ///
    /// # Errors
    /// A problem that einstep refuses.
    pub fn honest(&self) -> Result<Value, String> {
        let derived = self.asked("problem", "structured")?.derive();
        let json = derived.map_err(|error| error.to_string())?.to_json(false);
        serde_json::from_str(&json).map_err(|error| error.to_string())
    }

    /// The honest trace with the edits made.
    ///
    /// # Errors
    /// An edit that can't be made.
    pub fn spoilt(&self) -> Result<Value, String> {
        let mut trace = Trace::new(self.honest()?);
        for line in self.block("edits").unwrap_or_default().lines() {
            trace.edit(line).map_err(|error| format!("{line}: {error}"))?;
        }
        Ok(trace.value)
    }

    /// Whether the checker says what it must, of the honest trace and of the spoilt one.
    ///
    /// # Errors
    /// What it says instead.
    pub fn run(&self) -> Result<(), String> {
        let problem = self.asked("problem", "structured")?;
        let (honest, spoilt) = (self.honest()?, self.spoilt()?);
        let twin = said(&honest, Some(&problem));
        if twin.verdict != "accepted" {
            return Err(format!("the honest trace is {twin:?}"));
        }
        let other = self.block("asked").or(self.block("read")).is_some();
        let asked = if self.block("asked").is_some() { "asked" } else { "problem" };
        let asked = if other { self.asked(asked, "read")? } else { problem };
        let found = said(&spoilt, Some(&asked));
        self.compare(&spoilt, &found)?;
        match (other, said(&spoilt, None).verdict) {
            (false, "accepted") => Err("without the problem beside it the trace is accepted".into()),
            _ => Ok(()),
        }
    }

    fn compare(&self, spoilt: &Value, found: &Said) -> Result<(), String> {
        let expected = self.needed("verdict")?;
        let wrong = || format!("a verdict is `VERDICT at PLACE: REASON`; the checker says {found:?}");
        let (place, reason) = expected.split_once(": ").ok_or_else(wrong)?;
        let (verdict, at) = place.split_once(" at ").unwrap_or((place, ""));
        if verdict == "accepted" || reason.is_empty() {
            return Err("a trap is not to be accepted, and there is a reason".into());
        }
        let at = match at.split_once("step ") {
            Some((what, name)) => format!("{what}step {}", Trace::new(spoilt.clone()).step_number(name)?),
            None => at.to_string(),
        };
        if (found.verdict, &found.at) != (verdict, &at) || !found.reason.contains(reason) {
            return Err(format!("expected:\n{verdict} at {at}: {reason}\nbut the checker says:\n{found:?}"));
        }
        Ok(())
    }
}

/// What the checker says of a trace in JSON, beside a problem.
pub fn said(trace: &Value, problem: Option<&Problem>) -> Said {
    let question = problem.map(Problem::question);
    let check = |derivation| check_question(&derivation, question, &Options::default());
    match read(&trace.to_string()).map_or_else(|verdict| *verdict, check) {
        Verdict::Accepted(_) => Said { verdict: "accepted", at: String::new(), reason: String::new() },
        Verdict::Rejected(found) => Said { verdict: "rejected", at: found.at, reason: found.message },
        Verdict::Declined(found) => Said { verdict: "declined", at: found.at, reason: found.reason },
    }
}

/// Every trap, in order of its name.
///
/// # Errors
/// A folder or file that can't be read.
pub fn traps() -> Result<Vec<Trap>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bad");
    let mut traps = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        traps.push(Trap { blocks: blocks(&text), path });
    }
    traps.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(traps)
}
