//! Requests as the network gets them.

use framepost_browsing_context::fetch::headers::{self, HeaderList};
use framepost_browsing_context::{Destination, FetchRequest};

use super::{LANGUAGE, USER_AGENT};
use crate::http::HttpRequest;

/// Builds the request to send over the network.
pub(super) fn http_request(details: &FetchRequest) -> HttpRequest {
    HttpRequest {
        url: details.url.clone(),
        method: details.method().to_owned(),
        headers: request_headers(details),
        body: details.body_bytes().map(<[u8]>::to_vec),
    }
}

/// Returns the headers of a request except connection headers. Only the names that script has set may have capital letters
/// ([HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch)).
// NOT YET: Fetch Metadata headers.
#[must_use]
pub fn request_headers(details: &FetchRequest) -> HeaderList {
    let accept = match details.destination {
        Destination::Document
        | Destination::Iframe
        | Destination::Frame
        | Destination::Object
        | Destination::Embed => "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        _ => "*/*",
    };
    let mut headers = details.headers.clone();
    let mut add = |name: &str, value: &str| {
        if !headers::contains(&details.headers, name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    };
    add("accept", accept);
    add("user-agent", USER_AGENT);
    if details.destination == Destination::Empty {
        add("accept-language", LANGUAGE);
    }
    if !details.referrer.is_empty() {
        add("referer", &details.referrer);
    }
    if let Some(sent) = &details.post_resource {
        headers.push(("content-type".to_owned(), sent.content_type.clone()));
        // Append a request `Origin` header: the default referrer policy hides an https origin from
        // http.
        let origin = details.origin.as_ref().map(ToString::to_string);
        let origin = origin
            .filter(|origin| !origin.starts_with("https:") || details.url.scheme() == "https")
            .unwrap_or_else(|| "null".to_owned());
        headers.push(("origin".to_owned(), origin));
    }
    headers
}
