//! Arrays drawn with brackets over several rows.
//!
//! In: a drawing and a width. Out: its rows, with the arrays that fit. Left to others: which arrays.

use crate::layout::{Array, Cell, Drawing};
use crate::plain;

/// The rows of a drawing: all arrays, or the first alone where all are too wide; `None` where that is too wide too.
pub(super) fn rows(drawing: &Drawing, width: usize) -> Option<Vec<String>> {
    let arrays: Vec<Vec<String>> = drawing.arrays.iter().map(block).collect();
    let (first, factors) = arrays.split_first()?;
    let mut whole = first.clone();
    if !factors.is_empty() {
        let height = arrays.iter().map(Vec::len).max().unwrap_or(0);
        whole = centred(first, height);
        let middle = height.saturating_sub(1) / 2;
        for (position, row) in whole.iter_mut().enumerate() {
            row.push_str(if position == middle { " = " } else { "   " });
        }
        for (position, factor) in factors.iter().enumerate() {
            for (row, part) in whole.iter_mut().zip(centred(factor, height)) {
                if position > 0 {
                    row.push(' ');
                }
                row.push_str(&part);
            }
        }
    }
    let fits = |rows: &[String]| rows.iter().all(|row| plain::columns(row) <= width);
    [whole, first.clone()].into_iter().find(|rows| fits(rows))
}

/// A block with blank rows above and below.
fn centred(block: &[String], height: usize) -> Vec<String> {
    let wide = block.iter().map(|row| plain::columns(row)).max().unwrap_or(0);
    let above = height.saturating_sub(block.len()) / 2;
    let blank = || " ".repeat(wide);
    let mut rows: Vec<String> = std::iter::repeat_with(blank).take(above).collect();
    rows.extend(block.iter().cloned());
    rows.resize_with(height.max(block.len()), blank);
    rows
}

/// One array.
fn block(array: &Array) -> Vec<String> {
    let cells: Vec<Vec<String>> = array.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let columns = cells.first().map_or(0, Vec::len);
    let wide = |column: usize| cells.iter().map(|row| plain::columns(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let last = cells.len().saturating_sub(1);
    cells
        .iter()
        .enumerate()
        .map(|(position, row)| {
            let (open, close) = match (position, last) {
                (_, 0) => ("[", "]"),
                (0, _) => ("⎡", "⎤"),
                (position, last) if position == last => ("⎣", "⎦"),
                _ => ("⎢", "⎥"),
            };
            let row: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| middle(cell, *width)).collect();
            format!("{open} {} {close}", row.join("  "))
        })
        .collect()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Entry(entry) => plain::tight(entry),
        Cell::Across => "…".into(),
        Cell::Down => "⋮".into(),
        Cell::Diagonal => "⋱".into(),
    }
}

fn middle(text: &str, width: usize) -> String {
    let blank = width.saturating_sub(plain::columns(text));
    format!("{}{text}{}", " ".repeat(blank / 2), " ".repeat(blank - blank / 2))
}
