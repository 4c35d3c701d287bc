//! What the embedder has to do in the middle of an algorithm.

use core::fmt;

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::diagnostic::Diagnostic;
use crate::dom::{Node, node_label};
use crate::fetch::FetchRequest;
use crate::ids::{ImportId, ModuleId, NavigableId, RequestId, ScriptId};
use crate::import_maps::ImportMapError;

/// One thing that the embedder has to do at once, before it asks its [`Steps`](crate::Steps) for
/// the next.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub enum Effect {
    /// A new global object is needed: make a realm for `window`, which will be shown in
    /// `navigable`. Its origin and document can be asked for already.
    CreateRealm {
        /// The new window.
        window: GlobalId,
        /// Whose WindowProxy will be its global `this`.
        navigable: NavigableId,
    },
    /// From now on the WindowProxy of `navigable` stands for `window`, and `window`'s document is
    /// `document`.
    SetActive {
        /// Whose WindowProxy.
        navigable: NavigableId,
        /// The window behind it.
        window: GlobalId,
        /// The window's document.
        document: ClientId,
    },
    /// Run this script, which [`Contexts::script`](crate::Contexts::script) describes.
    RunScript {
        /// Whose script it is.
        document: ClientId,
        /// Which script.
        script: ScriptId,
    },
    /// Parse this module, which [`Contexts::module`](crate::Contexts::module) describes, and say
    /// what it imports with [`Contexts::module_parsed`](crate::Contexts::module_parsed).
    ParseModule {
        /// The module's client: a document or a worker's event loop.
        client: ClientId,
        /// Which module.
        module: ModuleId,
    },
    /// An import that a running script has asked for is fetched, well or badly: link and evaluate
    /// it, and tell the script.
    ImportReady {
        /// The script's client: a document or a worker's event loop.
        client: ClientId,
        /// Which import.
        import: ImportId,
        /// The module that was to be imported.
        module: ModuleId,
        /// What has become of it and all that it imports.
        outcome: GraphOutcome,
    },
    /// A `javascript:` URL is to be evaluated in the window of `document`; when the result is a
    /// string, give it to [`Contexts::navigate_to_html`](crate::Contexts::navigate_to_html).
    RunJavascriptUrl {
        /// What is navigated.
        navigable: NavigableId,
        /// In whose window the script runs.
        document: ClientId,
        /// The source, percent-decoded.
        source: String,
    },
    /// Fire this event.
    Fire {
        /// At what.
        target: EventTarget,
        /// Which event.
        event: FiredEvent,
    },
    /// A new worker needs a global object: make a realm for it.
    CreateWorkerRealm {
        /// The worker, which [`Contexts::worker`](crate::Contexts::worker) describes.
        worker: GlobalId,
    },
    /// Run the script of this worker: its [text](crate::Worker::text) or its
    /// [module](crate::Worker::module). If that cannot be parsed, say so with
    /// [`Contexts::worker_script_failed_to_parse`](crate::Contexts::worker_script_failed_to_parse).
    RunWorker {
        /// Which worker.
        worker: GlobalId,
    },
    /// The script of this worker has run: the message queues of its ports are enabled, and a
    /// shared worker hears who has connected to it.
    WorkerReady {
        /// Which worker.
        worker: GlobalId,
    },
    /// Fire `error`, an `ErrorEvent` without a value, at the `Worker` object of this worker. When no
    /// listener takes care of it, it is reported for the global of that object.
    WorkerError {
        /// Which worker.
        worker: GlobalId,
        /// The global of its `Worker` object.
        owner: GlobalId,
        /// What is told.
        report: ErrorReport,
    },
    /// The worker has ended: its timers have been cleared, its tasks dropped; its ports end. What
    /// is known of it can be read for the last time.
    WorkerGone {
        /// Which worker.
        worker: GlobalId,
        /// The name that its event loop had.
        event_loop: ClientId,
    },
    /// Perform a microtask checkpoint if no script is running.
    Checkpoint,
    /// Begin a load, and answer with [`Contexts::respond`](crate::Contexts::respond), now or later.
    Fetch(RequestId, FetchRequest),
    /// `document.open()` removes all listeners and handlers of the document, its nodes and its
    /// window.
    EraseListeners(ClientId),
    /// The document is destroyed; its tasks have been dropped. What is known of it can be read
    /// for the last time.
    DocumentGone(ClientId),
    /// The window is gone: its timers have been cleared; its ports end. What is known of it can be
    /// read for the last time.
    WindowGone(GlobalId),
    /// The navigable is gone: its WindowProxy stands for nothing any more.
    NavigableGone(NavigableId),
    /// [Report](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception) an
    /// exception for the document's window: its import map is none.
    ReportImportMap {
        /// Whose import map it would have been.
        document: ClientId,
        /// What is wrong with it.
        error: ImportMapError,
    },
    /// Nothing to do, but something a person may want to know.
    Report(Diagnostic),
}

/// Where an event is fired.
#[derive(Clone)]
#[non_exhaustive]
pub enum EventTarget {
    /// At an element.
    Node(Node),
    /// At a document.
    Document(ClientId),
    /// At the objects that stand for this worker in the globals that have made them.
    Worker(GlobalId),
    /// At a window. A `load` event has the document as its target nevertheless
    /// ([legacy target override](https://dom.spec.whatwg.org/#concept-event-dispatch)).
    Window(GlobalId),
}

// By hand, because a node's own Debug prints the whole tree below it, recursively.
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

/// The events that this crate has fired.
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
        /// Whether the document has been kept since it was last shown.
        persisted: bool,
    },
    /// `pagehide` at a window.
    PageHide {
        /// Whether the document is kept.
        persisted: bool,
    },
    /// `beforeunload` at a window.
    BeforeUnload,
    /// `unload` at a window.
    Unload,
    /// `popstate` at a window, with the state of its document's `History`.
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
            Self::DomContentLoaded | Self::PageShow { .. } | Self::PageHide { .. }
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

    /// Whether the event is fired at a window with the document as its target.
    #[must_use]
    pub fn legacy_target_override(&self) -> bool {
        matches!(
            self,
            Self::Load | Self::Unload | Self::PageShow { .. } | Self::PageHide { .. }
        )
    }
}

/// What has become of a module and all that it imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphOutcome {
    /// All is there and could be parsed.
    Complete,
    /// This module could not be parsed.
    ParseError(ModuleId),
    /// Something could not be fetched.
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
