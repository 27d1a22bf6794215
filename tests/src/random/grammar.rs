//! The grammar of random problems: every form of the language, with what it asks of its parts.
//!
//! In: a shape, a budget of heads, random numbers. Out: an expression. Left to others: deriving it.

use super::Random;
use super::symbols::{Dim, SYMBOLS, Shape, Symbol};
use super::tree::{Head, Tree};

/// Functions of entries that have a value everywhere.
pub(crate) const TOTAL: &[&str] = &[
    "exp", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "abs", "sign", "relu", "sigmoid", "softplus", "step",
    "erf", "square", "asin", "acos",
];

/// Functions of entries that need a positive one.
pub(crate) const POSITIVE: &[&str] = &["log", "sqrt"];

const DIMS: &[Dim] = &[Dim::M, Dim::N, Dim::K];

/// The shapes of values whose derivative by a variable has at most two indices.
pub(super) fn values(by: Shape) -> Vec<Shape> {
    let mut shapes = vec![Shape::SCALAR; 4];
    let dims = DIMS.iter().chain([&Dim::Three]);
    if by.is_scalar() {
        let pairs = dims.clone().flat_map(|&rows| dims.clone().map(move |&cols| Shape::new(rows, cols)));
        shapes.extend(pairs.filter(|shape| shape.is_inhabited()));
    }
    if !by.is_matrix() {
        shapes.extend(dims.clone().map(|&rows| Shape::column(rows)));
        shapes.push(Shape::column(Dim::N).transposed());
    }
    shapes
}

/// The shapes of values whose derivative by a variable has three or four indices.
pub(super) fn wide(by: Shape) -> Vec<Shape> {
    let dims = DIMS.iter();
    let matrices = dims.clone().flat_map(|&rows| DIMS.iter().map(move |&cols| Shape::new(rows, cols)));
    match (by.is_scalar(), by.is_matrix()) {
        (true, _) => vec![],
        (_, false) => matrices.collect(),
        (_, true) => dims.map(|&rows| Shape::column(rows)).chain(matrices).collect(),
    }
}

/// Makes expressions in which a variable is likely.
pub(super) struct Grammar<'a> {
    pub(super) random: &'a mut Random,
    pub(super) by: &'static Symbol,
}

/// A form that an expression can take, and how often it does.
type Form = (usize, fn(&mut Grammar<'_>, Shape, usize) -> Tree);

impl Grammar<'_> {
    /// An expression of a shape.
    pub(super) fn tree(&mut self, shape: Shape, budget: usize) -> Tree {
        if budget <= 1 {
            return self.leaf(shape);
        }
        let forms = [EVERYWHERE, forms(shape)].concat();
        let mut number = self.random.below(forms.iter().map(|form| form.0).sum());
        for (weight, make) in forms {
            match number.checked_sub(weight) {
                Some(rest) => number = rest,
                None => return make(self, shape, budget - 1),
            }
        }
        self.leaf(shape)
    }

    /// Something small.
    fn leaf(&mut self, shape: Shape) -> Tree {
        let (own, turned) = (self.by.shape == shape, self.by.shape.transposed() == shape);
        if (own || turned) && self.random.below(2) == 0 {
            let leaf = Tree::leaf(self.by.shape, self.by.name);
            return if own { leaf } else { leaf.turned() };
        }
        let mut leaves: Vec<Tree> = Vec::new();
        for symbol in SYMBOLS {
            let leaf = Tree::leaf(symbol.shape, symbol.name);
            if symbol.shape == shape {
                leaves.push(leaf);
            } else if symbol.shape.transposed() == shape {
                leaves.push(leaf.turned());
            }
        }
        let (rows, cols) = (shape.rows.text(), shape.cols.text());
        if shape.is_scalar() {
            leaves.extend(["2", "1/2"].map(|text| Tree::leaf(shape, text)));
            leaves.push(self.inner(Dim::N));
        }
        if leaves.is_empty() || self.random.below(8) == 0 {
            leaves.clear();
            if shape.is_scalar() {
                leaves.extend(["3", "n", "m", "pi", "e"].map(|text| Tree::leaf(shape, text)));
            } else if shape.is_column() {
                leaves.push(Tree::leaf(shape, format!("ones({rows})")));
            } else if shape.is_matrix() {
                leaves.push(Tree::leaf(shape, format!("ones({rows},{cols})")));
                if rows == cols {
                    leaves.push(Tree::leaf(shape, format!("eye({rows})")));
                }
            } else {
                leaves.push(Tree::leaf(shape.transposed(), format!("ones({cols})")).turned());
            }
        }
        let position = self.random.below(leaves.len());
        leaves.swap_remove(position)
    }

    /// `x'*a`
    fn inner(&mut self, dim: Dim) -> Tree {
        let names: Vec<&str> = SYMBOLS.iter().filter(|s| s.shape == Shape::column(dim)).map(|s| s.name).collect();
        let mut pick = || Tree::leaf(Shape::column(dim), *self.random.choose(&names).unwrap_or(&"x"));
        Tree::new(Shape::SCALAR, Head::Times, vec![pick().turned(), pick()])
    }

    fn dim(&mut self) -> Dim {
        *self.random.choose(DIMS).unwrap_or(&Dim::N)
    }

    /// Two expressions that share a budget.
    fn two(&mut self, left: Shape, right: Shape, budget: usize) -> Vec<Tree> {
        let first = 1 + self.random.below(budget.saturating_sub(1));
        vec![self.tree(left, first), self.tree(right, budget.saturating_sub(first))]
    }

    fn one(&mut self, head: Head, shape: Shape, part: Shape, budget: usize) -> Tree {
        let part = self.tree(part, budget);
        Tree::new(shape, head, vec![part])
    }

    /// A vector or matrix.
    fn array(&mut self) -> Shape {
        let (rows, cols) = (self.dim(), self.dim());
        if self.random.below(2) == 0 { Shape::column(rows) } else { Shape::new(rows, cols) }
    }

    /// An expression whose entries are positive.
    fn positive(&mut self, shape: Shape, budget: usize) -> Tree {
        let one = || Tree::leaf(Shape::SCALAR, "1");
        match (self.random.below(4), shape.is_scalar()) {
            (0, _) => self.one(Head::Call("exp", None), shape, shape, budget),
            (1, true) => {
                let square = self.one(Head::Power("2"), shape, shape, budget);
                Tree::new(shape, Head::Plus, vec![one(), square])
            }
            (1, false) => {
                let square = self.one(Head::ElementPower("2"), shape, shape, budget);
                Tree::new(shape, Head::Plus, vec![one(), square])
            }
            (2, true) => {
                let dim = self.dim();
                let norm = self.one(Head::Call("norm", None), shape, Shape::column(dim), budget);
                Tree::new(shape, Head::Plus, vec![one(), Tree::new(shape, Head::Power("2"), vec![norm])])
            }
            _ => match SYMBOLS.iter().find(|symbol| symbol.shape == shape) {
                // Symbols are drawn so that they suit what is asked of them.
                Some(_) => self.symbol(shape),
                None => self.one(Head::Call("exp", None), shape, shape, budget),
            },
        }
    }

    fn symbol(&mut self, shape: Shape) -> Tree {
        let names: Vec<&str> = SYMBOLS.iter().filter(|s| s.shape == shape).map(|s| s.name).collect();
        let by = self.by.shape == shape && self.random.below(2) == 0;
        let name = if by { self.by.name } else { self.random.choose(&names).unwrap_or(&"c") };
        Tree::leaf(shape, name)
    }

    /// A square matrix that has an inverse at general points.
    fn regular(&mut self, dim: Dim, budget: usize) -> Tree {
        let shape = Shape::square(dim);
        let letter = |grammar: &mut Self| {
            let names: Vec<&str> =
                SYMBOLS.iter().filter(|s| s.shape == shape && s.properties != "skew").map(|s| s.name).collect();
            let by = grammar.by.shape == shape && grammar.by.properties != "skew" && grammar.random.below(2) == 0;
            let name = if by { grammar.by.name } else { grammar.random.choose(&names).unwrap_or(&"S") };
            Tree::leaf(shape, name)
        };
        if budget <= 1 {
            return letter(self);
        }
        match self.random.below(6) {
            0 => letter(self),
            1 => {
                let (left, right) = (letter(self), self.tree(shape, budget - 1));
                Tree::new(shape, Head::Plus, vec![left, right])
            }
            2 => {
                let (left, right) = (letter(self), self.regular(dim, budget - 1));
                Tree::new(shape, Head::Times, vec![left, right])
            }
            3 => self.regular(dim, budget - 1).turned(),
            4 => {
                let scalar = Tree::leaf(Shape::SCALAR, "2");
                let part = self.regular(dim, budget - 1);
                Tree::new(shape, Head::Times, vec![scalar, part])
            }
            _ => self.gram(dim, budget - 1),
        }
    }

    /// `A'*A + W`: positive-definite where W is.
    fn gram(&mut self, dim: Dim, budget: usize) -> Tree {
        let shape = Shape::square(dim);
        let rows = self.dim();
        let part = self.tree(Shape::new(rows, dim), budget.saturating_sub(3) / 2);
        let product = Tree::new(shape, Head::Times, vec![part.clone().turned(), part]);
        let definite = SYMBOLS.iter().find(|s| s.shape == shape && s.properties == "positive-definite");
        let right = Tree::leaf(shape, definite.map_or_else(|| format!("eye({})", dim.text()), |s| s.name.to_string()));
        Tree::new(shape, Head::Plus, vec![product, right])
    }
}

/// Forms of every shape.
const EVERYWHERE: &[Form] = &[
    (8, |g, shape, budget| {
        let parts = g.two(shape, shape, budget);
        Tree::new(shape, Head::Plus, parts)
    }),
    (5, |g, shape, budget| {
        let parts = g.two(shape, shape, budget);
        Tree::new(shape, Head::Minus, parts)
    }),
    (2, |g, shape, budget| g.one(Head::Negate, shape, shape, budget)),
    (4, |g, shape, budget| {
        let parts = g.two(Shape::SCALAR, shape, budget);
        Tree::new(shape, Head::Times, parts)
    }),
    (3, |g, shape, budget| {
        let over = g.tree(shape, budget / 2);
        let under = g.positive(Shape::SCALAR, budget / 2);
        Tree::new(shape, Head::Over, vec![over, under])
    }),
    (7, |g, shape, budget| {
        let name = g.random.choose(TOTAL).unwrap_or(&"exp");
        g.one(Head::Call(name, None), shape, shape, budget)
    }),
    (3, |g, shape, budget| {
        let name = g.random.choose(POSITIVE).unwrap_or(&"log");
        let part = g.positive(shape, budget);
        Tree::new(shape, Head::Call(name, None), vec![part])
    }),
];

/// The forms of a shape beside those of every shape.
fn forms(shape: Shape) -> &'static [Form] {
    if shape.is_scalar() {
        SCALARS
    } else if shape.is_row() {
        ROWS
    } else if shape.is_column() {
        COLUMNS
    } else if shape.rows == shape.cols {
        SQUARES
    } else {
        MATRICES
    }
}

/// Makes a reduction of any array.
macro_rules! reduction {
    ($name:literal) => {
        |g, shape, budget| {
            let part = g.array();
            g.one(Head::Call($name, None), shape, part, budget)
        }
    };
}

/// Makes a function of a square matrix.
macro_rules! of_square {
    ($name:literal) => {
        |g, shape, budget| {
            let part = g.dim();
            g.one(Head::Call($name, None), shape, Shape::square(part), budget)
        }
    };
}

const SCALARS: &[Form] = &[
    (3, |g, shape, budget| g.one(Head::Power("2"), shape, shape, budget)),
    (1, |g, shape, budget| g.one(Head::Power("3"), shape, shape, budget)),
    (1, |g, shape, budget| {
        let part = g.positive(shape, budget);
        Tree::new(shape, Head::Power("c"), vec![part])
    }),
    (1, |g, shape, budget| {
        let part = g.positive(shape, budget);
        Tree::new(shape, Head::Power("-1"), vec![part])
    }),
    (8, |g, shape, budget| {
        let dim = g.dim();
        let parts = g.two(Shape::column(dim).transposed(), Shape::column(dim), budget);
        Tree::new(shape, Head::Times, parts)
    }),
    (6, of_square!("tr")),
    (3, |g, shape, budget| {
        let dim = g.dim();
        let part = g.regular(dim, budget);
        Tree::new(shape, Head::Call("det", None), vec![part])
    }),
    (3, |g, shape, budget| {
        let dim = g.dim();
        let part = if g.random.below(2) == 0 { g.gram(dim, budget) } else { g.regular(dim, budget) };
        Tree::new(shape, Head::Call("logdet", None), vec![part])
    }),
    (6, reduction!("sum")),
    (2, reduction!("mean")),
    (3, reduction!("norm")),
    (2, reduction!("norm1")),
    (2, reduction!("logsumexp")),
    (1, |g, shape, budget| {
        let dim = g.dim();
        g.one(Head::Call("prod", None), shape, Shape::column(dim), budget)
    }),
    (3, |g, shape, budget| {
        let part = g.array();
        let norm = g.one(Head::Call("norm", None), shape, part, budget);
        Tree::new(shape, Head::Power("2"), vec![norm])
    }),
    (2, |g, shape, budget| {
        let dim = g.dim();
        let parts = g.two(Shape::column(dim), Shape::column(dim), budget);
        Tree::new(shape, Head::Call("dot", None), parts)
    }),
    (1, |g, shape, budget| {
        let (rows, cols) = (g.dim(), g.dim());
        let parts = g.two(Shape::new(rows, cols), Shape::new(rows, cols), budget);
        let vec = |part: Tree| Tree::new(part.shape, Head::Call("vec", None), vec![part]);
        let mut parts = parts.into_iter().map(vec);
        let left = parts.next().map(Tree::turned);
        Tree::new(shape, Head::Times, left.into_iter().chain(parts).collect())
    }),
    (1, |g, shape, budget| {
        let (left, right) = (g.dim(), g.dim());
        let parts = g.two(Shape::square(left), Shape::square(right), budget);
        let kron = Tree::new(parts[0].shape, Head::Call("kron", None), parts);
        Tree::new(shape, Head::Call("tr", None), vec![kron])
    }),
    (1, |g, shape, budget| {
        let parts = g.two(Shape::column(Dim::Three), Shape::column(Dim::Three), budget);
        Tree::new(shape, Head::Call("dot", None), parts)
    }),
];

/// Makes a reduction of the rows of a matrix to a column.
macro_rules! along_rows {
    ($name:literal) => {
        |g, shape, budget| {
            let cols = if shape.rows == Dim::Three { Dim::Three } else { g.dim() };
            g.one(Head::Call($name, Some(2)), shape, Shape::new(shape.rows, cols), budget)
        }
    };
}

/// Makes a reduction of the columns of a matrix to a row.
macro_rules! along_columns {
    ($name:literal) => {
        |g, shape, budget| {
            let rows = if shape.cols == Dim::Three { Dim::Three } else { g.dim() };
            g.one(Head::Call($name, Some(1)), shape, Shape::new(rows, shape.cols), budget)
        }
    };
}

/// A product of two matrices.
const PRODUCT: Form = (14, |g, shape, budget| {
    let inner = if shape.rows == Dim::Three || shape.cols == Dim::Three { Dim::Three } else { g.dim() };
    let parts = g.two(Shape::new(shape.rows, inner), Shape::new(inner, shape.cols), budget);
    Tree::new(shape, Head::Times, parts)
});

const HADAMARD: Form = (6, |g, shape, budget| {
    let parts = g.two(shape, shape, budget);
    Tree::new(shape, Head::Hadamard, parts)
});

const ELEMENT_OVER: Form = (2, |g, shape, budget| {
    let over = g.tree(shape, budget / 2);
    let under = g.positive(shape, budget / 2);
    Tree::new(shape, Head::ElementOver, vec![over, under])
});

const ELEMENT_POWER: Form = (3, |g, shape, budget| {
    let exponent = *g.random.choose(&["2", "2", "3", "-1", "c"]).unwrap_or(&"2");
    let part = if matches!(exponent, "-1" | "c") { g.positive(shape, budget) } else { g.tree(shape, budget) };
    Tree::new(shape, Head::ElementPower(exponent), vec![part])
});

/// A scalar broadcast onto an array, or a number divided by its entries.
const BROADCAST: Form = (2, |g, shape, budget| match g.random.below(3) {
    0 => {
        let parts = g.two(shape, Shape::SCALAR, budget);
        Tree::new(shape, Head::Minus, parts)
    }
    1 => {
        let parts = g.two(Shape::SCALAR, shape, budget);
        Tree::new(shape, Head::Minus, parts)
    }
    _ => {
        let part = g.positive(shape, budget);
        Tree::new(shape, Head::ElementOver, vec![Tree::leaf(Shape::SCALAR, "1"), part])
    }
});

const TRANSPOSED: Form = (4, |g, shape, budget| g.tree(shape.transposed(), budget).turned());

const ROWS: &[Form] = &[
    PRODUCT,
    HADAMARD,
    ELEMENT_POWER,
    BROADCAST,
    (10, |g, shape, budget| g.tree(shape.transposed(), budget).turned()),
    (4, along_columns!("sum")),
    (1, along_columns!("mean")),
    (1, along_columns!("logsumexp")),
    (1, along_columns!("norm")),
    (1, along_columns!("prod")),
];

const COLUMNS: &[Form] = &[
    PRODUCT,
    HADAMARD,
    ELEMENT_OVER,
    ELEMENT_POWER,
    BROADCAST,
    TRANSPOSED,
    (4, along_rows!("sum")),
    (1, along_rows!("mean")),
    (1, along_rows!("logsumexp")),
    (1, along_rows!("norm")),
    (1, along_rows!("prod")),
    (4, |g, shape, budget| g.one(Head::Call("diag", None), shape, Shape::square(shape.rows), budget)),
    (3, |g, shape, budget| g.one(Head::Call("softmax", None), shape, shape, budget)),
    (2, |g, shape, budget| {
        if shape.rows != Dim::Three {
            return g.tree(shape, budget);
        }
        let parts = g.two(shape, shape, budget);
        Tree::new(shape, Head::Call("cross", None), parts)
    }),
];

const MATRICES: &[Form] = &[
    PRODUCT,
    HADAMARD,
    ELEMENT_OVER,
    ELEMENT_POWER,
    BROADCAST,
    TRANSPOSED,
    (2, |g, shape, budget| {
        let parts = g.two(Shape::column(shape.rows), Shape::column(shape.cols), budget);
        Tree::new(shape, Head::Call("outer", None), parts)
    }),
    (1, |g, shape, budget| g.one(Head::Call("softmax", Some(1)), shape, shape, budget)),
    (1, |g, shape, budget| g.one(Head::Call("softmax", Some(2)), shape, shape, budget)),
    (1, |g, shape, _| {
        let symbol = g.leaf(shape.transposed());
        Tree::new(shape, Head::Call("pinv", None), vec![symbol])
    }),
];

const SQUARES: &[Form] = &[
    PRODUCT,
    HADAMARD,
    ELEMENT_POWER,
    TRANSPOSED,
    (5, |g, shape, budget| {
        let part = g.regular(shape.rows, budget);
        Tree::new(shape, Head::Call("inv", None), vec![part])
    }),
    (1, |g, shape, budget| {
        let part = g.regular(shape.rows, budget);
        Tree::new(shape, Head::Power("-1"), vec![part])
    }),
    (1, |g, shape, budget| {
        let part = g.regular(shape.rows, budget);
        Tree::new(shape, Head::Call("adj", None), vec![part])
    }),
    (2, |g, shape, budget| g.one(Head::Power("2"), shape, shape, budget)),
    (1, |g, shape, budget| g.one(Head::Power("3"), shape, shape, budget)),
    (5, |g, shape, budget| g.one(Head::Call("diag", None), shape, Shape::column(shape.rows), budget)),
    (1, |g, shape, budget| g.one(Head::Call("sym", None), shape, shape, budget)),
    (1, |g, shape, budget| g.one(Head::Call("skew", None), shape, shape, budget)),
    (1, |g, shape, budget| g.one(Head::Call("tril", None), shape, shape, budget)),
    (1, |g, shape, budget| g.one(Head::Call("triu", None), shape, shape, budget)),
    (2, |g, shape, budget| {
        let parts = g.two(Shape::column(shape.rows), Shape::column(shape.cols), budget);
        Tree::new(shape, Head::Call("outer", None), parts)
    }),
];
