//! The functions of the language, of numbers and of whole arrays.
//!
//! In: a name, arguments. Out: the value by definition, or nothing where there is none.

use super::arrays::{Array, Real};
use std::f64::consts::{E, PI};
use std::rc::Rc;

/// The greatest size of a determinant that is expanded.
const MAX_EXPANDED: usize = 6;

/// A function of a number; not a number where the name is not known.
pub(super) fn of(name: &str, x: Real) -> Real {
    let u = x.value;
    let sigmoid = 1.0 / (1.0 + (-u).exp());
    let (value, derivative) = match name {
        "exp" => (u.exp(), u.exp()),
        "log" => (u.ln(), 1.0 / u),
        "sin" => (u.sin(), u.cos()),
        "cos" => (u.cos(), -u.sin()),
        "tan" => (u.tan(), 1.0 / (u.cos() * u.cos())),
        "asin" => (u.asin(), 1.0 / (1.0 - u * u).sqrt()),
        "acos" => (u.acos(), -1.0 / (1.0 - u * u).sqrt()),
        "atan" => (u.atan(), 1.0 / (1.0 + u * u)),
        "sinh" => (u.sinh(), u.cosh()),
        "cosh" => (u.cosh(), u.sinh()),
        "tanh" => (u.tanh(), 1.0 - u.tanh() * u.tanh()),
        "abs" => (u.abs(), sign(u)),
        "sign" => (sign(u), 0.0),
        "relu" => (u.max(0.0), step(u)),
        "step" => (step(u), 0.0),
        "sigmoid" => (sigmoid, sigmoid * (1.0 - sigmoid)),
        "softplus" => ((1.0 + u.exp()).ln(), sigmoid),
        "erf" => (erf(u), 2.0 / PI.sqrt() * (-u * u).exp()),
        _ => (f64::NAN, f64::NAN),
    };
    x.chain(value, derivative)
}

fn sign(u: f64) -> f64 {
    if u == 0.0 { 0.0 } else { u.signum() }
}

fn step(u: f64) -> f64 {
    f64::midpoint(1.0, sign(u))
}

/// The error function by its series.
fn erf(u: f64) -> f64 {
    let mut term = u;
    let mut sum = u;
    for n in 1..80 {
        term *= -u * u / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    2.0 / PI.sqrt() * sum
}

/// A function of arrays; along the rows (1), the columns (2), or everything (0).
pub(super) fn call(name: &str, args: &[Rc<Array>], along: u8) -> Option<Array> {
    let a = match args.first() {
        Some(first) => first.as_ref(),
        None => return Some(Array::scalar(Real::plain(if name == "e" { E } else { PI }))),
    };
    let second = args.get(1).map(Rc::as_ref);
    let zero = Real::plain(0.0);
    let diagonal = || (0..a.rows.min(a.cols)).map(|i| a.at(i, i));
    let keep = |keep: fn(usize, usize) -> bool| {
        Some(Array::from_fn(a.rows, a.cols, |i, j| if keep(i, j) { a.at(i, j) } else { zero }))
    };
    let halves = |sign: f64| {
        let half = Real::plain(0.5);
        let entry = |i, j| a.at(i, j).times(half).plus(a.at(j, i).times(Real::plain(0.5 * sign)));
        (a.rows == a.cols).then(|| Array::from_fn(a.rows, a.cols, entry))
    };
    let over = |reduce: fn(&[Real]) -> Real| Some(reduced(a, along, reduce));
    match name {
        "tr" => Some(Array::scalar(diagonal().fold(zero, Real::plus))),
        "norm" | "normF" => over(|run| run.iter().fold(Real::plain(0.0), |sum, x| sum.plus(x.times(*x))).root()),
        "norm1" => over(|run| run.iter().fold(Real::plain(0.0), |sum, x| sum.plus(of("abs", *x)))),
        "sum" => over(total),
        "mean" => over(|run| total(run).over(Real::plain(run.len() as f64))),
        "prod" => over(|run| run.iter().fold(Real::plain(1.0), |product, x| product.times(*x))),
        "logsumexp" => over(|run| of("log", total(&run.iter().map(|x| of("exp", *x)).collect::<Vec<_>>()))),
        "softmax" => {
            let exp = a.map(|x| of("exp", x));
            let sums = reduced(&exp, along, total);
            let sum = |i: usize, j: usize| match along {
                1 => sums.data[j],
                2 => sums.data[i],
                _ => sums.data[0],
            };
            Some(Array::from_fn(a.rows, a.cols, |i, j| exp.at(i, j).over(sum(i, j))))
        }
        "det" => Some(Array::scalar(determinant(a)?)),
        "logdet" => Some(Array::scalar(of("log", determinant(a)?))),
        "inv" => Some(a.inverse()?.1),
        "adj" => {
            let minor = |i: usize, j: usize| {
                let skip = |k: usize, left_out: usize| if k < left_out { k } else { k + 1 };
                determinant(&Array::from_fn(a.rows - 1, a.cols - 1, |r, c| a.at(skip(r, j), skip(c, i))))
            };
            let entry = |i, j| Some(minor(i, j)?.times(Real::plain(if (i + j) % 2 == 0 { 1.0 } else { -1.0 })));
            let entries = (0..a.rows * a.cols).map(|k| entry(k / a.cols, k % a.cols)).collect::<Option<_>>()?;
            Some(Array::new(a.rows, a.cols, entries))
        }
        "pinv" => {
            let transposed = a.transpose();
            match a.rows >= a.cols {
                true => transposed.matmul(a)?.inverse()?.1.matmul(&transposed),
                false => transposed.matmul(&a.matmul(&transposed)?.inverse()?.1),
            }
        }
        "diag" if a.cols == 1 => Some(Array::from_fn(a.rows, a.rows, |i, j| if i == j { a.data[i] } else { zero })),
        "diag" => Some(Array::new(a.rows, 1, diagonal().collect())),
        "vec" => Some(Array::new(a.rows * a.cols, 1, a.transpose().data)),
        "kron" => {
            let b = second?;
            let entry = |i, j| a.at(i / b.rows, j / b.cols).times(b.at(i % b.rows, j % b.cols));
            Some(Array::from_fn(a.rows * b.rows, a.cols * b.cols, entry))
        }
        "outer" => a.matmul(&second?.transpose()),
        "dot" => a.transpose().matmul(second?),
        "cross" => {
            let (x, y) = (&a.data, &second?.data);
            let entry = |i: usize| {
                let (j, k) = ((i + 1) % 3, (i + 2) % 3);
                x[j].times(y[k]).minus(x[k].times(y[j]))
            };
            Some(Array::new(3, 1, (0..3).map(entry).collect()))
        }
        "sym" => halves(1.0),
        "skew" => halves(-1.0),
        "tril" => keep(|i, j| i >= j),
        "triu" => keep(|i, j| i <= j),
        _ => None,
    }
}

fn total(run: &[Real]) -> Real {
    run.iter().fold(Real::plain(0.0), |sum, x| sum.plus(*x))
}

fn reduced(a: &Array, along: u8, reduce: impl Fn(&[Real]) -> Real) -> Array {
    match along {
        1 => Array::from_fn(1, a.cols, |_, j| reduce(&(0..a.rows).map(|i| a.at(i, j)).collect::<Vec<_>>())),
        2 => Array::from_fn(a.rows, 1, |i, _| reduce(&(0..a.cols).map(|j| a.at(i, j)).collect::<Vec<_>>())),
        _ => Array::scalar(reduce(&a.data)),
    }
}

/// The determinant by expansion along the first row: it exists for singular matrices too.
fn determinant(a: &Array) -> Option<Real> {
    if a.rows != a.cols {
        return None;
    }
    match a.rows {
        0 => return Some(Real::plain(1.0)),
        1..=MAX_EXPANDED => {}
        _ => return a.inverse().map(|(determinant, _)| determinant),
    }
    (0..a.cols).try_fold(Real::plain(0.0), |sum, j| {
        let skip = |k: usize| if k < j { k } else { k + 1 };
        let minor = determinant(&Array::from_fn(a.rows - 1, a.cols - 1, |r, c| a.at(r + 1, skip(c))))?;
        let sign = Real::plain(if j % 2 == 0 { 1.0 } else { -1.0 });
        Some(sum.plus(a.at(0, j).times(minor).times(sign)))
    })
}
