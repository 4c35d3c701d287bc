//! A filter between the tokenizer and the tree builder: stops after frames, and the limit on depth.

use std::cell::{Cell, RefCell};

use framepost_event_loop::FxHashMap;
use html5ever::LocalName;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;

use super::MAX_DEPTH;
use super::sink::DomSink;
use crate::dom::{Node, is_html_element, local_name};

/// Passes tokens to the tree builder, and also stops the tokenizer after frames. It stops at the
/// end tag (or at a tag that needs none), because a stop at the start tag would undo the change to
/// raw text.
///
/// An additional end tag at once closes an element that is too deep. Its name is kept, so that its real end tag
/// closes no other element later.
pub(crate) struct PausingSink {
    pub(crate) builder: TreeBuilder<Node, DomSink>,
    flattened: RefCell<Flattened>,
    is_flattening: Cell<bool>,
}

/// The elements that are open in the text and closed in the tree.
#[derive(Default)]
struct Flattened {
    names: Vec<LocalName>,
    /// The number of times that each name occurs in `names`, so that most end tags need no search.
    counts: FxHashMap<LocalName, usize>,
}

impl Flattened {
    fn push(&mut self, name: LocalName) {
        *self.counts.entry(name.clone()).or_default() += 1;
        self.names.push(name);
    }

    /// Closes the innermost element of this name and all elements in it. Returns whether there is one.
    fn close(&mut self, name: &LocalName) -> bool {
        if self.counts.get(name).is_none_or(|count| *count == 0) {
            return false;
        }
        while let Some(last) = self.names.pop() {
            if let Some(count) = self.counts.get_mut(&last) {
                *count -= 1;
            }
            if last == *name {
                break;
            }
        }
        true
    }

    fn clear(&mut self) {
        self.names.clear();
        self.counts.clear();
    }
}

impl PausingSink {
    pub(crate) fn new(builder: TreeBuilder<Node, DomSink>) -> Self {
        Self {
            builder,
            flattened: RefCell::default(),
            is_flattening: Cell::new(false),
        }
    }

    /// Closes the element of the last start tag, if it is too deep.
    fn flatten(&self, name: &LocalName, self_closing: bool, line: u64) {
        let Some((node, depth)) = self.builder.sink.take_inserted() else {
            return;
        };
        if depth <= MAX_DEPTH {
            // The parser has left the part that was too deep.
            if self.is_flattening.replace(false) {
                self.flattened.borrow_mut().clear();
            }
            return;
        }
        if local_name(&node) != Some(&**name) || !can_be_closed(&node, self_closing) {
            return;
        }
        self.is_flattening.set(true);
        self.flattened.borrow_mut().push(name.clone());
        let end = Token::TagToken(Tag {
            kind: TagKind::EndTag,
            name: name.clone(),
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        });
        // The end tag of the current node only closes that node.
        let _ = self.builder.process_token(end, line);
    }
}

/// Whether an end tag after the start tag closes this element and has no other effect.
fn can_be_closed(node: &Node, self_closing: bool) -> bool {
    const NOT: &[&str] = &[
        // No end tag.
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img",
        "input", "keygen", "link", "meta", "param", "source", "track", "wbr",
        // Unique elements, and elements with insertion modes of their own.
        "html", "head", "body", "frameset", "template",
    ];
    let is_html = local_name(node).is_some_and(|local| is_html_element(node, local));
    if is_html {
        !NOT.iter().any(|local| is_html_element(node, local))
    } else {
        !self_closing
    }
}

impl TokenSink for PausingSink {
    type Handle = Node;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<Node> {
        let (kind, name, self_closing) = match &token {
            Token::TagToken(tag) => (tag.kind, tag.name.clone(), tag.self_closing),
            _ => return self.builder.process_token(token, line_number),
        };
        if kind == TagKind::EndTag
            && self.is_flattening.get()
            && self.flattened.borrow_mut().close(&name)
        {
            return TokenSinkResult::Continue;
        }
        // html5ever does not stop at SVG scripts
        // ([parsing-main-inforeign](https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign)).
        let may_end_svg_script = &*name == "script"
            && (kind == TagKind::EndTag || self_closing)
            && self.adjusted_current_node_present_but_not_in_html_namespace();
        let result = self.builder.process_token(token, line_number);
        if may_end_svg_script && let Some(script) = self.builder.sink.take_open_svg_script() {
            return TokenSinkResult::Script(script);
        }
        if !matches!(result, TokenSinkResult::Continue) {
            return result;
        }
        if kind == TagKind::StartTag {
            self.flatten(&name, self_closing, line_number);
        }
        let sink = &self.builder.sink;
        if sink.has_pending_frames() {
            sink.close_frames();
            // The returned node is not used, because the queue of frames has the frame.
            return TokenSinkResult::Script(html5ever::interface::TreeSink::get_document(sink));
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
