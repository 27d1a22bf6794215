//! Lemmas: chains over symbols of their own, and what is put for those where a lemma is used.
//!
//! In: a chain, a step that cites one. Out: whether each speaks of the right symbols, or the fault.
//! Left to others: the links (`walk`), whether a step is what the lemma says (`instance`).
//!
//! A lemma holds for whatever is put for its symbols because it mentions no others: what it says of a matrix that
//! depends on a parameter says the same of any expression, differentiated by any element of the variable.

use crate::meter::Meter;
use crate::verdict::Fault;
use einstep_trace::{Chain, Derivation, Node, NodeId, Origin, Step, Symbol, SymbolId, SymbolKind, Table};
use rustc_hash::FxHashSet;

/// The rules that are lemmas: each of their steps cites one.
const RULES: &[&str] = &["diff.inverse", "diff.det", "diff.sigmoid", "diff.tanh", "diff.softplus"];

/// What is put for the symbols of a lemma.
pub(crate) type Put = Vec<(SymbolId, NodeId)>;

/// Whether a step of a rule has to cite a lemma.
pub(crate) fn is_needed(rule: &str) -> bool {
    RULES.contains(&rule)
}

pub(crate) fn is_lemma(chain: &Chain) -> bool {
    chain.id.starts_with("lemma:")
}

/// Whether a chain speaks of the symbols that it may speak of: a lemma of its own ones, another chain of those of the
/// problem.
pub(crate) fn scope(derivation: &Derivation, chain: &Chain, meter: &Meter) -> Result<(), Fault> {
    let at = format!("chain {}", chain.id);
    let reject = |message: String| Err(Fault::reject(&at, message));
    if derivation.chains.iter().filter(|other| other.id == chain.id).count() > 1 {
        return reject("there are two chains of this name".into());
    }
    if !is_lemma(chain) && !chain.symbols.is_empty() {
        return reject("it has symbols of its own and is no lemma".into());
    }
    let own = |symbol: &Symbol| symbol.origin == Origin::Lemma && symbol.properties.is_empty();
    for id in &chain.symbols {
        let Some(symbol) = derivation.symbols.get(id.at()).filter(|symbol| own(symbol)) else {
            return reject(format!("its symbol {} is not one of lemmas", id.0));
        };
        if symbol.shape.iter().any(|dim| dim.0.parse::<u64>().is_ok()) {
            return reject(format!("`{}` has a dimension that is a number", symbol.name));
        }
        let parameter = symbol.depends.map(|parameter| (parameter, derivation.symbols.get(parameter.at())));
        let is_parameter = |(id, symbol): (SymbolId, Option<&Symbol>)| {
            symbol.is_some_and(|symbol| symbol.kind == SymbolKind::Scalar && symbol.depends.is_none())
                && chain.symbols.contains(&id)
        };
        if !parameter.is_none_or(is_parameter) {
            return reject(format!("`{}` depends on something that is no parameter of the lemma", symbol.name));
        }
    }
    for (position, symbol) in mentioned(derivation, chain, meter)? {
        let is_own = chain.symbols.contains(&SymbolId(position));
        if is_own != is_lemma(chain) || (!is_own && (symbol.origin == Origin::Lemma || symbol.depends.is_some())) {
            return reject(format!("it speaks of `{}`, which does not belong to it", symbol.name));
        }
    }
    Ok(())
}

/// The symbols that the lines of a chain and its replaced parts mention.
fn mentioned<'a>(derivation: &'a Derivation, chain: &Chain, meter: &Meter) -> Result<Vec<(u32, &'a Symbol)>, Fault> {
    let mut open = vec![chain.left];
    let mut steps: Vec<&Step> = chain.links.iter().collect();
    while let Some(step) = steps.pop() {
        open.extend([step.before, step.after]);
        open.extend(step.replaced.iter().flatten());
        open.extend(step.cases.iter().map(|case| case.after));
        open.extend(step.with.iter().flat_map(|put| put.values()));
        steps.extend(&step.steps);
    }
    if !is_lemma(chain) {
        open.extend([derivation.problem.node, derivation.result.node]);
    }
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = &derivation.nodes[id.at()];
        if let Node::Symbol { symbol } = node {
            found.push((symbol.0, &derivation.symbols[symbol.at()]));
        }
        let children = node.children();
        if meter.spend(1 + children.len() as u64).is_err() {
            return Err(Fault::decline(&format!("chain {}", chain.id), "it is too large"));
        }
        open.extend(children);
    }
    found.sort_unstable_by_key(|(position, _)| *position);
    Ok(found)
}

/// What a step puts for the symbols of a lemma, for each of its uses: something of the right kind for every symbol.
pub(crate) fn put(derivation: &Derivation, table: &Table, lemma: &Chain, step: &Step) -> Result<Vec<Put>, String> {
    if step.with.is_empty() {
        return Err("it does not say what is put for the symbols of the lemma".into());
    }
    let mut puts = Vec::with_capacity(step.with.len());
    for with in &step.with {
        let mut put = Put::with_capacity(lemma.symbols.len());
        for id in &lemma.symbols {
            let symbol = &derivation.symbols[id.at()];
            let Some(node) = with.get(&symbol.name) else {
                return Err(format!("nothing is put for `{}` of the lemma", symbol.name));
            };
            if !fits(table, symbol, *node) {
                return Err(format!("what is put for `{}` of the lemma has another shape", symbol.name));
            }
            put.push((*id, *node));
        }
        puts.push(put);
    }
    Ok(puts)
}

/// Whether an expression has the kind of a symbol: a scalar, a vector, a square matrix where the symbol is one.
fn fits(table: &Table, symbol: &Symbol, node: NodeId) -> bool {
    let shape = table.shape(node);
    let alike = |own: &[einstep_trace::Dim], put: &[einstep_trace::Dim]| {
        // Equal dimensions stand for equal ones.
        own.iter().zip(put).all(|(a, b)| own.iter().zip(put).all(|(c, d)| a != c || b == d))
    };
    shape.len() == symbol.shape.len() && alike(&symbol.shape, shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_are_lemmas_exist() {
        for id in RULES {
            assert!(einstep_trace::rule(id).is_some(), "{id}");
        }
    }
}
