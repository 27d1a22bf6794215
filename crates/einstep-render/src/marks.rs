//! Which parts of a line are marked.
//!
//! In: what a step replaced, and where. Out: a tree of marks along the paths of the line, narrowed to what really differs:
//! of a sum from which a delta removes an index, the sign and the delta. Left to others: how a mark looks.

use crate::notation::Style;
use einstep_trace::{Derivation, IndexId, Node, NodeId, Path};
use std::collections::BTreeMap;

/// The greatest depth to which two expressions are compared.
const MAX_DEPTH: usize = 32;
/// The greatest number of marks of one step; beyond it, marks would say nothing.
const MAX_MARKS: usize = 64;

/// What is marked at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// All of it.
    Whole(Style),
    /// A bar over all of it.
    Held,
    /// The signs of these indices of a sum.
    Signs(Vec<IndexId>),
    /// The operator of a pending derivative.
    Operator,
}

/// Marks, by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    here: Vec<What>,
    below: BTreeMap<u32, Marks>,
}

impl Marks {
    /// Adds a mark at a path.
    pub(crate) fn add(&mut self, path: &[u32], what: What) {
        let mut at = self;
        for step in path {
            at = at.below.entry(*step).or_default();
        }
        at.here.push(what);
    }

    /// Whether nothing is marked here.
    pub(crate) fn is_empty(&self) -> bool {
        self.here.is_empty()
    }

    /// The marks below a child.
    pub(crate) fn child(&self, position: u32) -> Option<&Marks> {
        self.below.get(&position)
    }

    /// The style in which all of it is marked.
    pub(crate) fn style(&self) -> Option<Style> {
        self.here.iter().find_map(|what| match what {
            What::Whole(style) if *style != Style::Made => Some(*style),
            _ => None,
        })
    }

    /// Whether the line before has something else here.
    pub(crate) fn made(&self) -> bool {
        self.here.contains(&What::Whole(Style::Made))
    }

    /// Whether a bar stands over it.
    pub(crate) fn held(&self) -> bool {
        self.here.contains(&What::Held)
    }

    /// Whether its operator is marked.
    pub(crate) fn operator(&self) -> bool {
        self.here.contains(&What::Operator)
    }

    /// Whether its sign over an index is marked.
    pub(crate) fn sign(&self, index: IndexId) -> bool {
        self.here.iter().any(|what| matches!(what, What::Signs(indices) if indices.contains(&index)))
    }
}

/// The parts of `from` that `to` does not have, as paths from `from`.
pub(crate) fn differences(derivation: &Derivation, from: NodeId, to: NodeId) -> Vec<(Path, What)> {
    let mut found = Vec::new();
    compare(derivation, from, to, &mut Path::new(), &mut found);
    if found.len() > MAX_MARKS { vec![] } else { found }
}

fn compare(derivation: &Derivation, from: NodeId, to: NodeId, path: &mut Path, found: &mut Vec<(Path, What)>) {
    if from == to || found.len() > MAX_MARKS {
        return;
    }
    let (Some(before), Some(after)) = (derivation.nodes.get(from.at()), derivation.nodes.get(to.at())) else {
        return;
    };
    if let Node::Partial { .. } = before {
        found.push((path.clone(), What::Operator));
        return;
    }
    if let Node::Sum { over, body } = before
        && sum_differs(derivation, over, *body, kept(after), path, found)
    {
        return;
    }
    if let Some(lists) = lists(before, after) {
        return compare_lists(derivation, lists, path, found);
    }
    let (old, new) = (before.children(), after.children());
    let letter = matches!((before, after), (Node::Elem { of: old, .. }, Node::Elem { of: new, .. })
        if !same_kind(derivation, *old, *new));
    if !letter && path.len() < MAX_DEPTH && alike(before, after) && old.len() == new.len() && !old.is_empty() {
        for (position, (old, new)) in old.into_iter().zip(new).enumerate() {
            path.push(u32::try_from(position).unwrap_or(u32::MAX));
            compare(derivation, old, new, path, found);
            path.pop();
        }
    } else {
        found.push((path.clone(), What::Whole(Style::Changed)));
    }
}

/// Whether two arrays are compounds of one kind, so that a part of them may be marked.
fn same_kind(derivation: &Derivation, old: NodeId, new: NodeId) -> bool {
    match (derivation.nodes.get(old.at()), derivation.nodes.get(new.at())) {
        (Some(Node::Symbol { .. }), _) => false,
        (Some(old), Some(new)) => std::mem::discriminant(old) == std::mem::discriminant(new),
        _ => false,
    }
}

/// The members of two lists of one kind: terms, or factors.
fn lists<'a>(before: &'a Node, after: &'a Node) -> Option<(&'a [NodeId], &'a [NodeId])> {
    match (before, after) {
        (Node::Add { args: old }, Node::Add { args: new })
        | (Node::Mul { args: old }, Node::Mul { args: new })
        | (Node::Matmul { args: old }, Node::Matmul { args: new })
        | (Node::Hadamard { args: old }, Node::Hadamard { args: new }) => Some((old, new)),
        _ => None,
    }
}

/// Compares lists between the members that they share at the beginning and at the end.
fn compare_lists(
    derivation: &Derivation,
    (old, new): (&[NodeId], &[NodeId]),
    path: &mut Path,
    found: &mut Vec<(Path, What)>,
) {
    let front = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let back = old[front..].iter().rev().zip(new[front..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[front..old.len() - back], &new[front..new.len() - back]);
    let pairs = old.len() == new.len() && path.len() < MAX_DEPTH;
    let mut unmatched = new.to_vec();
    for (position, &member) in old.iter().enumerate() {
        path.push(u32::try_from(front + position).unwrap_or(u32::MAX));
        match (pairs, derivation.nodes.get(member.at())) {
            (true, _) => compare(derivation, member, new[position], path, found),
            (false, Some(Node::Partial { .. })) => found.push((path.clone(), What::Operator)),
            // A member that has only moved up is not marked.
            (false, _) => match unmatched.iter().position(|other| *other == member) {
                Some(position) => drop(unmatched.swap_remove(position)),
                None if loses_a_sign(derivation, member, new, path, found) => {}
                None => found.push((path.clone(), What::Whole(Style::Changed))),
            },
        }
        path.pop();
    }
}

/// Whether a member of a list is a sum that a delta took an index from, so that what is left stands among the new members.
fn loses_a_sign(
    derivation: &Derivation,
    member: NodeId,
    new: &[NodeId],
    path: &Path,
    found: &mut Vec<(Path, What)>,
) -> bool {
    let Some(Node::Sum { over, body }) = derivation.nodes.get(member.at()) else { return false };
    let left = new.iter().find_map(|node| match derivation.nodes.get(node.at()) {
        Some(Node::Sum { over: kept, .. }) if kept.iter().all(|index| over.contains(index)) => Some(kept.as_slice()),
        _ => None,
    });
    sum_differs(derivation, over, *body, left.unwrap_or_default(), path, found)
}

/// Whether two nodes are of one kind and differ at most below.
fn alike(before: &Node, after: &Node) -> bool {
    match (before, after) {
        (Node::Transpose { .. }, Node::Transpose { .. }) | (Node::Power { .. }, Node::Power { .. }) => true,
        (Node::Sum { over: old, .. }, Node::Sum { over: new, .. })
        | (Node::Prod { over: old, .. }, Node::Prod { over: new, .. })
        | (Node::Array { over: old, .. }, Node::Array { over: new, .. }) => old == new,
        (Node::Elem { at: old, .. }, Node::Elem { at: new, .. }) => old == new,
        (Node::Call { name: old, .. }, Node::Call { name: new, .. })
        | (Node::Fn { name: old, .. }, Node::Fn { name: new, .. }) => old == new,
        _ => false,
    }
}

/// The indices of a sum; none of anything else.
fn kept(node: &Node) -> &[IndexId] {
    match node {
        Node::Sum { over, .. } => over,
        _ => &[],
    }
}

/// A sum that lost an index to a delta, or that took in the indices of a sum inside it. Says whether it is one of these.
fn sum_differs(
    derivation: &Derivation,
    over: &[IndexId],
    body: NodeId,
    kept: &[IndexId],
    path: &Path,
    found: &mut Vec<(Path, What)>,
) -> bool {
    let mut marks = Vec::new();
    let mut gone: Vec<IndexId> = Vec::new();
    for (factor, below) in factors(derivation, body) {
        let below = [path.as_slice(), &below].concat();
        match derivation.nodes.get(factor.at()) {
            Some(Node::Delta { at }) => {
                let removed = |index: &IndexId| over.contains(index) && !kept.contains(index) && !gone.contains(index);
                if let Some(index) = at.iter().find(|index| removed(index)) {
                    gone.push(*index);
                    marks.push((path.clone(), What::Signs(vec![*index])));
                    marks.push((below, What::Whole(Style::Changed)));
                }
            }
            Some(Node::Sum { .. }) if kept.len() > over.len() => {
                taken_in(derivation, factor, kept, below, &mut marks);
            }
            _ => {}
        }
    }
    let any = !marks.is_empty();
    found.append(&mut marks);
    any
}

/// The signs of sums inside a sum that took their indices in.
fn taken_in(derivation: &Derivation, sum: NodeId, kept: &[IndexId], path: Path, marks: &mut Vec<(Path, What)>) {
    let Some(Node::Sum { over, body }) = derivation.nodes.get(sum.at()) else { return };
    let taken: Vec<IndexId> = over.iter().filter(|index| kept.contains(index)).copied().collect();
    if taken.is_empty() || path.len() > MAX_DEPTH || marks.len() > MAX_MARKS {
        return;
    }
    marks.push((path.clone(), What::Signs(taken)));
    for (factor, below) in factors(derivation, *body) {
        taken_in(derivation, factor, kept, [path.as_slice(), &below].concat(), marks);
    }
}

/// The factors of the body of a sum, with their paths from the sum.
fn factors(derivation: &Derivation, body: NodeId) -> Vec<(NodeId, Path)> {
    match derivation.nodes.get(body.at()) {
        Some(Node::Mul { args }) => {
            let positions = 0..u32::try_from(args.len()).unwrap_or(0);
            args.iter().copied().zip(positions).map(|(arg, position)| (arg, vec![0, position])).collect()
        }
        _ => vec![(body, vec![0])],
    }
}
