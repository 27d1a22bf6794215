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

#[cfg(test)]
mod tests {
    use crate::derive::{Options, derive};
    use einstep_syntax::parse_problem;
    use std::path::Path;

    /// Derives every problem of the suite below a folder; in tests every rule is tried at every node. Says how many there are.
    fn derived(folder: &Path) -> usize {
        let entry = |entry: Result<std::fs::DirEntry, std::io::Error>| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                return derived(&path);
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let Some((_, rest)) = text.split_once("```problem\n") else { return 0 };
            let problem = rest.split("```").next().unwrap_or_default();
            let _ = derive(&parse_problem(problem, 0).value, &Options::default());
            1
        };
        folder.read_dir().unwrap().map(entry).sum()
    }

    #[test]
    fn rules_rewrite_only_what_their_places_name() {
        let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite");
        assert!(derived(&suite) > 200);
    }
}
