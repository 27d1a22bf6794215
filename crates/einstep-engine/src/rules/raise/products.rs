//! Matrix products: walks through the network of indices.
//!
//! In: a product of elements under a sum. Out: an element of a matrix product. Left to others: which factors follow each
//! other ([`crate::raising`]).

use super::composite::{has_slots, in_slots};
use crate::places::at;
use crate::raising::{Network, Plan, Reduction, Walk, array_of, is_fixed, is_symmetric, read};
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Indices, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Elements whose indices stand the wrong way round are elements of the transpose.
pub(crate) static TRANSPOSE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.transpose",
        name: "line up the indices",
        kind: RuleKind::Equation,
        statement: "A[j,i] = A'[i,j]; x[i] = x'[i]",
        when: "",
        reason: "An element with its indices exchanged is an element of the transpose.",
        sentence: "transposing lines up the indices",
        reference: "definition",
        example: ("sum[k](V[k,p]*W[q,k])", "sum[k](V'[p,k]*W'[k,q])"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL).or(Kinds::ARRAY).or(Kinds::ADD)),
    apply: |store, id| match store.node(id).clone() {
        Node::Array(..) if has_slots(store, id) => in_slots(store, id, turned),
        Node::Array(over, rows, body) => {
            let Node::Elem(of, at) = store.node(body).clone() else { return None };
            let exchanged = over.len() == 2 && at.len() == 2 && at[0] == over[1] && at[1] == over[0];
            if !exchanged || in_one_slot(store, of) {
                return None;
            }
            let transposed = store.transpose(of);
            let body = store.elem(transposed, over.clone());
            Some(Rewrite::to(store.intern(Node::Array(over, rows, body))))
        }
        Node::Add(terms) => {
            let at = common_slots(store, &terms)?;
            let is_row = |store: &Store, id: Id| store.shape(id).rows.is_one();
            let column = terms.iter().any(|&term| scaled(store, term).is_some_and(|(_, of, _)| !is_row(store, of)));
            let mut changed = false;
            let terms: Args = terms
                .into_iter()
                .map(|term| match scaled(store, term) {
                    // A row among columns has the same elements as its transpose.
                    Some((_, of, own)) if own != at || (column && is_row(store, of)) => {
                        changed = true;
                        let transposed = store.transpose(of);
                        let element = store.elem(transposed, at.clone());
                        let factors = store.factors(term);
                        let turned = |factor: Id| if store.free(factor).is_empty() { factor } else { element };
                        let factors: Args = factors.into_iter().map(turned).collect();
                        store.mul(factors)
                    }
                    _ => term,
                })
                .collect();
            changed.then(|| Rewrite::to(store.add(terms)))
        }
        _ => {
            let term = read(store, id)?;
            let plan = &term.plan;
            if in_order(store, id, plan).is_some() {
                return None;
            }
            let free = store.free(id);
            // A lone element of a sum is turned with the sum, not by itself.
            let alone = |walk: &&Walk| {
                let whole = free.iter().all(|&index| walk.start == Some(index) || walk.end == Some(index));
                walk.strides.len() > 1 || (whole && is_fixed(store, free))
            };
            let strides = plan.walks.iter().filter(alone).flat_map(|walk| &walk.strides);
            let reversed: Vec<usize> = strides.filter(|stride| stride.reversed).map(|stride| stride.edge).collect();
            let turn = Some(reversed).filter(|reversed| !reversed.is_empty()).map(Reduction::Turn);
            turned(store, &plan.network, turn.as_ref().or(term.next.as_ref())?).map(Rewrite::to)
        }
    },
};

/// Whether all indices of an element of this array name one slot, of a vector: they are not exchanged by transposing it.
fn in_one_slot(store: &Store, of: Id) -> bool {
    store.shape(of).slots().len() < 2
}

/// The term with some of its factors transposed.
fn turned(store: &mut Store, network: &Network, step: &Reduction) -> Option<Id> {
    let Reduction::Turn(edges) = step else { return None };
    let mut exchanged = Vec::new();
    for &edge in edges {
        let edge = network.edges[edge];
        let transposed = store.transpose(array_of(store, edge.factor));
        let element = store.elem(transposed, network.indices([edge.col, edge.row]));
        exchanged.push((edge.position, Some(element)));
    }
    Some(network.exchanged(store, &exchanged, &[]))
}

/// A term that is a multiple of one element: the scalars, the array, the indices.
pub(super) fn scaled(store: &Store, term: Id) -> Option<(Args, Id, Indices)> {
    let mut factors = store.factors(term);
    let position = factors.iter().position(|&factor| !store.free(factor).is_empty())?;
    let element = factors.remove(position);
    let Node::Elem(of, at) = store.node(element) else { return None };
    factors.iter().all(|&factor| store.free(factor).is_empty()).then(|| (factors, *of, at.clone()))
}

/// The same of a term without free indices: its last entry at literal indices.
pub(super) fn at_position(store: &Store, term: Id) -> Option<(Args, Id, Indices)> {
    if !store.free(term).is_empty() {
        return None;
    }
    let mut factors = store.factors(term);
    let position = factors.iter().rposition(|&factor| matches!(store.node(factor), Node::Elem(..)))?;
    let Node::Elem(of, at) = store.node(factors.remove(position)).clone() else { return None };
    Some((factors, of, at))
}

/// The order of slots in which elements are added: that of the indices of the derivative, else the one with fewer
/// transposes. `None` when a term is no element of two indices, or the terms differ in their indices.
pub(super) fn common_slots(store: &Store, terms: &Args) -> Option<Indices> {
    let mut first: Option<Indices> = None;
    let mut cost = [0usize; 2];
    let mut one_slot = false;
    for &term in terms {
        let (_, of, at) = scaled(store, term)?;
        let first = first.get_or_insert_with(|| at.clone());
        one_slot |= in_one_slot(store, of);
        let exchanged = match (&first[..], &at[..]) {
            (a, b) if a == b => false,
            ([a, b], [c, d]) if a == d && b == c && !one_slot => true,
            _ => return None,
        };
        let transposed = matches!(store.node(of), Node::Transpose(_));
        let symmetric = is_symmetric(store, of);
        for (turn, cost) in cost.iter_mut().enumerate() {
            *cost += usize::from(!symmetric && (transposed != (exchanged != (turn == 1))));
        }
    }
    let mut at = first?;
    let turn = if is_fixed(store, &at) { at.len() == 2 && at[0] > at[1] } else { cost[1] < cost[0] };
    if turn && !one_slot {
        at.reverse();
    }
    Some(at)
}

/// Factors in the order in which they are multiplied.
pub(crate) static REORDER: Rule = Rule {
    statement: RuleStatement {
        id: "product.reorder",
        name: "reorder factors",
        kind: RuleKind::Structural,
        statement: "f*g = g*f",
        when: "f and g are scalars, as all elements are",
        reason: "Scalars commute.",
        sentence: "the factors are put in the order in which their indices meet",
        reference: "arithmetic",
        example: ("sum[j](x[j]*B[l,j])", "sum[j](B[l,j]*x[j])"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        in_order(store, id, &term.plan).map(Rewrite::to)
    },
};

/// The term with its factors in the order of the plan; `None` when they stand in it.
fn in_order(store: &mut Store, id: Id, plan: &Plan) -> Option<Id> {
    if plan.walks.iter().all(|walk| walk.strides.len() < 2) {
        return None;
    }
    let strides = plan.walks.iter().flat_map(|walk| &walk.strides).map(|stride| stride.factor);
    let factors: Args = plan.scalars.iter().chain(&plan.others).copied().chain(strides).collect();
    let product = store.mul(factors);
    let to = store.sum(plan.over.iter().copied(), product);
    (to != id).then_some(to)
}

/// A chain of elements whose neighbours share a summed index.
pub(crate) static MATMUL: Rule = Rule {
    statement: RuleStatement {
        id: "raise.matmul",
        name: "sum over neighbours as a matrix product",
        kind: RuleKind::Equation,
        statement: "sum[k](A[i,k]*B[k,j]) = (A*B)[i,j]",
        when: "",
        reason: "A sum over an index between neighbours is an element of the matrix product.",
        sentence: "the sum over {indices} is a matrix product",
        reference: "definition",
        example: ("sum[k](V'[p,k]*W'[k,q])", "(V'*W')[p,q]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        // A closed walk keeps the index at which it starts, until it is read as a trace.
        let (passed, _) = term.plan.passed();
        if passed.is_empty() {
            return None;
        }
        Some(multiplied(store, &term.plan)?.slot("indices", passed))
    },
};

/// A column times a row, whose indices are both free.
pub(crate) static OUTER: Rule = Rule {
    statement: RuleStatement {
        id: "raise.outer",
        name: "outer product",
        kind: RuleKind::Equation,
        statement: "x[i]*y'[j] = (x*y')[i,j]",
        when: "",
        reason: "A column times a row is the matrix of all products of their elements.",
        sentence: "a column times a row is a matrix",
        reference: "definition",
        example: ("a[p]*b'[q]", "(a*b')[p,q]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        if let Some(Reduction::Outer([rows, cols])) = term.next {
            return Some(Rewrite::to(outer(store, &term.plan.network, rows, cols)));
        }
        if term.plan.passed().0.is_empty() { multiplied(store, &term.plan) } else { None }
    },
};

/// The term in which a label and a turned label stand as one matrix.
fn outer(store: &mut Store, network: &Network, rows: usize, cols: usize) -> Id {
    let [column, row] = [rows, cols].map(|label| array_of(store, network.factor(label)));
    let at = network.indices([rows, cols].map(|label| network.edges[label].label()));
    let product = store.matmul([column, row]);
    let element = store.elem(product, at);
    let exchanged = [(network.edges[rows].position, Some(element)), (network.edges[cols].position, None)];
    network.exchanged(store, &exchanged, &[])
}

/// The term with every walk as one product; `None` when nothing is multiplied, or factors do not stand as they must.
fn multiplied(store: &mut Store, plan: &Plan) -> Option<Rewrite> {
    let long = |walk: &&Walk| walk.strides.len() > 1;
    let lined_up = plan.walks.iter().filter(long).flat_map(|walk| &walk.strides).all(|stride| !stride.reversed);
    if !lined_up || !plan.walks.iter().any(|walk| long(&walk)) {
        return None;
    }
    let (_, kept) = plan.passed();
    let mut factors: Args = plan.scalars.iter().chain(&plan.others).copied().collect();
    for walk in &plan.walks {
        if let [stride] = walk.strides[..] {
            factors.push(stride.factor);
            continue;
        }
        let arrays: Args = walk.strides.iter().map(|stride| array_of(store, stride.factor)).collect();
        let product = store.matmul(arrays);
        factors.push(store.elem(product, plan.indices(walk)));
    }
    let product = store.mul(factors);
    Some(Rewrite::to(store.sum(kept, product)))
}

/// A sum over the diagonal.
pub(crate) static TRACE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.trace",
        name: "sum over the diagonal as a trace",
        kind: RuleKind::Equation,
        statement: "sum[i](A[i,i]) = tr(A)",
        when: "",
        reason: "The trace is the sum of the elements on the diagonal.",
        sentence: "the sum over the diagonal is a trace",
        reference: "definition",
        example: ("sum[i]((A*X)[i,i])", "tr(A*X)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM).with(Kinds::ELEM),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let mut factors = store.factors(body);
        for position in 0..factors.len() {
            let Node::Elem(of, at) = store.node(factors[position]).clone() else { continue };
            // The trace of an identity is its size, which the name `I` does not tell: it is counted.
            let identity = matches!(store.node(of), Node::Identity(_));
            if at.len() == 2 && at[0] == at[1] && over.contains(&at[0]) && !identity {
                let alone = factors.iter().enumerate().all(|(k, &f)| k == position || !store.free(f).contains(&at[0]));
                if alone {
                    factors[position] = store.call(Function::Trace, [of]);
                    let product = store.mul(factors);
                    let rest = over.into_iter().filter(|&index| index != at[0]);
                    return Some(Rewrite::to(store.sum(rest, product)));
                }
            }
        }
        None
    },
};
