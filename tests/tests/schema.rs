//! Every trace of the suite validates against the schema that einstep prints, and reads back as it was.

use einstep::trace::Derivation;
use einstep::{Problem, schema};
use einstep_tests::cases;

#[test]
fn every_trace_validates_against_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let mut validated = 0;
    for case in cases().expect("the suite can be read") {
        let problem = case.problem().expect("a case has a problem");
        let Ok(derivation) = Problem::parse(problem).and_then(|problem| problem.derive()) else { continue };
        for compact in [false, true] {
            let json = derivation.to_json(compact);
            let value: serde_json::Value = serde_json::from_str(&json).expect("a trace is JSON");
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", case.path.display());
            let read = Derivation::from_json(&json).expect("a trace reads back");
            assert_eq!(read.nodes, derivation.trace().nodes);
        }
        validated += 1;
    }
    assert!(validated > 20, "only {validated} traces");
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
fn one_input_gives_the_same_bytes_every_time() {
    for case in cases().expect("the suite can be read") {
        let problem = case.problem().expect("a case has a problem");
        let derive = || match Problem::parse(problem).and_then(|problem| problem.derive()) {
            Ok(derivation) => derivation.to_json(false),
            Err(error) => error.to_string(),
        };
        assert_eq!(derive(), derive(), "{}", case.path.display());
    }
}
