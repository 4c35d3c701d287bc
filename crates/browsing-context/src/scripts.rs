//! Scripts in documents ([HTML, the script element](https://html.spec.whatwg.org/multipage/scripting.html#the-script-element)).
//!
//! What a script does is not known here: this is about which scripts run, and when.

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};
use url::Url;

use crate::contexts::{Pending, Purpose};
use crate::document::Stage;
use crate::dom::{self, Node};
use crate::encoding::decode_script;
use crate::fetch::{Destination, FetchRequest, LoadError, Response, cors_check, is_cross_origin};
use crate::mime::{MimeType, is_javascript};
use crate::script::{Script, ScriptId, ScriptKind};
use crate::steps::{Action, Next};
use crate::{ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent};

/// What is kept about a `script` element.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptElement {
    pub(crate) parser_document: Option<ClientId>,
    pub(crate) already_started: bool,
    /// Elements that no parser has made are async unless told otherwise.
    pub(crate) force_async: Option<bool>,
    pub(crate) line: u64,
}

/// When a script is to run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Now,
    BlockingTheParser,
    AfterParsing,
    AsSoonAsPossible,
    InOrder,
}

impl Contexts {
    /// Whether a script is async for want of a parser and of anybody who said otherwise
    /// ([force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async)).
    #[must_use]
    pub fn is_forced_to_be_async(&self, script: &Node) -> bool {
        let held = self.script_elements.get(script);
        held.and_then(|held| held.force_async).unwrap_or(true)
    }

    /// Unsets [force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async),
    /// as a setting of `async` does.
    pub fn unset_force_async(&mut self, script: &Node) {
        self.script_elements.entry(script).force_async = Some(false);
    }

    /// A parser-inserted script has ended
    /// ([an end tag whose tag name is "script"](https://html.spec.whatwg.org/multipage/parsing.html#scriptEndTag)).
    pub(crate) fn parser_script(&mut self, document: ClientId, node: Node, next: &mut Next<'_>) {
        if !self.enter_parser_script(document) {
            return;
        }
        if let Some(element) = self.script_elements.get_mut(&node) {
            // From here on the element may prepare itself, and knows whose parser it belongs to.
            element.parser_document = Some(document);
        }
        next.push([
            Action::PrepareParserScript(node),
            Action::ParserScriptDone(document),
        ]);
    }

    fn enter_parser_script(&mut self, document: ClientId) -> bool {
        let Some(held) = self.documents.get_mut(&document) else {
            return false;
        };
        let Some(parser) = &mut held.parser else {
            return false;
        };
        parser.open_insertion_point();
        held.script_nesting_level += 1;
        true
    }

    /// The script has run or waits for its source.
    pub(crate) fn parser_script_done(&mut self, document: ClientId, next: &mut Next<'_>) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        held.script_nesting_level = held.script_nesting_level.saturating_sub(1);
        if let Some(parser) = &mut held.parser {
            parser.close_insertion_point();
        }
        if held.script_nesting_level == 0
            && let Some(script) = held.pending_parsing_blocking_script
            && self.scripts.get(script).is_none_or(|script| script.ready)
        {
            next.push([Action::RunBlockingScript(document, script)]);
        }
    }

    /// Runs the script that the parser has waited for.
    pub(crate) fn run_blocking_script(
        &mut self,
        document: ClientId,
        script: ScriptId,
        next: &mut Next<'_>,
    ) {
        if let Some(held) = self.documents.get_mut(&document) {
            held.pending_parsing_blocking_script = None;
        }
        if self.enter_parser_script(document) {
            next.push([
                Action::ExecuteScript(script),
                Action::ParserScriptDone(document),
            ]);
        }
    }

    /// [Prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
    /// `by_parser` says that the parser asks; elements that a parser is still to prepare do not
    /// prepare themselves.
    pub(crate) fn prepare_the_script_element(
        &mut self,
        node: &Node,
        by_parser: bool,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let state = self.script_elements.entry(node).clone();
        if state.already_started || (!by_parser && state.parser_document.is_some()) {
            return None;
        }
        let parser_document = state.parser_document;
        let element = self.script_elements.entry(node);
        element.parser_document = None;
        if parser_document.is_some() && !dom::has_attribute(node, "async") {
            element.force_async = None;
        }
        let text = dom::child_text_content(node);
        let src = dom::attribute(node, "src");
        if src.is_none() && text.is_empty() {
            return None;
        }
        let document = self.connected_document(node)?;
        let kind = script_kind(node)?;
        let element = self.script_elements.entry(node);
        if parser_document.is_some() {
            element.parser_document = parser_document;
            element.force_async = Some(false);
        }
        element.already_started = true;
        let force_async = element.force_async.unwrap_or(true);
        if parser_document.is_some_and(|parser| parser != document) {
            return None;
        }
        let base_url = self.base_url(document)?;
        let held = self.document(document)?;
        if !held.scripting_enabled() {
            let url = held.url.to_string();
            return Some(Effect::Report(Diagnostic::ScriptSandboxed { url }));
        }
        if kind == ScriptKind::Classic
            && (dom::has_attribute(node, "nomodule") || is_for_another_event(node))
        {
            return None;
        }
        if kind == ScriptKind::ImportMap && src.is_none() {
            return self.execute_an_import_map(document, &text, &base_url, next);
        }
        let is_async = dom::has_attribute(node, "async") || force_async;
        let when = match (kind, &src) {
            (ScriptKind::Classic, None) => When::Now,
            _ if is_async => When::AsSoonAsPossible,
            _ if parser_document.is_none() => When::InOrder,
            (ScriptKind::Module, _) => When::AfterParsing,
            _ if dom::has_attribute(node, "defer") => When::AfterParsing,
            _ => When::BlockingTheParser,
        };
        let document_url = held.url.clone();
        let line = if parser_document.is_some() {
            state.line
        } else {
            1
        };
        let mut script = Script {
            kind,
            element: Node::clone(node),
            document,
            text: None,
            url: document_url,
            base_url,
            line: 1,
            from_external_file: src.is_some(),
            ready: false,
            muted_errors: false,
            module: None,
            graph: None,
        };
        let Some(src) = src else {
            script.line = line.max(1);
            if kind == ScriptKind::Classic {
                script.text = Some(text);
                script.ready = true;
                let id = self.scripts.insert(script);
                next.push([Action::ExecuteScript(id)]);
            } else {
                let id = self.scripts.insert(script);
                self.enlist(document, id, when);
                self.fetch_an_inline_module_script_graph(id, text, next);
            }
            return None;
        };
        let parsed = if src.is_empty() || kind == ScriptKind::ImportMap {
            None
        } else {
            self.parse_url(document, &src).ok()
        };
        let Some(url) = parsed else {
            // Queue an element task to fire error: no text is to come.
            script.ready = true;
            let id = self.scripts.insert(script);
            queues.queue(
                TaskSource::DomManipulation,
                Some(document),
                ContextTask::Script(id),
            );
            return None;
        };
        script.url = url.clone();
        script.base_url = url.clone();
        let held = self.document(document);
        let origin = held.map(|held| held.origin.clone());
        let referrer = held.map(|held| crate::navigation::referrer(&held.url, &url));
        let id = self.scripts.insert(script);
        self.enlist(document, id, when);
        if kind == ScriptKind::Module {
            next.push([Action::FetchModuleScript(id, url)]);
            return None;
        }
        let request = self.requests.insert(Pending {
            purpose: Purpose::Script(id),
            answer: None,
        });
        Some(Effect::Fetch(
            request,
            FetchRequest {
                initiator: Some(document),
                origin,
                referrer: referrer.unwrap_or_default(),
                ..FetchRequest::new(url, Destination::Script)
            },
        ))
    }

    /// [Execute the script element](https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element),
    /// whose type is "importmap".
    fn execute_an_import_map(
        &mut self,
        document: ClientId,
        text: &str,
        base_url: &Url,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match self.register_an_import_map(document, text, base_url) {
            Err(error) => Some(Effect::ReportImportMap { document, error }),
            Ok(warnings) => {
                let url = self.document(document)?.url.to_string();
                for warning in warnings.into_iter().rev() {
                    let url = url.clone();
                    next.push_effect(Effect::Report(Diagnostic::ImportMap { url, warning }));
                }
                None
            }
        }
    }

    /// Puts a script into the list of those that run when its time has come.
    fn enlist(&mut self, document: ClientId, script: ScriptId, when: When) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        match when {
            When::Now => {}
            When::BlockingTheParser => held.pending_parsing_blocking_script = Some(script),
            When::AfterParsing => held.scripts_after_parsing.push_back(script),
            When::AsSoonAsPossible => held.scripts_as_soon_as_possible.push(script),
            When::InOrder => held.scripts_in_order.push_back(script),
        }
    }

    /// The source of an external classic script has come, or will not.
    pub(crate) fn script_loaded(
        &mut self,
        id: ScriptId,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let script = self.scripts.get_mut(id)?;
        let document = script.document;
        script.ready = true;
        let held = self.documents.get(&document);
        let encoding = held.map_or("UTF-8", |held| held.encoding);
        let with_cors = dom::has_attribute(&script.element, "crossorigin");
        let allowed = answer.and_then(|response| {
            if let Some(held) = held {
                if with_cors {
                    cors_check(&held.origin, &response)?;
                } else {
                    script.muted_errors = is_cross_origin(&held.origin, &response);
                }
            }
            Ok(response)
        });
        let mut diagnostic = None;
        match allowed {
            Ok(response) if (200..300).contains(&response.status) => {
                let mime = response.content_type.as_deref().and_then(MimeType::parse);
                let charset = mime.as_ref().and_then(|mime| mime.charset.as_deref());
                script.text = Some(decode_script(&response.body, charset, encoding));
                script.url = response.url.clone();
                script.base_url = response.url;
            }
            Ok(response) => {
                diagnostic = Some(Diagnostic::HttpError {
                    url: response.url.into(),
                    status: response.status,
                });
            }
            Err(error) => diagnostic = Some(error.into()),
        }
        self.script_is_ready(id, document, next);
        diagnostic.map(Effect::Report)
    }

    /// Says who is to run a script that has become ready.
    pub(crate) fn script_is_ready(
        &mut self,
        id: ScriptId,
        document: ClientId,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        if held.pending_parsing_blocking_script == Some(id) {
            if held.script_nesting_level == 0 {
                next.push([
                    Action::RunBlockingScript(document, id),
                    Action::Parse(document),
                ]);
            }
        } else if held.scripts_in_order.contains(&id) {
            next.push([Action::RunInOrderScripts(document)]);
        } else if let Some(at) = held
            .scripts_as_soon_as_possible
            .iter()
            .position(|script| *script == id)
        {
            held.scripts_as_soon_as_possible.remove(at);
            next.push([Action::ExecuteScript(id), Action::CheckLoad(document)]);
        } else if held.stage == Stage::Deferred {
            next.push([Action::RunDeferredScripts(document)]);
        }
    }

    /// A task of a script that needs no source from outside.
    pub(crate) fn script_task(&mut self, id: ScriptId, next: &mut Next<'_>) {
        let Some(script) = self.scripts.get(id) else {
            return;
        };
        let document = script.document;
        if !script.has_result() {
            // Executing a script without a result is firing its error event.
            next.push([Action::ExecuteScript(id)]);
            return;
        }
        self.script_is_ready(id, document, next);
    }

    /// Runs the scripts that run in order as soon as possible, as far as they are ready.
    pub(crate) fn run_in_order_scripts(&mut self, document: ClientId, next: &mut Next<'_>) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        let first = held.scripts_in_order.front().copied();
        match first {
            Some(first) if self.scripts.get(first).is_none_or(|script| script.ready) => {
                held.scripts_in_order.pop_front();
                next.push([
                    Action::ExecuteScript(first),
                    Action::RunInOrderScripts(document),
                ]);
            }
            _ => next.push([Action::CheckLoad(document)]),
        }
    }

    /// [Execute the script element](https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element).
    pub(crate) fn execute_the_script_element(
        &mut self,
        id: ScriptId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let script = self.scripts.get(id)?;
        let (document, kind) = (script.document, script.kind);
        let element = Node::clone(&script.element);
        if self.document_of(&element) != Some(document) {
            self.scripts.remove(id);
            return None;
        }
        if !script.has_result() {
            self.scripts.remove(id);
            return Some(Effect::Fire {
                target: EventTarget::Node(element),
                event: FrameEvent::Error,
            });
        }
        let external = script.from_external_file || kind == ScriptKind::Module;
        let held = self.documents.get_mut(&document)?;
        if external {
            held.ignore_destructive_writes += 1;
        }
        let shown = kind == ScriptKind::Classic && !dom::is_shadow_root(&dom::root(&element));
        let current = shown.then_some(element);
        held.current_script.push(current);
        next.push([Action::ScriptExecuted(id)]);
        Some(Effect::RunScript {
            document,
            script: id,
        })
    }

    /// The rest of it, when the script has run.
    pub(crate) fn script_executed(&mut self, id: ScriptId) -> Option<Effect> {
        let script = self.scripts.remove(id)?;
        let held = self.documents.get_mut(&script.document)?;
        held.current_script.pop();
        if script.from_external_file || script.kind == ScriptKind::Module {
            held.ignore_destructive_writes = held.ignore_destructive_writes.saturating_sub(1);
        }
        script.from_external_file.then_some(Effect::Fire {
            target: EventTarget::Node(script.element),
            event: FrameEvent::Load,
        })
    }
}

/// The script's type by the attributes `type` and `language`; `None` for data blocks and for what
/// is not supported.
// NOT YET: speculation rules.
fn script_kind(node: &Node) -> Option<ScriptKind> {
    let kind = dom::attribute(node, "type");
    let language = dom::attribute(node, "language");
    let kind = match (kind, language) {
        (Some(kind), _) if !kind.is_empty() => kind.trim_ascii().to_owned(),
        (Some(_), _) | (None, None) => return Some(ScriptKind::Classic),
        (None, Some(language)) if language.is_empty() => return Some(ScriptKind::Classic),
        (None, Some(language)) => format!("text/{language}"),
    };
    if is_javascript(&kind) {
        Some(ScriptKind::Classic)
    } else if kind.eq_ignore_ascii_case("module") {
        Some(ScriptKind::Module)
    } else if kind.eq_ignore_ascii_case("importmap") {
        Some(ScriptKind::ImportMap)
    } else {
        None
    }
}

/// Whether the attributes `for` and `event` name anything but the window's load.
fn is_for_another_event(node: &Node) -> bool {
    let (Some(target), Some(event)) = (dom::attribute(node, "for"), dom::attribute(node, "event"))
    else {
        return false;
    };
    let event = event.trim_ascii().to_ascii_lowercase();
    !target.trim_ascii().eq_ignore_ascii_case("window")
        || !matches!(event.as_str(), "onload" | "onload()")
}
