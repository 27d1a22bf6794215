//! A lemma as an equation, where it is used.
//!
//! In: both sides of a lemma, what is put for its symbols. Out: equations, whose letters are the symbols of the lemma.
//! Left to others: whether the lemma holds (`walk`), applying the equation (`equations`).

use crate::instance::equations::Equations;
use crate::instance::patterns::Letters;
use crate::instance::room::Room;
use crate::instance::term::{Form, Index, Kind, ONE, Term};
use crate::lemma::Put;
use einstep_trace::NodeId;

/// The equations that a lemma is, one for each of its uses.
pub(crate) fn equations(room: &mut Room<'_>, lemma: [NodeId; 2], puts: &[Put]) -> Form<Equations> {
    let mut letters = Letters::default();
    let symbols: Vec<u32> = puts.first().iter().flat_map(|put| put.iter()).map(|(symbol, _)| symbol.0).collect();
    for symbol in &symbols {
        let term = Term::Symbol(*symbol);
        let kind = match room.shape(&term) {
            [ONE, ONE] => Kind::Scalar,
            [_, ONE] => Kind::Vector,
            _ => Kind::Array,
        };
        letters.names.push((kind, symbol.to_string()));
    }
    let [mut from, mut to] = [room.term(lemma[0])?, room.term(lemma[1])?];
    pattern(&mut from, &symbols, &mut letters);
    pattern(&mut to, &symbols, &mut letters);
    let puts = puts.iter().map(|put| put.iter().map(|(_, node)| room.term(*node)).collect());
    Ok(Equations::put(&[from, to], &letters, puts.collect::<Form<_>>()?))
}

/// Makes a pattern of a term: letters of the symbols, and the indices of a statement of its own.
fn pattern(term: &mut Term, symbols: &[u32], letters: &mut Letters) {
    if let Term::Symbol(symbol) = term
        && let Some(position) = symbols.iter().position(|own| own == symbol)
    {
        *term = Term::Letter(letters.names[position].0, position, vec![]);
    }
    let mut number = |index: &mut Index| *index = letters.index(&index.to_string());
    term.slots_mut().iter_mut().flatten().for_each(&mut number);
    term.binders_mut().iter_mut().flatten().for_each(&mut number);
    term.children_mut().iter_mut().for_each(|child| pattern(child, symbols, letters));
}
