//! Products of scalars and powers.
//!
//! In: the factors, in normal form. Out: the normal form of their product. Left to others: products of arrays (`arrays`).

use crate::field::F;
use crate::instance::laws::measures::size;
use crate::instance::laws::{Law, Normal};
use crate::instance::term::{Form, Index, ONE, Term};
use crate::ratio::Ratio;
use rustc_hash::FxHashMap;

/// The greatest power of a sum that is multiplied out.
const MAX_EXPANDED: i64 = 4;

impl Normal<'_, '_> {
    pub(super) fn mul(&mut self, factors: Vec<Term>) -> Form<Term> {
        let mut factors = match self.room.mul(factors) {
            Term::Mul(factors) => factors,
            other => return Ok(other),
        };
        let is_scalar = factors.last().is_some_and(|last| self.room.is_scalar(last));
        if self.has(Law::Zeros) && factors.iter().any(Term::is_zero) {
            return Ok(self.zero(&Term::Mul(factors)));
        }
        if self.has(Law::Roots) {
            factors.iter_mut().for_each(|factor| {
                *factor = factor.as_number().map_or_else(|| factor.clone(), |n| Term::Number(size(n)))
            });
        }
        if self.has(Law::Numbers) {
            factors = self.numbers(factors);
        }
        if self.has(Law::Powers) {
            factors = self.powers(factors, false)?;
        }
        if let [Term::Number(_), Term::Add(_)] = factors.as_slice()
            && self.has(Law::NumberIntoSum)
        {
            self.applied(Law::NumberIntoSum, 1);
            return self.distributed_over(factors, 1, Normal::mul);
        }
        let expands = if is_scalar { Law::Distribute } else { Law::MatrixDistribute };
        let sum = factors.iter().position(|factor| matches!(factor, Term::Add(_)));
        if let (true, Some(position)) = (self.has(expands), sum) {
            return self.distributed_over(factors, position, Normal::mul);
        }
        if self.has(Law::Flatten) {
            let array = if is_scalar { None } else { factors.pop() };
            let scalars = self.flattened(factors)?;
            return Ok(self.room.mul([scalars].into_iter().chain(array).collect()));
        }
        Ok(self.room.mul(factors))
    }

    /// Zero in the shape of a term that is zero.
    pub(super) fn zero(&mut self, term: &Term) -> Term {
        self.applied(Law::Zeros, 1);
        match self.room.shape(term) {
            [ONE, ONE] => Term::integer(0),
            shape => Term::Zeros(shape),
        }
    }

    pub(super) fn numbers(&mut self, factors: Vec<Term>) -> Vec<Term> {
        let positions: Vec<usize> = (0..factors.len()).filter(|&k| factors[k].as_number().is_some()).collect();
        if positions.is_empty() {
            return factors;
        }
        let (coefficient, rest) = self.coefficient(Term::Mul(factors));
        self.applied(Law::Numbers, positions.len() - 1 + usize::from(coefficient == F::ONE));
        self.scaled(coefficient, rest).into_factors()
    }

    /// Factors in which each base stands once; in an elementwise product the bases are arrays.
    pub(super) fn powers(&mut self, factors: Vec<Term>, elementwise: bool) -> Form<Vec<Term>> {
        let mut found: Vec<(Term, Vec<Term>)> = Vec::new();
        let mut places: FxHashMap<u64, usize> = FxHashMap::default();
        for factor in factors {
            if factor.as_number().is_some() || self.room.is_scalar(&factor) == elementwise {
                found.push((factor, vec![]));
                continue;
            }
            let (base, exponent) = match factor {
                Term::Power(pair) => {
                    let [base, exponent] = *pair;
                    (base, exponent)
                }
                other => (other, Term::integer(1)),
            };
            let mark = self.mark(&base)?;
            match places.get(&mark) {
                Some(&place) => found[place].1.push(exponent),
                None => {
                    places.insert(mark, found.len());
                    found.push((base, vec![exponent]));
                }
            }
        }
        let mut left = Vec::with_capacity(found.len());
        for (base, exponents) in found {
            let exponent = match exponents.len() {
                0 => Term::integer(1),
                1 => exponents.into_iter().next().unwrap_or(Term::integer(1)),
                _ => self.exponent(exponents)?,
            };
            match exponent.as_number() {
                Some(F::ZERO) if !elementwise => {}
                Some(F::ZERO) => left.push(Term::Ones(self.room.shape(&base))),
                Some(F::ONE) => left.push(base),
                _ => left.push(Term::power(base, exponent)),
            }
        }
        Ok(left)
    }

    /// The sum of exponents.
    fn exponent(&mut self, exponents: Vec<Term>) -> Form<Term> {
        let terms = match Term::add(exponents) {
            Term::Add(terms) => terms,
            other => vec![other],
        };
        let (terms, _) = self.merged(terms)?;
        Ok(Term::add(terms))
    }

    /// The sum of the products with each term of one factor.
    pub(super) fn distributed_over(
        &mut self,
        mut factors: Vec<Term>,
        position: usize,
        product: fn(&mut Self, Vec<Term>) -> Form<Term>,
    ) -> Form<Term> {
        let terms = match std::mem::replace(&mut factors[position], Term::integer(1)) {
            Term::Add(terms) => terms,
            other => vec![other],
        };
        let mut products = Vec::with_capacity(terms.len());
        for term in terms {
            self.room.meter.spend(factors.len() as u64)?;
            let mut part = factors.clone();
            part[position] = term;
            products.push(product(self, part)?);
        }
        self.add(products)
    }

    pub(super) fn flattened(&mut self, factors: Vec<Term>) -> Form<Term> {
        let mut over: Vec<Index> = Vec::new();
        let mut flat = Vec::with_capacity(factors.len());
        for factor in factors {
            let Term::Sum(inner, mut body) = factor else {
                flat.push(factor);
                continue;
            };
            self.applied(Law::Flatten, 1);
            for old in inner {
                let fresh = self.room.fresh(self.room.extent_of(old));
                self.room.rename(&mut body, old, &[fresh])?;
                over.push(fresh);
            }
            flat.push(*body);
        }
        if over.is_empty() {
            return Ok(self.room.mul(flat));
        }
        match self.mul(flat)? {
            Term::Add(terms) if self.has(Law::Split) => {
                let sums = terms.into_iter().map(|term| self.room.sum(over.clone(), term)).collect::<Form<_>>()?;
                self.add(sums)
            }
            product => self.room.sum(over, product),
        }
    }

    pub(super) fn power(&mut self, base: Term, exponent: Term) -> Form<Term> {
        let base = match base {
            Term::Number(value) if self.has(Law::Roots) => Term::Number(size(value)),
            other => other,
        };
        let exponent = if self.has(Law::Powers) { self.numbers_of(exponent.into_factors()) } else { exponent };
        let base = match base {
            Term::Power(inner) if self.has(Law::Powers) => {
                let [base, first] = *inner;
                let product = self.numbers_of(vec![first, exponent]);
                return Ok(if product.is_number(F::ONE) { base } else { Term::power(base, product) });
            }
            other => other,
        };
        let Some(number) = exponent.as_number() else { return Ok(Term::power(base, exponent)) };
        if self.has(Law::Numbers) {
            let value = base.as_number().and_then(|base| integer_power(base, number));
            let simple = match value {
                _ if number.is_zero() && self.room.is_scalar(&base) => Some(Term::integer(1)),
                _ if number.is_zero() => Some(Term::Ones(self.room.shape(&base))),
                _ if number == F::ONE => Some(base.clone()),
                value => value.map(Term::Number),
            };
            if let Some(simple) = simple {
                self.applied(Law::Numbers, 1);
                return Ok(simple);
            }
        }
        match base {
            Term::Mul(factors) if self.has(Law::PowerOfProduct) && as_integer(number).is_some() => {
                self.applied(Law::PowerOfProduct, factors.len() - 1);
                let powers = factors.into_iter().map(|factor| self.power(factor, Term::Number(number)));
                let powers = powers.collect::<Form<_>>()?;
                self.mul(powers)
            }
            Term::Hadamard(factors) if self.has(Law::PowerOfProduct) && as_integer(number).is_some() => {
                self.applied(Law::PowerOfProduct, factors.len() - 1);
                let powers = factors.into_iter().map(|factor| self.power(factor, Term::Number(number)));
                let powers = powers.collect::<Form<_>>()?;
                self.hadamard(powers)
            }
            Term::Mul(factors) if self.has(Law::Roots) && as_integer(number + number).is_some() => {
                let (coefficient, rest) = self.coefficient(Term::Mul(factors));
                let root = square_root(coefficient).and_then(|root| integer_power(root, number + number));
                match root.filter(|_| size(coefficient) != F::ONE) {
                    Some(root) => {
                        self.applied(Law::PowerOfProduct, 1);
                        Ok(self.scaled(size(root), Term::power(rest, Term::Number(number))))
                    }
                    None => Ok(Term::power(self.scaled(coefficient, rest), Term::Number(number))),
                }
            }
            base @ Term::Add(_) if self.has(Law::PowerOfSum) => {
                let product = if self.room.is_scalar(&base) { Normal::mul } else { Normal::hadamard };
                match as_integer(number) {
                    Some(times @ 2..=MAX_EXPANDED) => {
                        self.applied(Law::PowerOfSum, 1);
                        self.distributed_over(vec![base; times as usize], 0, product)
                    }
                    _ => Ok(Term::power(base, exponent)),
                }
            }
            base => Ok(Term::power(base, exponent)),
        }
    }

    /// A product of scalars whose numbers are one.
    fn numbers_of(&self, factors: Vec<Term>) -> Term {
        let (coefficient, rest) = self.coefficient(self.room.mul(factors));
        self.scaled(coefficient, rest)
    }
}

/// The integer of small size that an element of the field is.
pub(super) fn as_integer(value: F) -> Option<i64> {
    const SMALL: u64 = 1 << 32;
    let size = |value: F| (value.residue() <= SMALL).then(|| value.residue() as i64);
    size(value).or_else(|| size(-value).map(|size| -size))
}

/// The root of a number, or of its negative: one of the two is a square.
fn square_root(value: F) -> Option<F> {
    value.rational_power(Ratio::HALF).or_else(|| (-value).rational_power(Ratio::HALF))
}

fn integer_power(base: F, exponent: F) -> Option<F> {
    let exponent = as_integer(exponent)?;
    let power = base.power(exponent.unsigned_abs());
    if exponent < 0 { power.inverse() } else { Some(power) }
}
