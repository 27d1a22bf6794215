//! How many bits of certainty one point gives.
//!
//! In: the nodes of a derivation, sizes. Out: a number of bits b: a difference of two values that is not zero everywhere
//! vanishes at a random point with a probability of at most 2^-b (Schwartz and Zippel).
//! Left to others: the points.
//!
//! Degrees are those of a numerator and a denominator in the drawn entries. A root that is not drawn as such doubles the
//! degree and halves the points that qualify.

use crate::draw::MAX_INTEGER;
use crate::eval::World;
use einstep_trace::{IndexId, Node, NodeId};

/// The bits of the prime, rounded down.
const PRIME_BITS: u32 = 60;

/// What is left where a symbol in an exponent is drawn from 2^28 integers: eight bits for the degree in that symbol.
const SYMBOLIC_BITS: u32 = MAX_INTEGER.ilog2() - 8;

/// Bounds on the degrees of a numerator and a denominator.
#[derive(Debug, Clone, Copy, Default)]
struct Degree {
    over: u64,
    under: u64,
}

impl Degree {
    fn times(self, other: Degree) -> Degree {
        Degree { over: self.over.saturating_add(other.over), under: self.under.saturating_add(other.under) }
    }

    fn plus(self, other: Degree) -> Degree {
        Degree {
            over: self.over.saturating_add(other.under).max(other.over.saturating_add(self.under)),
            under: self.under.saturating_add(other.under),
        }
    }

    /// The sum of so many terms of this degree, with denominators of their own.
    fn sum_of(self, terms: usize) -> Degree {
        let others = self.under.saturating_mul(terms as u64 - 1);
        Degree { over: self.over.saturating_add(others), under: self.under.saturating_add(others) }
    }

    fn power(self, times: u64) -> Degree {
        Degree { over: self.over.saturating_mul(times), under: self.under.saturating_mul(times) }
    }
}

/// The bits of one point for comparisons among some nodes.
pub(crate) fn bits(world: &World<'_>, roots: &[NodeId]) -> u32 {
    let mut degrees: Vec<Degree> = Vec::with_capacity(world.derivation.nodes.len());
    let mut lost = 1u64;
    let mut most = PRIME_BITS;
    for (position, node) in world.derivation.nodes.iter().enumerate() {
        degrees.push(degree(world, node, &degrees));
        if takes_root(world, node) {
            // One root for each value of the free indices: a doubled degree, half of the points.
            let roots = runs(world, world.table.free(NodeId(position as u32)));
            lost = lost.saturating_add(2 * roots as u64);
        }
        if has_symbol_in_exponent(world, node) {
            most = SYMBOLIC_BITS;
        }
    }
    // Weights of free indices are random too.
    let total = |root: &NodeId| {
        let Degree { over, under } = degrees[root.at()];
        over.saturating_add(under).saturating_add(world.table.free(*root).len() as u64)
    };
    let greatest = roots.iter().map(total).max().unwrap_or(0);
    let lost = lost.saturating_add(u64::from(greatest.saturating_mul(2).max(1).ilog2()));
    PRIME_BITS.saturating_sub(u32::try_from(lost).unwrap_or(u32::MAX)).min(most)
}

/// The degree of a node, from those of the nodes before it.
fn degree(world: &World<'_>, node: &Node, before: &[Degree]) -> Degree {
    let at = |id: &NodeId| before[id.at()];
    match node {
        Node::Number { .. }
        | Node::Size { .. }
        | Node::Identity { .. }
        | Node::Ones { .. }
        | Node::Zeros { .. }
        | Node::Delta { .. }
        | Node::Eps { .. } => Degree::default(),
        // Entries are drawn, or are squares or sums of products of two that are; Cayley's form is a quotient.
        Node::Symbol { symbol } => {
            let symbol = &world.derivation.symbols[symbol.at()];
            let size = symbol.shape.first().map_or(1, |dim| world.sizes.of(dim).unwrap_or(1)) as u64;
            match symbol.properties.iter().any(|property| property == "orthogonal") {
                true => Degree { over: 2 * size + 2, under: 2 * size + 2 },
                false => Degree { over: 2, under: 0 },
            }
        }
        Node::Add { args } => args.iter().map(at).fold(Degree::default(), Degree::plus),
        Node::Block { blocks } => blocks.iter().flatten().map(at).fold(Degree::default(), Degree::plus),
        Node::Mul { args } | Node::Hadamard { args } => args.iter().map(at).fold(Degree::default(), Degree::times),
        Node::Matmul { args } => {
            let product = |degree: Degree, arg: &NodeId| degree.times(at(arg)).sum_of(extent(world, *arg));
            args[1..].iter().fold(at(&args[0]), product)
        }
        Node::Transpose { arg } | Node::Fn { arg, .. } | Node::Elem { of: arg, .. } | Node::Array { body: arg, .. } => {
            at(arg)
        }
        Node::Power { base, exponent } => match &world.derivation.nodes[exponent.at()] {
            Node::Number { value } => {
                let (negative, num, _) = value.parts().unwrap_or((false, "1", "1"));
                let power = at(base).power(num.parse().unwrap_or(u64::MAX));
                if negative { Degree { over: power.under, under: power.over } } else { power }
            }
            _ => at(base).power(2 * MAX_INTEGER),
        },
        Node::Matpow { base, exponent } => at(base).sum_of(extent(world, *base)).power(u64::from(*exponent)),
        Node::Call { args, .. } => {
            let entries = |arg: &NodeId| extent(world, *arg).saturating_mul(extent(world, *arg));
            args.iter().map(|arg| at(arg).power(2).sum_of(entries(arg))).fold(Degree::default(), Degree::times)
        }
        Node::Sum { over, body } => at(body).sum_of(runs(world, over)),
        Node::Prod { over, body } => at(body).power(runs(world, over) as u64),
        Node::Partial { body, .. } => {
            let body = at(body);
            Degree { over: body.over.saturating_add(body.under), under: body.under.saturating_mul(2) }
        }
    }
}

/// Whether a node takes a root of something other than an entry, which is drawn as a square then.
fn takes_root(world: &World<'_>, node: &Node) -> bool {
    let nodes = &world.derivation.nodes;
    match node {
        Node::Power { base, exponent } => {
            let entry = matches!(nodes[base.at()], Node::Elem { .. } | Node::Symbol { .. });
            let whole =
                matches!(&nodes[exponent.at()], Node::Number { value } if value.parts().is_some_and(|p| p.2 == "1"));
            !entry && !whole
        }
        Node::Call { name, .. } => name != "tr",
        _ => false,
    }
}

fn has_symbol_in_exponent(world: &World<'_>, node: &Node) -> bool {
    let Node::Power { exponent, .. } = node else {
        return false;
    };
    !matches!(world.derivation.nodes[exponent.at()], Node::Number { .. } | Node::Size { .. })
}

/// The greater of the numbers of rows and columns.
fn extent(world: &World<'_>, id: NodeId) -> usize {
    world.extents(id).map_or(1, |extents| extents.into_iter().flatten().max().unwrap_or(1))
}

/// The number of values that some indices take together.
fn runs(world: &World<'_>, over: &[IndexId]) -> usize {
    over.iter().map(|index| world.index(*index).map_or(1, |axis| axis.1)).fold(1, usize::saturating_mul)
}
