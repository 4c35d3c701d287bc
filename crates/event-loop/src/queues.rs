//! The [task queues](https://html.spec.whatwg.org/multipage/webappapis.html#task-queue) of one event
//! loop: one for each pair of client and task source.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use slab::Slab;

use crate::policy::Candidate;
use crate::scheduler::{Rank, SchedulerQueue};
use crate::{
    AgentId, Arena, ClientId, FxHashMap, GlobalId, Queued, SchedulerQueueId, TaskPriority,
    TaskSource,
};

/// The number of queues without a task that are kept for reuse, so that a port's first message seldom allocates.
const SPARE_QUEUES: usize = 64;

/// The number of possibly empty queues of ports that are kept.
///
/// OPTIMIZATION: a port that gets one message after the other would get a new queue for each, which
/// took 600 instructions.
const IDLE_QUEUES: usize = 64;

#[derive(Debug)]
struct TaskQueue<T> {
    client: Option<ClientId>,
    source: TaskSource,
    rank: Rank,
    tasks: VecDeque<(u64, T)>,
    /// Whether it is in the list of idle queues.
    idle: bool,
}

impl<T> TaskQueue<T> {
    /// The key of the queue among the runnable ones; `None` if it is empty.
    fn key(&self) -> Option<(Rank, u64)> {
        self.tasks.front().map(|&(stamp, _)| (self.rank, stamp))
    }
}

/// The state of a client.
#[derive(Debug)]
pub(crate) struct ClientEntry {
    pub(crate) global: GlobalId,
    pub(crate) fully_active: bool,
    pub(crate) agent: AgentId,
    queues: BTreeSet<usize>,
}

impl ClientEntry {
    pub(crate) fn new(global: GlobalId) -> Self {
        Self {
            global,
            fully_active: false,
            agent: AgentId::default(),
            queues: BTreeSet::new(),
        }
    }
}

/// A queue's place among the runnable ones.
type RunnableKey = (Rank, u64);

/// The queues with a task that may run, in the order of their first tasks.
///
/// OPTIMIZATION: the first one is outside the tree. Most loops have one such queue at a time, and then need no tree.
#[derive(Debug, Default)]
struct Runnable {
    first: Option<(RunnableKey, usize)>,
    /// The others; empty without a first one.
    rest: BTreeMap<RunnableKey, usize>,
}

impl Runnable {
    fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    fn first(&self) -> Option<RunnableKey> {
        self.first.map(|(key, _)| key)
    }

    fn iter(&self) -> impl Iterator<Item = (RunnableKey, usize)> + '_ {
        let rest = self.rest.iter().map(|(key, place)| (*key, *place));
        self.first.into_iter().chain(rest)
    }

    fn insert(&mut self, key: RunnableKey, place: usize) {
        match self.first {
            Some((first, _)) if first < key => {
                self.rest.insert(key, place);
            }
            _ => {
                if let Some((later, other)) = self.first.replace((key, place)) {
                    self.rest.insert(later, other);
                }
            }
        }
    }

    fn remove(&mut self, key: RunnableKey) -> Option<usize> {
        match self.first {
            Some((first, place)) if first == key => {
                self.first = self.rest.pop_first();
                Some(place)
            }
            _ => self.rest.remove(&key),
        }
    }
}

/// All task queues.
///
/// Invariant: `runnable` has the rank and the first stamp of exactly those queues that are not empty and whose
/// client, if they have one, is fully active.
#[derive(Debug)]
pub(crate) struct Queues<T> {
    queues: Slab<TaskQueue<T>>,
    // Looked up, never iterated.
    by_name: FxHashMap<(Option<ClientId>, TaskSource), usize>,
    runnable: Runnable,
    pub(crate) schedulers: Arena<SchedulerQueueId, SchedulerQueue>,
    spare: Vec<VecDeque<(u64, T)>>,
    /// Queues of ports that were empty, in the order in which they became so. A place may be stale:
    /// the queue there is then not marked as idle.
    idle: VecDeque<usize>,
    last_stamp: u64,
    len: usize,
}

/// The place of a candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CandidatePlace {
    key: RunnableKey,
    queue: usize,
    /// The task's index in the queue.
    index: usize,
}

impl<T> Default for Queues<T> {
    fn default() -> Self {
        Self {
            queues: Slab::new(),
            by_name: FxHashMap::default(),
            runnable: Runnable::default(),
            schedulers: Arena::new(),
            spare: Vec::new(),
            idle: VecDeque::new(),
            last_stamp: 0,
            len: 0,
        }
    }
}

impl<T> Queues<T> {
    /// Appends a task. `client` comes with its state.
    pub(crate) fn push(
        &mut self,
        source: TaskSource,
        client: Option<(ClientId, &mut ClientEntry)>,
        task: T,
    ) -> u64 {
        self.last_stamp += 1;
        let stamp = self.last_stamp;
        let (client, entry) = client.unzip();
        let runnable = entry.as_ref().is_none_or(|entry| entry.fully_active);
        let place = match self.by_name.get(&(client, source)) {
            Some(&place) => place,
            None => {
                let tasks = self.spare.pop().unwrap_or_default();
                let rank = match source {
                    TaskSource::Scheduler(id) => self.schedulers.get(id).map(|queue| queue.rank()),
                    TaskSource::EndOfLoading => Some(Rank::END_OF_LOADING),
                    _ => None,
                };
                let place = self.queues.insert(TaskQueue {
                    client,
                    source,
                    rank: rank.unwrap_or(Rank::OTHER),
                    tasks,
                    idle: false,
                });
                self.by_name.insert((client, source), place);
                if let Some(entry) = entry {
                    entry.queues.insert(place);
                }
                place
            }
        };
        let queue = &mut self.queues[place];
        if queue.tasks.is_empty() && runnable {
            self.runnable.insert((queue.rank, stamp), place);
        }
        queue.tasks.push_back((stamp, task));
        self.len += 1;
        stamp
    }

    /// Takes the first runnable task in the default order.
    pub(crate) fn pop(
        &mut self,
        clients: &mut crate::Arena<ClientId, ClientEntry>,
    ) -> Option<Queued<T>> {
        let key = self.runnable.first()?;
        let place = self.runnable.remove(key)?;
        let queue = &mut self.queues[place];
        let (stamp, task) = queue.tasks.pop_front()?;
        self.len -= 1;
        let (source, client) = (queue.source, queue.client);
        match queue.key() {
            Some(next) => {
                self.runnable.insert(next, place);
            }
            None => self.became_empty(place, clients),
        }
        Some(Queued {
            stamp,
            source,
            client,
            task,
        })
    }

    /// Lists the tasks that a policy may choose, in the default order: the first task of each runnable queue, and every
    /// response of the network, because responses arrive in any order.
    pub(crate) fn candidates(
        &self,
        clients: &crate::Arena<ClientId, ClientEntry>,
    ) -> Vec<(CandidatePlace, Candidate)> {
        let mut candidates = Vec::new();
        for ((rank, _), place) in self.runnable.iter() {
            let queue = &self.queues[place];
            let most = match queue.source {
                TaskSource::Networking => usize::MAX,
                _ => 1,
            };
            for (index, (stamp, _)) in queue.tasks.iter().take(most).enumerate() {
                let mut candidate = Candidate::new(*stamp, queue.source, queue.client);
                let entry = queue.client.and_then(|client| clients.get(client));
                candidate.agent = entry.map(|entry| entry.agent);
                let place = CandidatePlace {
                    key: (rank, *stamp),
                    queue: place,
                    index,
                };
                candidates.push((place, candidate));
            }
        }
        candidates.sort_by_key(|(place, _)| place.key);
        candidates
    }

    /// Takes a task that [`candidates`](Self::candidates) has listed.
    pub(crate) fn take(
        &mut self,
        place: CandidatePlace,
        clients: &mut crate::Arena<ClientId, ClientEntry>,
    ) -> Option<Queued<T>> {
        let queue = self.queues.get_mut(place.queue)?;
        let old = queue.key()?;
        let (stamp, task) = queue.tasks.remove(place.index)?;
        let (source, client, new) = (queue.source, queue.client, queue.key());
        self.len -= 1;
        self.runnable.remove(old);
        match new {
            Some(new) => self.runnable.insert(new, place.queue),
            None => self.became_empty(place.queue, clients),
        }
        Some(Queued {
            stamp,
            source,
            client,
            task,
        })
    }

    /// The stamp of a task that runs without having been in a queue.
    pub(crate) fn next_stamp(&mut self) -> u64 {
        self.last_stamp += 1;
        self.last_stamp
    }

    /// Notes that a queue is empty. There may be thousands of ports and schedulers, and each
    /// is a source, so only some queues of ports are kept. The other sources are few, so all their queues are kept.
    fn became_empty(&mut self, place: usize, clients: &mut crate::Arena<ClientId, ClientEntry>) {
        let queue = &mut self.queues[place];
        match queue.source {
            TaskSource::Port(_) if queue.idle => return,
            TaskSource::Port(_) => {}
            TaskSource::Scheduler(_) => return self.remove_empty(place, clients),
            _ => return,
        }
        queue.idle = true;
        self.idle.push_back(place);
        if self.idle.len() <= IDLE_QUEUES {
            return;
        }
        let oldest = self.idle.pop_front();
        let Some(oldest) = oldest.filter(|place| self.queues.contains(*place)) else {
            return;
        };
        let queue = &mut self.queues[oldest];
        if std::mem::take(&mut queue.idle) && queue.tasks.is_empty() {
            self.remove_empty(oldest, clients);
        }
    }

    fn remove_empty(&mut self, place: usize, clients: &mut crate::Arena<ClientId, ClientEntry>) {
        let queue = self.queues.remove(place);
        self.by_name.remove(&(queue.client, queue.source));
        if let Some(entry) = queue.client.and_then(|id| clients.get_mut(id)) {
            entry.queues.remove(&place);
        }
        if self.spare.len() < SPARE_QUEUES {
            self.spare.push(queue.tasks);
        }
    }

    /// Lets the client's tasks run or wait.
    pub(crate) fn set_runnable(&mut self, entry: &ClientEntry, runnable: bool) {
        for &place in &entry.queues {
            if let Some(key) = self.queues[place].key() {
                if runnable {
                    self.runnable.insert(key, place);
                } else {
                    self.runnable.remove(key);
                }
            }
        }
    }

    /// Sets the priority of a scheduler task queue, and moves the tasks that wait in it.
    pub(crate) fn set_scheduler_priority(&mut self, id: SchedulerQueueId, priority: TaskPriority) {
        let Some(scheduler) = self.schedulers.get_mut(id) else {
            return;
        };
        scheduler.priority = priority;
        let rank = scheduler.rank();
        let name = (scheduler.client, TaskSource::Scheduler(id));
        let Some(&place) = self.by_name.get(&name) else {
            return;
        };
        let queue = &mut self.queues[place];
        let old = queue.key();
        queue.rank = rank;
        if old.is_some_and(|old| self.runnable.remove(old).is_some())
            && let Some(new) = queue.key()
        {
            self.runnable.insert(new, place);
        }
    }

    /// Whether a task of the client waits.
    pub(crate) fn has_task(&self, entry: &ClientEntry) -> bool {
        let mut queues = entry.queues.iter();
        queues.any(|place| !self.queues[*place].tasks.is_empty())
    }

    /// Takes out all tasks of a client that ends, oldest first.
    pub(crate) fn remove_client(&mut self, entry: ClientEntry) -> Vec<Queued<T>> {
        let mut removed = Vec::new();
        for place in entry.queues {
            let queue = self.queues.remove(place);
            self.by_name.remove(&(queue.client, queue.source));
            if let Some(key) = queue.key() {
                self.runnable.remove(key);
            }
            self.len -= queue.tasks.len();
            removed.extend(queue.tasks.into_iter().map(|(stamp, task)| Queued {
                stamp,
                source: queue.source,
                client: queue.client,
                task,
            }));
        }
        removed.sort_by_key(|queued| queued.stamp);
        removed
    }

    /// Takes out of one queue the tasks for which `which` returns true, oldest first.
    pub(crate) fn remove_tasks(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        mut which: impl FnMut(&T) -> bool,
        clients: &mut crate::Arena<ClientId, ClientEntry>,
    ) -> Vec<Queued<T>> {
        let Some(&place) = self.by_name.get(&(client, source)) else {
            return Vec::new();
        };
        let key = self.queues[place].key();
        let was_runnable = key.is_some_and(|key| self.runnable.remove(key).is_some());
        let tasks = std::mem::take(&mut self.queues[place].tasks);
        let (mut removed, mut kept) = (Vec::new(), VecDeque::with_capacity(tasks.len()));
        for (stamp, task) in tasks {
            if which(&task) {
                removed.push(Queued {
                    stamp,
                    source,
                    client,
                    task,
                });
            } else {
                kept.push_back((stamp, task));
            }
        }
        self.len -= removed.len();
        self.queues[place].tasks = kept;
        match self.queues[place].key() {
            Some(key) if was_runnable => {
                self.runnable.insert(key, place);
            }
            Some(_) => {}
            None => self.became_empty(place, clients),
        }
        removed
    }

    /// Whether a task can run now.
    pub(crate) fn has_runnable(&self) -> bool {
        !self.runnable.is_empty()
    }

    /// Counts the queued tasks, runnable or not.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// All queued tasks, oldest first, as (stamp, source, document, task).
    pub(crate) fn in_order(&self) -> Vec<(u64, TaskSource, Option<ClientId>, &T)> {
        let mut all: Vec<_> = self
            .queues
            .iter()
            .flat_map(|(_, queue)| {
                queue
                    .tasks
                    .iter()
                    .map(|(stamp, task)| (*stamp, queue.source, queue.client, task))
            })
            .collect();
        all.sort_by_key(|(stamp, ..)| *stamp);
        all
    }
}
