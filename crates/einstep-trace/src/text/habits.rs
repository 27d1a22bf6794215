//! What the answer takes over from the way in which the question is written.
//!
//! In: the expression of the question. Out: choices between spellings of one thing. Left to others: the spellings.

use einstep_syntax::{Expr, ExprKind, Number, parse_expression};

/// Choices between spellings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Habits {
    /// Whether unit fractions are factors, `1/2*A` or `A*(1/2)`, not divisors, `A/2`.
    pub(super) fractions_lead: bool,
    /// Whether an elementwise square is `square(x)`, not `x.^2`.
    pub(super) squares: bool,
}

impl Habits {
    /// The habits of the writer of an expression.
    pub(super) fn of(expression: &str) -> Habits {
        let mut habits = Habits::default();
        // Most questions have neither a divisor nor a square: they need not be parsed.
        if !expression.contains('/') && !expression.contains("square") {
            return habits;
        }
        habits.read(&parse_expression(expression, 0).value);
        habits
    }

    fn read(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(function, args) => {
                self.squares |= function.name == "square";
                args.iter().for_each(|arg| self.read(arg));
            }
            ExprKind::Product(items) | ExprKind::Hadamard(items) | ExprKind::Kronecker(items) => {
                self.fractions_lead |= items.iter().any(is_unit_fraction);
                items.iter().for_each(|item| self.read(item));
            }
            ExprKind::Sum(terms) => terms.iter().for_each(|(_, term)| self.read(term)),
            ExprKind::Quotient(a, b)
            | ExprKind::ElementQuotient(a, b)
            | ExprKind::Power(a, b)
            | ExprKind::ElementPower(a, b) => {
                self.read(a);
                self.read(b);
            }
            ExprKind::Negate(a)
            | ExprKind::Transpose(a)
            | ExprKind::Element(a, _)
            | ExprKind::Big(_, _, a)
            | ExprKind::Derivative(_, a) => self.read(a),
            ExprKind::Block(rows) => rows.iter().flatten().for_each(|block| self.read(block)),
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => {}
        }
    }
}

fn is_unit_fraction(expr: &Expr) -> bool {
    let digits = |expr: &Expr| match &expr.kind {
        ExprKind::Number(Number { digits, exponent: 0 }) => Some(digits.clone()),
        _ => None,
    };
    match &expr.kind {
        ExprKind::Quotient(over, under) => digits(over).as_deref() == Some("1") && digits(under).is_some(),
        _ => false,
    }
}
