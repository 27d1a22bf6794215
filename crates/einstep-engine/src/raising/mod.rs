//! The index network of a term, and what is to be done next to read it back as matrices.
//!
//! In: a term, a product of elements under a sum or not. Out: a [`Network`]; its walks, which become matrix products
//! ([`Plan`]); and, where nothing is left to be multiplied, its next [`Reduction`]; all of it once for each term ([`read`]).
//! Left to others: the rules that carry it out, one at a time.
//!
//! A vertex is an index, or the one vertex `None` that stands for every dimension that is 1. A factor is an edge from its
//! row to its column: a matrix joins two indices, a vector is a *label*, an edge from its index to `None`. Several indices
//! that name one slot, and occur nowhere but in this slot, are one vertex: the first of them. A factor with other slots of
//! several indices, or the Levi-Civita symbol, stays as it is, and so do the sums over its indices.
//!
//! The reductions are those of series-parallel networks: neighbours in series are multiplied, parallel edges and the
//! labels at one vertex are multiplied element by element, an edge that ends nowhere is summed, a label between two edges
//! is a diagonal matrix. They get stuck exactly where every summed index joins three or more different others ([`stuck`]).

mod fusions;
mod reductions;
mod stuck;
#[cfg(test)]
mod tests;
mod walks;

pub(crate) use fusions::Fusion;
pub(crate) use reductions::Reduction;
pub(crate) use stuck::{Stuck, stuck};
pub(crate) use walks::{Plan, Walk};

use crate::rules::lower::slots_of;
use einstep_expr::{Args, Function, Id, Index, Indices, Node, Role, Store};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// What is read of a term.
#[derive(Debug)]
pub(crate) struct Term {
    /// Its network as walks.
    pub(crate) plan: Plan,
    /// The next thing to do; `None` when there is nothing, or when walks have to be multiplied first.
    pub(crate) next: Option<Reduction>,
}

/// Reads a term; `None` for what is no term, and where a factor has yet to be read back as an element.
pub(crate) fn read(store: &mut Store, id: Id) -> Option<Rc<Term>> {
    if !matches!(store.node(id), Node::Sum(..) | Node::Mul(_)) {
        return None;
    }
    store.memo(id, |store| {
        let plan = walks::walks(store, Network::of(store, id)?);
        Some(Rc::new(Term { next: plan.next(store), plan }))
    })
}

/// A vertex: an index, or the place of all dimensions that are 1.
pub(crate) type Vertex = Option<Index>;

/// A factor as an edge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    /// The factor, an element.
    pub(crate) factor: Id,
    /// Its position among the factors of the term.
    pub(crate) position: usize,
    /// The index of its rows.
    pub(crate) row: Vertex,
    /// The index of its columns.
    pub(crate) col: Vertex,
}

impl Edge {
    /// The end that is not the given one.
    pub(crate) fn other(&self, end: Vertex) -> Vertex {
        if self.row == end { self.col } else { self.row }
    }

    /// The index of a vector or a row.
    pub(crate) fn label(&self) -> Vertex {
        match (self.row, self.col) {
            (Some(index), None) | (None, Some(index)) => Some(index),
            _ => None,
        }
    }

    /// Whether it joins an index with itself.
    pub(crate) fn is_loop(&self) -> bool {
        self.row.is_some() && self.row == self.col
    }
}

/// What meets at an index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meeting {
    /// Whether the term sums over it.
    pub(crate) bound: bool,
    /// The edges there, by their position in [`Network::edges`]; a loop comes twice.
    pub(crate) edges: Vec<usize>,
    /// How many factors that are no edges have it.
    pub(crate) others: usize,
}

/// A term as a network.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// The summed indices.
    pub(crate) over: Indices,
    /// All factors as they are written.
    pub(crate) factors: Args,
    /// The positions of the factors without free indices.
    pub(crate) scalars: Vec<usize>,
    /// The factors that are elements of vectors and matrices, as they are written.
    pub(crate) edges: Vec<Edge>,
    /// The positions of all other factors.
    pub(crate) others: Vec<usize>,
    /// The free vertices of the term.
    pub(crate) free: Indices,
    meetings: FxHashMap<Index, Meeting>,
    /// For every index of a slot of several, all of them. The first is the vertex.
    slots: FxHashMap<Index, Indices>,
}

impl Network {
    /// The network of a term; `None` for what is no term, and where a factor has yet to be read back as an element.
    pub(crate) fn read(store: &Store, id: Id) -> Option<Network> {
        matches!(store.node(id), Node::Sum(..) | Node::Mul(_)).then(|| Network::of(store, id))?
    }

    /// The network of a term, which may be a single factor.
    pub(crate) fn of(store: &Store, id: Id) -> Option<Network> {
        let (over, body) = match store.node(id) {
            Node::Sum(over, body) => (over.clone(), *body),
            _ => (Indices::new(), id),
        };
        let factors = store.factors(body);
        let slots = shared_slots(store, &factors);
        let is_vertex = |index: &&Index| slots.get(*index).is_none_or(|slot| slot[0] == **index);
        let free = store.free(id).iter().filter(is_vertex).copied().collect();
        let mut meetings: FxHashMap<Index, Meeting> = FxHashMap::default();
        for &index in &over {
            meetings.entry(index).or_default().bound = true;
        }
        let mut network =
            Network { over, factors, scalars: vec![], edges: vec![], others: vec![], free, meetings, slots };
        for position in 0..network.factors.len() {
            let factor = network.factors[position];
            if store.free(factor).is_empty() {
                network.scalars.push(position);
                continue;
            }
            match store.node(factor) {
                Node::Elem(of, at) => match network.ends_of(store, *of, at) {
                    Some([row, col]) => {
                        for index in [row, col].into_iter().flatten() {
                            network.meetings.entry(index).or_default().edges.push(network.edges.len());
                        }
                        network.edges.push(Edge { factor, position, row, col });
                    }
                    None => network.set_apart(store, position),
                },
                Node::Eps(_) => network.set_apart(store, position),
                _ if store.free(factor).len() > 2 => network.set_apart(store, position),
                _ => return None,
            }
        }
        Some(network)
    }

    /// The vertices that the rows and columns of an element name; `None` when a slot is no vertex.
    fn ends_of(&self, store: &Store, of: Id, at: &[Index]) -> Option<[Vertex; 2]> {
        let slots = slots_of(store, store.shape(of), at);
        let whole = slots.iter().map(|slot| slot.len()).sum::<usize>() == at.len();
        let vertex = |slot: &Indices| match slot[..] {
            [] => Some(None),
            [index] => Some(Some(index)),
            [first, ..] => self.slots.contains_key(&first).then_some(Some(first)),
        };
        let [row, col] = &slots;
        if whole { Some([vertex(row)?, vertex(col)?]) } else { None }
    }

    /// The indices that a vertex stands for.
    pub(crate) fn slot(&self, end: Vertex) -> Indices {
        match end {
            Some(index) => self.slots.get(&index).cloned().unwrap_or_else(|| Indices::from_slice(&[index])),
            None => Indices::new(),
        }
    }

    /// The indices of an element whose rows and columns name two vertices.
    pub(crate) fn indices(&self, ends: [Vertex; 2]) -> Indices {
        ends.into_iter().flat_map(|end| self.slot(end)).collect()
    }

    /// The vertex to which an index belongs.
    pub(crate) fn vertex(&self, index: Index) -> Index {
        self.slots.get(&index).map_or(index, |slot| slot[0])
    }

    fn set_apart(&mut self, store: &Store, position: usize) {
        self.others.push(position);
        for index in store.free(self.factors[position]) {
            self.meetings.entry(*index).or_default().others += 1;
        }
    }

    /// What meets at an index.
    pub(crate) fn at(&self, index: Index) -> &Meeting {
        const NOTHING: &Meeting = &Meeting { bound: false, edges: Vec::new(), others: 0 };
        self.meetings.get(&index).unwrap_or(NOTHING)
    }

    /// Whether the term sums over an index.
    pub(crate) fn binds(&self, index: Index) -> bool {
        self.at(index).bound
    }

    /// Whether nothing but so many slots of elements has an index, and the term sums over it.
    pub(crate) fn joins(&self, index: Index, slots: usize) -> bool {
        let meeting = self.at(index);
        meeting.bound && meeting.others == 0 && meeting.edges.len() == slots
    }

    /// The term with some of its factors exchanged, or taken out, and without the sums over some vertices.
    pub(crate) fn exchanged(&self, store: &mut Store, new: &[(usize, Option<Id>)], done: &[Index]) -> Id {
        let mut factors: Vec<Option<Id>> = self.factors.iter().map(|&factor| Some(factor)).collect();
        for &(position, factor) in new {
            factors[position] = factor;
        }
        let product = store.mul(factors.into_iter().flatten());
        store.sum(self.over.iter().copied().filter(|&index| !done.contains(&self.vertex(index))), product)
    }
}

/// The slots of several indices that occur in no factor but as a whole, by each of their indices.
fn shared_slots(store: &Store, factors: &Args) -> FxHashMap<Index, Indices> {
    let mut counts: Vec<(Indices, usize)> = Vec::new();
    for &factor in factors {
        let Node::Elem(of, at) = store.node(factor) else { continue };
        let [rows, cols] = slots_of(store, store.shape(*of), at);
        for (turn, slot) in [&rows, &cols].into_iter().enumerate().filter(|(_, slot)| slot.len() > 1) {
            // A factor counts once.
            let again = turn == 1 && rows == cols;
            match counts.iter_mut().find(|(known, _)| known == slot) {
                Some((_, count)) => *count += usize::from(!again),
                None => counts.push((slot.clone(), 1)),
            }
        }
    }
    let uses = |index: &Index| factors.iter().filter(|&&factor| store.free(factor).contains(index)).count();
    counts.retain(|(slot, count)| slot.iter().all(|index| uses(index) == *count));
    counts.into_iter().flat_map(|(slot, _)| slot.clone().into_iter().map(move |index| (index, slot.clone()))).collect()
}

/// Whether an array equals its transpose, by declaration or by its form.
pub(crate) fn is_symmetric(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Symbol(symbol) => store.symbol_info(*symbol).is_symmetric(),
        Node::Identity(_) | Node::Call(Function::Diag, _) => true,
        _ => false,
    }
}

/// Whether the order of two free indices is given: they are those of the value and the variable.
pub(crate) fn is_fixed(store: &Store, indices: &[Index]) -> bool {
    indices.iter().all(|&index| store.index_info(index).role != Role::Sum)
}

/// The array of an element.
pub(crate) fn array_of(store: &Store, element: Id) -> Id {
    match store.node(element) {
        Node::Elem(of, _) => *of,
        _ => element,
    }
}

/// How many transposes it takes to read an element one way or the other: as it stands, and turned.
pub(crate) fn primes(store: &Store, element: Id) -> [usize; 2] {
    let of = array_of(store, element);
    let transposed = matches!(store.node(of), Node::Transpose(_));
    [usize::from(transposed), usize::from(!transposed && !is_symmetric(store, of))]
}
