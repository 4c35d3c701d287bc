//! The global objects of workers
//! ([HTML, the global scope](https://html.spec.whatwg.org/multipage/workers.html#the-global-scope)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::{Host as _, Origin, Worker, WorkerKind};

use crate::script::realm;
use crate::script::{Host, with_contexts, with_messaging};
use crate::webidl::convert::js_str;
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

use super::{import_scripts, worker_location};
use crate::dom::event_target::EVENT_TARGET;
use crate::html::window::replace;
use crate::html::{error_events, event_handlers, navigator, timers};
use crate::messaging::{message_delivery, message_port};
use crate::{canvas, console, crypto};

/// The `WorkerGlobalScope` interface. It is not global itself: its members are of the prototype.
pub(crate) static WORKER_GLOBAL_SCOPE: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    members: &[
        MEMBERS,
        timers::MEMBERS,
        crate::html::base64::MEMBERS,
        canvas::WINDOW_MEMBERS,
        crypto::WINDOW_MEMBERS,
    ],
    ..Interface::new("WorkerGlobalScope")
};

const MEMBERS: &[Member] = &[
    Member::Attribute("self", |this, _| Ok(this.clone().into()), None),
    Member::Attribute("location", worker_location::location, None),
    Member::Attribute("navigator", worker_location::navigator, None),
    Member::Operation("importScripts", 0, import_scripts::import_scripts),
    event_handlers::handler("onerror"),
    event_handlers::handler("onlanguagechange"),
    event_handlers::handler("onoffline"),
    event_handlers::handler("ononline"),
    event_handlers::handler("onrejectionhandled"),
    event_handlers::handler("onunhandledrejection"),
    Member::Attribute(
        "origin",
        |this, ctx| {
            let origin = realm::origin_of_window(ctx, platform::window(this)?);
            let origin = origin.as_ref();
            Ok(js_str(
                origin.map_or_else(|| "null".to_owned(), Origin::to_string),
            ))
        },
        Some(|this, value, ctx| replace(this, "origin", value, ctx)),
    ),
    Member::Attribute(
        "isSecureContext",
        |this, ctx| {
            let worker = platform::window(this)?;
            Ok(with_contexts(ctx, |contexts| contexts.is_secure_context(worker)).into())
        },
        None,
    ),
    Member::Attribute(
        "crossOriginIsolated",
        |this, ctx| {
            let worker = platform::window(this)?;
            Ok(crate::script::agent_clusters::cross_origin_isolated(ctx, worker).into())
        },
        None,
    ),
    Member::Attribute(
        "performance",
        |_, ctx| navigator::performance(ctx),
        Some(|this, value, ctx| replace(this, "performance", value, ctx)),
    ),
    Member::Operation("reportError", 1, error_events::report_error),
    Member::Operation("structuredClone", 1, message_delivery::structured_clone),
];

/// The `DedicatedWorkerGlobalScope` interface.
pub(crate) static DEDICATED_WORKER_GLOBAL_SCOPE: Interface = Interface {
    parent: Some(&WORKER_GLOBAL_SCOPE),
    ..Interface::new("DedicatedWorkerGlobalScope")
};

/// The `SharedWorkerGlobalScope` interface.
pub(crate) static SHARED_WORKER_GLOBAL_SCOPE: Interface = Interface {
    parent: Some(&WORKER_GLOBAL_SCOPE),
    ..Interface::new("SharedWorkerGlobalScope")
};

/// The members of the global object of any worker.
const OWN: &[Member] = &[
    Member::Attribute(
        "name",
        |this, ctx| {
            let worker = platform::window(this)?;
            let name = with_contexts(ctx, |contexts| {
                contexts.worker(worker).map(|held| held.name().to_owned())
            });
            Ok(js_str(name.unwrap_or_default()))
        },
        Some(|this, value, ctx| replace(this, "name", value, ctx)),
    ),
    Member::Operation("close", 0, close),
    Member::Attribute(
        "console",
        |_, ctx| Ok(console::console_of_realm(ctx).into()),
        Some(|this, value, ctx| replace(this, "console", value, ctx)),
    ),
];

const DEDICATED: &[Member] = &[
    Member::Operation("postMessage", 1, post_message),
    event_handlers::handler("onmessage"),
    event_handlers::handler("onmessageerror"),
];

const SHARED: &[Member] = &[event_handlers::handler("onconnect")];

/// The members of the global object of a worker of this kind.
pub(crate) fn global_members(kind: WorkerKind) -> impl Iterator<Item = &'static Member> {
    let own = match kind {
        WorkerKind::Shared => SHARED,
        _ => DEDICATED,
    };
    OWN.iter().chain(own)
}

/// The interface of the global object of a worker.
pub(crate) fn interface(kind: WorkerKind) -> &'static Interface {
    match kind {
        WorkerKind::Shared => &SHARED_WORKER_GLOBAL_SCOPE,
        _ => &DEDICATED_WORKER_GLOBAL_SCOPE,
    }
}

/// [`close()`](https://html.spec.whatwg.org/multipage/workers.html#dom-dedicatedworkerglobalscope-close)
fn close(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let worker = platform::window(this)?;
    Host(ctx).with_contexts(|contexts, queues| contexts.close_a_worker(queues, worker));
    Ok(JsValue::undefined())
}

/// [`postMessage()`](https://html.spec.whatwg.org/multipage/workers.html#dom-dedicatedworkerglobalscope-postmessage)
fn post_message(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let worker = platform::window(this)?;
    let ports = with_messaging(ctx, |messaging, _| messaging.worker_ports(worker));
    match ports {
        Some(ports) => message_port::post_arguments(ports.inside, this, args, ctx),
        None => Ok(JsValue::undefined()),
    }
}

/// Reads what is known of a worker.
pub(crate) fn with_worker<R>(
    this: &JsObject,
    ctx: &Context,
    read: impl FnOnce(&Worker) -> R,
) -> JsResult<Option<R>> {
    let worker = platform::window(this)?;
    Ok(with_contexts(ctx, |contexts| {
        contexts.worker(worker).map(read)
    }))
}
