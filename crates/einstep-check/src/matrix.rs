//! Values of expressions as they are written: an array with its numbers of rows and columns.
//!
//! In: values of operands. Out: the value of the operation, from its definition. `I` has no size of its own, so a
//! multiple of it keeps none until an operand gives it one.
//! Left to others: syntax, names.

use crate::dual::Dual;
use crate::linalg::inverse;
use crate::meter::{Meter, SINGULAR, Trouble};
use crate::tensor::{Axis, Sized, Tensor};

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// An array; a scalar has one row and one column.
    Matrix(Matrix),
    /// A multiple of the identity of a size yet unknown.
    Identity(Tensor),
}

/// An array with its numbers of rows and columns. It may depend on letters.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    pub(crate) tensor: Tensor,
}

/// Parts that do not fit together.
pub(crate) fn misfit<T>(what: &str) -> Result<T, Trouble> {
    Err(Trouble::Misfit(what.to_string()))
}

/// An identity whose size can't be told.
pub(crate) fn unsized_identity<T>() -> Result<T, Trouble> {
    Err(Trouble::Declined("the size of `I` can't be told from its operands".into()))
}

impl Value {
    pub(crate) fn scalar(tensor: Tensor) -> Value {
        Value::Matrix(Matrix::scalar(tensor))
    }

    /// The array; an identity takes the given size.
    pub(crate) fn of_size(self, size: usize, meter: &Meter) -> Result<Matrix, Trouble> {
        match self {
            Value::Matrix(matrix) => Ok(matrix),
            Value::Identity(factor) if size == 1 => Ok(Matrix { rows: 1, cols: 1, tensor: factor }),
            Value::Identity(factor) => {
                let identity = Tensor::identity(Axis::ROW, Axis::COLUMN, size, meter)?;
                let tensor = Tensor::contract(&[&factor, &identity], &[], meter)?;
                Ok(Matrix { rows: size, cols: size, tensor })
            }
        }
    }

    /// The array, unless it is an identity without a size.
    pub(crate) fn matrix(self) -> Result<Matrix, Trouble> {
        match self {
            Value::Matrix(matrix) => Ok(matrix),
            Value::Identity(_) => unsized_identity(),
        }
    }

    /// The array of a scalar.
    pub(crate) fn number(self) -> Result<Tensor, Trouble> {
        let matrix = self.matrix()?;
        if matrix.is_scalar() { Ok(matrix.tensor) } else { misfit("a scalar is needed") }
    }

    pub(crate) fn negate(self) -> Result<Value, Trouble> {
        self.map_tensor(|tensor| Ok(tensor.map(|entry| -entry)))
    }

    /// The same kind of value with another array.
    fn map_tensor(self, change: impl FnOnce(&Tensor) -> Result<Tensor, Trouble>) -> Result<Value, Trouble> {
        Ok(match self {
            Value::Identity(factor) => Value::Identity(change(&factor)?),
            Value::Matrix(matrix) => Value::Matrix(Matrix { tensor: change(&matrix.tensor)?, ..matrix }),
        })
    }

    pub(crate) fn scale(self, factor: &Tensor, meter: &Meter) -> Result<Value, Trouble> {
        self.map_tensor(|tensor| Tensor::contract(&[factor, tensor], &[], meter))
    }

    pub(crate) fn transpose(self, meter: &Meter) -> Result<Value, Trouble> {
        match self {
            Value::Identity(_) => Ok(self),
            Value::Matrix(Matrix { rows, cols, tensor }) => {
                Ok(Value::Matrix(Matrix { rows: cols, cols: rows, tensor: tensor.transpose(meter)? }))
            }
        }
    }

    /// The values brought to one shape: scalars broadcast, identities take the size of the others.
    pub(crate) fn align(values: Vec<Value>, meter: &Meter) -> Result<Vec<Matrix>, Trouble> {
        let shape = |value: &Value| match value {
            Value::Matrix(matrix) if !matrix.is_scalar() => Some((matrix.rows, matrix.cols)),
            _ => None,
        };
        let Some((rows, cols)) = values.iter().find_map(shape) else {
            return values.into_iter().map(Value::matrix).collect();
        };
        let fit = |value: Value| {
            if matches!(value, Value::Identity(_)) && rows != cols {
                return misfit("the identity stands beside a matrix that is not square");
            }
            let matrix = value.of_size(rows, meter)?;
            if !matrix.is_scalar() && (matrix.rows, matrix.cols) != (rows, cols) {
                return misfit("the operands differ in shape");
            }
            Ok(Matrix { rows, cols, ..matrix })
        };
        values.into_iter().map(fit).collect()
    }

    pub(crate) fn add(values: Vec<Value>, meter: &Meter) -> Result<Value, Trouble> {
        if let Some(factors) = Value::identities(&values) {
            return Ok(Value::Identity(Tensor::add(&factors, meter)?));
        }
        Matrix::combine(Value::align(values, meter)?, |terms| Tensor::add(terms, meter))
    }

    /// The factors of identities, if all are.
    fn identities(values: &[Value]) -> Option<Vec<&Tensor>> {
        let factors = values.iter().map(|value| if let Value::Identity(factor) = value { Some(factor) } else { None });
        factors.collect()
    }

    /// The elementwise product.
    pub(crate) fn hadamard(values: Vec<Value>, meter: &Meter) -> Result<Value, Trouble> {
        if let Some(factors) = Value::identities(&values) {
            return Ok(Value::Identity(Tensor::contract(&factors, &[], meter)?));
        }
        Matrix::combine(Value::align(values, meter)?, |factors| Tensor::contract(factors, &[], meter))
    }

    /// The product of two: scaling where one is a scalar, else the matrix product.
    pub(crate) fn times(self, other: Value, meter: &Meter) -> Result<Value, Trouble> {
        match (self, other) {
            (Value::Matrix(a), b) if a.is_scalar() => b.scale(&a.tensor, meter),
            (a, Value::Matrix(b)) if b.is_scalar() => a.scale(&b.tensor, meter),
            (Value::Identity(factor), other) | (other, Value::Identity(factor)) => other.scale(&factor, meter),
            (Value::Matrix(a), Value::Matrix(b)) => a.times(&b, meter).map(Value::Matrix),
        }
    }

    /// The inverse of a square matrix or of a scalar.
    pub(crate) fn inverse(self, meter: &Meter) -> Result<Value, Trouble> {
        match self {
            Value::Identity(factor) => {
                let factor = factor.try_map(meter, |entry| entry.inverse().ok_or(SINGULAR))?;
                Ok(Value::Identity(factor))
            }
            Value::Matrix(matrix) => matrix.inverse(meter).map(Value::Matrix),
        }
    }

    /// A power with an integer exponent of a square matrix.
    pub(crate) fn integer_power(self, exponent: i128, meter: &Meter) -> Result<Value, Trouble> {
        if matches!(&self, Value::Matrix(matrix) if matrix.rows != matrix.cols) {
            return misfit("a power needs a square matrix");
        }
        let mut base = if exponent < 0 { self.inverse(meter)? } else { self };
        let mut result = Value::Identity(Tensor::scalar(Dual::ONE));
        let mut rest = exponent.unsigned_abs();
        if let (0, Value::Matrix(matrix)) = (rest, &base) {
            return Ok(Value::Matrix(result.of_size(matrix.rows, meter)?));
        }
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.times(base.clone(), meter)?;
            }
            base = base.clone().times(base, meter)?;
            rest >>= 1;
        }
        Ok(result)
    }
}

impl Matrix {
    pub(crate) fn is_scalar(&self) -> bool {
        self.rows == 1 && self.cols == 1
    }

    /// The axes of its slots.
    pub(crate) fn slots(&self) -> Vec<Sized> {
        let slots = [(Axis::ROW, self.rows), (Axis::COLUMN, self.cols)];
        slots.into_iter().filter(|slot| slot.1 > 1).collect()
    }

    pub(crate) fn scalar(tensor: Tensor) -> Matrix {
        Matrix { rows: 1, cols: 1, tensor }
    }

    /// The same shape with other entries.
    pub(crate) fn with(&self, tensor: Tensor) -> Matrix {
        Matrix { tensor, ..*self }
    }

    pub(crate) fn needs_square(&self) -> Result<(), Trouble> {
        if self.rows == self.cols { Ok(()) } else { misfit("a square matrix is needed") }
    }

    /// A function of a square matrix, from its entries row by row to those of a matrix of another size.
    pub(crate) fn each(
        &self,
        [rows, cols]: [usize; 2],
        meter: &Meter,
        function: impl Fn(&[Dual]) -> Result<Vec<Dual>, Trouble>,
    ) -> Result<Matrix, Trouble> {
        self.needs_square()?;
        let mut result = Matrix { rows, cols, tensor: Tensor::scalar(Dual::ZERO) };
        let cost = (self.rows * self.rows * self.rows) as u64 * 8;
        let metered = |entries: &[Dual]| {
            meter.spend(cost)?;
            function(entries)
        };
        result.tensor = self.tensor.each(&self.slots(), &result.slots(), meter, metered)?;
        Ok(result)
    }

    /// The inverse of a square matrix.
    pub(crate) fn inverse(&self, meter: &Meter) -> Result<Matrix, Trouble> {
        let n = self.rows;
        self.each([n, n], meter, |entries| inverse(entries, n).map(|(inverted, _)| inverted).ok_or(SINGULAR))
    }

    /// The matrix product.
    pub(crate) fn times(&self, other: &Matrix, meter: &Meter) -> Result<Matrix, Trouble> {
        if self.cols != other.rows {
            return misfit("the inner dimensions of a product differ");
        }
        let tensor = self.tensor.times(&other.tensor, (self.cols > 1).then_some(self.cols), meter)?;
        Ok(Matrix { rows: self.rows, cols: other.cols, tensor })
    }

    /// The matrix with each entry computed from its position.
    pub(crate) fn tabulate(
        rows: usize,
        cols: usize,
        meter: &Meter,
        entry: impl Fn(usize, usize) -> Dual,
    ) -> Result<Matrix, Trouble> {
        meter.hold((rows * cols) as u64, 1)?;
        let mut matrix = Matrix { rows, cols, tensor: Tensor::scalar(Dual::ZERO) };
        let entries = (0..rows * cols).map(|k| entry(k / cols, k % cols)).collect();
        matrix.tensor = Tensor::new(matrix.slots(), entries);
        Ok(matrix)
    }

    fn combine(
        parts: Vec<Matrix>,
        operation: impl FnOnce(&[&Tensor]) -> Result<Tensor, Trouble>,
    ) -> Result<Value, Trouble> {
        let (rows, cols) = parts.first().map_or((1, 1), |part| (part.rows, part.cols));
        let tensors: Vec<&Tensor> = parts.iter().map(|part| &part.tensor).collect();
        Ok(Value::Matrix(Matrix { rows, cols, tensor: operation(&tensors)? }))
    }
}
