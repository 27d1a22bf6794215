//! The checker's own normal forms: an expression with some laws applied as far as they go.
//!
//! In: a term, the laws, the equations. Out: its normal form, and how often the law in question was applied.
//! Left to others: which laws belong to which rule (`rules`), comparing (`mark`).
//!
//! Children are in normal form before their parent is made, so each law is a few lines in the function that makes a node
//! of its kind.

use crate::field::F;
use crate::instance::equations::Equations;
use crate::instance::mark::{Order, mark};
use crate::instance::term::{Form, Index, MAX_HEIGHT, ONE, Room, Slot, Term};
use crate::meter::Trouble;
use crate::ratio::Ratio;
use rustc_hash::{FxHashMap, FxHashSet};

/// A law of a normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Law {
    /// Numbers are multiplied and added, a factor 1 drops out.
    Numbers,
    /// Zero drops out of sums and makes products zero.
    Zeros,
    /// Powers of one base are merged.
    Powers,
    /// A power of a product is the product of the powers.
    PowerOfProduct,
    /// Sums are taken out of products.
    Flatten,
    /// Factors without the indices of a sum stand in front of it.
    SumScalarsFirst,
    /// Scalars in a matrix product stand in front of it.
    ScalarsFirst,
    /// The sum of a sum is the sum of the sums.
    Split,
    /// Terms that differ only in their number are added.
    LikeTerms,
    /// A product with a sum is the sum of the products.
    Distribute,
    /// A number times a sum multiplies every term.
    NumberIntoSum,
    /// The number of the first term of a sum is taken out of the sum.
    Content,
    /// A matrix product with a sum is the sum of the products.
    MatrixDistribute,
    /// A matrix power is a product.
    MatrixPower,
    /// Some matrices equal their transpose.
    Symmetric,
    /// An element of a sum is the sum of the elements.
    ElementOfSum,
    /// An element of a multiple is the multiple of the element.
    ElementOfMultiple,
    /// The derivative of what is constant is zero.
    Constant,
    /// The derivative passes sums and constant factors.
    Linear,
    /// The product rule.
    Product,
    /// The chain rule for powers.
    ChainOfPower,
    /// The derivative of an element is a product of deltas.
    Element,
}

/// Brings terms to a normal form.
pub(crate) struct Normal<'n, 'a> {
    pub(crate) room: &'n mut Room<'a>,
    pub(crate) laws: &'n [Law],
    pub(crate) equations: &'n Equations,
    /// The law whose applications are counted; the equations are, when there is none.
    pub(crate) counted: Option<Law>,
    pub(crate) count: i64,
}

impl Normal<'_, '_> {
    /// The normal form of a term.
    pub(crate) fn of(&mut self, term: Term) -> Form<Term> {
        match self.counted {
            // What these laws do to places and powers shows in the term as it is written.
            Some(Law::Numbers) => self.count += misplaced(&term),
            Some(Law::Powers) => self.count += powers_and_factors(&term),
            Some(Law::Content) => self.count += contents(self, &term),
            Some(Law::Distribute | Law::MatrixDistribute) => self.count -= written_factors(&term),
            _ => {}
        }
        self.normal(term, 2 * MAX_HEIGHT)
    }

    fn has(&self, law: Law) -> bool {
        self.laws.contains(&law)
    }

    fn applied(&mut self, law: Law, times: usize) {
        if self.counted == Some(law) {
            self.count += times as i64;
        }
    }

    fn normal(&mut self, mut term: Term, height: usize) -> Form<Term> {
        let Some(height) = height.checked_sub(1) else {
            return Err(Trouble::Declined("a step is too large to compare with its rule".into()));
        };
        loop {
            while let Some(next) = self.rewritten(&term)? {
                term = next;
            }
            for child in term.children_mut() {
                let taken = std::mem::replace(child, Term::Add(vec![]));
                *child = self.normal(taken, height)?;
            }
            term = self.made(term)?;
            match self.rewritten(&term)? {
                Some(next) => term = next,
                None => return Ok(term),
            }
        }
    }

    /// The term with the first equation that fits applied at its root.
    fn rewritten(&mut self, term: &Term) -> Form<Option<Term>> {
        self.room.meter.spend(1)?;
        let Some((next, counts)) = self.equations.apply(self.room, term)? else { return Ok(None) };
        self.count += i64::from(counts && self.counted.is_none());
        Ok(Some(next))
    }

    /// The normal form of a term whose children are in normal form.
    fn made(&mut self, term: Term) -> Form<Term> {
        match term {
            Term::Add(args) => self.add(args),
            Term::Mul(args) => self.mul(args),
            Term::Matmul(args) => self.matmul(args),
            Term::Transpose(arg) => self.transpose(*arg),
            Term::Power(pair) => {
                let [base, exponent] = *pair;
                self.power(base, exponent)
            }
            Term::Matpow(base, exponent) => self.matpow(*base, exponent),
            Term::Elem(of, at) => self.elem(*of, at),
            Term::Sum(over, body) => self.sum(over, *body),
            Term::Partial(pair) => {
                let [body, by] = *pair;
                self.partial(body, by)
            }
            Term::Call(name, args) if name == "tr" && self.room.is_scalar(&args[0]) => {
                Ok(args.into_iter().next().unwrap_or(Term::integer(0)))
            }
            other => Ok(other),
        }
    }

    fn mark(&self, term: &Term) -> Form<u64> {
        self.room.meter.spend(8)?;
        Ok(mark(self.room, term, self.order()))
    }

    /// Which orders count in normal forms.
    pub(crate) fn order(&self) -> Order {
        Order { slots: !self.has(Law::Symmetric), ..Order::NONE }
    }

    fn add(&mut self, terms: Vec<Term>) -> Form<Term> {
        let mut terms = match Term::add(terms) {
            Term::Add(terms) => terms,
            other => return Ok(other),
        };
        let shape = self.room.shape(&terms[0]);
        let before = terms.len();
        if self.has(Law::Zeros) {
            terms.retain(|term| !is_zero(term));
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
        if self.has(Law::Content) && terms.len() > 1 {
            return self.content(terms);
        }
        Ok(Term::add(terms))
    }

    /// The number of a term, and the rest of it.
    fn coefficient(&self, term: Term) -> (F, Term) {
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

    fn scaled(&self, coefficient: F, rest: Term) -> Term {
        match coefficient == F::ONE {
            true => rest,
            false if rest.is_number(F::ONE) => Term::Number(coefficient),
            false => self.room.mul(vec![Term::Number(coefficient), rest]),
        }
    }

    fn like_terms(&mut self, terms: Vec<Term>) -> Form<Vec<Term>> {
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
        self.applied(Law::LikeTerms, before - found.len());
        let left = found.into_iter().filter(|(coefficient, _)| !coefficient.is_zero());
        Ok(left.map(|(coefficient, rest)| self.scaled(coefficient, rest)).collect())
    }

    /// A sum whose first term, in an order of marks, has no number, times that number.
    fn content(&mut self, terms: Vec<Term>) -> Form<Term> {
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
        let first = parts[0].1;
        let inverse = first.inverse().unwrap_or(F::ONE);
        let terms = parts.into_iter().map(|(_, coefficient, rest)| self.scaled(coefficient * inverse, rest)).collect();
        Ok(self.scaled(if first.is_zero() { F::ONE } else { first }, Term::add(terms)))
    }

    fn mul(&mut self, factors: Vec<Term>) -> Form<Term> {
        let mut factors = match self.room.mul(factors) {
            Term::Mul(factors) => factors,
            other => return Ok(other),
        };
        let is_scalar = factors.last().is_some_and(|last| self.room.is_scalar(last));
        if self.has(Law::Zeros) && factors.iter().any(is_zero) {
            return Ok(self.zero(&Term::Mul(factors)));
        }
        if self.has(Law::PowerOfProduct) {
            // The sign of a root is compared in value only.
            factors.iter_mut().for_each(|factor| {
                *factor = factor.as_number().map_or_else(|| factor.clone(), |n| Term::Number(size(n)))
            });
        }
        if self.has(Law::Numbers) {
            factors = self.numbers(factors);
        }
        if self.has(Law::Powers) {
            factors = self.powers(factors)?;
        }
        if let [Term::Number(_), Term::Add(_)] = factors.as_slice()
            && self.has(Law::NumberIntoSum)
        {
            self.applied(Law::NumberIntoSum, 1);
            return self.distributed(factors, 1);
        }
        let expands = if is_scalar { Law::Distribute } else { Law::MatrixDistribute };
        if self.has(expands) && factors.len() > 1 {
            let candidates = if is_scalar { 0 } else { factors.len() - 1 };
            let position = (candidates..factors.len()).find(|&k| matches!(factors[k], Term::Add(_)));
            if let Some(position) = position {
                return self.distributed(factors, position);
            }
        }
        if self.has(Law::Flatten) && is_scalar {
            return self.flattened(factors);
        }
        Ok(self.room.mul(factors))
    }

    /// Zero in the shape of a term that is zero.
    fn zero(&mut self, term: &Term) -> Term {
        self.applied(Law::Zeros, 1);
        match self.room.shape(term) {
            [ONE, ONE] => Term::integer(0),
            shape => Term::Zeros(shape),
        }
    }

    fn numbers(&mut self, factors: Vec<Term>) -> Vec<Term> {
        let positions: Vec<usize> = (0..factors.len()).filter(|&k| factors[k].as_number().is_some()).collect();
        if positions.is_empty() {
            return factors;
        }
        let (coefficient, rest) = self.coefficient(Term::Mul(factors));
        self.applied(Law::Numbers, positions.len() - 1 + usize::from(coefficient == F::ONE));
        self.scaled(coefficient, rest).into_factors()
    }

    fn powers(&mut self, factors: Vec<Term>) -> Form<Vec<Term>> {
        let mut found: Vec<(Term, Option<F>)> = Vec::new();
        let mut places: FxHashMap<u64, usize> = FxHashMap::default();
        for factor in factors {
            if factor.as_number().is_some() || !self.room.is_scalar(&factor) {
                found.push((factor, None));
                continue;
            }
            let (base, exponent) = match factor {
                Term::Power(pair) if pair[1].as_number().is_some() => {
                    let [base, exponent] = *pair;
                    (base, exponent.as_number().unwrap_or(F::ONE))
                }
                other => (other, F::ONE),
            };
            let mark = self.mark(&base)?;
            match places.get(&mark) {
                Some(&place) => found[place].1 = found[place].1.map(|sum| sum + exponent),
                None => {
                    places.insert(mark, found.len());
                    found.push((base, Some(exponent)));
                }
            }
        }
        let left = found.into_iter().filter(|(_, exponent)| *exponent != Some(F::ZERO));
        Ok(left
            .map(|(base, exponent)| match exponent {
                None => base,
                Some(exponent) if exponent == F::ONE => base,
                Some(exponent) => Term::Power(Box::new([base, Term::Number(exponent)])),
            })
            .collect())
    }

    /// The sum of the products with each term of one factor.
    fn distributed(&mut self, mut factors: Vec<Term>, position: usize) -> Form<Term> {
        let Term::Add(terms) = std::mem::replace(&mut factors[position], Term::integer(1)) else {
            return Ok(self.room.mul(factors));
        };
        let mut products = Vec::with_capacity(terms.len());
        for term in terms {
            self.room.meter.spend(factors.len() as u64)?;
            let mut product = factors.clone();
            product[position] = term;
            products.push(self.mul(product)?);
        }
        self.add(products)
    }

    fn flattened(&mut self, factors: Vec<Term>) -> Form<Term> {
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
                self.room.rename(&mut body, old, Some(fresh))?;
                over.push(fresh);
            }
            flat.push(*body);
        }
        let product = self.room.mul(flat);
        self.room.sum(over, product)
    }

    fn matmul(&mut self, factors: Vec<Term>) -> Form<Term> {
        if self.has(Law::Zeros) && factors.iter().any(is_zero) {
            return Ok(self.zero(&Term::Matmul(factors)));
        }
        if ![Law::MatrixDistribute, Law::Content, Law::ScalarsFirst].iter().any(|law| self.has(*law)) {
            return Ok(self.room.matmul(factors));
        }
        let factors = match self.room.matmul(factors) {
            Term::Matmul(factors) => factors,
            Term::Elem(of, [None, None]) => match *of {
                Term::Matmul(factors) => factors,
                other => return Ok(self.room.elem(other, [None, None])),
            },
            other => return Ok(other),
        };
        let sum = factors.iter().position(|factor| matches!(factor, Term::Add(_)));
        if let (true, Some(position)) = (self.has(Law::MatrixDistribute), sum) {
            let mut factors = factors;
            let Term::Add(terms) = std::mem::replace(&mut factors[position], Term::integer(1)) else {
                return Ok(self.room.matmul(factors));
            };
            let mut products = Vec::with_capacity(terms.len());
            for term in terms {
                self.room.meter.spend(factors.len() as u64)?;
                let mut product = factors.clone();
                product[position] = term;
                products.push(self.matmul(product)?);
            }
            return self.add(products);
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
        let first = chain[0].clone();
        chain.retain(|factor| !self.has(Law::MatrixDistribute) || !matches!(factor, Term::Identity(_)));
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
    fn scalar_parts(&self, chain: Vec<Term>, front: &mut Vec<Term>) -> Vec<Term> {
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

    fn transpose(&mut self, arg: Term) -> Form<Term> {
        match arg {
            Term::Zeros(_) if self.has(Law::Zeros) => Ok(self.zero(&Term::Transpose(Box::new(arg)))),
            Term::Matmul(args) if self.has(Law::MatrixPower) => {
                let turned = args.into_iter().rev().map(|arg| self.room.transpose(arg)).collect();
                self.matmul(turned)
            }
            _ if self.has(Law::Symmetric) && self.is_symmetric(&arg)? => {
                self.applied(Law::Symmetric, 1);
                Ok(arg)
            }
            _ => Ok(self.room.transpose(arg)),
        }
    }

    /// Whether an array is its own transpose by declaration, or because its transposes moved to the letters give itself.
    fn is_symmetric(&self, array: &Term) -> Form<bool> {
        match array {
            Term::Symbol(symbol) => Ok(self.room.symmetric[*symbol as usize]),
            Term::Identity(_) => Ok(true),
            _ => {
                let [plain, turned] = [false, true].map(|turn| self.moved(array.clone(), turn));
                Ok(self.mark(&plain?)? == self.mark(&turned?)?)
            }
        }
    }

    /// An array or its transpose, with all transposes moved to the letters.
    fn moved(&self, array: Term, turn: bool) -> Form<Term> {
        self.room.meter.spend(1)?;
        let all = |args: Vec<Term>| args.into_iter().map(|arg| self.moved(arg, turn)).collect::<Form<Vec<Term>>>();
        Ok(match array {
            Term::Add(args) => Term::add(all(args)?),
            Term::Matmul(mut args) => {
                if turn {
                    args.reverse();
                }
                self.room.matmul(all(args)?)
            }
            Term::Mul(mut args) => {
                if let Some(last) = args.pop() {
                    args.push(self.moved(last, turn)?);
                }
                self.room.mul(args)
            }
            Term::Matpow(base, exponent) => Term::Matpow(Box::new(self.moved(*base, turn)?), exponent),
            Term::Transpose(arg) => self.moved(*arg, !turn)?,
            Term::Symbol(_) | Term::Identity(_) if self.is_symmetric(&array)? => array,
            other if turn => self.room.transpose(other),
            other => other,
        })
    }

    fn power(&mut self, base: Term, exponent: Term) -> Form<Term> {
        let base = match base {
            Term::Number(value) if self.has(Law::PowerOfProduct) => Term::Number(size(value)),
            other => other,
        };
        let Some(number) = exponent.as_number() else {
            return Ok(Term::Power(Box::new([base, exponent])));
        };
        if self.has(Law::Numbers) {
            let value = base.as_number().and_then(|base| integer_power(base, number));
            let simple = match value {
                _ if number.is_zero() => Some(Term::integer(1)),
                _ if number == F::ONE => Some(base.clone()),
                value => value.map(Term::Number),
            };
            if let Some(simple) = simple {
                self.applied(Law::Numbers, 1);
                return Ok(simple);
            }
        }
        match base {
            Term::Power(inner) if self.has(Law::Powers) && inner[1].as_number().is_some() => {
                let [base, first] = *inner;
                let product = first.as_number().unwrap_or(F::ONE) * number;
                Ok(if product == F::ONE { base } else { Term::Power(Box::new([base, Term::Number(product)])) })
            }
            Term::Mul(factors) if self.has(Law::PowerOfProduct) && as_integer(number).is_some() => {
                self.applied(Law::PowerOfProduct, factors.len() - 1);
                let powers = factors.into_iter().map(|factor| self.power(factor, Term::Number(number)));
                let powers = powers.collect::<Form<_>>()?;
                self.mul(powers)
            }
            Term::Mul(factors) if self.has(Law::PowerOfProduct) && as_integer(number + number).is_some() => {
                let (coefficient, rest) = self.coefficient(Term::Mul(factors));
                let root = square_root(coefficient).and_then(|root| integer_power(root, number + number));
                match root.filter(|_| size(coefficient) != F::ONE) {
                    Some(root) => {
                        self.applied(Law::PowerOfProduct, 1);
                        let power = Term::Power(Box::new([rest, Term::Number(number)]));
                        Ok(self.scaled(size(root), power))
                    }
                    None => Ok(Term::Power(Box::new([self.scaled(coefficient, rest), Term::Number(number)]))),
                }
            }
            base => Ok(Term::Power(Box::new([base, Term::Number(number)]))),
        }
    }

    fn matpow(&mut self, base: Term, exponent: u32) -> Form<Term> {
        if !self.has(Law::MatrixPower) {
            return Ok(Term::Matpow(Box::new(base), exponent));
        }
        self.applied(Law::MatrixPower, exponent as usize - 1);
        self.room.meter.hold(exponent.into(), 8)?;
        self.matmul(vec![base; exponent as usize])
    }

    fn elem(&mut self, of: Term, at: [Slot; 2]) -> Form<Term> {
        match of {
            Term::Add(terms) if self.has(Law::ElementOfSum) => {
                self.applied(Law::ElementOfSum, terms.len() - 1);
                let elements = terms.into_iter().map(|term| self.elem(term, at)).collect::<Form<_>>()?;
                self.add(elements)
            }
            Term::Mul(mut factors) if self.has(Law::ElementOfMultiple) => {
                self.applied(Law::ElementOfMultiple, factors.len() - 1);
                if let Some(array) = factors.pop() {
                    factors.push(self.elem(array, at)?);
                }
                self.mul(factors)
            }
            of => Ok(self.room.elem(of, at)),
        }
    }

    fn sum(&mut self, over: Vec<Index>, body: Term) -> Form<Term> {
        if self.has(Law::Zeros) && is_zero(&body) {
            return Ok(self.zero(&body));
        }
        match body {
            Term::Add(terms) if self.has(Law::Split) => {
                self.applied(Law::Split, terms.len() - 1);
                let sums = terms.into_iter().map(|term| self.sum(over.clone(), term)).collect::<Form<_>>()?;
                self.add(sums)
            }
            Term::Mul(factors) if self.has(Law::SumScalarsFirst) => {
                let (inside, mut front): (Vec<Term>, Vec<Term>) =
                    factors.into_iter().partition(|factor| over.iter().any(|index| factor.has(*index)));
                if inside.is_empty() || front.is_empty() {
                    let product = self.room.mul([inside, front].concat());
                    return self.room.sum(over, product);
                }
                self.applied(Law::SumScalarsFirst, front.len());
                let product = self.room.mul(inside);
                front.push(self.room.sum(over, product)?);
                self.mul(front)
            }
            body => self.room.sum(over, body),
        }
    }

    /// A pending derivative, pushed inwards as far as the laws say.
    fn partial(&mut self, body: Term, by: Term) -> Form<Term> {
        self.room.meter.spend(4)?;
        let Some(symbol) = symbol(&by) else { return Ok(pending(body, by)) };
        // The chain rule holds of constants too, and so does linearity.
        let applies = match body {
            Term::Power(_) => self.has(Law::ChainOfPower),
            Term::Sum(..) => self.has(Law::Linear),
            _ => false,
        };
        if !applies && !body.mentions(symbol) {
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
        let varying = |factors: &[Term]| factors.iter().filter(|factor| factor.mentions(symbol)).count();
        match body {
            Term::Add(terms) if self.has(Law::Linear) => {
                self.applied(Law::Linear, 1);
                let terms = terms.into_iter().filter(|term| term.mentions(symbol));
                let terms = terms.map(|term| self.partial(term, by.clone())).collect::<Form<_>>()?;
                self.add(terms)
            }
            Term::Mul(factors) if self.has(Law::Linear) && varying(&factors) == 1 => {
                self.applied(Law::Linear, 1);
                let factors = factors.into_iter().map(|factor| match factor.mentions(symbol) {
                    true => self.partial(factor, by.clone()),
                    false => Ok(factor),
                });
                let factors = factors.collect::<Form<_>>()?;
                self.mul(factors)
            }
            Term::Mul(factors) if self.has(Law::Product) && varying(&factors) > 1 => {
                self.applied(Law::Product, 1);
                let terms = self.product_rule(factors, symbol, &by)?;
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
                    self.room.rename(&mut body, old, Some(new))?;
                    fresh.push(new);
                }
                if self.has(Law::Linear) {
                    self.applied(Law::Linear, 1);
                    let inner = self.partial(*body, by)?;
                    return self.sum(fresh, inner);
                }
                self.applied(Law::Product, 1);
                let terms = self.product_rule(body.into_factors(), symbol, &by)?;
                let sums = terms.into_iter().map(|term| self.sum(fresh.clone(), term)).collect::<Form<_>>()?;
                self.add(sums)
            }
            Term::Power(pair) if self.has(Law::ChainOfPower) && !pair[1].mentions(symbol) => {
                self.applied(Law::ChainOfPower, 1);
                let [base, exponent] = *pair;
                let lower = match exponent.as_number() {
                    Some(number) => Term::Number(number - F::ONE),
                    None => Term::add(vec![exponent.clone(), Term::integer(-1)]),
                };
                let outer = match lower.is_number(F::ONE) {
                    true => base.clone(),
                    false => Term::Power(Box::new([base.clone(), lower])),
                };
                let inner = self.partial(base, by)?;
                self.mul(vec![exponent, outer, inner])
            }
            body => Ok(pending(body, by)),
        }
    }

    fn product_rule(&mut self, factors: Vec<Term>, symbol: u32, by: &Term) -> Form<Vec<Term>> {
        let mut terms = Vec::new();
        for position in 0..factors.len() {
            if factors[position].mentions(symbol) {
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
    fn deltas(&self, body: &Term, by: &Term) -> Option<Term> {
        match (body, by) {
            (Term::Symbol(a), Term::Symbol(b)) if a == b => Some(Term::integer(1)),
            (Term::Elem(of, at), Term::Elem(variable, by)) if of == variable && matches!(**of, Term::Symbol(_)) => {
                let pairs = at.iter().zip(by).filter(|pair| *pair != (&None, &None));
                Some(self.room.mul(pairs.map(|(i, l)| Term::Delta([*i, *l])).collect()))
            }
            _ => None,
        }
    }
}

fn pending(body: Term, by: Term) -> Term {
    Term::Partial(Box::new([body, by]))
}

/// How many numbers do not stand in front of their product.
fn misplaced(term: &Term) -> i64 {
    let own = match term {
        Term::Mul(factors) => {
            let rest = factors.iter().skip_while(|factor| factor.as_number().is_some());
            rest.filter(|factor| factor.as_number().is_some()).count() as i64
        }
        _ => 0,
    };
    own + term.children().iter().map(misplaced).sum::<i64>()
}

/// How many sums have one number other than 1 in all their terms, up to sign.
fn contents(normal: &Normal<'_, '_>, term: &Term) -> i64 {
    let own = match term {
        Term::Add(terms) => {
            let mut sizes = terms.iter().map(|term| size(normal.coefficient(term.clone()).0));
            let first = sizes.next();
            i64::from(first != Some(size(F::ONE)) && sizes.all(|size| Some(size) == first))
        }
        _ => 0,
    };
    own + term.children().iter().map(|child| contents(normal, child)).sum::<i64>()
}

/// A measure that falls when powers of one base are merged.
fn powers_and_factors(term: &Term) -> i64 {
    let own = match term {
        Term::Power(_) => 1,
        Term::Mul(factors) => 2 * (factors.len() as i64 - 1),
        _ => 0,
    };
    own + term.children().iter().map(powers_and_factors).sum::<i64>()
}

/// The symbol that a derivative is by.
fn symbol(by: &Term) -> Option<u32> {
    match by {
        Term::Symbol(symbol) => Some(*symbol),
        Term::Elem(of, _) => symbol(of),
        _ => None,
    }
}

/// The integer of small size that an element of the field is.
fn as_integer(value: F) -> Option<i64> {
    const SMALL: u64 = 1 << 32;
    let size = |value: F| (value.residue() <= SMALL).then(|| value.residue() as i64);
    size(value).or_else(|| size(-value).map(|size| -size))
}

/// Of a number and its negative the one with the smaller residue.
fn size(value: F) -> F {
    if value.residue() <= (-value).residue() { value } else { -value }
}

/// The root of a number, or of its negative: one of the two is a square.
fn square_root(value: F) -> Option<F> {
    value.rational_power(Ratio::HALF).or_else(|| (-value).rational_power(Ratio::HALF))
}

fn is_zero(term: &Term) -> bool {
    term.is_number(F::ZERO) || matches!(term, Term::Zeros(_))
}

fn integer_power(base: F, exponent: F) -> Option<F> {
    let exponent = as_integer(exponent)?;
    let power = base.power(exponent.unsigned_abs());
    if exponent < 0 { power.inverse() } else { Some(power) }
}

/// How many factors and summed indices a term is written with; distributing makes it more.
fn written_factors(term: &Term) -> i64 {
    let own = match term {
        Term::Identity(_) => 0,
        Term::Sum(over, _) => over.len() as i64,
        _ => i64::from(term.children().is_empty()),
    };
    own + term.children().iter().map(written_factors).sum::<i64>()
}

/// The marks of the sums that are factors somewhere in a term.
pub(crate) fn sums_in_products(room: &Room<'_>, term: &Term, marks: &mut FxHashSet<u64>) -> Form<()> {
    room.meter.spend(1)?;
    for child in term.children() {
        if matches!((term, child), (Term::Mul(_) | Term::Matmul(_), Term::Add(_))) {
            room.meter.spend(8)?;
            marks.insert(mark(room, child, Order::NONE));
        }
        sums_in_products(room, child, marks)?;
    }
    Ok(())
}

/// Keeps the sums of the given marks apart where they are factors: an elementwise product of one is not multiplied out.
pub(crate) fn keep_apart(room: &Room<'_>, term: &mut Term, marks: &FxHashSet<u64>) {
    let is_product = matches!(term, Term::Mul(_) | Term::Matmul(_));
    for child in term.children_mut() {
        let apart = is_product && matches!(child, Term::Add(_)) && marks.contains(&mark(room, child, Order::NONE));
        match apart {
            true => *child = Term::Hadamard(vec![std::mem::replace(child, Term::integer(0))]),
            false => keep_apart(room, child, marks),
        }
    }
}
