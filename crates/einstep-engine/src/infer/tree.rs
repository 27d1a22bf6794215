//! Expressions with shapes: what each operation is once the shapes of its operands are known.
//!
//! In: a syntax tree and declarations. Out: a tree whose every part has rows and columns, or diagnostics.
//! Left to others: solving for dimensions ([`super::unify`]), interning ([`super::build`]).

use super::unify::{Clash, Size, Sizes};
use super::words::{self, Kind};
use einstep_expr::{Axis, Dim, Dims, Function, Rat};
use einstep_syntax::{Code, Diagnostic, Expr, ExprKind, Ident, Number, Sign, Span, print};

/// What an expression is.
#[derive(Debug, Clone)]
pub(super) enum Form {
    Number(Rat),
    Size(Dim),
    Symbol(usize),
    Identity,
    Ones,
    Zeros,
    /// Summands of one shape; the flags say which are subtracted.
    Add(Vec<bool>),
    /// Scalars and arrays in the order written.
    Product,
    Quotient,
    Negate,
    Transpose,
    /// A scalar to a scalar power.
    Power,
    /// A square matrix to an integer power.
    Matpow(u32),
    Root,
    Call(Function),
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
}

/// A symbol on the way to its shape.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) rows: Size,
    pub(super) cols: Size,
    pub(super) properties: Vec<String>,
    pub(super) declared: Option<Span>,
    pub(super) kind: &'static str,
}

/// A finding whose words wait until the dimensions have names.
type Finding = Box<dyn FnOnce(&Words<'_>) -> Diagnostic>;

/// How shapes are said.
pub(super) struct Words<'a> {
    pub(super) sizes: &'a Sizes,
    pub(super) dims: &'a Dims,
}

impl Words<'_> {
    pub(super) fn size(&self, size: Size) -> String {
        match self.sizes.resolve(size) {
            Size::Known(dim) => self.dims.text(dim),
            Size::Unknown(_) => "?".into(),
        }
    }

    pub(super) fn shape(&self, rows: Size, cols: Size) -> String {
        if rows == Size::ONE && cols == Size::ONE {
            return "a scalar".into();
        }
        format!("{}×{}", self.size(rows), self.size(cols))
    }
}

/// The names, the dimensions and the findings of one problem.
pub(super) struct Scope {
    pub(super) names: Vec<Name>,
    pub(super) dims: Dims,
    pub(super) dim_names: Vec<String>,
    pub(super) sizes: Sizes,
    pub(super) findings: Vec<Finding>,
}

/// What is left of an expression that has been found wrong: it makes no further findings.
type Wrong = ();

impl Scope {
    pub(super) fn finding(&mut self, finding: impl FnOnce(&Words<'_>) -> Diagnostic + 'static) {
        self.findings.push(Box::new(finding));
    }

    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Result<T, Wrong> {
        self.findings.push(Box::new(|_| diagnostic));
        Err(())
    }

    fn not_yet<T>(&mut self, what: &str, span: Span) -> Result<T, Wrong> {
        let message = format!("einstep can't derive {what} yet");
        self.refuse(Diagnostic::new(Code::NotYet, message, span, "not known to the engine"))
    }

    /// The symbol of a name, declared or not; `None` when it is no symbol.
    pub(super) fn symbol(&mut self, name: &str) -> Option<usize> {
        if let Some(position) = self.names.iter().position(|known| known.name == name) {
            return Some(position);
        }
        let kind = words::kind(name)?;
        let (rows, cols, word) = match kind {
            Kind::Scalar => (Size::ONE, Size::ONE, "a scalar"),
            Kind::Vector => (self.sizes.unknown(), Size::ONE, "a column vector"),
            Kind::Matrix => (self.sizes.unknown(), self.sizes.unknown(), "a matrix"),
        };
        let name = Name { name: name.into(), rows, cols, properties: vec![], declared: None, kind: word };
        self.names.push(name);
        Some(self.names.len() - 1)
    }

    pub(super) fn tree(&mut self, expr: &Expr) -> Result<Tree, Wrong> {
        let scalar = |form, args| (form, Size::ONE, Size::ONE, args);
        let (form, rows, cols, args) = match &expr.kind {
            ExprKind::Number(number) => scalar(Form::Number(self.number(number, expr.span)?), vec![]),
            ExprKind::Name(name) => return self.name(name, expr),
            ExprKind::Negate(inner) => {
                let inner = self.tree(inner)?;
                (Form::Negate, inner.rows, inner.cols, vec![inner])
            }
            ExprKind::Sum(terms) => return self.sum(terms, expr),
            ExprKind::Product(factors) => return self.product(factors, expr),
            ExprKind::Hadamard(factors) => {
                let factors = self.all(factors)?;
                if factors.iter().filter(|factor| !factor.is_scalar()).count() > 1 {
                    return self.not_yet("elementwise products (`.*`)", expr.span);
                }
                let shape = factors.iter().find(|factor| !factor.is_scalar()).map(|factor| (factor.rows, factor.cols));
                let (rows, cols) = shape.unwrap_or((Size::ONE, Size::ONE));
                (Form::Product, rows, cols, factors)
            }
            ExprKind::Quotient(over, under) => return self.quotient(over, under, "/", expr),
            ExprKind::ElementQuotient(over, under) => return self.quotient(over, under, "./", expr),
            ExprKind::Transpose(inner) => {
                let inner = self.tree(inner)?;
                (Form::Transpose, inner.cols, inner.rows, vec![inner])
            }
            ExprKind::Power(base, exponent) => return self.power(base, exponent, expr),
            ExprKind::ElementPower(base, exponent) => {
                let (base_tree, exponent_tree) = (self.tree(base)?, self.tree(exponent)?);
                if !base_tree.is_scalar() || !exponent_tree.is_scalar() {
                    return self.not_yet("elementwise powers (`.^`)", expr.span);
                }
                scalar(Form::Power, vec![base_tree, exponent_tree])
            }
            ExprKind::Call(function, args) => return self.call(function, args, expr),
            ExprKind::Kronecker(_) => return self.not_yet("Kronecker products", expr.span),
            ExprKind::Block(_) => return self.not_yet("block matrices", expr.span),
            ExprKind::Element(..) | ExprKind::Big(..) => return self.not_yet("index notation as input", expr.span),
            ExprKind::Derivative(..) => return self.not_yet("derivatives inside expressions", expr.span),
            ExprKind::Error => return Err(()),
        };
        Ok(Tree { form, rows, cols, args, span: expr.span, text: print(expr) })
    }

    /// All of them, so that several findings are made at once.
    fn all(&mut self, exprs: &[Expr]) -> Result<Vec<Tree>, Wrong> {
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
        let tree = |form, rows, cols| Tree { form, rows, cols, args: vec![], span: expr.span, text: name.to_string() };
        let declared = self.names.iter().any(|known| known.name == name);
        if !declared && self.dim_names.iter().any(|dim| dim == name) {
            let dim = self.dims.name(name);
            return Ok(tree(Form::Size(dim), Size::ONE, Size::ONE));
        }
        if !declared && name == "I" {
            let size = self.sizes.unknown();
            return Ok(tree(Form::Identity, size, size));
        }
        if !declared && matches!(name, "e" | "pi") {
            return self.not_yet(&format!("the constant `{name}`"), expr.span);
        }
        if let Some(position) = self.symbol(name) {
            let (rows, cols) = (self.names[position].rows, self.names[position].cols);
            return Ok(tree(Form::Symbol(position), rows, cols));
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
        let mut shape: Option<usize> = None;
        for (position, arg) in args.iter().enumerate() {
            if arg.is_scalar() {
                continue;
            }
            let Some(first) = shape else {
                shape = Some(position);
                continue;
            };
            let first = &args[first];
            let clash = self
                .sizes
                .unify(first.rows, arg.rows, expr.span)
                .and_then(|()| self.sizes.unify(first.cols, arg.cols, expr.span));
            if clash.is_err() {
                return self.sum_clash(first.clone(), arg.clone());
            }
        }
        let (rows, cols) = shape.map_or((Size::ONE, Size::ONE), |first| (args[first].rows, args[first].cols));
        let signs = terms.iter().map(|(sign, _)| *sign == Sign::Minus).collect();
        Ok(Tree { form: Form::Add(signs), rows, cols, args, span: expr.span, text: print(expr) })
    }

    fn sum_clash(&mut self, a: Tree, b: Tree) -> Result<Tree, Wrong> {
        let labels = [self.origin(&a), self.origin(&b)];
        self.finding(move |words| {
            let (left, right) = (words.shape(a.rows, a.cols), words.shape(b.rows, b.cols));
            let message = format!("summands differ in shape: `{}` is {left}, `{}` is {right}", a.text, b.text);
            let diagnostic = Diagnostic::new(Code::ShapeMismatch, message, a.span, format!("this is {left}"));
            let mut diagnostic = diagnostic.with_label(b.span, format!("this is {right}"));
            for (span, text) in labels.into_iter().flatten() {
                diagnostic = diagnostic.with_label(span, text);
            }
            let turned = words.sizes.resolve(a.rows) == words.sizes.resolve(b.cols)
                && words.sizes.resolve(a.cols) == words.sizes.resolve(b.rows);
            if turned {
                diagnostic.with_help(format!("transpose one of them: `{}'`", bracketed(&b)))
            } else {
                diagnostic
            }
        });
        Err(())
    }

    /// Where the shape of an operand comes from, when it is a symbol.
    fn origin(&self, tree: &Tree) -> Option<(Span, String)> {
        let Form::Symbol(position) = tree.form else { return None };
        let name = &self.names[position];
        match name.declared {
            Some(span) => Some((span, format!("`{}` is declared here", name.name))),
            None => {
                let because = self.sizes.because(name.rows).or(self.sizes.because(name.cols))?;
                Some((because, format!("the shape of `{}` follows from here", name.name)))
            }
        }
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
        let (rows, cols) = open.map_or((Size::ONE, Size::ONE), |(_, rows, cols)| (rows, cols));
        Ok(Tree { form: Form::Product, rows, cols, args, span: expr.span, text: print(expr) })
    }

    fn product_clash(&mut self, clash: ProductClash) -> Result<Tree, Wrong> {
        let ProductClash { left, right, rows, cols, clash } = clash;
        let labels = [self.origin(&left), self.origin(&right)];
        let columns = left.cols == Size::ONE && right.cols == Size::ONE;
        // Would transposing the left or the right operand make the product fit?
        let same = |sizes: &Sizes, a: Size, b: Size| sizes.resolve(a) == sizes.resolve(b);
        let alone = left.rows == rows;
        let turn_left = alone && same(&self.sizes, left.rows, right.rows);
        let turn_right = same(&self.sizes, cols, right.cols);
        self.finding(move |words| {
            let (l, r) = (words.shape(left.rows, left.cols), words.shape(right.rows, right.cols));
            let (inner, outer) = (words.size(cols), words.size(right.rows));
            let message = if columns {
                format!("`{}` and `{}` are both columns: their product needs a transpose", left.text, right.text)
            } else {
                format!(
                    "the columns of `{}` ({inner}) and the rows of `{}` ({outer}) differ in number",
                    left.text, right.text
                )
            };
            let code =
                if clash == Clash::ForcedToOne && !columns { Code::ForcedDimension } else { Code::ShapeMismatch };
            let diagnostic = Diagnostic::new(code, message, left.span, format!("`{}` is {l}", left.text));
            let mut diagnostic = diagnostic.with_label(right.span, format!("`{}` is {r}", right.text));
            for (span, text) in labels.into_iter().flatten() {
                diagnostic = diagnostic.with_label(span, text);
            }
            let (a, b) = (bracketed(&left), bracketed(&right));
            if columns {
                diagnostic = diagnostic.with_help(format!("write `{a}'*{b}` for the inner product"));
                return diagnostic.with_help(format!("or `{a}*{b}'` for the outer product"));
            }
            if turn_left {
                diagnostic = diagnostic.with_help(format!("did you mean `{a}'*{b}`?"));
            }
            if turn_right {
                diagnostic = diagnostic.with_help(format!("did you mean `{a}*{b}'`?"));
            }
            if code == Code::ForcedDimension {
                diagnostic = diagnostic.with_help("declare a dimension of 1 if it is meant: `A in R^(m,1)`");
            }
            diagnostic
        });
        Err(())
    }

    fn quotient(&mut self, over: &Expr, under: &Expr, operator: &str, expr: &Expr) -> Result<Tree, Wrong> {
        let (a, b) = (self.tree(over), self.tree(under));
        let (a, b) = (a?, b?);
        if !b.is_scalar() {
            if operator == "./" {
                return self.not_yet("elementwise quotients (`./`)", expr.span);
            }
            let (text, divisor) = (bracketed(&a), bracketed(&b));
            self.finding(move |words| {
                let shape = words.shape(b.rows, b.cols);
                let message = format!("`{}` is {shape}: only a scalar can divide", b.text);
                Diagnostic::new(Code::NotScalar, message, b.span, format!("this is {shape}")).with_help(
                    match b.rows == Size::ONE || b.cols == Size::ONE {
                        true => format!("divide by its norm, or element by element: `{text} ./ {divisor}`"),
                        false => format!("write `{text}*inv({})` for the inverse", b.text),
                    },
                )
            });
            return Err(());
        }
        if matches!(&b.form, Form::Number(value) if value.is_zero()) {
            return self.refuse(Diagnostic::new(Code::DivisionByZero, "division by zero", b.span, "this is zero"));
        }
        let (rows, cols) = (a.rows, a.cols);
        Ok(Tree { form: Form::Quotient, rows, cols, args: vec![a, b], span: expr.span, text: print(expr) })
    }

    fn power(&mut self, base: &Expr, exponent: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let (a, b) = (self.tree(base), self.tree(exponent));
        let (a, b) = (a?, b?);
        let text = print(expr);
        if !b.is_scalar() {
            return self.refuse(Diagnostic::new(
                Code::NotScalar,
                "an exponent must be a scalar",
                b.span,
                "not a scalar",
            ));
        }
        if a.is_scalar() {
            let zero = matches!(&a.form, Form::Number(value) if value.is_zero());
            if zero && matches!(exponent_value(&b), Some(value) if value.is_negative()) {
                return self.refuse(Diagnostic::new(Code::DivisionByZero, "a negative power of zero", a.span, "zero"));
            }
            return Ok(Tree {
                form: Form::Power,
                rows: Size::ONE,
                cols: Size::ONE,
                args: vec![a, b],
                span: expr.span,
                text,
            });
        }
        if a.rows == Size::ONE || a.cols == Size::ONE {
            let better = format!("{}.^{}", bracketed(&a), bracketed(&b));
            let message = format!("`{}` is a vector: it has no matrix power", a.text);
            let diagnostic = Diagnostic::new(Code::WrongKind, message, expr.span, "a power of a vector");
            return self.refuse(diagnostic.with_help(format!("write `{better}` for the elementwise power")));
        }
        self.square(&a, "a matrix power", expr.span)?;
        let Some(value) = exponent_value(&b) else {
            return self.not_yet("matrix powers with a symbolic exponent", b.span);
        };
        let Some(value) = value.as_int().filter(|value| value.abs() <= 64) else {
            let message = "the exponent of a matrix power must be an integer of at most 64";
            return self.refuse(Diagnostic::new(Code::NumberTooLarge, message, b.span, "this exponent is too large"));
        };
        let (rows, cols) = (a.rows, a.cols);
        match value {
            0 => Ok(Tree { form: Form::Identity, rows, cols, args: vec![], span: expr.span, text }),
            1 => Ok(a),
            2.. => Ok(Tree { form: Form::Matpow(value as u32), rows, cols, args: vec![a], span: expr.span, text }),
            _ => self.not_yet("inverses", expr.span),
        }
    }

    /// Demands a square matrix.
    fn square(&mut self, tree: &Tree, what: &'static str, because: Span) -> Result<(), Wrong> {
        if !tree.is_scalar() && self.sizes.unify(tree.rows, tree.cols, because).is_ok() {
            return Ok(());
        }
        let label = self.origin(tree);
        let tree = tree.clone();
        self.finding(move |words| {
            let shape = words.shape(tree.rows, tree.cols);
            let message = format!("{what} needs a square matrix; `{}` is {shape}", tree.text);
            let diagnostic = Diagnostic::new(Code::NotSquare, message, tree.span, format!("this is {shape}"));
            match label {
                Some((span, text)) => diagnostic.with_label(span, text),
                None => diagnostic,
            }
        });
        Err(())
    }

    fn call(&mut self, function: &Ident, args: &[Expr], expr: &Expr) -> Result<Tree, Wrong> {
        let name = function.name.as_str();
        let Some(&(_, least, greatest)) = words::FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            return self.unknown_function(function, args, expr);
        };
        if !(least..=greatest).contains(&args.len()) {
            let wanted = match (least, greatest) {
                (1, 1) => "1 argument".to_string(),
                (least, greatest) if least == greatest => format!("{least} arguments"),
                (least, greatest) => format!("{least} or {greatest} arguments"),
            };
            let message = format!("`{name}` takes {wanted}, not {}", args.len());
            return self.refuse(Diagnostic::new(Code::WrongArity, message, expr.span, format!("{} here", args.len())));
        }
        if matches!(name, "ones" | "zeros" | "eye") {
            return self.constant(name, args, expr);
        }
        let mut args = self.all(args)?;
        let scalar = (Size::ONE, Size::ONE);
        let (form, (rows, cols)) = match (name, args.len()) {
            ("tr", _) => {
                if args[0].is_scalar() {
                    return Ok(args.remove(0));
                }
                self.square(&args[0], "a trace", expr.span)?;
                (Form::Call(Function::Trace), scalar)
            }
            ("norm" | "norm2" | "normF", 1) => {
                if args[0].is_scalar() {
                    return self.not_yet("the norm of a scalar (`abs`)", expr.span);
                }
                let matrix = args[0].rows != Size::ONE && args[0].cols != Size::ONE;
                if name == "norm2" && matrix {
                    return self.not_yet("the spectral norm of a matrix", expr.span);
                }
                (Form::Call(if name == "normF" { Function::NormF } else { Function::Norm(Axis::All) }), scalar)
            }
            ("transpose", _) => (Form::Transpose, (args[0].cols, args[0].rows)),
            ("sqrt", _) if args[0].is_scalar() => (Form::Root, scalar),
            ("dot", _) if args.iter().all(|arg| arg.cols == Size::ONE && arg.rows != Size::ONE) => {
                if self.sizes.unify(args[0].rows, args[1].rows, expr.span).is_err() {
                    return self.sum_clash(args[0].clone(), args[1].clone());
                }
                let left = args[0].clone();
                let text = format!("{}'", bracketed(&left));
                let (rows, cols, span) = (left.cols, left.rows, left.span);
                args[0] = Tree { form: Form::Transpose, rows, cols, args: vec![left], span, text };
                (Form::Product, scalar)
            }
            _ => return self.not_yet(&format!("`{name}`"), function.span),
        };
        Ok(Tree { form, rows, cols, args, span: expr.span, text: print(expr) })
    }

    fn constant(&mut self, name: &str, args: &[Expr], expr: &Expr) -> Result<Tree, Wrong> {
        let mut sizes = Vec::new();
        for arg in args {
            match &arg.kind {
                ExprKind::Name(dim) if self.dim_names.contains(dim) => sizes.push(Size::Known(self.dims.name(dim))),
                ExprKind::Number(number)
                    if number.exponent == 0 && number.digits.parse::<u64>().is_ok_and(|n| n > 0) =>
                {
                    let value = number.digits.parse().unwrap_or(1);
                    sizes.push(Size::Known(self.dims.literal(value)));
                }
                _ => {
                    let message = format!("`{name}` takes dimensions");
                    let label = "not a declared dimension or a positive integer";
                    return self.refuse(Diagnostic::new(Code::InvalidDimension, message, arg.span, label));
                }
            }
        }
        let (form, rows, cols) = match name {
            "eye" => (Form::Identity, sizes[0], sizes[0]),
            "ones" => (Form::Ones, sizes[0], sizes.get(1).copied().unwrap_or(Size::ONE)),
            _ => (Form::Zeros, sizes[0], sizes.get(1).copied().unwrap_or(Size::ONE)),
        };
        Ok(Tree { form, rows, cols, args: vec![], span: expr.span, text: print(expr) })
    }

    fn unknown_function(&mut self, function: &Ident, args: &[Expr], expr: &Expr) -> Result<Tree, Wrong> {
        let name = &function.name;
        let declared = self.names.iter().any(|known| known.name == *name);
        if declared && args.len() == 1 {
            let product = format!("{name}*({})", print(&args[0]));
            let message = format!("`{name}` is declared as a symbol, not a function");
            let diagnostic = Diagnostic::new(Code::UnknownFunction, message, function.span, "this is no function");
            return self.refuse(
                diagnostic.with_help(format!("write `{product}` for the product")).with_fix(expr.span, product),
            );
        }
        let message = format!("there is no function `{name}`");
        let diagnostic = Diagnostic::new(Code::UnknownFunction, message, function.span, "unknown function");
        let diagnostic = match words::nearest_function(name) {
            Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(function.span, near),
            None => diagnostic,
        };
        self.refuse(diagnostic)
    }
}

struct ProductClash {
    left: Tree,
    right: Tree,
    rows: Size,
    cols: Size,
    clash: Clash,
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

fn bracketed(tree: &Tree) -> String {
    match tree.form {
        Form::Symbol(_) | Form::Number(_) | Form::Call(_) | Form::Transpose | Form::Identity | Form::Size(_) => {
            tree.text.clone()
        }
        _ => format!("({})", tree.text),
    }
}
