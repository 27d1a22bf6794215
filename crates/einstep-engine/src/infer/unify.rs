//! Dimensions that are not known yet, and what is found out about them.
//!
//! In: pairs of dimensions that must be equal. Out: their values, or a clash. Left to others: saying what clashed.
//!
//! A product of dimensions (of `kron`, `vec`) remembers its factors, a sum (of blocks) its summands. An equation between
//! products or sums that does not follow from the others waits until [`Sizes::solve`]: there the parts are equated in their
//! order, when there are as many on both sides; nothing else is guessed. Sums are the subject of [`super::totals`].

use einstep_expr::{Dim, Dims};
use einstep_syntax::Span;
use std::cell::Cell;

/// A dimension: known, or to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Known(Dim),
    Unknown(usize),
}

impl Size {
    pub(super) const ONE: Size = Size::Known(Dim::ONE);
}

/// The greatest number of factors of a product.
const MAX_FACTORS: usize = 64;

/// The dimensions of a problem, and what is known of the unknown ones.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    pub(super) dims: Dims,
    pub(super) found: Vec<Found>,
    /// Equations that wait.
    equations: Vec<Equation>,
    /// Whether a product has become too large to be written.
    pub(super) overflow: bool,
}

#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) is: Option<Size>,
    /// What that was in the end when it was last asked for: nobody follows a chain of equal dimensions twice.
    led_to: Cell<Option<Size>>,
    /// Where in the text it was found out.
    because: Option<Span>,
    /// Of a product, the slow index first; otherwise empty.
    factors: Vec<Size>,
    /// Of a sum, in the order of the blocks; otherwise empty.
    pub(super) summands: Vec<Size>,
}

impl Found {
    pub(super) fn sum(summands: Vec<Size>) -> Found {
        Found { summands, ..Found::default() }
    }

    /// Whether it is no product.
    pub(super) fn factors_are_none(&self) -> bool {
        self.factors.is_empty()
    }
}

/// Two dimensions that are equal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Equation {
    pub(super) left: Size,
    pub(super) right: Size,
    /// The expression that needs it.
    pub(super) because: Span,
}

/// Why two dimensions can't be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// They are known and different.
    Different,
    /// An unknown one would have to be 1.
    ForcedToOne,
    /// Only their product or their sum is known.
    Undetermined,
}

/// What an equation says about unknown dimensions.
pub(super) enum Outcome {
    Solved,
    Waits,
}

impl Sizes {
    pub(super) fn unknown(&mut self) -> Size {
        self.found.push(Found::default());
        Size::Unknown(self.found.len() - 1)
    }

    /// The product of dimensions, the slow one first.
    pub(super) fn product(&mut self, sizes: &[Size]) -> Size {
        let mut factors: Vec<Size> = sizes.iter().flat_map(|&size| self.factors(size)).collect();
        factors.retain(|&factor| factor != Size::ONE);
        if factors.len() > MAX_FACTORS {
            self.overflow = true;
            factors.truncate(1);
        }
        match factors[..] {
            [] => Size::ONE,
            [only] => only,
            _ => {
                self.found.push(Found { factors, ..Found::default() });
                Size::Unknown(self.found.len() - 1)
            }
        }
    }

    /// The factors of a dimension in order; of one that is no product, itself.
    pub(super) fn factors(&self, size: Size) -> Vec<Size> {
        let (mut done, mut rest) = (Vec::new(), vec![size]);
        while let Some(size) = rest.pop() {
            match size {
                Size::Unknown(position) if !self.found[position].factors.is_empty() => {
                    rest.extend(self.found[position].factors.iter().rev());
                }
                Size::Unknown(position) => match self.found[position].is {
                    Some(next) => rest.push(next),
                    None => done.push(size),
                },
                Size::Known(_) => done.push(size),
            }
            // A product of more is refused where it is made, or never written.
            if done.len() + rest.len() > 2 * MAX_FACTORS {
                break;
            }
        }
        done
    }

    /// What a dimension is, as far as it is known.
    pub(super) fn resolve(&self, size: Size) -> Size {
        let mut end = size;
        while let Some(next) = self.next(end) {
            end = next;
        }
        let mut passed = size;
        while let (Size::Unknown(position), Some(next)) = (passed, self.next(passed)) {
            self.found[position].led_to.set(Some(end));
            passed = next;
        }
        end
    }

    fn next(&self, size: Size) -> Option<Size> {
        let Size::Unknown(position) = size else { return None };
        self.found[position].led_to.get().or(self.found[position].is)
    }

    /// What a dimension is; a product is multiplied as soon as all of its factors are known.
    pub(super) fn settled(&mut self, size: Size) -> Size {
        let size = self.resolve(size);
        let Size::Unknown(position) = size else { return size };
        if self.is_sum(size) {
            return self.settled_sum(position);
        }
        if self.found[position].factors.is_empty() {
            return size;
        }
        for factor in self.factors(size) {
            self.settled(factor);
        }
        let mut product = Some(Dim::ONE);
        for factor in self.factors(size) {
            let Size::Known(dim) = factor else { return size };
            product = product.and_then(|product| self.dims.product(product, dim));
        }
        self.overflow |= product.is_none();
        let product = Size::Known(product.unwrap_or(Dim::ONE));
        self.found[position].is = Some(product);
        product
    }

    /// Whether a product is too large to be written.
    pub(super) fn is_too_large(&mut self, size: Size) -> bool {
        self.settled(size);
        std::mem::take(&mut self.overflow)
    }

    /// A dimension as text; `?` for what is not known.
    pub(super) fn text(&self, size: Size) -> String {
        if let Size::Known(dim) = self.resolve(size) {
            return self.dims.text(dim).to_string();
        }
        if self.is_sum(self.resolve(size)) {
            return self.summands(size).into_iter().map(|part| self.text(part)).collect::<Vec<_>>().join(" + ");
        }
        let known = |factor: Size| match factor {
            Size::Known(dim) => self.dims.text(dim),
            Size::Unknown(_) => "?",
        };
        self.factors(size).into_iter().map(known).collect::<Vec<_>>().join("*")
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

    fn is_product(&self, size: Size) -> bool {
        matches!(size, Size::Unknown(position) if !self.found[position].factors.is_empty())
    }

    /// Makes two dimensions equal.
    pub(super) fn unify(&mut self, left: Size, right: Size, because: Span) -> Result<(), Clash> {
        let (a, b) = (self.settled(left), self.settled(right));
        if a != b && (self.is_sum(a) || self.is_sum(b)) || self.is_product(a) || self.is_product(b) {
            let equation = Equation { left, right, because };
            if let Outcome::Waits = self.equate(equation)? {
                self.equations.push(equation);
            }
            return Ok(());
        }
        match (a, b) {
            (a, b) if a == b => Ok(()),
            (Size::Unknown(position), other) | (other, Size::Unknown(position)) => self.bind(position, other, because),
            _ => Err(Clash::Different),
        }
    }

    pub(super) fn bind(&mut self, position: usize, to: Size, because: Span) -> Result<(), Clash> {
        if self.is_sum(Size::Unknown(position)) {
            return self.unify(Size::Unknown(position), to, because);
        }
        if to == Size::ONE {
            return Err(Clash::ForcedToOne);
        }
        self.found[position].is = Some(to);
        self.found[position].because = Some(because);
        Ok(())
    }

    /// What follows for certain from an equation of products.
    fn equate(&mut self, equation: Equation) -> Result<Outcome, Clash> {
        let sides = [self.settled(equation.left), self.settled(equation.right)];
        if sides.iter().any(|&side| self.is_sum(side)) {
            return self.equate_sums(sides, equation.because);
        }
        let (mut left, mut right) = (self.factors(equation.left), self.factors(equation.right));
        left.retain(|factor| match right.iter().position(|other| other == factor) {
            Some(position) => {
                right.remove(position);
                false
            }
            None => true,
        });
        let mut known = [Dim::ONE; 2];
        for (side, known) in [&mut left, &mut right].into_iter().zip(&mut known) {
            let product = side.iter().try_fold(Dim::ONE, |product, factor| match factor {
                Size::Known(dim) => self.dims.product(product, *dim),
                Size::Unknown(_) => Some(product),
            });
            *known = product.unwrap_or(Dim::ONE);
            self.overflow |= product.is_none();
            side.retain(|factor| matches!(factor, Size::Unknown(_)));
        }
        let [over, under] = known;
        let (over, under) = match (self.dims.quotient(over, under), self.dims.quotient(under, over)) {
            (Some(quotient), _) => (quotient, Dim::ONE),
            (None, Some(quotient)) => (Dim::ONE, quotient),
            (None, None) => (over, under),
        };
        match (&left[..], &right[..]) {
            ([], []) if over == under => Ok(Outcome::Solved),
            ([], []) => Err(Clash::Different),
            ([], rest) => self.remaining(rest, over, under, equation.because),
            (rest, []) => self.remaining(rest, under, over, equation.because),
            ([Size::Unknown(one)], rest) if over.is_one() => self.bind_product(*one, rest, under, equation.because),
            (rest, [Size::Unknown(one)]) if under.is_one() => self.bind_product(*one, rest, over, equation.because),
            _ => Ok(Outcome::Waits),
        }
    }

    /// Unknown dimensions whose product, times `under`, is `over`.
    fn remaining(&mut self, rest: &[Size], over: Dim, under: Dim, because: Span) -> Result<Outcome, Clash> {
        match rest {
            _ if over.is_one() => Err(Clash::ForcedToOne),
            _ if self.dims.is_sum(under) => Ok(Outcome::Waits),
            _ if !under.is_one() => Err(Clash::Different),
            [Size::Unknown(one)] => self.bind(*one, Size::Known(over), because).map(|()| Outcome::Solved),
            _ => Ok(Outcome::Waits),
        }
    }

    fn bind_product(&mut self, one: usize, rest: &[Size], known: Dim, because: Span) -> Result<Outcome, Clash> {
        if rest.contains(&Size::Unknown(one)) {
            return Err(Clash::ForcedToOne);
        }
        let factors: Vec<Size> = [Size::Known(known)].iter().chain(rest).copied().collect();
        let product = self.product(&factors);
        self.bind(one, product, because).map(|()| Outcome::Solved)
    }

    /// Solves the equations that wait: by what follows for certain, then factor by factor.
    pub(super) fn solve(&mut self) -> Result<(), (Equation, Clash)> {
        while !self.equations.is_empty() {
            let waiting = std::mem::take(&mut self.equations);
            let before = waiting.len();
            for &equation in &waiting {
                let outcome = self.equate(equation).map_err(|clash| (equation, clash))?;
                if let Outcome::Waits = outcome {
                    self.equations.push(equation);
                }
            }
            if self.equations.len() < before {
                continue;
            }
            let equation = self.equations.remove(0);
            let is_sum = [equation.left, equation.right].iter().any(|&side| self.is_sum(self.resolve(side)));
            let (left, right) = match is_sum {
                true => (self.written_summands(equation.left), self.written_summands(equation.right)),
                false => (self.factors(equation.left), self.factors(equation.right)),
            };
            if left.len() != right.len() || left.len() < 2 {
                return Err((equation, Clash::Undetermined));
            }
            for (&left, &right) in left.iter().zip(&right) {
                self.unify(left, right, equation.because).map_err(|_| (equation, Clash::Undetermined))?;
            }
        }
        Ok(())
    }

    /// Gives every dimension that is still unknown a name that is not taken, those of `first` before the others.
    pub(super) fn name(&mut self, first: &[Size], others: &[Size], taken: &dyn Fn(&str) -> bool) {
        let distinct: Vec<Size> = {
            let mut seen: Vec<Size> = Vec::new();
            for size in first.iter().flat_map(|&size| self.atoms(size)) {
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
            if let Size::Known(_) = self.resolve(size) {
                continue;
            }
            for factor in self.atoms(size) {
                let Size::Unknown(position) = self.resolve(factor) else { continue };
                let Some(name) = fresh.next() else { continue };
                self.found[position].is = Some(Size::Known(self.dims.name(&name)));
            }
            self.settled(size);
        }
    }
}
