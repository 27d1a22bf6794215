//! Whether a step is an instance of the rule that it cites.
//!
//! In: a pair of expressions, the id of a rule. Out: yes or no. Left to others: whether the two sides are equal in value.
//!
//! Equations and definitions are read from the statement of the rule and applied by matching; structural rules and schemes
//! are laws of the checker's own normal form. `rules` has a line for every rule.

mod equations;
mod filling;
mod laws;
mod lemmas;
mod mark;
mod matching;
mod patterns;
mod reading;
mod room;
mod rules;
mod term;

use crate::bench::Structure;
use crate::instance::equations::{Equations, Side};
use crate::instance::laws::{Law, Normal, keep_apart, sums_in_products};
use crate::instance::mark::{Order, mark};
use crate::instance::room::Room;
use crate::instance::rules::{By, VERIFIERS, Verifier, Way};
use crate::instance::term::{Form, Term};
use crate::lemma::Put;
use crate::links::head;
use crate::meter::{Meter, Trouble};
use einstep_trace::{Derivation, Node, NodeId, SymbolId, Table, rule};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// The greatest number of single applications of a statement that are tried for one step.
const MAX_CANDIDATES: usize = 48;

/// Tells instances of rules.
#[derive(Debug)]
pub(crate) struct Instances<'a> {
    room: Room<'a>,
    /// The equations of the rules met so far.
    equations: FxHashMap<&'static str, Rc<Vec<Equations>>>,
}

impl<'a> Instances<'a> {
    pub(crate) fn new(
        derivation: &'a Derivation,
        table: &'a Table,
        meter: &'a Meter,
        variables: &[SymbolId],
    ) -> Instances<'a> {
        Instances { room: Room::new(derivation, table, meter, variables), equations: FxHashMap::default() }
    }

    /// Whether a pair is an instance of a rule, where the variables have their structure or not.
    pub(crate) fn is_instance(&mut self, id: &str, pair: [NodeId; 2], structure: Structure) -> Form<bool> {
        self.room.structured = structure == Structure::Declared;
        let Some(verifier) = VERIFIERS.iter().find(|verifier| verifier.id == id) else { return Ok(false) };
        let equations = self.equations(verifier)?;
        for core in self.cores(pair)? {
            self.room.reset();
            if self.is_core_instance(verifier, &equations, core)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a pair is what a lemma says of what is put for its symbols.
    pub(crate) fn is_use(&mut self, lemma: [NodeId; 2], puts: &[Put], pair: [NodeId; 2]) -> Form<bool> {
        const USE: Verifier = Verifier { id: "", by: By::Statement(Side::Left, &[]), way: Way::Applies };
        for core in self.cores(pair)? {
            self.room.reset();
            let equations = [lemmas::equations(&mut self.room, lemma, puts)?];
            if self.is_core_instance(&USE, &equations, core)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_core_instance(&mut self, verifier: &Verifier, equations: &[Equations], core: [NodeId; 2]) -> Form<bool> {
        let sides = match self.changed_terms(core)? {
            Some(terms) if !matches!(verifier.by, By::Order(..)) => terms,
            _ => [self.room.term(core[0])?, self.room.term(core[1])?],
        };
        match verifier.by {
            By::Order(order, laws) => {
                let differ = sides[0] != sides[1];
                let none = Equations::default();
                let mut normal = Normal::new(&mut self.room, laws, &none, None);
                let [before, after] = sides.map(|side| if laws.is_empty() { Ok(side) } else { normal.of(side) });
                Ok(differ && mark(&self.room, &before?, order) == mark(&self.room, &after?, order))
            }
            By::Statement(_, laws) => {
                // What is put together below a transpose loses both transposes.
                let turned = matches!(sides[0], Term::Transpose(_)) && verifier.way == Way::Undoes;
                let turned = turned.then(|| sides.clone().map(|side| self.room.transpose(side)));
                for sides in [sides].into_iter().chain(turned) {
                    for equations in equations {
                        if self.agrees(verifier, equations, laws, None, sides.clone())? {
                            return Ok(true);
                        }
                    }
                    if self.is_one_application(verifier, &equations[0], laws, sides)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            By::OneOf(lists) => {
                for laws in lists {
                    if self.agrees(verifier, &Equations::default(), laws, laws.first().copied(), sides.clone())? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            By::Laws(laws) => self.agrees(verifier, &Equations::default(), laws, laws.first().copied(), sides),
        }
    }

    /// The pairs that may be what the rule was applied to: the innermost one that holds all that changes, then what is
    /// around it. That a function or a power passes a sign is a rule of the whole.
    fn cores(&self, mut pair: [NodeId; 2]) -> Form<Vec<[NodeId; 2]>> {
        let mut cores = vec![];
        loop {
            let [old, new] = pair.map(|id| &self.room.derivation.nodes[id.at()]);
            let children = [old.children(), new.children()];
            self.room.meter.spend(1 + children[0].len() as u64)?;
            // An element and its array belong together, A'[i,i] is A[i,i] by a rule of elements; so do a derivative and
            // its body, which loses a constant by a rule of derivatives.
            let belongs = matches!(old, Node::Elem { .. } | Node::Partial { .. });
            let mut changed = children[0].iter().zip(&children[1]).filter(|(before, after)| before != after);
            match (changed.next(), changed.next()) {
                (Some((&before, &after)), None) if head(old) == head(new) && !belongs => {
                    cores.push(pair);
                    pair = [before, after];
                }
                _ => break,
            }
        }
        cores.push(pair);
        cores.reverse();
        Ok(cores)
    }

    /// The terms of two sums that differ, and one that does not if there is any, so that a sum stays a sum.
    fn changed_terms(&mut self, pair: [NodeId; 2]) -> Form<Option<[Term; 2]>> {
        let derivation = self.room.derivation;
        let [Node::Add { args: old }, Node::Add { args: new }] = pair.map(|id| &derivation.nodes[id.at()]) else {
            return Ok(None);
        };
        self.room.meter.spend((old.len() + new.len()) as u64)?;
        let mut common: FxHashMap<NodeId, usize> = FxHashMap::default();
        for id in new {
            *common.entry(*id).or_default() += 1;
        }
        let mut shared: FxHashMap<NodeId, usize> = FxHashMap::default();
        let mut witness = None;
        for id in old {
            if let Some(left) = common.get_mut(id).filter(|left| **left > 0) {
                *left -= 1;
                // The first one stays.
                match witness {
                    None => witness = Some(*id),
                    Some(_) => *shared.entry(*id).or_default() += 1,
                }
            }
        }
        let mut sides = Vec::with_capacity(2);
        for args in [old, new] {
            let mut left = shared.clone();
            let mut kept = Vec::new();
            for id in args {
                match left.get_mut(id).filter(|left| **left > 0) {
                    Some(left) => *left -= 1,
                    None => kept.push(self.room.term(*id)?),
                }
            }
            sides.push(Term::add(kept));
        }
        Ok(<[Term; 2]>::try_from(sides).ok())
    }

    /// Whether both sides have one normal form, and the count goes the way of the rule.
    fn agrees(
        &mut self,
        verifier: &Verifier,
        equations: &Equations,
        laws: &[Law],
        counted: Option<Law>,
        sides: [Term; 2],
    ) -> Form<bool> {
        if laws.iter().any(|law| [Law::Distribute, Law::MatrixDistribute].contains(law)) {
            // Sums that are factors on both sides need not be multiplied out.
            let [mut before, mut after] = [FxHashSet::default(), FxHashSet::default()];
            sums_in_products(&self.room, &sides[0], &mut before)?;
            sums_in_products(&self.room, &sides[1], &mut after)?;
            before.retain(|mark| after.contains(mark));
            if !before.is_empty() {
                let mut apart = sides.clone();
                apart.iter_mut().for_each(|side| keep_apart(&self.room, side, &before));
                if self.agree(verifier, equations, laws, counted, apart)? {
                    return Ok(true);
                }
            }
        }
        self.agree(verifier, equations, laws, counted, sides)
    }

    fn agree(
        &mut self,
        verifier: &Verifier,
        equations: &Equations,
        laws: &[Law],
        counted: Option<Law>,
        sides: [Term; 2],
    ) -> Form<bool> {
        let differ = sides[0] != sides[1];
        let [before, after] = sides;
        let mut normal = Normal::new(&mut self.room, laws, equations, counted);
        let before = normal.of(before)?;
        let count_before = std::mem::take(&mut normal.count);
        let after = normal.of(after)?;
        let (count_after, order) = (normal.count, normal.order());
        let same = |order: Order| mark(&self.room, &before, order) == mark(&self.room, &after, order);
        Ok(match verifier.way {
            Way::Applies => count_before > count_after && same(order),
            Way::Undoes => count_before < count_after && same(order),
            // Where the rule goes one way here and the other there, no count tells it from another order.
            Way::Either => differ && (count_before != count_after && same(order) || same(Order::WRITTEN)),
        })
    }

    /// Whether one application of an equation leads from one side to the other, in whichever way it fits.
    fn is_one_application(
        &mut self,
        verifier: &Verifier,
        equations: &Equations,
        laws: &[Law],
        [before, after]: [Term; 2],
    ) -> Form<bool> {
        let ways = match verifier.way {
            Way::Applies => vec![(&before, &after)],
            Way::Undoes => vec![(&after, &before)],
            Way::Either => vec![(&before, &after), (&after, &before)],
        };
        let none = Equations::default();
        for (from, to) in ways {
            let candidates = equations.all(&mut self.room, from, MAX_CANDIDATES)?;
            let mut normal = Normal::new(&mut self.room, laws, &none, None);
            let (to, order) = (normal.of(to.clone())?, normal.order());
            for candidate in candidates {
                let candidate = normal.of(candidate)?;
                if mark(normal.room, &candidate, order) == mark(normal.room, &to, order) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The equations of a rule: all at once, then each alone, since two may lead to one side.
    fn equations(&mut self, verifier: &Verifier) -> Form<Rc<Vec<Equations>>> {
        if let Some(known) = self.equations.get(verifier.id) {
            return Ok(known.clone());
        }
        let all = equations(verifier)
            .map_err(|why| Trouble::Declined(format!("the statement of `{}` can't be matched: {why}", verifier.id)))?;
        let each = all.each();
        let read = Rc::new([vec![all], each].concat());
        self.equations.insert(verifier.id, read.clone());
        Ok(read)
    }
}

/// The equations of a rule; none when it is verified by laws.
fn equations(verifier: &Verifier) -> Result<Equations, String> {
    let By::Statement(side, _) = verifier.by else { return Ok(Equations::default()) };
    let rule = rule(verifier.id).ok_or("there is no such rule")?;
    Equations::read(rule.equations(), side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use einstep_trace::{RuleKind, statements};

    /// Equations whose laws say the same of any number of terms or factors, of any exponent or function, or of what is
    /// declared.
    const BY_LAWS: &[&str] = &[
        "lower.hadamard",
        "raise.hadamard",
        "det.power",
        "sum.scalars",
        "matrix.scalars",
        "linear.scalars",
        "scalar.transpose",
        "hadamard.powers",
        "hadamard.transpose",
        "diag.sum",
        "transpose.sum",
        "transpose.gather-sum",
        "transpose.function",
        "structure.symmetric",
    ];

    #[test]
    fn every_rule_has_a_verifier_and_every_verifier_a_rule() {
        let known: Vec<&str> = VERIFIERS.iter().map(|verifier| verifier.id).collect();
        let rules = statements().iter().filter(|rule| rule.kind != RuleKind::Shape);
        for rule in rules {
            assert_eq!(known.iter().filter(|id| **id == rule.id).count(), 1, "{}", rule.id);
        }
        for id in known {
            assert!(rule(id).is_some(), "{id}");
        }
    }

    #[test]
    fn statements_of_equations_can_be_matched() {
        for verifier in VERIFIERS {
            assert_eq!(equations(verifier).err(), None, "{}", verifier.id);
        }
    }

    #[test]
    fn equations_and_definitions_are_verified_by_their_statements() {
        for rule in statements() {
            let verifier = VERIFIERS.iter().find(|verifier| verifier.id == rule.id);
            if matches!(rule.kind, RuleKind::Equation) {
                let by = verifier.map(|verifier| verifier.by);
                let excepted = BY_LAWS.contains(&rule.id);
                assert!(matches!(by, Some(By::Statement(..))) || excepted, "{}", rule.id);
            }
        }
    }
}
