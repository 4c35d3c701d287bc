//! `HTMLHyperlinkElementUtils`
//! ([HTML, API for a and area elements](https://html.spec.whatwg.org/multipage/links.html#htmlhyperlinkelementutils)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use url::Url;

use crate::script::with_contexts;
use crate::webidl::Member;
use crate::webidl::convert::js_str;

use crate::dom::reflect;

/// The members of the mixin. Those that would change a part of the URL are not here yet.
pub(crate) const MEMBERS: &[Member] = &[
    reflect::url("href", "href"),
    Member::Operation("toString", 0, |this, _, ctx| {
        part(this, ctx, Url::to_string)
    }),
    Member::Attribute(
        "origin",
        |this, ctx| part(this, ctx, |url| url.origin().ascii_serialization()),
        None,
    ),
    Member::Attribute(
        "protocol",
        |this, ctx| part(this, ctx, |url| url::quirks::protocol(url).to_owned()),
        None,
    ),
    Member::Attribute(
        "host",
        |this, ctx| part(this, ctx, |url| url::quirks::host(url).to_owned()),
        None,
    ),
    Member::Attribute(
        "hostname",
        |this, ctx| part(this, ctx, |url| url::quirks::hostname(url).to_owned()),
        None,
    ),
    Member::Attribute(
        "port",
        |this, ctx| part(this, ctx, |url| url::quirks::port(url).to_owned()),
        None,
    ),
    Member::Attribute(
        "pathname",
        |this, ctx| part(this, ctx, |url| url::quirks::pathname(url).to_owned()),
        None,
    ),
    Member::Attribute(
        "search",
        |this, ctx| part(this, ctx, |url| url::quirks::search(url).to_owned()),
        None,
    ),
    Member::Attribute(
        "hash",
        |this, ctx| part(this, ctx, |url| url::quirks::hash(url).to_owned()),
        None,
    ),
];

fn part(
    this: &JsObject,
    ctx: &mut Context,
    read: impl FnOnce(&Url) -> String,
) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let url = dom::attribute(&node, "href").and_then(|href| {
        with_contexts(ctx, |contexts| {
            let document = contexts.document_of(&node)?;
            contexts.parse_url(document, &href).ok()
        })
    });
    Ok(js_str(url.map_or_else(String::new, |url| read(&url))))
}
