//! The texts of the question: what is declared, what is asked.
//!
//! In: the question as syntax, or the trace's own text of it. Out: syntax trees, or the fault.
//! Left to others: values.

use crate::verdict::Fault;
use einstep_syntax::{Declaration, DimExpr, Expr, Question, parse_declarations, parse_problem_given, print};
use einstep_trace::{Derivation, Dim, Origin, Symbol, SymbolId};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What is asked: an expression, and the variables from the outermost derivative inwards.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) body: Expr,
    /// The expression as the trace has it, where that is spelled otherwise.
    pub(crate) recorded: Option<Expr>,
    pub(crate) by: Vec<SymbolId>,
}

/// Reads the declarations of a trace.
pub(crate) fn declarations(derivation: &Derivation) -> Result<Vec<Declaration>, Fault> {
    let parsed = parse_declarations(&derivation.problem.given.join("\n"), 0);
    match parsed.diagnostics.first() {
        Some(diagnostic) => Err(Fault::reject("the declarations", diagnostic.message.clone())),
        None => Ok(parsed.value),
    }
}

/// Whether declarations say of every symbol what the table of symbols says of it. A symbol that is not declared has no
/// properties.
pub(crate) fn agree(derivation: &Derivation, given: &[Declaration], at: &str) -> Result<(), Fault> {
    let mut declarations = FxHashMap::default();
    for declaration in given {
        declarations.extend(declaration.names.iter().map(|name| (name.name.as_str(), declaration)));
    }
    // Lemmas have symbols of their own, of which nobody declares anything.
    for symbol in derivation.symbols.iter().filter(|symbol| symbol.origin != Origin::Lemma) {
        let Some(declaration) = declarations.get(symbol.name.as_str()) else {
            if symbol.properties.is_empty() {
                continue;
            }
            return Err(Fault::reject(at, format!("`{}` has properties that are not declared", symbol.name)));
        };
        let mut properties: Vec<&String> = declaration.properties.iter().map(|property| &property.name).collect();
        let mut own: Vec<&String> = symbol.properties.iter().collect();
        properties.sort();
        own.sort();
        if properties != own {
            return Err(Fault::reject(at, format!("`{}` has other properties in the table of symbols", symbol.name)));
        }
        let written: Option<Vec<Polynomial>> = declaration.dims.iter().map(written).collect();
        let own: Option<Vec<Polynomial>> = symbol.shape.iter().map(recorded).collect();
        if written.is_none() || written.map(trim_ones) != own.map(trim_ones) {
            return Err(Fault::reject(at, format!("`{}` has another shape in the table of symbols", symbol.name)));
        }
    }
    Ok(())
}

/// A dimension: the coefficient of each product of names.
type Polynomial = BTreeMap<Vec<String>, u64>;

/// The greatest number of terms of a dimension.
const MAX_TERMS: usize = 64;

/// A shape without the 1 of a column; a row keeps its 1.
fn trim_ones(mut shape: Vec<Polynomial>) -> Vec<Polynomial> {
    let one = constant(1);
    while shape.last() == Some(&one) {
        shape.pop();
    }
    shape
}

fn constant(value: u64) -> Polynomial {
    Polynomial::from([(vec![], value)])
}

/// A dimension as it is declared; `None` when it is too large.
fn written(dim: &DimExpr) -> Option<Polynomial> {
    match dim {
        DimExpr::Name(name) => Some(Polynomial::from([(vec![name.name.clone()], 1)])),
        DimExpr::Literal(value, _) => Some(constant(*value)),
        DimExpr::Product(factors) => factors.iter().try_fold(constant(1), |product, factor| {
            let factor = written(factor)?;
            if product.len() * factor.len() > MAX_TERMS {
                return None;
            }
            let mut result = Polynomial::new();
            for (names, coefficient) in &product {
                for (others, other) in &factor {
                    let mut names = [names.as_slice(), others].concat();
                    names.sort();
                    let entry = result.entry(names).or_default();
                    *entry = entry.checked_add(coefficient.checked_mul(*other)?)?;
                }
            }
            Some(result)
        }),
        DimExpr::Sum(terms) => terms.iter().try_fold(Polynomial::new(), |mut sum, term| {
            for (names, coefficient) in written(term)? {
                let entry = sum.entry(names).or_default();
                *entry = entry.checked_add(coefficient)?;
            }
            (sum.len() <= MAX_TERMS).then_some(sum)
        }),
    }
}

/// A dimension of the record.
fn recorded(dim: &Dim) -> Option<Polynomial> {
    let mut sum = Polynomial::new();
    for (coefficient, mut names) in dim.terms()? {
        names.sort();
        let entry = sum.entry(names).or_default();
        *entry = entry.checked_add(coefficient)?;
    }
    Some(sum)
}

/// Reads an expression in the presence of declarations.
pub(crate) fn expression(text: &str, given: &[Declaration], at: &str) -> Result<Expr, Fault> {
    let parsed = parse_problem_given(text, 0, given);
    match (parsed.diagnostics.first(), parsed.value.question) {
        (Some(diagnostic), _) => Err(Fault::reject(at, format!("it can't be read: {}", diagnostic.message))),
        (None, Some(Question { by, body })) if by.is_empty() => Ok(body),
        _ => Err(Fault::reject(at, "it is no expression")),
    }
}

/// What is asked, by the user if there is a question, else by the trace's text.
pub(crate) fn asked(
    derivation: &Derivation,
    question: Option<&Question>,
    given: &[Declaration],
) -> Result<Asked, Fault> {
    const WHERE: &str = "the question";
    let symbol = |name: &str| {
        let is_asked = |symbol: &Symbol| symbol.name == name && symbol.origin != Origin::Lemma;
        let position = derivation.symbols.iter().position(is_asked);
        position
            .map(|position| SymbolId(position as u32))
            .ok_or_else(|| Fault::reject(WHERE, format!("its variable `{name}` is not in the table of symbols")))
    };
    let problem = &derivation.problem;
    let by = problem.wrt.iter().map(|name| symbol(name)).collect::<Result<Vec<_>, _>>()?;
    let recorded = expression(&problem.expression, given, WHERE)?;
    let Some(question) = question else {
        return Ok(Asked { body: recorded, recorded: None, by });
    };
    if question.by.iter().any(|variable| !variable.element.is_empty()) {
        return Err(Fault::decline(WHERE, "derivatives by one element are not known"));
    }
    let asked = question.by.iter().map(|variable| symbol(&variable.name.name)).collect::<Result<Vec<_>, _>>()?;
    if asked.is_empty() {
        return Err(Fault::decline(WHERE, "it names no variable"));
    }
    if asked != by {
        return Err(Fault::reject(WHERE, "the trace differentiates by other variables"));
    }
    let recorded = Some(recorded).filter(|recorded| print(recorded) != print(&question.body));
    Ok(Asked { body: question.body.clone(), recorded, by })
}
