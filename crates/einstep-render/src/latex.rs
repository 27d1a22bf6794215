//! A derivation as LaTeX.
//!
//! In: a derivation and a level of detail. Out: a document that compiles with pdflatex or lualatex, amsmath, amssymb, graphicx and xcolor, or
//! its body alone. Left to others: running LaTeX.

use crate::layout::{Array, Boxed, Cell, Condition, Document, Drawing, Line, Section, document};
use crate::mathtex::{self, coloured, formula, join, pieces};
use crate::notation::Notation;
use crate::pieces::width;
use crate::sentence::Inline;
use crate::words::{escape, names_in_math};
use crate::{Detail, plain};
use einstep_trace::{Derivation, Table};
use std::fmt::Write as _;

/// The width of a page in columns of text, roughly.
const PAGE: usize = 74;
/// The width of a note beside a line, in columns.
const NOTE: usize = 31;
/// The widest left side that stands before an equality sign.
const MAX_LEFT: usize = 11;

/// How a derivation is set in LaTeX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LatexOptions {
    /// How much is shown.
    pub detail: Detail,
    /// Whether the preamble is left out. A document that includes a fragment loads amsmath, amssymb, graphicx and xcolor.
    pub fragment: bool,
}

/// A derivation as LaTeX.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// let latex = einstep_render::latex(&derivation, &table, &einstep_render::LatexOptions::default());
/// assert!(latex.starts_with("\\documentclass"));
/// let options = einstep_render::LatexOptions { fragment: true, ..Default::default() };
/// let fragment = einstep_render::latex(&derivation, &table, &options);
/// assert!(latex.contains(&fragment));
/// ```
pub fn latex(derivation: &Derivation, table: &Table, options: &LatexOptions) -> String {
    let mut writer = Writer { out: String::new() };
    writer.body(&document(derivation, table, options.detail));
    if options.fragment { writer.out } else { format!("{PREAMBLE}{}{END}", writer.out) }
}

const PREAMBLE: &str = r"\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,graphicx,xcolor}
\setlength{\textwidth}{16.5cm}
\setlength{\oddsidemargin}{-0.3cm}
\setlength{\textheight}{24cm}
\setlength{\topmargin}{-1.5cm}
\setlength{\parindent}{0pt}
\allowdisplaybreaks
\begin{document}
";

const END: &str = "\\end{document}\n";

/// The colours and marks, where the including document has none of these names.
const COLOURS: &str = r"\providecolor{einstepchanged}{rgb}{0.75,0.25,0.0}
\providecolor{einstepdelta}{rgb}{0.45,0.1,0.55}
\providecolor{einstepnote}{gray}{0.35}
\providecommand{\einstepchanged}[1]{{\color{einstepchanged}\underline{#1}}}
\providecommand{\einstepdelta}[1]{{\color{einstepdelta}\underline{#1}}}
\providecommand{\einstepfit}[2]{{\setbox0=\hbox{$\displaystyle #2$}%
\ifdim\wd0>#1\linewidth\resizebox{#1\linewidth}{!}{\box0}\else\box0\fi}}
\setlength{\jot}{6pt}
\setlength{\emergencystretch}{3em}
";

struct Writer {
    out: String,
}

impl Writer {
    fn body(&mut self, document: &Document) {
        self.out.push_str("\\begingroup\n");
        self.out.push_str(COLOURS);
        let title = formula(&document.title);
        let _ = writeln!(self.out, "\\section*{{$\\displaystyle {title}$}}");
        if !document.layout.is_empty() {
            let _ = writeln!(self.out, "{{\\small\\color{{einstepnote}} {}}}", escape(&document.layout));
        }
        if let Some((letter, expression)) = &document.abbreviation {
            self.display(&[(letter.clone(), expression.clone())]);
        }
        if let (Some(value), false) = (&document.value, document.shapes.is_empty()) {
            let shaped = mathtex::with_shapes(value, &document.shapes);
            let _ = writeln!(self.out, "\\[\n\\einstepfit{{1}}{{{shaped}}}\n\\]");
        }
        if !document.facts.is_empty() {
            self.out.push_str("\n\\subsection*{Shapes}\n\\begin{itemize}\n\\setlength{\\itemsep}{0pt}\n");
            for fact in &document.facts {
                let _ = writeln!(
                    self.out,
                    "\\item {}{}",
                    fact_text(&fact.sentence, &document.letters),
                    rule_mark(&fact.rule)
                );
            }
            self.out.push_str("\\end{itemize}\n");
        }
        for section in &document.sections {
            self.section(section);
        }
        self.answer(&document.answer, &document.letters);
        if let Some(check) = &document.check {
            let _ = writeln!(self.out, "\n{{\\small\\color{{einstepnote}} {}}}", escape(check));
        }
        self.out.push_str("\\endgroup\n");
    }

    /// Equations of their own, broken where they are long.
    fn display(&mut self, equations: &[(Notation, Notation)]) {
        let equations = equations
            .iter()
            .map(|(left, right)| format!("{} &= {}", formula(left), rows(right, PAGE - 20).join(" \\\\\n&\\quad ")));
        let equations: Vec<String> = equations.collect();
        let _ = writeln!(self.out, "\\begin{{align*}}\n{}\n\\end{{align*}}", equations.join(" \\\\\n"));
    }

    fn section(&mut self, section: &Section) {
        let _ = writeln!(self.out, "\n\\subsection*{{{}}}", inline(&section.heading));
        // A drawing interrupts the chain.
        let mut left = section.left.as_ref();
        let mut start = 0;
        for (position, line) in section.lines.iter().enumerate() {
            if line.drawing.is_some() || (line.left.is_some() && position > 0) {
                self.chain(left.take(), &section.lines[start..position]);
                if let Some(drawing) = &line.drawing {
                    self.drawing(drawing);
                }
                left = line.left.as_ref();
                start = position;
            }
        }
        let left = left.or_else(|| section.lines.get(start).and_then(|line| line.left.as_ref()));
        self.chain(left, &section.lines[start..]);
    }

    fn chain(&mut self, left: Option<&Notation>, lines: &[Line]) {
        if lines.is_empty() {
            if let Some(left) = left {
                let _ = writeln!(self.out, "\\[ {} \\]", formula(left));
            }
            return;
        }
        let apart = left.is_some_and(|left| width(&pieces(left, coloured)) > MAX_LEFT);
        let indent = if apart { 4 } else { MAX_LEFT };
        let widest = lines.iter().map(|line| width(&pieces(&line.math, coloured))).max().unwrap_or(0);
        let beside = widest + indent + NOTE <= PAGE;
        let mut rows: Vec<String> = Vec::new();
        let before = if apart { "\\quad" } else { "" };
        for (position, line) in lines.iter().enumerate() {
            let lead = match left {
                Some(left) if position == 0 && apart => {
                    let left = self::rows(left, PAGE - indent).join(" &&\\\\\n&\\quad ");
                    rows.push(format!("&{left} &&"));
                    String::new()
                }
                Some(left) if position == 0 => join(&pieces(left, coloured), coloured),
                _ => String::new(),
            };
            let broken = match beside {
                true => fitted(&line.math, PAGE - indent - NOTE, "0.42"),
                false => self::rows(&line.math, PAGE - indent),
            };
            let note = note(line);
            for (number, row) in broken.iter().enumerate() {
                let mut code =
                    if number == 0 { format!("{lead}&{before}= {row}") } else { format!("&{before}\\quad {row}") };
                if beside && number == 0 && !note.is_empty() {
                    let _ = write!(code, " && \\parbox[t]{{5.4cm}}{{\\raggedright\\footnotesize\\leavevmode {note}}}");
                } else {
                    code.push_str(" &&");
                }
                rows.push(code);
            }
            if !beside && !note.is_empty() {
                rows.push(format!(
                    "&{before}\\qquad \\parbox[t]{{11.5cm}}{{\\raggedright\\footnotesize\\leavevmode {note}}} &&"
                ));
            }
            for (when, after) in &line.cases {
                let when: Vec<String> = when.iter().map(formula).collect();
                let after = self::rows(after, PAGE - indent - 12).join(" &&\\\\\n&\\qquad\\qquad ");
                rows.push(format!("&{before}\\qquad {}\\colon\\quad {after} &&", when.join(",\\ ")));
            }
        }
        let _ = writeln!(self.out, "\\begin{{flalign*}}\n{}\n\\end{{flalign*}}", rows.join(" \\\\\n"));
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let arrays: Vec<String> = drawing.arrays.iter().map(array).collect();
        let width: usize = drawing.arrays.iter().map(array_width).sum();
        let shown = match arrays.split_first() {
            Some((first, factors)) if !factors.is_empty() && width <= PAGE => {
                format!("{first}\n=\n{}", factors.join("\n"))
            }
            Some((first, _)) if drawing.arrays.first().map_or(0, array_width) <= PAGE => first.clone(),
            _ => return,
        };
        let _ = writeln!(self.out, "\\[\n\\einstepfit{{1}}{{\n{shown}\n}}\n\\]");
    }

    fn answer(&mut self, answer: &Boxed, letters: &[(String, Notation)]) {
        let left = formula(&answer.left);
        let rows = mathtex::rows(&answer.right, PAGE - 30, coloured);
        let widest = rows.iter().map(|(_, width)| *width).max().unwrap_or(0) + width(&pieces(&answer.left, coloured));
        let rows: Vec<String> = rows.into_iter().map(|(row, _)| row).collect();
        let mut boxed = match rows.as_slice() {
            [row] => format!("{left} = {row}"),
            rows => format!("{left} = \\begin{{aligned}}[t]&{}\\end{{aligned}}", rows.join(" \\\\\n&\\quad ")),
        };
        if is_tight(widest, PAGE - 30) {
            boxed = format!("\\einstepfit{{0.72}}{{{boxed}}}");
        }
        let _ = writeln!(
            self.out,
            "\n\\[\n\\boxed{{\\;{boxed}\\;}}\\qquad \\text{{{}}}\n\\]",
            names_in_math(&answer.shape_text(), letters)
        );
        if !answer.definitions.is_empty() {
            self.out.push_str("where\n");
            self.display(&answer.definitions);
        }
        if let Some(remark) = &answer.remark {
            let _ = writeln!(self.out, "{}\n", escape(remark));
        }
        for condition in &answer.conditions {
            let Condition { before, notation, behind } = condition;
            let rows = self::rows(notation, PAGE - 12);
            let code = match rows.as_slice() {
                [row] => format!("{before}${row}${behind}"),
                rows => {
                    let rows = rows.join(" \\\\\n&");
                    let (before, behind) = (before.trim_end(), behind.trim_start());
                    format!("{before}\n\\[ \\begin{{aligned}}&{rows} \\end{{aligned}} \\]\n{behind}")
                }
            };
            let _ = writeln!(self.out, "{}\n", code.trim_end());
        }
    }
}

/// The rows of notation, broken to a width; one that can't be broken is made smaller.
fn rows(notation: &Notation, avail: usize) -> Vec<String> {
    fitted(notation, avail, "0.74")
}

/// The same, at most a part of a line wide.
fn fitted(notation: &Notation, avail: usize, part: &str) -> Vec<String> {
    let fitting = |row: String, width: usize| match is_tight(width, avail) {
        true => format!("\\einstepfit{{{part}}}{{{row}}}"),
        false => row,
    };
    mathtex::rows(notation, avail, coloured).into_iter().map(|(row, width)| fitting(row, width)).collect()
}

/// Whether something is so wide that, as widths are estimated, it may not fit.
fn is_tight(width: usize, avail: usize) -> bool {
    width * 4 > avail * 3
}

fn rule_mark(rule: &str) -> String {
    if rule.is_empty() {
        String::new()
    } else {
        format!(" {{\\footnotesize\\ttfamily\\color{{einstepnote}} {}}}", escape(rule))
    }
}

/// The rule and the sentence of a line.
fn note(line: &Line) -> String {
    let sentence = inline(&line.sentence);
    let rule = if line.rule.is_empty() { String::new() } else { format!("\\texttt{{{}}}", escape(&line.rule)) };
    let space = if rule.is_empty() || sentence.is_empty() { "" } else { "\\quad " };
    match (rule.is_empty(), sentence.is_empty()) {
        (true, true) => String::new(),
        _ => format!("\\color{{einstepnote}}{rule}{space}{sentence}"),
    }
}

/// A sentence about shapes: the names of dimensions in its words are set as such.
fn fact_text(parts: &[Inline], letters: &[(String, Notation)]) -> String {
    let part = |inline: &Inline| match inline {
        Inline::Words(words) => names_in_math(words, letters),
        Inline::Math(notation) => format!("${}$", formula(notation)),
    };
    parts.iter().map(part).collect()
}

fn inline(parts: &[Inline]) -> String {
    let part = |inline: &Inline| match inline {
        Inline::Words(words) => escape(words),
        Inline::Math(notation) => format!("${}$", formula(notation)),
    };
    parts.iter().map(part).collect()
}

fn array(array: &Array) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Entry(entry) => formula(entry),
        Cell::Across => "\\cdots".into(),
        Cell::Down => "\\vdots".into(),
        Cell::Diagonal => "\\ddots".into(),
    };
    let rows = array.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" & "));
    format!("\\begin{{bmatrix}}\n{}\n\\end{{bmatrix}}", rows.collect::<Vec<_>>().join(" \\\\\n"))
}

fn array_width(array: &Array) -> usize {
    let wide = |row: &Vec<Cell>| {
        let cell = |cell: &Cell| match cell {
            Cell::Entry(entry) => plain::columns(&plain::tight(entry)) + 2,
            _ => 4,
        };
        row.iter().map(cell).sum::<usize>()
    };
    array.rows.iter().map(wide).max().unwrap_or(0) + 2
}
