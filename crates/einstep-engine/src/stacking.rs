//! How the elements of a derivative are stacked into a matrix.
//!
//! In: a value and its variables. Out: the indices of one element, the array of all of them, whether the layout that is
//! wanted has its transpose. Left to others: the element itself, the way back to matrices.
//!
//! What has elements, the value first, then the variables from the outside in, is a part. One part alone keeps its shape.
//! Of two or more, the stacked columns of the first name the rows, those of the rest the columns.

use crate::infer::{By, Typed};
use crate::names::free_index;
use crate::raising::Stuck;
use crate::rules::lower;
use einstep_expr::{Id, Index, Indices, Node, Role, Store};
use einstep_trace::Layout;

/// The indices of one element of a derivative, and how they are stacked.
pub(crate) struct Stacking {
    /// The indices of the value, then those of the variables.
    pub(crate) slots: Indices,
    /// How many dimensions the value and the variables have together. A slot of a `vec` or of a Kronecker product has several
    /// indices.
    pub(crate) order: usize,
    /// How many indices name the rows of the array.
    pub(crate) rows: usize,
    /// Whether the layout that is wanted has the transpose of the array.
    pub(crate) is_transposed: bool,
    /// How many indices each part has, and how many of them name its rows.
    parts: Vec<(usize, usize)>,
    /// How many indices the value has.
    of_value: usize,
    /// Whether all parts are matrices: three indices of one part name neither rows nor columns.
    has_matrix: bool,
}

impl Stacking {
    /// The stacking of a question. It names the indices of an element that the user has not named.
    pub(crate) fn of(typed: &mut Typed) -> Stacking {
        let store = &mut typed.store;
        // Rows before columns: the indices of the value are made first.
        let (value, value_rows) = match typed.free.is_empty() {
            true => value_indices(store, typed.value),
            // The value is an element already.
            false => (typed.free.clone(), 1),
        };
        name_elements(store, &mut typed.by);
        let mut slots = value.clone();
        slots.extend(typed.by.iter().flat_map(|by| by.open(store)));
        let mut parts = vec![(value.len(), value_rows)];
        parts.extend(typed.by.iter().map(|by| (by.open(store).len(), usize::from(has_rows(store, by)))));
        parts.retain(|part| part.0 > 0);
        let rows = match parts[..] {
            [] => 0,
            [(_, rows)] => rows,
            [(first, _), ..] => first,
        };
        let dimensions = typed.free.len() + store.shape(typed.value).slots().len();
        let variables: Vec<usize> = typed.by.iter().map(|by| by.open(store).len()).collect();
        Stacking {
            order: dimensions + variables.iter().sum::<usize>(),
            rows,
            is_transposed: is_transposed(typed.wanted.layout, dimensions, &variables),
            parts,
            of_value: value.len(),
            has_matrix: typed.free.len() <= 2 && variables.iter().all(|&indices| indices <= 2),
            slots,
        }
    }

    /// The element of the value from which the derivation begins.
    pub(crate) fn element_of(&self, typed: &mut Typed) -> Id {
        match typed.free.is_empty() {
            true => typed.store.elem(typed.value, self.slots[..self.of_value].iter().copied()),
            false => typed.value,
        }
    }

    /// The array of all elements: the stacked columns of the first part by those of the rest where the order is above two.
    pub(crate) fn array(&self, store: &mut Store, element: Id) -> Id {
        if self.slots.is_empty() || !self.has_matrix {
            return element;
        }
        let over = match self.order > 2 {
            true => self.vectorised(),
            false => self.slots.clone(),
        };
        store.intern(Node::Array(over, self.rows as u8, element))
    }

    /// Why the array can't be read as a matrix whatever its elements are.
    pub(crate) fn obstacle(&self) -> Option<Stuck> {
        // More than two parts share rows and columns between them.
        (self.parts.len() > 2 || !self.has_matrix).then_some(Stuck::Order(self.slots.len()))
    }

    /// The stacked columns of the first part, and those of the rest.
    fn vectorised(&self) -> Indices {
        vectorised(&self.slots, self.parts.first().copied().unwrap_or_default())
    }
}

/// Indices in the order of the stacked columns of a part, which has so many of them and so many for its rows, and of the rest.
fn vectorised(slots: &[Index], (first, rows): (usize, usize)) -> Indices {
    let (first, rest) = slots.split_at(first);
    let (rows, columns) = first.split_at(rows);
    columns.iter().chain(rows).chain(rest.iter().rev()).copied().collect()
}

/// The array of an expression over its free indices: those of the rows and of the columns, or of three and four the stacked
/// columns over the first two by those over the rest. `None` for more.
pub(crate) fn array_over(store: &mut Store, free: &Indices, value: Id) -> Option<Id> {
    match free.len() {
        0 => Some(value),
        1 | 2 => Some(store.intern(Node::Array(free.clone(), 1, value))),
        3 | 4 => Some(store.intern(Node::Array(vectorised(free, (2, 1)), 2, value))),
        _ => None,
    }
}

/// Whether the first index of a variable names its rows.
fn has_rows(store: &Store, by: &By) -> bool {
    let is_open = by.at.first().is_some_and(|&first| store.position(first).is_none());
    is_open && !store.symbol_info(by.symbol).shape.rows.is_one()
}

/// Whether the answer is the transpose of that in mixed layout, for a value and variables of so many dimensions.
pub(crate) fn is_transposed(layout: Layout, value: usize, variables: &[usize]) -> bool {
    match layout {
        Layout::Mixed => false,
        // The second derivative of a scalar is the same in all layouts.
        Layout::Numerator => value == 0 && variables.iter().filter(|&&dimensions| dimensions > 0).count() == 1,
        Layout::Denominator => value > 0,
    }
}

/// Makes the indices of one element of each variable, where the user has not named them.
fn name_elements(store: &mut Store, by: &mut [By]) {
    const LETTERS: [&str; 8] = ["p", "q", "r", "s", "u", "v", "w", "z"];
    let only = by.len() == 1;
    for variable in by.iter_mut().filter(|variable| !variable.named) {
        let symbol = store.intern(Node::Symbol(variable.symbol));
        let slots = store.slots(symbol);
        let alone: &[&str] = if only && slots.len() == 1 { &["l"] } else { &[] };
        for dim in slots {
            variable.at.push(free_index(store, dim, Role::Variable, &[alone, &LETTERS].concat()));
        }
    }
}

/// The indices of an element of the value, and how many of them name its rows. A slot of a `vec` or of a Kronecker product
/// has several.
pub(crate) fn value_indices(store: &mut Store, value: Id) -> (Indices, usize) {
    let [rows, cols] = lower::parts_of(store, value);
    let slots = rows.iter().chain(&cols).map(|&dim| free_index(store, dim, Role::Value, &[])).collect();
    (slots, rows.len())
}
