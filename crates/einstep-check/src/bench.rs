//! The points at which a derivation is tried.
//!
//! In: a derivation, the nodes that will be compared. Out: a verdict on each comparison, at every point.
//! Left to others: what to compare.
//!
//! A good point has a value for every node that is compared; it is drawn once and serves all comparisons. Where none is
//! found, a comparison draws its own points and needs values for its own nodes only. Where that fails too, roots are
//! made opaque: equality then still proves the step, a difference proves nothing.

use crate::degree::bits;
use crate::draw::{Manner, Point, Random};
use crate::eval::{Values, World};
use crate::meter::{Meter, Trouble};
use crate::sizes::Sizes;
use crate::tensor::{Axis, Difference, Tensor};
use crate::verdict::{Counterexample, Entries};
use einstep_trace::{Derivation, Node, NodeId, SymbolId, Table};
use rustc_hash::FxHashSet;

/// How often a point is drawn afresh.
const ATTEMPTS: u64 = 64;
/// How often a point of small numbers is tried for a counterexample that people can read.
const READABLE_ATTEMPTS: u64 = 24;

/// Whether the declared structure of the variables is drawn. A line that is yet to be differentiated must hold without
/// it, because derivatives take entries as independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Structure {
    Declared,
    Free,
}

/// A point with the values of nodes.
#[derive(Debug)]
struct Good {
    point: Point,
    values: Values,
}

/// What a comparison sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: World<'a>,
    values: &'a Values,
}

impl<'a> View<'a> {
    /// The value of a node that was asked for and is not large.
    pub(crate) fn value(&self, id: NodeId) -> Result<&'a Tensor, Trouble> {
        self.values.get(&id).ok_or_else(|| Trouble::Declined("a table of values is larger than the bound".into()))
    }
}

/// The outcome of a comparison.
pub(crate) type Comparison = Result<Option<Counterexample>, Trouble>;

/// The points of a check.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) derivation: &'a Derivation,
    pub(crate) table: &'a Table,
    pub(crate) assignments: Vec<Sizes>,
    pub(crate) meter: &'a Meter,
    points: u32,
    seed: u64,
    variables: Vec<SymbolId>,
    manner: Manner,
    /// For each structure and each assignment the good points found.
    good: [Vec<Vec<Good>>; 2],
}

impl<'a> Bench<'a> {
    /// A bench without points so far.
    pub(crate) fn new(
        derivation: &'a Derivation,
        table: &'a Table,
        meter: &'a Meter,
        points: u32,
        seed: u64,
        variables: Vec<SymbolId>,
    ) -> Bench<'a> {
        let assignments = Sizes::assignments(derivation);
        let manner = manner(derivation);
        Bench { derivation, table, assignments, meter, points, seed, variables, manner, good: [vec![], vec![]] }
    }

    /// The symbols that something is differentiated by.
    pub(crate) fn variables(&self) -> &[SymbolId] {
        &self.variables
    }

    /// Looks for points that are good for all of the nodes, in the declared structure and in another one if it is used.
    pub(crate) fn prepare(&mut self, roots: &[NodeId], other: Structure) {
        self.good = [Structure::Declared, Structure::Free].map(|structure| {
            let used = structure == Structure::Declared || structure == other;
            let assignments = 0..if used { self.assignments.len() } else { 0 };
            assignments.map(|assignment| self.good_points(assignment, structure, roots)).collect()
        });
    }

    /// The bits of certainty that one point gives at the least favourable assignment.
    pub(crate) fn bits(&self, roots: &[NodeId]) -> u32 {
        let none = Point::default();
        let worlds = (0..self.assignments.len()).map(|assignment| self.world(assignment, &none, false));
        worlds.map(|world| bits(&world, roots)).min().unwrap_or(0)
    }

    fn good_points(&self, assignment: usize, structure: Structure, roots: &[NodeId]) -> Vec<Good> {
        let mut good = Vec::new();
        for attempt in 0..ATTEMPTS {
            if good.len() == self.points as usize {
                break;
            }
            match self.draw(assignment, structure, u64::MAX, attempt, roots) {
                Ok(found) => good.push(found),
                Err(Trouble::Redraw(_)) => {}
                // The comparison that meets this trouble again will report it.
                Err(_) => break,
            }
        }
        good
    }

    /// Whether two nodes have equal values for all values of their indices.
    pub(crate) fn compare(&self, left: NodeId, right: NodeId, structure: Structure) -> Comparison {
        self.at_points(&[left, right], structure, |view| {
            let world = view.world;
            if world.is_large(left)? || world.is_large(right)? {
                let over = self.table.free(left);
                let weighted = |id| world.weighted(id, over, view.values);
                return weighted(left)?.difference(&weighted(right)?, self.meter);
            }
            view.value(left)?.difference(view.value(right)?, self.meter)
        })
    }

    /// Asks for a difference at every point, where some nodes are to have values.
    pub(crate) fn at_points(
        &self,
        roots: &[NodeId],
        structure: Structure,
        find: impl Fn(View<'_>) -> Result<Option<Difference>, Trouble>,
    ) -> Comparison {
        for assignment in 0..self.assignments.len() {
            for number in 0..self.points as usize {
                if let Some(found) = self.at_point(assignment, number, roots, structure, &find)? {
                    return Ok(Some(self.readable(roots, structure, &find).unwrap_or(found)));
                }
            }
        }
        Ok(None)
    }

    fn at_point(
        &self,
        assignment: usize,
        number: usize,
        roots: &[NodeId],
        structure: Structure,
        find: &impl Fn(View<'_>) -> Result<Option<Difference>, Trouble>,
    ) -> Comparison {
        let look = |good: &Good, opaque: bool| -> Comparison {
            let world = self.world(assignment, &good.point, opaque);
            let found = find(View { world, values: &good.values })?;
            Ok(found.map(|difference| self.counterexample(assignment, &good.point, roots, difference)))
        };
        let mut reason = "";
        let good = self.good[structure as usize].get(assignment).and_then(|points| points.get(number));
        if let Some(good) = good {
            match look(good, false) {
                Err(Trouble::Redraw(why)) => reason = why,
                outcome => return outcome,
            }
        }
        for attempt in 0..ATTEMPTS {
            let outcome = self.draw(assignment, structure, number as u64, attempt, roots);
            match outcome.and_then(|good| look(&good, false)) {
                Err(Trouble::Redraw(why)) => reason = why,
                outcome => return outcome,
            }
        }
        let point = self.point(assignment, structure, &[number as u64, ATTEMPTS], false);
        let opaque = point.and_then(|point| {
            let values = self.world(assignment, &point, true).values(roots)?;
            look(&Good { point, values }, true)
        });
        match opaque {
            Ok(None) => Ok(None),
            Err(Trouble::Declined(why)) => Err(Trouble::Declined(why)),
            _ => Err(Trouble::Declined(reason.to_string())),
        }
    }

    fn world<'b>(&'b self, assignment: usize, point: &'b Point, opaque: bool) -> World<'b> {
        let sizes = &self.assignments[assignment];
        World {
            derivation: self.derivation,
            table: self.table,
            sizes,
            point,
            seed: self.seed,
            opaque,
            meter: self.meter,
        }
    }

    fn draw(
        &self,
        assignment: usize,
        structure: Structure,
        number: u64,
        attempt: u64,
        roots: &[NodeId],
    ) -> Result<Good, Trouble> {
        let point = self.point(assignment, structure, &[number, attempt], false)?;
        let values = self.world(assignment, &point, false).values(roots)?;
        Ok(Good { point, values })
    }

    fn point(&self, assignment: usize, structure: Structure, uses: &[u64], small: bool) -> Result<Point, Trouble> {
        let unstructured = match structure {
            Structure::Declared => vec![],
            Structure::Free => self.variables.clone(),
        };
        let manner = Manner { small, unstructured, ..self.manner.clone() };
        let random = Random::new(self.seed, &[&[assignment as u64, structure as u64, small.into()], uses].concat());
        Point::draw(&self.derivation.symbols, &self.assignments[assignment], &manner, random, self.meter)
    }

    /// A counterexample in small numbers, if there is one.
    fn readable(
        &self,
        roots: &[NodeId],
        structure: Structure,
        find: &impl Fn(View<'_>) -> Result<Option<Difference>, Trouble>,
    ) -> Option<Counterexample> {
        (0..READABLE_ATTEMPTS).find_map(|attempt| {
            let assignment = attempt as usize % self.assignments.len();
            let point = self.point(assignment, structure, &[attempt], true).ok()?;
            let world = self.world(assignment, &point, false);
            let values = world.values(roots).ok()?;
            let difference = find(View { world, values: &values }).ok()??;
            Some(self.counterexample(assignment, &point, roots, difference))
        })
    }

    fn counterexample(
        &self,
        assignment: usize,
        point: &Point,
        roots: &[NodeId],
        difference: Difference,
    ) -> Counterexample {
        let used = symbols_below(self.derivation, roots.to_vec());
        let entries = self.derivation.symbols.iter().enumerate().filter_map(|(position, symbol)| {
            let id = SymbolId(position as u32);
            let tensor = point.symbol(id);
            used.contains(&id).then(|| Entries {
                name: symbol.name.clone(),
                shape: tensor.axes().iter().map(|axis| axis.1 as u64).collect(),
                entries: tensor.data().iter().map(|entry| entry.value().readable()).collect(),
            })
        });
        let name = |axis: Axis| match (axis.as_index(), axis.as_slot()) {
            (Some(index), _) => self.derivation.indices[index.at()].name.clone(),
            (_, Some(0)) => "row".to_string(),
            _ => "column".to_string(),
        };
        Counterexample {
            sizes: self.assignments[assignment].named(),
            entries: entries.collect(),
            indices: difference.at.iter().map(|(axis, value)| (name(*axis), *value as u64 + 1)).collect(),
            left: difference.left.readable(),
            right: difference.right.readable(),
        }
    }
}

/// The symbols below some nodes.
fn symbols_below(derivation: &Derivation, roots: Vec<NodeId>) -> FxHashSet<SymbolId> {
    let mut symbols = FxHashSet::default();
    let mut seen = FxHashSet::default();
    let mut open = roots;
    while let Some(id) = open.pop() {
        let node = &derivation.nodes[id.at()];
        if let Node::Symbol { symbol } = node {
            symbols.insert(*symbol);
        }
        if seen.insert(id) {
            open.extend(node.children());
        }
    }
    symbols
}

/// What powers ask of the entries of symbols: an entry below a root is positive, a scalar in an exponent an integer.
fn manner(derivation: &Derivation) -> Manner {
    let nodes = &derivation.nodes;
    let mut manner = Manner::default();
    let mut exponents = Vec::new();
    for node in nodes {
        let Node::Power { base, exponent } = node else {
            continue;
        };
        let array = match &nodes[base.at()] {
            Node::Elem { of, .. } => *of,
            _ => *base,
        };
        match (&nodes[exponent.at()], &nodes[array.at()]) {
            (Node::Number { value }, Node::Symbol { symbol }) if value.parts().is_some_and(|parts| parts.2 != "1") => {
                manner.positive.push(*symbol);
            }
            (Node::Number { .. }, _) => {}
            _ => exponents.push(*exponent),
        }
    }
    manner.integers = symbols_below(derivation, exponents).into_iter().collect();
    manner.integers.sort_unstable();
    manner
}
