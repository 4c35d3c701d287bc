//! Rendering opportunities and animation frame callbacks.
//!
//! A rendering opportunity comes 60 times a second, but only while one is requested: a page
//! that never calls `requestAnimationFrame()` has none.
//! See [update the rendering](https://html.spec.whatwg.org/multipage/webappapis.html#update-the-rendering)
//! and [animation frames](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#animation-frames).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::GlobalId;

/// The [map of animation frame callbacks](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#list-of-animation-frame-callbacks)
/// of one global. The embedder keeps the callbacks; this struct keeps their handles.
#[derive(Debug, Default)]
struct CallbackMap {
    /// The [animation frame callback identifier](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#animation-frame-callback-identifier).
    last_handle: u32,
    handles: Vec<u32>,
}

/// The state of rendering of one event loop.
#[derive(Debug, Default)]
pub(crate) struct Rendering {
    callbacks: BTreeMap<GlobalId, CallbackMap>,
    /// The time of the requested opportunity, until it is used.
    pub(crate) requested: Option<Duration>,
    /// The [last render opportunity time](https://html.spec.whatwg.org/multipage/webappapis.html#last-render-opportunity-time).
    pub(crate) last_opportunity: Duration,
}

impl Rendering {
    /// The first opportunity after `now`. Opportunities are on a grid of 1/60 s from the time origin,
    /// so that all documents of a loop share them.
    pub(crate) fn next_opportunity(now: Duration) -> Duration {
        const NANOS: u128 = 1_000_000_000;
        const RATE: u128 = 60;
        let frame = now.as_nanos() * RATE / NANOS + 1;
        // Rounded up, so that the result is not in the frame before.
        let nanos = (frame * NANOS).div_ceil(RATE);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    pub(crate) fn add(&mut self, global: GlobalId) -> u32 {
        let map = self.callbacks.entry(global).or_default();
        map.last_handle = map.last_handle.wrapping_add(1);
        map.handles.push(map.last_handle);
        map.last_handle
    }

    pub(crate) fn remove(&mut self, global: GlobalId, handle: u32) -> bool {
        let handles = self.callbacks.get_mut(&global).map(|map| &mut map.handles);
        handles.is_some_and(|handles| {
            let place = handles.iter().position(|of| *of == handle);
            place.map(|place| handles.remove(place)).is_some()
        })
    }

    pub(crate) fn remove_global(&mut self, global: GlobalId) {
        self.callbacks.remove(&global);
    }

    pub(crate) fn globals(&self) -> impl Iterator<Item = GlobalId> {
        let waiting = self
            .callbacks
            .iter()
            .filter(|(_, map)| !map.handles.is_empty());
        waiting.map(|(global, _)| *global)
    }

    pub(crate) fn handles(&self, global: GlobalId) -> Vec<u32> {
        let map = self.callbacks.get(&global);
        map.map(|map| map.handles.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opportunities_come_sixty_times_a_second() {
        let mut now = Duration::ZERO;
        for _ in 0..60 {
            now = Rendering::next_opportunity(now);
        }
        assert_eq!(now, Duration::from_secs(1));
        assert_eq!(
            Rendering::next_opportunity(Duration::from_millis(17)),
            Duration::from_nanos(33_333_334)
        );
    }
}
