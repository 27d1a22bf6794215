//! Rules that move transposes: to the letters of a product, out of functions, over the whole of a sum.
//!
//! In: transposes. Out: the same with transposes where a textbook has them. Left to others: symmetry ([`super::structure`]).
//!
//! In a product transposes stand at the letters; three or more transposed factors are gathered, `(A*B*C)'`, two stay,
//! `V'*W'`. A sum that is a factor is turned whichever way is shorter. A function stands below the transpose, `inv(A)'`.

use super::cost::{cost, size};
use super::parts::{Term, chain, is_declared, is_symmetric, transposed};
use crate::places::at;
use crate::rules::collect;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::FxHashMap;

/// A transpose moves to the letters.
pub(crate) static PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.product",
        name: "transpose of a product",
        kind: RuleKind::Equation,
        statement: "(A*B)' = B'*A'; (c*A)' = c*A'; A'' = A; I' = I; ones(m,n)' = ones(n,m)",
        when: "",
        reason: "The transpose of a product is the product of the transposes in reverse order.",
        sentence: "{what}|the transpose of a product reverses the order",
        reference: "Matrix Cookbook (4)-(6)",
        example: ("(A*X)'", "X'*A'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let to = match store.node(arg).clone() {
            Node::Matmul(args) => {
                let transposed: Args = args.into_iter().rev().map(|arg| store.transpose(arg)).collect();
                store.matmul(transposed)
            }
            Node::Mul(mut args) => {
                let array = args.pop()?;
                args.push(store.transpose(array));
                store.mul(args)
            }
            Node::Transpose(inner) => inner,
            Node::Identity(_) => arg,
            Node::Ones(shape) if !shape.cols.is_one() => store.intern(Node::Ones(shape.transposed())),
            _ => return None,
        };
        let what = match store.node(arg) {
            Node::Transpose(_) => "transposing twice changes nothing",
            Node::Identity(_) => "the identity is its own transpose",
            Node::Ones(_) => "rows and columns are exchanged",
            _ => return Some(Rewrite::to(to)),
        };
        Some(Rewrite::to(to).slot("what", what))
    },
};

/// A transpose moves to the factors of a Kronecker product.
pub(crate) static KRON: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.kron",
        name: "transpose of a Kronecker product",
        kind: RuleKind::Equation,
        statement: "kron(A,B)' = kron(A',B'); commutation(m,n)' = commutation(n,m)",
        when: "",
        reason: "Rows and columns are exchanged in the blocks and among them.",
        sentence: "the transpose of a {what} has {parts}",
        reference: "Magnus and Neudecker (1979)",
        example: ("kron(A,B)'", "kron(A',B')"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE).with(Kinds::function(Function::Kron).or(Kinds::function(Function::Commutation))),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let Node::Call(function, args) = store.node(arg).clone() else { return None };
        let (what, parts) = match function {
            Function::Kron => ("Kronecker product", "transposed factors"),
            Function::Commutation => ("commutation matrix", "its sizes exchanged"),
            _ => return None,
        };
        let args: Args = match function {
            Function::Kron => args.into_iter().map(|arg| store.transpose(arg)).collect(),
            _ => args.into_iter().rev().collect(),
        };
        let to = store.call(function, args);
        Some(Rewrite::to(to).slot("what", what).slot("parts", parts))
    },
};

/// The rows and columns of an array of entries change places.
pub(crate) static ARRAY: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.array",
        name: "transpose of an array of entries",
        kind: RuleKind::Equation,
        statement: "array[i,j](f[i,j])' = array[j,i](f[i,j])",
        when: "",
        reason: "The transpose has a row for each column.",
        sentence: "rows and columns are exchanged",
        reference: "definition",
        example: ("array[i,l](A[i,l]*y[l])'", "array[l,i](A[i,l]*y[l])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE).with(Kinds::ARRAY),
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let Node::Array(mut over, rows, body) = store.node(arg).clone() else { return None };
        let rows = usize::from(rows);
        let cols = over.len().checked_sub(rows).filter(|&cols| rows > 0 && cols > 0)?;
        over.rotate_left(rows);
        Some(Rewrite::to(store.intern(Node::Array(over, cols as u8, body))))
    },
};

/// A function of a transpose is the transpose of the function.
pub(crate) static FUNCTION: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.function",
        name: "function of a transpose",
        kind: RuleKind::Equation,
        statement: "inv(A') = inv(A)'; pinv(X') = pinv(X)'; adj(A') = adj(A)'; A'^2 = (A^2)'; A'^3 = (A^3)'; \
                    (X').^c = (X.^c)'; exp(X') = exp(X)'",
        when: "any elementwise function in place of exp, any exponent",
        reason: "These functions treat rows and columns alike.",
        sentence: "the transpose is taken last",
        reference: "Matrix Cookbook (2), (4)",
        example: ("inv(X')", "inv(X)'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Inv)
        .or(Kinds::function(Function::Pinv))
        .or(Kinds::function(Function::Adj))
        .or(Kinds::MATPOW)
        .or(Kinds::POWER)
        .or(Kinds::APPLY))
    .with(Kinds::TRANSPOSE),
    apply: |store, id| {
        let plain = |store: &Store, arg: Id| match *store.node(arg) {
            Node::Transpose(inner) => Some(inner),
            _ => None,
        };
        let inner = match store.node(id).clone() {
            Node::Call(function @ (Function::Inv | Function::Pinv | Function::Adj), args) => {
                let inner = plain(store, args[0])?;
                store.call(function, [inner])
            }
            Node::Matpow(base, exponent) => {
                let inner = plain(store, base)?;
                store.intern(Node::Matpow(inner, exponent))
            }
            Node::Power(base, exponent) if store.shape(exponent).is_scalar() => {
                let inner = plain(store, base)?;
                store.intern(Node::Power(inner, exponent))
            }
            Node::Apply(function, arg) => {
                let inner = plain(store, arg)?;
                store.apply(function, inner)
            }
            _ => return None,
        };
        Some(Rewrite::to(store.transpose(inner)))
    },
};

/// Functions that do not change when their argument is transposed.
pub(crate) static INVARIANT: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.invariant",
        name: "transpose that makes no difference",
        kind: RuleKind::Equation,
        statement: "tr(A') = tr(A); det(A') = det(A); logdet(A') = logdet(A); diag(A') = diag(A); sum(X') = sum(X); \
                    sum(X',1) = sum(X,2)'; sum(X',2) = sum(X,1)'; mean(X') = mean(X); prod(X') = prod(X); \
                    normF(X') = normF(X); norm(X') = norm(X); norm1(X') = norm1(X)",
        when: "",
        reason: "The diagonal stays, and so do all entries together.",
        sentence: "the transpose makes no difference",
        reference: "Matrix Cookbook (12), (20)",
        example: ("tr(A')", "tr(A)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::CALL).with(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Call(function, args) = store.node(id) else { return None };
        let function = *function;
        let Node::Transpose(inner) = *store.node(*args.first()?) else { return None };
        let along = |axis| match axis {
            Axis::Rows => Axis::Cols,
            Axis::Cols => Axis::Rows,
            Axis::All => Axis::All,
        };
        let turned = match function {
            Function::Trace | Function::Det | Function::LogDet | Function::Diagonal => function,
            Function::NormF | Function::Norm1 | Function::Norm(Axis::All) => function,
            Function::Mean(Axis::All) | Function::Prod(Axis::All) => function,
            Function::Sum(axis) => Function::Sum(along(axis)),
            _ => return None,
        };
        let to = store.call(turned, [inner]);
        Some(Rewrite::to(if turned == function { to } else { store.transpose(to) }))
    },
};

/// A transposed sum or elementwise product term by term, where that is shorter or lets terms merge.
pub(crate) static SUM: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.sum",
        name: "transpose of a sum",
        kind: RuleKind::Equation,
        statement: "c*(A + B)' = c*A' + c*B'; (A + B)' = A' + B'; (A .* B)' = A' .* B'; (c*A)' = c*A'; (C*D)' = D'*C'; \
                    A'' = A; ones(m,n)' = ones(n,m); kron(A,B)' = kron(A',B'); commutation(m,n)' = commutation(n,m)",
        when: "the result is shorter, or the terms that come out cancel or merge with others",
        reason: "The transpose of a sum is the sum of the transposes.",
        sentence: "transposed term by term",
        reference: "Matrix Cookbook (5)",
        example: ("A + (A + B)'", "A + A' + B'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::TRANSPOSE.or(Kinds::ADD)),
    apply: |store, id| match store.node(id).clone() {
        Node::Transpose(arg) => {
            let to = inside(store, arg)?;
            (cost(store, to) < cost(store, id)).then(|| Rewrite::to(to))
        }
        Node::Add(terms) => {
            let (mut turned, mut tried) = (Args::new(), Args::new());
            for &term in &terms {
                let parts = Term::of(store, term);
                let inner = match parts.array.map(|array| store.node(array)) {
                    Some(&Node::Transpose(sum)) if matches!(store.node(sum), Node::Add(_)) => sum,
                    _ => {
                        turned.push(term);
                        tried.push(term);
                        continue;
                    }
                };
                for summand in store.terms(inner) {
                    let mut factors = store.factors(summand);
                    let array = factors.pop()?;
                    let outer = Term { array: None, ..parts.clone() }.node(store);
                    let plain = store.transpose(array);
                    turned.push(store.mul([outer].into_iter().chain(factors.iter().copied()).chain([plain])));
                    let letters = transposed(store, array);
                    tried.push(store.mul([outer].into_iter().chain(factors.iter().copied()).chain([letters])));
                }
            }
            let turned: Args = turned.into_iter().map(|term| Term::of(store, term).node(store)).collect();
            let to = store.add(turned);
            if to == id {
                return None;
            }
            let tried = store.add(tried);
            let tried = merged(store, tried);
            (size(store, tried) < size(store, id)).then(|| Rewrite::to(to))
        }
        _ => None,
    },
};

/// The transpose of a sum or elementwise product, of a function or power of one, taken within.
fn inside(store: &mut Store, id: Id) -> Option<Id> {
    let arg = match *store.node(id) {
        Node::Add(_) | Node::Hadamard(_) => return Some(transposed(store, id)),
        Node::Power(base, exponent) if store.shape(exponent).is_scalar() => base,
        Node::Apply(_, arg) => arg,
        _ => return None,
    };
    let turned = inside(store, arg)?;
    let mut children = store.node(id).children();
    children[0] = turned;
    Some(store.with_children(id, &children))
}

/// The sum with its numbers multiplied and its like terms added.
pub(super) fn merged(store: &mut Store, id: Id) -> Id {
    let terms: Args = store.terms(id).into_iter().map(|term| Term::of(store, term).node(store)).collect();
    let sum = store.add(terms);
    (collect::LIKE_TERMS.apply)(store, sum).map_or(sum, |rewrite| rewrite.to)
}

/// Three or more transposed matrices in a row are one transpose.
pub(crate) static GATHER: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.gather",
        name: "gather transposes",
        kind: RuleKind::Equation,
        statement: "B'*A' = (A*B)'",
        when: "every factor is a transposed matrix, and there are at least three, or two that are equal",
        reason: "A product of transposes is the transpose of the product in reverse order.",
        sentence: "one transpose for the whole product",
        reference: "Matrix Cookbook (6)",
        example: ("C'*B'*A'", "(A*B*C)'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        // Two different transposed factors stay as the notes write them: V'*W'.
        let gathers = args.len() >= 3 || args[0] == args[1];
        let to = turned(store, id).filter(|_| gathers)?;
        Some(Rewrite::to(store.intern(Node::Transpose(to))))
    },
};

/// A sum of transposed arrays is one transpose, when that is shorter.
pub(crate) static GATHER_SUM: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.gather-sum",
        name: "gather transposes of a sum",
        kind: RuleKind::Equation,
        statement: "A' + B' = (A + B)'; B'*A' = (A*B)'; c*A' = (c*A)'; A' .* B' = (A .* B)'; A'' = A",
        when: "the result is shorter, and the sum is a factor or each of its summands a product of transposed matrices",
        reason: "The transpose of a sum is the sum of the transposes.",
        sentence: "one transpose for the whole sum",
        reference: "Matrix Cookbook (5), (6)",
        example: ("B'*X' + X'*B'", "(X*B + B*X)'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD
        .or(Kinds::MATMUL)
        .or(Kinds::function(Function::Inv))
        .or(Kinds::function(Function::Pinv))
        .or(Kinds::APPLY)
        .or(Kinds::POWER)),
    apply: |store, id| match store.node(id).clone() {
        Node::Add(terms) => {
            let turned: Option<Args> = terms.iter().map(|&term| turned(store, term)).collect();
            let sum = store.add(turned?);
            let to = store.intern(Node::Transpose(sum));
            (size(store, to) < size(store, id)).then(|| Rewrite::to(to))
        }
        Node::Matmul(factors) => {
            let turned: Args = factors.iter().map(|&factor| shorter_turned(store, factor).unwrap_or(factor)).collect();
            (turned != factors).then(|| Rewrite::to(store.matmul(turned)))
        }
        Node::Call(Function::Inv | Function::Pinv, args) => {
            let to = shorter_turned(store, args[0])?;
            Some(Rewrite::to(store.with_children(id, &[to])))
        }
        Node::Apply(_, arg) => {
            let to = shorter_turned(store, arg)?;
            Some(Rewrite::to(store.with_children(id, &[to])))
        }
        Node::Power(base, exponent) if store.shape(exponent).is_scalar() => {
            let to = shorter_turned(store, base)?;
            Some(Rewrite::to(store.with_children(id, &[to, exponent])))
        }
        _ => None,
    },
};

/// A sum, or an elementwise product, as the transpose of a shorter one.
pub(super) fn shorter_turned(store: &mut Store, id: Id) -> Option<Id> {
    if !matches!(store.node(id), Node::Add(_) | Node::Hadamard(_)) {
        return None;
    }
    let sum = transposed(store, id);
    let to = store.transpose(sum);
    (cost(store, to) < cost(store, id)).then_some(to)
}

/// A matrix stands before its own transpose.
pub(crate) static ORDER: Rule = Rule {
    statement: RuleStatement {
        id: "sum.reorder",
        name: "reorder summands",
        kind: RuleKind::Structural,
        statement: "A' + A = A + A'; -A + B = B - A",
        when: "",
        reason: "Addition is commutative; a matrix is written before its transpose, and a sum does not begin with a minus sign.",
        sentence: "the summands change places",
        reference: "arithmetic",
        example: ("B' + B", "B + B'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let (first, second) = plain_first(store, &terms).or_else(|| positive_first(store, &terms))?;
        let mut terms = terms;
        terms.swap(first, second);
        Some(Rewrite::to(store.add(terms)))
    },
};

/// The positions of a transpose and of the same term without it, further on.
fn plain_first(store: &mut Store, terms: &Args) -> Option<(usize, usize)> {
    let last: FxHashMap<Id, usize> = terms.iter().enumerate().map(|(position, &term)| (term, position)).collect();
    (0..terms.len()).find_map(|first| {
        let term = Term::of(store, terms[first]);
        let Node::Transpose(plain) = *store.node(term.array?) else { return None };
        let wanted = term.with_array(Some(plain)).node(store);
        last.get(&wanted).filter(|&&second| second > first).map(|&second| (first, second))
    })
}

/// A leading term with a minus sign, and the first one without.
fn positive_first(store: &Store, terms: &Args) -> Option<(usize, usize)> {
    let is_negative = |term: Id| super::parts::is_negative(store, term);
    if !is_negative(terms[0]) {
        return None;
    }
    Some((0, terms.iter().position(|&term| !is_negative(term))?))
}

/// The transpose of a product of at least two transposed matrices.
fn turned(store: &mut Store, term: Id) -> Option<Id> {
    let parts = Term::of(store, term);
    let chain = chain(store, parts.array?);
    if chain.len() < 2 {
        return None;
    }
    let mut plain = Args::new();
    for &factor in chain.iter().rev() {
        match *store.node(factor) {
            Node::Transpose(arg) if store.shape(arg).slots().len() == 2 => plain.push(arg),
            _ if is_symmetric(store, factor) && !is_declared(store, factor, &["diagonal"]) => plain.push(factor),
            _ => return None,
        }
    }
    if plain.iter().all(|&factor| is_symmetric(store, factor)) {
        return None;
    }
    let product = store.matmul(plain);
    Some(parts.with_array(Some(product)).node(store))
}
