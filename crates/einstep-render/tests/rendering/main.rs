//! Tests of everything that is drawn.

mod exercises;
mod notation;
mod properties;
mod snapshots;
mod unsigned;
