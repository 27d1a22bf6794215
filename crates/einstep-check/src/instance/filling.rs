//! The other side of an equation with what its letters stand for.
//!
//! In: a pattern, bindings. Out: a term. Left to others: fitting (`matching`).
//!
//! An index that the other side sums over gets its dimension from the array whose slot it names; where that dimension is 1
//! nothing is summed.

use crate::field::F;
use crate::instance::matching::Bindings;
use crate::instance::patterns::{Letters, count_of};
use crate::instance::room::Room;
use crate::instance::term::{Extent, Form, Index, Kind, ONE, Slot, Term};

/// Fills in.
pub(crate) struct Fill<'f, 'a> {
    pub(crate) room: &'f mut Room<'a>,
    pub(crate) known: Bindings,
    /// The pattern that fitted.
    pub(crate) from: &'f Term,
}

impl Fill<'_, '_> {
    /// Finds the named dimensions that nothing has told yet.
    pub(crate) fn dimensions(&mut self, letters: &Letters) {
        for (position, name) in letters.counts.iter().enumerate() {
            if self.known.counts[position].is_some() || name.is_empty() {
                continue;
            }
            let arrays = letters.names.iter().zip(&self.known.letters);
            let first = arrays
                .filter(|((kind, _), _)| matches!(kind, Kind::Array | Kind::Vector))
                .find_map(|((kind, _), term)| term.as_ref().map(|term| (*kind, self.room.shape(term))));
            let extent = match (name.as_str(), first) {
                ("m", Some((Kind::Array, [rows, _]))) => rows,
                ("n", Some((Kind::Array, [_, cols]))) => cols,
                (_, Some((Kind::Vector, [rows, _]))) => rows,
                _ => match self.known.slots.get(position).cloned().flatten() {
                    Some(slot) => self.room.extent_of_slot(&slot),
                    // An identity that fitted.
                    None => self.known.counts.iter().flatten().next().copied().unwrap_or(ONE),
                },
            };
            self.known.counts[position] = Some(extent);
        }
    }

    /// The dimension of an identity that nothing has told yet: that of what fitted.
    fn identity(&mut self, extent: Extent) -> Form<Extent> {
        match self.extent_of(extent) {
            ONE => {
                let whole = self.filled(self.from)?;
                Ok(self.room.shape(&whole)[0])
            }
            extent => Ok(extent),
        }
    }

    /// Tells the identities among the terms of a sum from the other terms.
    fn identities(&mut self, terms: &[Term]) -> Form<()> {
        let count = |term: &Term| match term.factors().last() {
            Some(Term::Identity(extent)) => count_of(*extent),
            _ => None,
        };
        let unknown: Vec<usize> =
            terms.iter().filter_map(count).filter(|count| self.known.counts[*count].is_none()).collect();
        if let (false, Some(other)) = (unknown.is_empty(), terms.iter().find(|term| count(term).is_none())) {
            let other = self.filled(other)?;
            let [rows, _] = self.room.shape(&other);
            unknown.into_iter().for_each(|count| self.known.counts[count] = Some(rows));
        }
        Ok(())
    }

    fn extent_of(&self, pattern: Extent) -> Extent {
        count_of(pattern).and_then(|count| self.known.counts[count]).unwrap_or(ONE)
    }

    fn slot(&self, slot: &[Index]) -> Slot {
        slot.iter().flat_map(|index| self.known.slots[*index as usize].clone().unwrap_or_default()).collect()
    }

    /// A pattern with what its letters stand for.
    pub(crate) fn filled(&mut self, pattern: &Term) -> Form<Term> {
        self.room.meter.spend(1)?;
        Ok(match pattern {
            Term::Letter(..) | Term::Identity(_) | Term::Ones(_) | Term::Zeros(_) => return self.leaf(pattern),
            Term::Add(args) => {
                self.identities(args)?;
                Term::add(self.all(args)?)
            }
            Term::Mul(args) => {
                let factors = self.all(args)?;
                self.room.mul(factors)
            }
            Term::Matmul(args) => {
                let factors = self.all(args)?;
                self.room.matmul(factors)
            }
            Term::Hadamard(args) => Term::hadamard(self.all(args)?),
            Term::Transpose(arg) => {
                let arg = self.filled(arg)?;
                self.room.transpose(arg)
            }
            Term::Power(pair) => {
                let (base, exponent) = (self.filled(&pair[0])?, self.filled(&pair[1])?);
                // The inverse of a dimension that is a number is one.
                match (base.as_number().and_then(F::inverse), exponent.as_number()) {
                    (Some(inverse), Some(exponent)) if exponent == -F::ONE => Term::Number(inverse),
                    (_, Some(F::ONE)) => base,
                    _ => Term::power(base, exponent),
                }
            }
            Term::Matpow(base, exponent) => Term::Matpow(Box::new(self.filled(base)?), *exponent),
            Term::Block(cols, args) => Term::Block(*cols, self.all(args)?),
            Term::Call(name, args) => Term::Call(name, self.all(args)?),
            Term::Apply(name, arg) => Term::Apply(name, Box::new(self.filled(arg)?)),
            Term::Elem(of, slots) => {
                let at = [self.slot(&slots[0]), self.slot(&slots[1])];
                if let Term::Identity(extent) = **of
                    && let Some(count) = count_of(extent)
                {
                    let extent = self.room.extent_of_slot(&at[0]);
                    self.known.counts[count].get_or_insert(extent);
                }
                let of = self.filled(of)?;
                self.room.elem(of, at)
            }
            Term::Delta(slots) => {
                let at = [self.slot(&slots[0]), self.slot(&slots[1])];
                self.room.delta(at)
            }
            Term::Eps(slot) => Term::Eps(self.slot(slot)),
            Term::Array(over, body) => {
                let rows = self.bound(&over[0], body)?;
                let cols = self.bound(&over[1], body)?;
                Term::Array([rows, cols], Box::new(self.filled(body)?))
            }
            Term::Sum(over, body) => {
                let over = self.bound(over, body)?;
                let body = self.filled(body)?;
                self.room.sum(over, body)?
            }
            Term::Prod(over, body) => {
                let over = self.bound(over, body)?;
                let body = self.filled(body)?;
                if over.is_empty() { body } else { Term::Prod(over, Box::new(body)) }
            }
            Term::Partial(pair) => Term::Partial(Box::new([self.filled(&pair[0])?, self.filled(&pair[1])?])),
            Term::Number(_) | Term::Size(_) | Term::Symbol(_) | Term::Kept(_) => pattern.clone(),
        })
    }

    /// What a letter stands for, or a constant array of the size that is known by now; of size 1 it is a number.
    fn leaf(&mut self, pattern: &Term) -> Form<Term> {
        Ok(match pattern {
            Term::Letter(Kind::Count, count, _) => self.room.count(self.known.counts[*count].unwrap_or(ONE)),
            Term::Letter(_, letter, formal) => {
                let mut term =
                    self.known.letters[*letter].as_ref().map_or(Term::integer(1), |term| term.as_ref().clone());
                let own: Vec<Slot> = formal.iter().map(|index| self.slot(&[*index])).collect();
                for (from, to) in self.known.formal[*letter].clone().iter().zip(&own) {
                    match from.len() == to.len() {
                        true => self.room.rename_all(&mut term, from, to)?,
                        false => from.iter().try_for_each(|index| self.room.rename(&mut term, *index, &[]))?,
                    }
                }
                term
            }
            Term::Identity(extent) => match self.identity(*extent)? {
                ONE => Term::integer(1),
                extent => Term::Identity(extent),
            },
            Term::Ones(shape) => match shape.map(|extent| self.extent_of(extent)) {
                [ONE, ONE] => Term::integer(1),
                shape => Term::Ones(shape),
            },
            Term::Zeros(shape) => match shape.map(|extent| self.extent_of(extent)) {
                [ONE, ONE] => Term::integer(0),
                shape => Term::Zeros(shape),
            },
            other => other.clone(),
        })
    }

    fn all(&mut self, patterns: &[Term]) -> Form<Vec<Term>> {
        patterns.iter().map(|pattern| self.filled(pattern)).collect()
    }

    /// New indices for those that a pattern binds.
    fn bound(&mut self, over: &[Index], body: &Term) -> Form<Slot> {
        let mut bound = Slot::new();
        for &index in over {
            let extents = self.extents(index, body)?.unwrap_or_default();
            let slot: Slot =
                extents.into_iter().filter(|extent| *extent != ONE).map(|extent| self.room.fresh(extent)).collect();
            bound.extend(&slot);
            self.known.slots[index as usize] = Some(slot);
        }
        Ok(bound)
    }

    /// The dimensions of the slot that an index names somewhere in a pattern.
    fn extents(&mut self, index: Index, pattern: &Term) -> Form<Option<Vec<Extent>>> {
        match pattern {
            Term::Elem(of, slots) => {
                let place = slots.iter().enumerate().find_map(|(side, slot)| {
                    slot.iter().position(|own| *own == index).map(|place| (side, place, slot.len()))
                });
                if let Some((side, place, count)) = place {
                    let of = self.filled(of)?;
                    let part = match count {
                        1 => Some(self.room.shape(&of)[side]),
                        _ => self.room.parts(&of)[side].get(place).copied(),
                    };
                    return Ok(part.map(|extent| vec![extent]));
                }
            }
            Term::Letter(_, letter, formal) => {
                if let Some(place) = formal.iter().position(|own| *own == index)
                    && let Some(slot) = self.known.formal[*letter].get(place)
                {
                    return Ok(Some(slot.iter().map(|index| self.room.extent_of(*index)).collect()));
                }
            }
            _ => {}
        }
        for child in pattern.children() {
            if let Some(extents) = self.extents(index, child)? {
                return Ok(Some(extents));
            }
        }
        Ok(None)
    }
}
