use super::*;
use crate::dom::{create_document, descendants, serialize_inner};

/// Parses in pieces and notes the stops.
fn parse(pieces: &[&str]) -> (Node, Vec<String>) {
    let document = create_document();
    let mut parser = HtmlParser::new(
        Rc::clone(&document),
        ParserOptions {
            scripting: true,
            iframe_srcdoc: false,
            ..ParserOptions::default()
        },
    );
    let mut stops = Vec::new();
    for piece in pieces {
        parser.push(piece);
        run(&mut parser, &mut stops);
    }
    parser.finish_input();
    run(&mut parser, &mut stops);
    (document, stops)
}

fn run(parser: &mut HtmlParser, stops: &mut Vec<String>) {
    loop {
        match parser.advance() {
            ParserStop::Script(node) => {
                let lines: Vec<u64> = parser
                    .sink()
                    .take_scripts()
                    .iter()
                    .map(|s| s.line)
                    .collect();
                stops.push(format!("script {lines:?} {}", serialize_inner(&node)));
            }
            ParserStop::Frame(node) => stops.push(format!("frame {}", serialize_inner(&node))),
            ParserStop::NeedsInput => return stops.push("more".to_owned()),
            ParserStop::Finished => return stops.push("end".to_owned()),
        }
    }
}

#[test]
fn parser_stops_after_scripts_and_frames() {
    let (_, stops) = parse(&[
        "a\n<script>1</script><ifr",
        "ame>x</iframe>\n<script>2</script>",
    ]);
    assert_eq!(
        stops,
        [
            "script [2] 1",
            "more",
            "frame x",
            "script [3] 2",
            "more",
            "end"
        ]
    );
}

#[test]
fn script_without_an_end_tag_does_not_run() {
    let (document, stops) = parse(&["<script>1"]);
    assert_eq!(stops, ["more", "end"]);
    assert_eq!(
        descendants(&document)
            .filter(|n| is_html_element(n, "script"))
            .count(),
        1
    );
}

#[test]
fn written_text_is_parsed_before_the_rest_of_the_input() {
    let document = create_document();
    let mut parser = HtmlParser::new(Rc::clone(&document), ParserOptions::default());
    parser.push("<script>1</script>c");
    parser.finish_input();
    assert!(matches!(parser.advance(), ParserStop::Script(_)));
    parser.open_insertion_point();
    parser.push("a<script>2</script>b");
    assert!(matches!(parser.advance(), ParserStop::Script(_)));
    parser.close_insertion_point();
    parser.close_insertion_point();
    assert!(matches!(parser.advance(), ParserStop::Finished));
    let html = serialize_inner(&document);
    assert!(html.contains("a<script>2</script>bc"), "{html}");
}

fn depth(document: &Node) -> usize {
    let deepest = descendants(document).map(|node| inclusive_ancestors(&node).count());
    deepest.max().unwrap_or(0)
}

#[test]
fn deep_nesting_is_cut_in_linear_time() {
    let html = "<div>".repeat(20_000) + "x" + &"</div>".repeat(20_000) + "<p>after";
    let (document, _) = parse(&[&html]);
    assert_eq!(
        descendants(&document)
            .filter(|n| is_html_element(n, "div"))
            .count(),
        20_000
    );
    // The document, the elements, and the text in the last.
    assert_eq!(depth(&document), MAX_DEPTH + 2);
    let html = serialize_inner(&document);
    assert!(
        html.ends_with("</div><p>after</p></body></html>"),
        "the end tags close what they should"
    );
}

#[test]
fn end_tags_of_dropped_elements_close_no_other_element() {
    let open = "<div>".repeat(MAX_DEPTH - 2);
    let close = "</div>".repeat(MAX_DEPTH - 2);
    let html =
        format!("{open}<b><i>1</i></b><span><div>2</span>3<br>4<script>5</script>{close}<u>6");
    let (document, stops) = parse(&[&html]);
    let html = serialize_inner(&document);
    assert!(
        html.contains("<b></b><i></i>1<span></span><div></div>23<br>4<script>5</script></div>"),
        "{}",
        &html[html.len().saturating_sub(400)..]
    );
    assert!(
        html.ends_with("</div><u>6</u></body></html>"),
        "{}",
        &html[html.len() - 100..]
    );
    assert_eq!(stops.len(), 3);
}

#[test]
fn nesting_below_the_limit_is_kept() {
    let html = "<div>".repeat(MAX_DEPTH - 2) + "x";
    let (document, _) = parse(&[&html]);
    assert_eq!(depth(&document), MAX_DEPTH + 2);
}

#[test]
fn fragments_are_parsed_in_their_context() {
    let tr = crate::dom::html_element("tr");
    let parse = |context: &Node, html: &str| -> String {
        let nodes = parse_fragment(context, html, FragmentOptions::default());
        assert!(nodes.iter().all(|node| crate::dom::parent(node).is_none()));
        nodes.iter().map(crate::dom::serialize_outer).collect()
    };
    assert_eq!(parse(&tr, "<td>x"), "<td>x</td>");
    let div = crate::dom::html_element("div");
    assert_eq!(parse(&div, "<td>x"), "x");
    assert_eq!(
        parse(
            &crate::dom::create_document_fragment(),
            "<p>x<iframe></iframe>"
        ),
        "<p>x<iframe></iframe></p>"
    );
    let title = crate::dom::html_element("title");
    assert_eq!(parse(&title, "<b>"), "&lt;b&gt;");
    assert_eq!(parse(&div, ""), "");
}

#[test]
fn doctype_decides_the_quirks_mode() {
    for (html, expected) in [
        ("<!DOCTYPE html>", QuirksMode::NoQuirks),
        ("<p>", QuirksMode::Quirks),
    ] {
        let mut parser = HtmlParser::new(create_document(), ParserOptions::default());
        parser.push(html);
        parser.finish_input();
        assert!(matches!(parser.advance(), ParserStop::Finished));
        assert_eq!(parser.sink().quirks_mode(), expected);
    }
}
