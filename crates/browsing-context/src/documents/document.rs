//! The [Document](https://html.spec.whatwg.org/multipage/dom.html#the-document-object).

use framepost_event_loop::{ClientId, GlobalId};
use html5ever::interface::QuirksMode;
use url::Url;

use super::{DocumentKind, DocumentProperties};
use crate::dom::{self, Node};
use crate::fetch::{PolicyContainer, ScriptSource};
use crate::ids::NavigableId;
use crate::loader::percent_decode_lossy;
use crate::origin::{Origin, SandboxFlags, matches_about_blank, matches_about_srcdoc};

/// A document of a navigable.
pub struct Document {
    id: ClientId,
    node: Node,
    window: GlobalId,
    navigable: NavigableId,
    properties: DocumentProperties,
    pub(super) origin: Origin,
    is_initial_about_blank: bool,
    about_base_url: Option<Url>,
    sandbox: SandboxFlags,
    policies: PolicyContainer,
    referrer: String,
    /// Whether a `base` element was ever in the tree. Otherwise finding the base URL needs no search.
    may_have_base: bool,
    /// Whether an element that may be a named element was ever in the tree.
    may_have_named_elements: bool,
    /// Whether the embedder wants to know when named elements change.
    named_elements_are_watched: bool,
    /// The fragment that the document last navigated to: it determines the
    /// [target element](https://html.spec.whatwg.org/multipage/browsing-the-web.html#target-element).
    target_fragment: Option<String>,
    /// The `Last-Modified` header of its response.
    last_modified: Option<String>,
}

/// The properties of a new document.
pub(crate) struct NewDocument {
    pub(crate) navigable: NavigableId,
    pub(crate) window: GlobalId,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) sandbox: SandboxFlags,
    pub(crate) policies: PolicyContainer,
    pub(crate) about_base_url: Option<Url>,
    pub(crate) referrer: String,
    /// For the window, if it is new.
    pub(crate) cross_origin_isolated: bool,
}

impl Document {
    pub(super) fn new(id: ClientId, node: Node, new: NewDocument) -> Self {
        Self {
            id,
            node,
            window: new.window,
            navigable: new.navigable,
            target_fragment: new.url.fragment().map(str::to_owned),
            properties: DocumentProperties::new(new.url, DocumentKind::Html, "text/html"),
            origin: new.origin,
            is_initial_about_blank: false,
            about_base_url: new.about_base_url,
            sandbox: new.sandbox,
            policies: new.policies,
            referrer: new.referrer,
            may_have_base: false,
            last_modified: None,
            may_have_named_elements: false,
            named_elements_are_watched: false,
        }
    }

    /// Its key.
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

    /// Its [node navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#node-navigable).
    #[must_use]
    pub fn navigable(&self) -> NavigableId {
        self.navigable
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.properties.url
    }

    pub(crate) fn set_url(&mut self, url: Url) {
        self.properties.url = url;
    }

    /// Its origin.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its MIME type without parameters.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.properties.content_type
    }

    /// Its properties that do not depend on a browsing context.
    #[must_use]
    pub fn properties(&self) -> &DocumentProperties {
        &self.properties
    }

    pub(crate) fn set_content_type(&mut self, kind: DocumentKind, content_type: String) {
        self.properties.kind = kind;
        self.properties.content_type = content_type;
    }

    /// The name of its character encoding.
    #[must_use]
    pub fn character_encoding(&self) -> &'static str {
        self.properties.encoding
    }

    pub(crate) fn set_character_encoding(&mut self, encoding: &'static str) {
        self.properties.encoding = encoding;
    }

    /// Its quirks mode.
    #[must_use]
    pub fn quirks_mode(&self) -> QuirksMode {
        self.properties.quirks_mode
    }

    pub(crate) fn set_quirks_mode(&mut self, mode: QuirksMode) {
        self.properties.quirks_mode = mode;
    }

    /// Whether it is the [initial `about:blank`](https://html.spec.whatwg.org/multipage/dom.html#is-initial-about:blank)
    /// of its navigable.
    #[must_use]
    pub fn is_initial_about_blank(&self) -> bool {
        self.is_initial_about_blank
    }

    pub(crate) fn set_is_initial_about_blank(&mut self, is_initial: bool) {
        self.is_initial_about_blank = is_initial;
    }

    /// Its [active sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#active-sandboxing-flag-set).
    #[must_use]
    pub fn sandbox(&self) -> SandboxFlags {
        self.sandbox
    }

    /// Its [policy container](https://html.spec.whatwg.org/multipage/dom.html#concept-document-policy-container).
    pub(crate) fn policies(&self) -> &PolicyContainer {
        &self.policies
    }

    pub(crate) fn policies_mut(&mut self) -> &mut PolicyContainer {
        &mut self.policies
    }

    /// Whether the content security policies allow an event handler content attribute with this text.
    #[must_use]
    pub fn allows_event_handler(&self, text: &str) -> bool {
        let source = ScriptSource::Attribute(text);
        self.policies.csp.allow_script(source)
    }

    /// Whether the content security policies allow `eval()` and similar functions
    /// ([EnsureCSPDoesNotBlockStringCompilation](https://w3c.github.io/webappsec-csp/#can-compile-strings)).
    #[must_use]
    pub fn allows_eval(&self) -> bool {
        self.policies.csp.allow_script(ScriptSource::Eval)
    }

    /// Whether [scripting is enabled](https://html.spec.whatwg.org/multipage/webappapis.html#concept-n-script).
    #[must_use]
    pub fn scripting_enabled(&self) -> bool {
        !self.sandbox.contains(SandboxFlags::SCRIPTS)
    }

    /// The value of `document.referrer`.
    #[must_use]
    pub fn referrer(&self) -> &str {
        &self.referrer
    }

    /// Its [about base URL](https://html.spec.whatwg.org/multipage/dom.html#concept-document-about-base-url).
    pub(crate) fn about_base_url(&self) -> Option<&Url> {
        self.about_base_url.as_ref()
    }

    pub(crate) fn may_have_base(&self) -> bool {
        self.may_have_base
    }

    pub(crate) fn set_may_have_base(&mut self, may: bool) {
        self.may_have_base = may;
    }

    pub(crate) fn may_have_named_elements(&self) -> bool {
        self.may_have_named_elements
    }

    /// Its named elements changed. Returns whether the embedder wants to know.
    pub(crate) fn named_elements_changed(&mut self) -> bool {
        self.may_have_named_elements = true;
        self.named_elements_are_watched
    }

    /// From now on the embedder wants to know when its named elements change. Returns whether it may have some.
    pub(super) fn watch_named_elements(&mut self) -> bool {
        self.named_elements_are_watched = true;
        self.may_have_named_elements
    }

    /// The `Last-Modified` header of its response.
    #[must_use]
    pub fn last_modified(&self) -> Option<&str> {
        self.last_modified.as_deref()
    }

    pub(crate) fn set_last_modified(&mut self, time: Option<&str>) {
        self.last_modified = time.map(str::to_owned);
    }

    pub(crate) fn set_target_fragment(&mut self, fragment: Option<&str>) {
        self.target_fragment = fragment.map(str::to_owned);
    }

    /// Its [target element](https://html.spec.whatwg.org/multipage/browsing-the-web.html#target-element).
    // IMPLEMENTATION-DEFINED: it is found when it is asked for, so that an element that is inserted later is one, too.
    #[must_use]
    pub fn target_element(&self) -> Option<Node> {
        // https://html.spec.whatwg.org/multipage/browsing-the-web.html#select-the-indicated-part
        // 1. to 3. An absent or empty fragment indicates no element.
        let fragment = self
            .target_fragment
            .as_ref()
            .filter(|held| !held.is_empty())?;
        // 4. and 5. Find an element for the fragment.
        // 6. to 9. Find one for the decoded fragment.
        indicated_element(&self.node, fragment)
            .or_else(|| indicated_element(&self.node, &percent_decode_lossy(fragment)))
    }

    /// [Fallback base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#fallback-base-url).
    pub(super) fn fallback_base_url(&self) -> &Url {
        match &self.about_base_url {
            // 1. and 2. An about:srcdoc or about:blank document uses its creator's.
            Some(base) if matches_about_srcdoc(self.url()) || matches_about_blank(self.url()) => {
                base
            }
            // 3. Every other document uses its own URL.
            _ => self.url(),
        }
    }
}

/// [Find a potential indicated element](https://html.spec.whatwg.org/multipage/browsing-the-web.html#find-a-potential-indicated-element)
fn indicated_element(document: &Node, fragment: &str) -> Option<Node> {
    let with = |node: &Node, name| dom::attribute(node, name).is_some_and(|held| held == fragment);
    // 1. The first element with this id.
    let by_id = dom::descendants(document).find(|node| with(node, "id"));
    // 2. The first `a` element with this name.
    // 3. There is none.
    by_id.or_else(|| {
        let mut all = dom::descendants(document);
        all.find(|node| dom::is_html_element(node, "a") && with(node, "name"))
    })
}

impl core::fmt::Debug for Document {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("url", &self.url().as_str())
            .field("origin", &self.origin.to_string())
            .field("navigable", &self.navigable)
            .finish_non_exhaustive()
    }
}
