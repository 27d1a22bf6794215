//! Syntax trees to text.
//!
//! In: an [`Expr`]. Out: the canonical text, with the brackets that reading it back needs and few others.
//! Left to others: other formats.

use crate::ast::{Big, Expr, ExprKind, Index, Number, Sign};

/// The canonical text of an expression: [`parse_expression`](crate::parse_expression) makes the same tree of it.
///
/// ```
/// use einstep_syntax::{parse_expression, print};
/// let tree = parse_expression("(B+B^T) x", 0).value;
/// assert_eq!(print(&tree), "(B + B')*x");
/// ```
pub fn print(expr: &Expr) -> String {
    let mut printer = Printer { out: String::new() };
    printer.any(expr);
    printer.out
}

/// The number of names, numbers, operators, calls, transposes, negations and indices: how long it is to read.
///
/// ```
/// use einstep_syntax::{parse_expression, size};
/// assert_eq!(size(&parse_expression("(B + B')*x", 0).value), 6);
/// ```
pub fn size(expr: &Expr) -> usize {
    let all = |items: &[Expr]| items.iter().map(size).sum::<usize>() + items.len().saturating_sub(1);
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => 1,
        ExprKind::Negate(a) | ExprKind::Transpose(a) => 1 + size(a),
        ExprKind::Sum(terms) => terms.iter().map(|(_, term)| size(term)).sum::<usize>() + terms.len().saturating_sub(1),
        ExprKind::Product(items) | ExprKind::Hadamard(items) | ExprKind::Kronecker(items) => all(items),
        ExprKind::Quotient(a, b)
        | ExprKind::ElementQuotient(a, b)
        | ExprKind::Power(a, b)
        | ExprKind::ElementPower(a, b) => 1 + size(a) + size(b),
        ExprKind::Call(_, arguments) => 1 + arguments.iter().map(size).sum::<usize>(),
        ExprKind::Block(rows) => 1 + rows.iter().flatten().map(size).sum::<usize>(),
        ExprKind::Element(base, indices) => indices.len() + size(base),
        ExprKind::Big(_, bound, body) => 1 + bound.len() + size(body),
        ExprKind::Derivative(variable, body) => 2 + variable.element.len() + size(body),
    }
}

/// Where an expression stands; each place admits some forms without brackets.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The first of a sum.
    FirstTerm,
    /// A later term.
    Term,
    /// Behind a minus sign.
    Negated,
    /// The first of a `*` product.
    FirstFactor,
    /// What a `/` divides.
    Dividend,
    /// The first of a `.*` product, or what a `./` divides.
    FirstElementFactor,
    /// A later factor, a divisor.
    Factor,
    /// A factor of `⊗`.
    Kronecker,
    /// Before `'`, `^`, `.^`, `[..]`.
    Base,
}

struct Printer {
    out: String,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// An expression where anything may stand.
    fn any(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Number(number) => self.number(number),
            ExprKind::Name(name) => self.push(name),
            ExprKind::Negate(a) => {
                self.push("-");
                self.at(a, Place::Negated);
            }
            ExprKind::Sum(terms) => {
                for (i, (sign, term)) in terms.iter().enumerate() {
                    match sign {
                        Sign::Plus if i == 0 => {}
                        Sign::Plus => self.push(" + "),
                        Sign::Minus => self.push(" - "),
                    }
                    self.at(term, if i == 0 { Place::FirstTerm } else { Place::Term });
                }
            }
            ExprKind::Product(items) => self.run(items, "*", Place::FirstFactor, Place::Factor),
            ExprKind::Hadamard(items) => self.run(items, " .* ", Place::FirstElementFactor, Place::Factor),
            ExprKind::Kronecker(items) => self.run(items, " ⊗ ", Place::Kronecker, Place::Kronecker),
            ExprKind::Quotient(a, b) => {
                self.at(a, Place::Dividend);
                let divides_d = ends_in_d(&self.out) || self.out.starts_with("d(");
                self.push("/");
                let start = self.out.len();
                self.at(b, Place::Factor);
                // `d/dx` and `d(x)/dx` would be read as operators.
                if divides_d && self.out[start..].starts_with('d') {
                    self.out.insert(start, '(');
                    self.push(")");
                }
            }
            ExprKind::ElementQuotient(a, b) => {
                self.at(a, Place::FirstElementFactor);
                self.push(" ./ ");
                self.at(b, Place::Factor);
            }
            ExprKind::Power(a, b) => self.power(a, "^", b),
            ExprKind::ElementPower(a, b) => self.power(a, ".^", b),
            ExprKind::Transpose(a) => {
                self.at(a, Place::Base);
                self.push("'");
            }
            ExprKind::Call(function, arguments) => {
                self.push(&function.name);
                self.push("(");
                self.list(arguments, ",");
                self.push(")");
            }
            ExprKind::Block(rows) => {
                self.push("[");
                for (i, row) in rows.iter().enumerate() {
                    self.push(if i == 0 { "" } else { "; " });
                    self.list(row, ", ");
                }
                self.push("]");
            }
            ExprKind::Element(base, indices) => {
                self.at(base, Place::Base);
                self.indices(indices);
            }
            ExprKind::Big(big, bound, body) => {
                self.push(match big {
                    Big::Sum => "sum",
                    Big::Product => "prod",
                    Big::Array => "array",
                });
                let bound: Vec<&str> = bound.iter().map(|ident| ident.name.as_str()).collect();
                self.push(&format!("[{}](", bound.join(",")));
                self.any(body);
                self.push(")");
            }
            ExprKind::Derivative(variable, body) => {
                self.push("d/d");
                self.push(&variable.name.name);
                if !variable.element.is_empty() {
                    self.indices(&variable.element);
                }
                self.push(" ");
                let start = self.out.len();
                self.any(body);
                // Within an expression a sign would make the operator a quotient.
                if self.out[start..].starts_with('-') {
                    self.out.insert(start, '(');
                    self.push(")");
                }
            }
            ExprKind::Error => self.push("?"),
        }
    }

    /// An expression at a place, in brackets if it needs them there.
    fn at(&mut self, expr: &Expr, place: Place) {
        let bare = match &expr.kind {
            ExprKind::Sum(_) | ExprKind::Derivative(..) => false,
            ExprKind::Negate(_) => matches!(place, Place::FirstTerm | Place::Negated),
            // `2*x .* y` is read as it is meant; `a*b' .* C` makes one stop, so that it has brackets.
            ExprKind::Product(items) if place == Place::FirstElementFactor => {
                items.first().is_some_and(starts_with_number)
            }
            ExprKind::Product(_) => {
                !matches!(place, Place::FirstFactor | Place::Factor | Place::Kronecker | Place::Base)
            }
            ExprKind::Quotient(..) => !matches!(place, Place::Factor | Place::Kronecker | Place::Base),
            // Blanks around an operator suggest that it binds loosely, so that `(x .* y)*z` keeps its brackets.
            ExprKind::Hadamard(_) => {
                matches!(place, Place::FirstTerm | Place::Term | Place::Negated)
            }
            ExprKind::ElementQuotient(..) => {
                matches!(place, Place::FirstTerm | Place::Term | Place::Negated | Place::FirstElementFactor)
            }
            ExprKind::Kronecker(_) => !matches!(place, Place::Kronecker | Place::Base),
            ExprKind::Power(..) | ExprKind::ElementPower(..) => place != Place::Base,
            _ => true,
        };
        if bare {
            self.any(expr);
        } else {
            self.push("(");
            self.any(expr);
            self.push(")");
        }
    }

    fn run(&mut self, items: &[Expr], operator: &str, first: Place, later: Place) {
        for (i, item) in items.iter().enumerate() {
            self.push(if i == 0 { "" } else { operator });
            self.at(item, if i == 0 { first } else { later });
        }
    }

    fn power(&mut self, base: &Expr, operator: &str, exponent: &Expr) {
        self.at(base, Place::Base);
        self.push(operator);
        let unsigned = match &exponent.kind {
            ExprKind::Negate(a) => a,
            _ => exponent,
        };
        let bare = match &unsigned.kind {
            ExprKind::Number(_) => true,
            // `^T` would be the transpose.
            ExprKind::Name(name) => name != "T",
            _ => false,
        };
        self.push(if bare { "" } else { "(" });
        self.any(exponent);
        self.push(if bare { "" } else { ")" });
    }

    fn list(&mut self, items: &[Expr], separator: &'static str) {
        for (i, item) in items.iter().enumerate() {
            self.push(if i == 0 { "" } else { separator });
            self.any(item);
        }
    }

    fn indices(&mut self, indices: &[Index]) {
        let texts: Vec<String> = indices
            .iter()
            .map(|index| match index {
                Index::Name(ident) => ident.name.clone(),
                Index::Literal(value, _) => value.to_string(),
            })
            .collect();
        self.push(&format!("[{}]", texts.join(",")));
    }

    /// Decimals where they are short, else a power of ten.
    fn number(&mut self, number: &Number) {
        let Number { digits, exponent } = number;
        let places = exponent.unsigned_abs() as usize;
        if *exponent == 0 {
            self.push(digits);
        } else if *exponent > 0 || places > digits.len() + 5 {
            self.push(&format!("{digits}e{exponent}"));
        } else {
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, decimals) = padded.split_at(padded.len() - places);
            self.push(&format!("{whole}.{decimals}"));
        }
    }
}

/// Whether an expression is a number or a quotient of one.
fn starts_with_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_) => true,
        ExprKind::Quotient(over, _) => matches!(over.kind, ExprKind::Number(_)),
        _ => false,
    }
}

/// Whether the text ends in the name `d`.
fn ends_in_d(text: &str) -> bool {
    text.strip_suffix('d').is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}
