//! [Prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).

use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};
use url::Url;

use super::script::{Script, ScriptKind};
use crate::Contexts;
use crate::dom::{self, Node};
use crate::fetch::{Destination, ScriptSource, is_javascript};
use crate::ids::ScriptId;
use crate::navigation::referrer_policy_of;
use crate::requests::Purpose;
use crate::steps::{ContextTask, Diagnostic, Effect, ModuleAction, Next, ScriptAction};

/// The reason why a script is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PreparedBy {
    /// The parser, at the end tag.
    Parser,
    /// The element, when it is connected or changes. An element whose parser has not prepared it yet
    /// does not prepare itself.
    Element,
}

/// When a script runs: steps 35 and 36 of
/// [prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Step 36.3.
    Now,
    /// Step 35.5.
    BlockingTheParser,
    /// Step 35.4.
    AfterParsing,
    /// Step 35.2.
    AsSoonAsPossible,
    /// Step 35.3.
    InOrder,
}

impl Contexts {
    /// [Prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element)
    /// for the scripts among these nodes that were inserted into a document without a browsing
    /// context, and for their parent.
    ///
    /// Scripting is disabled there. Such a script still gets the flag "already started" (steps 15 and 18), and does
    /// not run in another document.
    pub(crate) fn prepare_scripts_of_an_inert_document(&mut self, parent: &Node, nodes: &[Node]) {
        let below = nodes
            .iter()
            .flat_map(|node| self.shadow_including_inclusive_descendants(node));
        let scripts: Vec<Node> = below
            .chain([Rc::clone(parent)])
            .filter(dom::is_script_element)
            .collect();
        for script in scripts {
            let has_source = dom::script_source(&script).is_some()
                || !dom::child_text_content(&script).is_empty();
            if has_source && script_kind(&script).is_some() {
                self.scripts.mark_as_already_started(&script);
            }
        }
    }

    /// [Prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
    pub(super) fn prepare_the_script_element(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        node: &Node,
        by: PreparedBy,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. If it has already started, return.
        let state = self.scripts.elements.entry(node).clone();
        let is_the_parsers = state.parser_document.is_some();
        if state.already_started || (by == PreparedBy::Element && is_the_parsers) {
            return None;
        }
        // 2. and 3. Unset the parser document for now, in case the script does not run.
        let parser_document = state.parser_document;
        let element = self.scripts.elements.entry(node);
        element.parser_document = None;
        // 4. Without an async attribute, a script of a parser is force async for now.
        if parser_document.is_some() && !dom::has_attribute(node, "async") {
            element.force_async = None;
        }
        // 5. Take the source text.
        let text = dom::child_text_content(node);
        // 6. A script without a source does not run.
        let src = dom::script_source(node);
        if src.is_none() && text.is_empty() {
            return None;
        }
        // 7. A script that is not connected does not run.
        let document = self.connected_document(node)?;
        // 8. Determine the type. An unknown type does not run (13.).
        let kind = script_kind(node)?;
        // 14. Set the parser document back, and unset force async.
        let element = self.scripts.elements.entry(node);
        if parser_document.is_some() {
            element.parser_document = parser_document;
            element.force_async = Some(false);
        }
        // 15. It has started.
        // 16. This is its preparation-time document.
        element.already_started = true;
        let force_async = element.force_async.unwrap_or(true);
        // 17. A script that has moved to another document since it was parsed does not run.
        if parser_document.is_some_and(|parser| parser != document) {
            return None;
        }
        // 18. A script for which scripting is disabled does not run.
        let base_url = self.base_url(document)?;
        let held = self.document(document)?;
        if !held.scripting_enabled() {
            let url = held.url().to_string();
            return Some(Effect::Report(Diagnostic::ScriptSandboxed { url }));
        }
        // 19. A classic script with a nomodule attribute does not run.
        if kind == ScriptKind::Classic && dom::has_attribute(node, "nomodule") {
            return None;
        }
        // 20. The type for the policy is "script".
        // 21. A script that the content security policy forbids does not run.
        if src.is_none()
            && !held.policies().csp.allow_script(ScriptSource::Element(
                &text,
                dom::attribute(node, "nonce").as_deref(),
            ))
        {
            let url = held.url().to_string();
            return Some(Effect::Report(Diagnostic::ScriptForbidden { url }));
        }
        // 22. A classic script for another event does not run.
        if kind == ScriptKind::Classic && is_for_another_event(node) {
            return None;
        }
        // NOT YET: 23. The attribute charset.
        // 24. `script_is_loaded` reads the CORS setting.
        // NOT YET: 25. The credentials mode of a module.
        // 26. and 30. `fetch_options` has the nonce, and whether a parser has inserted the element.
        // NOT YET: 27. The attribute integrity.
        // 28. `referrer_policy_of` reads the referrer policy.
        // NOT YET: 29. The attribute fetchpriority.
        // 31. and 32. The options and the settings object are those of the element and its document.
        // 34.2. An import map without a src attribute is registered at once (36.3.).
        if kind == ScriptKind::ImportMap && src.is_none() {
            return self.register_the_import_map(document, &text, &base_url, next);
        }
        // 35. Determine when a script with a fetch runs. Its result is missing (35.1.).
        // OPTIMIZATION: the standard determines this after the fetch has begun.
        let is_async = dom::has_attribute(node, "async") || force_async;
        let when = match (kind, &src) {
            // 36.1. Any other script has its result already.
            // NOT YET: 36.2. Style sheets that block scripts.
            // 36.3. It runs at once.
            (ScriptKind::Classic, None) => When::Now,
            // 35.2. An async script runs as soon as possible.
            _ if is_async => When::AsSoonAsPossible,
            // 35.3. One that no parser has inserted runs in its turn, as soon as possible.
            _ if parser_document.is_none() => When::InOrder,
            // 35.4. A module runs when the document is parsed.
            (ScriptKind::Module, _) => When::AfterParsing,
            // 35.4. So does a deferred script.
            _ if dom::has_attribute(node, "defer") => When::AfterParsing,
            // 35.5. Any other blocks the parser.
            _ => When::BlockingTheParser,
        };
        let line = if parser_document.is_some() {
            state.line.max(1)
        } else {
            1
        };
        let script = Script {
            kind,
            element: Node::clone(node),
            document,
            text: None,
            url: held.url().clone(),
            base_url,
            line: 1,
            // 33.4. It is from an external file.
            from_external_file: src.is_some(),
            ready: false,
            muted_errors: false,
            nonce: dom::attribute(node, "nonce").filter(|_| !held.policies().csp.is_empty()),
            module: None,
            graph: None,
        };
        match src {
            Some(src) => self.prepare_an_external_script(queues, script, &src, when, next),
            None => {
                self.prepare_an_inline_script(Script { line, ..script }, text, when, next);
                None
            }
        }
    }

    /// Step 33 of [prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element):
    /// a script with a src attribute.
    fn prepare_an_external_script(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        mut script: Script,
        src: &str,
        when: When,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let (document, kind) = (script.document, script.kind);
        let options = self.scripts.fetch_options(&script.element);
        // 33.1. An import map has no external file.
        // 33.2. The source is a parameter.
        // 33.3. An empty source is an error.
        // 33.5. Parse the URL.
        let parsed = if src.is_empty() || kind == ScriptKind::ImportMap {
            None
        } else {
            self.parse_url(document, src).ok()
        };
        // The content security policy may forbid fetching it.
        let (parsed, forbidden) = match (parsed, self.document(document)) {
            (Some(url), Some(held)) => {
                let source = ScriptSource::External(&url, &options);
                match held.policies().csp.allow_script(source) {
                    true => (Some(url), None),
                    false => (None, Some(held.url().to_string())),
                }
            }
            (parsed, _) => (parsed, None),
        };
        // 33.6. In each of these cases, and if the URL is invalid, only error is fired, in a task.
        let Some(url) = parsed else {
            script.ready = true;
            let id = self.scripts.prepared.insert(script);
            let task = ContextTask::Script(id);
            queues.queue(TaskSource::DomManipulation, Some(document), task);
            return forbidden.map(|url| Effect::Report(Diagnostic::ScriptForbidden { url }));
        };
        script.url = url.clone();
        script.base_url = url.clone();
        // NOT YET: 33.7. and 33.9. Blocking rendering.
        // 33.8. A script that is enlisted delays the load event.
        // 33.10. When the fetch is answered, `mark_as_ready` is called.
        let element_policy = referrer_policy_of(&script.element);
        let id = self.scripts.prepared.insert(script);
        self.enlist(document, id, when);
        // 33.11. Fetch an external module script graph,
        if kind == ScriptKind::Module {
            next.push(ModuleAction::FetchExternalGraph(id, url));
            return None;
        }
        // 33.11. or a classic script: 1. to 4. make the request, 5. fetches it.
        let request = self.requests.insert(Purpose::Script(id));
        let client = self.fetch_client(document)?;
        let fetch = client.request(document, url, Destination::Script, element_policy);
        Some(Effect::Fetch(request, fetch))
    }

    /// Step 34 of [prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element):
    /// a script without a src attribute.
    fn prepare_an_inline_script(
        &mut self,
        mut script: Script,
        text: String,
        when: When,
        next: &mut Next<'_>,
    ) {
        // 34.1. Its base URL is that of the document.
        let document = script.document;
        if script.kind == ScriptKind::Classic {
            // 34.2. Create a classic script. It is ready.
            script.text = Some(text);
            script.ready = true;
            let id = self.scripts.prepared.insert(script);
            next.push(ScriptAction::Execute(id));
        } else {
            // 34.2. Fetch an inline module script graph. The script delays the load event.
            // NOT YET: blocking rendering.
            let id = self.scripts.prepared.insert(script);
            self.enlist(document, id, when);
            self.fetch_an_inline_module_script_graph(id, text, next);
        }
    }

    /// [Register an import map](https://html.spec.whatwg.org/multipage/webappapis.html#register-an-import-map)
    /// of a script whose type is "importmap".
    fn register_the_import_map(
        &mut self,
        document: ClientId,
        text: &str,
        base_url: &Url,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match self
            .modules
            .register_an_import_map(document, text, base_url)
        {
            // 1. If the parse result has an error, report it.
            Err(error) => Some(Effect::ReportImportMap { document, error }),
            // 2. Otherwise the map was merged.
            Ok(warnings) => {
                let url = self.document(document)?.url().to_string();
                for warning in warnings.into_iter().rev() {
                    let url = url.clone();
                    next.push_effect(Effect::Report(Diagnostic::ImportMap { url, warning }));
                }
                None
            }
        }
    }

    /// Steps 35 and 36 of [prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element):
    /// adds a script to the list for its time of execution.
    fn enlist(&mut self, document: ClientId, script: ScriptId, when: When) {
        let lists = self.scripts.lists.entry(document).or_default();
        match when {
            // 36.3. Nothing has to wait.
            When::Now => {}
            // 35.5. It is the pending parsing-blocking script.
            When::BlockingTheParser => lists.parsing_blocking = Some(script),
            // 35.4. It is one of those that execute when the document has finished parsing.
            When::AfterParsing => lists.when_parsed.push_back(script),
            // 35.2. It is one of those that execute as soon as possible.
            When::AsSoonAsPossible => lists.as_soon_as_possible.push(script),
            // 35.3. It is one of those that execute in order as soon as possible.
            When::InOrder => lists.in_order.push_back(script),
        }
    }
}

/// Steps 8 to 13 of [prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element):
/// the script's type. `None` for data blocks and for unsupported types.
fn script_kind(node: &Node) -> Option<ScriptKind> {
    // 8. Find the type string.
    let kind = dom::attribute(node, "type");
    let language = dom::attribute(node, "language");
    let kind = match (kind, language) {
        (Some(kind), _) if !kind.is_empty() => kind.trim_ascii().to_owned(),
        (Some(_), _) | (None, None) => return Some(ScriptKind::Classic),
        (None, Some(language)) if language.is_empty() => return Some(ScriptKind::Classic),
        (None, Some(language)) => format!("text/{language}"),
    };
    if is_javascript(&kind) {
        // 9. A JavaScript MIME type.
        Some(ScriptKind::Classic)
    } else if kind.eq_ignore_ascii_case("module") {
        // 10. A module.
        Some(ScriptKind::Module)
    } else if kind.eq_ignore_ascii_case("importmap") {
        // 11. An import map.
        Some(ScriptKind::ImportMap)
    } else {
        // NOT YET: 12. Speculation rules.
        // 13. Anything else is no script.
        None
    }
}

/// Step 22 of [prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element):
/// whether the attributes `for` and `event` name an event other than the window's load.
fn is_for_another_event(node: &Node) -> bool {
    // 22.1. and 22.2. Read the attributes.
    let (Some(target), Some(event)) = (dom::attribute(node, "for"), dom::attribute(node, "event"))
    else {
        return false;
    };
    // 22.3. Strip white space from both.
    let event = event.trim_ascii().to_ascii_lowercase();
    // 22.4. Only the window counts. 22.5. Only load counts.
    !target.trim_ascii().eq_ignore_ascii_case("window")
        || !matches!(event.as_str(), "onload" | "onload()")
}
