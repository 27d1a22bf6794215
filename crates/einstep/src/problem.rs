//! Problems: declarations and one question, from one text or from several.
//!
//! In: text. Out: a [`Problem`] that can be derived, or an [`Error`]. Left to others: reading, deriving, checking.

use crate::derivation::Derivation;
use crate::error::Error;
use crate::stack::deep;
use einstep_check::{Question, Verdict, check_question};
use einstep_engine::{Limits, derive};
use einstep_syntax::{
    Code, Declaration, Diagnostic, Expr, ExprKind, Ident, Index, Notation, Span, Variable, nest_derivatives,
    parse_declarations, parse_problem, parse_problem_given, read_array, read_notation,
};
use einstep_trace::{CheckStatus, Layout, Reading, Task, Wanted};

/// One text that the user gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it came from: `--given`, a file name, `expression`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// How to derive.
#[derive(Debug, Clone)]
pub struct Options {
    /// How much work a derivation may take.
    pub limits: Limits,
    /// How it is checked.
    pub check: einstep_check::Options,
    /// Whether what an answer repeats may be named, where that makes it at most half as long.
    pub names: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { limits: Limits::default(), check: einstep_check::Options::default(), names: true }
    }
}

/// A problem that has been read.
#[derive(Debug, Clone)]
pub struct Problem {
    syntax: einstep_syntax::Problem,
    sources: Vec<Source>,
    wanted: Wanted,
    id: Option<String>,
}

impl Problem {
    /// Reads a problem from one text: declarations and one derivative.
    ///
    /// # Errors
    /// Diagnostics about the text.
    ///
    /// ```
    /// let problem = einstep::Problem::parse("B in R^(n,n); x in R^n\nd/dx x'*B*x")?;
    /// assert_eq!(problem.derive()?.answer(), Some("(B + B')*x"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Problem, Error> {
        let source = Source { name: "problem".into(), text: text.into() };
        Problem::read(&[], source, &[])
    }

    /// Reads a problem from several texts: declarations, then a text with the question, and the variables if the text
    /// does not name them, each `x` or an element `x[l]`.
    ///
    /// # Errors
    /// Diagnostics about the texts.
    ///
    /// ```
    /// use einstep::{Problem, Source};
    /// let source = |name: &str, text: &str| Source { name: name.into(), text: text.into() };
    /// let problem = Problem::read(&[source("--given", "X in R^(m,n)")], source("expression", "tr(V*X*W)"), &[source("--wrt", "X")])?;
    /// assert_eq!(problem.derive()?.answer(), Some("V'*W'"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn read(given: &[Source], question: Source, wrt: &[Source]) -> Result<Problem, Error> {
        Problem::read_as(given, question, wrt, Notation::Explicit)
    }

    /// Reads a problem as [`Problem::read`] does, in which sums over indices are written in some notation.
    ///
    /// # Errors
    /// Diagnostics about the texts.
    ///
    /// ```
    /// use einstep::{Problem, Source, syntax::Notation};
    /// let question = Source { name: "problem".into(), text: "d/dw[l] sqrt(w[i]*w[i])".into() };
    /// let problem = Problem::read_as(&[], question, &[], Notation::Einstein)?;
    /// assert_eq!(problem.derive()?.answer(), Some("w/norm(w)"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn read_as(given: &[Source], question: Source, wrt: &[Source], notation: Notation) -> Result<Problem, Error> {
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        let mut declarations: Vec<Declaration> = Vec::new();
        for (number, source) in given.iter().enumerate() {
            let parsed = parse_declarations(&source.text, number as u32);
            diagnostics.extend(parsed.diagnostics);
            declarations.extend(parsed.value);
        }
        let number = given.len() as u32;
        let parsed = parse_problem_given(&question.text, number, &declarations);
        diagnostics.extend(parsed.diagnostics);
        let mut syntax = parsed.value;
        syntax.declarations.splice(0..0, declarations);
        if let Some(question) = &mut syntax.question {
            for (source, text) in (number + 1..).zip(wrt) {
                match (variable(text, source), question.by.first()) {
                    (Ok(variable), Some(named)) if named.name.span.source == number => {
                        diagnostics.push(twice(&variable, named.name.span));
                    }
                    (Ok(variable), _) => question.by.push(variable),
                    (Err(diagnostic), _) => diagnostics.push(diagnostic),
                }
            }
        }
        syntax.question.iter_mut().for_each(read_array);
        diagnostics.extend(read_notation(&mut syntax, notation));
        let sources: Vec<Source> = given.iter().cloned().chain([question]).chain(wrt.iter().cloned()).collect();
        if diagnostics.is_empty() {
            Ok(Problem { syntax, sources, wanted: Wanted::default(), id: None })
        } else {
            Err(Error::Refused { diagnostics, sources })
        }
    }

    /// The same problem with derivatives by structured variables read in one of the three ways; they are free if nothing is
    /// said.
    ///
    /// ```
    /// use einstep::{Problem, trace::Reading};
    /// let problem = Problem::parse("S in R^(n,n) symmetric; A in R^(n,n); d/dS tr(A*S)")?;
    /// assert_eq!(problem.derive()?.answer(), Some("A'"));
    /// assert_eq!(problem.clone().structured(Reading::Tied).derive()?.answer(), Some("A + A' - A .* I"));
    /// assert_eq!(problem.structured(Reading::Projected).derive()?.answer(), Some("(A + A')/2"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    #[must_use]
    pub fn structured(self, reading: Reading) -> Problem {
        Problem { wanted: Wanted { structured: reading, ..self.wanted }, ..self }
    }

    /// The same problem with the answer laid out in one of the three ways; it is mixed if nothing is said.
    ///
    /// ```
    /// use einstep::{Problem, trace::Layout};
    /// let problem = Problem::parse("d/dX tr(V*X*W)")?;
    /// assert_eq!(problem.derive()?.answer(), Some("V'*W'"));
    /// assert_eq!(problem.laid_out(Layout::Numerator).derive()?.answer(), Some("W*V"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    #[must_use]
    pub fn laid_out(self, layout: Layout) -> Problem {
        Problem { wanted: Wanted { layout, ..self.wanted }, ..self }
    }

    /// The same problem with another task: its expression is lowered, raised or simplified, and not differentiated.
    ///
    /// ```
    /// use einstep::{Problem, trace::Task};
    /// let raised = Problem::parse("sum[k](V[k,p]*W[q,k])")?.with_task(Task::Raise).derive()?;
    /// assert_eq!(raised.answer(), Some("V'*W'"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    #[must_use]
    pub fn with_task(mut self, task: Task) -> Problem {
        if !task.is_derive() {
            self.syntax.question.iter_mut().for_each(nest_derivatives);
        }
        Problem { wanted: Wanted { task, ..self.wanted }, ..self }
    }

    /// The same problem with its expression raised over its free indices in an order such as `q,p`: the first names the rows.
    ///
    /// # Errors
    /// A text that is no list of indices; that they are the free ones is found where the problem is derived.
    ///
    /// ```
    /// let order = einstep::Source { name: "--free".into(), text: "q,p".into() };
    /// let raised = einstep::Problem::parse("sum[k](V[k,p]*W[q,k])")?.raised_over(order)?.derive()?;
    /// assert_eq!(raised.answer(), Some("W*V"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn raised_over(mut self, free: Source) -> Result<Problem, Error> {
        let read = letters(&free, self.sources.len() as u32);
        self.sources.push(free);
        let named = self.syntax.question.iter().flat_map(|question| &question.free).next();
        let read = read.and_then(|letters| match (named, letters.first()) {
            (Some(named), Some(again)) => Err(ordered_twice(again, named.span)),
            _ => Ok(letters),
        });
        match read {
            Ok(letters) => {
                self.syntax.question.iter_mut().for_each(|question| question.free = letters.clone());
                Ok(self.with_task(Task::Raise))
            }
            Err(diagnostic) => Err(Error::Refused { diagnostics: vec![diagnostic], sources: self.sources }),
        }
    }

    /// The same problem with a name, which its trace has too.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.named("exercise 3").derive()?;
    /// assert_eq!(derivation.trace().id.as_deref(), Some("exercise 3"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    #[must_use]
    pub fn named(self, id: impl Into<String>) -> Problem {
        Problem { id: Some(id.into()), ..self }
    }

    /// What is wanted beside the text of the question.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// The problem as the checker takes it.
    pub fn question(&self) -> Question<'_> {
        Question { problem: &self.syntax, undeclared: &[], wanted: self.wanted }
    }

    /// The problem as a syntax tree.
    pub fn syntax(&self) -> &einstep_syntax::Problem {
        &self.syntax
    }

    /// The texts that it was read from.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Derives, records and checks.
    ///
    /// # Errors
    /// [`Error::Refused`] when shapes do not fit, a name is unknown, the engine does not know an operation, or a limit
    /// is met; [`Error::Internal`] when the derivation fails its own check.
    pub fn derive(&self) -> Result<Derivation, Error> {
        self.derive_with(&Options::default())
    }

    /// Derives, records and checks, with options.
    ///
    /// # Errors
    /// As [`Problem::derive`].
    pub fn derive_with(&self, options: &Options) -> Result<Derivation, Error> {
        deep(|| {
            let refused = |diagnostics| Error::Refused { diagnostics, sources: self.sources.clone() };
            let how = einstep_engine::Options { limits: options.limits, wanted: self.wanted };
            let mut trace = derive(&self.syntax, &how).map_err(refused)?;
            trace.id = self.id.clone();
            let verdict = check_question(&trace, Some(self.question()), &options.check);
            let mut record = verdict.record();
            match verdict {
                // Every value agrees, so the answer stands; it is not shown as checked.
                Verdict::Rejected(rejection) if rejection.citation => {
                    record.status = CheckStatus::Declined;
                    record.reason =
                        Some(format!("{} is right, but not by the rule it cites; all values agree", rejection.at));
                    trace.check = Some(record);
                    Derivation::new(trace, options.names)
                }
                Verdict::Rejected(rejection) => Err(Error::Internal(Box::new(rejection))),
                Verdict::Accepted(_) | Verdict::Declined(_) => {
                    trace.check = Some(record);
                    Derivation::new(trace, options.names)
                }
            }
        })
    }
}

/// Reads a variable: what may stand below the line of a derivative.
fn variable(wrt: &Source, source: u32) -> Result<Variable, Diagnostic> {
    below(wrt, source, ["", ""]).map_err(|place| {
        let label = "a name such as `x` is expected here";
        Diagnostic::new(Code::NoVariable, "this is not a variable", place, label)
    })
}

/// Reads indices: what may stand between the brackets of an element.
fn letters(free: &Source, source: u32) -> Result<Vec<Ident>, Diagnostic> {
    let refused = |place| {
        let label = "letters such as `p,q` are expected here";
        Diagnostic::new(Code::FreeIndex, "this is no order of indices", place, label)
    };
    let letter = |index| match index {
        Index::Name(ident) => Ok(ident),
        Index::Literal(_, span) => Err(refused(span)),
    };
    below(free, source, ["x[", "]"]).map_err(refused)?.element.into_iter().map(letter).collect()
}

/// Reads what stands below the line of a derivative, of which a text is a part; or says where the text stands.
fn below(text: &Source, source: u32, [before, after]: [&str; 2]) -> Result<Variable, Span> {
    let before = format!("∂/∂ {before}");
    let trimmed = text.text.trim();
    let start = text.text.find(trimmed).unwrap_or(0) as u32;
    let place = Span { source, start, end: start + trimmed.len() as u32 };
    let parsed = parse_problem(&format!("{before}{trimmed}{after} 0"), source);
    let question =
        parsed.value.question.filter(|_| parsed.diagnostics.is_empty() && parsed.value.declarations.is_empty());
    match question.map(|question| (question.by, question.body)) {
        Some((mut by, Expr { kind: ExprKind::Number(_), .. })) if by.len() == 1 => {
            let shift = |span: &mut Span| {
                span.start = (span.start + start).saturating_sub(before.len() as u32);
                span.end = (span.end + start).saturating_sub(before.len() as u32);
            };
            let mut variable = by.remove(0);
            shift(&mut variable.name.span);
            for index in &mut variable.element {
                match index {
                    Index::Name(ident) => shift(&mut ident.span),
                    Index::Literal(_, span) => shift(span),
                }
            }
            Ok(variable)
        }
        _ => Err(place),
    }
}

/// Refuses an order of the free indices beside that of an array.
fn ordered_twice(again: &Ident, named: Span) -> Diagnostic {
    let message = "the order of the free indices is given twice, in the text and beside it";
    Diagnostic::new(Code::FreeIndex, message, again.span, "given here")
        .with_label(named, "and here")
        .with_help("leave one of them out")
}

/// Refuses a variable beside the one that the text names.
fn twice(variable: &Variable, named: Span) -> Diagnostic {
    let message = "the variable is given twice, in the text and beside it";
    Diagnostic::new(Code::NoVariable, message, variable.name.span, "given here")
        .with_label(named, "and here")
        .with_help("leave one of them out")
}
