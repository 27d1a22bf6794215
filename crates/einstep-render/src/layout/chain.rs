//! A chain as lines, folded to the level of detail.
//!
//! In: a chain of the record. Out: its lines with left sides, marks, rules, sentences. A finer step speaks of a part of
//! its line; here it is shown within the whole line. Left to others: how a line is set.

use super::{Author, Condition, Line, Section};
use crate::Detail;
use crate::marks::{Marks, What, differences};
use crate::notation::{Notation, Relation, Style};
use crate::plain;
use crate::sentence::{Inline, MAX_MATH, sentence};
use crate::view::View;
use einstep_trace::{Chain, IndexId, MarkKind, Node, NodeId, Path, Phase, Step, Task};

/// The greatest depth of finer steps that is shown.
const MAX_DEPTH: usize = 64;

/// A line that will be shown, and the step that led to it.
struct Shown<'a> {
    view: View,
    step: &'a Step,
    /// The way to the part of the line that the step speaks of.
    prefix: Path,
    /// Marks of the step on the line, with the way to the part they speak of.
    marks: (&'a [einstep_trace::Mark], Path),
    /// The steps of one phase that are folded into the line, when there are several.
    folded: &'a [Step],
}

/// What a section begins with.
struct Opening {
    heading: Vec<Inline>,
    left: Notation,
    /// A line that is not the work of a step, and why it stands there.
    first: Option<(Notation, &'static str)>,
}

impl<'a> Author<'a> {
    /// The section of a chain; `None` when it says nothing.
    pub(super) fn section(&mut self, chain: &'a Chain) -> Option<Section> {
        let shown = self.shown(chain);
        if shown.is_empty() && chain.id != "element" && chain.id != "layout" {
            return None;
        }
        let view = View::of(chain.left);
        let marks = self.marks(&view, None, shown.first());
        let Opening { heading, left, first } = self.opening(chain, &view, &marks);
        let mut lines = Vec::with_capacity(shown.len() + 1);
        if let Some((math, why)) = first {
            let sentence = if why.is_empty() { vec![] } else { vec![Inline::Words(why.into())] };
            lines.push(Line { left: None, math, rule: String::new(), sentence, cases: vec![], drawing: None });
        }
        let mut was_array = self.builder.entry(&view, None).is_some();
        let mut above = self.unmarked(&view);
        for (position, line) in shown.iter().enumerate() {
            let marks = self.marks(&line.view, Some(line), shown.get(position + 1));
            let (math, is_array) = match self.builder.entry(&line.view, Some(&marks)) {
                Some((_, body)) => (self.builder.line(body), true),
                None => (self.builder.line(line.view.root(Some(&marks))), false),
            };
            let raised = chain.id == "matrix" && was_array && !is_array;
            was_array = is_array;
            // A step between two readings that look the same says nothing.
            let here = self.unmarked(&line.view);
            let says_nothing = here == above && !raised && line.step.cases.is_empty();
            above = here;
            if says_nothing {
                continue;
            }
            let (rule, sentence) = self.reason(line);
            let cases = line.step.cases.iter().map(|case| self.case(case)).collect();
            lines.push(Line {
                left: raised.then(|| self.answered(false)),
                math,
                rule,
                sentence,
                cases,
                drawing: if raised && self.detail != Detail::Outline {
                    self.drawing(chain.left, line.view.outermost())
                } else {
                    None
                },
            });
        }
        // Where the left side changes at once, there is nothing to say of the first.
        let left = lines.first().is_none_or(|line| line.left.is_none()).then_some(left);
        Some(Section { heading, left, lines })
    }

    /// A line as text, without marks.
    fn unmarked(&mut self, view: &View) -> String {
        let line = match self.builder.entry(view, None) {
            Some((_, body)) => self.builder.line(body),
            None => self.builder.line(view.root(None)),
        };
        plain::line(&line)
    }

    fn opening(&mut self, chain: &Chain, view: &View, marks: &Marks) -> Opening {
        let words = |text: &str| vec![Inline::Words(text.to_string())];
        let line = self.builder.line(view.root(Some(marks)));
        let restated = self.detail != Detail::Outline || chain.links.is_empty();
        match chain.id.as_str() {
            "value" => {
                let is_explicit = self.derivation.problem.notation.is_explicit();
                let heading =
                    words(if is_explicit { "The value, as explicit sums" } else { "The value, by its entries" });
                match &self.abbreviation {
                    Some((letter, _)) => Opening { heading, left: letter.clone(), first: Some((line, "")) },
                    None => Opening { heading, left: line, first: None },
                }
            }
            "element" => {
                let heading = self.element_heading();
                let left = self.element_derivative();
                // Where the value is shown as it was given, the line would only repeat the left side.
                let same =
                    self.chain("value").is_none_or(|value| value.links.is_empty()) && self.abbreviation.is_none();
                if same && self.by.len() == 1 {
                    Opening { heading, left: line, first: None }
                } else {
                    Opening { heading, left, first: restated.then_some((line, "the value as written above")) }
                }
            }
            "matrix" => {
                let (left, line) = match self.builder.entry(view, Some(marks)) {
                    Some((labels, body)) => (self.derivative_element(labels, false), self.builder.line(body)),
                    None => (self.answered(false), line),
                };
                let (heading, why) = match self.derivation.problem.task {
                    Task::Raise => ("Back to matrices", "the expression"),
                    Task::Simplify => ("The expression, made shorter", "the expression"),
                    Task::Derive | Task::Lower => ("Back to matrices", "the element from above"),
                };
                let heading = words(heading);
                Opening { heading, left, first: restated.then_some((line, why)) }
            }
            "layout" => {
                let heading = words(&format!("In {} layout: the transpose", self.derivation.problem.layout.name()));
                Opening {
                    heading,
                    left: self.answered(true),
                    first: restated.then_some((line, "the transpose of the matrix above")),
                }
            }
            id => Opening { heading: self.lemma_heading(chain, id), left: line, first: None },
        }
    }

    /// What the chain of elements is about: `One element of the derivative, by x_pq`.
    fn element_heading(&self) -> Vec<Inline> {
        let derivative = match self.by.len() {
            0 | 1 => "derivative".to_string(),
            2 => "second derivative".to_string(),
            order => format!("derivative of order {order}"),
        };
        let scalars = self.by.iter().all(|by| matches!(by, Notation::Name(_)));
        let mut heading = match scalars && !self.by.is_empty() {
            true => vec![Inline::Words(format!("The {derivative}"))],
            false => vec![Inline::Words(format!("One element of the {derivative},"))],
        };
        let mut by = self.by.clone();
        by.dedup();
        for (position, element) in by.iter().enumerate() {
            let before = match position {
                0 => " by ",
                last if last + 1 == by.len() => " and ",
                _ => ", ",
            };
            heading.push(Inline::Words(before.into()));
            heading.push(Inline::Math(element.clone()));
        }
        heading
    }

    /// What a lemma is about, and which of its symbols depend on which.
    fn lemma_heading(&self, chain: &Chain, id: &str) -> Vec<Inline> {
        let name = id.strip_prefix("lemma:").unwrap_or(id);
        let rule = einstep_trace::rule(&format!("diff.{name}"));
        let about = rule.map_or_else(|| name.to_string(), |rule| format!("the {}", rule.name));
        let mut heading = vec![Inline::Words(format!("Lemma: {about}"))];
        for &id in &chain.symbols {
            let depends = self.derivation.symbols.get(id.at()).and_then(|symbol| symbol.depends);
            if let Some(parameter) = depends {
                heading.push(Inline::Words(", where ".into()));
                heading.push(Inline::Math(self.builder.symbol(id)));
                heading.push(Inline::Words(" depends on ".into()));
                heading.push(Inline::Math(self.builder.symbol(parameter)));
            }
        }
        heading
    }

    /// The derivative of an element of the value by elements of the variables.
    pub(super) fn element_derivative(&self) -> Notation {
        let value = self.value_element().unwrap_or_else(|| self.value.clone());
        match self.by.is_empty() {
            true if self.derivation.problem.task == Task::Lower => value,
            true => self.derivative(),
            false => Notation::Derivative(Box::new(value), self.by.clone()),
        }
    }

    /// The element of the value that the chains speak of, where the value is no scalar.
    fn value_element(&self) -> Option<Notation> {
        let left = self.chain("value")?.left;
        let Some(Node::Elem { of, at }) = self.derivation.nodes.get(left.at()) else { return None };
        if *of != self.derivation.problem.node {
            return None;
        }
        Some(self.value.clone().subscripted(self.builder.slots(*of, at)))
    }

    /// The lines of a chain at the level of detail.
    fn shown(&self, chain: &'a Chain) -> Vec<Shown<'a>> {
        let mut shown = Vec::new();
        match self.detail {
            Detail::Outline => {
                for run in chain.links.chunk_by(|a, b| a.phase == b.phase) {
                    let Some(last) = run.last() else { continue };
                    unfold(last, &mut vec![], false, &mut shown);
                    if let (Some(line), true) = (shown.last_mut(), run.len() > 1) {
                        line.folded = run;
                    }
                }
            }
            detail => {
                for step in &chain.links {
                    unfold(step, &mut vec![], detail == Detail::Full, &mut shown);
                }
            }
        }
        shown
    }

    /// The marks of a line: what its own step marked, and what the next step changes.
    fn marks(&self, view: &View, own: Option<&Shown<'a>>, next: Option<&Shown<'a>>) -> Marks {
        let mut marks = Marks::default();
        let array = self.builder.entry(view, None).is_some();
        // To mark a whole line says nothing.
        let whole = |path: &[u32]| path.is_empty() || (array && path == [0]);
        if let Some(next) = next
            && next.folded.is_empty()
        {
            for (at, [from, to]) in next.step.at.iter().zip(&next.step.replaced) {
                for (path, what) in differences(self.derivation, *from, *to) {
                    let path = [&next.prefix[..], at, &path].concat();
                    if !(whole(&path) && matches!(what, What::Whole(_))) {
                        marks.add(&path, what);
                    }
                }
            }
        }
        if let Some(own) = own.filter(|own| self.made && own.folded.is_empty()) {
            for (at, [from, to]) in own.step.at.iter().zip(&own.step.replaced) {
                for (path, what) in differences(self.derivation, *to, *from) {
                    let path = [&own.prefix[..], at, &path].concat();
                    if !whole(&path) && matches!(what, What::Whole(_)) {
                        marks.add(&path, What::Whole(Style::Made));
                    }
                }
            }
        }
        if let Some(own) = own {
            let (own, prefix) = &own.marks;
            for mark in *own {
                let path = [&prefix[..], &mark.at].concat();
                match mark.kind {
                    MarkKind::Held => marks.add(&path, What::Held),
                    MarkKind::Delta => marks.add(&path, What::Whole(Style::Delta)),
                    MarkKind::Changed => {}
                }
            }
        }
        marks
    }

    /// The rule and the sentence at a line.
    fn reason(&mut self, line: &Shown<'a>) -> (String, Vec<Inline>) {
        let mut conditions = self.conditions_of(line.step);
        let (rule, mut words) = if line.folded.is_empty() {
            (line.step.rule.0.to_string(), sentence(&mut self.builder, line.step))
        } else {
            let mut rules: Vec<&str> = Vec::new();
            for step in line.folded {
                if !rules.contains(&&*step.rule.0) {
                    rules.push(&step.rule.0);
                }
                for condition in self.conditions_of(step) {
                    if !conditions.contains(&condition) {
                        conditions.push(condition);
                    }
                }
            }
            (phase_word(line.step.phase).to_string(), vec![Inline::Words(rules.join(", "))])
        };
        if line.step.lemma.is_some() && line.folded.is_empty() {
            let cited = if self.detail == Detail::Full { "by the lemma above" } else { "a lemma" };
            let lead = if words.is_empty() { "" } else { "; " };
            words.push(Inline::Words(format!("{lead}{cited}")));
        }
        let all = conditions.len();
        conditions.retain(|condition| condition.width() <= MAX_MATH);
        if conditions.len() < all {
            let lead = if words.is_empty() { "" } else { "; " };
            words.push(Inline::Words(format!("{lead}under a condition given with the answer")));
        }
        let mut last = String::new();
        for Condition { before, notation, behind } in conditions {
            // `for a ≠ 0, b ≠ 0`
            let lead = match words.is_empty() {
                true => before.clone(),
                false if before == last && behind.is_empty() => ", ".into(),
                false => format!("; {before}"),
            };
            words.extend([Inline::Words(lead), Inline::Math(notation)]);
            if !behind.is_empty() {
                words.push(Inline::Words(behind.into()));
            }
            last = before;
        }
        (rule, words)
    }

    fn case(&mut self, case: &einstep_trace::Case) -> (Vec<Notation>, Notation) {
        let index = |id: &IndexId| Box::new(self.builder.index(*id));
        let when = case.when.iter().map(|(left, relation, right)| {
            let relation = match relation {
                einstep_trace::Relation::Equal => Relation::Equal,
                einstep_trace::Relation::Different => Relation::Different,
            };
            Notation::Relation(index(left), relation, index(right))
        });
        let when = when.collect();
        let view = View::of(case.after);
        let after = match self.builder.entry(&view, None) {
            Some((_, body)) => self.builder.line(body),
            None => self.builder.node(case.after),
        };
        (when, after)
    }
}

/// The lines of a step: one, or those of its finer steps, each within the whole line.
fn unfold<'a>(step: &'a Step, outer: &mut Vec<(NodeId, Path)>, finer: bool, shown: &mut Vec<Shown<'a>>) {
    let prefix = || outer.iter().flat_map(|(_, path)| path).copied().collect::<Path>();
    let joins = match (step.at.as_slice(), step.replaced.as_slice(), step.steps.first(), step.steps.last()) {
        ([_], [[from, to]], Some(first), Some(last)) => first.before == *from && last.after == *to,
        _ => false,
    };
    if !(finer && joins && outer.len() < MAX_DEPTH) {
        let view = View::inside(outer, step.after);
        shown.push(Shown { view, step, prefix: prefix(), marks: (&step.marks, prefix()), folded: &[] });
        return;
    }
    let own_prefix = prefix();
    outer.push((step.before, step.at[0].clone()));
    for finer in &step.steps {
        unfold(finer, outer, true, shown);
    }
    outer.pop();
    // The last finer step ends where this one does; that line is in the table as it is, so paths from it hold.
    if let Some(last) = shown.last_mut() {
        last.view = View::inside(outer, step.after);
        if !step.marks.is_empty() {
            last.marks = (&step.marks, own_prefix);
        }
    }
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Lower => "lower",
        Phase::Differentiate => "differentiate",
        Phase::Contract => "contract",
        Phase::Collect => "collect",
        Phase::Raise => "raise",
        Phase::Simplify => "simplify",
    }
}
