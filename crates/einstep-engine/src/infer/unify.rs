//! Dimensions that are not known yet, and what is found out about them.
//!
//! In: pairs of dimensions that must be equal. Out: their values, or a clash. Left to others: saying what clashed.

use einstep_expr::{Dim, Dims};
use einstep_syntax::Span;

/// A dimension: known, or to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Known(Dim),
    Unknown(usize),
}

impl Size {
    pub(super) const ONE: Size = Size::Known(Dim::ONE);
}

/// What is known of the unknown dimensions.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    found: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    is: Option<Size>,
    /// Where in the text it was found out.
    because: Option<Span>,
}

/// Why two dimensions can't be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// They are known and different.
    Different,
    /// An unknown one would have to be 1.
    ForcedToOne,
}

impl Sizes {
    pub(super) fn unknown(&mut self) -> Size {
        self.found.push(Found { is: None, because: None });
        Size::Unknown(self.found.len() - 1)
    }

    /// What a dimension is, as far as it is known.
    pub(super) fn resolve(&self, size: Size) -> Size {
        let mut size = size;
        while let Size::Unknown(position) = size {
            match self.found[position].is {
                Some(next) => size = next,
                None => break,
            }
        }
        size
    }

    /// The last place that said something about a dimension.
    pub(super) fn because(&self, size: Size) -> Option<Span> {
        let mut size = size;
        let mut because = None;
        while let Size::Unknown(position) = size {
            because = self.found[position].because.or(because);
            match self.found[position].is {
                Some(next) => size = next,
                None => break,
            }
        }
        because
    }

    /// Makes two dimensions equal.
    pub(super) fn unify(&mut self, a: Size, b: Size, because: Span) -> Result<(), Clash> {
        match (self.resolve(a), self.resolve(b)) {
            (a, b) if a == b => Ok(()),
            (Size::Unknown(_), Size::ONE) | (Size::ONE, Size::Unknown(_)) => Err(Clash::ForcedToOne),
            (Size::Unknown(position), other) | (other, Size::Unknown(position)) => {
                self.found[position] = Found { is: Some(other), because: Some(because) };
                Ok(())
            }
            _ => Err(Clash::Different),
        }
    }

    /// Gives every dimension that is still unknown a name that is not taken, those of `first` before the others.
    pub(super) fn name(&mut self, dims: &mut Dims, first: &[Size], others: &[Size], taken: &dyn Fn(&str) -> bool) {
        let distinct: Vec<Size> = {
            let mut seen: Vec<Size> = Vec::new();
            for &size in first {
                let size = self.resolve(size);
                if matches!(size, Size::Unknown(_)) && !seen.contains(&size) {
                    seen.push(size);
                }
            }
            seen
        };
        // A vector or a square matrix is said to have n rows, another matrix m rows and n columns.
        let mut names = if distinct.len() == 1 { vec!["n", "m"] } else { vec!["m", "n"] };
        names.extend(["l", "k", "r", "s", "t", "u", "v", "w"]);
        let numbered = (1u32..).map(|number| format!("d{number}"));
        let mut fresh = names.into_iter().map(String::from).chain(numbered).filter(|name| !taken(name));
        for &size in first.iter().chain(others) {
            let Size::Unknown(position) = self.resolve(size) else { continue };
            let Some(name) = fresh.next() else { continue };
            self.found[position].is = Some(Size::Known(dims.name(&name)));
        }
    }
}
