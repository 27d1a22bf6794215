//! The values of expressions as they are written: the question itself, and the texts of an answer.
//!
//! In: a syntax tree, a point. Out: its value from the definitions of the language, apart from any node of the trace.
//! Left to others: functions by name (`functions`), comparing.
//!
//! Names have the shapes of the trace's symbols; texts whose parts do not fit together have no value.

use crate::dual::{Dual, ORDER};
use crate::eval::{Entry, World, unknown_exponent};
use crate::field::F;
use crate::letters;
use crate::linalg::unit;
use crate::matrix::{Matrix, Value, misfit};
use crate::meter::{NO_POWER, Trouble};
use crate::ratio::Ratio;
use crate::tensor::{Axis, Sized, Tensor};
use einstep_syntax::{Big, Expr, ExprKind, Ident, Index, Number, Sign, Variable};
use einstep_trace::{Dim, SymbolId};

/// Reads values off syntax trees.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) world: World<'a>,
    entries: Vec<Entry>,
    /// The index letters in scope, innermost last. The position of a letter numbers its axis.
    letters: Vec<(String, usize)>,
}

impl<'a> Reader<'a> {
    /// A reader at a point, with some entries perturbed.
    pub(crate) fn new(world: World<'a>, entries: &[Entry]) -> Reader<'a> {
        Reader { world, entries: entries.to_vec(), letters: vec![] }
    }

    /// The value of an expression of known shape; an `I` without a size takes it from there.
    pub(crate) fn matrix(&mut self, expr: &Expr, rows: usize, cols: usize) -> Result<Tensor, Trouble> {
        let matrix = self.value(expr)?.of_size(rows, self.world.meter)?;
        if (matrix.rows, matrix.cols) == (rows, cols) {
            return Ok(matrix.tensor);
        }
        misfit(&format!("it is {}×{}, not {rows}×{cols}", matrix.rows, matrix.cols))
    }

    /// The value of a scalar in index notation over free letters; the axes are those of `Axis::letter` in their order.
    pub(crate) fn element(&mut self, expr: &Expr, free: &[(String, usize)]) -> Result<Tensor, Trouble> {
        self.letters = free.to_vec();
        self.value(expr)?.number()
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, expr: &Expr) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        meter.spend(1)?;
        match &expr.kind {
            ExprKind::Number(number) => Ok(Value::scalar(Tensor::number(decimal(number)?))),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Negate(arg) => self.value(arg)?.negate(),
            ExprKind::Sum(terms) => {
                let terms = terms.iter().map(|(sign, term)| {
                    let value = self.value(term)?;
                    if *sign == Sign::Minus { value.negate() } else { Ok(value) }
                });
                Value::add(terms.collect::<Result<_, _>>()?, meter)
            }
            ExprKind::Product(factors) => {
                let mut product = Value::scalar(Tensor::scalar(Dual::ONE));
                for factor in factors {
                    product = product.times(self.value(factor)?, meter)?;
                }
                Ok(product)
            }
            ExprKind::Hadamard(factors) => Value::hadamard(self.values(factors)?, meter),
            ExprKind::Quotient(over, under) => {
                let under = Value::scalar(self.value(under)?.number()?).inverse(meter)?;
                self.value(over)?.times(under, meter)
            }
            ExprKind::ElementQuotient(over, under) => {
                let mut under = self.value(under)?.matrix()?;
                under.tensor = under.tensor.try_map(meter, |entry| entry.inverse().ok_or(NO_POWER))?;
                Value::hadamard(vec![self.value(over)?, Value::Matrix(under)], meter)
            }
            ExprKind::Kronecker(factors) => self.kronecker(factors),
            ExprKind::Power(base, exponent) => {
                let (base, exponent) = (self.value(base)?, self.exponent(exponent)?);
                match base {
                    Value::Matrix(matrix) if matrix.is_scalar() => self.power(matrix, exponent),
                    _ if exponent.den() == 1 => base.integer_power(exponent.num(), meter),
                    _ => misfit("a matrix has no fractional power"),
                }
            }
            ExprKind::ElementPower(base, exponent) => {
                let (base, exponent) = (self.value(base)?.matrix()?, self.exponent(exponent)?);
                self.power(base, exponent)
            }
            ExprKind::Transpose(arg) => self.value(arg)?.transpose(meter),
            ExprKind::Call(name, args) => self.call(&name.name, args),
            ExprKind::Block(rows) => self.block(rows),
            ExprKind::Element(of, at) => self.at(of, at).map(Value::scalar),
            ExprKind::Big(big, over, body) => self.big(*big, over, body),
            ExprKind::Derivative(by, body) => self.derivative(by, body).map(Value::scalar),
            ExprKind::Error => Err(Trouble::Declined("the expression can't be read".into())),
        }
    }

    pub(crate) fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Value>, Trouble> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    /// The number of a symbol by its name.
    pub(crate) fn symbol(&self, name: &str) -> Option<SymbolId> {
        let symbols = &self.world.derivation.symbols;
        symbols.iter().position(|symbol| symbol.name == name).map(|position| SymbolId(position as u32))
    }

    /// The size of a letter in scope and the axis it stands for.
    pub(crate) fn letter(&self, name: &str) -> Option<Sized> {
        let position = self.letters.iter().rposition(|(letter, _)| letter == name)?;
        Some((Axis::letter(position), self.letters[position].1))
    }

    /// Each entry to a power.
    pub(crate) fn power(&self, base: Matrix, exponent: Ratio) -> Result<Value, Trouble> {
        let tensor = base.tensor.try_map(self.world.meter, |entry| self.world.power(entry, exponent))?;
        Ok(Value::Matrix(Matrix { tensor, ..base }))
    }

    fn name(&self, name: &str) -> Result<Value, Trouble> {
        if let Some(id) = self.symbol(name) {
            let tensor = self.world.symbol(id, &self.entries);
            return match self.world.derivation.symbols[id.at()].shape.len() {
                0..=2 => {
                    let extent = |slot| tensor.axes().iter().find(|axis| axis.0 == slot).map_or(1, |axis| axis.1);
                    let (rows, cols) = (extent(Axis::ROW), extent(Axis::COLUMN));
                    Ok(Value::Matrix(Matrix { rows, cols, tensor }))
                }
                _ => Err(Trouble::Declined(format!("`{name}` has an order above 2"))),
            };
        }
        match name {
            "I" => Ok(Value::Identity(Tensor::scalar(Dual::ONE))),
            "e" | "pi" => Err(Trouble::Declined(format!("the constant `{name}` is not known"))),
            _ => match self.world.sizes.of(&Dim(name.to_string())) {
                Ok(size) => Ok(Value::scalar(Tensor::number(F::new(size as u64)))),
                Err(_) => misfit(&format!("the name `{name}` is not known")),
            },
        }
    }

    /// A dimension as an argument of `eye`, `ones`, `zeros`.
    pub(crate) fn extent(&self, expr: &Expr) -> Result<usize, Trouble> {
        let total = match &expr.kind {
            ExprKind::Name(name) => self.world.sizes.of(&Dim(name.clone()))?,
            ExprKind::Number(Number { digits, exponent: 0 }) => self.world.sizes.of(&Dim(digits.clone()))?,
            ExprKind::Product(factors) => {
                factors.iter().try_fold(1usize, |product, factor| Ok(product.saturating_mul(self.extent(factor)?)))?
            }
            ExprKind::Sum(terms) if terms.iter().all(|(sign, _)| *sign == Sign::Plus) => {
                terms.iter().try_fold(0usize, |sum, (_, term)| Ok(sum.saturating_add(self.extent(term)?)))?
            }
            _ => return Err(Trouble::Declined("a dimension can't be read".into())),
        };
        if (1..1 << 20).contains(&total) { Ok(total) } else { misfit("a dimension is zero or too large") }
    }

    /// An exponent: a rational number made of numbers and dimensions.
    fn exponent(&self, expr: &Expr) -> Result<Ratio, Trouble> {
        let result = match &expr.kind {
            ExprKind::Number(Number { digits, exponent }) => {
                let digits = digits.parse::<i64>().ok().and_then(|digits| Ratio::integer(digits.into()));
                let scale = 10i128.checked_pow(exponent.unsigned_abs()).and_then(Ratio::integer);
                digits.zip(scale).and_then(
                    |(digits, scale)| {
                        if *exponent < 0 { digits.over(scale) } else { digits.times(scale) }
                    },
                )
            }
            ExprKind::Name(name) => match self.symbol(name) {
                Some(symbol) => Some(self.world.integer(symbol, &self.entries)?),
                None => Ratio::integer(self.world.sizes.of(&Dim(name.clone()))? as i128),
            },
            ExprKind::Negate(arg) => Ratio::MINUS_ONE.times(self.exponent(arg)?),
            ExprKind::Quotient(over, under) => self.exponent(over)?.over(self.exponent(under)?),
            ExprKind::Product(factors) => factors.iter().try_fold(Some(Ratio::ONE), |product, factor| {
                let factor = self.exponent(factor)?;
                Ok(product.and_then(|product| product.times(factor)))
            })?,
            ExprKind::Sum(terms) => terms.iter().try_fold(Ratio::integer(0), |sum, (sign, term)| {
                let sign = if *sign == Sign::Minus { Ratio::MINUS_ONE } else { Ratio::ONE };
                let term = sign.times(self.exponent(term)?);
                Ok(sum.zip(term).and_then(|(sum, term)| sum.plus(term)))
            })?,
            _ => None,
        };
        result.ok_or_else(unknown_exponent)
    }

    fn kronecker(&mut self, factors: &[Expr]) -> Result<Value, Trouble> {
        let mut product = Matrix { rows: 1, cols: 1, tensor: Tensor::scalar(Dual::ONE) };
        for factor in factors {
            let factor = self.value(factor)?.matrix()?;
            product = kron(&product, &factor, self)?.matrix()?;
        }
        Ok(Value::Matrix(product))
    }

    fn block(&mut self, rows: &[Vec<Expr>]) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        let mut lines: Vec<Vec<Dual>> = Vec::new();
        for row in rows {
            let blocks = row.iter().map(|expr| self.value(expr)?.matrix()).collect::<Result<Vec<_>, _>>()?;
            let height = blocks.first().map_or(0, |block| block.rows);
            if blocks.iter().any(|block| block.rows != height) {
                return misfit("the blocks of a row differ in height");
            }
            let entries = blocks.iter().map(|block| block.entries(meter)).collect::<Result<Vec<_>, _>>()?;
            lines.extend((0..height).map(|line| {
                let parts =
                    blocks.iter().zip(&entries).map(|(block, e)| &e[line * block.cols..(line + 1) * block.cols]);
                parts.collect::<Vec<_>>().concat()
            }));
        }
        let width = lines.first().map_or(0, Vec::len);
        if width == 0 || lines.iter().any(|line| line.len() != width) {
            return misfit("the rows of blocks differ in width");
        }
        Matrix::from_entries(lines.len(), width, lines.concat())
    }

    /// An element of an array at letters or positions.
    fn at(&mut self, of: &Expr, at: &[Index]) -> Result<Tensor, Trouble> {
        let meter = self.world.meter;
        let symbol = match &of.kind {
            ExprKind::Name(name) if name == "delta" && self.symbol(name).is_none() => {
                return self.delta(at);
            }
            ExprKind::Name(name) => self.symbol(name),
            _ => None,
        };
        let (mut tensor, slots) = match symbol {
            Some(id) => {
                let axes = self.world.point.symbol(id).axes().to_vec();
                (self.world.symbol(id, &self.entries), axes)
            }
            None => match self.value(of)? {
                Value::Matrix(matrix) => {
                    let slots = matrix.slots();
                    (matrix.tensor, slots)
                }
                Value::Identity(factor) => {
                    return Tensor::contract(&[&factor, &self.delta(at)?], &[], meter);
                }
            },
        };
        if slots.len() != at.len() {
            return misfit(&format!("an element has {} index(es), not {}", at.len(), slots.len()));
        }
        let mut names = Vec::with_capacity(at.len());
        for (index, slot) in at.iter().zip(&slots) {
            match index {
                Index::Name(letter) => names.push((slot.0, self.axis(letter, slot.1)?)),
                Index::Literal(position, _) => {
                    let position = position.checked_sub(1).filter(|position| *position < slot.1 as u64);
                    let Some(position) = position else {
                        return Err(Trouble::Declined("a literal index is beyond the sizes tried".into()));
                    };
                    let pick = (0..slot.1 as u64).map(|k| unit(k == position)).collect();
                    tensor = Tensor::contract(&[&tensor, &Tensor::new(vec![*slot], pick)], &[*slot], meter)?;
                }
            }
        }
        tensor.relabel(meter, |axis| names.iter().find(|(slot, _)| *slot == axis).map_or(axis, |(_, name)| *name))
    }

    fn delta(&self, at: &[Index]) -> Result<Tensor, Trouble> {
        let [Index::Name(i), Index::Name(j)] = at else {
            return Err(Trouble::Declined("a delta of other than two letters is not known".into()));
        };
        let Some((first, size)) = self.letter(&i.name) else {
            return misfit(&format!("the index `{}` is not bound", i.name));
        };
        Tensor::identity(first, self.axis(j, size)?, size, self.world.meter)
    }

    /// The axis of a letter that must have the given size.
    fn axis(&self, letter: &Ident, size: usize) -> Result<Axis, Trouble> {
        match self.letter(&letter.name) {
            Some((axis, own)) if own == size => Ok(axis),
            Some(_) => misfit(&format!("the index `{}` runs over another dimension", letter.name)),
            None => misfit(&format!("the index `{}` is not bound", letter.name)),
        }
    }

    /// The derivative of a scalar by an element, from its values with each element perturbed in turn.
    fn derivative(&mut self, by: &Variable, body: &Expr) -> Result<Tensor, Trouble> {
        let Some(symbol) = self.symbol(&by.name.name) else {
            return misfit(&format!("the variable `{}` is not known", by.name.name));
        };
        let level = self.entries.len();
        if level == ORDER {
            return Err(Trouble::Declined(format!("derivatives of an order above {ORDER} are not known")));
        }
        let entries = self.world.point.symbol(symbol);
        if entries.axes().len() != by.element.len() {
            return misfit("a derivative is by one element");
        }
        let mut names = Vec::with_capacity(by.element.len());
        for (index, slot) in by.element.iter().zip(entries.axes()) {
            let Index::Name(letter) = index else {
                return Err(Trouble::Declined("a derivative by a literal element is not known".into()));
            };
            names.push((self.axis(letter, slot.1)?, slot.1));
        }
        let mut parts = Vec::with_capacity(entries.data().len());
        for position in 0..entries.data().len() {
            self.entries.push((symbol, position));
            let value = self.value(body).and_then(Value::number);
            self.entries.pop();
            parts.push(value?.map(|entry| entry.derivative(level)));
        }
        let along: Vec<Sized> = names.iter().enumerate().map(|(k, name)| (Axis::temporary(k), name.1)).collect();
        let stacked = Tensor::stack(&along, &parts, self.world.meter)?;
        let name = |axis: Axis| (0..names.len()).find(|&k| axis == Axis::temporary(k)).map_or(axis, |k| names[k].0);
        stacked.relabel(self.world.meter, name)
    }

    fn big(&mut self, big: Big, over: &[Ident], body: &Expr) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        let outer = self.letters.len();
        for (letter, size) in letters::sizes(self, over, body)? {
            self.letters.push((letter, size));
        }
        let axes: Vec<Sized> = (outer..self.letters.len()).map(|k| (Axis::letter(k), self.letters[k].1)).collect();
        let value = match big {
            Big::Sum => self.sum(body, &axes).map(Value::scalar),
            Big::Product => self.value(body).and_then(Value::number).and_then(|mut tensor| {
                for axis in &axes {
                    tensor = tensor.product_along(*axis, meter)?;
                }
                Ok(Value::scalar(tensor))
            }),
            Big::Array => self.value(body).and_then(Value::number).and_then(|tensor| {
                let extent = |k: usize| axes.get(k).map_or(1, |axis| axis.1);
                if axes.len() > 2 {
                    return Err(Trouble::Declined("an array of more than two indices is not known".into()));
                }
                let slot = |axis: Axis| axes.iter().position(|own| own.0 == axis).map_or(axis, Axis::slot);
                let tensor = tensor.relabel(meter, slot)?;
                Ok(Value::Matrix(Matrix { rows: extent(0), cols: extent(1), tensor }))
            }),
        };
        self.letters.truncate(outer);
        value
    }

    /// A sum over letters; the factors of a product are not multiplied before it.
    fn sum(&mut self, body: &Expr, over: &[Sized]) -> Result<Tensor, Trouble> {
        let meter = self.world.meter;
        match &body.kind {
            ExprKind::Negate(body) => Ok(self.sum(body, over)?.map(|entry| -entry)),
            ExprKind::Sum(terms) => {
                let terms = terms.iter().map(|(sign, term)| {
                    let tensor = self.sum(term, over)?;
                    Ok(if *sign == Sign::Minus { tensor.map(|entry| -entry) } else { tensor })
                });
                let terms = terms.collect::<Result<Vec<_>, _>>()?;
                Tensor::add(&terms.iter().collect::<Vec<_>>(), meter)
            }
            ExprKind::Product(factors) => {
                let values = self.values(factors)?;
                // A product of vectors or matrices that is a scalar as a whole is one factor.
                let scalars = values.iter().all(|value| matches!(value, Value::Matrix(matrix) if matrix.is_scalar()));
                if !scalars {
                    let product = self.value(body)?.number()?;
                    return Tensor::contract(&[&product], over, meter);
                }
                let factors = values.into_iter().map(Value::number).collect::<Result<Vec<_>, _>>()?;
                Tensor::contract(&factors.iter().collect::<Vec<_>>(), over, meter)
            }
            _ => {
                let value = self.value(body)?.number()?;
                Tensor::contract(&[&value], over, meter)
            }
        }
    }
}

/// The Kronecker product.
pub(crate) fn kron(a: &Matrix, b: &Matrix, reader: &Reader<'_>) -> Result<Value, Trouble> {
    let meter = reader.world.meter;
    let (left, right) = (a.entries(meter)?, b.entries(meter)?);
    let (rows, cols) = (a.rows * b.rows, a.cols * b.cols);
    Matrix::tabulate(rows, cols, meter, |i, j| {
        left[i / b.rows * a.cols + j / b.cols] * right[i % b.rows * b.cols + j % b.cols]
    })
}

/// The value of a decimal number.
fn decimal(number: &Number) -> Result<F, Trouble> {
    let scale = F::new(10).power(number.exponent.unsigned_abs().into());
    let scale = if number.exponent < 0 { scale.inverse().ok_or(NO_POWER)? } else { scale };
    Ok(F::digits(&number.digits) * scale)
}
