//! Loads a page with a frame, moves the frame to another origin, and prints the tree of navigables.
//!
//! Run with `cargo run -p framepost-browsing-context --example frames`.

use framepost_browsing_context::loader::{Loader, MemoryLoader};
use framepost_browsing_context::{
    ContextTask, Contexts, Effect, EffectHost, NavigableId, NavigateParams, Url, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, Queued, RunOutcome, RunUntil, TaskQueues, TimerTask, run_until,
};

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
    event_loop: EventLoop<Task, ()>,
    contexts: Contexts,
    loader: MemoryLoader,
}

impl EffectHost for Browser {
    fn with_contexts<R>(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> R,
    ) -> R {
        f(&mut self.contexts, &mut self.event_loop)
    }

    fn perform(&mut self, effect: Effect) {
        if let Effect::Fetch(request, what) = effect {
            let response = self.loader.load(&what);
            self.contexts
                .respond(&mut self.event_loop, request, response);
        }
    }
}

impl Agent for Browser {
    type Task = Task;
    type Microtask = ();

    fn with_loop<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, ()>) -> R) -> R {
        f(&mut self.event_loop)
    }

    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.contexts.run_task(task);
                drive(self, steps);
            }
            Task::Timer(task) => {
                self.event_loop.finish_timer(&task);
            }
        }
    }

    fn run_microtask(&mut self, (): ()) {}
}

impl Browser {
    fn navigate(&mut self, navigable: NavigableId, url: &str) -> Result<(), url::ParseError> {
        let params = NavigateParams::new(Url::parse(url)?);
        let steps = self
            .contexts
            .navigate(&mut self.event_loop, navigable, params);
        drive(self, steps);
        assert_eq!(run_until(self, RunUntil::idle()), RunOutcome::Idle);
        Ok(())
    }

    /// Prints a navigable and those below it.
    fn print(&self, navigable: NavigableId, depth: usize) {
        let document = self.contexts.active_document(navigable);
        if let Some(document) = document.and_then(|document| self.contexts.document(document)) {
            let indent = "  ".repeat(depth);
            println!("{indent}{} ({})", document.url(), document.origin());
        }
        for &child in self.contexts.children(navigable) {
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
        event_loop: EventLoop::new(),
        contexts: Contexts::new(),
        loader,
    };
    let (page, steps) = browser
        .contexts
        .create_top_level_traversable(&mut browser.event_loop);
    drive(&mut browser, steps);
    browser.navigate(page, "http://a.test/")?;
    browser.print(page, 0);

    let frame = browser.contexts.children(page)[0];
    browser.navigate(frame, "http://b.test/")?;
    browser.print(page, 0);
    Ok(())
}
