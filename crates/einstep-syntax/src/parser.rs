//! Tokens to syntax trees.
//!
//! In: text. Out: the best tree that can be made of it, and a diagnostic for everything that is wrong with it.
//! Left to others: shapes, what names mean, whether a function exists.
//!
//! The text is cut into segments (declarations, questions) first, with the brackets already matched; then each
//! segment is read by itself, so that an error in one leaves the others alone.

mod declarations;
mod derivatives;
mod errors;
mod expressions;
mod handwritten;
mod leaves;
mod operands;
mod segments;

use crate::ast::{Declaration, Expr, ExprKind, Limit, Problem, Question};
use crate::diagnostic::{Code, Diagnostic};
use crate::indices::read_among;
use crate::lexer::{Kind, Token};
use crate::span::Span;
use errors::Reports;
use segments::{Segment, Segments};
use std::collections::HashSet;

/// Texts of more bytes are refused.
const MAX_BYTES: usize = 16 << 20;

/// Fixes are only tried on texts of at most this many bytes.
const MAX_FIXED: usize = 1 << 16;

/// What was read, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T> {
    /// The best reading; it may hold [`ExprKind::Error`].
    pub value: T,
    /// What is wrong; the text is refused if there is anything.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads declarations and at most one question.
///
/// ```
/// use einstep_syntax::{parse_problem, print};
/// let parsed = parse_problem("B in R^(n,n)  # any square matrix\nd/dx x'*B*x", 0);
/// assert!(parsed.diagnostics.is_empty());
/// let question = parsed.value.question.unwrap();
/// assert_eq!(question.by[0].name.name, "x");
/// assert_eq!(print(&question.body), "x'*B*x");
/// ```
pub fn parse_problem(text: &str, source: u32) -> Parsed<Problem> {
    parse_problem_given(text, source, &[])
}

/// Reads declarations and at most one question, in the presence of declarations from elsewhere.
///
/// They matter to the reading of `A^T`, a power if `T` is declared, and of `d/dx`, a quotient if `dx` is.
///
/// ```
/// use einstep_syntax::{parse_declarations, parse_problem_given, print};
/// let given = parse_declarations("T in R", 0).value;
/// let question = parse_problem_given("d/dT a^T", 1, &given).value.question.unwrap();
/// assert_eq!(print(&question.body), "a^(T)");
/// ```
pub fn parse_problem_given(text: &str, source: u32, given: &[Declaration]) -> Parsed<Problem> {
    verified(text, |text| {
        let (segments, mut reports) = Segments::read(text, source);
        let mut problem = Problem::default();
        let mut declared = names(given);
        for segment in segments.iter().filter(|s| s.declares) {
            problem.declarations.extend(Parser::new(&segments, segment, &declared, &mut reports).declaration());
        }
        declared.extend(names(&problem.declarations));
        let mut first = None;
        for segment in segments.iter().filter(|s| !s.declares) {
            let mut parser = Parser::new(&segments, segment, &declared, &mut reports);
            match first {
                None => {
                    let body = parser.statement();
                    problem.question = Some(question(body, std::mem::take(&mut parser.limits)));
                }
                Some(first) => {
                    parser.report_second(first);
                    break;
                }
            }
            first = first.or(Some(parser.segment_span()));
        }
        read_among(&mut problem, given);
        Parsed { value: problem, diagnostics: reports.finish() }
    })
}

/// Reads declarations, separated by `;` or line ends.
///
/// ```
/// use einstep_syntax::parse_declarations;
/// let parsed = parse_declarations("x, y in R^n; B in R^(m,n)", 0);
/// assert!(parsed.diagnostics.is_empty());
/// assert_eq!(parsed.value[0].names.len(), 2);
/// assert_eq!(parsed.value[1].dims.len(), 2);
/// ```
pub fn parse_declarations(text: &str, source: u32) -> Parsed<Vec<Declaration>> {
    verified(text, |text| {
        let (segments, mut reports) = Segments::read(text, source);
        let declared = HashSet::new();
        let mut declarations = Vec::new();
        for segment in segments.iter() {
            let mut parser = Parser::new(&segments, segment, &declared, &mut reports);
            if segment.declares {
                declarations.extend(parser.declaration());
            } else {
                parser.report_no_declaration();
            }
        }
        Parsed { value: declarations, diagnostics: reports.finish() }
    })
}

/// Reads one expression, which may begin with derivative operators.
///
/// ```
/// use einstep_syntax::{parse_expression, print};
/// let parsed = parse_expression("x' B x + 2(a'x)", 0);
/// assert!(parsed.diagnostics.is_empty());
/// assert_eq!(print(&parsed.value), "x'*B*x + 2*(a'*x)");
/// ```
pub fn parse_expression(text: &str, source: u32) -> Parsed<Expr> {
    verified(text, |text| {
        let (segments, mut reports) = Segments::read(text, source);
        let declared = HashSet::new();
        let mut value = None;
        let mut first = None;
        for segment in segments.iter() {
            let mut parser = Parser::new(&segments, segment, &declared, &mut reports);
            match first {
                _ if segment.declares => {
                    parser.report_declaration();
                    break;
                }
                None => value = Some(parser.statement()),
                Some(first) => {
                    parser.report_second(first);
                    break;
                }
            }
            first = first.or(Some(parser.segment_span()));
        }
        let span = Span { source, start: 0, end: text.len() as u32 };
        if first.is_none() && reports.is_empty() {
            let message = "there is no expression to read";
            reports.add(Diagnostic::new(Code::EmptyExpression, message, span, "an expression is expected here"));
        }
        Parsed { value: value.unwrap_or(Expr { kind: ExprKind::Error, span }), diagnostics: reports.finish() }
    })
}

/// The names that declarations introduce.
fn names(declarations: &[Declaration]) -> HashSet<String> {
    declarations.iter().flat_map(|d| &d.names).map(|ident| ident.name.clone()).collect()
}

/// Splits the leading derivative operators off an expression.
fn question(mut body: Expr, limits: Vec<Limit>) -> Question {
    let mut by = Vec::new();
    while let ExprKind::Derivative(variable, inner) = body.kind {
        by.push(*variable);
        body = *inner;
    }
    Question { by, body, limits, free: vec![] }
}

/// Reads a text, and keeps of the proposed fixes only those that leave less to complain about.
fn verified<T>(text: &str, read: impl Fn(&str) -> Parsed<T>) -> Parsed<T> {
    let mut parsed = read(text);
    let before = parsed.diagnostics.len();
    for diagnostic in &mut parsed.diagnostics {
        diagnostic.fixes.retain(|fix| {
            let (start, end) = (fix.span.start as usize, fix.span.end as usize);
            text.len() <= MAX_FIXED && {
                let mended = [&text[..start], &fix.replacement, &text[end..]].concat();
                read(&mended).diagnostics.len() < before
            }
        });
    }
    parsed
}

/// The state of reading one segment.
struct Parser<'a> {
    input: &'a Segments<'a>,
    declared: &'a HashSet<String>,
    reports: &'a mut Reports,
    segment: Segment,
    pos: usize,
    /// Where the innermost bracket, or the segment, ends: nothing beyond is seen.
    end: usize,
    /// How many expressions are pending, each inside the one before.
    depth: usize,
    /// How many brackets are open.
    brackets: usize,
    /// Whether the innermost bracket is a norm's bar.
    in_norm: bool,
    /// The first token, where a derivative operator may be followed by a sign or by nothing.
    start: usize,
    /// The token behind the last derivative operator.
    chain: usize,
    /// The upper limits of sums by hand.
    limits: Vec<Limit>,
}

impl<'a> Parser<'a> {
    fn new(
        input: &'a Segments<'a>,
        segment: Segment,
        declared: &'a HashSet<String>,
        reports: &'a mut Reports,
    ) -> Parser<'a> {
        let (pos, end) = (segment.begin, segment.end);
        Parser {
            input,
            declared,
            reports,
            segment,
            pos,
            end,
            depth: 0,
            brackets: 0,
            in_norm: false,
            start: pos,
            chain: usize::MAX,
            limits: Vec::new(),
        }
    }

    fn token(&self, at: usize) -> Option<Token> {
        if at < self.end { Some(self.input.tokens[at]) } else { None }
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.token(at).map(|token| token.kind)
    }

    fn peek(&self) -> Option<Kind> {
        self.kind(self.pos)
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.peek() == Some(kind);
        self.pos += usize::from(found);
        found
    }

    /// The text of a token, if it is in sight.
    fn text(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| self.input.text_of(token))
    }

    fn is_name(&self, at: usize, name: &str) -> bool {
        self.kind(at) == Some(Kind::Name) && self.text(at) == name
    }

    /// Whether the token stands directly behind the one before it.
    fn touches(&self, at: usize) -> bool {
        at > self.segment.begin && self.token(at).is_some_and(|t| t.start == self.input.tokens[at - 1].end)
    }

    /// The place of a token, also of a closing bracket out of sight.
    fn span(&self, at: usize) -> Span {
        match self.input.tokens.get(at) {
            Some(token) if at < self.segment.end => self.input.span_of(*token),
            _ => {
                let span = self.segment_span();
                Span { start: span.end, ..span }
            }
        }
    }

    /// The place of the last token read.
    fn last_span(&self) -> Span {
        if self.pos > self.segment.begin { self.span(self.pos - 1) } else { self.span(self.pos) }
    }

    fn segment_span(&self) -> Span {
        self.input.segment_span(self.segment)
    }

    /// Complains about the current token.
    #[cold]
    fn unexpected(&mut self, span: Span, message: &str, label: &str, help: &str) {
        let diagnostic = Diagnostic::new(Code::UnexpectedToken, message, span, label);
        self.reports.at(self.pos, diagnostic.with_help(help));
    }

    /// Reads the inside of a bracket that opens at the current token, up to its partner, which is read too.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let partner = self.input.partners[self.pos];
        let outer = (self.end, std::mem::take(&mut self.in_norm));
        self.end = partner.min(self.end);
        self.pos += 1;
        self.brackets += 1;
        let value = read(self);
        self.brackets -= 1;
        self.pos = self.end + usize::from(partner < outer.0);
        (self.end, self.in_norm) = outer;
        value
    }
}
