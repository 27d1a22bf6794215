//! Operations on block matrices, block by block.
//!
//! In: an operation on a block matrix, or on several cut at the same places. Out: the same of the blocks, or a block matrix
//! of the results. Left to others: functions of the whole (`functions`), inverses and determinants (`inverses`), elements
//! (`elements`).

use super::grid::{Grid, identity, is_identity, is_zero, product};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Dim, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Blocks that are block matrices themselves.
pub(crate) static NESTED: Rule = Rule {
    statement: RuleStatement {
        id: "block.nested",
        name: "blocks within blocks",
        kind: RuleKind::Scheme,
        statement: "[[x; y]; z] = [x; y; z]",
        when: "the blocks of one row are cut at the same heights, those of one column at the same widths",
        reason: "Brackets around some of the blocks change no entry.",
        sentence: "blocks within blocks are blocks",
        reference: "definition",
        example: ("[[x; y]; z]", "[x; y; z]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::BLOCK),
    apply: |store, id| {
        let grid = Grid::of(store, id)?;
        let (rows, cols) = (grid.heights.len(), grid.widths.len());
        let inner: Vec<Grid> = grid
            .blocks
            .iter()
            .map(|&block| Grid::of(store, block).unwrap_or_else(|| Grid::whole(store, block)))
            .collect();
        if !inner.iter().any(Grid::is_divided) {
            return None;
        }
        // The finest block of a row says where the row is cut.
        let finest = |cuts: Vec<&Vec<Dim>>| cuts.into_iter().max_by_key(|cut| cut.len()).cloned().unwrap_or_default();
        let heights: Vec<Vec<Dim>> =
            (0..rows).map(|row| finest((0..cols).map(|col| &inner[row * cols + col].heights).collect())).collect();
        let widths: Vec<Vec<Dim>> =
            (0..cols).map(|col| finest((0..rows).map(|row| &inner[row * cols + col].widths).collect())).collect();
        let mut cut = Vec::with_capacity(grid.blocks.len());
        for (row, heights) in heights.iter().enumerate() {
            for (col, widths) in widths.iter().enumerate() {
                cut.push(Grid::cut(store, grid.at(row, col), Some(heights), Some(widths))?);
            }
        }
        let mut blocks = Args::new();
        for (row, heights) in heights.iter().enumerate() {
            for inner_row in 0..heights.len() {
                for (col, widths) in widths.iter().enumerate() {
                    let part = &cut[row * cols + col];
                    blocks.extend((0..widths.len()).map(|inner_col| part.at(inner_row, inner_col)));
                }
            }
        }
        Some(Rewrite::to(store.block(widths.concat().len(), blocks)))
    },
};

/// The transpose of a block matrix.
pub(crate) static TRANSPOSE: Rule = Rule {
    statement: RuleStatement {
        id: "block.transpose",
        name: "transpose of a block matrix",
        kind: RuleKind::Scheme,
        statement: "[A, B; C, D]' = [A', C'; B', D']",
        when: "any number of blocks",
        reason: "Rows of blocks become columns, and within each block rows become columns.",
        sentence: "the blocks change places and are transposed",
        reference: "definition",
        example: ("[x; y]'", "[x', y']"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let grid = Grid::of(store, arg)?.transposed(store);
        Some(Rewrite::to(grid.node(store)))
    },
};

/// A multiple of a block matrix.
pub(crate) static SCALE: Rule = Rule {
    statement: RuleStatement {
        id: "block.scale",
        name: "multiple of a block matrix",
        kind: RuleKind::Scheme,
        statement: "c*[A, B; C, D] = [c*A, c*B; c*C, c*D]",
        when: "c is a scalar",
        reason: "A scalar multiplies every entry.",
        sentence: "the scalar multiplies every block",
        reference: "definition",
        example: ("2*[x; y]", "[2*x; 2*y]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Mul(factors) = store.node(id) else { return None };
        let varies = factors.last().is_some_and(|&array| store.varies(array));
        let is_block = factors.last().is_some_and(|&array| matches!(store.node(array), Node::Block(..)));
        if !varies || !is_block {
            return None;
        }
        let grid = Grid::seen(store, id)?;
        Some(Rewrite::to(grid.node(store)))
    },
};

/// Arrays of which one is a block matrix, all cut as this one is.
fn alike(store: &mut Store, args: &[Id]) -> Option<Vec<Grid>> {
    let first = args.iter().find_map(|&arg| Grid::seen(store, arg))?;
    args.iter().map(|&arg| Grid::cut(store, arg, Some(&first.heights), Some(&first.widths))).collect()
}

/// An operation on arrays that are cut alike, block by block.
fn blockwise(store: &mut Store, grids: &[Grid], operation: fn(&mut Store, Args) -> Id) -> Option<Id> {
    let first = grids.first()?;
    let blocks: Vec<Id> = (0..first.blocks.len())
        .map(|block| operation(store, grids.iter().map(|grid| grid.blocks[block]).collect()))
        .collect();
    Some(store.block(first.widths.len(), blocks))
}

/// A sum of block matrices.
pub(crate) static SUM: Rule = Rule {
    statement: RuleStatement {
        id: "block.sum",
        name: "sum of block matrices",
        kind: RuleKind::Scheme,
        statement: "[A, B; C, D] + [E, F; G, H] = [A + E, B + F; C + G, D + H]",
        when: "they are cut at the same places",
        reason: "Entries are added where they stand.",
        sentence: "blocks at one place are added",
        reference: "definition",
        example: ("[a; b] + [x; y]", "[a + x; b + y]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        if !store.varies(id) {
            return None;
        }
        let grids = alike(store, &terms)?;
        Some(Rewrite::to(blockwise(store, &grids, |store, terms| store.add(terms))?))
    },
};

/// [`SUM`] in an answer, whether the variable occurs or not: of at least two block matrices.
pub(crate) fn gathered(store: &mut Store, id: Id) -> Option<Rewrite> {
    let Node::Add(terms) = store.node(id).clone() else { return None };
    let grids = terms.iter().filter(|&&term| Grid::seen(store, term).is_some()).count();
    if grids < 2 {
        return None;
    }
    let mut parts: Vec<Id> = Vec::with_capacity(terms.len());
    let mut rest = Args::new();
    let first = terms.iter().find_map(|&term| Grid::seen(store, term))?;
    for &term in &terms {
        match Grid::seen(store, term) {
            Some(grid) if grid.heights == first.heights && grid.widths == first.widths => parts.push(term),
            _ => rest.push(term),
        }
    }
    if parts.len() < 2 {
        return None;
    }
    let grids = alike(store, &parts)?;
    let sum = blockwise(store, &grids, |store, terms| store.add(terms))?;
    let position = terms.iter().position(|term| parts.contains(term))?;
    rest.insert(position.min(rest.len()), sum);
    Some(Rewrite::to(store.add(rest)))
}

/// An elementwise product of block matrices.
pub(crate) static HADAMARD: Rule = Rule {
    statement: RuleStatement {
        id: "block.hadamard",
        name: "elementwise product of block matrices",
        kind: RuleKind::Scheme,
        statement: "[A, B; C, D] .* [E, F; G, H] = [A .* E, B .* F; C .* G, D .* H]",
        when: "they are cut at the same places",
        reason: "Entries are multiplied where they stand.",
        sentence: "blocks at one place are multiplied element by element",
        reference: "definition",
        example: ("[a; b] .* [x; y]", "[a .* x; b .* y]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Hadamard(factors) = store.node(id).clone() else { return None };
        if !store.varies(id) {
            return None;
        }
        let grids = alike(store, &factors)?;
        let to = blockwise(store, &grids, |store, factors| {
            let arrays = factors.iter().all(|&factor| !store.shape(factor).is_scalar());
            if arrays { store.hadamard(factors) } else { store.mul(factors) }
        })?;
        Some(Rewrite::to(to))
    },
};

/// A function taken elementwise, or an elementwise power, of a block matrix.
pub(crate) static FUNCTION: Rule = Rule {
    statement: RuleStatement {
        id: "block.function",
        name: "function of a block matrix",
        kind: RuleKind::Scheme,
        statement: "exp([A, B; C, D]) = [exp(A), exp(B); exp(C), exp(D)]",
        when: "the same holds for every function that is taken elementwise, and for elementwise powers",
        reason: "Such a function is applied to every entry.",
        sentence: "the function is applied to every block",
        reference: "definition",
        example: ("exp([x; y])", "[exp(x); exp(y)]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::APPLY.or(Kinds::POWER)).with(Kinds::BLOCK),
    apply: |store, id| {
        if !store.varies(id) {
            return None;
        }
        match *store.node(id) {
            Node::Apply(function, arg) => {
                let grid = Grid::of(store, arg)?.map(|&block| store.apply(function, block));
                Some(Rewrite::to(grid.node(store)))
            }
            Node::Power(base, exponent) if store.shape(exponent).is_scalar() => {
                let grid = Grid::of(store, base)?.map(|&block| store.intern(Node::Power(block, exponent)));
                Some(Rewrite::to(grid.node(store)))
            }
            Node::Power(base, exponent) if store.shape(base).is_scalar() => {
                let grid = Grid::of(store, exponent)?.map(|&block| store.intern(Node::Power(base, block)));
                Some(Rewrite::to(grid.node(store)))
            }
            Node::Power(base, exponent) => {
                let grids = alike(store, &[base, exponent])?;
                let to = blockwise(store, &grids, |store, pair| store.intern(Node::Power(pair[0], pair[1])))?;
                Some(Rewrite::to(to))
            }
            _ => None,
        }
    },
};

/// A product of block matrices.
pub(crate) static PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "block.product",
        name: "product of block matrices",
        kind: RuleKind::Scheme,
        statement: "[A, B; C, D]*[E, F; G, H] = [A*E + B*G, A*F + B*H; C*E + D*G, C*F + D*H]",
        when: "the columns of the left are cut as the rows of the right",
        reason: "The sum over the inner index runs through one block after another.",
        sentence: "rows of blocks times columns of blocks",
        reference: "Horn and Johnson, Matrix Analysis, 0.7",
        example: ("[A, B]*[x; y]", "A*x + B*y"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::BLOCK),
    apply: |store, id| {
        if !store.varies(id) {
            return None;
        }
        multiplied(store, id, |store, [left, right], divided| {
            let block = |id: Id| matches!(store.node(id), Node::Block(..)) && store.varies(id);
            divided || block(left) || block(right)
        })
    },
};

/// [`PRODUCT`] in an answer: of two block matrices, or of a product with what puts it at a place among rows or columns.
pub(crate) fn placed(store: &mut Store, id: Id) -> Option<Rewrite> {
    if let Some(rewrite) = multiplied(store, id, |_, _, divided| divided) {
        return Some(rewrite);
    }
    let Node::Matmul(factors) = store.node(id).clone() else { return None };
    let is_rows = |grid: &Grid| grid.widths.len() == 1;
    let is_cols = |grid: &Grid| grid.heights.len() == 1;
    // What stands between the two is placed among rows and columns at once.
    let cols = (1..factors.len()).find_map(|k| Some((k, selection_of(store, factors[k]).filter(is_cols)?)));
    let end = cols.as_ref().map_or(0, |(end, _)| *end);
    let rows = (0..end).rev().find_map(|k| Some((k, selection_of(store, factors[k]).filter(is_rows)?)));
    let (span, grids) = match (rows, cols) {
        (Some((start, rows)), Some((end, cols))) => {
            let inner = &factors[start + 1..end];
            let left = match inner.is_empty() {
                true => rows,
                false => {
                    let whole = store.matmul(inner.iter().copied());
                    grid_times(store, &[rows, Grid::whole(store, whole)])
                }
            };
            (start..=end, [left, cols])
        }
        (_, Some((end, cols))) if end + 1 == factors.len() => {
            let whole = store.matmul(factors[..end].iter().copied());
            (0..=end, [Grid::whole(store, whole), cols])
        }
        _ => {
            let rows = selection_of(store, factors[0]).filter(is_rows)?;
            let whole = store.matmul(factors[1..].iter().copied());
            (0..=factors.len() - 1, [rows, Grid::whole(store, whole)])
        }
    };
    let product = times(store, &grids);
    let mut rest = factors.clone();
    rest.drain(span.clone());
    rest.insert(*span.start(), product);
    Some(Rewrite::to(store.matmul(rest)))
}

/// The blocks of a block matrix that are all identities or zeros.
fn selection_of(store: &Store, id: Id) -> Option<Grid> {
    let selects = |&block: &Id| is_zero(store, block) || is_identity(store, block);
    Grid::of(store, id).filter(|grid| grid.blocks.iter().all(selects))
}

/// A product with two neighbours multiplied block by block: the first two that fit and that are wanted, which depends on
/// whether the index between them is divided.
fn multiplied(store: &mut Store, id: Id, wanted: impl Fn(&Store, [Id; 2], bool) -> bool) -> Option<Rewrite> {
    let Node::Matmul(factors) = store.node(id).clone() else { return None };
    for position in 0..factors.len() - 1 {
        let pair = [factors[position], factors[position + 1]];
        let Some(grids) = conforming(store, pair) else { continue };
        if !wanted(store, pair, grids[0].widths.len() > 1) {
            continue;
        }
        let product = times(store, &grids);
        let mut rest = factors.clone();
        rest.drain(position..=position + 1);
        rest.insert(position, product);
        let (mut scalars, mut arrays) = (Args::new(), Args::new());
        for factor in rest {
            if store.shape(factor).is_scalar() {
                scalars.push(factor);
            } else {
                arrays.push(factor);
            }
        }
        if !arrays.is_empty() {
            scalars.push(store.matmul(arrays));
        }
        return Some(Rewrite::to(store.mul(scalars)));
    }
    None
}

/// Two factors, at least one of them a block matrix, cut alike where they meet.
pub(super) fn conforming(store: &mut Store, [left, right]: [Id; 2]) -> Option<[Grid; 2]> {
    match (Grid::seen(store, left), Grid::seen(store, right)) {
        (Some(a), Some(b)) => (a.widths == b.heights).then_some([a, b]),
        (Some(a), None) => {
            let b = Grid::cut(store, right, Some(&a.widths), None)?;
            Some([a, b])
        }
        (None, Some(b)) => {
            let a = Grid::cut(store, left, None, Some(&b.heights))?;
            Some([a, b])
        }
        (None, None) => None,
    }
}

/// The product of two cut alike where they meet.
fn grid_times(store: &mut Store, [a, b]: &[Grid; 2]) -> Grid {
    Grid::filled(&a.heights, &b.widths, |row, col, _| {
        let terms: Args = (0..a.widths.len()).map(|inner| product(store, a.at(row, inner), b.at(inner, col))).collect();
        store.add(terms)
    })
}

fn times(store: &mut Store, grids: &[Grid; 2]) -> Id {
    grid_times(store, grids).node(store)
}

/// The identity of one block, zeros elsewhere: what puts a block of one column at its place, or takes it from there.
pub(super) fn selection(store: &mut Store, sizes: &[Dim], place: usize) -> Grid {
    Grid::filled(sizes, &[sizes[place]], |row, _, shape| match row == place {
        true => identity(store, shape.rows),
        false => super::grid::zeros(store, shape),
    })
}
