//! Trees with shapes to nodes of a store.
//!
//! In: a tree whose dimensions are all known. Out: its node. Left to others: everything that could go wrong.

use super::tree::{Form, Tree};
use super::unify::{Size, Sizes};
use crate::rules::simplify::products::scalar_part;
use einstep_expr::{Args, Dim, Function, Id, Index, Indices, Node, Rat, Shape, Store, Symbol};

pub(super) struct Builder<'a> {
    pub(super) store: &'a mut Store,
    pub(super) sizes: &'a Sizes,
    pub(super) symbols: &'a [Symbol],
    pub(super) indices: &'a [Index],
}

impl Builder<'_> {
    pub(super) fn dim(&self, size: Size) -> Dim {
        match self.sizes.resolve(size) {
            Size::Known(dim) => dim,
            // Every unknown has been named before anything is built.
            Size::Unknown(_) => Dim::ONE,
        }
    }

    pub(super) fn shape(&self, tree: &Tree) -> Shape {
        Shape { rows: self.dim(tree.rows), cols: self.dim(tree.cols) }
    }

    pub(super) fn build(&mut self, tree: &Tree) -> Id {
        let shape = self.shape(tree);
        match &tree.form {
            Form::Number(value) => self.store.number(value.clone()),
            Form::Size(dim) => self.store.intern(Node::Size(*dim)),
            Form::Symbol(position) => self.store.intern(Node::Symbol(self.symbols[*position])),
            Form::Identity if shape.is_scalar() => self.store.int(1),
            Form::Identity => self.store.intern(Node::Identity(shape.rows)),
            Form::Ones if shape.is_scalar() => self.store.int(1),
            Form::Ones => self.store.intern(Node::Ones(shape)),
            Form::Zeros if shape.is_scalar() => self.store.int(0),
            Form::Zeros => self.store.intern(Node::Zeros(shape)),
            Form::Negate => {
                let inner = self.build(&tree.args[0]);
                self.negated(inner)
            }
            Form::Add(signs) => {
                let mut terms = Args::new();
                for (arg, negative) in tree.args.iter().zip(signs) {
                    let mut term = self.build(arg);
                    if self.store.shape(term).is_scalar() && !shape.is_scalar() {
                        term = self.broadcast(term, shape);
                    }
                    terms.push(if *negative { self.negated(term) } else { term });
                }
                self.store.add(terms)
            }
            Form::Product => self.product(&tree.args),
            Form::Hadamard => self.hadamard(&tree.args),
            Form::Quotient => self.quotient(&tree.args[0], &tree.args[1]),
            Form::EntryQuotient => self.entry_quotient(&tree.args[0], &tree.args[1]),
            Form::Transpose => {
                let inner = self.build(&tree.args[0]);
                // The scalars of a multiple stay outside.
                let mut factors = self.store.factors(inner);
                if let Some(array) = factors.pop() {
                    factors.push(self.store.transpose(array));
                }
                self.store.mul(factors)
            }
            Form::Power => {
                let base = self.build(&tree.args[0]);
                match super::tree::exponent_value(&tree.args[1]) {
                    Some(value) => self.store.power(base, value),
                    None => {
                        let exponent = self.build(&tree.args[1]);
                        self.store.intern(Node::Power(base, exponent))
                    }
                }
            }
            Form::Block(cols) => {
                let blocks: Args = tree.args.iter().map(|arg| self.build(arg)).collect();
                self.store.block(*cols, blocks)
            }
            Form::Matpow(exponent) => {
                let base = self.build(&tree.args[0]);
                self.store.intern(Node::Matpow(base, *exponent))
            }
            Form::Apply(function) => {
                let arg = self.build(&tree.args[0]);
                self.store.apply(*function, arg)
            }
            Form::Element(at) => {
                let (of, at) = (self.build(&tree.args[0]), self.letters(at));
                self.store.elem(of, at)
            }
            Form::Delta([i, j]) => self.store.intern(Node::Delta(self.indices[*i], self.indices[*j])),
            Form::Eps(at) => self.store.intern(Node::Eps(at.map(|letter| self.indices[letter]))),
            Form::Array(over) => {
                let (over, body) = (self.letters(over), self.build(&tree.args[0]));
                self.store.intern(Node::Array(over, 1, body))
            }
            Form::Derivative(variable, at) => {
                let body = self.build(&tree.args[0]);
                let symbol = self.store.intern(Node::Symbol(self.symbols[*variable]));
                let by = self.store.elem(symbol, self.letters(at));
                self.store.intern(Node::Partial(body, by))
            }
            Form::Sum(over) => {
                let (over, body) = (self.letters(over), self.build(&tree.args[0]));
                self.store.sum(over, body)
            }
            Form::Prod(over) => {
                let (over, body) = (self.letters(over), self.build(&tree.args[0]));
                self.store.intern(Node::Prod(over, body))
            }
            Form::Call(function) => {
                let args: Args = tree.args.iter().map(|arg| self.build(arg)).collect();
                self.call(*function, args)
            }
        }
    }

    fn letters(&self, letters: &[usize]) -> Indices {
        letters.iter().map(|&letter| self.indices[letter]).collect()
    }

    fn hadamard(&mut self, args: &[Tree]) -> Id {
        let (mut scalars, mut arrays) = (Args::new(), Args::new());
        for arg in args {
            let node = self.build(arg);
            self.split(node, &mut scalars, &mut arrays);
        }
        self.times_arrays(scalars, arrays, Store::hadamard)
    }

    /// A quotient by a scalar: a product with its inverse, or a number.
    fn quotient(&mut self, over: &Tree, under: &Tree) -> Id {
        let (over, under) = (self.build(over), self.build(under));
        let inverse = match self.store.as_number(under).and_then(Rat::recip) {
            Some(inverse) => self.store.number(inverse),
            None => self.store.power(under, Rat::int(-1)),
        };
        match (self.store.as_number(over).cloned(), self.store.as_number(inverse).cloned()) {
            (Some(a), Some(b)) => self.store.number(a.mul(&b)),
            (Some(one), None) if one.is_one() => inverse,
            (_, Some(_)) => self.store.mul([inverse, over]),
            _ => self.store.mul([over, inverse]),
        }
    }

    /// A quotient entry by entry.
    fn entry_quotient(&mut self, over: &Tree, under: &Tree) -> Id {
        let (over, under) = (self.build(over), self.build(under));
        let inverse = self.store.power(under, Rat::int(-1));
        if self.store.as_number(over).is_some_and(Rat::is_one) {
            return inverse;
        }
        let (mut scalars, mut arrays) = (Args::new(), Args::new());
        self.split(over, &mut scalars, &mut arrays);
        arrays.push(inverse);
        self.times_arrays(scalars, arrays, Store::hadamard)
    }

    /// A call, with what holds of every inverse and determinant used at once.
    fn call(&mut self, function: Function, args: Args) -> Id {
        let Some(&arg) = args.first() else { return self.store.call(function, args) };
        match (function, self.store.node(arg).clone()) {
            // The trace of an identity is its size, which its name does not tell.
            (Function::Trace, Node::Identity(dim)) => crate::rules::contract::size(self.store, dim),
            (Function::Det, Node::Identity(_)) => self.store.int(1),
            (Function::Det | Function::LogDet, Node::Transpose(inner)) => self.store.call(function, [inner]),
            (Function::Inv, Node::Identity(_)) => arg,
            (Function::Inv, Node::Call(Function::Inv, inner)) => inner[0],
            (Function::Inv, Node::Transpose(inner)) => {
                let inverse = self.call(Function::Inv, Args::from_slice(&[inner]));
                self.store.transpose(inverse)
            }
            _ => self.store.call(function, args),
        }
    }

    /// Takes a factor apart: its scalars to the scalars, its array to the arrays.
    fn split(&self, node: Id, scalars: &mut Args, arrays: &mut Args) {
        let mut factors = self.store.factors(node);
        if !self.store.shape(node).is_scalar() {
            arrays.extend(factors.pop());
        }
        scalars.extend(factors);
    }

    fn times_arrays(&mut self, mut scalars: Args, arrays: Args, product: fn(&mut Store, Args) -> Id) -> Id {
        if !arrays.is_empty() {
            scalars.push(product(self.store, arrays));
        }
        self.store.mul(scalars)
    }

    /// A scalar at every entry.
    pub(super) fn broadcast(&mut self, scalar: Id, shape: Shape) -> Id {
        let ones = self.store.intern(Node::Ones(shape));
        match self.store.as_number(scalar).is_some_and(Rat::is_one) {
            true => ones,
            false => self.store.mul([scalar, ones]),
        }
    }

    fn negated(&mut self, id: Id) -> Id {
        let (coefficient, rest) = self.store.coefficient(id);
        self.store.scale(coefficient.neg(), rest)
    }

    /// Scalars to the front; arrays in runs, each of which is closed where it has become a scalar.
    fn product(&mut self, args: &[Tree]) -> Id {
        let mut scalars = Args::new();
        let mut run = Args::new();
        for arg in args {
            let node = self.build(arg);
            // A multiple of an array in a run: its scalars come to the front.
            let arrays = run.len();
            self.split(node, &mut scalars, &mut run);
            if run.len() == arrays {
                continue;
            }
            let first = self.store.shape(run[0]).rows;
            let last = self.store.shape(run[run.len() - 1]).cols;
            if first.is_one() && last.is_one() {
                scalars.push(self.store.matmul(run.drain(..)));
            }
        }
        // A row times a column inside the run is a scalar too: x*x'*x is (x'*x)*x.
        while let Some((start, end)) = scalar_part(self.store, &run) {
            let part: Args = run.drain(start..=end).collect();
            scalars.push(self.store.matmul(part));
        }
        self.times_arrays(scalars, run, Store::matmul)
    }
}
