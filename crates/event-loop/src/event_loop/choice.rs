//! The choice of the next task by a policy, and the record of the choices.

use std::time::Duration;

use super::EventLoop;
use crate::policy::{Candidate, Record};
use crate::queues::CandidatePlace;
use crate::tracker::QueuedBy;
use crate::{Dropped, Queued, TaskSource, TimerId, TimerTask};

/// Where a candidate waits.
enum Place {
    Queue(CandidatePlace),
    Timer(TimerId),
}

impl<T, M> EventLoop<T, M> {
    /// Takes the record of the tasks that ran since the last call. It is empty unless the loop has a policy.
    #[must_use]
    pub fn take_record(&mut self) -> Record {
        let tracker = self.tracker.as_mut();
        tracker.map_or_else(Record::default, |tracker| {
            std::mem::take(&mut tracker.record)
        })
    }

    /// A timer was set, or an interval was set again.
    pub(super) fn timer_was_set(&mut self, id: TimerId) {
        if let Some(tracker) = &mut self.tracker
            && let Some(timer) = self.timers.candidate(id)
        {
            tracker.timer_set(id, timer);
        }
    }

    /// Queues the task of a timer that is due.
    pub(super) fn queue_timer_task(&mut self, task: TimerTask) -> Result<u64, Dropped<T>>
    where
        T: From<TimerTask>,
    {
        match self
            .client_of(task.global)
            .filter(|_| self.tracker.is_some())
        {
            Some(client) => {
                let by = QueuedBy::Timer(task.timer);
                self.push_by(by, TaskSource::Timer, Some(client), task.into())
            }
            None => self.queue_global_task(TaskSource::Timer, task.global, task),
        }
    }

    /// Forgets what is known of tasks that will not run.
    pub(super) fn forget_tasks(&mut self, tasks: &[Queued<T>]) {
        if let Some(tracker) = &mut self.tracker {
            for queued in tasks {
                tracker.dropped(queued.stamp);
            }
        }
    }

    /// Forgets what is known of timers that were cleared.
    pub(super) fn forget_timers(&mut self, timers: &[TimerId]) {
        if let Some(tracker) = &mut self.tracker {
            for timer in timers {
                tracker.timer_cleared(*timer);
            }
        }
    }

    /// Takes the task that the policy chooses. Timers that are not due yet may overtake tasks that may be late for so
    /// long, but not if they are due after `end`.
    pub(super) fn take_by_policy(&mut self, end: Option<Duration>) -> Option<Queued<T>>
    where
        T: From<TimerTask>,
    {
        let tracker = self.tracker.as_ref()?;
        let mut places = Vec::new();
        let mut candidates = Vec::new();
        for (place, mut candidate) in self.queues.candidates(&self.clients) {
            tracker.complete(&mut candidate);
            places.push(Place::Queue(place));
            candidates.push(candidate);
        }
        let latest = candidates.iter().map(|candidate| {
            let may_be_late = match candidate.source {
                TaskSource::Networking => self.slack,
                _ if candidate.in_parallel => self.slack,
                _ => self.slack / 4,
            };
            candidate.queued_at.saturating_add(may_be_late)
        });
        let latest = latest.min()?;
        if !self.slack.is_zero() && self.outstanding.is_empty() {
            let latest = end.map_or(latest, |end| latest.min(end));
            for (_, id, global) in self.timers.waiting_until(latest) {
                let client = self.client_of(global);
                let Some(entry) = client.and_then(|client| self.clients.get(client)) else {
                    continue;
                };
                let mut candidate = Candidate::new(u64::MAX, TaskSource::Timer, client);
                candidate.agent = Some(entry.agent);
                if entry.fully_active && tracker.complete_timer(&mut candidate, id) {
                    places.push(Place::Timer(id));
                    candidates.push(candidate);
                }
            }
        }
        let chosen = self.policy.as_mut()?.choose(&candidates);
        let mut chosen = chosen.min(candidates.len() - 1);
        // A clock of real time cannot jump.
        if let Some(timer) = candidates.get(chosen)?.timer
            && timer.is_waiting
            && !self.clock.jump_to(timer.due)
        {
            chosen = 0;
        }
        let candidate = candidates.get(chosen)?;
        let queued = match *places.get(chosen)? {
            Place::Queue(place) => self.queues.take(place, &mut self.clients)?,
            Place::Timer(id) => {
                let task = self.timers.take_waiting(id)?;
                Queued {
                    stamp: self.queues.next_stamp(),
                    source: TaskSource::Timer,
                    client: candidate.client,
                    task: task.into(),
                }
            }
        };
        let tracker = self.tracker.as_mut()?;
        if let Place::Timer(id) = places.get(chosen)? {
            tracker.timer_cleared(*id);
        }
        tracker.record.add(
            &candidates,
            chosen,
            self.clock.peek(),
            self.keeps_candidates,
        );
        tracker.begins(queued.stamp, candidate.name);
        Some(queued)
    }
}
