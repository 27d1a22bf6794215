//! Signs and the operators between operands: a Pratt parser over four levels.
//!
//! In: the tokens of one segment or bracket. Out: one tree of height at most [`MAX_HEIGHT`].
//! Left to others: operands, derivative operators.

use super::Parser;
use super::errors::shown;
use crate::ast::{Expr, ExprKind, MAX_HEIGHT, Sign};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::Kind;
use crate::span::Span;

/// More pending expressions than this are refused: it bounds the recursion. A tree of the greatest height may need two
/// for each level, as in `a*(b*(c))`.
const MAX_DEPTH: usize = 2 * MAX_HEIGHT;

/// How tightly an operator binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Sum,
    Product,
    Kronecker,
    Operand,
}

impl Level {
    fn tighter(self) -> Level {
        match self {
            Level::Sum => Level::Product,
            Level::Product => Level::Kronecker,
            _ => Level::Operand,
        }
    }
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Infix {
    Plus,
    Minus,
    Product,
    Hadamard,
    Quotient,
    ElementQuotient,
    Kronecker,
}

impl Infix {
    fn level(self) -> Level {
        match self {
            Infix::Plus | Infix::Minus => Level::Sum,
            Infix::Kronecker => Level::Kronecker,
            _ => Level::Product,
        }
    }

    fn sign(self) -> Sign {
        if self == Infix::Minus { Sign::Minus } else { Sign::Plus }
    }
}

/// A tree and its height; in a box, to keep the stack frames of the recursion small.
pub(super) struct Node {
    pub(super) expr: Box<Expr>,
    pub(super) height: usize,
}

impl Node {
    pub(super) fn error(span: Span) -> Node {
        Node { expr: Box::new(Expr { kind: ExprKind::Error, span }), height: 1 }
    }
}

impl<'a> Parser<'a> {
    /// A tree over children of at most this height.
    pub(super) fn node(&mut self, kind: ExprKind, span: Span, children: usize) -> Node {
        if children >= MAX_HEIGHT {
            self.reports.too_deep(self.last_span());
            return Node::error(span);
        }
        Node { expr: Box::new(Expr { kind, span }), height: children + 1 }
    }

    /// An expression whose operators bind at least as tightly as `min`.
    pub(super) fn binary(&mut self, min: Level) -> Node {
        if self.depth >= MAX_DEPTH || self.brackets > MAX_HEIGHT {
            let span = self.last_span();
            self.reports.too_deep(span);
            self.pos = self.end;
            return Node::error(span);
        }
        self.depth += 1;
        let mut left = self.signed(min);
        let mut run = None;
        loop {
            let junk = self.skip_junk();
            let Some(infix) = self.infix().filter(|infix| infix.level() >= min) else {
                break;
            };
            if self.is_infix() {
                self.report_times();
                self.pos += 1;
            } else if !junk {
                self.report_juxtaposition();
            }
            let right = self.binary(infix.level().tighter());
            left = self.join(left, infix, right, run);
            run = Some(infix);
        }
        self.depth -= 1;
        left
    }

    /// Signs and the operand they apply to. A sign applies to all of a product, as in `-a*b`.
    fn signed(&mut self, min: Level) -> Node {
        let mut minuses = Vec::new();
        while let Some(kind @ (Kind::Minus | Kind::Plus)) = self.peek() {
            if kind == Kind::Minus {
                minuses.push(self.span(self.pos));
            }
            self.pos += 1;
        }
        if minuses.is_empty() {
            return self.postfix();
        }
        let operand = self.binary(min.max(Level::Product));
        self.negated(minuses, operand)
    }

    pub(super) fn negated(&mut self, minuses: Vec<Span>, mut node: Node) -> Node {
        for minus in minuses.into_iter().rev() {
            let (span, height) = (minus.to(node.expr.span), node.height);
            node = self.node(ExprKind::Negate(node.expr), span, height);
        }
        node
    }

    fn is_infix(&self) -> bool {
        use Kind::*;
        matches!(self.peek(), Some(Plus | Minus | Star | Times | DotStar | Slash | DotSlash | Kron))
    }

    /// The operator at the current token; an operand that follows an operand is a factor.
    fn infix(&self) -> Option<Infix> {
        Some(match self.peek()? {
            Kind::Plus => Infix::Plus,
            Kind::Minus => Infix::Minus,
            Kind::Star | Kind::Times => Infix::Product,
            Kind::DotStar => Infix::Hadamard,
            Kind::Slash => Infix::Quotient,
            Kind::DotSlash => Infix::ElementQuotient,
            Kind::Kron => Infix::Kronecker,
            Kind::DoubleBar if self.in_norm => return None,
            _ if self.starts_operand(self.pos) => Infix::Product,
            _ => return None,
        })
    }

    /// Combines two operands. `run` is the operator that made `left` just before: a run of one operator is one list,
    /// and what stood in brackets stays a tree of its own.
    fn join(&mut self, mut left: Node, infix: Infix, right: Node, run: Option<Infix>) -> Node {
        let span = left.expr.span.to(right.expr.span);
        let extends = run.is_some_and(|run| run == infix || run.level() == Level::Sum && infix.level() == Level::Sum);
        match &mut left.expr.kind {
            ExprKind::Sum(terms) if extends => terms.push((infix.sign(), *right.expr)),
            ExprKind::Product(items) | ExprKind::Hadamard(items) | ExprKind::Kronecker(items) if extends => {
                items.push(*right.expr);
            }
            _ => return self.pair(left, infix, right, span),
        }
        self.node(left.expr.kind, span, (left.height - 1).max(right.height))
    }

    fn pair(&mut self, left: Node, infix: Infix, right: Node, span: Span) -> Node {
        let children = left.height.max(right.height);
        let (left, right) = (left.expr, right.expr);
        let kind = match infix {
            Infix::Plus | Infix::Minus => ExprKind::Sum(vec![(Sign::Plus, *left), (infix.sign(), *right)]),
            Infix::Product => ExprKind::Product(vec![*left, *right]),
            Infix::Hadamard => ExprKind::Hadamard(vec![*left, *right]),
            Infix::Kronecker => ExprKind::Kronecker(vec![*left, *right]),
            Infix::Quotient => ExprKind::Quotient(left, right),
            Infix::ElementQuotient => ExprKind::ElementQuotient(left, right),
        };
        self.node(kind, span, children)
    }

    /// Complains about a factor that follows its neighbour in a way that is more likely a slip.
    fn report_juxtaposition(&mut self) {
        let (at, span) = (self.pos, self.span(self.pos));
        let gap = Span { end: span.start, ..span };
        let message = match self.peek() {
            Some(Kind::Number) => "an operator is missing before this number",
            Some(Kind::LeftBracket) => "an operator is missing before `[`",
            _ => return,
        };
        let mut diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, "an operator is expected here")
            .with_fix(gap, "*")
            .with_help("write a product with `*`");
        if self.peek() == Some(Kind::LeftBracket) {
            diagnostic = diagnostic.with_help("an index stands directly behind its operand, as in `A[i,j]`");
        }
        self.reports.at(at, diagnostic);
    }

    fn report_times(&mut self) {
        if self.peek() == Some(Kind::Times) {
            let span = self.span(self.pos);
            let diagnostic =
                Diagnostic::new(Code::UnexpectedToken, "`×` is not an operator", span, "it has two meanings")
                    .with_help("write `*` for the matrix product, `cross(x,y)` for the cross product")
                    .with_fix(span, "*");
            self.reports.at(self.pos, diagnostic);
        }
    }

    /// Complains if anything is left in the bracket or segment, and reads on for further errors.
    pub(super) fn finish(&mut self, expected: &str) {
        while self.skip_junk() || self.pos < self.end {
            if self.pos < self.end {
                let (at, found) = (self.pos, shown(self.text(self.pos)));
                let mut diagnostic = Diagnostic::new(
                    Code::UnexpectedToken,
                    format!("{found} is not expected here"),
                    self.span(at),
                    format!("expected {expected}"),
                );
                if self.peek() == Some(Kind::Comma) && expected.contains("end") {
                    diagnostic = diagnostic.with_help("a comma separates arguments, inside brackets only");
                }
                self.reports.at(at, diagnostic);
                self.pos += 1;
                if self.pos < self.end {
                    self.binary(Level::Sum);
                }
            }
        }
    }

    /// Skips what has been reported as unknown, and says whether there was any.
    pub(super) fn skip_junk(&mut self) -> bool {
        let before = self.pos;
        while self.peek() == Some(Kind::Junk) {
            self.pos += 1;
        }
        self.pos > before
    }

    /// Complains about a second question or expression; `first` is the one that was read.
    pub(super) fn report_second(&mut self, first: Span) {
        let message = "there is more than one expression";
        let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, self.segment_span(), "the second one")
            .with_label(first, "the first one")
            .with_help(
                "an expression goes on in the next line if an operator stands at the line end, or a bracket is open",
            )
            .with_help("a declaration has the form `x in R^n`");
        self.reports.add(diagnostic);
    }
}
