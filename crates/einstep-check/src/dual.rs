//! Dual numbers of second order: a + bε + cη + dεη with ε² = η² = 0.
//!
//! In: field elements, of which one may be perturbed by ε and one by η. Out: values with exact derivatives: the
//! coefficient of ε is the derivative by the first perturbed entry, that of εη the second derivative by both.
//! Left to others: which entry is perturbed.

use crate::field::F;
use crate::ratio::Ratio;
use std::ops::{Add, Mul, Neg};

/// The highest order of derivatives that dual numbers of this kind have.
pub(crate) const ORDER: usize = 2;

/// The coefficients of 1, ε, η and εη.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Dual([F; 4]);

impl Dual {
    pub(crate) const ZERO: Dual = Dual([F::ZERO; 4]);
    pub(crate) const ONE: Dual = Dual::plain(F::ONE);

    /// A value that is not perturbed.
    pub(crate) const fn plain(value: F) -> Dual {
        Dual([value, F::ZERO, F::ZERO, F::ZERO])
    }

    /// The value with the perturbation of a level added: ε at level 0, η at level 1.
    pub(crate) fn perturbed(self, level: usize) -> Dual {
        let mut result = self;
        result.0[level + 1] = result.0[level + 1] + F::ONE;
        result
    }

    /// The derivative by the perturbation of a level: a plain value at level 0, one with ε at level 1.
    pub(crate) fn derivative(self, level: usize) -> Dual {
        match level {
            0 => Dual::plain(self.0[1]),
            _ => Dual([self.0[2], self.0[3], F::ZERO, F::ZERO]),
        }
    }

    /// The value without perturbations.
    pub(crate) fn value(self) -> F {
        self.0[0]
    }

    pub(crate) fn is_plain(self) -> bool {
        let [_, b, c, d] = self.0;
        b.residue() | c.residue() | d.residue() == 0
    }

    /// The same perturbations of another value.
    pub(crate) fn with_value(self, value: F) -> Dual {
        let [_, b, c, d] = self.0;
        Dual([value, b, c, d])
    }

    /// A function of it, from the value and the first two derivatives of the function there.
    pub(crate) fn function(self, [value, first, second]: [F; 3]) -> Dual {
        let [_, b, c, d] = self.0;
        Dual([value, first * b, first * c, first * d + second * b * c])
    }

    /// A function of two: its value, its derivatives by either, its second derivatives by the first, both, the second.
    pub(crate) fn of_two([x, y]: [Dual; 2], value: F, [by_x, by_y]: [F; 2], [by_x_x, by_x_y, by_y_y]: [F; 3]) -> Dual {
        let ([_, b, c, d], [_, e, f, g]) = (x.0, y.0);
        let second = by_x_x * b * c + by_x_y * (b * f + c * e) + by_y_y * e * f;
        Dual([value, by_x * b + by_y * e, by_x * c + by_y * f, by_x * d + by_y * g + second])
    }

    /// The inverse; `None` where the value is zero.
    pub(crate) fn inverse(self) -> Option<Dual> {
        let inverse = self.value().inverse()?;
        let first = -(inverse * inverse);
        Some(self.function([inverse, first, -(first * inverse + first * inverse)]))
    }

    /// The power with a rational exponent; `None` where it does not exist or is not differentiable.
    pub(crate) fn power(self, exponent: Ratio) -> Option<Dual> {
        let value = self.value().rational_power(exponent)?;
        if self.is_plain() {
            return Some(Dual::plain(value));
        }
        // Each derivative has its factor first: a power whose factor is zero need not exist.
        let lower = exponent.plus(Ratio::MINUS_ONE)?;
        let lowest = lower.plus(Ratio::MINUS_ONE)?;
        let inverse = self.value().inverse();
        let term = |factor: F, lowered: Ratio, times: u64| match inverse {
            _ if factor.is_zero() => Some(F::ZERO),
            Some(inverse) => Some(factor * value * inverse.power(times)),
            None => Some(factor * self.value().rational_power(lowered)?),
        };
        let factor = F::ratio(exponent)?;
        let [_, b, c, _] = self.0;
        let second = match b.is_zero() || c.is_zero() {
            true => F::ZERO,
            false => term(factor * F::ratio(lower)?, lowest, 2)?,
        };
        Some(self.function([value, term(factor, lower, 1)?, second]))
    }
}

impl Add for Dual {
    type Output = Dual;
    #[inline]
    fn add(self, other: Dual) -> Dual {
        Dual(std::array::from_fn(|part| self.0[part] + other.0[part]))
    }
}

impl Neg for Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        Dual(self.0.map(F::neg))
    }
}

impl Mul for Dual {
    type Output = Dual;
    #[inline]
    fn mul(self, other: Dual) -> Dual {
        let ([a, b, c, d], [x, y, z, w]) = (self.0, other.0);
        if self.is_plain() && other.is_plain() {
            return Dual::plain(a * x);
        }
        // Mostly one entry is perturbed at a time, and most entries do not depend on it.
        if [c, d, z, w].iter().all(|part| part.is_zero()) {
            return match (b.is_zero(), y.is_zero()) {
                (true, _) => Dual([a * x, a * y, F::ZERO, F::ZERO]),
                (false, true) => Dual([a * x, b * x, F::ZERO, F::ZERO]),
                (false, false) => Dual([a * x, a * y + b * x, F::ZERO, F::ZERO]),
            };
        }
        Dual([a * x, a * y + b * x, a * z + c * x, a * w + d * x + b * z + c * y])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_have_their_derivatives() {
        // x^(3/2) at 9: 27, 3/2·3, 3/4·1/3.
        let x = Dual::plain(F::new(9)).perturbed(0).perturbed(1);
        let y = x.power(Ratio::new(3, 2).unwrap()).unwrap();
        let quarter = F::new(4).inverse().unwrap();
        assert_eq!(y.value(), F::new(27));
        assert_eq!(y.derivative(0), Dual::plain(F::new(18) * quarter));
        assert_eq!(y.derivative(1).derivative(0), Dual::plain(quarter));
    }

    #[test]
    fn the_inverse_is_the_power_minus_one() {
        let x = Dual::plain(F::new(5)).perturbed(0).perturbed(1);
        assert_eq!(x.inverse(), x.power(Ratio::MINUS_ONE));
        assert_eq!(x * x.inverse().unwrap(), Dual::ONE);
    }

    #[test]
    fn a_square_of_zero_is_differentiable() {
        let x = Dual::ZERO.perturbed(0).perturbed(1);
        assert_eq!(x.power(Ratio::integer(2).unwrap()), Some(x * x));
    }
}
