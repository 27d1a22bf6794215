//! D: deltas that are contracted, in index notation.
//!
//! In: sizes. Out: cases that bring `delta[p,i1]*delta[i1,i2]*…*A[in,q]` back to `A`.

use crate::case::{Case, Reach, Size};
use crate::job::{Asked, Job, Stage};
use crate::random::Random;
use einstep::trace::Task;

/// How many deltas stand in each of many terms.
const FEW: usize = 10;

/// In what order the deltas of a chain are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Chain,
    Shuffled,
}

/// Every series of D.
pub(super) fn cases() -> Vec<Case> {
    let case = |what, size, count, text: String, answer: String| {
        let asked = Asked { task: Task::Raise, ..Asked::new(text).with(answer) };
        let case = Case::new("D", what, Size::Number(size), Job::Text(asked, Stage::Derive)).per(count, "delta");
        Case { reach: Reach::Within(0.06), ..case }
    };
    let mut cases = Vec::new();
    for (what, order) in [("deltas in order", Order::Chain), ("deltas shuffled", Order::Shuffled)] {
        let sizes = [10, 100, 1000, 10_000];
        cases.extend(sizes.map(|size| case(what, size, size, contraction(size, order), "A".into())));
    }
    cases.extend([1, 10, 100, 1000, 10_000, 100_000].map(|size| {
        let factors: Vec<String> = (1..=size).map(|k| format!("f{k}")).collect();
        let deltas = contraction(FEW, Order::Shuffled);
        let terms: Vec<String> = factors.iter().map(|factor| format!("{factor}*{deltas}")).collect();
        let text = format!("{} in R; {}", factors.join(", "), terms.join(" + "));
        let answer = if size == 1 { "f1*A".into() } else { format!("({})*A", factors.join(" + ")) };
        case("terms of 10 deltas", size, FEW * size, text, answer)
    }));
    cases
}

/// A term of so many deltas, as text.
fn contraction(size: usize, order: Order) -> String {
    let name = |k: usize| if k == 0 { "p".to_string() } else { format!("i{k}") };
    let mut deltas: Vec<String> = (0..size).map(|k| format!("delta[{},{}]", name(k), name(k + 1))).collect();
    if order == Order::Shuffled {
        Random::new(size as u64).shuffle(&mut deltas);
    }
    let over: Vec<String> = (1..=size).map(name).collect();
    format!("sum[{}]({}*A[{},q])", over.join(","), deltas.join("*"), name(size))
}
