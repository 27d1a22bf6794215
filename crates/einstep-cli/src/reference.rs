//! `einstep rules`, `explain`, `schema`: what the library says of itself.
//!
//! In: an id or nothing. Out: text on standard output. Left to others: the texts, which are the library's.

use crate::args::Documented;
use crate::failure::Failure;
use crate::output;
use einstep::syntax::Code;
use einstep::trace::RuleStatement;
use std::fmt::Write;

/// Lists the rules, or shows one.
pub(crate) fn rules(id: Option<&str>) -> Result<(), Failure> {
    let Some(id) = id else { return output::print(&list()) };
    match einstep::rules().find(|rule| rule.id == id) {
        Some(rule) => output::print(&in_full(rule)),
        None => Err(Failure::Input {
            message: format!("there is no rule `{id}`"),
            help: vec![nearest(id, einstep::rules().map(|rule| rule.id)), "`einstep rules` lists them all".into()],
        }),
    }
}

/// Lists the error codes, or explains one.
pub(crate) fn explain(id: Option<&str>) -> Result<(), Failure> {
    let line = |code: &Code| format!("{}  {}\n", code.id(), code.explanation());
    let Some(id) = id else { return output::print(&Code::ALL.iter().map(line).collect::<String>()) };
    match Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(id)) {
        Some(&code) => output::print(&format!("{}: {}\n", code.id(), code.explanation())),
        None => Err(Failure::Input {
            message: format!("there is no error code `{id}`"),
            help: vec![
                nearest(&id.to_ascii_uppercase(), Code::ALL.iter().map(|code| code.id())),
                "`einstep explain` lists them all".into(),
            ],
        }),
    }
}

/// Prints a JSON Schema.
pub(crate) fn schema(of: Documented) -> Result<(), Failure> {
    let schema = match of {
        Documented::Trace => einstep::schema(),
        Documented::Verdict => einstep::verdict_schema(),
    };
    output::print(&format!("{}\n", schema.trim_end()))
}

/// One line a rule: id, name, statement.
fn list() -> String {
    let width = |column: fn(&RuleStatement) -> &str| einstep::rules().map(|rule| column(rule).chars().count()).max();
    let (ids, names) = (width(|rule| rule.id).unwrap_or(0), width(|rule| rule.name).unwrap_or(0));
    einstep::rules().fold(String::new(), |mut text, rule| {
        let line = format!("{:ids$}  {:names$}  {}", rule.id, rule.name, rule.statement);
        text += line.trim_end();
        text.push('\n');
        text
    })
}

/// All that is known of a rule.
fn in_full(rule: &RuleStatement) -> String {
    let mut text = format!("{}: {}\n\n", rule.id, rule.name);
    let (before, after) = rule.example;
    let example = if before.is_empty() { String::new() } else { format!("{before}  =  {after}") };
    let parts = [
        ("statement", rule.statement),
        ("when", rule.when),
        ("reason", rule.reason),
        ("example", &example),
        ("reference", rule.reference),
        ("kind", rule.kind.word()),
    ];
    for (name, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:<9}  {}", part.replace('\n', "\n           "));
    }
    text
}

/// The sentence that proposes the nearest ids.
fn nearest<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<(usize, &str)> = known.map(|other| (distance(id, other), other)).collect();
    known.sort_by_key(|&(distance, _)| distance);
    let near: Vec<String> = known.iter().take(3).map(|(_, other)| format!("`{other}`")).collect();
    format!("the nearest are {}", near.join(", "))
}

/// How many letters must be changed, added or left out to make one word of the other.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
