//! [Serializing HTML fragments](https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments).

use html5ever::ns;
use markup5ever_rcdom::NodeData;

use super::attributes::qualified_name;
use super::{Node, NodeKind, data, is_html_element, node_kind, template_contents};

enum Step {
    Open(Node),
    Close(String),
}

/// [HTML fragment serialization](https://html.spec.whatwg.org/multipage/parsing.html#html-fragment-serialisation-algorithm):
/// the descendants of a node, as in `innerHTML`.
#[must_use]
pub fn serialize_inner(node: &Node) -> String {
    let mut out = String::new();
    if !is_void(node) {
        run(children_of(node), &mut out);
    }
    out
}

/// The node itself and its descendants, as in `outerHTML`.
#[must_use]
pub fn serialize_outer(node: &Node) -> String {
    let mut out = String::new();
    run(vec![Step::Open(Node::clone(node))], &mut out);
    out
}

/// The children to serialize, the first one last.
fn children_of(node: &Node) -> Vec<Step> {
    let contents = template_contents(node);
    let from = contents.as_ref().unwrap_or(node);
    let children = from.children.borrow();
    children.iter().rev().cloned().map(Step::Open).collect()
}

fn run(mut steps: Vec<Step>, out: &mut String) {
    while let Some(step) = steps.pop() {
        let node = match step {
            Step::Close(name) => {
                out.push_str("</");
                out.push_str(&name);
                out.push('>');
                continue;
            }
            Step::Open(node) => node,
        };
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                // Elements of these namespaces are serialized by their local name.
                let tag = if name.ns == ns!(html) || name.ns == ns!(mathml) || name.ns == ns!(svg) {
                    name.local.to_string()
                } else {
                    qualified_name(name)
                };
                out.push('<');
                out.push_str(&tag);
                for attribute in attrs.borrow().iter() {
                    out.push(' ');
                    out.push_str(&serialized_attribute_name(attribute));
                    out.push_str("=\"");
                    escape(&attribute.value, true, out);
                    out.push('"');
                }
                out.push('>');
                if !is_void(&node) {
                    steps.push(Step::Close(tag));
                    steps.extend(children_of(&node));
                }
            }
            NodeData::Text { contents } => {
                let contents = contents.borrow();
                if super::parent(&node).is_some_and(|parent| is_raw_text(&parent)) {
                    out.push_str(&contents);
                } else {
                    escape(&contents, false, out);
                }
            }
            NodeData::Comment { .. } => {
                out.push_str("<!--");
                out.push_str(&data(&node).unwrap_or_default());
                out.push_str("-->");
            }
            NodeData::Doctype { name, .. } => {
                out.push_str("<!DOCTYPE ");
                out.push_str(name);
                out.push('>');
            }
            NodeData::ProcessingInstruction { target, .. } => {
                if node_kind(&node) == NodeKind::DocumentFragment {
                    steps.extend(children_of(&node));
                } else {
                    out.push_str("<?");
                    out.push_str(target);
                    out.push(' ');
                    out.push_str(&data(&node).unwrap_or_default());
                    out.push('>');
                }
            }
            NodeData::Document => steps.extend(children_of(&node)),
        }
    }
}

/// [An attribute's serialized name](https://html.spec.whatwg.org/multipage/parsing.html#attribute's-serialised-name).
fn serialized_attribute_name(attribute: &html5ever::Attribute) -> String {
    let name = &attribute.name;
    if name.ns == ns!() {
        name.local.to_string()
    } else if name.ns == ns!(xml) {
        format!("xml:{}", name.local)
    } else if name.ns == ns!(xmlns) {
        if &*name.local == "xmlns" {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", name.local)
        }
    } else if name.ns == ns!(xlink) {
        format!("xlink:{}", name.local)
    } else {
        qualified_name(name)
    }
}

/// [Serializes as void](https://html.spec.whatwg.org/multipage/parsing.html#serializes-as-void).
fn is_void(node: &Node) -> bool {
    const VOID: &[&str] = &[
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
        "keygen", "link", "meta", "param", "source", "track", "wbr",
    ];
    match &node.data {
        NodeData::Element { name, .. } => name.ns == ns!(html) && VOID.contains(&&*name.local),
        _ => false,
    }
}

fn is_raw_text(node: &Node) -> bool {
    // `noscript` is among them, although a document without scripting parses it differently. The difference exists
    // only in documents that no script can read.
    const RAW: &[&str] = &[
        "style",
        "script",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "plaintext",
        "noscript",
    ];
    RAW.iter().any(|local| is_html_element(node, local))
}

/// [Escaping a string](https://html.spec.whatwg.org/multipage/parsing.html#escapingString).
fn escape(text: &str, attribute_mode: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute_mode => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::create_element;
    use crate::parser::{FragmentOptions, parse_fragment};

    #[track_caller]
    fn round_trip(html: &str, expected: &str) {
        let body = create_element("body").unwrap();
        let nodes = parse_fragment(&body, html, FragmentOptions::default());
        let out: String = nodes.iter().map(serialize_outer).collect();
        assert_eq!(out, expected);
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        round_trip(
            "<p a='&lt;\"&nbsp;'>&lt;&amp;\u{a0}</p>",
            "<p a=\"&lt;&quot;&nbsp;\">&lt;&amp;&nbsp;</p>",
        );
        round_trip("<script>a<b&&c</script>", "<script>a<b&&c</script>");
        round_trip(
            "<style>a>b</style><iframe><b></iframe>",
            "<style>a>b</style><iframe><b></iframe>",
        );
    }

    #[test]
    fn void_elements_comments_and_templates_are_serialized() {
        round_trip("<br/><img src=x><!--c-->", "<br><img src=\"x\"><!--c-->");
        round_trip("<template><i>x</template>", "<template><i>x</i></template>");
        round_trip(
            "<svg xlink:href=a><G/></svg>",
            "<svg xlink:href=\"a\"><g></g></svg>",
        );
    }
}
