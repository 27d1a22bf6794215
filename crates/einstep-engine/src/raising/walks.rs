//! The walks of a network: which factors follow each other when indices are read as matrix slots.
//!
//! In: a term. Out: a [`Plan`]: its factors in the order and direction in which they are multiplied. Left to others: the
//! rules that carry it out; what is not a product of matrices (`reductions`).
//!
//! A walk passes the indices that are summed and have two slots, and stops everywhere else. A matrix with rows i and
//! columns p is a walk from i to p, a vector a walk from its index to `None`, a scalar a walk from `None` to `None` or a
//! closed walk (a trace).

use super::{Network, Vertex, array_of, is_fixed, is_symmetric, primes};
use einstep_expr::{Args, Axis, Function, Id, Index, Indices, Node, Store};
use rustc_hash::FxHashSet;

/// A factor in the direction in which it is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stride {
    /// The factor, an element.
    pub(crate) factor: Id,
    /// Whether it is walked from column to row, so that it has to be transposed.
    pub(crate) reversed: bool,
    /// The position of its edge in the network.
    pub(crate) edge: usize,
}

/// A walk.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    /// Its factors in order.
    pub(crate) strides: Vec<Stride>,
    /// Where it starts.
    pub(crate) start: Vertex,
    /// Where it ends. A walk that starts and ends at one index is a trace or a diagonal.
    pub(crate) end: Vertex,
}

/// How a term is read as a product of scalars and arrays.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The summed indices.
    pub(crate) over: Indices,
    /// Factors without free indices.
    pub(crate) scalars: Args,
    /// Factors that are no elements of vectors or matrices.
    pub(crate) others: Args,
    /// The walks; the one that holds the free indices comes last.
    pub(crate) walks: Vec<Walk>,
    /// The summed vertices that no walk passes.
    pub(crate) stops: FxHashSet<Index>,
    /// The network that the walks are in.
    pub(crate) network: Network,
}

impl Walk {
    fn transposes(&self, store: &Store) -> usize {
        self.strides.iter().map(|stride| primes(store, stride.factor)[usize::from(stride.reversed)]).sum()
    }

    fn reversed(&self) -> Walk {
        let turn = |stride: &Stride| Stride { reversed: !stride.reversed, ..*stride };
        Walk { strides: self.strides.iter().rev().map(turn).collect(), start: self.end, end: self.start }
    }

    /// The arrays that are multiplied when it is walked, transposes where they are needed.
    fn arrays(&self, store: &Store) -> Vec<(Id, bool)> {
        let array = |stride: &Stride| {
            let of = array_of(store, stride.factor);
            match store.node(of) {
                Node::Transpose(inner) => (*inner, !stride.reversed),
                _ => (of, stride.reversed && !is_symmetric(store, of)),
            }
        };
        self.strides.iter().map(array).collect()
    }
}

impl Plan {
    /// The summed indices that walks pass, and those that are left.
    pub(crate) fn passed(&self) -> (Vec<Index>, Vec<Index>) {
        let starts: FxHashSet<Vertex> =
            self.walks.iter().filter(|walk| walk.start == walk.end).map(|walk| walk.start).collect();
        self.over.iter().partition(|&&index| {
            let vertex = self.network.vertex(index);
            !self.stops.contains(&vertex) && !starts.contains(&Some(vertex))
        })
    }

    /// The indices of an element that a walk makes.
    pub(crate) fn indices(&self, walk: &Walk) -> Indices {
        self.network.indices([walk.start, walk.end])
    }
}

/// The walks of a network.
pub(super) fn walks(store: &Store, network: Network) -> Plan {
    let over = network.over.clone();
    let scalars = network.scalars.iter().map(|&position| network.factors[position]).collect();
    let others = network.others.iter().map(|&position| network.factors[position]).collect();
    let stops = over.iter().map(|&index| network.vertex(index)).filter(|&vertex| !network.joins(vertex, 2)).collect();
    let mut walker = Walker { used: vec![false; network.edges.len()], network, stops };
    let main = walker.main(store);
    let mut walks = Vec::new();
    for first in 0..walker.used.len() {
        if !walker.used[first] {
            let walk = walker.around(store, first);
            walker.split(store, walk, &mut walks);
        }
    }
    walks.extend(main);
    Plan { over, scalars, others, walks, stops: walker.stops, network: walker.network }
}

struct Walker {
    network: Network,
    used: Vec<bool>,
    /// The summed indices at which walks end.
    stops: FxHashSet<Index>,
}

impl Walker {
    /// Whether a walk passes a vertex.
    fn passes(&self, at: Vertex) -> bool {
        at.is_some_and(|index| self.network.binds(index) && !self.stops.contains(&index))
    }

    /// The unused edge at an index, with its direction.
    fn next(&self, at: Vertex) -> Option<(usize, bool)> {
        let position = *self.network.at(at?).edges.iter().find(|&&position| !self.used[position])?;
        Some((position, self.network.edges[position].row != at))
    }

    fn take(&mut self, position: usize, reversed: bool) -> (Stride, Vertex) {
        self.used[position] = true;
        let edge = self.network.edges[position];
        let stride = Stride { factor: edge.factor, reversed, edge: position };
        (stride, if reversed { edge.row } else { edge.col })
    }

    /// The walk that begins with an edge, up to a vertex that it does not pass, or to its start.
    fn walk(&mut self, start: Vertex, position: usize, reversed: bool) -> Walk {
        let (stride, mut end) = self.take(position, reversed);
        let mut strides = vec![stride];
        while end != start
            && self.passes(end)
            && let Some((position, reversed)) = self.next(end)
        {
            let (stride, next) = self.take(position, reversed);
            strides.push(stride);
            end = next;
        }
        Walk { strides, start, end }
    }

    /// The walk of the free indices, when one or two of them have one slot each.
    fn main(&mut self, store: &Store) -> Option<Walk> {
        let lone = |walker: &Walker, index: Index| {
            let meeting = walker.network.at(index);
            if meeting.others == 0 && meeting.edges.len() == 1 { walker.next(Some(index)) } else { None }
        };
        match self.network.free[..] {
            [row] => {
                let (position, reversed) = lone(self, row)?;
                let walk = self.walk(Some(row), position, reversed);
                Some(self.directed(store, walk, true))
            }
            [a, b] => {
                let (position, reversed) = lone(self, a)?;
                lone(self, b)?;
                let written = self.network.edges.first().is_some_and(|edge| edge.row == Some(a) || edge.col == Some(a));
                let mut forward = self.walk(Some(a), position, reversed);
                if forward.end.is_none() {
                    // Not connected: the product of a column with a row.
                    let (position, reversed) = lone(self, b)?;
                    let back = self.walk(Some(b), position, reversed).reversed();
                    if back.start.is_some() {
                        self.release(&back);
                        return Some(forward);
                    }
                    forward.strides.extend(back.strides);
                    forward.end = Some(b);
                }
                Some(self.directed(store, forward, written))
            }
            _ => None,
        }
    }

    fn release(&mut self, walk: &Walk) {
        for stride in &walk.strides {
            self.used[stride.edge] = false;
        }
    }

    /// A walk between two indices in the better of its two directions: those of the derivative have a fixed order; of two
    /// others, the direction with fewer transposes, or the one in which the factors are written.
    fn directed(&self, store: &Store, walk: Walk, written: bool) -> Walk {
        let (Some(start), Some(end)) = (walk.start, walk.end) else {
            return if walk.start.is_none() && walk.end.is_some() { walk.reversed() } else { walk };
        };
        let back = walk.reversed();
        let free = |index: Index| !self.network.binds(index);
        let forward = if start != end && free(start) && free(end) && is_fixed(store, &[start, end]) {
            start < end
        } else {
            let (f, r) = (walk.transposes(store), back.transposes(store));
            f < r || (f == r && written)
        };
        if forward { walk } else { back }
    }

    /// The walk that holds an edge.
    fn around(&mut self, store: &Store, first: usize) -> Walk {
        let edge = self.network.edges[first];
        // Back from the edge in both directions, to see where the walk ends.
        let [left, right] = [edge.row, edge.col].map(|side| self.ahead(first, side));
        if left.end.is_none() && right.end.is_none() {
            // A path starts at the end that is nearer to its first factor.
            let (position, reversed) = if right.count < left.count { (right.last, true) } else { (left.last, false) };
            let at = self.network.edges[position];
            let reversed = if position == first { reversed } else { at.row.is_some() };
            let walk = self.walk(None, position, reversed);
            return fewer_transposes(store, walk);
        }
        if left.closed {
            // A closed walk starts at its outermost sum, as the value was written.
            let touched: FxHashSet<Vertex> = left.passed.iter().copied().collect();
            let start = self.network.over.iter().map(|&index| Some(index)).find(|index| touched.contains(index));
            let start = start.unwrap_or(edge.row);
            let (position, reversed) = self.next(start).unwrap_or((first, false));
            let walk = self.walk(start, position, reversed);
            return fewer_transposes(store, walk);
        }
        let start = self.network.edges[left.last];
        let reversed = if left.last == first { false } else { start.row != left.end };
        let walk = self.walk(left.end, left.last, reversed);
        let written = walk.strides.first().map(|stride| stride.edge) <= walk.strides.last().map(|stride| stride.edge);
        self.directed(store, walk, written)
    }

    /// Looks from an edge towards one of its ends, as far as a walk would go.
    fn ahead(&self, first: usize, mut end: Vertex) -> Ahead {
        let mut last = first;
        let mut count = 0;
        let mut passed = vec![end];
        while self.passes(end) {
            let at = &self.network.at(end.unwrap_or(self.network.over[0])).edges;
            let Some(&next) = at.iter().find(|&&position| position != last) else { break };
            if next == first {
                break;
            }
            end = self.network.edges[next].other(end);
            last = next;
            count += 1;
            passed.push(end);
        }
        let closed = self.passes(end);
        Ahead { end, last, count, closed, passed }
    }

    /// Adds a walk, or the two parallel ones that are better multiplied element by element.
    fn split(&mut self, store: &Store, walk: Walk, walks: &mut Vec<Walk>) {
        let at = if self.passes(walk.start) || walk.start.is_none() {
            summed_entries(store, &walk)
        } else {
            better_rows(store, &walk)
        };
        let Some(at) = at else { return walks.push(walk) };
        let (first, second) = walk.strides.split_at(at);
        let middle = self.ends(first[at - 1]).1;
        self.stops.extend(middle.into_iter().chain(walk.start));
        let second = Walk { strides: second.to_vec(), start: middle, end: walk.end };
        walks.push(Walk { strides: first.to_vec(), start: walk.start, end: middle });
        walks.push(second.reversed());
    }

    /// Where a stride starts and ends.
    fn ends(&self, stride: Stride) -> (Vertex, Vertex) {
        let edge = self.network.edges[stride.edge];
        if stride.reversed { (edge.col, edge.row) } else { (edge.row, edge.col) }
    }
}

/// What lies ahead of an edge.
struct Ahead {
    /// The vertex at which the walk stops.
    end: Vertex,
    /// The last edge before it.
    last: usize,
    /// How many edges there are.
    count: usize,
    /// Whether one comes back to the edge instead.
    closed: bool,
    passed: Vec<Vertex>,
}

fn fewer_transposes(store: &Store, walk: Walk) -> Walk {
    let back = walk.reversed();
    if back.transposes(store) < walk.transposes(store) { back } else { walk }
}

/// Where a walk that returns to a vertex with other factors is cut, when the sum of an elementwise product is the better
/// form: `sum(A .* B, 2)` instead of `diag(A*B')`. The form with fewer nodes is, then the one with fewer transposes; the
/// one that the input has goes first.
fn better_rows(store: &Store, walk: &Walk) -> Option<usize> {
    if walk.start != walk.end || walk.strides.len() < 2 {
        return None;
    }
    let back = walk.reversed();
    let echoed = |walk: &Walk| {
        let product = found(store, walk)?;
        store.find(&Node::Call(Function::Diagonal, Args::from_slice(&[product])))
    };
    if echoed(walk).or_else(|| echoed(&back)).is_some() {
        return None;
    }
    let of = |stride: &Stride, turned: bool| primes(store, stride.factor)[usize::from(stride.reversed != turned)];
    let mut cost: usize = walk.strides.iter().map(|stride| of(stride, true)).sum();
    let mut best = (usize::MAX, 0);
    for (position, stride) in walk.strides.iter().enumerate() {
        if position > 0 {
            best = best.min((cost, position));
        }
        cost = cost + of(stride, false) - of(stride, true);
    }
    let diagonal = walk.transposes(store).min(back.transposes(store));
    // The sum has one node more, its axis.
    (best.0 < diagonal).then_some(best.1)
}

/// Where a closed walk of two factors, or a path of two labels, is cut, because one of them is an elementwise product or
/// power, or because the input has the sum of their elementwise product.
fn summed_entries(store: &Store, walk: &Walk) -> Option<usize> {
    let [first, second] = walk.strides[..] else { return None };
    let elementwise = |stride: &Stride| {
        let of = array_of(store, stride.factor);
        let plain = if let Node::Transpose(inner) = store.node(of) { *inner } else { of };
        matches!(store.node(plain), Node::Hadamard(_) | Node::Power(..))
    };
    if walk.strides.iter().any(elementwise) {
        return Some(1);
    }
    let summed = |turned: bool| {
        let second = Stride { reversed: !second.reversed, ..second };
        let arrays = [first, second].map(|stride| Stride { reversed: stride.reversed != turned, ..stride });
        let [a, b] = arrays.map(|stride| found(store, &Walk { strides: vec![stride], start: None, end: None }));
        let (a, b) = (a?, b?);
        let product = |pair: [Id; 2]| store.find(&Node::Hadamard(Args::from_slice(&pair)));
        let product = product([a, b]).or_else(|| product([b, a]))?;
        [Function::Sum(Axis::All), Function::Mean(Axis::All)]
            .into_iter()
            .find_map(|function| store.find(&Node::Call(function, Args::from_slice(&[product]))))
    };
    summed(false).or_else(|| summed(true)).map(|_| 1)
}

/// The product of a walk, when the store has it.
fn found(store: &Store, walk: &Walk) -> Option<Id> {
    let array = |(array, transposed): (Id, bool)| {
        if transposed { store.find(&Node::Transpose(array)) } else { Some(array) }
    };
    let mut product = Args::new();
    for factor in walk.arrays(store) {
        let factor = array(factor)?;
        match store.node(factor) {
            Node::Matmul(args) => product.extend_from_slice(args),
            _ => product.push(factor),
        }
    }
    if product.len() == 1 { Some(product[0]) } else { store.find(&Node::Matmul(product)) }
}
