//! Sums: zeros, numbers, like terms, contents; sums over indices.
//!
//! In: the terms, in normal form. Out: the normal form of their sum. Left to others: products (`products`).

use crate::field::F;
use crate::instance::equations::Equations;
use crate::instance::laws::measures::size;
use crate::instance::laws::products::as_integer;
use crate::instance::laws::{Law, Normal};
use crate::instance::room::too_large;
use crate::instance::term::{Form, Index, ONE, Slot, Term};
use rustc_hash::{FxHashMap, FxHashSet};

impl Normal<'_, '_> {
    pub(super) fn add(&mut self, terms: Vec<Term>) -> Form<Term> {
        let mut terms = match Term::add(terms) {
            Term::Add(terms) => terms,
            other => return Ok(other),
        };
        let shape = terms.iter().map(|term| self.room.shape(term)).find(|shape| *shape != [ONE, ONE]);
        let shape = shape.unwrap_or([ONE, ONE]);
        let before = terms.len();
        if self.has(Law::Zeros) {
            terms.retain(|term| !term.is_zero());
            self.applied(Law::Zeros, before - terms.len());
        }
        if self.has(Law::Numbers) && !self.has(Law::LikeTerms) {
            let numbers: Vec<F> = terms.iter().filter_map(Term::as_number).collect();
            if numbers.len() > 1 {
                self.applied(Law::Numbers, numbers.len() - 1);
                terms.retain(|term| term.as_number().is_none());
                terms.push(Term::Number(numbers.into_iter().fold(F::ZERO, |sum, n| sum + n)));
            }
        }
        if self.has(Law::LikeTerms) {
            terms = self.like_terms(terms)?;
            // A sum that is left with the number 1 gives its terms to the sum around it.
            if terms.iter().any(|term| matches!(term, Term::Add(_))) {
                return self.add(terms);
            }
        }
        if terms.is_empty() && shape != [ONE, ONE] {
            return Ok(Term::Zeros(shape));
        }
        if self.has(Law::CommonDenominator) && terms.len() > 1 {
            let denominators = self.denominators(&terms)?;
            if !denominators.is_empty() {
                return self.over(denominators, terms);
            }
        }
        if (self.has(Law::Content) || self.has(Law::Sign)) && terms.len() > 1 {
            return self.content(terms);
        }
        Ok(Term::add(terms))
    }

    /// The denominators of some terms, each to the greatest power in which it occurs.
    fn denominators(&mut self, terms: &[Term]) -> Form<Vec<(Term, i64)>> {
        let mut found: Vec<(u64, Term, i64)> = Vec::new();
        for factor in terms.iter().flat_map(Term::factors) {
            let Term::Power(pair) = factor else { continue };
            let exponent = pair[1].as_number().and_then(as_integer).filter(|exponent| *exponent < 0);
            let Some(exponent) = exponent.filter(|_| self.room.is_scalar(&pair[0])) else { continue };
            let mark = self.mark(&pair[0])?;
            match found.iter_mut().find(|(known, ..)| *known == mark) {
                Some((_, _, greatest)) => *greatest = (*greatest).min(exponent),
                None => found.push((mark, pair[0].clone(), exponent)),
            }
        }
        Ok(found.into_iter().map(|(_, base, exponent)| (base, exponent)).collect())
    }

    /// Terms over common denominators.
    fn over(&mut self, denominators: Vec<(Term, i64)>, terms: Vec<Term>) -> Form<Term> {
        let power = |(base, exponent): &(Term, i64)| Term::power(base.clone(), Term::integer(*exponent));
        let below: Vec<Term> = denominators.iter().map(power).collect();
        let above: Vec<Term> = denominators.iter().map(|(base, exponent)| power(&(base.clone(), -exponent))).collect();
        self.applied(
            Law::CommonDenominator,
            denominators.iter().map(|(_, exponent)| exponent.unsigned_abs()).sum::<u64>() as usize,
        );
        let mut raised = Vec::with_capacity(terms.len());
        for term in terms {
            self.room.meter.spend(above.len() as u64)?;
            let factors = above.iter().cloned().chain(term.into_factors()).collect();
            raised.push(self.mul(factors)?);
        }
        // A denominator that is a sum has lost itself among the terms where it was multiplied by 1.
        const EXPANDED: &[Law] = &[Law::Distribute, Law::PowerOfSum, Law::Numbers, Law::LikeTerms];
        let none = Equations::default();
        let sum = Normal::new(self.room, EXPANDED, &none, None).of(Term::add(raised))?;
        self.mul([below, vec![sum]].concat())
    }

    /// The number of a term, and the rest of it.
    pub(super) fn coefficient(&self, term: Term) -> (F, Term) {
        let mut coefficient = F::ONE;
        let mut rest = Vec::new();
        for factor in term.into_factors() {
            match factor.as_number() {
                Some(number) => coefficient = coefficient * number,
                None => rest.push(factor),
            }
        }
        (coefficient, self.room.mul(rest))
    }

    pub(super) fn scaled(&self, coefficient: F, rest: Term) -> Term {
        match coefficient == F::ONE {
            true => rest,
            false if rest.is_number(F::ONE) => Term::Number(coefficient),
            false => self.room.mul(vec![Term::Number(coefficient), rest]),
        }
    }

    fn like_terms(&mut self, terms: Vec<Term>) -> Form<Vec<Term>> {
        let (terms, merged) = self.merged(terms)?;
        self.applied(Law::LikeTerms, merged);
        Ok(terms)
    }

    /// Terms that differ only in their number added, and how many fewer there are.
    pub(super) fn merged(&self, terms: Vec<Term>) -> Form<(Vec<Term>, usize)> {
        let before = terms.len();
        let mut found: Vec<(F, Term)> = Vec::new();
        let mut places: FxHashMap<u64, usize> = FxHashMap::default();
        for term in terms {
            let (coefficient, rest) = self.coefficient(term);
            let mark = self.mark(&rest)?;
            match places.get(&mark) {
                Some(&place) => found[place].0 = found[place].0 + coefficient,
                None => {
                    places.insert(mark, found.len());
                    found.push((coefficient, rest));
                }
            }
        }
        let merged = before - found.len();
        let left = found.into_iter().filter(|(coefficient, _)| !coefficient.is_zero());
        Ok((left.map(|(coefficient, rest)| self.scaled(coefficient, rest)).collect(), merged))
    }

    /// A sum whose first term, in an order of marks, has no number, times that number; or only no sign, times that.
    pub(super) fn content(&mut self, terms: Vec<Term>) -> Form<Term> {
        let mut parts = Vec::with_capacity(terms.len());
        for term in terms {
            let (coefficient, rest) = self.coefficient(term);
            // A sum that loses its number is no longer apart from the sum around it.
            let inner = if let Term::Add(inner) = rest { inner } else { vec![rest] };
            for term in inner {
                let (own, rest) = self.coefficient(term);
                parts.push((self.mark(&rest)?, coefficient * own, rest));
            }
        }
        parts.sort_by_key(|(mark, coefficient, _)| (*mark, coefficient.residue()));
        let mut first = parts[0].1;
        if !self.has(Law::Content) {
            // Which of the two counts as negative does not matter.
            first = if size(first) == first { F::ONE } else { -F::ONE };
        }
        let inverse = first.inverse().unwrap_or(F::ONE);
        let terms = parts.into_iter().map(|(_, coefficient, rest)| self.scaled(coefficient * inverse, rest)).collect();
        Ok(self.scaled(if first.is_zero() { F::ONE } else { first }, Term::add(terms)))
    }

    pub(super) fn sum(&mut self, over: Vec<Index>, body: Term) -> Form<Term> {
        if self.has(Law::Zeros) && body.is_zero() {
            return Ok(self.zero(&body));
        }
        let (over, body) = if self.has(Law::JoinIndices) { self.joined(over, body)? } else { (over, body) };
        if self.has(Law::Contract) {
            return self.contracted(over, body);
        }
        match body {
            Term::Add(terms) if self.has(Law::Split) => {
                self.applied(Law::Split, terms.len() - 1);
                let sums = terms.into_iter().map(|term| self.sum(over.clone(), term)).collect::<Form<_>>()?;
                self.add(sums)
            }
            body if self.has(Law::SumScalarsFirst) && !body.is_number(F::ONE) => {
                let (inside, mut front): (Vec<Term>, Vec<Term>) =
                    body.into_factors().into_iter().partition(|factor| over.iter().any(|index| factor.has(*index)));
                if front.is_empty() {
                    let product = self.room.mul(inside);
                    return self.room.sum(over, product);
                }
                self.applied(Law::SumScalarsFirst, front.len());
                // A sum over what does not occur is a number.
                let (own, idle): (Vec<Index>, Vec<Index>) =
                    over.into_iter().partition(|index| inside.iter().any(|factor| factor.has(*index)));
                if !own.is_empty() {
                    let product = self.room.mul(inside);
                    front.push(self.room.sum(own, product)?);
                }
                if !idle.is_empty() {
                    front.push(self.room.sum(idle, Term::integer(1))?);
                }
                self.mul(front)
            }
            body => self.room.sum(over, body),
        }
    }

    /// A sum without the deltas that have one of its indices: each index is the one that they join it to.
    fn contracted(&mut self, over: Vec<Index>, body: Term) -> Form<Term> {
        let mut becomes: FxHashMap<Index, Index> = FxHashMap::default();
        let root = |becomes: &FxHashMap<Index, Index>, mut index: Index| {
            let mut steps = 1;
            while let Some(&next) = becomes.get(&index) {
                (index, steps) = (next, steps + 1);
            }
            (index, steps)
        };
        let bound: FxHashSet<Index> = over.iter().copied().collect();
        let (mut kept, mut rest) = (vec![], vec![]);
        for factor in body.into_factors() {
            let Term::Delta([i, j]) = &factor else {
                rest.push(factor);
                continue;
            };
            let ([i], [j]) = (i.as_slice(), j.as_slice()) else { return Err(too_large()) };
            let ([(i, steps), (j, more)], [own_i, own_j]) = ([*i, *j].map(|index| root(&becomes, index)), [*i, *j]);
            self.room.meter.spend(steps + more)?;
            // The way to the end is shorter the next time.
            for (own, end) in [(own_i, i), (own_j, j)].into_iter().filter(|(own, end)| own != end) {
                becomes.insert(own, end);
            }
            match [bound.contains(&i), bound.contains(&j)] {
                _ if i == j => self.applied(Law::Contract, 1),
                [_, true] => {
                    becomes.insert(j, i);
                    self.applied(Law::Contract, 1);
                }
                [true, false] => {
                    becomes.insert(i, j);
                    self.applied(Law::Contract, 1);
                }
                [false, false] => kept.push(factor),
            }
        }
        kept.extend(rest);
        for factor in &mut kept {
            let mut own = vec![];
            slots(factor, &mut own);
            let own: Vec<Index> =
                own.into_iter().flatten().copied().filter(|index| becomes.contains_key(index)).collect();
            for index in own {
                let (end, steps) = root(&becomes, index);
                self.room.meter.spend(steps)?;
                self.room.rename(factor, index, &[end])?;
            }
        }
        let product = self.room.mul(kept);
        self.room.sum(over.into_iter().filter(|index| !becomes.contains_key(index)).collect(), product)
    }

    /// Bound indices that occur only side by side, in one order, as one index.
    fn joined(&mut self, mut over: Vec<Index>, mut body: Term) -> Form<(Vec<Index>, Term)> {
        loop {
            self.room.meter.spend((over.len() * over.len()) as u64)?;
            let mut neighbours = vec![];
            slots(&body, &mut neighbours);
            let pair = over.iter().find_map(|&index| {
                follower(index, &neighbours).filter(|next| over.contains(next)).map(|next| (index, next))
            });
            let Some((first, second)) = pair else { return Ok((over, body)) };
            let extent = self.room.times(self.room.extent_of(first), self.room.extent_of(second));
            let fresh = self.room.fresh(extent);
            self.room.rename(&mut body, second, &[])?;
            self.room.rename(&mut body, first, &[fresh])?;
            over.retain(|index| *index != second);
            over.iter_mut().filter(|index| **index == first).for_each(|index| *index = fresh);
            self.applied(Law::JoinIndices, 1);
        }
    }
}

/// All lists of indices in a term.
fn slots<'t>(term: &'t Term, found: &mut Vec<&'t Slot>) {
    found.extend(term.slots());
    term.children().iter().for_each(|child| slots(child, found));
}

/// The index that always follows another and never stands elsewhere.
fn follower(index: Index, slots: &[&Slot]) -> Option<Index> {
    let next = |slot: &&&Slot| slot.iter().position(|other| *other == index).map(|place| slot.get(place + 1).copied());
    let second = slots.iter().find_map(|slot| next(&slot))??;
    let together = |slot: &&Slot| {
        slot.iter().enumerate().all(|(place, other)| match *other {
            other if other == index => slot.get(place + 1) == Some(&second),
            other if other == second => place > 0 && slot[place - 1] == index,
            _ => true,
        })
    };
    slots.iter().all(together).then_some(second)
}
