//! Helps to write traps: lists the steps of a problem by the names that `tests/bad` calls them by; or writes every trap as two
//! JSON files, the honest trace and the spoilt one, for other checkers: `--example bad -- "d/dw norm(w)"`, `-- --write FOLDER`.

use einstep::Problem;
use einstep::trace::{Derivation, Step, text};
use einstep_tests::bad::traps;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    match args.as_slice() {
        [flag, folder] if flag == "--write" => {
            std::fs::create_dir_all(folder)?;
            for trap in traps()? {
                let name = trap.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                for (kind, value) in [("honest", trap.honest()?), ("spoilt", trap.spoilt()?)] {
                    std::fs::write(Path::new(folder).join(format!("{name}.{kind}.json")), value.to_string())?;
                }
            }
        }
        [problem] => {
            let derivation = Problem::parse(problem)?.derive()?;
            let trace = derivation.trace();
            let mut seen = BTreeMap::new();
            for chain in &trace.chains {
                writeln!(out, "{}: {}", chain.id, text(trace, chain.left).unwrap_or_default())?;
                for step in &chain.links {
                    list(&mut out, trace, step, 1, &mut seen)?;
                }
            }
            for index in &trace.indices {
                writeln!(out, "{} over {}", index.name, index.dim.0)?;
            }
            writeln!(out, "{}", serde_json::to_string(&trace.result)?)?;
            writeln!(out, "{}", serde_json::to_string(&trace.conditions)?)?;
        }
        _ => return Err("give a problem, or `--write FOLDER`".into()),
    }
    Ok(())
}

fn list(
    out: &mut impl Write,
    trace: &Derivation,
    step: &Step,
    depth: usize,
    seen: &mut BTreeMap<String, usize>,
) -> io::Result<()> {
    let number = seen.entry(step.rule.0.to_string()).or_default();
    *number += 1;
    let pair = |[old, new]: &[_; 2]| [old, new].map(|id| text(trace, *id).unwrap_or_default()).join(" -> ");
    let pairs: Vec<String> = step.replaced.iter().map(pair).collect();
    writeln!(out, "{}{}#{number}  {}", "  ".repeat(depth), step.rule.0, pairs.join("  |  "))?;
    step.steps.iter().try_for_each(|step| list(out, trace, step, depth + 1, seen))
}
