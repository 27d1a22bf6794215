//! The node table: every expression of a derivation, each distinct one once, children before parents.
//!
//! In: nodes from `record` or from a JSON file. Out: [`Nodes`], a table whose references, arities and shapes hold.
//! Left to others: values, rules, notation.

use crate::dim::Dim;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A position in the node table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NodeId(pub u32);

/// A position in the table of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SymbolId(pub u32);

/// A position in the table of indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct IndexId(pub u32);

impl NodeId {
    /// The position as a `usize`.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

impl SymbolId {
    /// The position as a `usize`.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

impl IndexId {
    /// The position as a `usize`.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// An exact rational number in text form, `"3"` or `"-3/7"`: in lowest terms, denominator positive.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Rational(pub String);

impl Rational {
    /// Sign, digits of the numerator, digits of the denominator; `None` when the text is not a rational in lowest form.
    ///
    /// ```
    /// use einstep_trace::Rational;
    /// assert_eq!(Rational("-3/7".into()).parts(), Some((true, "3", "7")));
    /// assert_eq!(Rational("NaN".into()).parts(), None);
    /// ```
    pub fn parts(&self) -> Option<(bool, &str, &str)> {
        let (negative, rest) = match self.0.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, self.0.as_str()),
        };
        let (num, den) = rest.split_once('/').unwrap_or((rest, "1"));
        let digits =
            |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) && (s == "0" || !s.starts_with('0'));
        let plain = rest == num || den != "1";
        let zero_is_plain = num != "0" || (rest == "0" && !negative);
        (digits(num) && digits(den) && den != "0" && plain && zero_is_plain).then_some((negative, num, den))
    }
}

/// How a derivative by a structured variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// Entries are independent.
    #[default]
    Free,
    /// Entries that the structure ties together move together.
    Tied,
    /// The derivative is projected onto the structured subspace.
    Projected,
}

/// One expression. Matrix expressions have a shape; index expressions are scalars that depend on free indices.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Node {
    /// A rational number.
    Number {
        /// Its value.
        value: Rational,
    },
    /// A dimension as a number.
    Size {
        /// The dimension.
        dim: Dim,
    },
    /// A symbol: a scalar, a vector or a matrix.
    Symbol {
        /// Which one.
        symbol: SymbolId,
    },
    /// The identity matrix.
    Identity {
        /// Its number of rows and columns.
        dim: Dim,
    },
    /// The array all of whose entries are 1.
    Ones {
        /// Its shape.
        shape: Vec<Dim>,
    },
    /// The array all of whose entries are 0.
    Zeros {
        /// Its shape.
        shape: Vec<Dim>,
    },
    /// A sum of terms of one shape; scalars beside arrays broadcast.
    Add {
        /// The terms, at least two.
        args: Vec<NodeId>,
    },
    /// A product of scalars and at most one vector or matrix, which then comes last.
    Mul {
        /// The factors, at least two.
        args: Vec<NodeId>,
    },
    /// A product of matrices, vectors and rows, none of them a scalar.
    Matmul {
        /// The factors, at least two.
        args: Vec<NodeId>,
    },
    /// An elementwise product of arrays of one shape.
    Hadamard {
        /// The factors, at least two.
        args: Vec<NodeId>,
    },
    /// The transpose of a vector, a row or a matrix.
    Transpose {
        /// What is transposed.
        arg: NodeId,
    },
    /// A power, elementwise: base and exponent have one shape, or one of them is a scalar.
    Power {
        /// The base.
        base: NodeId,
        /// The exponent.
        exponent: NodeId,
    },
    /// A square matrix to a positive integer power of at least 2.
    Matpow {
        /// The matrix.
        base: NodeId,
        /// The exponent.
        exponent: u32,
    },
    /// A block matrix. Blocks side by side have one height, blocks one above the other one width.
    Block {
        /// The rows of blocks, each of as many blocks; at least two blocks.
        blocks: Vec<Vec<NodeId>>,
    },
    /// A function of whole arrays: `tr`, `norm`, `inv`, `diag`, `kron`, ... A reduction along rows or columns has the
    /// number 1 or 2 as its second argument, as in the language. The constants `e` and `pi` have no argument.
    Call {
        /// Its name in the language.
        name: String,
        /// The arguments.
        args: Vec<NodeId>,
    },
    /// A function applied to a scalar, or to each element.
    Fn {
        /// Its name in the language.
        name: String,
        /// The argument.
        arg: NodeId,
    },
    /// An element of a vector, row or matrix.
    Elem {
        /// The array.
        of: NodeId,
        /// One index for each dimension that is not 1. A dimension that is a product may take several, the slow one
        /// first: their dimensions multiply to it.
        at: Vec<IndexId>,
    },
    /// The array with the given entries: a vector over one index, a matrix over two.
    Array {
        /// The indices of its slots; one may be absent from the entry.
        over: Vec<IndexId>,
        /// How many of them name the rows, the slow one first; the others name the columns.
        #[serde(default = "one")]
        rows: u8,
        /// The entry.
        body: NodeId,
    },
    /// The Kronecker delta.
    Delta {
        /// Its two indices, of one dimension.
        at: [IndexId; 2],
    },
    /// The Levi-Civita symbol: the sign of the permutation, 0 where two indices are equal.
    Eps {
        /// Its three indices, of dimension 3.
        at: [IndexId; 3],
    },
    /// A sum over bound indices.
    Sum {
        /// The bound indices, outermost first.
        over: Vec<IndexId>,
        /// The summand.
        body: NodeId,
    },
    /// A product over bound indices.
    Prod {
        /// The bound indices, outermost first.
        over: Vec<IndexId>,
        /// The factor.
        body: NodeId,
    },
    /// The pending derivative of a scalar by an element.
    Partial {
        /// What is differentiated.
        body: NodeId,
        /// The element, or a scalar symbol.
        by: NodeId,
        /// How structure of the variable counts.
        #[serde(default)]
        reading: Reading,
    },
}

fn one() -> u8 {
    1
}

impl Node {
    /// The children in order. A path in a node is a list of positions in this order.
    ///
    /// ```
    /// use einstep_trace::{Node, NodeId};
    /// let power = Node::Power { base: NodeId(3), exponent: NodeId(1) };
    /// assert_eq!(power.children(), vec![NodeId(3), NodeId(1)]);
    /// ```
    pub fn children(&self) -> Vec<NodeId> {
        match self {
            Node::Number { .. }
            | Node::Size { .. }
            | Node::Symbol { .. }
            | Node::Identity { .. }
            | Node::Ones { .. }
            | Node::Zeros { .. }
            | Node::Delta { .. }
            | Node::Eps { .. } => vec![],
            Node::Add { args }
            | Node::Mul { args }
            | Node::Matmul { args }
            | Node::Hadamard { args }
            | Node::Call { args, .. } => args.clone(),
            Node::Block { blocks } => blocks.concat(),
            Node::Transpose { arg } | Node::Fn { arg, .. } => vec![*arg],
            Node::Power { base, exponent } => vec![*base, *exponent],
            Node::Matpow { base, .. } => vec![*base],
            Node::Elem { of, .. } => vec![*of],
            Node::Array { body, .. } | Node::Sum { body, .. } | Node::Prod { body, .. } => vec![*body],
            Node::Partial { body, by, .. } => vec![*body, *by],
        }
    }

    /// The indices that this node binds in its body.
    pub fn bound(&self) -> &[IndexId] {
        match self {
            Node::Array { over, .. } | Node::Sum { over, .. } | Node::Prod { over, .. } => over,
            _ => &[],
        }
    }
}
