//! What a prepared script is.

use framepost_event_loop::{ClientId, new_key_type};
use url::Url;

use crate::dom::Node;
use crate::modules::{GraphOutcome, ModuleId};

new_key_type! {
    /// Names a prepared script.
    pub struct ScriptId: "script";
}

/// A script's [type](https://html.spec.whatwg.org/multipage/scripting.html#concept-script-type).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptKind {
    /// A classic script.
    Classic,
    /// A module.
    Module,
    /// An [import map](crate::ImportMap).
    ImportMap,
}

/// A script that has been prepared
/// ([prepare the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element)).
#[non_exhaustive]
pub struct Script {
    /// Classic script, module or import map.
    pub kind: ScriptKind,
    /// The element.
    pub element: Node,
    /// The document that the element was in when it was prepared.
    pub document: ClientId,
    /// The text; `None` until it is loaded, or when loading failed.
    pub text: Option<String>,
    /// Where the text comes from: the script's own URL, or its document's.
    pub url: Url,
    /// What relative URLs in the script are relative to.
    pub base_url: Url,
    /// The line of `url` at which the text begins, from 1.
    pub line: u64,
    /// Whether the text was loaded from [`url`](Self::url) rather than written in the document.
    pub from_external_file: bool,
    /// The loading is done, well or badly.
    pub(crate) ready: bool,
    /// Whether what goes wrong in it is told to nobody
    /// ([muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors)).
    pub muted_errors: bool,
    /// The module that a module script is.
    pub module: Option<ModuleId>,
    /// What has become of the module and its imports, once it is [to be run](crate::Effect::RunScript).
    pub graph: Option<GraphOutcome>,
}

impl Script {
    /// Whether there is something to run: a text, or a module that could be fetched.
    pub(crate) fn has_result(&self) -> bool {
        match self.kind {
            ScriptKind::Classic | ScriptKind::ImportMap => self.text.is_some(),
            ScriptKind::Module => self
                .graph
                .is_some_and(|graph| graph != GraphOutcome::Failed),
        }
    }
}

// By hand, because a node's own Debug prints the whole tree below it, recursively.
impl core::fmt::Debug for Script {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Script")
            .field("kind", &self.kind)
            .field("document", &self.document)
            .field("url", &self.url.as_str())
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}
