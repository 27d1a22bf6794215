//! Sums and indices as they are written by hand: `\sum_{i=1}^{n} w_i w_i`, `Σ_ij`, `B_{ij}`.
//!
//! In: tokens. Out: the trees of `sum[i](..)` and `B[i,j]`. Left to others: names with a part, such as `w_i`, which mean an
//! element in an expression with indices only ([`crate::indices`]).

use super::Parser;
use super::errors::shown;
use super::expressions::{Level, Node};
use crate::ast::{Big, ExprKind, Ident, Index, Limit};
use crate::diagnostic::{Code, Diagnostic};
use crate::indices::letters;
use crate::lexer::Kind;
use crate::span::Span;

/// The sign of a sum or a product, with what stands below it.
struct Sign {
    big: Big,
    /// The text that names the indices, and where it begins.
    below: (String, Span),
    /// The token behind it.
    next: usize,
}

impl Parser<'_> {
    /// A sum or product by hand at the current token, if one stands here.
    pub(super) fn handwritten(&mut self) -> Option<Node> {
        let start = self.span(self.pos);
        let Some(Sign { big, below: (text, span), next }) = self.sign() else {
            if self.peek() != Some(Kind::Sign) {
                return None;
            }
            let message = format!("{} needs the index that it runs over", shown(self.text(self.pos)));
            self.unexpected(start, &message, "over which index?", "write `sum[i](x[i]*y[i])`");
            self.pos += 1;
            return Some(Node::error(start));
        };
        self.pos = next;
        let bound = self.bound(&text, span);
        if self.eat(Kind::Caret) {
            let to = if self.peek() == Some(Kind::LeftBrace) { self.inside(Self::dim_sum) } else { self.dim_factor() };
            let limits = to.iter().flat_map(|to| bound.iter().map(|index| Limit { index: index.span, to: to.clone() }));
            self.limits.extend(limits);
        }
        let body = self.binary(Level::Product);
        let (span, height) = (start.to(body.expr.span), body.height);
        if bound.is_empty() {
            return Some(body);
        }
        Some(self.node(ExprKind::Big(big, bound, body.expr), span, height))
    }

    fn sign(&self) -> Option<Sign> {
        let text = self.text(self.pos);
        let span = self.span(self.pos);
        let (head, part) = text.split_once('_').unwrap_or((text, ""));
        let big = match (self.peek()?, head) {
            (Kind::Name, "sum" | "Σ") | (Kind::Sign, "\\sum" | "∑") => Big::Sum,
            (Kind::Name, "prod" | "Π") | (Kind::Sign, "\\prod" | "∏") => Big::Product,
            _ => return None,
        };
        let below = |start: usize| Span { start: span.start + start as u32, ..span };
        if !part.is_empty() {
            let letter = part.starts_with(|c: char| c.is_alphabetic());
            let sign = Sign { big, below: (part.into(), below(head.len() + 1)), next: self.pos + 1 };
            return Some(sign).filter(|_| letter && !self.declared.contains(text));
        }
        let next = self.pos + 1;
        let is_part = self.kind(next) == Some(Kind::Subscript) && self.touches(next) && !self.declared.contains(head);
        let (text, span) = self.subscript(next)?;
        is_part.then(|| Sign { big, below: (text, span), next: next + 1 })
    }

    /// The text of a subscript token, without `_` and braces, and where it stands.
    fn subscript(&self, at: usize) -> Option<(String, Span)> {
        let (text, span) = (self.text(at).strip_prefix('_')?, self.span(at));
        Some(match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(inner) => (inner.into(), Span { start: span.start + 2, end: span.end - 1, ..span }),
            None => (text.into(), Span { start: span.start + 1, ..span }),
        })
    }

    /// The indices below a sign: `i`, `ij`, `i,j`, `i=1`.
    fn bound(&mut self, text: &str, span: Span) -> Vec<Ident> {
        let (names, from) = text.split_once('=').map_or((text, None), |(names, from)| (names, Some(from.trim())));
        let mut bound = Vec::new();
        for index in letters(names, span) {
            match index {
                Some(Index::Name(ident)) => bound.push(ident),
                _ => bound.clear(),
            }
            if bound.is_empty() {
                break;
            }
        }
        if bound.is_empty() {
            let message = "below a sum stand the letters of its indices";
            self.unexpected(span, message, "expected letters", "write `sum_{i=1}^n`, `sum_i` or `sum[i](..)`");
        } else if from.is_some_and(|from| from != "1") {
            let message = "an index runs from 1";
            self.unexpected(span, message, "another beginning", "write `sum_{i=1}^n`");
        }
        bound
    }

    /// `_{ij}` behind an operand.
    pub(super) fn element_by_hand(&mut self, at: usize) -> Vec<Index> {
        let Some((text, span)) = self.subscript(at) else { return vec![] };
        let indices: Option<Vec<Index>> = letters(&text, span).collect();
        indices.filter(|indices| !indices.is_empty()).unwrap_or_else(|| {
            let message = "a subscript holds indices: letters, or positive integers between commas";
            let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, "expected indices");
            self.reports.at(at, diagnostic.with_help("write `B_{ij}` or `B[i,j]`"));
            vec![Index::Literal(1, span)]
        })
    }

    /// A declared name that is written with braces, `x_{max}`.
    pub(super) fn braced_name(&self) -> Option<String> {
        let (name, next) = (self.text(self.pos), self.pos + 1);
        if self.kind(next) != Some(Kind::Subscript) || !self.touches(next) {
            return None;
        }
        let whole = format!("{name}_{}", self.subscript(next)?.0);
        self.declared.contains(&whole).then_some(whole)
    }
}
