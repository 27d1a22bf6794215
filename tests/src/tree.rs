//! Reading and taking apart syntax trees.
//!
//! In: an expression. Out: what is below it, its tokens. Left to others: what they mean.

use einstep::syntax::{Big, Expr, ExprKind, Sign, print};

/// Visits an expression and everything below it.
pub fn walk<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    for part in expr.parts() {
        walk(part, visit);
    }
}

/// The tokens of an expression apart from those of its parts: one for each operator that joins two of them, and one
/// for each minus sign.
pub fn tokens(expr: &Expr) -> Vec<String> {
    let joins = |operator: &str, count: usize| vec![operator.to_string(); count.saturating_sub(1)];
    let one = |token: &str| vec![token.to_string()];
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => vec![print(expr)],
        ExprKind::Negate(_) => one("-"),
        ExprKind::Transpose(_) => one("'"),
        ExprKind::Sum(terms) => {
            let minus = terms.iter().filter(|(sign, _)| *sign == Sign::Minus).map(|_| "-".to_string());
            joins("+", terms.len()).into_iter().chain(minus).collect()
        }
        ExprKind::Product(items) => joins("*", items.len()),
        ExprKind::Hadamard(items) => joins(".*", items.len()),
        ExprKind::Kronecker(items) => joins("⊗", items.len()),
        ExprKind::Call(name, _) => one(&format!("{}()", name.name)),
        ExprKind::Quotient(..) => one("/"),
        ExprKind::ElementQuotient(..) => one("./"),
        ExprKind::Power(..) => one("^"),
        ExprKind::ElementPower(..) => one(".^"),
        ExprKind::Block(rows) => rows.iter().map(|row| format!("[{}]", row.len())).collect(),
        ExprKind::Element(_, indices) => vec!["[]".into(); indices.len()],
        ExprKind::Big(Big::Sum, over, _) => vec!["sum[]".into(); over.len()],
        ExprKind::Big(Big::Product, over, _) => vec!["prod[]".into(); over.len()],
        ExprKind::Big(Big::Array, over, _) => vec!["array[]".into(); over.len()],
        ExprKind::Derivative(variable, _) => vec!["d/d".into(), variable.name.name.clone()],
    }
}
