//! The mutation records of changes to trees
//! ([DOM, queuing a mutation record](https://dom.spec.whatwg.org/#queueing-a-mutation-record)).
//!
//! The records of a tree operation are planned before it, in the old tree, and queued after it. Then they describe
//! what really happened, and their targets still have the same ancestors.

use boa_engine::{Context, JsObject};
use framepost_browsing_context::dom::{self, TreeChange};
use html5ever::QualName;
use markup5ever_rcdom::Handle as Node;

use super::extensions::extensions;
use super::mutation_observers::{self, Mutation};
use super::mutation_record::{MUTATION_RECORD, RecordData};
use super::node;

/// A record of type `childList` to queue.
struct ChildList {
    target: Node,
    added: Vec<Node>,
    removed: Vec<Node>,
    previous_sibling: Option<Node>,
    next_sibling: Option<Node>,
}

/// The records that a tree operation will queue.
#[must_use]
#[derive(Default)]
pub(crate) struct Planned {
    /// The nodes that leave their parents.
    leaving: Vec<(Node, Node)>,
    records: Vec<ChildList>,
}

impl Planned {
    /// Plans the removal of a node from its parent, with a record unless observers are suppressed.
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

    /// Plans the insertion of a node into a parent. Returns the inserted nodes: the node, or the children of a
    /// fragment.
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
        if !mutation_observers::are_in_use(ctx) {
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
        if mutation_observers::are_in_use(ctx) {
            planned.leave(node, false);
        }
        planned
    }

    /// Plans the records of [replace](https://dom.spec.whatwg.org/#concept-node-replace).
    pub(crate) fn replace(ctx: &Context, parent: &Node, node: &Node, child: &Node) -> Self {
        let mut planned = Self::default();
        if !mutation_observers::are_in_use(ctx) {
            return planned;
        }
        let mut next_sibling = dom::next_sibling(child);
        if let Some(sibling) = &next_sibling
            && dom::is_same(sibling, node)
        {
            next_sibling = dom::next_sibling(node);
        }
        let previous_sibling = dom::previous_sibling(child);
        // SPEC-ISSUE: in the standard there is one record if the node replaces itself. In browsers there are two, as for
        // a removal and an insertion.
        let is_itself = dom::is_same(node, child);
        planned.leave(child, !is_itself);
        let (added, removed) = match is_itself {
            true => (vec![node.clone()], Vec::new()),
            false => (planned.come(node), vec![child.clone()]),
        };
        planned.records.push(ChildList {
            target: parent.clone(),
            added,
            removed,
            previous_sibling,
            next_sibling,
        });
        planned
    }

    /// Plans the records of [replace all](https://dom.spec.whatwg.org/#concept-node-replace-all).
    pub(crate) fn replace_all(ctx: &Context, parent: &Node, node: Option<&Node>) -> Self {
        let mut planned = Self::default();
        if !mutation_observers::are_in_use(ctx) {
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

    /// Queues the planned records after the operation: for each record
    /// [queue a tree mutation record](https://dom.spec.whatwg.org/#queue-a-tree-mutation-record).
    pub(crate) fn queue(self, ctx: &mut Context) {
        for (parent, node) in &self.leaving {
            mutation_observers::add_transient(ctx, parent, node);
        }
        for record in self.records {
            let ChildList {
                target,
                added,
                removed,
                previous_sibling,
                next_sibling,
            } = record;
            let interested = mutation_observers::interested(ctx, &target, &Mutation::ChildList);
            if interested.is_empty() {
                continue;
            }
            let mut wrap_all = |nodes: &[Node]| -> Vec<JsObject> {
                nodes.iter().map(|found| node::wrap(ctx, found)).collect()
            };
            let (added, removed) = (wrap_all(&added), wrap_all(&removed));
            let data = RecordData {
                added,
                removed,
                previous_sibling: previous_sibling.map(|found| node::wrap(ctx, &found)),
                next_sibling: next_sibling.map(|found| node::wrap(ctx, &found)),
                ..RecordData::new("childList", node::wrap(ctx, &target))
            };
            for (observer, _) in interested {
                enqueue(ctx, &observer, data.clone());
            }
        }
    }
}

/// Queues the records of changes by a parser, and reacts to changes of named elements.
pub(crate) fn queue_changes(ctx: &mut Context, changes: Vec<TreeChange>) {
    for change in changes {
        match change {
            TreeChange::Children {
                target,
                added,
                removed,
                previous_sibling,
                next_sibling,
            } => {
                let leaving = removed.iter().map(|node| (target.clone(), node.clone()));
                let planned = Planned {
                    leaving: leaving.collect(),
                    records: vec![ChildList {
                        target,
                        added,
                        removed,
                        previous_sibling,
                        next_sibling,
                    }],
                };
                planned.queue(ctx);
            }
            TreeChange::Attribute { target, name } => {
                queue_attribute(ctx, &target, &dom::plain_attribute_name(&name), None);
            }
            TreeChange::NamedElements { document } => {
                (extensions().named_elements_changed)(ctx, &document);
            }
            _ => {}
        }
    }
}

fn enqueue(ctx: &mut Context, observer: &JsObject, data: RecordData) {
    let record = mutation_observers::create_in_realm_of(observer, &MUTATION_RECORD, data, ctx);
    mutation_observers::enqueue(ctx, observer, record);
}

/// Queues a record of type `attributes`, with the old value.
pub(crate) fn queue_attribute(
    ctx: &mut Context,
    element: &Node,
    name: &QualName,
    old_value: Option<&str>,
) {
    queue_value(ctx, element, Mutation::Attribute(name), old_value);
}

/// Queues a record of type `characterData`, with the old data.
pub(crate) fn queue_character_data(ctx: &mut Context, node: &Node, old_value: &str) {
    queue_value(ctx, node, Mutation::CharacterData, Some(old_value));
}

fn queue_value(ctx: &mut Context, target: &Node, mutation: Mutation<'_>, old_value: Option<&str>) {
    let interested = mutation_observers::interested(ctx, target, &mutation);
    if interested.is_empty() {
        return;
    }
    let (what, name) = match mutation {
        Mutation::Attribute(name) => ("attributes", Some(name)),
        Mutation::CharacterData => ("characterData", None),
        Mutation::ChildList => ("childList", None),
    };
    let namespace = name.filter(|name| !name.ns.is_empty());
    let target = node::wrap(ctx, target);
    for (observer, wants_old_value) in interested {
        let data = RecordData {
            attribute_name: name.map(|name| name.local.to_string()),
            attribute_namespace: namespace.map(|name| name.ns.to_string()),
            old_value: old_value.filter(|_| wants_old_value).map(str::to_owned),
            ..RecordData::new(what, target.clone())
        };
        enqueue(ctx, &observer, data);
    }
}
