//! The terms of the [rules for choosing a
//! navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable).

use crate::ids::NavigableId;

/// A navigable that was chosen by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) navigable: NavigableId,
    pub(crate) window_type: WindowType,
}

/// The standard's "window type": whether the chosen navigable is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WindowType {
    Existing,
    NewAndUnrestricted,
    NewWithNoOpener,
}

/// Whether a new top-level navigable has an opener: the standard's "noopener".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    Kept,
    None,
}
