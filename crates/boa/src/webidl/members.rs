//! The members of an interface, and the function objects made from them.

use boa_engine::{
    Context, JsError, JsNativeErrorKind, JsObject, JsResult, JsValue, object::builtins::JsPromise,
    property::PropertyDescriptor, realm::Realm,
};

use super::Interface;
use super::receiver;
use super::too_few_arguments;
use crate::boa::collection::may_collect;
use crate::boa::functions::function;
use crate::boa::properties::{CONSTANT, ORDINARY, READ_ONLY, accessor_property, data_property};
use crate::boa::strings::{Part, name_of};
use crate::webidl::exception::name_what_failed;

/// The getter of an attribute.
pub type Getter = fn(&JsObject, &mut Context) -> JsResult<JsValue>;
/// The setter of an attribute.
pub type Setter = fn(&JsObject, &JsValue, &mut Context) -> JsResult<()>;
/// The steps of an operation.
pub type Operation = fn(&JsObject, &[JsValue], &mut Context) -> JsResult<JsValue>;
/// The steps of a static operation.
pub type StaticOperation = fn(&[JsValue], &mut Context) -> JsResult<JsValue>;
/// The getter of several similar attributes. It receives the name of the attribute.
pub type NamedGetter = fn(&JsObject, &'static str, &mut Context) -> JsResult<JsValue>;
/// The setter of several similar attributes.
pub type NamedSetter = fn(&JsObject, &'static str, &JsValue, &mut Context) -> JsResult<()>;

/// A [member](https://webidl.spec.whatwg.org/#dfn-interface-member) of an interface.
#[derive(Debug)]
pub enum Member {
    /// An attribute.
    Attribute(&'static str, Getter, Option<Setter>),
    /// An attribute that shares its steps with others, such as a reflecting attribute or an event
    /// handler: its name, the name that the steps receive, and the steps.
    Named(&'static str, &'static str, NamedGetter, Option<NamedSetter>),
    /// An attribute that ignores receivers of other interfaces.
    Lenient(&'static str, NamedGetter, NamedSetter),
    /// An operation: its name, the number of required arguments, and the steps.
    Operation(&'static str, usize, Operation),
    /// An operation that returns a promise. Its exceptions reject the promise.
    PromiseOperation(&'static str, usize, Operation),
    /// A static operation.
    Static(&'static str, usize, StaticOperation),
    /// An unforgeable attribute: an own property of each instance.
    UnforgeableAttribute(&'static str, Getter, Option<Setter>),
    /// An unforgeable operation.
    UnforgeableOperation(&'static str, usize, Operation),
}

impl Member {
    /// Whether the member is an attribute on the prototype.
    pub fn is_attribute(&self) -> bool {
        matches!(
            self,
            Self::Attribute(..) | Self::Named(..) | Self::Lenient(..)
        )
    }

    /// Whether script can set the attribute.
    pub fn has_setter(&self) -> bool {
        match self {
            Self::Attribute(_, _, set) => set.is_some(),
            Self::Named(_, _, _, set) => set.is_some(),
            Self::Lenient(..) => true,
            _ => false,
        }
    }

    /// Whether it is an operation.
    pub(super) fn is_operation(&self) -> bool {
        matches!(
            self,
            Self::Operation(..)
                | Self::PromiseOperation(..)
                | Self::UnforgeableOperation(..)
                | Self::Static(..)
        )
    }
}

/// The kind of access to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// The member is called.
    Method,
    /// The member is read.
    Getter,
    /// The member is written.
    Setter,
}

/// The property of a member, and the object that it is defined on.
pub(super) enum Defined {
    /// The interface prototype object.
    Prototype(PropertyDescriptor),
    /// The interface object.
    Constructor(PropertyDescriptor),
    /// Every instance.
    Instances(PropertyDescriptor),
}

/// Creates the function objects of a member in `realm`.
pub(super) fn define(
    interface: &'static Interface,
    member: &'static Member,
    realm: &Realm,
) -> Defined {
    let name = member.name();
    let accessors = |get, set: &Option<Setter>, attributes| {
        let set = set.map(|set| setter(interface, name, realm, set));
        accessor_property(Some(getter(interface, name, realm, get)), set, attributes)
    };
    match member {
        Member::Attribute(_, get, set) => Defined::Prototype(accessors(*get, set, READ_ONLY)),
        Member::Named(_, key, get, set) => {
            let (key, get) = (*key, *get);
            let get = getter(interface, name, realm, move |this, cx| get(this, key, cx));
            let set = set.map(|set| {
                let set = move |this: &_, value: &_, cx: &mut _| set(this, key, value, cx);
                setter(interface, name, realm, set)
            });
            Defined::Prototype(accessor_property(Some(get), set, READ_ONLY))
        }
        Member::Lenient(_, get, set) => {
            Defined::Prototype(lenient(interface, name, *get, *set, realm))
        }
        Member::Operation(_, length, steps) => {
            let operation = operation(interface, name, *length, *steps, realm);
            Defined::Prototype(data_property(operation, ORDINARY))
        }
        Member::PromiseOperation(_, length, steps) => {
            let (length, steps) = (*length, *steps);
            let function = function(
                realm,
                name_of(Part::Whole, name),
                length,
                move |this, args, cx| {
                    call(interface, name, length, steps, this, args, cx)
                        .or_else(|error| rejected(error, cx))
                },
            );
            Defined::Prototype(data_property(function, ORDINARY))
        }
        Member::Static(_, length, steps) => {
            let (length, steps) = (*length, *steps);
            let function = function(realm, name, length, move |_, args, ctx| {
                require_arguments(interface, name, length, args)?;
                steps(args, ctx)
                    .map_err(|error| name_what_failed(error, || executing(interface, name)))
            });
            Defined::Constructor(data_property(function, ORDINARY))
        }
        Member::UnforgeableAttribute(_, get, set) => {
            Defined::Instances(accessors(*get, set, CONSTANT))
        }
        Member::UnforgeableOperation(_, length, steps) => {
            let operation = operation(interface, name, *length, *steps, realm);
            Defined::Instances(data_property(operation, CONSTANT))
        }
    }
}

fn getter(
    interface: &'static Interface,
    name: &'static str,
    realm: &Realm,
    get: impl Fn(&JsObject, &mut Context) -> JsResult<JsValue> + Copy + 'static,
) -> JsObject {
    function(
        realm,
        name_of(Part::Getter, name),
        0,
        move |this, _, ctx| {
            may_collect();
            let this = receiver(interface, name, Access::Getter, this, ctx)?;
            get(&this, ctx).map_err(|error| name_what_failed(error, || reading(interface, name)))
        },
    )
}

fn setter(
    interface: &'static Interface,
    name: &'static str,
    realm: &Realm,
    set: impl Fn(&JsObject, &JsValue, &mut Context) -> JsResult<()> + Copy + 'static,
) -> JsObject {
    function(
        realm,
        name_of(Part::Setter, name),
        1,
        move |this, args, ctx| {
            may_collect();
            let this = receiver(interface, name, Access::Setter, this, ctx)?;
            let value = required(interface, args)?;
            set(&this, value, ctx)
                .map_err(|error| name_what_failed(error, || setting(interface, name)))?;
            Ok(JsValue::undefined())
        },
    )
}

/// The accessors of an attribute with [`[LegacyLenientThis]`](https://webidl.spec.whatwg.org/#LegacyLenientThis).
fn lenient(
    interface: &'static Interface,
    name: &'static str,
    get: NamedGetter,
    set: NamedSetter,
    realm: &Realm,
) -> PropertyDescriptor {
    // What is no instance is ignored. A window of another origin still throws.
    let ignored = |error: JsError| match error.as_native() {
        Some(native) if matches!(native.kind(), JsNativeErrorKind::Type) => {
            Ok(JsValue::undefined())
        }
        _ => Err(error),
    };
    let getter = function(
        realm,
        name_of(Part::Getter, name),
        0,
        move |this, _, cx| match receiver(interface, name, Access::Getter, this, cx) {
            Ok(this) => get(&this, name, cx),
            Err(error) => ignored(error),
        },
    );
    let setter = function(
        realm,
        name_of(Part::Setter, name),
        1,
        move |this, args, cx| match receiver(interface, name, Access::Setter, this, cx) {
            Ok(this) => {
                set(&this, name, required(interface, args)?, cx)?;
                Ok(JsValue::undefined())
            }
            Err(error) => ignored(error),
        },
    );
    accessor_property(Some(getter), Some(setter), READ_ONLY)
}

fn operation(
    interface: &'static Interface,
    name: &'static str,
    length: usize,
    steps: Operation,
    realm: &Realm,
) -> JsObject {
    function(
        realm,
        name_of(Part::Whole, name),
        length,
        move |this, args, cx| call(interface, name, length, steps, this, args, cx),
    )
}

/// Calls an operation.
fn call(
    interface: &'static Interface,
    name: &'static str,
    length: usize,
    steps: Operation,
    this: &JsValue,
    args: &[JsValue],
    cx: &mut Context,
) -> JsResult<JsValue> {
    may_collect();
    let this = receiver(interface, name, Access::Method, this, cx)?;
    require_arguments(interface, name, length, args)?;
    steps(&this, args, cx).map_err(|error| name_what_failed(error, || executing(interface, name)))
}

/// A promise that is rejected with an exception
/// ([Web IDL, operations](https://webidl.spec.whatwg.org/#js-operations)).
fn rejected(error: JsError, cx: &mut Context) -> JsResult<JsValue> {
    // Script cannot handle an error of the engine's limits, so it stays an error.
    let reason = error.into_opaque(cx)?;
    Ok(JsPromise::reject(JsError::from_opaque(reason), cx)?.into())
}

fn reading(interface: &Interface, name: &str) -> String {
    format!(
        "Failed to read the '{name}' property from '{}'",
        interface.name
    )
}

fn setting(interface: &Interface, name: &str) -> String {
    format!(
        "Failed to set the '{name}' property on '{}'",
        interface.name
    )
}

fn executing(interface: &Interface, name: &str) -> String {
    format!("Failed to execute '{name}' on '{}'", interface.name)
}

fn required<'a>(interface: &'static Interface, args: &'a [JsValue]) -> JsResult<&'a JsValue> {
    args.first().ok_or_else(|| {
        too_few_arguments(
            &format!("Failed to set a property on '{}'", interface.name),
            1,
            0,
        )
    })
}

fn require_arguments(
    interface: &Interface,
    name: &str,
    length: usize,
    args: &[JsValue],
) -> JsResult<()> {
    if args.len() < length {
        let what = executing(interface, name);
        return Err(too_few_arguments(&what, length, args.len()));
    }
    Ok(())
}

impl Member {
    /// The identifier of the member.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Attribute(name, ..)
            | Self::Named(name, ..)
            | Self::Lenient(name, ..)
            | Self::Operation(name, ..)
            | Self::PromiseOperation(name, ..)
            | Self::Static(name, ..)
            | Self::UnforgeableAttribute(name, ..)
            | Self::UnforgeableOperation(name, ..) => name,
        }
    }

    /// The `name` and `length` of the function for this access.
    pub fn name_and_length(&self, access: Access) -> (String, usize) {
        let name = self.name();
        match (self, access) {
            (_, Access::Getter) => (format!("get {name}"), 0),
            (_, Access::Setter) => (format!("set {name}"), 1),
            (Self::Operation(_, length, _) | Self::UnforgeableOperation(_, length, _), _) => {
                (name.to_owned(), *length)
            }
            _ => (name.to_owned(), 0),
        }
    }

    /// Runs the member's steps on an object that has passed the brand check.
    pub fn perform(
        &self,
        interface: &Interface,
        access: Access,
        this: &JsObject,
        args: &[JsValue],
        ctx: &mut Context,
    ) -> JsResult<JsValue> {
        match (self, access) {
            (
                Self::Attribute(_, get, _) | Self::UnforgeableAttribute(_, get, _),
                Access::Getter,
            ) => get(this, ctx)
                .map_err(|error| name_what_failed(error, || reading(interface, self.name()))),
            (
                Self::Attribute(_, _, Some(set)) | Self::UnforgeableAttribute(_, _, Some(set)),
                Access::Setter,
            ) => {
                set(this, &args.first().cloned().unwrap_or_default(), ctx)
                    .map_err(|error| name_what_failed(error, || setting(interface, self.name())))?;
                Ok(JsValue::undefined())
            }
            (
                Self::Operation(name, length, steps)
                | Self::UnforgeableOperation(name, length, steps),
                Access::Method,
            ) => {
                require_arguments(interface, name, *length, args)?;
                steps(this, args, ctx)
                    .map_err(|error| name_what_failed(error, || executing(interface, name)))
            }
            _ => Err(crate::webidl::platform::illegal_invocation()),
        }
    }

    /// Defines the member on a global object, for interfaces whose members are own properties of the
    /// global object.
    pub fn define_on_global(
        &'static self,
        interface: &'static Interface,
        global: &JsObject,
        realm: &Realm,
    ) {
        match define(interface, self, realm) {
            Defined::Prototype(descriptor) | Defined::Instances(descriptor) => {
                global.insert_property(name_of(Part::Whole, self.name()), descriptor);
            }
            Defined::Constructor(_) => {}
        }
    }
}
