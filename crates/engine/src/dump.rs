//! Dumps a page as text: every document in the frame tree, with its URL and its content.
//!
//! The output format is this crate's own, and the page cannot observe it. Tree walks use an
//! explicit stack, because a deep tree would overflow the thread's stack.

use framepost_browsing_context::dom::serialize_inner;
use framepost_browsing_context::{Contexts, NavigableId};
use html5ever::{local_name, ns};
use markup5ever_rcdom::{Handle, NodeData};

use crate::dom::selectors::DocumentMode;

/// A document in the frame tree.
pub(crate) struct FrameDocument {
    /// The number of documents that contain this document.
    pub(crate) depth: usize,
    pub(crate) url: String,
    pub(crate) node: Handle,
    /// The comparison of names by selectors in this document.
    pub(crate) mode: DocumentMode,
}

/// Returns the documents of `top` and its frames in tree order, parents first.
pub(crate) fn documents(contexts: &Contexts, top: NavigableId) -> Vec<FrameDocument> {
    let mut found = Vec::new();
    let mut pending = vec![(top, 0)];
    while let Some((navigable, depth)) = pending.pop() {
        let Some(document) = contexts
            .active_document(navigable)
            .and_then(|document| contexts.document(document))
        else {
            continue;
        };
        found.push(FrameDocument {
            depth,
            url: document.url().to_string(),
            node: document.node().clone(),
            mode: DocumentMode::html(document.quirks_mode()),
        });
        pending.extend(
            contexts
                .children(navigable)
                .iter()
                .rev()
                .map(|child| (*child, depth + 1)),
        );
    }
    found
}

/// The part of a document to dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DumpFormat {
    /// The text of the body.
    Text,
    /// The serialized document.
    Html,
}

/// Dumps the documents one after another: each URL, indented by depth, with the content below it.
pub(crate) fn dump(documents: &[FrameDocument], format: DumpFormat) -> String {
    let mut output = String::new();
    for document in documents {
        let indentation = "  ".repeat(document.depth);
        output.push_str(&indentation);
        output.push_str(&document.url);
        output.push('\n');
        match format {
            DumpFormat::Text => {
                for line in text(&document.node).lines() {
                    output.push_str(&indentation);
                    output.push_str("  ");
                    output.push_str(line);
                    output.push('\n');
                }
            }
            DumpFormat::Html => {
                let html = html(&document.node);
                output.push_str(&html);
                if !html.is_empty() && !html.ends_with('\n') {
                    output.push('\n');
                }
            }
        }
    }
    output
}

/// Serializes a document.
pub(crate) fn html(document: &Handle) -> String {
    serialize_inner(document)
}

/// Returns the text of a document's body, with collapsed white space and one line per block
/// element.
///
/// The text omits what a browser with scripting does not render: scripts, styles, templates,
/// `noscript`, and the children of elements such as `iframe`.
pub(crate) fn text(document: &Handle) -> String {
    let mut lines = Lines::default();
    let mut pending: Vec<Step> = body(document).into_iter().map(Step::Enter).collect();
    while let Some(step) = pending.pop() {
        let node = match step {
            Step::Enter(node) => node,
            Step::Break => {
                lines.end();
                continue;
            }
        };
        match &node.data {
            NodeData::Text { contents } => lines.push(&contents.borrow()),
            NodeData::Element { name, .. } => {
                if name.ns == ns!(html) && is_hidden(&name.local)
                    || name.ns == ns!(svg) && name.local == local_name!("script")
                {
                    continue;
                }
                if name.ns == ns!(html) && is_cell(&name.local) {
                    lines.space = true;
                }
                if name.ns == ns!(html) && is_block(&name.local) {
                    lines.end();
                    pending.push(Step::Break);
                }
                pending.extend(
                    node.children
                        .borrow()
                        .iter()
                        .rev()
                        .cloned()
                        .map(Step::Enter),
                );
            }
            _ => {}
        }
    }
    lines.end();
    lines.done
}

enum Step {
    Enter(Handle),
    /// The end of a block, after its last child.
    Break,
}

/// Returns [the body element](https://html.spec.whatwg.org/multipage/dom.html#the-body-element-2).
fn body(document: &Handle) -> Option<Handle> {
    let is = |node: &Handle, wanted: &str| {
        matches!(&node.data, NodeData::Element { name, .. }
            if name.ns == ns!(html) && &*name.local == wanted)
    };
    let find = |parent: &Handle, wanted: &str| {
        let children = parent.children.borrow();
        children.iter().find(|child| is(child, wanted)).cloned()
    };
    find(&find(document, "html")?, "body")
}

fn is_hidden(name: &html5ever::LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("template")
            | local_name!("noscript")
            | local_name!("iframe")
            | local_name!("noframes")
            | local_name!("noembed")
            | local_name!("title")
    )
}

/// Returns whether an element is separated from its neighbours by a space.
fn is_cell(name: &html5ever::LocalName) -> bool {
    matches!(*name, local_name!("td") | local_name!("th"))
}

/// Returns whether an element starts and ends a line.
fn is_block(name: &html5ever::LocalName) -> bool {
    matches!(
        &**name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "caption"
            | "tr"
            | "ul"
            | "xmp"
    )
}

/// Collects text and collapses its white space.
#[derive(Default)]
struct Lines {
    done: String,
    /// The current line, without leading white space.
    line: String,
    /// Whether white space follows the text in `line`.
    space: bool,
}

impl Lines {
    fn push(&mut self, text: &str) {
        for character in text.chars() {
            if matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0c') {
                self.space = true;
                continue;
            }
            if self.space && !self.line.is_empty() {
                self.line.push(' ');
            }
            self.space = false;
            self.line.push(character);
        }
    }

    fn end(&mut self) {
        if !self.line.is_empty() {
            self.done.push_str(&self.line);
            self.done.push('\n');
            self.line.clear();
        }
        self.space = false;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use html5ever::tendril::TendrilSink;
    use html5ever::{ParseOpts, parse_document};
    use markup5ever_rcdom::RcDom;

    use super::*;

    fn parse(html: &str) -> Handle {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        dom.document.clone()
    }

    #[test]
    fn text_has_line_per_block_and_collapsed_white_space() {
        for (html, expected) in [
            ("<title>t</title><p> a \n\t b <b>c</b>d<p>e", "a b cd\ne\n"),
            ("x<div>y<span> z</span></div>w", "x\ny z\nw\n"),
            ("a<br>b<hr>c", "a\nb\nc\n"),
            ("<ul><li>1<li>2</ul>", "1\n2\n"),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc\n"),
            ("<p>  <p> <div></div>", ""),
            (
                "a<script>b</script><style>c</style><template>d</template><noscript>e</noscript>f",
                "af\n",
            ),
            ("<iframe>inside</iframe>after", "after\n"),
            ("<p>no\u{a0}break", "no\u{a0}break\n"),
            ("<svg><title>kept</title></svg>", "kept\n"),
            ("", ""),
        ] {
            assert_eq!(text(&parse(html)), expected, "{html}");
        }
    }

    #[test]
    fn documents_are_indented_by_their_depth() {
        let frame = |depth, url: &str, html| FrameDocument {
            depth,
            url: url.to_owned(),
            node: parse(html),
            mode: DocumentMode::default(),
        };
        let documents = [
            frame(0, "http://a/", "<p>one<p>two"),
            frame(1, "http://b/", "three"),
            frame(2, "about:blank", ""),
        ];
        assert_eq!(
            dump(&documents, DumpFormat::Text),
            "http://a/\n  one\n  two\n  http://b/\n    three\n    about:blank\n"
        );
        assert_eq!(
            dump(&documents[1..2], DumpFormat::Html),
            "  http://b/\n<html><head></head><body>three</body></html>\n"
        );
    }
}
