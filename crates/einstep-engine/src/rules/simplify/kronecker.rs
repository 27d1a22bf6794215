//! Kronecker products of identities, of columns and rows, in products and in sums.
//!
//! In: expressions with Kronecker products. Out: the same with fewer or simpler ones.
//! Left to others: what comes of the factors.

use super::cost::size;
use super::parts::Term;
use crate::places::at;
use crate::work::{Rewrite, Rule, Scope};
use einstep_expr::{Args, Function, Id, Kinds, Node, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The factors of a Kronecker product, or of the transpose of one.
fn factors(store: &mut Store, id: Id) -> Option<[Id; 2]> {
    match *store.node(id) {
        Node::Call(Function::Kron, ref args) => Some([args[0], args[1]]),
        Node::Transpose(inner) => {
            let factors = factors(store, inner)?;
            Some(factors.map(|factor| store.transpose(factor)))
        }
        _ => None,
    }
}

/// A Kronecker product of identities.
pub(crate) static IDENTITY: Rule = Rule {
    statement: RuleStatement {
        id: "kron.identity",
        name: "Kronecker product of identities",
        kind: RuleKind::Scheme,
        statement: "a Kronecker product of identities is the identity of the product of their sizes",
        when: "",
        reason: "Its blocks are identities on the diagonal and zero elsewhere.",
        sentence: "a Kronecker product of identities is an identity",
        reference: "definition",
        example: ("kron(I,I)", "I"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let Node::Call(Function::Kron, args) = store.node(id) else { return None };
        if !args.iter().all(|&arg| matches!(store.node(arg), Node::Identity(_))) {
            return None;
        }
        let size = store.shape(id).rows;
        Some(Rewrite::to(store.intern(Node::Identity(size))))
    },
};

/// A column and a row.
pub(crate) static OUTER: Rule = Rule {
    statement: RuleStatement {
        id: "kron.outer",
        name: "Kronecker product of a column and a row",
        kind: RuleKind::Equation,
        statement: "kron(x,y') = x*y'; kron(y',x) = x*y'",
        when: "x and y are columns",
        reason: "Each entry of one times the whole other: the products of all pairs of entries.",
        sentence: "a column and a row in a Kronecker product are an outer product",
        reference: "definition",
        example: ("kron(x,y')", "x*y'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let &Node::Call(Function::Kron, ref args) = store.node(id) else { return None };
        let [left, right] = [args[0], args[1]];
        let is_column = |id: Id| store.shape(id).cols.is_one();
        let is_row = |id: Id| store.shape(id).rows.is_one();
        match (is_column(left) && is_row(right), is_row(left) && is_column(right)) {
            (true, _) => Some(Rewrite::to(store.matmul([left, right]))),
            (_, true) => Some(Rewrite::to(store.matmul([right, left]))),
            _ => None,
        }
    },
};

/// A product of two Kronecker products.
pub(crate) static PRODUCT: Rule = Rule {
    statement: RuleStatement {
        id: "kron.product",
        name: "product of Kronecker products",
        kind: RuleKind::Equation,
        statement: "kron(A,B)*kron(C,D) = kron(A*C,B*D); kron(A,B)*kron(C,D)' = kron(A*C',B*D')",
        when: "the factors fit together, and it gets no longer but for a transpose",
        reason: "The blocks a_ij*B and c_jk*D multiply block by block.",
        sentence: "Kronecker products multiply factor by factor",
        reference: "Magnus and Neudecker (2019), chapter 2",
        example: ("kron(A,B)*kron(C,D)", "kron(A*C,B*D)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATMUL).with(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let Node::Matmul(chain) = store.node(id).clone() else { return None };
        for position in 1..chain.len() {
            let (Some([a, b]), Some([c, d])) = (factors(store, chain[position - 1]), factors(store, chain[position]))
            else {
                continue;
            };
            if store.shape(a).cols != store.shape(c).rows || store.shape(b).cols != store.shape(d).rows {
                continue;
            }
            let args = [store.matmul([a, c]), store.matmul([b, d])];
            let mut rest = chain.clone();
            rest[position - 1] = store.call(Function::Kron, args);
            rest.remove(position);
            let to = store.matmul(rest);
            // One Kronecker product is better than two, even where another transpose has to be written.
            if size(store, to) <= size(store, id) + 1 {
                return Some(Rewrite::to(to));
            }
        }
        None
    },
};

/// Kronecker products that share a factor.
pub(crate) static SUM: Rule = Rule {
    statement: RuleStatement {
        id: "kron.sum",
        name: "common factor of Kronecker products",
        kind: RuleKind::Structural,
        statement: "kron(A,B) + kron(A,C) = kron(A,B + C); kron(A,C) + kron(B,C) = kron(A + B,C)",
        when: "it gets shorter",
        reason: "Kronecker products are linear in each factor.",
        sentence: "{factor} is a common factor of the Kronecker products",
        reference: "definition",
        example: ("kron(A,B) + kron(A,C)", "kron(A,B + C)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::ADD).with(Kinds::function(Function::Kron)),
    apply: |store, id| {
        let Node::Add(terms) = store.node(id).clone() else { return None };
        let krons: Vec<(usize, Term, [Id; 2])> = terms
            .iter()
            .enumerate()
            .filter_map(|(position, &term)| {
                let parts = Term::of(store, term);
                match parts.array.map(|array| store.node(array)) {
                    Some(Node::Call(Function::Kron, args)) => Some((position, parts.clone(), [args[0], args[1]])),
                    _ => None,
                }
            })
            .collect();
        for side in [0, 1] {
            for (start, (_, _, first)) in krons.iter().enumerate() {
                let alike: Vec<_> = krons[start..].iter().filter(|(_, _, args)| args[side] == first[side]).collect();
                if alike.len() < 2 {
                    continue;
                }
                let others: Args = alike
                    .iter()
                    .map(|(_, parts, args)| parts.clone().with_array(Some(args[1 - side])).node(store))
                    .collect();
                let sum = store.add(others);
                let args = if side == 0 { [first[0], sum] } else { [sum, first[1]] };
                let kron = store.call(Function::Kron, args);
                let taken = |position: usize| alike.iter().any(|(other, ..)| *other == position);
                let mut rest: Args = (0..terms.len()).filter(|&k| !taken(k)).map(|k| terms[k]).collect();
                rest.insert(0, kron);
                let to = store.add(rest);
                if size(store, to) < size(store, id) {
                    return Some(Rewrite::to(to).slot("factor", first[side]));
                }
            }
        }
        None
    },
};
