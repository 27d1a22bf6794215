//! Products, with what has a negative exponent below a fraction bar.
//!
//! In: numbers, products, elementwise products and powers. Out: one quotient with its sign apart.
//! Left to others: everything else.

use super::habits::Habits;
use super::{Texts, integer, product, quotient};
use crate::node::{Node, NodeId};
use einstep_syntax::{Expr, ExprKind};

/// A product under construction: what stands over the fraction bar, and what below.
#[derive(Default)]
pub(super) struct Fraction {
    pub(super) negative: bool,
    /// The digits of the coefficient, unless it is 1.
    number: Option<String>,
    over: Vec<Expr>,
    /// Numbers below, and powers of the constants e and pi.
    constants: Vec<Expr>,
    under: Vec<Expr>,
    /// What stands over and below a last factor that is an elementwise product or quotient.
    entrywise: Option<[Vec<Expr>; 2]>,
}

impl Texts<'_> {
    /// A number, product or power with its sign and denominators apart.
    pub(super) fn fraction(&mut self, id: NodeId) -> Option<Fraction> {
        let derivation = self.derivation;
        let mut fraction = Fraction::default();
        let args = match &derivation.nodes[id.at()] {
            Node::Mul { args } if !self.names.contains_key(&id) => args.as_slice(),
            _ => &[id],
        };
        for (position, &arg) in args.iter().enumerate() {
            self.factor(arg, position + 1 == args.len(), &mut fraction)?;
        }
        Some(fraction)
    }

    fn factor(&mut self, id: NodeId, last: bool, fraction: &mut Fraction) -> Option<()> {
        let derivation = self.derivation;
        match &derivation.nodes[id.at()] {
            _ if self.names.contains_key(&id) => fraction.over.push(self.expr(id)?),
            Node::Number { .. } => {
                let (negative, num, den) = self.number(id)?;
                fraction.negative ^= negative;
                match num {
                    "1" => {}
                    _ if fraction.number.is_none() => fraction.number = Some(num.to_string()),
                    _ => fraction.over.push(integer(num)),
                }
                if den != "1" {
                    fraction.constants.push(integer(den));
                }
            }
            Node::Hadamard { args } if last => {
                let mut parts = [Vec::new(), Vec::new()];
                for &arg in args {
                    match self.reciprocal(arg)? {
                        Some(power) => parts[1].push(power),
                        None => parts[0].push(self.expr(arg)?),
                    }
                }
                fraction.entrywise = Some(parts);
            }
            Node::Matmul { args } if last => fraction.over.extend(self.exprs(args)?),
            Node::Power { base, .. } => match self.reciprocal(id)? {
                Some(power) if self.extents.is_array(id) => fraction.entrywise = Some([vec![], vec![power]]),
                Some(power) if self.is_constant(*base) => fraction.constants.push(power),
                // Letters first, `n*sqrt(x'*x)`, wherever they stand in the node.
                Some(power) if matches!(power.kind, ExprKind::Name(_)) => {
                    let letters = fraction.under.iter().take_while(|divisor| matches!(divisor.kind, ExprKind::Name(_)));
                    fraction.under.insert(letters.count(), power);
                }
                Some(power) => fraction.under.push(power),
                None => fraction.over.push(self.expr(id)?),
            },
            _ => fraction.over.push(self.expr(id)?),
        }
        Some(())
    }

    /// What stands below the bar for a power with a negative number as its exponent.
    fn reciprocal(&mut self, id: NodeId) -> Option<Option<Expr>> {
        let Node::Power { base, exponent } = &self.derivation.nodes[id.at()] else { return Some(None) };
        match self.number(*exponent) {
            Some((true, num, den)) if !self.names.contains_key(&id) => self.power(*base, num, den).map(Some),
            _ => Some(None),
        }
    }

    /// Whether a node is a number, e or pi.
    fn is_constant(&self, id: NodeId) -> bool {
        match &self.derivation.nodes[id.at()] {
            Node::Number { .. } => true,
            Node::Call { args, .. } => args.is_empty(),
            _ => false,
        }
    }
}

impl Fraction {
    /// The quotient, in the form in which textbooks print it. Among equally short forms:
    ///
    /// - a denominator that is no constant takes everything below it, at the end: `2*x/(3*s)`;
    /// - constants below a coefficient stay with it: `2/3*x`, `2/sqrt(pi)*x`;
    /// - constants below 1 stand below the product, which is shorter, `A/2`, unless the question is written with such
    ///   fractions in front, `1/2*A`. (Of eleven unit fractions in the corpus' answers nine follow this rule.)
    pub(super) fn finish(self, habits: &Habits) -> Expr {
        let Fraction { negative, number, over: factors, mut constants, under: divisors, entrywise } = self;
        let number = number.map(|digits| integer(&digits));
        let alone = factors.is_empty() && entrywise.is_none();
        let divides_entries = entrywise.as_ref().is_some_and(|[_, below]| !below.is_empty());
        let leads = number.is_some() || habits.fractions_lead && !alone;
        let coefficient = match divisors.is_empty() && !divides_entries && !constants.is_empty() && leads {
            true => Some(quotient(number.unwrap_or_else(one), product(std::mem::take(&mut constants)))),
            false => number,
        };
        let mut over: Vec<Expr> = coefficient.into_iter().chain(factors).collect();
        let mut under: Vec<Expr> = constants.into_iter().chain(divisors).collect();
        if let Some([mut above, mut below]) = entrywise {
            // Scalars scale the first factor; without one they are what is divided.
            above = join_first(std::mem::take(&mut over), above);
            if divides_entries {
                below = join_first(std::mem::take(&mut under), below);
            }
            over.push(match below.is_empty() {
                true => hadamard(above),
                false => {
                    let over = Box::new(if above.is_empty() { one() } else { hadamard(above) });
                    Expr::new(ExprKind::ElementQuotient(over, Box::new(hadamard(below))))
                }
            });
        }
        let mut expr = if over.is_empty() { one() } else { product(over) };
        if !under.is_empty() {
            expr = quotient(expr, product(under));
        }
        if negative { Expr::new(ExprKind::Negate(Box::new(expr))) } else { expr }
    }
}

/// The factors of an elementwise product, the first one multiplied by scalars; these alone where there is none.
fn join_first(mut scalars: Vec<Expr>, mut factors: Vec<Expr>) -> Vec<Expr> {
    if scalars.is_empty() {
        return factors;
    }
    if !factors.is_empty() {
        scalars.push(factors.remove(0));
    }
    factors.insert(0, product(scalars));
    factors
}

fn one() -> Expr {
    integer("1")
}

fn hadamard(mut factors: Vec<Expr>) -> Expr {
    match factors.len() {
        1 => factors.remove(0),
        _ => Expr::new(ExprKind::Hadamard(factors)),
    }
}
