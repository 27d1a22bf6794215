//! The texts of the question: what is declared, what is asked.
//!
//! In: the question as syntax, or the trace's own text of it. Out: syntax trees, or the fault.
//! Left to others: values.

use crate::sizes::Sizes;
use crate::verdict::Fault;
use einstep_syntax::{
    Declaration, DimExpr, Expr, Question, parse_declarations, parse_problem_given,
};
use einstep_trace::{Derivation, Dim, SymbolId};

/// What is asked: an expression, and the variables from the outermost derivative inwards.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) body: Expr,
    pub(crate) by: Vec<SymbolId>,
}

/// Reads the declarations of a trace.
pub(crate) fn declarations(derivation: &Derivation) -> Result<Vec<Declaration>, Fault> {
    let parsed = parse_declarations(&derivation.problem.given.join("\n"), 0);
    match parsed.diagnostics.first() {
        Some(diagnostic) => Err(Fault::reject(
            "the declarations",
            diagnostic.message.clone(),
        )),
        None => Ok(parsed.value),
    }
}

/// Whether the declarations say of every symbol what the table of symbols says of it.
pub(crate) fn agree(
    derivation: &Derivation,
    given: &[Declaration],
    assignments: &[Sizes],
) -> Result<(), Fault> {
    let reject = |message: String| Err(Fault::reject("the declarations", message));
    let mut declared = vec![false; derivation.symbols.len()];
    for declaration in given {
        for name in &declaration.names {
            let Some(position) = derivation
                .symbols
                .iter()
                .position(|symbol| symbol.name == name.name)
            else {
                continue;
            };
            declared[position] = true;
            let symbol = &derivation.symbols[position];
            let mut properties: Vec<&String> = declaration
                .properties
                .iter()
                .map(|property| &property.name)
                .collect();
            let mut own: Vec<&String> = symbol.properties.iter().collect();
            properties.sort();
            own.sort();
            if properties != own {
                return reject(format!(
                    "`{}` has other properties in the table of symbols",
                    symbol.name
                ));
            }
            for sizes in assignments {
                let written: Option<Vec<usize>> = declaration
                    .dims
                    .iter()
                    .map(|dim| size(dim, sizes))
                    .collect();
                let own: Option<Vec<usize>> =
                    symbol.shape.iter().map(|dim| sizes.of(dim).ok()).collect();
                let trimmed = |sizes: Option<Vec<usize>>| sizes.map(trim_ones);
                if written.is_none() || trimmed(written) != trimmed(own) {
                    return reject(format!(
                        "`{}` has another shape in the table of symbols",
                        symbol.name
                    ));
                }
            }
        }
    }
    let hidden = derivation
        .symbols
        .iter()
        .zip(declared)
        .find(|(symbol, known)| !known && !symbol.properties.is_empty());
    match hidden {
        Some((symbol, _)) => reject(format!(
            "`{}` has properties that are not declared",
            symbol.name
        )),
        None => Ok(()),
    }
}

/// A shape without the 1 of a column; a row keeps its 1.
fn trim_ones(mut sizes: Vec<usize>) -> Vec<usize> {
    while sizes.last() == Some(&1) {
        sizes.pop();
    }
    sizes
}

fn size(dim: &DimExpr, sizes: &Sizes) -> Option<usize> {
    match dim {
        DimExpr::Name(name) => sizes.of(&Dim(name.name.clone())).ok(),
        DimExpr::Literal(value, _) => sizes.of(&Dim(value.to_string())).ok(),
        DimExpr::Product(factors) => factors
            .iter()
            .try_fold(1usize, |n, factor| n.checked_mul(size(factor, sizes)?)),
        DimExpr::Sum(terms) => terms
            .iter()
            .try_fold(0usize, |n, term| n.checked_add(size(term, sizes)?)),
    }
}

/// Reads an expression in the presence of declarations.
pub(crate) fn expression(text: &str, given: &[Declaration], at: &str) -> Result<Expr, Fault> {
    let parsed = parse_problem_given(text, 0, given);
    match (parsed.diagnostics.first(), parsed.value.question) {
        (Some(diagnostic), _) => Err(Fault::reject(
            at,
            format!("it can't be read: {}", diagnostic.message),
        )),
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
        let position = derivation
            .symbols
            .iter()
            .position(|symbol| symbol.name == name);
        position
            .map(|position| SymbolId(position as u32))
            .ok_or_else(|| {
                Fault::reject(
                    WHERE,
                    format!("its variable `{name}` is not in the table of symbols"),
                )
            })
    };
    let problem = &derivation.problem;
    let by = problem
        .wrt
        .iter()
        .map(|name| symbol(name))
        .collect::<Result<Vec<_>, _>>()?;
    let Some(question) = question else {
        return Ok(Asked {
            body: expression(&problem.expression, given, WHERE)?,
            by,
        });
    };
    if question
        .by
        .iter()
        .any(|variable| !variable.element.is_empty())
    {
        return Err(Fault::decline(
            WHERE,
            "derivatives by one element are not known",
        ));
    }
    let asked = question
        .by
        .iter()
        .map(|variable| symbol(&variable.name.name))
        .collect::<Result<Vec<_>, _>>()?;
    if asked.is_empty() {
        return Err(Fault::decline(WHERE, "it names no variable"));
    }
    if asked != by {
        return Err(Fault::reject(
            WHERE,
            "the trace differentiates by other variables",
        ));
    }
    Ok(Asked {
        body: question.body.clone(),
        by,
    })
}
