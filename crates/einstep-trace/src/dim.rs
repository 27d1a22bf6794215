//! Dimensions in text form.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A dimension: a sum of products of names and positive integers, `"n"`, `"3"`, `"2*m*n + k"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Dim(pub String);

impl Dim {
    /// The dimension 1, which has no index.
    pub fn one() -> Dim {
        Dim("1".into())
    }

    /// Whether it is the literal 1.
    pub fn is_one(&self) -> bool {
        self.0 == "1"
    }

    /// Whether it is made of others: a sum or a product.
    pub fn is_composed(&self) -> bool {
        self.0.contains(['*', '+'])
    }

    /// The product in the order in which the engine writes it; `None` when a factor is no dimension or a number overflows.
    ///
    /// ```
    /// use einstep_trace::Dim;
    /// let [m, n] = ["m", "n"].map(|name| Dim(name.into()));
    /// assert_eq!(n.times(&m), Some(Dim("m*n".into())));
    /// ```
    pub fn times(&self, other: &Dim) -> Option<Dim> {
        let mut product: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for (a, left) in self.terms()? {
            for (b, right) in other.terms()? {
                let mut names = [left.as_slice(), &right].concat();
                names.sort_unstable();
                let entry = product.entry(names).or_default();
                *entry = entry.checked_add(a.checked_mul(b)?)?;
            }
        }
        Some(written(product))
    }

    /// The sum in the order in which the engine writes it; `None` when a summand is no dimension or a number overflows.
    ///
    /// ```
    /// use einstep_trace::Dim;
    /// let [m, n] = ["m", "n"].map(|name| Dim(name.into()));
    /// assert_eq!(n.plus(&m), Some(Dim("m + n".into())));
    /// ```
    pub fn plus(&self, other: &Dim) -> Option<Dim> {
        let mut sum: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for (coefficient, mut names) in self.terms()?.into_iter().chain(other.terms()?) {
            names.sort_unstable();
            let entry = sum.entry(names).or_default();
            *entry = entry.checked_add(coefficient)?;
        }
        Some(written(sum))
    }

    /// The terms as coefficient and names; `None` when the text is not a dimension.
    ///
    /// ```
    /// use einstep_trace::Dim;
    /// assert_eq!(Dim("2*m*n + 3".into()).terms(), Some(vec![(2, vec!["m".into(), "n".into()]), (3, vec![])]));
    /// assert_eq!(Dim("0".into()).terms(), None);
    /// ```
    pub fn terms(&self) -> Option<Vec<(u64, Vec<String>)>> {
        self.0.split(" + ").map(term).collect()
    }
}

/// The text of a sum of products with their coefficients: longer products first.
fn written(sum: BTreeMap<Vec<String>, u64>) -> Dim {
    let mut terms: Vec<(Vec<String>, u64)> = sum.into_iter().collect();
    terms.sort_by_key(|(names, _)| std::cmp::Reverse(names.len()));
    let term = |(names, coefficient): (Vec<String>, u64)| match (names.is_empty(), coefficient) {
        (true, _) => coefficient.to_string(),
        (false, 1) => names.join("*"),
        (false, _) => format!("{coefficient}*{}", names.join("*")),
    };
    Dim(terms.into_iter().map(term).collect::<Vec<_>>().join(" + "))
}

fn term(text: &str) -> Option<(u64, Vec<String>)> {
    let mut coefficient = 1u64;
    let mut names = Vec::new();
    for factor in text.split('*') {
        if factor.starts_with(|c: char| c.is_ascii_digit()) {
            coefficient = coefficient.checked_mul(factor.parse().ok()?)?;
        } else if factor.starts_with(char::is_alphabetic) && factor.chars().all(|c| c.is_alphanumeric() || c == '_') {
            names.push(factor.to_string());
        } else {
            return None;
        }
    }
    (coefficient > 0).then_some((coefficient, names))
}
