//! The points at which a derivation is tried.
//!
//! In: a derivation, the nodes that will be compared. Out: a verdict on each comparison, at every point.
//! Left to others: what to compare.
//!
//! A good point has a value for every node that is compared; it is drawn once and serves all comparisons. Where none is
//! found, a comparison draws its own points and needs values for its own nodes only. Points are drawn afresh at first; then
//! single entries are drawn again as long as that leaves no more roots missing. Where that fails too, roots are made opaque:
//! equality then still proves the step, a difference proves nothing.

use crate::degree::bits;
use crate::draw::{Manner, Point, Random, Redraws};
use crate::eval::{Missing, Values, World};
use crate::meter::{Meter, NO_POWER, SINGULAR, Trouble};
use crate::question::Reader;
use crate::requirements::{Requirements, symbols_below, symbols_in};
use crate::sizes::Sizes;
use crate::tensor::{Axis, Difference, Tensor};
use crate::verdict::{Counterexample, Entries};
use einstep_syntax::Expr;
use einstep_trace::{Derivation, NodeId, SymbolId, Table};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};

/// How often a point is drawn afresh.
const FRESH: u64 = 12;
/// How often one is looked for after that.
const SEARCHES: u64 = 4;
const ATTEMPTS: u64 = FRESH + SEARCHES;
/// How many entries are drawn again in one search.
const STEPS: u64 = 200;
/// How many entries are drawn again in all searches of a check.
const ALL_STEPS: u64 = 8 * STEPS;
/// How many assignments of sizes are used, if there are as many at which everything exists.
const ASSIGNMENTS: usize = 2;
/// How many points are drawn before sizes are given up at which a matrix is singular whatever its entries.
const SINGULAR_ATTEMPTS: u64 = 3;
/// How many more points are tried where signs are a coin toss.
const POINTS_WITH_SIGNS: u32 = 8;
/// How often a point of small numbers is tried for a counterexample that people can read.
const READABLE_ATTEMPTS: u64 = 48;
/// At how many points a condition is looked for that holds at some.
const GLANCES: u64 = 64;

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
        self.values
            .get(&id)
            .map(|value| &**value)
            .ok_or_else(|| Trouble::Declined("a table of values is larger than the bound".into()))
    }
}

/// What was seen of the values of a node at points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// What was looked for.
    Enough,
    /// Values, but never what was looked for.
    Never,
    /// No value.
    Nothing,
}

/// The outcome of a comparison.
pub(crate) type Found = Result<Option<Counterexample>, Trouble>;

/// The points of a check.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) derivation: &'a Derivation,
    pub(crate) table: &'a Table,
    pub(crate) assignments: Vec<Sizes>,
    /// Sizes at which some matrix is singular whatever its entries.
    pub(crate) singular: Vec<Sizes>,
    pub(crate) meter: &'a Meter,
    pub(crate) points: u32,
    texts: &'a [&'a Expr],
    /// The names of letters.
    letters: &'a [String],
    seed: u64,
    variables: Vec<SymbolId>,
    manner: Manner,
    /// For each structure and each assignment the good points found.
    good: [Vec<Vec<Good>>; 2],
    /// What was found by searching, by the seeds of the searches: a point serves every comparison.
    searched: RefCell<FxHashMap<u64, Result<Point, Trouble>>>,
    /// How many entries may still be drawn again.
    steps_left: Cell<u64>,
}

impl<'a> Bench<'a> {
    /// A bench without points so far, for a derivation and texts that are compared too.
    pub(crate) fn new(
        derivation: &'a Derivation,
        table: &'a Table,
        meter: &'a Meter,
        (points, seed): (u32, u64),
        variables: Vec<SymbolId>,
        texts: &'a [&'a Expr],
    ) -> Bench<'a> {
        let Requirements { manner, has_signs } = Requirements::of(derivation, texts);
        let points = if has_signs { points.max(POINTS_WITH_SIGNS) } else { points };
        let mut assignments = Sizes::candidates(derivation, texts);
        assignments.truncate(ASSIGNMENTS);
        Bench {
            derivation,
            table,
            assignments,
            singular: vec![],
            meter,
            points,
            texts,
            letters: &[],
            seed,
            variables,
            manner,
            good: [vec![], vec![]],
            searched: RefCell::default(),
            steps_left: Cell::new(ALL_STEPS),
        }
    }

    /// The same with names for letters, to name them in counterexamples.
    pub(crate) fn naming(self, letters: &'a [String]) -> Bench<'a> {
        Bench { letters, ..self }
    }

    /// Chooses sizes at which something has a value, where the first ones do not do.
    pub(crate) fn choose(&mut self, structure: Structure, value: impl Fn(World<'_>) -> Result<(), Trouble>) {
        let (mut working, mut singular) = (vec![], vec![]);
        for sizes in Sizes::candidates(self.derivation, self.texts) {
            let is_singular = |attempt: u64| {
                let drawn = self.point(&sizes, structure, &[attempt], false);
                drawn.and_then(|point| value(self.world(&sizes, &point, Missing::Refused))) == Err(SINGULAR)
            };
            if (0..SINGULAR_ATTEMPTS).all(is_singular) {
                singular.push(sizes);
            } else {
                working.push(sizes);
            }
            if working.len() == ASSIGNMENTS {
                break;
            }
        }
        if !working.is_empty() {
            (self.assignments, self.singular) = (working, singular);
        }
    }

    /// The symbols that something is differentiated by.
    pub(crate) fn variables(&self) -> &[SymbolId] {
        &self.variables
    }

    /// Looks for points that are good for all of the nodes, in the declared structure and in another one if it is used.
    pub(crate) fn prepare(&mut self, roots: &[NodeId], other: Structure) {
        self.good = [Structure::Declared, Structure::Free].map(|structure| {
            let used = structure == Structure::Declared || structure == other;
            let assignments = self.assignments.iter().filter(|_| used);
            assignments.map(|sizes| self.good_points(sizes, structure, roots)).collect()
        });
    }

    /// The bits of certainty that one point gives at the least favourable assignment.
    pub(crate) fn bits(&self, roots: &[NodeId]) -> u32 {
        let none = Point::default();
        self.assignments.iter().map(|sizes| bits(&self.world(sizes, &none, Missing::Refused), roots)).min().unwrap_or(0)
    }

    fn good_points(&self, sizes: &Sizes, structure: Structure, roots: &[NodeId]) -> Vec<Good> {
        let mut good = Vec::new();
        for attempt in 0..ATTEMPTS {
            if good.len() == self.points as usize {
                break;
            }
            match self.draw(sizes, structure, u64::MAX, attempt, roots) {
                Ok(found) => good.push(found),
                Err(Trouble::Redraw(_)) => {}
                // The comparison that meets this trouble again will report it.
                Err(_) => break,
            }
        }
        good
    }

    /// Whether two nodes have equal values for all values of their indices.
    pub(crate) fn compare(&self, left: NodeId, right: NodeId, structure: Structure) -> Found {
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
    ) -> Found {
        for assignment in 0..self.assignments.len() {
            for number in 0..self.points as usize {
                if let Some(found) = self.at_point(assignment, number, roots, structure, &find)? {
                    return Ok(Some(self.readable(roots, structure, &find).unwrap_or(found)));
                }
            }
        }
        Ok(None)
    }

    /// Shows the values of a node, without free indices, at one point after another, until it is enough: at the good points, at
    /// others, and where it has no value at any, with roots that are opaque.
    pub(crate) fn until(
        &self,
        root: NodeId,
        mut is_enough: impl FnMut(&Tensor) -> Result<bool, Trouble>,
    ) -> Result<Seen, Trouble> {
        let mut seen = Seen::Nothing;
        let mut look = |sizes: &Sizes, point: &Point, missing: Missing<'_>| {
            match self.world(sizes, point, missing).values(&[root]) {
                Ok(values) if is_enough(&values[&root])? => return Ok(true),
                Ok(_) => seen = Seen::Never,
                Err(Trouble::Redraw(_)) => {}
                Err(trouble) => return Err(trouble),
            }
            Ok(false)
        };
        let declared = &self.good[Structure::Declared as usize];
        for (sizes, good) in
            self.assignments.iter().zip(declared).flat_map(|(sizes, all)| all.iter().map(move |good| (sizes, good)))
        {
            if look(sizes, &good.point, Missing::Refused)? {
                return Ok(Seen::Enough);
            }
        }
        for missing in [Missing::Refused, Missing::Opaque] {
            for number in 0..GLANCES {
                let sizes = &self.assignments[number as usize % self.assignments.len()];
                let point = match self.point(sizes, Structure::Declared, &[number, 0], false) {
                    Err(Trouble::Redraw(_)) => continue,
                    drawn => drawn?,
                };
                if look(sizes, &point, missing)? {
                    return Ok(Seen::Enough);
                }
            }
        }
        Ok(seen)
    }

    fn at_point(
        &self,
        assignment: usize,
        number: usize,
        roots: &[NodeId],
        structure: Structure,
        find: &impl Fn(View<'_>) -> Result<Option<Difference>, Trouble>,
    ) -> Found {
        let sizes = &self.assignments[assignment];
        let look = |good: &Good, missing: Missing<'_>| -> Found {
            let world = self.world(sizes, &good.point, missing);
            let found = find(View { world, values: &good.values })?;
            Ok(found.map(|difference| self.counterexample(sizes, &good.point, roots, difference)))
        };
        let mut reason = "";
        let good = self.good[structure as usize].get(assignment).and_then(|points| points.get(number));
        if let Some(good) = good {
            match look(good, Missing::Refused) {
                Err(Trouble::Redraw(why)) => reason = why,
                outcome => return outcome,
            }
        }
        for attempt in 0..ATTEMPTS {
            let outcome = self.draw(sizes, structure, number as u64, attempt, roots);
            match outcome.and_then(|good| look(&good, Missing::Refused)) {
                Err(Trouble::Redraw(why)) => reason = why,
                outcome => return outcome,
            }
        }
        let point = self.point(sizes, structure, &[number as u64, ATTEMPTS], false);
        let opaque = point.and_then(|point| {
            let values = self.world(sizes, &point, Missing::Opaque).values(roots)?;
            look(&Good { point, values }, Missing::Opaque)
        });
        match opaque {
            Ok(None) => Ok(None),
            Err(Trouble::Declined(why)) => Err(Trouble::Declined(why)),
            _ => Err(Trouble::Declined(reason.to_string())),
        }
    }

    fn world<'b>(&'b self, sizes: &'b Sizes, point: &'b Point, missing: Missing<'b>) -> World<'b> {
        World {
            derivation: self.derivation,
            table: self.table,
            sizes,
            point,
            seed: self.seed,
            missing,
            meter: self.meter,
        }
    }

    fn draw(
        &self,
        sizes: &Sizes,
        structure: Structure,
        number: u64,
        attempt: u64,
        roots: &[NodeId],
    ) -> Result<Good, Trouble> {
        let point = match attempt < FRESH {
            true => self.point(sizes, structure, &[number, attempt], false)?,
            false => self.search(sizes, structure, &[number, attempt])?,
        };
        let values = self.world(sizes, &point, Missing::Refused).values(roots)?;
        Ok(Good { point, values })
    }

    /// A point at which nothing is missing, if it is found.
    fn search(&self, sizes: &Sizes, structure: Structure, uses: &[u64]) -> Result<Point, Trouble> {
        let seed = self.point_seed(sizes, structure, uses, false);
        if let Some(found) = self.searched.borrow().get(&seed) {
            return found.clone();
        }
        let found = self.searched_from(seed, sizes, structure);
        self.searched.borrow_mut().insert(seed, found.clone());
        found
    }

    /// A point from a random one by drawing single entries again.
    fn searched_from(&self, seed: u64, sizes: &Sizes, structure: Structure) -> Result<Point, Trouble> {
        let manner = self.manner(structure, false);
        let mut random = Random::new(seed, &[STEPS]);
        let mut redraws = Redraws::default();
        let draw = |redraws: &Redraws| Point::draw(&self.derivation.symbols, sizes, &manner, seed, redraws, self.meter);
        let mut point = draw(&redraws)?;
        let entries: Vec<(SymbolId, usize)> = point.entries().collect();
        let mut missing = self.missing(sizes, &point)?;
        for step in 1..=STEPS {
            if missing == 0 || entries.is_empty() {
                break;
            }
            match self.steps_left.get().checked_sub(1) {
                Some(left) => self.steps_left.set(left),
                None => return Err(NO_POWER),
            }
            let entry = entries[random.bits() as usize % entries.len()];
            let before = redraws.insert(entry, step);
            let next = draw(&redraws)?;
            match self.missing(sizes, &next) {
                Ok(fewer) if fewer <= missing => (point, missing) = (next, fewer),
                Ok(_) | Err(Trouble::Redraw(_)) => {
                    redraws.insert(entry, before.unwrap_or(0));
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(point)
    }

    /// How many roots are missing in the question and in what is compared with it.
    fn missing(&self, sizes: &Sizes, point: &Point) -> Result<u32, Trouble> {
        let count = Cell::new(0);
        let world = self.world(sizes, point, Missing::Counted(&count));
        let derivation = self.derivation;
        let answer = [derivation.result.node].into_iter().filter(|_| !derivation.chains.is_empty());
        world.values(&answer.collect::<Vec<_>>())?;
        for text in self.texts {
            // What has no value at any point is for others to say.
            if let Err(Trouble::Redraw(why)) = Reader::new(world, &[]).value(text) {
                return Err(Trouble::Redraw(why));
            }
        }
        Ok(count.get())
    }

    fn point(&self, sizes: &Sizes, structure: Structure, uses: &[u64], small: bool) -> Result<Point, Trouble> {
        let seed = self.point_seed(sizes, structure, uses, small);
        let manner = self.manner(structure, small);
        Point::draw(&self.derivation.symbols, sizes, &manner, seed, &Redraws::default(), self.meter)
    }

    fn point_seed(&self, sizes: &Sizes, structure: Structure, uses: &[u64], small: bool) -> u64 {
        Random::new(self.seed, &[&[sizes.hash(), structure as u64, small.into()], uses].concat()).bits()
    }

    fn manner(&self, structure: Structure, small: bool) -> Manner {
        let unstructured = match structure {
            Structure::Declared => vec![],
            Structure::Free => self.variables.clone(),
        };
        Manner { small, unstructured, ..self.manner.clone() }
    }

    /// A counterexample in small numbers, if there is one; with values that are small too, if such are found.
    fn readable(
        &self,
        roots: &[NodeId],
        structure: Structure,
        find: &impl Fn(View<'_>) -> Result<Option<Difference>, Trouble>,
    ) -> Option<Counterexample> {
        let mut found = (0..READABLE_ATTEMPTS).filter_map(|attempt| {
            let sizes = &self.assignments[attempt as usize % self.assignments.len()];
            let point = self.point(sizes, structure, &[attempt], true).ok()?;
            let world = self.world(sizes, &point, Missing::Refused);
            let values = world.values(roots).ok()?;
            let difference = find(View { world, values: &values }).ok()??;
            Some(self.counterexample(sizes, &point, roots, difference))
        });
        let first = found.next()?;
        if first.has_small_values() {
            return Some(first);
        }
        Some(found.find(Counterexample::has_small_values).unwrap_or(first))
    }

    fn counterexample(&self, sizes: &Sizes, point: &Point, roots: &[NodeId], difference: Difference) -> Counterexample {
        let mut used = symbols_below(self.derivation, roots.to_vec());
        if roots.is_empty() {
            used.extend(self.texts.iter().flat_map(|text| symbols_in(self.derivation, text)));
        }
        let entries = self.derivation.symbols.iter().enumerate().filter_map(|(position, symbol)| {
            let id = SymbolId(position as u32);
            let tensor = point.symbol(id);
            used.contains(&id).then(|| Entries {
                name: symbol.name.clone(),
                shape: tensor.axes().iter().map(|axis| axis.1 as u64).collect(),
                entries: tensor.data().iter().map(|entry| entry.value().readable()).collect(),
            })
        });
        let name = |axis: Axis| match (axis.as_index(), axis.as_letter().and_then(|letter| self.letters.get(letter))) {
            (Some(index), _) => self.derivation.indices[index.at()].name.clone(),
            (_, Some(letter)) => letter.clone(),
            _ if axis == Axis::ROW => "row".to_string(),
            _ => "column".to_string(),
        };
        Counterexample {
            sizes: sizes.named(),
            entries: entries.collect(),
            indices: difference.at.iter().map(|(axis, value)| (name(*axis), *value as u64 + 1)).collect(),
            left: difference.left.readable(),
            right: difference.right.readable(),
        }
    }
}
