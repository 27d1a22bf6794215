//! Random series-parallel networks come back as matrices with the same value; networks with a bridge do not.

use super::random::Random;
use super::read::text;
use super::value::Values;
use super::{has_indices, raised};
use crate::raising::{Stuck, stuck};
use einstep_expr::{Dim, Id, Index, Indices, Node, Rat, Role, Scalar, Shape, Store, SymbolInfo};
use rustc_hash::FxHashMap;

/// A network under construction.
struct Maker {
    store: Store,
    random: Random,
    dims: [Dim; 3],
    symbols: FxHashMap<String, Id>,
    free: Vec<Index>,
    bound: Vec<Index>,
    /// Pairs of indices that are joined; an edge becomes a factor at the end.
    edges: Vec<(Index, Index)>,
    factors: Vec<Id>,
    /// Indices that were made to join three others.
    hubs: Vec<Index>,
}

impl Maker {
    fn new(seed: u64, free: usize) -> Maker {
        let mut store = Store::new();
        let dims = ["k", "m", "n"].map(|name| store.dims.name(name));
        let mut maker = Maker {
            store,
            random: Random(seed),
            dims,
            symbols: FxHashMap::default(),
            free: Vec::new(),
            bound: Vec::new(),
            edges: Vec::new(),
            factors: Vec::new(),
            hubs: Vec::new(),
        };
        for letter in ["p", "q"].into_iter().take(free) {
            let dim = maker.dims[maker.random.below(3)];
            let index = maker.store.index(dim, Role::Variable, letter);
            maker.free.push(index);
        }
        match maker.free[..] {
            [p, q] if !maker.random.one_in(4) => maker.edges.push((p, q)),
            _ => maker.bind(),
        }
        maker
    }

    fn dim(&self, index: Index) -> Dim {
        self.store.index_info(index).dim
    }

    fn bind_of(&mut self, dim: Dim) -> Index {
        let letter = format!("i{}", self.bound.len());
        let index = self.store.index(dim, Role::Sum, &letter);
        self.bound.push(index);
        index
    }

    fn bind(&mut self) {
        let dim = self.dims[self.random.below(3)];
        self.bind_of(dim);
    }

    fn any(&mut self) -> Index {
        let all: Vec<Index> = self.free.iter().chain(&self.bound).copied().collect();
        all[self.random.below(all.len())]
    }

    /// One more factor, or a factor replaced by two.
    fn grow(&mut self) {
        match self.random.below(8) {
            0 | 1 if !self.edges.is_empty() => {
                // In series.
                let at = self.random.below(self.edges.len());
                let (a, b) = self.edges.swap_remove(at);
                let dim = if self.random.one_in(6) { self.dim(a) } else { self.dims[self.random.below(3)] };
                let middle = self.bind_of(dim);
                if dim == self.dim(a) && self.random.one_in(3) {
                    let delta = self.store.intern(Node::Delta(middle, a));
                    self.factors.push(delta);
                } else {
                    self.edges.push((a, middle));
                }
                self.edges.push((b, middle));
            }
            2 if !self.edges.is_empty() => {
                // In parallel.
                let edge = self.edges[self.random.below(self.edges.len())];
                self.edges.push(edge);
            }
            3 | 4 => {
                // A leaf.
                let at = self.any();
                let dim = self.dims[self.random.below(3)];
                let leaf = self.bind_of(dim);
                self.edges.push((at, leaf));
            }
            5 if self.random.one_in(2) => {
                let at = self.any();
                self.edges.push((at, at));
            }
            6 if self.random.one_in(4) => {
                let scalar = self.symbol("c", Dim::ONE, Dim::ONE);
                self.factors.push(scalar);
            }
            _ => {
                let at = self.any();
                let label = self.label(at, 1);
                self.factors.push(label);
            }
        }
    }

    /// An edge replaced by two paths with a bridge between their middles.
    fn bridge(&mut self) {
        let (a, b) = self.edges.swap_remove(0);
        let [c, d] = [0, 1].map(|_| {
            self.bind();
            self.bound[self.bound.len() - 1]
        });
        self.edges.extend([(a, c), (a, d), (c, d), (c, b), (d, b)]);
        self.hubs.extend([a, b, c, d]);
    }

    fn symbol(&mut self, prefix: &str, rows: Dim, cols: Dim) -> Id {
        let name = format!("{prefix}{}{}", self.store.dims.text(rows), self.store.dims.text(cols)).replace('1', "");
        let symmetric = prefix == "S";
        let shape = Shape { rows, cols };
        if let Some(known) = self.symbols.get(&name) {
            return *known;
        }
        let properties = if symmetric { vec!["symmetric".to_string()] } else { vec![] };
        let info =
            SymbolInfo { name: name.clone(), shape, properties, declared: true, variable: false, parameter: None };
        let symbol = self.store.symbol(info);
        let node = self.store.intern(Node::Symbol(symbol));
        self.symbols.insert(name, node);
        node
    }

    fn label(&mut self, at: Index, depth: usize) -> Id {
        let prefix = ["x", "y", "z"][self.random.below(3)];
        let symbol = self.symbol(prefix, self.dim(at), Dim::ONE);
        let element = self.store.elem(symbol, [at]);
        match self.random.below(if depth > 0 { 12 } else { 6 }) {
            6 => {
                let other = self.label(at, depth - 1);
                self.store.add([element, other])
            }
            7 => {
                let c = self.symbol("c", Dim::ONE, Dim::ONE);
                self.store.add([element, c])
            }
            8 => {
                let argument = self.label(at, depth - 1);
                self.store.apply(Scalar::Tanh, argument)
            }
            9 => self.store.power(element, Rat::int(-1)),
            10 => self.store.power(element, Rat::int(2)),
            11 => {
                let matrix = self.edge(at, at, 0);
                self.store.add([element, matrix])
            }
            _ => element,
        }
    }

    fn edge(&mut self, a: Index, b: Index, depth: usize) -> Id {
        let (a, b) = if self.random.one_in(2) { (a, b) } else { (b, a) };
        let symmetric = self.dim(a) == self.dim(b) && self.random.one_in(4);
        let prefix = if symmetric { "S" } else { ["A", "B", "C"][self.random.below(3)] };
        let mut symbol = self.symbol(prefix, self.dim(a), self.dim(b));
        if self.random.one_in(6) {
            let turned = self.symbol(prefix, self.dim(b), self.dim(a));
            symbol = self.store.transpose(turned);
        }
        let element = self.store.elem(symbol, [a, b]);
        match self.random.below(if depth > 0 { 12 } else { 6 }) {
            6 => {
                let other = self.edge(a, b, depth - 1);
                self.store.add([element, other])
            }
            7 => {
                let label = self.label(a, depth - 1);
                self.store.add([element, label])
            }
            8 => {
                let argument = self.edge(a, b, depth - 1);
                self.store.apply(Scalar::Tanh, argument)
            }
            9 => {
                let (left, right) = (self.label(a, 0), self.label(b, 0));
                self.store.add([left, right])
            }
            _ => element,
        }
    }

    /// The array of the network.
    fn finish(mut self) -> (Store, Id, Vec<Index>) {
        for (a, b) in std::mem::take(&mut self.edges) {
            let factor = self.edge(a, b, 1);
            self.factors.push(factor);
        }
        // An index that no factor has is summed all the same.
        self.random.shuffle(&mut self.factors);
        self.random.shuffle(&mut self.bound);
        let product = self.store.mul(self.factors.iter().copied());
        let sum = self.store.sum(self.bound.iter().copied(), product);
        let free = Indices::from_slice(&self.free);
        let array = if free.is_empty() { sum } else { self.store.intern(Node::Array(free, 1, sum)) };
        (self.store, array, self.hubs)
    }
}

#[test]
fn series_parallel_networks_come_back_as_matrices() {
    for seed in 0..600 {
        let mut maker = Maker::new(seed, (seed % 3) as usize);
        let size = 3 + maker.random.below(if seed < 300 { 8 } else { 37 });
        for _ in 0..size {
            maker.grow();
        }
        let (mut store, before, _) = maker.finish();
        let written = text(&store, before);
        let (after, _) = raised(&mut store, before);
        assert!(!has_indices(&store, after), "{seed}: {written}\n{}", text(&store, after));
        let mut values = Values::new(&store, seed);
        let difference = values.of(before).difference(&values.of(after));
        assert!(difference < 1e-8, "{seed}: {written}\n{}\n{difference}", text(&store, after));
    }
}

#[test]
fn a_bridge_has_no_matrix_form() {
    for seed in 0..200 {
        // Between rows and columns, or beside another edge.
        let mut maker = Maker::new(seed, [0, 2][(seed % 2) as usize]);
        let ends = if let [p, q] = maker.free[..] {
            (p, q)
        } else {
            maker.bind();
            (maker.bound[0], maker.bound[1])
        };
        maker.edges = vec![ends];
        maker.bridge();
        if maker.free.is_empty() {
            maker.edges.push(ends);
        }
        for _ in 0..maker.random.below(20) {
            maker.grow();
        }
        let (mut store, before, hubs) = maker.finish();
        let written = text(&store, before);
        let (after, _) = raised(&mut store, before);
        match stuck(&store, after) {
            Some(Stuck::Joins(index, factors)) => {
                assert!(hubs.contains(&index) && factors.len() > 2, "{seed}: {written}\n{}", text(&store, after));
            }
            other => panic!("{seed}: {written}\n{}\n{other:?}", text(&store, after)),
        }
    }
}

/// A path of so many matrices, with a label at every index or at the first and last only.
fn path(length: usize, labels: bool) -> (Store, Id) {
    let mut store = Store::new();
    let n = store.dims.name("n");
    let mut symbol = |name: &str, cols| {
        let shape = Shape { rows: n, cols };
        let info = SymbolInfo {
            name: name.into(),
            shape,
            properties: vec![],
            declared: true,
            variable: false,
            parameter: None,
        };
        let symbol = store.symbol(info);
        store.intern(Node::Symbol(symbol))
    };
    let (matrix, vector) = (symbol("A", n), symbol("x", Dim::ONE));
    let indices: Vec<Index> = (0..=length).map(|_| store.index(n, Role::Sum, "")).collect();
    let mut factors: Vec<Id> = indices.windows(2).map(|pair| store.elem(matrix, [pair[0], pair[1]])).collect();
    for (position, &index) in indices.iter().enumerate() {
        if labels || position == 0 || position == length {
            factors.push(store.elem(vector, [index]));
        }
    }
    Random(3).shuffle(&mut factors);
    let product = store.mul(factors);
    let sum = store.sum(indices, product);
    (store, sum)
}

#[test]
fn a_long_path_takes_few_steps() {
    let (mut store, line) = path(1000, false);
    let (after, steps) = raised(&mut store, line);
    assert!(matches!(store.node(after), Node::Matmul(args) if args.len() == 1002) && steps < 5, "{steps}");
}

#[test]
fn a_path_with_labels_takes_steps_in_proportion() {
    let steps = [40, 80].map(|length| {
        let (mut store, line) = path(length, true);
        let (after, steps) = raised(&mut store, line);
        assert!(!has_indices(&store, after));
        steps
    });
    assert!(steps[1] <= 2 * steps[0] + 10, "{steps:?}");
}
