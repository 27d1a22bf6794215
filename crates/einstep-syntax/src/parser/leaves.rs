//! Numbers and indices.
//!
//! In: single tokens, and lists of indices. Out: leaves of the tree.
//! Left to others: everything that holds an expression.

use super::Parser;
use super::errors::shown;
use super::expressions::Node;
use crate::ast::{ExprKind, Ident, Index, Number};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::Kind;
use crate::span::Span;

/// The most digits that a number may have.
const MAX_DIGITS: usize = 1000;

/// The greatest power of ten in a number.
const MAX_EXPONENT: i64 = 400;

impl Parser<'_> {
    pub(super) fn superscript(&mut self, at: usize) -> Node {
        let (text, span) = (self.text(at), self.span(at));
        let digits: String = text.chars().filter_map(superscript_digit).collect();
        let node = self.number(&digits, span);
        let minuses = if text.starts_with('⁻') { vec![span] } else { Vec::new() };
        self.negated(minuses, node)
    }

    /// `[i,j]` at the current token; letters and positive integers.
    pub(super) fn indices(&mut self) -> Vec<Index> {
        self.inside(|p| {
            let mut indices = Vec::new();
            loop {
                let at = p.pos;
                match p.index(at) {
                    Some(index) => indices.push(index),
                    None => {
                        let span = if at < p.end { p.span(at) } else { p.last_span() };
                        let message = "an index is a letter or a positive integer";
                        p.unexpected(span, message, "expected an index", "write `x[i]` or `x[1]`");
                    }
                }
                p.pos = (at + 1).min(p.end);
                if p.pos >= p.end {
                    break;
                }
                if !p.eat(Kind::Comma) {
                    let message = format!("{} is not expected in a list of indices", shown(p.text(p.pos)));
                    let help = "an index is one letter or one positive integer";
                    p.unexpected(p.span(p.pos), &message, "expected `,` or `]`", help);
                    p.pos = p.end;
                    break;
                }
            }
            indices
        })
    }

    /// The list of indices at a token if it is in order, with the token behind it.
    pub(super) fn try_indices(&self, open: usize) -> Option<(Vec<Index>, usize)> {
        let close = self.input.partners[open];
        let mut indices = Vec::new();
        for at in open + 1..close.min(self.end) {
            if (at - open) % 2 == 1 {
                indices.push(self.index(at)?);
            } else if self.kind(at) != Some(Kind::Comma) {
                return None;
            }
        }
        (close < self.end && (close - open).is_multiple_of(2)).then_some((indices, close + 1))
    }

    fn index(&self, at: usize) -> Option<Index> {
        let (text, span) = (self.text(at), self.span(at));
        match self.kind(at)? {
            Kind::Name => Some(Index::Name(Ident { name: text.into(), span })),
            Kind::Number => text.parse().ok().filter(|&n| n > 0).map(|n| Index::Literal(n, span)),
            _ => None,
        }
    }

    pub(super) fn number(&mut self, text: &str, span: Span) -> Node {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // Zeros at the end of decimals say nothing: 2.50 is 2.5.
        let decimals = decimals.trim_end_matches('0');
        let digits = [whole, decimals].concat();
        let digits = digits.trim_start_matches('0');
        // A written exponent that does not fit is out of bounds all the more.
        let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX).saturating_sub(decimals.len() as i64);
        if digits.is_empty() {
            return self.node(number("0", 0), span, 0);
        }
        if digits.len() > MAX_DIGITS || exponent.abs() > MAX_EXPONENT {
            let message = "the number is too large or too small";
            let label = format!("at most {MAX_DIGITS} digits and powers of ten up to {MAX_EXPONENT}");
            self.reports.add(Diagnostic::new(Code::NumberTooLarge, message, span, label));
            return Node::error(span);
        }
        self.node(number(digits, exponent as i32), span, 0)
    }
}

pub(super) fn number(digits: &str, exponent: i32) -> ExprKind {
    ExprKind::Number(Number { digits: digits.into(), exponent })
}

pub(super) fn superscript_digit(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == c).and_then(|value| char::from_digit(value as u32, 10))
}
