//! Workers: their effects, and their `Worker` and `SharedWorker` objects.

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::{EffectHost as _, SharedWorkerConnection};
use framepost_event_loop::{Arena, FxHashMap, GlobalId, TaskSource, new_key_type};
use framepost_messaging::ports::{Owner, PortId};

use super::dedicated_workers::parse_worker_url;
use super::shared_worker::NameOrOptions;
use crate::boa::slots::Slot;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::messaging::port_steps;
use crate::script::error_place::Place;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{
    EngineTask, Host, TaskId, TaskKind, queue_a_global_task, realm, run_steps, with_contexts,
    with_messaging,
};
use crate::webidl::NewTarget;
use crate::webidl::platform::OfObject;

/// The agent's workers.
static WORKERS: Slot<Workers> = Slot::new();

new_key_type! {
    /// Names a `SharedWorker` that got no worker.
    pub struct RefusedId: "refused shared worker";
}

/// The script side of an agent's workers.
#[derive(Default)]
pub(crate) struct Workers {
    shared: FxHashMap<GlobalId, Connections>,
    /// The shared workers that will get `connect` with these ports.
    connecting: FxHashMap<PortId, GlobalId>,
    refused: Arena<RefusedId, JsObject>,
    /// The last syntax error of an imported script, with its place, which the error lacks.
    import_errors: FxHashMap<GlobalId, (JsValue, Place)>,
}

/// The connections of a shared worker.
#[derive(Default)]
struct Connections {
    has_run: bool,
    /// The ports for `connect` when its script has run.
    ports: Vec<PortId>,
    /// The `SharedWorker` objects that get `error` if it cannot run.
    objects: Vec<JsObject>,
}

/// The script of a worker is about to run: its messages arrive from now on.
pub(crate) fn about_to_run(ctx: &Context, worker: GlobalId) {
    with_messaging(ctx, |messaging, queues| {
        messaging.enable_outside_port(queues, worker);
    });
}

/// The script of a worker has run: enables its ports, and fires `connect` at a shared worker for the connections so
/// far.
pub(crate) fn ready(ctx: &mut Context, worker: GlobalId) {
    // Run a worker, onComplete, 11. and 12. Enable the port message queues of a dedicated worker.
    with_messaging(ctx, |messaging, queues| {
        messaging.enable_worker_ports(queues, worker);
    });
    // Run a worker, onComplete, 13. Queue the tasks that fire connect.
    let waiting = WORKERS.with(ctx, |workers| {
        let connections = workers.shared.get_mut(&worker)?;
        connections.has_run = true;
        Some((
            std::mem::take(&mut connections.ports),
            std::mem::take(&mut connections.objects),
        ))
    });
    if let Some((ports, _objects)) = waiting {
        for port in ports {
            queue_connect(ctx, worker, port);
        }
    }
}

/// A page or a worker has connected to a shared worker: `object` is its `SharedWorker`, `port` the worker's port.
pub(crate) fn connected(ctx: &Context, worker: GlobalId, object: JsObject, port: PortId) {
    let now = WORKERS.with(ctx, |workers| {
        let connections = workers.shared.entry(worker).or_default();
        if !connections.has_run {
            connections.ports.push(port);
            connections.objects.push(object);
        }
        connections.has_run
    });
    if now {
        queue_connect(ctx, worker, port);
    }
}

fn queue_connect(ctx: &Context, worker: GlobalId, port: PortId) {
    let task = EngineTask::new(&CONNECT, port);
    // A worker that is closing gets no `connect`; the port ends with it.
    if queue_a_global_task(ctx, TaskSource::DomManipulation, worker, task) {
        WORKERS.with(ctx, |workers| workers.connecting.insert(port, worker));
    }
}

/// The task that fires `connect` at a shared worker, for the page at the other end of a port.
static CONNECT: TaskKind = TaskKind {
    name: "fire connect",
    run: |ctx, id| {
        let port = id.key();
        let worker = WORKERS.with(ctx, |workers| workers.connecting.remove(&port));
        if let Some(worker) = worker {
            crate::messaging::message_delivery::fire_connect(ctx, worker, port);
        }
    },
};

/// A `SharedWorker` was refused its worker: `error` is fired at it in a task.
pub(crate) fn refused(ctx: &Context, owner: GlobalId, object: JsObject) {
    let id = WORKERS.with(ctx, |workers| workers.refused.insert(object));
    let task = EngineTask::new(&NO_SHARED_WORKER, id);
    let queued = queue_a_global_task(ctx, TaskSource::DomManipulation, owner, task);
    if !queued {
        drop(WORKERS.with(ctx, |workers| workers.refused.remove(id)));
    }
}

/// The task that fires `error`.
static NO_SHARED_WORKER: TaskKind = TaskKind {
    name: "fire error at a SharedWorker that has no worker",
    run: fire_refused,
};

fn fire_refused(ctx: &mut Context, id: TaskId) {
    let object = WORKERS.with(ctx, |workers| workers.refused.remove(id.key()));
    if let Some(object) = object {
        fire_plain_error(ctx, object);
    }
}

fn fire_plain_error(ctx: &mut Context, object: JsObject) {
    let target = Target::Object(object);
    event_dispatch::fire(
        ctx,
        &target,
        None,
        "error",
        (false, false),
        NewEvent::plain(),
    );
}

/// Fires `error` at the objects of a worker that cannot run.
pub(crate) fn fire_error(ctx: &mut Context, worker: GlobalId) {
    let shared = WORKERS.with(ctx, |workers| {
        let connections = workers.shared.get_mut(&worker)?;
        Some(std::mem::take(&mut connections.objects))
    });
    let objects = shared.unwrap_or_else(|| object_of(ctx, worker).into_iter().collect());
    for object in objects {
        fire_plain_error(ctx, object);
    }
}

/// The `Worker` object of a dedicated worker, unless it was collected.
pub(crate) fn object_of(ctx: &Context, worker: GlobalId) -> Option<JsObject> {
    PORT_OBJECTS.with(ctx, |port_objects| port_objects.worker(worker))
}

/// Counts the events that are still to be fired at the `Worker` object of a worker.
pub(crate) fn hold_object(ctx: &Context, worker: GlobalId, by: isize) {
    PORT_OBJECTS.with(ctx, |port_objects| port_objects.hold_worker(worker, by));
}

/// Records the place of a syntax error of an imported script.
pub(crate) fn remember_import_error(ctx: &Context, worker: GlobalId, error: JsValue, place: Place) {
    let before = WORKERS.with(ctx, |workers| {
        let errors = &mut workers.import_errors;
        errors.insert(worker, (error, place))
    });
    drop(before);
}

/// The recorded place, if this is the error.
pub(crate) fn place_of_import_error(ctx: &Context, value: &JsValue) -> Option<Place> {
    let object = value.as_object()?;
    WORKERS.with(ctx, |workers| {
        let errors = workers.import_errors.values();
        let mut errors = errors.filter(|(error, _)| error.as_object().as_ref() == Some(&object));
        errors.next().map(|(_, place)| place.clone())
    })
}

/// Ends the workers whose objects were collected, as soon as they have no work left: they can get no more messages.
pub(crate) fn end_the_forgotten(ctx: &mut Context) {
    let forgotten = PORT_OBJECTS.with(ctx, |port_objects| {
        std::mem::take(&mut port_objects.forgotten_workers)
    });
    for worker in forgotten {
        let busy = with_messaging(ctx, |messaging, _| messaging.is_reachable(worker))
            || Host::new(ctx)
                .with_contexts(|contexts, queues| contexts.is_protected(queues, worker));
        if busy {
            PORT_OBJECTS.with(ctx, |port_objects| {
                port_objects.forgotten_workers.push(worker);
            });
            continue;
        }
        let steps = with_contexts(ctx, |contexts| contexts.terminate_a_worker(worker));
        run_steps(ctx, steps);
    }
}

/// Removes the data of an ended worker.
pub(crate) fn forget(ctx: &Context, worker: GlobalId) {
    PORT_OBJECTS.with(ctx, |port_objects| {
        port_objects
            .forgotten_workers
            .retain(|held| *held != worker);
    });
    drop(WORKERS.with(ctx, |workers| {
        let errors = workers.import_errors.remove(&worker);
        (errors, workers.shared.remove(&worker))
    }));
}

/// [`new SharedWorker()`](https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworker)
pub(super) fn construct(
    target: &NewTarget,
    script_url: &str,
    options: NameOrOptions,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    // NOT YET: 1. Trusted types.
    // 2. A string is the name.
    let options = match options {
        NameOrOptions::DomString(name) => {
            framepost_browsing_context::WorkerOptions::new().with_name(name)
        }
        NameOrOptions::SharedWorkerOptions(options) => {
            let extended = options.extended_lifetime;
            framepost_browsing_context::WorkerOptions::from(options.parent)
                .with_extended_lifetime(extended)
        }
    };
    // 3. The settings are those of the current global.
    // 4. Parse the URL, relative to that.
    // 5. An invalid URL throws.
    let creator = realm::current_global(ctx)?;
    let url = parse_worker_url(script_url, Some(creator), ctx)?;
    // 8. and 9. The secure context and the storage key are looked up below.
    // 10. and 11. Find the worker, or begin to run one.
    // OPTIMIZATION: this stands before 6. and 7., because the ports need the worker's global.
    let connection = url.and_then(|(_, url)| {
        Host::new(ctx).with_contexts(|contexts, queues| {
            contexts.connect_to_a_shared_worker(queues, creator, url, options)
        })
    });
    let (worker, steps) = match connection {
        Some(SharedWorkerConnection::New(worker, steps)) => (Some(worker), Some(steps)),
        Some(SharedWorkerConnection::Existing(worker)) => (Some(worker), None),
        _ => (None, None),
    };
    // 6. Create the outside port, and with a worker (11.5.5. and 11.5.6.) the inside port.
    let (outside, inside) = with_messaging(ctx, |messaging, _| match worker {
        Some(worker) => {
            let (outside, inside) = messaging.create_shared_worker_ports(creator, worker);
            (outside, Some(inside))
        }
        None => (messaging.create_channel(Owner::Global(creator)).0, None),
    });
    if let Some(half) =
        inside.and_then(|inside| with_messaging(ctx, |messaging, _| messaging.half_of(inside)))
    {
        PORT_OBJECTS.with(ctx, |port_objects| port_objects.new_inside_port(half));
    }
    let port = port_steps::create(ctx, creator, outside);
    // 7. It is the object's port.
    let object = target.create(OfObject(port), ctx)?;
    match worker.zip(inside) {
        // 11.5.4. Associate the object with the worker. 11.5.7. Queue a task that fires connect.
        Some((worker, inside)) => {
            connected(ctx, worker, object.clone(), inside);
        }
        // 11.4.1. or 11.5.3.1. Without a worker that fits, queue a task that fires error.
        None => refused(ctx, creator, object.clone()),
    }
    // 11.6. Go on with running a new worker.
    if let Some(steps) = steps {
        run_steps(ctx, steps);
    }
    Ok(object)
}
