//! Operands: numbers, names, calls, brackets, norms, blocks, big operators, and what may follow them.
//!
//! In: tokens. Out: trees. Left to others: operators between operands.

use super::Parser;
use super::errors::shown;
use super::expressions::{Level, Node};
use crate::ast::{Big, Expr, ExprKind, Ident, Index, Number};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::Kind;
use crate::span::Span;

/// The most digits that a number may have.
const MAX_DIGITS: usize = 1000;

/// The greatest power of ten in a number.
const MAX_EXPONENT: i64 = 400;

impl Parser<'_> {
    /// Whether an operand can begin with the token.
    pub(super) fn starts_operand(&self, at: usize) -> bool {
        use Kind::*;
        matches!(
            self.kind(at),
            Some(Number | Name | LeftParen | LeftBracket | LeftBrace | DoubleBar | Partial)
        )
    }

    /// An operand with all that follows it directly, read from left to right: `'`, `^2`, `.^2`, `.T`, `[i,j]`.
    pub(super) fn postfix(&mut self) -> Node {
        let mut node = self.operand();
        loop {
            let at = self.pos;
            let Some(kind) = self.peek() else { break };
            let is_element = kind == Kind::LeftBracket && self.touches(at);
            let is_dot_t = kind == Kind::Dot && self.is_name(at + 1, "T") && self.touches(at + 1);
            let wrap: fn(Box<Expr>) -> ExprKind = match kind {
                Kind::Prime | Kind::SuperT => {
                    self.pos += 1;
                    ExprKind::Transpose
                }
                Kind::Dot if is_dot_t => {
                    self.pos += 2;
                    ExprKind::Transpose
                }
                Kind::Superscript => {
                    self.pos += 1;
                    let exponent = self.superscript(at);
                    node = self.power(node, exponent, ExprKind::Power);
                    continue;
                }
                Kind::Caret | Kind::StarStar => {
                    self.report_double_star();
                    self.pos += 1;
                    match self.transpose_mark() {
                        Some((next, false)) => self.pos = next,
                        Some((next, true)) => {
                            let span = self.span(at).to(self.span(next - 1));
                            self.pos = next;
                            let one = self.node(number("1", 0), span, 0);
                            let minus_one = self.negated(vec![span], one);
                            node = self.power(node, minus_one, ExprKind::Power);
                        }
                        None => {
                            let exponent = self.exponent();
                            node = self.power(node, exponent, ExprKind::Power);
                            continue;
                        }
                    }
                    ExprKind::Transpose
                }
                Kind::DotCaret => {
                    self.pos += 1;
                    let exponent = self.exponent();
                    node = self.power(node, exponent, ExprKind::ElementPower);
                    continue;
                }
                Kind::LeftBracket if is_element => {
                    let indices = self.indices();
                    let (span, height) = (node.expr.span.to(self.last_span()), node.height);
                    node = self.node(ExprKind::Element(Box::new(node.expr), indices), span, height);
                    continue;
                }
                _ => break,
            };
            let (span, height) = (node.expr.span.to(self.last_span()), node.height);
            node = self.node(wrap(Box::new(node.expr)), span, height);
        }
        node
    }

    fn power(&mut self, base: Node, exponent: Node, kind: fn(Box<Expr>, Box<Expr>) -> ExprKind) -> Node {
        let span = base.expr.span.to(self.last_span());
        let height = base.height.max(exponent.height);
        self.node(kind(Box::new(base.expr), Box::new(exponent.expr)), span, height)
    }

    /// The transpose after `^`: `T`, `⊤`, `{T}`, and with a minus the inverse transposed; with the token behind it.
    fn transpose_mark(&self) -> Option<(usize, bool)> {
        let braced = self.peek() == Some(Kind::LeftBrace);
        let mut at = self.pos + usize::from(braced);
        let inverse = self.kind(at) == Some(Kind::Minus);
        at += usize::from(inverse);
        let is_t = self.kind(at) == Some(Kind::Top) || self.is_name(at, "T") && !self.declared.contains("T");
        at += 1;
        let closed = !braced || self.kind(at) == Some(Kind::RightBrace);
        (is_t && closed).then_some((at + usize::from(braced), inverse))
    }

    /// What follows `^`: an operand with signs and without anything behind it, or a group in braces.
    fn exponent(&mut self) -> Node {
        let mut minuses = Vec::new();
        while let Some(kind @ (Kind::Minus | Kind::Plus)) = self.peek() {
            if kind == Kind::Minus {
                minuses.push(self.span(self.pos));
            }
            self.pos += 1;
        }
        let node = match self.peek() {
            Some(Kind::LeftBrace) => self.group(),
            // No derivative operator begins here: `a^d/dx` is a quotient.
            Some(Kind::Name) if self.is_name(self.pos, "d") => self.named(),
            _ => self.operand(),
        };
        self.negated(minuses, node)
    }

    fn superscript(&mut self, at: usize) -> Node {
        let (text, span) = (self.text(at), self.span(at));
        let digits: String = text.chars().filter_map(superscript_digit).collect();
        let node = self.number(&digits, span);
        let minuses = if text.starts_with('⁻') { vec![span] } else { Vec::new() };
        self.negated(minuses, node)
    }

    fn operand(&mut self) -> Node {
        self.skip_junk();
        let at = self.pos;
        let span = self.span(at);
        match self.peek() {
            Some(Kind::Number) => {
                self.pos += 1;
                self.number(self.text(at), span)
            }
            Some(Kind::Name | Kind::Partial) => match self.prefix_derivative() {
                Some(node) => node,
                None if self.peek() == Some(Kind::Name) => self.named(),
                None => {
                    let diagnostic = Diagnostic::new(Code::UnexpectedToken, "`∂` is not expected here", span, "an operator of what?")
                        .with_help("a derivative is written `∂/∂x f` or `d/dx f`");
                    self.reports.at(at, diagnostic);
                    self.pos += 1;
                    Node::error(span)
                }
            },
            Some(Kind::LeftParen) => self.group(),
            Some(Kind::LeftBrace) => {
                if !self.behind_junk() {
                    let message = "`{` does not open a group here";
                    let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, "braces stand after `^` only")
                        .with_help("write `(` and `)`");
                    self.reports.at(at, diagnostic);
                }
                self.group()
            }
            Some(Kind::LeftBracket) => self.block(),
            Some(Kind::DoubleBar) => self.norm(Kind::DoubleBar),
            Some(Kind::Bar) => {
                let message = "a single bar has several meanings";
                let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, "which one is meant?").with_help(
                    "write `abs(x)` for an absolute value, `det(A)` for a determinant, `norm(x)` for a norm",
                );
                self.reports.at(at, diagnostic);
                self.norm(Kind::Bar)
            }
            _ => self.missing_operand(),
        }
    }

    /// A name, alone or before the bracket of its arguments or indices.
    fn named(&mut self) -> Node {
        let ident = Ident { name: self.text(self.pos).into(), span: self.span(self.pos) };
        self.pos += 1;
        if self.touches(self.pos) {
            match self.peek() {
                Some(Kind::LeftParen) => return self.call(ident),
                Some(Kind::LeftBracket) => {
                    let big = match ident.name.as_str() {
                        "sum" => Some(Big::Sum),
                        "prod" => Some(Big::Product),
                        "array" => Some(Big::Array),
                        _ => None,
                    };
                    let next = self.input.partners[self.pos].saturating_add(1);
                    if let Some(big) = big.filter(|_| self.starts_operand(next)) {
                        return self.big(big, ident.span);
                    }
                }
                _ => {}
            }
        }
        Node { expr: Expr { kind: ExprKind::Name(ident.name), span: ident.span }, height: 1 }
    }

    fn call(&mut self, function: Ident) -> Node {
        let empty = self.input.partners[self.pos] == self.pos + 1;
        let arguments = self.inside(|p| if empty { Vec::new() } else { p.list("`,` or `)`") });
        let height = arguments.iter().map(|node| node.height).max().unwrap_or(0);
        let span = function.span.to(self.last_span());
        let arguments = arguments.into_iter().map(|node| node.expr).collect();
        self.node(ExprKind::Call(function, arguments), span, height)
    }

    /// Expressions separated by commas, up to the end of the bracket.
    fn list(&mut self, expected: &str) -> Vec<Node> {
        let mut nodes = vec![self.binary(Level::Sum)];
        while self.pos < self.end {
            if !self.eat(Kind::Comma) {
                self.finish(expected);
                break;
            }
            nodes.push(self.binary(Level::Sum));
        }
        nodes
    }

    /// `sum[i,j](e)`
    fn big(&mut self, big: Big, start: Span) -> Node {
        let mut bound = Vec::new();
        for index in self.indices() {
            match index {
                Index::Name(ident) => bound.push(ident),
                Index::Literal(_, span) => {
                    let message = "a bound index is a letter, not a number";
                    self.reports.add(Diagnostic::new(Code::UnexpectedToken, message, span, "expected a letter"));
                }
            }
        }
        let body = if self.peek() == Some(Kind::LeftParen) {
            self.group()
        } else {
            let span = self.span(self.pos);
            let diagnostic =
                Diagnostic::new(Code::UnexpectedToken, "`(` is missing after the bound indices", span, "expected `(`")
                    .with_help("put what is summed into brackets, as in `sum[i](x[i]*y[i])`");
            self.reports.at(self.pos, diagnostic);
            self.binary(Level::Product)
        };
        let (span, height) = (start.to(body.expr.span), body.height);
        self.node(ExprKind::Big(big, bound, Box::new(body.expr)), span, height)
    }

    /// `(e)` or `{e}`; the span takes in the brackets, for the sake of what is made of it.
    fn group(&mut self) -> Node {
        let open = self.span(self.pos);
        let close = if self.peek() == Some(Kind::LeftBrace) { "`}`" } else { "`)`" };
        let mut node = self.inside(|p| {
            let node = p.binary(Level::Sum);
            p.finish(&format!("an operator or {close}"));
            node
        });
        node.expr.span = open.to(self.last_span());
        node
    }

    /// `[A, B; C, D]`
    fn block(&mut self) -> Node {
        let open = self.span(self.pos);
        let mut height = 0;
        let rows = self.inside(|p| {
            let mut rows = vec![vec![]];
            loop {
                let node = p.binary(Level::Sum);
                height = height.max(node.height);
                rows.last_mut().expect("there is a row").push(node.expr);
                if p.eat(Kind::Semicolon) {
                    rows.push(vec![]);
                } else if !p.eat(Kind::Comma) {
                    break;
                }
            }
            p.finish("`,`, `;` or `]`");
            rows
        });
        self.node(ExprKind::Block(rows), open.to(self.last_span()), height)
    }

    /// `‖x‖`, `‖x‖_1`, `‖A‖_F`
    fn norm(&mut self, bar: Kind) -> Node {
        let (at, open) = (self.pos, self.span(self.pos));
        self.pos += 1;
        if self.pos >= self.end {
            let message = format!("{} closes nothing", shown(self.input.text_of(self.input.tokens[at])));
            let diagnostic = Diagnostic::new(Code::UnbalancedBracket, message, open, "no norm is open here")
                .with_help("write `norm(x)` for the norm of x");
            self.reports.at(at, diagnostic);
            return Node::error(open);
        }
        let outer = std::mem::replace(&mut self.in_norm, bar == Kind::DoubleBar);
        let node = self.binary(Level::Sum);
        self.in_norm = outer;
        if !self.eat(bar) {
            let message = format!("{} is never closed", shown(self.input.text_of(self.input.tokens[at])));
            let diagnostic = Diagnostic::new(Code::UnbalancedBracket, message, open, "opened here")
                .with_help("close the norm with the same sign, or write `norm(x)`");
            self.reports.at(at, diagnostic);
        }
        let mut name = "norm";
        if self.peek() == Some(Kind::NormMark) && self.touches(self.pos) {
            name = match self.text(self.pos) {
                "_1" => "norm1",
                "_2" => "norm2",
                _ => "normF",
            };
            self.pos += 1;
        }
        let span = open.to(self.last_span());
        self.node(ExprKind::Call(Ident { name: name.into(), span: open }, vec![node.expr]), span, node.height)
    }

    /// `[i,j]` at the current token; letters and positive integers.
    fn indices(&mut self) -> Vec<Index> {
        self.inside(|p| {
            let mut indices = Vec::new();
            loop {
                let at = p.pos;
                match p.index(at) {
                    Some(index) => indices.push(index),
                    None => {
                        let message = "an index is a letter or a positive integer";
                        let span = if at < p.end { p.span(at) } else { p.last_span() };
                        let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, "expected an index");
                        p.reports.at(at, diagnostic);
                    }
                }
                p.pos = (at + 1).min(p.end);
                if p.pos >= p.end {
                    break;
                }
                if !p.eat(Kind::Comma) {
                    let label = "expected `,` or `]`";
                    let message = format!("{} is not expected in a list of indices", shown(p.text(p.pos)));
                    let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, p.span(p.pos), label);
                    p.reports.at(p.pos, diagnostic.with_help("an index is one letter or one positive integer"));
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
        (close < self.end && (close - open) % 2 == 0).then_some((indices, close + 1))
    }

    fn index(&self, at: usize) -> Option<Index> {
        let (text, span) = (self.text(at), self.span(at));
        match self.kind(at)? {
            Kind::Name => Some(Index::Name(Ident { name: text.into(), span })),
            Kind::Number => text.parse().ok().filter(|&n| n > 0).map(|n| Index::Literal(n, span)),
            _ => None,
        }
    }

    fn number(&mut self, text: &str, span: Span) -> Node {
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

    fn behind_junk(&self) -> bool {
        self.pos > self.segment.begin && self.input.tokens[self.pos - 1].kind == Kind::Junk
    }

    fn missing_operand(&mut self) -> Node {
        let at = self.pos;
        let span = self.span(at);
        let point = Span { end: span.start, ..span };
        if self.behind_junk() {
            return Node::error(point);
        }
        let begins = at == self.segment.begin;
        let before = if begins { "" } else { self.input.text_of(self.input.tokens[at - 1]) };
        let opened = !begins && self.input.tokens[at - 1].kind.closer().is_some();
        let (message, label) = if at >= self.end && opened {
            ("there is nothing between the brackets".into(), self.span(at - 1).to(span))
        } else if begins || opened || matches!(before, "," | ";") {
            let found = if at < self.segment.end { shown(self.input.text_of(self.input.tokens[at])) } else { "the end".into() };
            (format!("an operand is missing before {found}"), span)
        } else {
            (format!("an operand is missing after {}", shown(before)), self.span(at - 1))
        };
        let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, label, "an operand is expected here");
        self.reports.at(at, diagnostic);
        Node::error(point)
    }

    fn report_double_star(&mut self) {
        if self.peek() == Some(Kind::StarStar) {
            let span = self.span(self.pos);
            let diagnostic = Diagnostic::new(Code::UnexpectedToken, "`**` is not an operator", span, "a power is meant")
                .with_help("write `^`")
                .with_fix(span, "^");
            self.reports.at(self.pos, diagnostic);
        }
    }
}

fn number(digits: &str, exponent: i32) -> ExprKind {
    ExprKind::Number(Number { digits: digits.into(), exponent })
}

pub(super) fn superscript_digit(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == c).and_then(|value| char::from_digit(value as u32, 10))
}
