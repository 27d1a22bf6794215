//! Names for what an answer repeats.

use crate::nodes::Nodes;
use einstep_trace::*;

/// The names of an answer with their texts, and the text of the answer with them.
fn named(nodes: &mut Nodes, answer: NodeId) -> (Vec<String>, String) {
    nodes.derivation.result.node = answer;
    let table = Table::read(&nodes.derivation).unwrap();
    let names = names(&nodes.derivation, &table);
    let mut texts = Texts::with_names(&nodes.derivation, &names);
    let definitions =
        names.iter().map(|named| format!("{} = {}", named.name, texts.text(named.node).unwrap())).collect();
    (definitions, texts.text(answer).unwrap())
}

/// x + tanh(S*x), the next layer of a network.
fn layer(nodes: &mut Nodes, x: NodeId) -> NodeId {
    let s = nodes.symbol("S");
    let product = nodes.push(Node::Matmul { args: vec![s, x] });
    let tanh = nodes.push(Node::Fn { name: "tanh".into(), arg: product });
    nodes.push(Node::Add { args: vec![x, tanh] })
}

#[test]
fn what_doubles_in_every_layer_is_named() {
    let mut nodes = Nodes::new("x");
    let mut x = nodes.symbol("x");
    for _ in 0..4 {
        x = layer(&mut nodes, x);
    }
    let (definitions, answer) = named(&mut nodes, x);
    assert_eq!(definitions, ["h0 = x + tanh(S*x)", "h1 = h0 + tanh(S*h0)", "h2 = h1 + tanh(S*h1)"]);
    assert_eq!(answer, "h2 + tanh(S*h2)");
}

#[test]
fn what_gets_shorter_by_less_than_half_is_printed_whole() {
    let mut nodes = Nodes::new("x");
    let x = nodes.symbol("x");
    let once = layer(&mut nodes, x);
    let twice = layer(&mut nodes, once);
    assert_eq!(named(&mut nodes, twice), (vec![], "(x + tanh(S*x)) + tanh(S*(x + tanh(S*x)))".into()));
}

#[test]
fn an_answer_too_large_to_print_has_names() {
    let mut nodes = Nodes::new("x");
    let mut x = nodes.symbol("x");
    for _ in 0..11 {
        x = layer(&mut nodes, x);
    }
    assert_eq!(named(&mut nodes, x).0.len(), 10);
    for _ in 0..60 {
        x = layer(&mut nodes, x);
    }
    assert_eq!(text(&nodes.derivation, x), None);
    assert_eq!(named(&mut nodes, x).0.len(), 26);
}

#[test]
fn names_are_new_ones() {
    let mut nodes = Nodes::new("x");
    let mut x = nodes.symbol("x");
    for _ in 0..4 {
        x = layer(&mut nodes, x);
    }
    // Of the usual letters t, z and c belong to symbols, s, u and v to indices.
    nodes.derivation.indices[0].name = "h7".into();
    nodes.derivation.dims.push(DimRecord { name: "g_1".into(), origin: Origin::Declared });
    assert_eq!(named(&mut nodes, x).0[0], "q0 = x + tanh(S*x)");
}

#[test]
fn what_depends_on_a_bound_index_has_no_name() {
    let mut nodes = Nodes::new("x");
    let [x, s] = ["x", "S"].map(|name| nodes.symbol(name));
    let index = IndexId(2);
    let product = nodes.push(Node::Matmul { args: vec![s, s, s, s, s, x] });
    let element = nodes.push(Node::Elem { of: product, at: vec![index] });
    let tanh = nodes.push(Node::Fn { name: "tanh".into(), arg: element });
    let cube = nodes.push(Node::Mul { args: vec![tanh; 8] });
    let sum = nodes.push(Node::Sum { over: vec![index], body: cube });
    let (definitions, answer) = named(&mut nodes, sum);
    assert_eq!(definitions, ["h0 = S*S*S*S*S*x"].map(String::from), "{answer}");
}
