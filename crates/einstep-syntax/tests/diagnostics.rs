//! Bad input: the code, and the text that is underlined.

use einstep_syntax::{Code, Diagnostic, parse_declarations, parse_expression, parse_problem};
use std::time::{Duration, Instant};

fn findings(text: &str, diagnostics: &[Diagnostic]) -> Vec<(Code, String)> {
    let primary = |d: &Diagnostic| text[d.labels[0].span.start as usize..d.labels[0].span.end as usize].to_owned();
    diagnostics.iter().map(|d| (d.code, primary(d))).collect()
}

#[track_caller]
fn check(text: &str, expected: &[(Code, &str)]) {
    let parsed = parse_problem(text, 0);
    let expected: Vec<(Code, String)> = expected.iter().map(|(code, text)| (*code, (*text).to_owned())).collect();
    assert_eq!(findings(text, &parsed.diagnostics), expected, "{text}");
    for fix in parsed.diagnostics.iter().flat_map(|d| &d.fixes).filter(|_| expected.len() == 1) {
        let mended = [&text[..fix.span.start as usize], &fix.replacement, &text[fix.span.end as usize..]].concat();
        assert!(parse_problem(&mended, 0).diagnostics.is_empty(), "{text}: {mended}");
    }
}

#[test]
fn one_mistake_is_one_diagnostic() {
    use Code::*;
    let cases = [
        ("x' $ x", UnknownCharacter, "$"),
        ("x' \u{7} x", UnknownCharacter, "\u{7}"),
        ("a + $ + b", UnknownCharacter, "$"),
        ("a + $", UnknownCharacter, "$"),
        ("$", UnknownCharacter, "$"),
        ("y = A*x", UnknownCharacter, "="),
        ("A\\b", UnknownCharacter, "\\"),
        ("B_{i-j}", UnexpectedToken, "i-j"),
        ("\\sum x[i]", UnexpectedToken, "\\sum"),
        ("\\sum_{i=0}^n x[i]", UnexpectedToken, "i=0"),
        ("sum_{3} x[i]", UnexpectedToken, "3"),
        ("∑", UnexpectedToken, "∑"),
        ("x ** 2", UnexpectedToken, "**"),
        ("a × b", UnexpectedToken, "×"),
        ("A.*", UnexpectedToken, ".*"),
        ("A * * B", UnexpectedToken, "*"),
        ("* A", UnexpectedToken, "*"),
        ("()", UnexpectedToken, "()"),
        ("f(x,)", UnexpectedToken, ")"),
        ("f(,x)", UnexpectedToken, ","),
        ("[A, ; B]", UnexpectedToken, ";"),
        ("(a, b)", UnexpectedToken, ","),
        ("a, b", UnexpectedToken, ","),
        ("x[0]", UnexpectedToken, "0"),
        ("x[i+1]", UnexpectedToken, "+"),
        ("x 2", UnexpectedToken, "2"),
        ("A [B]", UnexpectedToken, "["),
        ("|x|", UnexpectedToken, "|"),
        ("{a}", UnexpectedToken, "{"),
        ("A.foo", UnexpectedToken, "."),
        ("sum[i] x[i]", UnexpectedToken, "x"),
        ("sum[1](x)", UnexpectedToken, "1"),
        ("x^", UnexpectedToken, "^"),
        ("d/dx' f(x)", UnexpectedToken, "'"),
        ("a\nb\nc", UnexpectedToken, "b"),
        ("d/dx", EmptyExpression, "d/dx"),
        ("d/dx d/dy", EmptyExpression, "d/dy"),
        ("(A + B", UnbalancedBracket, "("),
        ("tr(A*(B + C", UnbalancedBracket, "("),
        ("(a + b; c in R", UnbalancedBracket, "("),
        ("A + B)", UnbalancedBracket, ")"),
        ("f(x]", UnbalancedBracket, "("),
        ("‖x", UnbalancedBracket, "‖"),
        ("x‖", UnbalancedBracket, "‖"),
        ("1e500", NumberTooLarge, "1e500"),
        ("1e99999999999999999999", NumberTooLarge, "1e99999999999999999999"),
        ("x in Q^n", MalformedDeclaration, "Q"),
        ("x in r^n", MalformedDeclaration, "r"),
        ("x in", MalformedDeclaration, "in"),
        ("in R^n", MalformedDeclaration, "in"),
        ("x y in R^n", MalformedDeclaration, "y"),
        ("x, in R^n", MalformedDeclaration, "in"),
        ("x in R^", MalformedDeclaration, "^"),
        ("A in R^()", MalformedDeclaration, "("),
        ("A in R^(m,n-1)", MalformedDeclaration, "-"),
        ("A in R^m x n", MalformedDeclaration, "m x n"),
        ("A in R^m*n", MalformedDeclaration, "m*n"),
        ("A in R^2n", MalformedDeclaration, "2n"),
        ("A in R^3x4", MalformedDeclaration, "3x4"),
        ("A in R^mxn", MalformedDeclaration, "mxn"),
        ("A in R^{mxn}", MalformedDeclaration, "mxn"),
        ("A in R(m,n)", MalformedDeclaration, "("),
        ("x in R^n, y in R^m", MalformedDeclaration, "y"),
        ("x in R^n y in R^m", MalformedDeclaration, "y"),
        ("A in R^(m,n", UnbalancedBracket, "("),
        ("A in R^(m,n symmetric", UnbalancedBracket, "("),
        ("A in R^0", InvalidDimension, "0"),
        ("A in R^(m,0*n)", InvalidDimension, "0"),
        ("A in R^1.5", InvalidDimension, "1.5"),
        ("A in R^99999999999999999999", NumberTooLarge, "99999999999999999999"),
        ("A in R^(n,n) symetric", UnknownProperty, "symetric"),
        ("A in R^(n,n) spd", UnknownProperty, "spd"),
        ("A in R^(n,n) positive definite", UnknownProperty, "positive definite"),
        ("A in R^(n,n) lower fancy-shaped", UnknownProperty, "fancy-shaped"),
    ];
    for (text, code, spanned) in cases {
        check(text, &[(code, spanned)]);
    }
}

#[test]
fn independent_mistakes_are_all_reported() {
    use Code::*;
    check(
        "x in Q^n; A in R^0; x' $ (A + )",
        &[(MalformedDeclaration, "Q"), (InvalidDimension, "0"), (UnknownCharacter, "$"), (UnexpectedToken, "+")],
    );
    check("x' * * (A x + tr(B*", &[(UnexpectedToken, "*"), (UnbalancedBracket, "("), (UnexpectedToken, "*")]);
    check("f(a b, * c, d ** 2)", &[(UnexpectedToken, "*"), (UnexpectedToken, "**")]);
}

#[test]
fn messages_name_the_way_out() {
    let first = |text: &str| parse_problem(text, 0).diagnostics.remove(0);
    assert_eq!(first("x ** 2").fixes[0].replacement, "^");
    assert_eq!(first("A*").message, "an operand is missing after `*`");
    assert_eq!(first("tr(A*(B + C").fixes[0].replacement, "))");
    assert_eq!(first("A in R^m x n").fixes[0].replacement, "(m,n)");
    assert_eq!(first("A in R^(n,n) symetric").fixes[0].replacement, "symmetric");
    assert_eq!(first("x in R^n, y in R^m").fixes[0].replacement, ";");
    assert!(first("x in Q^n").help[0].contains("`x in R^n`"));
}

#[test]
fn expressions_and_declarations_keep_to_themselves() {
    let code = |diagnostics: Vec<Diagnostic>| diagnostics.iter().map(|d| d.code).collect::<Vec<_>>();
    for text in ["", " \n # only a comment", ";;"] {
        assert_eq!(code(parse_expression(text, 0).diagnostics), [Code::EmptyExpression], "{text:?}");
        assert!(parse_problem(text, 0).diagnostics.is_empty());
        assert!(parse_declarations(text, 0).diagnostics.is_empty());
    }
    assert_eq!(code(parse_expression("x in R^n; x'x", 0).diagnostics), [Code::UnexpectedToken]);
    assert_eq!(code(parse_declarations("x'x", 0).diagnostics), [Code::MalformedDeclaration]);
}

/// Reads hostile text in time and within the stack of a test thread, and reports little about it.
#[track_caller]
fn survive(text: &str, expected: Option<Code>) {
    let start = Instant::now();
    for parsed in [parse_problem(text, 0).diagnostics, parse_expression(text, 0).diagnostics] {
        assert!(parsed.len() <= 20);
        match expected {
            None => assert!(parsed.is_empty(), "{:?}", parsed[0]),
            Some(code) => assert!(parsed.iter().any(|d| d.code == code), "{:?}", parsed.first()),
        }
    }
    parse_declarations(text, 0);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn long_texts_are_read_in_linear_time() {
    const MANY: usize = 100_000;
    for flat in ["x + ", "x*", "x .* ", "x ⊗ ", "f(x) - ", "x'x + "] {
        survive(&(flat.repeat(MANY) + "x"), None);
    }
    survive(&format!("f({}x)", "x, ".repeat(MANY)), None);
    survive(&format!("[{}x]", "x; ".repeat(MANY)), None);
    survive(&format!("x{}+ x", "\n".repeat(MANY)), None);
    survive(
        &"x in R^n; ".repeat(MANY).trim_end_matches("; ").replacen("x in R^n", "x", MANY - 1),
        Some(Code::UnexpectedToken),
    );
}

#[test]
fn deep_texts_are_refused() {
    use Code::*;
    const MANY: usize = 100_000;
    let nested = |open: &str, close: &str| open.repeat(MANY) + "x" + &close.repeat(MANY);
    for (open, close) in [
        ("(", ")"),
        ("f(", ")"),
        ("[", "]"),
        ("x^(", ")"),
        ("a*-b⊗-(", ")"),
        ("‖", "‖"),
        ("-", ""),
        ("d/dx ", ""),
        ("sum[i](", ")"),
        ("a + (b*(", "))"),
    ] {
        survive(&nested(open, close), Some(TooDeep));
    }
    for open in ["(", "f(", "[", "{", "([{"] {
        survive(&open.repeat(MANY), Some(UnbalancedBracket));
    }
    for close in [")", "]", "}", ")]}"] {
        survive(&close.repeat(MANY), Some(UnbalancedBracket));
    }
    for tail in ["'", "^2", "/x", "./x", "[i]", "ᵀ", ".^x"] {
        survive(&format!("x{}", tail.repeat(MANY)), Some(TooDeep));
    }
    for soup in ["'", "*", "^", "/", ",", "d/", "‖ ", "[[;", "(;", "x in ", "R^", "_", ":", "- + ", "sum[", "∂/"] {
        let text = soup.repeat(MANY);
        assert!(parse_problem(&text, 0).diagnostics.len() <= 20);
        assert!(parse_expression(&text, 0).diagnostics.len() <= 20);
    }
}

#[test]
fn junk_is_reported_once() {
    let text = "$%&!".repeat(1 << 18);
    let diagnostics = parse_expression(&text, 0).diagnostics;
    assert_eq!(diagnostics.len(), 1);
    assert!(diagnostics[0].message.len() < 100);
    assert_eq!(parse_expression(&"$ x ".repeat(100_000), 0).diagnostics.len(), 20);
    survive(&"\0\u{1}\u{7f}".repeat(100_000), Some(Code::UnknownCharacter));
    survive(&"1".repeat(100_000), Some(Code::NumberTooLarge));
    survive(&"x".repeat(17 << 20), Some(Code::UnreadableText));
}
