//! The cookie jar
//! ([RFC 6265bis, storage model](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-storage-model)).

use core::time::Duration;

use url::Host;

use super::context::CookieContext;
use super::cookie::{Cookie, Partition, SameSite, domain_matches, has_prefix, path_matches};
use super::parse::{Parsed, default_path, parse_set_cookie};
use crate::origin::public_suffix;

/// The limit on the cookies of one domain, as in Chromium. The oldest one is dropped.
const MAX_OF_DOMAIN: usize = 180;
/// The limit on all cookies.
const MAX_COOKIES: usize = 3300;

/// A change of the jar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieChange {
    /// The cookie.
    pub cookie: Cookie,
    /// Whether it was deleted, or else set.
    pub is_deleted: bool,
}

/// The cookies of an agent.
#[derive(Debug, Default)]
pub struct CookieJar {
    cookies: Vec<Cookie>,
    last_created: u64,
    /// The changes, while somebody takes them.
    changes: Option<Vec<CookieChange>>,
}

impl CookieJar {
    /// An empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no cookie.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cookies.is_empty()
    }

    /// Records changes from now on.
    pub fn record_changes(&mut self) {
        self.changes.get_or_insert_default();
    }

    /// Takes the changes since the last call.
    #[must_use]
    pub fn take_changes(&mut self) -> Vec<CookieChange> {
        self.changes
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Stores the cookie of a `Set-Cookie` header, or of an assignment to `document.cookie`
    /// ([store a cookie](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-store-a-cookie)).
    /// Returns whether the cookie was accepted.
    pub fn set_cookie(&mut self, context: &CookieContext, header: &str, now: Duration) -> bool {
        // 1. and 2. Parse it.
        let parsed = parse_set_cookie(header, now);
        parsed.is_some_and(|parsed| self.store_a_cookie(context, parsed, now))
    }

    /// The rest of [store a cookie](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-store-a-cookie).
    /// Returns whether the cookie was not ignored.
    // 16. needs the other cookies, so it follows 22.
    pub(super) fn store_a_cookie(
        &mut self,
        context: &CookieContext,
        parsed: Parsed,
        now: Duration,
    ) -> bool {
        // 3. to 15. and 17. to 22. Check it alone.
        accepted(context, parsed).is_some_and(|cookie| self.store(context, cookie, now))
    }

    /// Steps 16 and 23 to 24 of storing a cookie.
    fn store(&mut self, context: &CookieContext, mut cookie: Cookie, now: Duration) -> bool {
        self.remove_expired(now);
        // 16. A connection that is not secure cannot hide a secure cookie.
        let hides = |held: &Cookie| {
            held.is_secure
                && held.name == cookie.name
                && (domain_matches(&held.domain, &cookie.domain)
                    || domain_matches(&cookie.domain, &held.domain))
                && path_matches(&cookie.path, &held.path)
        };
        if !cookie.is_secure && !context.is_secure() && self.cookies.iter().any(hides) {
            return false;
        }
        // 23. Replace the cookie of this identity. Script cannot replace what it does not see.
        let old = self.cookies.iter().position(|held| cookie.replaces(held));
        if let Some(old) = old.and_then(|place| self.cookies.get(place))
            && old.is_http_only
            && !context.is_http()
        {
            return false;
        }
        let old = old.map(|place| self.cookies.remove(place));
        self.last_created += 1;
        cookie.created = old.as_ref().map_or(self.last_created, |old| old.created);
        // 24. Insert it. One that has expired only deletes.
        if cookie.has_expired(now) {
            if let Some(old) = old {
                self.changed(old, true);
            }
            return true;
        }
        self.changed(cookie.clone(), false);
        self.cookies.push(cookie);
        self.evict();
        true
    }

    fn changed(&mut self, cookie: Cookie, is_deleted: bool) {
        if let Some(changes) = &mut self.changes {
            changes.push(CookieChange { cookie, is_deleted });
        }
    }

    fn remove_expired(&mut self, now: Duration) {
        if self.cookies.iter().any(|held| held.has_expired(now)) {
            let all = std::mem::take(&mut self.cookies);
            let (expired, kept) = all.into_iter().partition(|held| held.has_expired(now));
            self.cookies = kept;
            for cookie in Vec::from_iter::<Vec<Cookie>>(expired) {
                self.changed(cookie, true);
            }
        }
    }

    /// Drops the oldest cookies beyond the limits.
    fn evict(&mut self) {
        let Some(domain) = self.cookies.last().map(|last| last.domain.clone()) else {
            return;
        };
        let of_domain = |held: &&Cookie| held.domain == domain;
        let is_full = self.cookies.iter().filter(of_domain).count() > MAX_OF_DOMAIN;
        let oldest = |only_domain: bool| {
            let all = self.cookies.iter().enumerate();
            let candidates = all.filter(|(_, held)| !only_domain || held.domain == domain);
            candidates
                .min_by_key(|(_, held)| held.created)
                .map(|(place, _)| place)
        };
        let place = match (is_full, self.cookies.len() > MAX_COOKIES) {
            (true, _) => oldest(true),
            (false, true) => oldest(false),
            (false, false) => None,
        };
        if let Some(place) = place {
            let dropped = self.cookies.remove(place);
            self.changed(dropped, true);
        }
    }

    /// The cookies for a context, in the order of the standard
    /// ([retrieval algorithm](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-retrieval-algorithm)).
    #[must_use]
    pub fn retrieve(&self, context: &CookieContext, now: Duration) -> Vec<&Cookie> {
        // 1. Find them.
        let held = self.cookies.iter();
        let visible = held.filter(|held| !held.has_expired(now) && held.is_visible_to(context));
        let mut found: Vec<&Cookie> = visible.collect();
        // 2. Longer paths come first, then older cookies.
        found.sort_by_key(|held| (std::cmp::Reverse(held.path.len()), held.created));
        // 3. NOT YET: the time of the last access. Only evicting would need it.
        found
    }

    /// The `Cookie` header for a context, or the value of `document.cookie`; empty without cookies.
    #[must_use]
    pub fn cookie_string(&self, context: &CookieContext, now: Duration) -> String {
        let pairs = self.retrieve(context, now).into_iter();
        let pairs = pairs.map(|held| match held.name.is_empty() {
            true => held.value.clone(),
            false => format!("{}={}", held.name, held.value),
        });
        pairs.collect::<Vec<_>>().join("; ")
    }
}

/// The cookie, unless its attributes do not fit the context ([store a cookie](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-store-a-cookie),
/// 3. to 15. and 17. to 22.).
fn accepted(context: &CookieContext, parsed: Parsed) -> Option<Cookie> {
    let host = context.host();
    // 8. to 10. A domain has to contain the host, and may be no public suffix.
    let mut domain = parsed.domain.clone().filter(|domain| !domain.is_empty());
    if let Some(given) = &domain {
        let is_name = matches!(Host::parse(given), Ok(Host::Domain(_)));
        let is_public = is_name && public_suffix(given) == *given;
        if is_public && *given == host {
            domain = None;
        } else if is_public || !domain_matches(&host, given) {
            return None;
        }
    }
    let is_host_only = domain.is_none();
    let domain = domain.unwrap_or(host);
    // 11. The path.
    let path = parsed.path.clone();
    let path = path.unwrap_or_else(|| default_path(context.url().path()));
    // 12. and 13. Only secure contexts set secure cookies.
    if parsed.is_secure && !context.is_secure() {
        return None;
    }
    // 14. and 15. Only HTTP sets cookies that script does not see.
    if parsed.is_http_only && !context.is_http() {
        return None;
    }
    // 17. and 18. Another site sets only cookies for other sites.
    if !context.may_store(parsed.same_site) {
        return None;
    }
    // 19. Cookies for other sites, and those of a partition, have to be secure.
    let needs_secure = parsed.same_site == SameSite::None || parsed.is_partitioned;
    if needs_secure && !parsed.is_secure {
        return None;
    }
    // 20. to 22. Prefixes promise attributes. A cookie without a name cannot pretend to have one.
    let text = match parsed.name.is_empty() {
        true => &parsed.value,
        false => &parsed.name,
    };
    let (secure, host_prefix) = (has_prefix(text, "__Secure-"), has_prefix(text, "__Host-"));
    let is_bound = is_host_only && path == "/" && parsed.path.is_some();
    if (secure || host_prefix) && (parsed.name.is_empty() || !parsed.is_secure)
        || (host_prefix && !is_bound)
    {
        return None;
    }
    let partition: Option<Partition> = parsed.is_partitioned.then(|| context.partition());
    Some(Cookie {
        name: parsed.name,
        value: parsed.value,
        domain,
        is_host_only,
        path,
        expires: parsed.expires,
        is_secure: parsed.is_secure,
        is_http_only: parsed.is_http_only,
        same_site: parsed.same_site,
        partition,
        created: 0,
    })
}
