use super::*;
use crate::dom::{NodeKind, node_kind};

fn parse(text: &str) -> Result<Node, String> {
    let document = dom::create_document();
    let mut parser = XmlParser::new(Rc::clone(&document), Recording::default());
    parser.push_owned(text.to_owned());
    parser.finish_input();
    while !matches!(
        parser.advance(),
        ParserStop::Finished | ParserStop::NeedsInput
    ) {}
    match parser.error() {
        Some(error) => Err(error.to_owned()),
        None => Ok(document),
    }
}

fn text(source: &str) -> Option<String> {
    let document = parse(source).ok()?;
    dom::last_child(&document).and_then(|root| dom::text_content(&root))
}

#[test]
fn malformed_documents_are_errors() {
    for source in [
        "",
        "x",
        "<a>",
        "<a><b></a>",
        "</a>",
        "<a/><b/>",
        "<a/>x",
        "<a>&nothing;</a>",
        "<a>&nbsp;</a>",
        "<!--x-->",
        "<a/><!-- x",
        "<a/",
        "<a b/>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "<a>]]></a>",
        "<a>\u{1}</a>",
        "<a>&#1;</a>",
        "<a><!-- -- --></a>",
        "<x:a/>",
        "<a x:b=''/>",
        "<a xmlns:x=''/>",
        "<a xmlns:x='u' xmlns:y='u' x:b='' y:b=''/>",
        " <?xml version='1.0'?><a/>",
        "<a><?xml x?></a>",
        "<a/><!DOCTYPE a>",
        "<1/>",
        "<a:b:c/>",
        "<a>&lt</a>",
        "<a>& b</a>",
        "<![CDATA[x]]><a/>",
    ] {
        assert!(parse(source).is_err(), "{source}");
    }
}

#[test]
fn errors_name_their_line() {
    assert!(
        parse("<a>\n\n<b></a>")
            .unwrap_err()
            .starts_with("error on line 3: ")
    );
}

#[test]
fn references_are_replaced() {
    assert_eq!(text("<a>&lt;&#x41;&#66;&amp;</a>").as_deref(), Some("<AB&"));
    let declared = "<!DOCTYPE a [<!-- <!ENTITY e 'no'> --><!ENTITY e 'x&amp;y'>\n<!ENTITY f \"&e;!\">]><a>&f;</a>";
    assert_eq!(text(declared).as_deref(), Some("x&y!"));
    let xhtml = "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' ''><a>&nbsp;&eacute;</a>";
    assert_eq!(text(xhtml).as_deref(), Some("\u{a0}\u{e9}"));
}

#[test]
fn entities_that_multiply_are_refused() {
    let mut source = "<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxxxxxxxx'>".to_owned();
    for i in 1..30 {
        let below = format!("&e{};", i - 1).repeat(10);
        source.push_str(&format!("<!ENTITY e{i} '{below}'>"));
    }
    source.push_str("<!ENTITY self '&self;'>]><a>");
    assert!(parse(&format!("{source}&e9;</a>")).is_err());
    assert!(parse(&format!("{source}&self;</a>")).is_err());
    assert!(parse(&format!("{source}&e1;</a>")).is_ok());
}

#[test]
fn namespaces_are_resolved() {
    let source = "<r xmlns='urn:d' xmlns:p='urn:p' a='1' p:b='2'><p:c/><d xmlns=''/></r>";
    let document = parse(source).unwrap();
    let names: Vec<String> = dom::descendants(&document)
        .filter_map(|node| match &node.data {
            markup5ever_rcdom::NodeData::Element { name, .. } => {
                Some(format!("{}|{}", &*name.ns, &*name.local))
            }
            _ => None,
        })
        .collect();
    assert_eq!(names, ["urn:d|r", "urn:p|c", "|d"]);
    let root = dom::first_child(&document).unwrap();
    let attributes = dom::attributes(&root);
    let names: Vec<&str> = attributes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["xmlns", "xmlns:p", "a", "p:b"]);
}

#[test]
fn cdata_sections_and_text_stay_apart() {
    let document = parse("<a>x&amp;<![CDATA[<y>]]>z</a>").unwrap();
    let root = dom::first_child(&document).unwrap();
    let kinds: Vec<NodeKind> = root.children.borrow().iter().map(node_kind).collect();
    assert_eq!(
        kinds,
        [NodeKind::Text, NodeKind::CdataSection, NodeKind::Text]
    );
    assert_eq!(dom::text_content(&root).as_deref(), Some("x&<y>z"));
}

#[test]
fn deep_documents_are_parsed_up_to_the_limit() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&nested(MAX_XML_DEPTH)).is_ok());
    assert!(parse(&nested(100_000)).is_err());
}
