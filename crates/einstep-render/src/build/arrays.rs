//! Operations on arrays: products, transposes, powers, functions, elements.
//!
//! In: nodes with matrix arguments. Out: notation. Left to others: scalars and their quotients.

use super::Builder;
use crate::notation::{Bars, Joint, Level, Notation, Top};
use crate::view::Place;
use einstep_trace::{IndexId, Node, NodeId, group};

impl Builder<'_> {
    pub(super) fn matmul(&mut self, place: Place<'_>, args: &[NodeId]) -> Notation {
        let factors = self.children(place, args);
        let inner = |factor: Notation| match factor.bare() {
            Notation::Product(..) => factor.in_parens(),
            _ => factor.at_least(Level::Product),
        };
        Notation::Product(Joint::Plain, factors.into_iter().map(inner).collect())
    }

    pub(super) fn hadamard(&mut self, place: Place<'_>, args: &[NodeId]) -> Notation {
        let [over, under] = self.entrywise(place, args);
        entry_quotient(over, under)
    }

    /// What stands over and below an elementwise quotient.
    pub(super) fn entrywise(&mut self, place: Place<'_>, args: &[NodeId]) -> [Vec<Notation>; 2] {
        let mut parts = [Vec::new(), Vec::new()];
        for (position, arg) in args.iter().enumerate() {
            let here = place.child(position, *arg);
            match self.reciprocal(here) {
                Some(power) => parts[1].push(power),
                None => parts[0].push(self.at(here, false)),
            }
        }
        parts
    }

    pub(super) fn grid(&mut self, place: Place<'_>, blocks: &[Vec<NodeId>]) -> Notation {
        let mut position = 0..;
        let mut block = |id: &NodeId| self.at(place.child(position.next().unwrap_or(0), *id), true);
        Notation::Grid(blocks.iter().map(|row| row.iter().map(&mut block).collect()).collect())
    }

    pub(super) fn transpose(&mut self, place: Place<'_>, arg: NodeId) -> Notation {
        let below = place.child(0, arg);
        match self.inverted(below) {
            Some(matrix) => self.at(matrix, false).raised(Top::InverseTranspose),
            None => self.at(below, false).raised(Top::Transpose),
        }
    }

    pub(super) fn matrix_power(&mut self, place: Place<'_>, base: NodeId, exponent: u32) -> Notation {
        let below = place.child(0, base);
        let exponent = Notation::number(u64::from(exponent));
        match self.inverted(below) {
            Some(matrix) => self.at(matrix, false).power(exponent.signed(true)),
            None => self.at(below, false).power(exponent),
        }
    }

    /// The matrix whose inverse stands at a place, if nothing is to be seen of the inverse itself.
    fn inverted<'p>(&self, place: Place<'p>) -> Option<Place<'p>> {
        match place.get(self.derivation)? {
            Node::Call { name, args } if name == "inv" && self.is_spelled_out(place) => {
                Some(place.child(0, *args.first()?))
            }
            _ => None,
        }
    }

    pub(super) fn call(&mut self, place: Place<'_>, name: &str, args: &[NodeId]) -> Notation {
        let mut notations: Vec<Notation> =
            args.iter().enumerate().map(|(k, arg)| self.at(place.child(k, *arg), true)).collect();
        let bars = match name {
            "norm" => Some(Bars::Norm),
            "normF" => Some(Bars::Frobenius),
            "norm1" => Some(Bars::One),
            _ => None,
        };
        match (name, bars, notations.len()) {
            (_, Some(bars), 1) => Notation::Norm(Box::new(notations.remove(0)), bars),
            ("inv", _, 1) => notations.remove(0).raised(Top::Inverse),
            ("pinv", _, 1) => notations.remove(0).raised(Top::Pseudoinverse),
            ("kron", _, 2) => Notation::joined(Joint::Kronecker, notations),
            ("cross", _, 2) => Notation::joined(Joint::Cross, notations),
            ("commutation", _, 2) => Notation::Script(Box::new(Notation::name("K")), notations),
            ("dot", _, 2) => Notation::Inner(notations),
            ("logdet", ..) => Notation::Apply("log det".into(), notations),
            (constant, _, 0) => Notation::name(constant),
            _ => Notation::Apply(name.to_string(), notations),
        }
    }

    pub(super) fn function(&mut self, place: Place<'_>, name: &str, arg: NodeId) -> Notation {
        let arg = self.at(place.child(0, arg), true);
        let name = match name {
            "abs" => return Notation::Norm(Box::new(arg), Bars::Absolute),
            "asin" => "arcsin",
            "acos" => "arccos",
            "atan" => "arctan",
            "sigmoid" if !self.names.sigma_is_taken => "σ",
            name => name,
        };
        Notation::Apply(name.to_string(), vec![arg])
    }

    pub(super) fn element(&mut self, of: Place<'_>, at: &[IndexId]) -> Notation {
        let labels = self.slots(of.node, at);
        let base = match of.get(self.derivation) {
            Some(Node::Symbol { symbol }) => {
                let name = self.names.element(*symbol);
                self.dressed(of, Notation::Name(name))
            }
            _ => self.at(of, true),
        };
        base.subscripted(labels)
    }

    /// The indices of an element, those of one dimension in one group.
    pub(crate) fn slots(&self, of: NodeId, at: &[IndexId]) -> Vec<Notation> {
        let dims = at.iter().map(|index| self.derivation.indices.get(index.at()).map(|index| index.dim.clone()));
        let counts = match (self.table.contains(of), dims.collect::<Option<Vec<_>>>()) {
            (true, Some(dims)) => group(self.table.shape(of), &dims).unwrap_or_default(),
            _ => vec![],
        };
        let mut rest = at;
        let mut labels = Vec::with_capacity(at.len());
        for count in counts {
            let (slot, others) = rest.split_at(count.min(rest.len()));
            if !slot.is_empty() {
                labels.push(self.slot(slot));
            }
            rest = others;
        }
        labels.extend(self.labels(rest));
        labels
    }
}

/// An elementwise quotient, or product where nothing stands below.
pub(super) fn entry_quotient(over: Vec<Notation>, under: Vec<Notation>) -> Notation {
    let product = |mut factors: Vec<Notation>| match factors.len() {
        0 => Notation::Number("1".into()),
        1 => factors.remove(0),
        _ => Notation::joined(Joint::Hadamard, factors),
    };
    if under.is_empty() {
        return product(over);
    }
    // Multiplied and divided from left to right, as numbers are.
    let over = match product(over) {
        over @ Notation::Product(Joint::Hadamard | Joint::Plain, _) => over.at_least(Level::Circle),
        over => over.at_least(Level::Fraction),
    };
    Notation::Product(Joint::Divide, vec![over, product(under).at_least(Level::Fraction)])
}
