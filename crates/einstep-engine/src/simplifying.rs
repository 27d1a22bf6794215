//! The pass that brings an answer to the form a textbook prints.
//!
//! In: a matrix expression, the question's spellings. Out: the same expression in as few nodes as the rules find, spelled as
//! the question spells its parts. Left to others: each single rule (`rules::simplify`).
//!
//! *Normalise* applies what always makes an expression simpler. *Shorten* then makes the one change that saves most, and
//! again, normalising in between. *Spell* at last writes sums and scalars as the question does, gathers transposes and powers.

use crate::catalogue::main_rule;
use crate::limits::Limits;
use crate::rules::simplify::echo::{self, Echo};
use crate::rules::simplify::{
    cross, diagonals, expand, factor, factors, hadamard, inverses, kronecker, products, scalars, skew, structure,
    transposes,
};
use crate::rules::{blocks, collect, raise};
use crate::work::{Rewrite, Rule, Work};
use einstep_expr::{Id, Node, Store};
use einstep_trace::Phase;

/// What always makes an expression simpler.
const NORMALISE: &[&Rule] = &[
    &transposes::PRODUCT,
    &transposes::KRON,
    &transposes::ARRAY,
    &blocks::NESTED,
    &blocks::TRANSPOSE,
    &blocks::KRON,
    &transposes::FUNCTION,
    &transposes::INVARIANT,
    &cross::SAME,
    &cross::ORDER,
    &structure::SYMMETRIC,
    &structure::SKEW,
    &structure::TRIANGLE,
    &structure::ORTHOGONAL,
    &structure::INVARIANT,
    &skew::ZERO,
    &skew::PARTS,
    &products::SCALARS_FIRST,
    &hadamard::SCALARS,
    &diagonals::LINEAR,
    &kronecker::IDENTITY,
    &kronecker::OUTER,
    &products::IDENTITY,
    &inverses::OF,
    &inverses::CANCEL,
    &diagonals::OF,
    &diagonals::PRODUCT,
    &diagonals::ONES,
    &hadamard::ONES,
    &hadamard::DIAGONAL,
    &hadamard::TRANSPOSE,
    &hadamard::POWERS,
    &hadamard::TRIANGLE,
    &scalars::EXPONENTS,
    &collect::INVERSES,
    &collect::NUMBER,
    &collect::ZERO,
    &collect::ARITHMETIC,
    &collect::POWERS,
    &collect::POWER_OF_PRODUCT,
    &scalars::TRANSPOSE,
    &products::SIGN,
    &collect::LIKE_TERMS,
    &products::CONTENT,
    &scalars::FRACTION,
    &diagonals::SUM,
];

/// What may make an expression shorter.
const SHORTEN: &[&Rule] = &[
    &transposes::GATHER_SUM,
    &factor::ABSORB,
    &factor::FACTOR,
    &expand::EXPAND,
    &inverses::RANK_ONE,
    &inverses::PSEUDO,
    &kronecker::PRODUCT,
    &kronecker::SUM,
    &diagonals::SUMS,
    &transposes::SUM,
    &hadamard::OUTER,
    &scalars::DOT,
    &transposes::ORDER,
];

/// How the last form is written.
const SPELL: &[&Rule] = &[&transposes::GATHER, &products::POWER, &factors::ORDER];

/// Brings the line to the form a textbook prints.
pub(crate) fn simplify(work: &mut Work<'_>, echo: &Echo) {
    loop {
        let start = work.links.len();
        while normalised(work) || work.sweep_by(&raise::MEAN, &|store, id| raise::mean(store, id, echo.has_means())) {}
        work.group(start, main_rule(&work.links[start..]));
        if !SHORTEN.iter().any(|rule| work.sweep_by(rule, &|store, id| shortened(store, echo, rule, id))) {
            break;
        }
    }
    let echoes: [(&'static Rule, Spelled); 3] =
        [(&echo::NORM, echo::norm), (&echo::SIGN, echo::signed), (&echo::SPELLING, echo::spelled)];
    for (rule, spelled) in echoes {
        while work.sweep_by(rule, &|store, id| spelled(store, echo, id)) {}
    }
    work.exhaust(&[&collect::POWERS]);
    while work.sweep_by(&cross::ORDER, &|store, id| cross::turned(store, id)) {}
    while work.sweep_by(&transposes::ORDER, &|store, id| shortened(store, echo, &transposes::ORDER, id)) {}
    work.exhaust(SPELL);
    while work.sweep_by(&diagonals::BROADCAST, &|store, id| diagonals::broadcast(store, Some(echo), id)) {}
}

/// Applies the first rule that always makes the line simpler.
fn normalised(work: &mut Work<'_>) -> bool {
    work.first_of(NORMALISE)
        || work.sweep_by(&blocks::PRODUCT, &blocks::placed)
        || work.sweep_by(&blocks::SUM, &blocks::gathered)
        || work.sweep_by(&blocks::ENTRIES, &blocks::summed_selection)
}

type Spelled = fn(&mut Store, &Echo, Id) -> Option<Rewrite>;

/// A sum that the question has stays as it is there.
fn shortened(store: &mut Store, echo: &Echo, rule: &Rule, id: Id) -> Option<Rewrite> {
    let rewrite = if std::ptr::eq(rule, &factor::FACTOR) {
        factor::factored(store, Some(echo), id)?
    } else if std::ptr::eq(rule, &inverses::PSEUDO) {
        inverses::pseudo(store, echo, id)?
    } else {
        (rule.apply)(store, id)?
    };
    let is_sum = matches!(store.node(id), Node::Add(_));
    if is_sum && echo.spelling(store, id).is_some() { None } else { Some(rewrite) }
}

/// The spellings of a question.
pub(crate) fn spellings(store: &mut Store, value: Id) -> Echo {
    Echo::of(store, value, normal)
}

/// An expression with everything applied that always makes it simpler, without a record.
pub(crate) fn normal(store: &mut Store, id: Id) -> Id {
    let mut left_over = Limits { steps: 1000, ..Limits::default() };
    let mut work = Work::new(store, &mut left_over, id, Phase::Simplify);
    while normalised(&mut work) {}
    work.exhaust(&[&products::POWER]);
    work.line
}

#[cfg(test)]
mod tests;
