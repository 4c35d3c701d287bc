//! Bounds on what may wait.

use std::collections::HashMap;

use framepost_event_loop::GlobalId;

/// How much may wait to be delivered. A message beyond a limit is dropped at once, with
/// [`DropReason::Limit`](super::DropReason::Limit), and the post says so. All are off by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueLimits {
    /// Messages in the queue of one port.
    pub messages_per_port: Option<usize>,
    /// Bytes in the queue of one port.
    pub bytes_per_port: Option<usize>,
    /// Messages that wait for one window: at the window itself, at its ports and channels.
    pub messages_per_window: Option<usize>,
    /// Bytes that wait for one window.
    pub bytes_per_window: Option<usize>,
}

impl QueueLimits {
    /// Whether a message of `bytes` may be added to the queue of a port.
    pub(crate) fn admit_to_port(&self, load: Load, bytes: usize) -> bool {
        load.admits(bytes, self.messages_per_port, self.bytes_per_port)
    }

    fn admit_to_window(&self, load: Load, bytes: usize) -> bool {
        load.admits(bytes, self.messages_per_window, self.bytes_per_window)
    }
}

/// How much waits somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

impl Load {
    fn admits(self, bytes: usize, most_messages: Option<usize>, most_bytes: Option<usize>) -> bool {
        most_messages.is_none_or(|most| self.messages < most)
            && most_bytes.is_none_or(|most| self.bytes.saturating_add(bytes) <= most)
    }

    pub(crate) fn add(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes += bytes;
    }

    pub(crate) fn take(&mut self, bytes: usize) {
        debug_assert!(self.messages > 0 && self.bytes >= bytes);
        self.messages = self.messages.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// How much waits for each window. A window for which nothing waits has no entry.
#[derive(Debug, Default)]
pub(crate) struct Loads(HashMap<GlobalId, Load>);

impl Loads {
    pub(crate) fn admit(&self, limits: &QueueLimits, window: GlobalId, bytes: usize) -> bool {
        let load = self.0.get(&window).copied().unwrap_or_default();
        limits.admit_to_window(load, bytes)
    }

    /// Adds what waits at a port that came to the window, or one message.
    pub(crate) fn add(&mut self, window: GlobalId, load: Load) {
        if load.messages == 0 {
            return;
        }
        let entry = self.0.entry(window).or_default();
        entry.messages += load.messages;
        entry.bytes += load.bytes;
    }

    pub(crate) fn take(&mut self, window: GlobalId, load: Load) {
        if load.messages == 0 {
            return;
        }
        let Some(entry) = self.0.get_mut(&window) else {
            debug_assert!(false, "{window} had nothing waiting");
            return;
        };
        debug_assert!(entry.messages >= load.messages && entry.bytes >= load.bytes);
        entry.messages = entry.messages.saturating_sub(load.messages);
        entry.bytes = entry.bytes.saturating_sub(load.bytes);
        if entry.messages == 0 {
            self.0.remove(&window);
        }
    }

    #[cfg(test)]
    pub(crate) fn of(&self, window: GlobalId) -> Load {
        self.0.get(&window).copied().unwrap_or_default()
    }
}
