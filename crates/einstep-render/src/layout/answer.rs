//! The answer with its shape and its conditions, and how it was checked.
//!
//! In: the result and the check of a derivation. Out: what stands in the box and below it.
//! Left to others: the box.

use super::{Author, Boxed, Condition, shape_text};
use crate::Detail;
use crate::notation::{Notation, Relation};
use crate::view::View;
use einstep_trace::{CheckStatus, ConditionKind, Derivation, DimRecord, Node, NodeId, Origin, SymbolId};

impl Author<'_> {
    pub(super) fn answer(&mut self) -> Boxed {
        let result = &self.derivation.result;
        let view = View::of(result.node);
        let transposed = self.chain("layout").is_some();
        let (left, right) = match self.builder.entry(&view, None) {
            Some((labels, body)) => (self.derivative_element(labels, transposed), self.builder.line(body)),
            None => (self.answered(transposed), self.builder.with_names(result.node, &result.names)),
        };
        // Names that a file gives to what is not there are left out.
        let names = result.names.iter().filter(|named| self.table.contains(named.node));
        let definitions = names
            .map(|named| (Notation::name(&named.name), self.builder.with_names(named.node, &result.names)))
            .collect();
        let shape_of = |symbol: &SymbolId| &self.derivation.symbols[symbol.at()].shape;
        let like = self.variables.iter().find(|symbol| shape_of(symbol) == &result.shape && !result.shape.is_empty());
        let like = like.map(|&symbol| crate::plain::line(&self.builder.symbol(symbol)));
        let mut conditions: Vec<Condition> = Vec::new();
        let derivation = self.derivation;
        for condition in derivation.conditions.iter().filter(|condition| !is_implied(derivation, condition)) {
            let condition = self.condition(condition);
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        let shape = shape_text(&result.shape);
        Boxed { left, right, definitions, shape, like, remark: result.reason.clone(), conditions }
    }

    /// The conditions that a step needs, finer steps included.
    pub(super) fn conditions_of(&mut self, step: &einstep_trace::Step) -> Vec<Condition> {
        let mut found: Vec<Condition> = Vec::new();
        for condition in &self.derivation.conditions {
            if needs(step, condition.step, 0) {
                let condition = self.condition(condition);
                if !found.contains(&condition) {
                    found.push(condition);
                }
            }
        }
        found
    }

    fn condition(&mut self, condition: &einstep_trace::Condition) -> Condition {
        let node = self.builder.node(condition.node);
        let relation = |relation| {
            let zero = Box::new(Notation::Number("0".into()));
            let notation = Notation::Relation(Box::new(node.clone()), relation, zero);
            Condition { before: "for ".into(), notation, behind: "" }
        };
        let (before, behind) = match condition.relation {
            ConditionKind::Nonzero => return relation(Relation::Different),
            ConditionKind::Positive => return relation(Relation::Greater),
            property => property.words(),
        };
        Condition { before: format!("if {before}"), notation: node, behind }
    }

    pub(super) fn check(&self) -> Option<String> {
        let check = self.derivation.check.as_ref()?;
        let reason = || check.reason.clone().unwrap_or_else(|| "no reason given".into());
        Some(match check.status {
            CheckStatus::Declined => format!("not checked: {}", reason()),
            CheckStatus::Rejected => format!("REJECTED by the checker: {}", reason()),
            CheckStatus::Accepted => {
                let plural = |count: u32, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
                let mut text =
                    format!("checked: {}, exact at {}", plural(check.steps, "step"), plural(check.points, "point"));
                // The dimension of lemmas is named where they are shown.
                let shown = |name: &&String| {
                    let is_lemmas = |dim: &DimRecord| dim.name == **name && dim.origin == Origin::Lemma;
                    self.detail == Detail::Full || !self.derivation.dims.iter().any(is_lemmas)
                };
                let names = check.sizes.first().into_iter().flat_map(|sizes| sizes.keys());
                let names: Vec<&String> = names.filter(shown).collect();
                if !names.is_empty() {
                    let tuple = |parts: Vec<String>| match parts.len() {
                        1 => parts.concat(),
                        _ => format!("({})", parts.join(",")),
                    };
                    let values = check.sizes.iter().map(|sizes| {
                        tuple(names.iter().map(|name| sizes.get(*name).map_or("?".into(), u64::to_string)).collect())
                    });
                    let values: Vec<String> = values.collect();
                    let names = tuple(names.into_iter().cloned().collect());
                    text.push_str(&format!(", sizes {names} = {}", values.join(", ")));
                }
                text
            }
        })
    }
}

/// Whether another condition says as much: a matrix whose determinant is not zero is invertible.
fn is_implied(derivation: &Derivation, condition: &einstep_trace::Condition) -> bool {
    let is_determinant = |node: NodeId| match derivation.nodes.get(node.at()) {
        Some(Node::Call { name, args }) => name == "det" && args.contains(&condition.node),
        _ => false,
    };
    condition.relation == ConditionKind::Invertible
        && derivation.conditions.iter().any(|other| {
            matches!(other.relation, ConditionKind::Nonzero | ConditionKind::Positive) && is_determinant(other.node)
        })
}

fn needs(step: &einstep_trace::Step, id: u32, depth: usize) -> bool {
    step.id == id || (depth < 64 && step.steps.iter().any(|finer| needs(finer, id, depth + 1)))
}
