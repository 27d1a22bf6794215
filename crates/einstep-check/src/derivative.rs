//! The derivative of an expression as it is written, by every entry of its variables.
//!
//! In: what is asked, a point. Out: the derivative as an array, and the shape it has as a matrix.
//! Left to others: comparing. Every entry is perturbed by itself, whatever structure the variable is declared to have.

use crate::dual::ORDER;
use crate::eval::{Entry, World};
use crate::given::Asked;
use crate::matrix::{Matrix, Value};
use crate::meter::Trouble;
use crate::question::Reader;
use crate::tensor::{Axis, Sized, Tensor};

/// The slots of a matrix of some numbers of rows and columns: those that are not 1.
fn slots([rows, cols]: [usize; 2]) -> impl Iterator<Item = Sized> {
    [(Axis::ROW, rows), (Axis::COLUMN, cols)].into_iter().filter(|slot| slot.1 > 1)
}

/// The derivative over one letter for each slot of the value, then of the variables from the outermost inwards.
pub(crate) fn by_entries(world: World<'_>, asked: &Asked, (rows, cols): (usize, usize)) -> Result<Tensor, Trouble> {
    let order = asked.by.len();
    if order > ORDER {
        return Err(Trouble::Declined(format!("derivatives of an order above {ORDER} are not known")));
    }
    let mut along: Vec<Sized> = Vec::new();
    let mut entries: Vec<Vec<Entry>> = vec![vec![]];
    for &symbol in &asked.by {
        let tensor = world.point.symbol(symbol);
        for axis in tensor.axes() {
            along.push((Axis::temporary(along.len()), axis.1));
        }
        world.meter.hold(entries.len() as u64, tensor.data().len() as u64)?;
        let extended = entries.iter().flat_map(|before| {
            (0..tensor.data().len()).map(move |position| [before.as_slice(), &[(symbol, position)]].concat())
        });
        entries = extended.collect();
    }
    let mut parts = Vec::with_capacity(entries.len());
    for entries in &entries {
        let value = Reader::new(world, entries).matrix(&asked.body, rows, cols)?;
        parts.push(value.map(|value| (0..order).rev().fold(value, |value, level| value.derivative(level))));
    }
    let stacked = Tensor::stack(&along, &parts, world.meter)?;
    let own: Vec<Axis> = slots([rows, cols]).map(|slot| slot.0).collect();
    let variables = (0..along.len()).map(Axis::temporary);
    let all: Vec<Axis> = own.into_iter().chain(variables).collect();
    stacked.relabel(world.meter, |axis| all.iter().position(|own| *own == axis).map_or(axis, Axis::letter))
}

/// The rows and columns of the derivative as a matrix, and the slot that each of its letters is; nothing where it has
/// more than two slots. A derivative by scalars has the shape of the value, that of a scalar the shape of the variable; else a
/// row of it belongs to an entry of what comes first.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The sizes of the letters.
    pub(crate) letters: Vec<usize>,
    /// The shape as a matrix, and the axis of each letter in it.
    pub(crate) matrix: Option<(usize, usize, Vec<Axis>)>,
}

impl Layout {
    /// The layout of the derivative of a value of the given extents.
    pub(crate) fn of(world: World<'_>, asked: &Asked, (rows, cols): (usize, usize)) -> Layout {
        let extent =
            |tensor: &Tensor, slot: Axis| tensor.axes().iter().find(|axis| axis.0 == slot).map_or(1, |axis| axis.1);
        let variables = asked.by.iter().map(|symbol| {
            let tensor = world.point.symbol(*symbol);
            [extent(tensor, Axis::ROW), extent(tensor, Axis::COLUMN)]
        });
        let parts: Vec<[usize; 2]> = [[rows, cols]].into_iter().chain(variables).collect();
        let arrays: Vec<[usize; 2]> = parts.into_iter().filter(|part| part.iter().any(|extent| *extent > 1)).collect();
        let letters: Vec<usize> = arrays.iter().flat_map(|part| slots(*part)).map(|slot| slot.1).collect();
        let matrix = match (arrays.as_slice(), letters.as_slice()) {
            ([], _) => Some((1, 1, vec![])),
            ([only], _) => Some((only[0], only[1], slots(*only).map(|slot| slot.0).collect())),
            ([_, _], &[rows, cols]) => Some((rows, cols, vec![Axis::ROW, Axis::COLUMN])),
            _ => None,
        };
        Layout { letters, matrix }
    }
}

/// The numbers of rows and columns of the value.
pub(crate) fn extents(world: World<'_>, asked: &Asked) -> Result<(usize, usize), Trouble> {
    let Matrix { rows, cols, .. } = Reader::new(world, &[]).value(&asked.body).and_then(Value::matrix)?;
    Ok((rows, cols))
}
