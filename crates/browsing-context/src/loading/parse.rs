//! Driving a document's parser
//! ([HTML, parsing](https://html.spec.whatwg.org/multipage/parsing.html)).

use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues};

use crate::Contexts;
use crate::dom::TreeChange;
use crate::parser::ParserStop;
use crate::steps::{
    Action, ContextTask, Effect, LoadingAction, MutationAction, Next, ParsingAction, ScriptAction,
};

impl Contexts {
    pub(crate) fn run_parsing_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: ParsingAction,
        next: &mut Next<'_>,
    ) {
        match action {
            ParsingAction::Parse(document) => self.parse(queues, document, next),
            ParsingAction::Write(document, text) => self.write(document, &text, next),
            ParsingAction::Open(document, url) => self.open_erased_document(document, url, next),
            ParsingAction::Close(document) => self.close_the_parser(document, next),
        }
    }

    /// Parses until the parser ends, or stops where the standard runs script.
    fn parse(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        next: &mut Next<'_>,
    ) {
        // A pending parsing-blocking script blocks the parser.
        if self.scripts.blocks_the_parser(document) {
            return;
        }
        let Some(progress) = self.loading.by_document.get_mut(&document) else {
            return;
        };
        let Some(parser) = &mut progress.parser else {
            return;
        };
        let Some(node) = self.documents.node_of(document) else {
            return;
        };
        let stop = parser.advance(&node);
        let mut changes = parser.take_changes();
        let saw_named_elements = parser.take_saw_named_elements();
        let (quirks_mode, saw_base) = (parser.quirks_mode(), parser.saw_base());
        let metas = parser.take_new_metas();
        let embedding = parser.take_new_embedding_elements();
        let scripts = parser.take_new_scripts();
        let shadow_roots = parser.take_new_shadow_roots();
        if let Some(held) = self.document_mut(document) {
            held.set_quirks_mode(quirks_mode);
            held.set_may_have_base(held.may_have_base() || saw_base);
            if saw_named_elements && held.named_elements_changed() {
                let document = Rc::clone(held.node());
                changes.push(TreeChange::NamedElements { document });
            }
        }
        self.attach_declared_shadow_roots(shadow_roots);
        for script in scripts {
            self.scripts.add_parser_inserted(document, &script);
        }
        for meta in metas {
            self.meta_is_inserted(queues, &meta);
        }
        for node in embedding {
            self.determine_embedded_content(queues, &node);
        }
        match stop {
            // An end tag whose tag name is "script": perform a microtask checkpoint, prepare the script, and
            // continue.
            ParserStop::Script(node) => next.push_all([
                Action::effect(Effect::Checkpoint),
                ScriptAction::EndTag(document, node).into(),
                ParsingAction::Parse(document).into(),
            ]),
            // A frame gets its navigable when it is inserted.
            ParserStop::Frame(node) => next.push_all([
                MutationAction::PostConnectionSteps([node].into()).into(),
                ParsingAction::Parse(document).into(),
            ]),
            ParserStop::NeedsInput => {}
            ParserStop::Finished => next.push(LoadingAction::TheEnd(document)),
        }
        // Mutation records are queued, and named properties change, before a script can run.
        if !changes.is_empty() {
            next.push_effect(Effect::TreeChanged(changes));
        }
    }
}
