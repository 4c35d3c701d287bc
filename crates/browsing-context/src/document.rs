//! Documents ([HTML, the Document object](https://html.spec.whatwg.org/multipage/dom.html#the-document-object)).

use std::collections::VecDeque;

use framepost_event_loop::{ClientId, GlobalId};
use html5ever::interface::QuirksMode;
use url::Url;

use crate::Origin;
use crate::dom::Node;
use crate::navigable::NavigableId;
use crate::parser::DocumentParser;
use crate::refresh::Refresh;
use crate::sandbox::SandboxFlags;
use crate::script::ScriptId;
use crate::session_history::SerializedState;

/// [Current document readiness](https://html.spec.whatwg.org/multipage/dom.html#current-document-readiness).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadyState {
    /// The document is being parsed.
    #[default]
    Loading,
    /// It is parsed; scripts and frames may still be loading.
    Interactive,
    /// It is loaded.
    Complete,
}

impl ReadyState {
    /// What `document.readyState` shows.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Interactive => "interactive",
            Self::Complete => "complete",
        }
    }
}

/// How far a document has come on its way to completion
/// ([the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Parsing,
    /// Running the scripts that execute when the document has finished parsing.
    Deferred,
    /// The task that fires `DOMContentLoaded` is queued.
    ContentLoadedQueued,
    /// Waiting until nothing delays the load event.
    DelayingLoad,
    /// The task that fires `load` is queued.
    LoadQueued,
    /// Ready for post-load tasks and completely loaded.
    Complete,
}

/// A document in a navigable.
pub struct Document {
    pub(crate) id: ClientId,
    pub(crate) node: Node,
    pub(crate) window: GlobalId,
    pub(crate) navigable: NavigableId,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) content_type: String,
    pub(crate) encoding: &'static str,
    pub(crate) quirks_mode: QuirksMode,
    pub(crate) ready_state: ReadyState,
    pub(crate) stage: Stage,
    pub(crate) is_initial_about_blank: bool,
    pub(crate) about_base_url: Option<Url>,
    pub(crate) sandbox: SandboxFlags,
    /// Those of the flags that its
    /// [policy container](https://html.spec.whatwg.org/multipage/browsers.html#policy-container)'s
    /// content security policies set: documents that inherit the policies inherit them, too.
    pub(crate) csp_sandbox: SandboxFlags,
    pub(crate) referrer: String,
    /// Whether a `base` element was ever put into the tree: without one the base URL is known.
    pub(crate) may_have_base: bool,
    pub(crate) parser: Option<Box<DocumentParser>>,
    /// The parser was made by `document.open()` and ends with `document.close()`.
    pub(crate) script_created_parser: bool,
    pub(crate) script_nesting_level: usize,
    pub(crate) ignore_destructive_writes: usize,
    pub(crate) pending_parsing_blocking_script: Option<ScriptId>,
    pub(crate) scripts_after_parsing: VecDeque<ScriptId>,
    pub(crate) scripts_in_order: VecDeque<ScriptId>,
    pub(crate) scripts_as_soon_as_possible: Vec<ScriptId>,
    pub(crate) current_script: Vec<Option<Node>>,
    pub(crate) iframe_load_in_progress: bool,
    pub(crate) mute_iframe_load: bool,
    pub(crate) unload_counter: usize,
    pub(crate) page_showing: bool,
    /// Set, it [will declaratively refresh](https://html.spec.whatwg.org/multipage/semantics.html#will-declaratively-refresh).
    pub(crate) refresh: Option<Refresh>,
    /// Its [latest entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#latest-entry).
    pub(crate) latest_entry: u64,
    /// The state of its `History`.
    pub(crate) history_state: Option<SerializedState>,
    /// How many times that was set.
    pub(crate) history_state_version: u64,
    /// The navigables of this document's frames, in tree order.
    pub(crate) child_navigables: Vec<NavigableId>,
}

impl Document {
    /// Its name for those who hold it.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// The root of its tree.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Its relevant global object.
    #[must_use]
    pub fn window(&self) -> GlobalId {
        self.window
    }

    /// The navigable it is shown in.
    #[must_use]
    pub fn navigable(&self) -> NavigableId {
        self.navigable
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its origin.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its MIME type without parameters.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The name of its character encoding.
    #[must_use]
    pub fn character_encoding(&self) -> &'static str {
        self.encoding
    }

    /// Its quirks mode.
    #[must_use]
    pub fn quirks_mode(&self) -> QuirksMode {
        self.quirks_mode
    }

    /// Its readiness.
    #[must_use]
    pub fn ready_state(&self) -> ReadyState {
        self.ready_state
    }

    /// Whether it is the `about:blank` that its navigable was made with.
    #[must_use]
    pub fn is_initial_about_blank(&self) -> bool {
        self.is_initial_about_blank
    }

    /// Its [active sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#active-sandboxing-flag-set).
    #[must_use]
    pub fn sandbox(&self) -> SandboxFlags {
        self.sandbox
    }

    /// Whether [scripting is enabled](https://html.spec.whatwg.org/multipage/webappapis.html#concept-n-script).
    #[must_use]
    pub fn scripting_enabled(&self) -> bool {
        !self.sandbox.contains(SandboxFlags::SCRIPTS)
    }

    /// What `document.referrer` shows.
    #[must_use]
    pub fn referrer(&self) -> &str {
        &self.referrer
    }

    /// What `document.currentScript` shows.
    #[must_use]
    pub fn current_script(&self) -> Option<&Node> {
        self.current_script.last()?.as_ref()
    }

    /// Whether the parser has not finished.
    #[must_use]
    pub fn is_parsing(&self) -> bool {
        self.parser.is_some()
    }

    /// [Completely loaded](https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-loaded).
    #[must_use]
    pub fn is_completely_loaded(&self) -> bool {
        self.stage == Stage::Complete
    }
}

impl core::fmt::Debug for Document {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("url", &self.url.as_str())
            .field("origin", &self.origin.to_string())
            .field("ready_state", &self.ready_state)
            .field("navigable", &self.navigable)
            .finish_non_exhaustive()
    }
}
