//! The modes of locks, and what the trace shows of them.

use std::fmt;

/// [LockMode](https://w3c.github.io/web-locks/#enumdef-lockmode)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LockMode {
    /// Several holders at a time.
    Shared,
    /// One holder at a time.
    #[default]
    Exclusive,
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shared => "shared",
            Self::Exclusive => "exclusive",
        })
    }
}

/// What happens to a lock, for the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LockStage {
    /// The request waits.
    Waiting,
    /// The request with `ifAvailable` gets no lock.
    NotAvailable,
    /// The request was aborted, or its global has ended.
    Aborted,
    /// The lock is held.
    Held,
    /// Another request has stolen the lock.
    Stolen,
    /// The lock is released.
    Released,
}

impl fmt::Display for LockStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::NotAvailable => "not available",
            Self::Aborted => "aborted",
            Self::Held => "held",
            Self::Stolen => "stolen",
            Self::Released => "released",
        })
    }
}
