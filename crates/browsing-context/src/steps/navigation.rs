//! Navigations as data: requests, ongoing navigations, and results.

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::navigate_event::SerializedState;
use crate::dom::Node;
use crate::fetch::{PolicyContainer, ReferrerPolicy};
use crate::fetch::{PostResource, Response};
use crate::ids::NavigableId;
use crate::origin::{Origin, SandboxFlags};

/// How a navigation changes the session history
/// ([history handling behavior](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigationhistorybehavior)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HistoryHandling {
    /// Replaces the current entry when the URL is the same, and otherwise adds an entry.
    #[default]
    Auto,
    /// Adds an entry.
    Push,
    /// Replaces the current entry.
    Replace,
}

impl core::fmt::Debug for NavigateParams {
    // A node prints the whole tree below it, so the element is omitted.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NavigateParams")
            .field("url", &self.url.as_str())
            .field("source", &self.source)
            .field("history", &self.history)
            .finish_non_exhaustive()
    }
}

/// A [user navigation involvement](https://html.spec.whatwg.org/multipage/browsing-the-web.html#user-navigation-involvement).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserInvolvement {
    /// The user has not acted: script navigates, or a click by script does.
    #[default]
    None,
    /// The user has acted on the page, for example by a click on a link.
    Activation,
    /// The user has acted outside the page, for example in an address bar.
    BrowserUi,
}

/// The parameters of [`Contexts::navigate`](crate::Contexts::navigate).
#[derive(Clone)]
#[non_exhaustive]
pub struct NavigateParams {
    /// The URL to navigate to.
    pub url: Url,
    /// The source document, whose origin and base URL a document may inherit. `None` for the user.
    pub source: Option<ClientId>,
    /// The text of an `about:srcdoc` document.
    pub srcdoc: Option<String>,
    /// How the session history changes.
    pub history: HistoryHandling,
    /// Whether the user has just acted on the source document, for sandboxes that require it.
    pub user_activation: bool,
    /// The body of a form submission.
    pub post_resource: Option<PostResource>,
    /// The referrer policy. If it is unset, that of the source document applies.
    pub referrer_policy: ReferrerPolicy,
    /// The navigation API state of the new entry.
    pub navigation_state: Option<SerializedState>,
    /// The involvement of the user.
    pub user_involvement: UserInvolvement,
    /// The element that navigates.
    pub source_element: Option<Node>,
    /// The form's entries, in the embedder's form.
    pub form_data: Option<SerializedState>,
    /// A response for the document that is already available.
    pub(crate) response: Option<Box<Response>>,
}

impl NavigateParams {
    /// A navigation to `url` by the user.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            source: None,
            srcdoc: None,
            history: HistoryHandling::Auto,
            user_activation: false,
            post_resource: None,
            referrer_policy: ReferrerPolicy::Unset,
            navigation_state: None,
            user_involvement: UserInvolvement::None,
            source_element: None,
            form_data: None,
            response: None,
        }
    }

    /// Sets the source document.
    #[must_use]
    pub fn by(mut self, source: ClientId) -> Self {
        self.source = Some(source);
        self
    }

    /// Sets the history handling.
    #[must_use]
    pub fn with_history(mut self, history: HistoryHandling) -> Self {
        self.history = history;
        self
    }
}

/// Whether a frame navigates because its element was inserted: the "initial insertion" of
/// [process the iframe attributes](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#process-the-iframe-attributes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insertion {
    Initial,
    Later,
}

/// How the session history changes when a document becomes active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryChange {
    /// A new entry is added, or replaces the current one.
    Navigation(HistoryHandling),
    /// This entry becomes the current one.
    Traverse(u64),
    /// This entry, which is the current one, gets a new document.
    Reload(u64),
}

/// The common data of a navigation and a
/// [document state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-2):
/// the data to load the document, for the first time or again.
#[derive(Clone, Debug, Default)]
pub(crate) struct DocumentResource {
    pub(crate) srcdoc: Option<String>,
    pub(crate) post_resource: Option<PostResource>,
    pub(crate) initiator_origin: Option<Origin>,
    pub(crate) initiator_base_url: Option<Url>,
    pub(crate) initiator_policies: PolicyContainer,
    pub(crate) referrer: String,
    /// The policy for the referrer.
    pub(crate) referrer_policy: ReferrerPolicy,
}

/// An ongoing navigation, with the source snapshot parameters that are used
/// ([navigation params](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigation-params)).
#[derive(Clone, Debug)]
pub(crate) struct Navigation {
    /// Its number among the navigations of its navigable.
    pub(crate) id: u64,
    pub(crate) navigable: NavigableId,
    pub(crate) url: Url,
    pub(crate) resource: DocumentResource,
    /// The source document.
    pub(crate) source: Option<ClientId>,
    pub(crate) sandbox: SandboxFlags,
    pub(crate) history: HistoryChange,
    pub(crate) insertion: Insertion,
    /// The navigation API state of the new entry.
    pub(crate) navigation_state: Option<SerializedState>,
    /// A response that is already available.
    pub(crate) response: Option<Box<Response>>,
}

/// The continuation after a `navigate` event, unless the event was canceled or intercepted.
pub(crate) enum AfterNavigateEvent {
    /// Continue a navigation.
    Begin(Box<Navigation>),
    /// [Navigate to a fragment](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid).
    Fragment {
        document: ClientId,
        url: Url,
        history: HistoryHandling,
        state: Option<SerializedState>,
    },
    /// The [URL and history update steps](https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps).
    PushOrReplace {
        document: ClientId,
        url: Url,
        state: SerializedState,
        history: HistoryHandling,
    },
    /// [Reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload).
    Reload {
        navigable: NavigableId,
        state: Option<SerializedState>,
    },
    /// [Download the hyperlink](https://html.spec.whatwg.org/multipage/links.html#downloading-hyperlinks).
    Download { url: String },
    /// [Apply the traverse history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-traverse-history-step).
    Traverse { top: NavigableId, step: u32 },
}

/// The source of a navigation's document.
#[derive(Debug)]
pub(crate) enum Loaded {
    Response(Response),
    /// HTML that is already available.
    Html(String),
    /// HTML with the origin of the document.
    HtmlOfOrigin(String, Origin),
    /// A network error: the document is empty.
    NetworkError,
}

/// A new document that will be the active document of its navigable.
#[derive(Debug)]
pub(crate) struct Activation {
    pub(crate) navigable: NavigableId,
    pub(crate) old_document: Option<ClientId>,
    pub(crate) old_window: Option<GlobalId>,
    pub(crate) document: ClientId,
    pub(crate) window: GlobalId,
    pub(crate) history: HistoryChange,
    /// The number of the entry that becomes the current one.
    pub(crate) entry: u64,
    pub(crate) resource: DocumentResource,
    pub(crate) navigation_state: Option<SerializedState>,
}
