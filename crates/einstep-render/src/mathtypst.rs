//! Notation in Typst's math mode.
//!
//! In: notation. Out: code for between two dollar signs. Signs stand as themselves, and no comma or semicolon stands bare, since
//! those would divide the arguments of a function. Left to others: lines, the document.

use crate::names::{Name, Stem};
use crate::notation::{Bars, Between, BigKind, BigSign, Joint, Level, Notation, Relation, Style, Top};
use crate::plain;
use crate::scripts::is_short;

/// The widest part that is underlined, in columns: what is underlined is not broken.
const MAX_UNDERLINED: usize = 34;

/// Text as a string of Typst.
pub(crate) fn quoted(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 2);
    safe.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            safe.push('\\');
        }
        safe.push(if c.is_control() { ' ' } else { c });
    }
    safe.push('"');
    safe
}

/// A matrix of code.
pub(crate) fn matrix(rows: &[Vec<String>]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| row.join(", ")).collect();
    format!("mat(delim: \"[\", {})", rows.join("; "))
}

fn list(parts: &[Notation], between: &str) -> String {
    parts.iter().map(code).collect::<Vec<_>>().join(between)
}

fn labels(labels: &[Notation]) -> String {
    list(labels, if labels.iter().all(is_short) { " " } else { " comma " })
}

fn marked(style: Style, notation: &Notation, inner: &str) -> String {
    let function = match style {
        Style::Plain | Style::Made => return inner.to_string(),
        Style::Changed => "changed",
        Style::Delta => "deltamark",
    };
    match plain::columns(&plain::line(notation)) <= MAX_UNDERLINED {
        true => format!("{function}({inner})"),
        false => format!("{function}(line: #false, {inner})"),
    }
}

fn is_marked(marked: bool, code: String) -> String {
    if marked { format!("changed({code})") } else { code }
}

fn big_sign(kind: BigKind, sign: &BigSign) -> String {
    let operator = match kind {
        BigKind::Sum => '∑',
        BigKind::Product => '∏',
    };
    is_marked(sign.marked, format!("{operator}_({} = 1)^({})", code(&sign.index), code(&sign.to)))
}

fn joined(between: Between) -> &'static str {
    match between {
        Between::Nothing => " ",
        Between::Blank => " thin ",
        Between::Dot => " dot ",
        Between::Sign(joint) => match joint {
            Joint::Plain => " ",
            Joint::Hadamard => " ⊙ ",
            Joint::Divide => " ⊘ ",
            Joint::Kronecker => " ⊗ ",
            Joint::Cross => " times ",
            Joint::Dimensions => " thin ",
        },
    }
}

fn name(name: &Name) -> String {
    let stem = match &name.stem {
        Stem::Letter(letter) if letter.is_alphanumeric() => letter.to_string(),
        Stem::Letter(letter) => quoted(&letter.to_string()),
        Stem::Greek(letter, _) => letter.to_string(),
        Stem::Word(word) => quoted(word),
    };
    match &name.sub {
        None => stem,
        Some(sub) if sub.chars().count() == 1 || sub.chars().all(|c| c.is_ascii_digit()) => format!("{stem}_{sub}"),
        Some(sub) => format!("{stem}_{}", quoted(sub)),
    }
}

fn derivative(over: &Notation, by: &[Notation]) -> String {
    let over = if over.level() < Level::Atom { format!("({})", code(over)) } else { code(over) };
    let under: Vec<String> = by.iter().map(|by| format!("∂ {}", code(by))).collect();
    let order = if by.len() == 1 { String::new() } else { format!("^{}", by.len()) };
    format!("(∂{order} {over})/({})", under.join(" thin "))
}

fn norm(inner: &Notation, bars: Bars) -> String {
    let inner = code(inner);
    match bars {
        Bars::Norm => format!("norm({inner})"),
        Bars::Absolute => format!("abs({inner})"),
        Bars::Frobenius => format!("norm({inner})_F"),
        Bars::One => format!("norm({inner})_1"),
    }
}

fn bar(inner: &Notation) -> String {
    match inner {
        Notation::Script(base, indices) if matches!(**base, Notation::Name(_)) => {
            format!("overline({})_({})", code(base), labels(indices))
        }
        other => format!("overline({})", code(other)),
    }
}

fn terms(terms: &[(bool, Notation)]) -> String {
    let term = |(position, (negative, term)): (usize, &(bool, Notation))| {
        let sign = match (*negative, position) {
            (true, 0) => "-",
            (true, _) => " - ",
            (false, 0) => "",
            (false, _) => " + ",
        };
        format!("{sign}{}", code(term))
    };
    terms.iter().enumerate().map(term).collect()
}

/// A base that bears something: alone if it is one letter.
fn base(notation: &Notation) -> String {
    let inner = code(notation);
    match notation {
        Notation::Name(_) | Notation::Number(_) | Notation::Delta | Notation::Levi => inner,
        Notation::Marked(..) | Notation::Norm(..) | Notation::Paren(_) | Notation::Bracket(_) => inner,
        Notation::Identity(_) | Notation::Bar(_) => inner,
        _ => format!("attach({inner})"),
    }
}

/// Notation as code.
pub(crate) fn code(notation: &Notation) -> String {
    match notation {
        Notation::Number(digits) => digits.clone(),
        Notation::Name(own) => name(own),
        Notation::Identity(None) => "I".into(),
        Notation::Identity(Some(size)) => format!("I_({})", code(size)),
        Notation::Constant(digit, shape) => format!("bold({digit})_({})", list(shape, " times ")),
        Notation::Delta => "δ".into(),
        Notation::Levi => "ε".into(),
        Notation::Script(inner, indices) => format!("{}_({})", base(inner), labels(indices)),
        Notation::Power(inner, exponent) => format!("{}^({})", base(inner), code(exponent)),
        Notation::EntryPower(inner, exponent) => format!("{}^(⊙ {})", base(inner), code(exponent)),
        Notation::Raised(inner, top) => {
            let top = match top {
                Top::Transpose => "⊤",
                Top::Inverse => "(-1)",
                Top::InverseTranspose => "(-⊤)",
                Top::Pseudoinverse => "(+)",
            };
            format!("{}^{top}", base(inner))
        }
        Notation::Fraction(over, under) => {
            // The bar holds the numerator together.
            let over = if let Notation::Paren(inner) = &**over { inner } else { over };
            format!("({})/({})", code(over), code(under))
        }
        Notation::Root(inner) => format!("sqrt({})", code(inner)),
        Notation::Norm(inner, bars) => norm(inner, *bars),
        Notation::Inner(args) => format!("⟨ {} ⟩", list(args, " comma ")),
        Notation::Apply(function, args) => {
            let function = if function == "σ" { function.clone() } else { format!("op({})", quoted(function)) };
            format!("{function} ({})", list(args, " comma "))
        }
        Notation::Group(indices) => format!("({})", labels(indices)),
        Notation::Bar(inner) => bar(inner),
        Notation::Big(kind, signs, body) => {
            let signs: Vec<String> = signs.iter().map(|sign| big_sign(*kind, sign)).collect();
            format!("{} {}", signs.join(" "), code(body))
        }
        Notation::Product(joint, factors) => {
            let mut product = String::new();
            for (position, factor) in factors.iter().enumerate() {
                if position > 0 {
                    product.push_str(joined(Notation::between(*joint, &factors[position - 1], factor)));
                }
                product.push_str(&code(factor));
            }
            product
        }
        Notation::Terms(list) => terms(list),
        Notation::Operator(by, body, marked) => {
            format!("{} {}", is_marked(*marked, format!("∂/(∂ {})", code(by))), code(body))
        }
        Notation::Derivative(over, by) => derivative(over, by),
        Notation::Paren(inner) => format!("({})", code(inner)),
        Notation::Bracket(inner) => format!("[{}]", code(inner)),
        Notation::Grid(rows) => matrix(&rows.iter().map(|row| row.iter().map(code).collect()).collect::<Vec<_>>()),
        Notation::Marked(style, inner) => marked(*style, inner, &code(inner)),
        Notation::Relation(left, relation, right) => {
            let sign = match relation {
                Relation::Equal => "=",
                Relation::Different => "≠",
                Relation::Greater => ">",
            };
            format!("{} {sign} {}", code(left), code(right))
        }
        Notation::Cut => "dots.h".into(),
    }
}
