//! The form that spellings of one expression share.
//!
//! In: a matrix expression. Out: one that is the same for all that differ from it only in the order of summands and factors, in
//! where transposes stand, and in which of a scalar product and its transpose is written. Nothing is simplified.
//! Left to others: what is equal by any other rule.

use super::parts::transposed;
use einstep_expr::{Args, Axis, Function, Id, Node, Store};
use rustc_hash::FxHashMap;

/// Whether two expressions differ only in order and transposes.
pub(super) fn share(store: &mut Store, a: Id, b: Id) -> bool {
    let mut forms = Forms { store, known: FxHashMap::default() };
    forms.of(a, false) == forms.of(b, false)
}

struct Forms<'s> {
    store: &'s mut Store,
    known: FxHashMap<(Id, bool), Id>,
}

impl Forms<'_> {
    /// The form of an expression, or of its transpose.
    fn of(&mut self, id: Id, turn: bool) -> Id {
        let turn = turn && !self.store.shape(id).is_scalar();
        if let Some(known) = self.known.get(&(id, turn)) {
            return *known;
        }
        let form = self.made(id, turn);
        self.known.insert((id, turn), form);
        form
    }

    fn made(&mut self, id: Id, turn: bool) -> Id {
        match self.store.node(id).clone() {
            Node::Transpose(arg) => self.of(arg, !turn),
            Node::Add(args) => {
                let args = self.sorted(args, turn);
                self.store.add(args)
            }
            Node::Mul(args) => {
                let args = self.sorted(args, turn);
                self.store.mul(args)
            }
            Node::Hadamard(args) => {
                let args = self.sorted(args, turn);
                self.store.hadamard(args)
            }
            Node::Matmul(args) if self.store.shape(id).is_scalar() => {
                let ways = [false, true].map(|turn| self.chain(&args, turn));
                self.lesser(ways)
            }
            Node::Matmul(args) => self.chain(&args, turn),
            Node::Power(..) | Node::Matpow(..) | Node::Apply(..) => self.with_forms(id, turn),
            Node::Call(function, args) => self.call(id, function, &args, turn),
            _ if turn => transposed(self.store, id),
            _ => id,
        }
    }

    fn call(&mut self, id: Id, function: Function, args: &Args, turn: bool) -> Id {
        let other = |axis| if axis == Axis::Rows { Axis::Cols } else { Axis::Rows };
        let turned = match function {
            Function::Inv | Function::Pinv | Function::Adj | Function::Kron => function,
            Function::Tril => Function::Triu,
            Function::Triu => Function::Tril,
            _ if self.store.shape(id).is_scalar() && args.len() == 1 => {
                // A function of all entries, or one that does not change when its argument is transposed.
                let ways = [false, true].map(|turn| self.of(args[0], turn));
                let arg = self.lesser(ways);
                return self.store.call(function, [arg]);
            }
            Function::Sum(axis) => Function::Sum(other(axis)),
            Function::Mean(axis) => Function::Mean(other(axis)),
            Function::Prod(axis) => Function::Prod(other(axis)),
            Function::Norm(axis) => Function::Norm(other(axis)),
            Function::LogSumExp(axis) => Function::LogSumExp(other(axis)),
            Function::Softmax(axis @ (Axis::Rows | Axis::Cols)) => Function::Softmax(other(axis)),
            _ => {
                let plain = self.with_forms(id, false);
                return if turn { transposed(self.store, plain) } else { plain };
            }
        };
        let args: Args = args.iter().map(|&arg| self.of(arg, turn)).collect();
        self.store.call(if turn { turned } else { function }, args)
    }

    fn with_forms(&mut self, id: Id, turn: bool) -> Id {
        let children: Args = self.store.node(id).children().into_iter().map(|child| self.of(child, turn)).collect();
        self.store.with_children(id, &children)
    }

    fn chain(&mut self, factors: &Args, turn: bool) -> Id {
        let mut factors: Args = factors.iter().map(|&factor| self.of(factor, turn)).collect();
        if turn {
            factors.reverse();
        }
        self.store.matmul(factors)
    }

    fn sorted(&mut self, args: Args, turn: bool) -> Args {
        let mut args: Args = args.into_iter().map(|arg| self.of(arg, turn)).collect();
        args.sort_by(|&a, &b| self.store.compare(a, b));
        args
    }

    fn lesser(&self, [a, b]: [Id; 2]) -> Id {
        if self.store.compare(a, b).is_gt() { b } else { a }
    }
}
