//! How the entries of a structured variable move together.
//!
//! In: a symbol with its properties, how derivatives are read, an entry. Out: the direction in which that entry is perturbed.
//! Left to others: values along it.
//!
//! The matrices of a structure are those that equal their transpose, or its opposite, with zeros at some places. Read as tied,
//! an entry moves at rate 1 with the one on the other side of the diagonal; projected, the direction of the entry alone is
//! projected onto these matrices. An entry that is zero by its structure does not move.

use crate::dual::Dual;
use crate::field::F;
use crate::verdict::{FILE, Fault};
use einstep_trace::{Derivation, Node, Reading, Symbol};

/// What the properties of a symbol say of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ties {
    symmetric: bool,
    skew: bool,
    /// Zero above the diagonal.
    lower: bool,
    /// Zero below it.
    upper: bool,
}

impl Ties {
    /// Those of a symbol, if there are any.
    pub(crate) fn of(symbol: &Symbol) -> Option<Ties> {
        let has = |names: &[&str]| symbol.properties.iter().any(|own| names.contains(&own.as_str()));
        let ties = Ties {
            symmetric: has(&["symmetric", "positive-definite", "diagonal"]),
            skew: has(&["skew"]),
            lower: has(&["lower", "diagonal"]),
            upper: has(&["upper", "diagonal"]),
        };
        (ties.symmetric || ties.skew || ties.lower || ties.upper).then_some(ties)
    }

    /// Whether an entry can be other than zero.
    fn moves(self, i: usize, j: usize) -> bool {
        let kept = |i: usize, j: usize| !(self.lower && i < j || self.upper && i > j);
        let mirrored = !(self.symmetric || self.skew) || kept(j, i);
        kept(i, j) && mirrored && !(self.skew && (self.symmetric || i == j))
    }

    /// How entries change with that at a position of an n×n matrix; the others do not.
    pub(crate) fn direction(self, reading: Reading, n: usize, position: usize) -> Vec<(usize, Dual)> {
        let (i, j) = (position / n, position % n);
        let mirror = if self.skew { -Dual::ONE } else { Dual::ONE };
        let half = F::new(2).inverse().map_or(Dual::ONE, Dual::plain);
        match reading {
            Reading::Free => vec![(position, Dual::ONE)],
            _ if !self.moves(i, j) => vec![],
            _ if i == j || !(self.symmetric || self.skew) => vec![(position, Dual::ONE)],
            Reading::Tied => vec![(position, Dual::ONE), (j * n + i, mirror)],
            Reading::Projected => vec![(position, half), (j * n + i, mirror * half)],
        }
    }
}

/// Whether every pending derivative of a trace is read as its problem says: free by what has no structure.
pub(crate) fn check(derivation: &Derivation) -> Result<(), Fault> {
    for (number, node) in derivation.nodes.iter().enumerate() {
        let Node::Partial { by, reading, .. } = node else { continue };
        let of = match &derivation.nodes[by.at()] {
            Node::Elem { of, .. } => of,
            _ => by,
        };
        let ties = match &derivation.nodes[of.at()] {
            Node::Symbol { symbol } => Ties::of(&derivation.symbols[symbol.at()]),
            _ => None,
        };
        if *reading != ties.map_or(Reading::Free, |_| derivation.problem.structured) {
            return Err(Fault::reject(
                FILE,
                format!("the derivative of node {number} is not read as the problem says"),
            ));
        }
    }
    let orthogonal = |symbol: &&Symbol| symbol.properties.iter().any(|property| property == "orthogonal");
    let by = |symbol: &&Symbol| derivation.problem.wrt.contains(&symbol.name);
    match derivation.symbols.iter().filter(orthogonal).find(by) {
        Some(symbol) if derivation.problem.structured != Reading::Free => {
            let why =
                format!("the entries of `{}`, which is orthogonal, move in no direction of their own", symbol.name);
            Err(Fault::decline("the question", &why))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use einstep_trace::{Dim, Origin, SymbolKind};

    fn ties(properties: &[&str]) -> Option<Ties> {
        Ties::of(&Symbol {
            name: "X".into(),
            kind: SymbolKind::Matrix,
            shape: vec![Dim("n".into()), Dim("n".into())],
            properties: properties.iter().map(ToString::to_string).collect(),
            origin: Origin::Declared,
            depends: None,
        })
    }

    #[test]
    fn entries_move_with_those_tied_to_them() {
        let moved = |properties: &[&str], position| {
            let direction = ties(properties).unwrap().direction(Reading::Tied, 3, position);
            direction.into_iter().map(|(at, rate)| (at, rate == Dual::ONE)).collect::<Vec<_>>()
        };
        assert_eq!(moved(&["symmetric"], 1), [(1, true), (3, true)]);
        assert_eq!(moved(&["positive-definite"], 4), [(4, true)]);
        assert_eq!(moved(&["skew"], 1), [(1, true), (3, false)]);
        assert_eq!(moved(&["skew"], 4), []);
        assert_eq!(moved(&["diagonal"], 1), []);
        assert_eq!(moved(&["lower"], 1), []);
        assert_eq!(moved(&["lower"], 3), [(3, true)]);
        assert_eq!(moved(&["symmetric", "lower"], 3), []);
        assert_eq!(moved(&["symmetric", "skew"], 3), []);
        assert_eq!(ties(&["invertible"]), None);
    }

    #[test]
    fn a_projected_direction_keeps_its_length_inside() {
        let direction = ties(&["skew"]).unwrap().direction(Reading::Projected, 2, 1);
        let [(1, up), (2, down)] = direction[..] else { panic!("{direction:?}") };
        assert_eq!((up + up, down + down), (Dual::ONE, -Dual::ONE));
    }
}
