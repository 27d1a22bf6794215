//! Rules that use what is declared of a matrix, or what its form says of it.
//!
//! In: transposes, inverses and products of matrices with structure. Out: the same without them.
//! Left to others: drawing values with the structure (the checker).
//!
//! Nothing is left to be differentiated here, so what is declared of the variable is used as well.

use super::parts::{equals_transpose, is_declared, is_symmetric, is_triangular, other_triangle};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Symmetric matrices equal their transpose.
pub(crate) static SYMMETRIC: Rule = Rule {
    statement: RuleStatement {
        id: "structure.symmetric",
        name: "symmetry",
        kind: RuleKind::Equation,
        statement: "S' = S",
        when: "S is declared symmetric, diagonal or positive-definite, or its transposes moved to the letters give S again",
        reason: "A symmetric matrix equals its transpose.",
        sentence: "{matrix} is symmetric",
        reference: "definition",
        example: ("S'", "S"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let symmetric = is_symmetric(store, arg) || equals_transpose(store, arg);
        symmetric.then(|| Rewrite::to(arg).slot("matrix", arg))
    },
};

/// Skew matrices are the opposite of their transpose.
pub(crate) static SKEW: Rule = Rule {
    statement: RuleStatement {
        id: "structure.skew",
        name: "skew symmetry",
        kind: RuleKind::Equation,
        statement: "K' = -K",
        when: "K is declared skew",
        reason: "A skew matrix is the opposite of its transpose.",
        sentence: "{matrix} is skew",
        reference: "definition",
        example: ("K'", "-K"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let skew = is_declared(store, arg, &["skew"]);
        let minus = store.int(-1);
        skew.then(|| Rewrite::to(store.mul([minus, arg])).slot("matrix", arg))
    },
};

/// Triangles and diagonals of matrices that have zeros.
pub(crate) static TRIANGLE: Rule = Rule {
    statement: RuleStatement {
        id: "structure.triangle",
        name: "triangle of a triangular matrix",
        kind: RuleKind::Equation,
        statement: "tril(L) = L; triu(U) = U; tril(U) = U .* I; triu(L) = L .* I; D .* I = D",
        when: "L is lower, U upper, D both, by declaration or as a product, sum, power, inverse or transpose of such",
        reason: "The entries on one side of the diagonal are zero already.",
        sentence: "{matrix} is zero there already",
        reference: "definition",
        example: ("tril(inv(L))", "inv(L)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Tril).or(Kinds::function(Function::Triu)).or(Kinds::HADAMARD)),
    apply: |store, id| match store.node(id).clone() {
        Node::Call(function @ (Function::Tril | Function::Triu), args) => {
            let &[arg] = args.as_slice() else { return None };
            if is_triangular(store, arg, function) {
                return Some(Rewrite::to(arg).slot("matrix", arg));
            }
            if !is_triangular(store, arg, other_triangle(function)) {
                return None;
            }
            let identity = store.intern(Node::Identity(store.shape(arg).rows));
            Some(Rewrite::to(store.hadamard([arg, identity])).slot("matrix", arg))
        }
        Node::Hadamard(mut args) => {
            let identity = args.iter().position(|&arg| matches!(store.node(arg), Node::Identity(_)))?;
            args.remove(identity);
            let is_diagonal =
                |&&arg: &&Id| [Function::Tril, Function::Triu].iter().all(|&f| is_triangular(store, arg, f));
            let diagonal = *args.iter().find(is_diagonal)?;
            Some(Rewrite::to(store.hadamard(args)).slot("matrix", diagonal))
        }
        _ => None,
    },
};

/// Orthogonal matrices are inverted by transposing.
pub(crate) static ORTHOGONAL: Rule = Rule {
    statement: RuleStatement {
        id: "structure.orthogonal",
        name: "orthogonality",
        kind: RuleKind::Equation,
        statement: "Q'*Q = I; Q*Q' = I; inv(Q) = Q'; Q'*Q*A = A; Q*Q'*A = A; A*Q'*Q = A; A*Q*Q' = A",
        when: "Q is declared orthogonal",
        reason: "The rows and the columns of an orthogonal matrix are orthonormal.",
        sentence: "{matrix} is orthogonal",
        reference: "definition",
        example: ("Q'*Q", "I"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Inv).or(Kinds::MATMUL)),
    apply: |store, id| {
        let is_orthogonal = |store: &Store, id: Id| is_declared(store, id, &["orthogonal"]);
        match store.node(id).clone() {
            Node::Call(Function::Inv, args) if is_orthogonal(store, args[0]) => {
                Some(Rewrite::to(store.transpose(args[0])).slot("matrix", args[0]))
            }
            Node::Matmul(factors) => {
                let position = (1..factors.len()).find(|&k| {
                    let [left, right] = [factors[k - 1], factors[k]].map(|factor| match *store.node(factor) {
                        Node::Transpose(inner) => (inner, true),
                        _ => (factor, false),
                    });
                    left.0 == right.0 && left.1 != right.1 && is_orthogonal(store, left.0)
                })?;
                let letter = match *store.node(factors[position]) {
                    Node::Transpose(inner) => inner,
                    _ => factors[position],
                };
                let rest = factors.iter().enumerate().filter(|(k, _)| *k + 1 != position && *k != position);
                let mut rest: Args = rest.map(|(_, &factor)| factor).collect();
                if rest.is_empty() {
                    rest.push(store.intern(Node::Identity(store.shape(letter).rows)));
                }
                Some(Rewrite::to(store.matmul(rest)).slot("matrix", letter))
            }
            _ => None,
        }
    },
};
