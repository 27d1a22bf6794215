//! Declarations: `x, y in R^n`, `B in R^(m,n) symmetric`.
//!
//! In: the tokens of one segment with `in`. Out: a [`Declaration`], unless too little could be read.
//! Left to others: whether two declarations agree, what a property implies.

use super::Parser;
use super::errors::{nearest, shown};
use crate::ast::{Declaration, DimExpr, Ident};
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::Kind;
use crate::span::Span;

/// The properties of the language.
const PROPERTIES: [&str; 8] =
    ["symmetric", "skew", "diagonal", "lower", "upper", "orthogonal", "invertible", "positive-definite"];

/// The form that messages point to.
const FORM: &str = "a declaration has the form `x in R^n`, `A in R^(m,n)` or `a in R`, and properties may follow";

impl Parser<'_> {
    /// Reads the segment as a declaration; what is behind the first error of form is not looked at.
    pub(super) fn declaration(&mut self) -> Option<Declaration> {
        let names = self.names()?;
        self.pos += 1;
        self.reals()?;
        let dims = self.dims()?;
        let properties = self.properties()?;
        Some(Declaration { names, dims, properties, span: self.segment_span() })
    }

    /// Complains that the segment is no declaration.
    pub(super) fn report_no_declaration(&mut self) {
        let message = "this is not a declaration";
        self.reports.add(
            Diagnostic::new(Code::MalformedDeclaration, message, self.segment_span(), "expected `x in R^n`")
                .with_help(FORM),
        );
    }

    /// Complains that the segment is a declaration.
    pub(super) fn report_declaration(&mut self) {
        let message = "a declaration can't stand in an expression";
        let label = "expected an expression";
        self.reports.add(
            Diagnostic::new(Code::UnexpectedToken, message, self.segment_span(), label)
                .with_help("declare names before, and give the expression alone"),
        );
    }

    fn malformed<T>(&mut self, message: impl Into<String>, span: Span, label: impl Into<String>) -> Option<T> {
        let diagnostic = Diagnostic::new(Code::MalformedDeclaration, message, span, label).with_help(FORM);
        self.reports.at(self.pos, diagnostic);
        None
    }

    fn is_in(&self) -> bool {
        matches!(self.peek(), Some(Kind::In | Kind::Colon))
    }

    /// The names before `in`.
    fn names(&mut self) -> Option<Vec<Ident>> {
        let mut names = Vec::new();
        loop {
            self.skip_junk();
            let span = self.span(self.pos);
            if self.peek() != Some(Kind::Name) {
                let message = format!("a name is missing before {}", shown(self.text(self.pos)));
                return self.malformed(message, span, "expected a name");
            }
            names.push(Ident { name: self.text(self.pos).into(), span });
            self.pos += 1;
            self.skip_junk();
            if self.is_in() {
                return Some(names);
            }
            if !self.eat(Kind::Comma) {
                let message =
                    format!("{} is not expected among the names of a declaration", shown(self.text(self.pos)));
                return self.malformed(message, self.span(self.pos), "expected `,` or `in`");
            }
        }
    }

    /// `R` or `ℝ`
    fn reals(&mut self) -> Option<()> {
        self.skip_junk();
        if self.peek() == Some(Kind::Reals) || self.is_name(self.pos, "R") {
            self.pos += 1;
            return Some(());
        }
        let span = if self.pos < self.end { self.span(self.pos) } else { self.last_span() };
        let message = match self.text(self.pos) {
            "" => "`R` is missing after `in`".into(),
            text => format!("{} is not a set of the language", shown(text)),
        };
        let mut diagnostic = Diagnostic::new(Code::MalformedDeclaration, message, span, "expected `R`").with_help(FORM);
        if matches!(self.text(self.pos), "r" | "real" | "reals" | "Real" | "Reals") {
            diagnostic = diagnostic.with_fix(span, "R");
        }
        self.reports.at(self.pos, diagnostic);
        None
    }

    /// What follows `R`: nothing, `^n`, `^(m,n)`, `^{m x n}`.
    fn dims(&mut self) -> Option<Vec<DimExpr>> {
        self.skip_junk();
        match self.peek() {
            Some(Kind::Superscript) => {
                let (span, text) = (self.span(self.pos), self.text(self.pos));
                let digits: Option<String> = text.chars().map(super::leaves::superscript_digit).collect();
                self.pos += 1;
                match digits {
                    Some(digits) => Some(vec![self.literal(&digits, span)?]),
                    None => self.malformed("a dimension can't be negative", span, "expected a positive integer"),
                }
            }
            Some(Kind::Caret) => {
                self.pos += 1;
                self.skip_junk();
                match self.peek() {
                    Some(Kind::LeftParen | Kind::LeftBrace) => self.inside(Self::dim_list),
                    _ => {
                        let begin = self.span(self.pos);
                        let dim = self.dim_factor()?;
                        self.check_bare_dims(begin)?;
                        Some(vec![dim])
                    }
                }
            }
            Some(Kind::LeftParen | Kind::LeftBrace) => {
                let span = self.span(self.pos);
                let point = Span { end: span.start, ..span };
                let diagnostic =
                    Diagnostic::new(Code::MalformedDeclaration, "`^` is missing after `R`", span, "expected `^`")
                        .with_help(FORM)
                        .with_fix(point, "^");
                self.reports.at(self.pos, diagnostic);
                None
            }
            _ => Some(Vec::new()),
        }
    }

    /// Several dimensions need brackets: `R^m x n` is `R^(m,n)`, `R^m*n` is `R^(m*n)`.
    fn check_bare_dims(&mut self, begin: Span) -> Option<()> {
        let at = self.pos;
        let separates = self.kind(at) != Some(Kind::Comma) && self.separates_dims(at);
        let close_name = self.kind(at) == Some(Kind::Name) && self.touches(at);
        if !separates && !close_name && !matches!(self.kind(at), Some(Kind::Star | Kind::Plus)) {
            return Some(());
        }
        let last = if close_name { at } else { (at + 1).min(self.end - 1) };
        let dims = begin.to(self.span(last));
        let first = self.text(at - 1);
        let bracketed = if separates {
            format!("({first},{})", self.text(last))
        } else if close_name && self.hides_x(at) {
            format!("({first},{})", &self.text(at)[1..])
        } else {
            format!("({})", &self.input.text[dims.start as usize..dims.end as usize])
        };
        let message = "dimensions of more than one letter or number need brackets";
        let diagnostic = Diagnostic::new(Code::MalformedDeclaration, message, dims, "these dimensions")
            .with_help(FORM)
            .with_fix(dims, bracketed);
        self.reports.at(at, diagnostic);
        None
    }

    fn separates_dims(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Comma | Kind::Times)) || self.is_name(at, "x")
    }

    /// `m, n` or `m x n` inside brackets.
    fn dim_list(&mut self) -> Option<Vec<DimExpr>> {
        let mut dims = Vec::new();
        loop {
            dims.push(self.dim_sum()?);
            self.skip_junk();
            // What follows a bracket that is never closed has been complained about.
            let unclosed = self.end == self.segment.end;
            if self.pos >= self.end || unclosed && !self.separates_dims(self.pos) {
                return Some(dims);
            }
            if !self.separates_dims(self.pos) {
                let message = format!("{} is not expected in a dimension", shown(self.text(self.pos)));
                let span = self.span(self.pos);
                return self.malformed(message, span, "a dimension is a name, a positive integer, a product or a sum");
            }
            self.pos += 1;
        }
    }

    pub(super) fn dim_sum(&mut self) -> Option<DimExpr> {
        let mut terms = vec![self.dim_product()?];
        while self.eat(Kind::Plus) {
            terms.push(self.dim_product()?);
        }
        Some(if terms.len() == 1 { terms.swap_remove(0) } else { DimExpr::Sum(terms) })
    }

    /// `m*n`, `2n`
    fn dim_product(&mut self) -> Option<DimExpr> {
        let mut factors = vec![self.dim_factor()?];
        loop {
            let coefficient = matches!(factors[..], [DimExpr::Literal(..)]);
            if self.eat(Kind::Star)
                || coefficient && self.peek() == Some(Kind::Name) && self.touches(self.pos) && !self.hides_x(self.pos)
            {
                factors.push(self.dim_factor()?);
            } else {
                break;
            }
        }
        Some(if factors.len() == 1 { factors.swap_remove(0) } else { DimExpr::Product(factors) })
    }

    pub(super) fn dim_factor(&mut self) -> Option<DimExpr> {
        self.skip_junk();
        let (at, span) = (self.pos, self.span(self.pos));
        self.pos += 1;
        match self.kind(at) {
            Some(Kind::Number) => self.literal(self.text(at), span),
            Some(Kind::Name) if !self.hides_x(at) => Some(DimExpr::Name(Ident { name: self.text(at).into(), span })),
            Some(Kind::Name) => {
                let mut apart = self.text(at).replacen('x', ",", 1);
                if self.input.tokens[at - 1].kind == Kind::Caret {
                    apart = format!("({apart})");
                }
                let message = format!("{} is one name here", shown(self.text(at)));
                let diagnostic = Diagnostic::new(Code::MalformedDeclaration, message, span, "two dimensions are meant")
                    .with_help("separate dimensions with a comma, as in `R^(m,n)`")
                    .with_fix(span, apart);
                self.reports.at(at, diagnostic);
                None
            }
            _ => {
                self.pos = at;
                let span = if at < self.end { span } else { self.last_span() };
                self.malformed("a dimension is missing", span, "expected a dimension: a name or a positive integer")
            }
        }
    }

    /// Whether a name is `mxn` or, behind a number, `x3`: dimensions with the `x` too close.
    fn hides_x(&self, at: usize) -> bool {
        let text = self.text(at);
        let behind_number = self.touches(at) && self.input.tokens[at - 1].kind == Kind::Number;
        let mut chars = text.chars();
        if behind_number {
            return chars.next() == Some('x');
        }
        chars.nth(1) == Some('x') && text.len() == 3
    }

    fn literal(&mut self, text: &str, span: Span) -> Option<DimExpr> {
        let (code, message) = match text.parse::<u64>() {
            Ok(0) => (Code::InvalidDimension, "a dimension can't be zero"),
            Ok(value) => return Some(DimExpr::Literal(value, span)),
            Err(_) if text.bytes().all(|b| b.is_ascii_digit()) => (Code::NumberTooLarge, "the dimension is too large"),
            Err(_) => (Code::InvalidDimension, "a dimension must be an integer"),
        };
        self.reports.at(self.pos, Diagnostic::new(code, message, span, "expected a positive integer"));
        None
    }

    /// The words behind the dimensions.
    fn properties(&mut self) -> Option<Vec<Ident>> {
        let mut properties = Vec::new();
        loop {
            while self.eat(Kind::Comma) || self.skip_junk() {}
            let at = self.pos;
            if at >= self.end {
                return Some(properties);
            }
            if self.peek() != Some(Kind::Name) {
                let message = format!("{} is not expected in a declaration", shown(self.text(at)));
                return self.malformed(message, self.span(at), "expected a property or the end");
            }
            self.pos += 1;
            if self.is_in() {
                return self.report_joined(at);
            }
            while self.peek() == Some(Kind::Minus)
                && self.touches(self.pos)
                && self.kind(self.pos + 1) == Some(Kind::Name)
            {
                self.pos += 2;
            }
            self.pos += usize::from(self.is_name(at, "positive") && self.is_name(at + 1, "definite"));
            let span = self.span(at).to(self.last_span());
            let name = &self.input.text[span.start as usize..span.end as usize];
            if PROPERTIES.contains(&name) {
                properties.push(Ident { name: name.into(), span });
            } else {
                self.report_property(at, name, span);
            }
        }
    }

    fn report_property(&mut self, at: usize, name: &str, span: Span) {
        let (nearest, close) = match name {
            "spd" | "pd" => ("positive-definite", true),
            _ => nearest(name, &PROPERTIES),
        };
        let message = format!("{} is not a property of the language", shown(name));
        let mut diagnostic = Diagnostic::new(Code::UnknownProperty, message, span, "unknown property");
        if close {
            diagnostic = diagnostic.with_help(format!("did you mean `{nearest}`?")).with_fix(span, nearest);
        }
        self.reports.at(at, diagnostic.with_help(format!("the properties are {}", PROPERTIES.join(", "))));
    }

    /// Complains about a second `in`: `x in R^n, y in R^m`.
    fn report_joined(&mut self, name: usize) -> Option<Vec<Ident>> {
        let message = "two declarations need `;` or a line end between them";
        let mut diagnostic =
            Diagnostic::new(Code::MalformedDeclaration, message, self.span(name), "the second one begins here");
        diagnostic = match self.kind(name - 1) {
            Some(Kind::Comma) => diagnostic.with_fix(self.span(name - 1), ";"),
            _ => diagnostic.with_fix(Span { end: self.span(name).start, ..self.span(name) }, "; "),
        };
        self.reports.at(name, diagnostic);
        None
    }
}
