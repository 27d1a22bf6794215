//! What can go wrong in the command.
//!
//! In: errors of the library, of files, of the machine. Out: one [`Failure`] with its exit code. Left to others: showing
//! it.

use std::io;

/// Why there is no output.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's error.
    Derivation(einstep::Error),
    /// Something else that the user can mend: a file, an unknown rule.
    Input {
        /// What is wrong.
        message: String,
        /// Ways out.
        help: Vec<String>,
    },
    /// A line of a batch that is no problem.
    Line {
        /// What is wrong.
        message: String,
        /// Ways out.
        help: Vec<String>,
    },
    /// A panic: a defect of einstep.
    Panic(String),
}

impl Failure {
    /// A file that can't be read or written.
    pub(crate) fn io(what: String, error: &io::Error) -> Failure {
        Failure::Input { message: format!("{what}: {error}"), help: Vec::new() }
    }

    /// 1 when einstep itself is at fault, 2 for bad input, 3 for a budget.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Derivation(error) if error.is_internal() => 1,
            Failure::Derivation(error) if error.is_budget() => 3,
            Failure::Derivation(_) | Failure::Input { .. } | Failure::Line { .. } => 2,
            Failure::Panic(_) => 1,
        }
    }
}

impl From<einstep::Error> for Failure {
    fn from(error: einstep::Error) -> Failure {
        Failure::Derivation(error)
    }
}
