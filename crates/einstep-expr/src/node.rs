//! The nodes of both languages, and what symbols and indices are.
//!
//! In: nothing. Out: types. Left to others: interning ([`crate::Store`]).

use crate::dim::Dim;
use crate::rational::Rat;
use smallvec::SmallVec;

/// A node of a store: its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(crate) u32);

impl Id {
    /// The position as a number, dense from 0.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// A symbol of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub(crate) u32);

impl Symbol {
    /// The position as a number, dense from 0.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// An index of a store. Binding is by this number; letters are for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index(pub(crate) u32);

impl Index {
    /// The position as a number, dense from 0.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// A list of children.
pub type Args = SmallVec<[Id; 4]>;

/// A list of indices.
pub type Indices = SmallVec<[Index; 4]>;

/// Rows and columns. A scalar is 1×1, a column n×1, a row 1×n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The number of rows.
    pub rows: Dim,
    /// The number of columns.
    pub cols: Dim,
}

impl Shape {
    /// The shape of a scalar.
    pub const SCALAR: Shape = Shape { rows: Dim::ONE, cols: Dim::ONE };

    /// Whether it is that of a scalar.
    pub fn is_scalar(self) -> bool {
        self == Shape::SCALAR
    }

    /// Rows and columns exchanged.
    #[must_use]
    pub fn transposed(self) -> Shape {
        Shape { rows: self.cols, cols: self.rows }
    }

    /// The dimensions that are not 1: one index for each names an element.
    pub fn slots(self) -> SmallVec<[Dim; 2]> {
        [self.rows, self.cols].into_iter().filter(|dim| !dim.is_one()).collect()
    }
}

/// A function of a whole matrix or vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// `tr(A)`
    Trace,
    /// `norm(x)`, as the user spelled it
    Norm,
    /// `normF(A)`
    NormF,
}

impl Function {
    /// The name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Function::Trace => "tr",
            Function::Norm => "norm",
            Function::NormF => "normF",
        }
    }
}

/// An expression of either language. See `einstep_trace::Node` for the meaning of each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A rational number.
    Number(Rat),
    /// A dimension as a number.
    Size(Dim),
    /// A symbol.
    Symbol(Symbol),
    /// The identity matrix.
    Identity(Dim),
    /// All entries 1.
    Ones(Shape),
    /// All entries 0.
    Zeros(Shape),
    /// A sum of at least two terms of one shape, none of them a sum.
    Add(Args),
    /// A product of scalars and at most one array, which comes last; none of them a product of this kind.
    Mul(Args),
    /// A product of at least two arrays, none of them a scalar or a product of this kind.
    Matmul(Args),
    /// The transpose.
    Transpose(Id),
    /// A scalar power.
    Power(Id, Id),
    /// A matrix power with an exponent of at least 2.
    Matpow(Id, u32),
    /// A function of a whole array.
    Call(Function, Id),
    /// The element of an array.
    Elem(Id, Indices),
    /// The array with the given entries.
    Array(Indices, Id),
    /// The Kronecker delta.
    Delta(Index, Index),
    /// A sum over bound indices, outermost first.
    Sum(Indices, Id),
    /// The pending derivative of a scalar by an element or a scalar symbol.
    Partial(Id, Id),
}

/// What is known of a symbol.
#[derive(Debug, Clone)]
pub struct SymbolInfo {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// Its declared properties, in the language's words.
    pub properties: Vec<String>,
    /// Whether the user declared it.
    pub declared: bool,
    /// Whether it is what the problem differentiates by.
    pub variable: bool,
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A free index of the value.
    Value,
    /// An index of the variable.
    Variable,
    /// A summed index.
    Sum,
    /// An index of a canonical form; never shown.
    Canonical,
}

/// What is known of an index.
#[derive(Debug, Clone)]
pub struct IndexInfo {
    /// Its letter; empty until it is given one.
    pub letter: String,
    /// The dimension it runs over.
    pub dim: Dim,
    /// What it is for.
    pub role: Role,
}

impl SymbolInfo {
    /// Whether a property says that it equals its transpose. Never of a variable: its entries are independent.
    pub fn is_symmetric(&self) -> bool {
        let symmetric = |property: &String| matches!(property.as_str(), "symmetric" | "diagonal" | "positive-definite");
        !self.variable && self.properties.iter().any(symmetric)
    }
}
