//! Transposes, and what symmetric, skew and orthogonal matrices do.
//!
//! In: arrays. Out: their transposes moved to the letters. Left to others: products (`arrays`).

use crate::field::F;
use crate::instance::equations::Equations;
use crate::instance::laws::{Law, Normal};
use crate::instance::room::Room;
use crate::instance::term::{Form, ONE, Term};

/// Transposes move to the letters, of which some are symmetric or skew.
pub(crate) const TRANSPOSES: &[Law] = &[
    Law::TransposeOfSum,
    Law::TransposeOfProduct,
    Law::TransposeOfFunction,
    Law::ScalarsFirst,
    Law::Symmetric,
    Law::Skew,
    Law::Numbers,
];

/// An array or its transpose, with all transposes moved to the letters.
pub(crate) fn turned(room: &Room<'_>, array: Term, turn: bool) -> Term {
    let is_product = matches!(array, Term::Matmul(_));
    if room.is_scalar(&array) && !is_product {
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
            let flat =
                all(args).into_iter().flat_map(|arg| if let Term::Matmul(args) = arg { args } else { vec![arg] });
            Term::Matmul(flat.collect())
        }
        Term::Mul(args) => room.mul(all(args)),
        Term::Transpose(arg) => turned(room, *arg, !turn),
        Term::Symbol(symbol) if turn && room.structure(symbol).symmetric => array,
        Term::Symbol(symbol) if turn && room.structure(symbol).skew => room.mul(vec![Term::integer(-1), array]),
        Term::Identity(_) => array,
        Term::Call("skew", args) if turn => {
            let part = Term::Call("skew", args.into_iter().map(|arg| turned(room, arg, false)).collect());
            room.mul(vec![Term::integer(-1), part])
        }
        Term::Ones([rows, cols]) if turn => Term::Ones([cols, rows]),
        Term::Zeros([rows, cols]) if turn => Term::Zeros([cols, rows]),
        Term::Array([rows, cols], body) if turn && !rows.is_empty() && !cols.is_empty() => {
            Term::Array([cols, rows], body)
        }
        Term::Power(_) | Term::Matpow(..) | Term::Apply(..) | Term::Call(..) => {
            let inner = if turn { across(room, &array) } else { Some(array.clone()) };
            match inner {
                Some(mut function) => {
                    for arg in function.children_mut() {
                        let taken = std::mem::replace(arg, Term::integer(0));
                        *arg = turned(room, taken, false);
                    }
                    function
                }
                None => room.transpose(array),
            }
        }
        other if turn => room.transpose(other),
        other => other,
    }
}

/// The transpose of a function or power, as one of transposes; `None` where it is none.
fn across(room: &Room<'_>, function: &Term) -> Option<Term> {
    let one = |arg: &Term| room.transpose(arg.clone());
    Some(match function {
        Term::Power(pair) => Term::power(one(&pair[0]), one(&pair[1])),
        Term::Matpow(base, exponent) => Term::Matpow(Box::new(one(base)), *exponent),
        Term::Apply(name, arg) => Term::Apply(name, Box::new(one(arg))),
        Term::Call(name, args) => match (*name, args.as_slice()) {
            ("inv" | "pinv" | "adj" | "skew" | "kron", args) => Term::Call(name, args.iter().map(one).collect()),
            ("tril", [arg]) => Term::Call("triu", vec![one(arg)]),
            ("triu", [arg]) => Term::Call("tril", vec![one(arg)]),
            ("sym", _) => function.clone(),
            ("diag", [arg]) if room.shape(arg)[1] == ONE => function.clone(),
            ("commutation", [m, n]) => Term::Call(name, vec![n.clone(), m.clone()]),
            ("outer", [x, y]) => Term::Call(name, vec![y.clone(), x.clone()]),
            ("sum" | "mean" | "prod" | "logsumexp" | "softmax" | "norm", [array, along]) => {
                let other = if along.is_number(F::ONE) { 2 } else { 1 };
                Term::Call(name, vec![one(array), Term::integer(other)])
            }
            _ => return None,
        },
        _ => return None,
    })
}

impl Normal<'_, '_> {
    pub(super) fn transpose(&mut self, arg: Term) -> Form<Term> {
        let is_letter = matches!(arg, Term::Symbol(_) | Term::Identity(_));
        let moves = [Law::TransposeOfSum, Law::TransposeOfProduct, Law::TransposeOfFunction];
        let moves = moves.iter().any(|law| self.has(*law));
        match arg {
            Term::Zeros(_) if self.has(Law::Zeros) => Ok(self.zero(&Term::Transpose(Box::new(arg)))),
            Term::Matmul(args) if self.has(Law::MatrixPower) => {
                let turned = args.into_iter().rev().map(|arg| self.room.transpose(arg)).collect();
                self.matmul(turned)
            }
            // Where transposes are moved, to where a letter is symmetric, the whole need not be.
            _ if self.has(Law::Symmetric) && (is_letter || !moves) && self.is_symmetric(&arg)? => {
                self.applied(Law::Symmetric, 1);
                Ok(arg)
            }
            Term::Symbol(symbol) if self.has(Law::Skew) && self.room.structure(symbol).skew => {
                self.applied(Law::Skew, 1);
                Ok(self.room.mul(vec![Term::integer(-1), arg]))
            }
            Term::Add(terms) if self.has(Law::TransposeOfSum) => {
                self.applied(Law::TransposeOfSum, terms.len() - 1);
                let terms = self.transposes(terms)?;
                self.add(terms)
            }
            Term::Hadamard(factors) if self.has(Law::TransposeOfSum) => {
                self.applied(Law::TransposeOfSum, factors.len() - 1);
                let factors = self.transposes(factors)?;
                self.hadamard(factors)
            }
            Term::Mul(mut factors) if moves || self.has(Law::Sign) => {
                if let Some(array) = factors.pop() {
                    factors.push(self.transpose(array)?);
                }
                self.applied(Law::TransposeOfSum, 1);
                self.applied(Law::TransposeOfProduct, 1);
                self.mul(factors)
            }
            Term::Matmul(mut factors) if self.has(Law::TransposeOfProduct) => {
                self.applied(Law::TransposeOfProduct, 1);
                factors.reverse();
                let factors = self.transposes(factors)?;
                self.matmul(factors)
            }
            // What is constant is no letter: it has its transpose.
            Term::Ones([rows, cols]) if self.has(Law::TransposeOfSum) || self.has(Law::TransposeOfFunction) => {
                Ok(Term::Ones([cols, rows]))
            }
            Term::Call(..) | Term::Apply(..) | Term::Power(_) | Term::Matpow(..)
                if self.has(Law::TransposeOfFunction) =>
            {
                self.transposed_function(arg)
            }
            _ => Ok(self.room.transpose(arg)),
        }
    }

    fn transposes(&mut self, arrays: Vec<Term>) -> Form<Vec<Term>> {
        arrays.into_iter().map(|array| self.transpose(array)).collect()
    }

    fn transposed_function(&mut self, function: Term) -> Form<Term> {
        let Some(mut across) = across(self.room, &function) else { return Ok(self.room.transpose(function)) };
        self.applied(Law::TransposeOfFunction, 1);
        for arg in across.children_mut() {
            if let Term::Transpose(inner) = arg {
                let inner = std::mem::replace(&mut **inner, Term::integer(0));
                *arg = self.transpose(inner)?;
            }
        }
        match across {
            Term::Call(name @ ("sym" | "skew"), mut args) => self.part(name, args.remove(0)),
            Term::Matpow(base, exponent) => self.matpow(*base, exponent),
            across => Ok(across),
        }
    }

    /// The symmetric or skew part of an array; that of its transpose is the same, or its negative.
    pub(super) fn part(&mut self, name: &'static str, arg: Term) -> Form<Term> {
        let turned = self.transpose(arg.clone())?;
        if self.mark(&arg)? <= self.mark(&turned)? {
            return Ok(Term::Call(name, vec![arg]));
        }
        let part = Term::Call(name, vec![turned]);
        if name == "sym" { Ok(part) } else { self.mul(vec![Term::integer(-1), part]) }
    }

    /// Whether an array is its own transpose by declaration, or because its transposes moved to the letters give itself.
    pub(super) fn is_symmetric(&mut self, array: &Term) -> Form<bool> {
        let [rows, cols] = self.room.shape(array);
        match array {
            Term::Symbol(symbol) => Ok(self.room.structure(*symbol).symmetric),
            Term::Identity(_) => Ok(true),
            _ if rows != cols => Ok(false),
            _ => {
                let none = Equations::default();
                let mut moved = Normal::new(self.room, TRANSPOSES, &none, None);
                let plain = moved.of(array.clone())?;
                let turned = moved.of(Term::Transpose(Box::new(array.clone())))?;
                Ok(moved.mark(&plain)? == moved.mark(&turned)?)
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
