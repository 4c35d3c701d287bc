//! The objects of interfaces: interface objects, interface prototype objects, and the platform
//! objects created from them.

use boa_engine::{
    Context, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue, NativeFunction,
    js_string,
    object::ConstructorBuilder,
    property::{PropertyDescriptor, PropertyKey},
    realm::Realm,
};

use boa_gc::Gc;

use super::interface::{Interface, Iterable, Mixin};
use super::members::{self, Access};
use super::realm::in_realm;
use crate::boa::properties::{CONFIGURABLE, CONSTANT, ORDINARY, data_property};
use crate::webidl::platform::{self, Data, PlatformObject, WindowGlobal};

/// The objects of an interface in a realm.
#[derive(boa_engine::Trace, boa_engine::Finalize)]
pub(crate) struct InterfaceObjects {
    /// The [interface object](https://webidl.spec.whatwg.org/#interface-object).
    pub(crate) constructor: JsObject,
    /// The [interface prototype object](https://webidl.spec.whatwg.org/#interface-prototype-object).
    pub(crate) prototype: JsObject,
    /// Its [unforgeable](https://webidl.spec.whatwg.org/#LegacyUnforgeable) members, which every
    /// instance gets as own properties.
    unforgeables: Vec<Unforgeable>,
}

/// An unforgeable member: an own property of each instance.
#[derive(Clone, boa_engine::Trace, boa_engine::Finalize)]
struct Unforgeable {
    #[unsafe_ignore_trace]
    name: JsString,
    descriptor: PropertyDescriptor,
}

/// The `new.target` of a construction, with its interface.
pub(crate) struct NewTarget {
    interface: &'static Interface,
    value: JsObject,
}

impl NewTarget {
    /// [Internally create a new object implementing the interface](https://webidl.spec.whatwg.org/#internally-create-a-new-object-implementing-the-interface),
    /// with the prototype that `new.target` asks for.
    pub(crate) fn create(&self, data: impl Data, ctx: &mut Context) -> JsResult<JsObject> {
        self.create_with(PlatformObject::new(data, self.interface), ctx)
    }

    /// The interface of the constructed object.
    pub(crate) fn interface(&self) -> &'static Interface {
        self.interface
    }

    /// Like [`create`](Self::create), with all parts of the object's data.
    pub(crate) fn create_with(
        &self,
        parts: PlatformObject,
        ctx: &mut Context,
    ) -> JsResult<JsObject> {
        let prototype = self.value.get(js_string!("prototype"), ctx)?;
        let realm = ctx.realm().clone();
        let objects = interface_objects(&realm, self.interface, ctx);
        let prototype = prototype
            .as_object()
            .unwrap_or_else(|| objects.prototype.clone());
        let object = parts.create_in(&realm, prototype, ctx);
        objects.define_unforgeables(&object);
        Ok(object)
    }
}

impl InterfaceObjects {
    fn define_unforgeables(&self, object: &JsObject) {
        for Unforgeable { name, descriptor } in &self.unforgeables {
            object.insert_property(name.clone(), descriptor.clone());
        }
    }
}

/// Creates a platform object of `interface` in `realm`.
pub(crate) fn create_object(
    realm: &Realm,
    interface: &'static Interface,
    data: impl Data,
    ctx: &mut Context,
) -> JsObject {
    create_with(realm, PlatformObject::new(data, interface), ctx)
}

/// Creates a platform object of `interface` in the current realm.
pub(crate) fn create_here(
    interface: &'static Interface,
    data: impl Data,
    cx: &mut Context,
) -> JsObject {
    let realm = cx.realm().clone();
    create_object(&realm, interface, data, cx)
}

/// Like [`create_object`], with all parts of the object's data.
pub(crate) fn create_with(realm: &Realm, parts: PlatformObject, ctx: &mut Context) -> JsObject {
    let objects = interface_objects(realm, parts.interface, ctx);
    let prototype = objects.prototype.clone();
    let object = parts.create_in(realm, prototype, ctx);
    objects.define_unforgeables(&object);
    object
}

/// The interface object and the interface prototype object of `interface` in `realm`, created on
/// first use.
pub(crate) fn interface_objects(
    realm: &Realm,
    interface: &'static Interface,
    ctx: &mut Context,
) -> Gc<InterfaceObjects> {
    if let Some(objects) = super::realm::defined_interface(realm, interface.name) {
        return objects;
    }
    let parent = interface
        .parent
        .map(|parent| interface_objects(realm, parent, ctx));
    let parent = parent.as_deref();
    let objects = in_realm(ctx, realm, |ctx| define_interface(interface, parent, ctx));
    let objects = Gc::new(objects);
    super::realm::remember_interface(realm, interface.name, objects.clone());
    objects
}

/// Defines the members of a [global](https://webidl.spec.whatwg.org/#Global) interface on the global
/// object of a realm.
pub(crate) fn define_on_global(
    interface: &'static Interface,
    global: &JsObject,
    realm: &Realm,
    ctx: &Context,
) {
    let members = interface.all_members(ctx);
    // Regular attributes are defined before regular operations.
    let (attributes, others): (Vec<_>, Vec<_>) = members
        .into_iter()
        .partition(|member| !member.is_operation());
    for member in attributes.into_iter().chain(others) {
        member.define_on_global(interface, global, realm);
    }
}

/// [Create an interface object](https://webidl.spec.whatwg.org/#create-an-interface-object).
fn define_interface(
    interface: &'static Interface,
    parent: Option<&InterfaceObjects>,
    ctx: &mut Context,
) -> InterfaceObjects {
    let realm = ctx.realm().clone();
    let mut unforgeables = parent.map_or_else(Vec::new, |parent| parent.unforgeables.clone());

    let length = interface.constructor.map_or(0, |(length, _)| length);
    let steps = NativeFunction::from_copy_closure(move |new_target, args, ctx| {
        construct(interface, new_target, args, ctx)
    });
    let in_window = is_window(&ctx.global_object());
    let mixins = interface.mixins(ctx);
    let window_only: Vec<&'static str> =
        names(interface.window_only, &mixins, |mixin| mixin.window_only);
    let unscopables = names(interface.unscopables, &mixins, |mixin| mixin.unscopables);
    let mut all = interface.all_members(ctx);
    all.retain(|member| in_window || !window_only.contains(&member.name()));
    if interface.is_global {
        all.clear();
    }
    let mut builder = ConstructorBuilder::new(ctx, steps);
    builder.name(interface.name).length(length);
    if let Some(parent) = parent {
        builder
            .inherit(parent.prototype.clone())
            .custom_prototype(parent.constructor.clone());
    } else if interface.name == "DOMException" {
        // https://webidl.spec.whatwg.org/#js-DOMException-specialness
        let error = realm.intrinsics().constructors().error().prototype();
        builder.inherit(error);
    }
    let constants = mixins.iter().flat_map(|mixin| mixin.constants);
    for (name, value) in constants.chain(interface.constants) {
        let constant = data_property(*value, CONSTANT);
        builder.property_descriptor(JsString::from(*name), constant.clone());
        builder.static_property_descriptor(JsString::from(*name), constant);
    }
    // The specification defines regular attributes before regular operations.
    let (attributes, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|member| member.is_attribute());
    for member in attributes.into_iter().chain(others) {
        match members::define(interface, member, &realm) {
            members::Defined::Prototype(key, descriptor) => {
                if interface.iterable == Iterable::Pairs
                    && key == PropertyKey::from(js_string!("entries"))
                {
                    let hidden = PropertyDescriptor::builder()
                        .maybe_value(descriptor.value().cloned())
                        .writable(true)
                        .enumerable(false)
                        .configurable(true);
                    builder.property_descriptor(JsSymbol::iterator(), hidden);
                }
                builder.property_descriptor(key, descriptor);
            }
            members::Defined::Constructor(key, descriptor) => {
                builder.static_property_descriptor(key, descriptor);
            }
            members::Defined::Instances { name, descriptor } => {
                let name = JsString::from(name);
                unforgeables.push(Unforgeable { name, descriptor });
            }
        }
    }
    builder.property_descriptor(
        JsSymbol::to_string_tag(),
        data_property(js_string!(interface.name), CONFIGURABLE),
    );
    for (key, function, enumerable) in iteration_members(interface.iterable, &realm) {
        builder.property_descriptor(
            key,
            PropertyDescriptor::builder()
                .value(function)
                .writable(true)
                .enumerable(enumerable)
                .configurable(true),
        );
    }
    if !unscopables.is_empty() {
        let list = JsObject::with_null_proto();
        for name in unscopables {
            list.insert_property(JsString::from(name), data_property(true, ORDINARY));
        }
        builder.property_descriptor(JsSymbol::unscopables(), data_property(list, CONFIGURABLE));
    }
    let built = builder.build();
    InterfaceObjects {
        constructor: built.constructor(),
        prototype: built.prototype(),
        unforgeables,
    }
}

/// The names of an interface and of its mixins.
fn names(
    own: &[&'static str],
    mixins: &[&'static Mixin],
    of: impl Fn(&'static Mixin) -> &'static [&'static str],
) -> Vec<&'static str> {
    let of_mixins = mixins.iter().flat_map(|mixin| of(mixin));
    own.iter().chain(of_mixins).copied().collect()
}

/// Whether the object is the global object of a window.
pub(crate) fn is_window(global: &JsObject) -> bool {
    platform::with(global, |_: &WindowGlobal| Some(())).is_some()
}

/// The functions of `Array.prototype` that an interface with indexed properties shares.
fn iteration_members(iterable: Iterable, realm: &Realm) -> Vec<(PropertyKey, JsValue, bool)> {
    if matches!(iterable, Iterable::No | Iterable::Pairs) {
        return Vec::new();
    }
    let array = realm.intrinsics().constructors().array().prototype();
    let own = |key: PropertyKey| -> JsValue {
        array
            .borrow()
            .properties()
            .get(&key)
            .and_then(|property| property.value().cloned())
            .unwrap_or_default()
    };
    let mut found = vec![(
        PropertyKey::from(JsSymbol::iterator()),
        own(JsSymbol::iterator().into()),
        false,
    )];
    if iterable == Iterable::Values {
        for name in [
            js_string!("entries"),
            js_string!("forEach"),
            js_string!("keys"),
            js_string!("values"),
        ] {
            found.push((name.clone().into(), own(name.into()), true));
        }
    }
    found
}

/// The [[Construct]] and [[Call]] of an interface object.
fn construct(
    interface: &'static Interface,
    new_target: &JsValue,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let Some((length, steps)) = interface.constructor else {
        return Err(JsNativeError::typ()
            .with_message("Illegal constructor")
            .into());
    };
    let Some(value) = new_target.as_object() else {
        return Err(JsNativeError::typ()
            .with_message(format!(
                "Failed to construct '{}': Please use the 'new' operator, this object constructor cannot be called as a function.",
                interface.name
            ))
            .into());
    };
    if args.len() < length {
        return Err(too_few_arguments(
            &format!("Failed to construct '{}'", interface.name),
            length,
            args.len(),
        ));
    }
    let new_target = NewTarget { interface, value };
    let constructed = steps(&new_target, args, ctx).map_err(|error| {
        let what = || format!("Failed to construct '{}'", interface.name);
        crate::webidl::exception::name_what_failed(error, what)
    });
    constructed.map(JsValue::from)
}

/// Creates the error for a call with fewer arguments than the operation requires.
pub(crate) fn too_few_arguments(what: &str, required: usize, given: usize) -> boa_engine::JsError {
    let plural = if required == 1 { "" } else { "s" };
    JsNativeError::typ()
        .with_message(format!(
            "{what}: {required} argument{plural} required, but only {given} present."
        ))
        .into()
}

/// Returns the platform object on which a member of `interface` is called, or a `TypeError` if the
/// value is another object.
pub(crate) fn receiver(
    interface: &'static Interface,
    name: &str,
    access: Access,
    this: &JsValue,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let object = if this.is_null_or_undefined() {
        Some(ctx.global_object())
    } else {
        match this.as_object() {
            Some(object) => platform::unwrap_proxy(&object, ctx)?,
            None => None,
        }
    };
    if let Some(object) = object {
        let own = platform::interface_of(&object);
        if let Some(check) = own.and_then(|own| own.security_check) {
            check(&object, name, access, ctx)?;
        }
        if own.is_some_and(|own| own.inherits(interface)) {
            return Ok(object);
        }
    }
    Err(JsNativeError::typ()
        .with_message("Illegal invocation")
        .into())
}
