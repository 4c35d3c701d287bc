//! Runs a page in many orders for `framepost explore`, and writes the report.

use std::sync::Arc;
use std::time::Duration;

use framepost::explore::{Answers, ExploreOptions, explore as explore_page};
use framepost::{Page, PageOptions, RunOutcome};
use framepost_browsing_context::{FetchRequest, Response};
use framepost_wpt::harness::Harness;

use crate::route::Routes;
use crate::run::{Prepared, RunError, RunOptions, Status};

pub(crate) mod html;
mod report;

/// The report of an exploration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explored {
    /// The report as text.
    pub text: String,
    /// The report as a page, if [`ExploreOptions::timelines`] is set.
    pub html: Option<String>,
    /// How the command ends.
    pub status: Status,
}

/// Explores a page.
pub fn explore(run: &RunOptions, options: &ExploreOptions) -> Result<Explored, RunError> {
    let prepared = Prepared::new(run)?;
    let routes = Routes::read(&run.routes, run.max_load);
    let routes = routes.map_err(|(file, why)| RunError::RouteNotRead { file, why })?;
    let routes = Arc::new(routes);
    let answers = Answers::new();
    let page_options = || {
        let page_options = PageOptions::new()
            .limits(run.limits)
            .clock(run.clock)
            .stack(run.stack);
        let harness = Harness::default();
        let rewrite = move |request: &FetchRequest, response: &mut Response| {
            harness.extend(request, response);
        };
        let mut page_options = page_options.rewrite_responses(rewrite);
        if !routes.is_empty() {
            let routes = Arc::clone(&routes);
            page_options = page_options.route(move |request| routes.respond(request));
        }
        if let Some(http) = &run.http {
            page_options = page_options
                .http(http.clone())
                .on_answer(answers.observer());
        }
        match prepared.loader() {
            Ok(loader) => {
                let loader = answers.loader(loader);
                page_options.loader(move || Box::new(loader))
            }
            // The directories were there a moment ago; without them the page is not found.
            Err(_) => page_options,
        }
    };
    let drive = |page: &mut Page| drive(page, run);
    if run.http.is_some() {
        // Its answers arrive at times that the network chooses. In the runs after it, every order of them is tried.
        let mut page = Page::open(prepared.url.clone(), page_options())?;
        let _ = drive(&mut page);
    }
    let report = explore_page(&prepared.url, options, page_options, drive)?;
    let status = match () {
        () if !report.is_clean() => Status::ScriptFailed,
        () if report.met_a_limit() => Status::LimitReached,
        () => Status::Idle,
    };
    let text = report::write(&report, run, options);
    let html = options
        .timelines
        .then(|| html::write(&report, run, options, &text));
    Ok(Explored { text, html, status })
}

/// Runs a page to its end.
fn drive(page: &mut Page, options: &RunOptions) -> RunOutcome {
    let within = |page: &mut Page| {
        let most: Duration = options.max_time;
        page.run_within(most, Some(options.max_tasks))
    };
    let mut outcome = within(page);
    for selector in &options.clicks {
        // An element that is not there in some order shows in the outcome of the page.
        if outcome == RunOutcome::Idle && page.click(selector).is_ok() {
            outcome = within(page);
        }
    }
    for source in &options.evals {
        if outcome == RunOutcome::Idle && page.eval(source).is_ok() {
            outcome = within(page);
        }
    }
    outcome
}
