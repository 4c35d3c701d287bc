//! The preparation and order of scripts
//! ([HTML, scripting](https://html.spec.whatwg.org/multipage/scripting.html#the-script-element)).
//!
//! This module does not run scripts.

mod execute;
mod prepare;
pub(crate) mod script;
pub(crate) mod table;

use framepost_event_loop::TaskQueues;

use crate::Contexts;
use crate::steps::{ContextTask, Effect, Next, ScriptAction};

impl Contexts {
    pub(crate) fn run_script_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: ScriptAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            ScriptAction::EndTag(document, node) => self.script_end_tag(document, node, next),
            ScriptAction::EndTagDone(document) => self.script_end_tag_is_done(document, next),
            ScriptAction::RunParserBlocking(document, script) => {
                self.run_the_parser_blocking_script(document, script, next);
            }
            ScriptAction::Prepare(node) => {
                let by = prepare::PreparedBy::Element;
                return self.prepare_the_script_element(queues, &node, by, next);
            }
            ScriptAction::PrepareForParser(node) => {
                let by = prepare::PreparedBy::Parser;
                return self.prepare_the_script_element(queues, &node, by, next);
            }
            ScriptAction::Loaded(script, answer) => {
                return self.script_is_loaded(script, *answer, next);
            }
            ScriptAction::GraphReady(script, outcome) => {
                let held = self.scripts.prepared.get_mut(script)?;
                held.graph = Some(outcome);
                self.mark_as_ready(script, next);
            }
            ScriptAction::Execute(script) => {
                return self.execute_the_script_element(script, next);
            }
            ScriptAction::Executed(script) => return self.script_is_executed(script),
            ScriptAction::RunInOrder(document) => self.run_in_order_scripts(document, next),
        }
        None
    }
}
