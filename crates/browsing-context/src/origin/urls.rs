//! Special URLs ([HTML, URLs](https://html.spec.whatwg.org/multipage/urls-and-fetching.html)).

use url::Url;

/// [Matches `about:blank`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#matches-about:blank),
/// with any query and fragment.
#[must_use]
pub fn matches_about_blank(url: &Url) -> bool {
    url.scheme() == "about" && url.path() == "blank"
}

/// [Matches `about:srcdoc`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#matches-about:srcdoc),
/// with any query and fragment.
#[must_use]
pub fn matches_about_srcdoc(url: &Url) -> bool {
    url.scheme() == "about" && url.path() == "srcdoc"
}

/// Whether the URLs are equal except for their fragments.
#[must_use]
pub fn equals_excluding_fragments(a: &Url, b: &Url) -> bool {
    let strip = |url: &Url| url.as_str().split('#').next().map(str::to_owned);
    strip(a) == strip(b)
}

/// `about:blank`.
#[must_use]
pub fn about_blank() -> Url {
    constant("about:blank")
}

/// `about:srcdoc`.
#[must_use]
pub fn about_srcdoc() -> Url {
    constant("about:srcdoc")
}

// Not reached by input: both callers pass a constant URL.
#[allow(clippy::expect_used)]
fn constant(url: &'static str) -> Url {
    Url::parse(url).expect("a constant URL")
}

/// Whether a navigation to this URL creates its document without a fetch.
pub(crate) fn needs_no_fetch(url: &Url) -> bool {
    url.scheme() == "data" || matches_about_blank(url) || matches_about_srcdoc(url)
}

/// Whether a URL's scheme is a [fetch scheme](https://fetch.spec.whatwg.org/#fetch-scheme).
pub(crate) fn is_fetch_scheme(url: &Url) -> bool {
    has_local_scheme(url) || matches!(url.scheme(), "file" | "http" | "https")
}

/// Whether a URL's scheme is [local](https://fetch.spec.whatwg.org/#local-scheme).
pub(crate) fn has_local_scheme(url: &Url) -> bool {
    matches!(url.scheme(), "about" | "blob" | "data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_urls_match_with_any_query_and_fragment() {
        let url = |text| Url::parse(text).unwrap();
        assert!(matches_about_blank(&url("about:blank?a#b")));
        assert!(!matches_about_blank(&url("about:blanks")));
        assert!(matches_about_srcdoc(&about_srcdoc()));
        assert!(!matches_about_blank(&url("http://about/blank")));
    }

    #[test]
    fn fragments_are_ignored() {
        let url = |text| Url::parse(text).unwrap();
        assert!(equals_excluding_fragments(
            &url("http://a/b#c"),
            &url("http://a/b")
        ));
        assert!(!equals_excluding_fragments(
            &url("http://a/b?c"),
            &url("http://a/b")
        ));
    }
}
