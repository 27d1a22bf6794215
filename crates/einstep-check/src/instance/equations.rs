//! The equations that a statement consists of, and how they rewrite a term.
//!
//! In: the text of a statement, `sum[i](delta[i,j]*f[i]) = f[j]`. Out: the term with one of its equations applied at its root.
//! Left to others: matching and filling in (`matching`), where and how often (`laws`).

use crate::field::F;
use crate::instance::matching::{Bindings, Match};
use crate::instance::term::{Extent, Form, Index, Kind, ONE, Room, Slot, Term};
use crate::ratio::Ratio;
use einstep_syntax::{Big, Expr, ExprKind, Index as Written, Sign, parse_expression};

/// Which side of an equation is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// An equation as a rewriting.
#[derive(Debug, Clone)]
pub(crate) struct Equation {
    from: Term,
    to: Term,
    /// How many letters and indices it has.
    sizes: [usize; 2],
    /// Whether its applications count.
    counts: bool,
}

/// Equations, to be tried in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Equations(Vec<Equation>);

/// The stand-in for a dimension that is not 1, in patterns.
const SOME: Extent = Extent(1);

impl Equations {
    /// Reads the equations of a statement; `None` when one is outside of what is matched.
    pub(crate) fn read(statement: &str, side: Side) -> Option<Equations> {
        let read = |text: &str| {
            let (left, right) = text.split_once(" = ")?;
            let (from, to) = if side == Side::Left { (left, right) } else { (right, left) };
            let mut letters = Letters::default();
            let from = letters.term(&parse(from)?)?;
            let to = letters.term(&parse(to)?)?;
            Some(Equation { from, to, sizes: [letters.names.len(), letters.indices.len()], counts: true })
        };
        statement.split("; ").map(read).collect::<Option<_>>().map(Equations)
    }

    /// The first equation counts, the others do not.
    pub(crate) fn counting_first(mut self) -> Equations {
        self.0.iter_mut().skip(1).for_each(|equation| equation.counts = false);
        self
    }

    /// The term with the first equation that fits applied at its root, and whether that counts.
    pub(crate) fn apply(&self, room: &mut Room<'_>, term: &Term) -> Form<Option<(Term, bool)>> {
        for equation in &self.0 {
            if let Some(next) = equation.apply(room, term)? {
                return Ok(Some((next, equation.counts)));
            }
        }
        Ok(None)
    }
}

impl Equation {
    fn bindings(&self) -> Bindings {
        Bindings::new(self.sizes)
    }

    fn apply(&self, room: &mut Room<'_>, term: &Term) -> Form<Option<Term>> {
        match (&self.from, term) {
            (Term::Sum(bound, pattern), Term::Sum(over, body)) => self.under_sum(room, bound[0], pattern, over, body),
            (Term::Matmul(patterns), Term::Matmul(factors)) => self.window(room, patterns, factors),
            (Term::Mul(patterns), _)
                if matches!(patterns[0], Term::Letter(_, _, _)) && !matches!(term, Term::Add(_)) =>
            {
                self.among_factors(room, patterns, term.factors(), self.bindings())
            }
            (Term::Mul(_) | Term::Sum(..) | Term::Matmul(_), _) => Ok(None),
            (from, _) => {
                let mut bindings = self.bindings();
                let fits = Match::new(room, &mut bindings).fits(from, term)?;
                if fits { Match::new(room, &mut bindings).filled(&self.to).map(Some) } else { Ok(None) }
            }
        }
    }

    /// Applies it to a sum over several indices, one of which is the one of the statement.
    fn under_sum(
        &self,
        room: &mut Room<'_>,
        bound: Index,
        pattern: &Term,
        over: &[Index],
        body: &Term,
    ) -> Form<Option<Term>> {
        for (position, &index) in over.iter().enumerate() {
            let mut bindings = self.bindings();
            bindings.slots[bound as usize] = Some(Some(index));
            bindings.bound = Some(index);
            let inner = match pattern {
                Term::Mul(patterns) => self.among_factors(room, patterns, body.factors(), bindings)?,
                Term::Letter(_, letter, formal) if formal.is_empty() && !body.has(index) => {
                    bindings.letters[*letter] = Some(body.clone());
                    Some(Match::new(room, &mut bindings).filled(&self.to)?)
                }
                _ => None,
            };
            if let Some(inner) = inner {
                let rest = over.iter().enumerate().filter(|(other, _)| *other != position).map(|(_, &index)| index);
                return room.sum(rest.collect(), inner).map(Some);
            }
        }
        Ok(None)
    }

    /// Applies it to a product: one pattern is a factor, the letter that is the other pattern takes all other factors.
    fn among_factors(
        &self,
        room: &mut Room<'_>,
        patterns: &[Term],
        factors: &[Term],
        bindings: Bindings,
    ) -> Form<Option<Term>> {
        let ([pattern, Term::Letter(_, rest, formal)] | [Term::Letter(_, rest, formal), pattern]) = patterns else {
            return Ok(None);
        };
        if matches!(pattern, Term::Letter(..)) {
            return Ok(None);
        }
        for (position, factor) in factors.iter().enumerate() {
            for turned in [false, true] {
                let factor = match (factor, turned) {
                    (Term::Delta([i, j]), true) => &Term::Delta([*j, *i]),
                    (_, true) => continue,
                    (factor, false) => factor,
                };
                let mut bindings = bindings.clone();
                if !Match::new(room, &mut bindings).fits(pattern, factor)? {
                    continue;
                }
                if factors.len() == 1 && !matches!(self.to, Term::Letter(..)) {
                    continue;
                }
                let others = factors.iter().enumerate().filter(|(other, _)| *other != position);
                room.meter.spend(factors.len() as u64)?;
                bindings.letters[*rest] = Some(room.mul(others.map(|(_, other)| other.clone()).collect()));
                bindings.formal[*rest] = formal.first().and_then(|formal| bindings.slots[*formal as usize]).flatten();
                return Match::new(room, &mut bindings).filled(&self.to).map(Some);
            }
        }
        Ok(None)
    }

    /// Applies it to neighbours in a longer product.
    fn window(&self, room: &mut Room<'_>, patterns: &[Term], factors: &[Term]) -> Form<Option<Term>> {
        for (start, window) in factors.windows(patterns.len()).enumerate() {
            let mut bindings = self.bindings();
            let mut fits = true;
            for (pattern, factor) in patterns.iter().zip(window) {
                fits = fits && Match::new(room, &mut bindings).fits(pattern, factor)?;
            }
            if fits {
                room.meter.spend(factors.len() as u64)?;
                let middle = Match::new(room, &mut bindings).filled(&self.to)?;
                let (before, after) = (&factors[..start], &factors[start + patterns.len()..]);
                let chain = before.iter().cloned().chain([middle]).chain(after.iter().cloned());
                return Ok(Some(room.matmul(chain.collect())));
            }
        }
        Ok(None)
    }
}

fn parse(text: &str) -> Option<Expr> {
    let parsed = parse_expression(text, 0);
    parsed.diagnostics.is_empty().then_some(parsed.value)
}

/// The letters of one equation, numbered in the order in which they come up.
#[derive(Default)]
struct Letters {
    names: Vec<String>,
    indices: Vec<String>,
}

fn number(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_string());
        names.len() - 1
    })
}

impl Letters {
    fn index(&mut self, name: &str) -> Index {
        number(&mut self.indices, name) as Index
    }

    fn indices(&mut self, at: &[Written]) -> Option<Vec<Index>> {
        let name = |index: &Written| match index {
            Written::Name(name) => Some(self.index(&name.name)),
            Written::Literal(..) => None,
        };
        at.iter().map(name).collect()
    }

    fn letter(&mut self, name: &str, formal: Vec<Index>) -> Term {
        let kind = match name {
            "x" | "y" => Kind::Vector,
            "n" | "m" => Kind::Count,
            _ if name.starts_with(char::is_uppercase) => Kind::Array,
            _ => Kind::Scalar,
        };
        Term::Letter(kind, number(&mut self.names, name), formal)
    }

    fn term(&mut self, expr: &Expr) -> Option<Term> {
        Some(match &expr.kind {
            ExprKind::Number(number) if number.exponent == 0 => Term::Number(F::digits(&number.digits)),
            ExprKind::Name(name) if name == "I" => Term::Identity(SOME),
            ExprKind::Name(name) => self.letter(name, vec![]),
            ExprKind::Sum(terms) => {
                let term = |(sign, term): &(Sign, Expr)| if *sign == Sign::Plus { self.term(term) } else { None };
                Term::Add(terms.iter().map(term).collect::<Option<_>>()?)
            }
            ExprKind::Product(factors) => {
                let factors = factors.iter().map(|factor| self.term(factor)).collect::<Option<Vec<_>>>()?;
                let (scalars, mut arrays): (Vec<Term>, Vec<Term>) = factors.into_iter().partition(is_scalar);
                let array = match arrays.len() {
                    0 => None,
                    1 => arrays.pop(),
                    _ => Some(Term::Matmul(arrays)),
                };
                let mut factors: Vec<Term> = scalars.into_iter().chain(array).collect();
                if factors.len() == 1 { factors.remove(0) } else { Term::Mul(factors) }
            }
            ExprKind::Transpose(arg) => Term::Transpose(Box::new(self.term(arg)?)),
            ExprKind::Power(base, exponent) => match &exponent.kind {
                ExprKind::Number(_) => Term::Power(Box::new([self.term(base)?, self.term(exponent)?])),
                _ => return None,
            },
            ExprKind::Call(name, args) => match (name.name.as_str(), args.as_slice()) {
                ("sqrt", [arg]) => Term::Power(Box::new([self.term(arg)?, Term::Number(F::ratio(Ratio::HALF)?)])),
                ("ones", args) => Term::Ones(extents(args)),
                ("zeros", args) => Term::Zeros(extents(args)),
                (name, [arg]) => Term::Call(name.to_string(), vec![self.term(arg)?]),
                _ => return None,
            },
            ExprKind::Element(of, at) => {
                let at = self.indices(at)?;
                match &of.kind {
                    ExprKind::Name(name) if name == "delta" => Term::Delta([at.first().copied(), at.get(1).copied()]),
                    ExprKind::Name(name) if ["f", "g", "h", "c"].contains(&name.as_str()) => self.letter(name, at),
                    _ => {
                        let of = self.term(of)?;
                        let slots: [Slot; 2] = match at.as_slice() {
                            [i] if matches!(of, Term::Transpose(_)) => [None, Some(*i)],
                            [i] => [Some(*i), None],
                            [i, j] => [Some(*i), Some(*j)],
                            _ => return None,
                        };
                        Term::Elem(Box::new(of), slots)
                    }
                }
            }
            ExprKind::Big(big, over, body) => {
                let over: Vec<Index> = over.iter().map(|name| self.index(&name.name)).collect();
                let body = Box::new(self.term(body)?);
                match big {
                    Big::Sum => Term::Sum(over, body),
                    Big::Product => return None,
                    Big::Array => Term::Array([over.first().copied(), over.get(1).copied()], body),
                }
            }
            _ => return None,
        })
    }
}

/// The shape of a constant array by the number of its dimensions.
fn extents(args: &[Expr]) -> [Extent; 2] {
    [SOME, if args.len() > 1 { SOME } else { ONE }]
}

/// Whether a pattern is a scalar.
fn is_scalar(pattern: &Term) -> bool {
    match pattern {
        Term::Letter(kind, ..) => matches!(kind, Kind::Scalar | Kind::Count),
        Term::Mul(args) | Term::Add(args) => args.last().is_some_and(is_scalar),
        Term::Matmul(_) | Term::Transpose(_) | Term::Identity(_) | Term::Ones(_) | Term::Zeros(_) | Term::Array(..) => {
            false
        }
        Term::Power(pair) => is_scalar(&pair[0]),
        _ => true,
    }
}
