//! Navigating ([HTML, navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigating-across-documents)):
//! from the start of a navigation to its response. The module `loading` continues with the response.

mod begin;
mod hyperlinks;
mod javascript_url;
mod meta;
mod navigate;
pub(crate) mod ongoing;
mod refresh;

use framepost_event_loop::TaskQueues;

pub(crate) use hyperlinks::{has_link_type, referrer_policy_of};

use crate::Contexts;
use crate::steps::{ContextTask, Effect, NavigationAction, Next};

impl Contexts {
    pub(crate) fn run_navigation_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: NavigationAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            NavigationAction::Begin(navigation) => {
                return self.create_navigation_params(queues, navigation);
            }
            NavigationAction::Answered(navigation, answer) => {
                return self.navigation_is_answered(queues, navigation, *answer, next);
            }
            NavigationAction::JavascriptUrlDone(navigable, insertion) => {
                self.javascript_url_is_done(navigable, insertion, next);
            }
            NavigationAction::MetaInserted(node) => self.meta_is_inserted(queues, &node),
            NavigationAction::AfterNavigateEvent(after) => {
                self.after_a_navigate_event(queues, after, next);
            }
        }
        None
    }
}
