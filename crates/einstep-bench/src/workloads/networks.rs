//! E: networks of equal factors that are joined by bound indices, in disguise.
//!
//! In: kinds and sizes. Out: cases in which two disguises of one network have to be found equal.

use crate::case::{Case, Reach, Size};
use crate::job::Job;
use crate::random::Random;
use einstep_expr::{Dim, Id, Index, Node, Role, Shape, Store, SymbolInfo};

/// How the slots of equal factors are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Each factor with the next, the last with the first.
    Cycle,
    /// Each factor with the next, between two vectors.
    Chain,
    /// Slots in pairs at random.
    Pairs,
    /// Slots in threes at random, so that an index stands in three factors.
    Hadamard,
    /// Slots of arrays of order 3 in pairs at random.
    Order3,
}

/// A network, which is known by the kind, the number of factors and a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    kind: Kind,
    factors: usize,
}

/// Every series of E.
pub(super) fn cases() -> Vec<Case> {
    let linear: &[usize] = &[4, 16, 64, 256, 1024];
    let hard: &[usize] = &[4, 8, 16, 32, 60];
    let series: [(&str, Kind, &[usize], Reach); 5] = [
        ("cycle", Kind::Cycle, linear, Reach::Within(0.1)),
        ("chain", Kind::Chain, linear, Reach::Within(0.1)),
        ("pairs", Kind::Pairs, linear, Reach::Open),
        ("Hadamard", Kind::Hadamard, hard, Reach::Open),
        ("order 3", Kind::Order3, hard, Reach::Open),
    ];
    let cases = series.into_iter().flat_map(|(what, kind, sizes, reach)| {
        sizes.iter().map(move |&factors| {
            let job = Job::Canonical(Network { kind, factors });
            // There are two disguises.
            Case { reach, ..Case::new("E", what, Size::Number(factors), job) }.per(2 * factors, "factor")
        })
    });
    cases.collect()
}

impl Network {
    /// Two disguises of the network: in each the factors stand in another order, and the indices have other numbers.
    pub(crate) fn disguised(self) -> (Store, [Id; 2]) {
        let mut store = Store::new();
        let n = store.dims.name("n");
        let heads = heads(&mut store, n);
        let slots = self.slots();
        let disguises = [1, 2].map(|seed| disguise(&mut store, heads, n, &slots, seed));
        (store, disguises)
    }

    /// For each factor the numbers of the indices in its slots.
    fn slots(self) -> Vec<Vec<usize>> {
        let Network { kind, factors } = self;
        let width = if kind == Kind::Order3 { 3 } else { 2 };
        let together = if kind == Kind::Hadamard { 3 } else { 2 };
        match kind {
            Kind::Cycle => (0..factors).map(|k| vec![k, (k + 1) % factors]).collect(),
            Kind::Chain => (0..factors).map(|k| vec![k, k + 1]).chain([vec![0], vec![factors]]).collect(),
            Kind::Pairs | Kind::Hadamard | Kind::Order3 => {
                let mut slots: Vec<usize> = (0..factors * width).map(|slot| slot / together).collect();
                Random::new(factors as u64).shuffle(&mut slots);
                slots.chunks(width).map(<[usize]>::to_vec).collect()
            }
        }
    }
}

/// The network with its factors in an order, and numbers for its indices, that follow from a seed.
fn disguise(store: &mut Store, heads: [Id; 3], n: Dim, slots: &[Vec<usize>], seed: u64) -> Id {
    let mut random = Random::new(seed);
    let count = slots.iter().flatten().max().map_or(0, |greatest| greatest + 1);
    let mut over: Vec<Index> = (0..count).map(|number| store.index(n, Role::Sum, &format!("i{number}"))).collect();
    random.shuffle(&mut over);
    let mut factors: Vec<Id> =
        slots.iter().map(|slots| store.elem(heads[slots.len() - 1], slots.iter().map(|&slot| over[slot]))).collect();
    random.shuffle(&mut factors);
    let product = store.mul(factors);
    random.shuffle(&mut over);
    store.sum(over, product)
}

/// Symbols with one, two and three slots.
fn heads(store: &mut Store, n: Dim) -> [Id; 3] {
    let square = store.dims.product(n, n).unwrap_or(n);
    [vec![n], vec![n, n], vec![n, n, n]].map(|slots| {
        let cols = [Dim::ONE, n, square][slots.len() - 1];
        let symbol = store.symbol(SymbolInfo {
            name: format!("T{}", slots.len()),
            shape: Shape { rows: n, cols },
            properties: vec![],
            declared: true,
            variable: false,
            parameter: None,
        });
        if slots.len() > 2 {
            store.set_tensor(symbol, slots);
        }
        store.intern(Node::Symbol(symbol))
    })
}
