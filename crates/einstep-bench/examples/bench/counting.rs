//! Instructions, with callgrind: they are the same in every run.
//!
//! In: the name of a case. Out: the number of instructions of one run. Left to others: what is run.
//!
//! Two processes prepare two runs each; one does one of them, the other both. The difference is one run with everything warm,
//! whatever threads it uses.

use einstep_bench::workloads::cases;
use std::path::Path;
use std::time::Duration;

/// Prepares two runs and does so many of them.
pub(crate) fn run(name: &str, runs: usize) -> Result<(), String> {
    let case = cases().into_iter().find(|case| case.to_string() == name).ok_or("there is no such case")?;
    let prepared = [case.job.ready()?, case.job.ready()?];
    for run in prepared.into_iter().take(runs) {
        drop(run()?);
    }
    Ok(())
}

/// Starts this program under callgrind. Nothing, where there is no callgrind or it takes too long.
pub(crate) fn measure(program: &Path, name: &str, limit: Duration) -> Option<u64> {
    let program = program.to_str()?;
    let counted = |runs: &str| {
        let tool = ["--tool=callgrind", "--callgrind-out-file=/dev/null", program, "count", name, runs];
        let said = crate::process::output(Path::new("valgrind"), &tool, limit).ok()?;
        // `==123== Collected : 456`
        said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse::<u64>().ok())
    };
    counted("2")?.checked_sub(counted("1")?)
}
