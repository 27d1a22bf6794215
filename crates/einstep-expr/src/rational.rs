//! Exact rational numbers: machine words, with a fallback to big integers.
//!
//! In: integers, decimal digits. Out: sums, products, powers and the text form. Left to others: symbolic numbers.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use std::cmp::Ordering;
use std::fmt;

/// An exact rational in lowest terms. Equal numbers are equal values, so a `Rat` can be interned.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rat(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Numerator and positive denominator in lowest terms.
    Small(i64, i64),
    /// A number that does not fit.
    Big(Box<RBig>),
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Rat {
    /// Zero.
    pub const ZERO: Rat = Rat(Repr::Small(0, 1));
    /// One.
    pub const ONE: Rat = Rat(Repr::Small(1, 1));

    /// An integer.
    pub fn int(value: i64) -> Rat {
        Rat::fraction(value, 1)
    }

    /// `num/den`; a zero denominator is read as one, callers refuse it first.
    pub fn fraction(num: i64, den: i64) -> Rat {
        Rat::reduce(i128::from(num), i128::from(if den == 0 { 1 } else { den }))
    }

    /// `digits` × 10^`exponent`; `None` when the text is no number.
    ///
    /// ```
    /// use einstep_expr::Rat;
    /// assert_eq!(Rat::decimal("125", -2).unwrap().to_string(), "5/4");
    /// ```
    pub fn decimal(digits: &str, exponent: i32) -> Option<Rat> {
        let mantissa = RBig::from(IBig::from_str_radix(digits, 10).ok()?);
        let scale = RBig::from(IBig::from(10u8).pow(exponent.unsigned_abs() as usize));
        Some(Rat::from_big(if exponent < 0 { mantissa / scale } else { mantissa * scale }))
    }

    fn reduce(num: i128, den: i128) -> Rat {
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs()).max(1) as i128;
        let sign = if den < 0 { -1 } else { 1 };
        let (num, den) = (sign * (num / divisor), sign * (den / divisor));
        match (i64::try_from(num), i64::try_from(den)) {
            (Ok(num), Ok(den)) => Rat(Repr::Small(num, den)),
            _ => Rat(Repr::Big(Box::new(RBig::from_parts(IBig::from(num), UBig::from(den.unsigned_abs()))))),
        }
    }

    fn from_big(value: RBig) -> Rat {
        let small = i64::try_from(value.numerator().clone()).ok().zip(i64::try_from(value.denominator().clone()).ok());
        match small {
            Some((num, den)) => Rat(Repr::Small(num, den)),
            None => Rat(Repr::Big(Box::new(value))),
        }
    }

    fn big(&self) -> RBig {
        match &self.0 {
            Repr::Small(num, den) => RBig::from_parts(IBig::from(*num), UBig::from(den.unsigned_abs())),
            Repr::Big(value) => (**value).clone(),
        }
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Rat) -> Rat {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
            if let Some(num) = (a * d).checked_add(c * b) {
                return Rat::reduce(num, b * d);
            }
        }
        Rat::from_big(self.big() + other.big())
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Rat) -> Rat {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
            return Rat::reduce(a * c, b * d);
        }
        Rat::from_big(self.big() * other.big())
    }

    /// The opposite number.
    #[must_use]
    pub fn neg(&self) -> Rat {
        self.mul(&Rat::int(-1))
    }

    /// The reciprocal; `None` of zero.
    pub fn recip(&self) -> Option<Rat> {
        if self.is_zero() {
            return None;
        }
        Some(match &self.0 {
            Repr::Small(num, den) => Rat::reduce(i128::from(*den), i128::from(*num)),
            Repr::Big(value) => Rat::from_big(RBig::ONE / (**value).clone()),
        })
    }

    /// The integer power; `None` for a negative power of zero or an exponent beyond ±64.
    pub fn pow(&self, exponent: i64) -> Option<Rat> {
        if exponent.abs() > 64 {
            return None;
        }
        let base = if exponent < 0 { self.recip()? } else { self.clone() };
        Some((0..exponent.abs()).fold(Rat::ONE, |power, _| power.mul(&base)))
    }

    /// Whether its numerator is even: a power with such an exponent forgets the sign of its base.
    pub fn is_even(&self) -> bool {
        match &self.0 {
            Repr::Small(num, _) => num % 2 == 0,
            Repr::Big(value) => value.numerator() % IBig::from(2u8) == IBig::ZERO,
        }
    }

    /// The square root of a positive number, when it is rational and small.
    ///
    /// ```
    /// use einstep_expr::Rat;
    /// assert_eq!(Rat::fraction(4, 9).sqrt(), Some(Rat::fraction(2, 3)));
    /// assert_eq!(Rat::int(2).sqrt(), None);
    /// ```
    pub fn sqrt(&self) -> Option<Rat> {
        let Repr::Small(num, den) = self.0 else { return None };
        let root = |value: i64| (value > 0).then(|| value.isqrt()).filter(|root| root * root == value);
        Some(Rat(Repr::Small(root(num)?, root(den)?)))
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        *self == Rat::ZERO
    }

    /// Whether it is one.
    pub fn is_one(&self) -> bool {
        *self == Rat::ONE
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.order(&Rat::ZERO) == Ordering::Less
    }

    /// The value as a machine integer, when it is one.
    pub fn as_int(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(num, 1) => Some(*num),
            _ => None,
        }
    }

    /// The order of the numbers.
    pub fn order(&self, other: &Rat) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl fmt::Display for Rat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(num, 1) => write!(f, "{num}"),
            Repr::Small(num, den) => write!(f, "{num}/{den}"),
            Repr::Big(value) => write!(f, "{value}"),
        }
    }
}

impl fmt::Debug for Rat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
