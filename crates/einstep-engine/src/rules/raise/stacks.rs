//! Arrays whose rows and columns are named by pairs of indices: the vectorised derivatives of order 3 and 4.
//!
//! In: an array over such indices, none of whose terms has a next step of its own. Out: products of simpler arrays.
//! Left to others: Kronecker products and stacked matrices ([`super::composite`]).

use super::composite::has_slots;
use crate::places::at;
use crate::raising::{Network, array_of};
use crate::rules::contract::size;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Dim, Function, Id, Index, Indices, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};
use itertools::Itertools;

/// What becomes of a term of an array over rows and columns, if anything.
type Part = fn(&mut Store, &Network, &[Index], &[Index]) -> Option<Id>;

/// The array with some of its terms taken out as products, where no term has another step to take.
fn parted(store: &mut Store, id: Id, part: Part) -> Option<Rewrite> {
    let Node::Array(over, rows, body) = store.node(id).clone() else { return None };
    if !has_slots(store, id) {
        return None;
    }
    let (row, col) = over.split_at(usize::from(rows));
    let (mut kept, mut parts) = (Args::new(), Args::new());
    for term in store.terms(body) {
        let network = Network::of(store, term)?;
        if network.next_in(store, [row, col]).is_some() {
            return None;
        }
        match part(store, &network, row, col) {
            Some(to) => parts.push(to),
            None => kept.push(term),
        }
    }
    if parts.is_empty() {
        return None;
    }
    if !kept.is_empty() {
        let rest = store.add(kept);
        parts.insert(0, store.intern(Node::Array(over.clone(), rows, rest)));
    }
    Some(Rewrite::to(store.add(parts)))
}

/// Two indices of rows or columns in the other order.
pub(crate) static COMMUTATION: Rule = Rule {
    statement: RuleStatement {
        id: "raise.commutation",
        name: "rows or columns in another order",
        kind: RuleKind::Scheme,
        statement: "an array with columns q, p is one with columns p, q times commutation(m,n), where p runs to m and q to n; \
                    an array with rows p, q is commutation(m,n) times one with rows q, p; where other indices stand around the \
                    two, the commutation matrix stands between identities in a Kronecker product",
        when: "the factors meet the indices in the other order; other terms stay apart",
        reason: "The commutation matrix puts column (q,p) where column (p,q) stands.",
        sentence: "the indices cross: a commutation matrix exchanges two of them",
        reference: "Magnus and Neudecker (1979)",
        example: ("array over j,i and q,p of A[i,q]*B[j,p]", "array over j,i and p,q of it, times commutation(m,n)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ARRAY),
    apply: |store, id| parted(store, id, commuted),
};

fn commuted(store: &mut Store, network: &Network, row: &[Index], col: &[Index]) -> Option<Id> {
    // Between those in the middle first: the identities around them are smaller.
    let crossed = |slot: &[Index]| {
        let slot = slot.to_vec();
        let seconds = (1..slot.len()).sorted_by_key(|&second| (2 * second).abs_diff(slot.len()));
        seconds.map(move |second| {
            let mut slot = slot.clone();
            slot.swap(second - 1, second);
            (second, slot)
        })
    };
    let columns = crossed(col).map(|(second, col)| (second, [row.to_vec(), col], false));
    let rows = crossed(row).map(|(second, row)| (second, [row, col.to_vec()], true));
    let (second, [row, col], in_rows) =
        columns.chain(rows).find(|(_, [row, col], _)| network.next_in(store, [row, col]).is_some())?;
    let term = network.exchanged(store, &[], &[]);
    let array = store.intern(Node::Array(row.iter().chain(&col).copied().collect(), row.len() as u8, term));
    let slot = if in_rows { row } else { col };
    let dims = slot.iter().map(|&index| store.index_info(index).dim).collect_vec();
    // Of an array the new order is that of the rows of what stands behind it, of the columns of what stands before it.
    let pair = if in_rows { [second, second - 1] } else { [second - 1, second] };
    let sizes = pair.map(|position| size(store, dims[position]));
    let mut exchange = store.call(Function::Commutation, sizes);
    for (around, is_before) in [(&dims[..second - 1], true), (&dims[second + 1..], false)] {
        if !around.is_empty() {
            let dim = around.iter().try_fold(Dim::ONE, |product, &dim| store.dims.product(product, dim))?;
            let identity = store.intern(Node::Identity(dim));
            exchange = store.call(Function::Kron, if is_before { [identity, exchange] } else { [exchange, identity] });
        }
    }
    Some(store.matmul(if in_rows { [exchange, array] } else { [array, exchange] }))
}

/// A factor of each row, or of each column.
pub(crate) static SCALED: Rule = Rule {
    statement: RuleStatement {
        id: "raise.scaled-rows",
        name: "a factor of each row or column",
        kind: RuleKind::Scheme,
        statement: "an array over j, i and other columns of A[i,j]*f is diag(vec(A)) times the array of f, and one over i \
                    and columns of x[i]*f is diag(x) times it; likewise with the columns, the diagonal matrix behind",
        when: "the factor holds all indices of the rows, or all of the columns, and no other; other terms stay apart",
        reason: "Multiplying by a diagonal matrix from the left multiplies each row, from the right each column.",
        sentence: "a factor of each row or column is a diagonal matrix",
        reference: "definition of diag",
        example: ("array over j,i and q,p of X[i,j]*f", "diag(vec(X)) times the array of f"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ARRAY),
    apply: |store, id| parted(store, id, scaled),
};

fn scaled(store: &mut Store, network: &Network, row: &[Index], col: &[Index]) -> Option<Id> {
    if network.edges.len() < 2 {
        return None;
    }
    let ends = |slot: &[Index]| {
        network.edges.iter().position(|edge| match *slot {
            [slow, fast] => {
                let ends = [edge.row, edge.col];
                ends == [Some(fast), Some(slow)] || ends == [Some(slow), Some(fast)]
            }
            [index] => store.free(edge.factor) == [index],
            _ => false,
        })
    };
    let (slot, edge) = match ends(row) {
        Some(edge) => (row, edge),
        None => (col, ends(col)?),
    };
    let found = network.edges[edge];
    let of = array_of(store, found.factor);
    // Of a matrix the rows are the fast index, the last of the two; a vector stands upright.
    let of = if found.row == slot.last().copied() { of } else { store.transpose(of) };
    let of = if slot.len() == 1 { of } else { store.call(Function::Vec, [of]) };
    let diagonal = store.call(Function::Diag, [of]);
    let rest = network.exchanged(store, &[(found.position, None)], &[]);
    let over: Indices = row.iter().chain(col).copied().collect();
    let array = store.intern(Node::Array(over, row.len() as u8, rest));
    Some(if slot == row { store.matmul([diagonal, array]) } else { store.matmul([array, diagonal]) })
}

/// Factors that name rows or columns by the same index.
pub(crate) static ENTRYWISE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.entrywise",
        name: "factors that share an index",
        kind: RuleKind::Scheme,
        statement: "an array over j, i and l of f*g is that of f, elementwise times that of g",
        when: "an index of the rows or columns stands in both; other terms stay apart",
        reason: "The entries of an elementwise product are the products of the entries.",
        sentence: "the factors share an index: their arrays are multiplied entry by entry",
        reference: "Khatri and Rao (1968)",
        example: ("array over j,i and l of A[i,l]*B[l,j]", "that of A[i,l], elementwise times that of B[l,j]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ARRAY),
    apply: |store, id| parted(store, id, shared),
};

/// The array as an elementwise product: each factor stands with those before it with which it has no index in common.
fn shared(store: &mut Store, network: &Network, row: &[Index], col: &[Index]) -> Option<Id> {
    if !network.over.is_empty() || !network.others.is_empty() {
        return None;
    }
    let mut groups: Vec<(Indices, Args)> = Vec::new();
    for edge in &network.edges {
        let at = Indices::from_slice(store.free(edge.factor));
        match groups.iter_mut().find(|(taken, _)| !at.iter().any(|index| taken.contains(index))) {
            Some((taken, factors)) => {
                taken.extend_from_slice(&at);
                factors.push(edge.factor);
            }
            None => groups.push((at, Args::from_slice(&[edge.factor]))),
        }
    }
    if groups.len() < 2 {
        return None;
    }
    let over: Indices = row.iter().chain(col).copied().collect();
    let mut arrays = Args::new();
    let scalars = network.scalars.iter().map(|&position| network.factors[position]);
    groups[0].1.insert_many(0, scalars);
    for (_, factors) in groups {
        let product = store.mul(factors);
        arrays.push(store.intern(Node::Array(over.clone(), row.len() as u8, product)));
    }
    Some(store.hadamard(arrays))
}
