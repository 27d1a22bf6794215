//! The array of all entries of the answer, with corners and dots, and the arrays whose product it is.
//!
//! In: the element with its free indices, and the matrix form. Out: arrays of entries. Left to others: brackets, widths.

use super::Author;
use crate::build::dim;
use crate::notation::Notation;
use crate::plain;
use einstep_trace::{Dim, Node, NodeId, SymbolId, rows_cols};
use std::collections::BTreeMap;

/// The widest entry that is drawn, in columns.
const MAX_ENTRY: usize = 28;

/// Arrays, the first of which is the product of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawing {
    pub(crate) arrays: Vec<Array>,
}

/// An array of cells, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Array {
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell of a drawn array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Entry(Notation),
    Across,
    Down,
    Diagonal,
}

/// A position along one side: an index value, or the dots between.
#[derive(Debug, Clone)]
enum Tick {
    At(Notation),
    Dots,
}

fn ticks(size: &Dim) -> Vec<Tick> {
    let at = |value: u64| Tick::At(Notation::number(value));
    match size.0.parse::<u64>() {
        Ok(size @ 1..=3) => (1..=size).map(at).collect(),
        _ => vec![at(1), Tick::Dots, Tick::At(dim(size))],
    }
}

/// An array of the given numbers of rows and columns; a side of 1 has no index.
fn array(rows: &Dim, cols: &Dim, mut entry: impl FnMut(&Notation, &Notation) -> Notation) -> Array {
    let (rows, cols) = (ticks(rows), ticks(cols));
    let cells = rows.iter().map(|row| {
        let cells = cols.iter().map(|col| match (row, col) {
            (Tick::At(row), Tick::At(col)) => Cell::Entry(entry(row, col)),
            (Tick::At(_), Tick::Dots) => Cell::Across,
            (Tick::Dots, Tick::At(_)) => Cell::Down,
            (Tick::Dots, Tick::Dots) => Cell::Diagonal,
        });
        cells.collect()
    });
    Array { rows: cells.collect() }
}

impl Author<'_> {
    /// The drawing between an array of entries and its matrix form.
    pub(super) fn drawing(&mut self, entries: NodeId, form: NodeId) -> Option<Drawing> {
        let (rows, cols) = rows_cols(self.shape(form)?).ok()?;
        if let Some(Node::Identity { .. }) = self.derivation.nodes.get(form.at()) {
            let digit = |row: &Notation, col: &Notation| Notation::number(u64::from(row == col));
            return Some(Drawing { arrays: vec![array(&rows, &cols, digit)] });
        }
        let Node::Array { over, rows: slots, body } = self.derivation.nodes.get(entries.at())? else {
            return None;
        };
        // The entries of a side with several indices are not drawn.
        if *slots > 1 || over.len() > usize::from(*slots) + 1 {
            return None;
        }
        let mut arrays = vec![array(&rows, &cols, |row, col| {
            let values = match over.len() {
                1 if cols.is_one() => vec![row],
                1 => vec![col],
                _ => vec![row, col],
            };
            let literals: BTreeMap<_, _> = over.iter().copied().zip(values.into_iter().cloned()).collect();
            self.builder.with_literals(*body, literals)
        })];
        let wide = |cell: &Cell| matches!(cell, Cell::Entry(entry) if plain::columns(&plain::tight(entry)) > MAX_ENTRY);
        if arrays[0].rows.iter().flatten().any(wide) {
            return None;
        }
        arrays.extend(self.factors(form).unwrap_or_default());
        Some(Drawing { arrays })
    }

    fn shape(&self, node: NodeId) -> Option<&[Dim]> {
        self.table.contains(node).then(|| self.table.shape(node))
    }

    /// The arrays of two or three factors, each a symbol or its transpose.
    fn factors(&mut self, form: NodeId) -> Option<Vec<Array>> {
        let Node::Matmul { args } = self.derivation.nodes.get(form.at())? else {
            return None;
        };
        if args.len() > 3 {
            return None;
        }
        args.iter().map(|&factor| self.factor(factor)).collect()
    }

    fn factor(&self, factor: NodeId) -> Option<Array> {
        let (symbol, transposed) = match self.derivation.nodes.get(factor.at())? {
            Node::Symbol { symbol } => (*symbol, false),
            Node::Transpose { arg } => match self.derivation.nodes.get(arg.at())? {
                Node::Symbol { symbol } => (*symbol, true),
                _ => return None,
            },
            _ => return None,
        };
        let (rows, cols) = rows_cols(self.shape(factor)?).ok()?;
        Some(array(&rows, &cols, |row, col| {
            let (row, col) = if transposed { (col, row) } else { (row, col) };
            self.entry_of(symbol, row, col)
        }))
    }

    fn entry_of(&self, symbol: SymbolId, row: &Notation, col: &Notation) -> Notation {
        let shape = self.derivation.symbols.get(symbol.at()).map_or(&[][..], |symbol| &symbol.shape);
        let labels = match shape {
            [] => return self.builder.symbol(symbol),
            [_] => vec![row.clone()],
            [rows, _] if rows.is_one() => vec![col.clone()],
            _ => vec![row.clone(), col.clone()],
        };
        let name = Notation::Name(self.builder.names.element(symbol));
        let scripted = matches!(&name, Notation::Name(name) if name.sub.is_some());
        let base = if scripted { Notation::Paren(Box::new(name)) } else { name };
        Notation::Script(Box::new(base), labels)
    }
}
