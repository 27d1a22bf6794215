//! Derives random problems in two orders: `cargo run -q -p einstep-tests --example reorder -- --count 1000 --seed 1`.
//!
//! `--size N` bounds the problems (12), `--show N` the differences that are shown (10).

use einstep_tests::reorder::survey;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(out) => {
            // A reader that went away is no failure.
            let _ = io::stdout().lock().write_all(out.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<String, String> {
    let (mut count, mut seed, mut size, mut show) = (1000, 1, 12, 10);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|value| value.parse().ok()).ok_or(format!("{arg} needs a number"));
        match arg.as_str() {
            "--count" => count = number()?,
            "--seed" => seed = number()?,
            "--size" => size = number()?,
            "--show" => show = number()?,
            _ => return Err(format!("unknown option {arg}")),
        }
    }
    let (compared, mut different) = survey(seed as u64, count, size);
    let mut out = format!("{} of {compared} answers differ\n", different.len());
    different.sort_by_key(|difference| difference.forms[0].0.len());
    for difference in different.iter().take(show) {
        for (problem, answer) in &difference.forms {
            out += &format!("    {problem}\n        {answer}\n");
        }
    }
    Ok(out)
}
