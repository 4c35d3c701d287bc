//! [`innerText`](https://html.spec.whatwg.org/multipage/dom.html#dom-innertext)

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::webidl::exception::OrThrow;

/// [`innerText`](https://html.spec.whatwg.org/multipage/dom.html#dom-innertext)
///
/// NOT YET: there is no rendering, so this is the text content without elements that are never shown.
pub(super) fn inner_text(element: &Node, _: &mut Context) -> String {
    const HIDDEN: &[&str] = &["script", "style", "template", "noscript", "head", "title"];
    let mut text = String::new();
    let mut stack = vec![element.clone()];
    while let Some(node) = stack.pop() {
        if dom::is_one_of(&node, HIDDEN) && !dom::is_same(&node, element) {
            continue;
        }
        if dom::is_html_element(&node, "br") {
            text.push('\n');
        }
        if let Some(data) = dom::text(&node) {
            text.push_str(&data);
        }
        stack.extend(node.children.borrow().iter().rev().cloned());
    }
    text
}

/// Sets [`innerText`](https://html.spec.whatwg.org/multipage/dom.html#dom-innertext).
pub(super) fn set_inner_text(element: &Node, text: &str, cx: &mut Context) -> JsResult<()> {
    // 1. Create the rendered text fragment.
    let fragment = rendered_text_fragment(element, text, cx)?;
    // 2. Replace all children with it.
    tree::replace_all(cx, element, Some(&fragment));
    Ok(())
}

/// [Rendered text fragment](https://html.spec.whatwg.org/multipage/dom.html#rendered-text-fragment)
fn rendered_text_fragment(element: &Node, text: &str, cx: &mut Context) -> JsResult<Node> {
    // 1. The fragment is in the element's document.
    let fragment = dom::create_document_fragment();
    tree::adopt(cx, &fragment, element);
    let append = |node: Node, cx: &mut Context| {
        tree::adopt(cx, &node, &fragment);
        tree::insert(cx, &fragment, &node, None)
    };
    // 2. to 4. Each line becomes a text, each end of a line a `br`.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            append(dom::create_element("br").or_throw(cx)?, cx)?;
        }
        if !line.is_empty() {
            append(dom::create_text(line), cx)?;
        }
    }
    // 5. Return the fragment.
    Ok(fragment)
}
