//! Functions and powers of one value, with their derivatives.
//!
//! In: a name, a dual number. Out: the value of the function, its perturbations by the chain rule.
//! Left to others: the values of functions that the field does not know (`opaque`), arrays.
//!
//! What is rational in exp is computed from it. The sign of a value is 1 where it is a square: so |u| is the root of u²,
//! signs multiply, and all that follows from signs holds; a sign has the derivative 0.

use crate::draw::Random;
use crate::dual::Dual;
use crate::eval::{Missing, World};
use crate::field::F;
use crate::meter::{NO_POWER, SINGULAR, Trouble};
use crate::ratio::Ratio;

/// The value of a function and its first two derivatives; those are not asked for where nothing is perturbed.
type Jet = [F; 3];

impl World<'_> {
    /// A function of the language, of one value.
    pub(crate) fn function(&self, name: &str, argument: Dual) -> Result<Dual, Trouble> {
        let jet = self.jet(name, argument.value(), !argument.is_plain())?;
        Ok(argument.function(jet))
    }

    fn jet(&self, name: &str, u: F, is_perturbed: bool) -> Result<Jet, Trouble> {
        let opaque = self.point.opaque();
        let two = F::new(2);
        let half = F::HALF;
        let over = |value: F| value.inverse().ok_or(SINGULAR);
        let plain = |value: F| Ok([value, F::ZERO, F::ZERO]);
        let sign = || u.sign();
        Ok(match name {
            "exp" => [self.exp(u)?; 3],
            "log" | "ln" => {
                let inverse = over(u)?;
                [opaque.log(u)?, inverse, -(inverse * inverse)]
            }
            "sigmoid" => {
                let s = self.sigmoid(u)?;
                let first = s * (F::ONE - s);
                [s, first, first * (F::ONE - two * s)]
            }
            "softplus" => {
                let s = self.sigmoid(u)?;
                [opaque.log(F::ONE + self.exp(u)?)?, s, s * (F::ONE - s)]
            }
            "sinh" | "cosh" | "tanh" => {
                let exp = self.exp(u)?;
                let (sinh, cosh) = ((exp - over(exp)?) * half, (exp + over(exp)?) * half);
                match name {
                    "sinh" => [sinh, cosh, sinh],
                    "cosh" => [cosh, sinh, cosh],
                    _ => {
                        let tanh = sinh * over(cosh)?;
                        let first = F::ONE - tanh * tanh;
                        [tanh, first, -(two * tanh * first)]
                    }
                }
            }
            "sin" | "cos" | "tan" => {
                let (cos, sin) = self.or_count(opaque.circle(u), (F::ONE, F::ONE))?;
                match name {
                    "sin" => [sin, cos, -sin],
                    "cos" => [cos, -sin, -cos],
                    _ => {
                        let tan = sin * over(cos)?;
                        let first = F::ONE + tan * tan;
                        [tan, first, two * tan * first]
                    }
                }
            }
            "atan" | "arctan" => {
                let first = over(F::ONE + u * u)?;
                [opaque.atan(u)?, first, -(two * u * first * first)]
            }
            "asin" | "arcsin" | "acos" | "arccos" => {
                let asin = opaque.asin(u)?;
                // A point that is looked for is to have the derivative too.
                let is_perturbed = is_perturbed || matches!(self.missing, Missing::Counted(_));
                let first = match is_perturbed {
                    true => self.root_power(F::ONE - u * u, Ratio::HALF.negative())?,
                    false => F::ZERO,
                };
                let second = if is_perturbed { u * first * over(F::ONE - u * u)? } else { F::ZERO };
                match name {
                    "asin" | "arcsin" => [asin, first, second],
                    _ => [opaque.pi() * half - asin, -first, -second],
                }
            }
            "erf" if is_perturbed => {
                let first = two * over(self.root_power(opaque.pi(), Ratio::HALF)?)? * self.exp(-(u * u))?;
                [opaque.erf(u), first, -(two * u * first)]
            }
            "erf" => return plain(opaque.erf(u)),
            // A kink; where nothing moves it does no harm.
            "abs" | "sign" | "relu" | "step" if u.is_zero() => {
                return if is_perturbed { Err(NO_POWER) } else { plain(u) };
            }
            "abs" => [sign() * u, sign(), F::ZERO],
            "sign" => return plain(sign()),
            "relu" => {
                let step = (F::ONE + sign()) * half;
                [step * u, step, F::ZERO]
            }
            "step" => return plain((F::ONE + sign()) * half),
            _ => return Err(Trouble::Declined(format!("the function `{name}` is not known"))),
        })
    }

    fn exp(&self, u: F) -> Result<F, Trouble> {
        self.or_count(self.point.opaque().exp(u), F::ONE)
    }

    fn sigmoid(&self, u: F) -> Result<F, Trouble> {
        let exp = self.exp(u)?;
        Ok(exp * (F::ONE + exp).inverse().ok_or(NO_POWER)?)
    }

    fn root_power(&self, base: F, exponent: Ratio) -> Result<F, Trouble> {
        self.rational_power(Dual::plain(base), exponent).map(Dual::value)
    }

    /// A power with a rational exponent.
    pub(crate) fn rational_power(&self, base: Dual, exponent: Ratio) -> Result<Dual, Trouble> {
        let mut base = base;
        if exponent.den() != 1 && base.value().sign() == -F::ONE {
            match self.missing {
                Missing::Refused => return Err(NO_POWER),
                Missing::Opaque => {
                    let root = Random::new(self.seed, &[base.value().residue()]).element();
                    base = base.with_value(root * root);
                }
                Missing::Counted(count) => {
                    count.set(count.get().saturating_add(1));
                    base = base.with_value(-base.value());
                }
            }
        }
        base.power(exponent).ok_or(if base.value().is_zero() { SINGULAR } else { NO_POWER })
    }

    /// A power. An exponent that is no small integer or fraction makes it exp(exponent·log(base)).
    pub(crate) fn power(&self, base: Dual, exponent: Dual) -> Result<Dual, Trouble> {
        let opaque = self.point.opaque();
        match exponent.value().exponent() {
            Some(ratio) if exponent.is_plain() => self.rational_power(base, ratio),
            Some(ratio) => {
                let (a, b) = (base.value(), exponent.value());
                let value = self.root_power(a, ratio)?;
                let (log, inverse) = (opaque.log(a)?, a.inverse().ok_or(SINGULAR)?);
                let by_base = b * value * inverse;
                Ok(Dual::of_two(
                    [base, exponent],
                    value,
                    [by_base, log * value],
                    [(b - F::ONE) * by_base * inverse, value * inverse + log * by_base, log * log * value],
                ))
            }
            None if base.value().sign() == F::ONE => self.function("exp", exponent * self.function("log", base)?),
            None => self.or_count(Err(NO_POWER), Dual::ONE),
        }
    }

    /// A value, or what stands in for it where missing values are counted.
    fn or_count<T>(&self, value: Result<T, Trouble>, stand_in: T) -> Result<T, Trouble> {
        match (value, self.missing) {
            (Err(NO_POWER), Missing::Counted(count)) => {
                count.set(count.get().saturating_add(1));
                Ok(stand_in)
            }
            (value, _) => value,
        }
    }
}
