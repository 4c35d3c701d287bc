//! Loading documents: from a response to a completely loaded document, and unloading them again
//! ([HTML, document lifecycle](https://html.spec.whatwg.org/multipage/document-lifecycle.html)).

mod activate;
mod dynamic_markup;
mod load_document;
mod parse;
pub(crate) mod progress;
mod the_end;
mod unload;

use framepost_event_loop::TaskQueues;

use crate::Contexts;
use crate::steps::{ContextTask, Effect, LoadingAction, Next};
use progress::ReadyState;

impl Contexts {
    pub(crate) fn run_loading_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: LoadingAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            LoadingAction::LoadDocument(navigation, loaded) => {
                return self.load_a_document(queues, *navigation, *loaded, next);
            }
            LoadingAction::Activate(activation) => {
                return self.make_active(queues, *activation, next);
            }
            LoadingAction::BecomeLoading(document) => {
                let state = ReadyState::Loading;
                return self.update_the_current_document_readiness(document, state);
            }
            LoadingAction::BecomeInteractive(document) => {
                let state = ReadyState::Interactive;
                return self.update_the_current_document_readiness(document, state);
            }
            LoadingAction::BecomeComplete(document) => {
                let state = ReadyState::Complete;
                return self.update_the_current_document_readiness(document, state);
            }
            LoadingAction::TheEnd(document) => self.the_end(document, next),
            LoadingAction::RunDeferredScripts(document) => {
                self.run_deferred_scripts(queues, document, next);
            }
            LoadingAction::ContentLoadedFired(document) => {
                self.content_loaded_is_fired(document, next);
            }
            LoadingAction::CheckLoad(document) => self.check_load(queues, document),
            LoadingAction::Load(document) => self.load(document, next),
            LoadingAction::FireLoad(document) => return self.fire_load(document),
            LoadingAction::PageShow(document) => return self.page_show(document),
            LoadingAction::CompletelyFinish(document) => {
                self.completely_finish_loading(queues, document, next);
            }
        }
        None
    }
}
