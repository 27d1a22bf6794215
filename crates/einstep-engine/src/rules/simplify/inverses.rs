//! Rules about inverses: they cancel against what they invert, of any length.
//!
//! In: inverses and products that hold them. Out: the same with fewer. Left to others: determinants.
//!
//! Where an expression holds an inverse, that inverse exists: no condition is added.

use super::parts::{argument, chain, is_square, transposed};
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The greatest exponent that is written out to look for factors that cancel.
const MAX_EXPONENT: u32 = 64;

/// A factor and the inverse beside it.
pub(crate) static CANCEL: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.cancel",
        name: "inverse times its matrix",
        kind: RuleKind::Equation,
        statement: "inv(A)*A = I; A*inv(A) = I; A*inv(B*A) = inv(B); inv(A*B)*A = inv(B); inv(A)*A^2 = A; A^2*inv(A) = A; \
                    inv(A)'*A' = I; A'*inv(A)' = I",
        when: "A and B are square",
        reason: "A matrix times its inverse is the identity.",
        sentence: "{matrix} and its inverse cancel",
        reference: "definition",
        example: ("X*inv(A*X)", "inv(A)"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        if !args.iter().any(|&arg| holds_inverse(store, arg)) {
            return None;
        }
        let factors = written_out(store, &args);
        for position in 0..factors.len() {
            let Some(inverted) = inverted(store, factors[position]) else { continue };
            let inner = chain(store, inverted);
            let inner = written_out(store, &inner);
            let after = &factors[position + 1..];
            let shared = inner.iter().zip(after).take_while(|(a, b)| a == b).count();
            if let Some(count) = (1..=shared).rev().find(|&count| is_square_product(store, &inner[..count])) {
                let rest = inverse(store, &inner[count..]);
                let kept = factors[..position].iter().copied().chain(rest).chain(after[count..].iter().copied());
                let kept: Args = kept.collect();
                return Some(cancelled(store, kept, &inner[..count]));
            }
            let before = &factors[..position];
            let shared = inner.iter().rev().zip(before.iter().rev()).take_while(|(a, b)| a == b).count();
            let suffix = |count: usize| inner.len() - count;
            if let Some(count) = (1..=shared).rev().find(|&count| is_square_product(store, &inner[suffix(count)..])) {
                let rest = inverse(store, &inner[..suffix(count)]);
                let kept = before[..position - count].iter().copied().chain(rest);
                let kept: Args = kept.chain(after.iter().copied()).collect();
                return Some(cancelled(store, kept, &inner[suffix(count)..]));
            }
        }
        None
    },
};

fn holds_inverse(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Transpose(arg) | Node::Matpow(arg, _) => holds_inverse(store, *arg),
        Node::Call(Function::Inv, _) => true,
        _ => false,
    }
}

/// The factors with powers as repeated factors.
fn written_out(store: &mut Store, factors: &Args) -> Args {
    let mut written = Args::new();
    for &factor in factors {
        let (inner, turned) = match *store.node(factor) {
            Node::Transpose(inner) => (inner, true),
            _ => (factor, false),
        };
        match *store.node(inner) {
            Node::Matpow(base, exponent) if exponent <= MAX_EXPONENT => {
                let base = if turned { store.transpose(base) } else { base };
                written.extend(std::iter::repeat_n(base, exponent as usize));
            }
            _ => written.push(factor),
        }
    }
    written
}

/// What a factor is the inverse of, with transposes at the letters.
fn inverted(store: &mut Store, factor: Id) -> Option<Id> {
    match *store.node(factor) {
        Node::Transpose(inner) => {
            let of = argument(store, inner, Function::Inv)?;
            Some(transposed(store, of))
        }
        _ => argument(store, factor, Function::Inv),
    }
}

fn is_square_product(store: &Store, factors: &[Id]) -> bool {
    match factors {
        [] => false,
        [first, .., last] => store.shape(*first).rows == store.shape(*last).cols,
        [only] => is_square(store, *only),
    }
}

/// The inverse of a product, if it has factors left.
fn inverse(store: &mut Store, factors: &[Id]) -> Option<Id> {
    if factors.is_empty() {
        return None;
    }
    let product = store.matmul(factors.iter().copied());
    Some(store.call(Function::Inv, [product]))
}

fn cancelled(store: &mut Store, kept: Args, gone: &[Id]) -> Rewrite {
    let dim = store.shape(gone[0]).rows;
    let gone = store.matmul(gone.iter().copied());
    let to = if kept.is_empty() { store.intern(Node::Identity(dim)) } else { store.matmul(kept) };
    Rewrite::to(to).slot("matrix", gone)
}

/// Inverses that can be written without one.
pub(crate) static OF: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.of",
        name: "inverse of a simple matrix",
        kind: RuleKind::Equation,
        statement: "inv(inv(A)) = A; inv(I) = I; inv(c*A) = inv(A)/c; inv(diag(x)) = diag(1 ./ x)",
        when: "",
        reason: "What undoes the matrix can be written down.",
        sentence: "the inverse is known",
        reference: "definition",
        example: ("inv(inv(A))", "A"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let arg = argument(store, id, Function::Inv)?;
        let to = match store.node(arg).clone() {
            Node::Call(Function::Inv, args) => args[0],
            Node::Identity(_) => arg,
            Node::Call(Function::Diag, args) => {
                let reciprocal = store.power(args[0], Rat::int(-1));
                store.call(Function::Diag, [reciprocal])
            }
            Node::Mul(mut factors) => {
                let array = factors.pop()?;
                let mut turned: Args = factors
                    .into_iter()
                    .map(|factor| match store.as_number(factor).and_then(Rat::recip) {
                        Some(number) => store.number(number),
                        None => store.power(factor, Rat::int(-1)),
                    })
                    .collect();
                turned.push(store.call(Function::Inv, [array]));
                store.mul(turned)
            }
            _ => return None,
        };
        Some(Rewrite::to(to))
    },
};
