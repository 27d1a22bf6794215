//! Tables of what was measured on the corpus.
//!
//! In: measured cases. Out: text. Left to others: measuring.

use crate::attempt::{Checked, Judged};
use crate::corpus::{Answered, LONG, Measured, Outcome};
use crate::guard::Failure;
use einstep::check::Rejection;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The ratio above which an answer is listed.
const LISTED: f64 = 1.2;

/// A row for each main group, or for each tag, and one for all.
pub fn table(measured: &[Measured], all_tags: bool) -> String {
    let mut tags: Vec<&str> = Vec::new();
    for case in measured {
        for tag in case.known.tags.iter().take(if all_tags { usize::MAX } else { 1 }) {
            if !tags.contains(&tag.as_str()) {
                tags.push(tag);
            }
        }
    }
    tags.sort_unstable();
    let mut text = format!(
        "{:20} {:>5} | {:>5} {:>5} {:>5} {:>7} | {:>6} {:>8} {:>8} {:>8} {:>4} | {:>6} {:>5} {:>5} {:>5}\n",
        "tag",
        "cases",
        "right",
        "wrong",
        "open",
        "refused",
        "matrix",
        "accepted",
        "declined",
        "rejected",
        "form",
        "median",
        "mean",
        "95 %",
        "max"
    );
    for tag in tags {
        let with = |case: &&Measured| {
            let tags = &case.known.tags;
            if all_tags {
                tags.iter().any(|other| other == tag)
            } else {
                tags.first().is_some_and(|first| first == tag)
            }
        };
        text += &row(tag, &measured.iter().filter(with).collect::<Vec<_>>());
    }
    text + &row("all", &measured.iter().collect::<Vec<_>>())
}

fn row(name: &str, cases: &[&Measured]) -> String {
    let count = |is: &dyn Fn(&Outcome) -> bool| cases.iter().filter(|case| is(&case.outcome)).count();
    let right = |is: fn(&Answered) -> bool| cases.iter().filter_map(|case| right(case)).filter(|a| is(a)).count();
    let mut ratios: Vec<f64> = cases.iter().filter_map(|case| raised(case)).map(|answered| answered.ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let at = |part: f64| ratios.get(((ratios.len() as f64 - 1.0) * part).round() as usize).copied();
    let mean = (!ratios.is_empty()).then(|| ratios.iter().sum::<f64>() / ratios.len() as f64);
    let show = |ratio: Option<f64>| ratio.map_or("-".into(), |ratio| format!("{ratio:.2}"));
    format!(
        "{name:20} {:>5} | {:>5} {:>5} {:>5} {:>7} | {:>6} {:>8} {:>8} {:>8} {:>4} | {:>6} {:>5} {:>5} {:>5}\n",
        cases.len(),
        right(|_| true),
        count(&is_wrong),
        count(&is_open),
        count(&|outcome| matches!(outcome, Outcome::Refused(_))),
        right(|answered| answered.matrix),
        right(|answered| answered.checked == Checked::Accepted),
        right(|answered| matches!(answered.checked, Checked::Declined(_))),
        right(|answered| matches!(answered.checked, Checked::Rejected(_))),
        right(|answered| answered.same_form),
        show(at(0.5)),
        show(mean),
        show(at(0.95)),
        show(at(1.0)),
    )
}

fn right(case: &Measured) -> Option<&Answered> {
    match &case.outcome {
        Outcome::Answered(answered) if answered.is_right() => Some(answered),
        _ => None,
    }
}

/// A right answer in matrix form.
fn raised(case: &Measured) -> Option<&Answered> {
    right(case).filter(|answered| answered.matrix)
}

fn is_wrong(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Answered(answered) => matches!(answered.judged, Judged::Different(_)),
        _ => false,
    }
}

fn is_open(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Answered(answered) => matches!(answered.judged, Judged::Open(_)),
        Outcome::Failed(_) => true,
        _ => false,
    }
}

/// Why cases are not right, each reason with its cases, the most frequent first.
pub fn kinds(measured: &[Measured]) -> String {
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for case in measured {
        let mut reasons: Vec<String> = match &case.outcome {
            Outcome::Refused(why) => why.lines().map(|line| format!("refused: {line}")).collect(),
            _ => trouble(case).into_iter().collect(),
        };
        reasons.sort();
        reasons.dedup();
        for reason in reasons {
            kinds.entry(reason).or_default().push(&case.known.id);
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
    let lines = kinds.iter().map(|(kind, ids)| {
        let some = ids.iter().take(4).copied().collect::<Vec<_>>().join(" ");
        let more = if ids.len() > 4 { " …" } else { "" };
        format!("{:4}  {kind}  ({some}{more})\n", ids.len())
    });
    lines.collect()
}

fn trouble(case: &Measured) -> Option<String> {
    match &case.outcome {
        Outcome::Refused(why) => Some(format!("refused: {}", why.replace('\n', "; "))),
        Outcome::Failed(Failure::Panic(message)) => Some(format!("PANIC: {message}")),
        Outcome::Failed(Failure::Time) => Some("out of time".into()),
        Outcome::Answered(answered) => match (&answered.judged, &answered.checked) {
            (Judged::Different(why), _) => Some(format!("WRONG: {}", kind(why))),
            (Judged::Open(why), _) => Some(format!("open: {why}")),
            (Judged::Equal, _) if !answered.matrix => Some("right, but in index form".into()),
            (Judged::Equal, Checked::Declined(why)) => Some(format!("right, but not checked: {}", kind(why))),
            (Judged::Equal, Checked::Rejected(why)) => Some(format!("right, but REJECTED: {}", rejection(why))),
            (Judged::Equal, Checked::Accepted) => None,
        },
    }
}

/// The cases that are not right, those that are long, those in another form than the book's, and those without trouble
/// when there are few cases.
pub fn details(measured: &[Measured]) -> String {
    let mut text = String::new();
    let mut list = |title: &str, is: &dyn Fn(&Measured) -> bool| {
        let cases: Vec<&Measured> = measured.iter().filter(|case| is(case)).collect();
        if cases.is_empty() {
            return;
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n== {title}: {}", cases.len());
        for case in cases {
            let _ = writeln!(text, "{}\n    {}", case.known.id, case.known.line());
            if let Some(trouble) = trouble(case) {
                let _ = writeln!(text, "    {trouble}");
            }
            if let Outcome::Answered(answered) = &case.outcome {
                let _ = writeln!(text, "    ours {}", answered.text);
            }
            let book = case.known.answer.as_deref().unwrap_or_default();
            match right(case) {
                Some(answered) => {
                    let _ = writeln!(text, "    book {book}    (ratio {:.2})", answered.ratio);
                }
                None => {
                    let _ = writeln!(text, "    book {book}");
                }
            }
        }
    };
    let long = |case: &Measured| raised(case).is_some_and(|answered| answered.ratio > LISTED);
    list("not right, not in matrix form or not checked", &|case| trouble(case).is_some());
    list("right, more than 1.2 times as long as the book's answer", &long);
    list("right, in another form than the book's", &|case| {
        !long(case) && raised(case).is_some_and(|answered| !answered.same_form)
    });
    if measured.len() <= 20 {
        list("in the book's form", &|case| trouble(case).is_none() && right(case).is_some_and(|a| a.same_form));
    }
    text
}

/// The cases that took longest.
pub fn slowest(measured: &[Measured]) -> String {
    let mut cases: Vec<&Measured> = measured.iter().collect();
    cases.sort_by_key(|case| std::cmp::Reverse(case.time));
    let total: f64 = cases.iter().map(|case| case.time.as_secs_f64()).sum();
    let lines = cases.iter().take(12);
    let lines =
        lines.map(|case| format!("{:8.3} s  {}  {}\n", case.time.as_secs_f64(), case.known.id, case.known.line()));
    format!("\n{total:8.3} s  in all\n") + &lines.collect::<String>()
}

/// The names of the answers that are much longer than the book's.
pub fn long(measured: &[Measured]) -> Vec<&str> {
    let is_long = |case: &&Measured| raised(case).is_some_and(|answered| answered.ratio > LONG);
    measured.iter().filter(is_long).map(|case| &*case.known.id).collect()
}

/// A message without its numbers.
pub fn kind(message: &str) -> String {
    let mut kind = String::new();
    for letter in message.chars() {
        match letter {
            '0'..='9' if kind.ends_with('#') => {}
            '0'..='9' => kind.push('#'),
            _ => kind.push(letter),
        }
    }
    kind
}

/// A rejection without its numbers.
pub fn rejection(rejection: &Rejection) -> String {
    let rule = rejection.rule.as_deref().unwrap_or_default();
    format!("{} {rule}: {}", kind(&rejection.at), kind(&rejection.message))
}
