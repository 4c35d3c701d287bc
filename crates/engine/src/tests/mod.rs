//! Tests of an agent's internals: what its tables keep, and what garbage collection frees.

mod collection;
mod heap;
mod memory;
mod ports;

use std::sync::mpsc;
use std::time::Duration;

use framepost_browsing_context::MemoryLoader;
use framepost_event_loop::RunUntil;
use url::Url;

use crate::agent::{Agent, AgentOptions};
use crate::limits::PageLimits;
use crate::output::Output;

/// Runs `work` on a thread with the large stack that Boa needs.
fn on_a_large_stack<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(work)
        .expect("no thread")
        .join()
        .expect("the page's thread panicked")
}

/// Returns the output of pages, one line each, with errors and diagnostics marked.
pub(super) fn outputs(pages: &[(&str, &str)]) -> Vec<String> {
    outputs_after(|| {}, pages)
}

/// Like [`outputs`], on a thread that runs `first` before anything else.
pub(super) fn outputs_after(
    first: impl FnOnce() + Send + 'static,
    pages: &[(&str, &str)],
) -> Vec<String> {
    let pages: Vec<(String, String)> = pages
        .iter()
        .map(|(url, html)| ((*url).to_owned(), (*html).to_owned()))
        .collect();
    on_a_large_stack(move || {
        first();
        let mut loader = MemoryLoader::new();
        for (url, text) in &pages {
            loader = loader.with(url, text.as_str()).expect("a URL");
        }
        let (sender, receiver) = mpsc::channel();
        let mut agent = Agent::new(AgentOptions {
            route: None,
            popups: crate::PopupPolicy::default(),
            cross_origin_isolated: false,
            loader: Box::new(loader),
            http: None,
            rewrite: None,
            on_output: Box::new(move |output| {
                let line = match output {
                    Output::Dropped(_) => return,
                    Output::Console(message) => message.text.clone(),
                    Output::Error(error) => format!("ERROR {error}"),
                    other => format!("{other:?}"),
                };
                let _gone = sender.send(line);
            }),
            limits: PageLimits::default(),
            seed: 0,
            clock: crate::PageClock::default(),
            schedule: None,
            local_storage: Vec::new(),
        })
        .expect("no agent");
        agent.open(Url::parse(&pages[0].0).expect("a URL"));
        let outcome = agent.run(RunUntil::idle().at(Duration::from_secs(60)));
        drop(agent);
        let mut lines: Vec<String> = receiver.into_iter().collect();
        if outcome != framepost_event_loop::RunOutcome::Idle {
            lines.push(format!("{outcome:?}"));
        }
        lines
    })
}

/// Calls `work` with an agent that has run this page until idle. Returns the page's output.
pub(crate) fn with_agent(
    html: &str,
    work: impl FnOnce(&mut Agent) + Send + 'static,
) -> Vec<String> {
    let html = html.to_owned();
    on_a_large_stack(move || {
        let url = "http://a.test/";
        let (sender, receiver) = mpsc::channel();
        let mut agent = Agent::new(AgentOptions {
            route: None,
            popups: crate::PopupPolicy::default(),
            cross_origin_isolated: false,
            loader: Box::new(MemoryLoader::new().with(url, html).expect("a URL")),
            http: None,
            rewrite: None,
            on_output: Box::new(move |output| {
                let _gone = sender.send(match output {
                    Output::Dropped(_) => return,
                    Output::Console(message) => message.text.clone(),
                    other => format!("{other:?}"),
                });
            }),
            limits: PageLimits::default(),
            seed: 0,
            clock: crate::PageClock::default(),
            schedule: None,
            local_storage: Vec::new(),
        })
        .expect("no agent");
        agent.open(Url::parse(url).expect("a URL"));
        let _ = agent.run(RunUntil::idle());
        work(&mut agent);
        drop(agent);
        receiver.into_iter().collect()
    })
}
