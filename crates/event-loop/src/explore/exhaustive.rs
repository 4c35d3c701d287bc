//! All orders of a program, except those that differ only in the order of independent tasks.
//!
//! A depth-first search over the choice points, with sleep sets (Godefroid, "Partial-order methods for the
//! verification of concurrent systems", 1996). It keeps no states: each run starts again with the choices of its
//! prefix.

use std::time::Duration;

use crate::policy::{Order, OrderFreedom, Ran, Record, Schedule, TaskName, legal_choices};
use crate::{AgentId, FxHashMap, TaskSource};

/// What a task may have changed that other agents can notice: its agent, and the queues to which it has added tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Footprint {
    agent: Option<AgentId>,
    queues: Vec<(u64, Option<AgentId>)>,
}

impl Footprint {
    /// Whether the order of two tasks may matter. All tasks of one agent may share script state.
    fn is_dependent(&self, other: &Self) -> bool {
        let (Some(one), Some(two)) = (self.agent, other.agent) else {
            return true;
        };
        one == two || self.queues.iter().any(|queue| other.queues.contains(queue))
    }
}

/// A choice point of the present path.
#[derive(Clone, Debug)]
struct Node {
    legal: Vec<TaskName>,
    chosen: TaskName,
    /// The tasks that were chosen here before.
    done: Vec<TaskName>,
    /// The tasks whose orders another branch has covered.
    sleep: Vec<TaskName>,
}

impl Node {
    fn next(&self) -> Option<TaskName> {
        let tried = |task: &TaskName| self.done.contains(task) || self.sleep.contains(task);
        self.legal.iter().find(|task| !tried(task)).copied()
    }
}

/// A search through all orders of a program.
///
/// ```
/// # use framepost_event_loop::explore::Exhaustive;
/// # use framepost_event_loop::{EventLoop, EventLoopOptions, OrderFreedom, NextTask, Schedule, TaskSource, TimerTask};
/// # #[derive(Debug)] struct Letter(char);
/// # impl From<TimerTask> for Letter { fn from(_: TimerTask) -> Self { Self('t') } }
/// let mut search = Exhaustive::new(OrderFreedom::Standard, Schedule::DEFAULT_SLACK);
/// let mut orders = Vec::new();
/// while let Some(schedule) = search.next_schedule() {
///     let options = EventLoopOptions::new().schedule(&schedule);
///     let mut event_loop: EventLoop<Letter, ()> = EventLoop::with_options(options);
///     let global = event_loop.create_global();
///     let client = event_loop.create_client(global);
///     event_loop.set_fully_active(client, true);
///     for (letter, source) in [
///         ('a', TaskSource::PostedMessage), ('b', TaskSource::DomManipulation), ('c', TaskSource::PostedMessage),
///     ] {
///         event_loop.queue_task(source, Some(client), Letter(letter)).unwrap();
///     }
///     let mut order = String::new();
///     while let NextTask::Task(queued) = event_loop.next_task() {
///         order.push(queued.task.0);
///     }
///     orders.push(order);
///     search.ran(&event_loop.take_record());
/// }
/// assert_eq!(orders, ["abc", "acb", "bac"]);
/// ```
#[derive(Clone, Debug)]
pub struct Exhaustive {
    freedom: OrderFreedom,
    slack: Duration,
    path: Vec<Node>,
    footprints: FxHashMap<TaskName, Footprint>,
    has_begun: bool,
    pruned: u64,
}

impl Exhaustive {
    /// Begins a search.
    #[must_use]
    pub fn new(freedom: OrderFreedom, slack: Duration) -> Self {
        Self {
            freedom,
            slack,
            path: Vec::new(),
            footprints: FxHashMap::default(),
            has_begun: false,
            pruned: 0,
        }
    }

    /// Returns the schedule of the next run; `None` if all orders are covered. Call [`ran`](Self::ran) after the run.
    pub fn next_schedule(&mut self) -> Option<Schedule> {
        if self.has_begun {
            self.backtrack()?;
        }
        self.has_begun = true;
        let prefix = self.path.iter().map(|node| node.chosen).collect();
        let schedule = Schedule::new(Order::Recorded(prefix)).freedom(self.freedom);
        Some(schedule.slack(self.slack).keep_candidates(true))
    }

    /// The number of branches that were left out, because they only swap independent tasks.
    #[must_use]
    pub fn pruned(&self) -> u64 {
        self.pruned
    }

    /// Continues with the last choice point that has another branch.
    fn backtrack(&mut self) -> Option<()> {
        while let Some(node) = self.path.last_mut() {
            if let Some(next) = node.next() {
                node.chosen = next;
                node.done.push(next);
                return Some(());
            }
            let asleep = node
                .legal
                .iter()
                .filter(|task| node.sleep.contains(task) && !node.done.contains(task));
            self.pruned += asleep.count() as u64;
            self.path.pop();
        }
        None
    }

    /// Takes the record of the run, and learns from it what comes after its prefix.
    pub fn ran(&mut self, record: &Record) {
        self.learn_footprints(record);
        let mut points = 0;
        // The tasks whose orders other branches have covered.
        let mut sleep: Vec<TaskName> = Vec::new();
        for ran in &record.ran {
            let is_asleep = sleep.contains(&ran.name);
            if ran.candidates > 1 {
                if points == self.path.len() {
                    self.path.push(Node {
                        legal: self.legal(ran),
                        chosen: ran.name,
                        done: vec![ran.name],
                        sleep,
                    });
                }
                sleep = match self.path.get(points) {
                    Some(node) => node.sleep.iter().chain(&node.done).copied().collect(),
                    None => Vec::new(),
                };
                points += 1;
            }
            // The default order has run a task whose orders are covered. What comes after it is covered, too.
            if is_asleep && points >= self.path.len() {
                break;
            }
            // Whatever depends on this task has to be tried again after it.
            sleep.retain(|task| self.are_independent(*task, ran.name));
        }
    }

    fn legal(&self, ran: &Ran) -> Vec<TaskName> {
        let mut legal = Vec::new();
        legal_choices(&ran.kept, self.freedom, &mut legal);
        let named = legal.into_iter().filter_map(|place| ran.kept.get(place));
        let mut named: Vec<TaskName> = named.map(|candidate| candidate.name).collect();
        // The default order may run a task that the standard holds back.
        if !named.contains(&ran.name) {
            named.insert(0, ran.name);
        }
        named
    }

    fn are_independent(&self, one: TaskName, two: TaskName) -> bool {
        match (self.footprints.get(&one), self.footprints.get(&two)) {
            (Some(first), Some(second)) => one != two && !first.is_dependent(second),
            _ => false,
        }
    }

    fn learn_footprints(&mut self, record: &Record) {
        for ran in &record.ran {
            let footprint = self.footprints.entry(ran.name).or_default();
            footprint.agent = ran.agent;
        }
        for ran in &record.ran {
            if let Some(cause) = self.footprints.get_mut(&ran.cause) {
                let queue = queue_of(ran);
                if !cause.queues.contains(&queue) {
                    cause.queues.push(queue);
                }
            }
        }
    }
}

/// The queue in which a task has waited.
fn queue_of(ran: &Ran) -> (u64, Option<AgentId>) {
    let source = ran.source.of_the_standard();
    match source {
        TaskSource::Port(port) => (source.code() | port << 8, ran.agent),
        _ => (source.code(), ran.agent),
    }
}
