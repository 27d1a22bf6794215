//! Whole derivations that are right, for tests to accept and to tamper with.

use crate::support::{Record, Under, answer};
use einstep_trace::{Case, ConditionKind, Derivation, Dim, Einsum, Node, Rational, Relation};

/// `d/dX tr(V*X*W)`, the worked exercise 2.
pub(crate) fn trace() -> Derivation {
    let mut r = Record::new();
    let v = r.symbol("V", &["l", "m"], &[]);
    let x = r.symbol("X", &["m", "n"], &[]);
    let w = r.symbol("W", &["n", "l"], &[]);
    let (k, j, i) = (r.index("k", "l"), r.index("j", "n"), r.index("i", "m"));
    let (p, q) = (r.index("p", "m"), r.index("q", "n"));

    let vxw = r.matmul(&[v, x, w]);
    let vx = r.matmul(&[v, x]);
    let left = r.call("tr", vxw);
    r.chain("value", left);
    let diagonal = r.elem(vxw, &[k, k]);
    let sum = r.sum(&[k], diagonal);
    r.step("lower.trace", &[(&[], sum)]);
    let (vx_kj, w_jk) = (r.elem(vx, &[k, j]), r.elem(w, &[j, k]));
    let product = r.mul(&[vx_kj, w_jk]);
    let sum = r.sum(&[j], product);
    r.step("lower.matmul", &[(&[0], sum)]);
    let (v_ki, x_ij) = (r.elem(v, &[k, i]), r.elem(x, &[i, j]));
    let product = r.mul(&[v_ki, x_ij]);
    let sum = r.sum(&[i], product);
    r.step("lower.matmul", &[(&[0, 0, 0], sum)]);
    let product = r.mul(&[v_ki, x_ij, w_jk]);
    let flat = r.sum(&[k, j, i], product);
    r.step("sum.flatten", &[(&[], flat)]);

    let x_pq = r.elem(x, &[p, q]);
    let left = r.partial(flat, x_pq);
    r.chain("element", left);
    let inner = r.partial(x_ij, x_pq);
    let product = r.mul(&[v_ki, inner, w_jk]);
    let sum = r.sum(&[k, j, i], product);
    r.step("diff.linear", &[(&[], sum)]);
    let (d_ip, d_jq) = (r.delta(i, p), r.delta(j, q));
    let product = r.mul(&[v_ki, d_ip, d_jq, w_jk]);
    r.step("diff.element", &[(&[0], product)]);
    let v_kp = r.elem(v, &[k, p]);
    let product = r.mul(&[v_kp, d_jq, w_jk]);
    let sum = r.sum(&[k, j], product);
    r.step("delta.contract", &[(&[], sum)]);
    let w_qk = r.elem(w, &[q, k]);
    let product = r.mul(&[v_kp, w_qk]);
    let end = r.sum(&[k], product);
    r.step("delta.contract", &[(&[], end)]);

    let left = r.array(&[p, q], end);
    r.chain("matrix", left);
    let (vt, wt) = (r.transpose(v), r.transpose(w));
    let (vt_pk, wt_kq) = (r.elem(vt, &[p, k]), r.elem(wt, &[k, q]));
    r.step("raise.transpose", &[(&[0, 0, 0], vt_pk), (&[0, 0, 1], wt_kq)]);
    let vtwt = r.matmul(&[vt, wt]);
    let entry = r.elem(vtwt, &[p, q]);
    r.step("raise.matmul", &[(&[0], entry)]);
    // A group of one finer step, to have one.
    let finer = r.make_step("raise.array", r.line(), &[(&[], vtwt)]);
    r.group("raise.array", &[], vec![finer]);

    let mut result = answer(Some("V'*W'"), &["m", "n"], "sum[k](V[k,p]*W[q,k])", &["p", "q"]);
    result.einsum.push(Einsum {
        coefficient: Rational("1".into()),
        scalars: vec![],
        spec: "kp,qk->pq".into(),
        operands: vec![v, w],
    });
    r.finish("tr(V*X*W)", &["X"], result)
}

/// `d/dw norm(w)`, the worked exercise 3.
pub(crate) fn norm() -> Derivation {
    let mut r = Record::new();
    let w = r.symbol("w", &["n"], &[]);
    let (i, l) = (r.index("i", "n"), r.index("l", "n"));
    let (w_i, w_l) = (r.elem(w, &[i]), r.elem(w, &[l]));
    let norm = r.call("norm", w);
    r.chain("value", norm);
    let wt = r.transpose(w);
    let product = r.matmul(&[wt, w]);
    let root = r.power(product, "1/2");
    r.step("lower.norm", &[(&[], root)]);
    let wt_i = r.elem(wt, &[i]);
    let square = r.mul(&[wt_i, w_i]);
    let sum = r.sum(&[i], square);
    r.step("lower.matmul", &[(&[0], sum)]);
    r.step("lower.transpose", &[(&[0, 0, 0], w_i)]);
    let root = r.line();
    let square = r.mul(&[w_i, w_i]);
    let squares = r.sum(&[i], square);

    let left = r.partial(root, w_l);
    r.chain("element", left);
    let (half, over_root, inner) = (r.number("1/2"), r.power(squares, "-1/2"), r.partial(squares, w_l));
    let chain = r.mul(&[half, over_root, inner]);
    r.step("diff.power", &[(&[], chain)]);
    let entry = r.partial(w_i, w_l);
    let (first, second) = (r.mul(&[w_i, entry]), r.mul(&[entry, w_i]));
    let (first, second) = (r.sum(&[i], first), r.sum(&[i], second));
    let split = r.add(&[first, second]);
    r.step("diff.product", &[(&[2], split)]);
    let delta = r.delta(i, l);
    r.step("diff.element", &[(&[2, 0, 0, 1], delta), (&[2, 1, 0, 0], delta)]);
    let both = r.add(&[w_l, w_l]);
    r.step("delta.contract", &[(&[2], both)]);
    let two = r.number("2");
    let twice = r.mul(&[two, w_l]);
    r.step("collect.like-terms", &[(&[2], twice)]);
    let end = r.mul(&[over_root, w_l]);
    r.step("number.arithmetic", &[(&[], end)]);

    let left = r.array(&[l], end);
    r.chain("matrix", left);
    let over_norm = r.power(norm, "-1");
    r.step("raise.norm", &[(&[0, 0], over_norm)]);
    let scaled = r.mul(&[over_norm, w]);
    let entry = r.elem(scaled, &[l]);
    r.step("raise.scale", &[(&[0], entry)]);
    r.step("raise.array", &[(&[], scaled)]);
    let index = "w[l]/sqrt(sum[i](w[i]*w[i]))";
    r.finish("norm(w)", &["w"], answer(Some("w/norm(w)"), &["n"], index, &["l"])).under(
        w,
        ConditionKind::Nonzero,
        "diff.power",
    )
}

/// `d/dx x'*B*x`.
pub(crate) fn quadratic() -> Derivation {
    let mut r = Record::new();
    let x = r.symbol("x", &["n"], &[]);
    let b = r.symbol("B", &["n", "n"], &[]);
    let (i, j, l) = (r.index("i", "n"), r.index("j", "n"), r.index("l", "n"));
    let (x_i, x_j, x_l) = (r.elem(x, &[i]), r.elem(x, &[j]), r.elem(x, &[l]));
    let (b_ij, b_lj, b_il) = (r.elem(b, &[i, j]), r.elem(b, &[l, j]), r.elem(b, &[i, l]));
    let xt = r.transpose(x);
    let form = r.matmul(&[xt, b, x]);
    r.chain("value", form);
    let xt_i = r.elem(xt, &[i]);
    let product = r.mul(&[xt_i, b_ij, x_j]);
    let sum = r.sum(&[i, j], product);
    r.step("lower.matmul", &[(&[], sum)]);
    r.step("lower.transpose", &[(&[0, 0], x_i)]);
    let sum = r.line();

    let left = r.partial(sum, x_l);
    r.chain("element", left);
    let (d_i, d_j) = (r.partial(x_i, x_l), r.partial(x_j, x_l));
    let (first, second) = (r.mul(&[d_i, b_ij, x_j]), r.mul(&[x_i, b_ij, d_j]));
    let (first, second) = (r.sum(&[i, j], first), r.sum(&[i, j], second));
    let split = r.add(&[first, second]);
    r.step("diff.product", &[(&[], split)]);
    let (d_il, d_jl) = (r.delta(i, l), r.delta(j, l));
    r.step("diff.element", &[(&[0, 0, 0], d_il), (&[1, 0, 2], d_jl)]);
    let (first, second) = (r.mul(&[b_lj, x_j]), r.mul(&[b_il, x_i]));
    let (first, second) = (r.sum(&[j], first), r.sum(&[i], second));
    r.step("delta.contract", &[(&[0], first), (&[1], second)]);

    let end = r.line();
    let left = r.array(&[l], end);
    r.chain("matrix", left);
    let bt = r.transpose(b);
    let bt_li = r.elem(bt, &[l, i]);
    r.step("raise.transpose", &[(&[0, 1, 0, 0], bt_li)]);
    let (bx, btx) = (r.matmul(&[b, x]), r.matmul(&[bt, x]));
    let (bx_l, btx_l) = (r.elem(bx, &[l]), r.elem(btx, &[l]));
    r.step("raise.matmul", &[(&[0, 0], bx_l), (&[0, 1], btx_l)]);
    let both = r.add(&[bx, btx]);
    let entry = r.elem(both, &[l]);
    r.step("raise.add", &[(&[0], entry)]);
    r.step("raise.array", &[(&[], both)]);
    let sum = r.add(&[b, bt]);
    let product = r.matmul(&[sum, x]);
    r.step("matrix.factor", &[(&[], product)]);
    let index = "sum[j](B[l,j]*x[j]) + sum[i](B[i,l]*x[i])";
    r.finish("x'*B*x", &["x"], answer(Some("(B + B')*x"), &["n"], index, &["l"]))
}

/// `d/dS tr(S)`, the worked exercise 4: a delta with both indices free, discussed by cases.
pub(crate) fn trace_of_a_matrix() -> Derivation {
    let mut r = Record::new();
    let s = r.symbol("S", &["n", "n"], &[]);
    let (i, p, q) = (r.index("i", "n"), r.index("p", "n"), r.index("q", "n"));
    let (s_ii, s_pq) = (r.elem(s, &[i, i]), r.elem(s, &[p, q]));
    let trace = r.call("tr", s);
    r.chain("value", trace);
    let sum = r.sum(&[i], s_ii);
    r.step("lower.trace", &[(&[], sum)]);

    let left = r.partial(sum, s_pq);
    r.chain("element", left);
    let (d_ip, d_iq, d_pq) = (r.delta(i, p), r.delta(i, q), r.delta(p, q));
    let inner = r.partial(s_ii, s_pq);
    let sum = r.sum(&[i], inner);
    r.step("diff.linear", &[(&[], sum)]);
    let deltas = r.mul(&[d_ip, d_iq]);
    r.step("diff.element", &[(&[0], deltas)]);
    r.step("delta.contract", &[(&[], d_pq)]);
    let (zero, one) = (r.number("0"), r.number("1"));
    r.cases(vec![
        Case { when: vec![(p, Relation::Different, q)], after: zero },
        Case { when: vec![(p, Relation::Equal, q)], after: one },
    ]);

    let left = r.array(&[p, q], d_pq);
    r.chain("matrix", left);
    let identity = r.node(Node::Identity { dim: Dim("n".into()) });
    let entry = r.elem(identity, &[p, q]);
    r.step("raise.identity", &[(&[0], entry)]);
    r.step("raise.array", &[(&[], identity)]);
    r.finish("tr(S)", &["S"], answer(Some("I"), &["n", "n"], "delta[p,q]", &["p", "q"]))
}

/// `d/dx A*x`: a vector by a vector.
pub(crate) fn jacobian() -> Derivation {
    let mut r = Record::new();
    let a = r.symbol("A", &["m", "n"], &[]);
    let x = r.symbol("x", &["n"], &[]);
    let (i, j, p) = (r.index("i", "m"), r.index("j", "n"), r.index("p", "n"));
    let ax = r.matmul(&[a, x]);
    let left = r.elem(ax, &[i]);
    r.chain("value", left);
    let (a_ij, x_j, x_p) = (r.elem(a, &[i, j]), r.elem(x, &[j]), r.elem(x, &[p]));
    let product = r.mul(&[a_ij, x_j]);
    let sum = r.sum(&[j], product);
    r.step("lower.matmul", &[(&[], sum)]);
    let left = r.partial(sum, x_p);
    r.chain("element", left);
    let a_ip = r.elem(a, &[i, p]);
    let (inner, d_jp) = (r.partial(x_j, x_p), r.delta(j, p));
    let product = r.mul(&[a_ij, inner]);
    let sum = r.sum(&[j], product);
    r.step("diff.linear", &[(&[], sum)]);
    r.step("diff.element", &[(&[0, 1], d_jp)]);
    r.step("delta.contract", &[(&[], a_ip)]);
    let left = r.array(&[i, p], a_ip);
    r.chain("matrix", left);
    r.step("raise.array", &[(&[], a)]);
    let mut result = answer(Some("A"), &["m", "n"], "A[i,p]", &["i", "p"]);
    result.einsum.push(Einsum {
        coefficient: Rational("1".into()),
        scalars: vec![],
        spec: "ip->ip".into(),
        operands: vec![a],
    });
    r.finish("A*x", &["x"], result)
}

/// `d/dx d/dx x'*B*x`: a second derivative.
pub(crate) fn hessian() -> Derivation {
    let mut r = Record::new();
    let x = r.symbol("x", &["n"], &[]);
    let b = r.symbol("B", &["n", "n"], &[]);
    let (i, j, p, q) = (r.index("i", "n"), r.index("j", "n"), r.index("p", "n"), r.index("q", "n"));
    let (x_i, x_j, x_p, x_q) = (r.elem(x, &[i]), r.elem(x, &[j]), r.elem(x, &[p]), r.elem(x, &[q]));
    let b_ij = r.elem(b, &[i, j]);
    let xt = r.transpose(x);
    let form = r.matmul(&[xt, b, x]);
    r.chain("value", form);
    let xt_i = r.elem(xt, &[i]);
    let product = r.mul(&[xt_i, b_ij, x_j]);
    let sum = r.sum(&[i, j], product);
    r.step("lower.matmul", &[(&[], sum)]);
    r.step("lower.transpose", &[(&[0, 0], x_i)]);
    let sum = r.line();
    let inner = r.partial(sum, x_q);
    let left = r.partial(inner, x_p);
    r.chain("element", left);
    let (d_i, d_j) = (r.partial(x_i, x_q), r.partial(x_j, x_q));
    let (first, second) = (r.mul(&[d_i, b_ij, x_j]), r.mul(&[x_i, b_ij, d_j]));
    let (first, second) = (r.sum(&[i, j], first), r.sum(&[i, j], second));
    let split = r.add(&[first, second]);
    r.step("diff.product", &[(&[0], split)]);
    let (d_iq, d_jq) = (r.delta(i, q), r.delta(j, q));
    r.step("diff.element", &[(&[0, 0, 0, 0], d_iq), (&[0, 1, 0, 2], d_jq)]);
    let (b_iq, b_qj) = (r.elem(b, &[i, q]), r.elem(b, &[q, j]));
    let (first, second) = (r.mul(&[b_qj, x_j]), r.mul(&[x_i, b_iq]));
    let (first, second) = (r.sum(&[j], first), r.sum(&[i], second));
    r.step("delta.contract", &[(&[0, 0], first), (&[0, 1], second)]);
    let (d_i, d_j) = (r.partial(x_i, x_p), r.partial(x_j, x_p));
    let (first, second) = (r.mul(&[b_qj, d_j]), r.mul(&[d_i, b_iq]));
    let (first, second) = (r.sum(&[j], first), r.sum(&[i], second));
    let split = r.add(&[first, second]);
    r.step("diff.linear", &[(&[], split)]);
    let (d_ip, d_jp) = (r.delta(i, p), r.delta(j, p));
    r.step("diff.element", &[(&[0, 0, 1], d_jp), (&[1, 0, 0], d_ip)]);
    let (b_qp, b_pq) = (r.elem(b, &[q, p]), r.elem(b, &[p, q]));
    r.step("delta.contract", &[(&[0], b_qp), (&[1], b_pq)]);
    let both = r.line();
    let left = r.array(&[p, q], both);
    r.chain("matrix", left);
    let bt = r.transpose(b);
    let bt_pq = r.elem(bt, &[p, q]);
    r.step("raise.transpose", &[(&[0, 0], bt_pq)]);
    let sum = r.add(&[bt, b]);
    let entry = r.elem(sum, &[p, q]);
    r.step("raise.add", &[(&[0], entry)]);
    r.step("raise.array", &[(&[], sum)]);
    let sum = r.add(&[b, bt]);
    r.step("sum.reorder", &[(&[], sum)]);
    r.finish("x'*B*x", &["x", "x"], answer(Some("B + B'"), &["n", "n"], "B[p,q] + B[q,p]", &["p", "q"]))
}

/// `d/dX X*a`: three indices, so the answer is an element.
pub(crate) fn third_order() -> Derivation {
    let mut r = Record::new();
    let x = r.symbol("X", &["m", "n"], &[]);
    let a = r.symbol("a", &["n"], &[]);
    let (i, j) = (r.index("i", "m"), r.index("j", "n"));
    let (p, q) = (r.index("p", "m"), r.index("q", "n"));
    let xa = r.matmul(&[x, a]);
    let left = r.elem(xa, &[i]);
    r.chain("value", left);
    let (x_ij, x_pq, a_j, a_q) = (r.elem(x, &[i, j]), r.elem(x, &[p, q]), r.elem(a, &[j]), r.elem(a, &[q]));
    let product = r.mul(&[x_ij, a_j]);
    let sum = r.sum(&[j], product);
    r.step("lower.matmul", &[(&[], sum)]);
    let left = r.partial(sum, x_pq);
    r.chain("element", left);
    let inner = r.partial(x_ij, x_pq);
    let product = r.mul(&[inner, a_j]);
    let sum = r.sum(&[j], product);
    r.step("diff.linear", &[(&[], sum)]);
    let (d_ip, d_jq) = (r.delta(i, p), r.delta(j, q));
    let product = r.mul(&[d_ip, d_jq, a_j]);
    r.step("diff.element", &[(&[0], product)]);
    let end = r.mul(&[d_ip, a_q]);
    r.step("delta.contract", &[(&[], end)]);
    r.chain("matrix", end);
    let result = answer(None, &["m", "m", "n"], "delta[i,p]*a[q]", &["i", "p", "q"]);
    r.finish("X*a", &["X"], result)
}

/// `d/dx x'*S*x` with a symmetric S.
pub(crate) fn symmetric_constant() -> Derivation {
    let mut r = Record::new();
    let x = r.symbol("x", &["n"], &[]);
    let s = r.symbol("S", &["n", "n"], &["symmetric"]);
    let (i, j, l) = (r.index("i", "n"), r.index("j", "n"), r.index("l", "n"));
    let xt = r.transpose(x);
    let form = r.matmul(&[xt, s, x]);
    r.chain("value", form);
    let (x_i, x_j, s_ij) = (r.elem(x, &[i]), r.elem(x, &[j]), r.elem(s, &[i, j]));
    let xt_i = r.elem(xt, &[i]);
    let product = r.mul(&[xt_i, s_ij, x_j]);
    let sum = r.sum(&[i, j], product);
    r.step("lower.matmul", &[(&[], sum)]);
    r.step("lower.transpose", &[(&[0, 0], x_i)]);
    let sum = r.line();
    let x_l = r.elem(x, &[l]);
    let left = r.partial(sum, x_l);
    r.chain("element", left);
    let (d_i, d_j) = (r.partial(x_i, x_l), r.partial(x_j, x_l));
    let (first, second) = (r.mul(&[d_i, s_ij, x_j]), r.mul(&[x_i, s_ij, d_j]));
    let (first, second) = (r.sum(&[i, j], first), r.sum(&[i, j], second));
    let split = r.add(&[first, second]);
    r.step("diff.product", &[(&[], split)]);
    let (d_il, d_jl) = (r.delta(i, l), r.delta(j, l));
    r.step("diff.element", &[(&[0, 0, 0], d_il), (&[1, 0, 2], d_jl)]);
    let (two, s_lj, s_il) = (r.number("2"), r.elem(s, &[l, j]), r.elem(s, &[i, l]));
    let (first, second) = (r.mul(&[s_lj, x_j]), r.mul(&[x_i, s_il]));
    let (first, second) = (r.sum(&[j], first), r.sum(&[i], second));
    r.step("delta.contract", &[(&[0], first), (&[1], second)]);
    let end = r.mul(&[two, first]);
    r.step("collect.like-terms", &[(&[], end)]);
    let left = r.array(&[l], end);
    r.chain("matrix", left);
    let sx = r.matmul(&[s, x]);
    let entry = r.elem(sx, &[l]);
    r.step("raise.matmul", &[(&[0, 1], entry)]);
    let twice = r.mul(&[two, sx]);
    let entry = r.elem(twice, &[l]);
    r.step("raise.scale", &[(&[0], entry)]);
    r.step("raise.array", &[(&[], twice)]);
    r.finish("x'*S*x", &["x"], answer(Some("2*S*x"), &["n"], "2*sum[j](S[l,j]*x[j])", &["l"]))
}

/// `d/dt t^alpha`: an exponent that is a scalar.
pub(crate) fn symbolic_exponent() -> Derivation {
    let mut r = Record::new();
    let t = r.symbol("t", &[], &[]);
    let alpha = r.symbol("alpha", &[], &[]);
    let power = r.node(Node::Power { base: t, exponent: alpha });
    r.chain("value", power);
    let left = r.partial(power, t);
    r.chain("element", left);
    let minus_one = r.number("-1");
    let lower = r.add(&[alpha, minus_one]);
    let power = r.node(Node::Power { base: t, exponent: lower });
    let (inner, one) = (r.partial(t, t), r.number("1"));
    let chain = r.mul(&[alpha, power, inner]);
    r.step("diff.power", &[(&[], chain)]);
    r.step("diff.element", &[(&[2], one)]);
    let end = r.mul(&[alpha, power]);
    r.step("number.arithmetic", &[(&[], end)]);
    r.chain("matrix", end);
    let text = "alpha*t^(alpha - 1)";
    r.finish("t^alpha", &["t"], answer(Some(text), &[], text, &[])).under(t, ConditionKind::Positive, "diff.power")
}

/// `d/dt t*tr(A^9)`, with a step on a product of nine free indices.
pub(crate) fn long_product() -> Derivation {
    let mut r = Record::new();
    let a = r.symbol("A", &["n", "n"], &[]);
    let t = r.symbol("t", &[], &[]);
    let over: Vec<_> = (0..9).map(|k| r.index(&format!("i{k}"), "n")).collect();
    let ninth = r.node(Node::Matpow { base: a, exponent: 9 });
    let trace = r.call("tr", ninth);
    let value = r.mul(&[t, trace]);
    r.chain("value", value);
    let power = r.matmul(&[a; 9]);
    r.step("lower.power", &[(&[1, 0], power)]);
    let entry = r.elem(power, &[over[0], over[0]]);
    let sum = r.sum(&over[..1], entry);
    r.step("lower.trace", &[(&[1], sum)]);
    let mut factors: Vec<_> = (0..9).map(|k| r.elem(a, &[over[k], over[(k + 1) % 9]])).collect();
    let product = r.mul(&factors);
    let sum = r.sum(&over, product);
    r.step("lower.matmul", &[(&[1], sum)]);
    factors.reverse();
    let product = r.mul(&factors);
    r.step("product.reorder", &[(&[1, 0], product)]);
    let value = r.line();
    let left = r.partial(value, t);
    r.chain("element", left);
    let (inner, one, sum) = (r.partial(t, t), r.number("1"), r.sum(&over, product));
    let product = r.mul(&[inner, sum]);
    r.step("diff.linear", &[(&[], product)]);
    r.step("diff.element", &[(&[0], one)]);
    r.step("number.arithmetic", &[(&[], sum)]);
    r.chain("matrix", sum);
    let letters: Vec<String> = (0..9).map(|k| format!("i{k}")).collect();
    let factors: Vec<String> = (0..9).map(|k| format!("A[i{k},i{}]", (k + 1) % 9)).collect();
    let index = format!("sum[{}]({})", letters.join(","), factors.join("*"));
    r.finish("t*tr(A^9)", &["t"], answer(None, &[], &index, &[]))
}
