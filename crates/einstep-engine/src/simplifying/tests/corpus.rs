//! The answers of the corpus: they stay as they are, and come back from other forms.

use super::simplified;
use crate::rules::simplify::cost;
use einstep_syntax::{Expr, ExprKind, Sign, parse_expression, print};
use std::collections::BTreeMap;

/// A case of the corpus: id, declarations, question, answer.
struct Known {
    id: String,
    given: String,
    question: String,
    answer: String,
}

/// The cases with an answer.
fn known() -> Vec<Known> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/derivatives.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let field = |line: &str, name: &str| {
        let start = line.find(&format!("\"{name}\": \""))? + name.len() + 5;
        Some(line[start..].split('"').next().unwrap().to_string())
    };
    let given = |line: &str| {
        let start = line.find("\"given\": [").unwrap() + 10;
        line[start..].split(']').next().unwrap().replace("\", \"", "; ").replace('"', "")
    };
    let case = |line: &str| {
        let (id, question, answer) = (field(line, "id")?, field(line, "expr")?, field(line, "answer")?);
        Some(Known { id, given: given(line), question, answer })
    };
    text.lines().filter_map(case).collect()
}

/// The names, numbers and operators of a text, in no order.
fn tokens(text: &str) -> BTreeMap<char, usize> {
    let mut tokens = BTreeMap::new();
    let plain = text.replace("1/2*", "½*").replace("square(", "²(");
    for c in plain.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')) {
        // a - b is a sum with a sign.
        *tokens.entry(c).or_default() += usize::from(c != '+');
    }
    tokens
}

/// How many answers come back from another form, of how many, and the others.
fn coming_back(form: impl Fn(&str) -> String) -> (usize, usize, Vec<String>) {
    let (mut same, mut all, mut others) = (0, 0, Vec::new());
    for case in known() {
        let Ok(found) = simplified(&case.given, &form(&case.answer), &case.question) else { continue };
        all += 1;
        if tokens(&found) == tokens(&case.answer) {
            same += 1;
        } else {
            others.push(format!("{}: {} became {found}", case.id, case.answer));
        }
    }
    (same, all, others)
}

#[test]
fn answers_stay_as_they_are() {
    let (same, all, others) = coming_back(str::to_string);
    assert!(all >= 360 && same + 15 >= all, "{same} of {all}\n{}", others.join("\n"));
}

#[test]
fn the_order_of_summands_and_of_entries_does_not_matter() {
    let mut wrong = Vec::new();
    for case in known() {
        let back = print(&reversed(&parse_expression(&case.answer, 0).value));
        let found = [&case.answer, &back].map(|text| simplified(&case.given, text, &case.question));
        if let [Ok(there), Ok(back)] = found
            && tokens(&there) != tokens(&back)
        {
            wrong.push(format!("{}: {there} and {back}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn answers_come_back_when_they_are_multiplied_out() {
    let (same, all, others) = coming_back(|answer| print(&expanded(&parse_expression(answer, 0).value)));
    assert!(same * 100 >= all * 86, "{same} of {all}\n{}", others.join("\n"));
}

/// An expression with its children changed.
fn mapped(expr: &Expr, change: fn(&Expr) -> Expr) -> Expr {
    let one = |a: &Expr| Box::new(change(a));
    let all = |items: &[Expr]| items.iter().map(change).collect();
    Expr::new(match &expr.kind {
        ExprKind::Negate(a) => ExprKind::Negate(one(a)),
        ExprKind::Transpose(a) => ExprKind::Transpose(one(a)),
        ExprKind::Sum(terms) => ExprKind::Sum(terms.iter().map(|(sign, term)| (*sign, change(term))).collect()),
        ExprKind::Product(items) => ExprKind::Product(all(items)),
        ExprKind::Hadamard(items) => ExprKind::Hadamard(all(items)),
        ExprKind::Quotient(a, b) => ExprKind::Quotient(one(a), one(b)),
        ExprKind::ElementQuotient(a, b) => ExprKind::ElementQuotient(one(a), one(b)),
        ExprKind::Power(a, b) => ExprKind::Power(one(a), b.clone()),
        ExprKind::ElementPower(a, b) => ExprKind::ElementPower(one(a), b.clone()),
        ExprKind::Call(name, args) => ExprKind::Call(name.clone(), all(args)),
        other => other.clone(),
    })
}

/// Every sum and every elementwise product backwards.
fn reversed(expr: &Expr) -> Expr {
    let mut expr = mapped(expr, reversed);
    match &mut expr.kind {
        ExprKind::Sum(terms) => {
            terms.reverse();
            // A sum begins with a plus.
            let (sign, first) = terms.remove(0);
            let first = if sign == Sign::Minus { Expr::new(ExprKind::Negate(Box::new(first))) } else { first };
            terms.insert(0, (Sign::Plus, first));
        }
        ExprKind::Hadamard(items) => items.reverse(),
        _ => {}
    }
    expr
}

/// Every product with a sum multiplied out.
fn expanded(expr: &Expr) -> Expr {
    let expr = mapped(expr, expanded);
    let items = match &expr.kind {
        ExprKind::Product(items) | ExprKind::Hadamard(items) => items,
        _ => return expr,
    };
    let Some((position, terms)) = items.iter().enumerate().find_map(|(k, item)| match &item.kind {
        ExprKind::Sum(terms) => Some((k, terms.clone())),
        _ => None,
    }) else {
        return expr;
    };
    let product = |term: Expr| {
        let mut items = items.clone();
        items[position] = term;
        let product = match &expr.kind {
            ExprKind::Hadamard(_) => ExprKind::Hadamard(items),
            _ => ExprKind::Product(items),
        };
        expanded(&Expr::new(product))
    };
    let terms = terms.into_iter().map(|(sign, term)| (sign, product(term))).collect();
    Expr::new(ExprKind::Sum(terms))
}

#[test]
fn the_cost_is_the_size_of_the_text() {
    let mut wrong = Vec::new();
    for case in known() {
        let Ok((typed, _, end)) = super::passed(&case.given, &case.answer, "0") else { continue };
        let size = cost::size(&typed.store, end);
        let text = super::recorded(typed, vec![], end).result.text.unwrap();
        let printed = einstep_syntax::size(&parse_expression(&text, 0).value);
        if size != printed {
            wrong.push(format!("{}: {size}, not {printed}: {text}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
