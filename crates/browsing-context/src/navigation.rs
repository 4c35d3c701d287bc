//! Navigation ([HTML, navigation and session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html)).

use framepost_event_loop::DocumentId;
use url::Url;

use crate::navigable::{HistoryHandling, NavigableId};
use crate::{Origin, SandboxFlags};

/// What [`Contexts::navigate`](crate::Contexts::navigate) is to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NavigateParams {
    /// Where to.
    pub url: Url,
    /// The document that wants it; its origin and base URL are inherited where that is the rule.
    /// `None` for the user.
    pub source: Option<DocumentId>,
    /// The text of a document of `about:srcdoc`.
    pub srcdoc: Option<String>,
    /// What becomes of the current history entry.
    pub history: HistoryHandling,
    /// Whether the user has lately acted on the source, for sandboxes that ask for it.
    pub user_activation: bool,
}

impl NavigateParams {
    /// A navigation to `url` that nobody in particular wants.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            source: None,
            srcdoc: None,
            history: HistoryHandling::Auto,
            user_activation: false,
        }
    }

    /// The same, wanted by a document.
    #[must_use]
    pub fn by(mut self, source: DocumentId) -> Self {
        self.source = Some(source);
        self
    }

    /// The same with that history handling.
    #[must_use]
    pub fn with_history(mut self, history: HistoryHandling) -> Self {
        self.history = history;
        self
    }
}

/// A navigation under way ([navigation params](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigation-params)).
#[derive(Clone, Debug)]
pub(crate) struct Navigation {
    pub(crate) id: u64,
    pub(crate) navigable: NavigableId,
    pub(crate) url: Url,
    pub(crate) srcdoc: Option<String>,
    pub(crate) initiator: Option<DocumentId>,
    pub(crate) initiator_origin: Option<Origin>,
    pub(crate) initiator_base_url: Option<Url>,
    pub(crate) referrer: String,
    pub(crate) sandbox: SandboxFlags,
    pub(crate) history: HistoryHandling,
}
