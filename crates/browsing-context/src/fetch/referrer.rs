//! Referrers ([Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/)).

use url::Url;

use super::Response;
use super::policies::values;
use crate::origin::{Origin, has_local_scheme, is_potentially_trustworthy};

/// A [referrer policy](https://w3c.github.io/webappsec-referrer-policy/#referrer-policies): how much a request
/// reveals about its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReferrerPolicy {
    /// Unset: the policy of the client applies, and without one the default policy,
    /// `strict-origin-when-cross-origin`.
    #[default]
    Unset,
    /// `no-referrer`: no referrer.
    NoReferrer,
    /// `no-referrer-when-downgrade`: the URL, but no referrer from a secure to an insecure URL.
    NoReferrerWhenDowngrade,
    /// `same-origin`: the URL within the origin, and no referrer to others.
    SameOrigin,
    /// `origin`: the origin.
    Origin,
    /// `strict-origin`: the origin, but no referrer from a secure to an insecure URL.
    StrictOrigin,
    /// `origin-when-cross-origin`: the URL within the origin, and the origin to others.
    OriginWhenCrossOrigin,
    /// `strict-origin-when-cross-origin`: the same, but no referrer from a secure to an insecure URL.
    StrictOriginWhenCrossOrigin,
    /// `unsafe-url`: the URL.
    UnsafeUrl,
}

impl ReferrerPolicy {
    /// The policy with this name, in any case. `None` for an unknown name and for the empty string.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let policy = match name.to_ascii_lowercase().as_str() {
            "no-referrer" => Self::NoReferrer,
            "no-referrer-when-downgrade" => Self::NoReferrerWhenDowngrade,
            "same-origin" => Self::SameOrigin,
            "origin" => Self::Origin,
            "strict-origin" => Self::StrictOrigin,
            "origin-when-cross-origin" => Self::OriginWhenCrossOrigin,
            "strict-origin-when-cross-origin" => Self::StrictOriginWhenCrossOrigin,
            "unsafe-url" => Self::UnsafeUrl,
            _ => return None,
        };
        Some(policy)
    }

    /// The policy that a `meta` element declares
    /// ([meta referrer](https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer)): one of the older names
    /// is allowed, too.
    pub(crate) fn of_meta(content: &str) -> Option<Self> {
        let value = content.trim_ascii();
        match value.to_ascii_lowercase().as_str() {
            "never" => Some(Self::NoReferrer),
            "default" => Some(Self::StrictOriginWhenCrossOrigin),
            "always" => Some(Self::UnsafeUrl),
            "origin-when-crossorigin" => Some(Self::OriginWhenCrossOrigin),
            _ => Self::of_name(value),
        }
    }

    /// [Parse a referrer policy from a Referrer-Policy header](https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header)
    pub(crate) fn of_response(response: &Response) -> Self {
        let policies = values(response, "referrer-policy");
        policies
            .filter_map(Self::of_name)
            .last()
            .unwrap_or_default()
    }

    /// This policy, or another one if this is unset.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Unset => other,
            policy => policy,
        }
    }

    /// [Determine request's referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer):
    /// the referrer of a request from `source` for `target`. Empty for no referrer.
    pub(crate) fn referrer(self, source: &Url, target: &Url) -> String {
        // 4. Strip the source. A local URL, or the URL of a file, gives no referrer.
        if has_local_scheme(source) || !matches!(source.scheme(), "http" | "https") {
            return String::new();
        }
        let Some(origin) = Origin::of_url(source) else {
            return String::new();
        };
        let whole = || {
            let mut stripped = source.clone();
            stripped.set_fragment(None);
            // These fail only for URLs that cannot have credentials.
            let _ = stripped.set_username("");
            let _ = stripped.set_password(None);
            // 6. A long URL is reduced to its origin.
            match stripped.as_str().len() > MAX_REFERRER_LENGTH {
                true => format!("{origin}/"),
                false => String::from(stripped),
            }
        };
        let only_origin = || format!("{origin}/");
        let is_same_origin = Origin::of_url(target).is_some_and(|to| origin.same_origin(&to));
        // IMPLEMENTATION-DEFINED: an http source is never secure, not even localhost, as in browsers.
        let is_downgrade = source.scheme() == "https" && !is_potentially_trustworthy(target);
        // 8. Apply the policy.
        match self {
            Self::NoReferrer => String::new(),
            Self::UnsafeUrl => whole(),
            Self::Origin => only_origin(),
            Self::StrictOrigin if is_downgrade => String::new(),
            Self::StrictOrigin => only_origin(),
            Self::SameOrigin if is_same_origin => whole(),
            Self::SameOrigin => String::new(),
            Self::OriginWhenCrossOrigin if is_same_origin => whole(),
            Self::OriginWhenCrossOrigin => only_origin(),
            Self::NoReferrerWhenDowngrade if is_downgrade => String::new(),
            Self::NoReferrerWhenDowngrade => whole(),
            Self::Unset | Self::StrictOriginWhenCrossOrigin if is_same_origin => whole(),
            Self::Unset | Self::StrictOriginWhenCrossOrigin if is_downgrade => String::new(),
            Self::Unset | Self::StrictOriginWhenCrossOrigin => only_origin(),
        }
    }
}

/// The longest referrer that is not reduced to its origin.
const MAX_REFERRER_LENGTH: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn referrers(source: &str, target: &str) -> Vec<String> {
        let (source, target) = (Url::parse(source).unwrap(), Url::parse(target).unwrap());
        let names = "no-referrer no-referrer-when-downgrade same-origin origin strict-origin \
                     origin-when-cross-origin strict-origin-when-cross-origin unsafe-url";
        let policies = names
            .split(' ')
            .map(|name| ReferrerPolicy::of_name(name).unwrap());
        policies
            .map(|policy| policy.referrer(&source, &target))
            .collect()
    }

    #[test]
    fn referrer_policies_send_the_url_the_origin_or_nothing() {
        let (whole, origin) = ("https://a.test/x?y", "https://a.test/");
        assert_eq!(
            referrers("https://u:p@a.test/x?y#z", "https://a.test/w"),
            ["", whole, whole, origin, origin, whole, whole, whole]
        );
        assert_eq!(
            referrers("https://a.test/x?y", "https://b.test/"),
            ["", whole, "", origin, origin, origin, origin, whole]
        );
        assert_eq!(
            referrers("https://a.test/x?y", "http://a.test/"),
            ["", "", "", origin, "", origin, "", whole]
        );
        assert_eq!(referrers("file:///x", "http://a.test/"), [""; 8]);
        assert_eq!(referrers("data:,x", "http://a.test/"), [""; 8]);
    }

    #[test]
    fn long_url_is_reduced_to_its_origin() {
        let source = format!("http://a.test/{}", "x".repeat(MAX_REFERRER_LENGTH));
        let sent = referrers(&source, "http://a.test/");
        assert_eq!(sent.last().unwrap(), "http://a.test/");
    }

    #[test]
    fn last_known_name_of_a_header_is_used() {
        let of = |header: &str| {
            let response = Response::new(Url::parse("http://a.test/").unwrap(), "", "");
            ReferrerPolicy::of_response(&response.with_header("Referrer-Policy", header))
        };
        assert_eq!(
            of("origin, UNSAFE-URL, nonsense"),
            ReferrerPolicy::UnsafeUrl
        );
        assert_eq!(of("never"), ReferrerPolicy::Unset);
        assert_eq!(
            ReferrerPolicy::of_meta(" Never "),
            Some(ReferrerPolicy::NoReferrer)
        );
        assert_eq!(ReferrerPolicy::of_meta(""), None);
    }
}
