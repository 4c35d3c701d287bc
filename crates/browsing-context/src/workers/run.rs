//! [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker).

use std::collections::BTreeSet;

use framepost_event_loop::{GlobalId, TaskQueues, TaskSource};
use url::Url;

use super::{Stage, Worker, WorkerKind, WorkerOptions};
use crate::contexts::{Pending, Purpose};
use crate::encoding::decode_script;
use crate::fetch::{Destination, FetchRequest, LoadError, Response, is_cross_origin};
use crate::isolation::has_compatible_embedder_policy;
use crate::loading::is_local;
use crate::mime::{MimeType, is_javascript};
use crate::modules::GraphOutcome;
use crate::steps::{Action, Next};
use crate::{
    ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent, Steps, WorkerType,
};

impl Worker {
    /// Whether the request's mode, "same-origin", lets a worker load its script from this URL. One
    /// that comes with its URL is of the same origin.
    fn may_load(&self, url: &Url) -> bool {
        let response = Response::new(url.clone(), "", "");
        match url.scheme() {
            "data" => true,
            "blob" => match crate::Origin::of_url(url) {
                Some(origin) => origin.same_origin(&self.constructor_origin),
                // Only one of its own could know the URL.
                None => self.constructor_origin.is_opaque(),
            },
            _ => !is_cross_origin(&self.constructor_origin, &response) && !is_local(url),
        }
    }
}

impl Contexts {
    /// [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker) that only
    /// `creator`, a window or a worker, has. The worker can be asked for at once; the steps begin
    /// to fetch its script. `None` when the creator is gone: then there is never anything to run.
    pub fn run_a_dedicated_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        creator: GlobalId,
        url: Url,
        options: WorkerOptions,
    ) -> Option<(GlobalId, Steps)> {
        self.run_a_worker(queues, WorkerKind::Dedicated, creator, url, options)
    }

    pub(super) fn run_a_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        kind: WorkerKind,
        creator: GlobalId,
        url: Url,
        options: WorkerOptions,
    ) -> Option<(GlobalId, Steps)> {
        let owner = self.document_of_global(creator)?;
        // One that is closing owns nothing any more.
        queues.client_of(creator)?;
        let creator_url = self.url_of_global(creator)?.clone();
        let creator_origin = self.origin_of_window(creator)?.clone();
        let creator_key = self.agent_cluster_key(creator)?.clone();
        let isolated = self.is_cross_origin_isolated(creator);
        let secure_context = self.is_secure_context(creator);
        let is_data = url.scheme() == "data";
        let origin = if is_data {
            self.new_opaque_origin()
        } else {
            creator_origin.clone()
        };
        let agent_cluster_key = match kind {
            WorkerKind::Dedicated => creator_key,
            // Nobody else is in the cluster of a shared worker but the workers that it makes.
            WorkerKind::Shared => self.new_opaque_origin(),
        };
        let id = queues.create_global();
        let event_loop = queues.create_client(id);
        queues.set_fully_active(event_loop, true);
        let worker_type = options.worker_type;
        let worker = Worker {
            id,
            event_loop,
            kind,
            options,
            constructor_url: url.clone(),
            url,
            constructor_origin: creator_origin,
            creator_url,
            origin,
            agent_cluster_key,
            cross_origin_isolated: kind == WorkerKind::Dedicated && isolated && !is_data,
            secure_context,
            creator,
            owners: BTreeSet::from([owner]),
            stage: Stage::Loading,
            closing: false,
            text: None,
            module: None,
            graph: None,
        };
        self.workers.insert(id, worker);
        self.workers_by_event_loop.insert(event_loop, id);
        let limit = self.limits.workers;
        if self.workers.len() > limit {
            let too_many = Action::WorkerFailed(id, Diagnostic::WorkerCount { limit });
            return Some((id, Steps::one(too_many)));
        }
        let fetch = match worker_type {
            WorkerType::Classic => Action::FetchWorkerScript(id),
            WorkerType::Module => Action::FetchWorkerModule(id),
        };
        let realm = Effect::CreateWorkerRealm { worker: id };
        let realm = Action::Effect(Box::new(realm));
        Some((id, Steps::sequence(vec![realm, fetch])))
    }

    fn refused(url: &Url) -> LoadError {
        LoadError::Refused {
            url: url.to_string(),
            reason: "a worker's script has to be of the origin of who starts it",
        }
    }

    /// [Fetch a classic worker script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-script)
    pub(crate) fn fetch_a_classic_worker_script(
        &mut self,
        id: GlobalId,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        if !worker.may_load(&worker.url) {
            let error = Self::refused(&worker.url);
            return self.worker_failed(id, error.into(), queues);
        }
        let details = FetchRequest {
            initiator: Some(worker.event_loop),
            origin: Some(worker.constructor_origin.clone()),
            referrer: crate::navigation::referrer(&worker.creator_url, &worker.url),
            ..FetchRequest::new(worker.url.clone(), Destination::Worker)
        };
        let request = self.requests.insert(Pending {
            purpose: Purpose::Worker(id),
            answer: None,
        });
        Some(Effect::Fetch(request, details))
    }

    /// [Fetch a module worker script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-worker-script-tree)
    pub(crate) fn fetch_a_module_worker_script_graph(
        &mut self,
        id: GlobalId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        if !worker.may_load(&worker.url) {
            let error = Self::refused(&worker.url);
            return self.worker_failed(id, error.into(), queues);
        }
        let (event_loop, url) = (worker.event_loop, worker.url.clone());
        let root = self.fetch_a_worker_graph(id, event_loop, url, queues, next);
        if let Some(worker) = self.workers.get_mut(&id) {
            worker.module = Some(root);
        }
        None
    }

    /// The classic script of a worker has come, or will not.
    pub(crate) fn worker_script_loaded(
        &mut self,
        id: GlobalId,
        answer: Result<Response, LoadError>,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        let checked = answer
            .map_err(Diagnostic::from)
            .and_then(|response| self.check_worker_response(worker, response));
        match checked {
            Ok((url, text)) => {
                let worker = self.workers.get_mut(&id)?;
                worker.text = Some(text);
                self.worker_is_loaded(id, url, next);
                None
            }
            Err(diagnostic) => self.worker_failed(id, diagnostic, queues),
        }
    }

    /// The URL and the text of a response, if that may be a worker's classic script.
    fn check_worker_response(
        &self,
        worker: &Worker,
        response: Response,
    ) -> Result<(Url, String), Diagnostic> {
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        if !worker.may_load(&response.url) {
            return Err(Self::refused(&response.url).into());
        }
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        let is_http = matches!(response.url.scheme(), "http" | "https");
        if is_http && !is_javascript(&essence) {
            let content_type = essence;
            return Err(Diagnostic::UnsupportedType { url, content_type });
        }
        self.check_a_global_objects_embedder_policy(worker, &response)?;
        // Workers are UTF-8, whatever they and their makers say.
        let text = decode_script(&response.body, None, "UTF-8");
        let mut url = response.url;
        if url.fragment().is_none() {
            url.set_fragment(worker.constructor_url.fragment());
        }
        Ok((url, text))
    }

    /// [Check a global object's embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#check-a-global-object's-embedder-policy)
    fn check_a_global_objects_embedder_policy(
        &self,
        worker: &Worker,
        response: &Response,
    ) -> Result<(), LoadError> {
        let needed = worker.kind == WorkerKind::Dedicated
            && self.is_cross_origin_isolated(worker.creator)
            && !is_local(&response.url);
        if !needed || has_compatible_embedder_policy(response) {
            return Ok(());
        }
        Err(LoadError::Refused {
            url: response.url.to_string(),
            reason: "it has no Cross-Origin-Embedder-Policy for a worker of a page that is cross-origin isolated",
        })
    }

    /// The modules of a worker are there, or will not be.
    pub(crate) fn worker_graph_is_ready(
        &mut self,
        id: GlobalId,
        outcome: GraphOutcome,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let worker = self.worker(id)?;
        let url = worker
            .module
            .and_then(|module| self.module(module))
            .map_or_else(|| worker.url.clone(), |module| module.url.clone());
        if !worker.may_load(&url) {
            let error = Self::refused(&url);
            return self.worker_failed(id, error.into(), queues);
        }
        match outcome {
            GraphOutcome::Complete => {
                if let Some(worker) = self.workers.get_mut(&id) {
                    worker.graph = Some(outcome);
                }
                self.worker_is_loaded(id, url, next);
                None
            }
            // Which of them could not be had was reported when it was found out.
            _ => {
                self.fail_worker(id, queues);
                None
            }
        }
    }

    /// What is needed is there: the worker begins.
    fn worker_is_loaded(&mut self, id: GlobalId, url: Url, next: &mut Next<'_>) {
        if let Some(worker) = self.workers.get_mut(&id) {
            worker.url = url;
            worker.stage = Stage::Running;
        }
        next.push([
            Action::Effect(Box::new(Effect::RunWorker { worker: id })),
            Action::WorkerHasRun(id),
        ]);
    }

    /// The steps after the worker's script: the text is not needed any more.
    pub(crate) fn worker_has_run(&mut self, id: GlobalId) -> Option<Effect> {
        let worker = self.workers.get_mut(&id)?;
        worker.text = None;
        (worker.stage == Stage::Running).then_some(Effect::WorkerReady { worker: id })
    }

    /// The embedder's answer to [`Effect::RunWorker`] when the script cannot be parsed: `error` will
    /// be fired at the worker's object, and the worker ends.
    pub fn worker_script_is_broken(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        worker: GlobalId,
    ) {
        self.fail_worker(worker, queues);
    }

    pub(crate) fn worker_failed(
        &mut self,
        id: GlobalId,
        diagnostic: Diagnostic,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Option<Effect> {
        self.fail_worker(id, queues);
        Some(Effect::Report(diagnostic))
    }

    /// There is no script, or none that can be run: whoever made the worker hears of it in a task.
    pub(crate) fn fail_worker(&mut self, id: GlobalId, queues: &mut dyn TaskQueues<ContextTask>) {
        let Some(worker) = self.workers.get_mut(&id) else {
            return;
        };
        worker.stage = Stage::Failed;
        worker.closing = true;
        let creator = worker.creator;
        let document = queues.client_of(creator);
        let task = ContextTask::WorkerFailed(id);
        queues.queue_in_parallel(TaskSource::DomManipulation, document, task);
    }

    /// Fires `error` for a worker that cannot be run, and ends it.
    pub(crate) fn fire_worker_failed(
        &mut self,
        id: GlobalId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        self.worker(id)?;
        next.push([Action::EndWorker(id)]);
        Some(Effect::Fire {
            target: EventTarget::Worker(id),
            event: FrameEvent::Error,
        })
    }
}
