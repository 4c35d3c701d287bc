//! When the answers of the network arrive in a recorded run, and the same arrivals in its replay.
//!
//! A recorded run takes the answers of the network only between two tasks, and notes between which. A replay has no
//! network: the loader of its page knows the answers, and they arrive at the same places.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use boa_engine::Context;
use framepost_browsing_context::{FetchRequest, LoadError, Response};
use framepost_event_loop::TaskSource;
use serde::{Deserialize, Serialize};

use super::{answer_at_once, answered, end, fetches};
use crate::http::{FetchId, Fetched};
use crate::script::{Task, with_loop};

/// The arrival of an answer of the network, in a recorded run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Arrival {
    /// The number of the load, among all loads of the page.
    pub load: u64,
    /// The number of tasks that had run before.
    pub tasks: u64,
    /// Whether the page waited for it, because no task could run.
    pub has_waited: bool,
    /// Whether the load ended without an answer of the network: none came in time, or nobody waited for it any more.
    pub is_late: bool,
}

/// Whether a page records arrivals or repeats them.
#[derive(Debug, Default)]
enum Use {
    /// Neither: the event loop takes answers at any time.
    #[default]
    None,
    /// It notes them.
    Records(Vec<Arrival>),
    /// It repeats those that are left.
    Repeats(VecDeque<Arrival>),
}

/// The arrivals of a page.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    how: RefCell<Use>,
    mailbox: Arc<Mailbox>,
    /// The number of loads that have begun.
    loads: Cell<u64>,
    /// The number of tasks that have run.
    tasks: Cell<u64>,
    /// Whether the page has waited since the last task.
    has_waited: Cell<bool>,
    /// The loads of a replay that have begun, by their numbers.
    begun: RefCell<BTreeMap<u64, FetchId>>,
}

/// The answers that wait for the end of a task.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    is_used: AtomicBool,
    contents: Mutex<(Vec<Fetched>, Option<Thread>)>,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, (Vec<Fetched>, Option<Thread>)> {
        // Each change is one step, so a panic of another thread cannot leave a broken state.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an answer from any thread and wakes the page. Gives it back if the page does not use the mailbox.
    pub(super) fn put(&self, fetched: Fetched) -> Option<Fetched> {
        if !self.is_used.load(Ordering::Acquire) {
            return Some(fetched);
        }
        let (answers, page) = &mut *self.lock();
        answers.push(fetched);
        if let Some(page) = page {
            page.unpark();
        }
        None
    }
}

impl Arrivals {
    pub(super) fn mailbox(&self) -> Arc<Mailbox> {
        Arc::clone(&self.mailbox)
    }

    /// A load begins. Returns its number.
    pub(super) fn next_load(&self) -> u64 {
        let number = self.loads.get();
        self.loads.set(number + 1);
        number
    }

    /// Whether the page repeats the arrivals of a recorded run.
    pub(super) fn are_repeated(&self) -> bool {
        matches!(&*self.how.borrow(), Use::Repeats(_))
    }

    /// Whether the network has answered the load with this number, in the run that is repeated.
    pub(super) fn is_of_the_network(&self, load: u64) -> bool {
        match &*self.how.borrow() {
            Use::Repeats(arrivals) => arrivals.iter().any(|arrival| arrival.load == load),
            _ => false,
        }
    }

    /// A load of the network has begun.
    pub(super) fn begins(&self, load: u64, id: FetchId) {
        if self.are_repeated() {
            self.begun.borrow_mut().insert(load, id);
        }
    }

    /// Notes an arrival.
    pub(super) fn note(&self, load: u64, is_late: bool) {
        if let Use::Records(arrivals) = &mut *self.how.borrow_mut() {
            arrivals.push(Arrival {
                load,
                tasks: self.tasks.get(),
                has_waited: self.has_waited.get(),
                is_late,
            });
        }
    }

    /// Takes the next arrival of the recorded run, if its place is here.
    fn next(&self) -> Option<(Arrival, FetchId)> {
        let Use::Repeats(arrivals) = &mut *self.how.borrow_mut() else {
            return None;
        };
        let next = *arrivals.front()?;
        let place = (self.tasks.get(), self.has_waited.get());
        let id = *self.begun.borrow().get(&next.load)?;
        if (next.tasks, next.has_waited) > place {
            return None;
        }
        arrivals.pop_front();
        Some((next, id))
    }
}

/// Notes the arrivals from now on.
pub(crate) fn record(ctx: &Context) {
    let fetches = fetches(ctx);
    *fetches.arrivals.how.borrow_mut() = Use::Records(Vec::new());
    let mailbox = &fetches.arrivals.mailbox;
    mailbox.lock().1 = Some(thread::current());
    mailbox.is_used.store(true, Ordering::Release);
}

/// Repeats the arrivals of a recorded run.
pub(crate) fn repeat(ctx: &Context, arrivals: Vec<Arrival>) {
    *fetches(ctx).arrivals.how.borrow_mut() = Use::Repeats(arrivals.into());
}

/// Returns the arrivals that were noted.
pub(crate) fn noted(ctx: &Context) -> Vec<Arrival> {
    let fetches = fetches(ctx);
    let mut noted = match &*fetches.arrivals.how.borrow() {
        Use::Records(arrivals) => arrivals.clone(),
        _ => return Vec::new(),
    };
    // What is outstanding at the end does not arrive.
    let under_way = fetches.under_way.borrow();
    noted.extend(under_way.iter().map(|(_, load)| Arrival {
        load: load.number,
        tasks: u64::MAX,
        has_waited: true,
        is_late: true,
    }));
    noted
}

/// Whether answers arrive only between two tasks.
pub(crate) fn are_between_tasks(ctx: &Context) -> bool {
    !matches!(&*fetches(ctx).arrivals.how.borrow(), Use::None)
}

/// A task has run.
pub(crate) fn task_has_run(ctx: &Context) {
    let fetches = fetches(ctx);
    let arrivals = &fetches.arrivals;
    arrivals.tasks.set(arrivals.tasks.get() + 1);
    arrivals.has_waited.set(false);
}

/// The page waits, because no task can run.
pub(crate) fn page_waits(ctx: &Context) {
    fetches(ctx).arrivals.has_waited.set(true);
}

/// Queues the answers that have arrived. Returns whether there were any.
pub(crate) fn take(ctx: &mut Context) -> bool {
    let fetches = fetches(ctx);
    let mut any = false;
    let arrived = std::mem::take(&mut fetches.arrivals.mailbox.lock().0);
    for fetched in arrived {
        let under_way = fetches.under_way.borrow();
        // Nobody waits for an answer to a load that was given up.
        let Some(load) = under_way.get(fetched.id).map(|load| load.number) else {
            continue;
        };
        drop(under_way);
        fetches.arrivals.note(load, false);
        queue(ctx, fetched);
        any = true;
    }
    while let Some((arrival, id)) = fetches.arrivals.next() {
        any = true;
        if !arrival.is_late {
            // The answer is read when its task runs, so that the answers to equal requests keep their order.
            let url = String::new();
            let answer = Err(LoadError::UnknownOrigin { url });
            queue(ctx, Fetched { id, answer });
        } else if let Some(load) = end(ctx, id)
            && load.to.is_awaited(ctx)
        {
            let answer = known_answer(ctx, &load.details);
            answered(ctx, &load, answer);
        }
    }
    any
}

/// The answer that the recorded run got.
pub(super) fn known_answer(ctx: &Context, details: &FetchRequest) -> Result<Response, LoadError> {
    let url = || details.url.to_string();
    answer_at_once(ctx, details).unwrap_or_else(|| Err(LoadError::UnknownOrigin { url: url() }))
}

fn queue(ctx: &Context, fetched: Fetched) {
    let task = Task::Fetched(Box::new(fetched));
    // A task without a client is never refused.
    let _ = with_loop(ctx, |event_loop| {
        event_loop.queue_task(TaskSource::Networking, None, task)
    });
}
