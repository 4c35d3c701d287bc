//! The progress of loading of each document. Higher modules contain the algorithms that change it.

use std::collections::BTreeMap;

use framepost_event_loop::ClientId;

use crate::Contexts;
use crate::dom::Node;
use crate::parser::{DocumentParser, Recording};

/// [Current document readiness](https://html.spec.whatwg.org/multipage/dom.html#current-document-readiness).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadyState {
    /// The document is being parsed.
    #[default]
    Loading,
    /// The document is parsed; scripts and frames may still be loading.
    Interactive,
    /// The document is loaded.
    Complete,
}

impl ReadyState {
    /// The value of `document.readyState`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Interactive => "interactive",
            Self::Complete => "complete",
        }
    }
}

/// The progress of a document in [the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    #[default]
    Parsing,
    /// The scripts that execute when the document has finished parsing run.
    DeferredScripts,
    /// The task that fires `DOMContentLoaded` is queued.
    ContentLoadedQueued,
    /// The load event is delayed.
    DelayingLoad,
    /// The task that fires `load` is queued.
    LoadQueued,
    /// The document is ready for post-load tasks and completely loaded.
    Complete,
}

/// The progress of loading of one document.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) parser: Option<DocumentParser>,
    /// Whether `document.open()` created the parser, so that `document.close()` ends it.
    pub(super) is_script_created: bool,
    /// The parser's [script nesting level](https://html.spec.whatwg.org/multipage/parsing.html#script-nesting-level).
    pub(super) script_nesting_level: usize,
    pub(super) ready_state: ReadyState,
    pub(super) stage: Stage,
    /// Whether its [active parser was aborted](https://html.spec.whatwg.org/multipage/document-lifecycle.html#active-parser-was-aborted).
    pub(super) parser_was_aborted: bool,
    /// The document's [page showing](https://html.spec.whatwg.org/multipage/document-lifecycle.html#page-showing)
    /// flag.
    pub(super) page_showing: bool,
    /// Whether the document's [visibility state](https://html.spec.whatwg.org/multipage/interaction.html#visibility-state)
    /// is "hidden".
    pub(super) is_hidden: bool,
    /// The document's [unload counter](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-counter).
    pub(super) unload_counter: usize,
    /// Its [iframe load in progress](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-in-progress)
    /// flag.
    pub(super) iframe_load_in_progress: bool,
    /// Its [mute iframe load](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#mute-iframe-load)
    /// flag.
    pub(super) mute_iframe_load: bool,
}

/// The progress of loading of each document.
#[derive(Default)]
pub(crate) struct Loading {
    pub(super) by_document: BTreeMap<ClientId, Progress>,
    recording: Recording,
}

impl Loading {
    pub(crate) fn recording(&self) -> Recording {
        self.recording.clone()
    }

    /// A document that is about to be parsed.
    pub(super) fn add(&mut self, document: ClientId) {
        self.by_document.insert(document, Progress::default());
    }

    pub(super) fn set_parser(&mut self, document: ClientId, parser: DocumentParser) {
        if let Some(progress) = self.by_document.get_mut(&document) {
            progress.parser = Some(parser);
        }
    }

    /// A document that is not parsed: an initial `about:blank`.
    pub(crate) fn add_completely_loaded(&mut self, document: ClientId) {
        let progress = Progress {
            ready_state: ReadyState::Complete,
            stage: Stage::Complete,
            ..Progress::default()
        };
        self.by_document.insert(document, progress);
    }

    /// The page of the document is [showing](https://html.spec.whatwg.org/multipage/document-lifecycle.html#page-showing).
    pub(crate) fn set_page_showing(&mut self, document: ClientId) {
        if let Some(held) = self.by_document.get_mut(&document) {
            held.page_showing = true;
        }
    }

    /// The document is destroyed: nothing more is parsed or loaded.
    pub(crate) fn abort(&mut self, document: ClientId) {
        if let Some(held) = self.by_document.get_mut(&document) {
            held.parser = None;
            held.stage = Stage::Complete;
        }
    }

    /// [Aborts the parser](https://html.spec.whatwg.org/multipage/parsing.html#abort-a-parser) of a document, if it is
    /// being parsed. Returns whether it was; the caller then updates the current document readiness.
    pub(crate) fn abort_the_parser(&mut self, document: ClientId) -> bool {
        let Some(held) = self.by_document.get_mut(&document) else {
            return false;
        };
        // 1. and 2. Throw away the input. There is no speculative parser.
        // 4. Pop all open elements.
        let is_parsing = held.parser.take().is_some();
        if is_parsing {
            held.parser_was_aborted = true;
            held.is_script_created = false;
            held.stage = Stage::Complete;
        }
        is_parsing
    }

    pub(crate) fn forget(&mut self, document: ClientId) {
        self.by_document.remove(&document);
    }

    /// Whether the event loop's
    /// [termination nesting level](https://html.spec.whatwg.org/multipage/webappapis.html#termination-nesting-level)
    /// is not zero.
    pub(crate) fn is_any_document_unloading(&self) -> bool {
        self.by_document
            .values()
            .any(|held| held.unload_counter > 0)
    }

    /// Whether the scripts that execute when a document has finished parsing are running.
    pub(crate) fn runs_deferred_scripts(&self, document: ClientId) -> bool {
        let held = self.by_document.get(&document);
        held.is_some_and(|held| held.stage == Stage::DeferredScripts)
    }

    /// Whether a script of the document's parser is running.
    pub(crate) fn is_running_a_parser_script(&self, document: ClientId) -> bool {
        let held = self.by_document.get(&document);
        held.is_some_and(|held| held.script_nesting_level > 0)
    }

    /// A script of the parser begins: opens the insertion point. Returns whether there is a parser.
    pub(crate) fn enter_a_parser_script(&mut self, document: ClientId) -> bool {
        let Some(held) = self.by_document.get_mut(&document) else {
            return false;
        };
        let Some(parser) = &mut held.parser else {
            return false;
        };
        parser.open_insertion_point();
        held.script_nesting_level += 1;
        true
    }

    /// A script of the parser has ended: closes the insertion point.
    pub(crate) fn leave_a_parser_script(&mut self, document: ClientId) {
        if let Some(held) = self.by_document.get_mut(&document) {
            held.script_nesting_level = held.script_nesting_level.saturating_sub(1);
            if let Some(parser) = &mut held.parser {
                parser.close_insertion_point();
            }
        }
    }

    /// Whether this is an `object` that the document's parser has not completed.
    pub(crate) fn is_open_object(&self, document: ClientId, element: &Node) -> bool {
        let held = self.by_document.get(&document);
        let parser = held.and_then(|held| held.parser.as_ref());
        parser.is_some_and(|parser| parser.is_open_object(element))
    }

    /// The iframe load event steps of a document's container begin. Returns whether they may fire
    /// `load`.
    pub(crate) fn begin_iframe_load(&mut self, document: ClientId) -> bool {
        let Some(held) = self.by_document.get_mut(&document) else {
            return false;
        };
        if held.mute_iframe_load {
            return false;
        }
        held.iframe_load_in_progress = true;
        true
    }

    /// The iframe load event steps of a document's container have ended.
    pub(crate) fn end_iframe_load(&mut self, document: ClientId) {
        if let Some(held) = self.by_document.get_mut(&document) {
            held.iframe_load_in_progress = false;
        }
    }
}

impl Contexts {
    /// From now on each change that a parser makes to a tree is an [`Effect::TreeChanged`](crate::Effect::TreeChanged), for
    /// mutation observers and live ranges.
    pub fn record_changes(&self) {
        self.loading.recording.turn_on();
    }

    /// The readiness of a document: `document.readyState`.
    #[must_use]
    pub fn ready_state(&self, document: ClientId) -> Option<ReadyState> {
        Some(self.loading.by_document.get(&document)?.ready_state)
    }

    /// Whether a document's [visibility state](https://html.spec.whatwg.org/multipage/interaction.html#visibility-state)
    /// is "hidden". Every document is visible until it is unloaded.
    #[must_use]
    pub fn is_hidden(&self, document: ClientId) -> bool {
        let held = self.loading.by_document.get(&document);
        held.is_none_or(|held| held.is_hidden)
    }

    /// Whether the document's parser has not ended.
    #[must_use]
    pub fn is_parsing(&self, document: ClientId) -> bool {
        let held = self.loading.by_document.get(&document);
        held.is_some_and(|held| held.parser.is_some())
    }

    /// Whether a document is [completely loaded](https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-loaded).
    #[must_use]
    pub fn is_completely_loaded(&self, document: ClientId) -> bool {
        let held = self.loading.by_document.get(&document);
        held.is_some_and(|held| held.stage == Stage::Complete)
    }

    /// Whether the `load` event of a document's container is being fired.
    #[must_use]
    pub fn is_iframe_load_in_progress(&self, document: ClientId) -> bool {
        let held = self.loading.by_document.get(&document);
        held.is_some_and(|held| held.iframe_load_in_progress)
    }

    /// Whether a document's [unload counter](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-counter)
    /// is greater than 0.
    #[must_use]
    pub fn is_unloading(&self, document: ClientId) -> bool {
        let held = self.loading.by_document.get(&document);
        held.is_some_and(|held| held.unload_counter > 0)
    }
}
