//! Exploration of a page: runs it in many legal orders of its tasks, groups the outcomes, and explains their
//! differences.
//!
//! The event loop's crate chooses the orders ([`Exploration`]). This room runs pages and compares what they did.
//! `docs/schedules.md` describes which orders are legal. This room prints nothing.

mod answers;
mod explain;
mod options;
mod outcome;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use framepost_event_loop::explore::Exhaustive;
pub use framepost_event_loop::explore::Exploration;
use framepost_event_loop::{Record, Schedule};
use url::Url;

pub use answers::{Answers, RecordedLoader};
pub use explain::{Departure, RanTask, TaskStory, ran_tasks};
pub use options::{ExploreOptions, SameBy};
pub use outcome::{Difference, PageOutcome};

use crate::page::{Page, PageError, PageOptions, RunOutcome};

/// The result of an exploration.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExploreReport {
    /// The number of runs.
    pub runs: u64,
    /// The outcomes: that of the default order first, then the commonest first.
    pub outcomes: Vec<OutcomeGroup>,
    /// Whether the time limit ended the exploration before its last run.
    pub is_cut_short: bool,
    /// What an exhaustive exploration has covered.
    pub coverage: Option<Coverage>,
    /// The number of outcomes that differ in more than the dropped messages.
    pub visible_outcomes: usize,
}

/// What an exhaustive exploration has covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Whether all orders were covered. If not, a limit ended the exploration.
    pub is_complete: bool,
    /// The branches that were left out, because they only swap tasks that are taken to be independent.
    pub pruned: u64,
}

/// The runs with one outcome.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OutcomeGroup {
    /// What the page did in the first of these runs.
    pub outcome: PageOutcome,
    /// How it differs from that of the default order.
    pub difference: Difference,
    /// The place of the first outcome that differs from it only in the dropped messages, if that is an earlier one.
    pub shows_the_same_as: Option<usize>,
    /// The number of runs.
    pub runs: u64,
    /// The number of the first of these runs. Run 0 has the default order.
    pub first_run: u64,
    /// The fewest departures from the default order that were found to show this outcome. They are absent for the
    /// default order itself, and for outcomes that were not explained.
    pub departures: Vec<Departure>,
    /// A schedule that shows the outcome.
    pub schedule: Schedule,
    /// The tasks of the run with this schedule, if [`ExploreOptions::timelines`] requests them. They are absent for
    /// outcomes that were not explained.
    pub tasks: Vec<RanTask>,
}

impl ExploreReport {
    /// Whether all runs agree, except for dropped messages, and none of them has an unhandled error, a failed
    /// test or a failed assertion.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.visible_outcomes <= 1
            && self
                .outcomes
                .iter()
                .all(|group| !group.outcome.has_failed())
    }

    /// Whether a limit stopped a run or the exploration.
    #[must_use]
    pub fn met_a_limit(&self) -> bool {
        let is_incomplete = self.coverage.is_some_and(|coverage| !coverage.is_complete);
        is_incomplete
            || self.is_cut_short
            || self
                .outcomes
                .iter()
                .any(|group| group.outcome.limit.is_some())
    }

    /// The outcome of the default order.
    #[must_use]
    pub fn usual(&self) -> Option<&OutcomeGroup> {
        self.outcomes.iter().find(|group| group.first_run == 0)
    }
}

/// A group while runs are made.
struct Found {
    outcome: PageOutcome,
    runs: u64,
    first_run: u64,
    /// The run with the fewest departures.
    record: Record,
    departures: usize,
    schedule: Schedule,
}

/// Runs a page in many orders.
///
/// `page_options` makes the options of each run, and `drive` runs the page to its end. Both are called on several
/// threads. Without [`Answers`], every run loads its files again.
///
/// ```
/// use framepost::explore::{ExploreOptions, explore};
/// use framepost::{Page, PageOptions};
///
/// let url: url::Url = "http://localhost/".parse()?;
/// // A timer races with a message.
/// let html = "<script>
///     onmessage = () => console.log('message');
///     postMessage('');
///     setTimeout(() => console.log('timer'));
/// </script>";
/// let options = || PageOptions::new().document(url.clone(), html);
/// let report = explore(&url, &ExploreOptions::new().runs(20), options, Page::run_until_idle)?;
/// assert_eq!(report.outcomes.len(), 2);
/// assert_eq!(report.outcomes[1].departures.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explore(
    url: &Url,
    options: &ExploreOptions,
    page_options: impl Fn() -> PageOptions + Sync,
    drive: impl Fn(&mut Page) -> RunOutcome + Sync,
) -> Result<ExploreReport, PageError> {
    let runner = Runner {
        url,
        options,
        page_options: &page_options,
        drive: &drive,
    };
    let started = Instant::now();
    let mut exploration = Exploration::new(options.strategy)
        .seed(options.seed)
        .freedom(options.freedom)
        .slack(options.slack);
    let schedule = exploration.schedule(0);
    let (outcome, usual) = runner.run(&schedule)?;
    exploration.learn(&usual);
    let groups = Mutex::new(Groups::default());
    if !options.exhaustive {
        lock(&groups).add(options, 0, &schedule, outcome, usual.clone());
    }
    let next = AtomicU64::new(1);
    let is_cut_short = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= options.runs || lock(&failure).is_some() {
                return;
            }
            if options.time.is_some_and(|time| started.elapsed() >= time) {
                is_cut_short.store(true, Ordering::Relaxed);
                return;
            }
            let schedule = exploration.schedule(number);
            match runner.run(&schedule) {
                Ok((outcome, record)) => {
                    lock(&groups).add(options, number, &schedule, outcome, record);
                }
                Err(error) => *lock(&failure) = Some(error),
            }
        }
    };
    let mut coverage = None;
    if options.exhaustive {
        coverage = Some(runner.run_all(&groups, started)?);
    } else {
        std::thread::scope(|scope| {
            for _ in 1..options.jobs {
                scope.spawn(work);
            }
            work();
        });
    }
    if let Some(error) = lock(&failure).take() {
        return Err(error);
    }
    let groups = groups.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut found: Vec<Found> = groups.0.into_values().collect();
    let runs = found.iter().map(|group| group.runs).sum();
    let visible: std::collections::BTreeSet<String> = found
        .iter()
        .map(|group| group.outcome.visible_key(options.same_by))
        .collect();
    let explanations = explain::explain(&runner, &exploration, &usual, &found);
    found.sort_by_key(|group| {
        let is_usual = group.first_run == 0;
        (!is_usual, std::cmp::Reverse(group.runs), group.first_run)
    });
    let reference = found.first().map(|group| group.outcome.clone());
    let mut shown: Vec<String> = Vec::new();
    let outcomes = found.into_iter().map(|group| {
        let difference = reference.as_ref().map_or(Difference::None, |reference| {
            group.outcome.difference(reference, options.same_by)
        });
        let key = group.outcome.visible_key(options.same_by);
        let shows_the_same_as = shown.iter().position(|other| *other == key);
        shown.push(key);
        let explained = explanations.get(&group.first_run).cloned();
        let (schedule, explained) = match explained {
            Some(explained) => (exploration.with_holds(&explained.holds), explained),
            None => (group.schedule, explain::Explained::default()),
        };
        OutcomeGroup {
            outcome: group.outcome,
            difference,
            shows_the_same_as,
            runs: group.runs,
            first_run: group.first_run,
            departures: explained.departures,
            schedule,
            tasks: explained.tasks,
        }
    });
    Ok(ExploreReport {
        runs,
        outcomes: outcomes.collect(),
        is_cut_short: is_cut_short.into_inner(),
        coverage,
        visible_outcomes: visible.len(),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The groups by what makes outcomes different.
#[derive(Default)]
struct Groups(BTreeMap<String, Found>);

impl Groups {
    fn add(
        &mut self,
        options: &ExploreOptions,
        number: u64,
        schedule: &Schedule,
        outcome: PageOutcome,
        record: Record,
    ) {
        let departures = record.holds().len();
        let key = outcome.key(options.same_by);
        let Some(group) = self.0.get_mut(&key) else {
            let found = Found {
                outcome,
                runs: 1,
                first_run: number,
                record,
                departures,
                schedule: schedule.clone(),
            };
            self.0.insert(key, found);
            return;
        };
        group.runs += 1;
        // The results are the same for any number of threads.
        if number < group.first_run {
            group.first_run = number;
            group.outcome = outcome;
            group.schedule = schedule.clone();
        }
        if departures < group.departures {
            group.departures = departures;
            group.record = record;
        }
    }
}

/// Runs the page with a schedule.
struct Runner<'a, M, D> {
    url: &'a Url,
    options: &'a ExploreOptions,
    page_options: &'a M,
    drive: &'a D,
}

impl<M, D> Runner<'_, M, D>
where
    M: Fn() -> PageOptions + Sync,
    D: Fn(&mut Page) -> RunOutcome + Sync,
{
    fn open(&self, schedule: &Schedule, explain: bool) -> Result<Page, PageError> {
        let options = (self.page_options)().schedule(schedule.clone());
        let options = options.task_notes(explain).task_origins(explain);
        Page::open(self.url.clone(), options)
    }

    /// Tries all orders, up to the limits on runs and time.
    fn run_all(&self, groups: &Mutex<Groups>, started: Instant) -> Result<Coverage, PageError> {
        let mut search = Exhaustive::new(self.options.freedom, self.options.slack);
        let mut number = 0;
        let is_complete = loop {
            let Some(schedule) = search.next_schedule() else {
                break true;
            };
            let is_late = self
                .options
                .time
                .is_some_and(|time| started.elapsed() >= time);
            if number >= self.options.runs || is_late {
                break false;
            }
            let (outcome, record) = self.run(&schedule)?;
            search.ran(&record);
            lock(groups).add(self.options, number, &schedule, outcome, record);
            number += 1;
        };
        Ok(Coverage {
            is_complete,
            pruned: search.pruned(),
        })
    }

    fn run(&self, schedule: &Schedule) -> Result<(PageOutcome, Record), PageError> {
        let mut page = self.open(schedule, false)?;
        let ended = (self.drive)(&mut page);
        let outcome = PageOutcome::of(&mut page, ended, self.options);
        Ok((outcome, page.take_record()))
    }
}
