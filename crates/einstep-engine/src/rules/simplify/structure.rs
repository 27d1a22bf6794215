//! Rules that use what is declared of a matrix, or what its form says of it.
//!
//! In: transposes, inverses and products of matrices with structure. Out: the same without them.
//! Left to others: drawing values with the structure (the checker).
//!
//! Nothing is left to be differentiated here, so what is declared of the variable is used as well.

use super::parts::{
    argument, chain, equals_transpose, is_declared, is_skew, is_symmetric, is_triangular, other_triangle,
};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Store};
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
        when: "K is declared skew, or an inverse or an odd power of such",
        reason: "A skew matrix is the opposite of its transpose.",
        sentence: "{matrix} is skew",
        reference: "definition",
        example: ("K'", "-K"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let minus = store.int(-1);
        is_skew(store, arg).then(|| Rewrite::to(store.mul([minus, arg])).slot("matrix", arg))
    },
};

/// Triangles and diagonals of matrices that have zeros.
pub(crate) static TRIANGLE: Rule = Rule {
    statement: RuleStatement {
        id: "structure.triangle",
        name: "triangle of a triangular matrix",
        kind: RuleKind::Equation,
        statement: "tril(L) = L; triu(U) = U; tril(U) = U .* I; triu(L) = L .* I; D .* I = D; diag(diag(D)) = D",
        when: "L is lower, U upper, D both, by declaration or as a product, sum, power, inverse or transpose of such",
        reason: "The entries on one side of the diagonal are zero already.",
        sentence: "{matrix} is zero there already",
        reference: "definition",
        example: ("tril(inv(L))", "inv(L)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Tril)
        .or(Kinds::function(Function::Triu))
        .or(Kinds::function(Function::Diag))
        .or(Kinds::HADAMARD)),
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
        Node::Call(Function::Diag, args) => {
            let arg = argument(store, args[0], Function::Diagonal)?;
            is_diagonal(store, arg).then(|| Rewrite::to(arg).slot("matrix", arg))
        }
        Node::Hadamard(mut args) => {
            let identity = args.iter().position(|&arg| matches!(store.node(arg), Node::Identity(_)))?;
            args.remove(identity);
            let diagonal = *args.iter().find(|&&arg| is_diagonal(store, arg))?;
            Some(Rewrite::to(store.hadamard(args)).slot("matrix", diagonal))
        }
        _ => None,
    },
};

fn is_diagonal(store: &Store, id: Id) -> bool {
    [Function::Tril, Function::Triu].into_iter().all(|triangle| is_triangular(store, id, triangle))
}

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
    apply: |store, id| match store.node(id).clone() {
        Node::Call(Function::Inv, args) if is_orthogonal(store, args[0]) => {
            Some(Rewrite::to(store.transpose(args[0])).slot("matrix", args[0]))
        }
        Node::Matmul(factors) => {
            let position = (1..factors.len()).find(|&k| are_opposite(store, factors[k - 1], factors[k]))?;
            let letter = untransposed(store, factors[position]);
            let rest = factors.iter().enumerate().filter(|(k, _)| *k + 1 != position && *k != position);
            let mut rest: Args = rest.map(|(_, &factor)| factor).collect();
            if rest.is_empty() {
                rest.push(store.intern(Node::Identity(store.shape(letter).rows)));
            }
            Some(Rewrite::to(store.matmul(rest)).slot("matrix", letter))
        }
        _ => None,
    },
};

/// What does not change when the arrays are turned by an orthogonal matrix.
pub(crate) static INVARIANT: Rule = Rule {
    statement: RuleStatement {
        id: "structure.invariant",
        name: "invariance under an orthogonal matrix",
        kind: RuleKind::Equation,
        statement: "norm(Q*x) = norm(x); normF(Q*A) = normF(A); normF(A*Q) = normF(A); tr(Q'*A*Q) = tr(A); \
                    tr(Q*A*Q') = tr(A); det(Q'*A*Q) = det(A); det(Q*A*Q') = det(A); inv(Q*A) = inv(A)*Q'; \
                    inv(A*Q) = Q'*inv(A); inv(Q'*A) = inv(A)*Q; inv(A*Q') = Q*inv(A)",
        when: "Q is declared orthogonal",
        reason: "An orthogonal matrix changes neither lengths nor eigenvalues.",
        sentence: "{matrix} is orthogonal",
        reference: "definition",
        example: ("norm(Q*x)", "norm(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::CALL),
    apply: |store, id| {
        let Node::Call(function, args) = store.node(id) else { return None };
        let (function, arg) = (*function, *args.first()?);
        let mut factors = chain(store, arg);
        let (first, last) = (factors[0], *factors.last()?);
        if factors.len() < 2 {
            return None;
        }
        let ends = [first, last].map(|factor| untransposed(store, factor)).map(|of| is_orthogonal(store, of));
        let letter = untransposed(store, if ends[0] { first } else { last });
        let to = match function {
            Function::Norm(Axis::All) | Function::NormF if ends != [false; 2] => {
                factors.remove(if ends[0] { 0 } else { factors.len() - 1 });
                let rest = store.matmul(factors);
                store.call(function, [rest])
            }
            Function::Trace | Function::Det if are_opposite(store, first, last) && factors.len() > 2 => {
                let rest = store.matmul(factors[1..factors.len() - 1].iter().copied());
                store.call(function, [rest])
            }
            Function::Inv if ends != [false; 2] => {
                let at = if ends[0] { 0 } else { factors.len() - 1 };
                let turned = factors.remove(at);
                let turned = store.transpose(turned);
                let rest = store.matmul(factors);
                let inverse = store.call(Function::Inv, [rest]);
                store.matmul(if ends[0] { [inverse, turned] } else { [turned, inverse] })
            }
            _ => return None,
        };
        Some(Rewrite::to(to).slot("matrix", letter))
    },
};

fn is_orthogonal(store: &Store, id: Id) -> bool {
    is_declared(store, id, &["orthogonal"])
}

fn untransposed(store: &Store, id: Id) -> Id {
    if let Node::Transpose(inner) = *store.node(id) { inner } else { id }
}

/// Whether two arrays are an orthogonal matrix and its transpose.
fn are_opposite(store: &Store, left: Id, right: Id) -> bool {
    let [of, other] = [left, right].map(|id| untransposed(store, id));
    of == other && left != right && is_orthogonal(store, of)
}
