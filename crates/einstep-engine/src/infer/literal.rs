//! Literal indices: `x[1]`, `d/dA[1,2]`.
//!
//! In: positions, counted from 1. Out: a letter that stays at each, or diagnostics. Left to others: the slots they stand in
//! ([`super::slots`]).

use super::index::{Letter, Use};
use super::tree::Scope;
use super::unify::Size;
use einstep_syntax::{Code, Diagnostic, Ident, Span};

impl Scope {
    /// The letter of a literal index: each is one of its own.
    pub(super) fn literal(&mut self, position: u64, span: Span) -> usize {
        self.new_letter(&Ident { name: position.to_string(), span }, Use::Literal(position))
    }

    /// Refuses literal indices that name no entry, or an entry of a slot that several indices name.
    pub(super) fn literals_in_range(&mut self) {
        let mut found = Vec::new();
        for Letter { size, role, span, .. } in &self.letters.all {
            let (Use::Literal(position), Size::Known(dim)) = (role, self.sizes.resolve(*size)) else { continue };
            let dims = &self.sizes.dims;
            let text = dims.text(dim);
            found.extend(match dims.value(dim) {
                Some(value) if *position > value => {
                    let message = format!("there is no entry {position} along a dimension of {text}");
                    Some(Diagnostic::new(Code::IndexRange, message, *span, format!("greater than {text}")))
                }
                None if text.contains(['*', '+']) => {
                    let message = "einstep can't derive an element at a literal index of a composed dimension yet";
                    Some(Diagnostic::new(Code::NotYet, message, *span, format!("one of {text}")))
                }
                _ => None,
            });
        }
        for diagnostic in found {
            self.finding(|_| diagnostic);
        }
    }
}
