//! Lines in index notation that einstep prints are read back in.

use einstep::trace::{Derivation, Node, NodeId, Table, Task, text};
use einstep::{Error, Problem};
use einstep_tests::cases;
use std::collections::BTreeSet;

/// The task that a printed line is read back for: an element is lowered, an array of rows and columns raised. The order of the
/// stacked indices in other arrays is not that of an array as input.
fn task(derivation: &Derivation, table: &Table, line: NodeId) -> Option<Task> {
    match &derivation.nodes[line.at()] {
        Node::Array { over, rows: 1, .. } if over.len() <= 2 => Some(Task::Raise),
        _ => table.shape(line).is_empty().then_some(Task::Lower),
    }
}

/// Whether a line is refused for what it does not say by itself, or for what the input language does not take.
fn is_refused(error: &Error, text: &str) -> bool {
    !error.is_internal()
        && error.diagnostics().iter().all(|diagnostic| match diagnostic.code.id() {
            // The dimension of an index that is only at deltas, or nowhere, is that of a slot in another line.
            "E012" => diagnostic.message.starts_with("the dimension of the index"),
            // Two indices of a slot of which the declaration says the product only, and another line says more.
            "E020" => diagnostic.message.contains("only the product is known"),
            // Half way: one slot is named by a pair, the other still as a whole.
            "E026" => diagnostic.message.ends_with("takes two indices, not 3"),
            // An array that is constant along an index: the line does not say how many values that has.
            "E027" => text.starts_with("array") && diagnostic.message.ends_with("is no free index of the expression"),
            // A function without an index form stays as it is in a constant, and can't be lowered.
            "E030" => text.contains("outer("),
            _ => false,
        })
}

/// The array that an error proposes for summands with different free indices: `array[i,j]`.
fn array_that_is_meant(error: &Error) -> Option<&str> {
    let help = error.diagnostics().iter().flat_map(|diagnostic| &diagnostic.help);
    help.filter_map(|help| help.split_once('`')?.1.split_once('('))
        .map(|(array, _)| array)
        .find(|array| array.starts_with("array["))
}

#[test]
fn every_line_in_index_notation_is_read_back() {
    let (mut lines, mut arrays, mut refused, mut faults) = (0, 0, 0, Vec::new());
    for case in cases().expect("the suite can be read") {
        let Some(derived) = case.parsed().ok().and_then(|problem| problem.derive().ok()) else { continue };
        let derivation = derived.trace();
        let table = Table::read(derivation).expect("a table");
        let chains = derivation.chains.iter().filter(|chain| chain.symbols.is_empty());
        let printed: BTreeSet<NodeId> =
            chains.flat_map(|chain| chain.links.iter().map(|link| link.after).chain([chain.left])).collect();
        for line in printed {
            let Some(task) = task(derivation, &table, line) else { continue };
            let Some(text) = text(derivation, line) else { continue };
            lines += 1;
            arrays += usize::from(task == Task::Raise);
            let given = derivation.problem.given.join("; ");
            let question = format!("{given}\n{text}");
            let read = |question: &str| Problem::parse(question).and_then(|problem| problem.with_task(task).derive());
            let Err(error) = read(&question) else { continue };
            // Summands that are constant along different indices are taken as what the error proposes.
            if array_that_is_meant(&error).is_some_and(|array| read(&format!("{given}\n{array}({text})")).is_ok()) {
                continue;
            }
            if is_refused(&error, &text) {
                refused += 1;
            } else {
                faults.push(format!("{}\n{question}\n{error}", case.path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {lines} lines:\n{}", faults.len(), faults.join("\n\n"));
    assert!(lines > 1000 && arrays > 100 && refused * 30 < lines, "{refused} of {lines} lines, {arrays} arrays");
}
