//! What is said about shapes before the algebra starts, as in the notes.
//!
//! In: trees whose dimensions are known. Out: facts, each with its rule, the values of the slots of the rule's sentence,
//! and the expressions it speaks of.

use super::By;
use super::build::Builder;
use super::structured;
use super::tree::{Form, Name, Tree, shape_words};
use super::unify::Size;
use crate::rules::shape;
use crate::slots::{Slots, Value};
use crate::stacking::is_transposed;
use einstep_expr::{Function, Id, Node, Shape, Store};
use einstep_trace::{Layout, RuleStatement};
use rustc_hash::FxHashSet;

/// One thing that was found out about shapes.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) node: Id,
    pub(crate) rule: &'static RuleStatement,
    pub(crate) slots: Slots,
    pub(crate) from: Vec<Id>,
}

/// A shape in words: `a scalar`, `n×1`, `m×n`.
fn words(store: &Store, shape: Shape) -> String {
    if shape.is_scalar() {
        return "a scalar".into();
    }
    shape_words(store.dims.text(shape.rows), store.dims.text(shape.cols))
}

/// The facts in the order in which a reader should hear them: the variables, the other names where they first meet, the value.
pub(super) fn facts(
    builder: &mut Builder<'_>,
    names: &[Name],
    variables: &[usize],
    by: &[By],
    value: &Tree,
    layout: Layout,
) -> Vec<Fact> {
    let said = vec![false; names.len()];
    let mut teller = Teller { builder, names, said, told: FxHashSet::default(), facts: Vec::new() };
    for &variable in variables {
        teller.variable(variable);
        let symbol = teller.builder.symbols[variable];
        if let Some(Fact { node, rule, slots, from }) = structured::fact(teller.builder.store, symbol) {
            teller.tell(node, rule, slots, from);
        }
    }
    teller.walk(value);
    for position in 0..names.len() {
        if !teller.said[position] && occurs(value, position) {
            teller.name(position);
        }
    }
    let has_entry = by.iter().any(|by| by.open(teller.builder.store).len() < by.at.len());
    match *variables {
        // An entry has a shape of its own.
        _ if has_entry => {}
        [variable] => teller.answer(variable, value, layout),
        [first, second] => teller.second(first, second, value),
        _ => {}
    }
    teller.facts
}

fn occurs(tree: &Tree, position: usize) -> bool {
    matches!(tree.form, Form::Symbol(found) if found == position) || tree.args.iter().any(|arg| occurs(arg, position))
}

/// Whether a summand is an identity or a diagonal matrix, or a multiple of one.
fn is_diagonal(tree: &Tree) -> bool {
    match tree.form {
        Form::Identity | Form::Call(Function::Diag) => !tree.is_scalar(),
        Form::Negate | Form::Quotient | Form::Transpose => is_diagonal(&tree.args[0]),
        Form::Product => {
            let mut arrays = tree.args.iter().filter(|arg| !arg.is_scalar());
            arrays.next().is_some_and(is_diagonal) && arrays.next().is_none()
        }
        _ => false,
    }
}

struct Teller<'a, 'b> {
    builder: &'a mut Builder<'b>,
    names: &'a [Name],
    /// The names of which something was said.
    said: Vec<bool>,
    /// What was said already, by node, rule and slots.
    told: FxHashSet<(Id, &'static str, Slots)>,
    facts: Vec<Fact>,
}

impl Teller<'_, '_> {
    fn symbol(&mut self, position: usize) -> Id {
        self.builder.store.intern(Node::Symbol(self.builder.symbols[position]))
    }

    fn words(&self, id: Id) -> String {
        let slots = self.builder.store.slots(id);
        if slots.len() > 2 {
            let dims: Vec<&str> = slots.iter().map(|&dim| self.builder.store.dims.text(dim)).collect();
            return dims.join("×");
        }
        words(self.builder.store, self.builder.store.shape(id))
    }

    fn tell(&mut self, node: Id, rule: &'static RuleStatement, slots: Vec<(&'static str, Value)>, from: Vec<Id>) {
        if self.told.insert((node, rule.id, slots.clone())) {
            self.facts.push(Fact { node, rule, slots, from });
        }
    }

    fn variable(&mut self, position: usize) {
        let id = self.symbol(position);
        let shape = self.words(id);
        self.said[position] = true;
        match self.names[position].declared {
            Some(_) => self.tell(id, &shape::VARIABLE, vec![("symbol", id.into()), ("shape", shape.into())], vec![]),
            None => {
                let kind = self.names[position].kind;
                let mut slots = vec![("symbol", id.into()), ("kind", kind.into())];
                if shape != kind {
                    slots.push(("shape", shape.into()));
                }
                self.tell(id, &shape::VARIABLE_KIND, slots, vec![]);
            }
        }
    }

    /// A name that met no other: its kind by its spelling, or its declaration.
    fn name(&mut self, position: usize) {
        let id = self.symbol(position);
        let shape = self.words(id);
        let kind = self.names[position].kind;
        match self.names[position].declared {
            Some(_) => self.tell(id, &shape::DECLARED, vec![("symbol", id.into()), ("shape", shape.into())], vec![]),
            None if shape == kind => self.tell(id, &shape::SCALAR, vec![("symbol", id.into())], vec![]),
            None => {
                let slots = vec![("symbol", id.into()), ("kind", kind.into()), ("shape", shape.into())];
                self.tell(id, &shape::KIND, slots, vec![]);
            }
        }
    }

    /// The shape of the value, and what follows for the answer.
    fn answer(&mut self, variable: usize, value: &Tree, layout: Layout) {
        let (x, y) = (self.symbol(variable), self.builder.build(value));
        let (of_x, of_y) = (self.builder.store.shape(x), self.builder.store.shape(y));
        let (in_words, shape_x) = (self.words(y), self.words(x));
        let mut slots: Slots = vec![("value", y.into()), ("is", in_words.clone().into()), ("symbol", x.into())];
        if !self.builder.store.free(y).is_empty() || self.builder.store.slots(x).len() + of_y.slots().len() > 2 {
            return;
        }
        let dimensions = [of_y, of_x].map(|shape| shape.slots().len());
        let rule = if is_transposed(layout, dimensions[0], &dimensions[1..]) {
            let entries = |shape: Shape| shape.slots()[0];
            let transposed = match dimensions {
                [0, _] => of_x.transposed(),
                [_, 0] => of_y.transposed(),
                _ => Shape { rows: entries(of_x), cols: entries(of_y) },
            };
            slots.push(("layout", layout.name().into()));
            slots.extend([("of", shape_x.into()), ("shape", words(self.builder.store, transposed).into())]);
            &shape::LAYOUT
        } else if of_y.is_scalar() && !of_x.is_scalar() {
            slots.push(("shape", shape_x.into()));
            &shape::ANSWER
        } else if of_x.is_scalar() {
            slots.push(("shape", in_words.into()));
            &shape::ANSWER_BY_SCALAR
        } else {
            let entries = |shape: Shape| Value::Dim(shape.slots()[0]);
            slots.extend([("rows", entries(of_y)), ("columns", entries(of_x))]);
            &shape::JACOBIAN
        };
        self.tell(y, rule, slots, vec![x]);
    }

    /// The shape of the answer of a second derivative of a scalar.
    fn second(&mut self, first: usize, second: usize, value: &Tree) {
        let [x, y] = [first, second].map(|position| self.symbol(position));
        let value = self.builder.build(value);
        if !self.builder.store.free(value).is_empty() {
            return;
        }
        let [of_x, of_y] = [x, y].map(|id| self.builder.store.shape(id).slots());
        let (&[rows], &[columns], true) =
            (of_x.as_slice(), of_y.as_slice(), self.builder.store.shape(value).is_scalar())
        else {
            return;
        };
        let mut slots: Slots = vec![("value", value.into()), ("symbol", x.into())];
        slots.extend([("rows", Value::Dim(rows)), ("columns", Value::Dim(columns))]);
        let rule = if x == y { &shape::HESSIAN } else { &shape::MIXED };
        if x != y {
            slots.push(("other", y.into()));
        }
        self.tell(value, rule, slots, vec![x, y]);
    }

    /// Says where undeclared names meet their neighbours, in the order of the text.
    fn walk(&mut self, tree: &Tree) {
        let arrays: Vec<&Tree> = tree.args.iter().filter(|arg| !arg.is_scalar()).collect();
        if let Form::Product = tree.form {
            arrays.windows(2).for_each(|pair| self.meet(pair[0], pair[1]));
        }
        for arg in &tree.args {
            self.walk(arg);
        }
        if let Form::Add(_) | Form::Hadamard | Form::EntryQuotient | Form::Power = tree.form {
            arrays.windows(2).for_each(|pair| self.alike(pair[0], pair[1]));
        }
        if let Form::Add(signs) = &tree.form {
            self.broadcasts(tree, signs);
        }
        let (rule, what) = match tree.form {
            Form::Call(Function::Trace) => (&shape::TRACE, "tr"),
            Form::Call(Function::Det) => (&shape::SQUARE, "det"),
            Form::Call(Function::LogDet) => (&shape::SQUARE, "logdet"),
            Form::Call(Function::Inv) => (&shape::SQUARE, "an inverse"),
            Form::Call(Function::Adj) => (&shape::SQUARE, "adj"),
            Form::Call(Function::Sym) => (&shape::SQUARE, "sym"),
            Form::Call(Function::Skew) => (&shape::SQUARE, "skew"),
            Form::Call(Function::Diagonal) => (&shape::SQUARE, "diag of a matrix"),
            Form::Matpow(_) => (&shape::POWER, "a power"),
            _ => return,
        };
        // Of what is declared nothing is learned.
        if std::ptr::eq(rule, &shape::SQUARE) && !self.is_inferred(&tree.args[0]) {
            return;
        }
        let node = self.builder.build(&tree.args[0]);
        let shape = self.words(node);
        self.tell(node, rule, vec![("what", what.into()), ("matrix", node.into()), ("shape", shape.into())], vec![]);
    }

    /// Whether the shape of something undeclared has its part in a shape.
    fn is_inferred(&self, tree: &Tree) -> bool {
        match tree.form {
            Form::Symbol(position) => self.names[position].declared.is_none() && !tree.is_scalar(),
            _ => tree.args.iter().any(|arg| self.is_inferred(arg)),
        }
    }

    /// Says of every scalar in a sum of arrays that it counts for every entry; beside a diagonal matrix, where a multiple
    /// of the identity may have been meant, that too.
    fn broadcasts(&mut self, tree: &Tree, signs: &[bool]) {
        let Some(array) = tree.args.iter().find(|arg| !arg.is_scalar()) else { return };
        let array = self.builder.build(array);
        let shape = self.builder.store.shape(array);
        let diagonal = tree.args.iter().any(is_diagonal);
        for (arg, &negative) in tree.args.iter().zip(signs).filter(|(arg, _)| arg.is_scalar()) {
            let scalar = self.builder.build(arg);
            let done = if negative { "subtracted from" } else { "added to" };
            let mut slots: Slots = vec![
                ("scalar", scalar.into()),
                ("array", array.into()),
                ("shape", words(self.builder.store, shape).into()),
                ("done", done.into()),
                ("as", self.builder.broadcast(scalar, shape).into()),
            ];
            if diagonal {
                let identity = self.builder.store.intern(Node::Identity(shape.rows));
                slots.push(("meant", self.builder.store.mul([scalar, identity]).into()));
            }
            self.tell(scalar, &shape::BROADCAST, slots, vec![array]);
        }
    }

    /// An undeclared name, or its transpose, that has not been spoken of.
    fn news(&self, tree: &Tree) -> Option<usize> {
        let inner = if matches!(tree.form, Form::Transpose) { &tree.args[0] } else { tree };
        match inner.form {
            Form::Symbol(position)
                if self.names[position].declared.is_none() && !self.said[position] && !inner.is_scalar() =>
            {
                Some(position)
            }
            _ => None,
        }
    }

    fn meet(&mut self, left: &Tree, right: &Tree) {
        // A row times a column: what follows starts anew.
        if left.cols == Size::ONE {
            return;
        }
        let inner = self.builder.dim(left.cols);
        for (tree, side) in [(left, "columns"), (right, "rows")] {
            let Some(position) = self.news(tree) else { continue };
            self.said[position] = true;
            let symbol = self.symbol(position);
            let (l, r, own) = (self.builder.build(left), self.builder.build(right), self.builder.build(tree));
            let product = self.builder.store.matmul([l, r]);
            let slots = vec![
                ("product", product.into()),
                ("operand", own.into()),
                ("count", Value::Dim(inner)),
                ("side", side.into()),
                ("symbol", symbol.into()),
                ("shape", self.words(symbol).into()),
            ];
            self.tell(symbol, &shape::MATMUL, slots, vec![l, r]);
        }
    }
    /// Two operands that must have one shape.
    fn alike(&mut self, left: &Tree, right: &Tree) {
        for (tree, other) in [(left, right), (right, left)] {
            let Some(position) = self.news(tree) else { continue };
            self.said[position] = true;
            let symbol = self.symbol(position);
            let (own, other) = (self.builder.build(tree), self.builder.build(other));
            let slots = vec![
                ("operand", own.into()),
                ("other", other.into()),
                ("symbol", symbol.into()),
                ("shape", self.words(symbol).into()),
            ];
            self.tell(symbol, &shape::ALIKE, slots, vec![own, other]);
        }
    }
}
