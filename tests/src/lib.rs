//! What measures einstep: the suite of whole derivations, and the corpus of known answers.
//!
//! In: the files of `tests/suite` and `tests/corpus`. Out: differences and counts, as data and as tables.
//! Left to others: running them as tests (`tests/tests`) and on their own (`tests/examples`).

pub mod attempt;
pub mod bad;
pub mod corpus;
pub mod direct;
pub mod guard;
pub mod mutants;
pub mod random;
pub mod reorder;
pub mod report;
mod suite;
pub mod survey;
pub mod table;
pub mod tree;

pub use suite::{Block, Case, Difference, cases};
