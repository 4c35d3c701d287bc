//! The scripts whose [errors are muted](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors):
//! script hears no more of their exceptions than that there was one.

use std::collections::HashSet;

use boa_engine::Context;
use framepost_event_loop::GlobalId;

use crate::boa::slots::Slot;

/// The scripts of an agent with muted errors, by their globals and URLs.
static MUTED_SCRIPTS: Slot<HashSet<(GlobalId, String)>> = Slot::new();

/// Mutes the errors of the script of this URL.
pub(crate) fn mute(ctx: &Context, global: GlobalId, url: String) {
    MUTED_SCRIPTS.with(ctx, |muted| muted.insert((global, url)));
}

/// Whether there is any script with muted errors. Hardly a page has one.
pub(crate) fn are_any(ctx: &Context) -> bool {
    MUTED_SCRIPTS.with(ctx, |muted| !muted.is_empty())
}

/// Whether the errors of the script of this URL are muted.
pub(crate) fn is_muted(ctx: &Context, global: GlobalId, url: &str) -> bool {
    are_any(ctx) && MUTED_SCRIPTS.with(ctx, |muted| muted.contains(&(global, url.to_owned())))
}

/// Forgets the scripts of a window or a worker that is gone.
pub(crate) fn global_gone(ctx: &Context, global: GlobalId) {
    MUTED_SCRIPTS.with(ctx, |muted| muted.retain(|(of, _)| *of != global));
}

/// How many there are.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    MUTED_SCRIPTS.with(ctx, |muted| muted.len())
}
