//! Rules that write a value as explicit sums, one operation at a time.
//!
//! In: an element `E[i,j]` of a matrix expression, or a scalar operation, that contains the variable. Out: the same in
//! terms of its operands. What does not contain the variable stays whole, and so do the arguments of inverses and
//! determinants, whose derivatives speak of the whole matrix. Left to others: taking sums together (collect).
//!
//! `elements` says what the elements of each operation are, `reductions` what sums, products and means over entries are,
//! `definitions` what composite functions stand for, `composite` how indices of a product of dimensions are split.

mod composite;
mod definitions;
mod elements;
mod reductions;

pub(crate) use composite::*;
pub(crate) use definitions::*;
pub(crate) use elements::*;
pub(crate) use reductions::*;

use einstep_expr::{Dim, Function, Id, Index, Indices, Node, Shape, Store};

/// The indices that name the rows of an element, and those that name its columns: as many as multiply to the dimension of
/// the slot, none for a dimension that is 1.
pub(crate) fn slots_of(store: &Store, shape: Shape, at: &[Index]) -> [Indices; 2] {
    let mut rest = at;
    [shape.rows, shape.cols].map(|dim| {
        let dim_of = |&index: &Index| store.index_info(index).dim;
        let fits = |count: &usize| match &rest[..*count] {
            [] => dim.is_one(),
            [index] => dim_of(index) == dim,
            several => store.dims.is_product(dim, &several.iter().map(dim_of).collect::<Vec<_>>()),
        };
        let count = (0..=rest.len()).find(fits).unwrap_or_default();
        let (slot, others) = rest.split_at(count);
        rest = others;
        Indices::from_slice(slot)
    })
}

/// The dimensions into which the rows and the columns of an array fall apart when its entries are named: those of a `vec`
/// or of a Kronecker product, slow first.
pub(crate) fn parts_of(store: &Store, id: Id) -> [Vec<Dim>; 2] {
    let whole = |store: &Store, id: Id| {
        let Shape { rows, cols } = store.shape(id);
        [rows, cols].map(|dim| if dim.is_one() { vec![] } else { vec![dim] })
    };
    let finest = |store: &Store, args: &[Id]| {
        let mut parts = args.iter().filter(|&&arg| !store.shape(arg).is_scalar()).map(|&arg| parts_of(store, arg));
        let first = parts.next().unwrap_or_default();
        parts.fold(
            first,
            |best, next| if next.iter().flatten().count() > best.iter().flatten().count() { next } else { best },
        )
    };
    match store.node(id) {
        Node::Call(Function::Vec, args) => {
            let [rows, cols] = parts_of(store, args[0]);
            [[cols, rows].concat(), vec![]]
        }
        Node::Call(Function::Commutation, args) => {
            let [m, n] = [args[0], args[1]].map(|arg| match store.node(arg) {
                Node::Size(dim) => vec![*dim],
                _ => vec![],
            });
            [[m.clone(), n.clone()].concat(), [n, m].concat()]
        }
        Node::Call(Function::Kron, args) => {
            let [[a, b], [c, d]] = [parts_of(store, args[0]), parts_of(store, args[1])];
            [[a, c].concat(), [b, d].concat()]
        }
        Node::Call(Function::Outer, args) => [args[0], args[1]].map(|arg| parts_of(store, arg).concat()),
        Node::Add(args) | Node::Hadamard(args) => finest(store, args),
        Node::Power(base, exponent) => finest(store, &[*base, *exponent]),
        Node::Mul(args) => args.last().map_or_else(Default::default, |&last| parts_of(store, last)),
        Node::Matmul(args) => {
            let [[rows, _], [_, cols]] = [parts_of(store, args[0]), parts_of(store, args[args.len() - 1])];
            [rows, cols]
        }
        Node::Transpose(arg) => {
            let [rows, cols] = parts_of(store, *arg);
            [cols, rows]
        }
        Node::Apply(_, arg) | Node::Matpow(arg, _) => parts_of(store, *arg),
        Node::Call(Function::Inv | Function::Adj, args) => parts_of(store, args[0]),
        _ => whole(store, id),
    }
}
