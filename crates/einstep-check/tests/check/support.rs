//! A small builder of derivations: nodes are interned, a step is made from its places and replacements.

use einstep_trace::*;

pub(crate) struct Record {
    nodes: Vec<Node>,
    symbols: Vec<Symbol>,
    indices: Vec<Index>,
    chains: Vec<Chain>,
    number: u32,
}

impl Record {
    pub(crate) fn new() -> Record {
        Record { nodes: vec![], symbols: vec![], indices: vec![], chains: vec![], number: 0 }
    }

    /// The tables of a derivation, to add to.
    pub(crate) fn of(derivation: &Derivation) -> Record {
        Record {
            nodes: derivation.nodes.clone(),
            symbols: derivation.symbols.clone(),
            indices: derivation.indices.clone(),
            chains: vec![],
            number: 1000,
        }
    }

    /// Puts the nodes back.
    pub(crate) fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }

    pub(crate) fn node(&mut self, node: Node) -> NodeId {
        let position = self.nodes.iter().position(|other| *other == node).unwrap_or_else(|| {
            self.nodes.push(node);
            self.nodes.len() - 1
        });
        NodeId(position as u32)
    }

    pub(crate) fn symbol(&mut self, name: &str, shape: &[&str], properties: &[&str]) -> NodeId {
        let kind = match shape.len() {
            0 => SymbolKind::Scalar,
            1 => SymbolKind::Vector,
            _ => SymbolKind::Matrix,
        };
        self.symbols.push(Symbol {
            name: name.into(),
            kind,
            shape: shape.iter().map(|dim| Dim(dim.to_string())).collect(),
            properties: properties.iter().map(ToString::to_string).collect(),
            origin: Origin::Declared,
            depends: None,
        });
        self.node(Node::Symbol { symbol: SymbolId(self.symbols.len() as u32 - 1) })
    }

    /// A symbol of lemmas; it may depend on another one, a parameter.
    pub(crate) fn lemma_symbol(&mut self, name: &str, depends: Option<NodeId>) -> NodeId {
        let node = self.symbol(name, &[], &[]);
        let depends = depends.map(|parameter| self.symbol_id(parameter));
        let symbol = self.symbols.last_mut().unwrap();
        (symbol.origin, symbol.depends) = (Origin::Lemma, depends);
        node
    }

    fn symbol_id(&self, node: NodeId) -> SymbolId {
        match self.nodes[node.at()] {
            Node::Symbol { symbol } => symbol,
            _ => panic!("no symbol"),
        }
    }

    /// A function of a scalar.
    pub(crate) fn apply(&mut self, name: &str, arg: NodeId) -> NodeId {
        self.node(Node::Fn { name: name.into(), arg })
    }

    pub(crate) fn index(&mut self, name: &str, dim: &str) -> IndexId {
        let id = IndexId(self.indices.len() as u32);
        self.indices.push(Index { id, name: name.into(), dim: Dim(dim.into()), role: IndexRole::Sum });
        id
    }

    pub(crate) fn elem(&mut self, of: NodeId, at: &[IndexId]) -> NodeId {
        self.node(Node::Elem { of, at: at.to_vec() })
    }

    pub(crate) fn delta(&mut self, i: IndexId, j: IndexId) -> NodeId {
        self.node(Node::Delta { at: [i, j] })
    }

    pub(crate) fn mul(&mut self, args: &[NodeId]) -> NodeId {
        self.node(Node::Mul { args: args.to_vec() })
    }

    pub(crate) fn add(&mut self, args: &[NodeId]) -> NodeId {
        self.node(Node::Add { args: args.to_vec() })
    }

    pub(crate) fn matmul(&mut self, args: &[NodeId]) -> NodeId {
        self.node(Node::Matmul { args: args.to_vec() })
    }

    pub(crate) fn transpose(&mut self, arg: NodeId) -> NodeId {
        self.node(Node::Transpose { arg })
    }

    pub(crate) fn sum(&mut self, over: &[IndexId], body: NodeId) -> NodeId {
        self.node(Node::Sum { over: over.to_vec(), body })
    }

    pub(crate) fn array(&mut self, over: &[IndexId], body: NodeId) -> NodeId {
        self.node(Node::Array { over: over.to_vec(), rows: 1, body })
    }

    pub(crate) fn partial(&mut self, body: NodeId, by: NodeId) -> NodeId {
        self.node(Node::Partial { body, by, reading: Reading::Free })
    }

    pub(crate) fn number(&mut self, value: &str) -> NodeId {
        self.node(Node::Number { value: Rational(value.into()) })
    }

    pub(crate) fn power(&mut self, base: NodeId, exponent: &str) -> NodeId {
        let exponent = self.number(exponent);
        self.node(Node::Power { base, exponent })
    }

    pub(crate) fn call(&mut self, name: &str, arg: NodeId) -> NodeId {
        self.node(Node::Call { name: name.into(), args: vec![arg] })
    }

    pub(crate) fn chain(&mut self, id: &str, left: NodeId) {
        self.chains.push(Chain { id: id.into(), symbols: vec![], left, links: vec![] });
    }

    /// Begins a lemma with symbols of its own.
    pub(crate) fn lemma(&mut self, id: &str, symbols: &[NodeId], left: NodeId) {
        self.chain(id, left);
        let symbols = symbols.iter().map(|symbol| self.symbol_id(*symbol)).collect();
        self.chains.last_mut().unwrap().symbols = symbols;
    }

    /// Says that the last step uses a lemma, with this for its symbols.
    pub(crate) fn cite(&mut self, lemma: &str, with: &[(&str, NodeId)]) {
        let step = self.chains.last_mut().unwrap().links.last_mut().unwrap();
        step.lemma = Some(lemma.into());
        step.with = vec![with.iter().map(|(name, node)| (name.to_string(), *node)).collect()];
    }

    /// Adds cases to the last step.
    pub(crate) fn cases(&mut self, cases: Vec<Case>) {
        self.chains.last_mut().unwrap().links.last_mut().unwrap().cases = cases;
    }

    /// The last line.
    pub(crate) fn line(&self) -> NodeId {
        self.chains.last().unwrap().end()
    }

    /// A step that replaces what stands at some places of the last line.
    pub(crate) fn step(&mut self, rule: &str, exchange: &[(&[u32], NodeId)]) {
        let step = self.make_step(rule, self.line(), exchange);
        self.chains.last_mut().unwrap().links.push(step);
    }

    /// A step with finer steps that speak of the one replaced expression.
    pub(crate) fn group(&mut self, rule: &str, at: &[u32], steps: Vec<Step>) {
        let mut step = self.make_step(rule, self.line(), &[(at, steps.last().unwrap().after)]);
        step.steps = steps;
        self.chains.last_mut().unwrap().links.push(step);
    }

    pub(crate) fn make_step(&mut self, rule: &str, before: NodeId, exchange: &[(&[u32], NodeId)]) -> Step {
        let mut after = before;
        let mut replaced = Vec::new();
        for (path, new) in exchange {
            replaced.push([self.at(before, path), *new]);
            after = self.replace(after, path, *new);
        }
        self.number += 1;
        Step {
            id: self.number,
            phase: Phase::Lower,
            rule: RuleId(rule.to_string().into()),
            title: "".into(),
            because: Because::default(),
            before,
            after,
            at: exchange.iter().map(|(path, _)| path.to_vec()).collect(),
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

    fn at(&self, node: NodeId, path: &[u32]) -> NodeId {
        path.iter().fold(node, |node, &child| self.nodes[node.at()].children()[child as usize])
    }

    fn replace(&mut self, node: NodeId, path: &[u32], new: NodeId) -> NodeId {
        let Some((&child, rest)) = path.split_first() else {
            return new;
        };
        let old = self.nodes[node.at()].children()[child as usize];
        let new = self.replace(old, rest, new);
        let mut parent = self.nodes[node.at()].clone();
        match &mut parent {
            Node::Add { args }
            | Node::Mul { args }
            | Node::Matmul { args }
            | Node::Hadamard { args }
            | Node::Call { args, .. } => args[child as usize] = new,
            Node::Transpose { arg } | Node::Fn { arg, .. } => *arg = new,
            Node::Power { base, exponent } => *(if child == 0 { base } else { exponent }) = new,
            Node::Elem { of, .. } => *of = new,
            Node::Array { body, .. } | Node::Sum { body, .. } | Node::Prod { body, .. } => *body = new,
            Node::Partial { body, by, .. } => *(if child == 0 { body } else { by }) = new,
            _ => panic!("no child {child} in {parent:?}"),
        }
        self.node(parent)
    }

    /// The derivation of `expression` by `wrt`, with the last line as its result.
    pub(crate) fn finish(self, expression: &str, wrt: &[&str], result: Answer) -> Derivation {
        let left = self.chains.iter().find(|chain| chain.id == "value").unwrap().left;
        // The question is the value itself, or the array of which the value is an element.
        let node = match &self.nodes[left.at()] {
            Node::Elem { of, .. } => *of,
            _ => left,
        };
        let given = self.symbols.iter().filter(|symbol| symbol.origin != Origin::Lemma).map(declaration).collect();
        let node_of_result = self.line();
        let shapes = self.symbols.iter().flat_map(|symbol| &symbol.shape);
        let shapes = shapes.chain(self.indices.iter().map(|index| &index.dim));
        let mut names: Vec<String> = shapes.flat_map(|dim| dim.terms().unwrap()).flat_map(|(_, names)| names).collect();
        names.sort();
        names.dedup();
        let dims = names.into_iter().map(|name| DimRecord { name, origin: Origin::Declared }).collect();
        Derivation {
            format: FORMAT.into(),
            id: None,
            generator: Generator { name: "test".into(), version: "0".into() },
            problem: Problem {
                text: format!(
                    "{} {expression}",
                    wrt.iter().map(|name| format!("d/d{name}")).collect::<Vec<_>>().join(" ")
                ),
                expression: expression.into(),
                wrt: wrt.iter().map(ToString::to_string).collect(),
                node,
                given,
                layout: Layout::Mixed,
                structured: Reading::Free,
                task: Default::default(),
                notation: Notation::default(),
            },
            dims,
            symbols: self.symbols,
            indices: self.indices,
            nodes: self.nodes,
            shapes: vec![],
            chains: self.chains,
            conditions: vec![],
            result: Answer { node: node_of_result, ..result },
            check: None,
        }
    }
}

/// A derivation that holds under a condition, which the first step of a rule needs.
pub(crate) trait Under {
    fn under(self, node: NodeId, relation: ConditionKind, rule: &str) -> Derivation;
}

impl Under for Derivation {
    fn under(mut self, node: NodeId, relation: ConditionKind, rule: &str) -> Derivation {
        let mut steps = self.chains.iter().flat_map(|chain| &chain.links);
        let step = steps.find(|step| step.rule.0 == rule).unwrap().id;
        let stated = condition(&self, node, relation, step);
        self.conditions.push(stated);
        self
    }
}

fn declaration(symbol: &Symbol) -> String {
    let dims: Vec<&str> = symbol.shape.iter().map(|dim| dim.0.as_str()).collect();
    let space = match dims.as_slice() {
        [] => "R".to_string(),
        dims => format!("R^({})", dims.join(",")),
    };
    format!("{} in {space} {}", symbol.name, symbol.properties.join(" "))
}

/// A result in its texts; its node is the last line.
pub(crate) fn answer(text: Option<&str>, shape: &[&str], index: &str, free: &[&str]) -> Answer {
    Answer {
        node: NodeId(0),
        vec: None,
        text: text.map(Into::into),
        latex: None,
        shape: shape.iter().map(|dim| Dim(dim.to_string())).collect(),
        form: if text.is_some() { Form::Matrix } else { Form::Index },
        index: index.into(),
        free: free.iter().map(ToString::to_string).collect(),
        einsum: vec![],
        names: vec![],
        reason: None,
    }
}
