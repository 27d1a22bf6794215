//! Sums, means, products and what is made of them, over all entries or along rows or columns.
//!
//! In: a reduction of an array that contains the variable, or an element of one. Out: sums and products over indices.
//! `sum(A,1)` runs over the rows and is a row, `sum(A,2)` over the columns and is a column.

use crate::places::at;
use crate::rules::contract::size;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Dim, Function, Id, Indices, Kinds, Node, Rat, Role, Scalar, Shape, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The indices that a reduction runs over, and the element of its argument at them.
struct Entries {
    over: Indices,
    element: Id,
}

/// A reduction, or an element of one: its function, its argument, and the indices of the element.
fn reduction(store: &Store, id: Id) -> Option<(Function, Id, Indices)> {
    let (call, at) = match store.node(id) {
        Node::Elem(of, at) => (*of, at.clone()),
        _ => (id, Indices::new()),
    };
    let Node::Call(function, args) = store.node(call) else { return None };
    // An array of results is unfolded at an element only.
    (store.varies(call) && (at.is_empty() == store.shape(call).is_scalar())).then(|| (*function, args[0], at))
}

/// The element that a reduction runs over, with new indices where it runs.
fn entries(store: &mut Store, arg: Id, axis: Axis, at: &Indices) -> Entries {
    let Shape { rows, cols } = store.shape(arg);
    let mut over = Indices::new();
    let mut slots = Indices::new();
    let mut rest = at.iter().copied();
    for (dim, runs) in [(rows, axis != Axis::Cols), (cols, axis != Axis::Rows)] {
        match (dim.is_one(), runs) {
            (true, _) => {}
            (false, true) => {
                let index = store.index(dim, Role::Sum, "");
                over.push(index);
                slots.push(index);
            }
            (false, false) => slots.extend(rest.next()),
        }
    }
    // What is left names a slot of a product of dimensions together with the first.
    slots.extend(rest);
    Entries { over, element: store.elem(arg, slots) }
}

/// The sum of some entries.
pub(crate) static SUM: Rule = Rule {
    statement: RuleStatement {
        id: "lower.sum",
        name: "sum of the entries",
        kind: RuleKind::Equation,
        statement: "sum(x) = sum[i](x[i]); sum(A) = sum[i,j](A[i,j]); sum(A,1)[j] = sum[i](A[i,j]); \
                    sum(A,2)[i] = sum[j](A[i,j])",
        when: "",
        reason: "The sum of an array is the sum of its elements, over all of them or along one direction.",
        sentence: "the sum runs over the elements",
        reference: "definition",
        example: ("sum(X)", "sum[i,j](X[i,j])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::function(Function::Sum(Axis::All))))
        .with(Kinds::function(Function::Sum(Axis::All))),
    apply: |store, id| {
        let (Function::Sum(axis), arg, at) = reduction(store, id)? else { return None };
        let Entries { over, element } = entries(store, arg, axis, &at);
        Some(Rewrite::to(store.sum(over, element)))
    },
};

/// The mean of some entries.
pub(crate) static MEAN: Rule = Rule {
    statement: RuleStatement {
        id: "lower.mean",
        name: "mean of the entries",
        kind: RuleKind::Definition,
        statement: "mean(x) = 1/n*sum(x); mean(A) = 1/(m*n)*sum(A); mean(A,1) = 1/m*sum(A,1); mean(A,2) = 1/n*sum(A,2)",
        when: "",
        reason: "The mean is the sum divided by the number of summands.",
        sentence: "the mean is the sum divided by the number of elements",
        reference: "definition",
        example: ("mean(x)", "1/n*sum(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Mean(Axis::All))),
    apply: |store, id| {
        let Node::Call(Function::Mean(axis), args) = store.node(id) else { return None };
        if !store.varies(id) {
            return None;
        }
        let (axis, arg) = (*axis, args[0]);
        let sum = store.call(Function::Sum(axis), [arg]);
        let counted = counted(store.shape(arg), axis);
        let mut factors: Args = counted.into_iter().map(|dim| share(store, dim)).collect();
        factors.push(sum);
        Some(Rewrite::to(store.mul(factors)))
    },
};

/// The dimensions that a reduction runs over.
fn counted(shape: Shape, axis: Axis) -> Vec<Dim> {
    match axis {
        Axis::All => vec![shape.rows, shape.cols],
        Axis::Rows => vec![shape.rows],
        Axis::Cols => vec![shape.cols],
    }
    .into_iter()
    .filter(|dim| !dim.is_one())
    .collect()
}

/// One divided by a dimension.
fn share(store: &mut Store, dim: Dim) -> Id {
    let count = size(store, dim);
    match store.as_number(count).and_then(Rat::recip) {
        Some(value) => store.number(value),
        None => store.power(count, Rat::int(-1)),
    }
}

/// The product of some entries.
pub(crate) static PROD: Rule = Rule {
    statement: RuleStatement {
        id: "lower.prod",
        name: "product of the entries",
        kind: RuleKind::Equation,
        statement: "prod(x) = prod[i](x[i]); prod(A) = prod[i,j](A[i,j]); prod(A,1)[j] = prod[i](A[i,j]); \
                    prod(A,2)[i] = prod[j](A[i,j])",
        when: "",
        reason: "The product of an array is the product of its elements, over all of them or along one direction.",
        sentence: "the product runs over the elements",
        reference: "definition",
        example: ("prod(x)", "prod[i](x[i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::function(Function::Prod(Axis::All))))
        .with(Kinds::function(Function::Prod(Axis::All))),
    apply: |store, id| {
        let (Function::Prod(axis), arg, at) = reduction(store, id)? else { return None };
        let Entries { over, element } = entries(store, arg, axis, &at);
        Some(Rewrite::to(if over.is_empty() { element } else { store.intern(Node::Prod(over, element)) }))
    },
};

/// The sum of absolute values.
pub(crate) static NORM_1: Rule = Rule {
    statement: RuleStatement {
        id: "lower.norm1",
        name: "sum of absolute values",
        kind: RuleKind::Definition,
        statement: "norm1(x) = sum[i](abs(x[i])); norm1(A) = sum[i,j](abs(A[i,j]))",
        when: "",
        reason: "The 1-norm is the sum of the absolute values of all elements.",
        sentence: "by definition of the 1-norm",
        reference: "definition",
        example: ("norm1(x)", "sum[i](abs(x[i]))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::function(Function::Norm1))).with(Kinds::function(Function::Norm1)),
    apply: |store, id| {
        let (Function::Norm1, arg, at) = reduction(store, id)? else { return None };
        let Entries { over, element } = entries(store, arg, Axis::All, &at);
        let absolute = store.apply(Scalar::Abs, element);
        Some(Rewrite::to(store.sum(over, absolute)))
    },
};

/// The norms of rows or columns.
pub(crate) static NORM_ALONG: Rule = Rule {
    statement: RuleStatement {
        id: "lower.norm-along",
        name: "norms of the rows or columns",
        kind: RuleKind::Definition,
        statement: "norm(A,1)[j] = sqrt(sum[i](A[i,j]^2)); norm(A,2)[i] = sqrt(sum[j](A[i,j]^2))",
        when: "",
        reason: "Each column, or each row, has its Euclidean norm.",
        sentence: "by definition of the norm",
        reference: "definition",
        example: ("norm(X,2)[i]", "sqrt(sum[j](X[i,j]^2))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::function(Function::Norm(Axis::All))))
        .with(Kinds::function(Function::Norm(Axis::All))),
    apply: |store, id| {
        let (Function::Norm(axis @ (Axis::Rows | Axis::Cols)), arg, at) = reduction(store, id)? else { return None };
        let Entries { over, element } = entries(store, arg, axis, &at);
        let square = store.power(element, Rat::int(2));
        let sum = store.sum(over, square);
        Some(Rewrite::to(store.power(sum, Rat::fraction(1, 2))))
    },
};

/// The softmax of a vector, of a matrix, of its rows or columns.
pub(crate) static SOFTMAX: Rule = Rule {
    statement: RuleStatement {
        id: "lower.softmax",
        name: "definition of softmax",
        kind: RuleKind::Definition,
        statement: "softmax(x)[i] = exp(x[i])/sum[j](exp(x[j])); softmax(A)[i,j] = exp(A[i,j])/sum[k,r](exp(A[k,r])); \
                    softmax(A,1)[i,j] = exp(A[i,j])/sum[k](exp(A[k,j])); \
                    softmax(A,2)[i,j] = exp(A[i,j])/sum[k](exp(A[i,k]))",
        when: "",
        reason: "softmax is the exponential of each element divided by their sum.",
        sentence: "by definition of softmax",
        reference: "definition",
        example: ("softmax(x)[i]", "exp(x[i])/sum[j](exp(x[j]))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::function(Function::Softmax(Axis::All))))
        .with(Kinds::function(Function::Softmax(Axis::All))),
    apply: |store, id| {
        let (Function::Softmax(axis), arg, at) = reduction(store, id)? else { return None };
        let own = store.elem(arg, at.clone());
        let own = store.apply(Scalar::Exp, own);
        // The indices along which the sum runs are those of the element no more.
        let is_matrix = store.shape(arg).slots().len() == 2;
        let kept: Indices = match axis {
            Axis::Rows if is_matrix => at[1..].iter().copied().collect(),
            Axis::Cols if is_matrix => at[..1].iter().copied().collect(),
            _ => Indices::new(),
        };
        let Entries { over, element } = entries(store, arg, axis, &kept);
        let exponential = store.apply(Scalar::Exp, element);
        let sum = store.sum(over, exponential);
        let factors = [own, store.power(sum, Rat::int(-1))];
        Some(Rewrite::to(store.mul(factors)))
    },
};

/// The logarithm of a sum of exponentials.
pub(crate) static LOGSUMEXP: Rule = Rule {
    statement: RuleStatement {
        id: "lower.logsumexp",
        name: "definition of logsumexp",
        kind: RuleKind::Definition,
        statement: "logsumexp(x) = log(sum[i](exp(x[i]))); logsumexp(A) = log(sum[i,j](exp(A[i,j]))); \
                    logsumexp(A,1)[j] = log(sum[i](exp(A[i,j]))); logsumexp(A,2)[i] = log(sum[j](exp(A[i,j])))",
        when: "",
        reason: "The name says it: the logarithm of the sum of the exponentials.",
        sentence: "by definition of logsumexp",
        reference: "definition",
        example: ("logsumexp(x)", "log(sum[i](exp(x[i])))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ELEM.or(Kinds::function(Function::LogSumExp(Axis::All))))
        .with(Kinds::function(Function::LogSumExp(Axis::All))),
    apply: |store, id| {
        let (Function::LogSumExp(axis), arg, at) = reduction(store, id)? else { return None };
        let Entries { over, element } = entries(store, arg, axis, &at);
        let exponential = store.apply(Scalar::Exp, element);
        let sum = store.sum(over, exponential);
        Some(Rewrite::to(store.apply(Scalar::Log, sum)))
    },
};
