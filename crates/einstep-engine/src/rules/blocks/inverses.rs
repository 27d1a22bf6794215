//! Inverses and determinants of block matrices.
//!
//! In: the inverse or the determinant of a block matrix that contains the variable. Out: the same by its blocks.

use super::grid::{self, Grid, is_identity, is_zero, zeros};
use super::operations::conforming;
use crate::places::at;
use crate::work::{Need, Needed, Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The argument of a function, if it is a block matrix with the variable whose blocks on the diagonal are square.
fn argument(store: &Store, id: Id, function: Function) -> Option<Grid> {
    let Node::Call(found, args) = store.node(id) else { return None };
    if *found != function || !store.varies(id) {
        return None;
    }
    Grid::of(store, args[0]).filter(Grid::is_square)
}

fn inverse(store: &mut Store, block: Id) -> Id {
    if is_identity(store, block) {
        return block;
    }
    match store.shape(block).is_scalar() {
        true => store.power(block, Rat::int(-1)),
        false => store.call(Function::Inv, [block]),
    }
}

/// The product of two blocks, in which an identity drops out.
fn product(store: &mut Store, a: Id, b: Id) -> Id {
    match (is_identity(store, a), is_identity(store, b)) {
        (true, _) => b,
        (_, true) => a,
        _ => grid::product(store, a, b),
    }
}

fn determinant(store: &mut Store, block: Id) -> Id {
    match store.shape(block).is_scalar() {
        true => block,
        false if is_identity(store, block) => store.int(1),
        false => store.call(Function::Det, [block]),
    }
}

fn negated(store: &mut Store, id: Id) -> Id {
    let (coefficient, rest) = store.coefficient(id);
    store.scale(coefficient.neg(), rest)
}

/// Whether all blocks on one side of the diagonal are zero.
fn is_triangular(store: &Store, grid: &Grid) -> bool {
    let size = grid.heights.len();
    let zero = |below: bool| {
        (0..size)
            .all(|row| (0..size).all(|col| row == col || (row > col) != below || is_zero(store, grid.at(row, col))))
    };
    zero(true) || zero(false)
}

/// The places of a 2×2 block matrix in the order in which the first is the pivot: the first block on the diagonal, unless it is
/// zero, or has the variable where the other has not.
fn pivot(store: &Store, grid: &Grid) -> Option<[usize; 2]> {
    if grid.heights.len() != 2 {
        return None;
    }
    let usable = |k: usize| !is_zero(store, grid.at(k, k));
    let constant = |k: usize| usable(k) && !store.varies(grid.at(k, k));
    let first = [constant(0), constant(1), usable(0), usable(1)].iter().position(|&fits| fits)? % 2;
    Some([first, 1 - first])
}

/// `D - C*inv(A)*B`
fn complement(store: &mut Store, grid: &Grid, [p, q]: [usize; 2]) -> Id {
    let inverse = inverse(store, grid.at(p, p));
    let left = product(store, grid.at(q, p), inverse);
    let rest = product(store, left, grid.at(p, q));
    let rest = negated(store, rest);
    store.add([grid.at(q, q), rest])
}

/// The determinant of a block matrix.
pub(crate) static DET: Rule = Rule {
    statement: RuleStatement {
        id: "block.det",
        name: "determinant of a block matrix",
        kind: RuleKind::Scheme,
        statement: "det([A, B; C, D]) = det(A)*det(D - C*inv(A)*B); \
                    det([A, B; C, D]) = det(D)*det(A - B*inv(D)*C); \
                    det([A, B; zeros(k,m), D]) = det(A)*det(D); det([A, zeros(m,k); C, D]) = det(A)*det(D)",
        when: "the blocks on the diagonal are square, and the one that is inverted is invertible",
        reason: "Subtracting a multiple of the first row of blocks makes the matrix triangular.",
        sentence: "the determinant by the Schur complement",
        reference: "Matrix Cookbook (399), (400)",
        example: ("det([A, B; C, X])", "det(A)*det(X - C*inv(A)*B)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Det)).with(Kinds::BLOCK),
    apply: |store, id| {
        let grid = argument(store, id, Function::Det)?;
        if is_triangular(store, &grid) {
            let blocks: Args = (0..grid.heights.len()).map(|k| determinant(store, grid.at(k, k))).collect();
            return Some(Rewrite::to(store.mul(blocks)));
        }
        let order = pivot(store, &grid)?;
        let block = grid.at(order[0], order[0]);
        let complement = complement(store, &grid, order);
        let factors = [determinant(store, block), determinant(store, complement)];
        Some(Rewrite { needs: invertible(store, block), ..Rewrite::to(store.mul(factors)) })
    },
};

/// What must hold of the block that is inverted; nothing of an identity.
fn invertible(store: &Store, block: Id) -> Option<Need> {
    let kind = if store.shape(block).is_scalar() { Needed::Nonzero } else { Needed::Invertible };
    (!is_identity(store, block)).then_some(Need { node: block, kind })
}

/// The inverse of a block matrix.
pub(crate) static INVERSE: Rule = Rule {
    statement: RuleStatement {
        id: "block.inverse",
        name: "inverse of a block matrix",
        kind: RuleKind::Scheme,
        statement: "inv([A, B; C, D]) = [inv(A) + inv(A)*B*inv(D - C*inv(A)*B)*C*inv(A), \
                    -inv(A)*B*inv(D - C*inv(A)*B); -inv(D - C*inv(A)*B)*C*inv(A), inv(D - C*inv(A)*B)]; \
                    inv([A, B; zeros(k,m), D]) = [inv(A), -inv(A)*B*inv(D); zeros(k,m), inv(D)]; \
                    inv([A, zeros(m,k); C, D]) = [inv(A), zeros(m,k); -inv(D)*C*inv(A), inv(D)]",
        when: "the blocks on the diagonal are square, and the one that is inverted is invertible",
        reason: "Elimination block by block; what is left below is the Schur complement D - C*inv(A)*B.",
        sentence: "the inverse by the Schur complement",
        reference: "Matrix Cookbook (399)-(403)",
        example: ("inv([A, zeros(m,n); zeros(n,m), X])", "[inv(A), zeros(m,n); zeros(n,m), inv(X)]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Inv).or(Kinds::MATMUL)).with(Kinds::BLOCK),
    apply: |store, id| {
        if let Some(grid) = argument(store, id, Function::Inv) {
            return Some(Rewrite::to(by_triangle(store, &grid)?.node(store)));
        }
        // The Schur complement is worth its length where the blocks of the inverse meet other blocks.
        let Node::Matmul(factors) = store.node(id).clone() else { return None };
        for position in 0..factors.len() {
            let Some(grid) = argument(store, factors[position], Function::Inv) else { continue };
            let Some((inverted, pivot)) = by_complement(store, &grid) else { continue };
            let inverted = inverted.node(store);
            let before = position.checked_sub(1).map(|before| [factors[before], inverted]);
            let after = factors.get(position + 1).map(|&after| [inverted, after]);
            let meets = [before, after].into_iter().flatten().any(|pair| conforming(store, pair).is_some());
            if meets {
                let mut factors = factors.clone();
                factors[position] = inverted;
                let needs = invertible(store, pivot);
                return Some(Rewrite { needs, ..Rewrite::to(store.intern(Node::Matmul(factors))) });
            }
        }
        None
    },
};

/// The inverse of a block matrix that is diagonal, or of two rows of blocks and triangular.
fn by_triangle(store: &mut Store, grid: &Grid) -> Option<Grid> {
    let size = grid.heights.len();
    let off_diagonal = (0..size * size).filter(|place| place / size != place % size);
    let filled = off_diagonal.filter(|&place| !is_zero(store, grid.blocks[place])).count();
    if filled > 1 || filled == 1 && size != 2 {
        return None;
    }
    let inverses: Args = (0..size).map(|k| inverse(store, grid.at(k, k))).collect();
    Some(Grid::filled(&grid.heights, &grid.widths, |row, col, shape| match row == col {
        true => inverses[row],
        false if is_zero(store, grid.at(row, col)) => zeros(store, shape),
        false => {
            let left = product(store, inverses[row], grid.at(row, col));
            let block = product(store, left, inverses[col]);
            negated(store, block)
        }
    }))
}

/// The inverse of a block matrix by the Schur complement of a block on its diagonal, and this block.
fn by_complement(store: &mut Store, grid: &Grid) -> Option<(Grid, Id)> {
    let [p, q] = pivot(store, grid)?;
    if [grid.at(0, 1), grid.at(1, 0)].into_iter().any(|block| is_zero(store, block)) {
        return None;
    }
    let outer = inverse(store, grid.at(p, p));
    let complement = complement(store, grid, [p, q]);
    let inner = inverse(store, complement);
    let right = product(store, outer, grid.at(p, q));
    let left = product(store, grid.at(q, p), outer);
    let upper = product(store, right, inner);
    let lower = product(store, inner, left);
    let middle = product(store, upper, left);
    let corner = store.add([outer, middle]);
    let (upper, lower) = (negated(store, upper), negated(store, lower));
    let inverted = Grid::filled(&grid.heights, &grid.widths, |row, col, _| match (row == p, col == p) {
        (true, true) => corner,
        (true, false) => upper,
        (false, true) => lower,
        (false, false) => inner,
    });
    Some((inverted, grid.at(p, p)))
}
