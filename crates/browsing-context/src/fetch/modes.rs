//! The modes of a request ([Fetch, requests](https://fetch.spec.whatwg.org/#requests)).

use url::Url;

/// The [mode](https://fetch.spec.whatwg.org/#concept-request-mode) of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestMode {
    /// Other origins are refused.
    SameOrigin,
    /// Responses of other origins are opaque.
    #[default]
    NoCors,
    /// Responses of other origins have to pass a CORS check.
    Cors,
    /// The request of a navigation.
    Navigate,
}

/// The [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode) of a request or a worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsMode {
    /// No credentials.
    Omit,
    /// Credentials for the same origin.
    #[default]
    SameOrigin,
    /// All credentials.
    Include,
}

/// The [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode) of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RedirectMode {
    /// Redirects are followed.
    #[default]
    Follow,
    /// A redirect is an error.
    Error,
    /// A redirect is the response.
    Manual,
}

/// The [cache mode](https://fetch.spec.whatwg.org/#concept-request-cache-mode) of a request. This crate has no cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheMode {
    /// The cache decides by the age of a response.
    #[default]
    Default,
    /// The cache is not used.
    NoStore,
    /// The cache is only updated.
    Reload,
    /// A response in the cache is validated.
    NoCache,
    /// A response in the cache is used at any age.
    ForceCache,
    /// Nothing is sent.
    OnlyIfCached,
}

/// The [referrer](https://fetch.spec.whatwg.org/#concept-request-referrer) of a request, before a policy applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Referrer {
    /// None.
    NoReferrer,
    /// The URL of the client.
    #[default]
    Client,
    /// This URL.
    Url(Url),
}
