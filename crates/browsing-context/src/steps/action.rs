//! The deferred steps of algorithms, as data: one enum for each module.
//!
//! The algorithms depend on each other in circles: the parser runs a script, and the end of the script resumes the
//! parser. Therefore the actions are defined below the modules, and each module runs its own. An action holds keys
//! and nodes, and uses the state at the time when it runs.

use std::collections::VecDeque;

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::diagnostic::Diagnostic;
use super::effect::{Effect, GraphOutcome};
use super::navigate_event::{PageSwap, SerializedState};
use super::navigation::{
    Activation, AfterNavigateEvent, HistoryChange, Insertion, Loaded, Navigation,
};
use super::task::ContextTask;
use crate::dom::Node;
use crate::fetch::{Answer, Response};
use crate::ids::{EmbeddedContentId, ImportId, ModuleId, NavigableId, ScriptId};

/// One step of an algorithm.
pub(crate) enum Action {
    /// An effect that is already decided.
    Effect(Box<Effect>),
    /// A task that begins.
    Task(ContextTask),
    Document(DocumentAction),
    Embedded(EmbeddedAction),
    Frame(FrameAction),
    History(HistoryAction),
    Loading(LoadingAction),
    Module(ModuleAction),
    Mutation(MutationAction),
    Navigable(NavigableAction),
    Navigation(NavigationAction),
    Parsing(ParsingAction),
    Script(ScriptAction),
    Unload(UnloadAction),
    Worker(WorkerAction),
}

impl Action {
    pub(crate) fn effect(effect: Effect) -> Self {
        Self::Effect(Box::new(effect))
    }
}

macro_rules! into_action {
    ($($variant:ident($actions:ident);)+) => {$(
        impl From<$actions> for Action {
            fn from(action: $actions) -> Self {
                Self::$variant(action)
            }
        }
    )+};
}

into_action! {
    Document(DocumentAction);
    Embedded(EmbeddedAction);
    Frame(FrameAction);
    History(HistoryAction);
    Loading(LoadingAction);
    Module(ModuleAction);
    Mutation(MutationAction);
    Navigable(NavigableAction);
    Navigation(NavigationAction);
    Parsing(ParsingAction);
    Script(ScriptAction);
    Unload(UnloadAction);
    Worker(WorkerAction);
}

/// Removing a document or window after the embedder was informed of its end.
#[derive(Clone, Copy)]
pub(crate) enum DocumentAction {
    ForgetDocument(ClientId),
    ForgetWindow(GlobalId),
}

/// Determining what `object` and `embed` elements represent.
pub(crate) enum EmbeddedAction {
    Determine(Node),
    Loaded(EmbeddedContentId, Answer),
    Show(NavigableId, Insertion, Box<Response>),
    RepresentNothing(EmbeddedContentId, Node),
}

/// The `iframe` and `frame` elements.
#[derive(Clone, Copy)]
pub(crate) enum FrameAction {
    ProcessAttributes(NavigableId, Insertion),
    LoadEventSteps(NavigableId),
    LoadEventFired(ClientId),
}

/// Traversing the session history.
pub(crate) enum HistoryAction {
    /// Continue after the traversable's `navigate` event.
    GoOn(NavigableId, u32),
    /// Continue a reload after its `navigate` event.
    Reload(NavigableId, Option<SerializedState>),
    ApplyStep(NavigableId, u32),
    /// Load the document of an entry again.
    LoadEntry(NavigableId, HistoryChange),
    /// Show another entry of the active document.
    ShowEntry(NavigableId, u64),
}

/// From the response of a navigation to a completely loaded document.
pub(crate) enum LoadingAction {
    LoadDocument(Box<Navigation>, Box<Loaded>),
    Activate(Box<Activation>),
    /// Set the readiness to "loading".
    BecomeLoading(ClientId),
    /// Set the readiness to "interactive".
    BecomeInteractive(ClientId),
    /// Set the readiness to "complete".
    BecomeComplete(ClientId),
    TheEnd(ClientId),
    RunDeferredScripts(ClientId),
    ContentLoadedFired(ClientId),
    /// Check whether anything still delays the load event.
    CheckLoad(ClientId),
    Load(ClientId),
    FireLoad(ClientId),
    PageShow(ClientId),
    CompletelyFinish(ClientId),
}

/// Fetching module graphs.
pub(crate) enum ModuleAction {
    FetchImport(ImportId),
    FetchExternalGraph(ScriptId, Url),
    FetchSingle(ModuleId),
    Loaded(ModuleId, Answer),
    Parse(ModuleId),
    FetchDescendants(ModuleId),
    QueueGraphCheck(ClientId),
    CheckGraphs(ClientId),
}

/// The consequences of a change of a tree.
pub(crate) enum MutationAction {
    /// Run the post-connection steps of the inserted nodes that have some.
    PostConnectionSteps(VecDeque<Node>),
}

/// The end of navigables.
#[derive(Clone, Copy)]
pub(crate) enum NavigableAction {
    /// Unloads the documents of a child, and then destroys it.
    RemoveChild(NavigableId),
    DestroyChild(NavigableId),
    DestroyTopLevel(NavigableId),
}

/// Navigating.
pub(crate) enum NavigationAction {
    Begin(Box<Navigation>),
    Answered(Box<Navigation>, Answer),
    JavascriptUrlDone(NavigableId, Insertion),
    MetaInserted(Node),
    /// After a `navigate` event.
    AfterNavigateEvent(AfterNavigateEvent),
}

/// Driving a document's parser.
pub(crate) enum ParsingAction {
    /// Parse until the parser ends or has to wait.
    Parse(ClientId),
    Write(ClientId, String),
    /// Open a document whose listeners are erased.
    Open(ClientId, Url),
    Close(ClientId),
}

/// Preparing and executing scripts.
pub(crate) enum ScriptAction {
    /// The parser has reached the end tag of a script.
    EndTag(ClientId, Node),
    /// The script of an end tag has run or waits for its source.
    EndTagDone(ClientId),
    RunParserBlocking(ClientId, ScriptId),
    Prepare(Node),
    PrepareForParser(Node),
    Loaded(ScriptId, Answer),
    GraphReady(ScriptId, GraphOutcome),
    Execute(ScriptId),
    Executed(ScriptId),
    RunInOrder(ClientId),
}

/// Unloading documents.
#[derive(Clone)]
pub(crate) enum UnloadAction {
    BeforeUnload(ClientId),
    BeforeUnloadFired(ClientId),
    Deactivate(ClientId, Option<Box<PageSwap>>),
    PageSwap(ClientId, Option<Box<PageSwap>>),
    PageHide(ClientId),
    Hide(ClientId),
    Unload(ClientId),
}

/// Running and ending workers.
pub(crate) enum WorkerAction {
    FetchScript(GlobalId),
    FetchModule(GlobalId),
    Loaded(GlobalId, Answer),
    GraphReady(GlobalId, GraphOutcome),
    HasRun(GlobalId),
    Failed(GlobalId, Diagnostic),
    End(GlobalId),
    Forget(GlobalId),
}

impl core::fmt::Debug for Action {
    // A node prints the whole tree below it, so only the module is shown.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Effect(effect) => effect.fmt(f),
            Self::Task(task) => task.fmt(f),
            Self::Document(_) => f.write_str("Document"),
            Self::Embedded(_) => f.write_str("Embedded"),
            Self::Frame(_) => f.write_str("Frame"),
            Self::History(_) => f.write_str("History"),
            Self::Loading(_) => f.write_str("Loading"),
            Self::Module(_) => f.write_str("Module"),
            Self::Mutation(_) => f.write_str("Mutation"),
            Self::Navigable(_) => f.write_str("Navigable"),
            Self::Navigation(_) => f.write_str("Navigation"),
            Self::Parsing(_) => f.write_str("Parsing"),
            Self::Script(_) => f.write_str("Script"),
            Self::Unload(_) => f.write_str("Unload"),
            Self::Worker(_) => f.write_str("Worker"),
        }
    }
}
