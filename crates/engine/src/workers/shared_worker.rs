//! `SharedWorker` ([HTML, shared workers and the SharedWorker interface](https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::{Host as _, SharedWorkerConnection};
use framepost_messaging::ports::Owner;

use super::connections;
use super::worker::{WorkerOptions, parse_worker_url};
use crate::dom::event_target::EVENT_TARGET;
use crate::messaging::message_port;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{Host, realm, run_steps, with_messaging};
use crate::webidl::platform::{self, OfObject};
use crate::webidl::{NewTarget, interface};

interface! {
    /// The `SharedWorker` interface.
    [Exposed=Window]
    interface SharedWorker(OfObject) : EventTarget {
        constructor(USVString scriptURL, optional NameOrOptions options = {});
        readonly attribute MessagePort port = |port| port.0.clone();
        attribute EventHandler onerror;
    }

    typedef (DOMString or WorkerOptions) NameOrOptions;
}

/// [`new SharedWorker()`](https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworker)
fn construct(
    target: &NewTarget,
    script_url: &str,
    options: NameOrOptions,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    // 2. and 3. A string is the name.
    let options = match options {
        NameOrOptions::DomString(name) => {
            framepost_browsing_context::WorkerOptions::new().with_name(name)
        }
        NameOrOptions::WorkerOptions(options) => options.into(),
    };
    // 4. to 6. The URL is relative to the global that makes the worker.
    let creator = realm::current_window(ctx);
    let url = parse_worker_url(script_url, creator, ctx)?;
    // 11. The worker of this name and origin, or a new one.
    let connected = url.and_then(|(_, url)| {
        Host(ctx).with_contexts(|contexts, queues| {
            contexts.connect_to_a_shared_worker(queues, creator?, url, options)
        })
    });
    let window = creator.ok_or_else(platform::illegal_invocation)?;
    let (worker, steps) = match connected {
        Some(SharedWorkerConnection::New(worker, steps)) => (Some(worker), Some(steps)),
        Some(SharedWorkerConnection::Existing(worker)) => (Some(worker), None),
        _ => (None, None),
    };
    // 7. to 9. The ports between the object and the worker.
    let (outside, inside) = with_messaging(ctx, |messaging, _| match worker {
        Some(worker) => {
            let (outside, inside) = messaging.create_shared_worker_ports(window, worker);
            (outside, Some(inside))
        }
        None => (messaging.create_channel(Owner::Global(window)).0, None),
    });
    if let Some(half) =
        inside.and_then(|inside| with_messaging(ctx, |messaging, _| messaging.half_of(inside)))
    {
        PORT_OBJECTS.with(ctx, |port_objects| port_objects.new_inside_port(half));
    }
    let port = message_port::create(ctx, window, outside);
    let object = target.create(OfObject(port), ctx)?;
    match worker.zip(inside) {
        Some((worker, inside)) => {
            connections::connected(ctx, worker, object.clone(), inside);
        }
        None => connections::refused(ctx, window, object.clone()),
    }
    if let Some(steps) = steps {
        run_steps(ctx, steps);
    }
    Ok(object)
}
