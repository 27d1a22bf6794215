//! Block matrices: blocks side by side have one height, blocks one above the other one width.
//!
//! In: rows of expressions. Out: a tree with the shape of the whole, or what does not fit. A `0` takes its size from its row
//! and its column, where nothing else stands there it is one number; so does `I`.
//! Left to others: sums of dimensions ([`super::totals`]).

use super::tree::{Form, Scope, Tree, Wrong, is_zero, made};
use super::unify::Size;
use einstep_syntax::{Code, Diagnostic, Expr, Span};

/// Which of its neighbours a block does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Beside,
    Above,
}

/// Whether it is an identity or a multiple of one, which does not tell its size.
fn is_identity(tree: &Tree) -> bool {
    match tree.form {
        Form::Identity => !tree.is_scalar(),
        Form::Negate | Form::Quotient | Form::Transpose => is_identity(&tree.args[0]),
        Form::Product => tree.args.iter().all(|arg| arg.is_scalar() || is_identity(arg)) && !tree.is_scalar(),
        _ => false,
    }
}

impl Scope {
    /// `[A, B; C, D]`
    pub(super) fn block(&mut self, rows: &[Vec<Expr>], expr: &Expr) -> Result<Tree, Wrong> {
        let trees: Vec<Result<Vec<Tree>, Wrong>> = rows.iter().map(|row| self.all(row)).collect();
        let mut grid = trees.into_iter().collect::<Result<Vec<Vec<Tree>>, Wrong>>()?;
        let width = grid.first().map_or(0, Vec::len);
        if let Some(other) = grid.iter().position(|row| row.len() != width) {
            return self.ragged(&rows[0], &rows[other]);
        }
        if let ([row], 1) = (grid.as_mut_slice(), width) {
            return row.pop().ok_or(());
        }
        let columns: Vec<Vec<&Tree>> = (0..width).map(|column| grid.iter().map(|row| &row[column]).collect()).collect();
        let heights = grid.iter().map(|row| self.common(row.iter(), Side::Beside, expr.span)).collect::<Vec<_>>();
        let widths = columns.into_iter().map(|column| self.common(column, Side::Above, expr.span)).collect::<Vec<_>>();
        let heights = heights.into_iter().collect::<Result<Vec<Size>, Wrong>>()?;
        let widths = widths.into_iter().collect::<Result<Vec<Size>, Wrong>>()?;
        for row in &grid {
            for (column, tree) in row.iter().enumerate() {
                let told = |tree: &Tree| !is_zero(tree) && !is_identity(tree);
                let tells = row.iter().any(told) || grid.iter().any(|other| told(&other[column]));
                if is_identity(tree) && !tells && matches!(self.sizes.resolve(tree.rows), Size::Unknown(_)) {
                    return self.untold(tree);
                }
            }
        }
        for (row, &height) in grid.iter_mut().zip(&heights) {
            for (tree, &width) in row.iter_mut().zip(&widths) {
                if is_zero(tree) {
                    (tree.form, tree.rows, tree.cols) = (Form::Zeros, height, width);
                }
            }
        }
        let shape = (self.sizes.total(&heights), self.sizes.total(&widths));
        Ok(made(Form::Block(width), shape, grid.into_iter().flatten().collect(), expr))
    }

    /// The one height of blocks side by side, or the one width of blocks above one another.
    fn common<'t>(
        &mut self,
        blocks: impl IntoIterator<Item = &'t Tree>,
        side: Side,
        because: Span,
    ) -> Result<Size, Wrong> {
        let size = |tree: &Tree| if side == Side::Beside { tree.rows } else { tree.cols };
        let mut blocks = blocks.into_iter().filter(|tree| !is_zero(tree));
        let Some(first) = blocks.next() else { return Ok(Size::ONE) };
        for other in blocks {
            if self.sizes.unify(size(first), size(other), because).is_err() {
                return self.blocks_differ(first.clone(), other.clone(), side);
            }
        }
        Ok(size(first))
    }

    fn blocks_differ<T>(&mut self, a: Tree, b: Tree, side: Side) -> Result<T, Wrong> {
        let labels = [self.origin(&a), self.origin(&b)];
        self.finding(move |words| {
            let (left, right) = (words.shape(a.rows, a.cols), words.shape(b.rows, b.cols));
            let what = match side {
                Side::Beside => "blocks side by side differ in height",
                Side::Above => "blocks one above the other differ in width",
            };
            let message = format!("{what}: `{}` is {left}, `{}` is {right}", a.text, b.text);
            let diagnostic = Diagnostic::new(Code::ShapeMismatch, message, a.span, format!("this is {left}"))
                .with_label(b.span, format!("this is {right}"));
            labels.into_iter().flatten().fold(diagnostic, |diagnostic, (span, text)| diagnostic.with_label(span, text))
        });
        Err(())
    }

    /// An identity beside and above zeros and identities only.
    fn untold<T>(&mut self, identity: &Tree) -> Result<T, Wrong> {
        let message = format!("the size of `{}` can't be found from its row or its column", identity.text);
        let diagnostic = Diagnostic::new(Code::InvalidDimension, message, identity.span, "of any size");
        self.refuse(diagnostic.with_help("say its size: `eye(n)`, with `n` a declared dimension"))
    }

    fn ragged<T>(&mut self, first: &[Expr], other: &[Expr]) -> Result<T, Wrong> {
        let span = |row: &[Expr]| match row {
            [only] => only.span,
            [from, .., to] => from.span.to(to.span),
            [] => Span::default(),
        };
        let message = format!(
            "the rows of a block matrix differ in the number of their blocks: {} and {}",
            first.len(),
            other.len()
        );
        let diagnostic =
            Diagnostic::new(Code::ShapeMismatch, message, span(first), format!("{} in this row", first.len()))
                .with_label(span(other), format!("{} in this row", other.len()))
                .with_help("put blocks that stand above a wider one in brackets of their own: `[[A, B]; C]`");
        self.refuse(diagnostic)
    }
}
