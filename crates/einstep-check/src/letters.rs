//! Index letters in scope, and the sizes of bound ones, from where they stand in the body of a sum.
//!
//! In: the letters that a big operator binds, its body. Out: a size for each. A letter has the size of a slot of an
//! array that it picks an entry of, or of its partner in a delta; failing that, the size that the trace gives the letter.
//! Left to others: values.

use crate::matrix::misfit;
use crate::meter::Trouble;
use crate::question::Reader;
use crate::tensor::{Axis, Sized};
use einstep_syntax::{Expr, ExprKind, Ident, Index};
use rustc_hash::{FxHashMap, FxHashSet};

/// The letters in scope, innermost last. The position of a letter numbers its axis.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    all: Vec<(String, usize)>,
    /// The positions of each letter, the innermost last.
    places: FxHashMap<String, Vec<usize>>,
}

impl Letters {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The axis of the innermost letter of a name.
    pub(crate) fn get(&self, name: &str) -> Option<Sized> {
        let position = *self.places.get(name)?.last()?;
        Some((Axis::letter(position), self.all[position].1))
    }

    /// The axes of the letters from a position on.
    pub(crate) fn from(&self, start: usize) -> impl Iterator<Item = Sized> {
        self.all.iter().enumerate().skip(start).map(|(position, letter)| (Axis::letter(position), letter.1))
    }

    /// Brings a letter of some size into scope.
    pub(crate) fn push(&mut self, name: String, size: usize) {
        self.places.entry(name.clone()).or_default().push(self.all.len());
        self.all.push((name, size));
    }

    /// Forgets the letters from a position on.
    pub(crate) fn truncate(&mut self, len: usize) {
        for (name, _) in self.all.drain(len.min(self.all.len())..) {
            if let Some(places) = self.places.get_mut(&name) {
                places.pop();
            }
        }
    }
}

/// The sizes of the bound letters.
pub(crate) fn sizes(reader: &mut Reader<'_>, over: &[Ident], body: &Expr) -> Result<Vec<(String, usize)>, Trouble> {
    let mut open: FxHashSet<&str> = over.iter().map(|letter| letter.name.as_str()).collect();
    let mut places = Vec::new();
    find(reader, &mut open, body, &mut places)?;
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    let mut partners: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for Place { letter, of, at, position } in places {
        if known.contains_key(letter) {
            continue;
        }
        match partner(reader, of, at, position) {
            Some(partner) if open.contains(partner) => partners.entry(partner).or_default().push(letter),
            _ => known.extend(slot(reader, of, at, position)?.map(|size| (letter, size))),
        }
    }
    // A delta passes a size on.
    let mut next: Vec<&str> =
        over.iter().map(|letter| letter.name.as_str()).filter(|name| known.contains_key(name)).collect();
    while let Some(letter) = next.pop() {
        let size = known.get(letter).copied().unwrap_or_default();
        for partner in partners.remove(letter).unwrap_or_default() {
            if !known.contains_key(partner) {
                known.insert(partner, size);
                next.push(partner);
            }
        }
    }
    let size = |letter: &Ident| {
        let size = match known.get(letter.name.as_str()) {
            Some(&size) => Some(size),
            None => in_trace(reader, &letter.name)?,
        };
        let Some(size) = size else {
            return misfit(&format!("the dimension of the index `{}` can't be told", letter.name));
        };
        Ok((letter.name.clone(), size))
    };
    over.iter().map(size).collect()
}

/// The size of a letter of the trace, if all indices of that letter have one size.
fn in_trace(reader: &Reader<'_>, name: &str) -> Result<Option<usize>, Trouble> {
    reader.world.meter.spend(reader.world.derivation.indices.len() as u64)?;
    let indices = reader.world.derivation.indices.iter().filter(|index| index.name == name);
    let sizes: Option<Vec<usize>> = indices.map(|index| reader.world.sizes.of(&index.dim).ok()).collect();
    let same = |sizes: Vec<usize>| sizes.iter().all(|size| *size == sizes[0]).then(|| sizes.first().copied())?;
    Ok(sizes.and_then(same))
}

/// What an entry is picked of.
#[derive(Clone, Copy)]
enum Array<'e> {
    Name(&'e str),
    Other(&'e Expr),
}

impl<'e> Array<'e> {
    fn of(expr: &'e Expr) -> Array<'e> {
        match &expr.kind {
            ExprKind::Name(name) => Array::Name(name),
            _ => Array::Other(expr),
        }
    }
}

/// The places of bound letters among the indices of an entry.
fn picked<'e>(open: &FxHashSet<&'e str>, of: Array<'e>, at: &'e [Index], places: &mut Vec<Place<'e>>) {
    for (position, index) in at.iter().enumerate() {
        if let Index::Name(name) = index
            && let Some(&letter) = open.get(name.name.as_str())
        {
            places.push(Place { letter, of, at, position });
        }
    }
}

/// A place where a bound letter stands.
struct Place<'e> {
    letter: &'e str,
    of: Array<'e>,
    at: &'e [Index],
    position: usize,
}

/// The places of some letters in an expression, as far as no other sum binds them.
fn find<'e>(
    reader: &Reader<'_>,
    open: &mut FxHashSet<&'e str>,
    expr: &'e Expr,
    places: &mut Vec<Place<'e>>,
) -> Result<(), Trouble> {
    reader.world.meter.spend(1)?;
    let mut hidden = Vec::new();
    match &expr.kind {
        ExprKind::Big(_, over, _) => {
            hidden.extend(over.iter().map(|bound| bound.name.as_str()).filter(|name| open.remove(name)));
        }
        ExprKind::Element(of, at) => picked(open, Array::of(of), at, places),
        ExprKind::Derivative(by, _) => picked(open, Array::Name(&by.name.name), &by.element, places),
        _ => {}
    }
    children(expr).into_iter().try_for_each(|child| find(reader, open, child, places))?;
    open.extend(hidden);
    Ok(())
}

/// The other index of a delta.
fn partner<'e>(reader: &Reader<'_>, of: Array<'_>, at: &'e [Index], position: usize) -> Option<&'e str> {
    let Array::Name(name) = of else { return None };
    let partner = at.iter().enumerate().find(|(other, _)| *other != position).map(|(_, index)| index);
    match partner {
        Some(Index::Name(partner)) if (name == "delta" || name == "I") && reader.symbol(name).is_none() => {
            Some(&partner.name)
        }
        _ => None,
    }
}

/// The size of a slot of an array, or of the partner in a delta, which is a letter from outside.
fn slot(reader: &mut Reader<'_>, of: Array<'_>, at: &[Index], position: usize) -> Result<Option<usize>, Trouble> {
    if let Some(partner) = partner(reader, of, at, position) {
        return Ok(reader.letter(partner).map(|letter| letter.1));
    }
    let value = match of {
        Array::Other(of) => reader.value(of),
        Array::Name(name) => {
            if let Some(symbol) = reader.symbol(name) {
                let axes = reader.world.point.symbol(symbol).axes();
                // A slot that several letters name does not tell the size of one.
                return Ok(axes.get(position).filter(|_| axes.len() == at.len()).map(|axis| axis.1));
            }
            return Ok((name == "eps").then_some(3));
        }
    };
    // The array may depend on letters that are not bound yet; then another place has to tell.
    match value {
        Ok(value) => Ok(value.matrix().ok().and_then(|matrix| {
            let slots = matrix.slots();
            slots.get(position).filter(|_| slots.len() == at.len()).map(|slot| slot.1)
        })),
        Err(Trouble::Misfit(_)) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// The parts of an expression.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => vec![],
        ExprKind::Negate(arg)
        | ExprKind::Transpose(arg)
        | ExprKind::Element(arg, _)
        | ExprKind::Big(_, _, arg)
        | ExprKind::Derivative(_, arg) => vec![arg],
        ExprKind::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
        ExprKind::Product(args) | ExprKind::Hadamard(args) | ExprKind::Kronecker(args) | ExprKind::Call(_, args) => {
            args.iter().collect()
        }
        ExprKind::Quotient(a, b)
        | ExprKind::ElementQuotient(a, b)
        | ExprKind::Power(a, b)
        | ExprKind::ElementPower(a, b) => vec![a, b],
        ExprKind::Block(rows) => rows.iter().flatten().collect(),
    }
}
