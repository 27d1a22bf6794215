//! Values of expressions at random entries, for tests.
//!
//! In: a node. Out: its entries. A sum of products is computed by summing over one index at a time, the cheapest first.

use super::random::Random;
use crate::rules::lower::slots_of;
use einstep_expr::{Axis, Dim, Function, Id, Index, Indices, Node, Rat, Scalar, Store, Symbol};
use rustc_hash::FxHashMap;

/// Rows, columns, entries row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matrix {
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    pub(crate) entries: Vec<f64>,
}

/// A value for each assignment of some indices, the last running fastest.
#[derive(Debug, Clone)]
struct Table {
    over: Vec<Index>,
    values: Vec<f64>,
}

type Env = FxHashMap<Index, usize>;

/// Values of symbols at one point.
pub(crate) struct Values<'s> {
    store: &'s Store,
    symbols: FxHashMap<Symbol, Matrix>,
    tables: FxHashMap<Id, Table>,
    arrays: FxHashMap<Id, Matrix>,
    random: Random,
}

impl Matrix {
    fn scalar(value: f64) -> Matrix {
        Matrix { rows: 1, cols: 1, entries: vec![value] }
    }

    fn filled(rows: usize, cols: usize, f: impl Fn(usize, usize) -> f64) -> Matrix {
        let entries = (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))).map(|(i, j)| f(i, j)).collect();
        Matrix { rows, cols, entries }
    }

    fn at(&self, row: usize, col: usize) -> f64 {
        self.entries[row * self.cols + col]
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Matrix {
        Matrix { entries: self.entries.iter().map(|&x| f(x)).collect(), ..*self }
    }

    /// Entry by entry, a scalar with every entry.
    fn with(&self, other: &Matrix, f: impl Fn(f64, f64) -> f64) -> Matrix {
        let wide = if self.entries.len() == 1 { other } else { self };
        let pick = |matrix: &Matrix, k: usize| matrix.entries[if matrix.entries.len() == 1 { 0 } else { k }];
        let entries = (0..wide.entries.len()).map(|k| f(pick(self, k), pick(other, k))).collect();
        Matrix { rows: wide.rows, cols: wide.cols, entries }
    }

    fn times(&self, other: &Matrix) -> Matrix {
        assert_eq!(self.cols, other.rows);
        Matrix::filled(self.rows, other.cols, |i, j| (0..self.cols).map(|k| self.at(i, k) * other.at(k, j)).sum())
    }

    fn transposed(&self) -> Matrix {
        Matrix::filled(self.cols, self.rows, |i, j| self.at(j, i))
    }

    /// Reduced over all entries, each column, or each row.
    fn reduced(&self, axis: Axis, f: impl Fn(&[f64]) -> f64) -> Matrix {
        match axis {
            Axis::All => Matrix::scalar(f(&self.entries)),
            Axis::Rows => self.transposed().reduced(Axis::Cols, f).transposed(),
            Axis::Cols => {
                let entries = self.entries.chunks(self.cols).map(f).collect();
                Matrix { rows: self.rows, cols: 1, entries }
            }
        }
    }

    /// The largest difference of entries, relative to their size; infinite when the shapes differ.
    pub(crate) fn difference(&self, other: &Matrix) -> f64 {
        if (self.rows, self.cols) != (other.rows, other.cols) {
            return f64::INFINITY;
        }
        let size = self.entries.iter().chain(&other.entries).fold(1e-300, |size: f64, x| size.max(x.abs()));
        self.entries.iter().zip(&other.entries).fold(0.0, |worst: f64, (a, b)| worst.max((a - b).abs() / size))
    }
}

impl<'s> Values<'s> {
    pub(crate) fn new(store: &'s Store, seed: u64) -> Values<'s> {
        Values {
            store,
            symbols: FxHashMap::default(),
            tables: FxHashMap::default(),
            arrays: FxHashMap::default(),
            random: Random(seed),
        }
    }

    fn size(&self, dim: Dim) -> usize {
        if let Some(value) = self.store.dims.value(dim) {
            return value as usize;
        }
        // Dimensions of different names have different sizes: k is 2, m is 3, n is 4.
        let text = self.store.dims.text(dim);
        text.split('*')
            .map(|name| match name {
                "k" => 2,
                "m" => 3,
                "n" => 4,
                other => other.parse().unwrap_or(2),
            })
            .product()
    }

    fn extent(&self, index: Index) -> usize {
        self.size(self.store.index_info(index).dim)
    }

    /// The value of a matrix expression, or of an index expression without free indices.
    pub(crate) fn of(&mut self, id: Id) -> Matrix {
        self.value(id, &Env::default())
    }

    fn value(&mut self, id: Id, env: &Env) -> Matrix {
        let closed = self.store.free(id).is_empty();
        if closed && let Some(known) = self.arrays.get(&id) {
            return known.clone();
        }
        let value = self.fresh_value(id, env);
        if closed {
            self.arrays.insert(id, value.clone());
        }
        value
    }

    fn fresh_value(&mut self, id: Id, env: &Env) -> Matrix {
        let store = self.store;
        let shape = store.shape(id);
        let (rows, cols) = (self.size(shape.rows), self.size(shape.cols));
        match store.node(id) {
            Node::Number(value) => Matrix::scalar(number(value)),
            Node::Size(dim) => Matrix::scalar(self.size(*dim) as f64),
            Node::Symbol(symbol) => self.symbol(*symbol, rows, cols),
            Node::Identity(_) => Matrix::filled(rows, cols, |i, j| f64::from(u8::from(i == j))),
            Node::Ones(_) => Matrix::filled(rows, cols, |_, _| 1.0),
            Node::Zeros(_) => Matrix::filled(rows, cols, |_, _| 0.0),
            Node::Add(args) => self.folded(args, env, |a, b| a.with(b, |a, b| a + b)),
            Node::Mul(args) | Node::Hadamard(args) => self.folded(args, env, |a, b| a.with(b, |a, b| a * b)),
            Node::Matmul(args) => self.folded(args, env, Matrix::times),
            Node::Transpose(arg) => self.value(*arg, env).transposed(),
            Node::Power(base, exponent) => {
                let (base, exponent) = (self.value(*base, env), self.value(*exponent, env));
                base.with(&exponent, |a, b| if b.fract() == 0.0 { a.powi(b as i32) } else { a.powf(b) })
            }
            Node::Block(width, args) => {
                let blocks: Vec<Matrix> = args.iter().map(|&arg| self.value(arg, env)).collect();
                // The block along one side, and the position in it.
                let at = |mut k: usize, sizes: &mut dyn Iterator<Item = usize>| {
                    for (block, size) in sizes.enumerate() {
                        if k < size {
                            return (block, k);
                        }
                        k -= size;
                    }
                    (0, 0)
                };
                let width = *width as usize;
                Matrix::filled(rows, cols, |i, j| {
                    let (row, i) = at(i, &mut blocks.iter().step_by(width).map(|block| block.rows));
                    let (col, j) = at(j, &mut blocks[..width].iter().map(|block| block.cols));
                    blocks[row * width + col].at(i, j)
                })
            }
            Node::Matpow(base, exponent) => {
                let base = self.value(*base, env);
                (1..*exponent).fold(base.clone(), |power, _| power.times(&base))
            }
            Node::Call(function, args) => {
                let args: Vec<Matrix> = args.iter().map(|&arg| self.value(arg, env)).collect();
                called(*function, &args)
            }
            Node::Apply(function, arg) => self.value(*arg, env).map(|x| applied(*function, x)),
            Node::Elem(of, at) => {
                let matrix = self.value(*of, env);
                let [row, col] = slots_of(store, store.shape(*of), at).map(|slot| self.offset(&slot, env));
                Matrix::scalar(matrix.at(row, col))
            }
            Node::Array(over, names, body) => {
                let (row, col) = over.split_at(usize::from(*names));
                let table = self.table(*body);
                let entry = |env: &Env| table.at(self, env);
                let mut entries = Vec::new();
                for i in 0..rows {
                    for j in 0..cols {
                        let mut env = Env::default();
                        self.place(row, i, &mut env);
                        self.place(col, j, &mut env);
                        entries.push(entry(&env));
                    }
                }
                Matrix { rows, cols, entries }
            }
            Node::Delta(i, j) => Matrix::scalar(f64::from(u8::from(env[i] == env[j]))),
            Node::Eps(at) => {
                let [i, j, k] = at.map(|index| env[&index] as i64);
                Matrix::scalar(((j - i) * (k - i) * (k - j) / 2) as f64)
            }
            Node::Sum(..) => {
                let table = self.table(id);
                Matrix::scalar(table.at(self, env))
            }
            Node::Prod(over, body) => {
                let mut product = 1.0;
                for inner in self.assignments(over) {
                    let env: Env = env.iter().map(|(index, value)| (*index, *value)).chain(inner).collect();
                    product *= self.value(*body, &env).entries[0];
                }
                Matrix::scalar(product)
            }
            Node::Partial(..) => panic!("a pending derivative"),
        }
    }

    fn symbol(&mut self, symbol: Symbol, rows: usize, cols: usize) -> Matrix {
        let random = &mut self.random;
        let symmetric = self.store.symbol_info(symbol).is_symmetric();
        let fresh = || {
            let entries = (0..rows * cols).map(|_| random.unit() + 0.5).collect();
            let matrix = Matrix { rows, cols, entries };
            if symmetric { matrix.with(&matrix.transposed(), |a, b| a + b) } else { matrix }
        };
        self.symbols.entry(symbol).or_insert_with(fresh).clone()
    }

    fn folded(&mut self, args: &[Id], env: &Env, f: impl Fn(&Matrix, &Matrix) -> Matrix) -> Matrix {
        let first = self.value(args[0], env);
        args[1..].iter().fold(first, |value, &arg| f(&value, &self.value(arg, env)))
    }

    fn offset(&self, slot: &[Index], env: &Env) -> usize {
        slot.iter().fold(0, |offset, index| offset * self.extent(*index) + env[index])
    }

    fn place(&self, slot: &[Index], mut offset: usize, env: &mut Env) {
        for &index in slot.iter().rev() {
            env.insert(index, offset % self.extent(index));
            offset /= self.extent(index);
        }
    }

    fn assignments(&self, over: &[Index]) -> Vec<Env> {
        over.iter().fold(vec![Env::default()], |assignments, &index| {
            let with = |env: &Env, value: usize| {
                let mut env = env.clone();
                env.insert(index, value);
                env
            };
            assignments.iter().flat_map(|env| (0..self.extent(index)).map(move |value| with(env, value))).collect()
        })
    }

    /// The values of an index expression for all values of its free indices.
    fn table(&mut self, id: Id) -> Table {
        if let Some(known) = self.tables.get(&id) {
            return known.clone();
        }
        let table = match self.store.node(id).clone() {
            Node::Sum(over, body) => self.contracted(&over, body),
            _ => {
                let over = self.store.free(id).to_vec();
                let values = self.assignments(&over).iter().map(|env| self.value(id, env).entries[0]).collect();
                Table { over, values }
            }
        };
        self.tables.insert(id, table.clone());
        table
    }

    fn contracted(&mut self, over: &Indices, body: Id) -> Table {
        let mut tables: Vec<Table> = self.store.factors(body).iter().map(|&factor| self.table(factor)).collect();
        let mut left = over.to_vec();
        while !left.is_empty() {
            let cost = |index: &Index| {
                let mut met: Vec<Index> = tables
                    .iter()
                    .filter(|table| table.over.contains(index))
                    .flat_map(|table| table.over.clone())
                    .collect();
                met.sort();
                met.dedup();
                met.iter().map(|&index| self.extent(index)).product::<usize>()
            };
            let next = left.iter().copied().min_by_key(cost).unwrap_or(left[0]);
            left.retain(|&index| index != next);
            let (with, without): (Vec<Table>, Vec<Table>) =
                tables.into_iter().partition(|table| table.over.contains(&next));
            tables = without;
            let mut over: Vec<Index> =
                with.iter().flat_map(|table| table.over.clone()).filter(|&index| index != next).collect();
            over.sort();
            over.dedup();
            let mut values = Vec::new();
            for env in self.assignments(&over) {
                let mut total = 0.0;
                for value in 0..self.extent(next) {
                    let mut env = env.clone();
                    env.insert(next, value);
                    total += with.iter().map(|table| table.at(self, &env)).product::<f64>();
                }
                values.push(total);
            }
            tables.push(Table { over, values });
        }
        let mut over: Vec<Index> = tables.iter().flat_map(|table| table.over.clone()).collect();
        over.sort();
        over.dedup();
        let values = self
            .assignments(&over)
            .iter()
            .map(|env| tables.iter().map(|table| table.at(self, env)).product())
            .collect();
        Table { over, values }
    }
}

impl Table {
    fn at(&self, values: &Values<'_>, env: &Env) -> f64 {
        self.values[values.offset(&self.over, env)]
    }
}

fn number(value: &Rat) -> f64 {
    let text = value.to_string();
    let (num, den) = text.split_once('/').unwrap_or((&text, "1"));
    num.parse::<f64>().unwrap_or(f64::NAN) / den.parse::<f64>().unwrap_or(f64::NAN)
}

fn applied(function: Scalar, x: f64) -> f64 {
    match function {
        Scalar::Exp => x.exp(),
        Scalar::Log => x.abs().ln(),
        Scalar::Sin => x.sin(),
        Scalar::Cos => x.cos(),
        Scalar::Tanh => x.tanh(),
        Scalar::Abs => x.abs(),
        Scalar::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        other => panic!("{}", other.name()),
    }
}

fn called(function: Function, args: &[Matrix]) -> Matrix {
    let arg = &args[0];
    let sum = |entries: &[f64]| entries.iter().sum::<f64>();
    let norm = |entries: &[f64]| entries.iter().map(|x| x * x).sum::<f64>().sqrt();
    let logsumexp = |entries: &[f64]| entries.iter().map(|x| x.exp()).sum::<f64>().ln();
    match function {
        Function::Trace => Matrix::scalar((0..arg.rows).map(|i| arg.at(i, i)).sum()),
        Function::Norm(axis) => arg.reduced(axis, norm),
        Function::NormF => arg.reduced(Axis::All, norm),
        Function::Norm1 => arg.map(f64::abs).reduced(Axis::All, sum),
        Function::Sum(axis) => arg.reduced(axis, sum),
        Function::Mean(axis) => arg.reduced(axis, |entries| sum(entries) / entries.len() as f64),
        Function::Prod(axis) => arg.reduced(axis, |entries| entries.iter().product()),
        Function::LogSumExp(axis) => arg.reduced(axis, logsumexp),
        Function::Softmax(axis) => {
            let total = arg.reduced(axis, logsumexp);
            Matrix::filled(arg.rows, arg.cols, |i, j| {
                let total = match axis {
                    Axis::All => total.at(0, 0),
                    Axis::Rows => total.at(0, j),
                    Axis::Cols => total.at(i, 0),
                };
                (arg.at(i, j) - total).exp()
            })
        }
        Function::Diag => Matrix::filled(arg.rows, arg.rows, |i, j| if i == j { arg.at(i, 0) } else { 0.0 }),
        Function::Diagonal => Matrix::filled(arg.rows, 1, |i, _| arg.at(i, i)),
        Function::Vec => Matrix { rows: arg.rows * arg.cols, cols: 1, entries: arg.transposed().entries },
        Function::Kron => {
            let other = &args[1];
            Matrix::filled(arg.rows * other.rows, arg.cols * other.cols, |i, j| {
                arg.at(i / other.rows, j / other.cols) * other.at(i % other.rows, j % other.cols)
            })
        }
        Function::Cross => {
            let b = &args[1];
            Matrix::filled(3, 1, |i, _| {
                let (j, k) = ((i + 1) % 3, (i + 2) % 3);
                arg.at(j, 0) * b.at(k, 0) - arg.at(k, 0) * b.at(j, 0)
            })
        }
        other => panic!("{}", other.name()),
    }
}
