//! Mutants of honest traces: `cargo run -q -p einstep-tests --example mutants -- --count 10000 --seed 1`.

use einstep_tests::mutants::{Tally, honest, mutants};
use std::io::{self, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut count, mut seed) = (2000, 1);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let number = args.next().unwrap_or_default();
        match arg.as_str() {
            "--count" => count = number.parse()?,
            "--seed" => seed = number.parse()?,
            _ => return Err(format!("unknown option {arg}").into()),
        }
    }
    let (honest, others) = honest(usize::MAX)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{} honest traces, {} that the check does not accept", honest.len(), others.len())?;
    others.iter().try_for_each(|text| writeln!(out, "    {}", text.replace('\n', "; ")))?;
    write!(out, "{}", Tally::of(&mutants(&honest, seed, count)))?;
    Ok(())
}
