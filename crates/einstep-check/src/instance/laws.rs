//! The checker's own normal forms: an expression with some laws applied as far as they go.
//!
//! In: a term, the laws, the equations. Out: its normal form, and how often the law in question was applied.
//! Left to others: which laws belong to which rule (`rules`), comparing (`mark`).
//!
//! Children are in normal form before their parent is made, so each law is a few lines in the function that makes a node
//! of its kind.

mod arrays;
mod blocks;
mod derivatives;
mod functions;
mod measures;
mod products;
mod structure;
mod sums;

pub(crate) use self::measures::{keep_apart, sums_in_products};
pub(crate) use self::structure::{TRANSPOSES, turned};

use crate::instance::equations::Equations;
use crate::instance::laws::measures::{contents, expansion, misplaced, powers_and_factors, written_factors};
use crate::instance::mark::{Order, mark};
use crate::instance::room::{Room, too_large};
use crate::instance::term::{Form, MAX_HEIGHT, Term};
use crate::meter::Trouble;

/// The greatest number of applications of equations to one expression.
const MAX_APPLICATIONS: u32 = 4096;

/// A law of a normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Law {
    /// Numbers are multiplied and added, a factor 1 drops out.
    Numbers,
    /// Zero drops out of sums and makes products zero.
    Zeros,
    /// Powers of one base are merged, those of arrays in elementwise products too.
    Powers,
    /// A power of a product is the product of the powers.
    PowerOfProduct,
    /// A square comes out of a root. The signs of numbers are then compared in value only.
    Roots,
    /// A small power of a sum is a product.
    PowerOfSum,
    /// Sums are taken out of products.
    Flatten,
    /// Factors without the indices of a sum stand in front of it.
    SumScalarsFirst,
    /// Scalars in a product of arrays stand in front of it.
    ScalarsFirst,
    /// The sum of a sum is the sum of the sums.
    Split,
    /// Of the indices that deltas join one is left.
    Contract,
    /// Indices that occur only side by side are one index.
    JoinIndices,
    /// Terms that differ only in their number are added.
    LikeTerms,
    /// A product with a sum is the sum of the products.
    Distribute,
    /// A number times a sum multiplies every term.
    NumberIntoSum,
    /// The number of the first term of a sum is taken out of the sum.
    Content,
    /// Of a sum and its negative one is taken.
    Sign,
    /// A sum is written over one denominator.
    CommonDenominator,
    /// A product of arrays with a sum is the sum of the products.
    MatrixDistribute,
    /// An identity in a product of arrays drops out, ones in an elementwise one.
    Identities,
    /// A matrix power is a product.
    MatrixPower,
    /// The determinant of a matrix power is the power of the determinant.
    PowerOfDet,
    /// The determinant of a Kronecker product is the product of powers of determinants.
    DetOfKron,
    /// The transpose of a sum or of an elementwise product is that of the transposes.
    TransposeOfSum,
    /// The transpose of a product is the product of the transposes in reverse.
    TransposeOfProduct,
    /// The transpose of a function or of a power is that of the transpose.
    TransposeOfFunction,
    /// The factors of a cross product have one order.
    Alternating,
    /// Some matrices equal their transpose.
    Symmetric,
    /// Some matrices are the negative of their transpose.
    Skew,
    /// The inverse of some matrices is their transpose.
    Orthogonal,
    /// A linear function of a multiple is the multiple of the function.
    FunctionOfMultiple,
    /// A diagonal matrix of a sum is the sum of the diagonal matrices.
    DiagOfSum,
    /// Beside an identity in an elementwise product an array is its transpose.
    Mirror,
    /// An element of a commutation matrix is a product of deltas.
    ElementOfCommutation,
    /// A Kronecker product of identities is an identity.
    KronOfIdentities,
    /// A Kronecker product is linear in each factor.
    KronOfSum,
    /// An array is the sum of the arrays of its terms.
    ArrayOfSum,
    /// Commutation matrices before or behind an array exchange indices of its rows or columns.
    ArrayTimesCommutation,
    /// A diagonal matrix of a vector or a stacked matrix beside an array multiplies the entries of the array.
    ArrayTimesDiagonal,
    /// The elementwise product of two arrays over the same indices is an array of products.
    ArrayTimesArray,
    /// An element of a transpose is one of what is transposed.
    ElementOfTranspose,
    /// An element of a sum is the sum of the elements.
    ElementOfSum,
    /// An element of a multiple is the multiple of the element.
    ElementOfMultiple,
    /// An element of an elementwise product is the product of the elements.
    ElementOfHadamard,
    /// An element of an elementwise power is the power of the element.
    ElementOfPower,
    /// An element of a function of an array is the function of the element.
    ElementOfFunction,
    /// Blocks within blocks are blocks.
    BlockNested,
    /// A transpose of a block matrix is the block matrix of the transposes.
    BlockTranspose,
    /// A multiple of a block matrix is the block matrix of the multiples.
    BlockScale,
    /// A sum of block matrices is the block matrix of the sums.
    BlockSum,
    /// A product of block matrices is the block matrix of sums of products.
    BlockProduct,
    /// An elementwise product of block matrices is that of the blocks.
    BlockHadamard,
    /// A function or a power of a block matrix is that of each block.
    BlockFunction,
    /// The trace of a block matrix is that of the blocks on its diagonal.
    BlockTrace,
    /// A sum or a product over all entries of a block matrix is that over the entries of all blocks.
    BlockEntries,
    /// A Kronecker product with a block matrix of scalars on the left is the block matrix of multiples.
    BlockKron,
    /// The diagonal of a block matrix is that of the blocks on it.
    BlockDiagonal,
    /// The determinant of a block matrix by the Schur complement of a block.
    BlockDet,
    /// The inverse of a block matrix by the Schur complement of a block.
    BlockInverse,
    /// The Schur complement is that of the last block, not of the first.
    LastPivot,
    /// An element of a block matrix is one of each block, put at its place.
    ElementOfBlock,
    /// A delta of two different positions is zero.
    DifferentPositions,
    /// The derivative of what is constant is zero.
    Constant,
    /// The derivative passes sums and constant factors.
    Linear,
    /// The product rule.
    Product,
    /// The chain rule for powers.
    ChainOfPower,
    /// The derivative of an element is a product of deltas.
    Element,
}

/// Brings terms to a normal form.
pub(crate) struct Normal<'n, 'a> {
    pub(crate) room: &'n mut Room<'a>,
    pub(crate) laws: &'n [Law],
    pub(crate) equations: &'n Equations,
    /// The law whose applications are counted; the equations are, when there is none.
    pub(crate) counted: Option<Law>,
    pub(crate) count: i128,
    /// How often equations were applied, whether that counts or not.
    applications: u32,
}

impl<'n, 'a> Normal<'n, 'a> {
    pub(crate) fn new(
        room: &'n mut Room<'a>,
        laws: &'n [Law],
        equations: &'n Equations,
        counted: Option<Law>,
    ) -> Normal<'n, 'a> {
        Normal { room, laws, equations, counted, count: 0, applications: 0 }
    }

    /// The normal form of a term.
    pub(crate) fn of(&mut self, term: Term) -> Form<Term> {
        self.applications = 0;
        match self.counted {
            // What these laws do to places and powers shows in the term as it is written.
            Some(Law::Numbers) => self.count += i128::from(misplaced(&term)),
            Some(Law::Powers) => self.count += i128::from(powers_and_factors(&term)),
            Some(Law::Content) => self.count += i128::from(contents(self, &term)),
            Some(Law::MatrixPower) => self.count -= i128::from(written_factors(&term)),
            Some(Law::Distribute | Law::MatrixDistribute) => self.count += expansion(&term),
            _ => {}
        }
        self.normal(term, 2 * MAX_HEIGHT)
    }

    fn has(&self, law: Law) -> bool {
        self.laws.contains(&law)
    }

    fn applied(&mut self, law: Law, times: usize) {
        if self.counted == Some(law) {
            self.count += times as i128;
        }
    }

    fn normal(&mut self, mut term: Term, height: usize) -> Form<Term> {
        let height = height.checked_sub(1).ok_or_else(too_large)?;
        if let Term::Kept(_) = term {
            return Ok(term);
        }
        loop {
            while let Some(next) = self.rewritten(&term)? {
                term = next;
            }
            for child in term.children_mut() {
                let taken = std::mem::replace(child, Term::Add(vec![]));
                *child = self.normal(taken, height)?;
            }
            term = self.made(term)?;
            match self.rewritten(&term)? {
                Some(next) => term = next,
                None => return Ok(term),
            }
        }
    }

    /// The term with the first equation that fits applied at its root.
    fn rewritten(&mut self, term: &Term) -> Form<Option<Term>> {
        self.room.meter.spend(1)?;
        let Some(next) = self.equations.apply(self.room, term)? else { return Ok(None) };
        self.applications += 1;
        if self.applications > MAX_APPLICATIONS {
            return Err(Trouble::Declined("the equations of its rule do not come to an end".into()));
        }
        self.count += i128::from(self.counted.is_none());
        Ok(Some(next))
    }

    /// The normal form of a term whose children are in normal form.
    fn made(&mut self, term: Term) -> Form<Term> {
        if let Some(made) = self.by_blocks(&term)? {
            return Ok(made);
        }
        match term {
            Term::Add(args) => self.add(args),
            Term::Mul(args) => self.mul(args),
            Term::Matmul(args) => self.matmul(args),
            Term::Hadamard(args) => self.hadamard(args),
            Term::Transpose(arg) => self.transpose(*arg),
            Term::Power(pair) => {
                let [base, exponent] = *pair;
                self.power(base, exponent)
            }
            Term::Matpow(base, exponent) => self.matpow(*base, exponent),
            Term::Elem(of, at) => self.elem(*of, at),
            Term::Sum(over, body) => self.sum(over, *body),
            Term::Delta(at) if self.has(Law::DifferentPositions) && self.room.are_different(&at) => {
                self.applied(Law::DifferentPositions, 1);
                Ok(Term::integer(0))
            }
            Term::Array(slots, body) => self.array(slots, *body),
            Term::Partial(pair) => {
                let [body, by] = *pair;
                self.partial(body, by)
            }
            Term::Call(name, args) => self.call(name, args),
            other => Ok(other),
        }
    }

    fn mark(&self, term: &Term) -> Form<u64> {
        self.room.meter.spend(8)?;
        Ok(mark(self.room, term, self.order()))
    }

    /// Which orders count in normal forms.
    pub(crate) fn order(&self) -> Order {
        Order { slots: !self.has(Law::Symmetric), ..Order::NONE }
    }
}
