//! A mark for each expression: expressions that differ in names of bound indices or in order have one mark.
//!
//! In: a term, and which orders count. Out: a number. Left to others: what to compare.
//!
//! Bound indices are told apart by colour refinement: an index is coloured by its dimension, then again and again by the
//! factors in which it occurs and by its place in them, until nothing changes. Colours do not depend on names, so
//! expressions that are equal up to names always have one mark. Some that are not have one too (6 factors in one ring and
//! in two rings of 3); such a pair differs in value, which is compared apart from this.

use crate::instance::laws::turned;
use crate::instance::room::Room;
use crate::instance::term::{Index, Slot, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// Which orders count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    /// That of the factors of a product of scalars.
    pub(crate) factors: bool,
    /// That of the terms of a sum.
    pub(crate) terms: bool,
    /// That of the indices of an element: an element of an array is one of its transpose.
    pub(crate) slots: bool,
    /// Whether a function is told from that of the transpose, where both have one value.
    pub(crate) functions: bool,
}

impl Order {
    /// No order counts, but that of indices does.
    pub(crate) const NONE: Order = Order { factors: false, terms: false, slots: true, functions: true };
    /// Every order counts.
    pub(crate) const WRITTEN: Order = Order { factors: true, terms: true, slots: true, functions: true };
}

/// Makes marks.
struct Marker<'r, 'a> {
    room: &'r Room<'a>,
    order: Order,
    /// The colours of the indices that are bound where the marker is.
    colours: FxHashMap<Index, u64>,
}

/// The mark of a term.
pub(crate) fn mark(room: &Room<'_>, term: &Term, order: Order) -> u64 {
    Marker { room, order, colours: FxHashMap::default() }.mark(term)
}

/// One number from two (the finisher of splitmix64).
fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.rotate_left(23).wrapping_add(0xd1b5_4a32_d192_ed03);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn sequence(seed: u64, marks: impl IntoIterator<Item = u64>) -> u64 {
    marks.into_iter().fold(seed, mix)
}

fn multiset(seed: u64, marks: impl IntoIterator<Item = u64>) -> u64 {
    mix(seed, marks.into_iter().fold(0, |total: u64, mark| total.wrapping_add(mix(seed, mark))))
}

/// The functions that an array and its transpose have in common.
const INVARIANT: &[&str] = &["tr", "det", "logdet", "sum", "mean", "prod", "norm", "normF", "norm1", "logsumexp"];

fn named(seed: u64, name: &str) -> u64 {
    sequence(seed, name.bytes().map(u64::from))
}

impl Marker<'_, '_> {
    fn mark(&mut self, term: &Term) -> u64 {
        match term {
            Term::Number(value) => mix(1, value.residue()),
            Term::Size(extent) => mix(2, extent.0.into()),
            Term::Symbol(symbol) => mix(3, (*symbol).into()),
            Term::Identity(extent) => mix(4, extent.0.into()),
            Term::Ones(shape) => sequence(5, shape.map(|extent| extent.0.into())),
            Term::Zeros(shape) => sequence(6, shape.map(|extent| extent.0.into())),
            Term::Add(args) => self.list(7, args, self.order.terms),
            Term::Mul(args) => self.list(8, args, self.order.factors),
            Term::Matmul(args) if !self.order.slots && args.iter().any(|arg| matches!(arg, Term::Transpose(_))) => {
                // A product that is transposed gives its factors to the product around it.
                match turned(self.room, term.clone(), false) {
                    Term::Matmul(args) => self.list(9, &args, true),
                    other => self.mark(&other),
                }
            }
            Term::Matmul(args) => self.list(9, args, true),
            Term::Hadamard(args) => self.list(10, args, self.order.factors),
            Term::Transpose(arg) if !self.order.slots => match turned(self.room, arg.as_ref().clone(), true) {
                Term::Transpose(letter) => mix(11, self.mark(&letter)),
                turned => self.mark(&turned),
            },
            Term::Transpose(arg) => mix(11, self.mark(arg)),
            Term::Power(pair) => self.list(12, pair.as_slice(), true),
            Term::Matpow(base, exponent) => mix(mix(13, (*exponent).into()), self.mark(base)),
            Term::Call(name, args) if args.len() == 1 && !self.order.functions && INVARIANT.contains(name) => {
                let turned = [false, true].map(|turn| self.mark(&turned(self.room, args[0].clone(), turn)));
                multiset(named(14, name), turned)
            }
            Term::Block(cols, blocks) => self.list(mix(28, *cols as u64), blocks, true),
            Term::Call(name, args) => self.list(named(14, name), args, true),
            Term::Apply(name, arg) => mix(named(25, name), self.mark(arg)),
            Term::Elem(of, at) => self.element(of, at),
            Term::Array(over, body) => {
                let places = over.iter().zip(0..).flat_map(|(slot, k)| slot.iter().zip(64 * k..));
                let colours = places.map(|(&index, place)| (index, mix(16, place))).collect();
                let dims = over.iter().map(|slot| self.room.extent_of_slot(slot).0.into()).collect::<Vec<_>>();
                self.bound(colours, |marker| mix(sequence(16, dims), marker.mark(body)))
            }
            Term::Delta(at) => multiset(17, [self.slot(&at[0]), self.slot(&at[1])]),
            Term::Eps(at) => {
                // Turning its indices in a circle leaves it as it is.
                let at: Vec<u64> = at.iter().map(|index| self.index(*index)).collect();
                let turn = |by: usize| sequence(26, at.iter().cycle().skip(by).take(at.len()).copied());
                multiset(26, (0..at.len()).map(turn))
            }
            Term::Sum(over, body) => self.big(18, over, body),
            Term::Prod(over, body) => self.big(19, over, body),
            Term::Partial(pair) => self.list(20, pair.as_slice(), true),
            Term::Kept(arg) => mix(27, self.mark(arg)),
            Term::Letter(_, letter, _) => mix(21, *letter as u64),
        }
    }

    fn element(&mut self, of: &Term, at: &[Slot; 2]) -> u64 {
        let [rows, cols] = [self.slot(&at[0]), self.slot(&at[1])];
        if self.order.slots {
            return mix(sequence(15, [rows, cols]), self.mark(of));
        }
        let [plain, turned] = [false, true].map(|turn| turned(self.room, of.clone(), turn));
        let plain = mix(sequence(15, [rows, cols]), self.mark(&plain));
        let turned = mix(sequence(15, [cols, rows]), self.mark(&turned));
        multiset(15, [plain, turned])
    }

    fn list(&mut self, seed: u64, args: &[Term], ordered: bool) -> u64 {
        let marks: Vec<u64> = args.iter().map(|arg| self.mark(arg)).collect();
        if ordered { sequence(seed, marks) } else { multiset(seed, marks) }
    }

    fn slot(&self, slot: &Slot) -> u64 {
        sequence(22, slot.iter().map(|index| self.index(*index)))
    }

    fn index(&self, index: Index) -> u64 {
        self.colours.get(&index).copied().unwrap_or_else(|| mix(23, index.into()))
    }

    /// Does something while some indices have the given colours.
    fn bound<T>(&mut self, colours: Vec<(Index, u64)>, run: impl FnOnce(&mut Self) -> T) -> T {
        let before: Vec<(Index, Option<u64>)> =
            colours.into_iter().map(|(index, colour)| (index, self.colours.insert(index, colour))).collect();
        let result = run(self);
        for (index, colour) in before {
            match colour {
                Some(colour) => self.colours.insert(index, colour),
                None => self.colours.remove(&index),
            };
        }
        result
    }

    fn big(&mut self, seed: u64, over: &[Index], body: &Term) -> u64 {
        let initial: Vec<(Index, u64)> =
            over.iter().map(|&index| (index, mix(seed, self.room.extent_of(index).0.into()))).collect();
        self.bound(initial, |marker| {
            marker.refine(over, body.factors());
            let colours = multiset(seed, over.iter().map(|index| marker.colours[index]));
            mix(colours, marker.mark(body))
        })
    }

    /// Refines the colours of the bound indices by their places in the factors.
    fn refine(&mut self, over: &[Index], factors: &[Term]) {
        let count = |marker: &Self| over.iter().map(|index| marker.colours[index]).collect::<FxHashSet<_>>().len();
        let mut classes = count(self);
        if classes == over.len() {
            return;
        }
        let places: Vec<Vec<&Term>> =
            over.iter().map(|&index| factors.iter().filter(|factor| factor.has(index)).collect()).collect();
        for _ in over {
            let refined: Vec<u64> = over
                .iter()
                .zip(&places)
                .map(|(&index, places)| {
                    let own = self.colours[&index];
                    let marked = vec![(index, mix(24, own))];
                    self.bound(marked, |marker| {
                        multiset(own, places.iter().map(|factor| marker.mark(factor)).collect::<Vec<_>>())
                    })
                })
                .collect();
            for (&index, colour) in over.iter().zip(refined) {
                self.colours.insert(index, colour);
            }
            let found = count(self);
            if found == classes || found == over.len() {
                return;
            }
            classes = found;
        }
    }
}
