//! Expressions as trees, for comparing their form: lists are flat, a dimension that is 1 has no index.
//!
//! In: nothing. Out: [`Term`] and what can be said of one alone. Left to others: shapes, making terms (`room`), laws (`laws`),
//! comparing (`mark`).
//!
//! Every array has two slots here, one for its rows and one for its columns. A slot is a list of indices: none where the
//! dimension is 1, several where it is a product. A scalar that is a product of arrays is an element of that product with
//! both slots empty. So one statement about elements of matrices speaks of vectors, rows and scalar products too.

use crate::field::F;
use crate::meter::Trouble;

/// What may be too costly to look at.
pub(crate) type Form<T> = Result<T, Trouble>;

/// An index: a position in the table of indices, or a number above.
pub(crate) type Index = u32;

/// The indices at a slot of an array, the slow one first.
pub(crate) type Slot = Vec<Index>;

/// A dimension: a position in the list of those that occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Extent(pub(crate) u32);

/// The dimension 1.
pub(crate) const ONE: Extent = Extent(0);

/// Rows and columns.
pub(crate) type Shape = [Extent; 2];

/// The greatest height of a tree.
pub(crate) const MAX_HEIGHT: usize = 640;

/// What a letter of a statement stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A vector, a row or a matrix.
    Array,
    /// A column.
    Vector,
    /// A scalar.
    Scalar,
    /// A dimension as a number.
    Count,
    /// What a derivative is by.
    Variable,
}

/// An expression, or a pattern of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Term {
    Number(F),
    Size(Extent),
    Symbol(u32),
    Identity(Extent),
    Ones(Shape),
    Zeros(Shape),
    /// Scalars beside arrays broadcast.
    Add(Vec<Term>),
    /// Scalars and at most one array, which then comes last.
    Mul(Vec<Term>),
    Matmul(Vec<Term>),
    Hadamard(Vec<Term>),
    Transpose(Box<Term>),
    Power(Box<[Term; 2]>),
    Matpow(Box<Term>, u32),
    /// A block matrix: the number of its columns of blocks, and the blocks row by row.
    Block(usize, Vec<Term>),
    /// A function of whole arrays, or a constant without arguments.
    Call(&'static str, Vec<Term>),
    /// A function of a scalar, or of every element.
    Apply(&'static str, Box<Term>),
    Elem(Box<Term>, [Slot; 2]),
    Array([Slot; 2], Box<Term>),
    Delta([Slot; 2]),
    Eps(Slot),
    Sum(Vec<Index>, Box<Term>),
    Prod(Vec<Index>, Box<Term>),
    /// What is differentiated, and the symbol or element by which.
    Partial(Box<[Term; 2]>),
    /// A term that laws leave as it is.
    Kept(Box<Term>),
    /// A letter of a statement with its indices; in patterns only. Of a dimension as a number, the position among these.
    Letter(Kind, usize, Vec<Index>),
}

impl Term {
    pub(crate) fn integer(value: i64) -> Term {
        let size = F::new(value.unsigned_abs());
        Term::Number(if value < 0 { -size } else { size })
    }

    /// The number that it is.
    pub(crate) fn as_number(&self) -> Option<F> {
        match self {
            Term::Number(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn is_number(&self, value: F) -> bool {
        self.as_number() == Some(value)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.is_number(F::ZERO) || matches!(self, Term::Zeros(_))
    }

    /// A power as it is written: no number is simplified.
    pub(crate) fn power(base: Term, exponent: Term) -> Term {
        Term::Power(Box::new([base, exponent]))
    }

    /// The children in order.
    pub(crate) fn children(&self) -> &[Term] {
        match self {
            Term::Number(_)
            | Term::Size(_)
            | Term::Symbol(_)
            | Term::Identity(_)
            | Term::Ones(_)
            | Term::Zeros(_)
            | Term::Delta(_)
            | Term::Eps(_)
            | Term::Letter(..) => &[],
            Term::Add(args) | Term::Mul(args) | Term::Matmul(args) | Term::Hadamard(args) => args,
            Term::Block(_, args) | Term::Call(_, args) => args,
            Term::Transpose(arg)
            | Term::Matpow(arg, _)
            | Term::Apply(_, arg)
            | Term::Elem(arg, _)
            | Term::Array(_, arg)
            | Term::Sum(_, arg)
            | Term::Prod(_, arg)
            | Term::Kept(arg) => std::slice::from_ref(arg),
            Term::Power(pair) | Term::Partial(pair) => pair.as_slice(),
        }
    }

    /// The children in order, to be changed.
    pub(crate) fn children_mut(&mut self) -> &mut [Term] {
        match self {
            Term::Number(_)
            | Term::Size(_)
            | Term::Symbol(_)
            | Term::Identity(_)
            | Term::Ones(_)
            | Term::Zeros(_)
            | Term::Delta(_)
            | Term::Eps(_)
            | Term::Letter(..) => &mut [],
            Term::Add(args) | Term::Mul(args) | Term::Matmul(args) | Term::Hadamard(args) => args,
            Term::Block(_, args) | Term::Call(_, args) => args,
            Term::Transpose(arg)
            | Term::Matpow(arg, _)
            | Term::Apply(_, arg)
            | Term::Elem(arg, _)
            | Term::Array(_, arg)
            | Term::Sum(_, arg)
            | Term::Prod(_, arg)
            | Term::Kept(arg) => std::slice::from_mut(arg),
            Term::Power(pair) | Term::Partial(pair) => pair.as_mut_slice(),
        }
    }

    /// The lists of indices that it names itself.
    pub(crate) fn slots(&self) -> &[Slot] {
        match self {
            Term::Elem(_, at) | Term::Delta(at) => at,
            Term::Eps(at) => std::slice::from_ref(at),
            _ => &[],
        }
    }

    /// The lists of indices that it names itself, to be changed.
    pub(crate) fn slots_mut(&mut self) -> &mut [Slot] {
        match self {
            Term::Elem(_, at) | Term::Delta(at) => at,
            Term::Eps(at) => std::slice::from_mut(at),
            _ => &mut [],
        }
    }

    /// The lists of indices that it binds in its child.
    pub(crate) fn binders(&self) -> &[Slot] {
        match self {
            Term::Sum(over, _) | Term::Prod(over, _) => std::slice::from_ref(over),
            Term::Array(over, _) => over,
            _ => &[],
        }
    }

    /// The lists of indices that it binds in its child, to be changed.
    pub(crate) fn binders_mut(&mut self) -> &mut [Slot] {
        match self {
            Term::Sum(over, _) | Term::Prod(over, _) => std::slice::from_mut(over),
            Term::Array(over, _) => over,
            _ => &mut [],
        }
    }

    /// Whether it binds an index in its child.
    pub(crate) fn binds(&self, index: Index) -> bool {
        self.binders().iter().any(|slot| slot.contains(&index))
    }

    /// Whether an index occurs free in it.
    pub(crate) fn has(&self, index: Index) -> bool {
        self.slots().iter().any(|slot| slot.contains(&index))
            || !self.binds(index) && self.children().iter().any(|child| child.has(index))
    }

    /// A sum; nested sums are flat, one term is itself, no term is 0.
    pub(crate) fn add(terms: Vec<Term>) -> Term {
        let mut flat = Vec::with_capacity(terms.len());
        for term in terms {
            match term {
                Term::Add(args) => flat.extend(args),
                _ => flat.push(term),
            }
        }
        match flat.len() {
            0 => Term::integer(0),
            1 => flat.remove(0),
            _ => Term::Add(flat),
        }
    }

    /// An elementwise product; nested ones are flat, one factor is itself. At least one factor.
    pub(crate) fn hadamard(factors: Vec<Term>) -> Term {
        let mut flat = Vec::with_capacity(factors.len());
        for factor in factors {
            match factor {
                Term::Hadamard(args) => flat.extend(args),
                _ => flat.push(factor),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Term::Hadamard(flat) }
    }

    /// The factors of a product, or itself.
    pub(crate) fn into_factors(self) -> Vec<Term> {
        match self {
            Term::Mul(args) => args,
            other => vec![other],
        }
    }

    /// The factors of a product, or itself.
    pub(crate) fn factors(&self) -> &[Term] {
        match self {
            Term::Mul(args) => args,
            other => std::slice::from_ref(other),
        }
    }
}

/// The function of this name, of scalars.
pub(crate) fn scalar_function(name: &str) -> Option<&'static str> {
    einstep_trace::FUNCTIONS.iter().find(|known| **known == name).copied()
}

/// The function of this name, of whole arrays.
pub(crate) fn array_function(name: &str) -> Option<&'static str> {
    einstep_trace::CALLS.iter().map(|(known, ..)| *known).find(|known| *known == name)
}
