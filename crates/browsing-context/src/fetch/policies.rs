//! The policies that a response sets by its headers.

use super::{MimeType, Response, is_javascript};
use crate::origin::{Origin, is_potentially_trustworthy};

/// [Get a structured field value](https://fetch.spec.whatwg.org/#concept-header-list-get-structured-header)
/// of an item: its token without parameters. Two headers form a list, which is not an item.
fn token<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    let mut found = response.headers.iter().filter(|(held, _)| held == name);
    let (_, value) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    value.split(';').next().map(str::trim_ascii)
}

/// [Obtain an embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#obtain-an-embedder-policy),
/// and whether it is
/// [compatible with cross-origin isolation](https://html.spec.whatwg.org/multipage/browsers.html#compatible-with-cross-origin-isolation).
pub(crate) fn has_compatible_embedder_policy(response: &Response) -> bool {
    let policy = token(response, "cross-origin-embedder-policy");
    is_potentially_trustworthy(&response.url)
        && matches!(policy, Some("require-corp" | "credentialless"))
}

/// Whether the response's [opener policy](https://html.spec.whatwg.org/multipage/browsers.html#obtain-coop)
/// is "same-origin-plus-COEP": its browsing context group is cross-origin isolated.
pub(crate) fn isolates(response: &Response) -> bool {
    has_compatible_embedder_policy(response)
        && token(response, "cross-origin-opener-policy") == Some("same-origin")
}

/// The values of a header, [decoded and split](https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split).
pub(super) fn values<'r>(
    response: &'r Response,
    name: &'static str,
) -> impl Iterator<Item = &'r str> {
    let found = response
        .headers
        .iter()
        .filter(move |(held, _)| held == name);
    found
        .flat_map(|(_, value)| value.split(','))
        .map(str::trim_ascii)
}

/// Whether the response asks [not to be sniffed](https://fetch.spec.whatwg.org/#determine-nosniff).
pub(crate) fn is_nosniff(response: &Response) -> bool {
    let first = values(response, "x-content-type-options").next();
    first.is_some_and(|value| value.eq_ignore_ascii_case("nosniff"))
}

/// Whether a response must not be a script
/// ([should response be blocked due to its MIME type](https://fetch.spec.whatwg.org/#ref-for-should-response-to-request-be-blocked-due-to-mime-type?)
/// and [due to nosniff](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?)).
pub(crate) fn is_blocked_script(response: &Response) -> bool {
    let content_type = response.content_type.as_deref();
    let essence = content_type
        .and_then(MimeType::parse)
        .map(|mime| mime.essence);
    match essence {
        Some(essence) if is_javascript(&essence) => false,
        Some(essence) => {
            let never = ["audio/", "image/", "video/"];
            is_nosniff(response)
                || essence == "text/csv"
                || never.iter().any(|start| essence.starts_with(start))
        }
        None => is_nosniff(response),
    }
}

/// Whether a response is [to be downloaded](https://html.spec.whatwg.org/multipage/links.html#as-a-download)
/// and not to be shown.
pub(crate) fn is_attachment(response: &Response) -> bool {
    let disposition = response.header("content-disposition").unwrap_or_default();
    let kind = disposition.split(';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case("attachment")
}

/// Whether `X-Frame-Options` forbids to show a response in a frame whose ancestors are documents of
/// these origins
/// ([check a navigation response's adherence to X-Frame-Options](https://html.spec.whatwg.org/multipage/document-lifecycle.html#check-a-navigation-response's-adherence-to-x-frame-options)).
pub(crate) fn frame_options_forbid(
    response: &Response,
    origin: &Origin,
    ancestors: &[Origin],
) -> bool {
    // 3. to 5. Collect the values.
    let mut options: Vec<String> = Vec::new();
    for value in values(response, "x-frame-options") {
        let value = value.to_ascii_lowercase();
        if !options.contains(&value) {
            options.push(value);
        }
    }
    match options.as_slice() {
        // 7. and 8. Several different values forbid it if one of them is known.
        [_, _, ..] => {
            let is_known =
                |value: &String| matches!(value.as_str(), "deny" | "allowall" | "sameorigin");
            options.iter().any(is_known)
        }
        // 9. SAMEORIGIN forbids ancestors of another origin, and DENY forbids all ancestors.
        [option] => match option.as_str() {
            "deny" => true,
            "sameorigin" => ancestors
                .iter()
                .any(|ancestor| !ancestor.same_origin(origin)),
            _ => false,
        },
        // 10. Everything else is allowed.
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(url: &str, opener: &str, embedder: &str) -> Response {
        Response::new(url.parse().unwrap(), "text/html", "")
            .with_header("Cross-Origin-Opener-Policy", opener)
            .with_header("Cross-Origin-Embedder-Policy", embedder)
    }

    #[test]
    fn both_headers_isolate_in_secure_contexts() {
        let isolating = |url, opener, embedder| isolates(&response(url, opener, embedder));
        assert!(isolating("https://a.test/", "same-origin", "require-corp"));
        assert!(isolating(
            "http://localhost:8000/",
            "same-origin; report-to=\"x\"",
            " credentialless "
        ));
        assert!(isolating(
            "http://127.0.0.1/",
            "same-origin",
            "require-corp"
        ));
        assert!(!isolating("http://a.test/", "same-origin", "require-corp"));
        assert!(!isolating("https://a.test/", "same-origin", "unsafe-none"));
        assert!(!isolating("https://a.test/", "Same-Origin", "require-corp"));
        assert!(!isolating(
            "https://a.test/",
            "same-origin-allow-popups",
            "require-corp"
        ));
        assert!(!isolating(
            "https://a.test/",
            "same-origin, same-origin",
            "require-corp"
        ));
    }

    #[test]
    fn two_headers_do_not_isolate() {
        let twice = response("https://a.test/", "same-origin", "require-corp")
            .with_header("Cross-Origin-Opener-Policy", "same-origin");
        assert!(!isolates(&twice));
    }

    #[test]
    fn frame_options_check_all_ancestors() {
        let origin = |url: &str| Origin::of_url(&url.parse().unwrap()).unwrap();
        let (a, b) = (origin("http://a.test/"), origin("http://b.test/"));
        let forbids = |value: &str, ancestors: &[Origin]| {
            let response = Response::new("http://a.test/".parse().unwrap(), "text/html", "");
            let response = response.with_header("X-Frame-Options", value);
            frame_options_forbid(&response, &a, ancestors)
        };
        assert!(forbids("DENY", std::slice::from_ref(&a)));
        assert!(!forbids("SameOrigin", std::slice::from_ref(&a)));
        assert!(forbids("sameorigin", &[a.clone(), b.clone()]));
        assert!(forbids("sameorigin, deny", std::slice::from_ref(&a)));
        assert!(!forbids("sameorigin, SAMEORIGIN", std::slice::from_ref(&a)));
        assert!(!forbids("nonsense", std::slice::from_ref(&b)));
        assert!(!forbids("allowall", std::slice::from_ref(&b)));
        assert!(forbids("allowall, nonsense", &[b]));
    }

    #[test]
    fn scripts_are_blocked_by_their_type() {
        let blocked = |content_type: &str, nosniff: &str| {
            let url = "http://a.test/".parse().unwrap();
            let response = Response::new(url, content_type, "");
            is_blocked_script(&response.with_header("X-Content-Type-Options", nosniff))
        };
        assert!(!blocked("text/plain", ""));
        assert!(blocked("text/plain", "NoSniff"));
        assert!(!blocked("text/javascript", "nosniff"));
        assert!(blocked("image/png", ""));
        assert!(blocked("text/csv", "x, nosniff"));
        assert!(!blocked("text/plain", "x, nosniff"));
    }

    #[test]
    fn attachments_are_downloaded() {
        let attached = |value: &str| {
            let response = Response::new("http://a.test/".parse().unwrap(), "text/html", "");
            is_attachment(&response.with_header("Content-Disposition", value))
        };
        assert!(attached("Attachment; filename=x"));
        assert!(!attached("inline"));
        assert!(!attached(""));
    }
}
