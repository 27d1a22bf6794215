//! The values of expressions as they are written: the question itself, and the texts of an answer.
//!
//! In: a syntax tree, a point. Out: its value from the definitions of the language, apart from any node of the trace.
//! Left to others: functions by name (`functions`), comparing.
//!
//! Names have the shapes of the trace's symbols; texts whose parts do not fit together have no value.

use crate::dual::{Dual, ORDER};
use crate::eval::{Entry, MAX_DIGITS, World, too_long};
use crate::field::F;
use crate::functions::{blocks, commutation, kron, levi_civita};
use crate::letters::{self, Letters};
use crate::linalg::unit;
use crate::matrix::{Matrix, Value, misfit, unsized_identity};
use crate::meter::{NO_POWER, SINGULAR, Trouble};
use crate::tensor::{Axis, Sized, Tensor};
use einstep_syntax::{Big, Expr, ExprKind, Ident, Index, Number, Sign, Variable};
use einstep_trace::{Dim, SymbolId};

/// Reads values off syntax trees.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) world: World<'a>,
    entries: Vec<Entry>,
    /// The index letters in scope.
    letters: Letters,
}

impl<'a> Reader<'a> {
    /// A reader at a point, with some entries perturbed.
    pub(crate) fn new(world: World<'a>, entries: &[Entry]) -> Reader<'a> {
        Reader { world, entries: entries.to_vec(), letters: Letters::default() }
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
        self.letters = Letters::default();
        free.iter().for_each(|(letter, size)| self.letters.push(letter.clone(), *size));
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
                let under = self.value(under)?.matrix()?;
                let inverse = under.tensor.try_map(meter, |entry| entry.inverse().ok_or(SINGULAR))?;
                Value::hadamard(vec![self.value(over)?, Value::Matrix(under.with(inverse))], meter)
            }
            ExprKind::Kronecker(factors) => self.kronecker(factors),
            ExprKind::Power(base, exponent) => {
                let (base, exponent) = (self.value(base)?, self.value(exponent)?.number()?);
                match base {
                    Value::Matrix(matrix) if matrix.is_scalar() => self.power(&matrix, &exponent),
                    _ => base.integer_power(whole(&exponent)?, meter),
                }
            }
            ExprKind::ElementPower(base, exponent) => {
                match Value::align(vec![self.value(base)?, self.value(exponent)?], meter)?.as_slice() {
                    [base, exponent] => self.power(base, &exponent.tensor),
                    _ => misfit("a power has a base and an exponent"),
                }
            }
            ExprKind::Transpose(arg) => self.value(arg)?.transpose(meter),
            ExprKind::Call(name, args) => self.call(&name.name, args),
            ExprKind::Block(rows) => self.block(rows),
            ExprKind::Element(of, at) => self.at(of, at).map(Value::scalar),
            ExprKind::Big(big, over, body) => self.big(*big, over, body),
            ExprKind::Derivative(by, body) => self.derivative(by, body),
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
        self.letters.get(name)
    }

    /// Each entry to a power.
    fn power(&self, base: &Matrix, exponent: &Tensor) -> Result<Value, Trouble> {
        let tensor = base.tensor.zip(exponent, self.world.meter, |base, exponent| self.world.power(base, exponent))?;
        Ok(Value::Matrix(base.with(tensor)))
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
            "e" | "pi" => self.world.call(name, &[], None).map(Value::Matrix),
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

    /// A function call.
    fn call(&mut self, name: &str, args: &[Expr]) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        match (name, args) {
            ("eye", [n]) => {
                Value::Identity(Tensor::scalar(Dual::ONE)).of_size(self.extent(n)?, meter).map(Value::Matrix)
            }
            ("ones", dims) => self.constant(dims, Dual::ONE),
            ("zeros", dims) => self.constant(dims, Dual::ZERO),
            ("commutation", [m, n]) => commutation(self.extent(m)?, self.extent(n)?, meter).map(Value::Matrix),
            ("sum" | "mean" | "prod" | "norm" | "softmax" | "logsumexp", [arg, axis]) => {
                let arg = self.value(arg)?.matrix()?;
                self.world.call(name, &[arg], Some(direction(axis)?)).map(Value::Matrix)
            }
            _ => {
                let values = self.values(args)?;
                if let [Value::Identity(factor)] = values.as_slice() {
                    match name {
                        "transpose" | "sym" => return Ok(Value::Identity(factor.clone())),
                        "inv" | "pinv" => return Value::Identity(factor.clone()).inverse(meter),
                        _ => {}
                    }
                }
                let args = values.into_iter().map(Value::matrix).collect::<Result<Vec<_>, _>>()?;
                self.world.call(name, &args, None).map(Value::Matrix)
            }
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

    fn kronecker(&mut self, factors: &[Expr]) -> Result<Value, Trouble> {
        let mut product = Matrix::scalar(Tensor::scalar(Dual::ONE));
        for factor in factors {
            product = kron(&product, &self.value(factor)?.matrix()?, self.world.meter)?;
        }
        Ok(Value::Matrix(product))
    }

    /// A block matrix. An identity or a 0 takes its size from its row and its column.
    fn block(&mut self, rows: &[Vec<Expr>]) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        let values = rows.iter().map(|row| self.values(row)).collect::<Result<Vec<_>, _>>()?;
        let is_zero = |row: usize, column: usize| matches!(&rows[row][column].kind, ExprKind::Number(Number { digits, .. }) if digits == "0");
        let (mut heights, mut widths) = (vec![None; rows.len()], vec![None; rows.first().map_or(0, Vec::len)]);
        if rows.iter().any(|row| row.len() != widths.len()) {
            return misfit("the rows of a block matrix differ in the number of their blocks");
        }
        // What an identity learns from its row it tells to its column, so as many rounds may be needed as there are rows.
        for _ in 0..=rows.len() {
            for (row, values) in values.iter().enumerate() {
                for (column, value) in values.iter().enumerate() {
                    let size = match value {
                        _ if is_zero(row, column) => continue,
                        Value::Matrix(matrix) => [Some(matrix.rows), Some(matrix.cols)],
                        Value::Identity(_) => [heights[row].or(widths[column]); 2],
                    };
                    heights[row] = heights[row].or(size[0]);
                    widths[column] = widths[column].or(size[1]);
                }
            }
        }
        let mut grid: Vec<Vec<Matrix>> = Vec::with_capacity(rows.len());
        for (row, values) in values.into_iter().enumerate() {
            let mut blocks = Vec::with_capacity(values.len());
            for (column, value) in values.into_iter().enumerate() {
                let (height, width) = match (heights[row], widths[column]) {
                    (height, width) if is_zero(row, column) => (height.unwrap_or(1), width.unwrap_or(1)),
                    (Some(height), Some(width)) => (height, width),
                    _ => return unsized_identity(),
                };
                blocks.push(match is_zero(row, column) {
                    true => Matrix { rows: height, cols: width, tensor: Tensor::scalar(Dual::ZERO) },
                    false => value.of_size(height, meter)?,
                });
            }
            grid.push(blocks);
        }
        blocks(&grid, meter).map(Value::Matrix)
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
            None if matches!(&of.kind, ExprKind::Name(name) if name == "eps") => {
                let slots = [0, 1, 2].map(Axis::slot);
                (levi_civita(slots, meter)?, slots.map(|slot| (slot, 3)).to_vec())
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
        let mut names: Vec<(Axis, Vec<Sized>)> = Vec::with_capacity(slots.len());
        let mut rest = at;
        for slot in &slots {
            let (own, others) = rest.split_at(self.count(rest, slot.1, at.len() == slots.len()));
            rest = others;
            match own {
                [Index::Literal(position, _)] => {
                    tensor = tensor.at(*position, *slot, meter)?;
                }
                [Index::Name(letter)] => names.push((slot.0, vec![(self.axis(letter, slot.1)?, slot.1)])),
                _ => {
                    let letters = own.iter().map(|index| match index {
                        Index::Name(letter) => self.letter(&letter.name).ok_or_else(|| not_bound(letter)),
                        Index::Literal(..) => Err(Trouble::Declined("a literal index in a pair is not known".into())),
                    });
                    names.push((slot.0, letters.collect::<Result<_, _>>()?));
                }
            }
        }
        let product = |letters: &[Sized]| letters.iter().map(|letter| letter.1).product::<usize>();
        let fits = |slot: &Sized| names.iter().all(|(name, letters)| *name != slot.0 || product(letters) == slot.1);
        if !rest.is_empty() || !slots.iter().all(fits) {
            return misfit(&format!("{} index(es) do not name an element of an array of {}", at.len(), slots.len()));
        }
        tensor.split(meter, |axis| {
            let slot = names.iter().find(|(slot, _)| *slot == axis.0);
            slot.map_or_else(|| vec![axis], |(_, letters)| letters.clone())
        })
    }

    /// How many of the indices name one slot: one, or as many letters as multiply to its size.
    fn count(&self, indices: &[Index], size: usize, one_each: bool) -> usize {
        if one_each {
            return 1.min(indices.len());
        }
        let mut product = 1;
        let whole = indices.iter().position(|index| {
            if let Index::Name(letter) = index {
                product *= self.letter(&letter.name).map_or(1, |letter| letter.1);
            }
            product >= size
        });
        whole.map_or(indices.len(), |last| last + 1)
    }

    fn delta(&self, at: &[Index]) -> Result<Tensor, Trouble> {
        let sized = |letter: &Ident| self.letter(&letter.name).ok_or_else(|| not_bound(letter));
        match at {
            [Index::Name(i), Index::Name(j)] => {
                let (first, size) = sized(i)?;
                Tensor::identity(first, self.axis(j, size)?, size, self.world.meter)
            }
            [Index::Name(i), Index::Literal(position, _)] | [Index::Literal(position, _), Index::Name(i)] => {
                Tensor::unit(*position, sized(i)?)
            }
            [Index::Literal(i, _), Index::Literal(j, _)] => Ok(Tensor::scalar(unit(i == j))),
            _ => misfit("a delta has two indices"),
        }
    }

    /// The axis of a letter that must have the given size.
    fn axis(&self, letter: &Ident, size: usize) -> Result<Axis, Trouble> {
        match self.letter(&letter.name) {
            Some((axis, own)) if own == size => Ok(axis),
            Some(_) => misfit(&format!("the index `{}` runs over another dimension", letter.name)),
            None => Err(not_bound(letter)),
        }
    }

    /// The derivative of a scalar by an element, from its values with each element perturbed in turn.
    fn derivative(&mut self, by: &Variable, body: &Expr) -> Result<Value, Trouble> {
        let Some(symbol) = self.symbol(&by.name.name) else {
            return misfit(&format!("the variable `{}` is not known", by.name.name));
        };
        let level = self.entries.len();
        if level == ORDER {
            return Err(Trouble::Declined(format!("derivatives of an order above {ORDER} are not known")));
        }
        let entries = self.world.point.symbol(symbol);
        let is_whole = by.element.is_empty() && entries.axes().len() <= 2;
        if !is_whole && entries.axes().len() != by.element.len() {
            return misfit("a derivative is by one element");
        }
        let mut names = Vec::with_capacity(by.element.len());
        let mut positions = Vec::new();
        if is_whole {
            names.extend(entries.axes());
        }
        for (index, slot) in by.element.iter().zip(entries.axes()) {
            names.push(match index {
                Index::Name(letter) => (self.axis(letter, slot.1)?, slot.1),
                Index::Literal(position, _) => {
                    let axis = (Axis::temporary(names.len()), slot.1);
                    positions.push((*position, axis));
                    axis
                }
            });
        }
        let mut parts = Vec::with_capacity(entries.data().len());
        for position in 0..entries.data().len() {
            self.entries.push((symbol, position));
            let value = self.value(body).and_then(Value::number);
            self.entries.pop();
            parts.push(value?.map(|entry| entry.derivative(level)));
        }
        let along: Vec<Sized> = names.iter().enumerate().map(|(k, name)| (Axis::temporary(k), name.1)).collect();
        let mut stacked = Tensor::stack(&along, &parts, self.world.meter)?;
        for (position, axis) in positions {
            stacked = stacked.at(position, axis, self.world.meter)?;
        }
        let name = |axis: Axis| (0..names.len()).find(|&k| axis == Axis::temporary(k)).map_or(axis, |k| names[k].0);
        let tensor = stacked.relabel(self.world.meter, name)?;
        let extent = |slot| names.iter().find(|name| is_whole && name.0 == slot).map_or(1, |name| name.1);
        Ok(Value::Matrix(Matrix { rows: extent(Axis::ROW), cols: extent(Axis::COLUMN), tensor }))
    }

    fn big(&mut self, big: Big, over: &[Ident], body: &Expr) -> Result<Value, Trouble> {
        let meter = self.world.meter;
        let outer = self.letters.len();
        for (letter, size) in letters::sizes(self, over, body)? {
            self.letters.push(letter, size);
        }
        let axes: Vec<Sized> = self.letters.from(outer).collect();
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

fn not_bound(letter: &Ident) -> Trouble {
    Trouble::Misfit(format!("the index `{}` is not bound", letter.name))
}

/// What a reduction runs along: 1, the rows; 2, the columns.
fn direction(expr: &Expr) -> Result<Axis, Trouble> {
    match &expr.kind {
        ExprKind::Number(number) if number.exponent == 0 && number.digits == "1" => Ok(Axis::ROW),
        ExprKind::Number(number) if number.exponent == 0 && number.digits == "2" => Ok(Axis::COLUMN),
        _ => misfit("the direction of a reduction is 1 or 2"),
    }
}

/// An exponent of a matrix.
fn whole(exponent: &Tensor) -> Result<i128, Trouble> {
    let ratio = match exponent.data() {
        [value] if value.is_plain() => value.value().exponent(),
        _ => None,
    };
    match ratio {
        Some(ratio) if ratio.den() == 1 => Ok(ratio.num()),
        _ => misfit("a matrix has no other power than whole ones"),
    }
}

/// The value of a decimal number.
fn decimal(number: &Number) -> Result<F, Trouble> {
    let digits = if number.digits == "0" { 0 } else { number.digits.len() };
    if digits.max(number.exponent.unsigned_abs() as usize) > MAX_DIGITS
        || digits.saturating_add_signed(number.exponent as isize) > MAX_DIGITS
    {
        return Err(too_long());
    }
    let scale = F::new(10).power(number.exponent.unsigned_abs().into());
    let scale = if number.exponent < 0 { scale.inverse().ok_or(NO_POWER)? } else { scale };
    Ok(F::digits(&number.digits) * scale)
}
