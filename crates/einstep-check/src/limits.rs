//! Bounds on a derivation before anything is computed from it, and the ids that stand outside of its node table.
//!
//! In: a derivation, perhaps hostile. Out: leave to go on, or the fault.
//! Left to others: the nodes themselves (`Table::read`), what they mean.

use crate::meter::Meter;
use crate::tensor::MAX_AXES;
use crate::verdict::{FILE, Fault};
use einstep_trace::{Chain, Derivation, Dim, IndexId, Mark, Node, NodeId, Slot, Step, Table};
use rustc_hash::{FxHashMap, FxHashSet};

/// The greatest number of nodes, and of steps.
const MAX_COUNT: usize = 1 << 17;
/// The greatest number of symbols.
const MAX_SYMBOLS: usize = 1 << 12;
/// The greatest number of chains.
const MAX_CHAINS: usize = 1 << 6;
/// The greatest number of free indices of all nodes together, each counted as often as nodes lead to it.
const MAX_FREE: usize = 1 << 24;
/// The greatest number of indices that one node binds.
const MAX_BOUND: usize = 1 << 15;
/// The greatest number of dimensions of a symbol.
const MAX_ORDER: usize = 8;
/// The greatest length of the text of a dimension.
const MAX_DIM: usize = 120;
/// The greatest depth of finer steps.
pub(crate) const MAX_STEPS_DEPTH: usize = 16;

/// Whether the size of a derivation is within bounds. To be asked before anything else.
pub(crate) fn bounded(derivation: &Derivation) -> Result<(), Fault> {
    let too = |what: &str| Err(Fault::decline(FILE, format!("it has too many {what}")));
    let indices = derivation.indices.len();
    if derivation.nodes.len() > MAX_COUNT || derivation.symbols.len() > MAX_SYMBOLS {
        return too("nodes or symbols");
    }
    let of_lemmas = |chain: &Chain| chain.symbols.len() > MAX_SYMBOLS;
    if derivation.chains.len() > MAX_CHAINS || derivation.chains.iter().any(of_lemmas) {
        return too("chains, or symbols of a lemma");
    }
    if indices >= MAX_AXES as usize {
        return too("indices");
    }
    if free_indices(derivation) > MAX_FREE {
        return too("nodes for so many indices");
    }
    if derivation.nodes.iter().any(|node| node.bound().len() > MAX_BOUND) {
        return too("indices bound by one node");
    }
    let long = |shape: &[Dim]| shape.len() > MAX_ORDER || shape.iter().any(|dim| dim.0.len() > MAX_DIM);
    if shapes(derivation).any(long) {
        return too("letters in a dimension");
    }
    let mut steps: Vec<(&Step, usize)> =
        derivation.chains.iter().flat_map(|chain| &chain.links).map(|step| (step, 1)).collect();
    let mut count = 0;
    while let Some((step, depth)) = steps.pop() {
        count += 1;
        if count > MAX_COUNT || depth > MAX_STEPS_DEPTH {
            return too("steps, or steps within steps");
        }
        steps.extend(step.steps.iter().map(|step| (step, depth + 1)));
    }
    Ok(())
}

/// A bound on the number of free indices of all nodes, from the table alone.
fn free_indices(derivation: &Derivation) -> usize {
    let indices = derivation.indices.len();
    let mut free: Vec<usize> = Vec::with_capacity(derivation.nodes.len());
    let mut total = 0usize;
    for node in &derivation.nodes {
        let own = match node {
            Node::Elem { at, .. } => at.len(),
            Node::Delta { .. } => 2,
            _ => 0,
        };
        // A reference forward is refused when the table is read.
        let below = node.children().into_iter().map(|child| 1 + free.get(child.at()).copied().unwrap_or(0));
        let reached = below.fold(own, usize::saturating_add);
        total = total.saturating_add(reached);
        free.push(reached.min(indices));
    }
    total
}

/// Whether every id outside of the node table stands for something, and each node and step is there once.
pub(crate) fn ids(derivation: &Derivation, table: &Table, meter: &Meter) -> Result<(), Fault> {
    let reject = |message: String| Err(Fault::reject(FILE, message));
    let mut seen: FxHashMap<&Node, usize> = FxHashMap::default();
    for (position, node) in derivation.nodes.iter().enumerate() {
        if let Some(first) = seen.insert(node, position) {
            return reject(format!("node {position} repeats node {first}"));
        }
    }
    let mut names = FxHashSet::default();
    if let Some(symbol) = derivation.symbols.iter().find(|symbol| !names.insert(&symbol.name)) {
        return reject(format!("there are two symbols `{}`", symbol.name));
    }
    if let Some((position, _)) = derivation.indices.iter().enumerate().find(|(position, i)| i.id.at() != *position) {
        return reject(format!("the index at position {position} has another number"));
    }
    let is_name = |name: &str| {
        name.starts_with(char::is_alphabetic) && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    if let Some(index) = derivation.indices.iter().find(|index| !is_name(&index.name) && index.position().is_none()) {
        return reject(format!("the index {} is called `{}`, which is no name", index.id.0, index.name));
    }
    if let Some(letter) = derivation.result.free.iter().find(|letter| !is_name(letter)) {
        return reject(format!("the free index `{letter}` of the result is no name"));
    }
    if let Some(what) = dims(derivation) {
        return reject(what);
    }
    let result = &derivation.result;
    let mut nodes = vec![derivation.problem.node, result.node];
    nodes.extend(derivation.conditions.iter().map(|condition| condition.node));
    nodes.extend(result.einsum.iter().flat_map(|term| term.scalars.iter().chain(&term.operands)));
    nodes.extend(derivation.chains.iter().map(|chain| chain.left));
    nodes.extend(result.names.iter().map(|named| named.node));
    let mut indices = Vec::new();
    for fact in &derivation.shapes {
        nodes.extend(fact.from.iter().chain([&fact.node]));
        fact.slots.values().for_each(|slot| named_by(slot, &mut nodes, &mut indices));
    }
    let is_known = |index: &IndexId| index.at() < derivation.indices.len();
    if let Some(index) = indices.iter().find(|index| !is_known(index)) {
        return reject(format!("what is told of shapes names the unknown index {}", index.0));
    }
    let mut numbers = FxHashSet::default();
    let mut steps: Vec<&Step> = derivation.chains.iter().flat_map(|chain| &chain.links).collect();
    while let Some(step) = steps.pop() {
        if !numbers.insert(step.id) {
            return reject(format!("there are two steps with the number {}", step.id));
        }
        nodes.extend([step.before, step.after]);
        nodes.extend(step.replaced.iter().flatten());
        nodes.extend(step.cases.iter().map(|case| case.after));
        nodes.extend(step.with.iter().flat_map(|put| put.values()));
        let slots = step.because.slots.iter().flat_map(|slots| slots.values());
        let mut indices: Vec<_> =
            step.cases.iter().flat_map(|case| &case.when).flat_map(|(i, _, j)| [*i, *j]).collect();
        slots.for_each(|slot| named_by(slot, &mut nodes, &mut indices));
        if let Some(index) = indices.iter().find(|index| !is_known(index)) {
            return reject(format!("step {} names the unknown index {}", step.id, index.0));
        }
        for mark in step.marks.iter().filter(|_| table.contains(step.after)) {
            if !exists(derivation, step.after, mark, meter)? {
                return reject(format!("step {} has a mark where there is nothing", step.id));
            }
        }
        steps.extend(&step.steps);
    }
    if let Some(node) = nodes.into_iter().find(|node| !table.contains(*node)) {
        return reject(format!("it names the unknown node {}", node.0));
    }
    match derivation.shapes.iter().find(|fact| table.shape(fact.node) != fact.shape) {
        Some(fact) => reject(format!("node {} does not have the shape that is claimed of it", fact.node.0)),
        None => Ok(()),
    }
}

/// The nodes and indices that a slot names.
fn named_by(slot: &Slot, nodes: &mut Vec<NodeId>, indices: &mut Vec<IndexId>) {
    match slot {
        Slot::Index(index) => indices.push(*index),
        Slot::Indices(list) => indices.extend(list),
        Slot::Node(node) => nodes.push(*node),
        Slot::Nodes(list) => nodes.extend(list),
        Slot::Dim(_) | Slot::Count(_) | Slot::Word(_) => {}
    }
}

/// What is wrong with the table of dimensions: it is to have every name that occurs, once, and no other.
fn dims(derivation: &Derivation) -> Option<String> {
    let used: Vec<(u64, Vec<String>)> = shapes(derivation).flatten().filter_map(Dim::terms).flatten().collect();
    let used: FxHashSet<&str> = used.iter().flat_map(|(_, names)| names).map(String::as_str).collect();
    let mut known = FxHashSet::default();
    for dim in &derivation.dims {
        if !known.insert(dim.name.as_str()) {
            return Some(format!("the dimension `{}` is listed twice", dim.name));
        }
        if !used.contains(dim.name.as_str()) {
            return Some(format!("the dimension `{}` is listed and does not occur", dim.name));
        }
    }
    let mut missing: Vec<&&str> = used.iter().filter(|name| !known.contains(**name)).collect();
    missing.sort_unstable();
    missing.first().map(|name| format!("the dimension `{name}` is not listed"))
}

/// Every shape and dimension outside of sentences.
fn shapes(derivation: &Derivation) -> impl Iterator<Item = &[Dim]> {
    let of_nodes = derivation.nodes.iter().filter_map(|node| match node {
        Node::Ones { shape } | Node::Zeros { shape } => Some(shape.as_slice()),
        Node::Size { dim } | Node::Identity { dim } => Some(std::slice::from_ref(dim)),
        _ => None,
    });
    of_nodes
        .chain(derivation.symbols.iter().map(|symbol| symbol.shape.as_slice()))
        .chain(derivation.indices.iter().map(|index| std::slice::from_ref(&index.dim)))
        .chain([derivation.result.shape.as_slice()])
}

fn exists(derivation: &Derivation, line: NodeId, mark: &Mark, meter: &Meter) -> Result<bool, Fault> {
    let mut at = line;
    for &child in &mark.at {
        let children = derivation.nodes[at.at()].children();
        if meter.spend(1 + children.len() as u64).is_err() {
            return Err(Fault::decline(FILE, "it has too many marks"));
        }
        match children.get(child as usize) {
            Some(next) => at = *next,
            None => return Ok(false),
        }
    }
    Ok(true)
}
