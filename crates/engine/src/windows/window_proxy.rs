//! WindowProxy objects ([HTML, the WindowProxy exotic object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object)),
//! and `Location` objects, which are exotic in the same manner.
//!
//! Boa has no exotic objects of an embedder's own, so either is an ECMAScript proxy. While all
//! windows of the agent are same origin-domain the proxy is *open*: its target is the object
//! behind it, the global object of the navigable's active window or the real location, and only
//! those internal methods are trapped that differ for such a window; reading through it costs
//! little. Once a window of another origin comes about, all of them are *guarded*: every internal
//! method is trapped, and the target is a [shadow](crate::windows::internal_methods::Shadow).
//!
//! Indexed properties (`window[0]`) are own properties of the global object, kept in step with the
//! document's frames by [`update_frames`].

use std::collections::HashMap;

use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsWeakMap;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsResult, JsValue};
use framepost_browsing_context::NavigableId;
use framepost_event_loop::GlobalId;

use crate::boa::slots::Slot;
use crate::script::realm;
use crate::script::realm::{in_realm, window_record};
use crate::script::with_contexts;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::platform;
use crate::windows::internal_methods as exotic;
use crate::windows::internal_methods::Handlers;

/// The agent's exotic objects.
static PROXIES: Slot<Proxies> = Slot::new();

/// The exotic objects of an agent.
#[derive(Default)]
pub(crate) struct Proxies {
    by_navigable: HashMap<NavigableId, JsObject>,
    /// What is behind each of them, while its navigable or window lives.
    behind: HashMap<JsObject, Behind>,
    /// The same for those that only script still holds.
    gone: Option<JsWeakMap>,
    handlers: Option<Handlers>,
    /// Whether the proxies are guarded.
    checked: bool,
    /// The frames that a window's global object has indexed properties for.
    indexed: HashMap<GlobalId, Vec<NavigableId>>,
    /// The window that has an indexed property for a frame.
    indexed_by: HashMap<NavigableId, GlobalId>,
}

/// How many entries there are for windows, navigables and their objects.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    PROXIES.with(ctx, |proxies| {
        proxies.by_navigable.len()
            + proxies.behind.len()
            + proxies.indexed.len()
            + proxies.indexed_by.len()
    })
}

/// What an exotic object stands for.
#[derive(Clone)]
struct Behind {
    /// The navigable of a WindowProxy; none for a location.
    navigable: Option<NavigableId>,
    /// The global object of the window, or the location.
    object: Option<JsObject>,
}

/// Makes what all exotic objects of the agent share, in the realm that no page sees.
pub(crate) fn install(ctx: &mut Context) -> JsResult<()> {
    crate::webidl::platform::set_behind_proxies(ctx, behind);
    let handlers = Handlers::new(ctx)?;
    let gone = JsWeakMap::new(ctx);
    PROXIES.with(ctx, |proxies| {
        proxies.handlers = Some(handlers);
        proxies.gone = Some(gone);
    });
    Ok(())
}

pub(crate) fn handlers(ctx: &Context) -> JsResult<Handlers> {
    PROXIES
        .with(ctx, |proxies| proxies.handlers.clone())
        .ok_or_else(crate::webidl::platform::illegal_invocation)
}

/// Makes a proxy that belongs to no page.
pub(crate) fn make(ctx: &mut Context, target: JsObject, handler: JsObject) -> JsResult<JsObject> {
    // In the realm that no page sees, so that it holds no page's prototype.
    let realm = handlers(ctx)?.realm;
    in_realm(ctx, &realm, |ctx| {
        let constructor = ctx.intrinsics().constructors().proxy().constructor();
        constructor.construct(&[target.into(), handler.into()], None, ctx)
    })
}

/// Lets a proxy have another target and handler.
pub(crate) fn retarget(
    ctx: &mut Context,
    proxy: &JsObject,
    target: JsObject,
    handler: JsObject,
) -> JsResult<()> {
    let fresh = make(ctx, target, handler)?;
    let data = fresh.downcast_ref::<Proxy>().map(|data| data.clone());
    if let (Some(data), Some(mut held)) = (data, proxy.downcast_mut::<Proxy>()) {
        *held = data;
    }
    Ok(())
}

/// Puts an object behind a proxy, which is open or guarded as all are.
fn put_behind(
    ctx: &mut Context,
    proxy: &JsObject,
    navigable: Option<NavigableId>,
    object: JsObject,
) -> JsResult<()> {
    let behind = Behind {
        navigable,
        object: Some(object.clone()),
    };
    let checked = PROXIES.with(ctx, |proxies| {
        proxies.behind.insert(proxy.clone(), behind);
        proxies.checked
    });
    let handlers = handlers(ctx)?;
    let (target, handler) = if checked {
        let shadow = exotic::shadow(proxy, &object);
        (shadow, handlers.guarded)
    } else if navigable.is_some() {
        (object, handlers.open_window)
    } else {
        (object, handlers.open_location)
    };
    retarget(ctx, proxy, target, handler)
}

/// The WindowProxy of a navigable, made when it is first asked for.
pub(crate) fn proxy_of(ctx: &mut Context, navigable: NavigableId) -> JsResult<JsObject> {
    let held = PROXIES.with(ctx, |proxies| proxies.by_navigable.get(&navigable).cloned());
    if let Some(held) = held {
        return Ok(held);
    }
    let handler = handlers(ctx)?.open_window;
    let proxy = make(ctx, JsObject::with_null_proto(), handler)?;
    let behind = Behind {
        navigable: Some(navigable),
        object: None,
    };
    PROXIES.with(ctx, |proxies| {
        proxies.by_navigable.insert(navigable, proxy.clone());
        proxies.behind.insert(proxy.clone(), behind);
    });
    Ok(proxy)
}

/// Puts a new location behind an exotic object.
pub(crate) fn location_proxy(ctx: &mut Context, location: JsObject) -> JsResult<JsObject> {
    let handler = handlers(ctx)?.open_location;
    let proxy = make(ctx, location.clone(), handler)?;
    put_behind(ctx, &proxy, None, location)?;
    Ok(proxy)
}

/// The WindowProxy of a navigable as a value; null when the navigable has none or is gone.
pub(crate) fn proxy_value(ctx: &Context, navigable: NavigableId) -> JsValue {
    PROXIES
        .with(ctx, |proxies| proxies.by_navigable.get(&navigable).cloned())
        .map_or_else(JsValue::null, JsValue::from)
}

/// Puts a window behind the WindowProxy of a navigable.
pub(crate) fn set_active(
    ctx: &mut Context,
    navigable: NavigableId,
    window: GlobalId,
) -> JsResult<()> {
    let Some(record) = window_record(ctx, window) else {
        return Ok(());
    };
    let proxy = proxy_of(ctx, navigable)?;
    put_behind(ctx, &proxy, Some(navigable), record.global)?;
    check_origins(ctx, window)?;
    let (has_frames, held_by) = PROXIES.with(ctx, |proxies| {
        let has_frames = proxies.indexed.contains_key(&window);
        let held_by = proxies.indexed_by.get(&navigable).copied();
        (has_frames, held_by)
    });
    if has_frames {
        update_frames(ctx, window)?;
    }
    let parent = with_contexts(ctx, |contexts| {
        contexts.active_window(contexts.parent(navigable)?)
    });
    match parent.filter(|parent| held_by != Some(*parent)) {
        Some(parent) => update_frames(ctx, parent),
        None => Ok(()),
    }
}

/// A `Window` as an argument, for interfaces of the floors below that of the `Window` interface: its
/// WindowProxy.
pub(crate) struct Window(pub(crate) JsObject);

impl FromJs for Window {
    fn from_js(value: &JsValue, place: Place<'_>, ctx: &mut Context) -> JsResult<Self> {
        if let Some(object) = value.as_object()
            && let Some(behind) = platform::unwrap_proxy(&object, ctx)?
            && platform::window_of_global(&behind).is_some()
        {
            return Ok(Self(object));
        }
        Err(place.is_not("Window"))
    }
}

/// What is behind an exotic object, if this is one: the global object of a window, or a location.
/// Whoever asks for script has the security check to make.
pub(crate) fn behind(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    if !object.is::<Proxy>() {
        return Ok(None);
    }
    let (held, gone) = PROXIES.with(ctx, |proxies| {
        let held = proxies.behind.get(object).cloned();
        (held, proxies.gone.clone())
    });
    match (held, gone) {
        (Some(held), _) => Ok(held.object),
        (None, Some(gone)) => Ok(gone.get(object, ctx)?.as_object()),
        _ => Ok(None),
    }
}

/// Lets go of an exotic object, which lives on while script holds it.
fn let_go(ctx: &mut Context, proxy: &JsObject) -> JsResult<()> {
    let (held, gone) = PROXIES.with(ctx, |proxies| {
        let held = proxies.behind.remove(proxy);
        (held, proxies.gone.clone())
    });
    if let (Some(object), Some(gone)) = (held.and_then(|held| held.object), gone) {
        gone.set(proxy, object.into(), ctx)?;
    }
    Ok(())
}

/// A navigable is gone: its WindowProxy keeps its last window, for those that still refer to it.
pub(crate) fn navigable_gone(ctx: &mut Context, navigable: NavigableId) -> JsResult<()> {
    let (proxy, held_by) = PROXIES.with(ctx, |proxies| {
        let proxy = proxies.by_navigable.remove(&navigable);
        (proxy, proxies.indexed_by.remove(&navigable))
    });
    if let Some(window) = held_by {
        update_frames(ctx, window)?;
    }
    match proxy {
        Some(proxy) => let_go(ctx, &proxy),
        None => Ok(()),
    }
}

/// A window is gone, whose location this is.
pub(crate) fn window_gone(
    ctx: &mut Context,
    window: GlobalId,
    location: Option<JsObject>,
) -> JsResult<()> {
    crate::windows::cross_origin::window_gone(ctx, window);
    PROXIES.with(ctx, |proxies| {
        if let Some(frames) = proxies.indexed.remove(&window) {
            for frame in frames {
                proxies.indexed_by.remove(&frame);
            }
        }
    });
    match location {
        Some(location) => let_go(ctx, &location),
        None => Ok(()),
    }
}

/// [IsPlatformObjectSameOrigin](https://html.spec.whatwg.org/multipage/nav-history-apis.html#isplatformobjectsameorigin-(-o-)),
/// for the realm of the running script.
// Nothing of this is remembered: what `document.domain` grants or takes away holds at once.
pub(crate) fn may_access(ctx: &Context, window: GlobalId) -> bool {
    if !PROXIES.with(ctx, |proxies| proxies.checked) {
        return true;
    }
    let Some(accessor) = realm::incumbent(ctx) else {
        return true;
    };
    if accessor == window {
        return true;
    }
    let ours = realm::origin_of_window(ctx, accessor);
    let theirs = realm::origin_of_window(ctx, window);
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours.same_origin_domain(&theirs),
        _ => false,
    }
}

/// Guards the proxies if this window is of another origin than another one of the agent.
pub(crate) fn check_origins(ctx: &mut Context, window: GlobalId) -> JsResult<()> {
    if PROXIES.with(ctx, |proxies| proxies.checked) {
        return Ok(());
    }
    let Some(navigable) = window_record(ctx, window).and_then(|record| record.navigable) else {
        return Ok(());
    };
    let others = realm::live(ctx);
    let differ = with_contexts(ctx, |contexts| {
        let Some(origin) = contexts.origin_of_global(window) else {
            return false;
        };
        let is_top = contexts.parent(navigable).is_none();
        others.into_iter().any(|other| {
            // A page leaves nobody behind whom the next one in its place would have to fear.
            // No window ever sees a worker's objects.
            let Some(other_window) = contexts.window(other) else {
                return false;
            };
            let same_place = other_window.navigable() == navigable;
            (!is_top || !same_place)
                && contexts
                    .origin_of_global(other)
                    .is_some_and(|theirs| !origin.same_origin_domain(theirs))
        })
    });
    if differ { guard(ctx) } else { Ok(()) }
}

/// Guards all exotic objects from now on.
pub(crate) fn guard(ctx: &mut Context) -> JsResult<()> {
    let held = PROXIES.with(ctx, |proxies| {
        proxies.checked = true;
        proxies.behind.clone()
    });
    for (proxy, behind) in held {
        if let Some(object) = behind.object {
            put_behind(ctx, &proxy, behind.navigable, object)?;
        }
    }
    Ok(())
}

/// Makes the indexed properties of a window those of its document's frames.
fn update_frames(ctx: &mut Context, window: GlobalId) -> JsResult<()> {
    let Some(record) = window_record(ctx, window) else {
        return Ok(());
    };
    let now: Vec<NavigableId> = with_contexts(ctx, |contexts| match record.navigable {
        Some(navigable) if contexts.is_active_window(window) => {
            contexts.document_tree_children(navigable)
        }
        _ => Vec::new(),
    });
    let before = PROXIES
        .with(ctx, |proxies| proxies.indexed.remove(&window))
        .unwrap_or_default();
    let pairs = before.iter().zip(&now);
    let unchanged = pairs.take_while(|(before, now)| before == now).count();
    for (index, navigable) in now.iter().enumerate().skip(unchanged) {
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
    PROXIES.with(ctx, |proxies| {
        for frame in before.iter().skip(unchanged) {
            proxies.indexed_by.remove(frame);
        }
        for frame in now.iter().skip(unchanged) {
            proxies.indexed_by.insert(*frame, window);
        }
        if !now.is_empty() {
            proxies.indexed.insert(window, now);
        }
    });
    Ok(())
}
