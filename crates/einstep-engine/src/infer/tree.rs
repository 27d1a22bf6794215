//! Expressions with shapes: what each operation is once the shapes of its operands are known.
//!
//! In: a syntax tree and declarations. Out: a tree whose every part has rows and columns, or diagnostics.
//! Left to others: function calls ([`super::calls`]), the words of a misfit ([`super::misfit`]), solving for dimensions
//! ([`super::unify`]), interning ([`super::build`]).

use super::functions::function;
use super::index::Letters;
use super::misfit::ProductClash;
use super::unify::{Size, Sizes};
use super::words::{self, Kind};
use einstep_expr::{Dim, Function, Rat, Scalar};
use einstep_syntax::{Code, Diagnostic, Expr, ExprKind, Number, Sign, Span, print};
use rustc_hash::FxHashMap;
use std::ops::{Deref, DerefMut};

/// What an expression is.
#[derive(Debug, Clone)]
pub(super) enum Form {
    Number(Rat),
    Size(Dim),
    Symbol(usize),
    Identity,
    Ones,
    Zeros,
    /// Summands of one shape, scalars among them; the flags say which are subtracted.
    Add(Vec<bool>),
    /// Scalars and arrays in the order written.
    Product,
    /// Arrays of one shape, scalars among them.
    Hadamard,
    /// Something divided by a scalar.
    Quotient,
    /// Something divided by an array, entry by entry.
    EntryQuotient,
    Negate,
    Transpose,
    /// A scalar to a scalar power, or the same entry by entry.
    Power,
    /// A square matrix to an integer power.
    Matpow(u32),
    /// Blocks row by row, so many in a row.
    Block(usize),
    Apply(Scalar),
    Call(Function),
    /// An element at indices.
    Element(Vec<usize>),
    Delta([usize; 2]),
    Eps([usize; 3]),
    /// A sum over bound indices.
    Sum(Vec<usize>),
    /// A product over bound indices.
    Prod(Vec<usize>),
    /// The array of all entries over one or two bound indices.
    Array(Vec<usize>),
    /// The derivative by the element of a symbol at indices, of which a scalar has none.
    Derivative(usize, Vec<usize>),
}

/// An expression with its shape.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) form: Form,
    pub(super) rows: Size,
    pub(super) cols: Size,
    pub(super) args: Vec<Tree>,
    pub(super) span: Span,
    pub(super) text: String,
}

impl Tree {
    pub(super) fn is_scalar(&self) -> bool {
        self.rows == Size::ONE && self.cols == Size::ONE
    }

    pub(super) fn is_column(&self) -> bool {
        self.rows != Size::ONE && self.cols == Size::ONE
    }

    pub(super) fn is_row(&self) -> bool {
        self.rows == Size::ONE && self.cols != Size::ONE
    }

    pub(super) fn is_matrix(&self) -> bool {
        self.rows != Size::ONE && self.cols != Size::ONE
    }

    pub(super) fn shape(&self) -> (Size, Size) {
        (self.rows, self.cols)
    }
}

/// A symbol on the way to its shape.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) rows: Size,
    pub(super) cols: Size,
    /// Of a tensor, all of its dimensions; empty for what has rows and columns.
    pub(super) tensor: Vec<Size>,
    pub(super) properties: Vec<String>,
    pub(super) declared: Option<Span>,
    pub(super) kind: &'static str,
}

/// The names of a problem in order, found by what they are called.
#[derive(Default)]
pub(super) struct Names {
    list: Vec<Name>,
    positions: FxHashMap<String, usize>,
}

impl Names {
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    pub(super) fn push(&mut self, name: Name) {
        self.positions.insert(name.name.clone(), self.list.len());
        self.list.push(name);
    }
}

impl Deref for Names {
    type Target = [Name];

    fn deref(&self) -> &[Name] {
        &self.list
    }
}

impl DerefMut for Names {
    fn deref_mut(&mut self) -> &mut [Name] {
        &mut self.list
    }
}

/// A finding whose words wait until the dimensions have names.
type Finding = Box<dyn FnOnce(&Words<'_>) -> Diagnostic>;

/// How shapes are said.
pub(super) struct Words<'a> {
    pub(super) sizes: &'a Sizes,
}

impl Words<'_> {
    pub(super) fn size(&self, size: Size) -> String {
        self.sizes.text(size)
    }

    pub(super) fn shape(&self, rows: Size, cols: Size) -> String {
        if rows == Size::ONE && cols == Size::ONE {
            return "a scalar".into();
        }
        shape_words(&self.size(rows), &self.size(cols))
    }
}

/// A shape that is no scalar's, `m×n`, `(m*n)×1`.
pub(super) fn shape_words(rows: &str, cols: &str) -> String {
    let [rows, cols] = [rows, cols].map(|dim| match dim.contains(['*', '+']) {
        true => format!("({dim})"),
        false => dim.to_string(),
    });
    format!("{rows}×{cols}")
}

/// The names, the dimensions and the findings of one problem.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) names: Names,
    pub(super) dim_names: Vec<String>,
    pub(super) sizes: Sizes,
    pub(super) findings: Vec<Finding>,
    pub(super) letters: Letters,
    /// The variables of derivatives inside the expression.
    pub(super) inner: Vec<usize>,
}

/// The greatest exponent of a matrix power.
pub(super) const MAX_MATRIX_POWER: i64 = 64;

/// What is left of an expression that has been found wrong: it makes no further findings.
pub(super) type Wrong = ();

impl Scope {
    pub(super) fn finding(&mut self, finding: impl FnOnce(&Words<'_>) -> Diagnostic + 'static) {
        self.findings.push(Box::new(finding));
    }

    pub(super) fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Result<T, Wrong> {
        self.findings.push(Box::new(|_| diagnostic));
        Err(())
    }

    pub(super) fn not_yet<T>(&mut self, what: &str, span: Span) -> Result<T, Wrong> {
        let message = format!("einstep can't derive {what} yet");
        self.refuse(Diagnostic::new(Code::NotYet, message, span, "not known to the engine"))
    }

    /// The symbol of a name, declared or not; `None` when it is no symbol.
    pub(super) fn symbol(&mut self, name: &str) -> Option<usize> {
        if let Some(position) = self.names.position(name) {
            return Some(position);
        }
        let kind = words::kind(name)?;
        let (rows, cols, word) = match kind {
            Kind::Scalar => (Size::ONE, Size::ONE, "a scalar"),
            Kind::Vector => (self.sizes.unknown(), Size::ONE, "a column vector"),
            Kind::Matrix => (self.sizes.unknown(), self.sizes.unknown(), "a matrix"),
        };
        let (name, tensor) = (name.into(), vec![]);
        let name = Name { name, rows, cols, tensor, properties: vec![], declared: None, kind: word };
        self.names.push(name);
        Some(self.names.len() - 1)
    }

    pub(super) fn tree(&mut self, expr: &Expr) -> Result<Tree, Wrong> {
        match &expr.kind {
            ExprKind::Number(number) => {
                let form = Form::Number(self.number(number, expr.span)?);
                Ok(made(form, (Size::ONE, Size::ONE), vec![], expr))
            }
            ExprKind::Name(name) => self.name(name, expr),
            ExprKind::Negate(inner) => {
                let inner = self.tree(inner)?;
                Ok(made(Form::Negate, inner.shape(), vec![inner], expr))
            }
            ExprKind::Sum(terms) => self.sum(terms, expr),
            ExprKind::Product(factors) => self.product(factors, expr),
            ExprKind::Hadamard(factors) => {
                let factors = self.all(factors)?;
                let shape = self.one_shape(&factors, "factors of an elementwise product", expr.span)?;
                Ok(made(Form::Hadamard, shape, factors, expr))
            }
            ExprKind::Quotient(over, under) => self.quotient(over, under, expr),
            ExprKind::ElementQuotient(over, under) => self.entry_quotient(over, under, expr),
            ExprKind::Transpose(inner) => {
                let inner = self.tree(inner)?;
                Ok(made(Form::Transpose, (inner.cols, inner.rows), vec![inner], expr))
            }
            ExprKind::Power(base, exponent) => self.power(base, exponent, expr),
            ExprKind::ElementPower(base, exponent) => self.entry_power(base, exponent, expr),
            ExprKind::Call(function, args) => self.call(function, args, expr),
            ExprKind::Kronecker(factors) => {
                let mut factors = self.all(factors)?.into_iter();
                let Some(first) = factors.next() else { return Err(()) };
                Ok(factors.fold(first, |product, factor| self.kron(product, factor, expr)))
            }
            ExprKind::Block(rows) => self.block(rows, expr),
            ExprKind::Element(of, at) => self.element(of, at, expr),
            ExprKind::Big(big, over, body) => self.big(*big, over, body, expr),
            ExprKind::Derivative(by, body) => self.inner_derivative(by, body, expr),
            ExprKind::Error => Err(()),
        }
    }

    /// All of them, so that several findings are made at once.
    pub(super) fn all(&mut self, exprs: &[Expr]) -> Result<Vec<Tree>, Wrong> {
        let trees: Vec<Result<Tree, Wrong>> = exprs.iter().map(|expr| self.tree(expr)).collect();
        trees.into_iter().collect()
    }

    fn number(&mut self, number: &Number, span: Span) -> Result<Rat, Wrong> {
        match Rat::decimal(&number.digits, number.exponent) {
            Some(value) => Ok(value),
            None => self.refuse(Diagnostic::new(Code::NumberTooLarge, "this number can't be read", span, "too large")),
        }
    }

    fn name(&mut self, name: &str, expr: &Expr) -> Result<Tree, Wrong> {
        let tree = |form, rows, cols| made(form, (rows, cols), vec![], expr);
        let declared = self.names.position(name).is_some();
        if !declared && self.dim_names.iter().any(|dim| dim == name) {
            let dim = self.sizes.dims.name(name);
            return Ok(tree(Form::Size(dim), Size::ONE, Size::ONE));
        }
        if !declared && name == "I" {
            let size = self.sizes.unknown();
            return Ok(tree(Form::Identity, size, size));
        }
        if let (false, Some(constant)) = (declared, words::constant(name)) {
            return Ok(tree(Form::Call(constant), Size::ONE, Size::ONE));
        }
        if !declared && let Some(letter) = self.letters.in_scope(name) {
            return self.letter_alone(letter, expr.span);
        }
        if let Some(position) = self.symbol(name) {
            if !self.names[position].tensor.is_empty() {
                return self.whole_tensor(position, expr.span);
            }
            let (rows, cols) = (self.names[position].rows, self.names[position].cols);
            return Ok(tree(Form::Symbol(position), rows, cols));
        }
        if function(name).is_some() {
            let message = format!("`{name}` is a function, and has no arguments here");
            let diagnostic = Diagnostic::new(Code::UnknownName, message, expr.span, "a function alone");
            return self.refuse(diagnostic.with_help(format!("write its arguments in brackets: `{name}(..)`")));
        }
        let shown: String = name.chars().take(40).collect();
        let message = format!("`{shown}{}` is not declared", if shown.len() < name.len() { "…" } else { "" });
        let mut diagnostic =
            Diagnostic::new(Code::UnknownName, message, expr.span, "an undeclared name is one letter or a Greek name");
        if let Some(product) = words::as_product(name).filter(|product| product.len() <= 40) {
            diagnostic = diagnostic.with_help(format!("for a product write `{product}`")).with_fix(expr.span, product);
        }
        self.refuse(diagnostic.with_help(format!("or declare it: `{shown} in R^(m,n)`")))
    }

    fn sum(&mut self, terms: &[(Sign, Expr)], expr: &Expr) -> Result<Tree, Wrong> {
        let trees: Vec<Result<Tree, Wrong>> = terms.iter().map(|(_, term)| self.tree(term)).collect();
        let args: Vec<Tree> = trees.into_iter().collect::<Result<_, _>>()?;
        let shape = self.one_shape(&args, "summands", expr.span)?;
        let signs = terms.iter().map(|(sign, _)| *sign == Sign::Minus).collect();
        Ok(made(Form::Add(signs), shape, args, expr))
    }

    /// Demands that all arrays among some operands have one shape, which is that of the whole.
    pub(super) fn one_shape(&mut self, args: &[Tree], what: &'static str, span: Span) -> Result<(Size, Size), Wrong> {
        let mut arrays = args.iter().filter(|arg| !arg.is_scalar());
        let Some(first) = arrays.next() else { return Ok((Size::ONE, Size::ONE)) };
        for other in arrays {
            let rows = self.sizes.unify(first.rows, other.rows, span);
            if rows.and_then(|()| self.sizes.unify(first.cols, other.cols, span)).is_err() {
                return self.shapes_differ(first.clone(), other.clone(), what);
            }
        }
        Ok(first.shape())
    }

    /// A product, left to right: scalars scale, the inner dimensions of arrays agree.
    fn product(&mut self, factors: &[Expr], expr: &Expr) -> Result<Tree, Wrong> {
        let args = self.all(factors)?;
        let mut open: Option<(usize, Size, Size)> = None;
        for (position, arg) in args.iter().enumerate() {
            if arg.is_scalar() {
                continue;
            }
            open = match open {
                None => Some((position, arg.rows, arg.cols)),
                Some((left, rows, cols)) => {
                    if let Err(clash) = self.sizes.unify(cols, arg.rows, expr.span) {
                        let clash = ProductClash { left: args[left].clone(), right: arg.clone(), rows, cols, clash };
                        return self.product_clash(clash);
                    }
                    // A 1×1 product is a scalar: the next array starts a product of its own.
                    let closed = rows == Size::ONE && arg.cols == Size::ONE;
                    if closed { None } else { Some((position, rows, arg.cols)) }
                }
            };
        }
        let shape = open.map_or((Size::ONE, Size::ONE), |(_, rows, cols)| (rows, cols));
        Ok(made(Form::Product, shape, args, expr))
    }

    /// `A / s`
    fn quotient(&mut self, over: &Expr, under: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let (a, b) = (self.tree(over), self.tree(under));
        let (a, b) = (a?, b?);
        if !b.is_scalar() {
            return self.divided_by_array(&a, b);
        }
        self.divided(a, b, expr)
    }

    /// `A ./ B`
    fn entry_quotient(&mut self, over: &Expr, under: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let (a, b) = (self.tree(over), self.tree(under));
        let (a, b) = (a?, b?);
        if b.is_scalar() {
            return self.divided(a, b, expr);
        }
        let args = vec![a, b];
        let shape = self.one_shape(&args, "sides of an elementwise quotient", expr.span)?;
        Ok(made(Form::EntryQuotient, shape, args, expr))
    }

    fn divided(&mut self, a: Tree, b: Tree, expr: &Expr) -> Result<Tree, Wrong> {
        if is_zero(&b) {
            return self.refuse(Diagnostic::new(Code::DivisionByZero, "division by zero", b.span, "this is zero"));
        }
        Ok(made(Form::Quotient, a.shape(), vec![a, b], expr))
    }

    /// `s^t`, `A^2`
    fn power(&mut self, base: &Expr, exponent: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let (a, b) = (self.tree(base), self.tree(exponent));
        let (a, b) = (a?, b?);
        if !b.is_scalar() {
            return self.exponent_is_array(&a, &b);
        }
        if a.is_scalar() {
            return self.raised(a, b, (Size::ONE, Size::ONE), expr);
        }
        if !a.is_matrix() {
            return self.power_of_vector(&a, &b, expr.span);
        }
        self.square(&a, "a matrix power", expr.span)?;
        let Some(value) = exponent_value(&b) else {
            return self.not_yet("matrix powers with a symbolic exponent", b.span);
        };
        let Some(value) = value.as_int().filter(|value| value.abs() <= MAX_MATRIX_POWER) else {
            return self.power_out_of_range(&a, &b, &value);
        };
        let shape = a.shape();
        let matpow = |of: Tree, exponent: i64| match exponent {
            1 => of,
            _ => made(Form::Matpow(exponent as u32), shape, vec![of], expr),
        };
        match value {
            0 => Ok(made(Form::Identity, shape, vec![a], expr)),
            1.. => Ok(matpow(a, value)),
            _ => Ok(matpow(made(Form::Call(Function::Inv), shape, vec![a], expr), -value)),
        }
    }

    /// `A.^B`
    fn entry_power(&mut self, base: &Expr, exponent: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let (a, b) = (self.tree(base), self.tree(exponent));
        let args = [a?, b?];
        let shape = self.one_shape(&args, "sides of an elementwise power", expr.span)?;
        let [a, b] = args;
        self.raised(a, b, shape, expr)
    }

    /// A power entry by entry. The number e to anything but a number is the exponential function.
    fn raised(&mut self, a: Tree, b: Tree, shape: (Size, Size), expr: &Expr) -> Result<Tree, Wrong> {
        let value = exponent_value(&b);
        if is_zero(&a) && value.as_ref().is_some_and(Rat::is_negative) {
            return self.refuse(Diagnostic::new(Code::DivisionByZero, "a negative power of zero", a.span, "zero"));
        }
        if matches!(a.form, Form::Call(Function::E)) && value.is_none() {
            return Ok(made(Form::Apply(Scalar::Exp), shape, vec![b], expr));
        }
        Ok(made(Form::Power, shape, vec![a, b], expr))
    }

    /// Demands a square matrix.
    pub(super) fn square(&mut self, tree: &Tree, what: &'static str, because: Span) -> Result<(), Wrong> {
        if self.sizes.unify(tree.rows, tree.cols, because).is_ok() {
            return Ok(());
        }
        self.not_square(tree.clone(), what)
    }
}

/// A tree of an expression.
pub(super) fn made(form: Form, (rows, cols): (Size, Size), args: Vec<Tree>, expr: &Expr) -> Tree {
    Tree { form, rows, cols, args, span: expr.span, text: print(expr) }
}

pub(super) fn is_zero(tree: &Tree) -> bool {
    matches!(&tree.form, Form::Number(value) if value.is_zero())
}

/// The rational that an exponent is.
pub(super) fn exponent_value(tree: &Tree) -> Option<Rat> {
    match &tree.form {
        Form::Number(value) => Some(value.clone()),
        Form::Negate => Some(exponent_value(&tree.args[0])?.neg()),
        Form::Quotient => Some(exponent_value(&tree.args[0])?.mul(&exponent_value(&tree.args[1])?.recip()?)),
        _ => None,
    }
}
