//! The objects of interfaces: interface objects, interface prototype objects, and the platform
//! objects created from them.

use boa_engine::{
    Context, JsObject, JsResult, JsString, JsSymbol, JsValue, NativeFunction, js_string,
    object::{ConstructorBuilder, FunctionObjectBuilder},
    property::{PropertyDescriptor, PropertyKey},
    realm::Realm,
};

use boa_gc::Gc;

use super::behind_members;
use super::exception::name_what_failed;
use super::interface::{Exposed, Factory, Interface, Iterable};
use super::members::{self, Access, Defined, Member};
use super::realm::in_realm;
use crate::boa::errors::type_error;
use crate::boa::properties::{CONFIGURABLE, CONSTANT, FIXED, HIDDEN, ORDINARY, data_property};
use crate::webidl::platform::{self, Data, PlatformObject};

/// The objects of an interface in a realm.
#[derive(boa_engine::Trace, boa_engine::Finalize)]
pub struct InterfaceObjects {
    /// The [interface object](https://webidl.spec.whatwg.org/#interface-object).
    pub constructor: JsObject,
    /// The [interface prototype object](https://webidl.spec.whatwg.org/#interface-prototype-object).
    pub prototype: JsObject,
    /// Its [unforgeable](https://webidl.spec.whatwg.org/#LegacyUnforgeable) members, which every
    /// instance gets as own properties.
    unforgeables: Vec<Unforgeable>,
}

impl std::fmt::Debug for InterfaceObjects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InterfaceObjects").finish_non_exhaustive()
    }
}

/// An unforgeable member: an own property of each instance.
#[derive(Clone, boa_engine::Trace, boa_engine::Finalize)]
struct Unforgeable {
    #[unsafe_ignore_trace]
    key: PropertyKey,
    descriptor: PropertyDescriptor,
}

/// The `new.target` of a construction, with its interface.
#[derive(Debug)]
pub struct NewTarget {
    interface: &'static Interface,
    value: JsObject,
}

impl NewTarget {
    /// [Internally create a new object implementing the interface](https://webidl.spec.whatwg.org/#internally-create-a-new-object-implementing-the-interface),
    /// with the prototype that `new.target` determines.
    pub fn create(&self, data: impl Data, ctx: &mut Context) -> JsResult<JsObject> {
        self.create_with(PlatformObject::new(data, self.interface), ctx)
    }

    /// The interface of the constructed object.
    pub fn interface(&self) -> &'static Interface {
        self.interface
    }

    /// Like [`create`](Self::create), with all parts of the object's data.
    #[inline]
    pub fn create_with(&self, parts: PlatformObject, ctx: &mut Context) -> JsResult<JsObject> {
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
        for Unforgeable { key, descriptor } in &self.unforgeables {
            object.insert_property(key.clone(), descriptor.clone());
        }
    }
}

/// Creates a platform object of `interface` in `realm`.
#[inline]
pub fn create_object(
    realm: &Realm,
    interface: &'static Interface,
    data: impl Data,
    ctx: &mut Context,
) -> JsObject {
    create_with(realm, PlatformObject::new(data, interface), ctx)
}

/// Creates a platform object of `interface` in the current realm.
#[inline]
pub fn create_here(interface: &'static Interface, data: impl Data, cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    create_object(&realm, interface, data, cx)
}

/// Like [`create_object`], with all parts of the object's data.
pub fn create_with(realm: &Realm, parts: PlatformObject, ctx: &mut Context) -> JsObject {
    let (of_realm, objects) = match super::realm::parts_of(realm, parts.interface) {
        Some(found) => found,
        None => {
            let objects = interface_objects(realm, parts.interface, ctx);
            (super::realm::parts(realm, ctx), objects)
        }
    };
    let object = parts.create_from(&of_realm, objects.prototype.clone());
    objects.define_unforgeables(&object);
    object
}

/// Creates platform objects of one interface in one realm.
///
/// OPTIMIZATION: for an embedder that creates many of them, such as events. [`create_with`] finds the parts of the
/// realm and of the interface for each object.
pub struct Maker {
    of_realm: super::realm::Parts,
    interface: &'static Interface,
    objects: Gc<InterfaceObjects>,
}

impl std::fmt::Debug for Maker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maker")
            .field("interface", &self.interface.name)
            .finish_non_exhaustive()
    }
}

impl Maker {
    /// Prepares to create objects of an interface. `None` before the first object of the interface was created in the
    /// realm.
    #[must_use]
    pub fn new(realm: &Realm, interface: &'static Interface) -> Option<Self> {
        let (of_realm, objects) = super::realm::parts_of(realm, interface)?;
        Some(Self {
            of_realm,
            interface,
            objects,
        })
    }

    /// Whether it creates objects of this interface.
    #[inline]
    #[must_use]
    pub fn makes(&self, interface: &'static Interface) -> bool {
        std::ptr::eq(self.interface, interface)
    }

    /// Creates an object of the maker's interface, with all parts of its data.
    #[must_use]
    pub fn create(&self, parts: PlatformObject) -> JsObject {
        let object = parts.create_from(&self.of_realm, self.objects.prototype.clone());
        self.objects.define_unforgeables(&object);
        object
    }
}

/// The interface object and the interface prototype object of `interface` in `realm`, created on
/// first use.
pub fn interface_objects(
    realm: &Realm,
    interface: &'static Interface,
    ctx: &mut Context,
) -> Gc<InterfaceObjects> {
    if let Some(objects) = super::realm::defined_interface(realm, interface) {
        return objects;
    }
    let parent = interface
        .parent
        .map(|parent| interface_objects(realm, parent, ctx));
    let parent = parent.as_deref();
    let objects = in_realm(ctx, realm, |ctx| define_interface(interface, parent, ctx));
    let objects = Gc::new(objects);
    super::realm::remember_interface(realm, interface, objects.clone());
    objects
}

/// Takes the embedder's objects as those of an interface, whose members the embedder defines.
pub fn adopt_interface(
    realm: &Realm,
    interface: &'static Interface,
    constructor: JsObject,
    prototype: JsObject,
) {
    let unforgeables = Vec::new();
    let objects = InterfaceObjects {
        constructor,
        prototype,
        unforgeables,
    };
    super::realm::remember_interface(realm, interface, Gc::new(objects));
}

/// Defines the members of a [namespace](https://webidl.spec.whatwg.org/#idl-namespaces) on its
/// namespace object.
pub fn define_namespace(
    namespace: &'static Interface,
    object: &JsObject,
    realm: &Realm,
    cx: &Context,
) {
    for member in namespace.all_members(cx) {
        if let Defined::Constructor(descriptor) = members::define(namespace, member, realm) {
            object.insert_property(JsString::from(member.name()), descriptor);
        }
    }
    let tag = data_property(js_string!(namespace.name), CONFIGURABLE);
    object.insert_property(JsSymbol::to_string_tag(), tag);
}

/// Defines the members of a [global](https://webidl.spec.whatwg.org/#Global) interface on the global
/// object of a realm.
pub fn define_on_global(
    interface: &'static Interface,
    global: &JsObject,
    realm: &Realm,
    ctx: &Context,
) {
    let exposed = super::realm::exposed_in(realm);
    let narrowed = interface.narrowed(ctx);
    for member in members_of_global(interface, ctx) {
        if !is_hidden(member.name(), &narrowed, exposed) {
            member.define_on_global(interface, global, realm);
        }
    }
}

/// The members of a [global](https://webidl.spec.whatwg.org/#Global) interface, in the order in which they
/// are defined on its global object.
pub fn members_of_global(interface: &'static Interface, ctx: &Context) -> Vec<&'static Member> {
    let members = interface.all_members(ctx);
    // Regular attributes are defined before regular operations.
    let (mut attributes, operations): (Vec<_>, Vec<_>) = members
        .into_iter()
        .partition(|member| !member.is_operation());
    attributes.extend(operations);
    attributes
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
    let exposed = super::realm::exposed_in(&realm);
    let mixins = interface.mixins(ctx);
    let narrowed: Vec<_> = mixins.iter().flat_map(|mixin| mixin.narrowed).collect();
    let unscopables: Vec<_> = mixins.iter().flat_map(|mixin| mixin.unscopables).collect();
    // OPTIMIZATION: the mixins are collected once.
    let tables = mixins.iter().flat_map(|mixin| mixin.members);
    let mut all: Vec<_> = tables.copied().flatten().collect();
    all.retain(|member| !is_hidden(member.name(), &narrowed, exposed));
    if interface.is_global {
        all.clear();
    }
    let parent_prototype = parent.map(|parent| match interface.behind_members {
        Some(_) => behind_members::proxy(&parent.prototype, ctx),
        None => parent.prototype.clone(),
    });
    let mut builder = ConstructorBuilder::new(ctx, steps);
    builder.name(interface.name).length(length);
    if let (Some(parent), Some(prototype)) = (parent, parent_prototype) {
        builder
            .inherit(prototype)
            .custom_prototype(parent.constructor.clone());
    } else if interface.name == "DOMException" {
        // https://webidl.spec.whatwg.org/#js-DOMException-specialness
        let error = realm.intrinsics().constructors().error().prototype();
        builder.inherit(error);
    }
    for (name, value) in mixins.iter().flat_map(|mixin| mixin.constants) {
        let constant = data_property(*value, CONSTANT);
        builder.property_descriptor(JsString::from(*name), constant.clone());
        builder.static_property_descriptor(JsString::from(*name), constant);
    }
    // The specification defines regular attributes before regular operations.
    let (attributes, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|member| member.is_attribute());
    for member in attributes.into_iter().chain(others) {
        let name = JsString::from(member.name());
        match members::define(interface, member, &realm) {
            Defined::Prototype(descriptor) => {
                if interface.iterable == Iterable::Pairs && member.name() == "entries" {
                    let entries = descriptor.value().cloned().unwrap_or_default();
                    builder
                        .property_descriptor(JsSymbol::iterator(), data_property(entries, HIDDEN));
                }
                if interface.iterable == Iterable::Async && member.name() == "values" {
                    let values = descriptor.value().cloned().unwrap_or_default();
                    let values = data_property(values, HIDDEN);
                    builder.property_descriptor(JsSymbol::async_iterator(), values);
                }
                builder.property_descriptor(name, descriptor);
            }
            Defined::Constructor(descriptor) => {
                builder.static_property_descriptor(name, descriptor);
            }
            Defined::Instances(descriptor) => {
                let key = name.into();
                unforgeables.push(Unforgeable { key, descriptor });
            }
        }
    }
    builder.property_descriptor(
        JsSymbol::to_string_tag(),
        data_property(js_string!(interface.name), CONFIGURABLE),
    );
    for (key, descriptor) in iteration_members(interface.iterable, &realm) {
        builder.property_descriptor(key, descriptor);
    }
    if !unscopables.is_empty() {
        let list = JsObject::with_null_proto();
        for name in unscopables {
            list.insert_property(JsString::from(*name), data_property(true, ORDINARY));
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

/// Whether the global of the realm does not [expose](https://webidl.spec.whatwg.org/#dfn-exposed) a member, although
/// it exposes the interface.
fn is_hidden(name: &str, narrowed: &[&(&'static str, Exposed)], global: Exposed) -> bool {
    let mut of_member = narrowed.iter().filter(|(held, _)| *held == name);
    of_member.any(|(_, exposed)| !exposed.includes(global))
}

/// The functions of `Array.prototype` that an interface with indexed properties shares.
fn iteration_members(iterable: Iterable, realm: &Realm) -> Vec<(PropertyKey, PropertyDescriptor)> {
    let names: &[&str] = match iterable {
        Iterable::No | Iterable::Pairs | Iterable::Async => return Vec::new(),
        Iterable::Indexed => &[],
        Iterable::Values => &["entries", "forEach", "keys", "values"],
    };
    let array = realm.intrinsics().constructors().array().prototype();
    let shared = |key: PropertyKey, attributes| {
        let own = array.borrow().properties().get(&key);
        let function = own.and_then(|property| property.value().cloned());
        (key, data_property(function.unwrap_or_default(), attributes))
    };
    let mut found = vec![shared(JsSymbol::iterator().into(), HIDDEN)];
    found.extend(
        names
            .iter()
            .map(|name| shared(JsString::from(*name).into(), ORDINARY)),
    );
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
        return Err(type_error("Illegal constructor"));
    };
    let value = check_construction(interface.name, new_target, length, args)?;
    let new_target = NewTarget { interface, value };
    let constructed = steps(&new_target, args, ctx)
        .map_err(|error| name_what_failed(error, || constructing(interface.name)));
    constructed.map(JsValue::from)
}

fn constructing(name: &str) -> String {
    format!("Failed to construct '{name}'")
}

/// Returns the `new.target` of a construction with enough arguments.
fn check_construction(
    name: &str,
    new_target: &JsValue,
    length: usize,
    args: &[JsValue],
) -> JsResult<JsObject> {
    let what = constructing(name);
    if args.len() < length {
        return Err(too_few_arguments(&what, length, args.len()));
    }
    new_target.as_object().ok_or_else(|| {
        let hint = "Please use the 'new' operator, this object constructor cannot be called as a \
                    function.";
        type_error(format!("{what}: {hint}"))
    })
}

/// The [legacy factory function](https://webidl.spec.whatwg.org/#legacy-factory-functions) of
/// `interface` in `realm`, created on first use.
pub fn legacy_factory_function(
    realm: &Realm,
    interface: &'static Interface,
    factory: &'static Factory,
    cx: &mut Context,
) -> JsObject {
    super::realm::singleton(cx, realm, factory.name, |cx, realm| {
        let steps = NativeFunction::from_copy_closure(move |new_target, args, cx| {
            check_construction(factory.name, new_target, factory.length, args)?;
            (factory.steps)(args, cx)
                .map_err(|error| name_what_failed(error, || constructing(factory.name)))
        });
        let function = FunctionObjectBuilder::new(realm, steps)
            .name(JsString::from(factory.name))
            .length(factory.length)
            .constructor(true)
            .build();
        let prototype = interface_objects(realm, interface, cx).prototype.clone();
        function.insert_property(js_string!("prototype"), data_property(prototype, FIXED));
        function.into()
    })
}

/// Creates the error for a call with fewer arguments than the operation requires.
pub fn too_few_arguments(what: &str, required: usize, given: usize) -> boa_engine::JsError {
    let plural = if required == 1 { "" } else { "s" };
    type_error(format!(
        "{what}: {required} argument{plural} required, but only {given} present."
    ))
}

/// Returns the platform object on which a member of `interface` is called, or a `TypeError` if the
/// value is another object.
pub fn receiver(
    interface: &'static Interface,
    name: &str,
    access: Access,
    this: &JsValue,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    // OPTIMIZATION: most receivers are platform objects that need no check.
    if let Some(object) = this.as_object()
        && let Some(own) = platform::interface_of(&object)
        && own.security_check.is_none()
        && own.inherits(interface)
    {
        return Ok(object);
    }
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
    Err(type_error("Illegal invocation"))
}
