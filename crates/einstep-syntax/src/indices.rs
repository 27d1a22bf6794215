//! Indices that are not written in brackets: parts of names, `w_i`, and sums without a sign.
//!
//! In: a problem as parsed. Out: the same with elements `w[i]` and explicit sums; diagnostics where Einstein's convention is
//! broken. Left to others: dimensions, and what an element is taken of.
//!
//! A part of a name is an index in an expression that has indices, unless the whole name is declared. Under the convention
//! an index that occurs twice in a product is summed over it; one that occurs once is free.

use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::printer::print;
use crate::span::Span;
use indexmap::IndexSet;
use std::collections::HashSet;

/// How sums over indices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// With a sign.
    #[default]
    Explicit,
    /// Without one: an index that occurs twice in a product is summed.
    Einstein,
}

/// The indices that a text names, one for each letter, or between commas; `None` for what is no index.
pub(crate) fn letters(text: &str, span: Span) -> impl Iterator<Item = Option<Index>> + '_ {
    let mut items: Vec<(usize, &str)> = Vec::new();
    for (start, part) in split(text) {
        let name = part.trim();
        let start = start + part.len() - part.trim_start().len();
        if text.contains(',') || name.bytes().all(|byte| byte.is_ascii_digit()) {
            items.push((start, name));
        } else {
            items.extend(name.char_indices().map(|(at, c)| (start + at, &name[at..at + c.len_utf8()])));
        }
    }
    items.into_iter().map(move |(start, name)| {
        let start = span.start + start as u32;
        let span = Span { start, end: start + name.len() as u32, ..span };
        match name.parse::<u64>() {
            Ok(0) => None,
            Ok(position) => Some(Index::Literal(position, span)),
            Err(_) if name.chars().all(char::is_alphanumeric) && name.starts_with(char::is_alphabetic) => {
                Some(Index::Name(Ident { name: name.into(), span }))
            }
            Err(_) => None,
        }
    })
}

/// The parts between commas with where they begin.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(',').map(move |part| (part.as_ptr() as usize - text.as_ptr() as usize, part))
}

/// Reads an expression that is an array over indices, `array[i,j](e)`, as `e` with these indices free, in this order.
///
/// ```
/// use einstep_syntax::{parse_problem, print, read_array};
/// let mut question = parse_problem("array[q,p](A[p,q])", 0).value.question.unwrap();
/// read_array(&mut question);
/// assert_eq!((print(&question.body).as_str(), question.free.len()), ("A[p,q]", 2));
/// ```
pub fn read_array(question: &mut Question) {
    if let ExprKind::Big(Big::Array, over, body) = &mut question.body.kind {
        question.free = std::mem::take(over);
        let span = body.span;
        question.body = std::mem::replace(body, Expr { kind: ExprKind::Error, span });
    }
}

/// Reads leading derivatives as part of the expression: what is not differentiated as a whole has no variable.
///
/// ```
/// use einstep_syntax::{nest_derivatives, parse_problem, print};
/// let mut question = parse_problem("d/dx[l] x'*x", 0).value.question.unwrap();
/// nest_derivatives(&mut question);
/// assert_eq!((print(&question.body).as_str(), question.by.len()), ("d/dx[l] x'*x", 0));
/// ```
pub fn nest_derivatives(question: &mut Question) {
    while let Some(variable) = question.by.pop() {
        let span = variable.name.span.to(question.body.span);
        let body = std::mem::replace(&mut question.body, Expr { kind: ExprKind::Error, span });
        question.body.kind = ExprKind::Derivative(Box::new(variable), Box::new(body));
    }
}

/// The letters in the elements of an expression that no sum binds, in the order in which they are read.
///
/// ```
/// use einstep_syntax::{free_letters, parse_expression};
/// let expr = parse_expression("sum[j](A[i,j]*x[j])", 0).value;
/// assert_eq!(free_letters(&expr), ["i"]);
/// ```
pub fn free_letters(expr: &Expr) -> Vec<String> {
    free(expr).into_iter().collect()
}

fn free(expr: &Expr) -> IndexSet<String> {
    let mut found: IndexSet<String> = IndexSet::new();
    for part in expr.parts() {
        let part = free(part);
        if found.is_empty() { found = part } else { found.extend(part) }
    }
    let at: &[Index] = match &expr.kind {
        ExprKind::Element(_, at) => at,
        ExprKind::Derivative(variable, _) => &variable.element,
        _ => &[],
    };
    for index in at {
        if let Index::Name(letter) = index {
            found.insert(letter.name.clone());
        }
    }
    if let ExprKind::Big(_, over, _) = &expr.kind {
        let bound: IndexSet<&str> = over.iter().map(|letter| letter.name.as_str()).collect();
        found.retain(|letter| !bound.contains(letter.as_str()));
    }
    found
}

/// Whether a question speaks of indices: it has a sum over one, an element, or an element as its variable.
fn has_indices(question: &Question) -> bool {
    fn found(expr: &Expr) -> bool {
        matches!(expr.kind, ExprKind::Big(..) | ExprKind::Element(..)) || expr.parts().into_iter().any(found)
    }
    question.by.iter().any(|variable| !variable.element.is_empty()) || found(&question.body)
}

/// Reads the parts of undeclared names as indices, where the question speaks of indices or its notation needs none to.
///
/// ```
/// use einstep_syntax::{parse_problem, print, read_parts};
/// let mut problem = parse_problem("\\sum_{i=1}^{n} w_i w_i", 0).value;
/// read_parts(&mut problem);
/// assert_eq!(print(&problem.question.unwrap().body), "sum[i](w[i]*w[i])");
/// ```
pub fn read_parts(problem: &mut Problem) {
    read_among(problem, &[]);
}

/// Reads the parts of names that are declared neither in the problem nor elsewhere.
pub(crate) fn read_among(problem: &mut Problem, given: &[Declaration]) {
    let always = problem.notation == Notation::Einstein;
    let mut known: HashSet<String> = HashSet::new();
    for declaration in problem.declarations.iter().chain(given) {
        known.extend(declaration.names.iter().map(|name| name.name.clone()));
        declaration.dims.iter().for_each(|dim| dimension_names(dim, &mut known));
    }
    if let Some(question) = problem.question.as_mut().filter(|question| always || has_indices(question)) {
        read_question(question, &known);
    }
}

fn dimension_names(dim: &DimExpr, known: &mut HashSet<String>) {
    match dim {
        DimExpr::Name(name) => {
            known.insert(name.name.clone());
        }
        DimExpr::Literal(..) => {}
        DimExpr::Product(parts) | DimExpr::Sum(parts) => parts.iter().for_each(|part| dimension_names(part, known)),
    }
}

fn read_question(question: &mut Question, known: &HashSet<String>) {
    for variable in question.by.iter_mut().filter(|variable| variable.element.is_empty()) {
        if let Some((head, indices)) = parted(&variable.name.name, variable.name.span, known) {
            variable.name = head;
            variable.element = indices;
        }
    }
    read_expr(&mut question.body, known);
}

fn read_expr(expr: &mut Expr, known: &HashSet<String>) {
    expr.parts_mut().into_iter().for_each(|part| read_expr(part, known));
    if let ExprKind::Name(name) = &expr.kind
        && let Some((head, indices)) = parted(name, expr.span, known)
    {
        let of = Expr { kind: ExprKind::Name(head.name), span: head.span };
        expr.kind = ExprKind::Element(Box::new(of), indices);
    }
    if let ExprKind::Element(of, _) = &mut expr.kind
        && let ExprKind::Name(name) = &mut of.kind
        && !known.contains(name)
    {
        match name.as_str() {
            "δ" => *name = "delta".into(),
            "ε" | "epsilon" => *name = "eps".into(),
            _ => {}
        }
    }
}

/// The stem of a name and the indices that its part names.
fn parted(name: &str, span: Span, known: &HashSet<String>) -> Option<(Ident, Vec<Index>)> {
    let (head, part) = name.split_once('_').filter(|(head, _)| !known.contains(name) && !head.is_empty())?;
    let middle = span.start + head.len() as u32;
    let indices: Option<Vec<Index>> = letters(part, Span { start: middle + 1, ..span }).collect();
    let head = Ident { name: head.into(), span: Span { end: middle, ..span } };
    Some((head, indices.filter(|indices| !indices.is_empty())?))
}

/// Reads a problem in a notation: the parts of names as indices, and sums without a sign as sums.
///
/// ```
/// use einstep_syntax::{Notation, parse_problem, print, read_notation};
/// let mut problem = parse_problem("d/dw_l w_i w_i", 0).value;
/// assert!(read_notation(&mut problem, Notation::Einstein).is_empty());
/// assert_eq!(print(&problem.question.unwrap().body), "sum[i](w[i]*w[i])");
/// ```
pub fn read_notation(problem: &mut Problem, notation: Notation) -> Vec<Diagnostic> {
    problem.notation = notation;
    read_parts(problem);
    match (notation, &mut problem.question) {
        (Notation::Einstein, Some(question)) => sum_repeated(question),
        _ => vec![],
    }
}

/// Writes the sums that Einstein's convention leaves unsaid.
///
/// ```
/// use einstep_syntax::{parse_problem, print, sum_repeated};
/// let mut question = parse_problem("d/dx[l] x[i]*B[i,j]*x[j] + 1", 0).value.question.unwrap();
/// assert!(sum_repeated(&mut question).is_empty());
/// assert_eq!(print(&question.body), "sum[i,j](x[i]*B[i,j]*x[j]) + 1");
/// ```
pub fn sum_repeated(question: &mut Question) -> Vec<Diagnostic> {
    let mut summing = Summing { bound: Vec::new(), findings: Vec::new() };
    summing.term(&mut question.body);
    summing.findings
}

/// An index where it occurs.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    name: String,
    span: Span,
    /// Whether a sum inside binds it.
    summed: bool,
}

/// The letters among some indices.
fn seen(at: &[Index]) -> Vec<Seen> {
    let letter = |index: &Index| match index {
        Index::Name(letter) => Some(Seen { name: letter.name.clone(), span: letter.span, summed: false }),
        Index::Literal(..) => None,
    };
    at.iter().filter_map(letter).collect()
}

struct Summing {
    /// The letters that a sign binds here.
    bound: Vec<String>,
    findings: Vec<Diagnostic>,
}

impl Summing {
    /// Writes the sums of one term; the answer is its free indices, and those that were summed in it.
    fn term(&mut self, expr: &mut Expr) -> Vec<Seen> {
        if let ExprKind::Negate(inner) = &mut expr.kind {
            return self.term(inner);
        }
        if let ExprKind::Sum(terms) = &mut expr.kind {
            return self.terms(terms);
        }
        let seen = self.factor(expr);
        let mut names: Vec<&Seen> = Vec::new();
        for index in &seen {
            if !names.iter().any(|known| known.name == index.name) {
                names.push(index);
            }
        }
        let (mut over, mut left) = (Vec::new(), Vec::new());
        for index in names {
            let occurrences: Vec<&Seen> = seen.iter().filter(|other| other.name == index.name).collect();
            let explicit = self.bound.contains(&index.name);
            match occurrences[..] {
                [only] => left.push(only.clone()),
                _ if explicit => left.push(index.clone()),
                [first, second] if !first.summed && !second.summed => {
                    over.push(Ident { name: index.name.clone(), span: first.span });
                    left.push(Seen { summed: true, ..first.clone() });
                }
                _ => self.repeated(&index.name, &occurrences, expr),
            }
        }
        if !over.is_empty() {
            let body = std::mem::replace(expr, Expr { kind: ExprKind::Error, span: expr.span });
            *expr = Expr { span: body.span, kind: ExprKind::Big(Big::Sum, over, Box::new(body)) };
        }
        left
    }

    /// The free indices of summands, which are the same in all.
    fn terms(&mut self, terms: &mut [(Sign, Expr)]) -> Vec<Seen> {
        let seen: Vec<Vec<Seen>> = terms.iter_mut().map(|(_, term)| self.term(term)).collect();
        let free = |seen: &[Seen], name: &str| seen.iter().any(|index| index.name == name && !index.summed);
        let alone = seen.iter().enumerate().find_map(|(k, own)| {
            let other = |index: &&Seen| seen.iter().position(|other| !free(other, &index.name));
            let index = own.iter().find(|index| !index.summed && other(index).is_some())?;
            Some((k, other(&index)?, index.clone()))
        });
        if let Some((own, other, index)) = alone.filter(|(.., index)| !self.bound.contains(&index.name)) {
            let (own, other) = (&terms[own].1, &terms[other].1);
            let message =
                format!("the index `{}` is free in `{}` and not in `{}`", index.name, print(own), print(other));
            let diagnostic = Diagnostic::new(Code::FreeIndex, message, index.span, "free here")
                .with_label(other.span, "not here")
                .with_help("all summands have the same free indices");
            self.findings.push(diagnostic);
        }
        let mut all: Vec<Seen> = Vec::new();
        for index in seen.into_iter().flatten() {
            if !all.iter().any(|known| known.name == index.name && known.summed == index.summed) {
                all.push(index);
            }
        }
        all
    }

    /// The indices of a product, each as often as it occurs.
    fn factor(&mut self, expr: &mut Expr) -> Vec<Seen> {
        match &mut expr.kind {
            ExprKind::Product(factors) => factors.iter_mut().flat_map(|factor| self.factor(factor)).collect(),
            ExprKind::Quotient(over, under) => [self.factor(over), self.factor(under)].concat(),
            ExprKind::Negate(inner) => self.factor(inner),
            ExprKind::Sum(terms) => self.terms(terms),
            ExprKind::Element(_, at) => seen(at),
            ExprKind::Derivative(variable, body) => [seen(&variable.element), self.factor(body)].concat(),
            ExprKind::Big(_, over, body) => {
                let outer = self.bound.len();
                self.bound.extend(over.iter().map(|letter| letter.name.clone()));
                let mut seen = self.term(body);
                self.bound.truncate(outer);
                seen.iter_mut().filter(|index| over.iter().any(|bound| bound.name == index.name)).for_each(|index| {
                    index.summed = true;
                });
                seen
            }
            ExprKind::Power(base, exponent) | ExprKind::ElementPower(base, exponent) => {
                let power = base.span.to(exponent.span);
                let seen = [self.term(base), self.term(exponent)].concat();
                let free = seen.iter().find(|index| !index.summed && !self.bound.contains(&index.name));
                if let Some(index) = free {
                    self.in_power(index.clone(), power);
                }
                seen
            }
            _ => expr.parts_mut().into_iter().flat_map(|part| self.term(part)).collect(),
        }
    }

    #[cold]
    fn repeated(&mut self, name: &str, occurrences: &[&Seen], expr: &Expr) {
        let message = format!("the index `{name}` occurs more than twice in `{}`", print(expr));
        let mut diagnostic = Diagnostic::new(Code::IndexRepeated, message, occurrences[0].span, "here");
        for other in &occurrences[1..] {
            diagnostic = diagnostic.with_label(other.span, if other.summed { "summed here" } else { "and here" });
        }
        self.findings.push(diagnostic.with_help(format!("say which sum is meant: `sum[{name}](..)`")));
    }

    /// `x[i]^2` may be one entry or the sum of all.
    #[cold]
    fn in_power(&mut self, index: Seen, power: Span) {
        let message = format!("a power with the free index `{}` may be one entry or a sum of all", index.name);
        let diagnostic = Diagnostic::new(Code::IndexRepeated, message, power, "a power")
            .with_label(index.span, "a free index")
            .with_help(format!("write a product for the sum, `x[{0}]*x[{0}]`, or an explicit sum", index.name));
        self.findings.push(diagnostic);
    }
}
