//! Rules about elementwise products: one commutative layer, like that of scalars.
//!
//! In: elementwise products and powers. Out: the same with fewer factors. Left to others: diagonal matrices.

use super::cost::size;
use super::parts::{argument, chain, is_column, is_ones, is_row, ones, transposed};
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Rat, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// Scalars in an elementwise product come to the front.
pub(crate) static SCALARS: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.scalars",
        name: "scalars out of an elementwise product",
        kind: RuleKind::Equation,
        statement: "(c*A) .* B = c*(A .* B); (c*A).^r = c^r*A.^r; 1 ./ (c*A) = 1/c*(1 ./ A)",
        when: "c is a scalar, r an integer",
        reason: "A scalar multiplies each entry.",
        sentence: "scalars come first",
        reference: "definition",
        example: ("(2*x) .* y", "2*(x .* y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD.or(Kinds::POWER)),
    apply: |store, id| match store.node(id).clone() {
        Node::Hadamard(args) => {
            let mut scalars = Args::new();
            let mut entries = Args::new();
            for arg in args {
                let mut factors = store.factors(arg);
                entries.extend(factors.pop());
                scalars.extend(factors);
            }
            if scalars.is_empty() {
                return None;
            }
            scalars.push(store.hadamard(entries));
            Some(Rewrite::to(store.mul(scalars)))
        }
        Node::Power(base, exponent) if !store.shape(base).is_scalar() => {
            let number = store.as_number(exponent).filter(|number| number.as_int().is_some())?.clone();
            let mut factors = store.factors(base);
            if factors.len() < 2 {
                return None;
            }
            let array = factors.pop()?;
            let mut factors: Args = factors
                .into_iter()
                .map(|factor| match store.as_number(factor).and_then(|value| value.pow(number.as_int()?)) {
                    Some(value) => store.number(value),
                    None => store.power(factor, number.clone()),
                })
                .collect();
            factors.push(store.power(array, number));
            Some(Rewrite::to(store.mul(factors)))
        }
        _ => None,
    },
};

/// Powers of one array in an elementwise product.
pub(crate) static POWERS: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.powers",
        name: "elementwise powers of one array",
        kind: RuleKind::Equation,
        statement: "A .* A = A.^2; A .* A.^r = A.^(1 + r); A.^r .* A.^s = A.^(r + s); (A.^r).^s = A.^(r*s); A ./ A = ones(m,n)",
        when: "no entry of A is zero where an exponent is negative; r and s are integers in a power of a power",
        reason: "Exponents of one base add up.",
        sentence: "elementwise powers of one array are one power",
        reference: "arithmetic",
        example: ("x .* x", "x.^2"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD.or(Kinds::POWER)),
    apply: |store, id| match store.node(id).clone() {
        Node::Hadamard(args) => {
            let mut merged: Vec<(Id, Id, Rat)> = Vec::new();
            for &arg in &args {
                let (base, exponent) = store.base_and_exponent(arg);
                let key = store.canonical(base);
                match merged.iter_mut().find(|(other, ..)| *other == key) {
                    Some((_, _, total)) => *total = total.add(&exponent),
                    None => merged.push((key, base, exponent)),
                }
            }
            if merged.len() == args.len() {
                return None;
            }
            let shape = store.shape(id);
            let factors: Args = merged
                .into_iter()
                .filter(|(_, _, exponent)| !exponent.is_zero())
                .map(|(_, base, exponent)| store.power(base, exponent))
                .collect();
            let to = if factors.is_empty() { ones(store, shape) } else { store.hadamard(factors) };
            Some(Rewrite::to(to))
        }
        Node::Power(base, outer) if !store.shape(base).is_scalar() => {
            let Node::Power(inner_base, inner) = *store.node(base) else { return None };
            let (outer, inner) = (store.as_number(outer)?.clone(), store.as_number(inner)?.clone());
            let integers = outer.as_int().is_some() && inner.as_int().is_some();
            // A root of what is not negative may be squared; the other way round it is an absolute value.
            let safe = integers || (outer.as_int().is_some() && !inner.is_even());
            safe.then(|| Rewrite::to(store.power(inner_base, outer.mul(&inner))))
        }
        _ => None,
    },
};

/// Ones in an elementwise product.
pub(crate) static ONES: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.ones",
        name: "elementwise product with ones",
        kind: RuleKind::Equation,
        statement: "ones(m,n) .* A = A; ones(m,n).^r = ones(m,n); (u*ones(n)') .* A = diag(u)*A; (ones(m)*v') .* A = A*diag(v)",
        when: "any exponent",
        reason: "One times an entry is the entry.",
        sentence: "ones change nothing",
        reference: "definition",
        example: ("ones(n) .* x", "x"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD.or(Kinds::POWER)),
    apply: |store, id| match store.node(id).clone() {
        Node::Hadamard(args) => {
            if let Some(position) = args.iter().position(|&arg| is_ones(store, arg)) {
                let mut rest = args;
                rest.remove(position);
                return Some(Rewrite::to(store.hadamard(rest)));
            }
            let (position, outer) = args.iter().enumerate().find_map(|(position, &arg)| {
                let factors = chain(store, arg);
                let &[column, row] = factors.as_slice() else { return None };
                let outer = is_column(store, column) && is_row(store, row);
                (outer && (is_ones(store, column) || is_ones(store, row))).then_some((position, [column, row]))
            })?;
            let mut rest = args;
            rest.remove(position);
            let rest = store.hadamard(rest);
            let [column, row] = outer;
            let to = if is_ones(store, row) {
                let left = store.call(Function::Diag, [column]);
                store.matmul([left, rest])
            } else {
                let column = store.transpose(row);
                let right = store.call(Function::Diag, [column]);
                store.matmul([rest, right])
            };
            Some(Rewrite::to(to))
        }
        Node::Power(base, _) if is_ones(store, base) => Some(Rewrite::to(base)),
        _ => None,
    },
};

/// Outer products multiplied entry by entry.
pub(crate) static OUTER: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.outer",
        name: "elementwise product of outer products",
        kind: RuleKind::Equation,
        statement: "(x*y') .* (u*v') = (x .* u)*(y .* v)'",
        when: "the result is shorter",
        reason: "Both have the entries x[i]*y[j]*u[i]*v[j].",
        sentence: "the columns and the rows are multiplied entry by entry",
        reference: "definition",
        example: ("(x*y') .* (x*y')", "(x .* x)*(y .* y)'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD),
    apply: |store, id| {
        let Node::Hadamard(args) = store.node(id).clone() else { return None };
        let outer = |store: &Store, arg: Id| {
            let factors = chain(store, arg);
            let split = factors.iter().position(|&factor| is_row(store, factor))?;
            let (left, right) = factors.split_at(split);
            (!left.is_empty()).then(|| (Args::from_slice(left), Args::from_slice(right)))
        };
        let outers: Vec<(usize, (Args, Args))> =
            args.iter().enumerate().filter_map(|(position, &arg)| Some((position, outer(store, arg)?))).collect();
        if outers.len() < 2 {
            return None;
        }
        let columns: Args = outers.iter().map(|(_, (left, _))| store.matmul(left.iter().copied())).collect();
        let rows: Args = outers
            .iter()
            .map(|(_, (_, right))| {
                let row = store.matmul(right.iter().copied());
                store.transpose(row)
            })
            .collect();
        let (column, row) = (store.hadamard(columns), store.hadamard(rows));
        let row = store.transpose(row);
        let product = store.matmul([column, row]);
        let rest = args.iter().enumerate().filter(|(k, _)| !outers.iter().any(|(position, _)| position == k));
        let rest: Args = rest.map(|(_, &arg)| arg).chain([product]).collect();
        let to = store.hadamard(rest);
        (size(store, to) <= size(store, id)).then(|| Rewrite::to(to))
    },
};

/// Elementwise products with a diagonal matrix.
pub(crate) static DIAGONAL: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.diagonal",
        name: "elementwise product with a diagonal matrix",
        kind: RuleKind::Equation,
        statement: "diag(x) .* diag(y) = diag(x .* y); diag(x) .* I = diag(x); I .* I = I; I.^2 = I; diag(x) .* A = diag(x .* diag(A))",
        when: "",
        reason: "Only the entries on the diagonal are left.",
        sentence: "only the diagonal is left",
        reference: "definition",
        example: ("diag(x) .* diag(y)", "diag(x .* y)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::POWER.or(Kinds::HADAMARD)).with(Kinds::IDENTITY),
    apply: |store, id| {
        if let Node::Power(base, exponent) = *store.node(id) {
            let square = store.as_number(exponent).is_some_and(|r| *r == Rat::int(2));
            let identity = matches!(store.node(base), Node::Identity(_));
            return (identity && square).then(|| Rewrite::to(base));
        }
        let Node::Hadamard(args) = store.node(id).clone() else { return None };
        let is_identity = |store: &Store, id: Id| matches!(store.node(id), Node::Identity(_));
        let identities = args.iter().filter(|&&arg| is_identity(store, arg)).count();
        let diagonals: Vec<Id> = args.iter().filter_map(|&arg| argument(store, arg, Function::Diag)).collect();
        if diagonals.is_empty() {
            if identities < 2 {
                return None;
            }
            let mut seen = false;
            let keeps = |&arg: &Id| !is_identity(store, arg) || !std::mem::replace(&mut seen, true);
            let rest: Args = args.iter().copied().filter(keeps).collect();
            return Some(Rewrite::to(store.hadamard(rest)));
        }
        let others = args
            .iter()
            .copied()
            .filter(|&arg| !is_identity(store, arg) && argument(store, arg, Function::Diag).is_none());
        let others: Args = others.collect();
        let others: Args = others.into_iter().map(|arg| store.call(Function::Diagonal, [arg])).collect();
        let product = store.hadamard(diagonals.into_iter().chain(others));
        let to = store.call(Function::Diag, [product]);
        (to != id).then(|| Rewrite::to(to))
    },
};

/// Beside an identity only the diagonal is left, which a transpose leaves as it is.
pub(crate) static TRANSPOSE: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.transpose",
        name: "transpose beside an identity",
        kind: RuleKind::Structural,
        statement: "A' .* I = A .* I",
        when: "the result is shorter",
        reason: "Only the diagonal is left, which A and its transpose have in common.",
        sentence: "on the diagonal the transpose makes no difference",
        reference: "definition",
        example: ("inv(L)' .* I", "inv(L) .* I"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD).with(Kinds::IDENTITY),
    apply: |store, id| {
        let Node::Hadamard(args) = store.node(id).clone() else { return None };
        args.iter().find(|&&arg| matches!(store.node(arg), Node::Identity(_)))?;
        let turned: Args = args.iter().map(|&arg| untransposed(store, arg)).collect();
        (turned != args).then(|| Rewrite::to(store.hadamard(turned)))
    },
};

/// An array or its transpose, whichever is shorter.
fn untransposed(store: &mut Store, id: Id) -> Id {
    let turned = transposed(store, id);
    if size(store, turned) < size(store, id) { turned } else { id }
}

/// A mask of ones and zeros is the triangle of what it multiplies.
pub(crate) static TRIANGLE: Rule = Rule {
    statement: RuleStatement {
        id: "hadamard.triangle",
        name: "mask as a triangle",
        kind: RuleKind::Definition,
        statement: "tril(ones(m,n)) .* A = tril(A); triu(ones(m,n)) .* A = triu(A)",
        when: "",
        reason: "A triangle keeps some entries and puts 0 for the others: it multiplies by a mask of ones and zeros.",
        sentence: "the mask keeps a triangle",
        reference: "definition",
        example: ("tril(ones(m,n)) .* (a*b')", "tril(a*b')"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::HADAMARD).with(Kinds::function(Function::Tril).or(Kinds::function(Function::Triu))),
    apply: |store, id| {
        let Node::Hadamard(args) = store.node(id).clone() else { return None };
        let (position, function) = args.iter().enumerate().find_map(|(position, &arg)| match store.node(arg) {
            Node::Call(function @ (Function::Tril | Function::Triu), inner) if is_ones(store, inner[0]) => {
                Some((position, *function))
            }
            _ => None,
        })?;
        let mut rest = args;
        rest.remove(position);
        let product = store.hadamard(rest);
        Some(Rewrite::to(store.call(function, [product])))
    },
};
