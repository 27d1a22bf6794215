//! Pending derivatives, pushed inwards.
//!
//! In: what is differentiated, and by what. Out: the normal form of the derivative. Left to others: functions, whose
//! derivatives are statements.

use crate::field::F;
use crate::instance::laws::{Law, Normal};
use crate::instance::room::Moving;
use crate::instance::term::{Form, Term};

impl Normal<'_, '_> {
    /// A pending derivative, pushed inwards as far as the laws say.
    pub(super) fn partial(&mut self, body: Term, by: Term) -> Form<Term> {
        self.room.meter.spend(4)?;
        let Some(moving) = symbol(&by).map(|symbol| self.room.moving(symbol)) else { return Ok(pending(body, by)) };
        // The chain rule holds of constants too, and so does linearity.
        let applies = match body {
            Term::Power(_) => self.has(Law::ChainOfPower),
            Term::Sum(..) => self.has(Law::Linear),
            _ => false,
        };
        if !applies && !moving.is_in(&body) {
            if self.has(Law::Constant) {
                self.applied(Law::Constant, 1);
                return Ok(Term::integer(0));
            }
            return Ok(pending(body, by));
        }
        if self.has(Law::Element)
            && let Some(deltas) = self.deltas(&body, &by)
        {
            self.applied(Law::Element, 1);
            return Ok(deltas);
        }
        let varying = |factors: &[Term]| factors.iter().filter(|factor| moving.is_in(factor)).count();
        match body {
            Term::Add(terms) if self.has(Law::Linear) => {
                self.applied(Law::Linear, 1);
                let terms = terms.into_iter().filter(|term| moving.is_in(term));
                let terms = terms.map(|term| self.partial(term, by.clone())).collect::<Form<_>>()?;
                self.add(terms)
            }
            Term::Mul(factors) if self.has(Law::Linear) && varying(&factors) == 1 => {
                self.applied(Law::Linear, 1);
                let factors = factors.into_iter().map(|factor| match moving.is_in(&factor) {
                    true => self.partial(factor, by.clone()),
                    false => Ok(factor),
                });
                let factors = factors.collect::<Form<_>>()?;
                self.mul(factors)
            }
            Term::Mul(factors) if self.has(Law::Product) && varying(&factors) > 1 => {
                self.applied(Law::Product, 1);
                let terms = self.product_rule(factors, &moving, &by)?;
                self.add(terms)
            }
            Term::Sum(over, mut body) => {
                let is_product = varying(body.factors()) > 1;
                if !(self.has(Law::Linear) || self.has(Law::Product) && is_product) {
                    return Ok(pending(Term::Sum(over, body), by));
                }
                let mut fresh = Vec::with_capacity(over.len());
                for old in over {
                    let new = if by.has(old) { self.room.fresh(self.room.extent_of(old)) } else { old };
                    self.room.rename(&mut body, old, &[new])?;
                    fresh.push(new);
                }
                if self.has(Law::Linear) {
                    self.applied(Law::Linear, 1);
                    let inner = self.partial(*body, by)?;
                    return self.sum(fresh, inner);
                }
                self.applied(Law::Product, 1);
                let terms = self.product_rule(body.into_factors(), &moving, &by)?;
                let sums = terms.into_iter().map(|term| self.sum(fresh.clone(), term)).collect::<Form<_>>()?;
                self.add(sums)
            }
            Term::Power(pair) if self.has(Law::ChainOfPower) => {
                self.applied(Law::ChainOfPower, 1);
                let [base, exponent] = *pair;
                let mut terms = Vec::new();
                if moving.is_in(&exponent) {
                    let power = Term::power(base.clone(), exponent.clone());
                    let log = Term::Apply("log", Box::new(base.clone()));
                    let inner = self.partial(exponent.clone(), by.clone())?;
                    terms.push(self.mul(vec![power, log, inner])?);
                }
                if moving.is_in(&base) || terms.is_empty() {
                    let outer = self.lowered(base.clone(), &exponent);
                    let inner = self.partial(base, by)?;
                    terms.push(self.mul(vec![exponent, outer, inner])?);
                }
                self.add(terms)
            }
            body => Ok(pending(body, by)),
        }
    }

    /// A power whose exponent is 1 less.
    fn lowered(&self, base: Term, exponent: &Term) -> Term {
        let lower = match exponent.as_number() {
            Some(number) => Term::Number(number - F::ONE),
            None => Term::add(vec![exponent.clone(), Term::integer(-1)]),
        };
        if lower.is_number(F::ONE) { base } else { Term::power(base, lower) }
    }

    pub(super) fn product_rule(&mut self, factors: Vec<Term>, moving: &Moving, by: &Term) -> Form<Vec<Term>> {
        let mut terms = Vec::new();
        for position in 0..factors.len() {
            if moving.is_in(&factors[position]) {
                self.room.meter.spend(factors.len() as u64)?;
                let mut product = factors.clone();
                let factor = std::mem::replace(&mut product[position], Term::integer(1));
                product[position] = self.partial(factor, by.clone())?;
                terms.push(self.mul(product)?);
            }
        }
        Ok(terms)
    }

    /// The derivative of an element of the variable by another.
    pub(super) fn deltas(&self, body: &Term, by: &Term) -> Option<Term> {
        match (body, by) {
            (Term::Symbol(a), Term::Symbol(b)) if a == b => Some(Term::integer(1)),
            (Term::Elem(of, at), Term::Elem(variable, by)) if of == variable && matches!(**of, Term::Symbol(_)) => {
                let pairs = at.iter().zip(by).filter(|(i, l)| !(i.is_empty() && l.is_empty()));
                Some(self.room.mul(pairs.map(|(i, l)| self.room.delta([i.clone(), l.clone()])).collect()))
            }
            _ => None,
        }
    }
}

fn pending(body: Term, by: Term) -> Term {
    Term::Partial(Box::new([body, by]))
}

/// The symbol that a derivative is by.
fn symbol(by: &Term) -> Option<u32> {
    match by {
        Term::Symbol(symbol) => Some(*symbol),
        Term::Elem(of, _) => symbol(of),
        _ => None,
    }
}
