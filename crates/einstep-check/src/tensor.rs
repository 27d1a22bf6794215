//! Arrays whose axes have names: the value of an expression over its free indices and its slots.
//!
//! In: arrays of dual numbers. Out: their sums, products and contractions. An array is constant along an axis that it
//! does not have, so a scalar, a matrix of ones and a factor without an index broadcast without a word.
//! Left to others: what the axes stand for.

use crate::dual::Dual;
use crate::field::F;
use crate::meter::{Meter, Trouble};
use einstep_trace::IndexId;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The name of an axis: something temporary, an index, a letter of a text, or a slot of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Axis(u32);

/// The greatest number of indices, of letters and of temporary axes.
pub(crate) const MAX_AXES: u32 = 1 << 20;

impl Axis {
    /// The axis along the rows of a matrix, and along a column vector.
    pub(crate) const ROW: Axis = Axis::slot(0);
    /// The axis along the columns of a matrix.
    pub(crate) const COLUMN: Axis = Axis::slot(1);

    /// Temporary axes stand before all others.
    pub(crate) const fn temporary(number: usize) -> Axis {
        Axis(number as u32)
    }

    pub(crate) const fn index(index: IndexId) -> Axis {
        Axis(MAX_AXES + index.0)
    }

    pub(crate) const fn letter(number: usize) -> Axis {
        Axis(2 * MAX_AXES + number as u32)
    }

    pub(crate) const fn slot(number: usize) -> Axis {
        Axis(3 * MAX_AXES + number as u32)
    }

    /// The index that the axis stands for, if it does.
    pub(crate) fn as_index(self) -> Option<IndexId> {
        (MAX_AXES..2 * MAX_AXES).contains(&self.0).then(|| IndexId(self.0 - MAX_AXES))
    }

    /// The number of the letter that the axis stands for, if it does.
    pub(crate) fn as_letter(self) -> Option<usize> {
        (2 * MAX_AXES..3 * MAX_AXES).contains(&self.0).then(|| (self.0 - 2 * MAX_AXES) as usize)
    }
}

/// An axis with its size.
pub(crate) type Sized = (Axis, usize);

/// An array: axes in ascending order, entries with the last axis fastest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tensor {
    axes: Vec<Sized>,
    data: Vec<Dual>,
}

/// Where two arrays differ.
#[derive(Debug, Clone)]
pub(crate) struct Difference {
    pub(crate) at: Vec<Sized>,
    pub(crate) left: F,
    pub(crate) right: F,
}

impl Tensor {
    pub(crate) fn scalar(value: Dual) -> Tensor {
        Tensor { axes: vec![], data: vec![value] }
    }

    pub(crate) fn number(value: F) -> Tensor {
        Tensor::scalar(Dual::plain(value))
    }

    /// The array with the given entries; the axes ascend.
    pub(crate) fn new(axes: Vec<Sized>, data: Vec<Dual>) -> Tensor {
        debug_assert!(axes.is_sorted() && axes.iter().map(|axis| axis.1).product::<usize>() == data.len());
        Tensor { axes, data }
    }

    /// The identity along two axes; 1 where they are one.
    pub(crate) fn identity(first: Axis, second: Axis, size: usize, meter: &Meter) -> Result<Tensor, Trouble> {
        if first == second {
            return Ok(Tensor::scalar(Dual::ONE));
        }
        let axes = vec![(first.min(second), size), (first.max(second), size)];
        let mut data = vec![Dual::ZERO; room(&axes, 1, meter)?];
        data.iter_mut().step_by(size + 1).for_each(|entry| *entry = Dual::ONE);
        Ok(Tensor { axes, data })
    }

    /// The vector along an axis that is 1 at a position, counted from 1, and 0 elsewhere.
    pub(crate) fn unit(position: u64, axis: Sized) -> Result<Tensor, Trouble> {
        let entry = |k: usize| if k as u64 + 1 == position { Dual::ONE } else { Dual::ZERO };
        match (1..=axis.1 as u64).contains(&position) {
            true => Ok(Tensor { axes: vec![axis], data: (0..axis.1).map(entry).collect() }),
            false => Err(Trouble::Declined("a literal index is beyond the sizes tried".into())),
        }
    }

    /// The array at a position, counted from 1, along an axis.
    pub(crate) fn at(&self, position: u64, axis: Sized, meter: &Meter) -> Result<Tensor, Trouble> {
        Tensor::contract(&[self, &Tensor::unit(position, axis)?], &[axis], meter)
    }

    pub(crate) fn axes(&self) -> &[Sized] {
        &self.axes
    }

    pub(crate) fn data(&self) -> &[Dual] {
        &self.data
    }

    /// The same entries, one of them replaced.
    pub(crate) fn with_entry(&self, position: usize, change: impl Fn(Dual) -> Dual) -> Tensor {
        let mut result = self.clone();
        if let Some(entry) = result.data.get_mut(position) {
            *entry = change(*entry);
        }
        result
    }

    /// A function of each entry.
    pub(crate) fn map(&self, mut function: impl FnMut(Dual) -> Dual) -> Tensor {
        Tensor { axes: self.axes.clone(), data: self.data.iter().map(|&entry| function(entry)).collect() }
    }

    /// A function of each entry that may fail.
    pub(crate) fn try_map(
        &self,
        meter: &Meter,
        function: impl Fn(Dual) -> Result<Dual, Trouble>,
    ) -> Result<Tensor, Trouble> {
        meter.hold(self.data.len() as u64, 128)?;
        let data = self.data.iter().map(|&entry| function(entry)).collect::<Result<_, _>>()?;
        Ok(Tensor { axes: self.axes.clone(), data })
    }

    /// The array with other names of axes. Axes that get one name are set equal: a diagonal.
    pub(crate) fn relabel(&self, meter: &Meter, name: impl Fn(Axis) -> Axis) -> Result<Tensor, Trouble> {
        self.split(meter, |(axis, size)| vec![(name(axis), size)])
    }

    /// The array with each axis split into others, the slow one first, whose sizes multiply to its own. Axes that get one
    /// name are set equal.
    pub(crate) fn split(&self, meter: &Meter, parts: impl Fn(Sized) -> Vec<Sized>) -> Result<Tensor, Trouble> {
        let mut fine: Vec<(Sized, usize)> = Vec::with_capacity(self.axes.len());
        for (&axis, own) in self.axes.iter().zip(self.strides(&self.axes)) {
            let mut stride = own;
            for &part in parts(axis).iter().rev() {
                fine.push((part, stride));
                stride *= part.1;
            }
        }
        let axes = union([fine.iter().map(|(axis, _)| *axis).collect::<Vec<_>>().as_slice()]);
        let stride = |axis: &Sized| fine.iter().filter(|(part, _)| part == axis).map(|(_, stride)| stride).sum();
        let strides = vec![axes.iter().map(stride).collect()];
        let mut data = Vec::with_capacity(room(&axes, 1, meter)?);
        Odometer::run(&axes, strides, |_, offsets| data.push(self.data[offsets[0]]));
        Ok(Tensor { axes, data })
    }

    /// The array with groups of axes joined, each into one axis, the slow one first. The new axes ascend and stand after
    /// all others; a group none of which the array has leaves it constant along the new axis.
    pub(crate) fn join(&self, groups: &[(Axis, &[Sized])], meter: &Meter) -> Result<Tensor, Trouble> {
        let joined = |axis: &Sized| groups.iter().any(|(_, group)| group.contains(axis));
        let mut axes: Vec<Sized> = self.axes.iter().copied().filter(|axis| !joined(axis)).collect();
        let mut order = axes.clone();
        for (into, group) in groups {
            if group.iter().any(|axis| self.axes.contains(axis)) {
                order.extend(*group);
                axes.push((*into, group.iter().map(|axis| axis.1).product()));
            }
        }
        Ok(Tensor { axes, data: self.expand(&order, meter)? })
    }

    /// A function of the entries of two arrays, one by one, that may fail.
    pub(crate) fn zip(
        &self,
        other: &Tensor,
        meter: &Meter,
        function: impl Fn(Dual, Dual) -> Result<Dual, Trouble>,
    ) -> Result<Tensor, Trouble> {
        let axes = union([self.axes.as_slice(), &other.axes]);
        let mut data = Vec::with_capacity(room(&axes, 128, meter)?);
        let mut trouble = None;
        Odometer::run(&axes, vec![self.strides(&axes), other.strides(&axes)], |_, offsets| {
            if trouble.is_none() {
                match function(self.data[offsets[0]], other.data[offsets[1]]) {
                    Ok(entry) => data.push(entry),
                    Err(found) => trouble = Some(found),
                }
            }
        });
        trouble.map_or(Ok(Tensor { axes, data }), Err)
    }

    /// The arrays along some axes, each put through a function: for every value of the other axes, from the entries
    /// along the given axes to those along new ones. The new axes ascend and stand after all others.
    pub(crate) fn each(
        &self,
        along: &[Sized],
        new: &[Sized],
        meter: &Meter,
        function: impl Fn(&[Dual]) -> Result<Vec<Dual>, Trouble>,
    ) -> Result<Tensor, Trouble> {
        let outer: Vec<Sized> = self.axes.iter().copied().filter(|axis| !along.contains(axis)).collect();
        let entries = self.expand(&[outer.as_slice(), along].concat(), meter)?;
        let axes = [outer.as_slice(), new].concat();
        let mut data = Vec::with_capacity(room(&axes, 1, meter)?);
        for entries in entries.chunks(cells(along) as usize) {
            data.extend(function(entries)?);
        }
        Ok(Tensor { axes, data })
    }

    /// The same array with every given axis present.
    fn expand(&self, axes: &[Sized], meter: &Meter) -> Result<Vec<Dual>, Trouble> {
        let mut data = Vec::with_capacity(room(axes, 1, meter)?);
        Odometer::run(axes, vec![self.strides(axes)], |_, offsets| data.push(self.data[offsets[0]]));
        Ok(data)
    }

    /// One array from many, along new temporary axes whose sizes multiply to their number.
    pub(crate) fn stack(along: &[Sized], parts: &[Tensor], meter: &Meter) -> Result<Tensor, Trouble> {
        let inner = union(parts.iter().map(|part| part.axes.as_slice()));
        let mut data = Vec::new();
        for part in parts {
            data.extend(part.expand(&inner, meter)?);
        }
        let axes = [along, &inner].concat();
        Ok(Tensor { axes, data })
    }

    pub(crate) fn add(terms: &[&Tensor], meter: &Meter) -> Result<Tensor, Trouble> {
        let axes = union(terms.iter().map(|term| term.axes.as_slice()));
        let mut data = Vec::with_capacity(room(&axes, terms.len(), meter)?);
        let strides = terms.iter().map(|term| term.strides(&axes)).collect();
        Odometer::run(&axes, strides, |_, offsets| {
            let entries = terms.iter().zip(offsets).map(|(term, &offset)| term.data[offset]);
            data.push(entries.fold(Dual::ZERO, |sum, entry| sum + entry));
        });
        Ok(Tensor { axes, data })
    }

    /// The product of the factors, summed over some axes: one axis at a time, cheapest first.
    pub(crate) fn contract(factors: &[&Tensor], over: &[Sized], meter: &Meter) -> Result<Tensor, Trouble> {
        let mut factors: Vec<Option<Cow<'_, Tensor>>> =
            factors.iter().map(|factor| Some(Cow::Borrowed(*factor))).collect();
        // For each axis that is left its place in the list, the factors that have it, and what it costs.
        let mut open: FxHashMap<Axis, (usize, Vec<usize>, u64)> =
            over.iter().enumerate().map(|(place, axis)| (axis.0, (place, vec![], 0))).collect();
        for (position, factor) in factors.iter().enumerate() {
            for axis in factor.iter().flat_map(|factor| &factor.axes) {
                open.entry(axis.0).and_modify(|open| open.1.push(position));
            }
        }
        let mut queue = BTreeSet::new();
        for (place, with, known) in open.values_mut() {
            *known = cost(&factors, with);
            queue.insert((*known, *place));
        }
        while let Some((_, place)) = queue.pop_first() {
            let axis = over[place];
            let with = open.remove(&axis.0).map_or_else(Vec::new, |open| open.1);
            meter.spend(with.len() as u64 + 1)?;
            let taken: Vec<Cow<'_, Tensor>> = with.iter().filter_map(|&position| factors[position].take()).collect();
            let product = multiply(&taken, Some(axis), meter)?;
            let axes = product.axes.clone();
            factors.push(Some(Cow::Owned(product)));
            // Only what shares an axis with the new factor costs something else now.
            for (axis, _) in axes {
                let Some((place, holders, known)) = open.get_mut(&axis) else { continue };
                holders.retain(|position| factors[*position].is_some());
                holders.push(factors.len() - 1);
                meter.spend(holders.len() as u64)?;
                queue.remove(&(*known, *place));
                *known = cost(&factors, holders);
                queue.insert((*known, *place));
            }
        }
        let left: Vec<Cow<'_, Tensor>> = factors.into_iter().flatten().collect();
        multiply(&left, None, meter)
    }

    /// The array with rows and columns exchanged.
    pub(crate) fn transpose(&self, meter: &Meter) -> Result<Tensor, Trouble> {
        self.relabel(meter, |axis| match axis {
            Axis::ROW => Axis::COLUMN,
            Axis::COLUMN => Axis::ROW,
            other => other,
        })
    }

    /// The matrix product, with the given number of columns of `self` and rows of `other`; `None` where it is 1.
    pub(crate) fn times(&self, other: &Tensor, inner: Option<usize>, meter: &Meter) -> Result<Tensor, Trouble> {
        let between = Axis::temporary(0);
        let left = self.relabel(meter, |axis| if axis == Axis::COLUMN { between } else { axis })?;
        let right = other.relabel(meter, |axis| if axis == Axis::ROW { between } else { axis })?;
        let over: Vec<Sized> = inner.map(|size| (between, size)).into_iter().collect();
        Tensor::contract(&[&left, &right], &over, meter)
    }

    /// The sum of the diagonal of a square matrix of the given size; `None` where it is 1.
    pub(crate) fn trace(&self, size: Option<usize>, meter: &Meter) -> Result<Tensor, Trouble> {
        let diagonal = self.relabel(meter, |axis| if axis == Axis::COLUMN { Axis::ROW } else { axis })?;
        let over: Vec<Sized> = size.map(|size| (Axis::ROW, size)).into_iter().collect();
        Tensor::contract(&[&diagonal], &over, meter)
    }

    /// The product along an axis.
    pub(crate) fn product_along(&self, axis: Sized, meter: &Meter) -> Result<Tensor, Trouble> {
        let rest: Vec<Sized> = self.axes.iter().copied().filter(|other| *other != axis).collect();
        let axes = [rest.as_slice(), &[axis]].concat();
        let entries = self.expand(&axes, meter)?;
        let data = entries.chunks(axis.1).map(|run| run.iter().fold(Dual::ONE, |a, &b| a * b)).collect();
        Ok(Tensor { axes: rest, data })
    }

    /// The first place where two arrays have different values.
    pub(crate) fn difference(&self, other: &Tensor, meter: &Meter) -> Result<Option<Difference>, Trouble> {
        let axes = union([self.axes.as_slice(), &other.axes]);
        room(&axes, 1, meter)?;
        let mut found = None;
        Odometer::run(&axes, vec![self.strides(&axes), other.strides(&axes)], |position, offsets| {
            let (left, right) = (self.data[offsets[0]].value(), other.data[offsets[1]].value());
            if left != right && found.is_none() {
                let at = axes.iter().zip(position).map(|(&(axis, _), &value)| (axis, value)).collect();
                found = Some(Difference { at, left, right });
            }
        });
        Ok(found)
    }

    /// How far one step along each of the axes goes in the data: 0 along an axis that the array does not have.
    fn strides(&self, axes: &[Sized]) -> Vec<usize> {
        let stride = |axis: &Sized| match self.axes.iter().position(|own| own == axis) {
            Some(position) => self.axes[position + 1..].iter().map(|own| own.1).product(),
            None => 0,
        };
        axes.iter().map(stride).collect()
    }
}

/// Counts through the positions of an array and the offsets of several arrays along with them.
struct Odometer;

impl Odometer {
    fn run(axes: &[Sized], strides: Vec<Vec<usize>>, mut visit: impl FnMut(&[usize], &[usize])) {
        let mut position = vec![0; axes.len()];
        let mut offsets = vec![0; strides.len()];
        // How far each offset goes with one step of a digit, and back when the digit has turned.
        let steps: Vec<Vec<usize>> =
            (0..axes.len()).map(|digit| strides.iter().map(|stride| stride[digit]).collect()).collect();
        loop {
            visit(&position, &offsets);
            let mut digit = axes.len();
            loop {
                let Some(next) = digit.checked_sub(1) else {
                    return;
                };
                digit = next;
                position[digit] += 1;
                let turned = position[digit] == axes[digit].1;
                if !turned {
                    offsets.iter_mut().zip(&steps[digit]).for_each(|(offset, step)| *offset += step);
                    break;
                }
                let back = axes[digit].1 - 1;
                offsets.iter_mut().zip(&steps[digit]).for_each(|(offset, step)| *offset -= step * back);
                position[digit] = 0;
            }
        }
    }
}

/// The axes of several arrays, each once, ascending.
fn union<'a>(lists: impl IntoIterator<Item = &'a [Sized]>) -> Vec<Sized> {
    let mut axes: Vec<Sized> = lists.into_iter().flatten().copied().collect();
    axes.sort_unstable();
    axes.dedup();
    axes
}

/// The number of cells of an array, if there is leave to compute it.
fn room(axes: &[Sized], operations: usize, meter: &Meter) -> Result<usize, Trouble> {
    let cells = cells(axes);
    meter.hold(cells, operations as u64)?;
    Ok(cells as usize)
}

fn cells(axes: &[Sized]) -> u64 {
    axes.iter().fold(1, |cells: u64, axis| cells.saturating_mul(axis.1 as u64))
}

/// The number of cells that summing over an axis has to visit.
fn cost(factors: &[Option<Cow<'_, Tensor>>], with: &[usize]) -> u64 {
    let with = with.iter().filter_map(|&position| factors[position].as_ref());
    cells(&union(with.map(|factor| factor.axes.as_slice())))
}

/// The product of the factors, summed over at most one axis.
fn multiply(factors: &[Cow<'_, Tensor>], over: Option<Sized>, meter: &Meter) -> Result<Tensor, Trouble> {
    let mut axes = union(factors.iter().map(|factor| factor.axes.as_slice()));
    axes.retain(|axis| Some(*axis) != over);
    let summed = over.map_or(1, |axis| axis.1);
    let mut data = Vec::with_capacity(room(&axes, summed.saturating_mul(factors.len().max(1)), meter)?);
    let strides = factors.iter().map(|factor| factor.strides(&axes)).collect();
    let inner: Vec<usize> = factors.iter().map(|factor| over.map_or(0, |axis| factor.strides(&[axis])[0])).collect();
    Odometer::run(&axes, strides, |_, offsets| {
        let term = |at: usize| match (factors, offsets) {
            ([one], [here]) => one.data[here + at * inner[0]],
            ([left, right], [here, there]) => left.data[here + at * inner[0]] * right.data[there + at * inner[1]],
            _ => {
                let entries = factors.iter().zip(offsets).zip(&inner);
                entries.fold(Dual::ONE, |product, ((factor, offset), step)| product * factor.data[offset + at * step])
            }
        };
        data.push((1..summed).fold(term(0), |sum, at| sum + term(at)));
    });
    Ok(Tensor { axes, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(axes: Vec<Sized>) -> Tensor {
        let data = (1..=cells(&axes)).map(|n| Dual::plain(F::new(n))).collect();
        Tensor::new(axes, data)
    }

    #[test]
    fn contraction_agrees_with_loops() {
        let meter = Meter::new(1 << 20, 1 << 10);
        let (i, j, k) = ((Axis::letter(0), 2), (Axis::letter(1), 3), (Axis::letter(2), 4));
        let (a, b) = (counted(vec![i, k]), counted(vec![j, k]));
        let product = Tensor::contract(&[&a, &b], &[k], &meter).unwrap();
        assert_eq!(product.axes(), [i, j]);
        // Row 1 of a is 5 6 7 8, row 2 of b is 9 10 11 12.
        assert_eq!(product.data()[5].value(), F::new(5 * 9 + 6 * 10 + 7 * 11 + 8 * 12));
        // An axis that no factor has counts its size.
        let summed = Tensor::contract(&[&a], &[j], &meter).unwrap();
        assert_eq!(summed.data()[1].value(), F::new(6));
    }

    #[test]
    fn relabelling_takes_diagonals() {
        let meter = Meter::new(1 << 20, 1 << 10);
        let (i, j) = (Axis::letter(0), Axis::letter(1));
        let square = counted(vec![(i, 3), (j, 3)]);
        let diagonal = square.relabel(&meter, |_| i).unwrap();
        assert_eq!(diagonal, Tensor::new(vec![(i, 3)], [1, 5, 9].map(|n| Dual::plain(F::new(n))).to_vec()));
        let transposed = square.relabel(&meter, |axis| if axis == i { j } else { i }).unwrap();
        assert_eq!(transposed.data()[1].value(), F::new(4));
    }
}
