//! The workloads that einstep is measured by.
//!
//! In: nothing but the corpus. Out: cases, each of which can be run once and says whether its outcome is right.
//! Left to others: measuring and the table (`examples/bench`), systems beside ours (`peers/`).

mod case;
mod job;
mod random;
pub mod workloads;

pub use case::{Case, Per, Reach, Size};
pub use job::{Asked, Job, Outcome, Ready, Stage};
