//! `Worker` ([HTML, dedicated workers and the Worker interface](https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_browsing_context::Host as _;
use framepost_event_loop::GlobalId;
use url::Url;

use crate::dom::event_target::EVENT_TARGET;
use crate::messaging::message_port::post_message_to;
use crate::messaging::post_message::PostOptions;
use crate::script::port_objects::{HiddenPort, PORT_OBJECTS, hidden_port};
use crate::script::{Host, realm, run_steps, with_contexts, with_messaging};
use crate::webidl::exception::{self, OrThrow};
use crate::webidl::platform::PlatformObject;
use crate::webidl::receiver::receivers;
use crate::webidl::{NewTarget, interface};

/// What a `Worker` holds: nothing if the global that made it was gone.
#[derive(Clone, Copy, Default, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct WorkerData {
    worker: Option<GlobalId>,
}

receivers!(WorkerData);

interface! {
    /// The `Worker` interface.
    [Exposed=(Window,Worker)]
    interface Worker(WorkerData) : EventTarget {
        constructor(USVString scriptURL, optional WorkerOptions options = {});

        undefined terminate();
        undefined postMessage(any message, optional PostOptions options = {}) = |this, message, options, cx| match hidden_port(this) {
            Some(port) => post_message_to(port, this, &message, options, cx),
            None => Ok(()),
        };

        attribute EventHandler onmessage;
        attribute EventHandler onmessageerror;
        attribute EventHandler onerror;
    }

    dictionary WorkerOptions {
        DOMString name = "";
        WorkerType type = "classic";
        RequestCredentials credentials = "same-origin";
    }

    /// Whether the script is a module.
    enum WorkerType(framepost_browsing_context::WorkerType) { "classic", "module" };

    /// Which requests have credentials.
    enum RequestCredentials(framepost_browsing_context::CredentialsMode) { "omit", "same-origin", "include" };
}

impl From<WorkerOptions> for framepost_browsing_context::WorkerOptions {
    fn from(options: WorkerOptions) -> Self {
        Self::new()
            .with_name(options.name)
            .with_type(options.type_)
            .with_credentials(options.credentials)
    }
}

/// Parses the URL of a worker's script, relative to the global that makes it. None when that is
/// gone.
pub(crate) fn parse_worker_url(
    text: &str,
    creator: Option<GlobalId>,
    cx: &mut Context,
) -> JsResult<Option<(GlobalId, Url)>> {
    let Some(creator) = creator else {
        return Ok(None);
    };
    if with_contexts(cx, |contexts| contexts.api_base_url(creator).is_none()) {
        // IMPLEMENTATION-DEFINED: the base URL of a document that is gone is not known any more.
        let message = format!("{text:?} is not a URL.");
        return match Url::parse(text) {
            Ok(_) => Ok(None),
            Err(_) => Err(exception::throw("SyntaxError", &message, cx)),
        };
    }
    let url = with_contexts(cx, |contexts| contexts.parse_url_for_global(creator, text));
    Ok(Some((creator, url.or_throw(cx)?)))
}

/// [`new Worker()`](https://html.spec.whatwg.org/multipage/workers.html#dom-worker)
fn construct(
    target: &NewTarget,
    script_url: &str,
    options: WorkerOptions,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    // 3. and 4. The URL is relative to the global that makes the worker.
    let url = parse_worker_url(script_url, realm::current_window(ctx), ctx)?;
    // 5. to 8. and 11. The worker, which runs in parallel from now on.
    let made = url.and_then(|(creator, url)| {
        Host(ctx).with_contexts(|contexts, queues| {
            let (worker, steps) =
                contexts.run_a_dedicated_worker(queues, creator, url, options.into())?;
            Some((creator, worker, steps))
        })
    });
    let Some((creator, worker, steps)) = made else {
        return target.create(WorkerData::default(), ctx);
    };
    // 9. and 10. The ports between the object and the worker.
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
    let object = target.create_with(parts, ctx)?;
    port.set_object(&object);
    run_steps(ctx, steps);
    Ok(object)
}

/// [`terminate()`](https://html.spec.whatwg.org/multipage/workers.html#dom-worker-terminate)
fn terminate(data: &WorkerData, cx: &mut Context) {
    let Some(worker) = data.worker else { return };
    with_messaging(cx, |messaging, queues| {
        messaging.empty_worker_port_message_queue(queues, worker);
    });
    let steps = with_contexts(cx, |contexts| contexts.terminate_a_worker(worker));
    run_steps(cx, steps);
}
