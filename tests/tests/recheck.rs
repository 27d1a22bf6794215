//! What einstep derives and accepts is accepted from a file too, with its texts and without, against the question as it was put.

use einstep::check::{Options, Verdict};
use einstep::trace::{CheckStatus, Task};
use einstep::{Problem, Source, recheck};
use einstep_tests::corpus::problems;
use einstep_tests::guard::for_each;

/// What is wrong with the verdicts on the trace of a problem in a file; `None` where it has no accepted derivation.
fn fault(problem: &Problem) -> Option<Option<String>> {
    let derivation = problem.derive().ok().filter(|derivation| derivation.status() == CheckStatus::Accepted)?;
    let traces =
        format!("{}\n{}\n", derivation.to_json(true), derivation.to_json(true).replace("\"accepted\"", "\"declined\""));
    let files = [derivation.to_json(false), traces];
    let checked = files.iter().flat_map(|file| match recheck("file", file, Some(problem), &Options::default()) {
        Ok(checked) => checked,
        Err(error) => panic!("{error}"),
    });
    let verdicts: Vec<Verdict> = checked.map(|checked| checked.verdict).collect();
    let wrong = verdicts.iter().find(|verdict| !matches!(verdict, Verdict::Accepted(_)));
    let told = wrong.map(|verdict| format!("{}: {verdict:?}", derivation.trace().problem.text));
    Some(told.or_else(|| (verdicts.len() != 3).then(|| "there are not three traces".into())))
}

#[test]
fn every_accepted_derivation_is_accepted_from_a_file() {
    let problems = problems().expect("the suite and the corpus can be read");
    let faults: Vec<Option<String>> = for_each(problems.len(), |k| fault(&problems[k])).into_iter().flatten().collect();
    assert!(faults.len() > 300, "only {} derivations", faults.len());
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_raised_over_indices_in_another_order_answers_another_question() {
    let problem = Problem::parse("V in R^(n,n); W in R^(n,n); sum[k](V[k,p]*W[q,k])").expect("a problem");
    let order = |text: &str| Source { name: "--free".into(), text: text.into() };
    let [read, turned] = ["p,q", "q,p"].map(|text| problem.clone().raised_over(order(text)).expect("an order"));
    let plain = problem.with_task(Task::Raise);
    let asked = [&plain, &read, &turned];
    let accepted = |derived: &Problem, asked: Option<&Problem>| {
        let trace = derived.derive().expect("a derivation").to_json(true);
        let checked = recheck("file", &trace, asked, &Options::default()).expect("a problem that can be read");
        matches!(checked[0].verdict, Verdict::Accepted(_))
    };
    for derived in asked {
        assert!(accepted(derived, None));
    }
    let verdicts = asked.map(|derived| asked.map(|asked| accepted(derived, Some(asked))));
    assert_eq!(verdicts, [[true, true, false], [true, true, false], [false, false, true]]);
}
