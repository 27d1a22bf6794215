//! The passes: which rules each tries, and in which order.
//!
//! In: a line. Out: the chain of links that a pass adds. Left to others: what is done to which line (`derive`, `tasks`), each
//! single rule, the forms that a textbook prints (`simplifying`).

use crate::catalogue::main_rule;
use crate::limits::Limits;
use crate::rules::simplify::echo::Echo;
use crate::rules::{blocks, collect, contract, differentiate, lower, raise, simplify};
use crate::simplifying;
use crate::work::{Link, Rule, Work};
use einstep_expr::{Id, Kinds, Node, Store};
use einstep_trace::Phase;

/// A chain of equalities.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) id: &'static str,
    pub(crate) left: Id,
    pub(crate) links: Vec<Link>,
    pub(crate) end: Id,
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
    &lower::ARRAY,
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

const CONTRACT: &[&Rule] = &[
    &contract::SAME,
    &contract::DIFFERENT,
    &contract::CONTRACT_MANY,
    &contract::CONTRACT,
    &contract::COUNT,
    &collect::DISTRIBUTE,
];

/// The way back from elements to matrices.
pub(crate) const RAISE: &[&Rule] = &[
    &raise::SOFTMAX,
    &raise::DIVISOR_INSIDE,
    &raise::NORM,
    &raise::NORM_ALONG,
    &raise::MEAN,
    &raise::SQUARE,
    &contract::CONTRACT_MANY,
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
    &raise::ENTRYWISE,
];

impl Chain {
    /// A chain without steps.
    pub(crate) fn begun(id: &'static str, left: Id) -> Chain {
        Chain { id, left, links: vec![], end: left }
    }
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
/// from it. Those inside the value are taken before all others.
pub(crate) fn element(mut work: Work<'_>, by: &[Id], value: Id) -> Chain {
    if work.store.is_pending(value) {
        work.wait(by);
        one_derivative(&mut work);
    }
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

/// The transpose of an array of elements, from which the work begins, in the form that a textbook prints.
pub(crate) fn transposed(mut work: Work<'_>, echo: &Echo) -> Chain {
    simplifying::simplify(&mut work, echo);
    chain("layout", work)
}

/// Whether indices are left: the expression is not in matrix form.
pub(crate) fn has_indices(store: &Store, id: Id) -> bool {
    const INDEXED: Kinds = Kinds::ELEM.or(Kinds::SUM).or(Kinds::PROD).or(Kinds::DELTA).or(Kinds::EPS).or(Kinds::ARRAY);
    if !store.kinds(id).meets(INDEXED) {
        return false;
    }
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
