//! Values for the slots of a rule's sentence.
//!
//! In: what a rule found out at one place. Out: values that `record` converts. Left to others: sentences.

use einstep_expr::{Dim, Id, Index};

/// The slots of one place.
pub(crate) type Slots = Vec<(&'static str, Value)>;

/// The value of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    /// An index.
    Index(Index),
    /// Several indices.
    Indices(Vec<Index>),
    /// An expression.
    Node(Id),
    /// Several expressions.
    Nodes(Vec<Id>),
    /// A dimension.
    Dim(Dim),
    /// Words.
    Word(String),
}

impl From<Index> for Value {
    fn from(index: Index) -> Value {
        Value::Index(index)
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Value {
        Value::Node(id)
    }
}

impl From<Vec<Id>> for Value {
    fn from(ids: Vec<Id>) -> Value {
        Value::Nodes(ids)
    }
}

impl From<Dim> for Value {
    fn from(dim: Dim) -> Value {
        Value::Dim(dim)
    }
}

impl From<String> for Value {
    fn from(word: String) -> Value {
        Value::Word(word)
    }
}

impl From<&str> for Value {
    fn from(word: &str) -> Value {
        Value::Word(word.to_string())
    }
}

impl From<Vec<Index>> for Value {
    fn from(indices: Vec<Index>) -> Value {
        Value::Indices(indices)
    }
}
