//! The [policy container](https://html.spec.whatwg.org/multipage/browsers.html#policy-container).

use super::{CspList, ReferrerPolicy, Response};
use crate::origin::has_local_scheme;

/// The policies of a document or a worker. Documents and workers with local URLs get a copy of those of
/// their creator.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolicyContainer {
    /// Its [CSP list](https://html.spec.whatwg.org/multipage/browsers.html#policy-container-csp-list).
    pub(crate) csp: CspList,
    /// Its [referrer policy](https://html.spec.whatwg.org/multipage/browsers.html#policy-container-referrer-policy).
    pub(crate) referrer_policy: ReferrerPolicy,
}

impl PolicyContainer {
    /// [Determine navigation params policy container](https://html.spec.whatwg.org/multipage/browsers.html#determining-navigation-params-policy-container)
    /// and [initialize a worker global scope's policy container](https://html.spec.whatwg.org/multipage/browsers.html#initialize-worker-policy-container):
    /// that of a response, or that of the creator if the response has a local URL.
    // IMPLEMENTATION-DEFINED: the creator is who loads a blob URL, not who made it.
    pub(crate) fn of_response(response: &Response, creator: &Self) -> Self {
        if has_local_scheme(&response.url) {
            return creator.clone();
        }
        Self {
            csp: CspList::of_response(response),
            referrer_policy: ReferrerPolicy::of_response(response),
        }
    }
}
