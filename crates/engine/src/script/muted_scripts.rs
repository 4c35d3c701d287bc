//! Scripts with [muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors):
//! error events hide the details of their exceptions from script.

use boa_engine::Context;
use framepost_event_loop::{FxHashSet, GlobalId};

use crate::boa::slots::Slot;

/// The agent's scripts with muted errors, by global and URL.
static MUTED_SCRIPTS: Slot<FxHashSet<(GlobalId, String)>> = Slot::new();

/// Mutes the errors of the script at this URL.
pub(crate) fn mute(ctx: &Context, global: GlobalId, url: String) {
    MUTED_SCRIPTS.with(ctx, |muted| muted.insert((global, url)));
}

/// Whether any script has muted errors. Few pages have one, so this is the fast path.
pub(crate) fn are_any(ctx: &Context) -> bool {
    MUTED_SCRIPTS.with(ctx, |muted| !muted.is_empty())
}

/// Whether the errors of the script at this URL are muted.
pub(crate) fn is_muted(ctx: &Context, global: GlobalId, url: &str) -> bool {
    are_any(ctx) && MUTED_SCRIPTS.with(ctx, |muted| muted.contains(&(global, url.to_owned())))
}

/// Forgets the scripts of a discarded window or an ended worker.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    MUTED_SCRIPTS.with(ctx, |muted| muted.retain(|(of, _)| *of != global));
}

/// Counts the scripts with muted errors.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    MUTED_SCRIPTS.with(ctx, |muted| muted.len())
}
