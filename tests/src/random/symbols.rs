//! The symbols of random problems.
//!
//! In: nothing. Out: their names, shapes and properties. Left to others: expressions.

/// A dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dim {
    /// A scalar has it twice, a column as its second.
    One,
    /// `m`
    M,
    /// `n`
    N,
    /// `k`
    K,
    /// The literal 3.
    Three,
}

impl Dim {
    /// The dimension as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Dim::One => "1",
            Dim::M => "m",
            Dim::N => "n",
            Dim::K => "k",
            Dim::Three => "3",
        }
    }
}

/// Rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shape {
    /// The number of rows.
    pub rows: Dim,
    /// The number of columns.
    pub cols: Dim,
}

impl Shape {
    /// The shape of a scalar.
    pub const SCALAR: Shape = Shape::new(Dim::One, Dim::One);

    /// Rows and columns.
    pub const fn new(rows: Dim, cols: Dim) -> Shape {
        Shape { rows, cols }
    }

    /// A column.
    pub const fn column(rows: Dim) -> Shape {
        Shape::new(rows, Dim::One)
    }

    /// A square.
    pub const fn square(dim: Dim) -> Shape {
        Shape::new(dim, dim)
    }

    /// With rows and columns exchanged.
    pub fn transposed(self) -> Shape {
        Shape::new(self.cols, self.rows)
    }

    /// Whether there is one entry.
    pub fn is_scalar(self) -> bool {
        self == Shape::SCALAR
    }

    /// Whether it has one column and several rows.
    pub fn is_column(self) -> bool {
        self.cols == Dim::One && self.rows != Dim::One
    }

    /// Whether it has one row and several columns.
    pub fn is_row(self) -> bool {
        self.transposed().is_column()
    }

    /// Whether it has several rows and several columns.
    pub fn is_matrix(self) -> bool {
        self.rows != Dim::One && self.cols != Dim::One
    }

    /// Whether there is an expression of this shape: the literal 3 is only beside itself and 1.
    pub fn is_inhabited(self) -> bool {
        !self.is_matrix() || (self.rows == Dim::Three) == (self.cols == Dim::Three)
    }
}

/// A symbol.
#[derive(Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// Its properties, as they are declared.
    pub properties: &'static str,
}

impl Symbol {
    /// The declaration of the symbol.
    pub fn declaration(&self) -> String {
        let Shape { rows, cols } = self.shape;
        let space = match (rows, cols) {
            (Dim::One, Dim::One) => "R".to_string(),
            (rows, Dim::One) => format!("R^{}", rows.text()),
            (rows, cols) => format!("R^({},{})", rows.text(), cols.text()),
        };
        format!("{} in {space} {}", self.name, self.properties).trim_end().to_string()
    }
}

const fn symbol(name: &'static str, rows: Dim, cols: Dim, properties: &'static str) -> Symbol {
    Symbol { name, shape: Shape::new(rows, cols), properties }
}

/// Every symbol.
pub(super) const SYMBOLS: &[Symbol] = &[
    symbol("c", Dim::One, Dim::One, ""),
    symbol("t", Dim::One, Dim::One, ""),
    symbol("x", Dim::N, Dim::One, ""),
    symbol("a", Dim::N, Dim::One, ""),
    symbol("y", Dim::M, Dim::One, ""),
    symbol("b", Dim::M, Dim::One, ""),
    symbol("z", Dim::K, Dim::One, ""),
    symbol("u", Dim::Three, Dim::One, ""),
    symbol("v", Dim::Three, Dim::One, ""),
    symbol("r", Dim::One, Dim::N, ""),
    symbol("X", Dim::M, Dim::N, ""),
    symbol("A", Dim::M, Dim::N, ""),
    symbol("B", Dim::N, Dim::K, ""),
    symbol("C", Dim::K, Dim::M, ""),
    symbol("S", Dim::N, Dim::N, ""),
    symbol("R", Dim::N, Dim::N, ""),
    symbol("F", Dim::M, Dim::M, ""),
    symbol("G", Dim::K, Dim::K, ""),
    symbol("H", Dim::Three, Dim::Three, ""),
    symbol("P", Dim::N, Dim::N, "symmetric"),
    symbol("M", Dim::M, Dim::M, "symmetric"),
    symbol("D", Dim::N, Dim::N, "diagonal"),
    symbol("L", Dim::N, Dim::N, "lower"),
    symbol("U", Dim::N, Dim::N, "upper"),
    symbol("K", Dim::N, Dim::N, "skew"),
    symbol("Q", Dim::N, Dim::N, "orthogonal"),
    symbol("V", Dim::N, Dim::N, "invertible"),
    symbol("W", Dim::N, Dim::N, "positive-definite"),
    symbol("E", Dim::M, Dim::M, "positive-definite"),
];
