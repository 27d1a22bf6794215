//! Elements of block matrices.
//!
//! In: an element of a block matrix that contains the variable. Out: elements of its blocks, each put at its place by a matrix
//! of an identity and zeros, so that the index of the whole stays one index.
//! Left to others: operations that can be done block by block (`operations`), which are done before.

use super::grid::{Grid, is_zero, zeros};
use super::operations::selection;
use crate::places::at;
use crate::rules::lower::slots_of;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Index, Indices, Kinds, Node, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// An element of a block matrix.
pub(crate) static ELEMENT: Rule = Rule {
    statement: RuleStatement {
        id: "lower.block",
        name: "element of a block matrix",
        kind: RuleKind::Scheme,
        statement: "[A; B][i,j] = sum[k]([I; zeros(n,m)][i,k]*A[k,j]) + sum[r]([zeros(m,n); I][i,r]*B[r,j])",
        when: "any number of blocks; those without the variable stay together",
        reason: "A block is put at its place by a matrix of an identity and zeros.",
        sentence: "each block is put at its place by a matrix of an identity and zeros",
        reference: "definition",
        example: ("[x; b][i]", "sum[k]([I; zeros(m,n)][i,k]*x[k]) + [zeros(n); b][i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::BLOCK),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id).clone() else { return None };
        if !store.varies(id) {
            return None;
        }
        let grid = Grid::of(store, of)?;
        let [rows, cols] = slots_of(store, store.shape(of), &at);
        if rows.len() > 1 || cols.len() > 1 || rows.len() + cols.len() != at.len() {
            return None;
        }
        let mut terms = Args::new();
        for row in 0..grid.heights.len() {
            for col in 0..grid.widths.len() {
                if store.varies(grid.at(row, col)) {
                    terms.push(entry(store, &grid, [row, col], [&rows, &cols]));
                }
            }
        }
        let rest = grid.map(|&block| match store.varies(block) {
            true => zeros(store, store.shape(block)),
            false => block,
        });
        if !rest.blocks.iter().all(|&block| is_zero(store, block)) {
            let rest = rest.node(store);
            terms.push(store.elem(rest, at));
        }
        Some(Rewrite::to(store.add(terms)))
    },
};

/// The part of an element that comes from one block.
fn entry(store: &mut Store, grid: &Grid, place: [usize; 2], slots: [&Indices; 2]) -> Id {
    let mut over: Vec<Index> = Vec::new();
    let mut factors: [Option<Id>; 2] = [None, None];
    let mut at = Indices::new();
    for (side, slot) in slots.into_iter().enumerate() {
        let sizes = if side == 0 { &grid.heights } else { &grid.widths };
        if sizes.len() == 1 {
            at.extend_from_slice(slot);
            continue;
        }
        let selection = selection(store, sizes, place[side]);
        let inner: Indices = match sizes[place[side]] {
            dim if dim.is_one() => Indices::new(),
            dim => [store.index(dim, Role::Sum, "")].into_iter().collect(),
        };
        let (array, named) = match side {
            0 => (selection, slot.iter().chain(&inner).copied().collect::<Indices>()),
            _ => (selection.transposed(store), inner.iter().chain(slot).copied().collect()),
        };
        let array = array.node(store);
        factors[side] = Some(store.elem(array, named));
        at.extend_from_slice(&inner);
        over.extend(inner);
    }
    let block = store.elem(grid.at(place[0], place[1]), at);
    let [left, right] = factors;
    let product = store.mul([left, Some(block), right].into_iter().flatten());
    store.sum(over, product)
}
