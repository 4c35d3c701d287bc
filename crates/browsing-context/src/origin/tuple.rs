//! Origins ([HTML, origins](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin)).
//!
//! An opaque origin is a number that [`Contexts`](crate::Contexts) assigns in order, so two runs of a page have the
//! same numbers.

use core::fmt;
use std::sync::{Arc, OnceLock};

use url::{Host, Url};

/// An [origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin).
///
/// `==` compares all parts, the domain included. The standard's two comparisons are
/// [`same_origin`](Self::same_origin) and [`same_origin_domain`](Self::same_origin_domain).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An [opaque origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque),
    /// which equals only itself.
    Opaque(OpaqueOrigin),
    /// A [tuple origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple).
    ///
    /// OPTIMIZATION: each message to a window contains its sender's origin, so copies share the parts.
    Tuple(Arc<TupleOrigin>),
}

/// The identity of an opaque origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpaqueOrigin(u64);

impl OpaqueOrigin {
    /// The number that [`Origin::opaque`] was given.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

/// Scheme, host, port and domain of a tuple origin.
#[derive(Clone, Debug)]
pub struct TupleOrigin {
    /// The scheme, in lower case and without the colon.
    pub scheme: String,
    /// The host.
    pub host: Host<String>,
    /// The port; `None` for the scheme's default.
    pub port: Option<u16>,
    /// The domain that `document.domain` was set to.
    pub domain: Option<Host<String>>,
    /// The number of the standard's origin object. Documents that inherit an origin share the object
    /// and with it the domain. 0 for an origin without a document. `==` ignores it.
    pub(crate) object: u64,
    /// Its serialization, once requested. It does not depend on the domain or the object.
    serialization: OnceLock<Arc<str>>,
}

impl TupleOrigin {
    fn compared(&self) -> (&str, &Host<String>, Option<u16>, Option<&Host<String>>) {
        (&self.scheme, &self.host, self.port, self.domain.as_ref())
    }
}

impl PartialEq for TupleOrigin {
    fn eq(&self, other: &Self) -> bool {
        self.compared() == other.compared()
    }
}

impl Eq for TupleOrigin {}

impl core::hash::Hash for TupleOrigin {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.compared().hash(state);
    }
}

impl Origin {
    /// The opaque origin with this number. The caller ensures that numbers are unique, as
    /// [`Contexts::new_opaque_origin`](crate::Contexts::new_opaque_origin) does.
    #[must_use]
    pub fn opaque(number: u64) -> Self {
        Self::Opaque(OpaqueOrigin(number))
    }

    /// [The origin of a URL](https://url.spec.whatwg.org/#concept-url-origin), if it is a tuple
    /// origin. `None` for a URL with an opaque origin, which the caller creates.
    #[must_use]
    pub fn of_url(url: &Url) -> Option<Self> {
        match url.scheme() {
            "http" | "https" | "ws" | "wss" | "ftp" => Some(Self::Tuple(Arc::new(TupleOrigin {
                scheme: url.scheme().to_owned(),
                host: url.host()?.to_owned(),
                port: url.port(),
                domain: None,
                object: 0,
                serialization: OnceLock::new(),
            }))),
            "blob" => {
                let path = Url::parse(url.path()).ok()?;
                match path.scheme() {
                    "http" | "https" | "file" => Self::of_url(&path),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The [serialization](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin):
    /// `null` for every opaque origin.
    #[must_use]
    pub fn serialize(&self) -> SerializedOrigin {
        match self {
            Self::Opaque(_) => SerializedOrigin::of_opaque(),
            Self::Tuple(tuple) => {
                let made = || self.to_string().into();
                let serialization = tuple.serialization.get_or_init(made);
                SerializedOrigin(Serialization::Tuple(Arc::clone(serialization)))
            }
        }
    }

    /// Whether this is an opaque origin.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        matches!(self, Self::Opaque(_))
    }

    /// [Same origin](https://html.spec.whatwg.org/multipage/browsers.html#same-origin).
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Opaque(a), Self::Opaque(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => a.same_tuple(b),
            _ => false,
        }
    }

    /// [Same origin-domain](https://html.spec.whatwg.org/multipage/browsers.html#same-origin-domain).
    #[must_use]
    pub fn same_origin_domain(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Opaque(a), Self::Opaque(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => match (&a.domain, &b.domain) {
                (Some(domain), Some(other)) => a.scheme == b.scheme && domain == other,
                (None, None) => a.same_tuple(b),
                _ => false,
            },
            _ => false,
        }
    }

    /// The origin's [effective domain](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-effective-domain):
    /// the value of `document.domain`.
    #[must_use]
    pub fn effective_domain(&self) -> Option<&Host<String>> {
        match self {
            Self::Opaque(_) => None,
            Self::Tuple(tuple) => Some(tuple.domain.as_ref().unwrap_or(&tuple.host)),
        }
    }
}

impl TupleOrigin {
    fn same_tuple(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.host == other.host && self.port == other.port
    }
}

/// The [serialization](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin):
/// `null` for every opaque origin.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque(_) => f.write_str("null"),
            Self::Tuple(tuple) => {
                write!(f, "{}://{}", tuple.scheme, tuple.host)?;
                match tuple.port {
                    Some(port) => write!(f, ":{port}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// The serialization of an origin, or the empty string if there is no origin. It derefs to `str`, and is cheap to
/// copy.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct SerializedOrigin(Serialization);

#[derive(Clone, Default, PartialEq, Eq, Hash)]
enum Serialization {
    #[default]
    Empty,
    Null,
    Tuple(Arc<str>),
}

impl SerializedOrigin {
    /// The serialization of an opaque origin.
    #[must_use]
    pub fn of_opaque() -> Self {
        Self(Serialization::Null)
    }
}

impl core::ops::Deref for SerializedOrigin {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Serialization::Empty => "",
            Serialization::Null => "null",
            Serialization::Tuple(text) => text,
        }
    }
}

impl fmt::Display for SerializedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for SerializedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializations_are_the_printed_origins() {
        for url in ["http://a.test:81/x", "https://[::1]/"] {
            assert_eq!(*origin(url).serialize(), origin(url).to_string());
        }
        let opaque = Origin::opaque(1);
        assert_eq!(*opaque.serialize(), opaque.to_string());
        assert_eq!(&*SerializedOrigin::default(), "");
        let with = with_domain("http://www.a.test/", "a.test");
        assert_eq!(&*with.serialize(), "http://www.a.test");
    }

    fn origin(url: &str) -> Origin {
        Origin::of_url(&Url::parse(url).unwrap()).unwrap()
    }

    fn with_domain(url: &str, domain: &str) -> Origin {
        match origin(url) {
            Origin::Tuple(mut tuple) => {
                Arc::make_mut(&mut tuple).domain = Some(Host::parse(domain).unwrap());
                Origin::Tuple(tuple)
            }
            opaque => opaque,
        }
    }

    #[test]
    fn same_origin_compares_scheme_host_and_port() {
        assert!(origin("http://a.test/x").same_origin(&origin("http://a.test:80/y?z#w")));
        assert!(!origin("http://a.test/").same_origin(&origin("https://a.test/")));
        assert!(!origin("http://a.test/").same_origin(&origin("http://b.test/")));
        assert!(!origin("http://a.test/").same_origin(&origin("http://a.test:81/")));
        assert_eq!(origin("HTTP://A.test:80/").to_string(), "http://a.test");
        assert_eq!(origin("http://[::1]:81/").to_string(), "http://[::1]:81");
    }

    #[test]
    fn opaque_origin_equals_only_itself() {
        assert!(Origin::opaque(1).same_origin(&Origin::opaque(1)));
        assert!(!Origin::opaque(1).same_origin(&Origin::opaque(2)));
        assert!(!Origin::opaque(1).same_origin_domain(&origin("http://a.test/")));
        assert_eq!(Origin::opaque(1).to_string(), "null");
    }

    #[test]
    fn some_urls_have_opaque_origins() {
        for url in [
            "data:text/html,x",
            "about:blank",
            "file:///x",
            "javascript:1",
        ] {
            assert_eq!(Origin::of_url(&Url::parse(url).unwrap()), None, "{url}");
        }
        assert_eq!(origin("blob:http://a.test/1-2-3"), origin("http://a.test/"));
        assert_eq!(Origin::of_url(&Url::parse("blob:data:x").unwrap()), None);
    }

    #[test]
    fn domains_compare_as_in_the_table_of_the_standard() {
        let plain = origin("https://example.org/");
        let at_314 = origin("https://example.org:314/");
        let with = with_domain("https://example.org/", "example.org");
        let at_314_with = with_domain("https://example.org:314/", "example.org");
        let http_with = with_domain("http://example.org/", "example.org");
        assert!(plain.same_origin(&plain) && plain.same_origin_domain(&plain));
        assert!(!at_314.same_origin(&plain) && !at_314.same_origin_domain(&plain));
        assert!(!with.same_origin(&at_314_with) && with.same_origin_domain(&at_314_with));
        assert!(plain.same_origin(&with) && !plain.same_origin_domain(&with));
        assert!(!with.same_origin(&http_with) && !with.same_origin_domain(&http_with));
        assert_eq!(plain.effective_domain(), with.effective_domain());
    }
}
