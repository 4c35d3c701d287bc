//! The tasks that this crate queues.

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::effect::ErrorReport;
use crate::ids::{
    EmbeddedContentId, JavascriptUrlId, NavigableId, PlannedNavigationId, RequestId, ScriptId,
};

/// A task of [`Contexts`](crate::Contexts). The embedder's task type implements `From` for it,
/// and [`Contexts::run_task`](crate::Contexts::run_task) runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextTask {
    /// Process the response of a fetch.
    Response(RequestId),
    /// Continue a navigation that needs no fetch.
    Navigate(NavigableId, u64),
    /// Evaluate a `javascript:` URL.
    JavascriptUrl(JavascriptUrlId),
    /// Perform the document's declarative refresh.
    Refresh(ClientId),
    /// Traverse the session history.
    Traverse(Box<Traversal>),
    /// Run the [iframe load event steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps)
    /// for the container of this navigable.
    FrameLoaded(NavigableId),
    /// Fire `DOMContentLoaded`.
    DomContentLoaded(ClientId),
    /// Fire `load`.
    Load(ClientId),
    /// Execute a script that needs no fetch, or fire `error` at a script that has no usable source.
    Script(ScriptId),
    /// Look for a complete module graph that needed no additional fetch.
    ModuleGraphs(ClientId),
    /// [Definitely close](https://html.spec.whatwg.org/multipage/document-sequences.html#definitely-close-a-top-level-traversable)
    /// a top-level traversable.
    DefinitelyClose(NavigableId),
    /// Determine what an `object` or `embed` represents.
    EmbeddedContent(EmbeddedContentId),
    /// Run the planned navigation of a form.
    PlannedNavigation(PlannedNavigationId),
    /// Fire `error` for a worker whose script cannot run.
    WorkerFailed(GlobalId),
    /// Report an exception that a dedicated worker did not handle.
    WorkerError {
        /// The worker that threw it.
        worker: GlobalId,
        /// The global of its `Worker` object.
        owner: GlobalId,
        /// The exception's message and place.
        report: Box<ErrorReport>,
    },
    /// End a worker that has closed itself.
    EndWorker(GlobalId),
    /// End a shared worker whose extended lifetime is over, unless it has an owner again.
    EndExtendedLifetime(GlobalId),
    /// Fire `hashchange`.
    HashChange(Box<HashChange>),
}

/// The change of a URL that `hashchange` tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashChange {
    /// The window.
    pub(crate) window: GlobalId,
    /// The URL before.
    pub(crate) old_url: Url,
    /// The URL now.
    pub(crate) new_url: Url,
}

/// A request to [traverse the history by a delta](https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traversal {
    /// The top-level traversable.
    pub(crate) traversable: NavigableId,
    pub(crate) delta: i32,
    /// The document whose script requested it; `None` for the user.
    pub(crate) source: Option<ClientId>,
    /// The window and the key, if its navigation API requested the traversal to an entry.
    pub(crate) asked: Option<(GlobalId, u64)>,
}
