//! An attempt at a problem: the derivation, what the check says of it, and whether its answer is right all the same.
//!
//! In: a problem. Out: an [`Attempt`], or a refusal. Left to others: counting.
//!
//! einstep does not show what its check rejects; here the answer is looked at nevertheless, so that a wrong answer and a
//! step that is not justified can be told apart.

use einstep::check::{Comparison, Options, Rejection, compare, compare_element, equal};
use einstep::syntax::{Expr, ExprKind, parse_problem_given};
use einstep::trace::{CheckStatus, Derivation};
use einstep::{Error, Problem};

/// The outcome of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// Both have one value.
    Equal,
    /// They differ, and where.
    Different(String),
    /// It could not be told, and why.
    Open(String),
}

impl From<Comparison> for Judged {
    fn from(comparison: Comparison) -> Judged {
        match comparison {
            Comparison::Equal { .. } => Judged::Equal,
            Comparison::Different(at) => Judged::Different(format!("{} is not {}", at.right, at.left)),
            Comparison::Shape { expected, found } => {
                Judged::Different(format!("its shape is {}, not {}", found.join("×"), expected.join("×")))
            }
            Comparison::Misfit(why) => Judged::Different(why),
            Comparison::Unknown(why) => Judged::Open(why),
        }
    }
}

/// What the check says of a derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It is accepted.
    Accepted,
    /// It could not be judged, and why.
    Declined(String),
    /// It is wrong, and where.
    Rejected(Box<Rejection>),
}

/// A derivation that was attempted.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its record.
    pub trace: Derivation,
    /// What the check says.
    pub checked: Checked,
    /// The derivation, unless the check rejects it.
    pub shown: Option<einstep::Derivation>,
}

impl Attempt {
    /// Derives.
    ///
    /// # Errors
    /// What einstep refuses.
    pub fn at(problem: &Problem) -> Result<Attempt, Error> {
        match problem.derive() {
            Ok(derivation) => {
                let trace = derivation.trace().clone();
                let reason = trace.check.as_ref().and_then(|check| check.reason.clone()).unwrap_or_default();
                let declined = derivation.status() != CheckStatus::Accepted;
                let checked = if declined { Checked::Declined(reason) } else { Checked::Accepted };
                Ok(Attempt { trace, checked, shown: Some(derivation) })
            }
            Err(Error::Internal(rejection)) => match einstep_engine::derive(problem.syntax(), &Default::default()) {
                Ok(trace) => Ok(Attempt { trace, checked: Checked::Rejected(rejection), shown: None }),
                Err(_) => Err(Error::Internal(rejection)),
            },
            Err(error) => Err(error),
        }
    }

    /// The answer in the input language: its matrix form, or else its element.
    pub fn answer(&self) -> &str {
        self.matrix().unwrap_or(&self.trace.result.index)
    }

    /// The matrix form of the answer.
    fn matrix(&self) -> Option<&String> {
        let result = &self.trace.result;
        result.text.as_ref().or(result.vec.as_ref())
    }

    /// Whether the answer is in matrix form.
    pub fn is_matrix(&self) -> bool {
        self.matrix().is_some()
    }

    /// Whether the answer is the derivative of the question.
    pub fn judged(&self) -> Judged {
        let (answer, options) = (self.read(self.answer()), Options::default());
        if self.is_matrix() {
            compare(&self.trace, &answer, &options).into()
        } else {
            match compare_element(&self.trace, &answer, &self.trace.result.free, &options) {
                // A slot of several indices is one to the comparison.
                Comparison::Misfit(why) => Judged::Open(why),
                comparison => comparison.into(),
            }
        }
    }

    /// Whether the answer is that of a book.
    pub fn judged_by(&self, book: &Expr) -> Judged {
        let options = Options::default();
        let by_question: Judged = compare(&self.trace, book, &options).into();
        if !self.is_matrix() || by_question != Judged::Equal {
            // Without a value of the book's answer, ours is compared with the question alone.
            return if matches!(by_question, Judged::Different(_)) { by_question } else { self.judged() };
        }
        match equal(&self.trace, book, &self.read(self.answer()), &options).into() {
            Judged::Open(_) => self.judged(),
            judged => judged,
        }
    }

    /// Whether the answer is the one whose element stands in a book.
    pub fn judged_by_element(&self, book: &Expr, free: &[String]) -> Judged {
        let options = Options::default();
        let by_question: Judged = compare_element(&self.trace, book, free, &options).into();
        let index = self.read(&self.trace.result.index);
        let element: Judged = compare_element(&self.trace, &index, &self.trace.result.free, &options).into();
        match (by_question, element) {
            (Judged::Equal, Judged::Equal) if self.is_matrix() => self.judged(),
            (Judged::Equal, other) | (other, _) => other,
        }
    }

    /// Reads an expression over the symbols of the problem.
    pub fn read(&self, text: &str) -> Expr {
        let given = einstep::syntax::parse_declarations(&self.trace.problem.given.join("\n"), 0).value;
        let question = parse_problem_given(text, 0, &given).value.question;
        question.map_or(Expr::new(ExprKind::Error), |question| question.body)
    }
}
