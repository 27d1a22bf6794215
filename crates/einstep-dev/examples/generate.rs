//! `generate write` writes the generated files; `generate check` fails when one is stale.

use std::process::ExitCode;

fn main() -> ExitCode {
    let write = match std::env::args().nth(1).as_deref() {
        Some("write") => true,
        Some("check") => false,
        _ => {
            eprintln!("usage: generate write|check");
            return ExitCode::from(2);
        }
    };
    match einstep_dev::stale(write) {
        Ok(stale) => {
            for path in &stale {
                eprintln!("{} {path}", if write { "wrote" } else { "stale, run `just bless`:" });
            }
            if write || stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
