//! The field GF(p) in which every value is computed, exactly.
//!
//! In: integers, rationals as digits. Out: sums, products, inverses, rational powers.
//! Left to others: what the numbers stand for.
//!
//! The prime p is 3 modulo 4, r = (p-1)/2 is prime, and every prime up to 31 is a square. The squares are a group of
//! order r, so each rational power with a denominator below r is unique and multiplicative on them: √9 is 3, not -3.

use crate::ratio::Ratio;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// The prime.
pub(crate) const P: u64 = 2_305_841_548_298_728_439;
/// The order of the group of squares, itself prime.
const R: u64 = (P - 1) / 2;
/// 2^122 divided by p: multiplying by it divides a product by p, but for a difference of at most 2 (Barrett).
const RECIPROCAL: u64 = ((1 << 122) / P as u128) as u64;

/// Integers below this are exponents as such: sums and products of two of those that are drawn for exponents.
const MAX_INTEGER_EXPONENT: i128 = 1 << 52;
/// Fractions with parts below these are exponents as such.
const MAX_NUMERATOR: i128 = 1 << 25;
const MAX_DENOMINATOR: i128 = 1 << 25;

/// An element of the field, below [`P`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct F(u64);

impl F {
    pub(crate) const ZERO: F = F(0);
    pub(crate) const ONE: F = F(1);
    pub(crate) const HALF: F = F(P.div_ceil(2));

    /// The residue of an integer.
    pub(crate) fn new(n: u64) -> F {
        F(n % P)
    }

    /// The residue of an integer that may be negative.
    pub(crate) fn integer(n: i64) -> F {
        let size = F::new(n.unsigned_abs());
        if n < 0 { -size } else { size }
    }

    /// The residue of a decimal number without sign; anything but a digit is passed over.
    pub(crate) fn digits(text: &str) -> F {
        let ten = F(10);
        text.bytes().filter(u8::is_ascii_digit).fold(F::ZERO, |n, digit| n * ten + F(u64::from(digit - b'0')))
    }

    /// The residue of a rational; `None` when p divides the denominator.
    pub(crate) fn ratio(ratio: Ratio) -> Option<F> {
        let size = F((ratio.num().unsigned_abs() % u128::from(P)) as u64);
        let num = if ratio.num() < 0 { -size } else { size };
        let den = F((ratio.den().unsigned_abs() % u128::from(P)) as u64);
        Some(num * den.inverse()?)
    }

    /// The residue itself.
    pub(crate) fn residue(self) -> u64 {
        self.0
    }

    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The integer of least size that has this residue.
    pub(crate) fn centred(self) -> i128 {
        if self.0 > R { i128::from(self.0) - i128::from(P) } else { self.0.into() }
    }

    /// 1 for a square, -1 for another number, 0 for zero. It is multiplicative, as signs are, and the root of a square x²
    /// is x times the sign of x.
    pub(crate) fn sign(self) -> F {
        if self.is_zero() {
            F::ZERO
        } else if self.is_square() {
            F::ONE
        } else {
            -F::ONE
        }
    }

    /// The power with a natural exponent.
    pub(crate) fn power(self, exponent: u64) -> F {
        let (mut result, mut square, mut rest) = (F::ONE, self, exponent);
        while rest > 0 {
            if rest & 1 == 1 {
                result = result * square;
            }
            square = square * square;
            rest >>= 1;
        }
        result
    }

    /// The inverse; `None` for zero.
    pub(crate) fn inverse(self) -> Option<F> {
        (!self.is_zero()).then(|| F(inverse_modulo(self.0, P)))
    }

    /// Whether it is a square that is not zero, by the law of quadratic reciprocity.
    pub(crate) fn is_square(self) -> bool {
        let (mut a, mut n, mut is_square) = (self.0, P, true);
        while a != 0 {
            let twos = a.trailing_zeros();
            a >>= twos;
            is_square ^= twos % 2 == 1 && matches!(n % 8, 3 | 5);
            is_square ^= a % 4 == 3 && n % 4 == 3;
            (a, n) = (n % a, a);
        }
        n == 1 && is_square
    }

    /// The power with a rational exponent; a root only of a square. `None` where there is none.
    pub(crate) fn rational_power(self, exponent: Ratio) -> Option<F> {
        if self.is_zero() {
            return match exponent.num() {
                0 => Some(F::ONE),
                num => (num > 0).then_some(F::ZERO),
            };
        }
        let den = u64::try_from(exponent.den()).ok()?;
        if den == 1 {
            let size = (exponent.num().unsigned_abs() % u128::from(P - 1)) as u64;
            let power = self.power(size);
            return if exponent.num() < 0 { power.inverse() } else { Some(power) };
        }
        if den >= R || !self.is_square() {
            return None;
        }
        let num = exponent.num().rem_euclid(i128::from(R)) as u64;
        Some(self.power(times(num, inverse_modulo(den, R))))
    }

    /// The fraction of least denominator with a numerator below the limit that is this element.
    fn fraction(self, limit: i128) -> (i128, i128) {
        // Extended Euclid: every remainder is value × coefficient modulo p; the first small one is the numerator.
        let (mut before, mut rest) = (i128::from(P), i128::from(self.0));
        let (mut before_factor, mut factor) = (0i128, 1i128);
        while rest >= limit {
            let quotient = before / rest;
            (before, rest) = (rest, before - quotient * rest);
            (before_factor, factor) = (factor, before_factor - quotient * factor);
        }
        (rest * factor.signum(), factor.abs())
    }

    /// The element as an exponent, if it is an integer or a fraction so small that no other is meant.
    pub(crate) fn exponent(self) -> Option<Ratio> {
        let integer = self.centred();
        if integer.abs() < MAX_INTEGER_EXPONENT {
            return Ratio::integer(integer);
        }
        let (num, den) = self.fraction(MAX_NUMERATOR);
        if den < MAX_DENOMINATOR { Ratio::new(num, den) } else { None }
    }

    /// The element as a reader wants it: a small integer or fraction where it is one, else its residue.
    pub(crate) fn readable(self) -> String {
        const SMALL: i128 = 1 << 20;
        match self.fraction(SMALL) {
            (num, 1) => num.to_string(),
            (num, den) if den < SMALL => format!("{num}/{den}"),
            _ => self.0.to_string(),
        }
    }
}

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(R)) as u64
}

/// The inverse modulo a prime of what is not zero, by the algorithm of Euclid.
fn inverse_modulo(n: u64, prime: u64) -> u64 {
    // Every remainder is n × factor modulo the prime; factors stay below it in size, so they fit.
    let (mut before, mut rest) = (prime as i64, (n % prime) as i64);
    let (mut before_factor, mut factor) = (0i64, 1i64);
    while rest > 0 {
        let quotient = before / rest;
        (before, rest) = (rest, before - quotient * rest);
        (before_factor, factor) = (factor, before_factor - quotient * factor);
    }
    before_factor.rem_euclid(prime as i64) as u64
}

impl Add for F {
    type Output = F;
    #[inline]
    fn add(self, other: F) -> F {
        let sum = self.0 + other.0;
        F(if sum >= P { sum - P } else { sum })
    }
}

impl Neg for F {
    type Output = F;
    #[inline]
    fn neg(self) -> F {
        F(if self.0 == 0 { 0 } else { P - self.0 })
    }
}

impl Sub for F {
    type Output = F;
    #[inline]
    fn sub(self, other: F) -> F {
        self + -other
    }
}

impl Mul for F {
    type Output = F;
    #[inline]
    fn mul(self, other: F) -> F {
        let product = u128::from(self.0) * u128::from(other.0);
        let quotient = (u128::from((product >> 60) as u64) * u128::from(RECIPROCAL)) >> 62;
        let mut rest = (product - quotient * u128::from(P)) as u64;
        for _ in 0..2 {
            rest = if rest >= P { rest - P } else { rest };
        }
        F(rest)
    }
}

impl fmt::Debug for F {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.readable())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(num: i128, den: i128) -> Ratio {
        Ratio::new(num, den).unwrap()
    }

    #[test]
    fn products_agree_with_division() {
        for (a, b) in [(P - 1, P - 1), (P - 1, 2), (1 << 60, (1 << 60) + 12345), (0, 7)] {
            let expected = (u128::from(a) * u128::from(b) % u128::from(P)) as u64;
            assert_eq!((F(a) * F(b)).0, expected);
        }
    }

    #[test]
    fn inverses_and_signs_agree_with_fermat_and_euler() {
        for n in [1, 2, 3, 4, 7, 37, 41, 1 << 40, (1 << 59) + 987_654_321, P - 2, P - 1] {
            assert_eq!(F(n).inverse(), Some(F(n).power(P - 2)), "{n}");
            assert_eq!(F(n).is_square(), F(n).power(R) == F::ONE, "{n}");
        }
        assert_eq!(F::HALF + F::HALF, F::ONE);
        assert!(!F::ZERO.is_square());
    }

    #[test]
    fn roots_of_squares_are_squares() {
        let nine = F::new(9);
        assert_eq!(nine.rational_power(ratio(1, 2)), Some(F::new(3)));
        assert_eq!(F::new(8).rational_power(ratio(1, 3)), Some(F::new(2)));
        assert_eq!(nine.rational_power(ratio(-3, 2)), F::ratio(ratio(1, 27)));
        assert_eq!((-F::ONE).rational_power(ratio(1, 2)), None);
    }

    #[test]
    fn small_primes_are_squares_and_the_order_is_prime_to_small_roots() {
        for prime in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31] {
            assert!(F::new(prime).is_square(), "{prime}");
            assert_ne!(R % prime, 0);
        }
        assert_eq!(P % 4, 3);
    }

    #[test]
    fn small_fractions_are_readable() {
        assert_eq!(F::ratio(ratio(-3, 7)).unwrap().readable(), "-3/7");
        assert_eq!((-F::ONE).readable(), "-1");
        assert_eq!(F::ZERO.readable(), "0");
    }

    #[test]
    fn digits_of_any_length_are_reduced() {
        assert_eq!(F::digits("2305841548298728440"), F::ONE);
    }
}
