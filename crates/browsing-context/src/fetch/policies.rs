//! The policies that a response sets by its headers.

use super::Response;
use crate::origin::{SandboxFlags, is_potentially_trustworthy, parse_a_sandboxing_directive};

/// [Get a structured field value](https://fetch.spec.whatwg.org/#concept-header-list-get-structured-header)
/// of an item: its token without parameters. Two headers are a list, and so no item.
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

/// The [sandbox directive](https://w3c.github.io/webappsec-csp/#directive-sandbox) of a response's
/// content security policies.
pub(crate) fn csp_sandbox(response: &Response) -> SandboxFlags {
    let mut flags = SandboxFlags::empty();
    let policies = response
        .headers
        .iter()
        .filter(|(name, _)| name == "content-security-policy");
    for policy in policies.flat_map(|(_, value)| value.split(',')) {
        for directive in policy.split(';') {
            let directive = directive.trim_ascii();
            let (name, value) = directive
                .split_once(|c: char| c.is_ascii_whitespace())
                .unwrap_or((directive, ""));
            if name.eq_ignore_ascii_case("sandbox") {
                flags |= parse_a_sandboxing_directive(value);
                // Later directives of the same name are ignored.
                break;
            }
        }
    }
    flags
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
    fn first_directive_of_each_policy_counts() {
        let flags = |header: &str| {
            let url = crate::origin::about_blank();
            let response = Response::new(url, "text/html", "");
            csp_sandbox(&response.with_header("Content-Security-Policy", header))
        };
        assert_eq!(flags("default-src 'none'"), SandboxFlags::empty());
        assert_eq!(
            flags("img-src x; SandBox ; sandbox allow-forms"),
            SandboxFlags::all()
        );
        assert!(!flags("sandbox allow-forms").contains(SandboxFlags::FORMS));
        // Each of two policies may forbid something.
        assert!(flags("sandbox allow-forms, sandbox").contains(SandboxFlags::FORMS));
    }
}
