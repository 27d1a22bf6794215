//! What is done with a network whose walks have been multiplied.
//!
//! In: a [`Network`]. Out: its next [`Reduction`]. Left to others: the rules that carry it out.

use super::{Edge, Fusion, Network, Plan, Vertex, is_fixed, primes, walks};
use einstep_expr::{Id, Index, Indices, Node, Store};
use rustc_hash::FxHashMap;

/// The next thing to do with a network. Numbers are positions in [`Network::edges`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reduction {
    /// Factors that have to be transposed.
    Turn(Vec<usize>),
    /// Labels at one index, or parallel edges turned the same way: each group is an elementwise product.
    Hadamard(Vec<Vec<usize>>),
    /// Edges with an end that nothing else has: they are summed.
    Sum(Vec<usize>),
    /// The labels at the two ends of the only edge: a column times a row.
    Outer([usize; 2]),
    /// Edges with the labels at their rows and columns: the labels become diagonal matrices.
    Diagonal(Vec<Scaled>),
    /// An index that no edge has, of a slot of several: it is named by ones.
    Ones(Index),
    /// An index of a slot of several of the factor at a position, which other factors have too, or the answer: it is
    /// summed against an identity.
    Through(usize, Index),
    /// Edges that together are an element of a Kronecker product.
    Kronecker(Fusion),
    /// An edge whose indices name one slot: an element of a stacked matrix.
    Stack(usize, Indices),
}

/// An edge with labels at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scaled {
    /// The edge.
    pub(crate) edge: usize,
    /// The label at its rows.
    pub(crate) rows: Option<usize>,
    /// The label at its columns.
    pub(crate) cols: Option<usize>,
}

impl Plan {
    /// The next reduction; `None` when there is none, or when walks have to be multiplied first.
    pub(super) fn next(&self, store: &Store) -> Option<Reduction> {
        let network = &self.network;
        if let Some(layers) = network.layers(store, self) {
            return Some(layers);
        }
        if self.walks.iter().any(|walk| walk.strides.len() > 1) {
            return None;
        }
        let plain = network.sums().or_else(|| network.diagonals(store)).or_else(|| network.ends(store));
        plain.or_else(|| network.fused(store, &[]))
    }
}

impl Network {
    /// The next reduction of a term of an array whose rows and columns are named by the given indices, several for one of
    /// them.
    pub(crate) fn next_in(&self, store: &Store, [rows, cols]: [&[Index]; 2]) -> Option<Reduction> {
        let plan = walks::walks(store, self.clone());
        // What has indices and is no element of an array has to be read as one first.
        let is_open = |&position: &usize| {
            let factor = self.factors[position];
            !matches!(store.node(factor), Node::Elem(..)) && !store.free(factor).is_empty()
        };
        if !plan.passed().0.is_empty() || self.layers(store, &plan).is_some() || self.others.iter().any(is_open) {
            return None;
        }
        let plain = self.sums().or_else(|| self.diagonals(store));
        plain.or_else(|| self.fused(store, &[rows, cols])).or_else(|| self.fusion(rows, cols, false))
    }

    /// Labels at one index, and parallel edges, where no walk passes.
    fn layers(&self, store: &Store, plan: &Plan) -> Option<Reduction> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut known: FxHashMap<[Vertex; 2], usize> = FxHashMap::default();
        for (position, edge) in self.edges.iter().enumerate().filter(|(_, edge)| !edge.is_loop()) {
            let ends = if edge.row <= edge.col { [edge.row, edge.col] } else { [edge.col, edge.row] };
            let group = *known.entry(ends).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(position);
        }
        let stops = |end: Vertex| end.is_none_or(|index| !self.binds(index) || plan.stops.contains(&index));
        groups.retain(|group| {
            let edge = self.edges[group[0]];
            group.len() > 1 && stops(edge.row) && stops(edge.col)
        });
        if groups.is_empty() {
            return None;
        }
        let turned: Vec<usize> = groups.iter().flat_map(|group| self.turned(store, group)).collect();
        Some(if turned.is_empty() { Reduction::Hadamard(groups) } else { Reduction::Turn(turned) })
    }

    /// Those of parallel edges that have to be transposed so that all run the same way.
    fn turned(&self, store: &Store, group: &[usize]) -> Vec<usize> {
        let first = self.edges[group[0]];
        let rows = match (first.row, first.col) {
            (Some(row), Some(col)) if is_fixed(store, &[row, col]) => Some(row.min(col)),
            (Some(row), Some(col)) => {
                let cost = |rows: Vertex| -> usize {
                    let of = |&position: &usize| {
                        let edge: Edge = self.edges[position];
                        primes(store, edge.factor)[usize::from(edge.row != rows)]
                    };
                    group.iter().map(of).sum()
                };
                if cost(Some(col)) < cost(Some(row)) { Some(col) } else { Some(row) }
            }
            _ => first.label(),
        };
        group.iter().copied().filter(|&position| self.edges[position].row != rows).collect()
    }

    /// Whether nothing but one slot has an index, and the term sums over it.
    fn is_bare(&self, end: Vertex) -> bool {
        end.is_some_and(|index| self.joins(index, 1))
    }

    fn sums(&self) -> Option<Reduction> {
        let bare = |edge: &Edge| self.is_bare(edge.row) || self.is_bare(edge.col);
        let edges: Vec<usize> = (0..self.edges.len()).filter(|&position| bare(&self.edges[position])).collect();
        (!edges.is_empty()).then_some(Reduction::Sum(edges))
    }

    /// The label at an index that has one label and besides it so many slots of matrices.
    fn label_beside(&self, index: Index, slots: usize) -> Option<usize> {
        let meeting = self.at(index);
        let mut labels = meeting.edges.iter().copied().filter(|&edge| self.edges[edge].label().is_some());
        let label = labels.next()?;
        let alone = labels.next().is_none() && meeting.others == 0 && meeting.edges.len() == slots + 1;
        alone.then_some(label)
    }

    /// Labels of summed indices between two edges.
    fn diagonals(&self, store: &Store) -> Option<Reduction> {
        let labels: FxHashMap<Index, usize> = self
            .over
            .iter()
            .filter_map(|&index| {
                let label = self.label_beside(index, 2)?;
                // An edge that joins the index with itself is a label to be.
                let is_loop = self.at(index).edges.iter().any(|&edge| self.edges[edge].is_loop());
                (!is_loop).then_some((index, label))
            })
            .collect();
        if labels.is_empty() {
            return None;
        }
        // The walks through these indices say which way each edge will be read.
        let mut bare = self.clone();
        for (index, label) in &labels {
            if let Some(meeting) = bare.meetings.get_mut(index) {
                meeting.edges.retain(|edge| edge != label);
            }
        }
        let taken: Vec<usize> = labels.values().copied().collect();
        bare.edges.iter_mut().enumerate().filter(|(position, _)| taken.contains(position)).for_each(|(_, edge)| {
            (edge.row, edge.col) = (None, None);
        });
        let mut scaled: Vec<Scaled> =
            (0..self.edges.len()).map(|edge| Scaled { edge, rows: None, cols: None }).collect();
        for walk in walks::walks(store, bare).walks {
            let strides = &walk.strides;
            let closed = walk.start.is_some() && walk.start == walk.end;
            let pairs = strides.windows(2).map(|pair| [pair[0], pair[1]]);
            let around = strides.last().zip(strides.first()).filter(|_| closed).map(|(&last, &first)| [last, first]);
            for [left, right] in pairs.chain(around) {
                let edge = self.edges[left.edge];
                let Some(index) = (if left.reversed { edge.row } else { edge.col }) else { continue };
                let Some(&label) = labels.get(&index) else { continue };
                // The edge that is read as it stands takes the label.
                let (edge, at_rows) = if !left.reversed { (left.edge, false) } else { (right.edge, !right.reversed) };
                *(if at_rows { &mut scaled[edge].rows } else { &mut scaled[edge].cols }) = Some(label);
            }
        }
        self.scaled(scaled)
    }

    /// What is left between two free indices: an edge with labels at its ends.
    fn ends(&self, store: &Store) -> Option<Reduction> {
        let [a, b] = self.free[..] else { return None };
        let edge = self.edges.iter().position(|edge| edge.label().is_none() && !edge.is_loop())?;
        let Edge { row, col, factor, .. } = self.edges[edge];
        if (row, col) != (Some(a), Some(b)) && (row, col) != (Some(b), Some(a)) {
            return None;
        }
        let identity = matches!(store.node(super::array_of(store, factor)), Node::Identity(_));
        let (at_rows, at_cols) = (self.label_beside(row?, 1), self.label_beside(col?, 1));
        match (at_rows, at_cols) {
            (None, None) => None,
            (Some(rows), Some(cols)) if !identity => {
                if self.edges[rows].row.is_none() {
                    Some(Reduction::Turn(vec![rows]))
                } else if self.edges[cols].row.is_some() {
                    Some(Reduction::Turn(vec![cols]))
                } else {
                    Some(Reduction::Outer([rows, cols]))
                }
            }
            // One label at a time is taken into an identity.
            (rows, cols) => self.scaled(vec![Scaled { edge, rows, cols: cols.filter(|_| rows.is_none()) }]),
        }
    }

    /// Edges that take labels in, which must be columns.
    pub(super) fn scaled(&self, mut scaled: Vec<Scaled>) -> Option<Reduction> {
        scaled.retain(|edge| edge.rows.is_some() || edge.cols.is_some());
        let labels = scaled.iter().flat_map(|edge| [edge.rows, edge.cols]).flatten();
        let rows: Vec<usize> = labels.filter(|&label| self.edges[label].row.is_none()).collect();
        match scaled.is_empty() {
            true => None,
            false if rows.is_empty() => Some(Reduction::Diagonal(scaled)),
            false => Some(Reduction::Turn(rows)),
        }
    }

    /// The element of an edge.
    pub(crate) fn factor(&self, edge: usize) -> Id {
        self.edges[edge].factor
    }
}
