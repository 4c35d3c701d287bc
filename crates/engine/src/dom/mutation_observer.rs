//! `MutationObserver` ([DOM, mutation observers](https://dom.spec.whatwg.org/#mutation-observers)).
//!
//! The registered observer list of a node is a companion of the node's object, so that it lives as
//! long as the tree does. What changes trees calls [`super::mutation_record`].
//!
//! NOT YET: what the parser inserts is not recorded.

use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};
use markup5ever_rcdom::Handle as Node;

use super::node;
use crate::boa::slots::Slot;
use crate::script::callback::{Callback, invoke_and_report};
use crate::script::wrappers;
use crate::script::{EngineTask, TaskId, TaskKind, queue_a_microtask};
use crate::webidl::convert::{Dictionary, argument, callback_function, dom_string, sequence};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, NewTarget};

/// The agent's mutation observers.
static OBSERVERS: Slot<Observers> = Slot::new();

/// What a `MutationObserver` holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ObserverData {
    callback: Callback,
    /// Its node list: the objects of the nodes in whose lists it is registered.
    ///
    /// IMPLEMENTATION-DEFINED: the references are strong. Only how long memory is held differs.
    nodes: Vec<JsObject>,
    /// Its record queue.
    records: Vec<JsObject>,
}

/// [`MutationObserverInit`](https://dom.spec.whatwg.org/#dictdef-mutationobserverinit), with the
/// defaults that `observe()` fills in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
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
pub(crate) struct RegisteredObserver {
    observer: JsObject,
    #[unsafe_ignore_trace]
    options: Options,
    /// Of a [transient](https://dom.spec.whatwg.org/#transient-registered-observer) one the source:
    /// the node in whose list the observer is registered.
    source: Option<JsObject>,
}

/// The observers of an agent.
#[derive(Default)]
pub(crate) struct Observers {
    /// Whether any was ever registered.
    ///
    /// OPTIMIZATION: until then a change to a tree looks for no observers.
    in_use: bool,
    /// [Mutation observer microtask queued](https://dom.spec.whatwg.org/#mutation-observer-compound-microtask-queued-flag)
    microtask_queued: bool,
    /// [Pending mutation observers](https://dom.spec.whatwg.org/#mutation-observer-list)
    pending: Vec<JsObject>,
}

/// The `MutationObserver` interface.
pub(crate) static MUTATION_OBSERVER: Interface = Interface {
    constructor: Some((1, construct)),
    members: &[&[
        Member::Operation("observe", 1, observe),
        Member::Operation("disconnect", 0, disconnect),
        Member::Operation("takeRecords", 0, |this, _, ctx| {
            let records = take_records(this);
            Ok(array(records, ctx))
        }),
    ]],
    ..Interface::new("MutationObserver")
};

/// The registered observer list of a node.
#[derive(Trace, Finalize)]
struct RegisteredObservers(Vec<RegisteredObserver>);

/// It is no interface of the specification: the companion of a node that holds its list.
static REGISTERED_OBSERVERS: Interface = Interface::new("registered observer list");

const COMPANION: &str = "registered observer list";

fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let callback = callback_function(&argument(args, 0), "The callback")?;
    let callback = Callback::new(callback, ctx);
    let data = ObserverData {
        callback,
        nodes: Vec::new(),
        records: Vec::new(),
    };
    target.create(data, ctx)
}

fn with_observer<R>(this: &JsObject, change: impl FnOnce(&mut ObserverData) -> R) -> Option<R> {
    platform::with_mut(this, |data: &mut ObserverData| Some(change(data)))
}

/// The registered observers of a node that has an object.
pub(crate) fn registered(object: &JsObject) -> Vec<RegisteredObserver> {
    let Some(list) = platform::held_companion(object, COMPANION) else {
        return Vec::new();
    };
    platform::with(&list, |list: &RegisteredObservers| Some(list.0.clone())).unwrap_or_default()
}

fn change_registered(
    object: &JsObject,
    ctx: &mut Context,
    change: impl FnOnce(&mut Vec<RegisteredObserver>),
) -> JsResult<()> {
    let list = platform::companion(object, COMPANION, ctx, |ctx| {
        let kind = RegisteredObservers(Vec::new());
        let no_prototype = JsObject::with_null_proto();
        Ok(platform::PlatformObject::create(
            kind,
            &REGISTERED_OBSERVERS,
            no_prototype,
            ctx,
        ))
    })?;
    platform::with_mut(&list, |list: &mut RegisteredObservers| {
        change(&mut list.0);
        Some(())
    });
    Ok(())
}

fn array(objects: Vec<JsObject>, ctx: &mut Context) -> JsValue {
    JsArray::from_iter(objects.into_iter().map(JsValue::from), ctx).into()
}

fn options(value: &JsValue, ctx: &mut Context) -> JsResult<Options> {
    let init = Dictionary::new(value)?;
    let attribute_filter = match init.get("attributeFilter", ctx)? {
        Some(names) => {
            let names = sequence(&names, ctx)?;
            let names: JsResult<Vec<String>> =
                names.iter().map(|name| dom_string(name, ctx)).collect();
            Some(names?)
        }
        None => None,
    };
    let mut flag = |name| {
        init.get(name, ctx)
            .map(|value: Option<JsValue>| value.map(|value| value.to_boolean()))
    };
    let attribute_old_value = flag("attributeOldValue")?;
    let attributes = flag("attributes")?;
    let character_data = flag("characterData")?;
    let character_data_old_value = flag("characterDataOldValue")?;
    let child_list = flag("childList")?.unwrap_or(false);
    let subtree = flag("subtree")?.unwrap_or(false);
    Ok(Options {
        child_list,
        attributes: attributes
            .unwrap_or(attribute_old_value.is_some() || attribute_filter.is_some()),
        character_data: character_data.unwrap_or(character_data_old_value.is_some()),
        subtree,
        attribute_old_value: attribute_old_value.unwrap_or(false),
        character_data_old_value: character_data_old_value.unwrap_or(false),
        attribute_filter,
    })
}

impl Options {
    /// What is wrong with them.
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

    /// Whether a mutation is of interest to whom these options are, steps 1 to 3 of
    /// [queue a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record); if so,
    /// whether the old value is as well.
    pub(crate) fn interest(&self, at_target: bool, mutation: &Mutation<'_>) -> Option<bool> {
        if !at_target && !self.subtree {
            return None;
        }
        match mutation {
            Mutation::Attribute(name) => {
                let filtered = self
                    .attribute_filter
                    .as_ref()
                    .is_some_and(|filter| !filter.iter().any(|wanted| wanted == name));
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
    /// `attributes`, of the attribute of no namespace with this name.
    Attribute(&'a str),
    /// `characterData`.
    CharacterData,
    /// `childList`.
    ChildList,
}

/// [observe](https://dom.spec.whatwg.org/#dom-mutationobserver-observe)
fn observe(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let target = node::node_argument(args, 0, ctx)?;
    let options = options(&argument(args, 1), ctx)?;
    if let Some(error) = options.error() {
        return Err(JsNativeError::typ().with_message(error).into());
    }
    let target = node::wrap(ctx, &target);
    let is_registered = registered(&target)
        .iter()
        .any(|registered| is_observer(registered, this) && registered.source.is_none());
    if is_registered {
        for node in with_observer(this, |data| data.nodes.clone()).unwrap_or_default() {
            change_registered(&node, ctx, |list| {
                list.retain(|registered| {
                    let source = registered.source.as_ref();
                    !is_observer(registered, this)
                        || source.is_none_or(|source| !JsObject::equals(source, &target))
                });
            })?;
        }
    } else {
        with_observer(this, |data| data.nodes.push(target.clone()));
    }
    change_registered(&target, ctx, |list| {
        let held = list
            .iter_mut()
            .find(|registered| is_observer(registered, this) && registered.source.is_none());
        match held {
            Some(held) => held.options = options,
            None => list.push(RegisteredObserver {
                observer: this.clone(),
                options,
                source: None,
            }),
        }
    })?;
    OBSERVERS.with(ctx, |observers| observers.in_use = true);
    Ok(JsValue::undefined())
}

fn is_observer(registered: &RegisteredObserver, observer: &JsObject) -> bool {
    JsObject::equals(&registered.observer, observer)
}

/// [disconnect](https://dom.spec.whatwg.org/#dom-mutationobserver-disconnect)
fn disconnect(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let nodes = with_observer(this, |data| {
        data.records.clear();
        std::mem::take(&mut data.nodes)
    });
    for node in nodes.unwrap_or_default() {
        change_registered(&node, ctx, |list| {
            list.retain(|registered| !is_observer(registered, this));
        })?;
    }
    Ok(JsValue::undefined())
}

fn take_records(this: &JsObject) -> Vec<JsObject> {
    with_observer(this, |data| std::mem::take(&mut data.records)).unwrap_or_default()
}

/// Whether a change to a tree has to look for observers.
pub(crate) fn are_in_use(ctx: &Context) -> bool {
    OBSERVERS.with(ctx, |observers| observers.in_use)
}

/// Adds transient registered observers to a node that is removed from below `parent`
/// ([remove](https://dom.spec.whatwg.org/#concept-node-remove), the step before the records).
pub(crate) fn add_transient(ctx: &mut Context, parent: &Node, removed: &Node) {
    let mut transient = Vec::new();
    for ancestor in framepost_browsing_context::dom::inclusive_ancestors(parent) {
        let Some(object) = wrappers::object_of(ctx, &ancestor) else {
            continue;
        };
        for registered in registered(&object)
            .into_iter()
            .filter(|found| found.options.subtree)
        {
            let source = registered.source.clone().unwrap_or_else(|| object.clone());
            transient.push(RegisteredObserver {
                source: Some(source),
                ..registered
            });
        }
    }
    if transient.is_empty() {
        return;
    }
    let object = node::wrap(ctx, removed);
    for registered in &transient {
        with_observer(&registered.observer, |data| data.nodes.push(object.clone()));
    }
    // Making a companion out of nothing cannot fail.
    let _made = change_registered(&object, ctx, |list| list.extend(transient));
}

/// Enqueues a record to the queue of an observer, and
/// [queues a mutation observer microtask](https://dom.spec.whatwg.org/#queue-a-mutation-observer-compound-microtask).
pub(crate) fn enqueue(ctx: &mut Context, observer: &JsObject, record: JsObject) {
    with_observer(observer, |data| data.records.push(record));
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

/// The observers that are interested in a mutation of `target`, each with whether it wants the old
/// value: steps 1 to 3 of [queue a mutation record](https://dom.spec.whatwg.org/#queue-a-mutation-record).
pub(crate) fn interested(
    ctx: &Context,
    target: &Node,
    mutation: &Mutation<'_>,
) -> Vec<(JsObject, bool)> {
    let mut interested: Vec<(JsObject, bool)> = Vec::new();
    if !are_in_use(ctx) {
        return interested;
    }
    for ancestor in framepost_browsing_context::dom::inclusive_ancestors(target) {
        let at_target = framepost_browsing_context::dom::is_same(&ancestor, target);
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

/// The microtask of that.
static NOTIFY: TaskKind = TaskKind {
    name: "notify mutation observers",
    run: |ctx, _| notify(ctx),
};

/// [Notify mutation observers](https://dom.spec.whatwg.org/#notify-mutation-observers)
fn notify(ctx: &mut Context) {
    let notify_set = OBSERVERS.with(ctx, |observers| {
        observers.microtask_queued = false;
        std::mem::take(&mut observers.pending)
    });
    for observer in notify_set {
        let records = take_records(&observer);
        remove_transient(&observer, ctx);
        let callback = with_observer(&observer, |data| data.callback.clone());
        let Some(callback) = callback.filter(|_| !records.is_empty()) else {
            continue;
        };
        let this = JsValue::from(observer.clone());
        let window = callback.incumbent;
        let records = array(records, ctx);
        invoke_and_report(&callback, &this, &[records, this.clone()], window, ctx);
    }
}

fn remove_transient(observer: &JsObject, ctx: &mut Context) {
    let nodes = with_observer(observer, |data| data.nodes.clone()).unwrap_or_default();
    let mut kept: Vec<JsObject> = Vec::new();
    for node in nodes {
        let list = registered(&node);
        if list
            .iter()
            .any(|registered| is_observer(registered, observer) && registered.source.is_some())
        {
            // The companion is there already, so that this cannot fail.
            let _changed = change_registered(&node, ctx, |list| {
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

/// Makes an object of an interface of this family in the realm of an observer.
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
    use super::{Mutation, Options};

    #[test]
    fn options_say_what_is_of_interest() {
        let options = Options {
            attributes: true,
            attribute_old_value: true,
            attribute_filter: Some(vec!["id".to_owned()]),
            ..Options::default()
        };
        assert_eq!(
            options.interest(true, &Mutation::Attribute("id")),
            Some(true)
        );
        assert_eq!(options.interest(true, &Mutation::Attribute("class")), None);
        assert_eq!(options.interest(false, &Mutation::Attribute("id")), None);
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
    fn options_must_ask_for_something_and_not_contradict_themselves() {
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
