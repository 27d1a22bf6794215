//! What the text of a node depends on: whether it is an array, and whether something tells its size.
//!
//! In: a node. Out: whether it has several rows, several columns. Left to others: dimensions (`table`). Each node is
//! looked at once.

use crate::derivation::Derivation;
use crate::dim::Dim;
use crate::node::{Node, NodeId};
use std::collections::HashMap;

/// The greatest depth that is looked at.
const MAX_DEPTH: usize = 1000;

/// Whether there is more than one row, and more than one column.
type Wide = [bool; 2];

const SCALAR: Wide = [false, false];

#[derive(Debug)]
pub(super) struct Extents<'a> {
    derivation: &'a Derivation,
    known: HashMap<NodeId, Wide>,
    depth: usize,
}

impl<'a> Extents<'a> {
    pub(super) fn of(derivation: &'a Derivation) -> Extents<'a> {
        Extents { derivation, known: HashMap::new(), depth: 0 }
    }

    /// Whether a node is a vector, a row or a matrix.
    pub(super) fn is_array(&mut self, id: NodeId) -> bool {
        self.wide(id) != SCALAR
    }

    /// Whether a node is made of identities and scalars only, so that nothing in it tells its size.
    pub(super) fn is_identity(&mut self, id: NodeId) -> bool {
        let derivation = self.derivation;
        if self.depth > MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let only = match &derivation.nodes[id.at()] {
            Node::Identity { .. } => true,
            Node::Add { args } | Node::Hadamard { args } | Node::Matmul { args } | Node::Mul { args } => {
                let mut arrays = args.iter().filter(|&&arg| self.is_array(arg)).copied().collect::<Vec<_>>();
                arrays.dedup();
                !arrays.is_empty() && arrays.into_iter().all(|arg| self.is_identity(arg))
            }
            Node::Transpose { arg } => self.is_identity(*arg),
            Node::Matpow { base, .. } | Node::Power { base, .. } => self.is_identity(*base),
            _ => false,
        };
        self.depth -= 1;
        only
    }

    fn wide(&mut self, id: NodeId) -> Wide {
        if let Some(&known) = self.known.get(&id) {
            return known;
        }
        if self.depth > MAX_DEPTH {
            return SCALAR;
        }
        self.depth += 1;
        let wide = self.look(id);
        self.depth -= 1;
        self.known.insert(id, wide);
        wide
    }

    fn look(&mut self, id: NodeId) -> Wide {
        let derivation = self.derivation;
        let of_shape = |shape: &[Dim]| match shape {
            [] => SCALAR,
            [_] => [true, false],
            [m, n, ..] => [!m.is_one(), !n.is_one()],
        };
        match &derivation.nodes[id.at()] {
            Node::Symbol { symbol } => of_shape(&derivation.symbols[symbol.at()].shape),
            Node::Ones { shape } | Node::Zeros { shape } => of_shape(shape),
            Node::Identity { .. } | Node::Matpow { .. } => [true, true],
            Node::Add { args } | Node::Hadamard { args } => self.widest(args),
            Node::Power { base, exponent } => self.widest(&[*base, *exponent]),
            Node::Mul { args } => args.last().map_or(SCALAR, |&last| self.wide(last)),
            Node::Matmul { args } => match args.as_slice() {
                [first, .., last] => [self.wide(*first)[0], self.wide(*last)[1]],
                _ => SCALAR,
            },
            Node::Transpose { arg } => {
                let [rows, cols] = self.wide(*arg);
                [cols, rows]
            }
            Node::Fn { arg, .. } => self.wide(*arg),
            Node::Block { blocks } => [
                blocks.len() > 1 || blocks.iter().flatten().any(|&block| self.wide(block)[0]),
                blocks.iter().any(|row| row.len() > 1 || row.iter().any(|&block| self.wide(block)[1])),
            ],
            Node::Array { over, rows, .. } => [*rows > 0, over.len() > usize::from(*rows)],
            Node::Call { name, args } => self.call(name, args),
            _ => SCALAR,
        }
    }

    fn call(&mut self, name: &str, args: &[NodeId]) -> Wide {
        match (name, args) {
            ("inv" | "adj" | "sym" | "skew" | "outer" | "commutation", _) => [true, true],
            ("tril" | "triu" | "softmax", [arg, ..]) => self.wide(*arg),
            ("diag", [arg]) => [true, !self.wide(*arg)[1]],
            ("pinv", [arg]) => {
                let [rows, cols] = self.wide(*arg);
                [cols, rows]
            }
            ("vec" | "cross", _) => [true, false],
            ("kron", [a, b]) => {
                let (a, b) = (self.wide(*a), self.wide(*b));
                [a[0] || b[0], a[1] || b[1]]
            }
            ("sum" | "mean" | "prod" | "norm" | "logsumexp", [arg, axis]) => match &self.derivation.nodes[axis.at()] {
                Node::Number { value } if value.0 == "1" => [false, self.wide(*arg)[1]],
                _ => [self.wide(*arg)[0], false],
            },
            _ => SCALAR,
        }
    }

    /// The extents of the first array among some nodes of one shape.
    fn widest(&mut self, ids: &[NodeId]) -> Wide {
        ids.iter().map(|&id| self.wide(id)).find(|wide| *wide != SCALAR).unwrap_or(SCALAR)
    }
}
