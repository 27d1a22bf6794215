//! Nodes of a derivation to notation.
//!
//! In: a place in a line, with its marks. Out: a [`Notation`] tree, of bounded size: a table can unfold to something
//! exponentially larger than itself. Left to others: lines, sections, formats.

mod arrays;
mod product;

use crate::names::Names;
use crate::notation::{BigKind, BigSign, Joint, Level, Notation, Style};
use crate::unsigned::unsigned;
use crate::view::{Place, View};
use einstep_trace::{Derivation, Dim, IndexId, Named, Node, NodeId, SymbolId, Table};
use std::collections::BTreeMap;

/// The greatest number of nodes of one line; what is beyond is shown as `…`.
const MAX_NODES: usize = 20_000;
/// The greatest depth of one line.
const MAX_DEPTH: usize = 96;

/// Makes notation from the nodes of one derivation.
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    pub(crate) derivation: &'a Derivation,
    table: &'a Table,
    pub(crate) names: Names,
    /// What is written for a node wherever it occurs inside another.
    called: BTreeMap<NodeId, Notation>,
    /// The letter that stands for the value of the question where it is too long.
    pub(crate) letter: Option<Notation>,
    /// What is written for an index instead of its letter, in the entries of a drawn array.
    literals: BTreeMap<IndexId, Notation>,
    left: usize,
    depth: usize,
}

impl<'a> Builder<'a> {
    /// The table must be that of the derivation.
    pub(crate) fn new(derivation: &'a Derivation, table: &'a Table) -> Builder<'a> {
        let names = Names::of(derivation);
        Builder {
            derivation,
            table,
            names,
            called: BTreeMap::new(),
            letter: None,
            literals: BTreeMap::new(),
            left: 0,
            depth: 0,
        }
    }

    /// The notation of a node.
    pub(crate) fn node(&mut self, node: NodeId) -> Notation {
        self.line(Place::plain(node))
    }

    /// The notation of a node in which others are called by their names.
    pub(crate) fn with_names(&mut self, node: NodeId, names: &[Named]) -> Notation {
        let others = names.iter().filter(|named| named.node != node);
        self.called = others.map(|named| (named.node, Notation::name(&named.name))).collect();
        let notation = self.node(node);
        self.called.clear();
        notation
    }

    /// The notation of a view, with marks.
    pub(crate) fn line(&mut self, place: Place<'_>) -> Notation {
        self.left = MAX_NODES;
        self.depth = 0;
        let notation = self.at(place, true);
        if self.derivation.problem.notation.is_explicit() { notation } else { unsigned(notation) }
    }

    /// The entry of the array at the root of a view and the labels of its slots; `None` where no array is at the root.
    pub(crate) fn entry<'v>(
        &self,
        view: &'v View,
        marks: Option<&'v crate::marks::Marks>,
    ) -> Option<(Vec<Notation>, Place<'v>)> {
        let root = view.root(marks);
        match root.get(self.derivation) {
            Some(Node::Array { over, rows, body }) => Some((self.sides(over, *rows), root.child(0, *body))),
            _ => None,
        }
    }

    /// The notation of a node with other signs in place of some indices.
    pub(crate) fn with_literals(&mut self, node: NodeId, literals: BTreeMap<IndexId, Notation>) -> Notation {
        self.literals = literals;
        let notation = self.node(node);
        self.literals.clear();
        notation
    }

    /// The letter of an index.
    pub(crate) fn index(&self, id: IndexId) -> Notation {
        if let Some(literal) = self.literals.get(&id) {
            return literal.clone();
        }
        match self.derivation.indices.get(id.at()) {
            Some(index) => Notation::name(&index.name),
            None => Notation::Cut,
        }
    }

    /// The dimension of an index.
    pub(crate) fn dim_of(&self, id: IndexId) -> Notation {
        self.derivation.indices.get(id.at()).map_or(Notation::Cut, |index| dim(&index.dim))
    }

    /// The letter of a symbol.
    pub(crate) fn symbol(&self, id: SymbolId) -> Notation {
        Notation::Name(self.names.symbol(id))
    }

    /// What a derivative is taken by: an element of a symbol, or a scalar symbol.
    pub(crate) fn symbol_of(&self, by: NodeId) -> Option<SymbolId> {
        match self.derivation.nodes.get(by.at())? {
            Node::Elem { of, .. } => match self.derivation.nodes.get(of.at())? {
                Node::Symbol { symbol } => Some(*symbol),
                _ => None,
            },
            Node::Symbol { symbol } => Some(*symbol),
            _ => None,
        }
    }

    /// The notation of a place; `open` where nothing follows it that it could take in by mistake.
    fn at(&mut self, place: Place<'_>, open: bool) -> Notation {
        if self.left == 0 || self.depth >= MAX_DEPTH {
            return Notation::Cut;
        }
        if let Some(name) = self.called.get(&place.node) {
            return name.clone();
        }
        self.left -= 1;
        self.depth += 1;
        let notation = self.unmarked(place, open);
        self.depth -= 1;
        self.dressed(place, notation)
    }

    /// The notation with the marks of its place around it.
    fn dressed(&self, place: Place<'_>, mut notation: Notation) -> Notation {
        let Some(marks) = place.own_marks() else {
            return notation;
        };
        if marks.held() {
            notation = Notation::Bar(Box::new(notation));
        }
        let style = match marks.style() {
            None if marks.operator() && !matches!(notation.bare(), Notation::Operator(..)) => Some(Style::Changed),
            style => style,
        };
        let made = marks.made().then_some(Style::Made);
        let styles = [style, made].into_iter().flatten();
        styles.fold(notation, |notation, style| Notation::Marked(style, Box::new(notation)))
    }

    fn children(&mut self, place: Place<'_>, args: &[NodeId]) -> Vec<Notation> {
        let last = args.len().saturating_sub(1);
        args.iter().enumerate().map(|(k, arg)| self.at(place.child(k, *arg), k == last)).collect()
    }

    fn unmarked(&mut self, place: Place<'_>, open: bool) -> Notation {
        let derivation = self.derivation;
        let Some(node) = place.get(derivation) else {
            return Notation::Cut;
        };
        match node {
            Node::Number { .. } | Node::Mul { .. } => self.quotient(place, open),
            Node::Power { base, exponent } => self.power_node(place, *base, *exponent, open),
            Node::Size { dim: size } => dim(size),
            Node::Symbol { symbol } => self.symbol(*symbol),
            Node::Identity { dim: size } => {
                let is_sized = self.names.identity_is_taken || size.is_composed();
                Notation::Identity(is_sized.then(|| Box::new(dim(size))))
            }
            Node::Ones { shape } => constant('1', shape),
            Node::Zeros { shape } => constant('0', shape),
            Node::Add { args } => {
                let mut terms: Vec<(bool, Notation)> = self.children(place, args).into_iter().map(split_sign).collect();
                if !self.literals.is_empty() {
                    terms.retain(|(_, term)| *term != zero());
                }
                match terms.as_slice() {
                    [] => zero(),
                    [(negative, term)] => term.clone().signed(*negative),
                    _ => Notation::Terms(terms),
                }
            }
            Node::Matmul { args } => self.matmul(place, args),
            Node::Hadamard { args } => self.hadamard(place, args),
            Node::Transpose { arg } => self.transpose(place, *arg),
            Node::Matpow { base, exponent } => self.matrix_power(place, *base, *exponent),
            Node::Block { blocks } => self.grid(place, blocks),
            Node::Call { name, args } => self.call(place, name, args),
            Node::Fn { name, arg } => self.function(place, name, *arg),
            Node::Elem { of, at } => self.element(place.child(0, *of), at),
            Node::Delta { at } => match self.known_delta(at) {
                Some(equal) => Notation::number(u64::from(equal)),
                None => Notation::Script(Box::new(Notation::Delta), self.labels(at)),
            },
            Node::Eps { at } => Notation::Script(Box::new(Notation::Levi), self.labels(at)),
            Node::Array { over, rows, body } => {
                let body = self.at(place.child(0, *body), true);
                Notation::Script(Box::new(Notation::Bracket(Box::new(body))), self.sides(over, *rows))
            }
            Node::Sum { over, body } => self.big(BigKind::Sum, place, over, *body),
            Node::Prod { over, body } => self.big(BigKind::Product, place, over, *body),
            Node::Partial { body, by, .. } => self.partial(place, *body, *by, open),
        }
    }

    fn labels(&self, at: &[IndexId]) -> Vec<Notation> {
        at.iter().map(|index| self.index(*index)).collect()
    }

    /// The labels of the rows and the columns of an array.
    pub(crate) fn sides(&self, over: &[IndexId], rows: u8) -> Vec<Notation> {
        let (rows, cols) = over.split_at(usize::from(rows).min(over.len()));
        [rows, cols].into_iter().filter(|slot| !slot.is_empty()).map(|slot| self.slot(slot)).collect()
    }

    /// The indices of one slot.
    fn slot(&self, at: &[IndexId]) -> Notation {
        match at {
            [index] => self.index(*index),
            several => Notation::Group(self.labels(several)),
        }
    }

    /// Whether the indices of a delta are equal, where both are numbers of a drawn array.
    fn known_delta(&self, at: &[IndexId; 2]) -> Option<bool> {
        let [i, j] = at.map(|index| self.literals.get(&index));
        Some(i? == j?)
    }

    /// Whether what stands at a place has neither a name nor marks of its own, so that its parts may be set apart.
    fn is_spelled_out(&self, place: Place<'_>) -> bool {
        place.is_unmarked() && !self.called.contains_key(&place.node)
    }

    /// Whether a node is a vector, a row or a matrix.
    fn is_array(&self, node: NodeId) -> bool {
        self.table.contains(node) && !self.table.shape(node).is_empty()
    }

    fn big(&mut self, kind: BigKind, place: Place<'_>, over: &[IndexId], body: NodeId) -> Notation {
        let marked = |index: IndexId| place.own_marks().is_some_and(|marks| marks.sign(index));
        let signs = over
            .iter()
            .map(|&index| BigSign { index: self.index(index), to: self.dim_of(index), marked: marked(index) })
            .collect();
        let body = self.at(place.child(0, body), true).at_least(Level::Prefix);
        Notation::Big(kind, signs, Box::new(body))
    }

    fn partial(&mut self, place: Place<'_>, body: NodeId, by: NodeId, open: bool) -> Notation {
        let by = self.at(place.child(1, by), true);
        let body = self.at(place.child(0, body), true);
        let small = matches!(
            body.bare(),
            Notation::Name(_) | Notation::Script(..) | Notation::Norm(..) | Notation::Apply(..) | Notation::Number(_)
        ) && body.level() == Level::Base;
        if small || !open {
            return Notation::Derivative(Box::new(body), vec![by]);
        }
        let marked = place.own_marks().is_some_and(|marks| marks.operator());
        let body = if body.level() == Level::Prefix && matches!(body.bare(), Notation::Big(..)) {
            body
        } else {
            body.at_least(Level::Atom)
        };
        Notation::Operator(Box::new(by), Box::new(body), marked)
    }
}

fn zero() -> Notation {
    Notation::number(0)
}

/// A term and whether it is subtracted.
fn split_sign(term: Notation) -> (bool, Notation) {
    match term {
        Notation::Terms(mut terms) if terms.len() == 1 => {
            let (negative, term) = terms.remove(0);
            (negative, term.at_least(Level::Prefix))
        }
        Notation::Marked(style, inner) if matches!(*inner, Notation::Terms(_)) => {
            let (negative, inner) = split_sign(*inner);
            (negative, Notation::Marked(style, Box::new(inner)))
        }
        other => (false, other.at_least(Level::Prefix)),
    }
}

/// An array of one repeated digit.
fn constant(digit: char, shape: &[Dim]) -> Notation {
    match shape {
        [] => Notation::Number(digit.to_string()),
        shape => Notation::Constant(digit, shape.iter().map(dim).collect()),
    }
}

/// A dimension: a name, a number, or a sum of products of these.
pub(crate) fn dim(dim: &Dim) -> Notation {
    let Some(terms) = dim.terms() else {
        return Notation::Cut;
    };
    let mut notations: Vec<Notation> = terms
        .into_iter()
        .map(|(coefficient, names)| {
            let number = (coefficient != 1 || names.is_empty()).then(|| Notation::number(coefficient));
            let factors: Vec<Notation> =
                number.into_iter().chain(names.iter().map(|name| Notation::name(name))).collect();
            match factors.as_slice() {
                [only] => only.clone(),
                _ => Notation::Product(Joint::Dimensions, factors),
            }
        })
        .collect();
    match notations.len() {
        1 => notations.remove(0),
        _ => Notation::Terms(notations.into_iter().map(|term| (false, term)).collect()),
    }
}
