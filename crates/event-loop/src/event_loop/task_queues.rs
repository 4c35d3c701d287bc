//! The interface of the loop for the library crates.

use crate::{AgentId, ClientId, EventLoop, GlobalId, TaskQueues, TaskSource};

impl<X, T: From<X>, M> TaskQueues<X> for EventLoop<T, M> {
    fn create_global(&mut self) -> GlobalId {
        EventLoop::create_global(self)
    }
    fn destroy_global(&mut self, global: GlobalId) {
        EventLoop::destroy_global(self, global);
    }
    fn create_client(&mut self, global: GlobalId) -> ClientId {
        EventLoop::create_client(self, global)
    }
    fn set_fully_active(&mut self, client: ClientId, fully_active: bool) {
        EventLoop::set_fully_active(self, client, fully_active);
    }
    fn set_agent(&mut self, client: ClientId, agent: AgentId) {
        EventLoop::set_agent(self, client, agent);
    }
    fn is_fully_active(&self, client: ClientId) -> bool {
        EventLoop::is_fully_active(self, client)
    }
    fn destroy_client(&mut self, client: ClientId) {
        EventLoop::destroy_client(self, client);
    }
    fn client_of(&self, global: GlobalId) -> Option<ClientId> {
        EventLoop::client_of(self, global)
    }
    fn global_of(&self, client: ClientId) -> Option<GlobalId> {
        EventLoop::global_of(self, client)
    }
    fn queue(&mut self, source: TaskSource, client: Option<ClientId>, task: X) -> bool {
        let queued = self.queue_task(source, client, task);
        self.keep_dropped(queued)
    }
    fn queue_in_parallel(&mut self, source: TaskSource, client: Option<ClientId>, task: X) {
        self.queue_task_in_parallel(source, client, task);
    }
    fn queue_after(
        &mut self,
        delay: core::time::Duration,
        source: TaskSource,
        client: Option<ClientId>,
        task: X,
    ) {
        self.queue_task_after(delay, source, client, task);
    }
    fn queue_global(&mut self, source: TaskSource, global: GlobalId, task: X) -> bool {
        let queued = self.queue_global_task(source, global, task);
        self.keep_dropped(queued)
    }
    fn discard(&mut self, source: TaskSource, client: Option<ClientId>) {
        drop(self.remove_tasks(source, client, |_| true));
    }
    fn is_idle_for(&self, global: GlobalId) -> bool {
        EventLoop::is_idle_for(self, global)
    }
    fn now(&mut self) -> core::time::Duration {
        EventLoop::now(self)
    }
}
