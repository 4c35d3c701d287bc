//! Requests.

use std::sync::Arc;

use framepost_event_loop::ClientId;
use url::Url;

use super::headers::HeaderList;
use super::{LoadError, PolicyContainer, ReferrerPolicy, Response};
use crate::origin::Origin;

/// The [destination](https://fetch.spec.whatwg.org/#concept-request-destination) of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// A document of a top-level navigable.
    Document,
    /// A document of an `iframe`.
    Iframe,
    /// A document of a `frame`.
    Frame,
    /// The content of an `object`.
    Object,
    /// The content of an `embed`.
    Embed,
    /// A script.
    Script,
    /// The script of a worker.
    Worker,
    /// What a script fetches.
    Empty,
}

/// A [request](https://fetch.spec.whatwg.org/#concept-request).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchRequest {
    /// Its URL, with the fragment.
    pub url: Url,
    /// Its destination.
    pub destination: Destination,
    /// Its client: a document or a worker's event loop. `None` for the user.
    pub initiator: Option<ClientId>,
    /// The origin of the client.
    pub origin: Option<Origin>,
    /// Its method. Without one, it is `POST` if there is a POST resource, and `GET` otherwise.
    pub method: Option<String>,
    /// The headers that the client sets, and `Origin` if it is sent.
    pub headers: HeaderList,
    /// The body of a request that a script makes.
    pub body: Option<Arc<Vec<u8>>>,
    /// Whether the request includes credentials.
    pub includes_credentials: bool,
    /// The body of a form submission.
    pub post_resource: Option<PostResource>,
    /// The [referrer](https://fetch.spec.whatwg.org/#concept-request-referrer) as it is sent, after the referrer
    /// policy was applied; empty for none.
    pub referrer: String,
    /// Its [referrer policy](https://fetch.spec.whatwg.org/#concept-request-referrer-policy), which
    /// redirects need.
    pub referrer_policy: ReferrerPolicy,
    /// Its [redirect count](https://fetch.spec.whatwg.org/#concept-request-redirect-count).
    pub redirect_count: usize,
}

/// The part of [script fetch options](https://html.spec.whatwg.org/multipage/webappapis.html#script-fetch-options)
/// that content security policies need.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptFetchOptions {
    /// The [cryptographic nonce](https://html.spec.whatwg.org/multipage/webappapis.html#concept-script-fetch-options-nonce).
    pub(crate) nonce: Option<String>,
    /// The [parser metadata](https://html.spec.whatwg.org/multipage/webappapis.html#concept-script-fetch-options-parser).
    pub(crate) is_parser_inserted: bool,
}

/// The client of a fetch: the part of a
/// [request client](https://fetch.spec.whatwg.org/#concept-request-client) that is needed.
#[derive(Debug)]
pub(crate) struct FetchClient {
    pub(crate) origin: Origin,
    /// The URL from which the referrer is derived.
    pub(crate) url: Url,
    pub(crate) policies: PolicyContainer,
}

impl FetchClient {
    /// A request of this client, the document or event loop `initiator`. An element may set a referrer policy.
    pub(crate) fn request(
        self,
        initiator: ClientId,
        url: Url,
        destination: Destination,
        element_policy: ReferrerPolicy,
    ) -> FetchRequest {
        let referrer_policy = element_policy.or(self.policies.referrer_policy);
        FetchRequest {
            initiator: Some(initiator),
            origin: Some(self.origin),
            referrer: referrer_policy.referrer(&self.url, &url),
            referrer_policy,
            ..FetchRequest::new(url, destination)
        }
    }
}

/// The number of redirects that a fetch follows.
const MAX_REDIRECTS: usize = 20;

impl FetchRequest {
    /// A request for `url` without a client.
    #[must_use]
    pub fn new(url: Url, destination: Destination) -> Self {
        Self {
            url,
            destination,
            initiator: None,
            origin: None,
            method: None,
            headers: HeaderList::new(),
            body: None,
            includes_credentials: true,
            post_resource: None,
            referrer: String::new(),
            referrer_policy: ReferrerPolicy::Unset,
            redirect_count: 0,
        }
    }

    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch): the next request, if
    /// this response is a redirect.
    #[must_use]
    pub fn redirect(&self, response: &Response) -> Option<Result<Self, LoadError>> {
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let location = response.header("location")?;
        let failed = |message: String| {
            let url = response.url.to_string();
            Some(Err(LoadError::Failed { url, message }))
        };
        let mut url = match response.url.join(location) {
            Ok(url) => url,
            Err(error) => {
                return failed(format!("cannot follow the redirect to {location}: {error}"));
            }
        };
        if url.fragment().is_none() {
            url.set_fragment(self.url.fragment());
        }
        if !matches!(url.scheme(), "http" | "https") {
            return failed(format!(
                "redirected to {url}, which is neither http nor https"
            ));
        }
        if self.redirect_count >= MAX_REDIRECTS {
            return failed(format!("redirected more than {MAX_REDIRECTS} times"));
        }
        let becomes_get = matches!(response.status, 301..=303);
        // A redirect may set another policy.
        let referrer_policy = ReferrerPolicy::of_response(response).or(self.referrer_policy);
        // OPTIMIZATION: the referrer is derived from the last one. So a policy that reveals more than the one before
        // has no effect.
        let referrer = Url::parse(&self.referrer).map_or_else(
            |_| String::new(),
            |sent| referrer_policy.referrer(&sent, &url),
        );
        Some(Ok(Self {
            url,
            post_resource: self.post_resource.clone().filter(|_| !becomes_get),
            referrer,
            referrer_policy,
            redirect_count: self.redirect_count + 1,
            ..self.clone()
        }))
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        match (&self.method, &self.post_resource) {
            (Some(method), _) => method,
            (None, Some(_)) => "POST",
            (None, None) => "GET",
        }
    }

    /// The bytes of the body.
    #[must_use]
    pub fn body_bytes(&self) -> Option<&[u8]> {
        let of_script = self.body.as_ref().map(|body| body.as_slice());
        of_script.or_else(|| Some(&self.post_resource.as_ref()?.body))
    }
}

/// The body of a form submission ([POST resource](https://html.spec.whatwg.org/multipage/browsing-the-web.html#post-resource)).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostResource {
    /// The request's body.
    pub body: Vec<u8>,
    /// The request's `Content-Type` header, with the boundary if there is one.
    pub content_type: String,
}

impl PostResource {
    /// A body of this type.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> FetchRequest {
        FetchRequest {
            post_resource: Some(PostResource::new("text/plain", "x")),
            referrer: "http://a.test/page?q".to_owned(),
            ..FetchRequest::new(Url::parse(url).unwrap(), Destination::Document)
        }
    }

    fn redirect(url: &str, status: u16, location: &str) -> Option<Result<FetchRequest, LoadError>> {
        let request = request(url);
        let response = Response::new(request.url.clone(), "", "")
            .with_status(status)
            .with_header("Location", location);
        request.redirect(&response)
    }

    #[test]
    fn redirect_keeps_the_fragment_unless_it_has_one() {
        let to = |location: &str| {
            let next = redirect("http://a.test/x/y#f", 302, location);
            next.unwrap().unwrap().url.to_string()
        };
        assert_eq!(to("z"), "http://a.test/x/z#f");
        assert_eq!(to("//b.test/#g"), "http://b.test/#g");
        assert_eq!(to(""), "http://a.test/x/y#f");
    }

    #[test]
    fn redirect_decides_method_and_referrer() {
        let method = |status: u16| {
            let next = redirect("http://a.test/", status, "/b");
            next.unwrap().unwrap().method().to_owned()
        };
        assert_eq!(
            [301, 302, 303, 307, 308].map(method),
            ["GET", "GET", "GET", "POST", "POST"]
        );
        let referrer = |location: &str| {
            let next = redirect("http://a.test/", 302, location);
            next.unwrap().unwrap().referrer
        };
        assert_eq!(referrer("/b"), "http://a.test/page?q");
        assert_eq!(referrer("http://b.test/"), "http://a.test/");
    }

    #[test]
    fn some_responses_are_no_redirects_and_some_fail() {
        assert!(redirect("http://a.test/", 304, "/b").is_none());
        assert!(redirect("http://a.test/", 200, "/b").is_none());
        let response = Response::new(Url::parse("http://a.test/").unwrap(), "", "");
        assert!(
            request("http://a.test/")
                .redirect(&response.with_status(302))
                .is_none()
        );
        for location in ["http://[", "data:,x", "javascript:0"] {
            let next = redirect("http://a.test/", 302, location);
            assert!(next.unwrap().is_err(), "{location}");
        }
    }

    #[test]
    fn number_of_redirects_is_limited() {
        let mut request = request("http://a.test/");
        let response = Response::new(request.url.clone(), "", "")
            .with_status(307)
            .with_header("location", "/");
        for _ in 0..MAX_REDIRECTS {
            request = request.redirect(&response).unwrap().unwrap();
        }
        let error = request.redirect(&response).unwrap().unwrap_err();
        assert!(error.to_string().contains("more than 20"), "{error}");
    }
}
