//! Honest traces with one thing changed, at random: what the checker says of them beside what their values say.
//!
//! In: traces, a seed. Out: a tally. Left to others: values (`direct`), what is asked of the tally (`tests/mutants.rs`).
//!
//! A mutant differs from an honest trace in one leaf of its JSON, or in the order or the number of the items of one list. Its
//! values are computed by code that has nothing in common with the checker.

use crate::direct::{Known, judge};
use crate::guard::{Failure, for_each, guarded};
use crate::random::Random;
use einstep::check::{Options, Verdict, check_question, read};
use einstep::trace::{CALLS, Derivation, FUNCTIONS};
use einstep::{Problem, rules};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How long the check of one mutant may take.
const BUDGET: Duration = Duration::from_secs(20);

/// A problem with its honest trace.
#[derive(Debug, Clone)]
pub struct Honest {
    /// The problem.
    pub problem: Problem,
    /// Its text.
    pub text: String,
    trace: Derivation,
    value: Value,
}

/// The problems of the suite and of the corpus that the check accepts, at most so many, evenly spread; and those of the others that
/// have a derivation all the same.
///
/// # Errors
/// A file that can't be read.
pub fn honest(most: usize) -> Result<(Vec<Honest>, Vec<String>), String> {
    let mut problems = Vec::new();
    for case in crate::cases()? {
        problems.push((case.problem()?.to_string(), case.parsed()));
    }
    let known = crate::corpus::known("")?;
    problems.extend(known.iter().map(|known| (known.line(), known.problem())));
    let step = problems.len().div_ceil(most.max(1)).max(1);
    let problems: Vec<_> = problems.into_iter().step_by(step).collect();
    let found = for_each(problems.len(), |number| {
        let (text, problem) = &problems[number];
        let problem = problem.as_ref().ok()?.clone();
        let derivation = problem.derive().ok()?;
        let mut trace = derivation.trace().clone();
        trace.check = None;
        let value = serde_json::to_value(&trace).ok()?;
        let text = text.clone();
        Some(match verdict(&problem, &trace) {
            Verdict::Accepted(_) => Ok(Honest { problem, text, trace, value }),
            _ => Err(text),
        })
    });
    let (mut honest, mut others) = (Vec::new(), Vec::new());
    for found in found.into_iter().flatten() {
        match found {
            Ok(found) => honest.push(found),
            Err(text) => others.push(text),
        }
    }
    Ok((honest, others))
}

fn verdict(problem: &Problem, trace: &Derivation) -> Verdict {
    check_question(trace, Some(problem.question()), &Options::default())
}

/// What the checker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// It accepts.
    Accepted,
    /// It declines.
    Declined,
    /// It rejects.
    Rejected,
    /// It panicked, or took too long.
    Failed,
}

/// A mutant.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The problem.
    pub text: String,
    /// What was changed, in general: `nodes.at: an index`.
    pub kind: String,
    /// What was changed, in particular.
    pub change: String,
    /// What its values say.
    pub known: Known,
    /// What the checker says.
    pub said: Said,
    /// Why.
    pub reason: String,
}

/// Mutants of honest traces: the number decides which one.
pub fn mutants(honest: &[Honest], seed: u64, count: usize) -> Vec<Mutant> {
    for_each(count, |number| {
        let honest = &honest[number % honest.len().max(1)];
        let mut random = Random::new(seed ^ (number as u64).wrapping_mul(0x9e37_79b9));
        (0..100).find_map(|_| {
            let mut value = honest.value.clone();
            let (kind, change) = mutate(&mut value, &mut random)?;
            (value != honest.value).then(|| examined(honest, &value, kind, change))
        })
    })
    .into_iter()
    .flatten()
    .collect()
}

fn examined(honest: &Honest, value: &Value, kind: String, change: String) -> Mutant {
    let text = honest.text.clone();
    let (said, reason, known) = match read(&value.to_string()) {
        Err(verdict) => match *verdict {
            Verdict::Rejected(found) => (Said::Rejected, found.message, Known::Open),
            _ => (Said::Declined, "it can't be read".into(), Known::Open),
        },
        Ok(trace) => {
            let known = judge(&trace, &honest.trace);
            let asked = honest.problem.clone();
            match guarded(BUDGET, move || verdict(&asked, &trace)) {
                Ok(Verdict::Accepted(_)) => (Said::Accepted, String::new(), known),
                Ok(Verdict::Declined(found)) => (Said::Declined, found.reason, known),
                Ok(Verdict::Rejected(found)) => (Said::Rejected, found.message, known),
                Err(Failure::Panic(panic)) => (Said::Failed, panic, known),
                Err(Failure::Time) => (Said::Failed, "out of time".into(), known),
            }
        }
    };
    Mutant { text, kind, change, known, said, reason }
}

/// The fields of a trace that a checker looks at: what is for readers only is left out.
const LOOKED_AT: [&str; 8] = ["problem", "dims", "symbols", "indices", "nodes", "chains", "conditions", "result"];
const FOR_READERS: [&str; 11] =
    ["title", "because", "marks", "latex", "reason", "phase", "origin", "role", "form", "kind", "text"];

/// Changes one thing, and says which.
fn mutate(value: &mut Value, random: &mut Random) -> Option<(String, String)> {
    // Nodes and steps are what matters most.
    let weighted = ["nodes", "nodes", "nodes", "nodes", "chains", "chains", "chains"];
    let field = match random.below(10) {
        number @ 0..7 => weighted[number],
        _ => random.choose(&LOOKED_AT)?,
    };
    let sizes = ["nodes", "indices", "symbols"].map(|table| value[table].as_array().map_or(0, Vec::len));
    let mut places = Vec::new();
    list(&value[field], &mut vec![], &mut places);
    let place = random.choose(&places)?.clone();
    let mut target = value.get_mut(field)?;
    for key in &place {
        target = match key.parse::<usize>() {
            Ok(position) if target.is_array() => target.get_mut(position)?,
            _ => target.get_mut(key)?,
        };
    }
    let name = place.iter().rfind(|key| key.parse::<usize>().is_err()).map_or(field, String::as_str);
    let before = target.clone();
    let how = change(target, name, sizes, random)?;
    let op = if field == "nodes" { format!("[{}]", node_op(value, &place)) } else { String::new() };
    let change = format!("{field}/{}: {before} became {}", place.join("/"), at(value, field, &place));
    Some((format!("{field}{op}.{name}: {how}"), change))
}

fn at<'v>(value: &'v Value, field: &str, place: &[String]) -> &'v Value {
    place.iter().fold(&value[field], |value, key| match key.parse::<usize>() {
        Ok(position) if value.is_array() => &value[position],
        _ => &value[key.as_str()],
    })
}

fn node_op(value: &Value, place: &[String]) -> String {
    let position = place.first().and_then(|key| key.parse::<usize>().ok()).unwrap_or_default();
    value["nodes"][position]["op"].as_str().unwrap_or_default().to_string()
}

/// The places of everything that can be changed.
fn list(value: &Value, place: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut visit = |key: String, child: &Value| {
        place.push(key);
        list(child, place, found);
        place.pop();
    };
    match value {
        Value::Object(fields) => {
            fields.iter().filter(|(key, _)| !FOR_READERS.contains(&key.as_str())).for_each(|(key, child)| {
                visit(key.clone(), child);
            });
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(position, child)| visit(position.to_string(), child));
            if items.len() > 1 {
                found.push(place.clone());
            }
        }
        _ => found.push(place.clone()),
    }
}

/// Changes a leaf or a list by its name.
fn change(
    target: &mut Value,
    name: &str,
    [nodes, indices, symbols]: [usize; 3],
    random: &mut Random,
) -> Option<&'static str> {
    let numbers = ["0", "1", "2", "-1", "3", "1/2", "-2", "7", "-1/2", "5/3"];
    let table = match name {
        "over" | "when" => indices,
        "symbols" | "symbol" | "depends" => symbols,
        _ => nodes,
    };
    match target {
        Value::Array(items) => {
            let (a, b) = (random.below(items.len()), random.below(items.len()));
            match random.below(4) {
                0 => {
                    items.remove(a);
                    Some("an item left out")
                }
                1 => {
                    let item = items[a].clone();
                    items.insert(b, item);
                    Some("an item twice")
                }
                _ => {
                    items.swap(a, b);
                    Some("two items exchanged")
                }
            }
        }
        Value::Number(number) => {
            let number = number.as_u64()?;
            let other = match (name, random.below(3)) {
                ("at", 0) => random.below(indices.max(4)) as u64,
                ("at", _) => random.below(4) as u64,
                (_, 0) => number.saturating_sub(1),
                (_, 1) => number + 1,
                _ => random.below(table.max(1)) as u64,
            };
            *target = Value::from(other);
            Some("a number")
        }
        Value::String(text) => {
            let pick = |items: &[&str], random: &mut Random| random.choose(items).map(ToString::to_string);
            let calls: Vec<&str> = CALLS.iter().map(|(name, ..)| *name).chain(FUNCTIONS.iter().copied()).collect();
            let ids: Vec<&str> = rules().map(|rule| rule.id).collect();
            let dims = ["1", "2", "3", "m", "n", "k", "l", "m*n", "n + 1"];
            let other = match name {
                "value" | "coefficient" => pick(&numbers, random)?,
                "op" => pick(
                    &["add", "mul", "hadamard", "matmul", "sum", "prod", "transpose", "delta", "elem", "power"],
                    random,
                )?,
                "name" => pick(&calls, random)?,
                "rule" => pick(&ids, random)?,
                "dim" | "shape" => pick(&dims, random)?,
                "properties" => pick(&["symmetric", "skew", "diagonal", "lower", "invertible"], random)?,
                "when" => pick(&["=", "!="], random)?,
                "relation" => pick(&["nonzero", "positive", "invertible", "nonzero-entries"], random)?,
                _ => {
                    let letters: Vec<char> = text.chars().collect();
                    let position = random.below(letters.len().max(1));
                    let put = *random.choose(&['i', 'j', 'k', 'x', 'A', '2', '*', '+', '-', '\''])?;
                    let replace = |(at, letter)| if at == position { put } else { letter };
                    letters.into_iter().enumerate().map(replace).collect()
                }
            };
            *target = Value::from(other);
            Some("a word")
        }
        _ => None,
    }
}

/// How many mutants there are of each kind of values and verdicts.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    counts: BTreeMap<(&'static str, Said), usize>,
    accepted: BTreeMap<String, (usize, String)>,
    /// Mutants that the values show to be wrong, and the checker does not reject; and failures.
    pub noted: Vec<String>,
}

impl Tally {
    /// Counts.
    pub fn of(mutants: &[Mutant]) -> Tally {
        let mut tally = Tally::default();
        for Mutant { text, kind, change, known, said, reason } in mutants {
            let values = match known {
                Known::Equal => "equal",
                Known::Unequal => "unequal",
                Known::Open => "open",
            };
            *tally.counts.entry((values, *said)).or_default() += 1;
            if *said == Said::Accepted {
                tally.accepted.entry(kind.clone()).or_insert((0, format!("{text}: {change}"))).0 += 1;
            }
            if *said == Said::Failed || *known == Known::Unequal && *said != Said::Rejected {
                tally.noted.push(format!("{said:?} {text}\n    {change}\n    {reason}"));
            }
        }
        tally
    }

    /// How many mutants have such values and such a verdict.
    pub fn count(&self, values: &str, said: Said) -> usize {
        self.counts
            .iter()
            .filter(|((own, verdict), _)| *own == values && *verdict == said)
            .map(|(_, count)| count)
            .sum()
    }

    /// How many mutants failed.
    pub fn failed(&self) -> usize {
        self.counts.iter().filter(|((_, said), _)| *said == Said::Failed).map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SAID: [Said; 4] = [Said::Rejected, Said::Declined, Said::Accepted, Said::Failed];
        writeln!(f, "{:<10}{:>10}{:>10}{:>10}{:>10}", "values", "rejected", "declined", "accepted", "failed")?;
        for values in ["unequal", "equal", "open"] {
            let [a, b, c, d] = SAID.map(|said| self.count(values, said));
            writeln!(f, "{values:<10}{a:>10}{b:>10}{c:>10}{d:>10}")?;
        }
        writeln!(f, "accepted, by kind:")?;
        for (kind, (count, example)) in &self.accepted {
            writeln!(f, "{count:>6}  {kind}\n        {example}")?;
        }
        self.noted.iter().try_for_each(|noted| writeln!(f, "{noted}"))
    }
}
