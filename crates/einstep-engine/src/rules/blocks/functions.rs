//! Functions of whole block matrices, by their blocks.
//!
//! In: a function of a block matrix that contains the variable. Out: the same by the blocks.
//! Left to others: functions taken elementwise (`operations`), inverses and determinants (`inverses`).

use super::grid::{Grid, is_identity, is_zero, product};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The trace of a block matrix.
pub(crate) static TRACE: Rule = Rule {
    statement: RuleStatement {
        id: "block.trace",
        name: "trace of a block matrix",
        kind: RuleKind::Scheme,
        statement: "tr([A, B; C, D]) = tr(A) + tr(D)",
        when: "the blocks on the diagonal are square",
        reason: "The diagonal runs through the diagonals of these blocks.",
        sentence: "the trace is that of the blocks on the diagonal",
        reference: "definition",
        example: ("tr([X, B; C, X])", "tr(X) + tr(X)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Trace)).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Call(Function::Trace, args) = store.node(id).clone() else { return None };
        let grid = Grid::of(store, args[0]).filter(|grid| grid.is_square() && store.varies(id))?;
        let terms: Args = (0..grid.heights.len()).map(|k| of_block(store, Function::Trace, grid.at(k, k))).collect();
        Some(Rewrite::to(store.add(terms)))
    },
};

/// A function of a block; of a scalar, itself.
fn of_block(store: &mut Store, function: Function, block: Id) -> Id {
    match store.shape(block).is_scalar() {
        true if function == Function::Norm1 => store.apply(Scalar::Abs, block),
        true => block,
        false => store.call(function, [block]),
    }
}

/// What runs over all entries of a block matrix, or along its rows or columns.
pub(crate) static ENTRIES: Rule = Rule {
    statement: RuleStatement {
        id: "block.entries",
        name: "entries of a block matrix",
        kind: RuleKind::Scheme,
        statement: "sum([A, B; C, D]) = sum(A) + sum(B) + sum(C) + sum(D); \
                    sum([A, B; C, D],1) = [sum(A,1) + sum(C,1), sum(B,1) + sum(D,1)]; \
                    sum([A, B; C, D],2) = [sum(A,2) + sum(B,2); sum(C,2) + sum(D,2)]",
        when: "over all entries the same holds for norm1, and with a product for prod",
        reason: "Every entry is an entry of one of the blocks.",
        sentence: "the entries are those of all blocks",
        reference: "definition",
        example: ("sum([x; y])", "sum(x) + sum(y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::CALL).with(Kinds::BLOCK),
    apply: |store, id| {
        if !store.varies(id) {
            return None;
        }
        let Node::Call(function, args) = store.node(id).clone() else { return None };
        let grid = Grid::of(store, *args.first()?)?;
        match function {
            Function::Sum(Axis::All) | Function::Norm1 | Function::Prod(Axis::All) => {
                let parts: Args = grid.blocks.iter().map(|&block| of_block(store, function, block)).collect();
                Some(Rewrite::to(if let Function::Prod(_) = function { store.mul(parts) } else { store.add(parts) }))
            }
            Function::Sum(axis) => Some(Rewrite::to(summed(store, &grid, axis))),
            _ => None,
        }
    },
};

/// [`ENTRIES`] in an answer: sums of rows or columns of identities and zeros.
pub(crate) fn summed_selection(store: &mut Store, id: Id) -> Option<Rewrite> {
    let Node::Call(Function::Sum(axis @ (Axis::Rows | Axis::Cols)), args) = store.node(id).clone() else { return None };
    let selects = |&block: &Id| is_zero(store, block) || is_identity(store, block);
    let grid = Grid::of(store, args[0]).filter(|grid| grid.blocks.iter().all(selects))?;
    Some(Rewrite::to(summed(store, &grid, axis)))
}

/// The sums along the rows or the columns of a block matrix.
fn summed(store: &mut Store, grid: &Grid, axis: Axis) -> Id {
    let (rows, cols) = (grid.heights.len(), grid.widths.len());
    let mut total = |places: Vec<(usize, usize)>| {
        let terms: Args = places
            .into_iter()
            .map(|(row, col)| {
                let block = grid.at(row, col);
                // Along the one entry there is.
                let single = if axis == Axis::Rows { grid.heights[row] } else { grid.widths[col] }.is_one();
                // Along the only direction: over every entry.
                let only = if axis == Axis::Rows { grid.widths[col] } else { grid.heights[row] }.is_one();
                match (single, only) {
                    (true, _) => block,
                    (_, true) => store.call(Function::Sum(Axis::All), [block]),
                    _ => store.call(Function::Sum(axis), [block]),
                }
            })
            .collect();
        store.add(terms)
    };
    let blocks: Args = match axis {
        Axis::Rows => (0..cols).map(|col| total((0..rows).map(|row| (row, col)).collect())).collect(),
        _ => (0..rows).map(|row| total((0..cols).map(|col| (row, col)).collect())).collect(),
    };
    store.block(if axis == Axis::Rows { cols } else { 1 }, blocks)
}

/// A Kronecker product with a block matrix on the left.
pub(crate) static KRON: Rule = Rule {
    statement: RuleStatement {
        id: "block.kron",
        name: "Kronecker product with a block matrix",
        kind: RuleKind::Scheme,
        statement: "kron([c, r; s, t],A) = [c*A, r*A; s*A, t*A]",
        when: "the blocks of the left factor are scalars",
        reason: "Each entry of the left factor has its own multiple of the right one.",
        sentence: "each scalar multiplies the right factor",
        reference: "definition",
        example: ("kron([1; 0],A)", "[A; zeros(m,n)]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Kron)).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Call(Function::Kron, args) = store.node(id).clone() else { return None };
        let grid = Grid::of(store, args[0])?;
        if !grid.blocks.iter().all(|&block| store.shape(block).is_scalar()) {
            return None;
        }
        let multiples = grid.map(|&block| product(store, block, args[1]));
        Some(Rewrite::to(store.block(grid.widths.len(), multiples.blocks)))
    },
};

/// The diagonal of a block matrix.
pub(crate) static DIAGONAL: Rule = Rule {
    statement: RuleStatement {
        id: "block.diagonal",
        name: "diagonal of a block matrix",
        kind: RuleKind::Scheme,
        statement: "diag([A, B; C, D]) = [diag(A); diag(D)]",
        when: "the blocks on the diagonal are square",
        reason: "The diagonal runs through the diagonals of the blocks on it.",
        sentence: "the diagonal is that of the blocks on it",
        reference: "definition",
        example: ("diag([X, B; C, D])", "[diag(X); diag(D)]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Diagonal)).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Call(function @ Function::Diagonal, args) = store.node(id).clone() else { return None };
        let grid = Grid::of(store, args[0]).filter(|grid| grid.is_square() && store.varies(id))?;
        let parts: Args = (0..grid.heights.len()).map(|k| of_block(store, function, grid.at(k, k))).collect();
        Some(Rewrite::to(store.block(1, parts)))
    },
};
