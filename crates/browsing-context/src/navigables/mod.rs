//! Navigables and their tree
//! ([HTML, navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#navigables)).
//!
//! A navigable includes its browsing context, because no navigation swaps browsing context groups. Higher modules
//! keep the ongoing navigations and the session history.

mod choosing;
mod names;
mod navigable;
mod sandboxing;
mod tree;

use std::collections::BTreeMap;

use framepost_event_loop::{Arena, ClientId, FxHashMap, GlobalId};

pub(crate) use choosing::{Chosen, Opener, WindowType};
pub use navigable::Navigable;
pub(crate) use navigable::NewNavigable;
pub(crate) use sandboxing::iframe_sandboxing_flag_set;

use crate::Contexts;
use crate::dom::{self, Node, TreeOrder};
use crate::ids::NavigableId;

/// The navigables of the agent.
#[derive(Default)]
pub(crate) struct Navigables {
    navigables: Arena<NavigableId, Navigable>,
    /// The navigables by the addresses of their containers, which they keep alive.
    by_container: FxHashMap<usize, NavigableId>,
    /// The child navigables of each document, in tree order of their containers.
    children: BTreeMap<ClientId, Vec<NavigableId>>,
}

impl Navigables {
    pub(crate) fn len(&self) -> usize {
        self.navigables.len()
    }

    /// Whether no element contains a navigable.
    pub(crate) fn have_no_container(&self) -> bool {
        self.by_container.is_empty()
    }

    /// Removes the child navigables of a document.
    pub(crate) fn forget_document(&mut self, document: ClientId) {
        self.children.remove(&document);
    }
}

impl Contexts {
    /// The navigable with this key; `None` once it is gone.
    #[must_use]
    pub fn navigable(&self, navigable: NavigableId) -> Option<&Navigable> {
        self.navigables.navigables.get(navigable)
    }

    pub(crate) fn navigable_mut(&mut self, navigable: NavigableId) -> Option<&mut Navigable> {
        self.navigables.navigables.get_mut(navigable)
    }

    /// Adds a navigable that has no document yet.
    pub(crate) fn add_a_navigable(&mut self, new: NewNavigable) -> NavigableId {
        let depth = new
            .parent
            .and_then(|parent| self.navigable(parent))
            .map_or(0, |parent| parent.depth() + 1);
        let container = new.container.as_ref().map(dom::address);
        let navigables = &mut self.navigables.navigables;
        let id = navigables.insert_with(|id| Navigable::new(id, depth, new));
        if let Some(container) = container {
            self.navigables.by_container.insert(container, id);
        }
        id
    }

    /// Removes a navigable from the tree.
    pub(crate) fn take_out_a_navigable(&mut self, navigable: NavigableId) -> Option<Navigable> {
        let gone = self.navigables.navigables.remove(navigable)?;
        if let Some(container) = gone.container() {
            self.navigables
                .by_container
                .remove(&dom::address(container));
        }
        Some(gone)
    }

    /// Sets the active document and the active window of a navigable.
    pub(crate) fn set_active_document(
        &mut self,
        navigable: NavigableId,
        document: ClientId,
        window: GlobalId,
    ) {
        if let Some(held) = self.navigable_mut(navigable) {
            held.set_active(document, window);
        }
    }

    /// Inserts a new child navigable of a document among its siblings, in tree order of the
    /// containers.
    pub(crate) fn add_child_navigable(&mut self, document: ClientId, navigable: NavigableId) {
        let Some(container) = self.container(navigable).cloned() else {
            return;
        };
        let siblings = self.child_navigables_of(document);
        // OPTIMIZATION: from the end, because most frames are inserted after the existing ones.
        let mut at = siblings.len();
        while at > 0 {
            let before = self.container(siblings[at - 1]);
            if before.is_none_or(|node| dom::tree_order(node, &container) != TreeOrder::After) {
                break;
            }
            at -= 1;
        }
        let siblings = self.navigables.children.entry(document).or_default();
        siblings.insert(at, navigable);
    }

    /// Removes a navigable from the child navigables of a document.
    pub(crate) fn remove_child_navigable(&mut self, document: ClientId, navigable: NavigableId) {
        if let Some(children) = self.navigables.children.get_mut(&document) {
            children.retain(|child| *child != navigable);
        }
    }

    /// The child navigables of a document, in tree order of their containers.
    pub(crate) fn child_navigables_of(&self, document: ClientId) -> &[NavigableId] {
        let children = self.navigables.children.get(&document);
        children.map_or(&[], Vec::as_slice)
    }

    /// The [content navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#content-navigable)
    /// of a frame element.
    #[must_use]
    pub fn content_navigable(&self, container: &Node) -> Option<NavigableId> {
        let by_container = &self.navigables.by_container;
        by_container.get(&dom::address(container)).copied()
    }
}
