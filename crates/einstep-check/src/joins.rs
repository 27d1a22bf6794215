//! How the chains hang together: from the question's expression to the answer.
//!
//! In: a derivation, what is asked. Out: the indices of the answer, or the join that does not hold.
//! Left to others: the links within a chain, values.

use crate::derivative::is_transposed;
use crate::given::{Asked, letter};
use crate::verdict::{FILE, Fault};
use einstep_trace::{Chain, Derivation, IndexId, Node, NodeId, Table, Task};

/// The indices of the answer.
#[derive(Debug)]
pub(crate) struct Slots {
    /// Those of the value, then those of the variables.
    pub(crate) made: Vec<IndexId>,
    /// They in the order of the answer, which the layout may change.
    pub(crate) free: Vec<IndexId>,
    /// They in the order in which the answer is stacked, and how many name its rows; `None` for a scalar, and for an answer of
    /// a higher order that is left as an element with its indices free.
    pub(crate) stack: Option<(Vec<IndexId>, usize)>,
}

impl Slots {
    /// Whether the answer is an array over its indices: a vector or a matrix.
    pub(crate) fn are_stacked(&self) -> bool {
        self.stack.is_some()
    }
}

/// The indices of the elements of the variables, from the line that differentiates the value by them.
fn differentiated(
    derivation: &Derivation,
    asked: &Asked,
    mut line: NodeId,
    value: NodeId,
) -> Result<Vec<IndexId>, Fault> {
    let mut variables = Vec::new();
    for (position, symbol) in asked.by.iter().enumerate() {
        let Node::Partial { body, by, .. } = &derivation.nodes[line.at()] else {
            return Err(Fault::reject("chain element", "it does not begin with the derivative that is asked for"));
        };
        let (of, at) = match &derivation.nodes[by.at()] {
            Node::Elem { of, at } => (*of, at.as_slice()),
            _ => (*by, [].as_slice()),
        };
        if derivation.nodes[of.at()] != (Node::Symbol { symbol: *symbol }) {
            return Err(Fault::reject("chain element", "it differentiates by another variable"));
        }
        let named = asked.elements.get(position).filter(|named| !named.is_empty());
        if named.is_some_and(|named| {
            !named.iter().map(letter).eq(at.iter().map(|index| derivation.indices[index.at()].name.clone()))
        }) {
            return Err(Fault::reject("chain element", "it names the element of the variable by other indices"));
        }
        variables.extend(at.iter().filter(|index| derivation.indices[index.at()].position().is_none()));
        line = *body;
    }
    if line != value {
        return Err(Fault::reject("chain element", "it does not differentiate the end of chain value"));
    }
    Ok(variables)
}

/// Checks that the chains are there and join.
pub(crate) fn check(derivation: &Derivation, table: &Table, asked: &Asked) -> Result<Slots, Fault> {
    let (value, element, matrix, layout) = chains(derivation)?;
    let node = derivation.problem.node;
    let value_slots = match &derivation.nodes[value.left.at()] {
        _ if value.left == node => asked.free.iter().map(|(_, index)| *index).collect(),
        Node::Elem { of, at } if *of == node => at.clone(),
        _ => {
            return Err(Fault::reject("chain value", "it does not begin with the expression of the question"));
        }
    };
    let variables = differentiated(derivation, asked, element.left, value.end())?;
    let all = [value_slots.as_slice(), &variables].concat();
    let mut slots = Slots { free: all.clone(), made: all, stack: None };
    let all = &slots.made;
    if all.iter().enumerate().any(|(k, index)| all[..k].contains(index)) {
        return Err(Fault::reject("chain element", "the indices of the value and of the variable are not distinct"));
    }
    let starts = match &derivation.nodes[matrix.left.at()] {
        Node::Array { over, rows, body } if is_order(over, all) && *body == element.end() => {
            slots.stack = Some((over.clone(), usize::from(*rows)));
            true
        }
        _ => (all.is_empty() || all.len() > 2) && matrix.left == element.end(),
    };
    if !starts {
        return Err(Fault::reject("chain matrix", "it does not begin with the array of the end of chain element"));
    }
    let (of_value, variables) = asked.dimensions(derivation, table);
    let turned = is_transposed(asked.layout, of_value, variables);
    if turned {
        // By a scalar, or of a scalar, the rows give way to the columns; else the value to the variables.
        let is_alone = value_slots.is_empty() || value_slots.len() == all.len();
        let behind = slots.stack.as_ref().filter(|_| is_alone).map_or(value_slots.len(), |(_, rows)| *rows);
        slots.free.rotate_left(behind);
    }
    let last = match (layout, &mut slots.stack) {
        (Some(layout), Some((over, rows))) if turned => {
            if derivation.nodes[layout.left.at()] != (Node::Transpose { arg: matrix.end() }) {
                return Err(Fault::reject(
                    "chain layout",
                    "it does not begin with the transpose of the end of chain matrix",
                ));
            }
            over.rotate_left(*rows);
            *rows = over.len() - *rows;
            layout
        }
        (None, Some(_)) if turned => {
            let says = format!(
                "it does not have the chain layout, which transposes the answer for {} layout",
                asked.layout.name()
            );
            return Err(Fault::reject(FILE, says));
        }
        (Some(_), _) => return Err(Fault::reject("chain layout", "nothing is to be transposed")),
        (None, _) => matrix,
    };
    if derivation.result.node != last.end() {
        return Err(Fault::reject("the result", format!("it is not the end of chain {}", last.id)));
    }
    if is_pending(derivation, derivation.result.node) {
        return Err(Fault::reject("the result", "it still has a derivative in it"));
    }
    Ok(slots)
}

/// Checks the one chain of an expression that is not differentiated. The answer is where the chain begins, and its indices.
pub(crate) fn check_task(derivation: &Derivation, asked: &Asked) -> Result<(NodeId, Slots), Fault> {
    let name = if asked.task == Task::Lower { "value" } else { "matrix" };
    let own: Vec<&Chain> = without_lemmas(derivation).collect();
    let &[chain] = own.as_slice() else {
        return Err(Fault::reject(FILE, format!("it does not have the chain {name} alone")));
    };
    if chain.id != name {
        return Err(Fault::reject(FILE, format!("it does not have the chain {name} alone")));
    }
    let node = derivation.problem.node;
    let own: Vec<IndexId> = asked.free.iter().map(|(_, index)| *index).collect();
    let (made, stack) = match (asked.task, &derivation.nodes[chain.left.at()]) {
        (Task::Lower, Node::Elem { of, at }) if *of == node => (at.clone(), None),
        (Task::Lower, _) if chain.left == node => (own, None),
        (_, Node::Array { over, rows, body }) if *body == node => {
            let stack = (over.clone(), usize::from(*rows));
            // An array over the free indices in another shape is another answer.
            if stack != stacked(&own) {
                let says = "its array has its rows and columns over other indices than are asked for";
                return Err(Fault::reject(&format!("chain {name}"), says));
            }
            (own, Some(stack))
        }
        (_, _) if chain.left == node && (own.is_empty() || own.len() > 2) => (own, None),
        _ => {
            return Err(Fault::reject(
                &format!("chain {name}"),
                "it does not begin with the expression of the question",
            ));
        }
    };
    if derivation.result.node != chain.end() {
        return Err(Fault::reject("the result", format!("it is not the end of chain {name}")));
    }
    if is_pending(derivation, derivation.result.node) {
        return Err(Fault::reject("the result", "it still has a derivative in it"));
    }
    // What is simplified is a matrix, unless it has too many indices.
    let made = if asked.task == Task::Simplify && made.len() <= 2 { vec![] } else { made };
    Ok((chain.left, Slots { free: made.clone(), made, stack }))
}

/// The indices of an expression in the order in which it is stacked, and how many of them name the rows: the first, or the
/// stacked columns over the first two where there are more than two.
fn stacked(own: &[IndexId]) -> (Vec<IndexId>, usize) {
    match own {
        [first, second, rest @ ..] if !rest.is_empty() => {
            ([second, first].into_iter().chain(rest.iter().rev()).copied().collect(), 2)
        }
        _ => (own.to_vec(), 1),
    }
}

/// Whether an answer may be stacked in this order: as the indices come, or columns first where there are more than two.
fn is_order(over: &[IndexId], all: &[IndexId]) -> bool {
    over == all || all.len() > 2 && over.len() == all.len() && all.iter().all(|index| over.contains(index))
}

/// The chains that are not of lemmas, which come first.
fn without_lemmas(derivation: &Derivation) -> impl Iterator<Item = &Chain> {
    derivation.chains.iter().skip_while(|chain| chain.id.starts_with("lemma:"))
}

/// The three chains in their order, after any lemmas, and the one that may follow.
fn chains(derivation: &Derivation) -> Result<(&Chain, &Chain, &Chain, Option<&Chain>), Fault> {
    let own = without_lemmas(derivation);
    let own: Vec<(&str, &Chain)> = own.map(|chain| (chain.id.as_str(), chain)).collect();
    let (value, element, matrix, layout) = match own[..] {
        [("value", value), ("element", element), ("matrix", matrix)] => (value, element, matrix, None),
        [("value", value), ("element", element), ("matrix", matrix), ("layout", layout)] => {
            (value, element, matrix, Some(layout))
        }
        _ => return Err(Fault::reject(FILE, "it does not have the chains value, element, matrix, in this order")),
    };
    // A value may stand as it is; a derivative always takes a step, and a lemma says something.
    let says_nothing = |chain: &&Chain| chain.links.is_empty() && !["value", "matrix", "layout"].contains(&&*chain.id);
    match derivation.chains.iter().find(says_nothing) {
        Some(chain) => Err(Fault::reject(&format!("chain {}", chain.id), "it is empty")),
        None => Ok((value, element, matrix, layout)),
    }
}

/// Whether a pending derivative stands somewhere below a node.
fn is_pending(derivation: &Derivation, root: NodeId) -> bool {
    let mut below = vec![false; root.at() + 1];
    below[root.at()] = true;
    for position in (0..=root.at()).rev() {
        if below[position] {
            let node = &derivation.nodes[position];
            if matches!(node, Node::Partial { .. }) {
                return true;
            }
            for child in node.children() {
                below[child.at()] = true;
            }
        }
    }
    false
}
