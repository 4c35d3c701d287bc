//! Messages that wait in tasks: for windows and broadcast channels, not for ports.

use framepost_event_loop::{FxHashMap, GlobalId};

use super::MessageInfo;

/// How many such messages each global has posted. A global without any has no entry.
#[derive(Debug, Default)]
pub(crate) struct InTasks(FxHashMap<GlobalId, usize>);

impl InTasks {
    pub(crate) fn enter(&mut self, message: &MessageInfo) {
        if let Some(global) = message.from.global() {
            *self.0.entry(global).or_default() += 1;
        }
    }

    pub(crate) fn leave(&mut self, message: &MessageInfo) {
        let Some(global) = message.from.global() else {
            return;
        };
        let Some(count) = self.0.get_mut(&global) else {
            debug_assert!(false, "{global} had posted no waiting message");
            return;
        };
        *count -= 1;
        if *count == 0 {
            self.0.remove(&global);
        }
    }

    pub(crate) fn any_from(&self, global: GlobalId) -> bool {
        self.0.contains_key(&global)
    }

    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.0.values().sum()
    }
}
