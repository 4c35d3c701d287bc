//! Property descriptors, and the usual combinations of their attributes.

use boa_engine::property::{Attribute, PropertyDescriptor};
use boa_engine::{JsObject, JsValue};

/// The attributes of a property that an assignment creates: all of them.
pub const ORDINARY: Attribute = Attribute::all();
/// Writable and configurable: the attributes of intrinsic methods.
pub const HIDDEN: Attribute = Attribute::WRITABLE.union(Attribute::CONFIGURABLE);
/// Enumerable and configurable.
pub const READ_ONLY: Attribute = Attribute::ENUMERABLE.union(Attribute::CONFIGURABLE);
/// Configurable: the attributes of `Symbol.toStringTag`.
pub const CONFIGURABLE: Attribute = Attribute::CONFIGURABLE;
/// Enumerable: the attributes of constants and unforgeable members.
pub const CONSTANT: Attribute = Attribute::ENUMERABLE;
/// None.
pub const FIXED: Attribute = Attribute::empty();

/// Describes a data property.
#[inline]
pub fn data_property(value: impl Into<JsValue>, attributes: Attribute) -> PropertyDescriptor {
    PropertyDescriptor::builder()
        .value(value)
        .writable(attributes.writable())
        .enumerable(attributes.enumerable())
        .configurable(attributes.configurable())
        .build()
}

/// Describes an accessor property.
pub fn accessor_property(
    get: Option<JsObject>,
    set: Option<JsObject>,
    attributes: Attribute,
) -> PropertyDescriptor {
    // Boa panics if an accessor lacks a getter or a setter.
    PropertyDescriptor::builder()
        .get(get.map_or_else(JsValue::undefined, JsValue::from))
        .set(set.map_or_else(JsValue::undefined, JsValue::from))
        .enumerable(attributes.enumerable())
        .configurable(attributes.configurable())
        .build()
}
