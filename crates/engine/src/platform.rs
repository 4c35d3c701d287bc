//! Platform objects: the JavaScript objects that stand for something outside of JavaScript.
//!
//! There is one Rust type for all of them, so that a brand check over an inheritance chain is one
//! downcast and one match. The object's data holds ids and nodes; what an id means is the
//! [`World`](crate::world::World)'s business.
//!
//! A platform object's data must never be borrowed while anything of Boa is allocated: take out
//! what is needed with [`with`], then go on.

use std::collections::HashMap;

use boa_engine::{
    Context, Finalize, JsData, JsNativeError, JsObject, JsResult, Trace, builtins::proxy::Proxy,
    realm::Realm,
};
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use crate::bindings::abort::SignalData;
use crate::bindings::collections::Collection;
use crate::bindings::event::EventData;
use crate::bindings::event_target::Listeners;
use crate::exception::ExceptionData;
use crate::webidl::Interface;
use crate::wrappers::NodeWrapper;

/// What a platform object is.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
#[non_exhaustive]
pub(crate) enum Kind {
    /// A node of a tree.
    Node(NodeWrapper),
    /// The global object of a window.
    Window(#[unsafe_ignore_trace] GlobalId),
    /// The global object of a worker.
    WorkerGlobalScope(
        #[unsafe_ignore_trace] GlobalId,
        #[unsafe_ignore_trace] framepost_browsing_context::WorkerKind,
    ),
    /// A `Worker`.
    Worker(Box<crate::bindings::worker::WorkerData>),
    /// A `SharedWorker` and its port.
    SharedWorker(JsObject),
    /// The `WorkerLocation` of a worker.
    WorkerLocation(#[unsafe_ignore_trace] GlobalId),
    /// The `WorkerNavigator` of a worker.
    WorkerNavigator,
    /// A plain `EventTarget`.
    EventTarget,
    /// An event.
    Event(Box<EventData>),
    /// A `DOMException`.
    Exception(#[unsafe_ignore_trace] ExceptionData),
    /// A collection of nodes or names that belongs to a node.
    Collection(Collection),
    /// An attribute.
    Attr(Box<crate::bindings::attr::AttrData>),
    /// The `Attr`s of an element that were made, by qualified name.
    AttributeNodes(Vec<(String, JsObject)>),
    /// The `AbortController` of a signal.
    AbortController(JsObject),
    /// An `AbortSignal`.
    AbortSignal(Box<SignalData>),
    /// The `Location` of a window.
    Location(#[unsafe_ignore_trace] GlobalId),
    /// The `History` of a window.
    History(Box<crate::bindings::history::HistoryData>),
    /// The `Navigator` of a window.
    Navigator,
    /// The `Performance` of a window.
    Performance,
    /// The `DOMImplementation` of a document.
    Implementation(NodeWrapper),
    /// A `MessageChannel` and its two ports.
    MessageChannel(JsObject, JsObject),
    /// A `MessagePort`.
    MessagePort(crate::port_objects::PortRef),
    /// A `BroadcastChannel` and its name.
    BroadcastChannel(
        crate::port_objects::ChannelRef,
        #[unsafe_ignore_trace] boa_engine::JsString,
    ),
    /// A `URL`.
    Url(Box<crate::bindings::url::UrlData>),
    /// A `URLSearchParams`.
    UrlSearchParams(Box<crate::bindings::url_search_params::ParamsData>),
    /// An iterator over the pairs of a platform object.
    PairIterator(Box<crate::bindings::pair_iterator::IteratorData>),
    /// A `Headers`.
    Headers(#[unsafe_ignore_trace] Box<crate::bindings::fetch::HeadersData>),
    /// A `Response`.
    Response(Box<crate::bindings::fetch::ResponseData>),
    /// A `Blob` or a `File`.
    Blob(#[unsafe_ignore_trace] Box<crate::bindings::blob::BlobData>),
    /// A `FileList`.
    FileList(crate::bindings::blob::FileListData),
    /// An `ImageData`.
    ImageData(Box<crate::bindings::canvas::ImageDataData>),
    /// An `ImageBitmap`.
    ImageBitmap(#[unsafe_ignore_trace] crate::bindings::canvas::ImageBitmapData),
    /// An `OffscreenCanvas`.
    OffscreenCanvas(#[unsafe_ignore_trace] crate::bindings::canvas::OffscreenData),
    /// The 2D context of a canvas.
    Context2d(Box<crate::bindings::canvas::Context2dData>),
    /// A point, a rectangle or a matrix.
    Geometry(#[unsafe_ignore_trace] Box<crate::bindings::geometry::GeometryData>),
    /// A `DOMQuad` and its points.
    Quad(Vec<JsObject>),
    /// A `FileReader`.
    FileReader(Box<crate::bindings::file_reader::ReaderData>),
    /// A `TextEncoder`.
    TextEncoder,
    /// A `TextDecoder`.
    TextDecoder(#[unsafe_ignore_trace] Box<crate::bindings::encoding::DecoderData>),
    /// A `MutationObserver`.
    MutationObserver(Box<crate::bindings::mutation_observer::ObserverData>),
    /// A `MutationRecord`.
    MutationRecord(Box<crate::bindings::mutation_record::RecordData>),
    /// The registered observer list of a node.
    RegisteredObservers(Vec<crate::bindings::mutation_observer::RegisteredObserver>),
    /// A `StaticRange`.
    StaticRange(Box<crate::bindings::static_range::RangeData>),
    /// A `BarProp`.
    BarProp,
    /// A `UserActivation`: that of its window, or what a message says of its sender's.
    UserActivation(#[unsafe_ignore_trace] Option<crate::bindings::user_activation::Activation>),
    /// A `FormData`.
    FormData(Box<crate::bindings::form_data::FormDataData>),
    /// The `dataset` of an element.
    StringMap(NodeWrapper),
    /// The `style` of an element.
    Style(NodeWrapper),
    /// The `Crypto` of a window.
    Crypto,
    /// A `DOMParser`.
    DomParser,
    /// An `XMLSerializer`.
    XmlSerializer,
}

/// The data of a platform object.
#[derive(Trace, Finalize, JsData)]
pub(crate) struct PlatformObject {
    /// What it is.
    pub(crate) kind: Kind,
    /// The most derived interface that it was created with.
    pub(crate) interface: &'static Interface,
    /// The window of its [relevant realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-relevant-realm).
    #[unsafe_ignore_trace]
    pub(crate) window: Option<GlobalId>,
    /// Its event listeners and event handlers, once it has some.
    pub(crate) listeners: Option<Box<Listeners>>,
    /// Objects that always are the same for this one: its `childNodes`, its `classList`.
    companions: HashMap<&'static str, JsObject>,
}

impl PlatformObject {
    /// The data of a new object.
    pub(crate) fn new(kind: Kind, interface: &'static Interface) -> Self {
        Self {
            kind,
            interface,
            window: None,
            listeners: None,
            companions: HashMap::new(),
        }
    }

    /// Creates an object of the current realm with this prototype.
    pub(crate) fn create(
        kind: Kind,
        interface: &'static Interface,
        prototype: JsObject,
        ctx: &mut Context,
    ) -> JsObject {
        let realm = ctx.realm().clone();
        Self::create_in(&realm, kind, interface, prototype, ctx)
    }

    /// Creates an object of a realm with this prototype, which is one of that realm.
    pub(crate) fn create_in(
        realm: &Realm,
        kind: Kind,
        interface: &'static Interface,
        prototype: JsObject,
        ctx: &Context,
    ) -> JsObject {
        let mut data = Self::new(kind, interface);
        data.window = crate::realm::window_of(realm);
        let shape = crate::realm::root_shape_of(realm, ctx);
        JsObject::new(&shape, prototype, data).upcast()
    }
}

/// Reads from a platform object, without letting the borrow out.
pub(crate) fn with<R>(object: &JsObject, read: impl FnOnce(&Kind) -> Option<R>) -> Option<R> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    read(&platform.kind)
}

/// The window of the relevant realm of a platform object.
pub(crate) fn relevant_window(object: &JsObject) -> Option<GlobalId> {
    object.downcast_ref::<PlatformObject>()?.window
}

/// Writes to a platform object, without letting the borrow out.
pub(crate) fn with_mut<R>(
    object: &JsObject,
    write: impl FnOnce(&mut Kind) -> Option<R>,
) -> Option<R> {
    let mut platform = object.downcast_mut::<PlatformObject>()?;
    write(&mut platform.kind)
}

/// The object that belongs to `object` under this name, made when it is first asked for.
pub(crate) fn companion(
    object: &JsObject,
    name: &'static str,
    ctx: &mut Context,
    create: impl FnOnce(&mut Context) -> JsResult<JsObject>,
) -> JsResult<JsObject> {
    let held = object
        .downcast_ref::<PlatformObject>()
        .and_then(|platform| platform.companions.get(name).cloned());
    if let Some(held) = held {
        return Ok(held);
    }
    let made = create(ctx)?;
    if let Some(mut platform) = object.downcast_mut::<PlatformObject>() {
        platform.companions.insert(name, made.clone());
    }
    Ok(made)
}

/// Lets an object belong to `object` under this name.
pub(crate) fn hold_companion(object: &JsObject, name: &'static str, companion: JsObject) {
    if let Some(mut platform) = object.downcast_mut::<PlatformObject>() {
        platform.companions.insert(name, companion);
    }
}

/// The object that belongs to `object` under this name, if it was made already.
pub(crate) fn held_companion(object: &JsObject, name: &'static str) -> Option<JsObject> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    platform.companions.get(name).cloned()
}

/// Whether the object is a platform object of a kind that implements `interface`.
pub(crate) fn implements(object: &JsObject, interface: &'static Interface) -> bool {
    object
        .downcast_ref::<PlatformObject>()
        .is_some_and(|platform| (interface.brand)(&platform.kind))
}

/// The node that an object stands for.
pub(crate) fn as_node(object: &JsObject) -> Option<Node> {
    with(object, |kind| match kind {
        Kind::Node(wrapper) => Some(wrapper.node.clone()),
        Kind::Attr(data) => Some(data.wrapper.node.clone()),
        _ => None,
    })
}

/// The node of a receiver that has passed its brand check.
pub(crate) fn node(object: &JsObject) -> JsResult<Node> {
    as_node(object).ok_or_else(illegal_invocation)
}

/// The window, or the worker, of a receiver that has passed its brand check.
pub(crate) fn window(object: &JsObject) -> JsResult<GlobalId> {
    with(object, |kind| match kind {
        Kind::Window(window)
        | Kind::Location(window)
        | Kind::WorkerGlobalScope(window, _)
        | Kind::WorkerLocation(window) => Some(*window),
        _ => None,
    })
    .ok_or_else(illegal_invocation)
}

/// The window or worker whose global object this is.
pub(crate) fn global_of(object: &JsObject) -> Option<GlobalId> {
    with(object, |kind| match kind {
        Kind::Window(global) | Kind::WorkerGlobalScope(global, _) => Some(*global),
        _ => None,
    })
}

/// The error of a member called on an object of another interface.
pub(crate) fn illegal_invocation() -> boa_engine::JsError {
    JsNativeError::typ()
        .with_message("Illegal invocation")
        .into()
}

/// The platform object behind an object: itself; for a WindowProxy the window that it shows, for
/// which the caller has the security check to make where there is one; for a proxy with indexed or
/// named properties its target.
pub(crate) fn unwrap_proxy(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    if object.is::<PlatformObject>() {
        return Ok(Some(object.clone()));
    }
    if !object.is::<Proxy>() {
        return Ok(None);
    }
    if let Some(behind) = crate::window_proxy::behind(object, ctx)? {
        return Ok(Some(behind));
    }
    crate::bindings::legacy::target_of(object, ctx)
}
