//! C: problems that grow, each in its own way.
//!
//! In: sizes. Out: cases that derive them.

use crate::case::{Case, Reach, Size};
use crate::job::{Asked, Job, Stage};

/// Every series of C.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut series = |workload, what, sizes: &[usize], asked: fn(usize) -> Asked, reach: fn(usize) -> Reach| {
        cases.extend(sizes.iter().map(|&size| {
            let job = Job::Text(asked(size), Stage::Derive);
            Case { reach: reach(size), ..Case::new(workload, what, Size::Number(size), job) }
        }));
    };
    let open = |_| Reach::Open;
    series("C1", "equal factors", &[1, 4, 16, 64, 256], equal_factors, |size| match size {
        64 => Reach::Within(5000.0),
        _ => Reach::Open,
    });
    series("C2", "different factors", &[1, 4, 16, 64, 128], different_factors, open);
    series("C3", "quadratic form", &[10, 100, 1000], quadratic_form, |size| Reach::Within(size as f64));
    series("C4", "gradient", &[1, 2, 4, 8, 16, 32], |layers| Asked::new(format!("d/dW1 {}", network(layers))), open);
    series("C4", "Hessian", &[1, 2, 4, 8], |layers| Asked::new(format!("d/dW1 d/dW1 {}", network(layers))), open);
    series("C4", "logistic Hessian", &[1], logistic, open);
    series("C5", "terms", &[10, 100, 1000, 10_000, 100_000], terms, open);
    cases
}

/// The trace of a power, written out.
fn equal_factors(size: usize) -> Asked {
    let product = vec!["A*X"; size].join("*");
    Asked::new(format!("d/dX tr({product})")).with(format!("{size}*((A*X)^{}*A)'", size - 1))
}

/// The trace of a product with a different constant before each variable.
pub(super) fn different_factors(size: usize) -> Asked {
    let product: Vec<String> = (1..=size).map(|k| format!("A{k}*X")).collect();
    Asked::new(format!("d/dX tr({})", product.join("*")))
}

/// A quadratic form of a product.
fn quadratic_form(size: usize) -> Asked {
    let product: Vec<String> = (1..=size).map(|k| format!("A{k}")).collect();
    let product = product.join("*");
    Asked::new(format!("d/dx x'*{product}*x")).with(format!("{product}*x + ({product})'*x"))
}

/// A network of layers, each of which is a linear map and a function of each entry.
fn network(layers: usize) -> String {
    let inner = (1..=layers).fold("x".to_string(), |inner, layer| format!("tanh(W{layer}*{inner})"));
    format!("sum({inner})")
}

/// The Hessian of a logistic regression.
fn logistic(_: usize) -> Asked {
    Asked::new("d/dw d/dw sum(log(1 + exp(-D*w)))").with("D'*diag(sigmoid(-D*w) .* sigmoid(D*w))*D")
}

/// A sum of quadratic forms of declared matrices.
fn terms(size: usize) -> Asked {
    let names: Vec<String> = (1..=size).map(|k| format!("A{k}")).collect();
    let terms: Vec<String> = names.iter().map(|name| format!("x'*{name}*x")).collect();
    Asked::new(format!("{} in R^(n,n); d/dx {}", names.join(", "), terms.join(" + ")))
}
