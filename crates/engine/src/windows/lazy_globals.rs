//! Lazy properties of global objects: interface objects, and the functions of attributes. They are created at
//! first use.
//!
//! OPTIMIZATION: a realm needs few of them. Until then, the property is an accessor that all windows of the agent
//! share, so a new realm needs no functions for it. Only a property descriptor would reveal that, and [`settled`]
//! returns the descriptor of the standard instead.

use std::rc::Rc;

use boa_engine::property::{Attribute, PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use crate::boa::functions::function;
use crate::boa::properties::{CONFIGURABLE, HIDDEN, READ_ONLY, accessor_property, data_property};
use crate::boa::slots::Slot;
use crate::script::globals::WINDOW;
use crate::script::realm::{running_window, window_record};
use crate::webidl::extensions::extensions;
use crate::webidl::interface::Factory;
use crate::webidl::members::Member;
use crate::webidl::{self, Exposed, Interface};
use crate::windows::window_proxy;

/// The accessors that all windows of the agent share.
static LAZY_GLOBALS: Slot<LazyGlobals> = Slot::new();

/// The value of a lazy property.
#[derive(Clone, Copy)]
pub(crate) enum Lazy {
    /// An interface object.
    Interface(&'static Interface),
    /// The legacy factory function of an interface.
    Factory(&'static Interface, &'static Factory),
    /// The functions of an attribute of the window.
    Attribute(&'static Interface, &'static Member),
}

/// The properties that an agent's windows share.
#[derive(Clone, Default)]
pub(crate) struct LazyGlobals {
    /// The members of the window, in the order in which they are defined.
    members: Rc<[OfWindow]>,
    /// The interface objects.
    interfaces: Rc<[Shared]>,
}

enum OfWindow {
    /// A member whose functions each window has from the start, and the windows that have it.
    Own(&'static Interface, &'static Member, Exposed),
    Shared(Shared),
}

struct Shared {
    name: JsString,
    lazy: Lazy,
    /// The windows that have it.
    exposed: Exposed,
    get: JsObject,
    set: Option<JsObject>,
}

impl LazyGlobals {
    /// The properties that windows share.
    fn shared(&self) -> impl Iterator<Item = &Shared> {
        let members = self.members.iter().filter_map(|member| match member {
            OfWindow::Shared(shared) => Some(shared),
            OfWindow::Own(..) => None,
        });
        members.chain(self.interfaces.iter())
    }
}

/// Creates the accessors, in the agent's hidden realm. `window` is the interface of windows.
pub(crate) fn install(ctx: &mut Context, window: &'static Interface) {
    let realm = ctx.realm().clone();
    let members = webidl::members_of_global(window, ctx);
    let exposed_members = window.exposed_members(ctx);
    let members = members.into_iter().map(|member| {
        let exposed = exposed_members(member.name());
        match member.is_attribute() {
            true => OfWindow::Shared(shared_attribute(&realm, window, member, exposed)),
            false => OfWindow::Own(window, member, exposed),
        }
    });
    let members = members.collect();
    let exposed = extensions(ctx).exposed(WINDOW.in_secure_contexts());
    let shared = exposed.flat_map(properties).map(|(name, lazy)| Shared {
        name: JsString::from(name),
        lazy,
        exposed: lazy.interface().exposed,
        // The property stays an accessor. If the getter replaced it by a data property, Boa's
        // inline cache would use the old slot for the new shape.
        get: function(&realm, name, 0, move |this, _, ctx| {
            Ok(match holder(this, ctx)? {
                Some((realm, _)) => lazy.value(&realm, ctx),
                None => JsValue::undefined(),
            })
        }),
        set: Some(function(&realm, name, 1, move |this, args, ctx| {
            let value = args.first().cloned().unwrap_or_default();
            // Behaves like a data property: a receiver that inherits it gets its own property.
            match (holder(this, ctx)?, this.as_object()) {
                (Some((_, global)), object)
                    if object
                        .as_ref()
                        .is_none_or(|object| stands_for(object, &global, ctx)) =>
                {
                    settle(&global, JsString::from(name), value);
                }
                (_, Some(object)) => {
                    object.create_data_property_or_throw(JsString::from(name), value, ctx)?;
                }
                _ => {}
            }
            Ok(JsValue::undefined())
        })),
    });
    let shared = LazyGlobals {
        members,
        interfaces: shared.collect(),
    };
    LAZY_GLOBALS.with(ctx, |lazy_globals| *lazy_globals = shared);
}

/// The properties of a window for an interface.
fn properties(interface: &'static Interface) -> impl Iterator<Item = (&'static str, Lazy)> {
    let names = interface.aliases.iter().copied().chain([interface.name]);
    let factory = interface.factory.iter();
    names
        .map(move |name| (name, Lazy::Interface(interface)))
        .chain(factory.map(move |factory| (factory.name, Lazy::Factory(interface, factory))))
}

/// The accessor of an attribute. At its first use in a window it creates the functions of this window's realm,
/// which replace it. The property remains an accessor, so Boa's inline caches remain right.
fn shared_attribute(
    realm: &Realm,
    interface: &'static Interface,
    member: &'static Member,
    exposed: Exposed,
) -> Shared {
    let name = member.name();
    let get = function(realm, name, 0, move |this, args, ctx| {
        let own = own_accessor(interface, member, this, ctx)?;
        own.get()
            .map_or(Ok(JsValue::undefined()), |get| call(get, this, args, ctx))
    });
    let set = member.has_setter().then(|| {
        function(realm, name, 1, move |this, args, ctx| {
            let own = own_accessor(interface, member, this, ctx)?;
            own.set()
                .map_or(Ok(JsValue::undefined()), |set| call(set, this, args, ctx))
        })
    });
    Shared {
        name: JsString::from(name),
        lazy: Lazy::Attribute(interface, member),
        exposed,
        get,
        set,
    }
}

fn call(
    function: &JsValue,
    this: &JsValue,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    match function.as_callable() {
        Some(function) => function.call(this, args, ctx),
        None => Ok(JsValue::undefined()),
    }
}

/// Creates the functions of an attribute for the window through which it is accessed.
fn own_accessor(
    interface: &'static Interface,
    member: &'static Member,
    this: &JsValue,
    ctx: &mut Context,
) -> JsResult<PropertyDescriptor> {
    Ok(match holder(this, ctx)? {
        Some((realm, global)) => settle_attribute(interface, member, &realm, &global),
        None => PropertyDescriptor::default(),
    })
}

fn settle_attribute(
    interface: &'static Interface,
    member: &'static Member,
    realm: &Realm,
    global: &JsObject,
) -> PropertyDescriptor {
    member.define_on_global(interface, global, realm);
    let name = PropertyKey::from(JsString::from(member.name()));
    let own = global.borrow().properties().get(&name);
    own.unwrap_or_default()
}

/// Defines the members of the window and the interface objects on a new window's global object.
pub(crate) fn define(ctx: &Context, realm: &Realm, global: &JsObject) {
    let LazyGlobals {
        members,
        interfaces,
    } = LAZY_GLOBALS.with(ctx, |lazy_globals| lazy_globals.clone());
    let own = webidl::realm::exposed_in(realm);
    for member in members.iter() {
        match member {
            OfWindow::Own(interface, member, exposed) if exposed.includes(own) => {
                member.define_on_global(interface, global, realm);
            }
            OfWindow::Shared(shared) if shared.exposed.includes(own) => {
                define_shared(shared, global, READ_ONLY);
            }
            OfWindow::Own(..) | OfWindow::Shared(_) => {}
        }
    }
    for shared in interfaces.iter() {
        if shared.exposed.includes(own) {
            define_shared(shared, global, CONFIGURABLE);
        }
    }
}

fn define_shared(shared: &Shared, global: &JsObject, attributes: Attribute) {
    let (get, set) = (shared.get.clone(), shared.set.clone());
    let descriptor = accessor_property(Some(get), set, attributes);
    global.insert_property(shared.name.clone(), descriptor);
}

/// Returns an own property of a window's global object as script sees it: with its value.
pub(crate) fn settled(
    ctx: &mut Context,
    global: &JsObject,
    key: &PropertyKey,
    descriptor: PropertyDescriptor,
) -> JsResult<PropertyDescriptor> {
    let (PropertyKey::String(name), Some(getter)) = (key, descriptor.get()) else {
        return Ok(descriptor);
    };
    let getter = getter.as_object();
    let lazy_globals = LAZY_GLOBALS.with(ctx, |lazy_globals| lazy_globals.clone());
    let found = lazy_globals
        .shared()
        .find(|shared| shared.name == *name && Some(&shared.get) == getter.as_ref());
    let (Some(found), Some((realm, _))) = (found, holder(&global.clone().into(), ctx)?) else {
        return Ok(descriptor);
    };
    Ok(match found.lazy {
        Lazy::Attribute(interface, member) => settle_attribute(interface, member, &realm, global),
        Lazy::Interface(_) | Lazy::Factory(..) => {
            data_property(found.lazy.value(&realm, ctx), HIDDEN)
        }
    })
}

/// Stores the value of a window's lazy property before a partial redefinition.
pub(crate) fn settle_own(ctx: &mut Context, global: &JsObject, key: &PropertyKey) -> JsResult<()> {
    let own = global.borrow().properties().get(key);
    let Some(own) = own.filter(PropertyDescriptor::is_accessor_descriptor) else {
        return Ok(());
    };
    let settled = settled(ctx, global, key, own)?;
    if settled.is_data_descriptor() {
        global.insert_property(key.clone(), settled);
    }
    Ok(())
}

impl Lazy {
    fn interface(self) -> &'static Interface {
        match self {
            Self::Interface(interface)
            | Self::Factory(interface, _)
            | Self::Attribute(interface, _) => interface,
        }
    }

    fn value(self, realm: &Realm, ctx: &mut Context) -> JsValue {
        match self {
            Self::Interface(interface) => webidl::interface_objects(realm, interface, ctx)
                .constructor
                .clone()
                .into(),
            Self::Factory(interface, factory) => {
                webidl::legacy_factory_function(realm, interface, factory, ctx).into()
            }
            Self::Attribute(..) => JsValue::undefined(),
        }
    }
}

fn settle(global: &JsObject, name: JsString, value: JsValue) {
    global.insert_property(name, data_property(value, HIDDEN));
}

/// Defines the interface objects of a worker on its global object, with their values. A worker has
/// no proxy that could hide an accessor.
pub(crate) fn define_for_worker(
    ctx: &mut Context,
    realm: &Realm,
    global: &JsObject,
    kind: Exposed,
) {
    for interface in extensions(ctx).exposed(kind) {
        let objects = webidl::interface_objects(realm, interface, ctx);
        let name = JsString::from(interface.name);
        settle(global, name, objects.constructor.clone().into());
    }
}

/// Returns the realm and the global object of the window through which a property is accessed: that
/// of the receiver or of its prototype chain, else that of the running script.
fn holder(this: &JsValue, ctx: &mut Context) -> JsResult<Option<(Realm, JsObject)>> {
    let mut next = this.as_object();
    let mut window = None;
    while let Some(object) = next {
        window = crate::script::globals::window_of_global(&object);
        if window.is_none() {
            let behind = window_proxy::behind(&object, ctx)?;
            window = behind.and_then(|behind| crate::script::globals::window_of_global(&behind));
        }
        if window.is_some() {
            break;
        }
        next = object.prototype();
    }
    let record = window
        .or_else(|| running_window(ctx))
        .and_then(|window| window_record(ctx, window));
    Ok(record.map(|record| (record.realm, record.global)))
}

/// Whether the object is this global object or its WindowProxy.
fn stands_for(object: &JsObject, global: &JsObject, ctx: &mut Context) -> bool {
    let behind = window_proxy::behind(object, ctx).ok().flatten();
    object == global || behind.as_ref() == Some(global)
}
