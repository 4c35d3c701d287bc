//! Effects: actions of the embedder in the middle of an algorithm.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::mem::discriminant;
use std::rc::Rc;

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::diagnostic::Diagnostic;
use super::navigate_event::{NavigateEvent, NavigationType, PageSwap};
use crate::dom::{Node, TreeChange, node_label};
use crate::fetch::FetchRequest;
use crate::ids::{ImportId, ModuleId, NavigableId, RequestId, ScriptId};
use crate::import_maps::ImportMapError;

/// One action of the embedder, to perform before it takes the next one from its [`Steps`](crate::Steps).
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub enum Effect {
    /// A page has opened a new top-level traversable, which keeps its opener: clone the session storage of the
    /// opener's top-level traversable
    /// ([legacy-clone a traversable storage shed](https://storage.spec.whatwg.org/#legacy-clone-a-traversable-storage-shed)).
    TraversableOpened {
        /// The new traversable.
        navigable: NavigableId,
        /// The top-level traversable of its opener.
        opener: NavigableId,
    },
    /// Create a realm for a new window. Its origin and its document are already available.
    CreateRealm {
        /// The new window.
        window: GlobalId,
        /// The navigable whose WindowProxy will be the realm's global `this`.
        navigable: NavigableId,
    },
    /// A document becomes active: point the WindowProxy of `navigable` at `window`, whose document is `document`.
    SetActive {
        /// The navigable.
        navigable: NavigableId,
        /// The active window.
        window: GlobalId,
        /// The active document.
        document: ClientId,
    },
    /// Run this script, which [`Contexts::script`](crate::Contexts::script) describes.
    RunScript {
        /// The script's document.
        document: ClientId,
        /// The script.
        script: ScriptId,
    },
    /// Parse this module, which [`Contexts::module`](crate::Contexts::module) describes, and call
    /// [`Contexts::module_parsed`](crate::Contexts::module_parsed) with its imports.
    ParseModule {
        /// The module's client: a document or a worker's event loop.
        client: ClientId,
        /// The module.
        module: ModuleId,
    },
    /// The fetch of an `import()` has ended: link and evaluate the module if it succeeded, and settle
    /// the promise.
    ImportReady {
        /// The script's client: a document or a worker's event loop.
        client: ClientId,
        /// The import.
        import: ImportId,
        /// The imported module.
        module: ModuleId,
        /// The outcome for the module and all that it imports.
        outcome: GraphOutcome,
    },
    /// Evaluate a `javascript:` URL in the window of `document`. If the result is a string, call
    /// [`Contexts::navigate_to_html`](crate::Contexts::navigate_to_html) with it.
    RunJavascriptUrl {
        /// The target navigable.
        navigable: NavigableId,
        /// The document in whose window the script runs.
        document: ClientId,
        /// The source, percent-decoded.
        source: String,
    },
    /// Fire an event.
    Fire {
        /// The target.
        target: EventTarget,
        /// The event.
        event: FiredEvent,
    },
    /// Fire `navigate` at the `Navigation` of this window, and then call
    /// [`Contexts::navigate_event_fired`](crate::Contexts::navigate_event_fired). Only after
    /// [`Contexts::use_the_navigation_api`](crate::Contexts::use_the_navigation_api).
    FireNavigate {
        /// The window.
        window: GlobalId,
        /// The event.
        event: Box<NavigateEvent>,
    },
    /// Fire `pageswap` at this window, which is about to show another document
    /// ([fire the pageswap event](https://html.spec.whatwg.org/multipage/browsing-the-web.html#fire-the-pageswap-event)).
    FirePageSwap {
        /// The window.
        window: GlobalId,
        /// Its `activation`; `None` if the new document has another origin.
        activation: Option<Box<PageSwap>>,
    },
    /// The document of this window has another current entry: update its `Navigation`
    /// ([update the navigation API entries for a same-document navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#update-the-navigation-api-entries-for-a-same-document-navigation)).
    /// Only after [`Contexts::use_the_navigation_api`](crate::Contexts::use_the_navigation_api).
    CurrentEntryChanged {
        /// The window.
        window: GlobalId,
        /// How the entry became the current one.
        navigation_type: NavigationType,
    },
    /// The ongoing navigation of this window's navigable is aborted: let its `Navigation` abort its ongoing event
    /// ([inform the navigation API about aborting navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inform-the-navigation-api-about-aborting-navigation)).
    /// Only after [`Contexts::use_the_navigation_api`](crate::Contexts::use_the_navigation_api).
    NavigationAborted {
        /// The window.
        window: GlobalId,
        /// Whether the window's navigable is being destroyed.
        destroyed: bool,
    },
    /// A traversal that the navigation API requested does not happen.
    TraversalFailed {
        /// The window whose `Navigation` requested it.
        window: GlobalId,
        /// The key of the entry.
        key: u64,
        /// The name of the exception.
        error: &'static str,
    },
    /// Create a realm for a new worker.
    CreateWorkerRealm {
        /// The worker, which [`Contexts::worker`](crate::Contexts::worker) describes.
        worker: GlobalId,
    },
    /// Run the script of this worker: its [text](crate::Worker::text) or its
    /// [module](crate::Worker::module). If it cannot be parsed, call
    /// [`Contexts::worker_script_failed_to_parse`](crate::Contexts::worker_script_failed_to_parse).
    RunWorker {
        /// The worker.
        worker: GlobalId,
    },
    /// The script of this worker has run: enable the message queues of its ports, and fire `connect`
    /// at a shared worker.
    WorkerReady {
        /// The worker.
        worker: GlobalId,
    },
    /// Fire `error`, an `ErrorEvent` without a value, at the `Worker` object of this worker. If it is
    /// not handled, report it for the global of that object.
    WorkerError {
        /// The worker.
        worker: GlobalId,
        /// The global of its `Worker` object.
        owner: GlobalId,
        /// The exception's message and place.
        report: ErrorReport,
    },
    /// The worker has ended: its timers are cleared and its tasks dropped. Disentangle its ports. The worker can be
    /// looked up for the last time.
    WorkerEnded {
        /// The worker.
        worker: GlobalId,
        /// Its event loop.
        event_loop: ClientId,
    },
    /// Perform a microtask checkpoint if no script is running.
    Checkpoint,
    /// Begin a fetch, and call [`Contexts::respond`](crate::Contexts::respond) with the response, now
    /// or later.
    Fetch(RequestId, FetchRequest),
    /// A tree has changed in this way. Changes by parsers only after
    /// [`Contexts::record_changes`](crate::Contexts::record_changes), changes to named elements only after
    /// [`Contexts::watch_named_elements`](crate::Contexts::watch_named_elements).
    TreeChanged(Vec<TreeChange>),
    /// Erase all listeners and handlers of this document, its nodes and its window, for
    /// `document.open()`.
    EraseListeners(ClientId),
    /// The document is destroyed and its tasks are dropped. It can be looked up for the last time.
    DocumentDestroyed(ClientId),
    /// The window is gone and its timers are cleared. Disentangle its ports. It can be looked up for the last time.
    WindowDiscarded(GlobalId),
    /// The navigable is gone. Its WindowProxy has no window any more.
    NavigableDestroyed(NavigableId),
    /// [Report](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception) an
    /// exception for the document's window: the text of its import map is invalid.
    ReportImportMap {
        /// The document.
        document: ClientId,
        /// The exception.
        error: ImportMapError,
    },
    /// Show this to the user, or ignore it.
    Report(Diagnostic),
}

/// The target of an event. Two are equal if they are the same object, so it can be the key of a table of listeners.
#[derive(Clone)]
#[non_exhaustive]
pub enum EventTarget {
    /// An element.
    Node(Node),
    /// A document.
    Document(ClientId),
    /// The `Worker` and `SharedWorker` objects of this worker.
    Worker(GlobalId),
    /// A window. For some events the document is the event's `target`
    /// ([`FiredEvent::legacy_target_override`]).
    Window(GlobalId),
}

impl PartialEq for EventTarget {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Node(one), Self::Node(other)) => Rc::ptr_eq(one, other),
            (Self::Document(one), Self::Document(other)) => one == other,
            (Self::Worker(one), Self::Worker(other)) | (Self::Window(one), Self::Window(other)) => {
                one == other
            }
            _ => false,
        }
    }
}

impl Eq for EventTarget {}

impl Hash for EventTarget {
    fn hash<H: Hasher>(&self, state: &mut H) {
        discriminant(self).hash(state);
        match self {
            Self::Node(node) => Rc::as_ptr(node).hash(state),
            Self::Document(document) => document.hash(state),
            Self::Worker(global) | Self::Window(global) => global.hash(state),
        }
    }
}

// Not derived, because a node's own Debug prints the whole tree below it, recursively.
impl fmt::Debug for EventTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(node) => write!(f, "Node({})", node_label(node)),
            Self::Document(document) => write!(f, "{document}"),
            Self::Window(window) => write!(f, "{window}"),
            Self::Worker(worker) => write!(f, "worker {worker}"),
        }
    }
}

/// The events that the embedder fires for this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FiredEvent {
    /// `readystatechange` at a document.
    ReadyStateChange,
    /// `DOMContentLoaded` at a document.
    DomContentLoaded,
    /// `load` at a window, a frame element or a script.
    Load,
    /// `error` at a script, an `object` element or a worker's object.
    Error,
    /// `pageshow` at a window.
    PageShow {
        /// Whether the document was kept since it was last shown.
        persisted: bool,
    },
    /// `pagehide` at a window.
    PageHide {
        /// Whether the document is kept.
        persisted: bool,
    },
    /// `visibilitychange` at a document.
    VisibilityChange,
    /// `beforeunload` at a window.
    BeforeUnload,
    /// `unload` at a window.
    Unload,
    /// `popstate` at a window, with the state of the document's `History`.
    PopState,
    /// `hashchange` at a window.
    HashChange {
        /// The document's URL before.
        old_url: Url,
        /// The document's URL now.
        new_url: Url,
    },
}

impl FiredEvent {
    /// The event's type.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ReadyStateChange => "readystatechange",
            Self::DomContentLoaded => "DOMContentLoaded",
            Self::Load => "load",
            Self::Error => "error",
            Self::PageShow { .. } => "pageshow",
            Self::PageHide { .. } => "pagehide",
            Self::VisibilityChange => "visibilitychange",
            Self::BeforeUnload => "beforeunload",
            Self::Unload => "unload",
            Self::PopState => "popstate",
            Self::HashChange { .. } => "hashchange",
        }
    }

    /// The event's `bubbles`.
    #[must_use]
    pub fn bubbles(&self) -> bool {
        matches!(
            self,
            Self::DomContentLoaded
                | Self::VisibilityChange
                | Self::PageShow { .. }
                | Self::PageHide { .. }
        )
    }

    /// The event's `cancelable`.
    #[must_use]
    pub fn cancelable(&self) -> bool {
        matches!(
            self,
            Self::BeforeUnload | Self::PageShow { .. } | Self::PageHide { .. }
        )
    }

    /// Whether the event is fired at a window with the document as its `target`
    /// ([legacy target override](https://dom.spec.whatwg.org/#concept-event-dispatch)).
    #[must_use]
    pub fn legacy_target_override(&self) -> bool {
        matches!(
            self,
            Self::Load | Self::Unload | Self::PageShow { .. } | Self::PageHide { .. }
        )
    }
}

/// The outcome of fetching a module and all that it imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphOutcome {
    /// All modules are fetched and parsed.
    Complete,
    /// This module could not be parsed.
    ParseError(ModuleId),
    /// A module could not be fetched.
    Failed,
}

/// The message and the place of an exception, without its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorReport {
    /// The message.
    pub message: String,
    /// The URL of the script.
    pub filename: String,
    /// The line, from 1; 0 when unknown.
    pub lineno: u32,
    /// The column, from 1; 0 when unknown.
    pub colno: u32,
}

impl ErrorReport {
    /// A report without a place.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// Sets the place: the URL of the script, the line and the column.
    #[must_use]
    pub fn at(mut self, filename: &str, lineno: u32, colno: u32) -> Self {
        filename.clone_into(&mut self.filename);
        self.lineno = lineno;
        self.colno = colno;
        self
    }
}
