//! The same problem, written in another order.
//!
//! In: problems. Out: how often another order of terms and factors has another answer. Left to others: deriving.
//!
//! What is put in another order: the terms of sums, entrywise factors and scalar factors.

use crate::attempt::Attempt;
use crate::guard::{for_each, guarded};
use crate::random::{Head, Problem, Random, Tree};
use std::time::Duration;

/// How long one problem may take.
const BUDGET: Duration = Duration::from_secs(60);

/// A problem whose answer depends on its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Two forms of the problem, each with its answer.
    pub forms: [(String, String); 2],
}

/// Derives random problems in their own and in another order: how many could be compared, and those that differ.
pub fn survey(seed: u64, count: usize, size: usize) -> (usize, Vec<Difference>) {
    let compared = for_each(count, |number| compare(seed, number as u64, size));
    let compared: Vec<Option<Difference>> = compared.into_iter().flatten().collect();
    (compared.len(), compared.into_iter().flatten().collect())
}

/// Whether an order makes a difference; `None` when there is no other order, or no answer to compare.
fn compare(seed: u64, number: u64, size: usize) -> Option<Option<Difference>> {
    let problem = Problem::plain(seed, number, size);
    let mut random = Random::new(seed ^ number);
    let other = Problem { tree: shuffled(&problem.tree, &mut random), ..problem.clone() };
    if other == problem {
        return None;
    }
    let [first, second] = [answer(&problem)?, answer(&other)?];
    let forms = [(problem.text(), first), (other.text(), second)];
    Some((forms[0].1 != forms[1].1).then_some(Difference { forms }))
}

fn answer(problem: &Problem) -> Option<String> {
    let parsed = problem.parsed().ok()?;
    let attempt = move || Attempt::at(&parsed).ok().map(|a| a.answer().to_string());
    guarded(BUDGET, attempt).ok()?
}

/// An expression with its parts in another order.
fn shuffled(tree: &Tree, random: &mut Random) -> Tree {
    let mut parts: Vec<Tree> = tree.parts.iter().map(|part| shuffled(part, random)).collect();
    let moves = match tree.head {
        // A scalar that is broadcast stays where it is: it is no term of a sum of arrays.
        Head::Plus | Head::Minus => parts.iter().all(|part| part.shape == tree.shape),
        Head::Hadamard => true,
        Head::Times => parts.iter().any(|part| part.shape.is_scalar()),
        _ => false,
    };
    if !moves || random.below(2) == 0 {
        return Tree { parts, ..tree.clone() };
    }
    parts.reverse();
    let mut head = tree.head.clone();
    if head == Head::Minus {
        head = Head::Plus;
        let negated = parts.remove(0);
        parts.insert(0, Tree::new(negated.shape, Head::Negate, vec![negated]));
    }
    Tree { head, parts, ..tree.clone() }
}
