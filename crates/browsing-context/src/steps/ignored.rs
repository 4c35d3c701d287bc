//! What happens if an embedder ignores an effect.

use super::effect::Effect;

impl Effect {
    /// What goes wrong for the page if this effect is not performed; `None` if nothing does.
    ///
    /// An embedder calls it where it matches the effects that it does not know, and shows the text in debug builds: a
    /// page that waits forever is hard to explain otherwise.
    #[must_use]
    pub fn if_ignored(&self) -> Option<&'static str> {
        Some(match self {
            // A WindowProxy that looks its window up needs nothing.
            Self::SetActive { .. } | Self::Report(_) => return None,
            // A page that listens for it does not need it.
            Self::FirePageSwap { .. } => return None,
            // They come only after the embedder has asked for them, or free what only the embedder has.
            Self::CurrentEntryChanged { .. }
            | Self::NavigationAborted { .. }
            | Self::TraversalFailed { .. }
            | Self::NavigableDestroyed(_)
            | Self::DocumentDestroyed(_) => return None,
            Self::TraversableOpened { .. } => {
                "a window that script opened begins with an empty session storage"
            }
            Self::CreateRealm { .. } => "a window has no realm",
            Self::RunScript { .. } => "a script counts as run",
            Self::ParseModule { .. } => "a module's graph never completes, and load waits for it",
            Self::ImportReady { .. } => "the promise of an import() stays pending",
            Self::RunJavascriptUrl { .. } => "a javascript: URL does nothing",
            Self::Fire { .. } => "an event is not fired",
            Self::FireNavigate { .. } => "a navigation waits forever",
            Self::CreateWorkerRealm { .. } => "a worker's script has no realm",
            Self::RunWorker { .. } => "a worker does nothing",
            Self::WorkerReady { .. } => "no message passes between a page and its worker",
            Self::WorkerError { .. } => "an error of a worker is lost",
            Self::WorkerEnded { .. } => "the ports of a worker leak",
            Self::Checkpoint => "promise jobs run later than in browsers",
            Self::Fetch(..) => "a navigation or a script waits forever",
            Self::TreeChanged(_) => "mutation observers miss the parser's changes",
            Self::EraseListeners(_) => "listeners survive document.open()",
            Self::WindowDiscarded(_) => "the ports and channels of a window leak",
            Self::ReportImportMap { .. } => "a page does not learn of its invalid import map",
        })
    }
}
