//! Expressions with shapes.
//!
//! In: their parts. Out: texts, and shorter expressions of the same shape. Left to others: choosing them.

use super::symbols::{Dim, SYMBOLS, Shape};
use einstep::syntax::{Expr, ExprKind, Ident, Sign, Span, parse_expression, print};

/// What an expression does with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// A text without parts.
    Leaf(String),
    /// `-a`
    Negate,
    /// `a'`
    Transpose,
    /// `a + b`
    Plus,
    /// `a - b`
    Minus,
    /// `a*b`
    Times,
    /// `a/b`
    Over,
    /// `a .* b`
    Hadamard,
    /// `a ./ b`
    ElementOver,
    /// `a^p` with the text of the exponent
    Power(&'static str),
    /// `a.^p`
    ElementPower(&'static str),
    /// `f(a,b)`, with an axis behind the parts
    Call(&'static str, Option<u8>),
    /// A text in which `p_0`, `p_1`, .. stand for the parts
    Template(&'static str),
}

/// An expression with its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Its shape.
    pub shape: Shape,
    /// What it does.
    pub head: Head,
    /// With what.
    pub parts: Vec<Tree>,
}

impl Tree {
    /// An expression.
    pub fn new(shape: Shape, head: Head, parts: Vec<Tree>) -> Tree {
        Tree { shape, head, parts }
    }

    /// An expression without parts.
    pub fn leaf(shape: Shape, text: impl Into<String>) -> Tree {
        Tree::new(shape, Head::Leaf(text.into()), vec![])
    }

    /// How many heads there are.
    pub fn size(&self) -> usize {
        1 + self.parts.iter().map(Tree::size).sum::<usize>()
    }

    /// Whether a name occurs.
    pub fn mentions(&self, name: &str) -> bool {
        let own = match &self.head {
            Head::Leaf(text) => text == name,
            Head::Power(text) | Head::ElementPower(text) => *text == name,
            _ => false,
        };
        own || self.parts.iter().any(|part| part.mentions(name))
    }

    /// Whether a dimension occurs, as a number or as a size.
    pub fn uses(&self, dim: Dim) -> bool {
        let own = match &self.head {
            Head::Leaf(text) => text.split(|c: char| !c.is_alphanumeric()).any(|word| word == dim.text()),
            _ => false,
        };
        own || self.parts.iter().any(|part| part.uses(dim))
    }

    /// The transposed expression, without a transpose of a transpose.
    pub fn turned(self) -> Tree {
        let shape = self.shape.transposed();
        match (self.head, <[Tree; 1]>::try_from(self.parts)) {
            (Head::Transpose, Ok([part])) => part,
            (head, parts) => {
                let parts = parts.map_or_else(|parts| parts, Vec::from);
                Tree::new(shape, Head::Transpose, vec![Tree::new(shape.transposed(), head, parts)])
            }
        }
    }

    /// The expression in the input language.
    pub fn text(&self) -> String {
        print(&self.expr())
    }

    /// The expression as syntax.
    pub fn expr(&self) -> Expr {
        let mut parts = self.parts.iter().map(Tree::expr);
        let mut next = || Box::new(parts.next().unwrap_or(Expr::new(ExprKind::Error)));
        Expr::new(match &self.head {
            Head::Leaf(text) => return parse_expression(text, 0).value,
            Head::Template(text) => {
                let parts: Vec<Expr> = parts.collect();
                let mut whole = parse_expression(text, 0).value;
                put(&mut whole, &parts);
                return whole;
            }
            Head::Negate => ExprKind::Negate(next()),
            Head::Transpose => ExprKind::Transpose(next()),
            Head::Plus => summed(*next(), Sign::Plus, *next()),
            Head::Minus => summed(*next(), Sign::Minus, *next()),
            Head::Times => multiplied(*next(), *next()),
            Head::Over => ExprKind::Quotient(next(), next()),
            Head::Hadamard => ExprKind::Hadamard(vec![*next(), *next()]),
            Head::ElementOver => ExprKind::ElementQuotient(next(), next()),
            Head::Power(exponent) => ExprKind::Power(next(), Box::new(parse_expression(exponent, 0).value)),
            Head::ElementPower(exponent) => {
                ExprKind::ElementPower(next(), Box::new(parse_expression(exponent, 0).value))
            }
            Head::Call(name, axis) => {
                let axis = axis.map(|axis| parse_expression(&axis.to_string(), 0).value);
                let name = Ident { name: name.to_string(), span: Span::default() };
                ExprKind::Call(name, parts.chain(axis).collect())
            }
        })
    }

    /// Shorter expressions of the same shape: a part of the same shape or a plain symbol in place of something, at one place.
    pub fn shorter(&self) -> Vec<Tree> {
        let mut found = Vec::new();
        self.descendants(&mut |part| {
            if part.shape == self.shape {
                found.push(part.clone());
            }
        });
        if !self.parts.is_empty() {
            found.extend(plain(self.shape));
        }
        for (position, part) in self.parts.iter().enumerate() {
            for shorter in part.shorter() {
                let mut tree = self.clone();
                tree.parts[position] = shorter;
                found.push(tree);
            }
        }
        found
    }

    fn descendants(&self, visit: &mut impl FnMut(&Tree)) {
        for part in &self.parts {
            visit(part);
            part.descendants(visit);
        }
    }
}

/// Puts parts for `p_0`, `p_1`, ..
fn put(expr: &mut Expr, parts: &[Expr]) {
    if let ExprKind::Name(name) = &expr.kind
        && let Some(part) = name.strip_prefix("p_").and_then(|number| parts.get(number.parse::<usize>().ok()?))
    {
        *expr = part.clone();
        return;
    }
    expr.parts_mut().into_iter().for_each(|child| put(child, parts));
}

/// A sum, without brackets around its first part.
fn summed(first: Expr, sign: Sign, last: Expr) -> ExprKind {
    let mut terms = match first.kind {
        ExprKind::Sum(terms) => terms,
        kind => vec![(Sign::Plus, Expr::new(kind))],
    };
    terms.push((sign, last));
    ExprKind::Sum(terms)
}

/// A product, without brackets around its first part.
fn multiplied(first: Expr, last: Expr) -> ExprKind {
    let mut factors = match first.kind {
        ExprKind::Product(factors) => factors,
        kind => vec![Expr::new(kind)],
    };
    factors.push(last);
    ExprKind::Product(factors)
}

/// The symbols of a shape, and those that have it transposed.
fn plain(shape: Shape) -> Vec<Tree> {
    let own = SYMBOLS.iter().filter(|symbol| symbol.shape == shape).map(|symbol| Tree::leaf(shape, symbol.name));
    let turned = SYMBOLS.iter().filter(|symbol| symbol.shape == shape.transposed() && shape.rows != shape.cols);
    let turned = turned.map(|symbol| Tree::leaf(symbol.shape, symbol.name).turned());
    let one = (shape.rows == Dim::One && shape.cols == Dim::One).then(|| Tree::leaf(shape, "2"));
    own.chain(turned).chain(one).collect()
}
