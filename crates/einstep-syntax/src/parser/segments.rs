//! Text to segments: the tokens of each declaration and question, with the brackets matched.
//!
//! In: text. Out: [`Segments`], and reports on unknown characters and unbalanced brackets.
//! Left to others: what stands in a segment. Of the brackets, only the matched ones and unmatched opening ones remain.

use super::MAX_BYTES;
use super::errors::{Reports, hint_for_junk, shown};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::{Kind, Token, lex};
use crate::span::Span;

/// No bracket.
const NONE: usize = usize::MAX;

/// How many unbalanced brackets are worth a report: the rest follow from the first.
const MAX_UNBALANCED: usize = 3;

/// The tokens of a text, cut into segments.
pub(super) struct Segments<'a> {
    pub(super) text: &'a str,
    pub(super) source: u32,
    pub(super) tokens: Vec<Token>,
    /// For each bracket the index of its partner, [`usize::MAX`] for an opening bracket without one.
    pub(super) partners: Vec<usize>,
    list: Vec<Segment>,
}

/// A range of tokens between two separators; never empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) begin: usize,
    pub(super) end: usize,
    /// Whether it holds `in`, `∈` or `:`.
    pub(super) declares: bool,
}

impl<'a> Segments<'a> {
    /// Cuts a text into segments.
    pub(super) fn read(text: &'a str, source: u32) -> (Segments<'a>, Reports) {
        let mut reports = Reports::default();
        let mut segments = Segments { text, source, tokens: Vec::new(), partners: Vec::new(), list: Vec::new() };
        if text.len() > MAX_BYTES {
            let message = format!("the text is longer than {} MiB", MAX_BYTES >> 20);
            let span = Span { source, start: 0, end: 0 };
            reports.add(Diagnostic::new(Code::UnreadableText, message, span, "it begins here"));
            return (segments, reports);
        }
        let raw = lex(text);
        let (partners, mismatched) = match_brackets(&raw);
        segments.cut(&raw, &partners);
        segments.report_junk(&mut reports);
        segments.report_brackets(&raw, &partners, &mismatched, &mut reports);
        (segments, reports)
    }

    /// The segments in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Segment> + '_ {
        self.list.iter().copied()
    }

    pub(super) fn text_of(&self, token: Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        Span { source: self.source, start: token.start, end: token.end }
    }

    pub(super) fn segment_span(&self, segment: Segment) -> Span {
        self.span_of(self.tokens[segment.begin]).to(self.span_of(self.tokens[segment.end - 1]))
    }

    /// Cuts at `;` and line ends outside brackets, and drops what no later step wants to see: separators, line ends
    /// within a segment, closing brackets that close nothing.
    fn cut(&mut self, raw: &[Token], partners: &[usize]) {
        let mut places = vec![NONE; raw.len()];
        let mut depth = 0usize;
        let (mut begin, mut declares) = (0, false);
        for (at, &token) in raw.iter().enumerate() {
            let matched = partners[at] != NONE;
            let separates = match token.kind {
                Kind::Semicolon => depth == 0,
                // Of several line ends in a row, the first decides.
                Kind::Newline if at > 0 && raw[at - 1].kind == Kind::Newline => false,
                Kind::Newline => depth == 0 && !self.continues(begin, declares, &raw[at + 1..]),
                _ => false,
            };
            if separates {
                self.close_segment(&mut begin, &mut declares);
                continue;
            }
            if token.kind.closer().is_some() {
                depth += usize::from(matched);
            } else if token.kind.closes() {
                depth -= usize::from(matched);
            }
            if token.kind == Kind::Newline || token.kind.closes() && !matched {
                continue;
            }
            let is_in = matches!(token.kind, Kind::In | Kind::Colon);
            declares |= depth == 0 && is_in;
            places[at] = self.tokens.len();
            self.tokens.push(token);
            self.partners.push(NONE);
        }
        self.close_segment(&mut begin, &mut declares);
        for (&place, &partner) in places.iter().zip(partners) {
            if place != NONE && partner != NONE {
                self.partners[place] = places[partner];
            }
        }
    }

    fn close_segment(&mut self, begin: &mut usize, declares: &mut bool) {
        let end = self.tokens.len();
        if *begin < end {
            self.list.push(Segment { begin: *begin, end, declares: *declares });
        }
        (*begin, *declares) = (end, false);
    }

    /// Whether a segment goes on after a line end.
    fn continues(&self, begin: usize, declares: bool, rest: &[Token]) -> bool {
        let tokens = &self.tokens[begin..];
        let Some(last) = tokens.last() else {
            return false;
        };
        if is_infix(last.kind) || last.kind == Kind::Comma {
            return true;
        }
        let next = rest.iter().find(|t| t.kind != Kind::Newline);
        if declares || next.is_none() {
            return false;
        }
        // An operator `d/dx` waits for its expression.
        let operators = tokens.len() <= 12
            && tokens.len().is_multiple_of(3)
            && tokens.chunks(3).all(|t| {
                matches!(self.text_of(t[0]), "d" | "∂")
                    && t[1].kind == Kind::Slash
                    && self.text_of(t[2]).starts_with('d')
            });
        operators || next.is_some_and(|t| is_infix(t.kind))
    }

    fn report_junk(&self, reports: &mut Reports) {
        for &token in self.tokens.iter().filter(|t| t.kind == Kind::Junk) {
            if reports.is_full() {
                return;
            }
            let text = self.text_of(token);
            let plural = text.chars().nth(1).is_some();
            let message = format!("unknown character{} {}", if plural { "s" } else { "" }, shown(text));
            let label = "not part of the language";
            let diagnostic = Diagnostic::new(Code::UnknownCharacter, message, self.span_of(token), label);
            reports.add(hint_for_junk(diagnostic, text, self.span_of(token)));
        }
    }

    fn report_brackets(&self, raw: &[Token], partners: &[usize], mismatched: &[usize], reports: &mut Reports) {
        for &open in mismatched.iter().take(MAX_UNBALANCED) {
            let (open, close) = (raw[open], raw[partners[open]]);
            let message = format!("`{}` is closed by `{}`", self.text_of(open), self.text_of(close));
            reports.add(
                Diagnostic::new(Code::UnbalancedBracket, message, self.span_of(open), "opened here")
                    .with_label(self.span_of(close), "closed here")
                    .with_fix(self.span_of(close), closing(open.kind)),
            );
        }
        let unmatched = |at: &usize| self.tokens[*at].kind.closer().is_some() && self.partners[*at] == NONE;
        let first_open = (0..self.tokens.len()).find(unmatched).map_or(u32::MAX, |at| self.tokens[at].start);
        // A closing bracket too many behind an opening one too many is an echo of it.
        let superfluous = raw.iter().zip(partners).filter(|(t, partner)| t.kind.closes() && **partner == NONE);
        for (&close, _) in superfluous.take_while(|(t, _)| t.start < first_open).take(MAX_UNBALANCED) {
            let message = format!("`{}` closes nothing", self.text_of(close));
            let span = self.span_of(close);
            reports.add(
                Diagnostic::new(Code::UnbalancedBracket, message, span, "no bracket is open here")
                    .with_help("remove it, or open the bracket before")
                    .with_fix(span, ""),
            );
        }
        for segment in self.iter() {
            let open: Vec<usize> = (segment.begin..segment.end).filter(unmatched).collect();
            let Some(first) = open.first().map(|&at| self.tokens[at]) else {
                continue;
            };
            let missing: String = open.iter().rev().map(|&at| closing(self.tokens[at].kind)).collect();
            let message = match open.len() {
                1 => format!("`{}` is never closed", self.text_of(first)),
                count => format!("{count} brackets are never closed"),
            };
            let end = self.segment_span(segment).end;
            let place = Span { start: end, end, source: self.source };
            let mut diagnostic = Diagnostic::new(Code::UnbalancedBracket, message, self.span_of(first), "opened here")
                .with_help(format!("close it with `{}`", closing(first.kind)));
            for &at in open[1..].iter().take(MAX_UNBALANCED) {
                diagnostic = diagnostic.with_label(self.span_of(self.tokens[at]), "opened here");
            }
            if missing.len() <= MAX_UNBALANCED {
                diagnostic = diagnostic.with_fix(place, missing);
            }
            reports.add(diagnostic);
        }
    }
}

/// Pairs the brackets, and lists the opening ones of pairs of different kinds.
fn match_brackets(tokens: &[Token]) -> (Vec<usize>, Vec<usize>) {
    let mut partners = vec![NONE; tokens.len()];
    let mut mismatched = Vec::new();
    let mut stack: Vec<(usize, Kind)> = Vec::new();
    let open = |kind: Kind, change: isize, counts: &mut [isize; 3]| {
        let slot = match kind {
            Kind::RightParen => 0,
            Kind::RightBracket => 1,
            _ => 2,
        };
        counts[slot] += change;
        counts[slot] > 0
    };
    let mut counts = [0; 3];
    for (at, token) in tokens.iter().enumerate() {
        if let Some(closer) = token.kind.closer() {
            stack.push((at, closer));
            open(closer, 1, &mut counts);
        } else if token.kind.closes() || token.kind == Kind::Semicolon {
            // A `;` belongs to a block or ends the segment: brackets opened since are never closed.
            let wanted = if token.kind.closes() { token.kind } else { Kind::RightBracket };
            let known = open(wanted, 0, &mut counts);
            while (known || !token.kind.closes())
                && let Some((_, closer)) = stack.pop_if(|top| top.1 != wanted)
            {
                open(closer, -1, &mut counts);
            }
            if token.kind.closes()
                && let Some((partner, closer)) = stack.pop()
            {
                open(closer, -1, &mut counts);
                (partners[partner], partners[at]) = (at, partner);
                if closer != token.kind {
                    mismatched.push(partner);
                }
            }
        }
    }
    (partners, mismatched)
}

/// The bracket that closes `kind`, as text.
fn closing(kind: Kind) -> &'static str {
    match kind {
        Kind::LeftParen => ")",
        Kind::LeftBracket => "]",
        _ => "}",
    }
}

/// Whether it stands between two operands.
fn is_infix(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, Plus | Minus | Star | DotStar | Slash | DotSlash | Kron | Times | StarStar | Caret | DotCaret)
}
