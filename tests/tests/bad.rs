//! Traces that the checker must refuse: one file, one test.

use einstep_tests::bad::traps;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let traps = match traps() {
        Ok(traps) => traps,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    };
    let mut trials: Vec<Trial> = traps
        .iter()
        .cloned()
        .map(|trap| {
            let name = trap.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(name, move || trap.run().map_err(Failed::from))
        })
        .collect();
    let count = traps.len();
    trials.push(Trial::test("there_are_enough_traps", move || match count {
        60.. => Ok(()),
        _ => Err(format!("there are only {count}").into()),
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
