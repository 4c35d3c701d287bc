//! Enumerations of Web IDL whose Rust types are those of the library crates.
//!
//! Rust wants a conversion in the crate of its trait or of its type. So these enumerations are here and not beside the
//! interfaces that use them.

use framepost_browsing_context::fetch;

use crate::webidl::interface;

interface! {
    /// [`TaskPriority`](https://wicg.github.io/scheduling-apis/#enumdef-taskpriority)
    enum TaskPriority(framepost_event_loop::TaskPriority) { "user-blocking", "user-visible", "background" };

    /// [`NavigationHistoryBehavior`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigationhistorybehavior):
    /// the change of the history by a navigation.
    enum NavigationHistoryBehavior(framepost_browsing_context::HistoryHandling) { "auto", "push", "replace" };

    /// [`NavigationType`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigationtype)
    enum NavigationType(framepost_browsing_context::NavigationType) { "push", "replace", "reload", "traverse" };

    /// [`ScrollRestoration`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#scrollrestoration)
    enum ScrollRestoration(framepost_browsing_context::ScrollRestoration) { "auto", "manual" };

    /// [`ResponseType`](https://fetch.spec.whatwg.org/#responsetype)
    enum ResponseType(fetch::ResponseType) { "basic", "cors", "default", "error", "opaque", "opaqueredirect" = OpaqueRedirect };

    /// [`RequestMode`](https://fetch.spec.whatwg.org/#requestmode)
    enum RequestMode(fetch::RequestMode) { "navigate", "same-origin", "no-cors", "cors" };

    /// [`RequestCredentials`](https://fetch.spec.whatwg.org/#requestcredentials)
    enum RequestCredentials(fetch::CredentialsMode) { "omit", "same-origin", "include" };

    /// [`RequestCache`](https://fetch.spec.whatwg.org/#requestcache)
    enum RequestCache(fetch::CacheMode) { "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached" };

    /// [`RequestRedirect`](https://fetch.spec.whatwg.org/#requestredirect)
    enum RequestRedirect(fetch::RedirectMode) { "follow", "error", "manual" };

    /// [`ReferrerPolicy`](https://w3c.github.io/webappsec-referrer-policy/#enumdef-referrerpolicy)
    enum ReferrerPolicy(framepost_browsing_context::ReferrerPolicy) {
        "" = Unset, "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
        "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"
    };

    /// [`WorkerType`](https://html.spec.whatwg.org/multipage/workers.html#workertype)
    enum WorkerType(framepost_browsing_context::WorkerType) { "classic", "module" };
}
