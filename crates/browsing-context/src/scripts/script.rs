//! A prepared script.

use framepost_event_loop::ClientId;
use url::Url;

use crate::dom::Node;
use crate::ids::ModuleId;
use crate::steps::GraphOutcome;

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
    /// Its type.
    pub kind: ScriptKind,
    /// The element.
    pub element: Node,
    /// Its preparation-time document.
    pub document: ClientId,
    /// The source text; `None` until it is loaded, or if loading failed.
    pub text: Option<String>,
    /// The URL that the text comes from: the script's own or its document's.
    pub url: Url,
    /// The base URL of the script.
    pub base_url: Url,
    /// The line of [`url`](Self::url) at which the text begins, from 1.
    pub line: u64,
    /// Whether the script is from an [external file](https://html.spec.whatwg.org/multipage/scripting.html#concept-script-external),
    /// and not inline.
    pub from_external_file: bool,
    /// Whether the source has been loaded or has failed.
    pub(super) ready: bool,
    /// Its [muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors) flag:
    /// whether the details of its exceptions are hidden from the page.
    pub muted_errors: bool,
    /// Its [nonce](https://html.spec.whatwg.org/multipage/webappapis.html#concept-script-fetch-options-nonce), if its
    /// document has a content security policy. Its `import()` has it as well.
    pub nonce: Option<String>,
    /// The module of a module script.
    pub module: Option<ModuleId>,
    /// The outcome of fetching the module graph, when the script [runs](crate::Effect::RunScript).
    pub graph: Option<GraphOutcome>,
}

impl Script {
    /// Whether `document.write()` does nothing while it runs, unless a parser has an insertion point.
    pub(super) fn ignores_destructive_writes(&self) -> bool {
        self.from_external_file || self.kind == ScriptKind::Module
    }

    /// Whether there is a text or a fetched module to run.
    pub(super) fn has_result(&self) -> bool {
        match self.kind {
            ScriptKind::Classic | ScriptKind::ImportMap => self.text.is_some(),
            ScriptKind::Module => self
                .graph
                .is_some_and(|graph| graph != GraphOutcome::Failed),
        }
    }
}

// Not derived, because a node's own Debug prints the whole tree below it, recursively.
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
