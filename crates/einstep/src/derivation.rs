//! A finished derivation: the record, and its readings.
//!
//! In: a checked record. Out: its chains and answer, text, LaTeX, JSON. Left to others: layout (`einstep-render`).

use crate::error::Error;
use crate::stack::deep;
use einstep_check::Rejection;
use einstep_render::{HtmlOptions, LatexOptions, MarkdownOptions, TextOptions, TypstOptions};
use einstep_trace::{Chain, CheckStatus, Condition, Step, Table, Texts};

/// A derivation that has been recorded and checked.
#[derive(Debug, Clone)]
pub struct Derivation {
    trace: einstep_trace::Derivation,
    table: Table,
}

impl Derivation {
    /// With names for what the answer repeats, if they are wanted.
    pub(crate) fn new(mut trace: einstep_trace::Derivation, names: bool) -> Result<Derivation, Error> {
        match Table::read(&trace) {
            Ok(table) => {
                if names {
                    trace.result.names = einstep_trace::names(&trace, &table);
                }
                Ok(Derivation { trace, table })
            }
            Err(error) => Err(Error::Internal(Box::new(Rejection {
                at: "the node table".into(),
                step: None,
                rule: None,
                place: None,
                message: error.to_string(),
                citation: false,
                counterexample: None,
            }))),
        }
    }

    /// The record.
    pub fn trace(&self) -> &einstep_trace::Derivation {
        &self.trace
    }

    /// The answer in the input language, when it has a matrix form: of order 3 or 4, ∂vec(Y)/∂vec(X)'.
    pub fn answer(&self) -> Option<&str> {
        let result = &self.trace.result;
        result.text.as_deref().or(result.vec.as_deref())
    }

    /// The answer as it is printed: in the input language, its matrix form or else its element, with names for what it
    /// repeats: `t0*t0'/t1 where t0 = A*x - b, t1 = ...`.
    pub fn printed_answer(&self) -> String {
        deep(|| {
            let result = &self.trace.result;
            let whole = || self.answer().unwrap_or(&result.index).to_string();
            if result.names.is_empty() {
                return whole();
            }
            let mut texts = Texts::with_names(&self.trace, &result.names);
            let mut text = |node| texts.text(node).unwrap_or_default();
            let definitions: Vec<String> =
                result.names.iter().map(|named| format!("{} = {}", named.name, text(named.node))).collect();
            format!("{} where {}", text(result.node), definitions.join(", "))
        })
    }

    /// The answer in all its forms.
    pub fn result(&self) -> &einstep_trace::Answer {
        &self.trace.result
    }

    /// The chains of equalities in order: lemmas, value, element, matrix.
    pub fn chains(&self) -> &[Chain] {
        &self.trace.chains
    }

    /// The links of all chains in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.trace.chains.iter().flat_map(|chain| &chain.links)
    }

    /// The conditions under which the answer holds.
    pub fn conditions(&self) -> &[Condition] {
        &self.trace.conditions
    }

    /// The verdict of the check: accepted or declined; a rejected derivation is an error, not a `Derivation`.
    pub fn status(&self) -> CheckStatus {
        self.trace.check.as_ref().map_or(CheckStatus::Declined, |check| check.status)
    }

    /// The derivation as Unicode text.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.derive()?;
    /// assert!(derivation.to_text(&Default::default()).contains("w/‖w‖"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn to_text(&self, options: &TextOptions) -> String {
        deep(|| einstep_render::text(&self.trace, &self.table, options))
    }

    /// The derivation as LaTeX: a document, or its body alone.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.derive()?;
    /// assert!(derivation.to_latex(&Default::default()).contains(r"\documentclass"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn to_latex(&self, options: &LatexOptions) -> String {
        deep(|| einstep_render::latex(&self.trace, &self.table, options))
    }

    /// The derivation as a page: one file of HTML with all levels of detail, its font and its record.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.derive()?;
    /// assert!(derivation.to_html(&Default::default()).contains("<math"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn to_html(&self, options: &HtmlOptions) -> String {
        deep(|| einstep_render::html(&self.trace, &self.table, &self.trace.to_json(), options))
    }

    /// The derivation as Markdown, for GitHub and Jupyter.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.derive()?;
    /// assert!(derivation.to_markdown(&Default::default()).contains("## Answer"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn to_markdown(&self, options: &MarkdownOptions) -> String {
        deep(|| einstep_render::markdown(&self.trace, &self.table, options))
    }

    /// The derivation as source for Typst.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.derive()?;
    /// assert!(derivation.to_typst(&Default::default()).contains("== Answer"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn to_typst(&self, options: &TypstOptions) -> String {
        deep(|| einstep_render::typst(&self.trace, &self.table, options))
    }

    /// The record as indented JSON with its texts filled in; compact JSON without them.
    ///
    /// ```
    /// let derivation = einstep::Problem::parse("d/dw norm(w)")?.derive()?;
    /// let json = derivation.to_json(false);
    /// assert_eq!(einstep::trace::Derivation::from_json(&json).unwrap().result.text.as_deref(), Some("w/norm(w)"));
    /// # Ok::<(), einstep::Error>(())
    /// ```
    pub fn to_json(&self, compact: bool) -> String {
        deep(|| {
            if compact {
                return self.trace.to_json();
            }
            let mut trace = self.trace.clone();
            for (fact, own) in trace.shapes.iter_mut().zip(&self.trace.shapes) {
                fact.constraint = einstep_render::shape_sentence(&self.trace, &self.table, own);
            }
            let mut texts = Texts::new(&self.trace);
            for chain in &mut trace.chains {
                for step in &mut chain.links {
                    self.fill(step, &mut texts);
                }
            }
            if self.answer().is_some() {
                trace.result.latex = Some(einstep_render::node_latex(&self.trace, &self.table, trace.result.node));
            }
            trace.to_json_pretty()
        })
    }

    fn fill(&self, step: &mut Step, texts: &mut Texts<'_>) {
        step.because.text = einstep_render::sentence(&self.trace, &self.table, step);
        step.text = texts.text(step.after);
        step.latex = Some(einstep_render::node_latex(&self.trace, &self.table, step.after));
        for finer in &mut step.steps {
            self.fill(finer, texts);
        }
    }
}
