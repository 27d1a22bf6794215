//! The equations that a statement consists of, and how they rewrite a term.
//!
//! In: the text of a statement, `sum[i](delta[i,j]*f[i]) = f[j]`. Out: the term with one of its equations applied at its root.
//! Left to others: reading (`patterns`), fitting (`matching`), filling in (`filling`), where and how often (`laws`).

use crate::instance::filling::Fill;
use crate::instance::matching::{Bindings, List, Match, Ways};
use crate::instance::patterns::Letters;
use crate::instance::room::Room;
use crate::instance::term::{Form, Index, Term};
use std::rc::Rc;

/// Which side of an equation is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// An equation as a rewriting.
#[derive(Debug, Clone)]
struct Equation {
    from: Term,
    to: Term,
    letters: Letters,
    /// What some of the letters stand for, where that is given.
    put: Vec<Option<Rc<Term>>>,
}

/// Equations, to be tried in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Equations(Vec<Equation>);

impl Equations {
    /// Reads the equations of a statement, or says why one can't be matched.
    pub(crate) fn read<'s>(statements: impl Iterator<Item = &'s str>, side: Side) -> Result<Equations, String> {
        let read = |text: &str| {
            let (left, right) = text.split_once(" = ").ok_or_else(|| format!("`{text}` is no equation"))?;
            let (from, to) = if side == Side::Left { (left, right) } else { (right, left) };
            let mut letters = Letters::default();
            let from = letters.side(from)?;
            let to = letters.side(to)?;
            if let Term::Letter(..) = from {
                return Err(format!("`{text}`: a letter alone fits everything; look for the other side"));
            }
            Ok(Equation { from, to, letters, put: vec![] })
        };
        statements.map(read).collect::<Result<_, _>>().map(Equations)
    }

    /// One equation for each list of what its letters stand for.
    pub(crate) fn put([from, to]: &[Term; 2], letters: &Letters, puts: Vec<Vec<Term>>) -> Equations {
        let equation = |put: Vec<Term>| Equation {
            from: from.clone(),
            to: to.clone(),
            letters: letters.clone(),
            put: put.into_iter().map(|term| Some(Rc::new(term))).collect(),
        };
        Equations(puts.into_iter().map(equation).collect())
    }

    /// Each equation alone, when there are several.
    pub(crate) fn each(&self) -> Vec<Equations> {
        let several = if self.0.len() > 1 { self.0.as_slice() } else { &[] };
        several.iter().map(|equation| Equations(vec![equation.clone()])).collect()
    }

    /// The term with the first equation that fits applied at its root.
    pub(crate) fn apply(&self, room: &mut Room<'_>, term: &Term) -> Form<Option<Term>> {
        for equation in &self.0 {
            if let Some(next) = equation.applied(room, term, 1)?.pop() {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }

    /// The terms that one application of an equation makes of a term, at its root or below.
    pub(crate) fn all(&self, room: &mut Room<'_>, term: &Term, limit: usize) -> Form<Vec<Term>> {
        room.meter.spend(1)?;
        let mut found = vec![];
        for equation in &self.0 {
            found.extend(equation.applied(room, term, limit)?);
        }
        for position in 0..term.children().len() {
            if found.len() >= limit {
                break;
            }
            for child in self.all(room, &term.children()[position], limit - found.len())? {
                let mut whole = term.clone();
                whole.children_mut()[position] = child;
                found.push(whole);
            }
        }
        Ok(found)
    }
}

impl Equation {
    /// What is known of the letters before anything is fitted.
    fn known(&self) -> Bindings {
        let mut known = Bindings::new(&self.letters);
        known.letters.iter_mut().zip(&self.put).for_each(|(letter, put)| letter.clone_from(put));
        known
    }

    /// The terms that an application at the root makes of a term, at most so many.
    fn applied(&self, room: &mut Room<'_>, term: &Term, limit: usize) -> Form<Vec<Term>> {
        let known = self.known();
        let mut found = vec![];
        let items = |args: &[Term], list: List, room: &mut Room<'_>| -> Form<Ways> {
            let patterns = match &self.from {
                Term::Add(args) | Term::Mul(args) | Term::Hadamard(args) => args,
                other => std::slice::from_ref(other),
            };
            Match(room).among(list, patterns, args, &known, true)
        };
        match (&self.from, term) {
            (Term::Add(_), Term::Add(args)) => {
                for (known, rest) in items(args, List::Add, room)?.into_iter().take(limit) {
                    let filled = self.filled(room, known)?;
                    found.push(Term::add([vec![filled], rest].concat()));
                }
            }
            (Term::Hadamard(_), Term::Hadamard(args)) => {
                for (known, rest) in items(args, List::Hadamard, room)?.into_iter().take(limit) {
                    let filled = self.filled(room, known)?;
                    found.push(elementwise(room, filled, rest));
                }
            }
            (Term::Mul(_), Term::Mul(_) | Term::Power(_)) | (Term::Power(_), Term::Power(_)) => {
                for (known, rest) in items(term.factors(), List::Mul, room)?.into_iter().take(limit) {
                    let filled = self.filled(room, known)?;
                    found.push(room.mul([vec![filled], rest].concat()));
                }
            }
            (Term::Matmul(patterns), Term::Matmul(factors)) => {
                for start in 0..factors.len() {
                    let ways = Match(room).run(patterns, &factors[start..], &known, true)?;
                    for (known, taken) in ways.into_iter().take(limit - found.len()) {
                        let middle = self.filled(room, known)?;
                        found.push(chain(room, &factors[..start], middle, &factors[start + taken..]));
                    }
                    if found.len() >= limit {
                        break;
                    }
                }
            }
            (Term::Sum(indices, pattern), Term::Sum(over, body)) => {
                found = self.under_sum(room, (indices, pattern), (over, body), limit)?;
            }
            // Where one factor is all there is, the letter of the others stands for 1.
            (Term::Mul(patterns), _) if patterns.contains(&self.to) && matches!(self.to, Term::Letter(..)) => {
                let others: Vec<Term> = patterns.iter().filter(|pattern| **pattern != self.to).cloned().collect();
                if let [pattern] = others.as_slice()
                    && !Match(room).fits(pattern, term, &known)?.is_empty()
                {
                    found.push(Term::integer(1));
                }
            }
            (Term::Add(_) | Term::Mul(_) | Term::Hadamard(_) | Term::Matmul(_), _) => {}
            (from, _) => {
                for known in Match(room).fits(from, term, &known)?.into_iter().take(limit) {
                    found.push(self.filled(room, known)?);
                }
            }
        }
        // What holds the term again would be rewritten without end.
        room.meter.spend(found.len() as u64)?;
        found.retain(|next| !holds(next, term));
        Ok(found)
    }

    fn filled(&self, room: &mut Room<'_>, known: Bindings) -> Form<Term> {
        let mut fill = Fill { room, known, from: &self.from };
        fill.dimensions(&self.letters);
        fill.filled(&self.to)
    }

    /// Applies it to a sum over several indices, some of which are those of the statement.
    fn under_sum(
        &self,
        room: &mut Room<'_>,
        (indices, pattern): (&[Index], &Term),
        (over, body): (&[Index], &Term),
        limit: usize,
    ) -> Form<Vec<Term>> {
        let mut found = vec![];
        for chosen in Match(room).choices(indices.len(), over)? {
            let mut known = self.known();
            indices.iter().zip(&chosen).for_each(|(index, own)| known.bind(*index, vec![*own]));
            let ways = match pattern {
                // The letter of such a product stands for all other factors, be there any or not.
                Term::Mul(patterns) => {
                    let ways = Match(room).among(List::Mul, patterns, body.factors(), &known, false)?;
                    ways.into_iter().map(|(known, _)| known).collect()
                }
                _ => Match(room).fits(pattern, body, &known)?,
            };
            for known in ways.into_iter().take(limit - found.len()) {
                let inner = self.filled(room, known)?;
                let rest = over.iter().filter(|index| !chosen.contains(index)).copied();
                found.push(room.sum(rest.collect(), inner)?);
            }
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }
}

/// A product of arrays in which something new stands in the middle; its scalars come to the front.
fn chain(room: &Room<'_>, before: &[Term], middle: Term, after: &[Term]) -> Term {
    let mut factors = middle.into_factors();
    let array = if factors.last().is_some_and(|last| !room.is_scalar(last)) { factors.pop() } else { None };
    let chain: Vec<Term> = before.iter().cloned().chain(array).chain(after.iter().cloned()).collect();
    if !chain.is_empty() {
        factors.push(room.matmul(chain));
    }
    room.mul(factors)
}

/// An elementwise product with something new; its scalars come to the front.
fn elementwise(room: &Room<'_>, new: Term, rest: Vec<Term>) -> Term {
    let mut factors = new.into_factors();
    let array = factors.pop();
    let arrays: Vec<Term> = array.into_iter().chain(rest).collect();
    factors.push(Term::hadamard(arrays));
    room.mul(factors)
}

fn holds(term: &Term, part: &Term) -> bool {
    term == part || term.children().iter().any(|child| holds(child, part))
}
