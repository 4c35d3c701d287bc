//! Filtered responses ([Fetch, responses](https://fetch.spec.whatwg.org/#concept-filtered-response)): the parts of a
//! response that the client may read.

use std::time::Duration;

use url::Url;

use super::headers::{self, HeaderList};
use super::{CredentialsMode, Response};

/// The [type](https://fetch.spec.whatwg.org/#concept-response-type) of a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// A response of the same origin.
    Basic,
    /// A response of another origin, which allows the client to read it.
    Cors,
    /// A response that script made.
    #[default]
    Default,
    /// A network error.
    Error,
    /// A response of another origin, of which nothing can be read.
    Opaque,
    /// A redirect that is not followed.
    OpaqueRedirect,
}

/// The [response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting) of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResponseTainting {
    /// The response is of the same origin.
    #[default]
    Basic,
    /// It is of another origin, and has to pass a CORS check.
    Cors,
    /// It is of another origin, and cannot be read.
    Opaque,
}

/// A [filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response): the result of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilteredResponse {
    /// Its type.
    pub kind: ResponseType,
    /// The last URL of its [URL list](https://fetch.spec.whatwg.org/#concept-response-url-list).
    pub url: Option<Url>,
    /// Whether the list has more than one URL.
    pub redirected: bool,
    /// Its status.
    pub status: u16,
    /// Its status message.
    pub status_text: String,
    /// The headers that may be read.
    pub headers: HeaderList,
    /// Its body; `None` for null.
    pub body: Option<Vec<u8>>,
    /// The duration of the fetch, on the loop's clock.
    pub delay: Duration,
}

impl FilteredResponse {
    /// A response of which nothing can be read.
    pub(super) fn closed(kind: ResponseType, url: Option<Url>, delay: Duration) -> Self {
        Self {
            kind,
            url,
            redirected: false,
            status: 0,
            status_text: String::new(),
            headers: HeaderList::new(),
            body: None,
            delay,
        }
    }

    /// The response that a client may read after a fetch with this tainting, for step 15 of
    /// [main fetch](https://fetch.spec.whatwg.org/#main-fetch).
    pub(super) fn of(
        response: Response,
        tainting: ResponseTainting,
        credentials: CredentialsMode,
        has_body: bool,
    ) -> Self {
        let mut list = response.headers;
        if let Some(content_type) = response.content_type {
            list.push(("content-type".to_owned(), content_type));
        }
        let kind = match tainting {
            // Basic: cookies are hidden.
            ResponseTainting::Basic => {
                list.retain(|(name, _)| !headers::is_forbidden_response_header_name(name));
                ResponseType::Basic
            }
            // CORS: all is hidden but what is safe or exposed.
            ResponseTainting::Cors => {
                let exposed = headers::tokens(&list, "access-control-expose-headers");
                let exposed = exposed.and_then(Result::ok).unwrap_or_default();
                let all = credentials != CredentialsMode::Include
                    && exposed.iter().any(|name| name == "*");
                list.retain(|(name, _)| {
                    let is_exposed = all
                        || headers::is_cors_safelisted_response_header_name(name)
                        || exposed.iter().any(|held| held.eq_ignore_ascii_case(name));
                    is_exposed && !headers::is_forbidden_response_header_name(name)
                });
                ResponseType::Cors
            }
            // Opaque: nothing can be read.
            ResponseTainting::Opaque => {
                return Self::closed(ResponseType::Opaque, None, response.delay);
            }
        };
        Self {
            kind,
            url: Some(response.url),
            redirected: false,
            status: response.status,
            status_text: response.status_text,
            headers: list,
            body: has_body.then_some(response.body),
            delay: response.delay,
        }
    }
}

/// [Null body status](https://fetch.spec.whatwg.org/#null-body-status)
#[must_use]
pub fn is_null_body_status(status: u16) -> bool {
    matches!(status, 101 | 103 | 204 | 205 | 304)
}

/// [Redirect status](https://fetch.spec.whatwg.org/#redirect-status)
#[must_use]
pub fn is_redirect_status(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}
