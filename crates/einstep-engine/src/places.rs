//! Where a rule can apply at all, told from the kinds of nodes alone.
//!
//! In: the kinds that an expression is made of. Out: whether a rule can apply in it. Left to others: trying the rule.

use einstep_expr::Kinds;

/// The places of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    /// What it rewrites.
    at: Kinds,
    /// One of these occurs in what it rewrites.
    with: Kinds,
}

/// A rule that rewrites nodes of some kinds.
pub(crate) const fn at(at: Kinds) -> Places {
    Places { at, with: Kinds::ANY }
}

impl Places {
    /// One of these occurs in what is rewritten.
    pub(crate) const fn with(self, with: Kinds) -> Places {
        Places { with, ..self }
    }

    /// Whether the rule can apply somewhere in an expression with nodes of these kinds.
    pub(crate) fn are_in(self, kinds: Kinds) -> bool {
        kinds.meets(self.at) && kinds.meets(self.with)
    }

    /// Whether the rule can apply at a node of this kind, if it can apply somewhere in it.
    pub(crate) fn are_at(self, own: Kinds) -> bool {
        own.meets(self.at)
    }
}
