//! How derivations grow with their problems: in nodes and steps, not in time.

use einstep_engine::{Options, derive};
use einstep_syntax::parse_problem;
use einstep_trace::Derivation;

fn derived(problem: &str) -> Derivation {
    derive(&parse_problem(problem, 0).value, &Options::default()).unwrap()
}

fn steps(derivation: &Derivation) -> usize {
    derivation.chains.iter().map(|chain| chain.links.len()).sum()
}

/// `tanh(WL*..tanh(W2*tanh(W1*x)))`
fn network(layers: usize) -> String {
    (1..=layers).fold("x".to_string(), |inner, layer| format!("tanh(W{layer}*{inner})"))
}

#[test]
fn deep_compositions_do_not_grow_exponentially() {
    // Multiplied out, every layer would double the terms.
    for (operator, layers) in [("d/dW1", [2, 4, 8, 16]), ("d/dx d/dx", [1, 2, 4, 8])] {
        let sizes = layers.map(|layers| derived(&format!("{operator} sum({})", network(layers))).nodes.len());
        for pair in sizes.windows(2) {
            assert!(pair[1] < 6 * pair[0], "{operator}: {sizes:?} nodes for {layers:?} layers");
        }
    }
}

#[test]
fn equal_terms_are_found_whatever_their_indices_are_called() {
    // Each of the k terms of the product rule is another rotation of one cycle.
    for k in [4, 8, 16, 32] {
        let product = vec!["A*X"; k].join("*");
        let derivation = derived(&format!("A in R^(n,m); X in R^(m,n); d/dX tr({product})"));
        let answer = format!("{k}*((A*X)^{}*A)'", k - 1);
        assert_eq!(derivation.result.text.as_deref(), Some(answer.as_str()));
        assert!(derivation.nodes.len() < 5 * k * k + 30 * k, "{} nodes for {k} copies", derivation.nodes.len());
        assert!(steps(&derivation) < 2 * k + 20, "{} steps for {k} copies", steps(&derivation));
    }
}

#[test]
fn chains_and_sums_grow_with_what_is_written() {
    let chain = |factors: usize| (1..=factors).map(|factor| format!("A{factor}*")).collect::<String>();
    let forms = |terms: usize| (1..=terms).map(|term| format!("x'*A{term}*x")).collect::<Vec<_>>().join(" + ");
    for (small, large) in [
        (derived(&format!("d/dx x'*{}x", chain(50))), derived(&format!("d/dx x'*{}x", chain(200)))),
        (derived(&format!("d/dx {}", forms(50))), derived(&format!("d/dx {}", forms(200)))),
    ] {
        assert!(large.nodes.len() < 5 * small.nodes.len());
        assert_eq!(steps(&large), steps(&small));
    }
}
