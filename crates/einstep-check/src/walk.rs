//! The walk along the chains: every link, every finer step, every case.
//!
//! In: chains. Out: the number of steps that hold, or the first that does not.
//! Left to others: the form of a step (`links`), values (`bench`), how chains join (`joins`).

use crate::bench::{Bench, Found, Structure};
use crate::dual::Dual;
use crate::height;
use crate::instance::Instances;
use crate::lemma;
use crate::links::{Misform, exchange};
use crate::meter::Trouble;
use crate::tensor::{Axis, Tensor};
use crate::verdict::{Declined, Fault, Rejection};
use einstep_trace::{Case, Chain, Derivation, IndexId, NodeId, Path, Relation, Step, rule};

/// Walks along the chains of a derivation.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    bench: &'a Bench<'a>,
    /// The structure that lines have which are yet to be differentiated.
    undifferentiated: Structure,
    instances: Instances<'a>,
    /// The bits of the numbers of every node.
    heights: Vec<u64>,
    /// The lemmas that hold so far.
    lemmas: Vec<&'a Chain>,
    /// How many steps hold so far.
    pub(crate) steps: u32,
    /// The first step that cites a rule of which it is no instance. Wrong values say more, so the walk goes on.
    pub(crate) citation: Option<Fault>,
}

/// The nodes that a check compares.
pub(crate) fn compared(derivation: &Derivation) -> Vec<NodeId> {
    let result = &derivation.result;
    let mut nodes = vec![derivation.problem.node, result.node];
    nodes.extend(result.einsum.iter().flat_map(|term| term.scalars.iter().chain(&term.operands)));
    let mut open: Vec<&Step> = derivation.chains.iter().flat_map(|chain| &chain.links).collect();
    while let Some(step) = open.pop() {
        nodes.extend(step.replaced.iter().flatten());
        if !step.cases.is_empty() {
            nodes.push(step.after);
            nodes.extend(step.cases.iter().map(|case| case.after));
        }
        open.extend(&step.steps);
    }
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

impl<'a> Walk<'a> {
    pub(crate) fn new(bench: &'a Bench<'a>, undifferentiated: Structure) -> Walk<'a> {
        let instances = Instances::new(bench.derivation, bench.table, bench.meter, bench.variables());
        let heights = height::of_nodes(bench.derivation);
        Walk { bench, undifferentiated, instances, heights, lemmas: vec![], steps: 0, citation: None }
    }

    /// Checks one chain.
    pub(crate) fn chain(&mut self, chain: &'a Chain) -> Result<(), Fault> {
        lemma::scope(self.bench.derivation, chain, self.bench.meter)?;
        let structure = if chain.id == "value" { self.undifferentiated } else { Structure::Declared };
        self.links(&chain.links, chain.left, structure)?;
        if lemma::is_lemma(chain) {
            self.lemmas.push(chain);
        }
        Ok(())
    }

    /// Checks steps that lead on from a line; the answer is where they end.
    fn links(&mut self, links: &[Step], from: NodeId, structure: Structure) -> Result<NodeId, Fault> {
        let mut line = from;
        for step in links {
            if step.before != line {
                return Err(reject(step, None, "it does not begin where the line above ends"));
            }
            self.step(step, structure)?;
            line = step.after;
        }
        Ok(line)
    }

    fn step(&mut self, step: &Step, structure: Structure) -> Result<(), Fault> {
        if rule(&step.rule.0).is_none() {
            return Err(reject(step, None, "unknown rule"));
        }
        let below_partial = exchange(self.bench.derivation, step, self.bench.meter).map_err(|fault| match fault {
            Misform::Wrong(message, place) => reject(step, place.as_ref(), &message),
            Misform::Trouble(trouble) => self.trouble(step, trouble),
        })?;
        let undifferentiated = self.undifferentiated;
        let structure_at = |below: bool| if below { undifferentiated } else { structure };
        if !step.steps.is_empty() {
            let ([[old, new]], [below]) = (step.replaced.as_slice(), below_partial.as_slice()) else {
                return Err(reject(step, None, "it has finer steps and more than one place"));
            };
            if self.links(&step.steps, *old, structure_at(*below))? != *new {
                return Err(reject(step, None, "its finer steps do not lead to its replacement"));
            }
        }
        for ((pair, place), below) in step.replaced.iter().zip(&step.at).zip(below_partial) {
            self.pair(step, *pair, place, structure_at(below))?;
            // Finer steps justify a group; it need not be one application of its rule.
            if step.steps.is_empty() {
                self.instance(step, *pair, place, structure_at(below));
            }
            self.lemma(step, *pair, place)?;
        }
        for case in &step.cases {
            self.case(step, case, structure)?;
        }
        self.steps += 1;
        Ok(())
    }

    /// Checks that a pair is equal where it stands, whatever stands around it.
    fn pair(&self, step: &Step, [old, new]: [NodeId; 2], place: &Path, structure: Structure) -> Result<(), Fault> {
        if let Some(what) = self.misfit(old, new) {
            return Err(reject(step, Some(place), &what));
        }
        height::bounded(self.heights[old.at()].max(self.heights[new.at()]), &name(step))?;
        self.judge(step, Some(place), "the two sides differ", self.bench.compare(old, new, structure))
    }

    /// Checks that a pair is an instance of the rule that the step cites.
    fn instance(&mut self, step: &Step, pair: [NodeId; 2], place: &Path, structure: Structure) {
        let fault = match self.instances.is_instance(&step.rule.0, pair, structure) {
            Ok(true) => return,
            Ok(false) => match reject(step, Some(place), "right, but not by this rule") {
                Fault::Rejected(rejection) => Fault::Rejected(Box::new(Rejection { citation: true, ..*rejection })),
                other => other,
            },
            Err(trouble) => self.trouble(step, trouble),
        };
        self.citation.get_or_insert(fault);
    }

    /// Checks that a pair is what the lemma that the step cites says of what is put for its symbols.
    fn lemma(&mut self, step: &Step, pair: [NodeId; 2], place: &Path) -> Result<(), Fault> {
        let Some(id) = &step.lemma else {
            return match step.steps.is_empty() && lemma::is_needed(&step.rule.0) {
                true => Err(reject(step, Some(place), "it cites no lemma, and its rule is one")),
                false => Ok(()),
            };
        };
        let Some(lemma) = self.lemmas.iter().find(|chain| chain.id == *id) else {
            return Err(reject(step, Some(place), "the lemma that it cites does not stand before it"));
        };
        let puts = lemma::put(self.bench.derivation, self.bench.table, lemma, step);
        let puts = puts.map_err(|what| reject(step, Some(place), &what))?;
        match self.instances.is_use([lemma.left, lemma.end()], &puts, pair) {
            Ok(true) => Ok(()),
            Ok(false) => Err(reject(step, Some(place), "right, but not by the lemma that it cites")),
            Err(trouble) => Err(self.trouble(step, trouble)),
        }
    }

    fn case(&self, step: &Step, case: &Case, structure: Structure) -> Result<(), Fault> {
        if let Some(what) = self.misfit(step.after, case.after) {
            return Err(reject(step, None, &format!("a case: {what}")));
        }
        let dim = |index: &IndexId| &self.bench.derivation.indices[index.at()].dim;
        if case.when.iter().any(|(i, _, j)| dim(i) != dim(j)) {
            return Err(reject(step, None, "a case compares indices of different dimensions"));
        }
        let meter = self.bench.meter;
        let found = self.bench.at_points(&[step.after, case.after], structure, |view| {
            let mut holds = vec![];
            for (i, relation, j) in &case.when {
                let size = view.world.index(*i)?.1;
                let equal = Tensor::identity(Axis::index(*i), Axis::index(*j), size, meter)?;
                holds.push(match relation {
                    Relation::Equal => equal,
                    Relation::Different => equal.map(|entry| Dual::ONE + -entry),
                });
            }
            let holds = Tensor::contract(&holds.iter().collect::<Vec<_>>(), &[], meter)?;
            if holds.data().iter().all(|entry| entry.value().is_zero()) {
                return Err(Trouble::Misfit("a case never occurs".into()));
            }
            let where_it_holds = |id| Tensor::contract(&[view.value(id)?, &holds], &[], meter);
            where_it_holds(step.after)?.difference(&where_it_holds(case.after)?, meter)
        });
        self.judge(step, None, "a case does not have the value of the line", found)
    }

    /// Why one expression can't stand for another, before any values: its shape, or an index from nowhere.
    fn misfit(&self, old: NodeId, new: NodeId) -> Option<String> {
        let table = self.bench.table;
        if table.shape(old) != table.shape(new) {
            return Some("the two sides differ in shape".into());
        }
        let stray = table.free(new).iter().find(|index| !table.free(old).contains(index))?;
        let name = &self.bench.derivation.indices[stray.at()].name;
        Some(format!("the index {name} is free in the replacement and not in what it replaces"))
    }

    fn judge(&self, step: &Step, place: Option<&Path>, message: &str, found: Found) -> Result<(), Fault> {
        match found {
            Ok(None) => Ok(()),
            Ok(Some(counterexample)) => Err(Fault::Rejected(Box::new(Rejection {
                counterexample: Some(counterexample),
                ..rejection(step, place, message)
            }))),
            Err(trouble) => Err(self.trouble(step, trouble)),
        }
    }

    fn trouble(&self, step: &Step, trouble: Trouble) -> Fault {
        let declined = |reason: String| Declined { at: name(step), step: Some(step.id), reason };
        match trouble {
            Trouble::Misfit(what) => reject(step, None, &what),
            Trouble::Declined(why) => Fault::Declined(declined(why)),
            Trouble::Redraw(why) => Fault::Declined(declined(why.to_string())),
        }
    }
}

/// What a step is called.
pub(crate) fn name(step: &Step) -> String {
    format!("step {}", step.id)
}

fn rejection(step: &Step, place: Option<&Path>, message: &str) -> Rejection {
    Rejection {
        at: name(step),
        step: Some(step.id),
        rule: Some(step.rule.0.to_string()),
        place: place.cloned(),
        message: message.to_string(),
        citation: false,
        counterexample: None,
    }
}

/// A step that is wrong.
pub(crate) fn reject(step: &Step, place: Option<&Path>, message: &str) -> Fault {
    Fault::Rejected(Box::new(rejection(step, place, message)))
}
