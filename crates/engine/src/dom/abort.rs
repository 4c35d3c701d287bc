//! `AbortController` and `AbortSignal`
//! ([DOM, aborting ongoing activities](https://dom.spec.whatwg.org/#aborting-ongoing-activities)).

use boa_engine::{Context, Finalize, JsError, JsNativeError, JsObject, JsResult, JsValue, Trace};

use framepost_browsing_context::events::ListenerId;

use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::{Target, with_listeners_mut};
use crate::webidl::convert::{argument, optional, sequence};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::platform::OfObject;
use crate::webidl::{self, Interface, Member};

use super::event::NewEvent;
use super::event_target::EVENT_TARGET;
use crate::html::event_handlers;

/// What a signal holds.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SignalData {
    /// The [abort reason](https://dom.spec.whatwg.org/#abortsignal-abort-reason), once aborted.
    reason: Option<JsValue>,
    /// The [abort algorithms](https://dom.spec.whatwg.org/#abortsignal-abort-algorithms): listeners
    /// to remove.
    listeners: Vec<(JsObject, SignalListener)>,
    /// The [dependent signals](https://dom.spec.whatwg.org/#abortsignal-dependent-signals).
    dependents: Vec<JsObject>,
}

/// A listener that ends with a signal.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
struct SignalListener(ListenerId);

/// The `AbortController` interface.
pub(crate) static ABORT_CONTROLLER: Interface = Interface {
    constructor: Some((0, |target, _, ctx| {
        let realm = ctx.realm().clone();
        let signal = create(&realm, ctx);
        target.create(OfObject(signal), ctx)
    })),
    members: &[&[
        Member::Attribute("signal", |this, _| Ok(signal_of(this)?.into()), None),
        Member::Operation("abort", 0, |this, args, ctx| {
            let reason = reason_or_default(args, ctx);
            abort(ctx, &signal_of(this)?, &reason);
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new("AbortController")
};

/// The `AbortSignal` interface.
pub(crate) static ABORT_SIGNAL: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    members: &[&[
        Member::Attribute("aborted", |this, _| Ok(is_aborted(this).into()), None),
        Member::Attribute(
            "reason",
            |this, _| Ok(reason(this).unwrap_or_default()),
            None,
        ),
        Member::Operation("throwIfAborted", 0, |this, _, _| match reason(this) {
            Some(reason) => Err(JsError::from_opaque(reason)),
            None => Ok(JsValue::undefined()),
        }),
        event_handlers::handler("onabort"),
        Member::Static("abort", 0, |args, ctx| {
            let reason = reason_or_default(args, ctx);
            let realm = ctx.realm().clone();
            let signal = create(&realm, ctx);
            write(&signal, |data| data.reason = Some(reason));
            Ok(signal.into())
        }),
        Member::Static("any", 1, any),
    ]],
    ..Interface::new("AbortSignal")
};

fn create(realm: &boa_engine::realm::Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &ABORT_SIGNAL, SignalData::default(), ctx)
}

fn signal_of(this: &JsObject) -> JsResult<JsObject> {
    platform::read(this, |signal: &OfObject| signal.0.clone())
}

fn reason(signal: &JsObject) -> Option<JsValue> {
    platform::with(signal, |data: &SignalData| data.reason.clone())
}

fn write<R>(signal: &JsObject, write: impl FnOnce(&mut SignalData) -> R) -> Option<R> {
    platform::with_mut(signal, |data: &mut SignalData| Some(write(data)))
}

/// Whether a signal is aborted.
pub(crate) fn is_aborted(signal: &JsObject) -> bool {
    reason(signal).is_some()
}

/// Removes a listener when the signal is aborted.
pub(crate) fn remove_listener_on_abort(signal: &JsObject, target: JsObject, listener: ListenerId) {
    write(signal, |data| {
        data.listeners.push((target, SignalListener(listener)));
    });
}

fn reason_or_default(args: &[JsValue], ctx: &mut Context) -> JsValue {
    match optional(args, 0) {
        Some(reason) => reason.clone(),
        None => exception::create("AbortError", "signal is aborted without reason", ctx).into(),
    }
}

/// [Signal abort](https://dom.spec.whatwg.org/#abortsignal-signal-abort)
fn abort(ctx: &mut Context, signal: &JsObject, reason: &JsValue) {
    if is_aborted(signal) {
        return;
    }
    let mut all = vec![signal.clone()];
    all.extend(write(signal, |data| std::mem::take(&mut data.dependents)).unwrap_or_default());
    all.retain(|signal| !is_aborted(signal));
    for signal in &all {
        write(signal, |data| data.reason = Some(reason.clone()));
    }
    for signal in &all {
        let listeners = write(signal, |data| std::mem::take(&mut data.listeners));
        for (target, listener) in listeners.unwrap_or_default() {
            with_listeners_mut(&target, |listeners| listeners.list.remove_by_id(listener.0));
        }
        let target = Target::Object(signal.clone());
        target::fire(
            ctx,
            &target,
            None,
            "abort",
            (false, false),
            NewEvent::plain(),
        );
    }
}

/// [`AbortSignal.any()`](https://dom.spec.whatwg.org/#dom-abortsignal-any)
fn any(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let mut sources = Vec::new();
    for value in sequence(&argument(args, 0), ctx)? {
        let signal = value
            .as_object()
            .filter(|object| platform::implements(object, &ABORT_SIGNAL));
        sources.push(signal.ok_or_else(|| {
            JsNativeError::typ().with_message("the sequence has a value that is no AbortSignal")
        })?);
    }
    let realm = ctx.realm().clone();
    let result = create(&realm, ctx);
    if let Some(reason) = sources.iter().find_map(reason) {
        write(&result, |data| data.reason = Some(reason));
        return Ok(result.into());
    }
    for source in &sources {
        write(source, |data| data.dependents.push(result.clone()));
    }
    Ok(result.into())
}
