//! The members of an interface, and the function objects made from them.

use boa_engine::{
    Context, JsObject, JsResult, JsString, JsValue,
    property::{PropertyDescriptor, PropertyKey},
    realm::Realm,
};

use super::Interface;
use super::receiver;
use super::too_few_arguments;
use crate::boa::collection::may_collect;
use crate::boa::functions::function;
use crate::boa::properties::{CONSTANT, ORDINARY, READ_ONLY, accessor_property, data_property};
use crate::webidl::exception::name_what_failed;

/// The getter of an attribute.
pub(crate) type Getter = fn(&JsObject, &mut Context) -> JsResult<JsValue>;
/// The setter of an attribute.
pub(crate) type Setter = fn(&JsObject, &JsValue, &mut Context) -> JsResult<()>;
/// The steps of an operation.
pub(crate) type Operation = fn(&JsObject, &[JsValue], &mut Context) -> JsResult<JsValue>;
/// The steps of a static operation.
pub(crate) type StaticOperation = fn(&[JsValue], &mut Context) -> JsResult<JsValue>;
/// The getter of a static attribute.
pub(crate) type StaticGetter = fn(&mut Context) -> JsResult<JsValue>;
/// The getter of several similar attributes. It receives the name of the attribute.
pub(crate) type NamedGetter = fn(&JsObject, &'static str, &mut Context) -> JsResult<JsValue>;
/// The setter of several similar attributes.
pub(crate) type NamedSetter = fn(&JsObject, &'static str, &JsValue, &mut Context) -> JsResult<()>;

/// A [member](https://webidl.spec.whatwg.org/#dfn-interface-member) of an interface.
pub(crate) enum Member {
    /// An attribute.
    Attribute(&'static str, Getter, Option<Setter>),
    /// An attribute that shares its steps with others, such as a reflecting attribute or an event
    /// handler: its name, the name passed to the steps, and the steps.
    Named(&'static str, &'static str, NamedGetter, Option<NamedSetter>),
    /// An operation: its name, the number of required arguments, and the steps.
    Operation(&'static str, usize, Operation),
    /// A static operation.
    Static(&'static str, usize, StaticOperation),
    /// A static attribute.
    StaticAttribute(&'static str, StaticGetter),
    /// An unforgeable attribute: an own property of each instance.
    UnforgeableAttribute(&'static str, Getter, Option<Setter>),
    /// An unforgeable operation.
    UnforgeableOperation(&'static str, usize, Operation),
}

impl Member {
    /// Whether the member is an attribute on the prototype.
    pub(super) fn is_attribute(&self) -> bool {
        matches!(self, Self::Attribute(..) | Self::Named(..))
    }

    /// Whether it is an operation.
    pub(super) fn is_operation(&self) -> bool {
        matches!(
            self,
            Self::Operation(..) | Self::UnforgeableOperation(..) | Self::Static(..)
        )
    }
}

/// How a member is accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// The member is called.
    Method,
    /// The member is read.
    Getter,
    /// The member is written.
    Setter,
}

/// The object that a member is defined on.
pub(super) enum Defined {
    Prototype(PropertyKey, PropertyDescriptor),
    Constructor(PropertyKey, PropertyDescriptor),
    Instances {
        name: &'static str,
        descriptor: PropertyDescriptor,
    },
}

/// Creates the function objects of a member in `realm` and returns where to define them.
pub(super) fn define(
    interface: &'static Interface,
    member: &'static Member,
    realm: &Realm,
) -> Defined {
    match member {
        Member::Attribute(name, get, set) => Defined::Prototype(
            JsString::from(*name).into(),
            accessor(
                Some(getter(interface, name, *get, realm)),
                set.map(|set| setter(interface, name, set, realm)),
            ),
        ),
        Member::Named(name, told, get, set) => {
            let (told, get) = (*told, *get);
            let get = function(realm, &format!("get {name}"), 0, move |this, _, ctx| {
                may_collect();
                let this = receiver(interface, name, Access::Getter, this, ctx)?;
                get(&this, told, ctx)
                    .map_err(|error| name_what_failed(error, || reading(interface, name)))
            });
            let set = set.map(|set| {
                function(realm, &format!("set {name}"), 1, move |this, args, ctx| {
                    may_collect();
                    let this = receiver(interface, name, Access::Setter, this, ctx)?;
                    let value = required(interface, args)?;
                    set(&this, told, value, ctx)
                        .map_err(|error| name_what_failed(error, || setting(interface, name)))?;
                    Ok(JsValue::undefined())
                })
            });
            Defined::Prototype(JsString::from(*name).into(), accessor(Some(get), set))
        }
        Member::Operation(name, length, steps) => Defined::Prototype(
            JsString::from(*name).into(),
            method(operation(interface, name, *length, *steps, realm)),
        ),
        Member::Static(name, length, steps) => {
            let (name, length, steps) = (*name, *length, *steps);
            let function = function(realm, name, length, move |_, args, ctx| {
                require_arguments(interface, name, length, args)?;
                steps(args, ctx)
                    .map_err(|error| name_what_failed(error, || executing(interface, name)))
            });
            Defined::Constructor(JsString::from(name).into(), method(function))
        }
        Member::StaticAttribute(name, get) => {
            let (name, get) = (*name, *get);
            let get = function(realm, &format!("get {name}"), 0, move |_, _, ctx| {
                get(ctx).map_err(|error| name_what_failed(error, || reading(interface, name)))
            });
            Defined::Constructor(JsString::from(name).into(), accessor(Some(get), None))
        }
        Member::UnforgeableAttribute(name, get, set) => Defined::Instances {
            name,
            descriptor: accessor_property(
                Some(getter(interface, name, *get, realm)),
                set.map(|set| setter(interface, name, set, realm)),
                CONSTANT,
            ),
        },
        Member::UnforgeableOperation(name, length, steps) => Defined::Instances {
            name,
            descriptor: data_property(operation(interface, name, *length, *steps, realm), CONSTANT),
        },
    }
}

fn getter(
    interface: &'static Interface,
    name: &'static str,
    get: Getter,
    realm: &Realm,
) -> JsObject {
    function(realm, &format!("get {name}"), 0, move |this, _, ctx| {
        may_collect();
        let this = receiver(interface, name, Access::Getter, this, ctx)?;
        get(&this, ctx).map_err(|error| name_what_failed(error, || reading(interface, name)))
    })
}

fn setter(
    interface: &'static Interface,
    name: &'static str,
    set: Setter,
    realm: &Realm,
) -> JsObject {
    function(realm, &format!("set {name}"), 1, move |this, args, ctx| {
        may_collect();
        let this = receiver(interface, name, Access::Setter, this, ctx)?;
        let value = required(interface, args)?;
        set(&this, value, ctx)
            .map_err(|error| name_what_failed(error, || setting(interface, name)))?;
        Ok(JsValue::undefined())
    })
}

fn operation(
    interface: &'static Interface,
    name: &'static str,
    length: usize,
    steps: Operation,
    realm: &Realm,
) -> JsObject {
    function(realm, name, length, move |this, args, ctx| {
        may_collect();
        let this = receiver(interface, name, Access::Method, this, ctx)?;
        require_arguments(interface, name, length, args)?;
        steps(&this, args, ctx)
            .map_err(|error| name_what_failed(error, || executing(interface, name)))
    })
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

fn accessor(get: Option<JsObject>, set: Option<JsObject>) -> PropertyDescriptor {
    accessor_property(get, set, READ_ONLY)
}

fn method(function: JsObject) -> PropertyDescriptor {
    data_property(function, ORDINARY)
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
    interface: &'static Interface,
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
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Attribute(name, ..)
            | Self::Named(name, ..)
            | Self::Operation(name, ..)
            | Self::Static(name, ..)
            | Self::StaticAttribute(name, ..)
            | Self::UnforgeableAttribute(name, ..)
            | Self::UnforgeableOperation(name, ..) => name,
        }
    }

    /// The `name` and `length` of the function for this access.
    pub(crate) fn name_and_length(&self, access: Access) -> (String, usize) {
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
    pub(crate) fn perform(
        &self,
        access: Access,
        this: &JsObject,
        args: &[JsValue],
        ctx: &mut Context,
    ) -> JsResult<JsValue> {
        match (self, access) {
            (
                Self::Attribute(_, get, _) | Self::UnforgeableAttribute(_, get, _),
                Access::Getter,
            ) => get(this, ctx),
            (
                Self::Attribute(_, _, Some(set)) | Self::UnforgeableAttribute(_, _, Some(set)),
                Access::Setter,
            ) => {
                set(this, &args.first().cloned().unwrap_or_default(), ctx)?;
                Ok(JsValue::undefined())
            }
            (
                Self::Operation(name, length, steps)
                | Self::UnforgeableOperation(name, length, steps),
                Access::Method,
            ) => {
                if args.len() < *length {
                    let what = format!("Failed to execute '{name}'");
                    return Err(too_few_arguments(&what, *length, args.len()));
                }
                steps(this, args, ctx)
            }
            _ => Err(crate::webidl::platform::illegal_invocation()),
        }
    }

    /// Defines the member on a global object, for interfaces whose members are own properties of the
    /// global object.
    pub(super) fn define_on_global(
        &'static self,
        interface: &'static Interface,
        global: &JsObject,
        realm: &Realm,
    ) {
        match define(interface, self, realm) {
            Defined::Prototype(key, descriptor) => {
                global.insert_property(key, descriptor);
            }
            Defined::Constructor(..) => {}
            Defined::Instances { name, descriptor } => {
                global.insert_property(JsString::from(name), descriptor);
            }
        }
    }
}
