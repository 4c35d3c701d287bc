use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::*;

fn parse(html: &str) -> RcDom {
    parse_document(RcDom::default(), ParseOpts::default()).one(html)
}

/// The ids of the elements that a query finds from the document.
fn ids(html: &str, selectors: &str) -> Vec<String> {
    let dom = parse(html);
    query_selector_all(&dom.document, selectors, DocumentMode::default())
        .unwrap()
        .iter()
        .map(id)
        .collect()
}

fn id(node: &Handle) -> String {
    let NodeData::Element { attrs, name, .. } = &node.data else {
        return String::from("?");
    };
    attrs
        .borrow()
        .iter()
        .find(|attribute| &*attribute.name.local == "id")
        .map_or_else(
            || name.local.to_string(),
            |attribute| attribute.value.to_string(),
        )
}

fn first(dom: &RcDom, selectors: &str) -> Handle {
    query_selector(&dom.document, selectors, DocumentMode::default())
        .unwrap()
        .unwrap()
}

const LIST: &str = "<!DOCTYPE html><ul id=list class='one two'><li id=a>A<li id=b class=Two lang=en-GB>\
    <li id=c data-X=1><li id=d><span id=s></span></ul><p id=p>text</p>";

#[test]
fn simple_selectors_and_combinators() {
    for (selectors, expected) in [
        ("li", "a b c d"),
        ("LI", "a b c d"),
        ("*", "html head body list a b c d s p"),
        ("#list > .Two", "b"),
        ("ul.one.two li + li", "b c d"),
        ("#a ~ li", "b c d"),
        ("ul span, p", "s p"),
        ("li:first-child", "a"),
        ("li:nth-child(2n+1)", "a c"),
        ("li:nth-last-child(1)", "d"),
        ("li:nth-child(1 of .Two)", "b"),
        ("p:only-of-type", "p"),
        ("li:empty", "b c"),
        (":root", "html"),
        ("li:not(:first-child, .Two)", "c d"),
        (":is(li, p):where(#a, #p)", "a p"),
        ("li:has(span)", "d"),
        ("ul:has(> .Two)", "list"),
        ("[data-x='1']", "c"),
        ("[DATA-X]", "c"),
        ("[lang|=en]", "b"),
        (":lang(en)", "b"),
        ("li:lang('en-gb', de), :lang('')", "b"),
        (":lang('*-GB'):lang(EN-GB)", "b"),
        (":lang(e), :lang(en-US)", ""),
        ("li:dir(rtl), p:dir(ltr)", "p"),
        ("[class~=two]", "list"),
        ("[class~=two i]", "list b"),
        ("[id^=l][id$=t][id*=is]", "list"),
        ("*|li", "a b c d"),
        ("|li", ""),
        ("p::before", ""),
        (":hover, li:focus, a:visited", ""),
        (":scope > body > p", "p"),
    ] {
        assert_eq!(ids(LIST, selectors).join(" "), expected, "{selectors}");
    }
}

#[test]
fn query_selector_finds_the_first_in_tree_order() {
    let dom = parse(LIST);
    assert_eq!(id(&first(&dom, "p, span, .Two")), "b");
}

#[test]
fn scope_is_the_node_of_the_query() {
    let dom = parse("<div id=outer><div id=inner><p id=p></p></div></div>");
    let outer = first(&dom, "#outer");
    let mode = DocumentMode::default();
    let found = |selectors| {
        query_selector_all(&outer, selectors, mode)
            .unwrap()
            .iter()
            .map(id)
            .collect::<Vec<_>>()
    };
    assert_eq!(found(":scope > div"), ["inner"]);
    // Ancestors above the node take part in the match, but only descendants are returned.
    assert_eq!(found("body p"), ["p"]);
    assert_eq!(found("div"), ["inner"]);
    assert_eq!(found(":scope"), [""; 0]);
}

#[test]
fn matches_tests_the_element_and_closest_finds_the_nearest_ancestor() {
    let dom = parse("<section id=s><div id=outer><div id=inner></div></div></section>");
    let inner = first(&dom, "#inner");
    let mode = DocumentMode::default();
    assert_eq!(matches(&inner, "section > div > div", mode), Ok(true));
    assert_eq!(matches(&inner, "section > div", mode).map(|_| ()), Ok(()));
    assert_eq!(matches(&inner, "p", mode), Ok(false));
    let nearest = |selectors| {
        closest(&inner, selectors, mode)
            .unwrap()
            .map(|node| id(&node))
    };
    assert_eq!(nearest("div").as_deref(), Some("inner"));
    assert_eq!(nearest("div:has(div)").as_deref(), Some("outer"));
    assert_eq!(nearest("section").as_deref(), Some("s"));
    assert_eq!(nearest(":scope").as_deref(), Some("inner"));
    assert_eq!(nearest("p"), None);
}

#[test]
fn invalid_or_unknown_selector_is_a_syntax_error() {
    let dom = parse(LIST);
    for selectors in [
        "",
        " ",
        "p,",
        "> p",
        "p >",
        ":nope",
        "p:nth-child(x)",
        "[",
        "[a=]",
        "#",
        "#1",
        "..a",
        "svg|a",
        "p::nope",
        ":not()",
        ":has(:has(a))",
        "a{}",
        "p]",
        "&",
    ] {
        let found = query_selector(&dom.document, selectors, DocumentMode::default());
        assert_eq!(
            found.map(|_| ()),
            Err(SelectorError::Syntax(selectors.to_owned())),
            "{selectors:?}"
        );
    }
}

#[test]
fn selector_that_is_too_long_or_too_deep_is_refused() {
    let dom = parse("<p>");
    let long = "a".repeat(MAX_SELECTOR_LENGTH + 1);
    assert!(matches!(
        matches(&first(&dom, "p"), &long, DocumentMode::default()),
        Err(SelectorError::TooLong { length }) if length == long.len()
    ));
    let deep = format!("{}p{}", ":not(".repeat(9_000), ")".repeat(9_000));
    assert_eq!(
        matches(&first(&dom, "p"), &deep, DocumentMode::default()),
        Err(SelectorError::Syntax(deep))
    );
}

#[test]
fn case_sensitivity_follows_the_document() {
    let dom = parse("<p id=Para class=Big></p><svg><linearGradient id=g /></svg>");
    let find = |selectors: &str, html, quirks| {
        query_selector(
            &dom.document,
            selectors,
            DocumentMode {
                html,
                quirks,
                ..DocumentMode::default()
            },
        )
        .unwrap()
        .is_some()
    };
    assert!(!find("#para", true, false));
    assert!(find("#para", true, true));
    assert!(!find(".BIG", true, false));
    assert!(find(".BIG", true, true));
    assert!(find("P", true, false));
    assert!(!find("P", false, false));
    // Names of non-HTML elements stay case-sensitive.
    assert!(find("linearGradient", true, false));
    assert!(!find("lineargradient", true, false));
}

#[test]
fn pseudo_classes_match_states_of_forms_and_links() {
    let html = "<a id=link href=x></a><a id=anchor></a>\
        <input id=box type=CHECKBOX checked><input id=text checked required>\
        <fieldset id=set disabled><legend><input id=legend></legend><input id=inside></fieldset>\
        <select id=choice><optgroup id=group disabled><option id=o1 selected></optgroup></select>\
        <button id=off disabled></button><x-thing id=custom></x-thing>";
    for (selectors, expected) in [
        (":any-link", "link"),
        (":link", "link"),
        (":checked", "box o1"),
        (":disabled", "set inside group o1 off"),
        (":enabled", "box text legend choice"),
        (":required", "text"),
        ("input:optional", "box legend inside"),
        (":not(:defined)", "custom"),
    ] {
        assert_eq!(ids(html, selectors).join(" "), expected, "{selectors}");
    }
}

#[test]
fn template_contents_are_a_separate_tree() {
    assert_eq!(
        ids("<template id=t><p id=p></p></template>", "#t, p"),
        ["t"]
    );
}

#[test]
fn deep_tree_is_matched_without_recursion() {
    // Built by hand, so that the test does not depend on the parser.
    let dom = parse("<body>");
    let body = first(&dom, "body");
    let mut node = body;
    for _ in 0..20_000 {
        let NodeData::Element { name, .. } = &node.data else {
            panic!("an element");
        };
        let child = markup5ever_rcdom::Node::new(NodeData::Element {
            name: name.clone(),
            attrs: std::cell::RefCell::default(),
            template_contents: std::cell::RefCell::default(),
            mathml_annotation_xml_integration_point: false,
        });
        child.parent.set(Some(std::rc::Rc::downgrade(&node)));
        node.children.borrow_mut().push(child.clone());
        node = child;
    }
    let mode = DocumentMode::default();
    let found = query_selector_all(&dom.document, "body > body, p body", mode).unwrap();
    assert_eq!(found.len(), 20_000);
    assert_eq!(matches(&node, "html > body body", mode), Ok(true));
    assert!(closest(&node, "html", mode).unwrap().is_some());
}

#[test]
fn language_and_direction_are_inherited() {
    const TEXT: &str = "<div id=a lang=zh-Hant-TW dir=rtl><i id=b></i><b id=c lang='' dir=auto>1 \u{5d0}</b>\
        <u id=d dir=AUTO><script>a</script>1 a \u{5d0}</u><bdi id=e>-</bdi></div>";
    for (selectors, expected) in [
        (":lang(zh)", "a b d script e"),
        (":lang(zh-TW)", "a b d script e"),
        (":lang('*-Hant')", "a b d script e"),
        (":lang('')", "c"),
        ("div:dir(rtl), div :dir(rtl)", "a b c"),
        ("#d:dir(ltr), #e:dir(ltr)", "d e"),
        (":dir(up)", ""),
    ] {
        assert_eq!(ids(TEXT, selectors).join(" "), expected, "{selectors}");
    }
}
