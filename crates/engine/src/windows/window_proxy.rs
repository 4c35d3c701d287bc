//! WindowProxy objects ([HTML, the WindowProxy exotic object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object)),
//! and `Location` objects, which are exotic objects of the same kind.
//!
//! Boa does not let an embedder define exotic objects, so both are ECMAScript proxies. The object
//! behind such a proxy is the global object of the navigable's active window, or the real location.
//!
//! While all windows of the agent are same origin-domain, each proxy is *open*. Its target is the
//! object behind it. It traps only the internal methods that differ for such an object, so reads
//! are cheap. Once there is a window of another origin, all proxies are *guarded*. A guarded proxy
//! traps every internal method, and its target is a
//! [shadow](crate::windows::internal_methods::Shadow).
//!
//! Indexed properties (`window[0]`) are own properties of the global object. [`update_frames`]
//! updates them when the document's frames change.

use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsWeakMap;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsResult, JsValue};
use framepost_browsing_context::NavigableId;
use framepost_event_loop::{FxHashMap, GlobalId};

use crate::boa::properties::{READ_ONLY, data_property};
use crate::boa::slots::Slot;
use crate::script::globals;
use crate::script::realm::{self, in_realm, window_record};
use crate::script::with_contexts;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::platform;
use crate::windows::internal_methods::{self, Handlers};

/// The agent's WindowProxy and Location objects.
static PROXIES: Slot<Proxies> = Slot::new();

/// The WindowProxy and Location objects of an agent.
#[derive(Default)]
pub(crate) struct Proxies {
    by_navigable: FxHashMap<NavigableId, JsObject>,
    /// The object behind each proxy, while its navigable or window lives.
    behind: FxHashMap<JsObject, Behind>,
    /// The objects behind the proxies that only script keeps alive.
    gone: Option<JsWeakMap>,
    handlers: Option<Handlers>,
    /// Whether the proxies are guarded.
    guarded: bool,
    /// The frames for which a window's global object has indexed properties.
    indexed: FxHashMap<GlobalId, Vec<NavigableId>>,
    /// The window that has an indexed property for a frame.
    indexed_by: FxHashMap<NavigableId, GlobalId>,
}

/// Counts the entries for windows, navigables and their objects.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    PROXIES.with(ctx, |proxies| {
        proxies.by_navigable.len()
            + proxies.behind.len()
            + proxies.indexed.len()
            + proxies.indexed_by.len()
    })
}

/// The object behind a proxy.
#[derive(Clone)]
struct Behind {
    /// The navigable of a WindowProxy; `None` for a location.
    navigable: Option<NavigableId>,
    /// The global object of the window, or the location.
    object: Option<JsObject>,
}

/// Creates the handlers that the agent's proxies share, in the agent's hidden realm.
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

/// Creates a proxy that belongs to no page.
pub(crate) fn make(ctx: &mut Context, target: JsObject, handler: JsObject) -> JsResult<JsObject> {
    // The hidden realm keeps the proxy from referring to a page's prototype.
    let realm = handlers(ctx)?.realm;
    in_realm(ctx, &realm, |ctx| {
        let constructor = ctx.intrinsics().constructors().proxy().constructor();
        constructor.construct(&[target.into(), handler.into()], None, ctx)
    })
}

/// Replaces the target and the handler of a proxy.
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

/// Sets the object behind a proxy, which becomes open or guarded like all others.
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
    let guarded = PROXIES.with(ctx, |proxies| {
        proxies.behind.insert(proxy.clone(), behind);
        proxies.guarded
    });
    let handlers = handlers(ctx)?;
    let (target, handler) = if guarded {
        let shadow = internal_methods::shadow(proxy, &object);
        (shadow, handlers.guarded)
    } else if navigable.is_some() {
        (object, handlers.open_window)
    } else {
        (object, handlers.open_location)
    };
    retarget(ctx, proxy, target, handler)
}

/// Returns the WindowProxy of a navigable, which is created at first use.
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

/// Creates the proxy of a new location.
pub(crate) fn location_proxy(ctx: &mut Context, location: JsObject) -> JsResult<JsObject> {
    let handler = handlers(ctx)?.open_location;
    let proxy = make(ctx, location.clone(), handler)?;
    put_behind(ctx, &proxy, None, location)?;
    Ok(proxy)
}

/// Returns the WindowProxy of a navigable, or null if it has none or is destroyed.
pub(crate) fn proxy_value(ctx: &Context, navigable: NavigableId) -> JsValue {
    PROXIES
        .with(ctx, |proxies| proxies.by_navigable.get(&navigable).cloned())
        .map_or_else(JsValue::null, JsValue::from)
}

/// Makes a window the active window behind the WindowProxy of a navigable.
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

/// A `Window` as an argument, for interfaces below the module of the `Window` interface: its WindowProxy.
pub(crate) struct Window(pub(crate) JsObject);

impl FromJs for Window {
    fn from_js(value: &JsValue, place: Place<'_>, ctx: &mut Context) -> JsResult<Self> {
        if let Some(object) = value.as_object()
            && let Some(behind) = platform::unwrap_proxy(&object, ctx)?
            && globals::window_of_global(&behind).is_some()
        {
            return Ok(Self(object));
        }
        Err(place.is_not("Window"))
    }
}

/// Returns the object behind a proxy: the global object of a window, or a location. The caller
/// performs the security check before script gets the object.
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

/// Releases a proxy. From now on only script keeps it alive.
fn release(ctx: &mut Context, proxy: &JsObject) -> JsResult<()> {
    let (held, gone) = PROXIES.with(ctx, |proxies| {
        let held = proxies.behind.remove(proxy);
        (held, proxies.gone.clone())
    });
    if let (Some(object), Some(gone)) = (held.and_then(|held| held.object), gone) {
        gone.set(proxy, object.into(), ctx)?;
    }
    Ok(())
}

/// Releases the WindowProxy of a destroyed navigable. It keeps its last window.
pub(crate) fn navigable_gone(ctx: &mut Context, navigable: NavigableId) -> JsResult<()> {
    let (proxy, held_by) = PROXIES.with(ctx, |proxies| {
        let proxy = proxies.by_navigable.remove(&navigable);
        (proxy, proxies.indexed_by.remove(&navigable))
    });
    if let Some(window) = held_by {
        update_frames(ctx, window)?;
    }
    match proxy {
        Some(proxy) => release(ctx, &proxy),
        None => Ok(()),
    }
}

/// Releases the location and the indexed properties of a discarded window.
pub(crate) fn window_discarded(
    ctx: &mut Context,
    window: GlobalId,
    location: Option<JsObject>,
) -> JsResult<()> {
    crate::windows::cross_origin::window_discarded(ctx, window);
    PROXIES.with(ctx, |proxies| {
        if let Some(frames) = proxies.indexed.remove(&window) {
            for frame in frames {
                proxies.indexed_by.remove(&frame);
            }
        }
    });
    match location {
        Some(location) => release(ctx, &location),
        None => Ok(()),
    }
}

/// [IsPlatformObjectSameOrigin](https://html.spec.whatwg.org/multipage/nav-history-apis.html#isplatformobjectsameorigin-(-o-))
///
/// Checks the realm of the running script against the window.
// The result is never cached, because setting `document.domain` takes effect at once.
pub(crate) fn may_access(ctx: &Context, window: GlobalId) -> bool {
    if !PROXIES.with(ctx, |proxies| proxies.guarded) {
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

/// Guards the proxies if this window and another one of the agent are not same origin-domain.
pub(crate) fn check_origins(ctx: &mut Context, window: GlobalId) -> JsResult<()> {
    if PROXIES.with(ctx, |proxies| proxies.guarded) {
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
            // The next page in a top-level navigable replaces the former one, so they never meet.
            // Windows never see the objects of workers.
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

/// Guards all proxies from now on.
pub(crate) fn guard(ctx: &mut Context) -> JsResult<()> {
    let held = PROXIES.with(ctx, |proxies| {
        proxies.guarded = true;
        proxies.behind.clone()
    });
    for (proxy, behind) in held {
        if let Some(object) = behind.object {
            put_behind(ctx, &proxy, behind.navigable, object)?;
        }
    }
    Ok(())
}

/// Updates the indexed properties of a window to its document's frames.
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
        let descriptor = data_property(value, READ_ONLY);
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
