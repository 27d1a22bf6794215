//! Points at which something was tried, for readers.
//!
//! In: a counterexample, sizes. Out: lines of text. Left to others: what differs there.

use einstep::check::{Counterexample, Entries};
use std::collections::BTreeMap;

/// A point at which two things differ in value, in lines.
pub(crate) fn lines(at: &Counterexample, [left, right]: [&str; 2]) -> Vec<String> {
    let mut lines = Vec::new();
    if !at.sizes.is_empty() {
        lines.push(format!("  with {}", named(&at.sizes)));
    }
    lines.extend(at.entries.iter().map(|symbol| format!("  {} = {}", symbol.name, entries(symbol))));
    let indices: Vec<String> = at.indices.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let place = if indices.is_empty() { String::new() } else { format!("in {}, ", indices.join(", ")) };
    lines.push(if at.has_small_values() {
        format!("  {place}{left} is {}, and {right} {}", at.left, at.right)
    } else {
        format!("  {place}{left} and {right} differ")
    });
    lines
}

/// Sizes as they are declared: `m = 2, n = 3`.
pub(crate) fn named(sizes: &BTreeMap<String, u64>) -> String {
    sizes.iter().map(|(name, size)| format!("{name} = {size}")).collect::<Vec<_>>().join(", ")
}

/// Entries in the input language: `[1, 2; 3, 4]`.
fn entries(symbol: &Entries) -> String {
    let (row, vector) = match symbol.shape[..] {
        [] => return symbol.entries.join(", "),
        [_] => (1, true),
        [.., cols] => (usize::try_from(cols).unwrap_or(1).max(1), false),
    };
    let rows: Vec<String> = symbol.entries.chunks(row).map(|row| row.join(", ")).collect();
    // A column is shown as the transpose of a row.
    if vector { format!("[{}]'", symbol.entries.join(", ")) } else { format!("[{}]", rows.join("; ")) }
}
