//! Nodes to syntax trees, and so to text in the input language.
//!
//! In: a node of a derivation. Out: an [`Expr`] that the printer prints and the parser reads back.
//! Left to others: two-dimensional notation. A tree can be larger than the table it comes from, so it is bounded.

use crate::derivation::Derivation;
use crate::dim::Dim;
use crate::node::{IndexId, Node, NodeId, Rational};
use einstep_syntax::{Big, Expr, ExprKind, Ident, Index, Number, Sign, Span, Variable, print};

/// The greatest number of nodes of a tree made here.
pub const MAX_TREE: usize = 200_000;

/// The greatest height of a tree made here.
const MAX_HEIGHT: usize = 1000;

/// A node as text in the input language; `None` when the tree would be too large.
///
/// Indices of an element stand in brackets, sums name their indices: `sum[k](V[k,p]*W[q,k])`.
pub fn text(derivation: &Derivation, id: NodeId) -> Option<String> {
    syntax(derivation, id).map(|expr| print(&expr))
}

/// A node as a syntax tree; `None` when the tree would be too large.
pub fn syntax(derivation: &Derivation, id: NodeId) -> Option<Expr> {
    let mut writer = Writer { derivation, left: MAX_TREE, room: MAX_HEIGHT };
    writer.expr(id)
}

/// A dimension as an expression: a name, an integer, or a sum of products of these.
pub fn dim_expr(dim: &Dim) -> Option<Expr> {
    let terms = dim.terms()?.into_iter().map(|(coefficient, names)| {
        let mut factors = Vec::new();
        if coefficient != 1 || names.is_empty() {
            factors.push(integer(&coefficient.to_string()));
        }
        factors.extend(names.into_iter().map(name));
        product(factors)
    });
    Some(sum(terms.map(|term| (Sign::Plus, term)).collect()))
}

struct Writer<'a> {
    derivation: &'a Derivation,
    left: usize,
    room: usize,
}

/// A product under construction: what stands over the fraction bar, and what below.
#[derive(Default)]
struct Fraction {
    negative: bool,
    over: Vec<Expr>,
    under: Vec<Expr>,
    /// The factors of an elementwise product that stands last.
    entrywise: Vec<NodeId>,
}

impl<'a> Writer<'a> {
    fn expr(&mut self, id: NodeId) -> Option<Expr> {
        self.left = self.left.checked_sub(1)?;
        self.room = self.room.checked_sub(1)?;
        let expr = self.unfolded(id);
        self.room += 1;
        expr
    }

    fn unfolded(&mut self, id: NodeId) -> Option<Expr> {
        let derivation = self.derivation;
        Some(match &derivation.nodes[id.at()] {
            Node::Number { .. } | Node::Mul { .. } | Node::Hadamard { .. } => self.fraction(id)?.finish(),
            Node::Power { base, exponent } => match self.number(*exponent) {
                Some((true, _, _)) => self.fraction(id)?.finish(),
                Some((false, "1", "2")) => call("sqrt", vec![self.expr(*base)?]),
                _ => {
                    let pair = [*base, *exponent].map(|id| self.expr(id));
                    let [Some(b), Some(e)] = pair else { return None };
                    let (b, e) = (Box::new(b), Box::new(e));
                    let elementwise = self.is_array(*base) || self.is_array(*exponent);
                    Expr::new(if elementwise { ExprKind::ElementPower(b, e) } else { ExprKind::Power(b, e) })
                }
            },
            Node::Size { dim } => dim_expr(dim)?,
            Node::Symbol { symbol } => name(derivation.symbols[symbol.at()].name.clone()),
            Node::Identity { dim } => {
                if derivation.symbols.iter().any(|symbol| symbol.name == "I") {
                    call("eye", vec![dim_expr(dim)?])
                } else {
                    name("I".into())
                }
            }
            Node::Ones { shape } => constant("ones", shape)?,
            Node::Zeros { shape } if shape.is_empty() => integer("0"),
            Node::Zeros { shape } => constant("zeros", shape)?,
            Node::Add { args } => {
                let mut terms = Vec::with_capacity(args.len());
                for (position, &arg) in args.iter().enumerate() {
                    let mut fraction = self.fraction(arg)?;
                    let negative = position > 0 && std::mem::take(&mut fraction.negative);
                    terms.push((if negative { Sign::Minus } else { Sign::Plus }, fraction.finish()));
                }
                sum(terms)
            }
            Node::Matmul { args } => product(self.exprs(args)?),
            Node::Transpose { arg } => Expr::new(ExprKind::Transpose(Box::new(self.expr(*arg)?))),
            Node::Matpow { base, exponent } => {
                let exponent = integer(&exponent.to_string());
                Expr::new(ExprKind::Power(Box::new(self.expr(*base)?), Box::new(exponent)))
            }
            Node::Call { name, args } if args.is_empty() => self::name(name.clone()),
            Node::Call { name, args } => {
                // The size of an argument `I` could not be told.
                let argument = |&arg: &NodeId| match &derivation.nodes[arg.at()] {
                    Node::Identity { dim } => Some(call("eye", vec![dim_expr(dim)?])),
                    _ => self.expr(arg),
                };
                call(name, args.iter().map(argument).collect::<Option<_>>()?)
            }
            Node::Fn { name, arg } => call(name, vec![self.expr(*arg)?]),
            Node::Elem { of, at } => Expr::new(ExprKind::Element(Box::new(self.expr(*of)?), self.indices(at))),
            Node::Delta { at } => Expr::new(ExprKind::Element(Box::new(name("delta".into())), self.indices(at))),
            Node::Eps { at } => Expr::new(ExprKind::Element(Box::new(name("eps".into())), self.indices(at))),
            Node::Array { over, body, .. } => self.big(Big::Array, over, *body)?,
            Node::Sum { over, body } => self.big(Big::Sum, over, *body)?,
            Node::Prod { over, body } => self.big(Big::Product, over, *body)?,
            Node::Partial { body, by, .. } => {
                let (symbol, element) = match &derivation.nodes[by.at()] {
                    Node::Elem { of, at } => (*of, self.indices(at)),
                    _ => (*by, vec![]),
                };
                let Node::Symbol { symbol } = &derivation.nodes[symbol.at()] else { return None };
                let name = ident(derivation.symbols[symbol.at()].name.clone());
                let body = Box::new(self.expr(*body)?);
                Expr::new(ExprKind::Derivative(Box::new(Variable { name, element }), body))
            }
        })
    }

    fn exprs(&mut self, ids: &[NodeId]) -> Option<Vec<Expr>> {
        ids.iter().map(|&id| self.expr(id)).collect()
    }

    fn big(&mut self, big: Big, over: &[IndexId], body: NodeId) -> Option<Expr> {
        let over = over.iter().map(|index| ident(self.letter(*index))).collect();
        Some(Expr::new(ExprKind::Big(big, over, Box::new(self.expr(body)?))))
    }

    fn letter(&self, index: IndexId) -> String {
        self.derivation.indices[index.at()].name.clone()
    }

    fn indices(&self, at: &[IndexId]) -> Vec<Index> {
        at.iter().map(|index| Index::Name(ident(self.letter(*index)))).collect()
    }

    fn number(&self, id: NodeId) -> Option<(bool, &'a str, &'a str)> {
        match &self.derivation.nodes[id.at()] {
            Node::Number { value } => value.parts(),
            _ => None,
        }
    }

    /// Whether a node is a vector, a row or a matrix.
    fn is_array(&self, id: NodeId) -> bool {
        self.extents(id, MAX_HEIGHT) != [false, false]
    }

    /// Whether there is more than one row, and more than one column.
    fn extents(&self, id: NodeId, room: usize) -> [bool; 2] {
        let Some(room) = room.checked_sub(1) else { return [false, false] };
        let of = |id: NodeId| self.extents(id, room);
        let wide = |shape: &[Dim]| match shape {
            [] => [false, false],
            [_] => [true, false],
            [m, n, ..] => [!m.is_one(), !n.is_one()],
        };
        let widest =
            |ids: &[NodeId]| ids.iter().map(|&id| of(id)).find(|wide| *wide != [false, false]).unwrap_or_default();
        match &self.derivation.nodes[id.at()] {
            Node::Symbol { symbol } => wide(&self.derivation.symbols[symbol.at()].shape),
            Node::Ones { shape } | Node::Zeros { shape } => wide(shape),
            Node::Identity { .. } | Node::Matpow { .. } => [true, true],
            Node::Add { args } | Node::Hadamard { args } => widest(args),
            Node::Power { base, exponent } => widest(&[*base, *exponent]),
            Node::Mul { args } => args.last().map_or([false, false], |&last| of(last)),
            Node::Matmul { args } => match args.as_slice() {
                [first, .., last] => [of(*first)[0], of(*last)[1]],
                _ => [false, false],
            },
            Node::Transpose { arg } => {
                let [rows, cols] = of(*arg);
                [cols, rows]
            }
            Node::Fn { arg, .. } => of(*arg),
            Node::Array { over, rows, .. } => [*rows > 0, over.len() > usize::from(*rows)],
            Node::Call { name, args } => match (name.as_str(), args.as_slice()) {
                ("inv" | "adj" | "sym" | "skew" | "outer", _) => [true, true],
                ("tril" | "triu" | "softmax", [arg, ..]) => of(*arg),
                ("diag", [arg]) => [true, !of(*arg)[1]],
                ("pinv", [arg]) => [of(*arg)[1], of(*arg)[0]],
                ("vec" | "cross", _) => [true, false],
                ("kron", [a, b]) => [of(*a)[0] || of(*b)[0], of(*a)[1] || of(*b)[1]],
                ("sum" | "mean" | "prod" | "norm" | "logsumexp", [arg, _]) => match self.number(args[1]) {
                    Some((_, "1", _)) => [false, of(*arg)[1]],
                    _ => [of(*arg)[0], false],
                },
                _ => [false, false],
            },
            _ => [false, false],
        }
    }

    /// A number, product or power with its sign and denominators apart.
    fn fraction(&mut self, id: NodeId) -> Option<Fraction> {
        let derivation = self.derivation;
        let mut fraction = Fraction::default();
        let args = match &derivation.nodes[id.at()] {
            Node::Mul { args } => args.as_slice(),
            _ => &[id],
        };
        for (position, &arg) in args.iter().enumerate() {
            let last = position + 1 == args.len();
            match &derivation.nodes[arg.at()] {
                Node::Number { value: Rational(_) } => {
                    let (negative, num, den) = self.number(arg)?;
                    fraction.negative ^= negative;
                    if num != "1" || args.len() == 1 {
                        fraction.over.push(integer(num));
                    }
                    if den != "1" {
                        fraction.under.push(integer(den));
                    }
                }
                Node::Hadamard { args } if last => fraction.entrywise = args.clone(),
                Node::Power { exponent, .. } => match self.number(*exponent) {
                    Some((true, ..)) if self.is_array(arg) => fraction.entrywise = vec![arg],
                    Some((true, ..)) => {
                        let power = self.reciprocal(arg)?;
                        fraction.under.push(power);
                    }
                    _ => fraction.over.push(self.expr(arg)?),
                },
                Node::Matmul { args: chain } if last => {
                    fraction.over.extend(self.exprs(chain)?);
                }
                _ => fraction.over.push(self.expr(arg)?),
            }
        }
        let entrywise = std::mem::take(&mut fraction.entrywise);
        self.elementwise(fraction, &entrywise)
    }

    /// What stands below the bar for a power with a negative exponent.
    fn reciprocal(&mut self, id: NodeId) -> Option<Expr> {
        let Node::Power { base, exponent } = &self.derivation.nodes[id.at()] else { return None };
        let (_, num, den) = self.number(*exponent)?;
        let (entrywise, base) = (self.is_array(*base), self.expr(*base)?);
        Some(power(base, num, den, entrywise))
    }

    /// The scalars in front of an elementwise product with that product: a ./ divides by its negative powers.
    fn elementwise(&mut self, fraction: Fraction, factors: &[NodeId]) -> Option<Fraction> {
        if factors.is_empty() {
            return Some(fraction);
        }
        let negative = fraction.negative;
        let (mut over, mut under) = (Vec::new(), Vec::new());
        for &factor in factors {
            let is_reciprocal = match &self.derivation.nodes[factor.at()] {
                Node::Power { exponent, .. } => matches!(self.number(*exponent), Some((true, ..))),
                _ => false,
            };
            match is_reciprocal {
                true => under.push(self.reciprocal(factor)?),
                false => over.push(self.expr(factor)?),
            }
        }
        // Scalars scale the first factor; without one they are what is divided.
        if over.is_empty() || !fraction.over.is_empty() || !fraction.under.is_empty() {
            let first = if over.is_empty() { None } else { Some(over.remove(0)) };
            let mut scalars = Fraction { negative: false, ..fraction };
            match first.map(|first| first.kind) {
                Some(ExprKind::Product(chain)) if scalars.under.is_empty() => scalars.over.extend(chain),
                Some(kind) => scalars.over.push(Expr::new(kind)),
                None => {}
            }
            over.insert(0, scalars.finish());
        }
        let mut expr = if over.len() == 1 { over.remove(0) } else { Expr::new(ExprKind::Hadamard(over)) };
        if !under.is_empty() {
            let below = if under.len() == 1 { under.remove(0) } else { Expr::new(ExprKind::Hadamard(under)) };
            expr = Expr::new(ExprKind::ElementQuotient(Box::new(expr), Box::new(below)));
        }
        Some(Fraction { negative, over: vec![expr], ..Fraction::default() })
    }
}

impl Fraction {
    fn finish(mut self) -> Expr {
        // A purely numeric denominator stays with the coefficient: 2/3*x, but x/(2*s).
        let numeric = |expr: &Expr| matches!(expr.kind, ExprKind::Number(_));
        if self.under.len() == 1 && numeric(&self.under[0]) && self.over.first().is_none_or(|first| !numeric(first)) {
            self.over.insert(0, integer("1"));
        }
        if self.under.len() == 1 && numeric(&self.under[0]) {
            let first = self.over.remove(0);
            let quotient = ExprKind::Quotient(Box::new(first), Box::new(self.under.remove(0)));
            self.over.insert(0, Expr::new(quotient));
        }
        if self.over.is_empty() {
            self.over.push(integer("1"));
        }
        let mut expr = product(self.over);
        if !self.under.is_empty() {
            expr = Expr::new(ExprKind::Quotient(Box::new(expr), Box::new(product(self.under))));
        }
        if self.negative { Expr::new(ExprKind::Negate(Box::new(expr))) } else { expr }
    }
}

fn power(base: Expr, num: &str, den: &str, entrywise: bool) -> Expr {
    let exponent = match (num, den) {
        ("1", "1") => return base,
        ("1", "2") => return call("sqrt", vec![base]),
        (_, "1") => integer(num),
        _ => Expr::new(ExprKind::Quotient(Box::new(integer(num)), Box::new(integer(den)))),
    };
    let (base, exponent) = (Box::new(base), Box::new(exponent));
    Expr::new(if entrywise { ExprKind::ElementPower(base, exponent) } else { ExprKind::Power(base, exponent) })
}

fn constant(what: &str, shape: &[Dim]) -> Option<Expr> {
    Some(call(what, shape.iter().map(dim_expr).collect::<Option<Vec<_>>>()?))
}

fn ident(name: String) -> Ident {
    Ident { name, span: Span::default() }
}

fn name(name: String) -> Expr {
    Expr::new(ExprKind::Name(name))
}

fn integer(digits: &str) -> Expr {
    Expr::new(ExprKind::Number(Number { digits: digits.to_string(), exponent: 0 }))
}

fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::new(ExprKind::Call(ident(name.to_string()), args))
}

fn product(mut factors: Vec<Expr>) -> Expr {
    match factors.len() {
        1 => factors.remove(0),
        _ => Expr::new(ExprKind::Product(factors)),
    }
}

fn sum(mut terms: Vec<(Sign, Expr)>) -> Expr {
    match terms.len() {
        1 => terms.remove(0).1,
        _ => Expr::new(ExprKind::Sum(terms)),
    }
}
