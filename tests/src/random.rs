//! Random problems over the whole language.
//!
//! In: a seed. Out: problems that the language allows, each with the variable in it. Left to others: deriving them.
//!
//! Every dimension of a problem has a name of its own, or is the 3 of a cross product. What stands in a logarithm, below
//! a root or a fraction, in an inverse or a determinant, is such that it has a value at general points.

mod blocks;
mod grammar;
mod symbols;
mod tree;

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

/// A problem: an expression and the variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The expression.
    pub tree: Tree,
    /// The variable.
    pub by: &'static Symbol,
}

impl Problem {
    /// The problem of a number in the sequence of a seed, of a size at most about as given.
    pub fn random(seed: u64, number: u64, size: usize) -> Problem {
        let mut random = Random::new(seed ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        loop {
            // Declared properties of the variable are the exception, those of constants the rule.
            let free = random.below(8) > 0;
            let suits = |s: &&Symbol| s.properties.is_empty() == free && !s.shape.is_row();
            let candidates: Vec<&Symbol> = SYMBOLS.iter().filter(suits).collect();
            let Some(by) = random.choose(&candidates) else { continue };
            let shapes = grammar::values(by.shape);
            let Some(&shape) = random.choose(&shapes) else { continue };
            let budget = 3 + random.below(size.saturating_sub(2));
            let tree = Grammar { random: &mut random, by }.tree(shape, budget);
            let problem = Problem { tree, by };
            if problem.is_sound() {
                return problem;
            }
        }
    }

    /// Whether the variable occurs, and so does a symbol of every dimension that is named.
    fn is_sound(&self) -> bool {
        let has = |dim: Dim| self.used().any(|symbol| symbol.shape.rows == dim || symbol.shape.cols == dim);
        let sizes = [Dim::M, Dim::N, Dim::K].into_iter().filter(|&dim| self.tree.uses(dim));
        self.tree.mentions(self.by.name) && sizes.into_iter().all(has)
    }

    /// The symbols that occur, and the variable.
    fn used(&self) -> impl Iterator<Item = &'static Symbol> {
        SYMBOLS.iter().filter(|symbol| *symbol == self.by || self.tree.mentions(symbol.name))
    }

    /// The text of the problem: the declarations of what occurs in it, and the question.
    pub fn text(&self) -> String {
        let given: String = self.used().map(|symbol| symbol.declaration() + "; ").collect();
        format!("{given}d/d{} {}", self.by.name, self.tree.text())
    }

    /// Shorter problems that are like this one, the shortest first.
    pub fn shorter(&self) -> Vec<Problem> {
        let trees = self.tree.shorter().into_iter();
        let mut problems: Vec<Problem> = trees.map(|tree| Problem { tree, by: self.by }).collect();
        problems.retain(Problem::is_sound);
        problems.sort_by_key(|problem| problem.tree.size());
        problems
    }
}
