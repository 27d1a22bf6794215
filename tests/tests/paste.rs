//! Lines in index notation that einstep prints are read back in.

use einstep::trace::{Derivation, Node, NodeId, Table, Task, text};
use einstep::{Error, Problem};
use einstep_tests::cases;
use std::collections::BTreeSet;

/// What a line has in it that the input language has no form for.
fn exception(derivation: &Derivation, table: &Table, line: NodeId) -> Option<&'static str> {
    let mut seen = BTreeSet::new();
    let mut left = vec![line];
    while let Some(id) = left.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = &derivation.nodes[id.at()];
        match node {
            Node::Partial { .. } => return Some("a pending derivative"),
            Node::Elem { of, at } if at.len() > table.shape(*of).len() => {
                return Some("several indices in one slot");
            }
            _ => left.extend(node.children()),
        }
    }
    None
}

/// Whether a line is refused for what it does not say by itself, or for what the input language does not take.
fn is_refused(error: &Error, text: &str) -> bool {
    !error.is_internal()
        && error.diagnostics().iter().all(|diagnostic| match diagnostic.code.id() {
            // The dimension of an index that is only at deltas, or nowhere, is that of a slot in another line.
            "E012" => diagnostic.message.starts_with("the dimension of the index"),
            // Summands may each have a free index that the other has not: a line holds for all their values.
            "E027" => true,
            // A function without an index form stays as it is in a constant, and can't be lowered.
            "E030" => text.contains("outer("),
            _ => false,
        })
}

#[test]
fn every_line_in_index_notation_is_read_back() {
    let (mut lines, mut refused, mut faults) = (0, 0, Vec::new());
    for case in cases().expect("the suite can be read") {
        let Some(derived) = case.parsed().ok().and_then(|problem| problem.derive().ok()) else { continue };
        let derivation = derived.trace();
        let table = Table::read(derivation).expect("a table");
        let chains = derivation.chains.iter().filter(|chain| chain.symbols.is_empty());
        let printed: BTreeSet<NodeId> = chains
            .flat_map(|chain| chain.links.iter().map(|link| link.after).chain([chain.left]))
            .filter(|line| table.shape(*line).is_empty() && exception(derivation, &table, *line).is_none())
            .collect();
        for line in printed {
            let Some(text) = text(derivation, line) else { continue };
            lines += 1;
            let question = format!("{}\n{text}", derivation.problem.given.join("; "));
            let lowered = Problem::parse(&question).and_then(|problem| problem.with_task(Task::Lower).derive());
            let Err(error) = lowered else { continue };
            if is_refused(&error, &text) {
                refused += 1;
            } else {
                faults.push(format!("{}\n{question}\n{error}", case.path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {lines} lines:\n{}", faults.len(), faults.join("\n\n"));
    assert!(lines > 1000 && refused * 25 < lines, "{refused} of {lines} lines are refused");
}
