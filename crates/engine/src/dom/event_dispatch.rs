//! Event targets, and dispatching events to them
//! ([DOM, dispatching events](https://dom.spec.whatwg.org/#dispatching-events)).

mod at_object;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_browsing_context::events::{
    Dispatch, EventInfo, EventPhase, Invocation, ListenerList, ListenerLists, PathItem,
    PropagationFlags, target_at,
};
use framepost_browsing_context::{EventTarget, dom};
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use crate::boa::strings::text_of;
use crate::dom::event_listeners::{ListenerCallback, Listeners};
use crate::dom::events::{self, EventData, EventPath, NewEvent, PathEntry};
use crate::dom::extensions::extensions;
use crate::dom::node;
use crate::script::globals::{self, window_of_global};
use crate::script::{State, callback, realm, state, with_contexts, wrappers};
use crate::webidl::platform::{self, PlatformObject};

/// An object that events are dispatched to. A node need not have an object yet.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum Target {
    /// A node.
    Node(#[unsafe_ignore_trace] Node),
    /// Any other target, a window as its global object.
    Object(JsObject),
}

impl Target {
    /// The target that a platform object is.
    pub(crate) fn of(object: &JsObject) -> Self {
        wrappers::as_node(object).map_or_else(|| Self::Object(object.clone()), Self::Node)
    }

    /// The object that script sees: for a window, its WindowProxy.
    pub(crate) fn value(&self, ctx: &mut Context) -> JsValue {
        match self {
            Self::Node(node) => node::wrap(ctx, node).into(),
            Self::Object(object) => match window_of_global(object) {
                Some(window) => realm::window_value(ctx, window),
                None => object.clone().into(),
            },
        }
    }

    /// The object with the listeners; `None` for a node that cannot have any.
    fn listening(&self, ctx: &mut Context) -> Option<JsObject> {
        match self {
            Self::Object(object) => Some(object.clone()),
            Self::Node(node) => {
                let held = wrappers::object_of(ctx, node);
                held.or_else(|| {
                    (extensions().has_declared_listeners)(node).then(|| node::wrap(ctx, node))
                })
            }
        }
    }

    /// The window or worker of the target. For a node it is that of its document, or else that of its object.
    fn owner(&self, ctx: &Context) -> Option<GlobalId> {
        match self {
            Self::Node(node) => node::window_of(ctx, node).or_else(|| {
                let object = wrappers::object_of(ctx, node)?;
                platform::relevant_global(&object)
            }),
            Self::Object(object) => globals::global_or_relevant(object),
        }
    }

    /// The window that the target belongs to.
    pub(crate) fn window(&self, ctx: &Context) -> Option<GlobalId> {
        match self {
            Self::Node(node) => node::window_of(ctx, node),
            Self::Object(object) => {
                globals::global_or_relevant(object).or_else(|| realm::current_window(ctx))
            }
        }
    }
}

/// The [path](https://dom.spec.whatwg.org/#event-path) of an event at a node, the innermost target
/// first, and whether dispatch
/// [clears the targets](https://dom.spec.whatwg.org/#concept-event-dispatch). The library numbers the steps.
fn event_path(
    ctx: &Context,
    node: &Node,
    related: Option<&Node>,
    info: EventInfo<'_>,
) -> (Vec<PathItem<Target>>, bool) {
    let (path, clears) = with_contexts(ctx, |contexts| {
        let target = EventTarget::Node(node.clone());
        let path = contexts.event_path(&target, related, info);
        let clears = contexts.clears_targets(&path);
        let shown = |target| match target {
            EventTarget::Document(document) => match contexts.document(document) {
                Some(document) => EventTarget::Node(document.node().clone()),
                None => EventTarget::Document(document),
            },
            other => other,
        };
        let path: Vec<_> = path.into_iter().map(|item| item.map(shown)).collect();
        (path, clears)
    });
    let path = path.into_iter().map(|item| {
        item.map(|target| match target {
            EventTarget::Node(node) => Some(Target::Node(node)),
            EventTarget::Window(window) => {
                realm::window_record(ctx, window).map(|record| Target::Object(record.global))
            }
            _ => None,
        })
    });
    (path.filter_map(known).collect(), clears)
}

/// The path of an event at a target outside trees.
fn path_outside_trees(ctx: &Context, target: &Target, related: Option<&Node>) -> PathItem<Target> {
    let mut item = PathItem::plain(target.clone(), Some(target.clone()));
    item.related_target = related.map(|related| {
        Target::Node(with_contexts(ctx, |contexts| {
            contexts.retarget(related, None)
        }))
    });
    item
}

/// The item of the path, unless its target is gone.
fn known(item: PathItem<Option<Target>>) -> Option<PathItem<Target>> {
    let mut known = PathItem::plain(
        item.invocation_target?,
        item.shadow_adjusted_target.flatten(),
    );
    known.in_shadow_tree = item.in_shadow_tree;
    known.related_target = item.related_target.flatten();
    known.closed = item.closed;
    Some(known)
}

/// The listener lists of an agent's targets.
struct Lists<'a>(&'a mut Context);

impl ListenerLists<Target, ListenerCallback> for Lists<'_> {
    fn with_listeners<R>(
        &mut self,
        target: &Target,
        f: impl FnOnce(&mut ListenerList<ListenerCallback>) -> R,
    ) -> Option<R> {
        let of_node;
        let object = match target {
            Target::Object(object) => {
                if let Some(window) = window_of_global(object) {
                    (extensions().before_global_listeners)(self.0, window);
                }
                object
            }
            Target::Node(_) => {
                of_node = target.listening(self.0)?;
                &of_node
            }
        };
        let (found, changed) = {
            let mut platform = object.downcast_mut::<PlatformObject>()?;
            let Listeners { list, .. } = platform.attached_mut()?;
            let before = list.len();
            (f(list), list.len() != before)
        };
        // A listener with `once` was removed.
        if changed {
            (extensions().listeners_changed)(self.0, object);
        }
        Some(found)
    }
}

/// [Dispatches](https://dom.spec.whatwg.org/#concept-event-dispatch) an event. Returns false if the
/// event was canceled.
// OPTIMIZATION: the target override (2.) is applied to the path that was found without it.
pub(crate) fn dispatch(
    ctx: &mut Context,
    object: &JsObject,
    target: &Target,
    target_override: Option<&Target>,
) -> JsResult<bool> {
    let (type_, begun) = events::write(object, |event| {
        (event.type_.clone(), begin(event, target, target_override))
    })?;
    let type_ = text_of(&type_);
    let state = state(ctx);
    dispatch_begun(ctx, &state, object, &type_, begun, target, target_override)
}

/// The properties of an event that decide its dispatch.
struct Begun {
    related: Option<JsObject>,
    is_ui: bool,
    bubbles: bool,
    composed: bool,
    flags: PropagationFlags,
}

/// Step 1 of [`dispatch`].
fn begin(event: &mut EventData, target: &Target, target_override: Option<&Target>) -> Begun {
    // 1. Set the dispatch flag.
    event.dispatching = true;
    event.path_index = 0;
    // OPTIMIZATION: outside of trees the path is known already, so that the event is accessed once.
    if let Target::Object(_) = target {
        event.target = Some(target_override.unwrap_or(target).clone());
        event.path = EventPath::One(target.clone());
    }
    Begun {
        related: event.related_target.clone(),
        is_ui: event.is_ui,
        bubbles: event.bubbles,
        composed: event.composed,
        flags: propagation_flags(event),
    }
}

/// Steps 2 to 13 of [`dispatch`], for an event of this type.
fn dispatch_begun(
    ctx: &mut Context,
    state: &State,
    object: &JsObject,
    type_: &str,
    begun: Begun,
    target: &Target,
    target_override: Option<&Target>,
) -> JsResult<bool> {
    let Begun {
        related,
        is_ui,
        bubbles,
        composed,
        mut flags,
    } = begun;
    // OPTIMIZATION: most targets outside trees need no path.
    if let Target::Object(at) = target
        && related.is_none()
    {
        return at_object::dispatch(ctx, state, object, type_, flags, target, at);
    }
    let is_click = is_ui && type_ == "click";
    // 4. Retarget the related target, for each item of the path.
    let related = related.as_ref().and_then(wrappers::as_node);
    let info = EventInfo::new(type_)
        .with_bubbles(bubbles)
        .with_composed(composed);
    // 5. and 6.11. Find out whether the event loses its targets at the end.
    // 6.3. to 6.9. Compute the path.
    let (mut tree, mut single);
    let (path, clears_targets) = match target {
        Target::Node(node) => {
            let clears_targets;
            (tree, clears_targets) = event_path(ctx, node, related.as_ref(), info);
            (&mut tree[..], clears_targets)
        }
        Target::Object(_) => {
            single = [path_outside_trees(ctx, target, related.as_ref())];
            (&mut single[..], false)
        }
    };
    // 2. A target override is used as the target.
    if let (Some(first), Some(shown)) = (path.first_mut(), target_override) {
        first.shadow_adjusted_target = Some(shown.clone());
    }
    let path = &*path;
    // 3. Nothing is activated,
    // 6.4. unless the event is a click.
    let activation = if is_click {
        activation_target(path, bubbles)
    } else {
        None
    };
    if let Target::Node(_) = target {
        events::write(object, |event| {
            if let Some(first) = path.first() {
                event.target.clone_from(&first.shadow_adjusted_target);
            }
            event.path = EventPath::Tree(path.iter().map(PathEntry::of).collect());
        })?;
    }
    // 6.12. Run legacy-pre-activation behavior.
    let mut undo = None;
    if let Some(element) = &activation {
        undo = (extensions().activation.legacy_pre)(ctx, element);
        flags = events::read(object, propagation_flags)?;
    }
    // 6.13. Invoke the listeners on the way down.
    // 6.14. Then those on the way up.
    let mut dispatch = Dispatch::new(path, info);
    let end_of_bubbling = end_of_bubbling(path, type_);
    while let Some(invocation) = dispatch.next(flags, &mut Lists(ctx)) {
        if invocation.phase == EventPhase::Bubbling && invocation.index >= end_of_bubbling {
            break;
        }
        flags = inner_invoke(ctx, object, &invocation, path)?;
    }
    let arrival = path.len().checked_sub(1).filter(|_| changes_targets(path));
    let arrival = arrival.map(|last| Arrival::at(ctx, path, last));
    let canceled = events::write(object, |event| {
        if let Some(arrival) = arrival {
            arrival.show(event);
        }
        let canceled = end(event);
        // 11. Clear targets in a shadow tree.
        if clears_targets {
            // 11.1. The target.
            event.target = None;
            // 11.2. The related target.
            event.related_target = None;
            // NOT YET: 11.3. Touch targets.
        }
        canceled
    })?;
    // 12. If something is to be activated:
    if let Some(element) = activation {
        if canceled {
            // 12.2. Run legacy-canceled-activation behavior, if the event was canceled.
            (extensions().activation.legacy_canceled)(ctx, undo);
        } else {
            // 12.1. Otherwise run activation behavior.
            (extensions().activation.run)(ctx, &element, object);
        }
    }
    // 13. Return whether the event was not canceled.
    Ok(!canceled)
}

/// Steps 7 to 10 of [`dispatch`]. Returns whether the event was canceled.
fn end(event: &mut EventData) -> bool {
    // 7. Set the phase to none.
    event.phase = 0;
    // 8. There is no current target any more.
    event.current_target = None;
    // 9. Empty the path.
    event.path = EventPath::None;
    // 10. Unset the three flags.
    event.dispatching = false;
    event.stop_propagation = false;
    event.stop_immediate_propagation = false;
    event.canceled
}

fn propagation_flags(event: &EventData) -> PropagationFlags {
    PropagationFlags {
        stop_propagation: event.stop_propagation,
        stop_immediate_propagation: event.stop_immediate_propagation,
    }
}

/// Whether an event has different targets at an item of its path than at the start.
fn changes_targets(path: &[PathItem<Target>]) -> bool {
    match path {
        [item] => {
            item.related_target.is_some() || matches!(item.invocation_target, Target::Node(_))
        }
        _ => true,
    }
}

/// The index of the first part of a path that an event does not bubble to.
// SPEC-ISSUE: no standard ends the bubbling of these events. In browsers a form inside another one
// submits and resets without that one's knowledge.
fn end_of_bubbling(path: &[PathItem<Target>], type_: &str) -> usize {
    if !matches!(type_, "submit" | "reset") {
        return path.len();
    }
    let is_form = |item: &PathItem<Target>| match &item.invocation_target {
        Target::Node(node) => dom::is_html_element(node, "form"),
        Target::Object(_) => false,
    };
    let mut outer = path.iter().skip(1);
    outer
        .position(is_form)
        .map_or(path.len(), |index| index + 1)
}

/// The event's targets at an item of its path
/// ([invoke](https://dom.spec.whatwg.org/#concept-event-listener-invoke), steps 1 to 4).
// NOT YET: 5. Touch targets.
struct Arrival {
    index: usize,
    target: Option<Target>,
    related_target: Option<JsValue>,
}

impl Arrival {
    fn at(ctx: &mut Context, path: &[PathItem<Target>], index: usize) -> Self {
        let related = path.get(index).and_then(|item| item.related_target.clone());
        Self {
            index,
            // 1. and 2. The target is that of the nearest item before that has one.
            target: target_at(path, index).cloned(),
            related_target: related.map(|related| related.value(ctx)),
        }
    }

    /// Sets the targets for the event's listeners.
    fn show(self, event: &mut EventData) {
        // 3. Set the target.
        event.target = self.target;
        event.path_index = self.index;
        // 4. Set the related target.
        if let Some(related) = self.related_target {
            event.related_target = related.as_object();
        }
    }
}

/// The [activation target](https://dom.spec.whatwg.org/#concept-event-dispatch): the nearest element
/// in the path that has activation behavior. Ancestors count if the event bubbles (steps 6.5, 6.9.6.1 and
/// 6.9.8.2).
fn activation_target(path: &[PathItem<Target>], bubbles: bool) -> Option<Node> {
    path.iter().find_map(|item| match &item.invocation_target {
        Target::Node(node) if bubbles || item.shadow_adjusted_target.is_some() => {
            (extensions().activation.has)(node).then(|| node.clone())
        }
        _ => None,
    })
}

/// [Inner invoke](https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke), for one
/// listener. Returns the flags that the listener may have set.
fn inner_invoke(
    ctx: &mut Context,
    object: &JsObject,
    invocation: &Invocation<'_, Target, ListenerCallback>,
    path: &[PathItem<Target>],
) -> JsResult<PropagationFlags> {
    // OPTIMIZATION: outside trees the event has its targets from the start.
    let arrival = changes_targets(path).then(|| Arrival::at(ctx, path, invocation.index));
    let current = invocation.current_target;
    let owner = current.owner(ctx);
    let window = match &invocation.callback {
        ListenerCallback::Callback(callback) => callback.window(),
        ListenerCallback::Steps(..) => match current {
            Target::Node(_) => current.window(ctx),
            Target::Object(_) => owner.or_else(|| realm::current_window(ctx)),
        },
    };
    let item = path.get(invocation.index);
    // 2.6. The global is that of the callback's realm.
    // 2.7. and 2.8.1. The previous current event stays below the new one on the stack.
    // 2.8.2. Push the new one of a window, except in shadow trees.
    let shown = window.filter(|_| !item.is_some_and(|item| item.in_shadow_tree));
    let state = state(ctx);
    {
        let world = &mut *state.world.borrow_mut();
        // IMPLEMENTATION-DEFINED: the standard calls it. Browsers call no listener of a target whose document is no
        // longer fully active, even if another document dispatches the event. `call_prepared` checks the callback's
        // document, which may be another one.
        let is_left = |window| !world.contexts.is_in_a_fully_active_document(window);
        if owner.is_some_and(is_left) {
            return events::read(object, propagation_flags);
        }
        if let Some(window) = shown {
            let shown = (window, Some(object.clone()));
            world.running.current_events.push(shown);
        }
    }
    // 2.9. A passive listener cannot cancel the event.
    // OPTIMIZATION: what invoke and dispatch set before is set here as well, in one access.
    let passive = invocation.passive == Some(true);
    events::write(object, |event| {
        if let Some(arrival) = arrival {
            arrival.show(event);
        }
        event.phase = invocation.phase as u32;
        // Invoke, 7. Set the current target.
        event.current_target = Some(current.clone());
        event.in_passive_listener = passive;
    })?;
    // NOT YET: 2.10. Record timing info for the listener.
    // 2.11. Call the callback. An exception is reported (2.11.1.).
    // NOT YET: 2.11.2. The flag of Indexed Database.
    let result = match &invocation.callback {
        ListenerCallback::Callback(callback) => {
            let this = current.value(ctx);
            let args = [object.clone().into()];
            let result = callback::call_operation(callback, "handleEvent", &this, &args, ctx);
            callback::finish(result, window, ctx);
            Ok(())
        }
        ListenerCallback::Steps(name, steps) => match current.listening(ctx) {
            Some(listening) => steps(ctx, &listening, name, current, object),
            None => Ok(()),
        },
    };
    // 2.12. Unset the in passive listener flag.
    let flags = events::write(object, |event| {
        event.in_passive_listener = false;
        propagation_flags(event)
    });
    // 2.13. Restore the current event.
    if shown.is_some() {
        state.world.borrow_mut().running.current_events.pop();
    }
    result?;
    flags
}

/// The [current event](https://dom.spec.whatwg.org/#window-current-event) of a window.
pub(crate) fn current_event(ctx: &Context, window: GlobalId) -> Option<JsObject> {
    let state = state(ctx);
    let world = state.world.borrow();
    let mut innermost_first = world.running.current_events.iter().rev();
    let (_, event) = innermost_first.find(|(of, _)| *of == window)?;
    event.clone()
}

/// Removes the current events of a window or a worker that is gone.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    let state = state(ctx);
    let events = &mut state.world.borrow_mut().running.current_events;
    for (_, event) in events.iter_mut().filter(|(of, _)| *of == global) {
        *event = None;
    }
}

/// The number of windows with a current event.
#[cfg(test)]
pub(crate) fn current_events(ctx: &Context) -> usize {
    let state = state(ctx);
    let events = &state.world.borrow().running.current_events;
    events.iter().filter(|(_, event)| event.is_some()).count()
}

/// [Fires a trusted event](https://dom.spec.whatwg.org/#concept-event-fire). Returns false if the
/// event was canceled.
pub(crate) fn fire(
    ctx: &mut Context,
    target: &Target,
    target_override: Option<&Target>,
    type_: impl Into<JsString>,
    (bubbles, cancelable): (bool, bool),
    new: NewEvent,
) -> bool {
    let window = target.window(ctx);
    // 1. to 4. Create the event, and initialize it.
    let object = events::create_trusted(ctx, window, type_, bubbles, cancelable, new);
    // 5. Dispatch it. A new event can always be dispatched.
    dispatch(ctx, &object, target, target_override).unwrap_or(true)
}

/// [`fire`] for an event with a constant type that neither bubbles nor can be canceled.
///
/// OPTIMIZATION: the event is created as one whose dispatch has begun, and its type is not read from it.
pub(crate) fn fire_simple(
    ctx: &mut Context,
    state: &State,
    target: &Target,
    type_: &'static str,
    name: JsString,
    new: NewEvent,
) {
    let window = target.window(ctx);
    let now = state.world.borrow().event_loop.peek_now();
    let mut event = events::trusted_at(now, name);
    let begun = begin(&mut event, target, None);
    let object = events::create_in(ctx, state, window, event, new);
    let _not_canceled = dispatch_begun(ctx, state, &object, type_, begun, target, None);
}

/// Fires a trusted event that bubbles and leaves shadow trees.
pub(crate) fn fire_composed(ctx: &mut Context, target: &Target, type_: &str) {
    let window = target.window(ctx);
    let object = events::create_trusted(ctx, window, type_, true, false, NewEvent::plain());
    let _written = events::write(&object, |event| event.composed = true);
    let _not_canceled = dispatch(ctx, &object, target, None);
}

/// Whether `dispatchEvent()` accepts the event: it is initialized, and is not being dispatched.
pub(crate) fn can_be_dispatched(event: &EventData) -> bool {
    event.initialized && !event.dispatching
}
