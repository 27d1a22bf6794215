//! The method: value, element, matrix.
//!
//! In: a parsed problem. Out: a recorded derivation, or diagnostics. Left to others: each single rule.
//!
//! Three chains of equalities. *Value*: the expression as explicit sums. *Element*: its derivative by one element of the
//! variable, contracted and collected. *Matrix*: the array of all elements, read back as matrices. Where the layout that is
//! wanted has the transpose of that, a fourth, *layout*, transposes it.

use crate::conditions::{Condition, conditions};
use crate::infer::{Typed, infer};
use crate::lemmas::Lemmas;
use crate::limits::{Limits, over_budget};
use crate::names::name_sums;
use crate::passes::{self, Chain, has_indices};
use crate::raising::{Stuck, stuck};
use crate::record;
use crate::rules::{lower, order};
use crate::simplifying;
use crate::stacking::Stacking;
use crate::tasks;
use crate::work::Work;
use einstep_expr::{Args, Id, Indices, Kinds, Node, Rat, Store};
use einstep_syntax::{Code, Diagnostic, Problem, Span};
use einstep_trace::{Derivation, Phase, Wanted};

/// How to derive.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// How much work it may take.
    pub limits: Limits,
    /// What is wanted beside the text of the question.
    pub wanted: Wanted,
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
    let mut stacking = Stacking::of(&mut typed);
    let left = stacking.element_of(&mut typed);
    let store = &mut typed.store;
    let mut work = Work::new(store, &mut left_over, left, Phase::Lower);
    work.sweep(&order::ORDER);
    let value = passes::lower(work);
    name_sums(store, value.end);

    let by: Args = typed.by.iter().map(|by| by.element(store)).collect();
    // The innermost derivative is by the last variable.
    let left = by.iter().rev().fold(value.end, |body, &by| store.intern(Node::Partial(body, by)));
    let element = passes::element(Work::new(store, &mut left_over, left, Phase::Differentiate), &by, value.end);
    if let Some(stuck) = pending(store, element.end) {
        return Err(if left_over.steps == 0 { over_budget(store, limits, span) } else { refused(store, stuck, span) });
    }

    let question = order::ordered(store, typed.value);
    let echo = simplifying::spellings(store, question);
    let array = stacking.array(store, element.end);
    let mut matrix = match store.has_tensor(array) {
        true => Chain::begun("matrix", array),
        false => passes::raised(Work::new(store, &mut left_over, array, Phase::Raise), &echo),
    };
    let raised = !has_indices(store, matrix.end);
    let stuck = if raised { None } else { stacking.obstacle().or_else(|| stuck(store, matrix.end)) };
    // The element itself says more than a line half way to the vectorised form. A slot of several indices needs the array.
    if !raised && (stacking.order > 2 || matches!(stuck, Some(Stuck::Position(_)))) {
        let needs_array = stacking.order <= 2 || stacking.slots.len() > stacking.order;
        let left = if needs_array { array } else { element.end };
        matrix = Chain::begun("matrix", left);
    }
    if !raised && lower::has_untold(store, matrix.end) {
        return Err(refused(store, typed.value, span));
    }
    let mut chains = vec![value, element, matrix];
    if stacking.is_transposed {
        stacking.slots.rotate_left(stacking.rows);
        let matrix = &chains[2];
        // An element has no transpose: only its indices come in another order.
        if matches!(store.node(matrix.left), Node::Array(..)) {
            let left = store.intern(Node::Transpose(matrix.end));
            chains.push(passes::transposed(Work::new(store, &mut left_over, left, Phase::Simplify), &echo));
        }
    }
    let conditions = conditions(store, &chains[..2]);
    let names = typed.names();
    let store = &mut typed.store;
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
    let Stacking { slots, order, .. } = stacking;
    Ok(Finished { typed, lemmas, chains, element, slots, order, conditions, raised, stuck })
}

fn is_zero(store: &Store, id: Id) -> bool {
    matches!(store.node(id), Node::Zeros(_)) || store.as_number(id).is_some_and(Rat::is_zero)
}

/// Whether a negative power or a root of zero is left: the one has no value there, the other no derivative.
fn divides_by_zero(store: &Store, id: Id) -> bool {
    if !store.kinds(id).meets(Kinds::POWER) {
        return false;
    }
    let (base, exponent) = store.base_and_exponent(id);
    ((exponent.is_negative() || exponent.as_int().is_none()) && is_zero(store, base))
        || store.node(id).children().into_iter().any(|child| divides_by_zero(store, child))
}

/// A pending derivative that is left.
fn pending(store: &Store, id: Id) -> Option<Id> {
    if !store.is_pending(id) {
        return None;
    }
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
