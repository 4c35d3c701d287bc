//! `WorkerLocation` and `WorkerNavigator`
//! ([HTML, the WorkerLocation interface](https://html.spec.whatwg.org/multipage/workers.html#worker-locations)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use url::{Url, quirks};

use crate::script::realm;
use crate::webidl::convert::js_str;
use crate::webidl::platform;
use crate::webidl::platform::WorkerLocationOf;
use crate::webidl::{self, Interface, Member};

use super::worker_global_scope::with_worker;

/// The `WorkerLocation` interface.
pub(crate) static WORKER_LOCATION: Interface = Interface {
    members: &[&[
        Member::Attribute("href", |this, ctx| get(this, ctx, Url::to_string), None),
        Member::Attribute(
            "origin",
            |this, ctx| get(this, ctx, |url| url.origin().ascii_serialization()),
            None,
        ),
        Member::Attribute(
            "protocol",
            |this, ctx| get(this, ctx, |url| quirks::protocol(url).to_owned()),
            None,
        ),
        Member::Attribute(
            "host",
            |this, ctx| get(this, ctx, |url| quirks::host(url).to_owned()),
            None,
        ),
        Member::Attribute(
            "hostname",
            |this, ctx| get(this, ctx, |url| quirks::hostname(url).to_owned()),
            None,
        ),
        Member::Attribute(
            "port",
            |this, ctx| get(this, ctx, |url| quirks::port(url).to_owned()),
            None,
        ),
        Member::Attribute(
            "pathname",
            |this, ctx| get(this, ctx, |url| quirks::pathname(url).to_owned()),
            None,
        ),
        Member::Attribute(
            "search",
            |this, ctx| get(this, ctx, |url| quirks::search(url).to_owned()),
            None,
        ),
        Member::Attribute(
            "hash",
            |this, ctx| get(this, ctx, |url| quirks::hash(url).to_owned()),
            None,
        ),
        Member::Operation("toString", 0, |this, _, ctx| get(this, ctx, Url::to_string)),
    ]],
    ..Interface::new("WorkerLocation")
};

fn get(this: &JsObject, ctx: &mut Context, part: impl FnOnce(&Url) -> String) -> JsResult<JsValue> {
    let part = with_worker(this, ctx, |worker| part(worker.url()))?;
    Ok(js_str(part.unwrap_or_default()))
}

/// The `WorkerNavigator` interface.
pub(crate) static WORKER_NAVIGATOR: Interface = Interface {
    members: &[crate::html::navigator::SHARED_MEMBERS],
    ..Interface::new("WorkerNavigator")
};

/// `self.location` of a worker.
pub(crate) fn location(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let worker = platform::window(this)?;
    let realm = realm::realm_of(ctx, worker);
    let object = realm::singleton(ctx, &realm, "location", |ctx, realm| {
        webidl::create_object(realm, &WORKER_LOCATION, WorkerLocationOf(worker), ctx)
    });
    Ok(object.into())
}

/// `self.navigator` of a worker.
pub(crate) fn navigator(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let realm = realm::realm_of(ctx, platform::window(this)?);
    let object = realm::singleton(ctx, &realm, "navigator", |ctx, realm| {
        webidl::create_object(realm, &WORKER_NAVIGATOR, (), ctx)
    });
    Ok(object.into())
}
