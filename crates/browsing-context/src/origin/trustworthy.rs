//! Potentially trustworthy URLs and origins ([Secure Contexts](https://w3c.github.io/webappsec-secure-contexts/)).

use url::{Host, Url};

use super::Origin;

/// [Is the URL potentially trustworthy?](https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy)
pub(crate) fn is_potentially_trustworthy(url: &Url) -> bool {
    match url.scheme() {
        // 1. about:blank and about:srcdoc.
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        // 2. data: URLs.
        "data" => true,
        // 3. The origin decides. A file has an opaque origin, but is trusted (step 6 of the algorithm for origins).
        "file" => true,
        "http" | "https" => is_host_trustworthy(url.scheme(), url.host().as_ref()),
        _ => Origin::of_url(url).is_some_and(|origin| is_origin_potentially_trustworthy(&origin)),
    }
}

/// [Is the origin potentially trustworthy?](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy)
pub(crate) fn is_origin_potentially_trustworthy(origin: &Origin) -> bool {
    match origin {
        // 1. Opaque origins are not.
        Origin::Opaque(_) => false,
        // 2. Assert: it is a tuple origin.
        Origin::Tuple(tuple) => is_host_trustworthy(&tuple.scheme, Some(&tuple.host)),
    }
}

fn is_host_trustworthy<S: AsRef<str>>(scheme: &str, host: Option<&Host<S>>) -> bool {
    // 3. The scheme is https or wss. 6. to 9. No other scheme is trusted.
    matches!(scheme, "https" | "wss")
        || scheme == "http"
            && match host {
                // 4. The host is a loopback address.
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
                // 5. The user agent resolves localhost to such an address.
                Some(Host::Domain(domain)) => {
                    let domain = domain.as_ref();
                    domain == "localhost" || domain.ends_with(".localhost")
                }
                None => false,
            }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_trusted_by_scheme_and_host() {
        for (url, expected) in [
            ("https://a.example/", true),
            ("http://a.example/", false),
            ("http://localhost:8080/", true),
            ("http://a.localhost/", true),
            ("http://localhost.example/", false),
            ("http://127.0.0.1/", true),
            ("http://127.8.8.8/", true),
            ("http://128.0.0.1/", false),
            ("http://[::1]:1/", true),
            ("http://[::2]/", false),
            ("file:///a.html", true),
            ("data:text/html,a", true),
            ("about:blank", true),
            ("about:srcdoc", true),
            ("about:config", false),
            ("blob:https://a.example/1", true),
            ("blob:http://a.example/1", false),
            ("blob:null/1", false),
            ("mailto:a@a.example", false),
        ] {
            let url = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(is_potentially_trustworthy(&url), expected, "{url}");
        }
    }
}
