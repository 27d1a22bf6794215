//! The rules, one item each: statement, condition, reason, example, function.
//!
//! In: one node. Out: what stands in its place, or nothing where the rule does not apply.
//! Left to others: the order in which rules are tried (the passes), where ([`crate::work`]).

pub(crate) mod blocks;
pub(crate) mod collect;
pub(crate) mod contract;
pub(crate) mod differentiate;
pub(crate) mod lemmas;
pub(crate) mod lower;
pub(crate) mod order;
pub(crate) mod raise;
pub(crate) mod shape;
pub(crate) mod simplify;
