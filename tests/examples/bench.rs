//! Times the four exercises in process: derived and checked, and with the text of level `notes`; and the corpus: deriving,
//! checking, and the ratio of the two. `-- --worst` names the cases with the greatest ratios and times.
//!
//! Each figure is the median of many runs; the yardstick is a 64×64×64 product over the checker's field, so that figures of
//! different machines can be compared as ratios.

use einstep::check::{Options, check};
use einstep::{Problem, TextOptions};
use einstep_tests::corpus;
use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

const EXERCISES: [&str; 4] = ["d/dx x'*B*x", "d/dX tr(V*X*W)", "d/dw norm(w)", "d/dS tr(S)"];
const RUNS: usize = 201;
const FEW: usize = 5;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let yard = median(yardstick);
    writeln!(out, "yardstick                 {:>10}", show(yard))?;
    writeln!(out, "{:<22} {:>14} {:>18} {:>8}", "problem", "checked", "checked + text", "yards")?;
    for text in EXERCISES {
        let checked = median(|| {
            let _ = black_box(Problem::parse(text).and_then(|problem| problem.derive()));
        });
        let shown = median(|| {
            let derivation = Problem::parse(text).and_then(|problem| problem.derive());
            let _ = black_box(derivation.map(|derivation| derivation.to_text(&TextOptions::default())));
        });
        let yards = checked.as_secs_f64() / yard.as_secs_f64();
        writeln!(out, "{text:<22} {:>14} {:>18} {yards:>8.2}", show(checked), show(shown))?;
    }
    let mut cases = corpus()?;
    writeln!(out, "{:<22} {:>14} {:>18} {:>12}", "corpus", "derive", "check", "check/derive")?;
    for (what, percent) in [("median", 50), ("99th percentile", 99), ("greatest", 100)] {
        let mut column = |key: fn(&Case) -> f64| {
            cases.sort_by(|a, b| key(a).total_cmp(&key(b)));
            cases.get((cases.len() * percent / 100).min(cases.len().saturating_sub(1))).map_or(0.0, key)
        };
        let times =
            [|case: &Case| case.derive, |case: &Case| case.check].map(|key| Duration::from_secs_f64(column(key)));
        let ratio = column(|case| case.check / case.derive);
        writeln!(out, "{what:<22} {:>14} {:>18} {ratio:>12.1}", show(times[0]), show(times[1]))?;
    }
    if std::env::args().any(|arg| arg == "--worst") {
        cases.sort_by(|a, b| a.check.total_cmp(&b.check));
        for Case { name, derive, check } in cases.iter().rev().take(20) {
            let [derive, check] = [derive, check].map(|time| show(Duration::from_secs_f64(*time)));
            writeln!(out, "{name:<40} {derive:>14} {check:>14}")?;
        }
    }
    Ok(())
}

/// The times of one case of the corpus, in seconds.
struct Case {
    name: String,
    derive: f64,
    check: f64,
}

/// Every case of the corpus that has a derivation, each time the least of a few.
fn corpus() -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for known in corpus::known("").map_err(io::Error::other)? {
        let Ok(problem) = known.problem() else { continue };
        let derived = || einstep_engine::derive(problem.syntax(), &Default::default());
        let Ok(trace) = derived() else { continue };
        let derive = least(|| {
            let _ = black_box(derived());
        });
        let check = least(|| {
            let _ = black_box(check(&trace, Some(problem.syntax()), &Options::default()));
        });
        cases.push(Case { name: known.id, derive: derive.as_secs_f64(), check: check.as_secs_f64() });
    }
    Ok(cases)
}

/// The least of a few times: others were disturbed.
fn least(mut run: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..FEW).map(time).min().unwrap_or_default()
}

fn show(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}

/// A product of two 64×64 matrices modulo the checker's prime.
fn yardstick() {
    const P: u64 = 2_305_841_548_298_728_439;
    let entry = |k: usize| (k as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) % P;
    let a: Vec<u64> = (0..64 * 64).map(entry).collect();
    let b: Vec<u64> = (0..64 * 64).map(|k| entry(k + 7)).collect();
    let mut c = vec![0u64; 64 * 64];
    for i in 0..64 {
        for k in 0..64 {
            for j in 0..64 {
                let product = u128::from(a[64 * i + k]) * u128::from(b[64 * k + j]) % u128::from(P);
                c[64 * i + j] = (c[64 * i + j] + product as u64) % P;
            }
        }
    }
    black_box(c);
}
