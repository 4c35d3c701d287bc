//! Setting a cookie by its parts
//! ([Cookie Store API, set a cookie](https://cookiestore.spec.whatwg.org/#set-cookie-algorithm)).

use core::time::Duration;

use url::Host;

use super::context::CookieContext;
use super::cookie::{SameSite, domain_matches, has_prefix};
use super::jar::CookieJar;
use super::parse::{MAX_AGE, MAX_ATTRIBUTE, MAX_PAIR, Parsed, default_path, trim};

/// The parts of a cookie, as script gives them to `CookieStore`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CookieInit {
    /// Its name; empty for a cookie that is only a value.
    pub name: String,
    /// Its value.
    pub value: String,
    /// When it expires, since the Unix epoch; `None` at the end of the session. A time in the past deletes the cookie.
    pub expires: Option<Duration>,
    /// The domain whose hosts get it; `None` for the one host.
    pub domain: Option<String>,
    /// The path below which it is sent; the empty string for that of the URL.
    pub path: String,
    /// Which other sites may send it.
    pub same_site: SameSite,
    /// Whether it is in the partition of the top-level site.
    pub is_partitioned: bool,
}

impl CookieInit {
    /// A cookie for all paths of the host, until the end of the session.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            expires: None,
            domain: None,
            path: "/".to_owned(),
            same_site: SameSite::Strict,
            is_partitioned: false,
        }
    }
}

/// The reason why a cookie is not set. For script it is a `TypeError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CookieError {
    /// The name, the value or the path has a semicolon or a control character.
    #[error("the name, the value or the path has a semicolon or a control character")]
    Character,
    /// The name has an equals sign, or the value of a cookie without a name has one.
    #[error("the name has an equals sign")]
    EqualsSign,
    /// There is neither a name nor a value.
    #[error("the cookie has neither a name nor a value")]
    Empty,
    /// The name, or the value of a cookie without a name, has a prefix that only HTTP may set.
    #[error("the name has a prefix that script cannot set")]
    Prefix,
    /// The name and the value are longer than 4,096 bytes.
    #[error("the cookie is too long")]
    TooLong,
    /// The domain is not that of the host or one around it, or the name forbids a domain.
    #[error("the domain does not fit the host or the name")]
    Domain,
    /// The path does not begin with a slash, is too long, or does not fit the name.
    #[error("the path does not begin with a slash, is too long, or does not fit the name")]
    Path,
    /// The jar refuses it.
    #[error("the cookie is refused")]
    Refused,
}

impl CookieJar {
    /// [Set a cookie](https://cookiestore.spec.whatwg.org/#set-a-cookie)
    ///
    /// # Errors
    /// Fails for the reasons of [`CookieError`].
    pub fn set_a_cookie(
        &mut self,
        context: &CookieContext,
        init: &CookieInit,
        now: Duration,
    ) -> Result<(), CookieError> {
        // 1. and 2. Normalize the name and the value.
        let (name, value) = (trim(&init.name), trim(&init.value));
        // 3. Some characters are forbidden.
        let is_invalid = |c: char| c == ';' || (c.is_ascii_control() && c != '\t');
        if name.contains(is_invalid) || value.contains(is_invalid) {
            return Err(CookieError::Character);
        }
        // 4. The name has no equals sign.
        if name.contains('=') {
            return Err(CookieError::EqualsSign);
        }
        // 5. Without a name:
        if name.is_empty() {
            // 5.1. The value has no equals sign.
            if value.contains('=') {
                return Err(CookieError::EqualsSign);
            }
            // 5.2. The value is not empty.
            if value.is_empty() {
                return Err(CookieError::Empty);
            }
            // 5.3. The value does not look like a name with a prefix.
            let prefixes = ["__Host-", "__Host-Http-", "__Http-", "__Secure-"];
            if prefixes.iter().any(|prefix| has_prefix(value, prefix)) {
                return Err(CookieError::Prefix);
            }
        }
        // 6. Only HTTP sets names with these prefixes.
        if has_prefix(name, "__Host-Http-") || has_prefix(name, "__Http-") {
            return Err(CookieError::Prefix);
        }
        // 7. to 9. There is a limit on the length.
        if name.len() + value.len() > MAX_PAIR {
            return Err(CookieError::TooLong);
        }
        // 10. and 11. The host is that of the context.
        let is_bound = has_prefix(name, "__Host-");
        // 12. The domain is the host's or one around it.
        let domain = match &init.domain {
            Some(domain) => Some(checked_domain(domain, &context.host(), is_bound)?),
            None => None,
        };
        // 13. and 14. There is a date or an age. An age is a date here.
        let expires = init.expires.map(|at| at.min(now.saturating_add(MAX_AGE)));
        // 15. Without a path, use that of the URL.
        let path = match init.path.as_str() {
            "" => default_path(context.url().path()),
            path => path.to_owned(),
        };
        // 16. The path is absolute. 17. A prefix of the name can forbid all paths but one.
        if !path.starts_with('/') || (is_bound && path != "/") {
            return Err(CookieError::Path);
        }
        // IMPLEMENTATION-DEFINED: the characters of 3. are forbidden here, too. In a header they would end the path.
        if path.contains(is_invalid) {
            return Err(CookieError::Character);
        }
        // 18. and 19. There is a limit on its length.
        if path.len() > MAX_ATTRIBUTE {
            return Err(CookieError::Path);
        }
        // 20. to 24. Store the cookie with these attributes. It is secure (21.).
        let parsed = Parsed {
            name: name.to_owned(),
            value: value.to_owned(),
            expires,
            domain,
            path: Some(path),
            is_secure: true,
            is_http_only: false,
            is_partitioned: init.is_partitioned,
            same_site: init.same_site,
        };
        // 25. Return success.
        // IMPLEMENTATION-DEFINED: a cookie that the jar refuses is a failure. In the standard it is a success.
        match self.store_a_cookie(context, parsed, now) {
            true => Ok(()),
            false => Err(CookieError::Refused),
        }
    }
}

/// The canonical form of a domain, if the host is in it: step 12 of
/// [set a cookie](https://cookiestore.spec.whatwg.org/#set-a-cookie). The jar refuses public suffixes.
fn checked_domain(domain: &str, host: &str, is_bound: bool) -> Result<String, CookieError> {
    // 12.1. It does not begin with a dot. 12.2. A prefix of the name can forbid it.
    if domain.starts_with('.') || is_bound {
        return Err(CookieError::Domain);
    }
    // 12.4. to 12.6. Parse it. This comes first, so that 12.3. compares canonical domains.
    let domain = Host::parse(domain).map_err(|_| CookieError::Domain)?;
    let domain = domain.to_string();
    // 12.3. The host is in it. 12.7. There is a limit on its length.
    if !domain_matches(host, &domain) || domain.len() > MAX_ATTRIBUTE {
        return Err(CookieError::Domain);
    }
    // 12.8. Use it.
    Ok(domain)
}
