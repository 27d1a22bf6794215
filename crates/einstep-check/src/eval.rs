//! The values of nodes at a point, each from the definition of its operation.
//!
//! In: a derivation, a point. Out: for each node asked for, an array over its free indices and its slots.
//! Left to others: points, comparing.
//!
//! Children stand before parents, so nodes are computed in the order of the table, each once. A pending derivative by
//! entries of a symbol is read off values computed once for each entry, that entry being perturbed.

use crate::draw::{Point, Random, slots};
use crate::dual::{Dual, ORDER};
use crate::field::F;
use crate::functions::{blocks, commutation, levi_civita};
use crate::matrix::Matrix;
use crate::meter::{Meter, NO_POWER, Trouble};
use crate::sizes::Sizes;
use crate::tensor::{Axis, Sized, Tensor};
use crate::ties::Ties;
use einstep_trace::{Derivation, Dim, IndexId, Node, NodeId, Rational, SymbolId, Table, commuted, group, rows_cols};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The values of nodes.
pub(crate) type Values = FxHashMap<NodeId, Rc<Tensor>>;

/// An entry of a symbol that is perturbed; its position in a list is the level of the perturbation.
pub(crate) type Entry = (SymbolId, usize);

/// What is done where a root does not exist, or another value that only some points have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Missing<'a> {
    /// There is no value.
    Refused,
    /// A root of v is the root of a random square that depends on v and the seed alone.
    Opaque,
    /// Something stands in for it, and it is counted.
    Counted(&'a Cell<u32>),
}

/// Everything that values depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World<'a> {
    pub(crate) derivation: &'a Derivation,
    pub(crate) table: &'a Table,
    pub(crate) sizes: &'a Sizes,
    pub(crate) point: &'a Point,
    /// The seed of random numbers other than entries.
    pub(crate) seed: u64,
    pub(crate) missing: Missing<'a>,
    pub(crate) meter: &'a Meter,
}

/// The greatest number of digits of a number. Two numbers below the prime are equal in the field only if they are equal.
pub(crate) const MAX_DIGITS: usize = 18;

/// A number is too long to be told from others by its residue.
pub(crate) fn too_long() -> Trouble {
    Trouble::Declined(format!("a number has more than {MAX_DIGITS} digits"))
}

/// The value of a rational number.
pub(crate) fn rational(number: &Rational) -> Result<F, Trouble> {
    let Some((negative, num, den)) = number.parts() else {
        return Err(Trouble::Declined(format!("`{}` is no rational number", number.0)));
    };
    if num.len().max(den.len()) > MAX_DIGITS {
        return Err(too_long());
    }
    let value = F::digits(num) * F::digits(den).inverse().ok_or(NO_POWER)?;
    Ok(if negative { -value } else { value })
}

/// The greatest number of values of a node that is compared value by value.
const LARGE: usize = 1 << 12;
/// The greatest number of indices of nested sums that are summed together.
const MAX_OVER: usize = 64;
/// Tells the random weights from other random numbers.
const WEIGHTS: u64 = 0x77_65_69_67_68_74;

/// Tells the random derivatives of what depends on a parameter from other random numbers.
const MOVES: u64 = 0x6d_6f_76_65_73;

/// A product under a sum.
#[derive(Debug, Clone)]
struct Term {
    over: Vec<IndexId>,
    factors: Vec<NodeId>,
}

/// What has to be computed: the nodes in order, and the bodies of pending derivatives by each symbol.
struct Plan {
    nodes: Vec<NodeId>,
    bodies: BTreeMap<SymbolId, Vec<NodeId>>,
}

/// What has been computed before one more entry is perturbed.
#[derive(Clone, Copy)]
struct Still<'a> {
    values: &'a Values,
    /// The nodes whose values change.
    moves: &'a [bool],
}

impl World<'_> {
    /// The values of some nodes and of those below them; of a large one, the values that its weighted sum is made of.
    pub(crate) fn values(&self, roots: &[NodeId]) -> Result<Values, Trouble> {
        self.perturbed_values(roots, &[])
    }

    /// The same with entries perturbed, the first by ε, the second by η.
    fn perturbed_values(&self, roots: &[NodeId], entries: &[Entry]) -> Result<Values, Trouble> {
        self.planned_values(&self.plan(roots)?, entries, None)
    }

    /// The values that a plan asks for; of what stands still where one more entry is perturbed, those that are known.
    fn planned_values(&self, plan: &Plan, entries: &[Entry], known: Option<Still<'_>>) -> Result<Values, Trouble> {
        let still = |id: NodeId| known.filter(|known| !known.moves[id.at()]).and_then(|known| known.values.get(&id));
        let mut derivatives = FxHashMap::default();
        for (&symbol, bodies) in &plan.bodies {
            let moving: Vec<NodeId> =
                bodies.iter().copied().filter(|body| known.is_none_or(|known| known.moves[body.at()])).collect();
            for (body, tensor) in self.derivatives(symbol, &moving, entries)? {
                derivatives.insert((symbol, body), tensor);
            }
        }
        let mut values = Values::default();
        for &id in &plan.nodes {
            let value = match still(id) {
                Some(known) => Rc::clone(known),
                None => Rc::new(self.value(id, entries, &values, &derivatives)?),
            };
            values.insert(id, value);
        }
        Ok(values)
    }

    /// Which nodes depend on the entries of a symbol.
    fn moves(&self, symbol: SymbolId) -> Vec<bool> {
        let mut moves: Vec<bool> = Vec::with_capacity(self.derivation.nodes.len());
        for node in &self.derivation.nodes {
            moves.push(match node {
                Node::Symbol { symbol: own } => {
                    *own == symbol || self.derivation.symbols[own.at()].depends == Some(symbol)
                }
                _ => node.children().iter().any(|child| moves[child.at()]),
            });
        }
        moves
    }

    /// The entries of a symbol, perturbed. Those that depend on a parameter move with it, each in its own way.
    pub(crate) fn symbol(&self, symbol: SymbolId, entries: &[Entry]) -> Tensor {
        let mut value = self.point.symbol(symbol).clone();
        for (level, &(other, position)) in entries.iter().enumerate() {
            if other == symbol {
                for (position, rate) in self.direction(symbol, position) {
                    value = value.with_entry(position, |entry| entry + Dual::ZERO.perturbed(level) * rate);
                }
            }
        }
        let parameter = self.derivation.symbols[symbol.at()].depends;
        let moves = |entry: &Entry| Some(entry.0) == parameter;
        let levels: Vec<Dual> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| moves(entry))
            .map(|(level, _)| Dual::ZERO.perturbed(level))
            .collect();
        if levels.is_empty() { value } else { self.moved(symbol, &value, &levels) }
    }

    /// How the entries of a symbol change when one of them is perturbed.
    fn direction(&self, symbol: SymbolId, position: usize) -> Vec<(usize, Dual)> {
        let size = self.point.symbol(symbol).axes().first().map_or(1, |axis| axis.1);
        match Ties::of(&self.derivation.symbols[symbol.at()]) {
            Some(ties) => ties.direction(self.derivation.problem.structured, size, position),
            None => vec![(position, Dual::ONE)],
        }
    }

    /// The entries of a symbol as functions of a parameter that moves: with random derivatives, the same at a point
    /// whenever they are asked for.
    fn moved(&self, symbol: SymbolId, value: &Tensor, levels: &[Dual]) -> Tensor {
        let entry = |(position, entry): (usize, &Dual)| {
            let uses = [MOVES, symbol.0.into(), position as u64, entry.value().residue()];
            let mut random = Random::new(self.seed, &uses);
            let [first, second] = [(); 2].map(|()| Dual::plain(random.element()));
            let linear = levels.iter().fold(*entry, |moved, level| moved + first * *level);
            match levels {
                [a, b] => linear + second * *a * *b,
                _ => linear,
            }
        };
        Tensor::new(value.axes().to_vec(), value.data().iter().enumerate().map(entry).collect())
    }

    fn plan(&self, roots: &[NodeId]) -> Result<Plan, Trouble> {
        let mut bodies: BTreeMap<SymbolId, Vec<NodeId>> = BTreeMap::new();
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut open = Vec::with_capacity(roots.len());
        for &root in roots {
            match self.is_large(root)? {
                true => open.extend(self.terms(root, self.table.free(root))?.into_iter().flat_map(|term| term.factors)),
                false => open.push(root),
            }
        }
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = &self.derivation.nodes[id.at()];
            match node {
                Node::Partial { body, by, .. } => bodies.entry(self.variable(*by)?.0).or_default().push(*body),
                Node::Sum { over, body } => {
                    open.extend(self.terms(*body, over)?.into_iter().flat_map(|term| term.factors));
                }
                _ => open.extend(node.children()),
            }
            self.meter.spend(1 + node.children().len() as u64)?;
        }
        let mut nodes: Vec<NodeId> = seen.into_iter().collect();
        nodes.sort_unstable();
        for list in bodies.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        Ok(Plan { nodes, bodies })
    }

    /// The symbol, and the indices of the entry, that a derivative is by.
    pub(crate) fn variable(&self, by: NodeId) -> Result<(SymbolId, &[IndexId]), Trouble> {
        let nodes = &self.derivation.nodes;
        let (of, at): (NodeId, &[IndexId]) = match &nodes[by.at()] {
            Node::Elem { of, at } => (*of, at),
            _ => (by, &[]),
        };
        match &nodes[of.at()] {
            Node::Symbol { symbol } => Ok((*symbol, at)),
            _ => Err(Trouble::Declined("a derivative is by something that is no element of a symbol".into())),
        }
    }

    /// An expression as terms, so that sums of products need not tabulate the products. Sums are taken apart unless
    /// they bind an index that is bound already.
    fn terms(&self, root: NodeId, bound: &[IndexId]) -> Result<Vec<Term>, Trouble> {
        let nodes = &self.derivation.nodes;
        let strip = |root: NodeId, mut over: Vec<IndexId>| {
            let mut body = root;
            while let Node::Sum { over: inner, body: next } = &nodes[body.at()]
                && over.len() < MAX_OVER
                && inner.iter().all(|index| !over.contains(index) && !bound.contains(index))
            {
                over.extend(inner);
                body = *next;
            }
            (over, body)
        };
        let (over, body) = strip(root, vec![]);
        let summands = match &nodes[body.at()] {
            Node::Add { args } => args.clone(),
            _ => vec![body],
        };
        let term = |summand| {
            let (over, body) = strip(summand, over.clone());
            let factors = match &nodes[body.at()] {
                Node::Mul { args } => args.clone(),
                _ => vec![body],
            };
            self.meter.spend(factors.len() as u64)?;
            Ok(Term { over, factors })
        };
        summands.into_iter().map(term).collect()
    }

    /// The sum of some terms over further indices, each term multiplied by further factors.
    fn sum(&self, terms: &[Term], over: &[Sized], with: &[&Tensor], values: &Values) -> Result<Tensor, Trouble> {
        let mut sums = Vec::with_capacity(terms.len());
        for term in terms {
            let inner = term.over.iter().map(|index| self.index(*index)).collect::<Result<Vec<_>, _>>()?;
            let factors: Vec<&Tensor> =
                term.factors.iter().map(|factor| &*values[factor]).chain(with.iter().copied()).collect();
            sums.push(Tensor::contract(&factors, &[over, &inner].concat(), self.meter)?);
        }
        Tensor::add(&sums.iter().collect::<Vec<_>>(), self.meter)
    }

    /// Whether a table of the values of a node would be large.
    pub(crate) fn is_large(&self, id: NodeId) -> Result<bool, Trouble> {
        let mut cells = 1usize;
        for index in self.table.free(id) {
            cells = cells.saturating_mul(self.index(*index)?.1);
        }
        Ok(cells > LARGE)
    }

    /// The sum of a node that was asked for over some free indices, weighted by a vector for each of them. Two nodes
    /// with equal sums for random vectors are equal, but for an unlucky draw; so large tables need not be made.
    pub(crate) fn weighted(&self, id: NodeId, over: &[IndexId], values: &Values) -> Result<Tensor, Trouble> {
        let mut axes = Vec::with_capacity(over.len());
        let mut weights = Vec::with_capacity(over.len());
        for index in over {
            let axis = self.index(*index)?;
            let mut random = Random::new(self.seed, &[WEIGHTS, index.0.into()]);
            let entries = (0..axis.1).map(|_| Dual::plain(random.element())).collect();
            weights.push(Tensor::new(vec![axis], entries));
            axes.push(axis);
        }
        let terms = match self.is_large(id)? {
            true => self.terms(id, self.table.free(id))?,
            false => vec![Term { over: vec![], factors: vec![id] }],
        };
        self.sum(&terms, &axes, &weights.iter().collect::<Vec<_>>(), values)
    }

    /// The derivatives of some bodies by every entry of a symbol, along one temporary axis for each slot of the symbol.
    fn derivatives(
        &self,
        symbol: SymbolId,
        bodies: &[NodeId],
        entries: &[Entry],
    ) -> Result<Vec<(NodeId, Tensor)>, Trouble> {
        let level = entries.len();
        if level == ORDER {
            return Err(Trouble::Declined(format!("derivatives of an order above {ORDER} are not known")));
        }
        let axes = slots(&self.derivation.symbols[symbol.at()].shape, self.sizes)?;
        if bodies.is_empty() {
            return Ok(vec![]);
        }
        let plan = self.plan(bodies)?;
        let (values, moves) = (self.planned_values(&plan, entries, None)?, self.moves(symbol));
        let still = Still { values: &values, moves: &moves };
        let mut parts = vec![Vec::new(); bodies.len()];
        for position in 0..self.point.symbol(symbol).data().len() {
            let entries = [entries, &[(symbol, position)]].concat();
            let values = self.planned_values(&plan, &entries, Some(still))?;
            for (body, parts) in bodies.iter().zip(&mut parts) {
                parts.push(values[body].map(|value| value.derivative(level)));
            }
        }
        let along: Vec<Sized> = axes.iter().enumerate().map(|(k, axis)| (Axis::temporary(k), axis.1)).collect();
        let stack = |(body, parts): (&NodeId, Vec<Tensor>)| Ok((*body, Tensor::stack(&along, &parts, self.meter)?));
        bodies.iter().zip(parts).map(stack).collect()
    }

    fn value(
        &self,
        id: NodeId,
        entries: &[Entry],
        values: &Values,
        derivatives: &FxHashMap<(SymbolId, NodeId), Tensor>,
    ) -> Result<Tensor, Trouble> {
        let meter = self.meter;
        let all = |args: &[NodeId]| args.iter().map(|arg| &*values[arg]).collect::<Vec<_>>();
        match &self.derivation.nodes[id.at()] {
            Node::Number { value } => Ok(Tensor::number(rational(value)?)),
            Node::Size { dim } => Ok(Tensor::number(F::new(self.sizes.of(dim)? as u64))),
            Node::Symbol { symbol } => Ok(self.symbol(*symbol, entries)),
            Node::Identity { dim } if dim.is_one() => Ok(Tensor::scalar(Dual::ONE)),
            Node::Identity { dim } => Tensor::identity(Axis::ROW, Axis::COLUMN, self.sizes.of(dim)?, meter),
            Node::Ones { .. } => Ok(Tensor::scalar(Dual::ONE)),
            Node::Zeros { .. } => Ok(Tensor::scalar(Dual::ZERO)),
            Node::Add { args } => Tensor::add(&all(args), meter),
            Node::Mul { args } | Node::Hadamard { args } => Tensor::contract(&all(args), &[], meter),
            Node::Matmul { args } => self.matmul(args, values),
            Node::Transpose { arg } => values[arg].transpose(meter),
            Node::Power { base, exponent } => {
                values[base].zip(&values[exponent], meter, |base, exponent| self.power(base, exponent))
            }
            Node::Matpow { base, exponent } => self.matpow(*base, *exponent, values),
            Node::Block { blocks: grid } => {
                let row = |row: &Vec<NodeId>| row.iter().map(|id| self.matrix(*id, values)).collect();
                Ok(blocks(&grid.iter().map(row).collect::<Result<Vec<Vec<_>>, _>>()?, meter)?.tensor)
            }
            Node::Call { name, args } => self.call_node(name, args, values),
            Node::Fn { name, arg } => values[arg].try_map(meter, |entry| self.function(name, entry)),
            Node::Elem { of, at } => self.elem(*of, at, values),
            Node::Array { over, rows, body } => {
                let axes = over.iter().map(|index| self.index(*index)).collect::<Result<Vec<_>, _>>()?;
                let (rows, cols) = axes.split_at(usize::from(*rows));
                values[body].join(&[(Axis::ROW, rows), (Axis::COLUMN, cols)], meter)
            }
            Node::Delta { at: [i, j] } => {
                let delta = Tensor::identity(Axis::index(*i), Axis::index(*j), self.index(*i)?.1, meter)?;
                self.at_positions(delta, &[*i, *j])
            }
            Node::Eps { at } => self.at_positions(levi_civita(at.map(Axis::index), meter)?, at),
            Node::Sum { over, body } => {
                let axes = over.iter().map(|index| self.index(*index)).collect::<Result<Vec<_>, _>>()?;
                self.sum(&self.terms(*body, over)?, &axes, &[], values)
            }
            Node::Prod { over, body } => {
                let mut value = Tensor::clone(&values[body]);
                for index in over {
                    value = value.product_along(self.index(*index)?, meter)?;
                }
                Ok(value)
            }
            Node::Partial { body, by, .. } => {
                let (symbol, at) = self.variable(*by)?;
                let named = derivatives[&(symbol, *body)].relabel(meter, |axis| {
                    let entry = (0..at.len()).find(|&k| axis == Axis::temporary(k));
                    entry.map_or(axis, |k| Axis::index(at[k]))
                })?;
                self.at_positions(named, at)
            }
        }
    }

    /// The axis of an index.
    pub(crate) fn index(&self, index: IndexId) -> Result<Sized, Trouble> {
        Ok((Axis::index(index), self.sizes.of(&self.derivation.indices[index.at()].dim)?))
    }

    /// The axes of the slots of a node.
    pub(crate) fn slots(&self, id: NodeId) -> Result<Vec<Sized>, Trouble> {
        slots(self.table.shape(id), self.sizes)
    }

    /// The numbers of rows and columns; `None` where it is 1.
    pub(crate) fn extents(&self, id: NodeId) -> Result<[Option<usize>; 2], Trouble> {
        let (rows, cols) = rows_cols(self.table.shape(id)).map_err(Trouble::Declined)?;
        let size = |dim: Dim| {
            if dim.is_one() { Ok(None) } else { self.sizes.of(&dim).map(Some) }
        };
        Ok([size(rows)?, size(cols)?])
    }

    fn matrix(&self, id: NodeId, values: &Values) -> Result<Matrix, Trouble> {
        let [rows, cols] = self.extents(id)?.map(|extent| extent.unwrap_or(1));
        Ok(Matrix { rows, cols, tensor: Tensor::clone(&values[&id]) })
    }

    fn matmul(&self, args: &[NodeId], values: &Values) -> Result<Tensor, Trouble> {
        let mut product = Tensor::clone(&values[&args[0]]);
        for arg in &args[1..] {
            let [inner, _] = self.extents(*arg)?;
            product = product.times(&values[arg], inner, self.meter)?;
        }
        Ok(product)
    }

    fn matpow(&self, base: NodeId, exponent: u32, values: &Values) -> Result<Tensor, Trouble> {
        let [inner, _] = self.extents(base)?;
        let mut square = Tensor::clone(&values[&base]);
        let mut result = match inner {
            Some(size) => Tensor::identity(Axis::ROW, Axis::COLUMN, size, self.meter)?,
            None => Tensor::scalar(Dual::ONE),
        };
        let mut rest = exponent;
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.times(&square, inner, self.meter)?;
            }
            square = square.times(&square, inner, self.meter)?;
            rest >>= 1;
        }
        Ok(result)
    }

    /// An element: each slot is named by as many indices as multiply to its dimension.
    fn elem(&self, of: NodeId, at: &[IndexId], values: &Values) -> Result<Tensor, Trouble> {
        let dims: Vec<Dim> = at.iter().map(|index| self.derivation.indices[index.at()].dim.clone()).collect();
        let shape = self.table.shape(of);
        let mut rest = at;
        let mut names: Vec<(Axis, Vec<Sized>)> = Vec::with_capacity(shape.len());
        for (slot, count) in group(shape, &dims).map_err(Trouble::Declined)?.into_iter().enumerate() {
            let (own, others) = rest.split_at(count);
            names.push((Axis::slot(slot), own.iter().map(|index| self.index(*index)).collect::<Result<_, _>>()?));
            rest = others;
        }
        let named = values[&of].split(self.meter, |axis| {
            let slot = names.iter().find(|(slot, _)| *slot == axis.0);
            slot.map_or_else(|| vec![axis], |(_, names)| names.clone())
        })?;
        self.at_positions(named, at)
    }

    /// The array at the positions of those of its indices that are literal.
    fn at_positions(&self, tensor: Tensor, at: &[IndexId]) -> Result<Tensor, Trouble> {
        let mut tensor = tensor;
        for (k, index) in at.iter().enumerate() {
            if let Some(position) = self.derivation.indices[index.at()].position()
                && !at[..k].contains(index)
            {
                tensor = tensor.at(position, self.index(*index)?, self.meter)?;
            }
        }
        Ok(tensor)
    }

    fn call_node(&self, name: &str, args: &[NodeId], values: &Values) -> Result<Tensor, Trouble> {
        if let ("commutation", [m, n]) = (name, args) {
            let size = |id: &NodeId| {
                let dim =
                    commuted(self.derivation, *id).ok_or_else(|| Trouble::Misfit("it takes dimensions".into()))?;
                self.sizes.of(&dim)
            };
            return Ok(commutation(size(m)?, size(n)?, self.meter)?.tensor);
        }
        // A number as second argument says what a reduction runs along.
        let along = match args.get(1).map(|second| &self.derivation.nodes[second.at()]) {
            Some(Node::Number { value }) if value.0 == "1" => Some(Axis::ROW),
            Some(Node::Number { value }) if value.0 == "2" => Some(Axis::COLUMN),
            _ => None,
        };
        let arrays = if along.is_some() { &args[..1] } else { args };
        let arrays = arrays.iter().map(|id| self.matrix(*id, values)).collect::<Result<Vec<_>, Trouble>>()?;
        Ok(self.call(name, &arrays, along)?.tensor)
    }
}
