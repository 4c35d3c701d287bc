//! Who sends to whom.

use std::sync::Arc;

use framepost_event_loop::{GlobalId, Key};

use super::{DropReports, Endpoint};

/// The sender and the receiver of messages, and where they report drops.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) from: Endpoint,
    pub(super) to: Endpoint,
    pub(super) drop_reports: Arc<DropReports>,
}

/// How many routes are kept.
const KEPT: usize = 8;

/// The last routes.
///
/// OPTIMIZATION: the messages of one sender to one receiver share their route, because a queued message
/// should take little memory, and a route is larger than a short message.
#[derive(Debug, Default)]
pub(super) struct Routes([Option<Arc<Route>>; KEPT]);

impl Routes {
    /// The route between two endpoints.
    pub(super) fn between(
        &mut self,
        from: Endpoint,
        to: Endpoint,
        drop_reports: &Arc<DropReports>,
    ) -> Arc<Route> {
        // Two ports that answer each other have different places.
        let place = (3 * serial(&from) + serial(&to)) as usize % KEPT;
        let new = || {
            Arc::new(Route {
                from,
                to,
                drop_reports: Arc::clone(drop_reports),
            })
        };
        let Some(held) = self.0.get_mut(place) else {
            return new();
        };
        match held {
            Some(route) if route.from == from && route.to == to => Arc::clone(route),
            _ => Arc::clone(held.insert(new())),
        }
    }
}

/// A number that tells endpoints apart, most of the time.
fn serial(endpoint: &Endpoint) -> u64 {
    match endpoint {
        Endpoint::Window(global) => GlobalId::serial(*global),
        Endpoint::Port { half, .. } => half.serial(),
        Endpoint::BroadcastChannel { channel, .. } => channel.serial(),
        #[cfg(feature = "storage")]
        Endpoint::Storage { global, .. } => global.serial(),
        Endpoint::Nobody | Endpoint::Host => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_have_one_route_while_it_is_kept() {
        let window = |serial| Endpoint::Window(GlobalId::from_parts(0, serial));
        let reports = Arc::default();
        let mut routes = Routes::default();
        for from in 1..40 {
            for to in 1..40 {
                let route = routes.between(window(from), window(to), &reports);
                assert_eq!((route.from, route.to), (window(from), window(to)));
                let again = routes.between(window(from), window(to), &reports);
                assert!(Arc::ptr_eq(&route, &again));
            }
        }
        let there = routes.between(window(1), window(2), &reports);
        let back = routes.between(window(2), window(1), &reports);
        let again = routes.between(window(1), window(2), &reports);
        assert!(Arc::ptr_eq(&there, &again) && !Arc::ptr_eq(&there, &back));
    }
}
