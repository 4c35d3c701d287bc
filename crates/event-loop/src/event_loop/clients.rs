//! Globals and clients: the owners of timers and tasks.

use super::EventLoop;
use crate::queues::ClientEntry;
use crate::{AgentId, ClientId, DropReason, Dropped, GlobalId, Queued};

impl<T, M> EventLoop<T, M> {
    /// Creates a global. It has no client yet.
    pub fn create_global(&mut self) -> GlobalId {
        self.globals.insert(None)
    }

    /// Destroys a global: its timers are cleared, and its client, if it has one, is destroyed.
    pub fn destroy_global(&mut self, global: GlobalId) {
        self.has_ended = true;
        if let Some(Some(client)) = self.globals.remove(global) {
            self.destroy_client(client);
        }
        let timers = self.timers.remove_global(global);
        self.forget_timers(&timers);
        self.dropped_timers.extend(timers);
        self.rendering.remove_global(global);
        self.idle.remove_global(global);
    }

    /// Creates a client. It becomes the current client of its global. It is not fully active yet,
    /// so its tasks wait.
    pub fn create_client(&mut self, global: GlobalId) -> ClientId {
        let client = self.clients.insert(ClientEntry::new(global));
        if let Some(current) = self.globals.get_mut(global) {
            *current = Some(client);
        }
        client
    }

    /// Sets whether a client is
    /// [fully active](https://html.spec.whatwg.org/multipage/document-sequences.html#fully-active).
    /// The tasks of a client that is not fully active wait. A worker's client is always active.
    pub fn set_fully_active(&mut self, client: ClientId, fully_active: bool) {
        let Some(entry) = self.clients.get_mut(client) else {
            return;
        };
        if entry.fully_active != fully_active {
            entry.fully_active = fully_active;
            self.queues.set_runnable(entry, fully_active);
        }
    }

    /// Sets the agent that a client is a part of. It decides which orders are legal for a
    /// [policy](crate::legal_choices). All clients are of the agent 0 at first.
    pub fn set_agent(&mut self, client: ClientId, agent: AgentId) {
        if let Some(entry) = self.clients.get_mut(client) {
            entry.agent = agent;
        }
    }

    /// Whether the client exists and is fully active.
    #[must_use]
    pub fn is_fully_active(&self, client: ClientId) -> bool {
        self.clients
            .get(client)
            .is_some_and(|entry| entry.fully_active)
    }

    /// Destroys a client. Its tasks are dropped; [`take_dropped`](Self::take_dropped) returns them.
    pub fn destroy_client(&mut self, client: ClientId) {
        let Some(entry) = self.clients.remove(client) else {
            return;
        };
        if let Some(current) = self.globals.get_mut(entry.global)
            && *current == Some(client)
        {
            *current = None;
        }
        self.has_ended = true;
        let delayed = self.delayed.remove_client(client);
        let delayed = delayed.into_iter().map(|delayed| Queued {
            stamp: 0,
            source: delayed.source,
            client: delayed.client,
            task: delayed.task,
        });
        let tasks = self.queues.remove_client(entry);
        self.forget_tasks(&tasks);
        let tasks = tasks.into_iter();
        self.dropped
            .extend(tasks.chain(delayed).map(|queued| Dropped {
                queued,
                reason: DropReason::ClientDestroyed,
            }));
    }

    /// Whether a global or a client was destroyed since the last call. The embedder then frees its
    /// data for them.
    #[must_use]
    pub fn take_has_ended(&mut self) -> bool {
        std::mem::take(&mut self.has_ended)
    }

    /// The current client of a global.
    #[must_use]
    pub fn client_of(&self, global: GlobalId) -> Option<ClientId> {
        self.globals.get(global).copied().flatten()
    }

    /// The global that a client was created for.
    #[must_use]
    pub fn global_of(&self, client: ClientId) -> Option<GlobalId> {
        self.clients.get(client).map(|entry| entry.global)
    }
}
