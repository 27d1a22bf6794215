//! Rules about inverses: they cancel against what they invert, of any length.
//!
//! In: inverses and products that hold them. Out: the same with fewer. Left to others: determinants.
//!
//! Where an expression holds an inverse, that inverse exists: no condition is added.

use super::echo::Echo;
use super::parts::{Term, argument, chain, is_declared, is_row, is_square, transposed};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The greatest exponent that is written out to look for factors that cancel.
const MAX_EXPONENT: u32 = 64;

/// A factor and the inverse beside it.
pub(crate) static CANCEL: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.cancel",
        name: "inverse times its matrix",
        kind: RuleKind::Equation,
        statement: "inv(A)*A = I; A*inv(A) = I; A*inv(B*A) = inv(B); inv(A*B)*A = inv(B); inv(A)*A^2 = A; A^2*inv(A) = A; \
                    inv(A)'*A' = I; A'*inv(A)' = I",
        when: "A and B are square",
        reason: "A matrix times its inverse is the identity.",
        sentence: "{matrix} and its inverse cancel",
        reference: "definition",
        example: ("X*inv(A*X)", "inv(A)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::function(Function::Inv)),
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        if !args.iter().any(|&arg| holds_inverse(store, arg)) {
            return None;
        }
        let factors = written_out(store, &args);
        for position in 0..factors.len() {
            let Some(inverted) = inverted(store, factors[position]) else { continue };
            let inner = chain(store, inverted);
            let inner = written_out(store, &inner);
            let after = &factors[position + 1..];
            let shared = inner.iter().zip(after).take_while(|(a, b)| a == b).count();
            if let Some(count) = (1..=shared).rev().find(|&count| is_square_product(store, &inner[..count])) {
                let rest = inverse(store, &inner[count..]);
                let kept = factors[..position].iter().copied().chain(rest).chain(after[count..].iter().copied());
                let kept: Args = kept.collect();
                return Some(cancelled(store, kept, &inner[..count]));
            }
            let before = &factors[..position];
            let shared = inner.iter().rev().zip(before.iter().rev()).take_while(|(a, b)| a == b).count();
            let suffix = |count: usize| inner.len() - count;
            if let Some(count) = (1..=shared).rev().find(|&count| is_square_product(store, &inner[suffix(count)..])) {
                let rest = inverse(store, &inner[..suffix(count)]);
                let kept = before[..position - count].iter().copied().chain(rest);
                let kept: Args = kept.chain(after.iter().copied()).collect();
                return Some(cancelled(store, kept, &inner[suffix(count)..]));
            }
        }
        None
    },
};

fn holds_inverse(store: &Store, id: Id) -> bool {
    match store.node(id) {
        Node::Transpose(arg) | Node::Matpow(arg, _) => holds_inverse(store, *arg),
        Node::Call(Function::Inv, _) => true,
        _ => false,
    }
}

/// The factors with powers as repeated factors.
fn written_out(store: &mut Store, factors: &Args) -> Args {
    let mut written = Args::new();
    for &factor in factors {
        let (inner, turned) = match *store.node(factor) {
            Node::Transpose(inner) => (inner, true),
            _ => (factor, false),
        };
        match *store.node(inner) {
            Node::Matpow(base, exponent) if exponent <= MAX_EXPONENT => {
                let base = if turned { store.transpose(base) } else { base };
                written.extend(std::iter::repeat_n(base, exponent as usize));
            }
            _ => written.push(factor),
        }
    }
    written
}

/// What a factor is the inverse of, with transposes at the letters.
fn inverted(store: &mut Store, factor: Id) -> Option<Id> {
    match *store.node(factor) {
        Node::Transpose(inner) => {
            let of = argument(store, inner, Function::Inv)?;
            Some(transposed(store, of))
        }
        _ => argument(store, factor, Function::Inv),
    }
}

fn is_square_product(store: &Store, factors: &[Id]) -> bool {
    match factors {
        [] => false,
        [first, .., last] => store.shape(*first).rows == store.shape(*last).cols,
        [only] => is_square(store, *only),
    }
}

/// The inverse of a product, if it has factors left.
fn inverse(store: &mut Store, factors: &[Id]) -> Option<Id> {
    if factors.is_empty() {
        return None;
    }
    let product = store.matmul(factors.iter().copied());
    Some(store.call(Function::Inv, [product]))
}

fn cancelled(store: &mut Store, kept: Args, gone: &[Id]) -> Rewrite {
    let dim = store.shape(gone[0]).rows;
    let gone = store.matmul(gone.iter().copied());
    let to = if kept.is_empty() { store.intern(Node::Identity(dim)) } else { store.matmul(kept) };
    Rewrite::to(to).slot("matrix", gone)
}

/// Inverses that can be written without one.
pub(crate) static OF: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.of",
        name: "inverse of a simple matrix",
        kind: RuleKind::Equation,
        statement: "inv(inv(A)) = A; inv(I) = I; inv(c*A) = inv(A)/c; inv(diag(x)) = diag(1 ./ x)",
        when: "",
        reason: "What undoes the matrix can be written down.",
        sentence: "the inverse is known",
        reference: "definition",
        example: ("inv(inv(A))", "A"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Inv)),
    apply: |store, id| {
        let arg = argument(store, id, Function::Inv)?;
        let to = match store.node(arg).clone() {
            Node::Call(Function::Inv, args) => args[0],
            Node::Identity(_) => arg,
            Node::Call(Function::Diag, args) => {
                let reciprocal = store.power(args[0], Rat::int(-1));
                store.call(Function::Diag, [reciprocal])
            }
            Node::Mul(mut factors) => {
                let array = factors.pop()?;
                let mut turned: Args = factors
                    .into_iter()
                    .map(|factor| match store.as_number(factor).and_then(Rat::recip) {
                        Some(number) => store.number(number),
                        None => store.power(factor, Rat::int(-1)),
                    })
                    .collect();
                turned.push(store.call(Function::Inv, [array]));
                store.mul(turned)
            }
            _ => return None,
        };
        Some(Rewrite::to(to))
    },
};

/// The inverse of a Gram matrix beside one of its factors.
pub(crate) static PSEUDO: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.pseudo",
        name: "pseudo-inverse of a matrix of full rank",
        kind: RuleKind::Equation,
        statement: "X*inv(X'*X) = pinv(X)'; inv(X'*X)*X' = pinv(X); X'*inv(X*X') = pinv(X); inv(X*X')*X = pinv(X)'",
        when: "the question does not write the inverse",
        reason: "Where the inverse exists, X has full rank and this is its pseudo-inverse.",
        sentence: "this is the pseudo-inverse of {matrix}",
        reference: "Matrix Cookbook (275), (276)",
        example: ("inv(X'*X)*X'", "pinv(X)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::function(Function::Inv)),
    apply: |_, _| None,
};

/// [`PSEUDO`] for one question.
pub(crate) fn pseudo(store: &mut Store, echo: &Echo, id: Id) -> Option<Rewrite> {
    let Node::Matmul(factors) = store.node(id).clone() else { return None };
    for position in 0..factors.len() {
        let Some(gram) = argument(store, factors[position], Function::Inv) else { continue };
        let Node::Matmul(sides) = store.node(gram).clone() else { continue };
        let &[left, right] = sides.as_slice() else { continue };
        if transposed(store, left) != right || echo.inverts(gram) {
            continue;
        }
        // X*inv(X'*X) and inv(X'*X)*X'.
        let (from, to, beside) = match (position.checked_sub(1).map(|k| factors[k]), factors.get(position + 1)) {
            (Some(before), _) if before == right => (position - 1, position, right),
            (_, Some(&after)) if after == left => (position, position + 1, left),
            _ => continue,
        };
        let (plain, turned) = match *store.node(beside) {
            Node::Transpose(plain) => (plain, true),
            _ => (beside, false),
        };
        let inverse = store.call(Function::Pinv, [plain]);
        let inverse = if turned { inverse } else { store.transpose(inverse) };
        let kept = factors[..from].iter().copied().chain([inverse]).chain(factors[to + 1..].iter().copied());
        let kept: Args = kept.collect();
        return Some(Rewrite::to(store.matmul(kept)).slot("matrix", plain));
    }
    None
}

/// The adjugate of a matrix with a product of rank one added, times a factor of that product.
pub(crate) static RANK_ONE: Rule = Rule {
    statement: RuleStatement {
        id: "inverse.rank-one",
        name: "inverse and determinant after a change of rank one",
        kind: RuleKind::Equation,
        statement: "det(A + x*y')*inv(A + x*y')*x = det(A)*inv(A)*x; det(A + x*y')*inv(A + x*y')'*y = det(A)*inv(A)'*y",
        when: "A is the identity, or declared invertible",
        reason: "Both det(A + x*y')/det(A) and x divided by inv(A + x*y')*x are 1 + y'*inv(A)*x (matrix determinant lemma, \
                 Sherman-Morrison formula).",
        sentence: "the change of rank one makes no difference here",
        reference: "Matrix Cookbook (24), (160)",
        example: ("det(I + x*y')*inv(I + x*y')*x", "det(I)*inv(I)*x"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::function(Function::Inv)),
    apply: |store, id| {
        let mut term = Term::of(store, id);
        let factors = term.chain(store);
        for (position, &factor) in factors.iter().enumerate() {
            let Some(matrix) = inverted(store, factor) else { continue };
            let turned = transposed(store, matrix);
            let is_det =
                |&scalar: &Id| argument(store, scalar, Function::Det).is_some_and(|arg| arg == matrix || arg == turned);
            let Some(place) = term.scalars.iter().position(is_det) else { continue };
            let Some(rest) = without_product(store, matrix, &factors[position + 1..]) else { continue };
            term.scalars[place] = store.call(Function::Det, [rest]);
            let mut factors = factors.clone();
            factors[position] = store.call(Function::Inv, [rest]);
            term.array = Some(store.matmul(factors));
            return Some(Rewrite::to(term.node(store)));
        }
        None
    },
};

/// A sum without the summand that is a product of a column, with which some factors begin, and a row; where the rest is
/// known to be invertible.
fn without_product(store: &mut Store, sum: Id, factors: &[Id]) -> Option<Id> {
    let Node::Add(terms) = store.node(sum).clone() else { return None };
    let position = terms.iter().position(|&term| {
        let product = Term::of(store, term).chain(store);
        let width = product.iter().position(|&factor| is_row(store, factor)).unwrap_or(0);
        width > 0 && factors.len() >= width && product[..width] == factors[..width]
    })?;
    let mut terms = terms;
    terms.remove(position);
    let rest = store.add(terms);
    let invertible = matches!(store.node(rest), Node::Identity(_))
        || is_declared(store, rest, &["invertible", "positive-definite", "orthogonal"]);
    invertible.then_some(rest)
}
