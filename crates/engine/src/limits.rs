//! What a page may use up.

/// What a page may use up. Reaching one of these is a [`LimitReached`](crate::LimitReached) outcome or a
/// [`ScriptError`](crate::ScriptError) of the kind [`Limit`](crate::ScriptErrorKind::Limit), and never a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLimits {
    /// Microtasks in one checkpoint.
    pub microtasks_per_checkpoint: u64,
    /// Turns of the loops in one call of a function.
    pub loop_iterations: u64,
    /// Calls of functions inside one another.
    pub recursion: usize,
    /// Messages that wait at one port. One too many is dropped for [`MessageDropReason::Limit`](crate::MessageDropReason::Limit); the page
    /// sees no more of it than of any message that nobody hears.
    pub messages_per_port: Option<usize>,
    /// Bytes that wait at one port.
    pub bytes_per_port: Option<usize>,
    /// Messages that wait for one window, at its ports and channels and itself.
    pub messages_per_window: Option<usize>,
    /// Bytes that wait for one window.
    pub bytes_per_window: Option<usize>,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self {
            microtasks_per_checkpoint: 1_000_000,
            loop_iterations: 100_000_000,
            recursion: 10_000,
            messages_per_port: None,
            bytes_per_port: None,
            messages_per_window: None,
            bytes_per_window: None,
        }
    }
}
