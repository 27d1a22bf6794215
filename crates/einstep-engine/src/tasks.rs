//! What is done with an expression that is not differentiated: lowering, raising, simplifying.
//!
//! In: an expression with its shapes. Out: the one chain that does it. Left to others: the passes (`passes`).

use crate::conditions::conditions;
use crate::derive::{Finished, refused};
use crate::infer::Typed;
use crate::lemmas::Lemmas;
use crate::limits::{Limits, over_budget};
use crate::names::name_sums;
use crate::passes::{self, Chain, collected, has_indices, lower, raised};
use crate::raising::{Stuck, stuck};
use crate::rules::lower as rules;
use crate::rules::simplify::echo::Echo;
use crate::rules::{contract, order};
use crate::simplifying;
use crate::stacking::{array_over, value_indices};
use crate::work::Work;
use einstep_expr::{Id, Indices, Store};
use einstep_syntax::{Diagnostic, Span};
use einstep_trace::{Phase, Task};

/// Does a task.
pub(crate) fn finish(mut typed: Typed, limits: &Limits, span: Span) -> Result<Finished, Diagnostic> {
    let mut left_over = *limits;
    let (value, free) = (typed.value, typed.free.clone());
    let store = &mut typed.store;
    // A number has no spellings that could be kept: all of the question may be written in another way.
    let one = store.int(1);
    let echo = simplifying::spellings(store, one);
    let mut obstacle = None;
    let (chain, slots, element) = match typed.wanted.task {
        Task::Raise => {
            let array = array_over(store, &free, value);
            let mut chain = raised_from(store, &mut left_over, array.unwrap_or(value), &echo);
            if free.len() > 2 && has_indices(store, chain.end) {
                obstacle = if array.is_none() { Some(Stuck::Order(free.len())) } else { stuck(store, chain.end) };
                // The element itself says more than a line half way to the stacked form.
                let mut work = Work::new(store, &mut left_over, value, Phase::Contract);
                collected(&mut work);
                chain = passes::chain("matrix", work);
            }
            (chain, free, Some(value))
        }
        // A derivative is taken first, and that needs indices.
        Task::Simplify if store.is_pending(value) => {
            let array = array_over(store, &free, value);
            (raised_from(store, &mut left_over, array.unwrap_or(value), &echo), free, None)
        }
        Task::Simplify => {
            let left = if free.len() > 2 { value } else { array_over(store, &free, value).unwrap_or(value) };
            let mut work = Work::new(store, &mut left_over, left, Phase::Simplify);
            simplifying::simplify(&mut work, &echo);
            let slots = if free.len() > 2 { free } else { Indices::new() };
            (passes::chain("matrix", work), slots, None)
        }
        Task::Lower | Task::Derive => {
            let slots = if free.is_empty() { value_indices(store, value).0 } else { free.clone() };
            let left = if free.is_empty() { store.elem(value, slots.iter().copied()) } else { value };
            let mut work = Work::new(store, &mut left_over, left, Phase::Lower);
            work.sweep(&order::ORDER);
            let mut chain = lower(work);
            if store.is_pending(chain.end) {
                let derived = derived(store, &mut left_over, chain.end);
                append(&mut chain, derived);
            }
            // The dimension of an index that no element has left is told by a factor alone.
            let mut work = Work::new(store, &mut left_over, chain.end, Phase::Lower);
            work.exhaust(&[&contract::COUNT]);
            append(&mut chain, passes::chain("value", work));
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
    let stuck = if raised { None } else { obstacle.or_else(|| stuck(store, end)) };
    let lemmas = Lemmas::of(&chain.links, &typed.names(), &mut typed.store, &mut left_over);
    let chains = vec![chain];
    let conditions = conditions(&mut typed.store, &chains);
    let order = slots.len();
    Ok(Finished { typed, lemmas, chains, element, slots, order, conditions, raised, stuck })
}

/// Takes the derivatives that stand in a line.
fn derived(store: &mut Store, left_over: &mut Limits, line: Id) -> Chain {
    passes::element(Work::new(store, left_over, line, Phase::Differentiate), &[], line)
}

fn append(chain: &mut Chain, mut more: Chain) {
    chain.end = more.end;
    chain.links.append(&mut more.links);
}

/// An expression or the array of it read back as matrices. A tensor is none.
fn raised_from(store: &mut Store, left_over: &mut Limits, left: Id, echo: &Echo) -> Chain {
    let begun = store.is_pending(left).then(|| {
        let mut begun = lower(Work::new(store, left_over, left, Phase::Lower));
        let derived = derived(store, left_over, begun.end);
        append(&mut begun, derived);
        begun
    });
    let mut work = Work::new(store, left_over, begun.as_ref().map_or(left, |begun| begun.end), Phase::Contract);
    if let Some(begun) = begun {
        (work.left, work.links) = (left, begun.links);
    }
    collected(&mut work);
    if work.store.has_tensor(work.line) {
        return passes::chain("matrix", work);
    }
    work.phase = Phase::Raise;
    raised(work, echo)
}
