//! The engine: from a parsed problem to a recorded derivation.
//!
//! In: a syntax tree. Out: an `einstep_trace::Derivation`, or diagnostics.
//! Left to others: reading text (syntax), checking (check), showing (render).
//!
//! The passes stand in the order in which data flows: `infer`, then [`derive()`], which runs `lower`, `differentiate`,
//! `contract`, `collect`, `raise` and `simplify` over the rules of the [`catalogue()`]. `record` turns every applied rule
//! into a step of the trace.

mod cases;
mod catalogue;
mod conditions;
mod derive;
mod infer;
mod lemmas;
mod limits;
mod names;
mod passes;
mod places;
mod raising;
mod record;
mod rules;
mod simplifying;
mod slots;
mod stacking;
mod tasks;
mod work;

pub use catalogue::catalogue;
pub use derive::{Options, derive};
pub use infer::functions;
pub use limits::Limits;
pub use record::shapes;
