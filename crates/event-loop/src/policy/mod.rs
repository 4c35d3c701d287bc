//! The choice of the next task.
//!
//! HTML leaves the choice to the implementation ([processing model, step 2.1](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model)).
//! The default, [`OldestFirst`], is the order that pages expect from browsers. The other policies choose among the
//! orders that [`legal_choices`] allows. They find pages and engines that rely on an order that the standard does not
//! guarantee. A policy knows only [`Candidate`]s: it never sees a task.

mod held;
mod legal;
mod pctcp;
mod random;
mod record;
mod recorded;
mod sampling;
mod schedule;

use core::fmt;
use std::time::Duration;

use crate::{AgentId, ClientId, GlobalId, TaskSource};

pub use held::{Held, Hold};
pub use legal::{OrderFreedom, legal_choices};
pub use pctcp::Pctcp;
pub use random::{Random, Shuffled};
pub use record::{Ran, Record};
pub use recorded::Recorded;
pub use sampling::PartialOrderSampling;
pub use schedule::{Order, Schedule};

/// Names a task in all orders in which a program can run.
///
/// The name is made of the name of the task that queued it, of the task source, and of the number of tasks that the
/// former had queued on the latter. So a task keeps its name while the tasks before it in its chain of causes
/// behave as before, whatever else runs between them. [`Queued::stamp`](crate::Queued::stamp), in contrast, counts the
/// tasks of one run.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskName(u64);

impl TaskName {
    /// The cause of the tasks that no task queued: the embedder did.
    pub const OUTSIDE: Self = Self(0);

    /// Returns the name as a number.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// Creates a name from [`to_bits`](Self::to_bits).
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The name of the task that this one queues on a source as the `number`th of its tasks there.
    pub(crate) fn of_child(self, source: u64, number: u64) -> Self {
        let mixed = random::mix(self.0 ^ random::mix(source.wrapping_add(number << 8)));
        // OUTSIDE names no task.
        Self(mixed.max(1))
    }
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {self}")
    }
}

/// A task that can run next: the first one of a runnable queue, a response of the network, or a timer that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The stamp of the task; `u64::MAX` for a timer that is not due yet.
    pub stamp: u64,
    /// The task source. The source of a port's task has the port's number.
    pub source: TaskSource,
    /// The client.
    pub client: Option<ClientId>,
    /// The agent of the client; `None` without a client.
    pub agent: Option<AgentId>,
    /// The name of the task.
    pub name: TaskName,
    /// The task that queued it, or that set its timer.
    pub cause: TaskName,
    /// The time at which it was queued, or at which its timer is due.
    pub queued_at: Duration,
    /// Whether steps that run [in parallel](https://html.spec.whatwg.org/multipage/infrastructure.html#in-parallel)
    /// have queued it. They may take any time.
    pub in_parallel: bool,
    /// The timer, if it is the task of one.
    pub timer: Option<CandidateTimer>,
}

/// What decides the order of timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CandidateTimer {
    /// The global that set it.
    pub global: GlobalId,
    /// The number of the call that set it, among the calls of all globals.
    pub call: u64,
    /// The timeout, in milliseconds.
    pub timeout_ms: i32,
    /// When it is due.
    pub due: Duration,
    /// Whether the clock has to jump before it can run.
    pub is_waiting: bool,
}

impl Candidate {
    /// Creates the candidate of a task about which nothing else is known.
    #[must_use]
    pub fn new(stamp: u64, source: TaskSource, client: Option<ClientId>) -> Self {
        Self {
            stamp,
            source,
            client,
            agent: client.map(|_| AgentId::default()),
            name: TaskName::from_bits(stamp),
            cause: TaskName::OUTSIDE,
            queued_at: Duration::ZERO,
            in_parallel: false,
            timer: None,
        }
    }
}

/// Chooses among the tasks that can run.
pub trait Policy {
    /// Returns the index in `candidates` of the task that runs next.
    ///
    /// There is at least one candidate. They are in the default order: first the tasks at the end of
    /// loading, then by the priority of scheduled tasks, then the oldest first, then the timers that wait, next first.
    /// An index beyond the end means the last candidate. The loop calls this for every task.
    fn choose(&mut self, candidates: &[Candidate]) -> usize;
}

/// The default, the order that pages expect from browsers: first the tasks at the end of loading a
/// document, then the oldest task of all queues. Scheduled tasks run by their priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OldestFirst;

impl Policy for OldestFirst {
    fn choose(&mut self, _candidates: &[Candidate]) -> usize {
        0
    }
}
