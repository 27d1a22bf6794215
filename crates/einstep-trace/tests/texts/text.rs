//! The text form of nodes: chosen ones as they are printed, and random ones of every kind, which must read back.

use crate::nodes::{INDICES, Nodes};
use einstep_syntax::{parse_expression, print};
use einstep_trace::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The tree without its places.
fn shape_of(expr: &einstep_syntax::Expr) -> String {
    let debug = format!("{expr:?}");
    let parts = debug.split("span: Span {").map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.collect()
}

/// Reads a text back.
fn reads_back(nodes: &Nodes, id: NodeId) -> Result<(), TestCaseError> {
    let Some(tree) = syntax(&nodes.derivation, id) else { return Ok(()) };
    let text = print(&tree);
    let parsed = parse_expression(&text, 0);
    prop_assert!(parsed.diagnostics.is_empty(), "{text}\n{:?}", parsed.diagnostics);
    prop_assert_eq!(print(&parsed.value), text.clone());
    let (read, made) = (shape_of(&parsed.value), shape_of(&tree));
    let first = |text: &str| text.split_once("Expr {").map_or(String::new(), |(_, rest)| rest.to_string());
    prop_assert_eq!(first(&read), first(&made), "{}", text);
    Ok(())
}

/// One node made of earlier ones by random numbers.
fn made(kind: u8, a: NodeId, b: NodeId, c: NodeId, number: u32) -> Node {
    let pick = |names: &[&str]| names[number as usize % names.len()].to_string();
    let index = |k: u32| IndexId(k % INDICES.len() as u32);
    let dim = |k: u32| Dim(["m", "n", "3", "m*n"][k as usize % 4].into());
    match kind % 24 {
        0 => Node::Add { args: vec![a, b, c] },
        1 | 2 => Node::Mul { args: vec![a, b] },
        3 => Node::Mul { args: vec![a, b, c] },
        4 | 5 => Node::Matmul { args: vec![a, b] },
        6 => Node::Matmul { args: vec![a, b, c] },
        7 | 8 => Node::Hadamard { args: vec![a, b] },
        9 => Node::Transpose { arg: a },
        10 => Node::Power { base: a, exponent: b },
        11 | 12 => Node::Number { value: Rational(pick(&["-1", "-2", "-1/2", "1/2", "2", "3", "3/2", "-3/2", "2/3"])) },
        13 => Node::Matpow { base: a, exponent: 2 + number % 2 },
        14 => Node::Fn { name: FUNCTIONS[number as usize % FUNCTIONS.len()].into(), arg: a },
        15..=17 => {
            let (name, least, most) = CALLS[number as usize % CALLS.len()];
            let count = least + (number as usize / 64) % (most - least + 1);
            Node::Call { name: name.into(), args: [a, b][..count].to_vec() }
        }
        18 => Node::Elem { of: a, at: vec![index(number), index(number / 7)][..1 + number as usize % 2].to_vec() },
        19 => Node::Sum { over: vec![index(number)], body: a },
        20 => Node::Prod { over: vec![index(number)], body: a },
        21 => Node::Array { over: vec![index(number), index(number / 7)], rows: 1 + (number % 2) as u8, body: a },
        22 => match number % 3 {
            0 => Node::Identity { dim: dim(number / 3) },
            1 => Node::Ones { shape: vec![dim(number / 3), dim(number / 5)] },
            _ => Node::Size { dim: dim(number / 3) },
        },
        _ => match number % 3 {
            0 => Node::Delta { at: [index(number), index(number / 7)] },
            1 => Node::Eps { at: [index(number), index(number / 7), index(number / 49)] },
            _ => Node::Partial { body: a, by: b, reading: Reading::Free },
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() })]

    #[test]
    fn every_node_reads_back(choices in proptest::collection::vec(any::<(u8, u16, u16, u16, u32)>(), 150)) {
        let mut nodes = Nodes::new(if choices[0].0 % 2 == 0 { "1/2*sum(square(x))" } else { "x" });
        for (kind, a, b, c, number) in choices {
            let count = nodes.derivation.nodes.len();
            // Young nodes are preferred, so that expressions grow.
            let at = |k: u16| NodeId((count - 1 - (usize::from(k) % count).min(usize::from(k / 64) % count)) as u32);
            nodes.push_valid(made(kind, at(a), at(b), at(c), number));
        }
        for id in 0..nodes.derivation.nodes.len() {
            reads_back(&nodes, NodeId(id as u32))?;
        }
    }
}

#[test]
fn quotients_are_printed_as_in_textbooks() {
    for (expression, halved, thirds) in [("x", "A/2", "2/3*A"), ("t - 1/2*c", "1/2*A", "2/3*A")] {
        let mut nodes = Nodes::new(expression);
        let a = nodes.symbol("A");
        let (half, two_thirds) = (nodes.number("1/2"), nodes.number("-2/3"));
        let product = nodes.push(Node::Mul { args: vec![half, a] });
        assert_eq!(nodes.text(product), halved);
        let product = nodes.push(Node::Mul { args: vec![two_thirds, a] });
        assert_eq!(nodes.text(product), format!("-{thirds}"));
    }
    let mut nodes = Nodes::new("x");
    let [t, x, y] = ["t", "x", "y"].map(|name| nodes.symbol(name));
    let half = nodes.number("1/2");
    let (over_t, root, pi) = (nodes.power(t, "-1"), nodes.power(t, "-3/2"), nodes.call("pi", &[]));
    let (two, over_root_pi) = (nodes.number("2"), nodes.power(pi, "-1/2"));
    let (over_x, square) = (nodes.power(x, "-1"), nodes.power(x, "-2"));
    let xy = nodes.push(Node::Hadamard { args: vec![x, y] });
    let quotient = nodes.push(Node::Hadamard { args: vec![y, square] });
    for (args, expected) in [
        (vec![half, over_t, x], "x/(2*t)"),
        (vec![root, x], "x/sqrt(t)^3"),
        (vec![two, over_root_pi, x], "2/sqrt(pi)*x"),
        (vec![over_root_pi, x], "x/sqrt(pi)"),
        (vec![half, xy], "(x .* y)/2"),
        (vec![two, xy], "2*x .* y"),
        (vec![t, xy], "(t*x) .* y"),
        (vec![t, over_x], "t ./ x"),
        (vec![half, over_x], "1 ./ (2*x)"),
        (vec![two, over_t, quotient], "2*y ./ (t*x.^2)"),
    ] {
        let product = nodes.push(Node::Mul { args });
        assert_eq!(nodes.text(product), expected);
    }
}

#[test]
fn identities_tell_their_size_where_nothing_else_does() {
    let mut nodes = Nodes::new("x");
    let s = nodes.symbol("S");
    let identity = nodes.push(Node::Identity { dim: Dim("n".into()) });
    let two = nodes.number("2");
    let double = nodes.push(Node::Mul { args: vec![two, identity] });
    let sum = nodes.push(Node::Add { args: vec![identity, s] });
    let product = nodes.push(Node::Matmul { args: vec![s, double] });
    assert_eq!(nodes.text(double), "2*I");
    for (arg, expected) in
        [(identity, "tr(eye(n))"), (double, "tr(2*eye(n))"), (sum, "tr(I + S)"), (product, "tr(S*(2*I))")]
    {
        let trace = nodes.call("tr", &[arg]);
        assert_eq!(nodes.text(trace), expected);
    }
}

#[test]
fn names_stand_for_nodes() {
    let mut nodes = Nodes::new("x");
    let [t, x, y] = ["t", "x", "y"].map(|name| nodes.symbol(name));
    let minus = nodes.number("-1");
    let negative = nodes.push(Node::Mul { args: vec![minus, y] });
    let difference = nodes.push(Node::Add { args: vec![x, negative] });
    let norm = nodes.call("norm", &[difference]);
    let over = nodes.power(norm, "-1");
    let product = nodes.push(Node::Mul { args: vec![t, over, difference] });
    let named = |name: &str, node| Named { name: name.into(), node };
    let names = [named("t0", difference), named("t1", norm)];
    let mut texts = Texts::with_names(&nodes.derivation, &names);
    assert_eq!(texts.text(product).as_deref(), Some("t*t0/t1"));
    assert_eq!(texts.text(norm).as_deref(), Some("norm(t0)"));
    assert_eq!(texts.text(difference).as_deref(), Some("x - y"));
}
