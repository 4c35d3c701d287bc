//! Discarded windows, whose navigable is destroyed or shows another window.
//!
//! Script may still refer to such a window, which then keeps its realm, document and origin. This
//! module refers to them weakly only: the window's global object owns the [`DiscardedWindow`], and the
//! two are collected together.

use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::{Context, Finalize, JsData, JsObject, Trace};
use boa_gc::{Gc, WeakGc};
use framepost_browsing_context::Origin;
use framepost_event_loop::{ClientId, FxHashMap, GlobalId};
use markup5ever_rcdom::Handle as Node;
use url::Url;

use crate::boa::slots::Slot;
use crate::script::wrappers::NodeWrapper;
use crate::script::{WindowRecord, realm, with_contexts};
use crate::webidl::platform;

/// The agent's discarded windows.
static DISCARDED_WINDOWS: Slot<DiscardedWindows> = Slot::new();

/// The state of a discarded window.
#[derive(Trace, Finalize)]
struct DiscardedWindow {
    #[unsafe_ignore_trace]
    navigable: Option<framepost_browsing_context::NavigableId>,
    realm: boa_engine::realm::Realm,
    global: JsObject,
    this: JsObject,
    /// Its last document.
    document: Option<NodeWrapper>,
    #[unsafe_ignore_trace]
    origin: Option<Origin>,
    /// The base URL of that document.
    #[unsafe_ignore_trace]
    base_url: Option<Url>,
}

/// The companion object through which a global object owns its [`DiscardedWindow`].
#[derive(Trace, Finalize, JsData)]
struct Holder(#[allow(dead_code, reason = "it is held, not read")] Gc<DiscardedWindow>);

/// The discarded windows of an agent.
#[derive(Default)]
pub(crate) struct DiscardedWindows {
    windows: FxHashMap<GlobalId, WeakGc<DiscardedWindow>>,
    /// The number of windows when collected ones were last dropped.
    live: usize,
    /// The number of realms that ended since the shared root shape was pruned.
    since_pruned: usize,
    /// Discarded documents whose windows are discarded next.
    documents: FxHashMap<GlobalId, LastDocument>,
}

/// The last document of a window.
struct LastDocument {
    node: Node,
    origin: Origin,
    base_url: Option<Url>,
}

impl DiscardedWindows {
    fn get(&self, window: GlobalId) -> Option<Gc<DiscardedWindow>> {
        self.windows.get(&window)?.upgrade()
    }
}

/// Returns the record of a discarded window that script still refers to.
pub(crate) fn record(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    let gone = DISCARDED_WINDOWS.with(ctx, |gone| gone.get(window))?;
    Some(WindowRecord {
        realm: gone.realm.clone(),
        global: gone.global.clone(),
        this: gone.this.clone(),
        navigable: gone.navigable,
    })
}

/// Counts the discarded windows that are not collected yet.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    DISCARDED_WINDOWS.with(ctx, |gone| {
        let weak = gone.windows.values();
        weak.filter(|window| window.is_upgradable()).count()
    })
}

/// Returns the last document of a discarded window.
pub(crate) fn document_of(ctx: &Context, window: GlobalId) -> Option<Node> {
    DISCARDED_WINDOWS.with(ctx, |discarded_windows| {
        let gone = discarded_windows.get(window)?;
        gone.document.as_ref().map(|document| document.node.clone())
    })
}

/// Returns the origin of the last document of a discarded window.
pub(crate) fn origin_of(ctx: &Context, window: GlobalId) -> Option<Origin> {
    DISCARDED_WINDOWS.with(ctx, |discarded_windows| {
        discarded_windows.get(window)?.origin.clone()
    })
}

/// Returns the base URL of the last document of a discarded window.
pub(crate) fn base_url_of(ctx: &Context, window: GlobalId) -> Option<Url> {
    DISCARDED_WINDOWS.with(ctx, |discarded_windows| {
        discarded_windows.get(window)?.base_url.clone()
    })
}

/// Keeps a discarded document if it is its window's, because that window is discarded next.
pub(crate) fn document_destroyed(ctx: &Context, document: ClientId) {
    let found = with_contexts(ctx, |contexts| {
        let held = contexts.document(document)?;
        let is_of_window = contexts.window(held.window())?.document() == document;
        let last = || LastDocument {
            node: held.node().clone(),
            origin: held.origin().clone(),
            base_url: contexts.base_url(document),
        };
        is_of_window.then(|| (held.window(), last()))
    });
    if let Some((window, last)) = found {
        DISCARDED_WINDOWS.with(ctx, |discarded_windows| {
            discarded_windows.documents.insert(window, last)
        });
    }
}

/// The number of realms that end between two prunings of the shared root shape. An ended realm keeps half a
/// MiB until then.
const REALMS_A_PRUNING: usize = 16;

/// Counts an ended realm of a window or a worker, and prunes the shared root shape when it is due.
pub(crate) fn realm_ended(ctx: &Context) {
    let prune = DISCARDED_WINDOWS.with(ctx, |discarded_windows| {
        let held = discarded_windows;
        held.since_pruned = (held.since_pruned + 1) % REALMS_A_PRUNING;
        held.since_pruned == 0
    });
    if prune {
        prune_the_shared_root_shape(ctx);
    }
}

/// Makes Boa drop unused prototypes from the context's root shape, and with them their realms.
///
/// Boa prunes the shape after every 256th new prototype. A page that creates frame after frame may
/// never reach that number, so this function adds as many prototypes.
pub(crate) fn prune_the_shared_root_shape(ctx: &Context) {
    const PROTOTYPES: usize = 256;
    for _ in 0..PROTOTYPES {
        JsObject::new(
            ctx.root_shape(),
            JsObject::with_null_proto(),
            OrdinaryObject,
        );
    }
}

/// Discards a window: from now on only script keeps it alive.
pub(crate) fn window_discarded(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    let record = realm::take_record(ctx, window)?;
    let document = DISCARDED_WINDOWS.with(ctx, |gone| gone.documents.remove(&window));
    let (node, origin, base_url) = match document {
        Some(last) => (Some(last.node), Some(last.origin), last.base_url),
        None => (None, None, None),
    };
    let gone = DiscardedWindow {
        navigable: record.navigable,
        realm: record.realm.clone(),
        global: record.global.clone(),
        this: record.this.clone(),
        document: node.map(|node| NodeWrapper::holding(ctx, node)),
        origin,
        base_url,
    };
    let gone = Gc::new(gone);
    let holder = JsObject::from_proto_and_data(None, Holder(gone.clone()));
    platform::hold_companion(&record.global, "what is known of it", holder);
    realm_ended(ctx);
    DISCARDED_WINDOWS.with(ctx, |discarded_windows| {
        let held = discarded_windows;
        held.windows.insert(window, WeakGc::new(&gone));
        if held.windows.len() > 2 * held.live + 64 {
            held.windows.retain(|_, window| window.is_upgradable());
            held.live = held.windows.len();
        }
    });
    Some(record)
}
