//! Problems: declarations and one question, from one text or from several.
//!
//! In: text. Out: a [`Problem`] that can be derived, or an [`Error`]. Left to others: reading, deriving, checking.

use crate::derivation::Derivation;
use crate::error::Error;
use crate::stack::deep;
use einstep_check::{Verdict, check};
use einstep_engine::{Limits, derive};
use einstep_syntax::{Declaration, Diagnostic, Ident, Span, Variable, parse_declarations, parse_problem_given};

/// One text that the user gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it came from: `--given`, a file name, `expression`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// How to derive.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How much work a derivation may take.
    pub limits: Limits,
    /// How it is checked.
    pub check: einstep_check::Options,
}

/// A problem that has been read.
#[derive(Debug, Clone)]
pub struct Problem {
    syntax: einstep_syntax::Problem,
    sources: Vec<Source>,
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
        Problem::read(&[], source, None)
    }

    /// Reads a problem from several texts: declarations, then a text with the question, and the variable if the text
    /// does not name it.
    ///
    /// # Errors
    /// Diagnostics about the texts.
    ///
    /// ```
    /// use einstep::{Problem, Source};
    /// let source = |name: &str, text: &str| Source { name: name.into(), text: text.into() };
    /// let problem = Problem::read(&[source("--given", "X in R^(m,n)")], source("expression", "tr(V*X*W)"), Some(source("--wrt", "X")))?;
    /// assert_eq!(problem.derive()?.answer(), Some("V'*W'"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn read(given: &[Source], question: Source, wrt: Option<Source>) -> Result<Problem, Error> {
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
        if let (Some(wrt), Some(question)) = (&wrt, &mut syntax.question) {
            let name = wrt.text.trim().to_string();
            let start = wrt.text.find(name.as_str()).unwrap_or(0) as u32;
            let span = Span { source: number + 1, start, end: start + name.len() as u32 };
            question.by.push(Variable { name: Ident { name, span }, element: Vec::new() });
        }
        let sources: Vec<Source> = given.iter().cloned().chain([question]).chain(wrt).collect();
        if diagnostics.is_empty() { Ok(Problem { syntax, sources }) } else { Err(Error::Refused { diagnostics, sources }) }
    }

    /// The problem as a syntax tree.
    pub fn syntax(&self) -> &einstep_syntax::Problem {
        &self.syntax
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
            let mut trace = derive(&self.syntax, &options.limits).map_err(refused)?;
            let verdict = check(&trace, self.syntax.question.as_ref(), &options.check);
            trace.check = Some(verdict.record());
            match verdict {
                Verdict::Rejected(rejection) => Err(Error::Internal(Box::new(rejection))),
                Verdict::Accepted(_) | Verdict::Declined(_) => Derivation::new(trace),
            }
        })
    }
}
