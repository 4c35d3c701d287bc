//! Loads a page with a frame, moves the frame to another origin, and prints the tree of navigables.
//!
//! Run with `cargo run -p framepost-browsing-context --example frames`.

use framepost_browsing_context::loader::{Loader, MemoryLoader};
use framepost_browsing_context::{
    ContextTask, Effect, EffectHost, NavigableId, NavigateParams, State, Url, drive,
};
use framepost_event_loop::{Agent, HasState, Queued, RunOutcome, RunUntil, TimerTask, run_until};

enum Task {
    Context(ContextTask),
    Timer(TimerTask),
}

impl From<ContextTask> for Task {
    fn from(task: ContextTask) -> Self {
        Self::Context(task)
    }
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

/// An embedder that has no script: the only effect it performs is a fetch.
struct Browser {
    state: State<Task, ()>,
    loader: MemoryLoader,
}

impl HasState for Browser {
    type State = State<Task, ()>;
    fn with_state<R>(&mut self, f: impl FnOnce(&mut State<Task, ()>) -> R) -> R {
        f(&mut self.state)
    }
}

impl EffectHost for Browser {
    fn perform(&mut self, effect: Effect) {
        if let Effect::Fetch(request, what) = effect {
            let response = self.loader.load(&what);
            self.state
                .contexts
                .respond(&mut self.state.event_loop, request, response);
        }
    }
}

impl Agent for Browser {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.state.contexts.run_task(task);
                drive(self, steps);
            }
            Task::Timer(task) => {
                self.state.event_loop.finish_timer(&task);
            }
        }
    }

    fn run_microtask(&mut self, (): ()) {}
}

impl Browser {
    fn navigate(&mut self, navigable: NavigableId, url: &str) -> Result<(), url::ParseError> {
        let params = NavigateParams::new(Url::parse(url)?);
        let steps = self
            .state
            .contexts
            .navigate(&mut self.state.event_loop, navigable, params);
        drive(self, steps);
        assert_eq!(run_until(self, RunUntil::idle()), RunOutcome::Idle);
        Ok(())
    }

    /// Prints a navigable and those below it.
    fn print(&self, navigable: NavigableId, depth: usize) {
        let document = self.state.contexts.active_document(navigable);
        if let Some(document) = document.and_then(|document| self.state.contexts.document(document))
        {
            let indent = "  ".repeat(depth);
            println!("{indent}{} ({})", document.url(), document.origin());
        }
        for &child in self.state.contexts.children(navigable) {
            self.print(child, depth + 1);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut loader = MemoryLoader::new();
    loader.add("http://a.test/", "<iframe src=inner.html></iframe>")?;
    loader.add("http://a.test/inner.html", "<p>Hello")?;
    loader.add("http://b.test/", "<iframe srcdoc='<p>Nested'></iframe>")?;
    let mut browser = Browser {
        state: State::default(),
        loader,
    };
    let (page, steps) = browser
        .state
        .contexts
        .create_top_level_traversable(&mut browser.state.event_loop);
    drive(&mut browser, steps);
    browser.navigate(page, "http://a.test/")?;
    browser.print(page, 0);

    let frame = browser.state.contexts.children(page)[0];
    browser.navigate(frame, "http://b.test/")?;
    browser.print(page, 0);
    Ok(())
}
