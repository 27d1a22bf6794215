//! Sets of kinds of nodes: what an expression is made of.
//!
//! In: a node. Out: its kind, as a set. Left to others: the union over what stands below ([`crate::Store::kinds`]).

use crate::node::*;

/// A set of kinds of nodes. A function has a kind of its own beside that of all calls, or of all functions of scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u128);

macro_rules! kinds {
    ($($name:ident $place:literal $what:literal)*) => {
        impl Kinds {
            $(#[doc = $what] pub const $name: Kinds = Kinds(1 << $place);)*
        }
    };
}

kinds! {
    NUMBER 0 "Numbers."
    SIZE 1 "Dimensions as numbers."
    SYMBOL 2 "Symbols."
    IDENTITY 3 "Identities."
    ONES 4 "All ones."
    ZEROS 5 "All zeros."
    ADD 6 "Sums of terms."
    MUL 7 "Products of scalars and at most one array."
    MATMUL 8 "Products of arrays."
    HADAMARD 9 "Elementwise products."
    TRANSPOSE 10 "Transposes."
    POWER 11 "Powers."
    MATPOW 12 "Matrix powers."
    BLOCK 13 "Block matrices."
    CALL 14 "Functions of whole arrays."
    APPLY 15 "Functions of scalars."
    ELEM 16 "Elements."
    ARRAY 17 "Arrays of given entries."
    DELTA 18 "Kronecker deltas."
    EPS 19 "Levi-Civita symbols."
    SUM 20 "Sums over indices."
    PROD 21 "Products over indices."
    PARTIAL 22 "Pending derivatives."
}

impl Kinds {
    /// Every kind.
    pub const ANY: Kinds = Kinds(u128::MAX);

    /// A function of whole arrays, whatever it runs over.
    pub const fn function(function: Function) -> Kinds {
        let place = match function {
            Function::Trace => 32,
            Function::Norm(_) => 33,
            Function::NormF => 34,
            Function::Norm1 => 35,
            Function::Det => 36,
            Function::LogDet => 37,
            Function::Inv => 38,
            Function::Adj => 39,
            Function::Pinv => 40,
            Function::Diag => 41,
            Function::Diagonal => 42,
            Function::Vec => 43,
            Function::Kron => 44,
            Function::Outer => 45,
            Function::Dot => 46,
            Function::Cross => 47,
            Function::Sym => 48,
            Function::Skew => 49,
            Function::Tril => 50,
            Function::Triu => 51,
            Function::Commutation => 52,
            Function::Sum(_) => 53,
            Function::Mean(_) => 54,
            Function::Prod(_) => 55,
            Function::Softmax(_) => 56,
            Function::LogSumExp(_) => 57,
            Function::E => 58,
            Function::Pi => 59,
        };
        Kinds(1 << place)
    }

    /// A function of a scalar.
    pub const fn scalar(function: Scalar) -> Kinds {
        Kinds(1 << (64 + function as u32))
    }

    /// The kinds of either set.
    #[must_use]
    pub const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Whether the sets have a kind in common.
    pub const fn meets(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
}

impl Node {
    /// What the node itself is.
    ///
    /// ```
    /// use einstep_expr::{Function, Kinds, Node, Store};
    /// let mut store = Store::new();
    /// let one = store.int(1);
    /// let det = store.call(Function::Det, [one]);
    /// assert!(store.node(det).kinds().meets(Kinds::CALL));
    /// assert!(store.node(det).kinds().meets(Kinds::function(Function::Det)));
    /// assert!(!store.node(det).kinds().meets(Kinds::NUMBER));
    /// assert!(store.kinds(det).meets(Kinds::NUMBER));
    /// ```
    pub fn kinds(&self) -> Kinds {
        match self {
            Node::Number(_) => Kinds::NUMBER,
            Node::Size(_) => Kinds::SIZE,
            Node::Symbol(_) => Kinds::SYMBOL,
            Node::Identity(_) => Kinds::IDENTITY,
            Node::Ones(_) => Kinds::ONES,
            Node::Zeros(_) => Kinds::ZEROS,
            Node::Add(_) => Kinds::ADD,
            Node::Mul(_) => Kinds::MUL,
            Node::Matmul(_) => Kinds::MATMUL,
            Node::Hadamard(_) => Kinds::HADAMARD,
            Node::Transpose(_) => Kinds::TRANSPOSE,
            Node::Power(..) => Kinds::POWER,
            Node::Matpow(..) => Kinds::MATPOW,
            Node::Block(..) => Kinds::BLOCK,
            Node::Call(function, _) => Kinds::CALL.or(Kinds::function(*function)),
            Node::Apply(function, _) => Kinds::APPLY.or(Kinds::scalar(*function)),
            Node::Elem(..) => Kinds::ELEM,
            Node::Array(..) => Kinds::ARRAY,
            Node::Delta(..) => Kinds::DELTA,
            Node::Eps(_) => Kinds::EPS,
            Node::Sum(..) => Kinds::SUM,
            Node::Prod(..) => Kinds::PROD,
            Node::Partial(..) => Kinds::PARTIAL,
        }
    }
}
