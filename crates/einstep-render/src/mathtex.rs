//! Notation in LaTeX.
//!
//! In: notation. Out: pieces of LaTeX in math mode, with an estimate of their width in columns of text.
//! Left to others: where lines break, the document.

use crate::names::{Name, Stem};
use crate::notation::{Bars, Between, BigKind, BigSign, Joint, Level, Notation, Relation, Style, Top};
use crate::pieces::{Pen, Piece, Row, Seam, hang, width, wrap};
use crate::plain;
use crate::scripts::is_short;

/// A pen that writes LaTeX.
#[derive(Debug, Default)]
pub(crate) struct Tex {
    row: Row,
    /// How marks are written, if they are.
    mark: Option<Mark>,
    /// Names below which something is written.
    below: Vec<(Notation, String)>,
}

/// The pieces of notation; `mark` is for what is marked inside a piece.
pub(crate) fn pieces(notation: &Notation, mark: Mark) -> Vec<Piece> {
    let mut pen = Tex { mark: Some(mark), ..Tex::default() };
    pen.write(notation);
    pen.row.pieces
}

/// Notation as one formula, without marks.
pub(crate) fn formula(notation: &Notation) -> String {
    code(notation, None).0
}

/// Notation as one formula, with the shape of each array below its name.
pub(crate) fn with_shapes(notation: &Notation, shapes: &[(Notation, Vec<Notation>)]) -> String {
    let shape = |dims: &Vec<Notation>| dims.iter().map(formula).collect::<Vec<_>>().join(" \\times ");
    let below = shapes.iter().map(|(name, dims)| (name.clone(), shape(dims))).collect();
    let mut pen = Tex { below, ..Tex::default() };
    pen.write(notation);
    join(&pen.row.pieces, |_, code| code.into())
}

/// Pieces as one formula; those that are marked alike and side by side are marked as one.
pub(crate) fn join(pieces: &[Piece], mark: Mark) -> String {
    let mut formula = String::new();
    for (position, group) in pieces.chunk_by(|a, b| a.style == b.style).enumerate() {
        if position > 0 && !(group[0].gap.is_none() && formula.ends_with(['(', '['])) {
            formula.push(' ');
        }
        formula.push_str(&mark(group[0].style, &glued(group)));
    }
    formula
}

/// How a part is marked: code around code.
pub(crate) type Mark = fn(Style, &str) -> String;

/// The rows of notation, broken to a width, with their widths.
pub(crate) fn rows(notation: &Notation, avail: usize, mark: Mark) -> Vec<(String, usize)> {
    let rows = wrap(pieces(notation, mark), avail, None);
    let code = |(position, row): (usize, &Vec<Piece>)| {
        let set_in = if position > 0 && hang(row) > 0 { "\\quad " } else { "" };
        (format!("{set_in}{}", join(row, mark)), width(row))
    };
    rows.iter().enumerate().map(code).collect()
}

/// Marks with the commands of a document.
pub(crate) fn coloured(style: Style, code: &str) -> String {
    marked(style, code, ["\\einstepchanged", "\\einstepdelta"])
}

/// Marks with a line below.
pub(crate) fn underlined(style: Style, code: &str) -> String {
    marked(style, code, ["\\underline", "\\underline"])
}

fn marked(style: Style, code: &str, [changed, delta]: [&str; 2]) -> String {
    let command = match style {
        Style::Plain | Style::Made => return code.to_string(),
        Style::Changed => changed,
        Style::Delta => delta,
    };
    // The braces of a command take the space around a sign between terms, and after a big one, away.
    if let Some(signed) = code.strip_prefix("{} ") {
        let (sign, rest) = signed.split_at(1);
        let rest = if rest.is_empty() { String::new() } else { marked(style, rest.trim_start(), [changed, delta]) };
        return format!("{{}} \\mathbin{{{command}{{{sign}}}}} {rest}").trim_end().to_string();
    }
    // What joins a factor to the next one is at its end.
    let end = JOINTS.iter().find_map(|joint| code.strip_suffix(joint).map(|code| (code, *joint)));
    let (code, joint) = end.unwrap_or((code, ""));
    let ends_big = code.starts_with("\\sum") || code.starts_with("\\prod");
    format!("{command}{{{code}}}{}{joint}", if ends_big { "\\," } else { "" })
}

/// What stands behind a factor that another one follows.
const JOINTS: [&str; 6] = [" \\,", " \\odot", " \\oslash", " \\otimes", " \\times", " \\cdot"];

fn glued(pieces: &[Piece]) -> String {
    let mut code = String::new();
    for piece in pieces {
        if !(code.is_empty() || piece.gap.is_none() && code.ends_with(['(', '['])) {
            code.push(' ');
        }
        code.push_str(&piece.text);
    }
    code
}

/// A formula and its estimated width.
fn code(notation: &Notation, mark: Option<Mark>) -> (String, usize) {
    let mut pen = Tex { mark, ..Tex::default() };
    pen.write(notation);
    (join(&pen.row.pieces, mark.unwrap_or(|_, code| code.into())), pen.row.width())
}

impl Tex {
    fn put(&mut self, (text, width): (impl Into<String>, usize)) {
        self.row.piece(text, width);
    }

    fn glue(&mut self, text: &str, width: usize) {
        match self.row.pieces.last_mut() {
            Some(last) => {
                last.text.push_str(text);
                last.width += width;
            }
            None => self.put((text, width)),
        }
    }

    fn inner(&self, notation: &Notation) -> (String, usize) {
        code(notation, self.mark.filter(|_| self.row.style == Style::Plain))
    }

    fn in_brackets(&self, notation: &Notation, wanted: Level) -> (String, usize) {
        if notation.level() < wanted {
            self.inner(&Notation::Paren(Box::new(notation.clone())))
        } else {
            self.inner(notation)
        }
    }

    /// A function, then parts between brackets as high as they are.
    fn list(&mut self, function: (String, usize), [open, close]: [&str; 2], parts: &[Notation]) {
        let [left, right] = SIZES[parts.iter().map(height).max().unwrap_or(0)];
        self.put((format!("{}{left}{open}", function.0), function.1 + 1));
        self.row.depth += 1;
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                self.glue(",", 1);
                self.row.seam(Seam::Sign, 1);
            }
            self.write(part);
        }
        self.row.depth -= 1;
        self.glue(&format!("{right}{close}"), 1);
    }

    fn grid(&mut self, rows: &[Vec<Notation>]) {
        let mut width = 0;
        let mut codes = Vec::with_capacity(rows.len());
        for row in rows {
            let blocks: Vec<(String, usize)> = row.iter().map(|block| self.inner(block)).collect();
            width = width.max(blocks.iter().map(|block| block.1 + 2).sum());
            codes.push(blocks.into_iter().map(|block| block.0).collect::<Vec<_>>().join(" & "));
        }
        self.put((format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", codes.join(" \\\\ ")), width));
    }

    fn bar(&mut self, inner: &Notation) {
        let narrow = |name: &Name| name.sub.is_none() && !matches!(name.stem, Stem::Word(_));
        match inner {
            Notation::Name(name) if narrow(name) => {
                self.put((format!("\\bar{{{}}}", name_code(name)), 1));
            }
            Notation::Script(base, labels) => match &**base {
                Notation::Name(name) if narrow(name) => {
                    let (labels, width) = group(labels);
                    self.put((format!("\\bar{{{}}}_{{{labels}}}", name_code(name)), 1 + width));
                }
                _ => {
                    let (base, wide) = self.inner(base);
                    let (labels, width) = group(labels);
                    self.put((format!("\\overline{{{base}}}_{{{labels}}}"), wide + width));
                }
            },
            other => {
                let (inner, width) = self.inner(other);
                self.put((format!("\\overline{{{inner}}}"), width));
            }
        }
    }

    fn derivative(&mut self, over: &Notation, by: &[Notation]) {
        let (over, wide) = self.in_brackets(over, Level::Atom);
        let mut under = String::new();
        let mut width = 0;
        for (position, by) in by.iter().enumerate() {
            let (code, wide) = self.inner(by);
            let space = if position > 0 { "\\, " } else { "" };
            under.push_str(&format!("{space}\\partial {code}"));
            width += wide + 1;
        }
        let order = if by.len() == 1 { String::new() } else { format!("^{{{}}}", by.len()) };
        self.put((format!("\\frac{{\\partial{order} {over}}}{{{under}}}"), width.max(wide + 1)));
    }
}

impl Pen for Tex {
    fn row(&mut self) -> &mut Row {
        &mut self.row
    }

    fn mark(&mut self, _: Style, _: bool) {
        if self.mark.is_none() {
            self.row.style = Style::Plain;
        }
    }

    fn sign(&mut self, negative: bool, first: bool) {
        match (negative, first) {
            (true, true) => self.put(("-", 1)),
            (false, true) => {}
            (true, false) => self.put(("{} -", 2)),
            (false, false) => self.put(("{} +", 2)),
        }
    }

    fn big_sign(&mut self, kind: BigKind, sign: &BigSign) {
        let command = match kind {
            BigKind::Sum => "\\sum",
            BigKind::Product => "\\prod",
        };
        let (index, _) = self.inner(&sign.index);
        let (to, _) = self.inner(&sign.to);
        self.put((format!("{command}_{{{index}=1}}^{{{to}}}"), 3));
    }

    fn joint(&mut self, between: Between, seam: Seam) {
        let (code, blank) = match between {
            Between::Sign(joint) => match joint {
                Joint::Plain => ("", 0),
                Joint::Hadamard => (" \\odot", 1),
                Joint::Divide => (" \\oslash", 1),
                Joint::Kronecker => (" \\otimes", 1),
                Joint::Cross => (" \\times", 1),
                Joint::Dimensions => (" \\,", 0),
            },
            Between::Dot => (" \\cdot", 1),
            Between::Blank => (" \\,", 0),
            Between::Nothing => ("", 0),
        };
        self.glue(code, blank);
        self.row.seam(seam, blank);
    }

    fn bracket(&mut self, inner: &Notation, round: bool, begin: bool) {
        let size = SIZES[height(inner)][usize::from(!begin)];
        match (round, begin) {
            (true, true) => self.put((format!("{size}("), 1)),
            (false, true) => self.put((format!("{size}["), 1)),
            (true, false) => self.glue(&format!("{size})"), 1),
            (false, false) => self.glue(&format!("{size}]"), 1),
        }
    }

    fn operator(&mut self, by: &Notation) {
        let (by, width) = self.inner(by);
        self.put((format!("\\frac{{\\partial}}{{\\partial {by}}}"), width + 1));
    }

    fn own(&mut self, notation: &Notation) {
        match notation {
            Notation::Number(digits) => self.put((digits.as_str(), digits.len())),
            Notation::Name(name) => {
                let width = match &name.stem {
                    Stem::Word(word) => word.chars().count(),
                    _ => 1,
                };
                let code = match self.below.iter().find(|(other, _)| other == notation) {
                    Some((_, below)) => format!("\\underset{{{below}}}{{{}}}", name_code(name)),
                    None => name_code(name),
                };
                self.put((code, width + name.sub.as_ref().map_or(0, |sub| sub.len().div_ceil(2))));
            }
            Notation::Identity(None) => self.put(("I", 1)),
            Notation::Identity(Some(size)) => {
                let (labels, width) = group(std::slice::from_ref(&**size));
                self.put((format!("I_{{{labels}}}"), 1 + width));
            }
            Notation::Constant(digit, shape) => {
                let shape: Vec<String> = shape.iter().map(|dim| self.inner(dim).0).collect();
                self.put((format!("\\mathbf{{{digit}}}_{{{}}}", shape.join(" \\times ")), 2 + shape.len()));
            }
            Notation::Delta => self.put(("\\delta", 1)),
            Notation::Levi => self.put(("\\varepsilon", 1)),
            Notation::Script(base, labels) => {
                self.write(base);
                let (labels, width) = group(labels);
                self.glue(&format!("_{{{labels}}}"), width);
            }
            Notation::Power(base, exponent) => {
                self.write(base);
                let (exponent, width) = self.inner(exponent);
                self.glue(&format!("^{{{exponent}}}"), width.div_ceil(2));
            }
            Notation::EntryPower(base, exponent) => {
                self.write(base);
                let (exponent, width) = self.inner(exponent);
                self.glue(&format!("^{{\\odot {exponent}}}"), width.div_ceil(2) + 1);
            }
            Notation::Raised(base, top) => {
                self.write(base);
                self.glue(
                    match top {
                        Top::Transpose => "^{\\top}",
                        Top::Inverse => "^{-1}",
                        Top::InverseTranspose => "^{-\\top}",
                        Top::Pseudoinverse => "^{+}",
                    },
                    1,
                );
            }
            Notation::Fraction(over, under) => {
                // The bar holds the numerator together.
                let over = if let Notation::Paren(inner) = &**over { inner } else { over };
                let (over, wide) = self.inner(over);
                let (under, width) = self.inner(under);
                self.put((format!("\\frac{{{over}}}{{{under}}}"), width.max(wide)));
            }
            Notation::Root(inner) => {
                let (inner, width) = self.inner(inner);
                self.put((format!("\\sqrt{{{inner}}}"), width + 1));
            }
            Notation::Norm(inner, bars) => {
                let brackets = match bars {
                    Bars::Norm => ["\\lVert", " \\rVert"],
                    Bars::Frobenius => ["\\lVert", " \\rVert_{F}"],
                    Bars::One => ["\\lVert", " \\rVert_{1}"],
                    Bars::Absolute => ["\\lvert", " \\rvert"],
                };
                self.list((String::new(), 0), brackets, std::slice::from_ref(&**inner));
            }
            Notation::Grid(rows) => self.grid(rows),
            Notation::Inner(args) => self.list((String::new(), 0), ["\\langle", " \\rangle"], args),
            Notation::Apply(name, args) => self.list((function(name), name.chars().count()), ["(", ")"], args),
            Notation::Group(labels) => {
                let (labels, width) = group(labels);
                self.put((format!("({labels})"), width + 2));
            }
            Notation::Bar(inner) => self.bar(inner),
            Notation::Derivative(over, by) => self.derivative(over, by),
            Notation::Relation(left, relation, right) => {
                self.write(left);
                self.glue(
                    match relation {
                        Relation::Equal => " =",
                        Relation::Different => " \\neq",
                        Relation::Greater => " >",
                    },
                    2,
                );
                self.row.seam(Seam::Sign, 1);
                self.write(right);
            }
            _ => self.put(("\\dots", 1)),
        }
    }
}

/// What makes brackets so high, opening and closing.
const SIZES: [[&str; 2]; 3] = [["", ""], ["\\Bigl", "\\Bigr"], ["\\biggl", "\\biggr"]];

/// How high brackets around something must be: 0 as a letter, 1 as a low fraction, 2 as a sum.
fn height(notation: &Notation) -> usize {
    match notation {
        Notation::Big(..) => 2,
        Notation::Grid(rows) if rows.len() > 1 => 2,
        Notation::Fraction(over, under) if height(over).max(height(under)) == 0 => 1,
        Notation::Fraction(..) | Notation::Derivative(..) | Notation::Operator(..) => 2,
        Notation::Terms(terms) => terms.iter().map(|(_, term)| height(term)).max().unwrap_or(0),
        Notation::Product(_, factors) => factors.iter().map(height).max().unwrap_or(0),
        Notation::Marked(_, inner)
        | Notation::Bar(inner)
        | Notation::Raised(inner, _)
        | Notation::Paren(inner)
        | Notation::Bracket(inner)
        | Notation::Norm(inner, _)
        | Notation::Root(inner) => height(inner),
        Notation::Script(base, _) | Notation::Power(base, _) | Notation::EntryPower(base, _) => height(base),
        Notation::Apply(_, args) | Notation::Inner(args) => args.iter().map(height).max().unwrap_or(0),
        _ => 0,
    }
}

/// A group of subscripts and its estimated width.
fn group(labels: &[Notation]) -> (String, usize) {
    let codes: Vec<String> = labels.iter().map(formula).collect();
    let short = labels.iter().all(is_short);
    let joined = codes.join(if short { "" } else { "," });
    let letters: usize = labels.iter().map(|label| plain::columns(&plain::line(label))).sum();
    let width = (letters * 2).div_ceil(3) + if short { 0 } else { labels.len() / 2 };
    let spaced = short && codes.iter().any(|code| code.starts_with('\\'));
    (if spaced { codes.join(" ") } else { joined }, width)
}

fn name_code(name: &Name) -> String {
    let stem = match &name.stem {
        Stem::Letter(letter) => letter_code(*letter),
        Stem::Greek(_, command) => command.to_string(),
        Stem::Word(word) => format!("\\mathrm{{{}}}", word.chars().map(letter_code).collect::<String>()),
    };
    match &name.sub {
        None => stem,
        Some(sub) if sub.chars().count() == 1 || sub.chars().all(|c| c.is_ascii_digit()) => {
            format!("{stem}_{{{}}}", sub.chars().map(letter_code).collect::<String>())
        }
        Some(sub) => format!("{stem}_{{\\mathrm{{{}}}}}", sub.chars().map(letter_code).collect::<String>()),
    }
}

/// A letter in math mode that any LaTeX can typeset.
fn letter_code(c: char) -> String {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ',' => c.to_string(),
        '_' => "\\_".into(),
        'ℓ' => "\\ell ".into(),
        // Latin letters with accents.
        '\u{c0}'..='\u{ff}' => format!("\\text{{{c}}}"),
        _ => format!("\\text{{U+{:04X}}}", c as u32),
    }
}

fn function(name: &str) -> String {
    const KNOWN: &[&str] =
        &["exp", "log", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "det"];
    if name == "σ" {
        "\\sigma".into()
    } else if name == "log det" {
        "\\log\\det".into()
    } else if KNOWN.contains(&name) {
        format!("\\{name}")
    } else {
        format!("\\operatorname{{{}}}", name.chars().map(letter_code).collect::<String>())
    }
}
