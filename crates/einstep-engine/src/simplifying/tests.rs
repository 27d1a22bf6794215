//! Matrix expressions through the simplifying passes alone.

use super::*;
use crate::derive::{Chain, Finished};
use crate::infer::infer;
use crate::lemmas::Lemmas;
use crate::record;
use einstep_expr::Indices;
use einstep_syntax::parse_problem;
use einstep_trace::Derivation;

/// What the passes make of an expression, spelled as in a question.
fn derivation(given: &str, expression: &str, question: &str) -> Result<Derivation, String> {
    let both = format!("sum(vec(exp({expression}))) + sum(vec(cos({question})))");
    let text = format!("{given}; omega in R; d/domega {both}");
    let problem = parse_problem(&text, 0);
    if !problem.diagnostics.is_empty() {
        return Err(format!("{:?}", problem.diagnostics));
    }
    let mut typed = infer(&problem.value)
        .map_err(|found| found.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "))?;
    let part = |store: &Store, k: usize| {
        let mut id = store.terms(typed.value)[k];
        loop {
            match store.node(id) {
                Node::Apply(_, arg) => return *arg,
                node => id = node.children()[0],
            }
        }
    };
    let (start, question) = (part(&typed.store, 0), part(&typed.store, 1));
    typed.value = start;
    let echo = spellings(&mut typed.store, question);
    let mut left_over = Limits::default();
    let mut work = Work::new(&mut typed.store, &mut left_over, start, Phase::Simplify);
    simplify(&mut work, &echo);
    let (links, end) = (std::mem::take(&mut work.links), work.line);
    let still = |id| Chain { id, left: start, links: vec![], end: start };
    let matrix = Chain { id: "matrix", left: start, links, end };
    let chains = vec![still("value"), still("element"), matrix];
    Ok(record::derivation(Finished {
        typed,
        lemmas: Lemmas::default(),
        chains,
        slots: Indices::new(),
        conditions: vec![],
        raised: true,
        stuck: None,
    }))
}

fn text(given: &str, expression: &str, question: &str) -> String {
    match derivation(given, expression, question) {
        Ok(derivation) => derivation.result.text.unwrap_or_else(|| "no text".into()),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn explore() {
    let Ok(path) = std::env::var("EXPLORE") else { return };
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        #[allow(clippy::print_stdout)]
        println!("{}\t{}\t{}", parts[0], parts[2], text(parts[1], parts[2], parts[3]));
    }
}
