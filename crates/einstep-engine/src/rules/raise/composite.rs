//! Slots named by several indices: Kronecker products and stacked matrices.
//!
//! In: elements whose indices together name one slot of an array, or of another element. Out: elements of `kron(A,B)` or
//! `vec(A)`. Left to others: which elements those are ([`crate::raising`]).

use crate::places::at;
use crate::raising::{Fusion, Network, Reduction, array_of, read};
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Function, Id, Kinds, Node, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// A product of elements as an element of a Kronecker product.
pub(crate) static KRON: Rule = Rule {
    statement: RuleStatement {
        id: "raise.kron",
        name: "product of elements as a Kronecker product",
        kind: RuleKind::Equation,
        statement: "A[i,j]*B[k,l] = kron(A,B)[i,k,j,l]",
        when: "i and k together name the rows of the product, j and l its columns",
        reason: "The Kronecker product has a block A[i,j]*B for each element of A.",
        sentence: "each block is an element of the first factor times the second",
        reference: "definition",
        example: ("delta[i,p]*y[k]", "kron(I,y)[i,k,p]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL).or(Kinds::ARRAY)),
    apply: |store, id| anywhere(store, id, kronecker),
};

/// An element whose two indices name one slot as an element of the stacked matrix.
pub(crate) static VEC: Rule = Rule {
    statement: RuleStatement {
        id: "raise.vec",
        name: "element of a stacked matrix",
        kind: RuleKind::Equation,
        statement: "A[i,j] = vec(A)[j,i]; A[j,i] = vec(A')[j,i]",
        when: "j and i together name one slot",
        reason: "vec stacks the columns: the row index runs fastest.",
        sentence: "the columns are stacked",
        reference: "definition",
        example: ("X[i,j]", "vec(X)[j,i]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL).or(Kinds::ARRAY)),
    apply: |store, id| anywhere(store, id, stacked),
};

/// An index that is named elsewhere too is summed against an identity.
pub(crate) static THROUGH: Rule = Rule {
    statement: RuleStatement {
        id: "identity.insert",
        name: "sum against the identity",
        kind: RuleKind::Equation,
        statement: "f[j] = sum[i](I[i,j]*f[i])",
        when: "",
        reason: "Multiplying by the identity changes nothing.",
        sentence: "{index} is summed against an identity, so that its slot can be summed as a whole",
        reference: "definition",
        example: ("sum[k](A[i,l,k]*y[k])", "sum[j,k](A[i,j,k]*I[j,l]*y[k])"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)),
    apply: |store, id| {
        let term = read(store, id)?;
        let network = &term.plan.network;
        let Some(Reduction::Through(position, index)) = term.next else { return None };
        let dim = store.index_info(index).dim;
        let fresh = store.index(dim, Role::Sum, "");
        let factor = store.rename(network.factors[position], index, fresh);
        let identity = store.intern(Node::Identity(dim));
        let element = store.elem(identity, [fresh, index]);
        let product = store.mul([factor, element]);
        let term = network.exchanged(store, &[(position, Some(product))], &[]);
        let term = match store.node(term).clone() {
            Node::Sum(over, body) => store.sum([fresh].into_iter().chain(over), body),
            _ => store.sum([fresh], term),
        };
        Some(Rewrite::to(term).slot("index", index))
    },
};

/// Whether a node is an array with a slot of several indices.
pub(super) fn has_slots(store: &Store, id: Id) -> bool {
    let Node::Array(over, rows, _) = store.node(id) else { return false };
    let rows = usize::from(*rows);
    rows > 1 || over.len() - rows > 1
}

/// A step of a term.
type Step = fn(&mut Store, &Network, &Reduction) -> Option<Id>;

/// The array with a step taken in each of its terms for which it is the next.
pub(super) fn in_slots(store: &mut Store, id: Id, step: Step) -> Option<Rewrite> {
    let Node::Array(over, rows, body) = store.node(id).clone() else { return None };
    let (row, col) = over.split_at(usize::from(rows));
    let mut terms = store.terms(body);
    for term in &mut terms {
        if let Some(network) = Network::of(store, *term)
            && let Some(next) = network.next_in(store, [row, col])
            && let Some(to) = step(store, &network, &next)
        {
            *term = to;
        }
    }
    let body = store.add(terms);
    Some(Rewrite::to(store.intern(Node::Array(over.clone(), rows, body))))
}

fn anywhere(store: &mut Store, id: Id, step: Step) -> Option<Rewrite> {
    if has_slots(store, id) {
        return in_slots(store, id, step);
    }
    let term = read(store, id)?;
    step(store, &term.plan.network, term.next.as_ref()?).map(Rewrite::to)
}

fn kronecker(store: &mut Store, network: &Network, step: &Reduction) -> Option<Id> {
    let Reduction::Kronecker(Fusion { edges, rows, cols }) = step else { return None };
    let (first, rest) = edges.split_first()?;
    let mut product = array_of(store, network.factor(*first));
    for &edge in rest {
        let array = array_of(store, network.factor(edge));
        product = store.call(Function::Kron, [product, array]);
    }
    let element = store.elem(product, rows.iter().chain(cols).copied());
    let mut exchanged: Vec<(usize, Option<Id>)> =
        edges.iter().map(|&edge| (network.edges[edge].position, None)).collect();
    exchanged[0].1 = Some(element);
    Some(network.exchanged(store, &exchanged, &[]))
}

fn stacked(store: &mut Store, network: &Network, step: &Reduction) -> Option<Id> {
    let Reduction::Stack(edge, at) = step else { return None };
    let edge = network.edges[*edge];
    let of = array_of(store, edge.factor);
    let of = if edge.col == at.first().copied() { of } else { store.transpose(of) };
    let stacked = store.call(Function::Vec, [of]);
    let element = store.elem(stacked, at.iter().copied());
    Some(network.exchanged(store, &[(edge.position, Some(element))], &[]))
}
