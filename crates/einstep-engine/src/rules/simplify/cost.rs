//! The one measure of how good a form is: its size as printed, then its transposes.
//!
//! In: a matrix expression. Out: the number of names, numbers, operators, calls and transposes of its text
//! (`einstep_syntax::size` of it). Left to others: what to compare.

use einstep_expr::{Args, Dim, Function, Id, Node, Rat, Store};

/// What a form costs; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cost {
    size: usize,
    transposes: usize,
}

/// The cost of an expression.
pub(crate) fn cost(store: &Store, id: Id) -> Cost {
    Cost { size: size(store, id), transposes: transposes(store, id) }
}

fn transposes(store: &Store, id: Id) -> usize {
    let mut count = usize::from(matches!(store.node(id), Node::Transpose(_)));
    store.node(id).for_each_child(|child| count += transposes(store, child));
    count
}

/// The size of an expression as printed.
pub(crate) fn size(store: &Store, id: Id) -> usize {
    let (unsigned, negative) = signed(store, id);
    unsigned + usize::from(negative)
}

/// The size without the sign in front, and whether there is one.
pub(crate) fn signed(store: &Store, id: Id) -> (usize, bool) {
    let all = |args: &Args| args.iter().map(|&arg| size(store, arg)).sum::<usize>();
    let size = match store.node(id) {
        Node::Number(_) | Node::Mul(_) | Node::Hadamard(_) => return fraction(store, id),
        Node::Power(base, exponent) => match store.as_number(*exponent) {
            Some(exponent) if exponent.is_negative() => return fraction(store, id),
            Some(exponent) => power(size(store, *base), exponent),
            None => size(store, *base) + 1 + size(store, *exponent),
        },
        Node::Symbol(_) => 1,
        Node::Size(dim) => dimension(store, *dim),
        Node::Ones(shape) | Node::Zeros(shape) => {
            1 + shape.slots().iter().map(|&dim| dimension(store, dim)).sum::<usize>()
        }
        // A sign between summands is the operator.
        Node::Add(args) => {
            let parts: Vec<(usize, bool)> = args.iter().map(|&arg| signed(store, arg)).collect();
            // One that is not subtracted will stand first.
            let minus = usize::from(parts.iter().all(|(_, negative)| *negative));
            parts.iter().map(|(size, _)| size).sum::<usize>() + args.len() - 1 + minus
        }
        Node::Matmul(args) => all(args) + args.len() - 1,
        Node::Matpow(base, _) => size(store, *base) + 2,
        Node::Call(function, args) => {
            let axis = usize::from(function.axis() != einstep_expr::Axis::All);
            // An identity in a Kronecker product says its size.
            let is_kron = *function == Function::Kron;
            let sized = args.iter().filter(|&&arg| is_kron && matches!(store.node(arg), Node::Identity(_))).count();
            1 + all(args) + axis + sized
        }
        Node::Elem(of, at) => size(store, *of) + at.len(),
        Node::Sum(over, body) | Node::Prod(over, body) | Node::Array(over, _, body) => {
            1 + over.len() + size(store, *body)
        }
        Node::Delta(..) => 3,
        Node::Eps(_) => 4,
        node => 1 + node.children().iter().map(|&child| size(store, child)).sum::<usize>(),
    };
    (size, false)
}

/// The size of a dimension, a sum of products of names and numbers.
fn dimension(store: &Store, dim: Dim) -> usize {
    let text = store.dims.text(dim);
    1 + 2 * text.chars().filter(|c| matches!(c, '*' | '+')).count()
}

/// The size of a power whose base has a size.
fn power(base: usize, exponent: &Rat) -> usize {
    match exponent.to_string().as_str() {
        "1" => base,
        "1/2" => base + 1,
        // sqrt(x)^3
        text if text.ends_with("/2") => base + 3,
        text if text.contains('/') => base + 4,
        _ => base + 2,
    }
}

/// What stands above or below a bar: how many factors, their sizes together.
#[derive(Default)]
struct Row {
    count: usize,
    size: usize,
}

impl Row {
    fn push(&mut self, size: usize) {
        self.count += 1;
        self.size += size;
    }

    /// With the operators between the factors; an empty row is a 1.
    fn total(&self) -> usize {
        if self.count == 0 { 1 } else { self.size + self.count - 1 }
    }
}

/// The size of a number, product or negative power, printed with a bar where something is divided by.
fn fraction(store: &Store, id: Id) -> (usize, bool) {
    let (mut over, mut under) = (Row::default(), Row::default());
    let mut negative = false;
    let args = store.factors(id);
    let (mut upper, mut lower) = (Row::default(), Row::default());
    for &arg in &args {
        let is_array = !store.shape(arg).is_scalar();
        match store.node(arg) {
            Node::Number(value) => {
                negative ^= value.is_negative();
                let text = value.to_string();
                let (num, den) = text.trim_start_matches('-').split_once('/').unwrap_or((text.as_str(), "1"));
                if num.trim_start_matches('-') != "1" || args.len() == 1 {
                    over.push(1);
                }
                if den != "1" {
                    under.push(1);
                }
            }
            Node::Hadamard(factors) => {
                for &factor in factors {
                    match reciprocal(store, factor) {
                        Some(size) => lower.push(size),
                        None => upper.push(size(store, factor)),
                    }
                }
            }
            Node::Matmul(chain) if is_array => chain.iter().for_each(|&factor| over.push(size(store, factor))),
            _ => match reciprocal(store, arg) {
                Some(size) if is_array => lower.push(size),
                Some(size) => under.push(size),
                None => over.push(size(store, arg)),
            },
        }
    }
    let bar = |under: &Row| if under.count == 0 { 0 } else { 1 + under.total() };
    let scalars = over.total() + bar(&under);
    if upper.count + lower.count == 0 {
        return (scalars, negative);
    }
    // The scalars scale the first factor, or are what is divided.
    let scaled = match (upper.count, over.count + under.count) {
        (0, _) => scalars,
        (_, 0) => upper.total(),
        _ if over.count == 0 => upper.total() + bar(&under),
        _ => upper.total() + scalars + 1,
    };
    (scaled + bar(&lower), negative)
}

/// The size of what stands below the bar for a power with a negative exponent.
fn reciprocal(store: &Store, id: Id) -> Option<usize> {
    let Node::Power(base, exponent) = store.node(id) else { return None };
    let exponent = store.as_number(*exponent).filter(|exponent| exponent.is_negative())?;
    Some(power(size(store, *base), &exponent.neg()))
}
