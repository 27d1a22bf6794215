//! Matrix expressions, written as elements and shuffled, come back as matrices with the same value.

use super::random::Random;
use super::read::text;
use super::value::Values;
use super::{has_indices, raised};
use crate::limits::Limits;
use crate::passes::lower;
use crate::work::Work;
use einstep_expr::{Args, Axis, Dim, Function, Id, Index, Indices, Node, Role, Scalar, Shape, Store, SymbolInfo};
use einstep_trace::Phase;
use rustc_hash::FxHashMap;

struct Maker {
    store: Store,
    random: Random,
    dims: [Dim; 3],
    symbols: FxHashMap<String, Id>,
}

impl Maker {
    fn new(seed: u64) -> Maker {
        let mut store = Store::new();
        let dims = ["k", "m", "n"].map(|name| store.dims.name(name));
        Maker { store, random: Random(seed), dims, symbols: FxHashMap::default() }
    }

    fn dim(&mut self) -> Dim {
        self.dims[self.random.below(3)]
    }

    fn symbol(&mut self, shape: Shape) -> Id {
        let letters = if shape.cols.is_one() { ["x", "y"] } else { ["A", "B"] };
        let text = |dim| self.store.dims.text(dim).replace('1', "");
        let name = format!("{}{}{}", letters[self.random.below(2)], text(shape.rows), text(shape.cols));
        if let Some(known) = self.symbols.get(&name) {
            return *known;
        }
        let info = SymbolInfo {
            name: name.clone(),
            shape,
            properties: vec![],
            declared: true,
            variable: true,
            parameter: None,
        };
        let symbol = self.store.symbol(info);
        let node = self.store.intern(Node::Symbol(symbol));
        self.symbols.insert(name, node);
        node
    }

    /// A matrix, a column, or a row.
    fn array(&mut self, shape: Shape, depth: usize) -> Id {
        let Shape { rows, cols } = shape;
        if depth == 0 || self.random.one_in(5) {
            if rows.is_one() {
                let column = self.symbol(shape.transposed());
                return self.store.transpose(column);
            }
            return self.symbol(shape);
        }
        let column = |rows| Shape { rows, cols: Dim::ONE };
        match self.random.below(12) {
            0 => {
                let arg = self.array(shape.transposed(), depth - 1);
                self.store.transpose(arg)
            }
            1 | 2 => {
                let inner = self.dim();
                let left = self.array(Shape { rows, cols: inner }, depth - 1);
                let right = self.array(Shape { rows: inner, cols }, depth - 1);
                self.store.matmul([left, right])
            }
            3 | 4 => {
                let (left, right) = (self.array(shape, depth - 1), self.array(shape, depth - 1));
                self.store.hadamard([left, right])
            }
            5 => {
                let (left, right) = (self.array(shape, depth - 1), self.array(shape, depth - 1));
                self.store.add([left, right])
            }
            6 => {
                let (scalar, array) = (self.scalar(depth - 1), self.array(shape, depth - 1));
                self.store.mul([scalar, array])
            }
            7 => {
                let arg = self.array(shape, depth - 1);
                self.store.apply(Scalar::Tanh, arg)
            }
            8 => self.store.intern(Node::Ones(shape)),
            9 if rows == cols => {
                let arg = self.array(column(rows), depth - 1);
                self.store.call(Function::Diag, [arg])
            }
            9 if cols.is_one() => {
                let arg = self.array(Shape { rows, cols: rows }, depth - 1);
                self.store.call(Function::Diagonal, [arg])
            }
            10 if cols.is_one() => {
                let inner = self.dim();
                let arg = self.array(Shape { rows, cols: inner }, depth - 1);
                self.store
                    .call([Function::Sum(Axis::Cols), Function::LogSumExp(Axis::Cols)][self.random.below(2)], [arg])
            }
            10 if rows.is_one() => {
                let inner = self.dim();
                let arg = self.array(Shape { rows: inner, cols }, depth - 1);
                self.store.call(Function::Sum(Axis::Rows), [arg])
            }
            10 => {
                let arg = self.array(shape, depth - 1);
                self.store.call(Function::Softmax([Axis::Rows, Axis::Cols][self.random.below(2)]), [arg])
            }
            11 if !rows.is_one() && !cols.is_one() => {
                let (left, right) = (self.array(column(rows), depth - 1), self.array(column(cols), depth - 1));
                let right = self.store.transpose(right);
                self.store.matmul([left, right])
            }
            _ if rows == cols => self.store.intern(Node::Identity(rows)),
            _ => self.array(shape, depth - 1),
        }
    }

    fn scalar(&mut self, depth: usize) -> Id {
        let (rows, cols) = (self.dim(), self.dim());
        match self.random.below(6) {
            0 => {
                let arg = self.array(Shape { rows, cols: rows }, depth);
                self.store.call(Function::Trace, [arg])
            }
            1 => {
                let arg = self.array(Shape { rows, cols }, depth);
                self.store.call(Function::Sum(Axis::All), [arg])
            }
            2 => {
                let column = Shape { rows, cols: Dim::ONE };
                let (left, right) = (self.array(column.transposed(), depth), self.array(column, depth));
                self.store.matmul([left, right])
            }
            3 => {
                let arg = self.array(Shape { rows, cols: Dim::ONE }, depth);
                self.store.call(Function::Norm(Axis::All), [arg])
            }
            _ => self.store.int(2),
        }
    }
}

/// A copy of an expression in another store, its factors, summands and bound indices in another order.
struct Shuffle<'s> {
    from: &'s Store,
    to: Store,
    random: Random,
    indices: FxHashMap<Index, Index>,
    symbols: FxHashMap<Id, Id>,
}

impl Shuffle<'_> {
    fn dim(&mut self, dim: Dim) -> Dim {
        self.from.dims.text(dim).split('*').fold(Dim::ONE, |product, name| {
            let next = match name.parse() {
                Ok(value) => self.to.dims.literal(value),
                Err(_) => self.to.dims.name(name),
            };
            self.to.dims.product(product, next).unwrap_or(product)
        })
    }

    fn shape(&mut self, shape: Shape) -> Shape {
        Shape { rows: self.dim(shape.rows), cols: self.dim(shape.cols) }
    }

    fn index(&mut self, index: Index) -> Index {
        if let Some(known) = self.indices.get(&index) {
            return *known;
        }
        let info = self.from.index_info(index).clone();
        let dim = self.dim(info.dim);
        let new = self.to.index(dim, info.role, &format!("i{}", index.number()));
        self.indices.insert(index, new);
        new
    }

    fn at(&mut self, at: &[Index]) -> Indices {
        at.iter().map(|&index| self.index(index)).collect()
    }

    fn shuffled(&mut self, args: &[Id]) -> Args {
        let mut args: Args = args.iter().map(|&arg| self.copy(arg)).collect();
        self.random.shuffle(&mut args);
        args
    }

    fn copy(&mut self, id: Id) -> Id {
        let node = match self.from.node(id).clone() {
            Node::Symbol(symbol) => {
                if let Some(known) = self.symbols.get(&id) {
                    return *known;
                }
                let mut info = self.from.symbol_info(symbol).clone();
                info.shape = self.shape(info.shape);
                info.variable = false;
                let symbol = self.to.symbol(info);
                let new = self.to.intern(Node::Symbol(symbol));
                self.symbols.insert(id, new);
                return new;
            }
            Node::Number(value) => Node::Number(value),
            Node::Size(dim) => Node::Size(self.dim(dim)),
            Node::Identity(dim) => Node::Identity(self.dim(dim)),
            Node::Ones(shape) => Node::Ones(self.shape(shape)),
            Node::Zeros(shape) => Node::Zeros(self.shape(shape)),
            Node::Add(args) => Node::Add(self.shuffled(&args)),
            Node::Mul(args) if self.from.shape(id).is_scalar() => Node::Mul(self.shuffled(&args)),
            Node::Elem(of, at) => Node::Elem(self.copy(of), self.at(&at)),
            Node::Array(over, rows, body) => Node::Array(self.at(&over), rows, self.copy(body)),
            Node::Delta(i, j) => Node::Delta(self.index(i), self.index(j)),
            Node::Sum(over, body) => {
                let mut over = self.at(&over);
                self.random.shuffle(&mut over);
                Node::Sum(over, self.copy(body))
            }
            Node::Prod(over, body) => Node::Prod(self.at(&over), self.copy(body)),
            Node::Power(base, exponent) => Node::Power(self.copy(base), self.copy(exponent)),
            Node::Apply(function, arg) => Node::Apply(function, self.copy(arg)),
            Node::Call(function, args) => Node::Call(function, args.iter().map(|&arg| self.copy(arg)).collect()),
            Node::Transpose(arg) => Node::Transpose(self.copy(arg)),
            Node::Matmul(args) => Node::Matmul(args.iter().map(|&arg| self.copy(arg)).collect()),
            Node::Mul(args) => Node::Mul(args.iter().map(|&arg| self.copy(arg)).collect()),
            Node::Hadamard(args) => Node::Hadamard(args.iter().map(|&arg| self.copy(arg)).collect()),
            other => panic!("{other:?}"),
        };
        self.to.intern(node)
    }
}

#[test]
fn what_was_made_of_matrices_comes_back() {
    for seed in 0..500 {
        let mut maker = Maker::new(seed);
        let depth = 1 + (seed % 5) as usize;
        let (rows, cols) = (maker.dim(), maker.dim());
        let value = match seed % 3 {
            0 => maker.scalar(depth),
            1 => maker.array(Shape { rows, cols: Dim::ONE }, depth),
            _ => maker.array(Shape { rows, cols }, depth),
        };
        let mut store = maker.store;
        let dims = store.shape(value).slots();
        let slots: Indices = dims.into_iter().map(|dim| store.index(dim, Role::Value, "")).collect();
        let element = store.elem(value, slots.iter().copied());
        let mut limits = Limits::default();
        let lowered = lower(Work::new(&mut store, &mut limits, element, Phase::Lower)).end;
        let array = if slots.is_empty() { lowered } else { store.intern(Node::Array(slots, 1, lowered)) };
        let mut shuffle = Shuffle {
            from: &store,
            to: Store::new(),
            random: Random(seed),
            indices: FxHashMap::default(),
            symbols: FxHashMap::default(),
        };
        let before = shuffle.copy(array);
        let mut fresh = shuffle.to;
        let written = format!("{}\n{}", text(&store, value), text(&fresh, before));
        let (after, _) = raised(&mut fresh, before);
        assert!(!has_indices(&fresh, after), "{seed}: {written}\n{}", text(&fresh, after));
        let mut values = Values::new(&fresh, seed);
        let difference = values.of(before).difference(&values.of(after));
        assert!(difference < 1e-8, "{seed}: {written}\n{}\n{difference}", text(&fresh, after));
    }
}
