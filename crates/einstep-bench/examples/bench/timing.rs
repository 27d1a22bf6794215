//! Time and allocations, with divan.
//!
//! In: the name of a case. Out: what divan says of it and of the yardstick, read back from its table.
//! Left to others: what is run.

use divan::{Bencher, Divan};
use einstep_bench::Case;
use einstep_bench::workloads::{cases, corpus, yardstick};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// How long one case is measured, if it is short.
const TIME: Duration = Duration::from_secs(1);
const TIME_IN_CORPUS: Duration = Duration::from_millis(20);

/// The name under which every case of the corpus is measured.
pub(crate) const CORPUS: &str = "corpus";

/// What is measured: the yardstick first.
static CHOSEN: OnceLock<Vec<Case>> = OnceLock::new();

/// A case by its position among the chosen.
#[derive(Debug, Clone, Copy)]
struct Position(usize);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What was measured of one case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timed {
    /// The least time in seconds: it is disturbed least.
    pub(crate) fastest: f64,
    /// How many allocations there were, on the thread that ran it.
    pub(crate) allocations: f64,
}

/// Measures a case beside the yardstick, or the corpus.
pub(crate) fn run(name: &str) -> Result<(), String> {
    let mut chosen = vec![yardstick()];
    match name {
        CORPUS => chosen.extend(corpus()?),
        _ => chosen.extend(cases().into_iter().filter(|case| case.to_string() == name)),
    }
    let time = if name == CORPUS { TIME_IN_CORPUS } else { TIME };
    if let Some(case) = chosen.get(1).filter(|_| name != CORPUS) {
        // What einstep refuses is told before it is measured.
        drop(case.job.ready()?()?);
        writeln!(io::stdout(), "bytes {}", case.job.bytes()?).map_err(|error| error.to_string())?;
    }
    CHOSEN.set(chosen).map_err(|_| "cases are chosen twice")?;
    Divan::default().color(false).max_time(time).run_benches();
    Ok(())
}

fn positions() -> impl Iterator<Item = Position> {
    (0..CHOSEN.get().map_or(0, Vec::len)).map(Position)
}

#[divan::bench(args = positions())]
fn case(bencher: Bencher<'_, '_>, position: &Position) {
    let Some(case) = CHOSEN.get().and_then(|chosen| chosen.get(position.0)) else { return };
    bencher.with_inputs(|| case.job.ready()).bench_local_values(|ready| ready.and_then(|run| run()));
}

/// Starts this program to measure a case or the corpus: the bytes that it is counted by, if there are any, and what is known of the
/// yardstick and the case, or the cases.
pub(crate) fn measure(program: &Path, name: &str, limit: Duration) -> Result<(usize, Vec<Timed>), String> {
    let said = crate::process::output(program, &["time", name], limit)?;
    let bytes = said.lines().find_map(|line| line.strip_prefix("bytes ")).and_then(|bytes| bytes.parse().ok());
    Ok((bytes.unwrap_or(0), read(&said)))
}

/// Reads divan's table: a row for each case, with allocations below it.
fn read(text: &str) -> Vec<Timed> {
    let mut rows: Vec<Timed> = Vec::new();
    let mut heading = "";
    for line in text.lines() {
        let cells: Vec<&str> = line.split('│').map(str::trim).collect();
        if line.contains('#')
            && let Some((_, first)) = line.split_once('#')
        {
            // Behind the name of the case the first column is the least time.
            let cell = first.split('│').next().and_then(|cell| cell.split_once(' '));
            if let Some(fastest) = cell.and_then(|(_, time)| seconds(time)) {
                rows.push(Timed { fastest, allocations: 0.0 });
            }
        } else if let Some(word) = cells.iter().find(|cell| cell.ends_with(':')) {
            heading = word;
        } else if heading == "alloc:"
            && let Some(row) = rows.last_mut()
            && let Some(count) = cells.iter().rev().nth(3).and_then(|cell| cell.parse().ok())
        {
            // The first line below the heading counts, the second has bytes.
            row.allocations = count;
            heading = "";
        }
    }
    rows
}

/// Reads a time such as `1.234 µs`.
fn seconds(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let scale = match unit.trim() {
        "ps" => 1e-12,
        "ns" => 1e-9,
        "µs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
}
