//! How each rule is verified.
//!
//! In: the id of a rule. Out: what has to agree before and after, and which way a count has to go.
//! Left to others: normal forms (`laws`), statements (`equations`).
//!
//! A step is an instance of a rule when both sides have one normal form under the equations and laws of the rule, and the
//! rule was applied at least once, in its direction: rewritten with the equation, the side that has what the equation looks
//! for takes more applications than the other.
//!
//! How to add a line:
//! - an equation or definition that the step reads from left to right is `unfolds`, from right to left `recognises`;
//! - what holds of any number of terms or factors is `applies` or `undoes`, with the law that is counted first;
//! - the other laws say what the step may tidy up besides: as few as the steps of the rule need, since both sides are
//!   brought to one form by them;
//! - a new law is a variant of `Law` and a few lines where `laws` makes the node that it is about. Where its applications do
//!   not show in a normal form, `laws::measures` counts what falls in the term as it is written.
//!
//! `tests/tests/instances.rs` cites other rules for each step, all of which have to be refused but for a few.

use crate::instance::equations::Side;
use crate::instance::laws::{Law, TRANSPOSES};
use crate::instance::mark::Order;

/// Which way the count goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The step applies what is counted: fewer applications are left after it.
    Applies,
    /// The step undoes what is counted: more applications are possible after it.
    Undoes,
    /// The step does either, at some places one, at others the other; its sides differ without the rule.
    Either,
}

/// What a rule may do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    /// Its statement, with this side rewritten to the other, and some laws that do not count.
    Statement(Side, &'static [Law]),
    /// The first of these laws; the others do not count.
    Laws(&'static [Law]),
    /// One of several lists of laws, each as above.
    OneOf(&'static [&'static [Law]]),
    /// Another order of factors or terms: the order that still counts, and some laws.
    Order(Order, &'static [Law]),
}

/// How a rule is verified.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verifier {
    pub(crate) id: &'static str,
    pub(crate) by: By,
    pub(crate) way: Way,
}

const fn unfolds(id: &'static str, laws: &'static [Law]) -> Verifier {
    Verifier { id, by: By::Statement(Side::Left, laws), way: Way::Applies }
}

const fn recognises(id: &'static str, laws: &'static [Law]) -> Verifier {
    Verifier { id, by: By::Statement(Side::Right, laws), way: Way::Undoes }
}

const fn applies(id: &'static str, laws: &'static [Law]) -> Verifier {
    Verifier { id, by: By::Laws(laws), way: Way::Applies }
}

const fn applies_one(id: &'static str, laws: &'static [&'static [Law]]) -> Verifier {
    Verifier { id, by: By::OneOf(laws), way: Way::Applies }
}

const fn undoes(id: &'static str, laws: &'static [Law]) -> Verifier {
    Verifier { id, by: By::Laws(laws), way: Way::Undoes }
}

const fn either(id: &'static str, by: By) -> Verifier {
    Verifier { id, by, way: Way::Either }
}

/// Every rule.
pub(crate) const VERIFIERS: &[Verifier] = &[
    unfolds("lower.norm", &[]),
    applies("lower.power", &[Law::MatrixPower]),
    unfolds("lower.trace", &[]),
    unfolds("lower.matmul", &[Law::Flatten]),
    unfolds("lower.transpose", &[]),
    applies("lower.add", &[Law::ElementOfSum, Law::ElementOfMultiple]),
    applies("lower.scale", &[Law::ElementOfMultiple]),
    unfolds("lower.constant", &[]),
    applies("lower.hadamard", &[Law::ElementOfHadamard, Law::ElementOfMultiple]),
    unfolds("lower.array", &[]),
    unfolds("lower.diag", &[]),
    unfolds("lower.sum", &[]),
    unfolds("lower.mean", &[Law::Numbers, Law::PowerOfProduct]),
    unfolds("lower.prod", &[]),
    unfolds("lower.norm1", &[]),
    unfolds("lower.norm-along", &[]),
    unfolds("lower.softmax", &[]),
    unfolds("lower.logsumexp", &[]),
    unfolds("lower.vector-product", &[]),
    unfolds("lower.parts", &[]),
    unfolds("lower.triangle", &[]),
    unfolds("lower.adj", &[]),
    unfolds("lower.logdet", &[]),
    unfolds("lower.vec", &[]),
    unfolds("lower.kron", &[]),
    applies("lower.commutation", &[Law::ElementOfCommutation]),
    unfolds("lower.cross", &[]),
    applies("lower.function", &[Law::ElementOfFunction]),
    applies("lower.entry-power", &[Law::ElementOfPower]),
    applies("det.power", &[Law::PowerOfDet]),
    applies("det.kron", &[Law::DetOfKron]),
    unfolds("inverse.kron", &[]),
    undoes("index.split", &[Law::JoinIndices]),
    applies("block.nested", &[Law::BlockNested]),
    applies("block.transpose", &[Law::BlockTranspose]),
    applies("block.scale", &[Law::BlockScale]),
    applies("block.sum", &[Law::BlockSum, Law::BlockScale]),
    applies(
        "block.product",
        &[Law::BlockProduct, Law::MatrixDistribute, Law::Distribute, Law::ScalarsFirst, Law::Numbers],
    ),
    applies("block.hadamard", &[Law::BlockHadamard]),
    applies("block.function", &[Law::BlockFunction]),
    applies("block.trace", &[Law::BlockTrace]),
    applies("block.entries", &[Law::BlockEntries]),
    applies("block.kron", &[Law::BlockKron]),
    applies("block.diagonal", &[Law::BlockDiagonal]),
    applies_one(
        "block.det",
        &[
            &[Law::BlockDet, Law::ScalarsFirst, Law::Numbers],
            &[Law::BlockDet, Law::LastPivot, Law::ScalarsFirst, Law::Numbers],
        ],
    ),
    applies_one(
        "block.inverse",
        &[
            &[Law::BlockInverse, Law::ScalarsFirst, Law::Numbers],
            &[Law::BlockInverse, Law::LastPivot, Law::ScalarsFirst, Law::Numbers],
        ],
    ),
    applies("lower.block", &[Law::ElementOfBlock]),
    recognises("product.square", &[]),
    applies("sum.flatten", &[Law::Flatten]),
    applies("diff.linear", &[Law::Linear, Law::Split]),
    applies("diff.product", &[Law::Product]),
    applies("diff.power", &[Law::ChainOfPower]),
    unfolds("diff.exp", &[]),
    unfolds("diff.log", &[]),
    unfolds("diff.sin", &[]),
    unfolds("diff.cos", &[]),
    unfolds("diff.tan", &[]),
    unfolds("diff.asin", &[]),
    unfolds("diff.acos", &[]),
    unfolds("diff.atan", &[]),
    unfolds("diff.sinh", &[]),
    unfolds("diff.cosh", &[]),
    unfolds("diff.tanh", &[]),
    unfolds("diff.abs", &[]),
    unfolds("diff.sign", &[]),
    unfolds("diff.relu", &[]),
    unfolds("diff.step", &[]),
    unfolds("diff.sigmoid", &[]),
    unfolds("diff.softplus", &[]),
    unfolds("diff.erf", &[]),
    unfolds("diff.det", &[]),
    unfolds("diff.inverse", &[]),
    unfolds("diff.pinv", &[]),
    unfolds("diff.prod", &[]),
    applies("diff.element", &[Law::Element]),
    unfolds("diff.tied", &[]),
    unfolds("diff.projected", &[]),
    applies("diff.constant", &[Law::Constant]),
    unfolds("function.definition", &[]),
    unfolds("sigmoid.reflection", &[]),
    undoes("diff.common", &[Law::Distribute, Law::Numbers]),
    undoes("diff.by-parts", &[Law::Product, Law::LikeTerms, Law::Numbers]),
    either("inverse.identity", By::Statement(Side::Left, &[])),
    recognises("delta.insert", &[]),
    undoes("sum.nest", &[Law::Flatten]),
    recognises("det.elements", &[]),
    unfolds("det.expansion", &[]),
    unfolds("det.cofactor", &[]),
    unfolds("delta.contract", &[]),
    applies("delta.contract-many", &[Law::Contract]),
    unfolds("delta.same", &[]),
    applies("delta.different", &[Law::DifferentPositions]),
    unfolds("sum.count", &[Law::Flatten]),
    applies("product.distribute", &[Law::Distribute, Law::Split]),
    applies("number.distribute", &[Law::NumberIntoSum, Law::Numbers]),
    applies("number.zero", &[Law::Zeros]),
    applies("number.arithmetic", &[Law::Numbers]),
    applies("product.powers", &[Law::Powers]),
    applies("power.product", &[Law::PowerOfProduct, Law::Roots]),
    applies("sum.scalars", &[Law::SumScalarsFirst]),
    applies("sum.dead", &[Law::Distribute, Law::Split, Law::Flatten, Law::SumScalarsFirst]),
    applies("collect.expand", &[Law::Distribute, Law::Split, Law::Flatten, Law::PowerOfSum, Law::Numbers]),
    recognises("fold.tangent", &[Law::Powers]),
    unfolds("fold.inverse", &[]),
    recognises("fold.sigmoid", &[Law::Numbers, Law::Powers]),
    unfolds("fold.sign", &[Law::Numbers, Law::Powers]),
    applies_one(
        "collect.like-terms",
        &[&[Law::LikeTerms, Law::Numbers, Law::Symmetric], &[Law::LikeTerms, Law::Numbers, Law::Symmetric, Law::Sign]],
    ),
    recognises("raise.norm", &[Law::Powers]),
    unfolds("raise.square", &[]),
    recognises("raise.identity", &[]),
    either("raise.transpose", By::Statement(Side::Right, &[])),
    either("product.reorder", By::Order(Order { terms: true, ..Order::NONE }, &[])),
    recognises("raise.matmul", &[Law::Flatten, Law::JoinIndices]),
    recognises("raise.outer", &[]),
    recognises("raise.trace", &[Law::Flatten]),
    undoes("raise.scale", &[Law::ElementOfMultiple]),
    applies("sum.split", &[Law::Split]),
    recognises("raise.ones", &[]),
    undoes("raise.add", &[Law::ElementOfSum, Law::ElementOfMultiple]),
    recognises("raise.norm-along", &[Law::Powers]),
    undoes("raise.function", &[Law::ElementOfFunction]),
    undoes("raise.power", &[Law::ElementOfPower]),
    undoes("raise.hadamard", &[Law::ElementOfHadamard]),
    recognises("raise.sum", &[Law::Flatten]),
    recognises("raise.diag", &[]),
    recognises("raise.diagonal", &[]),
    recognises("raise.mean", &[Law::Numbers, Law::PowerOfProduct, Law::Flatten, Law::ElementOfMultiple]),
    recognises("raise.prod", &[]),
    recognises("raise.norm1", &[Law::ElementOfFunction, Law::Flatten]),
    recognises("raise.softmax", &[Law::Powers, Law::ElementOfFunction]),
    recognises("raise.kron", &[]),
    recognises(
        "raise.vec",
        &[Law::ElementOfTranspose, Law::TransposeOfProduct, Law::TransposeOfFunction, Law::Symmetric],
    ),
    recognises("identity.insert", &[]),
    undoes("sum.divisor", &[Law::SumScalarsFirst, Law::Powers]),
    recognises("raise.logsumexp", &[Law::ElementOfFunction]),
    recognises("raise.cross", &[Law::ElementOfTranspose, Law::Flatten]),
    undoes("raise.commutation", &[Law::ArrayTimesCommutation, Law::ArrayOfSum, Law::Flatten]),
    undoes("raise.scaled-rows", &[Law::ArrayTimesDiagonal, Law::ArrayOfSum, Law::ElementOfTranspose, Law::Flatten]),
    undoes("raise.entrywise", &[Law::ArrayTimesArray, Law::ArrayOfSum]),
    unfolds("raise.array", &[Law::Zeros]),
    applies(
        "transpose.sum",
        &[
            Law::TransposeOfSum,
            Law::TransposeOfProduct,
            Law::TransposeOfFunction,
            Law::Symmetric,
            Law::Skew,
            Law::NumberIntoSum,
            Law::Numbers,
        ],
    ),
    unfolds("transpose.product", &[]),
    unfolds("transpose.kron", &[]),
    unfolds("transpose.array", &[]),
    applies("structure.symmetric", &[Law::Symmetric]),
    applies("matrix.scalars", &[Law::ScalarsFirst]),
    applies("kron.identity", &[Law::KronOfIdentities]),
    unfolds("kron.outer", &[]),
    unfolds("kron.product", &[Law::TransposeOfFunction, Law::Symmetric]),
    undoes("kron.sum", &[Law::KronOfSum, Law::FunctionOfMultiple, Law::Numbers]),
    unfolds("matrix.identity", &[]),
    applies("number.content", &[Law::Content, Law::Numbers]),
    undoes("matrix.factor", &[Law::MatrixDistribute, Law::Distribute, Law::Powers, Law::PowerOfSum, Law::Numbers]),
    applies("matrix.distribute", &[Law::MatrixDistribute, Law::Distribute, Law::Numbers]),
    undoes("transpose.gather-sum", TRANSPOSES),
    either("sum.reorder", By::Order(Order { factors: true, ..Order::NONE }, &[])),
    recognises("transpose.gather", &[Law::Symmetric]),
    undoes("matrix.power", &[Law::MatrixPower]),
    either("transpose.function", By::Laws(&[Law::TransposeOfFunction])),
    unfolds("transpose.invariant", &[]),
    applies("cross.same", &[Law::Alternating]),
    either("hadamard.transpose", By::Laws(&[Law::Mirror])),
    either("cross.order", By::Laws(&[Law::Alternating, Law::ScalarsFirst, Law::Numbers])),
    unfolds("structure.skew", &[]),
    unfolds("structure.triangle", &[]),
    unfolds("structure.orthogonal", &[]),
    unfolds("structure.invariant", &[]),
    unfolds("structure.skew-zero", &[]),
    unfolds("structure.parts", &[]),
    applies("number.sign", &[Law::NumberIntoSum, Law::Numbers]),
    unfolds(
        "inverse.cancel",
        &[Law::Identities, Law::TransposeOfSum, Law::TransposeOfProduct, Law::TransposeOfFunction, Law::Symmetric],
    ),
    unfolds("hadamard.triangle", &[]),
    unfolds("inverse.pseudo", &[]),
    unfolds("inverse.rank-one", &[Law::TransposeOfFunction, Law::Symmetric]),
    unfolds("inverse.of", &[Law::Numbers, Law::PowerOfProduct]),
    unfolds("hadamard.scalars", &[Law::Numbers, Law::Powers, Law::PowerOfProduct]),
    applies("hadamard.powers", &[Law::Powers, Law::Numbers]),
    unfolds("hadamard.ones", &[Law::TransposeOfFunction]),
    unfolds("hadamard.outer", &[]),
    unfolds("hadamard.diagonal", &[]),
    unfolds("diag.product", &[]),
    undoes("diag.sum", &[Law::DiagOfSum]),
    unfolds("diag.of", &[]),
    unfolds("ones.product", &[Law::Numbers]),
    unfolds("ones.sums", &[]),
    applies("linear.scalars", &[Law::FunctionOfMultiple]),
    either("scalar.transpose", By::Order(Order { slots: false, ..Order::WRITTEN }, &[])),
    applies("power.exponents", &[Law::Powers, Law::Numbers]),
    applies("fraction.nested", &[Law::CommonDenominator, Law::Powers, Law::PowerOfProduct, Law::Numbers]),
    unfolds("scalar.entries", &[]),
    either("product.order", By::Order(Order::NONE, &[])),
    undoes("sum.absorb", &[Law::MatrixDistribute, Law::Numbers]),
    unfolds("sum.broadcast", &[Law::TransposeOfFunction]),
    either("value.order", By::Order(Order::NONE, &[])),
    either("echo.spelling", By::Order(Order { slots: false, functions: false, ..Order::NONE }, &[Law::Numbers])),
    either("echo.sign", By::Laws(&[Law::Sign, Law::Numbers])),
    either(
        "echo.norm",
        By::Statement(
            Side::Left,
            &[Law::TransposeOfProduct, Law::TransposeOfSum, Law::TransposeOfFunction, Law::Symmetric, Law::Powers],
        ),
    ),
];
