//! Expressions that differ from one by a slip, and expressions in parts.
//!
//! In: a syntax tree. Out: other trees. Left to others: which of them is meant.

use einstep_syntax::{Expr, ExprKind, Number, Sign};

/// A sum is multiplied out into at most so many terms.
const MAX_TERMS: usize = 32;

/// Products of more factors are not put in every order.
const MAX_ORDERED: usize = 4;

/// A part of an expression as it stands and as it may have been meant, and the whole with it.
#[derive(Debug, Clone)]
pub(crate) struct Mutant {
    pub(crate) before: Expr,
    pub(crate) after: Expr,
    pub(crate) whole: Expr,
}

/// Every expression with one operand of a matrix operation transposed, or no longer so.
pub(crate) fn transposed(expr: &Expr) -> Vec<Mutant> {
    exchanged(expr, &|part| match &part.kind {
        ExprKind::Negate(_) => vec![],
        _ if is_scalar(part) => vec![],
        _ => vec![transpose(part.clone())],
    })
}

/// Every expression with the factors of one product in another order.
pub(crate) fn reordered(expr: &Expr) -> Vec<Mutant> {
    exchanged(expr, &|part| match &part.kind {
        ExprKind::Product(factors) => {
            let orders = orders(factors.len()).into_iter();
            let product = |order: Vec<usize>| order.into_iter().map(|position| factors[position].clone()).collect();
            orders.map(|order| Expr::new(ExprKind::Product(product(order)))).collect()
        }
        _ => vec![],
    })
}

/// The orders of so many things, but for the one they are in: all of them, or the exchanges of neighbours.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count > MAX_ORDERED {
        let exchange = |at: usize| {
            let mut order: Vec<usize> = (0..count).collect();
            order.swap(at, at + 1);
            order
        };
        return (0..count - 1).map(exchange).chain([(0..count).rev().collect()]).collect();
    }
    let mut orders = vec![vec![]];
    for _ in 0..count {
        let longer = |order: &Vec<usize>| {
            let next = (0..count).filter(|position| !order.contains(position));
            next.map(|position| [order.as_slice(), &[position]].concat()).collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders.remove(0);
    orders
}

/// Every expression that has, at one place, what a function makes of the part there.
fn exchanged(expr: &Expr, make: &dyn Fn(&Expr) -> Vec<Expr>) -> Vec<Mutant> {
    let own = make(expr).into_iter();
    let mut found: Vec<Mutant> =
        own.map(|after| Mutant { before: expr.clone(), after: after.clone(), whole: after }).collect();
    for (position, part) in expr.parts().into_iter().enumerate() {
        found.extend(exchanged(part, make).into_iter().map(|mutant| {
            let mut whole = expr.clone();
            if let Some(place) = whole.parts_mut().into_iter().nth(position) {
                *place = mutant.whole;
            }
            Mutant { whole, ..mutant }
        }));
    }
    found
}

/// Whether an expression is a scalar by its form: to transpose it changes nothing.
fn is_scalar(expr: &Expr) -> bool {
    const SCALARS: &[&str] = &["tr", "det", "logdet", "norm2", "normF", "norm1", "dot"];
    matches!(&expr.kind, ExprKind::Number(_))
        || matches!(&expr.kind, ExprKind::Call(name, _) if SCALARS.contains(&name.name.as_str()))
}

/// The transposed expression, without a transpose of a transpose.
pub(crate) fn transpose(expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Transpose(inner) => *inner,
        _ => Expr::new(ExprKind::Transpose(Box::new(expr))),
    }
}

/// A sum.
pub(crate) fn plus(first: Expr, sign: Sign, last: Expr) -> Expr {
    let mut terms = match first.kind {
        ExprKind::Sum(terms) => terms,
        _ => vec![(Sign::Plus, first)],
    };
    terms.push((sign, last));
    Expr::new(ExprKind::Sum(terms))
}

/// A multiple, simplest form first.
pub(crate) fn times(factor: Expr, expr: Expr) -> Expr {
    let mut factors = vec![factor];
    match expr.kind {
        ExprKind::Product(more) => factors.extend(more),
        _ => factors.push(expr),
    }
    Expr::new(ExprKind::Product(factors))
}

/// The factors of a product or quotient, each with the product of the others; the inverse of a divisor is a factor.
pub(crate) fn without_factor(expr: &Expr) -> Vec<(Expr, Expr)> {
    let boxed = |kind: fn(Box<Expr>, Box<Expr>) -> ExprKind, a: &Expr, b: &Expr| {
        Expr::new(kind(Box::new(a.clone()), Box::new(b.clone())))
    };
    match &expr.kind {
        ExprKind::Negate(inner) => {
            let negated = |rest| Expr::new(ExprKind::Negate(Box::new(rest)));
            without_factor(inner).into_iter().map(|(factor, rest)| (factor, negated(rest))).collect()
        }
        ExprKind::Product(items) | ExprKind::Hadamard(items) => {
            let without = |position: usize| {
                let mut rest = items.clone();
                let factor = rest.remove(position);
                let kind =
                    if matches!(expr.kind, ExprKind::Product(_)) { ExprKind::Product } else { ExprKind::Hadamard };
                (factor, if rest.len() == 1 { rest.remove(0) } else { Expr::new(kind(rest)) })
            };
            (0..items.len()).map(without).collect()
        }
        ExprKind::Quotient(over, under) | ExprKind::ElementQuotient(over, under) => {
            let elementwise = matches!(expr.kind, ExprKind::ElementQuotient(..));
            let kind = if elementwise { ExprKind::ElementQuotient } else { ExprKind::Quotient };
            let one = Expr::new(ExprKind::Number(Number { digits: "1".into(), exponent: 0 }));
            let inner = without_factor(over).into_iter().map(|(factor, rest)| (factor, boxed(kind, &rest, under)));
            inner.chain([(boxed(kind, &one, under), over.as_ref().clone())]).collect()
        }
        _ => vec![],
    }
}

/// The terms of an expression, multiplied out: signs and expressions. One term where there would be too many.
pub(crate) fn terms(expr: &Expr) -> Vec<(Sign, Expr)> {
    let whole = || vec![(Sign::Plus, expr.clone())];
    let made: Vec<(Sign, Expr)> = match &expr.kind {
        ExprKind::Negate(a) => terms(a).into_iter().map(|(sign, term)| (opposite(sign), term)).collect(),
        ExprKind::Sum(items) => {
            let signed = |(outer, item): &(Sign, Expr)| {
                let outer = *outer;
                let signed = move |(sign, term)| (if outer == Sign::Minus { opposite(sign) } else { sign }, term);
                terms(item).into_iter().map(signed).collect::<Vec<_>>()
            };
            items.iter().flat_map(signed).collect()
        }
        ExprKind::Product(items) => {
            let mut products: Vec<(Sign, Vec<Expr>)> = vec![(Sign::Plus, vec![])];
            for item in items {
                let factors = terms(item);
                if products.len() * factors.len() > MAX_TERMS {
                    return whole();
                }
                let longer = |(sign, product): &(Sign, Vec<Expr>)| {
                    let longer = |(other, factor): &(Sign, Expr)| {
                        let sign = if *other == Sign::Minus { opposite(*sign) } else { *sign };
                        (sign, [product.as_slice(), std::slice::from_ref(factor)].concat())
                    };
                    factors.iter().map(longer).collect::<Vec<_>>()
                };
                products = products.iter().flat_map(longer).collect();
            }
            let product = |(sign, factors)| (sign, Expr::new(ExprKind::Product(factors)));
            products.into_iter().map(product).collect()
        }
        ExprKind::Quotient(over, under) => {
            let quotient = |(sign, term)| (sign, Expr::new(ExprKind::Quotient(Box::new(term), under.clone())));
            terms(over).into_iter().map(quotient).collect()
        }
        ExprKind::Transpose(a) => terms(a).into_iter().map(|(sign, term)| (sign, transpose(term))).collect(),
        _ => return whole(),
    };
    if made.len() == 1 || made.len() > MAX_TERMS { whole() } else { made }
}

/// The other sign.
pub(crate) fn opposite(sign: Sign) -> Sign {
    if sign == Sign::Plus { Sign::Minus } else { Sign::Plus }
}
