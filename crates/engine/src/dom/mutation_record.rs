//! `MutationRecord` ([DOM, interface MutationRecord](https://dom.spec.whatwg.org/#interface-mutationrecord)),
//! and what has to be called where trees change.
//!
//! The records of a tree operation are planned before it, when the tree still is as it was, and
//! queued after it: by then they name what really happened, and the ancestors of the nodes that
//! they are about are the same ones.

use crate::script::wrappers;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::mutation_observer::{self as observers, Mutation};
use super::{collections, node};
use crate::webidl::convert::{js_str, js_str_or_null};
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

/// What a `MutationRecord` holds. The nodes are held by their objects.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct RecordData {
    #[unsafe_ignore_trace]
    what: &'static str,
    target: JsObject,
    added: Vec<JsObject>,
    removed: Vec<JsObject>,
    previous_sibling: Option<JsObject>,
    next_sibling: Option<JsObject>,
    #[unsafe_ignore_trace]
    attribute_name: Option<String>,
    #[unsafe_ignore_trace]
    old_value: Option<String>,
}

/// The `MutationRecord` interface.
pub(crate) static MUTATION_RECORD: Interface = Interface {
    members: &[&[
        Member::Attribute("type", |this, _| read(this, |data| js_str(data.what)), None),
        Member::Attribute(
            "target",
            |this, _| read(this, |data| data.target.clone().into()),
            None,
        ),
        Member::Attribute(
            "addedNodes",
            |this, ctx| {
                let nodes = read(this, |data| data.added.clone())?;
                node_list(this, "addedNodes", &nodes, ctx)
            },
            None,
        ),
        Member::Attribute(
            "removedNodes",
            |this, ctx| {
                let nodes = read(this, |data| data.removed.clone())?;
                node_list(this, "removedNodes", &nodes, ctx)
            },
            None,
        ),
        Member::Attribute(
            "previousSibling",
            |this, _| read(this, |data| object_or_null(data.previous_sibling.as_ref())),
            None,
        ),
        Member::Attribute(
            "nextSibling",
            |this, _| read(this, |data| object_or_null(data.next_sibling.as_ref())),
            None,
        ),
        Member::Attribute(
            "attributeName",
            |this, _| read(this, |data| js_str_or_null(data.attribute_name.as_deref())),
            None,
        ),
        // Every attribute that can be set here is of no namespace.
        Member::Attribute("attributeNamespace", |_, _| Ok(JsValue::null()), None),
        Member::Attribute(
            "oldValue",
            |this, _| read(this, |data| js_str_or_null(data.old_value.as_deref())),
            None,
        ),
    ]],
    ..Interface::new("MutationRecord")
};

fn read<R>(this: &JsObject, read: impl FnOnce(&RecordData) -> R) -> JsResult<R> {
    platform::with(this, |data: &RecordData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

fn object_or_null(object: Option<&JsObject>) -> JsValue {
    object.map_or_else(JsValue::null, |object| object.clone().into())
}

fn node_list(
    this: &JsObject,
    name: &'static str,
    nodes: &[JsObject],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let root = read(this, |data| data.target.clone())?;
    let root = wrappers::node(&root)?;
    let nodes: Vec<_> = nodes.iter().filter_map(wrappers::as_node).collect();
    let list = platform::companion(this, name, ctx, |ctx| {
        Ok(collections::static_node_list(ctx, &root, &nodes))
    })?;
    Ok(list.into())
}

/// A record of type `childList` that is to be queued.
struct ChildList {
    target: Node,
    added: Vec<Node>,
    removed: Vec<Node>,
    previous_sibling: Option<Node>,
    next_sibling: Option<Node>,
}

/// What a tree operation will have to be recorded as.
#[must_use]
#[derive(Default)]
pub(crate) struct Planned {
    /// The nodes that leave their parents.
    leaving: Vec<(Node, Node)>,
    records: Vec<ChildList>,
}

fn in_use(ctx: &Context) -> bool {
    observers::are_in_use(ctx)
}

impl Planned {
    /// A node leaves its parent; with a record unless observers are suppressed.
    fn leave(&mut self, node: &Node, suppressed: bool) {
        let Some(parent) = dom::parent(node) else {
            return;
        };
        self.leaving.push((parent.clone(), node.clone()));
        if !suppressed {
            self.records.push(ChildList {
                target: parent,
                added: Vec::new(),
                removed: vec![node.clone()],
                previous_sibling: dom::previous_sibling(node),
                next_sibling: dom::next_sibling(node),
            });
        }
    }

    /// What comes into a parent with a node: it, or what is in it if it is a fragment; the places
    /// that this is taken from.
    fn come(&mut self, node: &Node) -> Vec<Node> {
        if !dom::is_document_fragment(node) {
            self.leave(node, false);
            return vec![node.clone()];
        }
        let nodes = node.children.borrow().clone();
        for child in &nodes {
            self.leave(child, true);
        }
        if !nodes.is_empty() {
            self.records.push(ChildList {
                target: node.clone(),
                added: Vec::new(),
                removed: nodes.clone(),
                previous_sibling: None,
                next_sibling: None,
            });
        }
        nodes
    }

    /// Plans the records of [insert](https://dom.spec.whatwg.org/#concept-node-insert).
    pub(crate) fn insert(ctx: &Context, parent: &Node, node: &Node, before: Option<&Node>) -> Self {
        let mut planned = Self::default();
        if !in_use(ctx) {
            return planned;
        }
        // https://dom.spec.whatwg.org/#concept-node-pre-insert, step 3
        let before = match before {
            Some(before) if dom::is_same(before, node) => dom::next_sibling(node),
            other => other.cloned(),
        };
        let previous_sibling = match &before {
            Some(before) => dom::previous_sibling(before),
            None => dom::last_child(parent),
        };
        let added = planned.come(node);
        if !added.is_empty() {
            planned.records.push(ChildList {
                target: parent.clone(),
                added,
                removed: Vec::new(),
                previous_sibling,
                next_sibling: before,
            });
        }
        planned
    }

    /// Plans the record of [remove](https://dom.spec.whatwg.org/#concept-node-remove).
    pub(crate) fn remove(ctx: &Context, node: &Node) -> Self {
        let mut planned = Self::default();
        if in_use(ctx) {
            planned.leave(node, false);
        }
        planned
    }

    /// Plans the records of [replace](https://dom.spec.whatwg.org/#concept-node-replace).
    pub(crate) fn replace(ctx: &Context, parent: &Node, node: &Node, child: &Node) -> Self {
        let mut planned = Self::default();
        if !in_use(ctx) {
            return planned;
        }
        let mut next_sibling = dom::next_sibling(child);
        if let Some(sibling) = &next_sibling
            && dom::is_same(sibling, node)
        {
            next_sibling = dom::next_sibling(node);
        }
        let previous_sibling = dom::previous_sibling(child);
        planned.leave(child, true);
        let added = if dom::is_same(node, child) {
            vec![node.clone()]
        } else {
            planned.come(node)
        };
        planned.records.push(ChildList {
            target: parent.clone(),
            added,
            removed: vec![child.clone()],
            previous_sibling,
            next_sibling,
        });
        planned
    }

    /// Plans the records of [replace all](https://dom.spec.whatwg.org/#concept-node-replace-all).
    pub(crate) fn replace_all(ctx: &Context, parent: &Node, node: Option<&Node>) -> Self {
        let mut planned = Self::default();
        if !in_use(ctx) {
            return planned;
        }
        let removed = parent.children.borrow().clone();
        for child in &removed {
            planned.leave(child, true);
        }
        let added = node.map_or_else(Vec::new, |node| planned.come(node));
        if !added.is_empty() || !removed.is_empty() {
            planned.records.push(ChildList {
                target: parent.clone(),
                added,
                removed,
                previous_sibling: None,
                next_sibling: None,
            });
        }
        planned
    }

    /// Queues what was planned, once the operation is done: for each record
    /// [queue a tree mutation record](https://dom.spec.whatwg.org/#queue-a-tree-mutation-record).
    pub(crate) fn queue(self, ctx: &mut Context) {
        for (parent, node) in &self.leaving {
            observers::add_transient(ctx, parent, node);
        }
        for record in self.records {
            let ChildList {
                target,
                added,
                removed,
                previous_sibling,
                next_sibling,
            } = record;
            let interested = observers::interested(ctx, &target, &Mutation::ChildList);
            if interested.is_empty() {
                continue;
            }
            let mut wrap_all = |nodes: &[Node]| -> Vec<JsObject> {
                nodes.iter().map(|found| node::wrap(ctx, found)).collect()
            };
            let (added, removed) = (wrap_all(&added), wrap_all(&removed));
            let previous_sibling = previous_sibling.map(|found| node::wrap(ctx, &found));
            let next_sibling = next_sibling.map(|found| node::wrap(ctx, &found));
            let target = node::wrap(ctx, &target);
            for (observer, _) in interested {
                let data = RecordData {
                    what: "childList",
                    target: target.clone(),
                    added: added.clone(),
                    removed: removed.clone(),
                    previous_sibling: previous_sibling.clone(),
                    next_sibling: next_sibling.clone(),
                    attribute_name: None,
                    old_value: None,
                };
                enqueue(ctx, &observer, data);
            }
        }
    }
}

fn enqueue(ctx: &mut Context, observer: &JsObject, data: RecordData) {
    let kind = data;
    let record = observers::create_in_realm_of(observer, &MUTATION_RECORD, kind, ctx);
    observers::enqueue(ctx, observer, record);
}

/// Queues a record of type `attributes`; to be called with the old value, before or after the
/// change.
pub(crate) fn queue_attribute(
    ctx: &mut Context,
    element: &Node,
    name: &str,
    old_value: Option<&str>,
) {
    queue_value(ctx, element, Mutation::Attribute(name), old_value);
}

/// Queues a record of type `characterData`; to be called with the old data.
pub(crate) fn queue_character_data(ctx: &mut Context, node: &Node, old_value: &str) {
    queue_value(ctx, node, Mutation::CharacterData, Some(old_value));
}

fn queue_value(ctx: &mut Context, target: &Node, mutation: Mutation<'_>, old_value: Option<&str>) {
    let interested = observers::interested(ctx, target, &mutation);
    if interested.is_empty() {
        return;
    }
    let (what, attribute_name) = match mutation {
        Mutation::Attribute(name) => ("attributes", Some(name.to_owned())),
        Mutation::CharacterData => ("characterData", None),
        Mutation::ChildList => ("childList", None),
    };
    let target = node::wrap(ctx, target);
    for (observer, wants_old_value) in interested {
        let data = RecordData {
            what,
            target: target.clone(),
            added: Vec::new(),
            removed: Vec::new(),
            previous_sibling: None,
            next_sibling: None,
            attribute_name: attribute_name.clone(),
            old_value: old_value.filter(|_| wants_old_value).map(str::to_owned),
        };
        enqueue(ctx, &observer, data);
    }
}
