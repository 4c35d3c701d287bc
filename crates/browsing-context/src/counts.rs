//! The sizes of the tables, for tests that look for leaks.

use crate::Contexts;

/// The result of [`Contexts::counts`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Navigables.
    pub navigables: usize,
    /// Documents.
    pub documents: usize,
    /// Windows.
    pub windows: usize,
    /// Workers.
    pub workers: usize,
    /// Scripts that were prepared and have not run.
    pub scripts: usize,
    /// Module scripts of existing clients.
    pub modules: usize,
    /// Fetches in progress.
    pub requests: usize,
    /// Document states of session history entries.
    pub document_states: usize,
    /// Entries about nodes. Some of the nodes may be gone.
    pub node_entries: usize,
}

impl Contexts {
    /// Counts the entries of the tables.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            navigables: self.navigables.len(),
            documents: self.documents.len(),
            windows: self.documents.windows_len(),
            workers: self.workers.len(),
            scripts: self.scripts.len(),
            modules: self.modules.len(),
            requests: self.requests.len(),
            document_states: self.history.document_states_len(),
            node_entries: self.documents.detached_roots_len()
                + self.scripts.elements_len()
                + self.embedded.elements_len(),
        }
    }
}
