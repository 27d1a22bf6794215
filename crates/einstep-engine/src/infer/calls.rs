//! Function calls: what each function needs of its arguments, and the shape of its value.
//!
//! In: a name and its arguments. Out: a tree, or diagnostics. Left to others: which functions there are
//! ([`super::functions`]), what is said when shapes do not fit ([`super::misfit`]).
//!
//! Of a scalar, and along the only entry of a row or column, a function of arrays is what its definition says of one entry.

use super::functions::{Meaning, function};
use super::misfit::{bracketed, transposed};
use super::tree::{Form, Scope, Tree, Wrong, made};
use super::unify::Size;
use super::words;
use einstep_expr::{Axis, Dim, Function, Rat, Scalar};
use einstep_syntax::{Code, Diagnostic, Expr, ExprKind, Ident, Sign, print};

const SCALAR: (Size, Size) = (Size::ONE, Size::ONE);

/// The greatest exponent in the argument of `eye(n^2)`.
const MAX_DIMENSION_POWER: u64 = 64;

impl Scope {
    pub(super) fn call(&mut self, name: &Ident, args: &[Expr], expr: &Expr) -> Result<Tree, Wrong> {
        let Some((least, greatest, meaning)) = function(&name.name) else {
            return self.unknown_function(name, args, expr);
        };
        if !(least..=greatest).contains(&args.len()) {
            let wanted = match (least, greatest) {
                (1, 1) => "1 argument".to_string(),
                (least, greatest) if least == greatest => format!("{least} arguments"),
                (least, greatest) => format!("{least} or {greatest} arguments"),
            };
            let message = format!("`{}` takes {wanted}, not {}", name.name, args.len());
            return self.refuse(Diagnostic::new(Code::WrongArity, message, expr.span, format!("{} here", args.len())));
        }
        match meaning {
            Meaning::Eye => {
                let size = self.dimension(&args[0], &name.name)?;
                Ok(made(Form::Identity, (size, size), vec![], expr))
            }
            Meaning::Ones => self.constant(Form::Ones, args, &name.name, expr),
            Meaning::Zeros => self.constant(Form::Zeros, args, &name.name, expr),
            Meaning::Commutation => self.commutation(args, &name.name, expr),
            Meaning::Reduction(reduction) => {
                let axis = match args.get(1) {
                    None => Ok(Axis::All),
                    Some(axis) => self.axis(axis, &name.name),
                };
                let arg = self.tree(&args[0]);
                self.reduction(reduction(axis?), arg?, expr)
            }
            _ => {
                let args = self.all(args)?;
                self.applied(meaning, args, expr)
            }
        }
    }

    fn applied(&mut self, meaning: Meaning, args: Vec<Tree>, expr: &Expr) -> Result<Tree, Wrong> {
        let shape = args[0].shape();
        Ok(match meaning {
            Meaning::Entrywise(scalar) => made(Form::Apply(scalar), shape, args, expr),
            Meaning::EntryPower(over, under) => {
                let exponent = made(Form::Number(Rat::fraction(over, under)), SCALAR, vec![], expr);
                let args = args.into_iter().chain([exponent]).collect();
                made(Form::Power, shape, args, expr)
            }
            Meaning::VectorNorm if args[0].is_matrix() => {
                return self.not_yet("the spectral norm of a matrix (`normF` is the Frobenius norm)", expr.span);
            }
            Meaning::VectorNorm => return self.reduction(Function::Norm(Axis::All), only(args)?, expr),
            Meaning::Transpose => made(Form::Transpose, (shape.1, shape.0), args, expr),
            Meaning::Whole(function) => return self.whole(function, args, expr),
            // Those of dimensions have been dealt with.
            _ => return Err(()),
        })
    }

    fn whole(&mut self, function: Function, mut args: Vec<Tree>, expr: &Expr) -> Result<Tree, Wrong> {
        let name = function.name();
        if args.len() == 2 {
            let (Some(right), Some(left)) = (args.pop(), args.pop()) else { return Err(()) };
            return self.binary(function, left, right, expr);
        }
        let arg = only(args)?;
        if arg.is_scalar() {
            return Ok(of_scalar(function, arg, expr));
        }
        let (rows, cols) = arg.shape();
        let call = |function: Function, shape, arg| Ok(made(Form::Call(function), shape, vec![arg], expr));
        match function {
            Function::NormF | Function::Norm1 => call(function, SCALAR, arg),
            Function::Pinv => call(function, (cols, rows), arg),
            Function::Trace | Function::Det | Function::LogDet => {
                self.square(&arg, name_of_need(function), expr.span)?;
                call(function, SCALAR, arg)
            }
            Function::Inv | Function::Adj | Function::Sym | Function::Skew => {
                self.square(&arg, name_of_need(function), expr.span)?;
                call(function, (rows, cols), arg)
            }
            Function::Tril | Function::Triu if arg.is_matrix() => call(function, (rows, cols), arg),
            Function::Tril | Function::Triu => self.wrong_kind(&arg, format!("`{name}` takes a matrix"), String::new()),
            Function::Diag if arg.is_column() => call(function, (rows, rows), arg),
            Function::Diag if arg.is_row() => {
                let help = format!("write `diag({})`", transposed(&arg));
                self.wrong_kind(&arg, "`diag` takes a column or a square matrix".into(), help)
            }
            Function::Diag => {
                self.square(&arg, "a diagonal", expr.span)?;
                call(Function::Diagonal, (rows, Size::ONE), arg)
            }
            Function::Vec if arg.is_column() => Ok(arg),
            Function::Vec if arg.is_row() => Ok(made(Form::Transpose, (cols, rows), vec![arg], expr)),
            _ => {
                // Column by column: the column is the slow index.
                let entries = self.sizes.product(&[cols, rows]);
                call(function, (entries, Size::ONE), arg)
            }
        }
    }

    fn binary(&mut self, function: Function, left: Tree, right: Tree, expr: &Expr) -> Result<Tree, Wrong> {
        let name = function.name();
        match function {
            Function::Kron => return Ok(self.kron(left, right, expr)),
            Function::Dot | Function::Outer if left.is_scalar() && right.is_scalar() => {
                return Ok(made(Form::Product, SCALAR, vec![left, right], expr));
            }
            Function::Outer if left.is_scalar() || right.is_scalar() => {
                // One of the vectors has one entry.
                let column = if left.is_scalar() { &right } else { &left };
                if column.is_column() {
                    let right = match left.is_scalar() {
                        true => made(Form::Transpose, (Size::ONE, right.rows), vec![right], expr),
                        false => right,
                    };
                    let shape = if left.is_scalar() { right.shape() } else { left.shape() };
                    return Ok(made(Form::Product, shape, vec![left, right], expr));
                }
            }
            _ => {}
        }
        if let Some(wrong) = [&left, &right].into_iter().find(|arg| !arg.is_column()) {
            let (a, b) = (bracketed(&left), bracketed(&right));
            let help = match function {
                _ if wrong.is_row() => format!("write its transpose, `{}`", transposed(wrong)),
                Function::Dot if left.is_matrix() && right.is_matrix() => {
                    format!("write `sum({a} .* {b})` or `tr({a}'*{b})` for the inner product of matrices")
                }
                Function::Dot => "write the product with `*`".into(),
                Function::Outer => {
                    format!("write `kron({a},{b})` for all products of two entries")
                }
                _ => String::new(),
            };
            return self.wrong_kind(wrong, format!("`{name}` takes two columns"), help);
        }
        match function {
            Function::Outer => {
                let shape = (left.rows, right.rows);
                Ok(made(Form::Call(function), shape, vec![left, right], expr))
            }
            Function::Cross => {
                let three = Size::Known(self.sizes.dims.literal(3));
                for arg in [&left, &right] {
                    if self.sizes.unify(arg.rows, three, expr.span).is_err() {
                        return self.wrong_kind(arg, "`cross` takes two vectors in R^3".into(), String::new());
                    }
                }
                let shape = left.shape();
                Ok(made(Form::Call(function), shape, vec![left, right], expr))
            }
            _ => {
                let args = vec![left, right];
                self.one_shape(&args, "factors of an inner product", expr.span)?;
                Ok(made(Form::Call(function), SCALAR, args, expr))
            }
        }
    }

    /// `kron(A,B)`; a scalar scales.
    pub(super) fn kron(&mut self, left: Tree, right: Tree, expr: &Expr) -> Tree {
        let rows = self.sizes.product(&[left.rows, right.rows]);
        let cols = self.sizes.product(&[left.cols, right.cols]);
        let scales = left.is_scalar() || right.is_scalar();
        let form = if scales { Form::Product } else { Form::Call(Function::Kron) };
        made(form, (rows, cols), vec![left, right], expr)
    }

    /// A function that runs over entries.
    fn reduction(&mut self, function: Function, arg: Tree, expr: &Expr) -> Result<Tree, Wrong> {
        let (rows, cols) = arg.shape();
        let axis = match function.axis() {
            // Along the one entry there is.
            _ if arg.is_scalar() => None,
            Axis::Rows if arg.is_row() => None,
            Axis::Cols if arg.is_column() => None,
            // Along the only direction: over every entry.
            _ if !arg.is_matrix() => Some(Axis::All),
            axis => Some(axis),
        };
        let Some(axis) = axis else { return Ok(of_one_entry(function, arg, expr)) };
        if let (Function::Softmax(_), Axis::All, true) = (function, axis, arg.is_matrix()) {
            let text = &arg.text;
            let help = format!("write `softmax({text},1)` along each column, `softmax({text},2)` along each row");
            return self.wrong_kind(&arg, "`softmax` of a matrix needs a direction".into(), help);
        }
        let function = along(function, axis);
        let shape = match (function, axis) {
            (Function::Softmax(_), _) => (rows, cols),
            (_, Axis::All) => SCALAR,
            (_, Axis::Rows) => (Size::ONE, cols),
            (_, Axis::Cols) => (rows, Size::ONE),
        };
        Ok(made(Form::Call(function), shape, vec![arg], expr))
    }

    /// The second argument of a reduction.
    fn axis(&mut self, expr: &Expr, name: &str) -> Result<Axis, Wrong> {
        match &expr.kind {
            ExprKind::Number(number) if number.exponent == 0 && number.digits == "1" => Ok(Axis::Rows),
            ExprKind::Number(number) if number.exponent == 0 && number.digits == "2" => Ok(Axis::Cols),
            _ => {
                let message = format!("the second argument of `{name}` is 1 or 2");
                let diagnostic = Diagnostic::new(Code::WrongKind, message, expr.span, "not a direction");
                self.refuse(diagnostic.with_help("1 runs over the rows, along each column; 2 along each row"))
            }
        }
    }

    fn constant(&mut self, form: Form, args: &[Expr], name: &str, expr: &Expr) -> Result<Tree, Wrong> {
        let sizes = self.dimensions(args, name)?;
        let shape = (sizes[0], sizes.get(1).copied().unwrap_or(Size::ONE));
        Ok(made(form, shape, vec![], expr))
    }

    fn commutation(&mut self, args: &[Expr], name: &str, expr: &Expr) -> Result<Tree, Wrong> {
        let sizes = self.dimensions(args, name)?;
        let size = self.sizes.product(&sizes);
        let number = |size: &Size| match size {
            Size::Known(dim) => made(Form::Size(*dim), SCALAR, vec![], expr),
            Size::Unknown(_) => made(Form::Size(Dim::ONE), SCALAR, vec![], expr),
        };
        let numbers = sizes.iter().map(number).collect();
        Ok(made(Form::Call(Function::Commutation), (size, size), numbers, expr))
    }

    /// The arguments as dimensions, each with its findings.
    fn dimensions(&mut self, args: &[Expr], name: &str) -> Result<Vec<Size>, Wrong> {
        let sizes: Vec<Result<Size, Wrong>> = args.iter().map(|arg| self.dimension(arg, name)).collect();
        sizes.into_iter().collect()
    }

    /// A dimension as an argument: a name, a positive integer, or products, powers and sums of these.
    fn dimension(&mut self, expr: &Expr, name: &str) -> Result<Size, Wrong> {
        let wrong = match self.dimension_of(expr) {
            Ok(dim) => return Ok(Size::Known(dim)),
            Err(wrong) => wrong,
        };
        let message = format!("`{name}` takes dimensions");
        let label = "not a declared dimension or a positive integer";
        let diagnostic = Diagnostic::new(Code::InvalidDimension, message, wrong.span, label);
        self.refuse(match &wrong.kind {
            ExprKind::Name(dim) if self.names.position(dim).is_none() => {
                diagnostic.with_help(format!("declare what has this dimension, as in `x in R^{dim}`"))
            }
            _ => diagnostic,
        })
    }

    /// The dimension, or the part of the expression that is none.
    fn dimension_of<'e>(&mut self, expr: &'e Expr) -> Result<Dim, &'e Expr> {
        match &expr.kind {
            ExprKind::Name(name) if self.dim_names.contains(name) => Ok(self.sizes.dims.name(name)),
            ExprKind::Number(number) => {
                let value = Rat::decimal(&number.digits, number.exponent).and_then(|value| value.as_int());
                let value = value.filter(|value| *value > 0).ok_or(expr)?;
                Ok(self.sizes.dims.literal(value.unsigned_abs()))
            }
            ExprKind::Product(factors) => factors.iter().try_fold(Dim::ONE, |product, factor| {
                let factor = self.dimension_of(factor)?;
                self.sizes.dims.product(product, factor).ok_or(expr)
            }),
            ExprKind::Power(base, exponent) => {
                let (base, times) = (self.dimension_of(base)?, self.dimension_of(exponent)?);
                let times = self.sizes.dims.value(times).filter(|value| *value <= MAX_DIMENSION_POWER).ok_or(expr)?;
                (0..times).try_fold(Dim::ONE, |power, _| self.sizes.dims.product(power, base)).ok_or(expr)
            }
            ExprKind::Sum(terms) if terms.iter().all(|(sign, _)| *sign == Sign::Plus) => {
                let mut sum = None;
                for (_, term) in terms {
                    let term = self.dimension_of(term)?;
                    sum = Some(match sum {
                        None => term,
                        Some(sum) => self.sizes.dims.sum(sum, term).ok_or(expr)?,
                    });
                }
                sum.ok_or(expr)
            }
            _ => Err(expr),
        }
    }

    fn unknown_function(&mut self, function: &Ident, args: &[Expr], expr: &Expr) -> Result<Tree, Wrong> {
        let name = &function.name;
        let declared = self.names.position(name).is_some();
        let product = args.first().map(|arg| format!("{name}*({})", print(arg))).filter(|_| args.len() == 1);
        if let (true, Some(product)) = (declared, &product) {
            let message = format!("`{name}` is declared as a symbol, not a function");
            let diagnostic = Diagnostic::new(Code::UnknownFunction, message, function.span, "this is no function");
            return self.refuse(
                diagnostic
                    .with_help(format!("write `{product}` for the product"))
                    .with_fix(expr.span, product.as_str()),
            );
        }
        let message = format!("there is no function `{name}`");
        let diagnostic = Diagnostic::new(Code::UnknownFunction, message, function.span, "unknown function");
        self.refuse(match (words::nearest_function(name), words::kind(name).and(product)) {
            (Some(near), _) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(function.span, near),
            (None, Some(product)) => diagnostic.with_help(format!("for a product write `{product}`")),
            (None, None) => diagnostic,
        })
    }
}

fn only(args: Vec<Tree>) -> Result<Tree, Wrong> {
    args.into_iter().next().ok_or(())
}

/// What needs a square matrix, in words.
fn name_of_need(function: Function) -> &'static str {
    match function {
        Function::Trace => "a trace",
        Function::Det | Function::LogDet => "a determinant",
        Function::Inv => "an inverse (`inv`)",
        Function::Adj => "an adjugate (`adj`)",
        Function::Sym => "a symmetric part (`sym`)",
        _ => "a skew part (`skew`)",
    }
}

fn along(function: Function, axis: Axis) -> Function {
    match function {
        Function::Norm(_) => Function::Norm(axis),
        Function::Mean(_) => Function::Mean(axis),
        Function::Prod(_) => Function::Prod(axis),
        Function::Softmax(_) => Function::Softmax(axis),
        Function::LogSumExp(_) => Function::LogSumExp(axis),
        _ => Function::Sum(axis),
    }
}

/// A reduction over one entry, for each entry of the argument.
fn of_one_entry(function: Function, arg: Tree, expr: &Expr) -> Tree {
    let shape = arg.shape();
    match function {
        Function::Norm(_) => made(Form::Apply(Scalar::Abs), shape, vec![arg], expr),
        Function::Softmax(_) => made(Form::Ones, shape, vec![arg], expr),
        _ => arg,
    }
}

/// A function of a matrix, of a scalar.
fn of_scalar(function: Function, arg: Tree, expr: &Expr) -> Tree {
    match function {
        Function::Norm1 | Function::NormF => made(Form::Apply(Scalar::Abs), SCALAR, vec![arg], expr),
        Function::LogDet => made(Form::Apply(Scalar::Log), SCALAR, vec![arg], expr),
        Function::Inv | Function::Pinv => {
            let minus_one = made(Form::Number(Rat::int(-1)), SCALAR, vec![], expr);
            made(Form::Power, SCALAR, vec![arg, minus_one], expr)
        }
        Function::Adj => made(Form::Ones, SCALAR, vec![arg], expr),
        Function::Skew => made(Form::Zeros, SCALAR, vec![arg], expr),
        // A trace, a determinant, a symmetric part, a triangle, a diagonal, a column of one entry.
        _ => arg,
    }
}
