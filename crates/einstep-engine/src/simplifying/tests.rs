//! Matrix expressions through the simplifying passes alone.

mod corpus;
mod rules;

use super::*;
use crate::derive::Finished;
use crate::infer::{Typed, infer};
use crate::passes::Chain;
use crate::record;
use crate::work::Link;
use einstep_expr::Indices;
use einstep_syntax::parse_problem;
use einstep_trace::Derivation;

/// An expression and a question, in one store.
fn typed(given: &str, expression: &str, question: &str) -> Result<(Typed, Id), String> {
    // Neither of the functions takes anything out of its argument.
    let both = format!("sum(vec(exp({expression}))) + sum(vec(cos({question})))");
    let problem = parse_problem(&format!("{given}; omega in R; d/domega {both}"), 0);
    if let Some(diagnostic) = problem.diagnostics.first() {
        return Err(diagnostic.message.clone());
    }
    let mut typed = infer(&problem.value, Default::default()).map_err(|found| found[0].message.clone())?;
    let part = |k: usize| {
        let mut id = typed.store.terms(typed.value)[k];
        loop {
            match typed.store.node(id) {
                Node::Apply(_, arg) => return *arg,
                node => id = node.children()[0],
            }
        }
    };
    let (start, asked, question) = (part(0), question.to_string(), part(1));
    typed.value = start;
    typed.expression = asked;
    Ok((typed, question))
}

/// What the passes make of an expression, spelled as in a question: the steps, and where they end.
fn passed(given: &str, expression: &str, question: &str) -> Result<(Typed, Vec<Link>, Id), String> {
    let (mut typed, question) = typed(given, expression, question)?;
    let start = typed.value;
    let echo = spellings(&mut typed.store, question);
    let mut left_over = Limits::default();
    let mut work = Work::new(&mut typed.store, &mut left_over, start, Phase::Simplify);
    simplify(&mut work, &echo);
    let (links, end) = (std::mem::take(&mut work.links), work.line);
    Ok((typed, links, end))
}

fn recorded(typed: Typed, links: Vec<Link>, end: Id) -> Derivation {
    let start = typed.value;
    let still = |id| Chain { id, left: start, links: vec![], end: start };
    let matrix = Chain { id: "matrix", left: start, links, end };
    let chains = vec![still("value"), still("element"), matrix];
    let finished = Finished {
        element: None,
        order: 2,
        typed,
        lemmas: crate::lemmas::Lemmas::default(),
        chains,
        slots: Indices::new(),
        conditions: vec![],
        raised: true,
        stuck: None,
    };
    record::derivation(finished)
}

/// The form in which an expression comes out of the passes.
fn simplified(given: &str, expression: &str, question: &str) -> Result<String, String> {
    let (typed, links, end) = passed(given, expression, question)?;
    recorded(typed, links, end).result.text.ok_or_else(|| "no text".into())
}
