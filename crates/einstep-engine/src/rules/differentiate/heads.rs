//! The derivatives of functions of a whole matrix: determinants, inverses, products of entries.
//!
//! In: the pending derivative of such a function, or of an element of it. Out: a sum over derivatives of the elements of its
//! argument.

use super::{partial, pending};
use crate::lemmas::{Citation, Lemma};
use crate::places::at;
use crate::rules::lower::slots_of;
use crate::work::{Need, Needed, Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Index, Kinds, Node, Rat, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The argument of a function of a whole matrix.
fn argument(store: &Store, id: Id, function: Function) -> Option<Id> {
    match store.node(id) {
        Node::Call(found, args) if *found == function => Some(args[0]),
        _ => None,
    }
}

/// New indices for the rows and columns of a matrix, and the derivative of its element there.
fn element(store: &mut Store, matrix: Id, by: Id) -> ([Index; 2], Id) {
    let shape = store.shape(matrix);
    let at = [shape.rows, shape.cols].map(|dim| store.index(dim, Role::Sum, ""));
    let element = store.elem(matrix, at);
    (at, pending(store, element, by))
}

/// Jacobi's formula.
pub(crate) static DET: Rule = Rule {
    statement: RuleStatement {
        id: "diff.det",
        name: "derivative of a determinant",
        kind: RuleKind::Equation,
        statement: "d/dx[l] det(A) = det(A)*sum[i,j](inv(A)[j,i]*(d/dx[l] A[i,j]))",
        when: "A is invertible",
        reason: "Expanded along row i, the determinant is linear in A[i,j], with the cofactor det(A)*inv(A)[j,i] as its factor.",
        sentence: "the cofactor of each element, det·inv, times the derivative of that element",
        reference: "Matrix Cookbook (41), (46)",
        example: ("d/dX[p,q] det(X)", "det(X)*sum[i,j](inv(X)[j,i]*d/dX[p,q] X[i,j])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::function(Function::Det)),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let matrix = argument(store, body, Function::Det).filter(|&matrix| store.varies_by(matrix, by))?;
        let ([i, j], inner) = element(store, matrix, by);
        let inverse = store.call(Function::Inv, [matrix]);
        let cofactor = store.elem(inverse, [j, i]);
        let product = store.mul([cofactor, inner]);
        let sum = store.sum([i, j], product);
        let needs = Some(Need { node: matrix, kind: Needed::Invertible });
        let cites = Some(Citation { lemma: Lemma::Determinant, of: matrix, by });
        Some(Rewrite { needs, cites, ..Rewrite::to(store.mul([body, sum])) })
    },
};

/// The derivative of an element of an inverse.
pub(crate) static INVERSE: Rule = Rule {
    statement: RuleStatement {
        id: "diff.inverse",
        name: "derivative of an inverse",
        kind: RuleKind::Equation,
        statement: "d/dx[l] inv(A)[i,j] = -sum[r,s](inv(A)[i,r]*(d/dx[l] A[r,s])*inv(A)[s,j])",
        when: "A is invertible",
        reason: "A*inv(A) = I does not change: the derivative of A times inv(A) and A times that of inv(A) cancel.",
        sentence: "from A·A⁻¹ = I: minus the inverse, the derivative of the matrix, the inverse",
        reference: "Matrix Cookbook (59)",
        example: ("d/dX[p,q] inv(X)[i,j]", "-sum[r,s](inv(X)[i,r]*(d/dX[p,q] X[r,s])*inv(X)[s,j])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::function(Function::Inv)),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let Node::Elem(inverse, at) = store.node(body).clone() else { return None };
        let matrix = argument(store, inverse, Function::Inv).filter(|&matrix| store.varies_by(matrix, by))?;
        let [i, j] = slots_of(store, store.shape(inverse), &at);
        let ([r, s], inner) = element(store, matrix, by);
        let left = store.elem(inverse, i.into_iter().chain([r]));
        let right = store.elem(inverse, [s].into_iter().chain(j));
        let factors = [left, inner, right];
        let product = store.mul(factors);
        let sum = store.sum([r, s], product);
        let needs = Some(Need { node: matrix, kind: Needed::Invertible });
        let cites = Some(Citation { lemma: Lemma::Inverse, of: matrix, by });
        Some(Rewrite { needs, cites, ..Rewrite::to(store.scale(Rat::int(-1), sum)) })
    },
};

/// The derivative of an element of a pseudoinverse.
pub(crate) static PSEUDOINVERSE: Rule = Rule {
    statement: RuleStatement {
        id: "diff.pinv",
        name: "derivative of a pseudoinverse",
        kind: RuleKind::Equation,
        statement: "d/dx[l] pinv(A)[i,j] = sum[r,s]((pinv(A)*pinv(A)')[i,s]*(d/dx[l] A[r,s])*(I - A*pinv(A))[r,j]) \
                    + sum[r,s]((I - pinv(A)*A)[i,s]*(d/dx[l] A[r,s])*(pinv(A)'*pinv(A))[r,j]) \
                    - sum[r,s](pinv(A)[i,r]*(d/dx[l] A[r,s])*pinv(A)[s,j])",
        when: "A has full rank, so that its rank does not change",
        reason: "The four Penrose equations, differentiated; two of the terms are zero where A is square.",
        sentence: "the derivative of a pseudoinverse of constant rank",
        reference: "Golub and Pereyra (1973), Matrix Cookbook (67)",
        example: ("d/dX[p,q] pinv(X)[i,j]", "a sum of three terms"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::function(Function::Pinv)),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let Node::Elem(inverse, at) = store.node(body).clone() else { return None };
        let matrix = argument(store, inverse, Function::Pinv).filter(|&matrix| store.varies_by(matrix, by))?;
        let &[i, j] = at.as_slice() else { return None };
        let turned = store.transpose(inverse);
        let rest = |store: &mut Store, factors: [Id; 2]| {
            let product = store.matmul(factors);
            let identity = store.intern(Node::Identity(store.shape(product).rows));
            let minus = store.scale(Rat::int(-1), product);
            store.add([identity, minus])
        };
        let (left_square, right_square) = (store.matmul([inverse, turned]), store.matmul([turned, inverse]));
        let (left_rest, right_rest) = (rest(store, [inverse, matrix]), rest(store, [matrix, inverse]));
        let mut terms = Args::new();
        let ways = [(left_square, right_rest, true), (left_rest, right_square, true), (inverse, inverse, false)];
        for (left, right, crossed) in ways {
            let ([r, s], inner) = element(store, matrix, by);
            let (first, second) = if crossed { (s, r) } else { (r, s) };
            let factors = [store.elem(left, [i, first]), inner, store.elem(right, [second, j])];
            let product = store.mul(factors);
            let sum = store.sum([r, s], product);
            terms.push(if crossed { sum } else { store.scale(Rat::int(-1), sum) });
        }
        let needs = Some(Need { node: matrix, kind: Needed::FullRank });
        Some(Rewrite { needs, ..Rewrite::to(store.add(terms)) })
    },
};

/// The product rule for a product over an index.
pub(crate) static PROD: Rule = Rule {
    statement: RuleStatement {
        id: "diff.prod",
        name: "product rule for a product over an index",
        kind: RuleKind::Equation,
        statement: "d/dx[l] prod[i](f[i]) = sum[j](prod[i](f[i])/f[j]*(d/dx[l] f[j]))",
        when: "no factor is zero",
        reason: "Each factor is differentiated in turn; the others are the whole product divided by it.",
        sentence: "product rule: each factor in turn, the others are the product divided by it",
        reference: "calculus",
        example: ("d/dx[l] prod[i](x[i])", "sum[j](prod[i](x[i])/x[j]*d/dx[l] x[j])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::PROD),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let Node::Prod(over, factor) = store.node(body).clone() else { return None };
        if !store.varies_by(factor, by) {
            return None;
        }
        let mut own = factor;
        let mut fresh = over.clone();
        for index in &mut fresh {
            let dim = store.index_info(*index).dim;
            let new = store.index(dim, Role::Sum, "");
            own = store.rename(own, *index, new);
            *index = new;
        }
        let factors = [body, store.power(own, Rat::int(-1)), pending(store, own, by)];
        let product = store.mul(factors);
        let needs = Some(Need { node: own, kind: Needed::Nonzero });
        Some(Rewrite { needs, ..Rewrite::to(store.sum(fresh, product)) })
    },
};
