//! `document.open()`, `write()` and `close()`
//! ([HTML, dynamic markup insertion](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html)).

use framepost_event_loop::ClientId;
use html5ever::interface::QuirksMode;
use url::Url;

use crate::document::{ReadyState, Stage};
use crate::navigable::HistoryHandling;
use crate::parser::{DocumentParser, ParserOptions};
use crate::steps::{Action, Next};
use crate::{Contexts, DomError, Effect, Steps};

impl Contexts {
    /// [Document write steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-write-steps).
    /// `entry` is the document of the script that calls, which lends its URL if the document has to
    /// be opened.
    ///
    /// # Errors
    /// `InvalidStateError` when the document is gone or of XML, `SecurityError` when it has to be opened and
    /// is of another origin.
    pub fn document_write(
        &mut self,
        document: ClientId,
        entry: ClientId,
        text: &str,
    ) -> Result<Steps, DomError> {
        let held = self.document(document).ok_or(GONE)?;
        if is_xml(&held.content_type) {
            return Err(IS_XML);
        }
        let insertion_point =
            held.parser.is_some() && (held.script_nesting_level > 0 || held.script_created_parser);
        let write = Steps::one(Action::Write(document, text.to_owned()));
        if insertion_point {
            return Ok(write);
        }
        if held.unload_counter > 0 || held.ignore_destructive_writes > 0 {
            return Ok(Steps::none());
        }
        Ok(self.document_open(document, entry)?.then(write))
    }

    /// [Document open steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps).
    ///
    /// # Errors
    /// `InvalidStateError` when the document is gone or of XML, `SecurityError` when the entry document is of
    /// another origin.
    pub fn document_open(
        &mut self,
        document: ClientId,
        entry: ClientId,
    ) -> Result<Steps, DomError> {
        let held = self.document(document).ok_or(GONE)?;
        if is_xml(&held.content_type) {
            return Err(IS_XML);
        }
        let entry_held = self.document(entry).ok_or(GONE)?;
        if !held.origin.same_origin(&entry_held.origin) {
            return Err(DomError::Security {
                reason: format!(
                    "a document of {} cannot open one of {}",
                    entry_held.origin, held.origin
                ),
            });
        }
        let parsing = held.parser.is_some() && held.script_nesting_level > 0;
        if parsing || held.unload_counter > 0 {
            return Ok(Steps::none());
        }
        let mut url: Url = entry_held.url.clone();
        if document != entry {
            url.set_fragment(None);
        }
        // What is erased belongs to nodes that are there until it is.
        let erase = Steps::one(Action::Effect(Box::new(Effect::EraseListeners(document))));
        Ok(erase.then(Steps::one(Action::OpenDocument(document, url))))
    }

    /// The rest of it, once the listeners are erased.
    pub(crate) fn open_erased_document(
        &mut self,
        document: ClientId,
        url: Url,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.document(document) else {
            return;
        };
        let node = held.node.clone();
        let navigable = held.navigable;
        let removal = self.replace_all(&node, None);
        self.stop_loading(navigable);
        self.url_and_history_update_steps(document, url, None, HistoryHandling::Replace);
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        held.is_initial_about_blank = false;
        held.mute_iframe_load |= held.iframe_load_in_progress;
        held.quirks_mode = QuirksMode::NoQuirks;
        held.may_have_base = false;
        let options = ParserOptions {
            scripting: held.scripting_enabled(),
            iframe_srcdoc: false,
        };
        held.parser = Some(Box::new(DocumentParser::new(node, options)));
        held.script_created_parser = true;
        held.pending_parsing_blocking_script = None;
        held.stage = Stage::Parsing;
        let ready = Steps::one(Action::SetReadyState(document, ReadyState::Loading));
        next.push_steps(removal.then(ready));
    }

    /// [`document.close()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-close).
    pub fn document_close(&mut self, document: ClientId) -> Steps {
        Steps::one(Action::CloseParser(document))
    }

    pub(crate) fn write(&mut self, document: ClientId, text: &str, next: &mut Next<'_>) {
        if let Some(held) = self.documents.get_mut(&document)
            && let Some(parser) = &mut held.parser
        {
            parser.push(text);
            next.push([Action::Parse(document)]);
        }
    }

    pub(crate) fn close_parser(&mut self, document: ClientId, next: &mut Next<'_>) {
        if let Some(held) = self.documents.get_mut(&document)
            && held.script_created_parser
            && let Some(parser) = &mut held.parser
        {
            parser.finish_input();
            next.push([Action::Parse(document)]);
        }
    }
}

/// Whether documents of this type are [XML documents](https://dom.spec.whatwg.org/#xml-document).
fn is_xml(content_type: &str) -> bool {
    matches!(content_type, "text/xml" | "application/xml") || content_type.ends_with("+xml")
}

const IS_XML: DomError = DomError::InvalidState {
    reason: "an XML document cannot be written into",
};

const GONE: DomError = DomError::InvalidState {
    reason: "the document is gone",
};
