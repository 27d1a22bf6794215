//! Counts that show in a term as it is written, for laws whose applications do not show in a normal form.
//!
//! In: a term. Out: a number that falls when the law is applied; or the sums that need not be multiplied out.

use crate::field::F;
use crate::instance::laws::Normal;
use crate::instance::laws::products::as_integer;
use crate::instance::mark::{Order, mark};
use crate::instance::room::Room;
use crate::instance::term::{Form, Term};
use rustc_hash::FxHashSet;

fn below(term: &Term, measure: fn(&Term) -> i64) -> i64 {
    term.children().iter().map(measure).sum()
}

/// How many numbers do not stand in front of their product.
pub(super) fn misplaced(term: &Term) -> i64 {
    let own = match term {
        Term::Mul(factors) => {
            let rest = factors.iter().skip_while(|factor| factor.as_number().is_some());
            rest.filter(|factor| factor.as_number().is_some()).count() as i64
        }
        _ => 0,
    };
    own + below(term, misplaced)
}

/// How many sums have one number other than 1 in all their terms, up to sign, or are negative in all.
pub(super) fn contents(normal: &Normal<'_, '_>, term: &Term) -> i64 {
    let own = match term {
        Term::Add(terms) => {
            let numbers: Vec<F> = terms.iter().map(|term| normal.coefficient(term.clone()).0).collect();
            let one_size = numbers.iter().all(|number| size(*number) == size(numbers[0]));
            let negative = numbers.iter().all(|number| *number == -F::ONE);
            i64::from(one_size && (size(numbers[0]) != size(F::ONE) || negative))
        }
        _ => 0,
    };
    own + term.children().iter().map(|child| contents(normal, child)).sum::<i64>()
}

/// A measure that falls when powers of one base are merged.
pub(super) fn powers_and_factors(term: &Term) -> i64 {
    let own = match term {
        // Exponents are multiplied and added where powers are merged.
        Term::Power(pair) => return 1 + powers_and_factors(&pair[0]),
        Term::Mul(factors) | Term::Hadamard(factors) => 2 * (factors.len() as i64 - 1),
        _ => 0,
    };
    own + below(term, powers_and_factors)
}

/// How many factors a term is written with, and powers; a power written out has more.
pub(super) fn written_factors(term: &Term) -> i64 {
    const FACTOR: i64 = 2;
    let own = match term {
        Term::Matpow(..) => 1,
        _ if term.children().is_empty() => FACTOR,
        _ => 0,
    };
    own + below(term, written_factors)
}

/// A measure that falls each time something is multiplied out: a product weighs the product of its factors, a sum more than its
/// terms together.
pub(super) fn expansion(term: &Term) -> i128 {
    const LEAF: i128 = 2;
    const LARGE: i64 = 64;
    let sum = |args: &[Term]| args.iter().map(expansion).fold(0, i128::saturating_add);
    let power = |base: &Term, times: u32| expansion(base).saturating_pow(times);
    match term {
        Term::Add(args) => sum(args).saturating_add(args.len() as i128 - 1),
        Term::Mul(args) | Term::Matmul(args) | Term::Hadamard(args) => {
            // A sign is no factor, but that of a sum is taken into it.
            let is_sign = |arg: &&Term| arg.as_number().is_some_and(|number| size(number) == F::ONE);
            let product = args.iter().filter(|arg| !is_sign(arg)).map(expansion).fold(1, i128::saturating_mul);
            let signed = args.iter().any(|arg| is_sign(&arg)) && args.iter().any(|arg| matches!(arg, Term::Add(_)));
            product.saturating_add(signed.into())
        }
        Term::Power(pair) => match pair[1].as_number().and_then(as_integer) {
            Some(times) if times != 0 && times.abs() <= LARGE => power(&pair[0], times.unsigned_abs() as u32),
            _ => sum(pair.as_slice()).saturating_add(1),
        },
        Term::Matpow(base, times) => power(base, *times),
        Term::Sum(over, body) => expansion(body).saturating_mul(LEAF.saturating_pow(over.len() as u32)),
        Term::Transpose(arg) | Term::Elem(arg, _) => expansion(arg),
        _ if term.children().is_empty() => LEAF,
        _ => sum(term.children()).saturating_add(1),
    }
}

/// Of a number and its negative the one with the smaller residue.
pub(super) fn size(value: F) -> F {
    if value.residue() <= (-value).residue() { value } else { -value }
}

fn is_product(term: &Term) -> bool {
    matches!(term, Term::Mul(_) | Term::Matmul(_) | Term::Hadamard(_) | Term::Power(_))
}

/// The marks of the sums that are factors somewhere in a term.
pub(crate) fn sums_in_products(room: &Room<'_>, term: &Term, marks: &mut FxHashSet<u64>) -> Form<()> {
    room.meter.spend(1)?;
    for child in term.children() {
        if is_product(term) && matches!(child, Term::Add(_)) {
            room.meter.spend(8)?;
            marks.insert(mark(room, child, Order::NONE));
        }
        sums_in_products(room, child, marks)?;
    }
    Ok(())
}

/// Keeps the sums of the given marks apart where they are factors.
pub(crate) fn keep_apart(room: &Room<'_>, term: &mut Term, marks: &FxHashSet<u64>) {
    let is_product = is_product(term);
    for child in term.children_mut() {
        let apart = is_product && matches!(child, Term::Add(_)) && marks.contains(&mark(room, child, Order::NONE));
        match apart {
            true => *child = Term::Kept(Box::new(std::mem::replace(child, Term::integer(0)))),
            false => keep_apart(room, child, marks),
        }
    }
}
