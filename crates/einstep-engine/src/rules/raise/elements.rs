//! Elements of sums, multiples, functions and powers, and arrays of them.
//!
//! In: what is made of elements at one place. Out: one element at that place. Left to others: products (`products`,
//! `layers`).

use super::composite::{has_slots, in_slots};
use super::products::{at_position, common_slots, scaled};
use crate::places::at;
use crate::raising::{Network, Reduction, array_of, read};
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Dim, Id, Index, Indices, Kinds, Node, Rat, Shape, Store};
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
    places: at(Kinds::DELTA),
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

/// A function of an element.
pub(crate) static FUNCTION: Rule = Rule {
    statement: RuleStatement {
        id: "raise.function",
        name: "function of an element",
        kind: RuleKind::Scheme,
        statement: "exp(A[i,j]) = exp(A)[i,j]",
        when: "any function of a scalar in place of exp",
        reason: "A function is applied to an array entry by entry.",
        sentence: "the function is applied to every entry",
        reference: "definition",
        example: ("exp(x[l])", "exp(x)[l]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::APPLY).with(Kinds::ELEM),
    apply: |store, id| {
        let Node::Apply(function, arg) = *store.node(id) else { return None };
        let (of, at) = entry(store, arg)?;
        let array = store.apply(function, of);
        Some(Rewrite::to(store.elem(array, at)))
    },
};

/// A power of an element.
pub(crate) static POWER: Rule = Rule {
    statement: RuleStatement {
        id: "raise.power",
        name: "power of an element",
        kind: RuleKind::Scheme,
        statement: "A[i,j]^c = (A.^c)[i,j]; A[i,j]^(B[i,j]) = (A.^B)[i,j]; c^(A[i,j]) = (c.^A)[i,j]",
        when: "c is a scalar",
        reason: "An elementwise power is taken entry by entry.",
        sentence: "the power is taken of every entry",
        reference: "definition",
        example: ("x[l]^3", "(x.^3)[l]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::POWER).with(Kinds::ELEM),
    apply: |store, id| {
        let Node::Power(base, exponent) = *store.node(id) else { return None };
        let (base, exponent, at) = match (store.free(base).is_empty(), store.free(exponent).is_empty()) {
            (false, true) => {
                let (base, at) = entry(store, base)?;
                (base, exponent, at)
            }
            (true, false) => {
                let (exponent, at) = entry(store, exponent)?;
                (base, exponent, at)
            }
            _ => {
                let ((base, at), (exponent, other)) = (entry(store, base)?, entry(store, exponent)?);
                let fits = at == other && store.shape(base) == store.shape(exponent);
                (base, exponent, fits.then_some(at)?)
            }
        };
        let power = store.intern(Node::Power(base, exponent));
        Some(Rewrite::to(store.elem(power, at)))
    },
};

/// The array and the indices of an element; `None` for one on a diagonal, whose array is the diagonal.
fn entry(store: &Store, id: Id) -> Option<(Id, Indices)> {
    let Node::Elem(of, at) = store.node(id) else { return None };
    let distinct = at.iter().enumerate().all(|(position, index)| !at[..position].contains(index));
    (distinct && store.free(*of).is_empty()).then(|| (*of, at.clone()))
}

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
    places: at(Kinds::MUL).with(Kinds::ELEM),
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
    places: at(Kinds::ADD).with(Kinds::ELEM),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let at_positions: Option<Vec<_>> = terms.iter().map(|&term| at_position(store, term)).collect();
        let (parts, at) = match at_positions {
            // Entries of symbols are said best by themselves.
            Some(parts) if parts.iter().any(|(_, of, _)| !matches!(store.node(*of), Node::Symbol(_))) => {
                let at = parts[0].2.clone();
                (parts, at)
            }
            Some(_) => return None,
            None => {
                let at = common_slots(store, &terms)?;
                (terms.iter().map(|&term| scaled(store, term)).collect::<Option<Vec<_>>>()?, at)
            }
        };
        let mut arrays = Args::new();
        for (factors, of, own) in parts {
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
    places: at(Kinds::SUM).with(Kinds::ADD),
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
    places: at(Kinds::ARRAY.or(Kinds::ADD).or(Kinds::POWER).or(Kinds::SUM).or(Kinds::MUL)),
    apply: |store, id| match store.node(id).clone() {
        Node::Array(..) if has_slots(store, id) => in_slots(store, id, with_ones),
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
        Node::Power(base, exponent) if !store.free(base).is_empty() && !store.free(exponent).is_empty() => {
            let all = Indices::from_slice(store.free(id));
            let [wide, broad] = [base, exponent].map(|part| broadcast(store, part, &all));
            if wide.is_none() && broad.is_none() {
                return None;
            }
            let power = Node::Power(wide.unwrap_or(base), broad.unwrap_or(exponent));
            Some(Rewrite::to(store.intern(power)))
        }
        Node::Sum(..) => {
            let term = read(store, id)?;
            let network = &term.plan.network;
            let alone = alone_at_sign(store, network).map(Reduction::Ones);
            let step = alone.as_ref().or(term.next.as_ref())?;
            if let Some(to) = with_ones(store, network, step) {
                return Some(Rewrite::to(to));
            }
            // Where the input multiplies by ones, so does the answer.
            let Reduction::Sum(edges) = step else { return None };
            let ends = |edge: usize| [network.edges[edge].row, network.edges[edge].col].into_iter().flatten();
            let bare = |index: &Index| network.joins(*index, 1);
            let index = edges.iter().find_map(|&edge| {
                times_ones(store, network, edge)?;
                ends(edge).find(bare)
            })?;
            let element = ones(store, Indices::from_slice(&[index]))?;
            let factors = network.factors.iter().copied().chain([element]);
            let product = store.mul(factors);
            Some(Rewrite::to(store.intern(Node::Sum(network.over.clone(), product))))
        }
        _ => None,
    },
};

/// The index of a Levi-Civita symbol that nothing else has, where a cross product with ones is left.
fn alone_at_sign(store: &Store, network: &Network) -> Option<Index> {
    let is_alone = |index: &&Index| {
        let meeting = network.at(**index);
        meeting.bound && meeting.edges.is_empty() && meeting.others == 1
    };
    network.others.iter().find_map(|&position| match store.node(network.factors[position]) {
        Node::Eps(at) if at.iter().filter(|index| network.binds(**index)).count() > 1 => {
            at.iter().find(is_alone).copied()
        }
        _ => None,
    })
}

/// The term times ones over an index of a slot of several, or one that has no factor.
fn with_ones(store: &mut Store, network: &Network, step: &Reduction) -> Option<Id> {
    let Reduction::Ones(index) = step else { return None };
    let element = ones(store, Indices::from_slice(&[*index]))?;
    let product = store.mul(network.factors.iter().copied().chain([element]));
    Some(store.sum(network.over.iter().copied(), product))
}

/// The product of an edge with ones at its bare end, when the store has it.
pub(super) fn times_ones(store: &Store, network: &Network, edge: usize) -> Option<Id> {
    let edge = network.edges[edge];
    let bare = |end: Option<Index>| end.is_some_and(|index| network.joins(index, 1));
    let of = array_of(store, edge.factor);
    let chain = match store.node(of) {
        Node::Matmul(args) => args.clone(),
        _ => Args::from_slice(&[of]),
    };
    let [rows, cols] = [edge.row, edge.col].map(|end| {
        let index = end.filter(|_| bare(end) && network.slot(end).len() == 1)?;
        let rows = store.index_info(index).dim;
        store.find(&Node::Ones(Shape { rows, cols: Dim::ONE }))
    });
    let after = cols.and_then(|ones| store.find(&Node::Matmul(chain.iter().copied().chain([ones]).collect())));
    let before = rows.and_then(|ones| {
        let ones = store.find(&Node::Transpose(ones))?;
        store.find(&Node::Matmul([ones].into_iter().chain(chain.iter().copied()).collect()))
    });
    // A column with ones after it, x'*ones(n).
    let beside = rows.and_then(|ones| {
        let row = store.find(&Node::Transpose(of))?;
        store.find(&Node::Matmul(Args::from_slice(&[row, ones])))
    });
    after.or(before).or(beside)
}

/// The term times ones over the indices that it lacks.
fn broadcast(store: &mut Store, term: Id, all: &[Index]) -> Option<Id> {
    let missing: Indices = all.iter().copied().filter(|index| !store.free(term).contains(index)).collect();
    let element = ones(store, missing)?;
    Some(if store.as_number(term).is_some_and(Rat::is_one) { element } else { store.mul([term, element]) })
}

/// An element of ones, with one index or two.
fn ones(store: &mut Store, at: Indices) -> Option<Id> {
    let dims: Vec<Dim> = at.iter().map(|&index| store.index_info(index).dim).collect();
    let shape = match dims[..] {
        [rows] => Shape { rows, cols: Dim::ONE },
        [rows, cols] => Shape { rows, cols },
        _ => return None,
    };
    let ones = store.intern(Node::Ones(shape));
    Some(store.elem(ones, at))
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
    places: at(Kinds::ARRAY),
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
