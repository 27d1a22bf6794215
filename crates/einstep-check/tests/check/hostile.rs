//! Records that no honest program writes: the checker answers all the same.

use crate::{examples, lemmas};
use einstep_check::{Options, Verdict, check};
use einstep_trace::{Derivation, Dim, Index, IndexId, IndexRole, Node, NodeId, Rational, SymbolId};
use proptest::prelude::*;
use serde_json::Value;

fn declined(derivation: &Derivation) -> String {
    match check(derivation, None, &Options::default()) {
        Verdict::Declined(declined) => declined.reason,
        verdict => panic!("{verdict:#?}"),
    }
}

/// Every number and text of a JSON value, in order.
fn leaves<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| leaves(item, found)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, field)| leaves(field, found)),
        leaf => found.push(leaf),
    }
}

fn changed(leaf: &Value, by: u64) -> Value {
    const TEXTS: [&str; 12] = ["", "0", "1/2", "I", "n*m", "tr(X)", "x'", "kp->", "\u{3b4}", "delta[p,p]", "-7", "784"];
    match leaf {
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or(0);
            Value::from(
                [number.wrapping_add(1), number.wrapping_sub(1), by, u64::from(u32::MAX)][by as usize % 4] as u32,
            )
        }
        Value::String(_) => Value::from(TEXTS[by as usize % TEXTS.len()]),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_records_do_not_panic(example in 0..5, changes in prop::collection::vec((any::<u16>(), 0u64..64), 1..4)) {
        let derivation = match example {
            0 => examples::trace(),
            1 => examples::norm(),
            2 => examples::trace_of_a_matrix(),
            3 => lemmas::example(),
            _ => examples::hessian(),
        };
        let mut value = serde_json::to_value(&derivation).unwrap();
        for (position, by) in changes {
            let mut found = Vec::new();
            leaves(&mut value, &mut found);
            let position = position as usize % found.len();
            *found[position] = changed(found[position], by);
        }
        if let Ok(derivation) = serde_json::from_value::<Derivation>(value) {
            let _ = check(&derivation, None, &Options { work: 1 << 22, ..Options::default() });
        }
    }
}

#[test]
fn deep_table() {
    let mut d = examples::trace();
    let mut top = d.nodes.iter().position(|node| matches!(node, Node::Call { .. })).unwrap() as u32;
    for _ in 0..50_000 {
        d.nodes.push(Node::Mul { args: vec![NodeId(top), NodeId(top)] });
        top = d.nodes.len() as u32 - 1;
    }
    d.chains[0].links[0].replaced[0][1] = NodeId(top);
    assert!(!matches!(check(&d, None, &Options::default()), Verdict::Accepted(_)));
}

#[test]
fn many_free_indices() {
    let mut d = examples::trace();
    let mut line = d.problem.node;
    for number in 0..10_000 {
        let id = IndexId(d.indices.len() as u32);
        d.indices.push(Index { id, name: format!("i{number}"), dim: Dim("m".into()), role: IndexRole::Sum });
        d.nodes.push(Node::Delta { at: [id, id] });
        d.nodes.push(Node::Mul { args: vec![line, NodeId(d.nodes.len() as u32 - 1)] });
        line = NodeId(d.nodes.len() as u32 - 1);
    }
    assert_eq!(declined(&d), "it has too many nodes for so many indices");
}

#[test]
fn large_numbers() {
    let mut d = examples::norm();
    d.nodes.push(Node::Number { value: Rational("9".repeat(4000)) });
    let exponent = NodeId(d.nodes.len() as u32 - 1);
    d.nodes.push(Node::Power { base: d.problem.node, exponent });
    d.result.node = NodeId(d.nodes.len() as u32 - 1);
    assert!(!matches!(check(&d, None, &Options::default()), Verdict::Accepted(_)));

    let mut d = examples::trace();
    let text = serde_json::to_string(&d).unwrap().replace("\"m\"", "\"m*m*m*m*m*m*m*m*m*m*m*m\"");
    d = serde_json::from_str(&text).unwrap();
    assert!(!matches!(check(&d, None, &Options::default()), Verdict::Accepted(_)));
}

#[test]
fn work_beyond_the_bound() {
    let options = Options { work: 1000, ..Options::default() };
    assert!(matches!(check(&examples::trace(), None, &options), Verdict::Declined(_)));
}

#[test]
fn derivative_by_an_exponent() {
    // The exponent is drawn as an integer; its derivative must not count as zero.
    let mut d = examples::symbolic_exponent();
    d.problem.wrt = vec!["alpha".into()];
    let alpha = d.nodes.iter().position(|node| *node == Node::Symbol { symbol: SymbolId(1) }).unwrap();
    for node in &mut d.nodes {
        if let Node::Partial { by, .. } = node {
            *by = NodeId(alpha as u32);
        }
    }
    assert!(matches!(check(&d, None, &Options::default()), Verdict::Rejected(_)));
}

#[test]
fn functions_that_are_not_known() {
    let mut d = examples::norm();
    d.problem.expression = "gamma(w)'*w".into();
    assert_eq!(declined(&d), "the function `gamma` is not known");
}
