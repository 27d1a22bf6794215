//! Expressions that have a name: norms, softmax, means, products of entries, the cross product.
//!
//! In: their definitions in terms of elements. Out: the named function. Left to others: plain sums (`layers`).

use crate::places::at;
use crate::raising::{array_of, read};
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Dim, Function, Id, Index, Indices, Kinds, Node, Rat, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};

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
    places: at(Kinds::SUM.or(Kinds::POWER)).with(Kinds::SUM),
    apply: |store, id| {
        let (base, _) = store.base_and_exponent(id);
        let (array, axis, _) = sum_of_squares(store, base)?;
        let squared = matches!(store.node(base), Node::Sum(_, body) if matches!(store.node(*body), Node::Power(..)));
        let is_matrix = store.shape(array).slots().len() == 2;
        let unspelled = if is_matrix { Function::NormF } else { Function::Norm(axis) };
        let names = [Function::Norm(axis), Function::NormF];
        (axis == Axis::All).then(|| norm(store, id, &names, unspelled, squared && is_matrix))?
    },
};

/// A root of a sum of squares of each row or column.
pub(crate) static NORM_ALONG: Rule = Rule {
    statement: RuleStatement {
        id: "raise.norm-along",
        name: "sum of squares of a row as its norm",
        kind: RuleKind::Definition,
        statement: "sqrt(sum[i](A[i,j]^2)) = norm(A,1)[j]; sqrt(sum[j](A[i,j]^2)) = norm(A,2)[i]",
        when: "",
        reason: "norm(A,1) has the norms of the columns, norm(A,2) those of the rows.",
        sentence: "the root of the sum of squares is the norm of a row or column",
        reference: "definition",
        example: ("sqrt(sum[j](A[i,j]^2))", "norm(A,2)[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM.or(Kinds::POWER)).with(Kinds::SUM),
    apply: |store, id| {
        let (base, _) = store.base_and_exponent(id);
        let (_, axis, _) = sum_of_squares(store, base)?;
        let name = Function::Norm(axis);
        (axis != Axis::All).then(|| norm(store, id, &[name], name, false))?
    },
};

/// A power of a sum of squares as one of a norm: where it is a root, where the problem has one of the given names for it, or
/// in any case.
fn norm(store: &mut Store, id: Id, names: &[Function], unspelled: Function, always: bool) -> Option<Rewrite> {
    let (base, exponent) = store.base_and_exponent(id);
    let (array, _, rest) = sum_of_squares(store, base)?;
    let double = exponent.mul(&Rat::int(2));
    let rooted = exponent.as_int().is_none() && double.as_int().is_some();
    let spelled = names.iter().find(|name| store.has(&Node::Call(**name, Args::from_slice(&[array]))));
    if !(rooted || spelled.is_some() || always) {
        return None;
    }
    let norm = store.call(spelled.copied().unwrap_or(unspelled), [array]);
    let norm = store.elem(norm, rest);
    Some(Rewrite::to(store.power(norm, double)))
}

/// The array of a sum of squares of its elements, what the sum runs over, and the index that is left.
fn sum_of_squares(store: &Store, id: Id) -> Option<(Id, Axis, Indices)> {
    let Node::Sum(over, body) = store.node(id) else { return None };
    let element = match store.node(*body) {
        Node::Mul(factors) if factors.len() == 2 && factors[0] == factors[1] => factors[0],
        Node::Power(base, exponent) if store.as_number(*exponent) == Some(&Rat::int(2)) => *base,
        _ => return None,
    };
    let Node::Elem(of, at) = store.node(element) else { return None };
    let (axis, rest) = axis_of(store, *of, at, over)?;
    Some((*of, axis, rest))
}

/// Along which axis an array is reduced when some indices of its element are summed over, and the index that is left.
/// `None` when they do not make an axis.
fn axis_of(store: &Store, of: Id, at: &Indices, over: &Indices) -> Option<(Axis, Indices)> {
    let plain = at.len() == store.shape(of).slots().len() && (at.len() == 1 || at[0] != at[1]);
    let rest: Indices = at.iter().copied().filter(|index| !over.contains(index)).collect();
    if !plain || over.len() + rest.len() != at.len() || !over.iter().all(|index| at.contains(index)) {
        return None;
    }
    let axis = match (rest.is_empty(), over[0] == at[0]) {
        (true, _) => Axis::All,
        (false, true) => Axis::Rows,
        (false, false) => Axis::Cols,
    };
    Some((axis, rest))
}

/// A square of an element that is summed by itself as a product, where it is no norm.
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
        example: ("sum[i](x[i]^2)", "sum[i](x[i]*x[i])"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM).with(Kinds::POWER),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id).clone() else { return None };
        let mut factors = store.factors(body);
        let summed_alone = |position: usize| {
            let Node::Power(base, exponent) = *store.node(factors[position]) else { return None };
            let Node::Elem(of, at) = store.node(base) else { return None };
            let square = store.as_number(exponent) == Some(&Rat::int(2));
            let (axis, _) = axis_of(store, *of, at, at)?;
            let alone = |index: &Index| {
                let beside = factors.iter().enumerate().filter(|(other, _)| *other != position);
                over.contains(index) && beside.into_iter().all(|(_, &other)| !store.free(other).contains(index))
            };
            // Where the input adds up squares, so does the answer.
            let power = store.find(&Node::Power(*of, exponent));
            let echoed = power.is_some_and(|power| {
                [Function::Sum(axis), Function::Mean(axis)]
                    .into_iter()
                    .any(|function| store.has(&Node::Call(function, Args::from_slice(&[power]))))
            });
            (square && at.iter().all(alone) && !echoed).then_some((position, base))
        };
        let (position, base) = (0..factors.len()).find_map(summed_alone)?;
        factors[position] = store.mul([base, base]);
        let product = store.mul(factors);
        Some(Rewrite::to(store.intern(Node::Sum(over, product))))
    },
};

/// The array and the indices of the exponential of an element.
fn exponential(store: &Store, id: Id) -> Option<(Id, Indices)> {
    match store.node(id) {
        Node::Apply(Scalar::Exp, arg) => match store.node(*arg) {
            Node::Elem(of, at) => Some((*of, at.clone())),
            _ => None,
        },
        Node::Elem(of, at) => match store.node(*of) {
            Node::Apply(Scalar::Exp, arg) => Some((*arg, at.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// The array whose exponentials are added up, along which axis, and the index that is left.
fn sum_of_exponentials(store: &Store, id: Id) -> Option<(Id, Axis, Indices)> {
    let Node::Sum(over, body) = store.node(id) else { return None };
    let (of, at) = exponential(store, *body)?;
    let (axis, rest) = axis_of(store, of, &at, over)?;
    Some((of, axis, rest))
}

/// An exponential divided by the sum of all.
pub(crate) static SOFTMAX: Rule = Rule {
    statement: RuleStatement {
        id: "raise.softmax",
        name: "definition of softmax",
        kind: RuleKind::Definition,
        statement: "exp(x[i])/sum[j](exp(x[j])) = softmax(x)[i]; exp(A[i,j])/sum[k,r](exp(A[k,r])) = softmax(A)[i,j]; \
                    exp(A[i,j])/sum[k](exp(A[i,k])) = softmax(A,2)[i,j]; \
                    exp(A[i,j])/sum[k](exp(A[k,j])) = softmax(A,1)[i,j]",
        when: "",
        reason: "softmax divides each exponential by the sum of all.",
        sentence: "an exponential divided by the sum of all is softmax",
        reference: "definition",
        example: ("exp(x[l])/sum[j](exp(x[j]))", "softmax(x)[l]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::scalar(Scalar::Exp)),
    apply: |store, id| {
        let Node::Mul(factors) = store.node(id).clone() else { return None };
        for (below, &divisor) in factors.iter().enumerate() {
            let (base, exponent) = store.base_and_exponent(divisor);
            let Some((of, axis, rest)) = sum_of_exponentials(store, base) else { continue };
            if exponent.as_int().is_none_or(|exponent| exponent >= 0) {
                continue;
            }
            for (above, &factor) in factors.iter().enumerate() {
                let (base, power) = store.base_and_exponent(factor);
                let Some((other, at)) = exponential(store, base) else { continue };
                let left = |position: usize| rest.is_empty() || at.get(position) == rest.first();
                let fits = match axis {
                    Axis::All => true,
                    Axis::Rows => left(1),
                    Axis::Cols => left(0),
                };
                if other != of || !fits || power.as_int().is_none_or(|power| power <= 0) {
                    continue;
                }
                let softmax = store.call(Function::Softmax(axis), [of]);
                let mut factors = factors.clone();
                let rest_above = store.power(base, power.add(&Rat::int(-1)));
                let (base, _) = store.base_and_exponent(divisor);
                let rest_below = store.power(base, exponent.add(&Rat::ONE));
                let element = store.elem(softmax, at);
                factors[above] = if power.is_one() { element } else { store.mul([element, rest_above]) };
                factors[below] = rest_below;
                if exponent == Rat::int(-1) {
                    factors.remove(below);
                }
                return Some(Rewrite::to(store.mul(factors)));
            }
        }
        None
    },
};

/// A sum of exponentials that divides a sum over one of them is taken inside, where the two are a softmax.
pub(crate) static DIVISOR_INSIDE: Rule = Rule {
    statement: RuleStatement {
        id: "sum.divisor",
        name: "divisor inside a sum",
        kind: RuleKind::Structural,
        statement: "sum[i](f[i])/c = sum[i](f[i]/c)",
        when: "the divisor is the sum of exponentials, one of which stands in the sum",
        reason: "A factor of a sum is a factor of every summand.",
        sentence: "the divisor is taken inside, to its exponential",
        reference: "distributivity",
        example: ("sum[i](exp(x[i])*y[i])/sum[j](exp(x[j]))", "sum[i](exp(x[i])*y[i]/sum[j](exp(x[j])))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::scalar(Scalar::Exp)),
    apply: |store, id| {
        let Node::Mul(factors) = store.node(id).clone() else { return None };
        for (below, &divisor) in factors.iter().enumerate() {
            let (base, exponent) = store.base_and_exponent(divisor);
            let Some((of, _, _)) = sum_of_exponentials(store, base) else { continue };
            if exponent.as_int().is_none_or(|exponent| exponent >= 0) {
                continue;
            }
            for (position, &sum) in factors.iter().enumerate() {
                let Node::Sum(over, body) = store.node(sum).clone() else { continue };
                let mut inside = store.factors(body);
                let meets =
                    inside.iter().any(|&factor| exponential(store, factor).is_some_and(|(other, _)| other == of));
                if !meets || over.iter().any(|index| store.free(base).binary_search(index).is_ok()) {
                    continue;
                }
                // The indices of the one sum are not those of the other.
                let mut own = base;
                for &index in &over {
                    if let Node::Sum(bound, body) = store.node(own).clone() {
                        let (bound, body) = store.apart(&bound, body, index);
                        own = store.intern(Node::Sum(bound, body));
                    }
                }
                inside.push(store.power(own, Rat::int(-1)));
                let product = store.mul(inside);
                let mut factors = factors.clone();
                factors[position] = store.sum(over, product);
                let left = exponent.add(&Rat::ONE);
                factors[below] = store.power(base, left.clone());
                if left.is_zero() {
                    factors.remove(below);
                }
                return Some(Rewrite::to(store.mul(factors)));
            }
        }
        None
    },
};

/// The logarithm of a sum of exponentials.
pub(crate) static LOGSUMEXP: Rule = Rule {
    statement: RuleStatement {
        id: "raise.logsumexp",
        name: "definition of logsumexp",
        kind: RuleKind::Definition,
        statement: "log(sum[i](exp(x[i]))) = logsumexp(x); log(sum[i,j](exp(A[i,j]))) = logsumexp(A); \
                    log(sum[j](exp(A[i,j]))) = logsumexp(A,2)[i]; log(sum[i](exp(A[i,j]))) = logsumexp(A,1)[j]",
        when: "",
        reason: "logsumexp is the logarithm of the sum of the exponentials.",
        sentence: "the logarithm of a sum of exponentials is logsumexp",
        reference: "definition",
        example: ("log(sum[i](exp(x[i])))", "logsumexp(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::scalar(Scalar::Log)).with(Kinds::scalar(Scalar::Exp)),
    apply: |store, id| {
        let Node::Apply(Scalar::Log, arg) = *store.node(id) else { return None };
        let (of, axis, rest) = sum_of_exponentials(store, arg)?;
        // Where the input spells it out, so does the answer.
        let find = |function: Function, arg: Id| store.find(&Node::Call(function, Args::from_slice(&[arg])));
        let spelled_out = store
            .find(&Node::Apply(Scalar::Exp, of))
            .and_then(|exp| find(Function::Sum(axis), exp))
            .is_some_and(|sum| store.has(&Node::Apply(Scalar::Log, sum)));
        if spelled_out && find(Function::LogSumExp(axis), of).is_none() {
            return None;
        }
        let array = store.call(Function::LogSumExp(axis), [of]);
        Some(Rewrite::to(store.elem(array, rest)))
    },
};

/// A product over the entries.
pub(crate) static PROD: Rule = Rule {
    statement: RuleStatement {
        id: "raise.prod",
        name: "product of entries",
        kind: RuleKind::Equation,
        statement: "prod[i](x[i]) = prod(x); prod[i,j](A[i,j]) = prod(A); prod[j](A[i,j]) = prod(A,2)[i]; \
                    prod[i](A[i,j]) = prod(A,1)[j]",
        when: "",
        reason: "prod(x) multiplies all entries.",
        sentence: "the entries are multiplied",
        reference: "definition",
        example: ("prod[i](x[i])", "prod(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PROD),
    apply: |store, id| {
        let Node::Prod(over, body) = store.node(id) else { return None };
        let Node::Elem(of, at) = store.node(*body) else { return None };
        let of = *of;
        let (axis, rest) = axis_of(store, of, at, over)?;
        let array = store.call(Function::Prod(axis), [of]);
        Some(Rewrite::to(store.elem(array, rest)))
    },
};

/// A sum of absolute values, where the input speaks of the norm.
pub(crate) static NORM1: Rule = Rule {
    statement: RuleStatement {
        id: "raise.norm1",
        name: "sum of absolute values as a norm",
        kind: RuleKind::Definition,
        statement: "sum[i](abs(x[i])) = norm1(x); sum[i,j](abs(A[i,j])) = norm1(A)",
        when: "",
        reason: "norm1 is the sum of the absolute values.",
        sentence: "the sum of the absolute values is a norm",
        reference: "definition",
        example: ("sum[i](abs(x[i]))", "norm1(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::SUM).with(Kinds::scalar(Scalar::Abs)),
    apply: |store, id| {
        let Node::Sum(over, body) = store.node(id) else { return None };
        let Node::Apply(Scalar::Abs, arg) = store.node(*body) else { return None };
        let Node::Elem(of, at) = store.node(*arg) else { return None };
        let (axis, _) = axis_of(store, *of, at, over)?;
        let norm = store.find(&Node::Call(Function::Norm1, Args::from_slice(&[*of])));
        norm.filter(|_| axis == Axis::All).map(Rewrite::to)
    },
};

/// A sum divided by the number of its terms, where the input speaks of the mean.
pub(crate) static MEAN: Rule = Rule {
    statement: RuleStatement {
        id: "raise.mean",
        name: "definition of the mean",
        kind: RuleKind::Definition,
        statement: "1/n*sum(x) = mean(x); 1/(m*n)*sum(A) = mean(A); 1/m*sum(A,1) = mean(A,1); \
                    1/n*sum(A,2) = mean(A,2)",
        when: "x has n entries, A is m×n",
        reason: "The mean is the sum divided by the number of terms.",
        sentence: "the sum divided by the number of its terms is the mean",
        reference: "definition",
        example: ("1/n*sum(x)", "mean(x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::function(Function::Sum(Axis::All))),
    apply: |store, id| mean(store, id, false),
};

/// [`MEAN`], of any array or only of those whose mean has been met.
pub(crate) fn mean(store: &mut Store, id: Id, any: bool) -> Option<Rewrite> {
    let Node::Mul(factors) = store.node(id).clone() else { return None };
    for (position, &factor) in factors.iter().enumerate() {
        let (sum, at) = match store.node(factor) {
            Node::Elem(of, at) => (*of, at.clone()),
            _ => (factor, Indices::new()),
        };
        let Node::Call(Function::Sum(axis), args) = store.node(sum).clone() else { continue };
        let mean = Node::Call(Function::Mean(axis), args.clone());
        let Some(mean) = (if any { Some(store.intern(mean)) } else { store.find(&mean) }) else { continue };
        let shape = store.shape(args[0]);
        let dims: &[Dim] = match axis {
            Axis::All => &[shape.rows, shape.cols],
            Axis::Rows => &[shape.rows],
            Axis::Cols => &[shape.cols],
        };
        let mut factors = factors.clone();
        factors[position] = store.elem(mean, at);
        if let Some(factors) = without_divisor(store, factors, dims) {
            return Some(Rewrite::to(store.mul(factors)));
        }
    }
    None
}

/// Factors without the division by a product of dimensions; `None` when they are not divided by it.
fn without_divisor(store: &mut Store, mut factors: Args, dims: &[Dim]) -> Option<Args> {
    let dims: Vec<Dim> = dims.iter().copied().filter(|dim| !dim.is_one()).collect();
    let product = dims.iter().try_fold(Dim::ONE, |product, &dim| store.dims.product(product, dim))?;
    if let Some(count) = store.dims.value(product).and_then(|count| i64::try_from(count).ok()) {
        let position = factors.iter().position(|&factor| store.as_number(factor).is_some())?;
        let number = store.as_number(factors[position])?.mul(&Rat::int(count));
        if number.is_one() {
            factors.remove(position);
        } else {
            factors[position] = store.number(number);
        }
        return Some(factors);
    }
    let divides = |store: &Store, factor: Id, dim: Dim| {
        let (base, exponent) = store.base_and_exponent(factor);
        exponent == Rat::int(-1) && *store.node(base) == Node::Size(dim)
    };
    if let Some(position) = factors.iter().position(|&factor| divides(store, factor, product)) {
        factors.remove(position);
        return Some(factors);
    }
    for dim in dims {
        let position = factors.iter().position(|&factor| divides(store, factor, dim))?;
        factors.remove(position);
    }
    Some(factors)
}

/// Two vectors joined by the Levi-Civita symbol.
pub(crate) static CROSS: Rule = Rule {
    statement: RuleStatement {
        id: "raise.cross",
        name: "cross product",
        kind: RuleKind::Equation,
        statement: "sum[j,k](eps[i,j,k]*x[j]*y[k]) = cross(x,y)[i]",
        when: "",
        reason: "The entries of the cross product are the alternating sums of products of entries.",
        sentence: "the alternating sum is a cross product",
        reference: "definition of the cross product",
        example: ("sum[j,k](eps[l,j,k]*x[j]*y[k])", "cross(x,y)[l]"),
    },
    scope: Scope::Term,
    places: at(Kinds::SUM.or(Kinds::MUL)).with(Kinds::EPS),
    apply: |store, id| {
        let term = read(store, id)?;
        let network = &term.plan.network;
        for &position in &network.others {
            let Node::Eps(at) = *store.node(network.factors[position]) else { continue };
            // The label at a summed index that nothing else has.
            let label = |index: Index| {
                let meeting = network.at(index);
                match meeting.edges[..] {
                    [edge] if meeting.bound && meeting.others == 1 && network.edges[edge].label().is_some() => {
                        Some(edge)
                    }
                    _ => None,
                }
            };
            for turn in 0..3 {
                let [i, j, k] = [at[turn], at[(turn + 1) % 3], at[(turn + 2) % 3]];
                let (Some(x), Some(y)) = (label(j), label(k)) else { continue };
                let vectors = [x, y].map(|edge| {
                    let of = array_of(store, network.factor(edge));
                    if network.edges[edge].row.is_some() { of } else { store.transpose(of) }
                });
                let cross = store.call(Function::Cross, vectors);
                let element = store.elem(cross, [i]);
                let [x, y] = [x, y].map(|edge| network.edges[edge].position);
                let exchanged = [(x, None), (position, None), (y, Some(element))];
                return Some(Rewrite::to(network.exchanged(store, &exchanged, &[j, k])));
            }
        }
        None
    },
};
