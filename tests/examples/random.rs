//! Derives random problems: `cargo run -q -p einstep-tests --example random -- --count 10000 --seed 1`.
//!
//! `--size N` bounds the problems (14), `--shrink N` the trials for each example (200), `--list` prints the problems alone.

use einstep_tests::random::Problem;
use einstep_tests::survey::Survey;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Whether nothing is wrong.
fn run() -> Result<bool, String> {
    let (mut count, mut seed, mut size, mut trials, mut list) = (1000, 1, 14, 200, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|value| value.parse().ok()).ok_or(format!("{arg} needs a number"));
        match arg.as_str() {
            "--count" => count = number()?,
            "--seed" => seed = number()?,
            "--size" => size = number()?,
            "--shrink" => trials = number()?,
            "--list" => list = true,
            _ => return Err(format!("unknown option {arg}")),
        }
    }
    let (mut out, mut right) = (String::new(), true);
    if list {
        out.extend((0..count).map(|number| Problem::random(seed as u64, number as u64, size).text() + "\n"));
    } else {
        let survey = Survey::of(seed as u64, count, size);
        right = survey.is_sound();
        out = survey.table(trials) + "\n" + &survey.slowest();
    }
    // A reader that went away is no failure.
    let _ = io::stdout().lock().write_all(out.as_bytes());
    Ok(right)
}
