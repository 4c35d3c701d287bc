//! The state of all broadcast channels.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use framepost_event_loop::{Arena, FxHashMap, GlobalId};

use crate::identity::BroadcastChannelId;

#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) global: GlobalId,
    pub(crate) name: Arc<[u16]>,
    /// The [closed flag](https://html.spec.whatwg.org/multipage/web-messaging.html#concept-broadcastchannel-closed).
    pub(crate) closed: bool,
}

/// All broadcast channels.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    pub(crate) channels: Arena<BroadcastChannelId, Channel>,
    /// The open channels by name, in order of creation.
    by_name: BTreeMap<Arc<[u16]>, BTreeSet<BroadcastChannelId>>,
    /// The channels of each global. Looked up, never iterated.
    of_global: FxHashMap<GlobalId, BTreeSet<BroadcastChannelId>>,
}

impl Channels {
    pub(crate) fn add(&mut self, global: GlobalId, name: &[u16]) -> BroadcastChannelId {
        let name: Arc<[u16]> = name.into();
        let id = self.channels.insert(Channel {
            global,
            name: Arc::clone(&name),
            closed: false,
        });
        self.by_name.entry(name).or_default().insert(id);
        self.of_global.entry(global).or_default().insert(id);
        id
    }

    pub(crate) fn close(&mut self, id: BroadcastChannelId) {
        if let Some(channel) = self.channels.get_mut(id)
            && !std::mem::replace(&mut channel.closed, true)
        {
            let name = Arc::clone(&channel.name);
            self.unlist(id, &name);
        }
    }

    pub(crate) fn remove(&mut self, id: BroadcastChannelId) {
        let Some(channel) = self.channels.remove(id) else {
            return;
        };
        self.unlist(id, &channel.name);
        if let Some(channels) = self.of_global.get_mut(&channel.global) {
            channels.remove(&id);
            if channels.is_empty() {
                self.of_global.remove(&channel.global);
            }
        }
    }

    fn unlist(&mut self, id: BroadcastChannelId, name: &Arc<[u16]>) {
        if let Some(channels) = self.by_name.get_mut(name) {
            channels.remove(&id);
            if channels.is_empty() {
                self.by_name.remove(name);
            }
        }
    }

    pub(crate) fn global_ended(&mut self, global: GlobalId) {
        for id in self.of_global.remove(&global).unwrap_or_default() {
            self.remove(id);
        }
    }

    /// The global of a channel that is not closed.
    pub(crate) fn open_global(&self, id: BroadcastChannelId) -> Option<GlobalId> {
        let channel = self.channels.get(id)?;
        (!channel.closed).then_some(channel.global)
    }

    /// The channels of a global, in order of creation.
    pub(crate) fn of(&self, global: GlobalId) -> impl Iterator<Item = BroadcastChannelId> + '_ {
        let channels = self.of_global.get(&global);
        channels.into_iter().flatten().copied()
    }

    /// The open channels of this name, in order of creation.
    pub(crate) fn named(&self, name: &[u16]) -> impl Iterator<Item = BroadcastChannelId> + '_ {
        let channels = self.by_name.get(name);
        channels.into_iter().flatten().copied()
    }
}
