//! Module scripts: fetching them, and the completion of their graphs
//! ([HTML, fetching scripts](https://html.spec.whatwg.org/multipage/webappapis.html#fetching-scripts)).
//!
//! A module is a text with a URL and the modules that it imports. This crate does not parse it:
//! [`Effect::ParseModule`] asks the embedder for its imports, and the embedder answers with
//! [`Contexts::module_parsed`]. Every client, a document or a worker's event loop, has one module
//! for each URL and type
//! ([module map](https://html.spec.whatwg.org/multipage/webappapis.html#module-map)).

mod fetch;
mod graph;
mod resolve;
pub(crate) mod table;

use framepost_event_loop::TaskQueues;
use table::{ModuleKind, State};
use url::Url;

use crate::Contexts;
use crate::ids::ModuleId;
use crate::steps::{ContextTask, Effect, ModuleAction, Next};

impl Contexts {
    pub(crate) fn run_module_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: ModuleAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            ModuleAction::FetchImport(import) => {
                return self.fetch_the_graph_of_an_import(queues, import, next);
            }
            ModuleAction::FetchExternalGraph(script, url) => {
                self.fetch_an_external_module_script_graph(queues, script, url, next);
            }
            ModuleAction::FetchSingle(module) => {
                return self.fetch_a_single_module_script(module, next);
            }
            ModuleAction::Loaded(module, answer) => {
                return self.module_is_loaded(module, *answer, next);
            }
            ModuleAction::Parse(module) => {
                let client = self.module(module)?.client;
                return Some(Effect::ParseModule { client, module });
            }
            ModuleAction::FetchDescendants(module) => self.fetch_the_descendants(module, next),
            ModuleAction::QueueGraphCheck(client) => self.queue_a_graph_check(queues, client),
            ModuleAction::CheckGraphs(client) => return self.check_module_graphs(client, next),
        }
        None
    }

    /// The embedder's answer to [`Effect::ParseModule`]: the imports of the module, resolved, in the
    /// order of the text. `None` if the module cannot be parsed or an import cannot be resolved.
    pub fn module_parsed(&mut self, module: ModuleId, requests: Option<Vec<(Url, ModuleKind)>>) {
        let Some(held) = self.module(module) else {
            return;
        };
        let (client, options) = (held.client, held.options.clone());
        let state = match requests {
            None => State::ParseError,
            Some(requests) => State::Parsed(
                requests
                    .into_iter()
                    .map(|(url, kind)| self.modules.entry(client, url, kind, &options))
                    .collect(),
            ),
        };
        if let Some(held) = self.modules.modules.get_mut(module) {
            held.state = state;
        }
    }
}
