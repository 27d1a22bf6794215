//! Dimensions in text form.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
