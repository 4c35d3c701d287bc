//! The worker part of the test embedder.

use framepost_browsing_context::{
    ClientId, EffectHost as _, ErrorReport, GlobalId, GraphOutcome, SharedWorkerConnection, Steps,
    Worker, WorkerOptions, WorkerType, drive,
};
use framepost_event_loop::perform_a_microtask_checkpoint;

use super::World;

impl World {
    /// The name of a worker in the transcript.
    pub(super) fn worker_name(&self, worker: GlobalId) -> String {
        let held = self.contexts.worker(worker);
        held.map_or_else(|| "?".to_owned(), |held| format!("worker {}", held.name()))
    }

    pub(super) fn run_worker(&mut self, worker: GlobalId) {
        let held = self.contexts.worker(worker).expect("the worker");
        let event_loop = held.event_loop();
        let text = match held.module() {
            Some((_, GraphOutcome::ParseError(_))) => {
                self.contexts
                    .worker_script_failed_to_parse(&mut self.event_loop, worker);
                return;
            }
            Some((module, outcome)) => {
                assert_eq!(outcome, GraphOutcome::Complete);
                let module = self.contexts.module(module).expect("its module");
                module.text.clone().expect("its text")
            }
            None => held.text().expect("its text").to_owned(),
        };
        if text == "error" && self.contexts.worker(worker).expect("it").module().is_none() {
            self.contexts
                .worker_script_failed_to_parse(&mut self.event_loop, worker);
            return;
        }
        self.event_loop.prepare_to_run_script();
        self.run_commands(event_loop, &text);
        if self.event_loop.clean_up_after_running_script() {
            perform_a_microtask_checkpoint(self);
        }
    }

    /// Throws an exception in a worker that no script handles.
    pub(super) fn throw(&mut self, worker: GlobalId, message: &str) {
        let report = ErrorReport::new(message);
        let told = self
            .contexts
            .report_to_the_owner(&mut self.event_loop, worker, report);
        if !told {
            self.say(format!("uncaught {message}"));
        }
    }

    /// Finds a worker by name.
    pub fn worker(&self, name: &str) -> Option<GlobalId> {
        let mut workers = self.contexts.workers();
        workers.find(|held| held.name() == name).map(Worker::id)
    }

    /// Starts a worker for a document or another worker. Its name is its URL.
    pub fn start_worker(&mut self, owner: ClientId, url: &str, kind: WorkerType, shared: bool) {
        let creator = self.contexts.global_of_client(owner).expect("a global");
        let options = WorkerOptions::new().with_name(url).with_type(kind);
        let url = self.contexts.parse_url_for_global(creator, url);
        let url = url.expect("a URL");
        let steps = self.with_contexts(|contexts, queues| {
            if !shared {
                let made = contexts.run_a_dedicated_worker(queues, creator, url, options);
                return Some(made?.1);
            }
            match contexts.connect_to_a_shared_worker(queues, creator, url, options)? {
                SharedWorkerConnection::New(_, steps) => Some(steps),
                SharedWorkerConnection::Existing(_) => Some(Steps::none()),
                _ => None,
            }
        });
        match steps {
            Some(steps) => drive(self, steps),
            None => self.say("no worker"),
        }
    }
}
