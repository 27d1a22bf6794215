//! The bound on the work of one check, and the reasons why a value can't be had.
//!
//! In: the limits of the options. Out: leave to go on, or [`Trouble`]. Left to others: what to do about it.

use std::cell::Cell;

/// Why a value can't be had at a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Another point may do: there is no root, or a denominator is zero, here.
    Redraw(&'static str),
    /// No point will do: an operation is not known, or the cost is too high.
    Declined(String),
    /// A text has no value, because its parts do not fit together.
    Misfit(String),
}

/// There is no root of this value in the field.
pub(crate) const NO_POWER: Trouble = Trouble::Redraw("a root has no value at the points tried");
/// There is no inverse of this matrix, or of a number that is zero, or no log of one. Random values are not zero, so it is
/// the sizes of the dimensions that make them so, if anything can be done about it.
pub(crate) const SINGULAR: Trouble =
    Trouble::Redraw("a matrix is singular, or a denominator zero, at the points tried");

/// What a table costs however small it is, in operations.
const OVERHEAD: u64 = 64;

/// Counts down the work that is left.
#[derive(Debug)]
pub(crate) struct Meter {
    work: Cell<u64>,
    cells: u64,
}

impl Meter {
    pub(crate) fn new(work: u64, cells: u64) -> Meter {
        Meter { work: Cell::new(work), cells }
    }

    /// Leave to do so many operations.
    pub(crate) fn spend(&self, operations: u64) -> Result<(), Trouble> {
        match self.work.get().checked_sub(operations) {
            Some(left) => {
                self.work.set(left);
                Ok(())
            }
            None => Err(Trouble::Declined("the bound on the work of a check is met".into())),
        }
    }

    /// Leave to hold an array of so many cells, each of which takes so many operations.
    pub(crate) fn hold(&self, cells: u64, operations: u64) -> Result<(), Trouble> {
        if cells > self.cells {
            return Err(Trouble::Declined("a table of values is larger than the bound".into()));
        }
        self.spend(cells.saturating_mul(operations.max(1)).saturating_add(OVERHEAD))
    }
}
