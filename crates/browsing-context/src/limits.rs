//! Limits on frames and workers.

/// The limits on frames and workers. At a limit, the frame is not created, or the worker fails to load, and the
/// embedder gets a [`Diagnostic`](crate::Diagnostic).
///
/// ```
/// use framepost_browsing_context::{ContextLimits, Contexts};
/// let mut limits = ContextLimits::default();
/// limits.frame_depth = 8;
/// let contexts = Contexts::with_limits(limits);
/// ```
// IMPLEMENTATION-DEFINED: the standard has no such limits; browsers have them, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContextLimits {
    /// The number of ancestors that a navigable may have.
    pub frame_depth: usize,
    /// The number of navigables at one time.
    pub frames: usize,
    /// The number of ancestors of a frame that may show the frame's URL.
    pub same_url_ancestors: usize,
    /// The number of workers at one time.
    pub workers: usize,
}

impl Default for ContextLimits {
    /// 64 ancestors, 20,000 navigables, one ancestor of the same URL (as in browsers), 1,000 workers.
    fn default() -> Self {
        Self {
            frame_depth: 64,
            frames: 20_000,
            same_url_ancestors: 1,
            workers: 1_000,
        }
    }
}
