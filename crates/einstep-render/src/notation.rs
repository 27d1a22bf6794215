//! The notation tree: what stands on the page, whatever the page is.
//!
//! In: parts put together by [`crate::build`]. Out: a tree of rows, fractions, scripts, sums, roots, bars, marks, with
//! all brackets in place that every format needs. Left to others: how each part is drawn; brackets that only a format
//! on one line needs, such as those of a denominator.

use crate::names::Name;

/// One piece of notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Digits.
    Number(String),
    /// A name.
    Name(Name),
    /// The identity, with its size where `I` alone would be another thing.
    Identity(Option<Box<Notation>>),
    /// The array all of whose entries are one digit, with its shape.
    Constant(char, Vec<Notation>),
    /// The Kronecker delta without its indices.
    Delta,
    /// The Levi-Civita symbol without its indices.
    Levi,
    /// A base with a group of subscripts.
    Script(Box<Notation>, Vec<Notation>),
    /// A base with an exponent.
    Power(Box<Notation>, Box<Notation>),
    /// A base with an exponent, entry by entry.
    EntryPower(Box<Notation>, Box<Notation>),
    /// A matrix with a raised sign: transposed, inverted.
    Raised(Box<Notation>, Top),
    /// A quotient.
    Fraction(Box<Notation>, Box<Notation>),
    /// A square root.
    Root(Box<Notation>),
    /// A norm or an absolute value.
    Norm(Box<Notation>, Bars),
    /// An inner product, in angles.
    Inner(Vec<Notation>),
    /// A function applied to arguments. A name of two words reads on to its right.
    Apply(String, Vec<Notation>),
    /// Several subscripts in one place.
    Group(Vec<Notation>),
    /// A part held constant.
    Bar(Box<Notation>),
    /// Sum or product signs before a body.
    Big(BigKind, Vec<BigSign>, Box<Notation>),
    /// Factors side by side.
    Product(Joint, Vec<Notation>),
    /// Terms with their signs; `true` is minus.
    Terms(Vec<(bool, Notation)>),
    /// `∂/∂x` before a body; marked or not.
    Operator(Box<Notation>, Box<Notation>, bool),
    /// `∂y/∂x`, with the order of the derivative.
    Derivative(Box<Notation>, Vec<Notation>),
    /// Round brackets.
    Paren(Box<Notation>),
    /// Square brackets: an array with the given entry.
    Bracket(Box<Notation>),
    /// A block matrix, row by row.
    Grid(Vec<Vec<Notation>>),
    /// A part that a reader's eye is led to.
    Marked(Style, Box<Notation>),
    /// `w ≠ 0` and its like.
    Relation(Box<Notation>, Relation, Box<Notation>),
    /// What was left out because it would be too large.
    Cut,
}

/// How factors are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// By standing side by side.
    Plain,
    /// By the sign of the elementwise product.
    Hadamard,
    /// By the sign of the elementwise quotient.
    Divide,
    /// By the sign of the Kronecker product.
    Kronecker,
    /// By the sign of the cross product.
    Cross,
    /// Dimensions, whose names side by side would read as one.
    Dimensions,
}

/// A sign raised at a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Top {
    Transpose,
    Inverse,
    InverseTranspose,
    Pseudoinverse,
}

/// The bars around something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bars {
    Norm,
    Frobenius,
    One,
    Absolute,
}

/// What stands between two factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    Nothing,
    Blank,
    Dot,
    Sign(Joint),
}

/// Which big sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BigKind {
    /// Σ
    Sum,
    /// Π
    Product,
}

/// A sum or product sign over one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BigSign {
    pub(crate) index: Notation,
    pub(crate) to: Notation,
    pub(crate) marked: bool,
}

/// How two sides compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    Different,
    Greater,
}

/// Why a part is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Style {
    /// It is not.
    #[default]
    Plain,
    /// The next line has something else here.
    Changed,
    /// A delta that will remove a sum, or what it replaces.
    Delta,
    /// The line before has something else here; only where that is asked for.
    Made,
}

/// How tightly a piece of notation holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Terms, or something with a sign or a relation.
    Terms,
    /// Takes in everything to its right: `Σᵢ`, `∂/∂x`.
    Prefix,
    /// Factors joined by a sign in a circle, or by a cross.
    Circle,
    /// Factors side by side.
    Product,
    /// One thing, but with a bar that takes part in nothing else: `a/b`, `∂y/∂x`.
    Fraction,
    /// One thing.
    Atom,
    /// One thing that can bear an exponent or a subscript.
    Base,
}

impl Notation {
    pub(crate) fn number(value: u64) -> Notation {
        Notation::Number(value.to_string())
    }

    pub(crate) fn name(name: &str) -> Notation {
        match name.parse::<u64>() {
            Ok(_) => Notation::Number(name.to_string()),
            Err(_) => Notation::Name(Name::read(name)),
        }
    }

    /// How tightly it holds together.
    ///
    /// This is a loop because rustc 1.95 makes one of a recursion through `min`, and one that starts from a number that is
    /// no level at all, so that the comparisons behind it are wrong in optimised builds.
    pub(crate) fn level(&self) -> Level {
        let (mut part, mut most) = (self, Level::Base);
        let own = loop {
            part = match part {
                Notation::Marked(_, inner) | Notation::Bar(inner) => inner,
                Notation::Product(Joint::Plain, factors) => {
                    most = Level::Product;
                    match factors.last() {
                        Some(last) => last,
                        None => break Level::Product,
                    }
                }
                Notation::Product(Joint::Dimensions, _) => break Level::Product,
                Notation::Product(..) => break Level::Circle,
                Notation::Terms(_) | Notation::Relation(..) => break Level::Terms,
                Notation::Big(..) | Notation::Operator(..) => break Level::Prefix,
                Notation::Apply(name, _) if name.contains(' ') => break Level::Prefix,
                Notation::Fraction(..) | Notation::Derivative(..) => break Level::Fraction,
                Notation::Power(..) | Notation::EntryPower(..) | Notation::Raised(..) | Notation::Root(_) => {
                    break Level::Atom;
                }
                _ => break Level::Base,
            };
        };
        own.min(most)
    }

    /// The parts it is put together of, in order; without the labels and limits of signs.
    pub(crate) fn parts(&self) -> Vec<&Notation> {
        match self {
            Notation::Number(_) | Notation::Name(_) | Notation::Delta | Notation::Levi | Notation::Cut => vec![],
            Notation::Identity(_) | Notation::Constant(..) => vec![],
            Notation::Script(inner, _) | Notation::Raised(inner, _) | Notation::Root(inner) => vec![inner],
            Notation::Norm(inner, _) | Notation::Bar(inner) | Notation::Big(_, _, inner) => vec![inner],
            Notation::Paren(inner) | Notation::Bracket(inner) | Notation::Marked(_, inner) => vec![inner],
            Notation::Power(first, second) | Notation::EntryPower(first, second) => vec![first, second],
            Notation::Fraction(first, second) | Notation::Operator(first, second, _) => vec![first, second],
            Notation::Relation(first, _, second) => vec![first, second],
            Notation::Inner(parts) | Notation::Apply(_, parts) | Notation::Group(parts) => parts.iter().collect(),
            Notation::Product(_, parts) => parts.iter().collect(),
            Notation::Terms(terms) => terms.iter().map(|(_, term)| term).collect(),
            Notation::Derivative(body, by) => std::iter::once(&**body).chain(by).collect(),
            Notation::Grid(rows) => rows.iter().flatten().collect(),
        }
    }

    /// The parts it is put together of, in order, to be changed; without the labels and limits of signs.
    pub(crate) fn parts_mut(&mut self) -> Vec<&mut Notation> {
        match self {
            Notation::Number(_) | Notation::Name(_) | Notation::Delta | Notation::Levi | Notation::Cut => vec![],
            Notation::Identity(_) | Notation::Constant(..) => vec![],
            Notation::Script(inner, _) | Notation::Raised(inner, _) | Notation::Root(inner) => vec![inner],
            Notation::Norm(inner, _) | Notation::Bar(inner) | Notation::Big(_, _, inner) => vec![inner],
            Notation::Paren(inner) | Notation::Bracket(inner) | Notation::Marked(_, inner) => vec![inner],
            Notation::Power(first, second) | Notation::EntryPower(first, second) => vec![first, second],
            Notation::Fraction(first, second) | Notation::Operator(first, second, _) => vec![first, second],
            Notation::Relation(first, _, second) => vec![first, second],
            Notation::Inner(parts) | Notation::Apply(_, parts) | Notation::Group(parts) => parts.iter_mut().collect(),
            Notation::Product(_, parts) => parts.iter_mut().collect(),
            Notation::Terms(terms) => terms.iter_mut().map(|(_, term)| term).collect(),
            Notation::Derivative(body, by) => std::iter::once(&mut **body).chain(by).collect(),
            Notation::Grid(rows) => rows.iter_mut().flatten().collect(),
        }
    }

    /// In brackets if it holds together less tightly than wanted.
    pub(crate) fn at_least(self, wanted: Level) -> Notation {
        if self.level() < wanted { self.in_parens() } else { self }
    }

    /// In brackets, which belong to what is marked in them as a whole.
    pub(crate) fn in_parens(self) -> Notation {
        match self {
            Notation::Marked(style, inner) => Notation::Marked(style, Box::new(inner.in_parens())),
            other => Notation::Paren(Box::new(other)),
        }
    }

    /// Whether something in it is yet to be differentiated, as far as terms and factors go.
    pub(crate) fn is_pending(&self) -> bool {
        match self {
            Notation::Derivative(..) | Notation::Operator(..) => true,
            Notation::Marked(_, inner) | Notation::Paren(inner) | Notation::Big(_, _, inner) => inner.is_pending(),
            Notation::Terms(terms) => terms.iter().any(|(_, term)| term.is_pending()),
            Notation::Product(_, factors) => factors.iter().any(Notation::is_pending),
            _ => false,
        }
    }

    /// With subscripts.
    pub(crate) fn subscripted(self, labels: Vec<Notation>) -> Notation {
        let has_some = match self.bare() {
            Notation::Script(..) | Notation::Constant(..) | Notation::Identity(Some(_)) => true,
            Notation::Name(name) => name.sub.is_some(),
            _ => false,
        };
        let base = if has_some { self.in_parens() } else { self.at_least(Level::Base) };
        Notation::Script(Box::new(base), labels)
    }

    /// With an exponent.
    pub(crate) fn power(self, exponent: Notation) -> Notation {
        Notation::Power(Box::new(self.at_least(Level::Base)), Box::new(exponent))
    }

    /// With a sign raised at it.
    pub(crate) fn raised(self, top: Top) -> Notation {
        Notation::Raised(Box::new(self.at_least(Level::Base)), top)
    }

    /// Two sides joined by a sign.
    pub(crate) fn joined(joint: Joint, factors: Vec<Notation>) -> Notation {
        let factors = factors.into_iter().map(|factor| factor.at_least(Level::Fraction)).collect();
        Notation::Product(joint, factors)
    }

    /// Without marks around it.
    pub(crate) fn bare(&self) -> &Notation {
        match self {
            Notation::Marked(_, inner) => inner.bare(),
            other => other,
        }
    }

    /// Whether its first sign is a digit.
    pub(crate) fn starts_with_digit(&self) -> bool {
        match self {
            Notation::Number(_) => true,
            Notation::Power(base, _) | Notation::EntryPower(base, _) | Notation::Script(base, _) => {
                base.starts_with_digit()
            }
            Notation::Fraction(over, _) => over.starts_with_digit(),
            Notation::Product(_, factors) => factors.first().is_some_and(Notation::starts_with_digit),
            Notation::Marked(_, inner) | Notation::Bar(inner) => inner.starts_with_digit(),
            _ => false,
        }
    }

    /// What stands between two factors.
    pub(crate) fn between(joint: Joint, left: &Notation, right: &Notation) -> Between {
        let quotient = |notation: &Notation| matches!(notation.bare(), Notation::Fraction(..));
        if joint != Joint::Plain {
            Between::Sign(joint)
        } else if right.starts_with_digit() || quotient(left) || quotient(right) {
            Between::Dot
        } else if matches!((left.bare(), right.bare()), (Notation::Number(_), Notation::Root(_))) {
            Between::Nothing
        } else {
            Between::Blank
        }
    }

    /// Scalars side by side, perhaps before an array; those that take in what follows are bracketed, except the last. A last
    /// elementwise product needs no brackets: whether it or its first factor is scaled is the same.
    pub(crate) fn product(mut factors: Vec<Notation>) -> Notation {
        if factors.len() == 1 {
            return factors.remove(0);
        }
        let last = factors.len().saturating_sub(1);
        let factors = factors
            .into_iter()
            .enumerate()
            .map(|(position, factor)| factor.at_least(if position == last { Level::Prefix } else { Level::Product }));
        Notation::Product(Joint::Plain, factors.collect())
    }

    /// With a minus sign in front, if it is negative.
    pub(crate) fn signed(self, negative: bool) -> Notation {
        if negative { Notation::Terms(vec![(true, self.at_least(Level::Prefix))]) } else { self }
    }
}
