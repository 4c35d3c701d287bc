//! Limits on waiting messages.

use framepost_event_loop::GlobalId;

use super::per_global::PerGlobal;

/// Limits on messages that wait for delivery. By default there are none.
///
/// A post beyond a limit drops the message at once, with the reason
/// [`MessageDropReason::Limit`](super::MessageDropReason::Limit), which it returns.
///
/// ```
/// use framepost_messaging::accounting::QueueLimits;
///
/// let limits = QueueLimits::default().with_messages_per_port(Some(1_000));
/// # let _ = limits;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueLimits {
    /// Messages in the queue of one port.
    pub messages_per_port: Option<usize>,
    /// Bytes in the queue of one port.
    pub bytes_per_port: Option<usize>,
    /// Messages that wait for one global: for its window, its ports and its broadcast channels.
    pub messages_per_global: Option<usize>,
    /// Bytes that wait for one global.
    pub bytes_per_global: Option<usize>,
}

impl QueueLimits {
    /// Sets the most messages in the queue of one port.
    #[must_use]
    pub fn with_messages_per_port(mut self, most: Option<usize>) -> Self {
        self.messages_per_port = most;
        self
    }

    /// Sets the most bytes in the queue of one port.
    #[must_use]
    pub fn with_bytes_per_port(mut self, most: Option<usize>) -> Self {
        self.bytes_per_port = most;
        self
    }

    /// Sets the most messages that wait for one global.
    #[must_use]
    pub fn with_messages_per_global(mut self, most: Option<usize>) -> Self {
        self.messages_per_global = most;
        self
    }

    /// Sets the most bytes that wait for one global.
    #[must_use]
    pub fn with_bytes_per_global(mut self, most: Option<usize>) -> Self {
        self.bytes_per_global = most;
        self
    }

    /// Whether a message of `bytes` may be added to the queue of a port.
    pub(crate) fn admit_to_port(&self, load: Load, bytes: usize) -> bool {
        load.admits(bytes, self.messages_per_port, self.bytes_per_port)
    }

    fn admit_to_global(&self, load: Load, bytes: usize) -> bool {
        load.admits(bytes, self.messages_per_global, self.bytes_per_global)
    }
}

/// The number and size of the messages that wait in one place.
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

/// The number and size of the messages that wait for each global.
#[derive(Debug, Default)]
pub(crate) struct Loads(PerGlobal<Load>);

impl Loads {
    pub(crate) fn admit(&self, limits: &QueueLimits, global: GlobalId, bytes: usize) -> bool {
        limits.admit_to_global(self.0.get(global), bytes)
    }

    /// Adds one message, or all messages of a port that the global received.
    pub(crate) fn add(&mut self, global: GlobalId, load: Load) {
        if load.messages == 0 {
            return;
        }
        let entry = self.0.get_mut(global);
        entry.messages += load.messages;
        entry.bytes += load.bytes;
    }

    pub(crate) fn take(&mut self, global: GlobalId, load: Load) {
        if load.messages == 0 {
            return;
        }
        let entry = self.0.get_mut(global);
        debug_assert!(entry.messages >= load.messages && entry.bytes >= load.bytes);
        entry.messages = entry.messages.saturating_sub(load.messages);
        entry.bytes = entry.bytes.saturating_sub(load.bytes);
    }

    #[cfg(test)]
    pub(crate) fn of(&self, global: GlobalId) -> Load {
        self.0.get(global)
    }
}
