//! The conditions that a derivation has to state.
//!
//! In: a derivation, points. Out: the first step that holds under a condition which is not among those stated.
//! Left to others: whether what is stated makes sense (`conditions`). Steps of lemmas hold for whatever is put for their
//! symbols, where the step that cites the lemma holds.
//!
//! What a step needs is read from its rule and from what it replaces. It is stated in matrices, perhaps simpler: of the entries
//! of an array, or of the array whose squares it is the sum of. So the two are compared in value.

use crate::bench::{Bench, Structure};
use crate::conditions;
use crate::field::F;
use crate::meter::Trouble;
use crate::requirements::symbols_below;
use crate::signs::{Sign, signs};
use crate::verdict::Fault;
use crate::walk::{name, reject};
use einstep_trace::{Condition, ConditionKind, Node, NodeId, Step};
use std::collections::BTreeSet;

/// The greatest power of a norm or a value that is recognised in what a step needs.
const MAX_POWER: u64 = 12;

/// The rules that hold under conditions.
const RULES: &[&str] = &[
    "lower.adj",
    "lower.logdet",
    "block.det",
    "block.inverse",
    "diff.power",
    "diff.abs",
    "diff.sign",
    "diff.relu",
    "diff.step",
    "diff.prod",
    "diff.inverse",
    "diff.det",
    "diff.pinv",
];

/// What a step needs of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Need {
    node: NodeId,
    kind: ConditionKind,
}

/// Checks that what the steps need is stated.
pub(crate) fn check(bench: &Bench<'_>) -> Result<(), Fault> {
    let chains = bench.derivation.chains.iter().filter(|chain| !chain.id.starts_with("lemma:"));
    let mut steps: Vec<&Step> = chains.flat_map(|chain| &chain.links).rev().collect();
    let mut stated = Vec::new();
    let signs = signs(bench.derivation);
    while let Some(step) = steps.pop() {
        steps.extend(step.steps.iter().rev());
        let mut found = Vec::new();
        for pair in step.replaced.iter().filter(|_| step.steps.is_empty() && RULES.contains(&&*step.rule.0)) {
            let gone = gone(bench, *pair).map_err(|_| Fault::decline(&name(step), "it is too large"))?;
            if step.rule.0.starts_with("block.") {
                let come = self::gone(bench, [pair[1], pair[0]]);
                let come = come.map_err(|_| Fault::decline(&name(step), "it is too large"))?;
                found.extend(gone.into_iter().flat_map(|id| pivots(bench, id, &come)));
                continue;
            }
            found.extend(gone.into_iter().filter_map(|id| need(bench, &step.rule.0, id)));
        }
        for need in found {
            if !stated.contains(&need) {
                if !is_stated(bench, &signs, need)? {
                    let (before, behind) = need.kind.words();
                    let what = format!("{before}node {}{behind}", need.node.0);
                    return Err(reject(step, None, &format!("it needs a condition that is not stated: {what}")));
                }
                stated.push(need);
            }
        }
    }
    Ok(())
}

/// The parts of an expression that its replacement does not have, in order. A step replaces more than what its rule is about
/// where products and sums are kept flat.
fn gone(bench: &Bench<'_>, [old, new]: [NodeId; 2]) -> Result<Vec<NodeId>, Trouble> {
    let [old, new] = [old, new].map(|root| -> Result<BTreeSet<NodeId>, Trouble> {
        let (mut found, mut open) = (BTreeSet::new(), vec![root]);
        while let Some(id) = open.pop() {
            bench.meter.spend(1)?;
            if found.insert(id) {
                open.extend(bench.derivation.nodes[id.at()].children());
            }
        }
        Ok(found)
    });
    Ok(old?.difference(&new?).copied().collect())
}

/// The blocks on the diagonal of a 2×2 block matrix that a step inverts which takes its inverse or determinant; of a
/// triangular one they are invertible where the whole is.
fn pivots(bench: &Bench<'_>, part: NodeId, come: &[NodeId]) -> Vec<Need> {
    let nodes = &bench.derivation.nodes;
    let blocks = match &nodes[part.at()] {
        Node::Call { name, args } if name == "det" || name == "inv" => args.first().map(|arg| &nodes[arg.at()]),
        _ => None,
    };
    let Some(Node::Block { blocks }) = blocks else { return vec![] };
    let [[a, b], [c, d]] = [0, 1].map(|row| [0, 1].map(|col| blocks.get(row).and_then(|row| row.get(col))));
    let is_zero = |id: &NodeId| match &nodes[id.at()] {
        Node::Zeros { .. } => true,
        Node::Number { value } => value.0 == "0",
        _ => false,
    };
    if blocks.len() != 2 || [b, c].into_iter().flatten().any(is_zero) {
        return vec![];
    }
    let inverted = |block: NodeId| {
        come.iter().find_map(|id| match &nodes[id.at()] {
            Node::Call { name, args } if name == "inv" && args.first() == Some(&block) => {
                Some(ConditionKind::Invertible)
            }
            Node::Power { base, .. } if *base == block => Some(ConditionKind::Nonzero),
            _ => None,
        })
    };
    [a, d].into_iter().flatten().filter_map(|block| inverted(*block).map(|kind| Need { node: *block, kind })).collect()
}

/// What a step of a rule needs of a part that it does away with.
fn need(bench: &Bench<'_>, rule: &str, part: NodeId) -> Option<Need> {
    let nodes = &bench.derivation.nodes;
    let need = |node: NodeId, kind| Some(Need { node, kind });
    let (body, by) = match (rule, &nodes[part.at()]) {
        (_, Node::Partial { body, by, .. }) => (body, by),
        ("lower.adj", Node::Call { name, args }) if name == "adj" => {
            return need(*args.first()?, ConditionKind::Invertible);
        }
        ("lower.logdet", Node::Call { name, args }) if name == "logdet" => {
            let determinant = Node::Call { name: "det".into(), args: args.clone() };
            let position = nodes.iter().position(|node| *node == determinant)?;
            return need(NodeId(position as u32), ConditionKind::Positive);
        }
        _ => return None,
    };
    let inner = match &nodes[body.at()] {
        Node::Elem { of, .. } => &nodes[of.at()],
        other => other,
    };
    match (rule, inner) {
        ("diff.power", Node::Power { base, exponent }) => {
            let variable = symbols_below(bench.derivation, vec![*by]);
            let varies =
                |node| symbols_below(bench.derivation, vec![node]).iter().any(|symbol| variable.contains(symbol));
            need(*base, of_power(&nodes[exponent.at()], varies(*exponent), varies(*base))?)
        }
        ("diff.abs" | "diff.sign" | "diff.relu" | "diff.step", Node::Fn { arg, .. }) => {
            need(*arg, ConditionKind::Nonzero)
        }
        ("diff.prod", Node::Prod { body, .. }) => need(*body, ConditionKind::Nonzero),
        ("diff.inverse", Node::Call { name, args }) if name == "inv" => need(*args.first()?, ConditionKind::Invertible),
        ("diff.det", Node::Call { name, args }) if name == "det" => need(*args.first()?, ConditionKind::Invertible),
        ("diff.pinv", Node::Call { name, args }) if name == "pinv" => need(*args.first()?, ConditionKind::FullRank),
        _ => None,
    }
}

/// What the derivative of a power needs of the base.
fn of_power(exponent: &Node, exponent_varies: bool, base_varies: bool) -> Option<ConditionKind> {
    match exponent {
        _ if exponent_varies => Some(ConditionKind::Positive),
        _ if !base_varies => None,
        Node::Size { .. } => None,
        Node::Number { value } => {
            let (negative, num, den) = value.parts()?;
            let below_one = negative || num.len() < den.len() || (num.len() == den.len() && num < den);
            match (below_one, den) {
                (false, _) => None,
                (true, "1") => Some(ConditionKind::Nonzero),
                (true, _) => Some(ConditionKind::Positive),
            }
        }
        _ => Some(ConditionKind::Positive),
    }
}

/// Whether one of the conditions says it, or its form does.
fn is_stated(bench: &Bench<'_>, signs: &[Sign], need: Need) -> Result<bool, Fault> {
    let of_sign = matches!(need.kind, ConditionKind::Positive | ConditionKind::Nonzero);
    if of_sign && signs[need.node.at()] == Sign::Positive {
        return Ok(true);
    }
    for (position, condition) in bench.derivation.conditions.iter().enumerate() {
        let says = match need.kind {
            ConditionKind::Invertible | ConditionKind::FullRank => {
                condition.node == need.node
                    && (condition.relation == need.kind || condition.relation == ConditionKind::Invertible)
            }
            _ => says(bench, condition, need).map_err(|trouble| match trouble {
                Trouble::Misfit(why) | Trouble::Declined(why) => Fault::decline(&conditions::name(position), why),
                Trouble::Redraw(why) => Fault::decline(&conditions::name(position), why),
            })?,
        };
        if says {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a condition says that a value, or each of its entries, is positive or not zero.
fn says(bench: &Bench<'_>, condition: &Condition, need: Need) -> Result<bool, Trouble> {
    match condition.relation {
        ConditionKind::Invertible | ConditionKind::FullRank => return Ok(false),
        ConditionKind::NonzeroEntries if need.kind == ConditionKind::Positive => return Ok(false),
        _ => {}
    }
    let roots = [need.node, condition.node];
    let found = bench.at_points(&roots, Structure::Declared, |view| {
        let values = view.world.values(&roots)?;
        let [needed, stated] = roots.map(|root| values.get(&root).map(|value| value.data().iter().map(|x| x.value())));
        let (Some(needed), Some(stated)) = (needed, stated) else {
            return Err(Trouble::Declined("it has too many values".into()));
        };
        let (needed, stated): (Vec<F>, Vec<F>) = (needed.collect(), stated.collect());
        // Where all rows are alike they are held once.
        let cells = view.world.slots(condition.node)?.iter().map(|slot| slot.1).product();
        let stated: Vec<F> = stated.iter().copied().cycle().take(cells).collect();
        match follows(&needed, &stated, condition.relation, need.kind) {
            true => Ok(None),
            false => Err(Trouble::Misfit(String::new())),
        }
    });
    match found {
        Ok(None) => Ok(true),
        Ok(Some(_)) | Err(Trouble::Misfit(_)) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

/// Whether values are among those of a condition, or powers of what it says is not zero.
fn follows(needed: &[F], stated: &[F], relation: ConditionKind, kind: ConditionKind) -> bool {
    let are_among = || needed.iter().all(|value| stated.contains(value));
    match relation {
        ConditionKind::NonzeroEntries | ConditionKind::PositiveEntries | ConditionKind::Positive => are_among(),
        _ => {
            let squares = stated.iter().fold(F::ZERO, |sum, value| sum + *value * *value);
            let powers = (1..=MAX_POWER).map(|power| squares.power(power));
            let is_itself = kind == ConditionKind::Nonzero && stated.len() == 1 && needed == stated;
            is_itself || powers.into_iter().any(|power| needed == [power])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_exist() {
        for id in RULES {
            assert!(einstep_trace::rule(id).is_some(), "{id}");
        }
    }
}
