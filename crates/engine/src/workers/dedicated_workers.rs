//! Creating and ending dedicated workers
//! ([HTML, dedicated workers and the Worker interface](https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::EffectHost as _;
use framepost_event_loop::GlobalId;
use url::Url;

use super::worker::{WorkerData, WorkerOptions};
use crate::script::port_objects::{HiddenPort, PORT_OBJECTS};
use crate::script::{Host, realm, run_steps, with_contexts, with_messaging};
use crate::webidl::NewTarget;
use crate::webidl::exception::{self, OrThrow};
use crate::webidl::platform::PlatformObject;

/// Parses the URL of a worker's script, relative to the global that creates it. `None` if that is gone.
pub(crate) fn parse_worker_url(
    text: &str,
    creator: Option<GlobalId>,
    cx: &mut Context,
) -> JsResult<Option<(GlobalId, Url)>> {
    let Some(creator) = creator else {
        return Ok(None);
    };
    if with_contexts(cx, |contexts| contexts.api_base_url(creator).is_none()) {
        // IMPLEMENTATION-DEFINED: the base URL of a document that is gone is unknown.
        let message = format!("{text:?} is not a URL.");
        return match Url::parse(text) {
            Ok(_) => Ok(None),
            Err(_) => Err(exception::throw("SyntaxError", &message, cx)),
        };
    }
    let url = with_contexts(cx, |contexts| {
        contexts.encoding_parse_url_for_global(creator, text)
    });
    Ok(Some((creator, url.or_throw(cx)?)))
}

/// [`new Worker()`](https://html.spec.whatwg.org/multipage/workers.html#dom-worker)
pub(super) fn construct(
    target: &NewTarget,
    script_url: &str,
    options: WorkerOptions,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    // NOT YET: 1. Trusted types.
    // 2. The settings are those of the current global.
    // 3. Parse the URL, relative to that.
    // 4. An invalid URL throws.
    let url = parse_worker_url(script_url, realm::current_window(ctx), ctx)?;
    // 9. and 9.1. Run a worker in parallel.
    // OPTIMIZATION: this begins it, because the ports need the worker's global. `steps` are the rest.
    let made = url.and_then(|(creator, url)| {
        Host::new(ctx).with_contexts(|contexts, queues| {
            let (worker, steps) =
                contexts.run_a_dedicated_worker(queues, creator, url, options.into())?;
            Some((creator, worker, steps))
        })
    });
    let Some((creator, worker, steps)) = made else {
        return target.create(WorkerData::default(), ctx);
    };
    // 5. Create the outside port,
    // 6. with the object as the message event target. (Run a worker, onComplete, 3. to 5.: the inside port.)
    let (port, half, inside) = with_messaging(ctx, |messaging, _| {
        let ports = messaging.create_worker_ports(creator, worker);
        let half = messaging.half_of(ports.outside);
        (ports.outside, half, messaging.half_of(ports.inside))
    });
    let port = PORT_OBJECTS.with(ctx, |port_objects| {
        if let Some(inside) = inside {
            port_objects.new_inside_port(inside);
        }
        let port = port_objects.new_port(port, half, false);
        port_objects.new_worker(worker, &port);
        port
    });
    let data = WorkerData {
        worker: Some(worker),
    };
    let parts = PlatformObject::new(data, target.interface());
    let parts = parts.and_own(Box::new(HiddenPort(port.clone())));
    // 7. and 8. The object owns the port.
    let object = target.create_with(parts, ctx)?;
    port.set_object(&object);
    // 9.1. Go on with running the worker.
    run_steps(ctx, steps);
    Ok(object)
}

/// [`terminate()`](https://html.spec.whatwg.org/multipage/workers.html#dom-worker-terminate)
pub(super) fn terminate(data: &WorkerData, cx: &mut Context) {
    let Some(worker) = data.worker else { return };
    // Terminate a worker, 4. Empty the port message queue of the outside port.
    // IMPLEMENTATION-DEFINED: this comes first, while the ports are known. No script runs in between.
    with_messaging(cx, |messaging, queues| {
        messaging.empty_worker_port_message_queue(queues, worker);
    });
    // Terminate a worker, 1. to 3. End it.
    let steps = with_contexts(cx, |contexts| contexts.terminate_a_worker(worker));
    run_steps(cx, steps);
}
