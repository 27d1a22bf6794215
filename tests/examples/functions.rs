//! Derives the problems with every function: `cargo run -q -p einstep-tests --example functions -- [NAME] [--verbose]`.
//!
//! A row for each function; `--verbose` lists the problems of which something is found.

use einstep_tests::table::measure;
use std::collections::BTreeMap;
use std::io::{self, Write};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|arg| arg == "--verbose");
    let name = args.iter().find(|arg| !arg.starts_with('-'));
    let mut rows: BTreeMap<&str, (usize, BTreeMap<String, Vec<String>>)> = BTreeMap::new();
    for (problem, found) in measure(name.map(String::as_str), 1) {
        let row = rows.entry(problem.name).or_default();
        row.0 += 1;
        for (class, kind) in found {
            let question = problem.text.lines().last().unwrap_or_default().to_string();
            row.1.entry(format!("{class:?} {kind}")).or_default().push(question);
        }
    }
    let mut out = String::new();
    for (name, (count, found)) in rows {
        out += &format!("{name:12} {count:5} problems\n");
        for (kind, questions) in found {
            out += &format!("    {:5}  {kind}    {}\n", questions.len(), questions[0]);
            let rest = if verbose { &questions[1..] } else { &[] };
            out.extend(rest.iter().map(|question| format!("           {question}\n")));
        }
    }
    // A reader that went away is no failure.
    let _ = io::stdout().lock().write_all(out.as_bytes());
}
