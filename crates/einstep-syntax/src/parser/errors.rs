//! The collection of diagnostics: a cap, no echoes, and wording that several places share.
//!
//! In: findings. Out: at most [`MAX_REPORTS`] diagnostics in the order of the text.
//! Left to others: finding.

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

/// More diagnostics than this help nobody.
const MAX_REPORTS: usize = 20;

/// The diagnostics so far.
#[derive(Default)]
pub(super) struct Reports {
    list: Vec<Diagnostic>,
    last: Option<usize>,
    too_deep: bool,
}

impl Reports {
    /// Adds a finding.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.list.push(diagnostic);
        }
    }

    /// Adds a finding at a token, unless the last one was at the same token: then this is its echo.
    pub(super) fn at(&mut self, token: usize, diagnostic: Diagnostic) {
        if self.last.replace(token) != Some(token) {
            self.add(diagnostic);
        }
    }

    /// Says once that the text is nested too deeply.
    pub(super) fn too_deep(&mut self, span: Span) {
        if !std::mem::replace(&mut self.too_deep, true) {
            let message = "the expression is nested too deeply";
            self.add(
                Diagnostic::new(Code::TooDeep, message, span, "the limit is met here")
                    .with_help("write it with fewer brackets or operators inside one another"),
            );
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_REPORTS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All findings in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| d.labels.first().map(|label| label.span.start));
        self.list
    }
}

/// A piece of the user's text for a message: quoted, visible, short.
pub(super) fn shown(text: &str) -> String {
    const LENGTH: usize = 24;
    let mut result = String::from("`");
    for c in text.chars().take(LENGTH) {
        if c.is_control() || c.is_whitespace() && c != ' ' {
            result += &format!("U+{:04X}", c as u32);
        } else {
            result.push(c);
        }
    }
    if text.chars().nth(LENGTH).is_some() {
        result.push('…');
    }
    result + "`"
}

/// What to write instead of characters that are at home in other languages.
pub(super) fn hint_for_junk(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let help = match text {
        "=" | "==" => "an equation is not an expression: give one side of it",
        "\\" => "`A\\b` is written `inv(A)*b`; names are written without `\\`",
        "_" => "an index is written in brackets, as `B[i,j]`, and a name with a part as `x_1`",
        "√" => "a root is written `sqrt(x)`",
        "∑" | "∏" => "a sum or product over an index is written `sum[i](x[i])`, `prod[i](x[i])`",
        "∇" => "a gradient is written `grad_x f` or `d/dx f`",
        "÷" => return diagnostic.with_fix(span, "/"),
        "µ" => {
            return diagnostic.with_help("write the Greek letter `μ`").with_fix(span, "μ");
        }
        "\"" | "`" => return diagnostic.with_help("the transpose is written `A'`"),
        "…" => "write out all operands",
        _ => return diagnostic.with_help("remove it").with_fix(span, ""),
    };
    diagnostic.with_help(help)
}

/// The candidate most like `word`, and whether it is like enough to be meant.
pub(super) fn nearest<'c>(word: &str, candidates: &[&'c str]) -> (&'c str, bool) {
    let word = word.to_lowercase();
    let cost = |candidate: &str| {
        let shared = word.chars().zip(candidate.chars()).take_while(|(a, b)| a == b).count();
        // An abbreviation is closer than any misspelling.
        if shared >= 3 && shared == word.len() { 0 } else { distance(&word, candidate) }
    };
    let best = candidates.iter().copied().min_by_key(|c| cost(c)).unwrap_or_default();
    (best, cost(best) <= word.len() / 3)
}

/// The number of letters to insert, delete or change; long words count as far away.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 40 {
        return a.len();
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
