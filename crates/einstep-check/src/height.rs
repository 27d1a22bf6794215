//! How large the numbers of an expression can get.
//!
//! In: a node table, a text. Out: for each expression a bound on the bits of what its numbers multiply and add up to.
//! Left to others: what is done about it. Values are residues: a number that reaches the prime can't be told from a smaller one.

use crate::letters::children;
use crate::verdict::Fault;
use einstep_syntax::{Expr, ExprKind, Number};
use einstep_trace::{Derivation, Node, NodeId, Rational};

/// The greatest number of bits, below those of the prime.
const MAX_BITS: u64 = 60;

/// Whether numbers stay below the prime.
pub(crate) fn bounded(bits: u64, at: &str) -> Result<(), Fault> {
    match bits {
        0..=MAX_BITS => Ok(()),
        _ => Err(Fault::decline(at, "its numbers multiply to more than the checker's prime")),
    }
}

/// The bits of every node. A sum adds bits where it has numbers, or one summand more than once.
pub(crate) fn of_nodes(derivation: &Derivation) -> Vec<u64> {
    let mut bits: Vec<u64> = Vec::with_capacity(derivation.nodes.len());
    for node in &derivation.nodes {
        let below = || node.children().into_iter().map(|child| bits[child.at()]);
        let own = match node {
            Node::Number { value } => of_number(value),
            Node::Add { args } => {
                let mut sorted = args.clone();
                sorted.sort_unstable();
                let alike = sorted.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap_or(1);
                let is_number = |arg: &&NodeId| matches!(derivation.nodes[arg.at()], Node::Number { .. });
                let count = alike.max(args.iter().filter(is_number).count());
                below().max().unwrap_or(0).saturating_add(of_count(count))
            }
            Node::Power { base, exponent } => power(bits[base.at()], integer(&derivation.nodes[exponent.at()])),
            Node::Matpow { base, exponent } => power(bits[base.at()], Some(u64::from(*exponent))),
            Node::Mul { .. } | Node::Matmul { .. } | Node::Hadamard { .. } | Node::Call { .. } => {
                below().fold(0, u64::saturating_add)
            }
            _ => below().max().unwrap_or(0),
        };
        bits.push(own);
    }
    bits
}

/// The bits of an expression as it is written.
pub(crate) fn of_text(expr: &Expr) -> u64 {
    let below = || children(expr).into_iter().map(of_text);
    match &expr.kind {
        ExprKind::Number(Number { digits, exponent }) => {
            of_digits(digits).saturating_add(u64::from(exponent.unsigned_abs()).saturating_mul(4))
        }
        ExprKind::Sum(terms) => {
            let numbers = terms.iter().filter(|(_, term)| matches!(term.kind, ExprKind::Number(_))).count();
            below().max().unwrap_or(0).saturating_add(of_count(numbers.max(1)))
        }
        ExprKind::Power(base, exponent) | ExprKind::ElementPower(base, exponent) => {
            let whole = match &exponent.kind {
                ExprKind::Number(number) if number.exponent == 0 => number.digits.parse().ok(),
                _ => None,
            };
            power(of_text(base), whole)
        }
        ExprKind::Product(_)
        | ExprKind::Hadamard(_)
        | ExprKind::Kronecker(_)
        | ExprKind::Quotient(..)
        | ExprKind::ElementQuotient(..)
        | ExprKind::Call(..) => below().fold(0, u64::saturating_add),
        _ => below().max().unwrap_or(0),
    }
}

/// The bits of a rational number.
pub(crate) fn of_number(value: &Rational) -> u64 {
    value.parts().map_or(0, |(_, num, den)| of_digits(num).saturating_add(of_digits(den)))
}

fn of_digits(digits: &str) -> u64 {
    match digits.parse::<u64>() {
        Ok(number) => of_count(usize::try_from(number).unwrap_or(usize::MAX)),
        Err(_) => (digits.len() as u64).saturating_mul(4),
    }
}

/// The bits that a factor adds: none for 1.
fn of_count(count: usize) -> u64 {
    u64::from(usize::BITS - count.saturating_sub(1).leading_zeros())
}

fn power(base: u64, whole: Option<u64>) -> u64 {
    base.saturating_mul(whole.unwrap_or(1))
}

/// The size of an exponent that is an integer.
fn integer(exponent: &Node) -> Option<u64> {
    match exponent {
        Node::Number { value } => {
            value.parts().filter(|(.., den)| *den == "1").and_then(|(_, num, _)| num.parse().ok())
        }
        _ => None,
    }
}
