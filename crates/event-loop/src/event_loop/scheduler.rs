//! Scheduler task queues.

use super::EventLoop;
use crate::scheduler::SchedulerQueue;
use crate::{ClientId, SchedulerQueueId, SchedulerQueueKind, TaskPriority};

impl<T, M> EventLoop<T, M> {
    /// [Creates a scheduler task queue](https://wicg.github.io/scheduling-apis/#create-a-scheduler-task-queue)
    /// for tasks or continuations of a client. Its
    /// tasks are queued on [`TaskSource::Scheduler`](crate::TaskSource::Scheduler).
    pub fn create_scheduler_queue(
        &mut self,
        client: Option<ClientId>,
        priority: TaskPriority,
        kind: SchedulerQueueKind,
    ) -> SchedulerQueueId {
        self.queues.schedulers.insert(SchedulerQueue {
            client,
            priority,
            kind,
        })
    }

    /// Sets the priority of a scheduler task queue. It also applies to waiting tasks.
    pub fn set_scheduler_queue_priority(
        &mut self,
        queue: SchedulerQueueId,
        priority: TaskPriority,
    ) {
        self.queues.set_scheduler_priority(queue, priority);
    }

    /// Removes a scheduler task queue that gets no more tasks. Waiting tasks keep their priority.
    pub fn destroy_scheduler_queue(&mut self, queue: SchedulerQueueId) {
        self.queues.schedulers.remove(queue);
    }
}
