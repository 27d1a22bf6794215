//! Elements of a structured variable, whose entries do not move one by one.
//!
//! In: the derivative of an element of the variable by an element of it. Out: products of deltas that say which entries move
//! with which. Left to others: that a variable has a structure, and how it is read ([`einstep_expr::Store::tied`]).

use super::partial;
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Function, Id, Index, Kinds, Node, Rat, Reading, Shape, Store, Structure};
use einstep_trace::{MarkKind, RuleKind, RuleStatement};

/// Entries that the structure ties to each other move together.
pub(crate) static TIED: Rule = Rule {
    statement: RuleStatement {
        id: "diff.tied",
        name: "derivative of an element with tied entries",
        kind: RuleKind::Equation,
        statement: "d/dS[p,q] S[i,j] = delta[i,p]*delta[j,q] + delta[i,q]*delta[j,p] - delta[i,p]*delta[j,q]*delta[i,j]; \
                    d/dK[p,q] K[i,j] = delta[i,p]*delta[j,q] - delta[i,q]*delta[j,p]; \
                    d/dD[p,q] D[i,j] = delta[i,p]*delta[j,q]*delta[i,j]; \
                    d/dL[p,q] L[i,j] = tril(ones(n,n))[i,j]*delta[i,p]*delta[j,q]; \
                    d/dU[p,q] U[i,j] = triu(ones(n,n))[i,j]*delta[i,p]*delta[j,q]",
        when: "S is symmetric, K skew, D diagonal, L lower, U upper, read as tied",
        reason: "When an entry moves, those that the structure ties to it move with it, and those that it makes zero do not move.",
        sentence: "{matrix} is {structure}: entries move as that ties them",
        reference: "Matrix Cookbook (134), (135)",
        example: (
            "d/dS[p,q] S[i,j]",
            "delta[i,p]*delta[j,q] + delta[i,q]*delta[j,p] - delta[i,p]*delta[j,q]*delta[i,j]",
        ),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| structured(store, id, Reading::Tied),
};

/// The direction of an entry, projected onto the matrices that have the structure.
pub(crate) static PROJECTED: Rule = Rule {
    statement: RuleStatement {
        id: "diff.projected",
        name: "derivative of an element, projected",
        kind: RuleKind::Equation,
        statement: "d/dS[p,q] S[i,j] = 1/2*delta[i,p]*delta[j,q] + 1/2*delta[i,q]*delta[j,p]; \
                    d/dK[p,q] K[i,j] = 1/2*delta[i,p]*delta[j,q] - 1/2*delta[i,q]*delta[j,p]; \
                    d/dD[p,q] D[i,j] = delta[i,p]*delta[j,q]*delta[i,j]; \
                    d/dL[p,q] L[i,j] = tril(ones(n,n))[i,j]*delta[i,p]*delta[j,q]; \
                    d/dU[p,q] U[i,j] = triu(ones(n,n))[i,j]*delta[i,p]*delta[j,q]",
        when: "S is symmetric, K skew, D diagonal, L lower, U upper, read as projected",
        reason: "The direction of an entry is projected onto the matrices that have the structure.",
        sentence: "{matrix} is {structure}: the direction of an entry is projected",
        reference: "orthogonal projection",
        example: ("d/dS[p,q] S[i,j]", "1/2*delta[i,p]*delta[j,q] + 1/2*delta[i,q]*delta[j,p]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| structured(store, id, Reading::Projected),
};

fn structured(store: &mut Store, id: Id, reading: Reading) -> Option<Rewrite> {
    let (body, by) = partial(store, id)?;
    let (Node::Elem(of, at), Node::Elem(variable, by_at)) = (store.node(body), store.node(by)) else { return None };
    let (of, &[i, j], &[p, q]) = (*of, at.as_slice(), by_at.as_slice()) else { return None };
    let &Node::Symbol(symbol) = store.node(of) else { return None };
    if of != *variable || store.reading != reading {
        return None;
    }
    let structure = store.tied(symbol)?;
    let mut deltas = |pairs: &[[Index; 2]]| {
        let deltas: Vec<Id> = pairs.iter().map(|&[i, j]| store.intern(Node::Delta(i, j))).collect();
        store.mul(deltas)
    };
    let same = deltas(&[[i, p], [j, q]]);
    let turned = deltas(&[[i, q], [j, p]]);
    let diagonal = deltas(&[[i, p], [j, q], [i, j]]);
    let half = Rat::fraction(1, 2);
    let mut mask = |triangle: Function| {
        let dim = store.index_info(i).dim;
        let ones = store.intern(Node::Ones(Shape { rows: dim, cols: dim }));
        let mask = store.call(triangle, [ones]);
        let entry = store.elem(mask, [i, j]);
        store.mul([entry, same])
    };
    let to = match (structure, reading) {
        (Structure::Diagonal, _) => diagonal,
        (Structure::Lower, _) => mask(Function::Tril),
        (Structure::Upper, _) => mask(Function::Triu),
        (Structure::Symmetric, Reading::Projected) => combination(store, &[(half.clone(), same), (half, turned)]),
        (Structure::Skew, Reading::Projected) => combination(store, &[(half.clone(), same), (half.neg(), turned)]),
        (Structure::Symmetric, _) => {
            combination(store, &[(Rat::ONE, same), (Rat::ONE, turned), (Rat::int(-1), diagonal)])
        }
        (Structure::Skew, _) => combination(store, &[(Rat::ONE, same), (Rat::int(-1), turned)]),
    };
    let mut rewrite = Rewrite::to(to).slot("matrix", of).slot("structure", structure.name());
    rewrite.marks = marks(store, to);
    Some(rewrite)
}

fn combination(store: &mut Store, terms: &[(Rat, Id)]) -> Id {
    let terms: Vec<Id> = terms.iter().map(|(number, term)| store.scale(number.clone(), *term)).collect();
    store.add(terms)
}

/// Where the deltas stand.
fn marks(store: &Store, to: Id) -> Vec<(MarkKind, Vec<u32>)> {
    let terms = store.terms(to);
    let is_delta = |factor: &Id| matches!(store.node(*factor), Node::Delta(..));
    let mut marks = Vec::new();
    for (k, &term) in (0..).zip(&terms) {
        let prefix: &[u32] = if terms.len() > 1 { &[k] } else { &[] };
        let deltas = (0..).zip(store.factors(term)).filter(|(_, factor)| is_delta(factor));
        marks.extend(deltas.map(|(position, _)| (MarkKind::Delta, [prefix, &[position]].concat())));
    }
    marks
}
