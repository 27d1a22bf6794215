//! The functions of whole arrays, each from its definition.
//!
//! In: a name of the language, arrays. Out: the value, or a refusal that names the function. An array may depend on
//! indices or letters; then the function is taken for each of their values.
//! Left to others: functions of one value (`scalar`), operators, syntax.

use crate::dual::Dual;
use crate::eval::World;
use crate::field::F;
use crate::linalg::{determinant, inverse, unit};
use crate::matrix::{Matrix, Value, misfit};
use crate::meter::{Meter, NO_POWER, SINGULAR, Trouble};
use crate::tensor::{Axis, Sized, Tensor};

/// The greatest size of the determinant of a matrix that has no inverse.
const MAX_SINGULAR: usize = 12;

/// What a reduction runs over: every entry, or along one slot.
pub(crate) type Along = Option<Axis>;

impl World<'_> {
    /// A function of whole arrays.
    pub(crate) fn call(&self, name: &str, args: &[Matrix], along: Along) -> Result<Matrix, Trouble> {
        match args {
            [] => self.known_number(name),
            [arg] => self.unary(name, arg, along),
            [a, b] => self.binary(name, a, b),
            _ => unknown(name),
        }
    }

    fn known_number(&self, name: &str) -> Result<Matrix, Trouble> {
        match name {
            "e" => Ok(Matrix::scalar(Tensor::number(self.point.opaque().exp(F::ONE)?))),
            "pi" => Ok(Matrix::scalar(Tensor::number(self.point.opaque().pi()))),
            _ => unknown(name),
        }
    }

    fn unary(&self, name: &str, arg: &Matrix, along: Along) -> Result<Matrix, Trouble> {
        let meter = self.meter;
        let &Matrix { rows, cols, .. } = arg;
        match name {
            "sum" => arg.sum(along, meter),
            "mean" => {
                let count = F::new(arg.run(along).iter().map(|slot| slot.1 as u64).product());
                arg.sum(along, meter)?.times_number(count.inverse().ok_or(NO_POWER)?, meter)
            }
            "prod" => {
                let mut tensor = arg.tensor.clone();
                for &slot in &arg.run(along) {
                    tensor = tensor.product_along(slot, meter)?;
                }
                Ok(arg.reduced(along, tensor))
            }
            "norm" | "norm2" | "normF" => {
                let squares = arg.with(Tensor::contract(&[&arg.tensor, &arg.tensor], &[], meter)?).sum(along, meter)?;
                self.entrywise("sqrt", &squares)
            }
            "norm1" => self.entrywise("abs", arg)?.sum(along, meter),
            "logsumexp" => self.entrywise("log", &self.entrywise("exp", arg)?.sum(along, meter)?),
            "softmax" => {
                let exp = self.entrywise("exp", arg)?;
                let over = exp.sum(along, meter)?.tensor.try_map(meter, |entry| entry.inverse().ok_or(NO_POWER))?;
                Ok(arg.with(Tensor::contract(&[&exp.tensor, &over], &[], meter)?))
            }
            "transpose" => Ok(Matrix { rows: cols, cols: rows, tensor: arg.tensor.transpose(meter)? }),
            "tr" => {
                arg.needs_square()?;
                Ok(Matrix::scalar(arg.tensor.trace((rows > 1).then_some(rows), meter)?))
            }
            "det" => arg.each([1, 1], meter, |entries| Ok(vec![det(entries, rows, meter)?])),
            "logdet" => self.entrywise("log", &self.unary("det", arg, None)?),
            "inv" => arg.inverse(meter),
            "adj" => arg.each([rows, rows], meter, |entries| {
                let (inverted, determinant) = inverse(entries, rows).ok_or(SINGULAR)?;
                Ok(inverted.into_iter().map(|entry| determinant * entry).collect())
            }),
            "pinv" => {
                let transposed = self.unary("transpose", arg, None)?;
                match rows >= cols {
                    true => transposed.times(arg, meter)?.inverse(meter)?.times(&transposed, meter),
                    false => transposed.times(&arg.times(&transposed, meter)?.inverse(meter)?, meter),
                }
            }
            "sym" | "skew" => {
                arg.needs_square()?;
                let transposed = arg.tensor.transpose(meter)?;
                let other = if name == "sym" { transposed } else { transposed.map(|entry| -entry) };
                let half = F::new(2).inverse().ok_or(NO_POWER)?;
                arg.with(Tensor::add(&[&arg.tensor, &other], meter)?).times_number(half, meter)
            }
            "diag" if cols == 1 => {
                let identity = Tensor::identity(Axis::ROW, Axis::COLUMN, rows, meter)?;
                Ok(Matrix { rows, cols: rows, tensor: Tensor::contract(&[&arg.tensor, &identity], &[], meter)? })
            }
            "diag" => {
                arg.needs_square()?;
                let on_diagonal = |axis| if axis == Axis::COLUMN { Axis::ROW } else { axis };
                Ok(Matrix { rows, cols: 1, tensor: arg.tensor.relabel(meter, on_diagonal)? })
            }
            "tril" | "triu" => {
                let kept = |i: usize, j: usize| if name == "tril" { i >= j } else { i <= j };
                let mask = Matrix::tabulate(rows, cols, meter, |i, j| unit(kept(i, j)))?;
                Ok(arg.with(Tensor::contract(&[&arg.tensor, &mask.tensor], &[], meter)?))
            }
            "vec" => {
                let slots = [(Axis::COLUMN, cols), (Axis::ROW, rows)];
                let slots: Vec<Sized> = slots.into_iter().filter(|slot| slot.1 > 1).collect();
                let tensor = arg.tensor.join(&[(Axis::ROW, &slots)], meter)?;
                Ok(Matrix { rows: rows * cols, cols: 1, tensor })
            }
            _ => self.entrywise(name, arg),
        }
    }

    fn binary(&self, name: &str, a: &Matrix, b: &Matrix) -> Result<Matrix, Trouble> {
        let meter = self.meter;
        match name {
            "kron" => kron(a, b, meter),
            "outer" => a.times(&self.unary("transpose", b, None)?, meter),
            "dot" if (a.rows, a.cols) == (b.rows, b.cols) => {
                Ok(Matrix::scalar(Tensor::contract(&[&a.tensor, &b.tensor], &a.slots(), meter)?))
            }
            "dot" => misfit("the operands differ in shape"),
            "cross" if (a.rows, a.cols) == (3, 1) && (b.rows, b.cols) == (3, 1) => {
                let [j, k] = [Axis::temporary(0), Axis::temporary(1)];
                let name = |axis, to| if axis == Axis::ROW { to } else { axis };
                let (a, b) =
                    (a.tensor.relabel(meter, |axis| name(axis, j))?, b.tensor.relabel(meter, |axis| name(axis, k))?);
                let sign = levi_civita([Axis::ROW, j, k], meter)?;
                let tensor = Tensor::contract(&[&sign, &a, &b], &[(j, 3), (k, 3)], meter)?;
                Ok(Matrix { rows: 3, cols: 1, tensor })
            }
            "cross" => misfit("`cross` takes vectors of three entries"),
            _ => unknown(name),
        }
    }

    /// A function of each entry.
    pub(crate) fn entrywise(&self, name: &str, arg: &Matrix) -> Result<Matrix, Trouble> {
        let entry = |entry: Dual| match name {
            "sqrt" => self.rational_power(entry, crate::ratio::Ratio::HALF),
            "square" => Ok(entry * entry),
            _ => self.function(name, entry),
        };
        Ok(arg.with(arg.tensor.try_map(self.meter, entry)?))
    }
}

impl Matrix {
    /// The slots that a reduction runs over.
    fn run(&self, along: Along) -> Vec<Sized> {
        self.slots().into_iter().filter(|slot| along.is_none_or(|along| along == slot.0)).collect()
    }

    fn reduced(&self, along: Along, tensor: Tensor) -> Matrix {
        let kept = |axis, extent| if along.is_none_or(|along| along == axis) { 1 } else { extent };
        Matrix { rows: kept(Axis::ROW, self.rows), cols: kept(Axis::COLUMN, self.cols), tensor }
    }

    fn sum(&self, along: Along, meter: &Meter) -> Result<Matrix, Trouble> {
        Ok(self.reduced(along, Tensor::contract(&[&self.tensor], &self.run(along), meter)?))
    }

    fn times_number(&self, number: F, meter: &Meter) -> Result<Matrix, Trouble> {
        Ok(self.with(Tensor::contract(&[&self.tensor, &Tensor::number(number)], &[], meter)?))
    }
}

fn det(entries: &[Dual], n: usize, meter: &Meter) -> Result<Dual, Trouble> {
    if let Some((_, determinant)) = inverse(entries, n) {
        return Ok(determinant);
    }
    if n > MAX_SINGULAR {
        return Err(Trouble::Declined("a determinant of this size is too costly".into()));
    }
    meter.spend((n as u64) << n)?;
    Ok(determinant(entries, n))
}

/// The Kronecker product.
pub(crate) fn kron(a: &Matrix, b: &Matrix, meter: &Meter) -> Result<Matrix, Trouble> {
    let part = |matrix: &Matrix, first: usize| {
        let names = [(Axis::temporary(first), matrix.rows), (Axis::temporary(first + 1), matrix.cols)];
        let name = |axis| match axis {
            Axis::ROW => names[0].0,
            Axis::COLUMN => names[1].0,
            other => other,
        };
        Ok::<_, Trouble>((matrix.tensor.relabel(meter, name)?, names))
    };
    let ((left, [i, j]), (right, [k, l])) = (part(a, 0)?, part(b, 2)?);
    let real = |axes: [Sized; 2]| axes.into_iter().filter(|axis| axis.1 > 1).collect::<Vec<_>>();
    let (rows, cols) = (real([i, k]), real([j, l]));
    let tensor = Tensor::contract(&[&left, &right], &[], meter)?;
    let tensor = tensor.join(&[(Axis::ROW, &rows), (Axis::COLUMN, &cols)], meter)?;
    Ok(Matrix { rows: a.rows * b.rows, cols: a.cols * b.cols, tensor })
}

/// The block matrix of some rows of blocks.
pub(crate) fn blocks(grid: &[Vec<Matrix>], meter: &Meter) -> Result<Matrix, Trouble> {
    let height = |row: &[Matrix]| row.first().map_or(0, |block| block.rows);
    let width = |row: &[Matrix]| row.iter().map(|block| block.cols).sum::<usize>();
    let (rows, cols) = (grid.iter().map(|row| height(row)).sum(), grid.first().map_or(0, |row| width(row)));
    if grid.iter().any(|row| row.iter().any(|block| block.rows != height(row))) {
        return misfit("the blocks of a row differ in height");
    }
    if cols == 0 || grid.iter().any(|row| width(row) != cols) {
        return misfit("the rows of blocks differ in width");
    }
    // Each block is moved to its place by a product with parts of identities.
    let mut placed = Vec::new();
    let mut above = 0;
    for row in grid {
        let mut before = 0;
        for block in row {
            let down = Matrix::tabulate(rows, block.rows, meter, |i, j| unit(i == above + j))?;
            let across = Matrix::tabulate(block.cols, cols, meter, |i, j| unit(j == before + i))?;
            placed.push(Value::Matrix(down.times(block, meter)?.times(&across, meter)?));
            before += block.cols;
        }
        above += height(row);
    }
    Value::add(placed, meter)?.matrix()
}

/// The commutation matrix K with K·vec(A) = vec(A') for A of m rows and n columns.
pub(crate) fn commutation(m: usize, n: usize, meter: &Meter) -> Result<Matrix, Trouble> {
    // vec(A)[j·m + i] = A[i,j] = vec(A')[i·n + j].
    Matrix::tabulate(m * n, m * n, meter, |row, column| unit((row / n, row % n) == (column % m, column / m)))
}

/// The sign of the permutation that three indices are; 0 where two are equal.
pub(crate) fn levi_civita(names: [Axis; 3], meter: &Meter) -> Result<Tensor, Trouble> {
    let own = [Axis::temporary(0), Axis::temporary(1), Axis::temporary(2)];
    let sign = |position: usize| match [position / 9, position / 3 % 3, position % 3] {
        [0, 1, 2] | [1, 2, 0] | [2, 0, 1] => Dual::ONE,
        [0, 2, 1] | [2, 1, 0] | [1, 0, 2] => -Dual::ONE,
        _ => Dual::ZERO,
    };
    let tensor = Tensor::new(own.map(|axis| (axis, 3)).to_vec(), (0..27).map(sign).collect());
    tensor.relabel(meter, |axis| own.iter().position(|other| *other == axis).map_or(axis, |position| names[position]))
}

fn unknown<T>(name: &str) -> Result<T, Trouble> {
    Err(Trouble::Declined(format!("the function `{name}` is not known")))
}
