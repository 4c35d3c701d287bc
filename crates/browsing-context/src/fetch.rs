//! Requests and responses, as far as documents and scripts need them. This crate never fetches: it
//! asks with [`Effect::Fetch`](crate::Effect::Fetch) and is answered with
//! [`Contexts::respond`](crate::Contexts::respond).

use framepost_event_loop::{DocumentId, new_key_type};
use url::Url;

use crate::Origin;

new_key_type! {
    /// Names a load that has been asked for and not been answered.
    pub struct RequestId: "request";
}

/// What a response is for ([Fetch, destination](https://fetch.spec.whatwg.org/#concept-request-destination)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// A document of a top-level navigable.
    Document,
    /// A document of an `iframe`.
    Iframe,
    /// A document of a `frame`.
    Frame,
    /// A script.
    Script,
}

/// What is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchRequest {
    /// The URL, fragment included.
    pub url: Url,
    /// What the response is for.
    pub destination: Destination,
    /// The document that asks, if one does.
    pub initiator: Option<DocumentId>,
    /// The origin that asks.
    pub origin: Option<Origin>,
    /// What is sent: the method is `POST` when there is a resource, and `GET` when there is none.
    pub post_resource: Option<PostResource>,
    /// The [referrer](https://fetch.spec.whatwg.org/#concept-request-referrer) as it is sent,
    /// after the policy; empty for none.
    pub referrer: String,
}

impl FetchRequest {
    /// A request for `url` that nobody in particular makes.
    #[must_use]
    pub fn new(url: Url, destination: Destination) -> Self {
        Self {
            url,
            destination,
            initiator: None,
            origin: None,
            post_resource: None,
            referrer: String::new(),
        }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        if self.post_resource.is_some() {
            "POST"
        } else {
            "GET"
        }
    }
}

/// What a form sends ([POST resource](https://html.spec.whatwg.org/multipage/browsing-the-web.html#post-resource)).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostResource {
    /// The request's body.
    pub body: Vec<u8>,
    /// Its type, with a boundary where it has one: the request's `Content-Type` header.
    pub content_type: String,
}

impl PostResource {
    /// A body of that type.
    #[must_use]
    pub fn new(content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            content_type: content_type.into(),
        }
    }
}

impl core::fmt::Debug for PostResource {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PostResource")
            .field("content_type", &self.content_type)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// What a load has brought.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The HTTP status; 200 for loads that are not HTTP.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The other headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A response of status 200.
    #[must_use]
    pub fn new(url: Url, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            url,
            status: 200,
            content_type: Some(content_type.into()),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The first header of that name, which is to be given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl core::fmt::Debug for Response {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("url", &self.url.as_str())
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// Whether a response is of another origin than the document that asked for it. What comes with
/// its URL is not.
pub(crate) fn is_cross_origin(origin: &Origin, response: &Response) -> bool {
    let local = matches!(response.url.scheme(), "data" | "blob" | "about");
    let same = || Origin::of_url(&response.url).is_some_and(|other| origin.same_origin(&other));
    !local && !same()
}

/// [CORS check](https://fetch.spec.whatwg.org/#cors-check) of a response without credentials, for
/// a document of this origin, if it needs one.
pub(crate) fn cors_check(origin: &Origin, response: &Response) -> Result<(), LoadError> {
    let allowed = || {
        let allowed = response.header("access-control-allow-origin");
        allowed.is_some_and(|allowed| allowed == "*" || allowed == origin.to_string())
    };
    if !is_cross_origin(origin, response) || allowed() {
        return Ok(());
    }
    Err(LoadError::Refused {
        url: response.url.to_string(),
        reason: "it is of another origin, whose answer does not allow this one",
    })
}

/// Why a load has failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The origin is served, but has nothing at this path.
    #[error("nothing found at {url}")]
    NotFound {
        /// What was asked for.
        url: String,
    },
    /// No loader serves this origin.
    #[error("no loader serves the origin of {url}")]
    UnknownOrigin {
        /// What was asked for.
        url: String,
    },
    /// No loader knows this scheme.
    #[error("cannot load the scheme of {url}")]
    UnsupportedScheme {
        /// What was asked for.
        url: String,
    },
    /// The loader will not serve this, for the reason given.
    #[error("refused to load {url}: {reason}")]
    Refused {
        /// What was asked for.
        url: String,
        /// Why not.
        reason: &'static str,
    },
    /// The load was begun and broke off.
    #[error("loading {url} failed: {message}")]
    Failed {
        /// What was asked for.
        url: String,
        /// What went wrong.
        message: String,
    },
}
