//! Every function of the language, of every shape of argument, by each argument, in several surroundings: nothing is
//! wrong, and nothing is lost. `EINSTEP_BLESS=1` keeps the count.

use einstep_tests::corpus::folder;
use einstep_tests::survey::Finding;
use einstep_tests::table::{Tabled, measure, problems};

/// One problem in so many is derived here; `cargo run -p einstep-tests --example functions` derives all.
const SAMPLE: usize = 13;

#[test]
fn every_function_by_every_argument() {
    let measured = measure(None, SAMPLE);
    let wrong: Vec<&(Tabled, Vec<Finding>)> =
        measured.iter().filter(|(_, found)| found.iter().any(|(class, _)| class.is_defect())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let good = measured.iter().filter(|(_, found)| found.is_empty()).count();
    let path = folder().join("functions.txt");
    if std::env::var_os("EINSTEP_BLESS").is_some() {
        std::fs::write(&path, format!("{good}\n")).expect("the count can be written");
    }
    let last: usize = std::fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()).expect("a count");
    assert!(good >= last, "{good} of {} problems are derived in matrix form, and {last} the last time", measured.len());
}

#[test]
fn every_name_of_the_language_is_in_the_table() {
    let tabled = problems();
    for (name, ..) in einstep_engine::functions() {
        assert!(tabled.iter().any(|problem| problem.name == name), "there is no problem with `{name}`");
    }
}
