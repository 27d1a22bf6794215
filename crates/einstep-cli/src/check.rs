//! `einstep check`: from files with traces to verdicts.
//!
//! In: arguments. Out: a verdict for each trace, as text or as JSON Lines on standard output, and an exit code: 0 all accepted,
//! 1 one rejected, else 2.
//! Left to others: the verdicts themselves.

use crate::args::{self, Asked, DataFormat, Declared, Differentiated};
use crate::failure::Failure;
use crate::{input, output, point};
use einstep::check::{Options, Rejection, Report, Verdict};
use einstep::{Checked, Problem, recheck};

/// More than any file of traces that one reads as a whole.
const LIMIT: u64 = 1 << 28;

/// Checks and writes.
pub(crate) fn run(args: &args::Check) -> Result<u8, Failure> {
    let asked = args.problem.as_ref().map(|problem| asked(args, problem)).transpose()?;
    let mut options = Options { seed: args.seed, ..Options::default() };
    options.points = args.points.unwrap_or(options.points);
    let mut worst = 0;
    for path in &args.files {
        let name = input::name(path);
        let checked = match input::text(path, LIMIT) {
            Ok(text) => recheck(&name, &text, asked.as_ref(), &options)?,
            Err(reason) => vec![Checked::unreadable(&name, &format!("it can't be read: {reason}"))],
        };
        for checked in checked {
            output::print(&(shown(&checked, args.format)? + "\n"))?;
            worst = worst_of(worst, exit_code(&checked.verdict));
        }
    }
    Ok(worst)
}

/// The problem on the command line.
fn asked(args: &args::Check, problem: &std::ffi::OsString) -> Result<Problem, Failure> {
    let declared = Declared { given: args.given.clone(), notation: args.notation };
    let asked = Asked { problem: Some(problem.clone()), expr_file: None, declared };
    let differentiated = Differentiated { wrt: args.wrt.clone(), structured: args.structured, layout: args.layout };
    let problem = input::problem(&asked, &differentiated)?;
    if args.free.is_some() && args.task != args::Task::Raise {
        let message = "`--free` orders the indices of what is raised".into();
        return Err(Failure::Input { message, help: vec!["give `--task raise` too".into()] });
    }
    input::ordered(problem.with_task(args.task.into()), args.free.as_deref())
}

fn exit_code(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Accepted(_) => 0,
        Verdict::Rejected(_) => 1,
        Verdict::Declined(_) => 2,
    }
}

/// A wrong step is worse than one that can't be judged.
fn worst_of(a: u8, b: u8) -> u8 {
    if a == 1 || b == 1 { 1 } else { a.max(b) }
}

fn shown(checked: &Checked, format: DataFormat) -> Result<String, Failure> {
    match format {
        DataFormat::Text => Ok(output::harmless(&written(checked))),
        DataFormat::Json => {
            serde_json::to_string(checked).map_err(|error| Failure::Input { message: error.to_string(), help: vec![] })
        }
    }
}

/// The verdict in lines, without the last line end.
fn written(checked: &Checked) -> String {
    let line = checked.line.map(|line| format!(":{line}")).unwrap_or_default();
    let (word, mut lines) = match &checked.verdict {
        Verdict::Accepted(report) => ("accepted", accepted(report)),
        Verdict::Rejected(rejection) => ("rejected", rejected(rejection)),
        Verdict::Declined(declined) => ("declined", vec![format!("  {}: {}", declined.at, declined.reason)]),
    };
    let told = match (&checked.question, &checked.answer) {
        (Some(question), Some(answer)) => format!(": {question} = {answer}"),
        _ => String::new(),
    };
    lines.insert(0, format!("{}{line}: {word}{told}", checked.file));
    lines.join("\n")
}

fn accepted(report: &Report) -> Vec<String> {
    let Report { steps, points, sizes, singular, error_bits, seed } = report;
    let mut lines = vec![format!("  {steps} steps hold at {points} random points (seed {seed:016x})")];
    lines.extend(sizes.iter().filter(|sizes| !sizes.is_empty()).map(|sizes| format!("  with {}", point::named(sizes))));
    lines.extend(singular.iter().map(|sizes| format!("  not with {}: no inverse there", point::named(sizes))));
    lines.push(format!("  a wrong step passes with a probability of at most 2^-{error_bits}"));
    lines
}

fn rejected(rejection: &Rejection) -> Vec<String> {
    let rule = rejection.rule.as_ref().map(|rule| format!(", rule {rule}")).unwrap_or_default();
    let place = rejection.place.as_ref().map(|path| format!(", at {}", place(path))).unwrap_or_default();
    let mut lines = vec![format!("  {}{rule}{place}: {}", rejection.at, rejection.message)];
    let point = rejection.counterexample.as_ref().map(|point| point::lines(point, sides(rejection)));
    lines.extend(point.into_iter().flatten());
    lines
}

/// What the two values of a counterexample are values of.
fn sides(rejection: &Rejection) -> [&'static str; 2] {
    match (rejection.step, rejection.at.as_str()) {
        (Some(_), _) => ["the left side", "the right side"],
        (None, "the result") => ["the derivative", "the result"],
        (None, _) => ["the text", "its node"],
    }
}

/// A path in a line: positions among the children, from the outermost.
fn place(path: &[u32]) -> String {
    match path {
        [] => "the whole line".into(),
        path => path.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
    }
}
