//! The generated files, as text.
//!
//! In: the catalogue and the codes. Out: path and text of every file. Left to others: writing.

use einstep::syntax::Code;
use einstep::trace::{RuleKind, RuleStatement};
use std::fmt::Write;

/// Every generated file: its path from the root, and its text.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("crates/einstep-trace/src/statements.rs", statements()),
        ("docs/rules.md", rules()),
        ("docs/errors.md", errors()),
        ("docs/trace.md", crate::format::page()),
        ("docs/trace.schema.json", einstep::schema() + "\n"),
        ("docs/verdict.schema.json", einstep::verdict_schema() + "\n"),
    ]
}

fn statements() -> String {
    let mut text = String::from(
        "//! The statements of all rules. Generated from the engine's catalogue by `einstep-dev`; do not edit.\n\n\
         use crate::rules::{RuleKind, RuleStatement};\n\n\
         /// Every rule, in the order of the catalogue.\n\
         #[rustfmt::skip]\n\
         pub(crate) const STATEMENTS: &[RuleStatement] = &[\n",
    );
    for rule in einstep::rules() {
        let RuleStatement { id, name, kind, statement, when, reason, sentence, reference, example } = rule;
        let kind = match kind {
            RuleKind::Equation => "Equation",
            RuleKind::Definition => "Definition",
            RuleKind::Structural => "Structural",
            RuleKind::Scheme => "Scheme",
            RuleKind::Shape => "Shape",
        };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "    RuleStatement {{\n        id: {id:?},\n        name: {name:?},\n        kind: RuleKind::{kind},\n        \
             statement: {statement:?},\n        when: {when:?},\n        reason: {reason:?},\n        \
             sentence: {sentence:?},\n        reference: {reference:?},\n        example: {example:?},\n    }},\n"
        );
    }
    text + "];\n"
}

fn rules() -> String {
    let mut text = String::from(
        "# Rules\n\nGenerated from the catalogue (`einstep rules`); do not edit. Capitals are matrices, `x` and `y` vectors,\n\
         `f[i]` an expression in which `i` may occur, `c` a scalar without the variable, `r` and `s` numbers.\n",
    );
    let mut family = "";
    for rule in einstep::rules() {
        let own = rule.id.split('.').next().unwrap_or(rule.id);
        if own != family {
            family = own;
            let _ = write!(text, "\n## {family}\n");
        }
        let _ = write!(text, "\n### `{}`: {}\n\n", rule.id, rule.name);
        for statement in rule.equations() {
            let _ = writeln!(text, "    {statement}");
        }
        let _ = write!(text, "\n{}", rule.reason);
        if !rule.when.is_empty() {
            let _ = write!(text, " *When:* {}.", rule.when);
        }
        let (before, after) = rule.example;
        let _ = writeln!(
            text,
            " *Example:* `{before}` becomes `{after}`. *Kind:* {}. *Source:* {}.",
            rule.kind.word(),
            rule.reference
        );
    }
    text
}

fn errors() -> String {
    let mut text =
        String::from("# Errors\n\nGenerated from the list of codes (`einstep explain E001`); do not edit.\n\n");
    for code in Code::ALL {
        let _ = writeln!(text, "- **{}** {}", code.id(), code.explanation());
    }
    text
}
