//! The prepared scripts. Higher modules contain the algorithms that run them.

use std::collections::{BTreeMap, VecDeque};

use framepost_event_loop::{Arena, ClientId};

use super::script::Script;
use crate::Contexts;
use crate::dom::{self, Node, NodeTable};
use crate::fetch::ScriptFetchOptions;
use crate::ids::{ModuleId, ScriptId};
use crate::parser::NewScript;

/// The scripts of the agent.
#[derive(Default)]
pub(crate) struct Scripts {
    /// The scripts that were prepared and have not run.
    pub(super) prepared: Arena<ScriptId, Script>,
    pub(super) elements: NodeTable<ScriptElement>,
    pub(super) lists: BTreeMap<ClientId, ScriptLists>,
}

/// The state of a [`script` element](https://html.spec.whatwg.org/multipage/scripting.html#the-script-element).
#[derive(Clone, Debug, Default)]
pub(super) struct ScriptElement {
    /// Its [parser document](https://html.spec.whatwg.org/multipage/scripting.html#parser-document).
    pub(super) parser_document: Option<ClientId>,
    /// Its [already started](https://html.spec.whatwg.org/multipage/scripting.html#already-started)
    /// flag.
    pub(super) already_started: bool,
    /// Its [force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async)
    /// flag; set if `None`.
    pub(super) force_async: Option<bool>,
    /// The line of its text.
    pub(super) line: u64,
}

/// The waiting scripts of a document.
#[derive(Debug, Default)]
pub(super) struct ScriptLists {
    /// The [pending parsing-blocking script](https://html.spec.whatwg.org/multipage/scripting.html#pending-parsing-blocking-script).
    pub(super) parsing_blocking: Option<ScriptId>,
    /// The [list of scripts that will execute when the document has finished parsing](https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-when-the-document-has-finished-parsing).
    pub(super) when_parsed: VecDeque<ScriptId>,
    /// The [list of scripts that will execute in order as soon as possible](https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-in-order-as-soon-as-possible).
    pub(super) in_order: VecDeque<ScriptId>,
    /// The [set of scripts that will execute as soon as possible](https://html.spec.whatwg.org/multipage/scripting.html#set-of-scripts-that-will-execute-as-soon-as-possible).
    pub(super) as_soon_as_possible: Vec<ScriptId>,
    /// The values of `document.currentScript`, the innermost script last. A module has none.
    pub(super) current: Vec<Option<Node>>,
    /// The [ignore-destructive-writes counter](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#ignore-destructive-writes-counter).
    pub(super) ignore_destructive_writes: usize,
}

impl Scripts {
    pub(crate) fn len(&self) -> usize {
        self.prepared.len()
    }

    pub(crate) fn elements_len(&self) -> usize {
        self.elements.len()
    }

    pub(crate) fn contains(&self, script: ScriptId) -> bool {
        self.prepared.contains(script)
    }

    /// A document is destroyed: its scripts will not run.
    pub(crate) fn forget_scripts_of(&mut self, document: ClientId) {
        for script in self.prepared.keys_in_order() {
            let held = self.prepared.get(script);
            if held.is_some_and(|held| held.document == document) {
                self.prepared.remove(script);
            }
        }
    }

    pub(crate) fn forget_document(&mut self, document: ClientId) {
        self.lists.remove(&document);
    }

    /// The document's parser has created a script element.
    pub(crate) fn add_parser_inserted(&mut self, document: ClientId, script: &NewScript) {
        let element = self.elements.entry(&script.node);
        element.parser_document = Some(document);
        element.force_async = Some(false);
        element.already_started |= script.already_started;
        element.line = script.line;
    }

    /// Marks a script element as [already started](https://html.spec.whatwg.org/multipage/scripting.html#already-started),
    /// so that it will not run.
    pub(crate) fn mark_as_already_started(&mut self, element: &Node) {
        self.elements.entry(element).already_started = true;
    }

    /// The [script fetch options](https://html.spec.whatwg.org/multipage/webappapis.html#script-fetch-options)
    /// of a script element.
    pub(crate) fn fetch_options(&self, element: &Node) -> ScriptFetchOptions {
        let held = self.elements.get(element);
        ScriptFetchOptions {
            nonce: dom::attribute(element, "nonce"),
            is_parser_inserted: held.is_some_and(|held| held.parser_document.is_some()),
        }
    }

    pub(crate) fn is_already_started(&self, element: &Node) -> bool {
        let held = self.elements.get(element);
        held.is_some_and(|held| held.already_started)
    }

    /// Sets the module of a module script.
    pub(crate) fn set_module(&mut self, script: ScriptId, module: ModuleId) {
        if let Some(held) = self.prepared.get_mut(script) {
            held.module = Some(module);
        }
    }

    /// Whether a pending parsing-blocking script blocks the parser of a document.
    pub(crate) fn blocks_the_parser(&self, document: ClientId) -> bool {
        let lists = self.lists.get(&document);
        lists.is_some_and(|lists| lists.parsing_blocking.is_some())
    }

    pub(crate) fn forget_the_parser_blocking_script(&mut self, document: ClientId) {
        if let Some(lists) = self.lists.get_mut(&document) {
            lists.parsing_blocking = None;
        }
    }

    /// Whether a document's ignore-destructive-writes counter is greater than 0.
    pub(crate) fn ignores_destructive_writes(&self, document: ClientId) -> bool {
        let lists = self.lists.get(&document);
        lists.is_some_and(|lists| lists.ignore_destructive_writes > 0)
    }

    /// Whether the scripts of a document delay its load event.
    pub(crate) fn delay_the_load_event(&self, document: ClientId) -> bool {
        let lists = self.lists.get(&document);
        lists.is_some_and(|lists| {
            !lists.as_soon_as_possible.is_empty() || !lists.in_order.is_empty()
        })
    }

    /// Whether scripts wait until the document has finished parsing.
    pub(crate) fn has_deferred_scripts(&self, document: ClientId) -> bool {
        let lists = self.lists.get(&document);
        lists.is_some_and(|lists| !lists.when_parsed.is_empty())
    }

    /// Takes the first script that waits until the document has finished parsing, if it is ready.
    pub(crate) fn take_ready_deferred_script(&mut self, document: ClientId) -> Option<ScriptId> {
        let lists = self.lists.get_mut(&document)?;
        let first = *lists.when_parsed.front()?;
        if !is_ready(&self.prepared, first) {
            return None;
        }
        lists.when_parsed.pop_front()
    }
}

/// Whether the source of a script has been loaded or has failed. A script that is gone counts as ready.
pub(super) fn is_ready(prepared: &Arena<ScriptId, Script>, script: ScriptId) -> bool {
    prepared.get(script).is_none_or(|script| script.ready)
}

impl Contexts {
    /// The script with this key; `None` once it has run.
    #[must_use]
    pub fn script(&self, script: ScriptId) -> Option<&Script> {
        self.scripts.prepared.get(script)
    }

    /// The value of `document.currentScript`.
    #[must_use]
    pub fn current_script(&self, document: ClientId) -> Option<&Node> {
        self.scripts.lists.get(&document)?.current.last()?.as_ref()
    }

    /// Whether a script element's
    /// [force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async) flag is
    /// set.
    #[must_use]
    pub fn is_force_async(&self, script: &Node) -> bool {
        let held = self.scripts.elements.get(script);
        held.and_then(|held| held.force_async).unwrap_or(true)
    }

    /// Unsets a script element's
    /// [force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async) flag,
    /// as the setter of `async` does.
    pub fn unset_force_async(&mut self, script: &Node) {
        self.scripts.elements.entry(script).force_async = Some(false);
    }
}
