//! What summands share, taken out of each.
//!
//! In: summands, and one thing that they share. Out: all that stands in front of the brackets then, and what is left of each
//! summand. Left to others: whether that is worth it.

use super::Key;
use crate::rules::simplify::parts::{Term, identity, is_ones, ones};
use einstep_expr::{Args, Dim, Id, Rat, Store};

/// The array that summands share, or a part of it.
pub(super) enum Common {
    Nothing,
    /// The whole array.
    Array(Id),
    /// Factors of elementwise products.
    Entries(Id),
    /// The first factors of products of matrices.
    First(Args),
    /// The last factors.
    Last(Args),
}

/// Summands taken apart: what is pulled out, and what is left of each.
pub(super) struct Pull {
    number: Rat,
    scalars: Args,
    pub(super) common: Common,
    pub(super) inner: Vec<Term>,
    /// Whether nothing but an identity is left of an array.
    pub(super) identity: bool,
    /// What the move is about.
    pub(super) factor: Id,
}

impl Pull {
    /// What the summands with a key share; `None` where another key says the same, or nothing would be left.
    pub(super) fn of(store: &mut Store, key: &Key, members: &[usize], parts: &[Term]) -> Option<Pull> {
        let number = shared_number(members, parts);
        let scalars = shared_scalars(members, parts);
        let inner: Vec<Term> = members.iter().map(|&k| without(&parts[k], &number, &scalars)).collect();
        let factor = store.number(number.clone());
        let mut pull = Pull { number, scalars, common: Common::Nothing, inner, identity: false, factor };
        match *key {
            Key::Number if members.len() < parts.len() || pull.number.as_int().is_some() => return None,
            Key::Number => {}
            Key::Scalar(base, below) => {
                let powers = members.iter().map(|&k| exponent_of(store, &parts[k], base));
                let least = powers.min_by(|a, b| if below { b.order(a) } else { a.order(b) })?;
                pull.scalar(store, base, least);
            }
            Key::Array(array) => {
                pull.inner.iter_mut().for_each(|term| term.array = None);
                (pull.common, pull.factor) = (Common::Array(array), array);
            }
            Key::Entry(entry) => pull.entries(store, entry)?,
            Key::Left(_) => pull.ends(store, true)?,
            Key::Right(_) => pull.ends(store, false)?,
        }
        Some(pull)
    }

    /// Pulls out the least power of a scalar that all have.
    fn scalar(&mut self, store: &mut Store, base: Id, least: Rat) {
        if let Some(&known) = self.scalars.iter().find(|&&scalar| store.base_and_exponent(scalar).0 == base) {
            self.factor = known;
            return;
        }
        for term in &mut self.inner {
            divide(store, term, base, &least);
        }
        self.factor = store.power(base, least);
        self.scalars.push(self.factor);
    }

    /// Pulls out all factors that elementwise products share, once, named by the first of them.
    fn entries(&mut self, store: &mut Store, first: Id) -> Option<()> {
        let shape = store.shape(first);
        let all: Vec<Args> = self.inner.iter().map(|term| term.entries(store)).collect();
        let mut common: Vec<(Id, Rat)> = Vec::new();
        for &entry in &all[0] {
            let base = store.base_and_exponent(entry).0;
            let powers: Vec<Rat> = all.iter().map(|entries| power_in(store, entries, base)).collect();
            let below = powers[0].is_negative();
            let shared = powers.iter().all(|power| !power.is_zero() && power.is_negative() == below);
            if shared && common.iter().all(|(known, _)| *known != base) {
                let least = powers.into_iter().min_by(|a, b| if below { b.order(a) } else { a.order(b) })?;
                common.push((base, least));
            }
        }
        if common.first().map(|(base, _)| *base) != Some(first) {
            return None;
        }
        for (term, mut rest) in self.inner.iter_mut().zip(all) {
            for (base, power) in &common {
                let left = power_in(store, &rest, *base).add(&power.neg());
                let position = rest.iter().position(|&entry| store.base_and_exponent(entry).0 == *base)?;
                rest.retain(|entry| store.base_and_exponent(*entry).0 != *base);
                if !left.is_zero() {
                    rest.insert(position, store.power(*base, left));
                }
            }
            term.array = Some(if rest.is_empty() { ones(store, shape) } else { store.hadamard(rest) });
        }
        let common: Args = common.into_iter().map(|(base, power)| store.power(base, power)).collect();
        self.factor = store.hadamard(common);
        self.common = Common::Entries(self.factor);
        Some(())
    }

    /// Pulls out all first factors, or all last factors, that products of matrices share.
    fn ends(&mut self, store: &mut Store, left: bool) -> Option<()> {
        let chains: Vec<Args> = self.inner.iter().map(|term| term.chain(store)).collect();
        let depth = common_depth(&chains, left);
        let split = |chain: &Args| {
            let (first, last) = chain.split_at(if left { depth } else { chain.len() - depth });
            if left { (Args::from_slice(first), Args::from_slice(last)) } else { (last.into(), first.into()) }
        };
        let (common, _) = split(&chains[0]);
        let dim = if left { store.shape(common[depth - 1]).cols } else { store.shape(common[0]).rows };
        for (term, chain) in self.inner.iter_mut().zip(&chains) {
            let (_, rest) = split(chain);
            term.array = Some(match rest.is_empty() {
                true if dim == Dim::ONE => return None,
                true => {
                    self.identity = true;
                    identity(store, dim)
                }
                false => store.matmul(rest),
            });
        }
        self.factor = store.matmul(common.iter().copied());
        self.common = if left { Common::First(common) } else { Common::Last(common) };
        Some(())
    }

    /// Whether what is left has scalars or numbers of its own. A multiple of ones is shown as a scalar.
    pub(super) fn is_mixed(&self, store: &Store) -> bool {
        let is_entrywise = matches!(self.common, Common::Entries(_));
        self.inner.iter().any(|term| {
            let bare = term.scalars.is_empty() && (term.number.is_one() || term.number.neg().is_one());
            let shown = is_entrywise && term.array.is_some_and(|array| is_ones(store, array));
            !bare && !shown
        })
    }

    /// What is pulled out times a sum.
    pub(super) fn times(&self, store: &mut Store, sum: Id) -> Id {
        let array = match &self.common {
            Common::Nothing => sum,
            Common::Array(array) => store.mul([sum, *array]),
            Common::Entries(factor) => store.hadamard([*factor, sum]),
            Common::First(chain) => store.matmul(chain.iter().copied().chain([sum])),
            Common::Last(chain) => store.matmul([sum].into_iter().chain(chain.iter().copied())),
        };
        let rest = store.mul(self.scalars.iter().copied().chain([array]));
        store.scale(self.number.clone(), rest)
    }
}

/// The number that the summands share, up to sign; negative where all are.
pub(super) fn shared_number(members: &[usize], parts: &[Term]) -> Rat {
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
    power_in(store, &term.scalars, base)
}

/// The power to which some factors have a base.
fn power_in(store: &Store, factors: &Args, base: Id) -> Rat {
    let powers = factors.iter().map(|&factor| store.base_and_exponent(factor));
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
