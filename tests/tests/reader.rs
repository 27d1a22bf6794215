//! The reader in Python, `docs/examples/read_trace.py`, finds every step of the suite equal that it can evaluate, and finds
//! steps that were tampered with. Where there is no `python3`, that is said, and nothing is tested.

use einstep::Problem;
use einstep_tests::cases;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// What the reader says of some traces: its exit code and its text; `None` without Python.
fn read(traces: &[String]) -> Option<(Option<i32>, String)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/read_trace.py");
    let mut command = Command::new("python3");
    command.args([script, "-"]).env("PYTHONIOENCODING", "utf-8").stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        // What is printed by macros is shown of failing tests only.
        let _ = writeln!(std::io::stderr(), "SKIPPED: there is no python3, so the reader in Python was not tested");
        return None;
    };
    child.stdin.take().expect("a pipe").write_all(traces.join("\n").as_bytes()).expect("the reader reads");
    let output = child.wait_with_output().expect("the reader ends");
    Some((output.status.code(), String::from_utf8(output.stdout).expect("text")))
}

fn trace(problem: &str) -> Option<String> {
    Problem::parse(problem).and_then(|problem| problem.derive()).ok().map(|derivation| derivation.to_json(true))
}

#[test]
fn every_step_of_the_suite_is_equal_or_not_rational() {
    let cases = cases().expect("the suite can be read");
    let traces: Vec<String> =
        cases.iter().filter_map(|case| Some(case.parsed().ok()?.derive().ok()?.to_json(true))).collect();
    let Some((code, text)) = read(&traces) else { return };
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(text.matches("unequal: nothing").count(), traces.len());
    let (equal, unknown) = (text.matches(": equal]").count(), text.matches(": not rational").count());
    assert!(equal > 600, "only {equal} steps could be evaluated, and {unknown} could not");
}

#[test]
fn rational_derivations_are_evaluated_to_the_last_step() {
    let problems = ["d/dX tr(V*X*W)", "d/dx x'*B*x", "d/dX tr(A*X^3)", "d/dx x'*x/(x'*A*x)", "d/dX vec(X)'*vec(A)"];
    let Some((code, text)) = read(&problems.map(|problem| trace(problem).expect("derives"))) else { return };
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("not rational"), "{text}");
    assert!(text.contains("  = Σ_kj V_kp δ_jq W_jk   [delta.contract: equal]\n"), "{text}");
}

#[test]
fn a_trace_that_was_tampered_with_is_found_out() {
    let honest: Value = serde_json::from_str(&trace("d/dx x'*B*x - 3*a'*x").expect("derives")).expect("JSON");
    let node = |op: &str| {
        let nodes = honest["nodes"].as_array().expect("nodes");
        nodes.iter().position(|node| node["op"] == op).expect("such a node")
    };
    let first = |op: &str, list: &str| honest["nodes"][node(op)][list][0].clone();
    let changes = [
        (format!("/nodes/{}/at", node("delta")), json!([first("delta", "at"), first("delta", "at")])),
        (format!("/nodes/{}/args", node("add")), json!([first("add", "args"), first("add", "args")])),
        ("/chains/0/links/1/before".into(), json!(0)),
        ("/chains/1/links/2/after".into(), json!(0)),
        ("/chains/1/left".into(), honest["chains"][0]["left"].clone()),
        ("/chains/2/left".into(), honest["chains"][0]["left"].clone()),
        ("/result/node".into(), json!(0)),
    ];
    for (pointer, value) in changes {
        let mut tampered = honest.clone();
        *tampered.pointer_mut(&pointer).expect("a place") = value;
        let Some((code, text)) = read(&[tampered.to_string()]) else { return };
        assert_eq!(code, Some(1), "{pointer}:\n{text}");
    }
}
