//! The loads that wait for the network.

use std::time::Duration;

use boa_engine::Context;
use framepost_event_loop::ClientId;

use super::{To, fetches};
use crate::output::TaskOrigin;

/// A load that waits for the network.
pub(crate) struct WaitingLoad {
    pub(crate) url: String,
    /// The document or worker that requested it.
    pub(crate) client: Option<ClientId>,
    /// The call that started it, and the time since then.
    pub(crate) origin: Option<(TaskOrigin, Duration)>,
}

/// Returns the loads that wait for the network, in the order of their requests.
pub(crate) fn waiting(ctx: &Context) -> Vec<WaitingLoad> {
    let fetches = fetches(ctx);
    let ids = fetches.under_way.borrow().keys_in_order();
    let mut found = Vec::new();
    for id in ids {
        let load = fetches.under_way.borrow().get(id).map(|load| {
            let load = &load.load;
            (
                load.to,
                load.details.url.to_string(),
                load.details.initiator,
            )
        });
        if let Some((to, url, client)) = load {
            let origin = match to {
                To::Contexts(_) => None,
                To::Family(receiver, id) => (receiver.origin)(ctx, id),
            };
            found.push(WaitingLoad {
                url,
                client,
                origin,
            });
        }
    }
    found
}
