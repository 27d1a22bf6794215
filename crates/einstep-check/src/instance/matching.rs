//! Fitting a pattern to a term.
//!
//! In: a pattern, a term. Out: all that the letters may stand for. Left to others: equations, the other side (`filling`).
//!
//! Sums, products of scalars and elementwise products fit in any order, products of arrays in theirs; a letter takes one member or
//! all that are left, of a product of arrays any run. A vector fits a row as its transpose. A letter that comes up again
//! stands for the same up to order and names of bound indices.

use crate::field::F;
use crate::instance::mark::{Order, mark};
use crate::instance::patterns::{Letters, count_of};
use crate::instance::room::Room;
use crate::instance::term::{Extent, Form, Index, Kind, ONE, Slot, Term};
use std::rc::Rc;

/// The greatest number of ways that are kept in which a pattern fits.
const MAX_WAYS: usize = 24;

/// What the letters and indices of an equation stand for.
#[derive(Debug, Clone)]
pub(crate) struct Bindings {
    pub(crate) letters: Vec<Option<Rc<Term>>>,
    /// For a letter with indices, those in its term that are to be replaced.
    pub(crate) formal: Vec<Vec<Slot>>,
    pub(crate) slots: Vec<Option<Slot>>,
    pub(crate) counts: Vec<Option<Extent>>,
    /// The indices of sums and arrays that are looked into; no other index and no letter may stand for one.
    bound: Vec<(Index, Slot)>,
}

impl Bindings {
    pub(crate) fn new(letters: &Letters) -> Bindings {
        Bindings {
            letters: vec![None; letters.names.len()],
            formal: vec![vec![]; letters.names.len()],
            slots: vec![None; letters.indices.len()],
            counts: vec![None; letters.counts.len()],
            bound: vec![],
        }
    }

    fn slot(&mut self, index: Index, slot: &Slot) -> bool {
        match &self.slots[index as usize] {
            Some(known) => known == slot,
            None if slot.iter().any(|own| self.bound.iter().any(|(_, bound)| bound.contains(own))) => false,
            None => {
                self.slots[index as usize] = Some(slot.clone());
                true
            }
        }
    }

    /// Looks into what binds an index.
    pub(crate) fn bind(&mut self, index: Index, slot: Slot) {
        self.slots[index as usize] = Some(slot.clone());
        self.bound.push((index, slot));
    }

    fn count(&mut self, pattern: Extent, extent: Extent) -> bool {
        match count_of(pattern) {
            None => extent == ONE,
            Some(count) => *self.counts[count].get_or_insert(extent) == extent,
        }
    }
}

/// A list whose order does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Add,
    Mul,
    Hadamard,
}

/// The ways in which a pattern fits, and what is left of the list each time.
pub(crate) type Ways = Vec<(Bindings, Vec<Term>)>;

/// Fits patterns.
pub(crate) struct Match<'m, 'a>(pub(crate) &'m mut Room<'a>);

impl Match<'_, '_> {
    /// The ways in which a pattern fits a whole term.
    pub(crate) fn fits(&mut self, pattern: &Term, term: &Term, known: &Bindings) -> Form<Vec<Bindings>> {
        self.0.meter.spend(1)?;
        let exactly = |fits: bool, known: Bindings| Ok(if fits { vec![known] } else { vec![] });
        match (pattern, term) {
            (Term::Letter(kind, letter, formal), _) => {
                let mut known = known.clone();
                exactly(self.bind(*kind, *letter, formal, term, &mut known)?, known)
            }
            // A row is the transpose of a column.
            (Term::Transpose(pattern), _) if matches!(**pattern, Term::Letter(Kind::Vector, ..)) => {
                let turned = self.0.transpose(term.clone());
                self.fits(pattern, &turned, known)
            }
            (Term::Transpose(pattern), Term::Transpose(term)) => self.fits(pattern, term, known),
            (Term::Elem(of, slots), Term::Elem(array, at)) => self.fits_element((of, slots), (array, at), known),
            // An element of a scalar is the scalar.
            (Term::Elem(of, slots), _) if matches!(**of, Term::Call(..)) && self.0.is_scalar(term) => {
                let mut known = known.clone();
                let empty = slots.iter().flatten().all(|index| known.slot(*index, &vec![]));
                if empty { self.fits(of, term, &known) } else { Ok(vec![]) }
            }
            (Term::Array(slots, pattern), Term::Array(over, body)) => {
                let mut known = known.clone();
                for (index, slot) in slots.iter().zip(over) {
                    match index.as_slice() {
                        [index] => known.bind(*index, slot.clone()),
                        _ if slot.is_empty() => {}
                        _ => return Ok(vec![]),
                    }
                }
                self.fits(pattern, body, &known)
            }
            (
                Term::Delta(_) | Term::Eps(_) | Term::Identity(_) | Term::Ones(_) | Term::Zeros(_) | Term::Number(_),
                _,
            ) => Ok(constant(pattern, term, known)),
            (Term::Power(pattern), Term::Power(pair)) => {
                let exponents = self.fits(&pattern[1], &pair[1], known)?;
                self.each(exponents, |own, known| own.fits(&pattern[0], &pair[0], known))
            }
            (Term::Partial(pattern), Term::Partial(pair)) => {
                let by = self.fits(&pattern[1], &pair[1], known)?;
                self.each(by, |own, known| own.fits(&pattern[0], &pair[0], known))
            }
            (Term::Matpow(pattern, own), Term::Matpow(base, exponent)) if own == exponent => {
                self.fits(pattern, base, known)
            }
            (Term::Apply(name, pattern), Term::Apply(other, arg)) if name == other => self.fits(pattern, arg, known),
            (Term::Call(name, patterns), Term::Call(other, args)) if name == other && patterns.len() == args.len() => {
                let mut ways = vec![known.clone()];
                for (pattern, arg) in patterns.iter().zip(args) {
                    ways = self.each(ways, |own, known| own.fits(pattern, arg, known))?;
                }
                Ok(ways)
            }
            (Term::Mul(patterns), Term::Mul(items)) => self.whole(List::Mul, patterns, items, known),
            (Term::Add(patterns), Term::Add(items)) => self.whole(List::Add, patterns, items, known),
            (Term::Hadamard(patterns), Term::Hadamard(items)) => self.whole(List::Hadamard, patterns, items, known),
            (Term::Matmul(patterns), Term::Matmul(items)) => {
                let ways = self.run(patterns, items, known, false)?;
                Ok(ways.into_iter().map(|(known, _)| known).collect())
            }
            (Term::Sum(indices, pattern), Term::Sum(over, body)) if indices.len() == over.len() => {
                self.under(indices, pattern, over, body, known)
            }
            (Term::Prod(indices, pattern), Term::Prod(over, body)) => match indices.as_slice() {
                [index] => {
                    let mut inner = known.clone();
                    inner.bind(*index, over.clone());
                    let ways = self.fits(pattern, body, &inner)?;
                    Ok(ways.into_iter().map(|way| released(way, known)).collect())
                }
                _ if indices.len() == over.len() => self.under(indices, pattern, over, body, known),
                _ => Ok(vec![]),
            },
            _ => Ok(vec![]),
        }
    }

    /// Goes on with each of some ways.
    fn each(
        &mut self,
        ways: Vec<Bindings>,
        mut next: impl FnMut(&mut Self, &Bindings) -> Form<Vec<Bindings>>,
    ) -> Form<Vec<Bindings>> {
        let mut found = vec![];
        for way in &ways {
            found.extend(next(self, way)?);
            if found.len() >= MAX_WAYS {
                break;
            }
        }
        Ok(found)
    }

    /// Whether two terms are one up to order and names of bound indices.
    pub(crate) fn same(&self, a: &Term, b: &Term) -> Form<bool> {
        self.0.meter.spend(8)?;
        Ok(a == b || mark(self.0, a, Order::NONE) == mark(self.0, b, Order::NONE))
    }

    fn bind(&mut self, kind: Kind, letter: usize, formal: &[Index], term: &Term, known: &mut Bindings) -> Form<bool> {
        if kind == Kind::Count {
            return Ok(match (known.counts[letter], term) {
                (Some(extent), _) => self.0.count(extent) == *term,
                (None, Term::Size(extent)) => {
                    known.counts[letter] = Some(*extent);
                    true
                }
                _ => false,
            });
        }
        let own: Vec<Slot> =
            formal.iter().map(|index| known.slots[*index as usize].clone().unwrap_or_default()).collect();
        let strange = known.bound.iter().filter(|(index, _)| !formal.contains(index));
        if strange.flat_map(|(_, slot)| slot).any(|index| term.has(*index)) {
            return Ok(false);
        }
        if let Some(value) = known.letters[letter].clone() {
            let mut value = (*value).clone();
            for (from, to) in known.formal[letter].clone().iter().zip(&own) {
                if from.len() != to.len() {
                    return Ok(false);
                }
                self.0.rename_all(&mut value, from, to)?;
            }
            return self.same(&value, term);
        }
        let shape = self.0.shape(term);
        let fits = match kind {
            Kind::Array => shape != [ONE, ONE],
            Kind::Vector => shape[0] != ONE && shape[1] == ONE,
            Kind::Scalar => shape == [ONE, ONE],
            Kind::Variable => true,
            Kind::Count => false,
        };
        if fits {
            known.letters[letter] = Some(Rc::new(term.clone()));
            known.formal[letter] = own;
        }
        Ok(fits)
    }

    fn fits_element(
        &mut self,
        (pattern, slots): (&Term, &[Slot; 2]),
        (of, at): (&Term, &[Slot; 2]),
        known: &Bindings,
    ) -> Form<Vec<Bindings>> {
        if matches!((pattern, of), (Term::Transpose(_), other) if !matches!(other, Term::Transpose(_))) {
            // Read as an element of a transpose, every element of a row would be one.
            return Ok(vec![]);
        }
        let indices = slots.iter().map(Vec::len).sum::<usize>();
        let is_row = at[0].is_empty() && !at[1].is_empty();
        let turns = indices == 1 && is_row != slots[0].is_empty();
        match pattern {
            // One index of an array that stands the other way is one of its transpose.
            Term::Letter(..) if turns => {
                let turned = self.0.transpose(of.clone());
                self.element_of((pattern, slots), (&turned, &[at[1].clone(), at[0].clone()]), known)
            }
            Term::Ones([extent, _]) | Term::Zeros([extent, _]) if turns => {
                let lying = [ONE, *extent];
                let pattern = if matches!(pattern, Term::Ones(_)) { Term::Ones(lying) } else { Term::Zeros(lying) };
                self.element_of((&pattern, &[slots[1].clone(), slots[0].clone()]), (of, at), known)
            }
            _ => self.element_of((pattern, slots), (of, at), known),
        }
    }

    fn element_of(
        &mut self,
        (pattern, slots): (&Term, &[Slot; 2]),
        (of, at): (&Term, &[Slot; 2]),
        known: &Bindings,
    ) -> Form<Vec<Bindings>> {
        let parts = self.0.parts(of);
        let mut known = known.clone();
        for ((indices, slot), parts) in slots.iter().zip(at).zip(&parts) {
            let groups = match indices.len() {
                0 if slot.is_empty() => vec![],
                0 => return Ok(vec![]),
                1 => vec![slot.clone()],
                _ => match self.0.grouped(slot, parts) {
                    Some(groups) => groups,
                    None => return Ok(vec![]),
                },
            };
            if !indices.iter().zip(&groups).all(|(index, group)| known.slot(*index, group)) {
                return Ok(vec![]);
            }
        }
        self.fits(pattern, of, &known)
    }

    /// A pattern below a sum over some indices, each of which is one of those of a term.
    fn under(
        &mut self,
        indices: &[Index],
        pattern: &Term,
        over: &[Index],
        body: &Term,
        known: &Bindings,
    ) -> Form<Vec<Bindings>> {
        let mut ways = vec![];
        for chosen in self.choices(indices.len(), over)? {
            let mut inner = known.clone();
            indices.iter().zip(&chosen).for_each(|(index, own)| inner.bind(*index, vec![*own]));
            let found = self.fits(pattern, body, &inner)?;
            ways.extend(found.into_iter().map(|way| released(way, known)));
            if ways.len() >= MAX_WAYS {
                break;
            }
        }
        Ok(ways)
    }

    /// The ways to choose some indices, in order.
    pub(crate) fn choices(&self, count: usize, over: &[Index]) -> Form<Vec<Vec<Index>>> {
        let mut chosen: Vec<Vec<Index>> = vec![vec![]];
        for _ in 0..count {
            self.0.meter.spend((chosen.len() * over.len()) as u64)?;
            let longer = chosen.iter().flat_map(|part| {
                let left = over.iter().filter(|index| !part.contains(index));
                left.map(|index| part.iter().copied().chain([*index]).collect())
            });
            chosen = longer.take(MAX_WAYS * 8).collect();
        }
        Ok(chosen)
    }

    fn whole(&mut self, list: List, patterns: &[Term], items: &[Term], known: &Bindings) -> Form<Vec<Bindings>> {
        let ways = self.among(list, patterns, items, known, false)?;
        Ok(ways.into_iter().map(|(known, _)| known).collect())
    }

    /// The ways in which patterns fit members of a list, all of them or some.
    pub(crate) fn among(
        &mut self,
        list: List,
        patterns: &[Term],
        items: &[Term],
        known: &Bindings,
        some: bool,
    ) -> Form<Ways> {
        let mut ways = vec![];
        let items = items.iter().cloned().map(Rc::new).collect();
        self.members(list, &patterns.iter().collect::<Vec<_>>(), items, known, some, &mut ways)?;
        Ok(ways)
    }

    fn members(
        &mut self,
        list: List,
        patterns: &[&Term],
        left: Vec<Rc<Term>>,
        known: &Bindings,
        some: bool,
        ways: &mut Ways,
    ) -> Form<()> {
        self.0.meter.spend(1 + left.len() as u64)?;
        if ways.len() >= MAX_WAYS {
            return Ok(());
        }
        let is_bound = |pattern: &Term| match pattern {
            Term::Letter(Kind::Count, count, _) => known.counts[*count].is_some(),
            Term::Letter(_, letter, _) => known.letters[*letter].is_some(),
            _ => true,
        };
        let is_letter = |pattern: &&&Term| matches!(pattern, Term::Letter(..));
        // What is no letter says most, what is known next.
        let position = patterns.iter().position(|pattern| !is_letter(&pattern));
        let position = position.or_else(|| patterns.iter().position(|pattern| is_bound(pattern)));
        let Some(&pattern) = patterns.get(position.unwrap_or(0)) else {
            if some || left.is_empty() {
                ways.push((known.clone(), left.iter().map(|item| Term::clone(item)).collect()));
            }
            return Ok(());
        };
        let mut others = patterns.to_vec();
        others.remove(position.unwrap_or(0));
        match pattern {
            Term::Letter(kind, letter, formal) if *kind != Kind::Count => {
                if is_bound(pattern) && formal.is_empty() {
                    let value = known.letters[*letter].clone().unwrap_or(Rc::new(Term::integer(1)));
                    return match self.without(list, &value, left)? {
                        Some(left) => self.members(list, &others, left, known, some, ways),
                        None => Ok(()),
                    };
                }
                // All that may be its own, then one after the other.
                let own = |term: &Term| list != List::Mul || self.0.is_scalar(term) == (*kind == Kind::Scalar);
                let fitting: Vec<usize> = (0..left.len()).filter(|&k| own(&left[k])).collect();
                let rivals = others.iter().any(|other| match other {
                    Term::Letter(rival, ..) => list != List::Mul || rival == kind,
                    _ => false,
                });
                let mut shares = vec![];
                if !rivals && (!fitting.is_empty() || list == List::Mul && !formal.is_empty()) {
                    shares.push(fitting.clone());
                }
                if rivals || some && fitting.len() > 1 {
                    shares.extend(fitting.iter().map(|&k| vec![k]));
                }
                for share in shares {
                    let part: Vec<Term> = share.iter().map(|&k| Term::clone(&left[k])).collect();
                    let rest = (0..left.len()).filter(|k| !share.contains(k)).map(|k| left[k].clone()).collect();
                    let joined = self.joined(list, part);
                    for way in self.fits(pattern, &joined, known)? {
                        self.members(list, &others, Vec::clone(&rest), &way, some, ways)?;
                    }
                }
            }
            _ => {
                for position in 0..left.len() {
                    if left[..position].contains(&left[position]) {
                        continue;
                    }
                    let item = &left[position];
                    let rest =
                        || left.iter().enumerate().filter(|(k, _)| *k != position).map(|(_, item)| Rc::clone(item));
                    for way in self.fits(pattern, item, known)? {
                        self.members(list, &others, rest().collect(), &way, some, ways)?;
                    }
                    let divides = list == List::Hadamard || self.0.is_scalar(item);
                    if let Some((base, below, over)) = surplus(list, pattern, item).filter(|_| divides) {
                        for way in self.fits(base, &below, known)? {
                            let rest = rest().chain([Rc::new(over.clone())]).collect();
                            self.members(list, &others, rest, &way, some, ways)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn joined(&self, list: List, items: Vec<Term>) -> Term {
        match list {
            List::Add => Term::add(items),
            List::Mul => self.0.mul(items),
            List::Hadamard => Term::hadamard(items),
        }
    }

    /// A list without the members of a term.
    fn without(&self, list: List, term: &Term, mut left: Vec<Rc<Term>>) -> Form<Option<Vec<Rc<Term>>>> {
        let members = match (list, term) {
            (List::Add, Term::Add(args)) | (List::Mul, Term::Mul(args)) | (List::Hadamard, Term::Hadamard(args)) => {
                args
            }
            _ => std::slice::from_ref(term),
        };
        for member in members {
            let mut found = None;
            for (position, item) in left.iter().enumerate() {
                if self.same(member, item)? {
                    found = Some(position);
                    break;
                }
            }
            match found {
                Some(position) => left.remove(position),
                None => return Ok(None),
            };
        }
        Ok(Some(left))
    }

    /// The ways in which patterns fit the first factors of a product of arrays, or all, and how many they take.
    pub(crate) fn run(
        &mut self,
        patterns: &[Term],
        factors: &[Term],
        known: &Bindings,
        open: bool,
    ) -> Form<Vec<(Bindings, usize)>> {
        self.0.meter.spend(1 + factors.len() as u64)?;
        let Some((pattern, others)) = patterns.split_first() else {
            return Ok(if open || factors.is_empty() { vec![(known.clone(), 0)] } else { vec![] });
        };
        let letter = if let Term::Transpose(inner) = pattern { inner } else { pattern };
        let longest = match letter {
            Term::Letter(..) => factors.len().saturating_sub(others.len()),
            _ => usize::from(!factors.is_empty()),
        };
        let mut lengths: Vec<usize> = (1..=longest).collect();
        match (others.is_empty(), open) {
            (true, false) => lengths.retain(|length| *length == factors.len()),
            // Cut in the middle, a long product is taken apart in few rounds.
            (false, false) => lengths.sort_by_key(|length| length.abs_diff(factors.len() / 2)),
            _ => {}
        }
        let mut ways = vec![];
        for length in lengths {
            let part = self.0.matmul(factors[..length].to_vec());
            for way in self.fits(pattern, &part, known)? {
                let rest = self.run(others, &factors[length..], &way, open)?;
                ways.extend(rest.into_iter().map(|(way, taken)| (way, taken + length)));
            }
            if ways.len() >= MAX_WAYS {
                break;
            }
        }
        Ok(ways)
    }
}

/// The ways in which a delta, an eps, a constant array or a number fits.
fn constant(pattern: &Term, term: &Term, known: &Bindings) -> Vec<Bindings> {
    let fresh = || known.clone();
    match (pattern, term) {
        (Term::Delta([i, j]), Term::Delta([k, l])) => {
            let ways = [[k, l], [l, k]].into_iter().filter_map(|at| {
                let mut known = fresh();
                i.iter().chain(j).zip(at).all(|(index, slot)| known.slot(*index, slot)).then_some(known)
            });
            ways.collect()
        }
        (Term::Eps(slots), Term::Eps(at)) => {
            let turned = (0..at.len()).filter_map(|by| {
                let mut known = fresh();
                let at = at.iter().cycle().skip(by).map(|index| vec![*index]);
                slots.iter().zip(at).all(|(index, slot)| known.slot(*index, &slot)).then_some(known)
            });
            turned.collect()
        }
        (Term::Identity(pattern), Term::Identity(extent)) => {
            let mut known = fresh();
            known.count(*pattern, *extent).then_some(known).into_iter().collect()
        }
        (Term::Ones(pattern), Term::Ones(shape)) | (Term::Zeros(pattern), Term::Zeros(shape)) => {
            let mut known = fresh();
            let fits = pattern.iter().zip(shape).all(|(pattern, extent)| known.count(*pattern, *extent));
            fits.then_some(known).into_iter().collect()
        }
        (Term::Number(pattern), Term::Number(value)) if pattern == value => vec![fresh()],
        _ => vec![],
    }
}

/// A way without what was bound inside.
fn released(mut way: Bindings, known: &Bindings) -> Bindings {
    for (index, _) in way.bound.drain(known.bound.len()..) {
        way.slots[index as usize].clone_from(&known.slots[index as usize]);
    }
    way
}

/// A power of which a pattern takes a part: the pattern of the base, the base, and the power that is left.
fn surplus<'p>(list: List, pattern: &'p Term, item: &Term) -> Option<(&'p Term, Term, Term)> {
    const LARGE: u64 = 64;
    fn parts(term: &Term) -> Option<(&Term, F)> {
        match term {
            Term::Power(pair) => Some((&pair[0], pair[1].as_number()?)),
            other => Some((other, F::ONE)),
        }
    }
    let ((base, own), (below, exponent)) = (parts(pattern)?, parts(item)?);
    let small = |value: F| value.residue() <= LARGE;
    let over = exponent - own;
    let same_sign = small(own) && small(over) || small(-own) && small(-over);
    if list == List::Add || own.is_zero() || over.is_zero() || !same_sign {
        return None;
    }
    let over = if over == F::ONE { below.clone() } else { Term::power(below.clone(), Term::Number(over)) };
    Some((base, below.clone(), over))
}
