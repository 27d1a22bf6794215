//! A chain as lines, folded to the level of detail.
//!
//! In: a chain of the record. Out: its lines with left sides, marks, rules, sentences. A finer step speaks of a part of
//! its line; here it is shown within the whole line. Left to others: how a line is set.

use super::{Author, Condition, Line, Section};
use crate::Detail;
use crate::marks::{Marks, What, differences};
use crate::notation::{Notation, Style};
use crate::sentence::{Inline, sentence};
use crate::view::View;
use einstep_trace::{Chain, MarkKind, NodeId, Path, Phase, Step};

/// The greatest depth of finer steps that is shown.
const MAX_DEPTH: usize = 64;

/// A line that will be shown: what it is, and the step that led to it.
struct Shown<'a> {
    view: View,
    step: &'a Step,
    /// The steps that are folded into this line; more than one at the level of phases.
    folded: &'a [Step],
    /// The way to the part of the line that the step speaks of.
    prefix: Path,
    /// The marks to draw on the line.
    marks: &'a [einstep_trace::Mark],
    marks_prefix: Path,
}

impl<'a> Author<'a> {
    /// The section of a chain; `None` when it says nothing.
    pub(super) fn section(&mut self, chain: &'a Chain) -> Option<Section> {
        let (mut lines, lefts, first_rule) = (self.shown(chain), View::of(chain.left), String::new());
        if chain.links.is_empty() && chain.id != "element" {
            return None;
        }
        let marks = first_marks(self, &lines);
        let mut section = self.opening(chain, &lefts, &marks)?;
        if let (Detail::Outline, "element" | "matrix") = (self.detail, chain.id.as_str())
            && !lines.is_empty()
        {
            // The line that is only taken over from the chain above says nothing of its own.
            section.lines.clear();
        }
        let mut was_array = self.builder.entry(&lefts, None).is_some();
        let is_matrix = chain.id == "matrix";
        let total = lines.len();
        for (position, shown) in lines.drain(..).enumerate() {
            let mut line = self.line(&shown, &first_rule);
            if let (Some(next), Detail::Notes | Detail::Full) = (position.checked_add(1).filter(|&k| k < total), self.detail) {
                let _ = next;
            }
            let is_array = self.builder.entry(&shown.view, None).is_some();
            if is_matrix && was_array && !is_array {
                line.left = Some(self.derivative(None));
                line.drawing = self.drawing(shown.view.outermost());
            }
            was_array = is_array;
            section.lines.push(line);
        }
        Some(section)
    }
}
