//! Subscripts and superscripts in Unicode.
//!
//! In: labels, exponents. Out: raised and lowered letters where Unicode has them. Left to others: what they stand at.

use crate::notation::Notation;
use crate::plain::line;

/// A group of subscripts: raised if Unicode has every letter, else in ASCII; a group is never mixed.
pub(crate) fn subscript(labels: &[Notation]) -> String {
    if labels.iter().all(is_short) {
        let group: String = labels.iter().map(close).collect();
        let raised: Option<String> = group.chars().map(subscript_letter).collect();
        return raised.unwrap_or_else(|| format!("_{group}"));
    }
    let labels: Vec<String> = labels.iter().map(line).collect();
    let raised: Option<String> = labels.concat().chars().map(subscript_letter).collect();
    match raised {
        Some(raised) if labels.len() == 1 => raised,
        _ => format!("_{{{}}}", labels.join(",")),
    }
}

/// Whether a label is one sign, or a group of such: then no commas are needed.
pub(crate) fn is_short(label: &Notation) -> bool {
    match label {
        Notation::Group(labels) => labels.iter().all(is_short),
        label => line(label).chars().count() == 1,
    }
}

/// A label without commas.
fn close(label: &Notation) -> String {
    match label {
        Notation::Group(labels) => format!("({})", labels.iter().map(line).collect::<String>()),
        label => line(label),
    }
}

/// The subscript of one letter.
pub(crate) fn subscript_letter(c: char) -> Option<char> {
    SUBSCRIPTS.iter().find(|(plain, _)| *plain == c).map(|(_, raised)| *raised)
}

/// A text as a superscript, if Unicode has all of it.
pub(crate) fn superscript(text: &str) -> Option<String> {
    text.chars().map(|c| SUPERSCRIPTS.iter().find(|(plain, _)| *plain == c).map(|(_, raised)| *raised)).collect()
}

/// The subscripts that Unicode has. Those for Greek letters are missing from most fonts.
pub(crate) const SUBSCRIPTS: &[(char, char)] = &[
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
    ('a', 'ₐ'),
    ('e', 'ₑ'),
    ('h', 'ₕ'),
    ('i', 'ᵢ'),
    ('j', 'ⱼ'),
    ('k', 'ₖ'),
    ('l', 'ₗ'),
    ('m', 'ₘ'),
    ('n', 'ₙ'),
    ('o', 'ₒ'),
    ('p', 'ₚ'),
    ('r', 'ᵣ'),
    ('s', 'ₛ'),
    ('t', 'ₜ'),
    ('u', 'ᵤ'),
    ('v', 'ᵥ'),
    ('x', 'ₓ'),
    ('(', '₍'),
    (')', '₎'),
];

/// Superscripts for exponents.
const SUPERSCRIPTS: &[(char, char)] = &[
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('n', 'ⁿ'),
    ('−', '⁻'),
];
