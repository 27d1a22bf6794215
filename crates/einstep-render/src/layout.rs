//! A derivation as a document: sections, chains, lines, the answer. What all formats share.
//!
//! In: a derivation and a level of detail. Out: a [`Document`] of notation and words.
//! Left to others: columns, commands, colours.

mod answer;
mod chain;
mod drawing;

pub(crate) use drawing::{Array, Cell, Drawing};

use crate::build::{Builder, dim};
use crate::notation::{Level, Notation, Top};
use crate::sentence::{self, Inline, plain_text};
use crate::{Detail, plain};
use einstep_trace::{
    Chain, Derivation, Dim, Form, IndexId, Layout, Node, NodeId, Problem, Reading, SymbolId, Table, Task,
};

/// The widest expression that is written out wherever the derivative is named.
const MAX_EXPRESSION: usize = 32;

impl Boxed {
    /// The shape, and what else has it: `m×n, as X`.
    pub(crate) fn shape_text(&self) -> String {
        match &self.like {
            Some(like) => format!("{}, as {like}", self.shape),
            None => self.shape.clone(),
        }
    }
}

/// A derivation, ready to be set.
#[derive(Debug)]
pub(crate) struct Document {
    /// `∂f/∂X`.
    pub(crate) title: Notation,
    /// What `f` stands for, when the expression is too long to be repeated.
    pub(crate) abbreviation: Option<(Notation, Notation)>,
    /// The layout of the answer, in words, how derivatives by structured variables are read unless that is free, and that
    /// sums have no sign.
    pub(crate) layout: String,
    /// The expression, where it is short enough to be repeated.
    pub(crate) value: Option<Notation>,
    /// The arrays in it, with their shapes.
    pub(crate) shapes: Vec<(Notation, Vec<Notation>)>,
    pub(crate) facts: Vec<Fact>,
    /// The names that facts may mention, as they are spelled there.
    pub(crate) letters: Vec<(String, Notation)>,
    pub(crate) sections: Vec<Section>,
    pub(crate) answer: Boxed,
    pub(crate) check: Option<String>,
}

/// One thing found out about shapes, and the rule it follows from.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) sentence: Vec<Inline>,
    pub(crate) rule: String,
}

/// A chain under a heading.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) heading: Vec<Inline>,
    pub(crate) left: Option<Notation>,
    pub(crate) lines: Vec<Line>,
}

/// A line of a chain.
#[derive(Debug)]
pub(crate) struct Line {
    /// A new left side, when it changes here.
    pub(crate) left: Option<Notation>,
    pub(crate) math: Notation,
    /// The rule, or empty.
    pub(crate) rule: String,
    pub(crate) sentence: Vec<Inline>,
    /// What holds here only for some values of the indices.
    pub(crate) cases: Vec<(Vec<Notation>, Notation)>,
    /// The array of all entries, drawn before the line.
    pub(crate) drawing: Option<Drawing>,
}

/// The answer.
#[derive(Debug)]
pub(crate) struct Boxed {
    pub(crate) left: Notation,
    pub(crate) right: Notation,
    /// What the names in it stand for.
    pub(crate) definitions: Vec<(Notation, Notation)>,
    /// `m×n`.
    pub(crate) shape: String,
    /// The symbol that has the same shape.
    pub(crate) like: Option<String>,
    /// Why a form is missing.
    pub(crate) remark: Option<String>,
    pub(crate) conditions: Vec<Condition>,
}

/// A condition: words, notation, words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) before: String,
    pub(crate) notation: Notation,
    pub(crate) behind: &'static str,
}

impl Condition {
    /// The width of its notation in columns.
    fn width(&self) -> usize {
        plain::columns(&plain::line(&self.notation))
    }
}

/// Lays out a derivation.
pub(crate) fn document(derivation: &Derivation, table: &Table, detail: Detail) -> Document {
    written(Author::new(derivation, table, detail))
}

/// Lays out a derivation in which what each step brought is marked as well.
pub(crate) fn document_with_made(derivation: &Derivation, table: &Table, detail: Detail) -> Document {
    written(Author { made: true, ..Author::new(derivation, table, detail) })
}

fn written(mut author: Author<'_>) -> Document {
    let derivation = author.derivation;
    let sections = author.sections();
    let answer = author.answer();
    Document {
        title: if author.variables.len() > 1 { author.answered(false) } else { author.derivative() },
        abbreviation: author.abbreviation.clone(),
        layout: layout(&derivation.problem),
        value: author.abbreviation.is_none().then(|| author.value.clone()),
        shapes: author.shapes(),
        facts: author.facts(&answer),
        letters: author.letters(),
        sections,
        answer,
        check: author.check(),
    }
}

fn layout(problem: &Problem) -> String {
    let is_derive = problem.task.is_derive();
    let layout = match problem.layout {
        Layout::Mixed => "mixed layout",
        Layout::Numerator => "numerator layout",
        Layout::Denominator => "denominator layout",
    };
    let reading = match problem.structured {
        Reading::Free => None,
        Reading::Tied => Some("tied entries"),
        Reading::Projected => Some("projected"),
    };
    let of_derivatives = std::iter::once(layout).chain(reading).filter(|_| is_derive);
    let sums = (!problem.notation.is_explicit()).then_some("repeated indices are summed");
    of_derivatives.chain(sums).collect::<Vec<_>>().join(", ")
}

/// The columns of a matrix, one below the other.
fn stacked(matrix: Notation) -> Notation {
    Notation::Apply("vec".into(), vec![matrix])
}

/// What is needed while a document is made.
struct Author<'a> {
    derivation: &'a Derivation,
    table: &'a Table,
    detail: Detail,
    /// Whether what a step brought is marked.
    made: bool,
    builder: Builder<'a>,
    /// The expression, or the letter that stands for it.
    value: Notation,
    abbreviation: Option<(Notation, Notation)>,
    /// The elements that are differentiated by, outermost derivative first.
    by: Vec<Notation>,
    /// What is differentiated by.
    variables: Vec<SymbolId>,
    /// Those of the elements that have a literal index.
    entries: Vec<Option<Notation>>,
}

impl<'a> Author<'a> {
    fn new(derivation: &'a Derivation, table: &'a Table, detail: Detail) -> Author<'a> {
        let mut builder = Builder::new(derivation, table);
        let mut value = builder.node(derivation.problem.node);
        let mut abbreviation = None;
        if plain::columns(&plain::line(&value)) > MAX_EXPRESSION {
            let letter = Notation::Name(builder.names.unused());
            builder.letter = Some(letter.clone());
            abbreviation = Some((letter.clone(), value));
            value = letter;
        }
        let element = derivation.chains.iter().find(|chain| chain.id == "element");
        let mut line = element.and_then(|chain| derivation.nodes.get(chain.left.at()));
        let (mut by, mut variables, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        let is_entry = |element: &NodeId| match derivation.nodes.get(element.at()) {
            Some(Node::Elem { at, .. }) => {
                at.iter().filter_map(|index| derivation.indices.get(index.at())).any(|index| index.position().is_some())
            }
            _ => false,
        };
        while let Some(Node::Partial { body, by: element, .. }) = line
            && by.len() < derivation.problem.wrt.len()
        {
            by.push(builder.node(*element));
            entries.push(by.last().cloned().filter(|_| is_entry(element)));
            variables.extend(builder.symbol_of(*element));
            line = derivation.nodes.get(body.at());
        }
        Author { derivation, table, detail, made: false, builder, value, abbreviation, by, variables, entries }
    }

    /// `∂f/∂X`.
    fn derivative(&self) -> Notation {
        if !self.derivation.problem.task.is_derive() {
            return self.value.clone();
        }
        let names = self.derivation.problem.wrt.iter().enumerate();
        let entry = |position: usize| self.entries.get(position).cloned().flatten();
        let by =
            names.map(|(k, name)| entry(k).unwrap_or_else(|| Notation::name(name.trim_end_matches('\'')))).collect();
        Notation::Derivative(Box::new(self.value.clone()), by)
    }

    /// What the answer is: in mixed layout, or transposed, the derivative; of order 3 and 4, that of the stacked columns by the
    /// stacked columns, or an element.
    fn answered(&self, transposed: bool) -> Notation {
        let derivation = self.derivation;
        let (is_stacked, free) = (derivation.result.form == Form::Kronecker, self.free());
        let node = derivation.problem.node;
        let is_derived = derivation.problem.task.is_derive();
        if is_derived && self.variables.is_empty() || !self.table.contains(node) {
            return self.derivative();
        }
        if derivation.result.form == Form::Index && derivation.result.shape.len() > 2 {
            return self.element_derivative();
        }
        // A value with free indices stands for the array of all its values.
        let mut ordered = free.to_vec();
        let named = |index: &IndexId| &derivation.indices[index.at()].name;
        ordered.sort_by_key(|index| derivation.result.free.iter().position(|name| name == named(index)));
        let left = self.chain("matrix").and_then(|chain| derivation.nodes.get(chain.left.at()));
        let labels = match left {
            Some(Node::Array { over, rows, .. }) if is_stacked && !is_derived => self.builder.sides(over, *rows),
            _ => ordered.iter().map(|index| self.builder.index(*index)).collect(),
        };
        let value = match free.is_empty() {
            true => self.value.clone(),
            false => Notation::Script(Box::new(Notation::Bracket(Box::new(self.value.clone()))), labels),
        };
        if !is_derived {
            return if derivation.problem.task == Task::Lower { self.element_derivative() } else { value };
        }
        let order = self.table.shape(node).len() + free.len();
        let stack = |notation: Notation, order: usize| {
            if is_stacked && order > 1 { stacked(notation) } else { notation }
        };
        // The rows belong to what comes first of the value and the variables, the columns to the rest.
        let is_array = order > 0;
        let mut has_rows = is_array;
        let several = is_stacked || self.variables.len() > 1;
        let mut by = Vec::new();
        for (&variable, entry) in self.variables.iter().zip(&self.entries) {
            if let Some(entry) = entry {
                by.push(entry.clone());
                continue;
            }
            let order = derivation.symbols[variable.at()].shape.len();
            let notation = stack(self.builder.symbol(variable), order);
            let is_raised = if transposed { !is_array } else { several && has_rows };
            by.push(if is_raised && order > 0 { notation.raised(Top::Transpose) } else { notation });
            has_rows |= order > 0;
        }
        let value = stack(value, order);
        Notation::Derivative(Box::new(if transposed && is_array { value.raised(Top::Transpose) } else { value }), by)
    }

    /// An element of the answer, `(∂f/∂X)_pq`.
    fn derivative_element(&self, labels: Vec<Notation>, transposed: bool) -> Notation {
        match self.free() {
            [] => self.answered(transposed).subscripted(labels),
            _ => self.element_derivative(),
        }
    }

    /// The free indices of the value.
    fn free(&self) -> &'a [IndexId] {
        let node = self.derivation.problem.node;
        if self.table.contains(node) { self.table.free(node) } else { &[] }
    }

    fn chain(&self, id: &str) -> Option<&'a Chain> {
        self.derivation.chains.iter().find(|chain| chain.id == id)
    }

    fn facts(&mut self, answer: &Boxed) -> Vec<Fact> {
        let derivation = self.derivation;
        let facts = derivation.shapes.iter();
        let mut facts: Vec<Fact> = facts
            .map(|fact| Fact {
                sentence: sentence::about_shape(&mut self.builder, fact),
                rule: fact.rule.0.to_string(),
            })
            .collect();
        if !facts.is_empty() && !facts.iter().any(|fact| plain_text(&fact.sentence).contains("answer")) {
            let text = match &answer.like {
                Some(like) => format!("The answer has the shape of {like}: {}.", answer.shape),
                None => format!("The answer is {}.", answer.shape),
            };
            facts.push(Fact { sentence: vec![Inline::Words(text)], rule: String::new() });
        }
        facts
    }

    fn shapes(&self) -> Vec<(Notation, Vec<Notation>)> {
        let arrays = self.derivation.symbols.iter().filter(|symbol| !symbol.shape.is_empty());
        let of_problem = arrays.filter(|symbol| symbol.origin != einstep_trace::Origin::Lemma);
        let dims = |shape: &[Dim]| match shape {
            [rows] => vec![dim(rows), Notation::number(1)],
            dims => dims.iter().map(|size| dim(size).at_least(Level::Product)).collect(),
        };
        of_problem.map(|symbol| (Notation::name(&symbol.name), dims(&symbol.shape))).collect()
    }

    fn letters(&self) -> Vec<(String, Notation)> {
        let symbols = self.derivation.symbols.iter().map(|symbol| &symbol.name);
        let dims = self.derivation.dims.iter().map(|dim| &dim.name);
        symbols.chain(dims).map(|name| (name.clone(), Notation::name(name))).collect()
    }

    fn sections(&mut self) -> Vec<Section> {
        // A lemma is shown where everything is.
        let shown = |chain: &&Chain| chain.symbols.is_empty() || self.detail == Detail::Full;
        let chains: Vec<&Chain> = self.derivation.chains.iter().filter(shown).collect();
        chains.into_iter().filter_map(|chain| self.section(chain)).collect()
    }
}

/// A shape in words: `a scalar`, `n×1`, `m×n`.
pub(crate) fn shape_text(shape: &[Dim]) -> String {
    let text = |size: &Dim| plain::line(&dim(size).at_least(Level::Product));
    match shape {
        [] => "a scalar".into(),
        [rows] => format!("{}×1", text(rows)),
        dims => dims.iter().map(text).collect::<Vec<_>>().join("×"),
    }
}
