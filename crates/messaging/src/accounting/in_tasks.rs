//! Messages that wait in tasks of windows and broadcast channels, and not at ports.

use std::collections::HashMap;

use framepost_event_loop::GlobalId;

use super::MessageInfo;

/// How many of them each window has posted. A window that none is of has no entry.
#[derive(Debug, Default)]
pub(crate) struct InTasks(HashMap<GlobalId, usize>);

impl InTasks {
    pub(crate) fn enter(&mut self, message: &MessageInfo) {
        if let Some(window) = message.from.window() {
            *self.0.entry(window).or_default() += 1;
        }
    }

    pub(crate) fn leave(&mut self, message: &MessageInfo) {
        let Some(window) = message.from.window() else {
            return;
        };
        let Some(count) = self.0.get_mut(&window) else {
            debug_assert!(false, "{window} had posted nothing that waits");
            return;
        };
        *count -= 1;
        if *count == 0 {
            self.0.remove(&window);
        }
    }

    pub(crate) fn any_from(&self, window: GlobalId) -> bool {
        self.0.contains_key(&window)
    }

    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.0.values().sum()
    }
}
