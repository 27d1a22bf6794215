//! Rules about scalars: one spelling for each, symbolic exponents, denominators in denominators.
//!
//! In: products of matrices that are scalars, powers of scalars. Out: shorter or fewer of them.
//! Left to others: numbers and numeric exponents (`collect`), the spelling of the question ([`super::echo`]).

use super::cost::{cost, size};
use super::parts::{Term, chain, transposed};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// A scalar equals its transpose.
pub(crate) static TRANSPOSE: Rule = Rule {
    statement: RuleStatement {
        id: "scalar.transpose",
        name: "transpose of a scalar",
        kind: RuleKind::Equation,
        statement: "x'*A*y = y'*A'*x; x'*y = y'*x",
        when: "the result has fewer transposes, or comes first in the order of names; any number of factors",
        reason: "A scalar equals its transpose.",
        sentence: "a scalar equals its transpose",
        reference: "definition",
        example: ("y'*A'*x", "x'*A*y"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL),
    apply: |store, id| {
        if !matches!(store.node(id), Node::Matmul(_)) || !store.shape(id).is_scalar() {
            return None;
        }
        let to = reversed(store, id);
        // The order of terms says nothing: it may be exchanged by other rules.
        let [there, here] = [to, id].map(|id| store.canonical(id));
        let better = cost(store, to).cmp(&cost(store, id)).then_with(|| store.compare(there, here));
        better.is_lt().then(|| Rewrite::to(to))
    },
};

/// A product that is a scalar, read backwards.
pub(super) fn reversed(store: &mut Store, id: Id) -> Id {
    let factors: Args = chain(store, id)
        .into_iter()
        .rev()
        .map(|factor| {
            let turned = transposed(store, factor);
            let kept = store.transpose(factor);
            if cost(store, turned) < cost(store, kept) { turned } else { kept }
        })
        .collect();
    store.matmul(factors)
}

/// Powers whose exponents are no numbers.
pub(crate) static EXPONENTS: Rule = Rule {
    statement: RuleStatement {
        id: "power.exponents",
        name: "symbolic exponents",
        kind: RuleKind::Structural,
        statement: "f^a*f^b = f^(a + b); x.^a .* x.^b = x.^(a + b)",
        when: "the exponents are scalars; f and x are positive",
        reason: "Exponents of one base add up.",
        sentence: "powers of one base are one power",
        reference: "arithmetic",
        example: ("f^a*f^(-1)", "f^(a - 1)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL.or(Kinds::HADAMARD)).with(Kinds::POWER),
    apply: |store, id| {
        let (factors, elementwise) = match store.node(id).clone() {
            Node::Mul(args) => (args, false),
            Node::Hadamard(args) => (args, true),
            _ => return None,
        };
        let symbolic = factors.iter().copied().find_map(|factor| match *store.node(factor) {
            Node::Power(base, exponent) if store.as_number(exponent).is_none() && store.shape(exponent).is_scalar() => {
                Some(base)
            }
            _ => None,
        })?;
        let key = store.canonical(symbolic);
        let mut exponents = Args::new();
        let mut number = Rat::ZERO;
        let mut rest = Args::new();
        let mut place = None;
        for factor in factors {
            let (base, exponent) = match *store.node(factor) {
                Node::Power(base, exponent) => (base, Some(exponent)),
                _ => (factor, None),
            };
            if store.canonical(base) != key {
                rest.push(factor);
                continue;
            }
            place.get_or_insert(rest.len());
            match exponent.map(|exponent| (exponent, store.as_number(exponent).cloned())) {
                None => number = number.add(&Rat::ONE),
                Some((_, Some(value))) => number = number.add(&value),
                // The terms of an exponent, its number apart.
                Some((exponent, None)) => {
                    for term in store.terms(exponent) {
                        match store.as_number(term) {
                            Some(value) => number = number.add(value),
                            None => exponents.push(term),
                        }
                    }
                }
            }
        }
        if !number.is_zero() {
            exponents.push(store.number(number));
        }
        let exponent = store.add(exponents);
        let power = store.intern(Node::Power(symbolic, exponent));
        rest.insert(place?, power);
        let to = if elementwise { store.hadamard(rest) } else { store.mul(rest) };
        (size(store, to) < size(store, id)).then(|| Rewrite::to(to))
    },
};

/// A denominator within a denominator.
pub(crate) static FRACTION: Rule = Rule {
    statement: RuleStatement {
        id: "fraction.nested",
        name: "denominator within a denominator",
        kind: RuleKind::Structural,
        statement: "1/f*(1/(g + h/f)) = 1/(f*g + h)",
        when: "the result is shorter; any integer power, any number of terms",
        reason: "Numerator and denominator are multiplied by the same scalar.",
        sentence: "{factor} is multiplied into the denominator",
        reference: "arithmetic",
        example: ("1/s*(1/(1 + q/s))", "1/(s + q)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::POWER),
    apply: |store, id| {
        let Node::Mul(factors) = store.node(id).clone() else { return None };
        let reciprocal = |store: &Store, factor: Id| {
            let (base, exponent) = store.base_and_exponent(factor);
            exponent.as_int().filter(|exponent| *exponent < 0).map(|exponent| (base, -exponent))
        };
        for (position, &factor) in factors.iter().enumerate() {
            let Some((sum, times)) = reciprocal(store, factor) else { continue };
            let Node::Add(terms) = store.node(sum).clone() else { continue };
            let candidates: Args = terms
                .iter()
                .flat_map(|&term| store.factors(term))
                .filter_map(|f| Some(reciprocal(store, f)?.0))
                .collect();
            for below in candidates {
                let cleared: Args = terms.iter().map(|&term| times_power(store, term, below, &Rat::ONE)).collect();
                let sum = store.add(cleared);
                let mut rest = factors.clone();
                rest[position] = store.power(sum, Rat::int(-times));
                let product = store.mul(rest);
                let to = times_power(store, product, below, &Rat::int(times));
                if size(store, to) < size(store, id) {
                    return Some(Rewrite::to(to).slot("factor", below));
                }
            }
        }
        None
    },
};

/// A term times a power of a scalar, merged with the power of it that the term has.
pub(super) fn times_power(store: &mut Store, term: Id, base: Id, exponent: &Rat) -> Id {
    let mut parts = Term::of(store, term);
    let position = parts.scalars.iter().position(|&scalar| store.base_and_exponent(scalar).0 == base);
    match position {
        Some(position) => {
            let total = store.base_and_exponent(parts.scalars[position]).1.add(exponent);
            if total.is_zero() {
                parts.scalars.remove(position);
            } else {
                parts.scalars[position] = store.power(base, total);
            }
        }
        None => {
            let power = store.power(base, exponent.clone());
            parts.scalars.push(power);
        }
    }
    parts.node(store)
}

/// A product of two columns, one of them an elementwise product or power, as a sum of entries.
pub(crate) static DOT: Rule = Rule {
    statement: RuleStatement {
        id: "scalar.entries",
        name: "product of two vectors as a sum",
        kind: RuleKind::Equation,
        statement: "(x .* z)'*y = sum(x .* z .* y); y'*(x .* z) = sum(y .* x .* z); (x.^c)'*y = sum(x.^c .* y); \
                    y'*x.^c = sum(y .* x.^c)",
        when: "any exponent",
        reason: "A row times a column is the sum of the products of their entries.",
        sentence: "the products of the entries are summed",
        reference: "definition",
        example: ("(x.^2)'*y", "sum(x.^2 .* y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Matmul(factors) = store.node(id) else { return None };
        let &[row, column] = factors.as_slice() else { return None };
        let Node::Transpose(first) = *store.node(row) else { return None };
        if !store.shape(id).is_scalar() {
            return None;
        }
        let elementwise = |store: &Store, id: Id| matches!(store.node(id), Node::Hadamard(_) | Node::Power(..));
        if !elementwise(store, first) {
            return None;
        }
        let product = store.hadamard([first, column]);
        Some(Rewrite::to(store.call(Function::Sum(Axis::All), [product])))
    },
};
