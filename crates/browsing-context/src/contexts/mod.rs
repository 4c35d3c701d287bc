//! The state: every navigable, document and window of one agent.

mod create;
mod limits;
mod mutation;
mod names;
mod parse_document;
mod query;

pub use query::Counts;

use std::collections::{BTreeMap, HashMap, HashSet};

use framepost_event_loop::{Arena, ClientId, GlobalId};
use url::Url;

use crate::auxiliary::PopupPolicy;
use crate::document::Document;
use crate::dom::NodeTable;
use crate::embedded::{EmbeddedContent, EmbeddedContentId, EmbeddingElement};
use crate::fetch::{LoadError, RequestId, Response};
use crate::forms::{PlannedNavigation, PlannedNavigationId};
use crate::import_maps::DocumentImports;
use crate::modules::{Graph, Import, ImportId, ModuleId, ModuleKind, ModuleScript};
use crate::navigable::{Navigable, NavigableId};
use crate::script::{Script, ScriptId};
use crate::scripts::ScriptElement;
use crate::session_history::{DocumentState, DocumentStateId};
use crate::window::Window;
use crate::workers::Worker;
pub(crate) use create::{Created, NewDocument, destroy_a_window};
pub use limits::Limits;
pub(crate) use names::{Chosen, WindowType};

/// The browsing contexts of one agent: a tree of navigables, each with its document and window.
///
/// It is changed by methods that answer a value, and where script may run in the middle, by
/// methods that answer [`Steps`](crate::Steps).
#[derive(Default)]
pub struct Contexts {
    pub(crate) navigables: Arena<NavigableId, Navigable>,
    // Named by the event loop, and ordered, so that walking them is the same in every run.
    pub(crate) documents: BTreeMap<ClientId, Document>,
    pub(crate) windows: BTreeMap<GlobalId, Window>,
    pub(crate) workers: BTreeMap<GlobalId, Worker>,
    /// The workers that have not ended, by the names of their event loops.
    pub(crate) workers_by_event_loop: BTreeMap<ClientId, GlobalId>,
    pub(crate) scripts: Arena<ScriptId, Script>,
    pub(crate) modules: Arena<ModuleId, ModuleScript>,
    pub(crate) module_maps: BTreeMap<ClientId, BTreeMap<(Url, ModuleKind), ModuleId>>,
    pub(crate) imports_of_documents: BTreeMap<ClientId, DocumentImports>,
    /// The modules of which nobody has begun to fetch the source.
    pub(crate) modules_to_fetch: HashSet<ModuleId>,
    /// The graphs that somebody waits for, in the order in which they were asked for.
    pub(crate) graphs: Vec<Graph>,
    pub(crate) imports: Arena<ImportId, Import>,
    pub(crate) requests: Arena<RequestId, Pending>,
    /// The documents by the addresses of their nodes, which they hold.
    pub(crate) documents_by_node: HashMap<usize, ClientId>,
    /// The navigables by the addresses of their containers, which they hold.
    pub(crate) content_navigables: HashMap<usize, NavigableId>,
    /// The node documents of the roots of detached trees.
    pub(crate) detached_roots: NodeTable<ClientId>,
    pub(crate) script_elements: NodeTable<ScriptElement>,
    pub(crate) shadow_trees: crate::shadow::ShadowTrees,
    pub(crate) last_opaque_origin: u64,
    pub(crate) document_states: Arena<DocumentStateId, DocumentState>,
    pub(crate) last_history_entry: u64,
    pub(crate) last_origin_object: u64,
    /// The domains of the origin objects whose domain was set.
    pub(crate) domains: BTreeMap<u64, url::Host<String>>,
    pub(crate) limits: Limits,
    pub(crate) popup_policy: PopupPolicy,
    pub(crate) planned_navigations: Arena<PlannedNavigationId, PlannedNavigation>,
    /// What `object` and `embed` elements are being found to represent.
    pub(crate) embedded_contents: Arena<EmbeddedContentId, EmbeddedContent>,
    pub(crate) embedding_elements: NodeTable<EmbeddingElement>,
    /// What each form has planned last.
    pub(crate) plans_of_forms: NodeTable<PlannedNavigationId>,
}

/// A load that has been asked for.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) purpose: Purpose,
    /// What has been answered and waits for its task.
    pub(crate) answer: Option<Result<Response, LoadError>>,
}

/// What a load is for.
#[derive(Debug)]
pub(crate) enum Purpose {
    Navigation(Box<crate::navigation::Navigation>),
    /// A `javascript:` URL, which waits for its task in this document.
    JavascriptUrl(ClientId, Box<crate::navigation::Navigation>),
    Script(ScriptId),
    Module(ModuleId),
    /// The classic script that a worker begins with.
    Worker(GlobalId),
    /// What an `object` or `embed` is to show.
    EmbeddedContent(EmbeddedContentId),
}

impl Contexts {
    /// No browsing context at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }
}

impl core::fmt::Debug for Contexts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Contexts")
            .field("navigables", &self.navigables.len())
            .field("documents", &self.documents.len())
            .field("windows", &self.windows.len())
            .finish_non_exhaustive()
    }
}
