//! Random problems: what is derived is accepted by the checker, in matrix form, and reads back.

use einstep::trace::CheckStatus;
use einstep::{Problem, TextOptions};
use proptest::prelude::*;
use proptest::strategy::Union;
use proptest::test_runner::RngSeed;
use std::collections::HashMap;

const GIVEN: &str =
    "c in R; x, a in R^n; y, b in R^m; A, X in R^(m,n); B in R^(n,k); S in R^(n,n); G in R^(m,m) symmetric";

const DIMS: [&str; 3] = ["m", "n", "k"];

type Shape = (&'static str, &'static str);

/// Expressions of every shape up to a depth, made once and shared.
#[derive(Default)]
struct Grammar {
    made: HashMap<(Shape, u32), BoxedStrategy<String>>,
}

impl Grammar {
    fn expr(&mut self, shape: Shape, depth: u32) -> BoxedStrategy<String> {
        if let Some(made) = self.made.get(&(shape, depth)) {
            return made.clone();
        }
        let strategy = self.make(shape, depth);
        self.made.insert((shape, depth), strategy.clone());
        strategy
    }

    fn make(&mut self, shape: Shape, depth: u32) -> BoxedStrategy<String> {
        let leaves = leaves(shape);
        if depth == 0 {
            return match leaves {
                // No symbol has this shape: a product of two that have.
                leaves if leaves.is_empty() => {
                    let left = self.expr((shape.0, "n"), 0);
                    let right = self.expr(("n", shape.1), 0);
                    (left, right).prop_map(|(left, right)| format!("{left}*{right}")).boxed()
                }
                leaves => proptest::sample::select(leaves).prop_map(String::from).boxed(),
            };
        }
        let below = depth - 1;
        let mut arms: Vec<(u32, BoxedStrategy<String>)> = vec![(2, self.expr(shape, below))];
        let same = self.expr(shape, below);
        arms.push((2, (same.clone(), same.clone()).prop_map(|(a, b)| format!("({a} + {b})")).boxed()));
        arms.push((1, (same.clone(), same.clone()).prop_map(|(a, b)| format!("({a} - {b})")).boxed()));
        let turned = self.expr((shape.1, shape.0), below);
        if shape != ("1", "1") {
            arms.push((1, turned.prop_map(|a| format!("({a})'")).boxed()));
            let scalar = self.expr(("1", "1"), below);
            arms.push((1, (scalar, same).prop_map(|(c, a)| format!("({c})*({a})")).boxed()));
        }
        for inner in DIMS {
            let (left, right) = (self.expr((shape.0, inner), below), self.expr((inner, shape.1), below));
            arms.push((1, (left, right).prop_map(|(a, b)| format!("({a})*({b})")).boxed()));
        }
        if shape == ("1", "1") {
            for dim in DIMS {
                let square = self.expr((dim, dim), below);
                arms.push((1, square.prop_map(|a| format!("tr({a})")).boxed()));
                let column = self.expr((dim, "1"), below);
                arms.push((1, column.prop_map(|a| format!("norm({a})^2")).boxed()));
            }
            let rectangle = self.expr(("m", "n"), below);
            arms.push((1, rectangle.prop_map(|a| format!("normF({a})")).boxed()));
            let scalar = self.expr(("1", "1"), below);
            arms.push((1, (scalar.clone(), 2u32..4).prop_map(|(a, k)| format!("({a})^{k}")).boxed()));
            arms.push((1, (scalar.clone(), scalar).prop_map(|(a, b)| format!("({a})/(1 + ({b})^2)")).boxed()));
        }
        Union::new_weighted(arms).boxed()
    }
}

fn leaves(shape: Shape) -> Vec<&'static str> {
    match shape {
        ("1", "1") => vec!["c", "2", "1/3", "a'*x", "b'*y"],
        ("n", "1") => vec!["x", "a"],
        ("m", "1") => vec!["y", "b"],
        ("1", "n") => vec!["x'", "a'"],
        ("1", "m") => vec!["y'", "b'"],
        ("m", "n") => vec!["A", "X"],
        ("n", "m") => vec!["A'", "X'"],
        ("n", "k") => vec!["B"],
        ("k", "n") => vec!["B'"],
        ("n", "n") => vec!["S", "S'", "I"],
        ("m", "m") => vec!["G"],
        ("k", "k") => vec!["B'*B"],
        _ => vec![],
    }
}

fn problems(shape: Shape, depth: u32, variables: &'static [&'static str]) -> impl Strategy<Value = String> {
    let expr = Grammar::default().expr(shape, depth);
    (expr, proptest::sample::select(variables)).prop_map(|(expr, by)| format!("{GIVEN}\nd/d{by} {expr}"))
}

/// Derives and checks everything that must hold of any problem that is derived.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let derivation = match Problem::parse(text).and_then(|problem| problem.derive()) {
        Ok(derivation) => derivation,
        Err(error) => {
            prop_assert!(!error.is_internal(), "{text}\n{error}");
            // An identity of no certain size, the norm of what is zero, or too much work, may be refused; nothing else may.
            let known = ["E012", "E024", "E040"];
            prop_assert!(error.diagnostics().iter().all(|d| known.contains(&d.code.id())), "{text}\n{error}");
            return Ok(());
        }
    };
    let check = derivation.trace().check.as_ref();
    // Norms whose squares are not squares in the checker's field at any point tried are declined, never rejected.
    let declined = check.is_some_and(|check| check.status == CheckStatus::Declined);
    prop_assert!(derivation.status() == CheckStatus::Accepted || declined, "{text}\n{check:?}");
    prop_assert!(derivation.answer().is_some(), "{text}\nnot in matrix form: {}", derivation.trace().result.index);
    let narrow = derivation.to_text(&TextOptions { width: 80, ..TextOptions::default() });
    prop_assert!(!narrow.is_empty());
    let json = derivation.to_json(true);
    let read = einstep::trace::Derivation::from_json(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&read, derivation.trace());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    #[test]
    fn scalars_by_anything(text in problems(("1", "1"), 3, &["x", "y", "A", "X", "S", "c", "a"])) {
        holds(&text)?;
    }

    #[test]
    fn vectors_by_vectors(text in problems(("m", "1"), 3, &["x", "y", "a", "c"])) {
        holds(&text)?;
    }

    #[test]
    fn matrices_by_scalars(text in problems(("m", "n"), 2, &["c"])) {
        holds(&text)?;
    }
}
