//! What is said about shapes before the algebra starts, as in the notes.
//!
//! In: trees whose dimensions are known. Out: sentences, each with its rule and the expressions it speaks of.

use super::build::Builder;
use super::tree::{Form, Name, Tree};
use super::unify::Size;
use crate::rules::shape;
use einstep_expr::{Id, Shape, Store};
use einstep_trace::RuleStatement;

/// One thing that was found out about shapes.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) node: Id,
    pub(crate) rule: &'static RuleStatement,
    pub(crate) sentence: String,
    pub(crate) from: Vec<Id>,
}

fn say(store: &Store, shape: Shape) -> String {
    if shape.is_scalar() {
        return "a scalar".into();
    }
    format!("{}×{}", store.dims.text(shape.rows), store.dims.text(shape.cols))
}

/// The facts in the order in which a reader should hear them: the variable, the other names where they first meet, the value.
pub(super) fn facts(builder: &mut Builder<'_>, names: &[Name], variable: usize, value: &Tree) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut said = vec![false; names.len()];
    let node = |builder: &mut Builder<'_>, position: usize| {
        builder.store.intern(einstep_expr::Node::Symbol(builder.symbols[position]))
    };
    let id = node(builder, variable);
    let kind = match names[variable].declared {
        Some(_) => "",
        None => names[variable].kind,
    };
    let shape = say(builder.store, builder.store.shape(id));
    let name = &names[variable].name;
    let sentence = match kind {
        "" => format!("{name} is the variable: {shape}"),
        _ if shape == "a scalar" => format!("{name} is the variable: {shape} by its spelling"),
        kind => format!("{name} is the variable: {kind} by its spelling, {shape}"),
    };
    facts.push(Fact {
        node: id,
        rule: if kind.is_empty() { &shape::VARIABLE } else { &shape::KIND },
        sentence,
        from: vec![],
    });
    said[variable] = true;
    walk(builder, names, value, &mut said, &mut facts);
    for position in 0..names.len() {
        if !said[position] && occurs(value, position) {
            let id = node(builder, position);
            let shape = say(builder.store, builder.store.shape(id));
            let (rule, sentence) = match names[position].declared {
                Some(_) => (&shape::VALUE, format!("{} is {shape}, as declared", names[position].name)),
                None if shape == "a scalar" => {
                    (&shape::KIND, format!("{} is a scalar by its spelling", names[position].name))
                }
                None => (
                    &shape::KIND,
                    format!("{} is {} by its spelling, {shape}", names[position].name, names[position].kind),
                ),
            };
            facts.push(Fact { node: id, rule, sentence, from: vec![] });
        }
    }
    let value_id = builder.build(value);
    let of_value = say(builder.store, builder.store.shape(value_id));
    let of_variable = builder.store.shape(id);
    let sentence = match (of_value.as_str(), of_variable.is_scalar()) {
        ("a scalar", true) => format!("{} is a scalar, so the answer is a scalar", value.text),
        ("a scalar", false) => {
            format!("{} is a scalar, so the answer has the shape of {name}: {shape}", value.text)
        }
        (_, true) => format!("{} is {of_value} and {name} is a scalar, so the answer is {of_value}", value.text),
        _ => {
            let rows: Vec<_> = builder.store.shape(value_id).slots().to_vec();
            let cols = of_variable.slots().to_vec();
            let text = |dims: &[einstep_expr::Dim]| builder.store.dims.text(dims[0]);
            let (rows, cols) = (text(&rows), text(&cols));
            format!("{} has {rows} entries and {name} has {cols}, so the answer is {rows}×{cols}", value.text)
        }
    };
    facts.push(Fact { node: value_id, rule: &shape::VALUE, sentence, from: vec![id] });
    facts
}

fn occurs(tree: &Tree, position: usize) -> bool {
    matches!(tree.form, Form::Symbol(found) if found == position) || tree.args.iter().any(|arg| occurs(arg, position))
}

/// Says where undeclared names meet their neighbours, in the order of the text.
fn walk(builder: &mut Builder<'_>, names: &[Name], tree: &Tree, said: &mut [bool], facts: &mut Vec<Fact>) {
    if let Form::Product = tree.form {
        for pair in tree.args.windows(2) {
            meet(builder, names, &pair[0], &pair[1], said, facts);
        }
    }
    for arg in &tree.args {
        walk(builder, names, arg, said, facts);
    }
    let (rule, what) = match tree.form {
        Form::Call(einstep_expr::Function::Trace) => (&shape::TRACE, "tr needs a square matrix"),
        Form::Matpow(_) => (&shape::POWER, "a power needs a square matrix"),
        _ => return,
    };
    let arg = &tree.args[0];
    let shape = builder.shape(arg);
    let sentence = format!("{what}: {} is {}", arg.text, say(builder.store, shape));
    let node = builder.build(arg);
    facts.push(Fact { node, rule, sentence, from: vec![] });
}

fn undeclared(names: &[Name], said: &[bool], tree: &Tree) -> Option<usize> {
    let inner = if matches!(tree.form, Form::Transpose) { &tree.args[0] } else { tree };
    match inner.form {
        Form::Symbol(position) if names[position].declared.is_none() && !said[position] && !inner.is_scalar() => {
            Some(position)
        }
        _ => None,
    }
}

fn meet(
    builder: &mut Builder<'_>,
    names: &[Name],
    left: &Tree,
    right: &Tree,
    said: &mut [bool],
    facts: &mut Vec<Fact>,
) {
    if left.is_scalar() || right.is_scalar() || left.cols == Size::ONE {
        return;
    }
    let inner = builder.store.dims.text(builder.dim(left.cols));
    for (tree, word) in [(left, "columns"), (right, "rows")] {
        let Some(position) = undeclared(names, said, tree) else { continue };
        said[position] = true;
        let symbol = builder.store.intern(einstep_expr::Node::Symbol(builder.symbols[position]));
        let shape = say(builder.store, builder.store.shape(symbol));
        let name = &names[position].name;
        let sentence =
            format!("{} {} exists, so {} has {inner} {word}: {name} is {shape}", left.text, right.text, tree.text);
        let from = vec![builder.build(left), builder.build(right)];
        facts.push(Fact { node: symbol, rule: &shape::MATMUL, sentence, from });
    }
}
