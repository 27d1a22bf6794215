//! What a wrong answer was probably meant as.
//!
//! In: a derivation that says what is asked, the wrong answer, how it differs, the right answer where it is known.
//! Out: the slip that makes it right. Left to others: evaluating (`claim`), the expressions to try (`mutants`).
//!
//! A slip is found by trying: the mended answer is compared with the question as any answer is. The likeliest slips are
//! tried first.

use crate::Options;
use crate::claim::{Comparison, compare, equal};
use crate::derivative::is_transposed;
use crate::mutants::{Mutant, opposite, plus, reordered, terms, times, transpose, transposed, without_factor};
use einstep_syntax::{Expr, ExprKind, Sign, parse_expression, print};
use einstep_trace::{Derivation, Dim, Layout, SymbolKind, Table};
use serde::Serialize;

/// At most so many expressions are tried.
const MAX_TRIED: usize = 600;

/// Factors that are often lost, beside the one that the counterexample shows.
const FACTORS: [&str; 9] = ["-1", "2", "1/2", "-2", "-1/2", "3", "1/3", "4", "1/4"];

/// The kinds of slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlipKind {
    /// The answer is the transpose of the derivative: its form in another layout.
    Transposed,
    /// A factor is lost, or too many.
    Factor,
    /// The sign is wrong.
    Sign,
    /// A term is missing.
    MissingTerm,
    /// A term is too many.
    ExtraTerm,
    /// A term has the wrong sign.
    TermSign,
    /// A term lacks a factor.
    TermFactor,
    /// A factor of the derivative is missing: an inner derivative, a denominator.
    MissingFactor,
    /// A matrix was taken to be symmetric.
    Symmetric,
    /// A factor should be transposed, or should not be.
    TransposedFactor,
    /// The factors of a product are in the wrong order.
    Order,
}

/// A slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slip {
    /// What kind of slip it is.
    pub kind: SlipKind,
    /// The slip in a sentence.
    pub says: String,
    /// The answer without it; none where it is the question that would have to be another.
    pub mended: Option<String>,
}

/// The slip that explains a wrong answer, if one does.
///
/// `wrong` is what [`compare`] said of the answer; `right` is the right answer, which helps to find terms that are missing.
pub fn slip(
    derivation: &Derivation,
    claimed: &Expr,
    wrong: &Comparison,
    right: Option<&Expr>,
    options: &Options,
) -> Option<Slip> {
    let mut trial = Trial { derivation, options, left: MAX_TRIED };
    let fits = matches!(wrong, Comparison::Different(_));
    let whole = |trial: &mut Trial<'_>| if fits { trial.factor(claimed, &ratio(wrong)) } else { None };
    whole(&mut trial)
        .or_else(|| trial.layout(claimed))
        .or_else(|| right.filter(|_| fits).and_then(|right| trial.missing(claimed, right)))
        .or_else(|| if fits { trial.term(claimed) } else { None })
        .or_else(|| if fits { trial.symmetric(claimed) } else { None })
        .or_else(|| right.and_then(|right| trial.inner(claimed, right)))
        .or_else(|| trial.letter(claimed))
        .or_else(|| trial.order(claimed))
        .or_else(|| trial.two(claimed))
}

/// Tries expressions, up to a bound.
struct Trial<'a> {
    derivation: &'a Derivation,
    options: &'a Options,
    left: usize,
}

impl Trial<'_> {
    /// Whether an expression is the derivative.
    fn holds(&mut self, expr: &Expr) -> bool {
        self.holds_of(self.derivation.clone(), expr)
    }

    fn holds_of(&mut self, derivation: Derivation, expr: &Expr) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        matches!(compare(&derivation, expr, self.options), Comparison::Equal { .. })
    }

    /// A constant factor, or the number of rows or columns of something.
    fn factor(&mut self, claimed: &Expr, ratio: &Option<String>) -> Option<Slip> {
        let dims: Vec<String> = self.derivation.dims.iter().map(|dim| dim.name.clone()).collect();
        let dims = dims.iter().flat_map(|name| [name.clone(), format!("1/{name}")]);
        let factors: Vec<String> = ratio.iter().cloned().chain(FACTORS.map(String::from)).chain(dims).collect();
        factors.iter().find_map(|factor| {
            let mended = scaled(factor, claimed.clone());
            self.holds(&mended).then(|| {
                let (kind, says) = lost(factor, "your answer");
                Slip { kind, says, mended: Some(print(&mended)) }
            })
        })
    }

    /// Another layout, perhaps with a factor lost too.
    fn layout(&mut self, claimed: &Expr) -> Option<Slip> {
        let turned = transpose(claimed.clone());
        if print(&turned) == print(claimed) {
            return None;
        }
        let own = self.derivation.problem.layout.name();
        let another = match self.transposing_layout() {
            Some(layout) => format!(", the form that it has in {} layout; the layout here is {own}", layout.name()),
            None => String::new(),
        };
        let says = format!("your answer is the transpose of the derivative{another}");
        if self.holds(&turned) {
            return Some(Slip { kind: SlipKind::Transposed, says, mended: Some(print(&turned)) });
        }
        FACTORS.iter().find_map(|factor| {
            let mended = scaled(factor, turned.clone());
            self.holds(&mended).then(|| {
                let says = format!("{says}; {}", lost(factor, "it").1);
                Slip { kind: SlipKind::Transposed, says, mended: Some(print(&mended)) }
            })
        })
    }

    /// A term of the right answer that is missing.
    fn missing(&mut self, claimed: &Expr, right: &Expr) -> Option<Slip> {
        let terms = terms(right);
        let (_, rest) = terms.split_first()?;
        if rest.is_empty() {
            return None;
        }
        terms.iter().find_map(|(sign, term)| {
            let mended = plus(claimed.clone(), *sign, term.clone());
            let says = format!("the term `{}` is missing", signed(*sign, term));
            self.holds(&mended).then(|| Slip { kind: SlipKind::MissingTerm, says, mended: Some(print(&mended)) })
        })
    }

    /// A term of the answer that has the wrong sign or factor, or is too many.
    fn term(&mut self, claimed: &Expr) -> Option<Slip> {
        let terms = terms(claimed);
        if terms.len() < 2 {
            return None;
        }
        let named = |position: usize| format!("the term `{}`", signed(terms[position].0, &terms[position].1));
        let with = |position: usize, factor: Option<&str>| {
            let others = terms.iter().enumerate().filter_map(|(at, (sign, term))| match factor {
                _ if at != position => Some((*sign, term.clone())),
                Some("-1") => Some((opposite(*sign), term.clone())),
                Some(factor) => Some((*sign, scaled(factor, term.clone()))),
                None => None,
            });
            sum(others.collect())
        };
        for position in 0..terms.len() {
            for factor in ["-1", "2", "1/2"] {
                let mended = with(position, Some(factor));
                if self.holds(&mended) {
                    let (kind, says) = lost(factor, &named(position));
                    let kind = if kind == SlipKind::Sign { SlipKind::TermSign } else { SlipKind::TermFactor };
                    return Some(Slip { kind, says, mended: Some(print(&mended)) });
                }
            }
            let mended = with(position, None);
            if self.holds(&mended) {
                let says = format!("{} is too many", named(position));
                return Some(Slip { kind: SlipKind::ExtraTerm, says, mended: Some(print(&mended)) });
            }
        }
        None
    }

    /// A matrix that was taken to be symmetric.
    fn symmetric(&mut self, claimed: &Expr) -> Option<Slip> {
        const SYMMETRIC: [&str; 3] = ["symmetric", "diagonal", "positive-definite"];
        let is_square = |position: &usize| {
            let symbol = &self.derivation.symbols[*position];
            let known = symbol.properties.iter().any(|property| SYMMETRIC.contains(&property.as_str()));
            symbol.kind == SymbolKind::Matrix && symbol.shape.first() == symbol.shape.last() && !known
        };
        let squares: Vec<usize> = (0..self.derivation.symbols.len()).filter(is_square).collect();
        squares.into_iter().find_map(|position| {
            let mut derivation = self.derivation.clone();
            let symbol = &mut derivation.symbols[position];
            symbol.properties.push("symmetric".into());
            // What is declared and the table of symbols agree.
            let declared = format!("{} in ", symbol.name);
            let given = derivation.problem.given.iter_mut().filter(|given| given.starts_with(&declared));
            given.for_each(|given| given.push_str(" symmetric"));
            let says = format!("your answer is right only where `{0}` is symmetric: `{0}'` is not `{0}`", symbol.name);
            self.holds_of(derivation, claimed).then_some(Slip { kind: SlipKind::Symmetric, says, mended: None })
        })
    }

    /// A factor of the right answer that is missing.
    fn inner(&mut self, claimed: &Expr, right: &Expr) -> Option<Slip> {
        without_factor(right).into_iter().find_map(|(factor, rest)| {
            self.left = self.left.checked_sub(1)?;
            let same = matches!(equal(self.derivation, &rest, claimed, self.options), Comparison::Equal { .. });
            let says = format!("the factor `{}` is missing", print(&factor));
            same.then(|| Slip { kind: SlipKind::MissingFactor, says, mended: Some(print(right)) })
        })
    }

    /// A factor that should be transposed, or should not be.
    fn letter(&mut self, claimed: &Expr) -> Option<Slip> {
        transposed(claimed).into_iter().find_map(|mutant| {
            let says = format!("`{}` should be `{}`", print(&mutant.before), print(&mutant.after));
            self.mutant(SlipKind::TransposedFactor, mutant, says)
        })
    }

    /// Factors in the wrong order.
    fn order(&mut self, claimed: &Expr) -> Option<Slip> {
        reordered(claimed).into_iter().find_map(|mutant| {
            let (before, after) = (print(&mutant.before), print(&mutant.after));
            let says = format!("the factors of `{before}` are in the wrong order: it should be `{after}`");
            self.mutant(SlipKind::Order, mutant, says)
        })
    }

    fn mutant(&mut self, kind: SlipKind, mutant: Mutant, says: String) -> Option<Slip> {
        self.holds(&mutant.whole).then(|| Slip { kind, says, mended: Some(print(&mutant.whole)) })
    }

    /// Two slips in one: an order or a transpose with a transpose, or with a factor.
    fn two(&mut self, claimed: &Expr) -> Option<Slip> {
        let first: Vec<(SlipKind, Mutant)> = reordered(claimed)
            .into_iter()
            .map(|mutant| (SlipKind::Order, mutant))
            .chain(transposed(claimed).into_iter().map(|mutant| (SlipKind::TransposedFactor, mutant)))
            .collect();
        first.into_iter().find_map(|(kind, one)| {
            let factors = ["-1", "2", "1/2"].map(|factor| scaled(factor, one.whole.clone()));
            let turned = transposed(&one.whole).into_iter().map(|two| two.whole);
            let mended = turned.chain(factors).find(|mended| self.holds(mended))?;
            let says = format!("your answer would be right as `{}`", print(&mended));
            Some(Slip { kind, says, mended: Some(print(&mended)) })
        })
    }

    /// A layout in which the answer is the transpose of what it is here.
    fn transposing_layout(&self) -> Option<Layout> {
        let Derivation { problem, symbols, .. } = self.derivation;
        let table = Table::read(self.derivation).ok()?;
        let dimensions = |shape: &[Dim]| shape.iter().filter(|dim| !dim.is_one()).count();
        let is_transposed = |layout: Layout| {
            let variables = symbols.iter().filter(|symbol| problem.wrt.contains(&symbol.name));
            let variables = variables.map(|symbol| dimensions(&symbol.shape));
            is_transposed(layout, dimensions(table.shape(problem.node)), variables)
        };
        let own = is_transposed(problem.layout);
        [Layout::Mixed, Layout::Numerator, Layout::Denominator].into_iter().find(|layout| is_transposed(*layout) != own)
    }
}

/// A multiple.
fn scaled(factor: &str, expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Negate(inner) if factor == "-1" => *inner,
        _ if factor == "-1" => Expr::new(ExprKind::Negate(Box::new(expr))),
        _ => times(number(factor), expr),
    }
}

/// What a lost factor is called: the thing must be multiplied by it.
fn lost(factor: &str, thing: &str) -> (SlipKind, String) {
    match factor.strip_prefix("1/") {
        _ if factor == "-1" => (SlipKind::Sign, format!("{thing} has the wrong sign")),
        Some(inverse) => (SlipKind::Factor, format!("{thing} has a factor {inverse} too many")),
        None => (SlipKind::Factor, format!("{thing} lacks the factor {factor}")),
    }
}

/// The ratio of the right value to the claimed one, where both are small.
fn ratio(wrong: &Comparison) -> Option<String> {
    let Comparison::Different(at) = wrong else { return None };
    let parse = |text: &str| {
        let (over, under) = text.split_once('/').unwrap_or((text, "1"));
        Some((over.parse::<i64>().ok()?, under.parse::<i64>().ok()?))
    };
    let ((a, b), (c, d)) = (parse(&at.left)?, parse(&at.right)?);
    let (over, under) = (a.checked_mul(d)?, b.checked_mul(c)?);
    let divisor = gcd(over.unsigned_abs(), under.unsigned_abs()) as i64;
    if over == 0 || under == 0 {
        return None;
    }
    let (over, under) = (over / divisor * under.signum(), under / divisor * under.signum());
    const SMALL: i64 = 1000;
    let small = over.abs() <= SMALL && under <= SMALL;
    small.then(|| if under == 1 { over.to_string() } else { format!("{over}/{under}") })
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn number(text: &str) -> Expr {
    parse_expression(text, 0).value
}

fn signed(sign: Sign, term: &Expr) -> String {
    match sign {
        Sign::Plus => print(term),
        Sign::Minus => print(&Expr::new(ExprKind::Negate(Box::new(term.clone())))),
    }
}

/// A sum of signed terms.
fn sum(terms: Vec<(Sign, Expr)>) -> Expr {
    let mut terms = terms.into_iter();
    let first = match terms.next() {
        Some((Sign::Plus, first)) => first,
        Some((Sign::Minus, first)) => Expr::new(ExprKind::Negate(Box::new(first))),
        None => return number("0"),
    };
    terms.fold(first, |sum, (sign, term)| plus(sum, sign, term))
}
