//! Parsing `Set-Cookie`
//! ([RFC 6265bis, the Set-Cookie header field](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-set-cookie-header-field-2)).

use core::time::Duration;

use super::cookie::SameSite;

/// The limit on the bytes of a name and a value together.
pub(super) const MAX_PAIR: usize = 4096;
/// The limit on the bytes of the value of an attribute, such as a path.
pub(super) const MAX_ATTRIBUTE: usize = 1024;
/// The limit on the lifetime of a cookie.
pub(super) const MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// A parsed `Set-Cookie` header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) expires: Option<Duration>,
    pub(super) domain: Option<String>,
    pub(super) path: Option<String>,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
    pub(super) is_partitioned: bool,
    pub(super) same_site: SameSite,
}

/// Parses the header; `None` if the cookie is to be ignored.
pub(super) fn parse_set_cookie(header: &str, now: Duration) -> Option<Parsed> {
    // 1. A control character other than a tab makes it invalid.
    if header.chars().any(|c| c.is_ascii_control() && c != '\t') {
        return None;
    }
    // 2. Split off the attributes.
    let (pair, attributes) = header.split_once(';').unwrap_or((header, ""));
    // 3. and 4. Without an equals sign, it has no name.
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let (name, value) = (trim(name), trim(value));
    // 5. It may not be empty, nor too long.
    if (name.is_empty() && value.is_empty()) || name.len() + value.len() > MAX_PAIR {
        return None;
    }
    // 6. Parse the attributes. The crate refuses cookies without a name, so it gets another pair.
    let attributes = attributes.split(';');
    let fits = |attribute: &&str| {
        let value = attribute.split_once('=').map_or("", |(_, value)| value);
        trim(value).len() <= MAX_ATTRIBUTE
    };
    let attributes: Vec<&str> = attributes.filter(fits).collect();
    let parsed = cookie::Cookie::parse(format!("x=x;{}", attributes.join(";"))).ok()?;
    let latest = now.saturating_add(MAX_AGE);
    let max_age = parsed.max_age().map(|age| {
        let age = Duration::try_from(age).unwrap_or_default();
        now.saturating_add(age)
    });
    let expires = parsed.expires_datetime().map(|at| {
        let seconds = u64::try_from(at.unix_timestamp()).unwrap_or_default();
        Duration::from_secs(seconds)
    });
    Some(Parsed {
        name: name.to_owned(),
        value: value.to_owned(),
        // `Max-Age` takes precedence.
        expires: max_age.or(expires).map(|at| at.min(latest)),
        domain: parsed.domain().map(str::to_ascii_lowercase),
        path: parsed
            .path()
            .filter(|path| path.starts_with('/'))
            .map(str::to_owned),
        is_secure: parsed.secure().unwrap_or(false),
        is_http_only: parsed.http_only().unwrap_or(false),
        is_partitioned: parsed.partitioned().unwrap_or(false),
        same_site: match parsed.same_site() {
            Some(cookie::SameSite::None) => SameSite::None,
            Some(cookie::SameSite::Lax) => SameSite::Lax,
            Some(cookie::SameSite::Strict) => SameSite::Strict,
            None => SameSite::Default,
        },
    })
}

/// The text without spaces and tabs around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// [Default-path](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-paths-and-path-match)
pub(super) fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path.get(..end).unwrap_or("/").to_owned(),
    }
}
