//! Einstein's convention in the output: which sums keep their sign.

use crate::exercises::maker::Maker;
use einstep_render::{node_latex, node_text};
use einstep_trace::*;

#[test]
fn the_sign_stays_where_the_sum_would_be_read_otherwise() {
    let mut m = Maker::new("", "x", &["m", "n"]);
    m.derivation.problem.notation = Notation::Einstein;
    let [t, x, y] = [m.symbol("t", &[]), m.symbol("x", &["n"]), m.symbol("y", &["m"])];
    let a = m.symbol("A", &["m", "n"]);
    let [i, j, l] = [("i", "m"), ("j", "n"), ("l", "n")].map(|(name, dim)| m.index(name, dim, IndexRole::Sum));
    let [xj, xl, yi, aij] = [m.elem(x, &[j]), m.elem(x, &[l]), m.elem(y, &[i]), m.elem(a, &[i, j])];
    let ax = m.mul(&[aij, xj]);
    let row = m.sum(&[j], ax);
    let form = m.mul(&[yi, row]);
    let form = m.sum(&[i], form);
    let xx = m.mul(&[xj, xj]);
    let xx = m.sum(&[j], xx);
    let alone = m.sum(&[j], xj);
    let square = m.power(xj, "2");
    let square = m.sum(&[j], square);
    let twice = m.mul(&[xx, xx]);
    let cube = m.power(xx, "3");
    let over = m.power(xx, "-1");
    let over = m.mul(&[t, over]);
    let root = m.power(xx, "1/2");
    let exp = m.push(Node::Fn { name: "exp".into(), arg: xx });
    let inside = m.push(Node::Fn { name: "exp".into(), arg: xj });
    let inside = m.mul(&[xj, inside]);
    let inside = m.sum(&[j], inside);
    let minus = m.number("-1");
    let minus_y = m.mul(&[minus, yi]);
    let residual = m.add(&[row, minus_y]);
    let squared = m.power(residual, "2");
    let squared = m.sum(&[i], squared);
    let weighted = m.mul(&[residual, yi]);
    let weighted = m.sum(&[i], weighted);
    let pending = m.partial(form, xl);
    let product = m.push(Node::Prod { over: vec![i], body: row });
    let summands = m.add(&[xx, form]);
    let factors = m.mul(&[xx, t]);
    let expected = [
        (form, "yᵢ aᵢⱼ xⱼ", "y_{i} \\, a_{ij} \\, x_{j}"),
        (xx, "xⱼ xⱼ", "x_{j} \\, x_{j}"),
        (alone, "Σⱼ xⱼ", "\\sum_{j=1}^{n} x_{j}"),
        (square, "Σⱼ xⱼ²", "\\sum_{j=1}^{n} x_{j}^{2}"),
        (twice, "(Σⱼ xⱼ xⱼ) Σⱼ xⱼ xⱼ", ""),
        (cube, "(Σⱼ xⱼ xⱼ)³", ""),
        (over, "t/(Σⱼ xⱼ xⱼ)", ""),
        (root, "√(xⱼ xⱼ)", ""),
        (exp, "exp(xⱼ xⱼ)", ""),
        (inside, "Σⱼ xⱼ exp(xⱼ)", ""),
        (squared, "Σᵢ (aᵢⱼ xⱼ − yᵢ)²", ""),
        (weighted, "(aᵢⱼ xⱼ − yᵢ) yᵢ", ""),
        (pending, "∂/∂xₗ (yᵢ aᵢⱼ xⱼ)", ""),
        (product, "Πᵢ Σⱼ aᵢⱼ xⱼ", ""),
        (summands, "xⱼ xⱼ + yᵢ aᵢⱼ xⱼ", ""),
        (factors, "xⱼ xⱼ t", ""),
    ];
    let table = Table::read(&m.derivation).unwrap();
    let mut faults = Vec::new();
    for (node, text, latex) in expected {
        let (got, got_latex) = (node_text(&m.derivation, &table, node), node_latex(&m.derivation, &table, node));
        if got != text || !latex.is_empty() && got_latex != latex {
            faults.push(format!("{text} | {latex}\n{got} | {got_latex}"));
        }
    }
    assert!(faults.is_empty(), "expected and found:\n{}", faults.join("\n"));
}
