//! Runs a page in its own process: reads the job, runs the page, writes the outcome.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use framepost::explore::Exploration;
use framepost::{
    Output, Page, PageClock, PageOptions, Record, RunOutcome, Schedule, ScriptErrorKind, Strategy,
};
use framepost_browsing_context::{
    DirectoryLoader, FetchRequest, LoadError, Loader, MemoryLoader, Response,
};
use framepost_guard::{Stop, Watch};
use url::{Position, Url};

use crate::checkout::{Handlers, Refusals, WptLoader};
use crate::harness;
use crate::outcome::{PageStatus, TestOutcome};
use crate::process::OUT_OF_MEMORY;
use crate::runner::{Job, Place};
use crate::shard::stable_hash;

/// The limit on virtual time. The harness has its own, slightly lower limit, and reports the subtests that have not
/// ended. Only pages that disable it reach this limit.
const NORMAL_TIMEOUT: Duration = Duration::from_millis(11_000);
const LONG_TIMEOUT: Duration = Duration::from_millis(61_000);
/// The virtual time between two checks for results.
const SLICE: Duration = Duration::from_millis(100);

const IS_LONG: &str =
    "[...document.querySelectorAll('meta[name=timeout]')].some((meta) => meta.content === 'long')";

/// Reads a [`Job`] from standard input, runs its page in this process, and writes the outcome to
/// standard output.
///
/// The program that a [`Runner`](crate::runner::Runner) starts calls this and then exits.
pub fn answer_job() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    let job: Job = serde_json::from_slice(&input)?;
    let watch = Watch {
        lifeline: job.lifeline,
        wall_time: job.wall_time,
        memory: job.limits.memory,
        reserved: job.limits.stack,
    };
    framepost_guard::watch(watch, |stop| {
        if stop == Stop::Memory {
            // The runner reads this. If it cannot, the process ends anyway.
            let _ = writeln!(io::stderr(), "{OUT_OF_MEMORY}");
        }
        std::process::exit(1);
    })?;
    let outcome = run(&job);
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &outcome)?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

/// Runs the page in the default order. If the job explores, runs it in others as well, and names the results that differ.
fn run(job: &Job) -> TestOutcome {
    if job.explore <= 1 {
        return run_once(job, None).0;
    }
    let mut exploration = Exploration::new(Strategy::Portfolio);
    let (mut usual, record) = run_once(job, Some(exploration.schedule(0)));
    exploration.learn(&record);
    let mut differing: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for number in 1..job.explore {
        let (outcome, _) = run_once(job, Some(exploration.schedule(number)));
        for text in differences(&usual, &outcome) {
            let (count, _) = differing.entry(text).or_insert((0, number));
            *count += 1;
        }
    }
    if !differing.is_empty() {
        let lines = differing.into_iter().map(|(text, (count, first))| {
            format!(
                "{text} in {count} of {} orders, first with the seed {}",
                job.explore,
                first - 1
            )
        });
        let lines: Vec<String> = lines.collect();
        usual.message = Some(format!("flaky: {}", lines.join("; ")));
        usual.status = PageStatus::Error;
    }
    usual
}

/// The results that differ between two runs of a page.
fn differences(usual: &TestOutcome, other: &TestOutcome) -> Vec<String> {
    let mut differences = Vec::new();
    if usual.status != other.status {
        differences.push(format!(
            "the page is {}, not {}",
            other.status.name(),
            usual.status.name()
        ));
    }
    for subtest in &other.subtests {
        let same = usual.subtests.iter().find(|of| of.name == subtest.name);
        let old = same.map_or("absent", |old| old.status.name());
        if old != subtest.status.name() {
            let new = subtest.status.name();
            differences.push(format!("{:?} is {new}, not {old},", subtest.name));
        }
    }
    for subtest in &usual.subtests {
        if !other.subtests.iter().any(|of| of.name == subtest.name) {
            let old = subtest.status.name();
            differences.push(format!("{:?} is absent, not {old},", subtest.name));
        }
    }
    differences
}

fn run_once(job: &Job, schedule: Option<Schedule>) -> (TestOutcome, Record) {
    let error = |message: String| {
        let outcome = TestOutcome::without_subtests(&job.test, PageStatus::Error, message);
        (outcome, Record::default())
    };
    run_page_of(job, schedule).unwrap_or_else(error)
}

fn run_page_of(job: &Job, schedule: Option<Schedule>) -> Result<(TestOutcome, Record), String> {
    let refusals = Refusals::default();
    let seen = Arc::new(AtomicBool::new(false));
    let (Place::Wpt { url, .. }
    | Place::Directory { url, .. }
    | Place::Text { url, .. }
    | Place::Network { url }) = &job.place;
    let url = match Url::parse(url) {
        Ok(url) => url,
        Err(problem) => return Err(format!("not a URL: {url}: {problem}")),
    };
    // With a checkout, HTTP requests go only to its server.
    let handlers = match job.http {
        Some(_) => Handlers::Served,
        None => Handlers::Absent,
    };
    // Pages of a server with state must not generate the same names.
    let seed = match (&job.place, handlers) {
        (Place::Wpt { .. }, Handlers::Served) => stable_hash(&job.test),
        _ => 0,
    };
    let make = {
        let (place, refusals) = (job.place.clone(), refusals.clone());
        let origin = url.clone();
        let max_file = job.limits.load;
        let directory = move |root: &Path| {
            let mut directories = DirectoryLoader::new();
            directories.set_max_file(max_file);
            // Without its directory the page is not found, which is then the outcome.
            let _ = directories.mount(&origin, root);
            directories
        };
        move || -> Box<dyn Loader> {
            match place {
                Place::Wpt { root, .. } => {
                    Box::new(WptLoader::new(&root, refusals, handlers, seed))
                }
                Place::Network { .. } => Box::new(MemoryLoader::new()),
                Place::Directory { root, .. } => Box::new(directory(&root)),
                Place::Text { url, content, root } => Box::new(Text {
                    url,
                    content,
                    rest: root.map(|root| directory(&root)),
                }),
            }
        }
    };
    let stack = usize::try_from(job.limits.stack.saturating_mul(1 << 20)).unwrap_or(usize::MAX);
    let of_page = Arc::clone(&seen);
    let mut options = PageOptions::new()
        .loader(make)
        .stack(stack)
        .clock(if job.wall_clock {
            PageClock::Wall
        } else {
            PageClock::Virtual
        })
        .seed(seed)
        .rewrite_responses(move |request, response| harness::extend(&of_page, request, response));
    if let Some(http) = &job.http {
        options = options.http(http.clone());
    }
    if let Some(schedule) = schedule {
        options = options.schedule(schedule);
    }
    let mut page = match Page::open(url, options) {
        Ok(page) => page,
        Err(problem) => return Err(problem.to_string()),
    };
    let outcome = run_page(job, &mut page, &seen);
    let record = page.take_record();
    let refused = refusals.all();
    let outcome = match refused.first() {
        // A page with a refused request has no meaningful result.
        Some(first) => TestOutcome::without_subtests(&job.test, PageStatus::Skip, first.clone()),
        None => outcome,
    };
    Ok((outcome, record))
}

/// Serves a page that was read from a pipe or device, and a directory.
struct Text {
    url: String,
    content: Vec<u8>,
    rest: Option<DirectoryLoader>,
}

impl Loader for Text {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let url = &request.url;
        if url[..Position::AfterPath] == self.url {
            return Ok(Response::new(
                url.clone(),
                "text/html",
                self.content.clone(),
            ));
        }
        let unknown = || LoadError::UnknownOrigin {
            url: url.to_string(),
        };
        self.rest.as_mut().ok_or_else(unknown)?.load(request)
    }
}

fn run_page(job: &Job, page: &mut Page, seen: &AtomicBool) -> TestOutcome {
    let mut end = if job.is_long {
        LONG_TIMEOUT
    } else {
        NORMAL_TIMEOUT
    };
    let mut time = Duration::ZERO;
    let ended = loop {
        time = (time + SLICE).min(end);
        let ended = page.run_within(time, None);
        if let Ok(results) = page.eval(harness::READ_RESULTS)
            && !results.is_empty()
        {
            return stopped_by_a_limit(harness::outcome(&job.test, &results), page);
        }
        if ended != RunOutcome::TimeReached {
            break ended;
        }
        if time >= end {
            if end == LONG_TIMEOUT || !says_it_is_long(&job.place, page) {
                break ended;
            }
            end = LONG_TIMEOUT;
        }
    };
    without_results(job, page, seen, ended)
}

/// Turns a completed outcome into an error if a limit stopped a script: the script might have added more tests.
fn stopped_by_a_limit(mut outcome: TestOutcome, page: &Page) -> TestOutcome {
    let mut errors = page.errors().into_iter();
    if outcome.status == PageStatus::Ok
        && let Some(limit) = errors.find(|error| error.kind == ScriptErrorKind::Limit)
    {
        outcome.status = PageStatus::Error;
        outcome.message = Some(format!("a limit stopped a script: {limit}"));
    }
    outcome
}

/// Whether a page of the network has the long timeout.
fn says_it_is_long(place: &Place, page: &mut Page) -> bool {
    matches!(place, Place::Network { .. })
        && page.eval(IS_LONG).is_ok_and(|answer| answer == "true")
}

/// The outcome of a page whose harness has not completed.
fn without_results(
    job: &Job,
    page: &mut Page,
    seen: &AtomicBool,
    ended: RunOutcome,
) -> TestOutcome {
    let outputs = page.take_output();
    let fault = outputs.iter().find_map(|output| match output {
        Output::Error(error) => Some(error.to_string()),
        _ => None,
    });
    let limit = outputs.iter().find_map(|output| match output {
        Output::Error(error) if error.kind == ScriptErrorKind::Limit => Some(error.to_string()),
        _ => None,
    });
    let diagnostic = outputs.iter().find_map(|output| match output {
        Output::Diagnostic(text) => Some(text.clone()),
        _ => None,
    });
    let (status, message) = if let Some(limit) = limit {
        (
            PageStatus::Error,
            format!("a limit stopped a script: {limit}"),
        )
    } else if let RunOutcome::LimitReached(limit) = ended {
        (
            PageStatus::Error,
            format!("a limit stopped the page: {limit}"),
        )
    } else if !seen.load(Ordering::Relaxed) {
        let why = fault
            .or(diagnostic)
            .map(|why| format!(": {why}"))
            .unwrap_or_default();
        (
            PageStatus::Error,
            format!("the page has not loaded testharness.js{why}"),
        )
    } else {
        let how = if ended == RunOutcome::Idle {
            "nothing is left to run, and the harness has not completed"
        } else {
            "the harness has not completed in time"
        };
        let why = fault
            .map(|why| format!("; the first error: {why}"))
            .unwrap_or_default();
        (PageStatus::Timeout, format!("{how}{why}"))
    };
    TestOutcome::without_subtests(&job.test, status, message)
}
