//! The tables beside the nodes: symbols, what is told of shapes.
//!
//! In: a derivation whose nodes could be read. Out: the first entry that does not say what the others say.
//! Left to others: the nodes, the dimensions and the ids in steps (`limits`), declarations (`given`).

use crate::verdict::{FILE, Fault};
use einstep_trace::{Derivation, RuleKind, Symbol, SymbolKind, rule};

/// Checks the tables.
pub(crate) fn check(derivation: &Derivation) -> Result<(), Fault> {
    if let Some(symbol) = derivation.symbols.iter().find(|symbol| !has_its_kind(symbol)) {
        return Err(Fault::reject(FILE, format!("`{}` does not have the shape of its kind", symbol.name)));
    }
    let is_shape = |id: &str| rule(id).is_some_and(|rule| rule.kind == RuleKind::Shape);
    match derivation.shapes.iter().find(|fact| !is_shape(&fact.rule.0)) {
        Some(fact) => Err(Fault::reject(FILE, format!("`{}` is no rule of shapes", fact.rule.0))),
        None => Ok(()),
    }
}

fn has_its_kind(symbol: &Symbol) -> bool {
    match (symbol.kind, symbol.shape.as_slice()) {
        (SymbolKind::Scalar, []) | (SymbolKind::Vector, [_]) => true,
        (SymbolKind::Row, [one, _]) => one.is_one(),
        (SymbolKind::Matrix, [rows, _]) => !rows.is_one(),
        (SymbolKind::Tensor, [_, _, _, ..]) => symbol.shape.iter().all(|dim| !dim.is_one()),
        _ => false,
    }
}
