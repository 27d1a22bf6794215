//! What is no matrix product: elementwise products, sums over entries, diagonals.
//!
//! In: a product of elements whose walks have been multiplied. Out: a term with fewer factors or fewer sums. Left to
//! others: which reduction comes next ([`crate::raising`]).

use super::composite::{has_slots, in_slots};
use super::elements::times_ones;
use crate::places::at;
use crate::raising::{Network, Reduction, array_of, read};
use crate::rules::collect::POWERS;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Index, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Equal factors at one place are a power.
pub(crate) static EQUAL: Rule = Rule {
    statement: POWERS.statement,
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        let network = &term.plan.network;
        let Some(Reduction::Hadamard(groups)) = &term.next else { return None };
        let mut exchanged = Vec::new();
        for group in groups {
            let square = group.len() == 2 && closed(network, group);
            for (place, &edge) in group.iter().enumerate() {
                let factor = network.factor(edge);
                let equal = |other: &&usize| network.factor(**other) == factor;
                if square || group[..place].iter().any(|other| equal(&other)) {
                    continue;
                }
                let same: Vec<usize> = group.iter().filter(equal).copied().collect();
                if same.len() > 1 {
                    let power = store.power(factor, Rat::int(same.len() as i64));
                    exchanged.extend(same.iter().map(|&other| (network.edges[other].position, None)));
                    exchanged.push((network.edges[edge].position, Some(power)));
                }
            }
        }
        (!exchanged.is_empty()).then(|| Rewrite::to(network.exchanged(store, &exchanged, &[])))
    },
};

/// Whether nothing but some edges has their indices: a scalar.
fn closed(network: &Network, group: &[usize]) -> bool {
    let ends = group.iter().map(|&edge| network.edges[edge]).flat_map(|edge| [edge.row, edge.col]);
    ends.flatten().all(|index| network.joins(index, group.len()))
}

/// Elements at one place are an element of the elementwise product.
pub(crate) static HADAMARD: Rule = Rule {
    statement: RuleStatement {
        id: "raise.hadamard",
        name: "elementwise product",
        kind: RuleKind::Scheme,
        statement: "A[i,j]*B[i,j] = (A .* B)[i,j]",
        when: "any number of factors",
        reason: "The Hadamard product multiplies entry by entry.",
        sentence: "elements at one place are multiplied entry by entry",
        reference: "definition",
        example: ("x[l]*y[l]", "(x .* y)[l]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        let network = &term.plan.network;
        let Some(Reduction::Hadamard(groups)) = &term.next else { return None };
        let mut exchanged = Vec::new();
        for group in groups {
            let mut arrays: Args = group.iter().map(|&edge| array_of(store, network.factor(edge))).collect();
            // What is kept of a diagonal stands before the identity that keeps it.
            arrays.sort_by_key(|&array| matches!(store.node(array), Node::Identity(_)));
            let product = store.hadamard(arrays);
            let first = network.edges[group[0]];
            let element = store.elem(product, network.indices([first.row, first.col]));
            exchanged.extend(group.iter().map(|&edge| (network.edges[edge].position, None)));
            exchanged.push((first.position, Some(element)));
        }
        Some(Rewrite::to(network.exchanged(store, &exchanged, &[])))
    },
};

/// An element on the diagonal.
pub(crate) static DIAGONAL: Rule = Rule {
    statement: RuleStatement {
        id: "raise.diagonal",
        name: "diagonal of a matrix",
        kind: RuleKind::Equation,
        statement: "A[i,i] = diag(A)[i]",
        when: "",
        reason: "The entries of diag(A) are the diagonal elements of A.",
        sentence: "elements with equal indices are those of the diagonal",
        reference: "definition",
        example: ("A[l,l]", "diag(A)[l]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id).clone() else { return None };
        let [i, j] = at[..] else { return None };
        let is_entry = store.position(i).is_some();
        if i != j || is_entry || store.shape(of).slots().len() != 2 {
            return None;
        }
        let diagonal = store.call(Function::Diagonal, [of]);
        Some(Rewrite::to(store.elem(diagonal, [i])))
    },
};

/// A label at the row or column of a matrix is a diagonal matrix before or after it.
pub(crate) static DIAG: Rule = Rule {
    statement: RuleStatement {
        id: "raise.diag",
        name: "product with a diagonal matrix",
        kind: RuleKind::Equation,
        statement: "I[i,j]*A[i,i] = (A .* I)[i,j]; I[i,j]*A[j,j] = (A .* I)[i,j]; x[i]*I[i,j] = diag(x)[i,j]; I[i,j]*x[j] = diag(x)[i,j]; \
                    x[i]*A[i,j] = (diag(x)*A)[i,j]; A[i,j]*x[j] = (A*diag(x))[i,j]",
        when: "",
        reason: "A diagonal matrix before a matrix multiplies its rows, one after it its columns; diag(x) has x on the \
                 diagonal and 0 elsewhere.",
        sentence: "a factor of each row or column is a diagonal matrix",
        reference: "definition",
        example: ("x[p]*A[p,q]", "(diag(x)*A)[p,q]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL).or(Kinds::ARRAY)),
    apply: |store, id| {
        if has_slots(store, id) {
            return in_slots(store, id, scaled);
        }
        let term = read(store, id)?;
        let network = &term.plan.network;
        let masked = masked(store, network);
        masked.or_else(|| scaled(store, network, term.next.as_ref()?)).map(Rewrite::to)
    },
};

/// The term with labels as diagonal matrices in the edges at whose ends they stand.
fn scaled(store: &mut Store, network: &Network, step: &Reduction) -> Option<Id> {
    let Reduction::Diagonal(scaled) = step else { return None };
    let mut exchanged = Vec::new();
    for scaled in scaled {
        let edge = network.edges[scaled.edge];
        let of = array_of(store, edge.factor);
        let [rows, cols] = [scaled.rows, scaled.cols].map(|label| {
            let label = network.edges[label?];
            exchanged.push((label.position, None));
            let vector = array_of(store, label.factor);
            Some(store.call(Function::Diag, [vector]))
        });
        let identity = matches!(store.node(of), Node::Identity(_));
        let middle = (!identity).then_some(of);
        let product = store.matmul(rows.into_iter().chain(middle).chain(cols));
        let element = store.elem(product, network.indices([edge.row, edge.col]));
        exchanged.push((edge.position, Some(element)));
    }
    Some(network.exchanged(store, &exchanged, &[]))
}

/// A diagonal element of a matrix beside a delta of free indices: the matrix without what is off its diagonal.
fn masked(store: &mut Store, network: &Network) -> Option<Id> {
    let identity = |id: Id| matches!(store.node(array_of(store, id)), Node::Identity(_));
    let mask = network.edges.iter().find(|edge| edge.row != edge.col && identity(edge.factor))?;
    let (row, col) = (mask.row?, mask.col?);
    let kept = |index: Index, slots: usize| {
        let meeting = network.at(index);
        !meeting.bound && meeting.others == 0 && meeting.edges.len() == slots
    };
    let own = |index: Index| network.edges.iter().find(move |edge| edge.row == Some(index) && edge.is_loop());
    let diagonal = match (own(row), own(col)) {
        (Some(diagonal), None) if kept(row, 3) && kept(col, 1) => diagonal,
        (None, Some(diagonal)) if kept(row, 1) && kept(col, 3) => diagonal,
        _ => return None,
    };
    let arrays = [diagonal, mask].map(|edge| array_of(store, edge.factor));
    let product = store.hadamard(arrays);
    let element = store.elem(product, network.indices([Some(row), Some(col)]));
    Some(network.exchanged(store, &[(diagonal.position, Some(element)), (mask.position, None)], &[]))
}

/// An index that one factor alone has is summed over its entries.
pub(crate) static SUM: Rule = Rule {
    statement: RuleStatement {
        id: "raise.sum",
        name: "sum of entries",
        kind: RuleKind::Equation,
        statement: "sum[i](x[i]) = sum(x); sum[i,j](A[i,j]) = sum(A); sum[j](A[i,j]) = sum(A,2)[i]; \
                    sum[i](A[i,j]) = sum(A,1)[j]",
        when: "",
        reason: "sum(A) adds up all entries, sum(A,1) those of each column, sum(A,2) those of each row.",
        sentence: "the entries are added up over {indices}",
        reference: "definition",
        example: ("sum[j](A[l,j])", "sum(A,2)[l]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        let network = &term.plan.network;
        let Some(Reduction::Sum(edges)) = &term.next else { return None };
        let mut exchanged = Vec::new();
        let mut done: Vec<Index> = Vec::new();
        for &edge in edges {
            if times_ones(store, network, edge).is_some() {
                continue;
            }
            let edge = network.edges[edge];
            let of = array_of(store, edge.factor);
            let [rows, cols] = [edge.row, edge.col].map(|end| end.filter(|&index| network.joins(index, 1)));
            let rest = network.indices([edge.row.filter(|_| rows.is_none()), edge.col.filter(|_| cols.is_none())]);
            let axis = match (rest.is_empty(), rows) {
                (true, _) => Axis::All,
                (false, Some(_)) => Axis::Rows,
                (false, None) => Axis::Cols,
            };
            let sum = store.call(Function::Sum(axis), [of]);
            exchanged.push((edge.position, Some(store.elem(sum, rest))));
            done.extend(rows.into_iter().chain(cols));
        }
        let to = network.exchanged(store, &exchanged, &done);
        (!done.is_empty()).then(|| Rewrite::to(to).slot("indices", done))
    },
};
