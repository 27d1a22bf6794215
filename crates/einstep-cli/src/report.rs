//! What went wrong as data, for `--format json`.
//!
//! In: a [`Failure`]. Out: `{"errors": […]}` on standard output. Left to others: what is wrong, and where.
//!
//! A place is given by its text (`source`, in the order `--given`…, problem, `--wrt`…, and `name`), by bytes (`start`,
//! `end`) and by `line` and `column`, counted from 1 in characters. `code` is that of `einstep explain`; `io` for what
//! concerns files, `line` for a line of a batch that is no problem and `internal` for a defect of einstep are its further values.

use crate::diagnostics::{MAX_SHOWN, REPORT};
use crate::failure::Failure;
use crate::output;
use einstep::Source;
use einstep::check::Rejection;
use einstep::syntax::{Diagnostic, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    errors: Vec<Entry<'a>>,
    /// How many further errors there are.
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

/// A line of a batch that has no derivation.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Counted from 1.
    line: u64,
    #[serde(flatten)]
    report: Report<'a>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    message: String,
    labels: Vec<Place<'a>>,
    help: Vec<&'a str>,
    fixes: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<&'a Rejection>,
}

/// A place with what is to be said of it, or written there.
#[derive(Serialize)]
struct Place<'a> {
    source: u32,
    name: &'a str,
    start: u32,
    end: u32,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<&'a str>,
}

/// Writes what went wrong.
pub(crate) fn write(failure: &Failure) {
    let text = match serde_json::to_string_pretty(&report(failure)) {
        Ok(text) => text + "\n",
        Err(error) => unwritable(&error) + "\n",
    };
    if let Err(unwritable) = output::print(&text) {
        crate::diagnostics::write(&unwritable);
    }
}

/// What went wrong with a line of a batch, as a line without its end.
pub(crate) fn line(failure: &Failure, id: Option<&str>, line: u64) -> String {
    let failed = Line { id, line, report: report(failure) };
    serde_json::to_string(&failed).unwrap_or_else(|error| unwritable(&error))
}

fn unwritable(error: &serde_json::Error) -> String {
    format!("{{\"errors\":[],\"unwritable\":\"{error}\"}}")
}

fn report(failure: &Failure) -> Report<'_> {
    let entry = |code, message: &str, help: Vec<_>| Entry {
        code,
        message: message.into(),
        labels: Vec::new(),
        help,
        fixes: Vec::new(),
        rejection: None,
    };
    let errors = match failure {
        Failure::Derivation(einstep::Error::Refused { diagnostics, sources }) => {
            diagnostics.iter().take(MAX_SHOWN).map(|diagnostic| refused(diagnostic, sources)).collect()
        }
        Failure::Derivation(error @ einstep::Error::Internal(rejection)) => {
            vec![Entry { rejection: Some(rejection), ..entry("internal", &error.to_string(), vec![REPORT]) }]
        }
        Failure::Input { message, help } => vec![entry("io", message, help.iter().map(String::as_str).collect())],
        Failure::Line { message, help } => vec![entry("line", message, help.iter().map(String::as_str).collect())],
        Failure::Panic(message) => vec![entry("internal", message, vec![REPORT])],
    };
    let found = if let Failure::Derivation(error) = failure { error.diagnostics().len() } else { 0 };
    let omitted = found.saturating_sub(MAX_SHOWN);
    Report { errors, omitted }
}

fn refused<'a>(diagnostic: &'a Diagnostic, sources: &'a [Source]) -> Entry<'a> {
    let labels = diagnostic.labels.iter();
    let fixes = diagnostic.fixes.iter();
    Entry {
        code: diagnostic.code.id(),
        message: diagnostic.message.clone(),
        labels: labels.map(|label| place(label.span, sources, Some(&label.text), None)).collect(),
        help: diagnostic.help.iter().map(String::as_str).collect(),
        fixes: fixes.map(|fix| place(fix.span, sources, None, Some(&fix.replacement))).collect(),
        rejection: None,
    }
}

fn place<'a>(span: Span, sources: &'a [Source], text: Option<&'a str>, replacement: Option<&'a str>) -> Place<'a> {
    let (name, content) = sources.get(span.source as usize).map_or(("", ""), |s| (&*s.name, &*s.text));
    let before = &content[..content.floor_char_boundary(span.start as usize)];
    let line = before.rsplit('\n').next().unwrap_or("");
    Place {
        source: span.source,
        name,
        start: span.start,
        end: span.end,
        line: 1 + before.bytes().filter(|&byte| byte == b'\n').count(),
        column: 1 + line.chars().count(),
        text,
        replacement,
    }
}
