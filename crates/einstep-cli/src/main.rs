//! The `einstep` command: matrix derivatives, derived step by step.
//!
//! In: arguments, files, standard input. Out: a derivation or an answer on standard output, diagnostics on standard
//! error, an exit code: 0 done, 1 a check found a wrong step or answer, 2 bad input or what can't be judged, 3 a budget was
//! met.
//! Left to others: everything but arguments, files and drawing; this crate knows the library `einstep` alone.
//!
//! The modules stand in the order in which data flows: [`args`], [`input`], [`mod@derive`], [`mod@batch`], [`mod@verify`], [`mod@check`] and
//! [`mod@reference`] (the commands), [`point`] (what they share), [`output`]; what goes wrong is a [`failure::Failure`], drawn by [`diagnostics`] or written as data by [`report`].

mod args;
mod batch;
mod check;
mod choices;
mod derive;
mod diagnostics;
mod failure;
mod input;
mod output;
mod point;
mod reference;
mod report;
mod verify;

use args::{Command, DataFormat, Format};
use einstep::trace::Task;
use failure::Failure;
use std::panic;
use std::process::ExitCode;
use std::sync::OnceLock;

fn main() -> ExitCode {
    let cli = match args::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to be told where even this can't be printed.
            let _ = error.print();
            return ExitCode::from(error.exit_code().clamp(0, 2) as u8);
        }
    };
    cli.color.choice().write_global();
    let json = match &cli.command {
        Command::Verify(verify) => verify.format == DataFormat::Json,
        Command::Check(check) => check.format == DataFormat::Json,
        command => command.shown().is_some_and(|shown| shown.format == Format::Json),
    };
    // The first panic is the cause; it is told once, at the end, and not where it happens.
    static PANIC: OnceLock<String> = OnceLock::new();
    panic::set_hook(Box::new(|panic| drop(PANIC.set(panic.to_string()))));
    let shown = |problem: Result<_, _>, args| derive::run(&problem?, args, cli.color).map(|()| 0);
    let outcome = panic::catch_unwind(|| match &cli.command {
        Command::Derive(args) => shown(input::problem(&args.asked, &args.differentiated), &args.shown),
        Command::Lower(args) => shown(input::task(&args.asked, Task::Lower), &args.shown),
        Command::Raise(args) => shown(input::raised(args), &args.rewrite.shown),
        Command::Simplify(args) => shown(input::task(&args.asked, Task::Simplify), &args.shown),
        Command::Verify(args) => verify::run(args),
        Command::Batch(args) => batch::run(args),
        Command::Check(args) => check::run(args),
        Command::Rules { id } => reference::rules(id.as_deref()).map(|()| 0),
        Command::Explain { code } => reference::explain(code.as_deref()).map(|()| 0),
        Command::Schema { of } => reference::schema(*of).map(|()| 0),
    });
    let failure = match outcome {
        Ok(Ok(code)) => return ExitCode::from(code),
        Ok(Err(failure)) => failure,
        Err(_) => Failure::Panic(PANIC.get().cloned().unwrap_or_default()),
    };
    if json {
        report::write(&failure);
    } else {
        diagnostics::write(&failure);
    }
    ExitCode::from(failure.exit_code())
}
