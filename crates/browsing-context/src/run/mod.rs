//! Running actions and tasks: the top module of the crate, which dispatches each to its module.

mod describe;
mod host;
mod respond;

pub use host::{ContextState, EffectHost, State, drive};

use framepost_event_loop::TaskQueues;

use crate::Contexts;
use crate::steps::{
    Action, ContextTask, Effect, EventTarget, FiredEvent, FrameAction, HashChange, LoadingAction,
    ModuleAction, Next, Steps, WorkerAction,
};

impl Steps {
    /// Returns the next effect; `None` when the algorithm has finished. Perform the effect before you call this
    /// again.
    pub fn next(
        &mut self,
        contexts: &mut Contexts,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Option<Effect> {
        while let Some((action, mut next)) = self.pop() {
            if let Some(effect) = contexts.run_action(queues, action, &mut next) {
                return Some(effect);
            }
        }
        None
    }
}

impl Contexts {
    /// Runs a task that this crate has queued.
    pub fn run_task(&mut self, task: ContextTask) -> Steps {
        Steps::one(Action::Task(task))
    }

    /// Dispatches an action to its module.
    fn run_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: Action,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            Action::Effect(effect) => Some(*effect),
            Action::Task(task) => self.begin_task(queues, task, next),
            Action::Document(action) => {
                self.run_document_action(action);
                None
            }
            Action::Embedded(action) => self.run_embedded_action(queues, action, next),
            Action::Frame(action) => self.run_frame_action(queues, action, next),
            Action::History(action) => self.run_history_action(queues, action, next),
            Action::Loading(action) => self.run_loading_action(queues, action, next),
            Action::Module(action) => self.run_module_action(queues, action, next),
            Action::Mutation(action) => self.run_mutation_action(queues, action, next),
            Action::Navigable(action) => {
                self.run_navigable_action(queues, action, next);
                None
            }
            Action::Navigation(action) => self.run_navigation_action(queues, action, next),
            Action::Parsing(action) => {
                self.run_parsing_action(queues, action, next);
                None
            }
            Action::Script(action) => self.run_script_action(queues, action, next),
            Action::Unload(action) => self.run_unload_action(action, next),
            Action::Worker(action) => self.run_worker_action(queues, action, next),
        }
    }

    /// Dispatches a task to its module.
    fn begin_task(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        task: ContextTask,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match task {
            ContextTask::Response(request) => self.process_response(request, next),
            ContextTask::Navigate(navigable, id) => {
                return self.continue_local_navigation(navigable, id, next);
            }
            ContextTask::JavascriptUrl(planned) => {
                return self.navigate_to_a_javascript_url(planned, next);
            }
            ContextTask::Refresh(document) => self.refresh(queues, document, next),
            ContextTask::Traverse(traversal) => return self.traverse(queues, *traversal, next),
            ContextTask::FrameLoaded(navigable) => {
                next.push(FrameAction::LoadEventSteps(navigable));
            }
            ContextTask::DomContentLoaded(document) => {
                return self.fire_dom_content_loaded(document, next);
            }
            ContextTask::Load(document) => next.push(LoadingAction::Load(document)),
            ContextTask::Script(script) => self.script_task(script, next),
            ContextTask::ModuleGraphs(client) => next.push(ModuleAction::CheckGraphs(client)),
            ContextTask::DefinitelyClose(navigable) => self.definitely_close(navigable, next),
            ContextTask::EmbeddedContent(id) => {
                return self.determine_what_an_element_represents(queues, id, next);
            }
            ContextTask::PlannedNavigation(id) => self.run_a_planned_navigation(queues, id, next),
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
            ContextTask::EndExtendedLifetime(worker) => {
                if self.has_no_owner(worker) {
                    next.push(WorkerAction::End(worker));
                }
            }
            ContextTask::EndWorker(worker) => next.push(WorkerAction::End(worker)),
            ContextTask::HashChange(change) => {
                let HashChange {
                    window,
                    old_url,
                    new_url,
                } = *change;
                return Some(Effect::Fire {
                    target: EventTarget::Window(window),
                    event: FiredEvent::HashChange { old_url, new_url },
                });
            }
        }
        None
    }
}
