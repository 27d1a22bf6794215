//! What holds of every node: that its references, arity and shapes are right, its shape and its free indices.
//!
//! In: a [`Derivation`], perhaps from a hostile file. Out: a [`Table`], or the first fault.
//! Left to others: values, rules. Work is proportional to the size of the file.

use crate::derivation::{Derivation, Index, IndexRole, symbol};
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

/// The functions of whole arrays that the format knows, with their least and greatest number of arguments.
pub const CALLS: &[(&str, usize, usize)] = &[
    ("tr", 1, 1),
    ("norm", 1, 2),
    ("normF", 1, 1),
    ("norm1", 1, 1),
    ("det", 1, 1),
    ("logdet", 1, 1),
    ("inv", 1, 1),
    ("adj", 1, 1),
    ("pinv", 1, 1),
    ("diag", 1, 1),
    ("vec", 1, 1),
    ("kron", 2, 2),
    ("outer", 2, 2),
    ("dot", 2, 2),
    ("cross", 2, 2),
    ("commutation", 2, 2),
    ("sym", 1, 1),
    ("skew", 1, 1),
    ("tril", 1, 1),
    ("triu", 1, 1),
    ("sum", 1, 2),
    ("mean", 1, 2),
    ("prod", 1, 2),
    ("softmax", 1, 2),
    ("logsumexp", 1, 2),
    ("e", 0, 0),
    ("pi", 0, 0),
];

/// The functions of scalars that the format knows; of an array they are taken entry by entry.
pub const FUNCTIONS: &[&str] = &[
    "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "abs", "sign", "relu", "step",
    "sigmoid", "softplus", "erf",
];

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
            Node::Eps { at } => free.extend(at),
            _ => {}
        }
        free.retain(|index| !derivation.indices.get(index.at()).is_some_and(is_literal));
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
            Node::Add { args } => {
                many(args)?;
                self.broadcast(args)?
            }
            Node::Hadamard { args } => {
                many(args)?;
                if args.iter().any(|arg| self.shape(*arg).is_empty()) {
                    return Err("has a scalar factor".into());
                }
                self.broadcast(args)?
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
            Node::Power { base, exponent } => self.broadcast(&[*base, *exponent])?,
            Node::Matpow { base, exponent } => {
                if *exponent < 2 {
                    return Err("the exponent must be at least 2".into());
                }
                self.square(*base)?;
                self.shape(*base).to_vec()
            }
            Node::Block { blocks } => self.block_shape(blocks)?,
            Node::Call { name, args } => self.call_shape(derivation, name, args)?,
            Node::Fn { name, .. } if !FUNCTIONS.contains(&name.as_str()) => {
                return Err(format!("unknown function `{name}`"));
            }
            Node::Fn { arg, .. } => self.shape(*arg).to_vec(),
            Node::Elem { .. }
            | Node::Array { .. }
            | Node::Delta { .. }
            | Node::Eps { .. }
            | Node::Sum { .. }
            | Node::Prod { .. }
            | Node::Partial { .. } => return self.index_shape(derivation, node),
        })
    }

    /// The one shape of some arguments; scalars among arrays broadcast.
    fn broadcast(&self, args: &[NodeId]) -> Result<Vec<Dim>, String> {
        let mut arrays = args.iter().map(|arg| self.shape(*arg)).filter(|shape| !shape.is_empty());
        let first = arrays.next().unwrap_or_default();
        if arrays.any(|shape| shape != first) {
            return Err("its arguments differ in shape".into());
        }
        Ok(first.to_vec())
    }

    /// The shape of a block matrix.
    fn block_shape(&self, blocks: &[Vec<NodeId>]) -> Result<Vec<Dim>, String> {
        let width = blocks.first().map_or(0, Vec::len);
        if width == 0 || blocks.iter().any(|row| row.len() != width) || blocks.len() * width < 2 {
            return Err("has no rows of as many blocks each, at least two in all".into());
        }
        let mut heights: Vec<Dim> = Vec::with_capacity(blocks.len());
        let mut widths: Vec<Dim> = Vec::with_capacity(width);
        for row in blocks {
            for (column, id) in row.iter().enumerate() {
                let (rows, cols) = rows_cols(self.shape(*id))?;
                if column == 0 {
                    heights.push(rows.clone());
                }
                if widths.len() <= column {
                    widths.push(cols.clone());
                }
                if heights.last() != Some(&rows) || widths[column] != cols {
                    return Err("its blocks differ in height or in width".into());
                }
            }
        }
        let sum = |dims: Vec<Dim>| {
            let mut dims = dims.into_iter();
            let first = dims.next().ok_or("has no blocks")?;
            dims.try_fold(first, |sum, dim| sum.plus(&dim)).ok_or("has a dimension that is too large")
        };
        Ok(shape_from(sum(heights)?, sum(widths)?))
    }

    fn call_shape(&self, derivation: &Derivation, name: &str, args: &[NodeId]) -> Result<Vec<Dim>, String> {
        match CALLS.iter().find(|(known, ..)| *known == name) {
            None => return Err(format!("unknown function `{name}`")),
            Some((_, least, most)) if args.len() < *least || args.len() > *most => {
                return Err(format!("`{name}` takes {least} to {most} arguments, not {}", args.len()));
            }
            Some(_) => {}
        }
        let Some(&first) = args.first() else { return Ok(vec![]) };
        if name == "commutation" {
            let sizes = args.iter().map(|arg| commuted(derivation, *arg)).collect::<Option<Vec<Dim>>>();
            let size = match sizes.as_deref() {
                Some([m, n]) => m.times(n),
                _ => None,
            };
            let size = size.ok_or("`commutation` takes two dimensions")?;
            return Ok(shape_from(size.clone(), size));
        }
        let shape = self.shape(first);
        let (rows, cols) = rows_cols(shape)?;
        let times = |a: &Dim, b: &Dim| a.times(b).ok_or_else(|| "has a dimension that is too large".to_string());
        let column = |id: NodeId| match self.shape(id) {
            [n] => Ok(n.clone()),
            _ => Err(format!("node {} must be a column", id.0)),
        };
        Ok(match (name, args) {
            ("tr" | "det" | "logdet", _) => {
                self.square(first)?;
                vec![]
            }
            ("inv" | "adj" | "sym" | "skew", _) => {
                self.square(first)?;
                shape.to_vec()
            }
            ("pinv", _) => shape_from(cols, rows),
            ("tril" | "triu", _) => shape.to_vec(),
            ("diag", _) if shape.len() == 1 => shape_from(rows.clone(), rows),
            ("diag", _) => {
                self.square(first)?;
                shape_from(rows, Dim::one())
            }
            ("vec", _) => shape_from(times(&rows, &cols)?, Dim::one()),
            ("kron", &[_, second]) => {
                let (r, c) = rows_cols(self.shape(second))?;
                shape_from(times(&rows, &r)?, times(&cols, &c)?)
            }
            ("outer", &[_, second]) => shape_from(column(first)?, column(second)?),
            ("dot" | "cross", &[_, second]) => {
                if column(first)? != column(second)? {
                    return Err("its arguments differ in shape".into());
                }
                match name {
                    "dot" => vec![],
                    _ if rows.0 == "3" => shape.to_vec(),
                    _ => return Err("`cross` takes vectors of three entries".into()),
                }
            }
            ("softmax", _) => {
                self.along(derivation, args)?;
                shape.to_vec()
            }
            (_, [_, _]) => match self.along(derivation, args)? {
                1 => shape_from(Dim::one(), cols),
                _ => shape_from(rows, Dim::one()),
            },
            _ => vec![],
        })
    }

    /// What a reduction runs over: 1, the rows; 2, the columns; 0 when it is not said, every entry.
    fn along(&self, derivation: &Derivation, args: &[NodeId]) -> Result<u8, String> {
        match args.get(1).map(|second| &derivation.nodes[second.at()]) {
            None => Ok(0),
            Some(Node::Number { value }) if value.0 == "1" => Ok(1),
            Some(Node::Number { value }) if value.0 == "2" => Ok(2),
            Some(_) => Err("the second argument of a reduction is 1 or 2".into()),
        }
    }

    /// The shape of a node with indices of its own: a scalar, or the array over them.
    fn index_shape(&self, derivation: &Derivation, node: &Node) -> Result<Vec<Dim>, String> {
        let dim_of = |index: &IndexId| match derivation.indices.get(index.at()) {
            Some(record) => in_range(record).map(|()| record.dim.clone()),
            None => Err(format!("unknown index {}", index.0)),
        };
        if node.bound().iter().any(|index| derivation.indices.get(index.at()).is_some_and(is_literal)) {
            return Err("binds a literal index".into());
        }
        Ok(match node {
            Node::Elem { of, at } => {
                if self.shape(*of).is_empty() {
                    return Err("is an element of a scalar".into());
                }
                let given = at.iter().map(dim_of).collect::<Result<Vec<_>, _>>()?;
                group(self.shape(*of), &given)?;
                vec![]
            }
            Node::Array { over, rows, body } => {
                self.scalar(*body)?;
                distinct(over)?;
                if over.is_empty() || usize::from(*rows) > over.len() {
                    return Err("an array has rows and columns over its indices".into());
                }
                let dims = over.iter().map(dim_of).collect::<Result<Vec<_>, _>>()?;
                let (rows, cols) = dims.split_at(usize::from(*rows));
                let product = |dims: &[Dim]| {
                    dims.iter()
                        .try_fold(Dim::one(), |product, dim| product.times(dim))
                        .ok_or("has too large a dimension")
                };
                shape_from(product(rows)?, product(cols)?)
            }
            Node::Delta { at: [i, j] } => {
                if dim_of(i)? != dim_of(j)? {
                    return Err("its two indices differ in dimension".into());
                }
                vec![]
            }
            Node::Eps { at } => {
                if at.iter().any(|index| dim_of(index).is_ok_and(|dim| dim.0 != "3")) {
                    return Err("its indices are of dimension 3".into());
                }
                at.iter().try_for_each(|index| dim_of(index).map(drop))?;
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

/// How many of the given indices each dimension of a shape takes: as many as multiply to it, the first ones first.
/// A dimension that is 1 takes none.
///
/// # Errors
/// Dimensions that do not multiply to those of the shape.
pub fn group(shape: &[Dim], given: &[Dim]) -> Result<Vec<usize>, String> {
    let mut rest = given;
    let mut counts = Vec::with_capacity(shape.len());
    for dim in shape {
        let (mut product, mut count) = (Dim::one(), 0);
        while product != *dim {
            let (next, others) = rest.split_first().ok_or("has too few indices, or one of the wrong dimension")?;
            product = product.times(next).ok_or("has a dimension that is too large")?;
            count += 1;
            rest = others;
        }
        counts.push(count);
    }
    if rest.is_empty() { Ok(counts) } else { Err("has too many indices, or one of the wrong dimension".into()) }
}

fn is_literal(index: &Index) -> bool {
    index.role == IndexRole::Literal
}

/// A literal index names a position, which a dimension that is a number has.
fn in_range(index: &Index) -> Result<(), String> {
    let fits = |position| index.dim.0.parse::<u64>().map_or(true, |size| position <= size);
    match is_literal(index) && !index.position().is_some_and(fits) {
        true => Err(format!("the index `{}` is no position of its dimension", index.name)),
        false => Ok(()),
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

/// The dimension that an argument of a commutation matrix is.
pub fn commuted(derivation: &Derivation, number: NodeId) -> Option<Dim> {
    match derivation.nodes.get(number.at())? {
        Node::Size { dim } => Some(dim.clone()),
        Node::Number { value } => {
            value.0.parse::<u64>().ok().filter(|size| *size > 0).map(|size| Dim(size.to_string()))
        }
        _ => None,
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
