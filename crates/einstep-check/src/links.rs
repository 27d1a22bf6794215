//! The form of one step: its line after is its line before with the replaced pairs exchanged at their places.
//!
//! In: a step. Out: for each place whether it lies below a pending derivative, or what is wrong.
//! Left to others: values. Both lines are walked together, so nothing is rebuilt.

use crate::meter::{Meter, Trouble};
use einstep_trace::{Derivation, Node, NodeId, Path, Step};
use std::ops::Range;

/// What is wrong with the form of a step.
pub(crate) type Form<T> = Result<T, Misform>;

/// A step of a wrong form, or one too costly to look at.
#[derive(Debug)]
pub(crate) enum Misform {
    Wrong(String, Option<Path>),
    Trouble(Trouble),
}

/// Two lines at one place, with the pairs that lie below it.
struct Place {
    before: NodeId,
    after: NodeId,
    pairs: Range<usize>,
    depth: usize,
    below_partial: bool,
}

fn wrong<T>(message: &str, place: Option<&Path>) -> Form<T> {
    Err(Misform::Wrong(message.to_string(), place.cloned()))
}

/// Checks the form of a step. The answer tells of each place, in the order of the step, whether a pending derivative
/// stands above it.
pub(crate) fn exchange(derivation: &Derivation, step: &Step, meter: &Meter) -> Form<Vec<bool>> {
    if step.at.len() != step.replaced.len() {
        return wrong("it does not have one pair for each place", None);
    }
    if step.at.is_empty() || step.before == step.after {
        return wrong("it changes nothing", None);
    }
    let mut order: Vec<usize> = (0..step.at.len()).collect();
    order.sort_by_key(|&k| &step.at[k]);
    for pair in order.windows(2) {
        if step.at[pair[1]].starts_with(&step.at[pair[0]]) {
            return wrong("one of its places lies within another", Some(&step.at[pair[1]]));
        }
    }
    let mut below_partial = vec![false; step.at.len()];
    let whole = Place { before: step.before, after: step.after, pairs: 0..order.len(), depth: 0, below_partial: false };
    let mut open = vec![whole];
    while let Some(place) = open.pop() {
        let Place { before, after, pairs, depth, below_partial: below } = place;
        let Some(&first) = order[pairs.clone()].first() else {
            if before != after {
                return wrong("its line after differs from its line before elsewhere too", None);
            }
            continue;
        };
        let path = &step.at[first];
        if path.len() == depth {
            let [old, new] = step.replaced[first];
            if before != old {
                return wrong("what it replaces does not stand at the place", Some(path));
            }
            if after != new {
                return wrong("its line after does not have the replacement at the place", Some(path));
            }
            if old == new {
                return wrong("it replaces an expression by itself", Some(path));
            }
            below_partial[first] = below;
            continue;
        }
        let (old, new) = (&derivation.nodes[before.at()], &derivation.nodes[after.at()]);
        let (children, others) = (old.children(), new.children());
        meter.spend(children.len() as u64 + others.len() as u64).map_err(Misform::Trouble)?;
        if head(old) != head(new) {
            return wrong("its line after has another form than its line before", Some(path));
        }
        let mut rest = pairs;
        for (k, (&before, &after)) in children.iter().zip(&others).enumerate() {
            let here = order[rest.clone()].iter().take_while(|&&pair| step.at[pair][depth] as usize == k).count();
            let pairs = rest.start..rest.start + here;
            rest.start += here;
            let partial = matches!(old, Node::Partial { .. });
            if partial && k == 1 && here > 0 {
                return wrong("it replaces what a derivative is by", Some(path));
            }
            open.push(Place { before, after, pairs, depth: depth + 1, below_partial: below || partial });
        }
        if let Some(&left) = order[rest].first() {
            return wrong("there is no such place", Some(&step.at[left]));
        }
    }
    Ok(below_partial)
}

/// A node without its children, but with their number.
pub(crate) fn head(node: &Node) -> Node {
    let mut head = node.clone();
    let none = NodeId(0);
    match &mut head {
        Node::Add { args }
        | Node::Mul { args }
        | Node::Matmul { args }
        | Node::Hadamard { args }
        | Node::Call { args, .. } => args.fill(none),
        Node::Block { blocks } => blocks.iter_mut().for_each(|row| row.fill(none)),
        Node::Transpose { arg } | Node::Fn { arg, .. } => *arg = none,
        Node::Power { base, exponent } => (*base, *exponent) = (none, none),
        Node::Matpow { base, .. } => *base = none,
        Node::Elem { of, .. } => *of = none,
        Node::Array { body, .. } | Node::Sum { body, .. } | Node::Prod { body, .. } => *body = none,
        Node::Partial { body, by, .. } => (*body, *by) = (none, none),
        Node::Number { .. }
        | Node::Size { .. }
        | Node::Symbol { .. }
        | Node::Identity { .. }
        | Node::Ones { .. }
        | Node::Zeros { .. }
        | Node::Delta { .. }
        | Node::Eps { .. } => {}
    }
    head
}
