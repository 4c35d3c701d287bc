//! Resource limits of a page.

/// Resource limits of a page.
///
/// A page that reaches a limit never crashes the program:
///
/// - too many microtasks end the run with a [`LimitReached`](crate::LimitReached) outcome;
/// - a script that loops or recurses too much ends with a [`ScriptError`](crate::ScriptError) of
///   the kind [`Limit`](crate::ScriptErrorKind::Limit);
/// - a message over a limit is dropped;
/// - a frame or a worker over a limit is reported with [`Output::Limit`](crate::Output::Limit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLimits {
    /// The most microtasks in one checkpoint.
    pub microtasks_per_checkpoint: u64,
    /// The most loop iterations in one function call.
    pub loop_iterations: u64,
    /// The deepest nesting of function calls.
    pub recursion: usize,
    /// The most messages that one port queues. A message over the limit is dropped with
    /// [`MessageDropReason::Limit`](crate::MessageDropReason::Limit). The page gets no error.
    pub messages_per_port: Option<usize>,
    /// The most bytes that one port queues.
    pub bytes_per_port: Option<usize>,
    /// The most messages that are queued for one window: for its ports, its channels and the window
    /// itself.
    pub messages_per_window: Option<usize>,
    /// The most bytes that are queued for one window.
    pub bytes_per_window: Option<usize>,
    /// The most frames and windows at one time. A frame over the limit is not created.
    pub frames: usize,
    /// The most ancestors of a frame.
    pub frame_depth: usize,
    /// The most workers at one time. A worker over the limit fails to load.
    pub workers: usize,
    /// The most bytes of one storage area, with two for each character of its keys and values. Setting an item
    /// over the limit throws a `QuotaExceededError`.
    pub storage: usize,
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
            frames: 20_000,
            frame_depth: 64,
            workers: 1_000,
            storage: 10 << 20,
        }
    }
}
