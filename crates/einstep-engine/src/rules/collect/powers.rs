//! Powers: of one base, of powers, of products.
//!
//! In: products and powers. Out: the same with each base once.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Index, Kinds, Node, Rat, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashSet;

/// Powers of one base in a product, and powers of powers.
pub(crate) static POWERS: Rule = Rule {
    statement: RuleStatement {
        id: "product.powers",
        name: "powers of one base",
        kind: RuleKind::Structural,
        statement: "f^r*f^s = f^(r + s); (f^r)^s = f^(r*s)",
        when: "f is not zero where an exponent is negative; a root of an even power is taken only of what is not negative",
        reason: "Exponents of one base add up; the exponent of a power multiplies.",
        sentence: "powers of one base are one power",
        reference: "arithmetic",
        example: ("f^2*f", "f^3"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL.or(Kinds::POWER)),
    apply: |store, id| match store.node(id).clone() {
        Node::Mul(args) => merged(store, &args).map(Rewrite::to),
        Node::Power(base, outer) => {
            let Node::Power(inner_base, inner) = *store.node(base) else { return None };
            let outer = store.as_number(outer)?.clone();
            let Some(inner) = store.as_number(inner) else {
                let exponent = store.scale(outer.clone(), inner);
                let power = store.intern(Node::Power(inner_base, exponent));
                return outer.as_int().map(|_| Rewrite::to(power));
            };
            let exponent = outer.mul(inner);
            // The root of a square is an absolute value, unless it is known that nothing negative was squared.
            let safe = !inner.is_even() || exponent.is_even() || is_nonnegative(store, inner_base);
            safe.then(|| Rewrite::to(store.power(inner_base, exponent)))
        }
        _ => None,
    },
};

/// One base in a product, with the exponents of its powers.
struct Group {
    key: Id,
    base: Id,
    exponents: Vec<Id>,
}

/// Whether two factors can have one base: then the same indices are free in them, and both are sums over indices or neither.
fn may_share(store: &Store, args: &Args) -> bool {
    let mut seen: FxHashSet<(&[Index], bool)> = FxHashSet::default();
    args.iter().filter(|&&arg| store.shape(arg).is_scalar() && store.as_number(arg).is_none()).any(|&arg| {
        let base = if let Node::Power(base, _) = store.node(arg) { *base } else { arg };
        // The number in front of a sum may stand in it as well.
        let is_product = matches!(store.node(base), Node::Mul(_));
        is_product || !seen.insert((store.free(arg), matches!(store.node(base), Node::Sum(..))))
    })
}

/// The product with the powers of each base merged; `None` where each base occurs once.
fn merged(store: &mut Store, args: &Args) -> Option<Id> {
    if !may_share(store, args) {
        return None;
    }
    let mut groups: Vec<Group> = Vec::new();
    for &arg in args {
        let (base, exponent) = match *store.node(arg) {
            Node::Power(base, exponent) if store.shape(arg).is_scalar() => (base, exponent),
            _ => (arg, store.int(1)),
        };
        let key = match store.shape(arg).is_scalar() && store.as_number(arg).is_none() {
            true => store.canonical(base),
            false => arg,
        };
        let known = groups.iter_mut().find(|group| group.key == key && store.as_number(key).is_none());
        match known.filter(|_| store.shape(arg).is_scalar()) {
            Some(group) => group.exponents.push(exponent),
            None => groups.push(Group { key, base, exponents: vec![exponent] }),
        }
    }
    if groups.len() == args.len() {
        return None;
    }
    let mut factors = Args::new();
    let mut changed = false;
    for Group { base, exponents, .. } in groups {
        let is_one = |store: &Store, id: Id| store.as_number(id).is_some_and(Rat::is_one);
        // Two elements are left apart: each is an edge of the index network.
        let is_edge = !store.free(base).is_empty() && !matches!(store.node(base), Node::Add(_));
        if is_edge && exponents.iter().all(|&exponent| is_one(store, exponent)) {
            factors.extend(exponents.iter().map(|_| base));
            continue;
        }
        changed |= exponents.len() > 1;
        let exponent = total(store, &exponents);
        if !store.as_number(exponent).is_some_and(Rat::is_zero) {
            factors.push(if is_one(store, exponent) { base } else { store.intern(Node::Power(base, exponent)) });
        }
    }
    changed.then(|| store.mul(factors))
}

/// The sum of some exponents, with their numbers added.
fn total(store: &mut Store, exponents: &[Id]) -> Id {
    let mut number = Rat::ZERO;
    let mut symbolic: Vec<(Id, Rat)> = Vec::new();
    for term in exponents.iter().flat_map(|&exponent| store.terms(exponent)).collect::<Vec<_>>() {
        let (coefficient, rest) = store.coefficient(term);
        if store.as_number(rest).is_some() {
            number = number.add(&coefficient);
            continue;
        }
        match symbolic.iter_mut().find(|(known, _)| *known == rest) {
            Some((_, sum)) => *sum = sum.add(&coefficient),
            None => symbolic.push((rest, coefficient)),
        }
    }
    let mut terms = Args::new();
    for (rest, coefficient) in symbolic {
        if !coefficient.is_zero() {
            terms.push(store.scale(coefficient, rest));
        }
    }
    if !number.is_zero() || terms.is_empty() {
        terms.push(store.number(number));
    }
    store.add(terms)
}

/// Whether a real scalar is known not to be negative: a norm, a root, an even power, a product of such.
fn is_nonnegative(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Call(Function::Norm(_) | Function::NormF | Function::Norm1, _)
        | Node::Apply(Scalar::Exp | Scalar::Abs, _) => true,
        Node::Power(base, exponent) => match store.as_number(*exponent) {
            Some(exponent) => {
                exponent.is_even() || exponent.mul(&Rat::int(2)).as_int().is_some_and(|twice| twice % 2 != 0)
            }
            None => is_nonnegative(store, *base),
        },
        Node::Mul(factors) => factors.iter().all(|&factor| is_nonnegative(store, factor)),
        _ => false,
    }
}

/// A power of a product: an integer power is taken of each factor, a root of a number that is a square.
pub(crate) static POWER_OF_PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "power.product",
        name: "power of a product",
        kind: RuleKind::Structural,
        statement: "(f*g)^r = f^r*g^r; (r^2*f)^(1/2) = r*f^(1/2)",
        when: "r is an integer; a root is taken of a positive number only, where it is rational",
        reason: "An integer power of a product is the product of the powers; a positive number may leave a root.",
        sentence: "the power is taken of each factor",
        reference: "arithmetic",
        example: ("(2*f)^2", "2^2*f^2"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::POWER).with(Kinds::MUL),
    apply: |store, id| {
        let Node::Power(base, exponent) = *store.node(id) else { return None };
        let Node::Mul(args) = store.node(base).clone() else { return None };
        let exponent = store.as_number(exponent)?.clone();
        if exponent.as_int().is_some() {
            let factors: Args = args.into_iter().map(|arg| store.power(arg, exponent.clone())).collect();
            return Some(Rewrite::to(store.mul(factors)));
        }
        let (coefficient, rest) = store.coefficient(base);
        let double = exponent.mul(&Rat::int(2)).as_int()?;
        let root = coefficient.sqrt().filter(|root| !root.is_one())?.pow(double)?;
        let power = store.power(rest, exponent);
        Some(Rewrite::to(store.scale(root, power)))
    },
};
