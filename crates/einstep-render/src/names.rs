//! The names of symbols, elements, indices and dimensions as a reader writes them.
//!
//! In: the names of a derivation (`x_1`, `Lambda`, `loss`). Out: a stem with a subscript, and for each symbol the letter
//! of its elements: `V` has elements `v`, unless another symbol is called `v`. Left to others: fonts and escapes.

use einstep_trace::{Derivation, Origin, SymbolId};
use std::collections::HashSet;

/// A name: a letter or a word, perhaps with a subscript of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    pub(crate) stem: Stem,
    pub(crate) sub: Option<String>,
}

/// What a name consists of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Stem {
    /// One Latin letter.
    Letter(char),
    /// A Greek letter, with its command in LaTeX.
    Greek(char, &'static str),
    /// Anything longer, printed upright.
    Word(String),
}

impl Name {
    /// Reads a name: `x_1`, `x1` and `x₁` are x with the subscript 1, `lambda` is λ.
    pub(crate) fn read(name: &str) -> Name {
        let plain: String = name.chars().map(digit).collect();
        let (front, back) = plain.split_once('_').unwrap_or((&plain, ""));
        let stem = front.trim_end_matches(|c: char| c.is_ascii_digit());
        if stem.is_empty() || (plain.contains('_') && back.is_empty()) {
            return Name { stem: Stem::Word(name.to_string()), sub: None };
        }
        let parts: Vec<&str> = [&front[stem.len()..], back].into_iter().filter(|part| !part.is_empty()).collect();
        let sub = (!parts.is_empty()).then(|| parts.join(",").replace('_', ","));
        Name { stem: read_stem(stem), sub }
    }

    /// The name as it is spelled, without reading anything into it.
    fn raw(name: &str) -> Name {
        Name { stem: Stem::Word(name.to_string()), sub: None }
    }

    /// The same letter in lower case; `None` for a word and for a letter that has none.
    fn lowered(&self) -> Option<Name> {
        let stem = match &self.stem {
            Stem::Letter(letter) => Stem::Letter(lower(*letter)?),
            Stem::Greek(letter, _) => greek(lower(*letter)?)?,
            Stem::Word(_) => return None,
        };
        Some(Name { stem, sub: self.sub.clone() })
    }
}

fn digit(c: char) -> char {
    match c {
        '₀'..='₉' => char::from_digit(c as u32 - '₀' as u32, 10).unwrap_or(c),
        _ => c,
    }
}

fn lower(letter: char) -> Option<char> {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => Some(lower),
        _ => None,
    }
}

fn read_stem(stem: &str) -> Stem {
    let mut chars = stem.chars();
    if let (Some(letter), None) = (chars.next(), chars.next()) {
        return greek(letter).unwrap_or(Stem::Letter(letter));
    }
    match GREEK.iter().find(|(name, ..)| *name == stem) {
        Some(&(_, letter, command)) => Stem::Greek(letter, command),
        None => Stem::Word(stem.to_string()),
    }
}

fn greek(letter: char) -> Option<Stem> {
    GREEK.iter().find(|(_, other, _)| *other == letter).map(|&(_, letter, command)| Stem::Greek(letter, command))
}

/// The names of a derivation, and the letters of the elements of its symbols.
#[derive(Debug)]
pub(crate) struct Names {
    symbols: Vec<Name>,
    elements: Vec<Name>,
    /// Whether a symbol is called `I`, so that the identity needs its size.
    pub(crate) identity_is_taken: bool,
    /// Whether a symbol is called σ, so that the logistic function needs another name.
    pub(crate) sigma_is_taken: bool,
}

impl Names {
    /// Reads the symbols of a derivation.
    pub(crate) fn of(derivation: &Derivation) -> Names {
        let mut seen = HashSet::new();
        let symbols: Vec<Name> = derivation
            .symbols
            .iter()
            .map(|symbol| {
                let name = Name::read(&symbol.name);
                if seen.insert(name.clone()) { name } else { Name::raw(&symbol.name) }
            })
            .collect();
        // A lemma mentions no symbols but its own, so these take no letter from those of the problem.
        let of_lemmas = |position: usize| derivation.symbols[position].origin == Origin::Lemma;
        let mut elements = symbols.clone();
        let mut taken: HashSet<Name> = HashSet::new();
        for lemmas in [false, true] {
            let here = || (0..symbols.len()).filter(|&position| of_lemmas(position) == lemmas);
            taken.extend(here().map(|position| symbols[position].clone()));
            for position in here() {
                // A name in lower case is its own element letter.
                if let Some(lowered) = symbols[position].lowered()
                    && lowered != symbols[position]
                    && taken.insert(lowered.clone())
                {
                    elements[position] = lowered;
                }
            }
        }
        let identity_is_taken = derivation.symbols.iter().any(|symbol| symbol.name == "I");
        let sigma = Stem::Greek('σ', "\\sigma");
        let sigma_is_taken = symbols.iter().chain(&elements).any(|name| name.stem == sigma);
        Names { symbols, elements, identity_is_taken, sigma_is_taken }
    }

    /// The name of a symbol.
    pub(crate) fn symbol(&self, id: SymbolId) -> Name {
        self.symbols.get(id.at()).cloned().unwrap_or_else(|| Name::raw("?"))
    }

    /// The letter of the elements of a symbol.
    pub(crate) fn element(&self, id: SymbolId) -> Name {
        self.elements.get(id.at()).cloned().unwrap_or_else(|| Name::raw("?"))
    }

    /// A letter that no symbol uses, for the expression as a whole.
    pub(crate) fn unused(&self) -> Name {
        let free = |name: &Name| !self.symbols.contains(name) && !self.elements.contains(name);
        "fgyzshuF".chars().map(|c| Name::read(&c.to_string())).find(free).unwrap_or_else(|| Name::raw("value"))
    }
}

/// Greek letters: spelled name, letter, command in LaTeX (capitals that look Latin have none and stand upright).
const GREEK: &[(&str, char, &str)] = &[
    ("alpha", 'α', "\\alpha"),
    ("beta", 'β', "\\beta"),
    ("gamma", 'γ', "\\gamma"),
    ("delta", 'δ', "\\delta"),
    ("epsilon", 'ε', "\\varepsilon"),
    ("zeta", 'ζ', "\\zeta"),
    ("eta", 'η', "\\eta"),
    ("theta", 'θ', "\\theta"),
    ("iota", 'ι', "\\iota"),
    ("kappa", 'κ', "\\kappa"),
    ("lambda", 'λ', "\\lambda"),
    ("mu", 'μ', "\\mu"),
    ("nu", 'ν', "\\nu"),
    ("xi", 'ξ', "\\xi"),
    ("omicron", 'ο', "o"),
    ("pi", 'π', "\\pi"),
    ("rho", 'ρ', "\\rho"),
    ("sigma", 'σ', "\\sigma"),
    ("tau", 'τ', "\\tau"),
    ("upsilon", 'υ', "\\upsilon"),
    ("phi", 'φ', "\\varphi"),
    ("chi", 'χ', "\\chi"),
    ("psi", 'ψ', "\\psi"),
    ("omega", 'ω', "\\omega"),
    ("Alpha", 'Α', "\\mathrm{A}"),
    ("Beta", 'Β', "\\mathrm{B}"),
    ("Gamma", 'Γ', "\\Gamma"),
    ("Delta", 'Δ', "\\Delta"),
    ("Epsilon", 'Ε', "\\mathrm{E}"),
    ("Zeta", 'Ζ', "\\mathrm{Z}"),
    ("Eta", 'Η', "\\mathrm{H}"),
    ("Theta", 'Θ', "\\Theta"),
    ("Iota", 'Ι', "\\mathrm{I}"),
    ("Kappa", 'Κ', "\\mathrm{K}"),
    ("Lambda", 'Λ', "\\Lambda"),
    ("Mu", 'Μ', "\\mathrm{M}"),
    ("Nu", 'Ν', "\\mathrm{N}"),
    ("Xi", 'Ξ', "\\Xi"),
    ("Omicron", 'Ο', "\\mathrm{O}"),
    ("Pi", 'Π', "\\Pi"),
    ("Rho", 'Ρ', "\\mathrm{P}"),
    ("Sigma", 'Σ', "\\Sigma"),
    ("Tau", 'Τ', "\\mathrm{T}"),
    ("Upsilon", 'Υ', "\\Upsilon"),
    ("Phi", 'Φ', "\\Phi"),
    ("Chi", 'Χ', "\\mathrm{X}"),
    ("Psi", 'Ψ', "\\Psi"),
    ("Omega", 'Ω', "\\Omega"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_stem_and_subscript() {
        let letter = |c, sub: &str| Name { stem: Stem::Letter(c), sub: Some(sub.into()) };
        assert_eq!(Name::read("x_1"), letter('x', "1"));
        assert_eq!(Name::read("x1"), letter('x', "1"));
        assert_eq!(Name::read("x₁"), letter('x', "1"));
        assert_eq!(Name::read("x_max"), letter('x', "max"));
        assert_eq!(Name::read("lambda").stem, Stem::Greek('λ', "\\lambda"));
        assert_eq!(Name::read("loss").stem, Stem::Word("loss".into()));
        assert_eq!(Name::read("Lambda").lowered(), Some(Name::read("lambda")));
    }
}
