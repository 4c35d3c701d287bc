//! [Dispatching](https://dom.spec.whatwg.org/#concept-event-dispatch): the choice of the next listener.

use super::listeners::{ListenerId, ListenerList};
use super::path::PathItem;

/// Access to the listener lists of all targets.
pub trait ListenerLists<T, C> {
    /// Calls `f` with the list of a target. Returns `None` when the target has none.
    fn with_listeners<R>(
        &mut self,
        target: &T,
        f: impl FnOnce(&mut ListenerList<C>) -> R,
    ) -> Option<R>;
}

/// [`eventPhase`](https://dom.spec.whatwg.org/#dom-event-eventphase) while a listener is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventPhase {
    /// The capturing phase, from the root down to the target.
    Capturing = 1,
    /// At the target.
    AtTarget = 2,
    /// The bubbling phase, from the target up.
    Bubbling = 3,
}

/// The flags of an event that the last listener may have set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PropagationFlags {
    /// The [stop propagation flag](https://dom.spec.whatwg.org/#stop-propagation-flag).
    pub stop_propagation: bool,
    /// The [stop immediate propagation flag](https://dom.spec.whatwg.org/#stop-immediate-propagation-flag).
    pub stop_immediate_propagation: bool,
}

/// A listener to call now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation<'a, T, C> {
    /// The event's `currentTarget`.
    pub current_target: &'a T,
    /// The index of that target in the path.
    pub index: usize,
    /// The event's `eventPhase`.
    pub phase: EventPhase,
    /// The callback.
    pub callback: C,
    /// The listener's [passive](https://dom.spec.whatwg.org/#event-listener-passive) value.
    pub passive: Option<bool>,
}

/// The properties that decide the path of an event: part of its
/// [EventInit](https://dom.spec.whatwg.org/#dictdef-eventinit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventInfo<'a> {
    /// Its type.
    pub event_type: &'a str,
    /// Whether it bubbles.
    pub bubbles: bool,
    /// Its [composed flag](https://dom.spec.whatwg.org/#composed-flag): whether it leaves a shadow
    /// tree.
    pub composed: bool,
}

impl<'a> EventInfo<'a> {
    /// An event that does not bubble and is not composed.
    #[must_use]
    pub fn new(event_type: &'a str) -> Self {
        Self {
            event_type,
            bubbles: false,
            composed: false,
        }
    }

    /// Sets whether it bubbles.
    #[must_use]
    pub fn with_bubbles(mut self, bubbles: bool) -> Self {
        self.bubbles = bubbles;
        self
    }

    /// Sets whether it is composed.
    #[must_use]
    pub fn with_composed(mut self, composed: bool) -> Self {
        self.composed = composed;
        self
    }
}

/// The dispatch of an event along a path.
///
/// ```
/// use framepost_browsing_context::events::*;
/// # struct Lists(Vec<ListenerList<&'static str>>);
/// # impl ListenerLists<usize, &'static str> for Lists {
/// #     fn with_listeners<R>(&mut self, t: &usize, f: impl FnOnce(&mut ListenerList<&'static str>) -> R) -> Option<R> {
/// #         self.0.get_mut(*t).map(f)
/// #     }
/// # }
/// # let mut lists = Lists(vec![ListenerList::new(), ListenerList::new()]);
/// # lists.0[1].add("x", "upper", ListenerOptions::default());
/// # lists.0[0].add("x", "lower", ListenerOptions::default());
/// // The target is 0, its parent is 1.
/// let path = plain_path([0, 1]);
/// let mut dispatch = Dispatch::new(&path, EventInfo::new("x").with_bubbles(true));
/// let mut called = Vec::new();
/// while let Some(invocation) = dispatch.next(PropagationFlags::default(), &mut lists) {
///     called.push(invocation.callback);
/// }
/// assert_eq!(called, ["lower", "upper"]);
/// ```
#[derive(Clone, Debug)]
pub struct Dispatch<'a, T> {
    /// From the target up.
    path: &'a [PathItem<T>],
    event: EventInfo<'a>,
    /// The next item: first down from the top, then up again.
    place: usize,
    current: Option<Place>,
}

/// An item of the path, and its listeners that are left.
#[derive(Clone, Copy, Debug)]
struct Place {
    index: usize,
    phase: EventPhase,
    /// Whether the event is in the capturing phase.
    down: bool,
    /// The last listener that was called.
    called: ListenerId,
    /// The last listener that was in the list on arrival; `None` before arrival.
    ///
    /// OPTIMIZATION: the keys of a list grow, so this key stands for the copy of the list that the
    /// standard makes.
    last: Option<ListenerId>,
}

impl<'a, T> Dispatch<'a, T> {
    /// A dispatch along `path`.
    #[must_use]
    pub fn new(path: &'a [PathItem<T>], event: EventInfo<'a>) -> Self {
        Self {
            path,
            event,
            place: 0,
            current: None,
        }
    }

    /// The next listener to call; `None` when the dispatch has ended. `flags` are the event's flags
    /// after the last listener.
    ///
    /// This is [invoke](https://dom.spec.whatwg.org/#concept-event-listener-invoke) and
    /// [inner invoke](https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke), except for what
    /// concerns the event object and the call. The caller does steps 1. to 5. and 7. of the first, and 2.6. to
    /// 2.13. of the second.
    // OPTIMIZATION: the steps of the last listener's call end at the beginning of the next one.
    pub fn next<C: Clone>(
        &mut self,
        flags: PropagationFlags,
        lists: &mut impl ListenerLists<T, C>,
    ) -> Option<Invocation<'a, T, C>> {
        // Inner invoke, 2.14. If the stop immediate propagation flag is set, no other listener is called
        // here. Nor elsewhere, since the stop propagation flag is set with it.
        if flags.stop_immediate_propagation {
            return None;
        }
        loop {
            // OPTIMIZATION: after the last listener the list needs no access.
            if let Some(place) = &mut self.current
                && place.last != Some(place.called)
            {
                let item = self.path.get(place.index)?;
                let target = &item.invocation_target;
                let event_type = self.event.event_type;
                let turns = place.down
                    && self.path.len() == 1
                    && item.shadow_adjusted_target.is_some()
                    && !flags.stop_propagation;
                // Invoke, 9. `PathItem::in_shadow_tree` tells whether the target is in a shadow tree.
                // Invoke, 10. Inner invoke.
                // Inner invoke, 1., 2.2. and 3. Only legacy event types need to know whether a listener was found.
                let found = lists.with_listeners(target, |list| {
                    // Invoke, 8. Clone the event listener list, on arrival.
                    let mut last = *place.last.get_or_insert(list.last_id());
                    // Inner invoke, 2. Take the next listener that is not removed,
                    // 2.1. that has the event's type,
                    // 2.3. that captures while the event is captured,
                    // 2.4. and that does not while it bubbles.
                    let mut listener = list.next_for(event_type, place.down, place.called, last);
                    // OPTIMIZATION: at the only item, both phases follow one another, so the list is accessed once
                    // for both.
                    if listener.is_none() && turns {
                        self.place += 1;
                        last = list.last_id();
                        place.down = false;
                        place.called = ListenerId::default();
                        place.last = Some(last);
                        listener = list.next_for(event_type, false, place.called, last);
                    }
                    let listener = listener?;
                    let (id, options) = (listener.id, listener.options);
                    let callback = listener.callback.clone();
                    // Inner invoke, 2.5. A listener that is called once is removed before it is called.
                    if options.once {
                        list.remove_by_id(id);
                    }
                    place.called = id;
                    Some((callback, options.passive))
                });
                // 2.6. to 2.13. The embedder calls it.
                if let Some((callback, passive)) = found.flatten() {
                    return Some(Invocation {
                        current_target: target,
                        index: place.index,
                        phase: place.phase,
                        callback,
                        passive,
                    });
                }
            }
            // NOT YET: invoke, 11. Legacy event types.
            // Invoke, 6. If the stop propagation flag is set, no other item is invoked.
            if flags.stop_propagation {
                return None;
            }
            self.current = self.go_on();
            self.current?;
        }
    }

    /// Goes to the next item of the path that is invoked: steps 6.13 and 6.14 of
    /// [dispatch](https://dom.spec.whatwg.org/#concept-event-dispatch).
    fn go_on(&mut self) -> Option<Place> {
        let length = self.path.len();
        loop {
            // 6.13. For each item, in reverse order. 6.14. Then for each item, in order.
            let down = self.place < length;
            let index = if down {
                length - 1 - self.place
            } else {
                self.place - length
            };
            let item = self.path.get(index)?;
            self.place += 1;
            let phase = match (item.shadow_adjusted_target.is_some(), down) {
                // 6.13.1. and 6.14.1. The phase of an item with a shadow-adjusted target.
                (true, _) => EventPhase::AtTarget,
                // 6.13.2. The phase of any other item on the way down.
                (false, true) => EventPhase::Capturing,
                // 6.14.2.2. Its phase on the way up.
                (false, false) if self.event.bubbles => EventPhase::Bubbling,
                // 6.14.2.1. An event that does not bubble skips it on the way up.
                (false, false) => continue,
            };
            // 6.13.3. and 6.14.3. Invoke.
            return Some(Place {
                index,
                phase,
                down,
                called: ListenerId::default(),
                last: None,
            });
        }
    }
}

/// The dispatch of an event at one target without a parent, for a caller with its listener list at hand.
///
/// OPTIMIZATION: [`Dispatch`] along a path of one item calls the same listeners. The events of messages have such a
/// path, and the path, its item and its copies took a sixth of the instructions of such an event.
#[derive(Clone, Debug)]
pub struct DispatchAtTarget<'a> {
    event_type: &'a str,
    /// Whether the event is in the capturing phase.
    down: bool,
    /// The last listener that was called.
    called: ListenerId,
    /// The last listener that was in the list at the beginning of the phase.
    last: Option<ListenerId>,
}

/// A listener to call now, at the event's only target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAtTarget<C> {
    /// The callback.
    pub callback: C,
    /// The listener's [passive](https://dom.spec.whatwg.org/#event-listener-passive) value.
    pub passive: Option<bool>,
    /// Whether no other listener can follow. Then [`DispatchAtTarget::next`] need not be called again.
    pub is_last: bool,
}

impl<'a> DispatchAtTarget<'a> {
    /// A dispatch of an event of this type.
    #[must_use]
    pub fn new(event_type: &'a str) -> Self {
        Self {
            event_type,
            down: true,
            called: ListenerId::default(),
            last: None,
        }
    }

    /// The next listener to call; `None` when the dispatch has ended. `flags` are the event's flags after the last
    /// listener. See [`Dispatch::next`].
    #[inline]
    pub fn next<C: Clone>(
        &mut self,
        flags: PropagationFlags,
        list: &mut ListenerList<C>,
    ) -> Option<CallAtTarget<C>> {
        // Inner invoke, 2.14. If the stop immediate propagation flag is set, no other listener is called.
        if flags.stop_immediate_propagation {
            return None;
        }
        loop {
            // Invoke, 8. Clone the event listener list, on arrival.
            let last = *self.last.get_or_insert(list.last_id());
            // Inner invoke, 2. Take the next listener.
            let Some(listener) = list.next_for(self.event_type, self.down, self.called, last)
            else {
                // Invoke, 6. If the stop propagation flag is set, nothing is invoked on the way up.
                if !self.down || flags.stop_propagation {
                    return None;
                }
                self.down = false;
                self.called = ListenerId::default();
                self.last = None;
                continue;
            };
            let (id, options) = (listener.id, listener.options);
            let callback = listener.callback.clone();
            // Inner invoke, 2.5. A listener that is called once is removed before it is called.
            if options.once {
                list.remove_by_id(id);
            }
            self.called = id;
            return Some(CallAtTarget {
                callback,
                passive: options.passive,
                is_last: !self.down && id == last,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ListenerOptions, plain_path};
    use super::*;

    /// Three targets, 0 the lowest; callbacks are strings.
    #[derive(Default)]
    struct Lists([ListenerList<&'static str>; 3]);

    impl ListenerLists<usize, &'static str> for Lists {
        fn with_listeners<R>(
            &mut self,
            target: &usize,
            f: impl FnOnce(&mut ListenerList<&'static str>) -> R,
        ) -> Option<R> {
            self.0.get_mut(*target).map(f)
        }
    }

    impl Lists {
        fn add(&mut self, target: usize, callback: &'static str, capture: bool, once: bool) {
            let options = ListenerOptions {
                capture,
                once,
                passive: None,
            };
            self.0[target].add("x", callback, options);
        }

        /// Dispatches at 0; `act` is the body of each callback.
        fn dispatch(
            &mut self,
            event: EventInfo<'_>,
            mut act: impl FnMut(&str, &mut Self, &mut PropagationFlags),
        ) -> Vec<String> {
            let path = plain_path([0, 1, 2]);
            let mut dispatch = Dispatch::new(&path, event);
            let (mut flags, mut called) = (PropagationFlags::default(), Vec::new());
            while let Some(invocation) = dispatch.next(flags, self) {
                called.push(format!(
                    "{}{}{}",
                    invocation.callback, invocation.current_target, invocation.phase as u8
                ));
                act(invocation.callback, self, &mut flags);
            }
            called
        }
    }

    fn everywhere() -> Lists {
        let mut lists = Lists::default();
        for target in 0..3 {
            lists.add(target, "up", false, false);
            lists.add(target, "down", true, false);
        }
        lists
    }

    #[test]
    fn listeners_are_called_down_to_the_target_and_up_again() {
        let mut lists = everywhere();
        let called = lists.dispatch(EventInfo::new("x").with_bubbles(true), |_, _, _| {});
        assert_eq!(
            called,
            ["down21", "down11", "down02", "up02", "up13", "up23"]
        );
        let called = lists.dispatch(EventInfo::new("x"), |_, _, _| {});
        assert_eq!(called, ["down21", "down11", "down02", "up02"]);
    }

    #[test]
    fn propagation_can_be_stopped() {
        let mut lists = everywhere();
        lists.add(1, "second", true, false);
        let called = lists.dispatch(EventInfo::new("x").with_bubbles(true), |_, _, flags| {
            flags.stop_propagation = true;
        });
        assert_eq!(called, ["down21"]);
        let called = lists.dispatch(
            EventInfo::new("x").with_bubbles(true),
            |callback, lists, flags| {
                if callback == "second" {
                    flags.stop_propagation = true;
                }
                lists.add(1, "late", true, false);
            },
        );
        assert_eq!(called, ["down21", "down11", "second11", "late11"]);
        let called = lists.dispatch(
            EventInfo::new("x").with_bubbles(true),
            |callback, _, flags| {
                flags.stop_immediate_propagation = callback == "second";
            },
        );
        assert_eq!(called, ["down21", "down11", "second11"]);
    }

    #[test]
    fn an_only_target_is_called_as_the_target_of_a_path() {
        let capture = ListenerOptions::default().with_capture(true);
        let run = |length: usize, stop: &'static str| {
            let mut lists = Lists::default();
            for (callback, capture, once) in [
                ("up", false, false),
                ("down", true, false),
                ("once", true, true),
                ("last", false, true),
            ] {
                lists.add(0, callback, capture, once);
            }
            let path = plain_path(0..length);
            let mut dispatch = Dispatch::new(&path, EventInfo::new("x"));
            let (mut flags, mut called) = (PropagationFlags::default(), Vec::new());
            while let Some(invocation) = dispatch.next(flags, &mut lists) {
                let callback = invocation.callback;
                called.push((callback, invocation.phase));
                if callback == "down" {
                    // The capturing phase has begun, the bubbling phase has not.
                    lists.0[0].add("x", "too late", capture);
                    lists.add(0, "in time", false, false);
                    lists.0[0].remove("x", &"up", ListenerOptions::default());
                }
                flags.stop_propagation = callback == stop;
            }
            (called, lists.0[0].len())
        };
        for stop in ["", "down", "once", "last"] {
            assert_eq!(run(1, stop), run(3, stop), "{stop}");
        }
        let at_target = ["down", "once", "last", "in time"].map(|it| (it, EventPhase::AtTarget));
        assert_eq!(run(1, "").0, at_target);
    }

    #[test]
    fn listeners_may_be_added_and_removed_during_dispatch() {
        let mut lists = Lists::default();
        lists.add(0, "first", false, false);
        lists.add(0, "removed", false, false);
        lists.add(0, "once", false, true);
        let called = lists.dispatch(
            EventInfo::new("x").with_bubbles(true),
            |callback, lists, _| {
                if callback == "first" {
                    lists.0[0].remove("x", &"removed", ListenerOptions::default());
                    lists.add(0, "too late", false, false);
                    lists.add(1, "in time", false, false);
                }
            },
        );
        assert_eq!(called, ["first02", "once02", "in time13"]);
        assert!(!lists.0[0].iter().any(|held| held.callback == "once"));
    }

    /// The options of a listener that is a number.
    fn options_of(number: u32) -> ListenerOptions {
        ListenerOptions {
            capture: number.is_multiple_of(2),
            once: number.is_multiple_of(3),
            passive: (number.is_multiple_of(5)).then_some(true),
        }
    }

    /// What a listener that is a number does.
    fn act(number: u32, list: &mut ListenerList<u32>, flags: &mut PropagationFlags) {
        match number % 11 {
            1 => flags.stop_propagation = true,
            2 => {
                flags.stop_propagation = true;
                flags.stop_immediate_propagation = true;
            }
            3..=5 if number < 100 => {
                list.add("x", number + 100, options_of(number / 2));
            }
            6 | 7 => {
                list.remove("x", &(number + 1), options_of(number + 1));
            }
            _ => {}
        }
    }

    #[test]
    fn a_dispatch_at_one_target_calls_the_listeners_of_one_along_its_path() {
        struct One(ListenerList<u32>);
        impl ListenerLists<(), u32> for One {
            fn with_listeners<R>(
                &mut self,
                (): &(),
                f: impl FnOnce(&mut ListenerList<u32>) -> R,
            ) -> Option<R> {
                Some(f(&mut self.0))
            }
        }
        let path = plain_path([()]);
        for seed in 0..2_000_u32 {
            let mut list = ListenerList::new();
            for step in 0..seed % 7 {
                let number = (seed * 31 + step * 17) % 60;
                let event_type = if number % 13 == 0 { "y" } else { "x" };
                list.add(event_type, number, options_of(number));
            }
            let mut along = One(list.clone());
            let mut dispatch = Dispatch::new(&path, EventInfo::new("x"));
            let (mut flags, mut expected) = (PropagationFlags::default(), Vec::new());
            while let Some(invocation) = dispatch.next(flags, &mut along) {
                expected.push((invocation.callback, invocation.passive));
                assert_eq!(invocation.phase, EventPhase::AtTarget);
                act(invocation.callback, &mut along.0, &mut flags);
            }
            let mut dispatch = DispatchAtTarget::new("x");
            let (mut flags, mut called) = (PropagationFlags::default(), Vec::new());
            let mut ended = false;
            while let Some(call) = dispatch.next(flags, &mut list) {
                assert!(!ended, "a listener follows the last one");
                ended = call.is_last;
                called.push((call.callback, call.passive));
                act(call.callback, &mut list, &mut flags);
            }
            assert_eq!(called, expected, "{seed}");
        }
    }
}
