//! Lemmas and their uses: right ones are accepted, each thing that can be wrong with one is refused.

use crate::support::{Record, answer};
use einstep_check::{Options, Verdict, check};
use einstep_trace::{Chain, Derivation, Dim, NodeId, Origin, Step, SymbolId, SymbolKind};

fn refuse(derivation: &Derivation, at: &str, message: &str) {
    match check(derivation, None, &Options::default()) {
        Verdict::Rejected(rejection) => {
            assert_eq!(rejection.at, at, "{rejection:#?}");
            assert!(rejection.message.contains(message), "{rejection:#?}");
        }
        verdict => panic!("{verdict:#?}"),
    }
}

fn accept(derivation: &Derivation) {
    let verdict = check(derivation, None, &Options::default());
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:#?}");
}

/// What the chain of the lemma is about.
struct Symbols {
    u: NodeId,
    t: NodeId,
    x: NodeId,
}

/// `d/dx softplus(x^2)`, after a lemma with the given chain.
fn derivation(lemma: impl FnOnce(&mut Record, &Symbols)) -> Derivation {
    let mut r = Record::new();
    let x = r.symbol("x", &[], &[]);
    let t = r.lemma_symbol("t", None);
    let u = r.lemma_symbol("u", Some(t));
    lemma(&mut r, &Symbols { u, t, x });

    let square = r.power(x, "2");
    let value = r.apply("softplus", square);
    r.chain("value", value);
    let left = r.partial(value, x);
    r.chain("element", left);
    let (sigmoid, inner) = (r.apply("sigmoid", square), r.partial(square, x));
    let product = r.mul(&[sigmoid, inner]);
    r.step("diff.softplus", &[(&[], product)]);
    r.cite("lemma:softplus", &[("u", square), ("t", x)]);
    let (two, inner) = (r.number("2"), r.partial(x, x));
    let outer = r.mul(&[sigmoid, two, x, inner]);
    r.step("diff.power", &[(&[], outer)]);
    let one = r.number("1");
    r.step("diff.element", &[(&[3], one)]);
    let end = r.mul(&[two, sigmoid, x]);
    r.step("number.arithmetic", &[(&[], end)]);
    r.chain("matrix", end);
    let index = "2*sigmoid(x^2)*x";
    r.finish("softplus(x^2)", &["x"], answer(Some(index), &[], index, &[]))
}

/// A derivation that is right.
pub(crate) fn example() -> Derivation {
    derivation(softplus)
}

/// The derivative of softplus from its definition.
fn softplus(r: &mut Record, symbols: &Symbols) {
    let &Symbols { u, t, .. } = symbols;
    let value = r.apply("softplus", u);
    let left = r.partial(value, t);
    r.lemma("lemma:softplus", &[u, t], left);
    let (one, exp) = (r.number("1"), r.apply("exp", u));
    let sum = r.add(&[one, exp]);
    let log = r.apply("log", sum);
    r.step("function.definition", &[(&[0], log)]);
    let (over, inner) = (r.power(sum, "-1"), r.partial(sum, t));
    let chain = r.mul(&[over, inner]);
    r.step("diff.log", &[(&[], chain)]);
    let inner = r.partial(exp, t);
    r.step("diff.linear", &[(&[1], inner)]);
    let inner = r.partial(u, t);
    let product = r.mul(&[over, exp, inner]);
    r.step("diff.exp", &[(&[], product)]);
    let sigmoid = r.apply("sigmoid", u);
    let end = r.mul(&[sigmoid, inner]);
    r.step("fold.sigmoid", &[(&[], end)]);
}

fn chain<'a>(derivation: &'a mut Derivation, id: &str) -> &'a mut Chain {
    derivation.chains.iter_mut().find(|chain| chain.id == id).unwrap()
}

/// The step that uses the lemma.
fn user(derivation: &mut Derivation) -> &mut Step {
    &mut chain(derivation, "element").links[0]
}

/// Where that step is.
fn at(derivation: &mut Derivation) -> String {
    format!("step {}", user(derivation).id)
}

/// A node of the table.
fn node(derivation: &mut Derivation, make: impl FnOnce(&mut Record) -> NodeId) -> NodeId {
    let mut record = Record::of(derivation);
    let node = make(&mut record);
    derivation.nodes = record.into_nodes();
    node
}

#[test]
fn a_lemma_and_its_use() {
    accept(&example());
}

#[test]
fn a_lemma_that_is_wrong() {
    let d = derivation(|r, symbols| {
        let &Symbols { u, t, .. } = symbols;
        let value = r.apply("softplus", u);
        let left = r.partial(value, t);
        r.lemma("lemma:softplus", &[u, t], left);
        let (sigmoid, inner) = (r.apply("tanh", u), r.partial(u, t));
        let end = r.mul(&[sigmoid, inner]);
        r.step("fold.sigmoid", &[(&[], end)]);
    });
    refuse(&d, "step 1", "the two sides differ");
}

#[test]
fn a_lemma_that_takes_what_depends_for_a_constant() {
    for order in 1..=2 {
        let d = derivation(|r, symbols| {
            let left = (0..order).fold(symbols.u, |body, _| r.partial(body, symbols.t));
            r.lemma("lemma:softplus", &[symbols.u, symbols.t], left);
            let zero = r.number("0");
            r.step("diff.constant", &[(&[], zero)]);
        });
        refuse(&d, "step 1", "the two sides differ");
    }
}

#[test]
fn a_lemma_that_is_missing() {
    let mut d = derivation(softplus);
    d.chains.remove(0);
    let at = at(&mut d);
    refuse(&d, &at, "does not stand before it");

    // Or none is cited.
    let mut d = derivation(softplus);
    user(&mut d).lemma = None;
    refuse(&d, &at, "it cites no lemma");
}

#[test]
fn a_lemma_behind_its_use() {
    let mut d = derivation(softplus);
    d.chains.rotate_left(1);
    let at = at(&mut d);
    refuse(&d, &at, "does not stand before it");
}

#[test]
fn a_lemma_that_uses_its_own_conclusion() {
    let conclusion = |cites: bool| {
        derivation(|r, symbols| {
            let &Symbols { u, t, .. } = symbols;
            let value = r.apply("softplus", u);
            let left = r.partial(value, t);
            r.lemma("lemma:softplus", &[u, t], left);
            let (sigmoid, inner) = (r.apply("sigmoid", u), r.partial(u, t));
            let end = r.mul(&[sigmoid, inner]);
            r.step("diff.softplus", &[(&[], end)]);
            if cites {
                r.cite("lemma:softplus", &[("u", u), ("t", t)]);
            }
        })
    };
    refuse(&conclusion(true), "step 1", "does not stand before it");
    refuse(&conclusion(false), "step 1", "it cites no lemma");
}

#[test]
fn a_lemma_about_something_else() {
    const OTHER: &str = "right, but not by the lemma that it cites";
    // About another function.
    let mut d = derivation(|r, symbols| {
        let &Symbols { u, t, .. } = symbols;
        let value = r.apply("exp", u);
        let left = r.partial(value, t);
        r.lemma("lemma:softplus", &[u, t], left);
        let inner = r.partial(u, t);
        let end = r.mul(&[value, inner]);
        r.step("diff.exp", &[(&[], end)]);
    });
    let place = at(&mut d);
    refuse(&d, &place, OTHER);

    // About another argument, or another variable.
    for name in ["u", "t"] {
        let mut d = derivation(softplus);
        let other = match name {
            "u" => node(&mut d, |r| {
                let x = r.node(einstep_trace::Node::Symbol { symbol: SymbolId(0) });
                r.power(x, "3")
            }),
            _ => user(&mut d).with[0]["u"],
        };
        user(&mut d).with[0].insert(name.into(), other);
        let place = at(&mut d);
        refuse(&d, &place, OTHER);
    }
}

#[test]
fn symbols_that_nothing_is_put_for() {
    let mut d = derivation(softplus);
    let place = at(&mut d);
    user(&mut d).with[0].shift_remove("u");
    refuse(&d, &place, "nothing is put for `u`");
    user(&mut d).with.clear();
    refuse(&d, &place, "does not say what is put");

    // A scalar is asked for.
    let mut d = derivation(softplus);
    let ones = node(&mut d, |r| r.node(einstep_trace::Node::Ones { shape: vec![Dim("3".into())] }));
    user(&mut d).with[0].insert("u".into(), ones);
    refuse(&d, &place, "another shape");
}

#[test]
fn symbols_where_they_do_not_belong() {
    // The variable in a lemma.
    let d = derivation(|r, symbols| {
        let &Symbols { u, t, x } = symbols;
        let product = r.mul(&[x, u]);
        let left = r.partial(product, t);
        r.lemma("lemma:softplus", &[u, t], left);
        let inner = r.partial(u, t);
        let end = r.mul(&[x, inner]);
        r.step("diff.linear", &[(&[], end)]);
    });
    refuse(&d, "chain lemma:softplus", "it speaks of `x`");

    // A symbol of lemmas in the problem.
    let mut d = derivation(softplus);
    d.symbols[0].origin = Origin::Lemma;
    refuse(&d, "the question", "its variable `x`");
    let mut d = derivation(softplus);
    d.symbols[0].depends = Some(SymbolId(1));
    refuse(&d, "chain value", "it speaks of `x`");

    // One that is not said to be its own, and one that depends on nothing of its own.
    let mut d = derivation(softplus);
    d.chains[0].symbols.pop();
    refuse(&d, "chain lemma:softplus", "depends on something that is no parameter");
    let mut d = derivation(softplus);
    d.chains[0].symbols = vec![SymbolId(7)];
    refuse(&d, "chain lemma:softplus", "its symbol 7 is not one of lemmas");
    let mut d = derivation(softplus);
    d.chains[1].symbols = vec![SymbolId(1)];
    refuse(&d, "chain value", "is no lemma");
}

#[test]
fn a_lemma_about_one_size() {
    let mut d = derivation(softplus);
    d.symbols[2].shape = vec![Dim("3".into())];
    d.symbols[2].kind = SymbolKind::Vector;
    let verdict = check(&d, None, &Options::default());
    assert!(!matches!(verdict, Verdict::Accepted(_)), "{verdict:#?}");
}
