//! Trees with shapes to nodes of a store.
//!
//! In: a tree whose dimensions are all known. Out: its node. Left to others: everything that could go wrong.

use super::tree::{Form, Tree};
use super::unify::{Size, Sizes};
use crate::rules::simplify::scalar_part;
use einstep_expr::{Args, Dim, Function, Id, Node, Rat, Shape, Store, Symbol};

pub(super) struct Builder<'a> {
    pub(super) store: &'a mut Store,
    pub(super) sizes: &'a Sizes,
    pub(super) symbols: &'a [Symbol],
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
                        let ones = self.store.intern(Node::Ones(shape));
                        term = self.store.mul([term, ones]);
                    }
                    terms.push(if *negative { self.negated(term) } else { term });
                }
                self.store.add(terms)
            }
            Form::Product => self.product(&tree.args),
            Form::Quotient => {
                let (over, under) = (self.build(&tree.args[0]), self.build(&tree.args[1]));
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
            Form::Root => {
                let base = self.build(&tree.args[0]);
                self.store.power(base, Rat::fraction(1, 2))
            }
            Form::Matpow(exponent) => {
                let base = self.build(&tree.args[0]);
                self.store.intern(Node::Matpow(base, *exponent))
            }
            Form::Call(function) => {
                let arg = self.build(&tree.args[0]);
                match (function, self.store.node(arg)) {
                    // The trace of an identity is its size, which its name does not tell.
                    (Function::Trace, Node::Identity(dim)) => crate::rules::contract::size(self.store, *dim),
                    _ => self.store.call(*function, [arg]),
                }
            }
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
            if self.store.shape(node).is_scalar() {
                scalars.push(node);
                continue;
            }
            // A multiple of an array in a run: its scalars come to the front.
            let mut factors = self.store.factors(node);
            run.extend(factors.pop());
            scalars.extend(factors);
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
        if !run.is_empty() {
            scalars.push(self.store.matmul(run));
        }
        self.store.mul(scalars)
    }
}
