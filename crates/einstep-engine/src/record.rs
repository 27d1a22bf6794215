//! The one place that turns what the engine did into a trace.
//!
//! In: chains of links over a store. Out: a `Derivation`. Left to others: texts in pretty notation, checking.

use crate::cases::{free_delta, with_delta};
use crate::derive::Finished;
use crate::infer::{By, Typed, infer};
use crate::lemmas::{Citation, Lemmas};
use crate::names::name_rest;
use crate::passes::Chain;
use crate::raising::Stuck;
use crate::slots::{Slots, Value};
use crate::work::Link;
use einstep_expr::{Axis, Dim, Id, Index, Indices, Node, Reading, Role, Shape, Store, Symbol, SymbolInfo};
use einstep_syntax::{Diagnostic, Notation, Problem};
use einstep_trace as trace;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::ops::Range;

/// A question with its shapes and no steps: its value can be found though it may not be derivable.
///
/// # Errors
/// Diagnostics about shapes and names.
///
/// ```
/// let problem = einstep_syntax::parse_problem("d/dX X*X'", 0).value;
/// let question = einstep_engine::shapes(&problem, Default::default()).unwrap();
/// assert_eq!(question.result.text.as_deref(), Some("X*X'"));
/// assert!(question.chains.is_empty());
/// ```
pub fn shapes(problem: &Problem, wanted: trace::Wanted) -> Result<trace::Derivation, Vec<Diagnostic>> {
    let (recorder, mut derivation) = begun(infer(problem, wanted)?, Lemmas::default());
    (derivation.nodes, derivation.indices) = recorder.tables();
    derivation.result.text = trace::text(&derivation, derivation.result.node);
    Ok(derivation)
}

/// The trace of a finished derivation.
pub(crate) fn derivation(finished: Finished) -> trace::Derivation {
    let Finished { typed, lemmas, chains, element, slots, order, conditions, raised, stuck } = finished;
    let task = typed.wanted.task;
    let (mut recorder, mut derivation) = begun(typed, lemmas);
    derivation.chains = recorder.lemma_chains();
    let cases = element.filter(|_| task.is_derive()).and_then(|element| {
        let delta = free_delta(&recorder.store, element)?;
        let [zero, one] = [false, true].map(|equal| with_delta(&mut recorder.store, element, delta, equal));
        Some((delta, zero, one))
    });
    let mut recorded: Vec<trace::Chain> = chains.iter().map(|chain| recorder.chain(chain, vec![])).collect();
    if let (Some((delta, zero, one)), Some(last)) =
        (cases, recorded.get_mut(1).and_then(|chain| chain.links.last_mut()))
    {
        let [i, j] = delta.map(|index| recorder.index(index));
        last.cases = [(trace::Relation::Different, zero), (trace::Relation::Equal, one)]
            .map(|(relation, after)| trace::Case { when: vec![(i, relation, j)], after: recorder.node(after) })
            .to_vec();
    }
    let conditions: Vec<(trace::NodeId, trace::ConditionKind, u32)> = conditions
        .into_iter()
        .map(|condition| {
            let (chain, link) = condition.link;
            (recorder.node(condition.node), condition.kind, recorded[chain].links[link].id)
        })
        .collect();
    let result = &mut derivation.result;
    result.einsum = element.map(|element| recorder.einsum(element, &slots)).unwrap_or_default();
    let Some(end) = chains.last().map(|chain| chain.end) else { return derivation };
    let element = element.map(|element| recorder.node(element));
    result.node = recorder.node(end);
    result.shape = match order {
        0..=2 if task != trace::Task::Lower => recorder.shape(recorder.store.shape(end)),
        _ => slots.iter().map(|&index| recorder.dim(recorder.store.index_info(index).dim)).collect(),
    };
    result.form = match raised {
        true if order > 2 => trace::Form::Kronecker,
        true => trace::Form::Matrix,
        false => trace::Form::Index,
    };
    let free: Vec<trace::IndexId> = slots.iter().map(|&index| recorder.index(index)).collect();
    let stuck = stuck.map(|stuck| match stuck {
        Stuck::Joins(index, factors) => (Some(recorder.index(index)), recorder.args(&factors)),
        Stuck::Position(index) => (Some(recorder.index(index)), vec![]),
        Stuck::Factor(factor) => (None, vec![recorder.node(factor)]),
        Stuck::Order(_) => (None, vec![]),
    });
    derivation.chains.extend(recorded);
    (derivation.nodes, derivation.indices) = recorder.tables();
    let mut texts = trace::Texts::new(&derivation);
    let conditions =
        conditions.into_iter().map(|(node, relation, step)| texts.condition(node, relation, step)).collect();
    let index = element.and_then(|element| texts.text(element)).unwrap_or_default();
    let text = texts.text(derivation.result.node);
    derivation.conditions = conditions;
    derivation.result.index = index;
    derivation.result.free = free.iter().map(|index| derivation.indices[index.at()].name.clone()).collect();
    match derivation.result.form {
        trace::Form::Matrix => derivation.result.text = text,
        trace::Form::Kronecker => derivation.result.vec = text,
        trace::Form::Index if task == trace::Task::Lower => {}
        trace::Form::Index => derivation.result.reason = Some(reason(&derivation, stuck)),
    }
    derivation
}

/// The record of a question before its first step. Its tables of nodes and indices are still with the recorder.
fn begun(typed: Typed, lemmas: Lemmas) -> (Recorder, trace::Derivation) {
    let wrt: Vec<String> = typed.by.iter().map(|by| typed.store.symbol_info(by.symbol).name.clone()).collect();
    let element = |by: &By| {
        let letters: Vec<&str> = by.at.iter().map(|&index| typed.store.index_info(index).letter.as_str()).collect();
        if by.named { format!("[{}]", letters.join(",")) } else { String::new() }
    };
    let operators: String = wrt.iter().zip(&typed.by).map(|(name, by)| format!("d/d{name}{} ", element(by))).collect();
    let mut recorder = Recorder {
        store: typed.store,
        lemmas,
        nodes: Vec::new(),
        known: Vec::new(),
        used: Vec::new(),
        positions: FxHashMap::default(),
        own: 0..0,
        next: 1,
    };
    let value = recorder.node(typed.value);
    let shapes = typed.facts.iter().map(|fact| recorder.fact(fact)).collect();
    let derivation = trace::Derivation {
        format: trace::FORMAT.into(),
        id: None,
        generator: trace::Generator { name: "einstep".into(), version: env!("CARGO_PKG_VERSION").into() },
        problem: trace::Problem {
            text: format!("{operators}{}", typed.expression),
            expression: typed.expression,
            wrt,
            node: value,
            given: recorder
                .problem_symbols()
                .map(|(position, info)| declaration(&recorder.store, info, recorder.store.tensor(position)))
                .collect(),
            task: typed.wanted.task,
            layout: typed.wanted.layout,
            structured: typed.wanted.structured,
            notation: match typed.notation {
                Notation::Explicit => trace::Notation::Explicit,
                Notation::Einstein => trace::Notation::Einstein,
            },
        },
        dims: typed
            .dims
            .into_iter()
            .map(|(name, declared)| trace::DimRecord { name, origin: origin(declared) })
            .chain(recorder.lemmas.dim.clone().map(|name| trace::DimRecord { name, origin: trace::Origin::Lemma }))
            .collect(),
        symbols: recorder.symbols(),
        indices: Vec::new(),
        nodes: Vec::new(),
        shapes,
        chains: Vec::new(),
        conditions: Vec::new(),
        result: trace::Answer {
            node: value,
            text: None,
            vec: None,
            latex: None,
            shape: recorder.shape(recorder.store.shape(typed.value)),
            form: trace::Form::Matrix,
            index: String::new(),
            free: Vec::new(),
            einsum: Vec::new(),
            names: Vec::new(),
            reason: None,
        },
        check: None,
    };
    (recorder, derivation)
}

/// Why there is no matrix form: the summed index and the factors that it joins, or a factor.
fn reason(derivation: &trace::Derivation, stuck: Option<(Option<trace::IndexId>, Vec<trace::NodeId>)>) -> String {
    let text = |id: &trace::NodeId| trace::text(derivation, *id).unwrap_or_default();
    match stuck {
        Some((Some(index), factors)) if factors.is_empty() => {
            let position = &derivation.indices[index.at()].name;
            format!("the index {position} stays where it is beside another: no product of matrices says this")
        }
        Some((Some(index), factors)) => {
            let names: Vec<String> = factors.iter().map(text).collect();
            let (last, rest) = names
                .split_last()
                .map_or((String::new(), String::new()), |(last, rest)| (last.clone(), rest.join(", ")));
            format!(
                "the sum over {} joins {rest} and {last}, each with another index: no product of matrices says this",
                derivation.indices[index.at()].name
            )
        }
        Some((None, factors)) if !factors.is_empty() => {
            format!("{} has more indices than rows and columns", text(&factors[0]))
        }
        Some(_) => {
            let what = if derivation.problem.task.is_derive() { "derivative" } else { "expression" };
            format!("the {what} has more indices than rows and columns")
        }
        None => "no rule reads this index expression back as matrices".into(),
    }
}

fn origin(declared: bool) -> trace::Origin {
    if declared { trace::Origin::Declared } else { trace::Origin::Inferred }
}

fn reading(reading: Reading) -> trace::Reading {
    match reading {
        Reading::Free => trace::Reading::Free,
        Reading::Tied => trace::Reading::Tied,
        Reading::Projected => trace::Reading::Projected,
    }
}

fn symbol_id(symbol: Symbol) -> trace::SymbolId {
    trace::SymbolId(symbol.number() as u32)
}

/// A symbol as one would declare it.
fn declaration(store: &Store, info: &SymbolInfo, tensor: Option<&[Dim]>) -> String {
    let dim = |dim: Dim| store.dims.text(dim);
    let Shape { rows, cols } = info.shape;
    let space = match (rows.is_one(), cols.is_one()) {
        _ if tensor.is_some() => {
            let dims: Vec<&str> = tensor.into_iter().flatten().map(|&slot| dim(slot)).collect();
            format!("R^({})", dims.join(","))
        }
        (true, true) => "R".to_string(),
        (false, true) if dim(rows).contains(['*', '+']) => format!("R^({})", dim(rows)),
        (false, true) => format!("R^{}", dim(rows)),
        _ => format!("R^({},{})", dim(rows), dim(cols)),
    };
    let properties: String = info.properties.iter().map(|property| format!(" {property}")).collect();
    format!("{} in {space}{properties}", info.name)
}

struct Recorder {
    store: Store,
    lemmas: Lemmas,
    nodes: Vec<trace::Node>,
    /// Where each node of the store stands.
    known: Vec<Option<trace::NodeId>>,
    used: Vec<Index>,
    /// Where each of them stands.
    positions: FxHashMap<Index, u32>,
    /// Which of them belong to lemmas.
    own: Range<usize>,
    next: u32,
}

impl Recorder {
    fn index(&mut self, index: Index) -> trace::IndexId {
        let position = self.positions.entry(index).or_insert(self.used.len() as u32);
        if *position as usize == self.used.len() {
            self.used.push(index);
        }
        trace::IndexId(*position)
    }

    fn indices(&mut self, indices: &[Index]) -> Vec<trace::IndexId> {
        indices.iter().map(|&index| self.index(index)).collect()
    }

    fn dim(&self, dim: Dim) -> trace::Dim {
        trace::Dim(self.store.dims.text(dim).to_string())
    }

    fn shape(&self, shape: Shape) -> Vec<trace::Dim> {
        trace::shape_from(self.dim(shape.rows), self.dim(shape.cols))
    }

    fn args(&mut self, args: &[Id]) -> Vec<trace::NodeId> {
        args.iter().map(|&arg| self.node(arg)).collect()
    }

    fn node(&mut self, id: Id) -> trace::NodeId {
        if let Some(&Some(known)) = self.known.get(id.number()) {
            return known;
        }
        let node = match self.store.node(id).clone() {
            Node::Number(value) => trace::Node::Number { value: trace::Rational(value.to_string()) },
            Node::Size(dim) => trace::Node::Size { dim: self.dim(dim) },
            Node::Symbol(symbol) => trace::Node::Symbol { symbol: symbol_id(symbol) },
            Node::Identity(dim) => trace::Node::Identity { dim: self.dim(dim) },
            Node::Ones(shape) => trace::Node::Ones { shape: self.shape(shape) },
            Node::Zeros(shape) => trace::Node::Zeros { shape: self.shape(shape) },
            Node::Add(args) => trace::Node::Add { args: self.args(&args) },
            Node::Mul(args) => trace::Node::Mul { args: self.args(&args) },
            Node::Matmul(args) => trace::Node::Matmul { args: self.args(&args) },
            Node::Transpose(arg) => trace::Node::Transpose { arg: self.node(arg) },
            Node::Power(base, exponent) => trace::Node::Power { base: self.node(base), exponent: self.node(exponent) },
            Node::Matpow(base, exponent) => trace::Node::Matpow { base: self.node(base), exponent },
            Node::Hadamard(args) => trace::Node::Hadamard { args: self.args(&args) },
            Node::Block(cols, args) => {
                let blocks = args.chunks(cols as usize).map(|row| self.args(row)).collect();
                trace::Node::Block { blocks }
            }
            Node::Call(function, args) => {
                let mut args = self.args(&args);
                if let Some(axis) = match function.axis() {
                    Axis::All => None,
                    Axis::Rows => Some(1),
                    Axis::Cols => Some(2),
                } {
                    let axis = self.store.int(axis);
                    args.push(self.node(axis));
                }
                trace::Node::Call { name: function.name().into(), args }
            }
            Node::Apply(function, arg) => trace::Node::Fn { name: function.name().into(), arg: self.node(arg) },
            Node::Elem(of, at) => trace::Node::Elem { of: self.node(of), at: self.indices(&at) },
            Node::Array(over, rows, body) => {
                trace::Node::Array { over: self.indices(&over), rows, body: self.node(body) }
            }
            Node::Delta(i, j) => trace::Node::Delta { at: [self.index(i), self.index(j)] },
            Node::Eps(at) => trace::Node::Eps { at: at.map(|index| self.index(index)) },
            Node::Prod(over, body) => trace::Node::Prod { over: self.indices(&over), body: self.node(body) },
            Node::Sum(over, body) => trace::Node::Sum { over: self.indices(&over), body: self.node(body) },
            Node::Partial(body, by) => {
                let reading = self.reading(by);
                trace::Node::Partial { body: self.node(body), by: self.node(by), reading }
            }
        };
        let known = trace::NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        if self.known.len() <= id.number() {
            self.known.resize(self.store.len(), None);
        }
        self.known[id.number()] = Some(known);
        known
    }

    /// How a derivative by something is read: as the problem says, if that is structured.
    fn reading(&self, by: Id) -> trace::Reading {
        let of = match self.store.node(by) {
            Node::Elem(of, _) => *of,
            _ => by,
        };
        match self.store.node(of) {
            &Node::Symbol(symbol) if self.store.tied(symbol).is_some() => reading(self.store.reading),
            _ => trace::Reading::Free,
        }
    }

    /// The symbols of the problem. Those of lemmas stand behind them.
    fn problem_symbols(&self) -> impl Iterator<Item = (usize, &SymbolInfo)> {
        self.store.symbols().iter().enumerate().filter(|(position, _)| !self.lemmas.owns(*position))
    }

    fn symbols(&self) -> Vec<trace::Symbol> {
        let symbols = self.store.symbols().iter().enumerate();
        symbols.map(|(position, info)| self.symbol(position, info)).collect()
    }

    fn symbol(&self, position: usize, info: &SymbolInfo) -> trace::Symbol {
        let Shape { rows, cols } = info.shape;
        let tensor = self.store.tensor(position);
        let kind = match (rows.is_one(), cols.is_one()) {
            _ if tensor.is_some() => trace::SymbolKind::Tensor,
            (true, true) => trace::SymbolKind::Scalar,
            (false, true) => trace::SymbolKind::Vector,
            (true, false) => trace::SymbolKind::Row,
            (false, false) => trace::SymbolKind::Matrix,
        };
        trace::Symbol {
            name: info.name.clone(),
            kind,
            shape: match tensor {
                Some(dims) => dims.iter().map(|&dim| self.dim(dim)).collect(),
                None => self.shape(info.shape),
            },
            properties: info.properties.clone(),
            origin: if self.lemmas.owns(position) { trace::Origin::Lemma } else { origin(info.declared) },
            depends: self.lemmas.parameter_of(position).map(symbol_id),
        }
    }

    fn chain(&mut self, chain: &Chain, symbols: Vec<trace::SymbolId>) -> trace::Chain {
        trace::Chain {
            id: chain.id.to_string(),
            symbols,
            left: self.node(chain.left),
            links: chain.links.iter().map(|link| self.step(link)).collect(),
        }
    }

    /// The chains of lemmas. Their indices have letters of their own.
    fn lemma_chains(&mut self) -> Vec<trace::Chain> {
        let start = self.used.len();
        let derived = std::mem::take(&mut self.lemmas.derived);
        let symbols = |symbol| [Some(symbol), self.lemmas.parameter].into_iter().flatten().map(symbol_id).collect();
        let symbols: Vec<_> = derived.iter().map(|derived| symbols(derived.symbol)).collect();
        let chains =
            derived.iter().zip(symbols).map(|(derived, symbols)| self.chain(&derived.chain, symbols)).collect();
        self.lemmas.derived = derived;
        self.own = start..self.used.len();
        chains
    }

    /// What a use of a lemma puts for its symbols.
    fn with(&mut self, citation: &Citation) -> IndexMap<String, trace::NodeId> {
        let symbols = [self.lemmas.symbol_of(citation.lemma), self.lemmas.parameter];
        let put = symbols.into_iter().zip([citation.of, citation.by]);
        put.filter_map(|(symbol, id)| Some((self.store.symbol_info(symbol?).name.clone(), self.node(id)))).collect()
    }

    fn fact(&mut self, fact: &crate::infer::Fact) -> trace::ShapeFact {
        trace::ShapeFact {
            shape: match self.store.slots(fact.node) {
                tensor if tensor.len() > 2 => tensor.into_iter().map(|dim| self.dim(dim)).collect(),
                _ => self.shape(self.store.shape(fact.node)),
            },
            node: self.node(fact.node),
            rule: trace::RuleId(fact.rule.id.into()),
            slots: self.slots(&fact.slots),
            constraint: String::new(),
            from: self.args(&fact.from),
        }
    }

    fn step(&mut self, link: &Link) -> trace::Step {
        let id = self.next;
        self.next += 1;
        let mut slots = Vec::new();
        let mut marks = Vec::new();
        let mut with = Vec::new();
        for (group, place) in link.places.iter().enumerate() {
            slots.extend(place.slots.iter().map(|slots| self.slots(slots)));
            for citation in &place.cites {
                let put = self.with(citation);
                if !with.contains(&put) {
                    with.push(put);
                }
            }
            marks.extend(place.marks.iter().map(|(kind, path)| trace::Mark {
                kind: *kind,
                at: [place.at.as_slice(), path].concat(),
                group: group as u32,
            }));
        }
        trace::Step {
            id,
            phase: link.phase,
            rule: trace::RuleId(link.rule.id.into()),
            title: link.rule.name.into(),
            because: trace::Because { slots, text: String::new() },
            before: self.node(link.before),
            after: self.node(link.after),
            at: link.places.iter().map(|place| place.at.clone()).collect(),
            replaced: link.places.iter().map(|place| [self.node(place.from), self.node(place.to)]).collect(),
            lemma: link.places.iter().flat_map(|place| &place.cites).next().map(|citation| citation.lemma.id().into()),
            with,
            marks,
            cases: Vec::new(),
            text: None,
            latex: None,
            steps: link.steps.iter().map(|step| self.step(step)).collect(),
        }
    }

    fn slots(&mut self, slots: &Slots) -> trace::Slots {
        slots.iter().map(|(name, value)| (Cow::Borrowed(*name), self.slot(value))).collect()
    }

    fn slot(&mut self, value: &Value) -> trace::Slot {
        match value {
            Value::Index(index) => trace::Slot::Index(self.index(*index)),
            Value::Indices(indices) => trace::Slot::Indices(self.indices(indices)),
            Value::Node(id) => trace::Slot::Node(self.node(*id)),
            Value::Nodes(ids) => trace::Slot::Nodes(self.args(ids)),
            Value::Dim(dim) => trace::Slot::Dim(self.dim(*dim)),
            Value::Word(word) => trace::Slot::Word(word.clone()),
        }
    }

    /// The element as einsum terms; none when a term is no product of elements.
    fn einsum(&mut self, element: Id, slots: &Indices) -> Vec<trace::Einsum> {
        self.store
            .terms(element)
            .into_iter()
            .map(|term| self.einsum_term(term, slots))
            .collect::<Option<Vec<_>>>()
            .unwrap_or_default()
    }

    fn einsum_term(&mut self, term: Id, slots: &Indices) -> Option<trace::Einsum> {
        let (coefficient, rest) = self.store.coefficient(term);
        let mut letters: Vec<Index> = slots.to_vec();
        let mut letter = |index: Index| {
            let position = letters.iter().position(|&known| known == index).unwrap_or_else(|| {
                letters.push(index);
                letters.len() - 1
            });
            (position < 26).then(|| char::from(b'a' + position as u8))
        };
        let mut scalars = Vec::new();
        let mut operands = Vec::new();
        let mut groups: Vec<String> = Vec::new();
        let mut output: String = slots.iter().map(|&index| letter(index)).collect::<Option<_>>()?;
        let mut bound = Indices::new();
        let mut factors = Vec::new();
        for factor in self.store.factors(rest) {
            match self.store.node(factor) {
                Node::Sum(over, body) if !self.store.free(factor).is_empty() => {
                    // Two sums over one index can't be one einsum.
                    if over.iter().any(|index| bound.contains(index)) {
                        return None;
                    }
                    bound.extend_from_slice(over);
                    factors.extend(self.store.factors(*body));
                }
                _ => factors.push(factor),
            }
        }
        for factor in factors {
            let (of, at) = match self.store.node(factor).clone() {
                _ if self.store.free(factor).is_empty() => {
                    if self.store.as_number(factor).is_none_or(|number| !number.is_one()) {
                        scalars.push(factor);
                    }
                    continue;
                }
                // An einsum has one letter for each slot, and none for an index that stays where it is.
                node if self.names_position(&node) => return None,
                Node::Elem(of, at) if at.len() == self.store.slots(of).len() => (of, at),
                Node::Delta(i, j) => {
                    let dim = self.store.index_info(i).dim;
                    (self.store.intern(Node::Identity(dim)), Indices::from_slice(&[i, j]))
                }
                _ => return None,
            };
            groups.push(at.iter().map(|&index| letter(index)).collect::<Option<_>>()?);
            operands.push(of);
        }
        // An index of the answer that no operand has can't be named in an einsum.
        if output.chars().any(|c| !groups.iter().any(|group| group.contains(c))) {
            return None;
        }
        output.insert_str(0, "->");
        Some(trace::Einsum {
            coefficient: trace::Rational(coefficient.to_string()),
            scalars: self.args(&scalars),
            spec: groups.join(",") + &output,
            operands: self.args(&operands),
        })
    }

    /// Whether a node has a literal index.
    fn names_position(&self, node: &Node) -> bool {
        let is_literal = |index: &Index| self.store.position(*index).is_some();
        match node {
            Node::Elem(_, at) => at.iter().any(is_literal),
            Node::Delta(i, j) => [i, j].into_iter().any(is_literal),
            _ => false,
        }
    }

    fn tables(mut self) -> (Vec<trace::Node>, Vec<trace::Index>) {
        let rest = [&self.used[..self.own.start], &self.used[self.own.end..]].concat();
        name_rest(&mut self.store, &rest);
        let records = self.used.iter().enumerate().map(|(position, &index)| {
            let info = self.store.index_info(index);
            trace::Index {
                id: trace::IndexId(position as u32),
                name: info.letter.clone(),
                dim: self.dim(info.dim),
                role: match info.role {
                    Role::Value => trace::IndexRole::Value,
                    Role::Variable => trace::IndexRole::Variable,
                    Role::Literal(_) => trace::IndexRole::Literal,
                    Role::Sum | Role::Canonical => trace::IndexRole::Sum,
                },
            }
        });
        let indices = records.collect();
        (self.nodes, indices)
    }
}
