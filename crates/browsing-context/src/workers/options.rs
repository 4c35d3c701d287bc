//! The options of the constructors of workers.

use crate::fetch::CredentialsMode;

/// Whether a worker belongs to one global or several globals share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WorkerKind {
    /// A [dedicated worker](https://html.spec.whatwg.org/multipage/workers.html#dedicatedworkerglobalscope).
    Dedicated,
    /// A [shared worker](https://html.spec.whatwg.org/multipage/workers.html#sharedworkerglobalscope).
    Shared,
}

/// Whether a worker's script is classic or a module
/// ([WorkerType](https://html.spec.whatwg.org/multipage/workers.html#workertype)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorkerType {
    /// A classic script.
    #[default]
    Classic,
    /// A module.
    Module,
}

/// The options of the `Worker` and `SharedWorker` constructors
/// ([WorkerOptions](https://html.spec.whatwg.org/multipage/workers.html#workeroptions)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerOptions {
    /// The worker's name.
    pub name: String,
    /// The kind of its script.
    pub worker_type: WorkerType,
    /// The credentials mode of the fetch of its script.
    // NOT YET: it does not change requests. It only distinguishes shared workers.
    pub credentials: CredentialsMode,
    /// Whether a shared worker outlives its owners for a while.
    pub extended_lifetime: bool,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            name: String::new(),
            worker_type: WorkerType::Classic,
            credentials: CredentialsMode::default(),
            extended_lifetime: false,
        }
    }
}

impl WorkerOptions {
    /// A classic script without a name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the kind of script.
    #[must_use]
    pub fn with_type(mut self, worker_type: WorkerType) -> Self {
        self.worker_type = worker_type;
        self
    }

    /// Sets the credentials mode.
    #[must_use]
    pub fn with_credentials(mut self, credentials: CredentialsMode) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets whether a shared worker outlives its owners for a while.
    #[must_use]
    pub fn with_extended_lifetime(mut self, extended: bool) -> Self {
        self.extended_lifetime = extended;
        self
    }
}
