//! Tables of nodes by hand, with some symbols and indices in them.

use einstep_trace::*;

/// A derivation that is only a table of nodes, with some symbols and indices in it.
pub(crate) struct Nodes {
    pub(crate) derivation: Derivation,
}

const SYMBOLS: &[(&str, &[&str])] = &[
    ("c", &[]),
    ("t", &[]),
    ("x", &["n"]),
    ("y", &["n"]),
    ("r", &["1", "n"]),
    ("A", &["m", "n"]),
    ("B", &["m", "n"]),
    ("S", &["n", "n"]),
    ("z", &["3"]),
];

pub(crate) const INDICES: &[(&str, &str)] =
    &[("i", "m"), ("k", "m"), ("j", "n"), ("l", "n"), ("u", "3"), ("v", "3"), ("s", "3")];

impl Nodes {
    /// The symbols are the first nodes.
    pub(crate) fn new(expression: &str) -> Nodes {
        let dims = |shape: &[&str]| shape.iter().map(|dim| Dim(dim.to_string())).collect();
        let symbols = SYMBOLS.iter().map(|(name, shape)| {
            let kind = match shape.len() {
                0 => SymbolKind::Scalar,
                1 => SymbolKind::Vector,
                _ => SymbolKind::Matrix,
            };
            let (name, properties, origin) = (name.to_string(), vec![], Origin::Declared);
            Symbol { name, kind, shape: dims(shape), properties, origin, depends: None }
        });
        let indices = INDICES.iter().zip(0..).map(|(&(name, dim), id)| Index {
            id: IndexId(id),
            name: name.into(),
            dim: Dim(dim.into()),
            role: IndexRole::Sum,
        });
        let nodes = (0..SYMBOLS.len() as u32).map(|id| Node::Symbol { symbol: SymbolId(id) }).collect();
        let derivation = Derivation {
            format: FORMAT.into(),
            id: None,
            generator: Generator { name: "test".into(), version: String::new() },
            problem: Problem {
                text: String::new(),
                expression: expression.into(),
                wrt: vec![],
                node: NodeId(0),
                given: vec![],
                layout: Layout::Mixed,
                structured: Reading::Free,
                task: Default::default(),
                notation: Notation::default(),
            },
            dims: vec![],
            symbols: symbols.collect(),
            indices: indices.collect(),
            nodes,
            shapes: vec![],
            chains: vec![],
            conditions: vec![],
            result: Answer {
                vec: None,
                node: NodeId(0),
                text: None,
                latex: None,
                shape: vec![],
                form: Form::Matrix,
                index: String::new(),
                free: vec![],
                einsum: vec![],
                names: vec![],
                reason: None,
            },
            check: None,
        };
        Nodes { derivation }
    }

    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        self.derivation.nodes.push(node);
        NodeId(self.derivation.nodes.len() as u32 - 1)
    }

    /// A node if it is in order.
    pub(crate) fn push_valid(&mut self, node: Node) {
        self.push(node);
        if Table::read(&self.derivation).is_err() {
            self.derivation.nodes.pop();
        }
    }

    pub(crate) fn symbol(&self, name: &str) -> NodeId {
        NodeId(SYMBOLS.iter().position(|(other, _)| *other == name).unwrap() as u32)
    }

    pub(crate) fn number(&mut self, value: &str) -> NodeId {
        self.push(Node::Number { value: Rational(value.into()) })
    }

    pub(crate) fn power(&mut self, base: NodeId, exponent: &str) -> NodeId {
        let exponent = self.number(exponent);
        self.push(Node::Power { base, exponent })
    }

    pub(crate) fn call(&mut self, name: &str, args: &[NodeId]) -> NodeId {
        self.push(Node::Call { name: name.into(), args: args.to_vec() })
    }

    pub(crate) fn text(&self, id: NodeId) -> String {
        text(&self.derivation, id).unwrap()
    }
}
