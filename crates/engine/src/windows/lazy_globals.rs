//! Lazy properties of global objects, such as interface objects: their values are created at first
//! use.
//!
//! OPTIMIZATION: a realm needs few of them. Until a value exists, the property is an accessor that
//! all windows of the agent share, so a new realm needs no functions for it. Only a property
//! descriptor would reveal that, and [`settled`] returns the data property instead.

use std::rc::Rc;

use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use crate::boa::functions::function;
use crate::boa::properties::{CONFIGURABLE, HIDDEN, accessor_property, data_property};
use crate::boa::slots::Slot;
use crate::script::globals::WINDOW;
use crate::script::realm::{running_window, window_record};
use crate::webidl::extensions::extensions;
use crate::webidl::interface::Factory;
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
}

/// The properties that an agent's windows share.
#[derive(Clone, Default)]
pub(crate) struct LazyGlobals(Rc<[Shared]>);

struct Shared {
    name: JsString,
    lazy: Lazy,
    get: JsObject,
    set: JsObject,
}

/// Creates the accessors, in the agent's hidden realm.
pub(crate) fn install(ctx: &mut Context) {
    let realm = ctx.realm().clone();
    let exposed = extensions(ctx).exposed(WINDOW);
    let shared = exposed.flat_map(properties).map(|(name, lazy)| Shared {
        name: JsString::from(name),
        lazy,
        // The property stays an accessor. If the getter replaced it by a data property, Boa's
        // inline cache would use the old slot for the new shape.
        get: function(&realm, name, 0, move |this, _, ctx| {
            Ok(match holder(this, ctx)? {
                Some((realm, _)) => lazy.value(&realm, ctx),
                None => JsValue::undefined(),
            })
        }),
        set: function(&realm, name, 1, move |this, args, ctx| {
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
        }),
    });
    let shared = LazyGlobals(shared.collect());
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

/// Defines the properties on a new window's global object.
pub(crate) fn define(ctx: &Context, global: &JsObject) {
    let LazyGlobals(shared) = LAZY_GLOBALS.with(ctx, |lazy_globals| lazy_globals.clone());
    for property in shared.iter() {
        let descriptor = accessor_property(
            Some(property.get.clone()),
            Some(property.set.clone()),
            CONFIGURABLE,
        );
        global.insert_property(property.name.clone(), descriptor);
    }
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
    let LazyGlobals(shared) = LAZY_GLOBALS.with(ctx, |lazy_globals| lazy_globals.clone());
    let found = shared
        .iter()
        .find(|shared| shared.name == *name && Some(&shared.get) == getter.as_ref());
    let (Some(found), Some((realm, _))) = (found, holder(&global.clone().into(), ctx)?) else {
        return Ok(descriptor);
    };
    Ok(data_property(found.lazy.value(&realm, ctx), HIDDEN))
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
    fn value(self, realm: &Realm, ctx: &mut Context) -> JsValue {
        match self {
            Self::Interface(interface) => webidl::interface_objects(realm, interface, ctx)
                .constructor
                .clone()
                .into(),
            Self::Factory(interface, factory) => {
                webidl::legacy_factory_function(realm, interface, factory, ctx).into()
            }
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
