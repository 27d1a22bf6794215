//! Slots that several indices name: elements of Kronecker products and of stacked matrices.
//!
//! In: a network whose other reductions are done; the slots of the array that it is an entry of. Out: the next step towards
//! edges that name these slots as a whole. Left to others: the rules that carry it out.
//!
//! Each index of a slot must belong to one edge. Edges in the order of the indices make a Kronecker product, when the
//! indices at their other ends stand in order too; where they cross there is none.

use super::reductions::Scaled;
use super::{Edge, Network, Reduction, Vertex};
use crate::rules::lower::slots_of;
use einstep_expr::{Index, Indices, Node, Store};

/// Edges in the order of the factors of a Kronecker product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fusion {
    /// The edges.
    pub(crate) edges: Vec<usize>,
    /// The indices of the rows of the product.
    pub(crate) rows: Indices,
    /// The indices of its columns.
    pub(crate) cols: Indices,
}

impl Network {
    /// The next step towards factors that name whole vertices, for the slots of several indices of the factors set apart.
    /// The slots given may stand at the other ends.
    pub(super) fn fused(&self, store: &Store, given: &[&[Index]]) -> Option<Reduction> {
        self.others.iter().find_map(|&position| {
            let Node::Elem(of, at) = store.node(self.factors[position]) else { return None };
            let slots = slots_of(store, store.shape(*of), at);
            let several = slots.iter().filter(|slot| slot.len() > 1);
            several.into_iter().find_map(|slot| self.fused_slot(store, position, slot, given))
        })
    }

    fn fused_slot(&self, store: &Store, position: usize, slot: &Indices, given: &[&[Index]]) -> Option<Reduction> {
        // Every other factor that is set apart has all of the slot or nothing.
        let uses = |index: Index| self.at(index).others;
        if slot.iter().any(|&index| uses(index) != uses(slot[0])) {
            return None;
        }
        let outside: Vec<Index> = slot.iter().copied().filter(|&index| !self.binds(index)).collect();
        let units = self.units(slot);
        if let [index] = outside[..] {
            let labels = units
                .iter()
                .filter(|&&unit| unit != index)
                .all(|&unit| matches!(self.at(unit).edges[..], [edge] if self.edges[edge].label().is_some()));
            return (labels && uses(index) == 1).then_some(Reduction::Through(position, index));
        }
        if !outside.is_empty() {
            return None;
        }
        // The vertices at the other ends.
        let mut far: Vec<Index> = Vec::new();
        for &unit in &units {
            for &edge in &self.at(unit).edges {
                let other = self.edges[edge].other(Some(unit));
                far.extend(other.filter(|other| !units.contains(other) && !far.contains(other)));
            }
        }
        let known = self.several(store);
        let cols = match far[..] {
            [] => Indices::new(),
            [index] => self.slot(Some(index)),
            _ => {
                let fits = |slot: &&[Index]| slot.len() == far.len() && far.iter().all(|index| slot.contains(index));
                let own = known.iter().map(|slot| slot.as_slice());
                Indices::from_slice(given.iter().copied().chain(own).find(fits)?)
            }
        };
        self.fusion(slot, &cols, far.len() < 2)
    }

    /// The slots of several indices of all factors.
    fn several(&self, store: &Store) -> Vec<Indices> {
        let of = |&position: &usize| match store.node(self.factors[position]) {
            Node::Elem(of, at) => slots_of(store, store.shape(*of), at).to_vec(),
            _ => vec![],
        };
        self.others.iter().flat_map(of).filter(|slot| slot.len() > 1).collect()
    }

    /// The vertices that a list of indices consists of.
    fn units(&self, slot: &[Index]) -> Vec<Index> {
        slot.iter().copied().filter(|&index| self.vertex(index) == index).collect()
    }

    /// The next step towards one factor with the given rows and columns; the columns may be open to other factors.
    pub(super) fn fusion(&self, rows: &[Index], cols: &[Index], open: bool) -> Option<Reduction> {
        let [row, col] = [rows, cols].map(|slot| self.units(slot));
        if let ([row], [col]) = (&row[..], &col[..]) {
            // An edge that is an array as a whole has only to stand the right way.
            let turned = |&edge: &usize| self.edges[edge].row == Some(*col) && self.edges[edge].col == Some(*row);
            return self.at(*row).edges.iter().copied().find(turned).map(|edge| Reduction::Turn(vec![edge]));
        }
        if row.len() < 2 && col.len() < 2 {
            return None;
        }
        for &unit in row.iter().chain(col.iter().filter(|_| !open)) {
            if let Some(step) = self.prepared(unit) {
                return step;
            }
        }
        let ends =
            |edge: &Edge| [edge.row, edge.col].map(|end| end.filter(|end| row.contains(end) || col.contains(end)));
        let edge = |unit: Index| self.at(unit).edges.first().map(|&edge| (edge, self.edges[edge]));
        // An edge within a slot is stacked first.
        for units in [&row, &col] {
            for pair in units.windows(2) {
                let (position, found) = edge(pair[0])?;
                if found.other(Some(pair[0])) == Some(pair[1]) {
                    return Some(Reduction::Stack(position, self.indices([Some(pair[0]), Some(pair[1])])));
                }
            }
        }
        let across =
            row.iter().any(|&unit| edge(unit).is_some_and(|(_, edge)| ends(&edge).iter().flatten().count() > 1));
        if !across && !row.is_empty() && !col.is_empty() {
            // Rows and columns have nothing in common: each is a vector.
            return self.fusion(if row.len() > 1 { rows } else { cols }, &[], open);
        }
        let mut edges = Vec::new();
        let mut turned = Vec::new();
        let mut left = col.iter().copied().peekable();
        for &unit in &row {
            let (position, found) = edge(unit)?;
            let far = found.other(Some(unit));
            if far.is_some() {
                while let Some(alone) = left.next_if(|&other| Some(other) != far) {
                    let (position, label) = edge(alone)?;
                    label.label()?;
                    edges.push(position);
                    turned.extend(label.row.map(|_| position));
                }
                left.next()?;
            }
            edges.push(position);
            turned.extend((found.row != Some(unit)).then_some(position));
        }
        for alone in left {
            let (position, label) = edge(alone)?;
            label.label()?;
            edges.push(position);
            turned.extend(label.row.map(|_| position));
        }
        if turned.is_empty() {
            let [rows, cols] = [rows, cols].map(Indices::from_slice);
            Some(Reduction::Kronecker(Fusion { edges, rows, cols }))
        } else {
            Some(Reduction::Turn(turned))
        }
    }

    /// What has to be done so that a vertex belongs to one edge: nothing, a step, or what cannot be done.
    fn prepared(&self, unit: Index) -> Option<Option<Reduction>> {
        let edges = &self.at(unit).edges;
        let end: Vertex = Some(unit);
        match edges[..] {
            [] => Some(self.slot(end).len().eq(&1).then_some(Reduction::Ones(unit))),
            [edge] => self.edges[edge].is_loop().then_some(None),
            [a, b] => {
                let (label, edge) = if self.edges[a].label().is_some() { (a, b) } else { (b, a) };
                let fits = self.edges[label].label().is_some() && self.edges[edge].label().is_none();
                let [rows, cols] =
                    [self.edges[edge].row, self.edges[edge].col].map(|other| (other == end).then_some(label));
                Some(fits.then(|| self.scaled(vec![Scaled { edge, rows, cols }])).flatten())
            }
            _ => Some(None),
        }
    }
}
