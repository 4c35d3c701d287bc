//! Mutation observers ([DOM, mutation observers](https://dom.spec.whatwg.org/#mutation-observers)).
//!
//! The registered observer list of a node is attached to the node's object, so that it lives as long as the tree. The
//! code that changes trees plans its records in [`super::tree_mutations`].

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;
use html5ever::QualName;
use markup5ever_rcdom::Handle as Node;

use super::mutation_observer::MutationObserverInit;
use super::node;
use crate::boa::errors::type_error;
use crate::boa::slots::Slot;
use crate::script::callback::{self, Callback, invoke_and_report};
use crate::script::{EngineTask, TaskId, TaskKind, queue_a_microtask, with_contexts, wrappers};
use crate::webidl::into_js::IntoJs;
use crate::webidl::{self, Interface, platform};

/// The agent's mutation observers.
static OBSERVERS: Slot<Observers> = Slot::new();

/// The data of a `MutationObserver`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ObserverData {
    pub(crate) callback: Callback,
    /// The number of observers that the agent created before it.
    number: u64,
    /// Its node list: the objects of the nodes in whose lists it is registered.
    ///
    /// IMPLEMENTATION-DEFINED: the references are strong. This affects only the lifetime of memory.
    nodes: Vec<JsObject>,
    /// Its record queue.
    records: Vec<JsObject>,
}

/// [`MutationObserverInit`](https://dom.spec.whatwg.org/#dictdef-mutationobserverinit), with the
/// members that `observe()` completes.
#[derive(Clone, Debug, Default)]
struct Options {
    child_list: bool,
    attributes: bool,
    character_data: bool,
    subtree: bool,
    attribute_old_value: bool,
    character_data_old_value: bool,
    attribute_filter: Option<Vec<String>>,
}

/// A [registered observer](https://dom.spec.whatwg.org/#registered-observer).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct RegisteredObserver {
    observer: JsObject,
    #[unsafe_ignore_trace]
    options: Options,
    /// The source of a [transient](https://dom.spec.whatwg.org/#transient-registered-observer) one:
    /// the node in whose list the observer is registered.
    source: Option<JsObject>,
}

/// The observers of an agent.
#[derive(Default)]
struct Observers {
    /// Whether any was ever registered.
    ///
    /// OPTIMIZATION: until then, changes to trees do not search for observers.
    in_use: bool,
    /// [Mutation observer microtask queued](https://dom.spec.whatwg.org/#mutation-observer-compound-microtask-queued-flag)
    microtask_queued: bool,
    /// [Pending mutation observers](https://dom.spec.whatwg.org/#mutation-observer-list)
    pending: Vec<JsObject>,
    created: u64,
}

impl ObserverData {
    /// An observer without nodes and records.
    pub(crate) fn new(callback: Callback, ctx: &Context) -> Self {
        let number = OBSERVERS.with(ctx, |observers| {
            observers.created += 1;
            observers.created
        });
        Self {
            callback,
            number,
            nodes: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Empties the record queue
    /// ([takeRecords](https://dom.spec.whatwg.org/#dom-mutationobserver-takerecords)).
    pub(crate) fn take_records(&mut self) -> Vec<JsObject> {
        std::mem::take(&mut self.records)
    }
}

/// The registered observer list of a node.
#[derive(Default, Trace, Finalize)]
struct RegisteredObservers(Vec<RegisteredObserver>);

fn with_observer<R>(this: &JsObject, change: impl FnOnce(&mut ObserverData) -> R) -> Option<R> {
    platform::with_mut(this, |data: &mut ObserverData| Some(change(data)))
}

/// The registered observers of the node of an object.
fn registered(object: &JsObject) -> Vec<RegisteredObserver> {
    platform::with_attached(object, |list: &RegisteredObservers| list.0.clone()).unwrap_or_default()
}

fn change_registered(object: &JsObject, change: impl FnOnce(&mut Vec<RegisteredObserver>)) {
    platform::with_attached_mut(object, |list: &mut RegisteredObservers| change(&mut list.0));
}

fn is_observer(registered: &RegisteredObserver, observer: &JsObject) -> bool {
    JsObject::equals(&registered.observer, observer)
}

impl Options {
    /// The options of `observe()`, steps 1 and 2.
    fn of(init: MutationObserverInit) -> Self {
        let attributes = init.attribute_old_value.is_some() || init.attribute_filter.is_some();
        Self {
            child_list: init.child_list,
            attributes: init.attributes.unwrap_or(attributes),
            character_data: init
                .character_data
                .unwrap_or(init.character_data_old_value.is_some()),
            subtree: init.subtree,
            attribute_old_value: init.attribute_old_value.unwrap_or(false),
            character_data_old_value: init.character_data_old_value.unwrap_or(false),
            attribute_filter: init.attribute_filter,
        }
    }

    /// The reason why the options are refused: `observe()`, steps 3 to 6.
    fn error(&self) -> Option<&'static str> {
        if !self.child_list && !self.attributes && !self.character_data {
            return Some(
                "at least one of 'childList', 'attributes' and 'characterData' must be true",
            );
        }
        if self.attribute_old_value && !self.attributes {
            return Some("'attributeOldValue' needs 'attributes' to be true or absent");
        }
        if self.attribute_filter.is_some() && !self.attributes {
            return Some("'attributeFilter' needs 'attributes' to be true or absent");
        }
        if self.character_data_old_value && !self.character_data {
            return Some("'characterDataOldValue' needs 'characterData' to be true or absent");
        }
        None
    }

    /// Whether the options request a mutation, and if so, whether they request the old value
    /// ([queue a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record), step 3).
    fn interest(&self, at_target: bool, mutation: &Mutation<'_>) -> Option<bool> {
        if !at_target && !self.subtree {
            return None;
        }
        match mutation {
            Mutation::Attribute(name) => {
                let filtered = self.attribute_filter.as_ref().is_some_and(|filter| {
                    !name.ns.is_empty() || !filter.iter().any(|wanted| *wanted == *name.local)
                });
                (self.attributes && !filtered).then_some(self.attribute_old_value)
            }
            Mutation::CharacterData => self.character_data.then_some(self.character_data_old_value),
            Mutation::ChildList => self.child_list.then_some(false),
        }
    }
}

/// The type of a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutation<'a> {
    /// `attributes`, of the attribute with this name.
    Attribute(&'a QualName),
    /// `characterData`.
    CharacterData,
    /// `childList`.
    ChildList,
}

/// [observe](https://dom.spec.whatwg.org/#dom-mutationobserver-observe)
pub(crate) fn observe(
    observer: &JsObject,
    target: &JsObject,
    init: MutationObserverInit,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 6. Complete the options, and refuse those that contradict each other.
    let options = Options::of(init);
    if let Some(error) = options.error() {
        return Err(type_error(error));
    }
    let is_own =
        |found: &RegisteredObserver| is_observer(found, observer) && found.source.is_none();
    if registered(target).iter().any(is_own) {
        // 7. A registered observer loses its transient ones, and gets the new options.
        for node in with_observer(observer, |data| data.nodes.clone()).unwrap_or_default() {
            change_registered(&node, |list| {
                list.retain(|found| {
                    let source = found.source.as_ref();
                    !is_observer(found, observer)
                        || source.is_none_or(|source| !JsObject::equals(source, target))
                });
            });
        }
        change_registered(target, |list| {
            if let Some(found) = list.iter_mut().find(|found| is_own(found)) {
                found.options = options;
            }
        });
    } else {
        // 8. Another one is appended to the list of the node, and the node to its list.
        with_observer(observer, |data| data.nodes.push(target.clone()));
        let new = RegisteredObserver {
            observer: observer.clone(),
            options,
            source: None,
        };
        change_registered(target, |list| list.push(new));
    }
    OBSERVERS.with(cx, |observers| observers.in_use = true);
    with_contexts(cx, |contexts| contexts.record_changes());
    Ok(())
}

/// [disconnect](https://dom.spec.whatwg.org/#dom-mutationobserver-disconnect)
pub(crate) fn disconnect(observer: &JsObject, _: &mut Context) {
    let nodes = with_observer(observer, |data| {
        // 2. Empty the record queue.
        data.records.clear();
        std::mem::take(&mut data.nodes)
    });
    // 1. Remove the observer from the lists of its nodes.
    for node in nodes.unwrap_or_default() {
        change_registered(&node, |list| {
            list.retain(|registered| !is_observer(registered, observer));
        });
    }
}

/// Whether a change to a tree has to search for observers.
pub(crate) fn are_in_use(ctx: &Context) -> bool {
    OBSERVERS.with(ctx, |observers| observers.in_use)
}

/// Appends transient registered observers to a node that is removed from `parent`
/// ([remove](https://dom.spec.whatwg.org/#concept-node-remove), the step before the records).
pub(crate) fn add_transient(ctx: &mut Context, parent: &Node, removed: &Node) {
    let held = wrappers::object_of(ctx, removed);
    let held = held.map_or_else(Vec::new, |object| registered(&object));
    let mut transient: Vec<RegisteredObserver> = Vec::new();
    for ancestor in dom::inclusive_ancestors(parent) {
        let Some(object) = wrappers::object_of(ctx, &ancestor) else {
            continue;
        };
        for registered in registered(&object)
            .into_iter()
            .filter(|found| found.options.subtree)
        {
            let source = registered.source.clone().unwrap_or_else(|| object.clone());
            // OPTIMIZATION: a second one of the same source would have no effect, and a node that script moves often
            // would get ever more of them.
            let is_the_same = |other: &RegisteredObserver| {
                let of = other.source.as_ref();
                is_observer(other, &registered.observer)
                    && of.is_some_and(|of| JsObject::equals(of, &source))
            };
            if !held.iter().chain(&transient).any(is_the_same) {
                transient.push(RegisteredObserver {
                    source: Some(source),
                    ..registered
                });
            }
        }
    }
    if transient.is_empty() {
        return;
    }
    let object = node::wrap(ctx, removed);
    for registered in &transient {
        with_observer(&registered.observer, |data| data.nodes.push(object.clone()));
    }
    change_registered(&object, |list| list.extend(transient));
}

/// Enqueues a record for an observer
/// ([queue a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record), steps 4 and 5).
pub(crate) fn enqueue(ctx: &mut Context, observer: &JsObject, record: JsObject) {
    // 4. Append the record to the observer's queue.
    with_observer(observer, |data| data.records.push(record));
    // 5. Queue a mutation observer microtask, unless one is queued.
    let queue = OBSERVERS.with(ctx, |observers| {
        if !observers
            .pending
            .iter()
            .any(|pending| JsObject::equals(pending, observer))
        {
            observers.pending.push(observer.clone());
        }
        !std::mem::replace(&mut observers.microtask_queued, true)
    });
    if queue {
        queue_a_microtask(ctx, EngineTask::new(&NOTIFY, TaskId::ONLY));
    }
}

/// The interested observers of a mutation of `target`, each with whether it requests the old value
/// ([queue a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record), steps 1 to 3).
pub(crate) fn interested(
    ctx: &Context,
    target: &Node,
    mutation: &Mutation<'_>,
) -> Vec<(JsObject, bool)> {
    // 1. No observer is interested yet.
    let mut interested: Vec<(JsObject, bool)> = Vec::new();
    if !are_in_use(ctx) {
        return interested;
    }
    // 2. and 3. Check the registered observers of the inclusive ancestors.
    for ancestor in dom::inclusive_ancestors(target) {
        let at_target = dom::is_same(&ancestor, target);
        let Some(object) = wrappers::object_of(ctx, &ancestor) else {
            continue;
        };
        for RegisteredObserver {
            observer, options, ..
        } in registered(&object)
        {
            let Some(old_value) = options.interest(at_target, mutation) else {
                continue;
            };
            match interested
                .iter_mut()
                .find(|(held, _)| JsObject::equals(held, &observer))
            {
                Some((_, wanted)) => *wanted |= old_value,
                None => interested.push((observer, old_value)),
            }
        }
    }
    interested
}

/// The microtask that notifies mutation observers.
static NOTIFY: TaskKind = TaskKind {
    name: "notify mutation observers",
    run: |ctx, _| notify(ctx),
};

/// [Notify mutation observers](https://dom.spec.whatwg.org/#notify-mutation-observers)
fn notify(ctx: &mut Context) {
    // 1. to 3. Take the pending observers.
    // NOT YET: 4. and 6. Signal slots.
    let mut notify_set = OBSERVERS.with(ctx, |observers| {
        observers.microtask_queued = false;
        std::mem::take(&mut observers.pending)
    });
    // SPEC-ISSUE: the standard takes them in the order of their records. All browsers call them in the order of their
    // creation.
    notify_set.sort_by_key(|observer| with_observer(observer, |data| data.number));
    // 5. For each observer:
    for observer in notify_set {
        // 1. and 2. Take its records.
        let records = with_observer(&observer, ObserverData::take_records).unwrap_or_default();
        // 3. Remove its transient registered observers.
        remove_transient(&observer);
        // 4. Invoke its callback with the records, if there are any.
        let callback = with_observer(&observer, |data| data.callback.clone());
        let Some(callback) = callback.filter(|_| !records.is_empty()) else {
            continue;
        };
        // IMPLEMENTATION-DEFINED: as in browsers, an observer of a document that is no longer fully active is not
        // called.
        let owner = platform::relevant_global(&observer);
        if owner.is_some_and(|owner| callback::is_left(ctx, owner)) {
            continue;
        }
        let this = JsValue::from(observer.clone());
        let window = callback.incumbent;
        // Creating an array cannot fail.
        let Ok(records) = records.into_js(ctx) else {
            continue;
        };
        invoke_and_report(&callback, &this, &[records, this.clone()], window, ctx);
    }
}

fn remove_transient(observer: &JsObject) {
    let nodes = with_observer(observer, |data| data.nodes.clone()).unwrap_or_default();
    let mut kept: Vec<JsObject> = Vec::new();
    for node in nodes {
        let list = registered(&node);
        if list
            .iter()
            .any(|registered| is_observer(registered, observer) && registered.source.is_some())
        {
            change_registered(&node, |list| {
                list.retain(|registered| {
                    !is_observer(registered, observer) || registered.source.is_none()
                });
            });
        }
        let stays = registered(&node)
            .iter()
            .any(|registered| is_observer(registered, observer));
        if stays && !kept.iter().any(|held| JsObject::equals(held, &node)) {
            kept.push(node);
        }
    }
    with_observer(observer, |data| data.nodes = kept);
}

/// Creates an object in the realm of an observer.
pub(crate) fn create_in_realm_of(
    observer: &JsObject,
    interface: &'static Interface,
    data: impl platform::Data,
    ctx: &mut Context,
) -> JsObject {
    let window = with_observer(observer, |data| data.callback.incumbent).flatten();
    let realm = window.map_or_else(
        || ctx.realm().clone(),
        |window| crate::script::realm::realm_of(ctx, window),
    );
    webidl::create_object(&realm, interface, data, ctx)
}

#[cfg(test)]
mod tests {
    use framepost_browsing_context::dom;

    use super::{Mutation, Options};

    #[test]
    fn options_select_the_recorded_changes() {
        let options = Options {
            attributes: true,
            attribute_old_value: true,
            attribute_filter: Some(vec!["id".to_owned()]),
            ..Options::default()
        };
        assert_eq!(
            options.interest(true, &Mutation::Attribute(&dom::plain_attribute_name("id"))),
            Some(true)
        );
        assert_eq!(
            options.interest(
                true,
                &Mutation::Attribute(&dom::plain_attribute_name("class"))
            ),
            None
        );
        assert_eq!(
            options.interest(
                false,
                &Mutation::Attribute(&dom::plain_attribute_name("id"))
            ),
            None
        );
        assert_eq!(options.interest(true, &Mutation::ChildList), None);
        let subtree = Options {
            child_list: true,
            subtree: true,
            ..Options::default()
        };
        assert_eq!(subtree.interest(false, &Mutation::ChildList), Some(false));
        assert_eq!(subtree.interest(false, &Mutation::CharacterData), None);
    }

    #[test]
    fn empty_or_contradictory_options_are_refused() {
        assert!(Options::default().error().is_some());
        assert!(
            Options {
                subtree: true,
                ..Options::default()
            }
            .error()
            .is_some()
        );
        assert!(
            Options {
                child_list: true,
                ..Options::default()
            }
            .error()
            .is_none()
        );
        let contradiction = Options {
            child_list: true,
            attribute_old_value: true,
            ..Options::default()
        };
        assert!(contradiction.error().is_some());
    }
}
