//! The table of figures: `just bench`.
//!
//! In: names of workloads. Out: a table on standard output, or in `docs/performance.md`. Left to others: the workloads.
//!
//! Every case is measured in a process of its own, which is ended when it takes too long: this program starts itself with one of
//! the commands that are not listed.

mod counting;
mod growth;
mod page;
mod process;
mod table;
mod timing;

use clap::{Parser, Subcommand};
use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// The size of the stack on which cases run: they nest deeply.
const STACK: usize = 1 << 30;

/// Only counts while something is measured.
#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

/// Measure workloads: time in yards, instructions, allocations, growth
#[derive(Debug, Parser)]
struct Arguments {
    /// The beginnings of names, such as `A` or `C1` [default: all]
    names: Vec<String>,
    /// Run every workload once at its smallest size, measure nothing, and say whether the answers are right
    #[arg(long)]
    quick: bool,
    /// Count no instructions
    #[arg(long)]
    no_count: bool,
    /// The seconds that the measurement of one case may take
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u64,
    /// Write the table into docs/performance.md
    #[arg(long)]
    write: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What this program does for itself.
#[derive(Debug, Subcommand)]
#[command(hide = true)]
enum Part {
    /// Time one case, or the corpus, beside the yardstick.
    #[command(hide = true)]
    Time { name: String },
    /// Run one case so many times out of two.
    #[command(hide = true)]
    Count { name: String, runs: usize },
    /// Run a command so many times and tell its time and memory.
    #[command(hide = true)]
    Process { runs: usize, command: Vec<String> },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let run = move || match &arguments.part {
        Some(Part::Time { name }) => timing::run(name),
        Some(Part::Count { name, runs }) => counting::run(name, *runs),
        Some(Part::Process { runs, command }) => process::run(*runs, command),
        None if arguments.quick => table::quick(&arguments.names),
        None => {
            let how = table::How { counts: !arguments.no_count, limit: Duration::from_secs(arguments.limit) };
            table::measured(&arguments.names, how).and_then(|table| page::show(&table, arguments.write))
        }
    };
    let outcome = thread::Builder::new().stack_size(STACK).spawn(run).map(thread::JoinHandle::join);
    let message = match outcome {
        Ok(Ok(Ok(()))) => return ExitCode::SUCCESS,
        Ok(Ok(Err(message))) => message,
        Ok(Err(_)) => "a measurement panicked".into(),
        Err(error) => error.to_string(),
    };
    // Nothing is left to be told where even this can't be written.
    let _ = io::Write::write_all(&mut io::stderr(), format!("error: {message}\n").as_bytes());
    ExitCode::FAILURE
}
