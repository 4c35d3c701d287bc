//! The keys of the objects of this crate. A key is never used twice, so a stale key refers to no object.
//!
//! The keys of documents, windows and workers are the event loop's:
//! [`ClientId`](framepost_event_loop::ClientId) and [`GlobalId`](framepost_event_loop::GlobalId).

use framepost_event_loop::new_key_type;

new_key_type! {
    /// Names a navigable: a top-level one or that of a frame. It is also the identity of a
    /// [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object),
    /// which stays the same when the navigable's document changes.
    pub struct NavigableId: "navigable";

    /// Names a document state, which several session history entries of one document share.
    pub struct DocumentStateId: "document state";

    /// Names a fetch that the embedder has not answered yet.
    pub struct RequestId: "request";

    /// Names a prepared script.
    pub struct ScriptId: "script";

    /// Names a module script.
    pub struct ModuleId: "module";

    /// Names an `import()` of a running script.
    pub struct ImportId: "import";

    /// Names one attempt to determine what an `object` or `embed` element represents.
    pub struct EmbeddedContentId: "embedded content";

    /// Names a [planned navigation](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#planned-navigation).
    pub struct PlannedNavigationId: "planned navigation";

    /// Names a navigation to a `javascript:` URL that waits for its task.
    pub struct JavascriptUrlId: "javascript: URL";
}
