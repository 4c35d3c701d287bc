//! Messages that wait in tasks: for windows and broadcast channels, not for ports.

use framepost_event_loop::GlobalId;

use super::MessageInfo;
use super::per_global::PerGlobal;

/// The number of such messages by the global that posted them.
#[derive(Debug, Default)]
pub(crate) struct InTasks(PerGlobal<usize>);

impl InTasks {
    pub(crate) fn enter(&mut self, message: &MessageInfo) {
        if let Some(global) = message.from.global() {
            *self.0.get_mut(global) += 1;
        }
    }

    pub(crate) fn leave(&mut self, message: &MessageInfo) {
        if let Some(global) = message.from.global() {
            let count = self.0.get_mut(global);
            debug_assert!(*count > 0, "{global} had posted no waiting message");
            *count = count.saturating_sub(1);
        }
    }

    pub(crate) fn any_from(&self, global: GlobalId) -> bool {
        self.0.get(global) > 0
    }

    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.0.values().sum()
    }
}
