//! The answer in its box, its shape beside it, its conditions below.
//!
//! In: the answer. Out: rows. Left to others: how it was checked.

use super::columns::words;
use super::{Tone, Writer};
use crate::layout::Boxed;
use crate::pieces::{hang, width, wrap};
use crate::plain;

impl Writer {
    pub(super) fn boxed(&mut self, answer: &Boxed) {
        let left = plain::line(&answer.left);
        let indent = if plain::columns(&left) + 12 <= self.width / 2 { plain::columns(&left) + 3 } else { 4 };
        let inner = self.width - 4;
        let mut rows: Vec<String> = Vec::new();
        let right = wrap(plain::pieces(&answer.right, false), inner - indent, Some(plain::split));
        if indent == 4 && (right.len() > 1 || plain::columns(&left) + 3 + width(&right[0]) > inner) {
            let left = wrap(plain::pieces(&answer.left, false), inner, Some(plain::split));
            rows.extend(left.iter().map(|row| plain::join(row)));
            rows.push(format!("  = {}", plain::join(&right[0])));
        } else {
            rows.push(format!("{left} = {}", plain::join(&right[0])));
        }
        rows.extend(right[1..].iter().map(|row| format!("{}{}", " ".repeat(indent + hang(row)), plain::join(row))));
        for (position, (name, definition)) in answer.definitions.iter().enumerate() {
            let lead = format!("{}{} = ", if position == 0 { "where " } else { "      " }, plain::line(name));
            let indent = " ".repeat(plain::columns(&lead).min(inner / 2));
            let parts = wrap(plain::pieces(definition, false), inner - indent.len(), Some(plain::split));
            rows.extend(parts.iter().enumerate().map(|(k, row)| match k {
                0 => format!("{lead}{}", plain::join(row)),
                _ => format!("{indent}{}{}", " ".repeat(hang(row)), plain::join(row)),
            }));
        }
        let wide = rows.iter().map(|row| plain::columns(row)).max().unwrap_or(0);
        self.line(&format!("┌{}┐", "─".repeat(wide + 2)));
        let shape_text = answer.shape_text();
        let beside = wide + 6 + plain::columns(&shape_text) <= self.width;
        for (position, row) in rows.iter().enumerate() {
            let blank = " ".repeat(wide - plain::columns(row));
            let shape = if beside && position == 0 { format!("  {shape_text}") } else { String::new() };
            let row = self.toned(Tone::Heading, row);
            self.line(&format!("│ {row}{blank} │{shape}"));
        }
        self.line(&format!("└{}┘", "─".repeat(wide + 2)));
        if !beside {
            for row in words(&shape_text, self.width) {
                self.line(&row);
            }
        }
        for condition in &answer.conditions {
            let indent = " ".repeat(4);
            self.rows(&condition.before, &indent, plain::pieces(&condition.notation, false));
            self.append(condition.behind.trim_start());
        }
    }
}
