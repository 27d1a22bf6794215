//! Expressions as trees, for comparing their form: lists are flat, a dimension that is 1 has no index.
//!
//! In: nodes of a derivation, statements of rules. Out: [`Term`]s. Left to others: laws (`laws`), comparing (`mark`).
//!
//! Every array has two slots here, one for its rows and one for its columns; the slot of a dimension that is 1 is empty. A
//! scalar that is a product of arrays is an element of that product with both slots empty. So one statement about
//! elements of matrices speaks of vectors, rows and scalar products too.

use crate::eval::rational;
use crate::field::F;
use crate::meter::{Meter, Trouble};
use einstep_trace::{Derivation, Dim, IndexId, Node, NodeId, SymbolId, Table, rows_cols};
use rustc_hash::FxHashMap;

/// What may be too costly to look at.
pub(crate) type Form<T> = Result<T, Trouble>;

/// An index: a position in the table of indices, or a number above.
pub(crate) type Index = u32;

/// The index at a slot of an array; `None` where the dimension is 1.
pub(crate) type Slot = Option<Index>;

/// A dimension: a position in the list of those that occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Extent(pub(crate) u32);

/// The dimension 1.
pub(crate) const ONE: Extent = Extent(0);

/// Rows and columns.
pub(crate) type Shape = [Extent; 2];

/// The greatest number of nodes of a tree.
const MAX_TREE: u64 = 1 << 18;
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
    /// The number of values of the index of the same rank in the statement.
    Count,
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
    Add(Vec<Term>),
    /// Scalars and at most one array, which then comes last.
    Mul(Vec<Term>),
    Matmul(Vec<Term>),
    Hadamard(Vec<Term>),
    Transpose(Box<Term>),
    Power(Box<[Term; 2]>),
    Matpow(Box<Term>, u32),
    Call(String, Vec<Term>),
    Elem(Box<Term>, [Slot; 2]),
    Array([Slot; 2], Box<Term>),
    Delta([Slot; 2]),
    Sum(Vec<Index>, Box<Term>),
    Prod(Vec<Index>, Box<Term>),
    /// What is differentiated, and the symbol or element by which.
    Partial(Box<[Term; 2]>),
    /// A letter of a statement with its indices; in patterns only.
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
            | Term::Letter(..) => &[],
            Term::Add(args) | Term::Mul(args) | Term::Matmul(args) | Term::Hadamard(args) | Term::Call(_, args) => args,
            Term::Transpose(arg)
            | Term::Matpow(arg, _)
            | Term::Elem(arg, _)
            | Term::Array(_, arg)
            | Term::Sum(_, arg)
            | Term::Prod(_, arg) => std::slice::from_ref(arg),
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
            | Term::Letter(..) => &mut [],
            Term::Add(args) | Term::Mul(args) | Term::Matmul(args) | Term::Hadamard(args) | Term::Call(_, args) => args,
            Term::Transpose(arg)
            | Term::Matpow(arg, _)
            | Term::Elem(arg, _)
            | Term::Array(_, arg)
            | Term::Sum(_, arg)
            | Term::Prod(_, arg) => std::slice::from_mut(arg),
            Term::Power(pair) | Term::Partial(pair) => pair.as_mut_slice(),
        }
    }

    /// The indices that it binds in its child.
    pub(crate) fn binds(&self, index: Index) -> bool {
        match self {
            Term::Sum(over, _) | Term::Prod(over, _) => over.contains(&index),
            Term::Array(over, _) => over.contains(&Some(index)),
            _ => false,
        }
    }

    /// Whether an index occurs free in it.
    pub(crate) fn has(&self, index: Index) -> bool {
        match self {
            Term::Elem(_, at) | Term::Delta(at) if at.contains(&Some(index)) => true,
            _ => !self.binds(index) && self.children().iter().any(|child| child.has(index)),
        }
    }

    /// Whether a symbol occurs in it.
    pub(crate) fn mentions(&self, symbol: u32) -> bool {
        *self == Term::Symbol(symbol) || self.children().iter().any(|child| child.mentions(symbol))
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

/// What terms are made in: dimensions, indices, symbols.
#[derive(Debug)]
pub(crate) struct Room<'a> {
    pub(crate) derivation: &'a Derivation,
    pub(crate) table: &'a Table,
    pub(crate) meter: &'a Meter,
    extents: FxHashMap<&'a str, Extent>,
    /// The dimension of each index; those above the table's are made here.
    indices: Vec<Extent>,
    symbols: Vec<Shape>,
    /// The symbols that equal their transpose.
    pub(crate) symmetric: Vec<bool>,
}

impl<'a> Room<'a> {
    pub(crate) fn new(
        derivation: &'a Derivation,
        table: &'a Table,
        meter: &'a Meter,
        variables: &[SymbolId],
    ) -> Room<'a> {
        let mut room = Room {
            derivation,
            table,
            meter,
            extents: FxHashMap::default(),
            indices: vec![],
            symbols: vec![],
            symmetric: vec![],
        };
        room.extents.insert("1", ONE);
        for index in &derivation.indices {
            let extent = room.extent(&index.dim);
            room.indices.push(extent);
        }
        for (position, symbol) in derivation.symbols.iter().enumerate() {
            let shape = room.shape_of(&symbol.shape);
            room.symbols.push(shape);
            let has = |property: &String| ["symmetric", "diagonal", "positive-definite"].contains(&property.as_str());
            // Derivatives take the entries of a variable as independent.
            let is_free = variables.contains(&SymbolId(position as u32));
            room.symmetric.push(!is_free && symbol.properties.iter().any(has));
        }
        room
    }

    fn extent(&mut self, dim: &'a Dim) -> Extent {
        let next = Extent(self.extents.len() as u32);
        *self.extents.entry(&dim.0).or_insert(next)
    }

    fn shape_of(&mut self, shape: &'a [Dim]) -> Shape {
        match shape {
            [] => [ONE, ONE],
            [n] => [self.extent(n), ONE],
            [m, n, ..] => [self.extent(m), self.extent(n)],
        }
    }

    /// An index that is new.
    pub(crate) fn fresh(&mut self, extent: Extent) -> Index {
        self.indices.push(extent);
        self.indices.len() as Index - 1
    }

    /// The dimension of an index.
    pub(crate) fn extent_of(&self, index: Index) -> Extent {
        self.indices[index as usize]
    }

    /// A dimension as a number.
    pub(crate) fn count(&self, extent: Extent) -> Term {
        let name = self.extents.iter().find(|(_, known)| **known == extent).map_or("", |(name, _)| name);
        match name.parse() {
            Ok(value) => Term::Number(F::new(value)),
            Err(_) => Term::Size(extent),
        }
    }

    /// Rows and columns.
    pub(crate) fn shape(&self, term: &Term) -> Shape {
        match term {
            Term::Symbol(symbol) => self.symbols[*symbol as usize],
            Term::Identity(extent) => [*extent, *extent],
            Term::Ones(shape) | Term::Zeros(shape) => *shape,
            Term::Add(args) | Term::Hadamard(args) => self.shape(&args[0]),
            Term::Mul(args) => self.shape(&args[args.len() - 1]),
            Term::Matmul(args) => [self.shape(&args[0])[0], self.shape(&args[args.len() - 1])[1]],
            Term::Transpose(arg) => {
                let [rows, cols] = self.shape(arg);
                [cols, rows]
            }
            Term::Matpow(base, _) => self.shape(base),
            Term::Array(over, _) => over.map(|slot| slot.map_or(ONE, |index| self.extent_of(index))),
            _ => [ONE, ONE],
        }
    }

    pub(crate) fn is_scalar(&self, term: &Term) -> bool {
        self.shape(term) == [ONE, ONE]
    }

    /// A product; nested products are flat, one factor is itself, none is 1. The array stands last.
    pub(crate) fn mul(&self, factors: Vec<Term>) -> Term {
        let mut flat = Vec::with_capacity(factors.len());
        for factor in factors {
            match factor {
                Term::Mul(args) => flat.extend(args),
                _ => flat.push(factor),
            }
        }
        if let Some(array) = flat.iter().position(|factor| !self.is_scalar(factor)) {
            let array = flat.remove(array);
            flat.push(array);
        }
        match flat.len() {
            0 => Term::integer(1),
            1 => flat.remove(0),
            _ => Term::Mul(flat),
        }
    }

    /// A product of arrays; nested products are flat, one factor is itself.
    pub(crate) fn matmul(&self, factors: Vec<Term>) -> Term {
        let mut flat = Vec::with_capacity(factors.len());
        for factor in factors {
            match factor {
                Term::Matmul(args) => flat.extend(args),
                _ => flat.push(factor),
            }
        }
        if flat.len() == 1 {
            return flat.remove(0);
        }
        let product = Term::Matmul(flat);
        match self.is_scalar(&product) {
            true => Term::Elem(Box::new(product), [None, None]),
            false => product,
        }
    }

    /// The transpose; of a transpose, what was transposed.
    pub(crate) fn transpose(&self, arg: Term) -> Term {
        match arg {
            Term::Transpose(inner) => *inner,
            _ if self.is_scalar(&arg) => arg,
            _ => Term::Transpose(Box::new(arg)),
        }
    }

    /// An element; of a scalar, itself.
    pub(crate) fn elem(&self, of: Term, at: [Slot; 2]) -> Term {
        match self.is_scalar(&of) {
            true => of,
            false => Term::Elem(Box::new(of), at),
        }
    }

    /// A sum over bound indices; none gives the body, a sum in the body is merged.
    pub(crate) fn sum(&mut self, mut over: Vec<Index>, body: Term) -> Form<Term> {
        if over.is_empty() {
            return Ok(body);
        }
        let Term::Sum(mut inner, mut body) = body else { return Ok(Term::Sum(over, Box::new(body))) };
        for index in &mut inner {
            let old = *index;
            if over.contains(&old) {
                *index = self.fresh(self.extent_of(old));
                self.rename(&mut body, old, Some(*index))?;
            }
        }
        over.extend(inner);
        Ok(Term::Sum(over, body))
    }

    /// Puts an index, or none, for the free occurrences of another. A binder that would capture it is renamed.
    pub(crate) fn rename(&mut self, term: &mut Term, from: Index, to: Slot) -> Form<()> {
        self.meter.spend(1)?;
        if let Term::Elem(_, at) | Term::Delta(at) = term {
            for slot in at.iter_mut().filter(|slot| **slot == Some(from)) {
                *slot = to;
            }
        }
        if term.binds(from) {
            return Ok(());
        }
        if let Some(index) = to
            && term.binds(index)
        {
            let fresh = self.fresh(self.extent_of(index));
            match term {
                Term::Sum(over, body) | Term::Prod(over, body) => {
                    over.iter_mut().filter(|slot| **slot == index).for_each(|slot| *slot = fresh);
                    self.rename(body, index, Some(fresh))?;
                }
                Term::Array(over, body) => {
                    over.iter_mut().filter(|slot| **slot == to).for_each(|slot| *slot = Some(fresh));
                    self.rename(body, index, Some(fresh))?;
                }
                _ => {}
            }
        }
        term.children_mut().iter_mut().try_for_each(|child| self.rename(child, from, to))
    }

    /// A node as a term.
    pub(crate) fn term(&mut self, id: NodeId) -> Form<Term> {
        let mut left = MAX_TREE;
        self.read(id, MAX_HEIGHT, &mut left)
    }

    fn read(&mut self, id: NodeId, height: usize, left: &mut u64) -> Form<Term> {
        self.meter.spend(1)?;
        let (Some(height), Some(rest)) = (height.checked_sub(1), left.checked_sub(1)) else {
            return Err(Trouble::Declined("a step is too large to compare with its rule".into()));
        };
        *left = rest;
        let derivation = self.derivation;
        Ok(match &derivation.nodes[id.at()] {
            Node::Number { value } => Term::Number(rational(value)?),
            Node::Size { dim } => {
                let extent = self.extent(dim);
                self.count(extent)
            }
            Node::Symbol { symbol } => Term::Symbol(symbol.0),
            Node::Identity { dim } if dim.is_one() => Term::integer(1),
            Node::Identity { dim } => Term::Identity(self.extent(dim)),
            Node::Ones { shape } => Term::Ones(self.shape_of(shape)),
            Node::Zeros { shape } => Term::Zeros(self.shape_of(shape)),
            Node::Add { args } => Term::add(self.read_all(args, height, left)?),
            Node::Mul { args } => {
                let factors = self.read_all(args, height, left)?;
                self.mul(factors)
            }
            Node::Matmul { args } => {
                let factors = self.read_all(args, height, left)?;
                self.matmul(factors)
            }
            Node::Hadamard { args } => Term::Hadamard(self.read_all(args, height, left)?),
            // A transpose of a transpose stays: a rule may be what removes it.
            Node::Transpose { arg } => Term::Transpose(Box::new(self.read(*arg, height, left)?)),
            Node::Power { base, exponent } => {
                Term::Power(Box::new([self.read(*base, height, left)?, self.read(*exponent, height, left)?]))
            }
            Node::Matpow { base, exponent } => Term::Matpow(Box::new(self.read(*base, height, left)?), *exponent),
            Node::Call { name, args } => Term::Call(name.clone(), self.read_all(args, height, left)?),
            Node::Fn { name, arg } => Term::Call(name.clone(), vec![self.read(*arg, height, left)?]),
            Node::Elem { of, at } => {
                let (rows, _) = rows_cols(self.table.shape(*of)).map_err(Trouble::Declined)?;
                let slot = |position: usize| at.get(position).map(|index: &IndexId| index.0);
                let at = if rows.is_one() { [None, slot(0)] } else { [slot(0), slot(1)] };
                let of = self.read(*of, height, left)?;
                self.elem(of, at)
            }
            Node::Array { over, body, .. } => {
                let slot = |position: usize| over.get(position).map(|index| index.0);
                Term::Array([slot(0), slot(1)], Box::new(self.read(*body, height, left)?))
            }
            Node::Delta { at } => Term::Delta(at.map(|index| Some(index.0))),
            Node::Eps { .. } => return Err(Trouble::Declined("the Levi-Civita symbol is not known".into())),
            Node::Sum { over, body } => {
                let body = self.read(*body, height, left)?;
                self.sum(over.iter().map(|index| index.0).collect(), body)?
            }
            Node::Prod { over, body } => {
                Term::Prod(over.iter().map(|index| index.0).collect(), Box::new(self.read(*body, height, left)?))
            }
            Node::Partial { body, by, .. } => {
                Term::Partial(Box::new([self.read(*body, height, left)?, self.read(*by, height, left)?]))
            }
        })
    }

    fn read_all(&mut self, ids: &[NodeId], height: usize, left: &mut u64) -> Form<Vec<Term>> {
        ids.iter().map(|id| self.read(*id, height, left)).collect()
    }

    /// Forgets the indices made since.
    pub(crate) fn reset(&mut self) {
        self.indices.truncate(self.derivation.indices.len());
    }
}
