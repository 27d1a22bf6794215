//! What names are: the kinds of undeclared names, the function that a misspelled one was meant as.
//!
//! In: a name. Out: what it can be. Left to others: declarations, the functions themselves ([`super::functions`]).

use super::functions::functions;
use einstep_expr::Function;

/// The kind of an undeclared name, by its spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Vector,
    Matrix,
}

const GREEK: [&str; 24] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
];

/// The kind of an undeclared name; `None` when it is too long to be one.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let stem = name.split('_').next().unwrap_or(name).trim_end_matches(|c: char| c.is_ascii_digit());
    let mut letters = stem.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_lowercase() => Some(Kind::Vector),
        (Some(letter), None) if letter.is_ascii_uppercase() => Some(Kind::Matrix),
        (Some(letter), None) if is_greek(letter) && letter.is_lowercase() => Some(Kind::Scalar),
        (Some(letter), None) if is_greek(letter) => Some(Kind::Matrix),
        _ if GREEK.contains(&stem) => Some(Kind::Scalar),
        _ if GREEK.contains(&stem.to_lowercase().as_str()) && stem[1..].chars().all(char::is_lowercase) => {
            Some(Kind::Matrix)
        }
        _ => None,
    }
}

fn is_greek(letter: char) -> bool {
    ('\u{370}'..='\u{3ff}').contains(&letter)
}

/// The product that a long undeclared name may have been meant as: `V*X*W` of `VXW`.
pub(super) fn as_product(name: &str) -> Option<String> {
    let letters: Vec<String> = name.chars().map(String::from).collect();
    (letters.len() > 1 && name.chars().all(char::is_alphabetic)).then(|| letters.join("*"))
}

/// What functions are called elsewhere.
const ELSEWHERE: [(&str, &str); 18] = [
    ("trace", "tr"),
    ("frobenius", "normF"),
    ("inverse", "inv"),
    ("determinant", "det"),
    ("slogdet", "logdet"),
    ("ident", "eye"),
    ("identity", "eye"),
    ("pseudoinverse", "pinv"),
    ("adjugate", "adj"),
    ("kronecker", "kron"),
    ("vectorize", "vec"),
    ("average", "mean"),
    ("product", "prod"),
    ("logistic", "sigmoid"),
    ("heaviside", "step"),
    ("sgn", "sign"),
    ("lse", "logsumexp"),
    ("tg", "tan"),
];

/// The known function nearest in spelling, when one is near.
pub(super) fn nearest_function(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if let Some((_, known)) = ELSEWHERE.iter().find(|(word, _)| *word == lower) {
        return Some(known);
    }
    let apart = |known: &str| distance(&lower, &known.to_lowercase());
    let near = functions().map(|(known, ..)| (apart(known), known)).min()?;
    (near.0 <= 2 && near.0 * 2 < name.len().max(near.1.len())).then_some(near.1)
}

/// The least number of letters to insert, remove or exchange to turn one word into the other; letters in the wrong order
/// count once where the rest agrees.
fn distance(a: &str, b: &str) -> usize {
    let mut sorted = [a, b].map(|word| word.chars().take(64).collect::<Vec<char>>());
    sorted.iter_mut().for_each(|letters| letters.sort_unstable());
    if a != b && sorted[0] == sorted[1] {
        return 1;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The constants that have a name, unless it is declared.
pub(super) fn constant(name: &str) -> Option<Function> {
    match name {
        "e" => Some(Function::E),
        "pi" => Some(Function::Pi),
        _ => None,
    }
}
