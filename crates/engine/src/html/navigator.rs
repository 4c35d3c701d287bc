//! `Navigator` and `Performance`
//! ([HTML, the Navigator object](https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object)).

use boa_engine::{Context, JsResult, JsValue};

use crate::fetch::loads::USER_AGENT;
use crate::script::with_loop;
use crate::webidl::convert::js_str;
use crate::webidl::{self, Interface, Member};

use crate::dom::event_target::EVENT_TARGET;

/// What windows and workers say of the engine
/// ([the mixins of navigators](https://html.spec.whatwg.org/multipage/system-state.html#client-identification)).
pub(crate) const SHARED_MEMBERS: &[Member] = &[
    Member::Attribute("appCodeName", |_, _| Ok(js_str("Mozilla")), None),
    Member::Attribute("appName", |_, _| Ok(js_str("Netscape")), None),
    Member::Attribute(
        "appVersion",
        |_, _| Ok(js_str(&USER_AGENT["Mozilla/".len()..])),
        None,
    ),
    Member::Attribute("platform", |_, _| Ok(js_str("")), None),
    Member::Attribute("product", |_, _| Ok(js_str("Gecko")), None),
    Member::Attribute("userAgent", |_, _| Ok(js_str(USER_AGENT)), None),
    Member::Attribute("language", |_, _| Ok(js_str("en-US")), None),
    Member::Attribute("onLine", |_, _| Ok(true.into()), None),
    Member::Attribute("hardwareConcurrency", |_, _| Ok(1.into()), None),
];

/// The `Navigator` interface.
pub(crate) static NAVIGATOR: Interface = Interface {
    members: &[
        SHARED_MEMBERS,
        &[
            Member::Attribute("vendor", |_, _| Ok(js_str("")), None),
            Member::Attribute("cookieEnabled", |_, _| Ok(false.into()), None),
            Member::Attribute("webdriver", |_, _| Ok(true.into()), None),
            Member::Attribute(
                "userActivation",
                super::user_activation::user_activation,
                None,
            ),
            Member::Operation("javaEnabled", 0, |_, _, _| Ok(false.into())),
        ],
    ],
    ..Interface::new("Navigator")
};

/// The `Performance` interface ([High Resolution Time](https://w3c.github.io/hr-time/#sec-performance)).
pub(crate) static PERFORMANCE: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    members: &[&[
        Member::Operation("now", 0, |_, _, ctx| {
            Ok(crate::script::time::now(ctx).into())
        }),
        Member::Attribute(
            "timeOrigin",
            |_, ctx| {
                let origin = with_loop(ctx, |event_loop| event_loop.time_origin());
                Ok((origin.as_secs_f64() * 1000.0).into())
            },
            None,
        ),
        Member::Operation("toJSON", 0, |this, _, ctx| {
            use boa_engine::js_string;
            let object = boa_engine::JsObject::with_object_proto(ctx.intrinsics());
            let origin = this.get(js_string!("timeOrigin"), ctx)?;
            object.create_data_property_or_throw(js_string!("timeOrigin"), origin, ctx)?;
            Ok(object.into())
        }),
    ]],
    ..Interface::new("Performance")
};

/// The window's `Navigator`.
pub(crate) fn navigator(ctx: &mut Context) -> JsResult<JsValue> {
    let realm = ctx.realm().clone();
    let object = crate::script::realm::singleton(ctx, &realm, "navigator", |ctx, realm| {
        webidl::create_object(realm, &NAVIGATOR, (), ctx)
    });
    Ok(object.into())
}

/// The window's `Performance`.
pub(crate) fn performance(ctx: &mut Context) -> JsResult<JsValue> {
    let realm = ctx.realm().clone();
    let object = crate::script::realm::singleton(ctx, &realm, "performance", |ctx, realm| {
        webidl::create_object(realm, &PERFORMANCE, (), ctx)
    });
    Ok(object.into())
}
