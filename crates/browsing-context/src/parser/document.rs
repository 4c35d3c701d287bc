//! The parser of a document, in HTML or XML.

use html5ever::interface::QuirksMode;

use super::sink::{DomSink, NewScript};
use super::xml::{XmlParser, show_the_error};
use super::{HtmlParser, ParserStop};
use crate::dom::{DeclaredShadowRoot, Node, TreeChange};

/// The parser of one document.
pub(crate) enum DocumentParser {
    Html(Box<HtmlParser>),
    Xml(Box<XmlParser>),
}

impl DocumentParser {
    fn sink(&self) -> &DomSink {
        match self {
            Self::Html(parser) => parser.sink(),
            Self::Xml(parser) => parser.sink(),
        }
    }

    /// Adds text at the insertion point, or at the end when no script runs.
    pub(crate) fn push(&mut self, text: &str) {
        if let Self::Html(parser) = self {
            parser.push(text);
        }
    }

    /// Marks the input as complete, except for text that `document.write()` inserts.
    pub(crate) fn finish_input(&mut self) {
        match self {
            Self::Html(parser) => parser.finish_input(),
            Self::Xml(parser) => parser.finish_input(),
        }
    }

    /// A script begins to run: the text that it writes is inserted before the remaining input.
    pub(crate) fn open_insertion_point(&mut self) {
        if let Self::Html(parser) = self {
            parser.open_insertion_point();
        }
    }

    /// The script has run: its remaining text is parsed next.
    pub(crate) fn close_insertion_point(&mut self) {
        if let Self::Html(parser) = self {
            parser.close_insertion_point();
        }
    }

    /// Parses until the parser has to stop. A malformed document shows its error.
    pub(crate) fn advance(&mut self, document: &Node) -> ParserStop {
        match self {
            Self::Html(parser) => parser.advance(),
            Self::Xml(parser) => {
                let had_ended = parser.has_ended();
                let stop = parser.advance();
                if !had_ended
                    && parser.has_ended()
                    && let Some(error) = parser.error()
                {
                    show_the_error(document, error);
                }
                stop
            }
        }
    }

    /// The scripts that were created since the last call.
    pub(crate) fn take_new_scripts(&self) -> Vec<NewScript> {
        self.sink().take_scripts()
    }

    /// The `meta` elements that were inserted since the last call.
    pub(crate) fn take_new_metas(&self) -> Vec<Node> {
        self.sink().take_metas()
    }

    /// The declarative shadow roots that were made since the last call.
    pub(crate) fn take_new_shadow_roots(&self) -> Vec<DeclaredShadowRoot> {
        self.sink().take_shadow_roots()
    }

    /// The changes to the tree since the last call, if they are recorded.
    pub(crate) fn take_changes(&self) -> Vec<TreeChange> {
        self.sink().take_changes()
    }

    /// Whether an element that may be a named element of the document was inserted since the last call.
    pub(crate) fn take_saw_named_elements(&self) -> bool {
        self.sink().take_saw_named_elements()
    }

    /// The `embed` elements that were inserted and the `object` elements that were completed since
    /// the last call.
    pub(crate) fn take_new_embedding_elements(&self) -> Vec<Node> {
        let ended = match self {
            Self::Html(parser) => parser.has_ended(),
            Self::Xml(parser) => parser.has_ended(),
        };
        if ended {
            self.sink().complete_objects();
        }
        self.sink().take_embedding_elements()
    }

    /// Whether this is an `object` on the stack of open elements.
    pub(crate) fn is_open_object(&self, node: &Node) -> bool {
        self.sink().is_open_object(node)
    }

    /// The document's quirks mode so far.
    pub(crate) fn quirks_mode(&self) -> QuirksMode {
        self.sink().quirks_mode()
    }

    /// Whether a `base` element has been seen.
    pub(crate) fn saw_base(&self) -> bool {
        self.sink().saw_base()
    }
}
