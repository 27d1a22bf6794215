//! Zeros, numbers, and numbers times sums.
//!
//! In: sums and products with numbers. Out: the same with the arithmetic done.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Zero in a product, a sum, or under a sum sign.
pub(crate) static ZERO: Rule = Rule {
    statement: RuleStatement {
        id: "number.zero",
        name: "zero drops out",
        kind: RuleKind::Structural,
        statement: "0*f = 0; 0 + f = f; sum[i](0) = 0; zeros(m,n)*A = zeros(m,k); zeros(m,n)' = zeros(n,m); \
                    tr(zeros(n,n)) = 0; sum(zeros(m,n)) = 0",
        when: "any function that is linear",
        reason: "Zero times anything is zero, and adding zero changes nothing.",
        sentence: "zeros drop out",
        reference: "arithmetic",
        example: ("f + 0", "f"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL
        .or(Kinds::MATMUL)
        .or(Kinds::HADAMARD)
        .or(Kinds::CALL)
        .or(Kinds::SUM)
        .or(Kinds::TRANSPOSE)
        .or(Kinds::ADD))
    .with(Kinds::NUMBER.or(Kinds::ZEROS)),
    apply: |store, id| {
        let zero = |store: &Store, id: Id| match store.node(id) {
            Node::Zeros(_) => true,
            _ => store.as_number(id).is_some_and(Rat::is_zero),
        };
        let absorbed = match store.node(id) {
            Node::Mul(args) | Node::Matmul(args) | Node::Hadamard(args) => args.iter().any(|&arg| zero(store, arg)),
            Node::Call(function, args) if is_linear(*function) => args.iter().any(|&arg| zero(store, arg)),
            Node::Sum(_, body) | Node::Transpose(body) => zero(store, *body),
            _ => false,
        };
        if absorbed {
            let shape = store.shape(id);
            let nothing = if shape.is_scalar() { Node::Number(Rat::ZERO) } else { Node::Zeros(shape) };
            return Some(Rewrite::to(store.intern(nothing)));
        }
        let Node::Add(args) = store.node(id).clone() else { return None };
        let rest: Args = args.iter().copied().filter(|&arg| !zero(store, arg)).collect();
        match rest.len() {
            kept if kept == args.len() => None,
            0 => Some(Rewrite::to(args[0])),
            _ => Some(Rewrite::to(store.add(rest))),
        }
    },
};

/// Whether a function of arrays is linear in each of them.
fn is_linear(function: Function) -> bool {
    use Function::{Diag, Diagonal, Kron, Skew, Sum, Sym, Trace, Tril, Triu, Vec};
    matches!(function, Trace | Sum(_) | Diag | Diagonal | Vec | Kron | Sym | Skew | Tril | Triu)
}

/// Exact arithmetic with numbers.
pub(crate) static ARITHMETIC: Rule = Rule {
    statement: RuleStatement {
        id: "number.arithmetic",
        name: "arithmetic",
        kind: RuleKind::Structural,
        statement: "r*s = (r*s); r + s = (r + s); 1*f = f",
        when: "r and s are numbers",
        reason: "Numbers are multiplied and added exactly.",
        sentence: "the numbers are multiplied and added",
        reference: "arithmetic",
        example: ("2*f*3", "6*f"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL.or(Kinds::ADD).or(Kinds::POWER)).with(Kinds::NUMBER),
    apply: |store, id| match store.node(id).clone() {
        Node::Mul(args) => {
            let numbers = args.iter().filter(|&&arg| store.as_number(arg).is_some()).count();
            let one = args.iter().any(|&arg| store.as_number(arg).is_some_and(Rat::is_one));
            let misplaced = args[1..].iter().any(|&arg| store.as_number(arg).is_some());
            if numbers < 2 && !one && !misplaced {
                return None;
            }
            let (coefficient, rest) = store.coefficient(id);
            Some(Rewrite::to(store.scale(coefficient, rest)))
        }
        Node::Add(args) => {
            let numbers: Vec<Rat> = args.iter().filter_map(|&arg| store.as_number(arg).cloned()).collect();
            if numbers.len() < 2 {
                return None;
            }
            let total = numbers.iter().fold(Rat::ZERO, |total, number| total.add(number));
            let mut rest: Args = args.into_iter().filter(|&arg| store.as_number(arg).is_none()).collect();
            let total = store.number(total);
            rest.push(total);
            Some(Rewrite::to(store.add(rest)))
        }
        Node::Power(base, exponent) => {
            let exponent = store.as_number(exponent)?.clone();
            if exponent.is_zero() {
                return Some(Rewrite::to(store.int(1)));
            }
            if exponent.is_one() {
                return Some(Rewrite::to(base));
            }
            let value = store.as_number(base)?.pow(exponent.as_int()?)?;
            Some(Rewrite::to(store.number(value)))
        }
        _ => None,
    },
};

/// A number times a sum of multiples.
pub(crate) static NUMBER: Rule = Rule {
    statement: RuleStatement {
        id: "number.distribute",
        name: "multiply the coefficients of a sum",
        kind: RuleKind::Structural,
        statement: "r*(s*f + t*g) = (r*s)*f + (r*t)*g",
        when: "every summand has a coefficient other than 1 and -1",
        reason: "A number times a sum multiplies every coefficient.",
        sentence: "the number is multiplied with each coefficient",
        reference: "distributivity",
        example: ("1/2*(4*f + 2*g)", "2*f + g"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::ADD),
    apply: |store, id| {
        let (coefficient, rest) = store.coefficient(id);
        let Node::Add(terms) = store.node(rest).clone() else { return None };
        if coefficient.is_one() {
            return None;
        }
        let mut scaled = Args::new();
        for term in terms {
            let (own, rest) = store.coefficient(term);
            if own.is_one() || own.neg().is_one() {
                return None;
            }
            scaled.push(store.scale(coefficient.mul(&own), rest));
        }
        Some(Rewrite::to(store.add(scaled)))
    },
};
