//! The syntax tree of problems and expressions.
//!
//! In: what the parser saw. Out: a tree with spans that `infer` (in the engine), the checker and the printer read.
//! Left to others: shapes, what a name means, whether an operation exists.
//!
//! The height of a parsed tree is at most [`MAX_HEIGHT`], so every pass may recurse over it.

use crate::indices::Notation;
use crate::span::Span;

/// The greatest height of a tree that the parser makes.
pub const MAX_HEIGHT: usize = 256;

/// A name with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// The name as written.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// An expression with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

impl Expr {
    /// An expression that was made, not read.
    ///
    /// ```
    /// use einstep_syntax::{Expr, ExprKind, print};
    /// assert_eq!(print(&Expr::new(ExprKind::Name("x".into()))), "x");
    /// ```
    pub fn new(kind: ExprKind) -> Expr {
        Expr { kind, span: Span::default() }
    }

    /// The expressions that it is made of, in the order of the text.
    ///
    /// ```
    /// use einstep_syntax::{parse_expression, print};
    /// let sum = parse_expression("A*x - 2*b", 0).value;
    /// assert_eq!(sum.parts().into_iter().map(print).collect::<Vec<_>>(), ["A*x", "2*b"]);
    /// ```
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => vec![],
            ExprKind::Negate(a) | ExprKind::Transpose(a) | ExprKind::Element(a, _) => vec![a],
            ExprKind::Big(_, _, a) | ExprKind::Derivative(_, a) => vec![a],
            ExprKind::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
            ExprKind::Product(items) | ExprKind::Hadamard(items) | ExprKind::Kronecker(items) => items.iter().collect(),
            ExprKind::Call(_, items) => items.iter().collect(),
            ExprKind::Quotient(a, b)
            | ExprKind::ElementQuotient(a, b)
            | ExprKind::Power(a, b)
            | ExprKind::ElementPower(a, b) => vec![a, b],
            ExprKind::Block(rows) => rows.iter().flatten().collect(),
        }
    }

    /// The same expressions, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => vec![],
            ExprKind::Negate(a) | ExprKind::Transpose(a) | ExprKind::Element(a, _) => vec![a],
            ExprKind::Big(_, _, a) | ExprKind::Derivative(_, a) => vec![a],
            ExprKind::Sum(terms) => terms.iter_mut().map(|(_, term)| term).collect(),
            ExprKind::Product(items) | ExprKind::Hadamard(items) | ExprKind::Kronecker(items) => {
                items.iter_mut().collect()
            }
            ExprKind::Call(_, items) => items.iter_mut().collect(),
            ExprKind::Quotient(a, b)
            | ExprKind::ElementQuotient(a, b)
            | ExprKind::Power(a, b)
            | ExprKind::ElementPower(a, b) => vec![a, b],
            ExprKind::Block(rows) => rows.iter_mut().flatten().collect(),
        }
    }
}

/// The sign of a summand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`, or the first summand without a sign.
    Plus,
    /// `-`
    Minus,
}

/// An exact decimal number: `digits` × 10^`exponent`, `digits` without sign or leading zeros (`"0"` for zero).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The digits of the integer.
    pub digits: String,
    /// The power of ten.
    pub exponent: i32,
}

/// An index of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Index {
    /// A letter: `i`.
    Name(Ident),
    /// A literal position, from 1.
    Literal(u64, Span),
}

/// A big operator over bound indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Big {
    /// `sum[i](..)`
    Sum,
    /// `prod[i](..)`
    Product,
    /// `array[i,j](..)`: the vector or matrix whose entries are given.
    Array,
}

/// The forms of an expression. Lists hold at least two items unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `2`, `0.5`, `1e-3`
    Number(Number),
    /// `x`, `W_q`, `lambda`
    Name(String),
    /// `-a`
    Negate(Box<Expr>),
    /// `a + b - c`; the first sign is `Plus` (a leading minus is [`ExprKind::Negate`]).
    Sum(Vec<(Sign, Expr)>),
    /// `A*B*C`: matrix product, or scaling where one side is a scalar; associates to the left.
    Product(Vec<Expr>),
    /// `A .* B .* C`
    Hadamard(Vec<Expr>),
    /// `A / s`
    Quotient(Box<Expr>, Box<Expr>),
    /// `A ./ B`
    ElementQuotient(Box<Expr>, Box<Expr>),
    /// `kron(A, B)` is a call; this is `A ⊗ B ⊗ C`.
    Kronecker(Vec<Expr>),
    /// `a^b`
    Power(Box<Expr>, Box<Expr>),
    /// `a.^b`
    ElementPower(Box<Expr>, Box<Expr>),
    /// `A'`
    Transpose(Box<Expr>),
    /// `f(a, b)`; the list may hold any number of arguments. `‖x‖` is read as `norm(x)`.
    Call(Ident, Vec<Expr>),
    /// `[A, B; C, D]`: rows of blocks; one row or one column is allowed.
    Block(Vec<Vec<Expr>>),
    /// `X[i,j]`, `inv(A)[i,j]`, `delta[i,j]`, `eps[i,j,k]`: at least one index.
    Element(Box<Expr>, Vec<Index>),
    /// `sum[i,j](e)`, `prod[i](e)`, `array[i,j](e)`: at least one index.
    Big(Big, Vec<Ident>, Box<Expr>),
    /// `d/dX e`, `d/dx[l] e`
    Derivative(Box<Variable>, Box<Expr>),
    /// What could not be read; a diagnostic says why.
    Error,
}

/// What is differentiated by: a symbol, or one of its elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The symbol.
    pub name: Ident,
    /// The indices, when one element was named; empty otherwise.
    pub element: Vec<Index>,
}

/// A dimension as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DimExpr {
    /// `n`
    Name(Ident),
    /// `3`
    Literal(u64, Span),
    /// `m*n`
    Product(Vec<DimExpr>),
    /// `m + n`
    Sum(Vec<DimExpr>),
}

/// `x, y in R^(m,n) symmetric`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The names declared.
    pub names: Vec<Ident>,
    /// Its dimensions: none for a scalar, one for a vector, two for a matrix.
    pub dims: Vec<DimExpr>,
    /// Its properties, as written; the parser has refused unknown ones.
    pub properties: Vec<Ident>,
    /// The whole declaration.
    pub span: Span,
}

/// The derivative that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The variables, outermost derivative first: `d/dx d/dy f` is `[x, y]`. Empty when only an expression was given.
    pub by: Vec<Variable>,
    /// The expression.
    pub body: Expr,
    /// The upper limits of sums by hand.
    pub limits: Vec<Limit>,
    /// The free indices in the order in which they name rows and columns, if one was given.
    pub free: Vec<Ident>,
}

/// The upper limit of a bound index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Where the index is bound.
    pub index: Span,
    /// Up to where it runs.
    pub to: DimExpr,
}

/// Declarations and one question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// The declarations in order.
    pub declarations: Vec<Declaration>,
    /// The question, if one was read.
    pub question: Option<Question>,
    /// How it writes sums over indices; the question itself has them all.
    pub notation: Notation,
}
