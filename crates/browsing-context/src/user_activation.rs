//! User activation ([HTML, tracking user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation)).
//!
//! Nobody is here to act: it is the embedder who says, with
//! [`Contexts::activation_notification`], that somebody did.

use core::time::Duration;

use framepost_event_loop::{ClientId, GlobalId};

use crate::Contexts;
use crate::navigable::NavigableId;

/// [Transient activation duration](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation-duration).
// IMPLEMENTATION-DEFINED: the standard leaves it open; browsers take five seconds.
const TRANSIENT_ACTIVATION_DURATION: Duration = Duration::from_secs(5);

/// A window's [last activation timestamp](https://html.spec.whatwg.org/multipage/interaction.html#last-activation-timestamp).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LastActivation {
    /// The user has not acted on the window.
    #[default]
    Never,
    /// The user has, and that was used up.
    Consumed,
    /// The user has, at this time of the loop's clock.
    At(Duration),
}

impl Contexts {
    /// The [activation notification](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification)
    /// steps: the user acts on a document at the time `now` of the loop's clock. The windows of
    /// the documents above it have been acted on as well, and those of the same origin below.
    pub fn activation_notification(&mut self, document: ClientId, now: Duration) {
        let Some(held) = self.document(document) else {
            return;
        };
        if !self.is_fully_active(document) {
            return;
        }
        let (navigable, origin) = (held.navigable, held.origin.clone());
        let mut windows: Vec<GlobalId> = self
            .inclusive_ancestor_navigables(navigable)
            .filter_map(|above| self.active_window(above))
            .collect();
        let below = self.inclusive_descendant_navigables(navigable);
        windows.extend(below.into_iter().filter_map(|below| {
            let window = self.active_window(below)?;
            let same = self.origin_of_window(window)?.same_origin(&origin);
            same.then_some(window)
        }));
        for window in windows {
            self.set_last_activation(window, LastActivation::At(now));
        }
    }

    /// [Consume user activation](https://html.spec.whatwg.org/multipage/interaction.html#consume-user-activation):
    /// nothing else may be done because of it, anywhere in the window's tree of navigables.
    pub fn consume_user_activation(&mut self, window: GlobalId) {
        let navigable = self.window(window).map(|held| held.navigable);
        let Some(top) = navigable.and_then(|navigable| self.top(navigable)) else {
            return;
        };
        for below in self.inclusive_descendant_navigables(top) {
            if let Some(window) = self.active_window(below)
                && self.has_sticky_activation(window)
            {
                self.set_last_activation(window, LastActivation::Consumed);
            }
        }
    }

    fn set_last_activation(&mut self, window: GlobalId, last: LastActivation) {
        if let Some(held) = self.windows.get_mut(&window) {
            held.last_activation = last;
        }
    }

    /// [Sticky activation](https://html.spec.whatwg.org/multipage/interaction.html#sticky-activation):
    /// the user has acted on the window at some time.
    #[must_use]
    pub fn has_sticky_activation(&self, window: GlobalId) -> bool {
        let last = self.window(window).map(|held| held.last_activation);
        last.is_some_and(|last| last != LastActivation::Never)
    }

    /// [Transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation):
    /// the user has lately acted on the window.
    #[must_use]
    pub fn has_transient_activation(&self, window: GlobalId, now: Duration) -> bool {
        match self.window(window).map(|held| held.last_activation) {
            Some(LastActivation::At(then)) => {
                now >= then && now < then + TRANSIENT_ACTIVATION_DURATION
            }
            _ => false,
        }
    }

    /// Whether the user has lately acted on what a navigable shows.
    pub(crate) fn navigable_has_transient_activation(
        &self,
        navigable: NavigableId,
        now: Duration,
    ) -> bool {
        self.active_window(navigable)
            .is_some_and(|window| self.has_transient_activation(window, now))
    }
}
