//! Sums without their signs, by Einstein's convention.
//!
//! In: the notation of a line, every sum with its sign. Out: the same, where the sign over an index is left out if the
//! index occurs twice in the product below the sign, and nowhere else in the product that the sum is a factor of.
//! Left to others: which lines are written so.

use crate::notation::{BigKind, Joint, Level, Notation};

/// Leaves out the signs that the convention leaves unsaid.
pub(crate) fn unsigned(mut notation: Notation) -> Notation {
    leave_out(&mut notation, &[], false);
    notation
}

/// The indices `around` occur beside this part in a product; where signs are `kept`, what follows would be read otherwise
/// without them.
fn leave_out(notation: &mut Notation, around: &[Notation], kept: bool) {
    if let Notation::Big(BigKind::Sum, signs, body) = notation {
        signs.retain(|sign| kept || around.contains(&sign.index) || occurrences(body, &sign.index) != Some(2));
    }
    let kept = match notation {
        Notation::Power(..) | Notation::EntryPower(..) | Notation::Big(BigKind::Product, ..) => true,
        Notation::Terms(terms) if terms.len() > 1 => false,
        Notation::Apply(..) | Notation::Root(_) | Notation::Norm(..) | Notation::Bracket(_) => false,
        _ => kept,
    };
    let is_fraction = matches!(notation, Notation::Fraction(..));
    let are_apart = matches!(notation, Notation::Terms(_));
    let is_product = matches!(notation, Notation::Product(Joint::Plain, _));
    let mentioned: Vec<Vec<Notation>> = notation.parts().into_iter().map(labels).collect();
    for (k, part) in notation.parts_mut().into_iter().enumerate() {
        let beside = mentioned.iter().enumerate().filter(|(other, _)| *other != k && !are_apart);
        let mut around = around.to_vec();
        for label in beside.flat_map(|(_, labels)| labels) {
            if !around.contains(label) {
                around.push(label.clone());
            }
        }
        let was_sum = is_product && bracketed_sum(part);
        leave_out(part, &around, kept || is_fraction && k == 1);
        if let Notation::Paren(inner) = part
            && was_sum
            && !matches!(**inner, Notation::Big(..))
        {
            let factor = std::mem::replace(&mut **inner, Notation::Cut);
            *part = factor.at_least(Level::Product);
        }
    }
    match notation {
        Notation::Big(_, signs, body) if signs.is_empty() => *notation = std::mem::replace(&mut **body, Notation::Cut),
        Notation::Paren(inner) if matches!(**inner, Notation::Paren(_)) => {
            *notation = std::mem::replace(&mut **inner, Notation::Cut);
        }
        Notation::Operator(_, body, _) if !matches!(body.bare(), Notation::Big(..)) => {
            let inner = std::mem::replace(&mut **body, Notation::Cut);
            **body = inner.at_least(Level::Atom);
        }
        _ => {}
    }
}

fn bracketed_sum(notation: &Notation) -> bool {
    matches!(notation, Notation::Paren(inner) if matches!(**inner, Notation::Big(..)))
}

/// The subscripts in it, each once.
fn labels(notation: &Notation) -> Vec<Notation> {
    let mut found = Vec::new();
    gather(notation, &mut found);
    found
}

fn gather(notation: &Notation, found: &mut Vec<Notation>) {
    if let Notation::Script(_, labels) = notation {
        for label in labels.iter().flat_map(single) {
            if !found.contains(label) {
                found.push(label.clone());
            }
        }
    }
    notation.parts().into_iter().for_each(|part| gather(part, found));
}

/// The indices of one subscript.
fn single(label: &Notation) -> &[Notation] {
    match label {
        Notation::Group(several) => several,
        one => std::slice::from_ref(one),
    }
}

/// How often an index occurs in a product; `None` where it stands in what is not one, so that its sum is not clear.
fn occurrences(notation: &Notation, index: &Notation) -> Option<usize> {
    match notation {
        Notation::Marked(_, inner) | Notation::Bar(inner) | Notation::Paren(inner) => occurrences(inner, index),
        Notation::Product(Joint::Plain, factors) => factors.iter().map(|factor| occurrences(factor, index)).sum(),
        Notation::Operator(by, body, _) => Some(occurrences(by, index)? + occurrences(body, index)?),
        Notation::Derivative(body, by) => {
            let by: Option<usize> = by.iter().map(|by| occurrences(by, index)).sum();
            Some(by? + occurrences(body, index)?)
        }
        Notation::Big(BigKind::Sum, signs, body) if signs.iter().all(|sign| sign.index != *index) => {
            occurrences(body, index)
        }
        Notation::Fraction(over, under) if occurrences(under, index) == Some(0) => occurrences(over, index),
        Notation::Script(base, at) if occurrences(base, index) == Some(0) => {
            Some(at.iter().flat_map(single).filter(|label| *label == index).count())
        }
        Notation::Terms(terms) if terms.len() == 1 => occurrences(&terms[0].1, index),
        // Each summand has the index once, or none has it.
        Notation::Terms(terms) => {
            let first = occurrences(&terms.first()?.1, index).filter(|count| *count < 2);
            terms.iter().all(|(_, term)| occurrences(term, index) == first).then_some(first)?
        }
        other => (!labels(other).contains(index)).then_some(0),
    }
}
