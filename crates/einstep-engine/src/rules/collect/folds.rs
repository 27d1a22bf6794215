//! Functions recognised in products: what a derivative took apart is put together again.
//!
//! In: a product of scalars, which may depend on indices. Out: the same with fewer functions.

use crate::places::at;
use crate::work::{Need, Needed, Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Rat, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The exponent of a power of a function in a list of factors that are scalars, its argument, and its position.
fn powers_of(store: &Store, factors: &[Id], function: Scalar) -> Vec<(usize, Id, Rat)> {
    let power = |(position, &factor): (usize, &Id)| {
        let (base, exponent) = store.base_and_exponent(factor);
        match store.node(base) {
            Node::Apply(found, arg) if *found == function && store.shape(base).is_scalar() => {
                Some((position, *arg, exponent))
            }
            _ => None,
        }
    };
    factors.iter().enumerate().filter_map(power).collect()
}

/// The factors with the exponents of two of them changed and another factor in front of the first.
fn exchanged(store: &mut Store, factors: &Args, changes: &[(usize, Rat)], new: &[Id]) -> Id {
    let mut all = Args::new();
    let first = changes.iter().map(|change| change.0).min().unwrap_or(0);
    for (position, &factor) in factors.iter().enumerate() {
        if position == first {
            all.extend_from_slice(new);
        }
        match changes.iter().find(|change| change.0 == position) {
            None => all.push(factor),
            Some((_, exponent)) if exponent.is_zero() => {}
            Some((_, exponent)) => {
                let (base, _) = store.base_and_exponent(factor);
                all.push(store.power(base, exponent.clone()));
            }
        }
    }
    store.mul(all)
}

/// A quotient of two functions of one argument that has a name.
fn quotient(store: &mut Store, id: Id, over: Scalar, under: Scalar, name: Scalar) -> Option<Rewrite> {
    let Node::Mul(factors) = store.node(id) else { return None };
    let factors = factors.clone();
    let one = Rat::ONE;
    for (first, arg, exponent) in powers_of(store, &factors, over) {
        for (second, other, below) in powers_of(store, &factors, under) {
            let positive = exponent.as_int().is_some_and(|e| e > 0) && below.as_int().is_some_and(|e| e < 0);
            if arg == other && positive {
                let named = store.apply(name, arg);
                let changes = [(first, exponent.add(&one.neg())), (second, below.add(&one))];
                return Some(Rewrite::to(exchanged(store, &factors, &changes, &[named])));
            }
        }
    }
    None
}

/// `sin/cos` and `sinh/cosh`.
pub(crate) static TANGENT: Rule = Rule {
    statement: RuleStatement {
        id: "fold.tangent",
        name: "quotient of sine and cosine",
        kind: RuleKind::Definition,
        statement: "sin(f)/cos(f) = tan(f); sinh(f)/cosh(f) = tanh(f)",
        when: "",
        reason: "The tangent is the sine divided by the cosine.",
        sentence: "the quotient is the tangent",
        reference: "definition",
        example: ("sinh(x[i])/cosh(x[i])", "tanh(x[i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL).with(Kinds::scalar(Scalar::Sin).or(Kinds::scalar(Scalar::Sinh))),
    apply: |store, id| {
        quotient(store, id, Scalar::Sin, Scalar::Cos, Scalar::Tan)
            .or_else(|| quotient(store, id, Scalar::Sinh, Scalar::Cosh, Scalar::Tanh))
    },
};

/// Exponentials of logarithms, and the other way.
pub(crate) static INVERSES: Rule = Rule {
    statement: RuleStatement {
        id: "fold.inverse",
        name: "exponential of a logarithm",
        kind: RuleKind::Equation,
        statement: "exp(log(f)) = f; log(exp(f)) = f; exp(log(A)) = A; log(exp(A)) = A",
        when: "the logarithm has a value",
        reason: "The logarithm is the inverse of the exponential.",
        sentence: "the exponential and the logarithm undo each other",
        reference: "definition",
        example: ("exp(log(f))", "f"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::APPLY).with(Kinds::scalar(Scalar::Exp)),
    apply: |store, id| {
        let Node::Apply(outer, arg) = store.node(id) else { return None };
        let Node::Apply(inner, arg) = store.node(*arg) else { return None };
        let undone = matches!((outer, inner), (Scalar::Exp, Scalar::Log) | (Scalar::Log, Scalar::Exp));
        undone.then(|| Rewrite::to(*arg))
    },
};

/// The argument f of `1 + exp(f)`.
fn one_plus_exp(store: &Store, id: Id) -> Option<Id> {
    let Node::Add(terms) = store.node(id) else { return None };
    let [a, b] = terms.as_slice() else { return None };
    let is_one = |id: Id| store.as_number(id).is_some_and(Rat::is_one);
    let other = if is_one(*a) { *b } else { Some(*a).filter(|_| is_one(*b))? };
    match store.node(other) {
        Node::Apply(Scalar::Exp, arg) => Some(*arg),
        _ => None,
    }
}

/// The logistic function.
pub(crate) static SIGMOID: Rule = Rule {
    statement: RuleStatement {
        id: "fold.sigmoid",
        name: "the logistic function",
        kind: RuleKind::Definition,
        statement: "exp(f)/(1 + exp(f)) = sigmoid(f); 1/(1 + exp(-f)) = sigmoid(f)",
        when: "",
        reason: "The logistic function is 1/(1 + exp(-f)); both sides are multiplied by exp(f).",
        sentence: "this is the logistic function",
        reference: "definition",
        example: ("exp(x[i])/(1 + exp(x[i]))", "sigmoid(x[i])"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL.or(Kinds::POWER)).with(Kinds::scalar(Scalar::Exp)),
    apply: |store, id| {
        let factors = store.factors(id);
        let one = Rat::ONE;
        for (position, &factor) in factors.iter().enumerate() {
            let (base, exponent) = store.base_and_exponent(factor);
            let Some(arg) = one_plus_exp(store, base).filter(|_| exponent.as_int().is_some_and(|e| e < 0)) else {
                continue;
            };
            let above = powers_of(store, &factors, Scalar::Exp)
                .into_iter()
                .find(|(_, other, e)| *other == arg && e.as_int().is_some_and(|e| e > 0));
            if let Some((first, _, over)) = above {
                let named = store.apply(Scalar::Sigmoid, arg);
                let changes = [(first, over.add(&one.neg())), (position, exponent.add(&one))];
                return Some(Rewrite::to(exchanged(store, &factors, &changes, &[named])));
            }
            let (coefficient, rest) = store.coefficient(arg);
            if coefficient.is_negative() {
                let turned = store.scale(coefficient.neg(), rest);
                let sigmoid = store.apply(Scalar::Sigmoid, turned);
                let named = store.power(sigmoid, exponent.neg());
                return Some(Rewrite::to(exchanged(store, &factors, &[(position, Rat::ZERO)], &[named])));
            }
        }
        None
    },
};

/// Whether an expression may be zero at more than single points: where it holds a kink, a delta or a triangular matrix.
fn has_zeros(store: &Store, id: Id) -> bool {
    let own = match store.node(id) {
        Node::Apply(function, _) => {
            matches!(function, Scalar::Relu | Scalar::Step | Scalar::Abs | Scalar::Sign)
        }
        Node::Delta(..) | Node::Eps(_) | Node::Identity(_) | Node::Zeros(_) => true,
        Node::Call(function, _) => {
            matches!(function, Function::Diag | Function::Tril | Function::Triu | Function::Skew | Function::Cross)
        }
        Node::Symbol(symbol) => store.symbol_info(*symbol).has_zeros(),
        _ => false,
    };
    own || store.node(id).children().iter().any(|&child| has_zeros(store, child))
}

/// Signs, steps and what they multiply.
pub(crate) static SIGNS: Rule = Rule {
    statement: RuleStatement {
        id: "fold.sign",
        name: "signs and steps in products",
        kind: RuleKind::Equation,
        statement: "abs(f)*sign(f) = f; sign(f)/abs(f) = 1/f; sign(f)^2 = 1; abs(f)^2 = f^2; \
                    relu(f)*step(f) = relu(f); step(f)^2 = step(f)",
        when: "f is not zero; its sign is squared only where it could be zero at single points alone",
        reason: "The sign is f/abs(f); the step is 1 where relu is not zero.",
        sentence: "signs and steps are absorbed",
        reference: "definition",
        example: ("2*relu(f)*step(f)", "2*relu(f)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MUL.or(Kinds::POWER).or(Kinds::APPLY))
        .with(Kinds::scalar(Scalar::Step).or(Kinds::scalar(Scalar::Sign)).or(Kinds::scalar(Scalar::Abs))),
    apply: |store, id| {
        let factors = store.factors(id);
        let int = |exponent: &Rat| exponent.as_int().filter(|e| *e != 0);
        let steps = powers_of(store, &factors, Scalar::Step);
        for (position, arg, exponent) in &steps {
            let Some(power) = int(exponent).filter(|power| *power > 0) else { continue };
            let is_relu = |(_, other, e): &(usize, Id, Rat)| other == arg && int(e).is_some_and(|e| e > 0);
            if powers_of(store, &factors, Scalar::Relu).iter().any(is_relu) {
                return Some(Rewrite::to(exchanged(store, &factors, &[(*position, Rat::ZERO)], &[])));
            }
            if power > 1 {
                return Some(Rewrite::to(exchanged(store, &factors, &[(*position, Rat::ONE)], &[])));
            }
        }
        for (position, arg, exponent) in powers_of(store, &factors, Scalar::Sign) {
            let Some(power) = int(&exponent) else { continue };
            if power.abs() > 1 && !has_zeros(store, arg) {
                let left = Rat::int(i64::from(power % 2 != 0));
                let to = exchanged(store, &factors, &[(position, left)], &[]);
                let needs = Some(Need { node: arg, kind: Needed::Nonzero });
                return Some(Rewrite { needs, ..Rewrite::to(to) });
            }
            let mut absolute = powers_of(store, &factors, Scalar::Abs)
                .into_iter()
                .filter(|(_, other, e)| *other == arg && int(e).is_some_and(|e| e % 2 != 0));
            if let Some((second, _, below)) = absolute.next() {
                let power = store.power(arg, below);
                let changes = [(position, Rat::ZERO), (second, Rat::ZERO)];
                return Some(Rewrite::to(exchanged(store, &factors, &changes, &[power])));
            }
        }
        for (position, arg, exponent) in powers_of(store, &factors, Scalar::Abs) {
            if exponent.is_even() && int(&exponent).is_some() {
                let power = store.power(arg, exponent);
                return Some(Rewrite::to(exchanged(store, &factors, &[(position, Rat::ZERO)], &[power])));
            }
        }
        None
    },
};
