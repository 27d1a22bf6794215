//! What is done with an expression that is not differentiated: lowering, raising, simplifying.
//!
//! In: an expression with its shapes. Out: the one chain that does it. Left to others: the passes (`passes`).

use crate::conditions::conditions;
use crate::derive::{Finished, refused};
use crate::infer::Typed;
use crate::lemmas::Lemmas;
use crate::limits::{Limits, over_budget};
use crate::names::name_sums;
use crate::passes::{Chain, chain, collected, has_indices, lower, raised};
use crate::raising::stuck;
use crate::rules::lower as rules;
use crate::rules::order;
use crate::simplifying;
use crate::stacking::value_indices;
use crate::work::Work;
use einstep_expr::{Id, Indices, Node, Store};
use einstep_syntax::{Code, Diagnostic, Span};
use einstep_trace::{Phase, Task};

/// Does a task.
pub(crate) fn finish(mut typed: Typed, limits: &Limits, span: Span) -> Result<Finished, Diagnostic> {
    let mut left_over = *limits;
    let (value, free) = (typed.value, typed.free.clone());
    let store = &mut typed.store;
    if typed.wanted.task != Task::Lower && free.len() > 2 {
        let message = "an expression with more than two free indices is no matrix";
        return Err(Diagnostic::new(Code::NotYet, message, span, "in this expression"));
    }
    // A number has no spellings that could be kept: all of the question may be written in another way.
    let one = store.int(1);
    let echo = simplifying::spellings(store, one);
    let (chain, slots, element) = match typed.wanted.task {
        Task::Raise => {
            let left = array(store, &free, value);
            let mut work = Work::new(store, &mut left_over, left, Phase::Contract);
            collected(&mut work);
            work.phase = Phase::Raise;
            (raised(work, &echo), free, Some(value))
        }
        Task::Simplify => {
            let left = array(store, &free, value);
            let mut work = Work::new(store, &mut left_over, left, Phase::Simplify);
            simplifying::simplify(&mut work, &echo);
            (chain("matrix", work), Indices::new(), None)
        }
        Task::Lower | Task::Derive => {
            let slots = if free.is_empty() { value_indices(store, value).0 } else { free.clone() };
            let left = if free.is_empty() { store.elem(value, slots.iter().copied()) } else { value };
            let mut work = Work::new(store, &mut left_over, left, Phase::Lower);
            work.sweep(&order::ORDER);
            let chain = lower(work);
            name_sums(store, chain.end);
            let end = chain.end;
            (chain, slots, Some(end))
        }
    };
    let Chain { end, .. } = chain;
    if rules::has_untold(store, end) {
        return Err(refused(store, value, span));
    }
    if left_over.steps == 0 {
        return Err(over_budget(store, limits, span));
    }
    let raised = typed.wanted.task != Task::Lower && !has_indices(store, end);
    let stuck = if raised { None } else { stuck(store, end) };
    let chains = vec![chain];
    let conditions = conditions(store, &chains);
    let (lemmas, order) = (Lemmas::default(), slots.len());
    Ok(Finished { typed, lemmas, chains, element, slots, order, conditions, raised, stuck })
}

/// The array of an expression over its free indices.
fn array(store: &mut Store, free: &Indices, value: Id) -> Id {
    match free.is_empty() {
        true => value,
        false => store.intern(Node::Array(free.clone(), 1, value)),
    }
}
