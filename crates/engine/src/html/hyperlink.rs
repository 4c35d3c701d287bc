//! `HTMLHyperlinkElementUtils`
//! ([HTML, API for a and area elements](https://html.spec.whatwg.org/multipage/links.html#htmlhyperlinkelementutils)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;
use url::{Url, quirks};

use crate::dom::reflect;
use crate::script::with_contexts;
use crate::webidl::interface;

interface! {
    /// The mixin of `a` and `area`.
    // NOT YET: the setters of the parts.
    interface mixin HTMLHyperlinkElementUtils(Node) {
        [ReflectSetter] stringifier attribute USVString href;
        readonly attribute USVString origin = |element: &Node, cx| url_of(element, cx).map_or_else(String::new, |url| quirks::origin(&url));
        readonly attribute USVString protocol = |element: &Node, cx| part(element, quirks::protocol, cx);
        readonly attribute USVString host = |element: &Node, cx| part(element, quirks::host, cx);
        readonly attribute USVString hostname = |element: &Node, cx| part(element, quirks::hostname, cx);
        readonly attribute USVString port = |element: &Node, cx| part(element, quirks::port, cx);
        readonly attribute USVString pathname = |element: &Node, cx| part(element, quirks::pathname, cx);
        readonly attribute USVString search = |element: &Node, cx| part(element, quirks::search, cx);
        readonly attribute USVString hash = |element: &Node, cx| part(element, quirks::hash, cx);
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
