//! The method: value, element, matrix.
//!
//! In: a parsed problem. Out: a recorded derivation, or diagnostics. Left to others: each single rule.
//!
//! Three chains of equalities. *Value*: the expression as explicit sums. *Element*: its derivative by one element of the
//! variable, contracted and collected. *Matrix*: the array of all elements, read back as matrices. Where the layout that is
//! wanted has the transpose of that, a fourth, *layout*, transposes it.

use crate::catalogue::main_rule;
use crate::conditions::{Condition, conditions};
use crate::infer::{By, Typed, infer};
use crate::layout;
use crate::lemmas::Lemmas;
use crate::names::{fresh, name_sums};
use crate::raising::{Stuck, stuck};
use crate::record;
use crate::rules::simplify::echo::Echo;
use crate::rules::{blocks, collect, contract, differentiate, lower, order, raise, simplify};
use crate::simplifying;
use crate::tasks;
use crate::work::{Link, Rule, Work};
use einstep_expr::{Args, Dim, Id, Index, Indices, Node, Rat, Role, Store};
use einstep_syntax::{Code, Diagnostic, Problem, Span};
use einstep_trace::{Derivation, Phase, Wanted};

/// How much work a derivation may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The greatest number of steps, finer ones included.
    pub steps: usize,
    /// The greatest number of distinct expressions.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 20_000, nodes: 2_000_000 }
    }
}

/// How to derive.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// How much work it may take.
    pub limits: Limits,
    /// What is wanted beside the text of the question.
    pub wanted: Wanted,
}

/// A chain of equalities.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) id: &'static str,
    pub(crate) left: Id,
    pub(crate) links: Vec<Link>,
    pub(crate) end: Id,
}

/// A finished derivation in the engine's own terms.
pub(crate) struct Finished {
    pub(crate) typed: Typed,
    pub(crate) lemmas: Lemmas,
    pub(crate) chains: Vec<Chain>,
    /// The answer in index form, where there is one.
    pub(crate) element: Option<Id>,
    /// The indices of the answer in order: of the value, then of the variable, unless the layout transposes it.
    pub(crate) slots: Indices,
    /// How many dimensions the value and the variable have together.
    pub(crate) order: usize,
    pub(crate) conditions: Vec<Condition>,
    /// Whether the last line is a matrix expression, and if it is not, what stands in the way.
    pub(crate) raised: bool,
    pub(crate) stuck: Option<Stuck>,
}

/// What stands for something else as a whole.
const DEFINE: &[&Rule] = &[
    &lower::DET_POWER,
    &lower::DET_KRON,
    &lower::INVERSE_KRON,
    &lower::POWER,
    &lower::VECTOR_PRODUCTS,
    &lower::PARTS,
    &lower::TRIANGLE,
    &lower::ADJUGATE,
    &lower::LOGDET,
    &lower::MEAN,
];

/// What the elements of operations are.
const LOWER: &[&Rule] = &[
    &lower::TRANSPOSE,
    &lower::SQUARE,
    &lower::TRACE,
    &lower::MATMUL,
    &lower::ADD,
    &lower::SCALE,
    &lower::CONSTANT,
    &lower::HADAMARD,
    &lower::FUNCTION,
    &lower::ENTRY_POWER,
    &lower::DIAG,
    &lower::SUM,
    &lower::PROD,
    &lower::NORM_1,
    &lower::NORM_ALONG,
    &lower::SOFTMAX,
    &lower::LOGSUMEXP,
    &lower::SPLIT_INDEX,
    &lower::VEC,
    &lower::KRON,
    &lower::COMMUTATION,
    &lower::CROSS,
    &blocks::ELEMENT,
    &collect::POWERS,
    &contract::SAME,
    &contract::DIFFERENT,
];

pub(crate) const DIFFERENTIATE: &[&Rule] = &[
    &collect::DISTRIBUTE,
    &differentiate::LINEAR,
    &differentiate::PRODUCT,
    &differentiate::POWER,
    &differentiate::DET,
    &differentiate::INVERSE,
    &differentiate::PSEUDOINVERSE,
    &differentiate::PROD,
    &differentiate::ELEMENT,
    &differentiate::TIED,
    &differentiate::PROJECTED,
    &differentiate::CONSTANT,
];

const CONTRACT: &[&Rule] =
    &[&contract::SAME, &contract::DIFFERENT, &contract::CONTRACT, &contract::COUNT, &collect::DISTRIBUTE];

/// The way back from elements to matrices.
pub(crate) const RAISE: &[&Rule] = &[
    &raise::SOFTMAX,
    &raise::DIVISOR_INSIDE,
    &raise::NORM,
    &raise::NORM_ALONG,
    &raise::MEAN,
    &raise::SQUARE,
    &contract::CONTRACT,
    &raise::IDENTITY,
    &collect::POWERS,
    &simplify::structure::SYMMETRIC,
    &raise::EQUAL,
    &raise::HADAMARD,
    &raise::KRON,
    &raise::VEC,
    &raise::REORDER,
    &raise::TRANSPOSE,
    &raise::MATMUL,
    &raise::OUTER,
    &raise::TRACE,
    &raise::ADD,
    &raise::SCALE,
    &raise::ARRAY,
    &raise::SPLIT,
    &lower::DIAGONAL,
    &contract::SAME,
    &contract::DIFFERENT,
    &contract::COUNT,
    &raise::LOGSUMEXP,
    &raise::NORM1,
    &raise::PROD,
    &raise::CROSS,
    &raise::SUM,
    &raise::DIAG,
    &raise::DIAGONAL,
    &raise::THROUGH,
    &raise::ONES,
    &raise::POWER,
    &raise::FUNCTION,
    &raise::SCALED,
    &raise::COMMUTATION,
];

/// Derives a problem.
///
/// # Errors
/// Diagnostics about shapes, names and operations that the engine does not know; or one that says which limit was met.
///
/// ```
/// let problem = einstep_syntax::parse_problem("d/dX tr(V*X*W)", 0).value;
/// let derivation = einstep_engine::derive(&problem, &Default::default()).unwrap();
/// assert_eq!(derivation.result.text.as_deref(), Some("V'*W'"));
/// ```
pub fn derive(problem: &Problem, options: &Options) -> Result<Derivation, Vec<Diagnostic>> {
    let typed = infer(problem, options.wanted)?;
    let span = problem.question.as_ref().map_or(Span::default(), |question| question.body.span);
    let finish = if typed.wanted.task.is_derive() { finish } else { tasks::finish };
    finish(typed, &options.limits, span).map(record::derivation).map_err(|diagnostic| vec![diagnostic])
}

fn finish(mut typed: Typed, limits: &Limits, span: Span) -> Result<Finished, Diagnostic> {
    let mut left_over = *limits;
    let store = &mut typed.store;
    // Rows before columns: the indices of the value are made first.
    let (value_slots, value_rows) = match typed.free.is_empty() {
        true => value_indices(store, typed.value),
        // The value is an element already.
        false => (typed.free.clone(), 1),
    };
    name_elements(store, &mut typed.by);
    let by_slots: Indices = typed.by.iter().flat_map(|by| by.open(store)).collect();
    let mut slots: Indices = value_slots.iter().chain(&by_slots).copied().collect();

    let left = match typed.free.is_empty() {
        true => store.elem(typed.value, value_slots.iter().copied()),
        false => typed.value,
    };
    let mut work = Work::new(store, &mut left_over, left, Phase::Lower);
    work.sweep(&order::ORDER);
    let value = lower(work);
    name_sums(store, value.end);

    // The innermost derivative is by the last variable.
    let mut by = Args::new();
    for variable in &typed.by {
        let symbol = store.intern(Node::Symbol(variable.symbol));
        by.push(store.elem(symbol, variable.at.iter().copied()));
    }
    let left = by.iter().rev().fold(value.end, |body, &by| store.intern(Node::Partial(body, by)));
    let element = element(Work::new(store, &mut left_over, left, Phase::Differentiate), &by);
    if let Some(stuck) = pending(store, element.end) {
        return Err(if left_over.steps == 0 { over_budget(store, limits, span) } else { refused(store, stuck, span) });
    }

    // What has elements: the value, then the variables. One alone keeps its shape; else there is a row for each element of
    // the first.
    let parts: Vec<(usize, usize)> = [(value_slots.len(), value_rows)]
        .into_iter()
        .chain(typed.by.iter().map(|by| (by.open(store).len(), usize::from(!store.symbol_info(by.symbol).shape.rows.is_one()))))
        .filter(|part| part.0 > 0)
        .collect();
    let first = parts.first().copied().unwrap_or_default();
    let rows = if parts.len() == 1 { first.1 } else { first.0 };
    // Three indices of one part name neither rows nor columns.
    let has_matrix = typed.free.len() <= 2 && typed.by.iter().all(|by| by.at.len() <= 2);
    let dimensions = typed.free.len() + store.shape(typed.value).slots().len();
    let order = dimensions + by_slots.len();
    let over = if order > 2 { vectorised(&slots, first) } else { slots.clone() };
    let variables: Vec<usize> = typed.by.iter().map(|by| by.open(store).len()).collect();
    let is_transposed = layout::is_transposed(typed.wanted.layout, dimensions, &variables);
    let left = match over.is_empty() || !has_matrix {
        true => element.end,
        false => store.intern(Node::Array(over, rows as u8, element.end)),
    };
    let question = order::ordered(store, typed.value);
    let echo = simplifying::spellings(store, question);
    let mut matrix = match store.has_tensor(left) {
        true => Chain { id: "matrix", left, links: vec![], end: left },
        false => raised(Work::new(store, &mut left_over, left, Phase::Raise), &echo),
    };
    let raised = !has_indices(store, matrix.end);
    let stuck = match raised {
        true => None,
        // More than two parts share rows and columns between them.
        false if parts.len() > 2 => Some(Stuck::Order(slots.len())),
        false => stuck(store, matrix.end).or((!has_matrix).then_some(Stuck::Order(slots.len()))),
    };
    if !raised && order > 2 {
        // The element itself says more than a line half way to the vectorised form. A slot of several indices needs the array.
        let left = if slots.len() > order { left } else { element.end };
        matrix = Chain { id: matrix.id, left, links: vec![], end: left };
    }
    if !raised && lower::has_untold(store, matrix.end) {
        return Err(refused(store, typed.value, span));
    }
    let mut chains = vec![value, element, matrix];
    if is_transposed {
        slots.rotate_left(rows);
        let matrix = &chains[2];
        // An element has no transpose: only its indices come in another order.
        if matches!(store.node(matrix.left), Node::Array(..)) {
            let left = store.intern(Node::Transpose(matrix.end));
            chains.push(layout::transposed(Work::new(store, &mut left_over, left, Phase::Simplify), &echo));
        }
    }
    let conditions = conditions(store, &chains[..2]);
    let symbols = store.symbols().iter().map(|info| info.name.clone());
    let names: Vec<String> = symbols.chain(typed.dims.iter().map(|(name, _)| name.clone())).collect();
    let lemmas = Lemmas::of(&chains[1].links, &names, store, &mut left_over);
    if left_over.steps == 0 {
        return Err(over_budget(store, limits, span));
    }
    let impossible = conditions.iter().any(|condition| is_zero(store, condition.node));
    if impossible || chains.iter().any(|chain| divides_by_zero(store, chain.end)) {
        let message = "the expression or its derivative divides by zero";
        return Err(Diagnostic::new(Code::DivisionByZero, message, span, "a divisor here is zero for all values"));
    }
    let element = Some(chains[1].end);
    Ok(Finished { typed, lemmas, chains, element, slots, order, conditions, raised, stuck })
}

pub(crate) fn over_budget(store: &Store, limits: &Limits, span: Span) -> Diagnostic {
    let (what, option) = match store.len() > limits.nodes {
        true => ("more distinct expressions", "--max-nodes"),
        false => ("more steps", "--max-steps"),
    };
    let message = format!("the derivation takes {what} than the limit allows");
    Diagnostic::new(Code::Budget, message, span, "too much work")
        .with_help(format!("raise the limit with `{option}`, or split the problem"))
}

fn is_zero(store: &Store, id: Id) -> bool {
    matches!(store.node(id), Node::Zeros(_)) || store.as_number(id).is_some_and(Rat::is_zero)
}

/// Whether a negative power or a root of zero is left: the one has no value there, the other no derivative.
fn divides_by_zero(store: &Store, id: Id) -> bool {
    let (base, exponent) = store.base_and_exponent(id);
    ((exponent.is_negative() || exponent.as_int().is_none()) && is_zero(store, base))
        || store.node(id).children().into_iter().any(|child| divides_by_zero(store, child))
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

/// An index with the first of some letters that no other index has.
fn free_index(store: &mut Store, dim: Dim, role: Role, letters: &[&str]) -> Index {
    let taken = |letter: &str| store.indices().iter().any(|info| info.letter == letter);
    let letter = letters.iter().find(|letter| !taken(letter)).map_or_else(|| fresh(taken), |letter| letter.to_string());
    store.index(dim, role, &letter)
}

/// The indices of an element of the value, and how many of them name its rows. A slot of a `vec` or of a Kronecker product
/// has several.
pub(crate) fn value_indices(store: &mut Store, value: Id) -> (Indices, usize) {
    let [rows, cols] = lower::parts_of(store, value);
    let slots = rows.iter().chain(&cols).map(|&dim| free_index(store, dim, Role::Value, &[])).collect();
    (slots, rows.len())
}

/// The indices of the derivative of the stacked columns of what comes first, which has so many indices and so many of them for
/// its rows, by those of the rest.
fn vectorised(slots: &[Index], (first, rows): (usize, usize)) -> Indices {
    let (first, rest) = slots.split_at(first);
    let (rows, columns) = first.split_at(rows);
    columns.iter().chain(rows).chain(rest.iter().rev()).copied().collect()
}

pub(crate) fn chain(id: &'static str, work: Work<'_>) -> Chain {
    Chain { id, left: work.left, links: work.links, end: work.line }
}

/// The value as explicit sums.
pub(crate) fn lower(mut work: Work<'_>) -> Chain {
    work.sweep(&collect::LIKE_TERMS);
    while by_blocks(&mut work) {}
    // A norm is unfolded together with the powers that stand around it: the square of a norm is no root.
    let start = work.links.len();
    work.exhaust(&[&lower::NORM]);
    let norms = work.links.len();
    work.exhaust(&[&collect::POWERS]);
    if norms > start {
        work.group(start, &lower::NORM);
    }
    while work.first_of(DEFINE) || by_blocks(&mut work) || work.first_of(LOWER) {}
    work.exhaust(&[&collect::FLATTEN]);
    let start = work.links.len();
    work.exhaust(&[
        &collect::ZERO,
        &collect::ARITHMETIC,
        &collect::SUM_SCALARS,
        &collect::POWERS,
        &collect::POWER_OF_PRODUCT,
        &collect::LIKE_TERMS,
    ]);
    work.group(start, main_rule(&work.links[start..]));
    chain("value", work)
}

/// An operation done block by block, with what is simple after it.
fn by_blocks(work: &mut Work<'_>) -> bool {
    let start = work.links.len();
    let Some(rule) = blocks::OPERATIONS.iter().find(|rule| work.sweep(rule)) else { return false };
    work.exhaust(blocks::AFTERWARDS);
    work.group(start, rule);
    true
}

/// The derivative of the value by elements of the variables, outermost first: the inner one to its end, then the next goes on
/// from it.
fn element(mut work: Work<'_>, by: &[Id]) -> Chain {
    for count in (0..by.len()).rev() {
        work.wait(&by[..count]);
        one_derivative(&mut work);
    }
    chain("element", work)
}

/// The innermost pending derivative, contracted and collected.
fn one_derivative(work: &mut Work<'_>) {
    work.phase = Phase::Differentiate;
    // Arguments of inverses and determinants were left whole: their elements are written out as their derivatives need it.
    while work.first_of(DIFFERENTIATE)
        || work.first_of(&differentiate::FUNCTIONS)
        || DEFINE.iter().chain(LOWER).any(|rule| work.sweep_pending(rule))
        || work.sweep_pending(&lower::NORM)
        || work.sweep(&lower::SPLIT_INDEX)
    {}
    collected(work);
}

/// What is left to be done once nothing is differentiated: deltas are contracted, like terms collected.
pub(crate) fn collected(work: &mut Work<'_>) {
    loop {
        work.phase = Phase::Contract;
        work.exhaust(CONTRACT);
        work.phase = Phase::Collect;
        let start = work.links.len();
        while work.first_of(collect::LOCAL) || work.sweep_by(&simplify::products::SIGN, &simplify::products::positive) {
        }
        // A product that still has deltas is not multiplied out.
        if !work.applies(&contract::CONTRACT) {
            work.first_of(&[&collect::DEAD, &collect::EXPAND]);
        }
        if work.links.len() == start {
            return;
        }
        let arithmetic_only = work.links[start..].iter().all(|link| link.rule.id == collect::ARITHMETIC.statement.id);
        // Signs and numbers that only change places belong to the step that brought them together.
        let start = if arithmetic_only && start > 0 { start - 1 } else { start };
        work.group(start, main_rule(&work.links[start..]));
    }
}

/// The array of all elements as matrices, in the form that a textbook prints.
pub(crate) fn raised(mut work: Work<'_>, echo: &Echo) -> Chain {
    while work.sweep_by(&collect::DISTRIBUTE, &collect::distributed_order) {}
    work.sweep_by(&lower::VEC, &lower::vec_at_free);
    work.exhaust(RAISE);
    work.phase = Phase::Simplify;
    simplifying::simplify(&mut work, echo);
    chain("matrix", work)
}

/// A pending derivative that is left.
fn pending(store: &Store, id: Id) -> Option<Id> {
    match store.node(id) {
        Node::Partial(body, _) => Some(*body),
        node => node.children().into_iter().find_map(|child| pending(store, child)),
    }
}

pub(crate) fn refused(store: &Store, body: Id, span: Span) -> Diagnostic {
    let what = match store.node(body) {
        Node::Power(..) => "a power whose exponent contains the variable",
        Node::Elem(of, _) if matches!(store.node(*of), Node::Block(..)) => "an element of a block matrix",
        Node::Elem(..) => "an element of this array",
        _ => "this operation",
    };
    Diagnostic::new(Code::NotYet, format!("einstep can't derive {what} yet"), span, "in this expression")
}

/// Whether indices are left: the expression is not in matrix form.
pub(crate) fn has_indices(store: &Store, id: Id) -> bool {
    match store.node(id) {
        // An entry at literal indices is a scalar like any other.
        Node::Elem(of, at) if at.iter().all(|&index| store.position(index).is_some()) => has_indices(store, *of),
        Node::Elem(..) | Node::Sum(..) | Node::Prod(..) | Node::Delta(..) | Node::Eps(_) | Node::Array(..) => true,
        node => node.children().into_iter().any(|child| has_indices(store, child)),
    }
}

/// A scalar read back as matrices, without a record.
pub(crate) fn in_matrices(store: &mut Store, id: Id) -> Id {
    if store.has_tensor(id) {
        return id;
    }
    let mut left_over = Limits { steps: 1000, ..Limits::default() };
    let mut work = Work::new(store, &mut left_over, id, Phase::Raise);
    work.exhaust(RAISE);
    let line = work.line;
    simplifying::normal(store, line)
}

/// The value of a line in which one delta is 1 (its indices are equal) or 0, without a record.
pub(crate) fn with_delta(store: &mut Store, line: Id, delta: [Index; 2], equal: bool) -> Id {
    let line = replace_delta(store, line, delta, equal);
    let line = if equal { store.rename(line, delta[1], delta[0]) } else { line };
    let mut left_over = Limits { steps: 1000, ..Limits::default() };
    let mut work = Work::new(store, &mut left_over, line, Phase::Collect);
    work.exhaust(&[&collect::ZERO, &collect::ARITHMETIC]);
    work.line
}

fn replace_delta(store: &mut Store, id: Id, delta: [Index; 2], equal: bool) -> Id {
    if let Node::Delta(i, j) = *store.node(id)
        && (delta == [i, j] || delta == [j, i])
    {
        return store.int(i64::from(equal));
    }
    let children = store.node(id).children();
    if children.is_empty() {
        return id;
    }
    let children: Vec<Id> = children.into_iter().map(|child| replace_delta(store, child, delta, equal)).collect();
    store.with_children(id, &children)
}
