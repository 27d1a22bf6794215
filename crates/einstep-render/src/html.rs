//! A derivation as a page: one file of HTML that needs no other.
//!
//! In: a derivation, its record as JSON, the level that is shown first. Out: a well-formed page with every level of detail, notation
//! in MathML with the font it is set in, the record for download. Left to others: what a browser does with it; the page works
//! without its script, which only adds what follows a pointer or the focus.

mod font;

use crate::Detail;
use crate::layout::{Array, Boxed, Cell, Condition, Document, Drawing, Fact, Line, Section, document_with_made};
use crate::mathml::{broken, display, element, escape, math, table};
use crate::notation::Notation;
use crate::plain;
use crate::sentence::Inline;
use crate::words::with_names;
use einstep_trace::{Derivation, Table};
use std::fmt::Write as _;

/// How a derivation is set as a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HtmlOptions {
    /// How much is shown at first; a reader can choose another level.
    pub detail: Detail,
}

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
/// Nothing is fetched, whatever stands in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:";

const LEVELS: [(Detail, &str, &str); 3] =
    [(Detail::Outline, "outline", "Outline"), (Detail::Notes, "notes", "Notes"), (Detail::Full, "full", "Every rule")];

/// A derivation as a page; `record` is its trace as JSON, which the page offers for download.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// let page = einstep_render::html(&derivation, &table, &derivation.to_json(), &Default::default());
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// ```
pub fn html(derivation: &Derivation, table: &Table, record: &str, options: &HtmlOptions) -> String {
    let mut writer = Writer { out: String::new() };
    let shown =
        LEVELS.map(|(detail, name, label)| (document_with_made(derivation, table, detail), detail, name, label));
    let Some((first, ..)) = shown.iter().find(|(_, detail, ..)| *detail == options.detail) else {
        return String::new();
    };
    writer.head(&plain::line(&first.title));
    writer.title(first);
    writer.tools(options.detail);
    writer.put("<main>\n");
    writer.facts(&first.facts, &first.letters);
    for (document, _, name, _) in &shown {
        let _ = writeln!(writer.out, "<div class=\"level\" id=\"{name}\">");
        for section in &document.sections {
            writer.section(section);
        }
        writer.put("</div>\n");
    }
    writer.answer(&first.answer, &first.letters);
    writer.put("</main>\n");
    if let Some(check) = &first.check {
        let _ = writeln!(writer.out, "<footer><p>{}</p></footer>", escape(check));
    }
    let record = record.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let _ = writeln!(writer.out, "<script type=\"application/json\" id=\"trace\">{record}</script>");
    let _ = writeln!(writer.out, "<script>\n{SCRIPT}</script>\n</body>\n</html>");
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn put(&mut self, code: &str) {
        self.out.push_str(code);
    }

    fn head(&mut self, title: &str) {
        let _ = write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"light dark\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n<title>{}</title>\n\
             <style>\n@font-face {{ font-family: \"Einstep Math\"; src: url(data:font/woff2;base64,{}) format(\"woff2\"); }}\n\
             {STYLE}</style>\n</head>\n<body>\n",
            escape(title),
            font::base64(font::MATH),
        );
    }

    fn title(&mut self, document: &Document) {
        // Some readers of screens take a heading without words for empty.
        let (said, title) = (escape(&plain::line(&document.title)), display(&document.title));
        let _ = writeln!(
            self.out,
            "<header>\n<h1><span class=\"said\">{said}</span><span aria-hidden=\"true\">{title}</span></h1>"
        );
        if !document.layout.is_empty() {
            let _ = writeln!(self.out, "<p>{}</p>", escape(&document.layout));
        }
        if let Some((letter, expression)) = &document.abbreviation {
            let _ = writeln!(self.out, "<div class=\"where\" tabindex=\"0\">{}</div>", equation(letter, expression));
        }
        self.put("</header>\n");
    }

    fn tools(&mut self, detail: Detail) {
        self.put("<section class=\"tools\" aria-label=\"Options\">\n<fieldset>\n<legend>Detail</legend>\n");
        for (level, name, label) in LEVELS {
            let checked = if level == detail { " checked=\"checked\"" } else { "" };
            let _ = writeln!(
                self.out,
                "<label><input type=\"radio\" name=\"level\" value=\"{name}\"{checked}/><span>{label}</span></label>"
            );
        }
        self.put(
            "</fieldset>\n<p class=\"key\"><span class=\"mark\">underlined</span>: what the next step changes</p>\n\
             <a id=\"download\" href=\"#trace\" download=\"trace.json\">Download the trace (JSON)</a>\n</section>\n",
        );
    }

    fn facts(&mut self, facts: &[Fact], letters: &[(String, Notation)]) {
        if facts.is_empty() {
            return;
        }
        self.put("<section class=\"shapes\">\n<h2>Shapes</h2>\n<ul>\n");
        for Fact { sentence, rule } in facts {
            let mut words = Vec::new();
            for part in sentence {
                match part {
                    Inline::Words(text) => words.extend(with_names(text, letters)),
                    math => words.push(math.clone()),
                }
            }
            let _ = writeln!(self.out, "<li><span>{}</span> {}</li>", inline(&words), rule_name(rule));
        }
        self.put("</ul>\n</section>\n");
    }

    fn section(&mut self, section: &Section) {
        let _ = writeln!(self.out, "<section>\n<h2>{}</h2>\n<ol class=\"chain\">", inline(&section.heading));
        let mut left = section.left.as_ref();
        for line in &section.lines {
            if let Some(drawing) = &line.drawing {
                if let Some(left) = left.take() {
                    self.alone(left);
                }
                self.drawing(drawing);
            }
            left = line.left.as_ref().or(left);
            // A left side of several parts stands above its line.
            if left.is_some_and(|left| broken(left).concat().len() > 1)
                && let Some(left) = left.take()
            {
                self.alone(left);
            }
            self.line(left.take(), line);
        }
        if let Some(left) = left {
            self.alone(left);
        }
        self.put("</ol>\n</section>\n");
    }

    /// A left side on a line of its own.
    fn alone(&mut self, left: &Notation) {
        let _ = writeln!(self.out, "<li class=\"step alone\"><div class=\"side\">{}</div></li>", formula(left));
    }

    fn line(&mut self, left: Option<&Notation>, line: &Line) {
        self.put("<li class=\"step\" tabindex=\"0\">");
        if let Some(left) = left {
            let _ = write!(self.out, "<div class=\"left\">{}</div>", display(left));
        }
        let _ = write!(
            self.out,
            "<div class=\"right\"><div class=\"side\"><math><mo>=</mo></math>{}</div>",
            formula(&line.math)
        );
        for (when, after) in &line.cases {
            let when: Vec<String> = when.iter().map(math).collect();
            let _ = write!(self.out, "<p class=\"case\">for {}: {}</p>", when.join(", "), formula(after));
        }
        self.put("</div>");
        if !line.rule.is_empty() || !line.sentence.is_empty() {
            let _ = write!(self.out, "<div class=\"why\">{} {}</div>", rule_name(&line.rule), inline(&line.sentence));
        }
        self.put("</li>\n");
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let arrays: Vec<String> = drawing.arrays.iter().map(array).collect();
        let Some((first, factors)) = arrays.split_first() else { return };
        let mut code = first.clone();
        if !factors.is_empty() {
            let _ = write!(code, "<mo form=\"infix\">=</mo>{}", factors.join("<mspace width=\"0.17em\"/>"));
        }
        let _ =
            writeln!(self.out, "<li class=\"drawing\" tabindex=\"0\"><math displaystyle=\"true\">{code}</math></li>");
    }

    fn answer(&mut self, answer: &Boxed, letters: &[(String, Notation)]) {
        let shape = inline(&with_names(&answer.shape_text(), letters));
        let _ = writeln!(
            self.out,
            "<section class=\"answer\">\n<h2>Answer</h2>\n<div class=\"boxed\" tabindex=\"0\">{}</div>\n<p class=\"shape\">{shape}</p>",
            equation(&answer.left, &answer.right),
        );
        for (name, meaning) in &answer.definitions {
            let _ = writeln!(self.out, "<div class=\"where\" tabindex=\"0\">{}</div>", equation(name, meaning));
        }
        if let Some(remark) = &answer.remark {
            let _ = writeln!(self.out, "<p>{}</p>", escape(remark));
        }
        for Condition { before, notation, behind } in &answer.conditions {
            let _ = writeln!(self.out, "<p>{}{}{}</p>", escape(before), formula(notation), escape(behind));
        }
        self.put("</section>\n");
    }
}

/// An equation whose right side may be broken.
fn equation(left: &Notation, right: &Notation) -> String {
    format!("<div class=\"side\">{}<math><mo form=\"infix\">=</mo></math>{}</div>", display(left), formula(right))
}

/// Notation that a browser may break; a reader of screens gets it whole.
fn formula(notation: &Notation) -> String {
    let terms = broken(notation);
    if let [term] = terms.as_slice()
        && let [whole] = term.as_slice()
    {
        return format!("<span class=\"formula\">{whole}</span>");
    }
    let terms: String = terms.iter().map(|parts| format!("<span class=\"term\">{}</span>", parts.concat())).collect();
    let text = escape(&plain::line(notation));
    format!("<span class=\"formula\" role=\"math\" aria-label=\"{text}\">{terms}</span>")
}

fn rule_name(rule: &str) -> String {
    if rule.is_empty() { String::new() } else { format!("<code>{}</code>", escape(rule)) }
}

fn inline(parts: &[Inline]) -> String {
    let part = |inline: &Inline| match inline {
        Inline::Words(words) => escape(words),
        Inline::Math(notation) => math(notation),
    };
    parts.iter().map(part).collect()
}

fn array(array: &Array) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Entry(entry) => element(entry),
        Cell::Across => "<mo>⋯</mo>".into(),
        Cell::Down => "<mo>⋮</mo>".into(),
        Cell::Diagonal => "<mo>⋱</mo>".into(),
    };
    table(&array.rows.iter().map(|row| row.iter().map(cell).collect()).collect::<Vec<_>>())
}
