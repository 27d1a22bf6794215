//! Small sizes for the dimensions, all different where there are few.
//!
//! In: the dimensions that occur in a derivation. Out: assignments of sizes to their names. One begins at 2, one has
//! sizes of at least 3 in the opposite order. A literal dimension above [`SMALL`] is shrunk like a name where it occurs
//! only as a whole dimension and never as a number.
//! Left to others: entries.

use crate::meter::Trouble;
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
    /// The assignments at which a derivation is checked.
    pub(crate) fn assignments(derivation: &Derivation) -> Vec<Sizes> {
        let Names { names, kept } = Names::of(derivation);
        let assign =
            |sizes: &mut dyn Iterator<Item = usize>| Sizes { sizes: names.iter().cloned().zip(sizes).collect() };
        let from = |first: usize| (first..).filter(|size| !kept.contains(size)).take(DISTINCT);
        if names.len() <= DISTINCT {
            let mut falling: Vec<usize> = from(3).take(names.len()).collect();
            falling.reverse();
            return vec![assign(&mut from(2)), assign(&mut falling.into_iter())];
        }
        // Dimensions that follow one another are neighbours in a product: in steps of 2 they differ too.
        let (low, high): (Vec<usize>, Vec<usize>) = (from(2).collect(), from(3).collect());
        vec![assign(&mut low.into_iter().cycle()), assign(&mut high.into_iter().cycle().skip(1).step_by(2))]
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

    /// The names with their sizes.
    pub(crate) fn named(&self) -> BTreeMap<String, u64> {
        self.sizes.iter().map(|(name, &size)| (name.clone(), size as u64)).collect()
    }
}

/// What gets a size, in the order of first occurrence, and the literal sizes that are kept.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    kept: Vec<usize>,
}

impl Names {
    fn of(derivation: &Derivation) -> Names {
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
        let literal = |dim: &Dim| dim.0.parse::<u64>().ok();
        // A large literal within a composite dimension ties sizes together, so then every literal keeps its value.
        let tied = dims.iter().chain(&numbers).any(|dim| {
            literal(dim).is_none() && dim.terms().iter().flatten().any(|(coefficient, _)| *coefficient > SMALL)
        });
        let mut result = Names::default();
        let declared = derivation.dims.iter().map(|dim| dim.name.clone());
        let mut names: Vec<String> = declared.collect();
        for dim in dims.iter().chain(&numbers) {
            match literal(dim) {
                Some(size) if size <= SMALL || tied || numbers.contains(dim) => result.kept.push(size as usize),
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
