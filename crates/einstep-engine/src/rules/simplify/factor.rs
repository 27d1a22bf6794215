//! Common factors of the summands of a sum: the one step that saves most nodes, then the next.
//!
//! In: sums. Out: products with shorter sums. Left to others: like terms, order.
//!
//! What a textbook pulls out and what it leaves is a matter of taste, and stands in one table, [`least_saving`].

mod pull;

use super::cost::{signed, size};
use super::diagonals::entrywise_sum;
use super::echo::Echo;
use super::parts::{Term, identity, negated};
use super::transposes::shorter_turned;
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};
use indexmap::IndexMap;
use pull::{Common, Pull, shared_number};
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::cmp::Reverse;

/// Common factors.
pub(crate) static FACTOR: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.factor",
        name: "common factor",
        kind: RuleKind::Structural,
        statement: "A*B + A*C = A*(B + C); B*A + C*A = (B + C)*A; X .* Y + X .* Z = X .* (Y + Z); c*X + c*Y = c*(X + Y); \
                    c*X + d*X = (c + d)*X",
        when: "the result is shorter, by more the less of the sum it concerns",
        reason: "Products distribute over sums.",
        sentence: "{factor} is a common factor",
        reference: "distributivity",
        example: ("B*x + B'*x", "(B + B')*x"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD),
    apply: |store, id| factored(store, None, id),
};

/// [`FACTOR`] for one question.
pub(crate) fn factored(store: &mut Store, echo: Option<&Echo>, id: Id) -> Option<Rewrite> {
    let (to, factor) = best(store, echo, id, LOOKAHEAD)?;
    Some(Rewrite::to(to).slot("factor", factor))
}

/// How many sums within sums are looked at to see what a step is worth.
const LOOKAHEAD: usize = 2;

/// A sum with common factors pulled out where that saves most, and the first of these factors.
fn best(store: &mut Store, echo: Option<&Echo>, id: Id, lookahead: usize) -> Option<(Id, Id)> {
    let Node::Add(terms) = store.node(id).clone() else { return None };
    let parts: Vec<Term> = terms.iter().map(|&term| Term::of(store, term)).collect();
    let sizes: Vec<usize> = terms.iter().map(|&term| signed(store, term).0).collect();
    let sum = Summands { parts, sizes, lookahead };
    let mut moves: Vec<Move> = Vec::new();
    for (key, members) in groups(store, &sum.parts) {
        // A fraction that the question writes in several places stands in several places.
        let repeated = |echo: &Echo| echo.repeats(&shared_number(&members, &sum.parts));
        if members.len() < 2 || key == Key::Number && echo.is_some_and(repeated) {
            continue;
        }
        let more = longer(store, &key, &members, &sum.parts);
        moves.extend(pulled(store, key.clone(), members, &sum));
        moves.extend(more.and_then(|members| pulled(store, key, members, &sum)));
    }
    moves.sort_by(|a, b| {
        let rank = |m: &Move| (Reverse(m.saved), m.key.rank());
        rank(a).cmp(&rank(b)).then_with(|| store.compare(a.factor, b.factor))
    });
    // Moves that concern different summands are made together.
    let mut kept: Vec<Option<Id>> = terms.iter().map(|&term| Some(term)).collect();
    let mut free = vec![true; terms.len()];
    let mut first = None;
    for found in moves {
        if found.members.iter().all(|&k| free[k]) {
            for &k in &found.members {
                (free[k], kept[k]) = (false, None);
            }
            kept[found.members[0]] = Some(found.to);
            first.get_or_insert(found.factor);
        }
    }
    let factor = first?;
    Some((store.add(kept.into_iter().flatten()), factor))
}

/// Of some summands with a common first or last factor those that have others too, if there are both kinds.
fn longer(store: &Store, key: &Key, members: &[usize], parts: &[Term]) -> Option<Vec<usize>> {
    if !matches!(key, Key::Left(_) | Key::Right(_)) {
        return None;
    }
    let longer: Vec<usize> = members.iter().copied().filter(|&k| parts[k].chain(store).len() > 1).collect();
    (longer.len() > 1 && longer.len() < members.len()).then_some(longer)
}

/// The summands of a sum.
struct Summands {
    parts: Vec<Term>,
    sizes: Vec<usize>,
    lookahead: usize,
}

/// What some summands share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The first factor of a product of matrices.
    Left(Id),
    /// The last factor.
    Right(Id),
    /// A factor of an elementwise product, whatever its power.
    Entry(Id),
    /// A scalar, below the bar or not.
    Scalar(Id, bool),
    /// The whole array.
    Array(Id),
    /// A number.
    Number,
}

impl Key {
    fn rank(&self) -> u8 {
        match self {
            Key::Number => 0,
            Key::Left(_) => 1,
            Key::Right(_) => 2,
            Key::Entry(_) => 3,
            Key::Array(_) => 4,
            Key::Scalar(..) => 5,
        }
    }
}

/// Factors pulled out of some summands.
struct Move {
    key: Key,
    members: Vec<usize>,
    to: Id,
    factor: Id,
    saved: usize,
}

/// What a move is like, as far as taste is concerned.
struct Look {
    /// Whether it concerns all summands.
    whole: bool,
    /// Whether what is left has scalars or numbers of its own.
    mixed: bool,
    /// Whether an identity is left.
    identity: bool,
    /// Whether the sum is one of scalars.
    scalar: bool,
}

/// How much of what it joins a move has to save at least, in percent; `None` where it is never made.
fn least_saving(key: &Key, look: &Look) -> Option<usize> {
    Some(match key {
        // (inv(B) - inv(A))/2, but 2*A'*r + 2*c*w.
        Key::Number => 1,
        // c*a + d*a' stays; a bare identity stands with the coefficient 1 or -1, and seldom.
        Key::Left(_) | Key::Right(_) if look.identity && look.mixed => return None,
        Key::Left(_) | Key::Right(_) if look.identity => 21,
        // (B + B')*x.
        Key::Left(_) | Key::Right(_) if look.whole && !look.mixed => 1,
        // (1 + x) .* exp(x), but diag(u + x .* u .* v).
        Key::Entry(_) if look.whole && !look.mixed => 13,
        Key::Left(_) | Key::Right(_) | Key::Entry(_) => 25,
        // (x'*x + c)*A.
        Key::Array(_) if look.whole => 1,
        Key::Array(_) => return None,
        // a/(2*s^2) - b/(2*s) and I/s - x*x'/s^3 stay.
        Key::Scalar(_, true) if look.scalar => 25,
        Key::Scalar(_, true) => 20,
        Key::Scalar(_, false) if look.whole => 1,
        Key::Scalar(_, false) => return None,
    })
}

/// The summands by what they share, in the order in which that is met.
fn groups(store: &Store, parts: &[Term]) -> IndexMap<Key, Vec<usize>, FxBuildHasher> {
    let mut groups: IndexMap<Key, Vec<usize>, FxBuildHasher> = IndexMap::default();
    let mut meet = |key: Key, position: usize| {
        let members = groups.entry(key).or_default();
        if members.last() != Some(&position) {
            members.push(position);
        }
    };
    for (position, term) in parts.iter().enumerate() {
        meet(Key::Number, position);
        for &scalar in &term.scalars {
            let (base, exponent) = store.base_and_exponent(scalar);
            meet(Key::Scalar(base, exponent.is_negative()), position);
        }
        let Some(array) = term.array else { continue };
        let chain = term.chain(store);
        meet(Key::Array(array), position);
        meet(Key::Left(chain[0]), position);
        meet(Key::Right(chain[chain.len() - 1]), position);
        let entries = term.entries(store);
        // Nothing is pulled out of an elementwise product with the identity: 2*inv(X) - inv(X) .* I.
        if !entries.iter().any(|&entry| matches!(store.node(entry), Node::Identity(_))) {
            entries.iter().for_each(|&entry| meet(Key::Entry(store.base_and_exponent(entry).0), position));
        }
    }
    groups
}

/// The move that pulls out what some summands share; `None` where it does not save enough.
fn pulled(store: &mut Store, key: Key, members: Vec<usize>, sum: &Summands) -> Option<Move> {
    let whole = members.len() == sum.parts.len();
    let pull = Pull::of(store, &key, &members, &sum.parts)?;
    let terms: Args = pull.inner.iter().map(|term| term.node(store)).collect();
    let inner = store.add(terms);
    let left = what_is_left(store, &key, inner, sum.lookahead);
    let mixed = pull.is_mixed(store) && !matches!(pull.common, Common::Array(_)) && left.is_sum;
    let shown = pull.times(store, left.shown);
    let before = members.iter().map(|&k| sum.sizes[k]).sum::<usize>() + members.len() - 1;
    let saved = before.checked_sub(signed(store, shown).0)?;
    let look = Look { whole, mixed, identity: pull.identity, scalar: sum.parts[0].array.is_none() };
    let least = least_saving(&key, &look)?;
    if saved == 0 || saved * 100 < before * least {
        return None;
    }
    let to = pull.times(store, inner);
    Some(Move { key, members, to, factor: pull.factor, saved })
}

/// What a sum that is left in brackets will look like in the end.
struct Left {
    shown: Id,
    is_sum: bool,
}

fn what_is_left(store: &mut Store, key: &Key, sum: Id, lookahead: usize) -> Left {
    let mut shown = sum;
    if lookahead > 0 {
        while let Some((next, _)) = best(store, None, shown, lookahead - 1) {
            shown = next;
        }
    }
    let is_sum = matches!(store.node(shown), Node::Add(_));
    let shown = match key {
        Key::Entry(_) => entrywise_sum(store, shown),
        _ => shorter_turned(store, shown).unwrap_or(shown),
    };
    Left { shown, is_sum }
}

/// A sum that is a summand and a factor in another summand.
pub(crate) static ABSORB: Rule = Rule {
    statement: RuleStatement {
        id: "sum.absorb",
        name: "a sum that comes back",
        kind: RuleKind::Structural,
        statement: "A + B + C*(A + B) = (I + C)*(A + B); A + B + (A + B)*C = (A + B)*(I + C)",
        when: "the result is shorter",
        reason: "The matrix product distributes over sums.",
        sentence: "{factor} is a common factor",
        reference: "distributivity",
        example: ("A + B - P*(A + B)", "(I - P)*(A + B)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let before = size(store, id);
        let all: FxHashSet<Id> = terms.iter().copied().collect();
        for (position, &term) in terms.iter().enumerate() {
            let parts = Term::of(store, term);
            let chain = parts.chain(store);
            if chain.len() < 2 {
                continue;
            }
            for left in [true, false] {
                let sum = if left { chain[0] } else { chain[chain.len() - 1] };
                let Some((mut gone, negative)) = occurs(store, &all, sum) else { continue };
                gone.push(term);
                let rest = if left { &chain[1..] } else { &chain[..chain.len() - 1] };
                let rest = store.matmul(rest.iter().copied());
                let dim = if left { store.shape(sum).cols } else { store.shape(sum).rows };
                let unit = identity(store, dim);
                let unit = if negative { negated(store, unit) } else { unit };
                let other = parts.with_array(Some(rest)).node(store);
                let inner = store.add([unit, other]);
                let product = if left { store.matmul([sum, inner]) } else { store.matmul([inner, sum]) };
                let rest = terms.iter().enumerate().filter(|(k, term)| *k == position || !gone.contains(term));
                let rest: Args = rest.map(|(k, &term)| if k == position { product } else { term }).collect();
                let to = store.add(rest);
                if size(store, to) < before {
                    return Some(Rewrite::to(to).slot("factor", sum));
                }
            }
        }
        None
    },
};

/// The terms among which those of a sum occur, or all of them with the opposite sign.
fn occurs(store: &mut Store, terms: &FxHashSet<Id>, sum: Id) -> Option<(Args, bool)> {
    let Node::Add(summands) = store.node(sum).clone() else { return None };
    if summands.iter().all(|summand| terms.contains(summand)) {
        return Some((summands, false));
    }
    let opposite: Args = summands.iter().map(|&summand| negated(store, summand)).collect();
    opposite.iter().all(|summand| terms.contains(summand)).then_some((opposite, true))
}
