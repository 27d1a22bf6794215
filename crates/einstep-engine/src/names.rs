//! Letters for indices.
//!
//! In: the value as explicit sums. Out: each index has its letter, which it keeps on every line.
//! The indices of one nest of sums are named from the inside out: Σₖ Σⱼ Σᵢ vₖᵢ xᵢⱼ wⱼₖ.

use einstep_expr::{Id, Index, Node, Store};

const LETTERS: [&str; 8] = ["i", "j", "k", "r", "s", "t", "u", "v"];

fn letter(position: usize) -> String {
    match position / LETTERS.len() {
        0 => LETTERS[position].to_string(),
        round => format!("{}{round}", LETTERS[position % LETTERS.len()]),
    }
}

/// Names the summed indices of a value, from the letter at `start` on.
pub(crate) fn name_sums(store: &mut Store, value: Id, start: usize) {
    visit(store, value, start);
}

/// Names the sums of a node from `start` on; gives the first letter position not used.
fn visit(store: &mut Store, id: Id, start: usize) -> usize {
    if !store.varies(id) {
        return start;
    }
    let mut next = start;
    match store.node(id).clone() {
        Node::Sum(over, body) => {
            for &index in over.iter().rev() {
                if store.index_info(index).letter.is_empty() {
                    store.set_letter(index, &letter(next));
                    next += 1;
                }
            }
            next = visit(store, body, next);
        }
        Node::Add(terms) => {
            // Summands are never multiplied with each other, so they may share letters.
            for term in terms {
                next = next.max(visit(store, term, start));
            }
        }
        node => {
            for child in node.children() {
                next = visit(store, child, next);
            }
        }
    }
    next
}

/// Names the indices that were made later, each with a letter that no other index has.
pub(crate) fn name_rest(store: &mut Store, indices: &[Index]) {
    let mut taken: Vec<String> = indices.iter().map(|&index| store.index_info(index).letter.clone()).collect();
    let mut position = 0;
    for &index in indices {
        if store.index_info(index).letter.is_empty() {
            while taken.contains(&letter(position)) {
                position += 1;
            }
            store.set_letter(index, &letter(position));
            taken.push(letter(position));
        }
    }
}
