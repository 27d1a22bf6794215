//! What terms are made of, and how their transposes read.
//!
//! In: a matrix expression. Out: its number, scalars and array; its transpose moved to the letters; what is declared of it.
//! Left to others: rewriting.

use einstep_expr::{Args, Dim, Function, Id, Node, Rat, Shape, Store};

/// A term: a number, other scalar factors, and an array, if it is one.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) number: Rat,
    pub(super) scalars: Args,
    pub(super) array: Option<Id>,
}

impl Term {
    pub(super) fn of(store: &Store, id: Id) -> Term {
        let mut term = Term { number: Rat::ONE, scalars: Args::new(), array: None };
        for factor in store.factors(id) {
            match store.as_number(factor) {
                Some(value) => term.number = term.number.mul(value),
                None if store.shape(factor).is_scalar() => term.scalars.push(factor),
                None => term.array = Some(factor),
            }
        }
        term
    }

    /// The factors of its array, multiplied as matrices.
    pub(super) fn chain(&self, store: &Store) -> Args {
        self.array.map_or(Args::new(), |array| chain(store, array))
    }

    /// The factors of its array, multiplied entry by entry.
    pub(super) fn entries(&self, store: &Store) -> Args {
        self.array.map_or(Args::new(), |array| entries(store, array))
    }

    /// The term as a node.
    pub(super) fn node(&self, store: &mut Store) -> Id {
        let rest = store.mul(self.scalars.iter().copied().chain(self.array));
        store.scale(self.number.clone(), rest)
    }

    pub(super) fn with_array(&self, array: Option<Id>) -> Term {
        Term { array, ..self.clone() }
    }
}

/// The factors of a product of matrices, or the array alone.
pub(super) fn chain(store: &Store, id: Id) -> Args {
    match store.node(id) {
        Node::Matmul(args) => args.clone(),
        _ => Args::from_slice(&[id]),
    }
}

/// The factors of an elementwise product, or the array alone.
pub(super) fn entries(store: &Store, id: Id) -> Args {
    match store.node(id) {
        Node::Hadamard(args) => args.clone(),
        _ => Args::from_slice(&[id]),
    }
}

/// The opposite of an expression: of a sum, term by term.
pub(super) fn negated(store: &mut Store, id: Id) -> Id {
    let terms: Args = store
        .terms(id)
        .into_iter()
        .map(|term| {
            let (number, rest) = store.coefficient(term);
            store.scale(number.neg(), rest)
        })
        .collect();
    store.add(terms)
}

/// Whether a term is printed with a minus sign.
pub(super) fn is_negative(store: &Store, id: Id) -> bool {
    Term::of(store, id).number.is_negative()
}

/// Ones in the shape of a column, row or matrix.
pub(super) fn ones(store: &mut Store, shape: Shape) -> Id {
    if shape.is_scalar() {
        return store.int(1);
    }
    if shape.rows.is_one() {
        let column = store.intern(Node::Ones(shape.transposed()));
        return store.transpose(column);
    }
    store.intern(Node::Ones(shape))
}

/// Whether all entries are 1.
pub(super) fn is_ones(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Ones(_) => true,
        Node::Transpose(arg) => is_ones(store, *arg),
        _ => false,
    }
}

/// Whether an array has as many rows as columns.
pub(super) fn is_square(store: &Store, id: Id) -> bool {
    let Shape { rows, cols } = store.shape(id);
    rows == cols
}

pub(super) fn is_column(store: &Store, id: Id) -> bool {
    store.shape(id).cols.is_one() && !store.shape(id).rows.is_one()
}

pub(super) fn is_row(store: &Store, id: Id) -> bool {
    store.shape(id).rows.is_one() && !store.shape(id).cols.is_one()
}

/// The argument of a function of one array.
pub(super) fn argument(store: &Store, id: Id, function: Function) -> Option<Id> {
    match store.node(id) {
        Node::Call(found, args) if *found == function => args.first().copied(),
        _ => None,
    }
}

/// Whether one of some properties is declared of a symbol. What is declared of the variable counts too: nothing is left to be
/// differentiated where these rules are used.
pub(super) fn is_declared(store: &Store, id: Id, properties: &[&str]) -> bool {
    let Node::Symbol(symbol) = store.node(id) else { return false };
    store.symbol_info(*symbol).properties.iter().any(|property| properties.contains(&property.as_str()))
}

/// Whether an array equals its transpose, by what it is or by declaration.
pub(super) fn is_symmetric(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Symbol(_) => is_declared(store, id, &["symmetric", "diagonal", "positive-definite"]),
        Node::Identity(_) | Node::Call(Function::Diag | Function::Sym, _) => true,
        Node::Ones(shape) | Node::Zeros(shape) => shape.rows == shape.cols,
        Node::Call(Function::Inv | Function::Adj, args) => is_symmetric(store, args[0]),
        Node::Matpow(base, exponent) => is_symmetric(store, *base) || exponent % 2 == 0 && is_skew(store, *base),
        _ => false,
    }
}

/// Whether an array is the opposite of its transpose, by what it is or by declaration.
pub(super) fn is_skew(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Symbol(_) => is_declared(store, id, &["skew"]),
        Node::Call(Function::Skew, _) => true,
        Node::Call(Function::Inv, args) => is_skew(store, args[0]),
        Node::Matpow(base, exponent) => exponent % 2 == 1 && is_skew(store, *base),
        _ => false,
    }
}

/// Whether the entries of a square array outside one triangle, `tril` or `triu`, are zero, by what it is or by declaration.
pub(super) fn is_triangular(store: &Store, id: Id, triangle: Function) -> bool {
    let is = |id: Id| is_triangular(store, id, triangle);
    match store.node(id) {
        Node::Symbol(_) if triangle == Function::Tril => is_declared(store, id, &["lower", "diagonal"]),
        Node::Symbol(_) => is_declared(store, id, &["upper", "diagonal"]),
        Node::Identity(_) | Node::Call(Function::Diag, _) => true,
        Node::Transpose(arg) => is_triangular(store, *arg, other_triangle(triangle)),
        Node::Call(function @ (Function::Tril | Function::Triu), args) => *function == triangle || is(args[0]),
        Node::Call(Function::Inv | Function::Adj, args) => is(args[0]),
        Node::Matpow(base, _) => is(*base),
        Node::Matmul(args) => args.iter().all(|&arg| is_square(store, arg) && is(arg)),
        Node::Add(args) => args.iter().all(|&arg| is(arg)),
        Node::Hadamard(args) => args.iter().any(|&arg| is(arg)),
        Node::Mul(args) => args.last().is_some_and(|&arg| is(arg)),
        _ => false,
    }
}

/// The triangle on the other side of the diagonal.
pub(super) fn other_triangle(triangle: Function) -> Function {
    if triangle == Function::Tril { Function::Triu } else { Function::Tril }
}

/// The transpose of an array, moved to the letters; out of functions, so that equal arrays read the same.
pub(super) fn transposed(store: &mut Store, id: Id) -> Id {
    if is_symmetric(store, id) || store.shape(id).is_scalar() {
        return id;
    }
    match store.node(id).clone() {
        Node::Add(args) => {
            let args: Args = args.into_iter().map(|arg| transposed(store, arg)).collect();
            store.add(args)
        }
        Node::Hadamard(args) => {
            let (number, args) = all_transposed(store, &args);
            let product = store.hadamard(args);
            store.scale(number, product)
        }
        Node::Matmul(args) => {
            let (number, args) = all_transposed(store, &args);
            let product = store.matmul(args.into_iter().rev());
            store.scale(number, product)
        }
        Node::Mul(mut args) => {
            if let Some(array) = args.pop() {
                args.push(transposed(store, array));
            }
            store.mul(args)
        }
        Node::Ones(shape) if !shape.cols.is_one() => store.intern(Node::Ones(shape.transposed())),
        Node::Zeros(shape) => store.intern(Node::Zeros(shape.transposed())),
        Node::Call(Function::Kron, args) => {
            let args: Args = args.into_iter().map(|arg| transposed(store, arg)).collect();
            store.call(Function::Kron, args)
        }
        Node::Call(Function::Commutation, args) => store.call(Function::Commutation, [args[1], args[0]]),
        _ if is_skew(store, id) => negated(store, id),
        Node::Call(Function::Inv | Function::Adj, ref args) if equals_transpose(store, args[0]) => id,
        Node::Apply(_, arg) | Node::Matpow(arg, _) if equals_transpose(store, arg) => id,
        Node::Power(base, exponent) if store.shape(exponent).is_scalar() && equals_transpose(store, base) => id,
        _ => store.transpose(id),
    }
}

/// The transposes of the factors of a product, and their numbers.
fn all_transposed(store: &mut Store, factors: &Args) -> (Rat, Args) {
    let mut number = Rat::ONE;
    let mut rest = Args::new();
    for &factor in factors {
        let turned = transposed(store, factor);
        let (own, turned) = store.coefficient(turned);
        number = number.mul(&own);
        rest.push(turned);
    }
    (number, rest)
}

/// Whether an array equals its transpose once that is moved to the letters.
pub(super) fn equals_transpose(store: &mut Store, id: Id) -> bool {
    if !is_square(store, id) {
        return false;
    }
    let turned = transposed(store, id);
    turned == id || store.canonical(turned) == store.canonical(id)
}

/// The identity with the rows of an array.
pub(super) fn identity(store: &mut Store, dim: Dim) -> Id {
    if dim.is_one() { store.int(1) } else { store.intern(Node::Identity(dim)) }
}
