//! The sizes of bound letters, from where they stand in the body of a sum.
//!
//! In: the letters that a big operator binds, its body. Out: a size for each. A letter has the size of a slot of an
//! array that it picks an entry of, or of its partner in a delta; failing that, the size that the trace gives the letter.
//! Left to others: values.

use crate::matrix::misfit;
use crate::meter::Trouble;
use crate::question::Reader;
use einstep_syntax::{Expr, ExprKind, Ident, Index};

/// The sizes of the bound letters.
pub(crate) fn sizes(reader: &mut Reader<'_>, over: &[Ident], body: &Expr) -> Result<Vec<(String, usize)>, Trouble> {
    let mut known: Vec<(String, usize)> = Vec::new();
    // A delta passes a size on, so as many rounds may be needed as there are letters.
    for _ in over {
        for letter in over {
            if known.iter().all(|(name, _)| *name != letter.name)
                && let Some(size) = find(reader, &known, &letter.name, body)?
            {
                known.push((letter.name.clone(), size));
            }
        }
    }
    let size = |letter: &Ident| {
        let known = known.iter().find(|(name, _)| *name == letter.name).map(|(_, size)| *size);
        reader.world.meter.spend(reader.world.derivation.indices.len() as u64)?;
        let Some(size) = known.or_else(|| in_trace(reader, &letter.name)) else {
            return misfit(&format!("the dimension of the index `{}` can't be told", letter.name));
        };
        Ok((letter.name.clone(), size))
    };
    over.iter().map(size).collect()
}

/// The size of a letter of the trace, if all indices of that letter have one size.
fn in_trace(reader: &Reader<'_>, name: &str) -> Option<usize> {
    let indices = reader.world.derivation.indices.iter().filter(|index| index.name == name);
    let sizes: Vec<usize> = indices.map(|index| reader.world.sizes.of(&index.dim).ok()).collect::<Option<_>>()?;
    let first = *sizes.first()?;
    sizes.iter().all(|size| *size == first).then_some(first)
}

/// The size of a letter where it stands in an expression.
fn find(
    reader: &mut Reader<'_>,
    known: &[(String, usize)],
    letter: &str,
    expr: &Expr,
) -> Result<Option<usize>, Trouble> {
    reader.world.meter.spend(1)?;
    match &expr.kind {
        ExprKind::Big(_, over, _) if over.iter().any(|bound| bound.name == letter) => {
            return Ok(None);
        }
        ExprKind::Element(of, at) => {
            let is_it = |index: &Index| matches!(index, Index::Name(name) if name.name == letter);
            if let Some(position) = at.iter().position(is_it)
                && let Some(size) = slot(reader, known, of, at, position)?
            {
                return Ok(Some(size));
            }
        }
        _ => {}
    }
    for child in children(expr) {
        if let Some(size) = find(reader, known, letter, child)? {
            return Ok(Some(size));
        }
    }
    Ok(None)
}

/// The size of a slot of an array, or of the partner in a delta.
fn slot(
    reader: &mut Reader<'_>,
    known: &[(String, usize)],
    of: &Expr,
    at: &[Index],
    position: usize,
) -> Result<Option<usize>, Trouble> {
    if let ExprKind::Name(name) = &of.kind {
        if let Some(symbol) = reader.symbol(name) {
            let axes = reader.world.point.symbol(symbol).axes();
            // A slot that several letters name does not tell the size of one.
            return Ok(axes.get(position).filter(|_| axes.len() == at.len()).map(|axis| axis.1));
        }
        if name == "eps" {
            return Ok(Some(3));
        }
        let partner = at.iter().enumerate().find(|(other, _)| *other != position).map(|(_, index)| index);
        if let (true, Some(Index::Name(partner))) = (name == "delta" || name == "I", partner) {
            let size = known.iter().find(|(name, _)| *name == partner.name).map(|(_, size)| *size);
            return Ok(size.or_else(|| reader.letter(&partner.name).map(|letter| letter.1)));
        }
    }
    // The array may depend on letters that are not bound yet; then another place has to tell.
    match reader.value(of) {
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
