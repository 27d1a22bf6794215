//! Rules that only lemmas need: definitions of functions, the identity of an inverse, the expansion of a determinant.
//!
//! In: one node of a chain of [`crate::lemmas`]. Out: what stands in its place. Some of them read another rule backwards.

use super::differentiate::{partial, pending};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Index, Indices, Kinds, Node, Rat, Role, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// What a function of a scalar is made of.
pub(crate) static DEFINITION: Rule = Rule {
    statement: RuleStatement {
        id: "function.definition",
        name: "definition of a function",
        kind: RuleKind::Definition,
        statement: "sigmoid(f) = 1/(1 + exp(-f)); softplus(f) = log(1 + exp(f)); tanh(f) = sinh(f)/cosh(f)",
        when: "",
        reason: "These functions are defined by the exponential and its like.",
        sentence: "by definition",
        reference: "definition",
        example: ("softplus(u)", "log(1 + exp(u))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::APPLY),
    apply: |store, id| {
        let Node::Apply(function, f) = *store.node(id) else { return None };
        let exp = |store: &mut Store, f: Id| {
            let (one, power) = (store.int(1), store.apply(Scalar::Exp, f));
            store.add([one, power])
        };
        let to = match function {
            Scalar::Sigmoid => {
                let minus = store.scale(Rat::int(-1), f);
                let under = exp(store, minus);
                store.power(under, Rat::int(-1))
            }
            Scalar::Softplus => {
                let sum = exp(store, f);
                store.apply(Scalar::Log, sum)
            }
            Scalar::Tanh => {
                let under = store.apply(Scalar::Cosh, f);
                let factors = [store.apply(Scalar::Sinh, f), store.power(under, Rat::int(-1))];
                store.mul(factors)
            }
            _ => return None,
        };
        Some(Rewrite::to(to))
    },
};

/// The logistic function of a negative.
pub(crate) static REFLECTION: Rule = Rule {
    statement: RuleStatement {
        id: "sigmoid.reflection",
        name: "the logistic function of a negative",
        kind: RuleKind::Equation,
        statement: "sigmoid(-f) = 1 - sigmoid(f)",
        when: "",
        reason: "1/(1 + exp(f)) and 1/(1 + exp(-f)) add up to 1.",
        sentence: "the logistic function of a number and that of its negative add up to 1",
        reference: "definition",
        example: ("sigmoid(-u)", "1 - sigmoid(u)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::scalar(Scalar::Sigmoid)),
    apply: |store, id| {
        let Node::Apply(Scalar::Sigmoid, arg) = *store.node(id) else { return None };
        let (coefficient, rest) = store.coefficient(arg);
        if !coefficient.is_negative() {
            return None;
        }
        let turned = store.scale(coefficient.neg(), rest);
        let own = store.apply(Scalar::Sigmoid, turned);
        let terms = [store.int(1), store.scale(Rat::int(-1), own)];
        Some(Rewrite::to(store.add(terms)))
    },
};

/// A derivative that stands in every term of a sum.
pub(crate) static COMMON: Rule = Rule {
    statement: RuleStatement {
        id: "diff.common",
        name: "common derivative taken out",
        kind: RuleKind::Structural,
        statement: "f*h + g*h = (f + g)*h",
        when: "h is a pending derivative",
        reason: "A sum of products with one factor in common is the product with the sum.",
        sentence: "the derivative stands in every term",
        reference: "distributivity",
        example: ("d/dt u - tanh(u)^2*d/dt u", "(1 - tanh(u)^2)*d/dt u"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let is_pending = |store: &Store, factor: &Id| matches!(store.node(*factor), Node::Partial(..));
        let common = store.factors(terms[0]).into_iter().find(|factor| is_pending(store, factor))?;
        let mut rest = Args::new();
        for term in terms {
            let mut factors = store.factors(term);
            let position = factors.iter().position(|factor| *factor == common)?;
            factors.remove(position);
            rest.push(store.mul(factors));
        }
        let sum = store.add(rest);
        Some(Rewrite::to(store.mul([sum, common])))
    },
};

/// The matrix of which something is the inverse.
fn inverted(store: &Store, id: Id) -> Option<Id> {
    match store.node(id) {
        Node::Call(Function::Inv, args) => Some(args[0]),
        _ => None,
    }
}

/// An array and the two indices of its element.
fn entry(store: &Store, id: Id) -> Option<(Id, [Index; 2])> {
    match store.node(id) {
        Node::Elem(of, at) => Some((*of, <[Index; 2]>::try_from(at.as_slice()).ok()?)),
        _ => None,
    }
}

/// The derivative of an element of an inverse as a sum over its column.
pub(crate) static INSERT_DELTA: Rule = Rule {
    statement: RuleStatement {
        id: "delta.insert",
        name: "a Kronecker delta inserted",
        kind: RuleKind::Equation,
        statement: "f[j] = sum[i](delta[i,j]*f[i])",
        when: "i and j are different indices",
        reason: "The delta is 0 except where its indices are equal, so the sum has one term.",
        sentence: "a sum with a delta has one term",
        reference: "definition of the Kronecker delta",
        example: ("d/dt inv(A)[i,j]", "sum[k](delta[i,k]*d/dt inv(A)[k,j])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let (inverse, [i, j]) = entry(store, body)?;
        inverted(store, inverse)?;
        let k = store.index(store.index_info(i).dim, Role::Sum, "");
        let element = store.elem(inverse, [k, j]);
        let factors = [store.intern(Node::Delta(i, k)), pending(store, element, by)];
        let product = store.mul(factors);
        Some(Rewrite::to(store.sum([k], product)))
    },
};

/// An inverse times its matrix, in either direction.
pub(crate) static IDENTITY: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.identity",
        name: "a matrix times its inverse",
        kind: RuleKind::Equation,
        statement: "sum[k](inv(A)[i,k]*A[k,j]) = delta[i,j]; sum[k](A[i,k]*inv(A)[k,j]) = delta[i,j]",
        when: "A is invertible",
        reason: "inv(A)*A = A*inv(A) = I, written in elements.",
        sentence: "a matrix times its inverse is the identity",
        reference: "definition of the inverse",
        example: ("sum[k](A[i,k]*inv(A)[k,j])", "delta[i,j]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ANY),
    apply: |store, id| cancelled(store, id).or_else(|| inserted(store, id)).map(Rewrite::to),
};

/// The delta that a sum over the product of a matrix and its inverse is.
fn cancelled(store: &mut Store, id: Id) -> Option<Id> {
    let Node::Sum(over, body) = store.node(id) else { return None };
    let factors = store.factors(*body);
    let ([k], [first, second]) = (over.as_slice(), factors.as_slice()) else { return None };
    let ((left, [i, a]), (right, [b, j])) = (entry(store, *first)?, entry(store, *second)?);
    let inverse = inverted(store, left) == Some(right) || inverted(store, right) == Some(left);
    (inverse && a == *k && b == *k && i != j).then(|| store.intern(Node::Delta(i, j)))
}

/// A product of a delta with the derivative of an element of an inverse: the delta is the inverse times its matrix.
fn inserted(store: &mut Store, id: Id) -> Option<Id> {
    let Node::Mul(factors) = store.node(id) else { return None };
    let [delta, derivative] = factors.as_slice() else { return None };
    let (Node::Delta(i, j), (body, _)) = (store.node(*delta), partial(store, *derivative)?) else { return None };
    let ((i, j), derivative) = ((*i, *j), *derivative);
    let (inverse, _) = entry(store, body)?;
    let matrix = inverted(store, inverse)?;
    let k = store.index(store.index_info(i).dim, Role::Sum, "");
    let product = [store.elem(inverse, [i, k]), store.elem(matrix, [k, j])];
    let product = store.mul(product);
    let sum = store.sum([k], product);
    Some(store.mul([sum, derivative]))
}

/// A factor in front of the sums over indices that it does not have.
pub(crate) static NEST: Rule = Rule {
    statement: RuleStatement {
        id: "sum.nest",
        name: "sum inside a sum",
        kind: RuleKind::Structural,
        statement: "sum[i,j](f[i]*g[i,j]) = sum[i](f[i]*sum[j](g[i,j]))",
        when: "j does not occur in f",
        reason: "A factor that does not have the index of a sum can be taken out of it.",
        sentence: "the first factor is taken out of the sum over {index}",
        reference: "distributivity",
        example: ("sum[k,m](P[i,k]*A[k,m]*B[m,j])", "sum[k](P[i,k]*sum[m](A[k,m]*B[m,j]))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let over = over.clone();
        let factors = store.factors(*body);
        let (&first, rest) = factors.split_first()?;
        let (outer, inner): (Indices, Indices) = over.into_iter().partition(|index| store.free(first).contains(index));
        if outer.is_empty() || rest.is_empty() {
            return None;
        }
        let &index = inner.first()?;
        let rest = store.mul(rest.iter().copied());
        let rest = store.sum(inner, rest);
        let product = store.mul([first, rest]);
        Some(Rewrite::to(store.intern(Node::Sum(outer, product))).slot("index", index))
    },
};

/// The product rule, solved for one of its terms.
pub(crate) static BY_PARTS: Rule = Rule {
    statement: RuleStatement {
        id: "diff.by-parts",
        name: "product rule, solved for one term",
        kind: RuleKind::Scheme,
        statement: "sum[i](f[i]*d/dx[l] g[i]) = (d/dx[l] sum[i](f[i]*g[i])) - sum[i]((d/dx[l] f[i])*g[i])",
        when: "",
        reason: "The derivative of a product has a term for each factor; the other term is subtracted.",
        sentence: "the product rule, solved for this term",
        reference: "calculus",
        example: ("f*d/dt g", "(d/dt (f*g)) - g*d/dt f"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, factors) = (over.clone(), store.factors(*body));
        let (&derivative, others) = factors.split_last()?;
        let (inner, by) = partial(store, derivative)?;
        let others = store.mul(others.iter().copied());
        let whole = store.mul([others, inner]);
        let whole = store.sum(over.clone(), whole);
        let whole = pending(store, whole, by);
        let other = pending(store, others, by);
        let product = store.mul([other, inner]);
        let sum = store.sum(over, product);
        let minus = store.scale(Rat::int(-1), sum);
        Some(Rewrite::to(store.add([whole, minus])))
    },
};

/// The matrix of which something is the determinant.
fn determinant(store: &Store, id: Id) -> Option<Id> {
    match store.node(id) {
        Node::Call(Function::Det, args) => Some(args[0]),
        _ => None,
    }
}

/// The chain rule over the elements of a matrix.
pub(crate) static ELEMENTS: Rule = Rule {
    statement: RuleStatement {
        id: "det.elements",
        name: "chain rule over the elements",
        kind: RuleKind::Equation,
        statement: "d/dx[l] det(A) = sum[i,j]((d/dA[i,j] det(A))*(d/dx[l] A[i,j]))",
        when: "",
        reason: "A determinant changes with every element of the matrix.",
        sentence: "chain rule: by each element, times the derivative of that element",
        reference: "calculus",
        example: ("d/dt det(A)", "sum[i,j]((d/dA[i,j] det(A))*(d/dt A[i,j]))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let matrix = determinant(store, body)?;
        if !matches!(store.node(by), Node::Symbol(_)) {
            return None;
        }
        let shape = store.shape(matrix);
        let at = [shape.rows, shape.cols].map(|dim| store.index(dim, Role::Sum, ""));
        let element = store.elem(matrix, at);
        let factors = [pending(store, body, element), pending(store, element, by)];
        let product = store.mul(factors);
        Some(Rewrite::to(store.sum(at, product)))
    },
};

/// A determinant by the elements of the row in which it is differentiated.
pub(crate) static EXPANSION: Rule = Rule {
    statement: RuleStatement {
        id: "det.expansion",
        name: "expansion of a determinant along a row",
        kind: RuleKind::Equation,
        statement: "d/dA[i,j] det(A) = d/dA[i,j] sum[k](A[i,k]*adj(A)[k,i])",
        when: "",
        reason: "A determinant is the sum over any row of the elements times their cofactors, which are the elements of the adjugate.",
        sentence: "expanded along row {row}: elements times cofactors",
        reference: "Laplace expansion",
        example: ("d/dA[i,j] det(A)", "d/dA[i,j] sum[k](A[i,k]*adj(A)[k,i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let matrix = determinant(store, body)?;
        let (of, [i, _]) = entry(store, by)?;
        if of != matrix {
            return None;
        }
        let k = store.index(store.shape(matrix).cols, Role::Sum, "");
        let adjugate = store.call(Function::Adj, [matrix]);
        let factors = [store.elem(matrix, [i, k]), store.elem(adjugate, [k, i])];
        let product = store.mul(factors);
        let sum = store.sum([k], product);
        Some(Rewrite::to(pending(store, sum, by)).slot("row", i))
    },
};

/// A cofactor by an element of its own row.
pub(crate) static COFACTOR: Rule = Rule {
    statement: RuleStatement {
        id: "det.cofactor",
        name: "a cofactor does not contain its row",
        kind: RuleKind::Equation,
        statement: "d/dA[i,j] adj(A)[k,i] = 0",
        when: "",
        reason: "The cofactor of an element is the determinant without its row and column, so it contains no element of the row.",
        sentence: "the cofactors of row {row} contain no element of that row",
        reference: "definition of the cofactor",
        example: ("d/dA[i,j] adj(A)[k,i]", "0"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let ((adjugate, [_, row]), (matrix, [i, _])) = (entry(store, body)?, entry(store, by)?);
        let is_adjugate = matches!(store.node(adjugate), Node::Call(Function::Adj, args) if args[0] == matrix);
        (is_adjugate && row == i).then(|| Rewrite::to(store.int(0)).slot("row", i))
    },
};
