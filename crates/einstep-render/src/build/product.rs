//! Products, with what has a negative exponent under a fraction bar.
//!
//! In: numbers, products and powers. Out: fractions, roots, powers, rows of factors, a sign in front.
//! Left to others: everything else.

use super::Builder;
use super::arrays::entry_quotient;
use crate::notation::{Level, Notation};
use crate::view::Place;
use einstep_trace::{Node, NodeId};

/// The factors of a product, sorted by where they go.
#[derive(Default)]
struct Factors {
    negative: bool,
    /// In the order given, with what may not stand over a fraction bar because it reads on to its right.
    all: Vec<Notation>,
    over: Vec<Notation>,
    /// Sums and pending derivatives.
    big: Vec<Notation>,
    under: Vec<Notation>,
    numeric_under: Option<String>,
    /// What a last factor divides by, entry by entry.
    entries_under: Vec<Notation>,
    /// Whether a factor is 0, in an entry of a drawn array.
    vanishes: bool,
}

impl Builder<'_> {
    /// A product, a number, or a power with a negative exponent.
    pub(super) fn quotient(&mut self, place: Place<'_>, open: bool) -> Notation {
        let derivation = self.derivation;
        let Some(node) = place.get(derivation) else {
            return Notation::Cut;
        };
        let mut factors = Factors::default();
        match node {
            Node::Mul { args } => {
                let last = args.len().saturating_sub(1);
                for (position, arg) in args.iter().enumerate() {
                    let here = place.child(position, *arg);
                    let ends = position == last;
                    self.factor(here, ends, open, &mut factors);
                }
            }
            // The caller puts the marks of this place around the whole.
            _ => self.factor(place.without_own_marks(), true, open, &mut factors),
        }
        factors.finish()
    }

    fn factor(&mut self, place: Place<'_>, last: bool, open: bool, factors: &mut Factors) {
        let derivation = self.derivation;
        if let Some(power) = self.reciprocal(place) {
            if self.is_array(place.node) {
                return factors.entries_under.push(power);
            }
            // Letters first, wherever they stand in the node.
            let is_letter = |notation: &Notation| matches!(notation.bare(), Notation::Name(_));
            let letters = factors.under.iter().take_while(|divisor| is_letter(divisor)).count();
            return factors.under.insert(if is_letter(&power) { letters } else { factors.under.len() }, power);
        }
        let Some(node) = place.get(derivation) else {
            return factors.push(Notation::Cut, false);
        };
        match node {
            _ if self.called.contains_key(&place.node) => {
                let name = self.at(place, last && open);
                factors.push(name, false);
            }
            Node::Number { value } => {
                let Some((negative, num, den)) = value.parts() else {
                    return factors.push(Notation::Cut, false);
                };
                factors.negative ^= negative;
                if num != "1" {
                    factors.push(self.dressed(place, Notation::Number(num.to_string())), false);
                }
                if den != "1" {
                    match &mut factors.numeric_under {
                        None => factors.numeric_under = Some(den.to_string()),
                        Some(_) => factors.under.push(Notation::Number(den.to_string())),
                    }
                }
            }
            Node::Add { .. } | Node::Sum { .. } | Node::Partial { .. } => {
                let notation = self.at(place, last && open);
                factors.push(notation, true);
            }
            Node::Delta { at } if self.known_delta(at).is_some() => {
                factors.vanishes |= self.known_delta(at) == Some(false);
            }
            Node::Matmul { .. } if !last => {
                let inner = self.at(place, true);
                factors.push(inner.in_parens(), false);
            }
            Node::Mul { .. } => {
                let inner = self.at(place, last && open);
                let big = inner.level() < Level::Circle;
                factors.push(inner, big);
            }
            Node::Hadamard { args } if self.is_spelled_out(place) => {
                let [over, under] = self.entrywise(place, args);
                if over.is_empty() {
                    factors.entries_under = under;
                } else {
                    factors.push(entry_quotient(over, under), false);
                }
            }
            _ => {
                let notation = self.at(place, last && open);
                factors.push(notation, false);
            }
        }
    }

    /// What stands below a bar, for a power whose exponent is a negative number.
    pub(super) fn reciprocal(&mut self, place: Place<'_>) -> Option<Notation> {
        let Node::Power { base, exponent } = place.get(self.derivation)? else { return None };
        if self.called.contains_key(&place.node) {
            return None;
        }
        let (true, num, den) = self.number(place.child(1, *exponent))? else { return None };
        let power = self.rational_power(place, *base, &num, &den);
        Some(self.dressed(place, power))
    }

    fn number(&self, place: Place<'_>) -> Option<(bool, String, String)> {
        match place.get(self.derivation)? {
            Node::Number { value } => {
                value.parts().map(|(negative, num, den)| (negative, num.to_string(), den.to_string()))
            }
            _ => None,
        }
    }

    /// A power.
    pub(super) fn power_node(&mut self, place: Place<'_>, base: NodeId, exponent: NodeId, open: bool) -> Notation {
        match self.number(place.child(1, exponent)) {
            Some((true, ..)) => self.quotient(place, open),
            Some((false, num, den)) => self.rational_power(place, base, &num, &den),
            None => {
                let exponent = self.at(place.child(1, exponent), true);
                self.power_of(place, base, exponent)
            }
        }
    }

    /// A power with a positive rational exponent.
    fn rational_power(&mut self, place: Place<'_>, base: NodeId, num: &str, den: &str) -> Notation {
        let over = Notation::Number(num.to_string());
        match (num, den) {
            ("1", "1") => self.at(place.child(0, base), false),
            ("1", "2") => Notation::Root(Box::new(self.at(place.child(0, base), true))),
            (_, "1") => self.power_of(place, base, over),
            _ => {
                let exponent = Notation::Fraction(Box::new(over), Box::new(Notation::Number(den.to_string())));
                self.power_of(place, base, exponent)
            }
        }
    }

    fn power_of(&mut self, place: Place<'_>, base: NodeId, exponent: Notation) -> Notation {
        let base = self.at(place.child(0, base), false);
        if self.is_array(place.node) {
            Notation::EntryPower(Box::new(base.at_least(Level::Base)), Box::new(exponent))
        } else {
            base.power(exponent)
        }
    }
}

impl Factors {
    fn push(&mut self, factor: Notation, big: bool) {
        self.all.push(factor.clone());
        if big {
            self.big.push(factor);
        } else {
            self.over.push(factor);
        }
    }

    fn finish(mut self) -> Notation {
        let one = || Notation::Number("1".into());
        if self.vanishes {
            return Notation::number(0);
        }
        let entries_under = std::mem::take(&mut self.entries_under);
        if !entries_under.is_empty() {
            let negative = std::mem::take(&mut self.negative);
            return entry_quotient(vec![self.finish()], entries_under).signed(negative);
        }
        let body = if self.under.is_empty() {
            // Only numbers under the bar: the coefficient is a fraction, the order stays.
            let Some(den) = self.numeric_under else {
                if self.all.is_empty() {
                    self.all.push(one());
                }
                return Notation::product(self.all).signed(self.negative);
            };
            let leads = self.all.first().is_some_and(|first| matches!(first.bare(), Notation::Number(_)));
            let num = if leads { self.all.remove(0) } else { one() };
            let fraction = Notation::Fraction(Box::new(num), Box::new(Notation::Number(den)));
            Notation::product([vec![fraction], self.all].concat())
        } else {
            if let Some(den) = self.numeric_under {
                self.under.insert(0, Notation::Number(den));
            } else if self.over.is_empty() && self.big.len() == 1 && !self.big[0].is_pending() {
                self.over.append(&mut self.big);
            }
            if self.over.is_empty() {
                self.over.push(one());
            }
            let over = Notation::product(self.over);
            let under = Notation::product(self.under);
            let fraction = Notation::Fraction(Box::new(over), Box::new(under));
            Notation::product([vec![fraction], self.big].concat())
        };
        body.signed(self.negative)
    }
}
