//! Functions of whole arrays.
//!
//! In: the arguments, in normal form. Out: the normal form of the call. Left to others: transposes (`structure`).

use crate::instance::laws::{Law, Normal};
use crate::instance::term::{Form, ONE, Shape, Term};

/// The functions that are linear in each argument that is an array.
const LINEAR: &[&str] = &["tr", "sum", "mean", "diag", "vec", "kron", "sym", "skew", "tril", "triu", "cross"];

impl Normal<'_, '_> {
    pub(super) fn call(&mut self, name: &'static str, mut args: Vec<Term>) -> Form<Term> {
        if let ("kron", [Term::Identity(first), Term::Identity(last)]) = (name, args.as_slice())
            && self.has(Law::KronOfIdentities)
        {
            self.applied(Law::KronOfIdentities, 1);
            return Ok(Term::Identity(self.room.times(*first, *last)));
        }
        if name == "cross" && self.has(Law::Alternating) {
            return self.cross(args);
        }
        if name == "kron" && self.has(Law::KronOfSum) {
            return self.kron_of_sum(args);
        }
        let is_linear = matches!(name, "tr" | "sum" | "diag" | "vec" | "sym" | "skew" | "tril" | "triu" | "kron");
        if is_linear && self.has(Law::Zeros) && args.iter().any(Term::is_zero) {
            return Ok(self.zero(&Term::Call(name, args)));
        }
        let [arg] = args.as_mut_slice() else { return self.multiple(name, args) };
        Ok(match (name, &mut *arg) {
            ("inv", _) => self.inverse(args.remove(0)),
            ("sym" | "skew", _) if self.has(Law::TransposeOfFunction) => return self.part(name, args.remove(0)),
            ("tr", arg) if self.room.is_scalar(arg) => args.remove(0),
            ("det", Term::Matpow(base, exponent)) if self.has(Law::PowerOfDet) => {
                let (base, exponent) = (base.as_ref().clone(), i64::from(*exponent));
                self.applied(Law::PowerOfDet, 1);
                Term::power(Term::Call("det", vec![base]), Term::integer(exponent))
            }
            ("det", Term::Call("kron", _)) if self.has(Law::DetOfKron) => {
                let Term::Call(_, factors) = args.remove(0) else { return Ok(Term::Call(name, args)) };
                return self.det_of_kron(factors);
            }
            ("diag", arg) if self.has(Law::DiagOfSum) && self.room.shape(arg)[1] == ONE => {
                let arg = args.remove(0);
                return self.diag(arg);
            }
            _ => return self.multiple(name, args),
        })
    }

    /// A cross product with its factors in one order.
    fn cross(&mut self, mut factors: Vec<Term>) -> Form<Term> {
        let [first, last] = [self.mark(&factors[0])?, self.mark(&factors[1])?];
        self.applied(Law::Alternating, usize::from(first >= last));
        let product = Term::Call("cross", factors.clone());
        if first == last {
            return Ok(Term::Zeros(self.room.shape(&product)));
        }
        if first < last {
            return Ok(product);
        }
        factors.reverse();
        self.mul(vec![Term::integer(-1), Term::Call("cross", factors)])
    }

    /// The determinant of a Kronecker product: that of each factor, to the size of the other.
    fn det_of_kron(&mut self, factors: Vec<Term>) -> Form<Term> {
        let shapes: Vec<Shape> = factors.iter().map(|factor| self.room.shape(factor)).collect();
        if shapes.iter().any(|[rows, cols]| rows != cols) {
            return Ok(Term::Call("det", vec![Term::Call("kron", factors)]));
        }
        self.applied(Law::DetOfKron, 1);
        let sizes = shapes.iter().rev().map(|[rows, _]| self.room.count(*rows)).collect::<Vec<Term>>();
        let powers = factors.into_iter().zip(sizes);
        let powers = powers.map(|(factor, size)| self.power(Term::Call("det", vec![factor]), size));
        let powers = powers.collect::<Form<_>>()?;
        self.mul(powers)
    }

    /// A diagonal matrix as a sum of multiples.
    fn diag(&mut self, column: Term) -> Form<Term> {
        match column {
            Term::Add(terms) => {
                self.applied(Law::DiagOfSum, terms.len() - 1);
                let terms = terms.into_iter().map(|term| self.diag(term)).collect::<Form<_>>()?;
                self.add(terms)
            }
            Term::Mul(mut factors) => {
                if let Some(column) = factors.pop() {
                    factors.push(self.diag(column)?);
                }
                self.mul(factors)
            }
            Term::Ones([extent, _]) => Ok(Term::Identity(extent)),
            other => Ok(Term::Call("diag", vec![other])),
        }
    }

    /// A Kronecker product with a sum among its factors, as a sum of such products.
    fn kron_of_sum(&mut self, mut args: Vec<Term>) -> Form<Term> {
        let Some(position) = args.iter().position(|arg| matches!(arg, Term::Add(_))) else {
            return self.multiple("kron", args);
        };
        let Term::Add(terms) = args.remove(position) else { return self.multiple("kron", args) };
        self.applied(Law::KronOfSum, terms.len() - 1);
        let products = terms.into_iter().map(|term| {
            let mut args = args.clone();
            args.insert(position, term);
            self.call("kron", args)
        });
        let products = products.collect::<Form<_>>()?;
        self.add(products)
    }

    /// A call whose scalars stand in front, where it is linear.
    fn multiple(&mut self, name: &'static str, mut args: Vec<Term>) -> Form<Term> {
        if !self.has(Law::FunctionOfMultiple) || !LINEAR.contains(&name) {
            return Ok(Term::Call(name, args));
        }
        let mut front = Vec::new();
        for arg in &mut args {
            if let Term::Mul(factors) = arg
                && let Some(array) = factors.pop()
            {
                front.append(factors);
                *arg = array;
            }
        }
        if front.is_empty() {
            return Ok(Term::Call(name, args));
        }
        self.applied(Law::FunctionOfMultiple, front.len());
        front.push(self.call(name, args)?);
        self.mul(front)
    }
}
