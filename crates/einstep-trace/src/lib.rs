//! The record of a derivation: chains of equalities over one table of expressions, and its JSON format.
//!
//! In: what the engine recorded, or a file. Out: the record as data, its text form, its shapes and free indices.
//! Left to others: how a step was found (engine), whether it is right (check), how it looks (render).

mod derivation;
mod dim;
mod json;
mod naming;
mod node;
mod rules;
mod statements;
mod table;
mod text;

pub use derivation::*;
pub use dim::Dim;
pub use json::{ReadError, schema};
pub use naming::names;
pub use node::{IndexId, Node, NodeId, Rational, Reading, SymbolId};
pub use rules::{RuleKind, RuleStatement, rule, statements};
pub use table::{CALLS, FUNCTIONS, Table, TableError, commuted, group, rows_cols, shape_from};
pub use text::{MAX_TREE, Texts, condition, dim_expr, syntax, text};
