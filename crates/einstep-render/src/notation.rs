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
    /// A transpose.
    Transposed(Box<Notation>),
    /// A quotient.
    Fraction(Box<Notation>, Box<Notation>),
    /// A square root.
    Root(Box<Notation>),
    /// A norm, and whether it is written as the Frobenius norm.
    Norm(Box<Notation>, bool),
    /// A function applied to arguments.
    Apply(String, Vec<Notation>),
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
}

/// What stands between two factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    Nothing,
    Blank,
    Dot,
    Circle,
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
}

/// How tightly a piece of notation holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Terms, or something with a sign or a relation.
    Terms,
    /// Takes in everything to its right: `Σᵢ`, `∂/∂x`.
    Prefix,
    /// Factors side by side.
    Product,
    /// One thing, but with a bar that takes part in nothing else: `a/b`, `∂y/∂x`.
    Fraction,
    /// One thing.
    Atom,
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
    pub(crate) fn level(&self) -> Level {
        match self {
            Notation::Terms(_) | Notation::Relation(..) => Level::Terms,
            Notation::Big(..) | Notation::Operator(..) => Level::Prefix,
            Notation::Product(_, factors) => match factors.last() {
                Some(last) => last.level().min(Level::Product),
                None => Level::Product,
            },
            Notation::Fraction(..) | Notation::Derivative(..) => Level::Fraction,
            Notation::Marked(_, inner) | Notation::Bar(inner) => inner.level(),
            _ => Level::Atom,
        }
    }

    /// In brackets if it holds together less tightly than wanted.
    pub(crate) fn at_least(self, wanted: Level) -> Notation {
        if self.level() < wanted { Notation::Paren(Box::new(self)) } else { self }
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
            Notation::Power(base, _) | Notation::Script(base, _) => base.starts_with_digit(),
            Notation::Fraction(over, _) => over.starts_with_digit(),
            Notation::Product(_, factors) => factors.first().is_some_and(Notation::starts_with_digit),
            Notation::Marked(_, inner) | Notation::Bar(inner) => inner.starts_with_digit(),
            _ => false,
        }
    }

    /// What stands between two factors.
    pub(crate) fn between(joint: Joint, left: &Notation, right: &Notation) -> Between {
        let quotient = |notation: &Notation| matches!(notation.bare(), Notation::Fraction(..));
        if joint == Joint::Hadamard {
            Between::Circle
        } else if right.starts_with_digit() || quotient(left) || quotient(right) {
            Between::Dot
        } else if matches!((left.bare(), right.bare()), (Notation::Number(_), Notation::Root(_))) {
            Between::Nothing
        } else {
            Between::Blank
        }
    }

    /// Factors side by side; those that take in what follows are bracketed, except the last.
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
