//! Operands: numbers, names, calls, brackets, norms, blocks, big operators, and what may follow them.
//!
//! In: tokens. Out: trees. Left to others: operators between operands.

use super::Parser;
use super::errors::shown;
use super::expressions::{Level, Node};
use crate::ast::{Big, ExprKind, Ident, Index};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::Kind;
use crate::span::Span;

/// What may follow an operand.
enum Suffix {
    Transpose,
    /// `^-T`
    InverseTransposed,
    Power(Node),
    ElementPower(Node),
    Element(Vec<Index>),
}

impl Parser<'_> {
    /// Whether an operand can begin with the token.
    pub(super) fn starts_operand(&self, at: usize) -> bool {
        use Kind::*;
        matches!(self.kind(at), Some(Number | Name | Sign | LeftParen | LeftBracket | LeftBrace | DoubleBar | Partial))
    }

    /// An operand with all that follows it directly, read from left to right: `'`, `^2`, `.^2`, `.T`, `[i,j]`.
    pub(super) fn postfix(&mut self) -> Node {
        let mut node = self.operand();
        while let Some(suffix) = self.suffix() {
            let span = node.expr.span.to(self.last_span());
            let height = node.height;
            node = match suffix {
                Suffix::Transpose => self.node(ExprKind::Transpose(node.expr), span, height),
                Suffix::Power(exponent) => {
                    let height = height.max(exponent.height);
                    self.node(ExprKind::Power(node.expr, exponent.expr), span, height)
                }
                Suffix::ElementPower(exponent) => {
                    let height = height.max(exponent.height);
                    self.node(ExprKind::ElementPower(node.expr, exponent.expr), span, height)
                }
                Suffix::Element(indices) => self.node(ExprKind::Element(node.expr, indices), span, height),
                Suffix::InverseTransposed => {
                    let minus_one = self.number("1", span);
                    let minus_one = self.negated(vec![span], minus_one);
                    let kind = ExprKind::Power(node.expr, minus_one.expr);
                    let power = self.node(kind, span, height.max(minus_one.height));
                    self.node(ExprKind::Transpose(power.expr), span, power.height)
                }
            };
        }
        node
    }

    /// One form that follows an operand, if one stands here.
    fn suffix(&mut self) -> Option<Suffix> {
        let at = self.pos;
        let dot_t = self.is_name(at + 1, "T") && self.touches(at + 1);
        match self.peek()? {
            Kind::LeftBracket if self.touches(at) => return Some(Suffix::Element(self.indices())),
            Kind::Subscript if self.touches(at) => {
                self.pos += 1;
                return Some(Suffix::Element(self.element_by_hand(at)));
            }
            Kind::Dot if dot_t => {
                self.pos += 2;
                return Some(Suffix::Transpose);
            }
            Kind::Prime | Kind::SuperT | Kind::Superscript | Kind::Caret | Kind::StarStar | Kind::DotCaret => {}
            _ => return None,
        }
        self.pos += 1;
        Some(match self.input.tokens[at].kind {
            Kind::Superscript => Suffix::Power(self.superscript(at)),
            Kind::DotCaret => Suffix::ElementPower(self.exponent()),
            kind @ (Kind::Caret | Kind::StarStar) => {
                if kind == Kind::StarStar {
                    self.report_double_star(at);
                }
                match self.transpose_mark() {
                    None => Suffix::Power(self.exponent()),
                    Some((next, inverse)) => {
                        self.pos = next;
                        if inverse { Suffix::InverseTransposed } else { Suffix::Transpose }
                    }
                }
            }
            _ => Suffix::Transpose,
        })
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

    fn operand(&mut self) -> Node {
        self.skip_junk();
        let span = self.span(self.pos);
        match self.peek() {
            Some(Kind::Number) => {
                self.pos += 1;
                self.number(self.text(self.pos - 1), span)
            }
            Some(Kind::Name | Kind::Sign | Kind::Partial) => {
                match self.prefix_derivative().or_else(|| self.handwritten()) {
                    Some(node) => node,
                    None if self.peek() == Some(Kind::Name) => self.named(),
                    None => {
                        let help = "a derivative is written `∂/∂x f` or `d/dx f`";
                        self.unexpected(span, "`∂` is not expected here", "an operator of what?", help);
                        self.pos += 1;
                        Node::error(span)
                    }
                }
            }
            Some(Kind::LeftParen) => self.group(),
            Some(Kind::LeftBrace) => {
                if !self.behind_junk() {
                    let message = "`{` does not open a group here";
                    self.unexpected(span, message, "braces stand after `^` only", "write `(` and `)`");
                }
                self.group()
            }
            Some(Kind::LeftBracket) => self.block(),
            Some(Kind::DoubleBar) => self.norm(Kind::DoubleBar),
            Some(Kind::Bar) => {
                let message = "a single bar has several meanings";
                let help = "write `abs(x)` for an absolute value, `det(A)` for a determinant, `norm(x)` for a norm";
                self.unexpected(span, message, "which one is meant?", help);
                self.norm(Kind::Bar)
            }
            _ => self.missing_operand(),
        }
    }

    /// A name, alone or before the bracket of its arguments or indices.
    fn named(&mut self) -> Node {
        let ident = Ident { name: self.text(self.pos).into(), span: self.span(self.pos) };
        if let Some(name) = self.braced_name() {
            let span = ident.span.to(self.span(self.pos + 1));
            self.pos += 2;
            return self.node(ExprKind::Name(name), span, 0);
        }
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
                    let indexed = self.kind(next) == Some(Kind::LeftBracket) && self.touches(next);
                    if let Some(big) = big.filter(|_| self.starts_operand(next) && !indexed) {
                        return self.big(big, ident.span);
                    }
                }
                _ => {}
            }
        }
        self.node(ExprKind::Name(ident.name), ident.span, 0)
    }

    fn call(&mut self, function: Ident) -> Node {
        let empty = self.input.partners[self.pos] == self.pos + 1;
        let arguments = self.inside(|p| if empty { Vec::new() } else { p.list("`,` or `)`") });
        let height = arguments.iter().map(|node| node.height).max().unwrap_or(0);
        let span = function.span.to(self.last_span());
        let arguments = arguments.into_iter().map(|node| *node.expr).collect();
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
                    self.unexpected(span, message, "expected a letter", "write `x[1]` for one element");
                }
            }
        }
        let body = if self.peek() == Some(Kind::LeftParen) {
            self.group()
        } else {
            let message = "`(` is missing after the bound indices";
            let help = "put what is summed into brackets, as in `sum[i](x[i]*y[i])`";
            self.unexpected(self.span(self.pos), message, "expected `(`", help);
            self.binary(Level::Product)
        };
        let (span, height) = (start.to(body.expr.span), body.height);
        self.node(ExprKind::Big(big, bound, body.expr), span, height)
    }

    /// `(e)` or `{e}`; the span takes in the brackets, for the sake of what is made of it.
    fn group(&mut self) -> Node {
        let open = self.span(self.pos);
        let close = if self.peek() == Some(Kind::LeftBrace) { "an operator or `}`" } else { "an operator or `)`" };
        let mut node = self.inside(|p| {
            let node = p.binary(Level::Sum);
            p.finish(close);
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
            let (mut rows, mut row) = (vec![], vec![]);
            loop {
                let node = p.binary(Level::Sum);
                height = height.max(node.height);
                row.push(*node.expr);
                if p.eat(Kind::Semicolon) {
                    rows.push(std::mem::take(&mut row));
                } else if !p.eat(Kind::Comma) {
                    break;
                }
            }
            rows.push(row);
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
            self.report_norm(at, "closes nothing");
            return Node::error(open);
        }
        let outer = std::mem::replace(&mut self.in_norm, bar == Kind::DoubleBar);
        let node = self.binary(Level::Sum);
        self.in_norm = outer;
        if !self.eat(bar) {
            self.report_norm(at, "is never closed");
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
        let function = Ident { name: name.into(), span: open };
        let span = open.to(self.last_span());
        self.node(ExprKind::Call(function, vec![*node.expr]), span, node.height)
    }

    #[cold]
    fn report_norm(&mut self, at: usize, what: &str) {
        let message = format!("{} {what}", shown(self.text(at)));
        let label = "expected one such sign before and one behind";
        let diagnostic = Diagnostic::new(Code::UnbalancedBracket, message, self.span(at), label)
            .with_help("write `norm(x)` for the norm of x");
        self.reports.at(at, diagnostic);
    }

    fn behind_junk(&self) -> bool {
        self.pos > self.segment.begin && self.input.tokens[self.pos - 1].kind == Kind::Junk
    }

    #[cold]
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
            let found =
                if at < self.segment.end { shown(self.input.text_of(self.input.tokens[at])) } else { "the end".into() };
            (format!("an operand is missing before {found}"), span)
        } else {
            (format!("an operand is missing after {}", shown(before)), self.span(at - 1))
        };
        let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, label, "an operand is expected here");
        self.reports.at(at, diagnostic);
        Node::error(point)
    }

    #[cold]
    fn report_double_star(&mut self, at: usize) {
        let span = self.span(at);
        let message = "`**` is not an operator";
        let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, "a power is meant")
            .with_help("write `^`")
            .with_fix(span, "^");
        self.reports.at(at, diagnostic);
    }
}
