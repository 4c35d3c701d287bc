//! Algorithms that let script run in the middle, as data.
//!
//! [`Steps`] is the rest of such an algorithm: a stack of actions, the next one on top. Each action
//! is run against the state as it is then, so what a script changed before counts. An action puts
//! the actions that follow from it on top; nothing recurses.
//!
//! This room holds the words that all rooms share: effects, tasks, actions and navigations. It knows
//! no state and runs nothing; [`run`](crate::run) does.

mod action;
mod diagnostic;
mod effect;
mod navigate_event;
mod navigation;
mod task;

pub(crate) use action::{
    Action, DocumentAction, EmbeddedAction, FrameAction, HistoryAction, LoadingAction,
    ModuleAction, MutationAction, NavigableAction, NavigationAction, ParsingAction, ScriptAction,
    UnloadAction, WorkerAction,
};
pub use diagnostic::Diagnostic;
pub use effect::{Effect, ErrorReport, EventTarget, FiredEvent, GraphOutcome};
pub use navigate_event::{
    NavigateEvent, NavigateEventOutcome, NavigationEntry, NavigationType, SerializedState,
};
pub(crate) use navigation::AfterNavigateEvent;
pub(crate) use navigation::{
    Activation, DocumentResource, HistoryChange, Insertion, Loaded, Navigation,
};
pub use navigation::{HistoryHandling, NavigateParams, UserInvolvement};
pub use task::{ContextTask, Traversal};

/// The rest of an algorithm: ask for the next effect, carry it out, ask again.
#[derive(Debug, Default)]
#[must_use = "the algorithm is not finished: drive it"]
pub struct Steps {
    stack: Vec<Action>,
}

impl Steps {
    /// Nothing to do.
    pub fn none() -> Self {
        Self::default()
    }

    pub(crate) fn one(action: impl Into<Action>) -> Self {
        Self {
            stack: vec![action.into()],
        }
    }

    /// The actions in the order given.
    pub(crate) fn sequence(actions: Vec<Action>) -> Self {
        let mut stack = actions;
        stack.reverse();
        Self { stack }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stack.is_empty()
    }

    /// These steps, and then those.
    pub fn then(mut self, mut after: Self) -> Self {
        after.stack.append(&mut self.stack);
        after
    }

    /// Takes the next action, and gives access to where the actions that follow from it go.
    pub(crate) fn pop(&mut self) -> Option<(Action, Next<'_>)> {
        let action = self.stack.pop()?;
        Some((action, Next(&mut self.stack)))
    }
}

/// Where an action puts the actions that follow from it.
pub(crate) struct Next<'a>(&'a mut Vec<Action>);

impl Next<'_> {
    /// Puts this action before all that are left.
    pub(crate) fn push(&mut self, action: impl Into<Action>) {
        self.0.push(action.into());
    }

    /// Puts these actions, in the order given, before all that are left.
    pub(crate) fn push_all(
        &mut self,
        actions: impl IntoIterator<Item = Action, IntoIter: DoubleEndedIterator>,
    ) {
        self.0.extend(actions.into_iter().rev());
    }

    /// Puts these steps before all that are left.
    pub(crate) fn push_steps(&mut self, mut steps: Steps) {
        self.0.append(&mut steps.stack);
    }

    /// Puts this effect before all actions that are left.
    pub(crate) fn push_effect(&mut self, effect: Effect) {
        self.0.push(Action::effect(effect));
    }
}
