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

/// What a reduction runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Every entry: `sum(A)`.
    All,
    /// The rows, one result for each column: `sum(A,1)`.
    Rows,
    /// The columns, one result for each row: `sum(A,2)`.
    Cols,
}

/// A function of whole arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// `tr(A)`
    Trace,
    /// `norm(x)`, as the user spelled it; along rows or columns `norm(A,1)`, `norm(A,2)`
    Norm(Axis),
    /// `normF(A)`
    NormF,
    /// `norm1(x)`, the sum of absolute values
    Norm1,
    /// `det(A)`
    Det,
    /// `logdet(A)`
    LogDet,
    /// `inv(A)`
    Inv,
    /// `adj(A)`, the adjugate
    Adj,
    /// `pinv(A)`
    Pinv,
    /// `diag(x)` of a vector: a matrix
    Diag,
    /// `diag(A)` of a square matrix: its diagonal as a column
    Diagonal,
    /// `vec(A)`, column by column
    Vec,
    /// `kron(A,B)`
    Kron,
    /// `outer(x,y)`
    Outer,
    /// `dot(x,y)`
    Dot,
    /// `cross(x,y)`
    Cross,
    /// The commutation matrix of two dimensions, given as numbers: `commutation(m,n)*vec(A)` is `vec(A')` for A m×n.
    Commutation,
    /// `sym(A)`
    Sym,
    /// `skew(A)`
    Skew,
    /// `tril(A)`
    Tril,
    /// `triu(A)`
    Triu,
    /// `sum(A)`, `sum(A,1)`, `sum(A,2)`
    Sum(Axis),
    /// `mean(A)`, `mean(A,1)`, `mean(A,2)`
    Mean(Axis),
    /// `prod(A)`, `prod(A,1)`, `prod(A,2)`
    Prod(Axis),
    /// `softmax(x)`, `softmax(A,1)`, `softmax(A,2)`
    Softmax(Axis),
    /// `logsumexp(x)`, `logsumexp(A,1)`, `logsumexp(A,2)`
    LogSumExp(Axis),
    /// The number e, of no argument
    E,
    /// The number π, of no argument
    Pi,
}

impl Function {
    /// The name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Function::Trace => "tr",
            Function::Norm(_) => "norm",
            Function::NormF => "normF",
            Function::Norm1 => "norm1",
            Function::Det => "det",
            Function::LogDet => "logdet",
            Function::Inv => "inv",
            Function::Adj => "adj",
            Function::Pinv => "pinv",
            Function::Diag | Function::Diagonal => "diag",
            Function::Vec => "vec",
            Function::Kron => "kron",
            Function::Outer => "outer",
            Function::Dot => "dot",
            Function::Cross => "cross",
            Function::Commutation => "commutation",
            Function::Sym => "sym",
            Function::Skew => "skew",
            Function::Tril => "tril",
            Function::Triu => "triu",
            Function::Sum(_) => "sum",
            Function::Mean(_) => "mean",
            Function::Prod(_) => "prod",
            Function::Softmax(_) => "softmax",
            Function::LogSumExp(_) => "logsumexp",
            Function::E => "e",
            Function::Pi => "pi",
        }
    }

    /// What it runs over, where the language lets one choose.
    pub fn axis(self) -> Axis {
        match self {
            Function::Norm(axis)
            | Function::Sum(axis)
            | Function::Mean(axis)
            | Function::Prod(axis)
            | Function::Softmax(axis)
            | Function::LogSumExp(axis) => axis,
            _ => Axis::All,
        }
    }
}

/// A function of a scalar, applied to each entry of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// `exp`
    Exp,
    /// `log`
    Log,
    /// `sin`
    Sin,
    /// `cos`
    Cos,
    /// `tan`
    Tan,
    /// `asin`
    Asin,
    /// `acos`
    Acos,
    /// `atan`
    Atan,
    /// `sinh`
    Sinh,
    /// `cosh`
    Cosh,
    /// `tanh`
    Tanh,
    /// `abs`
    Abs,
    /// `sign`
    Sign,
    /// `relu(x)`: x where it is positive, else 0
    Relu,
    /// `step(x)`: 1 where x is positive, else 0
    Step,
    /// `sigmoid(x)`: 1/(1 + exp(-x))
    Sigmoid,
    /// `softplus(x)`: log(1 + exp(x))
    Softplus,
    /// `erf`
    Erf,
}

impl Scalar {
    /// Every one.
    pub const ALL: [Scalar; 18] = [
        Scalar::Exp,
        Scalar::Log,
        Scalar::Sin,
        Scalar::Cos,
        Scalar::Tan,
        Scalar::Asin,
        Scalar::Acos,
        Scalar::Atan,
        Scalar::Sinh,
        Scalar::Cosh,
        Scalar::Tanh,
        Scalar::Abs,
        Scalar::Sign,
        Scalar::Relu,
        Scalar::Step,
        Scalar::Sigmoid,
        Scalar::Softplus,
        Scalar::Erf,
    ];

    /// The name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::Exp => "exp",
            Scalar::Log => "log",
            Scalar::Sin => "sin",
            Scalar::Cos => "cos",
            Scalar::Tan => "tan",
            Scalar::Asin => "asin",
            Scalar::Acos => "acos",
            Scalar::Atan => "atan",
            Scalar::Sinh => "sinh",
            Scalar::Cosh => "cosh",
            Scalar::Tanh => "tanh",
            Scalar::Abs => "abs",
            Scalar::Sign => "sign",
            Scalar::Relu => "relu",
            Scalar::Step => "step",
            Scalar::Sigmoid => "sigmoid",
            Scalar::Softplus => "softplus",
            Scalar::Erf => "erf",
        }
    }

    /// The function of a name in the language.
    pub fn named(name: &str) -> Option<Scalar> {
        Scalar::ALL.into_iter().find(|function| function.name() == name)
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
    /// A sum of at least two terms of one shape, none of them a sum. In an answer scalars may stand beside arrays: they
    /// broadcast.
    Add(Args),
    /// A product of scalars and at most one array, which comes last; none of them a product of this kind.
    Mul(Args),
    /// A product of at least two arrays, none of them a scalar or a product of this kind.
    Matmul(Args),
    /// An elementwise product of at least two arrays of one shape, none of them a product of this kind.
    Hadamard(Args),
    /// The transpose.
    Transpose(Id),
    /// A power, elementwise; base and exponent have one shape, or one of them is a scalar.
    Power(Id, Id),
    /// A matrix power with an exponent of at least 2.
    Matpow(Id, u32),
    /// A block matrix: the number of its columns of blocks, and the blocks row by row. Blocks side by side have one height,
    /// blocks one above the other one width. At least two.
    Block(u32, Args),
    /// A function of whole arrays.
    Call(Function, Args),
    /// A function of a scalar, or of each entry of an array.
    Apply(Scalar, Id),
    /// The element of an array. A slot whose dimension is a product may take several indices, the slow one first: their
    /// dimensions multiply to it.
    Elem(Id, Indices),
    /// The array with the given entries. The first so many indices name its rows, the others its columns.
    Array(Indices, u8, Id),
    /// The Kronecker delta.
    Delta(Index, Index),
    /// The Levi-Civita symbol.
    Eps([Index; 3]),
    /// A sum over bound indices, outermost first.
    Sum(Indices, Id),
    /// A product over bound indices, outermost first.
    Prod(Indices, Id),
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
    /// Whether it is among what the problem differentiates by.
    pub variable: bool,
    /// The variable that its entries are functions of, each in its own way.
    pub parameter: Option<Symbol>,
}

/// How a derivative by an entry of a structured matrix is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// Entries are independent.
    #[default]
    Free,
    /// Entries that the structure ties together move together.
    Tied,
    /// The derivative is projected onto the matrices with the structure.
    Projected,
}

/// A structure that ties entries to each other, or makes some zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// `S' = S`
    Symmetric,
    /// `K' = -K`
    Skew,
    /// Zero off the diagonal.
    Diagonal,
    /// Zero above the diagonal.
    Lower,
    /// Zero below the diagonal.
    Upper,
}

impl Structure {
    /// The name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Structure::Symmetric => "symmetric",
            Structure::Skew => "skew",
            Structure::Diagonal => "diagonal",
            Structure::Lower => "lower",
            Structure::Upper => "upper",
        }
    }
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
    /// The index that stays at this position, counted from 1. It is neither free nor bound.
    Literal(u64),
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

    /// Whether a property says that some of its entries are zero.
    pub fn has_zeros(&self) -> bool {
        let zeros = |property: &String| matches!(property.as_str(), "diagonal" | "lower" | "upper" | "skew");
        self.properties.iter().any(zeros)
    }

    /// The structure that its properties say together. A skew matrix with more than that is zero and not told apart.
    pub fn structure(&self) -> Option<Structure> {
        let has = |names: &[&str]| self.properties.iter().any(|property| names.contains(&property.as_str()));
        let symmetric = has(&["symmetric", "diagonal", "positive-definite"]);
        match (symmetric, has(&["lower", "diagonal"]), has(&["upper", "diagonal"])) {
            _ if has(&["skew"]) => Some(Structure::Skew),
            (true, false, false) => Some(Structure::Symmetric),
            (true, ..) | (_, true, true) => Some(Structure::Diagonal),
            (_, true, _) => Some(Structure::Lower),
            (_, _, true) => Some(Structure::Upper),
            _ => None,
        }
    }
}
