//! Helpers about URLs ([HTML, URLs](https://html.spec.whatwg.org/multipage/urls-and-fetching.html)).

use url::Url;

/// [Matches `about:blank`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#matches-about:blank)
/// or [`about:srcdoc`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#matches-about:srcdoc),
/// whatever its query and fragment.
#[must_use]
pub fn matches_about(url: &Url, path: &str) -> bool {
    url.scheme() == "about" && url.path() == path
}

/// Whether the URLs are equal but for their fragments.
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

// No input gets here: the two callers' constants are URLs.
#[allow(clippy::expect_used)]
fn constant(url: &'static str) -> Url {
    Url::parse(url).expect("a constant URL")
}

/// Whether a navigation to this URL makes its document without a fetch.
pub(crate) fn needs_no_fetch(url: &Url) -> bool {
    url.scheme() == "data" || matches_about(url, "blank") || matches_about(url, "srcdoc")
}

/// Whether a URL's scheme is [local](https://fetch.spec.whatwg.org/#local-scheme).
pub(crate) fn has_local_scheme(url: &Url) -> bool {
    matches!(url.scheme(), "about" | "blob" | "data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_urls_match_whatever_follows_the_path() {
        let url = |text| Url::parse(text).unwrap();
        assert!(matches_about(&url("about:blank?a#b"), "blank"));
        assert!(!matches_about(&url("about:blanks"), "blank"));
        assert!(matches_about(&about_srcdoc(), "srcdoc"));
        assert!(!matches_about(&url("http://about/blank"), "blank"));
    }

    #[test]
    fn fragments_do_not_count() {
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
