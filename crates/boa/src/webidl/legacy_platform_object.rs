//! [Legacy platform objects](https://webidl.spec.whatwg.org/#js-legacy-platform-objects): objects
//! with indexed or named properties.
//!
//! Boa does not let an embedder define exotic objects. A legacy platform object is therefore an
//! ECMAScript proxy over a platform object. One set of traps serves all interfaces. The traps apply
//! the special operations of the target's interface to indices and names, and forward everything
//! else to the target.

use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::builtins::{JsArray, JsWeakMap};
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_event_loop::FxHashSet;

use super::convert::js_str;
use super::members::{Getter, Operation};
use crate::boa::functions::{Trap, proxy_handler};
use crate::boa::slots::Slot;
use crate::webidl::platform::{self, PlatformObject};

/// The special operations of an interface.
#[derive(Debug)]
pub struct LegacyPlatformObject {
    /// Its [indexed properties](https://webidl.spec.whatwg.org/#dfn-support-indexed-properties).
    pub indexed: Option<Indexed>,
    /// Its [named properties](https://webidl.spec.whatwg.org/#dfn-support-named-properties).
    pub named: Option<Named>,
    /// [`[LegacyOverrideBuiltIns]`](https://webidl.spec.whatwg.org/#LegacyOverrideBuiltIns): named
    /// properties hide properties of the object and its prototypes.
    pub override_built_ins: bool,
    /// Whether named properties are enumerable. They are not with
    /// [`[LegacyUnenumerableNamedProperties]`](https://webidl.spec.whatwg.org/#LegacyUnenumerableNamedProperties).
    pub enumerable_names: bool,
}

/// The operations of indexed properties.
#[derive(Debug)]
pub struct Indexed {
    /// Returns the number of indices.
    pub length: Getter,
    /// Returns the value at an index.
    pub get: Operation,
    /// Whether a null value means that the index is not supported. Otherwise the length decides.
    pub null_is_none: bool,
    /// Sets the value at an index.
    pub set: Option<Operation>,
}

/// The [supported property names](https://webidl.spec.whatwg.org/#dfn-supported-property-names).
pub type Names = fn(&JsObject, &mut Context) -> JsResult<Vec<JsString>>;

/// A supported property name.
pub trait PropertyName {
    /// Converts it to a string.
    fn into_string(self) -> JsString;
}

impl PropertyName for JsString {
    fn into_string(self) -> JsString {
        self
    }
}

impl PropertyName for String {
    fn into_string(self) -> JsString {
        self.into()
    }
}

/// Converts the supported property names that the steps of an interface return.
pub fn supported(names: Vec<impl PropertyName>) -> Vec<JsString> {
    names.into_iter().map(PropertyName::into_string).collect()
}

/// The operations of named properties.
#[derive(Debug)]
pub struct Named {
    /// Returns the supported names, in order.
    pub names: Names,
    /// Returns the value of a name, or null if the name is not supported.
    pub get: Operation,
    /// Sets the value of a new or existing name.
    pub set: Option<Operation>,
    /// Removes an existing name.
    pub delete: Option<Operation>,
}

/// Creates a proxy that gives a platform object its indexed and named properties.
pub fn proxy(cx: &mut Context, target: &JsObject) -> JsResult<JsObject> {
    let realm = cx.realm().clone();
    let handler = super::realm::singleton(cx, &realm, "legacy platform objects", |cx, _| {
        make_handler(cx)
    });
    let constructor = cx.intrinsics().constructors().proxy().constructor();
    let proxy = constructor.construct(&[target.clone().into(), handler.into()], None, cx)?;
    remember(cx, &proxy, target)?;
    Ok(proxy)
}

/// Records the platform object behind a proxy.
pub fn remember(cx: &mut Context, proxy: &JsObject, target: &JsObject) -> JsResult<()> {
    targets(cx).set(proxy, target.clone().into(), cx)?;
    Ok(())
}

/// The target of each proxy of an agent.
static TARGETS: Slot<Option<JsWeakMap>> = Slot::new();

fn targets(cx: &mut Context) -> JsWeakMap {
    if let Some(map) = TARGETS.with(cx, |targets| targets.clone()) {
        return map;
    }
    let map = JsWeakMap::new(cx);
    TARGETS.set(cx, Some(map.clone()));
    map
}

/// The platform object behind a proxy that [`proxy`] created.
pub fn target_of(object: &JsObject, cx: &mut Context) -> JsResult<Option<JsObject>> {
    if !object.is::<Proxy>() {
        return Ok(None);
    }
    let targets = targets(cx);
    Ok(targets.get(object, cx)?.as_object())
}

/// The arguments of a trap.
struct Call {
    target: JsObject,
    special: &'static LegacyPlatformObject,
    key: PropertyKey,
}

/// The special operations of a platform object.
fn special_operations(target: &JsObject) -> JsResult<&'static LegacyPlatformObject> {
    let mut next = target
        .downcast_ref::<PlatformObject>()
        .map(|platform| platform.interface);
    while let Some(interface) = next {
        if let Some(legacy) = interface.legacy_platform_object {
            return Ok(legacy);
        }
        next = interface.parent;
    }
    Err(platform::illegal_invocation())
}

fn target(args: &[JsValue]) -> JsResult<JsObject> {
    let target = args.first().and_then(JsValue::as_object);
    target.ok_or_else(platform::illegal_invocation)
}

impl Call {
    fn new(args: &[JsValue], cx: &mut Context) -> JsResult<Self> {
        let target = target(args)?;
        let key = args.get(1).cloned().unwrap_or_default();
        Ok(Self {
            special: special_operations(&target)?,
            key: key.to_property_key(cx)?,
            target,
        })
    }

    /// The index that the key represents, if the interface supports indices.
    fn index(&self) -> Option<(u32, &'static Indexed)> {
        match (&self.key, &self.special.indexed) {
            (PropertyKey::Index(index), Some(indexed)) => Some((index.get(), indexed)),
            _ => None,
        }
    }

    /// The name that the key represents, if the interface supports names.
    fn name(&self) -> Option<(JsString, &'static Named)> {
        let named = self.special.named.as_ref()?;
        match &self.key {
            PropertyKey::String(name) => Some((name.clone(), named)),
            PropertyKey::Index(_) if self.special.indexed.is_some() => None,
            PropertyKey::Index(index) => Some((JsString::from(index.get().to_string()), named)),
            PropertyKey::Symbol(_) => None,
        }
    }

    /// The indexed or named property for the key.
    fn property(&self, cx: &mut Context) -> JsResult<Property> {
        if let Some((index, indexed)) = self.index() {
            return Ok(Property::Index(self.at(index, indexed, cx)?));
        }
        let Some((name, named)) = self.name() else {
            return Ok(Property::None);
        };
        // Without `[LegacyOverrideBuiltIns]`, properties of the object and its prototypes take
        // precedence.
        if !self.special.override_built_ins && self.target.has_property(self.key.clone(), cx)? {
            return Ok(Property::None);
        }
        let value = (named.get)(&self.target, &[name.into()], cx)?;
        Ok(match value.is_null_or_undefined() {
            true => Property::None,
            false => Property::Name(value),
        })
    }

    fn at(&self, index: u32, indexed: &Indexed, cx: &mut Context) -> JsResult<Option<JsValue>> {
        if !indexed.null_is_none {
            let length = (indexed.length)(&self.target, cx)?.to_u32(cx)?;
            if index >= length {
                return Ok(None);
            }
        }
        let value = (indexed.get)(&self.target, &[index.into()], cx)?;
        Ok((!indexed.null_is_none || !value.is_null_or_undefined()).then_some(value))
    }

    /// [Invokes the indexed or named property
    /// setter](https://webidl.spec.whatwg.org/#invoke-indexed-setter), if there is one for the key.
    ///
    /// `is_definition`: an own property of the target takes precedence over a named property. An assignment invokes
    /// the setter in any case.
    fn set(&self, value: &JsValue, is_definition: bool, cx: &mut Context) -> JsResult<Set> {
        if let Some((index, indexed)) = self.index() {
            let Some(set) = indexed.set else {
                return Ok(Set::Refused);
            };
            set(&self.target, &[index.into(), value.clone()], cx)?;
            return Ok(Set::Done);
        }
        let Some((name, named)) = self.name() else {
            return Ok(Set::IsOrdinary);
        };
        match named.set {
            Some(set) => {
                let is_ordinary = is_definition
                    && !self.special.override_built_ins
                    && self.target.has_own_property(self.key.clone(), cx)?;
                if is_ordinary {
                    return Ok(Set::IsOrdinary);
                }
                set(&self.target, &[name.into(), value.clone()], cx)?;
                Ok(Set::Done)
            }
            None if matches!(self.property(cx)?, Property::Name(_)) => Ok(Set::Refused),
            None => Ok(Set::IsOrdinary),
        }
    }
}

/// An indexed or named property, which is not an own property of the target.
enum Property {
    Index(Option<JsValue>),
    Name(JsValue),
    None,
}

/// The result of setting a property.
enum Set {
    Done,
    Refused,
    /// The property belongs to the target.
    IsOrdinary,
}

fn make_handler(cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    let traps: [(&str, Trap); 8] = [
        ("get", get),
        ("has", has),
        ("set", set),
        ("deleteProperty", delete),
        ("defineProperty", define_own_property),
        ("getOwnPropertyDescriptor", get_own_property),
        ("ownKeys", own_property_keys),
        ("preventExtensions", |_, _, _| Ok(false.into())),
    ];
    proxy_handler(&realm, &traps)
}

fn get(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let call = Call::new(args, cx)?;
    match call.property(cx)? {
        Property::Index(value) => Ok(value.unwrap_or_default()),
        Property::Name(value) => Ok(value),
        // A getter receives the object that script reads, if that inherits from this one.
        Property::None => match args.get(2).and_then(JsValue::as_object) {
            Some(receiver) if !receiver.is::<Proxy>() => reflect("get", args, cx),
            _ => call.target.get(call.key, cx),
        },
    }
}

fn has(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let call = Call::new(args, cx)?;
    let found = match call.property(cx)? {
        Property::Index(value) => value.is_some(),
        Property::Name(_) => true,
        Property::None => call.target.has_property(call.key, cx)?,
    };
    Ok(found.into())
}

/// [`[[Set]]`](https://webidl.spec.whatwg.org/#legacy-platform-object-set)
fn set(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let call = Call::new(args, cx)?;
    let value = args.get(2).cloned().unwrap_or_default();
    // 1. Only an assignment to the object itself invokes a setter, not one to an object that inherits from it.
    let receiver = args.get(3).and_then(JsValue::as_object);
    let behind = receiver
        .map(|receiver| target_of(&receiver, cx))
        .transpose()?;
    if behind.flatten().as_ref() != Some(&call.target) {
        return reflect("set", args, cx);
    }
    let set = match call.set(&value, false, cx)? {
        Set::Done => true,
        Set::Refused => false,
        Set::IsOrdinary => call.target.set(call.key, value, false, cx)?,
    };
    Ok(set.into())
}

/// [`[[Delete]]`](https://webidl.spec.whatwg.org/#legacy-platform-object-delete)
fn delete(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let call = Call::new(args, cx)?;
    let deleted = match call.property(cx)? {
        Property::Index(value) => value.is_none(),
        Property::Name(_) => match call.name() {
            Some((name, named)) => match named.delete {
                Some(delete) => {
                    delete(&call.target, &[name.into()], cx)?;
                    true
                }
                None => false,
            },
            None => false,
        },
        Property::None => call.target.delete_property_or_throw(call.key, cx).is_ok(),
    };
    Ok(deleted.into())
}

/// [`[[DefineOwnProperty]]`](https://webidl.spec.whatwg.org/#legacy-platform-object-defineownproperty)
fn define_own_property(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let call = Call::new(args, cx)?;
    let descriptor = args.get(2).cloned().unwrap_or_default();
    let descriptor = descriptor.to_property_descriptor(cx)?;
    let has_setter = match (call.index(), call.name()) {
        (Some((_, indexed)), _) => indexed.set.is_some(),
        (None, Some((_, named))) => named.set.is_some(),
        (None, None) => false,
    };
    if has_setter && descriptor.is_accessor_descriptor() {
        return Ok(false.into());
    }
    let value = descriptor.value().cloned().unwrap_or_default();
    let defined = match call.set(&value, true, cx)? {
        Set::Done => true,
        Set::Refused => false,
        Set::IsOrdinary => call
            .target
            .define_property_or_throw(call.key, descriptor, cx)
            .is_ok(),
    };
    Ok(defined.into())
}

/// [`[[GetOwnProperty]]`](https://webidl.spec.whatwg.org/#legacy-platform-object-getownproperty)
fn get_own_property(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let call = Call::new(args, cx)?;
    let (value, writable, enumerable) = match call.property(cx)? {
        Property::Index(Some(value)) => {
            let writable = call
                .index()
                .is_some_and(|(_, indexed)| indexed.set.is_some());
            (value, writable, true)
        }
        Property::Index(None) => return Ok(JsValue::undefined()),
        Property::Name(value) => {
            let writable = call.name().is_some_and(|(_, named)| named.set.is_some());
            (value, writable, call.special.enumerable_names)
        }
        Property::None => return target_property_descriptor(args, cx),
    };
    let descriptor = JsObject::with_object_proto(cx.intrinsics());
    descriptor.create_data_property_or_throw(js_string!("value"), value, cx)?;
    descriptor.create_data_property_or_throw(js_string!("writable"), writable, cx)?;
    descriptor.create_data_property_or_throw(js_string!("enumerable"), enumerable, cx)?;
    descriptor.create_data_property_or_throw(js_string!("configurable"), true, cx)?;
    Ok(descriptor.into())
}

/// [`[[OwnPropertyKeys]]`](https://webidl.spec.whatwg.org/#legacy-platform-object-ownpropertykeys)
fn own_property_keys(_: &JsValue, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let target = target(args)?;
    let special = special_operations(&target)?;
    let mut keys: Vec<JsValue> = Vec::new();
    if let Some(indexed) = &special.indexed {
        let length = (indexed.length)(&target, cx)?.to_u32(cx)?;
        keys.extend((0..length).map(|index| js_str(index.to_string())));
    }
    if let Some(named) = &special.named {
        let mut names = (named.names)(&target, cx)?;
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.clone()));
        keys.extend(names.into_iter().map(JsValue::from));
    }
    keys.extend(target.own_property_keys(cx)?.iter().map(JsValue::from));
    Ok(JsArray::from_iter(keys, cx).into())
}

/// The descriptor of the target's own property: the result of a `getOwnPropertyDescriptor` trap
/// with these arguments that adds nothing.
pub fn target_property_descriptor(args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    reflect("getOwnPropertyDescriptor", args, cx)
}

/// Calls a function of `Reflect` with the arguments of the trap of this name.
fn reflect(name: &str, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let reflect = cx.intrinsics().objects().reflect();
    let function = crate::boa::functions::intrinsic_method(&reflect, name);
    let function = function.ok_or_else(platform::illegal_invocation)?;
    function.call(&JsValue::undefined(), args, cx)
}
