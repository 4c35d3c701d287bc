//! Windows that are gone: their navigable is, or shows another one.
//!
//! Script may hold such a window still, and it then has its realm, its document and its origin.
//! None of these is held here: a window's global object holds what is known of it, and goes with
//! it.

use std::collections::HashMap;

use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::{Context, Finalize, JsData, JsObject, Trace};
use boa_gc::{Gc, WeakGc};
use framepost_browsing_context::Origin;
use framepost_event_loop::{ClientId, GlobalId};
use markup5ever_rcdom::Handle as Node;

use crate::boa::slots::Slot;
use crate::script::realm;
use crate::script::wrappers::NodeWrapper;
use crate::script::{WindowRecord, with_contexts};
use crate::webidl::platform;

/// The agent's windows that are gone.
static GONE_WINDOWS: Slot<GoneWindows> = Slot::new();

/// What is known of a window that is gone.
#[derive(Trace, Finalize)]
struct GoneWindow {
    #[unsafe_ignore_trace]
    navigable: Option<framepost_browsing_context::NavigableId>,
    realm: boa_engine::realm::Realm,
    global: JsObject,
    /// Its last document.
    document: Option<NodeWrapper>,
    #[unsafe_ignore_trace]
    origin: Option<Origin>,
}

/// The object by which a global object holds it.
#[derive(Trace, Finalize, JsData)]
struct Holder(#[allow(dead_code, reason = "it is held, not read")] Gc<GoneWindow>);

/// The windows of an agent that are gone.
#[derive(Default)]
pub(crate) struct GoneWindows {
    windows: HashMap<GlobalId, WeakGc<GoneWindow>>,
    /// How many there were when those that nobody holds were last dropped.
    live: usize,
    /// How many have ended since the shared root shape was pruned.
    since_pruned: usize,
    /// The documents that have just ended, of windows that are about to.
    documents: HashMap<GlobalId, (Node, Origin)>,
}

impl GoneWindows {
    fn get(&self, window: GlobalId) -> Option<Gc<GoneWindow>> {
        self.windows.get(&window)?.upgrade()
    }
}

/// The record of a window that is gone and that script still holds.
pub(crate) fn record(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    let gone = GONE_WINDOWS.with(ctx, |gone| gone.get(window))?;
    Some(WindowRecord {
        realm: gone.realm.clone(),
        global: gone.global.clone(),
        navigable: gone.navigable,
    })
}

/// How many are still there.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    GONE_WINDOWS.with(ctx, |gone| {
        let weak = gone.windows.values();
        weak.filter(|window| window.is_upgradable()).count()
    })
}

/// The last document of a window that is gone.
pub(crate) fn document_of(ctx: &Context, window: GlobalId) -> Option<Node> {
    GONE_WINDOWS.with(ctx, |gone_windows| {
        let gone = gone_windows.get(window)?;
        gone.document.as_ref().map(|document| document.node.clone())
    })
}

/// The origin that the last document of a window had.
pub(crate) fn origin_of(ctx: &Context, window: GlobalId) -> Option<Origin> {
    GONE_WINDOWS.with(ctx, |gone_windows| gone_windows.get(window)?.origin.clone())
}

/// A document ends. If it is its window's, that will end as well, and keep it.
pub(crate) fn document_gone(ctx: &Context, document: ClientId) {
    let found = with_contexts(ctx, |contexts| {
        let held = contexts.document(document)?;
        let is_of_window = contexts.window(held.window())?.document() == document;
        is_of_window.then(|| (held.window(), held.node().clone(), held.origin().clone()))
    });
    if let Some((window, node, origin)) = found {
        GONE_WINDOWS.with(ctx, |gone_windows| {
            gone_windows.documents.insert(window, (node, origin))
        });
    }
}

/// After how many realms the shared root shape is pruned: each holds half a MiB until then.
const REALMS_A_PRUNING: usize = 16;

/// The realm of a window or a worker is not needed any more.
pub(crate) fn realm_gone(ctx: &Context) {
    let prune = GONE_WINDOWS.with(ctx, |gone_windows| {
        let held = gone_windows;
        held.since_pruned = (held.since_pruned + 1) % REALMS_A_PRUNING;
        held.since_pruned == 0
    });
    if prune {
        prune_the_shared_root_shape(ctx);
    }
}

/// Lets go of the prototypes that the context's own root shape holds although nothing has a shape
/// with them any more, and so of the realms that these are of.
///
/// Boa itself does that at each 256th prototype that is new to the shape, which pages with one
/// frame after another may never come to. So this many are shown to it.
fn prune_the_shared_root_shape(ctx: &Context) {
    const PROTOTYPES: usize = 256;
    for _ in 0..PROTOTYPES {
        JsObject::new(
            ctx.root_shape(),
            JsObject::with_null_proto(),
            OrdinaryObject,
        );
    }
}

/// A window ends: from now on it is for script alone to hold.
pub(crate) fn window_gone(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    let record = realm::take_record(ctx, window)?;
    let document = GONE_WINDOWS.with(ctx, |gone| gone.documents.remove(&window));
    let (node, origin) = document.unzip();
    let gone = GoneWindow {
        navigable: record.navigable,
        realm: record.realm.clone(),
        global: record.global.clone(),
        document: node.map(|node| NodeWrapper::holding(ctx, node)),
        origin,
    };
    let gone = Gc::new(gone);
    let holder = JsObject::from_proto_and_data(None, Holder(gone.clone()));
    platform::hold_companion(&record.global, "what is known of it", holder);
    realm_gone(ctx);
    GONE_WINDOWS.with(ctx, |gone_windows| {
        let held = gone_windows;
        held.windows.insert(window, WeakGc::new(&gone));
        if held.windows.len() > 2 * held.live + 64 {
            held.windows.retain(|_, window| window.is_upgradable());
            held.live = held.windows.len();
        }
    });
    Some(record)
}
