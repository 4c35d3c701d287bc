//! Executing prepared scripts
//! ([execute the script element](https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element)).

use framepost_event_loop::ClientId;

use super::script::ScriptKind;
use super::table::is_ready;
use crate::Contexts;
use crate::dom::{self, Node};
use crate::fetch::{
    LoadError, MimeType, Response, cors_check, decode_script, is_blocked_script, is_cross_origin,
};
use crate::ids::ScriptId;
use crate::steps::{
    Diagnostic, Effect, EventTarget, FiredEvent, LoadingAction, Next, ParsingAction, ScriptAction,
};

impl Contexts {
    /// [An end tag whose tag name is "script"](https://html.spec.whatwg.org/multipage/parsing.html#scriptEndTag),
    /// after the microtask checkpoint. The first of its steps have no numbers.
    pub(super) fn script_end_tag(&mut self, document: ClientId, node: Node, next: &mut Next<'_>) {
        // Open the insertion point, and increase the script nesting level.
        if !self.loading.enter_a_parser_script(document) {
            return;
        }
        if let Some(element) = self.scripts.elements.get_mut(&node) {
            element.parser_document = Some(document);
        }
        next.push_all([
            // Prepare the script element.
            ScriptAction::PrepareForParser(node).into(),
            // Then decrease the level, and restore the insertion point.
            ScriptAction::EndTagDone(document).into(),
        ]);
    }

    /// The rest of [an end tag whose tag name is "script"](https://html.spec.whatwg.org/multipage/parsing.html#scriptEndTag),
    /// when the script has run or waits for its source.
    pub(super) fn script_end_tag_is_done(&mut self, document: ClientId, next: &mut Next<'_>) {
        self.loading.leave_a_parser_script(document);
        // If there is a pending parsing-blocking script that is ready, run it.
        let lists = self.scripts.lists.get(&document);
        if let Some(script) = lists.and_then(|lists| lists.parsing_blocking)
            && !self.loading.is_running_a_parser_script(document)
            && is_ready(&self.scripts.prepared, script)
        {
            next.push(ScriptAction::RunParserBlocking(document, script));
        }
    }

    /// Runs the [pending parsing-blocking script](https://html.spec.whatwg.org/multipage/scripting.html#pending-parsing-blocking-script):
    /// the numbered steps of [an end tag whose tag name is "script"](https://html.spec.whatwg.org/multipage/parsing.html#scriptEndTag).
    pub(super) fn run_the_parser_blocking_script(
        &mut self,
        document: ClientId,
        script: ScriptId,
        next: &mut Next<'_>,
    ) {
        // 1. The script is a parameter.
        // 2. There is no pending parsing-blocking script any more.
        self.scripts.forget_the_parser_blocking_script(document);
        // 3. and 7. There is no speculative parser.
        // 4., 5. and 8. `parse` has stood still until the script was ready.
        // NOT YET: 5. Style sheets that block scripts.
        // 6. If the parser was aborted, nothing happens.
        // 9. and 10. Open the insertion point, and increase the script nesting level.
        if self.loading.enter_a_parser_script(document) {
            next.push_all([
                // 11. Execute the script.
                ScriptAction::Execute(script).into(),
                // 12. and 13. Decrease the level, and close the insertion point.
                ScriptAction::EndTagDone(document).into(),
            ]);
        }
    }

    /// The end of [fetch a classic script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script):
    /// the response to the fetch of an external classic script has arrived.
    // OPTIMIZATION: what needs the document (5.4. and 5.6.) or the request (1.) stands before what needs only the
    // response.
    pub(super) fn script_is_loaded(
        &mut self,
        id: ScriptId,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let document = self.scripts.prepared.get(id)?.document;
        let held = self.document(document);
        // 5.4. The encoding of the document is the fallback.
        let encoding = held.map_or("UTF-8", |held| held.character_encoding());
        let origin = held.map(|held| held.origin().clone());
        let script = self.scripts.prepared.get_mut(id)?;
        // 1. The CORS setting decides whether a script of another origin is refused,
        // 5.6. or has muted errors.
        // 5.1. The response is not filtered.
        let with_cors = dom::has_attribute(&script.element, "crossorigin");
        let allowed = answer.and_then(|response| {
            if let Some(origin) = &origin {
                if with_cors {
                    cors_check(origin, &response)?;
                } else {
                    script.muted_errors = is_cross_origin(origin, &response);
                }
            }
            Ok(response)
        });
        let mut diagnostic = None;
        match allowed {
            // 5.2. A network error is a failure.
            Err(error) => diagnostic = Some(error.into()),
            // 5. The fetch refuses a response whose type is that of no script.
            Ok(response) if is_blocked_script(&response) => {
                diagnostic = Some(Diagnostic::UnsupportedType {
                    url: response.url.into(),
                    content_type: response.content_type.unwrap_or_default(),
                });
            }
            // 5.2. An HTTP error is a network error, too.
            Ok(response) if !(200..300).contains(&response.status) => {
                diagnostic = Some(Diagnostic::HttpError {
                    url: response.url.into(),
                    status: response.status,
                });
            }
            Ok(response) => {
                // 5.3. Find the MIME type, for its charset.
                let mime = response.content_type.as_deref().and_then(MimeType::parse);
                let charset = mime.as_ref().and_then(|mime| mime.charset.as_deref());
                // 5.5. Decode the body with it, or with the fallback.
                // 5.7. Create the script.
                script.text = Some(decode_script(&response.body, charset, encoding));
                script.url = response.url.clone();
                script.base_url = response.url;
            }
        }
        // 5.8. Mark the script as ready.
        self.mark_as_ready(id, next);
        diagnostic.map(Effect::Report)
    }

    /// [Mark as ready](https://html.spec.whatwg.org/multipage/scripting.html#mark-as-ready): runs the script, if it
    /// is its turn.
    pub(super) fn mark_as_ready(&mut self, id: ScriptId, next: &mut Next<'_>) {
        let Some(script) = self.scripts.prepared.get_mut(id) else {
            return;
        };
        // 1. The caller has set the result.
        script.ready = true;
        let document = script.document;
        let Some(lists) = self.scripts.lists.get_mut(&document) else {
            return;
        };
        // 2. Run the steps for a ready result. 3. They run once.
        // 4. The script does not delay the load event any more, as soon as it is in no list.
        if lists.parsing_blocking == Some(id) {
            // Prepare, 35.5. The parser waits for it, unless it is in another script.
            if !self.loading.is_running_a_parser_script(document) {
                next.push_all([
                    ScriptAction::RunParserBlocking(document, id).into(),
                    ParsingAction::Parse(document).into(),
                ]);
            }
        } else if lists.in_order.contains(&id) {
            // Prepare, 35.3. Run all that are ready, in order.
            next.push(ScriptAction::RunInOrder(document));
        } else if let Some(at) = lists
            .as_soon_as_possible
            .iter()
            .position(|script| *script == id)
        {
            // Prepare, 35.2. Execute it, and remove it from the set.
            lists.as_soon_as_possible.remove(at);
            next.push_all([
                ScriptAction::Execute(id).into(),
                LoadingAction::CheckLoad(document).into(),
            ]);
        } else if self.loading.runs_deferred_scripts(document) {
            // Prepare, 35.4. The end of parsing waits for it.
            next.push(LoadingAction::RunDeferredScripts(document));
        }
    }

    /// The task of a script that needs no fetch.
    pub(crate) fn script_task(&mut self, id: ScriptId, next: &mut Next<'_>) {
        let Some(script) = self.scripts.prepared.get(id) else {
            return;
        };
        if script.has_result() {
            self.mark_as_ready(id, next);
        } else {
            // Executing a script without a result fires error.
            next.push(ScriptAction::Execute(id));
        }
    }

    /// Runs the [scripts that will execute in order as soon as possible](https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-in-order-as-soon-as-possible),
    /// until one is not ready.
    pub(super) fn run_in_order_scripts(&mut self, document: ClientId, next: &mut Next<'_>) {
        let Some(lists) = self.scripts.lists.get_mut(&document) else {
            return;
        };
        match lists.in_order.front().copied() {
            Some(first) if is_ready(&self.scripts.prepared, first) => {
                lists.in_order.pop_front();
                next.push_all([
                    ScriptAction::Execute(first).into(),
                    ScriptAction::RunInOrder(document).into(),
                ]);
            }
            _ => next.push(LoadingAction::CheckLoad(document)),
        }
    }

    /// [Execute the script element](https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element).
    pub(super) fn execute_the_script_element(
        &mut self,
        id: ScriptId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. Find the element's document.
        // 2. A script that has moved to another document does not run.
        let script = self.scripts.prepared.get(id)?;
        let (document, kind) = (script.document, script.kind);
        let element = Node::clone(&script.element);
        if self.document_of(&element) != Some(document) {
            self.scripts.prepared.remove(id);
            return None;
        }
        // NOT YET: 3. Unblock rendering.
        // 4. Without a result, fire error.
        if !script.has_result() {
            self.scripts.prepared.remove(id);
            return Some(Effect::Fire {
                target: EventTarget::Node(element),
                event: FiredEvent::Error,
            });
        }
        // 5. A script from an external file and a module ignore destructive writes.
        let ignores = script.ignores_destructive_writes();
        self.document(document)?;
        let lists = self.scripts.lists.entry(document).or_default();
        if ignores {
            lists.ignore_destructive_writes += 1;
        }
        // 6. By the type:
        // "classic", 1. and 2. Push the new currentScript; in shadow trees, none. The previous one stays below it.
        // "module", 1. There is no current script.
        // "importmap", 1. `register_the_import_map` was called at once.
        let shown = kind == ScriptKind::Classic && !dom::is_shadow_root(&dom::root(&element));
        lists.current.push(shown.then_some(element));
        // "classic", 3. or "module", 2. Run the script.
        next.push(ScriptAction::Executed(id));
        Some(Effect::RunScript {
            document,
            script: id,
        })
    }

    /// The rest of [execute the script element](https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element),
    /// when the script has run.
    pub(super) fn script_is_executed(&mut self, id: ScriptId) -> Option<Effect> {
        let script = self.scripts.prepared.remove(id)?;
        let lists = self.scripts.lists.get_mut(&script.document)?;
        // 6. "classic", 4. Set currentScript back.
        lists.current.pop();
        // 7. Writes have an effect again.
        if script.ignores_destructive_writes() {
            lists.ignore_destructive_writes = lists.ignore_destructive_writes.saturating_sub(1);
        }
        // 8. If the script is from an external file, fire load.
        script.from_external_file.then_some(Effect::Fire {
            target: EventTarget::Node(script.element),
            event: FiredEvent::Load,
        })
    }
}
