//! Global objects and their locations, as platform objects.

use boa_engine::{Finalize, JsObject, JsResult, Trace};
use boa_gc::GcRef;
use framepost_event_loop::GlobalId;

use crate::webidl::Exposed;
use crate::webidl::platform::{PlatformObject, illegal_invocation, with};
use crate::webidl::receiver::Receiver;

/// Windows, as globals that expose interfaces.
pub const WINDOW: Exposed = Exposed::kind(0);
/// Dedicated workers.
pub const DEDICATED_WORKER: Exposed = Exposed::kind(1);
/// Shared workers.
pub const SHARED_WORKER: Exposed = Exposed::kind(2);
/// All workers.
pub const WORKERS: Exposed = DEDICATED_WORKER.or(SHARED_WORKER);

/// The data of a `Window`, the global object of a window.
#[derive(Clone, Copy, Debug, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub struct WindowGlobal(pub GlobalId);

/// The data of a `WorkerGlobalScope`, the global object of a worker.
#[derive(Clone, Copy, Debug, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub struct WorkerGlobal(pub GlobalId);

/// The data of a `WorkerLocation`.
#[derive(Clone, Copy, Debug, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub struct WorkerLocationOf(pub GlobalId);

/// The data of a `Location` of a window.
#[derive(Clone, Copy, Debug, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub struct LocationOf(pub GlobalId);

/// The window or worker of a global object or a location.
impl Receiver for GlobalId {
    fn of(object: &JsObject) -> JsResult<Self> {
        global_of_receiver(object)
    }
}

/// The window or worker of a receiver that has passed its brand check. The receiver is a global
/// object or a location.
#[inline]
pub fn global_of_receiver(object: &JsObject) -> JsResult<GlobalId> {
    let location = || with(object, |location: &LocationOf| Some(location.0));
    let worker_location = || with(object, |location: &WorkerLocationOf| Some(location.0));
    global_of(object)
        .or_else(location)
        .or_else(worker_location)
        .ok_or_else(illegal_invocation)
}

/// The data of a global object.
///
/// OPTIMIZATION: most objects are none, and need no look at the types of their data.
#[inline]
fn global_object(object: &JsObject) -> Option<GcRef<'_, PlatformObject>> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    platform.interface.is_global.then_some(platform)
}

/// The window or worker of a global object.
#[inline]
pub fn global_of(object: &JsObject) -> Option<GlobalId> {
    let platform = global_object(object)?;
    let window = platform.data().map(|window: &WindowGlobal| window.0);
    window.or_else(|| platform.data().map(|worker: &WorkerGlobal| worker.0))
}

/// The window or worker that a platform object belongs to: that of its relevant realm; of a global object
/// itself.
#[inline]
pub fn global_or_relevant(object: &JsObject) -> Option<GlobalId> {
    let relevant = object.downcast_ref::<PlatformObject>()?.global;
    relevant.or_else(|| global_of(object))
}

/// The window or worker that a platform object belongs to, and the window that it is the global object of.
///
/// OPTIMIZATION: [`global_or_relevant`] and [`window_of_global`] in one access.
#[inline]
pub fn owner_and_window(object: &JsObject) -> (Option<GlobalId>, Option<GlobalId>) {
    let Some(platform) = object.downcast_ref::<PlatformObject>() else {
        return (None, None);
    };
    if !platform.interface.is_global {
        return (platform.global, None);
    }
    let window = platform.data().map(|window: &WindowGlobal| window.0);
    let worker = || platform.data().map(|worker: &WorkerGlobal| worker.0);
    (platform.global.or(window).or_else(worker), window)
}

/// The window of a global object.
#[inline]
pub fn window_of_global(object: &JsObject) -> Option<GlobalId> {
    let platform = global_object(object)?;
    platform.data().map(|window: &WindowGlobal| window.0)
}

/// Whether the object is the global object of a window.
#[inline]
pub fn is_window(global: &JsObject) -> bool {
    window_of_global(global).is_some()
}
