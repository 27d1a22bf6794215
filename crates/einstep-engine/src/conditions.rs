//! What must hold for the steps of a derivation to hold.
//!
//! In: the needs of links. Out: conditions in matrices, each once; none that always holds or that another one implies.
//! Left to others: which step needs what (the rules), whether a condition can hold at all (the checker).

use crate::passes::{Chain, in_matrices};
use crate::work::{Need, Needed};
use einstep_expr::{Args, Function, Id, Indices, Node, Rat, Scalar, Store};
use einstep_trace::ConditionKind;

/// What must hold of a matrix expression for a step to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Condition {
    /// A scalar, vector or matrix.
    pub(crate) node: Id,
    pub(crate) kind: ConditionKind,
    /// The chain and the position of the link that needs it.
    pub(crate) link: (usize, usize),
}

/// What must hold for the steps of some chains to hold, in matrix form, each once; what is stronger says the weaker too.
pub(crate) fn conditions(store: &mut Store, chains: &[Chain]) -> Vec<Condition> {
    let mut found: Vec<Condition> = Vec::new();
    for (chain, links) in chains.iter().map(|chain| &chain.links).enumerate() {
        for (position, link) in links.iter().enumerate() {
            for need in link.places.iter().flat_map(|place| &place.needs) {
                let is_sign = matches!(need.kind, Needed::Nonzero | Needed::Positive);
                if is_sign && sign(store, need.node) == Some(Sign::Positive) {
                    continue;
                }
                let (node, kind) = condition(store, *need);
                let condition = Condition { node, kind, link: (chain, position) };
                let mut known = found.iter_mut().filter(|known| known.node == node);
                match known
                    .find(|known| known.kind == kind || is_stronger(known.kind, kind) || is_stronger(kind, known.kind))
                {
                    Some(known) if is_stronger(kind, known.kind) => *known = condition,
                    Some(_) => {}
                    None => found.push(condition),
                }
            }
        }
    }
    found
}

/// Whether a condition on an expression says more than another one on it.
fn is_stronger(kind: ConditionKind, other: ConditionKind) -> bool {
    use ConditionKind::*;
    matches!(
        (kind, other),
        (Positive, Nonzero) | (PositiveEntries, NonzeroEntries | Nonzero) | (NonzeroEntries, Nonzero)
    ) || matches!((kind, other), (Invertible, FullRank))
}

/// A sum of squares is not zero, and then positive, exactly when its array is not zero.
fn condition(store: &mut Store, need: Need) -> (Id, ConditionKind) {
    let scalar = store.shape(need.node).is_scalar();
    let kind = match need.kind {
        Needed::Invertible => return (need.node, ConditionKind::Invertible),
        Needed::FullRank => return (need.node, ConditionKind::FullRank),
        _ if !scalar => return (need.node, ConditionKind::NonzeroEntries),
        Needed::Nonzero => ConditionKind::Nonzero,
        Needed::Positive => ConditionKind::Positive,
    };
    let free = Indices::from_slice(store.free(need.node));
    if !free.is_empty() {
        let rows = free.len().min(1) as u8;
        let array = store.intern(Node::Array(free, rows, need.node));
        let kind = match kind {
            ConditionKind::Positive => ConditionKind::PositiveEntries,
            _ => ConditionKind::NonzeroEntries,
        };
        return (in_matrices(store, array), kind);
    }
    let (base, exponent) = store.base_and_exponent(need.node);
    if !exponent.is_one() && exponent.is_even() {
        // An even power is positive where its base is not zero.
        return condition(store, Need { node: base, kind: Needed::Nonzero });
    }
    let root = store.power(need.node, Rat::fraction(1, 2));
    let root = in_matrices(store, root);
    match store.node(root) {
        Node::Call(Function::Norm(_) | Function::NormF, args) => (args[0], ConditionKind::Nonzero),
        _ => (in_matrices(store, need.node), kind),
    }
}

/// What is known of the sign of a real expression wherever it has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// It is at least 0.
    NonNegative,
    /// It is greater than 0.
    Positive,
}

/// What the form of an expression says of its sign, or of that of each entry; `None` where it may be negative.
fn sign(store: &Store, id: Id) -> Option<Sign> {
    let least = |args: &Args| args.iter().map(|&arg| sign(store, arg)).min().flatten();
    match store.node(id) {
        Node::Number(value) if value.is_negative() => None,
        Node::Number(value) if value.is_zero() => Some(Sign::NonNegative),
        Node::Number(_) | Node::Size(_) | Node::Ones(_) | Node::Call(Function::E | Function::Pi, _) => {
            Some(Sign::Positive)
        }
        Node::Apply(Scalar::Exp | Scalar::Cosh | Scalar::Sigmoid | Scalar::Softplus, _) => Some(Sign::Positive),
        Node::Apply(Scalar::Abs | Scalar::Relu | Scalar::Step, _) => Some(Sign::NonNegative),
        Node::Call(Function::Softmax(_), _) => Some(Sign::Positive),
        Node::Call(Function::Norm(_) | Function::NormF | Function::Norm1, _) => Some(Sign::NonNegative),
        Node::Elem(of, _) | Node::Array(_, _, of) | Node::Transpose(of) => sign(store, *of),
        Node::Sum(_, body) | Node::Prod(_, body) => sign(store, *body),
        Node::Call(Function::Sum(_) | Function::Mean(_) | Function::Prod(_), args) => sign(store, args[0]),
        Node::Add(terms) => {
            let signs: Option<Vec<Sign>> = terms.iter().map(|&term| sign(store, term)).collect();
            signs?.into_iter().max()
        }
        Node::Hadamard(args) => least(args),
        Node::Matmul(args) => match (args.len(), store.node(args[0])) {
            (2, Node::Transpose(column)) if *column == args[1] && store.shape(id).is_scalar() => {
                Some(Sign::NonNegative)
            }
            _ => None,
        },
        // A factor that stands twice is squared.
        Node::Mul(args) => {
            let count = |arg: &Id| args.iter().filter(|other| *other == arg).count();
            let signs = args.iter().map(|arg| match count(arg) % 2 {
                0 => sign(store, *arg).or(Some(Sign::NonNegative)),
                _ => sign(store, *arg),
            });
            signs.min().flatten()
        }
        Node::Power(base, exponent) => match (sign(store, *base), store.as_number(*exponent)) {
            (Some(Sign::Positive), _) => Some(Sign::Positive),
            (_, Some(value)) if value.is_even() => Some(Sign::NonNegative),
            // A root is that of something positive, and not negative itself.
            (_, Some(value)) if value.as_int().is_none() => Some(Sign::NonNegative),
            (known, Some(_)) => known,
            _ => None,
        },
        _ => None,
    }
}
