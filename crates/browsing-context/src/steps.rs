//! Algorithms in the middle of which script runs.
//!
//! [`Steps`] is what is still to be done of such an algorithm: a stack of actions, the next one on
//! top. Each action looks at the state when its turn comes, so that what a script has done before
//! counts. Actions put what follows from them on top; nothing recurses.

use std::collections::VecDeque;

use framepost_event_loop::{DocumentId, TaskQueues, WindowId};
use url::Url;

use crate::document::ReadyState;
use crate::dom::Node;
use crate::fetch::RequestId;
use crate::navigable::NavigableId;
use crate::navigation::Navigation;
use crate::script::ScriptId;
use crate::{Contexts, Effect};

/// What [`Contexts`] has in a task queue. It goes into the embedder's type of task by `From`, and
/// is run by [`Contexts::run_task`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextTask {
    /// A load has been answered.
    Response(RequestId),
    /// A navigation that loads nothing from outside goes on.
    Navigate(NavigableId, u64),
    /// [Iframe load event steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps),
    /// for the container of this navigable.
    FrameLoaded(NavigableId),
    /// Fire `DOMContentLoaded`.
    DomContentLoaded(DocumentId),
    /// Fire `load`.
    Load(DocumentId),
    /// A script that needs no load from outside can be run, or has no usable source.
    Script(ScriptId),
    /// Fire `hashchange`.
    HashChange {
        /// Where.
        window: WindowId,
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
    ProcessFrameAttributes { container: Node, navigable: NavigableId, initial: bool },
    FrameLoadEventSteps(NavigableId),
    FrameLoadEventDone(DocumentId),
    /// Parse until the parser is done or has to wait.
    Parse(DocumentId),
    /// A parser-inserted script has ended.
    ParserScript(DocumentId, Node),
    ParserScriptPrepare(DocumentId, Node),
    ParserScriptDone(DocumentId),
    RunBlockingScript(DocumentId, ScriptId),
    PrepareScript(Node),
    ExecuteScript(ScriptId),
    ScriptExecuted(ScriptId),
    RunInOrderScripts(DocumentId),
    TheEnd(DocumentId),
    RunDeferredScripts(DocumentId),
    DomContentLoaded(DocumentId),
    CheckLoad(DocumentId),
    SetReadyState(DocumentId, ReadyState),
    FireLoad(DocumentId),
    PageShow(DocumentId),
    CompletelyFinishLoading(DocumentId),
    LoadDocument(Box<Navigation>),
    ActivateDocument { old: Option<DocumentId>, new: DocumentId, keeps_window: bool },
    DestroyDocument(DocumentId),
    DestroyChildNavigable(Node),
    DestroyNavigable(NavigableId),
    Task(ContextTask),
}

impl Steps {
    /// Nothing to do.
    pub fn none() -> Self {
        Self::default()
    }

    pub(crate) fn one(action: Action) -> Self {
        Self { stack: vec![action] }
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
}

impl core::fmt::Debug for Action {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Nodes print the tree below them, so only kinds are shown.
        f.write_str(match self {
            Self::Effect(_) => "Effect",
            Self::PostConnection(_) => "PostConnection",
            Self::ProcessFrameAttributes { .. } => "ProcessFrameAttributes",
            Self::FrameLoadEventSteps(_) => "FrameLoadEventSteps",
            Self::FrameLoadEventDone(_) => "FrameLoadEventDone",
            Self::Parse(_) => "Parse",
            Self::ParserScript(..) => "ParserScript",
            Self::ParserScriptPrepare(..) => "ParserScriptPrepare",
            Self::ParserScriptDone(_) => "ParserScriptDone",
            Self::RunBlockingScript(..) => "RunBlockingScript",
            Self::PrepareScript(_) => "PrepareScript",
            Self::ExecuteScript(_) => "ExecuteScript",
            Self::ScriptExecuted(_) => "ScriptExecuted",
            Self::RunInOrderScripts(_) => "RunInOrderScripts",
            Self::TheEnd(_) => "TheEnd",
            Self::RunDeferredScripts(_) => "RunDeferredScripts",
            Self::DomContentLoaded(_) => "DomContentLoaded",
            Self::CheckLoad(_) => "CheckLoad",
            Self::SetReadyState(..) => "SetReadyState",
            Self::FireLoad(_) => "FireLoad",
            Self::PageShow(_) => "PageShow",
            Self::CompletelyFinishLoading(_) => "CompletelyFinishLoading",
            Self::LoadDocument(_) => "LoadDocument",
            Self::ActivateDocument { .. } => "ActivateDocument",
            Self::DestroyDocument(_) => "DestroyDocument",
            Self::DestroyChildNavigable(_) => "DestroyChildNavigable",
            Self::DestroyNavigable(_) => "DestroyNavigable",
            Self::Task(_) => "Task",
        })
    }
}
impl Contexts {
    pub(crate) fn act(&mut self, _a: Action, _q: &mut dyn TaskQueues<ContextTask>, _n: &mut Next<'_>) -> Option<Effect> { None }
}
