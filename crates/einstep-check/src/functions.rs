//! The functions of the language, each from its definition.
//!
//! In: a name, arguments. Out: the value, or a refusal that names the function.
//! Left to others: operators.

use crate::dual::Dual;
use crate::field::F;
use crate::linalg::determinant;
use crate::matrix::{Matrix, Value, misfit};
use crate::meter::{Meter, NO_POWER, Trouble};
use crate::question::{Reader, kron};
use crate::ratio::Ratio;
use crate::tensor::{Axis, Sized, Tensor};
use einstep_syntax::{Expr, ExprKind};

/// The greatest size of a determinant.
const MAX_DETERMINANT: usize = 12;

impl Reader<'_> {
    /// A function call.
    pub(crate) fn call(&mut self, name: &str, args: &[Expr]) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        match (name, args) {
            ("eye", [n]) => {
                Value::Identity(Tensor::scalar(Dual::ONE)).of_size(self.extent(n)?, meter).map(Value::Matrix)
            }
            ("ones", dims) => self.constant(dims, Dual::ONE),
            ("zeros", dims) => self.constant(dims, Dual::ZERO),
            ("sum" | "mean", [arg, axis]) => {
                let matrix = self.value(arg)?.matrix()?;
                matrix.reduce(Some(direction(axis)?), name == "mean", meter)
            }
            (_, [arg]) => {
                let value = self.value(arg)?;
                self.unary(name, value)
            }
            (_, [a, b]) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.binary(name, a, b)
            }
            _ => unknown(name),
        }
    }

    fn constant(&self, dims: &[Expr], entry: Dual) -> Result<Value, Trouble> {
        let (rows, cols) = match dims {
            [rows] => (self.extent(rows)?, 1),
            [rows, cols] => (self.extent(rows)?, self.extent(cols)?),
            _ => return misfit("an array of one number has one or two dimensions"),
        };
        Ok(Value::Matrix(Matrix { rows, cols, tensor: Tensor::scalar(entry) }))
    }

    fn unary(&self, name: &str, value: Value) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        match name {
            "transpose" => return value.transpose(meter),
            "inv" => return value.inverse(meter),
            "sym" | "skew" => {
                let transposed = value.clone().transpose(meter)?;
                let other = if name == "sym" { transposed } else { transposed.negate()? };
                let half = Tensor::number(F::new(2).inverse().ok_or(NO_POWER)?);
                return Value::add(vec![value, other], meter)?.scale(&half, meter);
            }
            _ => {}
        }
        let matrix = value.matrix()?;
        let Matrix { rows, cols, .. } = matrix;
        match name {
            "tr" if rows == cols => {
                let size = (rows > 1).then_some(rows);
                Ok(Value::scalar(matrix.tensor.trace(size, meter)?))
            }
            "tr" => misfit("a trace needs a square matrix"),
            "sum" | "mean" => matrix.reduce(None, name == "mean", meter),
            "prod" => {
                let product = matrix.entries(meter)?.into_iter().fold(Dual::ONE, |a, b| a * b);
                Ok(Value::scalar(Tensor::scalar(product)))
            }
            "norm" | "norm2" | "normF" => {
                let squares = Tensor::contract(&[&matrix.tensor, &matrix.tensor], &matrix.slots(), meter)?;
                self.power(Matrix { rows: 1, cols: 1, tensor: squares }, Ratio::HALF)
            }
            "sqrt" => self.power(matrix, Ratio::HALF),
            "square" => Value::hadamard(vec![Value::Matrix(matrix.clone()), Value::Matrix(matrix)], meter),
            "det" => Ok(Value::scalar(Tensor::scalar(det(&matrix, meter)?))),
            "adj" => {
                let inverse = Value::Matrix(matrix.clone()).inverse(meter)?;
                inverse.scale(&Tensor::scalar(det(&matrix, meter)?), meter)
            }
            "diag" if cols == 1 => {
                let identity = Tensor::identity(Axis::ROW, Axis::COLUMN, rows, meter)?;
                let tensor = Tensor::contract(&[&matrix.tensor, &identity], &[], meter)?;
                Ok(Value::Matrix(Matrix { rows, cols: rows, tensor }))
            }
            "diag" if rows == cols => {
                let tensor =
                    matrix.tensor.relabel(meter, |axis| if axis == Axis::COLUMN { Axis::ROW } else { axis })?;
                Ok(Value::Matrix(Matrix { rows, cols: 1, tensor }))
            }
            "diag" => misfit("a diagonal needs a square matrix"),
            "tril" | "triu" => {
                let entries = matrix.entries(meter)?;
                let kept = |i: usize, j: usize| if name == "tril" { i >= j } else { i <= j };
                Matrix::tabulate(rows, cols, meter, |i, j| if kept(i, j) { entries[i * cols + j] } else { Dual::ZERO })
            }
            "vec" => {
                let entries = matrix.entries(meter)?;
                Matrix::tabulate(rows * cols, 1, meter, |k, _| entries[k % rows * cols + k / rows])
            }
            _ => unknown(name),
        }
    }

    fn binary(&self, name: &str, a: Value, b: Value) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        match name {
            "kron" => kron(&a.matrix()?, &b.matrix()?, self),
            "outer" => a.times(b.transpose(meter)?, meter),
            "dot" => match Value::hadamard(vec![a, b], meter)? {
                Value::Matrix(product) => product.reduce(None, false, meter),
                Value::Identity(_) => unknown(name),
            },
            _ => unknown(name),
        }
    }
}

impl Matrix {
    /// The sum or the mean over all entries, or along one slot.
    fn reduce(&self, along: Option<Axis>, mean: bool, meter: &Meter) -> Result<Value, Trouble> {
        let (over, rest): (Vec<Sized>, Vec<Sized>) =
            self.slots().into_iter().partition(|slot| along.is_none_or(|along| along == slot.0));
        let mut tensor = Tensor::contract(&[&self.tensor], &over, meter)?;
        if mean {
            let count = over.iter().map(|slot| slot.1 as u64).product();
            let share = Tensor::number(F::new(count).inverse().ok_or(NO_POWER)?);
            tensor = Tensor::contract(&[&tensor, &share], &[], meter)?;
        }
        let extent = |axis| rest.iter().find(|slot| slot.0 == axis).map_or(1, |slot| slot.1);
        Ok(Value::Matrix(Matrix { rows: extent(Axis::ROW), cols: extent(Axis::COLUMN), tensor }))
    }
}

/// `sum(A,1)` runs over the rows and gives a row, `sum(A,2)` over the columns.
fn direction(expr: &Expr) -> Result<Axis, Trouble> {
    match &expr.kind {
        ExprKind::Number(number) if number.exponent == 0 && number.digits == "1" => Ok(Axis::ROW),
        ExprKind::Number(number) if number.exponent == 0 && number.digits == "2" => Ok(Axis::COLUMN),
        _ => misfit("the direction of a reduction is 1 or 2"),
    }
}

fn det(matrix: &Matrix, meter: &Meter) -> Result<Dual, Trouble> {
    if matrix.rows > MAX_DETERMINANT {
        return Err(Trouble::Declined("a determinant of this size is too costly".into()));
    }
    let entries = matrix.square_entries(meter)?;
    meter.spend((matrix.rows as u64) << matrix.rows)?;
    Ok(determinant(&entries, matrix.rows))
}

fn unknown<T>(name: &str) -> Result<T, Trouble> {
    Err(Trouble::Declined(format!("the function `{name}` is not known")))
}
