//! The global objects of workers
//! ([HTML, the global scope](https://html.spec.whatwg.org/multipage/workers.html#the-global-scope)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::{EffectHost as _, WorkerKind};
use framepost_event_loop::GlobalId;

use super::import_scripts::import_scripts;
use super::worker_location::{WORKER_LOCATION, WORKER_NAVIGATOR};
use crate::console;
use crate::dom::event_target::EVENT_TARGET;
use crate::html::animation_frame_provider::ANIMATION_FRAME_PROVIDER;
use crate::html::window_or_worker_global_scope::WINDOW_OR_WORKER_GLOBAL_SCOPE;
use crate::messaging::port_steps::post_message_to;
use crate::messaging::post_message::PostOptions;
use crate::script::globals::{self, WorkerLocationOf};
use crate::script::{Host, realm, with_contexts, with_messaging};
use crate::webidl::{Interface, interface};

interface! {
    /// The `WorkerGlobalScope` interface. It does not have the attribute `[Global]`: its members are on the
    /// prototype.
    [Exposed=Worker]
    interface WorkerGlobalScope(GlobalId) : EventTarget {
        readonly attribute WorkerGlobalScope self = |this, _| this.clone();
        [SameObject] readonly attribute WorkerLocation location = |worker: GlobalId, cx| realm::create_in(worker, &WORKER_LOCATION, WorkerLocationOf(worker), cx);
        [SameObject] readonly attribute WorkerNavigator navigator = |worker: GlobalId, cx| realm::create_in(worker, &WORKER_NAVIGATOR, (), cx);
        undefined importScripts(USVString... urls);

        attribute OnErrorEventHandler onerror;
        attribute EventHandler onlanguagechange;
        attribute EventHandler onoffline;
        attribute EventHandler ononline;
        attribute EventHandler onrejectionhandled;
        attribute EventHandler onunhandledrejection;
    }
    WorkerGlobalScope includes WindowOrWorkerGlobalScope;

    /// The `DedicatedWorkerGlobalScope` interface.
    [Global=(Worker,DedicatedWorker), Exposed=DedicatedWorker]
    interface DedicatedWorkerGlobalScope(GlobalId) : WorkerGlobalScope {
        undefined postMessage(any message, optional PostOptions options);

        attribute EventHandler onmessage;
        attribute EventHandler onmessageerror;
    }
    DedicatedWorkerGlobalScope includes AnimationFrameProvider;
    DedicatedWorkerGlobalScope includes AnyWorker;

    /// The `SharedWorkerGlobalScope` interface.
    [Global=(Worker,SharedWorker), Exposed=SharedWorker]
    interface SharedWorkerGlobalScope(GlobalId) : WorkerGlobalScope {
        attribute EventHandler onconnect;
    }
    SharedWorkerGlobalScope includes AnyWorker;

    /// The members of both on the global object, with the Console Standard's `console`.
    interface mixin AnyWorker {
        [Replaceable] readonly attribute DOMString name;
        undefined close();
        [Replaceable] readonly attribute any console = |_, cx| console::console_of_realm(cx);
    }
}

/// The interface of the global object of a worker.
pub(crate) fn interface(kind: WorkerKind) -> &'static Interface {
    match kind {
        WorkerKind::Shared => &SHARED_WORKER_GLOBAL_SCOPE,
        _ => &DEDICATED_WORKER_GLOBAL_SCOPE,
    }
}

/// [`name`](https://html.spec.whatwg.org/multipage/workers.html#dom-dedicatedworkerglobalscope-name)
fn name(worker: GlobalId, cx: &mut Context) -> String {
    let name = with_contexts(cx, |contexts| {
        contexts
            .worker(worker)
            .map(|worker| worker.name().to_owned())
    });
    name.unwrap_or_default()
}

/// [`close()`](https://html.spec.whatwg.org/multipage/workers.html#dom-dedicatedworkerglobalscope-close)
fn close(worker: GlobalId, cx: &mut Context) {
    Host::new(cx).with_contexts(|contexts, queues| contexts.close_a_worker(queues, worker));
}

/// [`postMessage()`](https://html.spec.whatwg.org/multipage/workers.html#dom-dedicatedworkerglobalscope-postmessage)
fn post_message(
    this: &JsObject,
    message: &JsValue,
    options: Option<PostOptions>,
    cx: &mut Context,
) -> JsResult<()> {
    let worker = globals::global_of_receiver(this)?;
    let ports = with_messaging(cx, |messaging, _| messaging.worker_ports(worker));
    match ports {
        Some(ports) => post_message_to(ports.inside, this, message, options, cx),
        None => Ok(()),
    }
}
