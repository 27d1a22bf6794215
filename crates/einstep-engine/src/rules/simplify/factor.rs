//! Common factors of the summands of a sum: the one step that saves most nodes, then the next.
//!
//! In: sums. Out: products with shorter sums. Left to others: like terms, order.
//!
//! What a textbook pulls out and what it leaves is a matter of taste, and stands in one table, [`least_saving`].

use super::cost::{signed, size};
use super::diagonals::entrywise_sum;
use super::echo::Echo;
use super::parts::{Term, identity, is_ones, negated, ones};
use super::transposes::shorter_turned;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Dim, Id, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};
use indexmap::IndexMap;
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
    /// A factor of an elementwise product.
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
            entries.iter().for_each(|&entry| meet(Key::Entry(entry), position));
        }
    }
    groups
}

/// The move that pulls out what some summands share; `None` where it does not save enough.
fn pulled(store: &mut Store, key: Key, members: Vec<usize>, sum: &Summands) -> Option<Move> {
    let Summands { parts, sizes, lookahead } = sum;
    let whole = members.len() == parts.len();
    let number = shared_number(&members, parts);
    if key == Key::Number && (!whole || number.as_int().is_some()) {
        return None;
    }
    let mut shared = shared_scalars(&members, parts);
    let mut inner: Vec<Term> = members.iter().map(|&k| without(&parts[k], &number, &shared)).collect();
    let mut identity_left = false;
    let mut around: (Args, Args) = Default::default();
    let mut array = None;
    let mut entry = None;
    let factor = match key {
        Key::Number => store.number(number.clone()),
        Key::Scalar(base, below) => {
            if let Some(known) = shared.iter().position(|&scalar| store.base_and_exponent(scalar).0 == base) {
                shared[known]
            } else {
                // The least power that all of them have.
                let exponents: Vec<Rat> = members.iter().map(|&k| exponent_of(store, &parts[k], base)).collect();
                let least = exponents.iter().min_by(|a, b| if below { b.order(a) } else { a.order(b) })?.clone();
                for term in &mut inner {
                    divide(store, term, base, &least);
                }
                let power = store.power(base, least);
                shared.push(power);
                power
            }
        }
        Key::Array(whole_array) => {
            inner.iter_mut().for_each(|term| term.array = None);
            array = Some(whole_array);
            whole_array
        }
        Key::Entry(factor) => {
            let shape = store.shape(factor);
            let all: Vec<Args> = inner.iter().map(|term| term.entries(store)).collect();
            // All that they share, once, named by the first of them.
            let common: Args =
                all[0].iter().copied().filter(|entry| all.iter().all(|entries| entries.contains(entry))).collect();
            if common.first() != Some(&factor) {
                return None;
            }
            for (term, entries) in inner.iter_mut().zip(all) {
                let mut rest = entries;
                for entry in &common {
                    let position = rest.iter().position(|other| other == entry)?;
                    rest.remove(position);
                }
                term.array = Some(if rest.is_empty() { ones(store, shape) } else { store.hadamard(rest) });
            }
            let product = store.hadamard(common);
            entry = Some(product);
            product
        }
        Key::Left(_) | Key::Right(_) => {
            let left = matches!(key, Key::Left(_));
            let chains: Vec<Args> = inner.iter().map(|term| term.chain(store)).collect();
            let depth = common_depth(&chains, left);
            let common: Args = if left {
                chains[0][..depth].iter().copied().collect()
            } else {
                chains[0][chains[0].len() - depth..].iter().copied().collect()
            };
            let dim = if left { store.shape(common[depth - 1]).cols } else { store.shape(common[0]).rows };
            for (term, chain) in inner.iter_mut().zip(&chains) {
                let rest = if left { &chain[depth..] } else { &chain[..chain.len() - depth] };
                term.array = Some(match rest {
                    [] if dim == Dim::ONE => return None,
                    [] => {
                        identity_left = true;
                        identity(store, dim)
                    }
                    rest => store.matmul(rest.iter().copied()),
                });
            }
            let factor = store.matmul(common.iter().copied());
            if left {
                around.0 = common;
            } else {
                around.1 = common;
            }
            factor
        }
    };
    let is_mixed = |term: &Term| {
        let bare = term.scalars.is_empty() && (term.number.is_one() || term.number.neg().is_one());
        // A multiple of ones is shown as a scalar.
        let shown = entry.is_some() && term.array.is_some_and(|array| is_ones(store, array));
        !bare && !shown
    };
    let mixed = inner.iter().any(is_mixed);
    let terms: Args = inner.iter().map(|term| term.node(store)).collect();
    let sum = store.add(terms);
    // What the sum will look like in the end.
    let mut shown = sum;
    if *lookahead > 0 {
        while let Some((next, _)) = best(store, None, shown, lookahead - 1) {
            shown = next;
        }
    }
    let mixed = mixed && array.is_none() && matches!(store.node(shown), Node::Add(_));
    shown = match &key {
        Key::Entry(_) => entrywise_sum(store, shown),
        _ => shorter_turned(store, shown).unwrap_or(shown),
    };
    let assemble = |store: &mut Store, sum: Id| {
        let array = match (array, entry) {
            (Some(array), _) => store.mul([sum, array]),
            (_, Some(factor)) => store.hadamard([factor, sum]),
            _ => store.matmul(around.0.iter().copied().chain([sum]).chain(around.1.iter().copied())),
        };
        let rest = store.mul(shared.iter().copied().chain([array]));
        store.scale(number.clone(), rest)
    };
    let shown = assemble(store, shown);
    let before = members.iter().map(|&k| sizes[k]).sum::<usize>() + members.len() - 1;
    let saved = before.checked_sub(signed(store, shown).0)?;
    let look = Look { whole, mixed, identity: identity_left, scalar: parts[0].array.is_none() };
    let least = least_saving(&key, &look)?;
    if saved == 0 || saved * 100 < before * least {
        return None;
    }
    let to = assemble(store, sum);
    Some(Move { key, members, to, factor, saved })
}

/// The number that the summands share, up to sign; negative where all are.
fn shared_number(members: &[usize], parts: &[Term]) -> Rat {
    let absolute = |number: &Rat| if number.is_negative() { number.neg() } else { number.clone() };
    let shared = absolute(&parts[members[0]].number);
    if !members.iter().all(|&k| absolute(&parts[k].number) == shared) {
        return Rat::ONE;
    }
    if members.iter().all(|&k| parts[k].number.is_negative()) { shared.neg() } else { shared }
}

/// The scalars that the summands share.
fn shared_scalars(members: &[usize], parts: &[Term]) -> Args {
    let (first, others) = (&parts[members[0]], &members[1..]);
    first.scalars.iter().copied().filter(|scalar| others.iter().all(|&k| parts[k].scalars.contains(scalar))).collect()
}

fn without(term: &Term, number: &Rat, shared: &Args) -> Term {
    let number = number.recip().map_or_else(|| term.number.clone(), |inverse| term.number.mul(&inverse));
    let scalars = term.scalars.iter().copied().filter(|scalar| !shared.contains(scalar)).collect();
    Term { number, scalars, array: term.array }
}

fn exponent_of(store: &Store, term: &Term, base: Id) -> Rat {
    let powers = term.scalars.iter().map(|&scalar| store.base_and_exponent(scalar));
    powers.filter(|(other, _)| *other == base).fold(Rat::ZERO, |sum, (_, exponent)| sum.add(&exponent))
}

fn divide(store: &mut Store, term: &mut Term, base: Id, exponent: &Rat) {
    let left = exponent_of(store, term, base).add(&exponent.neg());
    let place = term.scalars.iter().position(|&scalar| store.base_and_exponent(scalar).0 == base);
    term.scalars.retain(|scalar| store.base_and_exponent(*scalar).0 != base);
    if !left.is_zero() {
        let power = store.power(base, left);
        term.scalars.insert(place.unwrap_or(0), power);
    }
}

/// How many factors at one end all chains share.
fn common_depth(chains: &[Args], left: bool) -> usize {
    let at = |chain: &Args, depth: usize| match left {
        true => chain.get(depth).copied(),
        false => chain.len().checked_sub(depth + 1).map(|position| chain[position]),
    };
    (0..chains[0].len())
        .take_while(|&depth| chains.iter().all(|chain| at(chain, depth) == at(&chains[0], depth)))
        .count()
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
