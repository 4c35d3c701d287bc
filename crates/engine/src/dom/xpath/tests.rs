//! Tests of the syntax and of values that need no tree.

use super::*;
use framepost_browsing_context::dom;

fn value(source: &str) -> Result<Value, XPathError> {
    let parsed = parse(source, &mut |prefix| {
        (prefix == "p").then(|| "urn:p".to_owned())
    })?;
    let node = XPathNode::Tree(dom::create_element("a").unwrap());
    evaluate(&parsed, &node, true)
}

#[test]
fn numbers_and_strings_are_those_of_the_specification() {
    for (source, expected) in [
        ("1 + 2 * 3 - 4 div 2", "5"),
        ("(1 + 2) * 3", "9"),
        ("- - -2", "-2"),
        ("1--1", "2"),
        ("5 mod -2", "1"),
        ("-5 mod 2", "-1"),
        ("1 div 0", "Infinity"),
        ("-1 div 0", "-Infinity"),
        ("0 div 0", "NaN"),
        ("-0", "0"),
        ("1 div 3", "0.3333333333333333"),
        ("1000000000000000000000 * 10", "10000000000000000000000"),
        (".5", "0.5"),
        ("5.", "5"),
        ("number(' -1.5\n')", "-1.5"),
        ("number('+1')", "NaN"),
        ("number('1e3')", "NaN"),
        ("number('')", "NaN"),
        ("number(true())", "1"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(0.49999999999999994)", "0"),
        ("1 div round(-0.5)", "-Infinity"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring('12345', 1, 0 div 0)", ""),
        ("substring('12345', -42, 1 div 0)", "12345"),
        ("substring('12345', -1 div 0, 1 div 0)", ""),
        ("substring('12345', 4)", "45"),
        ("substring-before('1999/04/01', '/')", "1999"),
        ("substring-after('1999/04/01', '/')", "04/01"),
        ("substring-after('a', 'b')", ""),
        ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
        ("translate('aa', 'aa', 'bc')", "bb"),
        ("normalize-space('  a \t\n b ')", "a b"),
        ("string-length('ä😀')", "2"),
        ("concat('a', 1, true())", "a1true"),
        ("starts-with('ab', 'a') and contains('ab', '')", "true"),
        ("'1' = 1", "true"),
        ("true() = 'x'", "true"),
        ("1 = 2 = 0", "true"),
        ("3 > 2 > 1", "false"),
        ("'a' < 'b'", "false"),
        ("boolean('false') or 1 div 0", "true"),
        ("not(0 div 0)", "true"),
        ("\"it's\"", "it's"),
    ] {
        assert_eq!(value(source).unwrap().to_text(), expected, "{source}");
    }
}

#[test]
fn names_are_operators_only_behind_operands() {
    for (source, expected) in [
        ("div div div", "NaN"),
        ("* * *", "NaN"),
        ("boolean(or or or)", "false"),
        ("boolean(and [ and and and ])", "false"),
        ("count(p:mod | mod)", "0"),
        ("count(a-b)", "0"),
        ("a -1", "NaN"),
        ("count(child :: node ( ))", "0"),
        ("count(self::A) + count(self::p:A)", "1"),
    ] {
        assert_eq!(value(source).unwrap().to_text(), expected, "{source}");
    }
}

#[test]
fn faulty_expressions_are_refused() {
    for source in [
        "",
        " ",
        "//",
        "a//",
        "p/",
        "a[",
        "a]",
        "a[]",
        "(",
        "()",
        "1 2",
        "a b",
        "'a",
        ".[1]",
        "..5",
        "1e3",
        "a::b",
        "foo()",
        "p:foo()",
        "not()",
        "last(1)",
        "concat('a')",
        "text(1)",
        "node('a')",
        "@",
        "child::",
        "| a",
        "a |",
        "a ! b",
        "#",
        "\u{2019}a\u{2019}",
        "processing-instruction(a)",
        "a and",
        "and()",
    ] {
        assert_eq!(value(source).err(), Some(XPathError::Syntax), "{source}");
    }
    assert_eq!(value("q:a").err(), Some(XPathError::Prefix("q".to_owned())));
    assert_eq!(
        value("$v").err(),
        Some(XPathError::Variable("v".to_owned()))
    );
    for source in [
        "count(1)", "sum('a')", "1 | a", "('a')[1]", "true()/a", "(1)[1]",
    ] {
        let error = value(source).err();
        assert!(matches!(error, Some(XPathError::NotNodes(_))), "{source}");
    }
}

#[test]
fn long_expressions_need_no_stack_and_deep_ones_are_refused() {
    let many = |part: &str| format!("1{}", part.repeat(10_000));
    for part in ["+1", " or 1", "=1", "*1"] {
        assert!(value(&many(part)).is_ok(), "{part}");
    }
    assert!(value(&format!("{}1", "-".repeat(10_000))).is_ok());
    assert!(value(&format!("a{}", "/a".repeat(10_000))).is_ok());
    assert!(value(&format!("a{}", "[1]".repeat(10_000))).is_ok());
    assert!(value(&format!("a{}", "|a".repeat(10_000))).is_ok());
    for (open, close) in [("(", ")"), ("a[", "]"), ("not(", ")"), ("-(1*-(1+", "))")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(value(&nested(parser::MAX_NESTING / 2)).is_ok(), "{open}");
        let deep = value(&nested(10_000));
        assert_eq!(deep.err(), Some(XPathError::TooDeep), "{open}");
    }
}
