//! Layouts: how far the answer is from the one in mixed layout.
//!
//! In: the layout that is wanted, a derivative in mixed layout. Out: the chain that transposes it.
//! Left to others: the derivative itself, rules.

use crate::derive::{Chain, chain};
use crate::rules::simplify::echo::Echo;
use crate::simplifying;
use crate::work::Work;
use einstep_trace::Layout;

/// Whether the answer is the transpose of that in mixed layout, for a value and variables of so many dimensions.
pub(crate) fn is_transposed(layout: Layout, value: usize, variables: &[usize]) -> bool {
    match layout {
        Layout::Mixed => false,
        // The second derivative of a scalar is the same in all layouts.
        Layout::Numerator => value == 0 && variables.iter().filter(|&&dimensions| dimensions > 0).count() == 1,
        Layout::Denominator => value > 0,
    }
}

/// The transpose, from which the work begins, in the form that a textbook prints.
pub(crate) fn transposed(mut work: Work<'_>, echo: &Echo) -> Chain {
    simplifying::simplify(&mut work, echo);
    chain("layout", work)
}
