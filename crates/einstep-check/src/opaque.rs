//! Functions that have no meaning in the field: exp and log, the circle of sin and cos, and their like.
//!
//! In: a value. Out: the value of the function there, the same for the same point whenever it is asked for.
//! Left to others: derivatives (`scalar`), where the values come from.
//!
//! A value of exp is a random square that depends on the argument, unless the argument is a multiple of one that is known, or
//! a sum of up to four of them; then it is the power of its value, or the product of theirs. So exp(2u) = exp(u)²,
//! exp(-u) = 1/exp(u) and exp(u + v) = exp(u)·exp(v) hold; a longer sum may be an argument of its own. log is the
//! inverse: of a product of up to four known values it is the sum of their arguments, else a random one. It is the log of the
//! absolute value, but exp finds the value again, with its sign. sin and cos are the coordinates of a point on the unit circle, whose group is treated alike; π/12 is
//! known there.

use crate::draw::Random;
use crate::field::F;
use crate::meter::{NO_POWER, SINGULAR, Trouble};
use crate::ratio::Ratio;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;

/// Multiples of arguments are told by twelfths.
const PARTS: i128 = 12;
const NEGATIVE: i128 = -PARTS;
/// The greatest number of parts of a multiple of one argument: a product with an integer that stands in an exponent.
const MANY: i128 = 1 << 40;
/// The greatest number of parts of a multiple beside another one.
const FEW: i128 = 1 << 32;
/// The multiples that are known beforehand: 1, 2, 3, 1/2, 1/3 and their opposites.
const MULTIPLES: [i64; 10] = [12, -12, 24, -24, 36, -36, 6, -6, 4, -4];
/// How many arguments are known in pairs, and beside great multiples of others.
const PAIRED: usize = 12;

/// Tell the uses of random numbers apart.
const EXP: u64 = 1;
const LOG: u64 = 2;
const CIRCLE: u64 = 3;
const PI: u64 = 4;
const ATAN: u64 = 5;
const ASIN: u64 = 6;
const ERF: u64 = 7;

const MINUS_HALF: Ratio = Ratio::HALF.negative();

/// The values of the functions that were asked for at one point.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opaque {
    seed: u64,
    known: RefCell<Known>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    exp: Arguments<Value>,
    exps: FxHashMap<F, F>,
    /// For each combination of arguments the product of the powers of the sizes of their values, and whether the product of
    /// those of the values is negative.
    products: Vec<(F, bool)>,
    by_product: FxHashMap<F, usize>,
    /// The logs by size, and whether their exp is negative.
    logs: FxHashMap<F, (F, bool)>,
    /// Logs of values of both signs: there is no exp of them.
    unreal: FxHashSet<F>,
    circle: Arguments<Arc>,
    turns: FxHashMap<F, Turn>,
}

/// A point of the unit circle: cos and sin.
pub(crate) type Turn = (F, F);

/// The greatest number of arguments at a point.
const MAX_ARGUMENTS: usize = 1 << 12;
/// Sums of two arguments or more are looked for among so many at most.
const MAX_SEARCHED: usize = 1 << 7;

/// A value of exp. It is negative, which is to say no square, only where a log was taken of it.
#[derive(Debug, Clone, Copy)]
struct Value {
    size: F,
    inverse: F,
    is_negative: bool,
}

/// Where on the circle some twelfths of an argument are, and how many; no point where it would need a root that does not
/// exist.
#[derive(Debug, Clone, Copy)]
struct Arc {
    parts: i128,
    point: Option<Turn>,
}

/// The arguments at which a function from sums to products is known, and combinations of one or two of them.
#[derive(Debug, Clone)]
struct Arguments<V> {
    bases: Vec<Base<V>>,
    combinations: Vec<(F, Vec<Multiple>)>,
    by_sum: FxHashMap<F, usize>,
}

impl<V> Default for Arguments<V> {
    fn default() -> Arguments<V> {
        Arguments { bases: vec![], combinations: vec![], by_sum: FxHashMap::default() }
    }
}

#[derive(Debug, Clone)]
struct Base<V> {
    argument: F,
    /// The inverse of a twelfth of the argument.
    inverse: F,
    value: V,
}

/// A multiple of a base: its number, how many twelfths.
type Multiple = (usize, i128);

impl<V> Arguments<V> {
    fn insert(&mut self, argument: F, value: V) -> Result<(), Trouble> {
        if self.bases.len() >= MAX_ARGUMENTS {
            return Err(Trouble::Declined("a function is taken of too many different values".into()));
        }
        let parts = F::new(PARTS as u64);
        let twelfth = argument * parts.inverse().ok_or(NO_POWER)?;
        let inverse = argument.inverse().ok_or(NO_POWER)? * parts;
        let number = self.bases.len();
        self.bases.push(Base { argument, inverse, value });
        for parts in MULTIPLES {
            self.combine(F::integer(parts) * twelfth, vec![(number, parts.into())]);
        }
        if number < PAIRED {
            for other in 0..number {
                let others = self.bases[other].argument;
                for (sign, signs) in [(PARTS, PARTS), (PARTS, NEGATIVE), (NEGATIVE, PARTS), (NEGATIVE, NEGATIVE)] {
                    let sum = signed(argument, sign < 0) + signed(others, signs < 0);
                    self.combine(sum, vec![(number, sign), (other, signs)]);
                }
            }
        }
        Ok(())
    }

    fn combine(&mut self, sum: F, multiples: Vec<Multiple>) {
        self.by_sum.entry(sum).or_insert(self.combinations.len());
        self.combinations.push((sum, multiples));
    }

    /// The argument as a multiple of one base, or as a sum of combinations.
    fn multiples(&self, argument: F) -> Option<Vec<Multiple>> {
        if argument.is_zero() {
            return Some(vec![]);
        }
        let single = |argument: F, most: i128| {
            let bases = if most < MANY { &self.bases[..self.bases.len().min(PAIRED)] } else { &self.bases };
            bases.iter().enumerate().find_map(|(number, base)| {
                let parts = (argument * base.inverse).centred();
                (parts.abs() <= most).then_some((number, parts))
            })
        };
        if let Some(found) = single(argument, MANY) {
            return Some(vec![found]);
        }
        if let Some(found) = self.by_sum.get(&argument) {
            return Some(self.combinations[*found].1.clone());
        }
        if self.bases.len() > MAX_SEARCHED {
            return None;
        }
        let beside = |multiple: Multiple, rest: &[Multiple]| [&[multiple], rest].concat();
        let short = self.combinations.iter().filter(|(_, multiples)| multiples.len() == 1);
        let pair =
            short.into_iter().find_map(|(sum, own)| single(argument - *sum, FEW).map(|other| beside(other, own)));
        pair.or_else(|| {
            self.combinations.iter().find_map(|(sum, own)| {
                let rest = self.by_sum.get(&(argument - *sum))?;
                Some([own.as_slice(), &self.combinations[*rest].1].concat())
            })
        })
    }
}

impl Opaque {
    pub(crate) fn new(seed: u64) -> Opaque {
        Opaque { seed, known: RefCell::default() }
    }

    fn random(&self, usage: u64, argument: F) -> F {
        Random::new(self.seed, &[usage, argument.residue()]).element()
    }

    /// A random value that depends on the argument, with its sign.
    fn odd(&self, usage: u64, argument: F) -> F {
        let sign = argument.sign();
        sign * self.random(usage, sign * argument)
    }

    /// The error function.
    pub(crate) fn erf(&self, argument: F) -> F {
        self.odd(ERF, argument)
    }

    /// The constant π, a square.
    pub(crate) fn pi(&self) -> F {
        let root = self.random(PI, F::ONE);
        root * root
    }

    /// The exponential function. Its values are squares, but for logs of what is none.
    pub(crate) fn exp(&self, argument: F) -> Result<F, Trouble> {
        self.known.borrow_mut().exp(self, argument)
    }

    /// The logarithm of the absolute value.
    pub(crate) fn log(&self, value: F) -> Result<F, Trouble> {
        self.known.borrow_mut().log(self, value)
    }

    /// The angle in the right half of the circle whose tangent is given; the inverse of sin and cos there.
    pub(crate) fn atan(&self, tangent: F) -> Result<F, Trouble> {
        let angle = self.odd(ATAN, tangent);
        let cos = (F::ONE + tangent * tangent).rational_power(MINUS_HALF);
        self.known.borrow_mut().arc(self, angle, cos.map(|cos| (cos, cos * tangent)))?;
        Ok(angle)
    }

    /// The angle in the right half of the circle whose sine is given.
    pub(crate) fn asin(&self, sine: F) -> Result<F, Trouble> {
        let angle = self.odd(ASIN, sine);
        let cos = (F::ONE - sine * sine).rational_power(Ratio::HALF);
        self.known.borrow_mut().arc(self, angle, cos.map(|cos| (cos, sine)))?;
        Ok(angle)
    }

    /// The cosine and the sine.
    pub(crate) fn circle(&self, argument: F) -> Result<Turn, Trouble> {
        self.known.borrow_mut().circle(self, argument)
    }
}

impl Known {
    fn exp(&mut self, opaque: &Opaque, argument: F) -> Result<F, Trouble> {
        if self.unreal.contains(&argument) {
            return Err(NO_POWER);
        }
        if let Some(value) = self.exps.get(&argument) {
            return Ok(*value);
        }
        // e, so that multiples of 1 are its powers.
        if self.exp.bases.is_empty() {
            self.insert(F::ONE, square(opaque.random(EXP, F::ONE)))?;
        }
        let value = match self.exp.multiples(argument) {
            Some(multiples) => {
                // No root is taken of a negative value.
                let is_real = |&(number, parts): &Multiple| {
                    let base = &self.exp.bases[number];
                    !self.unreal.contains(&base.argument) && (parts % PARTS == 0 || !base.value.is_negative)
                };
                if !multiples.iter().all(is_real) {
                    return Err(NO_POWER);
                }
                let (size, is_negative) = self.product(&multiples)?;
                self.logs.entry(size).or_insert((argument, is_negative));
                signed(size, is_negative)
            }
            None => {
                let value = square(opaque.random(EXP, argument));
                self.insert(argument, value)?;
                value
            }
        };
        self.exps.insert(argument, value);
        Ok(value)
    }

    fn log(&mut self, opaque: &Opaque, value: F) -> Result<F, Trouble> {
        let is_negative = value.sign() == -F::ONE;
        let size = signed(value, is_negative);
        let known = self.logs.get(&size).copied();
        let (log, exp_is_negative) = match known.map_or_else(|| self.sum_of_logs(size), Some) {
            Some(log) => log,
            None if size.is_zero() => return Err(SINGULAR),
            None => {
                let log = opaque.random(LOG, size);
                self.insert(log, value)?;
                (log, is_negative)
            }
        };
        self.logs.insert(size, (log, exp_is_negative));
        if is_negative != exp_is_negative {
            self.unreal.insert(log);
        }
        Ok(log)
    }

    /// The product of powers of values of exp: its size, and whether it is negative.
    fn product(&self, multiples: &[Multiple]) -> Result<(F, bool), Trouble> {
        multiples.iter().try_fold((F::ONE, false), |(product, is_negative), &(number, parts)| {
            let value = self.exp.bases[number].value;
            let power = match parts {
                PARTS => Some(value.size),
                NEGATIVE => Some(value.inverse),
                _ => Ratio::new(parts, PARTS).and_then(|exponent| value.size.rational_power(exponent)),
            };
            let turns = value.is_negative && parts % (2 * PARTS) != 0;
            Ok((product * power.ok_or(NO_POWER)?, is_negative != turns))
        })
    }

    /// The log of a product of values of exp, each combination of them with at most another; whether the product is negative.
    fn sum_of_logs(&self, size: F) -> Option<(F, bool)> {
        if size == F::ONE {
            return Some((F::ZERO, false));
        }
        let found = |number: usize| (self.exp.combinations[number].0, self.products[number].1);
        let single = self.by_product.get(&size).map(|number| found(*number));
        single.or_else(|| {
            let searched = &self.products[..if self.exp.bases.len() > MAX_SEARCHED { 0 } else { self.products.len() }];
            searched.iter().enumerate().find_map(|(number, (product, _))| {
                let (sum, is_negative) = found(*self.by_product.get(&(size * *product))?);
                let (less, turns) = found(number);
                Some((sum - less, is_negative != turns))
            })
        })
    }

    fn insert(&mut self, argument: F, value: F) -> Result<(), Trouble> {
        let is_negative = value.sign() == -F::ONE;
        let size = signed(value, is_negative);
        let inverse = size.inverse().ok_or(NO_POWER)?;
        self.exp.insert(argument, Value { size, inverse, is_negative })?;
        self.exps.insert(argument, value);
        self.logs.insert(size, (argument, is_negative));
        for number in self.products.len()..self.exp.combinations.len() {
            let product = self.product(&self.exp.combinations[number].1)?;
            self.by_product.entry(product.0).or_insert(number);
            self.products.push(product);
        }
        Ok(())
    }

    fn circle(&mut self, opaque: &Opaque, argument: F) -> Result<Turn, Trouble> {
        if let Some(value) = self.turns.get(&argument) {
            return Ok(*value);
        }
        self.quarter_turn(opaque)?;
        let value = match self.circle.multiples(argument) {
            Some(multiples) => {
                let points = multiples.into_iter().map(|(number, parts)| {
                    let arc = self.circle.bases[number].value;
                    let whole = arc.point.filter(|_| parts % arc.parts == 0);
                    whole.map(|point| times(point, parts / arc.parts)).ok_or(NO_POWER)
                });
                points.collect::<Result<Vec<_>, _>>()?.into_iter().fold((F::ONE, F::ZERO), turned)
            }
            None => {
                let t = opaque.random(CIRCLE, argument);
                let scale = (F::ONE + t * t).inverse().ok_or(NO_POWER)?;
                let point = ((F::ONE - t * t) * scale, (t + t) * scale);
                self.circle.insert(argument, Arc { parts: 1, point: Some(point) })?;
                times(point, PARTS)
            }
        };
        self.turns.insert(argument, value);
        Ok(value)
    }

    /// π is known from the start.
    fn quarter_turn(&mut self, opaque: &Opaque) -> Result<(), Trouble> {
        if self.circle.bases.is_empty() {
            self.circle.insert(opaque.pi(), Arc { parts: 1, point: Some(fifteen_degrees()?) })?;
        }
        Ok(())
    }

    fn arc(&mut self, opaque: &Opaque, angle: F, point: Option<Turn>) -> Result<(), Trouble> {
        self.quarter_turn(opaque)?;
        if !angle.is_zero() && self.circle.bases.iter().all(|base| base.argument != angle) {
            self.circle.insert(angle, Arc { parts: PARTS, point })?;
        }
        Ok(())
    }
}

fn signed(value: F, is_negative: bool) -> F {
    if is_negative { -value } else { value }
}

fn square(value: F) -> F {
    value * value
}

/// cos and sin of π/12: (√6 ± √2)/4.
fn fifteen_degrees() -> Result<Turn, Trouble> {
    let root = |n| F::new(n).rational_power(Ratio::HALF).ok_or(NO_POWER);
    let quarter = F::new(4).inverse().ok_or(NO_POWER)?;
    let (two, six) = (root(2)?, root(6)?);
    Ok(((six + two) * quarter, (six - two) * quarter))
}

/// The point of a sum of two arguments.
fn turned((a, b): Turn, (c, d): Turn) -> Turn {
    (a * c - b * d, a * d + b * c)
}

/// The point of a multiple of an argument.
fn times(point: Turn, count: i128) -> Turn {
    let mut square = if count < 0 { (point.0, -point.1) } else { point };
    let mut result = (F::ONE, F::ZERO);
    let mut rest = count.unsigned_abs();
    while rest > 0 {
        if rest & 1 == 1 {
            result = turned(result, square);
        }
        square = turned(square, square);
        rest >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> (Opaque, F, F) {
        let opaque = Opaque::new(7);
        (opaque, F::new(123_456_789_123_456), F::new(987_654_321_987_654))
    }

    #[test]
    fn exp_makes_products_of_sums() {
        let (opaque, u, v) = numbers();
        let exp = |u| opaque.exp(u).unwrap();
        assert_eq!(exp(F::ZERO), F::ONE);
        let both = exp(u + v);
        assert_eq!(both, exp(u) * exp(v));
        assert_eq!(exp(-u) * exp(u), F::ONE);
        assert_eq!(exp(u + u), exp(u) * exp(u));
        assert_eq!(exp(u + F::ONE), exp(u) * exp(F::ONE));
        assert_ne!(exp(u), exp(v));
        assert!(exp(u).is_square());
    }

    #[test]
    fn log_is_the_inverse_of_exp() {
        let (opaque, u, v) = numbers();
        let (exp, log) = (|u| opaque.exp(u).unwrap(), |v| opaque.log(v).unwrap());
        assert_eq!(log(exp(u)), u);
        let large = F::new(12_583_978);
        assert_eq!(log(exp(large)), large);
        let positive = v * v;
        assert_eq!(exp(log(positive)), positive);
        assert_eq!(log(positive * exp(u)), log(positive) + u);
        assert_eq!(log(F::ONE), F::ZERO);
        assert_eq!(log(F::new(6)), log(F::new(2)) + log(F::new(3)));
        assert_eq!(log(-positive), log(positive));
        assert!(opaque.exp(log(-positive)).is_err());
        let negative = -F::new(55) * exp(v);
        assert_eq!(exp(log(negative)), negative);
        assert_eq!(exp(log(negative) + u), negative * exp(u));
        assert!(opaque.exp(log(negative) * F::new(2).inverse().unwrap()).is_err());
        assert!(opaque.log(F::ZERO).is_err());
    }

    #[test]
    fn points_of_the_circle_add() {
        let (opaque, u, v) = numbers();
        let circle = |u| opaque.circle(u).unwrap();
        let (cos, sin) = circle(u);
        assert_eq!(cos * cos + sin * sin, F::ONE);
        assert_eq!(circle(-u), (cos, -sin));
        assert_eq!(circle(u + u).1, (sin + sin) * cos);
        assert_eq!(circle(u + v), turned(circle(u), circle(v)));
        let half_turn = opaque.pi() * F::new(2).inverse().unwrap();
        assert_eq!(circle(half_turn), (F::ZERO, F::ONE));
        assert_eq!(circle(half_turn - u), (sin, cos));
    }
}
