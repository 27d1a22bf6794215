//! Rules about diagonal matrices, ones and the linear functions that read entries.
//!
//! In: `diag(x)` in products and sums, products with ones, functions of multiples. Out: shorter forms.
//! Left to others: elementwise products.

use super::cost::size;
use super::echo::Echo;
use super::factor;
use super::parts::{Term, argument, is_column, is_ones, is_row, ones, transposed};
use crate::places::at;
use crate::rules::contract;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Shape, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Products with diagonal matrices.
pub(crate) static PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "diag.product",
        name: "product with a diagonal matrix",
        kind: RuleKind::Equation,
        statement: "diag(x)*y = x .* y; x'*diag(y) = (x .* y)'; diag(x)*diag(y) = diag(x .* y); \
                    diag(u)*A*diag(v) = (u*v') .* A",
        when: "the last where nothing else is multiplied, or A is an elementwise function, product or power",
        reason: "A diagonal matrix scales the rows, or the columns, of what it is multiplied with.",
        sentence: "a diagonal matrix multiplies entry by entry",
        reference: "definition",
        example: ("diag(x)*y", "x .* y"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::function(Function::Diag)),
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        let diag = |store: &Store, id: Id| argument(store, id, Function::Diag);
        let joined = (1..args.len()).find_map(|k| {
            let (left, right) = (args[k - 1], args[k]);
            match (diag(store, left), diag(store, right)) {
                (Some(a), Some(b)) => {
                    let product = store.hadamard([a, b]);
                    Some((k, store.call(Function::Diag, [product])))
                }
                (Some(a), None) if is_column(store, right) => Some((k, store.hadamard([a, right]))),
                (None, Some(b)) if is_row(store, left) => {
                    let column = store.transpose(left);
                    let product = store.hadamard([column, b]);
                    Some((k, store.transpose(product)))
                }
                _ => None,
            }
        });
        if let Some((k, joined)) = joined {
            let mut rest = args;
            rest[k - 1] = joined;
            rest.remove(k);
            return Some(Rewrite::to(store.matmul(rest)));
        }
        let (start, end) = both_sides(store, &args)?;
        let (left, right) = (diag(store, args[start])?, diag(store, args[end])?);
        let right = store.transpose(right);
        let outer = store.matmul([left, right]);
        let middle = store.matmul(args[start + 1..end].iter().copied());
        let product = store.hadamard([outer, middle]);
        let factors = args[..start].iter().copied().chain([product]).chain(args[end + 1..].iter().copied());
        let factors: Args = factors.collect();
        Some(Rewrite::to(store.matmul(factors)))
    },
};

/// The positions of two diagonal matrices with something between: the whole product, or what is read entry by entry.
fn both_sides(store: &Store, args: &Args) -> Option<(usize, usize)> {
    let is_diag = |position: usize| argument(store, args[position], Function::Diag).is_some();
    let last = args.len() - 1;
    if args.len() > 2 && is_diag(0) && is_diag(last) {
        return Some((0, last));
    }
    let entrywise =
        |position: usize| matches!(store.node(args[position]), Node::Hadamard(_) | Node::Power(..) | Node::Apply(..));
    (2..args.len()).find(|&end| is_diag(end - 2) && is_diag(end) && entrywise(end - 1)).map(|end| (end - 2, end))
}

/// Sums of diagonal matrices.
pub(crate) static SUM: Rule = Rule {
    statement: RuleStatement {
        id: "diag.sum",
        name: "sum of diagonal matrices",
        kind: RuleKind::Equation,
        statement: "diag(x) + diag(y) = diag(x + y); c*diag(x) + d*diag(y) = diag(c*x + d*y); diag(x) + c*I = diag(x + c*ones(n))",
        when: "",
        reason: "Diagonal matrices are added on the diagonal.",
        sentence: "the diagonals are added",
        reference: "definition",
        example: ("diag(x) + diag(y)", "diag(x + y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD).with(Kinds::function(Function::Diag)),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let vector = |store: &mut Store, term: Id| -> Option<(bool, Id)> {
            let parts = Term::of(store, term);
            let array = parts.array?;
            match *store.node(array) {
                Node::Identity(dim) => {
                    let ones = ones(store, Shape { rows: dim, cols: einstep_expr::Dim::ONE });
                    Some((false, parts.with_array(Some(ones)).node(store)))
                }
                _ => {
                    let of = argument(store, array, Function::Diag)?;
                    Some((true, parts.with_array(Some(of)).node(store)))
                }
            }
        };
        let vectors: Vec<Option<(bool, Id)>> = terms.iter().map(|&term| vector(store, term)).collect();
        let members = vectors.iter().flatten().count();
        if members < 2 || !vectors.iter().flatten().any(|(diag, _)| *diag) {
            return None;
        }
        let first = vectors.iter().position(Option::is_some)?;
        let sum = store.add(vectors.iter().flatten().map(|(_, vector)| *vector));
        let joined = store.call(Function::Diag, [sum]);
        let rest = terms.iter().zip(&vectors).enumerate();
        let rest = rest.filter_map(|(k, (&term, vector))| match vector {
            None => Some(term),
            Some(_) if k == first => Some(joined),
            Some(_) => None,
        });
        let rest: Args = rest.collect();
        Some(Rewrite::to(store.add(rest)))
    },
};

/// A diagonal that is read off.
pub(crate) static OF: Rule = Rule {
    statement: RuleStatement {
        id: "diag.of",
        name: "diagonal that is known",
        kind: RuleKind::Equation,
        statement: "diag(diag(x)) = x; diag(ones(n)) = I; diag(I) = ones(n); tr(diag(x)) = sum(x); tr(I) = n; \
                    sum(diag(x)) = sum(x); det(diag(x)) = prod(x); det(I) = 1",
        when: "",
        reason: "The entries on the diagonal are those of the vector, and there are no others.",
        sentence: "the diagonal is known",
        reference: "definition",
        example: ("tr(diag(x))", "sum(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::CALL),
    apply: |store, id| {
        let Node::Call(function, args) = store.node(id).clone() else { return None };
        let arg = *args.first()?;
        let vector = argument(store, arg, Function::Diag);
        let to = match (function, store.node(arg).clone()) {
            (Function::Diagonal, _) if vector.is_some() => vector?,
            (Function::Diag, Node::Ones(shape)) => store.intern(Node::Identity(shape.rows)),
            (Function::Diagonal, Node::Identity(dim)) => ones(store, Shape { rows: dim, cols: einstep_expr::Dim::ONE }),
            (Function::Trace | Function::Sum(Axis::All), _) if vector.is_some() => {
                store.call(Function::Sum(Axis::All), [vector?])
            }
            (Function::Trace, Node::Identity(dim)) => contract::size(store, dim),
            (Function::Det, Node::Identity(_)) => store.int(1),
            (Function::Det, _) if vector.is_some() => store.call(Function::Prod(Axis::All), [vector?]),
            _ => return None,
        };
        Some(Rewrite::to(to))
    },
};

/// Products with ones.
pub(crate) static ONES: Rule = Rule {
    statement: RuleStatement {
        id: "ones.product",
        name: "product with ones",
        kind: RuleKind::Equation,
        statement: "ones(m)*ones(n)' = ones(m,n); ones(n)'*x = sum(x); x'*ones(n) = sum(x); ones(n)'*ones(n) = n; \
                    ones(m)'*A*ones(n) = sum(A); ones(m,n)*x = sum(x)*ones(m); x'*ones(m,n) = sum(x)*ones(n)'; \
                    sum(ones(m,n)) = m*n",
        when: "",
        reason: "Every entry of an array of ones is 1.",
        sentence: "a product with ones is a sum of entries",
        reference: "definition",
        example: ("x'*ones(n)", "sum(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Sum(Axis::All)).or(Kinds::MATMUL)).with(Kinds::ONES),
    apply: |store, id| match store.node(id).clone() {
        Node::Call(Function::Sum(Axis::All), args) if is_ones(store, args[0]) => {
            let shape = store.shape(args[0]);
            let sizes: Args = shape.slots().into_iter().map(|dim| contract::size(store, dim)).collect();
            Some(Rewrite::to(store.mul(sizes)))
        }
        Node::Matmul(args) if args.iter().any(|&arg| is_ones(store, arg)) => {
            if store.shape(id).is_scalar() {
                return Some(Rewrite::to(scalar_with_ones(store, &args)?));
            }
            let (k, factors) = (1..args.len()).find_map(|k| Some((k, pair_with_ones(store, args[k - 1], args[k])?)))?;
            let rest = args[..k - 1].iter().chain(&factors).chain(&args[k + 1..]).copied();
            let rest: Args = rest.collect();
            let (scalars, arrays): (Vec<Id>, Vec<Id>) =
                rest.into_iter().partition(|&factor| store.shape(factor).is_scalar());
            let product = store.matmul(arrays);
            Some(Rewrite::to(store.mul(scalars.into_iter().chain([product]))))
        }
        _ => None,
    },
};

/// A scalar product with ones at an end.
fn scalar_with_ones(store: &mut Store, args: &Args) -> Option<Id> {
    let (first, last) = (args[0], args[args.len() - 1]);
    let summed = match (is_ones(store, first), is_ones(store, last)) {
        (true, true) if args.len() == 2 => return Some(contract::size(store, store.shape(first).cols)),
        (true, true) => store.matmul(args[1..args.len() - 1].iter().copied()),
        (true, false) if args.len() == 2 => last,
        (false, true) if args.len() == 2 => store.transpose(first),
        _ => return None,
    };
    Some(store.call(Function::Sum(Axis::All), [summed]))
}

/// Two neighbours, one of them ones, as other factors.
fn pair_with_ones(store: &mut Store, left: Id, right: Id) -> Option<Args> {
    let total = |store: &mut Store, array: Id| store.call(Function::Sum(Axis::All), [array]);
    if is_ones(store, left) && is_ones(store, right) && is_column(store, left) && is_row(store, right) {
        let shape = Shape { rows: store.shape(left).rows, cols: store.shape(right).cols };
        return Some(Args::from_slice(&[ones(store, shape)]));
    }
    let is_matrix = |store: &Store, id: Id| store.shape(id).slots().len() == 2;
    if is_ones(store, left) && is_matrix(store, left) && is_column(store, right) {
        let shape = Shape { rows: store.shape(left).rows, cols: einstep_expr::Dim::ONE };
        let (total, ones) = (total(store, right), ones(store, shape));
        return Some(Args::from_slice(&[total, ones]));
    }
    if is_ones(store, right) && is_matrix(store, right) && is_row(store, left) {
        let shape = Shape { rows: einstep_expr::Dim::ONE, cols: store.shape(right).cols };
        let column = store.transpose(left);
        let (total, ones) = (total(store, column), ones(store, shape));
        return Some(Args::from_slice(&[total, ones]));
    }
    None
}

/// Sums along an axis times ones, as a product that another summand ends or begins with.
pub(crate) static SUMS: Rule = Rule {
    statement: RuleStatement {
        id: "ones.sums",
        name: "sums along an axis as products with ones",
        kind: RuleKind::Equation,
        statement: "ones(k)*sum(X,1) = ones(k,m)*X; ones(k)*sum(X,2)' = ones(k,n)*X'; sum(X,2)*ones(k)' = X*ones(n,k); \
                    sum(X,1)'*ones(k)' = X'*ones(m,k)",
        when: "X is then a common factor, and the result is shorter",
        reason: "A product with ones sums the rows or the columns.",
        sentence: "the sums are products with ones",
        reference: "definition",
        example: ("ones(k)*sum(X,2)'", "ones(k,n)*X'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let whole = size(store, id);
        for (position, &term) in terms.iter().enumerate() {
            let parts = Term::of(store, term);
            let factors = parts.chain(store);
            let &[left, right] = factors.as_slice() else { continue };
            let product = if is_ones(store, left) && is_column(store, left) {
                let Some(array) = summed(store, right) else { continue };
                let shape = Shape { rows: store.shape(left).rows, cols: store.shape(array).rows };
                [ones(store, shape), array]
            } else if is_ones(store, right) && is_row(store, right) {
                let left = store.transpose(left);
                let Some(array) = summed(store, left) else { continue };
                let array = transposed(store, array);
                let shape = Shape { rows: store.shape(array).cols, cols: store.shape(right).cols };
                [array, ones(store, shape)]
            } else {
                continue;
            };
            let product = store.matmul(product);
            let mut terms = terms.clone();
            terms[position] = parts.with_array(Some(product)).node(store);
            let to = store.add(terms);
            let pulled = factor::factored(store, None, to);
            if pulled.is_some_and(|pulled| size(store, pulled.to) < whole) {
                return Some(Rewrite::to(to));
            }
        }
        None
    },
};

/// The array whose rows a row of sums adds up.
fn summed(store: &mut Store, row: Id) -> Option<Id> {
    if let Some(array) = argument(store, row, Function::Sum(Axis::Rows)) {
        return Some(array);
    }
    let Node::Transpose(column) = *store.node(row) else { return None };
    let array = argument(store, column, Function::Sum(Axis::Cols))?;
    Some(transposed(store, array))
}

/// A linear function of a multiple.
pub(crate) static LINEAR: Rule = Rule {
    statement: RuleStatement {
        id: "linear.scalars",
        name: "scalars out of a linear function",
        kind: RuleKind::Equation,
        statement: "tr(c*A) = c*tr(A); sum(c*X) = c*sum(X); sum(c*X,1) = c*sum(X,1); sum(c*X,2) = c*sum(X,2); \
                    mean(c*X) = c*mean(X); mean(c*X,1) = c*mean(X,1); mean(c*X,2) = c*mean(X,2); diag(c*x) = c*diag(x); diag(c*A) = c*diag(A); vec(c*X) = c*vec(X); \
                    kron(c*X,Y) = c*kron(X,Y); kron(X,c*Y) = c*kron(X,Y); \
                    cross(c*u,v) = c*cross(u,v); cross(u,c*v) = c*cross(u,v)",
        when: "c is a scalar",
        reason: "The function is linear.",
        sentence: "scalars come first",
        reference: "linearity",
        example: ("diag(2*x)", "2*diag(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::CALL),
    apply: |store, id| {
        let Node::Call(function, args) = store.node(id).clone() else { return None };
        let linear = matches!(
            function,
            Function::Trace
                | Function::Sum(_)
                | Function::Mean(_)
                | Function::Diag
                | Function::Diagonal
                | Function::Vec
                | Function::Kron
                | Function::Cross
                | Function::Sym
                | Function::Skew
                | Function::Tril
                | Function::Triu
        );
        if !linear {
            return None;
        }
        let mut scalars = Args::new();
        let mut arrays = Args::new();
        for arg in args {
            let mut factors = store.factors(arg);
            arrays.extend(factors.pop());
            scalars.extend(factors);
        }
        if scalars.is_empty() {
            return None;
        }
        scalars.push(store.call(function, arrays));
        Some(Rewrite::to(store.mul(scalars)))
    },
};

/// An array of ones that is shown as a scalar beside the other summands.
pub(crate) static BROADCAST: Rule = Rule {
    statement: RuleStatement {
        id: "sum.broadcast",
        name: "scalar added to each entry",
        kind: RuleKind::Equation,
        statement: "x + c*ones(n) = x + c; x' + c*ones(n)' = x' + c; X + c*ones(m,n) = X + c; x + ones(n) = x + 1; \
                    x' + ones(n)' = x' + 1; X + ones(m,n) = X + 1",
        when: "the other summands are read entry by entry: elementwise products, powers and functions",
        reason: "A scalar beside an array is added to each entry.",
        sentence: "a multiple of ones is written as a scalar",
        reference: "definition",
        example: ("ones(n) - x.^2", "1 - x.^2"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD.or(Kinds::HADAMARD).or(Kinds::POWER).or(Kinds::APPLY)).with(Kinds::ONES),
    apply: |store, id| broadcast(store, None, id),
};

/// [`BROADCAST`] for one question, which may have a sum with a broadcast scalar.
pub(crate) fn broadcast(store: &mut Store, echo: Option<&Echo>, id: Id) -> Option<Rewrite> {
    let entrywise = match store.node(id).clone() {
        Node::Add(terms) => {
            let written = echo.is_some_and(|echo| echo.spelling(store, id).is_some());
            let is_identity = |&term: &Id| {
                Term::of(store, term).array.is_some_and(|array| matches!(store.node(array), Node::Identity(_)))
            };
            // I - 1/n would be read as a multiple of the identity.
            let read = written && !terms.iter().any(is_identity);
            let whole = as_scalars(store, &terms, read)?;
            return Some(Rewrite::to(store.add(whole)));
        }
        // What is read entry by entry makes its parts so.
        Node::Hadamard(args) => args,
        Node::Power(base, exponent) => Args::from_slice(&[base, exponent]),
        Node::Apply(_, arg) => Args::from_slice(&[arg]),
        _ => return None,
    };
    let children: Args = entrywise.iter().map(|&child| entrywise_sum(store, child)).collect();
    (children != entrywise).then(|| Rewrite::to(store.with_children(id, &children)))
}

/// A sum as it is shown where it is read entry by entry.
pub(super) fn entrywise_sum(store: &mut Store, sum: Id) -> Id {
    let terms = store.terms(sum);
    as_scalars(store, &terms, true).map_or(sum, |terms| store.add(terms))
}

/// The terms with multiples of ones as scalars.
fn as_scalars(store: &mut Store, terms: &Args, entrywise: bool) -> Option<Args> {
    let constant: Vec<bool> =
        terms.iter().map(|&term| Term::of(store, term).array.is_some_and(|array| is_ones(store, array))).collect();
    let others: Vec<Id> = terms.iter().zip(&constant).filter(|(_, c)| !**c).map(|(&term, _)| term).collect();
    if others.len() == terms.len() || others.is_empty() || store.shape(others[0]).is_scalar() {
        return None;
    }
    let is_vector = store.shape(others[0]).slots().len() == 1;
    let all_entrywise = entrywise || others.iter().all(|&term| is_entrywise(store, term));
    let mut changed = false;
    let terms: Args = terms
        .iter()
        .zip(constant)
        .map(|(&term, constant)| {
            let parts = Term::of(store, term);
            // A vector may also stand beside a scalar that is no number: x - mean(x).
            if constant && (all_entrywise || (is_vector && !parts.scalars.is_empty())) {
                changed = true;
                return parts.with_array(None).node(store);
            }
            term
        })
        .collect();
    changed.then_some(terms)
}

/// Whether a term is an elementwise product, power or function.
fn is_entrywise(store: &Store, term: Id) -> bool {
    let Some(array) = Term::of(store, term).array else { return true };
    match store.node(array) {
        Node::Hadamard(_) | Node::Power(..) | Node::Apply(..) | Node::Call(Function::Softmax(_), _) => true,
        Node::Transpose(arg) => is_entrywise(store, *arg),
        _ => false,
    }
}
