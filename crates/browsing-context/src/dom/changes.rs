//! Counts the changes of trees, so that the result of a search in a tree can be kept until the next change.

use std::cell::Cell;

thread_local! {
    // Nodes stay on their thread, and have no field for a count of their own.
    static CHANGES: Cell<u64> = const { Cell::new(0) };
}

/// The number of insertions, removals and attribute changes of this thread's nodes.
///
/// While the number stays the same, no tree has changed.
#[must_use]
pub fn tree_changes() -> u64 {
    CHANGES.get()
}

/// Counts a change. All code that changes the children or the attributes of a node calls it.
pub(crate) fn tree_changed() {
    CHANGES.set(CHANGES.get().wrapping_add(1));
}
