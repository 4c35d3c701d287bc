//! Parsing HTML with html5ever, with stops in the middle
//! ([HTML, parsing](https://html.spec.whatwg.org/multipage/parsing.html)).
//!
//! A [`DocumentParser`] turns text into a tree and stops where the standard runs script: after every script, and
//! after every frame element, whose `about:blank` is loaded at once. It knows no browsing context and runs no script.
//! Its caller does, and then calls it again. The text comes from a stack of streams: text that `document.write()`
//! inserts is on top of the document's own text.

mod depth;
mod document;
mod sink;
mod xml;

use std::cell::Cell;
use std::rc::Rc;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::QuirksMode;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};

use crate::dom::{
    DeclaredShadowRoot, Node, inclusive_ancestors, is_element, is_html_element, is_script_element,
};
use depth::PausingSink;
pub(crate) use document::DocumentParser;
use sink::DomSink;
pub(crate) use sink::NewScript;
pub(crate) use xml::{XmlParser, parse_xml_fragment};

/// Elements nested deeper than this become siblings.
// IMPLEMENTATION-DEFINED: the standard has no limit; browsers use 512, too. Without a limit, each start tag searches
// the whole stack of open elements, so the time is quadratic in the depth.
pub const MAX_DEPTH: usize = 512;

/// The reason why a parser has stopped.
pub(crate) enum ParserStop {
    /// The end tag of a `script` element: prepare it now.
    Script(Node),
    /// A frame element has been inserted.
    Frame(Node),
    /// The streams are empty, and more input may follow.
    NeedsInput,
    /// The document is parsed.
    Finished,
}

/// The parser of one HTML document.
pub(crate) struct HtmlParser {
    tokenizer: Tokenizer<PausingSink>,
    /// The text to parse: the document's own, and above it the text that scripts write while they
    /// run. There is always at least one stream.
    streams: Vec<BufferQueue>,
    no_more_input: bool,
    ended: bool,
}

/// The options of a parser.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParserOptions {
    pub(crate) scripting: bool,
    pub(crate) iframe_srcdoc: bool,
    pub(crate) declarative_shadow_roots: bool,
    pub(crate) recording: Recording,
}

/// Whether parsers record their changes. The embedder may enable this at any time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recording(Rc<Cell<bool>>);

impl Recording {
    pub(crate) fn is_on(&self) -> bool {
        self.0.get()
    }

    pub(crate) fn turn_on(&self) {
        self.0.set(true);
    }
}

impl HtmlParser {
    pub(crate) fn new(document: Node, options: ParserOptions) -> Self {
        let builder = TreeBuilder::new(
            DomSink::new(document, options.recording)
                .allowing_shadow_roots(options.declarative_shadow_roots),
            TreeBuilderOpts {
                scripting_enabled: options.scripting,
                iframe_srcdoc: options.iframe_srcdoc,
                ..TreeBuilderOpts::default()
            },
        );
        Self {
            tokenizer: Tokenizer::new(PausingSink::new(builder), TokenizerOpts::default()),
            streams: vec![BufferQueue::default()],
            no_more_input: false,
            ended: false,
        }
    }

    pub(crate) fn sink(&self) -> &DomSink {
        &self.tokenizer.sink.builder.sink
    }

    /// Adds text at the insertion point, or at the end when no script runs.
    pub(crate) fn push(&mut self, text: &str) {
        if !text.is_empty()
            && let Some(stream) = self.streams.last()
        {
            stream.push_back(StrTendril::from_slice(text));
        }
    }

    /// Adds a whole text, without a copy.
    pub(crate) fn push_owned(&mut self, text: String) {
        if !text.is_empty()
            && let Some(stream) = self.streams.last()
        {
            stream.push_back(StrTendril::from(text));
        }
    }

    /// Switches the tokenizer to plain text.
    pub(crate) fn set_plaintext(&mut self) {
        self.tokenizer.set_plaintext_state();
    }

    /// Marks the input as complete, except for text that `document.write()` inserts.
    pub(crate) fn finish_input(&mut self) {
        self.no_more_input = true;
    }

    /// A script begins to run: the text that it writes is inserted before the remaining input.
    pub(crate) fn open_insertion_point(&mut self) {
        self.streams.push(BufferQueue::default());
    }

    /// The script has run: its remaining text is parsed next.
    pub(crate) fn close_insertion_point(&mut self) {
        if self.streams.len() < 2 {
            return;
        }
        let (Some(written), Some(below)) = (self.streams.pop(), self.streams.last()) else {
            return;
        };
        let mut rest = Vec::new();
        while let Some(text) = written.pop_front() {
            rest.push(text);
        }
        for text in rest.into_iter().rev() {
            below.push_front(text);
        }
    }

    /// Parses until the parser has to stop.
    pub(crate) fn advance(&mut self) -> ParserStop {
        loop {
            if let Some(frame) = self.sink().take_pending_frame_unless_open() {
                return ParserStop::Frame(frame);
            }
            if self.ended {
                return ParserStop::Finished;
            }
            let Some(stream) = self.streams.last() else {
                return ParserStop::Finished;
            };
            match self.tokenizer.feed(stream) {
                TokenizerResult::Script(node) if is_script_element(&node) => {
                    return ParserStop::Script(node);
                }
                // A frame, which is in the queue of frames; or a declared encoding, which was read before.
                TokenizerResult::Script(_) | TokenizerResult::EncodingIndicator(_) => {}
                TokenizerResult::Done if self.no_more_input && self.streams.len() == 1 => {
                    self.tokenizer.end();
                    self.ended = true;
                    self.sink().close_frames();
                }
                TokenizerResult::Done => return ParserStop::NeedsInput,
            }
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }
}

/// The result of [`parse_fragment_with_scripts`]: nodes without a parent, and the scripts in them.
pub(crate) struct ParsedFragment {
    pub(crate) nodes: Vec<Node>,
    pub(crate) scripts: Vec<Node>,
    pub(crate) shadow_roots: Vec<DeclaredShadowRoot>,
}

/// Whether markup may contain the start tag of a form.
fn has_form_tag(html: &str) -> bool {
    let mut tags = html.as_bytes().windows(5);
    tags.any(|tag| tag.eq_ignore_ascii_case(b"<form"))
}

/// [Parsing HTML fragments](https://html.spec.whatwg.org/multipage/parsing.html#parsing-html-fragments).
/// If the context is not an element, a `body` is used instead.
pub(crate) fn parse_fragment_with_scripts(
    context: &Node,
    html: &str,
    options: FragmentOptions,
    declarative_shadow_roots: bool,
) -> ParsedFragment {
    let context = if is_element(context) {
        Rc::clone(context)
    } else {
        crate::dom::html_element("body")
    };
    // OPTIMIZATION: only the start tag of a form asks for the form element pointer.
    let form = has_form_tag(html)
        .then(|| inclusive_ancestors(&context).find(|node| is_html_element(node, "form")))
        .flatten();
    let document = crate::dom::create_document();
    let builder = TreeBuilder::new_for_fragment(
        DomSink::new(Rc::clone(&document), Recording::default())
            .allowing_shadow_roots(declarative_shadow_roots),
        context,
        form,
        TreeBuilderOpts {
            scripting_enabled: options.scripting,
            quirks_mode: options.quirks_mode,
            ..TreeBuilderOpts::default()
        },
    );
    let initial_state = Some(builder.tokenizer_state_for_context_elem(options.scripting));
    let tokenizer = Tokenizer::new(
        PausingSink::new(builder),
        TokenizerOpts {
            initial_state,
            discard_bom: false,
            ..TokenizerOpts::default()
        },
    );
    let input = BufferQueue::default();
    if !html.is_empty() {
        input.push_back(StrTendril::from_slice(html));
    }
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let scripts = tokenizer.sink.builder.sink.take_scripts();
    let shadow_roots = tokenizer.sink.builder.sink.take_shadow_roots();
    let root = crate::dom::first_child(&document);
    ParsedFragment {
        nodes: root.map_or_else(Vec::new, |root| crate::dom::take_children(&root)),
        scripts: scripts.into_iter().map(|script| script.node).collect(),
        shadow_roots,
    }
}

/// The options of [`parse_fragment`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FragmentOptions {
    /// The quirks mode of the document of the nodes.
    pub quirks_mode: QuirksMode,
    /// Whether scripting is enabled there. This affects `noscript`.
    pub scripting: bool,
}

impl Default for FragmentOptions {
    /// No quirks, and no scripting.
    fn default() -> Self {
        Self {
            quirks_mode: QuirksMode::NoQuirks,
            scripting: false,
        }
    }
}

/// [Parses HTML fragments](https://html.spec.whatwg.org/multipage/parsing.html#parsing-html-fragments)
/// outside any document. The nodes have no parent, and their scripts may still run. For nodes of
/// a document use [`Contexts::parse_fragment`](crate::Contexts::parse_fragment), whose scripts do not
/// run.
#[must_use]
pub fn parse_fragment(context: &Node, html: &str, options: FragmentOptions) -> Vec<Node> {
    parse_fragment_with_scripts(context, html, options, false).nodes
}

#[cfg(test)]
mod tests;
