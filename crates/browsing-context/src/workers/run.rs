//! [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker).

use std::collections::BTreeSet;

use framepost_event_loop::{GlobalId, TaskQueues, TaskSource};
use url::Url;

use super::options::{WorkerKind, WorkerOptions, WorkerType};
use super::table::{Stage, Worker};
use crate::Contexts;
use crate::fetch::{
    Destination, LoadError, MimeType, PolicyContainer, ReferrerPolicy, Response, decode_script,
    has_compatible_embedder_policy, is_javascript,
};
use crate::origin::has_local_scheme;
use crate::requests::Purpose;
use crate::steps::{
    Action, ContextTask, Diagnostic, Effect, EventTarget, FiredEvent, GraphOutcome, Next, Steps,
    WorkerAction,
};

impl Contexts {
    /// [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker) that only
    /// `creator`, a window or a worker, owns. The worker can be looked up at once. The steps start the fetch of its
    /// script. `None` when the creator is gone.
    pub fn run_a_dedicated_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        creator: GlobalId,
        url: Url,
        options: WorkerOptions,
    ) -> Option<(GlobalId, Steps)> {
        self.run_a_worker(queues, WorkerKind::Dedicated, creator, url, options)
    }

    /// [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker), up to the
    /// fetch of its script.
    // OPTIMIZATION: the steps that fill fields (8. to 10., and 3.7. to 3.9. of performFetch) stand where the worker is
    // created, and the origin (7.) is found before the agent cluster (4.).
    pub(super) fn run_a_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        kind: WorkerKind,
        creator: GlobalId,
        url: Url,
        options: WorkerOptions,
    ) -> Option<(GlobalId, Steps)> {
        let owner = self.client_of_global(creator)?;
        // A creator that is closing cannot own a worker.
        queues.client_of(creator)?;
        // 1. `kind` tells whether the worker is shared.
        // 2. Find the owner and its settings.
        // NOT YET: 3. The time at which the worker was created. Its time origin is that of the page.
        let client = self.fetch_client(owner)?;
        let creator_origin = self.origin_of_global(creator)?.clone();
        let creator_key = self.agent_cluster_key(creator)?.clone();
        let constructor_storage_key = self.storage_key(creator)?;
        let isolated = self.is_cross_origin_isolated(creator);
        let secure_context = self.is_secure_context(creator);
        let is_data = url.scheme() == "data";
        // 7. Set up the settings object: a worker of a data: URL has an opaque origin.
        let origin = if is_data {
            self.new_opaque_origin()
        } else {
            creator_origin.clone()
        };
        // 4. Obtain an agent: a dedicated worker is in its creator's agent cluster, a shared one in a
        // cluster of its own.
        let agent_cluster_key = match kind {
            WorkerKind::Dedicated => creator_key,
            WorkerKind::Shared => self.new_opaque_origin(),
        };
        // 5. and 6. Create the global scope and its event loop. The embedder creates the realm.
        let id = queues.create_global();
        let event_loop = queues.create_client(id);
        Self::obtain_a_worker_agent(queues, event_loop, id);
        queues.set_fully_active(event_loop, true);
        let worker_type = options.worker_type;
        let worker = Worker {
            id,
            event_loop,
            kind,
            // 9. Add the owner to the owner set.
            owners: BTreeSet::from([owner]),
            // 10.1. Set its constructor storage key.
            constructor_origin: creator_origin,
            storage_key: constructor_storage_key.with_origin(&origin),
            constructor_storage_key,
            // 10.2. Set its constructor URL.
            constructor_url: url.clone(),
            url,
            // 8. Set its name.
            // 10.3. to 10.5. Set its type, its credentials mode and its extended lifetime.
            options,
            creator_url: client.url,
            creator_policies: client.policies,
            policies: PolicyContainer::default(),
            origin,
            agent_cluster_key,
            // 12. performFetch, 3.7. to 3.9. It is as isolated as its creator, unless it has a data: URL.
            // NOT YET: 3.5. Isolated shared workers.
            cross_origin_isolated: kind == WorkerKind::Dedicated && isolated && !is_data,
            secure_context,
            creator,
            stage: Stage::Loading,
            closing: false,
            text: None,
            module: None,
            graph: None,
        };
        self.workers.workers.insert(id, worker);
        self.workers.by_event_loop.insert(event_loop, id);
        // IMPLEMENTATION-DEFINED: the number of workers is limited.
        let limit = self.limits.workers;
        if self.workers.len() > limit {
            let too_many = WorkerAction::Failed(id, Diagnostic::WorkerCount { limit });
            return Some((id, Steps::one(too_many)));
        }
        // NOT YET: 11. A destination of its own for shared workers.
        // 12. Obtain the script, by the type of the worker.
        let fetch = match worker_type {
            WorkerType::Classic => WorkerAction::FetchScript(id),
            WorkerType::Module => WorkerAction::FetchModule(id),
        };
        let realm = Action::effect(Effect::CreateWorkerRealm { worker: id });
        Some((id, Steps::sequence(vec![realm, fetch.into()])))
    }

    /// [Fetch a classic worker script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-script).
    pub(super) fn fetch_a_classic_worker_script(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: GlobalId,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        // 1. The mode of the request is "same-origin".
        if !worker.may_load(&worker.url) {
            let error = refused(&worker.url);
            return Some(self.worker_failed(queues, id, error.into()));
        }
        // The content security policy may forbid it.
        if let Some(forbidden) = worker.forbidden_by_its_creator() {
            return Some(self.worker_failed(queues, id, forbidden));
        }
        let (event_loop, url) = (worker.event_loop, worker.url.clone());
        let client = worker.fetch_client();
        // 2. Fetch it. (Run a worker, performFetch, 2. and 3.)
        let fetch = client.request(event_loop, url, Destination::Worker, ReferrerPolicy::Unset);
        let request = self.requests.insert(Purpose::Worker(id));
        Some(Effect::Fetch(request, fetch))
    }

    /// [Fetch a module worker script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-worker-script-tree),
    /// if the worker may load its script.
    pub(super) fn fetch_the_module_graph_of_a_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: GlobalId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        // 1. Fetch a worklet/module worker script graph. The mode of its request is "same-origin".
        if !worker.may_load(&worker.url) {
            let error = refused(&worker.url);
            return Some(self.worker_failed(queues, id, error.into()));
        }
        // The content security policy may forbid it.
        if let Some(forbidden) = worker.forbidden_by_its_creator() {
            return Some(self.worker_failed(queues, id, forbidden));
        }
        let (event_loop, url) = (worker.event_loop, worker.url.clone());
        let root = self.fetch_a_module_worker_script_graph(queues, id, event_loop, url, next);
        if let Some(worker) = self.worker_mut(id) {
            worker.module = Some(root);
        }
        None
    }

    /// The end of [fetch a classic worker script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-script):
    /// the response has arrived.
    pub(super) fn worker_script_is_loaded(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: GlobalId,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        // Run a worker, performFetch, 3.3. and 3.4. Find the policy container.
        let policies = answer
            .as_ref()
            .map(|response| PolicyContainer::of_response(response, &worker.creator_policies));
        let policies = policies.unwrap_or_default();
        let checked = answer
            .map_err(Diagnostic::from)
            .and_then(|response| self.check_worker_response(worker, response));
        match checked {
            Ok((url, text)) => {
                let worker = self.worker_mut(id)?;
                worker.text = Some(text);
                worker.policies = policies;
                self.run_the_script_of_a_worker(id, url, next);
                None
            }
            Err(diagnostic) => Some(self.worker_failed(queues, id, diagnostic)),
        }
    }

    /// The URL and the text of a response, if it is valid for a worker's classic script.
    // IMPLEMENTATION-DEFINED: the origin of the response (1.) is checked after its status (2.2.), so a redirect to an
    // error is reported as an HTTP error. No script runs in either case.
    fn check_worker_response(
        &self,
        worker: &Worker,
        response: Response,
    ) -> Result<(Url, String), Diagnostic> {
        // 2.1. The response is not filtered.
        // 2.2. The status has to be ok.
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        // 1. A redirect may not lead to another origin.
        if !worker.may_load(&response.url) {
            return Err(refused(&response.url).into());
        }
        // 2.3. Over HTTP the MIME type has to be a JavaScript one.
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        let is_http = matches!(response.url.scheme(), "http" | "https");
        if is_http && !is_javascript(&essence) {
            let content_type = essence;
            return Err(Diagnostic::UnsupportedType { url, content_type });
        }
        // Run a worker, performFetch, 3.6. Check the embedder policy.
        self.check_a_global_objects_embedder_policy(worker, &response)?;
        // 2.4. Decode the body as UTF-8.
        // 2.5. and 2.6. The script is created when it runs.
        let text = decode_script(&response.body, None, "UTF-8");
        // Run a worker, performFetch, 3.1. and 3.2. The worker's URL is that of the response, with the fragment of
        // the constructor's URL unless it has its own.
        let mut url = response.url;
        if url.fragment().is_none() {
            url.set_fragment(worker.constructor_url.fragment());
        }
        Ok((url, text))
    }

    /// [Check a global object's embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#check-a-global-object's-embedder-policy).
    fn check_a_global_objects_embedder_policy(
        &self,
        worker: &Worker,
        response: &Response,
    ) -> Result<(), LoadError> {
        // 1. A shared worker may have any policy.
        let needed = worker.kind == WorkerKind::Dedicated
            && self.is_cross_origin_isolated(worker.creator)
            && !has_local_scheme(&response.url);
        // 2. to 5. A dedicated worker of an isolated owner needs a compatible one.
        if !needed || has_compatible_embedder_policy(response) {
            return Ok(());
        }
        Err(LoadError::Refused {
            url: response.url.to_string(),
            reason: "it has no Cross-Origin-Embedder-Policy for a worker of a page that is cross-origin isolated",
        })
    }

    /// The end of [fetch a module worker script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-worker-script-tree):
    /// its step 1 completes with a module graph, or with null.
    pub(super) fn worker_graph_is_ready(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: GlobalId,
        outcome: GraphOutcome,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        // The mode "same-origin" forbids a redirect to another origin.
        let url = worker
            .module
            .and_then(|module| self.module(module))
            .map_or_else(|| worker.url.clone(), |module| module.url.clone());
        if !worker.may_load(&url) {
            let error = refused(&url);
            return Some(self.worker_failed(queues, id, error.into()));
        }
        match outcome {
            // 1. The graph is complete. (Run a worker, performFetch, 3.3. and 3.4. Its policies are those of its root.)
            GraphOutcome::Complete => {
                let policies = worker
                    .module
                    .and_then(|root| self.policies_of_module(root).cloned());
                if let Some(worker) = self.worker_mut(id) {
                    worker.graph = Some(outcome);
                    worker.policies = policies.unwrap_or_default();
                }
                self.run_the_script_of_a_worker(id, url, next);
            }
            // 1. The root or a descendant has a parse error, which is kept in the script. The embedder has the error, and
            // answers with it.
            GraphOutcome::ParseError(_) => {
                if let Some(worker) = self.worker_mut(id) {
                    worker.graph = Some(outcome);
                }
                self.run_the_script_of_a_worker(id, url, next);
            }
            // 1. A failure completes with null. The failed module has already been reported.
            GraphOutcome::Failed => self.fail_a_worker(queues, id),
        }
        None
    }

    /// The `onComplete` steps of [run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker)
    /// (step 12), when there is a script.
    fn run_the_script_of_a_worker(&mut self, id: GlobalId, url: Url, next: &mut Next<'_>) {
        // 1. There is a script.
        // 2. to 5. The object, the worker and their ports were associated when the worker was created.
        // 6. Its location is created when it is asked for.
        // 7. `disown_workers` ends a worker without owners. It is closed when nobody can reach it, too.
        // IMPLEMENTATION-DEFINED: 8. No worker is suspended, since all take turns.
        if let Some(worker) = self.worker_mut(id) {
            worker.url = url;
            // 9. It is ready for execution.
            worker.stage = Stage::Running;
        }
        next.push_all([
            // 10. Run the classic script or the module script.
            Action::effect(Effect::RunWorker { worker: id }),
            // 11. to 13. Then the embedder enables the message queues of its ports, and fires connect.
            WorkerAction::HasRun(id).into(),
            // NOT YET: 14. Service workers.
            // 15. The event loop runs the worker's tasks.
            // 16. to 18. `end_one_worker` clears what the worker has.
        ]);
    }

    /// The script of a worker has run. Its text is no longer needed.
    pub(super) fn worker_has_run(&mut self, id: GlobalId) -> Option<Effect> {
        let worker = self.worker_mut(id)?;
        worker.text = None;
        (worker.stage == Stage::Running).then_some(Effect::WorkerReady { worker: id })
    }

    /// The embedder's answer to [`Effect::RunWorker`] when the script cannot be parsed. A task fires
    /// `error` at the worker's object, and the worker ends.
    pub fn worker_script_failed_to_parse(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        worker: GlobalId,
    ) {
        self.fail_a_worker(queues, worker);
    }

    /// There is no script: reports the reason, and fails the worker.
    pub(super) fn worker_failed(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: GlobalId,
        diagnostic: Diagnostic,
    ) -> Effect {
        self.fail_a_worker(queues, id);
        Effect::Report(diagnostic)
    }

    /// The `onComplete` steps of [run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker)
    /// (step 12), when there is no script: queues a task to fire `error` at the worker's object.
    fn fail_a_worker(&mut self, queues: &mut dyn TaskQueues<ContextTask>, id: GlobalId) {
        let Some(worker) = self.worker_mut(id) else {
            return;
        };
        // 1. There is no script.
        // 1.2. and 1.3. The worker ends with the task.
        worker.stage = Stage::Failed;
        worker.closing = true;
        // 1.1. Queue the task.
        let creator = worker.creator;
        let client = queues.client_of(creator);
        let task = ContextTask::WorkerFailed(id);
        queues.queue_in_parallel(TaskSource::DomManipulation, client, task);
    }

    /// The task of a worker that cannot run: fires `error`, and ends the worker.
    pub(crate) fn fire_worker_failed(
        &mut self,
        id: GlobalId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        self.worker(id)?;
        next.push(WorkerAction::End(id));
        Some(Effect::Fire {
            target: EventTarget::Worker(id),
            event: FiredEvent::Error,
        })
    }
}

fn refused(url: &Url) -> LoadError {
    LoadError::Refused {
        url: url.to_string(),
        reason: "the script of a worker must have the origin of the worker's creator",
    }
}
