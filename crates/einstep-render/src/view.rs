//! A line that is not in the table as one node: a line with a part of it exchanged.
//!
//! In: a line, a path, what stands there instead, and so on inwards. Out: places, from which one walks to children.
//! Left to others: what stands at a place.

use crate::marks::Marks;
use einstep_trace::{Derivation, Node, NodeId, Path};

/// A node in which the part at a path is exchanged for the next layer, and so on, down to the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    layers: Vec<(NodeId, Path)>,
    core: NodeId,
}

impl View {
    /// A node as it is.
    pub(crate) fn of(core: NodeId) -> View {
        View { layers: vec![], core }
    }

    /// A node inside surroundings.
    pub(crate) fn inside(layers: &[(NodeId, Path)], core: NodeId) -> View {
        View { layers: layers.to_vec(), core }
    }

    /// The outermost place.
    pub(crate) fn root<'a>(&'a self, marks: Option<&'a Marks>) -> Place<'a> {
        Place { node: NodeId(u32::MAX), marks, bare: false, rest: &self.layers, path: &[], core: Some(self.core) }
            .settle()
    }

    /// The node at the outermost place.
    pub(crate) fn outermost(&self) -> NodeId {
        self.root(None).node
    }
}

/// A place in a view: the node there, the marks there, and what is still to be exchanged below.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The node that stands here.
    pub(crate) node: NodeId,
    /// The marks here and below.
    marks: Option<&'a Marks>,
    /// Whether the marks here are left out.
    bare: bool,
    /// Layers that are not yet reached.
    rest: &'a [(NodeId, Path)],
    /// The way to the next layer.
    path: &'a [u32],
    /// The core, while it lies at or below this place.
    core: Option<NodeId>,
}

impl<'a> Place<'a> {
    /// A node without marks.
    pub(crate) fn plain(node: NodeId) -> Place<'static> {
        Place { node, marks: None, bare: false, rest: &[], path: &[], core: None }
    }

    /// The same place; the marks below it are kept, its own are left to the caller.
    pub(crate) fn without_own_marks(self) -> Place<'a> {
        Place { bare: true, ..self }
    }

    /// The marks of this place.
    pub(crate) fn own_marks(&self) -> Option<&'a Marks> {
        if self.bare { None } else { self.marks }
    }

    /// Whether it has no marks of its own.
    pub(crate) fn is_unmarked(&self) -> bool {
        self.own_marks().is_none_or(Marks::is_empty)
    }

    /// The node here, if it is in the table.
    pub(crate) fn get<'d>(&self, derivation: &'d Derivation) -> Option<&'d Node> {
        derivation.nodes.get(self.node.at())
    }

    /// The place of a child.
    pub(crate) fn child(&self, position: usize, node: NodeId) -> Place<'a> {
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        let marks = self.marks.and_then(|marks| marks.child(position));
        match self.path.split_first() {
            Some((first, path)) if *first == position && self.core.is_some() => {
                Place { node, marks, bare: false, rest: self.rest, path, core: self.core }.settle()
            }
            _ => Place { marks, ..Place::plain(node) },
        }
    }

    /// Goes on to the next layer where the way to it has been walked.
    fn settle(mut self) -> Place<'a> {
        while self.path.is_empty() {
            match (self.rest.split_first(), self.core) {
                (Some((layer, rest)), Some(_)) => {
                    self.node = layer.0;
                    self.path = &layer.1;
                    self.rest = rest;
                }
                (None, Some(core)) => {
                    self.node = core;
                    self.core = None;
                    return self;
                }
                (_, None) => return self,
            }
        }
        self
    }
}
