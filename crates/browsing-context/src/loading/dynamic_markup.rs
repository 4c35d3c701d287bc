//! `document.open()`, `write()` and `close()`
//! ([HTML, dynamic markup insertion](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html)).

use framepost_event_loop::ClientId;
use html5ever::interface::QuirksMode;
use url::Url;

use super::progress::Stage;
use crate::Contexts;
use crate::dom::DomError;
use crate::parser::{DocumentParser, HtmlParser, ParserOptions};
use crate::steps::{Action, Effect, LoadingAction, Next, ParsingAction, Steps};

impl Contexts {
    /// [Document write steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-write-steps).
    /// `entry` is the entry document, that of the script that calls. If the document has to be opened, it gets the
    /// URL of the entry document.
    ///
    /// # Errors
    /// `InvalidStateError` when the document is gone or an XML document, `SecurityError` when it has
    /// to be opened and is of another origin.
    // NOT YET: 4. Trusted types.
    pub fn document_write(
        &mut self,
        document: ClientId,
        entry: ClientId,
        text: &str,
    ) -> Result<Steps, DomError> {
        // 1. to 3. and 5. The caller has put the text together.
        let held = self.document(document).ok_or(GONE)?;
        // 6. An XML document cannot be written to.
        if !held.properties().is_html() {
            return Err(IS_XML);
        }
        // NOT YET: 7. The throw-on-dynamic-markup-insertion counter.
        let progress = self.loading.by_document.get(&document).ok_or(GONE)?;
        let insertion_point = progress.parser.is_some()
            && (progress.script_nesting_level > 0 || progress.is_script_created);
        let write = Steps::one(ParsingAction::Write(document, text.to_owned()));
        // 8. If its active parser was aborted, return.
        if progress.parser_was_aborted {
            return Ok(Steps::none());
        }
        // 10. and 11. If there is an insertion point, insert the text there, and parse it.
        if insertion_point {
            return Ok(write);
        }
        // 9.1. If the document is unloading, or ignores destructive writes, return.
        if progress.unload_counter > 0 || self.scripts.ignores_destructive_writes(document) {
            return Ok(Steps::none());
        }
        // 9.2. Otherwise run the document open steps first.
        Ok(self.document_open(document, entry)?.then(write))
    }

    /// [Document open steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps).
    ///
    /// # Errors
    /// `InvalidStateError` when the document is gone or an XML document, `SecurityError` when the
    /// entry document is of another origin.
    pub fn document_open(
        &mut self,
        document: ClientId,
        entry: ClientId,
    ) -> Result<Steps, DomError> {
        let held = self.document(document).ok_or(GONE)?;
        // 1. An XML document cannot be opened.
        if !held.properties().is_html() {
            return Err(IS_XML);
        }
        // NOT YET: 2. The throw-on-dynamic-markup-insertion counter.
        // 3. and 4. The entry document has to be of the same origin.
        let entry_held = self.document(entry).ok_or(GONE)?;
        if !held.origin().same_origin(entry_held.origin()) {
            return Err(DomError::Security {
                reason: format!(
                    "a document of {} cannot open one of {}",
                    entry_held.origin(),
                    held.origin()
                ),
            });
        }
        // 5. If the document's parser runs a script, return.
        // 6. If the document is unloading, return.
        // 7. If its active parser was aborted, return.
        let progress = self.loading.by_document.get(&document).ok_or(GONE)?;
        let parsing = progress.parser.is_some() && progress.script_nesting_level > 0;
        if parsing || progress.unload_counter > 0 || progress.parser_was_aborted {
            return Ok(Steps::none());
        }
        // 12.1. and 12.2. The document's URL will be that of the entry document, without a fragment if it is another
        // document.
        let mut url: Url = entry_held.url().clone();
        if document != entry {
            url.set_fragment(None);
        }
        // 9. and 10. Erase all event listeners of the nodes before the nodes are removed. 8. follows, since no script runs
        // in between.
        let erase = Steps::one(Action::effect(Effect::EraseListeners(document)));
        Ok(erase.then(Steps::one(ParsingAction::Open(document, url))))
    }

    /// The rest of the [document open steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps),
    /// when the listeners are erased.
    pub(super) fn open_erased_document(
        &mut self,
        document: ClientId,
        url: Url,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.document(document) else {
            return;
        };
        let node = held.node().clone();
        let navigable = held.navigable();
        let scripting = held.scripting_enabled();
        // 8. and 11. Stop the navigable from loading, and remove all nodes.
        let removal = self.replace_all(&node, None);
        let recording = self.loading.recording();
        self.stop_loading(navigable);
        let Some(held) = self.document_mut(document) else {
            return;
        };
        // 12.3. Set the URL.
        // IMPLEMENTATION-DEFINED: the standard runs the URL and history update steps. As in browsers,
        // only the document gets the URL: a reload loads the URL of the entry.
        held.set_url(url);
        // 13. and 15. It is no longer an initial about:blank, and not in quirks mode.
        held.set_is_initial_about_blank(false);
        held.set_quirks_mode(QuirksMode::NoQuirks);
        held.set_may_have_base(false);
        self.scripts.forget_the_parser_blocking_script(document);
        let Some(progress) = self.loading.by_document.get_mut(&document) else {
            return;
        };
        // 14. If an iframe load is in progress, mute it.
        progress.mute_iframe_load |= progress.iframe_load_in_progress;
        // 16. and 17. Create a script-created parser, whose input is empty.
        let options = ParserOptions {
            scripting,
            iframe_srcdoc: false,
            declarative_shadow_roots: true,
            recording,
        };
        let parser = HtmlParser::new(node, options);
        progress.parser = Some(DocumentParser::Html(Box::new(parser)));
        progress.is_script_created = true;
        progress.stage = Stage::Parsing;
        // 18. and 19. Update the current document readiness to "loading".
        let ready = Steps::one(LoadingAction::BecomeLoading(document));
        next.push_steps(removal.then(ready));
    }

    /// [`document.close()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-close).
    pub fn document_close(&mut self, document: ClientId) -> Steps {
        Steps::one(ParsingAction::Close(document))
    }

    /// Inserts text at the insertion point and parses it.
    pub(super) fn write(&mut self, document: ClientId, text: &str, next: &mut Next<'_>) {
        if let Some(held) = self.loading.by_document.get_mut(&document)
            && let Some(parser) = &mut held.parser
        {
            parser.push(text);
            next.push(ParsingAction::Parse(document));
        }
    }

    /// Ends a script-created parser.
    pub(super) fn close_the_parser(&mut self, document: ClientId, next: &mut Next<'_>) {
        if let Some(held) = self.loading.by_document.get_mut(&document)
            && held.is_script_created
            && let Some(parser) = &mut held.parser
        {
            parser.finish_input();
            next.push(ParsingAction::Parse(document));
        }
    }
}

const IS_XML: DomError = DomError::InvalidState {
    reason: "an XML document cannot be written to",
};

const GONE: DomError = DomError::InvalidState {
    reason: "the document is gone",
};
