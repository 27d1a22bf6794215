//! A derivation as text for a terminal.
//!
//! In: a derivation, a level of detail, a width. Out: lines of that width at most, with aligned equality signs and the
//! rules in the margin where there is room. Left to others: whether the terminal shows colour.

mod boxed;
mod columns;
mod drawn;
mod link;

use crate::layout::{Document, Section, document};
use crate::notation::{Level, Notation, Style};
use crate::pieces::{Piece, hang, wrap};
use crate::sentence::plain_text;
use crate::{Detail, plain};
use columns::{Columns, words};
use einstep_trace::{Derivation, Table};

/// How a derivation is set as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextOptions {
    /// How much is shown.
    pub detail: Detail,
    /// The greatest number of columns; fewer than 40 are taken as 40.
    pub width: usize,
    /// Whether parts that change are coloured, for terminals that know ANSI escapes; otherwise they stand in ‹ ›.
    pub color: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { detail: Detail::Notes, width: 100, color: false }
    }
}

/// A derivation as text.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// let text = einstep_render::text(&derivation, &table, &einstep_render::TextOptions::default());
/// assert!(text.contains("= Σᵢ ‹∂xᵢ/∂xₗ›"));
/// ```
pub fn text(derivation: &Derivation, table: &Table, options: &TextOptions) -> String {
    let document = document(derivation, table, options.detail);
    let width = options.width.max(40);
    let columns = Columns::of(&document, width);
    let mut writer = Writer { width, color: options.color, columns, out: String::new() };
    writer.document(&document);
    writer.out
}

/// The escapes of a kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Heading,
    Rule,
    Remark,
    Changed,
    Delta,
}

struct Writer {
    width: usize,
    color: bool,
    columns: Columns,
    out: String,
}

impl Writer {
    fn document(&mut self, document: &Document) {
        self.title(document);
        if !document.facts.is_empty() {
            self.heading("Shapes");
            for fact in &document.facts {
                self.fact(&plain_text(&fact.sentence), &fact.rule);
            }
        }
        for section in &document.sections {
            self.section(section);
        }
        self.line("");
        self.boxed(&document.answer);
        if let Some(remark) = &document.answer.remark {
            self.remark(remark);
        }
        if let Some(check) = &document.check {
            self.remark(check);
        }
    }

    fn title(&mut self, document: &Document) {
        let title = match &document.title {
            // The title has room around its fraction bar.
            Notation::Derivative(over, by) if by.len() == 1 => {
                let over = over.clone().at_least(Level::Atom);
                format!("∂ {} / ∂{}", plain::line(&over), plain::line(&by[0]))
            }
            title => plain::line(title),
        };
        let room = self.width.saturating_sub(plain::columns(&document.layout) + 2);
        if plain::columns(&title) <= room {
            let blank = self.width.min(self.columns.right) - plain::columns(&document.layout);
            let blank = blank.saturating_sub(plain::columns(&title)).max(2);
            let title = self.toned(Tone::Heading, &title);
            let layout = self.toned(Tone::Remark, &document.layout);
            self.line(&format!("{title}{}{layout}", " ".repeat(blank)));
        } else {
            self.rows("", "  ", plain::pieces(&document.title, false));
            self.line(&document.layout);
        }
        if let Some((letter, expression)) = &document.abbreviation {
            let lead = format!("with {} = ", plain::line(letter));
            self.rows(&lead, &" ".repeat(plain::columns(&lead)), plain::pieces(expression, false));
        }
    }

    fn heading(&mut self, heading: &str) {
        self.line("");
        for row in words(heading, self.width) {
            let row = self.toned(Tone::Heading, &row);
            self.line(&row);
        }
    }

    fn fact(&mut self, text: &str, rule: &str) {
        let margin = self.columns.fact_margin;
        let rule_fits = margin + plain::columns(rule) <= self.width;
        let rows = words(text, if rule_fits { margin - 4 } else { self.width - 2 });
        for (position, row) in rows.iter().enumerate() {
            let last = position + 1 == rows.len();
            let mut line = format!("  {row}");
            if last && !rule.is_empty() && rule_fits {
                let blank = margin - plain::columns(&line);
                line.push_str(&" ".repeat(blank));
                line.push_str(&self.toned(Tone::Rule, rule));
            }
            self.line(&line);
        }
        if !rule_fits {
            self.note_below(4, rule, "");
        }
    }

    fn section(&mut self, section: &Section) {
        self.heading(&plain_text(&section.heading));
        let mut left = section.left.as_ref().and_then(|left| self.left(left));
        for line in &section.lines {
            if let Some(drawing) = &line.drawing {
                if let Some(left) = left.take() {
                    self.line(&left);
                }
                self.drawing(drawing);
            }
            if let Some(new) = &line.left {
                left = self.left(new);
            }
            self.link(left.take(), line);
        }
        if let Some(left) = left {
            self.line(&left);
        }
    }

    /// A left side: what stands before the first equality sign, or nothing when it took lines of its own.
    fn left(&mut self, left: &Notation) -> Option<String> {
        let pieces = plain::pieces(left, !self.color);
        if crate::pieces::width(&pieces) + 3 <= self.columns.equals {
            let width = crate::pieces::width(&pieces);
            let blank = self.columns.equals - 3 - width;
            return Some(format!("  {}{}", self.colored(&pieces), " ".repeat(blank + 1)));
        }
        self.rows("  ", "    ", pieces);
        None
    }

    fn remark(&mut self, text: &str) {
        for row in words(text, self.width) {
            let row = self.toned(Tone::Remark, &row);
            self.line(&row);
        }
    }

    /// Pieces in as many rows as they need.
    fn rows(&mut self, first: &str, then: &str, pieces: Vec<Piece>) {
        let (one, more) = (plain::columns(first), plain::columns(then));
        let fits = one.max(more) + 16 <= self.width;
        let (first, then, indent) = if fits { (first, then, one.max(more)) } else { (first, "  ", 2) };
        let mut before = first.to_string();
        if !fits {
            for row in words(first.trim_start(), self.width - 2) {
                self.line(&format!("  {row}"));
            }
            before = "  ".into();
        }
        for (position, row) in wrap(pieces, self.width - indent, Some(plain::split)).iter().enumerate() {
            let set_in = " ".repeat(if position == 0 { 0 } else { hang(row) });
            self.line(&format!("{before}{set_in}{}", self.colored(row)));
            before = then.to_string();
        }
    }

    /// Adds words to the last line, or below it where it would be too long.
    fn append(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let last = self.out.trim_end_matches('\n').rsplit('\n').next().unwrap_or("");
        if plain::columns(last) + 1 + plain::columns(word) <= self.width {
            self.out.pop();
            self.line(&format!(" {word}"));
        } else {
            self.line(&format!("    {word}"));
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end_matches(' '));
        self.out.push('\n');
    }

    fn colored(&self, pieces: &[Piece]) -> String {
        let mut line = String::new();
        for (position, piece) in pieces.iter().enumerate() {
            if position > 0 {
                line.push_str(&" ".repeat(piece.gap.map_or(0, |gap| gap.blank)));
            }
            match piece.style {
                Style::Plain | Style::Made => line.push_str(&piece.text),
                Style::Changed => line.push_str(&self.toned(Tone::Changed, &piece.text)),
                Style::Delta => line.push_str(&self.toned(Tone::Delta, &piece.text)),
            }
        }
        line
    }

    fn toned(&self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_string();
        }
        let code = match tone {
            Tone::Heading => "1",
            Tone::Rule => "36",
            Tone::Remark => "2",
            Tone::Changed => "33",
            Tone::Delta => "35",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    fn drawing(&mut self, drawing: &crate::layout::Drawing) {
        let indent = self.columns.equals.min(6);
        if let Some(rows) = drawn::rows(drawing, self.width - indent) {
            self.line("");
            for row in rows {
                self.line(&format!("{}{row}", " ".repeat(indent)));
            }
            self.line("");
        }
    }
}
