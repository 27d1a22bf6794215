//! Nodes to syntax trees, and so to text in the input language.
//!
//! In: a node of a derivation. Out: an [`Expr`] that the printer prints and the parser reads back.
//! Left to others: two-dimensional notation. A tree can be larger than the table it comes from, so it is bounded.

mod extents;
mod fraction;
mod habits;

use crate::derivation::{Condition, ConditionKind, Derivation, Named};
use crate::dim::Dim;
use crate::node::{IndexId, Node, NodeId};
use einstep_syntax::{Big, Expr, ExprKind, Ident, Index, Number, Sign, Span, Variable, print};
use extents::Extents;
use habits::Habits;
use std::collections::BTreeMap;

/// The greatest number of nodes of a tree made here.
pub const MAX_TREE: usize = 200_000;

/// The greatest height of a tree made here.
const MAX_HEIGHT: usize = 1000;

/// A node as text in the input language; `None` when the tree would be too large.
///
/// Indices of an element stand in brackets, sums name their indices: `sum[k](V[k,p]*W[q,k])`.
pub fn text(derivation: &Derivation, id: NodeId) -> Option<String> {
    Texts::new(derivation).text(id)
}

/// The condition that a step needs of a node, with its text.
pub fn condition(derivation: &Derivation, node: NodeId, relation: ConditionKind, step: u32) -> Condition {
    Texts::new(derivation).condition(node, relation, step)
}

/// A node as a syntax tree; `None` when the tree would be too large.
pub fn syntax(derivation: &Derivation, id: NodeId) -> Option<Expr> {
    Texts::new(derivation).syntax(id)
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

/// The texts of the nodes of one derivation. Where many are wanted, this reads the derivation once.
#[derive(Debug)]
pub struct Texts<'a> {
    derivation: &'a Derivation,
    habits: Habits,
    extents: Extents<'a>,
    /// What stands for a node wherever it occurs inside another.
    names: BTreeMap<NodeId, &'a str>,
    left: usize,
    room: usize,
    /// Whether the size of an identity must be told, because nothing around it has that size.
    sized: bool,
}

impl<'a> Texts<'a> {
    /// Texts that stand for themselves.
    pub fn new(derivation: &'a Derivation) -> Texts<'a> {
        Texts::with_names(derivation, &[])
    }

    /// Texts in which these nodes are called by their names, except at the top: so the text of a named node is its
    /// definition.
    pub fn with_names(derivation: &'a Derivation, names: &'a [Named]) -> Texts<'a> {
        Texts {
            derivation,
            habits: Habits::of(&derivation.problem.expression),
            extents: Extents::of(derivation),
            names: names.iter().map(|named| (named.node, named.name.as_str())).collect(),
            left: 0,
            room: 0,
            sized: false,
        }
    }

    /// A node as text; `None` when the tree would be too large.
    pub fn text(&mut self, id: NodeId) -> Option<String> {
        self.syntax(id).map(|expr| print(&expr))
    }

    /// The condition that a step needs of a node, with its text.
    pub fn condition(&mut self, node: NodeId, relation: ConditionKind, step: u32) -> Condition {
        let (before, behind) = relation.words();
        let text = format!("{before}{}{behind}", self.text(node).unwrap_or_else(|| "an expression".into()));
        Condition { node, relation, text, step }
    }

    /// A node as a syntax tree; `None` when the tree would be too large.
    pub fn syntax(&mut self, id: NodeId) -> Option<Expr> {
        (self.left, self.room, self.sized) = (MAX_TREE, MAX_HEIGHT, false);
        let own = self.names.remove(&id);
        let expr = self.expr(id);
        self.names.extend(own.map(|name| (id, name)));
        expr
    }

    fn expr(&mut self, id: NodeId) -> Option<Expr> {
        if let Some(named) = self.names.get(&id) {
            return Some(name(named.to_string()));
        }
        self.left = self.left.checked_sub(1)?;
        self.room = self.room.checked_sub(1)?;
        let expr = self.node(id);
        self.room += 1;
        expr
    }

    fn node(&mut self, id: NodeId) -> Option<Expr> {
        let derivation = self.derivation;
        Some(match &derivation.nodes[id.at()] {
            Node::Number { .. } | Node::Mul { .. } | Node::Hadamard { .. } => self.fraction(id)?.finish(&self.habits),
            Node::Power { base, exponent } => match self.number(*exponent) {
                Some((true, ..)) => self.fraction(id)?.finish(&self.habits),
                Some((false, num, den)) => self.power(*base, num, den)?,
                None => {
                    let pair = [*base, *exponent].map(|id| self.expr(id));
                    let [Some(b), Some(e)] = pair else { return None };
                    let (b, e) = (Box::new(b), Box::new(e));
                    let elementwise = self.extents.is_array(*base) || self.extents.is_array(*exponent);
                    Expr::new(if elementwise { ExprKind::ElementPower(b, e) } else { ExprKind::Power(b, e) })
                }
            },
            Node::Size { dim } => dim_expr(dim)?,
            Node::Symbol { symbol } => name(derivation.symbols[symbol.at()].name.clone()),
            // The size of one that stands for stacked columns is not told by what it stands beside.
            Node::Identity { dim } if self.sized || dim.is_composed() || self.is_symbol("I") => {
                call("eye", vec![dim_expr(dim)?])
            }
            Node::Identity { .. } => name("I".into()),
            Node::Ones { shape } => constant("ones", shape)?,
            Node::Zeros { shape } if shape.is_empty() => integer("0"),
            Node::Zeros { shape } => constant("zeros", shape)?,
            Node::Add { args } => {
                let mut terms = Vec::with_capacity(args.len());
                for (position, &arg) in args.iter().enumerate() {
                    let mut fraction = self.fraction(arg)?;
                    let negative = position > 0 && std::mem::take(&mut fraction.negative);
                    let term = fraction.finish(&self.habits);
                    terms.push((if negative { Sign::Minus } else { Sign::Plus }, term));
                }
                sum(terms)
            }
            Node::Matmul { args } => product(self.exprs(args)?),
            Node::Transpose { arg } => Expr::new(ExprKind::Transpose(Box::new(self.expr(*arg)?))),
            Node::Matpow { base, exponent } => {
                let exponent = integer(&exponent.to_string());
                Expr::new(ExprKind::Power(Box::new(self.expr(*base)?), Box::new(exponent)))
            }
            Node::Block { blocks } => Expr::new(ExprKind::Block(self.blocks(blocks)?)),
            Node::Call { name, args } if args.is_empty() => self.named_constant(name),
            Node::Call { name, args } => call(name, args.iter().map(|&arg| self.argument(arg)).collect::<Option<_>>()?),
            Node::Fn { name, arg } => call(name, vec![self.argument(*arg)?]),
            Node::Elem { of, at } => Expr::new(ExprKind::Element(Box::new(self.argument(*of)?), self.indices(at))),
            Node::Delta { at } => Expr::new(ExprKind::Element(Box::new(name("delta".into())), self.indices(at))),
            Node::Eps { at } => Expr::new(ExprKind::Element(Box::new(name("eps".into())), self.indices(at))),
            Node::Array { over, rows, body } => {
                let array = self.big(Big::Array, over, *body)?;
                match usize::from(*rows) {
                    0 => Expr::new(ExprKind::Transpose(Box::new(array))),
                    // Several indices of the rows of a column: those of `vec`.
                    2.. if usize::from(*rows) == over.len() => call("vec", vec![array]),
                    _ => array,
                }
            }
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

    /// The blocks of a block matrix. A neighbour that is no identity tells the size of an identity.
    fn blocks(&mut self, blocks: &[Vec<NodeId>]) -> Option<Vec<Vec<Expr>>> {
        let is_told: Vec<Vec<bool>> =
            blocks.iter().map(|row| row.iter().map(|&block| !self.extents.is_identity(block)).collect()).collect();
        let mut rows = Vec::with_capacity(blocks.len());
        for (row, told) in blocks.iter().zip(&is_told) {
            let mut exprs = Vec::with_capacity(row.len());
            for (column, &block) in row.iter().enumerate() {
                let tells = told.contains(&true) || is_told.iter().any(|row| row.get(column) == Some(&true));
                let sized = std::mem::replace(&mut self.sized, !tells);
                let expr = self.expr(block);
                self.sized = sized;
                exprs.push(expr?);
            }
            rows.push(exprs);
        }
        Some(rows)
    }

    /// An argument of a function, the base of a power, or what an element is taken of: nothing outside tells the size of an identity in it.
    fn argument(&mut self, id: NodeId) -> Option<Expr> {
        let sized = std::mem::replace(&mut self.sized, self.extents.is_identity(id));
        let expr = self.expr(id);
        self.sized = sized;
        expr
    }

    fn big(&mut self, big: Big, over: &[IndexId], body: NodeId) -> Option<Expr> {
        let over = over.iter().map(|index| ident(self.letter(*index))).collect();
        Some(Expr::new(ExprKind::Big(big, over, Box::new(self.expr(body)?))))
    }

    fn letter(&self, index: IndexId) -> String {
        self.derivation.indices[index.at()].name.clone()
    }

    fn indices(&self, at: &[IndexId]) -> Vec<Index> {
        let index = |index: &IndexId| match self.derivation.indices[index.at()].position() {
            Some(position) => Index::Literal(position, Span::default()),
            None => Index::Name(ident(self.letter(*index))),
        };
        at.iter().map(index).collect()
    }

    fn is_symbol(&self, name: &str) -> bool {
        self.derivation.symbols.iter().any(|symbol| symbol.name == name)
    }

    /// `e` and `pi`, by their values where a symbol has that name.
    fn named_constant(&self, constant: &str) -> Expr {
        match constant {
            "e" if self.is_symbol("e") => call("exp", vec![integer("1")]),
            "pi" if self.is_symbol("pi") => product(vec![integer("4"), call("atan", vec![integer("1")])]),
            _ => name(constant.into()),
        }
    }

    fn number(&self, id: NodeId) -> Option<(bool, &'a str, &'a str)> {
        match &self.derivation.nodes[id.at()] {
            Node::Number { value } => value.parts(),
            _ => None,
        }
    }

    /// A base to the power num/den.
    fn power(&mut self, base: NodeId, num: &str, den: &str) -> Option<Expr> {
        let entrywise = self.extents.is_array(base);
        let mut base = self.argument(base)?;
        if den == "2" {
            // sqrt(x)^3 is shorter than x^(3/2).
            base = call("sqrt", vec![base]);
        }
        let exponent = match (num, den) {
            ("1", "1" | "2") => return Some(base),
            ("2", "1") if entrywise && self.habits.squares => return Some(call("square", vec![base])),
            (_, "1" | "2") => integer(num),
            _ => quotient(integer(num), integer(den)),
        };
        let (base, exponent) = (Box::new(base), Box::new(exponent));
        Some(Expr::new(match entrywise {
            true => ExprKind::ElementPower(base, exponent),
            false => ExprKind::Power(base, exponent),
        }))
    }
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

fn quotient(over: Expr, under: Expr) -> Expr {
    Expr::new(ExprKind::Quotient(Box::new(over), Box::new(under)))
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
