//! User activation ([HTML, tracking user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation)).
//!
//! The embedder calls [`Contexts::activation_notification`] when the user acts.

use core::time::Duration;

use framepost_event_loop::{ClientId, GlobalId};

use crate::Contexts;
use crate::documents::{LastActivation, Window};

impl Contexts {
    /// The [activation notification](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification)
    /// steps: the user acts on a document at the time `now` of the loop's clock.
    pub fn activation_notification(&mut self, document: ClientId, now: Duration) {
        // 1. The document is fully active.
        let Some(held) = self.document(document) else {
            return;
        };
        if !self.is_fully_active(document) {
            return;
        }
        let (navigable, origin) = (held.navigable(), held.origin().clone());
        // 2. and 3. Take its window and the windows of its ancestors.
        let mut windows: Vec<GlobalId> = self
            .inclusive_ancestor_navigables(navigable)
            .filter_map(|above| self.active_window(above))
            .collect();
        // 4. Add the windows of its descendants of the same origin.
        let below = self.inclusive_descendant_navigables(navigable);
        windows.extend(below.into_iter().filter_map(|below| {
            let window = self.active_window(below)?;
            let same = self.origin_of_global(window)?.same_origin(&origin);
            same.then_some(window)
        }));
        // 5. Set the last activation timestamp of each.
        for window in windows {
            self.set_last_activation(window, LastActivation::At(now));
        }
    }

    /// [Consume user activation](https://html.spec.whatwg.org/multipage/interaction.html#consume-user-activation)
    /// of a window, and of all windows in its tree of navigables.
    pub fn consume_user_activation(&mut self, window: GlobalId) {
        // 1. and 2. Find the top-level navigable.
        let navigable = self.window(window).map(Window::navigable);
        let Some(top) = navigable.and_then(|navigable| self.top(navigable)) else {
            return;
        };
        // 3. to 5. Consume the activation of every window below it that has one.
        for below in self.inclusive_descendant_navigables(top) {
            if let Some(window) = self.active_window(below)
                && self.has_sticky_activation(window)
            {
                self.set_last_activation(window, LastActivation::Consumed);
            }
        }
    }

    fn set_last_activation(&mut self, window: GlobalId, last: LastActivation) {
        if let Some(held) = self.window_mut(window) {
            held.set_last_activation(last);
        }
    }

    /// [Sticky activation](https://html.spec.whatwg.org/multipage/interaction.html#sticky-activation):
    /// the user has acted on the window at some time.
    #[must_use]
    pub fn has_sticky_activation(&self, window: GlobalId) -> bool {
        self.window(window)
            .is_some_and(Window::has_sticky_activation)
    }

    /// [Transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation):
    /// the user has acted on the window shortly before `now`.
    #[must_use]
    pub fn has_transient_activation(&self, window: GlobalId, now: Duration) -> bool {
        self.window(window)
            .is_some_and(|window| window.has_transient_activation(now))
    }
}
