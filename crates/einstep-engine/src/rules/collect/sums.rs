//! Sums over indices: what stands in front, what is taken inside, what is spread.
//!
//! In: sums over products. Out: the same in fewer sums, or in one sum a term.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Index, Indices, Kinds, Node, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};

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
    places: at(Kinds::SUM),
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

/// Whether a factor has a delta at one of some indices.
fn holds_delta(store: &Store, id: Id, over: &Indices) -> bool {
    match store.node(id) {
        Node::Delta(i, j) => over.contains(i) || over.contains(j),
        Node::Add(_) | Node::Mul(_) | Node::Sum(..) => {
            store.node(id).children().into_iter().any(|child| holds_delta(store, child, over))
        }
        _ => false,
    }
}

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
    places: at(Kinds::SUM),
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

/// [`DISTRIBUTE`] over a sum of more indices than an array has.
pub(crate) fn distributed_order(store: &mut Store, id: Id) -> Option<Rewrite> {
    let (over, body) = match store.node(id) {
        Node::Sum(over, body) => (over.clone(), *body),
        _ => (Indices::new(), id),
    };
    let Node::Mul(factors) = store.node(body).clone() else { return None };
    let is_wide = |&factor: &Id| matches!(store.node(factor), Node::Add(_)) && store.free(factor).len() > 2;
    let position = factors.iter().position(is_wide)?;
    Some(Rewrite::to(spread(store, &over, &factors, position)))
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
    places: at(Kinds::SUM.or(Kinds::MUL)).with(Kinds::ADD),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, body) = (over.clone(), *body);
        let factors = store.factors(body);
        let position = factors.iter().position(|&factor| {
            matches!(store.node(factor), Node::Add(_))
                && shares(store, factor, &over)
                && (store.is_pending(factor) || holds_delta(store, factor, &over))
        })?;
        Some(Rewrite::to(spread(store, &over, &factors, position)))
    },
};

/// The sum over some indices of a product, the sum that is one of its factors spread over it.
fn spread(store: &mut Store, over: &Indices, factors: &Args, position: usize) -> Id {
    let mut terms = Args::new();
    for summand in store.terms(factors[position]) {
        let mut factors = factors.clone();
        factors[position] = summand;
        let product = store.mul(factors);
        terms.push(store.sum(over.clone(), product));
    }
    store.add(terms)
}
