//! What is due after each task and each effect.

use framepost_event_loop::{EventLoop, TaskQueues, TimerId};

use crate::state::{Messaging, MessagingTask, ReachabilityChange, State};

/// What [`Messaging::housekeep`] leaves to the embedder.
#[derive(Debug)]
#[non_exhaustive]
pub struct Housekeeping<T> {
    /// The dropped tasks that are not of messaging.
    pub tasks: Vec<T>,
    /// The timers that ended with their globals: free their callbacks.
    pub timers: Vec<TimerId>,
    /// The changes of what keeps ports alive, for a collector: see
    /// [`take_reachability_changes`](Messaging::take_reachability_changes).
    pub reachability: Vec<ReachabilityChange>,
}

impl<T: From<MessagingTask>, M> State<T, M>
where
    MessagingTask: TryFrom<T, Error = T>,
{
    /// [`Messaging::housekeep`] for this state.
    pub fn housekeep(&mut self) -> Housekeeping<T> {
        let Self {
            event_loop,
            messaging,
            ..
        } = self;
        messaging.housekeep(event_loop, MessagingTask::try_from)
    }
}

impl Messaging {
    /// Does what is due after each task and each effect. `messaging_task` returns a task of messaging, or gives another
    /// task back.
    ///
    /// First report the objects that were collected: [`port_collected`](Self::port_collected),
    /// [`broadcast_channel_collected`](Self::broadcast_channel_collected). After a task, and not after an effect, call
    /// [`task_ended`](Self::task_ended) before this.
    pub fn housekeep<T, M>(
        &mut self,
        event_loop: &mut EventLoop<T, M>,
        messaging_task: fn(T) -> Result<MessagingTask, T>,
    ) -> Housekeeping<T>
    where
        EventLoop<T, M>: TaskQueues<MessagingTask>,
    {
        self.process_drops(event_loop);
        let mut tasks = Vec::new();
        // A message that ends may end a port, whose tasks are dropped then.
        while event_loop.has_dropped() {
            for dropped in event_loop.take_dropped() {
                match messaging_task(dropped.queued.task) {
                    Ok(task) => self.task_dropped(event_loop, task),
                    Err(other) => tasks.push(other),
                }
            }
        }
        Housekeeping {
            tasks,
            timers: event_loop.take_dropped_timers(),
            reachability: self.take_reachability_changes(),
        }
    }
}
