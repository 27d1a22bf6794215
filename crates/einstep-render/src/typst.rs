//! A derivation as a document for Typst.
//!
//! In: a derivation and a level of detail. Out: source that compiles with nothing but Typst; it breaks lines itself.
//! Left to others: running Typst.

use crate::Detail;
use crate::layout::{Array, Boxed, Cell, Condition, Document, Drawing, Line, Section, document};
use crate::mathtypst::{code, matrix, quoted};
use crate::notation::Notation;
use crate::plain;
use crate::sentence::Inline;
use crate::words::with_names;
use einstep_trace::{Derivation, Table};
use std::fmt::Write as _;

/// The widest left side that stands before an equality sign, in columns.
const MAX_LEFT: usize = 24;

/// How a derivation is set for Typst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TypstOptions {
    /// How much is shown.
    pub detail: Detail,
    /// Whether the settings of page and text are left out, for inclusion in a document that has its own.
    pub fragment: bool,
}

const SETTINGS: &str = r#"#set page(paper: "a4", margin: (x: 2cm, y: 2.2cm), numbering: "1")
#set text(size: 10.5pt, lang: "en")
"#;

/// What the lines below use. Inside a mark, `line` says whether it is underlined as well as coloured.
const FUNCTIONS: &str = r##"#let coloured(colour, line, body) = text(fill: rgb(colour), if line { math.underline(body) } else { body })
#let changed(line: true, body) = coloured("#a23b00", line, body)
#let deltamark(line: true, body) = coloured("#7a2190", line, body)
#let attach(body) = $body$
#let rule(name) = text(size: 0.8em, fill: rgb("#175e8c"), raw(name))
#let chain(..cells) = {
  set par(leading: 0.9em, hanging-indent: 1.3em)
  grid(columns: (auto, 1fr, 5.2cm), column-gutter: 0.7em, row-gutter: 1.3em, align: (right, left, left), ..cells)
}
#let why(body) = {
  set par(leading: 0.5em, hanging-indent: 0em)
  text(size: 0.86em, fill: luma(35%), body)
}
#show heading: set block(above: 1.6em, below: 1em)
#show math.equation.where(block: false): math.display
"##;

/// A derivation as a document for Typst.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// let source = einstep_render::typst(&derivation, &table, &Default::default());
/// assert!(source.contains("= $"));
/// ```
pub fn typst(derivation: &Derivation, table: &Table, options: &TypstOptions) -> String {
    let mut out = if options.fragment { String::new() } else { String::from(SETTINGS) };
    out.push_str(FUNCTIONS);
    let mut writer = Writer { out };
    writer.body(&document(derivation, table, options.detail));
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn body(&mut self, document: &Document) {
        let _ = writeln!(self.out, "\n= ${}$\n", code(&document.title));
        if !document.layout.is_empty() {
            let _ = writeln!(self.out, "#why[#{}]\n", quoted(&document.layout));
        }
        if let Some((letter, expression)) = &document.abbreviation {
            self.equation(letter, expression);
        }
        if !document.facts.is_empty() {
            self.out.push_str("== Shapes\n");
            for fact in &document.facts {
                let words = words(&fact.sentence, &document.letters);
                let _ = writeln!(self.out, "- {words}{}", rule(&fact.rule));
            }
        }
        for section in &document.sections {
            self.section(section);
        }
        self.answer(&document.answer, &document.letters);
        if let Some(check) = &document.check {
            let _ = writeln!(self.out, "\n#why[#{}]", quoted(check));
        }
    }

    fn equation(&mut self, left: &Notation, right: &Notation) {
        let _ = writeln!(self.out, "${} = {}$\n", code(left), code(right));
    }

    fn section(&mut self, section: &Section) {
        let _ = writeln!(self.out, "\n== {}", words(&section.heading, &[]));
        self.out.push_str("#chain(\n");
        let mut left = section.left.as_ref();
        for line in &section.lines {
            if let Some(drawing) = &line.drawing {
                if let Some(left) = left.take() {
                    self.across(&code(left));
                }
                self.drawing(drawing);
            }
            left = line.left.as_ref().or(left);
            if left.is_some_and(|left| plain::columns(&plain::line(left)) > MAX_LEFT)
                && let Some(left) = left.take()
            {
                self.across(&code(left));
            }
            self.line(left.take(), line);
        }
        if let Some(left) = left {
            self.across(&code(left));
        }
        self.out.push_str(")\n");
    }

    /// A row of its own.
    fn across(&mut self, code: &str) {
        let _ = writeln!(self.out, "  grid.cell(colspan: 3, align: left)[${code}$],");
    }

    fn line(&mut self, left: Option<&Notation>, line: &Line) {
        let left = left.map_or(String::new(), |left| format!("${}$", code(left)));
        let _ = write!(self.out, "  [{left}], [$= {}$", code(&line.math));
        for (when, after) in &line.cases {
            let when: Vec<String> = when.iter().map(|when| format!("${}$", code(when))).collect();
            let _ = write!(self.out, " \\ for {}: ${}$", when.join(", "), code(after));
        }
        let _ = writeln!(self.out, "], [{}],", reason(line));
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let arrays: Vec<String> = drawing.arrays.iter().map(array).collect();
        let Some((first, factors)) = arrays.split_first() else { return };
        let equals = if factors.is_empty() { String::new() } else { format!(" = {}", factors.join(" ")) };
        self.across(&format!("{first}{equals}"));
    }

    fn answer(&mut self, answer: &Boxed, letters: &[(String, Notation)]) {
        let _ = writeln!(
            self.out,
            "\n== Answer\n#block(stroke: 1pt, inset: 0.8em, radius: 3pt)[${} = {}$]\n#why[{}]\n",
            code(&answer.left),
            code(&answer.right),
            words(&[Inline::Words(answer.shape_text())], letters)
        );
        for (name, meaning) in &answer.definitions {
            self.equation(name, meaning);
        }
        if let Some(remark) = &answer.remark {
            let _ = writeln!(self.out, "#{}\n", quoted(remark));
        }
        for Condition { before, notation, behind } in &answer.conditions {
            let _ = writeln!(self.out, "#{}${}$#{}\n", quoted(before), code(notation), quoted(behind));
        }
    }
}

fn rule(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" #rule({})", quoted(name)) }
}

fn reason(line: &Line) -> String {
    if line.rule.is_empty() && line.sentence.is_empty() {
        return String::new();
    }
    let end = if line.rule.is_empty() || line.sentence.is_empty() { "" } else { " \\ " };
    format!("#why[{}{end}{}]", rule(&line.rule).trim_start(), words(&line.sentence, &[]))
}

/// Words and notation in turn; names among the words are set as such.
fn words(parts: &[Inline], letters: &[(String, Notation)]) -> String {
    let all = parts.iter().flat_map(|part| match part {
        Inline::Words(text) => with_names(text, letters),
        math => vec![math.clone()],
    });
    let (mut source, mut text) = (String::new(), String::new());
    for part in all.map(Some).chain([None]) {
        match part {
            Some(Inline::Words(words)) => text.push_str(&words),
            other => {
                if !text.is_empty() {
                    source.push_str(&format!("#{}", quoted(&std::mem::take(&mut text))));
                }
                if let Some(Inline::Math(notation)) = other {
                    source.push_str(&format!("$inline({})$", code(&notation)));
                }
            }
        }
    }
    source
}

fn array(array: &Array) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Entry(entry) => code(entry),
        Cell::Across => "dots.h.c".into(),
        Cell::Down => "dots.v".into(),
        Cell::Diagonal => "dots.down".into(),
    };
    matrix(&array.rows.iter().map(|row| row.iter().map(cell).collect()).collect::<Vec<_>>())
}
