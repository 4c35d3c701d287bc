//! Fetching without script ([Fetch, fetching](https://fetch.spec.whatwg.org/#fetching)): which requests a fetch sends,
//! and which response its client may read.
//!
//! [`Fetching`] is a state machine. It names one request after the other, and the embedder sends each. This module
//! knows no network, no loader and no script. Bodies are whole.

mod blob_range;

use std::sync::Arc;
use std::time::Duration;

use framepost_event_loop::ClientId;
use url::Url;

use super::bad_ports::has_bad_port;
use super::cors::{NOT_ALLOWED, check_preflight, passes_cors_check, preflight_headers};
use super::filtered::{FilteredResponse, ResponseTainting, ResponseType};
use super::filtered::{is_null_body_status, is_redirect_status};
use super::headers::{self, HeaderList};
use super::integrity::bytes_match_integrity;
use super::request::FetchClient;
use super::{
    CacheMode, CredentialsMode, Destination, FetchRequest, LoadError, RedirectMode, Referrer,
    ReferrerPolicy, RequestMode, Response,
};
use crate::origin::Origin;

/// A [request](https://fetch.spec.whatwg.org/#concept-request), with the parts that a script can set.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// Its URL, with the fragment.
    pub url: Url,
    /// The origin of a `blob:` URL, if the embedder knows its entry. Other URLs contain their origin.
    pub blob_origin: Option<Origin>,
    /// Its method, normalized.
    pub method: String,
    /// Its header list.
    pub headers: HeaderList,
    /// Its body.
    pub body: Option<Arc<Vec<u8>>>,
    /// Its mode.
    pub mode: RequestMode,
    /// Its credentials mode.
    pub credentials: CredentialsMode,
    /// Its cache mode.
    pub cache: CacheMode,
    /// Its redirect mode.
    pub redirect: RedirectMode,
    /// Its referrer.
    pub referrer: Referrer,
    /// Its referrer policy.
    pub referrer_policy: ReferrerPolicy,
    /// Its [integrity metadata](https://fetch.spec.whatwg.org/#concept-request-integrity-metadata).
    pub integrity: String,
    /// Its [keepalive](https://fetch.spec.whatwg.org/#request-keepalive-flag) flag.
    pub keepalive: bool,
    /// Its [use-CORS-preflight](https://fetch.spec.whatwg.org/#use-cors-preflight-flag) flag.
    pub use_cors_preflight: bool,
}

impl Request {
    /// A `GET` request for `url`, in the mode of `fetch()`.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            blob_origin: None,
            method: "GET".to_owned(),
            headers: HeaderList::new(),
            body: None,
            mode: RequestMode::Cors,
            credentials: CredentialsMode::SameOrigin,
            cache: CacheMode::Default,
            redirect: RedirectMode::Follow,
            referrer: Referrer::Client,
            referrer_policy: ReferrerPolicy::Unset,
            integrity: String::new(),
            keepalive: false,
            use_cors_preflight: false,
        }
    }
}

/// What the embedder does next for a fetch.
#[derive(Debug)]
pub enum FetchStep {
    /// Send this request, and call [`Fetching::answered`] with the response. Do not follow redirects.
    Send(Box<FetchRequest>),
    /// The fetch has ended, with the response that the client may read, or with a network error.
    Done(Result<Box<FilteredResponse>, LoadError>),
}

/// The request that the embedder sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// A [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request).
    Preflight,
    /// A request over HTTP.
    Http,
    /// A request for another scheme.
    Local,
}

/// A fetch in progress ([fetch params](https://fetch.spec.whatwg.org/#fetch-params)).
#[derive(Debug)]
pub struct Fetching {
    request: Request,
    client: FetchClient,
    initiator: ClientId,
    /// The [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list). It is never empty.
    url_list: Vec<Url>,
    tainting: ResponseTainting,
    phase: Phase,
    delay: Duration,
}

/// The number of redirects that a fetch follows.
const MAX_REDIRECTS: usize = 20;

impl Fetching {
    pub(crate) fn new(request: Request, initiator: ClientId, client: FetchClient) -> Self {
        Self {
            url_list: vec![request.url.clone()],
            request,
            client,
            initiator,
            tainting: ResponseTainting::Basic,
            phase: Phase::Local,
            delay: Duration::ZERO,
        }
    }

    /// [Fetch](https://fetch.spec.whatwg.org/#concept-fetch): the first step.
    pub fn begin(&mut self) -> FetchStep {
        // NOT YET: the service worker, and the destinations of other requests.
        // Main fetch, 8. An unset policy is that of the client. It is set here, since no redirect unsets it.
        self.request.referrer_policy = self
            .request
            .referrer_policy
            .or(self.client.policies.referrer_policy);
        self.main_fetch()
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Takes the response to the request that was sent, or the reason why there is none.
    pub fn answered(&mut self, answer: Result<Response, LoadError>) -> FetchStep {
        let answer = match answer {
            // A server answers a request for an absent file with an error status.
            Err(LoadError::NotFound { .. }) if self.phase != Phase::Local => {
                Ok(Response::not_found(self.current_url().clone()))
            }
            answer => answer,
        };
        let response = match answer {
            Ok(response) => response,
            Err(error) => return FetchStep::Done(Err(error)),
        };
        self.delay += response.delay;
        match self.phase {
            Phase::Preflight => self.preflight_answered(&response),
            Phase::Http => self.http_answered(response),
            Phase::Local => self.finish(response),
        }
    }

    fn current_url(&self) -> &Url {
        self.url_list.last().unwrap_or(&self.request.url)
    }

    /// Whether the current URL has the origin of the client.
    fn is_same_origin(&self) -> bool {
        let url = self.current_url();
        let origin = match url.scheme() {
            "blob" => self.request.blob_origin.clone(),
            _ => Origin::of_url(url),
        };
        origin.is_some_and(|origin| origin.same_origin(&self.client.origin))
    }

    fn refused(&self, reason: &'static str) -> FetchStep {
        let url = self.current_url().to_string();
        FetchStep::Done(Err(LoadError::Refused { url, reason }))
    }

    /// [Main fetch](https://fetch.spec.whatwg.org/#main-fetch), up to the requests.
    fn main_fetch(&mut self) -> FetchStep {
        // 1. and 2. The request is at hand, and there is no response yet.
        let url = self.current_url().clone();
        // NOT YET: 3. Requests for local URLs only. 4. Reports of violations. 5. and 6. Upgrades to secure URLs.
        // 7. Bad ports and content security policies block a request. NOT YET: mixed content.
        if has_bad_port(&url) {
            return self.refused("its port belongs to another protocol");
        }
        if !self.client.policies.csp.allow_connection(&url) {
            return self.refused("the content security policy forbids it");
        }
        // 8. `begin` has set the referrer policy.
        // 9. Determine the referrer. A redirect can only make it shorter.
        let policy = self.request.referrer_policy;
        let referrer = match &self.request.referrer {
            Referrer::NoReferrer => String::new(),
            Referrer::Client => policy.referrer(&self.client.url, &url),
            Referrer::Url(source) => policy.referrer(source, &url),
        };
        self.request.referrer = match Url::parse(&referrer) {
            Ok(url) => Referrer::Url(url),
            Err(_) => Referrer::NoReferrer,
        };
        // NOT YET: 10. Hosts that are known to need HTTPS.
        // 11. The embedder sends the requests, so nothing runs in parallel here.
        // 12. Choose by the URL and the mode. NOT YET: preloaded responses.
        let is_http = matches!(url.scheme(), "http" | "https");
        if self.is_same_origin() && self.tainting == ResponseTainting::Basic
            || url.scheme() == "data"
            || self.request.mode == RequestMode::Navigate
        {
            // 12.1. The response tainting is "basic" already.
            // 12.2. Fetch by the scheme.
            return self.scheme_fetch();
        }
        match self.request.mode {
            // 12. The mode allows no other origin.
            RequestMode::SameOrigin => {
                self.refused("it has another origin, and the mode is same-origin")
            }
            // 12.1. The mode no-cors follows redirects.
            RequestMode::NoCors if self.request.redirect != RedirectMode::Follow => self
                .refused("it has another origin, and the mode no-cors needs to follow redirects"),
            // 12.2. and 12.3. The response will be opaque.
            RequestMode::NoCors => {
                self.tainting = ResponseTainting::Opaque;
                self.scheme_fetch()
            }
            // 12. Only HTTP has CORS.
            _ if !is_http => {
                self.refused("only URLs of http and https can be fetched from another origin")
            }
            // 12.1. and 12.2. The response has to allow the origin. The preflight is HTTP fetch, 4.1. It fills no cache
            // that 12.3. would clear.
            _ => {
                self.tainting = ResponseTainting::Cors;
                if self.needs_preflight() {
                    self.phase = Phase::Preflight;
                    return FetchStep::Send(Box::new(self.preflight()));
                }
                self.http_fetch()
            }
        }
    }

    /// Whether a [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request) comes first.
    fn needs_preflight(&self) -> bool {
        self.request.use_cors_preflight
            || !headers::is_cors_safelisted_method(&self.request.method)
            || !headers::cors_unsafe_request_header_names(&self.request.headers).is_empty()
    }

    /// [Scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch)
    fn scheme_fetch(&mut self) -> FetchStep {
        // 1. The caller drops a fetch that is canceled.
        // 2. and 3. Choose by the scheme.
        let url = self.current_url().clone();
        match url.scheme() {
            "about" if url.path() == "blank" => {
                let content_type = "text/html;charset=utf-8";
                self.finish(Response::new(url, content_type, Vec::new()))
            }
            // `blob`, 3.2. Only `GET` has an answer.
            "blob" if self.request.method != "GET" => self.refused("a blob: URL answers only GET"),
            // `blob`, 3.3. to 3.9., and `data`. The embedder answers. `take_range` has the rest of the steps for `blob`.
            "blob" | "data" => {
                self.phase = Phase::Local;
                FetchStep::Send(Box::new(self.sent()))
            }
            "http" | "https" => self.http_fetch(),
            // 4. This includes `file`, which a page must not read.
            _ => FetchStep::Done(Err(LoadError::UnsupportedScheme {
                url: url.to_string(),
            })),
        }
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), up to the request.
    fn http_fetch(&mut self) -> FetchStep {
        // NOT YET: 3. and 4.2. Service workers.
        // 4.1. The caller has sent the preflight.
        // 4.3. Send the request. A cache would have the only answer to some requests.
        if self.request.cache == CacheMode::OnlyIfCached {
            return self.refused("there is no cache, and the cache mode is only-if-cached");
        }
        self.phase = Phase::Http;
        FetchStep::Send(Box::new(self.sent()))
    }

    /// Whether the request includes credentials
    /// ([HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch), step 8.3).
    fn includes_credentials(&self) -> bool {
        match self.request.credentials {
            CredentialsMode::Include => true,
            CredentialsMode::SameOrigin => self.tainting == ResponseTainting::Basic,
            CredentialsMode::Omit => false,
        }
    }

    /// A request for the current URL with this method.
    fn request_to_send(&self, method: &str) -> FetchRequest {
        let url = self.current_url().clone();
        let referrer = match &self.request.referrer {
            Referrer::Url(referrer) => referrer.to_string(),
            Referrer::NoReferrer | Referrer::Client => String::new(),
        };
        let mut request = FetchRequest::new(url, Destination::Empty);
        request.initiator = Some(self.initiator);
        request.origin = Some(self.client.origin.clone());
        request.method = Some(method.to_owned());
        request.referrer = referrer;
        request.referrer_policy = self.request.referrer_policy;
        request.redirect_count = self.url_list.len() - 1;
        request
    }

    /// The request of the current URL.
    fn sent(&self) -> FetchRequest {
        let mut sent = self.request_to_send(&self.request.method);
        sent.headers.clone_from(&self.request.headers);
        sent.body.clone_from(&self.request.body);
        sent.includes_credentials = self.includes_credentials();
        if let Some(origin) = self.origin_header() {
            sent.headers.push(("origin".to_owned(), origin));
        }
        self.add_cache_headers(&mut sent.headers);
        sent
    }

    /// Steps 8.16 to 8.18 of [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
    fn add_cache_headers(&self, list: &mut HeaderList) {
        let mut add = |name: &str, value: &str| {
            if !headers::contains(list, name) {
                list.push((name.to_owned(), value.to_owned()));
            }
        };
        match self.request.cache {
            CacheMode::NoCache => add("cache-control", "max-age=0"),
            CacheMode::NoStore | CacheMode::Reload => {
                add("pragma", "no-cache");
                add("cache-control", "no-cache");
            }
            _ => {}
        }
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 1 to 6.
    fn preflight(&self) -> FetchRequest {
        // 1. Make the request.
        let mut sent = self.request_to_send("OPTIONS");
        // 2. to 5. It names the method and the headers.
        sent.headers = preflight_headers(&self.request.method, &self.request.headers);
        sent.headers
            .push(("origin".to_owned(), self.serialized_origin()));
        // 6. It is sent without credentials.
        sent.includes_credentials = false;
        sent
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 7 and 8: then the request itself.
    fn preflight_answered(&mut self, response: &Response) -> FetchStep {
        let credentials = self.request.credentials;
        // 7. The response has to pass the CORS check, and to allow the request.
        if !passes_cors_check(&self.serialized_origin(), credentials, &response.headers) {
            return self.refused("its CORS preflight does not allow this origin");
        }
        let checked = check_preflight(
            response,
            &self.request.method,
            &self.request.headers,
            credentials,
            self.request.use_cors_preflight,
        );
        match checked {
            Ok(()) => self.http_fetch(),
            // 8. Otherwise it is a network error.
            Err(reason) => self.refused(reason),
        }
    }

    /// Whether the request has a [redirect-tainted origin](https://fetch.spec.whatwg.org/#concept-request-tainted-origin).
    fn has_tainted_origin(&self) -> bool {
        self.url_list.windows(2).any(|pair| {
            let [Some(from), Some(to)] = [Origin::of_url(&pair[0]), Origin::of_url(&pair[1])]
            else {
                return true;
            };
            !to.same_origin(&from) && !self.client.origin.same_origin(&from)
        })
    }

    /// [Serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin)
    fn serialized_origin(&self) -> String {
        match self.has_tainted_origin() {
            true => "null".to_owned(),
            false => self.client.origin.to_string(),
        }
    }

    /// [Append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header)
    fn origin_header(&self) -> Option<String> {
        // 1. and 2. Serialize the origin.
        let origin = self.serialized_origin();
        // 3. A CORS request has it always.
        if self.tainting == ResponseTainting::Cors {
            return Some(origin);
        }
        // 4. Otherwise only a method that may change something has it.
        if matches!(self.request.method.as_str(), "GET" | "HEAD") {
            return None;
        }
        let url = self.current_url();
        // 4.1. The referrer policy may hide it.
        let is_hidden = self.request.mode != RequestMode::Cors
            && match self.request.referrer_policy {
                ReferrerPolicy::NoReferrer => true,
                ReferrerPolicy::SameOrigin => !self.is_same_origin(),
                ReferrerPolicy::Origin
                | ReferrerPolicy::OriginWhenCrossOrigin
                | ReferrerPolicy::UnsafeUrl => false,
                _ => origin.starts_with("https:") && url.scheme() != "https",
            };
        // 4.2. Append it.
        Some(if is_hidden { "null".to_owned() } else { origin })
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), from the response on.
    fn http_answered(&mut self, response: Response) -> FetchStep {
        let credentials = self.request.credentials;
        // 4.4. A response of another origin has to allow its use.
        if self.tainting == ResponseTainting::Cors
            && !passes_cors_check(&self.serialized_origin(), credentials, &response.headers)
        {
            return self.refused(NOT_ALLOWED);
        }
        // NOT YET: 4.5. The permission for timing.
        // 5. A response can refuse other origins. NOT YET: the value same-site, and the embedder policy.
        if self.tainting == ResponseTainting::Opaque
            && headers::get(&response.headers, "cross-origin-resource-policy").as_deref()
                == Some("same-origin")
        {
            return self.refused("its response does not allow other origins");
        }
        // 6. A redirect is refused, returned or followed. 7. Any other response is returned.
        if !is_redirect_status(response.status) {
            return self.finish(response);
        }
        // 6.1. and 6.2. Timing and HTTP/2 are not for a fetch of a script.
        // 6.3. Choose by the redirect mode.
        match self.request.redirect {
            // 6.3.1. A network error.
            RedirectMode::Error => self.refused("it redirects, and the redirect mode is error"),
            // 6.3.2. An opaque-redirect response.
            RedirectMode::Manual => {
                let url = self.request.url.clone();
                let kind = ResponseType::OpaqueRedirect;
                let closed = FilteredResponse::closed(kind, Some(url), self.delay);
                FetchStep::Done(Ok(Box::new(closed)))
            }
            // 6.3.2. Follow it.
            RedirectMode::Follow => self.http_redirect_fetch(response),
        }
    }

    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch)
    fn http_redirect_fetch(&mut self, response: Response) -> FetchStep {
        // 1. and 2. The response is not filtered yet.
        // 3. to 5. The location has to be a URL. Without one, the response is the result.
        let Some(location) = headers::get(&response.headers, "location") else {
            return self.finish(response);
        };
        // IMPLEMENTATION-DEFINED: bytes that are not ASCII stay as they are, as in browsers.
        let location: String = location
            .chars()
            .map(|c| match c {
                '\u{80}'..='\u{ff}' => format!("%{:02X}", u32::from(c)),
                c => c.to_string(),
            })
            .collect();
        let Ok(mut url) = self.current_url().join(&location) else {
            return self.refused("it redirects to an invalid URL");
        };
        if url.fragment().is_none() {
            let fragment = self.current_url().fragment().map(str::to_owned);
            url.set_fragment(fragment.as_deref());
        }
        // 6. Its scheme has to be that of HTTP.
        if !matches!(url.scheme(), "http" | "https") {
            return self.refused("it redirects to another scheme than http and https");
        }
        // 7. and 8. There is a limit.
        if self.url_list.len() > MAX_REDIRECTS {
            return self.refused("it redirects too often");
        }
        // 9. and 10. Another origin must not get the user's name.
        let origin = Origin::of_url(&url);
        let is_same = |other: &Origin| origin.as_ref().is_some_and(|url| url.same_origin(other));
        let has_user = !url.username().is_empty() || url.password().is_some();
        let is_cors = self.request.mode == RequestMode::Cors && !is_same(&self.client.origin)
            || self.tainting == ResponseTainting::Cors;
        if has_user && is_cors {
            return self.refused("it redirects to a URL with a user name or a password");
        }
        // 11. The body has a source, since bodies are whole.
        // 12. Some redirects change the method to GET.
        let (status, method) = (response.status, self.request.method.as_str());
        if matches!(status, 301 | 302) && method == "POST"
            || status == 303 && !matches!(method, "GET" | "HEAD")
        {
            self.request.method = "GET".to_owned();
            self.request.body = None;
            let of_body = [
                "content-encoding",
                "content-language",
                "content-location",
                "content-type",
            ];
            self.request
                .headers
                .retain(|(name, _)| !of_body.iter().any(|held| name.eq_ignore_ascii_case(held)));
        }
        // 13. Another origin must not get the authorization.
        let from = Origin::of_url(self.current_url());
        if !from.is_some_and(|from| is_same(&from)) {
            self.request
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        }
        // 14. The body can be sent again.
        // NOT YET: 15. to 17. Timing.
        // 18. Continue with this URL.
        self.url_list.push(url);
        // 19. The response may set another policy.
        self.request.referrer_policy =
            ReferrerPolicy::of_response(&response).or(self.request.referrer_policy);
        // 20. to 22. Fetch it.
        self.main_fetch()
    }

    /// The end of [main fetch](https://fetch.spec.whatwg.org/#main-fetch).
    fn finish(&mut self, mut response: Response) -> FetchStep {
        let url = self.current_url().clone();
        if url.scheme() == "blob" && !self.take_range(&mut response) {
            return self.refused("the blob has no such range");
        }
        // 13. The response is at hand.
        response.url = url;
        response.delay = self.delay;
        // 15. to 17. The response has the URL list of the fetch. The filtered response (14.) takes it, so it comes last.
        // NOT YET: 18. and 19. Timing. 20. Mixed content, content security policies and MIME types. 21. Responses with
        // a range.
        // 22. Some responses have no body.
        let has_body = !matches!(self.request.method.as_str(), "HEAD" | "CONNECT")
            && !is_null_body_status(response.status);
        // 23. The body has to be the expected one.
        if !self.request.integrity.is_empty() {
            if self.tainting == ResponseTainting::Opaque {
                return self.refused("an opaque response cannot be checked against its integrity");
            }
            if !bytes_match_integrity(&response.body, &self.request.integrity) {
                return self.refused("its body does not match the integrity metadata");
            }
        }
        // 14. and 24. The client reads a filtered response.
        let credentials = self.request.credentials;
        let mut filtered = FilteredResponse::of(response, self.tainting, credentials, has_body);
        filtered.redirected = self.url_list.len() > 1;
        FetchStep::Done(Ok(Box::new(filtered)))
    }
}

#[cfg(test)]
mod tests;
