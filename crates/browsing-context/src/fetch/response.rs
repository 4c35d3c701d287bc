//! Responses.

use std::time::Duration;

use url::Url;

/// A [response](https://fetch.spec.whatwg.org/#concept-response).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The URL of the response, after redirects.
    pub url: Url,
    /// The HTTP status; 200 for other schemes.
    pub status: u16,
    /// The [status message](https://fetch.spec.whatwg.org/#concept-response-status-message); empty if unknown.
    pub status_text: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The other headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The duration of the fetch, on the loop's clock.
    pub delay: Duration,
}

impl Response {
    /// A response of status 200.
    #[must_use]
    pub fn new(url: Url, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            url,
            status: 200,
            status_text: "OK".to_owned(),
            content_type: Some(content_type.into()),
            headers: Vec::new(),
            body: body.into(),
            delay: Duration::ZERO,
        }
    }

    /// The response of a server without this resource.
    pub(crate) fn not_found(url: Url) -> Self {
        Self::new(url, "text/plain", Vec::new())
            .with_status(404)
            .with_status_text("Not Found")
    }

    /// Sets the status message.
    #[must_use]
    pub fn with_status_text(mut self, text: impl Into<String>) -> Self {
        self.status_text = text.into();
        self
    }

    /// Sets the status, without a message.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        if status != self.status {
            self.status_text.clear();
        }
        self.status = status;
        self
    }

    /// Sets the duration of the fetch.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The first header of this name, which must be in lower case.
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
