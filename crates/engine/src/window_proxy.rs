//! WindowProxy objects ([HTML, the WindowProxy exotic object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object)).
//!
//! Boa has no exotic objects of an embedder's own, so a WindowProxy is an ECMAScript proxy whose
//! target is the global object of the navigable's active window; a navigation gives it another
//! target. While all windows of the agent are same origin-domain the handler of all these proxies
//! is an empty object, and so reading through them costs little and means what the specification
//! says. When a window of another origin comes about, the handler gets traps that make the checks.
//!
//! Indexed properties (`window[0]`) are own properties of the global object, kept in step with the
//! document's frames by [`update_frames`].

use std::collections::HashMap;

use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsResult, JsValue};
use framepost_browsing_context::{NavigableId, Origin};
use framepost_event_loop::WindowId;

use crate::platform::{Kind, PlatformObject};
use crate::realm::{self, window_record};
use crate::world::{with_contexts, with_script};

/// The WindowProxy objects of an agent.
#[derive(Default)]
pub(crate) struct Proxies {
    by_navigable: HashMap<NavigableId, JsObject>,
    navigables: HashMap<JsObject, NavigableId>,
    /// The handler that all of them share.
    handler: Option<JsObject>,
    /// Whether the handler has its traps.
    pub(crate) checked: bool,
    /// The origin that a window's document had last: a document that is gone says none.
    origins: HashMap<WindowId, Origin>,
    /// How many indexed properties a window's global object has.
    indexed: HashMap<WindowId, Vec<NavigableId>>,
}

fn handler(ctx: &Context) -> JsObject {
    if let Some(handler) = with_script(ctx, |script| script.proxies.handler.clone()) {
        return handler;
    }
    let handler = JsObject::with_null_proto();
    with_script(ctx, |script| script.proxies.handler = Some(handler.clone()));
    handler
}

fn make(ctx: &mut Context, target: JsObject) -> JsResult<JsObject> {
    let handler = handler(ctx);
    let constructor = ctx.intrinsics().constructors().proxy().constructor();
    constructor.construct(&[target.into(), handler.into()], None, ctx)
}

/// The WindowProxy of a navigable, made when it is first asked for.
pub(crate) fn proxy_of(ctx: &mut Context, navigable: NavigableId) -> JsResult<JsObject> {
    let held = with_script(ctx, |script| {
        script.proxies.by_navigable.get(&navigable).cloned()
    });
    if let Some(held) = held {
        return Ok(held);
    }
    let proxy = make(ctx, JsObject::with_null_proto())?;
    with_script(ctx, |script| {
        script.proxies.by_navigable.insert(navigable, proxy.clone());
        script.proxies.navigables.insert(proxy.clone(), navigable);
    });
    Ok(proxy)
}

/// The WindowProxy of a navigable as a value; null when the navigable never had a window.
pub(crate) fn proxy_value(ctx: &Context, navigable: NavigableId) -> JsValue {
    with_script(ctx, |script| {
        script.proxies.by_navigable.get(&navigable).cloned()
    })
    .map_or_else(JsValue::null, JsValue::from)
}

/// The navigable whose WindowProxy this object is.
pub(crate) fn navigable_of(ctx: &Context, object: &JsObject) -> Option<NavigableId> {
    with_script(ctx, |script| script.proxies.navigables.get(object).copied())
}

/// Puts a window behind the WindowProxy of a navigable.
pub(crate) fn set_active(
    ctx: &mut Context,
    navigable: NavigableId,
    window: WindowId,
) -> JsResult<()> {
    let Some(record) = window_record(ctx, window) else {
        return Ok(());
    };
    let proxy = proxy_of(ctx, navigable)?;
    let fresh = make(ctx, record.global)?;
    let data = fresh.downcast_ref::<Proxy>().map(|data| data.clone());
    if let (Some(data), Some(mut held)) = (data, proxy.downcast_mut::<Proxy>()) {
        *held = data;
    }
    if let Some(origin) = realm::origin_of_window(ctx, window) {
        with_script(ctx, |script| script.proxies.origins.insert(window, origin));
    }
    check_origins(ctx, window)
}

/// The origin of a window's document, or of the last one that it had.
fn last_origin(ctx: &Context, window: WindowId) -> Option<Origin> {
    realm::origin_of_window(ctx, window)
        .or_else(|| with_script(ctx, |script| script.proxies.origins.get(&window).cloned()))
}

/// The global object that a WindowProxy stands for, if `object` is one and the current realm may
/// touch it; `SecurityError` when it may not.
pub(crate) fn global_behind(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    let Some(navigable) = navigable_of(ctx, object) else {
        return Ok(None);
    };
    let window = with_contexts(ctx, |contexts| contexts.active_window(navigable));
    let window = window.or_else(|| {
        // The navigable is gone; its last window stays reachable.
        with_script(ctx, |script| {
            let mut windows: Vec<WindowId> = script
                .windows
                .iter()
                .filter(|(_, record)| record.navigable == navigable)
                .map(|(window, _)| *window)
                .collect();
            windows.sort_unstable();
            windows.pop()
        })
    });
    let Some(window) = window else {
        return Ok(None);
    };
    if !may_access(ctx, window) {
        return Err(crate::cross_origin::blocked(ctx));
    }
    Ok(window_record(ctx, window).map(|record| record.global))
}

/// [IsPlatformObjectSameOrigin](https://html.spec.whatwg.org/multipage/nav-history-apis.html#isplatformobjectsameorigin-(-o-)),
/// for the realm of the running script.
pub(crate) fn may_access(ctx: &Context, window: WindowId) -> bool {
    if !with_script(ctx, |script| script.proxies.checked) {
        return true;
    }
    let Some(accessor) = realm::incumbent(ctx) else {
        return true;
    };
    if accessor == window {
        return true;
    }
    match (last_origin(ctx, accessor), last_origin(ctx, window)) {
        (Some(ours), Some(theirs)) => ours.same_origin_domain(&theirs),
        _ => false,
    }
}

/// Turns the checks on if this window is of another origin than another one of the agent.
pub(crate) fn check_origins(ctx: &mut Context, window: WindowId) -> JsResult<()> {
    if with_script(ctx, |script| script.proxies.checked) {
        return Ok(());
    }
    let Some(origin) = realm::origin_of_window(ctx, window) else {
        return Ok(());
    };
    let Some(navigable) = window_record(ctx, window).map(|record| record.navigable) else {
        return Ok(());
    };
    let is_top = with_contexts(ctx, |contexts| contexts.parent(navigable).is_none());
    let others: Vec<WindowId> = with_script(ctx, |script| {
        // A page leaves nobody behind whom the next one in its place would have to fear.
        let others = script
            .windows
            .iter()
            .filter(|(_, record)| !is_top || record.navigable != navigable);
        others.map(|(window, _)| *window).collect()
    });
    let all_same = others.into_iter().all(|other| {
        realm::origin_of_window(ctx, other).is_none_or(|theirs| origin.same_origin_domain(&theirs))
    });
    if all_same {
        Ok(())
    } else {
        turn_checks_on(ctx)
    }
}

/// Gives the WindowProxy objects their traps.
pub(crate) fn turn_checks_on(ctx: &mut Context) -> JsResult<()> {
    with_script(ctx, |script| script.proxies.checked = true);
    let handler = handler(ctx);
    crate::cross_origin::install_traps(&handler, ctx)
}

/// Makes the indexed properties of a window those of its document's frames.
pub(crate) fn update_frames(ctx: &mut Context, window: WindowId) -> JsResult<()> {
    let Some(record) = window_record(ctx, window) else {
        return Ok(());
    };
    let now: Vec<NavigableId> = with_contexts(ctx, |contexts| {
        if contexts.is_active_window(window) {
            contexts.children(record.navigable).to_vec()
        } else {
            Vec::new()
        }
    });
    let before =
        with_script(ctx, |script| script.proxies.indexed.remove(&window)).unwrap_or_default();
    for (index, navigable) in now.iter().enumerate() {
        if before.get(index) == Some(navigable) {
            continue;
        }
        let value: JsValue = proxy_of(ctx, *navigable)?.into();
        // https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-getownproperty
        let descriptor = PropertyDescriptor::builder()
            .value(value)
            .writable(false)
            .enumerable(true)
            .configurable(true);
        record
            .global
            .insert_property(PropertyKey::from(index), descriptor);
    }
    for index in now.len()..before.len() {
        record
            .global
            .delete_property_or_throw(PropertyKey::from(index), ctx)?;
    }
    with_script(ctx, |script| script.proxies.indexed.insert(window, now));
    Ok(())
}

/// The window whose global object this is.
pub(crate) fn window_of_global(object: &JsObject) -> Option<WindowId> {
    crate::platform::with(object, |kind| match kind {
        Kind::Window(window) => Some(*window),
        _ => None,
    })
}

/// Whether the object is a window, as its proxy or as its global object.
pub(crate) fn is_window(ctx: &Context, object: &JsObject) -> bool {
    (object.is::<PlatformObject>() && window_of_global(object).is_some())
        || navigable_of(ctx, object).is_some()
}
