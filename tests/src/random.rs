//! Random problems over the whole language.
//!
//! In: a seed. Out: problems that the language allows, each with its variables in it. Left to others: deriving them.
//!
//! Some are derivatives by structured variables, which are then read in one of three ways; some have three or four indices; some
//! are second derivatives.
//!
//! Every dimension of a problem has a name of its own, or is the 3 of a cross product. What stands in a logarithm, below
//! a root or a fraction, in an inverse or a determinant, is such that it has a value at general points.

mod blocks;
mod grammar;
mod symbols;
mod tree;

use einstep::Error;
use einstep::trace::Reading;
use grammar::Grammar;
use symbols::SYMBOLS;
pub use symbols::{Dim, Shape, Symbol};
pub use tree::{Head, Tree};

/// A source of random numbers (splitmix64): the same for the same seed, on every machine.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a bound, 0 for the bound 0.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() % bound as u64) as usize }
    }

    /// One of some items.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Puts items in another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// A problem: an expression and the variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The expression.
    pub tree: Tree,
    /// The variables, outermost derivative first.
    pub by: Vec<&'static Symbol>,
    /// How derivatives by structured variables are read.
    pub reading: Reading,
}

/// What a problem asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One derivative of at most two indices, its entries independent.
    Plain,
    /// By a structured variable, of any reading.
    Structured,
    /// Of three or four indices.
    Wide,
    /// A second derivative.
    Second,
}

impl Problem {
    /// The problem of a number in the sequence of a seed, of a size at most about as given.
    pub fn random(seed: u64, number: u64, size: usize) -> Problem {
        let mut random = Random::new(seed ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let kind = match random.below(8) {
            0 => Kind::Wide,
            1 => Kind::Second,
            2 | 3 => Kind::Structured,
            _ => Kind::Plain,
        };
        Problem::of(kind, &mut random, size)
    }

    /// The same without structured variables, third and fourth indices and second derivatives.
    pub fn plain(seed: u64, number: u64, size: usize) -> Problem {
        let mut random = Random::new(seed ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Problem::of(Kind::Plain, &mut random, size)
    }

    fn of(kind: Kind, random: &mut Random, size: usize) -> Problem {
        // What has more indices is kept short: there is enough to derive.
        let size = if matches!(kind, Kind::Wide | Kind::Second) { size.min(7) } else { size };
        loop {
            // Declared properties of the variable are the exception, those of constants the rule.
            let free = match kind {
                Kind::Structured => false,
                Kind::Plain => random.below(8) > 0,
                Kind::Wide | Kind::Second => random.below(2) > 0,
            };
            let suits = |s: &&Symbol| s.properties.is_empty() == free && !s.shape.is_row();
            let candidates: Vec<&Symbol> = SYMBOLS.iter().filter(suits).collect();
            let Some(&by) = random.choose(&candidates) else { continue };
            let reading = match (kind, random.below(5)) {
                (Kind::Plain, _) | (_, 0) => Reading::Free,
                _ if by.properties.contains("orthogonal") => Reading::Free,
                (_, 1 | 2) => Reading::Projected,
                _ => Reading::Tied,
            };
            let shapes = if kind == Kind::Wide { grammar::wide(by.shape) } else { grammar::values(by.shape) };
            let Some(&shape) = random.choose(&shapes) else { continue };
            let mut variables = vec![by];
            let shape = if kind == Kind::Second { Shape::SCALAR } else { shape };
            if kind == Kind::Second {
                let others: Vec<&Symbol> =
                    SYMBOLS.iter().filter(|s| s.properties.is_empty() && !s.shape.is_row()).collect();
                let other = if random.below(2) == 0 { Some(&by) } else { random.choose(&others) };
                variables.extend(other.copied());
            }
            let budget = 3 + random.below(size.saturating_sub(2));
            let tree = Grammar { random: &mut *random, by }.tree(shape, budget);
            let problem = Problem { tree, by: variables, reading };
            if problem.is_sound() {
                return problem;
            }
        }
    }

    /// Whether the variables occur, and so does a symbol of every dimension that is named.
    fn is_sound(&self) -> bool {
        let has = |dim: Dim| self.used().any(|symbol| symbol.shape.rows == dim || symbol.shape.cols == dim);
        let sizes = [Dim::M, Dim::N, Dim::K].into_iter().filter(|&dim| self.tree.uses(dim));
        self.by.iter().all(|by| self.tree.mentions(by.name)) && sizes.into_iter().all(has)
    }

    /// The symbols that occur, and the variables.
    fn used(&self) -> impl Iterator<Item = &'static Symbol> {
        SYMBOLS.iter().filter(|symbol| self.by.contains(symbol) || self.tree.mentions(symbol.name))
    }

    /// The text of the problem: the declarations of what occurs in it, and the question; a remark says how it is read unless
    /// that is free.
    pub fn text(&self) -> String {
        let given: String = self.used().map(|symbol| symbol.declaration() + "; ").collect();
        let operators: String = self.by.iter().map(|by| format!("d/d{} ", by.name)).collect();
        let remark = match self.reading {
            Reading::Free => "",
            Reading::Tied => " # tied",
            Reading::Projected => " # projected",
        };
        format!("{given}{operators}{}{remark}", self.tree.text())
    }

    /// The problem as einstep reads it.
    ///
    /// # Errors
    /// Diagnostics about the text.
    pub fn parsed(&self) -> Result<einstep::Problem, Error> {
        Ok(einstep::Problem::parse(&self.text())?.structured(self.reading))
    }

    /// Shorter problems that are like this one, the shortest first.
    pub fn shorter(&self) -> Vec<Problem> {
        let trees = self.tree.shorter().into_iter();
        let mut problems: Vec<Problem> = trees.map(|tree| Problem { tree, ..self.clone() }).collect();
        problems.retain(Problem::is_sound);
        problems.sort_by_key(|problem| problem.tree.size());
        problems
    }
}
