//! The [path](https://dom.spec.whatwg.org/#event-path) of an event.

use std::rc::Rc;

use super::EventInfo;
use crate::Contexts;
use crate::dom::{self, Node};
use crate::steps::EventTarget;

/// One item of an event's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathItem<T> {
    /// The [invocation target](https://dom.spec.whatwg.org/#event-path-invocation-target), whose
    /// listeners are called.
    pub invocation_target: T,
    /// The [invocation-target-in-shadow-tree](https://dom.spec.whatwg.org/#event-path-invocation-target-in-shadow-tree).
    pub in_shadow_tree: bool,
    /// The [shadow-adjusted target](https://dom.spec.whatwg.org/#event-path-target): the event's
    /// `target` from here on.
    pub shadow_adjusted_target: Option<T>,
    /// The event's `relatedTarget` here.
    pub related_target: Option<T>,
    /// Whether a closed tree begins or ends here.
    pub closed: ClosedTrees,
}

/// The part of a path item that [`composed_path`] needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClosedTrees {
    /// The [root-of-closed-tree](https://dom.spec.whatwg.org/#event-path-root-of-closed-tree).
    pub root_of_closed_tree: bool,
    /// The [slot-in-closed-tree](https://dom.spec.whatwg.org/#event-path-slot-in-closed-tree).
    pub slot_in_closed_tree: bool,
}

impl<T> PathItem<T> {
    /// An item outside shadow trees. The event's target is its own shadow-adjusted target.
    pub fn plain(target: T, shadow_adjusted_target: Option<T>) -> Self {
        Self {
            invocation_target: target,
            in_shadow_tree: false,
            shadow_adjusted_target,
            related_target: None,
            closed: ClosedTrees::default(),
        }
    }

    /// The same item with other targets.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> PathItem<U> {
        PathItem {
            invocation_target: f(self.invocation_target),
            in_shadow_tree: self.in_shadow_tree,
            shadow_adjusted_target: self.shadow_adjusted_target.map(&f),
            related_target: self.related_target.map(&f),
            closed: self.closed,
        }
    }
}

/// The path from a target through its parents, outside shadow trees.
pub fn plain_path<T: Clone>(targets: impl IntoIterator<Item = T>) -> Vec<PathItem<T>> {
    let targets = targets.into_iter().enumerate();
    targets
        .map(|(index, target)| PathItem::plain(target.clone(), (index == 0).then_some(target)))
        .collect()
}

/// The event's `target` at an item: the shadow-adjusted target there or at the nearest item before
/// ([invoke](https://dom.spec.whatwg.org/#concept-event-listener-invoke), steps 1 and 2).
#[must_use]
pub fn target_at<T>(path: &[PathItem<T>], index: usize) -> Option<&T> {
    let until = path.get(..=index)?;
    until
        .iter()
        .rev()
        .find_map(|item| item.shadow_adjusted_target.as_ref())
}

/// The indices of the items that [`composedPath()`](https://dom.spec.whatwg.org/#dom-event-composedpath)
/// returns to the listeners at the item `current`.
#[must_use]
pub fn composed_path(path: &[ClosedTrees], current: usize) -> Vec<usize> {
    let mut level = 0_i64;
    for (index, stop) in path.iter().enumerate().rev() {
        level += i64::from(stop.root_of_closed_tree);
        if index <= current {
            break;
        }
        level -= i64::from(stop.slot_in_closed_tree);
    }
    let (mut hidden, mut lowest) = (level, level);
    let mut shown = Vec::new();
    for (index, stop) in path.iter().enumerate().take(current).rev() {
        hidden += i64::from(stop.root_of_closed_tree);
        if hidden <= lowest {
            shown.push(index);
        }
        hidden -= i64::from(stop.slot_in_closed_tree);
        lowest = lowest.min(hidden);
    }
    shown.reverse();
    shown.push(current);
    (hidden, lowest) = (level, level);
    for (index, stop) in path.iter().enumerate().skip(current + 1) {
        hidden += i64::from(stop.slot_in_closed_tree);
        if hidden <= lowest {
            shown.push(index);
        }
        hidden -= i64::from(stop.root_of_closed_tree);
        lowest = lowest.min(hidden);
    }
    shown
}

impl Contexts {
    /// The path of an event at `target`: steps 4 to 6.9 of
    /// [dispatch](https://dom.spec.whatwg.org/#concept-event-dispatch), before any listener is
    /// called. It is empty if `related`, the event's `relatedTarget`, retargets to the target itself:
    /// then no listener is called.
    #[must_use]
    pub fn event_path(
        &self,
        target: &EventTarget,
        related: Option<&Node>,
        event: EventInfo<'_>,
    ) -> Vec<PathItem<EventTarget>> {
        // 2. The caller puts a target override in the place of the target.
        // 3. The caller finds the activation target in the path (6.4., 6.5., 6.9.6.1. and 6.9.8.2.).
        let first = self.known_target(target);
        let Some(first_node) = self.node_of_target(&first) else {
            return plain_path([first]);
        };
        // 4. Retarget the related target.
        // 5. `clears_targets` decides whether the targets are cleared.
        // 6. If that yields the target itself, and it was another one before, the path is empty.
        // NOT YET: 6.1. and 6.2. Touch targets.
        let retargeted = related.map(|related| self.retarget(related, Some(&first_node)));
        if let (Some(retargeted), Some(related)) = (&retargeted, related)
            && dom::is_same(retargeted, &first_node)
            && !dom::is_same(&first_node, related)
        {
            return Vec::new();
        }
        let mut path = Vec::new();
        // 6.3. Append the target to the path.
        self.append_to_an_event_path(&mut path, &first, true, retargeted, false);
        let mut target = Rc::clone(&first_node);
        // 6.6. Find out whether the target is an assigned slottable.
        let mut at_slottable = self.find_a_slot(&target).is_some();
        // 6.8. Get the parent.
        let mut parent = self.get_the_parent(&first, &first_node, event);
        // 6.9. While there is a parent:
        while let Some(next) = parent {
            let node = self.node_of_target(&next);
            // 6.7. and 6.9.10. No slot in a closed tree is known.
            let mut slot_in_closed_tree = false;
            // 6.9.1. A slottable's parent is its slot, which may be in a closed tree.
            if at_slottable && let Some(slot) = &node {
                at_slottable = false;
                let init = self.shadow_root_init(&dom::root(slot));
                slot_in_closed_tree = init.is_some_and(|init| init.closed);
            }
            // 6.9.2. Find out whether the parent is an assigned slottable.
            if let Some(node) = &node {
                at_slottable = self.find_a_slot(node).is_some();
            }
            // 6.9.3. Retarget the related target against the parent.
            let retargeted = related.map(|related| self.retarget(related, node.as_ref()));
            // NOT YET: 6.9.4. and 6.9.5. Touch targets.
            match &node {
                // The parent is the host of the tree that the target is in.
                Some(node)
                    if !self.is_shadow_including_inclusive_ancestor(&dom::root(&target), node) =>
                {
                    // 6.9.7. If the parent is the related target, the path ends.
                    let hidden = retargeted
                        .as_ref()
                        .is_some_and(|retargeted| dom::is_same(retargeted, node));
                    if hidden {
                        break;
                    }
                    // 6.9.8.1. The event is retargeted to the parent.
                    target = Rc::clone(node);
                    // 6.9.8.3. Append it to the path, with itself as the shadow-adjusted target.
                    self.append_to_an_event_path(
                        &mut path,
                        &next,
                        true,
                        retargeted,
                        slot_in_closed_tree,
                    );
                }
                // 6.9.6.2. The parent is in a tree that contains the target, or is a window: append it to
                // the path.
                _ => self.append_to_an_event_path(
                    &mut path,
                    &next,
                    false,
                    retargeted,
                    slot_in_closed_tree,
                ),
            }
            // 6.9.9. Get the parent of the parent.
            parent = self.get_the_parent(&next, &first_node, event);
        }
        path
    }

    /// Replaces the node of a document by its key.
    fn known_target(&self, target: &EventTarget) -> EventTarget {
        if let EventTarget::Node(node) = target
            && let Some(document) = self.document_of_root(node)
        {
            return EventTarget::Document(document);
        }
        target.clone()
    }

    fn node_of_target(&self, target: &EventTarget) -> Option<Node> {
        match target {
            EventTarget::Node(node) => Some(Rc::clone(node)),
            EventTarget::Document(document) => Some(Rc::clone(self.document(*document)?.node())),
            EventTarget::Window(_) | EventTarget::Worker(_) => None,
        }
    }

    /// [Append to an event path](https://dom.spec.whatwg.org/#concept-event-path-append).
    fn append_to_an_event_path(
        &self,
        path: &mut Vec<PathItem<EventTarget>>,
        target: &EventTarget,
        is_shadow_adjusted: bool,
        related: Option<Node>,
        slot_in_closed_tree: bool,
    ) {
        let node = self.node_of_target(target);
        let init = node.as_ref().and_then(|node| self.shadow_root_init(node));
        // 5. Append the item.
        path.push(PathItem {
            invocation_target: target.clone(),
            // 1. and 2. Whether its root is a shadow root.
            in_shadow_tree: node.is_some_and(|node| dom::is_shadow_root(&dom::root(&node))),
            shadow_adjusted_target: is_shadow_adjusted.then(|| target.clone()),
            related_target: related.map(EventTarget::Node),
            closed: ClosedTrees {
                // 3. and 4. Whether it is the root of a closed tree.
                root_of_closed_tree: init.is_some_and(|init| init.closed),
                slot_in_closed_tree,
            },
        });
    }

    /// [Get the parent](https://dom.spec.whatwg.org/#get-the-parent) of a target, for an event that
    /// began at `first`: a slot, a parent or a host; the parent of a document is its window, which a `load` event
    /// does not reach ([HTML](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window)).
    fn get_the_parent(
        &self,
        target: &EventTarget,
        first: &Node,
        event: EventInfo<'_>,
    ) -> Option<EventTarget> {
        match target {
            EventTarget::Window(_) | EventTarget::Worker(_) => None,
            EventTarget::Document(document) => {
                let window = self.document(*document)?.window();
                (event.event_type != "load").then_some(EventTarget::Window(window))
            }
            EventTarget::Node(node) if dom::is_shadow_root(node) => {
                let ends = !event.composed && dom::is_same(&dom::root(first), node);
                let host = self.shadow_host(node).filter(|_| !ends);
                host.map(EventTarget::Node)
            }
            EventTarget::Node(node) => {
                let parent = self.find_a_slot(node).or_else(|| dom::parent(node))?;
                Some(self.known_target(&EventTarget::Node(parent)))
            }
        }
    }

    /// The "clear targets" of [dispatch](https://dom.spec.whatwg.org/#concept-event-dispatch): whether
    /// the event loses its targets after the dispatch, because they are in a shadow tree.
    #[must_use]
    pub fn clears_targets(&self, path: &[PathItem<EventTarget>]) -> bool {
        // 6.10. Find the last item with a shadow-adjusted target.
        let last = path
            .iter()
            .rev()
            .find(|item| item.shadow_adjusted_target.is_some());
        let Some(last) = last else { return false };
        // 6.11. Find out whether one of its targets is in a shadow tree.
        let targets = [&last.shadow_adjusted_target, &last.related_target];
        targets.into_iter().flatten().any(|target| {
            let node = self.node_of_target(target);
            node.is_some_and(|node| dom::is_shadow_root(&dom::root(&node)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ClosedTrees, composed_path};

    #[test]
    fn closed_trees_show_only_from_inside() {
        let plain = ClosedTrees::default();
        let root = ClosedTrees {
            root_of_closed_tree: true,
            ..plain
        };
        // An element in a closed tree, its root, the host, the document.
        let path = [plain, root, plain, plain];
        assert_eq!(composed_path(&path, 0), [0, 1, 2, 3]);
        assert_eq!(composed_path(&path, 2), [2, 3]);
        // A child of a host, assigned to a slot in its closed tree.
        let slot = ClosedTrees {
            slot_in_closed_tree: true,
            ..plain
        };
        let path = [plain, slot, root, plain];
        assert_eq!(composed_path(&path, 0), [0, 3]);
        assert_eq!(composed_path(&path, 1), [0, 1, 2, 3]);
        assert_eq!(composed_path(&path, 3), [0, 3]);
    }
}
