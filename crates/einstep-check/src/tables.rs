//! The tables beside the nodes: dimensions, symbols, what is told of shapes.
//!
//! In: a derivation whose nodes could be read. Out: the first entry that does not say what the others say.
//! Left to others: the nodes and the ids in steps (`limits`), declarations (`given`).

use crate::verdict::{FILE, Fault};
use einstep_trace::{Derivation, Dim, Node, RuleKind, Symbol, SymbolKind, rule};
use rustc_hash::FxHashSet;

/// Checks the tables.
pub(crate) fn check(derivation: &Derivation) -> Result<(), Fault> {
    dims(derivation)?;
    if let Some(symbol) = derivation.symbols.iter().find(|symbol| !has_its_kind(symbol)) {
        return Err(Fault::reject(FILE, format!("`{}` does not have the shape of its kind", symbol.name)));
    }
    let is_shape = |id: &str| rule(id).is_some_and(|rule| rule.kind == RuleKind::Shape);
    match derivation.shapes.iter().find(|fact| !is_shape(&fact.rule.0)) {
        Some(fact) => Err(Fault::reject(FILE, format!("`{}` is no rule of shapes", fact.rule.0))),
        None => Ok(()),
    }
}

/// Every dimension that occurs by name is there once, and has no name of a symbol.
fn dims(derivation: &Derivation) -> Result<(), Fault> {
    let mut known: FxHashSet<&str> = derivation.symbols.iter().map(|symbol| symbol.name.as_str()).collect();
    for dim in &derivation.dims {
        let is_name = Dim(dim.name.clone()).terms().is_some_and(|terms| terms == [(1, vec![dim.name.clone()])]);
        if !is_name || !known.insert(&dim.name) {
            return Err(Fault::reject(
                FILE,
                format!("`{}` is no name of a dimension, or has another meaning", dim.name),
            ));
        }
    }
    let dims: FxHashSet<&str> = derivation.dims.iter().map(|dim| dim.name.as_str()).collect();
    let of_nodes = derivation.nodes.iter().flat_map(|node| match node {
        Node::Ones { shape } | Node::Zeros { shape } => shape.as_slice(),
        Node::Size { dim } | Node::Identity { dim } => std::slice::from_ref(dim),
        _ => &[],
    });
    let of_symbols = derivation.symbols.iter().flat_map(|symbol| &symbol.shape);
    let of_indices = derivation.indices.iter().map(|index| &index.dim);
    for dim in of_nodes.chain(of_symbols).chain(of_indices) {
        let mut names = dim.terms().into_iter().flatten().flat_map(|(_, names)| names);
        if let Some(name) = names.find(|name| !dims.contains(name.as_str())) {
            return Err(Fault::reject(FILE, format!("the dimension `{name}` is not in the table of dimensions")));
        }
    }
    Ok(())
}

fn has_its_kind(symbol: &Symbol) -> bool {
    match (symbol.kind, symbol.shape.as_slice()) {
        (SymbolKind::Scalar, []) | (SymbolKind::Vector, [_]) => true,
        (SymbolKind::Row, [one, _]) => one.is_one(),
        (SymbolKind::Matrix, [rows, _]) => !rows.is_one(),
        _ => false,
    }
}
