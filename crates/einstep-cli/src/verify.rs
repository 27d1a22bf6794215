//! `einstep verify`: from arguments to a verdict on somebody's own answer.
//!
//! In: arguments. Out: the verdict as text or JSON on standard output, an exit code: 0 right, 1 wrong, 2 not judged.
//! Left to others: the verdict itself.

use crate::args::{self, DataFormat};
use crate::failure::Failure;
use crate::{input, output};
use einstep::check::{Counterexample, Entries};
use einstep::{Judgement, Problem, Verification, Wrong};
use std::collections::BTreeMap;

/// Verifies and writes.
pub(crate) fn run(args: &args::Verify) -> Result<u8, Failure> {
    let texts = input::read(&args.asked)?;
    let problem = Problem::read(&texts.given, texts.question, &texts.wrt)?;
    let verification = problem.verify(&args.answer)?;
    let text = match args.format {
        DataFormat::Text => written(&verification),
        DataFormat::Json => serde_json::to_string_pretty(&verification)
            .map_err(|error| Failure::Input { message: error.to_string(), help: vec![] })?,
    };
    output::print(&(text + "\n"))?;
    Ok(match verification.verdict {
        Judgement::Right { .. } => 0,
        Judgement::Wrong(_) => 1,
        Judgement::Open { .. } => 2,
    })
}

/// The verdict in lines, without the last line end.
fn written(verification: &Verification) -> String {
    let mut lines = match &verification.verdict {
        Judgement::Right { points, sizes } => {
            let sizes: Vec<String> = sizes.iter().map(named).filter(|sizes| !sizes.is_empty()).collect();
            let sizes = if sizes.is_empty() { String::new() } else { format!(", with {}", sizes.join("; and ")) };
            vec![format!("right: it has the value of the derivative at {points} random points{sizes}")]
        }
        Judgement::Wrong(Wrong::Value { counterexample }) => {
            let mut lines = vec!["wrong: it is not the derivative".to_string()];
            lines.extend(point(counterexample));
            lines
        }
        Judgement::Wrong(Wrong::Shape { expected, found }) => {
            vec![format!(
                "wrong: its shape is {}, and that of the derivative is {}",
                found.join("×"),
                expected.join("×")
            )]
        }
        Judgement::Wrong(Wrong::Misfit { message }) => vec![format!("wrong: {message}")],
        Judgement::Open { reason } => vec![format!("not judged: {reason}")],
    };
    if let Some(slip) = &verification.slip {
        lines.push(format!("slip: {}", slip.says));
        lines.extend(slip.mended.iter().map(|mended| format!("mended: {mended}")));
    }
    let own = verification.answer.as_ref().filter(|own| !(verification.is_right() && **own == verification.claimed));
    lines.extend(own.map(|own| format!("einstep's answer: {own}")));
    lines.join("\n")
}

/// A point at which the values differ, in lines.
fn point(at: &Counterexample) -> Vec<String> {
    let mut lines = Vec::new();
    if !at.sizes.is_empty() {
        lines.push(format!("  with {}", named(&at.sizes)));
    }
    lines.extend(at.entries.iter().map(|symbol| format!("  {} = {}", symbol.name, entries(symbol))));
    let indices: Vec<String> = at.indices.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let place = if indices.is_empty() { String::new() } else { format!("in {}, ", indices.join(", ")) };
    lines.push(if at.has_small_values() {
        format!("  {place}the derivative is {}, and the answer {}", at.left, at.right)
    } else {
        format!("  {place}the derivative and the answer differ")
    });
    lines
}

/// Sizes as they are declared: `m = 2, n = 3`.
fn named(sizes: &BTreeMap<String, u64>) -> String {
    sizes.iter().map(|(name, size)| format!("{name} = {size}")).collect::<Vec<_>>().join(", ")
}

/// Entries in the input language: `[1, 2; 3, 4]`.
fn entries(symbol: &Entries) -> String {
    let (row, vector) = match symbol.shape[..] {
        [] => return symbol.entries.join(", "),
        [_] => (1, true),
        [.., cols] => (usize::try_from(cols).unwrap_or(1).max(1), false),
    };
    let rows: Vec<String> = symbol.entries.chunks(row).map(|row| row.join(", ")).collect();
    // A column is shown as the transpose of a row.
    if vector { format!("[{}]'", symbol.entries.join(", ")) } else { format!("[{}]", rows.join("; ")) }
}
