//! `einstep batch`: many problems, a line each.

use crate::support::{einstep, file, finish, run};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

const PROBLEMS: &str = r#"{"id": "a", "expr": "x'*B*x", "wrt": ["x"], "given": ["x in R^n"], "source": "a book"}
{"id": "b", "expr": "tr(V*X*W)", "wrt": "X"}

{"id": "c", "expr": "tr(A*S)", "wrt": ["S"], "given": ["S in R^(n,n) symmetric"], "structured": true}
{"id": 7, "expr": "d/dw norm(w)"}
"#;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

fn batch(input: impl AsRef<[u8]>, options: &[&str]) -> crate::support::Run {
    let mut command = einstep();
    command.args(["batch", "-"]).args(options);
    finish(command, input.as_ref())
}

#[test]
fn lines_are_traces_in_the_order_of_the_problems() {
    let found = batch(PROBLEMS, &[]);
    assert_eq!((found.code, found.err.as_str()), (0, ""));
    let traces = lines(&found.out);
    let ids: Vec<&str> = traces.iter().map(|trace| trace["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c", "7"]);
    assert_eq!(traces[2]["result"]["text"], "A + A' - A .* I");
    let path = file("batch-traces.jsonl", &found.out);
    assert_eq!(run(["check".as_ref(), path.as_os_str()]).code, 0);
}

#[test]
fn answers_are_told_alone() {
    let found = batch(PROBLEMS, &["--answers"]);
    let first = r#"{"id":"a","answer":"(B + B')*x","index":""#;
    assert!(found.out.starts_with(first), "{}", found.out);
    let answers = lines(&found.out);
    assert_eq!(answers[3]["conditions"][0], "w != 0");
    assert_eq!(answers[3]["check"], "accepted");
}

#[test]
fn options_have_their_names() {
    let line = |rest: &str| format!("{{\"expr\": \"tr(V*X*W)\", \"wrt\": \"X\", {rest}}}\n");
    let told = |rest: &str| lines(&batch(line(rest), &["--answers"]).out).remove(0);
    assert_eq!(told(r#""layout": "numerator""#)["answer"], "W*V");
    assert_eq!(told(r#""max_steps": 3"#)["errors"][0]["code"], "E040");
    assert_eq!(told(r#""max-steps": 3"#)["errors"][0]["code"], "E040");
    assert_eq!(told(r#""layout": null"#)["answer"], "V'*W'");
    let einstein = r#"{"expr": "w[i]*w[i]", "wrt": "w[l]", "notation": "einstein"}"#;
    assert_eq!(lines(&batch(einstein, &["--answers"]).out)[0]["answer"], "2*w");
}

#[test]
fn a_bad_line_is_one_object_and_stops_nothing() {
    let mut input = b"{\"id\": \"broken\"\n".to_vec();
    input.extend(b"{\"id\": \"bytes\xff\", \"expr\": \"x\"}\n[1]\n");
    input.extend(b"{\"id\": \"none\", \"wrt\": [\"x\"]}\n");
    input.extend(b"{\"id\": \"slip\", \"expr\": \"x'*x\", \"wrt\": \"x\", \"layuot\": \"numerator\"}\n");
    input.extend(b"{\"id\": \"value\", \"expr\": \"x'*x\", \"wrt\": \"x\", \"layout\": \"sideways\"}\n");
    input.extend(b"{\"id\": \"kind\", \"expr\": \"x'*x\", \"wrt\": \"x\", \"layout\": {}}\n");
    input.extend(
        b"{\"id\": \"shape\", \"expr\": \"A*B\", \"wrt\": \"A\", \"given\": [\"A in R^(m,n)\", \"B in R^(m,k)\"]}\n",
    );
    input.extend(b"{\"id\": \"good\", \"expr\": \"x'*x\", \"wrt\": \"x\"}\n");
    let found = batch(&input, &["--answers", "--jobs", "3"]);
    assert_eq!((found.code, found.err.as_str()), (2, ""));
    let found = lines(&found.out);
    let codes: Vec<&str> = found.iter().map(|line| line["errors"][0]["code"].as_str().unwrap_or("none")).collect();
    assert_eq!(codes, ["line", "line", "line", "line", "line", "line", "line", "E020", "none"]);
    let numbers: Vec<u64> = found.iter().filter_map(|line| line["line"].as_u64()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(found[4]["id"], "slip");
    assert_eq!(found[4]["errors"][0]["help"][0], "the option is called `layout`");
    assert_eq!(found[8]["answer"], "2*x");
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let mut command = einstep();
    command.args(["batch", "-", "--answers", "--jobs", "1"]);
    let mut input = b"{\"expr\": \"".to_vec();
    input.resize((1 << 25) + 4096, b'x');
    input.extend(b"\"}\n{\"expr\": \"x'*x\", \"wrt\": \"x\"}\n");
    let found = finish(command, &input);
    let found = lines(&found.out);
    assert!(found[0]["errors"][0]["message"].as_str().unwrap().contains("longer than"));
    assert_eq!(found[1]["answer"], "2*x");
}

#[test]
fn output_does_not_depend_on_the_number_of_jobs() {
    let many: String = (0..60)
        .map(|k| match k % 3 {
            0 => format!("{{\"id\": {k}, \"expr\": \"x'*A{k}*x\", \"wrt\": \"x\"}}\n"),
            1 => format!("{{\"id\": {k}, \"expr\": \"norm(w) +\", \"wrt\": \"w\"}}\n"),
            _ => format!("{{\"id\": {k}, \"expr\": \"tr(X*A{k}*X)\", \"wrt\": \"X\"}}\n"),
        })
        .collect();
    let [one, four] = ["1", "4"].map(|jobs| batch(&many, &["--jobs", jobs]).out);
    assert_eq!(one.lines().count(), 60);
    assert_eq!(one, four);
}

#[test]
fn an_interrupted_batch_is_resumed() {
    let problems = file("batch-resume.jsonl", PROBLEMS);
    let output = file("batch-resume.out", "");
    let resume = |problems: &Path| {
        let mut command = einstep();
        command.arg("batch").arg(problems).arg("--output").arg(&output).args(["--resume", "--answers"]);
        finish(command, b"")
    };
    assert_eq!(resume(&problems).code, 0);
    let whole = fs::read_to_string(&output).unwrap();
    assert_eq!(whole, batch(PROBLEMS, &["--answers"]).out);
    // Cut within a line, at its end, at the beginning and nowhere.
    let second = whole.find('\n').unwrap() + 1;
    for kept in [0, 10, second, second + 30, whole.len() - 1, whole.len()] {
        fs::write(&output, &whole[..kept]).unwrap();
        assert_eq!(resume(&problems).code, 0, "{kept}");
        assert_eq!(fs::read_to_string(&output).unwrap(), whole, "{kept}");
    }
    let others = file("batch-others.jsonl", "{\"id\": \"z\", \"expr\": \"x'*x\", \"wrt\": \"x\"}\n");
    let refused = resume(&others);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("line 1"), "{}", refused.err);
    assert_eq!(fs::read_to_string(&output).unwrap(), whole);
}

#[test]
fn resuming_needs_an_output() {
    assert_eq!(run(["batch", "-", "--resume"]).code, 2);
    assert_eq!(run(["batch", "no-such-file.jsonl"]).code, 2);
}

#[test]
fn problems_are_answered_while_more_are_awaited_and_a_closed_pipe_ends_it() {
    let mut command = einstep();
    command.args(["batch", "-", "--answers"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let problem = b"{\"expr\": \"x'*x\", \"wrt\": \"x\"}\n";
    for _ in 0..3 {
        input.write_all(problem).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains("2*x"), "{line}");
    }
    drop(output);
    input.write_all(problem).unwrap();
    // The input is still open.
    assert!(child.wait().unwrap().success());
}
