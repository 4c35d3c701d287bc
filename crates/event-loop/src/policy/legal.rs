//! The legal orders. `docs/schedules.md` gives the reasons.

use super::{Candidate, CandidateTimer};
use crate::TaskSource;

/// The freedom of a policy to depart from the order in which tasks were queued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderFreedom {
    /// The freedom of the standard: each task source of an agent keeps its order.
    #[default]
    Standard,
    /// The freedom of engines with a scheduler for each frame: the order between documents is free, too.
    Browsers,
}

impl core::fmt::Display for OrderFreedom {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Standard => "standard",
            Self::Browsers => "browsers",
        })
    }
}

/// Puts the indices of the candidates that may run next into `legal`, in the default order.
pub fn legal_choices(candidates: &[Candidate], freedom: OrderFreedom, legal: &mut Vec<usize>) {
    legal.clear();
    for (place, candidate) in candidates.iter().enumerate() {
        let mut others = candidates.iter().enumerate();
        if !others.any(|(at, other)| has_to_precede(other, candidate, at < place, freedom)) {
            legal.push(place);
        }
    }
    if legal.is_empty() {
        legal.push(0);
    }
}

/// Whether `other` has to run before a candidate. `is_before`: whether it is before it in the default
/// order.
fn has_to_precede(
    other: &Candidate,
    candidate: &Candidate,
    is_before: bool,
    freedom: OrderFreedom,
) -> bool {
    match (other.source, candidate.source) {
        // [Select the next scheduler task queue](https://wicg.github.io/scheduling-apis/#select-the-next-scheduler-task-queue-from-all-schedulers)
        // prescribes the order.
        (TaskSource::Scheduler(_), TaskSource::Scheduler(_)) => is_before,
        // Responses arrive in any order.
        (TaskSource::Networking, TaskSource::Networking) => false,
        (TaskSource::Timer, TaskSource::Timer) => match (&other.timer, &candidate.timer) {
            (Some(first), Some(second)) => {
                timer_has_to_precede(first, second, other.cause == candidate.cause)
            }
            _ => keeps_its_place(other, candidate, freedom),
        },
        (first, second) => {
            first.of_the_standard() == second.of_the_standard()
                && keeps_its_place(other, candidate, freedom)
        }
    }
}

/// Whether an older task of the same source stays before a candidate.
fn keeps_its_place(other: &Candidate, candidate: &Candidate, freedom: OrderFreedom) -> bool {
    let in_one_queue = match freedom {
        // IMPLEMENTATION-DEFINED: a task without a client may concern every agent.
        OrderFreedom::Standard => match (other.agent, candidate.agent) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        },
        OrderFreedom::Browsers => false,
    };
    // Steps in parallel may take longer than whatever is queued meanwhile.
    in_one_queue && other.stamp < candidate.stamp && !other.in_parallel
}

/// [Run steps after a timeout](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#run-steps-after-a-timeout),
/// step 4.2: a timer waits for the older ones of its global that have the same or a smaller timeout. Step 4.3 lets each
/// wait for any further time.
// IMPLEMENTATION-DEFINED: timers that one task has set run by their times, as in all browsers.
fn timer_has_to_precede(
    first: &CandidateTimer,
    second: &CandidateTimer,
    of_one_task: bool,
) -> bool {
    if of_one_task {
        return (first.due, first.call) < (second.due, second.call);
    }
    first.global == second.global
        && first.call < second.call
        && first.timeout_ms <= second.timeout_ms
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::policy::TaskName;
    use crate::{AgentId, ClientId, GlobalId, Key};

    fn candidate(stamp: u64, source: TaskSource, client: u64, agent: u64) -> Candidate {
        let client = Some(ClientId::from_parts(0, client));
        let mut candidate = Candidate::new(stamp, source, client);
        candidate.agent = Some(AgentId(agent));
        candidate
    }

    fn timer(call: u64, timeout_ms: i32, due: u64, cause: u64, global: u64) -> Candidate {
        let mut candidate = candidate(u64::MAX, TaskSource::Timer, global, 1);
        candidate.cause = TaskName::from_bits(cause);
        candidate.timer = Some(CandidateTimer {
            global: GlobalId::from_parts(0, global),
            call,
            timeout_ms,
            due: Duration::from_millis(due),
            is_waiting: true,
        });
        candidate
    }

    fn legal(candidates: &[Candidate], freedom: OrderFreedom) -> Vec<usize> {
        let mut legal = Vec::new();
        legal_choices(candidates, freedom, &mut legal);
        legal
    }

    #[test]
    fn source_keeps_its_order_within_an_agent_only() {
        let of_one = [
            candidate(1, TaskSource::PostedMessage, 1, 1),
            candidate(2, TaskSource::PostedMessage, 2, 1),
        ];
        assert_eq!(legal(&of_one, OrderFreedom::Standard), [0]);
        assert_eq!(legal(&of_one, OrderFreedom::Browsers), [0, 1]);
        let of_two = [
            candidate(1, TaskSource::PostedMessage, 1, 1),
            candidate(2, TaskSource::PostedMessage, 2, 2),
        ];
        assert_eq!(legal(&of_two, OrderFreedom::Standard), [0, 1]);
    }

    #[test]
    fn responses_and_tasks_of_parallel_steps_may_be_late() {
        let mut late = candidate(1, TaskSource::NavigationAndTraversal, 1, 1);
        late.in_parallel = true;
        let candidates = [
            late,
            candidate(2, TaskSource::Networking, 1, 1),
            candidate(3, TaskSource::Networking, 1, 1),
            candidate(4, TaskSource::NavigationAndTraversal, 2, 1),
        ];
        assert_eq!(legal(&candidates, OrderFreedom::Standard), [0, 1, 2, 3]);
    }

    #[test]
    fn timers_keep_the_order_of_the_standard() {
        // The second one is due first, but the first was set earlier, by another task.
        let later_and_shorter = [timer(2, 50, 90, 2, 1), timer(1, 100, 100, 1, 1)];
        assert_eq!(legal(&later_and_shorter, OrderFreedom::Standard), [0, 1]);
        let later_and_longer = [timer(1, 50, 50, 1, 1), timer(2, 60, 70, 2, 1)];
        assert_eq!(legal(&later_and_longer, OrderFreedom::Standard), [0]);
        let of_two_globals = [timer(1, 50, 50, 1, 1), timer(2, 60, 70, 2, 2)];
        assert_eq!(legal(&of_two_globals, OrderFreedom::Standard), [0, 1]);
        let of_one_task = [timer(2, 50, 50, 1, 1), timer(1, 100, 100, 1, 1)];
        assert_eq!(legal(&of_one_task, OrderFreedom::Standard), [0]);
    }
}
