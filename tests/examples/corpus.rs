//! Measures einstep on the corpus: `cargo run -q -p einstep-tests --example corpus -- [OPTIONS]`.
//!
//! `--id PREFIX` selects cases, `--verbose` lists those that could be better, `--tags` has a row for every tag, `--time`
//! shows the slowest, `--bless` keeps the counts.

use einstep_tests::corpus::{Count, Reasons, known, measure};
use einstep_tests::report::{details, kinds, long, slowest, table};
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

/// Whether nothing is wrong or lost.
fn run() -> Result<bool, String> {
    let (mut prefix, mut options) = (String::new(), Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--id" => prefix = args.next().ok_or("--id needs a prefix")?,
            "--verbose" | "--tags" | "--time" | "--bless" => options.push(arg),
            _ => return Err(format!("unknown option {arg}")),
        }
    }
    let has = |option: &str| options.iter().any(|other| other == option);
    let measured = measure(&known(&prefix)?);
    let mut out = table(&measured, has("--tags")) + "\n" + &kinds(&measured);
    if has("--verbose") {
        out += &details(&measured);
    }
    if has("--time") {
        out += &slowest(&measured);
    }
    let reasons = Reasons::read()?;
    let count = Count::of(&measured, &reasons);
    let mut findings = Vec::new();
    if prefix.is_empty() {
        if has("--bless") {
            count.keep()?;
            reasons.keep(&long(&measured))?;
        }
        findings = count.losses(&Count::last()?);
        out += &format!("\n{count:?}\n");
        out += &format!(
            "much longer than the book's, without a reason: {}\n",
            reasons.missing(&long(&measured)).join(" ")
        );
    }
    for finding in &findings {
        out += &format!("{finding}\n");
    }
    // A reader that went away is no failure.
    let _ = io::stdout().lock().write_all(out.as_bytes());
    Ok(count.wrong == 0 && findings.is_empty())
}
