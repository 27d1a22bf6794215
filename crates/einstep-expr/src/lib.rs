//! The two languages as values: matrix expressions and index expressions, interned in one [`Store`].
//!
//! In: constructors called by the engine. Out: nodes with shapes and free indices, substitution, replacement at a path,
//! the canonical form. Left to others: every rule and every choice.

mod canonical;
mod dim;
mod kinds;
mod node;
mod rational;
mod rewrite;
mod store;

pub use dim::{Dim, Dims};
pub use kinds::Kinds;
pub use node::{
    Args, Axis, Function, Id, Index, IndexInfo, Indices, Node, Reading, Role, Scalar, Shape, Structure, Symbol,
    SymbolInfo,
};
pub use rational::Rat;
pub use rewrite::Path;
pub use store::Store;
