//! Products of arrays, and elements of arrays.
//!
//! In: the factors, in normal form. Out: the normal form of their product. Left to others: transposes (`structure`).

use crate::field::F;
use crate::instance::laws::{Law, Normal, turned};
use crate::instance::term::{Extent, Form, ONE, Slot, Term};

impl Normal<'_, '_> {
    pub(super) fn array(&mut self, slots: [Slot; 2], body: Term) -> Form<Term> {
        match body {
            Term::Add(terms) if self.has(Law::ArrayOfSum) => {
                self.applied(Law::ArrayOfSum, terms.len() - 1);
                self.add(terms.into_iter().map(|term| Term::Array(slots.clone(), Box::new(term))).collect())
            }
            body => Ok(Term::Array(slots, Box::new(body))),
        }
    }

    /// An array beside commutation matrices, or beside a diagonal matrix, as one array.
    fn absorbed(&mut self, factors: &[Term]) -> Form<Option<Term>> {
        let diagonal = |term: &Term| match term {
            Term::Call("diag", args) => args.first().cloned(),
            _ => None,
        };
        let (law, slots, body) = match factors {
            [first, last] if self.has(Law::ArrayTimesCommutation) => {
                let (array, exchange, side) = match (first, last) {
                    (Term::Array(..), exchange) => (first, exchange, 1),
                    (exchange, _) => (last, exchange, 0),
                };
                let Term::Array(slots, body) = array else { return Ok(None) };
                let mut slots = slots.clone();
                let Some(slot) = self.exchanged(&slots[side], exchange) else { return Ok(None) };
                slots[side] = slot;
                (Law::ArrayTimesCommutation, slots, body.as_ref().clone())
            }
            [first, last] if self.has(Law::ArrayTimesDiagonal) => {
                let (entries, array, side) = match (diagonal(first), diagonal(last)) {
                    (Some(entries), _) => (entries, last, 0),
                    (_, Some(entries)) => (entries, first, 1),
                    _ => return Ok(None),
                };
                let Term::Array(slots, body) = array else { return Ok(None) };
                let factor = match (entries, &slots[side][..]) {
                    (Term::Call("vec", matrix), &[slow, fast]) => {
                        let Some(matrix) = matrix.into_iter().next() else { return Ok(None) };
                        self.elem(matrix, [vec![fast], vec![slow]])?
                    }
                    (vector, &[index]) => self.elem(vector, [vec![index], vec![]])?,
                    _ => return Ok(None),
                };
                let body = self.mul(vec![factor, body.as_ref().clone()])?;
                (Law::ArrayTimesDiagonal, slots.clone(), body)
            }
            _ => return Ok(None),
        };
        self.applied(law, 1);
        self.array(slots, body).map(Some)
    }

    /// The indices of a slot as a product of identities and commutation matrices arranges them.
    fn exchanged(&self, slot: &Slot, exchange: &Term) -> Option<Slot> {
        match exchange {
            Term::Identity(_) => Some(slot.clone()),
            Term::Call("commutation", _) => match slot[..] {
                [first, second] => Some(vec![second, first]),
                _ => None,
            },
            Term::Call("kron", factors) => {
                let extents: Vec<Extent> = factors.iter().map(|factor| self.room.shape(factor)[0]).collect();
                let parts = self.room.grouped(slot, &extents)?;
                let parts = parts.iter().zip(factors).map(|(part, factor)| self.exchanged(part, factor));
                parts.collect::<Option<Vec<Slot>>>().map(|parts| parts.concat())
            }
            _ => None,
        }
    }

    pub(super) fn matmul(&mut self, factors: Vec<Term>) -> Form<Term> {
        for position in 1..factors.len() {
            if let Some(array) = self.absorbed(&factors[position - 1..=position])? {
                let mut rest = factors.clone();
                rest.splice(position - 1..=position, [array]);
                return if rest.len() == 1 { Ok(rest.remove(0)) } else { self.matmul(rest) };
            }
        }
        if self.has(Law::Zeros) && factors.iter().any(Term::is_zero) {
            return Ok(self.zero(&Term::Matmul(factors)));
        }
        let takes_apart =
            [Law::MatrixDistribute, Law::Content, Law::Sign, Law::ScalarsFirst, Law::Identities, Law::Orthogonal];
        if !takes_apart.iter().any(|law| self.has(*law)) {
            return Ok(self.room.matmul(factors));
        }
        let factors = match self.room.matmul(factors) {
            Term::Matmul(factors) => factors,
            Term::Elem(of, at) if at.iter().all(Vec::is_empty) => match *of {
                Term::Matmul(factors) => factors,
                other => return Ok(self.room.elem(other, at)),
            },
            other => return Ok(other),
        };
        let sum = factors.iter().position(|factor| matches!(factor, Term::Add(_)));
        if let (true, Some(position)) = (self.has(Law::MatrixDistribute), sum) {
            return self.distributed_over(factors, position, Normal::matmul);
        }
        if factors.len() < 2 {
            return Ok(self.room.matmul(factors));
        }
        // Scalars come to the front, identities drop out.
        let mut front = Vec::new();
        let mut chain = Vec::with_capacity(factors.len());
        for factor in factors {
            let mut parts = factor.into_factors();
            chain.extend(parts.pop());
            front.extend(parts);
        }
        if self.has(Law::Orthogonal) {
            chain = self.without_orthogonal(chain);
        }
        let first = chain[0].clone();
        if self.has(Law::MatrixDistribute) || self.has(Law::Identities) {
            let before = chain.len();
            chain.retain(|factor| !matches!(factor, Term::Identity(_)));
            self.applied(Law::Identities, before - chain.len().max(1));
        }
        if chain.is_empty() {
            chain.push(first);
        }
        if self.has(Law::ScalarsFirst) {
            chain = self.scalar_parts(chain, &mut front);
            self.applied(Law::ScalarsFirst, front.len());
        }
        if !chain.is_empty() {
            front.push(self.room.matmul(chain));
        }
        if front.len() > 1 { self.mul(front) } else { Ok(self.room.mul(front)) }
    }

    /// Takes the scalars out of a product: what stands between two neighbours that meet in a dimension of 1.
    pub(super) fn scalar_parts(&self, chain: Vec<Term>, front: &mut Vec<Term>) -> Vec<Term> {
        let mut parts: Vec<Vec<Term>> = vec![vec![]];
        for factor in chain {
            let meets = self.room.shape(&factor)[0] == ONE && parts.last().is_some_and(|part| !part.is_empty());
            if meets {
                parts.push(vec![]);
            }
            parts.last_mut().into_iter().for_each(|part| part.push(factor.clone()));
        }
        if parts.len() == 1 {
            return parts.concat();
        }
        let mut rest = Vec::new();
        for part in parts {
            let product = self.room.matmul(part);
            match self.room.is_scalar(&product) {
                true => front.push(product),
                false => rest.extend(match product {
                    Term::Matmul(factors) => factors,
                    other => vec![other],
                }),
            }
        }
        rest
    }

    pub(super) fn matpow(&mut self, base: Term, exponent: u32) -> Form<Term> {
        if !self.has(Law::MatrixPower) {
            return match base {
                Term::Mul(mut factors) if self.has(Law::Numbers) && factors[0].as_number().is_some() => {
                    let number = factors.remove(0).as_number().map_or(F::ONE, |number| number.power(exponent.into()));
                    let rest = self.room.mul(factors);
                    self.mul(vec![Term::Number(number), Term::Matpow(Box::new(rest), exponent)])
                }
                base => Ok(Term::Matpow(Box::new(base), exponent)),
            };
        }
        self.room.meter.hold(exponent.into(), 8)?;
        self.matmul(vec![base; exponent as usize])
    }

    pub(super) fn elem(&mut self, of: Term, at: [Slot; 2]) -> Form<Term> {
        match of {
            Term::Add(terms) if self.has(Law::ElementOfSum) => {
                self.applied(Law::ElementOfSum, terms.len() - 1);
                let elements = terms.into_iter().map(|term| self.elem(term, at.clone())).collect::<Form<_>>()?;
                self.add(elements)
            }
            Term::Mul(mut factors) if self.has(Law::ElementOfMultiple) => {
                self.applied(Law::ElementOfMultiple, factors.len() - 1);
                if let Some(array) = factors.pop() {
                    factors.push(self.elem(array, at)?);
                }
                self.mul(factors)
            }
            Term::Call("commutation", _) if self.has(Law::ElementOfCommutation) => match &at {
                [rows, cols] if rows.len() == 2 && cols.len() == 2 => {
                    self.applied(Law::ElementOfCommutation, 1);
                    let delta = |row: usize, col: usize| Term::Delta([vec![rows[row]], vec![cols[col]]]);
                    self.mul(vec![delta(0, 1), delta(1, 0)])
                }
                _ => Ok(self.room.elem(of, at)),
            },
            Term::Transpose(inner) if self.has(Law::ElementOfTranspose) => {
                self.applied(Law::ElementOfTranspose, 1);
                let [rows, cols] = at;
                self.elem(*inner, [cols, rows])
            }
            Term::Hadamard(factors) if self.has(Law::ElementOfHadamard) => {
                self.applied(Law::ElementOfHadamard, factors.len() - 1);
                let elements = factors.into_iter().map(|factor| self.elem(factor, at.clone())).collect::<Form<_>>()?;
                self.mul(elements)
            }
            Term::Power(pair) if self.has(Law::ElementOfPower) && !at.iter().all(Vec::is_empty) => {
                self.applied(Law::ElementOfPower, 1);
                let [base, exponent] = *pair;
                let base = self.elem(base, at.clone())?;
                let exponent = self.elem(exponent, at)?;
                self.power(base, exponent)
            }
            Term::Apply(name, arg) if self.has(Law::ElementOfFunction) && !at.iter().all(Vec::is_empty) => {
                self.applied(Law::ElementOfFunction, 1);
                Ok(Term::Apply(name, Box::new(self.elem(*arg, at)?)))
            }
            of => Ok(self.room.elem(of, at)),
        }
    }

    pub(super) fn hadamard(&mut self, factors: Vec<Term>) -> Form<Term> {
        let mut factors = match Term::hadamard(factors) {
            Term::Hadamard(factors) => factors,
            other => return Ok(other),
        };
        if self.has(Law::Zeros) && factors.iter().any(Term::is_zero) {
            return Ok(self.zero(&Term::Hadamard(factors)));
        }
        if self.has(Law::ArrayTimesArray)
            && let Some((slots, bodies)) = same_array(&factors)
        {
            self.applied(Law::ArrayTimesArray, bodies.len() - 1);
            let body = self.mul(bodies)?;
            return self.array(slots, body);
        }
        if [Law::MatrixDistribute, Law::Content, Law::Sign, Law::ScalarsFirst].iter().any(|law| self.has(*law)) {
            let mut front = Vec::new();
            for factor in &mut factors {
                if let Term::Mul(parts) = factor {
                    let array = parts.pop();
                    front.append(parts);
                    *factor = array.unwrap_or(Term::integer(1));
                }
            }
            if !front.is_empty() {
                self.applied(Law::ScalarsFirst, front.len());
                front.push(self.hadamard(factors)?);
                return self.mul(front);
            }
        }
        if self.has(Law::Mirror) && factors.iter().any(|factor| matches!(factor, Term::Identity(_))) {
            for factor in &mut factors {
                let [plain, mirrored] = [false, true].map(|turn| turned(self.room, factor.clone(), turn));
                *factor = if self.mark(&plain)? <= self.mark(&mirrored)? { plain } else { mirrored };
            }
        }
        if self.has(Law::Powers) {
            factors = self.powers(factors, true)?;
        }
        if self.has(Law::MatrixDistribute) || self.has(Law::Identities) || self.has(Law::Powers) {
            let first = factors[0].clone();
            let before = factors.len();
            let is_ones = |factor: &Term| match factor {
                Term::Transpose(column) => matches!(**column, Term::Ones(_)),
                factor => matches!(factor, Term::Ones(_)),
            };
            factors.retain(|factor| !is_ones(factor));
            if factors.is_empty() {
                factors.push(first);
            }
            self.applied(Law::Identities, before - factors.len());
        }
        let sum = factors.iter().position(|factor| matches!(factor, Term::Add(_)));
        if let (true, Some(position)) = (self.has(Law::MatrixDistribute), sum) {
            return self.distributed_over(factors, position, Normal::hadamard);
        }
        Ok(Term::hadamard(factors))
    }
}

/// What the arrays over one list of indices are arrays of.
fn same_array(arrays: &[Term]) -> Option<([Slot; 2], Vec<Term>)> {
    let part = |array: &Term| match array {
        Term::Array(slots, body) => Some((slots.clone(), body.as_ref().clone())),
        _ => None,
    };
    let (slots, bodies): (Vec<_>, Vec<_>) = arrays.iter().map(part).collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let (first, rest) = slots.split_first()?;
    rest.iter().all(|other| other == first).then(|| (first.clone(), bodies))
}
