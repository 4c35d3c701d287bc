//! Bounds on what a page may do.

/// Bounds on frames and workers. Reaching one is reported as a
/// [`Diagnostic`](crate::Diagnostic), and the frame is not created, or the worker fails to load.
// IMPLEMENTATION-DEFINED: the standard has no such bounds; browsers have them as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many ancestors a navigable may have.
    pub frame_depth: usize,
    /// How many navigables there may be at one time.
    pub frames: usize,
    /// How many ancestors of a frame may show the URL that it is to load.
    pub same_url_ancestors: usize,
    /// How many workers there may be at one time.
    pub workers: usize,
}

impl Default for Limits {
    /// Sixty-four deep, twenty thousand in all, and, as browsers do, one ancestor of the same URL;
    /// a thousand workers.
    fn default() -> Self {
        Self {
            frame_depth: 64,
            frames: 20_000,
            same_url_ancestors: 1,
            workers: 1_000,
        }
    }
}
