//! What holds of all trees and all texts.

use einstep_syntax::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn ident(name: &str) -> Ident {
    Ident { name: name.into(), span: Span::default() }
}

fn number() -> impl Strategy<Value = ExprKind> {
    let digits = prop_oneof![Just("0".to_owned()), "[1-9][0-9]{0,3}"];
    (digits, -12i32..12).prop_map(|(digits, exponent)| {
        // The parser keeps no zeros at the end of decimals.
        let exponent = if digits == "0" || exponent < 0 && digits.ends_with('0') { 0 } else { exponent };
        ExprKind::Number(Number { digits, exponent })
    })
}

fn name() -> impl Strategy<Value = String> {
    let names = ["x", "A", "d", "dx", "dX_1", "e", "e3", "T", "λ", "W_q", "sum", "prod", "array", "R", "norm", "I"];
    prop::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn index() -> impl Strategy<Value = Index> {
    prop_oneof![
        name().prop_map(|n| Index::Name(ident(&n))),
        (1u64..20).prop_map(|n| Index::Literal(n, Span::default()))
    ]
}

/// Every tree that the parser can make, up to a size.
fn tree() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![number(), name().prop_map(ExprKind::Name)].prop_map(Expr::new);
    leaf.prop_recursive(6, 40, 4, |inner| {
        let one = inner.clone().prop_map(Box::new);
        let two = (one.clone(), one.clone());
        let many = vec(inner.clone(), 2..4);
        let sign = prop::sample::select(vec![Sign::Plus, Sign::Minus]);
        let big = prop::sample::select(vec![Big::Sum, Big::Product, Big::Array]);
        prop_oneof![
            one.clone().prop_map(ExprKind::Negate),
            one.clone().prop_map(ExprKind::Transpose),
            (inner.clone(), vec((sign, inner.clone()), 1..4))
                .prop_map(|(first, rest)| { ExprKind::Sum([(Sign::Plus, first)].into_iter().chain(rest).collect()) }),
            many.clone().prop_map(ExprKind::Product),
            many.clone().prop_map(ExprKind::Hadamard),
            many.clone().prop_map(ExprKind::Kronecker),
            two.clone().prop_map(|(a, b)| ExprKind::Quotient(a, b)),
            two.clone().prop_map(|(a, b)| ExprKind::ElementQuotient(a, b)),
            two.clone().prop_map(|(a, b)| ExprKind::Power(a, b)),
            two.prop_map(|(a, b)| ExprKind::ElementPower(a, b)),
            (name(), vec(inner.clone(), 0..3)).prop_map(|(f, arguments)| ExprKind::Call(ident(&f), arguments)),
            vec(vec(inner.clone(), 1..3), 1..3).prop_map(ExprKind::Block),
            (one.clone(), vec(index(), 1..3)).prop_map(|(base, indices)| ExprKind::Element(base, indices)),
            (big, vec(name().prop_map(|n| ident(&n)), 1..3), one.clone())
                .prop_map(|(big, bound, body)| ExprKind::Big(big, bound, body)),
            (name(), vec(index(), 0..3), one).prop_map(|(variable, element, body)| {
                ExprKind::Derivative(Box::new(Variable { name: ident(&variable), element }), body)
            }),
        ]
        .prop_map(Expr::new)
    })
}

/// The tree without its spans.
fn bare(expr: Expr) -> Expr {
    let one = |e: Box<Expr>| Box::new(bare(*e));
    let many = |items: Vec<Expr>| items.into_iter().map(bare).collect::<Vec<_>>();
    let indices = |list: Vec<Index>| {
        let clean = |index| match index {
            Index::Name(name) => Index::Name(ident(&name.name)),
            Index::Literal(value, _) => Index::Literal(value, Span::default()),
        };
        list.into_iter().map(clean).collect()
    };
    Expr::new(match expr.kind {
        ExprKind::Negate(a) => ExprKind::Negate(one(a)),
        ExprKind::Transpose(a) => ExprKind::Transpose(one(a)),
        ExprKind::Sum(terms) => ExprKind::Sum(terms.into_iter().map(|(sign, term)| (sign, bare(term))).collect()),
        ExprKind::Product(items) => ExprKind::Product(many(items)),
        ExprKind::Hadamard(items) => ExprKind::Hadamard(many(items)),
        ExprKind::Kronecker(items) => ExprKind::Kronecker(many(items)),
        ExprKind::Quotient(a, b) => ExprKind::Quotient(one(a), one(b)),
        ExprKind::ElementQuotient(a, b) => ExprKind::ElementQuotient(one(a), one(b)),
        ExprKind::Power(a, b) => ExprKind::Power(one(a), one(b)),
        ExprKind::ElementPower(a, b) => ExprKind::ElementPower(one(a), one(b)),
        ExprKind::Call(f, arguments) => ExprKind::Call(ident(&f.name), many(arguments)),
        ExprKind::Block(rows) => ExprKind::Block(rows.into_iter().map(many).collect()),
        ExprKind::Element(base, list) => ExprKind::Element(one(base), indices(list)),
        ExprKind::Big(big, bound, body) => {
            ExprKind::Big(big, bound.iter().map(|b| ident(&b.name)).collect(), one(body))
        }
        ExprKind::Derivative(v, body) => {
            let variable = Variable { name: ident(&v.name.name), element: indices(v.element) };
            ExprKind::Derivative(Box::new(variable), one(body))
        }
        leaf @ (ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error) => leaf,
    })
}

fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        "x",
        "A",
        "d",
        "dx",
        "d/dx ",
        "∂",
        "T",
        "grad_x ",
        "sum",
        "2",
        "0.5",
        "1e3",
        "1e999",
        "+",
        "-",
        "*",
        "/",
        ".*",
        "./",
        "⊗",
        "×",
        "**",
        "^",
        ".^",
        "'",
        ".T",
        "ᵀ",
        "²",
        "⁻¹",
        "‖",
        "||",
        "|",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        ":",
        " in ",
        "∈",
        "R",
        "ℝ",
        "R^n",
        "\n",
        " ",
        "$",
        "_F",
        ".",
        "symmetric",
        "positive-definite",
        "0",
        "#",
        "in",
    ];
    vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

/// Reads the text in every way; the spans must lie in the text, on the borders of characters.
fn read(text: &str) {
    let problem = parse_problem(text, 0);
    let expression = parse_expression(text, 0);
    let declarations = parse_declarations(text, 0);
    for diagnostic in [&problem.diagnostics, &expression.diagnostics, &declarations.diagnostics].into_iter().flatten() {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        for span in labels.chain(diagnostic.fixes.iter().map(|fix| fix.span)) {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text:?}: {diagnostic:?}");
        }
    }
    // What is read without complaint is printed as text that is read as the same.
    if expression.diagnostics.is_empty() {
        let printed = print(&expression.value);
        let again = parse_expression(&printed, 0);
        assert_eq!(again.diagnostics, [], "{text:?}: {printed}");
        assert_eq!(bare(again.value), bare(expression.value), "{text:?}: {printed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_as_the_same(tree in tree()) {
        let printed = print(&tree);
        let parsed = parse_expression(&printed, 0);
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", printed);
        prop_assert_eq!(bare(parsed.value), tree, "{}", printed);
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_tokens_are_read_without_panic(text in soup()) {
        read(&text);
    }
}
