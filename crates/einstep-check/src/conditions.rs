//! The conditions that a derivation states.
//!
//! In: a derivation, points. Out: the first condition that makes no sense or that nothing meets.
//! Left to others: its text (`texts`); whether one is missing (`needs`).

use crate::bench::{Bench, Seen};
use crate::linalg::determinant;
use crate::meter::Trouble;
use crate::tensor::{Axis, Tensor};
use crate::verdict::Fault;
use einstep_trace::{Condition, ConditionKind, Step};

/// Checks that every condition is about something, and met at some point.
pub(crate) fn check(bench: &Bench<'_>) -> Result<(), Fault> {
    let mut numbers = Vec::new();
    let mut open: Vec<&Step> = bench.derivation.chains.iter().flat_map(|chain| &chain.links).collect();
    while let Some(step) = open.pop() {
        numbers.push(step.id);
        open.extend(&step.steps);
    }
    numbers.sort_unstable();
    for (position, condition) in bench.derivation.conditions.iter().enumerate() {
        let at = name(position);
        if numbers.binary_search(&condition.step).is_err() {
            return Err(Fault::reject(&at, "it is needed by a step that is not there"));
        }
        if let Some(what) = misfit(bench, condition) {
            return Err(Fault::reject(&at, what));
        }
        let mut met = Vec::new();
        match bench.until(condition.node, |value| is_met(bench, condition, value, &mut met)) {
            Ok(Seen::Enough) => {}
            Ok(Seen::Never) => return Err(Fault::reject(&at, "it holds at none of the points tried")),
            Ok(Seen::Nothing) => return Err(Fault::decline(&at, "its expression has no value at the points tried")),
            Err(Trouble::Misfit(what)) => return Err(Fault::reject(&at, what)),
            Err(Trouble::Declined(why)) => return Err(Fault::decline(&at, why)),
            Err(Trouble::Redraw(why)) => return Err(Fault::decline(&at, why)),
        }
    }
    Ok(())
}

/// What a condition is called.
pub(crate) fn name(position: usize) -> String {
    format!("condition {}", position + 1)
}

/// Why a condition can't be asked of its expression.
fn misfit(bench: &Bench<'_>, condition: &Condition) -> Option<&'static str> {
    let shape = bench.table.shape(condition.node);
    if !bench.table.free(condition.node).is_empty() {
        return Some("its expression has free indices");
    }
    match condition.relation {
        ConditionKind::Invertible if !matches!(shape, [rows, cols] if rows == cols) => {
            Some("what is to be invertible is no square matrix")
        }
        ConditionKind::Positive if !shape.is_empty() => Some("what is to be positive is no scalar"),
        _ => None,
    }
}

/// Whether a condition is met at a point; one about positive entries, whether each was met at some point so far.
fn is_met(bench: &Bench<'_>, condition: &Condition, value: &Tensor, met: &mut Vec<bool>) -> Result<bool, Trouble> {
    let nonzero = || value.data().iter().map(|entry| !entry.value().is_zero());
    let positive = || value.data().iter().map(|entry| entry.value().is_square() && !entry.value().is_zero());
    let mut all = |now: Vec<bool>| {
        met.resize(now.len(), false);
        met.iter_mut().zip(now).for_each(|(met, now)| *met |= now);
        met.iter().all(|met| *met)
    };
    Ok(match condition.relation {
        // Entries that are zero by their structure, beside the diagonal or above it, are not what a kink is about.
        ConditionKind::Nonzero | ConditionKind::NonzeroEntries => nonzero().any(|entry| entry),
        ConditionKind::Positive => positive().all(|entry| entry),
        ConditionKind::PositiveEntries => all(positive().collect()),
        ConditionKind::Invertible => has_full_rank(bench, value)?,
        ConditionKind::FullRank => has_full_rank(bench, value)?,
    })
}

/// Whether the product of a matrix with its transpose, on the side where it is smaller, has a determinant other than 0.
fn has_full_rank(bench: &Bench<'_>, value: &Tensor) -> Result<bool, Trouble> {
    let meter = bench.meter;
    let size = |slot: Axis| value.axes().iter().find(|axis| axis.0 == slot).map(|axis| axis.1);
    let (rows, cols) = (size(Axis::ROW), size(Axis::COLUMN));
    let transposed = value.transpose(meter)?;
    let is_wide = rows.unwrap_or(1) < cols.unwrap_or(1);
    let (product, size) = match is_wide {
        true => (value.times(&transposed, cols, meter)?, rows.unwrap_or(1)),
        false => (transposed.times(value, rows, meter)?, cols.unwrap_or(1)),
    };
    let along: Vec<_> = [Axis::ROW, Axis::COLUMN].map(|axis| (axis, size)).into_iter().filter(|_| size > 1).collect();
    if size > MAX_RANK {
        return Err(Trouble::Declined("a matrix is too large for its rank to be told".into()));
    }
    let tested = product.each(&along, &[], meter, |entries| Ok(vec![determinant(entries, size)]))?;
    Ok(tested.data().iter().all(|entry| !entry.value().is_zero()))
}

/// The greatest size of a matrix whose rank is looked at.
const MAX_RANK: usize = 12;
