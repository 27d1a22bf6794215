//! The record of one derivation, as it stands in a JSON file.
//!
//! In: what `record` in the engine writes. Out: data that the checker, the renderers and other programs read.
//! Left to others: how a step was found, and whether it is right.

use crate::dim::Dim;
use crate::node::{IndexId, Node, NodeId, Reading, SymbolId};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The name and version of the format.
pub const FORMAT: &str = "einstep-trace/1";

/// A whole derivation: the question, the expressions, the chains of equalities, the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Derivation {
    /// The format and its version, [`FORMAT`].
    pub format: String,
    /// What whoever asked calls the problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The program that wrote it.
    pub generator: Generator,
    /// The question.
    pub problem: Problem,
    /// The dimensions that occur by name.
    pub dims: Vec<DimRecord>,
    /// The symbols.
    pub symbols: Vec<Symbol>,
    /// The indices.
    pub indices: Vec<Index>,
    /// All expressions, children before parents.
    pub nodes: Vec<Node>,
    /// What was inferred about shapes, in the order a reader should hear it.
    pub shapes: Vec<ShapeFact>,
    /// The chains in order: lemmas before their use, then `value`, `element`, `matrix`, perhaps `layout`.
    pub chains: Vec<Chain>,
    /// The conditions under which the answer holds.
    pub conditions: Vec<Condition>,
    /// The answer.
    pub result: Answer,
    /// How it was checked, when it was. A claim of the file; a checker checks afresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckRecord>,
}

/// The program that wrote a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Generator {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// The question in one line, `d/dX tr(V*X*W)`.
    pub text: String,
    /// The expression that is differentiated, in the input language.
    pub expression: String,
    /// What is done with it.
    #[serde(default, skip_serializing_if = "Task::is_derive")]
    pub task: Task,
    /// The variables, outermost derivative first.
    pub wrt: Vec<String>,
    /// The expression as a node.
    pub node: NodeId,
    /// The declarations, one string each; complete: those that were inferred are included.
    pub given: Vec<String>,
    /// The layout of the answer.
    pub layout: Layout,
    /// How structure of the variable counts.
    pub structured: Reading,
    /// How sums over indices are shown to readers. The texts of the trace have every sum with a sign.
    #[serde(default, skip_serializing_if = "Notation::is_explicit")]
    pub notation: Notation,
}

/// How sums over indices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Notation {
    /// With a sign.
    #[default]
    Explicit,
    /// Without one: an index that occurs twice in a product is summed.
    Einstein,
}

impl Notation {
    /// Whether every sum has a sign.
    pub fn is_explicit(&self) -> bool {
        *self == Notation::Explicit
    }
}

impl Problem {
    /// What is wanted of the expression.
    pub fn wanted(&self) -> Wanted {
        Wanted { task: self.task, layout: self.layout, structured: self.structured }
    }
}

/// What is wanted of an expression, beside what the text of the question says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// What is done with it.
    pub task: Task,
    /// The layout of the answer.
    pub layout: Layout,
    /// How structure of the variable counts.
    pub structured: Reading,
}

/// What is done with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// It is differentiated.
    #[default]
    Derive,
    /// A matrix expression is written as index sums, in the one chain `value`.
    Lower,
    /// An index expression is read back as matrices, in the one chain `matrix`.
    Raise,
    /// A matrix expression is brought to the form that a textbook prints, in the one chain `matrix`.
    Simplify,
}

impl Task {
    /// Whether it is to differentiate.
    pub fn is_derive(&self) -> bool {
        *self == Task::Derive
    }

    /// What is done, in a word.
    pub fn done(self) -> &'static str {
        match self {
            Task::Derive => "differentiated",
            Task::Lower => "lowered",
            Task::Raise => "raised",
            Task::Simplify => "simplified",
        }
    }
}

/// How derivatives are laid out as arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A scalar's derivative has the shape of the variable; a vector's by a vector has a row for each entry of the numerator.
    #[default]
    Mixed,
    /// Mixed, with the derivative of a scalar by a vector or matrix transposed.
    Numerator,
    /// Mixed, with the derivative of a vector or matrix transposed.
    Denominator,
}

impl Layout {
    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Mixed => "mixed",
            Layout::Numerator => "numerator",
            Layout::Denominator => "denominator",
        }
    }
}

/// Where a name came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The user declared it.
    Declared,
    /// It was inferred from spelling and use.
    Inferred,
    /// It belongs to lemmas and is not part of the problem.
    Lemma,
}

/// A dimension that occurs by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DimRecord {
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
}

/// The kind of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SymbolKind {
    /// A scalar: shape `[]`.
    Scalar,
    /// A column vector: shape `[n]`.
    Vector,
    /// A row: shape `[1, n]`.
    Row,
    /// A matrix: shape `[m, n]`.
    Matrix,
    /// A tensor: shape `[k, m, n]`, or longer. It stands nowhere but in elements.
    Tensor,
}

/// A symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SymbolKind,
    /// Its shape.
    pub shape: Vec<Dim>,
    /// Its declared properties.
    pub properties: Vec<String>,
    /// Where it came from.
    pub origin: Origin,
    /// Of a symbol of lemmas, the parameter that its entries depend on, each in its own way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends: Option<SymbolId>,
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IndexRole {
    /// A summed index.
    Sum,
    /// An index of the variable that is differentiated by.
    Variable,
    /// A free index of the value.
    Value,
    /// It stays at one position, which is its name, counted from 1. It is neither free nor bound.
    Literal,
}

/// An index: binding is by its number, its name is for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Index {
    /// Its position in the table.
    pub id: IndexId,
    /// Its letter.
    pub name: String,
    /// The dimension it runs over.
    pub dim: Dim,
    /// What it is for.
    pub role: IndexRole,
}

impl Index {
    /// The position at which it stays, if it is a literal one.
    pub fn position(&self) -> Option<u64> {
        self.name.parse().ok().filter(|position| *position > 0 && self.role == IndexRole::Literal)
    }
}

/// One thing that was found out about shapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShapeFact {
    /// The expression.
    pub node: NodeId,
    /// Its shape.
    pub shape: Vec<Dim>,
    /// The rule that gave it.
    pub rule: RuleId,
    /// The values of the slots of the rule's sentence.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub slots: Slots,
    /// What it follows from, in a sentence; made from the slots.
    #[serde(default)]
    pub constraint: String,
    /// The expressions it follows from.
    pub from: Vec<NodeId>,
}

/// The stable id of a rule, such as `delta.contract`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RuleId(pub Cow<'static, str>);

/// A chain of equalities: `left`, then each link's `after`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    /// `value`, `element`, `matrix`, `layout`, or `lemma:NAME`.
    pub id: String,
    /// Of a lemma, its own symbols: it holds for whatever is put for them, and mentions no others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<SymbolId>,
    /// Where it starts.
    pub left: NodeId,
    /// Its links in order.
    pub links: Vec<Step>,
}

impl Chain {
    /// The last line.
    pub fn end(&self) -> NodeId {
        self.links.last().map_or(self.left, |step| step.after)
    }
}

/// The phase of the method that a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Write the value as explicit sums.
    Lower,
    /// Differentiate.
    Differentiate,
    /// Remove Kronecker deltas.
    Contract,
    /// Rename, add like terms, cancel.
    Collect,
    /// Read the element back as matrices.
    Raise,
    /// Bring the matrix form to the form a textbook prints.
    Simplify,
}

/// A path in a node: positions among the children, outermost first.
pub type Path = Vec<u32>;

/// One application of one rule, at one place or at several; or a group of finer steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Its number, unique in the derivation, in order of appearance.
    pub id: u32,
    /// The phase it belongs to.
    pub phase: Phase,
    /// The rule. Where there are finer steps, the rule that the group is about; they justify it.
    pub rule: RuleId,
    /// A few words for a heading.
    pub title: Cow<'static, str>,
    /// Why.
    pub because: Because,
    /// The line before; for a finer step, the replaced expression before.
    pub before: NodeId,
    /// The line after: `before` with the `replaced` pairs exchanged at the paths `at`.
    pub after: NodeId,
    /// The places, as paths from `before`; none inside another.
    pub at: Vec<Path>,
    /// One pair for each place: what stood there and what stands there now.
    pub replaced: Vec<[NodeId; 2]>,
    /// The lemma that is used: the id of a chain that stands before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lemma: Option<String>,
    /// What is put for the symbols of the lemma, one map for each of its uses that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<IndexMap<String, NodeId>>,
    /// What a reader sees marked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// The cases of a delta whose indices are both free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// The line after, as text; made from the nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The line after, as LaTeX; made from the nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latex: Option<String>,
    /// Finer steps. They speak of the one replaced expression: they lead from `replaced[0][0]` to `replaced[0][1]`,
    /// and their paths start there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// Why a step holds: values for the slots of the rule's sentence, and the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Because {
    /// The values of the slots, one map for each place that says something of its own.
    pub slots: Vec<Slots>,
    /// The sentence in plain text; made from the slots.
    #[serde(default)]
    pub text: String,
}

/// The values of the slots of a sentence, by their names.
pub type Slots = IndexMap<Cow<'static, str>, Slot, FxBuildHasher>;

/// The value of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// An index.
    Index(IndexId),
    /// Several indices.
    Indices(Vec<IndexId>),
    /// An expression.
    Node(NodeId),
    /// Several expressions.
    Nodes(Vec<NodeId>),
    /// A dimension.
    Dim(Dim),
    /// A count.
    Count(u32),
    /// A word of the field.
    Word(String),
}

/// What is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// A factor held constant, drawn with a bar.
    Held,
    /// A delta, or the index it replaces, under one group.
    Delta,
    /// What changed.
    Changed,
}

/// A mark on a part of the line after the step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// What is marked.
    pub kind: MarkKind,
    /// The place, a path from `after`.
    pub at: Path,
    /// Marks of one group belong together.
    #[serde(default)]
    pub group: u32,
}

/// One case of a discussion by cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// The conditions, all of which hold: index, `"="` or `"!="`, index.
    pub when: Vec<(IndexId, Relation, IndexId)>,
    /// The value of the line after in this case.
    pub after: NodeId,
}

/// How two indices compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Relation {
    /// Equal.
    #[serde(rename = "=")]
    Equal,
    /// Different.
    #[serde(rename = "!=")]
    Different,
}

/// A condition under which the answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// The scalar, vector or matrix that must not be zero.
    pub node: NodeId,
    /// How it compares with zero.
    pub relation: ConditionKind,
    /// The condition in plain text, `w != 0`, `inv(X) is invertible`; made from the node.
    pub text: String,
    /// The step that needs it.
    pub step: u32,
}

/// What must hold of a condition's node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionKind {
    /// It is not zero.
    Nonzero,
    /// It is positive.
    Positive,
    /// It is invertible.
    Invertible,
    /// None of its entries is zero.
    NonzeroEntries,
    /// All its entries are positive.
    PositiveEntries,
    /// It has full rank.
    FullRank,
}

impl ConditionKind {
    /// What is said before and behind the node.
    ///
    /// ```
    /// use einstep_trace::ConditionKind;
    /// assert_eq!(ConditionKind::NonzeroEntries.words(), ("every entry of ", " differs from 0"));
    /// ```
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            ConditionKind::Nonzero => ("", " != 0"),
            ConditionKind::Positive => ("", " > 0"),
            ConditionKind::Invertible => ("", " is invertible"),
            ConditionKind::NonzeroEntries => ("every entry of ", " differs from 0"),
            ConditionKind::PositiveEntries => ("every entry of ", " is positive"),
            ConditionKind::FullRank => ("", " has full rank"),
        }
    }
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A matrix expression.
    Matrix,
    /// The matrix of the vectorised derivative.
    Kronecker,
    /// An element with its free indices only.
    Index,
}

/// The answer in all its forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The end of the last chain.
    pub node: NodeId,
    /// The matrix form in the input language, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The matrix ∂vec(Y)/∂vec(X)' of a derivative of order 3 or 4 in the input language, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vec: Option<String>,
    /// The matrix form as LaTeX, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latex: Option<String>,
    /// Its shape.
    pub shape: Vec<Dim>,
    /// Which form `node` has.
    pub form: Form,
    /// The element in index notation.
    pub index: String,
    /// The free indices of `index`, in the order of the slots of the answer.
    pub free: Vec<String>,
    /// The element as sums of products of arrays, one entry a term; empty where a term has another form.
    pub einsum: Vec<Einsum>,
    /// Names for subexpressions that occur more than once, where they make what is printed much shorter. A later one may
    /// use the earlier ones; `text` and `latex` use none.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Named>,
    /// Why a form is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A name for an expression, for readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// The name; nothing else in the derivation has it.
    pub name: String,
    /// The expression.
    pub node: NodeId,
}

/// One term of the element as an einsum: coefficient × product of scalars × `einsum(spec, operands)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Einsum {
    /// The exact coefficient.
    pub coefficient: crate::node::Rational,
    /// Scalar factors.
    pub scalars: Vec<NodeId>,
    /// One group of letters an operand, then the letters of the output: `kp,qk->pq`.
    pub spec: String,
    /// The operands: matrix expressions.
    pub operands: Vec<NodeId>,
}

/// How a trace was checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckRecord {
    /// The verdict.
    pub status: CheckStatus,
    /// Why, when it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many steps were checked, finer ones included.
    pub steps: u32,
    /// At how many points each.
    pub points: u32,
    /// The sizes given to the dimensions, one map an assignment.
    pub sizes: Vec<IndexMap<String, u64>>,
    /// A bound on the probability that a wrong step passed, as a power of two: 2^-bits.
    pub error_bits: u32,
    /// The seed of the points, in hexadecimal.
    pub seed: String,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// Every step holds.
    Accepted,
    /// A step is wrong.
    Rejected,
    /// It could not be judged.
    Declined,
}

/// The symbol table entry of an id, or `None` when it is out of range.
pub(crate) fn symbol(derivation: &Derivation, id: SymbolId) -> Option<&Symbol> {
    derivation.symbols.get(id.at())
}
