//! Statements as patterns.
//!
//! In: one side of an equation in the input language. Out: a [`Term`] with letters, or why it can't be matched.
//! Left to others: fitting (`matching`), filling in (`filling`).
//!
//! Capitals are arrays, `x y z u v w a b` columns, `m n` dimensions, all other letters scalars. `f[i]` is a scalar in which i
//! may occur. `d/dx[l]` is the derivative by anything, `d/dA[i,j]` by that element of A. The dimensions of A are m and n, that of x is n, unless `ones(m,n)`
//! or the like says otherwise; of statements without arrays, the first dimension belongs to the first index, and so on.

use crate::field::F;
use crate::instance::term::{Extent, Index, Kind, ONE, Slot, Term, array_function, scalar_function};
use crate::ratio::Ratio;
use einstep_syntax::{Big, Expr, ExprKind, Index as Written, Number, Sign, parse_expression, print};

type Read<T> = Result<T, String>;

/// The letters of one equation, numbered in the order in which they come up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letters {
    pub(crate) names: Vec<(Kind, String)>,
    pub(crate) indices: Vec<String>,
    /// Names of dimensions; that of an `I` is empty.
    pub(crate) counts: Vec<String>,
}

fn number<T: PartialEq>(names: &mut Vec<T>, name: T) -> usize {
    names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

/// The dimension with a number among the names of dimensions, in patterns.
pub(crate) fn count_of(extent: Extent) -> Option<usize> {
    (extent.0 as usize).checked_sub(1)
}

impl Letters {
    /// One side of an equation.
    pub(crate) fn side(&mut self, text: &str) -> Read<Term> {
        let parsed = parse_expression(text, 0);
        match parsed.diagnostics.first() {
            Some(diagnostic) => Err(format!("`{text}`: {}", diagnostic.message)),
            None => self.term(&parsed.value),
        }
    }

    pub(crate) fn index(&mut self, name: &str) -> Index {
        number(&mut self.indices, name.to_string()) as Index
    }

    fn indices(&mut self, at: &[Written]) -> Read<Vec<Index>> {
        let name = |index: &Written| match index {
            Written::Name(name) => Ok(self.index(&name.name)),
            Written::Literal(..) => Err("an index that is a number can't be matched".to_string()),
        };
        at.iter().map(name).collect()
    }

    fn letter(&mut self, name: &str, formal: Vec<Index>) -> Term {
        let kind = match name {
            "x" | "y" | "z" | "u" | "v" | "w" | "a" | "b" => Kind::Vector,
            "n" | "m" => return Term::Letter(Kind::Count, number(&mut self.counts, name.to_string()), vec![]),
            _ if name.starts_with(char::is_uppercase) => Kind::Array,
            _ => Kind::Scalar,
        };
        Term::Letter(kind, number(&mut self.names, (kind, name.to_string())), formal)
    }

    /// A dimension by its name.
    fn dimension(&mut self, name: &str) -> Extent {
        Extent(number(&mut self.counts, name.to_string()) as u32 + 1)
    }

    fn dimensions(&mut self, args: &[Expr]) -> Read<[Extent; 2]> {
        let mut dim = |arg: &Expr| match &arg.kind {
            ExprKind::Name(name) => Ok(self.dimension(name)),
            _ => Err("a dimension that is no name can't be matched".to_string()),
        };
        match args {
            [rows] => Ok([dim(rows)?, ONE]),
            [rows, cols] => Ok([dim(rows)?, dim(cols)?]),
            _ => Err("an array of one number has one or two dimensions".into()),
        }
    }

    fn all(&mut self, args: &[Expr]) -> Read<Vec<Term>> {
        args.iter().map(|arg| self.term(arg)).collect()
    }

    fn term(&mut self, expr: &Expr) -> Read<Term> {
        let outside = || Err(format!("`{}` can't be matched", print(expr)));
        Ok(match &expr.kind {
            ExprKind::Number(Number { digits, exponent: 0 }) => Term::Number(F::digits(digits)),
            ExprKind::Name(name) => match name.as_str() {
                // Each has a dimension of its own.
                "I" => {
                    self.counts.push(String::new());
                    Term::Identity(Extent(self.counts.len() as u32))
                }
                "e" => Term::Call("e", vec![]),
                "pi" => Term::Call("pi", vec![]),
                name => self.letter(name, vec![]),
            },
            ExprKind::Negate(arg) => product(vec![Term::integer(-1), self.term(arg)?]),
            ExprKind::Sum(terms) => {
                let term = |(sign, term): &(Sign, Expr)| {
                    let term = self.term(term)?;
                    Ok(if *sign == Sign::Minus { product(vec![Term::integer(-1), term]) } else { term })
                };
                Term::add(terms.iter().map(term).collect::<Read<_>>()?)
            }
            ExprKind::Product(factors) => product(self.all(factors)?),
            ExprKind::Hadamard(factors) => Term::hadamard(self.all(factors)?),
            ExprKind::Quotient(over, under) => product(vec![self.term(over)?, reciprocal(self.term(under)?)]),
            ExprKind::ElementQuotient(over, under) => {
                let (over, under) = (self.term(over)?, Term::power(self.term(under)?, Term::integer(-1)));
                match is_scalar(&over) {
                    true => product(vec![over, under]),
                    false => Term::hadamard(vec![over, under]),
                }
            }
            ExprKind::Transpose(arg) => Term::Transpose(Box::new(self.term(arg)?)),
            ExprKind::Power(base, exponent) => {
                let (base, exponent) = (self.term(base)?, self.term(exponent)?);
                let whole = exponent.as_number().and_then(|number| u32::try_from(number.residue()).ok());
                match whole {
                    _ if is_scalar(&base) => Term::power(base, exponent),
                    Some(exponent) => Term::Matpow(Box::new(base), exponent),
                    None => return outside(),
                }
            }
            ExprKind::ElementPower(base, exponent) => Term::power(self.term(base)?, self.term(exponent)?),
            ExprKind::Kronecker(factors) => {
                let mut factors = self.all(factors)?.into_iter();
                let first = factors.next().unwrap_or(Term::integer(1));
                factors.fold(first, |product, factor| Term::Call("kron", vec![product, factor]))
            }
            ExprKind::Call(name, args) => match self.call(&name.name, args)? {
                Some(call) => call,
                None => return outside(),
            },
            ExprKind::Element(of, at) => match self.element(of, at)? {
                Some(element) => element,
                None => return outside(),
            },
            ExprKind::Big(big, over, body) => {
                let over: Vec<Index> = over.iter().map(|name| self.index(&name.name)).collect();
                let body = Box::new(self.term(body)?);
                match (big, over.as_slice()) {
                    (Big::Sum, _) => Term::Sum(over, body),
                    (Big::Product, _) => Term::Prod(over, body),
                    (Big::Array, &[i]) => Term::Array([vec![i], vec![]], body),
                    (Big::Array, &[i, j]) => Term::Array([vec![i], vec![j]], body),
                    _ => return outside(),
                }
            }
            ExprKind::Derivative(by, body) => {
                if by.name.name.starts_with(char::is_uppercase) {
                    let array = self.letter(&by.name.name, vec![]);
                    let at = self.indices(&by.element)?;
                    let Some(slots) = slots(&array, &at) else { return outside() };
                    return Ok(Term::Partial(Box::new([self.term(body)?, Term::Elem(Box::new(array), slots)])));
                }
                let at = by.element.iter().map(|index| match index {
                    Written::Name(name) => name.name.clone(),
                    Written::Literal(position, _) => position.to_string(),
                });
                let name = format!("{}[{}]", by.name.name, at.collect::<Vec<_>>().join(","));
                let by = number(&mut self.names, (Kind::Variable, name));
                Term::Partial(Box::new([self.term(body)?, Term::Letter(Kind::Variable, by, vec![])]))
            }
            _ => return outside(),
        })
    }

    /// A function of its arguments; `None` for one that can't be matched.
    fn call(&mut self, name: &str, args: &[Expr]) -> Read<Option<Term>> {
        Ok(Some(match (name, args) {
            ("sqrt", [arg]) => Term::power(self.term(arg)?, Term::Number(F::ratio(Ratio::HALF).unwrap_or(F::ONE))),
            ("square", [arg]) => Term::power(self.term(arg)?, Term::integer(2)),
            ("ones", args) => Term::Ones(self.dimensions(args)?),
            ("zeros", args) => Term::Zeros(self.dimensions(args)?),
            ("eye", [arg]) => Term::Identity(self.dimensions(std::slice::from_ref(arg))?[0]),
            (name, args) => match (scalar_function(name), args) {
                (Some(name), [arg]) => Term::Apply(name, Box::new(self.term(arg)?)),
                _ => match array_function(name) {
                    Some(name) => Term::Call(name, self.all(args)?),
                    None => return Ok(None),
                },
            },
        }))
    }

    /// An element; `None` where its indices name no slots.
    fn element(&mut self, of: &Expr, at: &[Written]) -> Read<Option<Term>> {
        let at = self.indices(at)?;
        let name = if let ExprKind::Name(name) = &of.kind { name.as_str() } else { "" };
        Ok(match (name, at.as_slice()) {
            ("delta", &[i, j]) => Some(Term::Delta([vec![i], vec![j]])),
            ("eps", [_, _, _]) => Some(Term::Eps(at)),
            ("f" | "g" | "h" | "c", _) => Some(self.letter(name, at)),
            _ => {
                let of = self.term(of)?;
                slots(&of, &at).map(|slots| Term::Elem(Box::new(of), slots))
            }
        })
    }
}

/// Scalars, whose numbers are one, and arrays.
fn product(factors: Vec<Term>) -> Term {
    let mut number = F::ONE;
    let (mut scalars, mut arrays) = (vec![], vec![]);
    for factor in factors.into_iter().flat_map(Term::into_factors) {
        match factor.as_number() {
            Some(value) => number = number * value,
            None if is_scalar(&factor) => scalars.push(factor),
            None => arrays.push(factor),
        }
    }
    match arrays.len() {
        0 => {}
        1 => scalars.append(&mut arrays),
        _ => {
            let product = Term::Matmul(arrays);
            scalars.push(match is_scalar(&product) {
                true => Term::Elem(Box::new(product), [vec![], vec![]]),
                false => product,
            });
        }
    }
    if number != F::ONE || scalars.is_empty() {
        scalars.insert(0, Term::Number(number));
    }
    if scalars.len() == 1 { scalars.remove(0) } else { Term::Mul(scalars) }
}

/// One over a scalar: of a product, the product of those of its factors.
fn reciprocal(under: Term) -> Term {
    let one = |factor: Term| match factor {
        Term::Number(value) => value.inverse().map_or(Term::power(factor, Term::integer(-1)), Term::Number),
        Term::Power(pair) if pair[1].as_number().is_some() => {
            let exponent = pair[1].as_number().unwrap_or(F::ONE);
            Term::power(pair[0].clone(), Term::Number(-exponent))
        }
        other => Term::power(other, Term::integer(-1)),
    };
    product(under.into_factors().into_iter().map(one).collect())
}

/// Whether the rows and the columns of a pattern may be several.
fn shape(pattern: &Term) -> [bool; 2] {
    let widest = |args: &[Term]| args.iter().map(shape).find(|shape| *shape != [false, false]).unwrap_or_default();
    match pattern {
        Term::Letter(Kind::Array, ..) | Term::Identity(_) => [true, true],
        Term::Letter(Kind::Vector, ..) => [true, false],
        Term::Ones(shape) | Term::Zeros(shape) => shape.map(|extent| extent != ONE),
        Term::Add(args) | Term::Hadamard(args) => widest(args),
        Term::Power(pair) => widest(pair.as_slice()),
        Term::Mul(args) => args.last().map_or([false, false], shape),
        Term::Matmul(args) => match (args.first(), args.last()) {
            (Some(first), Some(last)) => [shape(first)[0], shape(last)[1]],
            _ => [false, false],
        },
        Term::Transpose(arg) => {
            let [rows, cols] = shape(arg);
            [cols, rows]
        }
        Term::Matpow(arg, _) | Term::Apply(_, arg) => shape(arg),
        Term::Array([rows, cols], _) => [!rows.is_empty(), !cols.is_empty()],
        Term::Call(name, args) => {
            let [rows, cols] = args.first().map_or([false, false], shape);
            match *name {
                "inv" | "adj" | "sym" | "skew" | "tril" | "triu" | "softmax" | "cross" => [rows, cols],
                "pinv" => [cols, rows],
                "diag" => [true, !cols],
                "vec" => [true, false],
                "kron" | "outer" => [true, true],
                _ if args.get(1).is_some_and(|second| second.is_number(F::ONE)) => [false, true],
                "sum" | "mean" | "prod" | "logsumexp" | "norm" if args.len() == 2 => [true, false],
                _ => [false, false],
            }
        }
        _ => [false, false],
    }
}

fn is_scalar(pattern: &Term) -> bool {
    shape(pattern) == [false, false]
}

/// Written indices at the slots of an array.
fn slots(of: &Term, at: &[Index]) -> Option<[Slot; 2]> {
    match (of, at) {
        (Term::Call("kron", _), &[i, k, j, l]) => Some([vec![i, k], vec![j, l]]),
        (Term::Call("vec", _), &[j, i]) => Some([vec![j, i], vec![]]),
        (_, &[i]) if shape(of) == [false, true] => Some([vec![], vec![i]]),
        (_, &[i]) => Some([vec![i], vec![]]),
        (_, &[i, j]) => Some([vec![i], vec![j]]),
        _ => None,
    }
}
