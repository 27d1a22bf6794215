//! Structural rules: flatten, distribute, exact arithmetic, powers, like terms.
//!
//! In: sums and products. Out: the same in fewer or flatter parts. Left to others: deltas, matrices.

use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Index, Indices, Node, Rat, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashMap;

/// Zero in a product, a sum, or under a sum sign.
pub(crate) static ZERO: Rule = Rule {
    statement: RuleStatement {
        id: "number.zero",
        name: "zero drops out",
        kind: RuleKind::Structural,
        statement: "0*f = 0; 0 + f = f; sum[i](0) = 0; zeros(m,n)*A = zeros(m,k); zeros(m,n)' = zeros(n,m)",
        when: "",
        reason: "Zero times anything is zero, and adding zero changes nothing.",
        sentence: "zeros drop out",
        reference: "arithmetic",
        example: ("f + 0", "f"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let zero = |store: &Store, id: Id| match store.node(id) {
            Node::Zeros(_) => true,
            _ => store.as_number(id).is_some_and(Rat::is_zero),
        };
        let absorbed = match store.node(id) {
            Node::Mul(args) | Node::Matmul(args) => args.iter().any(|&arg| zero(store, arg)),
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
    apply: |store, id| match store.node(id).clone() {
        Node::Mul(args) => {
            let mut merged: Vec<(Id, Id, Rat)> = Vec::new();
            let mut changed = false;
            for arg in args {
                let (base, exponent) = store.base_and_exponent(arg);
                // Elements are left apart: each is an edge of the index network.
                let is_scalar =
                    store.free(base).is_empty() && store.as_number(base).is_none() && store.shape(base).is_scalar();
                let key = if is_scalar { store.canonical(base) } else { base };
                match merged.iter_mut().find(|(other, ..)| is_scalar && *other == key) {
                    Some((_, _, total)) => {
                        *total = total.add(&exponent);
                        changed = true;
                    }
                    None => merged.push((key, base, exponent)),
                }
            }
            if !changed {
                return None;
            }
            let factors: Args = merged
                .into_iter()
                .filter(|(_, _, exponent)| !exponent.is_zero())
                .map(|(_, base, exponent)| store.power(base, exponent))
                .collect();
            Some(Rewrite::to(store.mul(factors)))
        }
        Node::Power(base, outer) => {
            let Node::Power(inner_base, inner) = *store.node(base) else { return None };
            let (outer, inner) = (store.as_number(outer)?, store.as_number(inner)?);
            let exponent = outer.mul(inner);
            // The root of a square is an absolute value, unless it is known that nothing negative was squared.
            let safe = !inner.is_even() || exponent.is_even() || is_nonnegative(store, inner_base);
            safe.then(|| Rewrite::to(store.power(inner_base, exponent)))
        }
        _ => None,
    },
};

/// Whether a real scalar is known not to be negative: a norm, a root, an even power, a product of such.
fn is_nonnegative(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Call(Function::Norm(_) | Function::NormF | Function::Norm1, _) => true,
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

/// Scalar factors of a summand stand in front of the sum.
pub(crate) static SUM_SCALARS: Rule = Rule {
    statement: RuleStatement {
        id: "sum.scalars",
        name: "scalars in front of a sum",
        kind: RuleKind::Equation,
        statement: "sum[i](c*f[i]) = c*sum[i](f[i])",
        when: "no index occurs free in c",
        reason: "A factor that is the same in every summand is a factor of the sum.",
        sentence: "scalars stand in front of the sum",
        reference: "distributivity",
        example: ("sum[i](2*A[i,l]*u[i])", "2*sum[i](A[i,l]*u[i])"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let factors = store.factors(body);
        let (mut scalars, rest): (Vec<Id>, Vec<Id>) =
            factors.iter().partition(|&&factor| store.free(factor).is_empty());
        if scalars.is_empty() || rest.is_empty() {
            return None;
        }
        let rest = store.mul(rest);
        scalars.push(store.sum(over, rest));
        Some(Rewrite::to(store.mul(scalars)))
    },
};

/// Sums in a product under a sum are taken out in front; nested sums become one.
pub(crate) static FLATTEN: Rule = Rule {
    statement: RuleStatement {
        id: "sum.flatten",
        name: "flatten nested sums",
        kind: RuleKind::Structural,
        statement: "sum[i](f[i]*sum[j](g[i,j])) = sum[i,j](f[i]*g[i,j])",
        when: "j does not occur in f; it is renamed where it does",
        reason: "A factor that does not depend on the summed index may stand inside the sum.",
        sentence: "factors are taken inside the sums",
        reference: "distributivity",
        example: ("sum[j](sum[i](v[i]*X[i,j])*w[j])", "sum[j,i](v[i]*X[i,j]*w[j])"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let to = flattened(store, id);
        (to != id).then(|| Rewrite::to(to))
    },
};

/// A sum with the sums among its factors taken out in front, and theirs before them.
fn flattened(store: &mut Store, id: Id) -> Id {
    let Node::Sum(over, body) = store.node(id).clone() else { return id };
    let mut over = over;
    let factors = store.factors(body);
    let mut flat = Args::new();
    for (position, &factor) in factors.iter().enumerate() {
        if !(matches!(store.node(factor), Node::Sum(..)) && shares(store, factor, &over)) {
            flat.push(factor);
            continue;
        }
        let inner = flattened(store, factor);
        let Node::Sum(mut inner, mut inner_body) = store.node(inner).clone() else { continue };
        let rest: Args = factors.iter().enumerate().filter(|(k, _)| *k != position).map(|(_, &other)| other).collect();
        for position in 0..inner.len() {
            let index = inner[position];
            if over.contains(&index) || rest.iter().any(|&other| store.mentions(other, index)) {
                (inner, inner_body) = fresh(store, inner, inner_body, position);
            }
        }
        over.extend(inner);
        flat.extend(store.factors(inner_body));
    }
    if flat == factors {
        return id;
    }
    let product = store.mul(flat);
    store.intern(Node::Sum(over, product))
}

fn shares(store: &Store, id: Id, over: &[Index]) -> bool {
    store.free(id).iter().any(|index| over.contains(index))
}

fn fresh(store: &mut Store, mut inner: Indices, body: Id, position: usize) -> (Indices, Id) {
    let old = inner[position];
    let dim = store.index_info(old).dim;
    let new = store.index(dim, Role::Sum, "");
    inner[position] = new;
    (inner, store.rename(body, old, new))
}

/// Whether a derivative is pending in a node: it came from the derivative, not from the value.
fn is_pending(store: &Store, id: Id) -> bool {
    matches!(store.node(id), Node::Partial(..))
        || store.node(id).children().into_iter().any(|child| is_pending(store, child))
}

/// A sum that came from the derivative is spread into the term that holds it.
pub(crate) static DISTRIBUTE: Rule = Rule {
    statement: RuleStatement {
        id: "product.distribute",
        name: "distribute a product over a sum",
        kind: RuleKind::Structural,
        statement: "sum[i](f[i]*(g[i] + h[i])) = sum[i](f[i]*g[i]) + sum[i](f[i]*h[i])",
        when: "",
        reason: "A product with a sum is the sum of the products.",
        sentence: "each summand of the derivative is a term of its own",
        reference: "distributivity",
        example: ("f*(g + h)", "f*g + f*h"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, body) = (over.clone(), *body);
        let factors = store.factors(body);
        let position = factors.iter().position(|&factor| {
            matches!(store.node(factor), Node::Add(_)) && is_pending(store, factor) && shares(store, factor, &over)
        })?;
        let mut terms = Args::new();
        for summand in store.terms(factors[position]) {
            let mut factors = factors.clone();
            factors[position] = summand;
            let product = store.mul(factors);
            terms.push(store.sum(over.clone(), product));
        }
        Some(Rewrite::to(store.add(terms)))
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

/// Terms that differ only in their coefficient, in names of bound indices, or in the order of factors.
pub(crate) static LIKE_TERMS: Rule = Rule {
    statement: RuleStatement {
        id: "collect.like-terms",
        name: "add like terms",
        kind: RuleKind::Structural,
        statement: "r*f + s*f = (r + s)*f",
        when: "r and s are numbers; the terms may differ in order, in names of summed indices, and in elements of a transpose \
               or of a symmetric matrix whose indices are exchanged",
        reason: "Terms that differ only in their coefficient are added.",
        sentence: "like terms are added",
        reference: "arithmetic",
        example: ("w[l] + w[l]", "2*w[l]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let mut order: Vec<(Rat, Id)> = Vec::new();
        let mut seen: FxHashMap<Id, usize> = FxHashMap::default();
        let mut changed = false;
        for term in terms {
            let (coefficient, rest) = store.coefficient(term);
            let key = store.canonical(rest);
            match seen.get(&key) {
                Some(&position) => {
                    order[position].0 = order[position].0.add(&coefficient);
                    changed = true;
                }
                None => {
                    seen.insert(key, order.len());
                    order.push((coefficient, rest));
                }
            }
        }
        if !changed {
            return None;
        }
        let shape = store.shape(id);
        let terms: Args = order
            .into_iter()
            .filter(|(coefficient, _)| !coefficient.is_zero())
            .map(|(coefficient, rest)| store.scale(coefficient, rest))
            .collect();
        let to =
            if terms.is_empty() && !shape.is_scalar() { store.intern(Node::Zeros(shape)) } else { store.add(terms) };
        Some(Rewrite::to(to))
    },
};
