//! JavaScript objects of nodes: one per node, which lives as long as its tree.
//!
//! Script may set properties and listeners on a node's object, so the object must live while the
//! node is reachable. All objects of one tree therefore live and die together: the tree's
//! [`WrapperTree`] refers to them, and each of them refers to it. The engine also roots the tree of
//! each document until the document is discarded. Only its objects keep a detached tree alive.
//!
//! Rejected: one strong table per document for all nodes that it ever created (a page that creates
//! and drops elements would grow without end); a weak table of single objects (a collection would
//! lose the properties that script set on an element).

use framepost_event_loop::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use boa_gc::{Gc, GcRefCell, WeakGc};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::boa::collection;
use crate::boa::slots::Slot;
use crate::webidl::convert::{ConvertTo, Place};
use crate::webidl::into_js::IntoJs;
use crate::webidl::platform::{self, PlatformObject};
use crate::webidl::receiver::{Receiver, receivers};
use crate::webidl::types::{Category, IdlType};

/// The objects of the agent's nodes.
pub static WRAPPERS: Slot<Wrappers> = Slot::new();

/// The data of a node's object.
#[derive(Clone, Debug, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub struct NodeWrapper {
    /// The node.
    #[unsafe_ignore_trace]
    pub node: Node,
    tree: Option<Gc<WrapperTree>>,
}

impl NodeWrapper {
    /// Refers to a node without keeping its object alive.
    pub fn reference(node: Node) -> Self {
        Self { node, tree: None }
    }

    /// Refers to a node and keeps its object alive.
    pub fn holding(ctx: &Context, node: Node) -> Self {
        let entry = WRAPPERS.with(ctx, |wrappers| wrappers.entry(&node));
        let tree = entry.map(|(_, tree)| tree);
        Self { node, tree }
    }
}

/// A node's address as a key. The table entry keeps the node alive, so the address stays valid.
type Address = usize;

fn address(node: &Node) -> Address {
    Rc::as_ptr(node).addr()
}

receivers!(OfNode);

/// The node that an object belongs to, as that object's data.
#[derive(Clone, Debug, Trace, Finalize)]
pub struct OfNode(pub NodeWrapper);

/// Creates the object of a node that has none, or returns the one it has.
pub type Wrap = fn(&mut Context, &Node) -> JsObject;

/// The embedder's function that creates the objects of nodes.
static WRAP: Slot<Option<Wrap>> = Slot::new();

/// Gives an agent the function that creates the objects of nodes.
pub fn install(wrap: Wrap, ctx: &Context) {
    WRAP.set(ctx, Some(wrap));
}

impl Receiver for Node {
    fn of(object: &JsObject) -> JsResult<Self> {
        node(object)
    }
}

/// A node is its own type of Web IDL.
impl IdlType for Node {
    type Value = Self;
    const CATEGORY: Category =
        Category::Objects(|object, ctx| Ok(object_of_node(object, ctx)?.is_some()));
}

impl<D: Receiver> ConvertTo<D> for Node {
    fn convert(value: &JsValue, place: Place<'_>, ctx: &mut Context) -> JsResult<D> {
        if let Some(object) = value.as_object()
            && let Some(behind) = object_of_node(&object, ctx)?
        {
            return D::of_argument(&object, &behind);
        }
        Err(place.is_not("Node"))
    }
}

/// The object of a node that is this object or behind this proxy.
fn object_of_node(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    let behind = platform::unwrap_proxy(object, ctx)?;
    Ok(behind.filter(|behind| {
        let platform = behind.downcast_ref::<PlatformObject>();
        platform.is_some_and(|platform| platform.data::<NodeWrapper>().is_some())
    }))
}

/// A node becomes its object.
impl IntoJs for Node {
    fn into_js(self, ctx: &mut Context) -> JsResult<JsValue> {
        let wrap = WRAP.with(ctx, |wrap| *wrap);
        Ok(wrap.map_or(JsValue::null(), |wrap| wrap(ctx, &self).into()))
    }
}

/// Returns the node of an object.
#[inline]
pub fn as_node(object: &JsObject) -> Option<Node> {
    platform::with(object, |wrapper: &NodeWrapper| Some(wrapper.node.clone()))
}

/// Returns the node of a receiver that has passed its brand check.
#[inline]
pub fn node(object: &JsObject) -> JsResult<Node> {
    as_node(object).ok_or_else(platform::illegal_invocation)
}

/// The addresses of collected objects, each with the number of its tree.
type Graveyard = Rc<RefCell<Vec<(Address, u64)>>>;

/// The objects of the nodes of one tree.
#[derive(Trace)]
pub struct WrapperTree {
    #[unsafe_ignore_trace]
    number: u64,
    /// Keeps the tree alive: a node refers to its parent weakly.
    #[unsafe_ignore_trace]
    root: RefCell<Node>,
    objects: GcRefCell<FxHashMap<Address, JsObject>>,
    /// The tree that took over the objects, for objects that still refer to this one.
    merged_into: GcRefCell<Option<Gc<WrapperTree>>>,
    #[unsafe_ignore_trace]
    graveyard: Graveyard,
}

impl std::fmt::Debug for WrapperTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WrapperTree")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Finalize for WrapperTree {
    // Runs during a collection: must neither allocate nor borrow the world.
    fn finalize(&self) {
        if let (Ok(objects), Ok(mut graveyard)) =
            (self.objects.try_borrow(), self.graveyard.try_borrow_mut())
        {
            graveyard.extend(objects.keys().map(|address| (*address, self.number)));
            collection::finalizer_runs();
        }
    }
}

/// Returns the object of a node, if it has one.
#[inline]
pub fn object_of(ctx: &Context, node: &Node) -> Option<JsObject> {
    WRAPPERS.with(ctx, |wrappers| wrappers.get(node))
}

/// Adds a node's new object, whose data must be a [`NodeWrapper`].
pub fn remember(ctx: &Context, node: &Node, object: &JsObject) {
    WRAPPERS.with(ctx, |wrappers| wrappers.insert(node, object));
}

/// Removes the nodes whose objects were collected.
pub fn forget_the_dead(ctx: &Context) {
    WRAPPERS.with(ctx, Wrappers::forget_the_dead);
}

/// Finds the object of a node.
#[derive(Default)]
pub struct Wrappers {
    nodes: FxHashMap<Address, (u64, WeakGc<WrapperTree>)>,
    roots: FxHashMap<Address, (u64, WeakGc<WrapperTree>)>,
    documents: FxHashMap<Address, Gc<WrapperTree>>,
    graveyard: Graveyard,
    last_number: u64,
    /// The number of roots when collected ones were last dropped.
    live_roots: usize,
}

impl std::fmt::Debug for Wrappers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wrappers").finish_non_exhaustive()
    }
}

impl Wrappers {
    /// Roots the objects of this document's tree until [`Self::release_document`].
    pub fn hold_document(&mut self, document: &Node) {
        let tree = self.tree_of_root(document);
        self.documents.insert(address(document), tree);
    }

    /// Releases the objects of this document's tree: now only script keeps them alive.
    pub fn release_document(&mut self, document: &Node) {
        self.documents.remove(&address(document));
    }

    fn get(&self, node: &Node) -> Option<JsObject> {
        let (_, tree) = self.entry(node)?;
        tree.objects.borrow().get(&address(node)).cloned()
    }

    fn entry(&self, node: &Node) -> Option<(u64, Gc<WrapperTree>)> {
        let (number, tree) = self.nodes.get(&address(node))?;
        Some((*number, tree.upgrade()?))
    }

    fn insert(&mut self, node: &Node, object: &JsObject) {
        let tree = self.tree_of_root(&dom::root(node));
        self.put(address(node), object.clone(), &tree);
    }

    /// Moves the objects of a node and its descendants to the table of their present tree. Call this for each node
    /// that was inserted or removed.
    pub fn moved(&mut self, node: &Node) {
        if self.nodes.is_empty() || self.merge(node) {
            return;
        }
        let mut tree = None;
        let mut stack = vec![node.clone()];
        while let Some(node) = stack.pop() {
            stack.extend(node.children.borrow().iter().cloned());
            let Some((number, old)) = self.entry(&node) else {
                continue;
            };
            let tree = tree
                .get_or_insert_with(|| self.tree_of_root(&dom::root(&node)))
                .clone();
            if tree.number == number {
                continue;
            }
            let object = old.objects.borrow_mut().remove(&address(&node));
            if let Some(object) = object {
                self.put(address(&node), object, &tree);
            }
        }
    }

    /// Merges the table of a node that was a root until now into that of its new tree. Returns `false` if it was not
    /// a root.
    ///
    /// OPTIMIZATION: the larger table takes in the smaller one, so that building a tree from its
    /// leaves up rarely moves an object.
    fn merge(&mut self, node: &Node) -> bool {
        let root = dom::root(node);
        if Rc::ptr_eq(&root, node) {
            return false;
        }
        let Some((_, brought)) = self.roots.remove(&address(node)) else {
            return false;
        };
        let Some(brought) = brought.upgrade() else {
            return false;
        };
        let tree = self.tree_of_root(&root);
        let (mut from, mut into) = (brought, tree);
        if from.objects.borrow().len() > into.objects.borrow().len() {
            std::mem::swap(&mut from, &mut into);
            into.root.replace(root.clone());
            self.roots
                .insert(address(&root), (into.number, WeakGc::new(&into)));
            if let Some(held) = self.documents.get_mut(&address(&root)) {
                *held = into.clone();
            }
        }
        *from.merged_into.borrow_mut() = Some(into.clone());
        let objects = std::mem::take(&mut *from.objects.borrow_mut());
        for (address, object) in objects {
            self.put(address, object, &into);
        }
        true
    }

    fn put(&mut self, address: Address, object: JsObject, tree: &Gc<WrapperTree>) {
        if let Some(mut platform) = object.downcast_mut::<PlatformObject>()
            && let Some(wrapper) = platform.data_mut::<NodeWrapper>()
        {
            wrapper.tree = Some(tree.clone());
        }
        tree.objects.borrow_mut().insert(address, object);
        let weak = self
            .roots
            .get(&self::address(&tree.root.borrow()))
            .map(|(_, weak)| weak.clone());
        let weak = weak.unwrap_or_else(|| WeakGc::new(tree));
        self.nodes.insert(address, (tree.number, weak));
    }

    fn tree_of_root(&mut self, root: &Node) -> Gc<WrapperTree> {
        if let Some(tree) = self
            .roots
            .get(&address(root))
            .and_then(|(_, tree)| tree.upgrade())
        {
            return tree;
        }
        self.forget_the_dead();
        self.last_number += 1;
        let tree = Gc::new(WrapperTree {
            number: self.last_number,
            root: RefCell::new(root.clone()),
            objects: GcRefCell::default(),
            merged_into: GcRefCell::new(None),
            graveyard: self.graveyard.clone(),
        });
        self.roots
            .insert(address(root), (self.last_number, WeakGc::new(&tree)));
        tree
    }

    fn forget_the_dead(&mut self) {
        let dead = std::mem::take(&mut *self.graveyard.borrow_mut());
        for (address, number) in dead {
            if self
                .nodes
                .get(&address)
                .is_some_and(|(now, _)| *now == number)
            {
                self.nodes.remove(&address);
            }
        }
        if self.roots.len() > 2 * self.live_roots + 64 {
            self.roots.retain(|_, (_, tree)| tree.is_upgradable());
            self.live_roots = self.roots.len();
        }
    }
}
