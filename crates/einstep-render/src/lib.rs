//! Derivations as terminal text, as pages, and for LaTeX, Typst and Markdown, from one notation tree.
//!
//! In: a recorded derivation. Out: text. Left to others: algebra; nothing here changes what was derived, every level of
//! detail is a folding of the recorded steps.
//!
//! The modules stand in the order in which data flows: names, notation, build (node to notation, with marks and
//! exchanged parts, view), unsigned, sentence, layout (a derivation as a document), then the formats: pieces (rows and where they
//! break), plain and text, mathtex with latex and markdown, mathml and html, mathtypst and typst.

mod build;
mod html;
mod latex;
mod layout;
mod markdown;
mod marks;
mod mathml;
mod mathtex;
mod mathtypst;
mod names;
mod notation;
mod pieces;
mod plain;
mod scripts;
mod sentence;
mod text;
mod typst;
mod unsigned;
mod view;
mod words;

pub use html::{HtmlOptions, html};
pub use latex::{LatexOptions, latex};
pub use markdown::{MarkdownOptions, markdown};
pub use text::{TextOptions, text};
pub use typst::{TypstOptions, typst};

use build::Builder;
use einstep_trace::{Derivation, NodeId, Step, Table};

/// How much of a derivation is shown. All levels come from one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Detail {
    /// One line a phase.
    Outline,
    /// What handwritten notes show.
    #[default]
    Notes,
    /// Every application of a rule.
    Full,
}

/// An expression of a derivation in LaTeX, to stand in math mode.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// assert_eq!(einstep_render::node_latex(&derivation, &table, einstep_trace::NodeId(2)), "\\sum_{i=1}^{n} x_{i}");
/// ```
pub fn node_latex(derivation: &Derivation, table: &Table, node: NodeId) -> String {
    mathtex::formula(&Builder::new(derivation, table).node(node))
}

/// An expression of a derivation in Unicode, on one line.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// assert_eq!(einstep_render::node_text(&derivation, &table, einstep_trace::NodeId(2)), "Σᵢ xᵢ");
/// ```
pub fn node_text(derivation: &Derivation, table: &Table, node: NodeId) -> String {
    plain::line(&Builder::new(derivation, table).node(node))
}

/// The sentence of a step: that of its rule with the slots filled, in plain text.
///
/// Where the rule was applied at several places, there is a sentence for each that says something of its own. Empty when
/// the rule is unknown or a slot has no value.
///
/// ```
#[doc = include_str!("../doc/trace.rs.in")]
/// # let derivation = trace();
/// let mut step = derivation.chains[0].links[0].clone();
/// step.rule = einstep_trace::RuleId("no.such-rule".into());
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// assert_eq!(einstep_render::sentence(&derivation, &table, &step), "");
/// ```
pub fn sentence(derivation: &Derivation, table: &Table, step: &Step) -> String {
    sentence::plain_text(&sentence::from_rule(&mut Builder::new(derivation, table), step))
}

/// The sentence about a shape, in plain notation.
///
/// ```
/// # let empty = r#"{"format":"einstep-trace/1","generator":{"name":"","version":""},"problem":{"text":"","expression":"x",
/// #   "wrt":[],"node":0,"given":[],"layout":"mixed","structured":"free"},"dims":[],"symbols":[],"indices":[],"nodes":[],
/// #   "shapes":[{"node":0,"shape":[],"rule":"shape.value","constraint":"x is a scalar","from":[]}],"chains":[],
/// #   "conditions":[],"result":{"node":0,"shape":[],"form":"index","index":"x","free":[],"einsum":[]}}"#;
/// # let derivation = einstep_trace::Derivation::from_json(empty)?;
/// let table = einstep_trace::Table::read(&derivation).unwrap();
/// assert_eq!(einstep_render::shape_sentence(&derivation, &table, &derivation.shapes[0]), "x is a scalar");
/// # Ok::<(), einstep_trace::ReadError>(())
/// ```
pub fn shape_sentence(derivation: &Derivation, table: &Table, fact: &einstep_trace::ShapeFact) -> String {
    sentence::plain_text(&sentence::about_shape(&mut Builder::new(derivation, table), fact))
}
