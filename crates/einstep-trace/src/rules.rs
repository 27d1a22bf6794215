//! The statements of the rules as data: what a reader, a checker or a renderer needs to know of a rule.
//!
//! In: the generated table. Out: [`RuleStatement`]s by id. Left to others: the functions that apply rules; they stand in
//! the engine's catalogue, from which the table is generated.

/// The kind of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// An equation with metavariables.
    Equation,
    /// A definition, unfolded or recognised.
    Definition,
    /// Renaming, reordering, flattening, exact arithmetic.
    Structural,
    /// A family of equations: linearity, the product rule for any number of factors, the chain rule.
    Scheme,
    /// A constraint on shapes.
    Shape,
}

impl RuleKind {
    /// The kind in a word.
    pub fn word(self) -> &'static str {
        match self {
            RuleKind::Equation => "equation",
            RuleKind::Definition => "definition",
            RuleKind::Structural => "structural",
            RuleKind::Scheme => "scheme",
            RuleKind::Shape => "shape",
        }
    }
}

/// What is to be known of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleStatement {
    /// The stable id, `delta.contract`.
    pub id: &'static str,
    /// Its name in the field's words.
    pub name: &'static str,
    /// Its kind.
    pub kind: RuleKind,
    /// An equation in the input language: capitals are matrices, `x y` vectors, `f[i]` an expression in which i may
    /// occur, `f g` expressions in which bound indices of the rule do not occur, `r` a number. Several are separated by `;`
    /// outside of square brackets.
    pub statement: &'static str,
    /// When it holds, or empty.
    pub when: &'static str,
    /// Why it holds.
    pub reason: &'static str,
    /// The sentence of a step, with `{slots}`; several are separated by `|`, the first whose slots all have values is said.
    pub sentence: &'static str,
    /// A source.
    pub reference: &'static str,
    /// An example: before and after.
    pub example: (&'static str, &'static str),
}

impl RuleStatement {
    /// The equations of the statement, one after another.
    pub fn equations(&self) -> impl Iterator<Item = &'static str> {
        let statement = self.statement;
        let mut depth = 0usize;
        let ends = statement.char_indices().filter(move |(_, letter)| {
            match letter {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            *letter == ';' && depth == 0
        });
        let mut start = 0;
        ends.map(|(end, _)| end).chain([statement.len()]).map(move |end| {
            let equation = statement[start..end].trim();
            start = (end + 1).min(statement.len());
            equation
        })
    }
}

/// Every rule, in the order of the catalogue.
pub fn statements() -> &'static [RuleStatement] {
    crate::statements::STATEMENTS
}

/// A rule by its id.
///
/// ```
/// assert!(einstep_trace::rule("no.such-rule").is_none());
/// ```
pub fn rule(id: &str) -> Option<&'static RuleStatement> {
    statements().iter().find(|rule| rule.id == id)
}
