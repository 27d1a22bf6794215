//! What can go wrong, as data.
//!
//! In: diagnostics, or the checker's refusal. Out: one [`Error`] with predicates. Left to others: drawing.

use crate::check::Rejection;
use crate::problem::Source;
use crate::syntax::{Code, Diagnostic};
use std::fmt;

/// Why there is no derivation.
#[derive(Debug, Clone)]
pub enum Error {
    /// The text is wrong, or asks for something the engine does not know.
    Refused {
        /// What was found, in the order of the text.
        diagnostics: Vec<Diagnostic>,
        /// The texts that spans speak of, by number.
        sources: Vec<Source>,
    },
    /// The engine's own derivation did not pass the check: a defect of einstep, never an answer.
    Internal(Box<Rejection>),
}

impl Error {
    /// Whether the user's text is at fault, or asks for something that is not known yet.
    ///
    /// ```
    /// let error = einstep::Problem::parse("d/dX VXW").and_then(|problem| problem.derive()).unwrap_err();
    /// assert!(error.is_refusal());
    /// assert!(error.to_string().contains("VXW"));
    /// ```
    pub fn is_refusal(&self) -> bool {
        matches!(self, Error::Refused { .. })
    }

    /// Whether a limit was met.
    pub fn is_budget(&self) -> bool {
        self.diagnostics().iter().any(|diagnostic| diagnostic.code == Code::Budget)
    }

    /// Whether einstep itself is at fault.
    pub fn is_internal(&self) -> bool {
        matches!(self, Error::Internal(_))
    }

    /// The findings about the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Error::Refused { diagnostics, .. } => diagnostics,
            Error::Internal(_) => &[],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused { diagnostics, .. } => {
                for (position, diagnostic) in diagnostics.iter().enumerate() {
                    let line = if position == 0 { "" } else { "\n" };
                    write!(f, "{line}{}: {}", diagnostic.code.id(), diagnostic.message)?;
                }
                Ok(())
            }
            Error::Internal(rejection) => {
                write!(
                    f,
                    "internal error: the derivation failed its own check at {}: {}",
                    rejection.at, rejection.message
                )
            }
        }
    }
}

impl std::error::Error for Error {}
