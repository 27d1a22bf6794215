//! The values of a trace's expressions, straight from the definitions: loops over all indices, in floating point.
//!
//! In: a trace, a seed. Out: whether its lines are equal, as far as that can be told. It shares no code with the checker, so that
//! it can judge what the checker says. Left to others: rules, texts, conditions.

mod arrays;
mod functions;

use crate::random::Random;
use arrays::{Array, Real};
use einstep::trace::{Derivation, Dim, IndexId, Node, NodeId, Reading, Step, SymbolId, Table, group, rows_cols};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// How many values are computed at most.
const BUDGET: u64 = 300_000;
/// The greatest size of a literal dimension.
const MAX_LITERAL: usize = 6;

/// What is known of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// They agree wherever they exist.
    Equal,
    /// They differ.
    Unequal,
    /// There are no values, or too many.
    Open,
}

/// Whether all lines of the chains of a trace are equal, all replaced pairs, and the expression and the answer to those of
/// another trace of the same question.
pub fn judge(derivation: &Derivation, honest: &Derivation) -> Known {
    let (Ok(table), Ok(own)) = (Table::read(derivation), Table::read(honest)) else { return Known::Open };
    let mut known = Known::Equal;
    for seed in 0..3 {
        let (Some(mut direct), Some(mut other)) =
            (Direct::new(derivation, &table, honest, seed), Direct::new(honest, &own, honest, seed))
        else {
            return Known::Open;
        };
        let mut found = direct.chains();
        for (node, honest) in
            [(derivation.problem.node, honest.problem.node), (derivation.result.node, honest.result.node)]
        {
            found.push(direct.compare(node, &mut other, honest));
        }
        if found.contains(&Known::Unequal) {
            return Known::Unequal;
        }
        if found.contains(&Known::Open) {
            known = Known::Open;
        }
    }
    known
}

/// An entry that is perturbed.
type By = Option<(SymbolId, usize)>;

struct Direct<'a> {
    derivation: &'a Derivation,
    table: &'a Table,
    sizes: BTreeMap<String, usize>,
    symbols: Vec<Array>,
    /// How the entries of symbols move with the parameter that they depend on.
    moves: Vec<Vec<f64>>,
    known: HashMap<(NodeId, Vec<usize>, By), Option<Rc<Array>>>,
    left: u64,
}

impl<'a> Direct<'a> {
    /// With the sizes of the dimensions of the honest trace.
    fn new(derivation: &'a Derivation, table: &'a Table, honest: &Derivation, seed: u64) -> Option<Direct<'a>> {
        let mut sizes = BTreeMap::new();
        for (number, dim) in honest.dims.iter().enumerate() {
            sizes.insert(dim.name.clone(), 2 + (number + seed as usize) % 4);
        }
        let mut direct =
            Direct { derivation, table, sizes, symbols: vec![], moves: vec![], known: HashMap::new(), left: BUDGET };
        for symbol in &derivation.symbols {
            // The same symbol has the same entries in every trace of a question.
            let name = symbol.name.bytes().fold(seed, |hash, byte| hash.wrapping_mul(257).wrapping_add(byte.into()));
            let mut random = Random::new(name);
            let (rows, cols) = direct.extents(&symbol.shape)?;
            let mut entry = || {
                let positive = random.below(1 << 20) as f64 / f64::from(1 << 21) + 0.2;
                if seed > 0 && random.below(2) == 0 { -positive } else { positive }
            };
            let entries: Vec<f64> = (0..rows * cols).map(|_| entry()).collect();
            direct.moves.push((0..rows * cols).map(|_| entry()).collect());
            let array = Array::new(rows, cols, entries.into_iter().map(Real::plain).collect());
            direct.symbols.push(array.structured(&symbol.properties)?);
        }
        Some(direct)
    }

    fn size(&self, dim: &Dim) -> Option<usize> {
        let mut total = 0usize;
        for (coefficient, names) in dim.terms()? {
            let mut product = usize::try_from(coefficient).ok().filter(|size| *size <= MAX_LITERAL)?;
            for name in names {
                product *= self.sizes.get(&name)?;
            }
            total += product;
        }
        Some(total)
    }

    fn extents(&self, shape: &[Dim]) -> Option<(usize, usize)> {
        let (rows, cols) = rows_cols(shape).ok()?;
        Some((self.size(&rows)?, self.size(&cols)?))
    }

    /// What is known of each line beside the first of its chain, and of each pair.
    fn chains(&mut self) -> Vec<Known> {
        let mut found = Vec::new();
        let derivation = self.derivation;
        for chain in &derivation.chains {
            self.steps(&chain.links, chain.left, &mut found);
        }
        found
    }

    fn steps(&mut self, steps: &[Step], first: NodeId, found: &mut Vec<Known>) {
        for step in steps {
            for line in [step.before, step.after] {
                found.push(self.same(first, line));
            }
            for [old, new] in &step.replaced {
                found.push(self.same(*old, *new));
            }
            if let Some([old, _]) = step.replaced.first() {
                self.steps(&step.steps, *old, found);
            }
        }
    }

    fn same(&mut self, left: NodeId, right: NodeId) -> Known {
        if left == right {
            return Known::Equal;
        }
        if !self.table.contains(left) || !self.table.contains(right) {
            return Known::Open;
        }
        let mut free = [self.table.free(left), self.table.free(right)].concat();
        free.sort_unstable();
        free.dedup();
        self.over(&free, |direct, env| {
            let (left, right) = (direct.value(left, env, None), direct.value(right, env, None));
            agree(left.as_deref(), right.as_deref())
        })
    }

    /// A node beside that of another trace; the free indices of both run together.
    fn compare(&mut self, node: NodeId, other: &mut Direct<'_>, theirs: NodeId) -> Known {
        if !self.table.contains(node) || !other.table.contains(theirs) {
            return Known::Open;
        }
        let (free, others) = (self.table.free(node), other.table.free(theirs));
        if free.len() != others.len() {
            return Known::Unequal;
        }
        self.over(free, |direct, env| {
            let renamed = others.iter().zip(env.values()).map(|(index, value)| (*index, *value)).collect();
            let (left, right) = (direct.value(node, env, None), other.value(theirs, &renamed, None));
            agree(left.as_deref(), right.as_deref())
        })
    }

    /// What is known at all values of some indices.
    fn over(
        &mut self,
        free: &[IndexId],
        mut known: impl FnMut(&mut Self, &BTreeMap<IndexId, usize>) -> Known,
    ) -> Known {
        let mut result = Known::Equal;
        let Some(envs) = self.values_of(free, &BTreeMap::new()) else { return Known::Open };
        for env in envs {
            match known(self, &env) {
                Known::Unequal => return Known::Unequal,
                Known::Open => result = Known::Open,
                Known::Equal => {}
            }
        }
        result
    }

    /// Every way to give values to some indices.
    fn values_of(&mut self, over: &[IndexId], env: &BTreeMap<IndexId, usize>) -> Option<Vec<BTreeMap<IndexId, usize>>> {
        let mut envs = vec![env.clone()];
        for index in over {
            let size = self.size(&self.derivation.indices.get(index.at())?.dim)?;
            self.left = self.left.checked_sub((envs.len() * size) as u64)?;
            envs = envs
                .iter()
                .flat_map(|env| {
                    (0..size).map(|value| {
                        let mut env = env.clone();
                        env.insert(*index, value);
                        env
                    })
                })
                .collect();
        }
        Some(envs)
    }

    fn value(&mut self, id: NodeId, env: &BTreeMap<IndexId, usize>, by: By) -> Option<Rc<Array>> {
        let free: Vec<usize> =
            self.table.free(id).iter().map(|index| env.get(index).copied()).collect::<Option<_>>()?;
        let key = (id, free, by);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        self.left = self.left.checked_sub(1)?;
        let value = self.compute(id, env, by).map(Rc::new);
        self.known.insert(key, value.clone());
        value
    }

    fn all(&mut self, args: &[NodeId], env: &BTreeMap<IndexId, usize>, by: By) -> Option<Vec<Rc<Array>>> {
        args.iter().map(|arg| self.value(*arg, env, by)).collect()
    }

    fn compute(&mut self, id: NodeId, env: &BTreeMap<IndexId, usize>, by: By) -> Option<Array> {
        let derivation = self.derivation;
        let number = |value: f64| Some(Array::scalar(Real::plain(value)));
        match &derivation.nodes[id.at()] {
            Node::Number { value } => {
                let (negative, num, den) = value.parts()?;
                let size = num.parse::<f64>().ok()? / den.parse::<f64>().ok()?;
                number(if negative { -size } else { size })
            }
            Node::Size { dim } => number(self.size(dim)? as f64),
            Node::Symbol { symbol } => self.symbol(*symbol, by),
            Node::Identity { dim } => {
                let size = self.size(dim)?;
                Some(Array::from_fn(size, size, |i, j| Real::plain(f64::from(i == j))))
            }
            Node::Ones { shape } | Node::Zeros { shape } => {
                let one = f64::from(matches!(derivation.nodes[id.at()], Node::Ones { .. }));
                let (rows, cols) = self.extents(shape)?;
                Some(Array::from_fn(rows, cols, |_, _| Real::plain(one)))
            }
            Node::Add { args } => Array::fold(&self.all(args, env, by)?, Real::plus),
            Node::Mul { args } | Node::Hadamard { args } => Array::fold(&self.all(args, env, by)?, Real::times),
            Node::Matmul { args } => {
                let args = self.all(args, env, by)?;
                let (first, rest) = args.split_first()?;
                rest.iter().try_fold(first.as_ref().clone(), |product, arg| product.matmul(arg))
            }
            Node::Transpose { arg } => Some(self.value(*arg, env, by)?.transpose()),
            Node::Power { base, exponent } => Array::fold(&self.all(&[*base, *exponent], env, by)?, Real::power),
            Node::Matpow { base, exponent } => {
                let base = self.value(*base, env, by)?;
                (1..(*exponent).min(64)).try_fold(base.as_ref().clone(), |product, _| product.matmul(&base))
            }
            Node::Call { name, args } => {
                let along = match args.get(1).map(|second| &derivation.nodes[second.at()]) {
                    Some(Node::Number { value }) => value.0.parse().ok()?,
                    _ => 0,
                };
                let arrays = if along > 0 { &args[..1] } else { args };
                functions::call(name, &self.all(arrays, env, by)?, along)
            }
            Node::Block { blocks } => {
                let mut rows = Vec::with_capacity(blocks.len());
                for row in blocks {
                    // Side by side is one above the other of the transposes.
                    let row: Vec<Array> = self.all(row, env, by)?.iter().map(|block| block.transpose()).collect();
                    rows.push(Array::stacked(&row)?.transpose());
                }
                Array::stacked(&rows)
            }
            Node::Fn { name, arg } => Some(self.value(*arg, env, by)?.map(|entry| functions::of(name, entry))),
            Node::Elem { of, at } => self.element(*of, at, env, by),
            Node::Array { over, rows, body } => {
                let size = |indices: &[IndexId]| {
                    indices
                        .iter()
                        .map(|index| self.size(&derivation.indices[index.at()].dim))
                        .product::<Option<usize>>()
                };
                let (rows, cols) = over.split_at(usize::from(*rows));
                let (rows, cols) = (size(rows)?, size(cols)?);
                let entries =
                    self.values_of(over, env)?.into_iter().map(|env| Some(self.value(*body, &env, by)?.data[0]));
                Some(Array::new(rows, cols, entries.collect::<Option<_>>()?))
            }
            Node::Delta { at: [i, j] } => number(f64::from(env.get(i)? == env.get(j)?)),
            Node::Eps { at } => {
                let [i, j, k] = at.map(|index| env.get(&index).map(|value| *value as i64));
                let (i, j, k) = (i?, j?, k?);
                number(((j - i) * (k - i) * (k - j) / 2) as f64)
            }
            Node::Sum { over, body } | Node::Prod { over, body } => {
                let is_sum = matches!(derivation.nodes[id.at()], Node::Sum { .. });
                let mut total = Real::plain(if is_sum { 0.0 } else { 1.0 });
                for env in self.values_of(over, env)? {
                    let value = self.value(*body, &env, by)?.data[0];
                    total = if is_sum { total.plus(value) } else { total.times(value) };
                }
                Some(Array::scalar(total))
            }
            Node::Partial { body, by: variable, .. } => {
                if by.is_some() {
                    return None;
                }
                let (symbol, at) = match &derivation.nodes[variable.at()] {
                    Node::Elem { of, at } => (*of, at.as_slice()),
                    _ => (*variable, [].as_slice()),
                };
                let position = if at.is_empty() { 0 } else { self.position(symbol, at, env)? };
                let Node::Symbol { symbol } = &derivation.nodes[symbol.at()] else { return None };
                let value = self.value(*body, env, Some((*symbol, position)))?;
                number(value.data[0].slope)
            }
        }
    }

    fn symbol(&self, symbol: SymbolId, by: By) -> Option<Array> {
        let mut value = self.symbols.get(symbol.at())?.clone();
        match by {
            Some((other, position)) if other == symbol => self.moved(symbol, &mut value, position)?,
            Some((other, _)) if self.derivation.symbols[symbol.at()].depends == Some(other) => {
                value.data.iter_mut().zip(&self.moves[symbol.at()]).for_each(|(entry, moved)| entry.slope = *moved);
            }
            _ => {}
        }
        Some(value)
    }

    /// Lets the entries of a variable move with one of them: a matrix with that entry alone is given the structure.
    fn moved(&self, symbol: SymbolId, value: &mut Array, position: usize) -> Option<()> {
        let reading = self.derivation.problem.structured;
        let symbol = &self.derivation.symbols[symbol.at()];
        let linear = |property: &String| match property.as_str() {
            "positive-definite" => Some("symmetric".to_string()),
            "invertible" => None,
            other => Some(other.to_string()),
        };
        let mut properties: Vec<String> = symbol.properties.iter().filter_map(linear).collect();
        properties.dedup();
        if reading == Reading::Free || properties.is_empty() {
            value.data.get_mut(position)?.slope = 1.0;
            return Some(());
        }
        let cols = value.cols;
        let alone = |i, j| Real::plain(f64::from(i * cols + j == position));
        let direction = Array::from_fn(value.rows, cols, alone).structured(&properties)?;
        // Twice the symmetric or skew part.
        let two = properties.iter().any(|property| property == "symmetric" || property == "skew");
        let on_diagonal = position / cols == position % cols;
        let scale = if two && (on_diagonal || reading == Reading::Projected) { 0.5 } else { 1.0 };
        for (entry, rate) in value.data.iter_mut().zip(&direction.data) {
            entry.slope = scale * rate.value;
        }
        Some(())
    }

    fn element(&mut self, of: NodeId, at: &[IndexId], env: &BTreeMap<IndexId, usize>, by: By) -> Option<Array> {
        let position = self.position(of, at, env)?;
        let array = self.value(of, env, by)?;
        array.data.get(position).map(|entry| Array::scalar(*entry))
    }

    /// Where an element stands, row by row.
    fn position(&self, of: NodeId, at: &[IndexId], env: &BTreeMap<IndexId, usize>) -> Option<usize> {
        let shape = self.table.shape(of);
        let dim = |index: &IndexId| Some(self.derivation.indices.get(index.at())?.dim.clone());
        let dims = at.iter().map(dim).collect::<Option<Vec<_>>>()?;
        let mut rest = at.iter().zip(&dims);
        let mut position = 0;
        for (slot, count) in shape.iter().zip(group(shape, &dims).ok()?) {
            let mut within = 0;
            for (index, dim) in rest.by_ref().take(count) {
                within = within * self.size(dim)? + env.get(index)?;
            }
            position = position * self.size(slot)? + within;
        }
        Some(position)
    }
}

/// Whether two arrays agree; one scalar stands for no array.
fn agree(left: Option<&Array>, right: Option<&Array>) -> Known {
    const CLOSE: f64 = 1e-8;
    const FAR: f64 = 1e-5;
    let (Some(left), Some(right)) = (left, right) else { return Known::Open };
    if (left.rows, left.cols) != (right.rows, right.cols) {
        return Known::Unequal;
    }
    let mut known = Known::Equal;
    for (a, b) in left.data.iter().zip(&right.data).map(|(a, b)| (a.value, b.value)) {
        let apart = (a - b).abs() / (1.0 + a.abs().max(b.abs()));
        if a.is_nan() || b.is_nan() || !apart.is_finite() {
            known = Known::Open;
        } else if apart > FAR {
            return Known::Unequal;
        } else if apart > CLOSE {
            known = Known::Open;
        }
    }
    known
}
