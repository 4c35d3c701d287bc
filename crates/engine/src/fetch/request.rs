//! `Request` ([Fetch, Request class](https://fetch.spec.whatwg.org/#request-class)).

use boa_engine::{Finalize, JsObject, Trace};

pub(crate) use framepost_boa::enumerations::{
    ReferrerPolicy, RequestCache, RequestCredentials, RequestMode, RequestRedirect,
};
use framepost_browsing_context::fetch;

use super::bodies::Body;
use super::body::{BODY, BodyInit};
use super::calls::CallId;
use super::headers::HeadersInit;
use super::requests::{clone, construct, referrer};
use crate::dom::abort::AbortSignal;
use crate::file::blob_data::BlobData;
use crate::webidl::interface;
use crate::webidl::receiver::receivers;

/// The data of a `Request`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct RequestData {
    /// The request, without its headers and its body.
    #[unsafe_ignore_trace]
    pub(super) request: fetch::Request,
    /// The blob of a `blob:` URL, which can be fetched after the URL was revoked.
    pub(super) blob: Option<BlobData>,
    pub(super) headers: JsObject,
    pub(super) body: Option<Body>,
    pub(super) signal: JsObject,
    /// The call of `fetch()` that made this request, and then its response.
    #[unsafe_ignore_trace]
    pub(super) call: Option<CallId>,
    pub(super) response: Option<JsObject>,
}

receivers!(RequestData);

interface! {
    /// The `Request` interface.
    [Exposed=(Window,Worker)]
    interface Request(RequestData) {
        constructor(RequestInfo input, optional RequestInit init = {}) = |input, init, cx| construct(input, init, cx);

        readonly attribute ByteString method = |data| data.request.method.clone();
        readonly attribute USVString url = |data| data.request.url.to_string();
        [SameObject] readonly attribute Headers headers = .headers;

        readonly attribute DOMString destination = "";
        readonly attribute USVString referrer = |data| referrer(&data.request);
        readonly attribute ReferrerPolicy referrerPolicy = |data| data.request.referrer_policy;
        readonly attribute RequestMode mode = |data| data.request.mode;
        readonly attribute RequestCredentials credentials = |data| data.request.credentials;
        readonly attribute RequestCache cache = |data| data.request.cache;
        readonly attribute RequestRedirect redirect = |data| data.request.redirect;
        readonly attribute DOMString integrity = |data| data.request.integrity.clone();
        readonly attribute boolean keepalive = |data| data.request.keepalive;
        readonly attribute boolean isReloadNavigation = false;
        readonly attribute boolean isHistoryNavigation = false;
        readonly attribute AbortSignal signal = .signal;
        readonly attribute RequestDuplex duplex = || RequestDuplex::Half;

        [NewObject] Request clone();
    }

    Request includes Body;

    dictionary RequestInit {
        ByteString method;
        HeadersInit headers;
        BodyInit? body;
        USVString referrer;
        ReferrerPolicy referrerPolicy;
        RequestMode mode;
        RequestCredentials credentials;
        RequestCache cache;
        RequestRedirect redirect;
        DOMString integrity;
        boolean keepalive;
        AbortSignal? signal;
        RequestDuplex duplex;
        RequestPriority priority;
        any window;
    }

    typedef (Request or USVString) RequestInfo;

    enum RequestDuplex { "half" };
    enum RequestPriority { "high", "low", "auto" };
}
