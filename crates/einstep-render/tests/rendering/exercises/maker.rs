//! Small derivations by hand: nodes are pushed once, links are made from what is exchanged where.

use einstep_trace::*;

/// A derivation under construction.
pub(crate) struct Maker {
    pub(crate) derivation: Derivation,
    steps: u32,
}

/// What stands where: a path and the new node.
pub(crate) type Exchange<'a> = (&'a [u32], NodeId);

impl Maker {
    pub(crate) fn new(text: &str, wrt: &str, dims: &[&str]) -> Maker {
        let dims = dims.iter().map(|name| DimRecord { name: name.to_string(), origin: Origin::Inferred }).collect();
        let problem = Problem {
            text: format!("d/d{wrt} {text}"),
            expression: text.into(),
            wrt: vec![wrt.into()],
            node: NodeId(0),
            given: vec![],
            layout: Layout::Mixed,
            structured: Reading::Free,
            task: Default::default(),
            notation: Notation::default(),
        };
        let result = Answer {
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
        };
        let derivation = Derivation {
            format: FORMAT.into(),
            id: None,
            generator: Generator { name: "test".into(), version: "0".into() },
            problem,
            dims,
            symbols: vec![],
            indices: vec![],
            nodes: vec![],
            shapes: vec![],
            chains: vec![],
            conditions: vec![],
            result,
            check: None,
        };
        Maker { derivation, steps: 0 }
    }

    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        let nodes = &mut self.derivation.nodes;
        let position = nodes.iter().position(|other| *other == node).unwrap_or_else(|| {
            nodes.push(node);
            nodes.len() - 1
        });
        NodeId(position as u32)
    }

    pub(crate) fn symbol(&mut self, name: &str, shape: &[&str]) -> NodeId {
        let kind = match shape {
            [] => SymbolKind::Scalar,
            [_] => SymbolKind::Vector,
            ["1", _] => SymbolKind::Row,
            _ => SymbolKind::Matrix,
        };
        let shape = shape.iter().map(|dim| Dim(dim.to_string())).collect();
        self.derivation.symbols.push(Symbol {
            name: name.into(),
            kind,
            shape,
            properties: vec![],
            origin: Origin::Inferred,
            depends: None,
        });
        let symbol = SymbolId(self.derivation.symbols.len() as u32 - 1);
        self.push(Node::Symbol { symbol })
    }

    pub(crate) fn index(&mut self, name: &str, dim: &str, role: IndexRole) -> IndexId {
        let id = IndexId(self.derivation.indices.len() as u32);
        self.derivation.indices.push(Index { id, name: name.into(), dim: Dim(dim.into()), role });
        id
    }

    pub(crate) fn number(&mut self, value: &str) -> NodeId {
        self.push(Node::Number { value: Rational(value.into()) })
    }

    pub(crate) fn elem(&mut self, of: NodeId, at: &[IndexId]) -> NodeId {
        self.push(Node::Elem { of, at: at.to_vec() })
    }

    pub(crate) fn delta(&mut self, i: IndexId, j: IndexId) -> NodeId {
        self.push(Node::Delta { at: [i, j] })
    }

    pub(crate) fn sum(&mut self, over: &[IndexId], body: NodeId) -> NodeId {
        self.push(Node::Sum { over: over.to_vec(), body })
    }

    pub(crate) fn mul(&mut self, args: &[NodeId]) -> NodeId {
        self.push(Node::Mul { args: args.to_vec() })
    }

    pub(crate) fn add(&mut self, args: &[NodeId]) -> NodeId {
        self.push(Node::Add { args: args.to_vec() })
    }

    pub(crate) fn matmul(&mut self, args: &[NodeId]) -> NodeId {
        self.push(Node::Matmul { args: args.to_vec() })
    }

    pub(crate) fn transpose(&mut self, arg: NodeId) -> NodeId {
        self.push(Node::Transpose { arg })
    }

    pub(crate) fn call(&mut self, name: &str, arg: NodeId) -> NodeId {
        self.push(Node::Call { name: name.into(), args: vec![arg] })
    }

    pub(crate) fn power(&mut self, base: NodeId, exponent: &str) -> NodeId {
        let exponent = self.number(exponent);
        self.push(Node::Power { base, exponent })
    }

    pub(crate) fn partial(&mut self, body: NodeId, by: NodeId) -> NodeId {
        self.push(Node::Partial { body, by, reading: Reading::Free })
    }

    pub(crate) fn array(&mut self, over: &[IndexId], body: NodeId) -> NodeId {
        self.push(Node::Array { over: over.to_vec(), rows: 1, body })
    }

    /// The node at a path.
    pub(crate) fn at(&self, root: NodeId, path: &[u32]) -> NodeId {
        path.iter().fold(root, |node, step| self.derivation.nodes[node.at()].children()[*step as usize])
    }

    /// A node with another one at a path.
    pub(crate) fn exchange(&mut self, root: NodeId, path: &[u32], new: NodeId) -> NodeId {
        let Some((first, rest)) = path.split_first() else {
            return new;
        };
        let mut node = self.derivation.nodes[root.at()].clone();
        let child = self.exchange(node.children()[*first as usize], rest, new);
        let first = *first as usize;
        match &mut node {
            Node::Add { args } | Node::Mul { args } | Node::Matmul { args } | Node::Hadamard { args } => {
                args[first] = child
            }
            Node::Call { args, .. } => args[first] = child,
            Node::Transpose { arg } => *arg = child,
            Node::Power { base, .. } => *base = child,
            Node::Elem { of, .. } => *of = child,
            Node::Sum { body, .. } | Node::Array { body, .. } | Node::Partial { body, .. } => *body = child,
            other => panic!("no child of {other:?} can be exchanged"),
        }
        self.push(node)
    }

    /// A step from a line.
    pub(crate) fn step(
        &mut self,
        phase: Phase,
        rule: &str,
        why: &str,
        before: NodeId,
        exchanges: &[Exchange<'_>],
    ) -> Step {
        let mut after = before;
        let mut replaced = vec![];
        for (path, new) in exchanges {
            replaced.push([self.at(before, path), *new]);
            after = self.exchange(after, path, *new);
        }
        self.steps += 1;
        Step {
            id: self.steps,
            phase,
            rule: RuleId(rule.to_string().into()),
            title: "".into(),
            because: Because { slots: vec![], text: why.into() },
            before,
            after,
            at: exchanges.iter().map(|(path, _)| path.to_vec()).collect(),
            replaced,
            lemma: None,
            with: vec![],
            marks: vec![],
            cases: vec![],
            text: None,
            latex: None,
            steps: vec![],
        }
    }

    pub(crate) fn chain(&mut self, id: &str, left: NodeId) {
        self.derivation.chains.push(Chain { id: id.into(), symbols: vec![], left, links: vec![] });
    }

    /// Adds a link to the last chain.
    pub(crate) fn link(&mut self, phase: Phase, rule: &str, why: &str, exchanges: &[Exchange<'_>]) -> &mut Step {
        let before = self.derivation.chains.last().unwrap().end();
        let step = self.step(phase, rule, why, before, exchanges);
        let links = &mut self.derivation.chains.last_mut().unwrap().links;
        links.push(step);
        links.last_mut().unwrap()
    }

    pub(crate) fn end(&self) -> NodeId {
        self.derivation.chains.last().unwrap().end()
    }

    pub(crate) fn fact(&mut self, node: NodeId, rule: &str, constraint: &str) {
        let rule = RuleId(rule.to_string().into());
        self.derivation.shapes.push(ShapeFact {
            node,
            shape: vec![],
            rule,
            slots: Default::default(),
            constraint: constraint.into(),
            from: vec![],
        });
    }

    pub(crate) fn done(mut self, shape: &[&str], sizes: &[&[(&str, u64)]]) -> Derivation {
        self.derivation.result.node = self.end();
        self.derivation.result.shape = shape.iter().map(|dim| Dim(dim.to_string())).collect();
        self.derivation.check = Some(CheckRecord {
            status: CheckStatus::Accepted,
            reason: None,
            steps: self.steps,
            points: 4,
            sizes: sizes.iter().map(|map| map.iter().map(|(name, size)| (name.to_string(), *size)).collect()).collect(),
            error_bits: 40,
            seed: "0".into(),
        });
        self.derivation
    }
}

pub(crate) fn held(at: &[u32]) -> Mark {
    Mark { kind: MarkKind::Held, at: at.to_vec(), group: 0 }
}
