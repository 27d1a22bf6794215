//! Sums of dimensions: those of blocks that stand one after another.
//!
//! In: sums whose summands may be unknown. Out: their values, or what follows from an equation between them.
//! Left to others: products, and when equations are looked at ([`super::unify`]).

use super::unify::{Clash, Found, Outcome, Size, Sizes};
use einstep_expr::Dim;
use einstep_syntax::Span;

/// The greatest number of summands.
const MAX_SUMMANDS: usize = 256;

impl Sizes {
    /// The sum of dimensions, of one itself.
    pub(super) fn total(&mut self, sizes: &[Size]) -> Size {
        let mut summands: Vec<Size> = sizes.iter().flat_map(|&size| self.summands(size)).collect();
        if summands.len() > MAX_SUMMANDS {
            self.overflow = true;
            summands.truncate(1);
        }
        match summands[..] {
            [] => Size::ONE,
            [only] => only,
            _ => {
                self.found.push(Found::sum(summands));
                Size::Unknown(self.found.len() - 1)
            }
        }
    }

    pub(super) fn is_sum(&self, size: Size) -> bool {
        matches!(size, Size::Unknown(position)
            if !self.found[position].summands.is_empty() && self.found[position].is.is_none())
    }

    /// The summands of a dimension in order; of one that is no sum, itself.
    pub(super) fn summands(&self, size: Size) -> Vec<Size> {
        let (mut done, mut rest) = (Vec::new(), vec![self.resolve(size)]);
        while let Some(size) = rest.pop() {
            match size {
                Size::Unknown(position) if self.is_sum(size) => {
                    let summands = self.found[position].summands.iter().rev();
                    rest.extend(summands.map(|&summand| self.resolve(summand)));
                }
                _ => done.push(size),
            }
            // A sum of more is refused where it is made.
            if done.len() + rest.len() > 2 * MAX_SUMMANDS {
                break;
            }
        }
        done
    }

    /// The summands of a dimension as it was made, though they may have been added up since.
    pub(super) fn written_summands(&self, size: Size) -> Vec<Size> {
        let mut size = size;
        while let Size::Unknown(position) = size {
            let found = &self.found[position];
            match (found.summands.as_slice(), found.is) {
                ([], Some(next)) => size = next,
                ([], None) => break,
                (summands, _) => return summands.iter().flat_map(|&summand| self.summands(summand)).collect(),
            }
        }
        vec![size]
    }

    /// The dimensions, neither products nor sums, that a dimension is made of.
    pub(super) fn atoms(&self, size: Size) -> Vec<Size> {
        let mut atoms = Vec::new();
        for summand in self.summands(size) {
            for factor in self.factors(summand) {
                match self.is_sum(factor) {
                    true => atoms.extend(self.summands(factor)),
                    false => atoms.push(factor),
                }
            }
        }
        atoms
    }

    /// What a sum is; it is added up as soon as all of its summands are known.
    pub(super) fn settled_sum(&mut self, position: usize) -> Size {
        let size = Size::Unknown(position);
        let mut sum: Option<Dim> = None;
        for summand in self.summands(size) {
            let Size::Known(dim) = self.settled(summand) else { return size };
            let next = sum.map_or(Some(dim), |sum| self.dims.sum(sum, dim));
            self.overflow |= next.is_none();
            sum = next.or(sum);
        }
        let sum = Size::Known(sum.unwrap_or(Dim::ONE));
        self.found[position].is = Some(sum);
        sum
    }

    /// What follows for certain from an equation of which a side is a sum.
    pub(super) fn equate_sums(&mut self, sides: [Size; 2], because: Span) -> Result<Outcome, Clash> {
        match sides {
            [Size::Unknown(one), other] | [other, Size::Unknown(one)]
                if !self.is_sum(Size::Unknown(one)) && self.found[one].factors_are_none() =>
            {
                if self.summands(other).contains(&Size::Unknown(one)) {
                    return Err(Clash::Different);
                }
                return self.bind(one, other, because).map(|()| Outcome::Solved);
            }
            _ => {}
        }
        let [mut left, mut right] = sides.map(|side| self.summands(side));
        for side in [&mut left, &mut right] {
            for size in side.iter_mut() {
                *size = self.settled(*size);
            }
        }
        left.retain(|summand| match right.iter().position(|other| other == summand) {
            Some(position) => {
                right.remove(position);
                false
            }
            None => true,
        });
        let is_known = |size: &Size| matches!(size, Size::Known(_));
        let [known_left, known_right] = [&left, &right].map(|side| side.iter().copied().filter(is_known).collect());
        let [over, under] = [known_left, known_right].map(|known: Vec<Size>| self.added(&known));
        left.retain(|size| !is_known(size));
        right.retain(|size| !is_known(size));
        match (&left[..], &right[..]) {
            ([], []) if over == under => Ok(Outcome::Solved),
            ([], []) => Err(Clash::Different),
            ([one], []) | ([], [one]) => {
                let (whole, part) = if left.is_empty() { (over, under) } else { (under, over) };
                let rest = whole.and_then(|whole| match part {
                    Some(part) => self.dims.difference(whole, part),
                    None => Some(whole),
                });
                match rest {
                    Some(rest) => self.unify(*one, Size::Known(rest), because).map(|()| Outcome::Solved),
                    None => Err(Clash::Different),
                }
            }
            ([one], [other]) if over == under => self.unify(*one, *other, because).map(|()| Outcome::Solved),
            ([], _) if over.is_none() => Err(Clash::Different),
            (_, []) if under.is_none() => Err(Clash::Different),
            _ => Ok(Outcome::Waits),
        }
    }

    /// The sum of known dimensions; `None` of none.
    fn added(&mut self, known: &[Size]) -> Option<Dim> {
        let mut sum: Option<Dim> = None;
        for size in known {
            let Size::Known(dim) = *size else { continue };
            sum = sum.map_or(Some(dim), |sum| self.dims.sum(sum, dim)).or(sum);
        }
        sum
    }
}
