//! The table: a row for each case, and the growth of each series.
//!
//! In: names of workloads, how to measure. Out: rows of text. Left to others: measuring one case.

use crate::process::Process;
use crate::{counting, growth, process, timing};
use einstep_bench::workloads::{CORPUS, cases, yardstick};
use einstep_bench::{Case, Reach, Size};
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Instructions are counted of what takes less seconds than this: callgrind takes some fifty times as long.
const COUNTED: f64 = 0.1;
/// How often the whole process is run.
const STARTS: usize = 41;
/// What the whole process should need: seconds on the machine of [`Reach::YARD`], and kilobytes.
const START: (f64, f64) = (5e-3, 10_000.0);

/// How to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    /// Whether instructions are counted.
    pub(crate) counts: bool,
    /// How long the measurement of one case may take.
    pub(crate) limit: Duration,
}

/// The figures.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The time of the yardstick in seconds.
    pub(crate) yard: f64,
    pub(crate) rows: Vec<Row>,
    /// The exponents at the end of the series: the name, what is known of it, the greatest size.
    pub(crate) growth: Vec<(String, Option<f64>, usize)>,
}

/// The figures of one case.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// The workload and what is run: `C1 equal factors`.
    pub(crate) series: String,
    pub(crate) size: String,
    /// The time in seconds.
    pub(crate) time: Option<f64>,
    /// Why there is no time, or what is told in its place.
    pub(crate) note: String,
    /// The time in yards.
    pub(crate) yards: Option<f64>,
    /// The time in seconds for each unit, and the unit.
    pub(crate) each: Option<(f64, &'static str)>,
    pub(crate) instructions: Option<u64>,
    pub(crate) allocations: Option<f64>,
    /// What it should reach, in yards.
    pub(crate) reach: Option<f64>,
    /// Whether it does.
    pub(crate) met: Option<bool>,
}

/// Runs every workload at its smallest size and says whether the outcome is right.
pub(crate) fn quick(names: &[String]) -> Result<(), String> {
    let mut wrong = 0;
    let mut seen: Vec<String> = Vec::new();
    for case in cases().iter().filter(|case| is_chosen(&case.series(), names)) {
        if seen.contains(&case.series()) {
            continue;
        }
        seen.push(case.series());
        let verdict = match case.job.is_right() {
            Ok(true) => "right".into(),
            Ok(false) => "WRONG".into(),
            Err(message) => message,
        };
        wrong += usize::from(verdict != "right");
        say(&mut io::stdout(), &format!("{case}: {verdict}"))?;
    }
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} workloads don't give the right answer")) }
}

/// Measures the workloads whose names begin with one of some words; all, if there are none.
pub(crate) fn measured(names: &[String], how: How) -> Result<Table, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let mut table = Table { yard: f64::INFINITY, ..Table::default() };
    let cases = cases();
    for series in cases.chunk_by(|a, b| a.series() == b.series() && matches!(a.size, Size::Number(_))) {
        let name = series[0].series();
        if is_chosen(&name, names) {
            table.series(&program, &name, series, how)?;
        }
        if series[0].workload == "B" && is_chosen("B corpus", names) {
            table.corpus(&program, how.limit)?;
        }
    }
    if is_chosen("A process", names) {
        table.process(&program, how.limit)?;
    }
    Ok(table)
}

fn is_chosen(name: &str, names: &[String]) -> bool {
    names.is_empty() || names.iter().any(|chosen| name.starts_with(chosen.as_str()))
}

/// Tells of progress.
fn say(stream: &mut impl Write, line: &str) -> Result<(), String> {
    writeln!(stream, "{line}").map_err(|error| error.to_string())
}

impl Table {
    /// Measures one size after the other, up to the first that has no figure.
    fn series(&mut self, program: &Path, name: &str, cases: &[Case], how: How) -> Result<(), String> {
        let mut figures = Vec::new();
        for case in cases {
            say(&mut io::stderr(), &case.to_string())?;
            let row = self.row(program, case, how);
            if let (Size::Number(size), Some(yards)) = (&case.size, row.yards) {
                figures.push((*size as f64, yards));
            }
            let failed = row.time.is_none();
            self.rows.push(row);
            if failed {
                break;
            }
        }
        if cases.len() > 1 {
            let greatest = figures.last().map_or(0, |&(size, _)| size as usize);
            self.growth.push((name.into(), growth::exponent(&figures), greatest));
        }
        Ok(())
    }

    fn row(&mut self, program: &Path, case: &Case, how: How) -> Row {
        let blank = Row { series: case.series(), size: case.size.to_string(), ..Row::default() };
        let name = case.to_string();
        let (bytes, found) = match timing::measure(program, &name, how.limit) {
            Ok((bytes, found)) if found.len() == 2 => (bytes, found),
            Ok(_) => return Row { note: "no figure".into(), ..blank },
            Err(message) => {
                let met = if case.reach == Reach::Open { None } else { Some(false) };
                return Row { note: message, reach: case.reach.yards(case.per), met, ..blank };
            }
        };
        let (yard, timed) = (found[0].fastest, found[1]);
        self.yard = self.yard.min(yard);
        let per = if bytes > 0 { einstep_bench::Per { count: bytes, unit: "byte" } } else { case.per };
        let (yards, reach) = (timed.fastest / yard, case.reach.yards(per));
        let counts = how.counts && timed.fastest < COUNTED;
        Row {
            time: Some(timed.fastest),
            yards: Some(yards),
            each: (!per.unit.is_empty()).then(|| (timed.fastest / per.count as f64, per.unit)),
            instructions: counts.then(|| counting::measure(program, &name, how.limit)).flatten(),
            allocations: Some(timed.allocations),
            reach,
            met: reach.map(|reach| yards <= reach),
            ..blank
        }
    }

    /// The corpus: how its cases are distributed.
    fn corpus(&mut self, program: &Path, limit: Duration) -> Result<(), String> {
        say(&mut io::stderr(), "B corpus")?;
        // Each case is measured for a moment, and all of them together take a while.
        let (_, found) = timing::measure(program, timing::CORPUS, 10 * limit)?;
        let Some((yardstick, cases)) = found.split_first() else { return Err("no figure for the corpus".into()) };
        let mut yards: Vec<f64> = cases.iter().map(|case| case.fastest / yardstick.fastest).collect();
        yards.sort_by(f64::total_cmp);
        for (what, percent, micros) in CORPUS {
            let place = (yards.len() * percent).div_ceil(100).clamp(1, yards.len().max(1)) - 1;
            let Some(&yards) = yards.get(place) else { continue };
            let reach = micros / Reach::YARD;
            self.rows.push(Row {
                series: "B corpus".into(),
                size: format!("{what} of {}", cases.len()),
                time: Some(yards * yardstick.fastest),
                yards: Some(yards),
                reach: Some(reach),
                met: Some(yards <= reach),
                ..Row::default()
            });
        }
        Ok(())
    }

    /// The whole process, from a problem to checked JSON.
    fn process(&mut self, program: &Path, limit: Duration) -> Result<(), String> {
        say(&mut io::stderr(), "A process")?;
        let command = beside(program, "einstep");
        let command = command.to_str().ok_or("the path of the command is no text")?;
        let yard =
            timing::measure(program, &yardstick().to_string(), limit)?.1.first().map_or(0.0, |yard| yard.fastest);
        let problem = "d/dX tr(V*X*W)";
        let Process { fastest, memory } =
            process::measure(program, STARTS, &[command, problem, "--format", "json"], limit)?;
        let reach = START.0 / (Reach::YARD * 1e-6);
        self.rows.push(Row {
            series: "A process".into(),
            size: format!("{problem}, JSON"),
            time: Some(fastest),
            yards: Some(fastest / yard),
            reach: Some(reach),
            met: Some(fastest / yard <= reach),
            ..Row::default()
        });
        self.rows.push(Row {
            series: "A memory".into(),
            size: format!("{problem}, JSON"),
            note: format!("{:.1} MB of {:.0} MB", memory / 1000.0, START.1 / 1000.0),
            met: Some(memory <= START.1),
            ..Row::default()
        });
        Ok(())
    }
}

/// The command, in the folder above that of examples.
fn beside(program: &Path, name: &str) -> PathBuf {
    let folder = program.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    folder.join(name).with_extension(env::consts::EXE_EXTENSION)
}
