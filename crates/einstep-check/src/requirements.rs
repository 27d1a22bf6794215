//! What the functions of a problem ask of the entries that are drawn.
//!
//! In: the nodes of a derivation, and expressions as written. Out: which symbols are drawn positive, as integers, or
//! between -1 and 1; whether signs are a coin toss, so that more points are needed.
//! Left to others: drawing. What a compound argument needs is left to chance.

use crate::draw::Manner;
use crate::letters::children;
use einstep_syntax::{Expr, ExprKind, Number};
use einstep_trace::{Derivation, Node, NodeId, SymbolId};
use rustc_hash::FxHashSet;

/// What is asked of the entries of symbols.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requirements {
    pub(crate) manner: Manner,
    /// Whether the value of something depends on the sign of a drawn value.
    pub(crate) has_signs: bool,
}

/// What a function asks of its argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// To be positive: a root or a log.
    Positive,
    /// To lie between -1 and 1.
    Within,
    /// To be an integer: an exponent.
    Integer,
    Nothing,
}

const SIGNS: [&str; 5] = ["abs", "sign", "relu", "step", "norm1"];

fn asked_by(function: &str) -> Asked {
    match function {
        "log" | "ln" | "sqrt" => Asked::Positive,
        "asin" | "acos" | "arcsin" | "arccos" => Asked::Within,
        _ => Asked::Nothing,
    }
}

impl Requirements {
    /// What a derivation and some texts ask for.
    pub(crate) fn of(derivation: &Derivation, texts: &[&Expr]) -> Requirements {
        let mut requirements = Requirements::default();
        Nodes(derivation).ask(&mut requirements);
        for text in texts {
            Text(derivation).ask(text, &mut requirements);
        }
        let Manner { positive, within, integers, .. } = &mut requirements.manner;
        for symbols in [positive, within, integers] {
            symbols.sort_unstable();
            symbols.dedup();
        }
        requirements
    }

    fn add(&mut self, asked: Asked, symbols: impl IntoIterator<Item = SymbolId>) {
        match asked {
            Asked::Positive => self.manner.positive.extend(symbols),
            Asked::Within => self.manner.within.extend(symbols),
            Asked::Integer => self.manner.integers.extend(symbols),
            Asked::Nothing => {}
        }
    }
}

struct Nodes<'a>(&'a Derivation);

impl Nodes<'_> {
    fn ask(&self, requirements: &mut Requirements) {
        for node in &self.0.nodes {
            match node {
                Node::Fn { name, arg } => {
                    requirements.add(asked_by(name), self.factors(*arg));
                    requirements.has_signs |= SIGNS.contains(&name.as_str());
                }
                Node::Call { name, .. } => requirements.has_signs |= SIGNS.contains(&name.as_str()),
                Node::Power { base, exponent } => match &self.0.nodes[exponent.at()] {
                    Node::Number { value } if value.parts().is_some_and(|parts| parts.2 == "1") => {}
                    Node::Number { .. } => {
                        requirements.add(Asked::Positive, self.factors(*base));
                        requirements.has_signs |= self.is_product(*base);
                    }
                    _ => {
                        requirements.add(Asked::Positive, self.factors(*base));
                        requirements.add(Asked::Integer, symbols_below(self.0, vec![*exponent]));
                    }
                },
                _ => {}
            }
        }
    }

    /// The symbols in a product of entries, without their squares: where they are positive, it is.
    fn factors(&self, root: NodeId) -> Vec<SymbolId> {
        let mut symbols = Vec::new();
        let mut open = vec![root];
        let mut budget = 256;
        while let Some(id) = open.pop().filter(|_| budget > 0) {
            budget -= 1;
            match &self.0.nodes[id.at()] {
                Node::Symbol { symbol } => symbols.push(*symbol),
                Node::Elem { of: arg, .. } | Node::Transpose { arg } => open.push(*arg),
                Node::Power { base, exponent } if !self.is_even(*exponent) => open.push(*base),
                Node::Mul { args } | Node::Hadamard { args } => open.extend(args),
                _ => {}
            }
        }
        odd(symbols)
    }

    fn is_even(&self, exponent: NodeId) -> bool {
        let even = |number: &str| number.ends_with(['0', '2', '4', '6', '8']);
        matches!(&self.0.nodes[exponent.at()], Node::Number { value }
            if value.parts().is_some_and(|(_, num, den)| den == "1" && even(num)))
    }

    fn is_product(&self, id: NodeId) -> bool {
        matches!(self.0.nodes[id.at()], Node::Mul { .. } | Node::Hadamard { .. } | Node::Power { .. })
    }
}

/// The symbols below some nodes.
pub(crate) fn symbols_below(derivation: &Derivation, roots: Vec<NodeId>) -> FxHashSet<SymbolId> {
    let mut symbols = FxHashSet::default();
    let mut seen = FxHashSet::default();
    let mut open = roots;
    while let Some(id) = open.pop() {
        let node = &derivation.nodes[id.at()];
        if let Node::Symbol { symbol } = node {
            symbols.insert(*symbol);
        }
        if seen.insert(id) {
            open.extend(node.children());
        }
    }
    symbols
}

struct Text<'a>(&'a Derivation);

impl Text<'_> {
    fn ask(&self, expr: &Expr, requirements: &mut Requirements) {
        match &expr.kind {
            ExprKind::Call(name, args) => {
                requirements.has_signs |= SIGNS.contains(&name.name.as_str());
                for arg in args {
                    requirements.add(asked_by(&name.name), self.factors(arg));
                    requirements.has_signs |= name.name == "sqrt" && is_product(arg);
                }
            }
            ExprKind::Power(base, exponent) | ExprKind::ElementPower(base, exponent) if !is_whole(exponent) => {
                requirements.add(Asked::Positive, self.factors(base));
                requirements.add(Asked::Integer, self.symbols(exponent));
                requirements.has_signs |= is_product(base);
            }
            _ => {}
        }
        for part in children(expr) {
            self.ask(part, requirements);
        }
    }

    fn symbol(&self, name: &str) -> Option<SymbolId> {
        let position = self.0.symbols.iter().position(|symbol| symbol.name == name)?;
        Some(SymbolId(position as u32))
    }

    /// The symbols in a product of entries, without their squares.
    fn factors(&self, expr: &Expr) -> Vec<SymbolId> {
        odd(self.all_factors(expr))
    }

    fn all_factors(&self, expr: &Expr) -> Vec<SymbolId> {
        match &expr.kind {
            ExprKind::Name(name) => self.symbol(name).into_iter().collect(),
            ExprKind::Power(_, exponent) | ExprKind::ElementPower(_, exponent) if is_even(exponent) => vec![],
            ExprKind::Element(arg, _)
            | ExprKind::Transpose(arg)
            | ExprKind::Power(arg, _)
            | ExprKind::ElementPower(arg, _) => self.all_factors(arg),
            ExprKind::Product(args) | ExprKind::Hadamard(args) => {
                args.iter().flat_map(|arg| self.all_factors(arg)).collect()
            }
            ExprKind::Quotient(a, b) | ExprKind::ElementQuotient(a, b) => {
                [a, b].into_iter().flat_map(|arg| self.all_factors(arg)).collect()
            }
            _ => vec![],
        }
    }

    /// The symbols in an expression.
    fn symbols(&self, expr: &Expr) -> Vec<SymbolId> {
        let own = match &expr.kind {
            ExprKind::Name(name) => self.symbol(name),
            _ => None,
        };
        own.into_iter().chain(children(expr).into_iter().flat_map(|part| self.symbols(part))).collect()
    }
}

/// The symbols of a derivation that an expression names.
pub(crate) fn symbols_in(derivation: &Derivation, expr: &Expr) -> Vec<SymbolId> {
    Text(derivation).symbols(expr)
}

fn is_product(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Product(_)
            | ExprKind::Hadamard(_)
            | ExprKind::Power(..)
            | ExprKind::ElementPower(..)
            | ExprKind::Quotient(..)
            | ExprKind::ElementQuotient(..)
    )
}

/// The symbols that occur an odd number of times.
fn odd(mut symbols: Vec<SymbolId>) -> Vec<SymbolId> {
    symbols.sort_unstable();
    symbols.chunk_by(|a, b| a == b).filter(|same| same.len() % 2 == 1).map(|same| same[0]).collect()
}

fn is_even(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(Number { digits, exponent: 0 }) => digits.ends_with(['0', '2', '4', '6', '8']),
        ExprKind::Negate(arg) => is_even(arg),
        _ => false,
    }
}

/// Whether an exponent is an integer as it is written.
fn is_whole(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(Number { exponent, .. }) => *exponent >= 0,
        ExprKind::Negate(arg) => is_whole(arg),
        _ => false,
    }
}
