//! The answers of the corpus against the derivatives of its questions, and against wrong answers made from them.

use einstep_check::{Comparison, Options, compare, compare_element};
use einstep_syntax::{DimExpr, Expr, parse_declarations, parse_problem_given};
use einstep_trace::*;

/// A case of the corpus.
struct Case {
    id: String,
    derivation: Derivation,
    given: Vec<String>,
    answer: Option<String>,
    index: Option<(String, Vec<String>)>,
}

/// A derivation without steps: the question and the symbols that are declared.
pub(crate) fn question(given: &[String], expression: &str, wrt: &[String]) -> Derivation {
    let parsed = parse_declarations(&given.join("\n"), 0);
    assert!(parsed.diagnostics.is_empty(), "{given:?}");
    let mut symbols = Vec::new();
    for declaration in &parsed.value {
        let mut shape: Vec<Dim> = declaration.dims.iter().map(|dim| Dim(dimension(dim))).collect();
        while shape.last().is_some_and(Dim::is_one) {
            shape.pop();
        }
        symbols.extend(declaration.names.iter().map(|name| Symbol {
            name: name.name.clone(),
            kind: SymbolKind::Matrix,
            shape: shape.clone(),
            properties: declaration.properties.iter().map(|property| property.name.clone()).collect(),
            origin: Origin::Declared,
            depends: None,
        }));
    }
    let names = symbols.iter().flat_map(|symbol| &symbol.shape).flat_map(|dim| dim.terms().unwrap_or_default());
    let mut dims: Vec<String> = names.flat_map(|(_, names)| names).collect();
    dims.sort();
    dims.dedup();
    Derivation {
        format: FORMAT.into(),
        id: None,
        generator: Generator { name: String::new(), version: String::new() },
        problem: Problem {
            text: String::new(),
            expression: expression.into(),
            wrt: wrt.to_vec(),
            node: NodeId(0),
            given: given.to_vec(),
            layout: Layout::Mixed,
            structured: Reading::Free,
            task: Default::default(),
            notation: Notation::default(),
        },
        dims: dims.into_iter().map(|name| DimRecord { name, origin: Origin::Declared }).collect(),
        symbols,
        indices: vec![],
        nodes: vec![],
        shapes: vec![],
        chains: vec![],
        conditions: vec![],
        result: crate::support::answer(None, &[], "", &[]),
        check: None,
    }
}

fn dimension(dim: &DimExpr) -> String {
    match dim {
        DimExpr::Name(name) => name.name.clone(),
        DimExpr::Literal(value, _) => value.to_string(),
        DimExpr::Product(factors) => factors.iter().map(dimension).collect::<Vec<_>>().join("*"),
        DimExpr::Sum(terms) => terms.iter().map(dimension).collect::<Vec<_>>().join(" + "),
    }
}

/// An expression in the presence of declarations.
pub(crate) fn read(text: &str, given: &[String]) -> Expr {
    let given = parse_declarations(&given.join("\n"), 0).value;
    let parsed = parse_problem_given(text, 0, &given);
    assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
    parsed.value.question.unwrap().body
}

/// The cases with declared symbols and independent entries that ask for a derivative by whole symbols.
fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/derivatives.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let strings = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_string()).collect()
    };
    let string = |value: &serde_json::Value| value.as_str().map(str::to_string);
    let mut cases = Vec::new();
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let (given, wrt, id) = (strings(&case["given"]), strings(&case["wrt"]), string(&case["id"]).unwrap());
        let inferred = id.starts_with("inference") || given.is_empty();
        if case["structured"].as_bool() == Some(true) || inferred || wrt.iter().any(|name| name.contains('[')) {
            continue;
        }
        let derivation = question(&given, case["expr"].as_str().unwrap(), &wrt);
        let answer = string(&case["answer"]);
        let index = string(&case["answer_index"]).map(|index| (index, strings(&case["free"])));
        cases.push(Case { id, derivation, given, answer, index });
    }
    cases
}

#[test]
fn the_answers_of_the_corpus_are_right() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let options = Options::default();
        let mut check = |found: Comparison| {
            if !matches!(found, Comparison::Equal { .. }) {
                wrong.push(format!("{}: {found:?}", case.id));
            }
        };
        if let Some(answer) = &case.answer {
            check(compare(&case.derivation, &read(answer, &case.given), &options));
        }
        if let Some((index, free)) = &case.index {
            check(compare_element(&case.derivation, &read(index, &case.given), free, &options));
        }
    }
    assert!(cases.len() > 380, "{}", cases.len());
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
