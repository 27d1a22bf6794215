//! What a case runs, once.
//!
//! In: a problem, or something made of one. Out: a run to be measured, and whether its outcome is right.
//! Left to others: how often it is run, and what is measured.

use crate::workloads::Network;
use einstep::check::{Options, Verdict, check_question};
use einstep::trace::{CheckStatus, Derivation, Reading, Task};
use einstep::{Limits, Problem, TextOptions};
use std::hint::black_box;

/// The work that a workload of the greatest size may take.
const LIMITS: Limits = Limits { steps: 20_000_000, nodes: 500_000_000 };

/// What is run.
#[derive(Debug, Clone)]
pub enum Job {
    /// A 64×64×64 product over the checker's field, by which machines are compared.
    Yardstick,
    /// A problem, from its text.
    Text(Asked, Stage),
    /// Problems one after the other, from their texts to their traces.
    Texts(Vec<Asked>),
    /// Two disguises of one network are brought into canonical form.
    Canonical(Network),
    /// The trace of a problem is written as JSON.
    Write(Asked),
    /// The JSON of the trace is read.
    Read(Asked),
    /// The trace is checked.
    Check(Asked),
}

/// A problem as text.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The text, in which the variable is named if there is one.
    pub text: String,
    /// What is to be done.
    pub task: Task,
    /// Whether entries move together as the declared structure ties them.
    pub tied: bool,
    /// An answer that is known to be right.
    pub answer: Option<String>,
}

/// How far a problem is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Text in, complete trace and answer out.
    Derive,
    /// Every step is checked too.
    Checked,
    /// The text that the command prints is made too.
    Notes,
}

/// A run with all that it needs.
pub type Ready = Box<dyn FnOnce() -> Result<Outcome, String>>;

/// What a run makes; it is dropped outside what is measured.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing that is looked at.
    Done,
    /// A trace.
    Trace(Box<Derivation>),
    /// A trace that has been checked.
    Checked(Box<einstep::Derivation>),
    /// Traces.
    Traces(Vec<Derivation>),
    /// Text.
    Text(String),
    /// Whether two things are found equal.
    Equal(bool),
    /// A verdict.
    Verdict(Box<Verdict>),
}

impl Asked {
    /// A derivative in one text.
    pub fn new(text: impl Into<String>) -> Asked {
        Asked { text: text.into(), task: Task::Derive, tied: false, answer: None }
    }

    /// The same with an answer that is known to be right.
    #[must_use]
    pub fn with(self, answer: impl Into<String>) -> Asked {
        Asked { answer: Some(answer.into()), ..self }
    }

    fn problem(&self) -> Result<Problem, String> {
        let problem = Problem::parse(&self.text).map_err(|error| error.to_string())?;
        let reading = if self.tied { Reading::Tied } else { Reading::Free };
        Ok(problem.with_task(self.task).structured(reading))
    }

    /// From text to the trace.
    fn trace(&self) -> Result<Derivation, String> {
        let problem = self.problem()?;
        let options = einstep_engine::Options { limits: LIMITS, wanted: problem.wanted() };
        einstep_engine::derive(problem.syntax(), &options).map_err(|diagnostics| match diagnostics.first() {
            Some(first) => format!("{}: {}", first.code.id(), first.message),
            None => "no diagnostic".into(),
        })
    }

    /// From text to the checked trace.
    fn checked(&self) -> Result<einstep::Derivation, String> {
        let options = einstep::Options { limits: LIMITS, ..Default::default() };
        self.problem()?.derive_with(&options).map_err(|error| error.to_string())
    }

    /// Whether einstep's answer is one that is known, or where none is, whether the check accepts it.
    fn is_right(&self) -> Result<bool, String> {
        match (&self.answer, self.task) {
            (Some(answer), Task::Derive) => {
                self.problem()?.verify(answer).map(|found| found.is_right()).map_err(|error| error.to_string())
            }
            (Some(answer), _) => Ok(self.checked()?.answer() == Some(answer)),
            (None, _) => Ok(self.checked()?.status() == CheckStatus::Accepted),
        }
    }
}

impl Job {
    /// Makes what a run needs, so that the run itself does nothing else.
    ///
    /// # Errors
    /// What einstep says of a problem that it can't derive.
    pub fn ready(&self) -> Result<Ready, String> {
        Ok(match self.clone() {
            Job::Yardstick => Box::new(|| {
                yardstick();
                Ok(Outcome::Done)
            }),
            Job::Text(asked, Stage::Derive) => {
                Box::new(move || asked.trace().map(|trace| Outcome::Trace(trace.into())))
            }
            Job::Text(asked, Stage::Checked) => {
                Box::new(move || asked.checked().map(|checked| Outcome::Checked(checked.into())))
            }
            Job::Text(asked, Stage::Notes) => {
                Box::new(move || Ok(Outcome::Text(asked.checked()?.to_text(&TextOptions::default()))))
            }
            Job::Texts(all) => {
                Box::new(move || all.iter().map(Asked::trace).collect::<Result<_, _>>().map(Outcome::Traces))
            }
            Job::Canonical(network) => {
                let (mut store, [one, other]) = network.disguised();
                Box::new(move || Ok(Outcome::Equal(store.canonical(one) == store.canonical(other))))
            }
            Job::Write(asked) => {
                let trace = asked.trace()?;
                Box::new(move || Ok(Outcome::Text(trace.to_json())))
            }
            Job::Read(asked) => {
                let text = asked.trace()?.to_json();
                Box::new(move || match Derivation::from_json(&text) {
                    Ok(trace) => Ok(Outcome::Trace(trace.into())),
                    Err(error) => Err(error.to_string()),
                })
            }
            Job::Check(asked) => {
                let (problem, trace) = (asked.problem()?, asked.trace()?);
                Box::new(move || {
                    let verdict = check_question(&trace, Some(problem.question()), &Options::default());
                    Ok(Outcome::Verdict(verdict.into()))
                })
            }
        })
    }

    /// Runs once and says whether the outcome is right.
    ///
    /// # Errors
    /// What einstep says of a problem that it can't derive.
    pub fn is_right(&self) -> Result<bool, String> {
        let outcome = self.ready()?()?;
        match (self, outcome) {
            (Job::Text(asked, _) | Job::Write(asked), _) => asked.is_right(),
            (Job::Texts(all), _) => all.iter().try_fold(true, |right, asked| Ok(right && asked.is_right()?)),
            (Job::Read(asked), Outcome::Trace(read)) => Ok(*read == asked.trace()?),
            (_, Outcome::Equal(equal)) => Ok(equal),
            (_, Outcome::Verdict(verdict)) => Ok(matches!(*verdict, Verdict::Accepted(_))),
            _ => Ok(true),
        }
    }

    /// The length of the JSON of a trace, where that is what is written or read.
    pub fn bytes(&self) -> Result<usize, String> {
        match self {
            Job::Write(asked) | Job::Read(asked) => Ok(asked.trace()?.to_json().len()),
            _ => Ok(0),
        }
    }
}

/// A product of two 64×64 matrices modulo the checker's prime.
fn yardstick() {
    const P: u64 = 2_305_841_548_298_728_439;
    let entry = |k: usize| (k as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) % P;
    let a: Vec<u64> = (0..64 * 64).map(entry).collect();
    let b: Vec<u64> = (0..64 * 64).map(|k| entry(k + 7)).collect();
    let mut c = vec![0u64; 64 * 64];
    for i in 0..64 {
        for k in 0..64 {
            for j in 0..64 {
                let product = u128::from(a[64 * i + k]) * u128::from(b[64 * k + j]) % u128::from(P);
                c[64 * i + j] = (c[64 * i + j] + product as u64) % P;
            }
        }
    }
    black_box(c);
}
