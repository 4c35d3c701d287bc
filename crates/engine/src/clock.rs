//! The choice of the clock of a page.

/// The time of a page: of its timers, `performance.now()` and `Date`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PageClock {
    /// Virtual time, which jumps to the next timer when nothing else can run. Every run of a page is
    /// the same.
    #[default]
    Virtual,
    /// Real time. The methods that run the page sleep until a timer is due.
    Wall,
}
