//! What terms are made in: dimensions, indices, symbols.
//!
//! In: a derivation. Out: the shapes of terms, and the makers that keep their form. Left to others: laws (`laws`).

use crate::field::F;
use crate::instance::term::{Extent, Form, Index, ONE, Shape, Slot, Term};
use crate::meter::{Meter, Trouble};
use einstep_trace::{Derivation, Dim, SymbolId, Table};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// What is declared of a symbol.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Structure {
    pub(crate) symmetric: bool,
    pub(crate) skew: bool,
    pub(crate) orthogonal: bool,
}

/// A symbol that changes, and what depends on it.
#[derive(Debug, Clone)]
pub(crate) struct Moving {
    symbol: u32,
    depends: Rc<[Option<u32>]>,
}

impl Moving {
    /// Whether a term changes with the symbol.
    pub(crate) fn is_in(&self, term: &Term) -> bool {
        match term {
            Term::Symbol(symbol) => *symbol == self.symbol || self.depends[*symbol as usize] == Some(self.symbol),
            _ => term.children().iter().any(|child| self.is_in(child)),
        }
    }
}

/// The dimensions met so far.
#[derive(Debug, Default)]
struct Extents {
    dims: Vec<Dim>,
    known: FxHashMap<Dim, Extent>,
}

impl Extents {
    fn of(&mut self, dim: &Dim) -> Extent {
        if let Some(known) = self.known.get(dim) {
            return *known;
        }
        let extent = Extent(self.dims.len() as u32);
        self.dims.push(dim.clone());
        self.known.insert(dim.clone(), extent);
        extent
    }
}

/// What terms are made in: dimensions, indices, symbols.
#[derive(Debug)]
pub(crate) struct Room<'a> {
    pub(crate) derivation: &'a Derivation,
    pub(crate) table: &'a Table,
    pub(crate) meter: &'a Meter,
    extents: RefCell<Extents>,
    /// The dimension of each index; those above the table's are made here.
    indices: Vec<Extent>,
    symbols: Vec<(Shape, Structure)>,
    /// The symbols whose structure counts only where all is differentiated.
    variables: Vec<SymbolId>,
    /// Whether the structure of the variables counts.
    pub(crate) structured: bool,
    /// The parameter that each symbol depends on, if any.
    depends: Rc<[Option<u32>]>,
}

impl<'a> Room<'a> {
    pub(crate) fn new(
        derivation: &'a Derivation,
        table: &'a Table,
        meter: &'a Meter,
        variables: &[SymbolId],
    ) -> Room<'a> {
        let depends = derivation.symbols.iter().map(|symbol| symbol.depends.map(|parameter| parameter.0)).collect();
        let mut room = Room {
            derivation,
            table,
            meter,
            extents: RefCell::default(),
            indices: vec![],
            symbols: vec![],
            variables: variables.to_vec(),
            structured: false,
            depends,
        };
        room.extent(&Dim::one());
        room.indices = derivation.indices.iter().map(|index| room.extent(&index.dim)).collect();
        let symbol = |symbol: &einstep_trace::Symbol| {
            let has = |names: &[&str]| symbol.properties.iter().any(|own| names.contains(&own.as_str()));
            let structure = Structure {
                symmetric: has(&["symmetric", "diagonal", "positive-definite"]),
                skew: has(&["skew"]),
                orthogonal: has(&["orthogonal"]),
            };
            (room.shape_of(&symbol.shape), structure)
        };
        let symbols = derivation.symbols.iter().map(symbol).collect();
        room.symbols = symbols;
        room
    }

    pub(crate) fn extent(&self, dim: &Dim) -> Extent {
        self.extents.borrow_mut().of(dim)
    }

    pub(crate) fn shape_of(&self, shape: &[Dim]) -> Shape {
        match shape {
            [] => [ONE, ONE],
            [n] => [self.extent(n), ONE],
            // A tensor is read as a matrix whose columns have several indices.
            [m, rest @ ..] => {
                [self.extent(m), rest.iter().fold(ONE, |columns, dim| self.times(columns, self.extent(dim)))]
            }
        }
    }

    /// The product of two dimensions.
    pub(crate) fn times(&self, a: Extent, b: Extent) -> Extent {
        if a == ONE {
            return b;
        }
        let mut extents = self.extents.borrow_mut();
        let product = extents.dims[a.0 as usize].times(&extents.dims[b.0 as usize]);
        // One that is too large equals no other.
        product.map_or(Extent(u32::MAX), |product| extents.of(&product))
    }

    /// The sum of two dimensions.
    pub(crate) fn plus(&self, a: Extent, b: Extent) -> Extent {
        let mut extents = self.extents.borrow_mut();
        let [left, right] = [a, b].map(|extent| extents.dims.get(extent.0 as usize).cloned());
        let sum = left.zip(right).and_then(|(left, right)| left.plus(&right));
        // As with products, one that is too large equals no other.
        sum.map_or(Extent(u32::MAX), |sum| extents.of(&sum))
    }

    /// The dimension of some put one after another.
    fn total(&self, extents: impl IntoIterator<Item = Extent>) -> Extent {
        extents.into_iter().reduce(|sum, extent| self.plus(sum, extent)).unwrap_or(ONE)
    }

    /// What is declared of a symbol. Derivatives take the entries of a variable as independent.
    pub(crate) fn structure(&self, symbol: u32) -> Structure {
        match !self.structured && self.variables.contains(&SymbolId(symbol)) {
            true => Structure::default(),
            false => self.symbols[symbol as usize].1,
        }
    }

    /// What changes with a symbol.
    pub(crate) fn moving(&self, symbol: u32) -> Moving {
        Moving { symbol, depends: self.depends.clone() }
    }

    /// An index that is new.
    pub(crate) fn fresh(&mut self, extent: Extent) -> Index {
        self.indices.push(extent);
        self.indices.len() as Index - 1
    }

    /// New indices for those given.
    pub(crate) fn fresh_all(&mut self, indices: &[Index]) -> Slot {
        indices.iter().map(|index| self.fresh(self.extent_of(*index))).collect()
    }

    /// Forgets the indices made since.
    pub(crate) fn reset(&mut self) {
        self.indices.truncate(self.derivation.indices.len());
    }

    /// The dimension of an index.
    pub(crate) fn extent_of(&self, index: Index) -> Extent {
        self.indices[index as usize]
    }

    /// The dimension of a slot.
    pub(crate) fn extent_of_slot(&self, slot: &[Index]) -> Extent {
        slot.iter().fold(ONE, |product, index| self.times(product, self.extent_of(*index)))
    }

    /// A dimension as a number: a product of numbers and of sizes that are none.
    pub(crate) fn count(&self, extent: Extent) -> Term {
        let dim = self.extents.borrow().dims.get(extent.0 as usize).cloned();
        match dim.and_then(|dim| dim.terms()).as_deref() {
            Some([(number, names)]) => {
                let sizes = names.iter().map(|name| Term::Size(self.extent(&Dim(name.clone()))));
                let number = (*number != 1 || names.is_empty()).then(|| Term::Number(F::new(*number)));
                self.mul(number.into_iter().chain(sizes).collect())
            }
            _ => Term::Size(extent),
        }
    }

    /// Rows and columns.
    pub(crate) fn shape(&self, term: &Term) -> Shape {
        match term {
            Term::Symbol(symbol) => self.symbols[*symbol as usize].0,
            Term::Identity(extent) => [*extent, *extent],
            Term::Ones(shape) | Term::Zeros(shape) => *shape,
            Term::Add(args) | Term::Hadamard(args) => self.broadcast(args),
            Term::Power(pair) => self.broadcast(pair.as_slice()),
            Term::Mul(args) => args.last().map_or([ONE, ONE], |last| self.shape(last)),
            Term::Matmul(args) => match (args.first(), args.last()) {
                (Some(first), Some(last)) => [self.shape(first)[0], self.shape(last)[1]],
                _ => [ONE, ONE],
            },
            Term::Transpose(arg) => {
                let [rows, cols] = self.shape(arg);
                [cols, rows]
            }
            Term::Matpow(arg, _) | Term::Apply(_, arg) | Term::Kept(arg) => self.shape(arg),
            Term::Block(cols, blocks) => [
                self.total(blocks.iter().step_by((*cols).max(1)).map(|block| self.shape(block)[0])),
                self.total(blocks.iter().take(*cols).map(|block| self.shape(block)[1])),
            ],
            Term::Call(name, args) => self.call_shape(name, args),
            Term::Array([rows, cols], _) => [self.extent_of_slot(rows), self.extent_of_slot(cols)],
            _ => [ONE, ONE],
        }
    }

    fn broadcast(&self, args: &[Term]) -> Shape {
        args.iter().map(|arg| self.shape(arg)).find(|shape| *shape != [ONE, ONE]).unwrap_or([ONE, ONE])
    }

    fn call_shape(&self, name: &str, args: &[Term]) -> Shape {
        let Some(first) = args.first() else { return [ONE, ONE] };
        let [rows, cols] = self.shape(first);
        let second = args.get(1);
        match name {
            "commutation" => {
                let mut extent = |term: &Term| match term {
                    Term::Size(extent) => *extent,
                    Term::Number(value) => self.extent(&Dim(value.residue().to_string())),
                    _ => ONE,
                };
                let size = args.iter().map(&mut extent).fold(ONE, |product, extent| self.times(product, extent));
                [size, size]
            }
            "inv" | "adj" | "sym" | "skew" | "tril" | "triu" | "softmax" | "cross" => [rows, cols],
            "pinv" => [cols, rows],
            "diag" if cols == ONE => [rows, rows],
            "diag" => [rows, ONE],
            "vec" => [self.times(rows, cols), ONE],
            "outer" => [rows, second.map_or(ONE, |second| self.shape(second)[0])],
            "kron" => {
                let [r, c] = second.map_or([ONE, ONE], |second| self.shape(second));
                [self.times(rows, r), self.times(cols, c)]
            }
            // A reduction along the rows, or along the columns.
            _ if second.is_some_and(|second| second.is_number(F::ONE)) => [ONE, cols],
            "sum" | "mean" | "prod" | "logsumexp" | "norm" if second.is_some() => [rows, ONE],
            _ => [ONE, ONE],
        }
    }

    pub(crate) fn is_scalar(&self, term: &Term) -> bool {
        self.shape(term) == [ONE, ONE]
    }

    /// The dimensions of the indices that an element of an array may have at its slots: the slot of a product takes several.
    pub(crate) fn parts(&self, of: &Term) -> [Vec<Extent>; 2] {
        match of {
            Term::Call("vec", args) if args.len() == 1 => {
                let [rows, cols] = self.shape(&args[0]);
                [vec![cols, rows], vec![]]
            }
            Term::Call("kron", args) if args.len() == 2 => {
                let [a, b] = [self.shape(&args[0]), self.shape(&args[1])];
                [vec![a[0], b[0]], vec![a[1], b[1]]]
            }
            _ => self.shape(of).map(|extent| vec![extent]),
        }
    }

    /// The indices at a slot in groups of the given dimensions, if they can be so grouped.
    pub(crate) fn grouped(&self, slot: &[Index], extents: &[Extent]) -> Option<Vec<Slot>> {
        let mut rest = slot.iter();
        let mut groups = Vec::with_capacity(extents.len());
        for extent in extents {
            let (mut group, mut product) = (Slot::new(), ONE);
            while product != *extent {
                let index = *rest.next()?;
                product = self.times(product, self.extent_of(index));
                group.push(index);
            }
            groups.push(group);
        }
        rest.next().is_none().then_some(groups)
    }

    /// A product; nested products are flat, one factor is itself, none is 1. The array stands last.
    pub(crate) fn mul(&self, factors: Vec<Term>) -> Term {
        let mut flat = Vec::with_capacity(factors.len());
        for factor in factors {
            match factor {
                Term::Mul(args) => flat.extend(args),
                _ => flat.push(factor),
            }
        }
        if let Some(array) = flat.iter().position(|factor| !self.is_scalar(factor)) {
            let array = flat.remove(array);
            flat.push(array);
        }
        match flat.len() {
            0 => Term::integer(1),
            1 => flat.remove(0),
            _ => Term::Mul(flat),
        }
    }

    /// A product of arrays; nested products are flat, one factor is itself.
    pub(crate) fn matmul(&self, factors: Vec<Term>) -> Term {
        let mut flat = Vec::with_capacity(factors.len());
        for factor in factors {
            match factor {
                Term::Matmul(args) => flat.extend(args),
                _ => flat.push(factor),
            }
        }
        if flat.len() == 1 {
            return flat.remove(0);
        }
        let product = Term::Matmul(flat);
        match self.is_scalar(&product) {
            true => Term::Elem(Box::new(product), [vec![], vec![]]),
            false => product,
        }
    }

    /// The transpose; of a transpose, what was transposed.
    pub(crate) fn transpose(&self, arg: Term) -> Term {
        match arg {
            Term::Transpose(inner) => *inner,
            _ if self.is_scalar(&arg) => arg,
            _ => Term::Transpose(Box::new(arg)),
        }
    }

    /// An element; of a scalar, itself.
    pub(crate) fn elem(&self, of: Term, at: [Slot; 2]) -> Term {
        match self.is_scalar(&of) {
            true => of,
            false => Term::Elem(Box::new(of), at),
        }
    }

    /// Whether two slots are named by literal indices at different positions.
    pub(crate) fn are_different(&self, at: &[Slot; 2]) -> bool {
        let position = |slot: &Slot| match slot[..] {
            [index] => self.derivation.indices.get(index as usize)?.position(),
            _ => None,
        };
        matches!([position(&at[0]), position(&at[1])], [Some(i), Some(j)] if i != j)
    }

    /// The delta of two slots: a product of deltas where they have several indices.
    pub(crate) fn delta(&self, at: [Slot; 2]) -> Term {
        if at[0].len() == 1 || at[0].len() != at[1].len() {
            return Term::Delta(at);
        }
        let [rows, cols] = at;
        self.mul(rows.into_iter().zip(cols).map(|(i, j)| Term::Delta([vec![i], vec![j]])).collect())
    }

    /// A sum over bound indices; none gives the body, a sum in the body is merged.
    pub(crate) fn sum(&mut self, mut over: Vec<Index>, body: Term) -> Form<Term> {
        if over.is_empty() {
            return Ok(body);
        }
        let Term::Sum(mut inner, mut body) = body else { return Ok(Term::Sum(over, Box::new(body))) };
        for index in &mut inner {
            let old = *index;
            if over.contains(&old) {
                *index = self.fresh(self.extent_of(old));
                self.rename(&mut body, old, &[*index])?;
            }
        }
        over.extend(inner);
        Ok(Term::Sum(over, body))
    }

    /// Puts indices, or none, for the free occurrences of another. A binder that would capture one is renamed.
    pub(crate) fn rename(&mut self, term: &mut Term, from: Index, to: &[Index]) -> Form<()> {
        self.meter.spend(1)?;
        for slot in term.slots_mut() {
            while let Some(position) = slot.iter().position(|index| *index == from && !to.contains(&from)) {
                slot.splice(position..=position, to.iter().copied());
            }
        }
        if let Term::Delta(at) = term
            && at.iter().all(|slot| slot.len() != 1)
        {
            *term = self.delta(std::mem::take(at));
            return Ok(());
        }
        if term.binds(from) {
            return Ok(());
        }
        for &index in to {
            if term.binds(index) {
                let fresh = self.fresh(self.extent_of(index));
                let bound = term.binders_mut().iter_mut().flatten().filter(|slot| **slot == index);
                bound.for_each(|slot| *slot = fresh);
                term.children_mut().iter_mut().try_for_each(|child| self.rename(child, index, &[fresh]))?;
            }
        }
        term.children_mut().iter_mut().try_for_each(|child| self.rename(child, from, to))
    }

    /// Puts the indices of one list for those of another of the same length.
    pub(crate) fn rename_all(&mut self, term: &mut Term, from: &[Index], to: &[Index]) -> Form<()> {
        // By way of new ones, so that no index is renamed twice.
        let between = self.fresh_all(from);
        for (old, new) in from.iter().zip(&between) {
            self.rename(term, *old, &[*new])?;
        }
        for (old, new) in between.iter().zip(to) {
            self.rename(term, *old, &[*new])?;
        }
        Ok(())
    }
}

/// A step that is too large to be compared with its rule.
pub(crate) fn too_large() -> Trouble {
    Trouble::Declined("a step is too large to compare with its rule".into())
}
