//! The statements of all rules. Generated from the engine's catalogue by `einstep-dev`; do not edit.

use crate::rules::RuleStatement;

/// Every rule, in the order of the catalogue.
pub(crate) const STATEMENTS: &[RuleStatement] = &[];
