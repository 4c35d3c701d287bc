//! Properties of global objects whose values are made when they are first used: interface objects
//! and their like.
//!
//! OPTIMIZATION: a realm needs few of the many. Until it has one, the property is an accessor that
//! all windows of the agent share, so that a new realm has no functions to make for it. Only a
//! property descriptor could tell, and [`settled`] shows the one that the property is to have.

use std::rc::Rc;

use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use crate::boa::functions::function;
use crate::boa::slots::Slot;
use crate::script::realm::{running_window, window_record};
use crate::webidl::{self, Interface};
use crate::windows::window_proxy;

/// What the global objects of windows share.
static LAZY_GLOBALS: Slot<LazyGlobals> = Slot::new();

/// What the value of a property is.
#[derive(Clone, Copy)]
pub(crate) enum Lazy {
    /// An interface object.
    Interface(&'static Interface),
    /// Something of which a realm has one.
    Made(fn(&mut Context, &Realm) -> JsObject),
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

/// Makes the accessors, in the realm that no page sees.
pub(crate) fn install(ctx: &mut Context, all: impl Iterator<Item = (&'static str, Lazy)>) {
    let realm = ctx.realm().clone();
    let shared = all.map(|(name, lazy)| Shared {
        name: JsString::from(name),
        lazy,
        // The property stays an accessor: a getter that replaces itself by a data property leaves
        // Boa's inline cache with the old slot for the new shape.
        get: function(&realm, name, 0, move |this, _, ctx| {
            Ok(match holder(this, ctx)? {
                Some((realm, _)) => lazy.value(&realm, ctx),
                None => JsValue::undefined(),
            })
        }),
        set: function(&realm, name, 1, move |this, args, ctx| {
            let value = args.first().cloned().unwrap_or_default();
            // As a property with a value is written: a receiver that inherits it gets its own.
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

/// Defines the properties on a new window's global object.
pub(crate) fn define(ctx: &Context, global: &JsObject) {
    let LazyGlobals(shared) = LAZY_GLOBALS.with(ctx, |lazy_globals| lazy_globals.clone());
    for property in shared.iter() {
        let descriptor = PropertyDescriptor::builder()
            .get(property.get.clone())
            .set(property.set.clone())
            .enumerable(false)
            .configurable(true);
        global.insert_property(property.name.clone(), descriptor);
    }
}

/// An own property of a window's global object as script is to see it: with its value.
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
    Ok(data_property(found.lazy.value(&realm, ctx)))
}

/// Gives an own property of a window's global object its value, before it is redefined in part.
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
                .into(),
            Self::Made(make) => make(ctx, realm).into(),
        }
    }
}

fn settle(global: &JsObject, name: JsString, value: JsValue) {
    global.insert_property(name, data_property(value));
}

fn data_property(value: JsValue) -> PropertyDescriptor {
    PropertyDescriptor::builder()
        .value(value)
        .writable(true)
        .enumerable(false)
        .configurable(true)
        .build()
}

/// Defines the interface objects that a worker has on its global object, each with its value:
/// nothing stands between a worker's script and that object which could show it otherwise.
pub(crate) fn define_for_worker(
    ctx: &mut Context,
    realm: &Realm,
    global: &JsObject,
    interfaces: impl Iterator<Item = &'static Interface>,
) {
    for interface in interfaces {
        let objects = webidl::interface_objects(realm, interface, ctx);
        let name = JsString::from(interface.name);
        settle(global, name, objects.constructor.into());
    }
}

/// The realm and the global object of the window that a property is read or written through: the
/// receiver, or what it inherits from; without a receiver that of the running script.
fn holder(this: &JsValue, ctx: &mut Context) -> JsResult<Option<(Realm, JsObject)>> {
    let mut next = this.as_object();
    let mut window = None;
    while let Some(object) = next {
        window = crate::webidl::platform::window_of_global(&object);
        if window.is_none() {
            let behind = window_proxy::behind(&object, ctx)?;
            window = behind.and_then(|behind| crate::webidl::platform::window_of_global(&behind));
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
