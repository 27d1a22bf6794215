//! What is said when shapes do not fit: both operands, what was expected, a way out.
//!
//! In: the operands of an operation that can't be. Out: findings. Left to others: finding out that it can't be.

use super::tree::{Form, MAX_MATRIX_POWER, Scope, Tree, Wrong};
use super::unify::{Clash, Size, Sizes};
use einstep_expr::Rat;
use einstep_syntax::{Code, Diagnostic, Span};

/// Two factors whose inner dimensions differ.
pub(super) struct ProductClash {
    pub(super) left: Tree,
    pub(super) right: Tree,
    /// The rows of the product so far, and its columns.
    pub(super) rows: Size,
    pub(super) cols: Size,
    pub(super) clash: Clash,
}

fn same(sizes: &Sizes, a: Size, b: Size) -> bool {
    sizes.resolve(a) == sizes.resolve(b)
}

/// The text of an operand as one operand of a product.
pub(super) fn bracketed(tree: &Tree) -> String {
    // What ends in a bracket of its own, or is one word, needs none.
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '.');
    let call = matches!(tree.form, Form::Call(_) | Form::Apply(_)) && tree.text.ends_with(')');
    if call || tree.text.chars().all(plain) { tree.text.clone() } else { format!("({})", tree.text) }
}

/// The text of its transpose.
pub(super) fn transposed(tree: &Tree) -> String {
    match tree.form {
        Form::Transpose => tree.args[0].text.clone(),
        _ => format!("{}'", bracketed(tree)),
    }
}

impl Scope {
    /// Where the shape of an operand comes from, when it is a symbol.
    pub(super) fn origin(&self, tree: &Tree) -> Option<(Span, String)> {
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

    /// Operands that must have one shape and have not.
    pub(super) fn shapes_differ<T>(&mut self, a: Tree, b: Tree, what: &'static str) -> Result<T, Wrong> {
        let labels = [self.origin(&a), self.origin(&b)];
        self.finding(move |words| {
            let (left, right) = (words.shape(a.rows, a.cols), words.shape(b.rows, b.cols));
            let message = format!("{what} differ in shape: `{}` is {left}, `{}` is {right}", a.text, b.text);
            let mut diagnostic = Diagnostic::new(Code::ShapeMismatch, message, a.span, format!("this is {left}"))
                .with_label(b.span, format!("this is {right}"));
            for (span, text) in labels.into_iter().flatten() {
                diagnostic = diagnostic.with_label(span, text);
            }
            let sizes = words.sizes;
            if same(sizes, a.rows, b.cols) && same(sizes, a.cols, b.rows) {
                return diagnostic.with_help(format!("transpose one of them: `{}`", transposed(&b)));
            }
            let (matrix, vector) = if a.is_matrix() { (&a, &b) } else { (&b, &a) };
            if !matrix.is_matrix() || vector.is_matrix() {
                return diagnostic;
            }
            // A vector beside a matrix: along which side it was meant.
            let (m, v, turned) = (bracketed(matrix), bracketed(vector), transposed(vector));
            let (column, row) = if vector.is_column() { (v, turned) } else { (turned, v) };
            let length = if vector.is_column() { vector.rows } else { vector.cols };
            let sum = what == "summands";
            if same(sizes, length, matrix.rows) {
                let each = words.size(matrix.cols);
                diagnostic = diagnostic.with_help(match sum {
                    true => format!("for each column of `{m}`: `{column}*ones({each})'`"),
                    false => format!("to scale the rows of `{m}`: `diag({column})*{m}`"),
                });
            }
            if same(sizes, length, matrix.cols) {
                let each = words.size(matrix.rows);
                diagnostic = diagnostic.with_help(match sum {
                    true => format!("for each row of `{m}`: `ones({each})*{row}`"),
                    false => format!("to scale the columns of `{m}`: `{m}*diag({column})`"),
                });
            }
            diagnostic
        });
        Err(())
    }

    /// Inner dimensions that differ.
    pub(super) fn product_clash<T>(&mut self, clash: ProductClash) -> Result<T, Wrong> {
        let ProductClash { left, right, rows, cols, clash } = clash;
        let labels = [self.origin(&left), self.origin(&right)];
        let columns = left.cols == Size::ONE && right.cols == Size::ONE;
        // Would transposing the left or the right operand make the product fit?
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
                diagnostic = diagnostic.with_help(format!("write `{}*{b}` for the inner product", transposed(&left)));
                return diagnostic.with_help(format!("or `{a}*{}` for the outer product", transposed(&right)));
            }
            if turn_left {
                diagnostic = diagnostic.with_help(format!("did you mean `{}*{b}`?", transposed(&left)));
            }
            if turn_right {
                diagnostic = diagnostic.with_help(format!("did you mean `{a}*{}`?", transposed(&right)));
            }
            if code == Code::ForcedDimension {
                diagnostic = diagnostic.with_help("declare a dimension of 1 if it is meant: `A in R^(m,1)`");
            }
            diagnostic
        });
        Err(())
    }

    /// `s / A`
    pub(super) fn divided_by_array<T>(&mut self, over: &Tree, under: Tree) -> Result<T, Wrong> {
        let (text, divisor) = (bracketed(over), bracketed(&under));
        self.finding(move |words| {
            let shape = words.shape(under.rows, under.cols);
            let message = format!("`{}` is {shape}: only a scalar can divide", under.text);
            let diagnostic = Diagnostic::new(Code::NotScalar, message, under.span, format!("this is {shape}"));
            let entries = format!("{text} ./ {divisor}");
            match under.is_matrix() {
                true => diagnostic
                    .with_help(format!("write `{text}*inv({})` for the inverse", under.text))
                    .with_help(format!("or `{entries}` element by element")),
                false => diagnostic.with_help(format!("divide by its norm, or element by element: `{entries}`")),
            }
        });
        Err(())
    }

    /// `s^A`
    pub(super) fn exponent_is_array<T>(&mut self, base: &Tree, exponent: &Tree) -> Result<T, Wrong> {
        let message = "an exponent must be a scalar";
        let better = format!("{}.^{}", bracketed(base), bracketed(exponent));
        let diagnostic = Diagnostic::new(Code::NotScalar, message, exponent.span, "not a scalar");
        let undeclared = match exponent.form {
            Form::Symbol(position) => self.names[position].declared.is_none(),
            _ => false,
        };
        self.refuse(match undeclared {
            true => diagnostic.with_help(format!("declare it as a scalar: `{} in R`", exponent.text)),
            false => diagnostic.with_help(format!("write `{better}` for the elementwise power")),
        })
    }

    /// `x^2`
    pub(super) fn power_of_vector<T>(&mut self, base: &Tree, exponent: &Tree, span: Span) -> Result<T, Wrong> {
        let better = format!("{}.^{}", bracketed(base), bracketed(exponent));
        let message = format!("`{}` is a vector: it has no matrix power", base.text);
        let diagnostic = Diagnostic::new(Code::WrongKind, message, span, "a power of a vector");
        self.refuse(diagnostic.with_help(format!("write `{better}` for the elementwise power")))
    }

    /// `A^(1/2)`, `A^1000`
    pub(super) fn power_out_of_range<T>(&mut self, base: &Tree, exponent: &Tree, value: &Rat) -> Result<T, Wrong> {
        let message = format!("the exponent of a matrix power must be an integer of at most {MAX_MATRIX_POWER}");
        if value.as_int().is_some() || value.to_string().len() > 20 {
            return self.refuse(Diagnostic::new(Code::NumberTooLarge, message, exponent.span, "too large"));
        }
        let better = format!("{}.^{}", bracketed(base), bracketed(exponent));
        let diagnostic = Diagnostic::new(Code::WrongKind, message, exponent.span, "not an integer");
        self.refuse(diagnostic.with_help(format!("write `{better}` for the elementwise power")))
    }

    /// A square matrix is needed.
    pub(super) fn not_square<T>(&mut self, tree: Tree, what: &'static str) -> Result<T, Wrong> {
        let label = self.origin(&tree);
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

    /// An operand of the wrong kind, with a way out.
    pub(super) fn wrong_kind<T>(&mut self, tree: &Tree, message: String, help: String) -> Result<T, Wrong> {
        let label = self.origin(tree);
        let tree = tree.clone();
        self.finding(move |words| {
            let shape = words.shape(tree.rows, tree.cols);
            let message = format!("{message}; `{}` is {shape}", tree.text);
            let mut diagnostic = Diagnostic::new(Code::WrongKind, message, tree.span, format!("this is {shape}"));
            if let Some((span, text)) = label {
                diagnostic = diagnostic.with_label(span, text);
            }
            if help.is_empty() { diagnostic } else { diagnostic.with_help(help) }
        });
        Err(())
    }
}
