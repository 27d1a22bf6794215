//! Notation in MathML Core.
//!
//! In: notation. Out: one `math` element, or several that a browser may break a line between. Marks are classes; a delta tells
//! its indices, so that a page can find the same one in other lines. Left to others: lines, the page.

use crate::names::{Name, Stem};
use crate::notation::{Bars, Between, BigKind, BigSign, Joint, Level, Notation, Relation, Style, Top};
use crate::plain;
use crate::scripts::is_short;
use std::fmt::Write as _;

/// The widest notation that is kept in one element, in columns.
const MAX_WHOLE: usize = 34;

const TIMES: &str = "<mo>\u{2062}</mo>";
/// Notation as one element.
pub(crate) fn math(notation: &Notation) -> String {
    format!("<math>{}</math>", element(notation))
}

/// Notation as one element in the style of a formula of its own.
pub(crate) fn display(notation: &Notation) -> String {
    format!("<math displaystyle=\"true\">{}</math>", element(notation))
}

/// Notation that may be broken: terms, and the parts of each.
pub(crate) fn broken(notation: &Notation) -> Vec<Vec<String>> {
    let mut terms = Vec::new();
    if is_wide(notation) {
        split(notation, &mut terms);
    } else {
        terms.push(vec![element(notation)]);
    }
    let whole = |part: String| format!("<math displaystyle=\"true\">{part}</math>");
    terms.into_iter().map(|term| term.into_iter().map(whole).collect()).collect()
}

fn is_wide(notation: &Notation) -> bool {
    plain::columns(&plain::line(notation)) > MAX_WHOLE
}

/// The terms of something wide, each as parts.
fn split(notation: &Notation, terms: &mut Vec<Vec<String>>) {
    match notation {
        Notation::Terms(list) => {
            for (position, (negative, term)) in list.iter().enumerate() {
                let mut parts = Vec::new();
                split_term(term, &mut parts);
                if let Some(first) = parts.first_mut() {
                    *first = format!("<mrow>{}{first}</mrow>", sign(*negative, position == 0));
                }
                terms.push(parts);
            }
        }
        Notation::Marked(style, inner) => {
            let mut inside = Vec::new();
            split(inner, &mut inside);
            let marked = |part: String| marked(*style, &part);
            terms.extend(inside.into_iter().map(|term| term.into_iter().map(marked).collect::<Vec<_>>()));
        }
        other => {
            let mut parts = Vec::new();
            split_term(other, &mut parts);
            terms.push(parts);
        }
    }
}

/// The parts of a term.
fn split_term(notation: &Notation, parts: &mut Vec<String>) {
    match notation {
        notation if !is_wide(notation) => parts.push(element(notation)),
        Notation::Big(kind, signs, body) => {
            let signs: String = signs.iter().map(|sign| big_sign(*kind, sign)).collect();
            parts.push(format!("<mrow>{signs}</mrow>"));
            split_term(body, parts);
        }
        Notation::Operator(by, body, is_marked) => {
            parts.push(operator(by, *is_marked));
            split_term(body, parts);
        }
        Notation::Product(joint, factors) => {
            for (position, factor) in factors.iter().enumerate() {
                let start = parts.len();
                split_term(factor, parts);
                if position > 0
                    && let Some(first) = parts.get_mut(start)
                {
                    let between = Notation::between(*joint, &factors[position - 1], factor);
                    *first = format!("<mrow>{}{first}</mrow>", joined(between));
                }
            }
        }
        Notation::Paren(inner) | Notation::Bracket(inner) => {
            let [open, close] = if matches!(notation, Notation::Paren(_)) { ["(", ")"] } else { ["[", "]"] };
            let size = ["1em", "2em", "3em"][height(inner)];
            let fence = |sign: &str, form: &str| {
                format!("<mo form=\"{form}\" stretchy=\"true\" minsize=\"{size}\" maxsize=\"{size}\">{sign}</mo>")
            };
            let mut inside = Vec::new();
            split(inner, &mut inside);
            let start = parts.len();
            parts.extend(inside.into_iter().flatten());
            if let Some(first) = parts.get_mut(start) {
                *first = format!("<mrow>{}{first}</mrow>", fence(open, "prefix"));
            }
            if let Some(last) = parts.last_mut() {
                *last = format!("<mrow>{last}{}</mrow>", fence(close, "postfix"));
            }
        }
        Notation::Marked(style, inner) => {
            let mut inside = Vec::new();
            split_term(inner, &mut inside);
            parts.extend(inside.into_iter().map(|part| marked(*style, &part)));
        }
        Notation::Terms(_) => {
            let mut inside = Vec::new();
            split(notation, &mut inside);
            parts.extend(inside.into_iter().flatten());
        }
        Notation::Script(base, indices) => {
            split_base(base, parts, |last| format!("<msub><mrow>{last}</mrow>{}</msub>", labels(indices)));
        }
        Notation::Raised(base, top) => {
            split_base(base, parts, |last| format!("<msup><mrow>{last}</mrow>{}</msup>", top_sign(*top)));
        }
        Notation::Power(base, exponent) => {
            split_base(base, parts, |last| format!("<msup><mrow>{last}</mrow>{}</msup>", element(exponent)));
        }
        Notation::Apply(function, args) if args.len() == 1 => {
            let start = parts.len();
            split_term(&Notation::Paren(Box::new(args[0].clone())), parts);
            if let Some(first) = parts.get_mut(start) {
                *first = format!("<mrow><mi>{}</mi><mo>\u{2061}</mo>{first}</mrow>", escape(function));
            }
        }
        other => parts.push(element(other)),
    }
}

/// The parts of a term whose end bears something.
fn split_base(base: &Notation, parts: &mut Vec<String>, bear: impl FnOnce(&str) -> String) {
    split_term(base, parts);
    if let Some(last) = parts.last_mut() {
        *last = bear(last);
    }
}

/// How high brackets around something must be: 0 as a letter, 1 as a fraction, 2 as a sum.
fn height(notation: &Notation) -> usize {
    let own = match notation {
        Notation::Big(..) | Notation::Grid(_) => 2,
        Notation::Fraction(..) | Notation::Derivative(..) | Notation::Operator(..) => 1,
        _ => 0,
    };
    notation.parts().into_iter().map(height).max().unwrap_or(0).max(own)
}

/// Any text in a page: what HTML would read as its own is escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() && c != '\n' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn marked(style: Style, inner: &str) -> String {
    let class = match style {
        Style::Plain => return inner.to_string(),
        Style::Changed => "changed",
        Style::Delta => "deltas",
        Style::Made => "made",
    };
    format!("<mrow class=\"{class}\">{inner}</mrow>")
}

fn sign(negative: bool, first: bool) -> &'static str {
    match (negative, first) {
        (true, true) => "<mo form=\"prefix\">−</mo>",
        (false, true) => "",
        (true, false) => "<mo form=\"infix\">−</mo>",
        (false, false) => "<mo form=\"infix\">+</mo>",
    }
}

fn big_sign(kind: BigKind, sign: &BigSign) -> String {
    let operator = match kind {
        BigKind::Sum => "∑",
        BigKind::Product => "∏",
    };
    let (index, to) = (element(&sign.index), element(&sign.to));
    let code = format!(
        "<munderover><mo form=\"prefix\">{operator}</mo>\
         <mrow>{index}<mo lspace=\"0\" rspace=\"0\">=</mo><mn>1</mn></mrow>{to}</munderover>"
    );
    marked(if sign.marked { Style::Changed } else { Style::Plain }, &code)
}

fn operator(by: &Notation, is_marked: bool) -> String {
    let code = format!("<mfrac><mi>∂</mi><mrow><mi>∂</mi>{}</mrow></mfrac>", element(by));
    marked(if is_marked { Style::Changed } else { Style::Plain }, &code)
}

fn joined(between: Between) -> String {
    let sign = match between {
        Between::Nothing => return TIMES.into(),
        Between::Blank => return format!("{TIMES}<mspace width=\"0.17em\"/>"),
        Between::Dot => "·",
        Between::Sign(joint) => match joint {
            Joint::Plain => return TIMES.into(),
            Joint::Hadamard => "⊙",
            Joint::Divide => "⊘",
            Joint::Kronecker => "⊗",
            Joint::Cross => "×",
            Joint::Dimensions => return format!("{TIMES}<mspace width=\"0.17em\"/>"),
        },
    };
    format!("<mo form=\"infix\">{sign}</mo>")
}

fn row(parts: &[Notation], between: &str) -> String {
    parts.iter().map(element).collect::<Vec<_>>().join(between)
}

/// Something between brackets; a browser leaves room at those that could stretch, so low ones don't.
fn fenced(open: &str, (inner, is_high): (&str, bool), close: &str) -> String {
    let fence = |sign: &str, form: &str| {
        format!("<mo form=\"{form}\" stretchy=\"{is_high}\" lspace=\"0\" rspace=\"0\">{sign}</mo>")
    };
    format!("<mrow>{}{inner}{}</mrow>", fence(open, "prefix"), fence(close, "postfix"))
}

fn enclosed(open: &str, inner: &Notation, close: &str) -> String {
    fenced(open, (&element(inner), height(inner) > 0), close)
}

/// Arguments in brackets.
fn arguments(open: &str, args: &[Notation], close: &str) -> String {
    let inner = row(args, "<mo separator=\"true\">,</mo>");
    fenced(open, (&inner, args.iter().any(|arg| height(arg) > 0)), close)
}

fn labels(labels: &[Notation]) -> String {
    let short = labels.iter().all(is_short);
    let comma = if short { "" } else { "<mo separator=\"true\" lspace=\"0\" rspace=\"0.1em\">,</mo>" };
    format!("<mrow>{}</mrow>", row(labels, comma))
}

fn grid(rows: &[Vec<Notation>]) -> String {
    let cells = rows.iter().map(|row| row.iter().map(element).collect::<Vec<_>>());
    table(&cells.collect::<Vec<_>>())
}

/// A matrix of elements.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut code = String::from("<mtable>");
    for row in rows {
        code.push_str("<mtr>");
        for cell in row {
            let _ = write!(code, "<mtd>{cell}</mtd>");
        }
        code.push_str("</mtr>");
    }
    code.push_str("</mtable>");
    fenced("[", (&code, true), "]")
}

fn name(name: &Name) -> String {
    let identifier = |text: &str| {
        let safe = escape(text);
        format!("<mi>{safe}</mi>")
    };
    let stem = match &name.stem {
        Stem::Letter(letter) | Stem::Greek(letter, _) => identifier(&letter.to_string()),
        Stem::Word(word) if word.chars().count() == 1 => format!("<mi mathvariant=\"normal\">{}</mi>", escape(word)),
        Stem::Word(word) => identifier(word),
    };
    match &name.sub {
        None => stem,
        Some(sub) if sub.chars().all(|c| c.is_ascii_digit()) => format!("<msub>{stem}<mn>{sub}</mn></msub>"),
        Some(sub) => format!("<msub>{stem}{}</msub>", identifier(sub)),
    }
}

fn in_brackets(notation: &Notation, wanted: Level) -> String {
    if notation.level() < wanted { enclosed("(", notation, ")") } else { element(notation) }
}

fn derivative(over: &Notation, by: &[Notation]) -> String {
    let over = in_brackets(over, Level::Atom);
    let under = by.iter().map(|by| format!("<mi>∂</mi>{}", element(by))).collect::<Vec<_>>();
    let order = match by.len() {
        1 => "<mi>∂</mi>".to_string(),
        order => format!("<msup><mi>∂</mi><mn>{order}</mn></msup>"),
    };
    let under = under.join("<mspace width=\"0.17em\"/>");
    format!("<mfrac><mrow>{order}{over}</mrow><mrow>{under}</mrow></mfrac>")
}

fn script(base: &Notation, indices: &[Notation]) -> String {
    let code = format!("{}{}", element(base), labels(indices));
    match base.bare() {
        Notation::Delta => {
            let indices: Vec<String> = indices.iter().map(plain::line).collect();
            format!("<msub class=\"delta\" data-delta=\"{}\">{code}</msub>", escape(&indices.join(" ")))
        }
        _ => format!("<msub>{code}</msub>"),
    }
}

fn norm(inner: &Notation, bars: Bars) -> String {
    let bar = if bars == Bars::Absolute { "|" } else { "‖" };
    let code = enclosed(bar, inner, bar);
    match bars {
        Bars::Norm | Bars::Absolute => code,
        Bars::Frobenius => format!("<msub>{code}<mi>F</mi></msub>"),
        Bars::One => format!("<msub>{code}<mn>1</mn></msub>"),
    }
}

fn top_sign(top: Top) -> &'static str {
    match top {
        Top::Transpose => "<mi>⊤</mi>",
        Top::Inverse => "<mrow><mo form=\"prefix\">−</mo><mn>1</mn></mrow>",
        Top::InverseTranspose => "<mrow><mo form=\"prefix\">−</mo><mi>⊤</mi></mrow>",
        Top::Pseudoinverse => "<mo form=\"prefix\">+</mo>",
    }
}

fn bar(inner: &Notation) -> String {
    let over = |code: &str| format!("<mover accent=\"true\"><mrow>{code}</mrow><mo stretchy=\"true\">‾</mo></mover>");
    match inner {
        Notation::Script(base, indices) if matches!(**base, Notation::Name(_)) => {
            format!("<msub>{}{}</msub>", over(&element(base)), labels(indices))
        }
        other => over(&element(other)),
    }
}

fn constant(digit: char, shape: &[Notation]) -> String {
    let bold = match digit {
        '0' => '𝟎',
        '1' => '𝟏',
        other => other,
    };
    let shape = row(shape, "<mo lspace=\"0\" rspace=\"0\">×</mo>");
    format!("<msub><mn>{bold}</mn><mrow>{shape}</mrow></msub>")
}

/// Notation as one element or as several in a row of their own.
pub(crate) fn element(notation: &Notation) -> String {
    match notation {
        Notation::Number(digits) => format!("<mn>{}</mn>", escape(digits)),
        Notation::Name(own) => name(own),
        Notation::Identity(None) => "<mi>I</mi>".into(),
        Notation::Identity(Some(size)) => format!("<msub><mi>I</mi>{}</msub>", element(size)),
        Notation::Constant(digit, shape) => constant(*digit, shape),
        Notation::Delta => "<mi>δ</mi>".into(),
        Notation::Levi => "<mi>ε</mi>".into(),
        Notation::Script(base, labels) => script(base, labels),
        Notation::Power(base, exponent) => format!("<msup>{}{}</msup>", element(base), element(exponent)),
        Notation::EntryPower(base, exponent) => {
            format!("<msup>{}<mrow><mo form=\"prefix\">⊙</mo>{}</mrow></msup>", element(base), element(exponent))
        }
        Notation::Raised(base, top) => format!("<msup>{}{}</msup>", element(base), top_sign(*top)),
        Notation::Fraction(over, under) => {
            // The bar holds the numerator together.
            let over = if let Notation::Paren(inner) = &**over { inner } else { over };
            format!("<mfrac>{}{}</mfrac>", element(over), element(under))
        }
        Notation::Root(inner) => format!("<msqrt>{}</msqrt>", element(inner)),
        Notation::Norm(inner, bars) => norm(inner, *bars),
        Notation::Inner(args) => arguments("⟨", args, "⟩"),
        Notation::Apply(function, args) => {
            let args = arguments("(", args, ")");
            format!("<mrow><mi>{}</mi><mo>\u{2061}</mo>{args}</mrow>", escape(function))
        }
        Notation::Group(indices) => {
            let indices = labels(indices);
            format!("<mrow><mo stretchy=\"false\">(</mo>{indices}<mo stretchy=\"false\">)</mo></mrow>")
        }
        Notation::Bar(inner) => bar(inner),
        Notation::Big(kind, signs, body) => {
            let signs: String = signs.iter().map(|sign| big_sign(*kind, sign)).collect();
            format!("<mrow>{signs}{}</mrow>", element(body))
        }
        Notation::Product(joint, factors) => {
            let mut code = String::from("<mrow>");
            for (position, factor) in factors.iter().enumerate() {
                if position > 0 {
                    code.push_str(&joined(Notation::between(*joint, &factors[position - 1], factor)));
                }
                code.push_str(&element(factor));
            }
            code + "</mrow>"
        }
        Notation::Terms(terms) => {
            let mut code = String::from("<mrow>");
            for (position, (negative, term)) in terms.iter().enumerate() {
                code.push_str(sign(*negative, position == 0));
                code.push_str(&element(term));
            }
            code + "</mrow>"
        }
        Notation::Operator(by, body, is_marked) => {
            format!("<mrow>{}{}</mrow>", operator(by, *is_marked), element(body))
        }
        Notation::Derivative(over, by) => derivative(over, by),
        Notation::Paren(inner) => enclosed("(", inner, ")"),
        Notation::Bracket(inner) => enclosed("[", inner, "]"),
        Notation::Grid(rows) => grid(rows),
        Notation::Marked(style, inner) => marked(*style, &element(inner)),
        Notation::Relation(left, relation, right) => {
            let sign = match relation {
                Relation::Equal => "=",
                Relation::Different => "≠",
                Relation::Greater => "&gt;",
            };
            format!("<mrow>{}<mo form=\"infix\">{sign}</mo>{}</mrow>", element(left), element(right))
        }
        Notation::Cut => "<mi>…</mi>".into(),
    }
}
