//! Rules about what a skew matrix makes zero, and about symmetric and skew parts.
//!
//! In: scalars, diagonals and parts of arrays that are the opposite of their transpose, by declaration or by form.
//! Out: zeros, or the array itself. Left to others: the transposes themselves (`structure`).

use super::parts::{argument, chain, equals_transpose, negated, transposed};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Rat, Shape, Store, Structure};
use einstep_trace::{RuleKind, RuleStatement};

/// Scalars that are their own opposite.
pub(crate) static ZERO: Rule = Rule {
    statement: RuleStatement {
        id: "structure.skew-zero",
        name: "zeros of a skew matrix",
        kind: RuleKind::Equation,
        statement: "x'*K*x = 0; tr(K) = 0; sum(K) = 0; diag(K) = zeros(n); K .* I = zeros(n,n)",
        when: "K is the opposite of its transpose, by declaration, by its form, or under the trace after its factors are turned \
               round; any number of factors",
        reason: "What is the opposite of itself is zero.",
        sentence: "it is the opposite of its transpose, so it is zero",
        reference: "definition",
        example: ("x'*(A - A')*x", "0"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL.or(Kinds::CALL).or(Kinds::HADAMARD)),
    apply: |store, id| {
        let shape = store.shape(id);
        let is_zero = match store.node(id).clone() {
            Node::Matmul(_) if shape.is_scalar() => turns_round(store, id, false),
            Node::Call(Function::Trace, args) => turns_round(store, args[0], true),
            Node::Call(Function::Sum(Axis::All), args) => opposes_transpose(store, args[0]),
            Node::Call(Function::Diagonal, args) => opposes_transpose(store, args[0]),
            Node::Hadamard(args) if args.iter().any(|&arg| matches!(store.node(arg), Node::Identity(_))) => {
                args.into_iter().any(|arg| opposes_transpose(store, arg))
            }
            _ => false,
        };
        let zero = if shape.is_scalar() { store.int(0) } else { store.intern(Node::Zeros(shape)) };
        is_zero.then(|| Rewrite::to(zero))
    },
};

/// The symmetric and the skew part of what is one of the two.
pub(crate) static PARTS: Rule = Rule {
    statement: RuleStatement {
        id: "structure.parts",
        name: "parts of a symmetric or skew matrix",
        kind: RuleKind::Equation,
        statement: "sym(S) = S; skew(K) = K; sym(K) = zeros(n,n); skew(S) = zeros(n,n)",
        when: "S equals its transpose, K is the opposite of it, by declaration or by form",
        reason: "Each matrix is the sum of its symmetric and its skew part.",
        sentence: "it has one of the two parts only",
        reference: "definition",
        example: ("sym(A*A')", "A*A'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Sym).or(Kinds::function(Function::Skew))),
    apply: |store, id| {
        let (is_sym, arg) = match argument(store, id, Function::Sym) {
            Some(arg) => (true, arg),
            None => (false, argument(store, id, Function::Skew)?),
        };
        let (keeps, drops) = match is_sym {
            true => (equals_transpose(store, arg), opposes_transpose(store, arg)),
            false => (opposes_transpose(store, arg), equals_transpose(store, arg)),
        };
        match (keeps, drops) {
            (true, _) => Some(Rewrite::to(arg)),
            (_, true) => Some(Rewrite::to(store.intern(Node::Zeros(store.shape(id))))),
            _ => None,
        }
    },
};

/// Whether an array is the opposite of its transpose once that is moved to the letters.
pub(super) fn opposes_transpose(store: &mut Store, id: Id) -> bool {
    let Shape { rows, cols } = store.shape(id);
    if rows != cols {
        return false;
    }
    let [turned, opposite] = [transposed(store, id), negated(store, id)];
    store.canonical(turned) == store.canonical(opposite)
}

/// Whether a product read backwards, each factor transposed, is its opposite; under a trace, where the first factors may come last.
fn turns_round(store: &mut Store, id: Id, in_trace: bool) -> bool {
    let factors = chain(store, id);
    if factors.iter().all(|&factor| keeps_sign(store, factor)) {
        return false;
    }
    let backwards: Args = factors.iter().rev().map(|&factor| transposed(store, factor)).collect();
    let (number, backwards) = signed(store, &backwards);
    let (own, mut factors) = signed(store, &factors);
    if number != own.neg() {
        return false;
    }
    let starts = if in_trace { factors.len() } else { 1 };
    (0..starts).any(|_| {
        let is_found = factors == backwards;
        factors.rotate_left(1);
        is_found
    })
}

/// Whether the transpose of a factor is told at once to have its sign: a symbol that is not skew.
fn keeps_sign(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Symbol(symbol) => store.symbol_info(*symbol).structure() != Some(Structure::Skew),
        Node::Transpose(arg) => keeps_sign(store, *arg),
        _ => false,
    }
}

/// The factors of a product in canonical form, and their numbers.
fn signed(store: &mut Store, factors: &Args) -> (Rat, Vec<Id>) {
    let mut number = Rat::ONE;
    let mut rest = Vec::new();
    for &factor in factors {
        let canonical = store.canonical(factor);
        let (own, factor) = store.coefficient(canonical);
        number = number.mul(&own);
        rest.push(factor);
    }
    (number, rest)
}
