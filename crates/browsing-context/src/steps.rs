//! Algorithms in the middle of which script runs.
//!
//! [`Steps`] is what is still to be done of such an algorithm: a stack of actions, the next one on
//! top. Each action looks at the state when its turn comes, so that what a script has done before
//! counts. Actions put what follows from them on top; nothing recurses.

use std::collections::VecDeque;

use framepost_event_loop::{ClientId, GlobalId, TaskQueues};
use url::Url;

use crate::document::ReadyState;
use crate::dom::Node;
use crate::embedded::EmbeddedContentId;
use crate::fetch::{RequestId, Response};
use crate::forms::PlannedNavigationId;
use crate::loading::{Activation, Loaded};
use crate::modules::{ImportId, ModuleId};
use crate::navigable::NavigableId;
use crate::navigation::Navigation;
use crate::script::ScriptId;
use crate::session_history::{HistoryChange, Traversal};
use crate::workers::ErrorReport;
use crate::{Contexts, Diagnostic, Effect, EventTarget, FrameEvent};

/// What [`Contexts`] has in a task queue. It goes into the embedder's type of task by `From`, and
/// is run by [`Contexts::run_task`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextTask {
    /// A load has been answered.
    Response(RequestId),
    /// A navigation that loads nothing from outside goes on.
    Navigate(NavigableId, u64),
    /// A `javascript:` URL is to be run.
    JavascriptUrl(RequestId),
    /// A document goes elsewhere by itself.
    Refresh(ClientId),
    /// Go back or forward.
    Traverse(Traversal),
    /// [Iframe load event steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps),
    /// for the container of this navigable.
    FrameLoaded(NavigableId),
    /// Fire `DOMContentLoaded`.
    DomContentLoaded(ClientId),
    /// Fire `load`.
    Load(ClientId),
    /// A script that needs no load from outside can be run, or has no usable source.
    Script(ScriptId),
    /// A graph of modules is complete that needed no load of its own.
    ModuleGraphs(ClientId),
    /// [Definitely close](https://html.spec.whatwg.org/multipage/document-sequences.html#definitely-close-a-top-level-traversable)
    /// a top-level navigable.
    DefinitelyClose(NavigableId),
    /// Find out what an `object` or `embed` represents.
    EmbeddedContent(EmbeddedContentId),
    /// A form navigates as it has planned.
    PlannedNavigation(PlannedNavigationId),
    /// Fire `error` for a worker whose script cannot be run.
    WorkerFailed(GlobalId),
    /// An exception that a dedicated worker has not handled.
    WorkerError {
        /// Whose exception it is.
        worker: GlobalId,
        /// The global of its `Worker` object.
        owner: GlobalId,
        /// What is told of it.
        report: Box<ErrorReport>,
    },
    /// A worker that has closed itself ends.
    EndWorker(GlobalId),
    /// Fire `hashchange`.
    HashChange {
        /// Where.
        window: GlobalId,
        /// The URL before.
        old_url: Url,
        /// The URL now.
        new_url: Url,
    },
}

/// The rest of an algorithm: ask for the next effect, carry it out, ask again.
#[derive(Debug, Default)]
#[must_use = "the algorithm is not finished: drive it"]
pub struct Steps {
    stack: Vec<Action>,
}

/// One piece of an algorithm.
pub(crate) enum Action {
    /// Something that was decided already.
    Effect(Box<Effect>),
    /// Post-connection steps of the inserted nodes that have some.
    PostConnection(VecDeque<Node>),
    ProcessFrameAttributes(NavigableId, Insertion),
    FrameLoadEventSteps(NavigableId),
    FrameLoadEventDone(ClientId),
    /// An `object` or `embed` may represent something else from now on.
    DetermineEmbeddedContent(Node),
    ShowEmbeddedContent(NavigableId, Insertion, Box<Response>),
    RepresentNothing(EmbeddedContentId, Node),
    /// Parse until the parser is done or has to wait.
    Parse(ClientId),
    /// A parser-inserted script has ended.
    ParserScript(ClientId, Node),
    ParserScriptDone(ClientId),
    RunBlockingScript(ClientId, ScriptId),
    PrepareScript(Node),
    MetaInserted(Node),
    PrepareParserScript(Node),
    ExecuteScript(ScriptId),
    ScriptExecuted(ScriptId),
    RunInOrderScripts(ClientId),
    FetchImport(ImportId),
    FetchModuleScript(ScriptId, Url),
    FetchModule(ModuleId),
    ParseModule(ModuleId),
    FetchDescendants(ModuleId),
    QueueModuleGraphs(ClientId),
    CheckModuleGraphs(ClientId),
    TheEnd(ClientId),
    RunDeferredScripts(ClientId),
    ContentLoadedFired(ClientId),
    CheckLoad(ClientId),
    SetReadyState(ClientId, ReadyState),
    Load(ClientId),
    FireLoad(ClientId),
    PageShow(ClientId),
    CompletelyFinishLoading(ClientId),
    /// A navigation has what it needs: make the document.
    BeginNavigation(Box<Navigation>),
    LoadDocument(Box<Navigation>, Box<Loaded>),
    ApplyHistoryStep(NavigableId, u32),
    /// Load the document of an entry again.
    LoadEntry(NavigableId, HistoryChange),
    /// Show another entry of the document that is shown.
    ShowEntry(NavigableId, u64),
    BeforeUnload(ClientId),
    BeforeUnloadDone(ClientId),
    JavascriptUrlDone(NavigableId, Insertion),
    PageHide(ClientId),
    Unload(ClientId),
    Activate(Box<Activation>),
    DestroyChildNavigable(NavigableId),
    DestroyTopLevel(NavigableId),
    ForgetDocument(ClientId),
    ForgetWindow(GlobalId),
    FetchWorkerScript(GlobalId),
    FetchWorkerModule(GlobalId),
    WorkerHasRun(GlobalId),
    WorkerFailed(GlobalId, Diagnostic),
    EndWorker(GlobalId),
    ForgetWorker(GlobalId),
    Write(ClientId, String),
    OpenDocument(ClientId, Url),
    CloseParser(ClientId),
    Task(ContextTask),
}

/// Whether a frame's attributes are processed because the frame was inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insertion {
    Initial,
    Later,
}

impl Steps {
    /// Nothing to do.
    pub fn none() -> Self {
        Self::default()
    }

    pub(crate) fn one(action: Action) -> Self {
        Self {
            stack: vec![action],
        }
    }

    /// The actions in the order given.
    pub(crate) fn sequence(actions: Vec<Action>) -> Self {
        let mut stack = actions;
        stack.reverse();
        Self { stack }
    }

    /// Whether nothing is left to be done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stack.is_empty()
    }

    /// These steps, and then those.
    pub fn then(mut self, mut after: Self) -> Self {
        after.stack.append(&mut self.stack);
        after
    }

    /// Goes on to the next effect; `None` when the algorithm has finished. The effect is to be
    /// carried out before this is called again.
    pub fn next(
        &mut self,
        contexts: &mut Contexts,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Option<Effect> {
        while let Some(action) = self.stack.pop() {
            if let Some(effect) = contexts.act(action, queues, &mut Next(&mut self.stack)) {
                return Some(effect);
            }
        }
        None
    }
}

/// Where an action puts what comes after it.
pub(crate) struct Next<'a>(&'a mut Vec<Action>);

impl Next<'_> {
    /// These come next, in the order given, before everything that was to come.
    pub(crate) fn push<const N: usize>(&mut self, actions: [Action; N]) {
        self.0.extend(actions.into_iter().rev());
    }

    pub(crate) fn push_all(&mut self, actions: Vec<Action>) {
        self.0.extend(actions.into_iter().rev());
    }

    pub(crate) fn push_steps(&mut self, mut steps: Steps) {
        self.0.append(&mut steps.stack);
    }

    /// This effect comes next.
    pub(crate) fn push_effect(&mut self, effect: Effect) {
        self.0.push(Action::Effect(Box::new(effect)));
    }
}

impl core::fmt::Debug for Action {
    // Nodes print the tree below them, so that not everything can be shown.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Effect(effect) => effect.fmt(f),
            Self::Task(task) => task.fmt(f),
            _ => f.write_str("Action"),
        }
    }
}

impl Contexts {
    /// Runs a task of [`TaskSource`](framepost_event_loop::TaskSource)s that this crate has queued.
    pub fn run_task(&mut self, task: ContextTask) -> Steps {
        Steps::one(Action::Task(task))
    }

    /// Does one action.
    fn act(
        &mut self,
        action: Action,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            Action::Effect(effect) => return Some(*effect),
            Action::PostConnection(nodes) => return self.post_connection(nodes, queues, next),
            Action::ProcessFrameAttributes(navigable, insertion) => {
                self.process_frame_attributes(navigable, insertion, queues, next);
            }
            Action::FrameLoadEventSteps(navigable) => {
                return self.iframe_load_event_steps(navigable, next);
            }
            Action::FrameLoadEventDone(document) => self.iframe_load_event_done(document),
            Action::DetermineEmbeddedContent(node) => {
                self.queue_embedded_content(&node, queues);
            }
            Action::ShowEmbeddedContent(navigable, insertion, response) => {
                self.show_embedded_content(navigable, insertion, *response, queues, next);
            }
            Action::RepresentNothing(id, node) => self.represent_nothing(id, &node, queues, next),
            Action::Parse(document) => self.parse(document, queues, next),
            Action::ParserScript(document, node) => self.parser_script(document, node, next),
            Action::ParserScriptDone(document) => self.parser_script_done(document, next),
            Action::RunBlockingScript(document, script) => {
                self.run_blocking_script(document, script, next);
            }
            Action::MetaInserted(node) => self.meta_inserted(&node, queues),
            Action::PrepareScript(node) => {
                return self.prepare_the_script_element(&node, false, queues, next);
            }
            Action::PrepareParserScript(node) => {
                return self.prepare_the_script_element(&node, true, queues, next);
            }
            Action::ExecuteScript(script) => {
                return self.execute_the_script_element(script, next);
            }
            Action::ScriptExecuted(script) => return self.script_executed(script),
            Action::RunInOrderScripts(document) => self.run_in_order_scripts(document, next),
            Action::FetchImport(import) => return self.fetch_import(import, queues, next),
            Action::FetchModuleScript(script, url) => {
                self.fetch_an_external_module_script_graph(script, url, queues, next);
            }
            Action::FetchModule(module) => return self.fetch_a_single_module_script(module),
            Action::ParseModule(module) => return self.parse_module(module),
            Action::FetchDescendants(module) => self.fetch_descendants(module, next),
            Action::QueueModuleGraphs(document) => self.queue_module_graphs(document, queues),
            Action::CheckModuleGraphs(document) => {
                return self.check_module_graphs(document, queues, next);
            }
            Action::TheEnd(document) => self.the_end(document, next),
            Action::RunDeferredScripts(document) => {
                self.run_deferred_scripts(document, queues, next);
            }
            Action::ContentLoadedFired(document) => self.content_loaded_fired(document, next),
            Action::CheckLoad(document) => self.check_load(document, queues),
            Action::SetReadyState(document, state) => {
                return self.update_the_current_document_readiness(document, state);
            }
            Action::Load(document) => self.load(document, next),
            Action::FireLoad(document) => return self.fire_load(document),
            Action::PageShow(document) => return self.page_show(document),
            Action::CompletelyFinishLoading(document) => {
                self.completely_finish_loading(document, queues, next);
            }
            Action::BeginNavigation(navigation) => {
                return self.begin_navigation(navigation, queues);
            }
            Action::ApplyHistoryStep(top, step) => self.apply_the_history_step(top, step, next),
            Action::LoadEntry(navigable, history) => {
                self.load_an_entry(navigable, history, Insertion::Later, next);
            }
            Action::ShowEntry(navigable, entry) => {
                return self.show_an_entry(navigable, entry, queues);
            }
            Action::BeforeUnload(document) => return self.before_unload(document, next),
            Action::BeforeUnloadDone(document) => self.before_unload_done(document),
            Action::LoadDocument(navigation, loaded) => {
                return self.load_a_document(*navigation, *loaded, queues, next);
            }
            Action::JavascriptUrlDone(navigable, insertion) => {
                self.javascript_url_done(navigable, insertion, next);
            }
            Action::PageHide(document) => return self.page_hide(document, next),
            Action::Unload(document) => return self.unload(document),
            Action::Activate(activation) => return self.activate(*activation, queues, next),
            Action::DestroyChildNavigable(navigable) => {
                self.destroy_a_child_navigable(navigable, queues, next);
            }
            Action::DestroyTopLevel(navigable) => {
                let steps = self.destroy_top_level(queues, navigable);
                next.push_steps(steps);
            }
            Action::ForgetDocument(document) => {
                if let Some(gone) = self.documents.remove(&document) {
                    self.forget_domain_of(&gone.origin);
                }
            }
            Action::ForgetWindow(window) => {
                self.windows.remove(&window);
            }
            Action::FetchWorkerScript(worker) => {
                return self.fetch_a_classic_worker_script(worker, queues);
            }
            Action::FetchWorkerModule(worker) => {
                return self.fetch_a_module_worker_script_graph(worker, queues, next);
            }
            Action::WorkerFailed(worker, diagnostic) => {
                return self.worker_failed(worker, diagnostic, queues);
            }
            Action::WorkerHasRun(worker) => return self.worker_has_run(worker),
            Action::EndWorker(worker) => self.end_worker(worker, queues, next),
            Action::ForgetWorker(worker) => {
                self.workers.remove(&worker);
            }
            Action::Write(document, text) => self.write(document, &text, next),
            Action::OpenDocument(document, url) => self.open_erased_document(document, url, next),
            Action::CloseParser(document) => self.close_parser(document, next),
            Action::Task(task) => return self.perform_task(task, queues, next),
        }
        None
    }

    fn perform_task(
        &mut self,
        task: ContextTask,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match task {
            ContextTask::Response(request) => {
                return self.take_in_response(request, queues, next);
            }
            ContextTask::Navigate(navigable, id) => {
                return self.continue_local_navigation(navigable, id, next);
            }
            ContextTask::JavascriptUrl(request) => {
                return self.navigate_to_a_javascript_url(request, next);
            }
            ContextTask::Refresh(document) => self.refresh(document, queues, next),
            ContextTask::Traverse(traversal) => return self.traverse(traversal, queues, next),
            ContextTask::FrameLoaded(navigable) => {
                next.push([Action::FrameLoadEventSteps(navigable)]);
            }
            ContextTask::DomContentLoaded(document) => {
                next.push([Action::ContentLoadedFired(document)]);
                return self.document(document).map(|_| Effect::Fire {
                    target: EventTarget::Document(document),
                    event: FrameEvent::DomContentLoaded,
                });
            }
            ContextTask::Load(document) => next.push([Action::Load(document)]),
            ContextTask::Script(script) => self.script_task(script, next),
            ContextTask::ModuleGraphs(document) => {
                next.push([Action::CheckModuleGraphs(document)]);
            }
            ContextTask::DefinitelyClose(navigable) => self.definitely_close(navigable, next),
            ContextTask::EmbeddedContent(id) => {
                return self.determine_what_an_element_represents(id, queues, next);
            }
            ContextTask::PlannedNavigation(id) => self.planned_navigation(id, queues, next),
            ContextTask::WorkerFailed(worker) => return self.fire_worker_failed(worker, next),
            ContextTask::WorkerError {
                worker,
                owner,
                report,
            } => {
                return Some(Effect::WorkerError {
                    worker,
                    owner,
                    report: *report,
                });
            }
            ContextTask::EndWorker(worker) => self.end_worker(worker, queues, next),
            ContextTask::HashChange {
                window,
                old_url,
                new_url,
            } => {
                return Some(Effect::Fire {
                    target: EventTarget::Window(window),
                    event: FrameEvent::HashChange { old_url, new_url },
                });
            }
        }
        None
    }
}
