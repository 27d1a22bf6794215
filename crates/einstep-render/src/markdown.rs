//! A derivation as Markdown with notation between dollar signs, as GitHub and Jupyter draw it.
//!
//! In: a derivation and a level of detail. Out: Markdown. Both read Markdown before mathematics, or may: so a formula has no backslash
//! before a sign, and no underscore that could begin emphasis. Left to others: drawing.

use crate::Detail;
use crate::layout::{Array, Boxed, Cell, Condition, Document, Drawing, Section, document};
use crate::mathtex::{self, formula};
use crate::notation::Notation;
use crate::sentence::Inline;
use crate::words::with_names;
use einstep_trace::{Derivation, Table};
use std::fmt::Write as _;

/// The width of a line of a chain, in columns.
const WIDTH: usize = 72;

/// How a derivation is set in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarkdownOptions {
    /// How much is shown.
    pub detail: Detail,
}

/// A derivation as Markdown.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// let markdown = einstep_render::markdown(&derivation, &table, &Default::default());
/// assert!(markdown.starts_with("# $"));
/// ```
pub fn markdown(derivation: &Derivation, table: &Table, options: &MarkdownOptions) -> String {
    let mut writer = Writer { out: String::new() };
    writer.body(&document(derivation, table, options.detail));
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn body(&mut self, document: &Document) {
        let _ = writeln!(self.out, "# {}\n", math(&document.title));
        if !document.layout.is_empty() {
            let _ = writeln!(self.out, "{}\n", escape(&document.layout));
        }
        if let Some((letter, expression)) = &document.abbreviation {
            self.display(&equation(letter, expression));
        }
        if !document.facts.is_empty() {
            self.out.push_str("## Shapes\n\n");
            for fact in &document.facts {
                let _ = writeln!(self.out, "- {}{}", words(&fact.sentence, &document.letters), rule(&fact.rule, " "));
            }
            self.out.push('\n');
        }
        for section in &document.sections {
            self.section(section);
        }
        self.answer(&document.answer, &document.letters);
        if let Some(check) = &document.check {
            let _ = writeln!(self.out, "{}", escape(check));
        }
    }

    /// A formula of its own.
    fn display(&mut self, code: &str) {
        self.out.push_str("$$\n");
        for line in code.lines() {
            // A sign at the beginning of a line would begin a list or a heading.
            let guard = if line.starts_with(|c: char| c.is_ascii_punctuation() && c != '\\') { "{}" } else { "" };
            let _ = writeln!(self.out, "{guard}{line}");
        }
        self.out.push_str("$$\n\n");
    }

    fn section(&mut self, section: &Section) {
        let _ = writeln!(self.out, "## {}\n", words(&section.heading, &[]));
        let mut left = section.left.as_ref().map(|left| rows(left).join(" "));
        let (mut lines, mut reasons) = (Vec::new(), Vec::new());
        for line in &section.lines {
            if let Some(drawing) = &line.drawing {
                lines.extend(left.take());
                self.aligned(&mut lines);
                self.display(&drawn(drawing));
            }
            left = line.left.as_ref().map(|left| rows(left).join(" ")).or(left);
            let (rule, sentence) = (rule(&line.rule, ""), words(&line.sentence, &[]));
            let space = if rule.is_empty() || sentence.is_empty() { "" } else { " " };
            let reason = format!("{rule}{space}{sentence}");
            let number = match reason.is_empty() {
                true => String::new(),
                false => {
                    reasons.push(reason);
                    format!(" && ({})", reasons.len())
                }
            };
            for (position, row) in rows(&line.math).into_iter().enumerate() {
                lines.push(match position {
                    0 => format!("{} &= {row}{number}", left.take().unwrap_or_default()),
                    _ => format!("&\\quad {row}"),
                });
            }
            for (when, after) in &line.cases {
                let when: Vec<String> = when.iter().map(|when| safe(&formula(when))).collect();
                lines.push(format!("&\\quad {} : \\quad {}", when.join(", "), rows(after).join(" ")));
            }
        }
        lines.extend(left);
        self.aligned(&mut lines);
        for (position, reason) in reasons.iter().enumerate() {
            let _ = writeln!(self.out, "{}. {reason}", position + 1);
        }
        if !reasons.is_empty() {
            self.out.push('\n');
        }
    }

    /// Lines with their equality signs below one another.
    fn aligned(&mut self, lines: &mut Vec<String>) {
        if !lines.is_empty() {
            let code = std::mem::take(lines).join(" \\cr\n");
            self.display(&format!("\\begin{{aligned}}\n{code}\n\\end{{aligned}}"));
        }
    }

    fn answer(&mut self, answer: &Boxed, letters: &[(String, Notation)]) {
        self.out.push_str("## Answer\n\n");
        let right = rows(&answer.right);
        let left = safe(&formula(&answer.left));
        let boxed = match right.as_slice() {
            [row] => format!("{left} = {row}"),
            rows => format!("\\begin{{aligned}}\n{left} &= {}\n\\end{{aligned}}", rows.join(" \\cr\n&\\quad ")),
        };
        self.display(&format!("\\boxed{{{boxed}}}"));
        let _ = writeln!(self.out, "{}\n", words(&[Inline::Words(answer.shape_text())], letters));
        for (name, meaning) in &answer.definitions {
            self.display(&equation(name, meaning));
        }
        if let Some(remark) = &answer.remark {
            let _ = writeln!(self.out, "{}\n", escape(remark));
        }
        for Condition { before, notation, behind } in &answer.conditions {
            let _ = writeln!(self.out, "{}{}{}\n", escape(before), math(notation), escape(behind));
        }
    }
}

/// Notation within text.
fn math(notation: &Notation) -> String {
    format!("${}$", safe(&formula(notation)))
}

/// The rows of notation, with what changes underlined.
fn rows(notation: &Notation) -> Vec<String> {
    mathtex::rows(notation, WIDTH, mathtex::underlined).iter().map(|(row, _)| safe(row)).collect()
}

fn equation(left: &Notation, right: &Notation) -> String {
    let rows = rows(right).join(" \\cr\n&\\quad ");
    format!("\\begin{{aligned}}\n{} &= {rows}\n\\end{{aligned}}", safe(&formula(left)))
}

/// A formula that is the same after Markdown has been read.
fn safe(code: &str) -> String {
    let mut safe = String::with_capacity(code.len() + 16);
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.as_str().chars().next() {
                Some(',') => safe.push_str("\\thinspace "),
                Some(';') => safe.push_str("\\enspace "),
                Some('\\') => safe.push_str("\\cr "),
                Some('_') => safe.push_str("\\text{-}"),
                _ => {
                    safe.push(c);
                    continue;
                }
            },
            // Between blanks an underscore is no emphasis.
            '_' => {
                safe.push_str(" _ ");
                continue;
            }
            '<' => {
                safe.push_str("\\lt ");
                continue;
            }
            '>' => {
                safe.push_str("\\gt ");
                continue;
            }
            c => {
                safe.push(c);
                continue;
            }
        }
        chars.next();
        if safe.ends_with(' ') && chars.as_str().starts_with(' ') {
            chars.next();
        }
    }
    safe
}

/// Text that Markdown reads as it stands.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '$' | '#' | '|' | '~') {
            safe.push('\\');
        }
        safe.push(if c.is_control() { ' ' } else { c });
    }
    safe
}

fn rule(name: &str, before: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{before}`{}`", name.replace('`', "")) }
}

/// Words and notation in turn; names among the words are set as such, and what stands directly at them is notation too, since a
/// dollar sign is one only beside a blank or a stop.
fn words(parts: &[Inline], letters: &[(String, Notation)]) -> String {
    let (mut text, mut open) = (String::new(), String::new());
    let all = parts.iter().flat_map(|part| match part {
        Inline::Words(words) => with_names(words, letters),
        math => vec![math.clone()],
    });
    for part in all {
        match part {
            Inline::Words(words) if words.is_empty() => {}
            Inline::Words(words) if !open.is_empty() && words.chars().all(|c| c == '×' || c.is_ascii_digit()) => {
                open.push_str(&words.replace('×', " \\times "));
            }
            Inline::Words(words) => {
                close(&mut text, &mut open);
                text.push_str(&escape(&words));
            }
            Inline::Math(notation) => open.push_str(&safe(&formula(&notation))),
        }
    }
    close(&mut text, &mut open);
    text
}

/// Puts a formula, if there is one, behind the text.
fn close(text: &mut String, formula: &mut String) {
    if !formula.is_empty() {
        text.push_str(&format!("${formula}$"));
        formula.clear();
    }
}

fn drawn(drawing: &Drawing) -> String {
    let arrays: Vec<String> = drawing.arrays.iter().map(array).collect();
    match arrays.split_first() {
        Some((first, factors)) if !factors.is_empty() => format!("{first} = {}", factors.join(" ")),
        _ => arrays.concat(),
    }
}

fn array(array: &Array) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Entry(entry) => safe(&formula(entry)),
        Cell::Across => "\\cdots".into(),
        Cell::Down => "\\vdots".into(),
        Cell::Diagonal => "\\ddots".into(),
    };
    let rows = array.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" & "));
    format!("\\begin{{bmatrix}}\n{}\n\\end{{bmatrix}}", rows.collect::<Vec<_>>().join(" \\cr\n"))
}
