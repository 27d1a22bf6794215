//! Deriving, verifying, and what the command says of itself.

use crate::support::{Run, einstep, file, finish, run};

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[track_caller]
fn answers(args: &[&str], answer: &str) {
    let run = run(args.iter().copied().chain(["--quiet"]));
    assert_eq!((run.code, run.out.trim_end(), &*run.err), (0, answer, ""), "{args:?}");
}

/// Refused with this exit code, all of these words on standard error, and nothing on standard output.
#[track_caller]
fn refuses(args: &[&str], code: i32, words: &[&str]) {
    let run = run(args);
    assert_eq!((run.code, &*run.out), (code, ""), "{args:?}\n{}", run.err);
    for word in words {
        assert!(run.err.contains(word), "{args:?}: no `{word}` in\n{}", run.err);
    }
}

#[test]
fn the_four_exercises_with_nothing_declared() {
    answers(&["derive", "tr(S)", "--wrt", "S"], "I");
    answers(&["derive", "norm(w)", "--wrt", "w"], "w/norm(w)");
    answers(&["derive", "tr(V*X*W)", "--wrt", "X"], "V'*W'");
    answers(&["derive", "x'*B*x", "--wrt", "x"], "(B + B')*x");
}

#[test]
fn indices_in_any_of_their_spellings() {
    answers(&["derive", "sum[i](w[i]*w[i])", "--wrt", "w[l]"], "2*w");
    answers(&["derive", "sum_{i=1}^n w_i w_i", "--wrt", "w_l", "--given", "w in R^n"], "2*w");
    answers(&["derive", "x_i B_ij x_j", "--wrt", "x_l", "--notation", "einstein"], "(B + B')*x");
    let three = ["derive", "x[i]*y[i]*z[i]", "--wrt", "x[l]", "--notation", "einstein"];
    refuses(&three, 2, &["E018", "the index `i` occurs more than twice"]);
}

#[test]
fn declarations_and_derivatives_in_any_of_the_texts() {
    answers(&["d/dX tr(V*X*W)"], "V'*W'");
    answers(&["d/dX tr(V*X*W)", "--given", "X in R^(m,n)", "--given", "V in R^(l,m)"], "V'*W'");
    answers(&["derive", "S in R^(n,n) symmetric; d/dx x'*S*x"], "2*S*x");
    answers(&["derive", "x'*S*x", "--wrt", "x", "--given", "S in R^(n,n) symmetric"], "2*S*x");
    answers(&["--wrt", " x ", "norm(A*x - b)^2"], "2*A'*(A*x - b)");
}

#[test]
fn expressions_that_begin_with_a_sign() {
    answers(&["-x'*x", "--wrt", "x"], "-2*x");
    answers(&["derive", "-x", "--wrt", "x"], "-I");
    answers(&["derive", "--x'*x", "--wrt", "x"], "2*x");
    answers(&["derive", "--wrt", "x", "--color", "never", "-x'*x"], "-2*x");
    assert_eq!(run(["derive", "--wrt", "x", "-q", "--", "-x'*x"]).out, "-2*x\n");
    refuses(&["derive", "--formt", "json", "x'*x"], 2, &["--formt", "'--format'"]);
    refuses(&["--quite", "x'*x"], 2, &["--quite", "'--quiet'"]);
}

#[test]
fn files_and_standard_input() {
    let problem = "# Exercise 2\nV in R^(l,m); X in R^(m,n); W in R^(n,l)\nd/dX tr(V*X*W)\n";
    let ein = file("exercise2.ein", problem);
    let windows = file("windows.txt", format!("\u{feff}{}", problem.replace('\n', "\r\n")));
    for path in [&ein, &windows] {
        let path = path.to_str().unwrap();
        answers(&["derive", path], "V'*W'");
        answers(&[path], "V'*W'");
        answers(&["--expr-file", path], "V'*W'");
    }
    for args in [vec!["derive", "-"], vec!["-"], vec!["derive", "--expr-file", "-"]] {
        let mut command = einstep();
        command.args(args).arg("-q");
        assert_eq!(finish(command, problem.as_bytes()).out, "V'*W'\n");
    }
    refuses(&["nowhere.ein"], 2, &["nowhere.ein", "No such file"]);
    refuses(&["derive", "x'*x", "--expr-file", ein.to_str().unwrap()], 2, &["cannot be used with"]);
}

#[test]
fn text_has_the_derivation_and_how_it_was_checked() {
    let run = run(["d/dX tr(V*X*W)"]);
    assert_eq!((run.code, &*run.err), (0, ""));
    for part in ["Shapes", "Σₖ", "delta.contract", "Vᵀ Wᵀ", "checked: "] {
        assert!(run.out.contains(part), "no `{part}` in\n{}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "colour off a terminal");
}

#[test]
fn detail_and_width() {
    let lines = |detail: &str| run(["d/dX tr(V*X*W)", "--detail", detail]).out.lines().count();
    assert!(lines("outline") < lines("notes"));
    assert!(lines("notes") <= lines("full"));
    for width in [60, 80, 120] {
        let run = run(["d/dX tr(V*X*W)", "--width", &width.to_string()]);
        let widest = run.out.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{widest:?} columns where {width} were asked for");
    }
}

#[test]
fn colour_when_it_is_asked_for() {
    let problem = "d/dw norm(w)";
    assert!(run([problem, "--color", "always"]).out.contains("\u{1b}["));
    assert!(run(["--color=always", problem]).out.contains("\u{1b}["));
    assert!(run(["$", "--color", "always"]).err.contains("\u{1b}["));
    let with = |name: &str, color: &str| {
        let mut command = einstep();
        command.args([problem, "--color", color]).env(name, "1");
        finish(command, b"").out.contains('\u{1b}')
    };
    assert!(with("CLICOLOR_FORCE", "auto"));
    assert!(!with("CLICOLOR_FORCE", "never"));
    assert!(!with("NO_COLOR", "auto"));
}

#[test]
fn latex() {
    let document = run(["d/dw norm(w)", "--format", "latex"]);
    assert_eq!((document.code, &*document.err), (0, ""));
    assert!(document.out.contains(r"\documentclass") && document.out.ends_with('\n'));
    let fragment = run(["d/dw norm(w)", "--format", "latex", "--fragment"]);
    assert!(!fragment.out.contains(r"\documentclass") && fragment.out.contains('&'));
}

#[test]
fn json() {
    let full = run(["d/dX tr(V*X*W)", "--format", "json"]);
    let trace: Value = serde_json::from_str(&full.out).unwrap();
    assert_eq!(trace["result"]["text"], "V'*W'");
    assert_eq!(trace["check"]["status"], "accepted");
    let compact = run(["d/dX tr(V*X*W)", "--format", "json", "--compact"]);
    assert_eq!(compact.out.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&compact.out).unwrap()["result"]["node"], trace["result"]["node"]);
    assert!(compact.out.len() < full.out.len());
}

#[test]
fn options_without_effect_are_refused() {
    refuses(&["d/dw norm(w)", "--fragment"], 2, &["--fragment", "--format latex"]);
    refuses(&["d/dw norm(w)", "--compact"], 2, &["--compact", "--format json"]);
    refuses(&["d/dw norm(w)", "-q", "--format", "json"], 2, &["--quiet", "--format text"]);
}

#[test]
fn output_replaces_a_file_as_a_whole() {
    let path = file("answer.txt", "old, and longer than the new one\n");
    let name = path.to_str().unwrap();
    let done = run(["d/dw norm(w)", "-q", "--output", name]);
    assert_eq!((done.code, &*done.out, &*done.err), (0, "", ""));
    assert_eq!(fs::read_to_string(&path).unwrap(), "w/norm(w)\n");
    refuses(&["d/dw norm(w", "-q", "--output", name], 2, &["E002"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "w/norm(w)\n", "an error leaves the good one");
    let left = fs::read_dir(path.parent().unwrap()).unwrap().filter_map(Result::ok);
    let left: Vec<_> = left.filter(|entry| entry.file_name().to_string_lossy().contains("answer.txt.")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(run(["d/dw norm(w)", "-q", "--output", "-"]).out, "w/norm(w)\n");
    refuses(&["d/dw norm(w)", "-o", "/no/such/place"], 2, &["/no/such/place"]);
    refuses(&["d/dw norm(w)", "-o", env!("CARGO_TARGET_TMPDIR")], 2, &["can't write"]);
}

#[cfg(unix)]
#[test]
fn output_keeps_links_permissions_and_devices() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let target = file("linked.txt", "old");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    let link = file("link.txt", "");
    symlink(&target, &link).unwrap();
    assert_eq!(run(["d/dw norm(w)", "-q", "-o", link.to_str().unwrap()]).code, 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&target).unwrap(), "w/norm(w)\n");
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(run(["d/dw norm(w)", "-q", "-o", "/dev/stdout"]).out, "w/norm(w)\n");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut command = einstep();
    let streams = command.args(["d/dX tr(V*X*W)", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), &*err), (Some(0), ""));
}

#[test]
fn diagnostics_underline_the_place() {
    let run = run(["derive", "A*x", "--wrt", "x", "--given", "A in R^(m,n)", "--given", "x in R^m"]);
    assert_eq!(run.code, 2);
    let expected = "\
error[E020]: the columns of `A` (n) and the rows of `x` (m) differ in number
 --> expression:1:1
  |
1 | A*x
  | ^ - `x` is m×1
  | |
  | `A` is m×n
  |
 ::: --given:1:1
  |
1 | A in R^(m,n)
  | ------------ `A` is declared here
  |
 ::: --given:1:1
  |
1 | x in R^m
  | -------- `x` is declared here
  |
  = help: did you mean `A'*x`?
";
    assert_eq!(run.err, expected);
}

#[test]
fn diagnostics_of_files_and_of_other_alphabets() {
    let path = file("wrong.ein", "# Ψ\nA in R^(m,n)\nd/dA tr(A*α)\n");
    let name = path.to_str().unwrap();
    refuses(&[name], 2, &["E021", &format!("{name}:3:"), "3 | d/dA tr(A*α)", "\n  |         ^^^ "]);
    refuses(&["ξ'*ξ + ψ $", "--wrt", "ξ"], 2, &["E001", "expression:1:10", "          ^ not part"]);
}

#[test]
fn several_errors_at_once() {
    let args = ["A*x + foo(y) + tr(B)", "--wrt", "x", "--given", "A in R^(m,n); x in R^m", "--given", "B in R^(3,4)"];
    refuses(&args, 2, &["E020", "E013", "foo", "E021", "3×4"]);
    let many = run(["derive", &"foo(x) + ".repeat(100), "--wrt", "x"]);
    assert!(many.err.matches("error[").count() <= 20, "{}", many.err);
}

#[test]
fn errors_as_data() {
    let args = ["A*x", "--wrt", "x", "--given", "A in R^(m,n)", "--given", "α in R; x in R^m", "--format", "json"];
    let refused = run(args);
    assert_eq!((refused.code, &*refused.err), (2, ""));
    let report: Value = serde_json::from_str(&refused.out).unwrap();
    let error = &report["errors"][0];
    assert_eq!(error["code"], "E020");
    assert!(error["help"][0].as_str().unwrap().contains("A'*x"));
    let label = error["labels"].as_array().unwrap().iter().find(|label| label["source"] == 1).unwrap();
    assert_eq!((&label["name"], &label["line"], &label["column"]), (&"--given".into(), &1.into(), &9.into()));
    assert_eq!(label["start"], 9, "α is two bytes");
    let fixes = serde_json::from_str::<Value>(&run(["d/dx norm((x)", "--format", "json"]).out).unwrap();
    assert_eq!(fixes["errors"][0]["fixes"][0]["replacement"], ")");
    let missing = run(["nowhere.ein", "--format", "json"]);
    assert_eq!(missing.code, 2);
    assert_eq!(serde_json::from_str::<Value>(&missing.out).unwrap()["errors"][0]["code"], "io");
}

#[test]
fn variables() {
    refuses(&["derive", "x'*x"], 2, &["E015", "--wrt"]);
    refuses(&["derive", "x'*x", "--wrt", "x y"], 2, &["E015", "--wrt:1:1"]);
    refuses(&["derive", "x'*x", "--wrt", ""], 2, &["E015"]);
    refuses(&["d/dx x'*x", "--wrt", "x"], 2, &["E015", "--wrt:1:1", "expression:1:4"]);
    refuses(&["derive", "x'*x", "--wrt", "x[l,m]", "--given", "x in R^n"], 2, &["E026", "--wrt:1:1"]);
    answers(&["derive", "x'*x", "--wrt", "x", "--wrt", "x"], "2*I");
    answers(&["derive", "x'*x", "--wrt", "x[l]"], "2*x");
}

#[test]
fn budgets_end_with_3() {
    refuses(&["d/dX tr(X*A*X*B)", "--max-steps", "2"], 3, &["E040"]);
    refuses(&["d/dX tr(X*A*X*B)", "--max-nodes", "2"], 3, &["E040"]);
    assert_eq!(run(["d/dx x'*x", "--max-steps", "2", "--format", "json"]).code, 3);
    answers(&["d/dx x'*x", "--max-steps", "1000", "--max-nodes", "1000"], "2*x");
}

#[cfg(unix)]
#[test]
fn bytes_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = b"x'*x + \xff\xfe";
    let argument = OsStr::from_bytes(bytes);
    let path = file("bytes.ein", bytes);
    let mut runs = vec![
        run([OsStr::new("derive"), argument, OsStr::new("--wrt"), OsStr::new("x")]),
        run([argument]),
        run([path.as_os_str()]),
        run([OsStr::new("x'*x"), OsStr::new("--given"), argument]),
        run([OsStr::new("x'*x"), OsStr::new("--wrt"), argument]),
    ];
    let mut command = einstep();
    command.arg("-");
    runs.push(finish(command, bytes));
    for run in runs {
        assert_eq!((run.code, &*run.out), (2, ""), "{}", run.err);
        assert!(run.err.contains("error[E009]") && run.err.contains(":1:8"), "{}", run.err);
    }
}

#[test]
fn rules() {
    let list = run(["rules"]).out;
    assert!(list.lines().any(|line| line.starts_with("delta.contract ")), "{list}");
    let full = run(["rules", "delta.contract"]).out;
    for part in ["sum[i](delta[i,j]*f[i]) = f[j]", "when", "reason", "example", "reference", "kind"] {
        assert!(full.contains(part), "no `{part}` in\n{full}");
    }
    for line in list.lines() {
        let id = line.split(' ').next().unwrap();
        assert_eq!(run(["rules", id]).code, 0, "{id}");
    }
    refuses(&["rules", "delta.contrct"], 2, &["`delta.contract`"]);
}

#[test]
fn explanations() {
    assert!(run(["explain", "E020"]).out.starts_with("E020: "));
    assert!(run(["explain", "e009"]).out.contains("UTF-8"));
    assert!(run(["explain"]).out.lines().any(|line| line.starts_with("E040 ")));
    refuses(&["explain", "E999"], 2, &["`E009`"]);
}

#[test]
fn schema() {
    let schema: Value = serde_json::from_str(&run(["schema"]).out).unwrap();
    assert!(schema["$schema"].as_str().unwrap().contains("2020-12"));
}

#[test]
fn help_and_version() {
    let help = run(["--help"]);
    assert!(help.code == 0 && help.out.contains("einstep \"d/dX tr(V*X*W)\""));
    assert!(run(["derive", "--help"]).out.contains("--max-nodes"));
    assert_eq!(run(["--version"]).out, concat!("einstep ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(run([""; 0]).code, 2);
    refuses(&["rulse"], 2, &["'rules'"]);
}

#[test]
fn the_corpus_of_errors() {
    let mut wrong = Vec::new();
    for line in include_str!("errors.jsonl").lines().filter(|line| !line.trim().is_empty()) {
        let case: Value = serde_json::from_str(line).unwrap();
        if let Err(why) = judge(&case) {
            wrong.push(format!("{}: {why}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The strings of a list that may be missing.
fn strings(list: &Value) -> Vec<&str> {
    list.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn judge(case: &Value) -> Result<(), String> {
    let id = case["id"].as_str().unwrap();
    let mut command = einstep();
    command.args(["derive", "--quiet"]);
    for text in strings(&case["given"]) {
        command.args(["--given", text]);
    }
    for text in strings(&case["wrt"]) {
        command.args(["--wrt", text]);
    }
    let parts = case["expr_parts"].as_array().into_iter().flatten();
    let parts = parts.map(|part| part[0].as_str().unwrap().repeat(part[1].as_u64().unwrap() as usize));
    match (case["expr"].as_str(), case["expr_b64"].as_str()) {
        (Some(text), _) => command.arg(text),
        (None, Some(text)) => command.arg("--expr-file").arg(file(&format!("corpus-{id}"), base64(text))),
        (None, None) => command.arg("--expr-file").arg(file(&format!("corpus-{id}"), parts.collect::<String>())),
    };
    command.args(strings(&case["args"]));
    let start = Instant::now();
    let run = finish(command, b"");
    if start.elapsed() > Duration::from_secs(20) {
        return Err(format!("took {:?}", start.elapsed()));
    }
    let refusal = run.code == 2 || run.code == 3;
    let right = run.code == 0 && case["answer"].as_str().is_none_or(|answer| run.out.trim_end() == answer);
    match case["expect"].as_str().unwrap() {
        "ok" if right => Ok(()),
        "either" if right || refusal => Ok(()),
        "error" if refusal => mentions(case, &run),
        _ => Err(format!("{run:?}")),
    }
}

/// Whether a message names what a good one names.
fn mentions(case: &Value, run: &Run) -> Result<(), String> {
    let (err, first) = (run.err.to_lowercase(), run.err.lines().next().unwrap_or(""));
    if first.starts_with("error[E030]") || !first.starts_with("error[E") {
        return Err(run.err.clone());
    }
    match strings(&case["mention"]).iter().find(|any| !any.to_lowercase().split('|').any(|word| err.contains(word))) {
        None => Ok(()),
        Some(words) => Err(format!("no {words:?} in\n{}", run.err)),
    }
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<u32> =
        text.bytes().filter_map(|b| LETTERS.iter().position(|&l| l == b)).map(|at| at as u32).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits = (0..4).fold(0, |bits, at| bits << 6 | four.get(at).copied().unwrap_or(0));
        bits.to_be_bytes().into_iter().skip(1).take(four.len() - 1)
    });
    bytes.collect()
}

#[test]
fn a_declined_check_is_said_and_is_no_failure() {
    let path = file("declined.ein", "x in R^n; d/dx ".to_string() + &"x'*x + ".repeat(19_999) + "x'*x");
    let run = run(["--expr-file", path.to_str().unwrap(), "--format", "json", "--compact"]);
    let status = serde_json::from_str::<Value>(&run.out).unwrap()["check"]["status"].clone();
    assert_eq!(run.code, 0);
    assert_eq!(run.err.starts_with("warning: not checked: "), status == "declined", "{status}: {}", run.err);
}

#[test]
fn large_input_ends_soon_and_without_a_crash() {
    let depth = 100_000;
    let name = |letter: &str| letter.repeat(1_000_000);
    let cases = [
        ("brackets", "(".repeat(depth) + "x'*x" + &")".repeat(depth)),
        ("unclosed", "(".repeat(depth)),
        ("calls", "tr(".repeat(depth)),
        ("signs", "-".repeat(depth) + "x'*x"),
        ("primes", format!("x{}", "'".repeat(depth))),
        ("terms", "x'*x + ".repeat(19_999) + "x'*x"),
        ("factors", "x'*x*".repeat(20_000) + "1"),
        ("noise", "$%&@".repeat(1 << 18)),
        ("words", "abcdefgh ".repeat(130_000)),
        ("name", name("a")),
        ("number", name("1")),
        ("blank lines", name("\n") + "$"),
        ("powers", "x^2".repeat(50_000)),
        ("controls", "\u{1b}[31m\0\u{7}".repeat(100_000)),
    ];
    for (name, text) in cases {
        let path = file(&format!("large-{name}"), &text);
        for format in [&["--quiet"][..], &["--format", "json", "--compact"][..]] {
            let start = Instant::now();
            let mut command = einstep();
            command.args(["--wrt", "x", "--given", "x in R^n", "--expr-file"]).arg(&path).args(format);
            let run = finish(command, b"");
            assert!([0, 2, 3].contains(&run.code), "{name}: {}", &run.err[..run.err.floor_char_boundary(500)]);
            assert!(run.err.len() < 50_000, "{name}: {} bytes of diagnostics", run.err.len());
            assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn an_answer_of_ones_own_is_verified() {
    let verify = |answer: &str, more: &[&str]| {
        run(["verify", "tr(V*X*W)", "--wrt", "X", "--given", "X in R^(m,n)", "--answer", answer].iter().chain(more))
    };
    let right = verify("(W*V)'", &[]);
    assert_eq!((right.code, &*right.err), (0, ""));
    assert!(right.out.starts_with("right: ") && right.out.ends_with("einstep's answer: V'*W'\n"), "{}", right.out);
    let wrong = verify("W*V", &[]);
    assert_eq!((wrong.code, &*wrong.err), (1, ""));
    for words in ["wrong: its shape is n×m, and that of the derivative is m×n\n", "slip: ", "mended: (W*V)'\n"] {
        assert!(wrong.out.contains(words), "no `{words}` in\n{}", wrong.out);
    }
    let negative = verify("-V'*W'", &[]);
    assert_eq!(negative.code, 1);
    for words in ["\n  with l = ", "\n  V = [", "the derivative is ", "slip: your answer has the wrong sign\n"] {
        assert!(negative.out.contains(words), "no `{words}` in\n{}", negative.out);
    }
    let open = verify("sum[k](W[j,k]*V[k,i])", &[]);
    assert_eq!(open.code, 2);
    assert!(open.out.starts_with("not judged: "), "{}", open.out);
}

#[test]
fn a_verdict_is_data_on_demand() {
    let run = run(["verify", "d/dx x'*B*x", "--answer", "B*x", "--format", "json"]);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(run.code, 1);
    assert_eq!((&value["verdict"], &value["because"]), (&"wrong".into(), &"value".into()));
    assert_eq!(value["counterexample"]["entries"][0]["name"], "x");
    assert_eq!(value["slip"]["kind"], "missing-term");
    assert_eq!(value["answer"], "(B + B')*x");
    let run = self::run(["verify", "d/dx x'*B*x", "--answer", "Q*x", "--format", "json"]);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &value["errors"][0]["code"]), (2, &"E010".into()));
}

#[test]
fn an_answer_that_is_none_is_refused() {
    refuses(&["verify", "d/dx x'*B*x", "--answer", "(B + *x"], 2, &["--answer"]);
    refuses(&["verify", "d/dx x'*B*x", "--answer", "Q*x"], 2, &["E010", "`Q` is not in the question"]);
    refuses(&["verify", "d/dx x'*B*x"], 2, &["--answer"]);
}

#[test]
fn what_is_raised_has_its_rows_as_told() {
    answers(&["raise", "sum[k](V[k,p]*W[q,k])"], "V'*W'");
    answers(&["raise", "sum[k](V[k,p]*W[q,k])", "--free", "q,p"], "W*V");
    answers(&["raise", "x[i]", "--free", "i"], "x");
    let refused = |order: &str, words: &[&str]| refuses(&["raise", "V[p,q]", "--free", order], 2, words);
    refused("q,r,p", &["E027", "`r` is no free index", "--free:1:3"]);
    refused("q", &["E027", "leaves out `p`"]);
    refused("q;p", &["E027", "no order of indices"]);
}

#[test]
fn commands_that_do_not_differentiate_have_no_options_for_derivatives() {
    for command in ["lower", "raise", "simplify"] {
        for option in [["--layout", "numerator"], ["--structured", "free"], ["--wrt", "x"]] {
            refuses(&[command, "x'*x", option[0], option[1]], 2, &["unexpected argument", option[0]]);
        }
    }
    refuses(&["derive", "x'*x", "--wrt", "x", "--free", "i"], 2, &["unexpected argument '--free'"]);
}
