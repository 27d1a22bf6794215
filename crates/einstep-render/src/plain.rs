//! Notation in Unicode on one line, for terminals.
//!
//! In: notation. Out: pieces of text. Subscripts are raised letters where Unicode has all of a group, `x_pq` otherwise.
//! Left to others: where lines break, colours.

use crate::names::{Name, Stem};
use crate::notation::{Bars, Between, BigKind, BigSign, Joint, Level, Notation, Relation, Style, Top};
use crate::pieces::{Pen, Piece, Row, Seam};
use crate::scripts::{SUBSCRIPTS, subscript, subscript_letter, superscript};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The number of columns of a text.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// A pen that writes Unicode.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    row: Row,
    /// Whether marks are drawn as ‹ ›; otherwise they are left to colour.
    brackets: bool,
    /// Whether factors stand without a blank where that is clear.
    tight: bool,
}

/// The pieces of notation; marks are brackets or left as styles.
pub(crate) fn pieces(notation: &Notation, brackets: bool) -> Vec<Piece> {
    let mut pen = Plain { brackets, ..Plain::default() };
    pen.write(notation);
    pen.row.pieces
}

/// Notation on one line, without marks.
pub(crate) fn line(notation: &Notation) -> String {
    join(&pieces(notation, false))
}

/// Notation on one line, with factors as close as is clear.
pub(crate) fn tight(notation: &Notation) -> String {
    let mut pen = Plain { tight: true, ..Plain::default() };
    pen.write(notation);
    join(&pen.row.pieces)
}

/// Pieces on one line.
pub(crate) fn join(pieces: &[Piece]) -> String {
    let mut line = String::new();
    for (position, piece) in pieces.iter().enumerate() {
        if position > 0 {
            line.extend(std::iter::repeat_n(' ', piece.gap.map_or(0, |gap| gap.blank)));
        }
        line.push_str(&piece.text);
    }
    line
}

/// A piece divided so that the front is at most `avail` wide; the front has at least one letter.
pub(crate) fn split(piece: &Piece, avail: usize) -> (Piece, Piece) {
    let mut used = 0;
    let end = piece.text.char_indices().skip(1).find_map(|(position, c)| {
        let first = piece.text[..position].width();
        used = first + c.width().unwrap_or(0);
        (used > avail).then_some(position)
    });
    let (front, back) = piece.text.split_at(end.unwrap_or(piece.text.len()));
    let part = |text: &str, gap| Piece { text: text.to_string(), width: text.width(), style: piece.style, gap };
    (part(front, piece.gap), part(back, None))
}

impl Plain {
    fn put(&mut self, text: impl Into<String>) {
        let text = text.into();
        let width = text.width();
        self.row.piece(text, width);
    }

    /// Adds to the last piece.
    fn glue(&mut self, text: &str) {
        match self.row.pieces.last_mut() {
            Some(last) => {
                last.text.push_str(text);
                last.width = last.text.width();
            }
            None => self.put(text),
        }
    }

    /// Pieces of something on its own, with the settings of this pen.
    fn apart(&self, notation: &Notation) -> String {
        let mut pen = Plain { tight: self.tight, ..Plain::default() };
        pen.write(notation);
        join(&pen.row.pieces)
    }

    fn script(&mut self, base: &Notation, labels: &[Notation]) {
        let group = subscript(labels);
        match base.bare() {
            // What is in brackets may be long, and broken inside.
            Notation::Paren(_)
            | Notation::Bracket(_)
            | Notation::Grid(_)
            | Notation::Apply(..)
            | Notation::Norm(..) => {
                self.write(base);
                self.glue(&group);
            }
            _ => {
                let base = self.apart(base);
                self.put(base + &group);
            }
        }
    }

    fn power(&mut self, base: &Notation, exponent: &Notation) {
        let ascii = matches!(base.bare(), Notation::Script(_, labels) if subscript(labels).starts_with('_'));
        if ascii {
            self.enclosed(base, true);
        } else {
            self.write(base);
        }
        let exponent = superscript(&line(exponent)).unwrap_or_else(|| format!("^{}", in_line(exponent)));
        self.glue(&exponent);
    }

    fn fraction(&mut self, over: &Notation, under: &Notation) {
        let quotient =
            |notation: &Notation| matches!(notation.bare(), Notation::Fraction(..) | Notation::Derivative(..));
        let within = |factors: &[Notation]| factors.iter().any(quotient);
        let nested = quotient(over) || matches!(over.bare(), Notation::Product(_, factors) if within(factors));
        if over.level() < Level::Product || nested {
            self.enclosed(over, true);
        } else {
            self.row.depth += 1;
            self.write(over);
            self.row.depth -= 1;
        }
        // A long fraction may be broken before its stroke.
        if over.level() < Level::Product || under.level() < Level::Atom {
            self.row.seam(Seam::Factor, 0);
            self.put("/");
        } else {
            self.glue("/");
        }
        if under.level() < Level::Atom {
            self.enclosed(under, true);
        } else {
            self.row.depth += 1;
            self.write(under);
            self.row.depth -= 1;
        }
    }

    fn root(&mut self, inner: &Notation) {
        self.put("√");
        match inner.bare() {
            Notation::Name(_)
            | Notation::Number(_)
            | Notation::Script(..)
            | Notation::Norm(..)
            | Notation::Apply(..)
                if inner.level() >= Level::Atom =>
            {
                self.write(inner);
            }
            _ => self.enclosed(inner, true),
        }
    }

    /// Parts between brackets.
    fn list(&mut self, open: &str, parts: &[Notation], close: &str) {
        self.put(open);
        self.row.depth += 1;
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                self.glue(",");
                self.row.seam(Seam::Sign, 1);
            }
            self.write(part);
        }
        self.row.depth -= 1;
        self.glue(close);
    }

    /// A block matrix: blocks of a row end in a comma, rows in a semicolon.
    fn grid(&mut self, rows: &[Vec<Notation>]) {
        self.put("[");
        self.row.depth += 1;
        for (number, row) in rows.iter().enumerate() {
            for (position, block) in row.iter().enumerate() {
                if number > 0 || position > 0 {
                    self.glue(if position == 0 { ";" } else { "," });
                    self.row.seam(if position == 0 { Seam::Sign } else { Seam::Factor }, 1);
                }
                self.write(block);
            }
        }
        self.row.depth -= 1;
        self.glue("]");
    }

    fn bar(&mut self, inner: &Notation) {
        let letter = |name: &Name| match name.stem {
            Stem::Letter(c) | Stem::Greek(c, _) if name.sub.is_none() => Some(format!("{c}\u{304}")),
            _ => None,
        };
        match inner {
            Notation::Name(name) if letter(name).is_some() => self.put(letter(name).unwrap_or_default()),
            Notation::Script(base, labels) => match &**base {
                Notation::Name(name) if letter(name).is_some() => {
                    self.put(letter(name).unwrap_or_default() + &subscript(labels));
                }
                _ => {
                    let base = overlined(&self.apart(base));
                    self.put(base + &subscript(labels));
                }
            },
            other => {
                let whole = overlined(&self.apart(other));
                self.put(whole);
            }
        }
    }

    fn derivative(&mut self, over: &Notation, by: &[Notation]) {
        let order = match by.len() {
            1 => String::new(),
            n => superscript(&n.to_string()).unwrap_or_default(),
        };
        self.put(format!("∂{order}"));
        if over.level() < Level::Atom {
            self.enclosed(over, true);
        } else {
            self.write(over);
        }
        self.glue("/");
        let by: Vec<String> = by.iter().map(|by| format!("∂{}", self.apart(by))).collect();
        let by = if by.len() == 1 { by.concat() } else { format!("({})", by.join(" ")) };
        self.put(by);
    }
}

impl Pen for Plain {
    fn row(&mut self) -> &mut Row {
        &mut self.row
    }

    fn mark(&mut self, style: Style, begin: bool) {
        if !self.brackets || style != Style::Changed {
        } else if begin {
            self.put("‹");
        } else {
            self.glue("›");
        }
    }

    fn sign(&mut self, negative: bool, first: bool) {
        match (negative, first) {
            (true, true) => self.put("−"),
            (false, true) => {}
            (true, false) => self.put("− "),
            (false, false) => self.put("+ "),
        }
    }

    fn big_sign(&mut self, kind: BigKind, sign: &BigSign) {
        let letter = match kind {
            BigKind::Sum => "Σ",
            BigKind::Product => "Π",
        };
        self.put(format!("{letter}{}", subscript(std::slice::from_ref(&sign.index))));
    }

    fn joint(&mut self, between: Between, seam: Seam) {
        let blank = match between {
            Between::Sign(joint) => {
                self.glue(match joint {
                    Joint::Plain => "",
                    Joint::Hadamard => " ⊙",
                    Joint::Divide => " ⊘",
                    Joint::Kronecker => " ⊗",
                    Joint::Cross => " ×",
                    Joint::Dimensions => "·",
                });
                joint != Joint::Dimensions
            }
            Between::Dot => {
                self.glue(" ·");
                true
            }
            Between::Nothing => false,
            Between::Blank => {
                let last = self.row.pieces.last().and_then(|piece| piece.text.chars().last());
                // A subscript ends a factor clearly.
                !(self.tight && last.is_some_and(|c| SUBSCRIPTS.iter().any(|(_, script)| *script == c)))
            }
        };
        self.row.seam(seam, usize::from(blank));
    }

    fn bracket(&mut self, _: &Notation, round: bool, begin: bool) {
        match (round, begin) {
            (true, true) => self.put("("),
            (false, true) => self.put("["),
            (true, false) => self.glue(")"),
            (false, false) => self.glue("]"),
        }
    }

    fn operator(&mut self, by: &Notation) {
        let by = self.apart(by);
        self.put(format!("∂/∂{by}"));
    }

    fn own(&mut self, notation: &Notation) {
        match notation {
            Notation::Number(digits) => self.put(digits.as_str()),
            Notation::Name(name) => self.put(name_text(name)),
            Notation::Identity(None) => self.put("I"),
            Notation::Identity(Some(size)) => self.put(format!("I{}", subscript(std::slice::from_ref(&**size)))),
            Notation::Constant(digit, shape) => {
                let shape: Vec<String> = shape.iter().map(line).collect();
                let group = shape.join("x");
                let raised: Option<String> = group.chars().map(subscript_letter).collect();
                self.put(format!("{digit}{}", raised.unwrap_or_else(|| format!("_{{{}}}", shape.join("×")))));
            }
            Notation::Delta => self.put("δ"),
            Notation::Levi => self.put("ε"),
            Notation::Script(base, labels) => self.script(base, labels),
            Notation::Power(base, exponent) => self.power(base, exponent),
            Notation::EntryPower(base, exponent) => {
                self.write(base);
                self.glue(&format!("^⊙{}", in_line(exponent)));
            }
            Notation::Raised(base, top) => {
                self.write(base);
                self.glue(match top {
                    Top::Transpose => "ᵀ",
                    Top::Inverse => "⁻¹",
                    Top::InverseTranspose => "⁻ᵀ",
                    Top::Pseudoinverse => "⁺",
                });
            }
            Notation::Fraction(over, under) => self.fraction(over, under),
            Notation::Root(inner) => self.root(inner),
            Notation::Norm(inner, bars) => {
                let (open, close) = match bars {
                    Bars::Norm => ("‖", "‖"),
                    Bars::Frobenius => ("‖", "‖_F"),
                    Bars::One => ("‖", "‖₁"),
                    Bars::Absolute => ("|", "|"),
                };
                self.list(open, std::slice::from_ref(&**inner), close);
            }
            Notation::Grid(rows) => self.grid(rows),
            Notation::Inner(args) => self.list("⟨", args, "⟩"),
            Notation::Apply(name, args) => self.list(&format!("{name}("), args, ")"),
            Notation::Group(labels) => {
                let labels: Vec<String> = labels.iter().map(line).collect();
                self.put(format!("({})", labels.join(",")));
            }
            Notation::Bar(inner) => self.bar(inner),
            Notation::Derivative(over, by) => self.derivative(over, by),
            Notation::Relation(left, relation, right) => {
                self.write(left);
                self.glue(match relation {
                    Relation::Equal => " =",
                    Relation::Different => " ≠",
                    Relation::Greater => " >",
                });
                self.row.seam(Seam::Sign, 1);
                self.write(right);
            }
            _ => self.put("…"),
        }
    }
}

/// An exponent that Unicode can't raise.
fn in_line(exponent: &Notation) -> String {
    if exponent.level() >= Level::Atom { line(exponent) } else { format!("({})", line(exponent)) }
}

fn overlined(text: &str) -> String {
    let mut barred = String::with_capacity(3 * text.len());
    for c in text.chars() {
        barred.push(c);
        if c.width().unwrap_or(0) > 0 {
            barred.push('\u{305}');
        }
    }
    barred
}

/// A name with its subscript.
fn name_text(name: &Name) -> String {
    let stem = match &name.stem {
        Stem::Letter(letter) | Stem::Greek(letter, _) => letter.to_string(),
        Stem::Word(word) => word.clone(),
    };
    match &name.sub {
        None => stem,
        Some(sub) => {
            // A word raised letter by letter is hard to read.
            let short = sub.chars().count() == 1 || sub.chars().all(|c| c.is_ascii_digit());
            let raised: Option<String> = sub.chars().map(subscript_letter).collect();
            stem + &raised.filter(|_| short).unwrap_or_else(|| format!("_{sub}"))
        }
    }
}
