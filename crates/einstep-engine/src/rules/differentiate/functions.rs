//! The derivatives of elementwise functions: one chain rule each.
//!
//! In: the pending derivative of a function of a scalar. Out: its outer derivative times the inner one.
//! To add a function, add its name in `einstep_expr::Scalar` and a rule here; `docs/contributing.md` shows one.

use super::{partial, pending};
use crate::lemmas::{Citation, Lemma};
use crate::places::at;
use crate::work::{Need, Needed, Rewrite, Rule, Scope};
use einstep_expr::{Function, Id, Kinds, Node, Rat, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The rules, one for each function.
pub(crate) static FUNCTIONS: [&Rule; 18] = [
    &EXP, &LOG, &SIN, &COS, &TAN, &ASIN, &ACOS, &ATAN, &SINH, &COSH, &TANH, &ABS, &SIGN, &RELU, &STEP, &SIGMOID,
    &SOFTPLUS, &ERF,
];

/// The pending derivative of a function, as `outer` of its argument times the derivative of the argument.
fn chain(store: &mut Store, id: Id, function: Scalar, outer: fn(&mut Store, Id) -> Id) -> Option<Rewrite> {
    let (body, by) = partial(store, id)?;
    let Node::Apply(found, arg) = *store.node(body) else { return None };
    if found != function || !store.varies_by(arg, by) {
        return None;
    }
    let outer = outer(store, arg);
    if store.as_number(outer).is_some_and(Rat::is_zero) {
        return Some(Rewrite::to(outer).slot("inner", arg));
    }
    let inner = pending(store, arg, by);
    Some(Rewrite::to(store.mul([outer, inner])).slot("inner", arg))
}

/// The same, from a lemma.
fn by_lemma(
    store: &mut Store,
    id: Id,
    (function, lemma): (Scalar, Lemma),
    outer: fn(&mut Store, Id) -> Id,
) -> Option<Rewrite> {
    let rewrite = chain(store, id, function, outer)?;
    let (body, by) = partial(store, id)?;
    let of = *store.node(body).children().first()?;
    Some(Rewrite { cites: Some(Citation { lemma, of, by }), ..rewrite })
}

/// The same, where the argument must not be zero.
fn kinked(store: &mut Store, id: Id, function: Scalar, outer: fn(&mut Store, Id) -> Id) -> Option<Rewrite> {
    let rewrite = chain(store, id, function, outer)?;
    let (body, _) = partial(store, id)?;
    let arg = *store.node(body).children().first()?;
    Some(Rewrite { needs: Some(Need { node: arg, kind: Needed::Nonzero }), ..rewrite })
}

fn negative(store: &mut Store, function: Scalar, f: Id) -> Id {
    let value = store.apply(function, f);
    store.scale(Rat::int(-1), value)
}

/// `(1 - f^2)^exponent`
fn one_minus_square(store: &mut Store, f: Id, exponent: Rat) -> Id {
    let square = store.power(f, Rat::int(2));
    let minus = store.scale(Rat::int(-1), square);
    let one = store.int(1);
    let sum = store.add([one, minus]);
    store.power(sum, exponent)
}

/// The derivative of `exp`.
static EXP: Rule = Rule {
    statement: RuleStatement {
        id: "diff.exp",
        name: "derivative of exp",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] exp(f) = exp(f)*(d/dx[l] f)",
        when: "",
        reason: "The exponential is its own derivative.",
        sentence: "chain rule: the derivative of exp, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] exp(x[i])", "exp(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Exp)),
    apply: |store, id| chain(store, id, Scalar::Exp, |store, f| store.apply(Scalar::Exp, f)),
};

/// The derivative of `log`.
static LOG: Rule = Rule {
    statement: RuleStatement {
        id: "diff.log",
        name: "derivative of log",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] log(f) = 1/f*(d/dx[l] f)",
        when: "f is positive",
        reason: "The derivative of the logarithm is the reciprocal.",
        sentence: "chain rule: the derivative of log, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] log(x[i])", "1/x[i]*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Log)),
    apply: |store, id| chain(store, id, Scalar::Log, |store, f| store.power(f, Rat::int(-1))),
};

/// The derivative of `sin`.
static SIN: Rule = Rule {
    statement: RuleStatement {
        id: "diff.sin",
        name: "derivative of sin",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] sin(f) = cos(f)*(d/dx[l] f)",
        when: "",
        reason: "The derivative of the sine is the cosine.",
        sentence: "chain rule: the derivative of sin, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] sin(x[i])", "cos(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Sin)),
    apply: |store, id| chain(store, id, Scalar::Sin, |store, f| store.apply(Scalar::Cos, f)),
};

/// The derivative of `cos`.
static COS: Rule = Rule {
    statement: RuleStatement {
        id: "diff.cos",
        name: "derivative of cos",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] cos(f) = (-sin(f))*(d/dx[l] f)",
        when: "",
        reason: "The derivative of the cosine is minus the sine.",
        sentence: "chain rule: the derivative of cos, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] cos(x[i])", "(-sin(x[i]))*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Cos)),
    apply: |store, id| chain(store, id, Scalar::Cos, |store, f| negative(store, Scalar::Sin, f)),
};

/// The derivative of `tan`.
static TAN: Rule = Rule {
    statement: RuleStatement {
        id: "diff.tan",
        name: "derivative of tan",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] tan(f) = 1/cos(f)^2*(d/dx[l] f)",
        when: "cos(f) is not zero",
        reason: "tan is sin/cos; the quotient rule gives 1/cos^2.",
        sentence: "chain rule: the derivative of tan, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] tan(x[i])", "1/cos(x[i])^2*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Tan)),
    apply: |store, id| {
        chain(store, id, Scalar::Tan, |store, f| {
            let cosine = store.apply(Scalar::Cos, f);
            store.power(cosine, Rat::int(-2))
        })
    },
};

/// The derivative of `asin`.
static ASIN: Rule = Rule {
    statement: RuleStatement {
        id: "diff.asin",
        name: "derivative of asin",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] asin(f) = 1/sqrt(1 - f^2)*(d/dx[l] f)",
        when: "-1 < f < 1",
        reason: "It is the inverse of the sine, whose derivative is the cosine, sqrt(1 - sin^2).",
        sentence: "chain rule: the derivative of asin, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] asin(x[i])", "1/sqrt(1 - x[i]^2)*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Asin)),
    apply: |store, id| chain(store, id, Scalar::Asin, |store, f| one_minus_square(store, f, Rat::fraction(-1, 2))),
};

/// The derivative of `acos`.
static ACOS: Rule = Rule {
    statement: RuleStatement {
        id: "diff.acos",
        name: "derivative of acos",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] acos(f) = (-1/sqrt(1 - f^2))*(d/dx[l] f)",
        when: "-1 < f < 1",
        reason: "It is pi/2 - asin(f).",
        sentence: "chain rule: the derivative of acos, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] acos(x[i])", "(-1/sqrt(1 - x[i]^2))*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Acos)),
    apply: |store, id| {
        chain(store, id, Scalar::Acos, |store, f| {
            let root = one_minus_square(store, f, Rat::fraction(-1, 2));
            store.scale(Rat::int(-1), root)
        })
    },
};

/// The derivative of `atan`.
static ATAN: Rule = Rule {
    statement: RuleStatement {
        id: "diff.atan",
        name: "derivative of atan",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] atan(f) = 1/(1 + f^2)*(d/dx[l] f)",
        when: "",
        reason: "It is the inverse of the tangent, whose derivative is 1 + tan^2.",
        sentence: "chain rule: the derivative of atan, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] atan(x[i])", "1/(1 + x[i]^2)*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Atan)),
    apply: |store, id| {
        chain(store, id, Scalar::Atan, |store, f| {
            let square = store.power(f, Rat::int(2));
            let one = store.int(1);
            let sum = store.add([one, square]);
            store.power(sum, Rat::int(-1))
        })
    },
};

/// The derivative of `sinh`.
static SINH: Rule = Rule {
    statement: RuleStatement {
        id: "diff.sinh",
        name: "derivative of sinh",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] sinh(f) = cosh(f)*(d/dx[l] f)",
        when: "",
        reason: "sinh is (exp(f) - exp(-f))/2.",
        sentence: "chain rule: the derivative of sinh, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] sinh(x[i])", "cosh(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Sinh)),
    apply: |store, id| chain(store, id, Scalar::Sinh, |store, f| store.apply(Scalar::Cosh, f)),
};

/// The derivative of `cosh`.
static COSH: Rule = Rule {
    statement: RuleStatement {
        id: "diff.cosh",
        name: "derivative of cosh",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] cosh(f) = sinh(f)*(d/dx[l] f)",
        when: "",
        reason: "cosh is (exp(f) + exp(-f))/2.",
        sentence: "chain rule: the derivative of cosh, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] cosh(x[i])", "sinh(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Cosh)),
    apply: |store, id| chain(store, id, Scalar::Cosh, |store, f| store.apply(Scalar::Sinh, f)),
};

/// The derivative of `tanh`.
static TANH: Rule = Rule {
    statement: RuleStatement {
        id: "diff.tanh",
        name: "derivative of tanh",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] tanh(f) = (1 - tanh(f)^2)*(d/dx[l] f)",
        when: "",
        reason: "tanh is sinh/cosh; the quotient rule gives 1 - tanh^2.",
        sentence: "chain rule: the derivative of tanh, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] tanh(x[i])", "(1 - tanh(x[i])^2)*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Tanh)),
    apply: |store, id| {
        by_lemma(store, id, (Scalar::Tanh, Lemma::Tanh), |store, f| {
            let own = store.apply(Scalar::Tanh, f);
            one_minus_square(store, own, Rat::ONE)
        })
    },
};

/// The derivative of `abs`.
static ABS: Rule = Rule {
    statement: RuleStatement {
        id: "diff.abs",
        name: "derivative of abs",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] abs(f) = sign(f)*(d/dx[l] f)",
        when: "f is not zero",
        reason: "The absolute value is f where f is positive and -f where it is negative.",
        sentence: "chain rule: the derivative of abs, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] abs(x[i])", "sign(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Abs)),
    apply: |store, id| kinked(store, id, Scalar::Abs, |store, f| store.apply(Scalar::Sign, f)),
};

/// The derivative of `sign`.
static SIGN: Rule = Rule {
    statement: RuleStatement {
        id: "diff.sign",
        name: "derivative of sign",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] sign(f) = 0",
        when: "f is not zero",
        reason: "The sign does not change where f is not zero.",
        sentence: "the sign of {inner} does not change where it is not zero",
        reference: "calculus",
        example: ("d/dx[l] sign(x[i])", "0"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Sign)),
    apply: |store, id| kinked(store, id, Scalar::Sign, |store, _| store.int(0)),
};

/// The derivative of `relu`.
static RELU: Rule = Rule {
    statement: RuleStatement {
        id: "diff.relu",
        name: "derivative of relu",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] relu(f) = step(f)*(d/dx[l] f)",
        when: "f is not zero",
        reason: "relu is f where f is positive and 0 where it is negative.",
        sentence: "chain rule: the derivative of relu, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] relu(x[i])", "step(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Relu)),
    apply: |store, id| kinked(store, id, Scalar::Relu, |store, f| store.apply(Scalar::Step, f)),
};

/// The derivative of `step`.
static STEP: Rule = Rule {
    statement: RuleStatement {
        id: "diff.step",
        name: "derivative of step",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] step(f) = 0",
        when: "f is not zero",
        reason: "The step does not change where f is not zero.",
        sentence: "the step of {inner} does not change where it is not zero",
        reference: "calculus",
        example: ("d/dx[l] step(x[i])", "0"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Step)),
    apply: |store, id| kinked(store, id, Scalar::Step, |store, _| store.int(0)),
};

/// The derivative of `sigmoid`.
static SIGMOID: Rule = Rule {
    statement: RuleStatement {
        id: "diff.sigmoid",
        name: "derivative of sigmoid",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] sigmoid(f) = sigmoid(f)*(1 - sigmoid(f))*(d/dx[l] f)",
        when: "",
        reason: "sigmoid is 1/(1 + exp(-f)); the derivative exp(-f)/(1 + exp(-f))^2 is that times one minus that.",
        sentence: "chain rule: the derivative of sigmoid, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] sigmoid(x[i])", "sigmoid(x[i])*(1 - sigmoid(x[i]))*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Sigmoid)),
    apply: |store, id| {
        by_lemma(store, id, (Scalar::Sigmoid, Lemma::Sigmoid), |store, f| {
            let own = store.apply(Scalar::Sigmoid, f);
            let minus = store.scale(Rat::int(-1), own);
            let one = store.int(1);
            let rest = store.add([one, minus]);
            store.mul([own, rest])
        })
    },
};

/// The derivative of `softplus`.
static SOFTPLUS: Rule = Rule {
    statement: RuleStatement {
        id: "diff.softplus",
        name: "derivative of softplus",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] softplus(f) = sigmoid(f)*(d/dx[l] f)",
        when: "",
        reason: "softplus is log(1 + exp(f)), whose derivative is exp(f)/(1 + exp(f)).",
        sentence: "chain rule: the derivative of softplus, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] softplus(x[i])", "sigmoid(x[i])*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Softplus)),
    apply: |store, id| {
        by_lemma(store, id, (Scalar::Softplus, Lemma::Softplus), |store, f| store.apply(Scalar::Sigmoid, f))
    },
};

/// The derivative of `erf`.
static ERF: Rule = Rule {
    statement: RuleStatement {
        id: "diff.erf",
        name: "derivative of erf",
        kind: RuleKind::Scheme,
        statement: "d/dx[l] erf(f) = 2/sqrt(pi)*exp(-f^2)*(d/dx[l] f)",
        when: "",
        reason: "erf is the integral of 2/sqrt(pi)*exp(-t^2) from 0 to f.",
        sentence: "chain rule: the derivative of erf, times that of {inner}",
        reference: "calculus",
        example: ("d/dx[l] erf(x[i])", "2/sqrt(pi)*exp(-x[i]^2)*d/dx[l] x[i]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::PARTIAL).with(Kinds::scalar(Scalar::Erf)),
    apply: |store, id| {
        chain(store, id, Scalar::Erf, |store, f| {
            let square = store.power(f, Rat::int(2));
            let minus = store.scale(Rat::int(-1), square);
            let bell = store.apply(Scalar::Exp, minus);
            let pi = store.call(Function::Pi, []);
            let root = store.power(pi, Rat::fraction(-1, 2));
            let two = store.int(2);
            store.mul([two, root, bell])
        })
    },
};
