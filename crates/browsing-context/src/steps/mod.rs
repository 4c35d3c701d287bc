//! Algorithms with script in the middle, as data.
//!
//! [`Steps`] is the remainder of such an algorithm: a stack of actions, the next one on top. Each action uses the
//! state at the time when it runs, including the changes of earlier scripts. An action pushes the actions that follow
//! it on top, so there is no recursion.
//!
//! This module contains the vocabulary that all modules share: effects, tasks, actions and navigations. It has no
//! state; [`run`](crate::run) runs the actions.

mod action;
mod diagnostic;
mod effect;
mod ignored;
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
    NavigateEvent, NavigateEventOutcome, NavigationEntry, NavigationType, PageSwap, SerializedState,
};
pub(crate) use navigation::AfterNavigateEvent;
pub(crate) use navigation::{
    Activation, DocumentResource, HistoryChange, Insertion, Loaded, Navigation,
};
pub use navigation::{HistoryHandling, NavigateParams, UserInvolvement};
pub use task::{ContextTask, HashChange, Traversal};

/// The remainder of an algorithm: take the next effect, perform it, and repeat.
#[derive(Debug, Default)]
#[must_use = "the algorithm is not finished: drive it"]
pub struct Steps {
    stack: Vec<Action>,
}

impl Steps {
    /// No steps.
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

    /// Whether no action is left.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stack.is_empty()
    }

    /// These steps, and then those.
    pub fn then(mut self, mut after: Self) -> Self {
        after.stack.append(&mut self.stack);
        after
    }

    /// Takes the next action, and returns the place for the actions that follow it.
    pub(crate) fn pop(&mut self) -> Option<(Action, Next<'_>)> {
        let action = self.stack.pop()?;
        Some((action, Next(&mut self.stack)))
    }
}

/// The place for the actions that follow an action.
pub(crate) struct Next<'a>(&'a mut Vec<Action>);

impl Next<'_> {
    /// Adds this action before all remaining ones.
    pub(crate) fn push(&mut self, action: impl Into<Action>) {
        self.0.push(action.into());
    }

    /// Adds these actions, in the order given, before all remaining ones.
    pub(crate) fn push_all(
        &mut self,
        actions: impl IntoIterator<Item = Action, IntoIter: DoubleEndedIterator>,
    ) {
        self.0.extend(actions.into_iter().rev());
    }

    /// Adds these steps before all remaining ones.
    pub(crate) fn push_steps(&mut self, mut steps: Steps) {
        self.0.append(&mut steps.stack);
    }

    /// Adds this effect before all remaining actions.
    pub(crate) fn push_effect(&mut self, effect: Effect) {
        self.0.push(Action::effect(effect));
    }
}
