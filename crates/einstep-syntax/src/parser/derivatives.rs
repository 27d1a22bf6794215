//! Derivative operators: `d/dX e` and `grad_x e` in place of any operand, `d e / d X` as the whole.
//!
//! In: tokens. Out: [`ExprKind::Derivative`] trees. All that stands to the right of an operator belongs to it.
//! Left to others: what it means to differentiate.
//!
//! `d` is an ordinary name as well, so that each form is recognised by what surrounds it.

use super::Parser;
use super::expressions::{Level, Node};
use crate::ast::{Expr, ExprKind, Ident, Variable};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::Kind;
use crate::span::Span;

/// The operator of a derivative, without its expression.
struct Operator {
    variable: Variable,
    /// Whether it stands for two, as `hess_x`.
    twice: bool,
    /// The prime of `d/dx'`.
    prime: Option<Span>,
    span: Span,
    /// The token behind it.
    next: usize,
}

impl Parser<'_> {
    /// Reads the whole segment as an expression, with the operator around it if it is a question in that form.
    pub(super) fn statement(&mut self) -> Expr {
        let node = match self.split_operator() {
            None => self.binary(Level::Sum),
            Some((operator, slash)) => {
                self.pos += 1;
                let outer = std::mem::replace(&mut self.end, slash);
                self.report_lone_prime(&operator);
                let node = self.derivative(operator);
                self.finish("an operator or the end");
                (self.pos, self.end) = (outer, outer);
                node
            }
        };
        self.finish("an operator or the end");
        *node.expr
    }

    /// `d/dX e`, `∂/∂X e`, `grad_x e` at the current token, if one stands there.
    pub(super) fn prefix_derivative(&mut self) -> Option<Node> {
        let (first, chained) = (self.start == self.pos, self.chain == self.pos);
        let operator = self.named_operator().or_else(|| self.prefix_operator(first || chained))?;
        let next = operator.next;
        let partial = self.kind(self.pos) == Some(Kind::Partial);
        let follows = self.starts_operand(next)
            || partial
            || (first || chained) && matches!(self.kind(next), Some(Kind::Minus | Kind::Plus)) && self.is_sign(next)
            || (first || chained) && next >= self.end && next > self.pos + 1;
        if !follows {
            return None;
        }
        (self.pos, self.chain) = (next, next);
        if operator.prime.is_some() && !chained && self.prefix_operator(true).is_none() {
            self.report_lone_prime(&operator);
        }
        Some(self.derivative(operator))
    }

    /// Whether a `-` looks like the sign of what follows: behind `d/dx` always, behind a name by the blanks around it.
    fn is_sign(&self, at: usize) -> bool {
        at > self.pos + 1 || !self.touches(at) && self.touches(at + 1)
    }

    /// Reads the expression of an operator: all that follows.
    fn derivative(&mut self, operator: Operator) -> Node {
        let body = if self.pos < self.end {
            self.binary(Level::Sum)
        } else {
            self.report_missing_body(operator.span);
            Node::error(operator.span)
        };
        let span = operator.span.to(body.expr.span);
        let mut node = body;
        for _ in 0..1 + usize::from(operator.twice) {
            let variable = Box::new(operator.variable.clone());
            let height = node.height;
            node = self.node(ExprKind::Derivative(variable, node.expr), span, height);
        }
        node
    }

    /// `d/dX`, `d/dx[l]`, `∂/∂X`, and at the start `d/d X`.
    fn prefix_operator(&self, spaced: bool) -> Option<Operator> {
        let partial = self.kind(self.pos)? == Kind::Partial;
        if !(partial || self.is_name(self.pos, "d")) || self.kind(self.pos + 1) != Some(Kind::Slash) {
            return None;
        }
        self.denominator(self.pos + 2, spaced || partial)
            .filter(|_| partial || !self.is_declared_quotient(self.pos + 2))
    }

    /// The `dX`, `∂X` or `d X` below the line of a derivative.
    fn denominator(&self, at: usize, spaced: bool) -> Option<Operator> {
        let span = self.span(at);
        let (name, mut next) = match self.kind(at)? {
            Kind::Name if self.text(at) == "d" && !spaced => return None,
            Kind::Name if self.text(at) != "d" => {
                let name = self.text(at).strip_prefix('d').filter(|rest| rest.starts_with(char::is_alphabetic))?;
                (Ident { name: name.into(), span: Span { start: span.start + 1, ..span } }, at + 1)
            }
            Kind::Name | Kind::Partial if self.kind(at + 1) == Some(Kind::Name) => {
                (Ident { name: self.text(at + 1).into(), span: self.span(at + 1) }, at + 2)
            }
            _ => return None,
        };
        let mut prime = None;
        let mut element = Vec::new();
        if self.kind(next) == Some(Kind::Prime) {
            prime = Some(self.span(next));
            next += 1;
        } else if self.kind(next) == Some(Kind::LeftBracket) && self.touches(next) {
            (element, next) = self.try_indices(next)?;
        }
        let span = self.span(self.pos).to(self.span(next - 1));
        Some(Operator { variable: Variable { name, element }, twice: false, prime, span, next })
    }

    /// Whether `dX` is itself declared and `X` is not, so that `d/dX` is a quotient.
    fn is_declared_quotient(&self, at: usize) -> bool {
        let name = self.text(at);
        name.len() > 1 && self.declared.contains(name) && !self.declared.contains(&name[1..])
    }

    /// `grad_x`, `jac_x`, `hess_x`
    fn named_operator(&self) -> Option<Operator> {
        let (text, span) = (self.text(self.pos), self.span(self.pos));
        let (operator, name) = text.split_once('_')?;
        if !matches!(operator, "grad" | "jac" | "hess") || self.declared.contains(text) {
            return None;
        }
        let name = Ident { name: name.into(), span: Span { start: span.end - name.len() as u32, ..span } };
        let variable = Variable { name, element: Vec::new() };
        Some(Operator { variable, twice: operator == "hess", prime: None, span, next: self.pos + 1 })
    }

    /// `d e / d X` and `∂e/∂X` from here to the end, with the place of the `/`.
    fn split_operator(&self) -> Option<(Operator, usize)> {
        let partial = self.kind(self.pos)? == Kind::Partial;
        // `d[i]` is an element.
        let indexed = self.kind(self.pos + 1) == Some(Kind::LeftBracket) && self.touches(self.pos + 1);
        let follows = self.starts_operand(self.pos + 1) && !indexed;
        if !(partial || self.is_name(self.pos, "d")) || !follows {
            return None;
        }
        // `d X` with a prime or indices takes fewer tokens than this.
        const LONGEST: usize = 24;
        let first = self.end.saturating_sub(LONGEST).max(self.pos + 1);
        let slashes = (first..self.end).rev().filter(|&at| self.kind(at) == Some(Kind::Slash));
        let mut operators = slashes.filter_map(|at| Some((self.denominator(at + 1, true)?, at)));
        let (operator, slash) = operators.find(|(operator, _)| operator.next == self.end)?;
        (partial || !self.is_declared_quotient(slash + 1)).then_some((operator, slash))
    }

    #[cold]
    fn report_missing_body(&mut self, span: Span) {
        let message = "an expression is missing after the derivative operator";
        let diagnostic = Diagnostic::new(Code::EmptyExpression, message, span, "of what?")
            .with_help("write the expression behind it, as in `d/dx x'*A*x`");
        self.reports.at(self.pos, diagnostic);
    }

    /// A derivative by a row is one thing for a scalar and another for a vector, so that it is not guessed at.
    fn report_lone_prime(&mut self, operator: &Operator) {
        if let Some(prime) = operator.prime {
            let diagnostic = Diagnostic::new(
                Code::UnexpectedToken,
                "a derivative by a row is not defined",
                prime,
                "a row is meant here",
            )
            .with_help("differentiate by the column; write `(d/dx f)'` for the row of a scalar f")
            .with_fix(prime, "");
            self.reports.add(diagnostic);
        }
    }
}
