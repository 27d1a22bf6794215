//! The answer against the question, and the forms of the answer against each other.
//!
//! In: a derivation whose chains join, what is asked. Out: the first fault.
//! Left to others: how the answer was reached.

use crate::bench::{Bench, Structure, View};
use crate::derivative::{Arrangement, by_entries};
use crate::dual::ORDER;
use crate::eval::rational;
use crate::given::{Asked, expression};
use crate::height;
use crate::joins::Slots;
use crate::meter::Trouble;
use crate::question::Reader;
use crate::tensor::{Axis, Tensor};
use crate::verdict::{Fault, judged};
use einstep_syntax::{Declaration, Expr, print};
use einstep_trace::{Derivation, Einsum, Form, IndexId, Node, NodeId, Task};

/// Whether the expression of the question has the value of its node: as it is asked, and as the trace tells it, by itself and
/// in one line with the variable.
pub(crate) fn question(
    bench: &Bench<'_>,
    asked: &Asked,
    texts: &[&Expr; 3],
    structure: Structure,
) -> Result<(), Fault> {
    let node = bench.derivation.problem.node;
    let places = ["the question", "the expression of the question", "the text of the question"];
    let printed = texts.map(print);
    let differing = (0..texts.len()).filter(|&k| !printed[..k].contains(&printed[k]));
    differing.map(|k| (places[k], texts[k])).try_for_each(|(at, body)| {
        let found = bench.at_points(&[node], structure, |view| {
            let written = asked.value(&mut Reader::new(view.world, &[]), body, extents(&view, node)?)?;
            let index = |axis| (0..asked.free.len()).find(|&k| Axis::letter(k) == axis);
            let name = |axis| index(axis).map_or(axis, |k| Axis::index(asked.free[k].1));
            written.relabel(bench.meter, name)?.difference(view.value(node)?, bench.meter)
        });
        judged(at, "it has another value than its node", found)
    })
}

/// Whether the result is the derivative that is asked for. Of an order that dual numbers do not have, the elements are compared
/// with those of the first line that has fewer derivatives pending: the steps lead there, and from there to the result.
pub(crate) fn derivative(bench: &Bench<'_>, asked: &Asked, slots: &Slots) -> Result<(), Fault> {
    let node = bench.derivation.result.node;
    if asked.by.len() > ORDER {
        let Some((line, end)) = within_order(bench.derivation) else {
            return Err(Fault::decline("the result", "no line has as few derivatives as can be evaluated"));
        };
        let found = bench.at_points(&[line, end], Structure::Free, |view| {
            view.value(line)?.difference(view.value(end)?, bench.meter)
        });
        return judged("the result", "its element is not that of the line with the last two derivatives", found);
    }
    let found = bench.at_points(&[node], Structure::Declared, |view| {
        let extents = extents(&view, bench.derivation.problem.node)?;
        let expected = by_entries(view.world, asked, extents)?;
        let expected = match slots.are_stacked() {
            true => Arrangement::of(view.world, asked, extents)?.matrix(&expected, bench.meter)?,
            false => place(&view, &expected, slots, &slots.made)?,
        };
        expected.difference(view.value(node)?, bench.meter)
    });
    judged("the result", "it is not the derivative of the question", found)
}

/// The first line of the elements with at most as many nested derivatives as dual numbers have, and the last line.
fn within_order(derivation: &Derivation) -> Option<(NodeId, NodeId)> {
    let chain = derivation.chains.iter().find(|chain| chain.id == "element")?;
    let mut depths: Vec<usize> = Vec::with_capacity(derivation.nodes.len());
    for node in &derivation.nodes {
        let below = node.children().iter().map(|child| depths[child.at()]).max().unwrap_or(0);
        depths.push(below + usize::from(matches!(node, Node::Partial { .. })));
    }
    let line = chain.links.iter().map(|link| link.after).find(|line| depths[line.at()] <= ORDER)?;
    Some((line, chain.end()))
}

/// Whether the result has the value of the expression that is not differentiated.
pub(crate) fn same(bench: &Bench<'_>, left: NodeId) -> Result<(), Fault> {
    let node = bench.derivation.result.node;
    let found = bench.at_points(&[left, node], Structure::Declared, |view| {
        let values = view.world.values(&[left, node])?;
        match (values.get(&left), values.get(&node)) {
            (Some(left), Some(right)) => left.difference(right, bench.meter),
            _ => Err(Trouble::Declined("a table of values is larger than the bound".into())),
        }
    });
    judged("the result", "it has another value than the expression of the question", found)
}

/// Whether the forms of the result have the value of its node.
pub(crate) fn forms(bench: &Bench<'_>, slots: &Slots, asked: &Asked, given: &[Declaration]) -> Result<(), Fault> {
    let result = &bench.derivation.result;
    let free = &slots.free;
    let (of_value, variables) = asked.dimensions(bench.derivation, bench.table);
    let order = of_value + variables.iter().sum::<usize>();
    let is_task = matches!(asked.task, Task::Raise | Task::Simplify);
    let is_matrix = order <= 2 && (is_task || slots.are_stacked());
    let shape = match is_matrix {
        true => bench.table.shape(result.node).to_vec(),
        false => free.iter().map(|index| bench.derivation.indices[index.at()].dim.clone()).collect(),
    };
    if result.shape != shape {
        return Err(Fault::reject("the result", "its shape is not that of its node"));
    }
    if result.free.len() != free.len()
        || result.free.iter().enumerate().any(|(k, name)| result.free[..k].contains(name))
    {
        return Err(Fault::reject("the result", "it does not name one free index for each of its slots"));
    }
    let is_written = bench.table.free(result.node).is_empty()
        && !matches!(bench.derivation.nodes[result.node.at()], Node::Array { .. });
    match result.form {
        Form::Matrix | Form::Kronecker if !is_written => {
            return Err(Fault::reject("the result", "its node is no matrix form"));
        }
        Form::Matrix | Form::Kronecker if (result.form == Form::Kronecker) != (order > 2) => {
            return Err(Fault::reject("the result", "its form is not that of its order"));
        }
        Form::Matrix | Form::Kronecker if asked.task == Task::Lower => {
            return Err(Fault::reject("the result", "what is lowered is no matrix form"));
        }
        Form::Index if result.text.is_some() || result.vec.is_some() => {
            return Err(Fault::reject("the result", "it says that it has no matrix form"));
        }
        Form::Matrix | Form::Kronecker | Form::Index => {}
    }
    for (text, at, is_place) in [
        (&result.text, "the text of the result", order <= 2),
        (&result.vec, "the vectorised form of the result", order > 2),
    ] {
        let Some(text) = text else { continue };
        if !is_place || order > 2 && !slots.are_stacked() {
            return Err(Fault::reject(at, "a derivative of order 3 or 4 has a vectorised form, another has none"));
        }
        let expr = expression(text, given, at)?;
        height::bounded(height::of_text(&expr), at)?;
        let found = bench.at_points(&[result.node], Structure::Declared, |view| {
            let (rows, cols) = extents(&view, result.node)?;
            let written = Reader::new(view.world, &[]).matrix(&expr, rows, cols)?;
            written.difference(view.value(result.node)?, bench.meter)
        });
        judged(at, "it has another value than the node of the result", found)?;
    }
    const WHERE: &str = "the index form of the result";
    if asked.task == Task::Simplify {
        return match result.index.is_empty() && result.einsum.is_empty() {
            true => Ok(()),
            false => Err(Fault::reject(WHERE, "what is simplified has none")),
        };
    }
    let expr = expression(&result.index, given, WHERE)?;
    height::bounded(height::of_text(&expr), WHERE)?;
    let found = bench.at_points(&[result.node], Structure::Declared, |view| {
        let sizes = free.iter().map(|index| Ok(view.world.index(*index)?.1)).collect::<Result<Vec<_>, _>>()?;
        let letters: Vec<(String, usize)> = result.free.iter().cloned().zip(sizes).collect();
        let written = Reader::new(view.world, &[]).element(&expr, &letters)?;
        let written = place(&view, &written, slots, free)?;
        written.difference(view.value(result.node)?, bench.meter)
    });
    judged(WHERE, "it has another value than the node of the result", found)?;
    if result.einsum.is_empty() { Ok(()) } else { einsums(bench, slots) }
}

/// Whether the einsum form of the result has the value of its node.
fn einsums(bench: &Bench<'_>, slots: &Slots) -> Result<(), Fault> {
    let (result, free) = (&bench.derivation.result, &slots.free);
    const EINSUM: &str = "the einsum form of the result";
    let heights = height::of_nodes(bench.derivation);
    for term in &result.einsum {
        let factors = term.scalars.iter().chain(&term.operands).map(|factor| heights[factor.at()]);
        height::bounded(factors.fold(height::of_number(&term.coefficient), u64::saturating_add), EINSUM)?;
    }
    let mut roots = vec![result.node];
    roots.extend(result.einsum.iter().flat_map(|term| term.scalars.iter().chain(&term.operands)));
    let found = bench.at_points(&roots, Structure::Declared, |view| {
        let terms = result.einsum.iter().map(|term| einsum(&view, term, free.len())).collect::<Result<Vec<_>, _>>()?;
        let sum = Tensor::add(&terms.iter().collect::<Vec<_>>(), bench.meter)?;
        let sum = place(&view, &sum, slots, free)?;
        sum.difference(view.value(result.node)?, bench.meter)
    });
    judged(EINSUM, "it has another value than the node of the result", found)
}

/// The numbers of rows and columns of a node.
fn extents(view: &View<'_>, id: NodeId) -> Result<(usize, usize), Trouble> {
    let [rows, cols] = view.world.extents(id)?;
    Ok((rows.unwrap_or(1), cols.unwrap_or(1)))
}

/// An array over letters, one for each of the free indices in the order given, over the axes of the result.
fn place(view: &View<'_>, tensor: &Tensor, slots: &Slots, all: &[IndexId]) -> Result<Tensor, Trouble> {
    let meter = view.world.meter;
    let Some((stack, rows)) = &slots.stack else {
        let number = |axis| (0..all.len()).find(|&number| Axis::letter(number) == axis);
        return tensor.relabel(meter, |axis| number(axis).map_or(axis, |number| Axis::index(all[number])));
    };
    let letter = |index: &IndexId| {
        let number = all.iter().position(|other| other == index).unwrap_or(all.len());
        Ok((Axis::letter(number), view.world.index(*index)?.1))
    };
    let letters = stack.iter().map(letter).collect::<Result<Vec<_>, Trouble>>()?;
    let (rows, cols) = letters.split_at((*rows).min(letters.len()));
    tensor.join(&[(Axis::ROW, rows), (Axis::COLUMN, cols)], meter)
}

/// The value of a term `coefficient × scalars × einsum(spec, operands)`, output letters first.
fn einsum(view: &View<'_>, term: &Einsum, free: usize) -> Result<Tensor, Trouble> {
    let misfit = |what: &str| Err(Trouble::Misfit(format!("`{}`: {what}", term.spec)));
    let meter = view.world.meter;
    let Some((inputs, output)) = term.spec.split_once("->") else {
        return misfit("there is no arrow");
    };
    let groups: Vec<&str> = if term.operands.is_empty() { vec![] } else { inputs.split(',').collect() };
    if groups.len() != term.operands.len() || term.operands.is_empty() && !inputs.is_empty() {
        return misfit("there is not one group of letters for each operand");
    }
    let mut letters: Vec<char> = output.chars().collect();
    if letters.len() != free || letters.iter().enumerate().any(|(k, letter)| letters[..k].contains(letter)) {
        return misfit("the output does not have one letter for each index of the result");
    }
    let mut sizes: Vec<Option<usize>> = vec![None; letters.len()];
    let mut factors = vec![Tensor::number(rational(&term.coefficient)?)];
    for (group, &operand) in groups.iter().zip(&term.operands) {
        let slots = view.world.slots(operand)?;
        let names: Vec<char> = group.chars().collect();
        if names.len() != slots.len() || !view.world.table.free(operand).is_empty() {
            return misfit("a group does not have one letter for each slot of its operand");
        }
        let mut axes = Vec::with_capacity(names.len());
        for (name, slot) in names.iter().zip(&slots) {
            let position = letters.iter().position(|letter| letter == name).unwrap_or_else(|| {
                letters.push(*name);
                sizes.push(None);
                letters.len() - 1
            });
            if *sizes[position].get_or_insert(slot.1) != slot.1 {
                return misfit("a letter runs over two dimensions");
            }
            axes.push((slot.0, Axis::letter(position)));
        }
        let name = |axis: Axis| axes.iter().find(|(slot, _)| *slot == axis).map_or(axis, |(_, letter)| *letter);
        factors.push(view.value(operand)?.relabel(meter, name)?);
    }
    for &scalar in &term.scalars {
        if !view.world.table.free(scalar).is_empty() || !view.world.table.shape(scalar).is_empty() {
            return misfit("a scalar factor is none");
        }
        factors.push(view.value(scalar)?.clone());
    }
    let mut over = Vec::new();
    for (position, size) in sizes.iter().enumerate() {
        match size {
            Some(size) if position >= free => over.push((Axis::letter(position), *size)),
            None => return misfit("a letter of the output is in no operand"),
            _ => {}
        }
    }
    Tensor::contract(&factors.iter().collect::<Vec<_>>(), &over, meter)
}
