//! Block matrices: operations block by block, inverses and determinants by blocks, elements.
//!
//! In: an operation on block matrices, its operands in normal form. Out: the same by the blocks. Left to others: the
//! operations on the blocks.

use crate::field::F;
use crate::instance::laws::{Law, Normal};
use crate::instance::term::{Extent, Form, ONE, Slot, Term};

/// An array cut into blocks.
#[derive(Debug, Clone, PartialEq)]
struct Grid {
    heights: Vec<Extent>,
    widths: Vec<Extent>,
    blocks: Vec<Term>,
}

impl Grid {
    fn filled(heights: &[Extent], widths: &[Extent], mut block: impl FnMut(usize, usize) -> Term) -> Grid {
        let places = (0..heights.len()).flat_map(|row| (0..widths.len()).map(move |col| (row, col)));
        let blocks = places.map(|(row, col)| block(row, col)).collect();
        Grid { heights: heights.to_vec(), widths: widths.to_vec(), blocks }
    }

    fn at(&self, row: usize, col: usize) -> &Term {
        &self.blocks[row * self.widths.len() + col]
    }

    fn is_square(&self) -> bool {
        self.heights == self.widths
    }

    fn term(mut self) -> Term {
        if self.blocks.len() == 1 { self.blocks.remove(0) } else { Term::Block(self.widths.len(), self.blocks) }
    }
}

fn identity(size: Extent) -> Term {
    if size == ONE { Term::integer(1) } else { Term::Identity(size) }
}

fn zeros(rows: Extent, cols: Extent) -> Term {
    if [rows, cols] == [ONE, ONE] { Term::integer(0) } else { Term::Zeros([rows, cols]) }
}

fn is_identity(term: &Term) -> bool {
    matches!(term, Term::Identity(_)) || *term == Term::integer(1)
}

impl Normal<'_, '_> {
    /// The normal form of an operation on block matrices under the laws about these, if there is another.
    pub(super) fn by_blocks(&mut self, term: &Term) -> Form<Option<Term>> {
        let law = match term {
            Term::Block(..) => Law::BlockNested,
            Term::Transpose(_) => Law::BlockTranspose,
            Term::Mul(_) => Law::BlockScale,
            Term::Add(_) => Law::BlockSum,
            Term::Matmul(_) => Law::BlockProduct,
            Term::Hadamard(_) => Law::BlockHadamard,
            Term::Apply(..) | Term::Power(_) => Law::BlockFunction,
            Term::Call("tr", _) => Law::BlockTrace,
            Term::Call("sum" | "norm1" | "prod", _) => Law::BlockEntries,
            Term::Call("kron", _) => Law::BlockKron,
            Term::Call("diag", _) => Law::BlockDiagonal,
            Term::Call("det", _) => Law::BlockDet,
            Term::Call("inv", _) => Law::BlockInverse,
            Term::Elem(of, at) if at.iter().all(Vec::is_empty) && matches!(**of, Term::Matmul(_)) => Law::BlockProduct,
            Term::Elem(..) => Law::ElementOfBlock,
            _ => return Ok(None),
        };
        if !self.has(law) {
            return Ok(None);
        }
        let result = match term {
            Term::Block(..) => self.unnested(term),
            Term::Transpose(arg) => match self.grid(arg) {
                Some(grid) => Ok(Some(self.transposed(&grid).term())),
                None => Ok(None),
            },
            Term::Mul(_) => Ok(self.seen(term)?.map(Grid::term)),
            Term::Add(terms) => self.sum_of_blocks(terms),
            Term::Matmul(factors) => self.product_of_blocks(factors),
            Term::Elem(of, _) if law == Law::BlockProduct => match &**of {
                Term::Matmul(factors) => self.product_of_blocks(factors),
                _ => Ok(None),
            },
            Term::Hadamard(factors) => self.blockwise(factors, |normal, factors| {
                match factors.iter().any(|factor| normal.room.is_scalar(factor)) {
                    true => normal.mul(factors),
                    false => normal.hadamard(factors),
                }
            }),
            Term::Apply(name, arg) => match self.grid(arg) {
                Some(grid) => {
                    let blocks = grid.blocks.iter().map(|block| Term::Apply(name, Box::new(block.clone()))).collect();
                    Ok(Some(Grid { blocks, ..grid }.term()))
                }
                None => Ok(None),
            },
            Term::Power(pair) => self.power_of_blocks(&pair[0], &pair[1]),
            Term::Call(name, args) => self.function_of_blocks(name, args),
            Term::Elem(of, at) => self.element_of_block(of, at),
            _ => Ok(None),
        }?;
        self.applied(law, usize::from(result.is_some()));
        Ok(result)
    }

    fn grid(&self, term: &Term) -> Option<Grid> {
        let Term::Block(cols, blocks) = term else { return None };
        let heights = blocks.iter().step_by(*cols).map(|block| self.room.shape(block)[0]).collect();
        let widths = blocks.iter().take(*cols).map(|block| self.room.shape(block)[1]).collect();
        Some(Grid { heights, widths, blocks: blocks.clone() })
    }

    fn whole(&self, term: &Term) -> Grid {
        let [rows, cols] = self.room.shape(term);
        Grid { heights: vec![rows], widths: vec![cols], blocks: vec![term.clone()] }
    }

    /// The blocks of a block matrix, of its transpose, of a multiple or an elementwise power or function of such.
    fn seen(&mut self, term: &Term) -> Form<Option<Grid>> {
        self.room.meter.spend(1)?;
        Ok(match term {
            Term::Block(..) => self.grid(term),
            Term::Transpose(arg) => self.seen(arg)?.map(|grid| self.transposed(&grid)),
            Term::Mul(factors) => match factors.split_last() {
                Some((array, scalars)) => match self.seen(array)? {
                    Some(grid) => Some(self.scaled_grid(scalars, grid)?),
                    None => None,
                },
                None => None,
            },
            Term::Apply(name, arg) => self.seen(arg)?.map(|mut grid| {
                grid.blocks.iter_mut().for_each(|block| *block = Term::Apply(name, Box::new(block.clone())));
                grid
            }),
            Term::Power(pair) if self.room.is_scalar(&pair[1]) => match self.seen(&pair[0])? {
                Some(mut grid) => {
                    for block in &mut grid.blocks {
                        *block = self.power(block.clone(), pair[1].clone())?;
                    }
                    Some(grid)
                }
                None => None,
            },
            _ => None,
        })
    }

    fn scaled_grid(&mut self, scalars: &[Term], mut grid: Grid) -> Form<Grid> {
        for block in &mut grid.blocks {
            let taken = std::mem::replace(block, Term::Add(vec![]));
            *block = self.mul(scalars.iter().cloned().chain([taken]).collect())?;
        }
        Ok(grid)
    }

    /// An array cut at the given heights and widths; one that is not given is its own.
    fn cut(&mut self, term: &Term, heights: Option<&[Extent]>, widths: Option<&[Extent]>) -> Form<Option<Grid>> {
        let fits = |own: &[Extent], given: Option<&[Extent]>| given.is_none_or(|given| own == given);
        if let Some(grid) = self.seen(term)? {
            return Ok((fits(&grid.heights, heights) && fits(&grid.widths, widths)).then_some(grid));
        }
        let whole = self.whole(term);
        if fits(&whole.heights, heights) && fits(&whole.widths, widths) {
            return Ok(Some(whole));
        }
        let (rows, cols) = (heights.unwrap_or(&whole.heights), widths.unwrap_or(&whole.widths));
        Ok(match term {
            Term::Mul(factors) => match factors.split_last() {
                Some((array, scalars)) => match self.cut(array, heights, widths)? {
                    Some(grid) => Some(self.scaled_grid(scalars, grid)?),
                    None => None,
                },
                None => None,
            },
            Term::Transpose(arg) => self.cut(arg, widths, heights)?.map(|grid| self.transposed(&grid)),
            Term::Identity(_) => heights.or(widths).filter(|sizes| fits(sizes, widths)).map(|sizes| {
                Grid::filled(sizes, sizes, |row, col| match row == col {
                    true => identity(sizes[row]),
                    false => zeros(sizes[row], sizes[col]),
                })
            }),
            Term::Zeros(_) => Some(Grid::filled(rows, cols, |row, col| zeros(rows[row], cols[col]))),
            Term::Ones(_) => Some(Grid::filled(rows, cols, |row, col| match [rows[row], cols[col]] {
                [ONE, ONE] => Term::integer(1),
                shape => Term::Ones(shape),
            })),
            _ => None,
        })
    }

    fn transposed(&self, grid: &Grid) -> Grid {
        Grid::filled(&grid.widths, &grid.heights, |row, col| match grid.at(col, row) {
            block if is_identity(block) => block.clone(),
            block if block.is_zero() => zeros(grid.widths[row], grid.heights[col]),
            block => self.room.transpose(block.clone()),
        })
    }

    /// Blocks within blocks as blocks.
    fn unnested(&mut self, term: &Term) -> Form<Option<Term>> {
        let Some(grid) = self.grid(term) else { return Ok(None) };
        let (rows, cols) = (grid.heights.len(), grid.widths.len());
        let inner: Vec<Grid> =
            grid.blocks.iter().map(|block| self.grid(block).unwrap_or_else(|| self.whole(block))).collect();
        if inner.iter().all(|inner| inner.blocks.len() == 1) {
            return Ok(None);
        }
        let finest =
            |cuts: Vec<&Vec<Extent>>| cuts.into_iter().max_by_key(|cut| cut.len()).cloned().unwrap_or_default();
        let heights: Vec<Vec<Extent>> =
            (0..rows).map(|row| finest((0..cols).map(|col| &inner[row * cols + col].heights).collect())).collect();
        let widths: Vec<Vec<Extent>> =
            (0..cols).map(|col| finest((0..rows).map(|row| &inner[row * cols + col].widths).collect())).collect();
        let mut parts = Vec::with_capacity(grid.blocks.len());
        for (row, heights) in heights.iter().enumerate() {
            for (col, widths) in widths.iter().enumerate() {
                match self.cut(grid.at(row, col), Some(heights), Some(widths))? {
                    Some(part) => parts.push(part),
                    None => return Ok(None),
                }
            }
        }
        let mut blocks = Vec::new();
        for (row, heights) in heights.iter().enumerate() {
            for inner_row in 0..heights.len() {
                for part in &parts[row * cols..(row + 1) * cols] {
                    blocks.extend((0..part.widths.len()).map(|inner_col| part.at(inner_row, inner_col).clone()));
                }
            }
        }
        Ok(Some(Term::Block(widths.concat().len(), blocks)))
    }

    /// An operation on arrays that are cut alike, of which one is a block matrix.
    fn blockwise(&mut self, args: &[Term], operation: fn(&mut Self, Vec<Term>) -> Form<Term>) -> Form<Option<Term>> {
        let mut first = None;
        for arg in args {
            first = match first {
                None => self.seen(arg)?,
                found => found,
            };
        }
        let Some(first) = first else { return Ok(None) };
        let mut grids = Vec::with_capacity(args.len());
        for arg in args {
            match self.cut(arg, Some(&first.heights), Some(&first.widths))? {
                Some(grid) => grids.push(grid),
                None => return Ok(None),
            }
        }
        let mut blocks = Vec::with_capacity(first.blocks.len());
        for block in 0..first.blocks.len() {
            let operands = grids.iter().map(|grid| grid.blocks[block].clone()).collect();
            blocks.push(operation(self, operands)?);
        }
        Ok(Some(Grid { blocks, ..first }.term()))
    }

    /// A sum in which what is cut as its first block matrix is added block by block.
    fn sum_of_blocks(&mut self, terms: &[Term]) -> Form<Option<Term>> {
        let mut first = None;
        for term in terms {
            first = match first {
                None => self.seen(term)?,
                found => found,
            };
        }
        let Some(first) = first else { return Ok(None) };
        let (mut alike, mut rest) = (Vec::new(), Vec::new());
        for term in terms {
            match self.cut(term, Some(&first.heights), Some(&first.widths))? {
                Some(_) => alike.push(term.clone()),
                None => rest.push(term.clone()),
            }
        }
        if alike.len() < 2 {
            return Ok(None);
        }
        self.applied(Law::BlockSum, alike.len() - 2);
        let sum = self.blockwise(&alike, Normal::add)?;
        self.add(sum.into_iter().chain(rest).collect()).map(Some)
    }

    fn power_of_blocks(&mut self, base: &Term, exponent: &Term) -> Form<Option<Term>> {
        let power = |normal: &mut Self, pair: Vec<Term>| match <[Term; 2]>::try_from(pair) {
            Ok([base, exponent]) => normal.power(base, exponent),
            Err(_) => Ok(Term::integer(1)),
        };
        let (scalar_base, scalar_exponent) = (self.room.is_scalar(base), self.room.is_scalar(exponent));
        let array = if scalar_exponent { base } else { exponent };
        if !scalar_base && !scalar_exponent {
            return self.blockwise(&[base.clone(), exponent.clone()], power);
        }
        let Some(grid) = self.grid(array) else { return Ok(None) };
        let mut blocks = Vec::with_capacity(grid.blocks.len());
        for block in &grid.blocks {
            blocks.push(match scalar_exponent {
                true => self.power(block.clone(), exponent.clone())?,
                false => self.power(base.clone(), block.clone())?,
            });
        }
        Ok(Some(Grid { blocks, ..grid }.term()))
    }

    /// A product with all neighbours multiplied that are cut alike where they meet.
    fn product_of_blocks(&mut self, factors: &[Term]) -> Form<Option<Term>> {
        let mut rest = factors.to_vec();
        let mut position = 0;
        let mut found = 0;
        while position + 1 < rest.len() {
            let Some([a, b]) = self.conforming(&rest[position], &rest[position + 1])? else {
                position += 1;
                continue;
            };
            let mut blocks = Vec::with_capacity(a.heights.len() * b.widths.len());
            for row in 0..a.heights.len() {
                for col in 0..b.widths.len() {
                    let mut terms = Vec::with_capacity(a.widths.len());
                    for inner in 0..a.widths.len() {
                        terms.push(self.times(a.at(row, inner), b.at(inner, col))?);
                    }
                    blocks.push(self.add(terms)?);
                }
            }
            let product = Grid { heights: a.heights, widths: b.widths, blocks }.term();
            rest.splice(position..=position + 1, [product]);
            found += 1;
            position = position.saturating_sub(1);
        }
        if found == 0 {
            return Ok(None);
        }
        self.applied(Law::BlockProduct, found - 1);
        let (scalars, arrays): (Vec<Term>, Vec<Term>) =
            rest.into_iter().partition(|factor| self.room.is_scalar(factor));
        let product = match arrays.is_empty() {
            true => vec![],
            false => vec![self.matmul(arrays)?],
        };
        self.mul([scalars, product].concat()).map(Some)
    }

    fn conforming(&mut self, left: &Term, right: &Term) -> Form<Option<[Grid; 2]>> {
        Ok(match (self.seen(left)?, self.seen(right)?) {
            (Some(a), Some(b)) => (a.widths == b.heights).then_some([a, b]),
            (Some(a), None) => self.cut(right, Some(&a.widths), None)?.map(|b| [a, b]),
            (None, Some(b)) => self.cut(left, None, Some(&b.heights))?.map(|a| [a, b]),
            (None, None) => None,
        })
    }

    /// The product of two arrays, either of which may be a scalar.
    fn times(&mut self, a: &Term, b: &Term) -> Form<Term> {
        let pair = vec![a.clone(), b.clone()];
        if pair.iter().any(|term| self.room.is_scalar(term)) { self.mul(pair) } else { self.matmul(pair) }
    }

    /// The same, in which an identity drops out.
    fn shortened(&mut self, a: &Term, b: &Term) -> Form<Term> {
        match (is_identity(a), is_identity(b)) {
            (true, _) => Ok(b.clone()),
            (_, true) => Ok(a.clone()),
            _ => self.times(a, b),
        }
    }

    fn function_of_blocks(&mut self, name: &'static str, args: &[Term]) -> Form<Option<Term>> {
        let Some(grid) = args.first().and_then(|arg| self.grid(arg)) else { return Ok(None) };
        let size = grid.heights.len();
        match (name, args) {
            ("kron", [_, right]) if grid.blocks.iter().all(|block| self.room.is_scalar(block)) => {
                let mut blocks = Vec::with_capacity(grid.blocks.len());
                for block in &grid.blocks {
                    blocks.push(self.mul(vec![block.clone(), right.clone()])?);
                }
                return Ok(Some(Term::Block(grid.widths.len(), blocks)));
            }
            ("sum", [_, axis]) => return self.sums_of_blocks(&grid, axis),
            _ if args.len() > 1 => return Ok(None),
            _ => {}
        }
        let of_block = |normal: &Self, block: &Term| match normal.room.is_scalar(block) {
            true if name == "norm1" => Term::Apply("abs", Box::new(block.clone())),
            true => block.clone(),
            false => Term::Call(name, vec![block.clone()]),
        };
        match name {
            "sum" | "norm1" => self.add(grid.blocks.iter().map(|block| of_block(self, block)).collect()).map(Some),
            "prod" => self.mul(grid.blocks.iter().map(|block| of_block(self, block)).collect()).map(Some),
            "diag" if grid.is_square() => {
                Ok(Some(Term::Block(1, (0..size).map(|k| of_block(self, grid.at(k, k))).collect())))
            }
            "tr" if grid.is_square() => self.add((0..size).map(|k| of_block(self, grid.at(k, k))).collect()).map(Some),
            "det" if grid.is_square() => self.determinant(&grid),
            "inv" if grid.is_square() => self.inverse_of_blocks(&grid),
            _ => Ok(None),
        }
    }

    /// The sums along the rows or the columns.
    fn sums_of_blocks(&mut self, grid: &Grid, axis: &Term) -> Form<Option<Term>> {
        let down = axis.is_number(F::ONE);
        let (lines, along) = match down {
            true => (grid.widths.len(), grid.heights.len()),
            false => (grid.heights.len(), grid.widths.len()),
        };
        let mut sums = Vec::with_capacity(lines);
        for line in 0..lines {
            let mut terms = Vec::with_capacity(along);
            for place in 0..along {
                let block = if down { grid.at(place, line) } else { grid.at(line, place) };
                let [rows, cols] = self.room.shape(block);
                let (length, across) = if down { (rows, cols) } else { (cols, rows) };
                terms.push(match (length, across) {
                    (ONE, _) => block.clone(),
                    (_, ONE) => Term::Call("sum", vec![block.clone()]),
                    _ => Term::Call("sum", vec![block.clone(), axis.clone()]),
                });
            }
            sums.push(self.add(terms)?);
        }
        Ok(Some(match sums.len() {
            1 => sums.remove(0),
            _ => Term::Block(if down { lines } else { 1 }, sums),
        }))
    }

    fn det(&self, block: &Term) -> Term {
        match block {
            Term::Identity(_) => Term::integer(1),
            block if self.room.is_scalar(block) => block.clone(),
            block => Term::Call("det", vec![block.clone()]),
        }
    }

    fn inv(&mut self, block: &Term) -> Form<Term> {
        match block {
            block if is_identity(block) => Ok(block.clone()),
            block if self.room.is_scalar(block) => self.power(block.clone(), Term::integer(-1)),
            block => Ok(Term::Call("inv", vec![block.clone()])),
        }
    }

    fn negative(&mut self, term: Term) -> Form<Term> {
        self.mul(vec![Term::integer(-1), term])
    }

    /// The place of the block on the diagonal that is inverted, and of the other.
    fn pivot(&self) -> [usize; 2] {
        if self.has(Law::LastPivot) { [1, 0] } else { [0, 1] }
    }

    fn determinant(&mut self, grid: &Grid) -> Form<Option<Term>> {
        let size = grid.heights.len();
        let vanishes = |below: bool| {
            (0..size).all(|row| (0..size).all(|col| row == col || (row > col) != below || grid.at(row, col).is_zero()))
        };
        if vanishes(true) || vanishes(false) {
            return self.mul((0..size).map(|k| self.det(grid.at(k, k))).collect()).map(Some);
        }
        if size != 2 {
            return Ok(None);
        }
        let [p, q] = self.pivot();
        let inverse = self.inv(grid.at(p, p))?;
        let left = self.shortened(grid.at(q, p), &inverse)?;
        let complement = self.complement(grid, &left, [p, q])?;
        self.mul(vec![self.det(grid.at(p, p)), self.det(&complement)]).map(Some)
    }

    /// The Schur complement, from the product of the block beside the pivot with the inverse of the pivot.
    fn complement(&mut self, grid: &Grid, left: &Term, [p, q]: [usize; 2]) -> Form<Term> {
        let rest = self.shortened(left, grid.at(p, q))?;
        let rest = self.negative(rest)?;
        self.add(vec![grid.at(q, q).clone(), rest])
    }

    fn inverse_of_blocks(&mut self, grid: &Grid) -> Form<Option<Term>> {
        let size = grid.heights.len();
        let off_diagonal = |row: usize, col: usize| row != col && !grid.at(row, col).is_zero();
        let places: Vec<(usize, usize)> = (0..size).flat_map(|row| (0..size).map(move |col| (row, col))).collect();
        let filled = places.iter().filter(|(row, col)| off_diagonal(*row, *col)).count();
        if size != 2 && filled > 0 {
            return Ok(None);
        }
        let mut blocks = Vec::with_capacity(places.len());
        if size != 2 || filled < 2 {
            for (row, col) in places {
                blocks.push(match off_diagonal(row, col) {
                    _ if row == col => self.inv(grid.at(row, col))?,
                    false => zeros(grid.heights[row], grid.widths[col]),
                    true => {
                        let [left, right] = [self.inv(grid.at(row, row))?, self.inv(grid.at(col, col))?];
                        let product = self.shortened(&left, grid.at(row, col))?;
                        let product = self.shortened(&product, &right)?;
                        self.negative(product)?
                    }
                });
            }
            return Ok(Some(Grid { blocks, ..grid.clone() }.term()));
        }
        let [p, q] = self.pivot();
        let outer = self.inv(grid.at(p, p))?;
        let right = self.shortened(&outer, grid.at(p, q))?;
        let left = self.shortened(grid.at(q, p), &outer)?;
        let complement = self.complement(grid, &left, [p, q])?;
        let inner = self.inv(&complement)?;
        let upper = self.shortened(&right, &inner)?;
        let lower = self.shortened(&inner, &left)?;
        let middle = self.shortened(&upper, &left)?;
        let corner = self.add(vec![outer, middle])?;
        let (upper, lower) = (self.negative(upper)?, self.negative(lower)?);
        let inverted = Grid::filled(&grid.heights, &grid.widths, |row, col| match (row == p, col == p) {
            (true, true) => corner.clone(),
            (true, false) => upper.clone(),
            (false, true) => lower.clone(),
            (false, false) => inner.clone(),
        });
        Ok(Some(inverted.term()))
    }

    /// An element of a block matrix: each block behind what puts it at its place.
    fn element_of_block(&mut self, of: &Term, at: &[Slot; 2]) -> Form<Option<Term>> {
        let Some(grid) = self.grid(of) else { return Ok(None) };
        let is_line = grid.heights.len() == 1 || grid.widths.len() == 1;
        let mut kept = grid.blocks.iter().filter(|block| !block.is_zero());
        // What puts a block at its place is such an element itself.
        if is_line && kept.next().is_some_and(is_identity) && kept.next().is_none() {
            return Ok(None);
        }
        let mut terms = Vec::new();
        for row in 0..grid.heights.len() {
            for col in 0..grid.widths.len() {
                if !grid.at(row, col).is_zero() {
                    terms.push(self.entry(&grid, [row, col], at)?);
                }
            }
        }
        // What is left together is an element with fewer blocks.
        self.applied(Law::ElementOfBlock, terms.len().saturating_sub(1));
        self.add(terms).map(Some)
    }

    /// The part of an element that comes from one block.
    fn entry(&mut self, grid: &Grid, place: [usize; 2], at: &[Slot; 2]) -> Form<Term> {
        let block = grid.at(place[0], place[1]);
        let divided = [grid.heights.len() > 1, grid.widths.len() > 1];
        let unit = is_identity(block);
        let mut over = Vec::new();
        let mut slots = at.clone();
        let mut factors: [Option<Term>; 2] = [None, None];
        for side in [0, 1].into_iter().filter(|side| divided[*side]) {
            let sizes = if side == 0 { &grid.heights } else { &grid.widths };
            let size = sizes[place[side]];
            // The identity of a block passes its other index on.
            let inner: Slot = match (unit, size) {
                (_, ONE) => vec![],
                (true, _) if side == 0 && !divided[1] => at[1].clone(),
                (true, _) if side == 1 && divided[0] => slots[0].clone(),
                (true, _) if side == 1 => at[0].clone(),
                _ => vec![self.room.fresh(size)],
            };
            let own = |row: usize| if row == place[side] { identity(size) } else { zeros(sizes[row], size) };
            let selection = Grid::filled(sizes, &[size], |row, _| own(row));
            let (array, named) = match side {
                0 => (selection, [at[0].clone(), inner.clone()]),
                _ => (self.transposed(&selection), [inner.clone(), at[1].clone()]),
            };
            factors[side] = Some(self.room.elem(array.term(), named));
            let bound =
                inner.iter().filter(|index| !at.iter().flatten().any(|own| own == *index) && !over.contains(*index));
            over.extend(bound.copied().collect::<Slot>());
            slots[side] = inner;
        }
        let [left, right] = factors;
        let middle = if unit && (divided[0] || divided[1]) { None } else { Some(self.elem(block.clone(), slots)?) };
        let product = self.mul([left, middle, right].into_iter().flatten().collect())?;
        self.room.sum(over, product)
    }
}
