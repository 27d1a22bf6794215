//! What holds of every node: that its references, arity and shapes are right, its shape and its free indices.
//!
//! In: a [`Derivation`], perhaps from a hostile file. Out: a [`Table`], or the first fault.
//! Left to others: values, rules. Work is proportional to the size of the file.

use crate::derivation::{Derivation, symbol};
use crate::dim::Dim;
use crate::node::{IndexId, Node, NodeId};
use std::fmt;

/// The shape and the free indices of every node of a derivation.
#[derive(Debug, Clone)]
pub struct Table {
    facts: Vec<Facts>,
}

#[derive(Debug, Clone)]
struct Facts {
    shape: Vec<Dim>,
    free: Vec<IndexId>,
}

/// Why a node table can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The node at fault.
    pub node: NodeId,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}: {}", self.node.0, self.what)
    }
}

impl std::error::Error for TableError {}

/// The functions of whole matrices that the format knows, with their number of arguments.
pub const CALLS: &[(&str, usize)] = &[("tr", 1), ("norm", 1), ("normF", 1)];

impl Table {
    /// Reads the node table of a derivation.
    ///
    /// # Errors
    /// The first node with a forward reference, an unknown name, a wrong arity, or shapes that do not fit.
    pub fn read(derivation: &Derivation) -> Result<Table, TableError> {
        let mut table = Table { facts: Vec::with_capacity(derivation.nodes.len()) };
        for (position, node) in derivation.nodes.iter().enumerate() {
            let id = NodeId(u32::try_from(position).unwrap_or(u32::MAX));
            let facts = table.facts_of(derivation, id, node).map_err(|what| TableError { node: id, what })?;
            table.facts.push(facts);
        }
        Ok(table)
    }

    /// Whether a node id is in the table.
    pub fn contains(&self, id: NodeId) -> bool {
        id.at() < self.facts.len()
    }

    /// The shape: `[]` a scalar, `[n]` a column, `[1,n]` a row, `[m,n]` a matrix.
    pub fn shape(&self, id: NodeId) -> &[Dim] {
        &self.facts[id.at()].shape
    }

    /// The free indices in order of their numbers.
    pub fn free(&self, id: NodeId) -> &[IndexId] {
        &self.facts[id.at()].free
    }

    fn facts_of(&self, derivation: &Derivation, id: NodeId, node: &Node) -> Result<Facts, String> {
        let children = node.children();
        if children.iter().any(|child| child.0 >= id.0) {
            return Err("refers to a node that does not stand before it".into());
        }
        let shape = self.shape_of(derivation, node)?;
        let mut free: Vec<IndexId> = children.iter().flat_map(|&child| self.free(child)).copied().collect();
        free.retain(|index| !node.bound().contains(index));
        match node {
            Node::Elem { at, .. } => free.extend(at),
            Node::Delta { at } => free.extend(at),
            _ => {}
        }
        free.sort_unstable();
        free.dedup();
        Ok(Facts { shape, free })
    }

    fn scalar(&self, id: NodeId) -> Result<(), String> {
        match self.shape(id) {
            [] => Ok(()),
            _ => Err(format!("node {} must be a scalar", id.0)),
        }
    }

    /// The shape of a matrix expression, or of an index expression, which is a scalar.
    fn shape_of(&self, derivation: &Derivation, node: &Node) -> Result<Vec<Dim>, String> {
        let many = |args: &[NodeId]| if args.len() < 2 { Err("needs at least two arguments") } else { Ok(()) };
        Ok(match node {
            Node::Number { value } => {
                value.parts().ok_or_else(|| format!("`{}` is not a rational in lowest terms", value.0))?;
                vec![]
            }
            Node::Size { dim } => {
                known(dim)?;
                vec![]
            }
            Node::Symbol { symbol: id } => {
                let symbol = symbol(derivation, *id).ok_or_else(|| format!("unknown symbol {}", id.0))?;
                symbol.shape.iter().try_for_each(known)?;
                symbol.shape.clone()
            }
            Node::Identity { dim } => {
                known(dim)?;
                shape_from(dim.clone(), dim.clone())
            }
            Node::Ones { shape } | Node::Zeros { shape } => {
                shape.iter().try_for_each(known)?;
                let (rows, cols) = rows_cols(shape)?;
                shape_from(rows, cols)
            }
            Node::Add { args } | Node::Hadamard { args } => {
                many(args)?;
                let first = self.shape(args[0]);
                if args.iter().any(|arg| self.shape(*arg) != first) {
                    return Err("its arguments differ in shape".into());
                }
                first.to_vec()
            }
            Node::Mul { args } => {
                many(args)?;
                args[..args.len() - 1].iter().try_for_each(|&arg| self.scalar(arg))?;
                self.shape(args[args.len() - 1]).to_vec()
            }
            Node::Matmul { args } => {
                many(args)?;
                if args.iter().any(|arg| self.shape(*arg).is_empty()) {
                    return Err("has a scalar factor".into());
                }
                let (rows, mut inner) = rows_cols(self.shape(args[0]))?;
                for arg in &args[1..] {
                    let (r, c) = rows_cols(self.shape(*arg))?;
                    if r != inner {
                        return Err(format!("its inner dimensions {} and {} differ", inner.0, r.0));
                    }
                    inner = c;
                }
                shape_from(rows, inner)
            }
            Node::Transpose { arg } => {
                let (rows, cols) = rows_cols(self.shape(*arg))?;
                shape_from(cols, rows)
            }
            Node::Power { base, exponent } => {
                self.scalar(*base)?;
                self.scalar(*exponent)?;
                vec![]
            }
            Node::Matpow { base, exponent } => {
                if *exponent < 2 {
                    return Err("the exponent must be at least 2".into());
                }
                self.square(*base)?;
                self.shape(*base).to_vec()
            }
            Node::Call { name, args } => {
                let arity = CALLS.iter().find(|(known, _)| known == name).map(|(_, arity)| *arity);
                match arity {
                    None => return Err(format!("unknown function `{name}`")),
                    Some(arity) if arity != args.len() => {
                        return Err(format!("`{name}` takes {arity}, not {}", args.len()));
                    }
                    Some(_) => {}
                }
                if name == "tr" {
                    self.square(args[0])?;
                }
                vec![]
            }
            Node::Fn { name, .. } => return Err(format!("unknown function `{name}`")),
            Node::Elem { .. }
            | Node::Array { .. }
            | Node::Delta { .. }
            | Node::Sum { .. }
            | Node::Prod { .. }
            | Node::Partial { .. } => return self.index_shape(derivation, node),
        })
    }

    /// The shape of a node with indices of its own: a scalar, or the array over them.
    fn index_shape(&self, derivation: &Derivation, node: &Node) -> Result<Vec<Dim>, String> {
        let dim_of = |index: &IndexId| match derivation.indices.get(index.at()) {
            Some(record) => Ok(record.dim.clone()),
            None => Err(format!("unknown index {}", index.0)),
        };
        Ok(match node {
            Node::Elem { of, at } => {
                let dims: Vec<&Dim> = self.shape(*of).iter().filter(|dim| !dim.is_one()).collect();
                if dims.len() != at.len() {
                    return Err(format!("has {1} of {0} indices", dims.len(), at.len()));
                }
                if dims.is_empty() {
                    return Err("is an element of a scalar".into());
                }
                for (dim, index) in dims.into_iter().zip(at) {
                    if *dim != dim_of(index)? {
                        return Err("has an index of the wrong dimension".into());
                    }
                }
                vec![]
            }
            Node::Array { over, body } => {
                self.scalar(*body)?;
                distinct(over)?;
                match over.as_slice() {
                    [row] => shape_from(dim_of(row)?, Dim::one()),
                    [row, col] => shape_from(dim_of(row)?, dim_of(col)?),
                    _ => return Err("an array has one or two indices".into()),
                }
            }
            Node::Delta { at: [i, j] } => {
                if dim_of(i)? != dim_of(j)? {
                    return Err("its two indices differ in dimension".into());
                }
                vec![]
            }
            Node::Sum { over, body } | Node::Prod { over, body } => {
                self.scalar(*body)?;
                distinct(over)?;
                if over.is_empty() {
                    return Err("binds no index".into());
                }
                over.iter().try_for_each(|index| dim_of(index).map(drop))?;
                vec![]
            }
            Node::Partial { body, by, .. } => {
                self.scalar(*body)?;
                self.scalar(*by)?;
                let symbol = match &derivation.nodes[by.at()] {
                    Node::Elem { of, .. } => *of,
                    _ => *by,
                };
                if !matches!(derivation.nodes[symbol.at()], Node::Symbol { .. }) {
                    return Err("is a derivative by something that is no element of a symbol".into());
                }
                vec![]
            }
            _ => vec![],
        })
    }

    fn square(&self, id: NodeId) -> Result<(), String> {
        let (rows, cols) = rows_cols(self.shape(id))?;
        if rows == cols { Ok(()) } else { Err(format!("needs a square matrix, not {}×{}", rows.0, cols.0)) }
    }
}

fn known(dim: &Dim) -> Result<(), String> {
    dim.terms().map(drop).ok_or_else(|| format!("`{}` is not a dimension", dim.0))
}

fn distinct(over: &[IndexId]) -> Result<(), String> {
    let repeated = over.iter().enumerate().any(|(k, index)| over[..k].contains(index));
    if repeated { Err("binds one index twice".into()) } else { Ok(()) }
}

/// The numbers of rows and columns of a shape.
///
/// # Errors
/// A shape of more than two dimensions.
pub fn rows_cols(shape: &[Dim]) -> Result<(Dim, Dim), String> {
    match shape {
        [] => Ok((Dim::one(), Dim::one())),
        [n] => Ok((n.clone(), Dim::one())),
        [m, n] => Ok((m.clone(), n.clone())),
        _ => Err("has more than two dimensions".into()),
    }
}

/// The shape with the given numbers of rows and columns: dimensions that are 1 have no place in it, except in a row.
pub fn shape_from(rows: Dim, cols: Dim) -> Vec<Dim> {
    match (rows.is_one(), cols.is_one()) {
        (true, true) => vec![],
        (false, true) => vec![rows],
        _ => vec![rows, cols],
    }
}
