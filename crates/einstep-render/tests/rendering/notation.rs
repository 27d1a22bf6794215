//! Every kind of node in both notations, and brackets exactly where they are needed.

use crate::exercises::maker::Maker;
use einstep_render::{node_latex, node_text};
use einstep_trace::*;

/// Symbols and indices to make expressions of.
struct Desk {
    m: Maker,
    scalar: [NodeId; 2],
    vector: [NodeId; 2],
    matrix: [NodeId; 3],
    index: [IndexId; 4],
}

fn desk() -> Desk {
    let mut m = Maker::new("", "x", &["m", "n"]);
    let scalar = ["t", "c"].map(|name| m.symbol(name, &[]));
    let vector = ["x", "y"].map(|name| m.symbol(name, &["n"]));
    let matrix = [m.symbol("A", &["m", "n"]), m.symbol("S", &["n", "n"]), m.symbol("B", &["n", "n"])];
    let index = [("i", "m"), ("j", "n"), ("k", "n"), ("l", "n")].map(|(name, dim)| m.index(name, dim, IndexRole::Sum));
    Desk { m, scalar, vector, matrix, index }
}

impl Desk {
    fn call(&mut self, name: &str, args: &[NodeId]) -> NodeId {
        self.m.push(Node::Call { name: name.into(), args: args.to_vec() })
    }

    fn function(&mut self, name: &str, arg: NodeId) -> NodeId {
        self.m.push(Node::Fn { name: name.into(), arg })
    }

    fn hadamard(&mut self, args: &[NodeId]) -> NodeId {
        self.m.push(Node::Hadamard { args: args.to_vec() })
    }

    fn check(&self, expected: &[(NodeId, &str, &str)]) {
        let table = Table::read(&self.m.derivation).unwrap();
        let mut faults = Vec::new();
        for &(node, text, latex) in expected {
            let got = [node_text(&self.m.derivation, &table, node), node_latex(&self.m.derivation, &table, node)];
            if got != [text, latex] {
                faults.push(format!("{text} | {latex}\n{} | {}", got[0], got[1]));
            }
        }
        assert!(faults.is_empty(), "expected and found:\n{}", faults.join("\n"));
    }
}

#[test]
fn products_and_quotients_of_entries() {
    let mut d = desk();
    let ([t, c], [x, y], [a, s, b]) = (d.scalar, d.vector, d.matrix);
    let ax = d.m.matmul(&[a, x]);
    let xy = d.hadamard(&[x, y]);
    let two = d.m.number("2");
    let minus_half = d.m.number("-1/2");
    let scaled = d.m.mul(&[two, xy]);
    let halved = d.m.mul(&[minus_half, xy]);
    let applied = d.m.matmul(&[s, xy]);
    let over_x = d.m.power(x, "-1");
    let quotient = d.hadamard(&[y, over_x]);
    let square = d.m.power(x, "-2");
    let sum = d.m.add(&[x, y]);
    let rich = d.hadamard(&[x, sum, square, over_x]);
    let scalar_over = d.m.mul(&[t, c, over_x]);
    let root = d.m.power(x, "1/2");
    let t_power = d.m.push(Node::Power { base: x, exponent: t });
    let chain = {
        let sx = d.m.matmul(&[s, x]);
        d.hadamard(&[sx, y])
    };
    let kron = d.call("kron", &[s, b]);
    let kron_of_sums = {
        let sb = d.m.add(&[s, b]);
        let product = d.m.matmul(&[s, b]);
        d.call("kron", &[sb, product])
    };
    let kron_scaled = d.m.mul(&[t, kron]);
    let inner = d.call("dot", &[x, y]);
    let absolute = d.function("abs", ax);
    d.check(&[
        (xy, "x ⊙ y", "x \\odot y"),
        (scaled, "2 x ⊙ y", "2 \\, x \\odot y"),
        (halved, "−1/2 · x ⊙ y", "- \\frac{1}{2} \\cdot x \\odot y"),
        (applied, "S (x ⊙ y)", "S \\, (x \\odot y)"),
        (over_x, "1 ⊘ x", "1 \\oslash x"),
        (quotient, "y ⊘ x", "y \\oslash x"),
        (rich, "x ⊙ (x + y) ⊘ (x^⊙2 ⊙ x)", "x \\odot (x {} + y) \\oslash (x^{\\odot 2} \\odot x)"),
        (scalar_over, "t c ⊘ x", "t \\, c \\oslash x"),
        (root, "√x", "\\sqrt{x}"),
        (t_power, "x^⊙t", "x^{\\odot t}"),
        (chain, "(S x) ⊙ y", "(S \\, x) \\odot y"),
        (kron, "S ⊗ B", "S \\otimes B"),
        (kron_of_sums, "(S + B) ⊗ (S B)", "(S {} + B) \\otimes (S \\, B)"),
        (kron_scaled, "t S ⊗ B", "t \\, S \\otimes B"),
        (inner, "⟨x, y⟩", "\\langle x, y \\rangle"),
        (absolute, "|A x|", "\\lvert A \\, x \\rvert"),
    ]);
}

#[test]
fn inverses_powers_and_functions_of_matrices() {
    let mut d = desk();
    let ([t, _], [x, _], [a, s, b]) = (d.scalar, d.vector, d.matrix);
    let inverse = d.call("inv", &[s]);
    let transposed = d.m.transpose(inverse);
    let sum = d.m.add(&[s, b]);
    let of_sum = d.call("inv", &[sum]);
    let squared = d.m.push(Node::Matpow { base: of_sum, exponent: 2 });
    let st = d.m.transpose(s);
    let of_transpose = d.call("inv", &[st]);
    let pseudo = d.call("pinv", &[a]);
    let pseudo_transposed = d.m.transpose(pseudo);
    let det = d.call("det", &[of_sum]);
    let logdet = d.call("logdet", &[s]);
    let logdet_first = d.m.mul(&[logdet, t]);
    let logdet_last = d.m.mul(&[t, logdet]);
    let norm1 = d.call("norm1", &[x]);
    let one = d.m.number("1");
    let columns = d.call("sum", &[a, one]);
    let sigmoid = d.function("sigmoid", x);
    let sigmoid_square = d.m.power(sigmoid, "2");
    let pi = d.call("pi", &[]);
    let root_pi = d.m.power(pi, "-1/2");
    let arctan = d.function("atan", t);
    let arctan_square = d.m.power(arctan, "2");
    d.check(&[
        (inverse, "S⁻¹", "S^{-1}"),
        (transposed, "S⁻ᵀ", "S^{-\\top}"),
        (squared, "(S + B)⁻²", "(S {} + B)^{- 2}"),
        (of_transpose, "(Sᵀ)⁻¹", "(S^{\\top})^{-1}"),
        (pseudo, "A⁺", "A^{+}"),
        (pseudo_transposed, "(A⁺)ᵀ", "(A^{+})^{\\top}"),
        (det, "det((S + B)⁻¹)", "\\det((S {} + B)^{-1})"),
        (logdet, "log det(S)", "\\log\\det(S)"),
        (logdet_first, "(log det(S)) t", "(\\log\\det(S)) \\, t"),
        (logdet_last, "t log det(S)", "t \\, \\log\\det(S)"),
        (norm1, "‖x‖₁", "\\lVert x \\rVert_{1}"),
        (columns, "sum(A, 1)", "\\operatorname{sum}(A, 1)"),
        (sigmoid_square, "σ(x)^⊙2", "\\sigma(x)^{\\odot 2}"),
        (root_pi, "1/√π", "\\frac{1}{\\sqrt{\\pi}}"),
        (arctan_square, "arctan(t)²", "\\arctan(t)^{2}"),
    ]);
}

#[test]
fn elements_of_compounds() {
    let mut d = desk();
    let ([t, _], [x, _], [a, s, b], [i, j, k, l]) = (d.scalar, d.vector, d.matrix, d.index);
    let inverse = d.call("inv", &[s]);
    let of_inverse = d.m.elem(inverse, &[j, k]);
    let diagonal = d.call("diag", &[x]);
    let of_diagonal = d.m.elem(diagonal, &[j, k]);
    let vec = d.call("vec", &[a]);
    let of_vec = d.m.elem(vec, &[j, i]);
    let kron = d.call("kron", &[a, b]);
    let of_kron = d.m.elem(kron, &[i, j, k, l]);
    let sx = d.m.matmul(&[s, x]);
    let exp = d.function("exp", sx);
    let of_exp = d.m.elem(exp, &[j]);
    let x_l = d.m.elem(x, &[l]);
    let change = d.m.partial(of_inverse, x_l);
    let exp_change = d.m.partial(of_exp, x_l);
    let x_j = d.m.elem(x, &[j]);
    let product = d.m.push(Node::Prod { over: vec![j], body: x_j });
    let squares = d.m.power(x, "2");
    let of_squares = d.m.elem(squares, &[j]);
    let element_square = d.m.power(x_j, "2");
    let a_ij = d.m.elem(a, &[i, j]);
    let stacked = d.m.push(Node::Array { over: vec![j, i], rows: 2, body: a_ij });
    let det = d.call("det", &[s]);
    let det_change = d.m.partial(det, t);
    let levi = {
        let [u, v, w] = ["u", "v", "w"].map(|name| d.m.index(name, "3", IndexRole::Sum));
        d.m.push(Node::Eps { at: [u, v, w] })
    };
    d.check(&[
        (of_inverse, "(S⁻¹)ⱼₖ", "(S^{-1})_{jk}"),
        (of_diagonal, "diag(x)ⱼₖ", "\\operatorname{diag}(x)_{jk}"),
        (of_vec, "vec(A)₍ⱼᵢ₎", "\\operatorname{vec}(A)_{(ji)}"),
        (of_kron, "(A ⊗ B)₍ᵢⱼ₎₍ₖₗ₎", "(A \\otimes B)_{(ij)(kl)}"),
        (of_exp, "exp(S x)ⱼ", "\\exp(S \\, x)_{j}"),
        (change, "∂(S⁻¹)ⱼₖ/∂xₗ", "\\frac{\\partial (S^{-1})_{jk}}{\\partial x_{l}}"),
        (exp_change, "∂exp(S x)ⱼ/∂xₗ", "\\frac{\\partial \\exp(S \\, x)_{j}}{\\partial x_{l}}"),
        (product, "Πⱼ xⱼ", "\\prod_{j=1}^{n} x_{j}"),
        (of_squares, "(x^⊙2)ⱼ", "(x^{\\odot 2})_{j}"),
        (element_square, "xⱼ²", "x_{j}^{2}"),
        (stacked, "[aᵢⱼ]₍ⱼᵢ₎", "[a_{ij}]_{(ji)}"),
        (det_change, "∂det(S)/∂t", "\\frac{\\partial \\det(S)}{\\partial t}"),
        (levi, "ε_uvw", "\\varepsilon_{uvw}"),
    ]);
}

#[test]
fn a_symbol_called_sigma_keeps_its_letter() {
    let mut m = Maker::new("", "x", &["n"]);
    let (sigma, x) = (m.symbol("sigma", &[]), m.symbol("x", &["n"]));
    let value = m.push(Node::Fn { name: "sigmoid".into(), arg: x });
    let product = m.mul(&[sigma, value]);
    let table = Table::read(&m.derivation).unwrap();
    assert_eq!(node_text(&m.derivation, &table, product), "σ sigmoid(x)");
}
