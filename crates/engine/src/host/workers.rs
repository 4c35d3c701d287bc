//! Performs the worker effects of the browsing-context crate.

use std::path::Path;
use std::rc::Rc;

use boa_engine::Context;
use framepost_browsing_context::{EffectHost as _, GraphOutcome, Worker, WorkerType};
use framepost_event_loop::{ClientId, GlobalId};

use super::realms;
use crate::boa::sources::{self, Kind};
use crate::host::report;
use crate::messaging::message_delivery;
use crate::script::realm::{self, in_realm, window_record};
use crate::script::{
    Host, clean_up_after_running_script, prepare_to_run_script, run_steps, with_contexts, with_loop,
};

/// Creates the realm of a new worker.
pub(crate) fn create_realm(ctx: &mut Context, worker: GlobalId) {
    let kind = with_contexts(ctx, |contexts| contexts.worker(worker).map(Worker::kind));
    let Some(kind) = kind else { return };
    if let Err(error) = realms::create_worker_realm(ctx, worker, kind) {
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
    crate::workers::connections::about_to_run(ctx, worker);
    match found {
        Some((WorkerType::Module, _, Some((_, GraphOutcome::ParseError(module))), _)) => {
            crate::host::modules::report_parse_error(ctx, module);
            failed_to_parse(ctx, worker);
        }
        Some((WorkerType::Module, _, Some((module, outcome)), url)) => {
            crate::host::modules::run(ctx, worker, module, outcome, &url);
        }
        Some((WorkerType::Classic, Some(text), _, url)) => run_classic(ctx, worker, &text, &url),
        _ => {}
    }
}

fn run_classic(ctx: &mut Context, worker: GlobalId, text: &str, url: &str) {
    let Some(record) = window_record(ctx, worker) else {
        return;
    };
    let source = Rc::new(text.to_owned());
    let parsed = in_realm(ctx, &record.realm, |ctx| {
        sources::remember(ctx, url, Kind::Script, &source);
        crate::boa::source_text::parse_script(&source, Path::new(url), ctx)
    });
    let script = match parsed {
        Ok(script) => script,
        Err(error) => {
            report::report_to_the_embedder(ctx, worker, error, url);
            failed_to_parse(ctx, worker);
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

/// The script of a worker could not be parsed. Script learns only that an error occurred.
fn failed_to_parse(ctx: &mut Context, worker: GlobalId) {
    Host::new(ctx).with_contexts(|contexts, queues| {
        contexts.worker_script_failed_to_parse(queues, worker);
    });
}

/// Ends the worker whose microtasks have reached the limit, if they belong to a worker. The others then continue, as
/// in browsers, where a worker has its own thread.
pub(crate) fn end_worker_without_end(ctx: &mut Context) -> bool {
    let client = with_loop(ctx, |event_loop| event_loop.client_of_last_task());
    let worker = with_contexts(ctx, |contexts| contexts.global_of_client(client?));
    let Some(worker) = worker.filter(|global| is_worker(ctx, *global)) else {
        return false;
    };
    let message = "script stopped: reached the maximum number of microtasks per checkpoint";
    report::report_limit(ctx, worker, message.to_owned());
    // Workers take turns by whole tasks, so all microtasks belong to the worker.
    with_loop(ctx, |event_loop| {
        drop(event_loop.take_microtasks());
        event_loop.clear_limit_reached();
    });
    // Its earlier messages still arrive.
    let steps = with_contexts(ctx, |contexts| contexts.terminate_a_worker(worker));
    run_steps(ctx, steps);
    true
}

fn is_worker(ctx: &Context, global: GlobalId) -> bool {
    with_contexts(ctx, |contexts| contexts.worker(global).is_some())
}

/// Releases the state of an ended worker.
pub(crate) fn gone(ctx: &mut Context, worker: GlobalId, event_loop: ClientId) {
    crate::host::modules::client_destroyed(ctx, event_loop, Some(worker));
    message_delivery::worker_ended(ctx, worker);
    crate::host::effects::global_discarded(ctx, worker);
    crate::script::discarded_windows::realm_ended(ctx);
    let record = realm::take_record(ctx, worker);
    crate::workers::connections::forget(ctx, worker);
    if let Some(record) = &record {
        sources::forget(&record.realm);
    }
    drop(record);
}
