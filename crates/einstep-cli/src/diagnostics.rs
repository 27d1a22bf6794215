//! Diagnostics drawn on standard error: the message, the lines of the source with their labels, ways out.
//!
//! In: a [`Failure`]. Out: text on standard error. Left to others: what is wrong, and where.

use crate::failure::Failure;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use einstep::Source;
use einstep::check::Rejection;
use einstep::syntax::{Diagnostic, Span};
use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

/// Where einstep's own defects are to be told.
pub(crate) const REPORT: &str = "this is a defect of einstep: please report it with the command that led to it";

/// How many findings are shown at most: what follows from so many is no longer read.
pub(crate) const MAX_SHOWN: usize = 20;

/// How many characters of one sentence are shown at most; longer ones quote a name that is none.
const MAX_SENTENCE: usize = 400;

/// Draws what went wrong.
pub(crate) fn write(failure: &Failure) {
    let groups: Vec<Group<'_>> = match failure {
        Failure::Derivation(einstep::Error::Refused { diagnostics, sources }) => {
            let shown = diagnostics.iter().take(MAX_SHOWN).map(|diagnostic| group(diagnostic, sources));
            let more = diagnostics.len().saturating_sub(MAX_SHOWN);
            let rest = (more > 0).then(|| Level::ERROR.primary_title(format!("{more} further errors are not shown")));
            shown.chain(rest.map(Group::with_title)).collect()
        }
        Failure::Derivation(einstep::Error::Internal(rejection)) => vec![internal(rejection)],
        Failure::Input { message, help } | Failure::Line { message, help } => {
            let title = Group::with_title(Level::ERROR.primary_title(message));
            vec![title.elements(help.iter().map(|help| Level::HELP.message(help)))]
        }
        Failure::Panic(message) => {
            let title = Level::ERROR.primary_title(format!("internal error: {message}"));
            vec![Group::with_title(title).element(Level::HELP.message(REPORT))]
        }
    };
    draw(&groups);
}

/// Draws a warning of one sentence.
pub(crate) fn warn(message: &str) {
    draw(&[Group::with_title(Level::WARNING.primary_title(message))]);
}

/// Draws every group as a report of its own. Standard error that can't be written to leaves nobody to tell.
fn draw(groups: &[Group<'_>]) {
    let renderer = Renderer::styled().term_width(120);
    let mut stderr = anstream::stderr().lock();
    for (position, group) in groups.iter().enumerate() {
        let blank = if position == 0 { "" } else { "\n" };
        let _ = writeln!(stderr, "{blank}{}", renderer.render(std::slice::from_ref(group)));
    }
    let _ = stderr.flush();
}

/// A diagnostic: one snippet for each text that its labels speak of, the primary one first.
fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a [Source]) -> Group<'a> {
    let title = Level::ERROR.primary_title(short(&diagnostic.message)).id(diagnostic.code.id());
    let mut group = Group::with_title(title);
    let mut order: Vec<u32> = Vec::new();
    for label in &diagnostic.labels {
        if !order.contains(&label.span.source) {
            order.push(label.span.source);
        }
    }
    for number in order {
        let Some(source) = sources.get(number as usize) else { continue };
        let labels = diagnostic.labels.iter().enumerate().filter(|(_, label)| label.span.source == number);
        let annotations = labels.map(|(position, label)| {
            let kind = if position == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(range(label.span, source)).label(short(&label.text))
        });
        group = group.element(snippet(source).annotations(annotations));
    }
    group.elements(diagnostic.help.iter().map(|help| Level::HELP.message(short(help))))
}

/// A sentence cut to a length that can be read.
fn short(sentence: &str) -> Cow<'_, str> {
    match sentence.char_indices().nth(MAX_SENTENCE) {
        Some((end, _)) => format!("{}…", &sentence[..end]).into(),
        None => sentence.into(),
    }
}

fn snippet(source: &Source) -> Snippet<'_, Annotation<'_>> {
    Snippet::source(&source.text).path(&source.name)
}

/// The bytes of a span, on character boundaries inside the text.
fn range(span: Span, source: &Source) -> Range<usize> {
    let text = &source.text;
    let end = text.ceil_char_boundary(span.end as usize);
    let start = text.floor_char_boundary((span.start as usize).min(end));
    start..end
}

/// A derivation that failed its own check.
fn internal(rejection: &Rejection) -> Group<'_> {
    let title = Level::ERROR.primary_title("internal error: the derivation failed its own check, and is not shown");
    let rule = rejection.rule.as_ref().map(|rule| format!(", rule {rule}")).unwrap_or_default();
    let mut group =
        Group::with_title(title).element(Level::NOTE.message(format!("{}{rule}: {}", rejection.at, rejection.message)));
    if let Some(point) = &rejection.counterexample {
        let sizes: Vec<String> = point.sizes.iter().map(|(name, size)| format!("{name} = {size}")).collect();
        let point = format!("at {}: {} on one side, {} on the other", sizes.join(", "), point.left, point.right);
        group = group.element(Level::NOTE.message(point));
    }
    group.element(Level::HELP.message(REPORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_names_the_step_and_asks_for_a_report() {
        let rejection = Rejection {
            at: "step 12".into(),
            step: Some(12),
            rule: Some("delta.contract".into()),
            place: None,
            message: "the two sides differ".into(),
            citation: false,
            counterexample: None,
        };
        let text = Renderer::plain().render(&[internal(&rejection)]);
        let expected = "step 12, rule delta.contract: the two sides differ";
        assert!(text.starts_with("error: internal error") && text.contains(expected), "{text}");
        assert!(text.contains("please report"), "{text}");
        assert_eq!(Failure::from(einstep::Error::Internal(Box::new(rejection))).exit_code(), 1);
    }

    #[test]
    fn spans_that_do_not_fit_are_drawn_nevertheless() {
        let source = Source { name: "expression".into(), text: "ψ+ψ".into() };
        let span = |start, end| Span { source: 0, start, end };
        assert_eq!(range(span(1, 4), &source), 0..5);
        assert_eq!(range(span(7, 9), &source), 5..5);
        assert_eq!(range(span(3, 2), &source), 2..2);
    }
}
