//! Dimensions: names, positive integers, and sums of products of these in normal form.
//!
//! In: names and integers. Out: interned dimensions, equal when they are equal as polynomials.
//! Left to others: finding unknown dimensions (the engine's `infer`).

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeMap;

/// A dimension, interned in [`Dims`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dim(u32);

/// Products of names, sorted, with their coefficients.
type Polynomial = BTreeMap<Vec<String>, u64>;

/// The dimensions of one problem.
#[derive(Debug, Clone)]
pub struct Dims {
    /// The polynomials with their texts.
    table: IndexMap<Polynomial, String, FxBuildHasher>,
}

/// The greatest number of terms of a product.
const MAX_TERMS: usize = 1000;

/// The greatest number of names that a product multiplies.
const MAX_DEGREE: usize = 64;

impl Dim {
    /// The dimension 1.
    pub const ONE: Dim = Dim(0);

    /// Whether it is 1.
    pub fn is_one(self) -> bool {
        self == Dim::ONE
    }
}

impl Default for Dims {
    fn default() -> Dims {
        let mut dims = Dims { table: IndexMap::default() };
        dims.literal(1);
        dims
    }
}

impl Dims {
    fn intern(&mut self, polynomial: Polynomial) -> Dim {
        // A table of more than 2^32 dimensions does not fit in memory.
        Dim(match self.table.get_index_of(&polynomial) {
            Some(known) => known as u32,
            None => {
                let text = text(&polynomial);
                self.table.insert_full(polynomial, text).0 as u32
            }
        })
    }

    fn polynomial(&self, dim: Dim) -> &Polynomial {
        self.table.get_index(dim.0 as usize).map_or(const { &Polynomial::new() }, |(polynomial, _)| polynomial)
    }

    /// A named dimension.
    pub fn name(&mut self, name: &str) -> Dim {
        self.intern(BTreeMap::from([(vec![name.to_string()], 1)]))
    }

    /// Whether a dimension is a name alone: no product or sum.
    pub fn is_name(&self, dim: Dim) -> bool {
        let mut terms = self.polynomial(dim).iter();
        matches!((terms.next(), terms.next()), (Some((names, 1)), None) if names.len() == 1)
    }

    /// A literal dimension; the value is positive.
    pub fn literal(&mut self, value: u64) -> Dim {
        self.intern(BTreeMap::from([(vec![], value)]))
    }

    /// The product; `None` when it is too large: a coefficient overflows, or there are too many terms or factors.
    pub fn product(&mut self, a: Dim, b: Dim) -> Option<Dim> {
        let size = |dim: Dim| self.polynomial(dim).len();
        let degree = |dim: Dim| self.polynomial(dim).keys().map(Vec::len).max().unwrap_or(0);
        if size(a) * size(b) > MAX_TERMS || degree(a) + degree(b) > MAX_DEGREE {
            return None;
        }
        let mut product = Polynomial::new();
        for (left, m) in self.polynomial(a) {
            for (right, n) in self.polynomial(b) {
                let mut names: Vec<String> = left.iter().chain(right).cloned().collect();
                names.sort_unstable();
                let entry = product.entry(names).or_default();
                *entry = entry.checked_add(m.checked_mul(*n)?)?;
            }
        }
        Some(self.intern(product))
    }

    /// Whether a dimension is the product of some others; the product of none is 1.
    pub fn is_product(&self, dim: Dim, parts: &[Dim]) -> bool {
        match parts {
            [] => dim.is_one(),
            [part] => dim == *part,
            _ => {
                let mut scratch = Dims::default();
                let ids: Vec<Dim> = parts.iter().map(|&part| scratch.intern(self.polynomial(part).clone())).collect();
                let product = ids[1..].iter().try_fold(ids[0], |product, &next| scratch.product(product, next));
                product.is_some_and(|product| scratch.polynomial(product) == self.polynomial(dim))
            }
        }
    }

    /// Whether it is a sum of several terms.
    pub fn is_sum(&self, dim: Dim) -> bool {
        self.polynomial(dim).len() > 1
    }

    /// The quotient by a dimension that is one product; `None` when it divides `a` not exactly, or is a sum.
    pub fn quotient(&mut self, a: Dim, b: Dim) -> Option<Dim> {
        if a == b {
            return Some(Dim::ONE);
        }
        let (divisor, n) = match self.polynomial(b) {
            single if single.len() == 1 => single.first_key_value()?,
            _ => return None,
        };
        let mut quotient = Polynomial::new();
        for (names, m) in self.polynomial(a) {
            let mut rest = names.clone();
            for name in divisor {
                rest.remove(rest.iter().position(|known| known == name)?);
            }
            if m % n != 0 {
                return None;
            }
            quotient.insert(rest, m / n);
        }
        Some(self.intern(quotient))
    }

    /// The sum; `None` when a coefficient overflows.
    pub fn sum(&mut self, a: Dim, b: Dim) -> Option<Dim> {
        let mut sum = self.polynomial(a).clone();
        for (names, n) in self.polynomial(b) {
            let entry = sum.entry(names.clone()).or_default();
            *entry = entry.checked_add(*n)?;
        }
        Some(self.intern(sum))
    }

    /// What is left of a sum without some of its terms; `None` when they are not among them, or nothing is left.
    pub fn difference(&mut self, a: Dim, b: Dim) -> Option<Dim> {
        let mut rest = self.polynomial(a).clone();
        for (names, n) in self.polynomial(b) {
            let entry = rest.get_mut(names)?;
            *entry = entry.checked_sub(*n)?;
        }
        rest.retain(|_, coefficient| *coefficient > 0);
        if rest.is_empty() { None } else { Some(self.intern(rest)) }
    }

    /// The value of a literal dimension.
    pub fn value(&self, dim: Dim) -> Option<u64> {
        let polynomial = self.polynomial(dim);
        match polynomial.first_key_value() {
            Some((names, value)) if names.is_empty() && polynomial.len() == 1 => Some(*value),
            _ => None,
        }
    }

    /// The names that occur in a dimension.
    pub fn names(&self, dim: Dim) -> impl Iterator<Item = &str> {
        self.polynomial(dim).keys().flatten().map(String::as_str)
    }

    /// The text form, `2*m*n + k`.
    ///
    /// ```
    /// let mut dims = einstep_expr::Dims::default();
    /// let (m, two) = (dims.name("m"), dims.literal(2));
    /// let double = dims.product(two, m).unwrap();
    /// assert_eq!(dims.text(double), "2*m");
    /// ```
    pub fn text(&self, dim: Dim) -> &str {
        &self.table[dim.0 as usize]
    }
}

/// Longer products first, the constant last: m*n + k + 3.
fn text(polynomial: &Polynomial) -> String {
    let term = |(names, coefficient): (&Vec<String>, &u64)| match (names.is_empty(), coefficient) {
        (true, _) => coefficient.to_string(),
        (false, 1) => names.join("*"),
        (false, _) => format!("{coefficient}*{}", names.join("*")),
    };
    let mut terms: Vec<_> = polynomial.iter().collect();
    terms.sort_by_key(|(names, _)| std::cmp::Reverse(names.len()));
    terms.into_iter().map(term).collect::<Vec<_>>().join(" + ")
}
