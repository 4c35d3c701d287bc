//! `Response` ([Fetch, Response class](https://fetch.spec.whatwg.org/#response-class)).

use boa_engine::{Finalize, JsObject, Trace};

pub(crate) use framepost_boa::enumerations::ResponseType;

use super::bodies::Body;
use super::body::{BODY, BodyInit};
use super::headers::HeadersInit;
use super::responses::{clone, construct, json, network_error, redirect};
use crate::webidl::interface;
use crate::webidl::receiver::receivers;

/// The data of a `Response`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ResponseData {
    pub(super) headers: JsObject,
    pub(super) body: Option<Body>,
    pub(super) status: u16,
    pub(super) status_text: String,
    #[unsafe_ignore_trace]
    pub(super) kind: ResponseType,
    /// Its URL without the fragment; empty for a response that script creates.
    pub(super) url: String,
    /// Whether it was redirected.
    pub(super) redirected: bool,
}

receivers!(ResponseData);

interface! {
    /// The `Response` interface.
    [Exposed=(Window,Worker)]
    interface Response(ResponseData) {
        constructor(optional BodyInit? body = null, optional ResponseInit init = {}) = |body, init, cx| construct(body, init, cx);
        [NewObject] static Response error() = network_error;
        [NewObject] static Response redirect(USVString url, optional unsigned short status = 302);
        [NewObject] static Response json(any data, optional ResponseInit init = {});

        readonly attribute ResponseType type = .kind;
        readonly attribute USVString url = .url;
        readonly attribute boolean redirected = .redirected;
        readonly attribute unsigned short status = .status;
        readonly attribute boolean ok = |response| (200..300).contains(&response.status);
        readonly attribute ByteString statusText = .status_text;
        [SameObject] readonly attribute Headers headers = .headers;
        [NewObject] Response clone();
    }

    Response includes Body;

    dictionary ResponseInit {
        unsigned short status = 200;
        ByteString statusText = "";
        HeadersInit headers;
    }
}
