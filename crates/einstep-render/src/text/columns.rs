//! Where the columns of a text stand: equality signs, rules, sentences.
//!
//! In: a document and a width. Out: columns that hold for all its chains. Left to others: what stands in them.

use crate::layout::Document;
use crate::pieces::width;
use crate::plain;
use crate::sentence::plain_text;

/// The widest left side that stands before an equality sign; wider ones have a line of their own.
const MAX_LEFT: usize = 18;
/// The least room for sentences beside the rules.
const MIN_SENTENCE: usize = 26;

/// The columns of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The column of the equality signs.
    pub(super) equals: usize,
    /// The columns of rules and sentences, where they stand beside the lines.
    pub(super) margin: Option<Margin>,
    /// The column of the rules beside facts.
    pub(super) fact_margin: usize,
    /// The last column in use.
    pub(super) right: usize,
}

/// The columns of rules and sentences.
#[derive(Debug, Clone, Copy)]
pub(super) struct Margin {
    pub(super) rule: usize,
    pub(super) sentence: usize,
}

impl Columns {
    pub(super) fn of(document: &Document, width: usize) -> Columns {
        let chains = || document.sections.iter();
        let lines = || chains().flat_map(|section| &section.lines);
        let lefts =
            chains().filter_map(|section| section.left.as_ref()).chain(lines().filter_map(|line| line.left.as_ref()));
        let widest = MAX_LEFT.min(width / 4);
        let left = lefts.map(measure).filter(|&left| left <= widest).max().unwrap_or(4);
        let equals = left.max(4) + 3;
        let rule = lines().map(|line| plain::columns(&line.rule)).max().unwrap_or(0);
        let margin = margin(document, width, equals, rule);
        let fact_rule = document.facts.iter().map(|fact| plain::columns(&fact.rule)).max().unwrap_or(0);
        let fact_text =
            document.facts.iter().map(|fact| plain::columns(&plain_text(&fact.sentence)) + 4).max().unwrap_or(0);
        let fact_margin = match margin {
            Some(margin) if fact_text <= margin.rule && margin.rule + fact_rule <= width => margin.rule,
            _ => width.saturating_sub(fact_rule).min(fact_text).max(24),
        };
        let right = match margin {
            Some(margin) => {
                let sentences = lines().map(|line| plain::columns(&plain_text(&line.sentence)));
                margin.sentence + sentences.max().unwrap_or(0)
            }
            None => fact_margin + fact_rule,
        };
        Columns { equals, margin, fact_margin, right: right.clamp(width.min(60), width) }
    }
}

/// The margin, where there is room for it: most lines must fit to its left.
fn margin(document: &Document, width: usize, equals: usize, rule: usize) -> Option<Margin> {
    let lines = || document.sections.iter().flat_map(|section| &section.lines);
    let sentence = lines().map(|line| plain::columns(&plain_text(&line.sentence))).max().unwrap_or(0);
    let room = sentence.min(MIN_SENTENCE);
    let most = width.checked_sub(room + 2 + rule + 2)?;
    let mut widths: Vec<usize> = lines().map(|line| equals + 2 + measure(&line.math)).collect();
    let all = widths.len();
    widths.retain(|width| *width <= most);
    if widths.len() * 4 < all * 3 {
        return None;
    }
    let rule_at = widths.into_iter().max()? + 2;
    // A margin that is shared with the facts is calmer.
    let sentence_at = rule_at + rule + 2;
    Some(Margin { rule: rule_at, sentence: sentence_at })
}

/// The width of notation on one line, with room for the brackets of marks.
fn measure(notation: &crate::notation::Notation) -> usize {
    width(&plain::pieces(notation, true))
}

/// Text in rows of at most the given width, broken at blanks, or anywhere in a word that is too long.
pub(super) fn words(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut rows: Vec<String> = Vec::new();
    let mut row = String::new();
    // An equality is not torn apart.
    let bound = text.replace(" = ", "\u{1}=\u{1}").replace(" ≠ ", "\u{1}≠\u{1}");
    for word in bound.split(' ').filter(|word| !word.is_empty()) {
        let word = &word.replace('\u{1}', " ");
        if !row.is_empty() && plain::columns(&row) + 1 + plain::columns(word) > width {
            rows.push(std::mem::take(&mut row));
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
        while plain::columns(&row) > width {
            let (front, back) = cut(&row, width);
            rows.push(front);
            row = back;
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

/// Text divided so that the front is at most `width` columns wide; the front has at least one letter.
pub(super) fn cut(text: &str, width: usize) -> (String, String) {
    let ends = text.char_indices().skip(1).map(|(position, _)| position).chain([text.len()]);
    let end = ends.take_while(|&end| plain::columns(&text[..end]) <= width).last();
    let first = text.chars().next().map_or(0, char::len_utf8);
    let (front, back) = text.split_at(end.unwrap_or(first));
    (front.to_string(), back.to_string())
}
