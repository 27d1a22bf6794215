//! Arrays cut into blocks.
//!
//! In: an array, where it is to be cut. Out: its blocks, where they can be told. Left to others: the rules.

use einstep_expr::{Args, Dim, Id, Node, Shape, Store};

/// Blocks row by row, with the heights of the rows and the widths of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) heights: Vec<Dim>,
    pub(super) widths: Vec<Dim>,
    pub(super) blocks: Args,
}

impl Grid {
    /// The blocks of a block matrix.
    pub(super) fn of(store: &Store, id: Id) -> Option<Grid> {
        let Node::Block(cols, blocks) = store.node(id) else { return None };
        let cols = *cols as usize;
        let heights = blocks.iter().step_by(cols).map(|&block| store.shape(block).rows).collect();
        let widths = blocks.iter().take(cols).map(|&block| store.shape(block).cols).collect();
        Some(Grid { heights, widths, blocks: blocks.clone() })
    }

    /// An array as one block.
    pub(super) fn whole(store: &Store, id: Id) -> Grid {
        let Shape { rows, cols } = store.shape(id);
        Grid { heights: vec![rows], widths: vec![cols], blocks: Args::from_slice(&[id]) }
    }

    /// The blocks of a block matrix, of its transpose, of a multiple or an elementwise power or function of such.
    pub(super) fn seen(store: &mut Store, id: Id) -> Option<Grid> {
        match store.node(id).clone() {
            Node::Block(..) => Grid::of(store, id),
            Node::Transpose(arg) => Some(Grid::seen(store, arg)?.transposed(store)),
            Node::Mul(mut factors) if !store.shape(id).is_scalar() => {
                let array = factors.pop()?;
                let mut grid = Grid::seen(store, array)?;
                for block in &mut grid.blocks {
                    *block = store.mul(factors.iter().copied().chain([*block]));
                }
                Some(grid)
            }
            Node::Apply(function, arg) => Some(Grid::seen(store, arg)?.map(|&block| store.apply(function, block))),
            Node::Power(base, exponent) if store.shape(exponent).is_scalar() => {
                Some(Grid::seen(store, base)?.map(|&block| store.intern(Node::Power(block, exponent))))
            }
            _ => None,
        }
    }

    /// An array cut at the given heights and widths; one that is not given is its own.
    pub(super) fn cut(store: &mut Store, id: Id, heights: Option<&[Dim]>, widths: Option<&[Dim]>) -> Option<Grid> {
        let fits = |own: &[Dim], given: Option<&[Dim]>| given.is_none_or(|given| own == given);
        if let Some(grid) = Grid::seen(store, id) {
            return (fits(&grid.heights, heights) && fits(&grid.widths, widths)).then_some(grid);
        }
        let whole = Grid::whole(store, id);
        if fits(&whole.heights, heights) && fits(&whole.widths, widths) {
            return Some(whole);
        }
        match store.node(id).clone() {
            Node::Mul(mut factors) => {
                let array = factors.pop()?;
                let mut grid = Grid::cut(store, array, heights, widths)?;
                for block in &mut grid.blocks {
                    *block = store.mul(factors.iter().copied().chain([*block]));
                }
                Some(grid)
            }
            Node::Transpose(arg) => Some(Grid::cut(store, arg, widths, heights)?.transposed(store)),
            Node::Identity(_) => {
                let sizes = heights.or(widths)?.to_vec();
                fits(&sizes, widths).then(|| {
                    Grid::filled(&sizes, &sizes, |row, col, shape| match row == col {
                        true => identity(store, shape.rows),
                        false => zeros(store, shape),
                    })
                })
            }
            Node::Zeros(_) | Node::Ones(_) => {
                let is_ones = matches!(store.node(id), Node::Ones(_));
                let (heights, widths) = (heights.unwrap_or(&whole.heights), widths.unwrap_or(&whole.widths));
                Some(Grid::filled(heights, widths, |_, _, shape| match is_ones {
                    true => ones(store, shape),
                    false => zeros(store, shape),
                }))
            }
            _ => None,
        }
    }

    /// Blocks made from their places and shapes.
    pub(super) fn filled(heights: &[Dim], widths: &[Dim], mut block: impl FnMut(usize, usize, Shape) -> Id) -> Grid {
        let mut blocks = Args::new();
        for (row, &rows) in heights.iter().enumerate() {
            for (col, &cols) in widths.iter().enumerate() {
                blocks.push(block(row, col, Shape { rows, cols }));
            }
        }
        Grid { heights: heights.to_vec(), widths: widths.to_vec(), blocks }
    }

    pub(super) fn at(&self, row: usize, col: usize) -> Id {
        self.blocks[row * self.widths.len() + col]
    }

    /// Whether there is more than one block.
    pub(super) fn is_divided(&self) -> bool {
        self.blocks.len() > 1
    }

    /// Whether the blocks on the diagonal are square.
    pub(super) fn is_square(&self) -> bool {
        self.heights == self.widths
    }

    /// The transposes of the blocks at exchanged places. Identities and zeros are not left transposed.
    pub(super) fn transposed(&self, store: &mut Store) -> Grid {
        Grid::filled(&self.widths, &self.heights, |row, col, shape| match self.at(col, row) {
            block if is_identity(store, block) => block,
            block if is_zero(store, block) => zeros(store, shape),
            block => store.transpose(block),
        })
    }

    /// Each block exchanged.
    pub(super) fn map(&self, change: impl FnMut(&Id) -> Id) -> Grid {
        Grid { blocks: self.blocks.iter().map(change).collect(), ..self.clone() }
    }

    pub(super) fn node(&self, store: &mut Store) -> Id {
        store.block(self.widths.len(), self.blocks.iter().copied())
    }
}

/// The identity; of size 1 a number.
pub(super) fn identity(store: &mut Store, size: Dim) -> Id {
    if size.is_one() { store.int(1) } else { store.intern(Node::Identity(size)) }
}

pub(super) fn zeros(store: &mut Store, shape: Shape) -> Id {
    if shape.is_scalar() { store.int(0) } else { store.intern(Node::Zeros(shape)) }
}

fn ones(store: &mut Store, shape: Shape) -> Id {
    if shape.is_scalar() { store.int(1) } else { store.intern(Node::Ones(shape)) }
}

pub(super) fn is_zero(store: &Store, id: Id) -> bool {
    matches!(store.node(id), Node::Zeros(_)) || store.as_number(id).is_some_and(einstep_expr::Rat::is_zero)
}

pub(super) fn is_identity(store: &Store, id: Id) -> bool {
    matches!(store.node(id), Node::Identity(_)) || store.as_number(id).is_some_and(einstep_expr::Rat::is_one)
}

/// The product of two arrays, either of which may be a scalar.
pub(super) fn product(store: &mut Store, a: Id, b: Id) -> Id {
    match [a, b].map(|id| store.shape(id).is_scalar()) {
        // The two factors stay apart, so that equal elements meet.
        [false, false] if a == store.transpose(b) => store.intern(Node::Matmul(Args::from_slice(&[a, b]))),
        [false, false] => {
            let (mut scalars, mut arrays) = (Args::new(), Args::new());
            for id in [a, b] {
                let mut factors = store.factors(id);
                arrays.extend(factors.pop());
                scalars.extend(factors);
            }
            scalars.push(store.matmul(arrays));
            store.mul(scalars)
        }
        _ => store.mul([a, b]),
    }
}
