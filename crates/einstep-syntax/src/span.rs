//! Places in the user's text: byte ranges of a numbered source.

use serde::Serialize;

/// A range of bytes in one source, always on character boundaries.
///
/// `source` numbers the texts the user gave: each `--given`, the expression, a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Span {
    /// The number of the source.
    pub source: u32,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that holds both; both must lie in one source, else `self` is returned.
    ///
    /// ```
    /// use einstep_syntax::Span;
    /// let a = Span { source: 0, start: 1, end: 2 };
    /// let b = Span { source: 0, start: 5, end: 7 };
    /// assert_eq!(a.to(b), Span { source: 0, start: 1, end: 7 });
    /// ```
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
