//! The index network of a term: which factors follow each other when indices are read as matrix slots.
//!
//! In: a term, a product of elements under a sum or not. Out: a [`Plan`]: its factors in the order and direction in which
//! they are multiplied. Left to others: the rules that carry it out, one at a time.
//!
//! A vertex is an index, or the one vertex `None` that stands for every dimension that is 1. A factor is an edge from its
//! row to its column. A matrix with rows i and columns p is a walk from i to p, a vector a walk from its index to `None`,
//! a scalar a walk from `None` to `None` or a closed walk (a trace).

use crate::rules::lower::slots_of;
use einstep_expr::{Args, Id, Index, Indices, Node, Role, Store};

/// A vertex: an index, or the place of all dimensions that are 1.
pub(crate) type Vertex = Option<Index>;

/// A factor as an edge.
#[derive(Debug, Clone, Copy)]
struct Edge {
    factor: Id,
    row: Vertex,
    col: Vertex,
}

/// A factor in the direction in which it is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stride {
    /// The factor, an element.
    pub(crate) factor: Id,
    /// Whether it is walked from column to row, so that it has to be transposed.
    pub(crate) reversed: bool,
}

/// A walk.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    /// Its factors in order.
    pub(crate) strides: Vec<Stride>,
    /// Where it starts.
    pub(crate) start: Vertex,
    /// Where it ends. A walk that starts and ends at one index is a trace.
    pub(crate) end: Vertex,
}

/// How a term is read as a product of scalars and one array.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The summed indices.
    pub(crate) over: Indices,
    /// Factors without free indices.
    pub(crate) scalars: Args,
    /// The walks; the one that holds the free indices comes last.
    pub(crate) walks: Vec<Walk>,
}

impl Walk {
    fn transposes(&self, store: &Store) -> usize {
        let primes = |stride: &Stride| {
            let Node::Elem(of, _) = store.node(stride.factor) else { return false };
            matches!(store.node(*of), Node::Transpose(_)) != (stride.reversed && !is_symmetric(store, *of))
        };
        self.strides.iter().filter(|stride| primes(stride)).count()
    }

    fn reversed(&self) -> Walk {
        let turn = |stride: &Stride| Stride { reversed: !stride.reversed, ..*stride };
        Walk { strides: self.strides.iter().rev().map(turn).collect(), start: self.end, end: self.start }
    }
}

/// Whether an array equals its transpose by declaration.
pub(crate) fn is_symmetric(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Symbol(symbol) => store.symbol_info(*symbol).is_symmetric(),
        Node::Identity(_) => true,
        _ => false,
    }
}

/// Whether the order of two free indices is given: they are those of the value and the variable.
pub(crate) fn is_fixed(store: &Store, indices: &[Index]) -> bool {
    indices.iter().all(|&index| store.index_info(index).role != Role::Sum)
}

/// The plan of a term, or `None` when it is not a set of walks.
pub(crate) fn plan(store: &Store, id: Id) -> Option<Plan> {
    let (over, body) = match store.node(id) {
        Node::Sum(over, body) => (over.clone(), *body),
        Node::Mul(_) => (Indices::new(), id),
        _ => return None,
    };
    let mut scalars = Args::new();
    let mut edges = Vec::new();
    for factor in store.factors(body) {
        if store.free(factor).is_empty() {
            scalars.push(factor);
            continue;
        }
        let Node::Elem(of, at) = store.node(factor) else { return None };
        let [row, col] = slots_of(store, store.shape(*of), at).map(|slot| slot.first().copied());
        edges.push(Edge { factor, row, col });
    }
    let mut net = Net { edges, used: Vec::new() };
    net.used = vec![false; net.edges.len()];
    let free = store.free(id);
    for &index in over.iter().chain(free) {
        let ends = net.edges.iter().flat_map(|edge| [edge.row, edge.col]).filter(|&end| end == Some(index)).count();
        if ends != if over.contains(&index) { 2 } else { 1 } {
            return None;
        }
    }
    let main = match *free {
        [] => None,
        [row] => Some(net.walk(Some(row), None)?),
        [a, b] => {
            // The indices of the derivative have a fixed order; of two others, the direction with fewer transposes, or
            // the one in which the factors are written.
            let written = net.edges.first().is_some_and(|edge| edge.row == Some(a) || edge.col == Some(a));
            let forward = net.connect(a, b)?;
            let backward = forward.reversed();
            let fixed = is_fixed(store, &[a, b]);
            let (f, r) = (forward.transposes(store), backward.transposes(store));
            if fixed || f < r || (f == r && written) { Some(forward) } else { Some(backward) }
        }
        _ => return None,
    };
    let mut walks = Vec::new();
    while let Some(first) = net.used.iter().position(|used| !used) {
        walks.push(net.closed(store, first, &over)?);
    }
    walks.extend(main);
    Some(Plan { over, scalars, walks })
}

struct Net {
    edges: Vec<Edge>,
    used: Vec<bool>,
}

impl Net {
    /// The unused edge at a vertex, with its direction.
    fn next(&self, at: Vertex) -> Option<(usize, bool)> {
        self.edges.iter().enumerate().filter(|(position, _)| !self.used[*position]).find_map(|(position, edge)| {
            if edge.row == at {
                Some((position, false))
            } else if edge.col == at {
                Some((position, true))
            } else {
                None
            }
        })
    }

    fn take(&mut self, position: usize, reversed: bool) -> (Stride, Vertex) {
        self.used[position] = true;
        let edge = self.edges[position];
        (Stride { factor: edge.factor, reversed }, if reversed { edge.row } else { edge.col })
    }

    /// Walks from a vertex until `end`, or until no dimension is left.
    fn walk(&mut self, start: Vertex, end: Vertex) -> Option<Walk> {
        let mut strides = Vec::new();
        let mut at = start;
        loop {
            let (position, reversed) = self.next(at)?;
            let (stride, next) = self.take(position, reversed);
            strides.push(stride);
            at = next;
            if at.is_none() || at == end {
                return Some(Walk { strides, start, end: at });
            }
        }
    }

    /// The walk from one free index to the other; through `None` when they are not connected.
    fn connect(&mut self, row: Index, col: Index) -> Option<Walk> {
        let mut walk = self.walk(Some(row), Some(col))?;
        if walk.end.is_none() {
            let back = self.walk(Some(col), None)?.reversed();
            walk.strides.extend(back.strides);
            walk.end = Some(col);
        }
        Some(walk)
    }

    /// The walk of a component without free indices, from its first factor on.
    fn closed(&mut self, store: &Store, first: usize, over: &Indices) -> Option<Walk> {
        // Back to an end of the path, if it has one: the component is a path exactly when some edge ends at `None`.
        let component = self.component(first);
        let label = component.iter().copied().find(|&position| {
            let edge = self.edges[position];
            edge.row.is_none() || edge.col.is_none()
        });
        // A path starts at its first end, a closed walk at its outermost sum, as the value was written.
        let start = match label {
            Some(_) => None,
            None => {
                let touches = |index: Index| {
                    component.iter().any(|&k| self.edges[k].row == Some(index) || self.edges[k].col == Some(index))
                };
                Some(*over.iter().find(|&&index| touches(index))?)
            }
        };
        let (mut position, mut reversed) = match label {
            Some(position) => (position, self.edges[position].row.is_some()),
            None => self.next(start)?,
        };
        let mut strides = Vec::new();
        loop {
            let (stride, at) = self.take(position, reversed);
            strides.push(stride);
            if at == start {
                break;
            }
            (position, reversed) = self.next(at)?;
        }
        let walk = Walk { strides, start, end: start };
        let back = walk.reversed();
        Some(if back.transposes(store) < walk.transposes(store) { back } else { walk })
    }

    /// The unused edges connected with one, through indices.
    fn component(&self, first: usize) -> Vec<usize> {
        let mut found = vec![first];
        let mut done = 0;
        while done < found.len() {
            let edge = self.edges[found[done]];
            for at in [edge.row, edge.col].into_iter().flatten() {
                for (position, other) in self.edges.iter().enumerate() {
                    let touches = other.row == Some(at) || other.col == Some(at);
                    if touches && !self.used[position] && !found.contains(&position) {
                        found.push(position);
                    }
                }
            }
            done += 1;
        }
        found
    }
}
