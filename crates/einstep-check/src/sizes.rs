//! Small sizes for the dimensions, all different where there are few.
//!
//! In: the dimensions that occur in a derivation. Out: assignments of sizes to their names, those to be tried first in
//! front. One begins at 2, one has sizes of at least 3 in the opposite order; then come others, for problems that ask more of
//! their sizes. A literal dimension above [`SMALL`] is shrunk like a name where it occurs only as a whole dimension and never
//! as a number.
//! Left to others: entries, which assignments will do.

use crate::draw::{Random, hash};
use crate::letters::children;
use crate::meter::Trouble;
use einstep_syntax::{Expr, ExprKind, Index};
use einstep_trace::{Derivation, Dim, Node};
use std::collections::BTreeMap;

/// Literal dimensions up to here keep their value.
const SMALL: u64 = 6;
/// How many different sizes are given, not to work with large arrays where there are many dimensions.
const DISTINCT: usize = 5;
/// The greatest size that is worked with.
const MAX_SIZE: u64 = 4096;

/// The sizes given to names of dimensions, and to shrunk literals.
#[derive(Debug, Clone)]
pub(crate) struct Sizes {
    sizes: BTreeMap<String, usize>,
}

impl Sizes {
    /// Assignments for a derivation and some texts; the first two will do for most.
    pub(crate) fn candidates(derivation: &Derivation, texts: &[&Expr]) -> Vec<Sizes> {
        let Names { names, kept } = Names::of(derivation, texts);
        let least = positions(derivation, texts);
        let assign = |sizes: Vec<usize>| {
            let sized = |(name, size): (&String, usize)| {
                let least = least.iter().filter(|(of, _)| of.as_ref().is_none_or(|of| of == name));
                let least = least.map(|(_, position)| *position).max().unwrap_or(0);
                (name.clone(), size + least.saturating_sub(2))
            };
            Sizes { sizes: names.iter().zip(sizes.into_iter().cycle()).map(sized).collect() }
        };
        let from = |first: usize| (first..).filter(|size| !kept.contains(size)).take(names.len().clamp(1, DISTINCT));
        let mut candidates = if names.len() <= DISTINCT {
            let [rising, falling] = [from(2).collect(), from(3).collect::<Vec<_>>().into_iter().rev().collect()];
            vec![assign(rising), assign(falling)]
        } else {
            // Dimensions that follow one another are neighbours in a product: in steps of 2 they differ too.
            let high: Vec<usize> = from(3).collect();
            let stepped = (0..DISTINCT).map(|k| high[(2 * k + 1) % DISTINCT]).collect();
            vec![assign(from(2).collect()), assign(stepped)]
        };
        if names.is_empty() {
            return candidates;
        }
        let mut random = Random::new(0, &[names.len() as u64]);
        for first in [3, 2, 3, 4, 3, 2, 3, 4] {
            let mut sizes: Vec<usize> = from(first).collect();
            random.shuffle(&mut sizes);
            candidates.push(assign(sizes));
        }
        candidates
    }

    /// The size of a dimension.
    pub(crate) fn of(&self, dim: &Dim) -> Result<usize, Trouble> {
        let too_large = || Trouble::Declined(format!("the dimension `{}` is too large", dim.0));
        if let Some(&size) = self.sizes.get(&dim.0) {
            return Ok(size);
        }
        let mut total = 0u64;
        for (coefficient, names) in dim.terms().ok_or_else(too_large)? {
            let mut product = coefficient;
            for name in names {
                product = product.saturating_mul(self.name(&name)? as u64);
            }
            total = total.saturating_add(product);
        }
        if total <= MAX_SIZE { Ok(total as usize) } else { Err(too_large()) }
    }

    /// The size that a name of a dimension, or a literal, stands for.
    fn name(&self, name: &str) -> Result<usize, Trouble> {
        let unknown = || Trouble::Declined(format!("the dimension `{name}` is not known"));
        self.sizes.get(name).copied().ok_or_else(unknown)
    }

    /// A dimension of a size, if there is one, or a product of two.
    pub(crate) fn name_of(&self, size: usize) -> String {
        let names = || self.sizes.iter().filter(|(_, own)| **own > 1);
        let single = names().find(|(_, own)| **own == size).map(|(name, _)| name.clone());
        let pair = || {
            let pairs = names().flat_map(|first| names().map(move |second| (first, second)));
            pairs.into_iter().find(|(a, b)| a.1 * b.1 == size).map(|(a, b)| format!("{}*{}", a.0, b.0))
        };
        single.or_else(|| if size > 1 { pair() } else { None }).unwrap_or_else(|| size.to_string())
    }

    /// A number that tells assignments apart.
    pub(crate) fn hash(&self) -> u64 {
        let names = self.sizes.iter().map(|(name, size)| format!("{name}={size};"));
        hash(&names.collect::<String>())
    }

    /// The names with their sizes.
    pub(crate) fn named(&self) -> BTreeMap<String, u64> {
        self.sizes.iter().map(|(name, &size)| (name.clone(), size as u64)).collect()
    }
}

/// The numbers in an expression that may be dimensions.
fn numbers_in(expr: &Expr, found: &mut Vec<Dim>) {
    match &expr.kind {
        ExprKind::Number(number) if number.exponent == 0 => found.push(Dim(number.digits.clone())),
        // There a number is a dimension as such.
        ExprKind::Call(name, _) if ["ones", "zeros", "eye", "commutation"].contains(&name.name.as_str()) => {}
        _ => children(expr).into_iter().for_each(|part| numbers_in(part, found)),
    }
}

/// The positions of literal indices, with the dimensions that must be as large; those in texts may be of any.
fn positions(derivation: &Derivation, texts: &[&Expr]) -> Vec<(Option<String>, usize)> {
    let known = derivation.indices.iter().filter_map(|index| Some((Some(index.dim.0.clone()), index.position()?)));
    let mut found: Vec<(Option<String>, u64)> = known.collect();
    let mut written = Vec::new();
    texts.iter().for_each(|text| positions_in(text, &mut written));
    written.retain(|position| found.iter().all(|(_, known)| known != position));
    found.extend(written.into_iter().map(|position| (None, position)));
    found.into_iter().filter(|(_, position)| *position <= MAX_SIZE).map(|(dim, at)| (dim, at as usize)).collect()
}

fn positions_in(expr: &Expr, found: &mut Vec<u64>) {
    if let ExprKind::Element(_, at) = &expr.kind {
        found.extend(at.iter().filter_map(|index| match index {
            Index::Literal(position, _) => Some(*position),
            Index::Name(_) => None,
        }));
    }
    children(expr).into_iter().for_each(|part| positions_in(part, found));
}

/// What gets a size, in the order of first occurrence, and the literal sizes that are kept.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    kept: Vec<usize>,
}

impl Names {
    fn of(derivation: &Derivation, texts: &[&Expr]) -> Names {
        let mut dims: Vec<&Dim> = Vec::new();
        let mut numbers: Vec<&Dim> = Vec::new();
        dims.extend(derivation.symbols.iter().flat_map(|symbol| &symbol.shape));
        dims.extend(derivation.indices.iter().map(|index| &index.dim));
        dims.extend(&derivation.result.shape);
        for node in &derivation.nodes {
            match node {
                Node::Size { dim } => numbers.push(dim),
                Node::Identity { dim } => dims.push(dim),
                Node::Ones { shape } | Node::Zeros { shape } => dims.extend(shape),
                _ => {}
            }
        }
        let mut written = Vec::new();
        texts.iter().for_each(|text| numbers_in(text, &mut written));
        let literal = |dim: &Dim| dim.0.parse::<u64>().ok();
        // A large literal within a composite dimension ties sizes together, and so does an operation that multiplies
        // or adds dimensions: then every literal keeps its value.
        let combines = |node: &Node| match node {
            Node::Call { name, .. } => name == "kron" || name == "vec",
            node => matches!(node, Node::Block { .. }),
        };
        let tied = derivation.nodes.iter().any(combines);
        let tied = tied
            || dims.iter().chain(&numbers).any(|dim| {
                literal(dim).is_none() && dim.terms().iter().flatten().any(|(coefficient, _)| *coefficient > SMALL)
            });
        let mut result = Names::default();
        let declared = derivation.dims.iter().map(|dim| dim.name.clone());
        let mut names: Vec<String> = declared.collect();
        for dim in dims.iter().chain(&numbers) {
            match literal(dim) {
                Some(size) if size <= SMALL || tied || numbers.contains(dim) || written.contains(dim) => {
                    result.kept.push(size as usize);
                }
                Some(_) => names.push(dim.0.clone()),
                None => names.extend(dim.terms().into_iter().flatten().flat_map(|(_, names)| names)),
            }
        }
        for name in names {
            if !result.names.contains(&name) {
                result.names.push(name);
            }
        }
        result
    }
}
