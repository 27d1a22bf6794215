//! What the form of an expression says of its sign.
//!
//! In: a node. Out: whether it, or each of its entries, is positive or at least not negative, wherever it has a value.
//! Left to others: what an expression must be.

use einstep_trace::{Derivation, Node, NodeId};

/// What is known of a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// It may be negative.
    Open,
    /// It is at least 0.
    NonNegative,
    /// It is greater than 0.
    Positive,
}

/// The sign of every node of a table.
pub(crate) fn signs(derivation: &Derivation) -> Vec<Sign> {
    let mut signs = Vec::with_capacity(derivation.nodes.len());
    for node in &derivation.nodes {
        signs.push(sign(derivation, &signs, node));
    }
    signs
}

fn sign(derivation: &Derivation, known: &[Sign], node: &Node) -> Sign {
    let of = |id: &NodeId| known[id.at()];
    let least = |args: &[NodeId]| args.iter().map(of).min().unwrap_or(Sign::Open);
    let not_negative = |args: &[NodeId]| if least(args) > Sign::Open { args.iter().map(of).max() } else { None };
    match node {
        Node::Number { value } => match value.parts() {
            Some((false, "0", _)) => Sign::NonNegative,
            Some((false, ..)) => Sign::Positive,
            _ => Sign::Open,
        },
        Node::Size { .. } | Node::Ones { .. } => Sign::Positive,
        Node::Fn { name, .. } => match name.as_str() {
            "exp" | "cosh" | "sigmoid" | "softplus" => Sign::Positive,
            "abs" | "relu" | "step" => Sign::NonNegative,
            _ => Sign::Open,
        },
        Node::Call { name, args } => match (name.as_str(), args.first()) {
            ("e" | "pi" | "softmax", _) => Sign::Positive,
            ("norm" | "normF" | "norm1", _) => Sign::NonNegative,
            ("sum" | "mean" | "prod", Some(arg)) => of(arg),
            _ => Sign::Open,
        },
        Node::Elem { of: arg, .. } | Node::Array { body: arg, .. } | Node::Transpose { arg } => of(arg),
        Node::Sum { body, .. } | Node::Prod { body, .. } => of(body),
        Node::Add { args } => not_negative(args).unwrap_or(Sign::Open),
        Node::Hadamard { args } => least(args),
        // A factor that stands twice is squared.
        Node::Mul { args } => {
            let is_square = |arg: &NodeId| args.iter().filter(|other| *other == arg).count() % 2 == 0;
            let signs = args.iter().map(|arg| if is_square(arg) { of(arg).max(Sign::NonNegative) } else { of(arg) });
            signs.min().unwrap_or(Sign::Open)
        }
        Node::Matmul { args } => match args.as_slice() {
            [row, column] => match &derivation.nodes[row.at()] {
                Node::Transpose { arg } if arg == column => is_column(derivation, *column),
                _ => Sign::Open,
            },
            _ => Sign::Open,
        },
        Node::Power { base, exponent } => match &derivation.nodes[exponent.at()] {
            _ if of(base) == Sign::Positive => Sign::Positive,
            Node::Number { value } => match value.parts() {
                Some((_, num, "1")) if num.ends_with(['0', '2', '4', '6', '8']) => Sign::NonNegative,
                Some((_, _, "1")) => of(base),
                // A root is that of something positive, and not negative itself.
                Some(_) => Sign::NonNegative,
                None => Sign::Open,
            },
            _ => Sign::Open,
        },
        _ => Sign::Open,
    }
}

/// The sign of the square of a column, which is a symbol.
fn is_column(derivation: &Derivation, id: NodeId) -> Sign {
    match &derivation.nodes[id.at()] {
        Node::Symbol { symbol } if derivation.symbols[symbol.at()].shape.len() == 1 => Sign::NonNegative,
        _ => Sign::Open,
    }
}
