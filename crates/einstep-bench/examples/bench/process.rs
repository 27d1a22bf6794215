//! Processes that are measured from outside.
//!
//! In: a command. Out: what it says, how long it took, how much memory it had. Left to others: what the command does.

use nix::sys::resource::{UsageWho, getrusage};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What was measured of a process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Process {
    /// The least of its times in seconds.
    pub(crate) fastest: f64,
    /// The greatest memory in kilobytes.
    pub(crate) memory: f64,
}

/// What a command writes to standard output and standard error, if it ends well and within a time.
pub(crate) fn output(program: &Path, arguments: &[&str], limit: Duration) -> Result<String, String> {
    let told = |error: io::Error| format!("{}: {error}", program.display());
    // Files, so that nothing waits for this process to read.
    let path = std::env::temp_dir().join(format!("einstep-bench.{}", std::process::id()));
    let open = || File::options().read(true).append(true).create(true).open(&path);
    let (mut file, out, err) = (open().map_err(told)?, open().map_err(told)?, open().map_err(told)?);
    std::fs::remove_file(&path).map_err(told)?;
    let mut child =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(out).stderr(err).spawn().map_err(told)?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(told)? {
            break status;
        }
        if start.elapsed() > limit {
            child.kill().map_err(told)?;
            child.wait().map_err(told)?;
            return Err(format!("> {} s", limit.as_secs()));
        }
        thread::sleep(Duration::from_millis(5));
    };
    let mut said = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut said)).map_err(told)?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let last = || said.lines().last().unwrap_or("it failed").trim_start_matches("error: ").to_string();
    if status.success() { Ok(said) } else { Err(last()) }
}

/// Runs a command so many times and tells its least time and its greatest memory.
pub(crate) fn run(runs: usize, command: &[String]) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else { return Err("no command".into()) };
    let mut fastest = f64::INFINITY;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let status = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status();
        fastest = start.elapsed().as_secs_f64().min(fastest);
        if !status.map_err(|error| error.to_string())?.success() {
            return Err(format!("{program} failed"));
        }
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let line = format!("{fastest} {}\n", usage.max_rss());
    io::stdout().write_all(line.as_bytes()).map_err(|error| error.to_string())
}

/// Starts this program, small as it is at its start, to measure a command.
pub(crate) fn measure(program: &Path, runs: usize, command: &[&str], limit: Duration) -> Result<Process, String> {
    let runs = runs.to_string();
    let arguments: Vec<&str> = ["process", &runs, "--"].into_iter().chain(command.iter().copied()).collect();
    let said = output(program, &arguments, limit)?;
    let mut numbers = said.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(fastest), Some(memory)) => Ok(Process { fastest, memory }),
        _ => Err(said),
    }
}
