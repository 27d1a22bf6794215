//! How derivatives by structured variables are read.
//!
//! In: the variables, the reading that is asked for. Out: a refusal where there is no such reading, a fact that names it.
//! Left to others: the derivatives themselves.

use super::facts::Fact;
use super::tree::Scope;
use crate::rules::shape;
use einstep_expr::{Node, Reading, Store, Symbol};
use einstep_syntax::{Code, Diagnostic};

/// A reading as it is asked for.
pub(super) fn reading(asked: einstep_trace::Reading) -> Reading {
    match asked {
        einstep_trace::Reading::Free => Reading::Free,
        einstep_trace::Reading::Tied => Reading::Tied,
        einstep_trace::Reading::Projected => Reading::Projected,
    }
}

/// The name of a reading in the language of options.
fn name(reading: Reading) -> &'static str {
    match reading {
        Reading::Free => "free",
        Reading::Tied => "tied",
        Reading::Projected => "projected",
    }
}

/// Refuses a variable whose properties say no linear structure, or say that it is zero.
pub(super) fn refuse(scope: &mut Scope, variable: usize, reading: Reading) {
    if reading == Reading::Free {
        return;
    }
    let known = &scope.names[variable];
    let has = |names: &[&str]| known.properties.iter().any(|property| names.contains(&property.as_str()));
    let (code, message, help) = if has(&["orthogonal"]) {
        let message = format!("`{}` is orthogonal: no entry can move alone or with some others", known.name);
        let help = format!(
            "the reading `{}` needs a linear structure; with `free` all entries are independent",
            name(reading)
        );
        (Code::NoVariable, message, help)
    } else if has(&["skew"]) && has(&["symmetric", "positive-definite", "diagonal", "lower", "upper"]) {
        let message = format!("`{}` can only be zero: {}", known.name, known.properties.join(" and "));
        (Code::ConflictingDeclaration, message, "leave out one of its properties".to_string())
    } else {
        return;
    };
    let span = known.declared.unwrap_or_default();
    scope.finding(move |_| Diagnostic::new(code, message, span, "declared here").with_help(help));
}

/// What is said of a variable whose entries the structure ties, and of one without structure where a structure is asked for.
pub(super) fn fact(store: &mut Store, variable: Symbol) -> Option<Fact> {
    let structure = store.symbol_info(variable).structure();
    if structure.is_none() && store.reading == Reading::Free {
        return None;
    }
    let node = store.intern(Node::Symbol(variable));
    let mut slots = vec![("symbol", node.into())];
    if let Some(structure) = structure {
        let meaning = match store.reading {
            Reading::Free => "its entries count as independent",
            Reading::Tied => "entries move as the structure ties them",
            Reading::Projected => "the gradient has the structure too",
        };
        slots.extend([
            ("structure", structure.name().into()),
            ("reading", name(store.reading).into()),
            ("meaning", meaning.into()),
        ]);
    }
    Some(Fact { node, rule: &shape::READING, slots, from: vec![] })
}
