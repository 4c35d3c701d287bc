//! The [policy container](https://html.spec.whatwg.org/multipage/browsers.html#policy-container).

use super::{CspList, ReferrerPolicy, Response};
use crate::origin::has_local_scheme;

/// The policies of a document or a worker. Documents and workers with local URLs get a copy of their creator's
/// policies.
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
    /// the policy container of a response, or of the creator if the response has a local URL.
    // IMPLEMENTATION-DEFINED: for a blob URL, the creator is the client that loads it, not the one that created it.
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
