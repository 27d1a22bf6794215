//! Checking traces from files.

use crate::support::{Run, einstep, file, finish, run};
use serde_json::{Value, json};

const QUESTION: &str = "d/dX tr(V*X*W)";

/// The trace of a question, as a value to tamper with.
fn trace(question: &str) -> Value {
    serde_json::from_str(&run([question, "--format", "json"]).out).unwrap()
}

/// `check` with a trace from standard input.
fn piped(trace: &str, args: &[&str]) -> Run {
    let mut command = einstep();
    command.args(["check", "-"]).args(args);
    finish(command, trace.as_bytes())
}

/// The exit code and the verdict as data.
fn checked(trace: &str, args: &[&str]) -> (i32, Value) {
    let run = piped(trace, &[&["--format", "json"], args].concat());
    assert_eq!(run.err, "");
    (run.code, serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out)))
}

#[track_caller]
fn verdict(trace: &Value, expected: &str) -> Value {
    let code = ["accepted", "rejected", "declined"].iter().position(|word| *word == expected);
    let (found, verdict) = checked(&trace.to_string(), &[]);
    assert_eq!((Some(found as usize), &verdict["verdict"]), (code, &expected.into()), "{verdict}");
    verdict
}

#[test]
fn honest_traces_in_every_form() {
    let pretty = run([QUESTION, "--format", "json"]).out;
    let compact = ["d/dw norm(w)", "d/dx x'*B*x"].map(|question| run([question, "--format", "json", "--compact"]).out);
    let one = file("one.json", &pretty);
    let lines = file("lines.jsonl", compact.concat());
    let run = run(["check", one.to_str().unwrap(), lines.to_str().unwrap()]);
    assert_eq!((run.code, &*run.err), (0, ""));
    for part in [
        "one.json: accepted: d/dX tr(V*X*W) = V'*W'\n  11 steps hold at 4 random points (seed ",
        "lines.jsonl:1: accepted: d/dw norm(w) = w/norm(w)\n",
        "lines.jsonl:2: accepted: d/dx x'*B*x = (B + B')*x\n",
        "  with l = 4, m = 2, n = 3\n  with l = 3, m = 5, n = 4\n",
        "  a wrong step passes with a probability of at most 2^-1",
    ] {
        assert!(run.out.contains(part), "no `{part}` in\n{}", run.out);
    }
    let marked = format!("\u{feff}{}", pretty.replace('\n', "\r\n"));
    assert_eq!(checked(&marked, &[]).0, 0);
}

#[test]
fn a_verdict_as_data() {
    let (code, verdict) = checked(&trace(QUESTION).to_string(), &["--points", "3", "--seed", "ff"]);
    let expected = json!({
        "file": "standard input", "line": null, "question": QUESTION, "answer": "V'*W'", "verdict": "accepted",
        "steps": 11, "points": 6, "sizes": [{"l": 4, "m": 2, "n": 3}, {"l": 3, "m": 5, "n": 4}], "singular": [],
        "error_bits": verdict["error_bits"], "seed": "00000000000000ff",
    });
    assert_eq!((code, &verdict), (0, &expected));
    assert!(verdict["error_bits"].as_u64() > Some(100));
}

#[test]
fn a_wrong_step_has_a_counterexample() {
    let mut wrong = trace(QUESTION);
    let delta = wrong["nodes"].as_array().unwrap().iter().position(|node| node["op"] == "delta").unwrap();
    wrong["nodes"][delta]["at"] = json!([wrong["nodes"][delta]["at"][0], wrong["nodes"][delta]["at"][0]]);
    let rejected = verdict(&wrong, "rejected");
    assert_eq!((&rejected["rule"], &rejected["message"]), (&json!("diff.element"), &json!("the two sides differ")));
    assert!(rejected["step"].is_u64() && rejected["place"].is_array());
    let point = &rejected["counterexample"];
    assert_ne!(point["left"], point["right"]);
    assert!(point["sizes"]["m"].is_u64() && point["indices"].is_array());
    let text = piped(&wrong.to_string(), &[]);
    assert!(text.out.contains("rule diff.element, at ") && text.out.contains("the left side is "), "{}", text.out);
}

#[test]
fn what_a_trace_claims_of_itself_is_ignored() {
    let mut wrong = trace(QUESTION);
    wrong["result"]["text"] = json!("W'*V'");
    assert_eq!(wrong["check"]["status"], "accepted");
    assert_eq!(verdict(&wrong, "rejected")["at"], "the text of the result");
    let mut without = trace(QUESTION);
    without.as_object_mut().unwrap().remove("check");
    verdict(&without, "accepted");
}

#[test]
fn what_is_no_trace_gets_a_verdict_too() {
    let honest = trace(QUESTION);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut trace = honest.clone();
        change(&mut trace);
        trace
    };
    let other_version = verdict(&with(&|trace| trace["format"] = json!("einstep-trace/2")), "declined");
    assert!(other_version["reason"].as_str().unwrap().contains("einstep-trace/2"));
    let field = verdict(&with(&|trace| trace["chains"][0]["proof"] = json!("trivial")), "declined");
    assert_eq!(field["reason"], "the field `chains.0.proof` is not known");
    let op = verdict(&with(&|trace| trace["nodes"][0]["op"] = json!("divergence")), "rejected");
    assert!(op["message"].as_str().unwrap().contains("divergence"));
    verdict(&with(&|trace| drop(trace.as_object_mut().unwrap().remove("result"))), "rejected");
    verdict(&with(&|trace| trace["nodes"][0] = json!({"op": "number", "value": "NaN"})), "rejected");
    for text in ["", "{", "[]", "null", "{\"errors\":[]}", "\u{0}", &"[".repeat(100_000), &"{\"a\":".repeat(100_000)] {
        assert_eq!((checked(text, &[]).0, &checked(text, &[]).1["verdict"]), (1, &json!("rejected")), "{text:.20}");
    }
}

#[test]
fn the_worst_of_several_decides() {
    let (good, bad) = (trace(QUESTION), json!({}));
    let unknown = json!({"format": "x", "generator": {"name": "", "version": ""}});
    let lines = |traces: &[&Value]| traces.iter().map(|trace| format!("{trace}\n")).collect::<String>();
    let code = |name: &str, text: String| run(["check", file(name, text).to_str().unwrap()]).code;
    assert_eq!(code("good.jsonl", lines(&[&good, &good])), 0);
    assert_eq!(code("mixed.jsonl", lines(&[&good, &bad, &good])), 1);
    assert_eq!(code("half.jsonl", format!("{good}\n\n{}", &unknown.to_string()[..20])), 1);
    let good = file("good.json", good.to_string());
    let both = run(["check", "/no/such/file", good.to_str().unwrap()]);
    assert_eq!((both.code, &*both.err), (2, ""));
    assert!(both.out.contains("/no/such/file: declined\n  the file: it can't be read: No such file"), "{}", both.out);
    assert!(both.out.contains("good.json: accepted"), "{}", both.out);
}

#[test]
fn a_task_of_ones_own() {
    const SUM: &str = "sum[k](V[k,p]*W[q,k])";
    let trace = |args: &[&str]| run(args.iter().chain(&["--format", "json"])).out;
    let against = |trace: &str, args: &[&str]| checked(trace, args).1["verdict"].as_str().unwrap().to_string();
    let raised = trace(&["raise", SUM, "--free", "q,p"]);
    assert_eq!(against(&raised, &[]), "accepted");
    assert_eq!(against(&raised, &["--problem", SUM, "--task", "raise", "--free", "q,p"]), "accepted");
    assert_eq!(against(&raised, &["--problem", &format!("array[q,p]({SUM})"), "--task", "raise"]), "accepted");
    assert_eq!(against(&raised, &["--problem", SUM, "--task", "raise"]), "rejected");
    assert_eq!(against(&raised, &["--problem", SUM, "--task", "lower"]), "rejected");
    assert_eq!(against(&raised, &["--problem", "V'*W'", "--task", "simplify"]), "rejected");
    for task in ["lower", "simplify"] {
        let done = trace(&[task, "tr(V*X*W)"]);
        assert_eq!(against(&done, &["--problem", "tr(V*X*W)", "--task", task]), "accepted");
        assert_eq!(against(&done, &["--problem", "tr(V*X*V)", "--task", task]), "rejected");
    }
    let refused = run(["check", "-", "--problem", SUM, "--free", "q,p"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("give `--task raise` too"), "{}", refused.err);
    assert_eq!(run(["check", "-", "--task", "raise"]).code, 2);
}

#[test]
fn a_question_of_ones_own() {
    let general = trace(QUESTION).to_string();
    let against = |trace: &str, args: &[&str]| checked(trace, args).1["verdict"].as_str().unwrap().to_string();
    assert_eq!(against(&general, &["--problem", QUESTION]), "accepted");
    assert_eq!(against(&general, &["--problem", "tr(W*V*X)", "--wrt", "X"]), "accepted");
    assert_eq!(against(&general, &["--problem", "d/dX tr(V*X*W*V*X*W)"]), "rejected");
    assert_eq!(against(&general, &["--problem", "d/dV tr(V*X*W)"]), "rejected");
    // The question that is put declares nothing, so its matrices need not be square.
    let special = trace(&format!("V, X, W in R^(n,n); {QUESTION}")).to_string();
    assert_eq!(against(&special, &[]), "accepted");
    assert_eq!(against(&special, &["--problem", QUESTION]), "rejected");
    assert_eq!(against(&special, &["--problem", QUESTION, "--given", "V, X, W in R^(n,n)"]), "accepted");
    let symmetric = trace("S in R^(n,n) symmetric; d/dx x'*S*x").to_string();
    assert_eq!(against(&symmetric, &["--problem", "d/dx x'*S*x"]), "rejected");
    // Nobody chose the names of its dimensions.
    let renamed = trace("V in R^(a,b); X in R^(b,c); d/dX tr(V*X*W)").to_string();
    assert_eq!(against(&renamed, &["--problem", QUESTION]), "accepted");
    assert_eq!(against(&renamed, &["--problem", QUESTION, "--given", "X in R^(p,q)"]), "rejected");
    let refused = run(["check", "-", "--problem", "d/dX tr(V*X"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("E002"), "{}", refused.err);
    assert_eq!(run(["check"]).code, 2);
    assert_eq!(run(["check", "-", "--given", "X in R^n"]).code, 2);
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let mut hostile = trace(QUESTION);
    hostile["problem"]["text"] = json!("\u{1b}[2J\r");
    let file = file("hostile.json", hostile.to_string());
    let run = run(["check", file.to_str().unwrap(), "--color", "always"]);
    assert_eq!(run.code, 1);
    assert!(!run.out.contains(['\u{1b}', '\r']), "{:?}", run.out);
}

#[test]
fn the_schema_of_a_verdict() {
    let schema: Value = serde_json::from_str(&run(["schema", "--of", "verdict"]).out).unwrap();
    assert_eq!(schema["title"], "Checked");
    assert_eq!(run(["schema"]).out, run(["schema", "--of", "trace"]).out);
}

#[test]
fn the_layout_is_part_of_the_question() {
    let numerator = run([QUESTION, "--layout", "numerator", "--format", "json"]).out;
    let against = |layout: &[&str]| checked(&numerator, &[&["--problem", QUESTION], layout].concat());
    assert_eq!(checked(&numerator, &[]).0, 0);
    assert_eq!(against(&["--layout", "numerator"]).0, 0);
    let (code, verdict) = against(&[]);
    assert_eq!((code, &verdict["at"]), (1, &json!("the question")));
    assert_eq!(verdict["message"], "the trace answers in numerator layout, and mixed layout is asked for");
    // Of a trace alone there is nothing to be asked for.
    assert_eq!(piped(&numerator, &["--layout", "numerator"]).code, 2);
}

#[test]
fn an_answer_in_another_layout_than_it_says() {
    let mut trace: Value = trace(QUESTION);
    trace["problem"]["layout"] = json!("numerator");
    let verdict = verdict(&trace, "rejected");
    assert!(verdict["message"].as_str().unwrap().contains("it does not have the chain layout"), "{verdict}");
}

#[test]
fn a_trace_of_another_task() {
    let raised = run(["raise", "V[k,p]", "--format", "json"]).out;
    let run = piped(&raised, &["--problem", "d/dV V[k,p]"]);
    let says = "in the trace the expression is raised, and it is asked to be differentiated";
    assert!(run.code == 1 && run.out.contains(says), "{}", run.out);
}
