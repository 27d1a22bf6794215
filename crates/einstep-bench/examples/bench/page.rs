//! Tables as Markdown, which terminals and the page of performance share.
//!
//! In: figures. Out: text. Left to others: the figures.

use crate::table::{Row, Table};
use std::io::{self, Write};
use std::path::Path;

const BEGIN: &str = "<!-- figures: written by `just bench --write` -->";
const END: &str = "<!-- end of figures -->";

/// Prints the tables, and writes them into the page if they are wanted there.
pub(crate) fn show(table: &Table, write: bool) -> Result<(), String> {
    let text = text(table);
    io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())?;
    if !write {
        return Ok(());
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/performance.md");
    let told = |error: io::Error| format!("{}: {error}", path.display());
    let page = std::fs::read_to_string(&path).map_err(told)?;
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or("docs/performance.md has no place for the figures")?;
    std::fs::write(&path, format!("{before}{BEGIN}\n\n{text}\n{END}{after}")).map_err(told)
}

fn text(table: &Table) -> String {
    let heads = ["workload", "size", "time", "yards", "each", "instructions", "allocations", "reach", ""];
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    let mut text = format!("The yardstick took {}.\n\n", time(table.yard));
    text += &markdown(&heads, &rows);
    if !table.growth.is_empty() {
        let growth = table.growth.iter();
        let rows: Vec<Vec<String>> = growth
            .map(|(series, exponent, size)| {
                vec![series.clone(), exponent.map_or("-".into(), |exponent| format!("{exponent:.2}")), size.to_string()]
            })
            .collect();
        text.push('\n');
        text += &markdown(&["series", "exponent", "up to"], &rows);
    }
    text
}

fn cells(row: &Row) -> Vec<String> {
    let or_blank = |text: Option<String>| text.unwrap_or_default();
    vec![
        row.series.clone(),
        row.size.clone(),
        row.time.map_or_else(|| row.note.clone(), time),
        or_blank(row.yards.map(digits)),
        or_blank(row.each.map(|(each, unit)| format!("{} a {unit}", time(each)))),
        or_blank(row.instructions.map(grouped)),
        or_blank(row.allocations.map(|count| grouped(count as u64))),
        or_blank(row.reach.map(digits)),
        or_blank(row.met.map(|met| if met { "met" } else { "not met" }.to_string())),
    ]
}

/// A table with columns of even width.
fn markdown(heads: &[&str], rows: &[Vec<String>]) -> String {
    let escaped: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect()).collect();
    let width = |column: usize| {
        let cells = escaped.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].chars().count(), 3]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded = cells.zip(&widths).map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", padded.collect::<String>())
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = line(&mut heads.iter().copied());
    text += &line(&mut rule.iter().map(String::as_str));
    for row in &escaped {
        text += &line(&mut row.iter().map(String::as_str));
    }
    text
}

/// A time with three digits.
fn time(seconds: f64) -> String {
    let (number, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    format!("{} {unit}", digits(number))
}

/// A number with three digits.
fn digits(number: f64) -> String {
    match number {
        n if n >= 100.0 => format!("{n:.0}"),
        n if n >= 10.0 => format!("{n:.1}"),
        n if n >= 1.0 => format!("{n:.2}"),
        n if n >= 0.1 => format!("{n:.3}"),
        n => format!("{n:.4}"),
    }
}

/// A count with its digits in threes.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!([time(1.5e-9), time(2.5e-5), time(0.1234), time(12.0)], ["1.50 ns", "25.0 µs", "123 ms", "12.0 s"]);
        assert_eq!([grouped(7), grouped(1234), grouped(1_234_567)], ["7", "1 234", "1 234 567"]);
    }

    #[test]
    fn tables_are_even() {
        let table = markdown(&["a", "b"], &[vec!["long".into(), "|".into()]]);
        assert_eq!(table, "| a    | b   |\n| ---- | --- |\n| long | \\|  |\n");
    }
}
