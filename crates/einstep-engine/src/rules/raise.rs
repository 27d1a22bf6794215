//! Rules that read an element back as matrices.
//!
//! In: elements of matrix expressions, products and sums of them. Out: one element of one matrix expression.
//! Left to others: the order of factors ([`crate::raising`]), the form of the matrices (simplify).

use crate::raising::{Plan, Stride, is_fixed, is_symmetric, plan};
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Index, Indices, Node, Rat, Shape, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// A delta as an element of the identity.
pub(crate) static IDENTITY: Rule = Rule {
    statement: RuleStatement {
        id: "raise.identity",
        name: "delta as the identity",
        kind: RuleKind::Equation,
        statement: "delta[i,j] = I[i,j]",
        when: "",
        reason: "The Kronecker delta has the entries of the identity matrix.",
        sentence: "the delta has the entries of the identity",
        reference: "definition",
        example: ("delta[p,q]", "I[p,q]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Delta(i, j) = *store.node(id) else { return None };
        if i == j {
            return None;
        }
        let identity = store.intern(Node::Identity(store.index_info(i).dim));
        // Rows before columns: the order of the slots of the answer is that of the numbers.
        let at = if i < j { [i, j] } else { [j, i] };
        Some(Rewrite::to(store.elem(identity, at)))
    },
};

/// A root of a sum of squares is a norm, and so is a sum of squares whose norm the problem speaks of.
pub(crate) static NORM: Rule = Rule {
    statement: RuleStatement {
        id: "raise.norm",
        name: "sum of squares as a norm",
        kind: RuleKind::Definition,
        statement: "sqrt(sum[i](x[i]*x[i])) = norm(x); sum[i](x[i]^2) = norm(x)^2; sqrt(sum[i,j](A[i,j]*A[i,j])) = norm(A); \
                    sqrt(sum[i,j](A[i,j]*A[i,j])) = normF(A); sum[i,j](A[i,j]^2) = normF(A)^2",
        when: "",
        reason: "The Euclidean norm is the root of the sum of squares; for a matrix, over all elements (Frobenius).",
        sentence: "the root of the sum of squares is a norm",
        reference: "definition",
        example: ("sqrt(sum[i](w[i]*w[i]))", "norm(w)"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let (base, exponent) = store.base_and_exponent(id);
        let array = sum_of_squares(store, base)?;
        let double = exponent.mul(&Rat::int(2));
        let rooted = exponent.as_int().is_none() && double.as_int().is_some();
        let spelled = [Function::Norm(Axis::All), Function::NormF]
            .into_iter()
            .find(|f| store.has(&Node::Call(*f, Args::from_slice(&[array]))));
        let squared = matches!(store.node(base), Node::Sum(_, body) if matches!(store.node(*body), Node::Power(..)));
        let is_matrix = store.shape(array).slots().len() == 2;
        if !(rooted || spelled.is_some() || (squared && is_matrix)) {
            return None;
        }
        let function = spelled.unwrap_or(if is_matrix { Function::NormF } else { Function::Norm(Axis::All) });
        let norm = store.call(function, [array]);
        Some(Rewrite::to(store.power(norm, double)))
    },
};

/// The array M of a sum of the squares of all its elements.
fn sum_of_squares(store: &Store, id: Id) -> Option<Id> {
    let Node::Sum(over, body) = store.node(id) else { return None };
    let element = match store.node(*body) {
        Node::Mul(factors) if factors.len() == 2 && factors[0] == factors[1] => factors[0],
        Node::Power(base, exponent) if store.as_number(*exponent) == Some(&Rat::int(2)) => *base,
        _ => return None,
    };
    let Node::Elem(of, at) = store.node(element) else { return None };
    let all = at.len() == over.len() && at.iter().all(|index| over.contains(index)) && at[0] != at[at.len() - 1]
        || (at.len() == 1 && over.len() == 1 && at == over);
    all.then_some(*of)
}

/// A square of an element as a product, where it is no norm.
pub(crate) static SQUARE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.square",
        name: "square as a product",
        kind: RuleKind::Structural,
        statement: "f^2 = f*f",
        when: "",
        reason: "The square of a factor is the factor times itself.",
        sentence: "a square is a product",
        reference: "arithmetic",
        example: ("x[i]^2", "x[i]*x[i]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Power(base, exponent) = *store.node(id) else { return None };
        let square = store.as_number(exponent) == Some(&Rat::int(2));
        (square && matches!(store.node(base), Node::Elem(..))).then(|| Rewrite::to(store.mul([base, base])))
    },
};

/// The factor of a stride, transposed if it is walked backwards.
fn aligned(store: &mut Store, stride: &Stride) -> Id {
    if !stride.reversed {
        return stride.factor;
    }
    let Node::Elem(of, at) = store.node(stride.factor).clone() else { return stride.factor };
    let transposed = store.transpose(of);
    store.elem(transposed, at.into_iter().rev())
}

/// Elements whose indices stand the wrong way round are elements of the transpose.
pub(crate) static TRANSPOSE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.transpose",
        name: "line up the indices",
        kind: RuleKind::Equation,
        statement: "A[j,i] = A'[i,j]; x[i] = x'[i]",
        when: "",
        reason: "An element with its indices exchanged is an element of the transpose.",
        sentence: "transposing lines up the indices",
        reference: "definition",
        example: ("sum[k](V[k,p]*W[q,k])", "sum[k](V'[p,k]*W'[k,q])"),
    },
    scope: Scope::Term,
    apply: |store, id| match store.node(id).clone() {
        Node::Array(over, rows, body) => {
            let Node::Elem(of, at) = store.node(body).clone() else { return None };
            let exchanged = over.len() == 2 && at.len() == 2 && at[0] == over[1] && at[1] == over[0];
            if !exchanged {
                return None;
            }
            let transposed = store.transpose(of);
            let body = store.elem(transposed, over.clone());
            Some(Rewrite::to(store.intern(Node::Array(over, rows, body))))
        }
        Node::Add(terms) => {
            let at = common_slots(store, &terms)?;
            let is_row = |store: &Store, id: Id| store.shape(id).rows.is_one();
            let column = terms.iter().any(|&term| scaled(store, term).is_some_and(|(_, of, _)| !is_row(store, of)));
            let mut changed = false;
            let terms: Args = terms
                .into_iter()
                .map(|term| match scaled(store, term) {
                    // A row among columns has the same elements as its transpose.
                    Some((_, of, own)) if own != at || (column && is_row(store, of)) => {
                        changed = true;
                        let transposed = store.transpose(of);
                        let element = store.elem(transposed, at.clone());
                        let factors = store.factors(term);
                        let turned = |factor: Id| if store.free(factor).is_empty() { factor } else { element };
                        let factors: Args = factors.into_iter().map(turned).collect();
                        store.mul(factors)
                    }
                    _ => term,
                })
                .collect();
            changed.then(|| Rewrite::to(store.add(terms)))
        }
        _ => {
            let plan = plan(store, id)?;
            // A lone element of a sum is turned with the sum, not by itself.
            let alone = plan.walks.iter().all(|walk| walk.strides.len() < 2) && !is_fixed(store, store.free(id));
            if alone || in_order(store, id, &plan).is_some() {
                return None;
            }
            let reversed: Vec<Stride> =
                plan.walks.iter().flat_map(|walk| &walk.strides).filter(|stride| stride.reversed).copied().collect();
            if reversed.is_empty() {
                return None;
            }
            let mut turned: Vec<Stride> = reversed;
            let body = match store.node(id) {
                Node::Sum(_, body) => *body,
                _ => id,
            };
            let factors: Args = store
                .factors(body)
                .into_iter()
                .map(|factor| match turned.iter().position(|stride| stride.factor == factor) {
                    // Of two equal factors one may be turned and the other not.
                    Some(position) => {
                        let stride = turned.swap_remove(position);
                        aligned(store, &stride)
                    }
                    None => factor,
                })
                .collect();
            let product = store.mul(factors);
            Some(Rewrite::to(store.sum(plan.over, product)))
        }
    },
};

/// A term that is a multiple of one element: the scalars, the array, the indices.
fn scaled(store: &Store, term: Id) -> Option<(Args, Id, Indices)> {
    let mut factors = store.factors(term);
    let position = factors.iter().position(|&factor| !store.free(factor).is_empty())?;
    let element = factors.remove(position);
    let Node::Elem(of, at) = store.node(element) else { return None };
    factors.iter().all(|&factor| store.free(factor).is_empty()).then(|| (factors, *of, at.clone()))
}

/// The order of slots in which elements are added: that of the indices of the derivative, else the one with fewer
/// transposes. `None` when a term is no element of two indices, or the terms differ in their indices.
fn common_slots(store: &Store, terms: &Args) -> Option<Indices> {
    let mut first: Option<Indices> = None;
    let mut cost = [0usize; 2];
    for &term in terms {
        let (_, of, at) = scaled(store, term)?;
        let first = first.get_or_insert_with(|| at.clone());
        let exchanged = match (&first[..], &at[..]) {
            (a, b) if a == b => false,
            ([a, b], [c, d]) if a == d && b == c => true,
            _ => return None,
        };
        let transposed = matches!(store.node(of), Node::Transpose(_));
        let symmetric = is_symmetric(store, of);
        for (turn, cost) in cost.iter_mut().enumerate() {
            *cost += usize::from(!symmetric && (transposed != (exchanged != (turn == 1))));
        }
    }
    let mut at = first?;
    let turn = if is_fixed(store, &at) { at.len() == 2 && at[0] > at[1] } else { cost[1] < cost[0] };
    if turn {
        at.reverse();
    }
    Some(at)
}

/// Factors in the order in which they are multiplied.
pub(crate) static REORDER: Rule = Rule {
    statement: RuleStatement {
        id: "product.reorder",
        name: "reorder factors",
        kind: RuleKind::Structural,
        statement: "f*g = g*f",
        when: "f and g are scalars, as all elements are",
        reason: "Scalars commute.",
        sentence: "the factors are put in the order in which their indices meet",
        reference: "arithmetic",
        example: ("sum[j](x[j]*B[l,j])", "sum[j](B[l,j]*x[j])"),
    },
    scope: Scope::Term,
    apply: |store, id| {
        let plan = plan(store, id)?;
        in_order(store, id, &plan).map(Rewrite::to)
    },
};

/// The term with its factors in the order of the plan; `None` when they stand in it.
fn in_order(store: &mut Store, id: Id, plan: &Plan) -> Option<Id> {
    if plan.walks.iter().all(|walk| walk.strides.len() < 2) {
        return None;
    }
    let strides = plan.walks.iter().flat_map(|walk| &walk.strides).map(|stride| stride.factor);
    let factors: Args = plan.scalars.iter().copied().chain(strides).collect();
    let product = store.mul(factors);
    let to = store.sum(plan.over.iter().copied(), product);
    (to != id).then_some(to)
}

/// A chain of elements whose neighbours share a summed index.
pub(crate) static MATMUL: Rule = Rule {
    statement: RuleStatement {
        id: "raise.matmul",
        name: "sum over neighbours as a matrix product",
        kind: RuleKind::Equation,
        statement: "sum[k](A[i,k]*B[k,j]) = (A*B)[i,j]",
        when: "",
        reason: "A sum over an index between neighbours is an element of the matrix product.",
        sentence: "the sum over {indices} is a matrix product",
        reference: "definition",
        example: ("sum[k](V'[p,k]*W'[k,q])", "(V'*W')[p,q]"),
    },
    scope: Scope::Term,
    apply: |store, id| {
        let plan = plan(store, id)?;
        // A closed walk keeps the index at which it starts, until it is read as a trace.
        let kept = |index: Index| plan.walks.iter().any(|walk| walk.start == walk.end && walk.start == Some(index));
        let indices: Vec<Index> = plan.over.iter().copied().filter(|&index| !kept(index)).collect();
        if indices.is_empty() {
            return None;
        }
        Some(multiplied(store, plan)?.slot("indices", indices))
    },
};

/// A column times a row, whose indices are both free.
pub(crate) static OUTER: Rule = Rule {
    statement: RuleStatement {
        id: "raise.outer",
        name: "outer product",
        kind: RuleKind::Equation,
        statement: "x[i]*y'[j] = (x*y')[i,j]",
        when: "",
        reason: "A column times a row is the matrix of all products of their elements.",
        sentence: "a column times a row is a matrix",
        reference: "definition",
        example: ("a[p]*b'[q]", "(a*b')[p,q]"),
    },
    scope: Scope::Term,
    apply: |store, id| {
        let plan = plan(store, id)?;
        if plan.over.is_empty() { multiplied(store, plan) } else { None }
    },
};

/// The term with every walk as one product; `None` when nothing is multiplied, or factors do not stand as they must.
fn multiplied(store: &mut Store, plan: Plan) -> Option<Rewrite> {
    let Plan { scalars, walks, .. } = plan;
    let lined_up = walks.iter().flat_map(|walk| &walk.strides).all(|stride| !stride.reversed);
    if !lined_up || walks.iter().all(|walk| walk.strides.len() < 2) {
        return None;
    }
    let mut kept = Indices::new();
    let mut factors = scalars;
    for walk in walks {
        let arrays: Args = walk.strides.iter().map(|stride| array_of(store, stride.factor)).collect();
        let product = store.matmul(arrays);
        let at: Indices = [walk.start, walk.end].into_iter().flatten().collect();
        if walk.start.is_some() && walk.start == walk.end {
            kept.extend(walk.start);
        }
        factors.push(store.elem(product, at));
    }
    let product = store.mul(factors);
    Some(Rewrite::to(store.sum(kept, product)))
}

fn array_of(store: &Store, element: Id) -> Id {
    match store.node(element) {
        Node::Elem(of, _) => *of,
        _ => element,
    }
}

/// A sum over the diagonal.
pub(crate) static TRACE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.trace",
        name: "sum over the diagonal as a trace",
        kind: RuleKind::Equation,
        statement: "sum[i](A[i,i]) = tr(A)",
        when: "",
        reason: "The trace is the sum of the elements on the diagonal.",
        sentence: "the sum over the diagonal is a trace",
        reference: "definition",
        example: ("sum[i]((A*X)[i,i])", "tr(A*X)"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let mut factors = store.factors(body);
        for position in 0..factors.len() {
            let Node::Elem(of, at) = store.node(factors[position]).clone() else { continue };
            // The trace of an identity is its size, which the name `I` does not tell: it is counted.
            let identity = matches!(store.node(of), Node::Identity(_));
            if at.len() == 2 && at[0] == at[1] && over.contains(&at[0]) && !identity {
                let alone = factors.iter().enumerate().all(|(k, &f)| k == position || !store.free(f).contains(&at[0]));
                if alone {
                    factors[position] = store.call(Function::Trace, [of]);
                    let product = store.mul(factors);
                    let rest = over.into_iter().filter(|&index| index != at[0]);
                    return Some(Rewrite::to(store.sum(rest, product)));
                }
            }
        }
        None
    },
};

/// A scalar times an element.
pub(crate) static SCALE: Rule = Rule {
    statement: RuleStatement {
        id: "raise.scale",
        name: "multiple of an element",
        kind: RuleKind::Scheme,
        statement: "c*A[i,j] = (c*A)[i,j]",
        when: "c is a scalar",
        reason: "A scalar multiplies every element.",
        sentence: "the scalar multiplies the whole array",
        reference: "definition",
        example: ("2*x[l]", "(2*x)[l]"),
    },
    scope: Scope::Term,
    apply: |store, id| {
        let Node::Mul(factors) = store.node(id) else { return None };
        let factors = factors.clone();
        let open: Vec<usize> = (0..factors.len()).filter(|&k| !store.free(factors[k]).is_empty()).collect();
        let [position] = open[..] else { return None };
        let Node::Elem(of, at) = store.node(factors[position]).clone() else { return None };
        let scaled = factors.iter().enumerate().filter(|(k, _)| *k != position).map(|(_, &f)| f).chain([of]);
        let scaled: Args = scaled.collect();
        let array = store.mul(scaled);
        Some(Rewrite::to(store.elem(array, at)))
    },
};

/// A sum of elements at one place.
pub(crate) static ADD: Rule = Rule {
    statement: RuleStatement {
        id: "raise.add",
        name: "sum of elements",
        kind: RuleKind::Scheme,
        statement: "A[i,j] + c*B[i,j] = (A + c*B)[i,j]",
        when: "c is a scalar",
        reason: "Arrays are added, and multiplied by scalars, element by element.",
        sentence: "elements at one place add up to an element of the sum",
        reference: "definition",
        example: ("(B*x)[l] + (B'*x)[l]", "(B*x + B'*x)[l]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let at = common_slots(store, &terms)?;
        let mut arrays = Args::new();
        for term in terms {
            let (factors, of, own) = scaled(store, term)?;
            if own != at {
                return None;
            }
            arrays.push(store.mul(factors.into_iter().chain([of])));
        }
        let same = arrays.iter().all(|&array| store.shape(array) == store.shape(arrays[0]));
        let array = same.then(|| store.add(arrays))?;
        Some(Rewrite::to(store.elem(array, at)))
    },
};

/// A sum of diagonal elements and of other terms is two sums.
pub(crate) static SPLIT: Rule = Rule {
    statement: RuleStatement {
        id: "sum.split",
        name: "sum of a sum",
        kind: RuleKind::Scheme,
        statement: "sum[i](f[i] + g[i]) = sum[i](f[i]) + sum[i](g[i])",
        when: "",
        reason: "Addition is commutative and associative.",
        sentence: "each summand is summed by itself",
        reference: "arithmetic",
        example: ("sum[i](A[i,i] + x[i])", "sum[i](A[i,i]) + sum[i](x[i])"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let Node::Add(terms) = store.node(body).clone() else { return None };
        let diagonal =
            |store: &Store, term: Id| scaled(store, term).is_some_and(|(_, _, at)| at.len() == 2 && at[0] == at[1]);
        let mixed = terms.iter().any(|&term| diagonal(store, term)) && !terms.iter().all(|&term| diagonal(store, term));
        if !mixed {
            return None;
        }
        let sums: Args = terms.into_iter().map(|term| store.sum(over.clone(), term)).collect();
        Some(Rewrite::to(store.add(sums)))
    },
};

/// A term that lacks an index is multiplied by ones.
pub(crate) static ONES: Rule = Rule {
    statement: RuleStatement {
        id: "raise.ones",
        name: "broadcast by ones",
        kind: RuleKind::Equation,
        statement: "f = f*ones(n)[i]; f = f*ones(m,n)[i,j]; sum[i](x[i]) = sum[i](x[i]*ones(n)[i])",
        when: "",
        reason: "Every entry of an array of ones is 1.",
        sentence: "a term that does not depend on an index is the same for all its values",
        reference: "definition",
        example: ("x[i] + c", "x[i] + c*ones(n)[i]"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| match store.node(id).clone() {
        Node::Array(over, rows, body) if !matches!(store.node(body), Node::Array(..)) => {
            let to = broadcast(store, body, &over)?;
            Some(Rewrite::to(store.intern(Node::Array(over, rows, to))))
        }
        Node::Add(terms) if !store.free(id).is_empty() => {
            let all: Indices = store.free(id).iter().copied().collect();
            let mut changed = false;
            let terms: Args = terms
                .into_iter()
                .map(|term| match broadcast(store, term, &all) {
                    Some(to) => {
                        changed = true;
                        to
                    }
                    None => term,
                })
                .collect();
            changed.then(|| Rewrite::to(store.add(terms)))
        }
        Node::Sum(over, body) => {
            // An index that one factor alone has: its sum is a product with ones.
            let factors = store.factors(body);
            let ends = |index: &Index| -> usize {
                let of = |factor: &Id| match store.node(*factor) {
                    Node::Elem(_, at) => at.iter().filter(|other| *other == index).count(),
                    _ => 2 * usize::from(store.free(*factor).contains(index)),
                };
                factors.iter().map(of).sum()
            };
            let index = *over.iter().find(|index| ends(index) == 1)?;
            let dim = store.index_info(index).dim;
            let ones = store.intern(Node::Ones(Shape { rows: dim, cols: einstep_expr::Dim::ONE }));
            let element = store.elem(ones, [index]);
            let product = store.mul([body, element]);
            Some(Rewrite::to(store.intern(Node::Sum(over, product))))
        }
        _ => None,
    },
};

/// The term times ones over the indices that it lacks.
fn broadcast(store: &mut Store, term: Id, all: &[Index]) -> Option<Id> {
    let missing: Indices = all.iter().copied().filter(|index| !store.free(term).contains(index)).collect();
    let dims: Vec<_> = missing.iter().map(|&index| store.index_info(index).dim).collect();
    let shape = match dims[..] {
        [] => return None,
        [n] => Shape { rows: n, cols: einstep_expr::Dim::ONE },
        [m, n] => Shape { rows: m, cols: n },
        _ => return None,
    };
    let ones = store.intern(Node::Ones(shape));
    let element = store.elem(ones, missing);
    Some(if store.as_number(term).is_some_and(Rat::is_one) { element } else { store.mul([term, element]) })
}

/// Entries stacked into an array.
pub(crate) static ARRAY: Rule = Rule {
    statement: RuleStatement {
        id: "raise.array",
        name: "stack the entries",
        kind: RuleKind::Equation,
        statement: "array[i,j](A[i,j]) = A; array[i](x[i]) = x; array[i,j](0) = zeros(m,n); array[i](0) = zeros(n)",
        when: "",
        reason: "An array is determined by its entries.",
        sentence: "the entries are those of the array",
        reference: "definition",
        example: ("array[p,q]((V'*W')[p,q])", "V'*W'"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Array(over, _, body) = store.node(id) else { return None };
        if store.as_number(*body).is_some_and(Rat::is_zero) {
            return Some(Rewrite::to(store.intern(Node::Zeros(store.shape(id)))));
        }
        let Node::Elem(of, at) = store.node(*body) else { return None };
        if at != over {
            return None;
        }
        let of = *of;
        // A row's entries over one index are stacked as a column.
        let to = if store.shape(of) == store.shape(id) { of } else { store.transpose(of) };
        (store.shape(to) == store.shape(id)).then(|| Rewrite::to(to))
    },
};
