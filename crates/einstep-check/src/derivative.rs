//! The derivative of an expression as it is written, by every entry of its variables.
//!
//! In: what is asked, a point. Out: the derivative as an array, and the shape it has as a matrix.
//! Left to others: comparing; how the entries of a structured variable move together (`ties`).

use crate::dual::ORDER;
use crate::eval::{Entry, World};
use crate::given::Asked;
use crate::matrix::{Matrix, Value};
use crate::meter::{Meter, Trouble};
use crate::question::Reader;
use crate::tensor::{Axis, Sized, Tensor};
use einstep_trace::Layout;

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
    let mut positions: Vec<(u64, Sized)> = Vec::new();
    let mut entries: Vec<Vec<Entry>> = vec![vec![]];
    for (variable, &symbol) in asked.by.iter().enumerate() {
        let tensor = world.point.symbol(symbol);
        for (slot, axis) in tensor.axes().iter().enumerate() {
            let axis = (Axis::temporary(along.len()), axis.1);
            positions.extend(asked.position(variable, slot).map(|position| (position, axis)));
            along.push(axis);
        }
        world.meter.hold(entries.len() as u64, tensor.data().len() as u64)?;
        let extended = entries.iter().flat_map(|before| {
            (0..tensor.data().len()).map(move |position| [before.as_slice(), &[(symbol, position)]].concat())
        });
        entries = extended.collect();
    }
    let mut parts = Vec::with_capacity(entries.len());
    for entries in &entries {
        let value = asked.value(&mut Reader::new(world, entries), &asked.body, (rows, cols))?;
        parts.push(value.map(|value| (0..order).rev().fold(value, |value, level| value.derivative(level))));
    }
    let mut stacked = Tensor::stack(&along, &parts, world.meter)?;
    for (position, axis) in &positions {
        stacked = stacked.at(*position, *axis, world.meter)?;
    }
    let own: Vec<Axis> = match asked.free.len() {
        0 => slots([rows, cols]).map(|slot| slot.0).collect(),
        count => (0..count).map(Axis::letter).collect(),
    };
    let open =
        along.into_iter().map(|axis| axis.0).filter(|axis| positions.iter().all(|(_, (other, _))| other != axis));
    let all: Vec<Axis> = own.into_iter().chain(open).collect();
    stacked.relabel(world.meter, |axis| all.iter().position(|own| *own == axis).map_or(axis, Axis::letter))
}

/// Whether a layout has the transpose of what mixed layout has, for a value and variables of so many dimensions each.
pub(crate) fn is_transposed(layout: Layout, value: usize, variables: impl IntoIterator<Item = usize>) -> bool {
    match layout {
        Layout::Mixed => false,
        // With two of them the answer is a Hessian.
        Layout::Numerator => value == 0 && variables.into_iter().filter(|dimensions| *dimensions > 0).count() == 1,
        Layout::Denominator => value > 0,
    }
}

/// How the derivative is a matrix. In mixed layout a derivative by scalars has the shape of the value, that of a scalar the shape of the
/// variable; else a row of it belongs to an entry of what comes first, the entries of a matrix taken column by column.
/// Another layout may have the transpose of that.
#[derive(Debug, Clone)]
pub(crate) struct Arrangement {
    /// The sizes of the letters.
    pub(crate) letters: Vec<usize>,
    /// How many of the first letters come behind the others in the answer, because the layout transposes it.
    pub(crate) behind: usize,
    /// The rows and the columns.
    pub(crate) extents: [usize; 2],
    /// The letters that name the rows, and those that name the columns.
    sides: [Vec<usize>; 2],
}

impl Arrangement {
    /// The arrangement of the derivative of a value of the given extents.
    pub(crate) fn of(world: World<'_>, asked: &Asked, (rows, cols): (usize, usize)) -> Result<Arrangement, Trouble> {
        let variables = asked.by.iter().enumerate().map(|(variable, symbol)| {
            let axes = world.point.symbol(*symbol).axes().iter().copied().enumerate();
            let open = axes.filter(|(slot, axis)| axis.1 > 1 && asked.position(variable, *slot).is_none());
            open.map(|(_, axis)| axis).collect::<Vec<_>>()
        });
        // The first free index names the rows.
        let sides = [Axis::ROW].into_iter().chain(std::iter::repeat(Axis::COLUMN));
        let free = asked.free.iter().zip(sides).map(|((_, index), side)| Ok((side, world.index(*index)?.1)));
        let free: Vec<Sized> = free.collect::<Result<_, Trouble>>()?;
        let value = if free.is_empty() { slots([rows, cols]).collect() } else { free };
        let is_transposed = is_transposed(asked.layout, value.len(), variables.clone().map(|part| part.len()));
        let parts = [value].into_iter().chain(variables);
        let arrays: Vec<Vec<Sized>> = parts.filter(|part| !part.is_empty()).collect();
        let letters: Vec<usize> = arrays.iter().flatten().map(|slot| slot.1).collect();
        let mut sides: [Vec<usize>; 2] = match arrays.as_slice() {
            [only] => {
                let rows = only.iter().take_while(|slot| slot.0 == Axis::ROW).count();
                [(0..rows).collect(), (rows..letters.len()).collect()]
            }
            _ => {
                let first = arrays.first().map_or(0, Vec::len);
                [(0..first).rev().collect(), (first..letters.len()).rev().collect()]
            }
        };
        let mut behind = 0;
        if is_transposed {
            behind = sides[0].len();
            sides.swap(0, 1);
        }
        let product = |side: &Vec<usize>| side.iter().map(|&letter| letters[letter]).product();
        let extents = [product(&sides[0]), product(&sides[1])];
        Ok(Arrangement { letters, behind, extents, sides })
    }

    /// An array over the letters as a matrix.
    pub(crate) fn matrix(&self, tensor: &Tensor, meter: &Meter) -> Result<Tensor, Trouble> {
        let side = |side: &Vec<usize>| {
            side.iter().map(|&letter| (Axis::letter(letter), self.letters[letter])).collect::<Vec<_>>()
        };
        let [rows, cols] = [side(&self.sides[0]), side(&self.sides[1])];
        tensor.join(&[(Axis::ROW, &rows), (Axis::COLUMN, &cols)], meter)
    }
}

/// The numbers of rows and columns of the value.
pub(crate) fn extents(world: World<'_>, asked: &Asked) -> Result<(usize, usize), Trouble> {
    if !asked.free.is_empty() {
        return Ok((1, 1));
    }
    let Matrix { rows, cols, .. } = Reader::new(world, &[]).value(&asked.body).and_then(Value::matrix)?;
    Ok((rows, cols))
}
