//! One link of a chain: the line, its rule and its sentence.
//!
//! In: a line and the columns. Out: the line in as many rows as it needs, with the rule and the sentence beside it where
//! there is room, below it otherwise. Left to others: where the columns are.

use super::columns::{Margin, words};
use super::{Tone, Writer};
use crate::layout::Line;
use crate::pieces::{hang, width, wrap};
use crate::plain;
use crate::sentence::plain_text;

impl Writer {
    /// A link: its line, and its rule and sentence beside it or below.
    pub(super) fn link(&mut self, left: Option<String>, line: &Line) {
        let indent = self.columns.equals + 2;
        let rows = wrap(plain::pieces(&line.math, !self.color), self.width - indent, Some(plain::split));
        let mut lines = Vec::with_capacity(rows.len());
        let mut widths = Vec::with_capacity(rows.len());
        for (position, row) in rows.iter().enumerate() {
            let indent = indent + if position == 0 { 0 } else { hang(row) };
            lines.push(format!("{}{}", " ".repeat(indent), self.colored(row)));
            widths.push(indent + width(row));
        }
        let before = left.unwrap_or_else(|| " ".repeat(self.columns.equals));
        lines[0] = format!("{before}= {}", self.colored(&rows[0]));
        let sentence = plain_text(&line.sentence);
        match self.columns.margin {
            Some(margin) => {
                let fits = widths.iter().all(|width| width + 2 <= margin.rule);
                let mut notes = self.notes(&line.rule, &sentence, margin).into_iter();
                if fits {
                    for (line, width) in lines.iter_mut().zip(&widths) {
                        if let Some(note) = notes.next() {
                            line.push_str(&" ".repeat(margin.rule - width));
                            line.push_str(&note);
                        }
                    }
                }
                for line in lines {
                    self.line(&line);
                }
                for note in notes {
                    self.line(&format!("{}{note}", " ".repeat(margin.rule)));
                }
            }
            None => {
                for line in lines {
                    self.line(&line);
                }
                self.note_below(self.columns.equals + 4, &line.rule, &sentence);
            }
        }
        for (when, after) in &line.cases {
            let when: Vec<String> = when.iter().map(plain::line).collect();
            let lead = format!("{}{}: ", " ".repeat(indent), when.join(", "));
            self.rows(&lead, &" ".repeat(indent + 2), plain::pieces(after, false));
        }
    }

    /// Rule and sentence in two columns, the sentence in as many rows as it needs.
    fn notes(&self, rule: &str, sentence: &str, margin: Margin) -> Vec<String> {
        if rule.is_empty() && sentence.is_empty() {
            return vec![];
        }
        let room = self.width - margin.sentence;
        let mut rule = Some(rule);
        let rows = words(sentence, room);
        let rows = if rows.is_empty() { vec![String::new()] } else { rows };
        rows.into_iter()
            .map(|row| {
                let rule = rule.take().unwrap_or("");
                let blank = if row.is_empty() { 0 } else { margin.sentence - margin.rule - plain::columns(rule) };
                format!("{}{}{}", self.toned(Tone::Rule, rule), " ".repeat(blank), self.toned(Tone::Remark, &row))
            })
            .collect()
    }

    /// Rule and sentence on lines of their own.
    pub(super) fn note_below(&mut self, indent: usize, rule: &str, sentence: &str) {
        let text = match (rule.is_empty(), sentence.is_empty()) {
            (true, true) => return,
            (false, true) => rule.to_string(),
            (true, false) => sentence.to_string(),
            (false, false) => format!("{rule} — {sentence}"),
        };
        for (position, row) in words(&text, self.width - indent - 2).into_iter().enumerate() {
            let row = match row.strip_prefix(rule) {
                Some(rest) if position == 0 => self.toned(Tone::Rule, rule) + &self.toned(Tone::Remark, rest),
                _ => self.toned(Tone::Remark, &row),
            };
            let bullet = if position == 0 { "· " } else { "  " };
            self.line(&format!("{}{bullet}{row}", " ".repeat(indent)));
        }
    }
}
