//! Rules about products of matrices: scalars in front, identities, numbers out of factors, powers.
//!
//! In: products. Out: the same with fewer or simpler factors. Left to others: inverses, sums of products.

use super::parts::{Term, is_square, negated};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashSet;

/// Scalars in a product of matrices come to the front.
pub(crate) static SCALARS_FIRST: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.scalars",
        name: "scalars to the front",
        kind: RuleKind::Equation,
        statement: "A*(c*B) = c*(A*B); (c*A)*B = c*(A*B); z*(x'*y) = (x'*y)*z",
        when: "c is a scalar",
        reason: "Scalars commute with matrices.",
        sentence: "scalars come first",
        reference: "linearity of the matrix product",
        example: ("A*(2*x)", "2*(A*x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL),
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        let mut scalars = Args::new();
        let mut chain = Args::new();
        for &arg in &args {
            match store.node(arg).clone() {
                Node::Mul(mut factors) => {
                    chain.extend(factors.pop());
                    scalars.extend(factors);
                }
                _ => chain.push(arg),
            }
        }
        // A row ... column inside a longer product is a scalar too.
        while let Some((start, end)) = scalar_part(store, &chain) {
            let part: Args = chain.drain(start..=end).collect();
            scalars.push(store.matmul(part));
        }
        if scalars.is_empty() {
            return None;
        }
        if !chain.is_empty() {
            scalars.push(store.matmul(chain));
        }
        Some(Rewrite::to(store.mul(scalars)))
    },
};

/// The shortest part of a product that is a scalar by itself, when it is not the whole.
pub(crate) fn scalar_part(store: &Store, chain: &Args) -> Option<(usize, usize)> {
    let end = (0..chain.len()).find(|&end| {
        store.shape(chain[end]).cols.is_one() && (0..=end).any(|start| store.shape(chain[start]).rows.is_one())
    })?;
    let start = (0..=end).rev().find(|&start| store.shape(chain[start]).rows.is_one())?;
    (end - start + 1 < chain.len()).then_some((start, end))
}

/// The identity drops out of a product.
pub(crate) static IDENTITY: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.identity",
        name: "product with the identity",
        kind: RuleKind::Equation,
        statement: "I*A = A; A*I = A; I^2 = I; I^3 = I",
        when: "any exponent",
        reason: "The identity changes nothing.",
        sentence: "the identity drops out",
        reference: "definition",
        example: ("I*A", "A"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL.or(Kinds::MATPOW)).with(Kinds::IDENTITY),
    apply: |store, id| {
        let is_identity = |store: &Store, id: Id| matches!(store.node(id), Node::Identity(_));
        match store.node(id).clone() {
            Node::Matmul(args) => {
                let rest: Args = args.iter().copied().filter(|&arg| !is_identity(store, arg)).collect();
                if rest.len() == args.len() {
                    return None;
                }
                let to = if rest.is_empty() { args[0] } else { store.matmul(rest) };
                Some(Rewrite::to(to))
            }
            Node::Matpow(base, _) if is_identity(store, base) => Some(Rewrite::to(base)),
            _ => None,
        }
    },
};

/// The number that all coefficients of a sum share, up to sign; negative when all are.
fn content(store: &Store, id: Id) -> Option<Rat> {
    let Node::Add(terms) = store.node(id) else { return None };
    let numbers: Vec<Rat> = terms.iter().map(|&term| Term::of(store, term).number).collect();
    let absolute = |number: &Rat| if number.is_negative() { number.neg() } else { number.clone() };
    let shared = absolute(&numbers[0]);
    if !numbers.iter().all(|number| absolute(number) == shared) {
        return None;
    }
    let shared = if numbers.iter().all(Rat::is_negative) { shared.neg() } else { shared };
    (!shared.is_one()).then_some(shared)
}

/// A number that all summands of a factor share comes to the front.
pub(crate) static CONTENT: Rule = Rule {
    statement: RuleStatement {
        id: "number.content",
        name: "common coefficient of a factor",
        kind: RuleKind::Structural,
        statement: "f*(r*g + r*h) = r*f*(g + h)",
        when: "r is a number",
        reason: "A number that every summand has is a factor of the sum.",
        sentence: "the common coefficient comes to the front",
        reference: "distributivity",
        example: ("A*(2*x + 2*y)", "2*A*(x + y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL.or(Kinds::MUL).or(Kinds::HADAMARD)).with(Kinds::ADD),
    apply: |store, id| {
        let factors = match store.node(id).clone() {
            Node::Matmul(args) | Node::Mul(args) | Node::Hadamard(args) => args,
            _ => return None,
        };
        // A sum with nothing but a number in front keeps its coefficients.
        if factors.iter().filter(|&&factor| store.as_number(factor).is_none()).count() < 2 {
            return None;
        }
        let (position, shared) =
            factors.iter().enumerate().find_map(|(position, &factor)| Some((position, content(store, factor)?)))?;
        let inverse = shared.recip()?;
        let terms: Args = store
            .terms(factors[position])
            .into_iter()
            .map(|term| {
                let (coefficient, rest) = store.coefficient(term);
                store.scale(coefficient.mul(&inverse), rest)
            })
            .collect();
        // A summand that is left as a sum would be taken in by the sum around it: that is another rule's work.
        if terms.iter().any(|&term| matches!(store.node(term), Node::Add(_))) {
            return None;
        }
        let mut factors = factors;
        factors[position] = store.add(terms);
        let rest = match store.node(id) {
            Node::Matmul(_) => store.matmul(factors),
            Node::Hadamard(_) => store.hadamard(factors),
            _ => store.mul(factors),
        };
        Some(Rewrite::to(store.scale(shared, rest)))
    },
};

/// A sum that is subtracted, where one of its terms would have stood with a minus sign.
pub(crate) static SIGN: Rule = Rule {
    statement: RuleStatement {
        id: "number.sign",
        name: "sign into a sum",
        kind: RuleKind::Structural,
        statement: "-(f - g) = g - f",
        when: "the sum is a summand, or alone",
        reason: "A sign before a sum is one before each of its terms.",
        sentence: "the sign is taken into the sum",
        reference: "distributivity",
        example: ("-(x - y)", "y - x"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::ADD),
    apply: |store, id| {
        let Node::Mul(args) = store.node(id) else { return None };
        let &[number, sum] = args.as_slice() else { return None };
        let is_minus = store.as_number(number).is_some_and(|number| *number == Rat::int(-1));
        (is_minus && matches!(store.node(sum), Node::Add(_))).then(|| Rewrite::to(negated(store, sum)))
    },
};

/// [`SIGN`] where all terms of the sum are subtracted.
pub(crate) fn positive(store: &mut Store, id: Id) -> Option<Rewrite> {
    let rewrite = (SIGN.apply)(store, id)?;
    let sum = *store.node(id).children().last()?;
    let negative = |&term: &Id| Term::of(store, term).number.is_negative();
    store.terms(sum).iter().all(negative).then_some(rewrite)
}

/// Equal neighbours in a product are a power.
pub(crate) static POWER: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.power",
        name: "repeated factors as a power",
        kind: RuleKind::Definition,
        statement: "A*A = A^2; A*A*A = A^3; A^2*A = A^3; A'*A' = (A^2)'; (A^2)^2 = A^4; B*C*B*C*B*C = (B*C)^3",
        when: "A is square; several factors are a power where they come three times or more",
        reason: "A repeated factor is a power.",
        sentence: "repeated factors are a power",
        reference: "definition",
        example: ("X*X*X", "X^3"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATPOW.or(Kinds::MATMUL)),
    apply: |store, id| {
        if let Node::Matpow(base, outer) = *store.node(id) {
            let Node::Matpow(base, inner) = *store.node(base) else { return None };
            let exponent = inner.checked_mul(outer)?;
            return Some(Rewrite::to(store.intern(Node::Matpow(base, exponent))));
        }
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        let mut runs: Vec<(Id, bool, u32)> = Vec::new();
        for &arg in &args {
            let (arg, turned) = match *store.node(arg) {
                Node::Transpose(inner) => (inner, true),
                _ => (arg, false),
            };
            let (base, exponent) = match *store.node(arg) {
                Node::Matpow(base, exponent) => (base, exponent),
                _ => (arg, 1),
            };
            match runs.last_mut() {
                Some((last, last_turned, count))
                    if (*last, *last_turned) == (base, turned) && is_square(store, base) =>
                {
                    *count = count.checked_add(exponent)?;
                }
                _ => runs.push((base, turned, exponent)),
            }
        }
        let factors: Args = runs
            .into_iter()
            .map(|(base, turned, count)| {
                let power = if count == 1 { base } else { store.intern(Node::Matpow(base, count)) };
                if turned { store.transpose(power) } else { power }
            })
            .collect();
        let to = store.matmul(factors);
        if to != id { Some(Rewrite::to(to)) } else { repeated(store, &args).map(Rewrite::to) }
    },
};

/// A product with several factors that come three times or more as a power: those that take in most.
fn repeated(store: &mut Store, factors: &Args) -> Option<Id> {
    let mut seen = FxHashSet::default();
    if factors.iter().all(|factor| seen.insert(factor)) {
        return None;
    }
    let mut best: Option<(usize, usize, usize)> = None;
    for period in 2..=factors.len() / 3 {
        // How many factors up to here equal those one period later.
        let mut same = 0;
        for end in period..factors.len() {
            same = if factors[end - period] == factors[end] { same + 1 } else { 0 };
            let (times, start) = (same / period + 1, end + 1 - period - same);
            let length = period * times;
            let square = store.shape(factors[start]).rows == store.shape(factors[start + period - 1]).cols;
            if times >= 3 && square && best.is_none_or(|(period, times, _)| period * times < length) {
                best = Some((period, times, start));
            }
        }
    }
    let (period, times, start) = best?;
    let base = store.matmul(factors[start..start + period].iter().copied());
    let power = store.intern(Node::Matpow(base, u32::try_from(times).ok()?));
    let rest = &factors[start + period * times..];
    Some(store.matmul(factors[..start].iter().chain([&power]).chain(rest).copied()))
}
