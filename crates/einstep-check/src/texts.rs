//! The texts of a record that are made from its nodes: of lines, of conditions, names in the answer.
//!
//! In: a derivation. Out: the first text that says something else than its node.
//! Left to others: the question and the forms of the answer (`answer`). LaTeX, titles and sentences are for readers and are not looked at.
//!
//! A text as this format prints it needs no values; one that is spelled otherwise must have the value of the node.

use crate::bench::{Bench, Structure};
use crate::conditions;
use crate::given::expression;
use crate::height;
use crate::meter::Trouble;
use crate::question::Reader;
use crate::tensor::Axis;
use crate::verdict::{Fault, judged};
use einstep_syntax::Declaration;
use einstep_trace::{Derivation, Node, NodeId, Step, Texts};
use rustc_hash::FxHashSet;

/// The greatest height of an expression whose text is made.
const MAX_HEIGHT: u32 = 250;

/// Checks the texts beside the chains.
pub(crate) fn check(bench: &Bench<'_>, given: &[Declaration], structure: Structure) -> Result<(), Fault> {
    names(bench)?;
    let mut lines =
        Lines { bench, given, structure, texts: Texts::new(bench.derivation), trees: trees(bench.derivation) };
    for (position, condition) in bench.derivation.conditions.iter().enumerate() {
        let at = conditions::name(position);
        let (before, behind) = condition.relation.words();
        let text = condition.text.strip_prefix(before).and_then(|text| text.strip_suffix(behind));
        let text = text.ok_or_else(|| Fault::reject(&at, "its text is about something else"))?;
        lines.line(&at, text, condition.node)?;
    }
    let mut steps: Vec<&Step> = bench.derivation.chains.iter().flat_map(|chain| &chain.links).rev().collect();
    while let Some(step) = steps.pop() {
        if let Some(text) = &step.text {
            lines.line(&format!("the text of step {}", step.id), text, step.after)?;
        }
        steps.extend(step.steps.iter().rev());
    }
    Ok(())
}

/// The names in the answer are new, each stands for another expression.
fn names(bench: &Bench<'_>) -> Result<(), Fault> {
    let derivation = bench.derivation;
    let symbols = derivation.symbols.iter().map(|symbol| &symbol.name);
    let mut taken: FxHashSet<&String> = symbols.chain(derivation.dims.iter().map(|dim| &dim.name)).collect();
    let mut nodes = FxHashSet::default();
    for named in &derivation.result.names {
        if !taken.insert(&named.name) || !nodes.insert(named.node) {
            return Err(Fault::reject("the names in the result", format!("`{}` has another meaning too", named.name)));
        }
    }
    Ok(())
}

/// How large the tree is that a node unfolds to, and how high.
fn trees(derivation: &Derivation) -> Vec<(u64, u32)> {
    let mut trees: Vec<(u64, u32)> = Vec::with_capacity(derivation.nodes.len());
    for node in &derivation.nodes {
        let below = node.children().into_iter().map(|child| trees[child.at()]);
        let (size, height) = below.fold((1u64, 0), |sum, own| (sum.0.saturating_add(own.0), sum.1.max(own.1)));
        let indices = match node {
            Node::Elem { at, .. } => at.len(),
            other => other.bound().len(),
        };
        trees.push((size.saturating_add(indices as u64), height.saturating_add(1)));
    }
    trees
}

struct Lines<'a> {
    bench: &'a Bench<'a>,
    given: &'a [Declaration],
    structure: Structure,
    texts: Texts<'a>,
    trees: Vec<(u64, u32)>,
}

impl Lines<'_> {
    fn line(&mut self, at: &str, text: &str, node: NodeId) -> Result<(), Fault> {
        let (size, height) = self.trees[node.at()];
        if height > MAX_HEIGHT {
            return Err(Fault::decline(at, "its expression is nested too deeply"));
        }
        if self.bench.meter.spend(size).is_err() {
            return Err(Fault::decline(at, "the bound on the work of a check is met"));
        }
        if self.texts.text(node).as_deref() == Some(text) {
            return Ok(());
        }
        let Bench { derivation, table, meter, .. } = *self.bench;
        let expr = expression(text, self.given, at)?;
        height::bounded(height::of_text(&expr), at)?;
        let free = table.free(node);
        let letters: Vec<&String> = free.iter().map(|index| &derivation.indices[index.at()].name).collect();
        let is_twice = |(k, letter): (usize, &&String)| letters[..k].contains(letter);
        if letters.iter().enumerate().any(is_twice) || !free.is_empty() && !table.shape(node).is_empty() {
            return Err(Fault::decline(at, "it is not as this format spells it, and its value can't be told"));
        }
        let found = self.bench.at_points(&[node], self.structure, |view| {
            let mut sized = Vec::with_capacity(free.len());
            for (index, letter) in free.iter().zip(&letters) {
                sized.push((letter.to_string(), view.world.index(*index)?.1));
            }
            let mut reader = Reader::new(view.world, &[]);
            let written = match free.is_empty() {
                true => {
                    let [rows, cols] = view.world.extents(node)?;
                    reader.matrix(&expr, rows.unwrap_or(1), cols.unwrap_or(1))?
                }
                false => {
                    let number = |axis| (0..free.len()).find(|&number| Axis::letter(number) == axis);
                    let written = reader.element(&expr, &sized)?;
                    written.relabel(meter, |axis| number(axis).map_or(axis, |number| Axis::index(free[number])))?
                }
            };
            written.difference(view.value(node)?, meter)
        });
        let found = found.map_err(|trouble| match trouble {
            Trouble::Misfit(what) => Trouble::Misfit(format!("it is no text of its line: {what}")),
            other => other,
        });
        judged(at, "it has another value than its line", found)
    }
}
