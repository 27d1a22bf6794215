//! Writes the generated files, or checks that they are current.
//!
//! In: the rule catalogue, the error codes, the trace types. Out: the statement table of `einstep-trace`, and pages of
//! the book. `einstep-dev write` writes them; `einstep-dev check` fails when one differs.

mod pages;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let write = match std::env::args().nth(1).as_deref() {
        Some("write") => true,
        Some("check") => false,
        _ => {
            eprintln!("usage: einstep-dev write|check");
            return ExitCode::from(2);
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut stale = 0;
    for (path, text) in pages::all() {
        let file = root.join(path);
        if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
            continue;
        }
        stale += 1;
        if !write {
            eprintln!("stale: {path} (run `just bless`)");
        } else if let Err(error) = std::fs::write(&file, text) {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        } else {
            eprintln!("wrote {path}");
        }
    }
    if write || stale == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
