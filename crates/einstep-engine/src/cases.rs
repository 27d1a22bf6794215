//! Cases of an element: its value where a delta is 1 and where it is 0.
//!
//! In: a line. Out: its delta of two free indices, its value by cases. Left to others: recording them.

use crate::limits::Limits;
use crate::rules::collect;
use crate::work::Work;
use einstep_expr::{Id, Index, Node, Store};
use einstep_trace::Phase;

/// The one delta of a line whose indices are both free.
pub(crate) fn free_delta(store: &Store, line: Id) -> Option<[Index; 2]> {
    fn visit(store: &Store, id: Id, found: &mut Vec<[Index; 2]>) {
        if let Node::Delta(i, j) = *store.node(id) {
            let delta = if i < j { [i, j] } else { [j, i] };
            if !found.contains(&delta) {
                found.push(delta);
            }
        }
        store.node(id).for_each_child(|child| visit(store, child, found));
    }
    let mut found = Vec::new();
    visit(store, line, &mut found);
    let free = store.free(line);
    match found[..] {
        [delta] if delta.iter().all(|index| free.contains(index)) => Some(delta),
        _ => None,
    }
}

/// The value of a line in which one delta is 1 (its indices are equal) or 0, without a record.
pub(crate) fn with_delta(store: &mut Store, line: Id, delta: [Index; 2], equal: bool) -> Id {
    let line = replace_delta(store, line, delta, equal);
    let line = if equal { store.rename(line, delta[1], delta[0]) } else { line };
    let mut left_over = Limits { steps: 1000, ..Limits::default() };
    let mut work = Work::new(store, &mut left_over, line, Phase::Collect);
    work.exhaust(&[&collect::ZERO, &collect::ARITHMETIC]);
    work.line
}

fn replace_delta(store: &mut Store, id: Id, delta: [Index; 2], equal: bool) -> Id {
    if let Node::Delta(i, j) = *store.node(id)
        && (delta == [i, j] || delta == [j, i])
    {
        return store.int(i64::from(equal));
    }
    let children = store.node(id).children();
    if children.is_empty() {
        return id;
    }
    let children: Vec<Id> = children.into_iter().map(|child| replace_delta(store, child, delta, equal)).collect();
    store.with_children(id, &children)
}
