//! Nodes of a derivation as terms.
//!
//! In: a node. Out: its [`Term`]. Left to others: statements (`patterns`).

use crate::eval::rational;
use crate::instance::room::{Room, too_large};
use crate::instance::term::{Form, MAX_HEIGHT, Slot, Term, array_function, scalar_function};
use crate::meter::Trouble;
use einstep_trace::{IndexId, Node, NodeId};

/// The greatest number of nodes of a tree.
const MAX_TREE: u64 = 1 << 18;

impl Room<'_> {
    /// A node as a term.
    pub(crate) fn term(&mut self, id: NodeId) -> Form<Term> {
        let mut left = MAX_TREE;
        self.read(id, MAX_HEIGHT, &mut left)
    }

    fn read(&mut self, id: NodeId, height: usize, left: &mut u64) -> Form<Term> {
        self.meter.spend(1)?;
        let (Some(height), Some(rest)) = (height.checked_sub(1), left.checked_sub(1)) else {
            return Err(too_large());
        };
        *left = rest;
        let derivation = self.derivation;
        let unknown = |name: &str| Trouble::Declined(format!("the function `{name}` is not known"));
        Ok(match &derivation.nodes[id.at()] {
            Node::Number { value } => Term::Number(rational(value)?),
            Node::Size { dim } => self.count(self.extent(dim)),
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
            Node::Hadamard { args } => Term::hadamard(self.read_all(args, height, left)?),
            // A transpose of a transpose stays: a rule may be what removes it.
            Node::Transpose { arg } => Term::Transpose(Box::new(self.read(*arg, height, left)?)),
            Node::Power { base, exponent } => {
                Term::power(self.read(*base, height, left)?, self.read(*exponent, height, left)?)
            }
            Node::Matpow { base, exponent } => Term::Matpow(Box::new(self.read(*base, height, left)?), *exponent),
            Node::Block { blocks } => {
                let width = blocks.first().map_or(1, Vec::len);
                Term::Block(width, self.read_all(&blocks.concat(), height, left)?)
            }
            Node::Call { name, args } => {
                let name = array_function(name).ok_or_else(|| unknown(name))?;
                Term::Call(name, self.read_all(args, height, left)?)
            }
            Node::Fn { name, arg } => {
                let name = scalar_function(name).ok_or_else(|| unknown(name))?;
                Term::Apply(name, Box::new(self.read(*arg, height, left)?))
            }
            Node::Elem { of, at } => {
                let at = self.slots(*of, at)?;
                let of = self.read(*of, height, left)?;
                self.elem(of, at)
            }
            Node::Array { over, rows, body } => {
                let (rows, cols) = over.split_at(usize::from(*rows).min(over.len()));
                let body = Box::new(self.read(*body, height, left)?);
                match rows {
                    // A row is the transpose of a column.
                    [] => Term::Transpose(Box::new(Term::Array([indices(cols), vec![]], body))),
                    _ => Term::Array([indices(rows), indices(cols)], body),
                }
            }
            Node::Delta { at } => Term::Delta(at.map(|index| vec![index.0])),
            Node::Eps { at } => Term::Eps(indices(at)),
            Node::Sum { over, body } => {
                let body = self.read(*body, height, left)?;
                self.sum(indices(over), body)?
            }
            Node::Prod { over, body } => Term::Prod(indices(over), Box::new(self.read(*body, height, left)?)),
            Node::Partial { body, by, .. } => {
                Term::Partial(Box::new([self.read(*body, height, left)?, self.read(*by, height, left)?]))
            }
        })
    }

    fn read_all(&mut self, ids: &[NodeId], height: usize, left: &mut u64) -> Form<Vec<Term>> {
        ids.iter().map(|id| self.read(*id, height, left)).collect()
    }

    /// The indices of an element at the slots of its array.
    fn slots(&self, of: NodeId, at: &[IndexId]) -> Form<[Slot; 2]> {
        let shape = self.shape_of(self.table.shape(of));
        let groups = self.grouped(&indices(at), &shape).and_then(|groups| groups.try_into().ok());
        groups.ok_or_else(|| Trouble::Declined("an element does not have the indices of its array".into()))
    }
}

fn indices(at: &[IndexId]) -> Slot {
    at.iter().map(|index| index.0).collect()
}
