//! Files that no honest program writes: there is always a verdict, soon, and without much memory.
//!
//! The seeds are fixed and the cases few, so that this ends in time; `EINSTEP_HOSTILE=20000` tries as many of each kind.

use einstep::Problem;
use einstep::check::{Options, Verdict, check, read};
use einstep::trace::{
    CALLS, Derivation, Dim, FUNCTIONS, Index, IndexId, IndexRole, Node, NodeId, Rational, Reading, SymbolId,
};
use einstep_tests::guard::guarded;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use std::time::Duration;

/// How long one check may take, on a machine that is busy and without optimisation.
const BUDGET: Duration = Duration::from_secs(30);

const PROBLEMS: [&str; 6] = [
    "d/dx x'*B*x",
    "d/dX tr(V*X*W)",
    "d/dw norm(w)",
    "d/dA logdet(A)",
    "X in R^(m,n); A in R^(k,l)\nd/dX sum(kron(A,X))",
    "d/dx sum(softmax(x).*a)",
];

fn honest(number: usize) -> Derivation {
    let derivation = Problem::parse(PROBLEMS[number % PROBLEMS.len()]).and_then(|problem| problem.derive());
    derivation.expect("an honest problem").trace().clone()
}

fn text(number: usize) -> String {
    honest(number).to_json()
}

/// The verdict on a file.
fn verdict(text: String) -> Verdict {
    let verdict = guarded(BUDGET, move || match read(&text) {
        Ok(derivation) => check(&derivation, None, &Options::default()),
        Err(verdict) => *verdict,
    });
    verdict.unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn is_refused(derivation: &Derivation) -> bool {
    !matches!(verdict(derivation.to_json()), Verdict::Accepted(_))
}

fn tried<S: Strategy>(strategy: &S, cases: u32, test: impl Fn(S::Value)) {
    let cases = std::env::var("EINSTEP_HOSTILE").ok().and_then(|count| count.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    if let Err(error) = runner.run(strategy, |value| {
        test(value);
        Ok(())
    }) {
        panic!("{error}");
    }
}

#[test]
fn bytes() {
    tried(&any::<Vec<u8>>(), 300, |bytes| {
        assert!(!matches!(verdict(String::from_utf8_lossy(&bytes).into_owned()), Verdict::Accepted(_)));
    });
}

#[test]
fn any_json() {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9{}*/+ -]{0,8}".prop_map(Value::from)
    ];
    let json = leaf.prop_recursive(6, 60, 6, |inner| {
        let key =
            prop_oneof!["[a-z]{1,6}", Just("op".to_string()), Just("nodes".to_string()), Just("format".to_string())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    tried(&json, 300, |json| assert!(!matches!(verdict(json.to_string()), Verdict::Accepted(_))));
}

#[test]
fn truncated_files() {
    let texts: Vec<String> = (0..PROBLEMS.len()).map(text).collect();
    tried(&(0..PROBLEMS.len(), any::<prop::sample::Index>()), 200, |(number, at)| {
        let text = &texts[number];
        let cut = (0..=at.index(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        if cut < text.len() {
            assert!(!matches!(verdict(text[..cut].to_string()), Verdict::Accepted(_)));
        }
    });
}

/// Every number, text and list of a JSON value.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(key, item)| places(item, &format!("{here}/{key}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, field)| places(field, &format!("{here}/{key}"), found)),
        _ => {}
    }
    found.push(here.to_string());
}

#[test]
fn several_changes() {
    let values: Vec<Value> = (0..PROBLEMS.len()).map(|number| serde_json::to_value(honest(number)).unwrap()).collect();
    let change = (any::<prop::sample::Index>(), 0usize..12);
    let changes = (0..PROBLEMS.len(), prop::collection::vec(change, 2..6));
    tried(&changes, 300, |(number, changes)| {
        let mut value = values[number].clone();
        for (at, kind) in changes {
            let mut found = Vec::new();
            places(&value, "", &mut found);
            let other = value.pointer(&found[(at.index(found.len()) * 7 + 3) % found.len()]).cloned();
            let place = value.pointer_mut(&found[at.index(found.len())]).expect("a place");
            match (kind, &mut *place) {
                (0, _) => *place = Value::Null,
                (1, Value::Number(_)) => *place = Value::from(u32::MAX),
                (2, Value::Number(_)) => *place = Value::from(-1),
                (3, Value::String(_)) => *place = Value::from("9".repeat(2000)),
                (4, Value::String(_)) => *place = Value::from("(".repeat(2000)),
                (5, Value::String(_)) => *place = Value::from("m*".repeat(40) + "m"),
                (6, Value::Array(items)) => items.clear(),
                (7, Value::Array(items)) => *items = [items.as_slice(), items].concat(),
                (8, Value::Array(items)) => items.reverse(),
                (_, _) => *place = other.unwrap_or_default(),
            }
        }
        let _ = verdict(value.to_string());
    });
}

/// A node of random parts below a position.
fn node(derivation: &Derivation, kind: u8, parts: [u32; 4]) -> Node {
    let below = derivation.nodes.len() as u32;
    let id = |k: usize| NodeId(parts[k] % below.max(1));
    let index = |k: usize| IndexId(parts[k] % 8);
    let dim = |k: usize| {
        let name = |k: usize| derivation.dims[k % derivation.dims.len()].name.as_str();
        let (a, b) = (name(parts[k] as usize / 8), name(parts[k] as usize / 64));
        let dims =
            [a.into(), "3".into(), "1".into(), "40".into(), format!("{a}*{b}"), format!("{a} + {b}"), [a; 5].join("*")];
        Dim(dims[parts[k] as usize % dims.len()].clone())
    };
    let args = || (0..2 + parts[3] as usize % 3).map(|k| id(k % 4)).collect::<Vec<_>>();
    let name = |names: &[&str]| names[parts[3] as usize % names.len()].to_string();
    let calls: Vec<&str> = CALLS.iter().map(|(name, ..)| *name).collect();
    match kind % 18 {
        0 => Node::Number {
            value: Rational(["2", "-1/3", "99999999999999999999", "1/2", "1000000000"][parts[0] as usize % 5].into()),
        },
        1 => Node::Size { dim: dim(0) },
        2 => Node::Symbol { symbol: SymbolId(parts[0] % 3) },
        3 => Node::Identity { dim: dim(0) },
        4 => Node::Ones { shape: vec![dim(0), dim(1)] },
        5 => Node::Add { args: args() },
        6 => Node::Mul { args: args() },
        7 => Node::Matmul { args: args() },
        8 => Node::Hadamard { args: args() },
        9 => Node::Transpose { arg: id(0) },
        10 => Node::Power { base: id(0), exponent: id(1) },
        11 => Node::Matpow { base: id(0), exponent: [2, 3, 1_000_000_000, u32::MAX][parts[1] as usize % 4] },
        12 => Node::Call { name: name(&calls), args: args()[..1 + parts[2] as usize % 2].to_vec() },
        13 => Node::Fn { name: name(FUNCTIONS), arg: id(0) },
        14 => Node::Elem { of: id(0), at: (0..1 + parts[1] as usize % 2).map(|k| index(2 + k)).collect() },
        15 => Node::Array { over: vec![index(0), index(1)], rows: 1, body: id(2) },
        16 => Node::Sum { over: vec![index(0)], body: id(1) },
        _ => Node::Partial { body: id(0), by: id(1), reading: Reading::Free },
    }
}

/// Nodes that can be read are kept, up to a number.
fn grown(derivation: &mut Derivation, parts: &[(u8, [u32; 4])]) {
    for (kind, parts) in parts {
        let mut larger = derivation.clone();
        larger.nodes.push(node(derivation, *kind, *parts));
        let is_new = larger.nodes.last().is_some_and(|node| !derivation.nodes.contains(node));
        if is_new && einstep::trace::Table::read(&larger).is_ok() {
            *derivation = larger;
        }
    }
}

/// The expression of the question, and something from which itself is taken away: it has the right value, so all is looked at.
fn with_nothing_added(derivation: &mut Derivation, what: NodeId) -> NodeId {
    let table = einstep::trace::Table::read(derivation).expect("a table");
    let (free, is_array) = (table.free(what).to_vec(), !table.shape(what).is_empty());
    let mut sum = what;
    if is_array {
        sum = push(derivation, Node::Call { name: "sum".into(), args: vec![sum] });
    }
    if !free.is_empty() {
        sum = push(derivation, Node::Sum { over: free, body: sum });
    }
    let [less, more] = ["-7", "7"].map(|number| {
        let number = push(derivation, Node::Number { value: Rational(number.into()) });
        push(derivation, Node::Mul { args: vec![number, sum] })
    });
    let question = derivation.problem.node;
    push(derivation, Node::Add { args: vec![question, less, more] })
}

#[test]
fn readable_nonsense() {
    let part = (any::<u8>(), any::<[u32; 4]>());
    tried(&(0..PROBLEMS.len(), prop::collection::vec(part, 20..200)), 200, |(number, parts)| {
        assert!(is_refused(&spoilt(number, |d| {
            grown(d, &parts);
            with_nothing_added(d, NodeId(d.nodes.len() as u32 - 1))
        })));
    });
}

/// A trace whose first step of the value puts a node that is made by a function.
fn spoilt(number: usize, make: impl FnOnce(&mut Derivation) -> NodeId) -> Derivation {
    let mut derivation = honest(number);
    let new = make(&mut derivation);
    let step = &mut derivation.chains.iter_mut().find(|chain| chain.id == "value").unwrap().links[0];
    (step.at, step.replaced) = (vec![vec![]], vec![[step.before, new]]);
    step.after = new;
    step.marks.clear();
    derivation
}

fn push(derivation: &mut Derivation, node: Node) -> NodeId {
    // A node that is there twice would be refused for that.
    let position = match node {
        Node::Number { .. } | Node::Sum { .. } => derivation.nodes.iter().position(|other| *other == node),
        _ => None,
    };
    NodeId(position.unwrap_or_else(|| {
        derivation.nodes.push(node);
        derivation.nodes.len() - 1
    }) as u32)
}

fn index(derivation: &mut Derivation, dim: &str) -> IndexId {
    let id = IndexId(derivation.indices.len() as u32);
    derivation.indices.push(Index { id, name: format!("i{}", id.0), dim: Dim(dim.into()), role: IndexRole::Sum });
    id
}

#[test]
fn a_power_of_a_thousand_million() {
    let power = |base, exponent| Node::Matpow { base, exponent };
    assert!(is_refused(&spoilt(3, |d| {
        let high = push(d, power(NodeId(0), 1_000_000_000));
        push(d, Node::Call { name: "det".into(), args: vec![high] })
    })));
}

#[test]
fn exponents_of_exponents() {
    assert!(is_refused(&spoilt(2, |d| {
        let mut top = push(d, Node::Number { value: Rational("999999999999999".into()) });
        for _ in 0..5000 {
            top = push(d, Node::Power { base: top, exponent: top });
        }
        top
    })));
}

#[test]
fn a_kronecker_product_of_itself_again_and_again() {
    assert!(is_refused(&spoilt(3, |d| {
        let mut top = NodeId(0);
        for _ in 0..6 {
            top = push(d, Node::Call { name: "kron".into(), args: vec![top, top] });
        }
        push(d, Node::Call { name: "det".into(), args: vec![top] })
    })));
}

#[test]
fn a_determinant_of_many_rows() {
    for size in ["24", "40", "200", "100000", "18446744073709551615"] {
        assert!(is_refused(&spoilt(3, |d| {
            let dim = Dim(size.into());
            push(d, Node::Size { dim: dim.clone() });
            let ones = push(d, Node::Ones { shape: vec![dim.clone(), dim] });
            push(d, Node::Call { name: "adj".into(), args: vec![ones] });
            push(d, Node::Call { name: "det".into(), args: vec![ones] })
        })));
    }
}

#[test]
fn a_sum_over_many_indices_that_all_meet() {
    assert!(is_refused(&spoilt(1, |d| {
        let over: Vec<IndexId> = (0..40).map(|_| index(d, "m")).collect();
        let mut args = Vec::new();
        for (k, i) in over.iter().enumerate() {
            for j in &over[..k] {
                let delta = push(d, Node::Delta { at: [*i, *j] });
                let one = push(d, Node::Number { value: Rational(format!("{}", 2 + 41 * k + j.at())) });
                args.push(push(d, Node::Add { args: vec![delta, one] }));
            }
        }
        let body = push(d, Node::Mul { args });
        push(d, Node::Sum { over, body })
    })));
}

#[test]
fn sums_within_sums() {
    assert!(is_refused(&spoilt(1, |d| {
        let mut body = push(d, Node::Number { value: Rational("1/7".into()) });
        for _ in 0..1500 {
            let over = vec![index(d, "m")];
            body = push(d, Node::Sum { over, body });
        }
        body
    })));
}

#[test]
fn derivatives_of_derivatives() {
    assert!(is_refused(&spoilt(2, |d| {
        let index = d.chains.iter().find(|chain| chain.id == "element").map(|chain| chain.left).unwrap();
        let Node::Partial { by, .. } = d.nodes[index.at()] else { panic!() };
        let mut body = d.problem.node;
        for _ in 0..2000 {
            body = push(d, Node::Partial { body, by, reading: Reading::Free });
        }
        body
    })));
}

#[test]
fn a_function_of_very_many_values() {
    for name in ["exp", "log", "sin", "asin", "erf", "abs"] {
        assert!(is_refused(&spoilt(3, |d| {
            let mut top = NodeId(0);
            for _ in 0..3 {
                top = push(d, Node::Call { name: "kron".into(), args: vec![top, NodeId(0)] });
            }
            let of = push(d, Node::Fn { name: name.into(), arg: top });
            with_nothing_added(d, of)
        })));
    }
}

#[test]
fn a_reference_to_itself() {
    assert!(is_refused(&spoilt(2, |d| {
        let own = NodeId(d.nodes.len() as u32);
        push(d, Node::Mul { args: vec![own, own] })
    })));
}

#[test]
fn a_million_nodes() {
    assert!(is_refused(&spoilt(2, |d| {
        d.nodes.extend((0..1_000_000).map(|number| Node::Number { value: Rational(format!("{number}/7919")) }));
        NodeId(0)
    })));
}

#[test]
fn a_line_that_unfolds_to_a_large_tree_with_its_text() {
    let mut derivation = spoilt(2, |d| {
        let mut top = d.problem.node;
        for _ in 0..60 {
            top = push(d, Node::Add { args: vec![top, top] });
        }
        top
    });
    for step in derivation.chains.iter_mut().flat_map(|chain| &mut chain.links) {
        step.text = Some("x".into());
    }
    assert!(is_refused(&derivation));
}

#[test]
fn long_texts() {
    for long in
        ["w'*w + ".repeat(200_000) + "1", "sum[i](".repeat(100_000), "(".repeat(300_000), "w'*w*".repeat(100_000) + "1"]
    {
        let mut derivation = honest(2);
        derivation.result.index = long.clone();
        assert!(is_refused(&derivation));
        derivation.problem.given.push(long.clone());
        assert!(is_refused(&derivation));
        derivation.problem.expression = long;
        assert!(is_refused(&derivation));
    }
}

#[test]
fn brackets_within_brackets() {
    for open in ["[", "{\"a\":", "{\"chains\":[{\"links\":[{\"steps\":["] {
        assert!(!matches!(verdict(open.repeat(100_000)), Verdict::Accepted(_)));
    }
}

#[test]
fn the_memory_stayed_small() {
    // Where there is no such file nothing is known.
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return };
    let most =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    assert!(most.unwrap_or(0) < 3 << 20, "{most:?} kB");
}
