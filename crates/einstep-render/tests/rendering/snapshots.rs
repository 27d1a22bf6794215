//! The four exercises, long names and a network in full, as files to be read by eye. `EINSTEP_BLESS=1 cargo test` rewrites them.

use crate::exercises;
use einstep_render::{Detail, HtmlOptions, LatexOptions, TextOptions, html, latex, markdown, text, typst};
use einstep_trace::{Derivation, Table};
use std::path::PathBuf;

fn all() -> [(&'static str, Derivation); 6] {
    [
        ("trace-of-product", exercises::trace_of_product()),
        ("norm", exercises::norm()),
        ("quadratic-form", exercises::quadratic_form()),
        ("trace", exercises::trace()),
        ("long-names", exercises::long_names()),
        ("network", exercises::network()),
    ]
}

fn compare(name: &str, got: &str) -> Result<(), String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rendering/snapshots").join(name);
    if std::env::var_os("EINSTEP_BLESS").is_some() {
        return std::fs::write(&path, got).map_err(|error| error.to_string());
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected == got { Ok(()) } else { Err(format!("{name} differs:\n{got}")) }
}

fn check(files: impl Iterator<Item = (String, String)>) {
    let faults: Vec<String> = files.filter_map(|(name, got)| compare(&name, &got).err()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn exercises_as_text() {
    let mut files = vec![];
    for (name, derivation) in all() {
        let table = Table::read(&derivation).unwrap();
        for (suffix, detail, width) in [
            ("outline", Detail::Outline, 100),
            ("notes", Detail::Notes, 100),
            ("full", Detail::Full, 100),
            ("narrow", Detail::Notes, 64),
        ] {
            let options = TextOptions { detail, width, color: false };
            files.push((format!("{name}.{suffix}.txt"), text(&derivation, &table, &options)));
        }
    }
    check(files.into_iter());
}

#[test]
fn exercises_as_latex() {
    let files = all().map(|(name, derivation)| {
        let table = Table::read(&derivation).unwrap();
        (format!("{name}.tex"), latex(&derivation, &table, &LatexOptions::default()))
    });
    check(files.into_iter());
}

#[test]
fn exercises_as_pages() {
    let files = all().map(|(name, derivation)| {
        let table = Table::read(&derivation).unwrap();
        let page = html(&derivation, &table, "{}", &HtmlOptions::default());
        let (_, body) = page.split_once("<body>\n").unwrap();
        (format!("{name}.html"), body.split_once("<script").unwrap().0.to_string())
    });
    check(files.into_iter());
}

#[test]
fn exercises_as_markdown_and_typst() {
    let files = all().into_iter().flat_map(|(name, derivation)| {
        let table = Table::read(&derivation).unwrap();
        let markdown = markdown(&derivation, &table, &Default::default());
        [(format!("{name}.md"), markdown), (format!("{name}.typ"), typst(&derivation, &table, &Default::default()))]
    });
    check(files);
}
