//! `einstep batch`: from problems in JSON Lines to traces, or answers, in JSON Lines.
//!
//! In: arguments, a file or standard input. Out: a line for each problem, in their order; an exit code: 0 where each has a
//! derivation, else 2. Left to others: what a line asks (`line`), working in parallel (`ordered`), where lines go (`sink`).
//!
//! Memory does not grow with the number of problems: only so many are on their way at once.

mod line;
mod ordered;
mod sink;

use crate::args;
use crate::failure::Failure;
use crate::input;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use line::{Done, Given, Reader};
use sink::Sink;
use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::Path;
use std::thread;

/// How many problems are on their way for each worker.
const WINDOW: usize = 8;

/// Derives every problem and writes a line for each.
pub(crate) fn run(args: &args::Batch) -> Result<u8, Failure> {
    let told = |error: io::Error| Failure::io(format!("can't read {}", input::name(&args.file)), &error);
    let (file, length): (Box<dyn Read + Send>, u64) = match args.file == Path::new("-") {
        true => (Box::new(io::stdin()), 0),
        false => {
            let file = File::open(&args.file).map_err(told)?;
            let length = file.metadata().map_or(0, |known| known.len());
            (Box::new(file), length)
        }
    };
    let mut reader = Reader::new(BufReader::new(file));
    let mut sink = Sink::open(args, &mut reader)?;
    let progress = progress(length, reader.bytes());
    let jobs = args.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).max(1);
    let (mut refused, mut failed) = (0, None);
    let next = move || reader.next_line().transpose();
    let answers = args.answers;
    let work = move |given: io::Result<Given>| given.map(|given| line::done(given, answers));
    ordered::ordered(jobs, WINDOW * jobs, next, work, |done: io::Result<Done>| {
        let written = done.map_err(told).and_then(|done| {
            refused += u64::from(done.refused);
            progress.set_position(done.bytes);
            progress.set_message(format!("{refused} without a derivation"));
            sink.write(&done.text)
        });
        written.map_err(|failure| failed = Some(failure)).unwrap_or(false)
    });
    progress.finish_and_clear();
    match failed {
        Some(failure) => Err(failure),
        None => Ok(if refused > 0 { 2 } else { 0 }),
    }
}

/// A bar on the terminal of standard error; nothing elsewhere.
fn progress(length: u64, done: u64) -> ProgressBar {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let (bar, template) = match length {
        0 => (ProgressBar::no_length(), "{spinner} {bytes} read in {elapsed}, {msg}"),
        _ => (ProgressBar::new(length), "{wide_bar} {percent} %, {eta} left, {msg}"),
    };
    bar.set_draw_target(target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_position(done);
    bar
}
