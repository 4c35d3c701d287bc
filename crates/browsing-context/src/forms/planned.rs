//! The planned navigations of forms.

use framepost_event_loop::{Arena, ClientId};

use crate::dom::NodeTable;
use crate::ids::{NavigableId, PlannedNavigationId};
use crate::steps::NavigateParams;

/// The planned navigations of the forms of the agent.
#[derive(Default)]
pub(crate) struct Forms {
    pub(super) planned: Arena<PlannedNavigationId, PlannedNavigation>,
    /// The last [planned navigation](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#planned-navigation)
    /// of each form.
    pub(super) by_form: NodeTable<PlannedNavigationId>,
}

/// A [planned navigation](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#planned-navigation)
/// of a form, which waits for its task.
#[derive(Debug)]
pub(super) struct PlannedNavigation {
    pub(super) document: ClientId,
    pub(super) navigable: NavigableId,
    pub(super) params: NavigateParams,
}

impl Forms {
    /// Whether a form has a planned navigation of this navigable.
    pub(crate) fn plan_to_navigate(&self, navigable: NavigableId) -> bool {
        let mut plans = self.planned.iter();
        plans.any(|(_, plan)| plan.navigable == navigable)
    }

    /// Cancels the planned navigations of all forms to a navigable.
    pub(crate) fn forget_planned_navigations_to(&mut self, navigable: NavigableId) {
        self.forget_planned_navigations_if(|plan| plan.navigable == navigable);
    }

    /// Cancels the planned navigations of the forms of a document.
    pub(crate) fn forget_planned_navigations_of_document(&mut self, document: ClientId) {
        self.forget_planned_navigations_if(|plan| plan.document == document);
    }

    fn forget_planned_navigations_if(&mut self, is_canceled: impl Fn(&PlannedNavigation) -> bool) {
        for id in self.planned.keys_in_order() {
            if self.planned.get(id).is_some_and(&is_canceled) {
                self.planned.remove(id);
            }
        }
    }
}
