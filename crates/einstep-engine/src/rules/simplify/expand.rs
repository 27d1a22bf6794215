//! Products with sums multiplied out, where that makes terms or factors cancel.
//!
//! In: sums and products with sums among their factors. Out: the same, multiplied out. Left to others: merging the terms.

use super::cost::size;
use super::inverses;
use super::parts::Term;
use super::structure;
use super::transposes::merged;
use crate::places::at;
use crate::rules::collect;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The greatest number of terms that are tried.
const MAX_TERMS: usize = 64;

/// A product with a sum, where terms or factors then cancel.
pub(crate) static EXPAND: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.distribute",
        name: "distribute where terms cancel",
        kind: RuleKind::Structural,
        statement: "A*(B + C) = A*B + A*C; (A + B)*C = A*C + B*C; c*(X + Y) = c*X + c*Y; (c + d)*X = c*X + d*X; \
                    X .* (Y + Z) = X .* Y + X .* Z",
        when: "the terms that come out cancel or merge with others, or their factors cancel, so that the whole gets shorter",
        reason: "Products distribute over sums.",
        sentence: "distributed, terms cancel or merge",
        reference: "distributivity",
        example: ("2*(X + A) - 2*X", "2*X + 2*A - 2*X"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD.or(Kinds::MATMUL)),
    apply: |store, id| match store.node(id).clone() {
        Node::Add(terms) if terms.len() <= MAX_TERMS => {
            // Every way to multiply out one term; those of a term stand together.
            let mut open: Vec<(usize, Args)> = Vec::new();
            for (k, &term) in terms.iter().enumerate() {
                open.extend(distributions(store, term).into_iter().map(|products| (k, products)));
            }
            let whole = size(store, id);
            // All of them in their first way, then each way by itself.
            let is_first = |position: usize| position == 0 || open[position - 1].0 != open[position].0;
            let all: Vec<usize> = (0..open.len()).filter(|&position| is_first(position)).collect();
            let choices = std::iter::once(all).chain((0..open.len()).map(|position| vec![position]));
            for choice in choices.filter(|choice| !choice.is_empty()) {
                let chosen: Vec<&(usize, Args)> = choice.iter().map(|&position| &open[position]).collect();
                let mut expanded = Args::new();
                for (k, &term) in terms.iter().enumerate() {
                    match chosen.iter().find(|(position, _)| *position == k) {
                        Some((_, products)) => expanded.extend_from_slice(products),
                        None => expanded.push(term),
                    }
                }
                if expanded.len() > MAX_TERMS {
                    continue;
                }
                let made = expanded.len();
                let to = store.add(expanded);
                let merged = tidy(store, to);
                if store.terms(merged).len() < made && size(store, merged) < whole {
                    return Some(Rewrite::to(to));
                }
            }
            None
        }
        Node::Matmul(factors) => {
            let position = factors.iter().position(|&factor| matches!(store.node(factor), Node::Add(_)))?;
            let cancels = |store: &mut Store, pair: [Id; 2]| {
                let product = store.matmul(pair);
                (inverses::CANCEL.apply)(store, product)
                    .or_else(|| (structure::ORTHOGONAL.apply)(store, product))
                    .is_some()
            };
            let summands = store.terms(factors[position]);
            let beside = summands.iter().any(|&summand| {
                let array = Term::of(store, summand).array.unwrap_or(summand);
                let before = position > 0 && cancels(store, [factors[position - 1], array]);
                before || position + 1 < factors.len() && cancels(store, [array, factors[position + 1]])
            });
            if !beside {
                return None;
            }
            let products = distributions(store, id).into_iter().next()?;
            let to = store.add(products);
            let mut tidied = Args::new();
            for term in store.terms(to) {
                let parts = Term::of(store, term);
                let array = parts.array?;
                let done = (inverses::CANCEL.apply)(store, array)
                    .or_else(|| (structure::ORTHOGONAL.apply)(store, array))
                    .map_or(array, |rewrite| rewrite.to);
                tidied.push(parts.with_array(Some(done)).node(store));
            }
            let tidied = store.add(tidied);
            (size(store, tidied) < size(store, id)).then(|| Rewrite::to(to))
        }
        _ => None,
    },
};

/// The terms of a product with a sum among its factors, its entries or its scalars, one list for each such sum.
fn distributions(store: &mut Store, term: Id) -> Vec<Args> {
    let parts = Term::of(store, term);
    let is_sum = |store: &Store, id: Id| matches!(store.node(id), Node::Add(_));
    let mut ways = Vec::new();
    if let Some(array) = parts.array {
        let factors = store.node(array).clone();
        if let Node::Matmul(factors) | Node::Hadamard(factors) = &factors
            && let Some(position) = factors.iter().position(|&factor| is_sum(store, factor))
        {
            let is_matmul = matches!(store.node(array), Node::Matmul(_));
            let products = store.terms(factors[position]).into_iter().map(|summand| {
                let inner = Term::of(store, summand);
                let mut factors = factors.clone();
                factors[position] = inner.array.unwrap_or(summand);
                let array = if is_matmul { store.matmul(factors) } else { store.hadamard(factors) };
                joined(store, &parts, &inner, Some(array))
            });
            ways.push(products.collect());
        } else if is_sum(store, array) && (!parts.scalars.is_empty() || !parts.number.is_one()) {
            let products = store.terms(array).into_iter().map(|summand| {
                let inner = Term::of(store, summand);
                joined(store, &parts, &inner, inner.array)
            });
            ways.push(products.collect());
        }
    }
    let alone = parts.array.is_none() && parts.scalars.len() == 1 && parts.number.is_one();
    if let Some(position) = parts.scalars.iter().position(|&scalar| is_sum(store, scalar))
        && !alone
    {
        let mut outer = parts.clone();
        let sum = outer.scalars.remove(position);
        let products = store.terms(sum).into_iter().map(|summand| {
            let inner = Term::of(store, summand);
            joined(store, &outer, &inner, parts.array)
        });
        ways.push(products.collect());
    }
    ways
}

/// The product of the numbers and scalars of two terms and an array.
fn joined(store: &mut Store, outer: &Term, inner: &Term, array: Option<Id>) -> Id {
    let number = outer.number.mul(&inner.number);
    let scalars = outer.scalars.iter().chain(&inner.scalars).copied().collect();
    Term { number, scalars, array }.node(store)
}

/// The sum with powers of one base multiplied in its terms and like terms added.
fn tidy(store: &mut Store, id: Id) -> Id {
    let terms: Args = store
        .terms(id)
        .into_iter()
        .map(|term| (collect::POWERS.apply)(store, term).map_or(term, |rewrite| rewrite.to))
        .collect();
    let sum = store.add(terms);
    merged(store, sum)
}
