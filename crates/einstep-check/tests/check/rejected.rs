//! Derivations with one thing wrong: the checker refuses each, and says where.

use crate::examples;
use crate::support::{Record, answer};
use einstep_check::{Options, Rejection, Verdict, check};
use einstep_syntax::parse_problem;
use einstep_trace::{Derivation, Dim, Node, NodeId, Step};

fn refuse(derivation: &Derivation, at: &str, message: &str) -> Rejection {
    match check(derivation, None, &Options::default()) {
        Verdict::Rejected(rejection) => {
            assert_eq!(rejection.at, at, "{rejection:#?}");
            assert!(rejection.message.contains(message), "{rejection:#?}");
            rejection
        }
        verdict => panic!("{verdict:#?}"),
    }
}

/// The link of a rule in a chain; of several, the one of a number.
fn link<'a>(derivation: &'a mut Derivation, chain: &str, rule: &str, number: usize) -> &'a mut Step {
    let chain = derivation.chains.iter_mut().find(|other| other.id == chain).unwrap();
    chain.links.iter_mut().filter(|step| step.rule.0 == rule).nth(number).unwrap()
}

/// Gives a link another replacement at its first place; its lines stay consistent with it.
fn derail(derivation: &mut Derivation, chain: &str, rule: &str, make: impl FnOnce(&mut Record) -> NodeId) -> String {
    let mut record = Record::of(derivation);
    let new = make(&mut record);
    let step = link(derivation, chain, rule, 0).clone();
    let mut exchange: Vec<(&[u32], NodeId)> =
        step.at.iter().zip(&step.replaced).map(|(path, pair)| (path.as_slice(), pair[1])).collect();
    exchange[0].1 = new;
    let wrong = record.make_step(rule, step.before, &exchange);
    *link(derivation, chain, rule, 0) = Step { id: step.id, ..wrong };
    derivation.nodes = record.into_nodes();
    format!("step {}", step.id)
}

fn symbol(record: &mut Record, number: u32) -> NodeId {
    record.node(Node::Symbol { symbol: einstep_trace::SymbolId(number) })
}

fn index(derivation: &Derivation, name: &str) -> einstep_trace::IndexId {
    derivation.indices.iter().find(|index| index.name == name).unwrap().id
}

#[test]
fn dropped_term() {
    let mut d = examples::quadratic();
    let split = link(&mut d, "element", "diff.product", 0).after;
    let Node::Add { args } = d.nodes[split.at()].clone() else { panic!() };
    let at = derail(&mut d, "element", "diff.product", |_| args[0]);
    let rejection = refuse(&d, &at, "the two sides differ");
    let counterexample = rejection.counterexample.unwrap();
    assert_eq!(counterexample.indices.len(), 1);
    assert!(counterexample.entries.iter().flat_map(|e| &e.entries).all(|entry| entry.len() <= 2), "{counterexample:?}");
}

#[test]
fn swapped_indices() {
    let mut d = examples::quadratic();
    let (j, l) = (index(&d, "j"), index(&d, "l"));
    let at = derail(&mut d, "element", "delta.contract", |r| {
        let (b, x) = (symbol(r, 1), symbol(r, 0));
        let (b_jl, x_j) = (r.elem(b, &[j, l]), r.elem(x, &[j]));
        let product = r.mul(&[b_jl, x_j]);
        r.sum(&[j], product)
    });
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn transposed_operand() {
    let mut d = examples::quadratic();
    let l = index(&d, "l");
    let at = derail(&mut d, "matrix", "raise.matmul", |r| {
        let (b, x) = (symbol(r, 1), symbol(r, 0));
        let bt = r.transpose(b);
        let btx = r.matmul(&[bt, x]);
        r.elem(btx, &[l])
    });
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn wrong_coefficient() {
    let mut d = examples::norm();
    let l = index(&d, "l");
    let at = derail(&mut d, "element", "collect.like-terms", |r| {
        let (three, w) = (r.number("3"), symbol(r, 0));
        let w_l = r.elem(w, &[l]);
        r.mul(&[three, w_l])
    });
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn forgotten_inner_derivative() {
    let mut d = examples::norm();
    let at = derail(&mut d, "element", "diff.power", |r| {
        let (half, w) = (r.number("1/2"), symbol(r, 0));
        let norm = r.call("norm", w);
        let over = r.power(norm, "-1");
        r.mul(&[half, over])
    });
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn delta_of_the_wrong_pair() {
    let mut d = examples::quadratic();
    let (j, l) = (index(&d, "j"), index(&d, "l"));
    let at = derail(&mut d, "element", "diff.element", |r| r.delta(j, l));
    refuse(&d, &at, "the index j is free in the replacement");

    let mut d = examples::trace_of_a_matrix();
    let (i, p) = (index(&d, "i"), index(&d, "p"));
    let at = derail(&mut d, "element", "diff.element", |r| r.delta(i, p));
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn sum_over_the_wrong_index() {
    let mut d = examples::quadratic();
    let (i, j) = (index(&d, "i"), index(&d, "j"));
    let at = derail(&mut d, "value", "lower.matmul", |r| {
        let (b, x) = (symbol(r, 1), symbol(r, 0));
        let (x_i, b_ij, x_j) = (r.elem(x, &[i]), r.elem(b, &[i, j]), r.elem(x, &[j]));
        let product = r.mul(&[x_i, b_ij, x_j]);
        r.sum(&[i], product)
    });
    refuse(&d, &at, "the index j is free in the replacement");
}

#[test]
fn captured_dummy() {
    let mut d = examples::quadratic();
    let i = index(&d, "i");
    let at = derail(&mut d, "value", "lower.matmul", |r| {
        let (b, x) = (symbol(r, 1), symbol(r, 0));
        let (x_i, b_ii) = (r.elem(x, &[i]), r.elem(b, &[i, i]));
        let product = r.mul(&[x_i, b_ii, x_i]);
        r.sum(&[i], product)
    });
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn swapped_indices_in_a_long_product() {
    let mut d = examples::long_product();
    let (i, j) = (index(&d, "i3"), index(&d, "i4"));
    let step = link(&mut d, "value", "product.reorder", 0).clone();
    let Node::Mul { mut args } = d.nodes[step.replaced[0][1].at()].clone() else { panic!() };
    let at = derail(&mut d, "value", "product.reorder", |r| {
        let a = symbol(r, 0);
        let (a_ij, a_ji) = (r.elem(a, &[i, j]), r.elem(a, &[j, i]));
        let place = args.iter().position(|factor| *factor == a_ij).unwrap();
        args[place] = a_ji;
        r.mul(&args)
    });
    refuse(&d, &at, "the two sides differ");
}

#[test]
fn wrong_case() {
    let mut d = examples::trace_of_a_matrix();
    let step = link(&mut d, "element", "delta.contract", 0);
    let id = step.id;
    step.cases[0].after = step.cases[1].after;
    refuse(&d, &format!("step {id}"), "a case does not have the value of the line");
}

#[test]
fn case_that_never_occurs() {
    let mut d = examples::trace_of_a_matrix();
    let step = link(&mut d, "element", "delta.contract", 0);
    let id = step.id;
    let (first, second) = (step.cases[0].when[0], step.cases[1].when[0]);
    step.cases[0].when = vec![first, second];
    refuse(&d, &format!("step {id}"), "a case never occurs");
}

#[test]
fn link_that_does_not_meet() {
    let mut d = examples::trace();
    let removed = d.chains[1].links.remove(2);
    refuse(&d, &format!("step {}", removed.id + 1), "does not begin where the line above ends");
}

#[test]
fn chains_that_do_not_meet() {
    let mut d = examples::trace();
    d.chains[0].links.pop();
    refuse(&d, "chain element", "does not differentiate the end of chain value");
    let mut d = examples::trace();
    d.chains[1].links.pop();
    refuse(&d, "chain matrix", "does not begin with the array");
    let mut d = examples::trace();
    d.chains[2].links.pop();
    refuse(&d, "the result", "not the end of chain matrix");
}

#[test]
fn empty_or_missing_chains() {
    let mut d = examples::trace();
    d.chains[1].links.clear();
    refuse(&d, "chain element", "it is empty");
    let mut d = examples::trace();
    d.chains.clear();
    refuse(&d, "the file", "value, element, matrix");
    let mut d = examples::trace();
    d.chains.swap(0, 1);
    refuse(&d, "the file", "value, element, matrix");
}

#[test]
fn answer_to_another_question() {
    let ask = |text: &str| {
        let problem = parse_problem(text, 0).value;
        check(&examples::trace(), Some(&problem), &Options::default())
    };
    assert!(matches!(ask("d/dX tr(V*X*W)"), Verdict::Accepted(_)));
    assert!(matches!(ask("d/dX tr(W*V*X)"), Verdict::Accepted(_)));
    for other in ["d/dX 2*tr(V*X*W)", "d/dX tr(V*X*W*V*X*W)", "d/dV tr(V*X*W)", "d/dX tr(X*V)", "d/dX tr(V*Y*W)"] {
        assert!(matches!(ask(other), Verdict::Rejected(_)), "{other}");
    }
}

#[test]
fn question_with_an_added_property() {
    let ask =
        |text: &str| check(&examples::symmetric_constant(), Some(&parse_problem(text, 0).value), &Options::default());
    assert!(matches!(ask("S in R^(n,n) symmetric\nd/dx x'*S*x"), Verdict::Accepted(_)));
    assert!(matches!(ask("x in R^n; S in R^(n,n) symmetric\nd/dx x'*S*x"), Verdict::Accepted(_)));
    for other in [
        "d/dx x'*S*x",
        "S in R^(n,n)\nd/dx x'*S*x",
        "S in R^(n,n) skew\nd/dx x'*S*x",
        "S in R^(m,m) symmetric\nd/dx x'*S*x",
        "S in R^(n,n) symmetric; x in R^(n,n)\nd/dx x'*S*x",
    ] {
        let verdict = ask(other);
        let Verdict::Rejected(rejection) = verdict else { panic!("{other}: {verdict:#?}") };
        assert_eq!(rejection.at, "the question", "{other}");
    }
}

#[test]
fn relabelled_rules() {
    const MESSAGE: &str = "right, but not by this rule";
    let relabel = |mut d: Derivation, chain: &str, rule: &str, other: &str| {
        let step = link(&mut d, chain, rule, 0);
        step.rule.0 = other.to_string().into();
        let at = format!("step {}", step.id);
        let rejection = refuse(&d, &at, MESSAGE);
        assert_eq!((rejection.rule.as_deref(), rejection.counterexample), (Some(other), None));
    };
    relabel(examples::trace(), "value", "lower.trace", "raise.trace");
    relabel(examples::trace(), "value", "lower.trace", "shape.trace");
    relabel(examples::trace(), "value", "sum.flatten", "product.distribute");
    relabel(examples::trace(), "element", "delta.contract", "collect.like-terms");
    relabel(examples::trace(), "element", "diff.linear", "diff.product");
    relabel(examples::trace(), "matrix", "raise.transpose", "raise.matmul");
    relabel(examples::quadratic(), "element", "diff.product", "diff.linear");
    relabel(examples::quadratic(), "matrix", "matrix.factor", "matrix.distribute");
    relabel(examples::norm(), "element", "collect.like-terms", "number.arithmetic");
    relabel(examples::long_product(), "value", "product.reorder", "sum.reorder");
}

#[test]
fn several_rules_in_one_step() {
    // The sum over a column and a row, and the element of the transpose: each is a step of its own.
    let mut d = examples::quadratic();
    let (i, j) = (index(&d, "i"), index(&d, "j"));
    let at = derail(&mut d, "value", "lower.matmul", |r| {
        let (b, x) = (symbol(r, 1), symbol(r, 0));
        let (x_i, b_ij, x_j) = (r.elem(x, &[i]), r.elem(b, &[i, j]), r.elem(x, &[j]));
        let product = r.mul(&[x_i, b_ij, x_j]);
        r.sum(&[i, j], product)
    });
    refuse(&d, &at, "right, but not by this rule");
}

#[test]
fn texts_that_say_something_else() {
    const DIFFERENT: &str = "it has another value than the node of the result";
    let mut d = examples::quadratic();
    d.result.text = Some("2*B*x".into());
    refuse(&d, "the text of the result", DIFFERENT);
    d.result.text = Some("x'*(B + B')".into());
    refuse(&d, "the text of the result", "not");
    d.result.text = Some("(B + B')*".into());
    refuse(&d, "the text of the result", "can't be read");

    let mut d = examples::quadratic();
    d.result.index = "sum[j](B[j,l]*x[j]) + sum[i](B[i,l]*x[i])".into();
    refuse(&d, "the index form of the result", DIFFERENT);
    d.result.index = "sum[j](B[l,j]*x[j]) + sum[i](B[i,k]*x[i])".into();
    refuse(&d, "the index form of the result", "the index `k` is not bound");

    let mut d = examples::trace();
    d.result.index = "sum[k](V[k,p]*W[k,q])".into();
    refuse(&d, "the index form of the result", "runs over another dimension");
    let mut d = examples::trace();
    d.result.free.swap(0, 1);
    refuse(&d, "the index form of the result", "runs over another dimension");
    let mut d = examples::trace();
    d.result.shape.swap(0, 1);
    refuse(&d, "the result", "its shape");
    let mut d = examples::trace();
    d.result.einsum[0].spec = "kp,kq->pq".into();
    refuse(&d, "the einsum form of the result", "a letter runs over two dimensions");
    d.result.einsum[0].spec = "kp,qk->pr".into();
    refuse(&d, "the einsum form of the result", "a letter of the output is in no operand");
    d.result.einsum[0].spec = "kp,qk->pq".into();
    d.result.einsum[0].coefficient.0 = "-1".into();
    refuse(&d, "the einsum form of the result", DIFFERENT);
}

#[test]
fn no_points_at_all() {
    let mut d = examples::quadratic();
    d.result.text = Some("2*B*x".into());
    let options = Options { points: 0, ..Options::default() };
    assert!(matches!(check(&d, None, &options), Verdict::Rejected(_)));
}

#[test]
fn unknown_rule() {
    let mut d = examples::trace();
    d.chains[0].links[0].rule.0 = "simplify".into();
    refuse(&d, "step 1", "unknown rule");
}

#[test]
fn steps_of_a_wrong_form() {
    let mut d = examples::trace();
    let step = link(&mut d, "value", "lower.trace", 0);
    step.at.push(vec![]);
    refuse(&d, "step 1", "one pair for each place");

    let mut d = examples::trace();
    let step = link(&mut d, "matrix", "raise.transpose", 0);
    let (at, id) = (step.at[0].clone(), step.id);
    step.at[1] = [at.as_slice(), &[0]].concat();
    refuse(&d, &format!("step {id}"), "lies within another");

    let mut d = examples::trace();
    let step = link(&mut d, "matrix", "raise.transpose", 0);
    let id = step.id;
    step.at.pop();
    step.replaced.pop();
    refuse(&d, &format!("step {id}"), "elsewhere");

    let mut d = examples::trace();
    let step = link(&mut d, "value", "lower.matmul", 0);
    step.at[0] = vec![1];
    refuse(&d, "step 2", "no such place");

    let mut d = examples::trace();
    let step = link(&mut d, "value", "lower.matmul", 0);
    step.replaced[0][0] = step.replaced[0][1];
    refuse(&d, "step 2", "does not stand at the place");

    let mut d = examples::trace();
    let step = link(&mut d, "value", "lower.matmul", 0);
    step.after = step.before;
    refuse(&d, "step 2", "changes nothing");
}

#[test]
fn finer_steps_that_lead_elsewhere() {
    let mut d = examples::trace();
    let group = link(&mut d, "matrix", "raise.array", 0);
    let (id, before) = (group.id, group.before);
    group.steps[0].after = before;
    let finer = group.steps[0].id;
    refuse(&d, &format!("step {finer}"), "changes nothing");
    let group = link(&mut d, "matrix", "raise.array", 0);
    let step = link(&mut examples::trace(), "matrix", "raise.matmul", 0).clone();
    group.steps = vec![Step { id: 99, ..step }];
    refuse(&d, "step 99", "does not begin where");
    assert_ne!(id, 99);
}

#[test]
fn replaced_variable_of_a_derivative() {
    // ∂(..)/∂x_l with x_l exchanged for a copy of equal value is another expression altogether.
    let mut d = examples::quadratic();
    let mut r = Record::of(&d);
    let l = index(&d, "l");
    let x = symbol(&mut r, 0);
    let x_l = r.elem(x, &[l]);
    let x_copy = r.array(&[l], x_l);
    let copy = r.elem(x_copy, &[l]);
    let step = r.make_step("x", d.chains[1].left, &[(&[1], copy)]);
    d.nodes = r.into_nodes();
    d.chains[1].links = vec![step];
    refuse(&d, "the file", "can't be read");
}

#[test]
fn symmetry_used_before_a_derivative_by_independent_entries() {
    // tr(A*S') = tr(A*S) for a symmetric S, but the derivatives by independent entries differ.
    let mut r = Record::new();
    let a = r.symbol("A", &["n", "n"], &[]);
    let s = r.symbol("S", &["n", "n"], &["symmetric"]);
    let (i, j, p, q) = (r.index("i", "n"), r.index("j", "n"), r.index("p", "n"), r.index("q", "n"));
    let st = r.transpose(s);
    let ast = r.matmul(&[a, st]);
    let trace = r.call("tr", ast);
    r.chain("value", trace);
    r.step("structure.symmetric", &[(&[0, 1], s)]);
    let (a_ij, s_ji) = (r.elem(a, &[i, j]), r.elem(s, &[j, i]));
    let product = r.mul(&[a_ij, s_ji]);
    let sum = r.sum(&[i, j], product);
    r.step("lower.trace", &[(&[], sum)]);
    let s_pq = r.elem(s, &[p, q]);
    let left = r.partial(sum, s_pq);
    r.chain("element", left);
    let a_qp = r.elem(a, &[q, p]);
    r.step("diff.linear", &[(&[], a_qp)]);
    let left = r.array(&[p, q], a_qp);
    r.chain("matrix", left);
    let at = r.transpose(a);
    r.step("raise.array", &[(&[], at)]);
    let d = r.finish("tr(A*S')", &["S"], answer(Some("A'"), &["n", "n"], "A[q,p]", &["p", "q"]));
    refuse(&d, "step 1", "the two sides differ");
}

#[test]
fn root_of_a_square() {
    // √(x²) is |x|, not x.
    let mut r = Record::new();
    let x = r.symbol("x", &[], &[]);
    let square = r.power(x, "2");
    let root = r.power(square, "1/2");
    r.chain("value", root);
    r.step("product.powers", &[(&[], x)]);
    let left = r.partial(x, x);
    r.chain("element", left);
    let one = r.number("1");
    r.step("diff.element", &[(&[], one)]);
    r.chain("matrix", one);
    let d = r.finish("sqrt(x^2)", &["x"], answer(Some("1"), &[], "1", &[]));
    refuse(&d, "step 1", "the two sides differ");
}

#[test]
fn tables_that_do_not_hold() {
    let mut d = examples::trace();
    let last = NodeId(d.nodes.len() as u32);
    d.nodes[3] = Node::Transpose { arg: last };
    refuse(&d, "the file", "can't be read: node 3");

    let mut d = examples::trace();
    d.nodes.push(Node::Symbol { symbol: einstep_trace::SymbolId(0) });
    refuse(&d, "the file", "repeats node 0");

    let mut d = examples::trace();
    d.format = "einstep-trace/2".into();
    refuse(&d, "the file", "its format is not");

    let mut d = examples::trace();
    d.chains[0].links[1].id = 1;
    refuse(&d, "the file", "two steps with the number 1");

    let mut d = examples::trace();
    d.symbols[0].properties.push("symmetric".into());
    refuse(&d, "the declarations", "other properties");

    let mut d = examples::trace();
    d.problem.given[0] = "V in R^(m,l)".into();
    refuse(&d, "the declarations", "another shape");

    let mut d = examples::trace();
    d.symbols[0].shape[0] = Dim("m + m".into());
    refuse(&d, "the file", "can't be read");
}
