//! The store: every node once, with its shape, its free indices and whether it varies.
//!
//! In: nodes whose children are in the store. Out: ids; equal expressions have equal ids.
//! Left to others: which expressions to build.

use crate::dim::{Dim, Dims};
use crate::kinds::Kinds;
use crate::node::*;
use crate::rational::Rat;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;
use std::any::{Any, TypeId};

/// All expressions of one problem.
#[derive(Debug, Default)]
pub struct Store {
    /// The dimensions.
    pub dims: Dims,
    /// How derivatives by entries of structured variables are read.
    pub reading: Reading,
    nodes: IndexSet<Node, FxBuildHasher>,
    facts: Vec<Facts>,
    symbols: Vec<SymbolInfo>,
    /// The dimensions of the symbols that have more than two, by their numbers.
    tensors: FxHashMap<usize, Vec<Dim>>,
    /// The variables that each symbol depends on, a bit for each.
    dependence: Vec<u64>,
    indices: Vec<IndexInfo>,
    pub(crate) canonical_indices: FxHashMap<(Dim, u32), Index>,
    pub(crate) canonical_forms: FxHashMap<(Id, u32), Id>,
    /// What users of the store found out about nodes.
    memo: FxHashMap<(TypeId, Id), Box<dyn Any>>,
}

/// How many nodes a new store has room for: a short derivation has no more.
const ROOM: usize = 200;

#[derive(Debug)]
struct Facts {
    shape: Shape,
    /// Sorted by number.
    free: Indices,
    /// The variables that occur in it, a bit for each.
    variables: u64,
    /// The symbols that occur in it, a bit or two for each.
    symbols: u64,
    pending: bool,
    /// What it is made of.
    kinds: Kinds,
    /// The number of nodes of the tree.
    weight: u32,
}

impl Store {
    /// An empty store.
    pub fn new() -> Store {
        Store {
            nodes: IndexSet::with_capacity_and_hasher(ROOM, FxBuildHasher),
            facts: Vec::with_capacity(ROOM),
            ..Store::default()
        }
    }

    /// Declares a symbol.
    pub fn symbol(&mut self, info: SymbolInfo) -> Symbol {
        let known = self.symbols.iter().filter(|known| known.variable).count();
        // Beyond 64 variables the last bit is shared: then a constant may count as one that varies, never the reverse.
        let own = if info.variable { 1 << known.min(63) } else { 0 };
        let parameter = info.parameter.map_or(0, |parameter| self.dependence[parameter.number()]);
        self.dependence.push(own | parameter);
        self.symbols.push(info);
        Symbol(self.symbols.len() as u32 - 1)
    }

    /// Makes a symbol a tensor of these dimensions. Its shape is that of its unfolding: rows, and the others as columns.
    pub fn set_tensor(&mut self, symbol: Symbol, dims: Vec<Dim>) {
        self.tensors.insert(symbol.number(), dims);
    }

    /// The dimensions of the symbol of a number, if it is a tensor.
    pub fn tensor(&self, number: usize) -> Option<&[Dim]> {
        self.tensors.get(&number).map(Vec::as_slice)
    }

    /// The dimensions of an array that are not 1: one index for each names an element.
    pub fn slots(&self, id: Id) -> SmallVec<[Dim; 2]> {
        let tensor = match self.node(id) {
            Node::Symbol(symbol) => self.tensor(symbol.number()),
            _ => None,
        };
        tensor.map_or_else(|| self.shape(id).slots(), SmallVec::from_slice)
    }

    /// Whether an element of a tensor stands in an expression: there is no matrix form of it.
    pub fn has_tensor(&self, id: Id) -> bool {
        !self.tensors.is_empty()
            && match self.node(id) {
                Node::Symbol(symbol) => self.tensor(symbol.number()).is_some(),
                node => node.children().into_iter().any(|child| self.has_tensor(child)),
            }
    }

    /// What is known of a symbol.
    pub fn symbol_info(&self, symbol: Symbol) -> &SymbolInfo {
        &self.symbols[symbol.number()]
    }

    /// The structure that ties the entries of a variable, if derivatives by them are not read as free.
    pub fn tied(&self, symbol: Symbol) -> Option<Structure> {
        let info = self.symbol_info(symbol);
        info.structure().filter(|_| info.variable && self.reading != Reading::Free)
    }

    /// Every symbol in order of declaration.
    pub fn symbols(&self) -> &[SymbolInfo] {
        &self.symbols
    }

    /// Makes an index.
    pub fn index(&mut self, dim: Dim, role: Role, letter: &str) -> Index {
        self.indices.push(IndexInfo { letter: letter.to_string(), dim, role });
        Index(self.indices.len() as u32 - 1)
    }

    /// The index that stays at a position of a dimension, counted from 1.
    pub fn literal(&mut self, dim: Dim, position: u64) -> Index {
        let role = Role::Literal(position);
        let known = self.indices.iter().position(|info| info.dim == dim && info.role == role);
        known.map_or_else(|| self.index(dim, role, &position.to_string()), |known| Index(known as u32))
    }

    /// The position at which an index stays, if it is a literal one.
    pub fn position(&self, index: Index) -> Option<u64> {
        match self.index_info(index).role {
            Role::Literal(position) => Some(position),
            _ => None,
        }
    }

    /// What is known of an index.
    pub fn index_info(&self, index: Index) -> &IndexInfo {
        &self.indices[index.number()]
    }

    /// Every index in order.
    pub fn indices(&self) -> &[IndexInfo] {
        &self.indices
    }

    /// Gives an index its letter.
    pub fn set_letter(&mut self, index: Index, letter: &str) {
        self.indices[index.number()].letter = letter.to_string();
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of an id.
    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id.number()]
    }

    /// Rows and columns.
    pub fn shape(&self, id: Id) -> Shape {
        self.facts[id.number()].shape
    }

    /// The free indices, sorted by number.
    pub fn free(&self, id: Id) -> &[Index] {
        &self.facts[id.number()].free
    }

    /// Whether a variable occurs in it.
    pub fn varies(&self, id: Id) -> bool {
        self.facts[id.number()].variables != 0
    }

    /// Whether it depends on a variable, which is given as its symbol or as one of its elements.
    pub fn varies_by(&self, id: Id, variable: Id) -> bool {
        self.facts[id.number()].variables & self.facts[variable.number()].variables != 0
    }

    /// A number that two expressions share which have the same symbols; others mostly do not.
    pub fn symbols_of(&self, id: Id) -> u64 {
        self.facts[id.number()].symbols
    }

    /// Whether a derivative is pending in it.
    pub fn is_pending(&self, id: Id) -> bool {
        self.facts[id.number()].pending
    }

    /// The kinds of the nodes that it is made of, itself included.
    pub fn kinds(&self, id: Id) -> Kinds {
        self.facts[id.number()].kinds
    }

    /// The number of nodes of an expression written out as a tree.
    pub fn weight(&self, id: Id) -> u32 {
        self.facts[id.number()].weight
    }

    /// Interns a node. Its children fit: shapes have been established by `infer`, and rules keep them.
    pub fn intern(&mut self, node: Node) -> Id {
        if let Some(position) = self.nodes.get_index_of(&node) {
            return Id(position as u32);
        }
        let facts = self.facts_of(&node);
        self.facts.push(facts);
        Id(self.nodes.insert_full(node).0 as u32)
    }

    /// Whether a node has been made before.
    pub fn has(&self, node: &Node) -> bool {
        self.nodes.contains(node)
    }

    /// The id of a node that has been made before.
    pub fn find(&self, node: &Node) -> Option<Id> {
        self.nodes.get_index_of(node).map(|position| Id(position as u32))
    }

    /// What is found out about a node, once for each type: a node never changes.
    pub fn memo<T: Clone + 'static>(&mut self, id: Id, find: impl FnOnce(&Store) -> T) -> T {
        let key = (TypeId::of::<T>(), id);
        if let Some(known) = self.memo.get(&key).and_then(|known| known.downcast_ref::<T>()) {
            return known.clone();
        }
        let found = find(self);
        self.memo.insert(key, Box::new(found.clone()));
        found
    }

    fn shape_of(&mut self, node: &Node) -> Shape {
        // The shape of what broadcasts: that of the first array.
        let widest = |store: &Store, args: &[Id]| {
            args.iter().map(|&arg| store.shape(arg)).find(|shape| !shape.is_scalar()).unwrap_or(Shape::SCALAR)
        };
        match node {
            Node::Symbol(symbol) => self.symbol_info(*symbol).shape,
            Node::Identity(dim) => Shape { rows: *dim, cols: *dim },
            Node::Ones(shape) | Node::Zeros(shape) => *shape,
            Node::Add(args) => widest(self, args),
            Node::Power(base, exponent) => widest(self, &[*base, *exponent]),
            Node::Hadamard(args) => self.shape(args[0]),
            Node::Mul(args) => self.shape(args[args.len() - 1]),
            Node::Matmul(args) => Shape { rows: self.shape(args[0]).rows, cols: self.shape(args[args.len() - 1]).cols },
            Node::Transpose(arg) => self.shape(*arg).transposed(),
            Node::Matpow(arg, _) | Node::Apply(_, arg) => self.shape(*arg),
            Node::Block(cols, args) => self.block_shape(*cols as usize, args),
            Node::Call(function, args) => self.call_shape(*function, args),
            Node::Array(over, rows, _) => {
                let (rows, cols) = over.split_at(usize::from(*rows));
                let [rows, cols] = [rows, cols].map(|slot| self.dim_of(slot));
                Shape { rows, cols }
            }
            _ => Shape::SCALAR,
        }
    }

    /// The dimension of a slot that some indices name together.
    pub fn dim_of(&mut self, slot: &[Index]) -> Dim {
        let dims: Vec<Dim> = slot.iter().map(|&index| self.index_info(index).dim).collect();
        self.product_of(&dims)
    }

    /// The dimension that a number is.
    pub fn dim_named(&mut self, number: Id) -> Dim {
        match self.node(number) {
            Node::Size(dim) => *dim,
            Node::Number(value) => {
                let value = value.as_int().and_then(|value| u64::try_from(value).ok()).unwrap_or(1);
                self.dims.literal(value)
            }
            _ => Dim::ONE,
        }
    }

    fn product_of(&mut self, dims: &[Dim]) -> Dim {
        // Shapes were made by `infer`, which refuses products that overflow.
        dims.iter().fold(Dim::ONE, |product, &dim| self.dims.product(product, dim).unwrap_or(product))
    }

    /// The heights of the rows of blocks add up, and the widths of the columns.
    fn block_shape(&mut self, cols: usize, args: &[Id]) -> Shape {
        let shapes: Vec<Shape> = args.iter().map(|&arg| self.shape(arg)).collect();
        let rows = self.sum_of(shapes.iter().step_by(cols).map(|shape| shape.rows));
        Shape { rows, cols: self.sum_of(shapes.iter().take(cols).map(|shape| shape.cols)) }
    }

    fn sum_of(&mut self, dims: impl IntoIterator<Item = Dim>) -> Dim {
        let mut sum: Option<Dim> = None;
        for dim in dims {
            // As with products, sums that overflow are refused by `infer`.
            sum = Some(sum.map_or(dim, |sum| self.dims.sum(sum, dim).unwrap_or(sum)));
        }
        sum.unwrap_or(Dim::ONE)
    }

    fn call_shape(&mut self, function: Function, args: &[Id]) -> Shape {
        let Some(&first) = args.first() else { return Shape::SCALAR };
        let shape = self.shape(first);
        let square = |dim| Shape { rows: dim, cols: dim };
        let column = |dim| Shape { rows: dim, cols: Dim::ONE };
        match function {
            Function::Inv | Function::Adj | Function::Sym | Function::Skew | Function::Tril | Function::Triu => shape,
            Function::Softmax(_) | Function::Cross => shape,
            Function::Commutation => {
                let sizes: Vec<Dim> = args.iter().map(|&arg| self.dim_named(arg)).collect();
                square(self.product_of(&sizes))
            }
            Function::Pinv => shape.transposed(),
            Function::Diag => square(shape.rows),
            Function::Diagonal => column(shape.rows),
            Function::Vec => column(self.product_of(&[shape.rows, shape.cols])),
            Function::Outer => Shape { rows: shape.rows, cols: self.shape(args[1]).rows },
            Function::Kron => {
                let other = self.shape(args[1]);
                let rows = self.product_of(&[shape.rows, other.rows]);
                Shape { rows, cols: self.product_of(&[shape.cols, other.cols]) }
            }
            Function::Norm(axis)
            | Function::Sum(axis)
            | Function::Mean(axis)
            | Function::Prod(axis)
            | Function::LogSumExp(axis) => match axis {
                Axis::All => Shape::SCALAR,
                Axis::Rows => Shape { rows: Dim::ONE, cols: shape.cols },
                Axis::Cols => column(shape.rows),
            },
            Function::Trace
            | Function::NormF
            | Function::Norm1
            | Function::Det
            | Function::LogDet
            | Function::Dot
            | Function::E
            | Function::Pi => Shape::SCALAR,
        }
    }

    fn facts_of(&mut self, node: &Node) -> Facts {
        let shape = self.shape_of(node);
        let mut free = Indices::new();
        let (mut variables, mut symbols) = match node {
            Node::Symbol(symbol) => {
                let number = symbol.number();
                (self.dependence[number], 1 << (number % 64) | 1 << (number / 64 % 64))
            }
            _ => (0, 0),
        };
        let mut pending = matches!(node, Node::Partial(..));
        let mut weight = 1u32;
        let mut kinds = node.kinds();
        node.for_each_child(|child| {
            kinds = kinds.or(self.kinds(child));
            weight = weight.saturating_add(self.weight(child));
            free.extend_from_slice(self.free(child));
            variables |= self.facts[child.number()].variables;
            symbols |= self.facts[child.number()].symbols;
            pending |= self.is_pending(child);
        });
        match node {
            Node::Array(over, ..) | Node::Sum(over, _) | Node::Prod(over, _) => {
                free.retain(|index| !over.contains(index));
            }
            Node::Elem(_, at) => free.extend(self.moving(at)),
            Node::Delta(i, j) => free.extend(self.moving(&[*i, *j])),
            Node::Eps(at) => free.extend(self.moving(at)),
            _ => {}
        }
        if !free.is_sorted_by(|a, b| a < b) {
            free.sort_unstable();
            free.dedup();
        }
        Facts { shape, free, variables, symbols, pending, kinds, weight }
    }

    /// Those of some indices that are no literals.
    fn moving(&self, at: &[Index]) -> impl Iterator<Item = Index> {
        at.iter().copied().filter(|&index| self.position(index).is_none())
    }

    /// Whether an index occurs in a node, free or bound.
    pub fn mentions(&self, id: Id, index: Index) -> bool {
        self.free(id).contains(&index)
            || match self.node(id) {
                Node::Sum(over, body) | Node::Prod(over, body) | Node::Array(over, _, body) => {
                    over.contains(&index) || self.mentions(*body, index)
                }
                node => node.children().into_iter().any(|child| self.mentions(child, index)),
            }
    }

    /// An integer.
    pub fn int(&mut self, value: i64) -> Id {
        self.number(Rat::int(value))
    }

    /// A rational number.
    pub fn number(&mut self, value: Rat) -> Id {
        self.intern(Node::Number(value))
    }

    /// The number that a node is.
    pub fn as_number(&self, id: Id) -> Option<&Rat> {
        match self.node(id) {
            Node::Number(value) => Some(value),
            _ => None,
        }
    }

    /// A sum; nested sums are flattened, one term is itself, no term is 0.
    pub fn add(&mut self, terms: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Args::new();
        for term in terms {
            match self.node(term) {
                Node::Add(args) => flat.extend_from_slice(args),
                _ => flat.push(term),
            }
        }
        match flat.len() {
            0 => self.int(0),
            1 => flat[0],
            _ => self.intern(Node::Add(flat)),
        }
    }

    /// A product of scalars and at most one array; nested products are flattened, one factor is itself, none is 1.
    pub fn mul(&mut self, factors: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Args::new();
        for factor in factors {
            match self.node(factor) {
                Node::Mul(args) => flat.extend_from_slice(args),
                _ => flat.push(factor),
            }
        }
        // The array stands last.
        if let Some(array) = flat.iter().position(|&factor| !self.shape(factor).is_scalar()) {
            let array = flat.remove(array);
            flat.push(array);
        }
        match flat.len() {
            0 => self.int(1),
            1 => flat[0],
            _ => self.intern(Node::Mul(flat)),
        }
    }

    /// A product of arrays; nested products are flattened, one factor is itself. At least one factor.
    pub fn matmul(&mut self, factors: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Args::new();
        for factor in factors {
            match self.node(factor) {
                Node::Matmul(args) if !self.shape(factor).is_scalar() => flat.extend_from_slice(args),
                _ => flat.push(factor),
            }
        }
        if flat.len() == 1 { flat[0] } else { self.intern(Node::Matmul(flat)) }
    }

    /// An elementwise product of arrays; nested products are flattened, one factor is itself. At least one factor.
    pub fn hadamard(&mut self, factors: impl IntoIterator<Item = Id>) -> Id {
        let mut flat = Args::new();
        for factor in factors {
            match self.node(factor) {
                Node::Hadamard(args) => flat.extend_from_slice(args),
                _ => flat.push(factor),
            }
        }
        if flat.len() == 1 { flat[0] } else { self.intern(Node::Hadamard(flat)) }
    }

    /// A block matrix with so many columns of blocks; one block is itself. At least one.
    pub fn block(&mut self, cols: usize, blocks: impl IntoIterator<Item = Id>) -> Id {
        let blocks: Args = blocks.into_iter().collect();
        if blocks.len() == 1 { blocks[0] } else { self.intern(Node::Block(cols as u32, blocks)) }
    }

    /// A function of arrays.
    pub fn call(&mut self, function: Function, args: impl IntoIterator<Item = Id>) -> Id {
        self.intern(Node::Call(function, args.into_iter().collect()))
    }

    /// A function of a scalar, or of each entry of an array.
    pub fn apply(&mut self, function: Scalar, arg: Id) -> Id {
        self.intern(Node::Apply(function, arg))
    }

    /// The transpose; of a transpose, what was transposed.
    pub fn transpose(&mut self, arg: Id) -> Id {
        match self.node(arg) {
            Node::Transpose(inner) => *inner,
            _ if self.shape(arg).is_scalar() => arg,
            _ => self.intern(Node::Transpose(arg)),
        }
    }

    /// A power with a rational exponent; the first power is the base.
    pub fn power(&mut self, base: Id, exponent: Rat) -> Id {
        if exponent.is_one() {
            return base;
        }
        let exponent = self.number(exponent);
        self.intern(Node::Power(base, exponent))
    }

    /// A sum over bound indices; no index gives the body, a sum in the body is merged.
    pub fn sum(&mut self, over: impl IntoIterator<Item = Index>, body: Id) -> Id {
        let mut over: Indices = over.into_iter().collect();
        let mut body = body;
        if let Node::Sum(inner, inner_body) = self.node(body)
            && !inner.iter().any(|index| over.contains(index))
            && !over.is_empty()
        {
            over.extend_from_slice(inner);
            body = *inner_body;
        }
        if over.is_empty() { body } else { self.intern(Node::Sum(over, body)) }
    }

    /// An element of an array.
    pub fn elem(&mut self, of: Id, at: impl IntoIterator<Item = Index>) -> Id {
        let at: Indices = at.into_iter().collect();
        if at.is_empty() { of } else { self.intern(Node::Elem(of, at)) }
    }

    /// The factors of a product, or the node alone.
    pub fn factors(&self, id: Id) -> Args {
        match self.node(id) {
            Node::Mul(args) => args.clone(),
            _ => Args::from_slice(&[id]),
        }
    }

    /// The terms of a sum, or the node alone.
    pub fn terms(&self, id: Id) -> Args {
        match self.node(id) {
            Node::Add(args) => args.clone(),
            _ => Args::from_slice(&[id]),
        }
    }

    /// The base and exponent of a factor: of `a^r`, `a` and `r`; of anything else, itself and 1.
    pub fn base_and_exponent(&self, id: Id) -> (Id, Rat) {
        match self.node(id) {
            Node::Power(base, exponent) => match self.as_number(*exponent) {
                Some(exponent) => (*base, exponent.clone()),
                None => (id, Rat::ONE),
            },
            _ => (id, Rat::ONE),
        }
    }

    /// The numeric coefficient of a term and the rest of it.
    pub fn coefficient(&mut self, id: Id) -> (Rat, Id) {
        let mut coefficient = Rat::ONE;
        let mut rest = Args::new();
        for factor in self.factors(id) {
            match self.as_number(factor) {
                Some(value) => coefficient = coefficient.mul(value),
                None => rest.push(factor),
            }
        }
        let rest = self.mul(rest);
        (coefficient, rest)
    }

    /// A number times a term.
    pub fn scale(&mut self, coefficient: Rat, id: Id) -> Id {
        if coefficient.is_one() {
            return id;
        }
        let number = self.number(coefficient);
        if self.as_number(id).is_some_and(Rat::is_one) { number } else { self.mul([number, id]) }
    }
}
