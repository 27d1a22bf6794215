//! Every trace of the suite and of the corpus validates against the schema that einstep prints, and reads back as it was.

use einstep::check::Options;
use einstep::trace::Derivation;
use einstep::{Problem, recheck, schema, verdict_schema};
use einstep_tests::cases;
use einstep_tests::corpus::problems;
use einstep_tests::guard::for_each;

#[test]
fn every_trace_validates_against_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let problems = problems().expect("the suite and the corpus can be read");
    let validated = for_each(problems.len(), |position| {
        let Ok(derivation) = problems[position].derive() else { return false };
        for compact in [false, true] {
            let json = derivation.to_json(compact);
            let value: serde_json::Value = serde_json::from_str(&json).expect("a trace is JSON");
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", derivation.trace().problem.text);
            let read = Derivation::from_json(&json).expect("a trace reads back");
            assert_eq!((&read.nodes, read.unknown_field(&json)), (&derivation.trace().nodes, None));
        }
        true
    });
    let validated = validated.into_iter().filter(|validated| *validated).count();
    assert!(validated > 300, "only {validated} traces");
}

#[test]
fn a_damaged_trace_does_not_validate() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let derivation = Problem::parse("d/dw norm(w)").and_then(|problem| problem.derive()).expect("derives");
    let mut value: serde_json::Value = serde_json::from_str(&derivation.to_json(true)).expect("a trace is JSON");
    value["nodes"][0] = serde_json::json!({"op": "unheard-of"});
    assert!(!validator.is_valid(&value));
}

#[test]
fn every_verdict_validates_against_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(&verdict_schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let derive = |text| Problem::parse(text).and_then(|problem| problem.derive()).expect("derives").to_json(true);
    let right = derive("d/dX logdet(X)");
    let wrong = derive("d/dX tr(V*X*W)").replacen("\"text\":\"V'*W'\"", "\"text\":\"V'*W'*2\"", 1);
    let other = right.replacen("einstep-trace/1", "einstep-trace/2", 1);
    let checked = recheck("some", &[right, wrong, other].join("\n"), None, &Options::default()).expect("is read");
    for (checked, expected) in checked.iter().zip(["accepted", "rejected", "declined"]) {
        let value = serde_json::to_value(checked).expect("a verdict is JSON");
        assert_eq!(value["verdict"], expected, "{value}");
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"file": "some", "verdict": "perhaps"})));
}

#[test]
fn one_input_gives_the_same_bytes_every_time() {
    for case in cases().expect("the suite can be read") {
        let derive = || match case.parsed().and_then(|problem| problem.derive()) {
            Ok(derivation) => derivation.to_json(false),
            Err(error) => error.to_string(),
        };
        assert_eq!(derive(), derive(), "{}", case.path.display());
    }
}
