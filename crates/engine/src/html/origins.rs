//! The origins of objects, and whether two are of one site
//! ([HTML, origins](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin)).

use boa_engine::{Context, JsObject};
use framepost_browsing_context::{Contexts, Origin as HtmlOrigin, Site};
use markup5ever_rcdom::Handle as Node;
use url::Url;

use super::hyperlink;
use super::origin::OriginData;
use crate::dom::extensions::extensions;
use crate::script::{globals, realm, with_contexts, wrappers};
use crate::url::url_object::UrlData;
use crate::webidl::platform;

/// A new opaque origin.
pub(super) fn opaque(cx: &Context) -> HtmlOrigin {
    with_contexts(cx, Contexts::new_opaque_origin)
}

/// [The origin of a URL](https://url.spec.whatwg.org/#concept-url-origin)
pub(super) fn of_url(url: &Url, cx: &Context) -> HtmlOrigin {
    HtmlOrigin::of_url(url).unwrap_or_else(|| opaque(cx))
}

/// [Extract an origin](https://html.spec.whatwg.org/multipage/browsers.html#extract-an-origin) of a
/// platform object.
pub(super) fn extract_an_origin(object: &JsObject, cx: &mut Context) -> Option<HtmlOrigin> {
    if let Some(origin) = platform::with(object, |data: &OriginData| Some(data.0.clone())) {
        return Some(origin);
    }
    if let Some(url) = platform::with(object, |data: &UrlData| Some(data.url().clone())) {
        return Some(of_url(&url, cx));
    }
    let behind = platform::unwrap_proxy(object, cx).ok().flatten();
    if let Some(global) = behind.as_ref().and_then(globals::global_of) {
        // A window of another origin does not reveal its origin.
        let own = realm::current_window(cx).and_then(|own| realm::origin_of_window(cx, own))?;
        let origin = realm::origin_of_window(cx, global)?;
        return own.same_origin_domain(&origin).then_some(origin);
    }
    if let Some(node) = wrappers::as_node(object) {
        return of_hyperlink(&node, cx);
    }
    let of_families = extensions().extract_an_origin;
    of_families.iter().find_map(|extract| extract(cx, object))
}

/// The origin of the URL of an `a` or `area`.
fn of_hyperlink(node: &Node, cx: &Context) -> Option<HtmlOrigin> {
    if !framepost_browsing_context::dom::is_one_of(node, &["a", "area"]) {
        return None;
    }
    let url = hyperlink::url_of(node, cx)?;
    Some(of_url(&url, cx))
}

/// [Same site](https://html.spec.whatwg.org/multipage/browsers.html#same-site)
pub(super) fn is_same_site(a: &HtmlOrigin, b: &HtmlOrigin) -> bool {
    a.same_origin(b) || Site::of(a) == Site::of(b)
}
