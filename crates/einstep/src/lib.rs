//! Matrix derivatives, derived step by step the way one does it on paper: explicit index sums, Kronecker deltas,
//! contraction, and back to matrices. Every step is recorded, and checked by an independent checker before it is shown.
//!
//! ```
//! let derivation = einstep::Problem::parse("d/dX tr(V*X*W)")?.derive()?;
//! assert_eq!(derivation.answer(), Some("V'*W'"));
//! assert_eq!(derivation.status(), einstep::trace::CheckStatus::Accepted);
//! println!("{}", derivation.to_text(&Default::default()));
//! # Ok::<(), einstep::Error>(())
//! ```
//!
//! In: text. Out: a [`Derivation`], or an [`Error`] that holds diagnostics as data.
//! Left to others: this crate has no logic of its own; it joins `einstep-syntax` (text), `einstep-engine` (the method),
//! `einstep-check` (the checker) and `einstep-render` (text and LaTeX).

mod derivation;
mod error;
mod problem;
mod recheck;
mod stack;
mod verify;

pub use derivation::Derivation;
pub use einstep_check as check;
pub use einstep_engine::Limits;
pub use einstep_render::{Detail, HtmlOptions, LatexOptions, MarkdownOptions, TextOptions, TypstOptions};
pub use einstep_syntax as syntax;
pub use einstep_trace as trace;
pub use error::Error;
pub use problem::{Options, Problem, Source};
pub use recheck::{Checked, recheck};
pub use verify::{Judgement, Verification, Wrong};

/// The statements of every rule, in the order of the method.
///
/// ```
/// assert!(einstep::rules().any(|rule| rule.id == "delta.contract"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static trace::RuleStatement> {
    einstep_engine::catalogue()
}

/// The JSON Schema of the trace format, draft 2020-12.
pub fn schema() -> String {
    trace::schema()
}

/// The JSON Schema of a [`Checked`], draft 2020-12.
pub fn verdict_schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Checked)).unwrap_or_default()
}

/// The examples of the README and of the book, run as tests.
#[cfg(doctest)]
mod examples {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/method.md")]
    struct Method;
}
