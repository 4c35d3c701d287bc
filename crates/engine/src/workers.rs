//! Workers: what the documents' crate asks for on their behalf, and the objects that stand for them.

use std::collections::HashMap;
use std::path::Path;

use boa_engine::{Context, JsObject, JsValue, Script, Source};
use framepost_browsing_context::{Host as _, Worker, WorkerType};
use framepost_event_loop::{Arena, ClientId, GlobalId, TaskSource, new_key_type};
use framepost_messaging::PortId;

use crate::bindings::event::NewEvent;
use crate::bindings::message_delivery;
use crate::boa::slots::Slot;
use crate::port_objects::PORT_OBJECTS;
use crate::realm::{self, in_realm, window_record};
use crate::report::{self, Place};
use crate::target::{self, Target};
use crate::world::{
    EngineTask, Host, TaskId, TaskKind, clean_up_after_running_script, prepare_to_run_script,
    queue_a_global_task, run_steps, with_contexts, with_messaging,
};

/// The agent's workers.
static WORKERS: Slot<Workers> = Slot::new();

new_key_type! {
    /// Names a `SharedWorker` that has got no worker.
    pub struct RefusedId: "refused shared worker";
}

/// The workers of an agent, as far as script is concerned.
#[derive(Default)]
pub(crate) struct Workers {
    shared: HashMap<GlobalId, Connections>,
    /// The shared workers that will hear who is at the other end of these ports.
    connecting: HashMap<PortId, GlobalId>,
    refused: Arena<RefusedId, JsObject>,
    /// The last syntax error of an imported script, whose place the error does not know.
    import_errors: HashMap<GlobalId, (JsValue, Place)>,
    /// The dedicated workers whose objects were collected, and which have something to do yet.
    forgotten: Vec<GlobalId>,
}

/// Who has connected to a shared worker.
#[derive(Default)]
struct Connections {
    has_run: bool,
    /// The ports that it is to be told of when its script has run.
    ports: Vec<PortId>,
    /// The `SharedWorker` objects that hear it if it cannot be run.
    objects: Vec<JsObject>,
}

/// Makes the realm of a new worker.
pub(crate) fn create_realm(ctx: &mut Context, worker: GlobalId) {
    let kind = with_contexts(ctx, |contexts| contexts.worker(worker).map(Worker::kind));
    let Some(kind) = kind else { return };
    if let Err(error) = realm::create_worker_realm(ctx, worker, kind) {
        report::report_exception(ctx, None, error);
    }
}

/// Runs the script of a worker.
pub(crate) fn run(ctx: &mut Context, worker: GlobalId) {
    let found = with_contexts(ctx, |contexts| {
        let held = contexts.worker(worker)?;
        let url = held.url().to_string();
        Some((
            held.worker_type(),
            held.text().map(str::to_owned),
            held.module(),
            url,
        ))
    });
    match found {
        Some((WorkerType::Module, _, Some((module, outcome)), url)) => {
            crate::modules::run(ctx, worker, module, outcome, &url);
        }
        Some((WorkerType::Classic, Some(text), _, url)) => run_classic(ctx, worker, &text, &url),
        _ => {}
    }
}

fn run_classic(ctx: &mut Context, worker: GlobalId, text: &str, url: &str) {
    let Some(record) = window_record(ctx, worker) else {
        return;
    };
    let parsed = in_realm(ctx, &record.realm, |ctx| {
        crate::nesting::check(text.encode_utf16())?;
        Script::parse(
            Source::from_bytes(text).with_path(Path::new(url)),
            None,
            ctx,
        )
    });
    let script = match parsed {
        Ok(script) => script,
        Err(error) => {
            // Script hears no more than that there was one.
            report::tell_of_script_error(ctx, worker, error, url);
            Host(ctx).with_contexts(|contexts, queues| {
                contexts.worker_script_is_broken(queues, worker);
            });
            return;
        }
    };
    prepare_to_run_script(ctx, Some(worker));
    let result = in_realm(ctx, &record.realm, |ctx| script.evaluate(ctx));
    if let Err(error) = result {
        report::report_script_exception(ctx, worker, error, url);
    }
    clean_up_after_running_script(ctx);
}

/// The script of a worker has run: its ports are enabled, and a shared worker hears who has
/// connected to it meanwhile.
pub(crate) fn ready(ctx: &mut Context, worker: GlobalId) {
    with_messaging(ctx, |messaging, queues| {
        messaging.enable_worker_ports(worker, queues);
    });
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

/// Somebody has connected to a shared worker: `object` is theirs, `port` the worker's.
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
    // A worker that is closing hears of nobody; the port ends with it.
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
            message_delivery::fire_connect(ctx, worker, port);
        }
    },
};

/// A `SharedWorker` was refused its worker: `error` is fired at it in a task.
pub(crate) fn refused(ctx: &Context, owner: GlobalId, object: JsObject) {
    let id = WORKERS.with(ctx, |workers| workers.refused.insert(object));
    let task = EngineTask::new(&NO_SHARED_WORKER, id);
    let queued = queue_a_global_task(ctx, TaskSource::DomManipulation, owner, task);
    if !queued {
        let forgotten = WORKERS.with(ctx, |workers| workers.refused.remove(id));
        drop(forgotten);
    }
}

/// The task of that.
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
    target::fire(
        ctx,
        &target,
        None,
        "error",
        (false, false),
        NewEvent::plain(),
    );
}

/// Fires `error` at the objects that stand for a worker which cannot be run.
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

/// Counts what is still to be fired at the `Worker` object of a worker.
pub(crate) fn hold_object(ctx: &Context, worker: GlobalId, by: isize) {
    PORT_OBJECTS.with(ctx, |port_objects| port_objects.hold_worker(worker, by));
}

/// Remembers where a syntax error of an imported script is.
pub(crate) fn remember_import_error(ctx: &Context, worker: GlobalId, error: JsValue, place: Place) {
    let before = WORKERS.with(ctx, |workers| {
        let errors = &mut workers.import_errors;
        errors.insert(worker, (error, place))
    });
    drop(before);
}

/// Where that is, if this is it.
pub(crate) fn place_of_import_error(ctx: &Context, value: &JsValue) -> Option<Place> {
    let object = value.as_object()?;
    WORKERS.with(ctx, |workers| {
        let errors = workers.import_errors.values();
        let mut errors = errors.filter(|(error, _)| error.as_object().as_ref() == Some(&object));
        errors.next().map(|(_, place)| place.clone())
    })
}

/// The objects of these were collected: they end when they have nothing left to do.
pub(crate) fn forget(ctx: &Context, collected: Vec<GlobalId>) {
    WORKERS.with(ctx, |workers| workers.forgotten.extend(collected));
}

/// Ends the workers whose objects were collected, as soon as they have nothing left to do: nobody
/// can tell them anything any more.
pub(crate) fn end_the_forgotten(ctx: &mut Context) {
    let forgotten = WORKERS.with(ctx, |workers| std::mem::take(&mut workers.forgotten));
    for worker in forgotten {
        let busy = with_messaging(ctx, |messaging, _| messaging.can_be_reached(worker))
            || Host(ctx).with_contexts(|contexts, queues| contexts.is_protected(queues, worker));
        if busy {
            forget(ctx, vec![worker]);
            continue;
        }
        let steps = with_contexts(ctx, |contexts| contexts.terminate_a_worker(worker));
        run_steps(ctx, steps);
    }
}

/// A worker has ended.
pub(crate) fn gone(ctx: &mut Context, worker: GlobalId, event_loop: ClientId) {
    crate::modules::document_gone(ctx, event_loop, Some(worker));
    message_delivery::worker_gone(ctx, worker);
    crate::effects::global_gone(ctx, worker);
    crate::gone_windows::realm_gone(ctx);
    let record = realm::take_record(ctx, worker);
    let forgotten = WORKERS.with(ctx, |workers| {
        let errors = workers.import_errors.remove(&worker);
        workers.forgotten.retain(|held| *held != worker);
        workers.connecting.retain(|_, of| *of != worker);
        (errors, workers.shared.remove(&worker))
    });
    drop((record, forgotten));
}
