//! The question's own spelling: sums and scalars that come back are printed as they were written.
//!
//! In: the value of the question; later the answer. Out: the answer with the spelling of the question.
//! Left to others: products, which are chains of their own, and the whole answer.
//!
//! Two spellings are one scalar or sum when their canonical forms agree after transposes, scalars and signs have been
//! brought to one form. The table is made once, from the question, and handed to the pass.

use super::forms::share;
use super::parts::{argument, negated, transposed};
use super::scalars::reversed;
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Axis, Function, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};
use rustc_hash::{FxHashMap, FxHashSet};

/// The sums and scalars of the question, by a key that all spellings of one of them share.
#[derive(Debug)]
pub(crate) struct Echo {
    spellings: FxHashMap<Id, (Rat, Id)>,
    /// They as they are written.
    written: FxHashSet<Id>,
    /// The numbers of terms that its sums have.
    lengths: FxHashSet<usize>,
    /// The fractions that it writes in several places.
    repeated: Vec<Rat>,
    /// What it inverts.
    inverted: FxHashSet<Id>,
    /// Whether it speaks of means.
    means: bool,
    /// Brings an expression to the form in which spellings are compared.
    normal: fn(&mut Store, Id) -> Id,
}

impl Echo {
    /// The table of a question. `normal` brings an expression to the form in which spellings are compared.
    pub(crate) fn of(store: &mut Store, value: Id, normal: fn(&mut Store, Id) -> Id) -> Echo {
        let mut echo = Echo {
            spellings: FxHashMap::default(),
            written: FxHashSet::default(),
            lengths: FxHashSet::default(),
            repeated: Vec::new(),
            inverted: FxHashSet::default(),
            means: false,
            normal,
        };
        let mut fractions = Vec::new();
        self::fractions(store, value, &mut fractions);
        let several = |number: &&Rat| fractions.iter().filter(|other| other == number).count() > 1;
        echo.repeated = fractions.iter().filter(several).cloned().collect();
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        subexpressions(store, value, &mut seen, &mut found);
        for id in seen {
            match store.node(id) {
                Node::Call(Function::Mean(_), _) => echo.means = true,
                Node::Call(Function::Inv, args) => {
                    echo.inverted.insert(args[0]);
                }
                _ => {}
            }
        }
        echo.written = found.iter().copied().collect();
        for id in found {
            let (number, key) = echo.key(store, id);
            // What is written first is what is shown.
            echo.spellings.entry(key).or_insert((number, id));
            echo.lengths.insert(store.terms(key).len());
        }
        echo
    }

    /// Whether the question writes a fraction in several places, with either sign.
    pub(crate) fn repeats(&self, number: &Rat) -> bool {
        self.repeated.iter().any(|known| known == number || *known == number.neg())
    }

    /// Whether the question inverts an array.
    pub(crate) fn inverts(&self, id: Id) -> bool {
        self.inverted.contains(&id)
    }

    /// Whether the question speaks of means.
    pub(crate) fn has_means(&self) -> bool {
        self.means
    }

    /// The number and the rest of an expression in a form that all its spellings share.
    fn key(&self, store: &mut Store, id: Id) -> (Rat, Id) {
        let plain = (self.normal)(store, id);
        let canonical = store.canonical(plain);
        store.coefficient(canonical)
    }

    /// How the question spells an expression, if it holds it.
    pub(crate) fn spelling(&self, store: &mut Store, id: Id) -> Option<Id> {
        let (number, spelling) = self.multiple(store, id)?;
        number.is_one().then_some(spelling)
    }

    /// The number and the spelling of what the question holds an expression to be a multiple of.
    fn multiple(&self, store: &mut Store, id: Id) -> Option<(Rat, Id)> {
        if !self.lengths.contains(&store.terms(id).len()) {
            return None;
        }
        let (number, key) = self.key(store, id);
        let (own, spelling) = self.spellings.get(&key)?;
        Some((number.mul(&own.recip()?), *spelling))
    }
}

/// The fractions among the factors of products, without their signs, one for each place.
fn fractions(store: &Store, id: Id, found: &mut Vec<Rat>) {
    if let Node::Mul(args) = store.node(id) {
        let numbers = args.iter().filter_map(|&arg| store.as_number(arg)).filter(|number| number.as_int().is_none());
        found.extend(numbers.map(|number| if number.is_negative() { number.neg() } else { number.clone() }));
    }
    store.node(id).for_each_child(|child| fractions(store, child, found));
}

/// The sums and the scalars that are no products in a node, in order.
fn subexpressions(store: &Store, id: Id, seen: &mut FxHashSet<Id>, found: &mut Vec<Id>) {
    if !seen.insert(id) {
        return;
    }
    let of_interest = match store.node(id) {
        Node::Number(_) | Node::Size(_) | Node::Symbol(_) | Node::Mul(_) => false,
        Node::Add(_) => true,
        _ => store.shape(id).is_scalar(),
    };
    if of_interest {
        found.push(id);
    }
    store.node(id).for_each_child(|child| subexpressions(store, child, seen, found));
}

/// Sums and scalars as the question has them.
pub(crate) static SPELLING: Rule = Rule {
    statement: RuleStatement {
        id: "echo.spelling",
        name: "as it was written",
        kind: RuleKind::Structural,
        statement: "A + B = B + A; x'*y = y'*x; sum(A') = sum(A); f*g = g*f",
        when: "the question has the right side",
        reason: "Sums and scalars that come back are written as in the question.",
        sentence: "written as in the question",
        reference: "arithmetic",
        example: ("y'*x", "x'*y"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD.or(Kinds::MATMUL).or(Kinds::CALL).or(Kinds::POWER)),
    apply: |_, _| None,
};

/// [`SPELLING`] for one question.
pub(crate) fn spelled(store: &mut Store, echo: &Echo, id: Id) -> Option<Rewrite> {
    let is_sum = matches!(store.node(id), Node::Add(_));
    let is_scalar = store.shape(id).is_scalar();
    let candidate = is_sum || is_scalar && matches!(store.node(id), Node::Matmul(_) | Node::Call(..) | Node::Power(..));
    // Where the question spells one thing in two ways, each stays.
    if !candidate || echo.written.contains(&id) {
        return None;
    }
    let mut found = echo.spelling(store, id);
    if found.is_none() && is_scalar && matches!(store.node(id), Node::Matmul(_)) {
        let back = reversed(store, id);
        found = echo.spelling(store, back);
    }
    // What has become simpler stays so.
    found.filter(|&to| to != id && share(store, id, to)).map(Rewrite::to)
}

/// A sum whose opposite is in the question.
pub(crate) static SIGN: Rule = Rule {
    statement: RuleStatement {
        id: "echo.sign",
        name: "sign as it was written",
        kind: RuleKind::Structural,
        statement: "A*(B - C) = -A*(C - B); c*(f - g) = -c*(g - f)",
        when: "the question has the right side, or it is shorter",
        reason: "The sign of a factor is a sign of the product.",
        sentence: "the difference is written as in the question",
        reference: "arithmetic",
        example: ("A'*(b - A*x)", "-A'*(A*x - b)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL.or(Kinds::MUL).or(Kinds::HADAMARD)).with(Kinds::ADD),
    apply: |_, _| None,
};

/// [`SIGN`] for one question.
pub(crate) fn signed(store: &mut Store, echo: &Echo, id: Id) -> Option<Rewrite> {
    let factors = match store.node(id).clone() {
        Node::Matmul(args) | Node::Mul(args) | Node::Hadamard(args) => args,
        _ => return None,
    };
    let minus = store.as_number(factors[0]).is_some_and(Rat::is_negative);
    let lone = factors.len() < 2 || factors.len() == 2 && store.as_number(factors[0]).is_some();
    if lone {
        return None;
    }
    for (position, &factor) in factors.iter().enumerate() {
        let (sum, turned) = match *store.node(factor) {
            Node::Transpose(inner) => (inner, true),
            _ => (factor, false),
        };
        if !matches!(store.node(sum), Node::Add(_)) {
            continue;
        }
        let takes = match echo.multiple(store, sum) {
            Some((number, _)) => number == Rat::int(-1),
            None => minus,
        };
        if !takes {
            continue;
        }
        let opposite = negated(store, sum);
        let opposite = if turned { store.transpose(opposite) } else { opposite };
        let mut factors = factors.clone();
        factors[position] = opposite;
        let product = match store.node(id) {
            Node::Matmul(_) => store.matmul(factors),
            Node::Hadamard(_) => store.hadamard(factors),
            _ => store.mul(factors),
        };
        let (number, rest) = store.coefficient(product);
        return Some(Rewrite::to(store.scale(number.neg(), rest)));
    }
    None
}

/// A norm or a product, whichever the question has.
pub(crate) static NORM: Rule = Rule {
    statement: RuleStatement {
        id: "echo.norm",
        name: "norm or product",
        kind: RuleKind::Definition,
        statement: "norm(x)^2 = x'*x; norm(x) = sqrt(x'*x); norm(A)^2 = tr(A'*A); norm(A) = sqrt(tr(A'*A)); \
                    normF(A) = sqrt(tr(A'*A)); normF(A)^2 = tr(A'*A); normF(A)^2 = tr(A*A'); norm(x)^4 = (x'*x)^2; \
                    normF(A)^4 = tr(A'*A)^2",
        when: "the question has the right side; or, read from right to left, the left",
        reason: "The square of the norm is the product of the vector with itself.",
        sentence: "written as in the question",
        reference: "definition",
        example: ("norm(x)^2", "x'*x"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::POWER.or(Kinds::CALL).or(Kinds::MATMUL)),
    apply: |_, _| None,
};

/// [`NORM`] for one question.
pub(crate) fn norm(store: &mut Store, echo: &Echo, id: Id) -> Option<Rewrite> {
    if !store.shape(id).is_scalar() {
        return None;
    }
    let (base, exponent) = store.base_and_exponent(id);
    if let Node::Call(Function::Norm(Axis::All) | Function::NormF, args) = store.node(base).clone() {
        if echo.spelling(store, base).is_some() {
            return None;
        }
        let half = exponent.mul(&Rat::fraction(1, 2));
        let turned = transposed(store, args[0]);
        let product = store.matmul([turned, args[0]]);
        let square = if store.shape(product).is_scalar() { product } else { store.call(Function::Trace, [product]) };
        let written = echo.spelling(store, square)?;
        let found = if share(store, square, written) { written } else { square };
        return Some(Rewrite::to(store.power(found, half)));
    }
    let array = squared(store, base)?;
    if echo.spelling(store, base).is_some() {
        return None;
    }
    let functions = [Function::Norm(Axis::All), Function::NormF];
    let norm = functions.into_iter().find_map(|function| {
        let norm = store.call(function, [array]);
        let written = echo.spelling(store, norm)?;
        Some(if share(store, norm, written) { written } else { norm })
    })?;
    let double = exponent.mul(&Rat::int(2));
    Some(Rewrite::to(store.power(norm, double)))
}

/// The array of which a scalar is the sum of squares.
fn squared(store: &mut Store, id: Id) -> Option<Id> {
    let product = argument(store, id, Function::Trace).unwrap_or(id);
    let Node::Matmul(factors) = store.node(product).clone() else { return None };
    let middle = factors.len() / 2;
    if factors.len() % 2 != 0 {
        return None;
    }
    let left = store.matmul(factors[..middle].iter().copied());
    let right = store.matmul(factors[middle..].iter().copied());
    (transposed(store, left) == right).then_some(right)
}
