//! Cookies ([RFC 6265bis](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html)), on the clock of the
//! embedder.
//!
//! The [`CookieJar`] stores cookies and answers with those that fit a [`CookieContext`]: a URL, the site around it, and
//! whether HTTP or script asks. It knows no document and reads no clock: each method takes the time since the Unix
//! epoch. [`Contexts`](crate::Contexts) makes the contexts of documents and requests. The crate `cookie` parses the
//! attributes.
//!
//! Rejected: the crate `cookie_store`, which reads the wall clock and knows neither `SameSite` nor partitions.
//!
//! ```
//! use core::time::Duration;
//! use framepost_browsing_context::cookies::{CookieContext, CookieJar};
//! use framepost_browsing_context::Url;
//!
//! let mut jar = CookieJar::new();
//! let page = CookieContext::http(Url::parse("https://www.example.com/a/b")?);
//! let now = Duration::from_secs(1_000);
//! jar.set_cookie(&page, "id=1; Domain=example.com; Secure; HttpOnly; Max-Age=60", now);
//! jar.set_cookie(&page, "theme=dark", now);
//! assert_eq!(jar.cookie_string(&page, now), "id=1; theme=dark");
//!
//! // Script does not see HttpOnly cookies, and another host only those of the domain.
//! let script = CookieContext::script(Url::parse("https://www.example.com/a/c")?);
//! assert_eq!(jar.cookie_string(&script, now), "theme=dark");
//! let other = CookieContext::http(Url::parse("https://example.com/a/")?);
//! assert_eq!(jar.cookie_string(&other, now), "id=1");
//! assert_eq!(jar.cookie_string(&other, now + Duration::from_secs(60)), "");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod context;
mod contexts;
mod cookie;
mod jar;
mod parse;
mod set_a_cookie;
#[cfg(test)]
mod tests;

pub use context::{CookieContext, SiteRelation};
pub use cookie::{Cookie, SameSite};
pub use jar::{CookieChange, CookieJar};
pub use set_a_cookie::{CookieError, CookieInit};
