//! Fitting a pattern to a term, and filling in the other side.
//!
//! In: a pattern, a term. Out: what the letters stand for; the other side with it. Left to others: equations.
//!
//! A pattern of two factors or terms fits a longer list, which is cut where it fits, in the middle if it can. A vector fits
//! a row as its transpose. An index that the other side sums over gets its dimension from the array whose slot it names;
//! where that dimension is 1 nothing is summed.

use crate::instance::term::{Extent, Form, Index, Kind, ONE, Room, Slot, Term};

/// What the letters and indices of an equation stand for.
#[derive(Debug, Clone)]
pub(crate) struct Bindings {
    pub(crate) letters: Vec<Option<Term>>,
    /// For a letter with an index, the index in its term that is to be replaced.
    pub(crate) formal: Vec<Option<Index>>,
    pub(crate) slots: Vec<Option<Slot>>,
    /// The index of the sum that is taken away; nothing but the index of the statement may stand for it.
    pub(crate) bound: Option<Index>,
    /// The size of the identity.
    identity: Extent,
}

impl Bindings {
    pub(crate) fn new([letters, indices]: [usize; 2]) -> Bindings {
        Bindings {
            letters: vec![None; letters],
            formal: vec![None; letters],
            slots: vec![None; indices],
            bound: None,
            identity: ONE,
        }
    }

    fn slot(&mut self, index: Index, slot: Slot) -> bool {
        match self.slots[index as usize] {
            Some(known) => known == slot,
            None if slot.is_some() && slot == self.bound => false,
            None => {
                self.slots[index as usize] = Some(slot);
                true
            }
        }
    }

    fn slots(&mut self, pattern: &[Slot; 2], at: &[Slot; 2]) -> bool {
        pattern.iter().zip(at).all(|(index, slot)| match index {
            Some(index) => self.slot(*index, *slot),
            None => slot.is_none(),
        })
    }
}

/// A pattern being fitted, or filled in.
pub(crate) struct Match<'m, 'a> {
    room: &'m mut Room<'a>,
    bindings: &'m mut Bindings,
}

impl<'m, 'a> Match<'m, 'a> {
    pub(crate) fn new(room: &'m mut Room<'a>, bindings: &'m mut Bindings) -> Match<'m, 'a> {
        Match { room, bindings }
    }

    /// Whether a pattern fits a whole term.
    pub(crate) fn fits(&mut self, pattern: &Term, term: &Term) -> Form<bool> {
        self.room.meter.spend(1)?;
        match (pattern, term) {
            (Term::Letter(kind, letter, _), _) => self.bind(*kind, *letter, term),
            (Term::Transpose(pattern), Term::Transpose(term))
                if !matches!(**pattern, Term::Letter(Kind::Vector, ..)) =>
            {
                self.fits(pattern, term)
            }
            // A row is the transpose of a column.
            (Term::Transpose(pattern), _) if matches!(**pattern, Term::Letter(Kind::Vector, ..)) => {
                let turned = self.room.transpose(term.clone());
                self.fits(pattern, &turned)
            }
            (Term::Elem(pattern, slots), Term::Elem(term, at)) => self.fits_element(pattern, slots, term, at),
            (Term::Array(slots, pattern), Term::Array(over, body)) => {
                Ok(self.bindings.slots(slots, over) && self.fits(pattern, body)?)
            }
            (Term::Delta(slots), Term::Delta(at)) => Ok(self.bindings.slots(slots, at)),
            (Term::Identity(_), Term::Identity(extent)) => {
                self.bindings.identity = *extent;
                Ok(true)
            }
            (Term::Ones(pattern), Term::Ones(shape)) | (Term::Zeros(pattern), Term::Zeros(shape)) => {
                let dims = |shape: &[Extent; 2]| shape.iter().filter(|extent| **extent != ONE).count();
                Ok(dims(pattern) == dims(shape))
            }
            (Term::Number(pattern), Term::Number(value)) => Ok(pattern == value),
            (Term::Power(pattern), Term::Power(pair)) => {
                Ok(self.fits(&pattern[1], &pair[1])? && self.fits(&pattern[0], &pair[0])?)
            }
            (Term::Call(name, patterns), Term::Call(other, args)) => {
                Ok(name == other && patterns.len() == args.len() && self.fits(&patterns[0], &args[0])?)
            }
            (Term::Mul(patterns), Term::Mul(factors)) => match (patterns.as_slice(), factors.split_last()) {
                ([scalar, array], Some((last, scalars))) => {
                    let scalars = self.room.mul(scalars.to_vec());
                    Ok(self.fits(array, last)? && self.fits(scalar, &scalars)?)
                }
                _ => Ok(false),
            },
            (Term::Matmul(patterns), Term::Matmul(factors)) => {
                self.fits_list(patterns, factors, |room, part| room.matmul(part))
            }
            (Term::Add(patterns), Term::Add(terms)) => self.fits_list(patterns, terms, |_, part| Term::add(part)),
            _ => Ok(false),
        }
    }

    fn bind(&mut self, kind: Kind, letter: usize, term: &Term) -> Form<bool> {
        if let Some(known) = &self.bindings.letters[letter] {
            return Ok(known == term);
        }
        let [rows, cols] = self.room.shape(term);
        let fits = match kind {
            Kind::Array => [rows, cols] != [ONE, ONE],
            Kind::Vector => rows != ONE && cols == ONE,
            Kind::Scalar => [rows, cols] == [ONE, ONE],
            Kind::Count => false,
        };
        if fits {
            self.bindings.letters[letter] = Some(term.clone());
        }
        Ok(fits)
    }

    fn fits_element(&mut self, pattern: &Term, slots: &[Slot; 2], term: &Term, at: &[Slot; 2]) -> Form<bool> {
        if matches!((pattern, term), (Term::Transpose(_), other) if !matches!(other, Term::Transpose(_))) {
            // Read as an element of a transpose, every element of a row would be one.
            return Ok(false);
        }
        match (slots, at) {
            ([Some(_), Some(_)], _) => Ok(self.bindings.slots(slots, at) && self.fits(pattern, term)?),
            // One index: the array is a vector, or a row as the transpose of one.
            ([Some(_), None], [Some(_), None]) | ([None, Some(_)], [None, Some(_)]) => {
                Ok(self.bindings.slots(slots, at) && self.fits(pattern, term)?)
            }
            (_, [None, Some(_)]) if matches!(pattern, Term::Ones(_) | Term::Zeros(_)) => {
                Ok(self.bindings.slots(slots, &[at[1], at[0]]) && self.fits(pattern, term)?)
            }
            ([_, _], [Some(_), None] | [None, Some(_)]) if matches!(pattern, Term::Letter(..)) => {
                let turned = self.room.transpose(term.clone());
                Ok(self.bindings.slots(slots, &[at[1], at[0]]) && self.fits(pattern, &turned)?)
            }
            _ => Ok(false),
        }
    }

    /// Two patterns against a list, cut in two.
    fn fits_list(
        &mut self,
        patterns: &[Term],
        list: &[Term],
        joined: impl Fn(&Room<'_>, Vec<Term>) -> Term,
    ) -> Form<bool> {
        let [first, second] = patterns else { return Ok(false) };
        let middle = list.len() / 2;
        let others = (1..list.len()).filter(|cut| *cut != middle);
        for cut in [middle].into_iter().chain(others) {
            self.room.meter.spend(list.len() as u64)?;
            let before = self.bindings.clone();
            let parts = [joined(self.room, list[..cut].to_vec()), joined(self.room, list[cut..].to_vec())];
            if self.fits(first, &parts[0])? && self.fits(second, &parts[1])? {
                return Ok(true);
            }
            *self.bindings = before;
        }
        Ok(false)
    }

    /// The other side, with what the letters stand for.
    pub(crate) fn filled(&mut self, pattern: &Term) -> Form<Term> {
        self.room.meter.spend(1)?;
        Ok(match pattern {
            Term::Letter(Kind::Count, ..) => {
                let index = self.bindings.slots.first().copied().flatten().flatten();
                self.room.count(index.map_or(ONE, |index| self.room.extent_of(index)))
            }
            Term::Letter(_, letter, formal) => {
                let mut term = self.bindings.letters[*letter].clone().unwrap_or(Term::integer(1));
                if let (Some(old), Some(index)) = (self.bindings.formal[*letter], formal.first()) {
                    let slot = self.bindings.slots[*index as usize].flatten();
                    self.room.rename(&mut term, old, slot)?;
                }
                term
            }
            Term::Number(_) => pattern.clone(),
            Term::Identity(_) => Term::Identity(self.bindings.identity),
            Term::Ones(_) | Term::Zeros(_) => {
                let mut slots = self.bindings.slots.iter().map(|slot| slot.flatten());
                let shape = [slots.next(), slots.next()];
                let shape = shape.map(|slot| slot.flatten().map_or(ONE, |index| self.room.extent_of(index)));
                if matches!(pattern, Term::Ones(_)) { Term::Ones(shape) } else { Term::Zeros(shape) }
            }
            Term::Add(args) => Term::add(self.all(args)?),
            Term::Mul(args) => {
                let factors = self.all(args)?;
                self.room.mul(factors)
            }
            Term::Matmul(args) => {
                let factors = self.all(args)?;
                self.room.matmul(factors)
            }
            Term::Transpose(arg) => {
                let arg = self.filled(arg)?;
                self.room.transpose(arg)
            }
            Term::Power(pair) => Term::Power(Box::new([self.filled(&pair[0])?, self.filled(&pair[1])?])),
            Term::Call(name, args) => Term::Call(name.clone(), self.all(args)?),
            Term::Elem(of, slots) => {
                let of = self.filled(of)?;
                let at = slots.map(|slot| slot.and_then(|index| self.bindings.slots[index as usize].flatten()));
                self.room.elem(of, at)
            }
            Term::Delta(slots) => {
                let at = slots.map(|slot| slot.and_then(|index| self.bindings.slots[index as usize].flatten()));
                if at == [None, None] { Term::integer(1) } else { Term::Delta(at) }
            }
            Term::Sum(over, body) => {
                let mut bound = Vec::new();
                for &index in over {
                    let extent = self.extent(index, body)?.unwrap_or(ONE);
                    let slot = (extent != ONE).then(|| self.room.fresh(extent));
                    self.bindings.slots[index as usize] = Some(slot);
                    bound.extend(slot);
                }
                let body = self.filled(body)?;
                self.room.sum(bound, body)?
            }
            other => other.clone(),
        })
    }

    fn all(&mut self, patterns: &[Term]) -> Form<Vec<Term>> {
        patterns.iter().map(|pattern| self.filled(pattern)).collect()
    }

    /// The dimension of the slot that an index names somewhere in a pattern.
    fn extent(&mut self, index: Index, pattern: &Term) -> Form<Option<Extent>> {
        if let Term::Elem(of, slots) = pattern
            && let Some(position) = slots.iter().position(|slot| *slot == Some(index))
        {
            let of = self.filled(of)?;
            return Ok(Some(self.room.shape(&of)[position]));
        }
        for child in pattern.children() {
            if let Some(extent) = self.extent(index, child)? {
                return Ok(Some(extent));
            }
        }
        Ok(None)
    }
}
