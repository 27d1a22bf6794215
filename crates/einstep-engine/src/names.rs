//! Letters for indices.
//!
//! In: the value as explicit sums. Out: each index has its letter, which it keeps on every line.
//! The indices of one nest of sums over a product are named from the inside out, Σₖ Σⱼ Σᵢ vₖᵢ xᵢⱼ wⱼₖ; those over anything
//! else as they are first read, Σᵢ Σⱼ (xᵢⱼ − cᵢⱼ)².

use einstep_expr::{Dim, Id, Index, Node, Role, Store};
use rustc_hash::FxHashSet;

const LETTERS: [&str; 8] = ["i", "j", "k", "r", "s", "t", "u", "v"];

fn letter(position: usize) -> String {
    match position / LETTERS.len() {
        0 => LETTERS[position].to_string(),
        round => format!("{}{round}", LETTERS[position % LETTERS.len()]),
    }
}

/// The first letter that is not taken.
pub(crate) fn fresh(taken: impl Fn(&str) -> bool) -> String {
    (0..).map(letter).find(|letter| !taken(letter)).unwrap_or_default()
}

/// An index with the first of some letters that no other index has.
pub(crate) fn free_index(store: &mut Store, dim: Dim, role: Role, letters: &[&str]) -> Index {
    let taken = |letter: &str| store.indices().iter().any(|info| info.letter == letter);
    let letter = letters.iter().find(|letter| !taken(letter)).map_or_else(|| fresh(taken), |letter| letter.to_string());
    store.index(dim, role, &letter)
}

/// Names the summed indices of a value with letters that no index has yet.
pub(crate) fn name_sums(store: &mut Store, value: Id) {
    let taken = store.indices().iter().map(|info| info.letter.clone()).collect();
    Namer { store, taken, free: Vec::new(), tried: 0, shares: false }.visit(value, 0);
}

struct Namer<'s> {
    store: &'s mut Store,
    taken: FxHashSet<String>,
    /// The first letters that are not taken, and how many have been looked at to find them.
    free: Vec<String>,
    tried: usize,
    /// Whether a summand has been named, parts of which may stand in others.
    shares: bool,
}

impl Namer<'_> {
    /// The letter of a position among those that are not taken.
    fn letter(&mut self, position: usize) -> String {
        while self.free.len() <= position {
            let next = letter(self.tried);
            self.tried += 1;
            if !self.taken.contains(&next) {
                self.free.push(next);
            }
        }
        self.free[position].clone()
    }

    /// Names the sums of a node from a position on; gives the first position not used.
    fn visit(&mut self, id: Id, start: usize) -> usize {
        if !self.store.varies(id) {
            return start;
        }
        let mut next = start;
        match self.store.node(id).clone() {
            Node::Sum(over, body) => {
                let mut inside = FxHashSet::default();
                if self.shares {
                    bound_letters(self.store, id, &mut inside);
                }
                for index in order(self.store, &over, body) {
                    if self.store.index_info(index).letter.is_empty() {
                        while inside.contains(&self.letter(next)) {
                            next += 1;
                        }
                        let letter = self.letter(next);
                        self.store.set_letter(index, &letter);
                        next += 1;
                    }
                }
                next = self.visit(body, next);
            }
            Node::Add(terms) => {
                // Summands are never multiplied with each other, so they may share letters.
                for term in terms {
                    next = next.max(self.visit(term, start));
                    self.shares = true;
                }
            }
            node => {
                for child in node.children() {
                    next = self.visit(child, next);
                }
            }
        }
        next
    }
}

/// The letters of the indices that sums within a node bind.
fn bound_letters(store: &Store, id: Id, found: &mut FxHashSet<String>) {
    if let Node::Sum(over, _) = store.node(id) {
        found.extend(over.iter().map(|&index| store.index_info(index).letter.clone()));
    }
    store.node(id).for_each_child(|child| bound_letters(store, child, found));
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
    for &index in indices {
        if store.index_info(index).letter.is_empty() {
            let letter = fresh(|letter| taken.iter().any(|other| other == letter));
            store.set_letter(index, &letter);
            taken.push(letter);
        }
    }
}
