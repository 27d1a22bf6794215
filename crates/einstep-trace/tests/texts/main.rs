//! Tests of the texts of nodes.

mod naming;
mod nodes;
mod text;
