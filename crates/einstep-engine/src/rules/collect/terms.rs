//! Like terms, and sums that are distributed because their terms then cancel.
//!
//! In: sums. Out: fewer terms.

use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Indices, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashMap;

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
    places: at(Kinds::ADD),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        // The coefficient of a term that has been met, the term, and the number in its canonical form.
        let mut order: Vec<(Rat, Id, Rat)> = Vec::new();
        let mut seen: FxHashMap<Id, usize> = FxHashMap::default();
        let mut changed = false;
        let terms: Vec<(Rat, Id)> = terms.into_iter().map(|term| store.coefficient(term)).collect();
        // Like terms have the same symbols: one that shares them with no other is not looked at further.
        let mut sharing: FxHashMap<u64, usize> = FxHashMap::default();
        terms.iter().for_each(|(_, rest)| *sharing.entry(store.symbols_of(*rest)).or_default() += 1);
        for (coefficient, rest) in terms {
            if sharing[&store.symbols_of(rest)] == 1 {
                order.push((coefficient, rest, Rat::ONE));
                continue;
            }
            let canonical = store.canonical(rest);
            let (content, key) = store.coefficient(canonical);
            match seen.get(&key) {
                Some(&position) => {
                    let (total, _, first) = &mut order[position];
                    let ratio = first.recip().map_or(Rat::ONE, |recip| content.mul(&recip));
                    *total = total.add(&coefficient.mul(&ratio));
                    changed = true;
                }
                None => {
                    seen.insert(key, order.len());
                    order.push((coefficient, rest, content));
                }
            }
        }
        if !changed {
            return None;
        }
        let shape = store.shape(id);
        let terms: Args = order
            .into_iter()
            .filter(|(coefficient, ..)| !coefficient.is_zero())
            .map(|(coefficient, rest, _)| store.scale(coefficient, rest))
            .collect();
        let to =
            if terms.is_empty() && !shape.is_scalar() { store.intern(Node::Zeros(shape)) } else { store.add(terms) };
        Some(Rewrite::to(to))
    },
};

/// The terms of a product with sums, each sum that is a factor multiplied out; `None` when there is none, or too many terms.
fn expanded(store: &mut Store, term: Id) -> Option<Args> {
    // The factors in front of a sum are taken inside.
    let mut factors = store.factors(term);
    let mut over = Indices::new();
    if let Some(position) = factors.iter().position(|&factor| matches!(store.node(factor), Node::Sum(..)))
        && let Node::Sum(bound, body) = store.node(factors[position]).clone()
        && !factors.iter().enumerate().any(|(k, &factor)| k != position && mentions_any(store, factor, &bound))
    {
        factors.remove(position);
        factors.extend(store.factors(body));
        over = bound;
    }
    let mut products = vec![Args::new()];
    let mut spread = false;
    for factor in factors {
        let (base, exponent) = store.base_and_exponent(factor);
        let times = exponent.as_int().filter(|times| (1..=2).contains(times));
        let summands = match (store.node(base), times) {
            (Node::Add(terms), Some(_)) if store.shape(base).is_scalar() => terms.clone(),
            _ => {
                products.iter_mut().for_each(|product| product.push(factor));
                continue;
            }
        };
        spread = true;
        for _ in 0..times.unwrap_or(1) {
            let longer = |product: &Args| {
                summands
                    .iter()
                    .map(|&summand| product.iter().copied().chain([summand]).collect())
                    .collect::<Vec<Args>>()
            };
            products = products.iter().flat_map(longer).collect();
            if products.len() > MAX_EXPANDED {
                return None;
            }
        }
    }
    spread.then(|| {
        products
            .into_iter()
            .map(|factors| {
                let product = store.mul(factors);
                store.sum(over.clone(), product)
            })
            .collect()
    })
}

/// The greatest number of terms that are tried.
const MAX_EXPANDED: usize = 64;

fn mentions_any(store: &Store, id: Id, indices: &Indices) -> bool {
    indices.iter().any(|&index| store.mentions(id, index))
}

/// A sum whose index occurs in one factor only, which is itself a sum, and which vanishes or leaves one term.
pub(crate) static DEAD: Rule = Rule {
    statement: RuleStatement {
        id: "sum.dead",
        name: "sum over a sum",
        kind: RuleKind::Structural,
        statement: "sum[i](c*(f[i] + g[i])) = c*sum[i](f[i]) + c*sum[i](g[i])",
        when: "the index occurs in no other factor, and what comes out is zero or a single term",
        reason: "The sum of a sum is the sum of the sums.",
        sentence: "summed term by term, terms cancel",
        reference: "distributivity",
        example: ("sum[i](x[i] - 1/n*sum[j](x[j]))", "sum[i](x[i]) - sum[i](1/n*sum[j](x[j]))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM).with(Kinds::ADD),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let (over, body) = (over.clone(), *body);
        let depends =
            |store: &Store, factor: Id| over.iter().any(|index| store.free(factor).binary_search(index).is_ok());
        let dependent: Vec<Id> = store.factors(body).into_iter().filter(|&factor| depends(store, factor)).collect();
        let [sum] = dependent[..] else { return None };
        if !matches!(store.node(sum), Node::Add(_)) {
            return None;
        }
        let terms = expanded(store, id)?;
        let to = store.add(terms);
        let left = super::collected(store, to);
        (store.terms(left).len() <= 1).then(|| Rewrite::to(to))
    },
};

/// Products with sums, where the terms that come out cancel or merge.
pub(crate) static EXPAND: Rule = Rule {
    statement: RuleStatement {
        id: "collect.expand",
        name: "distribute where terms cancel",
        kind: RuleKind::Structural,
        statement: "f*(g + h) = f*g + f*h",
        when: "the terms that come out cancel or merge with others, so that no more terms are left than before, and the whole is \
               shorter",
        reason: "A product with a sum is the sum of the products.",
        sentence: "distributed, terms cancel or merge",
        reference: "distributivity",
        example: ("y*(1 - s) - (1 - y)*s", "y - y*s - (s - y*s)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        if !store.shape(id).is_scalar() {
            return None;
        }
        let before = terms.len();
        let (mut all, mut spread) = (Args::new(), false);
        for term in terms {
            match expanded(store, term) {
                Some(terms) => {
                    spread = true;
                    all.extend(terms);
                }
                None => all.push(term),
            }
        }
        if !spread || all.len() > MAX_EXPANDED {
            return None;
        }
        let made = all.len();
        let to = store.add(all);
        let left = super::collected(store, to);
        let count = store.terms(left).len();
        (count < made && count <= before && left != id && store.weight(left) < store.weight(id))
            .then(|| Rewrite::to(to))
    },
};
