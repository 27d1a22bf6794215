//! Arrays whose rows or columns are named by several indices: Kronecker products and stacked matrices.
//!
//! In: an array with a slot of several indices. Out: the same, its entries being elements of `kron(A,B)` or of `vec(A)`.
//! Left to others: terms that are no product of one element for each part of the slots; they stay in index form.

use crate::rules::lower::slots_of;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Index, Indices, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// A product of two elements as an element of a Kronecker product.
pub(crate) static KRON: Rule = Rule {
    statement: RuleStatement {
        id: "raise.kron",
        name: "product of elements as a Kronecker product",
        kind: RuleKind::Equation,
        statement: "A[i,j]*B[k,l] = kron(A,B)[i,k,j,l]; I[i,j]*B[k,l] = kron(I,B)[i,k,j,l]",
        when: "i and k together name the rows of the answer, j and l its columns",
        reason: "The Kronecker product has a block A[i,j]*B for each element of A.",
        sentence: "each block is an element of the first factor times the second",
        reference: "definition",
        example: ("delta[i,p]*y[k]", "kron(I,y)[i,k,p]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| rewritten(store, id, kronecker),
};

/// An element whose two indices name one slot as an element of the stacked matrix.
pub(crate) static VEC: Rule = Rule {
    statement: RuleStatement {
        id: "raise.vec",
        name: "element of a stacked matrix",
        kind: RuleKind::Equation,
        statement: "A[i,j] = vec(A)[j,i]",
        when: "j and i together name the rows of the answer",
        reason: "vec stacks the columns: the row index runs fastest.",
        sentence: "the columns are stacked",
        reference: "definition",
        example: ("X[i,j]", "vec(X)[j,i]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| rewritten(store, id, stacked),
};

/// The array with every term rewritten that can be; terms are multiples of products of elements.
fn rewritten(
    store: &mut Store,
    id: Id,
    rewrite: fn(&mut Store, &Args, [&[Index]; 2]) -> Option<Id>,
) -> Option<Rewrite> {
    let Node::Array(over, rows, body) = store.node(id).clone() else { return None };
    let (row, col) = over.split_at(usize::from(rows));
    if row.len() < 2 && col.len() < 2 {
        return None;
    }
    let mut changed = false;
    let mut terms = Args::new();
    for term in store.terms(body) {
        let factors = store.factors(term);
        let (scalars, elements): (Args, Args) = factors.into_iter().partition(|&factor| store.free(factor).is_empty());
        match rewrite(store, &elements, [row, col]) {
            Some(element) => {
                changed = true;
                terms.push(store.mul(scalars.into_iter().chain([element])));
            }
            None => terms.push(term),
        }
    }
    let body = store.add(terms);
    changed.then(|| Rewrite::to(store.intern(Node::Array(over, rows, body))))
}

/// The array of an element that has exactly the given indices, turned so that its rows come first.
fn array_at(store: &mut Store, element: Id, [row, col]: [&[Index]; 2]) -> Option<Id> {
    let Node::Elem(of, at) = store.node(element).clone() else { return None };
    let [rows, cols] = slots_of(store, store.shape(of), &at);
    if rows.as_slice() == row && cols.as_slice() == col {
        return Some(of);
    }
    (rows.as_slice() == col && cols.as_slice() == row).then(|| store.transpose(of))
}

fn kronecker(store: &mut Store, elements: &Args, [row, col]: [&[Index]; 2]) -> Option<Id> {
    let &[a, b] = elements.as_slice() else { return None };
    let at: Indices = row.iter().chain(col).copied().collect();
    for (first, second) in [(a, b), (b, a)] {
        for split_row in 0..=row.len() {
            for split_col in 0..=col.len() {
                let ((r1, r2), (c1, c2)) = (row.split_at(split_row), col.split_at(split_col));
                if let Some(left) = array_at(store, first, [r1, c1])
                    && let Some(right) = array_at(store, second, [r2, c2])
                {
                    let product = store.call(Function::Kron, [left, right]);
                    return Some(store.elem(product, at));
                }
            }
        }
    }
    None
}

fn stacked(store: &mut Store, elements: &Args, [row, col]: [&[Index]; 2]) -> Option<Id> {
    let (&[element], &[j, i], []) = (elements.as_slice(), row, col) else { return None };
    let of = array_at(store, element, [&[i], &[j]])?;
    let stacked = store.call(Function::Vec, [of]);
    Some(store.elem(stacked, [j, i]))
}
