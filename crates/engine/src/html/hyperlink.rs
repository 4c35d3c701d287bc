//! `HTMLHyperlinkElementUtils`
//! ([HTML, API for a and area elements](https://html.spec.whatwg.org/multipage/links.html#htmlhyperlinkelementutils)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;
use url::{Url, quirks};

use crate::dom::reflect::{self, set_url as set_href};
use crate::script::with_contexts;
use crate::webidl::interface;

interface! {
    /// The mixin of `a` and `area`.
    interface mixin HTMLHyperlinkElementUtils(Node) {
        [ReflectSetter] stringifier attribute USVString href;
        readonly attribute USVString origin = |element: &Node, cx| url_of(element, cx).map_or_else(String::new, |url| quirks::origin(&url));
        [CEReactions] attribute USVString protocol = |element: &Node, cx| match url_of(element, cx) {
                Some(url) => quirks::protocol(&url).to_owned(),
                None => ":".to_owned(),
            },
            |element: &Node, value: String, cx| set_part(element, cx, |url| quirks::set_protocol(url, &value));
        [CEReactions] attribute USVString username = |element: &Node, cx| part(element, quirks::username, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| quirks::set_username(url, &value));
        [CEReactions] attribute USVString password = |element: &Node, cx| part(element, quirks::password, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| quirks::set_password(url, &value));
        [CEReactions] attribute USVString host = |element: &Node, cx| part(element, quirks::host, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| quirks::set_host(url, &value));
        [CEReactions] attribute USVString hostname = |element: &Node, cx| part(element, quirks::hostname, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| quirks::set_hostname(url, &value));
        [CEReactions] attribute USVString port = |element: &Node, cx| part(element, quirks::port, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| quirks::set_port(url, &value));
        [CEReactions] attribute USVString pathname = |element: &Node, cx| part(element, quirks::pathname, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| { quirks::set_pathname(url, &value); Ok(()) });
        [CEReactions] attribute USVString search = |element: &Node, cx| part(element, quirks::search, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| { quirks::set_search(url, &value); Ok(()) });
        [CEReactions] attribute USVString hash = |element: &Node, cx| part(element, quirks::hash, cx),
            |element: &Node, value: String, cx| set_part(element, cx, |url| { quirks::set_hash(url, &value); Ok(()) });
    }
}

/// [`href`](https://html.spec.whatwg.org/multipage/links.html#dom-hyperlink-href)
fn href(element: &Node, cx: &Context) -> String {
    // 1. and 2. Take the element's URL.
    match url_of(element, cx) {
        // 3. and 4. Without a URL, return the attribute.
        None => dom::attribute(element, "href").unwrap_or_default(),
        // 5. Otherwise return the URL.
        Some(url) => url.into(),
    }
}

/// The [url](https://html.spec.whatwg.org/multipage/links.html#concept-hyperlink-url) of the element.
pub(super) fn url_of(element: &Node, cx: &Context) -> Option<Url> {
    let href = dom::attribute(element, "href")?;
    with_contexts(cx, |contexts| contexts.parse_url_of(element, &href).ok())
}

/// A part of the element's URL.
fn part(element: &Node, read: fn(&Url) -> &str, cx: &Context) -> String {
    url_of(element, cx).map_or_else(String::new, |url| read(&url).to_owned())
}

/// The steps of the setters of parts, such as that of [`protocol`](https://html.spec.whatwg.org/multipage/links.html#dom-hyperlink-protocol).
fn set_part(element: &Node, cx: &mut Context, set: impl FnOnce(&mut Url) -> Result<(), ()>) {
    // 1. and 2. Take the element's URL.
    let Some(mut url) = url_of(element, cx) else {
        // 3. Without one, do nothing.
        return;
    };
    // 4. An invalid value does not change it.
    let _ = set(&mut url);
    // 5. Update href, even if the URL is the same.
    set_href(element, "href", url.as_str(), cx);
}
