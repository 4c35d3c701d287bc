//! Tasks and windows in words, for people who look at the order of tasks.

use framepost_event_loop::{ClientId, GlobalId};

use crate::Contexts;
use crate::dom;
use crate::ids::NavigableId;
use crate::requests::Purpose;
use crate::steps::ContextTask;

impl Contexts {
    /// Returns what a task does, such as `the load event of http://a.test/`. Call it before the task runs.
    #[must_use]
    pub fn describe_task(&self, task: &ContextTask) -> String {
        match task {
            ContextTask::Response(request) => match self.requests.purpose(*request) {
                Some(Purpose::Navigation(navigation)) => match navigation.resource.srcdoc {
                    Some(_) => format!("loading {}", self.frame(navigation.navigable)),
                    None => format!("the response for {}", navigation.url),
                },
                Some(Purpose::Script(script)) => {
                    let script = self.script(*script);
                    script.map_or_else(response, |script| {
                        format!("the response for the script {}", script.url)
                    })
                }
                Some(Purpose::Module(module)) => {
                    let module = self.module(*module);
                    module.map_or_else(response, |module| {
                        format!("the response for the module {}", module.url)
                    })
                }
                Some(Purpose::Worker(worker)) => {
                    format!(
                        "the response for the script of {}",
                        self.describe_global(*worker)
                    )
                }
                _ => response(),
            },
            ContextTask::Navigate(navigable, _) => format!("loading {}", self.frame(*navigable)),
            ContextTask::JavascriptUrl(_) => "a javascript: URL".to_owned(),
            ContextTask::Refresh(document) => {
                format!("the refresh of {}", self.document_in(*document))
            }
            ContextTask::Traverse(_) => "a traversal of the history".to_owned(),
            ContextTask::FrameLoaded(navigable) => {
                format!("the load event at {}", self.frame(*navigable))
            }
            ContextTask::DomContentLoaded(document) => {
                format!("DOMContentLoaded of {}", self.document_in(*document))
            }
            ContextTask::Load(document) => {
                format!("the load event of {}", self.document_in(*document))
            }
            ContextTask::Script(script) => {
                let script = self.script(*script);
                script.map_or_else(
                    || "a script".to_owned(),
                    |script| format!("the script {}", script.url),
                )
            }
            ContextTask::ModuleGraphs(_) => "module scripts".to_owned(),
            ContextTask::DefinitelyClose(_) => "the closing of a window".to_owned(),
            ContextTask::EmbeddedContent(_) => "an embedded element".to_owned(),
            ContextTask::PlannedNavigation(_) => "the submission of a form".to_owned(),
            ContextTask::WorkerFailed(worker) => {
                format!("the failure of {}", self.describe_global(*worker))
            }
            ContextTask::WorkerError { worker, .. } => {
                format!("an error of {}", self.describe_global(*worker))
            }
            ContextTask::EndExtendedLifetime(worker) | ContextTask::EndWorker(worker) => {
                format!("the end of {}", self.describe_global(*worker))
            }
            ContextTask::HashChange(change) => {
                format!("hashchange of {}", self.describe_global(change.window))
            }
        }
    }

    /// Returns a window's URL and its frame, or the URL of a worker.
    #[must_use]
    pub fn describe_global(&self, global: GlobalId) -> String {
        if let Some(worker) = self.worker(global) {
            return match worker.name() {
                "" => format!("worker {}", worker.url()),
                name => format!("worker \"{name}\" ({})", worker.url()),
            };
        }
        match self.client_of_global(global) {
            Some(document) => self.document_in(document),
            None => "a window that is gone".to_owned(),
        }
    }

    /// A document's URL. The frame follows if the URL alone does not name the document.
    fn document_in(&self, document: ClientId) -> String {
        let Some(held) = self.document(document) else {
            return "a document that is gone".to_owned();
        };
        let url = held.url();
        if url.scheme() != "about" {
            return url.to_string();
        }
        match self.name_of_frame(held.navigable()) {
            Some(name) => format!("{url} in {name}"),
            None => url.to_string(),
        }
    }

    /// The frame of a navigable.
    fn frame(&self, navigable: NavigableId) -> String {
        let name = self.name_of_frame(navigable);
        name.unwrap_or_else(|| "the page".to_owned())
    }

    /// The container of a navigable: its tag with its id or name, or else its number in the document. `None` for a
    /// top-level one.
    fn name_of_frame(&self, navigable: NavigableId) -> Option<String> {
        let parent = self.parent(navigable)?;
        let container = self.container(navigable)?;
        for key in ["id", "name"] {
            if let Some(value) = dom::attribute(container, key).filter(|value| !value.is_empty()) {
                return Some(format!("<iframe {key}={value}>"));
            }
        }
        let siblings = self.children(parent);
        match siblings {
            [_] => Some("the <iframe>".to_owned()),
            _ => {
                let place = siblings.iter().position(|of| *of == navigable);
                Some(format!("<iframe> {}", place.map_or(0, |place| place + 1)))
            }
        }
    }
}

fn response() -> String {
    "a response".to_owned()
}
