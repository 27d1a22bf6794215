//! What the elements of each operation are.
//!
//! In: an element `E[i,j]`, or a scalar product. Out: the same in terms of elements of the operands.

use super::slots_of;
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Index, Indices, Kinds, Node, Rat, Role, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The trace as a sum over the diagonal.
pub(crate) static TRACE: Rule = Rule {
    statement: RuleStatement {
        id: "lower.trace",
        name: "trace as a sum",
        kind: RuleKind::Equation,
        statement: "tr(A) = sum[i](A[i,i])",
        when: "",
        reason: "The trace is the sum of the elements on the diagonal.",
        sentence: "the trace sums the diagonal elements",
        reference: "definition",
        example: ("tr(A*X)", "sum[i]((A*X)[i,i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Trace)),
    apply: |store, id| {
        let Node::Call(Function::Trace, args) = store.node(id) else { return None };
        let arg = args[0];
        if !store.varies(id) {
            return None;
        }
        let index = store.index(store.shape(arg).rows, Role::Sum, "");
        let body = store.elem(arg, [index, index]);
        Some(Rewrite::to(store.sum([index], body)))
    },
};

/// An element of a product, or a scalar product, as a sum over the inner index.
pub(crate) static MATMUL: Rule = Rule {
    statement: RuleStatement {
        id: "lower.matmul",
        name: "matrix product as a sum",
        kind: RuleKind::Equation,
        statement: "(A*B)[i,j] = sum[k](A[i,k]*B[k,j])",
        when: "",
        reason: "An element of a product is the sum of the products of a row with a column.",
        sentence: "the product sums over the inner index {index}|a column times a row: nothing is summed",
        reference: "definition",
        example: ("(A*X)[i,j]", "sum[k](A[i,k]*X[k,j])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::MATMUL)).with(Kinds::MATMUL),
    apply: |store, id| {
        let (product, at) = match store.node(id) {
            Node::Elem(of, at) => (*of, at.clone()),
            _ => (id, Indices::new()),
        };
        let Node::Matmul(factors) = store.node(product) else { return None };
        if !store.varies(id) || (at.is_empty() && !store.shape(product).is_scalar()) {
            return None;
        }
        let factors = factors.clone();
        let split = split_point(store, &factors);
        let [left, right] = [&factors[..split], &factors[split..]].map(|part| store.matmul(part.iter().copied()));
        let shape = store.shape(product);
        let [row, col] = slots_of(store, shape, &at);
        let inner = store.shape(left).cols;
        if inner.is_one() {
            // Column times row: nothing is summed.
            let (left, right) = (store.elem(left, row), store.elem(right, col));
            return Some(Rewrite::to(store.mul([left, right])));
        }
        let index = store.index(inner, Role::Sum, "");
        let left = store.elem(left, row.into_iter().chain([index]));
        let right = store.elem(right, [index].into_iter().chain(col));
        let body = store.mul([left, right]);
        Some(Rewrite::to(store.sum([index], body)).slot("index", index))
    },
};

/// Where a chain is split: before its last factor, or before the last run of factors without the variable.
fn split_point(store: &Store, factors: &Args) -> usize {
    let last = factors.len() - 1;
    let mut split = last;
    while split > 1 && !store.varies(factors[last]) && !store.varies(factors[split - 1]) {
        split -= 1;
    }
    split
}

/// An element of an array of given entries.
pub(crate) static ARRAY: Rule = Rule {
    statement: RuleStatement {
        id: "lower.array",
        name: "element of an array",
        kind: RuleKind::Equation,
        statement: "array[i,j](f[i,j])[k,l] = f[k,l]; array[i](g[i])[k] = g[k]",
        when: "",
        reason: "The element of an array at some indices is the entry that is given for them.",
        sentence: "the entry of the array at these indices",
        reference: "definition",
        example: ("array[i](2*x[i])[k]", "2*x[k]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::ARRAY),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Array(over, 1, body) = store.node(*of) else { return None };
        let (at, over, mut body) = (at.clone(), over.clone(), *body);
        if at.len() != over.len() {
            return None;
        }
        // By way of new indices, since one of the new may be one of the old.
        let between: Indices =
            over.iter().map(|&index| store.index(store.index_info(index).dim, Role::Sum, "")).collect();
        for (&from, &to) in over.iter().zip(&between).chain(between.iter().zip(&at)) {
            body = store.rename(body, from, to);
        }
        Some(Rewrite::to(body))
    },
};

/// An element of a transpose.
pub(crate) static TRANSPOSE: Rule = Rule {
    statement: RuleStatement {
        id: "lower.transpose",
        name: "element of a transpose",
        kind: RuleKind::Equation,
        statement: "A'[i,j] = A[j,i]",
        when: "",
        reason: "Transposing exchanges rows and columns.",
        sentence: "the transpose exchanges the indices",
        reference: "definition",
        example: ("X'[i,j]", "X[j,i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::TRANSPOSE),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Transpose(arg) = *store.node(*of) else { return None };
        let plain = matches!(store.node(arg), Node::Symbol(_)) || at.len() == 1;
        if !store.varies(id) && !plain {
            return None;
        }
        let [row, col] = slots_of(store, store.shape(*of), at);
        Some(Rewrite::to(store.elem(arg, col.into_iter().chain(row))))
    },
};

/// An element of an array or of a multiple of one, with the scalars in front.
fn scaled_elem(store: &mut Store, array: Id, at: &[Index]) -> Id {
    let mut factors = store.factors(array);
    if let Some(array) = factors.pop() {
        factors.push(store.elem(array, at.iter().copied()));
    }
    store.mul(factors)
}

/// An element of a sum.
pub(crate) static ADD: Rule = Rule {
    statement: RuleStatement {
        id: "lower.add",
        name: "element of a sum",
        kind: RuleKind::Scheme,
        statement: "(A + c*B)[i,j] = A[i,j] + c*B[i,j]",
        when: "c is a scalar",
        reason: "Arrays are added, and multiplied by scalars, element by element.",
        sentence: "sums are taken element by element",
        reference: "definition",
        example: ("(A*x - b)[i]", "(A*x)[i] - b[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::ADD),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Add(terms) = store.node(*of) else { return None };
        // A constant sum stays whole, unless a scalar is broadcast in it: (1 - y)[i] is 1 - y[i].
        let is_broadcast =
            |&term: &Id| matches!(store.node(*store.factors(term).last().unwrap_or(&term)), Node::Ones(_));
        if !store.varies(id) && !terms.iter().any(is_broadcast) {
            return None;
        }
        let (terms, at) = (terms.clone(), at.clone());
        let elements: Args = terms.into_iter().map(|term| scaled_elem(store, term, &at)).collect();
        Some(Rewrite::to(store.add(elements)))
    },
};

/// An element of a scaled array.
pub(crate) static SCALE: Rule = Rule {
    statement: RuleStatement {
        id: "lower.scale",
        name: "element of a multiple",
        kind: RuleKind::Scheme,
        statement: "(c*A)[i,j] = c*A[i,j]",
        when: "c is a scalar",
        reason: "A scalar multiplies every element.",
        sentence: "a scalar multiplies every element",
        reference: "definition",
        example: ("(2*X)[i,j]", "2*X[i,j]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::MUL),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Mul(_) = store.node(*of) else { return None };
        let (of, at) = (*of, at.clone());
        Some(Rewrite::to(scaled_elem(store, of, &at)))
    },
};

/// What the elements of constant arrays are.
const ELEMENTS_OF_CONSTANTS: RuleStatement = RuleStatement {
    id: "lower.constant",
    name: "element of a constant array",
    kind: RuleKind::Equation,
    statement: "I[i,j] = delta[i,j]; ones(m,n)[i,j] = 1; zeros(m,n)[i,j] = 0; ones(n)[i] = 1; zeros(n)[i] = 0",
    when: "",
    reason: "The identity has 1 on the diagonal and 0 elsewhere: the Kronecker delta.",
    sentence: "elements of a constant array",
    reference: "definition",
    example: ("I[i,j]", "delta[i,j]"),
};

/// An element of the identity, of ones, of zeros.
pub(crate) static CONSTANT: Rule = Rule {
    statement: ELEMENTS_OF_CONSTANTS,
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::IDENTITY.or(Kinds::ONES).or(Kinds::ZEROS)),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let to = match (store.node(*of), at.as_slice()) {
            // On the diagonal it stays an element of the identity, so that tr(X + I) is read back as written.
            (Node::Identity(_), &[i, j]) if i != j => Node::Delta(i, j),
            (Node::Ones(_), _) => Node::Number(Rat::ONE),
            (Node::Zeros(_), _) => Node::Number(Rat::ZERO),
            _ => return None,
        };
        Some(Rewrite::to(store.intern(to)))
    },
};

/// A diagonal element of the identity that is summed by itself: the trace of an identity is its size, which the name `I`
/// does not tell, so it is counted.
pub(crate) static DIAGONAL: Rule = Rule {
    statement: ELEMENTS_OF_CONSTANTS,
    scope: Scope::Anywhere,
    places: at(Kinds::SUM).with(Kinds::IDENTITY),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let mut factors = store.factors(body);
        for factor in &mut factors {
            let Node::Elem(of, at) = store.node(*factor).clone() else { continue };
            if at.len() == 2 && at[0] == at[1] && matches!(store.node(of), Node::Identity(_)) {
                *factor = store.intern(Node::Delta(at[0], at[1]));
            }
        }
        let product = store.mul(factors);
        Some(Rewrite::to(store.intern(Node::Sum(over, product))))
    },
};

/// Equal elements of a compound array under one sum become a power, so that the sum inside stays whole.
pub(crate) static SQUARE: Rule = Rule {
    statement: RuleStatement {
        id: "product.square",
        name: "equal factors as a square",
        kind: RuleKind::Structural,
        statement: "f*f = f^2",
        when: "",
        reason: "A product of a factor with itself is its square.",
        sentence: "equal factors are a square",
        reference: "arithmetic",
        example: ("(A*x)[i]*(A*x)[i]", "(A*x)[i]^2"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL),
    apply: |store, id| {
        let Node::Mul(factors) = store.node(id) else { return None };
        let factors = factors.clone();
        let compound = |store: &Store, id: Id| {
            matches!(store.node(id), Node::Elem(of, _) if !matches!(store.node(*of), Node::Symbol(_) | Node::Transpose(_)))
                && store.varies(id)
        };
        for (position, &factor) in factors.iter().enumerate() {
            let Some(again) = factors[position + 1..].iter().position(|&other| other == factor) else { continue };
            if compound(store, factor) {
                let mut rest = factors.clone();
                rest.remove(position + 1 + again);
                rest[position] = store.power(factor, Rat::int(2));
                return Some(Rewrite::to(store.mul(rest)));
            }
        }
        None
    },
};

/// An element of an elementwise product.
pub(crate) static HADAMARD: Rule = Rule {
    statement: RuleStatement {
        id: "lower.hadamard",
        name: "element of a Hadamard product",
        kind: RuleKind::Equation,
        statement: "(A .* B)[i,j] = A[i,j]*B[i,j]",
        when: "",
        reason: "The Hadamard product multiplies element by element.",
        sentence: "the Hadamard product multiplies element by element",
        reference: "definition",
        example: ("(a .* x)[i]", "a[i]*x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::HADAMARD),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Hadamard(factors) = store.node(*of) else { return None };
        // A constant product stays whole, a quotient does not: its divisor may meet its like.
        if !store.varies(id) && !factors.iter().any(|&factor| matches!(store.node(factor), Node::Power(..))) {
            return None;
        }
        let (factors, at) = (factors.clone(), at.clone());
        let elements: Args = factors.into_iter().map(|factor| scaled_elem(store, factor, &at)).collect();
        Some(Rewrite::to(store.mul(elements)))
    },
};

/// An element of a function taken elementwise.
pub(crate) static FUNCTION: Rule = Rule {
    statement: RuleStatement {
        id: "lower.function",
        name: "element of a function",
        kind: RuleKind::Scheme,
        statement: "exp(A)[i,j] = exp(A[i,j])",
        when: "the same holds for every function that is taken elementwise",
        reason: "Such a function is applied to every element.",
        sentence: "{function} is applied to every element",
        reference: "definition",
        example: ("tanh(A*x)[i]", "tanh((A*x)[i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::APPLY),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Apply(function, arg) = *store.node(*of) else { return None };
        if !store.varies(id) {
            return None;
        }
        let element = store.elem(arg, at.clone());
        Some(Rewrite::to(store.apply(function, element)).slot("function", function.name()))
    },
};

/// An element of a power taken elementwise.
pub(crate) static ENTRY_POWER: Rule = Rule {
    statement: RuleStatement {
        id: "lower.entry-power",
        name: "element of an elementwise power",
        kind: RuleKind::Scheme,
        statement: "(A.^c)[i,j] = A[i,j]^c",
        when: "base and exponent may each be an array or a scalar",
        reason: "The power is taken of every element.",
        sentence: "the power is taken of every element",
        reference: "definition",
        example: ("(x.^2)[i]", "x[i]^2"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::POWER),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Power(base, exponent) = *store.node(*of) else { return None };
        let at = at.clone();
        let [base, exponent] = [base, exponent].map(|part| match store.shape(part).is_scalar() {
            true => part,
            false => store.elem(part, at.clone()),
        });
        Some(Rewrite::to(store.intern(Node::Power(base, exponent))))
    },
};

/// An element of a diagonal matrix, or of the diagonal of a matrix.
pub(crate) static DIAG: Rule = Rule {
    statement: RuleStatement {
        id: "lower.diag",
        name: "elements of diag",
        kind: RuleKind::Equation,
        statement: "diag(x)[i,j] = delta[i,j]*x[i]; diag(A)[i] = A[i,i]",
        when: "",
        reason: "The matrix diag(x) has x on its diagonal and 0 elsewhere; the vector diag(A) is the diagonal of A.",
        sentence: "diag has its elements on the diagonal",
        reference: "definition",
        example: ("diag(x)[i,j]", "delta[i,j]*x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::function(Function::Diag).or(Kinds::function(Function::Diagonal))),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let Node::Call(function, args) = store.node(*of) else { return None };
        if !store.varies(id) {
            return None;
        }
        let (arg, at) = (args[0], at.clone());
        match (function, at.as_slice()) {
            (Function::Diag, &[i, j]) => {
                let delta = store.intern(Node::Delta(i, j));
                let element = store.elem(arg, [i]);
                Some(Rewrite::to(store.mul([delta, element])))
            }
            (Function::Diagonal, &[i]) => Some(Rewrite::to(store.elem(arg, [i, i]))),
            _ => None,
        }
    },
};

/// An element of a cross product.
pub(crate) static CROSS: Rule = Rule {
    statement: RuleStatement {
        id: "lower.cross",
        name: "element of a cross product",
        kind: RuleKind::Equation,
        statement: "cross(x,y)[i] = sum[j,k](eps[i,j,k]*x[j]*y[k])",
        when: "",
        reason: "The cross product is the alternating sum that the Levi-Civita symbol says.",
        sentence: "the cross product, by the Levi-Civita symbol",
        reference: "definition",
        example: ("cross(x,b)[i]", "sum[j,k](eps[i,j,k]*x[j]*b[k])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM).with(Kinds::function(Function::Cross)),
    apply: |store, id| {
        let Node::Elem(of, at) = store.node(id) else { return None };
        let (Node::Call(Function::Cross, args), &[i]) = (store.node(*of), at.as_slice()) else { return None };
        if !store.varies(id) {
            return None;
        }
        let (left, right) = (args[0], args[1]);
        let dim = store.index_info(i).dim;
        let [j, k] = [(); 2].map(|()| store.index(dim, Role::Sum, ""));
        let sign = store.intern(Node::Eps([i, j, k]));
        let factors = [sign, store.elem(left, [j]), store.elem(right, [k])];
        let body = store.mul(factors);
        Some(Rewrite::to(store.sum([j, k], body)))
    },
};
