//! Letters for indices.
//!
//! In: the value as explicit sums. Out: each index has its letter, which it keeps on every line.
//! The indices of one nest of sums over a product are named from the inside out, Σₖ Σⱼ Σᵢ vₖᵢ xᵢⱼ wⱼₖ; those over anything
//! else as they are first read, Σᵢ Σⱼ (xᵢⱼ − cᵢⱼ)².

use einstep_expr::{Id, Index, Node, Store};

const LETTERS: [&str; 8] = ["i", "j", "k", "r", "s", "t", "u", "v"];

fn letter(position: usize) -> String {
    match position / LETTERS.len() {
        0 => LETTERS[position].to_string(),
        round => format!("{}{round}", LETTERS[position % LETTERS.len()]),
    }
}

/// The first letter that is not taken.
pub(crate) fn fresh(taken: impl Fn(&str) -> bool) -> String {
    let mut position = 0;
    while taken(&letter(position)) {
        position += 1;
    }
    letter(position)
}

/// Names the summed indices of a value with letters that no index has yet.
pub(crate) fn name_sums(store: &mut Store, value: Id) {
    let taken: Vec<String> = store.indices().iter().map(|info| info.letter.clone()).collect();
    visit(store, value, 0, &taken);
}

/// The next letter from a position on that is not taken, and the position behind it.
fn next_letter(mut position: usize, taken: &[String]) -> (String, usize) {
    while taken.contains(&letter(position)) {
        position += 1;
    }
    (letter(position), position + 1)
}

/// Names the sums of a node from `start` on; gives the first letter position not used.
fn visit(store: &mut Store, id: Id, start: usize, taken: &[String]) -> usize {
    if !store.varies(id) {
        return start;
    }
    let mut next = start;
    match store.node(id).clone() {
        Node::Sum(over, body) => {
            for index in order(store, &over, body) {
                if store.index_info(index).letter.is_empty() {
                    let (letter, behind) = next_letter(next, taken);
                    store.set_letter(index, &letter);
                    next = behind;
                }
            }
            next = visit(store, body, next, taken);
        }
        Node::Add(terms) => {
            // Summands are never multiplied with each other, so they may share letters.
            for term in terms {
                next = next.max(visit(store, term, start, taken));
            }
        }
        node => {
            for child in node.children() {
                next = visit(store, child, next, taken);
            }
        }
    }
    next
}

/// The order in which the indices of one nest are named: inside out for a product, else as they are first read.
fn order(store: &Store, over: &[Index], body: Id) -> Vec<Index> {
    let mut order: Vec<Index> = over.iter().rev().copied().collect();
    if !matches!(store.node(body), Node::Mul(_)) {
        let mut read = Vec::new();
        occurrences(store, body, &mut read);
        order.sort_by_key(|index| read.iter().position(|other| other == index));
    }
    order
}

/// The indices of elements in the order in which they are read.
fn occurrences(store: &Store, id: Id, read: &mut Vec<Index>) {
    store.node(id).for_each_child(|child| occurrences(store, child, read));
    if let Node::Elem(_, at) = store.node(id) {
        read.extend(at);
    }
}

/// Names the indices that were made later, each with a letter that no other index has.
pub(crate) fn name_rest(store: &mut Store, indices: &[Index]) {
    let mut taken: Vec<String> = indices.iter().map(|&index| store.index_info(index).letter.clone()).collect();
    let mut position = 0;
    for &index in indices {
        if store.index_info(index).letter.is_empty() {
            let (letter, behind) = next_letter(position, &taken);
            store.set_letter(index, &letter);
            taken.push(letter);
            position = behind;
        }
    }
}
