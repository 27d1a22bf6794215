//! The four exercises of the notes as records made by hand.

pub(crate) mod maker;

use einstep_trace::IndexRole::{Sum, Variable};
use einstep_trace::Phase::*;
use einstep_trace::*;
use maker::{Maker, held};

/// tr(V X W) by X.
pub(crate) fn trace_of_product() -> Derivation {
    let mut m = Maker::new("tr(V*X*W)", "X", &["l", "m", "n"]);
    let (v, x, w) = (m.symbol("V", &["l", "m"]), m.symbol("X", &["m", "n"]), m.symbol("W", &["n", "l"]));
    let [k, j, i] = [("k", "l"), ("j", "n"), ("i", "m")].map(|(name, dim)| m.index(name, dim, Sum));
    let [p, q] = [("p", "m"), ("q", "n")].map(|(name, dim)| m.index(name, dim, Variable));
    let product = m.matmul(&[v, x, w]);
    let value = m.call("tr", product);
    m.derivation.problem.node = value;
    m.fact(x, "", "X is the variable: m×n.");
    m.fact(v, "shape.matmul", "V X exists, so V has m columns: V is l×m.");
    m.fact(w, "shape.matmul", "X W exists, so W has n rows: W is n×k.");
    m.fact(value, "shape.trace", "tr needs a square matrix, V X W is l×k, so k = l: W is n×l.");

    m.chain("value", value);
    let diagonal = m.elem(product, &[k, k]);
    let sum = m.sum(&[k], diagonal);
    m.link(Lower, "lower.trace", "the trace sums the diagonal elements", &[(&[], sum)]);
    let vx = m.matmul(&[v, x]);
    let (vx_kj, w_jk) = (m.elem(vx, &[k, j]), m.elem(w, &[j, k]));
    let body = m.mul(&[vx_kj, w_jk]);
    let sum = m.sum(&[k, j], body);
    m.link(Lower, "lower.matmul", "the product sums over the inner index j", &[(&[], sum)]);
    let (v_ki, x_ij) = (m.elem(v, &[k, i]), m.elem(x, &[i, j]));
    let body = m.mul(&[v_ki, x_ij]);
    let inner = m.sum(&[i], body);
    m.link(Lower, "lower.matmul", "the product sums over the inner index i", &[(&[0, 0], inner)]);
    let body = m.mul(&[v_ki, x_ij, w_jk]);
    let sum = m.sum(&[k, j, i], body);
    m.link(Lower, "sum.flatten", "factors are taken inside the sums", &[(&[], sum)]);

    let x_pq = m.elem(x, &[p, q]);
    let left = m.partial(sum, x_pq);
    m.chain("element", left);
    let inner = m.partial(x_ij, x_pq);
    let body = m.mul(&[v_ki, inner, w_jk]);
    let sum = m.sum(&[k, j, i], body);
    m.link(Differentiate, "diff.linear", "v and w do not depend on X", &[(&[], sum)]);
    let (ip, jq) = (m.delta(i, p), m.delta(j, q));
    let body = m.mul(&[v_ki, ip, jq, w_jk]);
    m.link(Differentiate, "diff.element", "an element changes only with itself", &[(&[0], body)]);
    let v_kp = m.elem(v, &[k, p]);
    let body = m.mul(&[v_kp, jq, w_jk]);
    let sum = m.sum(&[k, j], body);
    m.link(Contract, "delta.contract", "only i = p is left", &[(&[], sum)]);
    let w_qk = m.elem(w, &[q, k]);
    let body = m.mul(&[v_kp, w_qk]);
    let sum = m.sum(&[k], body);
    m.link(Contract, "delta.contract", "only j = q is left", &[(&[], sum)]);

    let left = m.array(&[p, q], sum);
    m.chain("matrix", left);
    let (vt, wt) = (m.transpose(v), m.transpose(w));
    let (vt_pk, wt_kq) = (m.elem(vt, &[p, k]), m.elem(wt, &[k, q]));
    let lined = [(&[0, 0, 0][..], vt_pk), (&[0, 0, 1][..], wt_kq)];
    m.link(Raise, "raise.transpose", "the indices are lined up", &lined);
    let answer = m.matmul(&[vt, wt]);
    let entry = m.elem(answer, &[p, q]);
    m.link(Raise, "raise.matmul", "k is summed between neighbours", &[(&[0], entry)]);
    m.link(Raise, "raise.array", "every entry is an entry of the product", &[(&[], answer)]);
    m.done(&["m", "n"], &[&[("l", 2), ("m", 3), ("n", 4)], &[("l", 4), ("m", 2), ("n", 3)]])
}

/// ‖w‖ by w.
pub(crate) fn norm() -> Derivation {
    let mut m = Maker::new("norm(w)", "w", &["n"]);
    let w = m.symbol("w", &["n"]);
    let i = m.index("i", "n", Sum);
    let l = m.index("l", "n", Variable);
    let value = m.call("norm", w);
    m.derivation.problem.node = value;
    m.fact(w, "", "w is the variable: n×1.");
    m.fact(value, "shape.norm", "‖w‖ is a scalar.");

    m.chain("value", value);
    let wt = m.transpose(w);
    let square = m.matmul(&[wt, w]);
    let root = m.power(square, "1/2");
    m.link(Lower, "lower.norm", "by definition of the norm", &[(&[], root)]);
    let w_i = m.elem(w, &[i]);
    let body = m.mul(&[w_i, w_i]);
    let square = m.sum(&[i], body);
    m.link(Lower, "lower.matmul", "the product sums over the inner index i", &[(&[0], square)]);

    let w_l = m.elem(w, &[l]);
    let root = m.end();
    let left = m.partial(root, w_l);
    m.chain("element", left);
    let (half, power, inner) = (m.number("1/2"), m.power(square, "-1/2"), m.partial(square, w_l));
    let product = m.mul(&[half, power, inner]);
    let why = "chain rule: the derivative of the root, times that of Σᵢ wᵢ wᵢ";
    let needs = m.link(Differentiate, "diff.power", why, &[(&[], product)]).id;
    let condition = Condition { node: w, relation: ConditionKind::Nonzero, text: "w != 0".into(), step: needs };
    m.derivation.conditions.push(condition);
    let d = m.partial(w_i, w_l);
    let terms = [[w_i, d], [d, w_i]].map(|factors| {
        let body = m.mul(&factors);
        m.sum(&[i], body)
    });
    let sum = m.add(&terms);
    let product_rule = "product rule: the barred factors are held constant";
    m.link(Differentiate, "diff.product", product_rule, &[(&[2], sum)]).marks =
        vec![held(&[2, 0, 0, 0]), held(&[2, 1, 0, 1])];
    let il = m.delta(i, l);
    let both = [(&[2, 0, 0, 1][..], il), (&[2, 1, 0, 0][..], il)];
    m.link(Differentiate, "diff.element", "an element changes only with itself", &both);
    m.link(Contract, "delta.contract", "only i = l is left", &[(&[2, 0], w_l), (&[2, 1], w_l)]);
    let two = m.number("2");
    let twice = m.mul(&[half, power, two, w_l]);
    let once = m.mul(&[power, w_l]);
    // One link for the reader, two steps in full.
    let before = m.end();
    let first = m.step(Collect, "collect.like-terms", "like terms are added", before, &[(&[], twice)]);
    let second = m.step(Collect, "number.arithmetic", "1/2 · 2 = 1", twice, &[(&[], once)]);
    m.link(Collect, "collect.like-terms", "like terms are added", &[(&[], once)]).steps = vec![first, second];

    let element = m.end();
    let left = m.array(&[l], element);
    m.chain("matrix", left);
    let norm = m.call("norm", w);
    let inverse = m.power(norm, "-1");
    m.link(Raise, "raise.norm", "the root of the sum of squares is the norm", &[(&[0, 0], inverse)]);
    let scaled = m.mul(&[inverse, w]);
    let entry = m.elem(scaled, &[l]);
    m.link(Raise, "raise.scale", "a scalar multiplies every element", &[(&[0], entry)]);
    m.link(Raise, "raise.array", "every entry is an entry of the vector", &[(&[], scaled)]);
    m.done(&["n"], &[&[("n", 3)], &[("n", 5)]])
}

/// x'Bx by x.
pub(crate) fn quadratic_form() -> Derivation {
    let mut m = Maker::new("x'*B*x", "x", &["n"]);
    let (x, b) = (m.symbol("x", &["n"]), m.symbol("B", &["n", "n"]));
    let [j, i] = ["j", "i"].map(|name| m.index(name, "n", Sum));
    let l = m.index("l", "n", Variable);
    let xt = m.transpose(x);
    let value = m.matmul(&[xt, b, x]);
    m.derivation.problem.node = value;
    m.fact(x, "", "x is the variable: n×1.");
    m.fact(b, "shape.matmul", "xᵀ B x exists, so B is n×n.");

    m.chain("value", value);
    let xb = m.matmul(&[xt, b]);
    let (xb_j, x_j, x_i, b_ij) = (m.elem(xb, &[j]), m.elem(x, &[j]), m.elem(x, &[i]), m.elem(b, &[i, j]));
    let body = m.mul(&[xb_j, x_j]);
    let sum = m.sum(&[j], body);
    m.link(Lower, "lower.matmul", "the product sums over the inner index j", &[(&[], sum)]);
    let body = m.mul(&[x_i, b_ij]);
    let inner = m.sum(&[i], body);
    m.link(Lower, "lower.matmul", "the product sums over the inner index i", &[(&[0, 0], inner)]);
    let body = m.mul(&[x_i, b_ij, x_j]);
    let sum = m.sum(&[j, i], body);
    m.link(Lower, "sum.flatten", "factors are taken inside the sums", &[(&[], sum)]);

    let x_l = m.elem(x, &[l]);
    let left = m.partial(sum, x_l);
    m.chain("element", left);
    let (di, dj) = (m.partial(x_i, x_l), m.partial(x_j, x_l));
    let terms = [[di, b_ij, x_j], [x_i, b_ij, dj]].map(|factors| {
        let body = m.mul(&factors);
        m.sum(&[j, i], body)
    });
    let sum = m.add(&terms);
    let product_rule = "product rule: the barred factors are held constant";
    m.link(Differentiate, "diff.product", product_rule, &[(&[], sum)]).marks = vec![held(&[0, 0, 2]), held(&[1, 0, 0])];
    let (il, jl) = (m.delta(i, l), m.delta(j, l));
    let both = [(&[0, 0, 0][..], il), (&[1, 0, 2][..], jl)];
    m.link(Differentiate, "diff.element", "an element changes only with itself", &both);
    let (b_lj, b_il) = (m.elem(b, &[l, j]), m.elem(b, &[i, l]));
    let body = m.mul(&[b_lj, x_j]);
    let first = m.sum(&[j], body);
    m.link(Contract, "delta.contract", "only i = l is left", &[(&[0], first)]);
    let body = m.mul(&[x_i, b_il]);
    let second = m.sum(&[i], body);
    m.link(Contract, "delta.contract", "only j = l is left", &[(&[1], second)]);

    let element = m.end();
    let left = m.array(&[l], element);
    m.chain("matrix", left);
    let bt = m.transpose(b);
    let bt_li = m.elem(bt, &[l, i]);
    let body = m.mul(&[bt_li, x_i]);
    let lined = m.sum(&[i], body);
    m.link(Raise, "raise.transpose", "the indices are lined up", &[(&[0, 1], lined)]);
    let (bx, btx) = (m.matmul(&[b, x]), m.matmul(&[bt, x]));
    let (first, second) = (m.elem(bx, &[l]), m.elem(btx, &[l]));
    let both = [(&[0, 0][..], first), (&[0, 1][..], second)];
    m.link(Raise, "raise.matmul", "j is summed between neighbours; i is summed between neighbours", &both);
    let sum = m.add(&[bx, btx]);
    let entry = m.elem(sum, &[l]);
    m.link(Raise, "raise.add", "elements of a sum", &[(&[0], entry)]);
    m.link(Raise, "raise.array", "every entry is an entry of the vector", &[(&[], sum)]);
    let inner = m.add(&[b, bt]);
    let answer = m.matmul(&[inner, x]);
    m.link(Simplify, "matrix.factor", "the common factor x is taken out", &[(&[], answer)]);
    m.done(&["n"], &[&[("n", 3)], &[("n", 5)]])
}

/// tr(S) by S.
pub(crate) fn trace() -> Derivation {
    let mut m = Maker::new("tr(S)", "S", &["n"]);
    let s = m.symbol("S", &["n", "n"]);
    let i = m.index("i", "n", Sum);
    let [p, q] = ["p", "q"].map(|name| m.index(name, "n", Variable));
    let value = m.call("tr", s);
    m.derivation.problem.node = value;
    m.fact(s, "shape.trace", "tr needs a square matrix: S is n×n.");
    m.chain("value", value);
    let diagonal = m.elem(s, &[i, i]);
    let sum = m.sum(&[i], diagonal);
    m.link(Lower, "lower.trace", "the trace sums the diagonal elements", &[(&[], sum)]);
    let s_pq = m.elem(s, &[p, q]);
    let left = m.partial(sum, s_pq);
    m.chain("element", left);
    let inner = m.partial(diagonal, s_pq);
    let sum = m.sum(&[i], inner);
    m.link(Differentiate, "diff.linear", "the derivative passes the sum", &[(&[], sum)]);
    let (ip, iq, pq) = (m.delta(i, p), m.delta(i, q), m.delta(p, q));
    let product = m.mul(&[ip, iq]);
    m.link(Differentiate, "diff.element", "an element changes only with itself", &[(&[0], product)]);
    m.link(Contract, "delta.contract", "only i = p is left", &[(&[], pq)]);
    let left = m.array(&[p, q], pq);
    let (zero, one) = (m.number("0"), m.number("1"));
    m.chain("matrix", left);
    let identity = m.push(Node::Identity { dim: Dim("n".into()) });
    let entry = m.elem(identity, &[p, q]);
    m.link(Raise, "raise.identity", "a delta is an entry of the identity", &[(&[0], entry)]).cases = vec![
        Case { when: vec![(p, Relation::Different, q)], after: zero },
        Case { when: vec![(p, Relation::Equal, q)], after: one },
    ];
    m.link(Raise, "raise.array", "every entry is an entry of the identity", &[(&[], identity)]);
    m.done(&["n", "n"], &[&[("n", 3)], &[("n", 5)]])
}

/// A derivation with words for names, and lines far wider than any terminal.
pub(crate) fn long_names() -> Derivation {
    let mut m = Maker::new("tr(Loss_matrix*Weights + …)", "Weights", &["batch", "features"]);
    let (loss, weights) =
        (m.symbol("Loss_matrix", &["batch", "features"]), m.symbol("Weights", &["features", "batch"]));
    let [i1, j1] = [("i1", "batch"), ("j1", "features")].map(|(name, dim)| m.index(name, dim, IndexRole::Sum));
    let [p, q] = [("p_1", "features"), ("q_1", "batch")].map(|(name, dim)| m.index(name, dim, IndexRole::Variable));
    let product = m.matmul(&[loss, weights]);
    let trace = m.call("tr", product);
    let mut terms = vec![trace];
    for exponent in ["2", "-3", "5/3", "-7/2"] {
        terms.push(m.power(trace, exponent));
    }
    let value = m.add(&terms);
    m.derivation.problem.node = value;
    m.fact(weights, "shape.a-rule-with-a-rather-long-name", "Loss_matrix Weights exists, so Weights has as many rows.");
    m.chain("value", value);
    let (a, b) = (m.elem(loss, &[i1, j1]), m.elem(weights, &[j1, i1]));
    let body = m.mul(&[a, b]);
    let sum = m.sum(&[i1, j1], body);
    m.link(
        Phase::Lower,
        "lower.trace-of-product",
        "the trace sums the diagonal elements of the product",
        &[(&[0], sum)],
    );
    let by = m.elem(weights, &[p, q]);
    let left = m.end();
    let left = m.partial(left, by);
    m.chain("element", left);
    let parts: Vec<NodeId> = terms.iter().map(|&term| m.partial(term, by)).collect();
    let parts = m.add(&parts);
    let product = m.mul(&[parts, sum, parts]);
    m.link(Phase::Differentiate, "diff.linear", &"a very long reason ".repeat(9), &[(&[], product)]);
    let element = m.end();
    let left = m.array(&[p, q], element);
    m.chain("matrix", left);
    m.link(Phase::Raise, "raise.array", "so be it", &[(&[], weights)]);
    let step = m.derivation.chains[0].links[0].id;
    for relation in [ConditionKind::Nonzero, ConditionKind::Invertible, ConditionKind::Positive] {
        m.derivation.conditions.push(Condition { node: product, relation, text: String::new(), step });
    }
    m.done(&["features", "batch"], &[])
}

/// sum(σ(A x) ⊙ y) by x, with every kind of condition, and with names in the answer.
pub(crate) fn network() -> Derivation {
    let mut m = Maker::new("sum(sigmoid(A*x) .* y)", "x", &["m", "n"]);
    let (a, x, y) = (m.symbol("A", &["m", "n"]), m.symbol("x", &["n"]), m.symbol("y", &["m"]));
    let [i, j] = [("i", "m"), ("j", "n")].map(|(name, dim)| m.index(name, dim, Sum));
    let l = m.index("l", "n", Variable);
    let ax = m.matmul(&[a, x]);
    let output = m.push(Node::Fn { name: "sigmoid".into(), arg: ax });
    let weighted = m.push(Node::Hadamard { args: vec![output, y] });
    let value = m.call("sum", weighted);
    m.derivation.problem.node = value;

    m.chain("value", value);
    let element = m.elem(weighted, &[i]);
    let sum = m.sum(&[i], element);
    m.link(Lower, "lower.sum", "the sum runs over the elements", &[(&[], sum)]);
    let (o_i, y_i) = (m.elem(output, &[i]), m.elem(y, &[i]));
    let product = m.mul(&[o_i, y_i]);
    m.link(Lower, "lower.hadamard", "the product is taken entry by entry", &[(&[0], product)]);
    let (a_ij, x_j) = (m.elem(a, &[i, j]), m.elem(x, &[j]));
    let body = m.mul(&[a_ij, x_j]);
    let inner = m.sum(&[j], body);
    let of_inner = m.push(Node::Fn { name: "sigmoid".into(), arg: inner });
    m.link(Lower, "lower.function", "σ is applied to every element", &[(&[0, 0], of_inner)]);

    let x_l = m.elem(x, &[l]);
    let left = m.end();
    let left = m.partial(left, x_l);
    m.chain("element", left);
    let change = m.partial(of_inner, x_l);
    let body = m.mul(&[change, y_i]);
    let sum = m.sum(&[i], body);
    m.link(Differentiate, "diff.linear", "y does not depend on x", &[(&[], sum)]);
    let (one, minus) = (m.number("1"), m.number("-1"));
    let negative = m.mul(&[minus, of_inner]);
    let rest = m.add(&[one, negative]);
    let a_il = m.elem(a, &[i, l]);
    let body = m.mul(&[of_inner, rest, a_il]);
    let step = m.link(Differentiate, "diff.sigmoid", "σ changes at the rate σ (1 − σ)", &[(&[0, 0], body)]).id;
    for (node, relation) in [
        (ax, ConditionKind::NonzeroEntries),
        (y, ConditionKind::PositiveEntries),
        (a, ConditionKind::FullRank),
        (value, ConditionKind::Positive),
        (ax, ConditionKind::Invertible),
    ] {
        m.derivation.conditions.push(Condition { node, relation, text: String::new(), step });
    }

    let element = m.end();
    let left = m.array(&[l], element);
    m.chain("matrix", left);
    let negative = m.mul(&[minus, output]);
    let rest = m.add(&[one, negative]);
    let product = m.push(Node::Hadamard { args: vec![output, rest, y] });
    let at = m.transpose(a);
    let answer = m.matmul(&[at, product]);
    m.link(Raise, "raise.matmul", "the entries are those of a product", &[(&[], answer)]);
    let names = [("t0", ax), ("t1", output)];
    m.derivation.result.names = names.map(|(name, node)| Named { name: name.into(), node }).to_vec();
    m.done(&["n"], &[])
}
