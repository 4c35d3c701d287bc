//! Realm set-up: global objects of windows and workers, with all their members.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::{NavigableId, WorkerKind};
use framepost_event_loop::GlobalId;

use crate::html::window::WINDOW;
use crate::script::globals::{self, DEDICATED_WORKER, SHARED_WORKER, WindowGlobal, WorkerGlobal};
use crate::script::realm::{NewGlobal, create_realm, in_realm};
use crate::script::with_contexts;
use crate::webidl::platform::PlatformObject;
use crate::webidl::{self, Exposed};
use crate::windows::{lazy_globals, named_properties, window_proxy};
use crate::workers::worker_global_scope;

/// [Creating a new realm](https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-new-javascript-realm),
/// for step 7.5 of [create and initialize a Document object](https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object)
/// and for initial `about:blank` documents
///
/// The global object is a window, and its `this` value is the WindowProxy of `navigable`.
pub(crate) fn create_window_realm(
    ctx: &mut Context,
    window: GlobalId,
    navigable: NavigableId,
) -> JsResult<()> {
    let new = NewGlobal {
        id: window,
        exposed: exposed(ctx, window, globals::WINDOW),
        parts: PlatformObject::new(WindowGlobal(window), &WINDOW),
        proxy: Some(window_proxy::proxy_of(ctx, navigable)?),
        navigable: Some(navigable),
    };
    let (realm, global) = create_realm(ctx, new)?;
    in_realm(ctx, &realm, |ctx| define_globals(ctx, &realm, &global))
}

/// [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker), step 5
///
/// Creates the realm of a new worker.
pub(crate) fn create_worker_realm(
    ctx: &mut Context,
    worker: GlobalId,
    kind: WorkerKind,
) -> JsResult<()> {
    let interface = worker_global_scope::interface(kind);
    let mut parts = PlatformObject::new(WorkerGlobal(worker), interface);
    parts.global = Some(worker);
    let kind = match kind {
        WorkerKind::Shared => SHARED_WORKER,
        _ => DEDICATED_WORKER,
    };
    let exposed = exposed(ctx, worker, kind);
    let new = NewGlobal {
        id: worker,
        exposed,
        parts,
        proxy: None,
        navigable: None,
    };
    let (realm, global) = create_realm(ctx, new)?;
    in_realm(ctx, &realm, |ctx| {
        let objects = webidl::interface_objects(&realm, interface, ctx);
        global.set_prototype(Some(objects.prototype.clone()));
        webidl::define_on_global(interface, &global, &realm, ctx);
        lazy_globals::define_for_worker(ctx, &realm, &global, exposed);
    });
    Ok(())
}

/// The kind of a new global object, and whether it is a secure context.
fn exposed(ctx: &Context, global: GlobalId, kind: Exposed) -> Exposed {
    match with_contexts(ctx, |contexts| contexts.is_secure_context(global)) {
        true => kind.in_secure_contexts(),
        false => kind,
    }
}

/// Defines the members of the window and the interface objects on the global object.
fn define_globals(ctx: &mut Context, realm: &Realm, global: &JsObject) -> JsResult<()> {
    let objects = webidl::interface_objects(realm, &WINDOW, ctx);
    if let Some(parent) = objects.prototype.prototype() {
        let named = named_properties::create(ctx, global, parent)?;
        objects.prototype.set_prototype(Some(named));
    }
    global.set_prototype(Some(objects.prototype.clone()));
    lazy_globals::define(ctx, realm, global);
    Ok(())
}
