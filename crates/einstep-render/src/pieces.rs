//! Notation as a row of pieces with places where it may be broken, and the breaking.
//!
//! In: notation, and a pen that knows how to write what can't be broken. Out: rows of pieces, none wider than wanted.
//! Left to others: letters, commands, colours.

use crate::notation::{Between, BigKind, BigSign, Level, Notation, Style};

/// A piece of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) width: usize,
    pub(crate) style: Style,
    pub(crate) gap: Option<Gap>,
}

/// A place before a piece where a row may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    /// Small where a break disturbs least.
    pub(crate) level: usize,
    /// How wide the blank is when the row does not end here.
    pub(crate) blank: usize,
}

/// A row under construction.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) depth: usize,
    pub(crate) style: Style,
    gap: Option<Gap>,
}

/// What separates two parts, the least disturbing break first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seam {
    Sign,
    BeforeBig,
    Factor,
}

impl Row {
    /// Adds a piece.
    pub(crate) fn piece(&mut self, text: impl Into<String>, width: usize) {
        let text = text.into();
        if text.is_empty() {
            return;
        }
        let gap = if self.pieces.is_empty() { None } else { self.gap.take() };
        self.pieces.push(Piece { text, width, style: self.style, gap });
        self.gap = None;
    }

    /// Allows a break here.
    pub(crate) fn seam(&mut self, seam: Seam, blank: usize) {
        self.gap = Some(Gap { level: self.depth * 3 + seam as usize, blank });
    }

    /// The width on one line.
    pub(crate) fn width(&self) -> usize {
        width(&self.pieces)
    }
}

/// The width of pieces on one line.
pub(crate) fn width(pieces: &[Piece]) -> usize {
    pieces.iter().enumerate().map(|(k, piece)| piece.width + blank(piece, k == 0)).sum()
}

fn blank(piece: &Piece, first: bool) -> usize {
    if first { 0 } else { piece.gap.map_or(0, |gap| gap.blank) }
}

/// Writes what all formats write alike: terms, factors, signs, brackets, marks.
pub(crate) trait Pen {
    /// The row that is written.
    fn row(&mut self) -> &mut Row;
    /// Writes what the format draws in its own way.
    fn own(&mut self, notation: &Notation);
    /// Writes a mark's begin or end, where marks are not only a style.
    fn mark(&mut self, style: Style, begin: bool);
    /// Writes a plus or minus: between terms, or in front of the first.
    fn sign(&mut self, negative: bool, first: bool);
    /// Writes the sign of a sum or product over one index.
    fn big_sign(&mut self, kind: BigKind, sign: &BigSign);
    /// Writes what stands between two factors, and allows a break there.
    fn joint(&mut self, between: Between, seam: Seam);
    /// Writes an opening or closing bracket around something.
    fn bracket(&mut self, inner: &Notation, round: bool, begin: bool);
    /// Writes `∂/∂x`.
    fn operator(&mut self, by: &Notation);

    /// Writes notation.
    fn write(&mut self, notation: &Notation) {
        match notation {
            Notation::Terms(terms) => {
                for (position, (negative, term)) in terms.iter().enumerate() {
                    if position > 0 {
                        self.row().seam(Seam::Sign, 1);
                    }
                    self.sign(*negative, position == 0);
                    self.write(term);
                }
            }
            Notation::Product(joint, factors) => {
                for (position, factor) in factors.iter().enumerate() {
                    if position > 0 {
                        let between = Notation::between(*joint, &factors[position - 1], factor);
                        let seam = if factor.level() <= Level::Prefix { Seam::BeforeBig } else { Seam::Factor };
                        self.joint(between, seam);
                    }
                    self.write(factor);
                }
            }
            Notation::Big(kind, signs, body) => {
                for sign in signs {
                    self.marked(if sign.marked { Style::Changed } else { Style::Plain }, |pen| {
                        pen.big_sign(*kind, sign)
                    });
                    self.row().seam(Seam::Factor, 1);
                }
                self.write(body);
            }
            Notation::Operator(by, body, marked) => {
                self.marked(if *marked { Style::Changed } else { Style::Plain }, |pen| pen.operator(by));
                self.row().seam(Seam::Factor, 1);
                self.write(body);
            }
            Notation::Paren(inner) => self.enclosed(inner, true),
            Notation::Bracket(inner) => self.enclosed(inner, false),
            Notation::Marked(style, inner) => self.marked(*style, |pen| pen.write(inner)),
            other => self.own(other),
        }
    }

    /// Writes something in brackets, which belong to what is marked in them as a whole.
    fn enclosed(&mut self, inner: &Notation, round: bool) {
        if let Notation::Marked(style, inner) = inner {
            return self.marked(*style, |pen| pen.enclosed(inner, round));
        }
        self.bracket(inner, round, true);
        self.row().depth += 1;
        self.write(inner);
        self.row().depth -= 1;
        self.bracket(inner, round, false);
    }

    /// Writes something in a style; inside a mark, marks are not repeated.
    fn marked(&mut self, style: Style, inner: impl FnOnce(&mut Self)) {
        if style == Style::Plain || self.row().style != Style::Plain {
            return inner(self);
        }
        self.row().style = style;
        self.mark(style, true);
        inner(self);
        self.mark(style, false);
        self.row().style = Style::Plain;
    }
}

/// Divides a piece so that its front is at most so wide.
pub(crate) type Split = fn(&Piece, usize) -> (Piece, Piece);

/// How far a row is set in that goes on inside a term; one that begins with a new term is not.
pub(crate) const HANG: usize = 2;

/// How far a row after the first is set in.
pub(crate) fn hang(row: &[Piece]) -> usize {
    let inside = |piece: &Piece| piece.gap.is_none_or(|gap| gap.level != Seam::Sign as usize);
    if row.first().is_some_and(inside) { HANG } else { 0 }
}

/// Breaks pieces into rows of at most the given width; all rows but the first leave room to be set in by [`hang`].
///
/// Where no break is allowed in time, `split` may divide a piece; a format that can't do that lets the row run over.
pub(crate) fn wrap(pieces: Vec<Piece>, avail: usize, split: Option<Split>) -> Vec<Vec<Piece>> {
    let mut avail = avail.max(HANG + 2);
    let mut rows = Vec::new();
    let mut rest = pieces;
    while width(&rest) > avail {
        let end = best_break(&rest, avail).or_else(|| match split {
            Some(split) => Some(glued(&mut rest, avail, split)),
            None => (1..rest.len()).find(|&position| rest[position].gap.is_some()),
        });
        let Some(end) = end else { break };
        let tail = rest.split_off(end);
        if rows.is_empty() {
            avail -= HANG;
        }
        rows.push(std::mem::replace(&mut rest, tail));
    }
    rows.push(rest);
    rows
}

/// The best place to end a row that must be at most `avail` wide.
fn best_break(pieces: &[Piece], avail: usize) -> Option<usize> {
    let mut used = 0;
    let mut best: Option<(bool, usize, usize)> = None;
    for (position, piece) in pieces.iter().enumerate() {
        if let (Some(gap), true) = (piece.gap, position > 0) {
            // A row that is nearly empty is worse than a break in a bad place.
            let candidate = (used < avail / 3, gap.level, position);
            if best.is_none_or(|(short, level, _)| (candidate.0, candidate.1) <= (short, level)) {
                best = Some(candidate);
            }
        }
        used += piece.width + blank(piece, position == 0);
        if used > avail {
            break;
        }
    }
    best.map(|(.., position)| position)
}

/// Where no break is allowed: the end of the whole pieces that fit, or of a part of the first.
fn glued(pieces: &mut Vec<Piece>, avail: usize, split: Split) -> usize {
    let mut used = 0;
    let fitting = pieces.iter().take_while(|piece| {
        used += piece.width;
        used <= avail
    });
    match fitting.count() {
        0 => {
            let (front, back) = split(&pieces[0], avail);
            pieces[0] = back;
            pieces.insert(0, front);
            1
        }
        count => count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(words: &[(&str, Option<usize>)]) -> Vec<Piece> {
        let piece = |(text, level): &(&str, Option<usize>)| Piece {
            text: text.to_string(),
            width: text.len(),
            style: Style::Plain,
            gap: level.map(|level| Gap { level, blank: 1 }),
        };
        words.iter().map(piece).collect()
    }

    fn rows(words: &[(&str, Option<usize>)], avail: usize) -> Vec<String> {
        let split = |piece: &Piece, at: usize| {
            let (front, back) = piece.text.split_at(at);
            let part = |text: &str| Piece { text: text.into(), width: text.len(), ..piece.clone() };
            (part(front), part(back))
        };
        let join = |row: &Vec<Piece>| {
            let words = row.iter().enumerate();
            words.map(|(k, p)| [if k > 0 && p.gap.is_some() { " " } else { "" }, &p.text].concat()).collect()
        };
        wrap(pieces(words), avail, Some(split)).iter().map(join).collect()
    }

    #[test]
    fn rows_break_where_it_disturbs_least() {
        let words = [("aaa", None), ("bbb", Some(2)), ("+ ccc", Some(0)), ("ddd", Some(2)), ("+ eee", Some(0))];
        assert_eq!(rows(&words, 14), ["aaa bbb", "+ ccc ddd", "+ eee"]);
        assert_eq!(rows(&words, 40), ["aaa bbb + ccc ddd + eee"]);
        assert_eq!(rows(&words, 17), ["aaa bbb + ccc ddd", "+ eee"]);
    }

    #[test]
    fn a_piece_without_a_break_is_divided() {
        assert_eq!(rows(&[("aaaaaaaa", None), ("bb", None)], 5), ["aaaaa", "aaa", "bb"]);
    }
}
