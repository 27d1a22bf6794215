//! What composite functions stand for.
//!
//! In: a function of arrays that contain the variable. Out: its definition as a matrix expression.

use crate::places::at;
use crate::work::{Need, Needed, Rewrite, Rule, Scope};
use einstep_expr::{Args, Axis, Function, Id, Kinds, Node, Rat, Scalar, Store};
use einstep_trace::{RuleKind, RuleStatement};

/// The norm of a vector, or the Frobenius norm of a matrix, by its definition.
pub(crate) static NORM: Rule = Rule {
    statement: RuleStatement {
        id: "lower.norm",
        name: "definition of the norm",
        kind: RuleKind::Definition,
        statement: "norm(x) = sqrt(x'*x); norm(x') = sqrt(x'*x); norm(A) = sqrt(tr(A'*A)); normF(x) = sqrt(x'*x); \
                    normF(x') = sqrt(x'*x); normF(A) = sqrt(tr(A'*A))",
        when: "",
        reason: "The Euclidean norm is the root of the sum of squares; for a matrix, over all elements (Frobenius).",
        sentence: "by definition of the norm",
        reference: "definition",
        example: ("norm(x)", "sqrt(x'*x)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Norm(Axis::All)).or(Kinds::function(Function::NormF))),
    apply: |store, id| {
        let Node::Call(Function::Norm(Axis::All) | Function::NormF, args) = store.node(id) else { return None };
        let arg = args[0];
        if !store.varies(id) {
            return None;
        }
        let transposed = store.transpose(arg);
        // The two factors stay apart, so that equal elements of the argument meet.
        let is_row = store.shape(arg).rows.is_one();
        let factors = if is_row { [arg, transposed] } else { [transposed, arg] };
        let product = store.intern(Node::Matmul(Args::from_slice(&factors)));
        let square = if store.shape(product).is_scalar() { product } else { store.call(Function::Trace, [product]) };
        Some(Rewrite::to(store.power(square, Rat::fraction(1, 2))))
    },
};

/// A matrix power as a product.
pub(crate) static POWER: Rule = Rule {
    statement: RuleStatement {
        id: "lower.power",
        name: "matrix power as a product",
        kind: RuleKind::Definition,
        statement: "A^2 = A*A; A^3 = A*A*A",
        when: "the exponent is a positive integer",
        reason: "A matrix power is the repeated product.",
        sentence: "a power is a repeated product",
        reference: "definition",
        example: ("(X^2)[i,j]", "(X*X)[i,j]"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::MATPOW),
    apply: |store, id| {
        let Node::Matpow(base, exponent) = *store.node(id) else { return None };
        if !store.varies(id) {
            return None;
        }
        let chain = std::iter::repeat_n(base, exponent as usize);
        Some(Rewrite::to(store.matmul(chain)))
    },
};

/// The argument of a function of one array, when the call contains the variable.
fn unary(store: &Store, id: Id, wanted: &[Function]) -> Option<(Function, Id)> {
    let Node::Call(function, args) = store.node(id) else { return None };
    (store.varies(id) && wanted.contains(function)).then(|| (*function, args[0]))
}

/// Products of two vectors that have a name.
pub(crate) static VECTOR_PRODUCTS: Rule = Rule {
    statement: RuleStatement {
        id: "lower.vector-product",
        name: "inner and outer product",
        kind: RuleKind::Definition,
        statement: "dot(x,y) = x'*y; outer(x,y) = x*y'",
        when: "",
        reason: "The inner product is row times column, the outer product column times row.",
        sentence: "by definition of the {product} product",
        reference: "definition",
        example: ("outer(a,x)", "a*x'"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Dot).or(Kinds::function(Function::Outer))),
    apply: |store, id| {
        let Node::Call(function @ (Function::Dot | Function::Outer), args) = store.node(id) else { return None };
        if !store.varies(id) {
            return None;
        }
        let (is_inner, x, y) = (*function == Function::Dot, args[0], args[1]);
        let factors = if is_inner { [store.transpose(x), y] } else { [x, store.transpose(y)] };
        let to = store.intern(Node::Matmul(Args::from_slice(&factors)));
        Some(Rewrite::to(to).slot("product", if is_inner { "inner" } else { "outer" }))
    },
};

/// The symmetric and the skew part.
pub(crate) static PARTS: Rule = Rule {
    statement: RuleStatement {
        id: "lower.parts",
        name: "symmetric and skew part",
        kind: RuleKind::Definition,
        statement: "sym(A) = 1/2*(A + A'); skew(A) = 1/2*(A - A')",
        when: "A is square",
        reason: "A square matrix is the sum of its symmetric part (A + A')/2 and its skew part (A - A')/2.",
        sentence: "by definition of the {part} part",
        reference: "definition",
        example: ("skew(X)", "1/2*(X - X')"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Sym).or(Kinds::function(Function::Skew))),
    apply: |store, id| {
        let (function, arg) = unary(store, id, &[Function::Sym, Function::Skew])?;
        let is_skew = function == Function::Skew;
        let transposed = store.transpose(arg);
        let second = if is_skew { store.scale(Rat::int(-1), transposed) } else { transposed };
        let sum = store.add([arg, second]);
        let to = store.scale(Rat::fraction(1, 2), sum);
        Some(Rewrite::to(to).slot("part", if is_skew { "skew" } else { "symmetric" }))
    },
};

/// A triangle of a matrix as its product with a mask.
pub(crate) static TRIANGLE: Rule = Rule {
    statement: RuleStatement {
        id: "lower.triangle",
        name: "triangle of a matrix",
        kind: RuleKind::Definition,
        statement: "tril(A) = tril(ones(m,n)) .* A; triu(A) = triu(ones(m,n)) .* A",
        when: "",
        reason: "A triangle keeps some entries and puts 0 for the others: it multiplies by a mask of ones and zeros.",
        sentence: "the triangle multiplies by a mask of ones and zeros",
        reference: "definition",
        example: ("tril(X)", "tril(ones(m,n)) .* X"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Tril).or(Kinds::function(Function::Triu))),
    apply: |store, id| {
        let (function, arg) = unary(store, id, &[Function::Tril, Function::Triu])?;
        let ones = store.intern(Node::Ones(store.shape(arg)));
        let mask = store.call(function, [ones]);
        Some(Rewrite::to(store.hadamard([mask, arg])))
    },
};

/// The adjugate by determinant and inverse.
pub(crate) static ADJUGATE: Rule = Rule {
    statement: RuleStatement {
        id: "lower.adj",
        name: "adjugate",
        kind: RuleKind::Definition,
        statement: "adj(A) = det(A)*inv(A)",
        when: "A is invertible",
        reason: "A*adj(A) = det(A)*I, the expansion of the determinant along the rows.",
        sentence: "by Cramer's rule",
        reference: "Matrix Cookbook (145)",
        example: ("adj(X)", "det(X)*inv(X)"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Adj)),
    apply: |store, id| {
        let (_, arg) = unary(store, id, &[Function::Adj])?;
        let factors = [store.call(Function::Det, [arg]), store.call(Function::Inv, [arg])];
        let needs = Some(Need { node: arg, kind: Needed::Invertible });
        Some(Rewrite { needs, ..Rewrite::to(store.mul(factors)) })
    },
};

/// The logarithm of a determinant in one word.
pub(crate) static LOGDET: Rule = Rule {
    statement: RuleStatement {
        id: "lower.logdet",
        name: "logarithm of a determinant",
        kind: RuleKind::Definition,
        statement: "logdet(A) = log(det(A))",
        when: "the determinant is positive",
        reason: "logdet is the logarithm of the determinant.",
        sentence: "by definition of logdet",
        reference: "definition",
        example: ("logdet(X)", "log(det(X))"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::LogDet)),
    apply: |store, id| {
        let (_, arg) = unary(store, id, &[Function::LogDet])?;
        let determinant = store.call(Function::Det, [arg]);
        let needs = Some(Need { node: determinant, kind: Needed::Positive });
        Some(Rewrite { needs, ..Rewrite::to(store.apply(Scalar::Log, determinant)) })
    },
};

/// The determinant of a power.
pub(crate) static DET_POWER: Rule = Rule {
    statement: RuleStatement {
        id: "det.power",
        name: "determinant of a power",
        kind: RuleKind::Equation,
        statement: "det(A^2) = det(A)^2; det(A^3) = det(A)^3",
        when: "the exponent is a positive integer",
        reason: "The determinant of a product of square matrices is the product of their determinants.",
        sentence: "the determinant is multiplicative",
        reference: "Matrix Cookbook (21), (23)",
        example: ("det(X^3)", "det(X)^3"),
    },
    scope: Scope::Anywhere,
    places: at(Kinds::function(Function::Det)).with(Kinds::MATPOW),
    apply: |store, id| {
        let (_, arg) = unary(store, id, &[Function::Det])?;
        let Node::Matpow(base, exponent) = *store.node(arg) else { return None };
        let determinant = store.call(Function::Det, [base]);
        Some(Rewrite::to(store.power(determinant, Rat::int(i64::from(exponent)))))
    },
};
