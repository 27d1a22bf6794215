//! How much work a derivation may take.
//!
//! In: limits of the caller. Out: an error that says which was met. Left to others: counting (`work`).

use einstep_expr::Store;
use einstep_syntax::{Code, Diagnostic, Span};

/// How much work a derivation may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The greatest number of steps, finer ones included.
    pub steps: usize,
    /// The greatest number of distinct expressions.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 20_000, nodes: 2_000_000 }
    }
}

pub(crate) fn over_budget(store: &Store, limits: &Limits, span: Span) -> Diagnostic {
    let (what, option) = match store.len() > limits.nodes {
        true => ("more distinct expressions", "--max-nodes"),
        false => ("more steps", "--max-steps"),
    };
    let message = format!("the derivation takes {what} than the limit allows");
    Diagnostic::new(Code::Budget, message, span, "too much work")
        .with_help(format!("raise the limit with `{option}`, or split the problem"))
}
