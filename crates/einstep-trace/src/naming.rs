//! Names for subexpressions that make an answer much shorter to read: `2*A'*t0 where t0 = A*x - b`.
//!
//! In: a derivation with an answer. Out: which of its nodes get a name. Left to others: how definitions are printed. The
//! answer is a graph in which every expression stands once; what is read is the tree that it unfolds to, so expressions
//! are counted as they are met in reading. One after the other, that expression is named which saves most.

use crate::derivation::{Derivation, Named};
use crate::node::{Node, NodeId};
use crate::table::Table;
use crate::text::Texts;
use einstep_syntax::size;

/// The greatest number of names.
const MAX_NAMES: usize = 26;
/// The smallest expression that is named.
const LEAST_SIZE: u64 = 4;
/// What a definition needs beside the expression: its name and the equality sign.
const DEFINITION: u64 = 2;

/// Names for expressions in the answer, each of which may use the earlier ones; none where they would not make what is
/// printed, definitions included, at most half as long.
pub fn names(derivation: &Derivation, table: &Table) -> Vec<Named> {
    let root = derivation.result.node;
    if !table.contains(root) {
        return Vec::new();
    }
    let mut tree = Tree::of(derivation, table, root);
    while tree.named.len() < MAX_NAMES && tree.name_best() {}
    let named = std::mem::take(&mut tree.named);
    let Some(stem) = stem(derivation) else { return Vec::new() };
    let names: Vec<Named> =
        named.into_iter().enumerate().map(|(k, node)| Named { name: format!("{stem}{k}"), node }).collect();
    let whole = Texts::new(derivation).syntax(root).map_or(usize::MAX, |expr| size(&expr));
    let short = printed(derivation, root, &names);
    if short.is_some_and(|short| short <= whole / 2) { names } else { Vec::new() }
}

/// How much is to be read with names.
fn printed(derivation: &Derivation, root: NodeId, names: &[Named]) -> Option<usize> {
    let mut texts = Texts::with_names(derivation, names);
    let mut read = |node: NodeId| texts.syntax(node).map(|expr| size(&expr));
    let definitions = names.iter().map(|named| Some(read(named.node)? + DEFINITION as usize)).sum::<Option<usize>>()?;
    Some(definitions + read(root)?)
}

/// A letter that begins no name of the derivation.
fn stem(derivation: &Derivation) -> Option<char> {
    let symbols = derivation.symbols.iter().map(|symbol| &symbol.name);
    let dims = derivation.dims.iter().map(|dim| &dim.name);
    let indices = derivation.indices.iter().map(|index| &index.name);
    let taken: Vec<&String> = symbols.chain(dims).chain(indices).collect();
    "tszuhgqwrvfbcadmnklpxyeTSZ".chars().find(|&letter| !taken.iter().any(|name| name.starts_with(letter)))
}

/// The nodes of an answer, how long each is to read and how often it is met.
struct Tree<'a> {
    derivation: &'a Derivation,
    table: &'a Table,
    root: NodeId,
    /// The nodes below the root and the root itself, children before parents.
    nodes: Vec<NodeId>,
    /// The nodes with names, in order.
    named: Vec<NodeId>,
    sizes: Vec<u64>,
    met: Vec<u64>,
}

impl<'a> Tree<'a> {
    fn of(derivation: &'a Derivation, table: &'a Table, root: NodeId) -> Tree<'a> {
        let mut below = vec![false; root.at() + 1];
        below[root.at()] = true;
        for position in (0..=root.at()).rev() {
            if below[position] {
                for child in derivation.nodes[position].children() {
                    below[child.at()] = true;
                }
            }
        }
        let nodes = (0..=root.0).map(NodeId).filter(|id| below[id.at()]).collect();
        let count = root.at() + 1;
        Tree { derivation, table, root, nodes, named: Vec::new(), sizes: vec![0; count], met: vec![0; count] }
    }

    /// Names the expression that saves most, if one saves anything.
    fn name_best(&mut self) -> bool {
        self.count();
        let gain = |&&id: &&NodeId| {
            let (size, met) = (self.sizes[id.at()], self.met[id.at()]);
            let saved = met.saturating_sub(1).saturating_mul(size.saturating_sub(1));
            saved.checked_sub(DEFINITION + 1).filter(|gain| *gain > 0 && size >= LEAST_SIZE)
        };
        let candidates = self.nodes.iter().filter(|id| self.can_be_named(**id));
        // Of equal ones the smaller, which stands earlier.
        let best = candidates.filter_map(|id| Some((gain(&id)?, std::cmp::Reverse(*id)))).max();
        let Some((_, std::cmp::Reverse(best))) = best else { return false };
        let position = self.named.partition_point(|&other| other < best);
        self.named.insert(position, best);
        true
    }

    /// Whether a node is an expression of its own to a reader, with no index of what stands around it.
    fn can_be_named(&self, id: NodeId) -> bool {
        let whole = match &self.derivation.nodes[id.at()] {
            Node::Add { .. } | Node::Matmul { .. } | Node::Hadamard { .. } | Node::Matpow { .. } | Node::Fn { .. } => {
                true
            }
            Node::Call { args, .. } => !args.is_empty(),
            // A sign or a coefficient belongs to what stands around the product.
            Node::Mul { args } => !args.iter().any(|&arg| self.is_number(arg)),
            // So does a fraction bar.
            Node::Power { exponent, .. } => !self.is_negative(*exponent),
            _ => false,
        };
        whole && id != self.root && !self.named.contains(&id) && self.table.free(id).is_empty()
    }

    fn is_number(&self, id: NodeId) -> bool {
        matches!(self.derivation.nodes[id.at()], Node::Number { .. })
    }

    fn is_negative(&self, id: NodeId) -> bool {
        match &self.derivation.nodes[id.at()] {
            Node::Number { value } => value.parts().is_some_and(|(negative, ..)| negative),
            _ => false,
        }
    }

    /// How long every node is, and how often it is met, with the names given so far.
    fn count(&mut self) {
        for &id in &self.nodes {
            let node = &self.derivation.nodes[id.at()];
            let size_of = |child: &NodeId| if self.named.contains(child) { 1 } else { self.sizes[child.at()] };
            let children = node.children();
            let all = children.iter().map(size_of).fold(0, u64::saturating_add);
            let own = match node {
                Node::Add { .. } | Node::Mul { .. } | Node::Matmul { .. } | Node::Hadamard { .. } => {
                    children.len().saturating_sub(1)
                }
                Node::Elem { at, .. } => at.len(),
                Node::Sum { over, .. } | Node::Prod { over, .. } | Node::Array { over, .. } => over.len() + 1,
                Node::Matpow { .. } => 2,
                _ => 1,
            };
            self.sizes[id.at()] = all.saturating_add(own as u64);
        }
        self.met.fill(0);
        self.met[self.root.at()] = 1;
        for &id in self.nodes.iter().rev() {
            // A definition is read once.
            let times = if self.named.contains(&id) { 1 } else { self.met[id.at()] };
            for child in self.derivation.nodes[id.at()].children() {
                self.met[child.at()] = self.met[child.at()].saturating_add(times);
            }
        }
    }
}
