//! `SharedWorker` ([HTML, shared workers and the SharedWorker interface](https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface)).

use crate::webidl::platform::OfObject;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::{Host as _, SharedWorkerConnection, WorkerOptions};
use framepost_messaging::ports::Owner;

use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{Host, run_steps, with_messaging};
use crate::webidl::convert::argument;
use crate::webidl::platform;
use crate::webidl::{Interface, Member, NewTarget};

use super::worker::{parse_worker_url, worker_options, worker_url};
use crate::dom::event_target::EVENT_TARGET;
use crate::html::event_handlers;
use crate::messaging::message_port;

/// The `SharedWorker` interface.
pub(crate) static SHARED_WORKER: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    constructor: Some((1, construct)),
    members: &[&[
        Member::Attribute(
            "port",
            |this, _| platform::read(this, |port: &OfObject| port.0.clone().into()),
            None,
        ),
        event_handlers::handler("onerror"),
    ]],
    ..Interface::new("SharedWorker")
};

/// [`new SharedWorker()`](https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworker)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let (text, creator) = worker_url(&argument(args, 0), ctx)?;
    let second = argument(args, 1);
    let options = if second.is_null_or_undefined() || second.is_object() {
        worker_options(&second, ctx)?
    } else {
        let name = second.to_string(ctx)?.to_std_string_lossy();
        WorkerOptions::new().with_name(name)
    };
    let url = parse_worker_url(ctx, &text, creator)?;
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
            crate::workers::connections::connected(ctx, worker, object.clone(), inside);
        }
        None => crate::workers::connections::refused(ctx, window, object.clone()),
    }
    if let Some(steps) = steps {
        run_steps(ctx, steps);
    }
    Ok(object)
}
