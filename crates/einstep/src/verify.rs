//! Somebody's own answer to a problem: right, or wrong with a counterexample and the likely slip.
//!
//! In: a problem, an answer as text. Out: a [`Verification`]. Left to others: comparing and trying slips (`einstep-check`).

use crate::error::Error;
use crate::problem::{Options, Problem, Source};
use crate::stack::deep;
use einstep_check::{Comparison, Counterexample, Slip, compare, compare_element, slip};
use einstep_engine::shapes;
use einstep_syntax::{
    Code, Diagnostic, Expr, ExprKind, Question, Span, free_letters, parse_declarations, parse_problem_given,
};
use einstep_trace::Derivation;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is to be said of somebody's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The answer as it was given.
    pub claimed: String,
    /// Whether it is right.
    #[serde(flatten)]
    pub verdict: Judgement,
    /// The slip that explains it, if it is wrong.
    pub slip: Option<Slip>,
    /// einstep's own answer, if it has one.
    pub answer: Option<String>,
}

/// Whether an answer is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Judgement {
    /// It is the derivative at every point tried.
    Right {
        /// How many points.
        points: u32,
        /// The sizes given to the dimensions.
        sizes: Vec<BTreeMap<String, u64>>,
    },
    /// It is not.
    Wrong(Wrong),
    /// It could not be judged.
    Open {
        /// Why.
        reason: String,
    },
}

/// How an answer is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "because", rename_all = "lowercase")]
pub enum Wrong {
    /// It has another value.
    Value {
        /// A point at which it has: on the left the derivative, on the right the answer.
        counterexample: Box<Counterexample>,
    },
    /// It has another shape; each is given as rows and columns.
    Shape {
        /// The shape of the derivative.
        expected: [String; 2],
        /// The shape of the answer.
        found: [String; 2],
    },
    /// Its parts do not fit together.
    Misfit {
        /// Which.
        message: String,
    },
}

impl Verification {
    /// Whether the answer is right.
    pub fn is_right(&self) -> bool {
        matches!(self.verdict, Judgement::Right { .. })
    }

    /// Whether the answer is wrong; else it is right, or could not be judged.
    pub fn is_wrong(&self) -> bool {
        matches!(self.verdict, Judgement::Wrong(_))
    }
}

impl Problem {
    /// Compares somebody's own answer with the derivative.
    ///
    /// # Errors
    /// [`Error::Refused`] with diagnostics about the problem or the answer.
    ///
    /// ```
    /// let verification = einstep::Problem::parse("d/dX tr(V*X*W)")?.verify("W*V")?;
    /// assert!(verification.is_wrong());
    /// assert_eq!(verification.slip.and_then(|slip| slip.mended).as_deref(), Some("(W*V)'"));
    /// assert_eq!(verification.answer.as_deref(), Some("V'*W'"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn verify(&self, answer: &str) -> Result<Verification, Error> {
        self.verify_with(answer, &Options::default())
    }

    /// Compares somebody's own answer with the derivative, with options.
    ///
    /// # Errors
    /// As [`Problem::verify`].
    pub fn verify_with(&self, answer: &str, options: &Options) -> Result<Verification, Error> {
        deep(|| {
            let source = Source { name: "--answer".into(), text: answer.into() };
            let sources: Vec<Source> = self.sources().iter().cloned().chain([source]).collect();
            let refused = |diagnostics| Error::Refused { diagnostics, sources: sources.clone() };
            let asked = shapes(self.syntax(), self.wanted()).map_err(refused)?;
            let claimed = self.read_answer(answer, &asked).map_err(refused)?;
            let derived = self.derive_with(options).ok();
            let free = free_letters(&claimed);
            let comparison = match derived.as_ref().map(|derived| &derived.result().free) {
                _ if free.is_empty() => self.compared(&asked, &claimed, options),
                Some(letters) if free.iter().all(|letter| letters.contains(letter)) => {
                    compare_element(&asked, &claimed, letters, &options.check)
                }
                Some(letters) => Comparison::Unknown(format!(
                    "the free indices of the derivative are {}, and those of the answer {}",
                    letters.join(", "),
                    free.join(", ")
                )),
                None => Comparison::Unknown("the free indices of the derivative are not known".into()),
            };
            let own = derived.as_ref().and_then(|derived| derived.answer()).map(String::from);
            let slip = match &comparison {
                Comparison::Equal { .. } | Comparison::Unknown(_) => None,
                // Slips are tried on matrices.
                _ if !free.is_empty() => None,
                wrong => {
                    let right = own.as_deref().and_then(|own| self.expression(own).ok());
                    slip(&asked, &claimed, wrong, right.as_ref(), &options.check)
                }
            };
            Ok(Verification { claimed: answer.trim().into(), verdict: comparison.into(), slip, answer: own })
        })
    }

    /// Reads an answer, all names and functions of which are known.
    fn read_answer(&self, answer: &str, asked: &Derivation) -> Result<Expr, Vec<Diagnostic>> {
        let claimed = self.expression(answer)?;
        let mut unknown = Vec::new();
        names(&claimed, &mut |name, span| {
            let is_known = asked.symbols.iter().any(|symbol| symbol.name == name)
                || asked.dims.iter().any(|dim| dim.name == name)
                || ["I", "e", "pi"].contains(&name);
            if !is_known {
                let message = format!("`{name}` is not in the question");
                unknown.push(Diagnostic::new(Code::UnknownName, message, span, "only in the answer"));
            }
        });
        let functions = self.findings(asked, &claimed).into_iter();
        unknown.extend(functions.filter(|found| matches!(found.code, Code::UnknownFunction | Code::WrongArity)));
        if unknown.is_empty() { Ok(claimed) } else { Err(unknown) }
    }

    /// An answer in matrix form beside the derivative.
    fn compared(&self, asked: &Derivation, claimed: &Expr, options: &Options) -> Comparison {
        match compare(asked, claimed, &options.check) {
            Comparison::Misfit(message) => Comparison::Misfit(self.misfit(asked, claimed).unwrap_or(message)),
            comparison => comparison,
        }
    }

    /// Which parts of an answer do not fit together.
    fn misfit(&self, asked: &Derivation, claimed: &Expr) -> Option<String> {
        const SHAPES: [Code; 4] = [Code::ShapeMismatch, Code::NotSquare, Code::NotScalar, Code::WrongKind];
        let found = self.findings(asked, claimed).into_iter().find(|found| SHAPES.contains(&found.code));
        found.map(|found| found.message)
    }

    /// What is found when an answer is read as a question of its own.
    fn findings(&self, asked: &Derivation, claimed: &Expr) -> Vec<Diagnostic> {
        let number = self.sources().len() as u32;
        let declarations = parse_declarations(&asked.problem.given.join("\n"), number).value;
        let by = self.syntax().question.as_ref().map_or(vec![], |question| question.by.clone());
        let question = Some(Question { by, body: claimed.clone(), limits: vec![], free: vec![] });
        let problem = einstep_syntax::Problem { declarations, question, ..Default::default() };
        shapes(&problem, self.wanted()).err().unwrap_or_default()
    }

    /// Reads an expression in the presence of the declarations.
    fn expression(&self, text: &str) -> Result<Expr, Vec<Diagnostic>> {
        let number = self.sources().len() as u32;
        let parsed = parse_problem_given(text, number, &self.syntax().declarations);
        if !parsed.diagnostics.is_empty() {
            return Err(parsed.diagnostics);
        }
        match parsed.value.question {
            Some(question) if question.by.is_empty() && parsed.value.declarations.is_empty() => Ok(question.body),
            _ => {
                let place = Span { source: number, start: 0, end: text.len() as u32 };
                let message = "an answer is an expression";
                Err(vec![Diagnostic::new(Code::UnexpectedToken, message, place, "this is something else")])
            }
        }
    }
}

impl From<Comparison> for Judgement {
    fn from(comparison: Comparison) -> Judgement {
        match comparison {
            Comparison::Equal { points, sizes } => Judgement::Right { points, sizes },
            Comparison::Different(counterexample) => Judgement::Wrong(Wrong::Value { counterexample }),
            Comparison::Shape { expected, found } => Judgement::Wrong(Wrong::Shape { expected, found }),
            Comparison::Misfit(message) => Judgement::Wrong(Wrong::Misfit { message }),
            Comparison::Unknown(reason) => Judgement::Open { reason },
        }
    }
}

/// Visits the names of symbols in an expression; `delta[i,j]` and `eps[i,j,k]` are none.
fn names<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e str, Span)) {
    if let ExprKind::Element(of, _) = &expr.kind
        && matches!(&of.kind, ExprKind::Name(name) if name == "delta" || name == "eps")
    {
        return;
    }
    if let ExprKind::Name(name) = &expr.kind {
        visit(name, expr.span);
    }
    for part in expr.parts() {
        names(part, visit);
    }
}
