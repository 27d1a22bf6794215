//! Exact rational exponents.
//!
//! In: digits, integers. Out: a fraction in lowest terms, or nothing where a machine word does not hold it.
//! Left to others: powers. An exponent acts modulo p - 1, not modulo p, so it is no element of the field.

/// The greatest numerator or denominator.
const LIMIT: i128 = 1 << 60;

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    pub(crate) const MINUS_ONE: Ratio = Ratio { num: -1, den: 1 };
    pub(crate) const HALF: Ratio = Ratio { num: 1, den: 2 };

    /// The fraction; `None` when the denominator is zero or a part is too large.
    pub(crate) fn new(num: i128, den: i128) -> Option<Ratio> {
        if den == 0 || num == i128::MIN || den == i128::MIN {
            return None;
        }
        let divisor = gcd(num.abs(), den.abs()) * den.signum();
        let (num, den) = (num / divisor, den / divisor);
        (num.abs() <= LIMIT && den <= LIMIT).then_some(Ratio { num, den })
    }

    pub(crate) fn integer(n: i128) -> Option<Ratio> {
        Ratio::new(n, 1)
    }

    pub(crate) const fn negative(self) -> Ratio {
        Ratio { num: -self.num, den: self.den }
    }

    pub(crate) fn num(self) -> i128 {
        self.num
    }

    pub(crate) fn den(self) -> i128 {
        self.den
    }

    pub(crate) fn plus(self, other: Ratio) -> Option<Ratio> {
        Ratio::new(self.num * other.den + other.num * self.den, self.den * other.den)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_in_lowest_terms() {
        let half = Ratio::new(-2, -4).unwrap();
        assert_eq!((half.num(), half.den()), (1, 2));
        assert_eq!(half.plus(half), Ratio::integer(1));
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(i128::MIN, 1), None);
    }
}
