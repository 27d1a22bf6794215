//! The sentence of a step: the rule's template with its slots filled.
//!
//! In: a step. Out: words and notation in turn, so that each format sets the notation in its own way.
//! Left to others: the templates, which stand in the table of rules.

use crate::build::{Builder, dim};
use crate::notation::Notation;
use crate::plain;
use einstep_trace::{NodeId, ShapeFact, Slot, Step};

/// The greatest number of places that a sentence names one by one.
const MAX_PLACES: usize = 6;

/// The widest notation in a sentence, in columns.
pub(crate) const MAX_MATH: usize = 40;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Words(String),
    Math(Notation),
}

/// The sentence of a step; empty when the rule is unknown and no text is stored, or a slot is missing.
pub(crate) fn sentence(builder: &mut Builder<'_>, step: &Step) -> Vec<Inline> {
    let stored = || match step.because.text.as_str() {
        "" => vec![],
        text => vec![Inline::Words(text.to_string())],
    };
    if step.because.slots.is_empty() && !step.because.text.is_empty() {
        return stored();
    }
    let filled = from_rule(builder, step);
    if filled.is_empty() { stored() } else { filled }
}

/// The sentence of a step from its rule alone.
pub(crate) fn from_rule(builder: &mut Builder<'_>, step: &Step) -> Vec<Inline> {
    match einstep_trace::rule(&step.rule.0) {
        Some(rule) => from_template(builder, step, rule.sentence),
        None => vec![],
    }
}

fn from_template(builder: &mut Builder<'_>, step: &Step, template: &str) -> Vec<Inline> {
    let mut sentences: Vec<Vec<Inline>> = Vec::new();
    if step.because.slots.is_empty() {
        sentences.extend(fill(builder, template, |_| None));
    }
    for slots in &step.because.slots {
        let Some(sentence) = fill(builder, template, |name| slots.get(name)) else {
            return vec![];
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    let more = sentences.len() > MAX_PLACES;
    sentences.truncate(MAX_PLACES);
    let mut joined = Vec::new();
    for (position, sentence) in sentences.into_iter().enumerate() {
        if position > 0 {
            joined.push(Inline::Words("; ".into()));
        }
        joined.extend(sentence);
    }
    if more {
        joined.push(Inline::Words("; and so on".into()));
    }
    joined
}

/// The first of the templates, separated by `|`, all of whose `{slots}` have values.
fn fill<'s>(
    builder: &mut Builder<'_>,
    templates: &str,
    slot: impl Fn(&str) -> Option<&'s Slot>,
) -> Option<Vec<Inline>> {
    templates.split('|').find_map(|template| fill_one(builder, template, &slot))
}

fn fill_one<'s>(
    builder: &mut Builder<'_>,
    template: &str,
    slot: &impl Fn(&str) -> Option<&'s Slot>,
) -> Option<Vec<Inline>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((words, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if !words.is_empty() {
            parts.push(Inline::Words(words.to_string()));
        }
        parts.extend(value(builder, slot(name)?));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Inline::Words(rest.to_string()));
    }
    Some(parts)
}

/// The sentence about a shape, from its rule where it has slots, else as it is stored.
pub(crate) fn about_shape(builder: &mut Builder<'_>, fact: &ShapeFact) -> Vec<Inline> {
    let template = einstep_trace::rule(&fact.rule.0).map(|rule| rule.sentence).filter(|_| !fact.slots.is_empty());
    template
        .and_then(|template| fill(builder, template, |name| fact.slots.get(name)))
        .unwrap_or_else(|| vec![Inline::Words(fact.constraint.clone())])
}

fn value(builder: &mut Builder<'_>, slot: &Slot) -> Vec<Inline> {
    let math = |notation| vec![Inline::Math(notation)];
    match slot {
        Slot::Index(index) => math(builder.index(*index)),
        Slot::Node(node) => math(short(builder, *node)),
        Slot::Dim(size) => math(dim(size)),
        Slot::Count(count) => math(Notation::number(u64::from(*count))),
        Slot::Word(word) => vec![Inline::Words(word.clone())],
        Slot::Indices(indices) => enumerated(indices.iter().map(|index| builder.index(*index)).collect()),
        Slot::Nodes(nodes) => enumerated(nodes.iter().map(|node| short(builder, *node)).collect()),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(items: Vec<Notation>) -> Vec<Inline> {
    let last = items.len().saturating_sub(1);
    let mut parts = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            parts.push(Inline::Words(if position == last { " and " } else { ", " }.into()));
        }
        parts.push(Inline::Math(item));
    }
    parts
}

/// Notation that a sentence can bear; else the letter of the whole value, or `…`.
fn short(builder: &mut Builder<'_>, node: NodeId) -> Notation {
    let notation = builder.node(node);
    match builder.letter.clone() {
        Some(letter) if node == builder.derivation.problem.node => letter,
        _ if plain::columns(&plain::line(&notation)) <= MAX_MATH => notation,
        _ => Notation::Cut,
    }
}

/// A sentence as plain text.
pub(crate) fn plain_text(sentence: &[Inline]) -> String {
    let part = |inline: &Inline| match inline {
        Inline::Words(words) => words.clone(),
        Inline::Math(notation) => plain::line(notation),
    };
    sentence.iter().map(part).collect()
}
