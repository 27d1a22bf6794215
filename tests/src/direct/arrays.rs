//! Arrays of real numbers with a slope: the value, and how it changes as one entry of a symbol moves.
//!
//! In: entries, row by row. Out: other arrays. Left to others: functions by name.

use std::rc::Rc;

/// A number and its slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Real {
    pub(super) value: f64,
    pub(super) slope: f64,
}

impl Real {
    pub(super) fn plain(value: f64) -> Real {
        Real { value, slope: 0.0 }
    }

    /// A function of it, from its value and its derivative.
    pub(super) fn chain(self, value: f64, derivative: f64) -> Real {
        Real { value, slope: if self.slope == 0.0 { 0.0 } else { derivative * self.slope } }
    }

    pub(super) fn plus(self, other: Real) -> Real {
        Real { value: self.value + other.value, slope: self.slope + other.slope }
    }

    pub(super) fn minus(self, other: Real) -> Real {
        self.plus(other.times(Real::plain(-1.0)))
    }

    pub(super) fn times(self, other: Real) -> Real {
        Real { value: self.value * other.value, slope: self.slope * other.value + self.value * other.slope }
    }

    pub(super) fn over(self, other: Real) -> Real {
        self.times(other.chain(1.0 / other.value, -1.0 / (other.value * other.value)))
    }

    pub(super) fn power(self, exponent: Real) -> Real {
        let (a, b) = (self.value, exponent.value);
        let value = if b.fract() == 0.0 && b.abs() < 1e6 { a.powi(b as i32) } else { a.powf(b) };
        let by_base = self.chain(value, b * if b == 1.0 { 1.0 } else { value / a });
        let by_exponent = exponent.chain(value, value * a.ln());
        Real { value, slope: by_base.slope + by_exponent.slope }
    }

    pub(super) fn root(self) -> Real {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root)
    }
}

/// An array; a scalar has one entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) data: Vec<Real>,
}

impl Array {
    pub(super) fn new(rows: usize, cols: usize, data: Vec<Real>) -> Array {
        Array { rows, cols, data }
    }

    pub(super) fn scalar(value: Real) -> Array {
        Array::new(1, 1, vec![value])
    }

    pub(super) fn from_fn(rows: usize, cols: usize, mut entry: impl FnMut(usize, usize) -> Real) -> Array {
        let entries = (0..rows * cols).map(|position| entry(position / cols, position % cols));
        Array::new(rows, cols, entries.collect())
    }

    pub(super) fn at(&self, row: usize, col: usize) -> Real {
        self.data[row * self.cols + col]
    }

    pub(super) fn map(&self, function: impl Fn(Real) -> Real) -> Array {
        Array::new(self.rows, self.cols, self.data.iter().map(|entry| function(*entry)).collect())
    }

    /// The arrays combined entry by entry; a scalar goes with every entry.
    pub(super) fn fold(arrays: &[Rc<Array>], combine: impl Fn(Real, Real) -> Real) -> Option<Array> {
        let (first, rest) = arrays.split_first()?;
        rest.iter().try_fold(first.as_ref().clone(), |sum, array| {
            let (rows, cols) = (sum.rows.max(array.rows), sum.cols.max(array.cols));
            let fits = |array: &Array| array.data.len() == 1 || (array.rows, array.cols) == (rows, cols);
            let entry = |array: &Array, i, j| if array.data.len() == 1 { array.data[0] } else { array.at(i, j) };
            (fits(&sum) && fits(array))
                .then(|| Array::from_fn(rows, cols, |i, j| combine(entry(&sum, i, j), entry(array, i, j))))
        })
    }

    /// The arrays one above the other.
    pub(super) fn stacked(arrays: &[Array]) -> Option<Array> {
        let cols = arrays.first()?.cols;
        let rows = arrays.iter().map(|array| array.rows).sum();
        let data = arrays.iter().flat_map(|array| array.data.iter().copied()).collect();
        arrays.iter().all(|array| array.cols == cols).then(|| Array::new(rows, cols, data))
    }

    pub(super) fn transpose(&self) -> Array {
        Array::from_fn(self.cols, self.rows, |i, j| self.at(j, i))
    }

    pub(super) fn matmul(&self, other: &Array) -> Option<Array> {
        (self.cols == other.rows).then(|| {
            Array::from_fn(self.rows, other.cols, |i, j| {
                (0..self.cols).fold(Real::plain(0.0), |sum, k| sum.plus(self.at(i, k).times(other.at(k, j))))
            })
        })
    }

    /// The determinant and the inverse, by elimination.
    pub(super) fn inverse(&self) -> Option<(Real, Array)> {
        let n = self.rows;
        if n != self.cols {
            return None;
        }
        let mut left = self.clone();
        let mut right = Array::from_fn(n, n, |i, j| Real::plain(f64::from(i == j)));
        let mut determinant = Real::plain(1.0);
        for column in 0..n {
            let size = |row: &usize| left.at(*row, column).value.abs();
            let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b)))?;
            if size(&pivot) < 1e-12 {
                return None;
            }
            for side in [&mut left, &mut right] {
                (0..n).for_each(|j| side.data.swap(pivot * n + j, column * n + j));
            }
            let scale = left.at(column, column);
            determinant = determinant.times(scale);
            if pivot != column {
                determinant = determinant.times(Real::plain(-1.0));
            }
            for side in [&mut left, &mut right] {
                (0..n).for_each(|j| side.data[column * n + j] = side.data[column * n + j].over(scale));
            }
            for row in (0..n).filter(|row| *row != column) {
                let factor = left.at(row, column);
                for side in [&mut left, &mut right] {
                    for j in 0..n {
                        side.data[row * n + j] = side.at(row, j).minus(factor.times(side.at(column, j)));
                    }
                }
            }
        }
        Some((determinant, right))
    }

    /// An array with the declared properties, from one without.
    pub(super) fn structured(self, properties: &[String]) -> Option<Array> {
        let kept = |keep: fn(usize, usize) -> bool, array: &Array| {
            Array::from_fn(array.rows, array.cols, |i, j| if keep(i, j) { array.at(i, j) } else { Real::plain(0.0) })
        };
        let both = |sign: f64, array: &Array| {
            Array::from_fn(array.rows, array.cols, |i, j| array.at(i, j).plus(array.at(j, i).times(Real::plain(sign))))
        };
        properties.iter().try_fold(self, |array, property| {
            Some(match property.as_str() {
                "symmetric" => both(1.0, &array),
                "skew" => both(-1.0, &array),
                "diagonal" => kept(|i, j| i == j, &array),
                "lower" => kept(|i, j| i >= j, &array),
                "upper" => kept(|i, j| i <= j, &array),
                "invertible" => array,
                "positive-definite" => {
                    let identity = Array::from_fn(array.rows, array.rows, |i, j| Real::plain(f64::from(i == j)));
                    Array::fold(&[Rc::new(array.matmul(&array.transpose())?), Rc::new(identity)], Real::plus)?
                }
                // The transform of Cayley of a skew matrix.
                "orthogonal" => {
                    let skew = both(-1.0, &array);
                    let identity = Array::from_fn(array.rows, array.rows, |i, j| Real::plain(f64::from(i == j)));
                    let sum = Array::fold(&[Rc::new(identity.clone()), Rc::new(skew.clone())], Real::plus)?;
                    let difference = Array::fold(&[Rc::new(identity), Rc::new(skew)], Real::minus)?;
                    difference.matmul(&sum.inverse()?.1)?
                }
                _ => return None,
            })
        })
    }
}
