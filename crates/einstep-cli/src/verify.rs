//! `einstep verify`: from arguments to a verdict on somebody's own answer.
//!
//! In: arguments. Out: the verdict as text or JSON on standard output, an exit code: 0 right, 1 wrong, 2 not judged.
//! Left to others: the verdict itself.

use crate::args::{self, DataFormat};
use crate::failure::Failure;
use crate::{input, output, point};
use einstep::{Judgement, Verification, Wrong};

/// Verifies and writes.
pub(crate) fn run(args: &args::Verify) -> Result<u8, Failure> {
    let problem = input::problem(&args.asked, &args.differentiated)?;
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
            let sizes: Vec<String> = sizes.iter().map(point::named).filter(|sizes| !sizes.is_empty()).collect();
            let sizes = if sizes.is_empty() { String::new() } else { format!(", with {}", sizes.join("; and ")) };
            vec![format!("right: it has the value of the derivative at {points} random points{sizes}")]
        }
        Judgement::Wrong(Wrong::Value { counterexample }) => {
            let mut lines = vec!["wrong: it is not the derivative".to_string()];
            lines.extend(point::lines(counterexample, ["the derivative", "the answer"]));
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
