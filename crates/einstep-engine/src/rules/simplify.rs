//! Rules that bring a matrix expression to the form a textbook prints.
//!
//! In: sums and products of matrices. Out: an equal, shorter one. The one measure is [`size`]; the exceptions are
//! conventions of the field, each said where it is made.

use crate::raising::is_symmetric;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Id, Node, Rat, Shape, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The number of names, numbers, operators, calls and transposes of an expression as printed.
pub(crate) fn size(store: &Store, id: Id) -> usize {
    let list = |args: &Args| args.iter().map(|&arg| size(store, arg)).sum::<usize>() + args.len() - 1;
    match store.node(id) {
        Node::Add(args) => {
            let signs = args[1..].iter().filter(|&&arg| is_negative(store, arg)).count();
            list(args) - signs
        }
        // A factor -1 is printed as a sign.
        Node::Mul(args) | Node::Matmul(args) => {
            let minus = args.iter().any(|&arg| store.as_number(arg).is_some_and(|n| *n == Rat::int(-1)));
            list(args) - usize::from(minus)
        }
        Node::Power(base, exponent) => match store.as_number(*exponent) {
            // Printed as a division, whose operator is counted with the product.
            Some(number) if *number == Rat::int(-1) => size(store, *base),
            _ => size(store, *base) + 2,
        },
        Node::Matpow(base, _) => size(store, *base) + 2,
        node => 1 + node.children().iter().map(|&child| size(store, child)).sum::<usize>(),
    }
}

fn is_negative(store: &Store, id: Id) -> bool {
    store.factors(id).iter().any(|&factor| store.as_number(factor).is_some_and(Rat::is_negative))
}

/// The scalar factors of a term and the factors of its array.
fn split(store: &Store, term: Id) -> (Args, Args) {
    let mut scalars = store.factors(term);
    let array = scalars.pop().unwrap_or(term);
    let chain = match store.node(array) {
        Node::Matmul(args) => args.clone(),
        _ => Args::from_slice(&[array]),
    };
    (scalars, chain)
}

/// A transpose moves to the letters.
pub(crate) static TRANSPOSE_PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.product",
        name: "transpose of a product",
        kind: RuleKind::Equation,
        statement: "(A*B)' = B'*A'; (c*A)' = c*A'; A'' = A; I' = I",
        when: "",
        reason: "The transpose of a product is the product of the transposes in reverse order.",
        sentence: "the transpose of a product reverses the order",
        reference: "Matrix Cookbook (4)-(6)",
        example: ("(A*X)'", "X'*A'"),
    },
    scope: Scope::Anywhere,
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
            _ => return None,
        };
        Some(Rewrite::to(to))
    },
};

/// Symmetric symbols equal their transpose.
pub(crate) static SYMMETRIC: Rule = Rule {
    statement: RuleStatement {
        id: "structure.symmetric",
        name: "symmetry",
        kind: RuleKind::Equation,
        statement: "S' = S",
        when: "S is declared symmetric, diagonal or positive-definite and is not the variable, or its transposes moved to \
               the letters give S again",
        reason: "A symmetric matrix equals its transpose.",
        sentence: "{matrix} is symmetric",
        reference: "definition",
        example: ("S'", "S"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Transpose(arg) = *store.node(id) else { return None };
        let symmetric = match store.node(arg) {
            Node::Symbol(_) => is_symmetric(store, arg),
            _ => {
                let turned = transposed(store, arg);
                store.canonical(turned) == store.canonical(arg)
            }
        };
        symmetric.then(|| Rewrite::to(arg).slot("matrix", arg))
    },
};

/// The transpose of an array, moved to the letters.
fn transposed(store: &mut Store, id: Id) -> Id {
    match store.node(id).clone() {
        Node::Add(args) => {
            let args: Args = args.into_iter().map(|arg| transposed(store, arg)).collect();
            store.add(args)
        }
        Node::Matmul(args) => {
            let args: Args = args.into_iter().rev().map(|arg| transposed(store, arg)).collect();
            store.matmul(args)
        }
        Node::Mul(mut args) => {
            if let Some(array) = args.pop() {
                args.push(transposed(store, array));
            }
            store.mul(args)
        }
        Node::Matpow(base, exponent) => {
            let base = transposed(store, base);
            store.intern(Node::Matpow(base, exponent))
        }
        _ if is_symmetric(store, id) => id,
        _ => store.transpose(id),
    }
}

/// Scalars in a product of matrices come to the front.
pub(crate) static SCALARS_FIRST: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.scalars",
        name: "scalars to the front",
        kind: RuleKind::Equation,
        statement: "A*(c*B) = c*(A*B); (c*A)*B = c*(A*B); z*(x'*y) = (x'*y)*z",
        when: "c is a scalar",
        reason: "Scalars commute with matrices.",
        sentence: "scalars come first",
        reference: "linearity of the matrix product",
        example: ("A*(2*x)", "2*(A*x)"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        let mut scalars = Args::new();
        let mut chain = Args::new();
        for &arg in &args {
            match store.node(arg).clone() {
                Node::Mul(mut factors) => {
                    chain.extend(factors.pop());
                    scalars.extend(factors);
                }
                _ => chain.push(arg),
            }
        }
        // A row ... column inside a longer product is a scalar too.
        while let Some((start, end)) = scalar_part(store, &chain) {
            let part: Args = chain.drain(start..=end).collect();
            scalars.push(store.matmul(part));
        }
        if scalars.is_empty() {
            return None;
        }
        if !chain.is_empty() {
            scalars.push(store.matmul(chain));
        }
        Some(Rewrite::to(store.mul(scalars)))
    },
};

/// The shortest part of a product that is a scalar by itself, when it is not the whole.
pub(crate) fn scalar_part(store: &Store, chain: &Args) -> Option<(usize, usize)> {
    let end = (0..chain.len()).find(|&end| {
        store.shape(chain[end]).cols.is_one() && (0..=end).any(|start| store.shape(chain[start]).rows.is_one())
    })?;
    let start = (0..=end).rev().find(|&start| store.shape(chain[start]).rows.is_one())?;
    (end - start + 1 < chain.len()).then_some((start, end))
}

/// The identity drops out of a product, and zeros absorb it.
pub(crate) static IDENTITY: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.identity",
        name: "product with the identity",
        kind: RuleKind::Equation,
        statement: "I*A = A; A*I = A",
        when: "",
        reason: "The identity changes nothing.",
        sentence: "the identity drops out",
        reference: "definition",
        example: ("I*A", "A"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        let rest: Args = args.iter().copied().filter(|&arg| !matches!(store.node(arg), Node::Identity(_))).collect();
        if rest.len() == args.len() {
            return None;
        }
        let to = if rest.is_empty() { args[0] } else { store.matmul(rest) };
        Some(Rewrite::to(to))
    },
};

/// The number that all coefficients of a sum share, up to sign; `None` when it is 1.
fn content(store: &mut Store, id: Id) -> Option<Rat> {
    let Node::Add(terms) = store.node(id).clone() else { return None };
    let mut shared: Option<Rat> = None;
    for term in terms {
        let (coefficient, _) = store.coefficient(term);
        let absolute = if coefficient.is_negative() { coefficient.neg() } else { coefficient };
        if shared.get_or_insert_with(|| absolute.clone()) != &absolute {
            return None;
        }
    }
    shared.filter(|shared| !shared.is_one())
}

/// A number that all summands of a factor share comes to the front.
pub(crate) static CONTENT: Rule = Rule {
    statement: RuleStatement {
        id: "number.content",
        name: "common coefficient of a factor",
        kind: RuleKind::Structural,
        statement: "f*(r*g + r*h) = r*f*(g + h)",
        when: "r is a number",
        reason: "A number that every summand has is a factor of the sum.",
        sentence: "the common coefficient comes to the front",
        reference: "distributivity",
        example: ("A*(2*x + 2*y)", "2*A*(x + y)"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let factors = match store.node(id).clone() {
            Node::Matmul(args) | Node::Mul(args) => args,
            _ => return None,
        };
        // A sum with nothing but a number in front keeps its coefficients.
        if factors.iter().filter(|&&factor| store.as_number(factor).is_none()).count() < 2 {
            return None;
        }
        let (position, shared) =
            factors.iter().enumerate().find_map(|(position, &factor)| Some((position, content(store, factor)?)))?;
        let inverse = shared.recip()?;
        let terms: Args = store
            .terms(factors[position])
            .into_iter()
            .map(|term| {
                let (coefficient, rest) = store.coefficient(term);
                store.scale(coefficient.mul(&inverse), rest)
            })
            .collect();
        // A summand that is left as a sum would be taken in by the sum around it: that is another rule's work.
        if terms.iter().any(|&term| matches!(store.node(term), Node::Add(_))) {
            return None;
        }
        let mut factors = factors;
        factors[position] = store.add(terms);
        let rest = match store.node(id) {
            Node::Matmul(_) => store.matmul(factors),
            _ => store.mul(factors),
        };
        Some(Rewrite::to(store.scale(shared, rest)))
    },
};

/// Which end of the products a common factor stands at.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// A common first or last factor of several summands.
pub(crate) static FACTOR: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.factor",
        name: "common factor",
        kind: RuleKind::Structural,
        statement: "A*B + A*C = A*(B + C); B*A + C*A = (B + C)*A",
        when: "",
        reason: "The matrix product distributes over sums.",
        sentence: "{factor} is a common factor",
        reference: "distributivity",
        example: ("B*x + B'*x", "(B + B')*x"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        if store.shape(id).is_scalar() {
            return None;
        }
        let before = size(store, id);
        let parts: Vec<(Args, Args)> = terms.iter().map(|&term| split(store, term)).collect();
        let mut best: Option<(usize, Id, Id)> = None;
        for side in [Side::Left, Side::Right] {
            for first in 0..parts.len() {
                let Some((to, factor)) = factored(store, &terms, &parts, first, side) else { continue };
                let after = size(store, to);
                if after < before && best.is_none_or(|(least, ..)| after < least) {
                    best = Some((after, to, factor));
                }
            }
        }
        best.map(|(_, to, factor)| Rewrite::to(to).slot("factor", factor))
    },
};

/// The sum with the factor that the term at `first` shares with later ones pulled out, and that factor.
fn factored(store: &mut Store, terms: &Args, parts: &[(Args, Args)], first: usize, side: Side) -> Option<(Id, Id)> {
    let end = |chain: &Args, depth: usize| match side {
        Side::Left => chain.get(depth).copied(),
        Side::Right => chain.len().checked_sub(depth + 1).map(|position| chain[position]),
    };
    let (scalars, chain) = &parts[first];
    let lead = end(chain, 0)?;
    let members: Vec<usize> = (first..parts.len()).filter(|&k| end(&parts[k].1, 0) == Some(lead)).collect();
    if members.len() < 2 || (0..first).any(|k| end(&parts[k].1, 0) == Some(lead)) {
        return None;
    }
    // As many factors as all members share.
    let mut depth = 1;
    while let Some(next) = end(chain, depth) {
        if !members.iter().all(|&k| end(&parts[k].1, depth) == Some(next)) {
            break;
        }
        depth += 1;
    }
    let (unsigned, _) = unsigned(store, scalars);
    let same_scalars = members.iter().all(|&k| self::unsigned(store, &parts[k].0).0 == unsigned);
    let all_equal = members.iter().all(|&k| parts[k].0 == *scalars);
    let mut inner = Args::new();
    for &k in &members {
        let (own_scalars, own) = &parts[k];
        let rest = match side {
            Side::Left => &own[depth..],
            Side::Right => &own[..own.len() - depth],
        };
        let array = match rest {
            [] => {
                let last = end(chain, depth - 1)?;
                let dim = if side == Side::Left { store.shape(last).cols } else { store.shape(last).rows };
                if dim.is_one() {
                    return None;
                }
                store.intern(Node::Identity(dim))
            }
            rest => store.matmul(rest.iter().copied()),
        };
        let own_scalars: Args = if all_equal {
            Args::new()
        } else if same_scalars {
            let (_, negative) = self::unsigned(store, own_scalars);
            if negative { Args::from_slice(&[store.int(-1)]) } else { Args::new() }
        } else {
            own_scalars.clone()
        };
        // A bare identity stands in a sum with coefficient 1 or -1 only.
        if rest.is_empty() && !same_scalars {
            return None;
        }
        inner.push(store.mul(own_scalars.into_iter().chain([array])));
    }
    let outer: Args = if all_equal {
        scalars.clone()
    } else if same_scalars {
        unsigned.clone()
    } else {
        Args::new()
    };
    let sum = store.add(inner);
    let shared: Args = match side {
        Side::Left => chain[..depth].iter().copied().collect(),
        Side::Right => chain[chain.len() - depth..].iter().copied().collect(),
    };
    let factor = store.matmul(shared.iter().copied());
    let product = match side {
        Side::Left => store.matmul(shared.into_iter().chain([sum])),
        Side::Right => store.matmul([sum].into_iter().chain(shared)),
    };
    let pulled = store.mul(outer.into_iter().chain([product]));
    let rest = terms.iter().enumerate().map(|(k, &term)| if k == first { pulled } else { term });
    let rest: Args =
        rest.enumerate().filter(|(k, _)| *k == first || !members.contains(k)).map(|(_, term)| term).collect();
    let to = store.add(rest);
    // Where terms with different scalars are joined, or only some of the terms, it has to be worth it.
    let whole = members.iter().map(|&k| size(store, terms[k])).sum::<usize>() + members.len() - 1;
    let partial = members.len() < terms.len();
    if (!same_scalars || partial) && size(store, pulled) * 4 > whole * 3 {
        return None;
    }
    Some((to, factor))
}

/// The scalars with the sign of their number taken off, and whether it was negative.
fn unsigned(store: &mut Store, scalars: &Args) -> (Args, bool) {
    let mut negative = false;
    let mut rest = Args::new();
    for &scalar in scalars {
        match store.as_number(scalar).cloned() {
            Some(number) => {
                negative ^= number.is_negative();
                let absolute = if number.is_negative() { number.neg() } else { number };
                if !absolute.is_one() {
                    rest.push(store.number(absolute));
                }
            }
            None => rest.push(scalar),
        }
    }
    (rest, negative)
}

/// A product with a sum, where the terms then cancel or merge.
pub(crate) static EXPAND: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.distribute",
        name: "distribute where terms cancel",
        kind: RuleKind::Structural,
        statement: "A*(B + C) = A*B + A*C; (A + B)*C = A*C + B*C; c*(A + B) = c*A + c*B",
        when: "the terms that come out cancel or merge with others, so that the whole gets shorter",
        reason: "The matrix product distributes over sums.",
        sentence: "distributed, terms cancel or merge",
        reference: "distributivity",
        example: ("2*(X + A) - 2*X", "2*X + 2*A - 2*X"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        if store.shape(id).is_scalar() || terms.len() > MAX_EXPANDED {
            return None;
        }
        let mut expanded = Args::new();
        for term in terms {
            let (scalars, chain) = split(store, term);
            let position = chain.iter().position(|&factor| matches!(store.node(factor), Node::Add(_)));
            match position {
                Some(position) => {
                    for summand in store.terms(chain[position]) {
                        let mut chain = chain.clone();
                        // The scalars of the summand come to the front.
                        let mut inner = store.factors(summand);
                        chain[position] = inner.pop()?;
                        let product = store.matmul(chain);
                        expanded.push(store.mul(scalars.iter().copied().chain(inner).chain([product])));
                    }
                }
                None => expanded.push(term),
            }
        }
        let to = store.add(expanded);
        let merged = merged(store, to);
        (size(store, merged) < size(store, id)).then(|| Rewrite::to(to))
    },
};

/// The greatest number of terms that are tried.
const MAX_EXPANDED: usize = 64;

/// A transposed sum, where its terms then cancel or merge with others.
pub(crate) static TRANSPOSE_SUM: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.sum",
        name: "transpose of a sum",
        kind: RuleKind::Equation,
        statement: "c*(A + B)' = c*A' + c*B'; (A + B)' = A' + B'; (c*A)' = c*A'",
        when: "the terms that come out cancel or merge with others, so that the whole gets shorter",
        reason: "The transpose of a sum is the sum of the transposes.",
        sentence: "transposed term by term, terms cancel or merge",
        reference: "Matrix Cookbook (5)",
        example: ("A + (A + B)'", "A + A' + B'"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let (mut turned, mut tried) = (Args::new(), Args::new());
        for &term in &terms {
            let (scalars, chain) = split(store, term);
            let inner = match (chain.as_slice(), store.node(chain[0])) {
                (&[_], &Node::Transpose(sum)) if matches!(store.node(sum), Node::Add(_)) => sum,
                _ => {
                    turned.push(term);
                    tried.push(term);
                    continue;
                }
            };
            for summand in store.terms(inner) {
                let mut factors = store.factors(summand);
                let array = factors.pop()?;
                let plain = store.transpose(array);
                turned.push(store.mul(scalars.iter().chain(&factors).copied().chain([plain])));
                let letters = transposed(store, array);
                tried.push(store.mul(scalars.iter().chain(&factors).copied().chain([letters])));
            }
        }
        let tried = store.add(tried);
        let tried = merged(store, tried);
        let to = store.add(turned);
        (to != id && size(store, tried) < size(store, id)).then(|| Rewrite::to(to))
    },
};

/// The sum with its numbers multiplied and its like terms added.
fn merged(store: &mut Store, id: Id) -> Id {
    let terms: Args = store
        .terms(id)
        .into_iter()
        .map(|term| {
            let (coefficient, rest) = store.coefficient(term);
            store.scale(coefficient, rest)
        })
        .collect();
    let sum = store.add(terms);
    (super::collect::LIKE_TERMS.apply)(store, sum).map_or(sum, |rewrite| rewrite.to)
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
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        // Two different transposed factors stay as the notes write them: V'*W'.
        let gathers = args.len() >= 3 || args[0] == args[1];
        let to = turned(store, id).filter(|_| gathers)?;
        Some(Rewrite::to(store.intern(Node::Transpose(to))))
    },
};

/// A sum of products of transposed matrices is one transpose, when that is shorter.
pub(crate) static GATHER_SUM: Rule = Rule {
    statement: RuleStatement {
        id: "transpose.gather-sum",
        name: "gather transposes of a sum",
        kind: RuleKind::Equation,
        statement: "A' + B' = (A + B)'; B'*A' = (A*B)'; c*A' = (c*A)'",
        when: "every summand is a product of transposed matrices, and the result is shorter",
        reason: "The transpose of a sum is the sum of the transposes.",
        sentence: "one transpose for the whole sum",
        reference: "Matrix Cookbook (5), (6)",
        example: ("B'*X' + X'*B'", "(X*B + B*X)'"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let turned: Option<Args> = terms.iter().map(|&term| turned(store, term)).collect();
        let sum = store.add(turned?);
        let to = store.intern(Node::Transpose(sum));
        (size(store, to) < size(store, id)).then(|| Rewrite::to(to))
    },
};

/// A matrix stands before its own transpose.
pub(crate) static ORDER: Rule = Rule {
    statement: RuleStatement {
        id: "sum.reorder",
        name: "reorder summands",
        kind: RuleKind::Structural,
        statement: "A' + A = A + A'",
        when: "",
        reason: "Addition is commutative; a matrix is written before its transpose.",
        sentence: "a matrix is written before its transpose",
        reference: "arithmetic",
        example: ("B' + B", "B + B'"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let (first, second) = terms.iter().enumerate().find_map(|(first, &term)| {
            let (scalars, chain) = split(store, term);
            let &[factor] = chain.as_slice() else { return None };
            let Node::Transpose(plain) = *store.node(factor) else { return None };
            let mine = |&other: &Id| split(store, other) == (scalars.clone(), Args::from_slice(&[plain]));
            let second = terms[first + 1..].iter().position(mine)?;
            Some((first, first + 1 + second))
        })?;
        let mut terms = terms;
        terms.swap(first, second);
        Some(Rewrite::to(store.add(terms)))
    },
};

/// The transpose of a product of at least two transposed matrices.
fn turned(store: &mut Store, term: Id) -> Option<Id> {
    let (scalars, chain) = split(store, term);
    if chain.len() < 2 {
        return None;
    }
    let mut plain = Args::new();
    for &factor in chain.iter().rev() {
        match *store.node(factor) {
            Node::Transpose(arg) if store.shape(arg).slots().len() == 2 => plain.push(arg),
            _ if is_symmetric(store, factor) => plain.push(factor),
            _ => return None,
        }
    }
    if plain.iter().all(|&factor| is_symmetric(store, factor)) {
        return None;
    }
    let product = store.matmul(plain);
    Some(store.mul(scalars.into_iter().chain([product])))
}

/// Equal neighbours in a product are a power.
pub(crate) static POWER: Rule = Rule {
    statement: RuleStatement {
        id: "matrix.power",
        name: "repeated factors as a power",
        kind: RuleKind::Definition,
        statement: "A*A = A^2; A*A*A = A^3; A^2*A = A^3; A'*A' = (A^2)'",
        when: "A is square",
        reason: "A repeated factor is a power.",
        sentence: "repeated factors are a power",
        reference: "definition",
        example: ("X*X*X", "X^3"),
    },
    scope: Scope::Anywhere,
    apply: |store, id| {
        let Node::Matmul(args) = store.node(id).clone() else { return None };
        let mut runs: Vec<(Id, u32)> = Vec::new();
        for arg in args {
            let (base, exponent) = match store.node(arg) {
                Node::Matpow(base, exponent) => (*base, *exponent),
                _ => (arg, 1),
            };
            match runs.last_mut() {
                Some((last, count)) if *last == base => *count += exponent,
                _ => runs.push((base, exponent)),
            }
        }
        let square = |store: &Store, id: Id| {
            let Shape { rows, cols } = store.shape(id);
            rows == cols
        };
        if !runs.iter().any(|&(base, count)| count > 1 && square(store, base)) {
            return None;
        }
        let factors: Args = runs
            .into_iter()
            .flat_map(|(base, count)| match count {
                1 => vec![base],
                _ if square(store, base) => vec![match *store.node(base) {
                    Node::Transpose(plain) => {
                        let power = store.intern(Node::Matpow(plain, count));
                        store.intern(Node::Transpose(power))
                    }
                    _ => store.intern(Node::Matpow(base, count)),
                }],
                _ => vec![base; count as usize],
            })
            .collect();
        let to = store.matmul(factors);
        (to != id).then(|| Rewrite::to(to))
    },
};
