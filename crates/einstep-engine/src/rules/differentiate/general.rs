//! Linearity, the product rule, powers, and the derivative of an element.
//!
//! In: a pending derivative. Out: the same in terms of derivatives of parts.

use super::{partial, pending};
use crate::places::at;
use crate::work::{Need, Needed, Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Indices, Kinds, Node, Rat, Scalar, Store};
use einstep_trace::{MarkKind, RuleKind, RuleStatement};

/// What does not contain the variable.
pub(crate) static CONSTANT: Rule = Rule {
    statement: RuleStatement {
        id: "diff.constant",
        name: "derivative of a constant",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] c = 0",
        when: "c does not contain the variable",
        reason: "What does not depend on the variable does not change with it.",
        sentence: "{constant} does not depend on the variable",
        reference: "calculus",
        example: ("d/dx[l] b[i]", "0"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        if store.varies_by(body, by) {
            return None;
        }
        Some(Rewrite::to(store.int(0)).slot("constant", body))
    },
};

/// An element of the variable by an element of the variable.
pub(crate) static ELEMENT: Rule = Rule {
    statement: RuleStatement {
        id: "diff.element",
        name: "derivative of an element",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] x[i] = delta[i,l]; d/dX[p,q] X[i,j] = delta[i,p]*delta[j,q]; d/dt t = 1",
        when: "the entries of X are independent",
        reason: "An element changes with itself at rate 1 and with no other element.",
        sentence: "an element changes only with itself",
        reference: "calculus",
        example: ("d/dX[p,q] X[i,j]", "delta[i,p]*delta[j,q]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        if body == by && matches!(store.node(by), Node::Symbol(_)) {
            return Some(Rewrite::to(store.int(1)));
        }
        let (Node::Elem(of, at), Node::Elem(variable, by_at)) = (store.node(body), store.node(by)) else { return None };
        let &Node::Symbol(symbol) = store.node(*variable) else { return None };
        if of != variable || store.tied(symbol).is_some() {
            return None;
        }
        let pairs: Vec<_> = at.iter().copied().zip(by_at.iter().copied()).collect();
        let deltas: Args = pairs.into_iter().map(|(i, l)| store.intern(Node::Delta(i, l))).collect();
        let marks = match deltas.len() {
            1 => vec![(MarkKind::Delta, vec![])],
            _ => (0..deltas.len() as u32).map(|position| (MarkKind::Delta, vec![position])).collect(),
        };
        let mut rewrite = Rewrite::to(store.mul(deltas));
        rewrite.marks = marks;
        Some(rewrite)
    },
};

/// Linearity: the derivative passes sums and constant factors.
pub(crate) static LINEAR: Rule = Rule {
    statement: RuleStatement {
        id: "diff.linear",
        name: "linearity of the derivative",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] sum[i](c[i]*f[i] + g[i]) = sum[i](c[i]*d/dx[l] f[i]) + sum[i](d/dx[l] g[i])",
        when: "c does not contain the variable; summands without the variable drop out",
        reason: "The derivative of a sum is the sum of the derivatives, and constant factors stay.",
        sentence: "the derivative passes sums, and what is constant: {constants}|the derivative passes sums",
        reference: "calculus",
        example: ("d/dx[l] sum[i](a[i]*x[i])", "sum[i](a[i]*d/dx[l] x[i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let mut constants = Vec::new();
        let to = linear(store, body, by, &mut constants)?;
        let rewrite = Rewrite::to(to);
        let said = !constants.is_empty() && constants.len() <= 4;
        (to != id).then(|| if said { rewrite.slot("constants", constants) } else { rewrite })
    },
};

/// The derivative pushed through sums and constant factors, as far as they go; `constants` takes what is constant.
fn linear(store: &mut Store, body: Id, by: Id, constants: &mut Vec<Id>) -> Option<Id> {
    match store.node(body).clone() {
        Node::Add(terms) => {
            let mut derivatives = Args::new();
            for term in terms {
                if store.varies_by(term, by) {
                    let derivative = linear(store, term, by, constants)?;
                    derivatives.push(derivative);
                } else {
                    note(store, term, constants);
                }
            }
            (!derivatives.is_empty()).then(|| store.add(derivatives))
        }
        // The product rule takes the sum with it.
        Node::Sum(_, inner) if is_product(store, inner, by) => Some(pending(store, body, by)),
        Node::Sum(over, inner) => {
            let inner = linear(store, inner, by, constants)?;
            let terms = store.terms(inner);
            let sums: Args = terms.into_iter().map(|term| store.sum(over.clone(), term)).collect();
            Some(store.add(sums))
        }
        Node::Mul(factors) => {
            let varying: Vec<usize> = (0..factors.len()).filter(|&k| store.varies_by(factors[k], by)).collect();
            let [position] = varying[..] else { return Some(pending(store, body, by)) };
            let mut factors = factors;
            for (other, &factor) in factors.iter().enumerate() {
                if other != position {
                    note(store, factor, constants);
                }
            }
            factors[position] = linear(store, factors[position], by, constants)?;
            Some(store.mul(factors))
        }
        _ if store.varies_by(body, by) => Some(pending(store, body, by)),
        _ => None,
    }
}

/// Keeps a constant that is worth saying: numbers are not.
fn note(store: &mut Store, constant: Id, constants: &mut Vec<Id>) {
    let (_, rest) = store.coefficient(constant);
    if store.as_number(rest).is_none() && !constants.contains(&rest) {
        constants.push(rest);
    }
}

/// Whether a node is a product of at least two factors with the variable.
fn is_product(store: &Store, id: Id, by: Id) -> bool {
    match store.node(id) {
        Node::Mul(factors) => factors.iter().filter(|&&factor| store.varies_by(factor, by)).count() >= 2,
        _ => false,
    }
}

/// The product rule for any number of factors, under a sum or not.
pub(crate) static PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "diff.product",
        name: "product rule",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] sum[i](f[i]*g[i]) = sum[i](g[i]*d/dx[l] f[i]) + sum[i](f[i]*d/dx[l] g[i])",
        when: "",
        reason: "Each factor is differentiated in turn while the others are held constant (the bar).",
        sentence: "product rule: the barred factors are held constant",
        reference: "calculus",
        example: ("d/dx[l] (f*g)", "g*d/dx[l] f + f*d/dx[l] g"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let (over, product) = match store.node(body) {
            Node::Sum(over, inner) => (over.clone(), *inner),
            _ => (Indices::new(), body),
        };
        if !is_product(store, product, by) {
            return None;
        }
        let factors = store.factors(product);
        let mut varying: Vec<usize> = (0..factors.len()).filter(|&k| store.varies_by(factors[k], by)).collect();
        // Scalar multiples come last: c*x by x is c*I + x*(the derivative of c)'.
        varying.sort_by_key(|&k| store.free(factors[k]).is_empty());
        let mut terms = Args::new();
        let mut marks = Vec::new();
        for (term, &position) in varying.iter().enumerate() {
            let mut factors = factors.clone();
            factors[position] = pending(store, factors[position], by);
            let product = store.mul(factors);
            terms.push(store.sum(over.clone(), product));
            let prefix = if over.is_empty() { vec![term as u32] } else { vec![term as u32, 0] };
            let held = varying.iter().filter(|&&other| other != position);
            marks.extend(held.map(|&other| (MarkKind::Held, [&prefix[..], &[other as u32]].concat())));
        }
        let mut rewrite = Rewrite::to(store.add(terms));
        rewrite.marks = marks;
        Some(rewrite)
    },
};

/// The chain rule for a power: of its base, of its exponent, or of both.
pub(crate) static POWER: Rule = Rule {
    statement: RuleStatement {
        id: "diff.power",
        name: "chain rule for a power",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] f^r = r*f^(r - 1)*(d/dx[l] f); d/dx[l] sqrt(f) = 1/(2*sqrt(f))*(d/dx[l] f); \
                    d/dx[l] r^g = log(r)*r^g*(d/dx[l] g); \
                    d/dx[l] f^g = g*f^(g - 1)*(d/dx[l] f) + log(f)*f^g*(d/dx[l] g)",
        when: "r does not contain the variable; f is not zero where the exponent r - 1 is negative, and positive where an \
               exponent contains the variable",
        reason: "The outer derivative of a power, times the inner derivative; f^g is exp(g*log(f)).",
        sentence: "chain rule: the derivative of the power, times that of {inner}|the base and the exponent are differentiated in turn",
        reference: "calculus",
        example: ("d/dx[l] f^3", "3*f^2*d/dx[l] f"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::POWER),
    apply: |store, id| {
        let (body, by) = partial(store, id)?;
        let Node::Power(base, exponent) = *store.node(body) else { return None };
        if !store.varies_by(body, by) {
            return None;
        }
        let (of_base, need) = match store.varies_by(base, by) {
            true => {
                let (outer, need) = outer_of_base(store, base, exponent);
                let inner = pending(store, base, by);
                (Some(store.mul([outer, inner])), need)
            }
            false => (None, None),
        };
        let of_exponent = store.varies_by(exponent, by).then(|| {
            let logarithm = store.apply(Scalar::Log, base);
            let inner = pending(store, exponent, by);
            store.mul([logarithm, body, inner])
        });
        let need = if of_exponent.is_some() { Some(Needed::Positive) } else { need };
        let inner = match (of_base, of_exponent) {
            (Some(_), None) => Some(base),
            (None, Some(_)) => Some(exponent),
            _ => None,
        };
        let to = store.add(of_base.into_iter().chain(of_exponent));
        let rewrite = Rewrite { needs: need.map(|kind| Need { node: base, kind }), ..Rewrite::to(to) };
        Some(match inner {
            Some(inner) => rewrite.slot("inner", inner),
            None => rewrite,
        })
    },
};

/// The derivative of a power by its base, and what the base must be for it.
fn outer_of_base(store: &mut Store, base: Id, exponent: Id) -> (Id, Option<Needed>) {
    match store.as_number(exponent).cloned() {
        Some(r) => {
            let lower = r.add(&Rat::int(-1));
            let need = lower.is_negative().then(|| match lower.as_int() {
                None => Needed::Positive,
                Some(_) => Needed::Nonzero,
            });
            let power = store.power(base, lower);
            let factor = store.number(r);
            (store.mul([factor, power]), need)
        }
        None => {
            let minus_one = store.int(-1);
            let lower = store.add([exponent, minus_one]);
            let power = store.intern(Node::Power(base, lower));
            // A dimension is an integer above zero.
            let need = (!matches!(store.node(exponent), Node::Size(_))).then_some(Needed::Positive);
            (store.mul([exponent, power]), need)
        }
    }
}
