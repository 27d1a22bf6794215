//! Where the way back to matrices ends.
//!
//! In: a line that no rule reads back any further. Out: the summed index that stands in the way, and the factors that it
//! joins. Left to others: the sentence (`record`).

use super::Network;
use einstep_expr::{Id, Index, Node, Store};

/// What stands in the way of a matrix form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// A summed index with the factors that have it: three or more, with as many other indices.
    Joins(Index, Vec<Id>),
    /// A literal index beside another index: a row or a column of a matrix, or a column of an identity.
    Position(Index),
    /// A factor with three or more indices.
    Factor(Id),
    /// A term whose free indices are more than rows and columns.
    Order(usize),
}

/// What stands in the way of reading a line as matrices: the first thing found, innermost first.
pub(crate) fn stuck(store: &Store, id: Id) -> Option<Stuck> {
    if let Some(found) = store.node(id).children().into_iter().find_map(|child| stuck(store, child)) {
        return Some(found);
    }
    if let Some(network) = Network::read(store, id) {
        let neighbours = |index: Index| {
            let mut others: Vec<Index> = Vec::new();
            for &edge in &network.at(index).edges {
                let edge = network.edges[edge];
                let other = edge.other(Some(index));
                others.extend(other.filter(|other| *other != index && !others.contains(other)));
            }
            others.len()
        };
        let joined = network.over.iter().copied().find(|&index| network.at(index).others == 0 && neighbours(index) > 2);
        if let Some(index) = joined {
            let edges = network.at(index).edges.iter();
            return Some(Stuck::Joins(index, edges.map(|&edge| network.factor(edge)).collect()));
        }
        if let Some(&position) = network.others.first() {
            return Some(Stuck::Factor(network.factors[position]));
        }
    }
    let literal = |at: &[Index]| {
        let literal = at.iter().copied().find(|&index| store.position(index).is_some());
        literal.filter(|_| at.iter().any(|&index| store.position(index).is_none())).map(Stuck::Position)
    };
    match store.node(id) {
        Node::Elem(_, at) if literal(at).is_some() => literal(at),
        Node::Delta(i, j) => literal(&[*i, *j]),
        Node::Elem(of, at) if at.len() > store.shape(*of).slots().len() => Some(Stuck::Factor(id)),
        Node::Eps(_) => Some(Stuck::Factor(id)),
        Node::Array(over, ..) if over.len() > 2 => Some(Stuck::Order(over.len())),
        _ => None,
    }
}
