//! The texts of the question: what is declared, what is asked.
//!
//! In: the question as syntax, or the trace's own text of it. Out: syntax trees, or the fault.
//! Left to others: values.

use crate::Question;
use crate::letters::children;
use crate::meter::Trouble;
use crate::question::Reader;
use crate::tensor::Tensor;
use crate::verdict::Fault;
use einstep_syntax::{
    self as syntax, Declaration, DimExpr, Expr, ExprKind, Index, free_letters, nest_derivatives, parse_declarations,
    parse_problem_given, read_array,
};
use einstep_trace::{Derivation, Dim, IndexId, Layout, Origin, Symbol, SymbolId, Table, Task, Wanted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// The texts in which a trace tells its question.
const OWN: &str = "the expression of the question";
const LINE: &str = "the text of the question";

/// What is asked: an expression, the variables from the outermost derivative inwards, the layout of the answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) body: Expr,
    pub(crate) by: Vec<SymbolId>,
    /// The indices of the elements that are differentiated by, where the question names them.
    pub(crate) elements: Vec<Vec<Index>>,
    /// The free indices of the expression in the order in which they are read, with those of the trace that they are.
    pub(crate) free: Vec<(String, IndexId)>,
    pub(crate) layout: Layout,
    pub(crate) task: Task,
}

impl Asked {
    /// The position at which a slot of a variable stays, if the derivative is by an entry that has a literal index there.
    pub(crate) fn position(&self, variable: usize, slot: usize) -> Option<u64> {
        match self.elements.get(variable)?.get(slot)? {
            Index::Literal(position, _) => Some(*position),
            Index::Name(_) => None,
        }
    }

    /// How many dimensions the value has, and how many indices a derivative by each of the variables.
    pub(crate) fn dimensions(&self, derivation: &Derivation, table: &Table) -> (usize, Vec<usize>) {
        // A row counts as a column.
        let slots = |shape: &[Dim]| shape.iter().filter(|dim| !dim.is_one()).count();
        let variables = self.by.iter().enumerate().map(|(variable, symbol)| {
            let slots = 0..slots(&derivation.symbols[symbol.at()].shape);
            slots.filter(|slot| self.position(variable, *slot).is_none()).count()
        });
        (self.free.len() + slots(table.shape(derivation.problem.node)), variables.collect())
    }

    /// The value of an expression that is said to be that of the question: a matrix of the given extents, or a scalar over the
    /// free indices, whose letters are in their order.
    pub(crate) fn value(
        &self,
        reader: &mut Reader<'_>,
        expr: &Expr,
        (rows, cols): (usize, usize),
    ) -> Result<Tensor, Trouble> {
        if self.free.is_empty() {
            return reader.matrix(expr, rows, cols);
        }
        let size = |(name, index): &(String, IndexId)| Ok((name.clone(), reader.world.index(*index)?.1));
        let letters: Vec<(String, usize)> = self.free.iter().map(size).collect::<Result<_, Trouble>>()?;
        reader.element(expr, &letters)
    }
}

/// The free indices of the question: the letters that stand in its elements and are not bound there, each with the free index
/// of that name in the node of the question. They come in an order, else as they are read.
fn free(derivation: &Derivation, table: &Table, question: &syntax::Question) -> Result<Vec<(String, IndexId)>, Fault> {
    // A question without nodes has no index either.
    let node = derivation.problem.node;
    let own = if table.contains(node) { table.free(node) } else { &[] };
    let letters = ordered(question);
    let mut written = free_letters(&question.body);
    if !question.free.is_empty() {
        let mut named = letters.clone();
        named.sort_unstable();
        written.sort_unstable();
        if named != written {
            return Err(Fault::reject("the question", "it orders other indices than those that are free"));
        }
    }
    let index = |letter: String| {
        let mut named = own.iter().filter(|index| derivation.indices[index.at()].name == letter);
        match (named.next(), named.next()) {
            (Some(index), None) => Ok((letter, *index)),
            _ => Err(Fault::reject("the question", format!("its index `{letter}` is no free index of its node"))),
        }
    };
    let free = letters.into_iter().map(index).collect::<Result<Vec<_>, _>>()?;
    match free.len() == own.len() {
        true => Ok(free),
        false => Err(Fault::reject("the question", "its node has free indices that it has not")),
    }
}

/// Reads the declarations of a trace, which declare every symbol of the problem as the table of symbols does.
pub(crate) fn declarations(derivation: &Derivation) -> Result<Vec<Declaration>, Fault> {
    const WHERE: &str = "the declarations";
    let parsed = parse_declarations(&derivation.problem.given.join("\n"), 0);
    if let Some(diagnostic) = parsed.diagnostics.first() {
        return Err(Fault::reject(WHERE, diagnostic.message.clone()));
    }
    let given = parsed.value;
    let mut names = FxHashSet::default();
    if let Some(twice) = given.iter().flat_map(|given| &given.names).find(|name| !names.insert(name.name.as_str())) {
        return Err(Fault::reject(WHERE, format!("`{}` is declared twice", twice.name)));
    }
    let is_declared = |symbol: &&Symbol| given.iter().flat_map(|given| &given.names).any(|n| n.name == symbol.name);
    let mut symbols = derivation.symbols.iter().filter(|symbol| symbol.origin != Origin::Lemma);
    if let Some(symbol) = symbols.find(|symbol| !is_declared(symbol)) {
        return Err(Fault::reject(WHERE, format!("`{}` is not declared", symbol.name)));
    }
    agree(derivation, &given, &[], WHERE)?;
    Ok(given)
}

/// Reads the question as the trace puts it in one line.
fn in_one_line(derivation: &Derivation, given: &[Declaration]) -> Result<syntax::Question, Fault> {
    let mut parsed = parse_problem_given(&derivation.problem.text, 0, given);
    if !derivation.problem.task.is_derive() {
        parsed.value.question.iter_mut().for_each(nest_derivatives);
    }
    if let Some(diagnostic) = parsed.diagnostics.first() {
        return Err(Fault::reject(LINE, format!("it can't be read: {}", diagnostic.message)));
    }
    agree(derivation, &[given, &parsed.value.declarations].concat(), &[], LINE)?;
    let is_same = |question: &syntax::Question| {
        let by = question.by.iter().map(|variable| variable.name.name.as_str());
        by.eq(derivation.problem.wrt.iter().map(String::as_str))
    };
    match parsed.value.question {
        Some(mut question) if is_same(&question) => {
            read_array(&mut question);
            Ok(question)
        }
        _ => Err(Fault::reject(LINE, "it is not a derivative by the variables of the question")),
    }
}

/// Whether declarations say of every symbol what the table of symbols says of it. A symbol that is not declared has no
/// properties. The names of dimensions are those of the table, except for names that nobody declared, each of which stands
/// for one of the table; the answer is for which.
pub(crate) fn agree<'a>(
    derivation: &Derivation,
    given: &[Declaration],
    undeclared: &'a [String],
    at: &str,
) -> Result<Renaming<'a>, Fault> {
    let mut declarations = FxHashMap::default();
    for declaration in given {
        declarations.extend(declaration.names.iter().map(|name| (name.name.as_str(), declaration)));
    }
    let mut shapes = Vec::new();
    // Lemmas have symbols of their own, of which nobody declares anything.
    for symbol in derivation.symbols.iter().filter(|symbol| symbol.origin != Origin::Lemma) {
        let Some(declaration) = declarations.get(symbol.name.as_str()) else {
            if symbol.properties.is_empty() {
                continue;
            }
            return Err(Fault::reject(at, format!("`{}` has properties that are not declared", symbol.name)));
        };
        let mut properties: Vec<&String> = declaration.properties.iter().map(|property| &property.name).collect();
        let mut own: Vec<&String> = symbol.properties.iter().collect();
        properties.sort();
        own.sort();
        if properties != own {
            return Err(Fault::reject(at, format!("`{}` has other properties in the table of symbols", symbol.name)));
        }
        let written: Option<Vec<Polynomial>> = declaration.dims.iter().map(written).collect();
        let own: Option<Vec<Polynomial>> = symbol.shape.iter().map(recorded).collect();
        match (written, own) {
            (Some(written), Some(own)) => shapes.push((symbol, trim_ones(written), trim_ones(own))),
            _ => return Err(another_shape(symbol, at)),
        }
    }
    let mut renaming = Renaming { undeclared, known: BTreeMap::new() };
    for (symbol, written, own) in &shapes {
        if written.len() != own.len() || !written.iter().zip(own).all(|(written, own)| renaming.learn(written, own)) {
            return Err(another_shape(symbol, at));
        }
    }
    match shapes.iter().find(|(_, written, own)| written.iter().zip(own).any(|(a, b)| renaming.of(a) != *b)) {
        Some((symbol, ..)) => Err(another_shape(symbol, at)),
        None => Ok(renaming),
    }
}

fn another_shape(symbol: &Symbol, at: &str) -> Fault {
    Fault::reject(at, format!("`{}` has another shape in the table of symbols", symbol.name))
}

/// What the names of dimensions that nobody declared are called in a trace.
#[derive(Debug, Default)]
pub(crate) struct Renaming<'a> {
    undeclared: &'a [String],
    known: BTreeMap<String, String>,
}

impl Renaming<'_> {
    /// Whether nothing has another name, so that texts of both sides can be mixed.
    fn is_identity(&self) -> bool {
        self.known.iter().all(|(name, other)| name == other)
    }

    /// Takes a dimension that is one name for another such. The answer is whether that fits with what is known.
    fn learn(&mut self, written: &Polynomial, own: &Polynomial) -> bool {
        let (Some(name), Some(other)) = (only_name(written), only_name(own)) else { return true };
        match self.known.get(name) {
            Some(known) => known == other,
            None if self.known.values().any(|taken| taken == other) => false,
            None if name != other && !self.undeclared.iter().any(|undeclared| undeclared == name) => false,
            None => self.known.insert(name.into(), other.into()).is_none(),
        }
    }

    /// Whether an expression speaks of one of the names.
    fn is_used(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Name(name) if self.known.contains_key(name))
            || children(expr).into_iter().any(|part| self.is_used(part))
    }

    /// A dimension with other names; what has none keeps its own.
    fn of(&self, dim: &Polynomial) -> Polynomial {
        let terms = dim.iter().map(|(names, coefficient)| {
            let mut names: Vec<String> =
                names.iter().map(|name| self.known.get(name).unwrap_or(name).clone()).collect();
            names.sort();
            (names, *coefficient)
        });
        terms.collect()
    }
}

/// The name that is the whole of a dimension.
fn only_name(dim: &Polynomial) -> Option<&str> {
    match dim.iter().collect::<Vec<_>>()[..] {
        [(names, 1)] if names.len() == 1 => names.first().map(String::as_str),
        _ => None,
    }
}

/// A dimension: the coefficient of each product of names.
type Polynomial = BTreeMap<Vec<String>, u64>;

/// The greatest number of terms of a dimension.
const MAX_TERMS: usize = 64;

/// A shape without the 1 of a column; a row keeps its 1.
fn trim_ones(mut shape: Vec<Polynomial>) -> Vec<Polynomial> {
    let one = constant(1);
    while shape.last() == Some(&one) {
        shape.pop();
    }
    shape
}

fn constant(value: u64) -> Polynomial {
    Polynomial::from([(vec![], value)])
}

/// A dimension as it is declared; `None` when it is too large.
fn written(dim: &DimExpr) -> Option<Polynomial> {
    match dim {
        DimExpr::Name(name) => Some(Polynomial::from([(vec![name.name.clone()], 1)])),
        DimExpr::Literal(value, _) => Some(constant(*value)),
        DimExpr::Product(factors) => factors.iter().try_fold(constant(1), |product, factor| {
            let factor = written(factor)?;
            if product.len() * factor.len() > MAX_TERMS {
                return None;
            }
            let mut result = Polynomial::new();
            for (names, coefficient) in &product {
                for (others, other) in &factor {
                    let mut names = [names.as_slice(), others].concat();
                    names.sort();
                    let entry = result.entry(names).or_default();
                    *entry = entry.checked_add(coefficient.checked_mul(*other)?)?;
                }
            }
            Some(result)
        }),
        DimExpr::Sum(terms) => terms.iter().try_fold(Polynomial::new(), |mut sum, term| {
            for (names, coefficient) in written(term)? {
                let entry = sum.entry(names).or_default();
                *entry = entry.checked_add(coefficient)?;
            }
            (sum.len() <= MAX_TERMS).then_some(sum)
        }),
    }
}

/// A dimension of the record.
fn recorded(dim: &Dim) -> Option<Polynomial> {
    let mut sum = Polynomial::new();
    for (coefficient, mut names) in dim.terms()? {
        names.sort();
        let entry = sum.entry(names).or_default();
        *entry = entry.checked_add(coefficient)?;
    }
    Some(sum)
}

/// Reads an expression in the presence of declarations.
pub(crate) fn expression(text: &str, given: &[Declaration], at: &str) -> Result<Expr, Fault> {
    undifferentiated(text, given, at).map(|question| question.body)
}

fn undifferentiated(text: &str, given: &[Declaration], at: &str) -> Result<syntax::Question, Fault> {
    let mut parsed = parse_problem_given(text, 0, given);
    parsed.value.question.iter_mut().for_each(nest_derivatives);
    match (parsed.diagnostics.first(), parsed.value.question) {
        (Some(diagnostic), _) => Err(Fault::reject(at, format!("it can't be read: {}", diagnostic.message))),
        (None, Some(question)) if question.by.is_empty() => Ok(question),
        _ => Err(Fault::reject(at, "it is no expression")),
    }
}

/// Reads the expression of the question as the trace tells it. An array over indices is an element with these free.
fn own_expression(derivation: &Derivation, given: &[Declaration]) -> Result<syntax::Question, Fault> {
    let mut question = undifferentiated(&derivation.problem.expression, given, OWN)?;
    read_array(&mut question);
    Ok(question)
}

/// The free indices of a text in their order.
fn ordered(question: &syntax::Question) -> Vec<String> {
    match question.free.as_slice() {
        [] => free_letters(&question.body),
        free => free.iter().map(|letter| letter.name.clone()).collect(),
    }
}

/// The bodies of the texts in which a trace tells its question, which have the free indices of the question in its order.
pub(crate) fn told(derivation: &Derivation, asked: &Asked, given: &[Declaration]) -> Result<[Expr; 2], Fault> {
    let texts = [(OWN, own_expression(derivation, given)?), (LINE, in_one_line(derivation, given)?)];
    for (at, question) in &texts {
        if !asked.free.iter().map(|(letter, _)| letter).eq(&ordered(question)) {
            return Err(Fault::reject(at, "it has its free indices in another order than the question"));
        }
    }
    Ok(texts.map(|(_, question)| question.body))
}

/// What is asked, by the user if there is a question, else by the trace's text.
pub(crate) fn asked(
    derivation: &Derivation,
    table: &Table,
    question: Option<Question<'_>>,
    given: &[Declaration],
) -> Result<Asked, Fault> {
    const WHERE: &str = "the question";
    let symbol = |name: &str| {
        let is_asked = |symbol: &Symbol| symbol.name == name && symbol.origin != Origin::Lemma;
        let position = derivation.symbols.iter().position(is_asked);
        position
            .map(|position| SymbolId(position as u32))
            .ok_or_else(|| Fault::reject(WHERE, format!("its variable `{name}` is not in the table of symbols")))
    };
    let by = derivation.problem.wrt.iter().map(|name| symbol(name)).collect::<Result<Vec<_>, _>>()?;
    let Wanted { layout, task, .. } = derivation.problem.wanted();
    if by.is_empty() == task.is_derive() {
        return Err(Fault::reject(WHERE, "what is differentiated has a variable, what is not has none"));
    }
    let renaming = match question {
        Some(Question { problem, undeclared, .. }) => agree(derivation, &problem.declarations, undeclared, WHERE)?,
        None => Renaming::default(),
    };
    if let Some(Question { wanted, .. }) = question.filter(|question| question.problem.question.is_some()) {
        if wanted.structured != derivation.problem.structured {
            return Err(Fault::reject(WHERE, "the trace reads derivatives by structured variables in another way"));
        }
        if wanted.task != task {
            let [own, other] = [task, wanted.task].map(Task::done);
            let says = format!("in the trace the expression is {own}, and it is asked to be {other}");
            return Err(Fault::reject(WHERE, says));
        }
        if wanted.layout != layout {
            let [own, other] = [layout, wanted.layout].map(Layout::name);
            let says = format!("the trace answers in {own} layout, and {other} layout is asked for");
            return Err(Fault::reject(WHERE, says));
        }
    }
    let Some(question) = question.and_then(|question| question.problem.question.as_ref()) else {
        let own = own_expression(derivation, given)?;
        let free = free(derivation, table, &own)?;
        // A record without a line of its own is faulted for that elsewhere.
        let elements = in_one_line(derivation, given).map(|told| elements(&told)).unwrap_or_default();
        return Ok(Asked { body: own.body, by, elements, free, layout, task });
    };
    if !renaming.is_identity() && renaming.is_used(&question.body) {
        return Err(Fault::decline(WHERE, "it speaks of dimensions that have other names in the trace"));
    }
    let asked = question.by.iter().map(|variable| symbol(&variable.name.name)).collect::<Result<Vec<_>, _>>()?;
    if asked.is_empty() && task.is_derive() {
        return Err(Fault::decline(WHERE, "it names no variable"));
    }
    if asked != by {
        return Err(Fault::reject(WHERE, "the trace differentiates by other variables"));
    }
    let elements = elements(question);
    let free = free(derivation, table, question)?;
    Ok(Asked { body: question.body.clone(), by, elements, free, layout, task })
}

/// The indices of the elements that are differentiated by.
fn elements(question: &syntax::Question) -> Vec<Vec<Index>> {
    question.by.iter().map(|variable| variable.element.clone()).collect()
}

/// The text of an index.
pub(crate) fn letter(index: &Index) -> String {
    match index {
        Index::Name(letter) => letter.name.clone(),
        Index::Literal(position, _) => position.to_string(),
    }
}
