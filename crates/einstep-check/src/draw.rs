//! Random entries for the symbols of a derivation.
//!
//! In: sizes, a seed. Out: a [`Point`]: an array for each symbol, with the structure that is declared of it.
//! Left to others: where the seed comes from, what is done when a point is unlucky.

use crate::dual::Dual;
use crate::field::{F, P};
use crate::linalg::{inverse, unit};
use crate::meter::{Meter, SINGULAR, Trouble};
use crate::opaque::Opaque;
use crate::sizes::Sizes;
use crate::tensor::{Axis, Sized, Tensor};
use einstep_trace::{Dim, Symbol, SymbolId};
use rustc_hash::FxHashMap;

/// The greatest integer that stands in an exponent: two of them still make an exponent together.
pub(crate) const MAX_INTEGER: u64 = 1 << 24;

/// A pseudo-random generator: splitmix64.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The generator of one seed and some numbers that tell its uses apart.
    pub(crate) fn new(seed: u64, uses: &[u64]) -> Random {
        let mut random = Random(seed);
        for &number in uses {
            random.0 = random.bits() ^ number;
        }
        random
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An element of the field, uniformly.
    pub(crate) fn element(&mut self) -> F {
        loop {
            let bits = self.bits() >> 3;
            if bits < P {
                return F::new(bits);
            }
        }
    }

    /// Another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, (self.bits() % (last as u64 + 1)) as usize);
        }
    }

    /// A positive integer.
    fn integer(&mut self, greatest: u64) -> F {
        F::new(1 + self.bits() % greatest)
    }

    /// A small integer that is not zero, for a point that a person reads.
    fn small(&mut self) -> F {
        let size = self.integer(9);
        if self.bits() & 1 == 1 { -size } else { size }
    }
}

/// A 64-bit hash of a text (FNV-1a).
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// How entries are drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    /// Small integers, for a person to read.
    pub(crate) small: bool,
    /// The symbols whose declared structure is left aside.
    pub(crate) unstructured: Vec<SymbolId>,
    /// The symbols whose entries are squares, because a root or a log is taken of an entry.
    pub(crate) positive: Vec<SymbolId>,
    /// The symbols whose entries are sines: 1 minus the square of one is a square.
    pub(crate) within: Vec<SymbolId>,
    /// The symbols whose entries are positive integers, because they stand in an exponent.
    pub(crate) integers: Vec<SymbolId>,
}

/// How often each entry of a symbol has been drawn again.
pub(crate) type Redraws = FxHashMap<(SymbolId, usize), u64>;

/// Entries for every symbol, and the values of functions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Point {
    symbols: Vec<Tensor>,
    opaque: Opaque,
}

impl Point {
    /// Draws a point.
    pub(crate) fn draw(
        symbols: &[Symbol],
        sizes: &Sizes,
        manner: &Manner,
        seed: u64,
        redraws: &Redraws,
        meter: &Meter,
    ) -> Result<Point, Trouble> {
        let mut drawn = Vec::with_capacity(symbols.len());
        for (position, symbol) in symbols.iter().enumerate() {
            let id = SymbolId(position as u32);
            let axes = slots(&symbol.shape, sizes)?;
            let count = axes.iter().fold(1u64, |count, axis| count.saturating_mul(axis.1 as u64));
            meter.hold(count, 1)?;
            let positive = manner.positive.contains(&id);
            let within = manner.within.contains(&id);
            let integer = manner.integers.contains(&id);
            let entry = |number: usize| {
                let again = redraws.get(&(id, number)).copied().unwrap_or(0);
                let mut random = Random::new(seed, &[position as u64, number as u64, again]);
                let drawn = match (integer, manner.small) {
                    (true, small) => random.integer(if small { 6 } else { MAX_INTEGER }),
                    (_, true) => random.small(),
                    _ => random.element(),
                };
                Dual::plain(match (integer, within, positive) {
                    (false, true, _) => sine(drawn),
                    (false, _, true) => drawn * drawn,
                    _ => drawn,
                })
            };
            let count = count as usize;
            let mut entries: Vec<Dual> = (0..count).map(entry).collect();
            if !symbol.properties.is_empty() && !manner.unstructured.contains(&id) {
                let n = square(symbol, &axes)?;
                let spare: Vec<Dual> = (count..count + n).map(entry).collect();
                entries = structured(&symbol.properties, entries, &spare, n, meter)?;
            }
            drawn.push(Tensor::new(axes, entries));
        }
        Ok(Point { symbols: drawn, opaque: Opaque::new(seed) })
    }

    /// The functions that have no meaning in the field.
    pub(crate) fn opaque(&self) -> &Opaque {
        &self.opaque
    }

    /// Every entry of every symbol.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (SymbolId, usize)> {
        self.symbols
            .iter()
            .enumerate()
            .flat_map(|(id, tensor)| (0..tensor.data().len()).map(move |position| (SymbolId(id as u32), position)))
    }

    /// The entries of a symbol.
    pub(crate) fn symbol(&self, id: SymbolId) -> &Tensor {
        &self.symbols[id.at()]
    }
}

/// A value that has a cosine: 2t/(1 + t²). It is 0 where there is none.
fn sine(t: F) -> F {
    (F::ONE + t * t).inverse().map_or(F::ZERO, |scale| (t + t) * scale)
}

/// The axes of a symbol: one slot for each dimension that is not 1.
pub(crate) fn slots(shape: &[Dim], sizes: &Sizes) -> Result<Vec<Sized>, Trouble> {
    let slots = shape.iter().enumerate().filter(|(_, dim)| !dim.is_one());
    slots.map(|(slot, dim)| Ok((Axis::slot(slot), sizes.of(dim)?))).collect()
}

fn square(symbol: &Symbol, axes: &[Sized]) -> Result<usize, Trouble> {
    match axes {
        [(_, m), (_, n)] if m == n => Ok(*n),
        _ => Err(Trouble::Declined(format!("`{}` has a property that needs a square matrix", symbol.name))),
    }
}

/// Entries with the declared structure, made from random ones.
fn structured(
    properties: &[String],
    entries: Vec<Dual>,
    spare: &[Dual],
    n: usize,
    meter: &Meter,
) -> Result<Vec<Dual>, Trouble> {
    meter.spend((n * n * n) as u64)?;
    let mut has = [false; 8];
    const KNOWN: [&str; 8] =
        ["symmetric", "skew", "diagonal", "lower", "upper", "orthogonal", "invertible", "positive-definite"];
    for property in properties {
        let position = KNOWN.iter().position(|known| known == property);
        has[position.ok_or_else(|| Trouble::Declined(format!("the property `{property}` is not known")))?] = true;
    }
    let [symmetric, skew, diagonal, lower, upper, orthogonal, invertible, definite] = has;
    if orthogonal {
        if skew || diagonal || lower || upper || definite {
            return Err(Trouble::Declined("an orthogonal matrix with further structure can't be drawn".into()));
        }
        return if symmetric { reflection(spare) } else { rotation(&entries, spare, n) };
    }
    let at = |i: usize, j: usize| entries[i * n + j];
    let masked = |i: usize, j: usize| {
        let absent = i != j && diagonal || i < j && lower || i > j && upper;
        match (absent, skew, symmetric) {
            (true, _, _) => Dual::ZERO,
            (_, true, true) => Dual::ZERO,
            (_, true, _) => at(i, j) + -at(j, i),
            (_, _, true) => at(i.min(j), i.max(j)),
            _ => at(i, j),
        }
    };
    // A'A, with a determinant that is a square.
    let gram = |i: usize, j: usize| (0..n).fold(Dual::ZERO, |sum, k| sum + masked(k, i) * masked(k, j));
    if definite && (skew || lower && !diagonal || upper && !diagonal) {
        return Err(Trouble::Declined("a positive-definite matrix with further structure can't be drawn".into()));
    }
    let result = if definite { tabulate(n, gram) } else { tabulate(n, masked) };
    let singular = || inverse(&result, n).is_none();
    if (invertible || definite) && singular() { Err(SINGULAR) } else { Ok(result) }
}

fn tabulate(n: usize, entry: impl Fn(usize, usize) -> Dual) -> Vec<Dual> {
    (0..n * n).map(|position| entry(position / n, position % n)).collect()
}

/// A reflection I - 2vv'/v'v: orthogonal and symmetric.
fn reflection(v: &[Dual]) -> Result<Vec<Dual>, Trouble> {
    let length = v.iter().fold(Dual::ZERO, |sum, &entry| sum + entry * entry);
    let scale = -(length.inverse().ok_or(SINGULAR)?);
    let scale = scale + scale;
    Ok(tabulate(v.len(), |i, j| unit(i == j) + scale * v[i] * v[j]))
}

/// An orthogonal matrix: Cayley's (I - K)(I + K)⁻¹ of a skew K, half of the time times a reflection.
fn rotation(entries: &[Dual], spare: &[Dual], n: usize) -> Result<Vec<Dual>, Trouble> {
    let skew = |i: usize, j: usize| entries[i * n + j] + -entries[j * n + i];
    let (inverted, _) = inverse(&tabulate(n, |i, j| unit(i == j) + skew(i, j)), n).ok_or(SINGULAR)?;
    let minus = tabulate(n, |i, j| unit(i == j) + -skew(i, j));
    let product = |a: &[Dual], b: &[Dual]| {
        tabulate(n, |i, j| (0..n).fold(Dual::ZERO, |sum, k| sum + a[i * n + k] * b[k * n + j]))
    };
    let cayley = product(&minus, &inverted);
    let reflect = spare[0].value().is_square();
    if reflect { Ok(product(&reflection(spare)?, &cayley)) } else { Ok(cayley) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::determinant;

    fn draw(properties: &[&str], seed: u64) -> Vec<Dual> {
        let mut random = Random::new(seed, &[]);
        let n = 4;
        let entries: Vec<Dual> = (0..n * n).map(|_| Dual::plain(random.element())).collect();
        let spare: Vec<Dual> = (0..n).map(|_| Dual::plain(random.element())).collect();
        let properties: Vec<String> = properties.iter().map(ToString::to_string).collect();
        structured(&properties, entries, &spare, n, &Meter::new(1 << 20, 1 << 10)).unwrap()
    }

    fn transposed(a: &[Dual]) -> Vec<Dual> {
        tabulate(4, |i, j| a[j * 4 + i])
    }

    #[test]
    fn orthogonal_matrices_are_orthogonal_with_either_determinant() {
        let mut determinants = Vec::new();
        for seed in 0..20 {
            let q = draw(&["orthogonal"], seed);
            let (inverted, determinant) = inverse(&q, 4).unwrap();
            assert_eq!(inverted, transposed(&q));
            determinants.push(determinant.value().readable());
        }
        determinants.sort();
        determinants.dedup();
        assert_eq!(determinants, ["-1", "1"]);
    }

    #[test]
    fn structure_is_respected() {
        let symmetric = draw(&["symmetric"], 1);
        assert_eq!(symmetric, transposed(&symmetric));
        let skew = draw(&["skew", "invertible"], 1);
        assert_eq!(skew, transposed(&skew).into_iter().map(|entry| -entry).collect::<Vec<_>>());
        let definite = draw(&["positive-definite"], 1);
        assert_eq!(definite, transposed(&definite));
        assert!(determinant(&definite, 4).value().is_square());
        assert_eq!(draw(&["lower"], 1)[1], Dual::ZERO);
        assert_eq!(draw(&["diagonal"], 1)[1], Dual::ZERO);
    }
}
