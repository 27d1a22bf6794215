//! Transposes, and what symmetric, skew and orthogonal matrices do.
//!
//! In: arrays. Out: their transposes moved to the letters. Left to others: products (`arrays`).

use crate::field::F;
use crate::instance::laws::{Law, Normal};
use crate::instance::mark::{Order, mark};
use crate::instance::room::Room;
use crate::instance::term::{Form, Term};

/// An array or its transpose, with all transposes moved to the letters.
pub(crate) fn turned(room: &Room<'_>, array: Term, turn: bool) -> Term {
    if room.is_scalar(&array) {
        return array;
    }
    let one = |arg: Term| turned(room, arg, turn);
    let all = |args: Vec<Term>| args.into_iter().map(one).collect::<Vec<Term>>();
    match array {
        Term::Add(args) => Term::add(all(args)),
        Term::Hadamard(args) => Term::hadamard(all(args)),
        Term::Matmul(mut args) => {
            if turn {
                args.reverse();
            }
            room.matmul(all(args))
        }
        Term::Mul(args) => room.mul(all(args)),
        Term::Power(pair) => {
            let [base, exponent] = *pair;
            Term::power(one(base), one(exponent))
        }
        Term::Matpow(base, exponent) => Term::Matpow(Box::new(one(*base)), exponent),
        Term::Apply(name, arg) => Term::Apply(name, Box::new(one(*arg))),
        Term::Transpose(arg) => turned(room, *arg, !turn),
        Term::Call(name, args) => turned_call(room, name, args, turn),
        Term::Symbol(symbol) if turn && room.structure(symbol).symmetric => array,
        Term::Symbol(symbol) if turn && room.structure(symbol).skew => room.mul(vec![Term::integer(-1), array]),
        Term::Identity(_) => array,
        Term::Ones([rows, cols]) if turn => Term::Ones([cols, rows]),
        Term::Zeros([rows, cols]) if turn => Term::Zeros([cols, rows]),
        Term::Array([rows, cols], body) if turn => Term::Array([cols, rows], body),
        other if turn => room.transpose(other),
        other => other,
    }
}

fn turned_call(room: &Room<'_>, name: &'static str, args: Vec<Term>, turn: bool) -> Term {
    let all = |args: Vec<Term>| args.into_iter().map(|arg| turned(room, arg, turn)).collect::<Vec<Term>>();
    match (name, args.len()) {
        ("inv" | "pinv" | "adj" | "sym" | "kron", _) => Term::Call(name, all(args)),
        ("skew", _) if turn => room.mul(vec![Term::integer(-1), Term::Call(name, args)]),
        ("tril", 1) if turn => Term::Call("triu", all(args)),
        ("triu", 1) if turn => Term::Call("tril", all(args)),
        ("diag", _) if turn && room.shape(&args[0])[1] == crate::instance::term::ONE => Term::Call(name, args),
        ("outer", 2) if turn => Term::Call(name, args.into_iter().rev().collect()),
        ("sum" | "mean" | "prod" | "logsumexp" | "softmax" | "norm", 2) if turn => {
            let along = if args[1].is_number(F::ONE) { 2 } else { 1 };
            let array = args.into_iter().next().map(|array| turned(room, array, true));
            Term::Call(name, array.into_iter().chain([Term::integer(along)]).collect())
        }
        _ if turn => room.transpose(Term::Call(name, args)),
        _ => Term::Call(name, args),
    }
}

impl Normal<'_, '_> {
    pub(super) fn transpose(&mut self, arg: Term) -> Form<Term> {
        match arg {
            Term::Zeros(_) if self.has(Law::Zeros) => Ok(self.zero(&Term::Transpose(Box::new(arg)))),
            Term::Matmul(args) if self.has(Law::MatrixPower) => {
                let turned = args.into_iter().rev().map(|arg| self.room.transpose(arg)).collect();
                self.matmul(turned)
            }
            _ if self.has(Law::Symmetric) && self.is_symmetric(&arg)? => {
                self.applied(Law::Symmetric, 1);
                Ok(arg)
            }
            Term::Symbol(symbol) if self.has(Law::Skew) && self.room.structure(symbol).skew => {
                self.applied(Law::Skew, 1);
                Ok(self.room.mul(vec![Term::integer(-1), arg]))
            }
            Term::Symbol(_) => Ok(self.room.transpose(arg)),
            _ if self.has(Law::Transposes) => {
                let term = self.room.transpose(arg);
                let moved = turned(self.room, term.clone(), false);
                self.applied(Law::Transposes, usize::from(moved != term));
                Ok(moved)
            }
            _ => Ok(self.room.transpose(arg)),
        }
    }

    /// Whether an array is its own transpose by declaration, or because its transposes moved to the letters give itself.
    pub(super) fn is_symmetric(&self, array: &Term) -> Form<bool> {
        let [rows, cols] = self.room.shape(array);
        match array {
            Term::Symbol(symbol) => Ok(self.room.structure(*symbol).symmetric),
            _ if rows != cols => Ok(false),
            _ => {
                self.room.meter.spend(16)?;
                let marks = [false, true].map(|turn| {
                    let moved = turned(self.room, array.clone(), turn);
                    mark(self.room, &moved, Order::NONE)
                });
                Ok(marks[0] == marks[1])
            }
        }
    }

    /// An inverse; of an orthogonal matrix, its transpose.
    pub(super) fn inverse(&mut self, arg: Term) -> Term {
        let letter = if let Term::Transpose(inner) = &arg { inner } else { &arg };
        match letter {
            Term::Symbol(symbol) if self.has(Law::Orthogonal) && self.room.structure(*symbol).orthogonal => {
                self.applied(Law::Orthogonal, 1);
                self.room.transpose(arg)
            }
            _ => Term::Call("inv", vec![arg]),
        }
    }

    /// A product in which an orthogonal matrix does not stand beside its transpose.
    pub(super) fn without_orthogonal(&mut self, chain: Vec<Term>) -> Vec<Term> {
        let mut kept: Vec<Term> = Vec::with_capacity(chain.len());
        let mut removed = None;
        for factor in chain {
            let letter = if let Term::Transpose(inner) = &factor { inner } else { &factor };
            let orthogonal = matches!(letter, Term::Symbol(symbol) if self.room.structure(*symbol).orthogonal);
            if orthogonal && kept.last() == Some(&self.room.transpose(factor.clone())) {
                self.applied(Law::Orthogonal, 1);
                kept.pop();
                removed = Some(Term::Identity(self.room.shape(&factor)[1]));
                continue;
            }
            kept.push(factor);
        }
        if kept.is_empty() { removed.into_iter().collect() } else { kept }
    }
}
