//! What becomes of random problems, by kind, with a short example of each kind.
//!
//! In: a seed, a count. Out: findings and their table. Left to others: making problems (`random`).

use crate::attempt::{Attempt, Checked, Judged};
use crate::guard::{Failure, for_each, guarded};
use crate::random::Problem;
use crate::report::{kind, rejection};
use einstep::{Derivation, Error, LatexOptions, TextOptions};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// How long one problem may take.
const BUDGET: Duration = Duration::from_secs(60);

/// What can be found of a problem, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The answer is not the derivative.
    Wrong,
    /// A step is not what it claims to be.
    Rejected,
    /// A panic.
    Panicked,
    /// Too slow.
    OutOfTime,
    /// einstep says that it can't.
    Refused,
    /// The record, the text or the document of the derivation is not what it should be.
    Unreadable,
    /// The check could not judge the derivation.
    Declined,
    /// The answer is in index form.
    Index,
}

impl Class {
    /// Whether it is a defect whatever is implemented.
    pub fn is_defect(self) -> bool {
        matches!(self, Class::Wrong | Class::Rejected | Class::Panicked | Class::Unreadable)
    }
}

/// A finding: its class and kind.
pub type Finding = (Class, String);

/// Derives a problem: nothing is found of one that is accepted and in matrix form.
pub fn findings(problem: Result<einstep::Problem, Error>) -> Vec<Finding> {
    match guarded(BUDGET, move || derived(problem)) {
        Ok(findings) => findings,
        Err(Failure::Panic(message)) => vec![(Class::Panicked, message)],
        Err(Failure::Time) => vec![(Class::OutOfTime, String::new())],
    }
}

fn derived(problem: Result<einstep::Problem, Error>) -> Vec<Finding> {
    let attempt = match problem.and_then(|problem| Attempt::at(&problem)) {
        Ok(attempt) => attempt,
        Err(error) => {
            let first = error.to_string().lines().next().unwrap_or_default().to_string();
            return vec![(Class::Refused, first)];
        }
    };
    let mut findings: Vec<Finding> = Vec::new();
    let mut find = |class, kind| findings.push((class, kind));
    if let Some(what) = attempt.shown.as_ref().and_then(unreadable) {
        find(Class::Unreadable, what);
    }
    match &attempt.checked {
        Checked::Accepted => {}
        Checked::Declined(reason) => find(Class::Declined, kind(reason)),
        Checked::Rejected(why) => find(Class::Rejected, rejection(why)),
    }
    if attempt.checked != Checked::Accepted
        && let Judged::Different(_) = attempt.judged()
    {
        find(Class::Wrong, String::new());
    }
    if !attempt.is_matrix() {
        find(Class::Index, String::new());
    }
    findings
}

/// What is wrong with the readings of a derivation.
fn unreadable(derivation: &Derivation) -> Option<String> {
    let narrow = derivation.to_text(&TextOptions { width: 80, ..TextOptions::default() });
    let latex = derivation.to_latex(&LatexOptions::default());
    if narrow.is_empty() || latex.is_empty() {
        return Some("nothing is drawn".into());
    }
    match einstep::trace::Derivation::from_json(&derivation.to_json(true)) {
        Ok(read) if read == *derivation.trace() => None,
        Ok(_) => Some("the record reads back as another one".into()),
        Err(error) => Some(kind(&error.to_string())),
    }
}

/// What was found of many problems.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many problems were derived.
    pub count: usize,
    /// How many are accepted and in matrix form.
    pub good: usize,
    /// The problems of each finding.
    pub found: BTreeMap<Finding, Vec<Problem>>,
    /// The time that each problem took.
    pub times: Vec<(Duration, Problem)>,
}

impl Survey {
    /// Derives random problems, on all processors.
    pub fn of(seed: u64, count: usize, size: usize) -> Survey {
        let all = for_each(count, |number| {
            let problem = Problem::random(seed, number as u64, size);
            let start = Instant::now();
            let findings = findings(problem.parsed());
            (problem, findings, start.elapsed())
        });
        let mut survey = Survey { count: all.len(), ..Survey::default() };
        for (problem, findings, time) in all {
            survey.good += usize::from(findings.is_empty());
            for finding in findings {
                survey.found.entry(finding).or_default().push(problem.clone());
            }
            survey.times.push((time, problem));
        }
        survey.times.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        survey
    }

    /// Whether nothing is wrong, whatever is implemented.
    pub fn is_sound(&self) -> bool {
        !self.found.keys().any(|(class, _)| class.is_defect())
    }

    /// The findings by kind, each with an example, shrunk by at most so many trials; of index forms several examples.
    pub fn table(&self, trials: usize) -> String {
        let mut text = format!("{} problems, {} accepted in matrix form\n", self.count, self.good);
        let mut found: Vec<_> = self.found.iter().collect();
        found.sort_by_key(|((class, _), problems)| (*class, std::cmp::Reverse(problems.len())));
        for (finding, problems) in found {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{:6}  {:?}  {}", problems.len(), finding.0, finding.1);
            let mut problems: Vec<&Problem> = problems.iter().collect();
            problems.sort_by_key(|problem| problem.text().len());
            let examples = if finding.0 == Class::Index { 30 } else { 1 };
            let mut shown: Vec<String> = Vec::new();
            for problem in problems.iter().take(examples) {
                let example = shrunk(problem, finding, trials).text();
                if !shown.contains(&example) {
                    let _ = writeln!(text, "            {example}");
                    shown.push(example);
                }
            }
        }
        text
    }

    /// The slowest problems.
    pub fn slowest(&self) -> String {
        let lines = self.times.iter().take(10);
        lines.map(|(time, problem)| format!("{:8.3} s  {}\n", time.as_secs_f64(), problem.text())).collect()
    }
}

/// A short problem of which the same is found.
pub fn shrunk(problem: &Problem, finding: &Finding, trials: usize) -> Problem {
    let mut best = problem.clone();
    // What is out of time would take all of it at every trial.
    let mut left = if finding.0 == Class::OutOfTime { 0 } else { trials };
    'again: loop {
        for shorter in best.shorter() {
            if shorter.text().len() >= best.text().len() {
                continue;
            }
            if left == 0 {
                return best;
            }
            left -= 1;
            if findings(shorter.parsed()).contains(finding) {
                best = shorter;
                continue 'again;
            }
        }
        return best;
    }
}
