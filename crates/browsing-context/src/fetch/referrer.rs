//! Referrers ([Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/)).

use crate::origin::Origin;
use url::Url;

/// The referrer under the default policy,
/// [strict-origin-when-cross-origin](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer).
// NOT YET: other policies.
pub(crate) fn referrer(source: &Url, target: &Url) -> String {
    if !matches!(source.scheme(), "http" | "https") {
        return String::new();
    }
    let (Some(from), to) = (Origin::of_url(source), Origin::of_url(target)) else {
        return String::new();
    };
    if to.is_some_and(|to| from.same_origin(&to)) {
        let mut stripped = source.clone();
        stripped.set_fragment(None);
        // These fail only for URLs that cannot have credentials.
        let _ = stripped.set_username("");
        let _ = stripped.set_password(None);
        return stripped.into();
    }
    if source.scheme() == "https" && target.scheme() == "http" {
        return String::new();
    }
    format!("{from}/")
}
