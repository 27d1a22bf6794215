//! Index expressions written by hand, and what they are read back as.

mod networks;
mod operations;
mod random;
mod read;
mod series_parallel;
mod value;

use self::read::{Room, text};
use self::value::Values;
use crate::limits::Limits;
use crate::passes::{RAISE, has_indices};
use crate::work::Work;
use einstep_expr::{Id, Node, Store};
use einstep_trace::Phase;

/// A line after all rules of the way back.
pub(crate) fn raised(store: &mut Store, id: Id) -> (Id, usize) {
    let mut left_over = Limits { steps: 500, ..Limits::default() };
    let mut work = Work::new(store, &mut left_over, id, Phase::Raise);
    work.exhaust(RAISE);
    let (line, steps) = (work.line, work.links.len());
    let last: Vec<(&str, Id)> = work.links.iter().rev().take(4).map(|link| (link.rule.id, link.before)).collect();
    if left_over.steps == 0 {
        let last: Vec<String> = last.iter().map(|(rule, line)| format!("{rule} {}", text(store, *line))).collect();
        panic!("{}\n{}", text(store, line), last.join("\n"));
    }
    (line, steps)
}

/// Checks what an expression is read back as, and that its value stays.
#[track_caller]
fn check(given: &str, letters: &str, from: &str, to: &str) {
    check_array(given, letters, 1, from, to);
}

/// The same where so many indices of an array name its rows.
#[track_caller]
fn check_array(given: &str, letters: &str, rows: u8, from: &str, to: &str) {
    let mut room = Room::new(given, letters);
    let mut before = room.read(from);
    if let Node::Array(over, _, body) = room.store.node(before).clone() {
        before = room.store.intern(Node::Array(over, rows, body));
    }
    let (after, _) = raised(&mut room.store, before);
    assert_eq!(text(&room.store, after), to, "{from}");
    let mut values = Values::new(&room.store, 1);
    let (before, after) = (values.of(before), values.of(after));
    assert!(before.difference(&after) < 1e-9, "{from}: {before:?} {after:?}");
}
