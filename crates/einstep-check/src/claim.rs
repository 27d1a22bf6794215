//! Somebody's own answer: whether it is the derivative of the question, and whether two expressions are equal.
//!
//! In: a derivation that says what is asked and what its symbols are, perhaps without any steps; expressions as written.
//! Out: a [`Comparison`]. Left to others: reading the expressions, inferring shapes, saying what went wrong.

use crate::Options;
use crate::bench::{Bench, Structure, View};
use crate::derivative::{Arrangement, by_entries, extents};
use crate::draw::hash;
use crate::given::{Asked, asked, declarations};
use crate::judge::MAX_POINTS;
use crate::limits;
use crate::matrix::{Matrix, Value};
use crate::meter::{Meter, Trouble};
use crate::question::Reader;
use crate::sizes::Sizes;
use crate::tensor::Difference;
use crate::verdict::{Counterexample, Fault};
use einstep_syntax::{Expr, print};
use einstep_trace::{Derivation, SymbolId, Table};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The least number of points for each assignment of sizes.
const MIN_POINTS: u32 = 4;

/// How two expressions compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// They have equal values at every point tried.
    Equal {
        /// How many points.
        points: u32,
        /// The sizes given to the dimensions.
        sizes: Vec<BTreeMap<String, u64>>,
    },
    /// They differ at a point: on the left the value that is right, on the right the value that was claimed.
    Different(Box<Counterexample>),
    /// They differ in shape; each is given as its rows and columns.
    Shape {
        /// The shape that is right: two dimensions.
        expected: [String; 2],
        /// The shape that was claimed.
        found: [String; 2],
    },
    /// The parts of an expression do not fit together.
    Misfit(String),
    /// They could not be compared; the reason.
    Unknown(String),
}

/// Whether an expression is the derivative that a derivation is about, as a matrix.
///
/// Of the derivation only the question, the declarations and the tables of symbols and dimensions are looked at: the answer is
/// compared with the derivative of the question itself, computed with dual numbers.
pub fn compare(derivation: &Derivation, claimed: &Expr, options: &Options) -> Comparison {
    compared(derivation, claimed, &[], options, |asked, view, shapes| {
        let world = view.world;
        let extents = extents(world, asked)?;
        let arrangement = Arrangement::of(world, asked, extents)?;
        let [rows, cols] = arrangement.extents;
        let value = match Reader::new(world, &[]).value(claimed)? {
            Value::Matrix(matrix) => matrix,
            identity if rows == cols => identity.of_size(rows, world.meter)?,
            Value::Identity(_) => return shapes.differ(view, [rows, cols], [cols, cols]),
        };
        if (value.rows, value.cols) != (rows, cols) {
            return shapes.differ(view, [rows, cols], [value.rows, value.cols]);
        }
        let expected = arrangement.matrix(&by_entries(world, asked, extents)?, world.meter)?;
        expected.difference(&value.tensor, world.meter)
    })
}

/// Whether an expression in index notation is the derivative that a derivation is about. The free indices are named in the
/// order of the answer: first those of the value, then those of the variables, unless the layout transposes it.
pub fn compare_element(derivation: &Derivation, claimed: &Expr, free: &[String], options: &Options) -> Comparison {
    compared(derivation, claimed, free, options, |asked, view, _| {
        let world = view.world;
        let extents = extents(world, asked)?;
        let Arrangement { letters: sizes, behind, .. } = Arrangement::of(world, asked, extents)?;
        if sizes.len() != free.len() {
            return Err(Trouble::Misfit(format!("the derivative has {} indices, not {}", sizes.len(), free.len())));
        }
        let mut names = free.to_vec();
        names.rotate_right(behind);
        let letters: Vec<(String, usize)> = names.into_iter().zip(sizes).collect();
        let value = Reader::new(world, &[]).element(claimed, &letters)?;
        by_entries(world, asked, extents)?.difference(&value, world.meter)
    })
}

/// Whether two expressions over the symbols of a derivation are equal.
pub fn equal(derivation: &Derivation, left: &Expr, right: &Expr, options: &Options) -> Comparison {
    let texts = [left, right];
    at_points(derivation, &texts, vec![], &[], options, |view, shapes| {
        let world = view.world;
        let value = |expr: &Expr| Reader::new(world, &[]).value(expr);
        let [left, right] = match (value(left)?, value(right)?) {
            (Value::Matrix(left), right) => {
                let rows = left.rows;
                [left, right.of_size(rows, world.meter)?]
            }
            (left, Value::Matrix(right)) => [left.of_size(right.rows, world.meter)?, right],
            (Value::Identity(left), Value::Identity(right)) => [Matrix::scalar(left), Matrix::scalar(right)],
        };
        if (left.rows, left.cols) != (right.rows, right.cols) {
            return shapes.differ(view, [left.rows, left.cols], [right.rows, right.cols]);
        }
        left.tensor.difference(&right.tensor, world.meter)
    })
}

/// Where a comparison leaves shapes that differ.
#[derive(Default)]
struct Shapes(RefCell<Option<Comparison>>);

impl Shapes {
    fn differ<T>(&self, view: &View<'_>, expected: [usize; 2], found: [usize; 2]) -> Result<T, Trouble> {
        let name = |shape: [usize; 2]| shape.map(|extent| view.world.sizes.name_of(extent));
        *self.0.borrow_mut() = Some(Comparison::Shape { expected: name(expected), found: name(found) });
        Err(Trouble::Misfit("the shapes differ".into()))
    }
}

/// A comparison of the derivative with an expression, over named letters.
fn compared(
    derivation: &Derivation,
    claimed: &Expr,
    letters: &[String],
    options: &Options,
    find: impl Fn(&Asked, &View<'_>, &Shapes) -> Result<Option<Difference>, Trouble>,
) -> Comparison {
    let table = match Table::read(derivation) {
        Ok(table) => table,
        Err(error) => return Comparison::Unknown(error.to_string()),
    };
    let asked = match declarations(derivation).and_then(|given| asked(derivation, &table, None, &given)) {
        Ok(asked) => asked,
        Err(fault) => return fault.into(),
    };
    let texts = [&asked.body, claimed];
    at_points(derivation, &texts, asked.by.clone(), letters, options, |view, shapes| find(&asked, view, shapes))
}

/// Asks for a difference at every point.
fn at_points(
    derivation: &Derivation,
    texts: &[&Expr],
    variables: Vec<SymbolId>,
    letters: &[String],
    options: &Options,
    find: impl Fn(&View<'_>, &Shapes) -> Result<Option<Difference>, Trouble>,
) -> Comparison {
    if let Err(fault) = limits::bounded(derivation) {
        return fault.into();
    }
    let table = match Table::read(derivation) {
        Ok(table) => table,
        Err(error) => return Comparison::Unknown(error.to_string()),
    };
    let meter = Meter::new(options.work, options.cells);
    let written: Vec<String> = texts.iter().map(|text| print(text)).collect();
    let seed = options.seed.unwrap_or_else(|| hash(&written.join("\n")));
    let points = options.points.clamp(MIN_POINTS, MAX_POINTS);
    let mut bench = Bench::new(derivation, &table, &meter, (points, seed), variables, texts).naming(letters);
    bench.choose(Structure::Declared, |world| {
        texts.iter().try_for_each(|text| Reader::new(world, &[]).value(text).map(drop))
    });
    let shapes = Shapes::default();
    match bench.at_points(&[], Structure::Declared, |view| find(&view, &shapes)) {
        Ok(None) => Comparison::Equal {
            points: bench.points * bench.assignments.len() as u32,
            sizes: bench.assignments.iter().map(Sizes::named).collect(),
        },
        Ok(Some(counterexample)) => Comparison::Different(Box::new(counterexample)),
        Err(Trouble::Misfit(what)) => shapes.0.take().unwrap_or(Comparison::Misfit(what)),
        Err(Trouble::Declined(why)) => Comparison::Unknown(why),
        Err(Trouble::Redraw(why)) => Comparison::Unknown(why.into()),
    }
}

impl From<Fault> for Comparison {
    fn from(fault: Fault) -> Comparison {
        Comparison::Unknown(match fault {
            Fault::Rejected(rejection) => format!("{}: {}", rejection.at, rejection.message),
            Fault::Declined(declined) => format!("{}: {}", declined.at, declined.reason),
        })
    }
}
