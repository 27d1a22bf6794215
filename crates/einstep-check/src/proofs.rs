//! Every statement of every rule is proved: both sides have one value at random entries and rectangular shapes.
//!
//! In: the table of statements. Out: test failures. A letter is a random symbol; `f[i]` is a vector, or in the rules of
//! derivatives a vector that depends on the variable.

use crate::draw::{Point, Redraws};
use crate::eval::{Missing, World};
use crate::matrix::Value;
use crate::meter::{Meter, Trouble};
use crate::question::Reader;
use crate::requirements::Requirements;
use crate::sizes::Sizes;
use crate::tensor::Tensor;
use einstep_syntax::{DimExpr, Expr, parse_declarations, parse_expression};
use einstep_trace::{
    Answer, Derivation, Dim, DimRecord, FORMAT, Form, Generator, Index, IndexId, IndexRole, Layout, NodeId, Notation,
    Origin, Problem, Reading, RuleKind, Symbol, SymbolId, SymbolKind, Table, statements,
};

/// For each rule what its letters are and what its indices run over; for each equation, where they differ, separated by `|`.
const LETTERS: &[(&str, &str, &str)] = &[
    ("lower.norm", "x in R^n; A in R^(m,n)", ""),
    ("lower.power", "A in R^(n,n)", ""),
    ("lower.trace", "A in R^(n,n)", ""),
    ("lower.matmul", "A in R^(m,k); B in R^(k,n)", "i:m j:n"),
    ("lower.transpose", "A in R^(m,n)", "i:n j:m"),
    ("lower.add", "A, B in R^(m,n); c in R", "i:m j:n"),
    ("lower.scale", "A in R^(m,n); c in R", "i:m j:n"),
    ("lower.constant", "c in R", "i:n j:n|i:m j:n|i:m j:n|i:n|i:n"),
    ("product.square", "f in R", ""),
    ("sum.flatten", "f in R^m; g in R^(m,n)", ""),
    ("diff.linear", "x in R^k; F, G in R^(m,k); c in R^m", "l:k"),
    ("diff.product", "x in R^k; F, G in R^(m,k)", "l:k"),
    ("diff.power", "x, u, v in R^k; r in R", "l:k"),
    ("diff.element", "x in R^n; X in R^(m,n); t in R", "i:n l:n|i:m j:n p:m q:n|"),
    (
        "diff.tied",
        "S in R^(n,n) symmetric|K in R^(n,n) skew|D in R^(n,n) diagonal|L in R^(n,n) lower|U in R^(n,n) upper",
        "i:n j:n p:n q:n",
    ),
    (
        "diff.projected",
        "S in R^(n,n) symmetric|K in R^(n,n) skew|D in R^(n,n) diagonal|L in R^(n,n) lower|U in R^(n,n) upper",
        "i:n j:n p:n q:n",
    ),
    ("diff.constant", "x in R^n; c in R", "l:n"),
    ("delta.contract", "f in R^n", "j:n"),
    ("delta.contract-many", "f in R^n", "j:n l:n"),
    ("delta.same", "c in R", "i:n"),
    ("delta.different", "", ""),
    ("delta.insert", "f in R^n", "j:n"),
    ("function.definition", "f in R", ""),
    ("sigmoid.reflection", "f in R", ""),
    ("diff.common", "x, u, v in R^k; h in R", ""),
    ("diff.by-parts", "x in R^k; F, G in R^(m,k)", "l:k"),
    ("inverse.identity", "A in R^(n,n)", "i:n j:n"),
    ("sum.nest", "f in R^m; g in R^(m,n)", ""),
    ("det.elements", "x in R^k; A in R^(n,n)", "l:k"),
    ("det.expansion", "A in R^(n,n)", "i:n j:n"),
    ("det.cofactor", "A in R^(n,n)", "i:n j:n k:n"),
    ("sum.count", "f in R", ""),
    ("product.distribute", "f, g, h in R^n", ""),
    ("number.distribute", "r, s, t, f, g in R", ""),
    ("number.zero", "f in R; A in R^(n,k)", ""),
    ("number.arithmetic", "r, s, f in R", ""),
    ("product.powers", "f, r, s in R", ""),
    ("power.product", "f, g, r in R", ""),
    ("sum.scalars", "f in R^n; c in R", ""),
    ("collect.like-terms", "r, s, f in R", ""),
    ("raise.norm", "x in R^n; A in R^(m,n)", ""),
    ("raise.square", "f in R", ""),
    ("raise.identity", "c in R", "i:n j:n"),
    ("product.reorder", "f, g in R", ""),
    ("raise.transpose", "A in R^(m,n); x in R^n", "i:n j:m"),
    ("raise.matmul", "A in R^(m,k); B in R^(k,n)", "i:m j:n"),
    ("raise.outer", "x in R^m; y in R^n", "i:m j:n"),
    ("raise.trace", "A in R^(n,n)", ""),
    ("raise.scale", "A in R^(m,n); c in R", "i:m j:n"),
    ("sum.split", "f, g in R^n", ""),
    ("raise.ones", "f in R; x in R^n", "i:n|i:m j:n|"),
    ("raise.add", "A, B in R^(m,n); c in R", "i:m j:n"),
    ("raise.norm-along", "A in R^(m,n)", "i:m j:n"),
    ("raise.function", "A in R^(m,n)", "i:m j:n"),
    ("raise.power", "A, B in R^(m,n); c in R", "i:m j:n"),
    ("raise.hadamard", "A, B in R^(m,n)", "i:m j:n"),
    ("raise.sum", "x in R^n; A in R^(m,n)", "|i:m j:n"),
    (
        "raise.diag",
        "A in R^(n,n)|A in R^(n,n)|x in R^n|x in R^n|x in R^m; A in R^(m,n)|x in R^n; A in R^(m,n)",
        "i:n j:n|i:n j:n|i:n j:n|i:n j:n|i:m j:n",
    ),
    ("raise.diagonal", "A in R^(n,n)", "i:n"),
    ("raise.mean", "x in R^n; A in R^(m,n)", ""),
    ("raise.prod", "x in R^n; A in R^(m,n)", "|i:m j:n"),
    ("raise.norm1", "x in R^n; A in R^(m,n)", "|i:m j:n"),
    ("raise.kron", "A in R^(m,n); B in R^(k,l)", "i:m j:n k:k l:l"),
    ("raise.vec", "A in R^(m,n)", "i:m j:n|i:n j:m"),
    ("identity.insert", "f in R^n", "j:n"),
    ("hadamard.triangle", "A in R^(m,n)", ""),
    ("sum.divisor", "f in R^n; c in R", ""),
    ("raise.softmax", "x in R^n; A in R^(m,n)", "i:n j:n|i:m j:n k:m r:n|i:m j:n k:n|i:m j:n k:m"),
    ("raise.logsumexp", "x in R^n; A in R^(m,n)", "|i:m j:n"),
    ("raise.cross", "x, y in R^3", "i:3 j:3 k:3"),
    ("raise.array", "A in R^(m,n); x in R^n", ""),
    ("transpose.product", "A in R^(m,k); B in R^(k,n); c in R", ""),
    ("transpose.kron", "A in R^(m,k); B in R^(n,l)", ""),
    ("transpose.array", "f in R^(m,n)", ""),
    ("structure.symmetric", "S in R^(n,n) symmetric", ""),
    ("matrix.scalars", "A in R^(m,k); B in R^(k,n); c in R; z in R^m; x, y in R^n", ""),
    ("kron.identity", "", ""),
    ("kron.outer", "x in R^m; y in R^n", ""),
    (
        "kron.product",
        "A in R^(2,m); C in R^(m,3); B in R^(5,n); D in R^(n,2)|A in R^(2,m); C in R^(3,m); B in R^(5,n); D in R^(2,n)",
        "",
    ),
    ("kron.sum", "A in R^(m,n); B, C in R^(k,l)|A, B in R^(m,n); C in R^(k,l)", ""),
    ("matrix.identity", "A in R^(m,n)", ""),
    ("number.content", "f, g, h, r in R", ""),
    ("matrix.factor", "A in R^(m,k); B, C in R^(k,n)|A in R^(k,n); B, C in R^(m,k)|X, Y, Z in R^(m,n); c, d in R", ""),
    (
        "matrix.distribute",
        "A in R^(m,k); B, C in R^(k,n)|A, B in R^(m,k); C in R^(k,n)|X, Y, Z in R^(m,n); c, d in R",
        "",
    ),
    ("transpose.sum", "A, B in R^(m,n); c in R; C in R^(m,k); D in R^(k,n)", ""),
    ("transpose.gather-sum", "A, B in R^(m,n)|A in R^(m,k); B in R^(k,n)|A, B in R^(m,n); c in R", ""),
    ("sum.reorder", "A in R^(n,n)|A, B in R^(m,n)", ""),
    ("transpose.gather", "A in R^(m,k); B in R^(k,n)", ""),
    ("matrix.power", "A in R^(n,n); B in R^(n,m); C in R^(m,n)", ""),
    ("transpose.function", "A in R^(n,n) invertible; X in R^(m,n); c in R", ""),
    ("transpose.invariant", "A in R^(n,n) invertible; X in R^(m,n)", ""),
    ("cross.same", "x in R^3", ""),
    ("cross.order", "x, y in R^3", ""),
    ("structure.skew", "K in R^(n,n) skew", ""),
    (
        "structure.triangle",
        "L in R^(n,n) lower|U in R^(n,n) upper|U in R^(n,n) upper|L in R^(n,n) lower|D in R^(n,n) diagonal|D in R^(n,n) diagonal",
        "",
    ),
    ("structure.orthogonal", "Q, A in R^(n,n) orthogonal", ""),
    ("structure.invariant", "Q, A in R^(n,n) orthogonal; x in R^n", ""),
    ("structure.skew-zero", "K in R^(n,n) skew; x in R^n", ""),
    ("structure.parts", "S in R^(n,n) symmetric|K in R^(n,n) skew|K in R^(n,n) skew|S in R^(n,n) symmetric", ""),
    ("number.sign", "f, g in R", ""),
    ("inverse.cancel", "A, B in R^(n,n) invertible", ""),
    ("inverse.of", "A in R^(n,n) invertible; x in R^n; c in R", ""),
    ("inverse.pseudo", "X in R^(4,2)|X in R^(4,2)|X in R^(2,4)|X in R^(2,4)", ""),
    ("inverse.rank-one", "A in R^(n,n) invertible; x, y in R^n", ""),
    ("hadamard.scalars", "A, B in R^(m,n); c, r in R", ""),
    ("hadamard.powers", "A in R^(m,n); r, s in R", ""),
    ("hadamard.ones", "A in R^(m,n); u in R^m; v in R^n; r in R", ""),
    ("hadamard.outer", "x, u in R^m; y, v in R^n", ""),
    ("hadamard.diagonal", "A in R^(n,n); x, y in R^n", ""),
    ("hadamard.transpose", "A in R^(n,n)", ""),
    ("diag.product", "A in R^(m,n); x, y in R^k; u in R^m; v in R^n", ""),
    ("diag.sum", "x, y in R^n; c, d in R", ""),
    ("diag.of", "x in R^n", ""),
    (
        "ones.product",
        "A in R^(m,n); x in R^n|A in R^(m,n); x in R^n|x in R^n|x in R^n|A in R^(m,n)|x in R^n|x in R^m|",
        "",
    ),
    ("ones.sums", "X in R^(m,n)", ""),
    ("linear.scalars", "A in R^(n,n); X, Y in R^(m,n); x in R^n; u, v in R^3; c in R", ""),
    ("scalar.transpose", "A in R^(m,n); x in R^m; y in R^n|x, y in R^n", ""),
    ("power.exponents", "f, a, b in R; x in R^n", ""),
    ("fraction.nested", "f, g, h in R", ""),
    ("scalar.entries", "x, y, z in R^n; c in R", ""),
    ("sum.absorb", "A, B in R^(n,n); C in R^(n,n)", ""),
    ("sum.broadcast", "x in R^n; X in R^(m,n); c in R", ""),
    ("value.order", "A, B in R^(m,n); f, g in R", ""),
    ("product.order", "A, B in R^(m,n); f, g in R", ""),
    ("echo.spelling", "A, B in R^(m,n); x, y in R^n; f, g in R", ""),
    ("echo.sign", "A in R^(m,k); B, C in R^(k,n); c, f, g in R", ""),
    ("echo.norm", "x in R^n; A in R^(m,n)", ""),
    ("lower.hadamard", "A, B in R^(m,n)", "i:m j:n"),
    ("lower.function", "A in R^(m,n)", "i:m j:n"),
    ("lower.entry-power", "A in R^(m,n); c in R", "i:m j:n"),
    ("lower.array", "f in R^(m,n); g in R^n", "k:m l:n|k:n"),
    ("lower.diag", "x in R^n|A in R^(n,n)", "i:n j:n|i:n"),
    ("lower.sum", "x in R^n; A in R^(m,n)", "||j:n|i:m"),
    ("lower.mean", "x in R^n; A in R^(m,n)", ""),
    ("lower.prod", "x in R^n; A in R^(m,n)", "||j:n|i:m"),
    ("lower.norm1", "x in R^n; A in R^(m,n)", ""),
    ("lower.norm-along", "A in R^(m,n)", "j:n|i:m"),
    ("lower.softmax", "x in R^n|A in R^(m,n)", "i:n|i:m j:n"),
    ("lower.logsumexp", "x in R^n; A in R^(m,n)", "||j:n|i:m"),
    ("lower.vector-product", "x, y in R^n|x in R^m; y in R^n", ""),
    ("lower.parts", "A in R^(n,n)", ""),
    ("lower.triangle", "A in R^(m,n)", ""),
    ("lower.adj", "A in R^(n,n)", ""),
    ("lower.logdet", "A in R^(n,n)", ""),
    ("det.power", "A in R^(n,n)", ""),
    ("det.kron", "A in R^(m,m); B in R^(n,n)", ""),
    ("inverse.kron", "A in R^(m,m); B in R^(n,n)", ""),
    ("block.nested", "x in R^m; y in R^n; z in R^k", ""),
    ("block.transpose", "A in R^(m,n); B in R^(m,k); C in R^(k,n); D in R^(k,k)", ""),
    ("block.scale", "A in R^(m,n); B in R^(m,k); C in R^(k,n); D in R^(k,k); c in R", ""),
    ("block.sum", "A, E in R^(m,n); B, F in R^(m,k); C, G in R^(k,n); D, H in R^(k,k)", ""),
    (
        "block.product",
        "A in R^(m,n); B in R^(m,k); C in R^(k,n); D in R^(k,k); E in R^(n,m); F in R^(n,n); G in R^(k,m); H in R^(k,n)",
        "",
    ),
    ("block.hadamard", "A, E in R^(m,n); B, F in R^(m,k); C, G in R^(k,n); D, H in R^(k,k)", ""),
    ("block.function", "A in R^(m,n); B in R^(m,k); C in R^(k,n); D in R^(k,k)", ""),
    ("block.trace", "A in R^(m,m); B in R^(m,k); C in R^(k,m); D in R^(k,k)", ""),
    ("block.entries", "A in R^(m,n); B in R^(m,k); C in R^(k,n); D in R^(k,k)", ""),
    ("block.kron", "A in R^(m,n); c, r, s, t in R", ""),
    ("block.diagonal", "A in R^(m,m); B in R^(m,k); C in R^(k,m); D in R^(k,k)", ""),
    ("block.det", "A in R^(m,m); B in R^(m,k); C in R^(k,m); D in R^(k,k)", ""),
    ("block.inverse", "A in R^(m,m); B in R^(m,k); C in R^(k,m); D in R^(k,k)", ""),
    ("lower.block", "A in R^(m,k); B in R^(n,k)", "i:m+n j:k"),
    ("index.split", "", ""),
    ("lower.vec", "A in R^(m,n)", "i:m j:n"),
    ("lower.kron", "A in R^(m,n); B in R^(k,n)", "i:m k:k j:n l:n"),
    ("lower.commutation", "", "i:m j:n s:n r:m"),
    ("raise.commutation", "", ""),
    ("raise.scaled-rows", "", ""),
    ("raise.entrywise", "", ""),
    ("lower.cross", "x, y in R^3", "i:3"),
    ("diff.det", "x in R^k; A in R^(n,n); B in R^(n,k); C in R^(k,n)", "l:k"),
    ("diff.inverse", "x in R^k; A in R^(n,n); B in R^(n,k); C in R^(k,n)", "l:k i:n j:n"),
    ("diff.pinv", "x in R^k; A in R^(m,n); B in R^(m,k); C in R^(k,n)", "l:k i:n j:m"),
    ("diff.prod", "x in R^k; F in R^(m,k)", "l:k"),
    ("sum.dead", "f, g in R^n; c in R", ""),
    ("collect.expand", "f, g, h in R", ""),
    ("fold.tangent", "f in R", ""),
    ("fold.inverse", "f in R; A in R^(m,n)", ""),
    ("fold.sigmoid", "f in R", ""),
    ("fold.sign", "f in R", ""),
    ("diff.exp", "x, u in R^k", "l:k"),
    ("diff.log", "x, u in R^k", "l:k"),
    ("diff.sin", "x, u in R^k", "l:k"),
    ("diff.cos", "x, u in R^k", "l:k"),
    ("diff.tan", "x, u in R^k", "l:k"),
    ("diff.asin", "x, u in R^k", "l:k"),
    ("diff.acos", "x, u in R^k", "l:k"),
    ("diff.atan", "x, u in R^k", "l:k"),
    ("diff.sinh", "x, u in R^k", "l:k"),
    ("diff.cosh", "x, u in R^k", "l:k"),
    ("diff.tanh", "x, u in R^k", "l:k"),
    ("diff.abs", "x, u in R^k", "l:k"),
    ("diff.sign", "x, u in R^k", "l:k"),
    ("diff.relu", "x, u in R^k", "l:k"),
    ("diff.step", "x, u in R^k", "l:k"),
    ("diff.sigmoid", "x, u in R^k", "l:k"),
    ("diff.softplus", "x, u in R^k", "l:k"),
    ("diff.erf", "x, u in R^k", "l:k"),
];

/// Letters that are positive numbers, as their rules say.
const POSITIVE: &[(&str, &str)] = &[("power.product", "r")];

/// The part for the equation of a number; the last one serves all that follow.
fn part(text: &str, number: usize) -> &str {
    let parts: Vec<&str> = text.split('|').collect();
    parts[number.min(parts.len() - 1)]
}

/// What the expressions of a rule of derivatives are: they depend on the variable.
fn with_variable(id: &str, equation: &str) -> String {
    if !id.starts_with("diff.") || ["diff.element", "diff.tied", "diff.projected", "diff.constant"].contains(&id) {
        return equation.to_string();
    }
    let mut result = String::new();
    let mut rest = equation;
    while !rest.is_empty() {
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(letters.max(1));
        result.push_str(match (word, after.starts_with('[')) {
            ("f", true) => "(F*x)",
            ("g", true) => "(G*x)",
            ("f", false) => "(u'*x)",
            ("g", false) => "(v'*x)",
            ("A", _) => "(A + B*diag(x)*C)",
            _ => word,
        });
        rest = after;
    }
    result
}

fn empty(symbols: Vec<Symbol>, indices: Vec<Index>) -> Derivation {
    let dim = |name: &str| DimRecord { name: name.into(), origin: Origin::Declared };
    Derivation {
        format: FORMAT.into(),
        id: None,
        generator: Generator { name: String::new(), version: String::new() },
        problem: Problem {
            text: String::new(),
            expression: String::new(),
            wrt: vec![],
            node: NodeId(0),
            given: vec![],
            layout: Layout::Mixed,
            structured: Reading::Free,
            task: Default::default(),
            notation: Notation::default(),
        },
        dims: ["m", "n", "k"].map(dim).to_vec(),
        symbols,
        indices,
        nodes: vec![],
        shapes: vec![],
        chains: vec![],
        conditions: vec![],
        result: Answer {
            node: NodeId(0),
            text: None,
            vec: None,
            latex: None,
            shape: vec![],
            form: Form::Index,
            index: String::new(),
            free: vec![],
            einsum: vec![],
            names: vec![],
            reason: None,
        },
        check: None,
    }
}

fn symbols(declared: &str) -> Vec<Symbol> {
    let parsed = parse_declarations(declared, 0);
    assert!(parsed.diagnostics.is_empty(), "{declared}");
    let mut symbols = Vec::new();
    for declaration in parsed.value {
        let dim = |dim: &DimExpr| match dim {
            DimExpr::Name(name) => Dim(name.name.clone()),
            DimExpr::Literal(size, _) => Dim(size.to_string()),
            _ => panic!("{declared}"),
        };
        let shape: Vec<Dim> = declaration.dims.iter().map(dim).collect();
        let kind = [SymbolKind::Scalar, SymbolKind::Vector, SymbolKind::Matrix][shape.len()];
        symbols.extend(declaration.names.into_iter().map(|name| Symbol {
            name: name.name,
            kind,
            shape: shape.clone(),
            properties: declaration.properties.iter().map(|property| property.name.clone()).collect(),
            origin: Origin::Declared,
            depends: None,
        }));
    }
    symbols
}

/// Both sides over the free letters, or as arrays.
fn sides(world: World<'_>, sides: &[Expr; 2], letters: &[(String, usize)]) -> Result<[Tensor; 2], Trouble> {
    let mut values = Vec::new();
    for side in sides {
        let scalar = Reader::new(world, &[]).element(side, letters);
        values.push(match scalar {
            Ok(tensor) => Value::scalar(tensor),
            Err(Trouble::Redraw(why)) => return Err(Trouble::Redraw(why)),
            Err(_) => Reader::new(world, &[]).value(side)?,
        });
    }
    let rows = values.iter().find_map(|value| match value {
        Value::Matrix(matrix) => Some(matrix.rows),
        Value::Identity(_) => None,
    });
    let shaped = values.into_iter().map(|value| value.of_size(rows.unwrap_or(3), world.meter));
    let shaped = shaped.collect::<Result<Vec<_>, _>>()?;
    assert_eq!((shaped[0].rows, shaped[0].cols), (shaped[1].rows, shaped[1].cols));
    let [left, right] = <[_; 2]>::try_from(shaped).map_err(|_| Trouble::Declined("no two sides".into()))?;
    Ok([left.tensor, right.tensor])
}

/// Whether an equation holds at random points, or where it does not.
fn prove(equation: &str, declared: &str, letters: &str, positive: &str, reading: Reading) -> Result<(), String> {
    let (left, right) = equation.split_once(" = ").ok_or("no equation")?;
    let read = |text: &str| {
        let parsed = parse_expression(text, 0);
        parsed.diagnostics.first().map_or(Ok(parsed.value), |diagnostic| Err(diagnostic.message.clone()))
    };
    let expressions = [read(left)?, read(right)?];
    let letters: Vec<(&str, &str)> = letters.split_whitespace().filter_map(|letter| letter.split_once(':')).collect();
    // Letters that a sum binds and no array tells the size of run over n.
    let all = letters.iter().copied().chain([("i", "n"), ("j", "n")]);
    let mut indices: Vec<Index> = Vec::new();
    for (name, dim) in all {
        if indices.iter().all(|index| index.name != name) {
            let id = IndexId(indices.len() as u32);
            indices.push(Index { id, name: name.into(), dim: Dim(dim.into()), role: IndexRole::Sum });
        }
    }
    // An array of zeros over two letters is m×n.
    if equation.contains("zeros(m,n)") && equation.contains("array[i,j]") {
        indices[0].dim = Dim("m".into());
    }
    let mut symbols = symbols(declared);
    if equation.starts_with("d/dx") && equation.contains("d/dA[") {
        // The matrix whose elements something is differentiated by depends on the variable too.
        let [x, a] = ["x", "A"].map(|name| symbols.iter().position(|symbol| symbol.name == name));
        let symbol = a.and_then(|a| symbols.get_mut(a)).ok_or("no matrix")?;
        symbol.depends = x.map(|x| SymbolId(x as u32));
    }
    let mut derivation = empty(symbols, indices);
    derivation.problem.structured = reading;
    let table = Table::read(&derivation).map_err(|error| error.to_string())?;
    let meter = Meter::new(1 << 28, 1 << 18);
    let Requirements { mut manner, has_signs } = Requirements::of(&derivation, &expressions.each_ref());
    let symbol = derivation.symbols.iter().position(|symbol| symbol.name == positive);
    manner.positive.extend(symbol.map(|position| SymbolId(position as u32)));
    let wanted = if has_signs { 8 } else { 1 };
    for sizes in Sizes::candidates(&derivation, &[]).into_iter().take(2) {
        let letters: Vec<(String, usize)> = letters
            .iter()
            .map(|(name, dim)| Ok((name.to_string(), sizes.of(&Dim(dim.replace('+', " + ")))?)))
            .collect::<Result<_, Trouble>>()
            .map_err(|trouble| format!("{trouble:?}"))?;
        let mut points = 0;
        for attempt in 0..512 {
            let point = Point::draw(&derivation.symbols, &sizes, &manner, attempt, &Redraws::default(), &meter)
                .map_err(|trouble| format!("{trouble:?}"))?;
            let world = World {
                derivation: &derivation,
                table: &table,
                sizes: &sizes,
                point: &point,
                seed: 7,
                missing: Missing::Refused,
                meter: &meter,
            };
            match sides(world, &expressions, &letters) {
                Ok([left, right]) => match left.difference(&right, &meter).map_err(|trouble| format!("{trouble:?}"))? {
                    None => points += 1,
                    Some(difference) => return Err(format!("{difference:?}")),
                },
                Err(Trouble::Redraw(_)) => {}
                Err(trouble) => return Err(format!("{trouble:?}")),
            }
            if points == wanted {
                break;
            }
        }
        if points < wanted {
            return Err("no point at which it has a value".into());
        }
    }
    Ok(())
}

#[test]
fn every_statement_holds() {
    let mut unproved = Vec::new();
    for rule in statements().iter().filter(|rule| rule.kind != RuleKind::Shape) {
        let Some((_, declared, letters)) = LETTERS.iter().find(|(id, ..)| *id == rule.id) else {
            unproved.push(format!("`{}`: say what its letters are: {}", rule.id, rule.statement));
            continue;
        };
        // What is said in words has no values.
        let equations = rule.equations().enumerate().filter(|(_, equation)| equation.contains(" = "));
        for (number, equation) in equations {
            let positive = POSITIVE.iter().find(|(id, _)| *id == rule.id).map_or("", |(_, letter)| letter);
            // Nothing tells the size of an identity within these functions.
            let equation = ["tr(I", "det(I", "diag(I", "kron(I", "I.^"]
                .iter()
                .fold(with_variable(rule.id, equation), |equation, start| {
                    equation.replace(start, &start.replace('I', "eye(n)"))
                });
            let reading = match rule.id {
                "diff.tied" => Reading::Tied,
                "diff.projected" => Reading::Projected,
                _ => Reading::Free,
            };
            if let Err(why) = prove(&equation, part(declared, number), part(letters, number), positive, reading) {
                unproved.push(format!("`{}`: {equation}: {why}", rule.id));
            }
        }
    }
    assert!(unproved.is_empty(), "{}", unproved.join("\n"));
}

#[test]
fn a_wrong_statement_does_not_hold() {
    let scalar = "A in R^(m,k); B in R^(k,n)";
    for (equation, declared, letters) in [
        ("(A*B)[i,j] = sum[k](A[i,k]*B[k,i])", "A in R^(n,n); B in R^(n,n)", "i:n j:n"),
        ("(A*B)' = A'*B'", "A, B in R^(n,n)", ""),
        ("tr(A) = sum[i,j](A[i,j])", "A in R^(n,n)", ""),
        ("S' = S", "S in R^(n,n)", ""),
        ("d/dx[l] sqrt(x[i]) = 1/sqrt(x[i])*delta[i,l]", "x in R^n", "i:n l:n"),
        ("sum[i](f) = m*f", "f in R", ""),
        ("(f*g)^r = f^r*g", "f, g, r in R", ""),
        ("abs(f) = f", "f in R", ""),
        ("exp(f*g) = exp(f)*exp(g)", "f, g in R", ""),
        ("kron(A,B)[i,k,j,l] = A[i,l]*B[k,j]", "A, B in R^(n,n)", "i:n k:n j:n l:n"),
    ] {
        let proved = prove(equation, declared, letters, "", Reading::Free);
        assert!(proved.as_ref().is_err_and(|why| why.contains("Difference")), "{equation}: {proved:?}");
    }
    assert!(prove("(A*B)' = A'*B'", scalar, "", "", Reading::Free).is_err());
}
