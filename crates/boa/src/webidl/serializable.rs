//! [Serializable](https://html.spec.whatwg.org/multipage/structured-data.html#serializable-objects)
//! and [transferable](https://html.spec.whatwg.org/multipage/structured-data.html#transferable-objects)
//! objects: the steps that an interface defines for messages.
//!
//! An interface names its steps with `[Serializable=STEPS]` and `[Transferable=STEPS]`. Structured
//! clone reads them from the interface's table and does not depend on any interface.

use boa_engine::realm::Realm;
use boa_engine::string::{JsStr, JsStrVariant};
use boa_engine::{Context, JsError, JsObject, JsString, JsValue};
use framepost_messaging::structured_clone::{
    CloneError, CodeUnits, Failure, StateReader, StateWriter, TransferDataHolder,
};

use super::Interface;

/// The steps of a serializable interface.
#[derive(Debug)]
pub struct Serializable {
    /// The serialization steps, which write the state of the object.
    pub serialize: fn(&JsObject, &mut StateWriter<'_, JsValue>) -> Result<(), CloneError>,
    /// The deserialization steps, which create an object of the interface from the state.
    pub deserialize: fn(
        &'static Interface,
        &Realm,
        &mut StateReader<'_, '_>,
        &mut Context,
    ) -> Result<JsObject, CloneError>,
    /// Receives the next sub-serialized value.
    pub sub_deserialized: fn(&JsObject, &JsValue) -> Result<(), CloneError>,
}

impl Serializable {
    /// The `sub_deserialized` of objects without sub-serialized values.
    pub fn no_sub_values(_: &JsObject, _: &JsValue) -> Result<(), CloneError> {
        Err(CloneError::UnexpectedSubValue)
    }
}

/// The steps of a transferable interface.
#[derive(Debug)]
pub struct Transferable {
    /// The value of `[[Detached]]`.
    pub is_detached: fn(&JsObject, &Context) -> bool,
    /// The transfer steps, which detach the object and return its data.
    pub transfer: fn(&JsObject, &mut Context) -> Result<TransferDataHolder, Failure<JsError>>,
    /// The transfer-receiving steps, which create an object from the data. `None` if the data has
    /// another type.
    pub receive: fn(&Realm, TransferDataHolder, &mut Context) -> Option<JsObject>,
}

/// The code units of a string, in the form that messages use.
#[inline]
pub fn code_units(text: &JsString) -> CodeUnits<'_> {
    match text.as_str().variant() {
        JsStrVariant::Latin1(bytes) => CodeUnits::Latin1(bytes),
        JsStrVariant::Utf16(units) => CodeUnits::Utf16(units),
    }
}

/// The string with these code units.
#[inline]
pub fn string_of(units: CodeUnits<'_>) -> JsString {
    match units {
        CodeUnits::Latin1(bytes) => JsStr::latin1(bytes).into(),
        CodeUnits::Utf16(units) => JsString::from(units),
    }
}
