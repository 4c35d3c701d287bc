//! `DOMException` ([Web IDL, DOMException](https://webidl.spec.whatwg.org/#idl-DOMException)), and
//! the only place that converts errors of the library crates to exceptions.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::DomError;
use framepost_messaging::structured_clone::{CloneError, StateReader};

use crate::boa::error_stack;
use crate::boa::errors::range_error;
use crate::webidl::serializable::{Serializable, code_units, string_of};
use crate::webidl::{self, interface, platform};

/// The data of a `DOMException`.
#[derive(Clone, Debug, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub struct ExceptionData {
    #[unsafe_ignore_trace]
    pub name: JsString,
    #[unsafe_ignore_trace]
    pub message: JsString,
    /// The additional data of a `QuotaExceededError`.
    #[unsafe_ignore_trace]
    pub quota: Option<Quota>,
    /// The position at which the exception was created, as text.
    #[unsafe_ignore_trace]
    pub stack: JsString,
    /// Whether the message still needs the name of the interface member that threw the exception.
    #[unsafe_ignore_trace]
    pub unnamed: bool,
}

/// The slots of a `QuotaExceededError`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quota {
    pub quota: Option<f64>,
    pub requested: Option<f64>,
}

interface! {
    /// The `DOMException` interface. Its prototype inherits from `Error.prototype`.
    [Exposed=*, Serializable=STEPS]
    interface DOMException(ExceptionData) {
        constructor(optional DOMString message = "", optional DOMString name = "Error") =
            |message: JsString, name: JsString, cx| ExceptionData::new(name, message, None, cx);
        readonly attribute DOMString name = .name;
        readonly attribute DOMString message = .message;
        readonly attribute unsigned short code = |data| code_of(&data.name);

        const unsigned short INDEX_SIZE_ERR = 1;
        const unsigned short DOMSTRING_SIZE_ERR = 2;
        const unsigned short HIERARCHY_REQUEST_ERR = 3;
        const unsigned short WRONG_DOCUMENT_ERR = 4;
        const unsigned short INVALID_CHARACTER_ERR = 5;
        const unsigned short NO_DATA_ALLOWED_ERR = 6;
        const unsigned short NO_MODIFICATION_ALLOWED_ERR = 7;
        const unsigned short NOT_FOUND_ERR = 8;
        const unsigned short NOT_SUPPORTED_ERR = 9;
        const unsigned short INUSE_ATTRIBUTE_ERR = 10;
        const unsigned short INVALID_STATE_ERR = 11;
        const unsigned short SYNTAX_ERR = 12;
        const unsigned short INVALID_MODIFICATION_ERR = 13;
        const unsigned short NAMESPACE_ERR = 14;
        const unsigned short INVALID_ACCESS_ERR = 15;
        const unsigned short VALIDATION_ERR = 16;
        const unsigned short TYPE_MISMATCH_ERR = 17;
        const unsigned short SECURITY_ERR = 18;
        const unsigned short NETWORK_ERR = 19;
        const unsigned short ABORT_ERR = 20;
        const unsigned short URL_MISMATCH_ERR = 21;
        const unsigned short QUOTA_EXCEEDED_ERR = 22;
        const unsigned short TIMEOUT_ERR = 23;
        const unsigned short INVALID_NODE_TYPE_ERR = 24;
        const unsigned short DATA_CLONE_ERR = 25;
    }

    /// The [`QuotaExceededError`](https://webidl.spec.whatwg.org/#quotaexceedederror) interface.
    [Exposed=*, Serializable=STEPS]
    interface QuotaExceededError(ExceptionData) : DOMException {
        constructor(optional DOMString message = "", optional QuotaExceededErrorOptions options = {}) =
            |message: JsString, options, cx| construct_quota_exceeded(message, &options, cx);
        readonly attribute double? quota = |data| data.quota.and_then(|slots| slots.quota);
        readonly attribute double? requested = |data| data.quota.and_then(|slots| slots.requested);
    }

    dictionary QuotaExceededErrorOptions {
        double quota;
        double requested;
    }
}

const QUOTA_EXCEEDED: &str = "QuotaExceededError";

/// The legacy code of an [error
/// name](https://webidl.spec.whatwg.org/#idl-DOMException-error-names). The constant has the same
/// name as the error. Three constants no longer have an error.
fn code_of(name: &JsString) -> u32 {
    let name = name.to_std_string_lossy();
    let Some(name) = name.strip_suffix("Error") else {
        return 0;
    };
    let is_named = |constant: &str| {
        let words = constant.trim_end_matches("_ERR").split('_');
        words.collect::<String>() == name.to_ascii_uppercase()
    };
    let mut constants = DOM_EXCEPTION.own.constants.iter();
    let found = constants.find(|(constant, code)| ![2, 6, 16].contains(code) && is_named(constant));
    found.map_or(0, |(_, code)| *code)
}

/// [The constructor of `QuotaExceededError`](https://webidl.spec.whatwg.org/#dom-quotaexceedederror-quotaexceedederror)
fn construct_quota_exceeded(
    message: JsString,
    options: &QuotaExceededErrorOptions,
    cx: &mut Context,
) -> JsResult<ExceptionData> {
    // 3. and 4. Neither number may be negative. 5. The request must not be below the quota.
    let (quota, requested) = (options.quota, options.requested);
    let wrong = match (quota, requested) {
        (Some(quota), _) if quota < 0.0 => "quota is below zero",
        (_, Some(requested)) if requested < 0.0 => "requested is below zero",
        (Some(quota), Some(requested)) if requested < quota => "requested is below the quota",
        _ => {
            let slots = Quota { quota, requested };
            return Ok(ExceptionData::new(
                QUOTA_EXCEEDED.into(),
                message,
                Some(slots),
                cx,
            ));
        }
    };
    Err(range_error(wrong))
}

/// The [serialization steps](https://webidl.spec.whatwg.org/#idl-DOMException) of `DOMException`
/// and `QuotaExceededError`.
static STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let Some(data) = platform::with(object, |data: &ExceptionData| Some(data.clone())) else {
            return Ok(());
        };
        // 1. and 2. Write the name, the message, and the stack as accompanying data of interest.
        out.string(code_units(&data.name))?;
        out.string(code_units(&data.message))?;
        out.string(code_units(&data.stack))?;
        let slots = data
            .quota
            .into_iter()
            .flat_map(|slots| [slots.quota, slots.requested]);
        for slot in slots {
            out.integer(slot.is_some().into());
            slot.into_iter().for_each(|slot| out.number(slot));
        }
        Ok(())
    },
    deserialize: |interface, realm, input, cx| {
        let mut data = ExceptionData {
            name: string_of(input.string()?),
            message: string_of(input.string()?),
            stack: string_of(input.string()?),
            quota: None,
            unnamed: false,
        };
        if std::ptr::eq(interface, &QUOTA_EXCEEDED_ERROR) {
            let (quota, requested) = (optional_number(input)?, optional_number(input)?);
            data.quota = Some(Quota { quota, requested });
        }
        Ok(create_in(realm, data, cx))
    },
    sub_deserialized: Serializable::no_sub_values,
};

fn optional_number(input: &mut StateReader<'_, '_>) -> Result<Option<f64>, CloneError> {
    Ok(match input.integer()? {
        0 => None,
        1 => Some(input.number()?),
        _ => return Err(input.malformed("whether there is a number expected")),
    })
}

impl ExceptionData {
    fn new(name: JsString, message: JsString, quota: Option<Quota>, cx: &mut Context) -> Self {
        Self {
            stack: error_stack::capture(&name, &message, cx),
            name,
            message,
            quota,
            unnamed: false,
        }
    }
}

/// The `stack` of an exception; `None` for other objects.
pub fn stack_of(object: &JsObject) -> Option<JsString> {
    platform::with(object, |data: &ExceptionData| Some(data.stack.clone()))
}

/// Creates a `DOMException` in the current realm.
pub fn create(name: &str, message: &str, ctx: &mut Context) -> JsObject {
    make(name, message, false, ctx)
}

fn make(name: &str, message: &str, unnamed: bool, ctx: &mut Context) -> JsObject {
    let quota = (name == QUOTA_EXCEEDED).then(Quota::default);
    let data = ExceptionData::new(name.into(), message.into(), quota, ctx);
    let data = ExceptionData { unnamed, ..data };
    let realm = ctx.realm().clone();
    create_in(&realm, data, ctx)
}

/// Creates an exception with this data.
pub fn create_in(realm: &Realm, data: ExceptionData, ctx: &mut Context) -> JsObject {
    let interface = match data.quota {
        Some(_) => &QUOTA_EXCEEDED_ERROR,
        None => &DOM_EXCEPTION,
    };
    webidl::create_object(realm, interface, data, ctx)
}

/// Creates a `DOMException` to throw.
pub fn throw(name: &str, message: &str, ctx: &mut Context) -> JsError {
    JsError::from_opaque(make(name, message, true, ctx).into())
}

/// Prefixes the message of an exception with the interface member that threw it. Exceptions thrown
/// by scripts on the way stay unchanged.
pub fn name_what_failed(error: JsError, what: impl FnOnce() -> String) -> JsError {
    let object = error.as_opaque().and_then(JsValue::as_object);
    let exception = object.and_then(|object| {
        let data = platform::with(&object, |data: &ExceptionData| {
            data.unnamed.then(|| data.clone())
        });
        Some((object, data?))
    });
    if let Some((object, data)) = exception {
        let message = data.message.to_std_string_lossy();
        let message = JsString::from(format!("{}: {message}", what()));
        let renamed = ExceptionData {
            stack: error_stack::reworded(&data.stack, &data.name, &data.message, &message),
            message,
            unnamed: false,
            ..data
        };
        platform::with_mut(&object, |data: &mut ExceptionData| {
            *data = renamed;
            Some(())
        });
    }
    error
}

/// Converts an error of the library crates to an exception.
pub trait OrThrow<T> {
    /// Throws the error in the current realm.
    fn or_throw(self, ctx: &mut Context) -> JsResult<T>;
}

/// An error that becomes a `DOMException`, whose message is the error's text.
pub trait ExceptionName: std::fmt::Display {
    /// The [name](https://webidl.spec.whatwg.org/#idl-DOMException-error-names) of the exception.
    fn exception_name(&self) -> &'static str;
}

impl ExceptionName for DomError {
    fn exception_name(&self) -> &'static str {
        self.name()
    }
}

impl<T, E: ExceptionName> OrThrow<T> for Result<T, E> {
    fn or_throw(self, ctx: &mut Context) -> JsResult<T> {
        self.map_err(|error| throw(error.exception_name(), &error.to_string(), ctx))
    }
}
