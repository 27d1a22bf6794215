//! The suite of whole derivations: one file, one test. `EINSTEP_BLESS=1` rewrites what differs and lists it.

use einstep_tests::{Case, cases};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let cases = match cases() {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    };
    let bless = std::env::var_os("EINSTEP_BLESS").is_some();
    let trials = cases.into_iter().map(|case| {
        let topic = case.path.parent().and_then(|folder| folder.file_name()).unwrap_or_default();
        let name = case.path.file_stem().unwrap_or_default();
        let name = format!("{}::{}", topic.to_string_lossy(), name.to_string_lossy());
        Trial::test(name, move || run(&case, bless))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn run(case: &Case, bless: bool) -> Result<(), Failed> {
    let differences = case.differences()?;
    if differences.is_empty() {
        return Ok(());
    }
    if bless {
        std::fs::write(&case.path, case.rewritten(&differences)).map_err(|error| error.to_string())?;
        eprintln!("rewrote {}", case.path.display());
        return Ok(());
    }
    let shown = differences.iter().map(|difference| {
        let block = &difference.block;
        format!("block `{}` expected:\n{}\nbut einstep says:\n{}\n", block.name, block.text, difference.actual)
    });
    Err(shown.collect::<String>().into())
}
