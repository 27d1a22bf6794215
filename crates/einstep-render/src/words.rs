//! Words in LaTeX.
//!
//! In: plain text, perhaps with mathematical signs. Out: LaTeX in text mode that any pdflatex can set.
//! Left to others: notation.

use crate::mathtex::formula;
use crate::names::{Name, Stem};
use crate::notation::Notation;
use crate::scripts::SUBSCRIPTS;
use crate::sentence::Inline;

/// Plain text as LaTeX in text mode: special characters escaped, mathematical ones in math mode.
pub(crate) fn escape(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for c in text.chars() {
        let math = match c {
            '×' => "\\times",
            '·' => "\\cdot",
            '−' => "-",
            '≠' => "\\neq",
            '‖' => "\\|",
            'ᵀ' => "{}^{\\top}",
            '∂' => "\\partial",
            'Σ' => "\\Sigma",
            '√' => "\\surd",
            '…' => "\\dots",
            '²' => "{}^{2}",
            '³' => "{}^{3}",
            '<' => "<",
            '>' => ">",
            '|' => "|",
            '\\' => "\\backslash",
            '^' => "\\hat{}",
            '~' => "\\sim",
            'δ' => "\\delta",
            _ => "",
        };
        if !math.is_empty() {
            code.push_str(&format!("${math}$"));
        } else if matches!(c, '_' | '%' | '&' | '#' | '$' | '{' | '}') {
            code.push('\\');
            code.push(c);
        } else if c.is_ascii() {
            code.push(c);
        } else {
            let name = Name::read(&c.to_string());
            match name.stem {
                Stem::Greek(_, command) => code.push_str(&format!("${command}$")),
                _ if ('\u{c0}'..='\u{ff}').contains(&c) => code.push(c),
                _ if name_sub(c).is_some() => code.push_str(&format!("$_{{{}}}$", name_sub(c).unwrap_or('?'))),
                _ if c.is_alphanumeric() => code.push_str(&format!("U+{:04X}", c as u32)),
                _ => {}
            }
        }
    }
    code
}

/// The letter of a raised letter.
fn name_sub(c: char) -> Option<char> {
    SUBSCRIPTS.iter().find(|(_, raised)| *raised == c).map(|(plain, _)| *plain)
}

/// Text in which the letters of symbols and dimensions are notation. `a` is left: it is a word too.
pub(crate) fn with_names(text: &str, letters: &[(String, Notation)]) -> Vec<Inline> {
    let mut parts = Vec::new();
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match letters.iter().find(|(name, _)| name == word && word != "a") {
            Some((_, notation)) => parts.push(Inline::Math(notation.clone())),
            None => parts.push(Inline::Words(word.into())),
        }
        let end = after.find(inside).unwrap_or(after.len());
        let (between, after) = after.split_at(end);
        parts.push(Inline::Words(between.into()));
        rest = after;
    }
    parts
}

/// The same in LaTeX.
pub(crate) fn names_in_math(text: &str, letters: &[(String, Notation)]) -> String {
    let part = |inline: &Inline| match inline {
        Inline::Words(words) => escape(words),
        Inline::Math(notation) => format!("${}$", formula(notation)),
    };
    with_names(text, letters).iter().map(part).collect()
}
